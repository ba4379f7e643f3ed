//! Few interleaved channels of 8-bit codes, each against its share of the mask of the greatest ones: one pass over the bytes.
//!
//! ```text
//! for each pixel:
//!     for each of its channels:  x = the raw code;  Σx += x;  where x is above the greatest before it, it is the greatest
//!     the winner's word += 2¹⁶ + the greatest code                Σt above Σpt
//! ```
//!
//! As long as the sums of all channels stay in registers this is shorter than to find the winners first and then to take them as
//! labels. **Overflow.** [`RUN`] pixels: 256 · 255 < 2¹⁶.

use super::winners::take;
use crate::loops::channels::ChannelSums;

/// Channels whose sums stay in registers, beside the greatest, its place and the pointers.
const CHANNELS: usize = if cfg!(target_arch = "riscv32") { 8 } else { 4 };
/// Pixels whose words do not run over.
const RUN: usize = 256;
const _: () = assert!(RUN * 255 < 1 << 16);

/// Adds rows of `C` channels; whether they are as few as that, and no more rows than [`RUN`].
#[inline(always)]
pub(crate) fn own_shares<const C: usize>(p: &[u8], flip: u8, found: impl FnOnce(ChannelSums<'_>)) -> bool {
    let pixels = p.len() / C.max(1);
    if !(1..=CHANNELS).contains(&C) || pixels > RUN {
        return false;
    }
    // SAFETY: rows that are there.
    let (sums, of) =
        unsafe { if flip == 0 { rows::<0, C>(p.as_ptr(), pixels) } else { rows::<0x80, C>(p.as_ptr(), pixels) } };
    let (t, pt) = (of.map(|word| word >> 16), of.map(|word| word & 0xFFFF));
    found(ChannelSums { p: &sums, t: &t, pt: &pt, kept: pixels as u64, ignored: 0 });
    true
}

/// Σp of each channel, and its word.
///
/// # Safety
///
/// `p` is readable for `pixels` ≤ [`RUN`] rows of `C` bytes.
#[inline(never)]
unsafe fn rows<const FLIP: u8, const C: usize>(mut p: *const u8, pixels: usize) -> ([u32; C], [u32; C]) {
    let (mut sums, mut words) = ([0u32; C], [0u32; C]);
    // What makes a raw code unsigned.
    let above = if FLIP == 0 { 0 } else { 128u32 };
    // SAFETY: the rows end with the last; a winner is one of the channels.
    unsafe {
        let end = p.add(pixels * C);
        while p != end {
            let (mut most, mut winner) = (i32::MIN, 0);
            macro_rules! each {
                ($($channel:literal)*) => {$(
                    if $channel < C {
                        let byte = p.add($channel % C);
                        let x = if FLIP == 0 { i32::from(*byte) } else { i32::from(*byte.cast::<i8>()) };
                        sums[$channel % C] = sums[$channel % C].wrapping_add(x as u32);
                        if $channel == 0 {
                            most = x;
                        } else {
                            take::<$channel>(x, &mut most, &mut winner);
                        }
                    }
                )*};
            }
            each!(0 1 2 3 4 5 6 7);
            let word = words.as_mut_ptr().add(winner);
            *word = (*word).wrapping_add((most as u32).wrapping_add((1 << 16) + above));
            p = p.add(C);
        }
    }
    (sums.map(|sum| sum.wrapping_add(above * pixels as u32)), words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    /// Sums of each channel, and whether the loop took the rows.
    fn taken<const C: usize>(p: &[u8], flip: u8) -> Option<[[u32; C]; 3]> {
        let mut sums = None;
        let took = own_shares::<C>(p, flip, |found| {
            assert_eq!((found.kept, found.ignored), ((p.len() / C) as u64, 0));
            sums = Some([found.p, found.t, found.pt].map(|all| core::array::from_fn(|channel| all[channel])));
        });
        assert_eq!(took, sums.is_some());
        sums
    }

    fn by_pixel<const C: usize>(p: &[u8], flip: u8) -> [[u32; C]; 3] {
        let mut sums = [[0; C]; 3];
        for row in p.chunks(C) {
            let codes: Vec<u32> = row.iter().map(|byte| u32::from(byte ^ flip)).collect();
            let most = *codes.iter().max().unwrap();
            let winner = codes.iter().position(|&code| code == most).unwrap();
            sums[0].iter_mut().zip(&codes).for_each(|(sum, code)| *sum += code);
            sums[1][winner] += 1;
            sums[2][winner] += most;
        }
        sums
    }

    fn check<const C: usize>() {
        // Few values, so that many are equal, and all of them.
        for (step, modulus) in [(7919, 5), (97, 256), (1, 1)] {
            for (pixels, flip) in [(0, 0), (1, 0x80), (7, 0), (RUN, 0x80), (RUN, 0)] {
                let p: Vec<u8> = (0..pixels * C).map(|i| (i * step % modulus * (255 / modulus)) as u8 ^ 0xFF).collect();
                assert_eq!(taken::<C>(&p, flip), Some(by_pixel(&p, flip)), "{C} channels, {pixels} pixels");
            }
        }
        assert_eq!(taken::<C>(&[255; 9 * (RUN + 1)][..C * (RUN + 1)], 0), None);
    }

    #[test]
    fn channels_have_their_shares() {
        check::<1>();
        check::<2>();
        check::<3>();
        check::<4>();
        assert_eq!(taken::<9>(&[1; 9], 0), None);
    }
}
