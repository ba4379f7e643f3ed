//! What the programs need of a board: a way to write, a way to stop, a way to count instructions.
//!
//! All of it goes through semihosting, which QEMU and every debug probe speak.

#![no_std]

use core::fmt;
use cortex_m::peripheral::{SYST, syst::SystClkSource};
use cortex_m_semihosting::hio;

/// The board this was built for.
pub const BOARD: &str = env!("BOARD");

/// Core clock of the emulated machine, in Hz.
pub const CLOCK: u32 = include!(concat!(env!("OUT_DIR"), "/clock.rs"));

/// Ends the run; `code` becomes the exit code of the emulator.
pub fn exit(code: u32) -> ! {
    const APPLICATION_EXIT: u32 = 0x2_0026;
    const EXIT_EXTENDED: usize = 0x20;
    let block = [APPLICATION_EXIT as usize, code as usize];
    // SAFETY: operation 0x20 reads two words behind the pointer, which live until the call returns, if it does.
    unsafe { cortex_m_semihosting::syscall(EXIT_EXTENDED, &block) };
    // A probe that does not know the extended call only learns whether the run was good.
    let reason = if code == 0 { APPLICATION_EXIT } else { 0x2_0023 };
    loop {
        // SAFETY: operation 0x18 takes the reason in place of a pointer.
        unsafe { cortex_m_semihosting::syscall1(0x18, reason as usize) };
    }
}

/// Text for the host, sent in large pieces: each semihosting call stops the board for long.
pub struct Out {
    handle: hio::HostStream,
    buffer: [u8; SIZE],
    used: usize,
}

const SIZE: usize = if cfg!(small) { 512 } else { 8192 };

impl Out {
    /// Opens the emulator's standard output, or ends the run with code 120.
    pub fn open() -> Self {
        let Ok(handle) = hio::hstdout() else { exit(120) };
        Self { handle, buffer: [0; SIZE], used: 0 }
    }

    /// Sends what is held back. A write that fails ends the run: silence must not look like success.
    pub fn flush(&mut self) {
        let used = core::mem::take(&mut self.used);
        if self.handle.write_all(&self.buffer[..used]).is_err() {
            exit(121)
        }
    }

    /// Flushes and ends the run.
    pub fn exit(mut self, code: u32) -> ! {
        self.flush();
        exit(code)
    }
}

impl fmt::Write for Out {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for &byte in text.as_bytes() {
            if self.used == SIZE {
                self.flush();
            }
            self.buffer[self.used] = byte;
            self.used += 1;
        }
        Ok(())
    }
}

/// Counts instructions with SysTick, where the emulator gives every instruction 2⁷ ns (`-icount shift=7`).
pub struct Counter {
    timer: SYST,
    empty: u32,
}

impl Counter {
    /// Starts the timer and measures the empty harness, to be subtracted from every count.
    pub fn new(mut timer: SYST) -> Self {
        timer.set_clock_source(SystClkSource::Core);
        timer.set_reload(0xFF_FFFF);
        timer.clear_current();
        timer.enable_counter();
        let mut this = Self { timer, empty: 0 };
        this.empty = this.instructions(|| {});
        this
    }

    /// Instructions that `work` takes, its call included. At most about 4 million (24 bits of ticks); more ends the
    /// run with code 122.
    pub fn instructions(&mut self, work: impl FnOnce()) -> u32 {
        self.timer.clear_current();
        self.timer.has_wrapped();
        let before = SYST::get_current();
        // Out of line, so that the same call surrounds every measured function, and nothing moves across it.
        out_of_line(work);
        let after = SYST::get_current();
        if self.timer.has_wrapped() {
            exit(122)
        }
        let ticks = u64::from(before.wrapping_sub(after) & 0xFF_FFFF);
        // ticks / CLOCK seconds in units of 128 ns, to the nearest: a tick is shorter than an instruction.
        let scaled = ticks * 7_812_500;
        let clock = u64::from(CLOCK);
        ((scaled + clock / 2) / clock) as u32 - self.empty
    }
}

#[inline(never)]
fn out_of_line(work: impl FnOnce()) {
    work()
}

/// The board as the programs see a panic: a message and exit code 101.
#[macro_export]
macro_rules! panic_exits {
    () => {
        #[panic_handler]
        fn panic(info: &core::panic::PanicInfo<'_>) -> ! {
            let mut out = $crate::Out::open();
            let _ = core::fmt::Write::write_fmt(&mut out, format_args!("{info}\n"));
            out.exit(101)
        }
    };
}

/// Writes a line to an [`Out`].
#[macro_export]
macro_rules! say {
    ($out:expr, $($text:tt)*) => {
        let _ = core::fmt::Write::write_fmt(&mut $out, format_args!("{}\n", format_args!($($text)*)));
    };
}

/// A fault of the core ends the run as well, instead of spinning until the time-out.
#[cortex_m_rt::exception]
unsafe fn HardFault(_frame: &cortex_m_rt::ExceptionFrame) -> ! {
    exit(123)
}
