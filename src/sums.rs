//! Sums: what a stream keeps, how they merge, and how they travel.

use crate::element::Element;
use crate::error::Error;
use crate::num::sealed::Sealed;
use crate::num::{Acc, Unit};
use crate::pixels::{Ask, Tally};
use crate::target::Target;
use core::fmt::Debug;

/// Pixels that one set of sums can hold: ignored and invalid ones count too.
///
/// 2⁴⁰ pixels are 12 days of 1024² frames at 1 frame per second. Every sum has room for them: codes of at most 2²³ in
/// 64 bits, products of 8-bit codes (2¹⁶) and rounded ones (2²³) in 64 bits, all others in 128.
pub const CAPACITY: u64 = 1 << 40;

// The largest code in 64 bits is 1.0 of F32; the largest product in 128 is that of F32Fine and U16.
const _: () = assert!(CAPACITY <= u64::MAX >> 23 && CAPACITY <= (u128::MAX >> 64) as u64);

mod record;
mod state;

pub(crate) use record::Masked;
pub use record::{Measured, Record};
pub use state::{CLASSES, State};
pub(crate) use state::{merge, reset};

/// Which sums a stream keeps beside count, Σp, Σt and Σpt: you pay for what you ask.
pub trait Moments: Copy + Debug + PartialEq + Send + Sync + Sealed + 'static {
    /// What a sweep is asked for.
    #[doc(hidden)]
    const ASK: Ask;
    #[doc(hidden)]
    type Squares<A: Acc, B: Acc>: Store;
    #[doc(hidden)]
    type Minima<A: Acc, B: Acc>: Store;
}

/// Two sums, or no room at all.
#[doc(hidden)]
pub trait Store: Copy + Debug + PartialEq + Send + Sync + Sealed {
    const ZERO: Self;
    #[must_use]
    fn plus(self, a: u128, b: u128) -> Self;
    #[must_use]
    fn minus(self, a: u128, b: u128) -> Self;
    fn get(self) -> Option<(u128, u128)>;
}

impl Store for () {
    const ZERO: Self = ();

    fn plus(self, _: u128, _: u128) -> Self {}

    fn minus(self, _: u128, _: u128) -> Self {}

    fn get(self) -> Option<(u128, u128)> {
        None
    }
}

/// A sum for the prediction and one for the target.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Both<A, B> {
    a: A,
    b: B,
}

impl<A, B> Sealed for Both<A, B> {}
impl<A: Acc, B: Acc> Store for Both<A, B> {
    const ZERO: Self = Self { a: A::ZERO, b: B::ZERO };

    fn plus(self, a: u128, b: u128) -> Self {
        Self { a: self.a.plus(a), b: self.b.plus(b) }
    }

    fn minus(self, a: u128, b: u128) -> Self {
        Self { a: self.a.minus(a), b: self.b.minus(b) }
    }

    fn get(self) -> Option<(u128, u128)> {
        Some((self.a.into(), self.b.into()))
    }
}

/// Count, Σp, Σt and Σpt: enough for every linear score, and for the semimetric ones against a hard mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Linear;

/// And Σp², Σt²: squared (V-Net) scores, Brier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Squares;

/// And Σmin(p, t): semimetric scores of two soft maps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Minima;

/// All of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct All;

/// Σmin(p, t) in place of Σpt: what the agreement of two maps is made of. The record's Σpt means nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MinimaAlone;

impl Sealed for MinimaAlone {}
impl Moments for MinimaAlone {
    const ASK: Ask = Ask { products: false, squares: false, minima: true, decided: None };
    type Squares<A: Acc, B: Acc> = ();
    type Minima<A: Acc, B: Acc> = Both<A, B>;
}

impl Sealed for Linear {}
impl Moments for Linear {
    const ASK: Ask = Ask { products: true, squares: false, minima: false, decided: None };
    type Squares<A: Acc, B: Acc> = ();
    type Minima<A: Acc, B: Acc> = ();
}

