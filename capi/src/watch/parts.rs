//! What a watch is lent: memory, a camera, a picture.

use crate::reference::soft_dice_own;
use crate::settings::{soft_dice_camera, soft_dice_settings};

/// What a watch of maps is begun with. The buffers are the watch's from then on, until it is begun anew: nothing else may
/// write to them, and the two may not overlap.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct soft_dice_watch_setup {
    /// A byte for each pixel of a map: it holds the last one.
    pub last: *mut u8,
    /// How many: the pixels of a map.
    pub last_bytes: usize,
    /// `SOFT_DICE_CAMERA_BYTES(width, every)` bytes for the camera's rows; null where there is no camera.
    pub rows: *mut u8,
    /// How many.
    pub rows_bytes: usize,
    /// The settings; null for the general ones. They are copied.
    pub settings: *const soft_dice_settings,
    /// Which pixels are foreground; null for those of at least one half. It is copied.
    pub mask: *const soft_dice_own,
    /// The camera beside the map; a width of 0 for none.
    pub camera: soft_dice_camera,
}

/// A whole picture of the camera.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct soft_dice_picture {
    /// Its bytes.
    pub data: *const u8,
    /// How many.
    pub bytes: usize,
    /// A row begins every so many bytes.
    pub stride: usize,
}
