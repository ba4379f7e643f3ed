//! The cells of a histogram that pixels of an 8-bit map belong to, four at a time, for the DSP extension (Cortex-M4, M7, M33, and
//! M55 beside its vectors).
//!
//! ```text
//! ones = 0 or 1 in each byte of the mask      as it is, or USUB8 and SEL; what is broken is seen by an ORR
//! even = bytes 0 and 2 of the codes + 256 · the ones of theirs, in half words      AND, UXTAB16
//! odd  = bytes 1 and 3 likewise                                                    AND, UXTAB16
//! for each half word:  table[half word] += 1                                       UXTH or LSR; LDR, ADD, STR
//! ```
//!
//! That is 26 instructions of four pixels with two loads, where a loop over pixels takes 37. The table is the wall: of 6.5
//! instructions a pixel four are the address, the load, the addition and the store of its cell.
//!
//! **Bound.** A half word is at most 255 + 256 = 511 < 2¹⁶: none carries into the other, and each is a place of a table of 512.

use super::{BYTES, add_even, add_odd, orr, where_at_least};
use crate::cores::{CLASS, NON_ZERO, ZERO_FULL, ZERO_ONE};
use crate::pixels::Shape;

/// Cells under both targets.
const CELLS: usize = 512;
/// The lowest bits of bytes 1 and 3.
const HIGH: u32 = 0x0100_0100;
/// Words of a turn.
const WORDS: usize = if cfg!(soft_dice_lanes = "small") { 1 } else { 2 };

/// Each pixel's cell through `step`: the one of its byte, and 256 more where its byte of the mask is 1. Whether a byte of a declared
/// mask was none of its two, in which case the same call with the inverse of `step` restores the table; `None` for a shape that the
/// loops do not know.
#[inline(always)]
pub(crate) fn each_cell<N: Copy>(
    table: &mut [N; CELLS],
    bytes: &[u8],
    marks: &[u8],
    shape: Shape,
    step: impl Fn(N) -> N + Copy,
) -> Option<bool> {
    by_kind!(shape, |KIND, CHECK, class| Some(each::<N, KIND, CHECK>(table, bytes, marks, class, step)))
}

#[inline(always)]
fn each<N: Copy, const KIND: u8, const CHECK: bool>(
    table: &mut [N; CELLS],
    bytes: &[u8],
    marks: &[u8],
    class: u8,
    step: impl Fn(N) -> N + Copy,
) -> bool {
    let splat = u32::from(class) * BYTES;
    let mut seen = 0;
    let turns = |bytes| <[u8]>::as_chunks::<{ 4 * WORDS }>(bytes);
    let ((turns_of_bytes, bytes), (turns_of_marks, marks)) = (turns(bytes), turns(marks));
    for (bytes, marks) in turns_of_bytes.iter().zip(turns_of_marks) {
        for (&bytes, &marks) in bytes.as_chunks::<4>().0.iter().zip(marks.as_chunks::<4>().0) {
            let (codes, marks) = (u32::from_le_bytes(bytes), u32::from_le_bytes(marks));
            if CHECK {
                seen = orr(unlike::<KIND>(marks), seen);
            }
            let ones = ones::<KIND, CHECK>(marks, splat);
            let (even, odd) = (add_even(codes, ones << 8 & HIGH), add_odd(codes, ones & HIGH));
            for cell in [even & 0xFFFF, odd & 0xFFFF, even >> 16, odd >> 16] {
                // SAFETY: at most 511, see above.
                let cell = unsafe { table.get_unchecked_mut(cell as usize) };
                *cell = step(*cell);
            }
        }
    }
    for (&byte, &mark) in bytes.iter().zip(marks) {
        let mark = u32::from(mark);
        if CHECK {
            seen |= unlike::<KIND>(mark);
        }
        let one = ones::<KIND, CHECK>(mark, splat) & 1;
        // Below 512, as the compiler sees.
        let cell = &mut table[usize::from(byte) | (one << 8) as usize];
        *cell = step(*cell);
    }
    broken::<KIND>(seen)
}

/// Where it has bits that a declared mask has not: 2 to 255, or bits of a byte that differ from their neighbours. Others than those
/// that [`broken`] looks at may be any.
#[inline(always)]
pub(in crate::cores) fn unlike<const KIND: u8>(marks: u32) -> u32 {
    if KIND == ZERO_ONE { marks } else { marks ^ marks >> 1 }
}

/// Whether one of them has, all that [`unlike`] has given OR-ed together.
#[inline(always)]
pub(in crate::cores) fn broken<const KIND: u8>(seen: u32) -> bool {
    seen & if KIND == ZERO_ONE { !BYTES } else { 0x7F7F_7F7F } != 0
}

/// The lowest bit of each byte says whether its pixel is 1; where the mask is not checked the others are 0.
#[inline(always)]
pub(in crate::cores) fn ones<const KIND: u8, const CHECK: bool>(marks: u32, splat: u32) -> u32 {
    match KIND {
        // A broken byte may count as either: the call is refused, and all is taken back as it was added.
        ZERO_ONE | ZERO_FULL if CHECK => marks,
        CLASS => where_at_least(0, marks ^ splat, BYTES),
        _ => where_at_least(marks, BYTES, BYTES),
    }
}
