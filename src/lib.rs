//!
#![doc = include_str!("../docs/links.md")]
#![doc = include_str!("../README.md")]
#![no_std]

#[cfg(test)]
extern crate std;

pub mod activation;
mod bit_stream;
pub mod classes;
pub mod coco;
mod columns;
pub mod confidence;
#[cfg(soft_dice_lanes = "runs")]
#[allow(unsafe_code, reason = "loops over raw pointers, each with its guard")]
mod cores;
mod counts;
pub mod docs;
pub mod element;
mod error;
pub mod gradient;
mod hard;
pub mod histogram;
#[allow(unsafe_code, reason = "the door: it promises the loops what a pair has compared")]
mod kernel;
#[allow(unsafe_code, reason = "lane operations and loads, each with its guard")]
mod lanes;
#[allow(unsafe_code, reason = "loads within what a pair has compared")]
mod loops;
pub mod monitor;
mod num;
pub mod oracle;
#[allow(unsafe_code, reason = "bytes of i8 codes and bits of half floats as they lie in memory")]
mod pixels;
mod plain;
mod popcount;
pub mod presets;
mod reliability;
mod score;
mod stream;
pub mod sums;
pub mod target;
mod tiles;

pub use bit_stream::BitStream;
pub use classes::{Multiclass, Multilabel};
pub use columns::{Columns, Interleaved, OneHot, Planar, Planes};
pub use counts::Counts;
pub use element::{
    Affine, BF16, Check, Checked, Element, F16, F32, F32Fine, I8, Integer, Mask01, Mask255, Q15, Range, Times, Trusted,
    U8, U8Affine, U16,
};
pub use error::Error;
pub use gradient::Gradient;
pub use hard::{Argmax, ArgmaxOver, DecidedClasses, LabelMaps, LabelValue, Thresholded};
pub use kernel::{Backend, backend};
pub use num::{Acc, Unit};
pub use pixels::{BF16Bits, BitOrder, Bits, Channel, F16Bits, LsbFirst, MsbFirst, Region};
pub use reliability::{Bin, Reliability};
pub use score::{
    Absent, Average, Cell, Empty, Focal, FrameScores, Frames, Generalised, LogScore, Mean, Pixels, Ratio, Reducer,
    Reduction, Score, Volume,
};
pub use stream::{Rows, Stream};
pub use sums::{All, CAPACITY, Linear, Measured, Minima, Moments, Record, Squares, Sums};
pub use target::{HardTarget, Ignoring, Label, NonZero, Own, PackedTarget, Soft, Target, ZeroFull, ZeroOne};
pub use tiles::Tiles;

// What must not compile, each beside its twin that does: programs of documentation, which only its tests see.
#[cfg(doctest)]
#[doc = include_str!("../tests/sealed.md")]
mod sealed {}

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
    state::<(monitor::Monitor, monitor::Watch<'_, I8>, monitor::Watch<'_, I8, 32, [i8; 4]>)>();
};
