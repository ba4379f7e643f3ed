//! Two bit masks against each other: a word of pixels at a time, whose ones are counted in bytes of the word.
//!
//! ```text
//! for each word of both masks:          from any bit on, in either order
//!     for x of p, t, p and t:
//!         ones of each byte of x        by adding neighbours: bits, pairs, fours
//!         bytes += ones                 at most 8 a word, so that 31 words fit
//! ```
//!
//! No core here has an instruction that counts ones but where the compiler knows of it: eight operations count those of 32 pixels,
//! and the sum of the bytes is taken once in 31 words.

use crate::pixels::{BitRun, Within, side_by_side};

/// A word of the machine.
type Word = usize;
const BYTES: usize = size_of::<Word>();
const BITS: usize = 8 * BYTES;
/// Words whose ones fit a byte.
const WORDS: usize = 31;
const _: () = assert!(WORDS * 8 < 256);

/// What two masks have in common.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Ones {
    pub p: u64,
    pub t: u64,
    pub pt: u64,
    /// Pixels inside the region.
    pub kept: u64,
}

/// The ones of the first `pixels` pixels of both that lie inside the region. Masks and region hold as many, or zeros follow.
// On a microcontroller it is inlined, so that the orders fold away.
#[cfg_attr(soft_dice_lanes = "runs", inline(always))]
pub(crate) fn both(p: BitRun<'_>, t: BitRun<'_>, region: Within<'_>, pixels: usize) -> Ones {
    let whole = pixels / BITS;
    let everywhere = matches!(region, Within::Everywhere);
    let mut ones = Ones::default();
    if everywhere && p.shift == 0 && t.shift == 0 && p.msb_first == t.msb_first {
        // Pixels of a place share their bit in both masks, whatever the order.
        let [p, t] = [p, t].map(|run| run.bytes.get(..whole * BYTES).unwrap_or_default().as_chunks::<BYTES>().0);
        for (p, t) in side_by_side(p, t, WORDS) {
            ones.add(p.iter().zip(t).map(|(&p, &t)| (Word::from_le_bytes(p), Word::from_le_bytes(t))));
        }
        ones.kept = (whole * BITS) as u64;
    } else {
        let at = |word: usize| {
            let inside = inside(region, word * BITS);
            (word_at(p, word) & inside, word_at(t, word) & inside)
        };
        for from in (0..whole).step_by(WORDS) {
            ones.add((from..whole.min(from + WORDS)).map(at));
        }
        ones.kept = if everywhere {
            (whole * BITS) as u64
        } else {
            (0..whole).map(|word| u64::from(inside(region, word * BITS).count_ones())).sum()
        };
    }
    for at in whole * BITS..pixels {
        if region.keeps(at) {
            let (p, t) = (p.bit(at), t.bit(at));
            ones.p += u64::from(p);
            ones.t += u64::from(t);
            ones.pt += u64::from(p & t);
            ones.kept += 1;
        }
    }
    ones
}

/// The ones of masks of whole words, in one order.
pub(crate) fn words(p: &[u32], t: &[u32]) -> Ones {
    let mut ones = Ones::default();
    for (p, t) in side_by_side(p, t, WORDS) {
        ones.add(p.iter().zip(t).map(|(&p, &t)| (p as Word, t as Word)));
        ones.kept += 32 * p.len() as u64;
    }
    ones
}

impl Ones {
    /// Adds at most [`WORDS`] words.
    #[inline(always)]
    fn add(&mut self, words: impl Iterator<Item = (Word, Word)>) {
        let (mut p, mut t, mut pt) = (0, 0, 0);
        for (word_p, word_t) in words {
            p += by_bytes(word_p);
            t += by_bytes(word_t);
            pt += by_bytes(word_p & word_t);
        }
        self.p += sum_of_bytes(p);
        self.t += sum_of_bytes(t);
        self.pt += sum_of_bytes(pt);
    }
}

