use super::float::read;
use super::{Check, Checked, Element, Range, Reading, Trusted, bin_of_bits, cut, cut_bits};
use crate::num::{Unit, sealed::Sealed};
use crate::pixels::{BF16Bits, Decoded, F16Bits};

/// Half-precision floats (IEEE 754 binary16) as codes of 2⁻²⁴: every half float of \[0, 1\] is such a multiple, so that its code,
/// its square and its products with integers, with other half floats and with [`crate::F32`]'s codes are exact.
///
/// Codes reach 2²⁴, and products of two 2⁴⁸: sums are kept in 128 bits. −0.0 and rounding dust (down to −16 · 2⁻²⁴, the last
/// above −10⁻⁶; above 1 there is none, for the next half float is 1.001) are read as 0; other values outside, infinities and
/// NaN follow [`Range`].
///
/// ```
/// use soft_dice::{F16, F16Bits, NonZero, Stream};
/// let map = [0x3C00, 0x3800, 0x0001, 0x7E00];             // 1, ½, 2⁻²⁴ and a NaN
/// let mut stream = Stream::new(F16::new(), NonZero);
/// stream.update(F16Bits::of(&map), &[1, 0, 1, 1])?;
/// assert_eq!((stream.sums().p(), stream.sums().pt()), ((3 << 23) + 1, (1 << 24) + 1));
/// assert_eq!(stream.sums().invalid(), 1);
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct F16<C = Checked> {
    range: Range,
    check: C,
}

/// bfloat16 probabilities, read as the `f32` that they are the upper half of: codes and products are those of
/// [`crate::F32`], rounded once to 2⁻²³, with its policies and its bounds.
///
/// ```
/// use soft_dice::{BF16, BF16Bits, NonZero, Stream};
/// let mut stream = Stream::new(BF16::new(), NonZero);
/// stream.update(BF16Bits::of(&[0x3F80, 0x3F00, 0x7FC0]), &[1, 0, 1])?;    // 1, ½ and a NaN
/// assert_eq!((stream.sums().p(), stream.sums().pt()), (3 << 22, 1 << 23));
/// assert_eq!(stream.sums().invalid(), 1);
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct BF16<C = Checked> {
    range: Range,
    check: C,
}

macro_rules! settings {
    ($name:ident) => {
        impl $name<Checked> {
            /// Pixels outside \[0, 1\] are left out and counted.
            #[must_use]
            pub const fn new() -> Self {
                Self { range: Range::Exclude, check: Checked }
            }

            /// What becomes of pixels outside \[0, 1\].
            #[must_use]
            pub const fn range(self, range: Range) -> Self {
                Self { range, ..self }
            }

            /// The caller's promise that every value is in \[0, 1\] (−0.0 included).
            #[must_use]
            pub const fn trusted(self) -> $name<Trusted> {
                $name { range: self.range, check: Trusted }
            }
        }

        impl<C> Sealed for $name<C> {}
    };
}

settings!(F16);
settings!(BF16);

/// Bits of 1.0.
const ONE: u16 = 0x3C00;
/// Bits of infinity; above it are the NaNs.
const INFINITE: u16 = 0x7C00;
/// The last negative value whose magnitude is at most 10⁻⁶ is −16 · 2⁻²⁴.
const DUST: u16 = 16;

/// The magnitude in units of 2⁻²⁴, of bits of \[0, 1\] at most 2²⁴; of others, under a broken promise, some number.
pub(crate) const fn half_code(bits: u16) -> u32 {
    let (exponent, fraction) = (bits as u32 >> 10 & 31, bits as u32 & 0x3FF);
    if exponent == 0 { fraction } else { (fraction | 0x400) << (exponent - 1) }
}

/// The least bits of \[0, 1\] whose code is at least this, if there are any.
pub(crate) const fn half_of_code(code: u32) -> Option<u16> {
    if code > 1 << 24 {
        return None;
    }
    // By bisection: codes rise with the bits.
    let (mut low, mut high) = (0, ONE);
    while low < high {
        let middle = (low + high) / 2;
        if half_code(middle) >= code { high = middle } else { low = middle + 1 }
    }
    Some(low)
}

impl<C: Check> Element for F16<C> {
    type Raw = F16Bits;
    type Sum = u128;
    type Square = u128;
    type Value = u32;
    type Narrow = u128;
    const BITS: u32 = 24;

    fn unit(&self) -> Unit {
        Unit::binary(24)
    }

