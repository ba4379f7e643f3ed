//! The float family: f32 as Q0.23 codes against masks, labels, bits and each other.
//!
//! `x + 1.0`, and the fused `x·y + 1.0`, leave RNE(x · 2²³) in the mantissa; raw bits are added as integers modulo 2³²,
//! and the bias of their exponents comes off once a block.
//!
//! **Overflow.** A code is at most 2²³, so a lane holds 511 of them: 4 · (`DRAIN` + 4) ≤ 511 vectors a block.

use super::dispatch::{Job, dispatch};
use super::lanes::{ByteLanes, FloatLanes, Lanes};
use super::{Hard, Keep, Tally, Turn, sweep};
use crate::sums::Moments;
use core::marker::PhantomData;

const DRAIN: usize = 120;
const _: () = assert!(4 * (DRAIN + 4) <= 511);

/// The pixels of an `F32` element.
#[derive(Clone, Copy)]
pub struct FloatView<'a> {
    pub floats: &'a [f32],
    /// Values outside are read as the nearest inside, else left out.
    pub clamp: bool,
    /// Values outside are looked for.
    pub checked: bool,
}

/// `None` where no lanes fit.
pub(crate) fn hard<M: Moments, H: Hard, K: Keep>(p: FloatView, target: H, keep: K) -> Option<Tally<u64>> {
    dispatch(FloatJob::<_, _, M> { p, target: Mask(target), keep, moments: PhantomData })
}

/// Minima are right only for elements of one unit.
pub(crate) fn soft<M: Moments, K: Keep>(p: FloatView, t: FloatView, keep: K) -> Option<Tally<u64>> {
    dispatch(FloatJob::<_, _, M> { p, target: Map(t), keep, moments: PhantomData })
}

/// A vector of values, and under care where they are valid and where they were clamped.
struct Values<F, M> {
    x: F,
    valid: M,
    clamped: M,
}

#[inline(always)]
unsafe fn values<L: FloatLanes, const CAREFUL: bool>(
    lanes: L,
    view: &FloatView,
    at: usize,
    highest: &mut L::U,
) -> Values<L::F, L::M> {
    // SAFETY: the caller keeps at + LANES within the pixels.
    let x = unsafe { lanes.load(view.floats.as_ptr().add(at)) };
    if view.checked {
        *highest = lanes.highest(*highest, x);
        if CAREFUL {
            let (x, valid, clamped) = lanes.inside(x, view.clamp);
            return Values { x, valid, clamped };
        }
    }
    let bytes = lanes.bytes();
    Values { x, valid: lanes.mask(bytes.splat(1)), clamped: lanes.mask(bytes.splat(0)) }
}

/// The other side of a sweep: a mask or values, 0xFF where kept, not 0 where broken.
struct Other<F, M, B> {
    values: Values<F, M>,
    ones: M,
    kept: B,
    broken: B,
}

type Side<L> = Other<<L as FloatLanes>::F, <L as FloatLanes>::M, <<L as FloatLanes>::Bytes as ByteLanes>::V>;

trait Partner: Copy {
    const HARD: bool;
    const KEEPS: bool;
    const CHECKS: bool;

    unsafe fn load<L: FloatLanes, const CAREFUL: bool>(
        self,
        lanes: L,
        at: usize,
        p: L::F,
        highest: &mut L::U,
    ) -> Side<L>;
}

#[derive(Clone, Copy)]
struct Mask<H>(H);

impl<H: Hard> Partner for Mask<H> {
    const HARD: bool = true;
    const KEEPS: bool = H::KEEPS;
    const CHECKS: bool = H::CHECKS;

    #[inline(always)]
    unsafe fn load<L: FloatLanes, const CAREFUL: bool>(self, lanes: L, at: usize, p: L::F, _: &mut L::U) -> Side<L> {
        let bytes = lanes.bytes();
        let (all, none) = (lanes.mask(bytes.splat(1)), lanes.mask(bytes.splat(0)));
        let values = Values { x: p, valid: all, clamped: none };
        if H::OWN {
            let ones = lanes.reached(p, self.0.cut());
            return Other { values, ones, kept: bytes.splat(0xFF), broken: bytes.splat(0) };
        }
        // SAFETY: the caller keeps at + LANES within the pixels.
        let marks = unsafe { self.0.marks(bytes, at) };
        Other { values, ones: lanes.mask(marks.ones), kept: marks.kept, broken: marks.broken }
    }
}

