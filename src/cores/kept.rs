//! 8-bit codes × byte masks in one pass, where pixels are left out or codes are moved: which loop takes them.
//!
//! `prepared` writes such blocks anew, and lets the loops for plain codes take them: that is right for any pair, and costs as
//! many loads and stores more. The pairs that devices have most go without: a region or an ignore label beside plain codes, and
//! moved codes everywhere. Each kind is a loop of its own, so that where text is short there are none.

#[cfg(soft_dice_lanes = "dsp")]
use super::dsp::{byte_kept, byte_unless};
#[cfg(soft_dice_lanes = "helium")]
use super::helium::byte_kept;
#[cfg(soft_dice_lanes = "helium")]
use super::which::UNLESS;
use super::which::{ALL, ANYHOW, BELOW, IN_BITS, IN_BYTES, Inside, Kept, PLAIN, SILENCED, TAKEN_OFF};
use super::{BYTES, CLASS, NON_ZERO, ZERO_FULL, ZERO_ONE};
use crate::pixels::{BitRun, ByteCodes, ByteMask, ByteView, Shape, Tally, Within};

/// `None` where other loops take the pair.
///
/// # Safety
///
/// Mask and region hold a byte or a bit for each pixel of the view.
#[inline(always)]
pub(super) unsafe fn fused(view: ByteView, mask: ByteMask, region: Within) -> Option<Tally<u64>> {
    let shape = mask.meaning.shape();
    let plain = view.codes == ByteCodes::PLAIN;
    // SAFETY (all): the caller's.
    macro_rules! run {
        ($in:ident, $how:ident) => {
            Some(by_kind!(shape, |KIND, CHECK, class| by_sign!(view, |FLIP| unsafe {
                all(view, region, 0, |p, at, inside, n| {
                    byte_kept::<FLIP, KIND, CHECK, $in, $how>(
                        p,
                        mask.bytes.as_ptr().add(at),
                        inside,
                        n,
                        class,
                        view.codes,
                    )
                })
            })))
        };
    }
    match (plain, region) {
        (true, Within::Everywhere) => {
            let Shape::Ignoring { class, ignored } = shape else { return None };
            let mut found = by_sign!(view, |FLIP| unsafe {
                all(view, region, ignored.into(), |p, at, inside, n| {
                    let g = mask.bytes.as_ptr().add(at);
                    #[cfg(soft_dice_lanes = "helium")]
                    return byte_kept::<FLIP, CLASS, false, UNLESS, PLAIN>(p, g, inside, n, class, view.codes);
                    // A loop of its own: beside what the others hold, the registers have no room for one more label.
                    #[cfg(soft_dice_lanes = "dsp")]
                    byte_unless::<FLIP>(p, g, n, class, inside.place as u8)
                })
            });
            if class == ignored {
                // A class that is ignored has no pixel.
                (found.t, found.pt) = (0, 0);
            }
            Some(found)
        }
        (true, Within::Bytes(_)) => run!(IN_BYTES, PLAIN),
        (true, Within::Bits(_)) => run!(IN_BITS, PLAIN),
        (false, Within::Everywhere) => match view.codes {
            ByteCodes { dead, top, .. } if dead >= top => None,
            ByteCodes { floor: 0, top: 255, .. } => run!(ALL, SILENCED),
            ByteCodes { floor, top, dead: 0 } if top == 255 - floor => run!(ALL, TAKEN_OFF),
            ByteCodes { floor, top, .. } if top == 255 - floor => run!(ALL, BELOW),
            _ => run!(ALL, ANYHOW),
        },
        _ => None,
    }
}

/// All blocks, whose sums fit 32 bits.
///
/// # Safety
///
/// The region holds the pixels of the view.
#[inline(always)]
unsafe fn all(
    view: ByteView,
    region: Within,
    ignored: usize,
    one: impl Fn(*const u8, usize, Inside, usize) -> Kept,
) -> Tally<u64> {
    let (pixels, mut total) = (view.bytes.len(), Tally::default());
    let mut at = 0;
    while at < pixels {
        let n = (pixels - at).min(BYTES);
        // SAFETY: at < pixels, of which the region holds as many: the caller's.
        let (p, inside) = unsafe {
            let (region, place) = match region {
                Within::Everywhere => (view.bytes.as_ptr(), ignored),
                Within::Bytes(bytes) => (bytes.as_ptr().add(at), 0),
                Within::Bits(BitRun { bytes, shift, .. }) => (bytes.as_ptr().add((shift + at) / 8), (shift + at) % 8),
            };
            (view.bytes.as_ptr().add(at), Inside { region, place })
        };
        let Kept { p, t, pt, kept, clamped, broken } = one(p, at, inside, n);
        total.kept += u64::from(kept);
        total.clamped += u64::from(clamped);
        total.broken += u64::from(broken);
        total.p += u64::from(p);
        total.t += u64::from(t);
        total.pt += u64::from(pt);
        at += n;
    }
    total.ignored = pixels as u64 - total.kept;
    total
}
