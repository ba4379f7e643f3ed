//! The door for calls of few pixels, whose sides go to the loops in registers.

use super::backend::{self, InRow};
use crate::element::{Element, Times};
use crate::loops::entrance;
use crate::loops::family::View;
use crate::loops::short::SHORT;
use crate::loops::{bytes::Bytes, floats::Floats, words::Words};
use crate::pixels::{Ask, Mask, Pair, Tally, Within};

/// The linear sums of few pixels, everywhere; `None` where no function takes the pair.
#[inline(always)]
pub(super) fn hard<P: Element>(element: &P, pair: Pair<'_, P::Raw, Mask<'_>>, ask: &Ask) -> Option<Tally<u64>> {
    let (p, mask) = (pair.prediction(), pair.target());
    let everywhere = matches!(pair.region(), Within::Everywhere);
    if p.len() > SHORT || !everywhere || ask.squares || ask.decided.is_some() {
        return None;
    }
    // SAFETY: `Pair` compared the lengths of its sides when it was made, and a view is of the whole of its side.
    unsafe {
        if let Some(view) = element.bytes(p) {
            short_masked::<Bytes>(view, mask)
        } else if let Some(view) = element.words(p) {
            short_masked::<Words>(view, mask)
        } else if let Some(view) = element.floats(p) {
            short_masked::<Floats>(view, mask)
        } else {
            None
        }
    }
}

/// The same against a soft map.
#[inline(always)]
pub(super) fn soft<P: Times<T>, T: Element>(
    element: &P,
    other: &T,
    pair: Pair<'_, P::Raw, &[T::Raw]>,
    ask: &Ask,
) -> Option<Tally<u64>> {
    let (p, t) = (pair.prediction(), pair.target());
    let everywhere = matches!(pair.region(), Within::Everywhere);
    if p.len() > SHORT || !everywhere || ask.squares || ask.minima {
        return None;
    }
    // SAFETY: `Pair` compared the lengths of its sides when it was made, and a view is of the whole of its side.
    unsafe {
        if let (Some(a), Some(b)) = (element.bytes(p), other.bytes(t)) {
            short_mapped::<Bytes>(a, b)
        } else if let (Some(a), Some(b)) = (element.words(p), other.words(t)) {
            short_mapped::<Words>(a, b)
        } else if let (Some(a), Some(b)) = (element.floats(p), other.floats(t)) {
            short_mapped::<Floats>(a, b)
        } else {
            None
        }
    }
}

/// `None` where no lanes of the backend in use fit, or no function takes the pair; compiled as [`super::masked`].
///
/// # Safety
///
/// Both sides hold the same number of pixels, at most [`SHORT`].
#[cfg_attr(not(debug_assertions), inline(always))]
#[cfg_attr(debug_assertions, inline(never))]
unsafe fn short_masked<F: InRow>(p: F::View<'_>, mask: Mask) -> Option<Tally<u64>> {
    let sweeps = backend::sweeps::<F>(p.pixels())?;
    // SAFETY: the caller promises the same; `backend::sweeps` gives a table that so many pixels fit and the CPU can run.
    unsafe { entrance::short_hard(sweeps, p, mask) }
}

/// The same against a soft map.
///
/// # Safety
///
/// As [`short_masked`].
#[cfg_attr(not(debug_assertions), inline(always))]
#[cfg_attr(debug_assertions, inline(never))]
unsafe fn short_mapped<F: InRow>(p: F::View<'_>, t: F::View<'_>) -> Option<Tally<u64>> {
    let sweeps = backend::sweeps::<F>(p.pixels())?;
    // SAFETY: the caller promises the same; `backend::sweeps` gives a table that so many pixels fit and the CPU can run.
    unsafe { entrance::short_soft(sweeps, p, t) }
}
