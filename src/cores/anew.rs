//! 16-bit floats of which a region or an ignore label leaves pixels out: what such a pixel is written as, on the stack, so that the
//! loops without either take the block.
//!
//! ```text
//! for each pixel of a block:
//!     value = 0 and mark = 0 where it is left out             they add nothing to any sum, and are in range
//!     value as it is, mark = 0 or 1, where it is kept;        kept += 1
//! ```

use super::Found;
use super::spread::BLOCK;
use crate::pixels::{ByteMask, Mark, Mask, Shape, Tally, Within};

/// Whether some pixels are left out, or a mask has bytes that no loop knows.
#[inline(always)]
pub(super) const fn leaves_out(mask: &Mask<'_>, region: &Within<'_>) -> bool {
    let shape = match mask {
        Mask::Bytes(ByteMask { meaning, .. }) => meaning.shape(),
        _ => Shape::NonZero,
    };
    !matches!(region, Within::Everywhere) || matches!(shape, Shape::Ignoring { .. } | Shape::Other)
}

/// What a block had.
#[derive(Clone, Copy, Default)]
pub(super) struct Kept {
    pub pixels: u32,
    /// A byte of the mask that is kept was none of those declared.
    pub broken: bool,
}

impl Kept {
    /// The sums of the `n` pixels of the block.
    #[inline(always)]
    pub fn tally(self, found: Found, n: usize) -> Tally<u64> {
        self.counted(found.tally(n), n)
    }

    /// The same sums with the counts of these pixels.
    #[inline(always)]
    pub fn counted(self, tally: Tally<u64>, n: usize) -> Tally<u64> {
        let kept = u64::from(self.pixels);
        Tally { kept, ignored: n as u64 - kept, broken: self.broken.into(), ..tally }
    }
}

/// Writes the marks of as many pixels as `marks` has, at most a block of them, and tells `keep` of each whether it is kept. Pixels
/// that their own value decides have no marks.
#[inline(always)]
pub(super) fn anew(mask: Mask<'_>, region: Within<'_>, marks: &mut [u8], mut keep: impl FnMut(usize, bool)) -> Kept {
    let mut kept = Kept::default();
    for (at, to) in marks.iter_mut().enumerate().take(BLOCK) {
        let inside = region.keeps(at);
        let mark = if inside { mask.mark(at, 0) } else { Mark::Ignored };
        let counts = !matches!(mark, Mark::Ignored);
        kept.broken |= matches!(mark, Mark::Broken);
        kept.pixels += u32::from(counts);
        *to = u8::from(matches!(mark, Mark::One));
        keep(at, counts);
    }
    kept
}
