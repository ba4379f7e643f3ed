//! The first greatest channel of interleaved bytes: one minimum of 16-bit keys a pixel.
//!
//! ```text
//! key of a channel = 255 − its value, above its number        the least key is the first greatest channel
//! for each pixel:
//!     least = over its vectors, the lesser keys of the even channels and of the odd ones
//!     class = the number in the least of its lanes
//! ```
//!
//! A vector reaches into the next pixel where the channels end: the keys there are all ones, and so never the least.

use super::Pairs;
#[cfg(target_arch = "x86_64")]
use super::avx2;
use crate::kernel::forced::forced;
#[cfg(target_arch = "x86_64")]
use crate::kernel::{dispatch::allowed, x86::AVX2};

/// Pairs of bytes as keys.
pub(super) trait Keys: Pairs {
    /// The lanes, as many as there are.
    fn of(lanes: [u16; 16]) -> Self;
    /// In each lane the lesser key of its two bytes, which are 255 − a value; their numbers are the low bytes of `even`
    /// and `odd`.
    fn keys(self, even: Self, odd: Self) -> Self;
    fn lesser(self, other: Self) -> Self;
    /// The least lane.
    fn least(self) -> u16;
}

/// Writes the winner of each pixel; whether there are lanes for so many channels. `flip` makes the bytes unsigned.
pub(crate) fn greatest(bytes: &[u8], flip: u8, channels: usize, to: &mut [u8]) -> bool {
    if forced!("scalar") {
        return false;
    }
    #[cfg(target_arch = "x86_64")]
    if allowed() & AVX2 != 0 {
        // SAFETY: detected.
        return unsafe { avx2::greatest(bytes, flip, channels, to) };
    }
    rows::<wide::u16x8>(bytes, flip, channels, to)
}

#[inline(always)]
pub(super) fn rows<V: Keys>(bytes: &[u8], flip: u8, channels: usize, to: &mut [u8]) -> bool {
    match channels.div_ceil(V::BYTES) {
        1 => row_by_row::<V, 1>(bytes, flip, channels, to),
        2 => row_by_row::<V, 2>(bytes, flip, channels, to),
        _ => return false,
    }
    true
}

#[inline(always)]
fn row_by_row<V: Keys, const N: usize>(bytes: &[u8], flip: u8, channels: usize, to: &mut [u8]) {
    let numbers = core::array::from_fn::<(V, V), N, _>(|vector| {
        let number = |lane: usize, odd: usize| {
            let channel = vector * V::BYTES + 2 * lane + odd;
            if channel < channels { channel as u16 } else { u16::MAX }
        };
        (V::of(core::array::from_fn(|lane| number(lane, 0))), V::of(core::array::from_fn(|lane| number(lane, 1))))
    });
    for (row, class) in to.iter_mut().enumerate() {
        let mut least = V::of([u16::MAX; 16]);
        for (vector, &(even, odd)) in numbers.iter().enumerate() {
            let at = row * channels + vector * V::BYTES;
            least = least.lesser(V::load(&super::vector_at(bytes, at), !flip).keys(even, odd));
        }
        *class = least.least() as u8;
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
