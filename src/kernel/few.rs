//! Interleaved rows of few 8-bit channels on NEON, which takes every second to fourth byte of memory to a vector of its own (LD2 to
//! LD4): so the channels of a block are written apart, and each is a column for loops that there are.
//!
//! ```text
//! for each block of at most 256 pixels:
//!     columns = its channels, unsigned                      the compiler makes LD4 of four
//!     sums:     a sweep of each column against the labels   as of any map against a class
//!     winners:  for each channel behind the first:          a comparison and two choices a vector
//!         where its column > the most so far:  that = column, winner = channel
//! ```
//!
//! A pixel at a time, as for many channels, its few bytes would fill a quarter of a vector: of four channels that takes 40
//! instructions a pixel, and this 5.

use super::masked;
use crate::loops::bytes::Bytes;
use crate::loops::channels::{Block, CHANNELS as MOST, ROWS};
use crate::pixels::{Ask, ByteCodes, ByteMask, ByteView, Labels, Mask, Meaning, Within};

/// Channels of a row at most.
pub(super) const CHANNELS: usize = 4;

/// The call with the number of channels as a constant; `None` for more than are few.
macro_rules! by_channels {
    ($channels:expr, |$C:ident| $call:expr) => {{
        macro_rules! with {
            ($n:literal) => {{
                const $C: usize = $n;
                $call
            }};
        }
        match $channels {
            2 => with!(2),
            3 => with!(3),
            CHANNELS => with!(4),
            _ => None,
        }
    }};
}

/// Sums of a block of rows against labels, at most [`ROWS`] of them; `None` where there are no lanes for so many channels or pixels.
pub(super) fn sums(p: &[u8], flip: u8, labels: Labels<'_>) -> Option<Block> {
    by_channels!(labels.channels(), |C| {
        let columns = columns::<C>(p, flip);
        let mut block = Block { p: [0; MOST], t: [0; MOST], pt: [0; MOST], kept: 0, ignored: 0 };
        let sums = block.p.iter_mut().zip(&mut block.t).zip(&mut block.pt);
        for ((class, column), ((p, t), pt)) in (0..).zip(&columns).zip(sums) {
            let bytes = column.get(..labels.bytes().len())?;
            let view = ByteView { bytes, flip: 0, codes: ByteCodes::PLAIN };
            let meaning = Meaning::class(class, labels.ignore());
            let mask = Mask::Bytes(ByteMask { bytes: labels.bytes(), meaning });
            // SAFETY: the column was cut to as many pixels as there are labels.
            let tally = unsafe { masked::<Bytes>(view, &mask, &Within::Everywhere, &Ask::LINEAR) }?;
            // 256 codes of 8 bits.
            (*p, *t, *pt) = (tally.p as u32, tally.t as u32, tally.pt as u32);
            (block.kept, block.ignored) = (tally.kept, tally.ignored);
        }
        Some(block)
    })
}

/// Writes the first greatest channel of each row; `None` if there are more than few.
pub(super) fn greatest(p: &[u8], flip: u8, channels: usize, to: &mut [u8]) -> Option<()> {
    by_channels!(channels, |C| {
        for (p, to) in p.chunks(ROWS * C).zip(to.chunks_mut(ROWS)) {
            let mut columns = columns::<C>(p, flip);
            let (most, others) = columns.split_first_mut()?;
            to.fill(0);
            for (channel, column) in (1..).zip(others) {
                for ((most, won), &x) in most.iter_mut().zip(&mut *to).zip(&*column) {
                    // Of equal values the first stays. Both are stored in any case, which keeps the loop in vectors.
                    let wins = x > *most;
                    *won = if wins { channel } else { *won };
                    *most = if wins { x } else { *most };
                }
            }
        }
        Some(())
    })
}

/// The channels of at most [`ROWS`] rows, unsigned; zeros behind the end.
#[inline(always)]
fn columns<const C: usize>(p: &[u8], flip: u8) -> [[u8; ROWS]; C] {
    let mut columns = [[0; ROWS]; C];
    for (at, row) in p.as_chunks::<C>().0.iter().take(ROWS).enumerate() {
        for (column, &byte) in columns.iter_mut().zip(row) {
            // Below `ROWS`, as the compiler sees.
            column[at] = byte ^ flip;
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec;
    use std::vec::Vec;

    #[test]
    fn few_channels_are_as_pixel_by_pixel() {
        let bytes: Vec<u8> = (0..4 * 300u32).map(|i| (i.wrapping_mul(0x9E37_79B9) >> 13) as u8 & 0xF3).collect();
        for (channels, pixels) in (2..=4).flat_map(|channels| [16, 17, 255, 256].map(|pixels| (channels, pixels))) {
            for (flip, ignore) in [(0, None), (0x80, None), (0, Some(1)), (0x80, Some(9))] {
                let p = &bytes[..channels * pixels];
                let wild = |at: usize| if at % 7 == 0 { 9 } else { bytes[at] % channels as u8 };
                let labels: Vec<u8> = (0..pixels)
                    .map(|at| if ignore == Some(9) { wild(at) } else { bytes[at] % channels as u8 })
                    .collect();
                let found = sums(p, flip, Labels::new(&labels, channels, ignore).unwrap()).unwrap();
                let (mut truth, mut kept) = ([[0u32; 3]; 4], 0);
                for (row, &label) in p.chunks(channels).zip(&labels).filter(|(_, label)| Some(**label) != ignore) {
                    kept += 1;
                    for (class, &byte) in row.iter().enumerate() {
                        let (code, one) = (u32::from(byte ^ flip), u32::from(usize::from(label) == class));
                        truth[class][0] += code;
                        truth[class][1] += one;
                        truth[class][2] += one * code;
                    }
                }
                let of = |class: usize| [found.p[class], found.t[class], found.pt[class]];
                assert_eq!([0, 1, 2, 3].map(of), truth, "{channels} {pixels} {flip} {ignore:?}");
                assert_eq!((found.kept, found.ignored), (kept, pixels as u64 - kept));

                let mut won = vec![7; pixels];
                greatest(p, flip, channels, &mut won).unwrap();
                for (row, &won) in p.chunks(channels).zip(&won) {
                    let most = row.iter().map(|byte| byte ^ flip).max().unwrap();
                    assert_eq!(usize::from(won), row.iter().position(|byte| byte ^ flip == most).unwrap());
                }
            }
        }
        assert!(greatest(&[0; 5], 0, 5, &mut [0]).is_none() && greatest(&[0], 0, 1, &mut [0]).is_none());
    }
}
