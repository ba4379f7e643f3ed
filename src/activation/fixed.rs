//! The sigmoid and e⁻ᵈ of `f32` bits by integer arithmetic alone: for cores where a float operation is a call of fifty
//! instructions. Products are of 32 bits but for those of [`Share`]: a Cortex-M0+ has no longer ones.

use super::exp::exp_f64;

/// Bits of infinity; above it are the NaNs.
const INFINITE: u32 = 0x7F80_0000;
/// The last code: 1.0 in units of 2⁻²³.
pub(super) const ONE: u32 = 1 << 23;

/// σ(k/8) in units of 2⁻³⁰ and its slope in units of 2⁻¹⁸, for k = 0 … 128.
static SIGMOIDS: [(u32, u32); 129] = {
    let mut table = [(0, 0); 129];
    let mut k = 0;
    while k < 129 {
        let e = exp_f64(-(k as f64) / 8.0);
        let s = 1.0 / (1.0 + e);
        table[k] = ((s * (1u64 << 30) as f64 + 0.5) as u32, (s * (e / (1.0 + e)) * (1 << 18) as f64 + 0.5) as u32);
        k += 1;
    }
    table
};

/// e^(−j/64) in units of 2⁻³⁰, for j = 0 … 45: the last lies above ln 2.
static POWERS: [u32; 46] = {
    let mut table = [0; 46];
    let mut j = 0;
    while j < 46 {
        table[j] = (exp_f64(-(j as f64) / 64.0) * (1u64 << 30) as f64 + 0.5) as u32;
        j += 1;
    }
    table
};

/// m · 2^shift of the 24 bits of a mantissa, cut off below; `shift` is at most 8.
#[inline(always)]
const fn shifted(bits: u32, shift: i32) -> u32 {
    let mantissa = bits & 0x7F_FFFF | if bits & INFINITE == 0 { 0 } else { 0x80_0000 };
    if shift >= 0 {
        mantissa << shift
    } else if shift > -24 {
        mantissa >> -shift
    } else {
        0
    }
}

/// σ(x) of the bits of x, in units of 2⁻²³; `None` of NaN.
///
/// ```text
/// u = |x|, in units of 2⁻²⁷           from 16 on the result is 1
/// k/8 = the eighth nearest to u,  d = u − k/8,  |d| ≤ 1/16
/// s = σ(k/8),  s′ = s(1 − s)          both from the table
/// σ(u) = s + s′d · (1 − d·(s − ½) + d²·(1/6 − s′))
/// ```
///
/// The terms are those of Taylor's series, whose next one is below 8 · 10⁻⁸. Bounds: s′ ≤ 2¹⁶ in its unit, and 2¹⁶ for k = 0
/// alone, where d ≥ 0 is below 2¹⁵ in units of 2⁻¹⁹; so s′d is below 2³¹. The factor's two parts are below 2³⁰ as
/// multiplied, and so is their sum (below 2¹⁵ in units of 2⁻²⁰) times s′d in units of 2⁻²¹ (at most 2¹⁵).
pub(super) const fn sigmoid_code(bits: u32) -> Option<u32> {
    let magnitude = bits & 0x7FFF_FFFF;
    if magnitude > INFINITE {
        return None;
    }
    let exponent = (magnitude >> 23) as i32;
    // 127 + 4: 16 and above.
    let code = if exponent >= 131 {
        ONE
    } else {
        let u = shifted(magnitude, exponent - 123);
        let k = (u + (1 << 23)) >> 24;
        let d = u.wrapping_sub(k << 24) as i32;
        let (s, slope) = SIGMOIDS[k as usize % 129];
        let (near, slope) = (d >> 8, slope as i32);
        // s′d in units of 2⁻³⁰: what the shift by 8 cut off is added back.
        let linear = ((slope * near) >> 7) + (((slope >> 6) * (d & 0xFF)) >> 9);
        // d·(s − ½): 2⁻¹⁹ · 2⁻¹⁶, to 2⁻²⁰.
        let first = (near * ((s - (1 << 29)) >> 14) as i32) >> 15;
        // d²·(1/6 − s′): 2⁻³⁰ to 2⁻²², times 2⁻¹⁸, to 2⁻²⁰.
        let square = (near >> 4) * (near >> 4);
        let second = ((square >> 8) * (43_691 - slope)) >> 20;
        let curved = ((linear >> 9) * (second - first)) >> 11;
        ((s as i32 + linear + curved + 64) >> 7) as u32
    };
    Some(if bits >> 31 == 0 { code } else { ONE - code })
}

