//! Half floats on Cortex-M0, M0+ and M23, without a float instruction: codes of 2⁻²⁴ by shifts on the raw bits. Eight registers
//! take part in most instructions, and the others can be added to, so that the sums lie there.
//!
//! ```text
//! for each pixel, four to a turn:
//!     leave the block if the bits exceed those of 1.0
//!     d = max(exponent, 1) − 1                              0 to 14
//!     m = bits − d·2¹⁰                                      the hidden bit is the lowest of the exponent that is left
//!     Σp += m ≪ d;  Σt += mark;  Σpt += (m ≪ d) · mark
//!     or of two maps: Σpt += m·m′ ≪ (d + d′)                m·m′ has 22 bits, the shift is at most 28
//! ```
//!
//! **Overflow.** Codes of a block of 240 fit 32 bits. A product is at most 2⁴⁸, and 2¹⁵ pixels of them fit 63.

use super::turned::{Half, masked_pixel, own_pixel, soft_pixel, turned};
use super::{CLASS, Found, NON_ZERO, ZERO_FULL, ZERO_ONE};
use core::arch::asm;

/// Bits of 1.0.
const ONE: u32 = 0x3C00;
/// Pixels of a block: whole turns, whose codes fit 32 bits.
pub const HALF_BLOCK: usize = 240;
const TURN: usize = 4;
const _: () = assert!((HALF_BLOCK as u64) << 24 < 1 << 32 && HALF_BLOCK.is_multiple_of(TURN));

/// The half float at `$at` of r0 in r2, if it is in range.
macro_rules! load {
    ($at:literal) => {
        concat!("ldrh r2, [r0, #", $at, "]\ncmp r2, r11\nbhi 3f\n")
    };
}

/// Its mantissa in r2, places in r3; r4 is scratch.
macro_rules! parts {
    () => {
        "lsrs r3, r2, #10\nbeq 4f\nsubs r3, #1\nlsls r4, r3, #10\nsubs r2, r2, r4\n4:\n"
    };
}

macro_rules! masked {
    ($ones:expr, $at:literal, $byte:literal) => {
        concat!(
            load!($at),
            parts!(),
            "lsls r2, r3\nadd r8, r2\nldrb r3, [r1, #",
            $byte,
            "]\n",
            $ones,
            "add r9, r3\nmuls r3, r2, r3\nadd r10, r3\n"
        )
    };
}

/// `n` pixels, a multiple of 4 and at most [`HALF_BLOCK`], or nothing where a value is outside.
///
/// # Safety
///
/// `p` is readable for `n` half floats, `g` for `n` bytes.
#[inline(always)]
unsafe fn mask_block<const KIND: u8, const CHECK: bool>(
    p: *const u16,
    g: *const u8,
    n: usize,
    class: u8,
) -> Option<Found> {
    let end = p.wrapping_add(n);
    let mut at = p;
    let (sp, st, spt): (u32, u32, u32);
    // The class, or what was seen.
    let mut seen = if KIND == CLASS { u32::from(class) } else { 0 };
    macro_rules! run {
        ($ones:expr) => {
            asm!(
                "mov r12, r2",
                "mov r11, r3",
                "movs r2, #0",
                "mov r8, r2",
                "mov r9, r2",
                "mov r10, r2",
                "2:",
                masked!($ones, 0, 0), masked!($ones, 2, 1), masked!($ones, 4, 2), masked!($ones, 6, 3),
                "adds r0, #8",
                "adds r1, #4",
                "cmp r0, r12",
                "bne 2b",
                "3:",
                "mov r2, r8",
                "mov r3, r9",
                "mov r4, r10",
                inout("r0") at, inout("r1") g => _, inout("r2") end => sp, inout("r3") ONE => st, out("r4") spt,
                inout("r5") seen, out("r8") _, out("r9") _, out("r10") _, out("r11") _, out("r12") _,
                options(readonly, nostack)
            )
        };
    }
    // SAFETY: n pixels are readable.
    unsafe {
        match KIND {
            ZERO_ONE if CHECK => run!("orrs r5, r3\n"),
            ZERO_ONE => run!("lsls r3, r3, #31\nlsrs r3, r3, #31\n"),
            // Bits unlike their neighbours; then one of them.
            ZERO_FULL => run!("lsrs r4, r3, #1\neors r4, r3\norrs r5, r4\nlsls r3, r3, #31\nlsrs r3, r3, #31\n"),
            // x − (x − 1), or where that has borrowed, one less.
            NON_ZERO => run!("subs r4, r3, #1\nsbcs r3, r4\n"),
            // All but the class.
            _ => run!("eors r3, r5\nsubs r4, r3, #1\nsbcs r3, r4\n"),
        }
    }
    if at != end {
        return None;
    }
    let broken = CHECK && seen & if KIND == ZERO_ONE { !1 } else { 0x7F } != 0;
    let (t, pt) = if KIND == CLASS { (n as u32 - st, sp.wrapping_sub(spt)) } else { (st, spt) };
    Some(Found { p: sp.into(), t: t.into(), pt: pt.into(), broken, outside: false })
}

/// Half floats × a byte mask, up to the first block with a value outside [0, 1]: the sums, and how many pixels they are of.
///
/// # Safety
///
/// `p` is readable for `n` half floats, `g` for `n` bytes.
#[inline(never)]
pub unsafe fn half_mask<const KIND: u8, const CHECK: bool>(
    p: *const u16,
    g: *const u8,
    n: usize,
    class: u8,
) -> (Found, usize) {
    // SAFETY: `turned` asks for places below n.
    let block = |at: usize, n: usize| unsafe { mask_block::<KIND, CHECK>(p.add(at), g.add(at), n, class) };
    // SAFETY: as above.
    let one = |at: usize| unsafe { masked_pixel::<Half, KIND, CHECK>(*p.add(at), *g.add(at), class) };
    turned(n, 0, TURN, block, one)
}

