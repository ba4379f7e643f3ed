//! The first greatest of four planes of 8-bit channels, and what it and the pixel's label count for: pixel by pixel, because four
//! comparisons cost less than to make words of winners and to take those apart. Other numbers of planes are taken one after the other.
//!
//! **Overflow.** As of `winners.rs`: a run has at most [`Won::RUN`] pixels.

use crate::cores::winners::Run;
use crate::pixels::{Labels, Won};

/// As `kernel::planes_won`.
#[inline(always)]
pub(crate) fn planes_won<'a>(
    plane: impl Fn(usize) -> Option<&'a [u8]>,
    flip: u8,
    labels: Labels<'_>,
    words: &mut [Won],
) -> Option<u32> {
    let pixels = labels.bytes().len();
    if labels.channels() != 4 || pixels > Won::RUN || words.len() < 4 {
        return None;
    }
    let of = |channel| plane(channel)?.get(..pixels);
    let (planes, bytes) = ([of(0)?, of(1)?, of(2)?, of(3)?], labels.bytes());
    let run = Run::new(labels, words);
    // SAFETY: there is a word for each of four channels, which every label is that is not ignored: `Labels` looked at them.
    Some(unsafe { if flip == 0 { counted::<false>(planes, bytes, run) } else { counted::<true>(planes, bytes, run) } })
}

/// # Safety
///
/// There is a word for each of four channels, and each label that is not ignored is one.
#[inline(never)]
unsafe fn counted<const SIGNED: bool>([a, b, c, d]: [&[u8]; 4], labels: &[u8], run: Run) -> u32 {
    let code = |x: u8| if SIGNED { i32::from(x as i8) } else { i32::from(x) };
    let mut left_out = 0;
    for ((((&a, &b), &c), &d), &label) in a.iter().zip(b).zip(c).zip(d).zip(labels) {
        let (mut most, mut won) = (code(a), 0);
        for (channel, x) in [(1, b), (2, c), (3, d)] {
            // Of equal values the first stays.
            if code(x) > most {
                (most, won) = (code(x), channel);
            }
        }
        // SAFETY: one of four channels has won; the rest is the caller's.
        left_out += u32::from(!unsafe { run.add(won, label) });
    }
    left_out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    #[test]
    fn winners_and_labels_are_counted() {
        let mut random = 1u32;
        let mut byte = || {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            // Often equal.
            [0, 127, 128, 255, (random >> 24) as u8, (random >> 20) as u8][(random >> 8) as usize % 6]
        };
        for pixels in [0, 1, 5, 300, Won::RUN] {
            let planes: [Vec<u8>; 4] = core::array::from_fn(|_| (0..pixels).map(|_| byte()).collect());
            let bytes: Vec<u8> =
                (0..pixels).map(|_| byte() % 5).map(|label| if label == 4 { 255 } else { label }).collect();
            let labels = Labels::new(&bytes, 4, Some(255)).unwrap();
            for flip in [0, 0x80] {
                let mut words = [Won::default(); 4];
                let left_out =
                    planes_won(|channel| planes.get(channel).map(|plane| &plane[..]), flip, labels, &mut words);
                let (mut truth, mut ignored) = ([[0u32; 3]; 4], 0);
                for (at, &label) in bytes.iter().enumerate() {
                    if label == 255 {
                        ignored += 1;
                        continue;
                    }
                    let code = |channel: usize| planes[channel][at] ^ flip;
                    let most = (0..4).map(code).max().unwrap();
                    let won = (0..4).find(|&channel| code(channel) == most).unwrap();
                    truth[won][0] += 1;
                    truth[usize::from(label)][1] += 1;
                    truth[won][2] += u32::from(won == usize::from(label));
                }
                assert_eq!((left_out, words.map(Won::counts)), (Some(ignored), truth), "{pixels} pixels, {flip}");
            }
            let mut words = [Won::default(); 4];
            assert_eq!(planes_won(|_| None, 0, labels, &mut words), None);
        }
    }
}
