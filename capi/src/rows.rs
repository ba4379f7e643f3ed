//! Which pixels an update takes: rows of larger buffers, and a region of interest.

use crate::memory;
use crate::status::{Done, SOFT_DICE_SETTING};
use soft_dice::{Bits, Region};

/// How a region is written: one of `SOFT_DICE_REGION_BYTES`, `SOFT_DICE_REGION_BITS`.
pub type soft_dice_region_kind = u8;
/// A byte for each pixel: inside where it is not 0.
pub const SOFT_DICE_REGION_BYTES: soft_dice_region_kind = 0;
/// A bit for each pixel, the first in the lowest bit: inside where it is 1.
pub const SOFT_DICE_REGION_BITS: soft_dice_region_kind = 1;

/// A region of interest: pixels outside are left out of every sum and counted as ignored.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct soft_dice_region {
    /// A byte or a bit for each pixel.
    pub data: *const u8,
    /// How many bytes.
    pub bytes: usize,
    /// Of bits: those before the first pixel. Of bytes: 0.
    pub offset: usize,
    /// Bytes or bits.
    pub kind: soft_dice_region_kind,
}

/// Rows of pixels in larger buffers: a window of a map. Strides are in pixels, also those of bit masks. The last row may
/// end with its last pixel.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct soft_dice_rows {
    /// Pixels of a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// From the beginning of one row of the prediction to the next; at least `width`.
    pub stride: usize,
    /// The same in the target.
    pub target_stride: usize,
    /// The same in the region.
    pub region_stride: usize,
    /// Which of these pixels count; null: all of them. Rows of as many pixels as a map has, one of them, are all of the map.
    pub region: *const soft_dice_region,
}

/// The pixels of a region.
#[derive(Clone, Copy)]
pub(crate) enum Inside<'a> {
    Bytes(&'a [u8]),
    /// The bytes, and the bit with which they begin.
    Bits(&'a [u8], usize),
}

impl<'a> Inside<'a> {
    /// The region, if there is one.
    ///
    /// # Safety
    ///
    /// Unless null or misaligned, the pointer points to a region whose bytes nothing writes to for `'a`.
    pub(crate) unsafe fn of(region: *const soft_dice_region) -> Done<Option<Self>> {
        if region.is_null() {
            return Ok(None);
        }
        // SAFETY: the caller's promise.
        let (region, bytes) = unsafe {
            let region = memory::shared(region)?;
            (region, memory::slice(region.data, region.bytes)?)
        };
        match (region.kind, region.offset) {
            (SOFT_DICE_REGION_BYTES, 0) => Ok(Some(Self::Bytes(bytes))),
            (SOFT_DICE_REGION_BITS, offset) => Ok(Some(Self::Bits(bytes, offset))),
            _ => Err(SOFT_DICE_SETTING),
        }
    }

    /// Exactly so many pixels.
    pub(crate) fn holds(self, pixels: usize) -> bool {
        match self {
            Self::Bytes(bytes) => bytes.len() == pixels,
            Self::Bits(bytes, offset) => offset.checked_add(pixels).is_some_and(|bits| bits.div_ceil(8) == bytes.len()),
        }
    }

    /// The pixels from `at` on, if they are there.
    pub(crate) fn part(self, at: usize, pixels: usize) -> Option<Region<'a>> {
        match self {
            Self::Bytes(bytes) => Some(Region::Bytes(bytes.get(at..at.checked_add(pixels)?)?)),
            Self::Bits(bytes, offset) => {
                let begin = offset.checked_add(at)?;
                let end = begin.checked_add(pixels)?.div_ceil(8);
                Some(Region::Bits(Bits::at(bytes.get(begin / 8..end)?, begin % 8)))
            }
        }
    }

    /// Whether a pixel is inside.
    pub(crate) fn keeps(self, at: usize) -> bool {
        match self {
            Self::Bytes(bytes) => bytes.get(at).is_some_and(|&byte| byte != 0),
            Self::Bits(bytes, offset) => {
                let at = offset.saturating_add(at);
                bytes.get(at / 8).is_some_and(|byte| byte >> (at % 8) & 1 == 1)
            }
        }
    }
}

/// Rows, and the region in them if there is one.
pub(crate) struct Which<'a> {
    pub rows: &'a soft_dice_rows,
    pub inside: Option<Inside<'a>>,
}

impl Which<'_> {
    /// # Safety
    ///
    /// Unless null or misaligned, the pointer points to rows, whose region is what it says.
    pub(crate) unsafe fn of(rows: *const soft_dice_rows) -> Done<Option<Self>> {
        if rows.is_null() {
            return Ok(None);
        }
        // SAFETY: the caller's promise.
        unsafe {
            let rows = memory::shared(rows)?;
            Ok(Some(Which { rows, inside: Inside::of(rows.region)? }))
        }
    }
}
