//! Predictions and soft maps as the loops take them: raw memory, and how its values become codes.

use super::mask::ByteMask;

/// Bits of 1.0: as u32, every f32 in [0, 1] is at most this, and everything else is more.
pub(crate) const ONE_BITS: u32 = 0x3F80_0000;
/// Values down to minus this are rounding dust below 0, and read as 0.
pub(crate) const DUST_BELOW: f32 = 1.0e-6;
/// Values up to this are rounding dust above 1, and read as 1: the last float before 1 + 10⁻⁶.
pub(crate) const DUST_ABOVE: f32 = 1.0 + DUST_BELOW;

/// A raw value of a channel: what a buffer of a prediction holds, and what [`crate::Argmax`] compares.
pub trait Channel: Copy + Default + PartialOrd + crate::num::sealed::Sealed {
    /// Of 8-bit values, the bits that make them unsigned.
    #[doc(hidden)]
    const FLIP: Option<u8> = None;

    /// The bytes of 8-bit values, and the bits that make them unsigned.
    #[doc(hidden)]
    #[must_use]
    fn bytes(_: &[Self]) -> Option<(&[u8], u8)> {
        None
    }

    /// The values, if they are `f32`.
    #[doc(hidden)]
    #[must_use]
    fn floats(_: &[Self]) -> Option<&[f32]> {
        None
    }
}

impl Channel for u8 {
    const FLIP: Option<u8> = Some(0);

    fn bytes(values: &[Self]) -> Option<(&[u8], u8)> {
        Some((values, 0))
    }
}

impl Channel for i8 {
    const FLIP: Option<u8> = Some(0x80);

    fn bytes(values: &[Self]) -> Option<(&[u8], u8)> {
        Some((unsigned(values), 0x80))
    }
}

macro_rules! channel {
    ($($raw:ty)*) => {$(
        impl Channel for $raw {}
    )*};
}

channel!(u16 i16 i32 f64);

impl Channel for f32 {
    fn floats(values: &[Self]) -> Option<&[f32]> {
        Some(values)
    }
}

macro_rules! sealed {
    ($($raw:ty)*) => {$(
        impl crate::num::sealed::Sealed for $raw {}
    )*};
}

sealed!(u8 i8 u16 i16 i32 f32 f64);

/// How a raw byte becomes a code: `min(max((byte ^ flip) − floor, 0), top)`, then 0 where ≤ `dead`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
// Four bytes, aligned, so that it is written and read as one word: a word that is read where single bytes were just written,
// or the other way round, cannot be forwarded from the store, and waits until that has reached the cache.
#[cfg_attr(soft_dice_lanes = "vector", repr(C, align(4)))]
pub struct ByteCodes {
    /// The zero point, flipped: what is taken off.
    pub floor: u8,
    /// Largest code inside \[0, 1\].
    pub top: u8,
    /// Codes up to this are read as 0.
    pub dead: u8,
}

impl ByteCodes {
    /// Nothing to take off, to clamp or to silence.
    pub(crate) const PLAIN: Self = Self { floor: 0, top: 255, dead: 0 };
}

/// The pixels of an 8-bit element.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct ByteView<'a> {
    pub bytes: &'a [u8],
    /// The bits that make a raw byte unsigned: 0x80 for `i8`.
    pub flip: u8,
    pub codes: ByteCodes,
}

/// The bytes of `i8` codes as they lie in memory.
pub(crate) const fn unsigned(codes: &[i8]) -> &[u8] {
    // SAFETY: i8 and u8 have one size and alignment, and every bit pattern is valid for both.
    unsafe { core::slice::from_raw_parts(codes.as_ptr().cast(), codes.len()) }
}

/// The pixels of a Q15 element.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct WordView<'a> {
    pub words: &'a [i16],
    /// Codes up to this are read as 0.
    pub dead: u16,
    /// Negative codes are read as 0, else left out.
    pub clamp: bool,
    /// Negative codes are looked for.
    pub checked: bool,
}

/// The pixels of an `F32` element.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct FloatView<'a> {
    pub floats: &'a [f32],
    /// Values outside are read as the nearest inside, else left out.
    pub clamp: bool,
    /// Values outside are looked for.
    pub checked: bool,
}

/// The pixels of an element as codes of at most 2²⁴ that a short loop makes of them; where a value needs care (it is out of
/// range, or clamped, or bears a minus sign), the plain loop takes its place.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub enum Decoded<'a> {
    Bytes(ByteView<'a>),
    /// Unsigned words that are their own codes, but for those up to `dead`, which are 0.
    Halves {
        words: &'a [u16],
        dead: u16,
    },
    Words(WordView<'a>),
    Floats(FloatView<'a>),
    /// The upper halves of floats: with all bits of those they are taken as [`FloatView`] says.
    Upper {
        bits: &'a [u16],
        clamp: bool,
        checked: bool,
    },
    /// Half-precision floats.
    Half(&'a [u16]),
    /// Bytes, flipped, that a table gives the codes of.
    Table {
        bytes: &'a [u8],
        flip: u8,
        codes: &'a [u32; 256],
    },
}

impl<'a> Decoded<'a> {
    /// Floats as they are, or upper halves of some, widened into a room of at least as many.
    #[inline(always)]
    pub(crate) fn floats<'r>(self, room: &'r mut [f32]) -> Option<FloatView<'r>>
    where
        'a: 'r,
    {
        match self {
            Self::Floats(view) => Some(view),
            Self::Upper { bits, clamp, checked } => {
                let room = room.get_mut(..bits.len())?;
                room.iter_mut().zip(bits).for_each(|(to, &bits)| *to = f32::from_bits(u32::from(bits) << 16));
                Some(FloatView { floats: room, clamp, checked })
            }
            _ => None,
        }
    }
}

/// The pixels of an element or target as lanes that write take them: from memory to values.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub enum Values<'a> {
    /// 8-bit codes, and the value of code 1.
    Codes(ByteView<'a>, f32),
    /// Values themselves; those outside \[0, 1\] are read as the nearest inside under `clamp`, else left out.
    Floats { floats: &'a [f32], clamp: bool },
    /// What the sigmoid takes.
    Logits(&'a [f32]),
    /// The bytes of a hard target.
    Marks(ByteMask<'a>),
}
