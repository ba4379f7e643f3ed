//! Whole runs of pixels on loops over raw pointers: the pairs that microcontrollers have loops for, linear sums, without a
//! region.
//!
//! ```text
//! for each block of the run:         as long as its sums fit a register
//!     a loop takes it                which adds codes and products, and sees what is outside its range
//!     if it saw something:           a negative word, a float outside [0, 1]
//!         plain takes that block     and the loop goes on behind it
//! ```
//!
//! Where the prediction is decided first (`Decided`), zeros and ones are written a block at a time, and the loops for bytes
//! take those.

use super::{ByteCodes, ByteView, Everywhere, FloatView, Hard, Keep, Kind, MaskView, Tally, WordView, plain};
use crate::element::{Element, ONE_BITS, Reading};
use crate::sums::{Acc, Linear, Moments};
use crate::target::Times;

// The loops of this build.
#[cfg(soft_dice_lanes = "dsp")]
use super::dsp::{AT_LEAST, byte_bits, byte_byte, byte_mask, byte_own, word_mask, word_word};
#[cfg(soft_dice_lanes = "fpu")]
use super::fpu::{BLOCK, float_float, float_mask, float_own};
#[cfg(soft_dice_lanes = "helium")]
use super::helium::{
    AT_LEAST, BLOCK, byte_bits, byte_byte, byte_mask, byte_own, float_float, float_mask, float_own, word_mask,
    word_word,
};
#[cfg(soft_dice_lanes = "swar")]
use super::single::{byte_bits, byte_byte, byte_own, word_mask, word_word};
#[cfg(soft_dice_lanes = "soft")]
use super::soft_float::{BLOCK, float_float, float_mask, float_own};
#[cfg(soft_dice_lanes = "swar")]
use super::swar::{AT_LEAST, byte_mask};

/// Sums of a run.
#[derive(Clone, Copy, Default)]
pub(super) struct Found<S = u64> {
    pub p: S,
    pub t: S,
    pub pt: S,
    /// A mask byte was outside the declared values.
    pub broken: bool,
    /// A value was outside its range: the sums mean nothing.
    pub outside: bool,
}

impl Found {
    fn tally(self, pixels: usize) -> Tally<u64> {
        let Self { p, t, pt, broken, .. } = self;
        Tally { kept: pixels as u64, broken: broken.into(), p, t, pt, ..Tally::default() }
    }
}

// What the bytes of a mask mean, as the loops are generic over it.
pub(super) const ZERO_ONE: u8 = 0;
pub(super) const ZERO_FULL: u8 = 1;
pub(super) const NON_ZERO: u8 = 2;
pub(super) const CLASS: u8 = 3;

/// Pixels whose 8-bit codes, and twice those, fit 32 bits.
const BYTES: usize = 1 << 22;
/// Pixels whose products of 8-bit codes fit 31 bits.
const PRODUCTS: usize = 1 << 15;
/// Pixels whose 15-bit codes fit 31 bits, and of which `plain` takes no more than must be for one negative code.
const WORDS: usize = 1 << 12;
/// Pixels that are decided at a time: on the stack.
const DECIDED: usize = 256;

/// 1 in the bytes of a word that are at least those of another, where words help to decide.
pub(super) type AtLeast = Option<fn(u32, u32) -> u32>;

// What the loops over raw pointers take for granted, in the widest form: twice a code, products in 31 bits as signed ones are.
const _: () = assert!(BYTES as u64 * 2 * 255 < 1 << 32);
const _: () = assert!(PRODUCTS as u64 * 255 * 255 < 1 << 31);
const _: () = assert!(WORDS as u64 * 32767 < 1 << 31);
// Codes of f32, of which there are no more than 2²³ to a pixel.
const _: () = assert!((BLOCK as u64) << 23 < 1 << 32);

