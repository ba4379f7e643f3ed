//! The kernel: exact sums of a run of pixels, written once.
//!
//! ```text
//! sums = 0
//! for each block of pixels:                  as many as narrow accumulators can take
//!     four chains of accumulators = 0        so that one add need not wait for the last
//!     for each vector of LANES pixels:       four at a time, one to a chain
//!         p, t = codes of prediction, target (0 where the pixel is left out)
//!         chain += p, t, p·t                 (and p², t², min(p, t) when asked for)
//!     after each stride of vectors:          what is narrow becomes wide, and the block ends here if it wants care
//!     the last vector ends with the last pixel; the lanes that were already counted are blanked
//!     if a value was seen that needs care:   out of range
//!         the same block again, with care    (and the next few): rounding dust is brought into range, and only if
//!                                            there is worse each pixel is looked at
//!     sums += chains                         widened to 64 bits
//! ```
//!
//! What differs in the real loops:
//!
//! 1. `sweep` below is the loop above; it knows no element. A family (`bytes`, `words`, `floats`) says what a
//!    step does, over the smallest trait of lane operations (`lanes`); a backend (`wide`, …) holds those and nothing else.
//! 2. `plain` is the definition: a pixel at a time through `Element::read`, for every element and target. It is the
//!    `scalar` backend, serves pairs that have no lanes, and runs shorter than one vector.
//! 3. `dispatch` picks the backend.
//! 4. Where there are no vector registers, or they are MVE's, `run` takes whole runs of pixels to loops over raw pointers
//!    (`dsp`, `fpu`, `helium`, `swar`, `single`, `soft_float`), and what those cannot take to `plain`.
//! 5. What writes instead of summing (activations, gradients) is apart, in `math`.
//!
//! **Overflow.** The chains of a block take at most 4 · (`DRAIN` + 4) vectors, and all of them are joined in one: each
//! family's `DRAIN` is proven against its accumulators, and `STRIDE` against the narrower ones that some have; a call
//! of the kernel takes at most `SPAN` pixels, whose sums fit 64 bits (codes below 2²⁴, products below 2³²) or are kept
//! in 128 (2⁻⁴⁸ codes, mixed products); [`crate::CAPACITY`] bounds the rest.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(soft_dice_lanes = "vector")]
mod bytes;
mod dispatch;
#[cfg(soft_dice_lanes = "dsp")]
mod dsp;
#[cfg(soft_dice_lanes = "vector")]
mod floats;
mod forced;
#[cfg(soft_dice_lanes = "fpu")]
mod fpu;
#[cfg(soft_dice_lanes = "helium")]
mod helium;
pub(crate) mod interleaved;
mod lanes;
mod math;
#[cfg(soft_dice_lanes = "neon")]
mod neon;
mod plain;
#[cfg(soft_dice_lanes = "runs")]
mod run;
#[cfg(soft_dice_lanes = "swar")]
mod single;
#[cfg(soft_dice_lanes = "soft")]
mod soft_float;
mod source;
#[cfg(soft_dice_lanes = "swar")]
mod swar;
mod views;
#[cfg(all(soft_dice_lanes = "vector", not(soft_dice_lanes = "neon")))]
mod wide;
#[cfg(soft_dice_lanes = "vector")]
mod words;
#[cfg(target_arch = "x86_64")]
mod x86;

pub use dispatch::backend;
pub use lanes::ByteLanes;
#[cfg(test)]
pub(crate) use math::tests::on_all as tests_on_all;
pub(crate) use math::{ByteFormula, Formula, MathLanes, One, apply, apply_bytes};
pub use source::{BitSource, ByteSource, Decided, Everywhere, Within};
pub(crate) use views::unsigned;
pub use views::{ByteCodes, ByteMarks, ByteView, FloatView, Kind, MaskView, Values, WordView};

use crate::element::Element;
use crate::sums::{Acc, Moments};
use crate::target::Times;

