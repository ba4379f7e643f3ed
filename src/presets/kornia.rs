//! kornia 0.9.0: losses of softmax probabilities ([`crate::activation::Softmax`]) against labels. `ignore_index` is the ignore
//! label of the sums ([`crate::Multiclass::ignoring`]); its default of −100 is none that a byte can bear.

use super::{Batch, divide, weight_of};
use crate::error::Error;
use crate::score::Pixels;
use crate::sums::Measured;

/// `average` of `DiceLoss`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum LossAverage {
    /// `"micro"`: 1 − 2ΣwI / (Σw(P + T) + eps) over the classes of an item.
    ///
    /// Quirk: softmax makes ΣP the number of pixels, so that micro is the mean probability of the labelled class: the
    /// background outweighs everything small.
    #[default]
    Micro,
    /// `"macro"`: the mean of 1 − 2I/(P + T + eps), by weight, over the classes that are present in an item; 1 if none is.
    Macro,
}

/// `kornia.losses.DiceLoss` (`dice_loss`): the mean over the items of a batch.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct DiceLoss<'w> {
    average: LossAverage,
    eps: f64,
    weight: Option<&'w [f64]>,
}

impl<'w> DiceLoss<'w> {
    /// kornia's defaults: micro, eps 10⁻⁸, no weights.
    #[must_use]
    pub const fn new() -> Self {
        Self { average: LossAverage::Micro, eps: 1e-8, weight: None }
    }

    /// `average`.
    #[must_use]
    pub const fn average(self, average: LossAverage) -> Self {
        Self { average, ..self }
    }

    /// `eps`.
    #[must_use]
    pub const fn eps(self, eps: f64) -> Self {
        Self { eps, ..self }
    }

    /// `weight`, one for each class.
    #[must_use]
    pub const fn weight(self, weight: &'w [f64]) -> Self {
        Self { weight: Some(weight), ..self }
    }

    /// The loss of a batch.
    ///
    /// # Errors
    ///
    /// [`Error::Classes`] for another number of weights than of classes, [`Error::Setting`] for a weight that is negative or no
    /// number.
    pub fn of<S: Measured>(&self, batch: &Batch<'_, S>) -> Result<f64, Error> {
        over_items(batch, |classes| {
            let (mut above, mut below, mut of) = (0.0, 0.0, 0.0);
            for (class, sums) in classes.iter().enumerate() {
                let (sums, weight) = (Pixels::of(sums), weight_of(self.weight, class, classes.len())?);
                match self.average {
                    LossAverage::Micro => {
                        above += weight * sums.i;
                        below += weight * (sums.p + sums.t);
                    }
                    LossAverage::Macro if sums.t > 0.0 => {
                        above += weight * (1.0 - divide(2.0 * sums.i, sums.p + sums.t + self.eps)?);
                        of += weight;
                    }
                    LossAverage::Macro => {}
                }
            }
            Ok(match self.average {
                LossAverage::Micro => 1.0 - if below == 0.0 { 0.0 } else { 2.0 * above / (below + self.eps) },
                LossAverage::Macro => divide(above, of).unwrap_or(1.0),
            })
        })
    }
}

impl Default for DiceLoss<'_> {
    fn default() -> Self {
        Self::new()
    }
}

/// `kornia.losses.TverskyLoss` (`tversky_loss`): 1 − the mean over items of the mean of I/(I + α·fp + β·fn + eps) over the classes
/// that are present in the item; an item without any scores 0.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct TverskyLoss {
    alpha: f64,
    beta: f64,
    eps: f64,
}

impl TverskyLoss {
    /// α weighs false positives, β false negatives; eps is 10⁻⁸.
    #[must_use]
    pub const fn new(alpha: f64, beta: f64) -> Self {
        Self { alpha, beta, eps: 1e-8 }
    }

    /// `eps`.
    #[must_use]
    pub const fn eps(self, eps: f64) -> Self {
        Self { eps, ..self }
    }

    /// The loss of a batch.
    ///
    /// # Errors
    ///
    /// [`Error::Undefined`] of 0/0, which takes an eps of 0.
    pub fn of<S: Measured>(&self, batch: &Batch<'_, S>) -> Result<f64, Error> {
        over_items(batch, |classes| {
            let (mut total, mut present) = (0.0, 0);
            for Pixels { i, p, t, .. } in classes.iter().map(Pixels::of).filter(|sums| sums.t > 0.0) {
                total += divide(i, i + self.alpha * (p - i) + self.beta * (t - i) + self.eps)?;
                present += 1;
            }
            Ok(1.0 - total / f64::from(present.max(1)))
        })
    }
}

fn over_items<S: Measured>(batch: &Batch<'_, S>, of: impl Fn(&[S]) -> Result<f64, Error>) -> Result<f64, Error> {
    let items = batch.items();
    (0..items).try_fold(0.0, |total, item| Ok(total + of(batch.item(item))? / items as f64))
}
