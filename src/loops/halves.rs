//! 16-bit values that are no `i16` codes, against masks and each other: half floats, as the exact codes of 2⁻²⁴ that they are, and
//! codes of `u16`.
//!
//! ```text
//! for each vector:
//!     p, t = x · 2²⁴ of both sides, or the marks of a mask         whole numbers, at most 2²⁴; of u16 the codes themselves
//!     Σp, Σt += p, t;   Σpt += p·t, or p where the mask is 1       p·t is at most 2⁴⁸, and is added in 64 bits
//! ```
//!
//! **Overflow.** A lane of codes holds 255 of them: 4 · (`DRAIN` + 4) ≤ 255 vectors a block. One of products holds 2¹⁶, far more
//! than a block has vectors.

use super::marks::Marked;
use super::shapes::{OfShape, Runner, by_shape};
use super::sweep::{Job, Place, Swept, Turn, sweep};
use crate::lanes::{ByteLanes, FloatLanes, Lanes};
use crate::pixels::{Mask, Tally};
use core::marker::PhantomData;

const DRAIN: usize = 59;
const _: () = assert!(4 * (DRAIN + 4) <= 255);

/// How a value is read.
pub(crate) trait Kind: Copy {
    /// The code of 1.0: what is above it is out of range, and so is what was below 0, whose code as u32 is greater.
    const ONE: u32;
    /// Values may be out of range.
    const LOOKED_AT: bool;

    /// # Safety
    ///
    /// `from` points to LANES readable values; any alignment.
    unsafe fn codes<L: FloatLanes>(lanes: L, from: *const u16) -> L::U;
}

/// Half floats.
#[derive(Clone, Copy)]
pub(crate) struct HalfFloats;

impl Kind for HalfFloats {
    const ONE: u32 = 1 << 24;
    const LOOKED_AT: bool = true;

    #[inline(always)]
    unsafe fn codes<L: FloatLanes>(lanes: L, from: *const u16) -> L::U {
        // SAFETY: the caller promises the same.
        unsafe { lanes.halves(from) }
    }
}

/// Codes of all 16 bits.
#[derive(Clone, Copy)]
pub(crate) struct WholeWords;

impl Kind for WholeWords {
    const ONE: u32 = u16::MAX as u32;
    const LOOKED_AT: bool = false;

    #[inline(always)]
    unsafe fn codes<L: FloatLanes>(lanes: L, from: *const u16) -> L::U {
        // SAFETY: the caller promises the same.
        unsafe { lanes.whole_words(from) }
    }
}

/// Linear sums of 16-bit values against a mask, everywhere, up to the first block in which one is out of range. `None` where there are
/// no lanes, or the mask has no shape of its own.
///
/// # Safety
///
/// The mask holds as many pixels as the prediction.
pub(crate) unsafe fn against_mask<C: Kind, R: Runner>(p: &[u16], mask: &Mask<'_>) -> Option<Swept> {
    struct Against<'p, C, R>(&'p [u16], PhantomData<(C, R)>);

    impl<C: Kind, R: Runner> OfShape for Against<'_, C, R> {
        type Out = Swept;

        unsafe fn against<T: Marked>(self, target: T) -> Option<Swept> {
            // SAFETY: the caller promises the same.
            unsafe { R::run(HalfTurn { lanes: (), p: self.0, target: Hard(target), kind: PhantomData::<C> }) }
        }
    }

    // SAFETY: the caller promises the same.
    unsafe { by_shape(mask, Against::<C, R>(p, PhantomData)) }
}

/// The same against other such values.
pub(crate) fn against_halves<C: Kind, R: Runner>(p: &[u16], t: &[u16]) -> Option<Swept> {
    let t = t.get(..p.len())?;
    // SAFETY: both sides hold as many pixels.
    unsafe { R::run(HalfTurn { lanes: (), p, target: Soft::<C>(t.as_ptr(), PhantomData), kind: PhantomData::<C> }) }
}

/// The other side.
trait Partner: Copy {
    const HARD: bool = false;
    const KEEPS: bool = false;
    const CHECKS: bool = false;

    /// Codes of a soft map, the lanes of a mask's foreground and of what it keeps, and its broken bytes.
    ///
    /// # Safety
    ///
    /// `at + LANES` lies within the pixels.
    unsafe fn load<L: FloatLanes, const LAST: bool>(
        self,
        lanes: L,
        at: Place,
    ) -> (L::U, L::M, L::M, <L::Bytes as ByteLanes>::V);
}

#[derive(Clone, Copy)]
struct Hard<T>(T);

impl<T: Marked> Partner for Hard<T> {
    const HARD: bool = true;
    const KEEPS: bool = T::KEEPS;
    const CHECKS: bool = T::CHECKS;

    #[inline(always)]
    unsafe fn load<L: FloatLanes, const LAST: bool>(
        self,
        lanes: L,
        at: Place,
    ) -> (L::U, L::M, L::M, <L::Bytes as ByteLanes>::V) {
        let bytes = lanes.bytes();
        // SAFETY: the caller promises the same.
        let marks = unsafe { self.0.marks::<_, LAST>(bytes, at) };
        let ones = if T::BITS { lanes.mask_of_bits(marks.bits) } else { lanes.mask(marks.some) };
        (lanes.splat(0), ones, lanes.mask(marks.kept), marks.broken)
    }
}

#[derive(Clone, Copy)]
struct Soft<C>(*const u16, PhantomData<C>);

