use crate::error::Error;
use crate::presets::{Batch, divide, foreground};
use crate::score::volume_weight;
use crate::score::{Cell, Pixels, Volume};
use crate::sums::Measured;

/// `GeneralizedDiceScore`: 2Σw·I / Σw·(P + T) of each frame, 0 where that is 0/0; the mean over frames.
///
/// Quirk, and a trap: the weight of a class that is absent from a frame is infinite, and is replaced by the largest finite one
/// that *a class* has in the whole batch (0 if it has none). Which class is mixed up in 1.9.0: of N items with C classes the
/// class c of item b takes that of class ⌊(b·C + c)/N⌋. An item's score therefore hangs on its neighbours and on its place
/// among them; only of a batch of one does every class take its own. Updates must have the batches of the run that is
/// compared with.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct GeneralizedDiceScore {
    background: bool,
    per_class: bool,
    volume: Volume,
}

impl GeneralizedDiceScore {
    /// torchmetrics' defaults: with background, one number, weights 1/T².
    #[must_use]
    pub const fn new() -> Self {
        Self { background: true, per_class: false, volume: Volume::Square }
    }

    /// `include_background`: without it the first class is left out.
    #[must_use]
    pub const fn include_background(self, background: bool) -> Self {
        Self { background, ..self }
    }

    /// `per_class=True`: a number for each class, in which its weight cancels unless it is 0.
    #[must_use]
    pub const fn per_class(self, per_class: bool) -> Self {
        Self { per_class, ..self }
    }

    /// `weight_type`: `"square"`, `"simple"`, or `"linear"`, which is [`Volume::Uniform`].
    #[must_use]
    pub const fn weight_type(self, volume: Volume) -> Self {
        Self { volume, ..self }
    }

    /// Begins a run over batches. With `per_class` the caller lends a cell for each class that counts, else none.
    pub fn start(self, cells: &mut [Cell]) -> GeneralizedDiceRun<'_> {
        cells.fill(Cell::NONE);
        GeneralizedDiceRun { metric: self, all: Cell::NONE, cells, classes: 0 }
    }

    /// The numerator and denominator of a class of an item.
    fn parts<S: Measured>(&self, batch: &Batch<'_, S>, item: usize, class: usize) -> Result<(f64, f64), Error> {
        let (before, classes) = foreground(batch.classes(), self.background);
        let sums = |item, class: usize| Ok(Pixels::of(batch.sums(item, before + class)?));
        let Pixels { i, p, t, .. } = sums(item, class)?;
        let weight = match volume_weight(self.volume, t) {
            Some(weight) => weight,
            None => {
                // There is an item, and so there are some.
                let mixed = (item * classes + class).checked_div(batch.items()).unwrap_or_default();
                let mut largest = 0.0;
                for item in 0..batch.items() {
                    largest = f64::max(largest, volume_weight(self.volume, sums(item, mixed)?.t).unwrap_or(0.0));
                }
                largest
            }
        };
        Ok((2.0 * weight * i, weight * (p + t)))
    }
}

impl Default for GeneralizedDiceScore {
    fn default() -> Self {
        Self::new()
    }
}

/// A [`GeneralizedDiceScore`] under way.
#[derive(Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct GeneralizedDiceRun<'r> {
    metric: GeneralizedDiceScore,
    all: Cell,
    cells: &'r mut [Cell],
    classes: usize,
}

impl GeneralizedDiceRun<'_> {
    /// Adds a batch.
    ///
    /// # Errors
    ///
    /// [`Error::Classes`] if it has other classes than the batches before; [`Error::Capacity`] if the cells do not suffice.
    /// Nothing is added then.
    pub fn update<S: Measured>(&mut self, batch: &Batch<'_, S>) -> Result<(), Error> {
        let (_, classes) = foreground(batch.classes(), self.metric.background);
        if self.classes != 0 && self.classes != classes {
            return Err(Error::Classes);
        }
        let lent = if self.metric.per_class { classes } else { 0 };
        let cells = self.cells.get_mut(..lent).ok_or(Error::Capacity)?;
        for item in 0..batch.items() {
            let (mut above, mut below) = (0.0, 0.0);
            for class in 0..classes {
                let (numerator, denominator) = self.metric.parts(batch, item, class)?;
                match cells.get_mut(class) {
                    Some(cell) => *cell = cell.with(Ok(divide(numerator, denominator).unwrap_or(0.0)))?,
                    None => (above, below) = (above + numerator, below + denominator),
                }
            }
            if !self.metric.per_class {
                self.all = self.all.with(Ok(divide(above, below).unwrap_or(0.0)))?;
            }
        }
        self.classes = classes;
        Ok(())
    }

    /// The mean over frames.
    ///
    /// # Errors
    ///
    /// [`Error::Undefined`] of no frame; [`Error::Setting`] with `per_class`.
    pub fn compute(&self) -> Result<f64, Error> {
        if self.metric.per_class { Err(Error::Setting) } else { self.all.mean() }
    }

    /// The mean over frames of a class (the first is the first that counts).
    ///
    /// # Errors
    ///
    /// [`Error::Classes`] if there is no such class; [`Error::Setting`] without `per_class`.
    pub fn class(&self, class: usize) -> Result<f64, Error> {
        if !self.metric.per_class {
            return Err(Error::Setting);
        }
        self.cells.get(..self.classes).and_then(|cells| cells.get(class)).ok_or(Error::Classes)?.mean()
    }

    /// Classes that count.
    #[must_use]
    pub const fn classes(&self) -> usize {
        self.classes
    }
}
