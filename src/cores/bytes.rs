//! 8-bit codes: which loop takes a pair, block by block.

use super::{
    BYTES, ByteCodes, CLASS, NON_ZERO, PRODUCTS, ZERO_FULL, ZERO_ONE, blocks, byte_bits, byte_byte, byte_mask,
    byte_minima, byte_moments, byte_own, byte_squares,
};
#[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
use super::{
    KeptSums,
    kept::{self, BITS, EVERYWHERE, IGNORING, IN_BITS, IN_BYTES, Marks, Moved, OWN, Setting, Way},
};
#[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
use crate::pixels::Within;
use crate::pixels::{Ask, BitRun, ByteMask, ByteView, Mask, Shape, Tally};

/// # Safety
///
/// The mask holds a byte or a bit for each pixel of the view.
#[inline(always)]
pub(super) unsafe fn byte_hard(view: ByteView, mask: Mask) -> Option<Tally<u64>> {
    let (p, pixels) = (view.bytes.as_ptr(), view.bytes.len());
    if view.codes != ByteCodes::PLAIN {
        return None;
    }
    match mask {
        Mask::Bytes(ByteMask { bytes, meaning }) => {
            let g = bytes.as_ptr();
            Some(by_kind!(meaning.shape(), |KIND, CHECK, class| by_sign!(view, |FLIP| {
                blocks(pixels, BYTES, |at, n| {
                    // SAFETY: at + n ≤ pixels, the length of both: the caller's; what the loops need is in the build.
                    unsafe { byte_mask::<FLIP, KIND, CHECK>(p.add(at), g.add(at), n, class) }
                })
            })))
        }
        Mask::Bits(BitRun { bytes, shift, msb_first }) => {
            Some(by_sign!(view, |FLIP| blocks(pixels, BYTES, |at, n| {
                // SAFETY: at + n ≤ pixels, and the mask has a bit for each: the caller's.
                unsafe {
                    let (p, bits, offset) = (p.add(at), bytes.as_ptr().add((shift + at) / 8), (shift + at) % 8);
                    if msb_first {
                        byte_bits::<FLIP, true>(p, bits, offset, n)
                    } else {
                        byte_bits::<FLIP, false>(p, bits, offset, n)
                    }
                }
            })))
        }
        Mask::Own(cut @ 1..=255) => Some(by_sign!(view, |FLIP| blocks(pixels, BYTES, |at, n| {
            // SAFETY: at + n ≤ pixels; no mask is read.
            unsafe { byte_own::<FLIP>(p.add(at), n, cut as u8) }
        }))),
        Mask::Own(_) => None,
    }
}

/// # Safety
///
/// Both views hold the same number of pixels.
#[inline(always)]
pub(super) unsafe fn byte_soft(p: ByteView, t: ByteView) -> Option<Tally<u64>> {
    if p.codes != ByteCodes::PLAIN || t.codes != ByteCodes::PLAIN {
        return None;
    }
    let (a, b) = (p.bytes.as_ptr(), t.bytes.as_ptr());
    Some(by_sign!(p, |FLIP_P| by_sign!(t, |FLIP_T| blocks(p.bytes.len(), PRODUCTS, |at, n| {
        // SAFETY: at + n ≤ the length of both, which is one: the caller's.
        unsafe { byte_byte::<FLIP_P, FLIP_T>(a.add(at), b.add(at), n) }
    }))))
}

/// # Safety
///
/// Both views hold the same number of pixels.
#[inline(always)]
pub(super) unsafe fn byte_sums(p: ByteView, t: ByteView, ask: Ask) -> Option<Tally<u64>> {
    if p.codes != ByteCodes::PLAIN || t.codes != ByteCodes::PLAIN {
        return None;
    }
    let (a, b) = (p.bytes.as_ptr(), t.bytes.as_ptr());
    let pixels = p.bytes.len();
    let mut total = Tally { kept: pixels as u64, ..Tally::default() };
    let mut at = 0;
    while at < pixels {
        let n = (pixels - at).min(PRODUCTS);
        // SAFETY: at + n ≤ the length of both, which is one: the caller's.
        let sums = by_sign!(p, |FLIP_P| by_sign!(t, |FLIP_T| unsafe {
            let (a, b) = (a.add(at), b.add(at));
            match (ask.squares, ask.minima) {
                (true, true) => byte_moments::<FLIP_P, FLIP_T, true, true>(a, b, n),
                (true, false) => byte_moments::<FLIP_P, FLIP_T, true, false>(a, b, n),
                (false, _) if ask.products => byte_moments::<FLIP_P, FLIP_T, false, true>(a, b, n),
                (false, _) => byte_minima::<FLIP_P, FLIP_T>(a, b, n),
            }
        }));
        total.p += u64::from(sums.p);
        total.t += u64::from(sums.t);
        total.pt += u64::from(sums.pt);
        if ask.squares {
            total.pp += u64::from(sums.pp);
            total.tt += u64::from(sums.tt);
        }
        if ask.minima {
            total.min_p += u64::from(sums.min);
        }
        at += n;
    }
    Some(total)
}

