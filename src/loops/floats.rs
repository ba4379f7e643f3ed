//! The float family: f32 as Q0.23 codes against masks, labels, bits and each other.
//!
//! `x + 1.0`, and the fused `x·y + 1.0`, leave RNE(x · 2²³) in the mantissa; raw bits are added as integers modulo 2³²,
//! and the bias of their exponents comes off once a block.
//!
//! **Overflow.** A code is at most 2²³, so a lane holds 511 of them: 4 · (`DRAIN` + 4) ≤ 511 vectors a block.

use super::family::{ANY, BESIDE, Beside, COMMON, Hard, LINEAR, Map, PLAIN, View, decided, family, minima, squares};
use super::marks::{All, Keep, Marked, Marks};
use super::short::short_sweep;
use super::sweep::{CAREFUL, DUSTY, Place, Swept, Turn, sweep};
use super::twice::Twice;
use crate::lanes::{ByteLanes, FloatLanes, Lanes};
use crate::pixels::{DUST_ABOVE, DUST_BELOW, FloatView, ONE_BITS, Tally};

family!(
    /// Values that are not looked at, or those that are.
    Floats, FloatView, FloatTurn, even: false, moves: false,
    |floats, _flip| FloatView { floats, clamp: false, checked: true }
);

const DRAIN: usize = 120;
const _: () = assert!(4 * (DRAIN + 4) <= 511);

/// A float is in range, or rounding dust beside it, exactly where its bits after the addition of `DUST_BELOW`, read as a
/// `u32`, are at most these: a float further above 1 has greater bits, and one further below 0 stays negative, so that its
/// sign bit makes them greater than those of any positive float.
const LIFTED: u32 = (DUST_ABOVE + DUST_BELOW).to_bits();
const _: () = assert!((f32::from_bits(DUST_ABOVE.to_bits() + 1) + DUST_BELOW).to_bits() > LIFTED);

/// The other side of a turn.
trait Partner: Beside {
    /// Values as they lie in memory; +0.0 where hard.
    ///
    /// # Safety
    ///
    /// `at + LANES` lies within the pixels.
    unsafe fn values<L: FloatLanes>(self, lanes: L, at: Place) -> L::F;

    /// The marks of a mask; all kept where soft.
    ///
    /// # Safety
    ///
    /// As `values`.
    unsafe fn marks<B: ByteLanes, const LAST: bool>(self, bytes: B, at: Place) -> Marks<B::V>;

    /// From these bits on a prediction is in its own mask, if that is the target.
    fn own(self) -> Option<u32>;

    fn clamps(self) -> bool;
}

impl<T: Marked> Partner for Hard<T> {
    #[inline(always)]
    unsafe fn values<L: FloatLanes>(self, lanes: L, _: Place) -> L::F {
        lanes.zero()
    }

    #[inline(always)]
    unsafe fn marks<B: ByteLanes, const LAST: bool>(self, bytes: B, at: Place) -> Marks<B::V> {
        // SAFETY: the caller promises the same.
        unsafe { self.0.marks::<_, LAST>(bytes, at) }
    }

    fn own(self) -> Option<u32> {
        self.0.own()
    }

    fn clamps(self) -> bool {
        false
    }
}

impl Partner for Map<FloatView<'_>> {
    #[inline(always)]
    unsafe fn values<L: FloatLanes>(self, lanes: L, at: Place) -> L::F {
        // SAFETY: the caller keeps at + LANES within the pixels.
        unsafe { lanes.load(self.0.floats.as_ptr().add(at.pixel())) }
    }

    #[inline(always)]
    unsafe fn marks<B: ByteLanes, const LAST: bool>(self, bytes: B, _: Place) -> Marks<B::V> {
        Marks::of(bytes, bytes.splat(0))
    }

    fn own(self) -> Option<u32> {
        None
    }

    fn clamps(self) -> bool {
        self.0.clamp
    }
}

#[derive(Clone, Copy)]
struct FloatTurn<'a, L, T, K, const SUMS: u8, const HOW: u8> {
    lanes: L,
    p: FloatView<'a>,
    target: T,
    keep: K,
    /// From these bits on a prediction is decided to be 1, where sums are of decisions.
    cut: u32,
}

/// Sums of one chain. A field that the pair does not need is never written, so that the optimiser removes it.
#[derive(Clone, Copy)]
struct FloatAcc<U, C, B> {
    p: U,
    /// Codes, or pixels of a mask.
    t: U,
    pt: U,
    pp: U,
    tt: U,
    min: U,
    kept: U,
    /// Pixels in the region, valid or not; looked at under care.
    region: U,
    clamped: U,
    highest: U,
    /// What reaches the cut, and of that what is in the mask: beside linear sums.
    reached: C,
    reached_marked: C,
    broken: B,
}