#[derive(Clone, Copy)]
struct Map<'a>(FloatView<'a>);

impl Partner for Map<'_> {
    const HARD: bool = false;
    const KEEPS: bool = false;
    const CHECKS: bool = false;

    #[inline(always)]
    unsafe fn load<L: FloatLanes, const CAREFUL: bool>(
        self,
        lanes: L,
        at: usize,
        _: L::F,
        highest: &mut L::U,
    ) -> Side<L> {
        let bytes = lanes.bytes();
        // SAFETY: the caller keeps at + LANES within the pixels.
        let values = unsafe { values::<L, CAREFUL>(lanes, &self.0, at, highest) };
        Other { values, ones: lanes.mask(bytes.splat(0)), kept: bytes.splat(0xFF), broken: bytes.splat(0) }
    }
}

#[derive(Clone, Copy)]
struct FloatJob<'a, T, K, M> {
    p: FloatView<'a>,
    target: T,
    keep: K,
    moments: PhantomData<M>,
}

impl<T: Partner, K: Keep, M: Moments> Job for FloatJob<'_, T, K, M> {
    fn pixels(&self) -> usize {
        self.p.floats.len()
    }

    fn lanes<L: Lanes>() -> usize {
        <<L as FloatLanes>::Bytes as ByteLanes>::LANES
    }

    #[inline(always)]
    unsafe fn run<L: Lanes>(self, lanes: L) -> Tally<u64> {
        // SAFETY: the job's caller has compared the pixels with LANES, and its buffers with each other.
        unsafe { sweep(FloatTurn { job: self, lanes }, self.p.floats.len()) }
    }
}

#[derive(Clone, Copy)]
struct FloatTurn<J, L> {
    job: J,
    lanes: L,
}

/// Sums of one chain. What the pair does not need is never touched, and costs nothing.
#[derive(Clone, Copy)]
struct FloatAcc<U, B> {
    p: U,
    /// Codes, or pixels of a mask.
    t: U,
    pt: U,
    pp: U,
    tt: U,
    min: U,
    kept: U,
    invalid: U,
    clamped: U,
    highest: U,
    broken: B,
}

