//! 16-bit codes: which loop takes a pair, block by block.

use super::{
    CLASS, Found, NON_ZERO, PRODUCTS, WORDS, ZERO_FULL, ZERO_ONE, careful_blocks, u16_mask, word_mask, word_word,
};
use crate::pixels::{ByteMask, Mask, Shape, Tally, WordView};

// Sums of 16-bit codes of a block, which the loops add in 32 bits.
const _: () = assert!(PRODUCTS as u64 * 65535 < 1 << 31);

/// # Safety
///
/// The mask holds a byte or a bit for each pixel of the view.
#[inline(always)]
pub(super) unsafe fn word_hard(
    view: WordView,
    mask: Mask,
    careful: impl Fn(usize, usize) -> Tally<u64>,
) -> Option<Tally<u64>> {
    let (p, pixels) = (view.words.as_ptr(), view.words.len());
    let Mask::Bytes(ByteMask { bytes, meaning }) = mask else { return None };
    if view.dead != 0 {
        return None;
    }
    let g = bytes.as_ptr();
    Some(by_kind!(meaning.shape(), |KIND, CHECK, class| {
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

/// # Safety
///
/// The mask holds a byte or a bit for each word.
#[inline(always)]
pub(super) unsafe fn u16_hard(words: &[u16], mask: Mask) -> Option<Tally<u64>> {
    let (p, pixels) = (words.as_ptr(), words.len());
    let Mask::Bytes(ByteMask { bytes, meaning }) = mask else { return None };
    let g = bytes.as_ptr();
    let never = |_: usize, _: usize| Tally::default();
    Some(by_kind!(meaning.shape(), |KIND, CHECK, class| {
        // SAFETY: at + n ≤ pixels, the length of both.
        let one = |at: usize, n: usize| (unsafe { u16_mask::<KIND, CHECK>(p.add(at), g.add(at), n, class) }, n);
        careful_blocks(pixels, PRODUCTS, PRODUCTS, one, never)
    }))
}

/// What was refused adds nothing.
#[inline(always)]
fn taken((found, done): (Found, usize)) -> (Found, usize) {
    if found.outside { (Found::default(), 0) } else { (found, done) }
}

/// # Safety
///
/// Both views hold the same number of pixels.
#[inline(always)]
pub(super) unsafe fn word_soft(
    p: WordView,
    t: WordView,
    careful: impl Fn(usize, usize) -> Tally<u64>,
) -> Option<Tally<u64>> {
    if p.dead | t.dead != 0 {
        return None;
    }
    let (a, b) = (p.words.as_ptr(), t.words.as_ptr());
    let one = |at: usize, n: usize| {
        // SAFETY: at + n ≤ the length of both, which is one: the caller's.
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
