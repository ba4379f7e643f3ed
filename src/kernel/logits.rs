//! 8-bit logits of a pixel under a softmax by a table.

/// The greatest of some 8-bit values, `SIGNED` or not; of none it is 0.
#[inline(always)]
pub(crate) fn greatest_byte<const SIGNED: bool>(values: &[u8]) -> u8 {
    #[cfg(soft_dice_lanes = "dsp")]
    return crate::cores::greatest_byte::<SIGNED>(values);
    #[cfg(soft_dice_lanes = "neon")]
    return crate::lanes::logits::greatest_byte::<SIGNED>(values);
    #[cfg(not(any(soft_dice_lanes = "dsp", soft_dice_lanes = "neon")))]
    {
        let flip = if SIGNED { 0x80 } else { 0 };
        values.iter().map(|&value| value ^ flip).max().map_or(0, |most| most ^ flip)
    }
}

/// Writes the table's code of each logit, by how much it is below `most`, the greatest of them; their sum. As many are written
/// as there are of both.
#[inline(always)]
pub(crate) fn codes_below(table: &[u32; 256], row: &[u8], most: u8, codes: &mut [u32]) -> u32 {
    #[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
    return crate::cores::simd32::shares::codes_below(table, row, most, codes);
    #[cfg(soft_dice_lanes = "neon")]
    return crate::lanes::logits::codes_below(table, row, most, codes);
    #[cfg(not(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium", soft_dice_lanes = "neon")))]
    {
        let mut sum = 0u32;
        for (to, &logit) in codes.iter_mut().zip(row) {
            *to = table[usize::from(most.wrapping_sub(logit))];
            sum = sum.wrapping_add(*to);
        }
        sum
    }
}

/// Adds the share of each code, as `activation::shares` defines it of a sum and its inverse, where the core has a loop for
/// it: whether it has.
#[cfg(any(not(soft_dice_lanes = "neon"), test))]
#[inline(always)]
pub(crate) fn add_shares(codes: &[u32], sums: &mut [u32], sum: u32, inverse: u32) -> bool {
    #[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
    {
        crate::cores::simd32::shares::add_shares(codes, sums, sum, inverse);
        true
    }
    #[cfg(not(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium")))]
    {
        let _ = (codes, sums, sum, inverse);
        false
    }
}

/// By how much each of four 8-bit values, `SIGNED` or not, is below the greatest of them.
#[inline(always)]
pub(crate) fn below_greatest<const SIGNED: bool>(values: [u8; 4]) -> [u8; 4] {
    #[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
    return crate::cores::simd32::below_greatest::<SIGNED>(u32::from_le_bytes(values)).to_le_bytes();
    #[cfg(soft_dice_lanes = "neon")]
    return crate::lanes::logits::below_greatest::<SIGNED>(values);
    #[cfg(not(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium", soft_dice_lanes = "neon")))]
    {
        let [a, b, c, d] = values.map(|value| if SIGNED { i32::from(value as i8) } else { value.into() });
        let most = a.max(b).max(c.max(d));
        [a, b, c, d].map(|value| most.wrapping_sub(value) as u8)
    }
}
