//! Half floats × 8-bit codes, for cores without a loop that multiplies them in lanes.
//!
//! ```text
//! for each pixel:
//!     seen |= 1.0 − bits                     below 0 where a value is outside [0, 1]: the plain loop takes the block
//!     p = x · 2²⁴, by shifts of the bits     a whole number, at most 2²⁴
//!     Σp += p;  Σt += t;  Σpt += p · t
//! ```
//!
//! **Overflow.** Codes of a block of 240 fit 32 bits; a product is at most 2³², and those of a call of 2³¹ pixels fit 63.

use super::{Found, careful_blocks};
use crate::pixels::{ByteCodes, ByteView, Tally};

/// Bits of 1.0.
const ONE: u32 = 0x3C00;

/// Pixels of a block.
const BLOCK: usize = 240;
const _: () = assert!((BLOCK as u64) << 24 < 1 << 32);
/// The core multiplies to 32 bits alone: the halves of a code go into sums of their own, of which the lower is that of products
/// below 2²⁴.
const SHORT: bool = cfg!(soft_dice_lanes = "thumb1");

/// The sums of all pixels, of which there are as many on either side; `careful` takes those of a block with a value outside.
/// `None` where codes of the bytes are not themselves.
#[inline(always)]
pub(super) fn half_bytes(
    p: &[u16],
    view: ByteView<'_>,
    careful: impl Fn(usize, usize) -> Tally<u64>,
) -> Option<Tally<u64>> {
    if view.codes != ByteCodes::PLAIN {
        return None;
    }
    let one = |at: usize, n: usize| {
        let (p, t) = (p.get(at..).unwrap_or_default(), view.bytes.get(at..).unwrap_or_default());
        block(p.get(..n).unwrap_or_default(), t, view.flip).map_or((Found::default(), 0), |found| (found, n))
    };
    Some(careful_blocks(p.len(), BLOCK, BLOCK, one, careful))
}

#[inline(never)]
fn block(p: &[u16], t: &[u8], flip: u8) -> Option<Found> {
    let ([mut sp, mut st, mut outside, mut low, mut high], mut spt) = ([0u32; 5], 0u64);
    for (&bits, &byte) in p.iter().zip(t) {
        let (bits, t) = (u32::from(bits), u32::from(byte ^ flip));
        outside |= ONE.wrapping_sub(bits);
        // One less than the exponent, or 0 of 0: at most 14 of a value inside.
        let exponent = bits >> 10;
        let down = exponent - ((exponent + 15) >> 4);
        let p = bits.wrapping_sub(down << 10) << (down & 31);
        sp = sp.wrapping_add(p);
        st += t;
        if SHORT {
            low = low.wrapping_add((p & 0xFFFF) * t);
            high += (p >> 16) * t;
        } else {
            spt += u64::from(p) * u64::from(t);
        }
    }
    spt += u64::from(low) + (u64::from(high) << 16);
    ((outside as i32) >= 0).then_some(Found { p: sp.into(), t: st.into(), pt: spt, ..Found::default() })
}
