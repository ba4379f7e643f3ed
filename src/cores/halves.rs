//! Floats of 16 bits that loops take as they are: which loop takes a pair, block by block. Half floats everywhere; bfloat16 where
//! floats are taken in integers (elsewhere `uppers` widens it).
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

use super::spread::{BLOCK, Room};
use super::{CLASS, Found, HALF_BLOCK, NON_ZERO, ZERO_FULL, ZERO_ONE, careful_blocks, half_half, half_mask, half_own};
#[cfg(soft_dice_lanes = "soft")]
use super::{soft_half, turned::Upper};
use crate::element::half_of_code;
use crate::num::Acc;
#[cfg(soft_dice_lanes = "soft")]
use crate::pixels::ONE_BITS;
use crate::pixels::{ByteMask, Mask, Shape, Tally};

/// Pixels of a run against values of 16 bits.
const RUN: usize = 1 << 15;
const _: () = assert!((RUN as u128) << 48 < 1 << 64);

/// The loops of a format. Each gives the sums up to the first block, or value, outside [0, 1], and how many pixels they are of.
///
/// # Safety (of all)
///
/// What is pointed at is readable for `n` values or bytes, of two maps at most [`RUN`].
pub(super) trait Loops {
    /// The least bits that a key of at least `cut` has; `None` where every pixel, or none, is foreground.
    fn least(cut: u32) -> Option<u16>;
    unsafe fn mask<const KIND: u8, const CHECK: bool>(
        p: *const u16,
        g: *const u8,
        n: usize,
        class: u8,
    ) -> (Found, usize);
    unsafe fn own(p: *const u16, n: usize, least: u16) -> (Found, usize);
    unsafe fn soft(p: *const u16, t: *const u16, n: usize) -> (Found, usize);
}

/// Half floats.
pub(super) struct Halves;

impl Loops for Halves {
    /// Codes rise with the bits.
    #[inline(always)]
    fn least(cut: u32) -> Option<u16> {
        half_of_code(cut).filter(|&least| least > 0)
    }

    #[inline(always)]
    unsafe fn mask<const KIND: u8, const CHECK: bool>(
        p: *const u16,
        g: *const u8,
        n: usize,
        class: u8,
    ) -> (Found, usize) {
        // SAFETY: the caller's.
        unsafe { half_mask::<KIND, CHECK>(p, g, n, class) }
    }

    #[inline(always)]
    unsafe fn own(p: *const u16, n: usize, least: u16) -> (Found, usize) {
        // SAFETY: the caller's.
        unsafe { half_own(p, n, least) }
    }

    #[inline(always)]
    unsafe fn soft(p: *const u16, t: *const u16, n: usize) -> (Found, usize) {
        // SAFETY: the caller's.
        unsafe { half_half(p, t, n) }
    }
}

/// bfloat16.
#[cfg(soft_dice_lanes = "soft")]
pub(super) struct Uppers;

#[cfg(soft_dice_lanes = "soft")]
impl Loops for Uppers {
    /// Keys are the bits of an f32, of which these are the upper half.
    #[inline(always)]
    fn least(cut: u32) -> Option<u16> {
        (1..=ONE_BITS).contains(&cut).then(|| cut.div_ceil(1 << 16) as u16)
    }

    #[inline(always)]
    unsafe fn mask<const KIND: u8, const CHECK: bool>(
        p: *const u16,
        g: *const u8,
        n: usize,
        class: u8,
    ) -> (Found, usize) {
        // SAFETY: the caller's.
        unsafe { soft_half::mask::<Upper, KIND, CHECK>(p, g, n, class) }
    }

    #[inline(always)]
    unsafe fn own(p: *const u16, n: usize, least: u16) -> (Found, usize) {
        // SAFETY: the caller's.
        unsafe { soft_half::own::<Upper>(p, n, least) }
    }

