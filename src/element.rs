//! Elements: what a pixel of a buffer denotes.
//!
//! | element | buffer | value of code c | code |
//! |---|---|---|---|
//! | [`U8`] | `u8` | c/255 | the byte |
//! | [`Mask01`], [`Mask255`] | `u8` | c, c/255 | the byte; others than 0 and 1, or 0 and 255, are an error |
//! | [`U16`] | `u16` | c/65535 | the word |
//! | [`Q15`] | `i16` | c/32768 | the word; negative is out of range |
//! | [`I8`], [`U8Affine`] | `i8`, `u8` | c · scale | q − zero point, kept inside \[0, 1\] |
//! | [`F32`] | `f32` | c · 2⁻²³ | rounded once, to nearest even |
//! | [`F32Fine`] | `f32` | c · 2⁻⁴⁸ | rounded once, to nearest even |
//! | [`F16`] | [`F16Bits`](crate::F16Bits) | c · 2⁻²⁴ | exact |
//! | [`BF16`] | [`BF16Bits`](crate::BF16Bits) | c · 2⁻²³ | rounded once, to nearest even |

/// The parts that all elements of plain integer codes share: their value is their code.
macro_rules! value_is_code {
    ($bits:literal) => {
        const BITS: u32 = $bits;
        type Value = u32;
        type Narrow = u64;

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
            self.cut_at(threshold, above)
        }
    };
}

mod affine;
mod eight_bit;
mod fixed;
mod float;
mod half;
mod integer;
mod mask;
mod times;

pub use affine::{Affine, I8, U8Affine};
pub use eight_bit::EightBit;
#[doc(hidden)]
pub use fixed::{FixedI8, FixedU8};
pub use float::{F32, F32Fine};
pub(crate) use half::half_of_code;
pub use half::{BF16, F16};
pub use integer::{Q15, U8, U16};
pub use mask::{Mask01, Mask255};
pub use times::Times;

use crate::num::sealed::Sealed;
use crate::num::{Acc, Unit};
use crate::pixels::{ByteView, Channel, Decoded, FloatView, Values, WordView};
use core::fmt::Debug;

/// What to do with a pixel that is not in \[0, 1\] (beyond 10⁻⁶ for floats, which is rounding dust and read as 0 or 1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Range {
    /// Leave the pixel out of every sum and count it as invalid.
    #[default]
    Exclude,
    /// Read it as the nearer of 0 and 1 and count it as clamped. NaN has no nearer end: it is left out and counted as
    /// invalid.
    Clamp,
    /// Refuse the call with [`crate::Error::Range`].
    Refuse,
}

/// Whether the crate looks at every value or takes the caller's word: [`Checked`] or [`Trusted`].
pub trait Check: Copy + PartialEq + Debug + Default + Send + Sync + Sealed + 'static {
    #[doc(hidden)]
    const CHECKED: bool;
}

/// Every value is checked; the default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Checked;

/// The caller promises that every value is in range, and the check is skipped. A broken promise gives a wrong sum,
/// never undefined behaviour or a panic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Trusted;

impl Sealed for Checked {}
impl Check for Checked {
    const CHECKED: bool = true;
}
impl Sealed for Trusted {}
impl Check for Trusted {
    const CHECKED: bool = false;
}

/// A raw pixel, read.
#[derive(Clone, Copy, Debug, PartialEq)]
#[doc(hidden)]
pub enum Reading<V> {
    Valid(V),
    Clamped(V),
    Invalid,
}