impl<C: Kind> Partner for Soft<C> {
    #[inline(always)]
    unsafe fn load<L: FloatLanes, const LAST: bool>(
        self,
        lanes: L,
        at: Place,
    ) -> (L::U, L::M, L::M, <L::Bytes as ByteLanes>::V) {
        let bytes = lanes.bytes();
        // SAFETY: the caller keeps at + LANES within the pixels.
        let codes = unsafe { C::codes(lanes, self.0.add(at.pixel())) };
        let all = lanes.mask(bytes.splat(0xFF));
        (codes, all, all, bytes.splat(0))
    }
}

#[derive(Clone, Copy)]
struct HalfTurn<'a, L, T, C> {
    lanes: L,
    p: &'a [u16],
    target: T,
    kind: PhantomData<C>,
}

impl<T: Partner, C: Kind> Job for HalfTurn<'_, (), T, C> {
    type Out = Swept;

    #[inline(always)]
    unsafe fn run<L: Lanes>(self, lanes: L) -> Swept {
        let turn = HalfTurn { lanes, p: self.p, target: self.target, kind: self.kind };
        if self.p.len() < <HalfTurn<'_, L, T, C> as Turn>::LANES {
            return Swept::NOTHING;
        }
        // SAFETY: both sides hold as many pixels, as the caller promises, and they fill a vector.
        unsafe { sweep(turn, self.p.len()) }
    }
}

#[derive(Clone, Copy)]
struct HalfAcc<U, D, B> {
    p: U,
    t: U,
    pt: U,
    products: D,
    kept: U,
    highest: U,
    broken: B,
}

impl<L: FloatLanes, T: Partner, C: Kind> Turn for HalfTurn<'_, L, T, C> {
    type Acc = HalfAcc<L::U, L::Wide, <L::Bytes as ByteLanes>::V>;
    type Out = Tally<u64>;
    const LANES: usize = <L::Bytes as ByteLanes>::LANES;
    const DRAIN: usize = DRAIN;
    const CHAINS: usize = if L::CHAINS > 2 { 2 } else { L::CHAINS };
    const STRIDE: usize = 64;
    const PROBE: usize = 16;

    #[inline(always)]
    fn zero(self) -> Self::Acc {
        let zero = self.lanes.splat(0);
        let broken = self.lanes.bytes().splat(0);
        HalfAcc { p: zero, t: zero, pt: zero, products: self.lanes.none_wide(), kept: zero, highest: zero, broken }
    }

    #[inline(always)]
    unsafe fn step<const CARE: u8, const LAST: bool>(self, mut acc: Self::Acc, at: Place, fresh: usize) -> Self::Acc {
        let (lanes, bytes) = (self.lanes, self.lanes.bytes());
        // SAFETY: the caller keeps at + LANES within the pixels.
        let (mut p, (mut t, mut ones, mut keep, mut broken)) =
            unsafe { (C::codes(lanes, self.p.as_ptr().add(at.pixel())), self.target.load::<L, LAST>(lanes, at)) };
        if C::LOOKED_AT {
            acc.highest = lanes.higher(acc.highest, if T::HARD { p } else { lanes.higher(p, t) });
        }
        if LAST {
            let last = bytes.last(fresh);
            keep = lanes.both_masks(keep, lanes.mask(last));
            broken = bytes.and(broken, last);
        }
        if LAST || T::KEEPS {
            (p, t) = (lanes.code_of(keep, p, lanes.splat(0)), lanes.code_of(keep, t, lanes.splat(0)));
            ones = lanes.both_masks(ones, keep);
            acc.kept = lanes.count(acc.kept, keep);
        }
        acc.p = lanes.add(acc.p, p);
        if T::HARD {
            acc.t = lanes.count(acc.t, ones);
            acc.pt = lanes.add_where(acc.pt, ones, p);
        } else {
            acc.t = lanes.add(acc.t, t);
            acc.products = lanes.add_long(acc.products, p, t);
        }
        if T::CHECKS {
            acc.broken = bytes.or(acc.broken, broken);
        }
        acc
    }

    #[inline(always)]
    fn both(self, a: Self::Acc, b: Self::Acc) -> Self::Acc {
        let lanes = self.lanes;
        HalfAcc {
            p: lanes.add(a.p, b.p),
            t: lanes.add(a.t, b.t),
            pt: lanes.add(a.pt, b.pt),
            products: lanes.both_wide(a.products, b.products),
            kept: lanes.add(a.kept, b.kept),
            highest: lanes.higher(a.highest, b.highest),
            broken: lanes.bytes().or(a.broken, b.broken),
        }
    }

    #[inline(always)]
    fn tripped<const CARE: u8>(self, acc: Self::Acc) -> bool {
        C::LOOKED_AT && self.lanes.above(acc.highest, C::ONE)
    }

    #[inline(always)]
    fn drain<const CARE: u8>(self, acc: Self::Acc, _: usize, pixels: usize) -> Tally<u64> {
        let lanes = self.lanes;
        let sum = |codes| lanes.total(codes, lanes.splat(0), 0);
        let kept = if T::KEEPS { sum(acc.kept) } else { pixels as u64 };
        Tally {
            kept,
            ignored: pixels as u64 - kept,
            broken: u64::from(T::CHECKS && lanes.bytes().any_above_one(acc.broken)),
            p: sum(acc.p),
            t: sum(acc.t),
            pt: if T::HARD { sum(acc.pt) } else { lanes.total_long(acc.products) },
            ..Tally::NONE
        }
    }
}
