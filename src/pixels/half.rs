//! Floats of 16 bits, as the bits that lie in memory.

use super::codes::Channel;
use crate::num::sealed::Sealed;
use core::cmp::Ordering;
use core::fmt;

/// A float of half precision (IEEE 754 binary16) by its bits: what numpy calls `float16` and exporters of models `fp16`.
///
/// It compares as the number does, NaN with nothing. Buffers of `u16` become buffers of these by [`Self::of`] without a
/// copy; with the feature `half`, buffers of `half::f16` do by `of_half`.
#[derive(Clone, Copy, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(transparent)]
pub struct F16Bits(pub u16);

/// A bfloat16, the upper half of an `f32`, by its bits.
///
/// It compares as the number does, NaN with nothing. Buffers of `u16` become buffers of these by [`Self::of`] without a
/// copy; with the feature `half`, buffers of `half::bf16` do by `of_half`.
#[derive(Clone, Copy, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(transparent)]
pub struct BF16Bits(pub u16);

impl F16Bits {
    /// The number: exact, as every half float is an `f32`.
    #[must_use]
    pub const fn to_f32(self) -> f32 {
        let (exponent, fraction) = (self.0 as u32 >> 10 & 31, self.0 as u32 & 0x3FF);
        let magnitude = match exponent {
            // A multiple of 2⁻²⁴, which has no exponent of its own.
            0 if fraction == 0 => 0,
            0 => {
                let zeros = fraction.leading_zeros();
                // The highest bit, of weight 2^(7 − zeros), is not stored: 127 + 7 − zeros.
                (134 - zeros) << 23 | (fraction << (zeros - 8)) & 0x7F_FFFF
            }
            31 => 0x7F80_0000 | fraction << 13,
            _ => (exponent + 112) << 23 | fraction << 13,
        };
        f32::from_bits((self.0 as u32 & 0x8000) << 16 | magnitude)
    }
}

impl BF16Bits {
    /// The number: exact, as every bfloat16 is an `f32`.
    #[must_use]
    pub const fn to_f32(self) -> f32 {
        f32::from_bits((self.0 as u32) << 16)
    }
}

macro_rules! half {
    ($name:ident, $half:ident) => {
        impl $name {
            /// Raw bits as they lie in memory, in the order of bytes of this machine.
            #[must_use]
            pub const fn of(bits: &[u16]) -> &[Self] {
                // SAFETY: the type is transparent over u16, and every bit pattern is valid for both.
                unsafe { core::slice::from_raw_parts(bits.as_ptr().cast(), bits.len()) }
            }

            /// The bits of these values.
            #[must_use]
            pub const fn bits(values: &[Self]) -> &[u16] {
                // SAFETY: the type is transparent over u16, and every bit pattern is valid for both.
                unsafe { core::slice::from_raw_parts(values.as_ptr().cast(), values.len()) }
            }

            /// A buffer of the crate `half`, without a copy.
            #[cfg(feature = "half")]
            #[must_use]
            pub const fn of_half(values: &[half::$half]) -> &[Self] {
                // SAFETY: both types are transparent over u16, and every bit pattern is valid for both.
                unsafe { core::slice::from_raw_parts(values.as_ptr().cast(), values.len()) }
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.to_f32(), f)
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.to_f32() == other.to_f32()
            }
        }

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                self.to_f32().partial_cmp(&other.to_f32())
            }
        }

        impl From<$name> for f32 {
            fn from(value: $name) -> Self {
                value.to_f32()
            }
        }

        impl From<$name> for f64 {
            fn from(value: $name) -> Self {
                value.to_f32().into()
            }
        }

        impl Sealed for $name {}
        impl Channel for $name {}
    };
}

half!(F16Bits, f16);
half!(BF16Bits, bf16);

#[cfg(test)]
mod tests {
    use super::*;

    /// Sign, exponent and fraction by their definition, in f64.
    fn exact(bits: u16, places: i32, bias: i32) -> f64 {
        let (exponent, fraction) = (i32::from(bits & 0x7FFF) >> places, f64::from(bits & ((1 << places) - 1)));
        let magnitude = match exponent {
            0 => fraction * 2f64.powi(1 - bias - places),
            _ if exponent == (1 << (15 - places)) - 1 => {
                if fraction == 0.0 {
                    f64::INFINITY
                } else {
                    f64::NAN
                }
            }
            _ => (1.0 + fraction * 2f64.powi(-places)) * 2f64.powi(exponent - bias),
        };
        if bits >> 15 == 1 { -magnitude } else { magnitude }
    }

    #[test]
    fn every_pattern_is_the_number() {
        for bits in 0..=u16::MAX {
            for (found, exact) in
                [(F16Bits(bits).to_f32(), exact(bits, 10, 15)), (BF16Bits(bits).to_f32(), exact(bits, 7, 127))]
            {
                assert!(f64::from(found) == exact || found.is_nan() && exact.is_nan(), "{bits:04x}: {found} {exact}");
                assert!(found.is_nan() || found.is_sign_negative() == (bits >> 15 == 1));
            }
        }
    }

    #[test]
    fn they_compare_as_numbers() {
        assert!(F16Bits(0xBC00) < F16Bits(0) && F16Bits(0x8000) == F16Bits(0) && F16Bits(0x7E00) != F16Bits(0x7E00));
        assert!(BF16Bits(0xBF80) < BF16Bits(0x3F80) && BF16Bits(0x7FC0).partial_cmp(&BF16Bits(0)).is_none());
        assert_eq!(F16Bits::bits(F16Bits::of(&[7, 0x3C00])), [7, 0x3C00]);
    }
}
