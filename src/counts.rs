use crate::error::Error;
use crate::num::Unit;
use crate::sums::{CAPACITY, Measured, Record};

/// Pixels of one class in two hard maps: predicted, labelled, and both.
///
/// A [`crate::Score`] can be taken of it: the hard Dice, the hard Jaccard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Counts {
    /// Pixels where this class wins, or the threshold is reached.
    pub p: u64,
    /// Pixels that bear its label, or lie in the mask.
    pub t: u64,
    /// Pixels where both hold.
    pub pt: u64,
    count: u64,
    ignored: u64,
    invalid: u64,
}

impl Counts {
    /// Of no pixel: a constant, for counts in a `static`.
    pub const NONE: Self = Self { p: 0, t: 0, pt: 0, count: 0, ignored: 0, invalid: 0 };

    /// Pixels looked at, those that were left out among them.
    pub(crate) const fn seen(&self) -> u64 {
        self.count + self.ignored + self.invalid
    }

    /// [`Error::Capacity`] unless so many pixels more can be counted.
    pub(crate) const fn room(&self, pixels: u64) -> Result<(), Error> {
        if pixels > CAPACITY - self.seen() { Err(Error::Capacity) } else { Ok(()) }
    }

    pub(crate) const fn pixels(&mut self, count: u64, ignored: u64, invalid: u64) {
        self.count += count;
        self.ignored += ignored;
        self.invalid += invalid;
    }

    /// Those of other pixels; there is room.
    pub(crate) const fn add(&mut self, other: &Self) {
        self.p += other.p;
        self.t += other.t;
        self.pt += other.pt;
        self.pixels(other.count, other.ignored, other.invalid);
    }
}

impl Measured for Counts {
    fn record(&self) -> Record {
        let [p, t, pt] = [self.p, self.t, self.pt].map(u128::from);
        Record {
            version: Record::VERSION,
            unit_p: Unit::ONE,
            unit_t: Unit::ONE,
            zero_point_p: 0,
            zero_point_t: 0,
            rounded: 0,
            hard: true,
            count: self.count,
            ignored: self.ignored,
            invalid: self.invalid,
            clamped: 0,
            p,
            t,
            pt,
            squares: Some((p, t)),
            minima: Some((pt, 0)),
        }
    }
}
