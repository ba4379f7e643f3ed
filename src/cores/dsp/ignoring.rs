//! 8-bit codes × a class of labels of which one is ignored, four pixels at a time.
//!
//! ```text
//! for each word of four pixels:
//!     p = the codes, unsigned;  x = labels ^ ignored            LDR twice, EOR twice
//!     GE = 0 − x does not borrow: the pixel is left out         USUB8
//!     p = 0 there;  k = 0xFF elsewhere;  Σk += k                SEL twice, USADA8: pixels that count
//!     x ^= class ^ ignored;  m = 0xFF where that is 0           EOR, USUB8, SEL
//!     Σm += m;  Σp += p;  Σ|p − m| += |p − m|                   USADA8 each: Σpm as in `dsp.rs`
//! ```
//!
//! These are 14 instructions for four pixels, or 3.5 a pixel, and 2 for each sixteen of them beside.
//!
//! **Overflow.** Each sum is at most 255 a pixel, and what is made of them, Σp + Σm, twice that: 2²² pixels fit 32 bits.

use crate::cores::which::Kept;
use core::arch::asm;

/// u8, or i8 with `FLIP` = 0x8080_8080, × the pixels of `class`, without those that bear the label `ignored`, which is another.
///
/// # Safety
///
/// `p` and `labels` are readable for `n` ≤ 2²² bytes, whose sums then fit 32 bits.
#[inline(never)]
pub unsafe fn byte_unless<const FLIP: u32>(
    mut p: *const u8,
    mut labels: *const u8,
    n: usize,
    class: u8,
    ignored: u8,
) -> Kept {
    let [mut sp, mut kept, mut marks, mut apart] = [0u32; 4];
    let end = p.wrapping_add(n & !15);
    let splat = |byte: u8| u32::from(byte) * 0x0101_0101;
    macro_rules! word {
        ($flip:literal) => {
            concat!(
                "ldr r6, [r0], #4\nldr r7, [r1], #4\n",
                $flip,
                "eor r7, r7, r3\nusub8 lr, r5, r7\nsel r6, r5, r6\nsel lr, r5, r8\nusada8 r10, lr, r5, r10\n",
                "eor r7, r7, r4\nusub8 r7, r5, r7\nsel r7, r8, r5\n",
                "usada8 r11, r7, r5, r11\nusada8 r9, r6, r5, r9\nusada8 r12, r6, r7, r12\n"
            )
        };
    }
    macro_rules! run {
        ($word:expr) => {
            asm!(
                "push {{r6, r7}}",
                "2:",
                $word,
                $word,
                $word,
                $word,
                "cmp r0, r2",
                "bne 2b",
                "pop {{r6, r7}}",
                // Each in a register of its own, so that none is in r6 or r7.
                inout("r0") p, inout("r1") labels, in("r2") end, in("r3") splat(ignored),
                in("r4") splat(class ^ ignored), in("r5") 0u32, in("r8") u32::MAX, inout("r9") sp, inout("r10") kept,
                inout("r11") marks, inout("r12") apart, out("lr") _,
            )
        };
    }
    // SAFETY: the caller's n; an LDR takes any address. The values of r6 and r7 are put back.
    unsafe {
        if p != end {
            if FLIP == 0 {
                run!(word!(""));
            } else {
                run!(word!("eor r6, r6, #0x80808080\n"));
            }
        }
        for _ in 0..n % 16 {
            let (code, label) = (u32::from(*p ^ FLIP as u8), *labels);
            if label != ignored {
                let mark = if label == class { 255 } else { 0 };
                (sp, kept, marks, apart) = (sp + code, kept + 255, marks + mark, apart + code.abs_diff(mark));
            }
            (p, labels) = (p.add(1), labels.add(1));
        }
    }
    let pt = (sp + marks - apart) / 2;
    Kept { p: sp, t: marks / 255, pt, kept: kept / 255, ..Kept::default() }
}
