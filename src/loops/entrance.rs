//! The two ways into a family: from a pair as data to a sweep that is compiled for it.
//!
//! ```text
//! a common pair (codes as they are; in a region, linear sums alone):
//!     a quick sweep, compiled for the mask's shape, takes what it can
//!     where it stops, the next PIXELS pixels go to the careful sweep, and so on
//! any other pair: the careful sweep
//! ```
//!
//! What leads to a quick sweep is inlined into one function a family, in `kernel`, so that the sides of the pair go from
//! its registers to the sweep: to write them to memory and read them back takes as long as the sums of 512 pixels.

use super::marks::{All, AnyMask, InBits, InBytes, Inside, Keep, Marked};
use super::sweep::{Runner, Turn, careful, quick};
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
    unsafe fn sweep<T: Turn>(turn: T, pixels: usize, tally: &mut Tally<u64>) -> usize;
}

#[derive(Clone, Copy)]
pub(super) struct Quick;

impl Sweep for Quick {
    const CAREFUL: bool = false;

    #[inline(always)]
    unsafe fn sweep<T: Turn>(turn: T, pixels: usize, tally: &mut Tally<u64>) -> usize {
        // SAFETY: the caller promises the same.
        unsafe { quick(turn, pixels, tally) }
    }
}

#[derive(Clone, Copy)]
pub(super) struct Careful;

impl Sweep for Careful {
    const CAREFUL: bool = true;

