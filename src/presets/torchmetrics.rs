//! torchmetrics 1.9.0 (`torchmetrics.segmentation`), of hard maps.
//!
//! `input_format="index"` is [`crate::OneHot`] against labels, `"mixed"` (logits against labels) is [`crate::Argmax`],
//! `"one-hot"` is any prediction of zeros and ones against a mask for each class.

mod dice;
mod generalised;
mod iou;

pub use dice::{DiceRun, DiceScore, Level, ScoreAverage};
pub use generalised::{GeneralizedDiceRun, GeneralizedDiceScore};
pub use iou::{MeanIoU, MeanIoURun};
