//! Half floats without a float instruction, on cores whose registers are all alike: codes of 2⁻²⁴ by shifts on the raw bits.
//!
//! ```text
//! for each pixel, four to a turn:
//!     seen |= 1.0 − bits                     below 0 where a value is outside [0, 1]: the block is refused
//!     d = exponent − (exponent + 15) ≫ 4     one less than the exponent, or 0 of 0: at most 14 in range
//!     code = (bits − d·2¹⁰) ≪ d              the hidden bit is the lowest of the exponent that is left; of subnormals the bits
//!     Σp += code;  Σt …;  Σpt += product, or code times a mark
//! ```
//!
//! **Overflow.** Codes are at most 2²⁴, so that those of a block of 240 fit 32 bits. A product is at most 2⁴⁸, and 2¹⁵ pixels of
//! them fit 63. Sums of a block that is refused may have wrapped.

use super::turned::{masked_pixel, own_pixel, soft_pixel, turned};
use super::{CLASS, Found, NON_ZERO, ZERO_FULL, ZERO_ONE};
use core::arch::asm;
use core::hint::assert_unchecked;

/// Bits of 1.0.
const ONE: u32 = 0x3C00;
/// Pixels of a block: whole turns, whose codes fit 32 bits.
pub const HALF_BLOCK: usize = 240;
const TURN: usize = 4;
const _: () = assert!((HALF_BLOCK as u64) << 24 < 1 << 32 && HALF_BLOCK.is_multiple_of(TURN));

/// x · 2²⁴ of the bits of x in [0, 1]; of others some number.
#[inline(always)]
const fn code(bits: u32) -> u32 {
    let exponent = bits >> 10 & 31;
    let places = exponent - ((exponent + 15) >> 4);
    // SAFETY: an exponent has five bits, and less is taken off than it is.
    unsafe { assert_unchecked(places < 32) };
    bits.wrapping_sub(places << 10) << places
}

/// A number that is there before what follows is begun: else the compiler interleaves the pixels of several turns, for which there
/// are not registers enough.
#[inline(always)]
fn in_order(x: u32) -> u32 {
    // As wide as a register of the host that tests it.
    let mut wide = x as usize;
    // SAFETY: nothing is done.
    unsafe { asm!("/* {x} */", x = inout(reg) wide, options(nomem, nostack, preserves_flags)) }
    wide as u32
}

/// The body for pixels 0 to 3 of a turn.
macro_rules! turn {
    ($k:ident, $body:expr) => {
        turn!(@ $k, $body, 0, 1, 2, 3)
    };
    (@ $k:ident, $body:expr, $($at:literal),*) => {
        $({
            let $k = $at;
            $body
        })*
    };
}

