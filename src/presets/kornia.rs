//! kornia 0.9.0: `dice_loss`, of softmax probabilities, for each item; [`super::mean`] over the items.

use super::weight;
use crate::sums::Measured;
use crate::{Error, Pixels};

/// `average="micro"` (the default): 1 − 2ΣwI / (Σw(P + T) + eps) over the classes of one item; eps is 10⁻⁸ by default.
///
/// Quirk: softmax makes ΣP the number of pixels, so that micro is the mean probability of the labelled class: the
/// background outweighs everything small.
///
/// # Errors
///
/// [`Error::Classes`] of no class, or of another number than the weights.
pub fn micro(classes: &[impl Measured], weights: Option<&[f64]>, eps: f64) -> Result<f64, Error> {
    let (mut above, mut below) = (0.0, 0.0);
    for (index, class) in classes.iter().enumerate() {
        let (sums, weight) = (Pixels::of(class), weight(weights, index, classes.len())?);
        above += weight * sums.i;
        below += weight * (sums.p + sums.t);
    }
    if classes.is_empty() {
        return Err(Error::Classes);
    }
    Ok(1.0 - if below == 0.0 { 0.0 } else { 2.0 * above / (below + eps) })
}

/// `average="macro"`: the mean of 1 − 2I/(P + T + eps), by weight, over the classes that are present in the item; 1 if
/// none is.
///
/// # Errors
///
/// As [`micro`].
pub fn macro_average(classes: &[impl Measured], weights: Option<&[f64]>, eps: f64) -> Result<f64, Error> {
    let (mut total, mut of) = (0.0, 0.0);
    for (index, class) in classes.iter().enumerate() {
        let (sums, weight) = (Pixels::of(class), weight(weights, index, classes.len())?);
        if sums.t > 0.0 {
            total += weight * (1.0 - 2.0 * sums.i / (sums.p + sums.t + eps));
            of += weight;
        }
    }
    if classes.is_empty() {
        return Err(Error::Classes);
    }
    Ok(if of == 0.0 { 1.0 } else { total / of })
}
