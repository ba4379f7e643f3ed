//! The 16-bit family: Q15 codes against masks, labels, bits and each other.
//!
//! **Overflow.** Codes are at most 32767 and products at most 32767²; [`WordLanes::DRAIN`] bounds the vectors of a block.

use super::family::{ANY, BESIDE, Beside, COMMON, Hard, LINEAR, Map, PLAIN, View, decided, family, minima, squares};
use super::marks::{All, Keep, Marked};
use super::short::short_sweep;
use super::sweep::{CAREFUL, Place, Swept, Turn, sweep};
use super::twice::Twice;
use crate::lanes::{ByteLanes, Lanes, WordLanes};
use crate::pixels::{Tally, WordView};

family!(
    /// Codes whose signs are not looked at, those whose signs are, or with a dead zone too.
    Words, WordView, WordTurn, even: false, moves: false,
    |words, _flip| WordView { words, dead: 0, clamp: false, checked: true }
);

/// A vector of codes: where they are valid, and where they were clamped (under care; else all and none).
struct Codes<V> {
    code: V,
    /// The raw code, for its sign; 0 where nobody looks.
    seen: V,
    invalid: V,
    clamped: V,
}

#[inline(always)]
unsafe fn codes<W: WordLanes, const HOW: u8, const CARE: u8>(lanes: W, view: &WordView, at: Place) -> Codes<W::V> {
    // SAFETY: the caller keeps at + LANES within the pixels.
    let raw = unsafe { lanes.load(view.words.as_ptr().add(at.pixel())) };
    let zero = lanes.splat(0);
    let seen = if HOW == PLAIN { zero } else { raw };
    let mut codes = Codes { code: raw, seen, invalid: zero, clamped: zero };
    if CARE == CAREFUL && view.checked {
        let negative = lanes.greater(zero, raw);
        codes.code = lanes.and_not(raw, negative);
        if view.clamp {
            codes.clamped = negative;
        } else {
            codes.invalid = negative;
        }
    }
    if HOW == ANY {
        codes.code = lanes.and(codes.code, lanes.greater(codes.code, lanes.splat(view.dead as i16)));
    }
    codes
}

/// 1 where the code is at least `cut`, else 0.
#[inline(always)]
fn reached<W: WordLanes>(lanes: W, code: W::V, cut: u32) -> W::V {
    // A cut above every code is reached by none; a code is at most 32767.
    match i16::try_from(cut) {
        Ok(0) => lanes.splat(1),
        Ok(cut) => lanes.and(lanes.greater(code, lanes.splat(cut - 1)), lanes.splat(1)),
        Err(_) => lanes.splat(0),
    }
}

/// The other side of a sweep: codes (0 or 1 where hard), 0xFFFF where kept, above 1 where broken.
struct Other<V, B> {
    codes: Codes<V>,
    kept: V,
    broken: B,
}

trait Partner: Beside {
    /// # Safety
    ///
    /// `at + LANES` lies within the pixels.
    unsafe fn load<W: WordLanes, const HOW: u8, const CARE: u8, const LAST: bool>(
        self,
        lanes: W,
        at: Place,
        code: W::V,
    ) -> Other<W::V, <W::Bytes as ByteLanes>::V>;
}

impl<T: Marked> Partner for Hard<T> {
    #[inline(always)]
    unsafe fn load<W: WordLanes, const HOW: u8, const CARE: u8, const LAST: bool>(
        self,
        lanes: W,
        at: Place,
        code: W::V,
    ) -> Other<W::V, <W::Bytes as ByteLanes>::V> {
        let (zero, bytes) = (lanes.splat(0), lanes.bytes());
        let (ones, kept, broken) = if let Some(cut) = self.0.own() {
            (reached(lanes, code, cut), lanes.splat(-1), bytes.splat(0))
        } else {
            // SAFETY: the caller keeps at + LANES within the pixels.
            let marks = unsafe { self.0.marks::<_, LAST>(bytes, at) };
            (lanes.widen(marks.ones), lanes.widen(marks.kept), marks.broken)
        };
        Other { codes: Codes { code: ones, seen: zero, invalid: zero, clamped: zero }, kept, broken }
    }
}

impl Partner for Map<WordView<'_>> {
    #[inline(always)]
    unsafe fn load<W: WordLanes, const HOW: u8, const CARE: u8, const LAST: bool>(
        self,
        lanes: W,
        at: Place,
        _: W::V,
    ) -> Other<W::V, <W::Bytes as ByteLanes>::V> {
        // SAFETY: the caller keeps at + LANES within the pixels.
        let codes = unsafe { codes::<W, HOW, CARE>(lanes, &self.0, at) };
        Other { codes, kept: lanes.splat(-1), broken: lanes.bytes().splat(0) }
    }
}

#[derive(Clone, Copy)]
struct WordTurn<'a, W, T, K, const SUMS: u8, const HOW: u8> {
    lanes: W,
    p: WordView<'a>,
    target: T,
    keep: K,
    /// From this code on a prediction is decided to be 1, where sums are of decisions.
    cut: u32,
}

/// Sums of one chain. A field that the pair does not need is never written, so that the optimiser removes it.
#[derive(Clone, Copy)]
struct WordAcc<S, D, V, B> {
    p: S,
    t: S,
    /// Σ of codes under a mask.
    masked: S,
    pt: D,
    pp: D,
    tt: D,
    min: S,
    kept: S,
    invalid: S,
    clamped: S,
    /// All raw codes or-ed: their sign bits.
    signs: V,
    broken: B,
}