/// What a pixel denotes: the prediction's side of a [`crate::Stream`], and with [`crate::Soft`] the target's.
///
/// Sealed: the crate's kernels know their elements.
pub trait Element: Copy + PartialEq + Debug + Send + Sync + Sealed + 'static {
    /// One pixel in the buffer.
    type Raw: Channel + PartialEq + Debug + Send + Sync + 'static;
    /// Sum of codes.
    type Sum: Acc;
    /// Sum of squared codes.
    type Square: Acc;

    /// The value of code 1.
    fn unit(&self) -> Unit;

    /// The raw code that denotes 0. Sums are of q − zero point.
    fn zero_point(&self) -> i32 {
        0
    }

    /// Codes are at most 2^BITS.
    #[doc(hidden)]
    const BITS: u32;
    /// A valid pixel: its code, or for floats its value in \[0, 1\].
    #[doc(hidden)]
    type Value: Copy;
    /// Sums over at most [`crate::pixels::SPAN`] pixels.
    #[doc(hidden)]
    type Narrow: Acc;
    /// Squares, and products with the same element, are rounded once to the unit (else exact, in the unit squared).
    #[doc(hidden)]
    const ROUNDED: bool = false;
    #[doc(hidden)]
    fn read(&self, raw: Self::Raw) -> Reading<Self::Value>;
    #[doc(hidden)]
    fn code(value: Self::Value) -> u64;
    #[doc(hidden)]
    fn square(value: Self::Value) -> u64;
    /// Increases with the value: what a threshold compares.
    #[doc(hidden)]
    fn key(value: Self::Value) -> u32;
    /// The least key whose value is ≥ (or >) `threshold`.
    #[doc(hidden)]
    fn cut(&self, threshold: f32, above: bool) -> u32;
    /// ⌊value · bins⌋ of a key, exactly; `bins` is at most 256.
    #[doc(hidden)]
    fn bin(&self, key: u32, bins: u16) -> u32 {
        bin(self.unit(), key, bins)
    }
    /// An invalid pixel refuses the call.
    #[doc(hidden)]
    fn refuses(&self) -> bool {
        false
    }
    /// Its values are declared, and looked at by [`Self::keeps_its_word`] before they are summed: then none is invalid.
    #[doc(hidden)]
    const DECLARED: bool = false;
    /// Whether the values are those that a declared element has alone.
    #[doc(hidden)]
    #[inline(always)]
    fn keeps_its_word(&self, _: &[Self::Raw]) -> bool {
        true
    }
    /// The pixels as the 8-bit lanes take them, if they do.
    #[doc(hidden)]
    fn bytes<'a>(&self, _: &'a [Self::Raw]) -> Option<ByteView<'a>> {
        None
    }
    /// The pixels as unsigned words that are their own codes, if they are.
    #[doc(hidden)]
    fn halves<'a>(&self, _: &'a [Self::Raw]) -> Option<&'a [u16]> {
        None
    }
    /// The pixels as the 16-bit lanes take them, if they do.
    #[doc(hidden)]
    fn words<'a>(&self, _: &'a [Self::Raw]) -> Option<WordView<'a>> {
        None
    }
    /// The pixels as the float lanes take them, if they do.
    #[doc(hidden)]
    fn floats<'a>(&self, _: &'a [Self::Raw]) -> Option<FloatView<'a>> {
        None
    }
    /// The pixels as codes that are decoded by block, if they can be.
    #[doc(hidden)]
    fn decoded<'a>(&self, p: &'a [Self::Raw]) -> Option<Decoded<'a>> {
        let bytes = self.bytes(p).map(Decoded::Bytes);
        bytes.or_else(|| self.words(p).map(Decoded::Words)).or_else(|| self.floats(p).map(Decoded::Floats))
    }
    /// The pixels as lanes that write take them, if they do.
    #[doc(hidden)]
    fn values<'a>(&self, p: &'a [Self::Raw]) -> Option<Values<'a>> {
        self.bytes(p).map(|view| Values::Codes(view, self.unit().value(1) as f32))
    }
    /// Writes the values that a function gives of pixels, one for each, where lanes write them and their codes are those of [`F32`];
    /// whether it does. What is NaN has no value.
    #[doc(hidden)]
    fn written(&self, _: &[Self::Raw], _: &mut [f32]) -> bool {
        false
    }
    /// Whether keys are the bits of what is written, with which a cut can be compared.
    #[doc(hidden)]
    const WRITTEN_KEYS: bool = true;
    /// Tells `each` the codes of pixels that a function gives, as [`F32`] has them, and the byte beside each, in their order; the code of
    /// what has no value is above 2²³. Whether it does: where a value is summed as soon as it is there.
    #[doc(hidden)]
    #[inline(always)]
    fn each_code(&self, _: &[Self::Raw], _: &[u8], _: impl FnMut(u32, u8)) -> bool {
        false
    }
    /// The value as an `f32`; `unit` is that of code 1.
    #[doc(hidden)]
    fn worth(value: Self::Value, unit: f32) -> f32 {
        Self::code(value) as f32 * unit
    }
}

