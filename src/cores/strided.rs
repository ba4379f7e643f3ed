//! A channel of interleaved 8-bit codes against the same channel of interleaved masks, where it lies: for the cores to which a gathered
//! copy costs as much as the sums.

use super::seen::{CONDITIONAL, Seen, kept_apart};
use super::single::{Sums, raw, turn};
use super::{CLASS, Found, NON_ZERO, ZERO_FULL, ZERO_ONE};
use crate::pixels::{ByteCodes, ByteMask, ByteView, Shape, Tally};

/// Pixels whose sums fit 32 bits.
const PIXELS: usize = super::BYTES;

/// The linear sums of `pixels` pixels, of which the first is byte `first` of both sides and each next one `stride` bytes on; `None`
/// of codes or masks that the loop does not know, or beyond the end of a side.
#[inline(always)]
pub(crate) fn strided(
    view: ByteView<'_>,
    mask: ByteMask<'_>,
    [first, stride, pixels]: [usize; 3],
) -> Option<Tally<u64>> {
    let (p, g) = (view.bytes.get(first..)?, mask.bytes.get(first..)?);
    let end = pixels.checked_sub(1)?.checked_mul(stride)?.checked_add(1)?;
    if view.codes != ByteCodes::PLAIN || pixels > PIXELS || end > p.len().min(g.len()) {
        return None;
    }
    let (p, g) = (p.as_ptr(), g.as_ptr());
    by_kind!(mask.meaning.shape(), |KIND, CHECK, class| by_sign!(view, |FLIP| {
        // SAFETY: the last pixel is within both sides.
        let found = unsafe { sums::<FLIP, KIND, CHECK>(p, g, stride, pixels, class) };
        let mut total = Found::<u64>::default();
        total.gather(found);
        Some(total.tally(pixels))
    }))
}

/// # Safety
///
/// `p` and `g` are readable at `n` ≤ [`PIXELS`] places that lie `stride` bytes apart.
#[inline(never)]
unsafe fn sums<const FLIP: u32, const KIND: u8, const CHECK: bool>(
    p: *const u8,
    g: *const u8,
    stride: usize,
    n: usize,
    class: u8,
) -> Found<u32> {
    // SAFETY: the caller's.
    unsafe {
        if stride == 4 {
            // Offsets that the compiler knows.
            steps::<FLIP, KIND, CHECK>(p, g, 4, n, class)
        } else {
            steps::<FLIP, KIND, CHECK>(p, g, stride, n, class)
        }
    }
}

/// # Safety
///
/// As [`sums`].
#[inline(always)]
unsafe fn steps<const FLIP: u32, const KIND: u8, const CHECK: bool>(
    mut p: *const u8,
    mut g: *const u8,
    stride: usize,
    n: usize,
    class: u8,
) -> Found<u32> {
    let (mut sums, mut seen) = (Sums::default(), Seen::NOTHING);
    macro_rules! one {
        ($k:expr) => {{
            let (code, byte) = (raw::<FLIP>(*p.wrapping_add($k * stride)), *g.wrapping_add($k * stride));
            if CONDITIONAL && KIND == NON_ZERO {
                sums.p = sums.p.wrapping_add(code);
                if byte != 0 {
                    kept_apart();
                    sums.t = sums.t.wrapping_add(1);
                    sums.pt = sums.pt.wrapping_add(code);
                }
            } else {
                sums.masked(code, seen.mask::<KIND, CHECK>(byte, class));
            }
            seen.settle::<CHECK>();
            sums.one_by_one();
        }};
    }
    // SAFETY: whole turns and the rest are n together. Behind the last pixel the pointers are not read.
    unsafe {
        for _ in 0..n / 4 {
            turn!(4, k, one!(k));
            (p, g) = (p.wrapping_add(4 * stride), g.wrapping_add(4 * stride));
        }
        for k in 0..n % 4 {
            one!(k);
        }
    }
    Found { broken: CHECK && seen.broken::<KIND>(), ..sums.moved::<FLIP>(n).found() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::{Mark, Meaning};
    use std::vec::Vec;

    /// Every kind of mask, each stride, channel and remainder, against sums that are made pixel by pixel.
    #[test]
    fn channels_are_what_pixels_are() {
        let targets = [
            (Meaning::NON_ZERO, 0u8, 0xFFu8),
            (Meaning::declared(1, true), 1, 1),
            (Meaning::declared(255, true), 1, 255),
            (Meaning::declared(255, false), 1, 255),
            (Meaning::class(3, None), 0, 3),
        ];
        for (stride, pixels) in [(1, 1), (2, 9), (3, 64), (4, 1), (4, 63), (4, 128), (5, 66), (21, 35)] {
            let p: Vec<u8> = (0..stride * pixels).map(|i| (i * 7919 % 263) as u8).collect();
            for (meaning, flag, one) in targets {
                let marks: Vec<u8> = (0..stride * pixels)
                    .map(|i| if flag == 1 { (i * i % 3 % 2) as u8 * one } else { (i * 31 % 5) as u8 & one })
                    .collect();
                for (channel, flip) in (0..stride).flat_map(|channel| [(channel, 0), (channel, 0x80)]) {
                    let view = ByteView { bytes: &p, flip, codes: ByteCodes::PLAIN };
                    let mask = ByteMask { bytes: &marks, meaning };
                    let found = strided(view, mask, [channel, stride, pixels]).unwrap();
                    let mut sums = [0u64; 3];
                    for at in (channel..p.len()).step_by(stride) {
                        let code = u64::from(p[at] ^ flip);
                        let kept = meaning.mark(marks[at]) == Mark::One;
                        sums[0] += code;
                        sums[1] += u64::from(kept);
                        sums[2] += if kept { code } else { 0 };
                    }
                    assert_eq!([found.p, found.t, found.pt], sums, "{channel} of {stride}, {pixels} pixels");
                    assert_eq!((found.kept, found.broken), (pixels as u64, 0));
                }
            }
        }
    }

    #[test]
    fn what_is_not_as_declared_or_not_there_is_seen() {
        let (p, mut marks) = ([9; 12], [1; 12]);
        marks[6] = 2;
        let view = ByteView { bytes: &p, flip: 0, codes: ByteCodes::PLAIN };
        let of = |channel| {
            let mask = ByteMask { bytes: &marks, meaning: Meaning::declared(1, true) };
            strided(view, mask, [channel, 4, 3]).map(|found| found.broken)
        };
        assert_eq!([0, 1, 2, 3].map(of), [Some(0), Some(0), Some(1), Some(0)]);
        // A pixel beyond the end of a side.
        assert_eq!(of(4), None);
        let moved = ByteView { codes: ByteCodes { floor: 3, ..ByteCodes::PLAIN }, ..view };
        assert!(strided(moved, ByteMask { bytes: &marks, meaning: Meaning::NON_ZERO }, [0, 4, 3]).is_none());
    }
}
