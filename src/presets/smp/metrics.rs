use crate::error::Error;
use crate::presets::{Batch, pixels_of, weight_of};
use crate::score::Cell;
use crate::sums::Measured;

/// `reduction` of smp's metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum StatReduction {
    /// `"micro"`: the counts of all items and classes together. Quirk: 0/0 stays NaN, whatever `zero_division` is.
    Micro,
    /// `"macro"`: the counts of all items for each class, then the mean. Quirk: class weights, if given, are divided by
    /// their sum *and* by the number of classes.
    Macro,
    /// `"weighted"`: the same, and the sum of score times weight.
    Weighted,
    /// `"micro-imagewise"`: the counts of all classes for each item, then the mean over items.
    MicroImagewise,
    /// `"macro-imagewise"`: the mean over items of each class, then as `"macro"`.
    MacroImagewise,
    /// `"weighted-imagewise"`. Quirk: exactly `"macro-imagewise"`, with the weights that it requires, and so divided by the
    /// number of classes.
    WeightedImagewise,
}

#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
enum Measure {
    FBeta(f64),
    Iou,
    Accuracy,
    Sensitivity,
    Specificity,
    BalancedAccuracy,
    PositivePredictiveValue,
    NegativePredictiveValue,
    FalseNegativeRate,
    FalsePositiveRate,
    FalseDiscoveryRate,
    FalseOmissionRate,
    PositiveLikelihoodRatio,
    NegativeLikelihoodRatio,
}

/// True and false positives, true and false negatives: smp's `get_stats`.
#[derive(Clone, Copy, Default)]
struct Stats {
    tp: f64,
    fp: f64,
    fneg: f64,
    tn: f64,
}

impl Stats {
    fn of(sums: &impl Measured) -> Result<Self, Error> {
        let [p, t, tp, count] = pixels_of(sums)?.map(|pixels| pixels as f64);
        Ok(Self { tp, fp: p - tp, fneg: t - tp, tn: count - (p + t - tp) })
    }

    fn plus(self, other: Self) -> Self {
        Self { tp: self.tp + other.tp, fp: self.fp + other.fp, fneg: self.fneg + other.fneg, tn: self.tn + other.tn }
    }
}

/// `smp.metrics`: `f1_score`, `iou_score` and their kin, from the counts of hard maps (smp's `get_stats`).
///
/// Decided maps are [`crate::OneHot`] (`mode="multiclass"`), [`crate::Thresholded`] (`threshold=`), or any prediction of zeros
/// and ones; `ignore_index` is [`crate::Multiclass::ignoring`]. Sums of a prediction that is not hard are refused
/// ([`Error::Mismatch`]) where their total gives it away: true negatives would be no number of pixels.
///
/// ```
/// use soft_dice::presets::{Batch, smp};
/// use soft_dice::{Linear, Multiclass, OneHot, U8};
/// let mut frame = Multiclass::<[_; 3]>::new(U8, Linear);
/// frame.update(OneHot(&[0, 1, 1, 0]), &[0, 1, 0, 0])?;             // class 2 in neither map
/// let batch = Batch::one(frame.sums())?;
/// let f1 = smp::StatScore::f1_score().of(&batch, smp::StatReduction::Macro)?;
/// assert!((f1 - (0.8 + 2.0 / 3.0 + 1.0) / 3.0).abs() < 1e-12);     // zero_division=1.0
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct StatScore<'w> {
    measure: Measure,
    weights: Option<&'w [f64]>,
    zero_division: f64,
}

