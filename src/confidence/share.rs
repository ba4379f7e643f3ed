/// 1.0 in Q15.
const ONE: u16 = 1 << 15;

/// `part / whole` in Q15, within 2⁻¹⁴, with a 32-bit division; 0 only if there is nothing, 1.0 only if it is all.
pub(crate) fn share(part: u64, whole: u64) -> u16 {
    if part == 0 || whole == 0 {
        return 0;
    }
    if part >= whole {
        return ONE;
    }
    let down = (64 - whole.leading_zeros()).saturating_sub(16);
    let (part, whole) = ((part >> down) as u32, (whole >> down) as u32);
    let share = ((part << 15) + whole / 2).checked_div(whole).unwrap_or_default();
    share.clamp(1, u32::from(ONE) - 1) as u16
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn shares(whole in 1u64..=1 << 40, by in 0u64..=1 << 15) {
            let part = ((u128::from(whole) * u128::from(by)) >> 15) as u64;
            let exact = part as f64 / whole as f64 * 32768.0;
            prop_assert!((f64::from(share(part, whole)) - exact).abs() <= 2.0);
            prop_assert_eq!(share(part, whole) == 0, part == 0);
            prop_assert_eq!(share(part, whole) == ONE, part == whole);
        }
    }
}
