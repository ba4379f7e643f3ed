//! 8-bit codes with their own mask and beside those of the last map, block by block.

use super::{BYTES, follow_bytes};
use crate::element::Element;
use crate::pixels::{ByteCodes, Tally};

/// As `kernel::follow`.
#[inline(always)]
pub(crate) fn follow<E: Element>(
    element: &E,
    map: &[E::Raw],
    last: &mut [E::Raw],
    cut: u32,
) -> Option<[Tally<u64>; 2]> {
    // Declared values are looked at before they are summed, which this loop does not.
    if E::DECLARED {
        return None;
    }
    let view = element.bytes(map)?;
    let cut = u8::try_from(cut).ok().filter(|&cut| cut > 0)?;
    // Elements of bytes alone have a view of bytes.
    if view.codes != ByteCodes::PLAIN || map.len() != last.len() || cfg!(soft_dice_backend = "scalar") {
        return None;
    }
    let (pixels, from, to) = (map.len(), view.bytes.as_ptr(), last.as_mut_ptr().cast::<u8>());
    let mut all = [Tally { kept: pixels as u64, ..Tally::default() }; 2];
    let mut at = 0;
    while at < pixels {
        let n = (pixels - at).min(BYTES);
        // SAFETY: at + n ≤ pixels, the bytes of both.
        let found = unsafe {
            let (from, to) = (from.add(at), to.add(at));
            if view.flip == 0 {
                follow_bytes::<false>(from, to, n, cut)
            } else {
                follow_bytes::<true>(from, to, n, cut)
            }
        };
        let [own, beside] = &mut all;
        own.p += u64::from(found.p);
        own.t += u64::from(found.t);
        own.pt += u64::from(found.pt);
        beside.p += u64::from(found.p);
        beside.t += u64::from(found.last);
        // Σmin = (Σp + Σlast − Σ|p − last|) / 2, and twice a sum fits 32 bits.
        beside.min_p += u64::from((found.p + found.last - found.changed) / 2);
        at += n;
    }
    Some(all)
}
