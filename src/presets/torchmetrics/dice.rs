use crate::error::Error;
use crate::presets::{Batch, divide, foreground};
use crate::score::{Cell, Pixels};
use crate::sums::Measured;

/// `average` of `DiceScore`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum ScoreAverage {
    /// `"micro"`: the classes' sums together.
    Micro,
    /// `"macro"`: the mean of the classes that are defined; a class that is predicted but absent is defined, with 0.
    #[default]
    Macro,
    /// `"weighted"`: by support, Σt. Quirk: a frame with a prediction and no target at all scores 0, and counts.
    Weighted,
    /// `"none"`: a value for each class.
    None,
}

/// `aggregation_level` of `DiceScore`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Level {
    /// `"samplewise"`: the score of each frame, then the mean over the frames in which it is defined.
    #[default]
    Samplewise,
    /// `"global"`: the sums of all frames, then one score.
    Global,
}

/// `DiceScore`: 2I/(P + T), NaN where both are empty, with its averages over classes and frames.
///
/// ```
/// use soft_dice::presets::{Batch, torchmetrics::{ScoreAverage, DiceScore}};
/// use soft_dice::{Linear, Multiclass, OneHot, U8};
/// let mut frame = Multiclass::<[_; 3]>::new(U8, Linear);
/// frame.update(OneHot(&[0, 1, 2, 0]), &[0, 1, 0, 0])?;
/// let mut run = DiceScore::new().average(ScoreAverage::Weighted).start(&mut []);
/// run.update(&Batch::one(frame.sums())?)?;
/// assert!((run.compute()? - (0.8 * 3.0 + 1.0 * 1.0) / 4.0).abs() < 1e-12);
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct DiceScore {
    background: bool,
    average: ScoreAverage,
    level: Level,
}

impl DiceScore {
    /// torchmetrics' defaults: with background, macro, samplewise.
    #[must_use]
    pub const fn new() -> Self {
        Self { background: true, average: ScoreAverage::Macro, level: Level::Samplewise }
    }

    /// `include_background`: without it the first class is left out.
    #[must_use]
    pub const fn include_background(self, background: bool) -> Self {
        Self { background, ..self }
    }

    /// `average`.
    #[must_use]
    pub const fn average(self, average: ScoreAverage) -> Self {
        Self { average, ..self }
    }

    /// `aggregation_level`.
    #[must_use]
    pub const fn aggregation_level(self, level: Level) -> Self {
        Self { level, ..self }
    }

    /// Cells to lend for so many classes: none for a number of samplewise scores, one for each class of `"none"`, three for
    /// each class of `"global"`.
    #[must_use]
    pub const fn cells(&self, classes: usize) -> usize {
        let (_, classes) = foreground(classes, self.background);
        match (self.level, self.average) {
            (Level::Global, _) => 3 * classes,
            (Level::Samplewise, ScoreAverage::None) => classes,
            (Level::Samplewise, _) => 0,
        }
    }

    /// Begins a run over batches, with [`Self::cells`] that the caller lends.
    pub fn start(self, cells: &mut [Cell]) -> DiceRun<'_> {
        cells.fill(Cell::NONE);
        DiceRun { metric: self, mean: Cell::NONE, cells, classes: 0 }
    }

    /// The score over classes, from the sums of each: `ScoreAverage::None` has none.
    fn over(&self, classes: usize, of: impl Fn(usize) -> Pixels) -> Result<f64, Error> {
        let dice = |sums: &Pixels| divide(2.0 * sums.i, sums.p + sums.t);
        let all = (0..classes).map(&of).fold(Pixels::default(), |all, sums| all.plus(&sums));
        match self.average {
            ScoreAverage::Micro => dice(&all),
            ScoreAverage::Macro => (0..classes).try_fold(Cell::NONE, |mean, class| mean.with(dice(&of(class))))?.mean(),
            ScoreAverage::Weighted => {
                let mut total = 0.0;
                let mut defined = false;
                for class in 0..classes {
                    let sums = of(class);
                    if let Ok(dice) = dice(&sums) {
                        defined = true;
                        // Without any support every weight is NaN there, and a sum that leaves NaN out is 0.
                        total += divide(sums.t, all.t).unwrap_or(0.0) * dice;
                    }
                }
                if defined { Ok(total) } else { Err(Error::Undefined) }
            }
            ScoreAverage::None => Err(Error::Setting),
        }
    }
}

