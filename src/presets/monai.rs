//! MONAI 1.6.1.
//!
//! Losses are of one item and class; reduce them with [`super::mean`] or [`super::sum`]. `batch=True`: merge the items'
//! sums first. `include_background=False`: leave the first class out. Class weights multiply the loss of each class and
//! are *not* divided by their sum: `mean(losses.map(|l| w · l))`.

use super::divide;
use crate::activation::pow;
use crate::sums::Measured;
use crate::{Empty, Error, Generalised, Pixels, Score};

/// `monai.losses.DiceLoss`: 1 − (2·tp + nr) / (2·(tp + fp + fn) + dr), with fp and fn halved unless `jaccard`.
///
/// Quirks: with `jaccard` numerator and denominator are twice the usual ones, so that the smoothing counts half; both
/// smoothings are 10⁻⁵, so that an empty class with nothing predicted is a perfect 0, and one with a faint prediction of
/// Σp = 10⁻⁵ already 0.5.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct DiceLoss {
    squared: bool,
    jaccard: bool,
    soft_label: bool,
    smooth: (f64, f64),
}

impl DiceLoss {
    /// MONAI's defaults.
    #[must_use]
    pub const fn new() -> Self {
        Self { squared: false, jaccard: false, soft_label: false, smooth: (1e-5, 1e-5) }
    }

    /// `squared_pred=True`. The sums must keep [`crate::Squares`].
    #[must_use]
    pub const fn squared_pred(self) -> Self {
        Self { squared: true, ..self }
    }

    /// `jaccard=True`.
    #[must_use]
    pub const fn jaccard(self) -> Self {
        Self { jaccard: true, ..self }
    }

    /// `soft_label=True`: tp is Σmin(p, t). The sums must keep [`crate::Minima`], but for hard targets. With
    /// `squared_pred` it changes nothing, as in MONAI.
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
    /// [`Error::NotSummed`] for squares or minima that were not kept; [`Error::Undefined`] where MONAI gives NaN (both
    /// smoothings 0, both maps empty).
    pub fn loss(&self, sums: &impl Measured) -> Result<f64, Error> {
        let sums = Pixels::of(sums);
        let (p, t) = if self.squared { sums.squares.ok_or(Error::NotSummed)? } else { (sums.p, sums.t) };
        let tp = if self.soft_label && !self.squared { sums.min.ok_or(Error::NotSummed)? } else { sums.i };
        let below = if self.jaccard { 2.0 * (p + t - tp) } else { p + t };
        Ok(1.0 - divide(2.0 * tp + self.smooth.0, below + self.smooth.1)?)
    }
}

impl Default for DiceLoss {
    fn default() -> Self {
        Self::new()
    }
}

/// `monai.losses.TverskyLoss`: 1 − (tp + nr) / (tp + α·fp + β·fn + dr).
///
/// Quirk: nothing is doubled, so that the smoothing counts twice what it does in [`DiceLoss`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct TverskyLoss {
    alpha: f64,
    beta: f64,
    soft_label: bool,
    smooth: (f64, f64),
}

impl TverskyLoss {
    /// α weighs false positives, β false negatives; MONAI's defaults are ½ and ½.
    #[must_use]
    pub const fn new(alpha: f64, beta: f64) -> Self {
        Self { alpha, beta, soft_label: false, smooth: (1e-5, 1e-5) }
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
    /// As [`DiceLoss::loss`].
    pub fn loss(&self, sums: &impl Measured) -> Result<f64, Error> {
        let sums = Pixels::of(sums);
        let tp = if self.soft_label { sums.min.ok_or(Error::NotSummed)? } else { sums.i };
        let below = tp + self.alpha * (sums.p - tp) + self.beta * (sums.t - tp);
        Ok(1.0 - divide(tp + self.smooth.0, below + self.smooth.1)?)
    }
}

/// `monai.losses.AsymmetricFocalTverskyLoss` of a background and a foreground class: (1 − S_b) and (1 − S_f)^(1 − γ), with
/// S = (tp + ε) / (tp + δ·fn + (1 − δ)·fp + ε).
///
/// It is the part of `AsymmetricUnifiedFocalLoss` that sums can give. The other part, a focal cross-entropy, needs Σ t·ln p,
/// which is no sum of this crate's: the unified loss itself is not reproduced.
///
/// Quirks: the exponent is 1 − γ, and only the foreground has it; δ, in its documentation the weight of the background, weighs
/// false *negatives*. p is clamped to \[10⁻⁷, 1 − 10⁻⁷\] before it is summed, which sums cannot undo or do: of maps that were
/// clamped so this is MONAI's value, of others within 2 · 10⁻⁷ · n / (δ·Σt) of its S for n pixels. A class that is absent and
/// not predicted is a total loss by those 10⁻⁷ alone, and none where nothing was clamped.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct AsymmetricFocalTverskyLoss {
    delta: f64,
    gamma: f64,
    epsilon: f64,
}

