//! What a pixel means, as plain data: no element, no loop, no lane.
//!
//! ```text
//! buffer    what holds pixels, and can be cut into rows
//! codes     raw memory of a prediction or soft map, and how its values become codes in [0, 1]
//! half      floats of 16 bits, as they lie in memory
//! labels    a map of labels whose values were compared with the classes
//! mask      a hard target: what a byte or a bit of it means, written once
//! region    which pixels count
//! pair      a prediction, a target and a region whose lengths were compared: made in one place
//! tally     what a sweep over a pair has found; which sums it was asked for
//! ```

mod buffer;
mod codes;
mod half;
mod labels;
mod mask;
mod pair;
mod region;
mod tally;

pub(crate) use buffer::side_by_side;
pub use buffer::{Buffer, Copied};
pub use codes::Channel;
pub(crate) use codes::{
    ByteCodes, ByteView, DUST_ABOVE, DUST_BELOW, Decoded, FloatView, ONE_BITS, Values, WordView, unsigned,
};
pub use half::{BF16Bits, F16Bits};
pub(crate) use labels::{Labels, Won};
pub use mask::{BitOrder, Bits, LsbFirst, MsbFirst};
pub(crate) use mask::{BitRun, ByteMask, Mark, Mask, Meaning, Shape};
pub(crate) use pair::{Pair, SPAN};
pub use region::Region;
pub(crate) use region::Within;
pub(crate) use tally::{Ask, Tally};