/// The call with constants that say what the mask's bytes mean and whether they are checked.
macro_rules! by_kind {
    ($kind:expr, $check:expr, |$k:ident, $c:ident, $class:ident| $call:expr) => {{
        macro_rules! with {
            ($means:expr, $checked:expr, $of:expr) => {{
                const $k: u8 = $means;
                const $c: bool = $checked;
                let $class: u8 = $of;
                $call
            }};
        }
        match ($kind, $check) {
            (Kind::ZeroOne, true) => with!(ZERO_ONE, true, 0),
            (Kind::ZeroOne, false) => with!(ZERO_ONE, false, 0),
            (Kind::ZeroFull, true) => with!(ZERO_FULL, true, 0),
            (Kind::ZeroFull, false) => with!(ZERO_FULL, false, 0),
            (Kind::NonZero, _) => with!(NON_ZERO, false, 0),
            (Kind::Class(class), _) => with!(CLASS, false, class),
            (Kind::Other, _) => return None,
        }
    }};
}

/// The call with a constant that says how raw bytes become unsigned.
macro_rules! by_sign {
    ($view:expr, |$flip:ident| $call:expr) => {
        if $view.flip == 0 {
            const $flip: u32 = 0;
            $call
        } else {
            const $flip: u32 = 0x8080_8080;
            $call
        }
    };
}

/// Blocks that are never refused, whose sums fit 32 bits.
#[inline(always)]
fn blocks(pixels: usize, block: usize, one: impl Fn(usize, usize) -> Found<u32>) -> Tally<u64> {
    let mut total = Found::default();
    let mut at = 0;
    // Of no pixels too: one way through is less code.
    loop {
        let n = (pixels - at).min(block);
        let found = one(at, n);
        total.p += u64::from(found.p);
        total.t += u64::from(found.t);
        total.pt += u64::from(found.pt);
        total.broken |= found.broken;
        at += n;
        if at == pixels {
            return total.tally(pixels);
        }
    }
}

/// The loop at the head of this file: `one` says how many of its pixels it took, and `careful` takes `step` more.
#[inline(always)]
fn careful_blocks(
    pixels: usize,
    block: usize,
    step: usize,
    one: impl Fn(usize, usize) -> (Found, usize),
    careful: impl Fn(usize, usize) -> Tally<u64>,
) -> Tally<u64> {
    let mut total = Tally::default();
    let mut at = 0;
    while at < pixels {
        let n = (pixels - at).min(block);
        let (found, done) = one(at, n);
        total.join(&found.tally(done));
        at += done;
        if done < n {
            let n = (pixels - at).min(step);
            total.join(&careful(at, n));
            at += n;
        }
    }
    total
}

/// `None` where no loop fits.
#[inline(always)]
pub(super) fn hard<M: Moments, P: Element, H: Hard, K: Keep>(
    element: &P,
    p: &[P::Raw],
    target: H,
) -> Option<Tally<P::Narrow>> {
    if !K::ALL || H::KEEPS || M::SQUARES || cfg!(soft_dice_backend = "scalar") {
        return None;
    }
    let mask = target.view();
    if H::DECIDES {
        return Some(decided(element, p, target)?.widen());
    }
    if let Some(view) = element.bytes(p) {
        return Some(byte_hard::<H>(view, mask)?.widen());
    }
    let careful = |at: usize, n: usize| {
        let p = p.get(at..at + n).unwrap_or_default();
        narrow(plain::hard::<M, P, H, Everywhere>(element, p, target.skip(at), Everywhere))
    };
    if let Some(view) = element.words(p) {
        return Some(word_hard::<H>(view, mask, careful)?.widen());
    }
    if let Some(view) = element.floats(p) {
        return Some(float_hard::<H>(view, mask, careful)?.widen());
    }
    None
}

