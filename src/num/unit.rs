use crate::error::Error;

/// The value of one code: `mul / (div · 2^shift)`, exactly.
///
/// 1/255 is `{ mul: 1, div: 255, shift: 0 }`, TFLite's 1/256 is `{ 1, 1, 8 }`, and every `f32` scale is
/// `mul / 2^shift` without rounding, so a score in integers knows its units to the last bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Unit {
    /// Numerator, below 2²⁴.
    pub mul: u32,
    /// Denominator that is no power of two (255, 65535), else 1.
    pub div: u16,
    /// Binary places.
    pub shift: u8,
}

impl Unit {
    /// A pixel of a hard mask: code 1 is 1.0.
    pub const ONE: Self = Self::binary(0);

    /// The unit 2⁻ˢʰⁱᶠᵗ.
    #[must_use]
    pub const fn binary(shift: u8) -> Self {
        Self { mul: 1, div: 1, shift }
    }

    /// The unit 1/`full`: `full` codes make 1.0. Zero is read as 1.
    #[must_use]
    pub const fn fraction(full: u16) -> Self {
        let full = if full == 0 { 1 } else { full };
        let twos = full.trailing_zeros();
        Self { mul: 1, div: full >> twos, shift: twos as u8 }
    }

    /// A scale as inference engines state it, taken exactly.
    ///
    /// # Errors
    ///
    /// [`Error::Scale`] unless 2⁻³⁰ ≤ `scale` ≤ 1.
    pub const fn scale(scale: f32) -> Result<Self, Error> {
        const LEAST: u32 = (127 - 30) << 23;
        let bits = scale.to_bits();
        if bits < LEAST || bits > 1.0f32.to_bits() {
            return Err(Error::Scale);
        }
        // A normal number: (2^23 + fraction) · 2^(exponent − 150), with trailing zeros taken out.
        let mantissa = (bits & 0x7F_FFFF) | 0x80_0000;
        let twos = mantissa.trailing_zeros();
        let places = 150 - (bits >> 23) - twos;
        Ok(Self { mul: mantissa >> twos, div: 1, shift: places as u8 })
    }

    /// The unit, if it is one: its fields may have come from anywhere.
    ///
    /// # Errors
    ///
    /// [`Error::Scale`] unless 0 < `mul` < 2²⁴, `div` > 0 and `shift` < 64.
    pub const fn checked(self) -> Result<Self, Error> {
        let Self { mul, div, shift } = self;
        if mul == 0 || mul >> 24 > 0 || div == 0 || shift >= 64 { Err(Error::Scale) } else { Ok(self) }
    }

    /// Largest code that denotes at most 1 (and a millionth: 255 · (1/255 as f32) is a little more than 1).
    pub(crate) const fn codes_to_one(self) -> u64 {
        let one = (self.div as u64).unbounded_shl(self.shift as u32);
        // `Self::checked` refuses a numerator of 0, of which every code would denote 0.
        match (one + (one >> 20)).checked_div(self.mul as u64) {
            Some(codes) => codes,
            None => u64::MAX,
        }
    }

    /// `a` of this unit ≤ `b` of the other, exactly.
    ///
    /// Codes are below 2^49, `mul` below 2^24, `div` below 2^16; shifts differ by at most 54 and only where the code
    /// shifted has at most 16 bits (8- and 16-bit elements), or by 6 (2⁻⁴⁸ against a scale): below 2^110.
    pub(crate) const fn at_most(self, a: u64, other: Self, b: u64) -> bool {
        let left = a as u128 * self.mul as u128 * other.div as u128;
        let right = b as u128 * other.mul as u128 * self.div as u128;
        if self.shift < other.shift {
            left << (other.shift - self.shift) <= right
        } else {
            left <= right << (self.shift - other.shift)
        }
    }

    /// The value of `code`, rounded to f64: for people to read, not for scores.
    #[must_use]
    pub fn value(self, code: u128) -> f64 {
        // 2^-shift, exactly, for every shift that the field can hold.
        let places = f64::from_bits((1023 - u64::from(self.shift)) << 52);
        code as f64 * f64::from(self.mul) / f64::from(self.div) * places
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_are_exact() {
        assert_eq!(Unit::scale(1.0 / 256.0), Ok(Unit::binary(8)));
        assert_eq!(Unit::scale(1.0), Ok(Unit::ONE));
        for scale in [0.044_141_084f32, 1.0 / 255.0, 0.3, 1.0e-9] {
            let u = Unit::scale(scale).unwrap();
            assert_eq!(u.value(1), f64::from(scale));
        }
        for bad in [0.0, -0.1, 1.000_001, f32::NAN, f32::INFINITY, 1.0e-10] {
            assert_eq!(Unit::scale(bad), Err(Error::Scale));
        }
    }

    #[test]
    fn codes_to_one_allow_the_rounding_of_a_scale() {
        assert_eq!(Unit::scale(1.0 / 255.0).unwrap().codes_to_one(), 255);
        assert_eq!(Unit::binary(8).codes_to_one(), 256);
        assert_eq!(Unit::scale(0.3).unwrap().codes_to_one(), 3);
        assert_eq!(Unit::fraction(254), Unit { mul: 1, div: 127, shift: 1 });
    }

    #[test]
    fn units_that_are_none() {
        for unit in [Unit::ONE, Unit::fraction(255), Unit::binary(48), Unit::scale(0.3).unwrap()] {
            assert_eq!(unit.checked(), Ok(unit));
        }
        let bad = [(0, 1, 0), (1 << 24, 1, 0), (1, 0, 8), (1, 1, 64), (u32::MAX, u16::MAX, u8::MAX)];
        for (mul, div, shift) in bad {
            let unit = Unit { mul, div, shift };
            assert_eq!(unit.checked(), Err(Error::Scale));
            // No panic, whatever they give.
            let _ = (unit.codes_to_one(), unit.value(u128::MAX));
        }
        assert_eq!(Unit { mul: 1, div: 1, shift: 200 }.value(1), 2f64.powi(-200));
    }

    #[test]
    fn comparison_is_exact_across_units() {
        let (a, b) = (Unit::fraction(255), Unit::binary(8));
        assert!(a.at_most(0, b, 0) && b.at_most(0, a, 0));
        assert!(a.at_most(255, b, 256) && b.at_most(256, a, 255));
        assert!(!a.at_most(128, b, 128) && b.at_most(128, a, 128));
    }
}
