//! Losses of a batch, and their three reductions.

use super::Batch;
use crate::error::Error;
use crate::score::Cell;
use crate::sums::Measured;

/// A loss with a value for each item and class of a batch, and what the frameworks' `reduction` makes of them.
///
/// | `reduction=` | here |
/// |---|---|
/// | `"mean"`, Keras' `"sum_over_batch_size"` | [`mean`](Self::mean) |
/// | `"sum"` | [`sum`](Self::sum) |
/// | `"none"` | [`each`](Self::each) |
///
/// One value that is undefined makes mean and sum undefined, as NaN does there.
pub trait Loss {
    /// Rows and columns of the values of a batch: items (or 1, where they are taken together) and classes (without the
    /// background, where it is left out; 1, where an item has one value).
    fn shape(&self, items: usize, classes: usize) -> (usize, usize);

    /// One of the values.
    ///
    /// # Errors
    ///
    /// As the loss says; [`Error::Undefined`] where the framework has NaN.
    fn value<S: Measured>(&self, batch: &Batch<'_, S>, row: usize, column: usize) -> Result<f64, Error>;

    /// The mean of all values.
    ///
    /// # Errors
    ///
    /// The first error of [`Self::value`].
    fn mean<S: Measured>(&self, batch: &Batch<'_, S>) -> Result<f64, Error> {
        let (rows, columns) = self.shape(batch.items(), batch.classes());
        Ok(self.sum(batch)? / (rows * columns) as f64)
    }

    /// The sum of all values.
    ///
    /// # Errors
    ///
    /// The first error of [`Self::value`].
    fn sum<S: Measured>(&self, batch: &Batch<'_, S>) -> Result<f64, Error> {
        let (rows, columns) = self.shape(batch.items(), batch.classes());
        let mut total = 0.0;
        for row in 0..rows {
            for column in 0..columns {
                total += self.value(batch, row, column)?;
            }
        }
        Ok(total)
    }

    /// Every value, row after row, into cells that the caller lends; how many there are. An undefined one has a count of 0.
    ///
    /// # Errors
    ///
    /// [`Error::Capacity`] if the cells do not suffice; any error of [`Self::value`] but [`Error::Undefined`]. What the
    /// cells hold then is unspecified.
    fn each<S: Measured>(&self, batch: &Batch<'_, S>, cells: &mut [Cell]) -> Result<usize, Error> {
        let (rows, columns) = self.shape(batch.items(), batch.classes());
        let values = rows.saturating_mul(columns);
        let mut cells = cells.get_mut(..values).ok_or(Error::Capacity)?.iter_mut();
        for row in 0..rows {
            for (column, cell) in cells.by_ref().take(columns).enumerate() {
                *cell = Cell::NONE.with(self.value(batch, row, column))?;
            }
        }
        Ok(values)
    }
}
