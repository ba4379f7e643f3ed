//! What the training frameworks compute, each in its own convention, quirks included, from the crate's sums.
//!
//! | module | version reproduced | losses and scores |
//! |---|---|---|
//! | [`monai`] | MONAI 1.6.1 | `DiceLoss`, `TverskyLoss`, `GeneralizedDiceLoss`, `AsymmetricFocalTverskyLoss`; metrics `compute_dice`, `compute_iou`, `compute_generalized_dice` |
//! | [`smp`] | segmentation-models-pytorch 0.6.0 | `DiceLoss`, `JaccardLoss`, `TverskyLoss`, their scores |
//! | [`nnunet`] | nnU-Net 2.8.1 | `SoftDiceLoss`, `MemoryEfficientSoftDiceLoss` |
//! | [`keras`] | Keras 3.15.1 | `Dice`, `Tversky` |
//! | [`kornia`] | kornia 0.9.0 | `dice_loss` |
//! | [`torchmetrics`] | torchmetrics 1.9.0 | `DiceScore`, `GeneralizedDiceScore`, `MeanIoU` |
//!
//! The peers sum over a batch before or after they divide. Here that is the caller's choice, said in sums: a set of sums
//! for each item and class, or the items' sums merged ([`crate::Sums::merge`]). What differs between a preset and the peer
//! is the arithmetic alone: the sums are exact, the formula is worked out in f64, and what the peer calls NaN is
//! [`Error::Undefined`].

pub mod keras;
pub mod kornia;
pub mod monai;
pub mod nnunet;
pub mod smp;
pub mod torchmetrics;

use crate::Error;

/// The mean of losses over items and classes: the peers' reduction `"mean"`.
///
/// # Errors
///
/// The first loss that is one (NaN makes a mean NaN); [`Error::Classes`] of none.
pub fn mean(losses: impl IntoIterator<Item = Result<f64, Error>>) -> Result<f64, Error> {
    let (mut total, mut count) = (0.0, 0u32);
    for loss in losses {
        total += loss?;
        count += 1;
    }
    if count == 0 { Err(Error::Classes) } else { Ok(total / f64::from(count)) }
}

/// The sum of losses over items and classes: the peers' reduction `"sum"`.
///
/// # Errors
///
/// The first loss that is one.
pub fn sum(losses: impl IntoIterator<Item = Result<f64, Error>>) -> Result<f64, Error> {
    losses.into_iter().try_fold(0.0, |total, loss| Ok(total + loss?))
}

/// above / below, undefined where the peer has NaN.
fn divide(above: f64, below: f64) -> Result<f64, Error> {
    if below == 0.0 { Err(Error::Undefined) } else { Ok(above / below) }
}

/// A weight for each class: 1 without weights.
fn weight(weights: Option<&[f64]>, class: usize, classes: usize) -> Result<f64, Error> {
    match weights {
        None => Ok(1.0),
        Some(weights) if weights.len() == classes => weights.get(class).copied().ok_or(Error::Classes),
        Some(_) => Err(Error::Classes),
    }
}
