//! Pairs that no family of loops takes, a block at a time: bfloat16 is widened to floats, which have a family, and sigmoids of logits are
//! written as such; half floats and
//! 16-bit codes have sweeps for their linear sums (`loops::halves`); else unlike formats are decoded to 32-bit codes (`loops::mixed`).

use super::backend::{self, InUse};
use super::{mapped, masked};
use crate::element::{Element, Times};
use crate::loops::floats::Floats;
use crate::loops::halves::{self, HalfFloats, WholeWords};
use crate::loops::mixed::{BLOCK, Mixed, Other, RUN};
use crate::loops::sweep::Swept;
use crate::num::Acc;
use crate::pixels::{Ask, Decoded, FloatView, Mask, Pair, Tally, Within};
use crate::plain;
use core::mem;

/// Against a hard target; `None` where the plain loop has to take the pixels.
#[inline(always)]
pub(super) fn hard<P: Element>(element: &P, pair: Pair<'_, P::Raw, Mask<'_>>, ask: Ask) -> Option<Tally<P::Narrow>> {
    let pixels = pair.prediction().len();
    if !repaid(pixels) {
        return None;
    }
    let own = pair.target_ref().is_own();
    if ask.decided.is_none() && (P::WRITTEN_KEYS || !own) && element.written(&[], &mut []) {
        return Some(widened(pixels, |at, n| {
            let part = pair.masked_part(at, n)?;
            let mut room = [0.0; BLOCK];
            let floats = room.get_mut(..n)?;
            element.written(part.prediction(), floats);
            let view = FloatView { floats, clamp: false, checked: true };
            // SAFETY: `Pair` compared the lengths of its sides, and the view has as many pixels.
            let found = unsafe { masked::<Floats>(view, part.target_ref(), part.region_ref(), &ask) };
            // Only the element knows what becomes of a NaN.
            let found = found.filter(|found| found.invalid == 0);
            Some(found.map_or_else(|| plain::hard(element, part, ask), Tally::widen))
        }));
    }
    let codes = element.decoded(pair.prediction())?;
    if let Decoded::Upper { .. } = codes {
        return Some(widened(pixels, |at, n| {
            let part = pair.masked_part(at, n)?;
            let mut room = [0.0; BLOCK];
            let view = element.decoded(part.prediction())?.floats(&mut room)?;
            // SAFETY: `Pair` compared the lengths of its sides, and the view is of the whole of its side.
            let found = unsafe { masked::<Floats>(view, part.target_ref(), part.region_ref(), &ask) };
            Some(found.map_or_else(|| plain::hard(element, part, ask), Tally::widen))
        }));
    }
    // Squares that are rounded, pixel by pixel, are not those of codes.
    if ask.decided.is_some() || has_family(codes) || ask.squares && P::ROUNDED {
        return None;
    }
    let plain = |at, n| pair.masked_part(at, n).map_or(Tally::default(), |part| plain::hard(element, part, ask));
    let quick = |at: usize, n: usize| {
        let (p, half) = sixteen_bits(codes).filter(|_| everywhere(pair.region_ref(), ask))?;
        let (p, mask) = (p.get(at..at + n)?, pair.target_ref().part(at, n)?);
        // SAFETY: the parts of both sides have as many pixels.
        unsafe {
            if half {
                halves::against_mask::<HalfFloats, InUse>(p, &mask)
            } else {
                halves::against_mask::<WholeWords, InUse>(p, &mask)
            }
        }
    };
    Some(decoded((codes, Other::Hard(pair.target_ref())), pair.region_ref(), pixels, ask, quick, plain))
}

