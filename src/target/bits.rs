use super::{Buffer, HardTarget};
use crate::kernel::BitSource;
use core::fmt::Debug;

/// A bit-packed mask whose first pixel is the lowest bit of its byte (numpy's `bitorder="little"`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct LsbFirst;

/// A bit-packed mask whose first pixel is the highest bit of its byte (numpy's default, CMSIS-DSP).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct MsbFirst;

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

    pub(crate) fn source<O: BitOrder>(self) -> BitSource<'a, O> {
        BitSource::new(self.bytes, self.offset)
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

/// [`LsbFirst`] or [`MsbFirst`].
pub trait BitOrder: Copy + PartialEq + Debug + Send + Sync + 'static {
    #[doc(hidden)]
    const MSB_FIRST: bool;
    /// Eight bytes, little-endian, with the first pixel in the lowest bit of each.
    #[doc(hidden)]
    fn lsb_first(bytes: u64) -> u64;
}

impl BitOrder for LsbFirst {
    const MSB_FIRST: bool = false;

    fn lsb_first(bytes: u64) -> u64 {
        bytes
    }
}

impl BitOrder for MsbFirst {
    const MSB_FIRST: bool = true;

    fn lsb_first(bytes: u64) -> u64 {
        bytes.reverse_bits().swap_bytes()
    }
}

macro_rules! bit_target {
    ($($order:ty)*) => {$(
        impl HardTarget for $order {
            type Pixels<'a> = Bits<'a>;
            type Source<'a> = BitSource<'a, Self>;

            fn source<'a>(&self, bits: Self::Pixels<'a>) -> Self::Source<'a> {
                bits.source()
            }
        }
    )*};
}

bit_target!(LsbFirst MsbFirst);
