//! 16-bit floats by loops that take whole turns: the pixels before and behind those one at a time.

use super::seen::Seen;
use super::{Found, HALF_BLOCK};
use core::hint::assert_unchecked;

/// A format of 16 bits.
pub(super) trait Kind {
    /// Bits of 1.0: those of other values of \[0, 1\] are less.
    const ONE: u16;

    /// The code of bits of \[0, 1\]; of others some number.
    fn code(bits: u32) -> u32;

    /// The product of two, whose codes are given.
    fn product(bits: [u32; 2], codes: [u32; 2]) -> u64;
}

/// Half floats, in codes of 2⁻²⁴.
pub(super) struct Half;

impl Kind for Half {
    const ONE: u16 = 0x3C00;

    #[inline(always)]
    fn code(bits: u32) -> u32 {
        let exponent = bits >> 10 & 31;
        let places = exponent - ((exponent + 15) >> 4);
        // SAFETY: an exponent has five bits, and less is taken off than it is.
        unsafe { assert_unchecked(places < 32) };
        bits.wrapping_sub(places << 10) << places
    }

    #[inline(always)]
    fn product(_: [u32; 2], [a, b]: [u32; 2]) -> u64 {
        u64::from(a) * u64::from(b)
    }
}

/// bfloat16, in codes of 2⁻²³, to nearest even.
#[cfg(soft_dice_lanes = "soft")]
pub(super) struct Upper;

#[cfg(soft_dice_lanes = "soft")]
impl Kind for Upper {
    const ONE: u16 = 0x3F80;

    /// x = m · 2^(e − 134), of which m has eight bits: from 2⁻¹⁶ on nothing is rounded.
    #[inline(always)]
    fn code(bits: u32) -> u32 {
        let (mantissa, exponent) = (bits & 0x7F | 0x80, bits >> 7 & 0xFF);
        let up = exponent.wrapping_sub(111);
        if (up as i32) >= 0 {
            return mantissa << (up & 31);
        }
        let places = 111 - exponent;
        if places > 8 { 0 } else { rounded(mantissa >> places, mantissa << (32 - places)) }
    }

    /// a · b = m · n · 2^(e + f − 268), whose mantissa of 16 bits is put eleven places up, so that at least two are shifted out. Of
    /// more than 27 places nothing is left, and no half.
    #[inline(always)]
    fn product([a, b]: [u32; 2], _: [u32; 2]) -> u64 {
        let places = 256u32.wrapping_sub((a >> 7) + (b >> 7));
        if places.wrapping_sub(2) > 25 {
            return 0;
        }
        let top = ((a & 0x7F | 0x80) * (b & 0x7F | 0x80)) << 11;
        u64::from(rounded(top >> places, top << (32 - places)))
    }
}

#[cfg(soft_dice_lanes = "soft")]
use super::soft_float::rounded;

/// Up to the first block, or pixel, that is refused: the sums, and how many of `n` pixels they are of. `block` takes so many
/// pixels from a place on, whole turns of `turn`, and `one` a single pixel; the first `head` are of the latter kind.
#[inline(always)]
pub(super) fn turned(
    n: usize,
    head: usize,
    turn: usize,
    block: impl Fn(usize, usize) -> Option<Found>,
    one: impl Fn(usize) -> Option<Found>,
) -> (Found, usize) {
    let (mut total, mut at) = (Found::default(), 0);
    while at < n {
        let whole = (n - at).min(HALF_BLOCK) / turn * turn;
        let (found, taken) = if at >= head && whole > 0 { (block(at, whole), whole) } else { (one(at), 1) };
        let Some(Found { p, t, pt, broken, .. }) = found else { break };
        (total.p, total.t, total.pt) = (total.p + p, total.t + t, total.pt + pt);
        total.broken |= broken;
        at += taken;
    }
    (total, at)
}

/// A value of [0, 1] under a byte of a mask.
#[inline(always)]
pub(super) fn masked_pixel<K: Kind, const KIND: u8, const CHECK: bool>(
    bits: u16,
    byte: u8,
    class: u8,
) -> Option<Found> {
    let mut seen = Seen::NOTHING;
    let mask = seen.mask::<KIND, CHECK>(byte, class);
    let found = pixel(K::code(bits.into()), mask & 1);
    (bits <= K::ONE).then_some(Found { broken: CHECK && seen.broken::<KIND>(), ..found })
}

/// The same under its own mask from the bits `least` on.
#[inline(always)]
pub(super) fn own_pixel<K: Kind>(bits: u16, least: u16) -> Option<Found> {
    (bits <= K::ONE).then_some(pixel(K::code(bits.into()), u32::from(bits >= least)))
}

/// Two values of [0, 1].
#[inline(always)]
pub(super) fn soft_pixel<K: Kind>(p: u16, t: u16) -> Option<Found> {
    let bits = [p, t].map(u32::from);
    let codes = bits.map(K::code);
    let inside = p <= K::ONE && t <= K::ONE;
    inside.then(|| Found { pt: K::product(bits, codes), ..pixel(codes[0], codes[1]) })
}

#[inline(always)]
fn pixel(p: u32, t: u32) -> Found {
    let (p, t) = (u64::from(p), u64::from(t));
    Found { p, t, pt: p.wrapping_mul(t), broken: false, outside: false }
}
