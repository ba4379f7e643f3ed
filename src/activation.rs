//! From logits to probabilities: sigmoid and softmax, of `f32` and of 8-bit logits.
//!
//! | logits | one class, or independent ones | exclusive classes |
//! |---|---|---|
//! | `f32` | [`Sigmoid`], an element | [`Softmax`], [`crate::Columns`] |
//! | `i8`, `u8` | [`Tabled`], an element with a [`SigmoidTable`] | [`QuantizedSoftmax`] with a [`SoftmaxTable`] |
//!
//! All rest on the crate's own [`exp`], whose bits are the same on every target; so are theirs.

mod exp;
mod lanes;
mod sigmoid;
mod softmax;

pub use exp::{exp, ln, pow};
pub(crate) use lanes::Logistic;
pub use sigmoid::{Sigmoid, SigmoidTable, Tabled, sigmoid};
pub use softmax::{QuantizedSoftmax, Softmax, SoftmaxTable};