/// Pixels that one call of the kernel takes at most: a stream cuts longer runs. Where pointers have 32 bits no slice is
/// long enough to matter: at most 2³¹ bytes, of codes and products below 2³² a byte.
pub(crate) const SPAN: usize = if usize::BITS > 32 { 1 << 24 } else { usize::MAX };

/// What a sweep found.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally<A> {
    pub kept: u64,
    pub ignored: u64,
    pub invalid: u64,
    pub clamped: u64,
    /// Mask bytes outside the declared values: their number is unspecified, but not 0.
    pub broken: u64,
    pub p: A,
    pub t: A,
    pub pt: A,
    pub pp: A,
    pub tt: A,
    pub min_p: A,
    pub min_t: A,
}

impl Tally<u64> {
    fn join(&mut self, more: &Self) {
        self.kept += more.kept;
        self.ignored += more.ignored;
        self.invalid += more.invalid;
        self.clamped += more.clamped;
        self.broken += more.broken;
        // Wrapping, so that a broken promise of `Trusted` cannot panic.
        self.p = self.p.wrapping_add(more.p);
        self.t = self.t.wrapping_add(more.t);
        self.pt = self.pt.wrapping_add(more.pt);
        self.pp = self.pp.wrapping_add(more.pp);
        self.tt = self.tt.wrapping_add(more.tt);
        self.min_p = self.min_p.wrapping_add(more.min_p);
        self.min_t = self.min_t.wrapping_add(more.min_t);
    }

    /// Field by field: a loop over them would keep the compiler from seeing which are 0.
    #[inline(always)]
    fn widen<A: Acc>(self) -> Tally<A> {
        Tally {
            kept: self.kept,
            ignored: self.ignored,
            invalid: self.invalid,
            clamped: self.clamped,
            broken: self.broken,
            p: self.p.into(),
            t: self.t.into(),
            pt: self.pt.into(),
            pp: self.pp.into(),
            tt: self.tt.into(),
            min_p: self.min_p.into(),
            min_t: self.min_t.into(),
        }
    }
}

/// A pixel of a hard target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Zero,
    One,
    /// The ignore label.
    Ignored,
    /// A mask byte outside the declared values.
    Broken,
}

/// Where a vector begins: `ahead` pixels, a constant, behind `at`. Both are multiples of LANES but for a last vector. Apart, so
/// that all vectors of a turn share one address, of bytes and of bits.
#[derive(Clone, Copy)]
pub struct Place {
    at: usize,
    ahead: usize,
}

impl Place {
    #[inline(always)]
    fn pixel(self) -> usize {
        self.at + self.ahead
    }

    /// The byte of the first bit, where LANES is a multiple of 8.
    #[inline(always)]
    fn byte(self) -> usize {
        self.at / 8 + self.ahead / 8
    }
}

/// A vector of pixels of a hard target.
#[derive(Clone, Copy)]
pub struct Marks<V> {
    /// 1 where foreground, else 0.
    pub ones: V,
    /// Not 0 where foreground: for lanes that only ask that.
    pub some: V,
    /// 0xFF where the pixel counts, else 0; looked at under [`Hard::KEEPS`].
    pub kept: V,
    /// Above 1 where a byte is outside the declared values; looked at under [`Hard::CHECKS`].
    pub broken: V,
    /// The same as bits, the first pixel in the lowest, those beyond LANES unspecified; looked at under [`Hard::BITS`].
    pub bits: u64,
}

impl<V: Copy> Marks<V> {
    pub fn of<B: ByteLanes<V = V>>(lanes: B, ones: V) -> Self {
        Self { ones, some: ones, kept: lanes.splat(0xFF), broken: lanes.splat(0), bits: 0 }
    }
}

