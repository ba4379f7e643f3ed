//! Hard scores: of what a device shows, once every pixel is decided.
//!
//! One class is decided by a threshold ([`Thresholded`]), exclusive ones by the greatest channel ([`Argmax`]). Either
//! can be counted in the pass that takes the soft sums.

mod argmax;
mod thresholded;

pub use argmax::Argmax;
pub use thresholded::Thresholded;