/// Against a soft map; `None` where the plain loop has to take the pixels. Minima are of one unit.
#[inline(always)]
pub(super) fn soft<P: Times<T>, T: Element>(
    element: &P,
    other: &T,
    pair: Pair<'_, P::Raw, &[T::Raw]>,
    ask: Ask,
) -> Option<Tally<P::Wide>> {
    let pixels = pair.prediction().len();
    if !repaid(pixels) {
        return None;
    }
    let (a, b) = (element.decoded(pair.prediction())?, other.decoded(pair.target())?);
    // Products that are rounded are those of floats: one or both are upper halves of some.
    if P::ROUNDED_PRODUCT {
        return Some(widened(pixels, |at, n| {
            let part = pair.part(at, n)?;
            let (mut room, mut other_room) = ([0.0; BLOCK], [0.0; BLOCK]);
            let a = element.decoded(part.prediction())?.floats(&mut room)?;
            let b = other.decoded(part.target())?.floats(&mut other_room)?;
            // SAFETY: `Pair` compared the lengths of its sides, and the views are of the whole of theirs.
            let found = unsafe { mapped::<Floats>(a, b, part.region_ref(), &ask) };
            Some(found.map_or_else(|| plain::soft(element, other, part, ask), Tally::widen))
        }));
    }
    let rounded = ask.squares && (P::ROUNDED || T::ROUNDED);
    if rounded || has_family(a) && mem::discriminant(&a) == mem::discriminant(&b) {
        return None;
    }
    let plain = |at, n| pair.part(at, n).map_or(Tally::default(), |part| plain::soft(element, other, part, ask));
    let quick = |at: usize, n: usize| {
        let sides = sixteen_bits(a).zip(sixteen_bits(b)).filter(|_| everywhere(pair.region_ref(), ask));
        let ((p, half), (t, other_half)) = sides?;
        let (p, t) = (p.get(at..at + n)?, t.get(at..at + n)?);
        match (half, other_half) {
            (true, true) => halves::against_halves::<HalfFloats, InUse>(p, t),
            (false, false) => halves::against_halves::<WholeWords, InUse>(p, t),
            _ => None,
        }
    };
    Some(decoded((a, Other::Soft(b)), pair.region_ref(), pixels, ask, quick, plain))
}

/// Sums of floats that are widened to 32 bits a block at a time; `of` gives those of the `n` pixels from `at` on.
#[inline(always)]
fn widened<A: Acc>(pixels: usize, of: impl Fn(usize, usize) -> Option<Tally<A>>) -> Tally<A> {
    let mut all = Tally::default();
    for at in (0..pixels).step_by(BLOCK) {
        // The block lies within the pair, so that there is one.
        all.join(&of(at, BLOCK.min(pixels - at)).unwrap_or_default());
    }
    all
}

/// There are lanes, and pixels enough to repay a block.
#[inline(always)]
fn repaid(pixels: usize) -> bool {
    pixels >= 32 && !backend::is_plain()
}

/// Formats with loops of their own: where those have declined, the run is shorter than a vector.
const fn has_family(codes: Decoded<'_>) -> bool {
    matches!(codes, Decoded::Bytes(_) | Decoded::Words(_) | Decoded::Floats(_))
}

/// Values of 16 bits that have no family, and whether they are half floats.
#[inline(always)]
const fn sixteen_bits(codes: Decoded<'_>) -> Option<(&[u16], bool)> {
    match codes {
        Decoded::Half(bits) => Some((bits, true)),
        Decoded::Halves { words, dead: 0 } => Some((words, false)),
        _ => None,
    }
}

/// The linear sums of all pixels.
#[inline(always)]
const fn everywhere(region: &Within<'_>, ask: Ask) -> bool {
    matches!(region, Within::Everywhere) && !ask.squares && !ask.minima
}

/// Sums of a pair whose codes are decoded by block, but for those that `quick` takes from `at` on, of at most `n`; `plain` gives
/// those of the `n` pixels from `at` on, where a value needs care.
#[inline(always)]
fn decoded<A: Acc>(
    (p, other): (Decoded<'_>, Other<'_>),
    region: &Within<'_>,
    pixels: usize,
    ask: Ask,
    quick: impl Fn(usize, usize) -> Option<Swept>,
    plain: impl Fn(usize, usize) -> Tally<A>,
) -> Tally<A> {
    let mut all = Tally::<A>::default();
    let mut at = 0;
    while at < pixels {
        let n = RUN.min(pixels - at);
        let mut tally = Tally::default();
        let done = if let Some(swept) = quick(at, n) {
            tally = swept.tally;
            swept.taken
        } else {
            run(Mixed { p, other, region, at, pixels: n, ask, tally: &mut tally })
        };
        all.join(&tally.widen());
        at += done;
        if done < n {
            let n = BLOCK.min(pixels - at);
            all.join(&plain(at, n));
            at += n;
        }
    }
    all
}

/// Compiled here and nowhere else; 0 where there are no lanes.
#[inline(never)]
fn run(job: Mixed<'_, '_>) -> usize {
    // SAFETY: the job reads its slices by checked places.
    unsafe { backend::run(job) }.unwrap_or(0)
}