/// Where a hard target's pixels come from.
pub trait Hard: Copy {
    /// Some pixels are left out.
    const KEEPS: bool = false;
    /// Bytes are checked against their declaration.
    const CHECKS: bool = false;
    /// The marks come as bits too.
    const BITS: bool = false;
    /// The prediction itself decides: its key against [`Self::cut`].
    const OWN: bool = false;
    /// The prediction is decided: its linear sums are of 1 from [`Self::threshold`] on, else 0. See [`Decided`].
    const DECIDES: bool = false;

    fn cut(self) -> u32 {
        0
    }

    /// The least key of the prediction that is summed as 1, under [`Self::DECIDES`].
    fn threshold(self) -> u32 {
        0
    }

    /// The pixels as loops over whole runs take them.
    fn view(&self) -> MaskView<'_> {
        MaskView::Other
    }

    /// The pixels as lanes that write take them, if they do.
    fn values(&self) -> Option<Values<'_>> {
        None
    }

    /// Bits whose first is the first of its byte.
    fn even(self) -> bool {
        false
    }

    /// The target from pixel `at` on.
    #[must_use]
    fn skip(self, at: usize) -> Self;

    /// Pixel `at`; `key` is the prediction's.
    fn mark(self, at: usize, key: u32) -> Mark;

    /// LANES pixels, which begin a multiple of LANES after the first but for the `LAST` vector. `EVEN` only if
    /// [`Self::even`].
    ///
    /// # Safety
    ///
    /// They lie within the pixels.
    unsafe fn marks<B: ByteLanes, const LAST: bool, const EVEN: bool>(self, lanes: B, at: Place) -> Marks<B::V>;
}

/// The region of interest.
pub trait Keep: Copy {
    /// Every pixel is in it.
    const ALL: bool;

    fn keeps(self, at: usize) -> bool;

    /// The region from pixel `at` on.
    #[must_use]
    fn skip(self, at: usize) -> Self;

    /// 0xFF for each of LANES pixels that is in it, else 0; they begin as for [`Hard::marks`].
    ///
    /// # Safety
    ///
    /// They lie within the pixels.
    unsafe fn kept<B: ByteLanes, const LAST: bool>(self, lanes: B, at: Place) -> B::V;
}

/// Sums of a prediction against a hard target, on the fastest lanes there are. `tt` and `min_p` are left to the caller.
#[inline(always)]
pub(crate) fn hard<M: Moments, P: Element, H: Hard, K: Keep>(
    element: &P,
    p: &[P::Raw],
    target: H,
    keep: K,
) -> Tally<P::Narrow> {
    #[cfg(soft_dice_lanes = "runs")]
    if let Some(tally) = run::hard::<M, P, H, K>(element, p, target) {
        return tally;
    }
    #[cfg(soft_dice_lanes = "vector")]
    {
        let fast = if let Some(view) = element.bytes(p) {
            bytes::hard::<M, H, K>(view, target, keep)
        } else if let Some(view) = element.words(p) {
            words::hard::<M, H, K>(view, target, keep)
        } else if let Some(view) = element.floats(p) {
            floats::hard::<M, H, K>(view, target, keep)
        } else {
            None
        };
        if let Some(tally) = fast {
            return tally.widen();
        }
    }
    plain::hard::<M, P, H, K>(element, p, target, keep)
}

/// Of the pixels that `class` has not won, how many there are and how many are in the target; `None` where no lanes fit.
pub(crate) fn lost(_won: &[u8], _class: u8, _target: impl Hard) -> Option<Tally<u64>> {
    // A byte that differs from the class is at least 1 with the bits of the class turned.
    #[cfg(soft_dice_lanes = "vector")]
    {
        let codes = ByteView { bytes: _won, flip: _class, codes: ByteCodes::PLAIN };
        bytes::hard::<crate::sums::Linear, _, _>(codes, Decided::new(_target, 1), Everywhere)
    }
    #[cfg(not(soft_dice_lanes = "vector"))]
    None
}

