use super::{Affine, Integer, Mask01, Mask255, U8};
use crate::pixels::unsigned;

/// Elements of 8 bits, whose codes a [`crate::histogram`] can count: [`U8`], [`crate::I8`] and [`crate::U8Affine`] of any scale,
/// zero point and dead zone, and the two masks.
pub trait EightBit: Integer {
    /// What turns a raw byte into one that grows with the value: 0x80 for `i8`.
    #[doc(hidden)]
    const FLIP: u8;
    /// The raw pixels as bytes.
    #[doc(hidden)]
    fn raw_bytes(p: &[Self::Raw]) -> &[u8];
    /// The raw pixel of a byte.
    #[doc(hidden)]
    fn of_byte(byte: u8) -> Self::Raw;
}

macro_rules! unsigned_bytes {
    ($($element:ty)*) => {$(
        impl EightBit for $element {
            const FLIP: u8 = 0;

            fn raw_bytes(p: &[u8]) -> &[u8] {
                p
            }

            fn of_byte(byte: u8) -> u8 {
                byte
            }
        }
    )*};
}

unsigned_bytes!(U8 Affine<u8> Mask01 Mask255);

impl EightBit for Affine<i8> {
    const FLIP: u8 = 0x80;

    fn raw_bytes(p: &[i8]) -> &[u8] {
        unsigned(p)
    }

    fn of_byte(byte: u8) -> i8 {
        byte as i8
    }
}
