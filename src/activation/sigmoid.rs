use super::exp;
use super::exp::{exp_f64, nearest_code};
use crate::element::{Check, Element, F32, F32Fine, Reading, Times, cut};
use crate::error::Error;
use crate::num::{Unit, sealed::Sealed};
use crate::pixels::{Channel, Decoded, Values};
use crate::target::own_masks;

/// 1/(1 + e⁻ˣ), off by at most 1.2 · 10⁻⁷ (measured), and relatively as exp is; the same bits on every
/// target. NaN for NaN.
#[must_use]
pub const fn sigmoid(x: f32) -> f32 {
    if x < 0.0 {
        let e = exp(x);
        e / (1.0 + e)
    } else {
        1.0 / (1.0 + exp(-x))
    }
}

/// `f32` logits, read through [`sigmoid`] as probabilities of element `E`: [`crate::F32`] or [`crate::F32Fine`].
///
/// A NaN logit is an invalid pixel; infinite ones are 0 and 1.
///
/// ```
/// use soft_dice::{F32, NonZero, Stream, activation::Sigmoid};
/// let mut stream = Stream::new(Sigmoid(F32::new()), NonZero);
/// stream.update(&[0.0, f32::INFINITY, f32::NAN], &[0, 1, 1])?;
/// assert_eq!((stream.sums().p(), stream.sums().invalid()), (3 << 22, 1));   // ½ + 1
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Sigmoid<E>(pub E);

own_masks! {
    Sigmoid<F32<C>> [C: Check], |e, threshold, above| if above { e.0.own_above(threshold).cut() } else { e.0.own_at_least(threshold).cut() };
    Sigmoid<F32Fine>, |e, threshold, above| if above { e.0.own_above(threshold).cut() } else { e.0.own_at_least(threshold).cut() };
    Tabled<i8>, |_e, threshold, above| cut(Unit::binary(23), 1 << 23, threshold, above);
    Tabled<u8>, |_e, threshold, above| cut(Unit::binary(23), 1 << 23, threshold, above);
}

/// An element of logits that are read through a function as values of element `E`.
macro_rules! through {
    ($name:ident, $sigmoid:expr, $values:expr) => {
        impl<E> Sealed for $name<E> {}

        impl<E: Element<Raw = f32, Value = f32>> Element for $name<E> {
            type Raw = f32;
            type Sum = E::Sum;
            type Square = E::Square;
            type Value = f32;
            type Narrow = E::Narrow;
            const ROUNDED: bool = E::ROUNDED;
            const BITS: u32 = E::BITS;

            fn unit(&self) -> Unit {
                self.0.unit()
            }

            fn read(&self, raw: f32) -> Reading<f32> {
                self.0.read($sigmoid(raw))
            }

            fn code(value: f32) -> u64 {
                E::code(value)
            }

            fn square(value: f32) -> u64 {
                E::square(value)
            }

            fn key(value: f32) -> u32 {
                E::key(value)
            }

            fn cut(&self, threshold: f32, above: bool) -> u32 {
                self.0.cut(threshold, above)
            }

            fn bin(&self, key: u32, bins: u16) -> u32 {
                self.0.bin(key, bins)
            }

            fn refuses(&self) -> bool {
                self.0.refuses()
            }

            fn values<'a>(&self, logits: &'a [f32]) -> Option<Values<'a>> {
                $values(logits)
            }

            fn written(&self, logits: &[f32], out: &mut [f32]) -> bool {
                let Some(Values::Logits(logits)) = self.values(logits) else { return false };
                if cfg!(soft_dice_lanes = "runs") || Self::BITS != 23 {
                    return false;
                }
                $crate::kernel::apply($crate::activation::Logistic, [logits], out);
                true
            }

            #[inline(always)]
            fn each_code(&self, logits: &[f32], beside: &[u8], mut each: impl FnMut(u32, u8)) -> bool {
                // Where a float instruction is a call, the plain loop's integers are less.
                if cfg!(not(any(soft_dice_lanes = "fpu", soft_dice_lanes = "helium"))) || Self::BITS != 23 {
                    return false;
                }
                for (&x, &byte) in logits.iter().zip(beside) {
                    // Of a NaN it is above 2²³: its bits are above those of infinity.
                    each(E::code($sigmoid(x)) as u32, byte);
                }
                true
            }

            fn worth(value: f32, _: f32) -> f32 {
                value
            }
        }

        impl<E: Element<Raw = f32, Value = f32> + Times<T>, T: Element> Times<T> for $name<E> {
            type Product = E::Product;
            type Wide = E::Wide;
            const ROUNDED_PRODUCT: bool = E::ROUNDED_PRODUCT;

            fn times(a: f32, b: T::Value) -> u64 {
                E::times(a, b)
            }
        }
    };
}
#[cfg(feature = "micromath")]
pub(super) use through;

