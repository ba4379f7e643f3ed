//! QEMU's `virt` with a Cortex-A: the first instructions, at EL1, and the virtual counter.

use core::arch::{asm, global_asm};

// NEON is trapped, and memory takes no unaligned access, until told otherwise: here all of the second GiB becomes ordinary
// memory (one block of a table of four).
global_asm!(
    r#"
    .section .text.start
    .global _start
_start:
    mov x0, #(3 << 20)                  // CPACR_EL1: floats and vectors
    msr cpacr_el1, x0
    adr x0, vectors
    msr vbar_el1, x0
    mov x0, #0xFF                       // MAIR_EL1: memory, write-back
    msr mair_el1, x0
    ldr x0, =0x803520                   // TCR_EL1: 32 bits of addresses, pages of 4 KiB, cached; no upper half
    msr tcr_el1, x0
    adr x0, table
    msr ttbr0_el1, x0
    isb
    mrs x0, sctlr_el1
    mov x1, #0x1005                     // SCTLR_EL1: translation and both caches
    orr x0, x0, x1
    msr sctlr_el1, x0
    isb
    ldr x0, =_stack
    mov sp, x0
    bl start
    .ltorg

    .balign 4096
table:
    .quad 0, 0x40000701, 0, 0           // 1 GiB at 1 GiB: accessed, inner shareable, memory

    .balign 2048
vectors:
    .rept 16
    b fault
    .balign 128
    .endr
"#
);

/// A fault of the core ends the run as well: an instruction that it has not is one.
#[unsafe(no_mangle)]
extern "C" fn fault() -> ! {
    crate::exit(123)
}

/// Ticks of the virtual counter.
pub struct Timer;

impl Timer {
    pub fn start() -> Self {
        Self
    }

    /// Ticks while `work` runs.
    pub fn ticks(&mut self, work: impl FnOnce()) -> u64 {
        let before = now();
        work();
        now() - before
    }
}

fn now() -> u64 {
    let now;
    // SAFETY: a register that can be read at EL1.
    unsafe { asm!("isb", "mrs {}, cntvct_el0", out(reg) now) };
    now
}