/// The ones of each byte.
#[inline(always)]
const fn by_bytes(word: Word) -> Word {
    const PAIRS: Word = Word::MAX / 3;
    const FOURS: Word = Word::MAX / 5;
    const EIGHTS: Word = Word::MAX / 17;
    // Each byte of the differences and sums is at most 8, so that none borrows or carries.
    let pairs = word.wrapping_sub(word >> 1 & PAIRS);
    let fours = (pairs & FOURS) + (pairs >> 2 & FOURS);
    (fours + (fours >> 4)) & EIGHTS
}

/// The sum of the bytes, each at most 248.
#[inline(always)]
const fn sum_of_bytes(word: Word) -> u64 {
    const HALVES: Word = Word::MAX / 257;
    // At most 496 in each 16 bits, and their sum at most 1984 in the highest.
    let halves = (word & HALVES) + (word >> 8 & HALVES);
    (halves.wrapping_mul(Word::MAX / 0xFFFF) >> (BITS - 16)) as u64
}

/// The pixels of a word, the first in its lowest bit; zeros beyond the end.
#[inline(always)]
fn word_at(run: BitRun<'_>, word: usize) -> Word {
    let rest = run.bytes.get(word * BYTES..).unwrap_or_default();
    let first = rest.first_chunk::<BYTES>().copied().unwrap_or_default();
    let next = if run.shift == 0 { 0 } else { rest.get(BYTES).copied().unwrap_or(0) };
    if run.msb_first {
        let word = Word::from_be_bytes(first);
        let word = if run.shift == 0 { word } else { word << run.shift | Word::from(next >> (8 - run.shift)) };
        word.reverse_bits()
    } else {
        let word = Word::from_le_bytes(first);
        if run.shift == 0 { word } else { word >> run.shift | Word::from(next) << (BITS - run.shift) }
    }
}

/// The region of the word of pixels from `at` on.
#[inline(always)]
fn inside(region: Within<'_>, at: usize) -> Word {
    match region {
        Within::Everywhere => Word::MAX,
        Within::Bits(bits) => word_at(bits, at / BITS),
        Within::Bytes(bytes) => {
            let bytes = bytes.get(at..).unwrap_or_default();
            bytes.iter().take(BITS).enumerate().fold(0, |word, (bit, &byte)| word | Word::from(byte != 0) << bit)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    #[test]
    fn ones_of_words() {
        let mut word: Word = 1;
        for _ in 0..2000 {
            word = word.wrapping_mul(Word::MAX / 7 * 2 + 5).wrapping_add(99);
            assert_eq!(sum_of_bytes(by_bytes(word)), u64::from(word.count_ones()));
        }
        assert_eq!(sum_of_bytes(by_bytes(Word::MAX)), BITS as u64);
        assert_eq!(sum_of_bytes(Word::MAX / 255 * 248), 248 * BYTES as u64);
    }

    #[test]
    fn every_offset_order_and_length() {
        let bytes: Vec<u8> = (0..700u32).map(|i| (i.wrapping_mul(0x9E37_79B9) >> 13) as u8).collect();
        for (from_p, from_t, msb_p, msb_t) in (0..9)
            .flat_map(|a| [0, 3, 8].map(|b| (a, b)))
            .flat_map(|(a, b)| [(false, false), (false, true), (true, false), (true, true)].map(|(c, d)| (a, b, c, d)))
        {
            for pixels in [0, 1, 31, 32, 33, 63, 64, 65, 200, 2049, 2500] {
                let (p, t) = (BitRun::new(&bytes, from_p, msb_p), BitRun::new(&bytes[300..], from_t, msb_t));
                let inside = BitRun::new(&bytes[200..], 5, false);
                for region in [Within::Everywhere, Within::Bits(inside), Within::Bytes(&bytes[..pixels.min(700)])] {
                    let mut truth = Ones::default();
                    for at in (0..pixels).filter(|&at| region.keeps(at)) {
                        truth.kept += 1;
                        truth.p += u64::from(p.bit(at));
                        truth.t += u64::from(t.bit(at));
                        truth.pt += u64::from(p.bit(at) && t.bit(at));
                    }
                    assert_eq!(
                        both(p, t, region, pixels),
                        truth,
                        "{from_p} {from_t} {msb_p} {msb_t} {pixels} {region:?}"
                    );
                }
            }
        }
    }
}
