//! Half floats by loops in assembly that take whole turns: the pixels before and behind those one at a time.

use super::seen::Seen;
use super::{Found, HALF_BLOCK};
use crate::element::half_code;

/// Bits of 1.0.
const ONE: u16 = 0x3C00;

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

/// A half float of [0, 1] under a byte of a mask.
#[inline(always)]
pub(super) fn masked_pixel<const KIND: u8, const CHECK: bool>(bits: u16, byte: u8, class: u8) -> Option<Found> {
    let mut seen = Seen::NOTHING;
    let mask = seen.mask::<KIND, CHECK>(byte, class);
    let found = pixel(half_code(bits), mask & 1);
    (bits <= ONE).then_some(Found { broken: CHECK && seen.broken::<KIND>(), ..found })
}

/// A half float of [0, 1] under its own mask from the bits `least` on.
#[inline(always)]
pub(super) fn own_pixel(bits: u16, least: u16) -> Option<Found> {
    (bits <= ONE).then_some(pixel(half_code(bits), u32::from(bits >= least)))
}

/// Two half floats of [0, 1].
#[inline(always)]
pub(super) fn soft_pixel(p: u16, t: u16) -> Option<Found> {
    (p <= ONE && t <= ONE).then_some(pixel(half_code(p), half_code(t)))
}

#[inline(always)]
fn pixel(p: u32, t: u32) -> Found {
    let (p, t) = (u64::from(p), u64::from(t));
    // Half floats alone, whose promise is not relied on: at most 2⁴⁸.
    Found { p, t, pt: p.wrapping_mul(t), broken: false, outside: false }
}
