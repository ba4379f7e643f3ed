//! Cortex-M: SysTick, 24 bits of it.

use cortex_m::peripheral::{SYST, syst::SystClkSource};

/// Ticks of the core clock.
pub struct Timer(SYST);

impl Timer {
    /// Ends the run with code 3 where it was started already.
    pub fn start() -> Self {
        let Some(core) = cortex_m::Peripherals::take() else { crate::exit(3) };
        let mut timer = core.SYST;
        timer.set_clock_source(SystClkSource::Core);
        timer.set_reload(0xFF_FFFF);
        timer.clear_current();
        timer.enable_counter();
        Self(timer)
    }

    /// Ticks while `work` runs. More than 24 bits of them end the run with code 122.
    pub fn ticks(&mut self, work: impl FnOnce()) -> u64 {
        self.0.clear_current();
        self.0.has_wrapped();
        let before = SYST::get_current();
        work();
        let after = SYST::get_current();
        if self.0.has_wrapped() {
            crate::exit(122)
        }
        u64::from(before.wrapping_sub(after) & 0xFF_FFFF)
    }
}

/// A fault of the core ends the run as well, instead of spinning until the time-out.
#[cortex_m_rt::exception]
unsafe fn HardFault(_frame: &cortex_m_rt::ExceptionFrame) -> ! {
    crate::exit(123)
}
