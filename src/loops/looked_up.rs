//! Bytes that a table turns into codes of up to 2²³, those of a sigmoid, × byte masks: the linear sums.
//!
//! ```text
//! for each block of at most 256 pixels:
//!     for each eight of them:  room = table[byte], of the bytes of one word
//!     for each vector:         Σp += room;  Σt += ones of the mask;  Σpt += room where the mask is 1
//! ```
//!
//! The second loop has no branch on a value, so that the compiler makes it into vectors of the backend that it is compiled for.
//!
//! **Overflow.** 256 codes of 2²³ are 2³¹.

use crate::pixels::{ByteMask, Shape, Tally};

/// Pixels of a block.
const BLOCK: usize = 256;
const _: () = assert!((BLOCK as u64) << 23 < 1 << 32);

/// Adds as many pixels as both sides have; `None`, and nothing is added, where the mask is not as declared or has a shape of another
/// kind.
#[inline(always)]
pub(super) fn table_by_mask(bytes: &[u8], flip: u8, codes: &[u32; 256], mask: ByteMask<'_>) -> Option<Tally<u64>> {
    let marks = mask.bytes;
    let (fine, [p, t, pt]) = match mask.meaning.shape() {
        Shape::NonZero => (true, sums(bytes, flip, codes, marks, |mark| mark != 0)),
        Shape::ZeroOne { checked } => (
            !checked || marks.iter().fold(0, |most, &mark| mark.max(most)) <= 1,
            sums(bytes, flip, codes, marks, |mark| mark != 0),
        ),
        Shape::ZeroFull { checked } => (
            // 255 and 0 are what adding 1 makes 0 and 1.
            !checked || marks.iter().fold(0, |most, &mark| mark.wrapping_add(1).max(most)) <= 1,
            sums(bytes, flip, codes, marks, |mark| mark != 0),
        ),
        Shape::Class(class) => (true, sums(bytes, flip, codes, marks, |mark| mark == class)),
        Shape::Ignoring { .. } | Shape::Other => return None,
    };
    fine.then_some(Tally { kept: bytes.len() as u64, p, t, pt, ..Tally::default() })
}

#[inline(always)]
fn sums(bytes: &[u8], flip: u8, codes: &[u32; 256], marks: &[u8], one: impl Fn(u8) -> bool) -> [u64; 3] {
    let (mut all, mut room) = ([0u64; 3], [0u32; BLOCK]);
    for (bytes, marks) in bytes.chunks(BLOCK).zip(marks.chunks(BLOCK)) {
        looked_up(bytes, flip, codes, &mut room);
        let [mut p, mut t, mut pt] = [0u32; 3];
        for (&code, &mark) in room.iter().zip(marks) {
            let kept = if one(mark) { u32::MAX } else { 0 };
            p = p.wrapping_add(code);
            t = t.wrapping_sub(kept);
            pt = pt.wrapping_add(code & kept);
        }
        all.iter_mut().zip([p, t, pt]).for_each(|(all, sum)| *all += u64::from(sum));
    }
    all
}

/// Writes the code of each byte.
#[inline(always)]
fn looked_up(bytes: &[u8], flip: u8, codes: &[u32; 256], room: &mut [u32; BLOCK]) {
    let flips = u64::from_ne_bytes([flip; 8]);
    let ((eights, rest), (to, _)) = (bytes.as_chunks::<8>(), room.as_chunks_mut::<8>());
    for (to, &eight) in to.iter_mut().zip(eights) {
        // One load, and what is turned is a word.
        let eight = (u64::from_ne_bytes(eight) ^ flips).to_ne_bytes();
        to.iter_mut().zip(eight).for_each(|(to, byte)| *to = codes[usize::from(byte)]);
    }
    let last = room.iter_mut().skip(eights.len() * 8);
    last.zip(rest).for_each(|(to, &byte)| *to = codes[usize::from(byte ^ flip)]);
}
