//! How the values of frames and classes become one number, or a row of them.

use crate::error::Error;

/// What is left of a table with a row for each frame and a column for each class: MONAI's words, which the other
/// frameworks' rules are told in too (`docs/reductions.md`).
///
/// A value that is undefined (NaN in the frameworks, [`Error::Undefined`] or [`Error::Skipped`] here) is in no total and
/// in no count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Reduction {
    /// `"mean"`: the mean of each frame over its classes, then the mean of those over the frames. A frame without any
    /// defined class is left out.
    #[default]
    Mean,
    /// `"sum"`: of all values.
    Sum,
    /// `"mean_batch"`: for each class its mean over the frames.
    MeanBatch,
    /// `"sum_batch"`: for each class its sum over the frames.
    SumBatch,
    /// `"mean_channel"`: for each frame its mean over the classes.
    MeanChannel,
    /// `"sum_channel"`: for each frame its sum over the classes.
    SumChannel,
    /// `"none"`: every value, frame after frame.
    None,
}

impl Reduction {
    /// Cells that the caller lends for so many frames and classes: none for a single number, one for each class for
    /// means over the frames, else as many as there are results.
    #[must_use]
    pub const fn cells(self, frames: usize, classes: usize) -> usize {
        match self {
            Self::Mean | Self::Sum => 0,
            Self::MeanBatch | Self::SumBatch => classes,
            Self::MeanChannel | Self::SumChannel => frames,
            Self::None => frames.saturating_mul(classes),
        }
    }
}

/// A sum of values, and how many are in it: what a mean is kept as.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Cell {
    /// The sum of the values that are defined.
    pub total: f64,
    /// How many they are.
    pub count: u64,
}

impl Cell {
    /// Of no value.
    pub const NONE: Self = Self { total: 0.0, count: 0 };

    /// The mean.
    ///
    /// # Errors
    ///
    /// [`Error::Undefined`] of no value.
    pub fn mean(&self) -> Result<f64, Error> {
        if self.count == 0 { Err(Error::Undefined) } else { Ok(self.total / self.count as f64) }
    }

    /// With one more value, which may be undefined.
    ///
    /// # Errors
    ///
    /// What is wrong with the value, unless it is undefined or skipped.
    pub(crate) fn with(self, value: Result<f64, Error>) -> Result<Self, Error> {
        match value {
            Ok(value) => Ok(Self { total: self.total + value, count: self.count + 1 }),
            Err(Error::Undefined | Error::Skipped) => Ok(self),
            Err(error) => Err(error),
        }
    }
}

/// Values of frames and classes as they come, reduced as they come.
///
/// The state is one [`Cell`] where the reduction gives one number, however many frames there are. Else the caller lends the
/// cells of the results ([`Reduction::cells`]).
///
/// ```
/// use soft_dice::{Cell, Error, Reducer, Reduction};
/// let frames = [[Ok(0.5), Ok(1.0)], [Ok(0.25), Err(Error::Undefined)]];
/// let mut mean = Reducer::new(Reduction::Mean, &mut []);
/// let mut cells = [Cell::NONE; 2];
/// let mut each_class = Reducer::new(Reduction::MeanBatch, &mut cells);
/// for frame in frames {
///     mean.push(2, |class| frame[class])?;
///     each_class.push(2, |class| frame[class])?;
/// }
/// assert_eq!(mean.single()?.mean()?, (0.75 + 0.25) / 2.0);       // of the frames' means, each over what is defined
/// assert_eq!(each_class.rows()[0].mean()?, (0.5 + 0.25) / 2.0);
/// assert_eq!(each_class.rows()[1].mean()?, 1.0);                 // of the one frame in which it is defined
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Reducer<'r> {
    reduction: Reduction,
    /// Of the values, or of the frames' means.
    all: Cell,
    rows: &'r mut [Cell],
    used: usize,
}

impl<'r> Reducer<'r> {
    /// Nothing yet. What the lent cells hold is forgotten.
    pub fn new(reduction: Reduction, rows: &'r mut [Cell]) -> Self {
        Self { reduction, all: Cell::NONE, rows, used: 0 }
    }

    /// Which reduction it is.
    #[must_use]
    pub const fn reduction(&self) -> Reduction {
        self.reduction
    }

    /// Adds the values of a frame, one for each of so many classes. `value` is called twice for each: all are looked at
    /// before any is added.
    ///
    /// # Errors
    ///
    /// The first error of `value` that is neither [`Error::Undefined`] nor [`Error::Skipped`]; [`Error::Capacity`] if the
    /// lent cells do not suffice; [`Error::Classes`] of no class, or of another number than the frames before where the
    /// classes have cells. Nothing is added then.
    pub fn push(&mut self, classes: usize, value: impl Fn(usize) -> Result<f64, Error>) -> Result<(), Error> {
        let frame = (0..classes).try_fold(Cell::NONE, |frame, class| frame.with(value(class)))?;
        let to = self.room(1, classes)?;
        let by_class = self.by_class();
        let from = if by_class { 0 } else { self.used };
        let fresh = self.used == 0 || !by_class;
        let rows = self.rows.get_mut(from..to).ok_or(Error::Capacity)?;
        match self.reduction {
            Reduction::Mean => self.all = self.all.with(frame.mean())?,
            Reduction::Sum => {
                self.all = Cell { total: self.all.total + frame.total, count: self.all.count + frame.count };
            }
            Reduction::MeanChannel | Reduction::SumChannel => rows.iter_mut().for_each(|cell| *cell = frame),
            Reduction::MeanBatch | Reduction::SumBatch | Reduction::None => {
                for (class, cell) in rows.iter_mut().enumerate() {
                    *cell = if fresh { Cell::NONE } else { *cell }.with(value(class))?;
                }
            }
        }
        self.used = to;
        Ok(())
    }

    const fn by_class(&self) -> bool {
        matches!(self.reduction, Reduction::MeanBatch | Reduction::SumBatch)
    }

    /// Cells in use after so many frames more, if they were lent.
    pub(crate) fn room(&self, frames: usize, classes: usize) -> Result<usize, Error> {
        if classes == 0 || (self.by_class() && self.used > 0 && self.used != classes) {
            return Err(Error::Classes);
        }
        let more = self.reduction.cells(frames, classes);
        let to = if self.by_class() { more } else { self.used.saturating_add(more) };
        if to <= self.rows.len() { Ok(to) } else { Err(Error::Capacity) }
    }

    /// The total and the count of [`Reduction::Mean`] (of the frames' means) or [`Reduction::Sum`] (of all values).
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] if the reduction leaves rows.
    pub const fn single(&self) -> Result<Cell, Error> {
        match self.reduction {
            Reduction::Mean | Reduction::Sum => Ok(self.all),
            _ => Err(Error::Setting),
        }
    }

    /// The cells that are in use: a class each, a frame each, or a frame's classes one after another.
    #[must_use]
    pub fn rows(&self) -> &[Cell] {
        self.rows.get(..self.used).unwrap_or_default()
    }

    /// Forgets all values.
    pub const fn reset(&mut self) {
        (self.all, self.used) = (Cell::NONE, 0);
    }
}
