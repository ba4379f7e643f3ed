//! Histograms of 8-bit maps: one small table from which every score follows that (code, target) pairs alone decide.
//!
//! An 8-bit map has 256 codes. How often each occurs, under target 0 and under target 1, is all that a soft score against a hard
//! target can know; three sums are less. So one pass with a [`Histogram`] answers afterwards what else would take a pass each:
//!
//! | question | call |
//! |---|---|
//! | soft Dice, Jaccard, Tversky, linear, squared or semimetric | any [`crate::Score`] of the histogram, which is [`crate::Measured`] |
//! | hard Dice at a threshold, at every threshold, at the best one | [`Histogram::at_least`], [`Histogram::cuts`], [`Histogram::best`] |
//! | cross-entropy, and of many classes | [`Histogram::cross_entropy`], [`cross_entropy`] |
//! | Brier score | [`Histogram::brier`] |
//! | reliability bins, expected calibration error | [`Histogram::reliability`] |
//! | area under the ROC curve, average precision | [`Histogram::roc_area`], [`Histogram::average_precision`] |
//! | Soft Dice Confidence at a threshold, at every threshold (no target) | [`CodeCounts::own`], [`CodeCounts::own_cuts`] |
//! | how far two maps' outputs lie apart (no target) | [`CodeCounts::l1`], [`CodeCounts::jensen_shannon`] |
//!
//! **What cannot be asked.** A score against a *soft* target is no function of these counts: so a histogram takes a
//! [`HardTarget`](crate::HardTarget) and nothing else, and [`CodeCounts`], which has no target, is no [`crate::Measured`]. Nor is
//! one of 16-bit codes or floats made: [`EightBit`] elements alone have 256 codes.
//!
//! **Memory and limits.** A counter has 32 bits, unless 64 are asked for as the last type parameter:
//!
//! | | counters of `u32` | counters of `u64` |
//! |---|---|---|
//! | [`CodeCounts`], a class without target | 1 KiB | 2 KiB |
//! | [`Histogram`], a class with target | 2 KiB | 4 KiB |
//! | pixels that fit ([`Error::Capacity`](crate::Error::Capacity) beyond) | 2³² − 1 | 2⁴⁰ ([`crate::CAPACITY`]) |
//!
//! Beside them lie some tens of bytes: the element, the target, and how many pixels were seen. Counts are exact, so that any
//! chunking and any order of merges give the same bits. On a host a call of 4096 pixels or more also takes 12 KiB of stack for
//! tables that do not wait for each other; on a microcontroller it counts in place.
//!
//! **Rounding.** Counts, sums and [`Ratio`](crate::Ratio)s are exact. What is an `f64` is a sum of at most 512 terms, each rounded a few
//! times: Brier, cross-entropy and average precision, whose terms have one sign, are within 600 ulp of the exact value, the
//! Jensen–Shannon divergence within 10⁻¹³. `tests/histogram.rs` compares all with loops over pixels, and allows those theirs.

mod against;
mod cells;
mod channels;
mod codes;
mod counter;
mod cuts;
mod distances;
mod entropy;
mod logarithm;
mod pass;
mod quality;

pub use crate::element::EightBit;
pub use against::Histogram;
pub use channels::{count_channels, count_classes};
pub use codes::CodeCounts;
pub use counter::Counter;
pub use cuts::{Best, Cut};
pub use entropy::{Clamp, cross_entropy};
