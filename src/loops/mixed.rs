//! Pairs that no family takes: unlike formats, 16-bit codes, half floats, tables. Codes are decoded to 32 bits, a block at a
//! time, and the sums are of those. The linear sums of some have a quicker way, which is tried first: bytes against floats
//! (`unlike`) and tables against byte masks (`looked_up`) here, and half floats and 16-bit codes (`halves`) before.
//!
//! ```text
//! for each block of 512 pixels:
//!     p[i], t[i] = codes, or 1 and 0 of a hard target        one short loop for each format
//!     keep[i]    = all ones, or 0 where a label or the region leaves the pixel out; p[i], t[i] &= keep[i]
//!     Σp, Σt += p[i], t[i];  Σpt += p[i]·t[i], or p[i] & −t[i];  Σp², Σt², Σmin alike
//! ```
//!
//! No loop has a branch on a value, so that the compiler makes each into vectors of the backend that it is compiled for. The
//! block with a value that needs care (out of range, clamped, a broken mask) is not added: the run ends before it.
//!
//! **Overflow.** Codes are at most 2²⁴, and their products and squares at most 2⁴⁸: [`RUN`] pixels of those fit 64 bits (2⁶²).

use super::family::View;
use super::looked_up::table_by_mask;
use super::sweep::{Job, Swept};
use super::unlike::bytes_by_floats;
use crate::lanes::Lanes;
use crate::pixels::{
    Ask, ByteCodes, ByteMask, ByteView, Decoded, FloatView, Mask, ONE_BITS, Shape, Tally, Within, WordView,
};

/// Pixels of a block.
pub(crate) const BLOCK: usize = 512;
/// Pixels of a run at most.
pub(crate) const RUN: usize = 1 << 14;
const _: () = assert!((RUN as u128) << 48 < 1 << 64);

/// What the prediction is compared with.
#[derive(Clone, Copy)]
pub(crate) enum Other<'a> {
    /// A soft map.
    Soft(Decoded<'a>),
    /// A hard target.
    Hard(&'a Mask<'a>),
}

/// A run of at most [`RUN`] pixels of a pair: gives how many it has added, from the first on.
pub(crate) struct Mixed<'a, 't> {
    pub p: Decoded<'a>,
    pub other: Other<'a>,
    pub region: &'a Within<'a>,
    /// From this pixel of the sides on, and so many.
    pub at: usize,
    pub pixels: usize,
    pub ask: Ask,
    pub tally: &'t mut Tally<u64>,
}

impl Job for Mixed<'_, '_> {
    type Out = usize;

    #[inline(always)]
    unsafe fn run<L: Lanes>(self, lanes: L) -> usize {
        let Self { p: of_p, other, region, at: from, pixels, ask, tally } = self;
        if let (Other::Soft(of_t), Within::Everywhere, false) = (other, region, ask.squares || ask.minima)
            && let Some(swept) = unlike(lanes, of_p, of_t, from, pixels)
        {
            *tally = swept.tally;
            return swept.taken;
        }
        if let (Decoded::Table { bytes, flip, codes }, Other::Hard(Mask::Bytes(mask)), Within::Everywhere, false) =
            (of_p, other, region, ask.squares)
            && let Some(found) = masked_table(bytes, flip, codes, *mask, from, pixels)
        {
            *tally = found;
            return pixels;
        }
        let (mut p, mut t, mut keep) = ([0; BLOCK], [0; BLOCK], [0; BLOCK]);
        let end = from + pixels;
        let mut at = from;
        while at < end {
            let n = BLOCK.min(end - at);
            let (Some(p), Some(t), Some(keep)) = (p.get_mut(..n), t.get_mut(..n), keep.get_mut(..n)) else { break };
            if !decode(of_p, at, p) {
                break;
            }
            let (fine, all) = match other {
                Other::Soft(of_t) => (decode(of_t, at, t), true),
                Other::Hard(mask) => marks(mask, at, p, t, keep),
            };
            if !fine {
                break;
            }
            let everywhere = matches!(region, Within::Everywhere);
            if !everywhere {
                inside(region, at, keep, all);
            }
            let kept = if everywhere && all { n as u64 } else { leave_out(p, t, keep) };
            tally.kept += kept;
            tally.ignored += n as u64 - kept;
            add(p, t, matches!(other, Other::Hard(_)), ask, tally);
            at += n;
        }
        at - from
    }
}

