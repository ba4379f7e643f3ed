//! Column sums of interleaved maps against labels: all channels of a pixel in a few lanes, and the labelled one by itself.
//!
//! ```text
//! for each block of at most 256 pixels:
//!     for each tile of channels, as many as a handful of vectors hold:
//!         for each pixel that counts:
//!             lanes += widened vector at the pixel's first channel of the tile
//!     for each pixel that counts:
//!         t[label] += 1;  pt[label] += the labelled channel's code
//! ```
//!
//! The winner of each pixel is another pass (`greatest`).
//!
//! A vector reaches into the next pixel where the channels end: those lanes are not read. **Overflow.** 256 codes of 8 bits
//! are below 2¹⁶, the width of a lane; 256 codes of 2²³ are below 2³².

#[cfg(soft_dice_lanes = "vector")]
use super::sweep::Job;
#[cfg(soft_dice_lanes = "vector")]
use crate::lanes::{Eights, Lanes, Pairs};
#[cfg(soft_dice_lanes = "vector")]
use crate::pixels::ONE_BITS;

/// Pixels of a block.
#[cfg(soft_dice_lanes = "vector")]
pub(crate) const ROWS: usize = 256;
/// Channels at most: the block lies on the stack.
pub(crate) const CHANNELS: usize = 64;

/// What a block adds to each channel, in codes: as many of each as there are channels, or more.
#[derive(Clone, Copy)]
pub(crate) struct ChannelSums<'a> {
    pub p: &'a [u32],
    pub t: &'a [u32],
    pub pt: &'a [u32],
    pub kept: u64,
    pub ignored: u64,
}

/// The same where it is kept: see [`ChannelSums`].
#[cfg(soft_dice_lanes = "vector")]
pub(crate) struct Block {
    pub p: [u32; CHANNELS],
    pub t: [u32; CHANNELS],
    pub pt: [u32; CHANNELS],
    pub kept: u64,
    pub ignored: u64,
}

#[cfg(soft_dice_lanes = "vector")]
impl Block {
    pub fn sums(&self) -> ChannelSums<'_> {
        let Self { p, t, pt, kept, ignored } = self;
        ChannelSums { p, t, pt, kept: *kept, ignored: *ignored }
    }
}

/// The labels of a block, at most [`ROWS`], of at most [`CHANNELS`] channels.
#[cfg(soft_dice_lanes = "vector")]
#[derive(Clone, Copy)]
pub(crate) struct Labelled<'a> {
    pub channels: usize,
    pub labels: &'a [u8],
    pub ignore: Option<u8>,
}

/// The N values from `at` on; zeros beyond the end.
#[cfg(soft_dice_lanes = "vector")]
#[inline(always)]
pub(super) fn vector_at<R: Copy + Default, const N: usize>(values: &[R], at: usize) -> [R; N] {
    let rest = values.get(at..).unwrap_or_default();
    rest.first_chunk().copied().unwrap_or_else(|| {
        let mut padded = [R::default(); N];
        for (to, &value) in padded.iter_mut().zip(rest) {
            *to = value;
        }
        padded
    })
}