/// `None` where no loop fits.
#[inline(always)]
pub(super) fn soft<M: Moments, P: Times<T>, T: Element, K: Keep>(
    element: &P,
    other: &T,
    p: &[P::Raw],
    t: &[T::Raw],
) -> Option<Tally<P::Wide>> {
    if !K::ALL || M::SQUARES || M::MINIMA || p.len() != t.len() || cfg!(soft_dice_backend = "scalar") {
        return None;
    }
    if let (Some(a), Some(b)) = (element.bytes(p), other.bytes(t)) {
        return Some(byte_soft(a, b)?.widen());
    }
    let careful = |at: usize, n: usize| {
        let (p, t) = (p.get(at..at + n).unwrap_or_default(), t.get(at..at + n).unwrap_or_default());
        narrow(plain::soft::<M, P, T, Everywhere>(element, other, p, t, Everywhere))
    };
    if let (Some(a), Some(b)) = (element.words(p), other.words(t)) {
        return Some(word_soft(a, b, careful)?.widen());
    }
    if let (Some(a), Some(b)) = (element.floats(p), other.floats(t)) {
        return Some(float_soft(a, b, careful).widen());
    }
    None
}

/// Sums of a block, or of codes below 2²⁴ and products below 2³².
fn narrow<A: Acc>(tally: Tally<A>) -> Tally<u64> {
    let low = |sum: A| Into::<u128>::into(sum) as u64;
    Tally {
        kept: tally.kept,
        ignored: tally.ignored,
        invalid: tally.invalid,
        clamped: tally.clamped,
        broken: tally.broken,
        p: low(tally.p),
        t: low(tally.t),
        pt: low(tally.pt),
        pp: low(tally.pp),
        tt: low(tally.tt),
        min_p: low(tally.min_p),
        min_t: low(tally.min_t),
    }
}

/// Zeros and ones are written a block at a time, and taken by the loops for bytes; `None` where those have none.
#[inline(always)]
fn decided<P: Element, H: Hard>(element: &P, p: &[P::Raw], target: H) -> Option<Tally<u64>> {
    let mut total = Tally::default();
    for (index, p) in p.chunks(DECIDED).enumerate() {
        let at = index * DECIDED;
        let mask = match target.view() {
            MaskView::Bytes(bytes, kind) => MaskView::Bytes(bytes.get(at..at + p.len())?, kind),
            MaskView::Bits { bytes, offset, msb_first } => {
                let first = offset.checked_add(at)?;
                MaskView::Bits { bytes: bytes.get(first / 8..)?, offset: first % 8, msb_first }
            }
            MaskView::Own(_) | MaskView::Other => return None,
        };
        let mut room = [0; DECIDED];
        let bytes = room.get_mut(..p.len())?;
        if decide(element, p, target.threshold(), bytes) {
            total.join(&byte_hard::<H>(ByteView { bytes, flip: 0, codes: ByteCodes::PLAIN }, mask)?);
        } else {
            total.join(&narrow(plain::hard::<Linear, P, H, Everywhere>(element, p, target.skip(at), Everywhere)));
        }
    }
    Some(total)
}

/// Writes 1 where the key is at least `cut`, else 0; whether every pixel counts.
#[inline(always)]
fn decide<P: Element>(element: &P, p: &[P::Raw], cut: u32, decided: &mut [u8]) -> bool {
    match (element.bytes(p), element.floats(p)) {
        (Some(view), _) if view.codes == ByteCodes::PLAIN => {
            let (to, from) = words_decided(&view, cut, decided);
            for (to, &byte) in to.iter_mut().zip(from) {
                *to = u8::from(u32::from(byte ^ view.flip) >= cut);
            }
            true
        }
        (_, Some(view)) => {
            let mut highest = 0;
            for (to, &x) in decided.iter_mut().zip(view.floats) {
                highest = highest.max(x.to_bits());
                *to = u8::from(x.to_bits() >= cut);
            }
            highest <= ONE_BITS
        }
        _ => p.iter().zip(decided).all(|(&raw, to)| match element.read(raw) {
            Reading::Valid(value) | Reading::Clamped(value) => {
                *to = u8::from(P::key(value) >= cut);
                true
            }
            Reading::Invalid => false,
        }),
    }
}