impl Sealed for Squares {}
impl Moments for Squares {
    const ASK: Ask = Ask { products: true, squares: true, minima: false, decided: None };
    type Squares<A: Acc, B: Acc> = Both<A, B>;
    type Minima<A: Acc, B: Acc> = ();
}

impl Sealed for Minima {}
impl Moments for Minima {
    const ASK: Ask = Ask { products: true, squares: false, minima: true, decided: None };
    type Squares<A: Acc, B: Acc> = ();
    type Minima<A: Acc, B: Acc> = Both<A, B>;
}

impl Sealed for All {}
impl Moments for All {
    const ASK: Ask = Ask { products: true, squares: true, minima: true, decided: None };
    type Squares<A: Acc, B: Acc> = Both<A, B>;
    type Minima<A: Acc, B: Acc> = Both<A, B>;
}

/// The exact sums over the pixels so far: everything a score needs, mergeable in any order.
///
/// Sums are of codes (q − zero point), in the units of the two elements; `ignored` and `invalid` pixels are in none of
/// them and not in `count`. With [`Minima`], Σmin is kept as Σp where p ≤ t and Σt where p > t; for two elements of one
/// unit the first holds all of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sums<P: Element, T: Target<P>, M: Moments = Linear> {
    pub(crate) prediction: P,
    pub(crate) target: T,
    /// Pixels, whatever became of them.
    seen: u64,
    ignored: u64,
    invalid: u64,
    clamped: u64,
    p: P::Sum,
    t: T::Sum,
    pt: T::Product,
    squares: M::Squares<P::Square, T::Square>,
    minima: M::Minima<P::Sum, T::Sum>,
}

impl<P: Element, T: Target<P>, M: Moments> Sums<P, T, M> {
    /// No pixel yet.
    #[must_use]
    pub const fn new(prediction: P, target: T) -> Self {
        Self {
            prediction,
            target,
            seen: 0,
            ignored: 0,
            invalid: 0,
            clamped: 0,
            p: P::Sum::ZERO,
            t: T::Sum::ZERO,
            pt: T::Product::ZERO,
            squares: <M::Squares<P::Square, T::Square> as Store>::ZERO,
            minima: <M::Minima<P::Sum, T::Sum> as Store>::ZERO,
        }
    }

    /// What the prediction's codes denote.
    #[must_use]
    pub const fn prediction(&self) -> P {
        self.prediction
    }

    /// What the target's codes denote.
    #[must_use]
    pub const fn target(&self) -> T {
        self.target
    }

