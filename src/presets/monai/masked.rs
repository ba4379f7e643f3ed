use super::DiceLoss;
use crate::error::Error;
use crate::presets::{Batch, Loss};
use crate::score::Pixels;
use crate::sums::Measured;

/// `monai.losses.MaskedDiceLoss`: a [`DiceLoss`] of the pixels within a mask, from sums that were taken within it
/// ([`crate::Multiclass::update_within`], [`crate::Multilabel::update_within`]), which count the others as ignored.
///
/// Quirk: MONAI multiplies prediction *and target* by the mask, and does it before the labels become classes. With
/// `to_onehot_y` every masked pixel therefore becomes a pixel of the background that nothing was predicted for: the
/// background's T grows by the pixels that were masked. Only where labels are values of their own (one channel, or one for
/// each class) does the mask leave pixels out. Both are reproduced; [`to_onehot_y`](Self::to_onehot_y) says which it is.
///
/// The ignored pixels of the sums are taken for the masked ones: an ignore label besides cannot be told from them, and MONAI's
/// class has none.
///
/// ```
/// use soft_dice::activation::Sigmoid;
/// use soft_dice::presets::{Batch, Loss, monai::{DiceLoss, MaskedDiceLoss}};
/// use soft_dice::{F32Fine, Linear, Multiclass, Planar, Region};
/// // Two classes of logits at three pixels, the last of them masked.
/// let mut item = Multiclass::<[_; 2]>::new(Sigmoid(F32Fine::new()), Linear);
/// item.update_within(Planar(&[1.0, -1.0, 0.5, -1.0, 1.0, 2.0]), &[0, 1, 1], Region::Bytes(&[1, 1, 0]))?;
/// let batch = Batch::one(item.sums())?;
/// let masked = MaskedDiceLoss::new(DiceLoss::new()).to_onehot_y(true).mean(&batch)?;
/// let left_out = DiceLoss::new().mean(&batch)?;
/// assert!(masked > left_out + 0.05);
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct MaskedDiceLoss<'w> {
    dice: DiceLoss<'w>,
    onehot: bool,
}

impl<'w> MaskedDiceLoss<'w> {
    /// With the options of a [`DiceLoss`].
    #[must_use]
    pub const fn new(dice: DiceLoss<'w>) -> Self {
        Self { dice, onehot: false }
    }

    /// `to_onehot_y=True`: the target is a map of labels. Of a single class it changes nothing, as in MONAI.
    #[must_use]
    pub const fn to_onehot_y(self, onehot: bool) -> Self {
        Self { onehot, ..self }
    }
}

impl Loss for MaskedDiceLoss<'_> {
    fn shape(&self, items: usize, classes: usize) -> (usize, usize) {
        self.dice.shape(items, classes)
    }

    /// One of the values; [`Error::Mismatch`] for `to_onehot_y` with sums of a target that is not hard.
    fn value<S: Measured>(&self, batch: &Batch<'_, S>, row: usize, column: usize) -> Result<f64, Error> {
        let spoilt = self.onehot && batch.classes() > 1;
        self.dice.weighted(batch, row, column, |class, sums| {
            let record = sums.record();
            let mut pixels = Pixels::of(&record);
            if spoilt && !record.hard {
                return Err(Error::Mismatch);
            }
            if spoilt && class == 0 {
                let masked = record.ignored as f64;
                pixels.t += masked;
                pixels.squares = pixels.squares.map(|(p, t)| (p, t + masked));
            }
            Ok(pixels)
        })
    }
}
