//! burn (`burn_train::metric::DiceMetric`), of two versions that differ in what they give for several batches.

use super::{Batch, divide, foreground};
use crate::error::Error;
use crate::score::{Cell, Pixels};
use crate::sums::Measured;

/// `DiceMetric`: (2I + ε)/(P + T + ε) of a whole batch, items and classes together. Over batches burn 0.22.0-pre.2 gives the mean
/// by their sizes, and 0.23.0-pre.1 the score of their sums ([`Self::epoch`]).
///
/// Quirks: the background is left out by default, and a single class with `include_background` is refused; a batch's frames
/// are pooled, so that the result of 0.22 hangs on how frames are batched.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct DiceMetric {
    epsilon: f64,
    background: bool,
    epoch: bool,
    mean: Cell,
    /// 2I and P + T of all batches.
    all: [f64; 2],
}

impl DiceMetric {
    /// burn's defaults: ε = 10⁻⁷, without background.
    #[must_use]
    pub const fn new() -> Self {
        Self { epsilon: 1e-7, background: false, epoch: false, mean: Cell::NONE, all: [0.0; 2] }
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

    /// What burn 0.23.0-pre.1 gives over batches: the score of the sums of all, however they are batched. There ε is more than 0.
    #[must_use]
    pub const fn epoch(self) -> Self {
        Self { epoch: true, ..self }
    }

    /// Adds a batch, and gives its own score.
    ///
    /// # Errors
    ///
    /// [`Error::Classes`] for a single class with background, and with [`Self::epoch`] [`Error::Setting`] for an ε that is not finite
    /// and more than 0, where burn panics; [`Error::Undefined`] of 0/0, which takes an ε of 0. Nothing is added then.
    pub fn update<S: Measured>(&mut self, batch: &Batch<'_, S>) -> Result<f64, Error> {
        if self.background && batch.classes() == 1 {
            return Err(Error::Classes);
        }
        if self.epoch && !(self.epsilon > 0.0 && self.epsilon < f64::INFINITY) {
            return Err(Error::Setting);
        }
        let (before, _) = foreground(batch.classes(), self.background);
        let mut all = Pixels::default();
        for class in before..batch.classes() {
            all = all.plus(&batch.over(None, class, |sums| Ok(Pixels::of(sums)))?);
        }
        let (above, below) = (2.0 * all.i, all.p + all.t);
        let dice = divide(above + self.epsilon, below + self.epsilon)?;
        let items = batch.items();
        self.mean = Cell { total: self.mean.total + dice * items as f64, count: self.mean.count + items as u64 };
        self.all = [self.all[0] + above, self.all[1] + below];
        Ok(dice)
    }

    /// The mean over batches by their sizes, or with [`Self::epoch`] the score of all: burn's running and final value.
    ///
    /// # Errors
    ///
    /// [`Error::Undefined`] of no batch.
    pub fn value(&self) -> Result<f64, Error> {
        let [above, below] = self.all;
        match self.mean.mean()? {
            _ if self.epoch => divide(above + self.epsilon, below + self.epsilon),
            mean => Ok(mean),
        }
    }
}

impl Default for DiceMetric {
    fn default() -> Self {
        Self::new()
    }
}
