//! From logits to probabilities: sigmoid and softmax, of `f32` and of 8-bit logits.
//!
//! | logits | one class, or independent ones | exclusive classes |
//! |---|---|---|
//! | `f32` | [`Sigmoid`], an element | [`Softmax`], [`crate::Columns`] |
//! | `f32`, on cores without float instructions | [`IntegerSigmoid`], an element | [`IntegerSoftmax`], [`crate::Columns`] |
//! | `i8`, `u8` | [`Tabled`], an element with a [`SigmoidTable`] | [`QuantizedSoftmax`] with a [`SoftmaxTable`] |
//!
//! The bits of each are the same on every target: those of the first and the last rest on the crate's own [`exp`], and the
//! second on integers. With the feature `micromath` there are `ApproximateSigmoid` and `ApproximateSoftmax` as well.
//! [`crate::docs::numerics`] compares their errors and costs.

#[cfg(feature = "micromath")]
mod approximate;
mod exp;
mod fixed;
// x86 takes columns in its lanes.
#[cfg(any(soft_dice_lanes = "runs", soft_dice_lanes = "neon"))]
mod float_sums;
mod integer_sigmoid;
mod integer_softmax;
mod lanes;
mod shares;
mod sigmoid;
mod softmax;
mod table_sums;

#[cfg(feature = "micromath")]
pub use approximate::{ApproximateSigmoid, ApproximateSoftmax, approximate_sigmoid};
pub use exp::{exp, ln, pow};
pub use integer_sigmoid::{IntegerSigmoid, integer_sigmoid};
pub use integer_softmax::IntegerSoftmax;
pub(crate) use lanes::Logistic;
pub use sigmoid::{Sigmoid, SigmoidTable, Tabled, sigmoid};
pub use softmax::{QuantizedSoftmax, Softmax, SoftmaxTable};