    /// Pixels in the sums.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.seen - self.ignored - self.invalid
    }

    /// Pixels left out: the ignore label, or outside the region of interest.
    #[must_use]
    pub const fn ignored(&self) -> u64 {
        self.ignored
    }

    /// Pixels left out because a value was not in \[0, 1\].
    #[must_use]
    pub const fn invalid(&self) -> u64 {
        self.invalid
    }

    /// Pixels in the sums, one of whose values was outside and read as the nearest inside.
    #[must_use]
    pub const fn clamped(&self) -> u64 {
        self.clamped
    }

    /// Σp, in [`Self::unit_p`].
    #[must_use]
    pub const fn p(&self) -> P::Sum {
        self.p
    }

    /// Σt, in [`Self::unit_t`].
    #[must_use]
    pub const fn t(&self) -> T::Sum {
        self.t
    }

    /// Σpt, in the product of the units; for two f32 maps rounded to their unit, pixel by pixel.
    #[must_use]
    pub const fn pt(&self) -> T::Product {
        self.pt
    }

    /// Σp² and Σt², if asked for: in the units squared, or rounded to the unit, pixel by pixel, for f32.
    #[must_use]
    pub fn squares(&self) -> Option<(u128, u128)> {
        self.squares.get()
    }

    /// Σp where p ≤ t and Σt where p > t, if asked for (for a hard target always: there Σmin = Σpt).
    #[must_use]
    pub fn minima(&self) -> Option<(u128, u128)> {
        if T::HARD { Some((self.pt.into(), 0)) } else { self.minima.get() }
    }

    /// The value of one code of p.
    #[must_use]
    pub fn unit_p(&self) -> Unit {
        self.prediction.unit()
    }

    /// The value of one code of t.
    #[must_use]
    pub fn unit_t(&self) -> Unit {
        self.target.unit()
    }

    /// Pixels seen, whatever became of them.
    #[must_use]
    pub const fn seen(&self) -> u64 {
        self.seen
    }

    /// Adds the sums of other pixels of the same map, or of another of the same kind.
    ///
    /// # Errors
    ///
    /// [`Error::Mismatch`] if units or zero points differ, [`Error::Capacity`] if the pixels do not fit. Both leave the
    /// sums as they were.
    pub fn merge(&mut self, other: &Self) -> Result<(), Error> {
        let alike = self.unit_p() == other.unit_p()
            && self.unit_t() == other.unit_t()
            && self.prediction.zero_point() == other.prediction.zero_point()
            && self.target.zero_point() == other.target.zero_point();
        if !alike {
            return Err(Error::Mismatch);
        }
        self.room(other.seen())?;
        self.seen += other.seen;
        self.ignored += other.ignored;
        self.invalid += other.invalid;
        self.clamped += other.clamped;
        self.p = self.p.plus(other.p.into());
        self.t = self.t.plus(other.t.into());
        self.pt = self.pt.plus(other.pt.into());
        if let Some((a, b)) = other.squares.get() {
            self.squares = self.squares.plus(a, b);
        }
        if let Some((a, b)) = other.minima.get() {
            self.minima = self.minima.plus(a, b);
        }
        Ok(())
    }

    /// Whether `pixels` more fit.
    pub(crate) fn room(&self, pixels: u64) -> Result<(), Error> {
        if pixels > CAPACITY - self.seen { Err(Error::Capacity) } else { Ok(()) }
    }

    /// Adds what a sweep found. The caller has asked for [`Self::room`].
    #[inline(always)]
    pub(crate) fn add<A: Acc>(&mut self, tally: &Tally<A>) {
        self.seen += tally.kept + tally.ignored + tally.invalid;
        self.ignored += tally.ignored;
        self.invalid += tally.invalid;
        self.clamped += tally.clamped;
        self.p = self.p.plus(tally.p.into());
        self.t = self.t.plus(tally.t.into());
        self.pt = self.pt.plus(tally.pt.into());
        self.squares = self.squares.plus(tally.pp.into(), tally.tt.into());
        self.minima = self.minima.plus(tally.min_p.into(), tally.min_t.into());
    }

    /// What a sweep found, in place of all before: nothing is written twice.
    #[inline(always)]
    pub(crate) fn begin(&mut self, tally: &Tally<u64>) {
        self.seen = tally.kept + tally.ignored + tally.invalid;
        self.ignored = tally.ignored;
        self.invalid = tally.invalid;
        self.clamped = tally.clamped;
        self.p = P::Sum::from(tally.p);
        self.t = T::Sum::from(tally.t);
        self.pt = T::Product::from(tally.pt);
        self.squares = <M::Squares<P::Square, T::Square> as Store>::ZERO.plus(tally.pp.into(), tally.tt.into());
        self.minima = <M::Minima<P::Sum, T::Sum> as Store>::ZERO.plus(tally.min_p.into(), tally.min_t.into());
    }

    /// Takes off what [`Self::add`] added: exactly, for every sum is of integers.
    pub(crate) fn remove<A: Acc>(&mut self, tally: &Tally<A>) {
        self.seen -= tally.kept + tally.ignored + tally.invalid;
        self.ignored -= tally.ignored;
        self.invalid -= tally.invalid;
        self.clamped -= tally.clamped;
        self.p = self.p.minus(tally.p.into());
        self.t = self.t.minus(tally.t.into());
        self.pt = self.pt.minus(tally.pt.into());
        self.squares = self.squares.minus(tally.pp.into(), tally.tt.into());
        self.minima = self.minima.minus(tally.min_p.into(), tally.min_t.into());
    }
}
