//! Numbers that know no pixel: units of codes, and accumulators.

mod accumulator;
mod unit;

pub use accumulator::Acc;
pub(crate) use accumulator::sealed;
pub use unit::Unit;