through!(Sigmoid, sigmoid, |logits| Some(Values::Logits(logits)));

/// Q0.23 codes of the sigmoid of all 256 logits of an 8-bit tensor, worked out once (also at compile time).
///
/// Each is the code nearest to the exact value, 6 · 10⁻⁸ from it at most (measured over 1000 scales). In memory it is its codes and
/// nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SigmoidTable {
    /// By the byte with its sign bit turned: in rising order for `i8`.
    codes: [u32; 256],
}

impl SigmoidTable {
    /// For `i8` logits of value (q − zero point) · scale.
    ///
    /// # Errors
    ///
    /// [`Error::Scale`] unless the scale is positive and finite, [`Error::Setting`] if the zero point is not a code.
    pub const fn i8(scale: f32, zero_point: i32) -> Result<Self, Error> {
        Self::build(scale, zero_point, -128)
    }

    /// For `u8` logits.
    ///
    /// # Errors
    ///
    /// As [`Self::i8`].
    pub const fn u8(scale: f32, zero_point: i32) -> Result<Self, Error> {
        Self::build(scale, zero_point, 0)
    }

    const fn build(scale: f32, zero_point: i32, lowest: i32) -> Result<Self, Error> {
        if !(scale > 0.0 && scale < f32::INFINITY) {
            return Err(Error::Scale);
        }
        if zero_point < lowest || zero_point > lowest + 255 {
            return Err(Error::Setting);
        }
        let mut codes = [0; 256];
        let mut index = 0;
        while index < 256 {
            // Exact: 9 bits times 24.
            let x = (lowest + index as i32 - zero_point) as f64 * scale as f64;
            let e = exp_f64(if x < 0.0 { x } else { -x });
            codes[index] = nearest_code(if x < 0.0 { e } else { 1.0 } / (1.0 + e));
            index += 1;
        }
        Ok(Self { codes })
    }

    /// The code of each logit, the lowest first.
    #[must_use]
    pub const fn codes(&self) -> &[u32; 256] {
        &self.codes
    }
}

/// 8-bit logits, read through a table as probabilities of 2⁻²³, like [`crate::F32`].
///
/// The table lies in a `static` (or is leaked, where there is a heap): sums stay tens of bytes.
///
/// ```
/// use soft_dice::{NonZero, Stream, activation::{SigmoidTable, Tabled}};
/// static TABLE: SigmoidTable = match SigmoidTable::i8(0.0441, 8) {
///     Ok(table) => table,
///     Err(_) => panic!(),
/// };
/// let mut stream = Stream::new(Tabled::i8(&TABLE), NonZero);
/// stream.update(&[8, 127, -128], &[0, 1, 0])?;
/// assert_eq!(stream.sums().pt(), u64::from(TABLE.codes()[255]));
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Tabled<R> {
    table: &'static SigmoidTable,
    lowest: R,
}

impl Tabled<i8> {
    /// `i8` logits.
    #[must_use]
    pub const fn i8(table: &'static SigmoidTable) -> Self {
        Self { table, lowest: i8::MIN }
    }
}

impl Tabled<u8> {
    /// `u8` logits.
    #[must_use]
    pub const fn u8(table: &'static SigmoidTable) -> Self {
        Self { table, lowest: u8::MIN }
    }
}

impl<R> Sealed for Tabled<R> {}

