//! A byte of a mask at a time: what it means, and whether it is as declared. For the loops without lanes of bytes.

use super::{CLASS, NON_ZERO, ZERO_FULL, ZERO_ONE};
#[cfg(soft_dice_lanes = "swar")]
use core::sync::atomic::{Ordering, compiler_fence};

/// Additions hang on a comparison: without a jump on Thumb-2, three instructions and the comparison where a mask of the byte takes
/// five; behind one on Thumb-1, whose few registers hold no mask, and on RISC-V, where the mask takes five as well.
#[cfg(soft_dice_lanes = "swar")]
pub(super) const CONDITIONAL: bool = cfg!(any(target_arch = "arm", target_arch = "riscv32"));

/// Ends a pixel of a turn, with sums that are wanted now: the compiler would load all pixels of the turn first and put the additions off,
/// for which a Cortex-M3 has too few registers.
#[cfg(soft_dice_lanes = "swar")]
#[inline(always)]
pub(super) fn one_by_one<const N: usize>(sums: [&mut u32; N]) {
    #[cfg(all(target_arch = "arm", not(soft_dice_lanes = "thumb1")))]
    {
        compiler_fence(Ordering::SeqCst);
        for sum in sums {
            // SAFETY: no instruction; the compiler does not see that.
            unsafe {
                core::arch::asm!("/* {sum} */", sum = inout(reg) * sum, options(pure, nomem, nostack, preserves_flags));
            }
        }
    }
    #[cfg(not(all(target_arch = "arm", not(soft_dice_lanes = "thumb1"))))]
    let _ = sums;
}

/// Keeps what follows behind its branch, where the compiler would work it out in any case and then choose.
#[cfg(soft_dice_lanes = "swar")]
#[inline(always)]
pub(super) fn kept_apart() {
    if cfg!(any(soft_dice_lanes = "thumb1", target_arch = "riscv32")) {
        compiler_fence(Ordering::SeqCst);
    }
}

/// What the bytes of a mask showed.
pub(super) struct Seen(u32);

impl Seen {
    pub(super) const NOTHING: Self = Self(0);

    /// All ones where the byte is foreground, else 0.
    #[inline(always)]
    pub(super) fn mask<const KIND: u8, const CHECK: bool>(&mut self, byte: u8, class: u8) -> u32 {
        let word = u32::from(byte);
        if CHECK {
            // Bits other than the lowest, or bits unlike their neighbours.
            self.0 |= if KIND == ZERO_ONE { word } else { word ^ word >> 1 };
        }
        match KIND {
            ZERO_ONE | ZERO_FULL => 0u32.wrapping_sub(word & 1),
            // Below 0 where not 0.
            NON_ZERO => (0u32.wrapping_sub(word) as i32 >> 31) as u32,
            CLASS => !((0u32.wrapping_sub(word ^ u32::from(class)) as i32 >> 31) as u32),
            _ => 0,
        }
    }

    /// Of all bytes so far.
    #[cfg(soft_dice_lanes = "swar")]
    #[inline(always)]
    pub(super) fn settle<const CHECK: bool>(&mut self) {
        if CHECK {
            one_by_one([&mut self.0]);
        }
    }

    pub(super) fn broken<const KIND: u8>(&self) -> bool {
        self.0 & if KIND == ZERO_ONE { !1 } else { 0x7F } != 0
    }
}