impl Default for DiceScore {
    fn default() -> Self {
        Self::new()
    }
}

/// A [`DiceScore`] under way.
#[derive(Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct DiceRun<'r> {
    metric: DiceScore,
    /// Of the frames' scores.
    mean: Cell,
    /// Of each class: its score over frames; or, of global sums, I, P and T.
    cells: &'r mut [Cell],
    /// Classes that count; 0 before the first batch.
    classes: usize,
}

impl DiceRun<'_> {
    /// Adds a batch.
    ///
    /// # Errors
    ///
    /// [`Error::Classes`] if it has other classes than the batches before; [`Error::Capacity`] if the cells do not suffice.
    /// Nothing is added then.
    pub fn update<S: Measured>(&mut self, batch: &Batch<'_, S>) -> Result<(), Error> {
        let (before, classes) = foreground(batch.classes(), self.metric.background);
        if self.classes != 0 && self.classes != classes {
            return Err(Error::Classes);
        }
        let cells = self.cells.get_mut(..self.metric.cells(batch.classes())).ok_or(Error::Capacity)?;
        let sums = |item, class: usize| batch.sums(item, before + class).map_or(Pixels::default(), Pixels::of);
        for item in 0..batch.items() {
            match (self.metric.level, self.metric.average) {
                (Level::Global, _) => {
                    for (class, [i, p, t]) in cells.as_chunks_mut().0.iter_mut().enumerate() {
                        let more = sums(item, class);
                        (i.total, p.total, t.total) = (i.total + more.i, p.total + more.p, t.total + more.t);
                    }
                }
                (Level::Samplewise, ScoreAverage::None) => {
                    for (class, cell) in cells.iter_mut().enumerate() {
                        let sums = sums(item, class);
                        *cell = cell.with(divide(2.0 * sums.i, sums.p + sums.t))?;
                    }
                }
                (Level::Samplewise, _) => {
                    self.mean = self.mean.with(self.metric.over(classes, |class| sums(item, class)))?;
                }
            }
        }
        self.classes = classes;
        Ok(())
    }

    /// The number of `"micro"`, `"macro"` and `"weighted"`.
    ///
    /// # Errors
    ///
    /// [`Error::Undefined`] where torchmetrics gives NaN; [`Error::Setting`] for `"none"`, which has a number for each class.
    pub fn compute(&self) -> Result<f64, Error> {
        match self.metric.level {
            _ if self.metric.average == ScoreAverage::None => Err(Error::Setting),
            Level::Samplewise => self.mean.mean(),
            Level::Global => self.metric.over(self.classes, |class| self.global(class).unwrap_or_default()),
        }
    }

    /// The number of a class, of `"none"`.
    ///
    /// # Errors
    ///
    /// [`Error::Undefined`] where torchmetrics gives NaN; [`Error::Classes`] if there is no such class (the first is the first
    /// that counts); [`Error::Setting`] for another average.
    pub fn class(&self, class: usize) -> Result<f64, Error> {
        if self.metric.average != ScoreAverage::None {
            return Err(Error::Setting);
        }
        if class >= self.classes {
            return Err(Error::Classes);
        }
        match self.metric.level {
            Level::Samplewise => self.cells.get(class).ok_or(Error::Classes)?.mean(),
            Level::Global => {
                let sums = self.global(class).ok_or(Error::Classes)?;
                divide(2.0 * sums.i, sums.p + sums.t)
            }
        }
    }

    /// Classes that count.
    #[must_use]
    pub const fn classes(&self) -> usize {
        self.classes
    }

    fn global(&self, class: usize) -> Option<Pixels> {
        let [i, p, t] = self.cells.as_chunks().0.get(class)?;
        Some(Pixels { i: i.total, p: p.total, t: t.total, ..Pixels::default() })
    }
}
