use crate::error::Error;
use crate::presets::{Batch, Loss, divide, foreground};
use crate::score::Pixels;
use crate::sums::Measured;

/// `monai.losses.TverskyLoss`: 1 − (tp + nr) / (tp + α·fp + β·fn + dr) of each item and class.
///
/// Quirk: nothing is doubled, so that the smoothing counts twice what it does in [`super::DiceLoss`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct TverskyLoss {
    alpha: f64,
    beta: f64,
    soft_label: bool,
    smooth: (f64, f64),
    background: bool,
    batch: bool,
}

impl TverskyLoss {
    /// α weighs false positives, β false negatives; MONAI's defaults are ½ and ½.
    #[must_use]
    pub const fn new(alpha: f64, beta: f64) -> Self {
        Self { alpha, beta, soft_label: false, smooth: (1e-5, 1e-5), background: true, batch: false }
    }

    /// `include_background`: without it the first class is left out, unless it is the only one.
    #[must_use]
    pub const fn include_background(self, background: bool) -> Self {
        Self { background, ..self }
    }

    /// `batch=True`: the sums of all items are added before anything is divided.
    #[must_use]
    pub const fn batch(self, batch: bool) -> Self {
        Self { batch, ..self }
    }

    /// `soft_label=True`: tp is Σmin(p, t).
    #[must_use]
    pub const fn soft_label(self) -> Self {
        Self { soft_label: true, ..self }
    }

    /// `smooth_nr` and `smooth_dr`.
    #[must_use]
    pub const fn smooth(self, nr: f64, dr: f64) -> Self {
        Self { smooth: (nr, dr), ..self }
    }

    /// The loss of one item and class.
    ///
    /// # Errors
    ///
    /// As [`super::DiceLoss::loss`].
    pub fn loss(&self, sums: &impl Measured) -> Result<f64, Error> {
        self.of(&Pixels::of(sums))
    }

    fn of(&self, sums: &Pixels) -> Result<f64, Error> {
        let tp = if self.soft_label { sums.min.ok_or(Error::NotSummed)? } else { sums.i };
        let below = tp + self.alpha * (sums.p - tp) + self.beta * (sums.t - tp);
        Ok(1.0 - divide(tp + self.smooth.0, below + self.smooth.1)?)
    }
}

impl Loss for TverskyLoss {
    fn shape(&self, items: usize, classes: usize) -> (usize, usize) {
        (if self.batch { 1 } else { items }, foreground(classes, self.background).1)
    }

    fn value<S: Measured>(&self, batch: &Batch<'_, S>, row: usize, column: usize) -> Result<f64, Error> {
        let class = foreground(batch.classes(), self.background).0 + column;
        let item = if self.batch { None } else { Some(row) };
        self.of(&batch.over(item, class, |sums| Ok(Pixels::of(sums)))?)
    }
}