    #[inline(always)]
    unsafe fn sweep<T: Turn>(turn: T, pixels: usize, tally: &mut Tally<u64>) -> usize {
        // SAFETY: the caller promises the same.
        unsafe { careful(turn, pixels, tally) }
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

/// The sweeps of a family. Each adds to the tally and says how many pixels it took, from the first on; `None` where no
/// lanes fit. What is known when a sweep is compiled is asked in `const` blocks, so that one that cannot be reached is not
/// compiled.
pub(super) trait Family {
    type View<'a>: View;

    /// # Safety
    ///
    /// All sides hold the same number of pixels.
    unsafe fn masked<S: Sweep, T: Marked, K: Keep, R: Runner, const SUMS: u8>(
        sides: (Self::View<'_>, T, K),
        threshold: u32,
        via: R,
        tally: &mut Tally<u64>,
    ) -> Option<usize>;

    /// # Safety
    ///
    /// All sides hold the same number of pixels.
    unsafe fn mapped<S: Sweep, K: Keep, R: Runner, const SUMS: u8>(
        sides: (Self::View<'_>, Self::View<'_>, K),
        via: R,
        tally: &mut Tally<u64>,
    ) -> Option<usize>;
}

/// A quick sweep against a mask of a known shape: everywhere, or the linear sums in a region.
///
/// # Safety
///
/// As [`Family::masked`].
#[inline(always)]
pub(super) unsafe fn shaped<F: Family, T: Marked, R: Runner>(
    p: F::View<'_>,
    target: T,
    region: &Within,
    ask: &Ask,
    via: R,
    tally: &mut Tally<u64>,
) -> Option<usize> {
    // SAFETY: the caller promises the same.
    unsafe {
        match (*region, *ask) {
            (Within::Bytes(bytes), _) => {
                F::masked::<Quick, _, _, _, LINEAR>((p, target, InBytes(bytes)), 0, via, tally)
            }
            (Within::Bits(bits), _) => F::masked::<Quick, _, _, _, LINEAR>((p, target, InBits(bits)), 0, via, tally),
            (_, Ask { decided: Some(cut), .. }) => {
                F::masked::<Quick, _, _, _, DECIDED>((p, target, All), cut, via, tally)
            }
            (_, Ask { squares: true, .. }) => F::masked::<Quick, _, _, _, SQUARES>((p, target, All), 0, via, tally),
            _ => F::masked::<Quick, _, _, _, LINEAR>((p, target, All), 0, via, tally),
        }
    }
}

/// The careful sweep against any mask in any region.
///
/// # Safety
///
/// As [`Family::masked`].
#[inline(never)]
unsafe fn any_mask<F: Family, R: Runner>(
    p: F::View<'_>,
    mask: &Mask,
    region: &Within,
    ask: &Ask,
    via: R,
    tally: &mut Tally<u64>,
) -> Option<usize> {
    let sides = (p, AnyMask(*mask), Inside(*region));
    // SAFETY: the caller promises the same.
    unsafe {
        match *ask {
            Ask { decided: Some(cut), .. } => F::masked::<Careful, _, _, _, DECIDED>(sides, cut, via, tally),
            Ask { squares: true, .. } => F::masked::<Careful, _, _, _, SQUARES>(sides, 0, via, tally),
            _ => F::masked::<Careful, _, _, _, LINEAR>(sides, 0, via, tally),
        }
    }
}

/// The quick sweep of a family against a mask, by its shape.
type Shaped<F, R> = for<'p, 't, 'r> unsafe fn(
    <F as Family>::View<'p>,
    &Mask<'t>,
    &Within<'r>,
    &Ask,
    R,
    &mut Tally<u64>,
) -> Option<usize>;

/// Adds the sums against a hard target; whether lanes fit. `common` is the quick sweep.
///
/// # Safety
///
/// As [`Family::masked`].
#[inline(always)]
pub(super) unsafe fn hard<F: Family, R: Runner>(
    p: F::View<'_>,
    mask: &Mask,
    region: &Within,
    ask: &Ask,
    via: R,
    common: Shaped<F, R>,
    tally: &mut Tally<u64>,
) -> bool {
    let everywhere = matches!(region, Within::Everywhere);
    let fits = if p.is_common() && (everywhere || !ask.squares && ask.decided.is_none()) {
        let pixels = p.pixels();
        // SAFETY: the caller promises the same.
        let Some(done) = (unsafe { common(p, mask, region, ask, via, tally) }) else { return false };
        done == pixels
            || in_turns(done, pixels, |at, n, quick| {
                let (p, mask, region) = (p.part(at, n), mask.part(at, n)?, region.skip(at));
                if quick {
                    // SAFETY: parts of sides that hold the same number of pixels do so.
                    unsafe { common(p, &mask, &region, ask, via, tally) }
                } else {
                    // SAFETY: parts of sides that hold the same number of pixels do so.
                    unsafe { any_mask::<F, _>(p, &mask, &region, ask, via, tally) }
                }
            })
    } else {
        // SAFETY: the caller promises the same.
        unsafe { any_mask::<F, _>(p, mask, region, ask, via, tally) }.is_some()
    };
    if !mask.is_checked() {
        tally.broken = 0;
    }
    fits
}

/// Adds the sums against a soft map of the same unit; whether lanes fit.
///
/// # Safety
///
/// As [`Family::mapped`].
#[inline(always)]
pub(super) unsafe fn soft<F: Family, R: Runner>(
    p: F::View<'_>,
    t: F::View<'_>,
    region: &Within,
    ask: &Ask,
    via: R,
    tally: &mut Tally<u64>,
) -> bool {
    if !matches!(region, Within::Everywhere) || !p.is_common() || !t.is_common() {
        // SAFETY: the caller promises the same.
        return // SAFETY: parts of sides that hold the same number of pixels do so.
 unsafe { any_map::<F, _>(p, t, region, ask, via, tally) }.is_some();
    }
    let pixels = p.pixels();
    // SAFETY: the caller promises the same.
    let Some(done) = (unsafe { common_map::<F, _>(p, t, ask, via, tally) }) else { return false };
    done == pixels
        || in_turns(done, pixels, |at, n, quick| {
            let (p, t) = (p.part(at, n), t.part(at, n));
            if quick {
                // SAFETY: parts of sides that hold the same number of pixels do so.
                unsafe { common_map::<F, _>(p, t, ask, via, tally) }
            } else {
                // SAFETY: parts of sides that hold the same number of pixels do so.
                unsafe { any_map::<F, _>(p, t, region, ask, via, tally) }
            }
        })
}

/// # Safety
///
/// As [`Family::mapped`].
#[inline(always)]
unsafe fn common_map<F: Family, R: Runner>(
    p: F::View<'_>,
    t: F::View<'_>,
    ask: &Ask,
    via: R,
    tally: &mut Tally<u64>,
) -> Option<usize> {
    let sides = (p, t, All);
    // SAFETY: the caller promises the same.
    unsafe {
        match (ask.squares, ask.minima) {
            (false, false) => F::mapped::<Quick, _, _, LINEAR>(sides, via, tally),
            (true, false) => F::mapped::<Quick, _, _, SQUARES>(sides, via, tally),
            (false, true) => F::mapped::<Quick, _, _, MINIMA>(sides, via, tally),
            (true, true) => F::mapped::<Quick, _, _, BOTH>(sides, via, tally),
        }
    }
}

/// # Safety
///
/// As [`Family::mapped`].
#[inline(never)]
unsafe fn any_map<F: Family, R: Runner>(
    p: F::View<'_>,
    t: F::View<'_>,
    region: &Within,
    ask: &Ask,
    via: R,
    tally: &mut Tally<u64>,
) -> Option<usize> {
    let sides = (p, t, Inside(*region));
    // SAFETY: the caller promises the same.
    unsafe {
        if ask.squares || ask.minima {
            F::mapped::<Careful, _, _, BOTH>(sides, via, tally)
        } else {
            F::mapped::<Careful, _, _, LINEAR>(sides, via, tally)
        }
    }
}

/// The careful sweep from where the quick one has stopped, then the quick one again, and so on: `sweep` takes so many
/// pixels from a place on, quickly or not.
#[cold]
#[inline(never)]
fn in_turns(mut at: usize, pixels: usize, mut sweep: impl FnMut(usize, usize, bool) -> Option<usize>) -> bool {
    let mut quick = false;
    while at < pixels {
        let rest = pixels - at;
        // What is left for the quick sweep afterwards must fill a vector.
        let some = if quick || rest < PIXELS + VECTOR { rest } else { PIXELS };
        let Some(done) = sweep(at, some, quick) else { return false };
        at += done;
        quick = !quick;
    }
    true
}
