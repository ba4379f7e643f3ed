//! Sigmoid and softmax by micromath's exp: less exact than all else here, and on some cores the cheapest.

use super::sigmoid::through;
use crate::columns::{ChannelRun, Columns, GATHER, Winners};
use crate::element::{Element, Reading, Times};
use crate::error::Error;
use crate::num::{Unit, sealed::Sealed};
use crate::pixels::Values;

/// Where e⁻ˣ is below every probability that is kept: micromath's exponent is not to be asked for numbers that are not normal.
const END: f32 = 87.0;

/// e⁻ᵈ of d ≥ 0 by micromath; NaN for NaN.
fn power(d: f32) -> f32 {
    if d < END {
        micromath::F32(-d).exp().0
    } else if d >= END {
        0.0
    } else {
        f32::NAN
    }
}

/// 1/(1 + e⁻ˣ) by micromath's exp: off by at most 5.4 · 10⁻⁴ (measured over all `f32`), a seventh of an int8 code; the same
/// bits on every target. NaN for NaN.
#[must_use]
pub fn approximate_sigmoid(x: f32) -> f32 {
    let e = power(x.abs());
    if x < 0.0 { e / (1.0 + e) } else { 1.0 / (1.0 + e) }
}

/// `f32` logits, read through [`approximate_sigmoid`] as probabilities of element `E`: [`crate::F32`] or [`crate::F32Fine`].
///
/// Every sum of p moves by at most 5.4 · 10⁻⁴ a pixel against [`super::Sigmoid`], and so a linear Dice score by at most
/// 3 · 5.4 · 10⁻⁴ · n / (Σp + Σt) over n pixels. With the feature `micromath` alone.
///
/// ```
/// use soft_dice::{F32, NonZero, Stream, activation::ApproximateSigmoid};
/// let mut stream = Stream::new(ApproximateSigmoid(F32::new()), NonZero);
/// stream.update(&[0.0, f32::INFINITY, f32::NAN], &[0, 1, 1])?;
/// assert_eq!((stream.sums().p(), stream.sums().invalid()), (3 << 22, 1));   // ½ + 1
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ApproximateSigmoid<E>(pub E);

through!(ApproximateSigmoid, approximate_sigmoid, |_| None);

/// `f32` logits of many classes, read as probabilities by micromath's exp.
///
/// As [`super::Softmax`], but each probability within 5.4 · 10⁻⁴ of the exact one (21 classes, measured). With the feature
/// `micromath` alone.
///
/// ```
/// use soft_dice::{F32, Interleaved, Linear, Multiclass, activation::ApproximateSoftmax};
/// let mut frame = Multiclass::<[_; 2]>::new(F32::new(), Linear);
/// frame.update(ApproximateSoftmax(Interleaved(&[1.0, 1.0, f32::NAN, 0.0])), &[0, 1])?;
/// assert_eq!((frame.sums()[0].p(), frame.sums()[1].p()), (1 << 22, 1 << 22));
/// assert_eq!((frame.sums()[0].invalid(), frame.sums()[1].invalid()), (1, 1));
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ApproximateSoftmax<C>(pub C);

/// Of each pixel of a run: the greatest logit, and the sum over all classes; NaN where there are no probabilities.
#[doc(hidden)]
#[derive(Debug)]
pub struct Approximated {
    most: [f32; GATHER],
    sum: [f32; GATHER],
}

impl<C> Sealed for ApproximateSoftmax<C> {}

impl<C: Columns<f32>> Columns<f32> for ApproximateSoftmax<C> {
    type Run = (C::Run, Approximated);
    const RUN: usize = GATHER;

    fn pixels(&self, channels: usize) -> Result<usize, Error> {
        self.0.pixels(channels)
    }

    fn run(&self, channels: usize, at: usize, pixels: usize) -> Self::Run {
        let inner = self.0.run(channels, at, pixels);
        let mut totals = Approximated { most: [f32::NEG_INFINITY; GATHER], sum: [0.0; GATHER] };
        let mut room = [0.0; GATHER];
        for channel in 0..channels {
            let logits = self.0.column(&inner, ChannelRun { channels, channel, at, pixels }, &mut room);
            totals.most.iter_mut().zip(logits).for_each(|(most, &x)| *most = if x > *most { x } else { *most });
        }
        for channel in 0..channels {
            let logits = self.0.column(&inner, ChannelRun { channels, channel, at, pixels }, &mut room);
            for ((sum, most), &x) in totals.sum.iter_mut().zip(&totals.most).zip(logits) {
                // A NaN logit, and +∞ less +∞, are NaN, and so is every sum with them.
                *sum += power(most - x);
            }
        }
        (inner, totals)
    }

    fn column<'a>(&'a self, (inner, totals): &Self::Run, place: ChannelRun, room: &'a mut [f32; GATHER]) -> &'a [f32] {
        let mut gathered = [0.0; GATHER];
        let logits = self.0.column(inner, place, &mut gathered);
        for (((p, &x), most), sum) in room.iter_mut().zip(logits).zip(&totals.most).zip(&totals.sum) {
            *p = power(most - x) / sum;
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::println;

    fn worst(step: usize) -> f64 {
        let of = |bits: u32| {
            let x = f32::from_bits(bits);
            (f64::from(approximate_sigmoid(x)) - 1.0 / (1.0 + (-f64::from(x)).exp())).abs()
        };
        let worst = (0..=0x7F80_0000u32).step_by(step).flat_map(|m| [m, m | 1 << 31]).map(of).fold(0.0, f64::max);
        println!("sigmoid by micromath: off by {worst:e}");
        worst
    }

    #[test]
    fn sigmoid_is_as_exact_as_stated() {
        assert!(worst(331) < 5.4e-4);
        assert!(approximate_sigmoid(f32::NAN).is_nan());
        // Near the end of the exponents, where micromath's own result is no number below 1.
        for x in (8600..9000).map(|k| k as f32 * 0.01) {
            assert!(approximate_sigmoid(-x) < 1e-37 && approximate_sigmoid(x) == 1.0, "{x}");
        }
    }

    #[test]
    #[ignore = "a minute: every f32"]
    fn sigmoid_is_as_exact_as_stated_over_all_inputs() {
        assert!(worst(1) < 5.4e-4);
    }
}