/// The same of bytes, four to a word, on the cores that such words help; those that are left.
#[inline(always)]
fn words_decided<'a>(view: &ByteView<'a>, cut: u32, decided: &'a mut [u8]) -> (&'a mut [u8], &'a [u8]) {
    const BYTE: u32 = 0x0101_0101;
    let (Some(at_least), Ok(cut)) = (AT_LEAST, u8::try_from(cut)) else { return (decided, view.bytes) };
    let (cut, flip) = (u32::from(cut) * BYTE, u32::from(view.flip) * BYTE);
    let ((to, last), (from, rest)) = (decided.as_chunks_mut::<4>(), view.bytes.as_chunks::<4>());
    for (to, &from) in to.iter_mut().zip(from) {
        *to = at_least(u32::from_le_bytes(from) ^ flip, cut).to_le_bytes();
    }
    (last, rest)
}

#[inline(always)]
fn byte_hard<H: Hard>(view: ByteView, mask: MaskView) -> Option<Tally<u64>> {
    let (p, pixels) = (view.bytes.as_ptr(), view.bytes.len());
    if view.codes != ByteCodes::PLAIN {
        return None;
    }
    match mask {
        MaskView::Bytes(mask, kind) if mask.len() == pixels => {
            let g = mask.as_ptr();
            Some(by_kind!(kind, H::CHECKS, |KIND, CHECK, class| by_sign!(view, |FLIP| {
                blocks(pixels, BYTES, |at, n| {
                    // SAFETY: at + n ≤ pixels, the length of both; what the loops need is in the build.
                    unsafe { byte_mask::<FLIP, KIND, CHECK>(p.add(at), g.add(at), n, class) }
                })
            })))
        }
        MaskView::Bits { bytes, offset, msb_first }
            if offset.checked_add(pixels).is_some_and(|bits| bits <= 8 * bytes.len()) =>
        {
            Some(by_sign!(view, |FLIP| blocks(pixels, BYTES, |at, n| {
                // SAFETY: at + n ≤ pixels, and the mask has a bit for each, compared just now.
                unsafe {
                    let (p, bits, offset) = (p.add(at), bytes.as_ptr().add((offset + at) / 8), (offset + at) % 8);
                    if msb_first {
                        byte_bits::<FLIP, true>(p, bits, offset, n)
                    } else {
                        byte_bits::<FLIP, false>(p, bits, offset, n)
                    }
                }
            })))
        }
        MaskView::Own(cut @ 1..=255) => Some(by_sign!(view, |FLIP| blocks(pixels, BYTES, |at, n| {
            // SAFETY: at + n ≤ pixels; no mask is read.
            unsafe { byte_own::<FLIP>(p.add(at), n, cut as u8) }
        }))),
        _ => None,
    }
}

#[inline(always)]
fn byte_soft(p: ByteView, t: ByteView) -> Option<Tally<u64>> {
    if p.codes != ByteCodes::PLAIN || t.codes != ByteCodes::PLAIN {
        return None;
    }
    let (a, b) = (p.bytes.as_ptr(), t.bytes.as_ptr());
    Some(by_sign!(p, |FLIP_P| by_sign!(t, |FLIP_T| blocks(p.bytes.len(), PRODUCTS, |at, n| {
        // SAFETY: at + n ≤ the length of both, which `soft` compared.
        unsafe { byte_byte::<FLIP_P, FLIP_T>(a.add(at), b.add(at), n) }
    }))))
}

#[inline(always)]
fn word_hard<H: Hard>(
    view: WordView,
    mask: MaskView,
    careful: impl Fn(usize, usize) -> Tally<u64>,
) -> Option<Tally<u64>> {
    let (p, pixels) = (view.words.as_ptr(), view.words.len());
    let MaskView::Bytes(mask, kind) = mask else { return None };
    if view.dead != 0 || mask.len() != pixels {
        return None;
    }
    let g = mask.as_ptr();
    Some(by_kind!(kind, H::CHECKS, |KIND, CHECK, class| {
        let one = |at: usize, n: usize| {
            // SAFETY: at + n ≤ pixels, the length of both.
            let found = unsafe {
                if view.checked {
                    word_mask::<true, KIND, CHECK>(p.add(at), g.add(at), n, class)
                } else {
                    word_mask::<false, KIND, CHECK>(p.add(at), g.add(at), n, class)
                }
            };
            (found, if found.outside { 0 } else { n })
        };
        careful_blocks(pixels, WORDS, WORDS, |at, n| taken(one(at, n)), careful)
    }))
}

