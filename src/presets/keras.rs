//! Keras 3.15.1.

use super::{Batch, Loss, divide};
use crate::error::Error;
use crate::score::Pixels;
use crate::sums::Measured;

const EPSILON: f64 = 1e-7;

/// `axis` of Keras' losses, for maps of batch, height, width and classes (0 to 3): what is summed before the division.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Axis {
    /// `None`, the default: everything, batch and classes included.
    #[default]
    All,
    /// `(1, 2, 3)`: a value is left for each item.
    Items,
    /// `(0, 1, 2)`: a value is left for each class.
    Classes,
    /// `(1, 2)`: a value is left for each item and class.
    Pixels,
}

#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
enum Formula {
    Dice,
    Tversky { fp: f64, fneg: f64 },
}

/// `keras.losses.Dice` and `keras.losses.Tversky`. `reduction="sum_over_batch_size"` (the default) is [`Loss::mean`].
///
/// Quirk: the smoothing is in the denominator alone, so that two empty maps are a total loss of 1.
///
/// ```
/// use soft_dice::presets::{Batch, Loss, keras};
/// use soft_dice::{NonZero, Stream, U8};
/// let mut stream = Stream::new(U8, NonZero);
/// stream.update(&[255, 255], &[1, 0])?;
/// let batch = [stream.finish()];
/// assert!((keras::Overlap::dice().mean(&Batch::one(&batch)?)? - 1.0 / 3.0).abs() < 1e-7);
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Overlap {
    formula: Formula,
    axis: Axis,
}

impl Overlap {
    /// `keras.losses.Dice`: 1 − 2I/(P + T + 10⁻⁷).
    #[must_use]
    pub const fn dice() -> Self {
        Self { formula: Formula::Dice, axis: Axis::All }
    }

    /// `keras.losses.Tversky` as Keras 3.16 corrects it: 1 − I/(I + α·fp + β·fn + 10⁻⁷).
    #[must_use]
    pub const fn tversky(alpha: f64, beta: f64) -> Self {
        Self { formula: Formula::Tversky { fp: alpha, fneg: beta }, axis: Axis::All }
    }

    /// `keras.losses.Tversky` up to 3.15.1.
    ///
    /// Quirk, and a trap: its "fp" are the false negatives and its "fn" the false positives, so that here α weighs false
    /// *negatives*.
    #[must_use]
    pub const fn tversky_swapped(alpha: f64, beta: f64) -> Self {
        Self::tversky(beta, alpha)
    }

    /// `axis`.
    #[must_use]
    pub const fn axis(self, axis: Axis) -> Self {
        Self { axis, ..self }
    }

    fn of(&self, sums: &Pixels) -> Result<f64, Error> {
        let Pixels { i, p, t, .. } = *sums;
        Ok(1.0
            - match self.formula {
                Formula::Dice => divide(2.0 * i, p + t + EPSILON)?,
                Formula::Tversky { fp, fneg } => divide(i, i + fp * (p - i) + fneg * (t - i) + EPSILON)?,
            })
    }
}

impl Loss for Overlap {
    fn shape(&self, items: usize, classes: usize) -> (usize, usize) {
        match self.axis {
            Axis::All => (1, 1),
            Axis::Items => (items, 1),
            Axis::Classes => (1, classes),
            Axis::Pixels => (items, classes),
        }
    }

    fn value<S: Measured>(&self, batch: &Batch<'_, S>, row: usize, column: usize) -> Result<f64, Error> {
        let item = if matches!(self.axis, Axis::Items | Axis::Pixels) { Some(row) } else { None };
        let of = |class| batch.over(item, class, |sums| Ok(Pixels::of(sums)));
        if matches!(self.axis, Axis::Classes | Axis::Pixels) {
            return self.of(&of(column)?);
        }
        let mut all = of(0)?;
        for class in 1..batch.classes() {
            all = all.plus(&of(class)?);
        }
        self.of(&all)
    }
}