    #[inline(always)]
    unsafe fn soft(p: *const u16, t: *const u16, n: usize) -> (Found, usize) {
        // SAFETY: the caller's.
        unsafe { soft_half::soft::<Upper>(p, t, n) }
    }
}

/// # Safety
///
/// The mask holds a byte or a bit for each pixel.
#[inline(always)]
pub(super) unsafe fn half_hard<L: Loops>(
    bits: &[u16],
    mask: Mask,
    careful: impl Fn(usize, usize) -> Tally<u64>,
) -> Option<Tally<u64>> {
    let (p, pixels) = (bits.as_ptr(), bits.len());
    let ByteMask { bytes, meaning } = match mask {
        Mask::Bytes(mask) => mask,
        Mask::Bits(bits) => {
            let one = |from: usize, n: usize| {
                let (mut room, mut all, mut at) = (Room::NEW, Found::default(), 0);
                while at < n {
                    let marks = room.marks(bits.skip(from + at), (n - at).min(BLOCK));
                    // SAFETY: from + n ≤ pixels, and marks are as many as were asked for, since the mask holds a bit for each pixel.
                    let (found, done) =
                        unsafe { L::mask::<ZERO_ONE, false>(p.add(from + at), marks.as_ptr(), marks.len(), 0) };
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
            let least = L::least(cut)?;
            // SAFETY: at + n ≤ pixels.
            let one = |at: usize, n: usize| unsafe { L::own(p.add(at), n, least) };
            return Some(careful_blocks(pixels, pixels, HALF_BLOCK, one, careful));
        }
    };
    let g = bytes.as_ptr();
    if let Shape::Ignoring { class, ignored } = meaning.shape() {
        // Twice over the pixels: what the ignored label has is taken off.
        let (mut total, mut at) = (Tally::default(), 0);
        while at < pixels {
            // SAFETY: at + done ≤ pixels, the length of both.
            let (all, done, of) = unsafe {
                let (p, g) = (p.add(at), g.add(at));
                let (all, done) = L::mask::<CLASS, false>(p, g, pixels - at, ignored);
                (all, done, L::mask::<CLASS, false>(p, g, done, class).0)
            };
            // A class that is ignored has no pixel.
            let (t, pt) = if class == ignored { (0, 0) } else { (of.t, of.pt) };
            let found = Found { p: all.p - all.pt, t, pt, ..all };
            total.join(&Tally { kept: done as u64 - all.t, ignored: all.t, ..found.tally(done) });
            at += done;
            if at < pixels {
                let n = (pixels - at).min(HALF_BLOCK);
                total.join(&careful(at, n));
                at += n;
            }
        }
        return Some(total);
    }
    Some(by_kind!(meaning.shape(), |KIND, CHECK, class| {
        // SAFETY: at + n ≤ pixels, the length of both.
        let one = |at: usize, n: usize| unsafe { L::mask::<KIND, CHECK>(p.add(at), g.add(at), n, class) };
        careful_blocks(pixels, pixels, HALF_BLOCK, one, careful)
    }))
}

/// The sums in as many bits as the pair's products take.
///
/// # Safety
///
/// Both sides hold the same number of pixels.
#[inline(always)]
pub(super) unsafe fn half_soft<L: Loops, A: Acc>(
    p: &[u16],
    t: &[u16],
    careful: impl Fn(usize, usize) -> Tally<u64>,
) -> Tally<A> {
    let (pixels, mut total, mut from) = (p.len(), Tally::<A>::default(), 0);
    while from < pixels {
        let n = (pixels - from).min(RUN);
        let one = |at: usize, n: usize| -> (Found, usize) {
            // SAFETY: from + n ≤ pixels, and at + n ≤ the n of the run.
            unsafe { L::soft(p.as_ptr().add(from + at), t.as_ptr().add(from + at), n) }
        };
        total.join(&careful_blocks(n, n, HALF_BLOCK, one, |at, n| careful(from + at, n)).widen());
        from += n;
    }
    total
}
