use crate::memory;
use crate::status::{Done, SOFT_DICE_SETTING, soft_dice_status, status};
use crate::sums::soft_dice_sums;
use soft_dice::{Average, Empty, Measured, Ratio, Score};

/// Which overlap: one of `SOFT_DICE_DICE`, `SOFT_DICE_JACCARD`, `SOFT_DICE_TVERSKY`, `SOFT_DICE_PRECISION`,
/// `SOFT_DICE_RECALL`. I, P, T, PP, TT and m are the sums pt, p, t, pp, tt and of min(p, t).
pub type soft_dice_form = u8;
/// 2I / (P + T)
pub const SOFT_DICE_DICE: soft_dice_form = 0;
/// I / (P + T - I)
pub const SOFT_DICE_JACCARD: soft_dice_form = 1;
/// I / (I + alpha (P - I) + beta (T - I)): alpha weighs false positives, beta false negatives.
pub const SOFT_DICE_TVERSKY: soft_dice_form = 2;
/// I / P
pub const SOFT_DICE_PRECISION: soft_dice_form = 3;
/// I / T
pub const SOFT_DICE_RECALL: soft_dice_form = 4;

/// Of which sums Dice and Jaccard are made: one of `SOFT_DICE_LINEAR`, `SOFT_DICE_SQUARED`, `SOFT_DICE_SEMIMETRIC`.
pub type soft_dice_kind = u8;
/// I, P, T
pub const SOFT_DICE_LINEAR: soft_dice_kind = 0;
/// I, PP, TT; needs the `_all` updates.
pub const SOFT_DICE_SQUARED: soft_dice_kind = 1;
/// m, P, T; needs the `_all` updates where the target is soft.
pub const SOFT_DICE_SEMIMETRIC: soft_dice_kind = 2;

/// What a score of empty maps is, apart from smoothing: one of `SOFT_DICE_FORMULA` ... `SOFT_DICE_SKIP`.
pub type soft_dice_empty = u8;
/// What the formula gives; 0/0 is `SOFT_DICE_UNDEFINED`.
pub const SOFT_DICE_FORMULA: soft_dice_empty = 0;
/// `SOFT_DICE_UNDEFINED`; a mean with it is undefined too.
pub const SOFT_DICE_NONE: soft_dice_empty = 1;
/// 0
pub const SOFT_DICE_ZERO: soft_dice_empty = 2;
/// 1
pub const SOFT_DICE_ONE: soft_dice_empty = 3;
/// `SOFT_DICE_SKIPPED`; a mean leaves it out.
pub const SOFT_DICE_SKIP: soft_dice_empty = 4;

/// A score. All zero is the linear Dice; give by name what differs:
///
///     static const soft_dice_score tversky = {.form = SOFT_DICE_TVERSKY, .alpha = 0.3, .beta = 0.7};
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct soft_dice_score {
    /// Which overlap.
    pub form: soft_dice_form,
    /// Of which sums.
    pub kind: soft_dice_kind,
    /// What it is where p and t are empty.
    pub both_empty: soft_dice_empty,
    /// Where t alone is empty.
    pub target_empty: soft_dice_empty,
    /// Where p alone is empty.
    pub prediction_empty: soft_dice_empty,
    /// Not 0: 1 - score.
    pub loss: u8,
    /// Of Tversky: from 0 to below 4, taken to 2^-30.
    pub alpha: f64,
    /// The same.
    pub beta: f64,
    /// Added to the numerator, in pixels: from 0 to below 65536, taken to 2^-48.
    pub smooth_numerator: f64,
    /// Added to the denominator.
    pub smooth_denominator: f64,
}

fn empty(empty: soft_dice_empty) -> Done<Empty> {
    match empty {
        SOFT_DICE_FORMULA => Ok(Empty::Formula),
        SOFT_DICE_NONE => Ok(Empty::Undefined),
        SOFT_DICE_ZERO => Ok(Empty::Zero),
        SOFT_DICE_ONE => Ok(Empty::One),
        SOFT_DICE_SKIP => Ok(Empty::Skip),
        _ => Err(SOFT_DICE_SETTING),
    }
}

