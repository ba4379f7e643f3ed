//! 8-bit codes: which loop takes a pair, block by block.

use super::prepared::{self, BLOCK, Groups, Moved, Room, Side};
use super::{
    BYTES, ByteCodes, CLASS, Found, NON_ZERO, PRODUCTS, ZERO_FULL, ZERO_ONE, blocks, byte_bits, byte_byte, byte_mask,
    byte_minima, byte_moments, byte_own, byte_squares,
};
use crate::pixels::{Ask, BitRun, ByteMask, ByteView, Mask, Meaning, Shape, Tally, Within};

/// Sums of the pixels `at .. at + n` of a mask, whose plain codes begin at `p`; `None` where no loop fits. For the blocks of
/// [`byte_kept`]: [`byte_hard`] matches on the mask outside its loop over blocks, so that what is matched folds away.
///
/// # Safety
///
/// The codes are readable for `n` ≤ [`BYTES`] bytes, and the mask holds `at + n` pixels.
#[inline(always)]
unsafe fn found(p: *const u8, flip: u8, mask: &Mask, at: usize, n: usize) -> Option<Found<u32>> {
    let view = ByteView { bytes: &[], flip, codes: ByteCodes::PLAIN };
    // SAFETY (all): the caller's; what the loops need is in the build.
    match *mask {
        Mask::Bytes(ByteMask { bytes, meaning }) => by_kind!(meaning.shape(), |KIND, CHECK, class| {
            by_sign!(view, |FLIP| Some(unsafe { byte_mask::<FLIP, KIND, CHECK>(p, bytes.as_ptr().add(at), n, class) }))
        }),
        Mask::Bits(BitRun { bytes, shift, msb_first }) => by_sign!(view, |FLIP| Some(unsafe {
            let (bits, offset) = (bytes.as_ptr().add((shift + at) / 8), (shift + at) % 8);
            if msb_first {
                byte_bits::<FLIP, true>(p, bits, offset, n)
            } else {
                byte_bits::<FLIP, false>(p, bits, offset, n)
            }
        })),
        Mask::Own(cut @ 1..=255) => by_sign!(view, |FLIP| Some(unsafe { byte_own::<FLIP>(p, n, cut as u8) })),
        Mask::Own(_) => None,
    }
}

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

