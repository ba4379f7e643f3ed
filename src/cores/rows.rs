//! Interleaved 8-bit rows against labels, four channels to a word.
//!
//! ```text
//! for each block of at most 256 pixels:
//!     for each tile of twelve channels, eight, or four:            with the DSP extension more, `rows/wide.rs`
//!         for each pixel that counts:
//!             for each word of the pixel's channels in the tile:
//!                 even += its bytes 0 and 2;  odd += its bytes 1 and 3      half words
//!     for each pixel that counts:
//!         of[label] += 2¹⁶ + the code of the labelled channel               Σt above Σpt
//! ```
//!
//! Where all pixels have four channels both are one pass. A last tile that is not full is taken from four channels before the
//! end; what it has in common with the tile before it is written twice, and is the same.
//!
//! **Overflow.** A block has at most 256 pixels, and 256 codes of 8 bits are at most 65,280 < 2¹⁶. Where the bytes are signed,
//! so are the half words: from 256 · −128 = −2¹⁵ to 256 · 127 < 2¹⁵. The labels of a block are 256 at most, so that Σt · 2¹⁶
//! stays below 2²⁵. Sums of blocks have 32 bits, which hold 2²⁴ codes; a call has at most [`ROWS`] pixels.

#[cfg(all(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"), not(soft_dice_lanes = "small")))]
mod wide;

use crate::loops::channels::{CHANNELS, ChannelSums};
use crate::pixels::{Labels, Within};
use core::mem::MaybeUninit;
#[cfg(all(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"), not(soft_dice_lanes = "small")))]
use wide::all_channels;

/// Pixels of a call at most.
const ROWS: usize = 1 << 15;
/// Pixels of a block.
const BLOCK: usize = 256;
/// Not a channel: stands in the labels where a pixel is left out.
const LEFT_OUT: u8 = 255;

const _: () =
    assert!(BLOCK * 255 < 1 << 16 && BLOCK * 128 <= 1 << 15 && CHANNELS <= 255 && ROWS as u64 * 255 < 1 << 32);