/// Where the bits are below r5, r1 is all ones.
macro_rules! own {
    ($at:literal) => {
        concat!(
            load!($at),
            "subs r1, r2, r5\nsbcs r1, r1\nadd r9, r1\n",
            parts!(),
            "lsls r2, r3\nadd r8, r2\nands r2, r1\nadd r10, r2\n"
        )
    };
}

/// As [`mask_block`].
///
/// # Safety
///
/// `p` is readable for `n` half floats.
#[inline(always)]
unsafe fn own_block(p: *const u16, n: usize, least: u16) -> Option<Found> {
    let end = p.wrapping_add(n);
    let mut at = p;
    let (sp, less, below): (u32, u32, u32);
    // SAFETY: n pixels are readable.
    unsafe {
        asm!(
            "mov r12, r2",
            "mov r11, r3",
            "movs r2, #0",
            "mov r8, r2",
            "mov r9, r2",
            "mov r10, r2",
            "2:",
            own!(0), own!(2), own!(4), own!(6),
            "adds r0, #8",
            "cmp r0, r12",
            "bne 2b",
            "3:",
            "mov r2, r8",
            "mov r3, r9",
            "mov r4, r10",
            inout("r0") at, out("r1") _, inout("r2") end => sp, inout("r3") ONE => less, out("r4") below,
            in("r5") u32::from(least), out("r8") _, out("r9") _, out("r10") _, out("r11") _, out("r12") _,
            options(readonly, nostack)
        );
    }
    // As many less than none as there are below.
    let (t, pt) = ((n as u32).wrapping_add(less), sp.wrapping_sub(below));
    (at == end).then_some(Found { p: sp.into(), t: t.into(), pt: pt.into(), broken: false, outside: false })
}

/// Half floats × their own mask from the bits `least` on, up to the first block with a value outside [0, 1].
///
/// # Safety
///
/// `p` is readable for `n` half floats.
#[inline(never)]
pub unsafe fn half_own(p: *const u16, n: usize, least: u16) -> (Found, usize) {
    // SAFETY: `turned` asks for places below n.
    let block = |at: usize, n: usize| unsafe { own_block(p.add(at), n, least) };
    // SAFETY: as above.
    let one = |at: usize| unsafe { own_pixel::<Half>(*p.add(at), least) };
    turned(n, 0, TURN, block, one)
}

/// A pixel of both: of the first, mantissa and places stay in r2 and r3 while those of the second come to r4 and r5. Its hidden
/// bit is in r10, because no register is left for a shifted exponent. The sum of products is in r6 and r7.
macro_rules! soft {
    ($at:literal) => {
        concat!(
            load!($at),
            parts!(),
            "mov r5, r2\nlsls r5, r3\nadd r8, r5\n",
            "ldrh r4, [r1, #",
            $at,
            "]\ncmp r4, r11\nbhi 3f\nlsrs r5, r4, #10\nbeq 4f\nsubs r5, #1\nlsls r4, r4, #22\nlsrs r4, r4, #22\n",
            "add r4, r10\n4:\nmuls r2, r4, r2\nadds r3, r3, r5\nlsls r4, r5\nadd r9, r4\n",
            "movs r5, #31\nsubs r5, r5, r3\nlsrs r4, r2, #1\nlsrs r4, r5\nlsls r2, r3\nadds r6, r6, r2\nadcs r7, r4\n"
        )
    };
}

/// As [`mask_block`].
///
/// # Safety
///
/// Both are readable for `n` half floats.
#[inline(always)]
unsafe fn soft_block(p: *const u16, t: *const u16, n: usize) -> Option<Found> {
    let end = p.wrapping_add(n);
    let mut at = p;
    let (sp, st, low, high): (u32, u32, u32, u32);
    // SAFETY: n pixels of each are readable. The registers that may not be named are put away meanwhile.
    unsafe {
        asm!(
            "push {{r6, r7}}",
            "mov r12, r2",
            "mov r11, r3",
            "mov r10, r4",
            "movs r6, #0",
            "movs r7, #0",
            "mov r8, r6",
            "mov r9, r6",
            "2:",
            soft!(0), soft!(2),
            "adds r0, #4",
            "adds r1, #4",
            "cmp r0, r12",
            "bne 2b",
            "3:",
            "mov r2, r8",
            "mov r3, r9",
            "mov r4, r6",
            "mov r5, r7",
            "pop {{r6, r7}}",
            inout("r0") at, inout("r1") t => _, inout("r2") end => sp, inout("r3") ONE => st, inout("r4") 0x400 => low,
            out("r5") high, out("r8") _, out("r9") _, out("r10") _, out("r11") _, out("r12") _
        );
    }
    let pt = u64::from(high) << 32 | u64::from(low);
    (at == end).then_some(Found { p: sp.into(), t: st.into(), pt, broken: false, outside: false })
}

/// Half floats × half floats, up to the first block with a value outside [0, 1]: the sums, and how many pixels they are of.
///
/// # Safety
///
/// `p` and `t` are readable for `n` ≤ 2¹⁵ half floats, whose products then fit 63 bits.
#[inline(never)]
pub unsafe fn half_half(p: *const u16, t: *const u16, n: usize) -> (Found, usize) {
    // SAFETY: `turned` asks for places below n.
    let block = |at: usize, n: usize| unsafe { soft_block(p.add(at), t.add(at), n) };
    // SAFETY: as above.
    let one = |at: usize| unsafe { soft_pixel::<Half>(*p.add(at), *t.add(at)) };
    turned(n, 0, TURN, block, one)
}
