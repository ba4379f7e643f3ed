//! Rows of a picture.
//!
//! ```text
//! |a − b| of four bytes is a − b where a ≥ b, and b − a where b ≥ a, saturating: the other is 0     UQSUB8 twice
//! min(|a − b| + |a − c|, 63) + 192 = 192 + both, saturating at 255: no comparison is needed         UQADD8
//! max(a, b): GE where a ≥ b, then a choice                                                          USUB8, SEL
//! a mask's bits: GE of four bytes, read as bits 16 to 19 of APSR                                    USUB8, MRS
//! bytes under a mask's bits: GE is written                                                          MSR, SEL
//! ```

#[cfg(not(soft_dice_lanes = "small"))]
mod eight;
#[cfg(soft_dice_lanes = "small")]
mod four;

pub(crate) use crate::loops::lines::rims;
use core::arch::asm;
#[cfg(not(soft_dice_lanes = "small"))]
pub(crate) use eight::{copy, gather, marks, steps};
#[cfg(soft_dice_lanes = "small")]
pub(crate) use four::{copy, gather, marks, steps};

/// What saturates at 255 has counted 63: see above.
pub const BIAS: u8 = 192;

/// Writes words: of a row, which is too short for what a fill of any length takes to begin.
///
/// # Safety
///
/// `to` is writable for `words` of them, and need not be aligned.
#[inline(never)]
pub unsafe fn fill(mut to: *mut u32, words: usize, word: u32) {
    let end = to.wrapping_add(words);
    while to != end {
        // SAFETY: the caller's words.
        unsafe {
            asm!("str {word}, [{to}], #4", to = inout(reg) to, word = in(reg) word, options(nostack, preserves_flags));
        }
    }
}
