//! The 8-bit family: `u8` and `i8` codes against masks, labels, bits and each other.
//!
//! **Overflow.** Codes are at most 255 and products at most 255²; [`ByteSums::DRAIN`] bounds the vectors of a block,
//! and [`ByteSums::STRIDE`] those between two rests of the narrow sums under a mask.

use super::entrance::{self, DECIDED, Family, LINEAR, Sweep, minima, squares};
use super::marks::{Keep, Marked, Marks, by_shape};
use super::sweep::{Into, Place, Runner, Sides, Turn};
use crate::lanes::{ByteLanes, ByteSums, Lanes};
use crate::pixels::{Ask, ByteCodes, ByteView, Mask, Tally, Within};
use core::marker::PhantomData;

/// What has to be done to raw bytes: nothing, a flip of the sign, or all of [`ByteCodes`].
const IDENTITY: u8 = 0;
const FLIP: u8 = 1;
const CONDITION: u8 = 2;

/// Sums against a hard target; whether lanes fit. Else nothing was added.
///
/// # Safety
///
/// Prediction, mask and region hold the same number of pixels.
#[inline(always)]
pub(crate) unsafe fn hard<R: Runner>(
    p: ByteView,
    mask: &Mask,
    region: &Within,
    ask: &Ask,
    via: R,
    tally: &mut Tally<u64>,
) -> bool {
    // SAFETY: the caller promises the same.
    unsafe { entrance::hard::<Bytes, _>(p, mask, region, ask, via, common, tally) }
}

/// # Safety
///
/// As [`hard`].
#[allow(
    clippy::undocumented_unsafe_blocks,
    reason = "the comment stands above the call, which a macro repeats for each shape"
)]
#[inline(always)]
unsafe fn common<R: Runner>(
    p: ByteView<'_>,
    mask: &Mask<'_>,
    region: &Within<'_>,
    ask: &Ask,
    via: R,
    tally: &mut Tally<u64>,
) -> Option<usize> {
    by_shape!(mask, even: true, |target| {
        // SAFETY: the caller promises the same.
        unsafe { entrance::shaped::<Bytes, _, _>(p, target, region, ask, via, tally) }
    })
}

/// Sums against a soft map of the same unit; whether lanes fit. Else nothing was added.
///
/// # Safety
///
/// Both maps and the region hold the same number of pixels.
#[inline(always)]
pub(crate) unsafe fn soft<R: Runner>(
    p: ByteView,
    t: ByteView,
    region: &Within,
    ask: &Ask,
    via: R,
    tally: &mut Tally<u64>,
) -> bool {
    // SAFETY: the caller promises the same.
    unsafe { entrance::soft::<Bytes, _>(p, t, region, ask, via, tally) }
}

struct Bytes;

impl Family for Bytes {
    type View<'a> = ByteView<'a>;

