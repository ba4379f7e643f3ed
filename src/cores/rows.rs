//! Interleaved 8-bit rows against labels, four channels to a word.
//!
//! ```text
//! for each tile of eight channels, or four:
//!     for each pixel that counts:
//!         word, word = the pixel's channels of the tile
//!         even += word's bytes 0 and 2;  odd += its bytes 1 and 3          half words
//! for each pixel that counts:
//!     of[label] += 2¹⁶ + the code of the labelled channel                  Σt above Σpt
//! ```
//!
//! A word reaches into the next pixel where the channels end: what it adds there is not read. **Overflow.** A block has at
//! most 256 pixels: 256 codes of 8 bits are below 2¹⁶, so that half words hold them, and 256 ones lie above them.

use crate::loops::channels::{Block, CHANNELS, Labelled, ROWS};

const _: () = assert!(ROWS * 255 < 1 << 16 && ROWS < 1 << 16);

/// Bytes 0 and 2 added to half words, and bytes 1 and 3 to others.
#[inline(always)]
fn add(word: u32, even: u32, odd: u32) -> (u32, u32) {
    #[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
    return (super::simd32::add_even(word, even), super::simd32::add_odd(word, odd));
    #[cfg(not(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium")))]
    (even.wrapping_add(word & 0x00FF_00FF), odd.wrapping_add(word >> 8 & 0x00FF_00FF))
}

/// The sums of a block of rows whose bytes `flip` makes unsigned.
pub(crate) fn byte_rows(rows: Labelled<'_>, p: &[u8], flip: u8) -> Block {
    match rows.ignore {
        None => summed(&rows, p, flip, |_| true),
        Some(ignore) => summed(&rows, p, flip, |label| label != ignore),
    }
}

#[inline(always)]
fn summed(rows: &Labelled<'_>, p: &[u8], flip: u8, counts: impl Fn(u8) -> bool + Copy) -> Block {
    if rows.channels == 4 {
        return four(rows, p, flip, counts);
    }
    let mut block = Block { p: [0; CHANNELS], t: [0; CHANNELS], pt: [0; CHANNELS], kept: 0, ignored: 0 };
    let mut from = 0;
    while from < rows.channels {
        let here = rows.channels - from;
        if here > 4 {
            tile::<2>(rows, p, flip, from, &mut block.p, counts);
            from += 8;
        } else {
            tile::<1>(rows, p, flip, from, &mut block.p, counts);
            from += 4;
        }
    }
    let mut kept = 0u32;
    let mut rest = p;
    for &label in rows.labels {
        let (row, behind) = rest.split_at_checked(rows.channels).unwrap_or_default();
        rest = behind;
        if !counts(label) {
            continue;
        }
        kept += 1;
        // Labels are below the channels: whoever made the rows has looked.
        if let (Some(of), Some(&byte)) = (block.pt.get_mut(usize::from(label)), row.get(usize::from(label))) {
            *of += 1 << 16 | u32::from(byte ^ flip);
        }
    }
    for (t, pt) in block.t.iter_mut().zip(&mut block.pt).take(rows.channels) {
        (*t, *pt) = (*pt >> 16, *pt & 0xFFFF);
    }
    (block.kept, block.ignored) = (kept.into(), (rows.labels.len() as u64).wrapping_sub(kept.into()));
    block
}

/// Four channels: a word is a pixel, and the labelled code one of its bytes.
#[inline(always)]
fn four(rows: &Labelled<'_>, p: &[u8], flip: u8, counts: impl Fn(u8) -> bool) -> Block {
    let mut block = Block { p: [0; CHANNELS], t: [0; CHANNELS], pt: [0; CHANNELS], kept: 0, ignored: 0 };
    let flip = u32::from(flip) * 0x0101_0101;
    let (mut even, mut odd, mut kept, mut of) = (0, 0, 0u32, [0u32; 4]);
    for (&word, &label) in p.as_chunks::<4>().0.iter().zip(rows.labels) {
        if !counts(label) {
            continue;
        }
        kept += 1;
        let word = u32::from_le_bytes(word) ^ flip;
        (even, odd) = add(word, even, odd);
        // Labels are below the channels: whoever made the rows has looked.
        let label = usize::from(label & 3);
        of[label] += 1 << 16 | (word >> (8 * label) & 0xFF);
    }
    let p = [even & 0xFFFF, odd & 0xFFFF, even >> 16, odd >> 16];
    let Block { p: to_p, t: to_t, pt: to_pt, .. } = &mut block;
    for (((to_p, to_t), to_pt), (p, of)) in to_p.iter_mut().zip(to_t).zip(to_pt).zip(p.into_iter().zip(of)) {
        (*to_p, *to_t, *to_pt) = (p, of >> 16, of & 0xFFFF);
    }
    (block.kept, block.ignored) = (kept.into(), (rows.labels.len() as u64).wrapping_sub(kept.into()));
    block
}

/// Σp of 4 · `N` channels from `from` on.
#[inline(always)]
fn tile<const N: usize>(
    rows: &Labelled<'_>,
    p: &[u8],
    flip: u8,
    from: usize,
    to: &mut [u32; CHANNELS],
    counts: impl Fn(u8) -> bool,
) {
    let flip = u32::from(flip) * 0x0101_0101;
    let mut sums = [(0u32, 0u32); N];
    let mut rest = p.get(from..).unwrap_or_default();
    for &label in rows.labels {
        if counts(label) {
            let words = rest.as_chunks::<4>().0;
            if let Some(words) = words.first_chunk::<N>() {
                for ((even, odd), &word) in sums.iter_mut().zip(words) {
                    (*even, *odd) = add(u32::from_le_bytes(word) ^ flip, *even, *odd);
                }
            } else {
                // The last pixel of the block, whose words reach beyond its end.
                let mut bytes = rest.iter();
                for (even, odd) in &mut sums {
                    let mut word = [0; 4];
                    word.iter_mut().zip(&mut bytes).for_each(|(to, &byte)| *to = byte);
                    (*even, *odd) = add(u32::from_le_bytes(word) ^ flip, *even, *odd);
                }
            }
        }
        rest = rest.get(rows.channels..).unwrap_or_default();
    }
    let to = to.iter_mut().take(rows.channels).skip(from);
    for (channel, to) in to.take(4 * N).enumerate() {
        let Some(&(even, odd)) = sums.get(channel / 4) else { return };
        let pair = if channel % 2 == 0 { even } else { odd };
        *to = if channel % 4 < 2 { pair & 0xFFFF } else { pair >> 16 };
    }
}