/// `n` pixels, a multiple of 4 and at most [`HALF_BLOCK`], or nothing where a value is outside.
///
/// # Safety
///
/// `p` is readable for `n` half floats, `g` for `n` bytes.
#[inline(always)]
unsafe fn mask_block<const KIND: u8, const CHECK: bool>(
    mut p: *const u16,
    mut g: *const u8,
    n: usize,
    class: u8,
) -> Option<Found> {
    let [mut sp, mut st, mut spt, mut outside, mut seen] = [0u32; 5];
    let end = p.wrapping_add(n);
    // SAFETY: n pixels are readable, which are whole turns.
    unsafe {
        while p != end {
            turn!(k, {
                let (bits, word) = (u32::from(*p.add(k)), u32::from(*g.add(k)));
                let one = match KIND {
                    // Of a broken mask the sums are thrown away.
                    ZERO_ONE if CHECK => word,
                    ZERO_ONE | ZERO_FULL => word & 1,
                    NON_ZERO => u32::from(word != 0),
                    // All but the class.
                    _ => u32::from(word != u32::from(class)),
                };
                if CHECK {
                    seen |= if KIND == ZERO_ONE { word } else { word ^ word >> 1 };
                }
                outside = in_order(outside | ONE.wrapping_sub(bits));
                let code = code(bits);
                sp = in_order(sp.wrapping_add(code));
                st = in_order(st.wrapping_add(one));
                spt = in_order(spt.wrapping_add(code.wrapping_mul(one)));
            });
            (p, g) = (p.add(TURN), g.add(TURN));
        }
    }
    if (outside as i32) < 0 {
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
    let one = |at: usize| unsafe { masked_pixel::<KIND, CHECK>(*p.add(at), *g.add(at), class) };
    turned(n, 0, TURN, block, one)
}

/// As [`mask_block`].
///
/// # Safety
///
/// `p` is readable for `n` half floats.
#[inline(always)]
unsafe fn own_block(mut p: *const u16, n: usize, least: u16) -> Option<Found> {
    let [mut sp, mut below, mut less, mut outside] = [0u32; 4];
    let end = p.wrapping_add(n);
    // SAFETY: n pixels are readable, which are whole turns.
    unsafe {
        while p != end {
            turn!(k, {
                let bits = u32::from(*p.add(k));
                outside = in_order(outside | ONE.wrapping_sub(bits));
                // All ones below the mask.
                let mask = (bits.wrapping_sub(u32::from(least)) as i32 >> 31) as u32;
                let code = code(bits);
                sp = in_order(sp.wrapping_add(code));
                less = in_order(less.wrapping_sub(mask));
                below = below.wrapping_add(code & mask);
            });
            p = p.add(TURN);
        }
    }
    let (t, pt) = ((n as u32).wrapping_sub(less), sp.wrapping_sub(below));
    ((outside as i32) >= 0).then_some(Found { p: sp.into(), t: t.into(), pt: pt.into(), broken: false, outside: false })
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
    let one = |at: usize| unsafe { own_pixel(*p.add(at), least) };
    turned(n, 0, TURN, block, one)
}

/// As [`mask_block`].
///
/// # Safety
///
/// Both are readable for `n` half floats.
#[inline(always)]
unsafe fn soft_block(mut p: *const u16, mut t: *const u16, n: usize) -> Option<Found> {
    let ([mut sp, mut st, mut outside], mut spt) = ([0u32; 3], 0u64);
    let end = p.wrapping_add(n);
    // SAFETY: n pixels of each are readable, which are whole turns.
    unsafe {
        while p != end {
            turn!(k, {
                let (a, b) = (u32::from(*p.add(k)), u32::from(*t.add(k)));
                outside = in_order(outside | ONE.wrapping_sub(a) | ONE.wrapping_sub(b));
                let (a, b) = (code(a), code(b));
                sp = in_order(sp.wrapping_add(a));
                st = in_order(st.wrapping_add(b));
                spt = spt.wrapping_add(u64::from(a) * u64::from(b));
            });
            (p, t) = (p.add(TURN), t.add(TURN));
        }
    }
    ((outside as i32) >= 0).then_some(Found { p: sp.into(), t: st.into(), pt: spt, broken: false, outside: false })
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
    let one = |at: usize| unsafe { soft_pixel(*p.add(at), *t.add(at)) };
    turned(n, 0, TURN, block, one)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::element::{Element, F16, Reading};
    use crate::pixels::F16Bits;

    #[test]
    fn codes_are_the_definition_s() {
        for bits in 0..=0x3C00 {
            assert_eq!(F16::new().read(F16Bits(bits)), Reading::Valid(code(bits.into())), "{bits:x}");
        }
    }

    /// A value outside is seen wherever it lies, whatever it is.
    #[test]
    fn every_other_pattern_is_refused() {
        let mut p = [0x3800; 9];
        for bits in 0x3C01..=u16::MAX {
            let at = usize::from(bits) % 9;
            p[at] = bits;
            // SAFETY: nine pixels each.
            let ((mask, taken), (soft, both)) = unsafe {
                (
                    half_mask::<ZERO_ONE, true>(p.as_ptr(), [1; 9].as_ptr(), 9, 0),
                    half_half(p.as_ptr(), [0; 9].as_ptr(), 9),
                )
            };
            // Two turns are a block, the ninth pixel is by itself.
            let kept = at / 8 * 8;
            assert_eq!((taken, both), (kept, kept), "{bits:x}");
            assert_eq!((mask.p, soft.p), (kept as u64 * 0x80_0000, kept as u64 * 0x80_0000));
            p[at] = 0x3800;
        }
    }
}