impl<L: FloatLanes, T: Partner, K: Keep, M: Moments> Turn for FloatTurn<FloatJob<'_, T, K, M>, L> {
    type Acc = FloatAcc<L::U, <L::Bytes as ByteLanes>::V>;
    const LANES: usize = <L::Bytes as ByteLanes>::LANES;
    const DRAIN: usize = DRAIN;

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
            invalid: u,
            clamped: u,
            highest: u,
            broken: self.lanes.bytes().splat(0),
        }
    }

    #[inline(always)]
    unsafe fn step<const CAREFUL: bool, const LAST: bool>(
        self,
        mut acc: Self::Acc,
        at: usize,
        fresh: usize,
    ) -> Self::Acc {
        let Self { job, lanes } = self;
        let (bytes, one) = (lanes.bytes(), lanes.splat(1));
        // SAFETY: the caller keeps at + LANES within the pixels.
        let mine = unsafe { values::<L, CAREFUL>(lanes, &job.p, at, &mut acc.highest) };
        // SAFETY: as above.
        let other = unsafe { job.target.load::<L, CAREFUL>(lanes, at, mine.x, &mut acc.highest) };
        let (mut p, mut t, mut ones) = (mine.x, other.values.x, other.ones);
        let mut broken = other.broken;
        if LAST || !K::ALL || T::KEEPS || CAREFUL {
            // SAFETY: as above.
            let mut region = bytes.and(other.kept, unsafe { job.keep.kept(bytes, at) });
            if LAST {
                region = bytes.and(region, bytes.last(fresh));
            }
            broken = bytes.and(broken, region);
            let mut keep = lanes.mask(region);
            if CAREFUL {
                let valid = lanes.both_masks(keep, lanes.both_masks(mine.valid, other.values.valid));
                // In the region but not valid: all of the region, less the valid.
                acc.invalid = lanes.add_where(acc.invalid, keep, one);
                acc.invalid = lanes.add_where(acc.invalid, valid, lanes.splat(u32::MAX));
                keep = valid;
                // Clamped on either side: on one, on the other, less on both.
                let (a, b) = (lanes.both_masks(keep, mine.clamped), lanes.both_masks(keep, other.values.clamped));
                acc.clamped = lanes.add_where(acc.clamped, a, one);
                if !T::HARD {
                    acc.clamped = lanes.add_where(acc.clamped, b, one);
                    acc.clamped = lanes.add_where(acc.clamped, lanes.both_masks(a, b), lanes.splat(u32::MAX));
                }
            }
            p = lanes.only(p, keep);
            t = lanes.only(t, keep);
            ones = lanes.both_masks(ones, keep);
            acc.kept = lanes.add_where(acc.kept, keep, one);
        }
        let code = lanes.code(p);
        acc.p = lanes.add(acc.p, code);
        if T::HARD {
            acc.t = lanes.add_where(acc.t, ones, one);
            acc.pt = lanes.add_where(acc.pt, ones, code);
        } else {
            let other = lanes.code(t);
            acc.t = lanes.add(acc.t, other);
            acc.pt = lanes.add(acc.pt, lanes.product(p, t));
            if M::MINIMA {
                acc.min = lanes.add(acc.min, lanes.min(code, other));
            }
            if M::SQUARES {
                acc.tt = lanes.add(acc.tt, lanes.product(t, t));
            }
        }
        if M::SQUARES {
            acc.pp = lanes.add(acc.pp, lanes.product(p, p));
        }
        if T::CHECKS {
            acc.broken = bytes.or(acc.broken, broken);
        }
        acc
    }

    #[inline(always)]
    fn join(self, [a, b, c, d]: [Self::Acc; 4]) -> Self::Acc {
        let (lanes, bytes) = (self.lanes, self.lanes.bytes());
        let four = |a, b, c, d| lanes.add(lanes.add(a, b), lanes.add(c, d));
        FloatAcc {
            p: four(a.p, b.p, c.p, d.p),
            t: four(a.t, b.t, c.t, d.t),
            pt: four(a.pt, b.pt, c.pt, d.pt),
            pp: four(a.pp, b.pp, c.pp, d.pp),
            tt: four(a.tt, b.tt, c.tt, d.tt),
            min: four(a.min, b.min, c.min, d.min),
            kept: four(a.kept, b.kept, c.kept, d.kept),
            invalid: four(a.invalid, b.invalid, c.invalid, d.invalid),
            clamped: four(a.clamped, b.clamped, c.clamped, d.clamped),
            highest: lanes.higher(lanes.higher(a.highest, b.highest), lanes.higher(c.highest, d.highest)),
            broken: bytes.or(bytes.or(a.broken, b.broken), bytes.or(c.broken, d.broken)),
        }
    }

    /// Rounding dust needs care too, so under care a block is clean only if the plain path would find it so.
    #[inline(always)]
    fn tripped<const CAREFUL: bool>(self, acc: &Self::Acc) -> bool {
        self.lanes.above_one(acc.highest)
    }

    #[inline(always)]
    fn drain(self, acc: Self::Acc, vectors: usize, pixels: usize) -> Tally<u64> {
        let lanes = self.lanes;
        // Every step left one bias in each lane, also where it was blanked; under a mask, one for each pixel of it.
        let steps = lanes.splat(vectors as u32);
        let count = |counts| lanes.total(counts, steps, 0);
        let codes = |sums| lanes.total(sums, steps, L::CODE_BIAS);
        let products = |sums| lanes.total(sums, steps, L::PRODUCT_BIAS);
        let invalid = count(acc.invalid);
        let kept = if !K::ALL || T::KEEPS { count(acc.kept) } else { pixels as u64 - invalid };
        Tally {
            kept,
            ignored: pixels as u64 - kept - invalid,
            invalid,
            clamped: count(acc.clamped),
            broken: u64::from(T::CHECKS && lanes.bytes().any(acc.broken)),
            p: codes(acc.p),
            t: if T::HARD { count(acc.t) } else { codes(acc.t) },
            pt: if T::HARD { lanes.total(acc.pt, acc.t, L::CODE_BIAS) } else { products(acc.pt) },
            pp: if M::SQUARES { products(acc.pp) } else { 0 },
            tt: if M::SQUARES && !T::HARD { products(acc.tt) } else { 0 },
            min_p: if M::MINIMA && !T::HARD { codes(acc.min) } else { 0 },
            min_t: 0,
        }
    }
}
