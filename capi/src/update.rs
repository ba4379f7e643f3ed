//! Updates: a map, a target, and the pair's own function, so that an image links the pairs it calls and no other.

use crate::logits::{soft_dice_logits_f32, soft_dice_logits_i8, soft_dice_logits_u8};
use crate::map::{
    Map, soft_dice_affine_u8, soft_dice_f16, soft_dice_f32, soft_dice_f32fine, soft_dice_i8, soft_dice_mask01,
    soft_dice_mask255, soft_dice_q15, soft_dice_u8, soft_dice_u16,
};
use crate::memory;
use crate::reference::{Reference, Summed, soft_dice_bits, soft_dice_labels, soft_dice_mask, soft_dice_own};
use crate::rows::{Which, soft_dice_rows};
use crate::status::{Done, soft_dice_status, status};
use crate::sums::soft_dice_sums;
use soft_dice::sums::{All, Linear, Moments};

/// Adds what the target makes of the map to the sums.
///
/// # Safety
///
/// Pointers point to what their types say, buffers to as many values as their lengths say, and nothing writes there
/// during the call.
unsafe fn update<A: Map, B: Reference<A::Element>, M: Moments>(
    sums: *mut soft_dice_sums,
    p: *const A,
    t: *const B,
    rows: *const soft_dice_rows,
) -> Done {
    // SAFETY: the caller's promise is that of all of these; sums are read and then written, with no reference left.
    unsafe {
        let before = memory::shared(sums.cast_const())?.known()?;
        let (map, target) = (memory::shared(p)?, memory::shared(t)?);
        let rows = Which::of(rows)?;
        let more = target.visit(map.element()?, Summed::<_, M>::new(map.values()?, rows))?;
        let after = before.plus(&more);
        memory::store(sums, after)
    }
}

macro_rules! updates {
    ($($linear:ident, $all:ident: $map:ident, $target:ident;)*) => {$(
        /// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
        ///
        /// # Safety
        ///
        /// Pointers point to what their types say, and buffers hold what their lengths say; null, misaligned and absurd
        /// ones are refused.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $linear(
            sums: *mut soft_dice_sums,
            p: *const $map,
            t: *const $target,
            rows: *const soft_dice_rows,
        ) -> soft_dice_status {
            // SAFETY: the caller's promise.
            status(unsafe { update::<_, _, Linear>(sums, p, t, rows) })
        }

        /// The same, and squares and minima too.
        ///
        /// # Safety
        ///
        /// As the other.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $all(
            sums: *mut soft_dice_sums,
            p: *const $map,
            t: *const $target,
            rows: *const soft_dice_rows,
        ) -> soft_dice_status {
            // SAFETY: the caller's promise.
            status(unsafe { update::<_, _, All>(sums, p, t, rows) })
        }
    )*};
}

