//! nnU-Net 2.8.1: the loss that it trains with, and its evaluation.

use super::{Batch, Loss, divide, foreground};
use crate::error::Error;
use crate::score::{Cell, Pixels};
use crate::sums::Measured;

/// `SoftDiceLoss` and `MemoryEfficientSoftDiceLoss`: −(2I + s) / max(P + T + s, 10⁻⁸) of each item and class; nnU-Net takes the
/// mean.
///
/// Quirks: the loss is −score, from −1 to 0, not 1 − score. The classes' defaults are `smooth=1` with background, but
/// nnU-Net's trainer passes 10⁻⁵ *and* `do_bg=False` ([`trainer`](Self::trainer)): the two disagree by up to 1 on empty and
/// tiny targets, and by the background everywhere. `loss_mask` is a region or an ignore label of the sums.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SoftDiceLoss {
    smooth: f64,
    background: bool,
    batch: bool,
}

impl SoftDiceLoss {
    /// The classes' defaults: `batch_dice=False`, `do_bg=True`, `smooth=1`.
    #[must_use]
    pub const fn new() -> Self {
        Self { smooth: 1.0, background: true, batch: false }
    }

    /// What nnU-Net's trainer passes: `smooth=1e-5`, `do_bg=False`, and the `batch_dice` of its plan.
    #[must_use]
    pub const fn trainer(batch_dice: bool) -> Self {
        Self { smooth: 1e-5, background: false, batch: batch_dice }
    }

    /// `smooth`.
    #[must_use]
    pub const fn smooth(self, smooth: f64) -> Self {
        Self { smooth, ..self }
    }

    /// `do_bg`: without it the first class is left out, unless it is the only one, of which nnU-Net could make no loss.
    #[must_use]
    pub const fn do_bg(self, background: bool) -> Self {
        Self { background, ..self }
    }

    /// `batch_dice=True`: the sums of all items are added before anything is divided.
    #[must_use]
    pub const fn batch_dice(self, batch: bool) -> Self {
        Self { batch, ..self }
    }

    /// The loss of one item and class.
    ///
    /// # Errors
    ///
    /// None that these sums can cause.
    pub fn loss(&self, sums: &impl Measured) -> Result<f64, Error> {
        self.of(&Pixels::of(sums))
    }

    fn of(&self, sums: &Pixels) -> Result<f64, Error> {
        let below = sums.p + sums.t + self.smooth;
        Ok(-divide(2.0 * sums.i + self.smooth, if below < 1e-8 { 1e-8 } else { below })?)
    }
}

impl Default for SoftDiceLoss {
    fn default() -> Self {
        Self::new()
    }
}

impl Loss for SoftDiceLoss {
    fn shape(&self, items: usize, classes: usize) -> (usize, usize) {
        (if self.batch { 1 } else { items }, foreground(classes, self.background).1)
    }

    fn value<S: Measured>(&self, batch: &Batch<'_, S>, row: usize, column: usize) -> Result<f64, Error> {
        let class = foreground(batch.classes(), self.background).0 + column;
        let item = if self.batch { None } else { Some(row) };
        self.of(&batch.over(item, class, |sums| Ok(Pixels::of(sums)))?)
    }
}

/// What the evaluation says of one label of one case, of hard maps.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Case {
    /// `Dice`: 2tp / (2tp + fp + fn); undefined (NaN) where the label is in neither map.
    pub dice: Result<f64, Error>,
    /// `IoU`: tp / (tp + fp + fn), alike.
    pub iou: Result<f64, Error>,
    /// `TP`.
    pub tp: f64,
    /// `FP`.
    pub fp: f64,
    /// `FN`.
    pub fneg: f64,
    /// `TN`.
    pub tn: f64,
    /// `n_pred`.
    pub n_pred: f64,
    /// `n_ref`.
    pub n_ref: f64,
}

impl Case {
    /// Of the sums of a label. `ignore_label` is the ignore label of the sums.
    pub fn of(sums: &impl Measured) -> Self {
        let (Pixels { i, p, t, .. }, count) = (Pixels::of(sums), sums.record().count as f64);
        Self {
            dice: divide(2.0 * i, p + t),
            iou: divide(i, p + t - i),
            tp: i,
            fp: p - i,
            fneg: t - i,
            tn: count - (p + t - i),
            n_pred: p,
            n_ref: t,
        }
    }
}

