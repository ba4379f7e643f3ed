//! Which pixels count.

use super::buffer::Buffer;
use super::mask::{BitRun, Bits, LsbFirst};

/// A region of interest: pixels outside are left out and counted as ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Region<'a> {
    /// A byte for each pixel: inside where it is not 0.
    Bytes(&'a [u8]),
    /// A bit for each pixel, lowest first: inside where it is 1.
    Bits(Bits<'a>),
}

impl<'a> Region<'a> {
    #[inline(always)]
    pub(crate) fn holds(&self, pixels: usize) -> bool {
        match self {
            Region::Bytes(bytes) => bytes.holds(pixels),
            Region::Bits(bits) => bits.holds(pixels),
        }
    }

    /// The `pixels` from `at` on, if they are there.
    #[inline(always)]
    pub(crate) fn part(&self, at: usize, pixels: usize) -> Option<Self> {
        match self {
            Region::Bytes(bytes) => Some(Region::Bytes(bytes.part(at, pixels)?)),
            Region::Bits(bits) => Some(Region::Bits(bits.part(at, pixels)?)),
        }
    }

    #[inline(always)]
    pub(crate) fn within(self) -> Within<'a> {
        match self {
            Region::Bytes(bytes) => Within::Bytes(bytes),
            Region::Bits(bits) => Within::Bits(bits.run::<LsbFirst>()),
        }
    }
}

/// The region of a [`super::Pair`].
#[derive(Clone, Copy, Debug)]
// Its kind is a word of its own: inside a byte of what it holds, copies would be split there.
#[cfg_attr(soft_dice_lanes = "vector", repr(u64))]
pub(crate) enum Within<'a> {
    /// No region: every pixel counts.
    Everywhere,
    Bytes(&'a [u8]),
    Bits(BitRun<'a>),
}

impl Within<'_> {
    #[inline(always)]
    pub fn keeps(self, at: usize) -> bool {
        match self {
            Within::Everywhere => true,
            Within::Bytes(bytes) => bytes.get(at).is_some_and(|&byte| byte != 0),
            Within::Bits(bits) => bits.bit(at),
        }
    }

    /// The region of the next `pixels`, and of bytes no longer: a loop over as many pixels then needs no comparison with
    /// the length.
    #[inline(always)]
    #[must_use]
    pub fn exactly(self, pixels: usize) -> Self {
        match self {
            Within::Bytes(bytes) => bytes.get(..pixels).map_or(self, Within::Bytes),
            Within::Everywhere | Within::Bits(_) => self,
        }
    }

    /// The region from pixel `at` on.
    #[inline(always)]
    #[must_use]
    pub fn skip(self, at: usize) -> Self {
        match self {
            Within::Everywhere => self,
            Within::Bytes(bytes) => Within::Bytes(bytes.get(at..).unwrap_or_default()),
            Within::Bits(bits) => Within::Bits(bits.skip(at)),
        }
    }
}