/// A pixel's greatest logit g, from which the others are counted: at most 2³⁰ in units of 2^−places, so that the bits of all
/// that is within 64 of it are kept, or 2⁻²⁴ where those are finer.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Height {
    fixed: i32,
    places: i32,
}

impl Height {
    /// Of the bits of a finite logit.
    pub(super) const fn new(bits: u32) -> Self {
        let exponent = (bits >> 23 & 0xFF) as i32;
        // Below 64 in units of 2⁻²⁴; above, the exponent says what 30 bits hold.
        let places = if exponent < 133 { 24 } else { 156 - exponent };
        Self { fixed: Self::fixed(bits, places), places }
    }

    /// The logit in units of 2^−places: as far as the greatest number where it is beyond.
    const fn fixed(bits: u32, places: i32) -> i32 {
        let shift = (bits >> 23 & 0xFF) as i32 - 150 + places;
        let magnitude = if shift > 7 { i32::MAX } else { shifted(bits & 0x7FFF_FFFF, shift) as i32 };
        if bits >> 31 == 0 { magnitude } else { -magnitude }
    }

    /// e^(x − g) of the bits of x ≤ g, in units of 2⁻³⁰; 0 where x is lower by 21 or more.
    ///
    /// ```text
    /// d = g − x, in units of 2⁻²⁶                 below 21 · 2²⁶ < 2³¹
    /// n = ⌊d / ln 2⌋ or one less,  r = d − n·ln 2      in [0, 2 ln 2)
    /// j/64 = the 64th nearest to r,  f = r − j/64,  |f| ≤ 1/128
    /// e⁻ᵈ = e^(−j/64) · (1 − (f − f²/2)) · 2⁻ⁿ
    /// ```
    ///
    /// Of a logit beyond the units (its magnitude is then at least twice that of g, and 128) the difference is far above 21.
    pub(super) const fn power(self, bits: u32) -> u32 {
        // LN2 in units of 2⁻²⁶; 1/ln 2 in units of 2⁻¹⁵, rounded down.
        const LN2: u32 = 46_516_320;
        const INVERSE: u32 = 47_274;
        let distance = self.fixed.wrapping_sub(Self::fixed(bits, self.places)) as u32;
        let far = if self.places >= 0 { distance >> self.places >= 21 } else { distance != 0 };
        if far {
            return 0;
        }
        // Without a difference there is nothing to shift, however coarse the units are.
        let d = if distance == 0 { 0 } else { distance << (26 - self.places) };
        // d in units of 2⁻¹¹ is below 2¹⁶.
        let mut n = ((d >> 15) * INVERSE) >> 26;
        let mut r = d - n * LN2;
        if r >= LN2 {
            n += 1;
            r -= LN2;
        }
        let j = (r + (1 << 19)) >> 20;
        let f = r.wrapping_sub(j << 20) as i32;
        let near = POWERS[j as usize % 46];
        // f²/2: units of 2⁻⁴⁴ are below 2³¹, to 2⁻²⁶.
        let half_square = ((f >> 4) * (f >> 4)) >> 19;
        let less = ((f - half_square + 16) >> 5) * (near >> 14) as i32;
        let power = near.wrapping_sub((less >> 7) as u32);
        if n == 0 { power } else { (power + (1 << (n - 1))) >> n }
    }
}

/// What divides by a sum of powers: 2⁶² over the sum, which was shifted up until its highest bit was set.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Share {
    reciprocal: u32,
    shift: u32,
}

impl Share {
    /// Of a sum that is not 0; of 0, nothing has a share.
    pub(super) const fn of(sum: u32) -> Self {
        if sum == 0 {
            return Self { reciprocal: 0, shift: 0 };
        }
        let shift = sum.leading_zeros();
        let sum = sum << shift;
        // 2⁴⁸ over the sum within 2⁻¹⁵ of itself, and one step of Newton's: the error is squared.
        let Some(rough) = u32::MAX.checked_div(sum >> 16) else { return Self { reciprocal: 0, shift: 0 } };
        let rest = (1i64 << 48) - sum as i64 * rough as i64;
        // Such a step never ends above the reciprocal, which is at most 2³¹.
        let exact = ((rough as i64) << 14) + ((rest * rough as i64) >> 34);
        Self { reciprocal: exact as u32, shift }
    }

    /// The share of one of the sum's terms, in units of 2⁻²³.
    pub(super) const fn code(self, term: u32) -> u32 {
        // At most the sum, so that the shift loses no bit.
        let scaled = ((term << self.shift) as u64 * self.reciprocal as u64) >> 32;
        let code = (scaled as u32 + 64) >> 7;
        if code > ONE { ONE } else { code }
    }
}