impl AsymmetricFocalTverskyLoss {
    /// MONAI's defaults: δ = 0.7, γ = 0.75. (Inside the unified loss γ is 0.5.)
    #[must_use]
    pub const fn new() -> Self {
        Self { delta: 0.7, gamma: 0.75, epsilon: 1e-7 }
    }

    /// `delta`.
    #[must_use]
    pub const fn delta(self, delta: f64) -> Self {
        Self { delta, ..self }
    }

    /// `gamma`.
    #[must_use]
    pub const fn gamma(self, gamma: f64) -> Self {
        Self { gamma, ..self }
    }

    /// The losses of background and foreground of one item, as `reduction="none"` gives them. The sums must be of maps
    /// that were clamped.
    ///
    /// # Errors
    ///
    /// [`Error::Undefined`] of 0/0, which takes a δ below 0 or above 1.
    pub fn losses(&self, background: &impl Measured, foreground: &impl Measured) -> Result<[f64; 2], Error> {
        let missing = 1.0 - self.score(foreground)?;
        let foreground = pow(if missing > 0.0 { missing as f32 } else { 0.0 }, (1.0 - self.gamma) as f32);
        Ok([1.0 - self.score(background)?, f64::from(foreground)])
    }

    fn score(&self, sums: &impl Measured) -> Result<f64, Error> {
        let Pixels { i: tp, p, t, .. } = Pixels::of(sums);
        let below = tp + self.delta * (t - tp) + (1.0 - self.delta) * (p - tp);
        divide(tp + self.epsilon, below + self.epsilon)
    }
}

impl Default for AsymmetricFocalTverskyLoss {
    fn default() -> Self {
        Self::new()
    }
}

/// `monai.losses.GeneralizedDiceLoss`, of the classes of one item.
///
/// Quirks: an absent class weighs as much as the rarest present one; where no class is present all weigh nothing, and the
/// loss is a perfect 0 whatever is predicted; a single class can therefore not be punished for false positives.
#[must_use]
pub const fn generalized_dice_loss() -> Generalised {
    Generalised::new().smooth(1e-5, 1e-5).loss()
}

/// `monai.metrics.compute_dice` of one item and class, of hard maps. With `ignore_empty` (the default) an empty target is
/// NaN, here [`Error::Undefined`]; without, it is 1 if nothing is predicted, else 0.
#[must_use]
pub const fn compute_dice(ignore_empty: bool) -> Score {
    metric(Score::dice(), ignore_empty)
}

/// `monai.metrics.compute_iou`, alike.
#[must_use]
pub const fn compute_iou(ignore_empty: bool) -> Score {
    metric(Score::jaccard(), ignore_empty)
}

const fn metric(score: Score, ignore_empty: bool) -> Score {
    if ignore_empty {
        score.both_empty(Empty::Undefined).target_empty(Empty::Undefined)
    } else {
        score.both_empty(Empty::One)
    }
}

/// `monai.metrics.compute_generalized_dice` with `sum_over_classes`, of the classes of one item. Where no class is present
/// it is 1 if nothing is predicted, else 0.
///
/// # Errors
///
/// [`Error::Classes`] of none.
pub fn compute_generalized_dice(classes: &[impl Measured]) -> Result<f64, Error> {
    let (p, t) = classes.iter().map(Pixels::of).fold((0.0, 0.0), |(p, t), one| (p + one.p, t + one.t));
    match Generalised::new().f64(classes) {
        Err(Error::Undefined) if t == 0.0 => Ok(if p == 0.0 { 1.0 } else { 0.0 }),
        score => score,
    }
}
