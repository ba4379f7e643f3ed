use crate::error::Error;
use crate::presets::{Batch, divide, foreground};
use crate::score::{Cell, Pixels};
use crate::sums::Measured;

/// `MeanIoU`: I/(P + T − I) of each frame and class, and the mean of those that are defined, which is over frames and classes
/// at once: a frame with more classes counts for more.
///
/// Quirk: with `per_class=True` a class that is in no frame, neither labelled nor predicted, gives −1. The −1 never enters a
/// mean: it is written where the mean of no value would stand.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct MeanIoU {
    background: bool,
    per_class: bool,
}

impl MeanIoU {
    /// torchmetrics' defaults: with background, one number.
    #[must_use]
    pub const fn new() -> Self {
        Self { background: true, per_class: false }
    }

    /// `include_background`: without it the first class is left out.
    #[must_use]
    pub const fn include_background(self, background: bool) -> Self {
        Self { background, ..self }
    }

    /// `per_class=True`: a number for each class.
    #[must_use]
    pub const fn per_class(self, per_class: bool) -> Self {
        Self { per_class, ..self }
    }

    /// Begins a run over batches. With `per_class` the caller lends a cell for each class that counts, else none.
    pub fn start(self, cells: &mut [Cell]) -> MeanIoURun<'_> {
        cells.fill(Cell::NONE);
        MeanIoURun { metric: self, all: Cell::NONE, cells, classes: 0 }
    }
}

impl Default for MeanIoU {
    fn default() -> Self {
        Self::new()
    }
}

/// A [`MeanIoU`] under way.
#[derive(Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct MeanIoURun<'r> {
    metric: MeanIoU,
    all: Cell,
    cells: &'r mut [Cell],
    classes: usize,
}

impl MeanIoURun<'_> {
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
        let lent = if self.metric.per_class { classes } else { 0 };
        let cells = self.cells.get_mut(..lent).ok_or(Error::Capacity)?;
        for item in 0..batch.items() {
            for class in 0..classes {
                let Pixels { i, p, t, .. } = Pixels::of(batch.sums(item, before + class)?);
                let iou = divide(i, p + t - i);
                match cells.get_mut(class) {
                    Some(cell) => *cell = cell.with(iou)?,
                    None => self.all = self.all.with(iou)?,
                }
            }
        }
        self.classes = classes;
        Ok(())
    }

    /// The mean over frames and classes.
    ///
    /// # Errors
    ///
    /// [`Error::Undefined`] where torchmetrics gives NaN: nothing is defined; [`Error::Setting`] with `per_class`.
    pub fn compute(&self) -> Result<f64, Error> {
        if self.metric.per_class { Err(Error::Setting) } else { self.all.mean() }
    }

    /// The number of a class (the first is the first that counts): its mean over the frames in which it is defined, −1 of
    /// none.
    ///
    /// # Errors
    ///
    /// [`Error::Classes`] if there is no such class; [`Error::Setting`] without `per_class`.
    pub fn class(&self, class: usize) -> Result<f64, Error> {
        if !self.metric.per_class {
            return Err(Error::Setting);
        }
        let cell = self.cells.get(..self.classes).and_then(|cells| cells.get(class)).ok_or(Error::Classes)?;
        Ok(cell.mean().unwrap_or(-1.0))
    }

    /// Classes that count.
    #[must_use]
    pub const fn classes(&self) -> usize {
        self.classes
    }
}