/// Of plain codes that are decided to be 1 from `cut` on, × a byte mask everywhere; `None` where no loop fits.
///
/// # Safety
///
/// As [`byte_hard`].
#[cfg(all(soft_dice_lanes = "swar", not(soft_dice_lanes = "thumb1")))]
#[inline(always)]
pub(super) unsafe fn byte_cut(view: ByteView, mask: Mask, cut: u32) -> Option<Tally<u64>> {
    let (Mask::Bytes(ByteMask { bytes, meaning }), Ok(cut @ 1..)) = (mask, u8::try_from(cut)) else { return None };
    if view.codes != ByteCodes::PLAIN {
        return None;
    }
    let (p, g) = (view.bytes.as_ptr(), bytes.as_ptr());
    Some(by_kind!(meaning.shape(), |KIND, CHECK, class| by_sign!(view, |FLIP| {
        blocks(view.bytes.len(), BYTES, |at, n| {
            // SAFETY: at + n ≤ pixels, the length of both: the caller's.
            unsafe { super::swar::byte_decided::<FLIP, KIND, CHECK>(p.add(at), g.add(at), n, class, cut) }
        })
    })))
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

/// Pixels that are left out, or codes that are moved; `None` where no loop fits, or other loops do.
///
/// # Safety
///
/// Mask and region hold a byte or a bit for each pixel of the view.
#[inline(always)]
pub(super) unsafe fn byte_kept(view: ByteView, mask: Mask, region: Within, ask: Ask) -> Option<Tally<u64>> {
    let plain = view.codes == ByteCodes::PLAIN;
    #[cfg(all(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"), not(soft_dice_lanes = "small")))]
    if !ask.squares
        && let Mask::Bytes(mask) = mask
        // SAFETY: the caller's.
        && let Some(tally) = unsafe { super::kept::fused(view, mask, region) }
    {
        return Some(tally);
    }
    let shape = match mask {
        Mask::Bytes(ByteMask { meaning, .. }) => meaning.shape(),
        Mask::Bits(_) | Mask::Own(1..=255) => Shape::NonZero,
        Mask::Own(_) => Shape::Other,
    };
    let (background, ignored) = match shape {
        Shape::Other => return None,
        Shape::Class(class) => (!class, None),
        Shape::Ignoring { ignored, .. } => (ignored, Some(ignored)),
        _ => (0, None),
    };
    if plain && ignored.is_none() && matches!(region, Within::Everywhere) {
        return None;
    }
    let moved = Moved::new(&view)?;
    let fill = [moved.raw, u32::from(background) * 0x0101_0101];
    let (mut room_p, mut room_g) = (Room::NEW, Room::NEW);
    let (to_p, to_g) = (room_p.groups(), room_g.groups());
    let (pixels, mut total) = (view.bytes.len(), Tally::default());
    let mut at = 0;
    while at < pixels {
        let n = (pixels - at).min(BLOCK);
        // SAFETY: at + n ≤ pixels, of which mask and region hold as many: the caller's. A block fits the rooms.
        unsafe {
            let mut p = view.bytes.as_ptr().add(at);
            let mut kept = n as u32;
            let (mut mask, inside) = match mask {
                // Of bits that a region leaves out, bytes are written.
                Mask::Bits(bits) if !matches!(region, Within::Everywhere) => {
                    prepared::as_bytes(bits.skip(at), n, to_g);
                    (of_bytes(to_g.cast(), n, Meaning::declared(1, false)), true)
                }
                Mask::Bytes(ByteMask { bytes, meaning }) => (of_bytes(bytes.as_ptr().add(at), n, meaning), true),
                Mask::Bits(bits) => (Mask::Bits(bits.skip(at)), false),
                Mask::Own(cut) => (Mask::Own(cut), false),
            };
            if !matches!(region, Within::Everywhere) {
                let side = Side { from: p, fill: fill[0], to: to_p };
                kept = within::<true>(side, region, at, n);
                p = to_p.cast();
                if inside && let Mask::Bytes(ByteMask { bytes, meaning }) = mask {
                    within::<false>(Side { from: bytes.as_ptr(), fill: fill[1], to: to_g }, region, at, n);
                    mask = of_bytes(to_g.cast(), n, meaning);
                }
            }
            if let (Shape::Ignoring { class, ignored }, Mask::Bytes(ByteMask { bytes: labels, .. })) = (shape, mask) {
                let side = Side { from: p, fill: fill[0], to: to_p };
                kept = prepared::unless_ignored(side, labels.as_ptr(), ignored, n);
                p = to_p.cast();
                mask = of_bytes(labels.as_ptr(), n, Meaning::class(class, None));
            }
            let mut flip = view.flip;
            if !plain {
                flip = prepared::flip_of_moved(flip);
                total.clamped += u64::from(by_sign!(view, |FLIP| prepared::moved::<FLIP>(p, n, &moved, to_p)));
                p = to_p.cast();
            }
            let mut found = found(p, flip, &mask, 0, n).unwrap_or_default();
            if matches!(shape, Shape::Ignoring { class, ignored } if class == ignored) {
                // A class that is ignored has no pixel.
                (found.t, found.pt) = (0, 0);
            }
            total.kept += u64::from(kept);
            total.broken += u64::from(found.broken);
            total.p += u64::from(found.p);
            total.t += u64::from(found.t);
            total.pt += u64::from(found.pt);
            if ask.squares {
                let view = ByteView { bytes: &[], flip, codes: ByteCodes::PLAIN };
                total.pp += u64::from(by_sign!(view, |FLIP| byte_squares::<FLIP>(p, n)));
            }
        }
        at += n;
    }
    total.ignored = pixels as u64 - total.kept;
    Some(total)
}

/// # Safety
///
/// `n` bytes are readable as long as the mask is used.
#[inline(always)]
const unsafe fn of_bytes<'a>(at: *const u8, n: usize, meaning: Meaning) -> Mask<'a> {
    // SAFETY: the caller's.
    Mask::Bytes(ByteMask { bytes: unsafe { core::slice::from_raw_parts(at, n) }, meaning })
}

/// Writes what is in the region; with `COUNT`, how many pixels those are.
///
/// # Safety
///
/// The region holds `at + n` pixels, the side `n` ≤ [`BLOCK`], and a room is written.
#[inline(always)]
unsafe fn within<const COUNT: bool>(side: Side, region: Within, at: usize, n: usize) -> u32 {
    // SAFETY: the caller's.
    unsafe {
        match region {
            Within::Everywhere => n as u32,
            // Where text is short, one loop counts whether that is asked or not.
            Within::Bytes(bytes) if cfg!(soft_dice_lanes = "small") => {
                prepared::in_bytes::<true>(side, bytes.as_ptr().add(at), n)
            }
            Within::Bits(bits) if cfg!(soft_dice_lanes = "small") => prepared::in_bits::<true>(side, bits.skip(at), n),
            Within::Bytes(bytes) => prepared::in_bytes::<COUNT>(side, bytes.as_ptr().add(at), n),
            Within::Bits(bits) => prepared::in_bits::<COUNT>(side, bits.skip(at), n),
        }
    }
}

/// 8-bit codes × 8-bit codes in a region; `None` where there is none, or no loop fits.
///
/// # Safety
///
/// Both views and the region hold the same number of pixels.
#[inline(always)]
pub(super) unsafe fn byte_pair_kept(a: ByteView, b: ByteView, region: Within, ask: Ask) -> Option<Tally<u64>> {
    if matches!(region, Within::Everywhere) || a.codes != ByteCodes::PLAIN || b.codes != ByteCodes::PLAIN {
        return None;
    }
    let (mut room_p, mut room_g) = (Room::NEW, Room::NEW);
    let (to_p, to_g): (Groups, Groups) = (room_p.groups(), room_g.groups());
    let (pixels, mut total, mut count) = (a.bytes.len(), Tally::default(), 0u64);
    let mut at = 0;
    while at < pixels {
        let n = (pixels - at).min(BLOCK);
        // SAFETY: at + n ≤ pixels, of which all hold as many: the caller's. A block fits the rooms, and is in them.
        unsafe {
            let [p, t] = [(a, to_p), (b, to_g)].map(|(view, to)| {
                let fill = u32::from(view.flip) * 0x0101_0101;
                Side { from: view.bytes.as_ptr().add(at), fill, to }
            });
            count += u64::from(within::<true>(p, region, at, n));
            within::<false>(t, region, at, n);
            let of = |at: Groups, view: &ByteView| ByteView {
                bytes: core::slice::from_raw_parts(at.cast(), n),
                flip: view.flip,
                codes: ByteCodes::PLAIN,
            };
            let (a, b) = (of(to_p, &a), of(to_g, &b));
            total.join(&if ask.squares || ask.minima { byte_sums(a, b, ask)? } else { byte_soft(a, b)? });
        }
        at += n;
    }
    (total.kept, total.ignored) = (count, pixels as u64 - count);
    Some(total)
}