/// Bytes beside floats, which have a sweep of their own, on whichever side they are; `None` of others, and where that took nothing.
#[inline(always)]
fn unlike<L: Lanes>(lanes: L, p: Decoded<'_>, t: Decoded<'_>, at: usize, pixels: usize) -> Option<Swept> {
    let (bytes, floats, swapped) = match (p, t) {
        (Decoded::Bytes(bytes), Decoded::Floats(floats)) => (bytes, floats, false),
        (Decoded::Floats(floats), Decoded::Bytes(bytes)) => (bytes, floats, true),
        _ => return None,
    };
    let mut swept = bytes_by_floats(lanes, View::part(&bytes, at, pixels), View::part(&floats, at, pixels));
    if swapped {
        let tally = &mut swept.tally;
        (tally.p, tally.t) = (tally.t, tally.p);
    }
    (swept.taken > 0).then_some(swept)
}

/// Bytes through a table beside a mask of bytes; `None` where that is not as declared, or of a shape that is rare.
#[inline(always)]
fn masked_table(
    bytes: &[u8],
    flip: u8,
    codes: &[u32; 256],
    mask: ByteMask<'_>,
    at: usize,
    pixels: usize,
) -> Option<Tally<u64>> {
    let (bytes, marks) = (bytes.get(at..)?.get(..pixels)?, mask.bytes.get(at..)?.get(..pixels)?);
    table_by_mask(bytes, flip, codes, ByteMask { bytes: marks, ..mask })
}

/// Zeros where a pixel is left out; how many are not.
#[inline(always)]
fn leave_out(p: &mut [u32], t: &mut [u32], keep: &[u32]) -> u64 {
    let mut kept = 0u32;
    for ((p, t), &keep) in p.iter_mut().zip(t).zip(keep) {
        *p &= keep;
        *t &= keep;
        kept += keep & 1;
    }
    kept.into()
}

#[inline(always)]
fn add(p: &[u32], t: &[u32], hard: bool, ask: Ask, tally: &mut Tally<u64>) {
    let (mut sum_p, mut sum_t, mut both) = (0, 0, 0);
    for (&p, &t) in p.iter().zip(t) {
        sum_p += u64::from(p);
        sum_t += u64::from(t);
        // Of a hard target, whose codes are 1 and 0, all ones where it is 1.
        both += if hard { u64::from(p & t.wrapping_neg()) } else { u64::from(p) * u64::from(t) };
    }
    tally.p += sum_p;
    tally.t += sum_t;
    tally.pt += both;
    if ask.squares {
        let squares = |codes: &[u32]| codes.iter().map(|&code| u64::from(code) * u64::from(code)).sum::<u64>();
        tally.pp += squares(p);
        tally.tt += if hard { 0 } else { squares(t) };
    }
    if ask.minima && !hard {
        tally.min_p += p.iter().zip(t).map(|(&p, &t)| u64::from(p.min(t))).sum::<u64>();
    }
}

/// Codes of as many pixels as `to` has; false where one needs care.
#[inline(always)]
fn decode(from: Decoded<'_>, at: usize, to: &mut [u32]) -> bool {
    let n = to.len();
    match from {
        Decoded::Bytes(ByteView { bytes, flip, codes: ByteCodes { floor, top, dead } }) => {
            let Some(bytes) = bytes.get(at..).and_then(|rest| rest.get(..n)) else { return false };
            let (mut least, mut most) = (255u8, 0u8);
            for (to, &byte) in to.iter_mut().zip(bytes) {
                let byte = byte ^ flip;
                (least, most) = (least.min(byte), most.max(byte));
                let code = byte.wrapping_sub(floor);
                *to = u32::from(if code > dead { code } else { 0 });
            }
            least >= floor && most.wrapping_sub(floor) <= top
        }
        Decoded::Halves { words, dead } => {
            let Some(words) = words.get(at..).and_then(|rest| rest.get(..n)) else { return false };
            to.iter_mut().zip(words).for_each(|(to, &word)| *to = u32::from(if word > dead { word } else { 0 }));
            true
        }
        Decoded::Words(WordView { words, dead, .. }) => {
            let Some(words) = words.get(at..).and_then(|rest| rest.get(..n)) else { return false };
            let mut any = 0u16;
            for (to, &word) in to.iter_mut().zip(words) {
                any |= word as u16;
                *to = u32::from(if word as u16 > dead { word as u16 } else { 0 });
            }
            any >> 15 == 0
        }
        Decoded::Floats(FloatView { floats, .. }) => {
            let Some(floats) = floats.get(at..).and_then(|rest| rest.get(..n)) else { return false };
            let mut most = 0u32;
            for (to, &value) in to.iter_mut().zip(floats) {
                most = most.max(value.to_bits());
                // RNE(p · 2²³): what adding 1 leaves in the mantissa, and one more bit for 1.0 itself.
                *to = (value + 1.0).to_bits().wrapping_sub(ONE_BITS);
            }
            most <= ONE_BITS
        }
        Decoded::Upper { bits, .. } => {
            let Some(bits) = bits.get(at..).and_then(|rest| rest.get(..n)) else { return false };
            let mut most = 0u32;
            for (to, &bits) in to.iter_mut().zip(bits) {
                let value = f32::from_bits(u32::from(bits) << 16);
                most = most.max(value.to_bits());
                *to = (value + 1.0).to_bits().wrapping_sub(ONE_BITS);
            }
            most <= ONE_BITS
        }
        Decoded::Half(bits) => {
            let Some(bits) = bits.get(at..).and_then(|rest| rest.get(..n)) else { return false };
            let mut most = 0u16;
            for (to, &bits) in to.iter_mut().zip(bits) {
                most = most.max(bits);
                let (exponent, fraction) = (u32::from(bits >> 10) & 31, u32::from(bits) & 0x3FF);
                // 2¹⁰ is not stored but where the exponent is 0, which counts as 1.
                let stored = u32::from(exponent != 0);
                *to = (fraction | stored << 10) << (exponent - stored);
            }
            most <= HALF_ONE
        }
        Decoded::Table { bytes, flip, codes } => {
            let Some(bytes) = bytes.get(at..).and_then(|rest| rest.get(..n)) else { return false };
            to.iter_mut().zip(bytes).for_each(|(to, &byte)| *to = codes[usize::from(byte ^ flip)]);
            true
        }
    }
}