impl<L: FloatLanes, T: Partner, K: Keep, const SUMS: u8, const HOW: u8> Turn for FloatTurn<'_, L, T, K, SUMS, HOW> {
    type Acc = FloatAcc<L::U, L::Chosen, <L::Bytes as ByteLanes>::V>;
    type Out = Tally<u64>;
    const LANES: usize = <L::Bytes as ByteLanes>::LANES;
    const DRAIN: usize = DRAIN;
    /// A careful step is long enough to hide the latency of an addition by itself.
    const CHAINS: usize = if HOW == ANY && !K::ALL { 1 } else { L::CHAINS };
    const STRIDE: usize = 64;
    const PROBE: usize = 16;
    /// Quick sweeps of decided and of squared sums do not mend rounding dust: they leave it to the careful sweep.
    const DUST: bool = HOW == ANY || HOW != PLAIN && SUMS == LINEAR;
    const CARE: bool = HOW == ANY;

    #[inline(always)]
    fn zero(self) -> Self::Acc {
        let u = self.lanes.splat(0);
        FloatAcc {
            p: u,
            t: u,
            pt: u,
            pp: u,
            tt: u,
            min: u,
            kept: u,
            region: u,
            clamped: u,
            highest: u,
            reached: self.lanes.none_chosen(),
            reached_marked: self.lanes.none_chosen(),
            broken: self.lanes.bytes().splat(0),
        }
    }

    #[inline(always)]
    unsafe fn step<const CARE: u8, const LAST: bool>(self, mut acc: Self::Acc, at: Place, fresh: usize) -> Self::Acc {
        let lanes = self.lanes;
        let bytes = lanes.bytes();
        // SAFETY: the caller keeps at + LANES within the pixels.
        let mut p = unsafe { lanes.load(self.p.floats.as_ptr().add(at.pixel())) };
        // SAFETY: as above.
        let mut t = unsafe { self.target.values(lanes, at) };
        // SAFETY: as above.
        let marks = unsafe { self.target.marks::<_, LAST>(bytes, at) };
        let mut ones = if T::BITS { lanes.mask_of_bits(marks.bits) } else { lanes.mask(marks.some) };
        let mut broken = marks.broken;
        if HOW != PLAIN && CARE != CAREFUL && SUMS != BESIDE {
            let seen = |x| if CARE == DUSTY { lanes.lift(x) } else { x };
            acc.highest = lanes.highest(acc.highest, seen(p));
            if !T::HARD {
                acc.highest = lanes.highest(acc.highest, seen(t));
            }
        }
        if HOW != PLAIN && CARE == DUSTY {
            p = lanes.bound(p);
            t = lanes.bound(t);
        }
        let mut keep = lanes.mask(bytes.splat(1));
        if LAST || !K::ALL || T::KEEPS {
            // SAFETY: as above.
            let mut region = bytes.and(marks.kept, unsafe { self.keep.kept::<_, LAST>(bytes, at) });
            if LAST {
                region = bytes.and(region, bytes.last(fresh));
            }
            broken = bytes.and(broken, region);
            keep = lanes.mask(region);
        }
        if HOW != PLAIN && CARE == CAREFUL {
            let region = keep;
            // A side that clamps keeps every number; any other keeps values in [0, 1] and rounding dust beside it.
            let valid = |keep, x, clamps: bool| if clamps { lanes.number(keep, x) } else { lanes.near(keep, x) };
            keep = valid(keep, p, self.p.clamp);
            let near = lanes.near(keep, p);
            let mut within = near;
            if !T::HARD {
                keep = valid(keep, t, self.target.clamps());
                within = lanes.near(near, t);
            }
            // Clamped are those that are kept and not within [0, 1] on both sides: 1 is added for each that is kept, and
            // taken off again (u32::MAX is −1) for each that is within as well.
            acc.clamped = lanes.count(acc.clamped, keep);
            acc.clamped = lanes.add_where(acc.clamped, lanes.both_masks(keep, within), lanes.splat(u32::MAX));
            p = lanes.only(lanes.bound(p), keep);
            if !T::HARD {
                t = lanes.only(lanes.bound(t), keep);
            }
            if LAST || !K::ALL || T::KEEPS {
                acc.region = lanes.count(acc.region, region);
            }
        } else if LAST || !K::ALL || T::KEEPS {
            p = lanes.only(p, keep);
            t = lanes.only(t, keep);
        }
        // Under `Trusted` a −0.0 may be left, whose bits are greater than any cut: bounded, it is +0.0.
        let cut = |at| lanes.reached(if HOW == PLAIN { lanes.bound(p) } else { p }, at);
        if let Some(own) = self.target.own() {
            ones = cut(own);
        }
        if LAST || !K::ALL || T::KEEPS || CARE == CAREFUL {
            ones = lanes.both_masks(ones, keep);
            acc.kept = lanes.count(acc.kept, keep);
        }
        let code = lanes.code(p);
        if decided(SUMS) {
            // A lane that is blanked holds 0, which would reach a threshold of 0: so `keep` decides too.
            let decided = lanes.both_masks(cut(self.cut), keep);
            if SUMS == BESIDE {
                acc.reached = lanes.choose(acc.reached, decided);
                acc.reached_marked = lanes.choose_both(acc.reached_marked, ones, decided);
                return acc;
            }
            acc.p = lanes.count(acc.p, decided);
            acc.t = lanes.count(acc.t, ones);
            acc.pt = lanes.count(acc.pt, lanes.both_masks(ones, decided));
        } else if T::HARD {
            acc.p = lanes.add(acc.p, code);
            acc.t = lanes.count(acc.t, ones);
            acc.pt = lanes.add_where(acc.pt, ones, code);
        } else {
            let other = lanes.code(t);
            acc.p = lanes.add(acc.p, code);
            acc.t = lanes.add(acc.t, other);
            acc.pt = lanes.add(acc.pt, lanes.product(p, t));
            if minima(SUMS) {
                acc.min = lanes.add(acc.min, lanes.min(code, other));
            }
            if squares(SUMS) {
                acc.tt = lanes.add(acc.tt, lanes.product(t, t));
            }
        }
        if squares(SUMS) {
            acc.pp = lanes.add(acc.pp, lanes.product(p, p));
        }
        if T::CHECKS {
            acc.broken = bytes.or(acc.broken, broken);
        }
        acc
    }

    #[inline(always)]
    fn both(self, a: Self::Acc, b: Self::Acc) -> Self::Acc {
        let lanes = self.lanes;
        FloatAcc {
            p: lanes.add(a.p, b.p),
            t: lanes.add(a.t, b.t),
            pt: lanes.add(a.pt, b.pt),
            pp: lanes.add(a.pp, b.pp),
            tt: lanes.add(a.tt, b.tt),
            min: lanes.add(a.min, b.min),
            kept: lanes.add(a.kept, b.kept),
            region: lanes.add(a.region, b.region),
            clamped: lanes.add(a.clamped, b.clamped),
            highest: lanes.higher(a.highest, b.highest),
            reached: lanes.both_chosen(a.reached, b.reached),
            reached_marked: lanes.both_chosen(a.reached_marked, b.reached_marked),
            broken: lanes.bytes().or(a.broken, b.broken),
        }
    }

    #[inline(always)]
    fn tripped<const CARE: u8>(self, acc: Self::Acc) -> bool {
        let limit = if CARE == DUSTY { LIFTED } else { ONE_BITS };
        HOW != PLAIN && CARE != CAREFUL && self.lanes.above(acc.highest, limit)
    }

    #[inline(always)]
    fn drain<const CARE: u8>(self, acc: Self::Acc, vectors: usize, pixels: usize) -> Tally<u64> {
        let lanes = self.lanes;
        if SUMS == BESIDE {
            let (p, pt) = (lanes.total_chosen(acc.reached), lanes.total_chosen(acc.reached_marked));
            return Tally { p, pt, ..Tally::NONE };
        }
        // Every step has left one bias on top of each lane of a sum, also where the lane was blanked. Sums under a mask have
        // one for each pixel that the mask chose.
        let steps = lanes.splat(vectors as u32);
        let count = |counts| lanes.total(counts, steps, 0);
        let codes = |sums| lanes.total(sums, steps, L::CODE_BIAS);
        let products = |sums| lanes.total(sums, steps, L::PRODUCT_BIAS);
        // The careful loop has counted `kept` at every step; the quick one only where pixels can be left out.
        let limited = !K::ALL || T::KEEPS;
        let kept = if limited || CARE == CAREFUL { count(acc.kept) } else { pixels as u64 };
        let region = match (limited, CARE == CAREFUL) {
            (false, _) => pixels as u64,
            (true, false) => kept,
            (true, true) => count(acc.region),
        };
        Tally {
            kept,
            ignored: pixels as u64 - region,
            invalid: region - kept,
            clamped: if CARE == CAREFUL { count(acc.clamped) } else { 0 },
            broken: u64::from(T::CHECKS && lanes.bytes().any_above_one(acc.broken)),
            p: if decided(SUMS) { count(acc.p) } else { codes(acc.p) },
            t: if T::HARD { count(acc.t) } else { codes(acc.t) },
            pt: if decided(SUMS) {
                count(acc.pt)
            } else if T::HARD {
                lanes.total(acc.pt, acc.t, L::CODE_BIAS)
            } else {
                products(acc.pt)
            },
            pp: if squares(SUMS) { products(acc.pp) } else { 0 },
            tt: if squares(SUMS) && !T::HARD { products(acc.tt) } else { 0 },
            min_p: if minima(SUMS) && !T::HARD { codes(acc.min) } else { 0 },
            min_t: 0,
        }
    }
}
