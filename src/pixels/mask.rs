//! Hard targets: zeros and ones, as bytes, as bits, or decided by the prediction itself.

use super::buffer::{Buffer, Copied};
use crate::error::Error;
use crate::num::sealed::Sealed;
use core::fmt::Debug;

/// What one pixel of a hard target says.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Zero,
    One,
    /// The ignore label: the pixel is left out.
    Ignored,
    /// A mask byte outside the declared values: the call is refused.
    Broken,
}

/// What the bytes of a mask or label map mean: at most one byte is ignored, one is foreground, one is background, and
/// all others mean the same. This is the only place where the meaning of a mask byte is written down: the plain loop
/// asks [`Self::mark`], and the loops in lanes take the [`Shape`] of it that they have instructions for.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
// A word of its own: see `ByteCodes`.
#[cfg_attr(soft_dice_lanes = "vector", repr(C, align(8)))]
pub struct Meaning {
    pub ignored: Option<u8>,
    pub one: Option<u8>,
    pub zero: Option<u8>,
    pub others: Mark,
}

impl Meaning {
    /// 0 is background, anything else foreground.
    pub const NON_ZERO: Self = Self { ignored: None, one: None, zero: Some(0), others: Mark::One };

    /// A mask declared as 0 and `one`. Other bytes are broken where they are looked for, else they are foreground.
    pub const fn declared(one: u8, checked: bool) -> Self {
        let others = if checked { Mark::Broken } else { Mark::One };
        Self { ignored: None, one: Some(one), zero: Some(0), others }
    }

    /// One class of a label map, without the pixels of the ignore label (also where that is the class).
    pub const fn class(class: u8, ignored: Option<u8>) -> Self {
        Self { ignored, one: Some(class), zero: None, others: Mark::Zero }
    }

    #[inline(always)]
    pub fn mark(self, byte: u8) -> Mark {
        if Some(byte) == self.ignored {
            Mark::Ignored
        } else if Some(byte) == self.one {
            Mark::One
        } else if Some(byte) == self.zero {
            Mark::Zero
        } else {
            self.others
        }
    }

    /// The meaning as loops know it.
    #[inline(always)]
    pub(crate) const fn shape(self) -> Shape {
        let checked = matches!(self.others, Mark::Broken);
        match self {
            Self { ignored: Some(ignored), one: Some(class), zero: None, others: Mark::Zero } => {
                Shape::Ignoring { class, ignored }
            }
            Self { ignored: None, one: Some(class), zero: None, others: Mark::Zero } => Shape::Class(class),
            Self { ignored: None, one: None, zero: Some(0), others: Mark::One } => Shape::NonZero,
            Self { ignored: None, one: Some(1), zero: Some(0), others: Mark::Broken | Mark::One } => {
                Shape::ZeroOne { checked }
            }
            Self { ignored: None, one: Some(255), zero: Some(0), others: Mark::Broken | Mark::One } => {
                Shape::ZeroFull { checked }
            }
            _ => Shape::Other,
        }
    }
}

/// The meanings that loops have instructions for; [`Meaning::mark`] says what each does with a byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    NonZero,
    ZeroOne {
        checked: bool,
    },
    ZeroFull {
        checked: bool,
    },
    Class(u8),
    Ignoring {
        class: u8,
        ignored: u8,
    },
    /// Any other. In lanes [`Meaning`] itself is asked at each vector; on a microcontroller the plain loop takes the pixels.
    Other,
}

/// The bytes of a mask or label map, with what they mean.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct ByteMask<'a> {
    pub bytes: &'a [u8],
    pub meaning: Meaning,
}

/// A run of bits.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct BitRun<'a> {
    /// From the byte of the first pixel on.
    pub bytes: &'a [u8],
    /// The place of the first pixel in that byte, below 8.
    pub shift: usize,
    /// The first pixel of a byte is its highest bit; else its lowest.
    pub msb_first: bool,
}

impl<'a> BitRun<'a> {
    #[inline(always)]
    pub fn new(bytes: &'a [u8], offset: usize, msb_first: bool) -> Self {
        Self { bytes: bytes.get(offset / 8..).unwrap_or_default(), shift: offset % 8, msb_first }
    }

