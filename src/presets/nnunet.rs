//! nnU-Net 2.8.1.

use super::divide;
use crate::sums::Measured;
use crate::{Error, Pixels};

/// `SoftDiceLoss` and `MemoryEfficientSoftDiceLoss` of one item and class: −(2I + s) / max(P + T + s, 10⁻⁸).
///
/// Quirks: the loss is −score, from −1 to 0, not 1 − score. `smooth` is 1 by default in the classes, but nnU-Net's trainer
/// passes 10⁻⁵: the two disagree by up to 1 on empty and tiny targets. `do_bg=False` leaves the first class out,
/// `batch_dice=True` merges the items' sums first; then [`super::mean`].
///
/// # Errors
///
/// None that these sums can cause.
pub fn soft_dice_loss(sums: &impl Measured, smooth: f64) -> Result<f64, Error> {
    let sums = Pixels::of(sums);
    let below = sums.p + sums.t + smooth;
    Ok(-divide(2.0 * sums.i + smooth, if below < 1e-8 { 1e-8 } else { below })?)
}
