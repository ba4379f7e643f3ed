//! bfloat16: floats whose lower halves are 0, made a block at a time on the stack, and taken by the loops for floats.
//!
//! ```text
//! for each block of 128 pixels:
//!     floats = bits · 2¹⁶           as the bits of f32
//!     mask of bits: as bytes
//!     the loops for floats take them, and where one is outside [0, 1], the plain loop takes the pixels as bfloat16
//! ```
//!
//! Where floats are taken in integers, `halves` takes bfloat16 against masks and itself without that, and f32 beside it is taken here.

use super::floats::float_soft;
use super::spread::BLOCK;
#[cfg(not(soft_dice_lanes = "soft"))]
use super::{floats::float_hard, spread::Room};
use crate::element::Element;
#[cfg(not(soft_dice_lanes = "soft"))]
use crate::pixels::{ByteMask, Mask, Meaning};
use crate::pixels::{Pair, Tally};

/// Against a mask; `careful` gives the sums of a part. `None` where the loops for floats do not know the mask.
#[cfg(not(soft_dice_lanes = "soft"))]
#[inline(always)]
pub(super) fn upper_hard<P: Element>(
    element: &P,
    pair: Pair<'_, P::Raw, Mask<'_>>,
    careful: impl Fn(usize, usize) -> Tally<u64>,
) -> Option<Tally<u64>> {
    let (pixels, mut total) = (pair.prediction().len(), Tally::default());
    let (mut room, mut marks) = ([0.0; BLOCK], Room::NEW);
    let mut at = 0;
    while at < pixels {
        let n = (pixels - at).min(BLOCK);
        let part = pair.masked_part(at, n)?;
        let view = element.decoded(part.prediction())?.floats(&mut room)?;
        let mask = match part.target() {
            Mask::Bits(bits) => {
                Mask::Bytes(ByteMask { bytes: marks.marks(bits, n), meaning: Meaning::declared(1, false) })
            }
            mask => mask,
        };
        // SAFETY: the part and its mask have as many pixels; of bits there are as many as a pair has pixels.
        total.join(&unsafe { float_hard(view, mask, |from, n| careful(at + from, n)) }?);
        at += n;
    }
    Some(total)
}

/// Against floats or bfloat16.
#[inline(always)]
pub(super) fn upper_soft<P: Element, T: Element>(
    element: &P,
    other: &T,
    pair: Pair<'_, P::Raw, &[T::Raw]>,
    careful: impl Fn(usize, usize) -> Tally<u64>,
) -> Option<Tally<u64>> {
    let (pixels, mut total) = (pair.prediction().len(), Tally::default());
    let (mut room, mut other_room) = ([0.0; BLOCK], [0.0; BLOCK]);
    let mut at = 0;
    while at < pixels {
        let n = (pixels - at).min(BLOCK);
        let part = pair.part(at, n)?;
        let p = element.decoded(part.prediction())?.floats(&mut room)?;
        let t = other.decoded(part.target())?.floats(&mut other_room)?;
        // SAFETY: both sides of the part have as many pixels.
        total.join(&unsafe { float_soft(p, t, |from, n| careful(at + from, n)) });
        at += n;
    }
    Some(total)
}