updates! {
    soft_dice_update_u8_mask, soft_dice_update_u8_mask_all: soft_dice_u8, soft_dice_mask;
    soft_dice_update_u8_bits, soft_dice_update_u8_bits_all: soft_dice_u8, soft_dice_bits;
    soft_dice_update_u8_label, soft_dice_update_u8_label_all: soft_dice_u8, soft_dice_labels;
    soft_dice_update_u8_own, soft_dice_update_u8_own_all: soft_dice_u8, soft_dice_own;
    soft_dice_update_u8_u8, soft_dice_update_u8_u8_all: soft_dice_u8, soft_dice_u8;

    soft_dice_update_i8_mask, soft_dice_update_i8_mask_all: soft_dice_i8, soft_dice_mask;
    soft_dice_update_i8_bits, soft_dice_update_i8_bits_all: soft_dice_i8, soft_dice_bits;
    soft_dice_update_i8_label, soft_dice_update_i8_label_all: soft_dice_i8, soft_dice_labels;
    soft_dice_update_i8_own, soft_dice_update_i8_own_all: soft_dice_i8, soft_dice_own;
    soft_dice_update_i8_i8, soft_dice_update_i8_i8_all: soft_dice_i8, soft_dice_i8;
    soft_dice_update_i8_f32, soft_dice_update_i8_f32_all: soft_dice_i8, soft_dice_f32;

    soft_dice_update_affine_u8_mask, soft_dice_update_affine_u8_mask_all: soft_dice_affine_u8, soft_dice_mask;
    soft_dice_update_affine_u8_bits, soft_dice_update_affine_u8_bits_all: soft_dice_affine_u8, soft_dice_bits;
    soft_dice_update_affine_u8_label, soft_dice_update_affine_u8_label_all: soft_dice_affine_u8, soft_dice_labels;
    soft_dice_update_affine_u8_own, soft_dice_update_affine_u8_own_all: soft_dice_affine_u8, soft_dice_own;
    soft_dice_update_affine_u8_affine_u8, soft_dice_update_affine_u8_affine_u8_all:
        soft_dice_affine_u8, soft_dice_affine_u8;

    soft_dice_update_u16_mask, soft_dice_update_u16_mask_all: soft_dice_u16, soft_dice_mask;
    soft_dice_update_u16_bits, soft_dice_update_u16_bits_all: soft_dice_u16, soft_dice_bits;
    soft_dice_update_u16_label, soft_dice_update_u16_label_all: soft_dice_u16, soft_dice_labels;
    soft_dice_update_u16_own, soft_dice_update_u16_own_all: soft_dice_u16, soft_dice_own;
    soft_dice_update_u16_u16, soft_dice_update_u16_u16_all: soft_dice_u16, soft_dice_u16;

    soft_dice_update_q15_mask, soft_dice_update_q15_mask_all: soft_dice_q15, soft_dice_mask;
    soft_dice_update_q15_bits, soft_dice_update_q15_bits_all: soft_dice_q15, soft_dice_bits;
    soft_dice_update_q15_label, soft_dice_update_q15_label_all: soft_dice_q15, soft_dice_labels;
    soft_dice_update_q15_own, soft_dice_update_q15_own_all: soft_dice_q15, soft_dice_own;
    soft_dice_update_q15_q15, soft_dice_update_q15_q15_all: soft_dice_q15, soft_dice_q15;

    soft_dice_update_f32_mask, soft_dice_update_f32_mask_all: soft_dice_f32, soft_dice_mask;
    soft_dice_update_f32_bits, soft_dice_update_f32_bits_all: soft_dice_f32, soft_dice_bits;
    soft_dice_update_f32_label, soft_dice_update_f32_label_all: soft_dice_f32, soft_dice_labels;
    soft_dice_update_f32_own, soft_dice_update_f32_own_all: soft_dice_f32, soft_dice_own;
    soft_dice_update_f32_f32, soft_dice_update_f32_f32_all: soft_dice_f32, soft_dice_f32;

    soft_dice_update_f32fine_mask, soft_dice_update_f32fine_mask_all: soft_dice_f32fine, soft_dice_mask;
    soft_dice_update_f32fine_label, soft_dice_update_f32fine_label_all: soft_dice_f32fine, soft_dice_labels;
    soft_dice_update_f32fine_own, soft_dice_update_f32fine_own_all: soft_dice_f32fine, soft_dice_own;
    soft_dice_update_f32fine_f32fine, soft_dice_update_f32fine_f32fine_all: soft_dice_f32fine, soft_dice_f32fine;

    soft_dice_update_f16_mask, soft_dice_update_f16_mask_all: soft_dice_f16, soft_dice_mask;
    soft_dice_update_f16_label, soft_dice_update_f16_label_all: soft_dice_f16, soft_dice_labels;
    soft_dice_update_f16_own, soft_dice_update_f16_own_all: soft_dice_f16, soft_dice_own;
    soft_dice_update_f16_f16, soft_dice_update_f16_f16_all: soft_dice_f16, soft_dice_f16;

    soft_dice_update_mask01_mask, soft_dice_update_mask01_mask_all: soft_dice_mask01, soft_dice_mask;
    soft_dice_update_mask01_label, soft_dice_update_mask01_label_all: soft_dice_mask01, soft_dice_labels;
    soft_dice_update_mask255_mask, soft_dice_update_mask255_mask_all: soft_dice_mask255, soft_dice_mask;
    soft_dice_update_mask255_label, soft_dice_update_mask255_label_all: soft_dice_mask255, soft_dice_labels;

    soft_dice_update_logits_i8_mask, soft_dice_update_logits_i8_mask_all: soft_dice_logits_i8, soft_dice_mask;
    soft_dice_update_logits_i8_label, soft_dice_update_logits_i8_label_all: soft_dice_logits_i8, soft_dice_labels;
    soft_dice_update_logits_i8_own, soft_dice_update_logits_i8_own_all: soft_dice_logits_i8, soft_dice_own;
    soft_dice_update_logits_u8_mask, soft_dice_update_logits_u8_mask_all: soft_dice_logits_u8, soft_dice_mask;
    soft_dice_update_logits_u8_label, soft_dice_update_logits_u8_label_all: soft_dice_logits_u8, soft_dice_labels;
    soft_dice_update_logits_u8_own, soft_dice_update_logits_u8_own_all: soft_dice_logits_u8, soft_dice_own;
    soft_dice_update_logits_f32_mask, soft_dice_update_logits_f32_mask_all: soft_dice_logits_f32, soft_dice_mask;
    soft_dice_update_logits_f32_label, soft_dice_update_logits_f32_label_all: soft_dice_logits_f32, soft_dice_labels;
    soft_dice_update_logits_f32_own, soft_dice_update_logits_f32_own_all: soft_dice_logits_f32, soft_dice_own;
}