macro_rules! measures {
    ($($(#[$doc:meta])* $name:ident $measure:ident;)*) => {
        impl StatScore<'static> {
            $($(#[$doc])*
            #[must_use]
            pub const fn $name() -> Self {
                Self { measure: Measure::$measure, weights: None, zero_division: 1.0 }
            })*
        }
    };
}

measures! {
    /// tp / (tp + fp + fn).
    iou_score Iou;
    /// (tp + tn) / (tp + fp + fn + tn).
    accuracy Accuracy;
    /// tp / (tp + fn): recall.
    sensitivity Sensitivity;
    /// tn / (tn + fp).
    specificity Specificity;
    /// The mean of sensitivity and specificity.
    balanced_accuracy BalancedAccuracy;
    /// tp / (tp + fp): precision.
    positive_predictive_value PositivePredictiveValue;
    /// tn / (tn + fn).
    negative_predictive_value NegativePredictiveValue;
    /// 1 − sensitivity.
    false_negative_rate FalseNegativeRate;
    /// 1 − specificity.
    false_positive_rate FalsePositiveRate;
    /// 1 − precision.
    false_discovery_rate FalseDiscoveryRate;
    /// 1 − negative predictive value.
    false_omission_rate FalseOmissionRate;
    /// Sensitivity over false-positive rate: infinite without false positives.
    positive_likelihood_ratio PositiveLikelihoodRatio;
    /// False-negative rate over specificity.
    negative_likelihood_ratio NegativeLikelihoodRatio;
}

impl StatScore<'static> {
    /// 2tp / (2tp + fp + fn): the hard Dice.
    #[must_use]
    pub const fn f1_score() -> Self {
        Self::fbeta_score(1.0)
    }

    /// (1 + β²)tp / ((1 + β²)tp + β²fn + fp).
    #[must_use]
    pub const fn fbeta_score(beta: f64) -> Self {
        Self { measure: Measure::FBeta(beta), weights: None, zero_division: 1.0 }
    }
}

impl<'w> StatScore<'w> {
    /// `class_weights`, one for each class: divided by their sum. They count for `"macro"`, `"weighted"` and the imagewise kin
    /// of both.
    #[must_use]
    pub const fn class_weights(self, weights: &'w [f64]) -> Self {
        Self { weights: Some(weights), ..self }
    }

    /// `zero_division`: what 0/0 is; 1 by default.
    #[must_use]
    pub const fn zero_division(self, zero_division: f64) -> Self {
        Self { zero_division, ..self }
    }

    /// The score of a batch.
    ///
    /// # Errors
    ///
    /// [`Error::Mismatch`] for sums that are not of hard maps; [`Error::Setting`] for a weighted reduction without weights,
    /// or for a weight that is negative or no number; [`Error::Classes`] for another number of weights;
    /// [`Error::Undefined`] where smp gives NaN.
    pub fn of<S: Measured>(&self, batch: &Batch<'_, S>, reduction: StatReduction) -> Result<f64, Error> {
        let (items, classes) = (batch.items(), batch.classes());
        let mut total = 0.0;
        match reduction {
            StatReduction::Micro => total = self.raw(self.over(batch, 0..items, 0..classes)?),
            StatReduction::MicroImagewise => {
                for item in 0..items {
                    total += self.score(self.over(batch, item..item + 1, 0..classes)?) / items as f64;
                }
            }
            StatReduction::Macro | StatReduction::Weighted => {
                for class in 0..classes {
                    let score = self.score(self.over(batch, 0..items, class..class + 1)?);
                    total += score * self.weight(class, classes, reduction)?;
                }
            }
            StatReduction::MacroImagewise | StatReduction::WeightedImagewise => {
                for class in 0..classes {
                    let mut mean = 0.0;
                    for item in 0..items {
                        mean += self.score(self.over(batch, item..item + 1, class..class + 1)?) / items as f64;
                    }
                    total += mean * self.weight(class, classes, reduction)?;
                }
            }
        }
        if total.is_nan() { Err(Error::Undefined) } else { Ok(total) }
    }

    /// `reduction="none"`: the score of every item and class, item after item, into cells that the caller lends; how many
    /// there are.
    ///
    /// # Errors
    ///
    /// As [`Self::of`]; [`Error::Capacity`] if the cells do not suffice.
    pub fn each<S: Measured>(&self, batch: &Batch<'_, S>, cells: &mut [Cell]) -> Result<usize, Error> {
        let values = batch.items().saturating_mul(batch.classes());
        let mut cells = cells.get_mut(..values).ok_or(Error::Capacity)?.iter_mut();
        for item in 0..batch.items() {
            for (sums, cell) in batch.item(item).iter().zip(cells.by_ref()) {
                *cell = Cell { total: self.score(Stats::of(sums)?), count: 1 };
            }
        }
        Ok(values)
    }

    /// What a class counts for in the sum over classes.
    fn weight(&self, class: usize, classes: usize, reduction: StatReduction) -> Result<f64, Error> {
        let even = if reduction == StatReduction::Weighted { 1.0 } else { 1.0 / classes as f64 };
        if self.weights.is_none() {
            let required = matches!(reduction, StatReduction::Weighted | StatReduction::WeightedImagewise);
            return if required { Err(Error::Setting) } else { Ok(even) };
        }
        let mut all = 0.0;
        for other in 0..classes {
            all += weight_of(self.weights, other, classes)?;
        }
        Ok(even * weight_of(self.weights, class, classes)? / all)
    }

    fn over<S: Measured>(
        &self,
        batch: &Batch<'_, S>,
        items: core::ops::Range<usize>,
        classes: core::ops::Range<usize>,
    ) -> Result<Stats, Error> {
        let mut all = Stats::default();
        for item in items {
            for class in classes.clone() {
                all = all.plus(Stats::of(batch.sums(item, class)?)?);
            }
        }
        Ok(all)
    }

    fn score(&self, stats: Stats) -> f64 {
        let score = self.raw(stats);
        if score.is_nan() { self.zero_division } else { score }
    }

    fn raw(&self, Stats { tp, fp, fneg, tn }: Stats) -> f64 {
        let (sensitivity, specificity) = (tp / (tp + fneg), tn / (tn + fp));
        match self.measure {
            Measure::FBeta(beta) => {
                let beta = beta * beta;
                (1.0 + beta) * tp / ((1.0 + beta) * tp + beta * fneg + fp)
            }
            Measure::Iou => tp / (tp + fp + fneg),
            Measure::Accuracy => (tp + tn) / (tp + fp + fneg + tn),
            Measure::Sensitivity => sensitivity,
            Measure::Specificity => specificity,
            Measure::BalancedAccuracy => (sensitivity + specificity) / 2.0,
            Measure::PositivePredictiveValue => tp / (tp + fp),
            Measure::NegativePredictiveValue => tn / (tn + fneg),
            Measure::FalseNegativeRate => 1.0 - sensitivity,
            Measure::FalsePositiveRate => 1.0 - specificity,
            Measure::FalseDiscoveryRate => 1.0 - tp / (tp + fp),
            Measure::FalseOmissionRate => 1.0 - tn / (tn + fneg),
            Measure::PositiveLikelihoodRatio => sensitivity / (1.0 - specificity),
            Measure::NegativeLikelihoodRatio => (1.0 - sensitivity) / specificity,
        }
    }
}
