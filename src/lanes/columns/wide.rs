//! The portable lanes: vectors of 128 bits for bytes, of 256 for floats.

use super::{Eights, Keys, Pairs};

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

impl Eights for wide::u32x8 {
    const ZERO: Self = Self::ZERO;

    #[inline(always)]
    fn of_floats(x: &[f32; 8]) -> Self {
        Self::new(x.map(f32::to_bits))
    }

    #[inline(always)]
    fn higher(self, x: &[f32; 8]) -> Self {
        self.max(Self::new(x.map(f32::to_bits)))
    }

    #[inline(always)]
    fn plus(self, x: &[f32; 8]) -> Self {
        self + Self::new((wide::f32x8::new(*x) + wide::f32x8::ONE).to_array().map(f32::to_bits))
    }

    #[inline(always)]
    fn greater(self, x: &[f32; 8]) -> Self {
        let mut floats = self.to_array().map(f32::from_bits);
        floats.iter_mut().zip(x).for_each(|(most, &x)| *most = if x > *most { x } else { *most });
        Self::new(floats.map(f32::to_bits))
    }

    #[inline(always)]
    fn greatest(self) -> Self {
        let [first, others @ ..] = self.to_array().map(f32::from_bits);
        Self::splat(others.into_iter().fold(first, |most, x| if x > most { x } else { most }).to_bits())
    }

    #[inline(always)]
    fn equal(self, x: &[f32; 8]) -> u32 {
        let floats = self.to_array().map(f32::from_bits);
        floats.iter().zip(x).rev().fold(0, |bits, (a, b)| bits << 1 | u32::from(a == b))
    }

    #[inline(always)]
    fn none(x: &[f32; 8]) -> u32 {
        x.iter().rev().fold(0, |bits, x| bits << 1 | u32::from(x.is_nan()))
    }

    #[inline(always)]
    fn lanes(self) -> [u32; 8] {
        self.to_array()
    }
}

impl Keys for wide::u16x8 {
    #[inline(always)]
    fn of(lanes: [u16; 16]) -> Self {
        Self::new(lanes.first_chunk().copied().unwrap_or_default())
    }

    #[inline(always)]
    fn keys(self, even: Self, odd: Self) -> Self {
        ((self << 8u32) | even).min((self & Self::splat(0xFF00)) | odd)
    }

    #[inline(always)]
    fn lesser(self, other: Self) -> Self {
        self.min(other)
    }

    #[inline(always)]
    fn least(self) -> u16 {
        self.reduce_min()
    }
}