impl<W: WordLanes, T: Partner, K: Keep, const SUMS: u8, const HOW: u8> Turn for WordTurn<'_, W, T, K, SUMS, HOW> {
    type Acc = WordAcc<W::S, W::D, W::V, <W::Bytes as ByteLanes>::V>;
    type Out = Tally<u64>;
    const LANES: usize = <W::Bytes as ByteLanes>::LANES;
    const DRAIN: usize = W::DRAIN;
    /// A careful step is long enough to hide the latency of an addition by itself.
    const CHAINS: usize = if HOW == ANY && !K::ALL { 1 } else { W::CHAINS };
    const STRIDE: usize = 64;
    const PROBE: usize = 16;
    const CARE: bool = HOW == ANY;

    #[inline(always)]
    fn zero(self) -> Self::Acc {
        let lanes = self.lanes;
        let (s, d) = (lanes.none(), lanes.no_products());
        WordAcc {
            p: s,
            t: s,
            masked: s,
            pt: d,
            pp: d,
            tt: d,
            min: s,
            kept: s,
            invalid: s,
            clamped: s,
            signs: lanes.splat(0),
            broken: lanes.bytes().splat(0),
        }
    }

    #[inline(always)]
    unsafe fn step<const CARE: u8, const LAST: bool>(self, mut acc: Self::Acc, at: Place, fresh: usize) -> Self::Acc {
        let lanes = self.lanes;
        let (bytes, one) = (lanes.bytes(), lanes.splat(1));
        // SAFETY: the caller keeps at + LANES within the pixels.
        let mine = unsafe { codes::<W, HOW, CARE>(lanes, &self.p, at) };
        // SAFETY: as above.
        let other = unsafe { self.target.load::<W, HOW, CARE, LAST>(lanes, at, mine.code) };
        let p = if decided(SUMS) { reached(lanes, mine.code, self.cut) } else { mine.code };
        let (mut p, mut t, mut broken) = (p, other.codes.code, other.broken);
        if LAST || !K::ALL || T::KEEPS || CARE == CAREFUL {
            // SAFETY: as above.
            let mut region = unsafe { self.keep.kept::<_, LAST>(bytes, at) };
            if LAST {
                region = bytes.and(region, bytes.last(fresh));
            }
            broken = bytes.and(broken, region);
            let mut keep = lanes.and(other.kept, lanes.widen(region));
            if CARE == CAREFUL {
                let invalid = lanes.and(lanes.or(mine.invalid, other.codes.invalid), keep);
                keep = lanes.and_not(keep, invalid);
                let clamped = lanes.and(lanes.or(mine.clamped, other.codes.clamped), keep);
                acc.invalid = lanes.sum(acc.invalid, lanes.and(invalid, one));
                acc.clamped = lanes.sum(acc.clamped, lanes.and(clamped, one));
            }
            p = lanes.and(p, keep);
            t = lanes.and(t, keep);
            acc.kept = lanes.sum(acc.kept, lanes.and(keep, one));
        }
        if CARE != CAREFUL && SUMS != BESIDE {
            acc.signs = lanes.or(acc.signs, lanes.or(mine.seen, other.codes.seen));
        }
        acc.p = lanes.sum(acc.p, p);
        if SUMS != BESIDE {
            acc.t = lanes.sum(acc.t, t);
        }
        if T::HARD {
            let chosen = lanes.greater(t, lanes.splat(0));
            acc.masked = lanes.sum(acc.masked, lanes.and(p, chosen));
        } else {
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
        if T::CHECKS && SUMS != BESIDE {
            acc.broken = bytes.or(acc.broken, broken);
        }
        acc
    }

    #[inline(always)]
    fn both(self, a: Self::Acc, b: Self::Acc) -> Self::Acc {
        let lanes = self.lanes;
        WordAcc {
            p: lanes.both(a.p, b.p),
            t: lanes.both(a.t, b.t),
            masked: lanes.both(a.masked, b.masked),
            pt: lanes.both_products(a.pt, b.pt),
            pp: lanes.both_products(a.pp, b.pp),
            tt: lanes.both_products(a.tt, b.tt),
            min: lanes.both(a.min, b.min),
            kept: lanes.both(a.kept, b.kept),
            invalid: lanes.both(a.invalid, b.invalid),
            clamped: lanes.both(a.clamped, b.clamped),
            signs: lanes.or(a.signs, b.signs),
            broken: lanes.bytes().or(a.broken, b.broken),
        }
    }

    #[inline(always)]
    fn tripped<const CARE: u8>(self, acc: Self::Acc) -> bool {
        HOW != PLAIN && CARE != CAREFUL && self.lanes.any_negative(acc.signs)
    }

    #[inline(always)]
    fn drain<const CARE: u8>(self, acc: Self::Acc, _: usize, pixels: usize) -> Tally<u64> {
        let lanes = self.lanes;
        let (invalid, clamped) = (lanes.total(acc.invalid), lanes.total(acc.clamped));
        // Where pixels can be left out, those that are kept were counted; else all are kept but the invalid ones, which the
        // careful loop alone finds.
        let kept = if !K::ALL || T::KEEPS { lanes.total(acc.kept) } else { pixels as u64 - invalid };
        Tally {
            kept,
            ignored: pixels as u64 - kept - invalid,
            invalid,
            clamped,
            broken: u64::from(T::CHECKS && lanes.bytes().any_above_one(acc.broken)),
            p: lanes.total(acc.p),
            t: lanes.total(acc.t),
            pt: if T::HARD { lanes.total(acc.masked) } else { lanes.total_products(acc.pt) },
            pp: if squares(SUMS) { lanes.total_products(acc.pp) } else { 0 },
            tt: if squares(SUMS) && !T::HARD { lanes.total_products(acc.tt) } else { 0 },
            min_p: if minima(SUMS) && !T::HARD { lanes.total(acc.min) } else { 0 },
            min_t: 0,
        }
    }
}
