//! A softmax over the logits of exclusive classes, in the pass that sums them.

use crate::channels::{Chosen, soft_dice_channels};
use crate::classes::ClassUpdate;
use crate::logits::{soft_dice_softmax, softmax};
use crate::memory;
use crate::reference::soft_dice_labels;
use crate::rows::soft_dice_region;
use crate::status::{Done, soft_dice_status, status};
use crate::sums::soft_dice_sums;
use soft_dice::activation::{QuantizedSoftmax, Softmax};
use soft_dice::{Columns, F32, Interleaved, Planar};

/// Adds whole pixels of logits, read through a softmax.
///
/// # Safety
///
/// Pointers point to what their types say, `p` to so many values.
unsafe fn add<'p, R: 'p, I: Columns<f32>, J: Columns<f32>>(
    (classes, channels): (*mut soft_dice_sums, *const soft_dice_channels),
    (p, values): (*const R, usize),
    read: (impl FnOnce(Interleaved<'p, R>) -> I, impl FnOnce(Planar<'p, R>) -> J),
    t: *const soft_dice_labels,
    region: *const soft_dice_region,
) -> Done {
    // SAFETY: the caller's promise is that of all of these.
    unsafe {
        let (chosen, classes) = Chosen::of(channels, classes)?;
        let p = memory::slice(p, values)?;
        let into = ClassUpdate { chosen, classes, element: F32::new(), refuses: false };
        into.add((read.0(Interleaved(p)), read.1(Planar(p))), t, region)
    }
}

/// Adds pixels of all classes from their logits: p is e^(x - max) over its sum, within 4e-7. `p` holds `values` of them, as many
/// for each pixel as there are channels. A pixel with a NaN or plus infinity is left out of all classes and counted as invalid.
/// Else it is as `soft_dice_update_classes_f32`, whose sums it gives. Four classes at once: for more the softmax is taken again. It
/// takes 6 KB of stack.
///
/// # Safety
///
/// Pointers point to what their types say, and buffers hold what their lengths say; null, misaligned and absurd ones are
/// refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn soft_dice_softmax_classes_f32(
    classes: *mut soft_dice_sums,
    channels: *const soft_dice_channels,
    p: *const f32,
    values: usize,
    t: *const soft_dice_labels,
    region: *const soft_dice_region,
) -> soft_dice_status {
    // SAFETY: the caller's promise.
    status(unsafe { add((classes, channels), (p, values), (Softmax, Softmax), t, region) })
}

macro_rules! quantized {
    ($($name:ident: $raw:ty;)*) => {$(
        /// The same of 8-bit logits, by a table of `soft_dice_softmax_init`: within 3 codes of 2^-23. It takes 7 KB of stack.
        ///
        /// # Safety
        ///
        /// Pointers point to what their types say, and buffers hold what their lengths say; null, misaligned and absurd ones
        /// are refused.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(
            classes: *mut soft_dice_sums,
            channels: *const soft_dice_channels,
            p: *const $raw,
            values: usize,
            table: *const soft_dice_softmax,
            t: *const soft_dice_labels,
            region: *const soft_dice_region,
        ) -> soft_dice_status {
            let added = || {
                // SAFETY: the caller's promise.
                unsafe {
                    let table = softmax(table)?;
                    let read = (|p| QuantizedSoftmax::new(p, table), |p| QuantizedSoftmax::new(p, table));
                    add((classes, channels), (p, values), read, t, region)
                }
            };
            status(added())
        }
    )*};
}

quantized! {
    soft_dice_softmax_classes_i8: i8;
    soft_dice_softmax_classes_u8: u8;
}
