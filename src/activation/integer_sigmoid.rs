use super::fixed::{ONE, sigmoid_code, value};
use crate::element::{Element, Reading, cut};
use crate::num::{Unit, sealed::Sealed};
use crate::target::own_masks;

/// `f32` logits, read through a sigmoid that is worked out in integers: for cores without float instructions, where
/// [`super::Sigmoid`] takes thousands of instructions a pixel.
///
/// Codes of 2⁻²³, as those of [`crate::F32`]. Each is within 2.1 codes, 2.5 · 10⁻⁷, of the exact sigmoid (measured over all
/// `f32`), and not always the code of [`super::Sigmoid`]: it is another element, with the same bits on every target. Of two
/// neighbouring logits the greater may have the lower code, by two at most. A NaN logit is an invalid pixel; infinite ones are 0
/// and 1. The table takes 1,032 bytes. For hard targets; it is compared with soft ones after its codes were written as
/// values ([`super::integer_sigmoid`]).
///
/// ```
/// use soft_dice::{NonZero, Stream, activation::IntegerSigmoid};
/// let mut stream = Stream::new(IntegerSigmoid, NonZero);
/// stream.update(&[0.0, f32::INFINITY, f32::NAN], &[0, 1, 1])?;
/// assert_eq!((stream.sums().p(), stream.sums().invalid()), (3 << 22, 1));   // ½ + 1
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct IntegerSigmoid;

/// The sigmoid of a logit as [`IntegerSigmoid`] reads it: a multiple of 2⁻²³ within 2.5 · 10⁻⁷ of 1/(1 + e⁻ˣ), without a float
/// instruction. NaN for NaN.
#[must_use]
pub const fn integer_sigmoid(x: f32) -> f32 {
    match sigmoid_code(x.to_bits()) {
        Some(code) => value(code),
        None => f32::NAN,
    }
}

own_masks! {
    IntegerSigmoid, |_e, threshold, above| cut(Unit::binary(23), ONE, threshold, above);
}

impl Sealed for IntegerSigmoid {}

impl Element for IntegerSigmoid {
    type Raw = f32;
    type Sum = u64;
    type Square = u64;
    type Value = u32;
    type Narrow = u64;
    const ROUNDED: bool = true;
    const BITS: u32 = 23;

    fn unit(&self) -> Unit {
        Unit::binary(23)
    }

    fn read(&self, raw: f32) -> Reading<u32> {
        match sigmoid_code(raw.to_bits()) {
            Some(code) => Reading::Valid(code),
            None => Reading::Invalid,
        }
    }

    fn code(value: u32) -> u64 {
        u64::from(value)
    }

    fn square(value: u32) -> u64 {
        super::sigmoid::square(value)
    }

    fn key(value: u32) -> u32 {
        value
    }

    fn cut(&self, threshold: f32, above: bool) -> u32 {
        cut(self.unit(), ONE, threshold, above)
    }

    /// They are codes.
    const WRITTEN_KEYS: bool = false;

    // Where there are vectors of floats: they sum what was written.
    #[cfg(soft_dice_lanes = "vector")]
    fn written(&self, logits: &[f32], out: &mut [f32]) -> bool {
        for (to, x) in out.iter_mut().zip(logits) {
            *to = match sigmoid_code(x.to_bits()) {
                // The codes are the mantissas of the floats from 1 to 2, which lack 1.
                Some(code) => f32::from_bits(1f32.to_bits() + code) - 1.0,
                None => f32::NAN,
            };
        }
        true
    }
}
