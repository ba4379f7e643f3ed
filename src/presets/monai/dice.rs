use crate::error::Error;
use crate::presets::{Batch, Loss, divide, foreground, weight_of};
use crate::score::Pixels;
use crate::sums::Measured;

/// `monai.losses.DiceLoss`: 1 − (2·tp + nr) / (2·(tp + fp + fn) + dr) of each item and class, with fp and fn halved unless
/// `jaccard`.
///
/// `sigmoid=True`, `softmax=True` and `to_onehot_y=True` are said where the sums are taken: [`crate::activation::Sigmoid`],
/// [`crate::activation::Softmax`], [`crate::Multiclass`]; so is `ignore_index` ([`crate::Multiclass::ignoring`]).
///
/// Quirks: with `jaccard` numerator and denominator are twice the usual ones, so that the smoothing counts half; both
/// smoothings are 10⁻⁵, so that an empty class with nothing predicted is a perfect 0, and one with a faint prediction of
/// Σp = 10⁻⁵ already 0.5. A mean over classes therefore falls with every class that is absent from map and prediction.
///
/// ```
/// use soft_dice::presets::{Batch, Loss, monai::DiceLoss};
/// use soft_dice::{Interleaved, Linear, Multiclass, U8};
/// let mut frame = Multiclass::<[_; 2]>::new(U8, Linear);
/// frame.update(Interleaved(&[255, 0, 51, 204]), &[0, 1])?;
/// let batch = Batch::one(frame.sums())?;
/// let loss = DiceLoss::new().include_background(false).mean(&batch)?;
/// assert!((loss - (1.0 - 1.6 / 1.8)).abs() < 1e-5);
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct DiceLoss<'w> {
    squared: bool,
    jaccard: bool,
    soft_label: bool,
    smooth: (f64, f64),
    pub(super) background: bool,
    batch: bool,
    pub(super) weight: Option<&'w [f64]>,
}

impl<'w> DiceLoss<'w> {
    /// MONAI's defaults.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            squared: false,
            jaccard: false,
            soft_label: false,
            smooth: (1e-5, 1e-5),
            background: true,
            batch: false,
            weight: None,
        }
    }

    /// `include_background`: without it the first class is left out, unless it is the only one.
    #[must_use]
    pub const fn include_background(self, background: bool) -> Self {
        Self { background, ..self }
    }

    /// `batch=True`: the sums of all items are added before anything is divided, so that a value is left for each class.
    #[must_use]
    pub const fn batch(self, batch: bool) -> Self {
        Self { batch, ..self }
    }

    /// `weight`: what the loss of each class is multiplied by (without the background, if that is left out). The mean is
    /// *not* divided by the sum of the weights. Of a single class weights are ignored, as in MONAI.
    #[must_use]
    pub const fn weight(self, weight: &'w [f64]) -> Self {
        Self { weight: Some(weight), ..self }
    }

    pub(super) const fn with_weight(self, weight: Option<&'w [f64]>) -> Self {
        Self { weight, ..self }
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

    /// The loss of one item and class, without its weight.
    ///
    /// # Errors
    ///
    /// [`Error::NotSummed`] for squares or minima that were not kept; [`Error::Undefined`] where MONAI gives NaN (both
    /// smoothings 0, both maps empty).
    pub fn loss(&self, sums: &impl Measured) -> Result<f64, Error> {
        self.of(&Pixels::of(sums))
    }

    fn of(&self, sums: &Pixels) -> Result<f64, Error> {
        let (p, t) = if self.squared { sums.squares.ok_or(Error::NotSummed)? } else { (sums.p, sums.t) };
        let tp = if self.soft_label && !self.squared { sums.min.ok_or(Error::NotSummed)? } else { sums.i };
        let below = if self.jaccard { 2.0 * (p + t - tp) } else { p + t };
        Ok(1.0 - divide(2.0 * tp + self.smooth.0, below + self.smooth.1)?)
    }

    /// The weighted loss of a row and column, from what `measure` makes of the sums of each item and class.
    pub(super) fn weighted<S: Measured>(
        &self,
        batch: &Batch<'_, S>,
        row: usize,
        column: usize,
        measure: impl Fn(usize, &S) -> Result<Pixels, Error>,
    ) -> Result<f64, Error> {
        let (before, classes) = foreground(batch.classes(), self.background);
        let class = before + column;
        let weight = if classes == 1 { 1.0 } else { weight_of(self.weight, column, classes)? };
        let item = if self.batch { None } else { Some(row) };
        Ok(weight * self.of(&batch.over(item, class, |sums| measure(class, sums))?)?)
    }
}

impl Default for DiceLoss<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl Loss for DiceLoss<'_> {
    fn shape(&self, items: usize, classes: usize) -> (usize, usize) {
        (if self.batch { 1 } else { items }, foreground(classes, self.background).1)
    }

    fn value<S: Measured>(&self, batch: &Batch<'_, S>, row: usize, column: usize) -> Result<f64, Error> {
        self.weighted(batch, row, column, |_, sums| Ok(Pixels::of(sums)))
    }
}
