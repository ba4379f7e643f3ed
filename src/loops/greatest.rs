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

use super::channels::vector_at;
use super::sweep::Job;
use crate::lanes::{Keys, Lanes};

/// Writes the winner of each pixel; whether there are lanes for so many channels. `flip` makes the bytes unsigned.
pub(crate) struct Greatest<'a> {
    pub bytes: &'a [u8],
    pub flip: u8,
    pub channels: usize,
    pub to: &'a mut [u8],
}

impl Job for Greatest<'_> {
    type Out = bool;

    #[inline(always)]
    unsafe fn run<L: Lanes>(self, _: L) -> bool {
        rows::<L::Pairs>(self.bytes, self.flip, self.channels, self.to)
    }
}

#[inline(always)]
fn rows<V: Keys>(bytes: &[u8], flip: u8, channels: usize, to: &mut [u8]) -> bool {
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
            least = least.lesser(V::load(&vector_at(bytes, at), !flip).keys(even, odd));
        }
        *class = least.least() as u8;
    }
}
