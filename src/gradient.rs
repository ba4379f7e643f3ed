//! Gradients: after the forward sweep a few coefficients, then one streaming sweep that writes.
//!
//! Every loss here is 1 − N/D with N and D linear in the sums, so that ∂loss/∂p of a pixel is affine: a constant, a part of
//! p (squares), a part of t, and a part where p < t (minima). Focal and logarithmic losses are one factor more.
//!
//! The sweep decodes a block of pixels (`values`) and writes what the formulas say (`slope`), both in lanes, with the same
//! bits on every backend. Pixels of 16 bits, bit masks and the own mask are decoded one by one.
//!
//! ```
//! use soft_dice::{F32, Gradient, NonZero, Score, Stream};
//! let (p, t) = ([0.9f32, 0.2, 0.6], [1u8, 0, 1]);
//! let mut stream = Stream::new(F32::new(), NonZero);
//! stream.update(&p, &t)?;                                        // forward, in any chunks
//! let gradient = Gradient::of(&Score::dice(), stream.sums())?;
//! let mut out = [0.0; 3];
//! gradient.write(stream.sums(), &p, &t, &mut out)?;              // backward, in any chunks
//! let score = 3.0 / 3.7;
//! assert!((out[0] - (score - 2.0) / 3.7).abs() < 1e-6);          // (S − 2t)/(P + T)
//! # Ok::<(), soft_dice::Error>(())
//! ```

mod many;
mod slope;
mod values;

pub use many::{Backward, Layout, generalised, macro_mean};

use crate::element::{Element, Reading};
use crate::error::Error;
use crate::kernel::{Formula, One, apply};
use crate::pixels::Pair;
use crate::score::{Focal, Kind, LogScore, Score, Slope};
use crate::sums::{Measured, Moments, Sums};
use crate::target::Target;

/// Pixels that are decoded at a time, before the arithmetic on them runs in lanes.
pub(crate) const BLOCK: usize = 128;

/// The gradient of a loss: what ∂loss/∂p is for any p and t.
///
/// At p = t the slope of min(p, t) jumps from 1 to 0; ½ is taken, as by frameworks that write the minimum with |p − t|.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Gradient {
    constant: f32,
    per_p: f32,
    per_t: f32,
    below: f32,
}

impl Gradient {
    /// Of 1 − score. It does not matter whether the score is stated as a loss. Where the policy for empty maps sets the
    /// score, whatever the pixels, the gradient is 0.
    ///
    /// # Errors
    ///
    /// As [`Score::ratio`]: what is undefined or skipped has no gradient.
    pub fn of(score: &Score, sums: &impl Measured) -> Result<Self, Error> {
        Ok(Self::from(score.slope(sums)?))
    }

    /// Of a focal loss. Where nothing is missing it is 0 (but for γ = 1).
    ///
    /// # Errors
    ///
    /// As [`Focal::f32`].
    pub fn focal(loss: &Focal, sums: &impl Measured) -> Result<Self, Error> {
        let (score, factor) = loss.factor(sums)?;
        Ok(Self::of(&score, sums)?.scaled(factor))
    }

    /// Of a logarithmic loss. Below its floor it is 0.
    ///
    /// # Errors
    ///
    /// As [`LogScore::f32`].
    pub fn log(loss: &LogScore, sums: &impl Measured) -> Result<Self, Error> {
        let (score, factor) = loss.factor(sums)?;
        Ok(Self::of(&score, sums)?.scaled(factor))
    }

    /// Times a factor: a weight, 1 over the number of classes or items.
    #[must_use]
    pub const fn scaled(self, factor: f32) -> Self {
        Self {
            constant: self.constant * factor,
            per_p: self.per_p * factor,
            per_t: self.per_t * factor,
            below: self.below * factor,
        }
    }

    pub(crate) fn linear(constant: f64, per_t: f64) -> Self {
        Self { constant: constant as f32, per_t: per_t as f32, ..Self::default() }
    }