    fn read(&self, raw: F16Bits) -> Reading<u32> {
        let (magnitude, negative) = (raw.0 & 0x7FFF, raw.0 >> 15 == 1);
        if !C::CHECKED || raw.0 <= ONE {
            Reading::Valid(half_code(raw.0))
        } else if negative && magnitude <= DUST {
            Reading::Valid(0)
        } else if self.range == Range::Clamp && magnitude <= INFINITE {
            Reading::Clamped(if negative { 0 } else { 1 << 24 })
        } else {
            Reading::Invalid
        }
    }

    fn code(value: u32) -> u64 {
        u64::from(value)
    }

    fn square(value: u32) -> u64 {
        u64::from(value) * u64::from(value)
    }

    fn key(value: u32) -> u32 {
        value
    }

    fn cut(&self, threshold: f32, above: bool) -> u32 {
        cut(self.unit(), 1 << 24, threshold, above)
    }

    fn refuses(&self) -> bool {
        C::CHECKED && self.range == Range::Refuse
    }

    fn decoded<'a>(&self, p: &'a [F16Bits]) -> Option<Decoded<'a>> {
        Some(Decoded::Half(F16Bits::bits(p)))
    }
}

impl<C: Check> Element for BF16<C> {
    type Raw = BF16Bits;
    type Sum = u64;
    type Square = u64;
    type Value = f32;
    type Narrow = u64;
    const ROUNDED: bool = true;
    const BITS: u32 = 23;

    fn unit(&self) -> Unit {
        Unit::binary(23)
    }

    fn read(&self, raw: BF16Bits) -> Reading<f32> {
        if C::CHECKED { read(raw.to_f32(), self.range) } else { Reading::Valid(raw.to_f32()) }
    }

    fn code(value: f32) -> u64 {
        super::F32::<C>::code(value)
    }

    fn square(value: f32) -> u64 {
        super::F32::<C>::square(value)
    }

    fn key(value: f32) -> u32 {
        super::F32::<C>::key(value)
    }

    fn cut(&self, threshold: f32, above: bool) -> u32 {
        cut_bits(threshold, above)
    }

    fn bin(&self, key: u32, bins: u16) -> u32 {
        bin_of_bits(key, bins)
    }

    fn refuses(&self) -> bool {
        C::CHECKED && self.range == Range::Refuse
    }

    fn decoded<'a>(&self, p: &'a [BF16Bits]) -> Option<Decoded<'a>> {
        let clamp = self.range == Range::Clamp;
        Some(Decoded::Upper { bits: BF16Bits::bits(p), clamp, checked: C::CHECKED })
    }

    fn worth(value: f32, _: f32) -> f32 {
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_under_every_policy() {
        let mut kinds = [0; 3];
        for bits in 0..=u16::MAX {
            let raw = F16Bits(bits);
            let value = f64::from(raw);
            let inside = (0.0..=1.0).contains(&value);
            let dust = (-1.0e-6..0.0).contains(&value);
            for range in [Range::Exclude, Range::Clamp, Range::Refuse] {
                let reading = F16::new().range(range).read(raw);
                match reading {
                    Reading::Valid(code) if inside => assert_eq!(f64::from(code), value * 16_777_216.0),
                    Reading::Valid(code) => assert!(dust && code == 0, "{bits:04x}"),
                    Reading::Clamped(code) => {
                        assert!(range == Range::Clamp && !inside && !dust && !value.is_nan());
                        assert_eq!(code, if value < 0.0 { 0 } else { 1 << 24 });
                    }
                    Reading::Invalid => assert!(!inside && !dust && (range != Range::Clamp || value.is_nan())),
                }
                kinds[match reading {
                    Reading::Valid(_) => 0,
                    Reading::Clamped(_) => 1,
                    Reading::Invalid => 2,
                }] += 1;
                let wide = super::super::F32::new().range(range).read(BF16Bits(bits).to_f32());
                assert_eq!(BF16::new().range(range).read(BF16Bits(bits)), wide);
            }
            if inside {
                assert_eq!(F16::new().trusted().read(raw), F16::new().read(raw));
            }
        }
        // 15,361 values of [0, 1], −0.0 and 16 of dust; under Clamp what is left but the NaNs is clamped.
        assert_eq!(kinds, [3 * 15_378, 65_536 - 15_378 - 2 * 1023, 2 * (65_536 - 15_378) + 2 * 1023]);
    }

    #[test]
    fn bits_of_codes() {
        for bits in 0..=ONE {
            assert_eq!(half_of_code(half_code(bits)), Some(bits));
        }
        assert_eq!((half_of_code((1 << 23) + 1), half_of_code((1 << 24) + 1)), (Some(0x3801), None));
    }
}
