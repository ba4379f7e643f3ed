//! Q15 × Q15 and Q15 × a byte mask, eight words to a register.

use crate::cores::{CLASS, Found, NON_ZERO, ZERO_FULL, ZERO_ONE};
use core::arch::asm;

macro_rules! words {
    ($check:literal) => {
        concat!(
            "vldrh.u16 q0, [{p}], #16\nvaddva.s16 r0, q0\nvldrh.u16 q1, [{t}], #16\n",
            "vmlaldava.s16 r4, r5, q0, q1\nvaddva.s16 r2, q1\n",
            $check
        )
    };
}

/// Q15 × Q15; under `CHECK` a negative word is refused.
///
/// # Safety
///
/// `p` and `t` are readable for `n` ≤ 2¹⁵ words, whose sums then fit 32 bits.
pub unsafe fn word_word<const CHECK: bool>(p: *const i16, t: *const i16, n: usize) -> Found {
    let [mut sp, mut st, mut low, mut high] = [0u32; 4];
    let mut least = 0x7FFFu32;
    macro_rules! run {
        ($words:expr) => {
            asm!(
                sweep!("16", $words),
                p = inout(reg) p => _, t = inout(reg) t => _, n = in(reg) n, turns = out(reg) _,
                inout("r0") sp, inout("r2") st, inout("r4") low, inout("r5") high, inout("r8") least, out("lr") _,
                out("d0") _, out("d1") _, out("d2") _, out("d3") _,
                options(readonly, nostack)
            )
        };
    }
    // SAFETY: n words of each are readable.
    unsafe {
        if CHECK {
            run!(words!("vminv.s16 r8, q0\nvminv.s16 r8, q1\n"));
        } else {
            run!(words!(""));
        }
    }
    let pt = u64::from(high) << 32 | u64::from(low);
    Found { p: sp.into(), t: st.into(), pt, broken: false, outside: CHECK && (least as i32) < 0 }
}

/// Eight words and their bytes of the mask, widened (by loads from low registers alone); `$ones` makes those 0 or 1, and looks at them.
macro_rules! masked {
    ($sign:literal, $check:literal, $ones:literal) => {
        concat!(
            "vldrh.u16 q0, [{p}], #16\nvaddva.",
            $sign,
            " r0, q0\nvldrb.u16 q1, [r3], #8\n",
            $ones,
            "vmladava.",
            $sign,
            " r4, q0, q1\nvaddva.u16 r2, q1\n",
            $check
        )
    };
}

/// Q15 × a byte mask; under `CHECK_P` a negative word is refused, and `CHECK` sees to the mask.
///
/// # Safety
///
/// `p` is readable for `n` ≤ 2¹⁵ words, `g` for as many bytes.
pub unsafe fn word_mask<const CHECK_P: bool, const KIND: u8, const CHECK: bool>(
    p: *const i16,
    g: *const u8,
    n: usize,
    class: u8,
) -> Found {
    // SAFETY: the caller's.
    unsafe { under_mask::<true, CHECK_P, KIND, CHECK>(p, g, n, class) }
}

/// u16 × a byte mask; `CHECK` sees to the mask.
///
/// # Safety
///
/// `p` is readable for `n` ≤ 2¹⁵ words, whose sums then fit 31 bits, `g` for as many bytes.
pub unsafe fn u16_mask<const KIND: u8, const CHECK: bool>(p: *const u16, g: *const u8, n: usize, class: u8) -> Found {
    // SAFETY: the caller's.
    unsafe { under_mask::<false, false, KIND, CHECK>(p.cast(), g, n, class) }
}

/// Words, signed or not, × a byte mask.
///
/// # Safety
///
/// As [`word_mask`].
#[inline(never)]
unsafe fn under_mask<const SIGNED: bool, const CHECK_P: bool, const KIND: u8, const CHECK: bool>(
    p: *const i16,
    g: *const u8,
    n: usize,
    class: u8,
) -> Found {
    let [mut sp, mut sg, mut spg, mut most] = [0u32; 4];
    let mut least = 0x7FFFu32;
    macro_rules! run {
        ($sign:literal, $check:literal, $ones:literal) => {
            asm!(
                // High bytes are 0 and stay 0 under a minimum with ones.
                "vmov.i8 q2, #1",
                "vdup.16 q3, {class}",
                sweep!("16", masked!($sign, $check, $ones)),
                p = inout(reg) p => _, inout("r3") g => _, n = in(reg) n, turns = out(reg) _,
                class = in(reg) u32::from(class),
                inout("r0") sp, inout("r2") sg, inout("r4") spg, inout("r8") most, inout("r10") least, out("lr") _,
                out("d0") _, out("d1") _, out("d2") _, out("d3") _, out("d4") _, out("d5") _, out("d6") _, out("d7") _,
                options(readonly, nostack)
            )
        };
    }
    macro_rules! checked {
        ($ones:literal) => {
            if CHECK_P {
                run!("s16", "vminv.s16 r10, q0\n", $ones)
            } else if SIGNED {
                run!("s16", "", $ones)
            } else {
                run!("u16", "", $ones)
            }
        };
    }
    // SAFETY: n words and n bytes are readable.
    unsafe {
        match KIND {
            ZERO_ONE if CHECK => checked!("vmaxv.u8 r8, q1\n"),
            ZERO_ONE => checked!(""),
            // 255 + 1 is 0, 0 + 1 is 1.
            ZERO_FULL if CHECK => checked!("vadd.i8 q3, q1, q2\nvshr.u16 q1, q1, #7\nvmaxv.u8 r8, q3\n"),
            ZERO_FULL => checked!("vshr.u16 q1, q1, #7\n"),
            NON_ZERO => checked!("vmin.u8 q1, q1, q2\n"),
            // All but the class.
            _ => checked!("veor q1, q1, q3\nvmin.u8 q1, q1, q2\n"),
        }
    }
    if KIND == CLASS {
        (sg, spg) = (n as u32 - sg, sp.wrapping_sub(spg));
    }
    let outside = CHECK_P && (least as i32) < 0;
    Found { p: sp.into(), t: sg.into(), pt: spg.into(), broken: CHECK && most > 1, outside }
}
