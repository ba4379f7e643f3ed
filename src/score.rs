mod average;
mod frames;
mod generalised;
mod losses;
mod pixels;
mod ratio;
mod reduction;
mod slope;
mod terms;

pub use average::{Average, Mean};
pub use frames::{FrameScores, Frames};
pub(crate) use generalised::volume_weight;
pub use generalised::{Absent, Generalised, Volume};
pub use losses::{Focal, LogScore};
pub use pixels::Pixels;
pub use ratio::Ratio;
pub use reduction::{Cell, Reducer, Reduction};
pub(crate) use slope::Slope;

use crate::error::Error;
use crate::sums::{Measured, Record};
use terms::{Terms, complement, fixed, smooth};

/// Which overlap is measured. I, P, T, P², T² and m stand for Σpt, Σp, Σt, Σp², Σt² and Σmin(p, t).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
enum Form {
    Dice,
    Jaccard,
    Tversky {
        alpha: u32,
        beta: u32,
    },
    Precision,
    Recall,
    /// A setting was refused: every reading is [`Error::Setting`].
    Refused,
}

/// From which sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) enum Kind {
    /// I, P, T.
    Linear,
    /// I, P², T².
    Squared,
    /// m, P, T.
    Semimetric,
}

/// What a score of empty maps is, apart from smoothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Empty {
    /// What the formula with its smoothing gives; 0/0 is undefined.
    #[default]
    Formula,
    /// [`Error::Undefined`]; a mean with it is undefined too.
    Undefined,
    /// A score of 0.
    Zero,
    /// A score of 1.
    One,
    /// [`Error::Skipped`]; a mean leaves it out.
    Skip,
}

/// A score: form, sums, smoothing, and the policy for empty maps. Plain configuration, apart from any state.
///
/// | | linear | [`squared`](Self::squared) | [`semimetric`](Self::semimetric) |
/// |---|---|---|---|
/// | [`dice`](Self::dice) | 2I/(P + T) (Drozdzal 2016) | 2I/(P² + T²) (Milletari 2016) | 2m/(P + T) (Wang 2023) |
/// | [`jaccard`](Self::jaccard) | I/(P + T − I) | I/(P² + T² − I) | m/(P + T − m) (Wang 2023) |
/// | [`tversky`](Self::tversky) | I/(I + α(P − I) + β(T − I)) (Salehi 2017) | | |
///
/// Of two identical soft maps the squared and semimetric scores are exactly 1, the linear ones less: p² < p.
///
/// A score is an exact [`Ratio`] of two integers, rounded once: to f32 or f64 (to nearest even), to Q15 or Q31 with no
/// float instruction at all. Numerator and denominator are exact while they fit 62 bits (Dice and Jaccard of any frame of
/// up to 2²⁴ pixels in the named units, but for 2⁻⁴⁸), else within 2⁻⁶⁰ of their size.
///
/// ```
/// use soft_dice::{Empty, Score, Stream, NonZero, U8};
/// const DICE: Score = Score::dice();
/// const LOSS: Score = Score::tversky(0.3, 0.7).smooth(1e-5, 1e-5).loss();
/// let mut stream = Stream::new(U8, NonZero);
/// stream.update(&[255, 51, 0], &[1, 0, 0])?;
/// assert_eq!(DICE.f32(stream.sums()), Ok(510.0 / 561.0));  // 2·1 / (1.2 + 1)
/// assert_eq!(DICE.q15(stream.sums()), Ok(29789));          // 0.90909 · 2¹⁵
/// assert!((LOSS.f64(stream.sums())? - 0.0566).abs() < 1e-4);
/// let nothing = Stream::new(U8, NonZero);
/// assert!(DICE.f32(nothing.sums()).is_err());
/// assert_eq!(DICE.both_empty(Empty::One).f32(nothing.sums()), Ok(1.0));
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Score {
    form: Form,
    kind: Kind,
    /// Added to numerator and denominator, in 2⁻⁴⁸ of a pixel.
    smooth: (u64, u64),
    both_empty: Empty,
    target_empty: Empty,
    prediction_empty: Empty,
    loss: bool,
}

impl Score {
    const fn of(form: Form) -> Self {
        Self {
            form,
            kind: Kind::Linear,
            smooth: (0, 0),
            both_empty: Empty::Formula,
            target_empty: Empty::Formula,
            prediction_empty: Empty::Formula,
            loss: false,
        }
    }

    /// 2I/(P + T).
    #[must_use]
    pub const fn dice() -> Self {
        Self::of(Form::Dice)
    }

    /// I/(P + T − I).
    #[must_use]
    pub const fn jaccard() -> Self {
        Self::of(Form::Jaccard)
    }

    /// I/(I + α(P − I) + β(T − I)): α weighs false positives, β false negatives. Each is in \[0, 4), taken to 2⁻³⁰.
    ///
    /// A weight that is negative, no number, infinite or too great is refused: [`Self::checked`] says so at once, also in a
    /// `const`, and every reading of such a score is [`Error::Setting`].
    #[must_use]
    pub const fn tversky(alpha: f64, beta: f64) -> Self {
        match (fixed(alpha, 30), fixed(beta, 30)) {
            (Some(alpha), Some(beta)) if (alpha | beta) >> 32 == 0 => {
                Self::of(Form::Tversky { alpha: alpha as u32, beta: beta as u32 })
            }
            _ => Self::of(Form::Refused),
        }
    }

