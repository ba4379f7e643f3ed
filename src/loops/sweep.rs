//! The loop over vectors, written once: exact sums of a run of pixels.
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
//! It knows no element: a family (`bytes`, `words`, `floats`) says what a step does, over the smallest trait of lane
//! operations (`lanes`).
//!
//! Common pairs have a sweep that is compiled for them and stops before a block in which each pixel must be looked at. Such
//! blocks, and pairs that are not common, go to one sweep a family and kind of sum, which asks at each vector what the mask
//! and the region are (`table`).
//!
//! **Overflow.** A block takes at most 4 · `DRAIN` vectors, and one more for the pixels that fill no vector. Its four
//! chains are joined into one accumulator, which must hold them all: each family proves with a `const` assertion that its
//! accumulators hold 4 · (`DRAIN` + 4) vectors, and that the narrower ones that some have hold a `STRIDE` and four more.
//! A sweep takes at most [`SPAN`](crate::pixels::SPAN) pixels, whose sums fit 64 bits.

use crate::lanes::Lanes;
use crate::pixels::{Tally, Within};

/// A loop that any lanes can run.
pub(crate) trait Job {
    /// What it gives.
    type Out;

    /// # Safety
    ///
    /// The job's buffers hold what it says, and the CPU has what the lanes need.
    unsafe fn run<L: Lanes>(self, lanes: L) -> Self::Out;
}

/// A sweep over any lanes.
pub(crate) trait Sweep {
    type Side<'a>;
    type Other<'a>;

    /// # Safety
    ///
    /// All sides hold the same number of pixels, which fill a vector, and the CPU has what the lanes need.
    unsafe fn sweep<L: Lanes>(
        lanes: L,
        p: &Self::Side<'_>,
        other: &Self::Other<'_>,
        region: &Within,
        cut: u32,
    ) -> Swept;
}

/// What a sweep has added.
#[derive(Clone, Copy)]
pub(crate) struct Swept<S = Tally<u64>> {
    pub tally: S,
    /// The pixels that are in the tally, from the first on.
    pub taken: usize,
}

/// What a sweep adds up: a tally, or two of the same pixels.
pub(crate) trait Added: Copy {
    const NONE: Self;

    fn join(&mut self, more: &Self);
}

impl Added for Tally<u64> {
    const NONE: Self = Self::NONE;

    #[inline(always)]
    fn join(&mut self, more: &Self) {
        Self::join(self, more);
    }
}

impl Added for [Tally<u64>; 2] {
    const NONE: Self = [Tally::NONE; 2];

    #[inline(always)]
    fn join(&mut self, more: &Self) {
        let [first, second] = self;
        first.join(&more[0]);
        second.join(&more[1]);
    }
}

impl Swept {
    /// No pixel: what a sweep gives that was not compiled for the pair.
    pub const NOTHING: Self = Self { tally: Tally::NONE, taken: 0 };
}

/// A tally that a call has just stored, field by field. Left to itself the compiler loads two fields as one vector, where
/// the call has stored each by itself; such a load cannot be forwarded, and waits until both stores have reached the cache,
/// for as long as the sums of some hundred pixels take. It does not merge volatile loads.
#[inline(always)]
pub(crate) fn stored<A: Copy>(tally: &Tally<A>) -> Tally<A> {
    macro_rules! each {
        ($($field:ident)*) => {
            // SAFETY: a reference to a field is valid for reads.
            Tally { $($field: unsafe { core::ptr::read_volatile(&raw const tally.$field) }),* }
        };
    }
    each!(p kept t ignored pt invalid pp clamped tt broken min_p min_t)
}

/// Where a vector begins: `at` pixels from the start of the run, which is known at run time, plus `ahead` pixels, which
/// is a compile-time constant. They are kept apart so that the four loads of a turn share one base register. Both are
/// multiples of LANES but for a last vector.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    at: usize,
    ahead: usize,
}

impl Place {
    #[inline(always)]
    pub(super) fn new(at: usize, ahead: usize) -> Self {
        Self { at, ahead }
    }

    #[inline(always)]
    pub fn pixel(self) -> usize {
        self.at + self.ahead
    }

    /// The byte of the first bit, where LANES is a multiple of 8.
    #[inline(always)]
    pub fn byte(self) -> usize {
        self.at / 8 + self.ahead / 8
    }
}

/// How closely a block's values are looked at: values in range need nothing.
pub(super) const QUICK: u8 = 0;
/// Rounding dust is brought into range.
pub(super) const DUSTY: u8 = 1;
/// Each pixel is kept, left out or clamped.
pub(super) const CAREFUL: u8 = 2;

/// What one vector of pixels adds: a family over some lanes.
pub(super) trait Turn: Copy {
    /// Narrow accumulators of one chain.
    type Acc: Copy;
    /// What they are in the end.
    type Out: Added;
    /// Pixels in a vector.
    const LANES: usize;
    /// A block is shorter than 4 · (DRAIN + 4) vectors, because its four chains are joined into one accumulator that must
    /// hold them all.
    const DRAIN: usize;
    /// Chains: 1, 2 or 4. With one, a turn of the loop takes one vector, else four: for lanes that are many instructions
    /// each, which hide the latency of an addition by themselves.
    const CHAINS: usize;
    /// Vectors, a multiple of 4, after which the narrow sums of a block are added to its wide ones, and the chains are asked
    /// whether one has seen a value that needs care.
    const STRIDE: usize;
    /// Vectors, and four more, that the narrow sums hold.
    const NARROW: usize = usize::MAX;
    /// The first stride of a block: little is lost where odd values are everywhere.
    const PROBE: usize = Self::STRIDE;
    /// There are values that [`DUSTY`] mends: else that loop is not compiled.
    const DUST: bool = false;
    /// Each pixel is looked at where that is needed: else that loop is not compiled, and the sweep stops before such a block.
    const CARE: bool = false;

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

