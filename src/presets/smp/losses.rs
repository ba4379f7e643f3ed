use crate::activation::{ln, pow};
use crate::error::Error;
use crate::presets::{Batch, divide, weight_of};
use crate::score::Pixels;
use crate::sums::Measured;

/// `DiceLoss`, `JaccardLoss` and `TverskyLoss`: (m + s) / max(m + α·fp + β·fn + s, eps), m = Σmin(p, t).
///
/// The loss of a batch is one number: sums are over the whole batch for each class, then the mean is over the classes.
/// `ignore_index` is the ignore label of the sums ([`crate::Multiclass::ignoring`], [`crate::Label::ignoring`]), `from_logits`
/// an activation ([`crate::activation`]).
///
/// Quirk: a class without a target pixel has a loss of 0, *whatever is predicted there*, and counts in the mean. With many
/// absent classes the mean is small even for a device that has died.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct OverlapLoss<'w> {
    alpha: f64,
    beta: f64,
    gamma: f64,
    smooth: f64,
    eps: f64,
    log: bool,
    classes: Option<&'w [usize]>,
    weights: Option<&'w [f64]>,
}

/// `smp.losses.DiceLoss`.
#[must_use]
pub const fn dice_loss() -> OverlapLoss<'static> {
    tversky_loss(0.5, 0.5)
}

/// `smp.losses.JaccardLoss`.
#[must_use]
pub const fn jaccard_loss() -> OverlapLoss<'static> {
    tversky_loss(1.0, 1.0)
}

/// `smp.losses.TverskyLoss`: α weighs false positives, β false negatives; smp's defaults are ½ and ½.
#[must_use]
pub const fn tversky_loss(alpha: f64, beta: f64) -> OverlapLoss<'static> {
    OverlapLoss { alpha, beta, gamma: 1.0, smooth: 0.0, eps: 1e-7, log: false, classes: None, weights: None }
}

impl<'w> OverlapLoss<'w> {
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

    /// `classes`: those that the mean is taken over, by their index.
    #[must_use]
    pub const fn classes(self, classes: &'w [usize]) -> Self {
        Self { classes: Some(classes), ..self }
    }

    /// `class_weights`, one for each class, those that `classes` leaves out among them: divided by their sum.
    #[must_use]
    pub const fn class_weights(self, weights: &'w [f64]) -> Self {
        Self { weights: Some(weights), ..self }
    }

    /// `soft_dice_score` and its kin, of one class.
    ///
    /// # Errors
    ///
    /// [`Error::NotSummed`] unless [`crate::Minima`] were kept, or the target is hard; [`Error::Undefined`] of 0/0, which
    /// takes an eps of 0.
    pub fn score(&self, sums: &impl Measured) -> Result<f64, Error> {
        self.score_of(&Pixels::of(sums))
    }

    fn score_of(&self, sums: &Pixels) -> Result<f64, Error> {
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
        self.loss_of(&Pixels::of(sums))
    }

    fn loss_of(&self, sums: &Pixels) -> Result<f64, Error> {
        let score = self.score_of(sums)?;
        Ok(if sums.t == 0.0 {
            0.0
        } else if self.log {
            -f64::from(ln(if score < self.eps { self.eps } else { score } as f32))
        } else {
            1.0 - score
        })
    }

    /// The loss of a batch.
    ///
    /// # Errors
    ///
    /// As [`Self::score`]; [`Error::Classes`] of no class, of a class that is not there, or for another number of weights than
    /// of classes; [`Error::Setting`] for a weight that is negative or no number; [`Error::Undefined`] of weights that sum
    /// to 0.
    pub fn of<S: Measured>(&self, batch: &Batch<'_, S>) -> Result<f64, Error> {
        let (mut total, mut of) = (0.0, 0.0);
        let mut add = |class: usize| {
            let weight = weight_of(self.weights, class, batch.classes())?;
            total += weight * self.loss_of(&batch.over(None, class, |sums| Ok(Pixels::of(sums)))?)?;
            of += weight;
            Ok(())
        };
        match self.classes {
            Some([]) => return Err(Error::Classes),
            Some(classes) => classes.iter().try_for_each(|&class| add(class))?,
            None => (0..batch.classes()).try_for_each(add)?,
        }
        let loss = divide(total, of)?;
        Ok(if self.gamma == 1.0 { loss } else { f64::from(pow(loss as f32, self.gamma as f32)) })
    }
}
