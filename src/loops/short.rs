//! Calls of few pixels: a function for each pair that is met most, of codes as they are (checked, if they are words or floats)
//! against a mask without an ignore label or against a soft map. It takes addresses and numbers in registers, and gives three sums.
//!
//! ```text
//! a, b = 0                                   two chains: four would be zeroed and joined for longer than they save
//! for each two vectors of pixels:            as `sweep` does
//!     a += p, t, p·t of the first;   b += those of the second
//! the last vector ends with the last pixel
//! if a value was seen that needs care:       again, with rounding dust brought into range; if there is worse, nothing: the
//!                                            sweeps of the table take the pair
//! Σp, Σt, Σpt = a + b
//! ```
//!
//! A sweep of the table gets its sides in memory, because they may be anything, and gives twelve sums there: some forty words are
//! stored and loaded around it, for as long as a vector CPU sums a thousand pixels.
//!
//! **Overflow.** [`SHORT`] are fewer vectors than a block, and no more than narrow sums hold: a `const` assertion for each turn.

use super::family::Family;
use super::marks::At;
use super::sweep::{DUSTY, Place, QUICK, Turn};
use crate::lanes::Lanes;
use crate::pixels::Tally;
use core::marker::PhantomData;

/// At most so many pixels are few.
pub(crate) const SHORT: usize = 1024;

/// What a call adds, and what became of it.
#[derive(Clone, Copy)]
pub(crate) struct Three {
    p: u64,
    t: u64,
    pt: u64,
    outcome: u64,
}

/// All pixels were taken.
const TAKEN: u64 = 0;
/// They were, and a byte of the mask is outside its declaration.
const BROKEN: u64 = 1;
/// A value needs care, and none were taken.
const ODD: u64 = 2;

impl Three {
    #[inline(always)]
    pub(super) fn of(tally: Option<Tally<u64>>) -> Self {
        match tally {
            Some(Tally { p, t, pt, broken, .. }) => Self { p, t, pt, outcome: if broken > 0 { BROKEN } else { TAKEN } },
            None => Self { p: 0, t: 0, pt: 0, outcome: ODD },
        }
    }

    /// As a tally of so many pixels, of a mask that is checked or not.
    #[inline(always)]
    pub fn tally(&self, pixels: usize, checked: bool) -> Option<Tally<u64>> {
        // Field by field, as the call has stored them: see `sweep::stored`.
        macro_rules! load {
            ($field:ident) => {
                // SAFETY: a reference to a field is valid for reads.
                unsafe { core::ptr::read_volatile(&raw const self.$field) }
            };
        }
        let outcome = load!(outcome);
        if outcome == ODD {
            return None;
        }
        let broken = u64::from(checked && outcome == BROKEN);
        Some(Tally { kept: pixels as u64, p: load!(p), t: load!(t), pt: load!(pt), broken, ..Tally::NONE })
    }
}

/// The pixels of the prediction, those of the target, their number, and what makes codes and marks of them: the bits that make a
/// byte of the prediction unsigned, then those of the target's, or the class of a label map.
pub(crate) type Short = unsafe fn(*const u8, *const u8, usize, [u8; 2]) -> Three;

/// A function of this kind over any lanes.
pub(crate) trait Brief {
    /// # Safety
    ///
    /// Both sides hold `pixels` pixels, which fill a vector and are at most [`SHORT`], and the CPU has what the lanes need.
    unsafe fn run<L: Lanes>(lanes: L, p: *const u8, t: *const u8, pixels: usize, how: [u8; 2]) -> Three;
}

/// Against a hard target of one type.
pub(super) struct ShortMask<F, T>(PhantomData<(F, T)>);

impl<F: Family, T: At> Brief for ShortMask<F, T> {
    #[inline(always)]
    unsafe fn run<L: Lanes>(lanes: L, p: *const u8, t: *const u8, pixels: usize, [flip, class]: [u8; 2]) -> Three {
        // SAFETY: the caller promises the same.
        Three::of(unsafe { F::short_masked(lanes, F::view(p, pixels, flip), T::at(t, class)) })
    }
}

/// Against a soft map.
pub(super) struct ShortMap<F>(PhantomData<F>);

impl<F: Family> Brief for ShortMap<F> {
    #[inline(always)]
    unsafe fn run<L: Lanes>(lanes: L, p: *const u8, t: *const u8, pixels: usize, [flip_p, flip_t]: [u8; 2]) -> Three {
        // SAFETY: the caller promises the same.
        Three::of(unsafe { F::short_mapped(lanes, F::view(p, pixels, flip_p), F::view(t, pixels, flip_t)) })
    }
}

/// The loop at the head of this file, once more with rounding dust brought into range where there is some; `None` where a value
/// needs more care.
///
/// # Safety
///
/// The turn's buffers hold `pixels` pixels, which fill a vector and are at most [`SHORT`], and the CPU has what its lanes need.
#[inline(always)]
pub(super) unsafe fn short_sweep<T: Turn<Out = Tally<u64>>>(turn: T, pixels: usize) -> Option<Tally<u64>> {
    // SAFETY: the caller promises the same.
    unsafe {
        let quick = two_chains::<T, QUICK>(turn, pixels);
        if T::DUST && quick.is_none() { two_chains::<T, DUSTY>(turn, pixels) } else { quick }
    }
}

/// # Safety
///
/// As [`short_sweep`].
#[inline(always)]
unsafe fn two_chains<T: Turn<Out = Tally<u64>>, const CARE: u8>(turn: T, pixels: usize) -> Option<Tally<u64>> {
    const { assert!(SHORT / T::LANES <= T::NARROW && SHORT / T::LANES < 4 * T::DRAIN) };
    let (vectors, fresh) = (pixels / T::LANES, pixels % T::LANES);
    let (mut a, mut b, mut next) = (turn.zero(), turn.zero(), 0);
    let place = |vector: usize, more: usize| Place::new(vector * T::LANES, more * T::LANES);
    // SAFETY: vectors below `vectors`, and the last one ends with the last pixel.
    unsafe {
        while vectors - next >= 2 {
            a = turn.step::<CARE, false>(a, place(next, 0), 0);
            b = turn.step::<CARE, false>(b, place(next, 1), 0);
            next += 2;
            // Little is lost where odd values are everywhere.
            if T::DUST
                && CARE == QUICK
                && next == T::PROBE
                && turn.tripped::<CARE>(turn.both(turn.rest(a), turn.rest(b)))
            {
                return None;
            }
        }
        if next < vectors {
            a = turn.step::<CARE, false>(a, place(next, 0), 0);
        }
        if fresh > 0 {
            b = turn.step::<CARE, true>(b, Place::new(pixels - T::LANES, 0), fresh);
        }
    }
    let acc = turn.both(turn.rest(a), turn.rest(b));
    (!turn.tripped::<CARE>(acc)).then(|| turn.drain::<CARE>(acc, vectors + usize::from(fresh > 0), pixels))
}
