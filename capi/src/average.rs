//! Scores over classes.

use crate::memory;
use crate::score::{soft_dice_mean, soft_dice_score};
use crate::status::{Done, SOFT_DICE_SETTING, soft_dice_status, status};
use crate::sums::soft_dice_sums;
use soft_dice::{Absent, Average, Generalised, Mean, Volume};

/// How classes are brought to one score: one of `SOFT_DICE_MACRO` ... `SOFT_DICE_BY_WEIGHTS`.
pub type soft_dice_over = u8;
/// The mean of their scores.
pub const SOFT_DICE_MACRO: soft_dice_over = 0;
/// The mean of their scores, weighted by the sum of t.
pub const SOFT_DICE_BY_SUPPORT: soft_dice_over = 1;
/// The score of their sums, added up.
pub const SOFT_DICE_MICRO: soft_dice_over = 2;
/// The mean of their scores, weighted by `weights`.
pub const SOFT_DICE_BY_WEIGHTS: soft_dice_over = 3;

/// A mean over classes. All zero is the mean of those that are present.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct soft_dice_average {
    /// Of `SOFT_DICE_BY_WEIGHTS`: a weight for each class, from 0 to below 2^34, taken to 2^-30. Else null.
    pub weights: *const f32,
    /// How many; 0 where there are none.
    pub count: usize,
    /// How.
    pub over: soft_dice_over,
    /// Not 0: classes without a target pixel count too, with what the formula makes of them. Of `SOFT_DICE_MICRO`: 0.
    pub all_classes: u8,
}

/// A score over classes. Classes without a target pixel are left out of means, unless `all_classes` says otherwise.
///
/// # Safety
///
/// Pointers point to what their types say, `classes` to as many sums as `channels`; null, misaligned and absurd ones are
/// refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn soft_dice_average_of(
    score: *const soft_dice_score,
    average: *const soft_dice_average,
    classes: *const soft_dice_sums,
    channels: usize,
    result: *mut soft_dice_mean,
) -> soft_dice_status {
    let mean = || {
        // SAFETY: the caller's promise.
        let (score, given, classes) =
            unsafe { (memory::shared(score)?.score()?, memory::shared(average)?, memory::slice(classes, channels)?) };
        classes.iter().try_for_each(|class| class.known().map(drop))?;
        let by_weights = given.over == SOFT_DICE_BY_WEIGHTS;
        // A setting without effect is an error.
        let idle = !by_weights && (!given.weights.is_null() || given.count != 0);
        if idle || (given.over == SOFT_DICE_MICRO && given.all_classes != 0) {
            return Err(SOFT_DICE_SETTING);
        }
        let average = match given.over {
            SOFT_DICE_MACRO => Average::new(score),
            SOFT_DICE_BY_SUPPORT => Average::weighted(score),
            SOFT_DICE_MICRO => Average::micro(score),
            // SAFETY: the caller's promise.
            SOFT_DICE_BY_WEIGHTS => Average::weights(score, unsafe { memory::slice(given.weights, given.count) }?),
            _ => return Err(SOFT_DICE_SETTING),
        };
        let average = if given.all_classes == 0 { average } else { average.all_classes() };
        let Mean { ratio, defined, absent } = average.of(classes)?;
        Ok(soft_dice_mean { q15: ratio.q15(), f32: ratio.f32(), defined, absent })
    };
    // SAFETY: the caller's promise.
    status(unsafe { memory::store(result, mean()) })
}

/// What a class weighs in a generalised Dice: one of `SOFT_DICE_BY_SQUARE`, `SOFT_DICE_BY_VOLUME`, `SOFT_DICE_UNIFORM`.
pub type soft_dice_volume = u8;
/// 1/T^2 (Sudre 2017).
pub const SOFT_DICE_BY_SQUARE: soft_dice_volume = 0;
/// 1/T
pub const SOFT_DICE_BY_VOLUME: soft_dice_volume = 1;
/// 1
pub const SOFT_DICE_UNIFORM: soft_dice_volume = 2;

/// What a class with T = 0 weighs, whose weight would be infinite: one of `SOFT_DICE_AS_THE_LARGEST`, `SOFT_DICE_NOTHING`,
/// `SOFT_DICE_NO_SCORE`.
pub type soft_dice_absent = u8;
/// As much as the class that weighs most.
pub const SOFT_DICE_AS_THE_LARGEST: soft_dice_absent = 0;
/// Nothing.
pub const SOFT_DICE_NOTHING: soft_dice_absent = 1;
/// The score is `SOFT_DICE_UNDEFINED`.
pub const SOFT_DICE_NO_SCORE: soft_dice_absent = 2;

/// A generalised Dice: 2 sum(w I) / sum(w (P + T)) over classes, with weights by volume. All zero is Sudre's.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct soft_dice_generalised {
    /// What a class weighs.
    pub volume: soft_dice_volume,
    /// What one without a target pixel weighs.
    pub absent: soft_dice_absent,
    /// Not 0: of the minima in place of the products; needs the `_all` updates where the target is soft.
    pub semimetric: u8,
    /// Not 0: 1 - score.
    pub loss: u8,
    /// Added to the numerator.
    pub smooth_numerator: f64,
    /// Added to the denominator.
    pub smooth_denominator: f64,
}

/// The generalised Dice of classes.
///
/// # Safety
///
/// Pointers point to what their types say, `classes` to as many sums as `channels`; null, misaligned and absurd ones are
/// refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn soft_dice_generalised_of(
    generalised: *const soft_dice_generalised,
    classes: *const soft_dice_sums,
    channels: usize,
    result: *mut f64,
) -> soft_dice_status {
    let score = || -> Done<f64> {
        // SAFETY: the caller's promise.
        let (given, classes) = unsafe { (memory::shared(generalised)?, memory::slice(classes, channels)?) };
        classes.iter().try_for_each(|class| class.known().map(drop))?;
        let volume = match given.volume {
            SOFT_DICE_BY_SQUARE => Volume::Square,
            SOFT_DICE_BY_VOLUME => Volume::Simple,
            SOFT_DICE_UNIFORM => Volume::Uniform,
            _ => return Err(SOFT_DICE_SETTING),
        };
        let absent = match given.absent {
            SOFT_DICE_AS_THE_LARGEST => Absent::Largest,
            SOFT_DICE_NOTHING => Absent::Nothing,
            SOFT_DICE_NO_SCORE => Absent::Undefined,
            _ => return Err(SOFT_DICE_SETTING),
        };
        let score = Generalised::new().volume(volume).absent(absent);
        let score = score.smooth(given.smooth_numerator, given.smooth_denominator);
        let score = if given.semimetric == 0 { score } else { score.semimetric() };
        let score = if given.loss == 0 { score } else { score.loss() };
        Ok(score.f64(classes)?)
    };
    // SAFETY: the caller's promise.
    status(unsafe { memory::store(result, score()) })
}
