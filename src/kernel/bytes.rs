//! The 8-bit family: `u8` and `i8` codes against masks, labels, bits and each other.
//!
//! **Overflow.** Codes are at most 255 and products at most 255²; [`ByteSums::DRAIN`] bounds the vectors of a block,
//! and [`ByteSums::STRIDE`] those between two rests of the narrow sums under a mask.

use super::dispatch::{Job, dispatch};
use super::lanes::{ByteLanes, ByteSums, Lanes};
use super::{ByteCodes, ByteView, Hard, Keep, Marks, Place, Tally, Turn, sweep};
use crate::sums::Moments;

/// What has to be done to raw bytes: nothing, a flip of the sign, or all of [`ByteCodes`].
const IDENTITY: u8 = 0;
const FLIP: u8 = 1;
const CONDITION: u8 = 2;

/// `None` where no lanes fit: a run shorter than a vector, or the `scalar` backend.
#[inline(always)]
pub(crate) fn hard<M: Moments, H: Hard, K: Keep>(p: ByteView, target: H, keep: K) -> Option<Tally<u64>> {
    if target.even() {
        masked::<M, H, K, true>(p, Mask(target), keep)
    } else {
        masked::<M, H, K, false>(p, Mask(target), keep)
    }
}

#[inline(always)]
fn masked<M: Moments, H: Hard, K: Keep, const EVEN: bool>(
    p: ByteView,
    target: Mask<H, EVEN>,
    keep: K,
) -> Option<Tally<u64>> {
    if p.codes != ByteCodes::PLAIN {
        dispatch(ByteJob::<_, _, M, CONDITION> { p, target, keep, moments: core::marker::PhantomData })
    } else if p.flip == 0 {
        dispatch(ByteJob::<_, _, M, IDENTITY> { p, target, keep, moments: core::marker::PhantomData })
    } else {
        dispatch(ByteJob::<_, _, M, FLIP> { p, target, keep, moments: core::marker::PhantomData })
    }
}

/// Minima are right only for elements of one unit.
#[inline(always)]
pub(crate) fn soft<M: Moments, K: Keep>(p: ByteView, t: ByteView, keep: K) -> Option<Tally<u64>> {
    let target = Map(t);
    if p.codes != ByteCodes::PLAIN || t.codes != ByteCodes::PLAIN {
        dispatch(ByteJob::<_, _, M, CONDITION> { p, target, keep, moments: core::marker::PhantomData })
    } else if p.flip | t.flip == 0 {
        dispatch(ByteJob::<_, _, M, IDENTITY> { p, target, keep, moments: core::marker::PhantomData })
    } else {
        dispatch(ByteJob::<_, _, M, FLIP> { p, target, keep, moments: core::marker::PhantomData })
    }
}

/// The codes of a vector, and 1 where one was clamped.
#[inline(always)]
unsafe fn codes<B: ByteLanes, const HOW: u8>(lanes: B, view: &ByteView, at: Place) -> (B::V, B::V) {
    // SAFETY: the caller keeps at + LANES within the pixels.
    let raw = unsafe { lanes.load(view.bytes.as_ptr().add(at.pixel())) };
    if HOW == IDENTITY {
        return (raw, lanes.splat(0));
    }
    let unsigned = lanes.xor(raw, lanes.splat(view.flip));
    if HOW == FLIP {
        return (unsigned, lanes.splat(0));
    }
    let ByteCodes { floor, top, dead } = view.codes;
    let above = lanes.less(unsigned, lanes.splat(floor));
    let inside = lanes.min(above, lanes.splat(top));
    // What was below the floor, or has lost something to the top.
    let lost = lanes.or(lanes.less(lanes.splat(floor), unsigned), lanes.xor(above, inside));
    // Codes up to `dead` are those from which taking off `dead` leaves nothing.
    let silent = lanes.equal(lanes.less(inside, lanes.splat(dead)), lanes.splat(0));
    let code = lanes.and(inside, lanes.xor(silent, lanes.splat(0xFF)));
    (code, lanes.min(lost, lanes.splat(1)))
}

/// 1 where the code is at least `cut`, else 0.
#[inline(always)]
fn reached<B: ByteLanes>(lanes: B, code: B::V, cut: u32) -> B::V {
    let at_least = lanes.equal(lanes.max(code, lanes.splat(cut.min(255) as u8)), code);
    // Without a branch, which the optimiser would leave in the loop.
    lanes.and(at_least, lanes.splat((cut <= 255).into()))
}

/// The other side of a sweep.
trait Partner: Copy {
    const HARD: bool;
    const KEEPS: bool;
    const CHECKS: bool;

    /// What is summed in place of a code.
    #[inline(always)]
    fn summed<B: ByteLanes>(self, _: B, code: B::V) -> B::V {
        code
    }

