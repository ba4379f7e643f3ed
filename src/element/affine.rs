use super::{Element, Integer, Reading, cut};
use crate::error::Error;
use crate::num::{Unit, sealed::Sealed};
use crate::pixels::{ByteCodes, ByteView, unsigned};

/// 8-bit affine codes as inference engines write them: value = (q − zero point) · scale.
///
/// Sums are of q − zero point. Where \[0, 1\] covers every code (TFLite, onnxruntime) nothing is clamped; elsewhere a
/// code outside is read as the nearest code inside and counted as clamped.
///
/// ```
/// use soft_dice::I8;
/// let device = I8::TFLITE;                     // 1/256, zero point −128
/// let other = I8::new(0.00392, -120)?;         // any scale and zero point
/// let cleaned = I8::TFLITE.dead_zone(1);       // background noise of one code is read as 0
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Affine<R> {
    unit: Unit,
    zero_point: R,
    codes: ByteCodes,
}

/// `i8` affine codes.
pub type I8 = Affine<i8>;
/// `u8` affine codes.
pub type U8Affine = Affine<u8>;

impl<R: Copy> Affine<R> {
    /// Codes ≤ `dead` (after the zero point) are read as 0 before the sum.
    #[must_use]
    pub const fn dead_zone(self, dead: u8) -> Self {
        Self { codes: ByteCodes { dead, ..self.codes }, ..self }
    }

    /// The largest code denotes 1.0: TFLite's 256ths become 255ths. Changes the unit, not the sums.
    #[must_use]
    pub const fn full_scale(self) -> Self {
        Self { unit: Unit::fraction(self.codes.top as u16), ..self }
    }

    /// The least code whose value is ≥ (or >) `threshold`: what [`Element::cut`] gives, in a constant too.
    pub(crate) const fn cut_at(self, threshold: f32, above: bool) -> u32 {
        cut(self.unit, self.codes.top as u32, threshold, above)
    }

    const fn build(unit: Unit, zero_point: R, floor: u8) -> Self {
        let (room, one) = (255 - floor, unit.codes_to_one());
        let top = if one < room as u64 { one as u8 } else { room };
        Self { unit, zero_point, codes: ByteCodes { floor, top, dead: 0 } }
    }
}

macro_rules! affine {
    ($raw:ty, $flip:literal, $bytes:expr) => {
        impl Affine<$raw> {
            /// TensorFlow Lite's sigmoid and softmax outputs: scale 1/256, the lowest code is 0.
            pub const TFLITE: Self = Self::build(Unit::binary(8), <$raw>::MIN, 0);
            /// onnxruntime's sigmoid and softmax outputs: scale 1/255, the lowest code is 0.
            pub const ONNXRUNTIME: Self = Self::build(Unit::fraction(255), <$raw>::MIN, 0);

            /// Any scale and zero point.
            ///
            /// # Errors
            ///
            /// [`Error::Scale`] unless 2⁻³⁰ ≤ `scale` ≤ 1; [`Error::Setting`] if the zero point is not a code.
            pub const fn new(scale: f32, zero_point: i32) -> Result<Self, Error> {
                let unit = match Unit::scale(scale) {
                    Ok(unit) => unit,
                    Err(e) => return Err(e),
                };
                if zero_point < <$raw>::MIN as i32 || zero_point > <$raw>::MAX as i32 {
                    return Err(Error::Setting);
                }
                let zero_point = zero_point as $raw;
                Ok(Self::build(unit, zero_point, zero_point as u8 ^ $flip))
            }
        }

        impl Sealed for Affine<$raw> {}

        impl Integer for Affine<$raw> {}

        impl Element for Affine<$raw> {
            type Raw = $raw;
            type Sum = u64;
            type Square = u64;
            value_is_code!(8);

            fn unit(&self) -> Unit {
                self.unit
            }

            fn zero_point(&self) -> i32 {
                i32::from(self.zero_point)
            }

            fn read(&self, raw: $raw) -> Reading<u32> {
                let ByteCodes { floor, top, dead } = self.codes;
                let above = i32::from(raw as u8 ^ $flip) - i32::from(floor);
                let inside = above.clamp(0, i32::from(top));
                let code = if inside > i32::from(dead) { inside as u32 } else { 0 };
                if inside == above { Reading::Valid(code) } else { Reading::Clamped(code) }
            }

            fn bytes<'a>(&self, p: &'a [$raw]) -> Option<ByteView<'a>> {
                Some(ByteView { bytes: $bytes(p), flip: $flip, codes: self.codes })
            }
        }
    };
}

affine!(u8, 0, core::convert::identity::<&[u8]>);
affine!(i8, 0x80, unsigned);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::element::U8;

    #[test]
    fn interval_of_codes() {
        assert_eq!(I8::TFLITE.codes, ByteCodes::PLAIN);
        assert_eq!(I8::new(1.0 / 256.0, -128).unwrap(), I8::TFLITE);
        assert_eq!(U8Affine::new(1.0 / 255.0, 0).unwrap().codes, ByteCodes::PLAIN);
        // The scale of a map of logits: the zero point lies inside the codes, and 1.0 is reached after 22 of them.
        let logits = I8::new(0.044_141_084, 8).unwrap();
        assert_eq!(logits.codes, ByteCodes { floor: 136, top: 22, dead: 0 });
        assert_eq!(logits.read(-128), Reading::Clamped(0));
        assert_eq!(logits.read(8), Reading::Valid(0));
        assert_eq!(logits.read(30), Reading::Valid(22));
        assert_eq!(logits.read(31), Reading::Clamped(22));
        assert_eq!(I8::new(0.01, 128), Err(Error::Setting));
        assert_eq!(U8Affine::new(0.01, -1), Err(Error::Setting));
    }

    #[test]
    fn dead_zone_and_full_scale() {
        let e = I8::TFLITE.dead_zone(2).full_scale();
        assert_eq!(e.unit(), Unit::fraction(255));
        assert_eq!(e.read(-126), Reading::Valid(0));
        assert_eq!(e.read(-125), Reading::Valid(3));
    }

    #[test]
    fn thresholds_are_exact() {
        assert_eq!(I8::TFLITE.cut(0.5, false), 128);
        assert_eq!(I8::TFLITE.cut(0.5, true), 129);
        assert_eq!(U8.cut(0.5, false), 128);
        assert_eq!(U8.cut(0.5, true), 128);
        assert_eq!(U8.cut(0.0, false), 0);
        assert_eq!(U8.cut(0.0, true), 1);
        assert_eq!((U8.cut(-0.0, false), U8.cut(-0.0, true)), (0, 1));
        assert_eq!(U8.cut(1.0, false), 255);
        assert_eq!(U8.cut(f32::NAN, false), 256);
        assert_eq!(U8.cut(f32::MIN_POSITIVE / 4.0, false), 1);
        for k in 1..=255u32 {
            let t = k as f32 / 255.0;
            let over = f64::from(t) * 255.0 > f64::from(k);
            assert_eq!(U8.cut(t, false), if over { k + 1 } else { k });
        }
    }
}
