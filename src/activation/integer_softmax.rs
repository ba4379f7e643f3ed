use super::fixed::{Height, Share, value};
use crate::columns::{ChannelRun, Columns, GATHER, Winners};
use crate::error::Error;
use crate::num::sealed::Sealed;

/// `f32` logits of many classes, read as probabilities by integer arithmetic: for cores without float instructions, where
/// [`super::Softmax`] takes thousands of instructions a value.
///
/// A [`Columns`] of `f32` (each a multiple of 2⁻²³), for sums of [`crate::F32`]. Each probability is within 5 codes of 2⁻²³,
/// 6 · 10⁻⁷, of the exact one for up to 256 classes (measured). The sum over the classes is of integers, so that any layout
/// and order gives the same bits, on every target. A pixel with a NaN or +∞ logit is NaN for every class, and so left out
/// of all; a logit of −∞ is a probability of 0, and a pixel of nothing else is NaN. The table takes 184 bytes.
///
/// ```
/// use soft_dice::{F32, Interleaved, Linear, Multiclass, activation::IntegerSoftmax};
/// let mut frame = Multiclass::<[_; 2]>::new(F32::new(), Linear);
/// frame.update(IntegerSoftmax(Interleaved(&[1.0, 1.0, f32::NAN, 0.0])), &[0, 1])?;
/// assert_eq!((frame.sums()[0].p(), frame.sums()[1].p()), (1 << 22, 1 << 22));
/// assert_eq!((frame.sums()[0].invalid(), frame.sums()[1].invalid()), (1, 1));
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct IntegerSoftmax<C>(pub C);

/// Of each pixel of a run: its greatest logit, and what divides by the sum over all classes.
#[doc(hidden)]
#[derive(Debug)]
pub struct Heights {
    /// Bits of the greatest so far that order as the logits do; of a NaN the greatest of all.
    most: [i32; GATHER],
    share: [Share; GATHER],
}

/// Rises with the logit: NaN and +∞ are the greatest.
const fn order(x: f32) -> i32 {
    let bits = x.to_bits();
    if bits & 0x7FFF_FFFF > 0x7F80_0000 {
        return i32::MAX;
    }
    (if bits >> 31 == 0 { bits } else { bits ^ 0x7FFF_FFFF }) as i32
}

/// The height of a pixel whose greatest logit has this order; none where that is NaN or infinite.
const fn height(most: i32) -> Option<Height> {
    const INFINITE: i32 = 0x7F80_0000;
    if most >= INFINITE || most <= order(f32::NEG_INFINITY) {
        return None;
    }
    Some(Height::new(if most >= 0 { most as u32 } else { most as u32 ^ 0x7FFF_FFFF }))
}

/// Places that powers of 2⁻³⁰ are shifted down, so that a sum of as many fits 31 bits and one.
const fn places(channels: usize) -> u32 {
    (usize::BITS - channels.saturating_sub(1).leading_zeros()).saturating_sub(1)
}

/// A power of 2⁻³⁰ in the unit of the sum, rounded.
const fn term(power: u32, places: u32) -> u32 {
    (power + ((1 << places) >> 1)) >> places
}

impl<C> Sealed for IntegerSoftmax<C> {}

impl<C: Columns<f32>> Columns<f32> for IntegerSoftmax<C> {
    type Run = (C::Run, Heights);
    const RUN: usize = GATHER;

    fn pixels(&self, channels: usize) -> Result<usize, Error> {
        self.0.pixels(channels)
    }

    fn run(&self, channels: usize, at: usize, pixels: usize) -> Self::Run {
        let inner = self.0.run(channels, at, pixels);
        let mut heights = Heights { most: [i32::MIN; GATHER], share: [Share::default(); GATHER] };
        let (mut sums, mut room) = ([0u32; GATHER], [0.0; GATHER]);
        for channel in 0..channels {
            let logits = self.0.column(&inner, ChannelRun { channels, channel, at, pixels }, &mut room);
            heights.most.iter_mut().zip(logits).for_each(|(most, &x)| *most = order(x).max(*most));
        }
        let places = places(channels);
        for channel in 0..channels {
            let logits = self.0.column(&inner, ChannelRun { channels, channel, at, pixels }, &mut room);
            for ((sum, &most), &x) in sums.iter_mut().zip(&heights.most).zip(logits) {
                if let Some(height) = height(most) {
                    // At most 2³⁰ ≫ places each, and at most 2^(places + 1) of them: 2³¹.
                    *sum += term(height.power(x.to_bits()), places);
                }
            }
        }
        heights.share.iter_mut().zip(&sums).take(pixels).for_each(|(share, &sum)| *share = Share::of(sum));
        (inner, heights)
    }

    fn column<'a>(&'a self, (inner, heights): &Self::Run, place: ChannelRun, room: &'a mut [f32; GATHER]) -> &'a [f32] {
        let (mut gathered, places) = ([0.0; GATHER], places(place.channels));
        let logits = self.0.column(inner, place, &mut gathered);
        for (((p, &x), &most), share) in room.iter_mut().zip(logits).zip(&heights.most).zip(&heights.share) {
            *p = match height(most) {
                Some(height) => value(share.code(term(height.power(x.to_bits()), places))),
                None => f32::NAN,
            };
        }
        room.get(..logits.len()).unwrap_or_default()
    }

    /// Of the logits; an infinite winner leaves no probabilities.
    fn winners(&self, channels: usize, at: usize, pixels: usize) -> Winners<f32> {
        let mut winners = self.0.winners(channels, at, pixels);
        for (none, most) in winners.none.iter_mut().zip(winners.most) {
            *none |= most.abs() == f32::INFINITY;
        }
        winners
    }
}
