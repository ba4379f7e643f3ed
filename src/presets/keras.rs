//! Keras 3.15.1.
//!
//! `axis=None` (the default) sums over everything, the batch and the classes included: merge all sums first. With `axis`
//! the remaining axes each have sums of their own.

use super::divide;
use crate::sums::Measured;
use crate::{Error, Pixels};

const EPSILON: f64 = 1e-7;

/// `keras.losses.Dice`: 1 − 2I/(P + T + 10⁻⁷).
///
/// Quirk: the smoothing is in the denominator alone, so that two empty maps are a total loss of 1.
///
/// # Errors
///
/// None that these sums can cause.
pub fn dice(sums: &impl Measured) -> Result<f64, Error> {
    let sums = Pixels::of(sums);
    Ok(1.0 - divide(2.0 * sums.i, sums.p + sums.t + EPSILON)?)
}

/// `keras.losses.Tversky` up to 3.15.1.
///
/// Quirk, and a trap: its "fp" are the false negatives and its "fn" the false positives, so that here α weighs false
/// *negatives*. From 3.16 on see [`tversky`].
///
/// # Errors
///
/// None that these sums can cause.
pub fn tversky_swapped(sums: &impl Measured, alpha: f64, beta: f64) -> Result<f64, Error> {
    tversky(sums, beta, alpha)
}

/// `keras.losses.Tversky` as Keras 3.16 corrects it: 1 − I/(I + α·fp + β·fn + 10⁻⁷).
///
/// # Errors
///
/// None that these sums can cause.
pub fn tversky(sums: &impl Measured, alpha: f64, beta: f64) -> Result<f64, Error> {
    let sums = Pixels::of(sums);
    let below = sums.i + alpha * (sums.p - sums.i) + beta * (sums.t - sums.i) + EPSILON;
    Ok(1.0 - divide(sums.i, below)?)
}
