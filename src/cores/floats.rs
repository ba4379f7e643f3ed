//! f32: which loop takes a pair, block by block.

use super::{BLOCK, CLASS, NON_ZERO, ZERO_FULL, ZERO_ONE, careful_blocks, float_float, float_mask, float_own};
use crate::pixels::{ByteMask, FloatView, Mask, ONE_BITS, Shape, Tally};

/// # Safety
///
/// The mask holds a byte or a bit for each pixel of the view.
#[inline(always)]
pub(super) unsafe fn float_hard(
    view: FloatView,
    mask: Mask,
    careful: impl Fn(usize, usize) -> Tally<u64>,
) -> Option<Tally<u64>> {
    let (p, pixels) = (view.floats.as_ptr(), view.floats.len());
    let ByteMask { bytes, meaning } = match mask {
        Mask::Bytes(mask) => mask,
        // At 0 every pixel is foreground, above 1.0 none.
        Mask::Own(cut @ 1..=ONE_BITS) => {
            let one = |at: usize, n: usize| {
                // SAFETY: at + n ≤ pixels.
                unsafe {
                    if view.checked {
                        float_own::<true>(p.add(at), n, cut)
                    } else {
                        float_own::<false>(p.add(at), n, cut)
                    }
                }
            };
            return Some(careful_blocks(pixels, pixels, BLOCK, one, careful));
        }
        _ => return None,
    };
    let g = bytes.as_ptr();
    Some(by_kind!(meaning.shape(), |KIND, CHECK, class| {
        let one = |at: usize, n: usize| {
            // SAFETY: at + n ≤ pixels, the length of both.
            unsafe {
                if view.checked {
                    float_mask::<true, KIND, CHECK>(p.add(at), g.add(at), n, class)
                } else {
                    float_mask::<false, KIND, CHECK>(p.add(at), g.add(at), n, class)
                }
            }
        };
        careful_blocks(pixels, pixels, BLOCK, one, careful)
    }))
}

/// # Safety
///
/// Both views hold the same number of pixels.
#[inline(always)]
pub(super) unsafe fn float_soft(
    p: FloatView,
    t: FloatView,
    careful: impl Fn(usize, usize) -> Tally<u64>,
) -> Tally<u64> {
    let (a, b) = (p.floats.as_ptr(), t.floats.as_ptr());
    let one = |at: usize, n: usize| {
        // SAFETY: at + n ≤ the length of both, which is one: the caller's.
        unsafe {
            let (a, b) = (a.add(at), b.add(at));
            match (p.checked, t.checked) {
                (true, true) => float_float::<true, true>(a, b, n),
                (true, false) => float_float::<true, false>(a, b, n),
                (false, true) => float_float::<false, true>(a, b, n),
                (false, false) => float_float::<false, false>(a, b, n),
            }
        }
    };
    careful_blocks(p.floats.len(), p.floats.len(), BLOCK, one, careful)
}
