//! Half floats: which loop takes a pair, block by block.
//!
//! ```text
//! for each pixel, up to a block in which one is outside [0, 1]:      bits above those of 1.0, as unsigned integers
//!     p, t = x · 2²⁴                                                 whole numbers, at most 2²⁴
//!     Σp += p;  Σt += t or 1;  Σpt += p·t, or p under a mask
//! ```
//!
//! **Overflow.** Codes of a whole call fit 64 bits: 2²⁴ · 2³¹. A product is at most 2⁴⁸, so that 2¹⁶ of them may not fit: what a
//! loop is given at a time is [`RUN`] pixels, and the runs are added in 128 bits.
//!
//! Whoever promised that all values are in range is looked at as well: −0.0, which a promise includes, has bits above those of 1.0,
//! and the plain loop takes its block.

use super::anew::{anew, leaves_out};
use super::spread::{BLOCK, Room};
use super::{CLASS, Found, HALF_BLOCK, NON_ZERO, ZERO_FULL, ZERO_ONE, careful_blocks, half_half, half_mask, half_own};
use crate::element::half_of_code;
use crate::num::Acc;
use crate::pixels::{ByteMask, Mask, Shape, Tally, Within};

/// Pixels of a run against half floats.
const RUN: usize = 1 << 15;
const _: () = assert!((RUN as u128) << 48 < 1 << 64);

/// # Safety
///
/// Mask and region hold a byte or a bit for each pixel.
#[inline(always)]
pub(super) unsafe fn half_hard(
    bits: &[u16],
    mask: Mask,
    region: Within,
    careful: impl Fn(usize, usize) -> Tally<u64>,
) -> Option<Tally<u64>> {
    let (p, pixels) = (bits.as_ptr(), bits.len());
    if leaves_out(&mask, &region) {
        return half_kept(bits, mask, region, careful);
    }
    let ByteMask { bytes, meaning } = match mask {
        Mask::Bytes(mask) => mask,
        Mask::Bits(bits) => {
            let one = |from: usize, n: usize| {
                let (mut room, mut all, mut at) = (Room::NEW, Found::default(), 0);
                while at < n {
                    let marks = room.marks(bits.skip(from + at), (n - at).min(BLOCK));
                    // SAFETY: from + n ≤ pixels, and marks are as many as were asked for, since the mask holds a bit for each pixel.
                    let (found, done) =
                        unsafe { half_mask::<ZERO_ONE, false>(p.add(from + at), marks.as_ptr(), marks.len(), 0) };
                    (all.p, all.t, all.pt) = (all.p + found.p, all.t + found.t, all.pt + found.pt);
                    at += done;
                    if done < marks.len() || marks.is_empty() {
                        break;
                    }
                }
                (all, at)
            };
            return Some(careful_blocks(pixels, pixels, HALF_BLOCK, one, careful));
        }
        Mask::Own(cut) => {
            // Codes rise with the bits. At 0 every pixel is foreground, above 1.0 none.
            let least = half_of_code(cut).filter(|&least| least > 0)?;
            // SAFETY: at + n ≤ pixels.
            let one = |at: usize, n: usize| unsafe { half_own(p.add(at), n, least) };
            return Some(careful_blocks(pixels, pixels, HALF_BLOCK, one, careful));
        }
    };
    let g = bytes.as_ptr();
    Some(by_kind!(meaning.shape(), |KIND, CHECK, class| {
        // SAFETY: at + n ≤ pixels, the length of both.
        let one = |at: usize, n: usize| unsafe { half_mask::<KIND, CHECK>(p.add(at), g.add(at), n, class) };
        careful_blocks(pixels, pixels, HALF_BLOCK, one, careful)
    }))
}

/// Where pixels are left out.
#[inline(always)]
fn half_kept(
    bits: &[u16],
    mask: Mask,
    region: Within,
    careful: impl Fn(usize, usize) -> Tally<u64>,
) -> Option<Tally<u64>> {
    let least = match mask {
        Mask::Own(cut) => half_of_code(cut).filter(|&least| least > 0)?,
        _ => 0,
    };
    let (mut total, mut halves, mut marks) = (Tally::default(), [0; BLOCK], [0; BLOCK]);
    let mut at = 0;
    while at < bits.len() {
        let n = (bits.len() - at).min(BLOCK);
        let (from, to, marks) = (bits.get(at..at + n)?, halves.get_mut(..n)?, marks.get_mut(..n)?);
        let kept = anew(mask.part(at, n)?, region.skip(at).exactly(n), marks, |at, kept| write(to, from, at, kept));
        // SAFETY: n of each were written.
        let (found, done) = unsafe {
            if mask.is_own() {
                half_own(to.as_ptr(), n, least)
            } else {
                half_mask::<ZERO_ONE, false>(to.as_ptr(), marks.as_ptr(), n, 0)
            }
        };
        total.join(&if done == n { kept.tally(found, n) } else { careful(at, n) });
        at += n;
    }
    Some(total)
}

/// A value that is kept, or 0.
#[inline(always)]
fn write(to: &mut [u16], from: &[u16], at: usize, kept: bool) {
    if let (Some(to), Some(&from)) = (to.get_mut(at), from.get(at)) {
        *to = if kept { from } else { 0 };
    }
}

/// The sums in as many bits as the pair's products take.
///
/// # Safety
///
/// Both sides hold the same number of pixels, and the region a byte or a bit for each.
#[inline(always)]
pub(super) unsafe fn half_soft<A: Acc>(
    p: &[u16],
    t: &[u16],
    region: Within,
    careful: impl Fn(usize, usize) -> Tally<u64>,
) -> Option<Tally<A>> {
    let (pixels, mut total, mut from) = (p.len(), Tally::<A>::default(), 0);
    if !matches!(region, Within::Everywhere) {
        let (mut room, mut other_room, mut marks) = ([0; BLOCK], [0; BLOCK], [0; BLOCK]);
        while from < pixels {
            let n = (pixels - from).min(BLOCK);
            let (p, t) = (p.get(from..from + n)?, t.get(from..from + n)?);
            let (a, b) = (room.get_mut(..n)?, other_room.get_mut(..n)?);
            let kept = anew(Mask::Own(0), region.skip(from).exactly(n), marks.get_mut(..n)?, |at, kept| {
                write(a, p, at, kept);
                write(b, t, at, kept);
            });
            // SAFETY: n of each were written.
            let (found, done) = unsafe { half_half(a.as_ptr(), b.as_ptr(), n) };
            total.join(&if done == n { kept.tally(found, n) } else { careful(from, n) }.widen());
            from += n;
        }
        return Some(total);
    }
    while from < pixels {
        let n = (pixels - from).min(RUN);
        // SAFETY: from + n ≤ pixels, and at + n ≤ the n of the run.
        let one = |at: usize, n: usize| -> (Found, usize) {
            unsafe { half_half(p.as_ptr().add(from + at), t.as_ptr().add(from + at), n) }
        };
        total.join(&careful_blocks(n, n, HALF_BLOCK, one, |at, n| careful(from + at, n)).widen());
        from += n;
    }
    Some(total)
}
