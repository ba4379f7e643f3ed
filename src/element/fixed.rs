//! 8-bit elements whose scale is a part of the type. They are for the C interface alone: its archive holds every pair with
//! elements whose scale comes at run time, and one function would serve both, with all the loops that any scale needs. What is
//! a type of its own is compiled on its own, and only the loop for plain codes is left of it.

use super::{Element, Integer, Reading, cut};
use crate::num::{Unit, sealed::Sealed};
use crate::pixels::{ByteCodes, ByteView, unsigned};

macro_rules! fixed {
    ($(#[$doc:meta])* $name:ident: $raw:ty, $flip:literal, $bytes:expr, $unit:expr, $zero_point:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        pub struct $name;

        impl $name {
            const fn cut_at(self, threshold: f32, above: bool) -> u32 {
                cut($unit, 255, threshold, above)
            }
        }

        impl Sealed for $name {}
        impl Integer for $name {}

        impl Element for $name {
            type Raw = $raw;
            type Sum = u64;
            type Square = u64;
            value_is_code!(8);

            #[inline(always)]
            fn unit(&self) -> Unit {
                const UNIT: Unit = $unit;
                UNIT
            }

            #[inline(always)]
            fn zero_point(&self) -> i32 {
                $zero_point
            }

            #[inline(always)]
            fn read(&self, raw: $raw) -> Reading<u32> {
                Reading::Valid(u32::from(raw as u8 ^ $flip))
            }

            #[inline(always)]
            fn bytes<'a>(&self, p: &'a [$raw]) -> Option<ByteView<'a>> {
                Some(ByteView { bytes: $bytes(p), flip: $flip, codes: ByteCodes::PLAIN })
            }
        }
    };
}

fixed! {
    /// [`super::U8`].
    FixedU8: u8, 0, core::convert::identity::<&[u8]>, Unit::fraction(255), 0
}
fixed! {
    /// [`super::I8::TFLITE`].
    FixedI8: i8, 0x80, unsigned, Unit::binary(8), -128
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::element::{I8, U8};

    #[test]
    fn as_the_elements_that_they_stand_for() {
        assert_eq!((FixedI8.unit(), FixedI8.zero_point()), (I8::TFLITE.unit(), I8::TFLITE.zero_point()));
        assert_eq!((FixedU8.unit(), FixedU8.zero_point()), (U8.unit(), U8.zero_point()));
        for raw in 0..=u8::MAX {
            assert_eq!(FixedI8.read(raw as i8), I8::TFLITE.read(raw as i8));
            assert_eq!(FixedU8.read(raw), U8.read(raw));
        }
        assert_eq!(FixedI8.bytes(&[3, -4]).map(|view| view.codes), I8::TFLITE.bytes(&[3, -4]).map(|view| view.codes));
        assert_eq!((FixedI8.cut(0.5, false), FixedU8.cut(0.5, true)), (I8::TFLITE.cut(0.5, false), U8.cut(0.5, true)));
    }
}
