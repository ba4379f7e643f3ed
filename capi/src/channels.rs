//! Which classes a function of many takes, and where their values lie.

use crate::memory;
use crate::status::{Done, SOFT_DICE_CLASSES, SOFT_DICE_SETTING};
use crate::sums::soft_dice_sums;
use soft_dice::Record;
use soft_dice::sums::CLASSES;

/// Where the values of a pixel lie: one of `SOFT_DICE_INTERLEAVED`, `SOFT_DICE_PLANAR`.
pub type soft_dice_layout = u8;
/// Side by side, as inference engines write them (NHWC).
pub const SOFT_DICE_INTERLEAVED: soft_dice_layout = 0;
/// One map for each channel, one after the other (NCHW).
pub const SOFT_DICE_PLANAR: soft_dice_layout = 1;

/// The channels of a map of many classes, and those whose sums are asked for.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct soft_dice_channels {
    /// Values of a pixel; from 1 to 256.
    pub channels: usize,
    /// The classes that are summed, one byte each, none of them twice; null: all of them.
    pub chosen: *const u8,
    /// How many are chosen; 0 where `chosen` is null.
    pub count: usize,
    /// Where the values of a pixel lie.
    pub layout: soft_dice_layout,
}

/// The same, looked at.
#[derive(Clone, Copy)]
pub(crate) struct Chosen<'a> {
    pub channels: usize,
    pub planar: bool,
    chosen: Option<&'a [u8]>,
}

impl<'a> Chosen<'a> {
    /// The channels, and the sums of those that are chosen.
    ///
    /// # Safety
    ///
    /// Pointers point to what their types say, `sums` to as many as are chosen, which are nobody else's for `'a`.
    pub(crate) unsafe fn of(
        channels: *const soft_dice_channels,
        sums: *mut soft_dice_sums,
    ) -> Done<(Self, &'a mut [soft_dice_sums])> {
        // SAFETY: the caller's promise.
        let given = unsafe { memory::shared(channels) }?;
        if given.channels == 0 || given.channels > CLASSES {
            return Err(SOFT_DICE_CLASSES);
        }
        let planar = match given.layout {
            SOFT_DICE_INTERLEAVED => false,
            SOFT_DICE_PLANAR => true,
            _ => return Err(SOFT_DICE_SETTING),
        };
        let chosen = if given.chosen.is_null() {
            if given.count != 0 {
                return Err(SOFT_DICE_SETTING);
            }
            None
        } else {
            // SAFETY: the caller's promise.
            Some(unsafe { memory::slice(given.chosen, given.count) }?)
        };
        let mut seen = [false; CLASSES];
        for &class in chosen.unwrap_or_default() {
            if usize::from(class) >= given.channels || seen[usize::from(class)] {
                return Err(SOFT_DICE_CLASSES);
            }
            seen[usize::from(class)] = true;
        }
        let this = Self { channels: given.channels, planar, chosen };
        if this.count() == 0 {
            return Err(SOFT_DICE_CLASSES);
        }
        // SAFETY: the caller's promise.
        Ok((this, unsafe { memory::slice_mut(sums, this.count()) }?))
    }

    /// How many sums there are.
    pub(crate) fn count(&self) -> usize {
        self.chosen.map_or(self.channels, <[u8]>::len)
    }

    /// The class of the sums at this place.
    pub(crate) fn class(&self, place: usize) -> u8 {
        self.chosen.and_then(|chosen| chosen.get(place).copied()).unwrap_or(place as u8)
    }

    /// Where the value of a pixel lies in a map of so many pixels.
    pub(crate) const fn at(&self, pixel: usize, channel: usize, pixels: usize) -> usize {
        if self.planar {
            channel.saturating_mul(pixels).saturating_add(pixel)
        } else {
            pixel.saturating_mul(self.channels).saturating_add(channel)
        }
    }
}

/// Adds a record to each sum, or none to any.
pub(crate) fn add_all(sums: &mut [soft_dice_sums], record: impl Fn(usize) -> Option<Record>) -> Done {
    for (place, sums) in sums.iter().enumerate() {
        sums.plus(&record(place).ok_or(SOFT_DICE_CLASSES)?)?;
    }
    for (place, sums) in sums.iter_mut().enumerate() {
        if let Some(record) = record(place) {
            *sums = sums.plus(&record)?;
        }
    }
    Ok(())
}
