//! The 8-bit family: `u8` and `i8` codes against masks, labels, bits and each other.
//!
//! **Overflow.** Codes are at most 255 and products at most 255²; [`ByteSums::DRAIN`] bounds the vectors of a block,
//! and [`ByteSums::STRIDE`] those between two rests of the narrow sums under a mask.

use super::family::{ANY, BESIDE, Beside, COMMON, DECIDED, Hard, LINEAR, Map, PLAIN, View, family, minima, squares};
use super::marks::{All, Keep, Marked, Marks};
use super::short::short_sweep;
use super::sweep::{Place, Swept, Turn, sweep};
use super::twice::Twice;
use crate::lanes::{ByteLanes, ByteSums, Lanes};
use crate::pixels::{ByteCodes, ByteView, Tally};

family!(
    /// Codes as they are, of which the sign bit is flipped, or to which all of [`ByteCodes`] is done.
    Bytes, ByteView, ByteTurn, even: true, moves: true,
    |bytes, flip| ByteView { bytes, flip, codes: ByteCodes::PLAIN }
);

/// So many vectors, and four more, are counted in bytes.
const COUNTED: usize = 248;
const _: () = assert!(COUNTED.is_multiple_of(4) && COUNTED + 4 <= 255);

/// The codes of a vector, and 1 where one was clamped.
#[inline(always)]
unsafe fn codes<B: ByteLanes, const HOW: u8>(lanes: B, view: &ByteView, at: Place) -> (B::V, B::V) {
    // SAFETY: the caller keeps at + LANES within the pixels.
    let raw = unsafe { lanes.load(view.bytes.as_ptr().add(at.pixel())) };
    if HOW == PLAIN {
        return (raw, lanes.splat(0));
    }
    let unsigned = lanes.xor(raw, lanes.splat(view.flip));
    if HOW == COMMON {
        return (unsigned, lanes.splat(0));
    }
    let ByteCodes { floor, top, dead } = view.codes;
    let above = lanes.less(unsigned, lanes.splat(floor));
    let inside = lanes.min(above, lanes.splat(top));
    // Clamped are codes that were below the floor, and those that taking the minimum with the top has changed.
    let lost = lanes.or(lanes.less(lanes.splat(floor), unsigned), lanes.xor(above, inside));
    // Codes up to `dead` are those from which taking off `dead` leaves nothing.
    let silent = lanes.equal(lanes.less(inside, lanes.splat(dead)), lanes.splat(0));
    let code = lanes.and(inside, lanes.xor(silent, lanes.splat(0xFF)));
    (code, lanes.min(lost, lanes.splat(1)))
}

/// 1 where the code is at least `cut`, else 0.
#[inline(always)]
fn reached<B: ByteLanes>(lanes: B, code: B::V, cut: u32) -> B::V {
    let at_least = lanes.at_least(code, lanes.splat(cut.min(255) as u8));
    // There is no branch on `cut`, because the optimiser would leave it in the loop.
    lanes.and(at_least, lanes.splat((cut <= 255).into()))
}

/// The other side of a turn.
trait Partner: Beside {
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

impl<T: Marked> Partner for Hard<T> {
    #[inline(always)]
    unsafe fn load<B: ByteLanes, const HOW: u8, const LAST: bool>(
        self,
        lanes: B,
        at: Place,
        code: B::V,
    ) -> (Marks<B::V>, B::V) {
        let zero = lanes.splat(0);
        if let Some(cut) = self.0.own() {
            return (Marks::of(lanes, reached(lanes, code, cut)), zero);
        }
        // SAFETY: the caller keeps at + LANES within the pixels.
        (unsafe { self.0.marks::<B, LAST>(lanes, at) }, zero)
    }
}

impl Partner for Map<ByteView<'_>> {
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
struct ByteTurn<'a, B, T, K, const SUMS: u8, const HOW: u8> {
    lanes: B,
    p: ByteView<'a>,
    target: T,
    keep: K,
    /// From this code on a prediction is decided to be 1, where sums are of decisions.
    cut: u32,
}