    pub(crate) fn minima(constant: f64, below: f64) -> Self {
        Self { constant: constant as f32, below: below as f32, ..Self::default() }
    }

    /// ∂loss/∂p of a pixel.
    #[inline]
    #[must_use]
    pub fn at(&self, p: f32, t: f32) -> f32 {
        slope::slope(One, *self, p, t)
    }

    /// Writes ∂loss/∂p of each pixel of a chunk. `sums` say what the buffers denote, and their pixels may be any.
    ///
    /// Pixels that are left out of the sums get 0, and so do those that are clamped: the loss does not move with them.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] if the buffers differ in pixels; nothing is written.
    pub fn write<P: Element, T: Target<P>, M: Moments>(
        &self,
        sums: &Sums<P, T, M>,
        p: &[P::Raw],
        t: T::Buffer<'_>,
        out: &mut [f32],
    ) -> Result<(), Error> {
        sweep(slope::Direct(*self), sums, p, t, out)
    }

    /// Writes ∂loss/∂logit of each pixel of a chunk, for probabilities that are the sigmoid of a logit: ∂loss/∂p · p(1 − p).
    ///
    /// `p` is what the sums were taken of: probabilities, or logits under [`crate::activation::Sigmoid`].
    ///
    /// # Errors
    ///
    /// As [`Self::write`].
    pub fn write_logit<P: Element, T: Target<P>, M: Moments>(
        &self,
        sums: &Sums<P, T, M>,
        p: &[P::Raw],
        t: T::Buffer<'_>,
        out: &mut [f32],
    ) -> Result<(), Error> {
        sweep(slope::ThroughSigmoid(*self), sums, p, t, out)
    }
}

fn sweep<P: Element, T: Target<P>, M: Moments>(
    formula: impl Formula<2>,
    sums: &Sums<P, T, M>,
    p: &[P::Raw],
    t: T::Buffer<'_>,
    out: &mut [f32],
) -> Result<(), Error> {
    let pair = Pair::new(p, t)?;
    if p.len() != out.len() {
        return Err(Error::Length);
    }
    let unit = sums.unit_p().value(1) as f32;
    let (mut values, mut targets) = ([0.0; BLOCK], [0.0; BLOCK]);
    for (part, out) in pair.pieces(BLOCK).zip(out.chunks_mut(BLOCK)) {
        let (raw, t) = (part.prediction(), part.target());
        #[cfg(soft_dice_lanes = "runs")]
        if let (Some(found), Some(beside)) = (sums.prediction.values(raw), sums.target.values(t)) {
            values::write(formula, found, beside, out);
            continue;
        }
        if let Some(found) = sums.prediction.values(raw) {
            values::decode(found, false, &mut values);
        } else {
            for (value, &raw) in values.iter_mut().zip(raw) {
                *value = match sums.prediction.read(raw) {
                    Reading::Valid(found) => P::worth(found, unit),
                    Reading::Clamped(_) | Reading::Invalid => f32::NAN,
                };
            }
        }
        if let Some(found) = sums.target.values(t) {
            values::decode(found, true, &mut targets);
        } else {
            for (at, (target, &raw)) in targets.iter_mut().zip(raw).enumerate() {
                let found = match sums.prediction.read(raw) {
                    Reading::Valid(found) => sums.target.value(t, at, P::key(found)),
                    Reading::Clamped(_) | Reading::Invalid => None,
                };
                *target = found.unwrap_or(f32::NAN);
            }
        }
        apply(formula, [&values, &targets], out);
    }
    Ok(())
}

impl From<Slope> for Gradient {
    fn from(slope: Slope) -> Self {
        let Slope { overlap, size, kind } = slope;
        match kind {
            Kind::Linear => Self::linear(size, overlap),
            Kind::Squared => Self { per_p: (2.0 * size) as f32, per_t: overlap as f32, ..Self::default() },
            Kind::Semimetric => Self::minima(size, overlap),
        }
    }
}