    #[inline(always)]
    pub fn bit(self, at: usize) -> bool {
        let bit = self.shift + at;
        let byte = self.bytes.get(bit / 8).copied().unwrap_or(0);
        let place = if self.msb_first { 7 - bit % 8 } else { bit % 8 };
        byte >> place & 1 == 1
    }

    /// The run from pixel `at` on.
    #[inline(always)]
    #[must_use]
    pub fn skip(self, at: usize) -> Self {
        Self::new(self.bytes, self.shift + at, self.msb_first)
    }
}

/// A hard target beside a prediction: in a [`super::Pair`] it has a byte or a bit for each pixel.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
// Its kind is a word of its own: inside a byte of what it holds, copies would be split there.
#[cfg_attr(soft_dice_lanes = "vector", repr(u64))]
pub enum Mask<'a> {
    Bytes(ByteMask<'a>),
    Bits(BitRun<'a>),
    /// The prediction's own pixels whose key is at least this: nothing is read.
    Own(u32),
}

impl Mask<'_> {
    /// Pixel `at`; `key` is the prediction's. Pixels beyond the end are background.
    #[inline(always)]
    pub fn mark(self, at: usize, key: u32) -> Mark {
        let one = match self {
            Mask::Bytes(ByteMask { bytes, meaning }) => {
                return bytes.get(at).map_or(Mark::Zero, |&byte| meaning.mark(byte));
            }
            Mask::Bits(bits) => bits.bit(at),
            Mask::Own(cut) => key >= cut,
        };
        if one { Mark::One } else { Mark::Zero }
    }

    /// Bytes outside the declared values are looked for.
    pub const fn is_checked(self) -> bool {
        matches!(self, Mask::Bytes(ByteMask { meaning: Meaning { others: Mark::Broken, .. }, .. }))
    }

    /// The prediction's key decides.
    #[inline(always)]
    pub const fn is_own(self) -> bool {
        matches!(self, Mask::Own(_))
    }

    /// The marks of the next `pixels`, and of bytes no longer: a loop over as many pixels then needs no comparison with the
    /// length.
    #[inline(always)]
    pub fn exactly(self, pixels: usize) -> Self {
        match self {
            Mask::Bytes(ByteMask { bytes, meaning }) => {
                bytes.get(..pixels).map_or(self, |bytes| Mask::Bytes(ByteMask { bytes, meaning }))
            }
            Mask::Bits(_) | Mask::Own(_) => self,
        }
    }

    /// The `pixels` from `at` on; of bits, and those beyond.
    #[inline(always)]
    pub fn part(self, at: usize, pixels: usize) -> Option<Self> {
        Some(match self {
            Mask::Bytes(ByteMask { bytes, meaning }) => {
                Mask::Bytes(ByteMask { bytes: bytes.get(at..)?.get(..pixels)?, meaning })
            }
            Mask::Bits(bits) => Mask::Bits(bits.skip(at)),
            Mask::Own(cut) => Mask::Own(cut),
        })
    }
}

/// A bit-packed mask whose first pixel is the lowest bit of its byte (numpy's `bitorder="little"`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct LsbFirst;

/// A bit-packed mask whose first pixel is the highest bit of its byte (numpy's default, CMSIS-DSP).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct MsbFirst;

/// [`LsbFirst`] or [`MsbFirst`].
pub trait BitOrder: Copy + PartialEq + Debug + Send + Sync + Sealed + 'static {
    #[doc(hidden)]
    const MSB_FIRST: bool;
}

impl Sealed for LsbFirst {}
impl BitOrder for LsbFirst {
    const MSB_FIRST: bool = false;
}

impl Sealed for MsbFirst {}
impl BitOrder for MsbFirst {
    const MSB_FIRST: bool = true;
}

/// The bits of a mask from some bit on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Bits<'a> {
    bytes: &'a [u8],
    offset: usize,
}

