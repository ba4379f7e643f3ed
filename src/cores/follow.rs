//! 8-bit codes with their own mask and beside those of the last map, block by block.

#[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
use super::lines::copy;
use super::prepared::{BLOCK, Groups, Moved, flip_of_moved, moved};
use super::{BYTES, Followed, follow_bytes};
use crate::element::Element;
use crate::pixels::{ByteCodes, ByteView, Tally};
use core::mem::MaybeUninit;
#[cfg(soft_dice_lanes = "swar")]
use core::ptr::copy_nonoverlapping as copy;

/// As `kernel::follow`.
#[inline(always)]
pub(crate) fn follow<E: Element>(
    element: &E,
    map: &[E::Raw],
    last: &mut [E::Raw],
    cut: u32,
) -> Option<[Tally<u64>; 2]> {
    // Declared values are looked at before they are summed, which this loop does not. Elements of bytes alone have a view of
    // bytes. All of this is known when the crate is built: a watch of bytes links this way alone.
    if E::DECLARED || cfg!(soft_dice_backend = "scalar") {
        return None;
    }
    let view = element.bytes(map)?;
    let kept = map.len().min(last.len()) as u64;
    let mut all = [Tally { kept, ..Tally::default() }; 2];
    let [own, beside] = &mut all;
    // SAFETY: `last` has a byte for each.
    own.clamped = unsafe {
        blocks(&view, last.as_mut_ptr().cast(), kept as usize, cut, |found| {
            own.p += u64::from(found.p);
            own.t += u64::from(found.t);
            own.pt += u64::from(found.pt);
            beside.p += u64::from(found.p);
            beside.t += u64::from(found.last);
            // Σmin = (Σp + Σlast − Σ|p − last|) / 2, and twice a sum fits 32 bits.
            beside.min_p += u64::from((found.p + found.last - found.changed) / 2);
        })
    };
    Some(all)
}

/// Pixels whose codes are written anew at a time, of either map: few where stack and text are short.
const HALF: usize = if cfg!(soft_dice_lanes = "small") { 32 } else { BLOCK / 2 };
const _: () = assert!(HALF.is_multiple_of(8));

/// Each block's sums, and how many pixels were clamped. Codes that are moved are written on the stack first, as `prepared` does.
///
/// # Safety
///
/// `to` is readable and writable for `pixels` bytes, and the view holds as many.
#[inline(always)]
unsafe fn blocks(view: &ByteView, mut to: *mut u8, pixels: usize, cut: u32, mut found: impl FnMut(Followed)) -> u64 {
    let ByteView { bytes, flip, codes: ByteCodes { floor, top, .. } } = *view;
    let plain = view.codes == ByteCodes::PLAIN;
    let moves = Moved::new(view);
    let mut from = bytes.as_ptr();
    let (mut room, mut clamped, mut left) = (MaybeUninit::<[[[u32; 2]; HALF / 8]; 2]>::uninit(), 0, pixels);
    // A cut above every code takes none.
    let (byte, none) = (cut.min(255) as u8, cut > 255);
    while left > 0 {
        let n = left.min(if plain { BYTES } else { HALF });
        // SAFETY: n is no more than is left of both, and what is moved no more than a half holds.
        let sums = unsafe {
            if plain {
                if flip == 0 {
                    follow_bytes::<false>(from, to, n, byte)
                } else {
                    follow_bytes::<true>(from, to, n, byte)
                }
            } else {
                let now: Groups = room.as_mut_ptr().cast();
                let before = now.wrapping_add(HALF / 8);
                let sums = match &moves {
                    Some(moves) => by_sign!(view, |FLIP| {
                        clamped += u64::from(moved::<FLIP>(from, n, moves, now));
                        moved::<FLIP>(to, n, moves, before);
                        if flip_of_moved(flip) == 0 {
                            follow_bytes::<false>(now.cast(), before.cast(), n, byte)
                        } else {
                            follow_bytes::<true>(now.cast(), before.cast(), n, byte)
                        }
                    }),
                    // Every code is 0.
                    None => {
                        let out = |&at: &usize| (*from.add(at) ^ flip).wrapping_sub(floor) > top;
                        clamped += (0..n).filter(out).count() as u64;
                        Followed { p: 0, last: 0, changed: 0, t: if cut == 0 { n as u32 } else { 0 }, pt: 0 }
                    }
                };
                copy(from, to, n);
                sums
            }
        };
        found(if none { Followed { t: 0, pt: 0, ..sums } } else { sums });
        (from, to, left) = (from.wrapping_add(n), to.wrapping_add(n), left - n);
    }
    clamped
}
