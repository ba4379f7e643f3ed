//! The two ways into a family: from a pair as data to a sweep that is compiled for it.
//!
//! ```text
//! a common pair (no region, codes as they are):
//!     a quick sweep, compiled for the mask's shape, takes what it can
//!     where it stops, the next PIXELS pixels go to the careful sweep, and so on
//! any other pair: the careful sweep
//! ```

use super::marks::{All, AnyMask, Inside, Keep, Marked};
use super::sweep::{Runner, Swept, Turn, careful, quick};
use crate::pixels::{Ask, ByteCodes, ByteView, FloatView, Mask, Tally, Within, WordView};

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

/// Pixels that are taken with care after a block that wanted some: where one value is odd, its neighbours often are.
const PIXELS: usize = 1 << 14;
/// Pixels that fill a vector of any lanes.
const VECTOR: usize = 64;

/// How a job goes over its vectors.
pub(super) trait Sweep: Copy {
    /// It is the careful one.
    const CAREFUL: bool;

    /// # Safety
    ///
    /// As [`careful`].
    unsafe fn sweep<T: Turn>(turn: T, pixels: usize) -> Swept;
}

#[derive(Clone, Copy)]
pub(super) struct Quick;

impl Sweep for Quick {
    const CAREFUL: bool = false;

    #[inline(always)]
    unsafe fn sweep<T: Turn>(turn: T, pixels: usize) -> Swept {
        // SAFETY: the caller's.
        unsafe { quick(turn, pixels) }
    }
}

#[derive(Clone, Copy)]
pub(super) struct Careful;

impl Sweep for Careful {
    const CAREFUL: bool = true;

    #[inline(always)]
    unsafe fn sweep<T: Turn>(turn: T, pixels: usize) -> Swept {
        // SAFETY: the caller's.
        unsafe { careful(turn, pixels) }
    }
}

/// The pixels of a prediction or soft map, as an element gives them.
pub(super) trait View: Copy {
    fn pixels(self) -> usize;
    /// Codes need nothing but what the quick sweeps do to them.
    fn is_common(self) -> bool;
    #[must_use]
    fn part(self, at: usize, pixels: usize) -> Self;
}

macro_rules! view {
    ($View:ident, $field:ident, |$v:ident| $common:expr) => {
        impl View for $View<'_> {
            fn pixels(self) -> usize {
                self.$field.len()
            }

            fn is_common(self) -> bool {
                let $v = self;
                $common
            }

            fn part(self, at: usize, pixels: usize) -> Self {
                let rest = self.$field.get(at..).unwrap_or_default();
                Self { $field: rest.get(..pixels).unwrap_or(rest), ..self }
            }
        }
    };
}

view!(ByteView, bytes, |view| view.codes == ByteCodes::PLAIN);
view!(WordView, words, |view| view.dead == 0);
view!(FloatView, floats, |_view| true);

/// The sweeps of a family. What is known when it is compiled is asked in `const` blocks, so that a sweep that cannot be
/// reached is not compiled. Each is compiled for its target, region and sums; `None` where no lanes fit.
pub(super) trait Family {
    type View<'a>: View;