/// Σp² of codes that are all inside.
#[inline(always)]
pub(super) fn squares(view: ByteView) -> u64 {
    let parts = view.bytes.chunks(PRODUCTS);
    by_sign!(view, |FLIP| {
        // SAFETY: the bytes of the part.
        parts.map(|part| u64::from(unsafe { byte_squares::<FLIP>(part.as_ptr(), part.len()) })).sum()
    })
}

/// Pixels that are left out, or codes that are moved; `None` where no loop fits.
///
/// # Safety
///
/// Mask and region hold a byte or a bit for each pixel of the view.
#[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
#[inline(always)]
pub(super) unsafe fn byte_kept(view: ByteView, mask: Mask, region: Within, ask: Ask) -> Option<Tally<u64>> {
    let moved = Moved::new(&view)?;
    // SAFETY (all): the caller's.
    match mask {
        Mask::Bytes(ByteMask { bytes, meaning }) => {
            let marks = Marks::bytes(bytes.as_ptr());
            if let Shape::Ignoring { class, ignored } = meaning.shape() {
                // A class that is ignored has no pixel.
                if class == ignored {
                    return None;
                }
                let setting = Setting::new(class, ignored, moved);
                return unsafe { kept_in::<IGNORING, false>(view, marks, region, &setting, ask) };
            }
            by_kind!(meaning.shape(), |KIND, CHECK, class| unsafe {
                kept_in::<KIND, CHECK>(view, marks, region, &Setting::new(class, 0, moved), ask)
            })
        }
        Mask::Bits(run) => unsafe {
            kept_in::<BITS, false>(view, Marks::bits(run), region, &Setting::new(0, 0, moved), ask)
        },
        Mask::Own(cut @ 1..=255) => {
            // No mask is read.
            let none = Marks::bytes(view.bytes.as_ptr());
            let setting = Setting::new(cut as u8, 0, moved);
            unsafe { kept_in::<OWN, false>(view, none, region, &setting, ask) }
        }
        Mask::Own(_) => None,
    }
}

/// # Safety
///
/// As [`byte_kept`].
#[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
#[inline(always)]
unsafe fn kept_in<const KIND: u8, const CHECK: bool>(
    view: ByteView,
    marks: Marks,
    region: Within,
    setting: &Setting,
    ask: Ask,
) -> Option<Tally<u64>> {
    let moved = view.codes != ByteCodes::PLAIN;
    // SAFETY (all): the caller's.
    macro_rules! run {
        ($region:expr, $inside:expr, $moved:literal, $squares:literal) => {
            by_sign!(view, |FLIP| unsafe {
                kept_blocks::<Way<FLIP, KIND, CHECK, { $region }, $moved, $squares>>(view, marks, $inside, setting)
            })
        };
    }
    macro_rules! asked {
        ($region:expr, $inside:expr) => {
            match (moved, ask.squares) {
                (false, false) => run!($region, $inside, false, false),
                (false, true) => run!($region, $inside, false, true),
                (true, false) => run!($region, $inside, true, false),
                (true, true) => run!($region, $inside, true, true),
            }
        };
    }
    Some(match region {
        // Nothing is left out, and nothing moved: other loops take that.
        Within::Everywhere if !moved && KIND != IGNORING => return None,
        Within::Everywhere => asked!(EVERYWHERE, Marks::bytes(view.bytes.as_ptr())),
        Within::Bytes(bytes) => asked!(IN_BYTES, Marks::bytes(bytes.as_ptr())),
        Within::Bits(run) => asked!(IN_BITS, Marks::bits(run)),
    })
}

/// # Safety
///
/// As [`byte_kept`].
#[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
#[inline(always)]
unsafe fn kept_blocks<H: kept::How>(view: ByteView, marks: Marks, region: Marks, setting: &Setting) -> Tally<u64> {
    let (p, pixels) = (view.bytes.as_ptr(), view.bytes.len());
    let mut total = Tally::default();
    let mut at = 0;
    while at < pixels {
        let n = (pixels - at).min(PRODUCTS);
        // SAFETY: at + n ≤ pixels, of which mask and region hold as many; where there is none, nothing is read of it.
        let KeptSums { kept, clamped, p, t, pt, pp, broken } = unsafe {
            let marks = if H::KIND == OWN { marks } else { marks.skip(at, H::KIND == BITS) };
            let region = if H::REGION == EVERYWHERE { region } else { region.skip(at, H::REGION == IN_BITS) };
            kept::byte_kept::<H>(p.add(at), marks, region, n, setting)
        };
        total.kept += u64::from(kept);
        total.ignored += n as u64 - u64::from(kept);
        total.clamped += u64::from(clamped);
        total.broken += u64::from(broken);
        total.p += u64::from(p);
        total.t += u64::from(t);
        total.pt += u64::from(pt);
        total.pp += u64::from(pp);
        at += n;
    }
    total
}
