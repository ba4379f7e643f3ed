//! segmentation-models-pytorch 0.6.0 (since 0.4 from Σmin(p, t)).
//!
//! Sums are over the whole batch, one set for each class: merge the items' sums first. `ignore_index` is the ignore label
//! of a [`crate::Multiclass`], or a region.

use super::{divide, weight};
use crate::activation::{ln, pow};
use crate::sums::Measured;
use crate::{Error, Pixels};

/// `DiceLoss`, `JaccardLoss` and `TverskyLoss`: (m + s) / max(m + α·fp + β·fn + s, eps), m = Σmin(p, t).
///
/// Quirk: a class without a target pixel has a loss of 0, *whatever is predicted there*, and counts in the mean. With many
/// absent classes the mean is small even for a device that has died.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Loss {
    alpha: f64,
    beta: f64,
    gamma: f64,
    smooth: f64,
    eps: f64,
    log: bool,
}

/// `smp.losses.DiceLoss`.
#[must_use]
pub const fn dice_loss() -> Loss {
    tversky_loss(0.5, 0.5)
}

/// `smp.losses.JaccardLoss`.
#[must_use]
pub const fn jaccard_loss() -> Loss {
    tversky_loss(1.0, 1.0)
}

/// `smp.losses.TverskyLoss`: α weighs false positives, β false negatives; smp's defaults are ½ and ½.
#[must_use]
pub const fn tversky_loss(alpha: f64, beta: f64) -> Loss {
    Loss { alpha, beta, gamma: 1.0, smooth: 0.0, eps: 1e-7, log: false }
}

impl Loss {
    /// `smooth`.
    #[must_use]
    pub const fn smooth(self, smooth: f64) -> Self {
        Self { smooth, ..self }
    }

    /// `eps`.
    #[must_use]
    pub const fn eps(self, eps: f64) -> Self {
        Self { eps, ..self }
    }

    /// `gamma` of `TverskyLoss`. Quirk: the mean over classes is raised to γ, not the loss of each class, and not its
    /// inverse, as in the focal Tversky paper.
    #[must_use]
    pub const fn gamma(self, gamma: f64) -> Self {
        Self { gamma, ..self }
    }

    /// `log_loss=True`: −ln(max(score, eps)).
    #[must_use]
    pub const fn log_loss(self) -> Self {
        Self { log: true, ..self }
    }

    /// `soft_dice_score` and its kin, of one class.
    ///
    /// # Errors
    ///
    /// [`Error::NotSummed`] unless [`crate::Minima`] were kept, or the target is hard; [`Error::Undefined`] of 0/0, which
    /// takes an eps of 0.
    pub fn score(&self, sums: &impl Measured) -> Result<f64, Error> {
        let sums = Pixels::of(sums);
        let m = sums.min.ok_or(Error::NotSummed)?;
        let below = m + self.alpha * (sums.p - m) + self.beta * (sums.t - m) + self.smooth;
        divide(m + self.smooth, if below < self.eps { self.eps } else { below })
    }

    /// The loss of one class: 0 if it has no target pixel.
    ///
    /// # Errors
    ///
    /// As [`Self::score`].
    pub fn loss(&self, sums: &impl Measured) -> Result<f64, Error> {
        let score = self.score(sums)?;
        Ok(if sums.record().t == 0 {
            0.0
        } else if self.log {
            -f64::from(ln(if score < self.eps { self.eps } else { score } as f32))
        } else {
            1.0 - score
        })
    }

    /// The loss over all classes. Weights, one for each class, are divided by their sum.
    ///
    /// # Errors
    ///
    /// As [`Self::score`]; [`Error::Classes`] of no class, or of another number than the weights.
    pub fn over(&self, classes: &[impl Measured], weights: Option<&[f64]>) -> Result<f64, Error> {
        let (mut total, mut of) = (0.0, 0.0);
        for (index, class) in classes.iter().enumerate() {
            let weight = weight(weights, index, classes.len())?;
            total += weight * self.loss(class)?;
            of += weight;
        }
        if classes.is_empty() {
            return Err(Error::Classes);
        }
        let loss = divide(total, of)?;
        Ok(if self.gamma == 1.0 { loss } else { f64::from(pow(loss as f32, self.gamma as f32)) })
    }
}