#[cfg(soft_dice_lanes = "vector")]
impl Labelled<'_> {
    fn counts(&self, label: u8) -> bool {
        Some(label) != self.ignore
    }

    /// Σt, Σpt and the counts; Σp is left to the tiles.
    #[inline(always)]
    fn labelled(&self, code: impl Fn(usize) -> u32) -> Block {
        let mut block = Block { p: [0; CHANNELS], t: [0; CHANNELS], pt: [0; CHANNELS], kept: 0, ignored: 0 };
        // Neighbours mostly bear one label: its sums stay in registers until another comes.
        let (mut row, mut rest) = (0, self.labels);
        while let Some(&label) = rest.first() {
            let length = rest.iter().position(|&other| other != label).unwrap_or(rest.len());
            let first = row;
            row += length;
            rest = rest.get(length..).unwrap_or_default();
            if !self.counts(label) {
                block.ignored += length as u64;
                continue;
            }
            block.kept += length as u64;
            let channel = usize::from(label);
            if let (Some(t), Some(pt)) = (block.t.get_mut(channel), block.pt.get_mut(channel)) {
                *t += length as u32;
                for row in first..row {
                    *pt = pt.wrapping_add(code(row * self.channels + channel));
                }
            }
        }
        block
    }

    /// The sums of bytes that `flip` makes unsigned.
    #[inline(always)]
    pub fn bytes<V: Pairs>(&self, p: &[u8], flip: u8) -> Block {
        let mut block = self.labelled(|at| u32::from(p.get(at).copied().unwrap_or(flip) ^ flip));
        self.byte_tiles::<V>(p, flip, &mut block);
        block
    }

    #[inline(always)]
    fn byte_tiles<V: Pairs>(&self, p: &[u8], flip: u8, block: &mut Block) {
        let mut from = 0;
        while from < self.channels {
            let vectors = (self.channels - from).div_ceil(V::BYTES).min(3);
            let to = block.p.get_mut(from..).unwrap_or_default();
            match vectors {
                1 => self.byte_tile::<V, 1>(p, flip, from, to),
                2 => self.byte_tile::<V, 2>(p, flip, from, to),
                _ => self.byte_tile::<V, 3>(p, flip, from, to),
            }
            from += vectors * V::BYTES;
        }
    }

    #[inline(always)]
    fn byte_tile<V: Pairs, const N: usize>(&self, p: &[u8], flip: u8, from: usize, to: &mut [u32]) {
        let mut sums = [(V::ZERO, V::ZERO); N];
        for (row, &label) in self.labels.iter().enumerate() {
            if !self.counts(label) {
                continue;
            }
            let at = row * self.channels + from;
            for (vector, (even, odd)) in sums.iter_mut().enumerate() {
                let bytes = V::load(&vector_at(p, at + vector * V::BYTES), flip);
                (*even, *odd) = (even.plus(bytes.even()), odd.plus(bytes.odd()));
            }
        }
        let here = to.len().min(self.channels - from);
        for (channel, to) in to.iter_mut().take(here).enumerate() {
            let Some(&(even, odd)) = sums.get(channel / V::BYTES) else { return };
            let lane = channel % V::BYTES / 2;
            *to = u32::from(if channel % 2 == 0 { even.lane(lane) } else { odd.lane(lane) });
        }
    }

    /// The sums of floats as codes of 2⁻²³, as adding 1.0 leaves them in the mantissa; `None` if a value is not in [0, 1].
    #[cfg(soft_dice_lanes = "vector")]
    #[inline(always)]
    pub fn floats<V: Eights>(&self, p: &[f32]) -> Option<Block> {
        let code = |at: usize| (p.get(at).copied().unwrap_or(0.0) + 1.0).to_bits().wrapping_sub(ONE_BITS);
        let mut block = self.labelled(code);
        self.float_tiles::<V>(p, &mut block).then_some(block)
    }

    /// Whether all values were in range.
    #[cfg(soft_dice_lanes = "vector")]
    #[inline(always)]
    fn float_tiles<V: Eights>(&self, p: &[f32], block: &mut Block) -> bool {
        let bias = (block.kept as u32).wrapping_mul(ONE_BITS);
        let mut from = 0;
        while from < self.channels {
            let vectors = (self.channels - from).div_ceil(8).min(3);
            let to = block.p.get_mut(from..).unwrap_or_default();
            let inside = match vectors {
                1 => self.float_tile::<V, 1>(p, bias, from, to),
                2 => self.float_tile::<V, 2>(p, bias, from, to),
                _ => self.float_tile::<V, 3>(p, bias, from, to),
            };
            if !inside {
                return false;
            }
            from += 8 * vectors;
        }
        true
    }

    /// Whether all values were in range; those of the next pixel that the last vector reaches are looked at too.
    #[cfg(soft_dice_lanes = "vector")]
    #[inline(always)]
    fn float_tile<V: Eights, const N: usize>(&self, p: &[f32], bias: u32, from: usize, to: &mut [u32]) -> bool {
        let (mut sums, mut highest) = ([V::ZERO; N], V::ZERO);
        for (row, &label) in self.labels.iter().enumerate() {
            if !self.counts(label) {
                continue;
            }
            let at = row * self.channels + from;
            for (vector, sum) in sums.iter_mut().enumerate() {
                let x = vector_at(p, at + 8 * vector);
                (highest, *sum) = (highest.higher(&x), sum.plus(&x));
            }
        }
        let here = to.len().min(self.channels - from);
        for (to, lanes) in to.get_mut(..here).unwrap_or_default().chunks_mut(8).zip(sums) {
            for (to, lane) in to.iter_mut().zip(lanes.lanes()) {
                *to = lane.wrapping_sub(bias);
            }
        }
        highest.lanes().into_iter().all(|bits| bits <= ONE_BITS)
    }
}

