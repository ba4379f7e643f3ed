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

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(soft_dice_lanes = "vector")]
mod greatest;

use super::forced::forced;
use super::{ByteCodes, ByteView, FloatView};
#[cfg(target_arch = "x86_64")]
use super::{dispatch::allowed, x86::AVX2};
use crate::element::Element;
#[cfg(soft_dice_lanes = "vector")]
use crate::element::ONE_BITS;

#[cfg(soft_dice_lanes = "vector")]
pub(crate) use greatest::greatest;

/// Pixels of a block.
pub(crate) const ROWS: usize = 256;
/// Channels at most: the block lies on the stack.
pub(crate) const CHANNELS: usize = 64;

/// What a block adds to each channel, in codes.
pub(crate) struct Block {
    pub p: [u32; CHANNELS],
    pub t: [u32; CHANNELS],
    pub pt: [u32; CHANNELS],
    pub kept: u64,
    pub ignored: u64,
}

/// A block of whole pixels, if its element has lanes here and no value needs care.
pub(crate) fn block<P: Element>(
    element: &P,
    p: &[P::Raw],
    labels: &[u8],
    channels: usize,
    ignore: Option<u8>,
) -> Option<Block> {
    if forced!("scalar") || labels.len() > ROWS || channels > CHANNELS {
        return None;
    }
    let rows = Rows { channels, labels, ignore };
    if let Some(ByteView { bytes, flip, codes }) = element.bytes(p) {
        return if codes == ByteCodes::PLAIN { Some(rows.bytes(bytes, flip)) } else { None };
    }
    element.floats(p).and_then(|FloatView { floats, .. }| rows.floats(floats))
}

#[derive(Clone, Copy)]
struct Rows<'a> {
    channels: usize,
    labels: &'a [u8],
    ignore: Option<u8>,
}

/// Bytes in 16-bit lanes: the even ones of a vector, and the odd ones.
trait Pairs: Copy {
    const BYTES: usize;
    const ZERO: Self;
    /// The first BYTES of these.
    fn load(bytes: &[u8; 32], flip: u8) -> Self;
    fn even(self) -> Self;
    fn odd(self) -> Self;
    fn plus(self, other: Self) -> Self;
    fn lane(self, lane: usize) -> u16;
}

/// Floats in eight 32-bit lanes.
#[cfg(soft_dice_lanes = "vector")]
trait Floats: Copy {
    const ZERO: Self;
    /// The greater of these bits, as u32, and x's.
    fn higher(self, x: &[f32; 8]) -> Self;
    /// These and the bits of 1 + x.
    fn plus(self, x: &[f32; 8]) -> Self;
    fn lanes(self) -> [u32; 8];
}

/// Four lanes in a word, for targets without vectors.
#[cfg(not(soft_dice_lanes = "vector"))]
type Vector = u64;
#[cfg(soft_dice_lanes = "vector")]
type Vector = wide::u16x8;

impl Pairs for u64 {
    const BYTES: usize = 8;
    const ZERO: Self = 0;

    fn load(bytes: &[u8; 32], flip: u8) -> Self {
        let [a, b, c, d, e, f, g, h, ..] = *bytes;
        Self::from_le_bytes([a, b, c, d, e, f, g, h]) ^ Self::from_le_bytes([flip; 8])
    }

    fn even(self) -> Self {
        self & 0x00FF_00FF_00FF_00FF
    }

    fn odd(self) -> Self {
        (self >> 8).even()
    }

    fn plus(self, other: Self) -> Self {
        // No lane carries into the next: see the head of this file.
        self.wrapping_add(other)
    }

    fn lane(self, lane: usize) -> u16 {
        (self >> (16 * lane)) as u16
    }
}

#[cfg(soft_dice_lanes = "vector")]
impl Pairs for wide::u16x8 {
    const BYTES: usize = 16;
    const ZERO: Self = Self::ZERO;

    #[inline(always)]
    fn load(bytes: &[u8; 32], flip: u8) -> Self {
        let first = bytes.first_chunk().copied().unwrap_or_default();
        // SAFETY: both are 16 bytes, of which any value is valid.
        let words: Self = unsafe { core::mem::transmute::<[u8; 16], Self>(first) };
        let words = if cfg!(target_endian = "big") { Self::new(words.to_array().map(u16::swap_bytes)) } else { words };
        words ^ Self::splat(u16::from_le_bytes([flip; 2]))
    }

    #[inline(always)]
    fn even(self) -> Self {
        self & Self::splat(0xFF)
    }

    #[inline(always)]
    fn odd(self) -> Self {
        self >> 8u32
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self + other
    }

    fn lane(self, lane: usize) -> u16 {
        self.to_array().get(lane).copied().unwrap_or(0)
    }
}

#[cfg(soft_dice_lanes = "vector")]
impl Floats for wide::u32x8 {
    const ZERO: Self = Self::ZERO;

    #[inline(always)]
    fn higher(self, x: &[f32; 8]) -> Self {
        self.max(Self::new(x.map(f32::to_bits)))
    }

