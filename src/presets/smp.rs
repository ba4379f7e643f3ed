//! segmentation-models-pytorch 0.6.0 (since 0.4 from Σmin(p, t)).

mod losses;
mod metrics;

pub use losses::{OverlapLoss, dice_loss, jaccard_loss, tversky_loss};
pub use metrics::{StatReduction, StatScore};
