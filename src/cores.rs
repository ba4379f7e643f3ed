//! Loops for cores without wide vector registers, and their one face: whole runs of pixels over raw pointers. It takes the
//! pairs that these cores have loops for, and leaves the others to the plain loop:
//!
//! | pair | sums |
//! |---|---|
//! | 8-bit codes × masks of bytes or bits, × their own mask, with or without a region or an ignore label, with any zero point, scale and dead zone | linear, squares |
//! | 8-bit codes × 8-bit codes of one unit, with or without a region | linear, squares, minima |
//! | Q15 and u16 × byte masks; Q15 × Q15; tables of 8-bit logits × byte masks; where there are float instructions, sigmoids of f32 logits × byte masks | linear |
//! | f32 × byte masks, × its own mask, × f32 | linear |
//! | f16 × masks of bytes or bits, with or without an ignore label, × its own mask, × f16 and × 8-bit codes | linear |
//! | bfloat16 × masks of bytes or bits, × its own mask, × bfloat16 and × f32 | linear |
//! | interleaved 8-bit classes × labels, with or without a region or an ignore label | linear |
//! | the greatest of 8-bit channels × labels | counts |
//! | without the DSP extension and MVE: a channel of interleaved 8-bit codes × that of interleaved byte masks, where they lie; few interleaved 8-bit channels × their shares of the greatest | linear |
//!
//! ```text
//! for each block of the run:         as long as its sums fit a register
//!     a loop takes it                which adds codes and products, and sees what is outside its range
//!     if it saw something:           a negative word, a float or half float outside [0, 1]
//!         plain takes that block     and the loop goes on behind it
//! ```
//!
//! Where the prediction is decided first (`Decided`), zeros and ones are written a block at a time, and the loops for bytes
//! take those.

