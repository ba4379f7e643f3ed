use super::terms::fixed;
use super::{Ratio, Score};
use crate::error::Error;
use crate::sums::Measured;
use crate::sums::Record;

/// How classes come together in one number.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
enum Over<'w> {
    Equal,
    Support,
    Each(&'w [f32]),
    Pooled,
}

/// A score over classes.
///
/// A class without a target pixel (Σt = 0) is left out unless the score says what it is worth ([`Score::both_empty`],
/// [`Score::target_empty`]), and the number of absent classes stands beside the mean. A mean over *all* classes hides failure:
/// absent classes that score 1 by smoothing, or whose loss is dropped, outweigh the present ones (a device that writes the same
/// 21 numbers at every pixel of a 65×65 frame gets a loss of 0.085 in such a mean). [`Self::all_classes`] counts what the
/// formula gives for absent classes too.
///
/// This is the device's reduction, over the classes of one frame and in integers; [`crate::Frames`] is its reduction over frames.
/// A framework's own rule for both is an object of [`crate::presets`]; from its words to the calls: `docs/reductions.md`.
///
/// Each class's score is rounded to Q31 and the mean is of integers: the same bits everywhere, no float instruction, off
/// by at most 2⁻³² from the mean of the exact scores. Without reduction: `classes.iter().map(|c| score.f32(c))`.
///
/// ```
/// use soft_dice::{Average, Interleaved, Linear, Multiclass, Score, U8};
/// let mut frame = Multiclass::<[_; 3]>::new(U8, Linear);
/// frame.update(Interleaved(&[255, 0, 0, 0, 255, 0, 0, 51, 204]), &[0, 1, 1])?;
/// let mean = Average::new(Score::dice()).of(frame.sums())?;
/// assert_eq!((mean.defined, mean.absent), (2, 1));                   // no pixel of class 2
/// assert!((mean.ratio.f64() - (1.0 + 2.4 / 3.2) / 2.0).abs() < 1e-9);
/// let pooled = Average::micro(Score::dice()).of(frame.sums())?;
/// assert!((pooled.ratio.f64() - 4.4 / 6.0).abs() < 1e-9);
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Average<'w> {
    score: Score,
    over: Over<'w>,
    all: bool,
}

/// A mean over classes, and how many stand behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Mean {
    /// The mean.
    pub ratio: Ratio,
    /// Classes in it.
    pub defined: u16,
    /// Classes without a target pixel.
    pub absent: u16,
}

impl<'w> Average<'w> {
    /// The mean of the classes that are present, or that the score has a policy for (macro).
    #[must_use]
    pub const fn new(score: Score) -> Self {
        Self { score, over: Over::Equal, all: false }
    }

    /// The mean weighted by support, Σt.
    #[must_use]
    pub const fn weighted(score: Score) -> Self {
        Self { over: Over::Support, ..Self::new(score) }
    }

    /// The mean with a weight for each class, in \[0, 2³⁴) and taken to 2⁻³⁰: Σwᵢsᵢ / Σwᵢ over the classes that count.
    #[must_use]
    pub const fn weights(score: Score, weights: &'w [f32]) -> Self {
        Self { over: Over::Each(weights), ..Self::new(score) }
    }

    /// The score of the sums of all classes together (micro). Absent classes belong to it: what is predicted there is
    /// wrong.
    #[must_use]
    pub const fn micro(score: Score) -> Self {
        Self { over: Over::Pooled, ..Self::new(score) }
    }

    /// Absent classes count too, with what the formula makes of them where the score has no policy for empty maps.
    #[must_use]
    pub const fn all_classes(self) -> Self {
        Self { all: true, ..self }
    }

    /// The mean of these classes.
    ///
    /// # Errors
    ///
    /// [`Error::Classes`] of none, more than 65535, or another number than the weights; [`Error::Setting`] for a weight
    /// that is negative, no number or too great; [`Error::Mismatch`] if the classes differ in unit; [`Error::Undefined`]
    /// if a class that counts is undefined, or none counts; [`Error::NotSummed`] as the score says.
    pub fn of(&self, classes: &[impl Measured]) -> Result<Mean, Error> {
        let absent = classes.iter().filter(|class| class.record().t == 0).count();
        let [Ok(all), Ok(absent)] = [classes.len(), absent].map(u16::try_from) else { return Err(Error::Classes) };
        if all == 0 {
            return Err(Error::Classes);
        }
        if self.over == Over::Pooled {
            return Ok(Mean { ratio: self.score.ratio(&pool(classes)?)?, defined: all, absent });
        }
        // Supports are brought below 2^64, so that 2^16 of them times a Q31 stay below 2^127.
        let units = classes.iter().map(|class| class.record()).fold(0, |bits, r| bits | r.t);
        let down = 64u32.saturating_sub(units.leading_zeros());
        let (mut total, mut weights, mut defined) = (0i128, 0u128, 0);
        for (index, class) in classes.iter().enumerate() {
            let record = class.record();
            let weight = match self.over {
                Over::Equal | Over::Pooled => 1,
                Over::Support => (record.t >> down) as u64,
                Over::Each(each) if each.len() == classes.len() => weight(each.get(index).copied())?,
                Over::Each(_) => return Err(Error::Classes),
            };
            if record.t == 0 && !self.all && !self.score.says(&record) {
                continue;
            }
            let ratio = match self.score.ratio(&record) {
                Ok(ratio) => ratio,
                Err(Error::Skipped) => continue,
                Err(error) => return Err(error),
            };
            // A score beyond 2^15 is one that smoothing alone can make.
            const MOST: i64 = 1 << 46;
            total += i128::from(ratio.q31().clamp(-MOST, MOST)) * i128::from(weight);
            weights += u128::from(weight);
            defined += 1;
        }
        let ratio = scaled(total, weights).ok_or(Error::Undefined)?;
        Ok(Mean { ratio, defined, absent })
    }
}

/// total · 2⁻³¹ / weights.
pub(super) fn scaled(total: i128, weights: u128) -> Option<Ratio> {
    // Weights are below 2^80 (16 bits of classes, 64 of weight).
    Ratio::signed(total, weights << 31)
}

fn weight(weight: Option<f32>) -> Result<u64, Error> {
    match weight {
        // 2^34 itself does not fit.
        Some(w) => fixed(f64::from(w), 30).ok_or(Error::Setting),
        None => Err(Error::Setting),
    }
}

/// The sums of all classes as one. Their pixels are those of one frame, so that counts say nothing.
fn pool(classes: &[impl Measured]) -> Result<Record, Error> {
    let mut records =
        classes.iter().map(|class| Record { count: 0, ignored: 0, invalid: 0, clamped: 0, ..class.record() });
    let mut all = records.next().ok_or(Error::Classes)?;
    records.try_for_each(|class| all.merge(&class))?;
    Ok(all)
}
