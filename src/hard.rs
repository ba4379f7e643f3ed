//! Hard scores: of what a device shows, once every pixel is decided.
//!
//! One class is decided by a threshold ([`Thresholded`]), exclusive ones by the greatest channel ([`Argmax`], [`ArgmaxOver`]). Either
//! can be counted in the pass that takes the soft sums. [`LabelMaps`] takes maps that were decided before.

mod argmax;
#[cfg(soft_dice_lanes = "vector")]
mod block;
mod decided;
mod joint;
mod label_maps;
mod thresholded;

pub use argmax::{Argmax, ArgmaxOver};
pub use decided::DecidedClasses;
pub use label_maps::{LabelMaps, LabelValue};
pub use thresholded::Thresholded;
