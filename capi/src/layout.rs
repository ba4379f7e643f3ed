//! The size of every struct, here and in C: the header asks the C compiler for the same numbers.

use crate::average::*;
use crate::channels::*;
#[cfg(feature = "update")]
use crate::histogram::*;
use crate::logits::*;
use crate::map::*;
use crate::reference::*;
use crate::report::*;
use crate::rows::*;
use crate::score::*;
use crate::settings::*;
use crate::sums::*;
#[cfg(feature = "update")]
use crate::tiles::*;
use crate::watch::*;

macro_rules! layouts {
    ($($(#[$when:meta])? $name:ident: $small:literal, $large:literal;)*) => {
        /// Structs with their sizes where a pointer has 32 bits, and where it has 64.
        pub const LAYOUTS: &[(&str, usize, usize)] = &[$($(#[$when])? (stringify!($name), $small, $large),)*];

        $($(#[$when])? const _: () = assert!(size_of::<$name>() == if size_of::<usize>() == 4 { $small } else { $large });)*
    };
}

layouts! {
    soft_dice_affine: 12, 12;
    soft_dice_affine_u8: 20, 32;
    soft_dice_average: 12, 24;
    #[cfg(feature = "update")] soft_dice_best: 48, 48;
    soft_dice_bits: 16, 32;
    soft_dice_camera: 8, 16;
    soft_dice_channels: 16, 32;
    soft_dice_drift: 4, 4;
    soft_dice_event: 12, 12;
    soft_dice_f16: 12, 24;
    soft_dice_f32: 12, 24;
    soft_dice_f32fine: 12, 24;
    soft_dice_frame: 12, 24;
    soft_dice_generalised: 24, 24;
    #[cfg(feature = "update")] soft_dice_histogram: 2080, 2080;
    soft_dice_i8: 20, 32;
    soft_dice_labels: 12, 24;
    soft_dice_learnt: 32, 32;
    soft_dice_level: 6, 6;
    soft_dice_logits_f32: 8, 16;
    soft_dice_logits_i8: 12, 24;
    soft_dice_logits_u8: 12, 24;
    soft_dice_mask: 12, 24;
    soft_dice_mask01: 8, 16;
    soft_dice_mask255: 8, 16;
    soft_dice_mean: 12, 12;
    soft_dice_outlined: 32, 32;
    soft_dice_own: 8, 8;
    soft_dice_picture: 12, 24;
    soft_dice_q15: 12, 24;
    soft_dice_region: 16, 32;
    soft_dice_report: 44, 44;
    soft_dice_rows: 24, 48;
    soft_dice_score: 40, 40;
    soft_dice_settings: 76, 76;
    soft_dice_sigmoid: 1032, 1032;
    soft_dice_signal_status: 12, 12;
    soft_dice_softmax: 1032, 1032;
    soft_dice_sums: 176, 176;
    #[cfg(feature = "update")] soft_dice_tiles: 32, 64;
    soft_dice_u128: 16, 16;
    soft_dice_u16: 12, 24;
    soft_dice_u8: 8, 16;
    soft_dice_unit: 8, 8;
    soft_dice_watch: 1480, 1672;
    soft_dice_watch_setup: 32, 64;
    soft_dice_watched: 14, 14;
}