    /// One chain of two, whose narrow sums have come to rest.
    fn both(self, a: Self::Acc, b: Self::Acc) -> Self::Acc;

    /// A value was seen that needs more care.
    fn tripped<const CARE: u8>(self, acc: Self::Acc) -> bool;

    /// The sums of `vectors` steps over `pixels` pixels.
    fn drain<const CARE: u8>(self, acc: Self::Acc, vectors: usize, pixels: usize) -> Self::Out;
}

/// The loop at the head of this file, over `pixels` ≥ `LANES`: the sums of all of them, or of those before the first block
/// that wants more care than the turn gives.
///
/// # Safety
///
/// The turn's buffers hold `pixels` pixels, and the CPU has what its lanes need.
#[inline(always)]
pub(super) unsafe fn sweep<T: Turn>(turn: T, pixels: usize) -> Swept<T::Out> {
    // Blocks that are still taken with care after one that needed it: where one value is odd, its neighbours often are.
    const BLOCKS: u32 = 4;
    let mut tally = T::Out::NONE;
    let (mut care, mut blocks) = (QUICK, 0);
    let (vectors, rest) = (pixels / T::LANES, pixels % T::LANES);
    let mut from = 0;
    while from < vectors {
        let to = vectors.min(from + 4 * T::DRAIN);
        let fresh = if to == vectors { rest } else { 0 };
        // SAFETY: to · LANES + fresh ≤ pixels, and pixels ≥ LANES.
        let found = unsafe {
            if const { !T::DUST && !T::CARE } || care == QUICK {
                block::<T, QUICK>(turn, from, to, fresh)
            } else if const { T::DUST } && (const { !T::CARE } || care == DUSTY) {
                block::<T, DUSTY>(turn, from, to, fresh)
            } else {
                block::<T, CAREFUL>(turn, from, to, fresh)
            }
        };
        let Some(more) = found else {
            care = if T::DUST && care == QUICK { DUSTY } else { CAREFUL };
            if const { !T::CARE } && care == CAREFUL {
                return Swept { tally, taken: from * T::LANES };
            }
            blocks = BLOCKS;
            continue;
        };
        tally.join(&more);
        from = to;
        if care != QUICK {
            blocks -= 1;
            if blocks == 0 {
                care = QUICK;
            }
        }
    }
    Swept { tally, taken: pixels }
}

/// One block: the vectors `from .. to`, then the next `fresh` pixels. `None` if it wants more care.
///
/// # Safety
///
/// to · LANES + fresh lies within the pixels; with `fresh` > 0 there are at least LANES pixels up to there.
#[inline(always)]
unsafe fn block<T: Turn, const CARE: u8>(turn: T, from: usize, to: usize, fresh: usize) -> Option<T::Out> {
    // SAFETY: the caller promises the same.
    let acc = unsafe { chains::<T, CARE>(turn, from, to, fresh) }?;
    let vectors = to - from;
    Some(turn.drain::<CARE>(acc, vectors + usize::from(fresh > 0), vectors * T::LANES + fresh))
}

/// The vectors of a block, on its chains. `None` if it wants more care.
///
/// # Safety
///
/// As [`block`].
#[inline(always)]
unsafe fn chains<T: Turn, const CARE: u8>(turn: T, from: usize, to: usize, fresh: usize) -> Option<T::Acc> {
    let place = |vector: usize, more: usize| Place::new(vector * T::LANES, more * T::LANES);
    let (mut next, mut stride) = (from, T::PROBE);
    let [mut a, mut b, mut c, mut d] = [turn.zero(); 4];
    // SAFETY: vectors below `to`, and the last one ends at to · LANES + fresh; the caller keeps both within the pixels.
    unsafe {
        loop {
            // Where a block is one stride, this is known beforehand.
            let stop = if T::STRIDE < 4 * T::DRAIN { to.min(next + stride) } else { to };
            stride = T::STRIDE;
            while const { T::CHAINS > 1 } && stop - next >= 4 {
                a = turn.step::<CARE, false>(a, place(next, 0), 0);
                b = turn.step::<CARE, false>(b, place(next, 1), 0);
                if const { T::CHAINS == 4 } {
                    c = turn.step::<CARE, false>(c, place(next, 2), 0);
                    d = turn.step::<CARE, false>(d, place(next, 3), 0);
                } else {
                    a = turn.step::<CARE, false>(a, place(next, 2), 0);
                    b = turn.step::<CARE, false>(b, place(next, 3), 0);
                }
                next += 4;
            }
            while next < stop && (const { T::CHAINS == 1 } || stop == to) {
                a = turn.step::<CARE, false>(a, place(next, 0), 0);
                next += 1;
            }
            if stop == to {
                break;
            }
            [a, b, c, d] = [turn.rest(a), turn.rest(b), turn.rest(c), turn.rest(d)];
            if turn.tripped::<CARE>(turn.both(turn.both(a, b), turn.both(c, d))) {
                return None;
            }
        }
        if fresh > 0 {
            a = turn.step::<CARE, true>(a, Place::new(to * T::LANES + fresh - T::LANES, 0), fresh);
        }
    }
    [a, b, c, d] = [turn.rest(a), turn.rest(b), turn.rest(c), turn.rest(d)];
    let acc = turn.both(turn.both(a, b), turn.both(c, d));
    (!turn.tripped::<CARE>(acc)).then_some(acc)
}
