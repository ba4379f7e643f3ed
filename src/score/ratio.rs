use super::Form;
use crate::sums::Masked;

/// A score before it is rounded: a signed 63-bit integer over a positive one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Ratio {
    pub(super) numerator: i64,
    pub(super) denominator: u64,
}

impl Ratio {
    pub(super) const ZERO: Self = Self { numerator: 0, denominator: 1 };
    pub(super) const ONE: Self = Self { numerator: 1, denominator: 1 };

    /// Both below 2⁶², as they are. `None` for a denominator of 0.
    #[inline(always)]
    pub(crate) const fn narrow(numerator: u64, denominator: u64) -> Option<Self> {
        // So they are, but for sums of a broken promise.
        const BITS: u64 = (1 << 62) - 1;
        let (numerator, denominator) = (numerator & BITS, denominator & BITS);
        if denominator == 0 { None } else { Some(Self { numerator: numerator as i64, denominator }) }
    }

    /// Both below 2⁶²: exact where they fit, else both shifted down. `None` for a denominator of 0.
    pub(super) fn new(numerator: u128, denominator: u128) -> Option<Self> {
        if denominator == 0 {
            return None;
        }
        let bits = 128 - (numerator | denominator).leading_zeros();
        let down = bits.saturating_sub(62);
        let (numerator, denominator) = ((numerator >> down) as i64, (denominator >> down) as u64);
        // A denominator that vanishes under its numerator is a score beyond 2^61, which smoothing alone can make.
        Some(Self { numerator, denominator: denominator.max(1) })
    }

    /// The ratio of a form without weights, from sums against a mask: as [`Self::new`] makes it of 128 bits, in less text and
    /// stack than any sums would take. `None` for a denominator of 0.
    #[inline(never)]
    pub(super) fn masked(form: Form, masked: &Masked) -> Option<Self> {
        let &Masked { pt, p, t, unit, .. } = masked;
        let in_units = |codes: u64| u128::from(codes) * u128::from(unit.mul);
        // A pixel of the mask in the prediction's unit: below 2⁴¹ · 2¹⁶, shifted up by less than 64.
        let (ones, shift) = (t.wrapping_mul(unit.div.into()), unit.shift & 63);
        let (i, p, t) =
            (in_units(pt), in_units(p), (u128::from(ones >> 1 >> (63 - shift)) << 64) + u128::from(ones << shift));
        let (mut numerator, mut denominator) = match form {
            Form::Jaccard => (i, (p + t).saturating_sub(i)),
            Form::Precision => (i, p),
            Form::Recall => (i, t),
            Form::Dice | Form::Tversky { .. } | Form::Refused => (2 * i, p + t),
        };
        if denominator == 0 {
            return None;
        }
        // A bit at a time: most fit as they are, and none takes more than 60 turns.
        while (numerator | denominator) >> 62 != 0 {
            (numerator, denominator) = (numerator >> 1, denominator >> 1);
        }
        Some(Self { numerator: numerator as i64, denominator: (denominator as u64).max(1) })
    }

    /// The same of either sign.
    pub(crate) fn signed(numerator: i128, denominator: u128) -> Option<Self> {
        let Self { numerator: magnitude, denominator } = Self::new(numerator.unsigned_abs(), denominator)?;
        Some(Self { numerator: if numerator.is_negative() { -magnitude } else { magnitude }, denominator })
    }

    /// Numerator, in lowest terms only by chance.
    #[must_use]
    pub const fn numerator(self) -> i64 {
        self.numerator
    }

    /// Denominator, above 0.
    #[must_use]
    pub const fn denominator(self) -> u64 {
        self.denominator
    }

    /// To Q15: 32768 is 1.0. What is beyond an i32 becomes its end.
    #[must_use]
    pub fn q15(self) -> i32 {
        let magnitude = self.fixed(15);
        if self.numerator.is_negative() {
            -(magnitude.min(1 << 31) as i64) as i32
        } else {
            magnitude.min(i32::MAX as u64) as i32
        }
    }

    /// To Q31: 2³¹ is 1.0.
    #[must_use]
    pub fn q31(self) -> i64 {
        let magnitude = self.fixed(31) as i64;
        if self.numerator.is_negative() { -magnitude } else { magnitude }
    }

    /// To the nearest f32, by integers.
    #[must_use]
    pub fn f32(self) -> f32 {
        let Some((mantissa, exponent)) = self.mantissa(f32::MANTISSA_DIGITS) else { return 0.0 };
        // The highest bit of the mantissa is implied, and adds 1 to the exponent; so does a carry. |ratio| is within 2^±62.
        let bits = (((exponent + 125) as u32) << 23) + mantissa as u32;
        f32::from_bits(bits + (u32::from(self.numerator.is_negative()) << 31))
    }