    #[inline(always)]
    fn plus(self, x: &[f32; 8]) -> Self {
        self + Self::new((wide::f32x8::new(*x) + wide::f32x8::ONE).to_array().map(f32::to_bits))
    }

    #[inline(always)]
    fn lanes(self) -> [u32; 8] {
        self.to_array()
    }
}

/// The N values from `at` on; zeros beyond the end.
#[inline(always)]
fn vector_at<R: Copy + Default, const N: usize>(values: &[R], at: usize) -> [R; N] {
    let rest = values.get(at..).unwrap_or_default();
    rest.first_chunk().copied().unwrap_or_else(|| {
        let mut padded = [R::default(); N];
        for (to, &value) in padded.iter_mut().zip(rest) {
            *to = value;
        }
        padded
    })
}

impl Rows<'_> {
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

    fn bytes(&self, p: &[u8], flip: u8) -> Block {
        let mut block = self.labelled(|at| u32::from(p.get(at).copied().unwrap_or(flip) ^ flip));
        #[cfg(target_arch = "x86_64")]
        if allowed() & AVX2 != 0 {
            // SAFETY: detected.
            unsafe { avx2::bytes(*self, p, flip, &mut block) };
            return block;
        }
        self.byte_tiles::<Vector>(p, flip, &mut block);
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

    /// Codes of 2⁻²³, as adding 1.0 leaves them in the mantissa; `None` if a value is not in \[0, 1\].
    #[cfg(soft_dice_lanes = "vector")]
    fn floats(&self, p: &[f32]) -> Option<Block> {
        let code = |at: usize| (p.get(at).copied().unwrap_or(0.0) + 1.0).to_bits().wrapping_sub(ONE_BITS);
        let mut block = self.labelled(code);
        #[cfg(target_arch = "x86_64")]
        if allowed() & AVX2 != 0 {
            // SAFETY: detected.
            return unsafe { avx2::floats(*self, p, &mut block) }.then_some(block);
        }
        self.float_tiles::<wide::u32x8>(p, &mut block).then_some(block)
    }

    /// Whether all values were in range.
    #[cfg(soft_dice_lanes = "vector")]
    #[inline(always)]
    fn float_tiles<V: Floats>(&self, p: &[f32], block: &mut Block) -> bool {
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

    #[cfg(not(soft_dice_lanes = "vector"))]
    fn floats(&self, _: &[f32]) -> Option<Block> {
        None
    }

    /// Whether all values were in range; those of the next pixel that the last vector reaches are looked at too.
    #[cfg(soft_dice_lanes = "vector")]
    #[inline(always)]
    fn float_tile<V: Floats, const N: usize>(&self, p: &[f32], bias: u32, from: usize, to: &mut [u32]) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    /// Four lanes in a word, eight or sixteen in a vector, and the obvious loop.
    #[test]
    fn words_and_vectors_agree() {
        for channels in [1usize, 3, 8, 21, 48] {
            let p: Vec<u8> =
                (0..channels * ROWS).map(|i| ((i * 31 % 257) as u8) | (u8::from(i % 7 == 0) * 255)).collect();
            let labels: Vec<u8> = (0..ROWS).map(|i| (i % 5) as u8).collect();
            let rows = Rows { channels, labels: &labels, ignore: Some(4) };
            let mut truth = [0u32; CHANNELS];
            for (row, _) in p.chunks(channels).zip(&labels).filter(|(_, label)| **label != 4) {
                for (sum, &byte) in truth.iter_mut().zip(row) {
                    *sum += u32::from(byte ^ 0x80);
                }
            }
            let (mut words, mut vectors) = ([0u32; CHANNELS], [0u32; CHANNELS]);
            rows.byte_tile::<u64, 6>(&p, 0x80, 0, &mut words);
            rows.byte_tile::<Vector, 6>(&p, 0x80, 0, &mut vectors);
            assert_eq!(words, truth, "{channels} channels");
            assert_eq!(vectors, truth, "{channels} channels");
            // The best that this CPU has.
            assert_eq!(rows.bytes(&p, 0x80).p, truth, "{channels} channels");
        }
    }

    /// Portable lanes, and the best that this CPU has.
    #[cfg(soft_dice_lanes = "vector")]
    #[test]
    fn floats_agree() {
        for channels in [1usize, 3, 8, 21, 48, 64] {
            let p: Vec<f32> = (0..channels * ROWS).map(|i| (i * 7919 % 10_007) as f32 / 10_006.0).collect();
            let labels: Vec<u8> = (0..ROWS).map(|i| (i % 5) as u8).collect();
            let rows = Rows { channels, labels: &labels, ignore: Some(4) };
            let best = rows.floats(&p).expect("all are in range");
            let mut portable = Block { p: [0; CHANNELS], ..rows.floats(&p).expect("all are in range") };
            assert!(rows.float_tiles::<wide::u32x8>(&p, &mut portable));
            assert_eq!(best.p, portable.p, "{channels} channels");
            let mut odd = p.clone();
            odd[channels * 7] = 1.5;
            assert!(rows.floats(&odd).is_none() && !rows.float_tiles::<wide::u32x8>(&odd, &mut portable));
        }
    }
}