impl soft_dice_score {
    pub(crate) fn score(&self) -> Done<Score> {
        let score = match self.form {
            SOFT_DICE_DICE => Score::dice(),
            SOFT_DICE_JACCARD => Score::jaccard(),
            SOFT_DICE_TVERSKY => Score::tversky(self.alpha, self.beta),
            SOFT_DICE_PRECISION => Score::precision(),
            SOFT_DICE_RECALL => Score::recall(),
            _ => return Err(SOFT_DICE_SETTING),
        };
        let score = match self.kind {
            SOFT_DICE_LINEAR => score,
            SOFT_DICE_SQUARED => score.squared(),
            SOFT_DICE_SEMIMETRIC => score.semimetric(),
            _ => return Err(SOFT_DICE_SETTING),
        };
        let score = score
            .smooth(self.smooth_numerator, self.smooth_denominator)
            .both_empty(empty(self.both_empty)?)
            .target_empty(empty(self.target_empty)?)
            .prediction_empty(empty(self.prediction_empty)?);
        let score = if self.loss == 0 { score } else { score.loss() };
        Ok(score.checked()?)
    }
}

/// The exact score of sums.
///
/// # Safety
///
/// Unless null or misaligned, the pointers point to what their types say.
unsafe fn ratio(score: *const soft_dice_score, sums: *const soft_dice_sums) -> Done<Ratio> {
    // SAFETY: the caller's promise.
    let (score, sums) = unsafe { (memory::shared(score)?, memory::shared(sums)?) };
    Ok(score.score()?.ratio(&sums.known()?.record())?)
}

macro_rules! scores {
    ($($(#[$doc:meta])* $name:ident: $result:ty, $round:expr;)*) => {$(
        $(#[$doc])*
        ///
        /// # Safety
        ///
        /// Pointers point to what their types say; null and misaligned ones are refused.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(
            score: *const soft_dice_score,
            sums: *const soft_dice_sums,
            result: *mut $result,
        ) -> soft_dice_status {
            // SAFETY: the caller's promise.
            status(unsafe { memory::store(result, ratio(score, sums).map($round)) })
        }
    )*};
}

scores! {
    /// The score in Q15: 32768 is 1.0. Nearest even, and no float instruction.
    soft_dice_score_q15: i32, Ratio::q15;
    /// The score in Q31: 2^31 is 1.0. Nearest even, and no float instruction.
    soft_dice_score_q31: i64, Ratio::q31;
    /// The score as the nearest float.
    soft_dice_score_f32: f32, Ratio::f32;
    /// The score as the nearest double.
    soft_dice_score_f64: f64, Ratio::f64;
}

/// A mean over classes, and how many stand behind it.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct soft_dice_mean {
    /// The mean in Q15.
    pub q15: i32,
    /// The mean as float.
    pub f32: f32,
    /// Classes in it.
    pub defined: u16,
    /// Classes without a target pixel: they are left out.
    pub absent: u16,
}

/// The mean of a score over the classes that are present.
///
/// # Safety
///
/// Pointers point to what their types say, `classes` to as many sums as `channels`; null, misaligned and absurd ones are
/// refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn soft_dice_mean_of(
    score: *const soft_dice_score,
    classes: *const soft_dice_sums,
    channels: usize,
    result: *mut soft_dice_mean,
) -> soft_dice_status {
    let mean = || {
        // SAFETY: the caller's promise.
        let (score, classes) = unsafe { (memory::shared(score)?, memory::slice(classes, channels)?) };
        classes.iter().try_for_each(|class| class.known().map(drop))?;
        let mean = Average::new(score.score()?).of(classes)?;
        let soft_dice::Mean { ratio, defined, absent } = mean;
        Ok(soft_dice_mean { q15: ratio.q15(), f32: ratio.f32(), defined, absent })
    };
    // SAFETY: the caller's promise.
    status(unsafe { memory::store(result, mean()) })
}
