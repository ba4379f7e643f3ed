//! burn 0.22.0-pre.2 (`burn_train::metric::DiceMetric`), from its source: there are no cases of it among the tests' data.

use super::{Batch, divide, foreground};
use crate::error::Error;
use crate::score::{Cell, Pixels};
use crate::sums::Measured;

/// `DiceMetric`: (2I + ε)/(P + T + ε) of a whole batch, items and classes together; over batches the mean by their sizes.
///
/// Quirks: the background is left out by default, and a single class with `include_background` is refused; a batch's frames
/// are pooled, so that the result hangs on how frames are batched.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct DiceMetric {
    epsilon: f64,
    background: bool,
    mean: Cell,
}

impl DiceMetric {
    /// burn's defaults: ε = 10⁻⁷, without background.
    #[must_use]
    pub const fn new() -> Self {
        Self { epsilon: 1e-7, background: false, mean: Cell::NONE }
    }

    /// `epsilon`.
    #[must_use]
    pub const fn epsilon(self, epsilon: f64) -> Self {
        Self { epsilon, ..self }
    }

    /// `include_background`.
    #[must_use]
    pub const fn include_background(self, background: bool) -> Self {
        Self { background, ..self }
    }

    /// Adds a batch, and gives its own score.
    ///
    /// # Errors
    ///
    /// [`Error::Classes`] for a single class with background, where burn panics; [`Error::Undefined`] of 0/0, which takes an
    /// ε of 0. Nothing is added then.
    pub fn update<S: Measured>(&mut self, batch: &Batch<'_, S>) -> Result<f64, Error> {
        if self.background && batch.classes() == 1 {
            return Err(Error::Classes);
        }
        let (before, _) = foreground(batch.classes(), self.background);
        let mut all = Pixels::default();
        for class in before..batch.classes() {
            all = all.plus(&batch.over(None, class, |sums| Ok(Pixels::of(sums)))?);
        }
        let dice = divide(2.0 * all.i + self.epsilon, all.p + all.t + self.epsilon)?;
        let items = batch.items();
        self.mean = Cell { total: self.mean.total + dice * items as f64, count: self.mean.count + items as u64 };
        Ok(dice)
    }

    /// The mean over batches, by their sizes.
    ///
    /// # Errors
    ///
    /// [`Error::Undefined`] of no batch.
    pub fn value(&self) -> Result<f64, Error> {
        self.mean.mean()
    }
}

impl Default for DiceMetric {
    fn default() -> Self {
        Self::new()
    }
}
