use super::Score;
use crate::activation::{ln, pow};
use crate::error::Error;
use crate::sums::Measured;

/// (1 − S)^γ: the focal Tversky loss (Abraham 2019), or the like of any score. γ above 1 dwells on what is hard, below 1
/// on what is nearly right; the paper writes 1/γ for it, with γ = 4/3.
///
/// The power is the crate's own [`pow`]: the same bits on every target.
///
/// ```
/// use soft_dice::{Focal, NonZero, Score, Stream, U8};
/// const FOCAL: Focal = Focal::new(Score::tversky(0.3, 0.7), 0.75);
/// let mut stream = Stream::new(U8, NonZero);
/// stream.update(&[255, 0, 255], &[1, 1, 0])?;
/// assert!((FOCAL.f32(stream.sums())? - 0.5f32.powf(0.75)).abs() < 1e-6);
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Focal {
    score: Score,
    gamma: f32,
}

impl Focal {
    /// Of a score (of its complement, if it is a loss already) and an exponent above 0.
    #[must_use]
    pub const fn new(score: Score, gamma: f32) -> Self {
        Self { score: score.gain(), gamma }
    }

    /// The loss.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] unless 0 < γ < ∞; else as [`Score::ratio`].
    pub fn f32(&self, sums: &impl Measured) -> Result<f32, Error> {
        let missing = self.score.loss().f32(sums)?;
        self.exponent()?;
        // Smoothing can lift a score above 1 by dust.
        Ok(pow(missing.max(0.0), self.gamma))
    }

    /// The score, and what its loss is multiplied by in the gradient: γ(1 − S)^(γ − 1).
    pub(crate) fn factor(&self, sums: &impl Measured) -> Result<(Score, f32), Error> {
        let missing = self.score.loss().f32(sums)?;
        let gamma = self.exponent()?;
        // A straight line has one slope. Where nothing is missing that of a power below 1 is infinite; there is nothing left to learn.
        let factor = if gamma == 1.0 {
            1.0
        } else if missing > 0.0 {
            gamma * pow(missing, gamma - 1.0)
        } else {
            0.0
        };
        Ok((self.score, factor))
    }

    fn exponent(&self) -> Result<f32, Error> {
        if self.gamma > 0.0 && self.gamma < f32::INFINITY { Ok(self.gamma) } else { Err(Error::Setting) }
    }
}

/// −ln(max(S, floor)): log-Dice, or the like of any score.
///
/// ```
/// use soft_dice::{LogScore, NonZero, Score, Stream, U8};
/// let mut stream = Stream::new(U8, NonZero);
/// stream.update(&[255, 0], &[1, 1])?;
/// assert!((LogScore::new(Score::dice(), 1e-7).f32(stream.sums())? - 1.5f32.ln()).abs() < 1e-6);
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct LogScore {
    score: Score,
    floor: f32,
}

impl LogScore {
    /// Of a score (of its complement, if it is a loss already), which is read as no less than `floor`.
    #[must_use]
    pub const fn new(score: Score, floor: f32) -> Self {
        Self { score: score.gain(), floor }
    }

    /// The loss.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] unless 0 < floor ≤ 1; else as [`Score::ratio`].
    pub fn f32(&self, sums: &impl Measured) -> Result<f32, Error> {
        let score = self.score.f32(sums)?;
        let floor = self.least()?;
        Ok(-ln(score.max(floor)))
    }

    /// The score, and what its loss is multiplied by in the gradient: 1/S, and nothing below the floor.
    pub(crate) fn factor(&self, sums: &impl Measured) -> Result<(Score, f32), Error> {
        let score = self.score.f32(sums)?;
        Ok((self.score, if score >= self.least()? { 1.0 / score } else { 0.0 }))
    }

    fn least(&self) -> Result<f32, Error> {
        if self.floor > 0.0 && self.floor <= 1.0 { Ok(self.floor) } else { Err(Error::Setting) }
    }
}
