#![doc = include_str!("../README.md")]
#![no_std]

#[cfg(any(test, soft_dice_backend = "named"))]
extern crate std;

pub mod activation;
pub mod classes;
pub mod coco;
pub mod confidence;
pub mod element;
mod error;
pub mod gradient;
mod hard;
#[allow(unsafe_code, reason = "the kernel alone: lanes and loads, each with its guard")]
#[doc(hidden)]
pub mod kernel;
pub mod monitor;
pub mod oracle;
pub mod presets;
mod reliability;
mod score;
mod stream;
pub mod sums;
pub mod target;
mod tiles;
mod unit;

pub use classes::{Argmax, Columns, Interleaved, Multiclass, Multilabel, OneHot, Planar, Planes};
pub use element::{Affine, Check, Checked, Element, F32, F32Fine, I8, Integer, Q15, Range, Trusted, U8, U8Affine, U16};
pub use error::Error;
pub use gradient::Gradient;
pub use hard::{Counts, Thresholded};
pub use kernel::backend;
pub use reliability::{Bin, Reliability};
pub use score::{
    Absent, Average, Cell, Empty, Focal, FrameScores, Frames, Generalised, LogScore, Mean, Pixels, Ratio, Reducer,
    Reduction, Score, Volume,
};
pub use stream::{Region, Rows, Stream};
pub use sums::{All, CAPACITY, Linear, Measured, Minima, Moments, Record, Squares, Sums};
pub use target::{
    BitOrder, Bits, Ignoring, Label, LsbFirst, MsbFirst, NonZero, Own, Soft, Target, Times, ZeroFull, ZeroOne,
};
pub use tiles::Tiles;
pub use unit::Unit;

// State goes from a thread to an interrupt, and lies in a `static` behind a lock: this fails to compile where it is not
// `Send`.
const _: () = {
    const fn state<T: Send>() {}
    state::<Stream<F32, Soft<F32>, All>>();
    state::<Frames<I8, Own>>();
    state::<Multiclass<[Sums<I8, Label>; 2]>>();
    state::<Multiclass<&mut [Sums<I8, Label>]>>();
    state::<Multilabel<[Sums<Q15, Soft<Q15>, Minima>; 2]>>();
    state::<(Argmax<2>, Thresholded, Tiles<[Sums<U8, NonZero>; 2]>, Reliability<U8, NonZero, 2>)>();
    state::<(coco::Cursors<'_, '_>, Gradient, gradient::Backward<'_>, FrameScores, Record)>();
    state::<(confidence::ClassConfidence<I8, 2>, confidence::Last<'_, F32>)>();
    state::<(monitor::Monitor, monitor::Watch<'_, I8>)>();
};