/// Words are read from any address; other cores fault on one that is not aligned.
const ANY: bool = cfg!(not(any(soft_dice_lanes = "thumb1", target_arch = "riscv32", target_arch = "riscv64")));
/// Signed bytes are added as they are.
const SIGNED: bool = cfg!(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"));

/// Bytes 0 and 2 added to half words, and bytes 1 and 3 to others.
#[inline(always)]
fn add<const FLIP: u32>(word: u32, even: u32, odd: u32) -> (u32, u32) {
    #[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
    if FLIP == 0 {
        return (super::simd32::add_even(word, even), super::simd32::add_odd(word, odd));
    } else {
        return (super::simd32::add_signed_even(word, even), super::simd32::add_signed_odd(word, odd));
    }
    #[cfg(not(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium")))]
    {
        let word = word ^ FLIP;
        (even.wrapping_add(word & 0x00FF_00FF), odd.wrapping_add(word >> 8 & 0x00FF_00FF))
    }
}

/// The sums of the four channels of a word, of `kept` pixels.
#[inline(always)]
fn split<const FLIP: u32>((even, odd): (u32, u32), kept: u32) -> [u32; 4] {
    [even, odd, even >> 16, odd >> 16].map(|sum| {
        let low = sum & 0xFFFF;
        // Each signed code is 128 less than the unsigned one.
        if SIGNED && FLIP != 0 { (i32::from(low as u16 as i16) as u32).wrapping_add(128 * kept) } else { low }
    })
}

/// Tells `found` the sums of rows whose bytes `flip` makes unsigned; whether they were taken, which they are not if there are
/// more channels or pixels than a call takes, or fewer bytes than they want.
#[inline(always)]
pub(crate) fn byte_rows(
    p: &[u8],
    flip: u8,
    labels: Labels<'_>,
    region: Within<'_>,
    found: impl FnOnce(ChannelSums<'_>),
) -> bool {
    let (channels, pixels) = (labels.channels(), labels.bytes().len());
    let wants = pixels.checked_mul(channels);
    if !(1..=CHANNELS).contains(&channels) || pixels > ROWS || wants.is_none_or(|wants| wants > p.len()) {
        return false;
    }
    // What no channel has is neither written nor read: clearing all of it would take as long as hundreds of pixels.
    let mut room = MaybeUninit::<Block>::uninit();
    // SAFETY: as many channels are cleared, and as many bytes are there.
    let (block, kept) = unsafe {
        let block = room.as_mut_ptr();
        for sums in [&raw mut (*block).p, &raw mut (*block).t, &raw mut (*block).pt] {
            sums.cast::<u32>().write_bytes(0, channels);
        }
        let kept =
            if flip == 0 { rows::<0>(p, labels, region, block) } else { rows::<0x8080_8080>(p, labels, region, block) };
        (block, kept)
    };
    // SAFETY: as many of each were written, in this room.
    let [p, t, pt] = unsafe {
        [(*block).p.as_ptr(), (*block).t.as_ptr(), (*block).pt.as_ptr()]
            .map(|sums| core::slice::from_raw_parts(sums, channels))
    };
    found(ChannelSums { p, t, pt, kept: kept.into(), ignored: pixels as u64 - u64::from(kept) });
    true
}

/// Sums of each channel, of which those beyond the channels are not written.
struct Block {
    p: [u32; CHANNELS],
    t: [u32; CHANNELS],
    pt: [u32; CHANNELS],
    /// Of one block: Σt above Σpt.
    of: [u32; CHANNELS],
}

/// Adds all blocks; how many pixels counted.
///
/// # Safety
///
/// There are 1 to [`CHANNELS`] channels, bytes for each label, at most [`ROWS`], and the sums of each channel.
#[inline(never)]
unsafe fn rows<const FLIP: u32>(p: &[u8], labels: Labels<'_>, mut region: Within<'_>, block: *mut Block) -> u32 {
    let channels = labels.channels();
    #[cfg(all(soft_dice_lanes = "helium", not(soft_dice_lanes = "small")))]
    if channels == 4 && matches!(region, Within::Everywhere) {
        let left_out = labels.ignore().unwrap_or(LEFT_OUT);
        let all = Rows { p: p.as_ptr(), channels, labels: labels.bytes().as_ptr(), pixels: labels.bytes().len() };
        // SAFETY: the caller's; no label of four channels is 255.
        return unsafe { four_at_once::<FLIP>(all, left_out, block) };
    }
    let mut kept = 0;
    for (block_of, part) in labels.bytes().chunks(BLOCK).enumerate() {
        let mut room = [LEFT_OUT; BLOCK];
        let (part, left_out) = match (labels.ignore(), region) {
            (ignore, Within::Everywhere) => (part, ignore),
            (ignore, _) => {
                let n = within(part, ignore, region, &mut room);
                region = region.skip(BLOCK);
                (room.get(..n).unwrap_or_default(), Some(LEFT_OUT))
            }
        };
        let p = p.as_ptr().wrapping_add(block_of * BLOCK * channels);
        let all = Rows { p, channels, labels: part.as_ptr(), pixels: part.len() };
        // SAFETY: a label and a row of channels for each pixel, at most 256; each label is below the channels, or left out,
        // as `Labels` has seen. The caller's block.
        kept += unsafe {
            match left_out {
                None if !cfg!(soft_dice_lanes = "small") => sums::<FLIP, false>(all, LEFT_OUT, block),
                // No label of so few channels is 255.
                left_out => sums::<FLIP, true>(all, left_out.unwrap_or(LEFT_OUT), block),
            }
        };
    }
    kept
}

/// The labels of the pixels that count, and [`LEFT_OUT`] for the others; how many labels there are.
#[inline(never)]
fn within(labels: &[u8], ignore: Option<u8>, region: Within<'_>, room: &mut [u8; BLOCK]) -> usize {
    let counts = |label: u8| if Some(label) == ignore { LEFT_OUT } else { label };
    let to = room.iter_mut().zip(labels);
    match region {
        Within::Everywhere => to.for_each(|(to, &label)| *to = counts(label)),
        Within::Bytes(bytes) => to.zip(bytes).for_each(|((to, &label), &inside)| {
            if inside != 0 {
                *to = counts(label);
            }
        }),
        Within::Bits(_) => to.enumerate().for_each(|(at, (to, &label))| {
            if region.keeps(at) {
                *to = counts(label);
            }
        }),
    }
    labels.len().min(BLOCK)
}

/// Rows of a block, and their labels.
#[derive(Clone, Copy)]
struct Rows {
    p: *const u8,
    channels: usize,
    labels: *const u8,
    pixels: usize,
}

impl Rows {
    /// Whether every word of every row may be read as one.
    fn words(self) -> bool {
        self.channels >= 4 && (ANY || self.p.addr().is_multiple_of(4) && self.channels.is_multiple_of(4))
    }
}

/// Adds a block to its sums; how many pixels counted.
///
/// # Safety
///
/// `p` is readable for the rows, `labels` for a byte each, and each that counts is below the channels, which are at most
/// [`CHANNELS`] and have sums in `block`. There are at most [`BLOCK`] pixels.
#[inline(never)]
unsafe fn sums<const FLIP: u32, const SOME: bool>(rows: Rows, left_out: u8, block: *mut Block) -> u32 {
    // SAFETY: the caller's; of the block's arrays only the channels are touched.
    unsafe {
        let [of, to, t, pt] = [&raw mut (*block).of, &raw mut (*block).p, &raw mut (*block).t, &raw mut (*block).pt]
            .map(<*mut [u32; CHANNELS]>::cast::<u32>);
        of.write_bytes(0, rows.channels);
        #[cfg(all(soft_dice_lanes = "helium", not(soft_dice_lanes = "small")))]
        if rows.channels == 4 {
            return four_at_once::<FLIP>(rows, left_out, block);
        }
        let kept = if rows.channels == 4 && rows.words() {
            let (pair, kept) = four::<FLIP, SOME>(rows, left_out, of);
            store(split::<FLIP>(pair, kept), 4, to);
            kept
        } else {
            all_channels::<FLIP, SOME>(rows, left_out, of, to)
        };
        for channel in 0..rows.channels {
            let of = *of.add(channel);
            *t.add(channel) = (*t.add(channel)).wrapping_add(of >> 16);
            *pt.add(channel) = (*pt.add(channel)).wrapping_add(of & 0xFFFF);
        }
        kept
    }
}

/// Adds rows of four channels in vectors; how many pixels counted.
///
/// # Safety
///
/// As [`sums`], of at most [`ROWS`] pixels.
#[cfg(all(soft_dice_lanes = "helium", not(soft_dice_lanes = "small")))]
#[inline(always)]
unsafe fn four_at_once<const FLIP: u32>(rows: Rows, left_out: u8, block: *mut Block) -> u32 {
    // SAFETY: the caller's; there are four of each sum.
    unsafe {
        let (sums, kept) = super::helium::classes::four_sums::<FLIP>(rows.p, rows.labels, rows.pixels, left_out);
        let [p, t, pt] =
            [&raw mut (*block).p, &raw mut (*block).t, &raw mut (*block).pt].map(<*mut [u32; CHANNELS]>::cast::<u32>);
        for (channel, found) in sums.into_iter().enumerate() {
            for (to, sum) in [p, t, pt].into_iter().zip(found) {
                *to.add(channel) = (*to.add(channel)).wrapping_add(sum);
            }
        }
        kept
    }
}

/// Adds the last `new` of the four sums of a word to those of its channels.
///
/// # Safety
///
/// `to` has as many.
#[inline(always)]
unsafe fn store(sums: [u32; 4], new: usize, to: *mut u32) {
    for (place, sum) in sums.into_iter().enumerate().skip(4 - new) {
        // SAFETY: the caller's.
        unsafe { *to.add(place) = (*to.add(place)).wrapping_add(sum) };
    }
}

/// Σt and Σpt of every channel.
///
/// # Safety
///
/// As [`sums`].
#[inline(always)]
unsafe fn labelled<const FLIP: u32, const SOME: bool>(rows: Rows, left_out: u8, of: *mut u32) -> u32 {
    let Rows { mut p, channels, mut labels, pixels } = rows;
    let mut kept = 0;
    // SAFETY: the caller's.
    unsafe {
        let mut pixel = |p: *const u8, label: u8| {
            if !SOME || label != left_out {
                one::<FLIP>(p, label, of);
                kept += 1;
            }
        };
        // Two to a turn.
        let (end, twos) = (labels.add(pixels), labels.add(pixels / 2 * 2));
        while labels != twos {
            pixel(p, *labels);
            pixel(p.add(channels), *labels.add(1));
            (p, labels) = (p.add(2 * channels), labels.add(2));
        }
        if labels != end {
            pixel(p, *labels);
        }
    }
    kept
}

/// A pixel's label: 1 above Σpt, and the code of its channel.
///
/// # Safety
///
/// The label is below the channels of the row at `p`, and of `of`.
#[inline(always)]
unsafe fn one<const FLIP: u32>(p: *const u8, label: u8, of: *mut u32) {
    // SAFETY: the caller's.
    unsafe {
        let (code, of) = (p.add(label.into()), of.add(label.into()));
        if FLIP == 0 {
            *of += (1 << 16) + u32::from(*code);
        } else {
            // The signed code is 128 less than the unsigned one.
            *of = (*of + (1 << 16) + 128).wrapping_add(i32::from(*code.cast::<i8>()) as u32);
        }
    }
}

/// Four channels: a word is a pixel.
///
/// # Safety
///
/// As [`sums`]; words may be read.
#[inline(always)]
unsafe fn four<const FLIP: u32, const SOME: bool>(rows: Rows, left_out: u8, of: *mut u32) -> ((u32, u32), u32) {
    let Rows { mut p, mut labels, pixels, .. } = rows;
    let ((mut even, mut odd), mut kept) = ((0, 0), 0);
    // SAFETY: the caller's.
    unsafe {
        let mut pixel = |p: *const u8, label: u8| {
            if !SOME || label != left_out {
                (even, odd) = add::<FLIP>(word(p), even, odd);
                one::<FLIP>(p, label, of);
                kept += 1;
            }
        };
        // Two to a turn.
        let (end, twos) = (labels.add(pixels), labels.add(pixels / 2 * 2));
        while labels != twos {
            pixel(p, *labels);
            pixel(p.add(4), *labels.add(1));
            (p, labels) = (p.add(8), labels.add(2));
        }
        if labels != end {
            pixel(p, *labels);
        }
    }
    ((even, odd), kept)
}

/// # Safety
///
/// Four bytes are readable, and aligned where they must be. The first is the lowest of the word.
#[inline(always)]
unsafe fn word(at: *const u8) -> u32 {
    // SAFETY: the caller's.
    u32::from_le(unsafe { if ANY { at.cast::<u32>().read_unaligned() } else { at.cast::<u32>().read() } })
}

/// Adds a block to Σp in `to`, and Σt and Σpt to `of`; how many pixels counted.
///
/// # Safety
///
/// As [`sums`].
#[cfg(not(all(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"), not(soft_dice_lanes = "small"))))]
#[inline(always)]
unsafe fn all_channels<const FLIP: u32, const SOME: bool>(rows: Rows, left_out: u8, of: *mut u32, to: *mut u32) -> u32 {
    let channels = rows.channels;
    // SAFETY: the caller's; tiles that lie within the channels.
    unsafe {
        let kept = labelled::<FLIP, SOME>(rows, left_out, of);
        if !rows.words() {
            for channel in 0..channels {
                let to = to.add(channel);
                *to = (*to).wrapping_add(bytes::<FLIP, SOME>(rows, left_out, channel));
            }
            return kept;
        }
        let mut from = 0;
        while channels - from >= 4 {
            let words = (channels - from) / 4;
            if words >= 3 && !cfg!(soft_dice_lanes = "small") {
                from = tile::<FLIP, SOME, 3>(rows, left_out, kept, from, 4, to);
            } else if words >= 2 && !cfg!(soft_dice_lanes = "small") {
                from = tile::<FLIP, SOME, 2>(rows, left_out, kept, from, 4, to);
            } else {
                from = tile::<FLIP, SOME, 1>(rows, left_out, kept, from, 4, to);
            }
        }
        if from < channels {
            tile::<FLIP, SOME, 1>(rows, left_out, kept, channels - 4, channels - from, to);
        }
        kept
    }
}

/// Σp of one channel, byte by byte.
///
/// # Safety
///
/// As [`sums`]; there is such a channel.
#[inline(never)]
unsafe fn bytes<const FLIP: u32, const SOME: bool>(rows: Rows, left_out: u8, channel: usize) -> u32 {
    let Rows { mut p, channels, mut labels, pixels } = rows;
    let mut sum = 0u32;
    // SAFETY: the caller's.
    unsafe {
        let end = labels.add(pixels);
        while labels != end {
            if !SOME || *labels != left_out {
                sum += u32::from(*p.add(channel) ^ FLIP as u8);
            }
            (p, labels) = (p.add(channels), labels.add(1));
        }
    }
    sum
}

/// Σp of 4 · `N` channels from `from` on, of which the last `new` of each word are added; the channel behind them.
///
/// # Safety
///
/// As [`sums`]; words may be read, and there are so many channels.
#[inline(never)]
unsafe fn tile<const FLIP: u32, const SOME: bool, const N: usize>(
    rows: Rows,
    left_out: u8,
    kept: u32,
    from: usize,
    new: usize,
    to: *mut u32,
) -> usize {
    let Rows { p, channels, mut labels, pixels } = rows;
    let mut sums = [(0u32, 0u32); N];
    // SAFETY: the caller's.
    unsafe {
        let mut pixel = |p: *const u8, label: *const u8| {
            if !SOME || *label != left_out {
                for (place, (even, odd)) in sums.iter_mut().enumerate() {
                    (*even, *odd) = add::<FLIP>(word(p.add(4 * place)), *even, *odd);
                }
            }
        };
        // Two to a turn.
        let (mut p, end, twos) = (p.add(from), labels.add(pixels), labels.add(pixels / 2 * 2));
        while labels != twos {
            pixel(p, labels);
            p = p.add(channels);
            pixel(p, labels.add(1));
            (p, labels) = (p.add(channels), labels.add(2));
        }
        if labels != end {
            pixel(p, labels);
        }
    }
    for (word, pair) in sums.into_iter().enumerate() {
        // SAFETY: the caller's channels.
        unsafe { store(split::<FLIP>(pair, kept), new, to.add(from + 4 * word)) };
    }
    from + 4 * N
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::{Bits, Region};
    use std::vec::Vec;

    /// Every number of channels, at every address, against sums that are made pixel by pixel.
    #[test]
    fn rows_are_what_pixels_are() {
        for channels in 1..=CHANNELS {
            let pixels = 600 + channels;
            let bytes: Vec<u8> = (0..channels * pixels + 4).map(|i| (i * 7919 % 263) as u8).collect();
            let labels: Vec<u8> = (0..pixels).map(|i| (i * i % 7 % channels) as u8).collect();
            let region: Vec<u8> = (0..pixels).map(|i| (i % 5 * 50) as u8).collect();
            let cases = [(None, None), (Some(1), None), (None, Some(())), (Some(2), Some(()))];
            for (case, (ignore, inside)) in cases.into_iter().enumerate() {
                for (from, flip) in [(case % 4, 0u8), ((case + 1) % 4, 0x80)] {
                    let p = &bytes[from..from + channels * pixels];
                    let checked = Labels::new(&labels, channels, ignore).unwrap();
                    let bits = Region::Bits(Bits::at(&region, 3)).within();
                    let regions = match inside {
                        None => [Within::Everywhere; 2],
                        Some(()) => [Within::Bytes(&region), bits],
                    };
                    for region in regions {
                        let (mut block, mut counts) = ([[0; 3]; CHANNELS], (0, 0));
                        let taken = byte_rows(p, flip, checked, region, |found| {
                            for (channel, sums) in block.iter_mut().enumerate().take(channels) {
                                *sums = [found.p, found.t, found.pt].map(|all| all[channel]);
                            }
                            counts = (found.kept, found.ignored);
                        });
                        assert!(taken);
                        let (mut sums, mut kept) = ([[0u32; 3]; CHANNELS], 0);
                        for (at, (row, &label)) in p.chunks(channels).zip(&labels).enumerate() {
                            if Some(label) == ignore || !region.keeps(at) {
                                continue;
                            }
                            kept += 1;
                            for (sum, &byte) in sums.iter_mut().zip(row) {
                                sum[0] += u32::from(byte ^ flip);
                            }
                            sums[usize::from(label)][1] += 1;
                            sums[usize::from(label)][2] += u32::from(row[usize::from(label)] ^ flip);
                        }
                        assert_eq!(counts, (kept, pixels as u64 - kept));
                        assert_eq!(block, sums, "{channels} channels");
                    }
                }
            }
        }
    }
}