    /// Marks, whose `ones` are codes where soft; and 1 where one was clamped.
    ///
    /// # Safety
    ///
    /// `at + LANES` lies within the pixels.
    unsafe fn load<B: ByteLanes, const HOW: u8, const LAST: bool>(
        self,
        lanes: B,
        at: Place,
        code: B::V,
    ) -> (Marks<B::V>, B::V);
}

#[derive(Clone, Copy)]
struct Mask<H, const EVEN: bool>(H);

impl<H: Hard, const EVEN: bool> Partner for Mask<H, EVEN> {
    const HARD: bool = true;
    const KEEPS: bool = H::KEEPS;
    const CHECKS: bool = H::CHECKS;

    #[inline(always)]
    fn summed<B: ByteLanes>(self, lanes: B, code: B::V) -> B::V {
        if H::DECIDES { reached(lanes, code, self.0.threshold()) } else { code }
    }

    #[inline(always)]
    unsafe fn load<B: ByteLanes, const HOW: u8, const LAST: bool>(
        self,
        lanes: B,
        at: Place,
        code: B::V,
    ) -> (Marks<B::V>, B::V) {
        let zero = lanes.splat(0);
        if H::OWN {
            return (Marks::of(lanes, reached(lanes, code, self.0.cut())), zero);
        }
        // SAFETY: the caller keeps at + LANES within the pixels.
        (unsafe { self.0.marks::<B, LAST, EVEN>(lanes, at) }, zero)
    }
}

#[derive(Clone, Copy)]
struct Map<'a>(ByteView<'a>);

impl Partner for Map<'_> {
    const HARD: bool = false;
    const KEEPS: bool = false;
    const CHECKS: bool = false;

    #[inline(always)]
    unsafe fn load<B: ByteLanes, const HOW: u8, const LAST: bool>(
        self,
        lanes: B,
        at: Place,
        _: B::V,
    ) -> (Marks<B::V>, B::V) {
        // SAFETY: the caller keeps at + LANES within the pixels.
        let (code, clamped) = unsafe { codes::<B, HOW>(lanes, &self.0, at) };
        (Marks::of(lanes, code), clamped)
    }
}

#[derive(Clone, Copy)]
struct ByteJob<'a, T, K, M, const HOW: u8> {
    p: ByteView<'a>,
    target: T,
    keep: K,
    moments: core::marker::PhantomData<M>,
}

impl<T: Partner, K: Keep, M: Moments, const HOW: u8> Job for ByteJob<'_, T, K, M, HOW> {
    fn pixels(&self) -> usize {
        self.p.bytes.len()
    }

    fn lanes<L: Lanes>() -> usize {
        <L as ByteLanes>::LANES
    }

    #[inline(always)]
    unsafe fn run<L: Lanes>(self, lanes: L) -> Tally<u64> {
        // SAFETY: the job's caller has compared the pixels with LANES, and its buffers with each other.
        unsafe { sweep(ByteTurn { job: self, lanes }, self.p.bytes.len()) }
    }
}

#[derive(Clone, Copy)]
struct ByteTurn<J, B> {
    job: J,
    lanes: B,
}

/// Sums of one chain. What the pair does not need is never touched, and costs nothing.
#[derive(Clone, Copy)]
struct ByteAcc<A, N, D, V> {
    p: A,
    /// Σ of codes under a mask, and its pixels.
    chosen: [A; 2],
    narrow: N,
    t: A,
    pt: D,
    pp: D,
    tt: D,
    min: A,
    kept: A,
    clamped: A,
    broken: V,
}

