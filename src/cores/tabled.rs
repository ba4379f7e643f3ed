//! 8-bit codes that a table turns into codes of up to 2²³, those of a sigmoid, × byte masks; and floats whose sigmoids have such codes.
//!
//! ```text
//! for each block of at most 256 pixels:
//!     for each four of them:
//!         ones = 0 or 1 in each byte of the mask;  Σt += them       with the DSP extension: USUB8, SEL, USADA8
//!         for each pixel of the four:
//!             code = table[byte];  Σp += code                       UXTB, LDR, ADD
//!             Σpt += code · its one                                 UXTB, MLA
//!     what is left of the block, one by one
//! ```
//!
//! Without the DSP extension all are taken one by one, four to a turn; a signed byte is counted from the middle of the table.
//!
//! **Overflow.** 256 codes of 2²³ are 2³¹.

#[cfg(soft_dice_lanes = "swar")]
use super::seen::{CONDITIONAL, Seen, kept_apart, one_by_one};
#[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
use super::simd32::{BYTES, cells, orr, usada8};
#[cfg(soft_dice_lanes = "swar")]
use super::single::turn;
use super::{CLASS, Found, NON_ZERO, ZERO_FULL, ZERO_ONE};
use crate::element::Element;
use crate::pixels::{ByteMask, Mask, Shape, Tally};

/// Pixels of a block.
const BLOCK: usize = 256;
const _: () = assert!((BLOCK as u64) << 23 < 1 << 32);

/// The linear sums; `None` of a mask that is not of bytes, or of a shape that the loops do not know.
#[inline(always)]
pub(super) fn table_hard(bytes: &[u8], flip: u8, codes: &[u32; 256], mask: Mask<'_>) -> Option<Tally<u64>> {
    let Mask::Bytes(ByteMask { bytes: marks, meaning }) = mask else { return None };
    by_kind!(meaning.shape(), |KIND, CHECK, class| {
        let mut total = Found::<u64>::default();
        for (bytes, marks) in bytes.chunks(BLOCK).zip(marks.chunks(BLOCK)) {
            total.gather(block::<KIND, CHECK>(bytes, flip, codes, marks, class));
        }
        Some(total.tally(bytes.len()))
    })
}

/// The same of codes that a function gives: what is above 2²³ has no value, and is left out.
#[inline(always)]
pub(super) fn value_hard<P: Element>(element: &P, p: &[P::Raw], mask: Mask<'_>) -> Option<Tally<u64>> {
    let Mask::Bytes(ByteMask { bytes: marks, meaning }) = mask else { return None };
    by_kind!(meaning.shape(), |KIND, CHECK, class| {
        let (mut total, mut invalid) = (Found::<u64>::default(), 0);
        for (p, marks) in p.chunks(BLOCK).zip(marks.chunks(BLOCK)) {
            let mut found = Found::<u32>::default();
            let mut none = 0u32;
            element.each_code(p, marks, |code, mark| {
                if CHECK {
                    found.broken |= broken::<KIND>(mark);
                }
                if code > 1 << 23 {
                    none += 1;
                    return;
                }
                found.p = found.p.wrapping_add(code);
                if one::<KIND>(mark, class) {
                    found.t += 1;
                    found.pt = found.pt.wrapping_add(code);
                }
            });
            total.gather(found);
            invalid += u64::from(none);
        }
        let tally = total.tally(p.len());
        Some(Tally { kept: tally.kept - invalid, invalid, ..tally })
    })
}

/// Whether the byte of a mask is foreground.
#[inline(always)]
fn one<const KIND: u8>(mark: u8, class: u8) -> bool {
    if KIND == CLASS { mark == class } else { mark != 0 }
}

/// Whether a byte is none of the two of a declared mask.
#[inline(always)]
fn broken<const KIND: u8>(mark: u8) -> bool {
    mark != if KIND == ZERO_ONE { mark & 1 } else { (mark & 1).wrapping_neg() }
}

#[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
#[inline(always)]
fn block<const KIND: u8, const CHECK: bool>(
    bytes: &[u8],
    flip: u8,
    codes: &[u32; 256],
    marks: &[u8],
    class: u8,
) -> Found<u32> {
    let mut found = Found::<u32>::default();
    let (bytes, marks) = fours::<KIND, CHECK>(&mut found, bytes, flip, codes, marks, class);
    for (&byte, &mark) in bytes.iter().zip(marks) {
        if CHECK {
            found.broken |= broken::<KIND>(mark);
        }
        let code = codes[usize::from(byte ^ flip)];
        found.p = found.p.wrapping_add(code);
        if one::<KIND>(mark, class) {
            found.t += 1;
            found.pt = found.pt.wrapping_add(code);
        }
    }
    found
}

