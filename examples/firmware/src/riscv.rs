//! QEMU's `virt` with RV32IMAC: the first instructions, in machine mode, and the counter of instructions.

use core::arch::{asm, global_asm};

global_asm!(
    r#"
    .section .text.start
    .global _start
_start:
    la t0, trap
    csrw mtvec, t0
    la sp, _stack
    call start

    .balign 4
trap:
    j fault
"#
);

/// A fault of the core ends the run as well.
#[unsafe(no_mangle)]
extern "C" fn fault() -> ! {
    crate::exit(123)
}

/// Retired instructions; where QEMU counts them it gives the nanoseconds that they take.
pub struct Timer;

impl Timer {
    pub fn start() -> Self {
        Self
    }

    /// Ticks while `work` runs, the lower 32 bits of them.
    pub fn ticks(&mut self, work: impl FnOnce()) -> u64 {
        let before = now();
        work();
        u64::from(now().wrapping_sub(before))
    }
}

fn now() -> u32 {
    let now;
    // SAFETY: the counter can be read in machine mode.
    unsafe { asm!("csrr {}, minstret", out(reg) now) };
    now
}
