//! The way in: which sweep of a table takes a pair, and what becomes of the pixels that it leaves.
//!
//! ```text
//! a common pair (codes as they are; in a region, linear sums alone):
//!     a quick sweep, compiled for the mask's shape, takes what it can
//!     where it stops, the next PIXELS pixels go to the careful sweep, and so on
//! any other pair: the careful sweep
//! ```
//!
//! This is inlined where `update` is called. There the target's type says what its mask is, and the prediction's what its
//! codes are, so that of all that is asked here one function of the table is left.

use super::marks::{Keep, Marked};
use super::sweep::{Swept, stored};
use super::table::{Kinds, Mapped, Masked, Sweeps};
use crate::lanes::Lanes;
use crate::pixels::{Ask, ByteCodes, ByteView, FloatView, Mask, Shape, Tally, Within, WordView};

/// Which sums a sweep is compiled for, as a constant.
pub(super) const LINEAR: u8 = 0;
pub(super) const SQUARES: u8 = 1;
pub(super) const MINIMA: u8 = 2;
pub(super) const BOTH: u8 = 3;
/// The linear sums of a prediction that is decided first: of 1 from a threshold on, else of 0.
pub(super) const DECIDED: u8 = 4;

/// Σp² and Σt² are taken.
pub(super) const fn squares(sums: u8) -> bool {
    sums == SQUARES || sums == BOTH
}

/// Σmin(p, t) is taken.
pub(super) const fn minima(sums: u8) -> bool {
    sums == MINIMA || sums == BOTH
}

/// How codes are taken: as they are; with the little that common ones need, and words and floats looked at, up to the
/// first block in which one is out of range; and with all that any codes need, to the end.
pub(super) const PLAIN: u8 = 0;
pub(super) const COMMON: u8 = 1;
pub(super) const ANY: u8 = 2;

/// Pixels that are taken with care after a block that wanted some: where one value is odd, its neighbours often are.
const PIXELS: usize = 1 << 14;
/// Pixels that fill a vector of any lanes.
const VECTOR: usize = 64;

/// The pixels of a prediction or soft map, as an element gives them.
pub(crate) trait View: Copy {
    fn pixels(&self) -> usize;
    /// Codes may be taken as [`PLAIN`].
    fn is_plain(&self) -> bool;
    /// Codes may be taken as [`COMMON`].
    fn is_common(&self) -> bool;
    #[must_use]
    fn part(&self, at: usize, pixels: usize) -> Self;
}

macro_rules! view {
    ($View:ident, $field:ident, plain: |$p:ident| $plain:expr, common: |$c:ident| $common:expr) => {
        impl View for $View<'_> {
            #[inline(always)]
            fn pixels(&self) -> usize {
                self.$field.len()
            }

            #[inline(always)]
            fn is_plain(&self) -> bool {
                let $p = self;
                $plain
            }

            #[inline(always)]
            fn is_common(&self) -> bool {
                let $c = self;
                $common
            }

            fn part(&self, at: usize, pixels: usize) -> Self {
                let rest = self.$field.get(at..).unwrap_or_default();
                Self { $field: rest.get(..pixels).unwrap_or(rest), ..*self }
            }
        }
    };
}

view!(ByteView, bytes, plain: |view| view.flip == 0, common: |view| view.codes == ByteCodes::PLAIN);
view!(WordView, words, plain: |view| !view.checked, common: |view| view.dead == 0);
view!(FloatView, floats, plain: |view| !view.checked, common: |_view| true);

/// What a step adds, of one kind of pixels.
pub(crate) trait Family: Sized + 'static {
    type View<'a>: View;
    /// There is a sweep for bits that begin with a byte.
    const EVEN: bool;
    /// Codes that are not common are met often enough for a sweep for each shape.
    const MOVES: bool;

    /// # Safety
    ///
    /// All sides hold the same number of pixels, which fill a vector, and the CPU has what the lanes need.
    unsafe fn masked<L: Lanes, T: Marked, K: Keep, const SUMS: u8, const HOW: u8>(
        lanes: L,
        p: Self::View<'_>,
        target: T,
        keep: K,
        cut: u32,
    ) -> Swept;

    /// # Safety
    ///
    /// As [`Self::masked`].
    unsafe fn mapped<L: Lanes, K: Keep, const SUMS: u8, const HOW: u8>(
        lanes: L,
        p: Self::View<'_>,
        t: Self::View<'_>,
        keep: K,
    ) -> Swept;
}

