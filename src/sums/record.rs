use super::{CAPACITY, Moments, Sums};
use crate::element::Element;
use crate::error::Error;
use crate::num::Unit;
use crate::pixels::Tally;
use crate::target::Target;

/// Sums as they travel: plain numbers with the units that give them meaning, whatever elements they came from.
///
/// Records of one `unit_p`, `unit_t`, `zero_point_p`, `zero_point_t` and `rounded` add up field by field: the sums of a
/// fleet are a plain `SUM` over its records, grouped by those. Every number is an exact integer; readers that keep
/// numbers in an f64 (JavaScript, most JSON tools) are exact only up to 2⁵³, which Σpt of 8-bit codes reaches after
/// 1.4 · 10¹¹ pixels and of `F32` after 10⁹: read them as integers, or as decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Record {
    /// [`Record::VERSION`] of the writer.
    pub version: u16,
    /// The value of one code of p.
    pub unit_p: Unit,
    /// The value of one code of t.
    pub unit_t: Unit,
    /// The raw code of p that denotes 0 (taken off before the sum).
    pub zero_point_p: i32,
    /// The raw code of t that denotes 0.
    pub zero_point_t: i32,
    /// What was rounded to its unit, pixel by pixel: 1 Σpt, 2 Σp², 4 Σt². All else is exact.
    pub rounded: u8,
    /// Every target was 0 or 1.
    pub hard: bool,
    /// Pixels in the sums.
    pub count: u64,
    /// Pixels left out by label or region.
    pub ignored: u64,
    /// Pixels left out because a value was not in \[0, 1\].
    pub invalid: u64,
    /// Pixels in the sums with a value read as the nearest inside \[0, 1\].
    pub clamped: u64,
    /// Σp.
    pub p: u128,
    /// Σt.
    pub t: u128,
    /// Σpt.
    pub pt: u128,
    /// Σp² and Σt².
    pub squares: Option<(u128, u128)>,
    /// Σp where p ≤ t, and Σt where p > t.
    pub minima: Option<(u128, u128)>,
}

/// Anything a [`crate::Score`] can be taken of.
pub trait Measured {
    /// The sums as plain numbers.
    fn record(&self) -> Record;

    /// Σpt, Σp and Σt in one unit, each below 2⁶⁰, where that takes no more than 64 bits: short code on a device.
    #[doc(hidden)]
    #[inline(always)]
    fn narrow(&self) -> Option<[u64; 3]> {
        None
    }

    /// The sums against a mask in their own units, where 64 bits hold each: little more code, for any unit.
    #[doc(hidden)]
    #[inline(always)]
    fn masked(&self) -> Option<Masked> {
        None
    }
}

/// Sums against a mask, each in 64 bits: codes are at most 2²³.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Masked {
    /// Σpt and Σp, of codes of `unit`.
    pub pt: u64,
    pub p: u64,
    /// Pixels of the mask, at most [`CAPACITY`].
    pub t: u64,
    pub unit: Unit,
}

impl Measured for Record {
    #[inline(always)]
    fn record(&self) -> Record {
        *self
    }
}

impl<P: Element, T: Target<P>, M: Moments> Measured for Sums<P, T, M> {
    #[inline(always)]
    fn record(&self) -> Record {
        Record {
            version: Record::VERSION,
            unit_p: self.unit_p(),
            unit_t: self.unit_t(),
            zero_point_p: self.prediction.zero_point(),
            zero_point_t: self.target.zero_point(),
            rounded: u8::from(T::ROUNDED)
                + if P::ROUNDED { Record::ROUNDED_PP } else { 0 }
                + if T::ROUNDED_SQUARES { Record::ROUNDED_TT } else { 0 },
            hard: T::HARD,
            count: self.count(),
            ignored: self.ignored,
            invalid: self.invalid,
            clamped: self.clamped,
            p: self.p.into(),
            t: self.t.into(),
            pt: self.pt.into(),
            squares: self.squares(),
            minima: self.minima(),
        }
    }

    #[inline(always)]
    fn narrow(&self) -> Option<[u64; 3]> {
        let Masked { pt, p, t, unit } = self.masked()?;
        // The code of 1.0 in the unit of the prediction, by which Σt has to be multiplied. No sum is beyond its capacity, so
        // that the bits of a code alone say whether 64 bits hold all three. Where the unit is a constant the compiler decides it,
        // and the other ways are not linked.
        let one = u64::from(unit.div) << (unit.shift & 31);
        let fits = unit.mul == 1 && P::BITS <= 20 && unit.shift <= 20 && one <= 1 << 20;
        fits.then_some([pt, p, t.wrapping_mul(one)])
    }

