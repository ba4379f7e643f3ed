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
//!
//! A microcontroller, whose registers do not hold three sums and their steps at once, takes p, t, and p and t one after the other,
//! and three words of each together: the bits of the third are added to the pairs of the others, which have room for them.
//!
//! ```text
//! for each three words x, y, z:
//!     pairs of x += the lower bits of z's pairs;  pairs of y += the upper ones      at most 3 of 2 bits
//!     fours = pairs of both, added by neighbours                                    at most 12 of 4 bits
//!     bytes += fours, added by neighbours                                           at most 24 a turn, so that ten turns fit
//! ```
//!
//! Its 18 operations and the addition count 96 pixels, where three words by themselves take 24.
//!
//! NEON has an instruction that counts the ones of each byte, and takes 128 pixels a vector.

#[cfg(soft_dice_lanes = "neon")]
use crate::lanes::ones as ones_of_vectors;
use crate::pixels::{BitRun, Within, side_by_side};

/// A word of the machine.
type Word = usize;
const BYTES: usize = size_of::<Word>();
const BITS: usize = 8 * BYTES;
/// Words whose ones fit a byte.
const WORDS: usize = 31;
const _: () = assert!(WORDS * 8 < 256);
/// Words of a microcontroller's block, three at a time: their ones fit a byte too.
#[cfg(soft_dice_lanes = "runs")]
const THREES: usize = 30;
#[cfg(soft_dice_lanes = "runs")]
const _: () = assert!(THREES.is_multiple_of(3) && THREES < WORDS);

/// p, t, and p and t one after the other, where a word at any address is one instruction and registers are few. Where it is four
/// bytes, each is read once.
#[cfg(soft_dice_lanes = "runs")]
const ONE_BY_ONE: bool = cfg!(all(target_arch = "arm", not(soft_dice_lanes = "thumb1")));

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
        let [p, t] = [p, t].map(|run| run.bytes.get(..whole * BYTES).unwrap_or_default());
        #[cfg(soft_dice_lanes = "neon")]
        let [p, t] = {
            let ((vectors, p), (vectors_of_t, t)) = (p.as_chunks::<16>(), t.as_chunks::<16>());
            [ones.p, ones.t, ones.pt] = ones_of_vectors(vectors, vectors_of_t);
            [p, t]
        };
        let [p, t] = [p, t].map(|bytes| bytes.as_chunks::<BYTES>().0);
        ones.add_words(p, t, |&word| Word::from_le_bytes(word));
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
    let mut ones = Ones { kept: 32 * p.len().min(t.len()) as u64, ..Ones::default() };
    ones.add_words(p, t, |&word| word as Word);
    ones
}

impl Ones {
    /// Adds any number of words, which `of` reads.
    #[inline(always)]
    fn add_words<W>(&mut self, p: &[W], t: &[W], of: impl Fn(&W) -> Word + Copy) {
        #[cfg(soft_dice_lanes = "runs")]
        let (p, t) = self.add_blocks(p, t, of);
        for (p, t) in side_by_side(p, t, WORDS) {
            self.add(p.iter().zip(t).map(|(p, t)| (of(p), of(t))));
        }
    }

    /// Adds whole blocks of words, three at a time; what is left.
    #[cfg(soft_dice_lanes = "runs")]
    #[inline(always)]
    fn add_blocks<'a, W>(&mut self, p: &'a [W], t: &'a [W], of: impl Fn(&W) -> Word + Copy) -> (&'a [W], &'a [W]) {
        let ((blocks, rest), (blocks_of_t, rest_of_t)) = (p.as_chunks::<THREES>(), t.as_chunks::<THREES>());
        for (p, t) in blocks.iter().zip(blocks_of_t) {
            if ONE_BY_ONE {
                self.p += by_threes(p, p, |p, _| of(p));
                self.t += by_threes(t, t, |t, _| of(t));
                self.pt += by_threes(p, t, |p, t| of(p) & of(t));
                continue;
            }
            let [mut ones_p, mut ones_t, mut ones_pt] = [0; 3];
            for (p, t) in p.as_chunks::<3>().0.iter().zip(t.as_chunks::<3>().0) {
                let (p, t) = (p.each_ref().map(of), t.each_ref().map(of));
                ones_p += of_three(p);
                ones_t += of_three(t);
                ones_pt += of_three([p[0] & t[0], p[1] & t[1], p[2] & t[2]]);
            }
            self.p += sum_of_bytes(ones_p);
            self.t += sum_of_bytes(ones_t);
            self.pt += sum_of_bytes(ones_pt);
        }
        (rest, rest_of_t)
    }

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

/// The ones of a block of words, each made of two.
#[cfg(soft_dice_lanes = "runs")]
#[inline(always)]
fn by_threes<W>(a: &[W; THREES], b: &[W; THREES], of: impl Fn(&W, &W) -> Word) -> u64 {
    let mut bytes = 0;
    for ([a, b, c], [d, e, f]) in a.as_chunks::<3>().0.iter().zip(b.as_chunks::<3>().0) {
        bytes += of_three([of(a, d), of(b, e), of(c, f)]);
    }
    sum_of_bytes(bytes)
}

/// The ones of each byte of three words, at most 24.
#[cfg(soft_dice_lanes = "runs")]
#[inline(always)]
const fn of_three([a, b, c]: [Word; 3]) -> Word {
    const PAIRS: Word = Word::MAX / 3;
    const FOURS: Word = Word::MAX / 5;
    const EIGHTS: Word = Word::MAX / 17;
    // Each 2 bits hold at most 2 and one of the third word: 3. Each 4 bits then hold four of those: 12.
    let a = a.wrapping_sub(a >> 1 & PAIRS) + (c & PAIRS);
    let b = b.wrapping_sub(b >> 1 & PAIRS) + (c >> 1 & PAIRS);
    let fours = (a & FOURS) + (a >> 2 & FOURS) + (b & FOURS) + (b >> 2 & FOURS);
    (fours & EIGHTS) + (fours >> 4 & EIGHTS)
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

    const PATTERN: Word = Word::MAX / 7 * 2 + 5;

    #[test]
    fn ones_of_words() {
        let mut word: Word = 1;
        for _ in 0..2000 {
            word = word.wrapping_mul(PATTERN).wrapping_add(99);
            assert_eq!(sum_of_bytes(by_bytes(word)), u64::from(word.count_ones()));
        }
        assert_eq!(sum_of_bytes(by_bytes(Word::MAX)), BITS as u64);
    }

    #[cfg(soft_dice_lanes = "runs")]
    #[test]
    fn ones_of_three_words() {
        // Every three of words that are full, empty or as they come.
        let some = [Word::MAX, 0, PATTERN, PATTERN.rotate_left(5), !PATTERN, Word::MAX / 3, Word::MAX / 3 * 2];
        for three in some.iter().flat_map(|&a| some.iter().flat_map(move |&b| some.map(move |c| [a, b, c]))) {
            let ones = three.iter().map(|word| u64::from(word.count_ones())).sum();
            assert_eq!(sum_of_bytes(of_three(three)), ones, "{three:x?}");
        }
        // A block of full words: no byte overflows.
        let full = [Word::MAX; THREES];
        assert_eq!(by_threes(&full, &full, |a, b| a & b), (THREES * BITS) as u64);
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
