//! The losses and metrics of the training frameworks, each in its own convention, quirks included, from the crate's sums.
//!
//! | module | version reproduced | losses | metrics |
//! |---|---|---|---|
//! | [`monai`] | MONAI 1.6.1 | `DiceLoss`, `MaskedDiceLoss`, `GeneralizedDiceLoss`, `TverskyLoss`, `DiceCELoss`, `AsymmetricFocalTverskyLoss` | `DiceMetric`, `MeanIoU`, `GeneralizedDiceScore` |
//! | [`smp`] | segmentation-models-pytorch 0.6.0 | `DiceLoss`, `JaccardLoss`, `TverskyLoss` | `f1_score`, `iou_score` and their thirteen kin |
//! | [`torchmetrics`] | torchmetrics 1.9.0 | | `DiceScore`, `MeanIoU`, `GeneralizedDiceScore` |
//! | [`nnunet`] | nnU-Net 2.8.1 | `SoftDiceLoss`, `MemoryEfficientSoftDiceLoss` | its evaluation (`summary.json`) |
//! | [`keras`] | Keras 3.15.1 | `Dice`, `Tversky` | |
//! | [`kornia`] | kornia 0.9.0 | `DiceLoss`, `TverskyLoss` | |
//! | [`burn`] | burn 0.22.0-pre.2 and 0.23.0-pre.1 | | `DiceMetric` |
//! | [`cmsis`] | CMSIS-DSP 1.10.3 (its Python package) | | boolean distances, Bray-Curtis |
//!
//! Every class of a framework is an object here. It takes the sums of a whole [`Batch`] (or of a frame after another), with
//! the framework's own options, and gives what the framework gives: the reduction is part of it and is never left to the
//! caller. [`Loss`] has the three reductions of losses, [`Metric`] those of metrics over many batches. Nothing is allocated;
//! the state is one number where the rule allows it, and else the caller lends cells ([`crate::Reduction::cells`]).
//!
//! What differs from the framework is the arithmetic alone: the sums are exact, the formula is worked out in f64. What it
//! calls NaN is [`Error::Undefined`] where the result is one number. No object here is a [`crate::Score`] or an
//! [`crate::Average`]: a framework's rule for empty classes cannot be put under another reduction than its own.
//!
//! [From a framework's words to the calls here](crate::docs::reductions) is a page of its own, whose examples are compiled.

mod batch;
pub mod burn;
pub mod cmsis;
mod entropy;
pub mod keras;
pub mod kornia;
mod loss;
pub mod monai;
pub mod nnunet;
mod running;
pub mod smp;
pub mod torchmetrics;

pub use batch::Batch;
pub use entropy::CrossEntropy;
pub use loss::Loss;
pub use running::{Aggregate, Metric, Running};

use crate::error::Error;
use crate::sums::Measured;
use batch::{foreground, weight_of};

/// above / below, undefined where the framework has NaN.
fn divide(above: f64, below: f64) -> Result<f64, Error> {
    if below == 0.0 {
        Err(Error::Undefined)
    } else if above.is_nan() || below.is_nan() {
        // Sums are numbers, but those of a record whose unit is none.
        Err(Error::Scale)
    } else {
        Ok(above / below)
    }
}

/// Pixels predicted, labelled and both, of a hard prediction and a hard target.
///
/// # Errors
///
/// [`Error::Mismatch`] where the target is soft, or no prediction of zeros and ones has such sums.
fn pixels_of(sums: &impl Measured) -> Result<[u64; 4], Error> {
    let record = sums.record();
    let (unit, count) = (record.unit_p, record.count);
    // Codes that make 1.0: a record may come from anywhere, and its unit may be anything.
    if unit.mul != 1 || unit.shift > 48 || unit.div == 0 || !record.hard {
        return Err(Error::Mismatch);
    }
    let one = u128::from(unit.div) << unit.shift;
    let whole = |sum: u128| match (sum.checked_div(one), sum.checked_rem(one)) {
        (Some(pixels), Some(0)) => u64::try_from(pixels).map_err(|_| Error::Mismatch),
        _ => Err(Error::Mismatch),
    };
    let [p, pt] = [whole(record.p)?, whole(record.pt)?];
    let t = u64::try_from(record.t).map_err(|_| Error::Mismatch)?;
    let either = p.checked_add(t).and_then(|both| both.checked_sub(pt)).ok_or(Error::Mismatch)?;
    if pt > p || pt > t || either > count { Err(Error::Mismatch) } else { Ok([p, t, pt, count]) }
}