/// A family by its turn: a struct of lanes, prediction, target, region and the key of a decision.
macro_rules! family {
    ($(#[$doc:meta])* $Family:ident, $View:ident, $Turn:ident, even: $even:literal, moves: $moves:literal) => {
        $(#[$doc])*
        pub(crate) struct $Family;

        impl $crate::loops::entrance::Family for $Family {
            type View<'a> = $View<'a>;
            const EVEN: bool = $even;
            const MOVES: bool = $moves;

            #[inline(always)]
            unsafe fn masked<L: Lanes, T: Marked, K: Keep, const SUMS: u8, const HOW: u8>(
                lanes: L,
                p: $View<'_>,
                target: T,
                keep: K,
                cut: u32,
            ) -> Swept {
                let turn = $Turn::<_, _, _, SUMS, HOW> { lanes, p, target: Hard(target), keep, cut };
                // SAFETY: the caller promises the same.
                unsafe { sweep(turn, View::pixels(&p)) }
            }

            #[inline(always)]
            unsafe fn mapped<L: Lanes, K: Keep, const SUMS: u8, const HOW: u8>(
                lanes: L,
                p: $View<'_>,
                t: $View<'_>,
                keep: K,
            ) -> Swept {
                let turn = $Turn::<_, _, _, SUMS, HOW> { lanes, p, target: Map(t), keep, cut: 0 };
                // SAFETY: the caller promises the same.
                unsafe { sweep(turn, View::pixels(&p)) }
            }
        }
    };
}
pub(super) use family;

/// What stands beside the prediction in a turn.
pub(super) trait Beside: Copy {
    /// Zeros and ones.
    const HARD: bool;
    /// As [`Marked::KEEPS`].
    const KEEPS: bool = false;
    /// As [`Marked::CHECKS`].
    const CHECKS: bool = false;
    /// As [`Marked::BITS`].
    const BITS: bool = false;
}

/// A mask.
#[derive(Clone, Copy)]
pub(super) struct Hard<T>(pub T);

impl<T: Marked> Beside for Hard<T> {
    const HARD: bool = true;
    const KEEPS: bool = T::KEEPS;
    const CHECKS: bool = T::CHECKS;
    const BITS: bool = T::BITS;
}

/// A soft map.
#[derive(Clone, Copy)]
pub(super) struct Map<V>(pub V);

impl<V: View> Beside for Map<V> {
    const HARD: bool = false;
}

impl<F: Family> Sweeps<F> {
    /// The quick sweeps for a mask, if it has a shape.
    #[inline(always)]
    fn shaped(&self, mask: &Mask) -> Option<&Kinds<F>> {
        Some(match mask {
            Mask::Bytes(mask) => match mask.meaning.shape() {
                Shape::NonZero => &self.non_zero,
                // One that is trusted is looked at all the same: that costs one operation, and nobody asks what was found.
                Shape::ZeroOne { .. } => &self.zero_one,
                Shape::ZeroFull { .. } => &self.zero_full,
                Shape::Class(_) => &self.class,
                Shape::Ignoring { .. } => &self.ignoring,
                Shape::Other => return None,
            },
            Mask::Bits(bits) => match (bits.shift == 0, bits.msb_first) {
                (false, false) => &self.lsb,
                (false, true) => &self.msb,
                (true, false) => &self.even_lsb,
                (true, true) => &self.even_msb,
            },
            Mask::Own(_) => &self.own,
        })
    }

    /// The sweep that is compiled for a pair, if it is common.
    #[inline(always)]
    pub(crate) fn quick(&self, p: &F::View<'_>, mask: &Mask, region: &Within, ask: &Ask) -> Option<Masked<F>> {
        let kinds = self.shaped(mask)?;
        let linear = !ask.squares && ask.decided.is_none();
        Some(match region {
            Within::Everywhere if !p.is_common() && linear => kinds.moved,
            _ if !p.is_common() => return None,
            Within::Everywhere if ask.decided.is_some() => kinds.decided,
            Within::Everywhere if ask.squares => kinds.squares,
            Within::Everywhere if p.is_plain() => kinds.plain,
            Within::Everywhere => kinds.linear,
            Within::Bytes(_) | Within::Bits(_) if linear && p.is_plain() => kinds.plain_in_region,
            Within::Bytes(_) | Within::Bits(_) if linear => kinds.in_region,
            Within::Bytes(_) | Within::Bits(_) => return None,
        })
    }

    /// The sweep that takes every pair.
    #[inline(always)]
    fn careful(&self, ask: &Ask) -> Masked<F> {
        match *ask {
            Ask { decided: Some(_), .. } => self.any.decided,
            Ask { squares: true, .. } => self.any.squares,
            _ => self.any.linear,
        }
    }

    /// The same for soft maps.
    #[inline(always)]
    pub(crate) fn quick_map(&self, p: &F::View<'_>, t: &F::View<'_>, region: &Within, ask: &Ask) -> Option<Mapped<F>> {
        if !matches!(region, Within::Everywhere) || !p.is_common() || !t.is_common() {
            return None;
        }
        Some(match (ask.squares, ask.minima) {
            (false, false) if p.is_plain() && t.is_plain() => self.map.plain,
            (false, false) => self.map.linear,
            (true, false) => self.map.squares,
            (false, true) => self.map.minima,
            (true, true) => self.map.both,
        })
    }

    #[inline(always)]
    fn careful_map(&self, ask: &Ask) -> Mapped<F> {
        if ask.squares || ask.minima { self.map.any } else { self.map.any_linear }
    }
}

/// The sums against a hard target.
///
/// # Safety
///
/// All sides hold the same number of pixels, at least [`Sweeps::least`], and the CPU has what the table's backend needs.
#[inline(always)]
pub(crate) unsafe fn hard<F: Family>(
    sweeps: &Sweeps<F>,
    p: F::View<'_>,
    mask: &Mask,
    region: &Within,
    ask: &Ask,
) -> Tally<u64> {
    let (sweep, cut) = (sweeps.quick(&p, mask, region, ask), ask.decided.unwrap_or(0));
    // SAFETY: the caller promises the same.
    let swept = unsafe { sweep.unwrap_or(sweeps.careful(ask))(&p, mask, region, cut) };
    let mut tally = if swept.taken == p.pixels() {
        stored(&swept.tally)
    } else {
        // SAFETY: the caller promises the same.
        stored(&unsafe { rest_of_mask(sweeps, &swept, p, mask, region, ask) })
    };
    if !mask.is_checked() {
        tally.broken = 0;
    }
    tally
}

/// The sums against a soft map of the same unit.
///
/// # Safety
///
/// As [`hard`].
#[inline(always)]
pub(crate) unsafe fn soft<F: Family>(
    sweeps: &Sweeps<F>,
    p: F::View<'_>,
    t: F::View<'_>,
    region: &Within,
    ask: &Ask,
) -> Tally<u64> {
    let sweep = sweeps.quick_map(&p, &t, region, ask);
    // SAFETY: the caller promises the same.
    let swept = unsafe { sweep.unwrap_or(sweeps.careful_map(ask))(&p, &t, region, 0) };
    if swept.taken == p.pixels() {
        stored(&swept.tally)
    } else {
        // SAFETY: the caller promises the same.
        stored(&unsafe { rest_of_map(sweeps, &swept, p, t, region, ask) })
    }
}

/// All pixels, of which a quick sweep has taken those before the block where it stopped.
///
/// # Safety
///
/// As [`hard`].
#[cold]
#[inline(never)]
unsafe fn rest_of_mask<F: Family>(
    sweeps: &Sweeps<F>,
    swept: &Swept,
    p: F::View<'_>,
    mask: &Mask,
    region: &Within,
    ask: &Ask,
) -> Tally<u64> {
    in_turns(swept, p.pixels(), |at, n, quickly| {
        let (p, region) = (p.part(at, n), region.skip(at));
        let Some(mask) = mask.part(at, n) else { return Swept::NOTHING };
        let quick = if quickly { sweeps.quick(&p, &mask, &region, ask) } else { None };
        let sweep = quick.unwrap_or(sweeps.careful(ask));
        // SAFETY: parts of sides that hold the same number of pixels do so.
        unsafe { sweep(&p, &mask, &region, ask.decided.unwrap_or(0)) }
    })
}

/// The same against a soft map.
///
/// # Safety
///
/// As [`rest_of_mask`].
#[cold]
#[inline(never)]
unsafe fn rest_of_map<F: Family>(
    sweeps: &Sweeps<F>,
    swept: &Swept,
    p: F::View<'_>,
    t: F::View<'_>,
    region: &Within,
    ask: &Ask,
) -> Tally<u64> {
    in_turns(swept, p.pixels(), |at, n, quickly| {
        let (p, t, region) = (p.part(at, n), t.part(at, n), region.skip(at));
        let quick = if quickly { sweeps.quick_map(&p, &t, &region, ask) } else { None };
        let sweep = quick.unwrap_or(sweeps.careful_map(ask));
        // SAFETY: parts of sides that hold the same number of pixels do so.
        unsafe { sweep(&p, &t, &region, 0) }
    })
}

/// The careful sweep from where the quick one has stopped, then the quick one again, and so on: `sweep` takes so many
/// pixels from a place on, quickly or not.
fn in_turns(swept: &Swept, pixels: usize, mut sweep: impl FnMut(usize, usize, bool) -> Swept) -> Tally<u64> {
    let Swept { tally: mut total, taken: mut at } = *swept;
    let mut quickly = false;
    while at < pixels {
        let rest = pixels - at;
        // What is left for the quick sweep afterwards must fill a vector.
        let some = if quickly || rest < PIXELS + VECTOR { rest } else { PIXELS };
        let Swept { tally, taken } = sweep(at, some, quickly);
        total.join(&tally);
        at += taken;
        if taken == 0 && !quickly {
            // The careful sweep takes all it is given: there is no pixel here, and no way on.
            break;
        }
        quickly = !quickly;
    }
    total
}
