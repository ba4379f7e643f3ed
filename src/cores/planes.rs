//! The first greatest of planes of 8-bit channels, and what it and the pixel's label count for, where a core has the DSP extension.
//! Others take a plane after the other: they have no registers for so many addresses.
//!
//! ```text
//! for each block of at most 128 pixels:
//!     for each four pixels, a byte of a word to each:
//!         most = their first channel;  won = 0
//!         for each channel from the second on:
//!             x = the channel of the four
//!             where x > most:  most = x;  won = channel
//!         won is written
//!     each winner is counted beside its label
//! ```
//!
//! **Overflow.** As of `winners.rs`: a run has at most [`Won::RUN`] pixels.

use super::simd32::{BYTES, greater};
use super::winners::{FLIPPED, Run, count_won};
use crate::pixels::{Labels, Won};

/// Planes whose addresses are kept on the stack; more of them are taken one after the other.
const PLANES: usize = 16;
/// Pixels whose winners are found before they are counted.
const BLOCK: usize = 128;

/// As `kernel::planes_won`.
#[inline(always)]
pub(crate) fn planes_won<'a>(
    plane: impl Fn(usize) -> Option<&'a [u8]>,
    flip: u8,
    labels: Labels<'_>,
    words: &mut [Won],
) -> Option<u32> {
    let (pixels, channels) = (labels.bytes().len(), labels.channels());
    if !(1..=PLANES).contains(&channels) || pixels > Won::RUN || words.len() < channels {
        return None;
    }
    let mut planes = [core::ptr::null(); PLANES];
    for (channel, at) in planes.iter_mut().enumerate().take(channels) {
        *at = plane(channel).filter(|bytes| bytes.len() >= pixels)?.as_ptr();
    }
    let run = Run::new(labels, words);
    // SAFETY: as many planes as channels, each of them readable for a byte beside each label, and a word for each channel, which
    // every label is that is not ignored: `Labels` looked at them.
    Some(unsafe {
        if flip == 0 {
            counted::<0>(planes, channels, pixels, run)
        } else {
            counted::<FLIPPED>(planes, channels, pixels, run)
        }
    })
}

/// # Safety
///
/// The first `channels` ≥ 1 planes and the labels are readable for `pixels` bytes; there is a word for each channel, and each
/// label that is not ignored is one.
#[inline(never)]
unsafe fn counted<const FLIP: u32>(planes: [*const u8; PLANES], channels: usize, pixels: usize, run: Run) -> u32 {
    let (mut room, mut left_out, mut at) = ([0u32; BLOCK / 4], 0, 0);
    let to = room.as_mut_ptr().cast::<u8>();
    while at < pixels {
        let n = (pixels - at).min(BLOCK);
        // SAFETY: the caller's pixels from `at` on, of which `n` are there, and the room holds as many winners.
        left_out += unsafe {
            winners::<FLIP>(&planes, channels, at, n, to);
            count_won(to, n, channels, run.from(at))
        };
        at += n;
    }
    left_out
}

/// Writes the winners of `n` pixels from `at` on.
///
/// # Safety
///
/// As [`counted`], of these pixels, and as many places of `to` are written, which is aligned to 4.
#[inline(always)]
unsafe fn winners<const FLIP: u32>(planes: &[*const u8; PLANES], channels: usize, at: usize, n: usize, to: *mut u8) {
    let mut place = 0;
    // SAFETY: the caller's; a core that has the DSP extension reads a word from any address.
    unsafe {
        let plane = planes.as_ptr();
        while place < n & !3 {
            let word = |plane: *const u8| plane.add(at + place).cast::<u32>().read_unaligned();
            let (mut most, mut won, mut channel) = (word(*plane), 0, 0u32);
            for &plane in planes.get_unchecked(1..channels) {
                channel += BYTES;
                greater::<FLIP>(word(plane), channel, &mut most, &mut won);
            }
            to.add(place).cast::<u32>().write(won);
            place += 4;
        }
        while place < n {
            let code = |plane: *const u8| i32::from(*plane.add(at + place) ^ FLIP as u8);
            let (mut most, mut won) = (code(*plane), 0);
            for (channel, &plane) in (1u8..).zip(planes.get_unchecked(1..channels)) {
                let x = code(plane);
                // Of equal values the first stays.
                if x > most {
                    (most, won) = (x, channel);
                }
            }
            *to.add(place) = won;
            place += 1;
        }
    }
}
