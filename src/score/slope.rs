//! How a score moves with one pixel's p.

use super::{Empty, Form, Kind, Pixels, Score};
use crate::error::Error;
use crate::sums::Measured;

/// ∂(1 − S)/∂p of a pixel is `overlap` · o + `size` · s, where o is t (or, for minima, whether p < t) and s is 1 (or, for
/// squares, 2p).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Slope {
    pub overlap: f64,
    pub size: f64,
    pub kind: Kind,
}

impl Score {
    /// The score itself, if this is its loss.
    pub(crate) const fn gain(self) -> Self {
        Self { loss: false, ..self }
    }

    pub(crate) fn slope(&self, sums: &impl Measured) -> Result<Slope, Error> {
        // What cannot be a score has no slope either.
        let score = self.gain().ratio(sums)?.f64();
        let flat = Slope { overlap: 0.0, size: 0.0, kind: self.kind };
        let Pixels { i, p, t, squares, min } = Pixels::of(sums);
        let policy = match (p == 0.0, t == 0.0) {
            (true, true) => self.both_empty,
            (false, true) => self.target_empty,
            (true, false) => self.prediction_empty,
            (false, false) => Empty::Formula,
        };
        if policy != Empty::Formula {
            return Ok(flat);
        }
        let (i, p, t) = match self.kind {
            Kind::Linear => (i, p, t),
            Kind::Semimetric => (min.ok_or(Error::NotSummed)?, p, t),
            Kind::Squared => squares.map(|(pp, tt)| (i, pp, tt)).ok_or(Error::NotSummed)?,
        };
        // The denominator, and how numerator and denominator grow with overlap and size.
        let (below, above_by_overlap, by_overlap, by_size) = match self.form {
            Form::Dice => (p + t, 2.0, 0.0, 1.0),
            Form::Jaccard => (p + t - i, 1.0, -1.0, 1.0),
            Form::Tversky { alpha, beta } => {
                const ONE: f64 = (1u64 << 30) as f64;
                let (alpha, beta) = (f64::from(alpha) / ONE, f64::from(beta) / ONE);
                (i + alpha * (p - i) + beta * (t - i), 1.0, 1.0 - alpha - beta, alpha)
            }
            Form::Precision => (p, 1.0, 0.0, 1.0),
            Form::Recall => (t, 1.0, 0.0, 0.0),
            Form::Refused => return Err(Error::Setting),
        };
        const PIXEL: f64 = (1u64 << 48) as f64;
        let below = below + self.smooth.1 as f64 / PIXEL;
        if below == 0.0 {
            return Err(Error::Undefined);
        }
        Ok(Slope { overlap: (score * by_overlap - above_by_overlap) / below, size: score * by_size / below, ..flat })
    }
}
