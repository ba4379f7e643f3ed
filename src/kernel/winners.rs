//! The greatest channel of each 8-bit pixel beside its label, where the core has loops that take whole runs.

use crate::pixels::{Labels, Won};

/// Counts the winners of interleaved 8-bit rows and the labels beside them, a word for each class, and says how many pixels
/// the ignore label leaves out; `None` where there are no loops for that. `flip` makes the bytes unsigned.
#[inline(always)]
pub(crate) fn row_winners<const C: usize>(p: &[u8], flip: u8, labels: Labels<'_>, words: &mut [Won; C]) -> Option<u32> {
    #[cfg(soft_dice_lanes = "runs")]
    if !cfg!(soft_dice_backend = "scalar") {
        return crate::cores::row_winners(p, flip, labels, words);
    }
    let _ = (p, flip, labels, words);
    None
}

/// The same of winners that were found before.
#[inline(always)]
pub(crate) fn won(won: &[u8], labels: Labels<'_>, words: &mut [Won]) -> Option<u32> {
    #[cfg(soft_dice_lanes = "runs")]
    if !cfg!(soft_dice_backend = "scalar") {
        return crate::cores::won(won, labels, words);
    }
    let _ = (won, labels, words);
    None
}

/// The same of planes of 8-bit values, each readable beside every label; `None` also where there are more of them than the loops take.
#[inline(always)]
pub(crate) fn planes_won<'a>(
    plane: impl Fn(usize) -> Option<&'a [u8]>,
    flip: u8,
    labels: Labels<'_>,
    words: &mut [Won],
) -> Option<u32> {
    #[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
    if !cfg!(soft_dice_backend = "scalar") {
        return crate::cores::planes::planes_won(plane, flip, labels, words);
    }
    #[cfg(all(soft_dice_lanes = "swar", not(soft_dice_lanes = "vector")))]
    if !cfg!(soft_dice_backend = "scalar") {
        return crate::cores::planes_won(plane, flip, labels, words);
    }
    let _ = (plane, flip, labels, words);
    None
}

/// Bytes of a channel that are above `most` take its place, and the channel's number that of the winner; whether there are
/// loops for that. `flip` makes the bytes unsigned.
#[inline(always)]
pub(crate) fn winner_column(channel: u8, x: &[u8], flip: u8, most: &mut [u8], won: &mut [u8]) -> bool {
    #[cfg(soft_dice_lanes = "runs")]
    if !cfg!(soft_dice_backend = "scalar") {
        crate::cores::winner_column(channel, x, flip, most, won);
        return true;
    }
    let _ = (channel, x, flip, most, won);
    false
}
