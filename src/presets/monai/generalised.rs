use crate::error::Error;
use crate::presets::{Batch, Loss, Metric, divide, foreground};
use crate::score::volume_weight;
use crate::score::{Pixels, Reduction, Volume};
use crate::sums::Measured;

/// `monai.losses.GeneralizedDiceLoss`: 1 − (2Σw·tp + nr) / (Σw·(P + T) + dr) of each item, w by the volume T of a class.
///
/// Quirks: an absent class weighs as much as the rarest present one; where no class is present all weigh nothing, and the
/// loss is a perfect 0 whatever is predicted; a single class can therefore not be punished for false positives.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct GeneralizedDiceLoss {
    volume: Volume,
    soft_label: bool,
    smooth: (f64, f64),
    background: bool,
    batch: bool,
}

impl GeneralizedDiceLoss {
    /// MONAI's defaults: weights 1/T².
    #[must_use]
    pub const fn new() -> Self {
        Self { volume: Volume::Square, soft_label: false, smooth: (1e-5, 1e-5), background: true, batch: false }
    }

    /// `w_type`: `"square"`, `"simple"` or `"uniform"`.
    #[must_use]
    pub const fn w_type(self, volume: Volume) -> Self {
        Self { volume, ..self }
    }

    /// `include_background`: without it the first class is left out, unless it is the only one.
    #[must_use]
    pub const fn include_background(self, background: bool) -> Self {
        Self { background, ..self }
    }

    /// `batch=True`: the sums of all items are added first; one value is left.
    #[must_use]
    pub const fn batch(self, batch: bool) -> Self {
        Self { batch, ..self }
    }

    /// `soft_label=True`: tp is Σmin(p, t).
    #[must_use]
    pub const fn soft_label(self) -> Self {
        Self { soft_label: true, ..self }
    }

    /// `smooth_nr` and `smooth_dr`.
    #[must_use]
    pub const fn smooth(self, nr: f64, dr: f64) -> Self {
        Self { smooth: (nr, dr), ..self }
    }
}

impl Default for GeneralizedDiceLoss {
    fn default() -> Self {
        Self::new()
    }
}

impl Loss for GeneralizedDiceLoss {
    fn shape(&self, items: usize, _: usize) -> (usize, usize) {
        (if self.batch { 1 } else { items }, 1)
    }

    fn value<S: Measured>(&self, batch: &Batch<'_, S>, row: usize, _: usize) -> Result<f64, Error> {
        let item = if self.batch { None } else { Some(row) };
        let (before, classes) = foreground(batch.classes(), self.background);
        let sums = |class| batch.over(item, before + class, |sums| Ok(Pixels::of(sums)));
        let mut largest = 0.0;
        for class in 0..classes {
            largest = f64::max(largest, volume_weight(self.volume, sums(class)?.t).unwrap_or(0.0));
        }
        let (mut above, mut below) = (0.0, 0.0);
        for class in 0..classes {
            let sums = sums(class)?;
            let weight = volume_weight(self.volume, sums.t).unwrap_or(largest);
            let tp = if self.soft_label { sums.min.ok_or(Error::NotSummed)? } else { sums.i };
            above += weight * tp;
            below += weight * (sums.p + sums.t);
        }
        Ok(1.0 - divide(2.0 * above + self.smooth.0, below + self.smooth.1)?)
    }
}

/// `monai.metrics.GeneralizedDiceScore`, and `compute_generalized_dice`, of hard maps.
///
/// Quirk: the reduction decides what is reduced. For `"mean"`, `"sum"`, `"mean_channel"` and `"sum_channel"` the classes of
/// a frame are summed under their weights before the division, and a frame has one value. For `"mean_batch"`, `"sum_batch"`
/// and `"none"` (which are what `compute_generalized_dice` does by default: `sum_over_classes=False`) every class has its
/// own, and then its weight cancels. An absent class weighs as much as the rarest present one, and 1 where none is present;
/// 0/0 is 1.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct GeneralizedDiceScore {
    volume: Volume,
    background: bool,
    reduction: Reduction,
    ignored: Option<usize>,
}

impl GeneralizedDiceScore {
    /// MONAI's defaults: weights 1/T², the mean.
    #[must_use]
    pub const fn new() -> Self {
        Self { volume: Volume::Square, background: true, reduction: Reduction::Mean, ignored: None }
    }

    /// `weight_type`: `"square"`, `"simple"` or `"uniform"`.
    #[must_use]
    pub const fn weight_type(self, volume: Volume) -> Self {
        Self { volume, ..self }
    }

    /// `include_background`: without it the first class is left out. Quirk: a single class is left out too, and every value is 0
    /// where no class is left.
    #[must_use]
    pub const fn include_background(self, background: bool) -> Self {
        Self { background, ..self }
    }

    /// `reduction`.
    #[must_use]
    pub const fn with_reduction(self, reduction: Reduction) -> Self {
        Self { reduction, ..self }
    }

    /// `ignore_index` of a class: it has no value, and the sums must have left its pixels out
    /// ([`crate::Multiclass::ignoring`]).
    #[must_use]
    pub const fn ignore_index(self, class: usize) -> Self {
        Self { ignored: Some(class), ..self }
    }

    /// Whether the classes of a frame come together in one value.
    const fn summed(&self) -> bool {
        !matches!(self.reduction, Reduction::MeanBatch | Reduction::SumBatch | Reduction::None)
    }

    /// The classes that count: the `column`-th of them.
    fn class(&self, classes: usize, column: usize) -> Option<usize> {
        (self.before()..classes).filter(|&class| Some(class) != self.ignored).nth(column)
    }

    const fn before(&self) -> usize {
        if self.background { 0 } else { 1 }
    }

    fn counted(&self, classes: usize) -> usize {
        let before = self.before();
        classes - before - self.ignored.map_or(0, |ignored| usize::from(ignored >= before && ignored < classes))
    }
}

impl Default for GeneralizedDiceScore {
    fn default() -> Self {
        Self::new()
    }
}

impl Metric for GeneralizedDiceScore {
    fn columns(&self, classes: usize) -> usize {
        // MONAI has a column of zeros where no class is left.
        if self.summed() { 1 } else { self.counted(classes).max(1) }
    }

    fn value<S: Measured>(&self, frame: &[S], column: usize) -> Result<f64, Error> {
        let counted = self.counted(frame.len());
        if counted == 0 {
            return Ok(0.0);
        }
        let sums = |column| {
            let class = self.class(frame.len(), column).and_then(|class| frame.get(class));
            class.map(Pixels::of).ok_or(Error::Classes)
        };
        if !self.summed() {
            let sums = sums(column)?;
            // The weight cancels, and it is not 0.
            return Ok(divide(2.0 * sums.i, sums.p + sums.t).unwrap_or(1.0));
        }
        let mut largest = 0.0;
        for column in 0..counted {
            largest = f64::max(largest, volume_weight(self.volume, sums(column)?.t).unwrap_or(0.0));
        }
        let absent = if largest > 0.0 { largest } else { 1.0 };
        let (mut above, mut below) = (0.0, 0.0);
        for column in 0..counted {
            let sums = sums(column)?;
            let weight = volume_weight(self.volume, sums.t).unwrap_or(absent);
            above += weight * sums.i;
            below += weight * (sums.p + sums.t);
        }
        Ok(divide(2.0 * above, below).unwrap_or(1.0))
    }

    fn reduction(&self) -> Reduction {
        self.reduction
    }
}
