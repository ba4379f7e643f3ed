use crate::activation::pow;
use crate::error::Error;
use crate::presets::divide;
use crate::score::Pixels;
use crate::sums::Measured;

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
