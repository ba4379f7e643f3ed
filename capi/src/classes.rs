//! Many classes from one map of labels. Their sums are an array of the caller's.

use crate::map::{Map, soft_dice_affine_u8, soft_dice_f32, soft_dice_i8, soft_dice_u8};
use crate::memory;
use crate::reference::soft_dice_labels;
use crate::status::{Done, SOFT_DICE_CLASSES, soft_dice_status, status};
use crate::sums::soft_dice_sums;
use core::array;
use soft_dice::sums::CLASSES;
use soft_dice::{Interleaved, Label, Linear, Measured, Multiclass, Record, Sums};

/// Classes that are summed at once, on the stack: their maps are read again for the next ones.
const GROUP: usize = 4;

/// Adds whole pixels of `channels` classes.
///
/// # Safety
///
/// Pointers point to what their types say, buffers to as many values as their lengths say, and nothing else reads or
/// writes `classes` during the call.
unsafe fn update<A: Map>(
    classes: *mut soft_dice_sums,
    channels: usize,
    p: *const A,
    t: *const soft_dice_labels,
) -> Done {
    if channels == 0 || channels > CLASSES {
        return Err(SOFT_DICE_CLASSES);
    }
    // SAFETY: the caller's promise is that of all of these.
    let (classes, map, target, p, labels) = unsafe {
        let (map, target) = (memory::shared(p)?, memory::shared(t)?);
        let labels = memory::slice(target.data, target.pixels)?;
        (memory::slice_mut(classes, channels)?, map, target, map.values()?, labels)
    };
    let element = map.element()?;
    // All classes take the same pixels, so that what one would refuse is known before any is written: more than this,
    // codes of at most 2^23, none of them adds.
    let (none, pixels) = (Sums::<_, _, Linear>::new(element, Label::new(0)).record(), labels.len() as u64);
    let most = u128::from(pixels) << 23;
    let bound = Record { count: pixels, p: most, t: pixels.into(), pt: most, minima: Some((most, 0)), ..none };
    classes.iter().try_for_each(|class| class.plus(&bound).map(drop))?;
    // What only looking at every pixel can tell is looked for before, too.
    let passes: &[bool] = if map.refuses() { &[false, true] } else { &[true] };
    for &write in passes {
        for (group, classes) in classes.chunks_mut(GROUP).enumerate() {
            let class = |index| Label::new((group * GROUP + index) as u8);
            let mut state: [_; GROUP] = array::from_fn(|index| Sums::<_, _, Linear>::new(element, class(index)));
            let (state, _) = state.split_at_mut(classes.len().min(GROUP));
            let mut frame = Multiclass::over(state, channels)?;
            if target.ignoring != 0 {
                frame = frame.ignoring(target.ignore);
            }
            frame.update(Interleaved(p), labels)?;
            for (class, more) in classes.iter_mut().zip(frame.sums()) {
                let after = class.plus(&more.record())?;
                if write {
                    *class = after;
                }
            }
        }
    }
    Ok(())
}

macro_rules! updates {
    ($($name:ident: $map:ident;)*) => {$(
        /// Adds pixels of all classes: `p` holds `channels` values for each pixel (NHWC), `t` a label, `classes` the sums
        /// of class 0 to `channels - 1`. A label that is no class (nor ignored) is refused with `SOFT_DICE_LABEL`.
        ///
        /// # Safety
        ///
        /// Pointers point to what their types say, and buffers hold what their lengths say; null, misaligned and absurd
        /// ones are refused.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(
            classes: *mut soft_dice_sums,
            channels: usize,
            p: *const $map,
            t: *const soft_dice_labels,
        ) -> soft_dice_status {
            // SAFETY: the caller's promise.
            status(unsafe { update(classes, channels, p, t) })
        }
    )*};
}

updates! {
    soft_dice_update_classes_u8: soft_dice_u8;
    soft_dice_update_classes_i8: soft_dice_i8;
    soft_dice_update_classes_affine_u8: soft_dice_affine_u8;
    soft_dice_update_classes_f32: soft_dice_f32;
}
