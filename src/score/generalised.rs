use super::Pixels;
use crate::error::Error;
use crate::sums::Measured;

/// What a class weighs in a [`Generalised`] score, by its volume T = Σt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Volume {
    /// 1.
    Uniform,
    /// 1/T.
    Simple,
    /// 1/T² (Sudre 2017).
    #[default]
    Square,
}

/// What a class with T = 0, whose weight would be infinite, weighs instead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Absent {
    /// As much as the class that weighs most; nothing if none has a volume. What MONAI and torchmetrics do: a single
    /// stray pixel in an absent class then weighs as much as one in the rarest.
    #[default]
    Largest,
    /// Nothing: the class is left out.
    Nothing,
    /// The score is [`Error::Undefined`].
    Undefined,
}

/// Generalised Dice (Sudre 2017): 2Σwᵢ / Σw(P + T) over classes, with weights by volume.
///
/// Worked out in f64 by IEEE operations alone, in the order of the classes: the same bits on every target.
///
/// ```
/// use soft_dice::{Generalised, Interleaved, Linear, Multiclass, U8};
/// let mut frame = Multiclass::<[_; 2]>::new(U8, Linear);
/// frame.update(Interleaved(&[255, 0, 255, 0, 51, 204]), &[0, 0, 1])?;
/// let score = Generalised::new().f64(frame.sums())?;
/// assert!((score - 2.0 * (2.0 / 4.0 + 0.8) / (4.2 / 4.0 + 1.8)).abs() < 1e-12);
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Generalised {
    volume: Volume,
    absent: Absent,
    smooth: (f64, f64),
    semimetric: bool,
    loss: bool,
}

impl Generalised {
    /// Weights 1/T², absent classes as the largest, no smoothing.
    #[must_use]
    pub const fn new() -> Self {
        Self { volume: Volume::Square, absent: Absent::Largest, smooth: (0.0, 0.0), semimetric: false, loss: false }
    }

    /// What a class weighs.
    #[must_use]
    pub const fn volume(self, volume: Volume) -> Self {
        Self { volume, ..self }
    }

    /// What a class weighs that has no volume.
    #[must_use]
    pub const fn absent(self, absent: Absent) -> Self {
        Self { absent, ..self }
    }

    /// Added to numerator and denominator, in pixels. What is negative, no number or infinite is refused: every reading is
    /// [`Error::Setting`].
    #[must_use]
    pub const fn smooth(self, numerator: f64, denominator: f64) -> Self {
        Self { smooth: (numerator, denominator), ..self }
    }

    /// From Σmin(p, t) in place of Σpt.
    #[must_use]
    pub const fn semimetric(self) -> Self {
        Self { semimetric: true, ..self }
    }

    /// 1 − score.
    #[must_use]
    pub const fn loss(self) -> Self {
        Self { loss: true, ..self }
    }

    /// The weight of a class with this volume; `None` if it is infinite.
    pub(crate) fn weight(&self, t: f64) -> Option<f64> {
        volume_weight(self.volume, t)
    }

    /// What a class weighs that has no volume, among these.
    pub(crate) fn absent_weight(&self, classes: &[impl Measured]) -> Result<f64, Error> {
        let mut largest: f64 = 0.0;
        for class in classes {
            match self.weight(Pixels::of(class).t) {
                Some(weight) => largest = largest.max(weight),
                None if self.absent == Absent::Undefined => return Err(Error::Undefined),
                None => {}
            }
        }
        Ok(if self.absent == Absent::Largest { largest } else { 0.0 })
    }

    pub(crate) const fn is_semimetric(&self) -> bool {
        self.semimetric
    }

    /// Numerator and denominator, smoothed.
    pub(crate) fn parts(&self, classes: &[impl Measured]) -> Result<(f64, f64), Error> {
        if ![self.smooth.0, self.smooth.1].iter().all(|smooth| (0.0..f64::INFINITY).contains(smooth)) {
            return Err(Error::Setting);
        }
        let absent = self.absent_weight(classes)?;
        let (mut above, mut below) = (0.0, 0.0);
        for class in classes {
            class.record().known()?;
            let sums = Pixels::of(class);
            let overlap = if self.semimetric { sums.min.ok_or(Error::NotSummed)? } else { sums.i };
            let weight = self.weight(sums.t).unwrap_or(absent);
            above += weight * overlap;
            below += weight * (sums.p + sums.t);
        }
        Ok((2.0 * above + self.smooth.0, below + self.smooth.1))
    }

    /// The score of these classes.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] if the smoothing was refused; [`Error::Classes`] of none, [`Error::NotSummed`] if minima are asked for and were not kept, [`Error::Undefined`]
    /// of 0/0 and as [`Absent`] says.
    pub fn f64(&self, classes: &[impl Measured]) -> Result<f64, Error> {
        if classes.is_empty() {
            return Err(Error::Classes);
        }
        let (above, below) = self.parts(classes)?;
        if below == 0.0 {
            return Err(Error::Undefined);
        }
        let score = above / below;
        Ok(if self.loss { 1.0 - score } else { score })
    }
}

/// The weight of a class with the volume t; `None` if it is infinite.
pub(crate) fn volume_weight(volume: Volume, t: f64) -> Option<f64> {
    match volume {
        Volume::Uniform => Some(1.0),
        _ if t == 0.0 => None,
        Volume::Simple => Some(1.0 / t),
        Volume::Square => Some(1.0 / (t * t)),
    }
}