/// A code of 2⁻²³, at most 1.0, as the f32 that it is exactly.
pub(super) const fn value(code: u32) -> f32 {
    if code == 0 {
        return 0.0;
    }
    let zeros = code.leading_zeros();
    // The highest bit of 1.0 has 8 zeros above it, and is not stored.
    f32::from_bits(((135 - zeros) << 23) | (code << (zeros - 8)) & 0x7F_FFFF)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::println;

    fn exact(x: f32) -> f64 {
        f64::from(ONE) / (1.0 + (-f64::from(x)).exp())
    }

    /// The largest error in codes over every `step`-th f32 of either sign, and the largest fall between neighbours.
    fn sigmoids(step: usize) -> (f64, u32) {
        let (mut worst, mut fall) = (0.0f64, 0);
        let mut last = [ONE / 2; 2];
        for magnitude in (0..=INFINITE).step_by(step) {
            for (sign, last) in [0, 1 << 31].into_iter().zip(&mut last) {
                let code = sigmoid_code(magnitude | sign).unwrap();
                worst = worst.max((f64::from(code) - exact(f32::from_bits(magnitude | sign))).abs());
                fall = fall.max(if sign == 0 { last.saturating_sub(code) } else { code.saturating_sub(*last) });
                *last = code;
            }
        }
        println!("integer sigmoid: off by {worst:.3} codes of 2^-23; falls by {fall} at most between neighbours");
        (worst, fall)
    }

    #[test]
    fn sigmoid_is_as_exact_as_stated() {
        let (worst, fall) = sigmoids(331);
        assert!(worst < 2.1 && fall <= 2);
        assert_eq!(sigmoid_code(f32::NAN.to_bits()), None);
        let of = |x: f32| sigmoid_code(x.to_bits());
        assert_eq!((of(f32::INFINITY), of(f32::NEG_INFINITY)), (Some(ONE), Some(0)));
        assert_eq!((of(0.0), of(-0.0), of(1e-45)), (Some(ONE / 2), Some(ONE / 2), Some(ONE / 2)));
    }

    #[test]
    #[ignore = "a minute: every f32"]
    fn sigmoid_is_as_exact_as_stated_over_all_inputs() {
        let (worst, fall) = sigmoids(1);
        assert!(worst < 2.1 && fall <= 2);
    }

    #[test]
    fn powers_are_as_exact_as_stated() {
        let mut worst = 0.0f64;
        for g in
            [0.0f32, -0.0, 1e-40, 0.3, -7.1, 63.9, 64.0, -64.1, 1e3, -1e3, 123_456.7, 3e9, -3e9, f32::MAX, f32::MIN]
        {
            let height = Height::new(g.to_bits());
            assert_eq!(height.power(g.to_bits()), 1 << 30, "{g}");
            for step in 0..200_000 {
                let x = g - step as f32 * 1.3e-4;
                let power = f64::from(height.power(x.to_bits())) / f64::from(1 << 30);
                worst = worst.max((power - (f64::from(x) - f64::from(g)).exp()).abs());
            }
            // What is far lower has no part, whatever its bits are.
            let far = (0..=255).flat_map(|e| [e << 23, e << 23 | 0x8000_0000]).map(f32::from_bits);
            for x in far.filter(|x| *x < g - 30.0) {
                assert_eq!(height.power(x.to_bits()), 0, "{x} below {g}");
            }
        }
        println!("integer power: off by {:.3} codes of 2^-23", worst * f64::from(ONE));
        assert!(worst * f64::from(ONE) < 4.0);
    }

    #[test]
    fn shares_are_quotients() {
        for sum in
            (0..31).flat_map(|bit| [1u32 << bit, (1 << bit) + 1, 3 << bit >> 1, (2 << bit) - 1]).filter(|&s| s > 0)
        {
            let share = Share::of(sum);
            assert_eq!(share.code(sum), ONE);
            for part in 0..200u32 {
                let term = (u64::from(sum) * u64::from(part) / 199) as u32;
                let exact = f64::from(term) / f64::from(sum) * f64::from(ONE);
                assert!((f64::from(share.code(term)) - exact).abs() < 0.52, "{term} of {sum}");
            }
        }
        assert_eq!(Share::of(0).code(0), 0);
    }

    #[test]
    fn values_are_the_codes() {
        for code in (0..=ONE).step_by(97).chain([1, 2, 3, ONE - 1, ONE]) {
            assert_eq!(f64::from(value(code)), f64::from(code) / f64::from(ONE));
        }
    }
}