impl<B: ByteSums, T: Partner, K: Keep, M: Moments, const HOW: u8> Turn for ByteTurn<ByteJob<'_, T, K, M, HOW>, B> {
    type Acc = ByteAcc<B::A, B::N, B::D, B::V>;
    const LANES: usize = B::LANES;
    const DRAIN: usize = B::DRAIN;
    const STRIDE: usize = if T::HARD { B::STRIDE } else { usize::MAX };
    const CHAINS: usize = B::CHAINS;

    #[inline(always)]
    fn zero(self) -> Self::Acc {
        let (a, d, broken) = (self.lanes.none(), self.lanes.no_products(), self.lanes.splat(0));
        ByteAcc {
            p: a,
            chosen: [a; 2],
            narrow: self.lanes.none_narrow(),
            t: a,
            pt: d,
            pp: d,
            tt: d,
            min: a,
            kept: a,
            clamped: a,
            broken,
        }
    }

    #[inline(always)]
    unsafe fn step<const CARE: u8, const LAST: bool>(self, mut acc: Self::Acc, at: Place, fresh: usize) -> Self::Acc {
        let Self { job, lanes } = self;
        // SAFETY: the caller keeps at + LANES within the pixels.
        let (code, mut clamped) = unsafe { codes::<B, HOW>(lanes, &job.p, at) };
        // SAFETY: as above.
        let (marks, clamped_t) = unsafe { job.target.load::<B, HOW, LAST>(lanes, at, code) };
        let mut p = job.target.summed(lanes, code);
        let (mut t, mut broken) = (marks.ones, marks.broken);
        clamped = lanes.or(clamped, clamped_t);
        if LAST || !K::ALL || T::KEEPS {
            // SAFETY: as above.
            let mut keep = lanes.and(marks.kept, unsafe { job.keep.kept::<B, LAST>(lanes, at) });
            if LAST {
                keep = lanes.and(keep, lanes.last(fresh));
            }
            p = lanes.and(p, keep);
            t = lanes.and(t, keep);
            broken = lanes.and(broken, keep);
            clamped = lanes.and(clamped, keep);
            acc.kept = lanes.sum(acc.kept, lanes.and(keep, lanes.splat(1)));
        }
        acc.p = lanes.sum(acc.p, p);
        if T::HARD {
            (acc.chosen, acc.narrow) = lanes.choose(acc.chosen, acc.narrow, p, t);
        } else {
            acc.t = lanes.sum(acc.t, t);
            acc.pt = lanes.dot(acc.pt, p, t);
        }
        if M::SQUARES {
            acc.pp = lanes.dot(acc.pp, p, p);
            if !T::HARD {
                acc.tt = lanes.dot(acc.tt, t, t);
            }
        }
        if M::MINIMA && !T::HARD {
            acc.min = lanes.sum(acc.min, lanes.min(p, t));
        }
        if HOW == CONDITION {
            acc.clamped = lanes.sum(acc.clamped, clamped);
        }
        if T::CHECKS {
            acc.broken = lanes.or(acc.broken, broken);
        }
        acc
    }

    #[inline(always)]
    fn rest(self, acc: Self::Acc) -> Self::Acc {
        ByteAcc { chosen: self.lanes.rest(acc.chosen, acc.narrow), narrow: self.lanes.none_narrow(), ..acc }
    }

    #[inline(always)]
    fn join(self, [a, b, c, d]: [Self::Acc; 4]) -> Self::Acc {
        // By hand: what `map` calls is compiled without the features of the lanes.
        let [a, b, c, d] = [self.rest(a), self.rest(b), self.rest(c), self.rest(d)];
        let lanes = self.lanes;
        let sums = |a, b, c, d| lanes.both(lanes.both(a, b), lanes.both(c, d));
        let products = |a, b, c, d| lanes.both_products(lanes.both_products(a, b), lanes.both_products(c, d));
        ByteAcc {
            p: sums(a.p, b.p, c.p, d.p),
            chosen: [
                sums(a.chosen[0], b.chosen[0], c.chosen[0], d.chosen[0]),
                sums(a.chosen[1], b.chosen[1], c.chosen[1], d.chosen[1]),
            ],
            narrow: lanes.none_narrow(),
            t: sums(a.t, b.t, c.t, d.t),
            pt: products(a.pt, b.pt, c.pt, d.pt),
            pp: products(a.pp, b.pp, c.pp, d.pp),
            tt: products(a.tt, b.tt, c.tt, d.tt),
            min: sums(a.min, b.min, c.min, d.min),
            kept: sums(a.kept, b.kept, c.kept, d.kept),
            clamped: sums(a.clamped, b.clamped, c.clamped, d.clamped),
            broken: lanes.or(lanes.or(a.broken, b.broken), lanes.or(c.broken, d.broken)),
        }
    }

    #[inline(always)]
    fn tripped<const CARE: u8>(self, _: &[Self::Acc; 4]) -> bool {
        // A broken mask byte is counted, and the call refused: nothing to do with more care.
        false
    }

    #[inline(always)]
    fn drain<const CARE: u8>(self, acc: Self::Acc, _: usize, pixels: usize) -> Tally<u64> {
        let lanes = self.lanes;
        let kept = if !K::ALL || T::KEEPS { lanes.total(acc.kept) } else { pixels as u64 };
        let p = lanes.total(acc.p);
        let [chosen, count] = acc.chosen;
        let t = if T::HARD { lanes.total(count) } else { lanes.total(acc.t) };
        Tally {
            kept,
            ignored: pixels as u64 - kept,
            invalid: 0,
            clamped: if HOW == CONDITION { lanes.total(acc.clamped) } else { 0 },
            broken: u64::from(T::CHECKS && lanes.any_above_one(acc.broken)),
            p,
            t,
            pt: if T::HARD { lanes.total(chosen) } else { lanes.total_products(acc.pt, p) },
            pp: if M::SQUARES { lanes.total_products(acc.pp, p) } else { 0 },
            tt: if M::SQUARES && !T::HARD { lanes.total_products(acc.tt, t) } else { 0 },
            min_p: if M::MINIMA && !T::HARD { lanes.total(acc.min) } else { 0 },
            min_t: 0,
        }
    }
}
