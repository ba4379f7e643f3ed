use super::DiceLoss;
use crate::element::Element;
use crate::error::Error;
use crate::presets::foreground;
use crate::presets::{Batch, CrossEntropy, Loss};
use crate::sums::Measured;
use crate::target::HardTarget;

/// `monai.losses.DiceCELoss`: λ_dice · [`DiceLoss`] + λ_ce · cross-entropy, the latter from histograms of 8-bit codes
/// ([`CrossEntropy`]) over all classes, the background among them whatever the Dice leaves out.
///
/// `label_smoothing` is [`CrossEntropy::label_smoothing`]. Quirk: of a single class MONAI takes and ignores it.
///
/// ```
/// use soft_dice::presets::{Batch, CrossEntropy, monai::{DiceCELoss, DiceLoss}};
/// use soft_dice::{Label, Linear, Multiclass, Planar, Reliability, U8};
/// let (map, labels) = ([204u8, 51, 51, 204], [0, 1]);
/// let mut frame = Multiclass::<[_; 2]>::new(U8, Linear);
/// frame.update(Planar(&map), &labels)?;
/// let mut histograms = [0, 1].map(|class| Reliability::<_, _, 256>::new(U8, Label::new(class)));
/// for (histogram, plane) in histograms.iter_mut().zip(map.chunks(2)) {
///     histogram.update(plane, &labels)?;
/// }
/// let entropy = CrossEntropy::new(&histograms)?;
/// let loss = DiceCELoss::new(DiceLoss::new()).mean(&Batch::one(frame.sums())?, &entropy)?;
/// assert!((loss - (0.2 + 0.22314)).abs() < 1e-5);
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct DiceCELoss<'w> {
    dice: DiceLoss<'w>,
    lambda: (f64, f64),
    weight: Option<&'w [f64]>,
}

impl<'w> DiceCELoss<'w> {
    /// With the options of a [`DiceLoss`], all but its weight. Both λ are 1.
    #[must_use]
    pub const fn new(dice: DiceLoss<'w>) -> Self {
        Self { dice, lambda: (1.0, 1.0), weight: None }
    }

    /// `lambda_dice` and `lambda_ce`.
    #[must_use]
    pub const fn lambda(self, dice: f64, ce: f64) -> Self {
        Self { lambda: (dice, ce), ..self }
    }

    /// `weight`, one for each class with the background: the cross-entropy takes all of them (of a single class it is the
    /// `pos_weight`), the Dice those of its classes.
    #[must_use]
    pub const fn weight(self, weight: &'w [f64]) -> Self {
        Self { weight: Some(weight), ..self }
    }

    /// `reduction="mean"` of both.
    ///
    /// # Errors
    ///
    /// Of [`DiceLoss`] and [`CrossEntropy`]; [`Error::Setting`] for a λ below 0, or for a weight of the Dice loss, which is
    /// this object's; [`Error::Classes`] if the histograms are of other classes than the batch.
    pub fn mean<S: Measured, P: Element, T: HardTarget>(
        &self,
        batch: &Batch<'_, S>,
        entropy: &CrossEntropy<'_, P, T>,
    ) -> Result<f64, Error> {
        let dice = self.dice_of(batch, entropy)?.mean(batch)?;
        Ok(self.lambda.0 * dice + self.lambda.1 * entropy.mean(self.weight)?)
    }

    /// `reduction="sum"` of both.
    ///
    /// # Errors
    ///
    /// As [`Self::mean`].
    pub fn sum<S: Measured, P: Element, T: HardTarget>(
        &self,
        batch: &Batch<'_, S>,
        entropy: &CrossEntropy<'_, P, T>,
    ) -> Result<f64, Error> {
        let dice = self.dice_of(batch, entropy)?.sum(batch)?;
        Ok(self.lambda.0 * dice + self.lambda.1 * entropy.sum(self.weight)?)
    }

    /// The Dice loss with its share of the weights.
    fn dice_of<S: Measured, P: Element, T: HardTarget>(
        &self,
        batch: &Batch<'_, S>,
        entropy: &CrossEntropy<'_, P, T>,
    ) -> Result<DiceLoss<'w>, Error> {
        if self.dice.weight.is_some() || !(self.lambda.0 >= 0.0 && self.lambda.1 >= 0.0) {
            return Err(Error::Setting);
        }
        if entropy.classes() != batch.classes() {
            return Err(Error::Classes);
        }
        let (before, _) = foreground(batch.classes(), self.dice.background);
        let weight = match self.weight {
            Some(weight) => Some(weight.get(before..).ok_or(Error::Classes)?),
            None => None,
        };
        Ok(self.dice.with_weight(weight))
    }
}
