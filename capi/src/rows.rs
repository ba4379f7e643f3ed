//! Rows: which pixels of larger buffers an update takes.

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
}