/// The call with constants that say what the mask's bytes mean and whether they are checked; `None` for a shape that the
/// loops do not know.
macro_rules! by_kind {
    ($shape:expr, |$k:ident, $c:ident, $class:ident| $call:expr) => {{
        macro_rules! with {
            ($means:expr, $checked:expr, $of:expr) => {{
                const $k: u8 = $means;
                const $c: bool = $checked;
                let $class: u8 = $of;
                $call
            }};
        }
        match $shape {
            Shape::ZeroOne { checked: true } => with!(ZERO_ONE, true, 0),
            Shape::ZeroOne { checked: false } => with!(ZERO_ONE, false, 0),
            Shape::ZeroFull { checked: true } => with!(ZERO_FULL, true, 0),
            Shape::ZeroFull { checked: false } => with!(ZERO_FULL, false, 0),
            Shape::NonZero => with!(NON_ZERO, false, 0),
            Shape::Class(class) => with!(CLASS, false, class),
            Shape::Ignoring { .. } | Shape::Other => return None,
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

mod bytes;
mod careful;
#[cfg(soft_dice_lanes = "dsp")]
mod dsp;
mod floats;
mod follow;
#[cfg(soft_dice_lanes = "fpu")]
mod fpu;
mod half_bytes;
mod halves;
#[cfg(soft_dice_lanes = "helium")]
mod helium;
#[cfg(all(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"), not(soft_dice_lanes = "small")))]
mod kept;
// A host has lanes of its own for these, also where it tests the other loops.
#[cfg(all(soft_dice_lanes = "swar", not(soft_dice_lanes = "small"), any(not(soft_dice_lanes = "vector"), test)))]
mod own_shares;
#[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
pub(crate) mod planes;
mod prepared;
#[cfg(all(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"), not(soft_dice_lanes = "small")))]
mod which;
// A host has lanes of its own for these, also where it tests the other loops.
#[cfg(any(not(soft_dice_lanes = "vector"), test))]
mod rows;
#[cfg(not(soft_dice_lanes = "helium"))]
mod seen;
#[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
pub(crate) mod simd32;
#[cfg(soft_dice_lanes = "swar")]
mod single;
mod sixteen;
#[cfg(soft_dice_lanes = "soft")]
mod soft_float;
#[cfg(soft_dice_lanes = "soft")]
mod soft_half;
mod spread;
// A host has lanes of its own for these, also where it tests the other loops.
#[cfg(all(soft_dice_lanes = "swar", not(soft_dice_lanes = "small"), any(not(soft_dice_lanes = "vector"), test)))]
mod strided;
#[cfg(soft_dice_lanes = "swar")]
mod swar;
mod tabled;
#[cfg(soft_dice_lanes = "thumb1")]
mod thumb1_half;
#[cfg(not(soft_dice_lanes = "helium"))]
mod turned;
mod uppers;
mod winners;
mod words;

use crate::element::{Element, Reading, Times};
use crate::pixels::{Ask, ByteCodes, ByteView, Decoded, Mask, ONE_BITS, Pair, Tally, Within};
use crate::plain;
use bytes::{byte_hard, byte_kept, byte_pair_kept, byte_soft, byte_sums, squares};
use careful::{careful_hard, careful_soft, narrow};
use floats::{float_hard, float_soft};
#[cfg(not(soft_dice_lanes = "vector"))]
pub(crate) use rows::byte_rows;
use sixteen::{sixteen_hard, sixteen_soft};
use tabled::{table_hard, value_hard};
#[cfg(not(soft_dice_lanes = "vector"))]
pub(crate) use winners::winners_of_rows;
pub(crate) use winners::{row_winners, winner_column, won};
use words::{u16_hard, word_hard, word_soft};
#[cfg(all(soft_dice_lanes = "swar", not(any(soft_dice_lanes = "vector", soft_dice_lanes = "small"))))]
pub(crate) use {own_shares::own_shares, strided::strided};

#[cfg(soft_dice_lanes = "dsp")]
use dsp::follow_bytes;
#[cfg(soft_dice_lanes = "dsp")]
pub(crate) use dsp::{greatest_byte, lines};
pub(crate) use follow::follow;
#[cfg(soft_dice_lanes = "helium")]
use helium::follow_bytes;
#[cfg(soft_dice_lanes = "helium")]
pub(crate) use helium::lines;

#[cfg(soft_dice_lanes = "dsp")]
use dsp::{
    AT_LEAST, byte_bits, byte_byte, byte_mask, byte_minima, byte_moments, byte_own, byte_squares, u16_mask, word_mask,
    word_word,
};
#[cfg(soft_dice_lanes = "fpu")]
use fpu::{BLOCK, HALF_BLOCK, float_float, float_mask, float_own, half_half, half_mask, half_own};
#[cfg(soft_dice_lanes = "helium")]
use helium::{
    AT_LEAST, BLOCK, HALF_BLOCK, byte_bits, byte_byte, byte_mask, byte_minima, byte_moments, byte_own, byte_squares,
    float_float, float_mask, float_own, half_half, half_mask, half_own, u16_mask, word_mask, word_word,
};
#[cfg(soft_dice_lanes = "swar")]
use single::{byte_bits, byte_byte, byte_moments, byte_squares, u16_mask, word_mask, word_word};
#[cfg(soft_dice_lanes = "soft")]
use soft_float::{BLOCK, float_float, float_mask, float_own};
#[cfg(all(soft_dice_lanes = "soft", not(soft_dice_lanes = "thumb1")))]
use soft_half::{HALF_BLOCK, half_half, half_mask, half_own};
#[cfg(all(soft_dice_lanes = "swar", not(soft_dice_lanes = "vector")))]
pub(crate) use swar::planes_won;
#[cfg(soft_dice_lanes = "swar")]
use swar::{AT_LEAST, byte_mask, byte_minima, byte_own, follow_bytes};
#[cfg(soft_dice_lanes = "thumb1")]
use thumb1_half::{HALF_BLOCK, half_half, half_mask, half_own};

/// Sums of a run.
#[derive(Clone, Copy, Default)]
struct Found<S = u64> {
    pub p: S,
    pub t: S,
    pub pt: S,
    /// A mask byte was outside the declared values.
    pub broken: bool,
    /// A value was outside its range: the sums mean nothing.
    pub outside: bool,
}

impl Found {
    /// With the sums of a block, which fit 32 bits.
    #[inline(always)]
    fn gather(&mut self, block: Found<u32>) {
        self.p += u64::from(block.p);
        self.t += u64::from(block.t);
        self.pt += u64::from(block.pt);
        self.broken |= block.broken;
    }

    fn tally(self, pixels: usize) -> Tally<u64> {
        let Self { p, t, pt, broken, .. } = self;
        Tally { kept: pixels as u64, broken: broken.into(), p, t, pt, ..Tally::default() }
    }
}

/// Sums of a run of pairs of 8-bit codes, those that were asked for.
#[derive(Clone, Copy, Default)]
struct Moments {
    pub p: u32,
    pub t: u32,
    pub pt: u32,
    pub pp: u32,
    pub tt: u32,
    /// Σmin(p, t).
    pub min: u32,
}

/// Sums of a run of 8-bit codes with their own mask, and beside those of the last map.
#[derive(Clone, Copy)]
struct Followed {
    pub p: u32,
    /// Σp of the last map.
    pub last: u32,
    /// Σ|p − last|.
    pub changed: u32,
    pub t: u32,
    pub pt: u32,
}

// What the bytes of a mask mean, as the loops are generic over it.
const ZERO_ONE: u8 = 0;
const ZERO_FULL: u8 = 1;
const NON_ZERO: u8 = 2;
const CLASS: u8 = 3;

/// Pixels whose 8-bit codes, and twice those, fit 32 bits.
const BYTES: usize = 1 << 22;
/// Pixels whose products of 8-bit codes fit 31 bits.
const PRODUCTS: usize = 1 << 15;
/// Pixels whose 15-bit codes fit 31 bits, and of which `plain` takes no more than must be for one negative code.
const WORDS: usize = 1 << 12;
/// Pixels that are decided at a time: on the stack.
const DECIDED: usize = 256;

/// 1 in the bytes of a word that are at least those of another, where words help to decide.
type AtLeast = Option<fn(u32, u32) -> u32>;

// What the loops over raw pointers take for granted, in the widest form: twice a code, products in 31 bits as signed ones are.
const _: () = assert!(BYTES as u64 * 2 * 255 < 1 << 32);
const _: () = assert!(PRODUCTS as u64 * 255 * 255 < 1 << 31);
const _: () = assert!(WORDS as u64 * 32767 < 1 << 31);
// Codes of f32, of which there are no more than 2²³ to a pixel.
const _: () = assert!((BLOCK as u64) << 23 < 1 << 32);

/// Blocks that are never refused, whose sums fit 32 bits.
#[inline(always)]
fn blocks(pixels: usize, block: usize, one: impl Fn(usize, usize) -> Found<u32>) -> Tally<u64> {
    let mut total = Found::default();
    let mut at = 0;
    // Of no pixels too: one way through is less code.
    loop {
        let n = (pixels - at).min(block);
        total.gather(one(at, n));
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
pub(crate) fn hard<P: Element>(element: &P, pair: Pair<'_, P::Raw, Mask<'_>>, ask: Ask) -> Option<Tally<P::Narrow>> {
    if cfg!(soft_dice_backend = "scalar") {
        return None;
    }
    let (p, mask) = (pair.prediction(), pair.target());
    if let Some(threshold) = ask.decided {
        return Some(decided(element, pair, threshold)?.widen());
    }
    if let Some(view) = element.bytes(p)
        // SAFETY: a pair holds as many pixels of mask and region as of the prediction, and a view is of all of that.
        && let Some(tally) = unsafe { byte_kept(view, mask, pair.region(), ask) }
    {
        return Some(tally.widen());
    }
    if !matches!(pair.region(), Within::Everywhere) {
        return None;
    }
    if let Some(view) = element.bytes(p) {
        // SAFETY: a pair holds as many mask pixels as prediction's, and a view is of the whole prediction.
        let mut tally = unsafe { byte_hard(view, mask) }?;
        if ask.squares {
            tally.pp = squares(view);
        }
        return Some(tally.widen());
    }
    if ask.squares {
        return None;
    }
    let careful = |at: usize, n: usize| match pair.masked_part(at, n) {
        // No squares are asked for here, and nothing is decided.
        Some(part) => careful_hard(element, part),
        None => Tally::default(),
    };
    if let Some(words) = element.halves(p) {
        // SAFETY: as above.
        return Some(unsafe { u16_hard(words, mask) }?.widen());
    }
    if element.each_code(&[], &[], |_, _| ()) {
        return Some(value_hard(element, p, mask)?.widen());
    }
    if let Some(Decoded::Table { bytes, flip, codes }) = element.decoded(p) {
        return Some(table_hard(bytes, flip, codes, mask)?.widen());
    }
    if let Some(view) = element.words(p) {
        // SAFETY: as above.
        return Some(unsafe { word_hard(view, mask, careful) }?.widen());
    }
    if let Some(view) = element.floats(p) {
        // SAFETY: as above.
        return Some(unsafe { float_hard(view, mask, careful) }?.widen());
    }
    sixteen_hard(element, pair)
}

/// `None` where no loop fits.
#[inline(always)]
pub(crate) fn soft<P: Times<T>, T: Element>(
    element: &P,
    other: &T,
    pair: Pair<'_, P::Raw, &[T::Raw]>,
    ask: Ask,
) -> Option<Tally<P::Wide>> {
    if cfg!(soft_dice_backend = "scalar") {
        return None;
    }
    let asked = ask.squares || ask.minima;
    let (p, t) = (pair.prediction(), pair.target());
    if let (Some(a), Some(b)) = (element.bytes(p), other.bytes(t)) {
        // Minima of unlike units are two sums, which only the plain loop keeps.
        if ask.minima && element.unit() != other.unit() {
            return None;
        }
        if !matches!(pair.region(), Within::Everywhere) {
            // SAFETY: a pair holds as many pixels on either side and of the region, and views are of whole maps.
            return Some(unsafe { byte_pair_kept(a, b, pair.region(), ask) }?.widen());
        }
        if asked {
            // SAFETY: a pair holds as many pixels on either side, and views are of whole maps.
            return Some(unsafe { byte_sums(a, b, ask) }?.widen());
        }
        // SAFETY: as above.
        return Some(unsafe { byte_soft(a, b) }?.widen());
    }
    if asked || !matches!(pair.region(), Within::Everywhere) {
        return None;
    }
    let careful = |at: usize, n: usize| match pair.part(at, n) {
        Some(part) => careful_soft(element, other, part, ask),
        None => Tally::default(),
    };
    if let (Some(a), Some(b)) = (element.words(p), other.words(t)) {
        // SAFETY: as above.
        return Some(unsafe { word_soft(a, b, careful) }?.widen());
    }
    if let (Some(a), Some(b)) = (element.floats(p), other.floats(t)) {
        // SAFETY: as above.
        return Some(unsafe { float_soft(a, b, careful) }.widen());
    }
    sixteen_soft(element, other, pair, ask)
}

/// Zeros and ones are written a block at a time, and taken by the loops for bytes; `None` where those have none.
#[inline(always)]
fn decided<P: Element>(element: &P, pair: Pair<'_, P::Raw, Mask<'_>>, threshold: u32) -> Option<Tally<u64>> {
    if pair.target().is_own() {
        return None;
    }
    // Words decide and count at once. Thumb-1 has too few registers for it.
    #[cfg(all(soft_dice_lanes = "swar", not(soft_dice_lanes = "thumb1")))]
    if let (Within::Everywhere, Some(view)) = (pair.region(), element.bytes(pair.prediction()))
        // SAFETY: a pair holds as many mask pixels as prediction's, and a view is of the whole prediction.
        && let Some(found) = unsafe { bytes::byte_cut(view, pair.target(), threshold) }
    {
        return Some(found);
    }
    let mut total = Tally::default();
    let pixels = pair.prediction().len();
    let mut at = 0;
    while at < pixels {
        let part = pair.masked_part(at, DECIDED.min(pixels - at))?;
        let mut room = [0; DECIDED];
        let bytes = room.get_mut(..part.prediction().len())?;
        if decide(element, part.prediction(), threshold, bytes) {
            let view = ByteView { bytes, flip: 0, codes: ByteCodes::PLAIN };
            // SAFETY: a byte for each pixel of the part, whose mask and region hold as many.
            let found = unsafe {
                match byte_kept(view, part.target(), part.region(), Ask::LINEAR) {
                    Some(found) => Some(found),
                    None if matches!(part.region(), Within::Everywhere) => byte_hard(view, part.target()),
                    None => None,
                }
            };
            total.join(&found?);
        } else {
            total.join(&narrow(plain::hard(element, part, Ask::decided(threshold))));
        }
        at += DECIDED;
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
