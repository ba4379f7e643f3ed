//! 16-bit floats without a float instruction: codes by shifts on the raw bits (`turned` says how of each format).
//!
//! ```text
//! for each pixel, four to a turn:
//!     seen |= 1.0 − bits                     below 0 where a value is outside [0, 1]: the block is refused
//!     half floats: d = exponent − (exponent + 15) ≫ 4     one less than the exponent, or 0 of 0: at most 14 in range
//!         code = (bits − d·2¹⁰) ≪ d                       the hidden bit is the lowest of the exponent that is left; of
//!                                                         subnormals the bits
//!     bfloat16: code and product are shifted and rounded as those of f32, with mantissas of eight bits
//!     Σp += code;  Σt …;  Σpt += product, or code times a mark
//! ```
//!
//! **Overflow.** Codes are at most 2²⁴, so that those of a block of 240 fit 32 bits. A product is at most 2⁴⁸, and 2¹⁵ pixels of
//! them fit 63. Sums of a block that is refused may have wrapped.

use super::turned::{Kind, masked_pixel, own_pixel, soft_pixel, turned};
use super::{CLASS, Found, NON_ZERO, ZERO_FULL, ZERO_ONE};
use core::arch::asm;

/// Pixels of a block: whole turns, whose codes fit 32 bits.
pub(super) const HALF_BLOCK: usize = 240;
const TURN: usize = 4;
const _: () = assert!((HALF_BLOCK as u64) << 24 < 1 << 32 && HALF_BLOCK.is_multiple_of(TURN));

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
/// `p` is readable for `n` values, `g` for `n` bytes.
#[inline(always)]
unsafe fn mask_block<K: Kind, const KIND: u8, const CHECK: bool>(
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
                outside = in_order(outside | u32::from(K::ONE).wrapping_sub(bits));
                let code = K::code(bits);
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

/// 16-bit floats × a byte mask, up to the first block with a value outside [0, 1]: the sums, and how many pixels they are of.
///
/// # Safety
///
/// `p` is readable for `n` values, `g` for `n` bytes.
#[inline(never)]
pub(super) unsafe fn mask<K: Kind, const KIND: u8, const CHECK: bool>(
    p: *const u16,
    g: *const u8,
    n: usize,
    class: u8,
) -> (Found, usize) {
    // SAFETY: `turned` asks for places below n.
    let block = |at: usize, n: usize| unsafe { mask_block::<K, KIND, CHECK>(p.add(at), g.add(at), n, class) };
    // SAFETY: as above.
    let one = |at: usize| unsafe { masked_pixel::<K, KIND, CHECK>(*p.add(at), *g.add(at), class) };
    turned(n, 0, TURN, block, one)
}

/// As [`mask_block`].
///
/// # Safety
///
/// `p` is readable for `n` values.
#[inline(always)]
unsafe fn own_block<K: Kind>(mut p: *const u16, n: usize, least: u16) -> Option<Found> {
    let [mut sp, mut below, mut less, mut outside] = [0u32; 4];
    let end = p.wrapping_add(n);
    // SAFETY: n pixels are readable, which are whole turns.
    unsafe {
        while p != end {
            turn!(k, {
                let bits = u32::from(*p.add(k));
                outside = in_order(outside | u32::from(K::ONE).wrapping_sub(bits));
                // All ones below the mask.
                let mask = (bits.wrapping_sub(u32::from(least)) as i32 >> 31) as u32;
                let code = K::code(bits);
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

/// 16-bit floats × their own mask from the bits `least` on, up to the first block with a value outside [0, 1].
///
/// # Safety
///
/// `p` is readable for `n` values.
#[inline(never)]
pub(super) unsafe fn own<K: Kind>(p: *const u16, n: usize, least: u16) -> (Found, usize) {
    // SAFETY: `turned` asks for places below n.
    let block = |at: usize, n: usize| unsafe { own_block::<K>(p.add(at), n, least) };
    // SAFETY: as above.
    let one = |at: usize| unsafe { own_pixel::<K>(*p.add(at), least) };
    turned(n, 0, TURN, block, one)
}

/// As [`mask_block`].
///
/// # Safety
///
/// Both are readable for `n` values.
#[inline(always)]
unsafe fn soft_block<K: Kind>(mut p: *const u16, mut t: *const u16, n: usize) -> Option<Found> {
    let ([mut sp, mut st, mut outside], mut spt) = ([0u32; 3], 0u64);
    let end = p.wrapping_add(n);
    // SAFETY: n pixels of each are readable, which are whole turns.
    unsafe {
        while p != end {
            turn!(k, {
                let (a, b) = (u32::from(*p.add(k)), u32::from(*t.add(k)));
                outside = in_order(outside | u32::from(K::ONE).wrapping_sub(a) | u32::from(K::ONE).wrapping_sub(b));
                let codes = [a, b].map(K::code);
                sp = in_order(sp.wrapping_add(codes[0]));
                st = in_order(st.wrapping_add(codes[1]));
                spt = spt.wrapping_add(K::product([a, b], codes));
            });
            (p, t) = (p.add(TURN), t.add(TURN));
        }
    }
    ((outside as i32) >= 0).then_some(Found { p: sp.into(), t: st.into(), pt: spt, broken: false, outside: false })
}

/// 16-bit floats × such floats, up to the first block with a value outside [0, 1]: the sums, and how many pixels they are of.
///
/// # Safety
///
/// `p` and `t` are readable for `n` ≤ 2¹⁵ values, whose products then fit 63 bits.
#[inline(never)]
pub(super) unsafe fn soft<K: Kind>(p: *const u16, t: *const u16, n: usize) -> (Found, usize) {
    // SAFETY: `turned` asks for places below n.
    let block = |at: usize, n: usize| unsafe { soft_block::<K>(p.add(at), t.add(at), n) };
    // SAFETY: as above.
    let one = |at: usize| unsafe { soft_pixel::<K>(*p.add(at), *t.add(at)) };
    turned(n, 0, TURN, block, one)
}

#[cfg(not(soft_dice_lanes = "thumb1"))]
mod halves {
    //! Half floats by these loops.

    use super::super::Found;
    use super::super::turned::Half;

    pub unsafe fn half_mask<const KIND: u8, const CHECK: bool>(
        p: *const u16,
        g: *const u8,
        n: usize,
        class: u8,
    ) -> (Found, usize) {
        // SAFETY: the caller's.
        unsafe { super::mask::<Half, KIND, CHECK>(p, g, n, class) }
    }

    pub unsafe fn half_own(p: *const u16, n: usize, least: u16) -> (Found, usize) {
        // SAFETY: the caller's.
        unsafe { super::own::<Half>(p, n, least) }
    }

    pub unsafe fn half_half(p: *const u16, t: *const u16, n: usize) -> (Found, usize) {
        // SAFETY: the caller's.
        unsafe { super::soft::<Half>(p, t, n) }
    }
}

#[cfg(not(soft_dice_lanes = "thumb1"))]
pub(super) use halves::{half_half, half_mask, half_own};

#[cfg(test)]
mod tests {
    use super::super::turned::{Half, Upper};
    use super::*;
    use crate::element::{BF16, Element, F16, Reading, Times};
    use crate::pixels::{BF16Bits, F16Bits};

    #[test]
    fn codes_and_products_are_the_definition_s() {
        for bits in 0..=Half::ONE {
            assert_eq!(F16::new().read(F16Bits(bits)), Reading::Valid(Half::code(bits.into())), "{bits:x}");
        }
        let value = |bits| BF16Bits(bits).to_f32();
        for a in 0..=Upper::ONE {
            let code = Upper::code(a.into());
            assert_eq!(u64::from(code), <BF16 as Element>::code(value(a)), "{a:x}");
            for b in [
                0,
                1,
                0x7F,
                0x80,
                0x3300,
                0x337F,
                0x3380,
                0x3381,
                0x3780,
                0x3AFF,
                0x3F7F,
                Upper::ONE,
                Upper::ONE - a,
                a,
            ] {
                let product = Upper::product([a, b].map(u32::from), [0; 2]);
                assert_eq!(product, <BF16 as Times<BF16>>::times(value(a), value(b)), "{a:x} {b:x}");
            }
        }
    }

    /// A value outside is seen wherever it lies, whatever it is.
    #[test]
    fn every_other_pattern_is_refused() {
        fn of<K: Kind>(half: u16) {
            let (mut p, code) = ([half; 9], u64::from(K::code(half.into())));
            for bits in K::ONE + 1..=u16::MAX {
                let at = usize::from(bits) % 9;
                p[at] = bits;
                let (p_at, t_at) = (p.as_ptr(), [half; 9].as_ptr());
                // SAFETY: nine pixels each.
                let (mask, own, soft) = unsafe {
                    let mask = mask::<K, ZERO_ONE, true>(p_at, [1; 9].as_ptr(), 9, 0);
                    (mask, own::<K>(p_at, 9, 1), soft::<K>(t_at, p_at, 9))
                };
                // Two turns are a block, the ninth pixel is by itself.
                let kept = at / 8 * 8;
                for (found, taken) in [mask, own, soft] {
                    assert_eq!((taken, found.p), (kept, kept as u64 * code), "{bits:x}");
                }
                p[at] = half;
            }
        }
        of::<Half>(0x3800);
        of::<Upper>(0x3F00);
    }
}
