//! Floats of 16 bits: which way half floats and bfloat16 go. Apart from the doors of the other pairs, so that those stay as short as
//! they are.

use super::half_bytes::half_bytes;
#[cfg(soft_dice_lanes = "soft")]
use super::halves::Uppers;
use super::halves::{Halves, half_hard, half_soft};
#[cfg(not(soft_dice_lanes = "soft"))]
use super::uppers::upper_hard;
use super::uppers::upper_soft;
use super::{careful_hard, careful_soft};
use crate::element::{Element, Times};
use crate::pixels::{Ask, Decoded, Mask, Pair, Tally};

/// Linear sums of floats of 16 bits against a mask, everywhere.
#[inline(always)]
pub(super) fn sixteen_hard<P: Element>(element: &P, pair: Pair<'_, P::Raw, Mask<'_>>) -> Option<Tally<P::Narrow>> {
    let careful = |at: usize, n: usize| match pair.masked_part(at, n) {
        Some(part) => careful_hard(element, part),
        None => Tally::default(),
    };
    match element.decoded(pair.prediction()) {
        Some(Decoded::Half(bits)) => {
            // SAFETY: a pair holds as many mask pixels as prediction's.
            Some(unsafe { half_hard::<Halves>(bits, pair.target(), careful) }?.widen())
        }
        #[cfg(soft_dice_lanes = "soft")]
        Some(Decoded::Upper { bits, .. }) => {
            // SAFETY: as above.
            Some(unsafe { half_hard::<Uppers>(bits, pair.target(), careful) }?.widen())
        }
        #[cfg(not(soft_dice_lanes = "soft"))]
        Some(Decoded::Upper { .. }) => Some(upper_hard(element, pair, careful)?.widen()),
        _ => None,
    }
}

/// The same against such floats, of one of those against `f32`, and of half floats against 8-bit codes.
#[inline(always)]
pub(super) fn sixteen_soft<P: Times<T>, T: Element>(
    element: &P,
    other: &T,
    pair: Pair<'_, P::Raw, &[T::Raw]>,
    ask: Ask,
) -> Option<Tally<P::Wide>> {
    let careful = |at: usize, n: usize| match pair.part(at, n) {
        Some(part) => careful_soft(element, other, part, ask),
        None => Tally::default(),
    };
    let (p, t) = (pair.prediction(), pair.target());
    if let (Some(Decoded::Half(bits)), Some(bytes)) = (element.decoded(p), other.bytes(t)) {
        return Some(half_bytes(bits, bytes, careful)?.widen());
    }
    match (element.decoded(p), other.decoded(t)) {
        (Some(Decoded::Half(a)), Some(Decoded::Half(b))) => {
            // SAFETY: a pair holds as many pixels on either side.
            Some(unsafe { half_soft::<Halves, _>(a, b, careful) })
        }
        #[cfg(soft_dice_lanes = "soft")]
        (Some(Decoded::Upper { bits: a, .. }), Some(Decoded::Upper { bits: b, .. })) => {
            // SAFETY: as above.
            Some(unsafe { half_soft::<Uppers, _>(a, b, careful) })
        }
        // Products that are rounded are those of floats: here one or both are upper halves of some.
        _ if P::ROUNDED_PRODUCT && P::BITS == 23 => Some(upper_soft(element, other, pair, careful)?.widen()),
        _ => None,
    }
}