#[cfg(soft_dice_lanes = "swar")]
#[inline(always)]
fn block<const KIND: u8, const CHECK: bool>(
    bytes: &[u8],
    flip: u8,
    codes: &[u32; 256],
    marks: &[u8],
    class: u8,
) -> Found<u32> {
    // SAFETY: so many bytes are readable on either side.
    unsafe { singles::<KIND, CHECK>(bytes.as_ptr(), flip, codes, marks.as_ptr(), bytes.len().min(marks.len()), class) }
}

/// Pixel by pixel, four to a turn.
///
/// # Safety
///
/// `p` and `g` are readable for `n` bytes, whose codes then fit 32 bits.
#[cfg(soft_dice_lanes = "swar")]
#[inline(always)]
unsafe fn singles<const KIND: u8, const CHECK: bool>(
    mut p: *const u8,
    flip: u8,
    codes: &[u32; 256],
    mut g: *const u8,
    n: usize,
    class: u8,
) -> Found<u32> {
    let (mut found, mut seen) = (Found::<u32>::default(), Seen::NOTHING);
    // A signed byte counts from the middle of the table, and nothing has to be turned.
    let middle = codes.as_ptr().wrapping_add(128);
    macro_rules! one {
        ($k:expr) => {{
            let code = if flip == 0x80 {
                *middle.offset(isize::from(*p.add($k).cast::<i8>()))
            } else {
                codes[usize::from(*p.add($k) ^ flip)]
            };
            found.p = found.p.wrapping_add(code);
            let byte = *g.add($k);
            // A declared mask that is not looked at: any byte but 0 is foreground, as where the pixels are taken otherwise.
            let non_zero = KIND == NON_ZERO || KIND != CLASS && !CHECK;
            if CONDITIONAL && non_zero {
                if byte != 0 {
                    kept_apart();
                    found.t = found.t.wrapping_add(1);
                    found.pt = found.pt.wrapping_add(code);
                }
            } else {
                let mask = if non_zero {
                    seen.mask::<NON_ZERO, false>(byte, class)
                } else {
                    seen.mask::<KIND, CHECK>(byte, class)
                };
                found.t = found.t.wrapping_sub(mask);
                found.pt = found.pt.wrapping_add(code & mask);
            }
            seen.settle::<CHECK>();
            one_by_one([&mut found.p, &mut found.t, &mut found.pt]);
        }};
    }
    // SAFETY: whole turns and the rest are n together; a signed byte is at most 128 from the middle.
    unsafe {
        let end = p.add(n & !3);
        while p != end {
            turn!(4, k, one!(k));
            (p, g) = (p.add(4), g.add(4));
        }
        for k in 0..n % 4 {
            one!(k);
        }
    }
    found.broken = CHECK && seen.broken::<KIND>();
    found
}

/// Four at a time; those that are left.
#[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
#[inline(always)]
fn fours<'a, const KIND: u8, const CHECK: bool>(
    found: &mut Found<u32>,
    bytes: &'a [u8],
    flip: u8,
    codes: &[u32; 256],
    marks: &'a [u8],
    class: u8,
) -> (&'a [u8], &'a [u8]) {
    let (splat, flip) = (u32::from(class) * BYTES, u32::from(flip) * BYTES);
    let ((fours, bytes), (fours_of_marks, marks)) = (bytes.as_chunks::<4>(), marks.as_chunks::<4>());
    let [mut p, mut t, mut pt, mut seen] = [0u32; 4];
    for (&four, &marks) in fours.iter().zip(fours_of_marks) {
        let (four, marks) = (u32::from_le_bytes(four) ^ flip, u32::from_le_bytes(marks));
        if CHECK {
            seen = orr(cells::unlike::<KIND>(marks), seen);
        }
        let ones = cells::ones::<KIND, CHECK>(marks, splat) & if CHECK { BYTES } else { u32::MAX };
        t = usada8(ones, 0, t);
        for (byte, one) in four.to_le_bytes().into_iter().zip(ones.to_le_bytes()) {
            let code = codes[usize::from(byte)];
            p = p.wrapping_add(code);
            pt = pt.wrapping_add(code.wrapping_mul(one.into()));
        }
    }
    (found.p, found.t, found.pt, found.broken) = (p, t, pt, cells::broken::<KIND>(seen));
    (bytes, marks)
}
