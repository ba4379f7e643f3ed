//! The first greatest channel of interleaved pixels. Of bytes it is one minimum of 16-bit keys a pixel:
//!
//! ```text
//! key of a channel = 255 − its value, above its number        the least key is the first greatest channel
//! for each pixel:
//!     least = over its vectors, the lesser keys of the even channels and of the odd ones
//!     class = the number in the least of its lanes
//! ```
//!
//! A vector reaches into the next pixel where the channels end: the keys there are all ones, and so never the least.
//!
//! Of floats there is no key with room for a number, so that the greatest is looked for twice:
//!
//! ```text
//! for each pixel:
//!     most  = the greatest over its vectors, then over the lanes of that
//!     class = the first channel that equals it
//!     none  = some value is NaN
//! ```
//!
//! Their last vector ends with the last channel, so that some channels are seen twice, and alike.

use super::channels::vector_at;
use super::sweep::Job;
use crate::lanes::{Eights, Keys, Lanes};

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

/// Writes the winner of each pixel, and whether one of its values is NaN; whether there are lanes for so many channels.
pub(crate) struct GreatestFloats<'a> {
    pub floats: &'a [f32],
    pub channels: usize,
    pub to: &'a mut [u8],
    pub none: &'a mut [bool],
}

impl Job for GreatestFloats<'_> {
    type Out = bool;

    #[inline(always)]
    unsafe fn run<L: Lanes>(self, _: L) -> bool {
        if self.channels < EIGHT {
            return false;
        }
        match self.channels.div_ceil(EIGHT) {
            1 => self.rows::<L::Eights, 1>(),
            2 => self.rows::<L::Eights, 2>(),
            3 => self.rows::<L::Eights, 3>(),
            4 => self.rows::<L::Eights, 4>(),
            5 | 6 => self.rows::<L::Eights, 6>(),
            7 | 8 => self.rows::<L::Eights, 8>(),
            _ => return false,
        }
        true
    }
}

/// Floats of a vector.
const EIGHT: usize = 8;

impl GreatestFloats<'_> {
    /// Rows of `N` vectors, or of fewer, of which the last is then looked at twice.
    #[inline(always)]
    fn rows<V: Eights, const N: usize>(self) {
        let Self { floats, channels, to, none } = self;
        let last = channels - EIGHT;
        for (row, (class, none)) in floats.chunks_exact(channels).zip(to.iter_mut().zip(none)) {
            let (mut most, mut nan) = (V::of_floats(vector(row, 0)), V::none(vector(row, 0)));
            for part in 1..N {
                let x = vector(row, last.min(part * EIGHT));
                most = most.greater(x);
                nan |= V::none(x);
            }
            let most = most.greatest();
            let mut equal = 0u64;
            for part in 0..N {
                let from = last.min(part * EIGHT);
                equal |= u64::from(most.equal(vector(row, from))) << from;
            }
            // Beside a NaN there may be none that is equal, and nobody asks which.
            *class = equal.trailing_zeros() as u8;
            *none = nan != 0;
        }
    }
}

#[inline(always)]
fn vector(row: &[f32], from: usize) -> &[f32; EIGHT] {
    row.get(from..).and_then(|rest| rest.first_chunk()).unwrap_or(&[0.0; EIGHT])
}
