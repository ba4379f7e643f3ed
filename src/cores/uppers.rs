//! bfloat16: floats whose lower halves are 0, made a block at a time on the stack, and taken by the loops for floats.
//!
//! ```text
//! for each block of 128 pixels:
//!     floats = bits · 2¹⁶           as the bits of f32
//!     mask of bits: as bytes; what a region or an ignore label leaves out: 0 on both sides
//!     the loops for floats take them, and where one is outside [0, 1], the plain loop takes the pixels as bfloat16
//! ```

use super::anew::{anew, leaves_out};
use super::floats::{float_hard, float_soft};
use super::spread::{BLOCK, Room};
use crate::element::Element;
use crate::pixels::{ByteMask, Decoded, FloatView, Mask, Meaning, Pair, Tally};
use core::cell::Cell;

/// Floats as they are, or upper halves of some, widened: at most a block of those.
#[inline(always)]
fn floats<'a, E: Element>(element: &E, values: &'a [E::Raw], room: &'a mut [f32; BLOCK]) -> Option<FloatView<'a>> {
    match element.decoded(values)? {
        Decoded::Floats(view) => Some(view),
        Decoded::Upper { bits, clamp, checked } => {
            let room = room.get_mut(..bits.len())?;
            widen(room, bits);
            Some(FloatView { floats: room, clamp, checked })
        }
        _ => None,
    }
}

#[inline(always)]
fn widen(floats: &mut [f32], bits: &[u16]) {
    floats.iter_mut().zip(bits).for_each(|(to, &bits)| *to = f32::from_bits(u32::from(bits) << 16));
}

/// Against a mask; `careful` gives the sums of a part. `None` where the loops for floats do not know the mask.
#[inline(always)]
pub(super) fn upper_hard<P: Element>(
    element: &P,
    pair: Pair<'_, P::Raw, Mask<'_>>,
    careful: impl Fn(usize, usize) -> Tally<u64>,
) -> Option<Tally<u64>> {
    let (pixels, mut total) = (pair.prediction().len(), Tally::default());
    let (mut room, mut marks, mut bytes) = ([0.0; BLOCK], Room::NEW, [0; BLOCK]);
    let mut at = 0;
    while at < pixels {
        let n = (pixels - at).min(BLOCK);
        let part = pair.masked_part(at, n)?;
        let Decoded::Upper { bits, clamp, checked } = element.decoded(part.prediction())? else { return None };
        let floats = room.get_mut(..n)?;
        widen(floats, bits);
        let (mask, region) = (part.target(), part.region().exactly(n));
        let declared = Meaning::declared(1, false);
        let mut kept = None;
        let known = if leaves_out(&mask, &region) {
            let marks = bytes.get_mut(..n)?;
            kept = Some(anew(mask, region, marks, |at, kept| {
                if let (Some(float), false) = (floats.get_mut(at), kept) {
                    *float = 0.0;
                }
            }));
            if mask.is_own() { mask } else { Mask::Bytes(ByteMask { bytes: marks, meaning: declared }) }
        } else if let Mask::Bits(bits) = mask {
            Mask::Bytes(ByteMask { bytes: marks.marks(bits, n), meaning: declared })
        } else {
            mask
        };
        let seen = Cell::new(false);
        let careful_part = |from: usize, n: usize| {
            seen.set(true);
            careful(at + from, n)
        };
        // SAFETY: the part and its mask have as many pixels; of bits there are as many as a pair has pixels.
        let found = unsafe { float_hard(FloatView { floats, clamp, checked }, known, careful_part) }?;
        total.join(&match kept {
            None => found,
            // Of the whole block, which was not looked at pixel by pixel.
            Some(_) if seen.get() => careful(at, n),
            Some(kept) => kept.counted(found, n),
        });
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
        let p = floats(element, part.prediction(), &mut room)?;
        let t = floats(other, part.target(), &mut other_room)?;
        // SAFETY: both sides of the part have as many pixels.
        total.join(&unsafe { float_soft(p, t, |from, n| careful(at + from, n)) });
        at += n;
    }
    Some(total)
}