/// Sums of one chain. A field that the pair does not need is never written, so that the optimiser removes it.
#[derive(Clone, Copy)]
struct ByteAcc<A, N, D, V> {
    p: A,
    /// Σ of codes under a mask, and its pixels.
    chosen: [A; 2],
    narrow: N,
    /// Of those pixels, the bits that were counted beside the lanes.
    ones: u64,
    /// Σt; beside linear sums Σpt of decisions.
    t: A,
    pt: D,
    pp: D,
    tt: D,
    min: A,
    kept: A,
    clamped: A,
    /// What reaches the cut, and of that what is in the mask, counted in bytes between two rests.
    reached: V,
    reached_marked: V,
    broken: V,
}

impl<B: ByteSums, T: Partner, K: Keep, const SUMS: u8, const HOW: u8> Turn for ByteTurn<'_, B, T, K, SUMS, HOW> {
    type Acc = ByteAcc<B::A, B::N, B::D, B::V>;
    type Out = Tally<u64>;
    const LANES: usize = B::LANES;
    const DRAIN: usize = B::DRAIN;
    const STRIDE: usize = match (T::HARD, SUMS) {
        (true, BESIDE) if B::STRIDE > COUNTED => COUNTED,
        (true, _) => B::STRIDE,
        (false, _) => usize::MAX,
    };
    const NARROW: usize = Self::STRIDE;
    /// A careful step is long enough to hide the latency of an addition by itself.
    const CHAINS: usize = if HOW == ANY && !K::ALL { 1 } else { B::CHAINS };

    #[inline(always)]
    fn zero(self) -> Self::Acc {
        let (a, d, broken) = (self.lanes.none(), self.lanes.no_products(), self.lanes.splat(0));
        ByteAcc {
            p: a,
            chosen: [a; 2],
            narrow: self.lanes.none_narrow(),
            ones: 0,
            t: a,
            pt: d,
            pp: d,
            tt: d,
            min: a,
            kept: a,
            clamped: a,
            reached: broken,
            reached_marked: broken,
            broken,
        }
    }

    #[inline(always)]
    unsafe fn step<const CARE: u8, const LAST: bool>(self, mut acc: Self::Acc, at: Place, fresh: usize) -> Self::Acc {
        let lanes = self.lanes;
        // SAFETY: the caller keeps at + LANES within the pixels.
        let (code, mut clamped) = unsafe { codes::<B, HOW>(lanes, &self.p, at) };
        // SAFETY: as above.
        let (marks, clamped_t) = unsafe { self.target.load::<B, HOW, LAST>(lanes, at, code) };
        let mut p = if SUMS == DECIDED { reached(lanes, code, self.cut) } else { code };
        // What a cut that is no code would have found is left out in the end: above all codes nothing reaches it.
        let mut hits = lanes.reached(code, lanes.splat(self.cut.clamp(1, 255) as u8));
        let (mut t, mut broken) = (marks.ones, marks.broken);
        clamped = lanes.or(clamped, clamped_t);
        if LAST || !K::ALL || T::KEEPS {
            // SAFETY: as above.
            let mut keep = lanes.and(marks.kept, unsafe { self.keep.kept::<B, LAST>(lanes, at) });
            if LAST {
                keep = lanes.and(keep, lanes.last(fresh));
            }
            p = lanes.and(p, keep);
            t = lanes.and(t, keep);
            broken = lanes.and(broken, keep);
            clamped = lanes.and(clamped, keep);
            hits = lanes.both_hit(hits, lanes.hits(keep, lanes.splat(0xFF)));
            acc.kept = lanes.sum(acc.kept, lanes.and(keep, lanes.splat(1)));
        }
        if SUMS == BESIDE {
            acc.reached = lanes.counted(acc.reached, hits);
            acc.reached_marked = lanes.counted_of(acc.reached_marked, hits, t);
            return acc;
        }
        acc.p = lanes.sum(acc.p, p);
        if T::EVEN && B::COUNTS && K::ALL && !LAST {
            (acc.chosen, acc.narrow) = lanes.choose_uncounted(acc.chosen, acc.narrow, p, t);
            // SAFETY: the pixels of a vector that is not the last, which have a bit each.
            acc.ones = unsafe { lanes.counted_at(acc.ones, self.target.bits_from(at)) };
        } else if T::HARD {
            (acc.chosen, acc.narrow) = lanes.choose(acc.chosen, acc.narrow, p, t);
        } else {
            acc.t = lanes.sum(acc.t, t);
            acc.pt = lanes.dot(acc.pt, p, t);
        }
        if squares(SUMS) {
            acc.pp = lanes.dot(acc.pp, p, p);
            if !T::HARD {
                acc.tt = lanes.dot(acc.tt, t, t);
            }
        }
        if minima(SUMS) && !T::HARD {
            acc.min = lanes.sum(acc.min, lanes.min(p, t));
        }
        if HOW == ANY {
            acc.clamped = lanes.sum(acc.clamped, clamped);
        }
        if T::CHECKS {
            acc.broken = lanes.or(acc.broken, broken);
        }
        acc
    }

    #[inline(always)]
    fn rest(self, acc: Self::Acc) -> Self::Acc {
        if SUMS == BESIDE {
            let (lanes, zero) = (self.lanes, self.lanes.splat(0));
            let (p, t) = (lanes.sum(acc.p, acc.reached), lanes.sum(acc.t, acc.reached_marked));
            return ByteAcc { p, t, reached: zero, reached_marked: zero, ..acc };
        }
        ByteAcc { chosen: self.lanes.rest(acc.chosen, acc.narrow), narrow: self.lanes.none_narrow(), ..acc }
    }

    #[inline(always)]
    fn both(self, a: Self::Acc, b: Self::Acc) -> Self::Acc {
        let lanes = self.lanes;
        let ([chosen_a, count_a], [chosen_b, count_b]) = (a.chosen, b.chosen);
        ByteAcc {
            p: lanes.both(a.p, b.p),
            chosen: [lanes.both(chosen_a, chosen_b), lanes.both(count_a, count_b)],
            t: lanes.both(a.t, b.t),
            pt: lanes.both_products(a.pt, b.pt),
            pp: lanes.both_products(a.pp, b.pp),
            tt: lanes.both_products(a.tt, b.tt),
            min: lanes.both(a.min, b.min),
            kept: lanes.both(a.kept, b.kept),
            clamped: lanes.both(a.clamped, b.clamped),
            broken: lanes.or(a.broken, b.broken),
            ones: a.ones + b.ones,
            // The narrow sums of both have come to rest.
            ..a
        }
    }

    #[inline(always)]
    fn tripped<const CARE: u8>(self, _: Self::Acc) -> bool {
        false
    }

    #[inline(always)]
    fn drain<const CARE: u8>(self, acc: Self::Acc, _: usize, pixels: usize) -> Tally<u64> {
        let lanes = self.lanes;
        if SUMS == BESIDE {
            let some = u64::from(self.cut <= 255);
            return Tally { p: some * lanes.total(acc.p), pt: some * lanes.total(acc.t), ..Tally::NONE };
        }
        let kept = if !K::ALL || T::KEEPS { lanes.total(acc.kept) } else { pixels as u64 };
        let [chosen, count] = acc.chosen;
        // What a soft map does not choose is nothing.
        let [p, t, pt] = lanes.totals([acc.p, if T::HARD { count } else { acc.t }, chosen]);
        let t = t + acc.ones;
        Tally {
            kept,
            ignored: pixels as u64 - kept,
            invalid: 0,
            clamped: if HOW == ANY { lanes.total(acc.clamped) } else { 0 },
            broken: u64::from(T::CHECKS && lanes.any_above_one(acc.broken)),
            p,
            t,
            pt: if T::HARD { pt } else { lanes.total_products(acc.pt, p) },
            pp: if squares(SUMS) { lanes.total_products(acc.pp, p) } else { 0 },
            tt: if squares(SUMS) && !T::HARD { lanes.total_products(acc.tt, t) } else { 0 },
            min_p: if minima(SUMS) && !T::HARD { lanes.total(acc.min) } else { 0 },
            min_t: 0,
        }
    }
}
