//! What a family of loops is: the views it takes, the sums it is compiled for, and how its codes are taken.
//!
//! `bytes`, `words` and `floats` each write a turn, which says what a step adds; the rest of a family is here, once.

use super::marks::{Keep, Marked};
use super::sweep::{Place, Swept};
use crate::lanes::Lanes;
use crate::pixels::{ByteCodes, ByteView, FloatView, Tally, WordView};

/// Which sums a sweep is compiled for, as a constant.
pub(super) const LINEAR: u8 = 0;
pub(super) const SQUARES: u8 = 1;
pub(super) const MINIMA: u8 = 2;
pub(super) const BOTH: u8 = 3;
/// The linear sums of a prediction that is decided first: of 1 from a threshold on, else of 0.
pub(super) const DECIDED: u8 = 4;
/// The same without Σt, and without a look at what is out of range: beside a turn of [`LINEAR`], which has both.
pub(super) const BESIDE: u8 = 5;

/// The prediction is decided.
pub(super) const fn decided(sums: u8) -> bool {
    sums == DECIDED || sums == BESIDE
}

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

/// The pixels of a prediction or soft map, as an element gives them.
pub(crate) trait View: Copy {
    fn pixels(&self) -> usize;
    /// Codes may be taken as [`PLAIN`].
    fn is_plain(&self) -> bool;
    /// Codes may be taken as [`COMMON`].
    fn is_common(&self) -> bool;
    #[must_use]
    fn part(&self, at: usize, pixels: usize) -> Self;
    /// Where the pixels begin.
    fn start(&self) -> *const u8;
    /// The bits that make a byte unsigned; `None` of codes that are moved, or of words and floats that are not looked at. Whether
    /// values out of range are clamped does not matter to [`Family::view`]: they are left to the sweeps.
    fn flip(&self) -> Option<u8>;
}

macro_rules! view {
    ($View:ident, $field:ident, plain: |$p:ident| $plain:expr, common: |$c:ident| $common:expr, flip: |$f:ident| $flip:expr) => {
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

            #[inline(always)]
            fn start(&self) -> *const u8 {
                self.$field.as_ptr().cast()
            }

            #[inline(always)]
            fn flip(&self) -> Option<u8> {
                let $f = self;
                $flip
            }
        }
    };
}

view!(
    ByteView, bytes, plain: |view| view.flip == 0, common: |view| view.codes == ByteCodes::PLAIN,
    flip: |view| (view.codes == ByteCodes::PLAIN).then_some(view.flip)
);
view!(
    WordView, words, plain: |view| !view.checked, common: |view| view.dead == 0,
    flip: |view| (view.checked && view.dead == 0).then_some(0)
);
view!(
    FloatView, floats, plain: |view| !view.checked, common: |_view| true,
    flip: |view| view.checked.then_some(0)
);

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

    /// The pixels from an address on, of codes that are looked at: bytes are made unsigned by these bits.
    ///
    /// # Safety
    ///
    /// It is the [`View::start`] of a view of as many pixels, which live as long.
    unsafe fn view<'a>(start: *const u8, pixels: usize, flip: u8) -> Self::View<'a>;

    /// The linear sums of few pixels; `None` where a value needs care.
    ///
    /// # Safety
    ///
    /// As [`Self::masked`]; the pixels are at most [`PIXELS`](super::short::SHORT).
    unsafe fn short_masked<L: Lanes, T: Marked>(lanes: L, p: Self::View<'_>, target: T) -> Option<Tally<u64>>;

    /// The same against a soft map.
    ///
    /// # Safety
    ///
    /// As [`Self::short_masked`].
    unsafe fn short_mapped<L: Lanes>(lanes: L, p: Self::View<'_>, t: Self::View<'_>) -> Option<Tally<u64>>;

    /// The linear sums, and beside them those of decisions, which lack Σt; up to the first block that wants care. Pixels that fill
    /// no vector are left.
    ///
    /// # Safety
    ///
    /// Both sides hold the same number of pixels, and the CPU has what the lanes need.
    unsafe fn twice<L: Lanes, T: Marked>(lanes: L, p: Self::View<'_>, target: T, cut: u32) -> Swept<[Tally<u64>; 2]>;

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
    (
        $(#[$doc:meta])* $Family:ident, $View:ident, $Turn:ident, even: $even:literal, moves: $moves:literal,
        |$slice:ident, $flip:ident| $view:expr
    ) => {
        $(#[$doc])*
        pub(crate) struct $Family;

        impl $crate::loops::family::Family for $Family {
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
            unsafe fn view<'a>(start: *const u8, pixels: usize, $flip: u8) -> $View<'a> {
                // SAFETY: the caller promises the address of so many pixels of this view.
                let $slice = unsafe { core::slice::from_raw_parts(start.cast(), pixels) };
                $view
            }

            #[inline(always)]
            unsafe fn short_masked<L: Lanes, T: Marked>(lanes: L, p: $View<'_>, target: T) -> Option<Tally<u64>> {
                let turn = $Turn::<_, _, _, LINEAR, COMMON> { lanes, p, target: Hard(target), keep: All, cut: 0 };
                // SAFETY: the caller promises the same.
                unsafe { short_sweep(turn, View::pixels(&p)) }
            }

            #[inline(always)]
            unsafe fn short_mapped<L: Lanes>(lanes: L, p: $View<'_>, t: $View<'_>) -> Option<Tally<u64>> {
                let turn = $Turn::<_, _, _, LINEAR, COMMON> { lanes, p, target: Map(t), keep: All, cut: 0 };
                // SAFETY: the caller promises the same.
                unsafe { short_sweep(turn, View::pixels(&p)) }
            }

            #[inline(always)]
            unsafe fn twice<L: Lanes, T: Marked>(
                lanes: L,
                p: $View<'_>,
                target: T,
                cut: u32,
            ) -> Swept<[Tally<u64>; 2]> {
                let (target, keep) = (Hard(target), All);
                let linear = $Turn::<_, _, _, LINEAR, COMMON> { lanes, p, target, keep, cut };
                let decided = $Turn::<_, _, _, BESIDE, COMMON> { lanes, p, target, keep, cut };
                // SAFETY: the caller promises the same.
                unsafe { Twice(linear, decided).sweep(View::pixels(&p)) }
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
    /// As [`Marked::EVEN`].
    const EVEN: bool = false;

    /// As [`Marked::bits_from`].
    ///
    /// # Safety
    ///
    /// As there.
    unsafe fn bits_from(self, _: Place) -> *const u8 {
        core::ptr::null()
    }
}

/// A mask.
#[derive(Clone, Copy)]
pub(super) struct Hard<T>(pub T);

impl<T: Marked> Beside for Hard<T> {
    const HARD: bool = true;
    const KEEPS: bool = T::KEEPS;
    const CHECKS: bool = T::CHECKS;
    const BITS: bool = T::BITS;
    const EVEN: bool = T::EVEN;

    #[inline(always)]
    unsafe fn bits_from(self, at: Place) -> *const u8 {
        // SAFETY: the caller promises the same.
        unsafe { self.0.bits_from(at) }
    }
}

/// A soft map.
#[derive(Clone, Copy)]
pub(super) struct Map<V>(pub V);

impl<V: View> Beside for Map<V> {
    const HARD: bool = false;
}
