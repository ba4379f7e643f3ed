//! 8-bit logits of a pixel under a softmax by a table, 16 to a vector.

use core::arch::aarch64::*;

/// The greatest of some 8-bit values, `SIGNED` or not; of none it is 0.
#[inline(always)]
pub(crate) fn greatest_byte<const SIGNED: bool>(values: &[u8]) -> u8 {
    // SAFETY: `build.rs` has seen NEON in the target; each array holds 16 bytes.
    unsafe {
        let max = |a, b| {
            if SIGNED {
                vreinterpretq_u8_s8(vmaxq_s8(vreinterpretq_s8_u8(a), vreinterpretq_s8_u8(b)))
            } else {
                vmaxq_u8(a, b)
            }
        };
        // The last 16 overlap those before: a value that is looked at twice changes nothing.
        let Some(last) = values.last_chunk::<16>() else { return greatest_of_few::<SIGNED>(values) };
        let most = values
            .as_chunks::<16>()
            .0
            .iter()
            .fold(vld1q_u8(last.as_ptr()), |most, sixteen| max(most, vld1q_u8(sixteen.as_ptr())));
        if SIGNED { vmaxvq_s8(vreinterpretq_s8_u8(most)) as u8 } else { vmaxvq_u8(most) }
    }
}

#[inline(always)]
fn greatest_of_few<const SIGNED: bool>(values: &[u8]) -> u8 {
    let flip = if SIGNED { 0x80 } else { 0 };
    values.iter().map(|&value| value ^ flip).max().map_or(0, |most| most ^ flip)
}

/// Writes the table's code of each logit, by how much it is below `most`, the greatest of them; their sum. As many are written
/// as there are of both.
#[inline(always)]
pub(crate) fn codes_below(table: &[u32; 256], row: &[u8], most: u8, codes: &mut [u32]) -> u32 {
    let mut sum = 0u32;
    let mut one = |to: &mut u32, distance: u8| {
        *to = table[usize::from(distance)];
        sum = sum.wrapping_add(*to);
    };
    let n = row.len().min(codes.len());
    let (row, codes) = (row.get(..n).unwrap_or_default(), codes.get_mut(..n).unwrap_or_default());
    let ((sixteens, rest), (to, last)) = (row.as_chunks::<16>(), codes.as_chunks_mut::<16>());
    for (to, sixteen) in to.iter_mut().zip(sixteens) {
        // SAFETY: `build.rs` has seen NEON in the target; the array holds 16 bytes.
        unsafe {
            let below = vsubq_u8(vdupq_n_u8(most), vld1q_u8(sixteen.as_ptr()));
            macro_rules! each {
                ($($lane:literal)*) => { $(one(&mut to[$lane], vgetq_lane_u8::<$lane>(below));)* };
            }
            each!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15);
        }
    }
    let ((fours, rest), (to, last)) = (rest.as_chunks::<4>(), last.as_chunks_mut::<4>());
    for (to, &four) in to.iter_mut().zip(fours) {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe {
            let below = vsub_u8(vdup_n_u8(most), vreinterpret_u8_u32(vdup_n_u32(u32::from_le_bytes(four))));
            one(&mut to[0], vget_lane_u8::<0>(below));
            one(&mut to[1], vget_lane_u8::<1>(below));
            one(&mut to[2], vget_lane_u8::<2>(below));
            one(&mut to[3], vget_lane_u8::<3>(below));
        }
    }
    last.iter_mut().zip(rest).for_each(|(to, &logit)| one(to, most.wrapping_sub(logit)));
    sum
}

/// By how much each of four 8-bit values, `SIGNED` or not, is below the greatest of them.
#[inline(always)]
pub(crate) fn below_greatest<const SIGNED: bool>(values: [u8; 4]) -> [u8; 4] {
    // SAFETY: `build.rs` has seen NEON in the target.
    unsafe {
        // Twice the four, which have the same greatest.
        let both = vreinterpret_u8_u32(vdup_n_u32(u32::from_le_bytes(values)));
        let most = if SIGNED { vmaxv_s8(vreinterpret_s8_u8(both)) as u8 } else { vmaxv_u8(both) };
        let below = vsub_u8(vdup_n_u8(most), both);
        [vget_lane_u8::<0>(below), vget_lane_u8::<1>(below), vget_lane_u8::<2>(below), vget_lane_u8::<3>(below)]
    }
}