    #[inline(always)]
    fn masked(&self) -> Option<Masked> {
        let [pt, p, t]: [u128; 3] = [self.pt.into(), self.p.into(), self.t.into()];
        let masked = Masked { pt: pt as u64, p: p as u64, t: t as u64, unit: self.unit_p() };
        (T::HARD && P::BITS <= 23).then_some(masked)
    }
}

/// As their [`Record`].
#[cfg(feature = "defmt")]
impl<P: Element, T: Target<P>, M: Moments> defmt::Format for Sums<P, T, M> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{}", self.record());
    }
}

impl Record {
    /// The format that this crate writes and reads.
    pub const VERSION: u16 = 1;
    pub(crate) const ROUNDED_PT: u8 = 1;
    pub(crate) const ROUNDED_PP: u8 = 2;
    pub(crate) const ROUNDED_TT: u8 = 4;

    /// Whether its units are some: a record may come from anywhere.
    pub(crate) const fn known(&self) -> Result<(), Error> {
        match (self.unit_p.checked(), self.unit_t.checked()) {
            (Ok(_), Ok(_)) => Ok(()),
            (Err(error), _) | (_, Err(error)) => Err(error),
        }
    }

    /// Adds another record of the same kind.
    ///
    /// # Errors
    ///
    /// [`Error::Version`], [`Error::Scale`] if a unit is none, [`Error::Mismatch`] if units, zero points, rounding or the sums kept differ, or
    /// [`Error::Capacity`]; the record is as it was.
    pub fn merge(&mut self, other: &Self) -> Result<(), Error> {
        if self.version != Self::VERSION || other.version != Self::VERSION {
            return Err(Error::Version);
        }
        self.known()?;
        other.known()?;
        let kind = |r: &Self| {
            let kept = (r.squares.is_some(), r.minima.is_some());
            (r.unit_p, r.unit_t, r.zero_point_p, r.zero_point_t, r.rounded, r.hard, kept)
        };
        if kind(self) != kind(other) {
            return Err(Error::Mismatch);
        }
        let sum = Self {
            count: add(self.count, other.count)?,
            ignored: add(self.ignored, other.ignored)?,
            invalid: add(self.invalid, other.invalid)?,
            clamped: add(self.clamped, other.clamped)?,
            p: add_wide(self.p, other.p)?,
            t: add_wide(self.t, other.t)?,
            pt: add_wide(self.pt, other.pt)?,
            squares: add_pairs(self.squares, other.squares)?,
            minima: add_pairs(self.minima, other.minima)?,
            ..*self
        };
        if add(add(sum.count, sum.ignored)?, sum.invalid)? > CAPACITY {
            return Err(Error::Capacity);
        }
        *self = sum;
        Ok(())
    }
}

// A record may come from anywhere, so its numbers may be anything.

fn add(a: u64, b: u64) -> Result<u64, Error> {
    a.checked_add(b).ok_or(Error::Capacity)
}

fn add_wide(a: u128, b: u128) -> Result<u128, Error> {
    a.checked_add(b).ok_or(Error::Capacity)
}

fn add_pairs(a: Option<(u128, u128)>, b: Option<(u128, u128)>) -> Result<Option<(u128, u128)>, Error> {
    match (a, b) {
        (Some((a, c)), Some((b, d))) => Ok(Some((add_wide(a, b)?, add_wide(c, d)?))),
        _ => Ok(None),
    }
}

impl<P: Element, T: Target<P>, M: Moments> Sums<P, T, M> {
    /// The sums of a record, for a stream of this kind to go on from: after a reset, or from another device.
    ///
    /// # Errors
    ///
    /// [`Error::Version`], [`Error::Scale`], [`Error::Mismatch`] if it is of another kind, [`Error::Capacity`] if it holds more than sums
    /// can.
    pub fn from_record(prediction: P, target: T, record: &Record) -> Result<Self, Error> {
        let mut sums = Self::new(prediction, target);
        // Merging the record into that of empty sums compares version, units, kind and capacity.
        sums.record().merge(record)?;
        sums.add(&Tally {
            kept: record.count,
            ignored: record.ignored,
            invalid: record.invalid,
            clamped: record.clamped,
            broken: 0,
            p: record.p,
            t: record.t,
            pt: record.pt,
            pp: record.squares.map_or(0, |(pp, _)| pp),
            tt: record.squares.map_or(0, |(_, tt)| tt),
            min_p: record.minima.map_or(0, |(p, _)| p),
            min_t: record.minima.map_or(0, |(_, t)| t),
        });
        // A number of the record that does not fit its sum was cut off when it was added, and shows as a difference.
        if sums.record() == *record { Ok(sums) } else { Err(Error::Capacity) }
    }
}
