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

/// Pixels of which those without the ignored label are put together, on the stack.
#[cfg(not(soft_dice_lanes = "helium"))]
const KEPT: usize = 240;

/// Values and labels of the pixels that are kept, side by side.
#[cfg(not(soft_dice_lanes = "helium"))]
#[repr(align(4))]
struct Kept {
    values: [u16; KEPT],
    labels: [u8; KEPT],
}

#[cfg(not(soft_dice_lanes = "helium"))]
impl Kept {
    const NEW: Self = Self { values: [0; KEPT], labels: [0; KEPT] };

    /// Puts the pixels together whose label is another than `ignored`; how many there are.
    ///
    /// # Safety
    ///
    /// Values and labels are readable for `n` ≤ [`KEPT`] pixels.
    #[inline(never)]
    unsafe fn keep(&mut self, mut p: *const u16, mut g: *const u8, n: usize, ignored: u8) -> usize {
        let (mut value, mut label) = (self.values.as_mut_ptr(), self.labels.as_mut_ptr());
        let (first, values, mut kept) = (label, value, 0);
        macro_rules! one {
            ($k:expr) => {
                let of = *g.add($k);
                if WITHOUT_BRANCH {
                    // One that is not kept is written over by the next.
                    (*values.add(kept), *first.add(kept)) = (*p.add($k), of);
                    kept += usize::from(of != ignored);
                } else if of != ignored {
                    (*value, *label) = (*p.add($k), of);
                    (value, label) = (value.add(1), label.add(1));
                }
            };
        }
        // SAFETY: turns of four within n, and the rest; no more are kept than were read, which the room holds.
        unsafe {
            let end = g.add(n & !3);
            while g != end {
                one!(0);
                one!(1);
                one!(2);
                one!(3);
                (p, g) = (p.add(4), g.add(4));
            }
            for k in 0..n % 4 {
                one!(k);
            }
        }
        kept + (label.addr() - first.addr())
    }
}

/// The core adds under a condition, without a branch.
#[cfg(not(soft_dice_lanes = "helium"))]
const WITHOUT_BRANCH: bool = cfg!(all(target_arch = "arm", not(soft_dice_lanes = "thumb1")));

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
        // SAFETY: the caller's.
        return Some(unsafe { ignoring::<L>(bits, bytes.as_ptr(), class, ignored, careful) });
    }
    Some(by_kind!(meaning.shape(), |KIND, CHECK, class| {
        // SAFETY: at + n ≤ pixels, the length of both.
        let one = |at: usize, n: usize| unsafe { L::mask::<KIND, CHECK>(p.add(at), g.add(at), n, class) };
        careful_blocks(pixels, pixels, HALF_BLOCK, one, careful)
    }))
}

/// The pixels that are kept are put together, a block at a time, for the loop that counts a class.
///
/// # Safety
///
/// There is a label for each value.
#[cfg(not(soft_dice_lanes = "helium"))]
#[inline(always)]
unsafe fn ignoring<L: Loops>(
    values: &[u16],
    labels: *const u8,
    class: u8,
    ignored: u8,
    careful: impl Fn(usize, usize) -> Tally<u64>,
) -> Tally<u64> {
    let (mut kept, mut total, mut at) = (Kept::NEW, Tally::default(), 0);
    while at < values.len() {
        let n = (values.len() - at).min(KEPT);
        // SAFETY: at + n ≤ the length of both; the room holds as many as are kept.
        let (found, done, pixels) = unsafe {
            let pixels = kept.keep(values.as_ptr().add(at), labels.add(at), n, ignored);
            let (found, done) = L::mask::<CLASS, false>(kept.values.as_ptr(), kept.labels.as_ptr(), pixels, class);
            (found, done, pixels)
        };
        // A block with a value outside is taken as it is, without what was found before that value.
        total.join(&if done < pixels {
            careful(at, n)
        } else {
            Tally { ignored: (n - pixels) as u64, ..found.tally(pixels) }
        });
        at += n;
    }
    total
}

/// Twice over the pixels, which vectors do sooner than to put them together: what the ignored label has is taken off.
///
/// # Safety
///
/// There is a label for each value.
#[cfg(soft_dice_lanes = "helium")]
#[inline(always)]
unsafe fn ignoring<L: Loops>(
    values: &[u16],
    labels: *const u8,
    class: u8,
    ignored: u8,
    careful: impl Fn(usize, usize) -> Tally<u64>,
) -> Tally<u64> {
    let (pixels, mut total, mut at) = (values.len(), Tally::default(), 0);
    while at < pixels {
        // SAFETY: at + done ≤ pixels, the length of both.
        let (all, done, of) = unsafe {
            let (p, g) = (values.as_ptr().add(at), labels.add(at));
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
    total
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
