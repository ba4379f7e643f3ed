//! Metrics over many batches: a rule, and the state that its reduction needs.

use super::Batch;
use crate::error::Error;
use crate::score::{Cell, Reducer, Reduction};
use crate::sums::Measured;

/// A metric with a value for each frame and class, or one for the whole frame.
pub trait Metric {
    /// Values of a frame with so many classes.
    fn columns(&self, classes: usize) -> usize;

    /// One of the values.
    ///
    /// # Errors
    ///
    /// As the metric says; [`Error::Undefined`] where the framework has NaN.
    fn value<S: Measured>(&self, frame: &[S], column: usize) -> Result<f64, Error>;

    /// The metric's `reduction`.
    fn reduction(&self) -> Reduction;

    /// Begins a run over batches. The caller lends [`Reduction::cells`]: none where the result is one number, one for each
    /// class for means over frames, else one for each result.
    fn start(self, cells: &mut [Cell]) -> Running<'_, Self>
    where
        Self: Sized,
    {
        Running { reducer: Reducer::new(self.reduction(), cells), metric: self }
    }
}

/// A number, and how many values are in it: what MONAI gives with `get_not_nans=True`.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Aggregate {
    /// The number as MONAI gives it: 0 where nothing was defined, but NaN in a row of `"none"`. `not_nans` tells.
    pub value: f64,
    /// Values that were defined; of `"mean"` frames that had one.
    pub not_nans: u64,
}

/// A metric under way.
#[derive(Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Running<'r, M> {
    metric: M,
    reducer: Reducer<'r>,
}

impl<M: Metric> Running<'_, M> {
    /// Adds a batch: every item is a frame.
    ///
    /// # Errors
    ///
    /// Of the metric, and as [`Reducer::push`]. Nothing is added then.
    pub fn update<S: Measured>(&mut self, batch: &Batch<'_, S>) -> Result<(), Error> {
        let columns = self.metric.columns(batch.classes());
        // All that can be wrong with any item, before the first is added.
        for item in 0..batch.items() {
            for column in 0..columns {
                Cell::NONE.with(self.metric.value(batch.item(item), column))?;
            }
        }
        self.reducer.room(batch.items(), columns)?;
        for item in 0..batch.items() {
            self.reducer.push(columns, |column| self.metric.value(batch.item(item), column))?;
        }
        Ok(())
    }

    /// The one number of [`Reduction::Mean`] or [`Reduction::Sum`].
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] if the reduction leaves rows.
    pub fn aggregate(&self) -> Result<Aggregate, Error> {
        let cell = self.reducer.single()?;
        Ok(self.read(&cell))
    }

    /// The rows of all other reductions: a class each, a frame each, or a frame's classes one after another.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = Aggregate> {
        self.reducer.rows().iter().map(|cell| self.read(cell))
    }

    /// The totals and counts behind the rows.
    #[must_use]
    pub fn cells(&self) -> &[Cell] {
        self.reducer.rows()
    }

    /// Forgets all batches.
    pub const fn reset(&mut self) {
        self.reducer.reset();
    }

    fn read(&self, cell: &Cell) -> Aggregate {
        let value = match self.reducer.reduction() {
            Reduction::Sum | Reduction::SumBatch | Reduction::SumChannel => cell.total,
            Reduction::None => cell.mean().unwrap_or(f64::NAN),
            Reduction::Mean | Reduction::MeanBatch | Reduction::MeanChannel => cell.mean().unwrap_or(0.0),
        };
        Aggregate { value, not_nans: cell.count }
    }
}