impl<'a> Bits<'a> {
    /// The mask begins with the first bit.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, offset: 0 }
    }

    /// The mask begins `offset` pixels into the bytes: a chunk that does not begin at a byte.
    #[must_use]
    pub const fn at(bytes: &'a [u8], offset: usize) -> Self {
        Self { bytes, offset }
    }

    /// The first `pixels` pixels of a mask that ends in padding: whole words, or rows that were rounded up.
    ///
    /// ```
    /// use soft_dice::{Bits, Error, LsbFirst, MsbFirst};
    /// let words = [0b1100_0000, 0, 0, 0];                                    // two pixels in a word of 32
    /// assert!(Bits::padded(&words, 2, MsbFirst).is_ok());
    /// assert_eq!(Bits::padded(&words, 2, LsbFirst), Err(Error::Mask));       // in that order both ones are padding
    /// assert_eq!(Bits::padded(&words, 33, MsbFirst), Err(Error::Length));
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Length`] if there are fewer bits, [`Error::Mask`] if a bit of the padding is 1: then the mask has more pixels, another
    /// order, or inverted padding. (What may hold anything is cut off by hand: `Bits::new(&bytes[..pixels.div_ceil(8)])`.)
    pub fn padded<O: BitOrder>(bytes: &'a [u8], pixels: usize, _: O) -> Result<Self, Error> {
        let (Some(used), Some(rest)) = (bytes.get(..pixels.div_ceil(8)), bytes.get(pixels.div_ceil(8)..)) else {
            return Err(Error::Length);
        };
        let bits = pixels % 8;
        let padding = match (bits, O::MSB_FIRST) {
            (0, _) => 0,
            (_, true) => 0xFF_u8 >> bits,
            (_, false) => 0xFF_u8 << bits,
        };
        let last = used.last().copied().unwrap_or(0);
        if last & padding != 0 || rest.iter().any(|&byte| byte != 0) {
            return Err(Error::Mask);
        }
        Ok(Self::new(used))
    }

    #[inline(always)]
    pub(crate) fn run<O: BitOrder>(self) -> BitRun<'a> {
        BitRun::new(self.bytes, self.offset, O::MSB_FIRST)
    }
}

impl Sealed for Bits<'_> {}

impl<'a> Copied<'a, ()> for Bits<'a> {
    #[inline(always)]
    fn pixels(self) -> Option<&'a [()]> {
        None
    }

    #[inline(always)]
    fn of(_: &'a [()]) -> Option<Self> {
        None
    }
}

impl Buffer for Bits<'_> {
    fn holds(&self, pixels: usize) -> bool {
        self.offset.checked_add(pixels).is_some_and(|bits| self.bytes.len() == bits.div_ceil(8))
    }

    fn part(&self, at: usize, pixels: usize) -> Option<Self> {
        let offset = self.offset.checked_add(at)?;
        let end = offset.checked_add(pixels)?.div_ceil(8);
        let bytes = self.bytes.get(offset / 8..end)?;
        Some(Self { bytes, offset: offset % 8 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What each meaning says of every byte, by the words of its target's documentation.
    #[test]
    fn every_byte_of_every_meaning() {
        for byte in 0..=255u8 {
            let hard = |one: bool| if one { Mark::One } else { Mark::Zero };
            let declared = |one: u8, checked: bool| match byte {
                0 => Mark::Zero,
                _ if byte == one || !checked => Mark::One,
                _ => Mark::Broken,
            };
            assert_eq!(Meaning::NON_ZERO.mark(byte), hard(byte != 0));
            for checked in [false, true] {
                for one in [1, 255] {
                    assert_eq!(Meaning::declared(one, checked).mark(byte), declared(one, checked));
                }
            }
            for class in [0, 3, 255] {
                assert_eq!(Meaning::class(class, None).mark(byte), hard(byte == class));
                for ignored in [0, 3, 7] {
                    let expected = if byte == ignored { Mark::Ignored } else { hard(byte == class) };
                    assert_eq!(Meaning::class(class, Some(ignored)).mark(byte), expected);
                }
            }
        }
    }

    #[test]
    fn every_meaning_that_can_be_made_has_a_shape() {
        let class = |class, ignored| Meaning::class(class, ignored).shape();
        assert_eq!(Meaning::NON_ZERO.shape(), Shape::NonZero);
        assert_eq!(Meaning::declared(1, true).shape(), Shape::ZeroOne { checked: true });
        assert_eq!(Meaning::declared(255, false).shape(), Shape::ZeroFull { checked: false });
        assert_eq!((class(0, None), class(1, None)), (Shape::Class(0), Shape::Class(1)));
        assert_eq!(class(1, Some(0)), Shape::Ignoring { class: 1, ignored: 0 });
    }
}
