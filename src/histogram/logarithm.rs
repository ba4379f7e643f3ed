/// ln x of a positive normal f64, within 2 ulp, by IEEE operations in a written order: the same bits on every target.
///
/// x = m · 2ᵉ with m from √½ to √2; ln m = 2 artanh z with z = (m − 1)/(m + 1), whose series of odd powers has |z| ≤ 0.1716: the
/// first term left out is below 2⁻⁵⁸ of the sum.
pub(super) fn ln(x: f64) -> f64 {
    /// The fraction of √2.
    const ROOT: u64 = 0x6_A09E_667F_3BCD;
    /// ln 2 in two parts; products of the first with integers below 2¹¹ are exact.
    const LN2: (f64, f64) = (0.693_147_180_369_123_8, 1.908_214_929_270_587_7e-10);
    let bits = x.to_bits();
    let above = bits & ((1 << 52) - 1) >= ROOT;
    let exponent = (bits >> 52) as i32 - 1023 + i32::from(above);
    let m = f64::from_bits((bits & ((1 << 52) - 1)) + if above { 1022 << 52 } else { 1023 << 52 });
    let z = (m - 1.0) / (m + 1.0);
    let square = z * z;
    let (mut series, mut odd) = (0.0, 23.0);
    while odd >= 3.0 {
        series = (series + 1.0 / odd) * square;
        odd -= 2.0;
    }
    let e = f64::from(exponent);
    // 2z + 2z·series, with 2z apart: it is the larger, and exact but for its division.
    e * LN2.0 + (2.0 * z + (2.0 * z * series + e * LN2.1))
}

#[cfg(test)]
mod tests {
    use super::ln;

    #[test]
    fn as_the_standard_library() {
        for k in 1..=200_000u32 {
            for x in [f64::from(k) / 255.0, f64::from(k) / 256.0, f64::from(k) * 1e-7, f64::from(k) / 200_001.0] {
                let (got, truth) = (ln(x), x.ln());
                let ulp = f64::from_bits(truth.abs().to_bits() + 1) - truth.abs();
                assert!((got - truth).abs() <= 3.0 * ulp || got == truth, "ln {x}: {got} {truth}");
            }
        }
        assert_eq!(ln(1.0), 0.0);
        // Where the series is longest the lower half is as near as an f64 can be.
        for x in [core::f64::consts::SQRT_2, core::f64::consts::FRAC_1_SQRT_2] {
            assert_eq!(ln(x), x.ln());
        }
    }
}