    /// I/P: how much of the prediction is right.
    #[must_use]
    pub const fn precision() -> Self {
        Self::of(Form::Precision)
    }

    /// I/T: how much of the target is found.
    #[must_use]
    pub const fn recall() -> Self {
        Self::of(Form::Recall)
    }

    /// From I, P² and T². The sums must keep [`crate::Squares`].
    #[must_use]
    pub const fn squared(self) -> Self {
        Self { kind: Kind::Squared, ..self }
    }

    /// From m in place of I. The sums must keep [`crate::Minima`], but for a hard target, where m = I.
    #[must_use]
    pub const fn semimetric(self) -> Self {
        Self { kind: Kind::Semimetric, ..self }
    }

    /// Adds to numerator and denominator, in pixels: each in \[0, 65536), taken to 2⁻⁴⁸. What is negative, no number, infinite or too
    /// great is refused as in [`Self::tversky`].
    #[must_use]
    pub const fn smooth(self, numerator: f64, denominator: f64) -> Self {
        match (fixed(numerator, 48), fixed(denominator, 48)) {
            (Some(numerator), Some(denominator)) => Self { smooth: (numerator, denominator), ..self },
            _ => Self { form: Form::Refused, ..self },
        }
    }

    /// The score, if every setting was one that it can hold.
    ///
    /// ```
    /// use soft_dice::{Error, Score};
    /// // A wrong weight or smoothing stops the build.
    /// const LOSS: Score = match Score::tversky(0.3, 0.7).smooth(1e-5, 1e-5).loss().checked() {
    ///     Ok(score) => score,
    ///     Err(_) => panic!("a weight or smoothing is outside its range"),
    /// };
    /// assert_eq!(Score::tversky(f64::INFINITY, 0.7).checked(), Err(Error::Setting));
    /// assert_eq!(Score::dice().smooth(f64::NAN, 0.0).checked(), Err(Error::Setting));
    /// # let _ = LOSS;
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] if one was not.
    pub const fn checked(self) -> Result<Self, Error> {
        if matches!(self.form, Form::Refused) { Err(Error::Setting) } else { Ok(self) }
    }

    /// What the score is where Σp = Σt = 0.
    #[must_use]
    pub const fn both_empty(self, both_empty: Empty) -> Self {
        Self { both_empty, ..self }
    }

    /// What the score is where Σt = 0 and Σp > 0.
    #[must_use]
    pub const fn target_empty(self, target_empty: Empty) -> Self {
        Self { target_empty, ..self }
    }

    /// What the score is where Σp = 0 and Σt > 0.
    #[must_use]
    pub const fn prediction_empty(self, prediction_empty: Empty) -> Self {
        Self { prediction_empty, ..self }
    }

    /// 1 − score.
    #[must_use]
    pub const fn loss(self) -> Self {
        Self { loss: true, ..self }
    }

    /// The exact score.
    ///
    /// # Errors
    ///
    /// [`Error::Undefined`] and [`Error::Skipped`] as the policy for empty maps says, and for 0/0;
    /// [`Error::NotSummed`] if squares or minima were not kept; [`Error::Setting`] if a setting was refused, and
    /// [`Error::Scale`] of a record whose units are none.
    #[inline(always)]
    pub fn ratio(&self, sums: &impl Measured) -> Result<Ratio, Error> {
        // Which way is known when the crate is built, if score and units are constants: then only that way is linked.
        if self.is_plain() {
            if let Some(terms) = sums.narrow() {
                return self.narrow(terms);
            }
            if let Some(masked) = sums.masked() {
                let ratio = || Ratio::masked(self.form, &masked).ok_or(Error::Undefined);
                return self.with_policy(masked.p == 0, masked.t == 0, ratio);
            }
        }
        self.wide(&sums.record())
    }

    /// The sums alone decide, without squares, weights or smoothing (against a mask, m = I).
    const fn is_plain(&self) -> bool {
        let plain = matches!(self.form, Form::Dice | Form::Jaccard | Form::Precision | Form::Recall);
        plain && !matches!(self.kind, Kind::Squared) && self.smooth.0 | self.smooth.1 == 0
    }

    /// The score in 64 bits: the same as [`Self::wide`] where both apply.
    #[inline(always)]
    fn narrow(&self, [i, p, t]: [u64; 3]) -> Result<Ratio, Error> {
        self.with_policy(p == 0, t == 0, || {
            let (numerator, denominator) = match self.form {
                Form::Jaccard => (i, p.wrapping_add(t).saturating_sub(i)),
                Form::Precision => (i, p),
                Form::Recall => (i, t),
                Form::Dice | Form::Tversky { .. } | Form::Refused => (i << 1, p.wrapping_add(t)),
            };
            Ratio::narrow(numerator, denominator).ok_or(Error::Undefined)
        })
    }

    /// Any score of any sums, in 128 bits: one function for all.
    #[inline(never)]
    fn wide(&self, record: &Record) -> Result<Ratio, Error> {
        // A score that was refused is none of empty maps either, and a record may come from anywhere.
        self.checked()?;
        record.known()?;
        self.with_policy(record.p == 0, record.t == 0, || self.formula(&Terms::of(record, self.kind)?))
    }

    /// What the policy for empty maps says, else the formula; and whether it is a loss.
    #[inline(always)]
    fn with_policy(
        &self,
        no_p: bool,
        no_t: bool,
        formula: impl FnOnce() -> Result<Ratio, Error>,
    ) -> Result<Ratio, Error> {
        // Read before they are chosen from, so that a constant score leaves nothing of the choice.
        let Self { both_empty, target_empty, prediction_empty, loss, .. } = *self;
        let empty = match (no_p, no_t) {
            (true, true) => both_empty,
            (false, true) => target_empty,
            (true, false) => prediction_empty,
            (false, false) => Empty::Formula,
        };
        let ratio = match empty {
            Empty::Undefined => return Err(Error::Undefined),
            Empty::Skip => return Err(Error::Skipped),
            Empty::Zero => Ratio::ZERO,
            Empty::One => Ratio::ONE,
            Empty::Formula => formula()?,
        };
        Ok(if loss { complement(ratio) } else { ratio })
    }

    /// Whether there is a policy for these sums, which are empty on one side or both.
    pub(crate) fn says(&self, record: &Record) -> bool {
        let policy = match (record.p == 0, record.t == 0) {
            (true, true) => self.both_empty,
            (false, true) => self.target_empty,
            (true, false) => self.prediction_empty,
            (false, false) => Empty::Formula,
        };
        policy != Empty::Formula
    }

    fn formula(&self, terms: &Terms) -> Result<Ratio, Error> {
        let &Terms { i, p, t, one } = terms;
        // Rounding of floats and scales a little above 1 can make p·t exceed p by dust.
        let (false_positives, false_negatives) = (p.saturating_sub(i), t.saturating_sub(i));
        let (numerator, denominator, one) = match self.form {
            Form::Dice => (2 * i, p + t, one),
            Form::Jaccard => (i, (p + t).saturating_sub(i), one),
            Form::Tversky { alpha, beta } => {
                let weighed = false_positives * u128::from(alpha) + false_negatives * u128::from(beta);
                (i << 30, (i << 30) + weighed, one << 30)
            }
            Form::Precision => (i, p, one),
            Form::Recall => (i, t, one),
            Form::Refused => return Err(Error::Setting),
        };
        let (numerator, denominator) = if self.smooth == (0, 0) {
            (numerator, denominator)
        } else {
            smooth(numerator, denominator, one, self.smooth)
        };
        Ratio::new(numerator, denominator).ok_or(Error::Undefined)
    }

    /// The score, rounded once to the nearest f32.
    ///
    /// # Errors
    ///
    /// As [`Self::ratio`].
    #[inline(always)]
    pub fn f32(&self, sums: &impl Measured) -> Result<f32, Error> {
        Ok(self.ratio(sums)?.f32())
    }

    /// The score, rounded once to the nearest f64.
    ///
    /// # Errors
    ///
    /// As [`Self::ratio`].
    #[inline(always)]
    pub fn f64(&self, sums: &impl Measured) -> Result<f64, Error> {
        Ok(self.ratio(sums)?.f64())
    }

    /// The score in Q15 (32768 = 1.0), rounded to nearest even, with no float instruction.
    ///
    /// # Errors
    ///
    /// As [`Self::ratio`].
    #[inline(always)]
    pub fn q15(&self, sums: &impl Measured) -> Result<i32, Error> {
        Ok(self.ratio(sums)?.q15())
    }

    /// The score in Q31 (2³¹ = 1.0), rounded to nearest even, with no float instruction.
    ///
    /// # Errors
    ///
    /// As [`Self::ratio`].
    #[inline(always)]
    pub fn q31(&self, sums: &impl Measured) -> Result<i64, Error> {
        Ok(self.ratio(sums)?.q31())
    }

    /// How far the rounding of float codes can have moved a linear Dice or Jaccard: 0 for integer codes, else
    /// (2 + r) · n · u / (Σp + Σt) with r rounded sides of unit 2u. Squares are bounded alike by Σp² + Σt².
    #[must_use]
    pub fn rounding(&self, sums: &impl Measured) -> f64 {
        let record = sums.record();
        let sides = |rounded: bool, unit: crate::num::Unit| if rounded { unit.value(1) / 2.0 } else { 0.0 };
        let (p, t) = (sides(record.rounds_p(), record.unit_p), sides(record.rounds_t(), record.unit_t));
        let size = record.unit_p.value(record.p) + record.unit_t.value(record.t);
        let moved = record.count as f64 * (2.0 * p.max(t) + p + t);
        if moved == 0.0 { 0.0 } else { moved / size }
    }
}