/// The bits of 1.0 in half precision.
const HALF_ONE: u16 = 0x3C00;

/// 1 and 0 of a hard target, and what is kept; whether the declaration holds, and whether all is kept.
#[inline(always)]
fn marks(mask: &Mask<'_>, at: usize, p: &[u32], to: &mut [u32], keep: &mut [u32]) -> (bool, bool) {
    let n = to.len();
    match *mask {
        Mask::Bytes(ByteMask { bytes, meaning }) => {
            let Some(bytes) = bytes.get(at..).and_then(|rest| rest.get(..n)) else { return (false, true) };
            match meaning.shape() {
                Shape::NonZero => {
                    to.iter_mut().zip(bytes).for_each(|(to, &byte)| *to = u32::from(byte != 0));
                    (true, true)
                }
                Shape::ZeroOne { checked } => {
                    let most = bytes.iter().fold(0, |most, &byte| byte.max(most));
                    to.iter_mut().zip(bytes).for_each(|(to, &byte)| *to = u32::from(byte != 0));
                    (!checked || most <= 1, true)
                }
                Shape::ZeroFull { checked } => {
                    // 255 and 0 are what adding 1 makes 0 and 1.
                    let most = bytes.iter().fold(0, |most, &byte| byte.wrapping_add(1).max(most));
                    to.iter_mut().zip(bytes).for_each(|(to, &byte)| *to = u32::from(byte != 0));
                    (!checked || most <= 1, true)
                }
                Shape::Class(class) => {
                    to.iter_mut().zip(bytes).for_each(|(to, &byte)| *to = u32::from(byte == class));
                    (true, true)
                }
                Shape::Ignoring { class, ignored } => {
                    to.iter_mut().zip(bytes).for_each(|(to, &byte)| *to = u32::from(byte == class));
                    keep.iter_mut()
                        .zip(bytes)
                        .for_each(|(keep, &byte)| *keep = u32::from(byte != ignored).wrapping_neg());
                    (true, false)
                }
                Shape::Other => (false, true),
            }
        }
        Mask::Bits(bits) => {
            let bits = bits.skip(at);
            to.iter_mut().enumerate().for_each(|(at, to)| *to = u32::from(bits.bit(at)));
            (true, true)
        }
        // The key of a code that is no float is the code.
        Mask::Own(cut) => {
            to.iter_mut().zip(p).for_each(|(to, &code)| *to = u32::from(code >= cut));
            (true, true)
        }
    }
}

/// Leaves out what lies outside of the region; `all` where nothing was left out before.
#[inline(always)]
fn inside(region: &Within<'_>, at: usize, keep: &mut [u32], all: bool) {
    if all {
        keep.fill(u32::MAX);
    }
    match region.skip(at) {
        Within::Everywhere => {}
        Within::Bytes(bytes) => {
            keep.iter_mut().zip(bytes).for_each(|(keep, &byte)| *keep &= u32::from(byte != 0).wrapping_neg());
        }
        Within::Bits(bits) => {
            keep.iter_mut().enumerate().for_each(|(at, keep)| *keep &= u32::from(bits.bit(at)).wrapping_neg());
        }
    }
}