/// What was refused adds nothing.
#[inline(always)]
fn taken((found, done): (Found, usize)) -> (Found, usize) {
    if found.outside { (Found::default(), 0) } else { (found, done) }
}

#[inline(always)]
fn word_soft(p: WordView, t: WordView, careful: impl Fn(usize, usize) -> Tally<u64>) -> Option<Tally<u64>> {
    if p.dead | t.dead != 0 {
        return None;
    }
    let (a, b) = (p.words.as_ptr(), t.words.as_ptr());
    let one = |at: usize, n: usize| {
        // SAFETY: at + n ≤ the length of both, which `soft` compared.
        let found = unsafe {
            // One promise of two: both are looked at, and a negative word that was promised away goes to `plain`.
            if p.checked || t.checked {
                word_word::<true>(a.add(at), b.add(at), n)
            } else {
                word_word::<false>(a.add(at), b.add(at), n)
            }
        };
        (found, n)
    };
    Some(careful_blocks(p.words.len(), WORDS, WORDS, |at, n| taken(one(at, n)), careful))
}

#[inline(always)]
fn float_hard<H: Hard>(
    view: FloatView,
    mask: MaskView,
    careful: impl Fn(usize, usize) -> Tally<u64>,
) -> Option<Tally<u64>> {
    let (p, pixels) = (view.floats.as_ptr(), view.floats.len());
    let (mask, kind) = match mask {
        MaskView::Bytes(mask, kind) if mask.len() == pixels => (mask, kind),
        // At 0 every pixel is foreground, above 1.0 none.
        MaskView::Own(cut @ 1..=ONE_BITS) => {
            let one = |at: usize, n: usize| {
                // SAFETY: at + n ≤ pixels.
                unsafe {
                    if view.checked {
                        float_own::<true>(p.add(at), n, cut)
                    } else {
                        float_own::<false>(p.add(at), n, cut)
                    }
                }
            };
            return Some(careful_blocks(pixels, pixels, BLOCK, one, careful));
        }
        _ => return None,
    };
    let g = mask.as_ptr();
    Some(by_kind!(kind, H::CHECKS, |KIND, CHECK, class| {
        let one = |at: usize, n: usize| {
            // SAFETY: at + n ≤ pixels, the length of both.
            unsafe {
                if view.checked {
                    float_mask::<true, KIND, CHECK>(p.add(at), g.add(at), n, class)
                } else {
                    float_mask::<false, KIND, CHECK>(p.add(at), g.add(at), n, class)
                }
            }
        };
        careful_blocks(pixels, pixels, BLOCK, one, careful)
    }))
}

#[inline(always)]
fn float_soft(p: FloatView, t: FloatView, careful: impl Fn(usize, usize) -> Tally<u64>) -> Tally<u64> {
    let (a, b) = (p.floats.as_ptr(), t.floats.as_ptr());
    let one = |at: usize, n: usize| {
        // SAFETY: at + n ≤ the length of both, which `soft` compared.
        unsafe {
            let (a, b) = (a.add(at), b.add(at));
            match (p.checked, t.checked) {
                (true, true) => float_float::<true, true>(a, b, n),
                (true, false) => float_float::<true, false>(a, b, n),
                (false, true) => float_float::<false, true>(a, b, n),
                (false, false) => float_float::<false, false>(a, b, n),
            }
        }
    };
    careful_blocks(p.floats.len(), p.floats.len(), BLOCK, one, careful)
}