/// Elements of integer codes: their values are their codes, and products of codes are exact.
pub trait Integer: Element<Value = u32, Narrow = u64> {}

/// The least code of `unit` whose value is ≥ (or >) `threshold`, by bisection: exact, and no division.
pub(crate) const fn cut(unit: Unit, top: u32, threshold: f32, above: bool) -> u32 {
    if !(threshold >= 0.0 && threshold <= 1.0) {
        return top + 1;
    }
    // threshold = mantissa · 2^-places, as is every f32; −0.0 is 0.
    let bits = threshold.abs().to_bits();
    let fraction = (bits & 0x7F_FFFF) as u128;
    let (mantissa, places) = match bits >> 23 {
        0 => (fraction, 149),
        exponent => (fraction | 0x80_0000, 150 - exponent),
    };
    let right = mantissa * unit.div as u128;
    let (mut low, mut high) = (0, top + 1);
    while low < high {
        let middle = low.midpoint(high);
        let left = middle as u128 * unit.mul as u128;
        // left · 2^-shift is compared with right · 2^-places; both numbers are below 2^48 before they are shifted to one
        // place. A positive threshold that is 2^80 times finer than the code's place lies under every code but 0, so that
        // 1 stands for it.
        let (left, right) = match places.checked_sub(unit.shift as u32) {
            Some(up @ 0..=79) => (left << up, right),
            Some(_) => (left << 79, if right > 1 { 1 } else { right }),
            None => (left, right << (unit.shift as u32 - places)),
        };
        if left > right || (left == right && !above) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// ⌊code · unit · bins⌋. A code has at most 25 bits, a numerator 24, and `bins` 9. Of a unit with a denominator the numerator is 1
/// and a code has 16 bits, so that 32 are enough for the division: a Cortex-M has no longer one.
pub(crate) const fn bin(unit: Unit, code: u32, bins: u16) -> u32 {
    let scaled = code as u64 * unit.mul as u64 * bins as u64;
    let whole = match (scaled as u32).checked_div(unit.div as u32) {
        Some(quotient) if unit.div > 1 => quotient as u64,
        _ => scaled,
    };
    (whole >> unit.shift) as u32
}

/// The same of the bits of a float in \[0, 1\]: mantissa · bins has at most 33 bits, and is shifted by 23 or more.
pub(crate) const fn bin_of_bits(bits: u32, bins: u16) -> u32 {
    let scaled = (bits & 0x7F_FFFF | 0x80_0000) as u64 * bins as u64;
    // Below 2⁻³⁴, subnormal numbers among them, nothing is left of the product.
    scaled.unbounded_shr(150u32.saturating_sub(bits >> 23)) as u32
}

/// The least key for floats, whose bits order them: the least bits that are ≥ (or >) `threshold`.
pub(crate) const fn cut_bits(threshold: f32, above: bool) -> u32 {
    let magnitude = threshold.to_bits() & 0x7FFF_FFFF;
    if threshold.is_nan() || threshold > 1.0 {
        u32::MAX
    } else if threshold < 0.0 {
        0
    } else {
        magnitude + above as u32
    }
}