    /// # Safety
    ///
    /// All sides hold the same number of pixels.
    unsafe fn masked<S: Sweep, T: Marked, K: Keep, R: Runner, const SUMS: u8>(
        sides: (Self::View<'_>, T, K),
        threshold: u32,
        via: R,
    ) -> Option<Swept>;

    /// # Safety
    ///
    /// All sides hold the same number of pixels.
    unsafe fn mapped<S: Sweep, K: Keep, R: Runner, const SUMS: u8>(
        sides: (Self::View<'_>, Self::View<'_>, K),
        via: R,
    ) -> Option<Swept>;
}

/// A quick sweep against a mask of a known shape.
///
/// # Safety
///
/// As [`Family::masked`].
pub(super) unsafe fn shaped<F: Family, T: Marked, R: Runner>(
    p: F::View<'_>,
    target: T,
    ask: Ask,
    via: R,
) -> Option<Swept> {
    // SAFETY (all): the caller's.
    unsafe {
        match ask {
            Ask { decided: Some(cut), .. } => F::masked::<Quick, _, _, _, DECIDED>((p, target, All), cut, via),
            Ask { squares: true, .. } => F::masked::<Quick, _, _, _, SQUARES>((p, target, All), 0, via),
            _ => F::masked::<Quick, _, _, _, LINEAR>((p, target, All), 0, via),
        }
    }
}

/// The careful sweep against any mask in any region.
///
/// # Safety
///
/// As [`Family::masked`].
unsafe fn any_mask<F: Family, R: Runner>(
    p: F::View<'_>,
    mask: Mask,
    region: Within,
    ask: Ask,
    via: R,
) -> Option<Swept> {
    let sides = (p, AnyMask(mask), Inside(region));
    // SAFETY (all): the caller's.
    unsafe {
        match ask {
            Ask { decided: Some(cut), .. } => F::masked::<Careful, _, _, _, DECIDED>(sides, cut, via),
            Ask { squares: true, .. } => F::masked::<Careful, _, _, _, SQUARES>(sides, 0, via),
            _ => F::masked::<Careful, _, _, _, LINEAR>(sides, 0, via),
        }
    }
}

/// Sums against a hard target; `None` where no lanes fit. `common` is the quick sweep.
///
/// # Safety
///
/// As [`Family::masked`].
pub(super) unsafe fn hard<F: Family, R: Runner>(
    p: F::View<'_>,
    mask: Mask,
    region: Within,
    ask: Ask,
    via: R,
    common: unsafe fn(F::View<'_>, Mask, Ask, R) -> Option<Swept>,
) -> Option<Tally<u64>> {
    let mut tally = if matches!(region, Within::Everywhere) && p.is_common() {
        let pieces = |at, n| mask.part(at, n).map(|mask| (p.part(at, n), mask));
        // SAFETY (both): parts of sides that hold the same number of pixels do so.
        in_turns(
            p.pixels(),
            |at, n| pieces(at, n).and_then(|(p, mask)| unsafe { common(p, mask, ask, via) }),
            |at, n| pieces(at, n).and_then(|(p, mask)| unsafe { any_mask::<F, _>(p, mask, region, ask, via) }),
        )
    } else {
        // SAFETY: the caller's.
        unsafe { any_mask::<F, _>(p, mask, region, ask, via) }.map(|swept| swept.tally)
    }?;
    if !mask.is_checked() {
        tally.broken = 0;
    }
    Some(tally)
}

/// Sums against a soft map of the same unit; `None` where no lanes fit.
///
/// # Safety
///
/// As [`Family::mapped`].
pub(super) unsafe fn soft<F: Family, R: Runner>(
    p: F::View<'_>,
    t: F::View<'_>,
    region: Within,
    ask: Ask,
    via: R,
) -> Option<Tally<u64>> {
    // SAFETY (all): the caller's, and parts of sides that hold the same number of pixels do so.
    let any = |p, t| unsafe {
        let sides = (p, t, Inside(region));
        if ask.squares || ask.minima {
            F::mapped::<Careful, _, _, BOTH>(sides, via)
        } else {
            F::mapped::<Careful, _, _, LINEAR>(sides, via)
        }
    };
    if !matches!(region, Within::Everywhere) || !p.is_common() || !t.is_common() {
        return any(p, t).map(|swept| swept.tally);
    }
    let common = |at, n| unsafe {
        let sides = (p.part(at, n), t.part(at, n), All);
        match (ask.squares, ask.minima) {
            (false, false) => F::mapped::<Quick, _, _, LINEAR>(sides, via),
            (true, false) => F::mapped::<Quick, _, _, SQUARES>(sides, via),
            (false, true) => F::mapped::<Quick, _, _, MINIMA>(sides, via),
            (true, true) => F::mapped::<Quick, _, _, BOTH>(sides, via),
        }
    };
    in_turns(p.pixels(), common, |at, n| any(p.part(at, n), t.part(at, n)))
}

/// The quick sweep, and where it stops the careful one.
#[inline(always)]
fn in_turns(
    pixels: usize,
    quick: impl Fn(usize, usize) -> Option<Swept>,
    careful: impl Fn(usize, usize) -> Option<Swept>,
) -> Option<Tally<u64>> {
    let Swept { mut tally, pixels: mut at } = quick(0, pixels)?;
    while at < pixels {
        let rest = pixels - at;
        // What is left for the quick sweep afterwards must fill a vector.
        let some = if rest < PIXELS + VECTOR { rest } else { PIXELS };
        tally.join(&careful(at, some)?.tally);
        at += some;
        if at < pixels {
            let swept = quick(at, pixels - at)?;
            tally.join(&swept.tally);
            at += swept.pixels;
        }
    }
    Some(tally)
}