/// Sums of a prediction against a soft map.
#[inline(always)]
pub(crate) fn soft<M: Moments, P: Times<T>, T: Element, K: Keep>(
    element: &P,
    other: &T,
    p: &[P::Raw],
    t: &[T::Raw],
    keep: K,
) -> Tally<P::Wide> {
    #[cfg(soft_dice_lanes = "runs")]
    if let Some(tally) = run::soft::<M, P, T, K>(element, other, p, t) {
        return tally;
    }
    // Minima of unlike units are two sums, which only the plain loop keeps.
    #[cfg(soft_dice_lanes = "vector")]
    if !M::MINIMA || element.unit() == other.unit() {
        let fast = if let (Some(a), Some(b)) = (element.bytes(p), other.bytes(t)) {
            bytes::soft::<M, K>(a, b, keep)
        } else if let (Some(a), Some(b)) = (element.words(p), other.words(t)) {
            words::soft::<M, K>(a, b, keep)
        } else if let (Some(a), Some(b)) = (element.floats(p), other.floats(t)) {
            floats::soft::<M, K>(a, b, keep)
        } else {
            None
        };
        if let Some(tally) = fast {
            return tally.widen();
        }
    }
    plain::soft::<M, P, T, K>(element, other, p, t, keep)
}

/// How closely a block's values are looked at: values in range need nothing.
#[cfg(soft_dice_lanes = "vector")]
const QUICK: u8 = 0;
/// Rounding dust is brought into range.
#[cfg(soft_dice_lanes = "vector")]
const DUSTY: u8 = 1;
/// Each pixel is kept, left out or clamped.
#[cfg(soft_dice_lanes = "vector")]
const CAREFUL: u8 = 2;

/// What one vector of pixels adds: a family over some lanes.
#[cfg(soft_dice_lanes = "vector")]
trait Turn: Copy {
    /// Narrow accumulators of one chain.
    type Acc: Copy;
    /// Pixels in a vector.
    const LANES: usize;
    /// A quarter of the vectors of a block, but for four more: all chains are joined in one.
    const DRAIN: usize;
    /// Chains, 2 or 4.
    const CHAINS: usize;
    /// Vectors, a multiple of 4, after which the chains of a block come to rest and are asked whether they tripped.
    const STRIDE: usize;
    /// The first stride of a block: little is lost where odd values are everywhere.
    const PROBE: usize = Self::STRIDE;
    /// There are values that [`DUSTY`] mends.
    const DUST: bool = false;

    fn zero(self) -> Self::Acc;

    /// Adds LANES pixels; under `LAST` only the last `fresh` of them.
    ///
    /// # Safety
    ///
    /// They lie within the pixels.
    unsafe fn step<const CARE: u8, const LAST: bool>(self, acc: Self::Acc, at: Place, fresh: usize) -> Self::Acc;

    /// Between strides: what is narrow becomes wide.
    fn rest(self, acc: Self::Acc) -> Self::Acc {
        acc
    }

    /// A value was seen that needs more care.
    fn tripped<const CARE: u8>(self, chains: &[Self::Acc; 4]) -> bool;

    /// One chain of four.
    fn join(self, chains: [Self::Acc; 4]) -> Self::Acc;

    /// The sums of `vectors` steps over `pixels` pixels.
    fn drain<const CARE: u8>(self, acc: Self::Acc, vectors: usize, pixels: usize) -> Tally<u64>;
}

