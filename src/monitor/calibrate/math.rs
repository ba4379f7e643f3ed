//! The three functions of f64 that calibration needs, where there is no std: within 2·10⁻¹³ of std's.

/// e^x for x ≤ 0; 0 below −700.
pub(super) fn exp(x: f64) -> f64 {
    if x < -700.0 {
        return 0.0;
    }
    // x = k ln 2 + r, |r| ≤ ln 2 / 2.
    let k = (x * core::f64::consts::LOG2_E - 0.5) as i64;
    let r = x - k as f64 * core::f64::consts::LN_2;
    let mut sum = 1.0;
    for n in (1..=13).rev() {
        sum = 1.0 + sum * r / f64::from(n);
    }
    sum * f64::from_bits(((k + 1023) as u64) << 52)
}

/// The natural logarithm of a normal x > 0.
pub(in crate::monitor) fn ln(x: f64) -> f64 {
    // x = 2^k · m, 0.7 < m < 1.5; ln m = 2 artanh((m − 1)/(m + 1)).
    const ROOT_HALF: u64 = core::f64::consts::FRAC_1_SQRT_2.to_bits();
    let k = (x.to_bits() as i64 - ROOT_HALF as i64) >> 52;
    let m = f64::from_bits((x.to_bits() as i64 - (k << 52)) as u64);
    let y = (m - 1.0) / (m + 1.0);
    let mut sum = 0.0;
    for n in (0..12).rev() {
        sum = sum * y * y + 1.0 / f64::from(2 * n + 1);
    }
    k as f64 * core::f64::consts::LN_2 + 2.0 * y * sum
}

/// √x for a normal x, or 0.
pub(in crate::monitor) fn sqrt(x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    // Half the exponent is within 6 %; each step squares the error.
    let mut root = f64::from_bits((x.to_bits() >> 1) + (1023 << 51));
    for _ in 0..4 {
        root = (root + x / root) / 2.0;
    }
    root
}

#[cfg(test)]
mod tests {
    #[test]
    fn as_std_has_them() {
        for i in 0..20_000 {
            let x = f64::from(i) * 0.035;
            let close = |ours: f64, theirs: f64| (ours - theirs).abs() <= 2.0e-13 * theirs.abs();
            assert!(close(super::exp(-x), (-x).exp()), "{x}");
            let y = (x - 300.0).exp();
            assert!((super::ln(y) - y.ln()).abs() <= 1.0e-13 * y.ln().abs().max(1.0), "{y}");
            assert!(close(super::sqrt(y), y.sqrt()), "{y}");
        }
        assert!(super::exp(-700.0) > 0.0);
        assert_eq!((super::exp(-800.0), super::sqrt(0.0)), (0.0, 0.0));
    }
}