/// RNE(code² · 2⁻²³), as `F32` has it.
pub(super) const fn square(code: u32) -> u64 {
    let square = code as u64 * code as u64;
    let (whole, rest) = (square >> 23, square & ((1 << 23) - 1));
    whole + (rest > 1 << 22 || (rest == 1 << 22 && whole & 1 == 1)) as u64
}

macro_rules! tabled {
    ($raw:ty) => {
        impl Element for Tabled<$raw> {
            type Raw = $raw;
            type Sum = u64;
            type Square = u64;
            type Value = u32;
            type Narrow = u64;
            const ROUNDED: bool = true;
            const BITS: u32 = 23;

            fn unit(&self) -> Unit {
                Unit::binary(23)
            }

            fn read(&self, raw: $raw) -> Reading<u32> {
                let index = raw as u8 ^ self.lowest as u8;
                Reading::Valid(self.table.codes[usize::from(index)])
            }

            fn code(value: u32) -> u64 {
                u64::from(value)
            }

            fn square(value: u32) -> u64 {
                square(value)
            }

            fn key(value: u32) -> u32 {
                value
            }

            fn cut(&self, threshold: f32, above: bool) -> u32 {
                cut(self.unit(), 1 << 23, threshold, above)
            }

            fn decoded<'a>(&self, logits: &'a [$raw]) -> Option<Decoded<'a>> {
                let (bytes, flip) = <$raw>::bytes(logits)?;
                Some(Decoded::Table { bytes, flip, codes: &self.table.codes })
            }
        }
    };
}

tabled!(i8);
tabled!(u8);

#[cfg(test)]
mod tests {
    use super::*;
    use std::println;

    fn exact(x: f64) -> f64 {
        1.0 / (1.0 + (-x).exp())
    }

    #[test]
    fn sigmoid_is_as_exact_as_stated() {
        let (mut worst, mut at) = (0.0f64, 0.0);
        for bits in (0..0xC2D0_0000u32).step_by(331) {
            let x = f32::from_bits(bits);
            if x.is_finite() {
                let off = (f64::from(sigmoid(x)) - exact(f64::from(x))).abs();
                if off > worst {
                    (worst, at) = (off, x);
                }
            }
        }
        println!("sigmoid: off by {worst:e} at {at}");
        assert!(worst < 1.2e-7);
        assert!(sigmoid(f32::NAN).is_nan());
        assert_eq!((sigmoid(f32::INFINITY), sigmoid(f32::NEG_INFINITY), sigmoid(0.0)), (1.0, 0.0, 0.5));
    }

    /// All 256 codes of 1000 scales from 2⁻¹⁰ to 2.
    #[test]
    fn table_is_as_exact_as_stated() {
        let (mut worst, mut half) = (0.0f64, 0u32);
        for k in 0..1000 {
            let scale = 2f32.powf(k as f32 * 0.011 - 10.0);
            let zero_point = k % 256 - 128;
            let table = SigmoidTable::i8(scale, zero_point).unwrap();
            for (index, &code) in table.codes.iter().enumerate() {
                let x = f64::from(index as i32 - 128 - zero_point) * f64::from(scale);
                let off = (f64::from(code) - exact(x) * 8_388_608.0).abs();
                worst = worst.max(off);
                half += u32::from(off <= 0.5);
            }
            assert_eq!(table.codes[(zero_point + 128) as usize], 1 << 22);
            assert!(table.codes.is_sorted());
            let unsigned = SigmoidTable::u8(scale, zero_point + 128).unwrap();
            assert_eq!(table, unsigned);
        }
        println!("sigmoid table: off by {worst:.3} codes of 2^-23; the nearest code in {half} of 256000");
        assert!(worst < 0.500_01);
    }

    #[test]
    fn bad_tables_are_refused() {
        for scale in [0.0, -1.0, f32::NAN, f32::INFINITY] {
            assert_eq!(SigmoidTable::i8(scale, 0), Err(Error::Scale));
        }
        assert_eq!(SigmoidTable::i8(1.0, 128), Err(Error::Setting));
        assert_eq!(SigmoidTable::u8(1.0, -1), Err(Error::Setting));
    }
}