/// The means of a label over the cases: `mean` in `summary.json`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct LabelMean {
    /// `Dice`: over the cases in which it is defined (`numpy.nanmean`).
    pub dice: Cell,
    /// `IoU`, alike.
    pub iou: Cell,
    /// `n_pred`.
    pub n_pred: Cell,
    /// `n_ref`.
    pub n_ref: Cell,
    /// `TP`.
    pub tp: Cell,
    /// `FP`.
    pub fp: Cell,
    /// `FN`.
    pub fneg: Cell,
    /// `TN`.
    pub tn: Cell,
}

impl LabelMean {
    /// Of no case.
    pub const NONE: Self = Self {
        dice: Cell::NONE,
        iou: Cell::NONE,
        n_pred: Cell::NONE,
        n_ref: Cell::NONE,
        tp: Cell::NONE,
        fp: Cell::NONE,
        fneg: Cell::NONE,
        tn: Cell::NONE,
    };

    fn with(&self, case: &Case) -> Result<Self, Error> {
        Ok(Self {
            dice: self.dice.with(case.dice)?,
            iou: self.iou.with(case.iou)?,
            n_pred: self.n_pred.with(Ok(case.n_pred))?,
            n_ref: self.n_ref.with(Ok(case.n_ref))?,
            tp: self.tp.with(Ok(case.tp))?,
            fp: self.fp.with(Ok(case.fp))?,
            fneg: self.fneg.with(Ok(case.fneg))?,
            tn: self.tn.with(Ok(case.tn))?,
        })
    }
}

/// nnU-Net's evaluation of a folder: means of each label over the cases, then over the labels of the foreground.
///
/// ```
/// use soft_dice::presets::{Batch, nnunet::{Evaluation, LabelMean}};
/// use soft_dice::{Linear, Multiclass, OneHot, U8};
/// let mut labels = [LabelMean::NONE; 2];
/// let mut folder = Evaluation::new(&mut labels);
/// for (map, truth) in [([0, 1, 1], [0, 1, 0]), ([0, 0, 0], [0, 0, 0])] {
///     let mut case = Multiclass::<[_; 2]>::new(U8, Linear);
///     case.update(OneHot(&map), &truth)?;
///     folder.update(&Batch::one(case.sums())?)?;
/// }
/// assert!((folder.foreground_dice()? - 2.0 / 3.0).abs() < 1e-12);    // the second case is NaN, and left out
/// assert_eq!(folder.labels()[1].dice.count, 1);
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Evaluation<'r> {
    labels: &'r mut [LabelMean],
}

impl<'r> Evaluation<'r> {
    /// Of no case yet. The caller lends a mean for each label, the background's first.
    pub fn new(labels: &'r mut [LabelMean]) -> Self {
        labels.fill(LabelMean::NONE);
        Self { labels }
    }

    /// Adds cases: every item of the batch is one.
    ///
    /// # Errors
    ///
    /// [`Error::Classes`] if they have other labels than were lent. Nothing is added then.
    pub fn update<S: Measured>(&mut self, batch: &Batch<'_, S>) -> Result<(), Error> {
        if batch.classes() != self.labels.len() {
            return Err(Error::Classes);
        }
        for item in 0..batch.items() {
            for (label, sums) in self.labels.iter_mut().zip(batch.item(item)) {
                *label = label.with(&Case::of(sums))?;
            }
        }
        Ok(())
    }

    /// The means of each label.
    #[must_use]
    pub fn labels(&self) -> &[LabelMean] {
        self.labels
    }

    /// `foreground_mean` of `Dice`: the mean over all labels but the first.
    ///
    /// # Errors
    ///
    /// [`Error::Undefined`] where nnU-Net gives NaN: a label of the foreground is in no case; [`Error::Classes`] if there is no
    /// foreground.
    pub fn foreground_dice(&self) -> Result<f64, Error> {
        self.foreground(|label| label.dice)
    }

    /// `foreground_mean` of `IoU`.
    ///
    /// # Errors
    ///
    /// As [`Self::foreground_dice`].
    pub fn foreground_iou(&self) -> Result<f64, Error> {
        self.foreground(|label| label.iou)
    }

    fn foreground(&self, of: impl Fn(&LabelMean) -> Cell) -> Result<f64, Error> {
        let labels = self.labels.get(1..).filter(|labels| !labels.is_empty()).ok_or(Error::Classes)?;
        labels.iter().try_fold(0.0, |total, label| Ok(total + of(label).mean()? / labels.len() as f64))
    }
}