/// The loop at the head of this file, over `pixels` ≥ `LANES`.
///
/// # Safety
///
/// The turn's buffers hold `pixels` pixels, and the CPU has what its lanes need.
#[cfg(soft_dice_lanes = "vector")]
#[inline(always)]
unsafe fn sweep<T: Turn>(turn: T, pixels: usize) -> Tally<u64> {
    // Blocks that are taken with care after one that tripped: where one value is odd, its neighbours often are.
    const BLOCKS: u32 = 4;
    let mut total = Tally::default();
    let (mut care, mut blocks) = (QUICK, 0);
    let (vectors, rest) = (pixels / T::LANES, pixels % T::LANES);
    let mut from = 0;
    while from < vectors {
        let to = vectors.min(from + 4 * T::DRAIN);
        let fresh = if to == vectors { rest } else { 0 };
        // SAFETY: to · LANES + fresh ≤ pixels, and pixels ≥ LANES.
        let found = unsafe {
            if care == QUICK {
                block::<T, QUICK>(turn, from, to, fresh)
            } else if care == DUSTY && T::DUST {
                block::<T, DUSTY>(turn, from, to, fresh)
            } else {
                block::<T, CAREFUL>(turn, from, to, fresh)
            }
        };
        let Some(tally) = found else {
            care = if care == QUICK && T::DUST { DUSTY } else { CAREFUL };
            blocks = BLOCKS;
            continue;
        };
        total.join(&tally);
        from = to;
        if care != QUICK {
            blocks -= 1;
            if blocks == 0 {
                care = QUICK;
            }
        }
    }
    total
}

/// One block: the vectors `from .. to`, then the next `fresh` pixels. `None` if it wants more care.
///
/// # Safety
///
/// to · LANES + fresh lies within the pixels; with `fresh` > 0 there are at least LANES pixels up to there.
#[cfg(soft_dice_lanes = "vector")]
#[inline(always)]
unsafe fn block<T: Turn, const CARE: u8>(turn: T, from: usize, to: usize, fresh: usize) -> Option<Tally<u64>> {
    // SAFETY: the caller's.
    let acc = unsafe { chains::<T, CARE>(turn, from, to, fresh) }?;
    let vectors = to - from;
    Some(turn.drain::<CARE>(acc, vectors + usize::from(fresh > 0), vectors * T::LANES + fresh))
}

/// The vectors of a block, on its chains. `None` if it wants more care.
///
/// # Safety
///
/// As [`block`].
#[cfg(soft_dice_lanes = "vector")]
#[inline(always)]
unsafe fn chains<T: Turn, const CARE: u8>(turn: T, from: usize, to: usize, fresh: usize) -> Option<T::Acc> {
    let place = |vector: usize, more: usize| Place { at: vector * T::LANES, ahead: more * T::LANES };
    let (mut next, mut stride) = (from, T::PROBE);
    let [mut a, mut b, mut c, mut d] = [turn.zero(); 4];
    // SAFETY: vectors below `to`, and the last one ends at to · LANES + fresh; the caller keeps both within the pixels.
    unsafe {
        loop {
            // Where a block is one stride, this is known beforehand.
            let stop = if T::STRIDE < 4 * T::DRAIN { to.min(next + stride) } else { to };
            stride = T::STRIDE;
            while stop - next >= 4 {
                a = turn.step::<CARE, false>(a, place(next, 0), 0);
                b = turn.step::<CARE, false>(b, place(next, 1), 0);
                if T::CHAINS == 4 {
                    c = turn.step::<CARE, false>(c, place(next, 2), 0);
                    d = turn.step::<CARE, false>(d, place(next, 3), 0);
                } else {
                    a = turn.step::<CARE, false>(a, place(next, 2), 0);
                    b = turn.step::<CARE, false>(b, place(next, 3), 0);
                }
                next += 4;
            }
            if stop == to {
                break;
            }
            if turn.tripped::<CARE>(&[a, b, c, d]) {
                return None;
            }
            [a, b, c, d] = [turn.rest(a), turn.rest(b), turn.rest(c), turn.rest(d)];
        }
        while next < to {
            a = turn.step::<CARE, false>(a, place(next, 0), 0);
            next += 1;
        }
        if fresh > 0 {
            a = turn.step::<CARE, true>(a, Place { at: to * T::LANES + fresh - T::LANES, ahead: 0 }, fresh);
        }
    }
    (!turn.tripped::<CARE>(&[a, b, c, d])).then(|| turn.join([a, b, c, d]))
}
