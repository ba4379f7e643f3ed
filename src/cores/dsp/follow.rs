//! 8-bit codes with their own mask and beside those of the last map, in whose place they are written: one pass for what would
//! be two, and a copy.
//!
//! ```text
//! for each word of four pixels:
//!     p, t = the codes now and before, unsigned; p is written over t
//!     Σp += p;  Σt += t;  Σ|p − t| += |p − t|         USADA8 each
//!     m = 0xFF where p is at least the cut            USUB8, SEL
//!     Σm += m;  Σ|p − m| += |p − m|                   USADA8 each: Σpm/255 = (Σp + Σm − Σ|p − m|) / 2
//! ```

use crate::cores::Followed;
use core::arch::asm;

/// u8, or i8 with `SIGNED` as q + 128; foreground from `cut` on (from 0: all of it).
///
/// # Safety
///
/// `p` is readable, and `t` readable and writable, for `n` ≤ 2²² bytes, whose sums then fit 32 bits.
#[inline(never)]
pub unsafe fn follow<const SIGNED: bool>(p: *const u8, t: *mut u8, n: usize, cut: u8) -> Followed {
    let flip = if SIGNED { 0x80 } else { 0 };
    let [mut sp, mut st, mut changed, mut marks, mut apart] = [0u32; 5];
    let (mut from, mut to) = (p, t);
    let end = p.wrapping_add(n & !7);
    macro_rules! word {
        ($p:literal, $flip_p:literal, $flip_t:literal) => {
            concat!(
                "ldr r7, [r1]\nstr ",
                $p,
                ", [r1], #4\n",
                $flip_p,
                $flip_t,
                "usada8 r8, ",
                $p,
                ", r4, r8\nusada8 r9, r7, r4, r9\nusada8 r10, ",
                $p,
                ", r7, r10\n",
                "usub8 r7, ",
                $p,
                ", r3\nsel r7, r5, r4\nusada8 r11, r7, r4, r11\nusada8 r12, ",
                $p,
                ", r7, r12\n"
            )
        };
    }
    macro_rules! run {
        ($first:expr, $second:expr) => {
            asm!(
                "push {{r6, r7}}",
                "2:",
                "ldr lr, [r0], #4",
                "ldr r6, [r0], #4",
                $first,
                $second,
                "cmp r0, r2",
                "bne 2b",
                "pop {{r6, r7}}",
                // Each in a register of its own, so that none is in r6 or r7.
                inout("r0") from, inout("r1") to, in("r2") end, in("r3") u32::from(cut) * 0x0101_0101, in("r4") 0u32,
                in("r5") u32::MAX, inout("r8") sp, inout("r9") st, inout("r10") changed, inout("r11") marks,
                inout("r12") apart, out("lr") _,
            )
        };
    }
    // SAFETY: the caller's n; LDR and STR take any address. The values of r6 and r7 are put back.
    unsafe {
        if from != end {
            if SIGNED {
                run!(
                    word!("lr", "eor lr, lr, #0x80808080\n", "eor r7, r7, #0x80808080\n"),
                    word!("r6", "eor r6, r6, #0x80808080\n", "eor r7, r7, #0x80808080\n")
                );
            } else {
                run!(word!("lr", "", ""), word!("r6", "", ""));
            }
        }
        for _ in 0..n % 8 {
            let (now, before) = (u32::from(*from ^ flip), u32::from(*to ^ flip));
            let mark = if now >= u32::from(cut) { 255 } else { 0 };
            (sp, st, changed) = (sp + now, st + before, changed + now.abs_diff(before));
            (marks, apart) = (marks + mark, apart + now.abs_diff(mark));
            *to = *from;
            (from, to) = (from.add(1), to.add(1));
        }
    }
    Followed { p: sp, last: st, changed, t: marks / 255, pt: (sp + marks - apart) / 2 }
}