/// A block of bytes, as a job.
#[cfg(soft_dice_lanes = "vector")]
pub(crate) struct ByteRows<'a> {
    pub rows: Labelled<'a>,
    pub p: &'a [u8],
    pub flip: u8,
}

#[cfg(soft_dice_lanes = "vector")]
impl Job for ByteRows<'_> {
    type Out = Block;

    #[inline(always)]
    unsafe fn run<L: Lanes>(self, _: L) -> Block {
        self.rows.bytes::<L::Pairs>(self.p, self.flip)
    }
}

/// A block of floats, as a job.
#[cfg(soft_dice_lanes = "vector")]
pub(crate) struct FloatRows<'a> {
    pub rows: Labelled<'a>,
    pub p: &'a [f32],
}

#[cfg(soft_dice_lanes = "vector")]
impl Job for FloatRows<'_> {
    type Out = Option<Block>;

    #[inline(always)]
    unsafe fn run<L: Lanes>(self, _: L) -> Option<Block> {
        self.rows.floats::<L::Eights>(self.p)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    /// Eight lanes in a vector, and the obvious loop. Other vectors are tested through the public calls.
    #[cfg(soft_dice_lanes = "vector")]
    #[test]
    fn bytes_are_sums() {
        for channels in [1usize, 3, 8, 21, 48] {
            let p: Vec<u8> =
                (0..channels * ROWS).map(|i| ((i * 31 % 257) as u8) | (u8::from(i % 7 == 0) * 255)).collect();
            let labels: Vec<u8> = (0..ROWS).map(|i| (i % 5) as u8).collect();
            let rows = Labelled { channels, labels: &labels, ignore: Some(4) };
            let mut truth = [0u32; CHANNELS];
            for (row, _) in p.chunks(channels).zip(&labels).filter(|(_, label)| **label != 4) {
                for (sum, &byte) in truth.iter_mut().zip(row) {
                    *sum += u32::from(byte ^ 0x80);
                }
            }
            assert_eq!(rows.bytes::<wide::u16x8>(&p, 0x80).p, truth, "{channels} channels");
        }
    }

    #[cfg(soft_dice_lanes = "vector")]
    #[test]
    fn floats_are_codes() {
        for channels in [1usize, 3, 8, 21, 48, 64] {
            let p: Vec<f32> = (0..channels * ROWS).map(|i| (i * 7919 % 10_007) as f32 / 10_006.0).collect();
            let labels: Vec<u8> = (0..ROWS).map(|i| (i % 5) as u8).collect();
            let rows = Labelled { channels, labels: &labels, ignore: Some(4) };
            let mut truth = [0u32; CHANNELS];
            for (row, _) in p.chunks(channels).zip(&labels).filter(|(_, label)| **label != 4) {
                for (sum, &x) in truth.iter_mut().zip(row) {
                    *sum += (f64::from(x) * 8_388_608.0).round_ties_even() as u32;
                }
            }
            assert_eq!(rows.floats::<wide::u32x8>(&p).expect("all are in range").p, truth, "{channels} channels");
            let mut odd = p.clone();
            odd[channels * 7] = 1.5;
            assert!(rows.floats::<wide::u32x8>(&odd).is_none());
        }
    }
}