    /// To the nearest f64, by integers.
    #[must_use]
    pub fn f64(self) -> f64 {
        let Some((mantissa, exponent)) = self.mantissa(f64::MANTISSA_DIGITS) else { return 0.0 };
        let bits = (((exponent + 1021) as u64) << 52) + mantissa;
        f64::from_bits(bits + (u64::from(self.numerator.is_negative()) << 63))
    }

    /// `(m, e)`: |ratio| = m · 2^(e − digits), m rounded to nearest even, 2^(digits − 1) ≤ m ≤ 2^digits; `None` for 0.
    fn mantissa(self, digits: u32) -> Option<(u64, i32)> {
        let (mut rest, mut divisor) = (self.numerator.unsigned_abs(), self.denominator);
        if rest == 0 {
            return None;
        }
        let mut exponent = 0;
        while divisor <= rest {
            divisor <<= 1;
            exponent += 1;
        }
        while rest << 1 < divisor {
            rest <<= 1;
            exponent -= 1;
        }
        Some((quotient(rest, divisor, digits), exponent))
    }

    /// |ratio| in 2^-fraction, rounded to nearest even; what is beyond 2⁶² becomes the greatest.
    fn fixed(self, fraction: u32) -> u64 {
        let (rest, mut divisor) = (self.numerator.unsigned_abs(), self.denominator);
        let mut places = fraction;
        while divisor <= rest {
            divisor <<= 1;
            places += 1;
        }
        if places > 62 { i64::MAX as u64 } else { quotient(rest, divisor, places) }
    }
}

/// `rest / divisor` in 2^-places, rounded to nearest even, for rest < divisor ≤ 2⁶³ and at most 62 places. Long division, a
/// bit at a time: 100 bytes of code where a 64-bit division is 500.
fn quotient(mut rest: u64, divisor: u64, places: u32) -> u64 {
    let mut quotient = 0;
    for _ in 0..places {
        // Below twice the divisor, which is below 2^64; and below the divisor again after each turn.
        rest <<= 1;
        quotient <<= 1;
        if rest >= divisor {
            rest -= divisor;
            quotient |= 1;
        }
    }
    let twice = rest << 1;
    let up = twice > divisor || (twice == divisor && quotient & 1 == 1);
    quotient + u64::from(up)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ratio(n: u64, d: u64) -> Ratio {
        Ratio::new(u128::from(n), u128::from(d)).unwrap()
    }

    proptest! {
        /// Below 2^24 (2^53) integers are exact floats, and IEEE division rounds their quotient once.
        #[test]
        fn floats_are_rounded_once(n in 0u64..1 << 24, d in 1u64..1 << 24, m in 0u64..1 << 53, e in 1u64..1 << 53) {
            prop_assert_eq!(ratio(n, d).f32(), n as f32 / d as f32);
            prop_assert_eq!(ratio(m, e).f64(), m as f64 / e as f64);
        }

        #[test]
        fn fixed_point_is_rounded_once(n in 0u64..1 << 62, d in 1u64..1 << 62) {
            let n = n % (d + 1);
            let exact = |places: u32| {
                let (q, r) = ((u128::from(n) << places) / u128::from(d), (u128::from(n) << places) % u128::from(d));
                let (twice, d) = (2 * r, u128::from(d));
                (q + u128::from(twice > d || (twice == d && q & 1 == 1))) as i64
            };
            prop_assert_eq!(i64::from(ratio(n, d).q15()), exact(15));
            prop_assert_eq!(ratio(n, d).q31(), exact(31));
        }
    }

    #[test]
    fn ends() {
        assert_eq!((ratio(0, 7).f32(), ratio(0, 7).q15(), ratio(0, 7).q31()), (0.0, 0, 0));
        assert_eq!((ratio(7, 7).f32(), ratio(7, 7).q15(), ratio(7, 7).q31()), (1.0, 32768, 1 << 31));
        assert_eq!(ratio(1, (1 << 62) - 1).q31(), 0);
        assert_eq!(ratio(u64::MAX >> 2, 1).q15(), i32::MAX);
        assert_eq!(Ratio::new(1, 0), None);
        let loss = Ratio { numerator: -1, denominator: 3 };
        assert_eq!((loss.f32(), loss.q15()), (-1.0 / 3.0, -10923));
        // Beyond 62 bits both go down by the same shift.
        let wide = Ratio::new(1 << 100, 3 << 100).unwrap();
        assert_eq!(wide.f64(), 1.0 / 3.0);
    }
}
