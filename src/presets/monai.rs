//! MONAI 1.6.1.

mod cross_entropy;
mod dice;
mod focal;
mod generalised;
mod masked;
mod metrics;
mod tversky;

pub use cross_entropy::DiceCELoss;
pub use dice::DiceLoss;
pub use focal::AsymmetricFocalTverskyLoss;
pub use generalised::{GeneralizedDiceLoss, GeneralizedDiceScore};
pub use masked::MaskedDiceLoss;
pub use metrics::{DiceMetric, MeanIoU};
pub use tversky::TverskyLoss;