    #[inline(always)]
    unsafe fn masked<S: Sweep, T: Marked, K: Keep, R: Runner, const SUMS: u8>(
        (p, target, keep): (ByteView<'_>, T, K),
        threshold: u32,
        via: R,
        tally: &mut Tally<u64>,
    ) -> Option<usize> {
        let (target, sweep) = (Hard(target), PhantomData::<S>);
        // SAFETY: the caller promises the same.
        unsafe {
            if const { S::CAREFUL } && p.codes != ByteCodes::PLAIN {
                via.run(Into {
                    sides: ByteSides::<_, _, _, SUMS, CONDITION> { p, target, keep, threshold, sweep },
                    tally,
                })
            } else if const { SUMS == LINEAR && !S::CAREFUL && K::ALL } && p.flip == 0 {
                via.run(Into {
                    sides: ByteSides::<_, _, _, SUMS, IDENTITY> { p, target, keep, threshold, sweep },
                    tally,
                })
            } else {
                via.run(Into { sides: ByteSides::<_, _, _, SUMS, FLIP> { p, target, keep, threshold, sweep }, tally })
            }
        }
    }

    #[inline(always)]
    unsafe fn mapped<S: Sweep, K: Keep, R: Runner, const SUMS: u8>(
        (p, t, keep): (ByteView<'_>, ByteView<'_>, K),
        via: R,
        tally: &mut Tally<u64>,
    ) -> Option<usize> {
        let (target, threshold, sweep) = (Map(t), 0, PhantomData::<S>);
        // SAFETY: the caller promises the same.
        unsafe {
            if const { S::CAREFUL } && (p.codes != ByteCodes::PLAIN || t.codes != ByteCodes::PLAIN) {
                via.run(Into {
                    sides: ByteSides::<_, _, _, SUMS, CONDITION> { p, target, keep, threshold, sweep },
                    tally,
                })
            } else if const { SUMS == LINEAR && !S::CAREFUL } && p.flip | t.flip == 0 {
                via.run(Into {
                    sides: ByteSides::<_, _, _, SUMS, IDENTITY> { p, target, keep, threshold, sweep },
                    tally,
                })
            } else {
                via.run(Into { sides: ByteSides::<_, _, _, SUMS, FLIP> { p, target, keep, threshold, sweep }, tally })
            }
        }
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
    let at_least = lanes.equal(lanes.max(code, lanes.splat(cut.min(255) as u8)), code);
    // There is no branch on `cut`, because the optimiser would leave it in the loop.
    lanes.and(at_least, lanes.splat((cut <= 255).into()))
}

/// The other side of a sweep.
trait Partner: Copy {
    const HARD: bool;
    const KEEPS: bool;
    const CHECKS: bool;

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
struct Hard<H>(H);

impl<H: Marked> Partner for Hard<H> {
    const HARD: bool = true;
    const KEEPS: bool = H::KEEPS;
    const CHECKS: bool = H::CHECKS;

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
struct ByteSides<'a, S, T, K, const SUMS: u8, const HOW: u8> {
    p: ByteView<'a>,
    target: T,
    keep: K,
    /// From this code on a prediction is decided to be 1, where sums are of decisions.
    threshold: u32,
    sweep: PhantomData<S>,
}

impl<S: Sweep, T: Partner, K: Keep, const SUMS: u8, const HOW: u8> Sides for ByteSides<'_, S, T, K, SUMS, HOW> {
    #[cfg(target_arch = "x86_64")]
    const PRODUCTS: bool = true;

    fn fits<L: Lanes>(&self) -> bool {
        self.p.bytes.len() >= <L as ByteLanes>::LANES
    }

    #[inline(always)]
    unsafe fn sweep<L: Lanes>(self, lanes: L, tally: &mut Tally<u64>) -> usize {
        // SAFETY: `fits` has seen at least LANES pixels; the caller promises that all three sides hold as many.
        unsafe { S::sweep(ByteTurn { sides: self, lanes }, self.p.bytes.len(), tally) }
    }
}

#[derive(Clone, Copy)]
struct ByteTurn<S, B> {
    sides: S,
    lanes: B,
}

/// Sums of one chain. A field that the pair does not need is never written, so that the optimiser removes it.
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

impl<B: ByteSums, S: Sweep, T: Partner, K: Keep, const SUMS: u8, const HOW: u8> Turn
    for ByteTurn<ByteSides<'_, S, T, K, SUMS, HOW>, B>
{
    type Acc = ByteAcc<B::A, B::N, B::D, B::V>;
    const LANES: usize = B::LANES;
    const DRAIN: usize = B::DRAIN;
    const STRIDE: usize = if T::HARD { B::STRIDE } else { usize::MAX };
    const CHAINS: usize = B::CHAINS;
    /// More care would find nothing else: a broken mask byte is counted, and then the call is refused.
    const CARES: bool = false;

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
        let Self { sides, lanes } = self;
        // SAFETY: the caller keeps at + LANES within the pixels.
        let (code, mut clamped) = unsafe { codes::<B, HOW>(lanes, &sides.p, at) };
        // SAFETY: as above.
        let (marks, clamped_t) = unsafe { sides.target.load::<B, HOW, LAST>(lanes, at, code) };
        let mut p = if SUMS == DECIDED { reached(lanes, code, sides.threshold) } else { code };
        let (mut t, mut broken) = (marks.ones, marks.broken);
        clamped = lanes.or(clamped, clamped_t);
        if LAST || !K::ALL || T::KEEPS {
            // SAFETY: as above.
            let mut keep = lanes.and(marks.kept, unsafe { sides.keep.kept::<B, LAST>(lanes, at) });
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
        if squares(SUMS) {
            acc.pp = lanes.dot(acc.pp, p, p);
            if !T::HARD {
                acc.tt = lanes.dot(acc.tt, t, t);
            }
        }
        if minima(SUMS) && !T::HARD {
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
        // Written out, because a closure that `map` calls is compiled without the CPU features of these lanes.
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
            pp: if squares(SUMS) { lanes.total_products(acc.pp, p) } else { 0 },
            tt: if squares(SUMS) && !T::HARD { lanes.total_products(acc.tt, t) } else { 0 },
            min_p: if minima(SUMS) && !T::HARD { lanes.total(acc.min) } else { 0 },
            min_t: 0,
        }
    }
}
