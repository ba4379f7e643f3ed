//! The sums of a batch, as the frameworks' metrics take them.

use crate::error::Error;
use crate::score::Pixels;
use crate::sums::Measured;
use core::num::NonZeroUsize;

/// Sums of the items of a batch, one item after another, each with a set of sums for every class: N × C of them, in the
/// order of the frameworks' tensors. They are of any kind that a score can be taken of.
///
/// ```
/// use soft_dice::presets::Batch;
/// use soft_dice::{Linear, Multiclass, Planar, U8, Sums, Label};
/// // Two items of two classes, planar (NCHW), straight from the tensors: no one-hot, no copy.
/// let maps = [255u8, 0, 255, 0, 255, 0, 255, 255, 255, 0, 0, 0];
/// let labels = [1u8, 0, 1, 1, 1, 0];
/// let mut sums = [[0, 1].map(|class| Sums::new(U8, Label::new(class))); 2];
/// for ((item, map), labels) in sums.iter_mut().zip(maps.chunks(6)).zip(labels.chunks(3)) {
///     Multiclass::over(&mut item[..], 2)?.update(Planar(map), labels)?;
/// }
/// let batch = Batch::new(sums.as_flattened(), 2)?;
/// assert_eq!((batch.items(), batch.classes()), (2, 2));
/// # let _: &Sums<U8, Label, Linear> = &sums[0][0];
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Batch<'a, S> {
    sums: &'a [S],
    classes: NonZeroUsize,
}

// Not derived: a batch is copied whether or not its sums can be.
impl<S> Clone for Batch<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Batch<'_, S> {}

impl<'a, S: Measured> Batch<'a, S> {
    /// The sums of any number of items with so many classes.
    ///
    /// # Errors
    ///
    /// [`Error::Classes`] of no sums, of no class, or of an item with fewer.
    pub const fn new(sums: &'a [S], classes: usize) -> Result<Self, Error> {
        match NonZeroUsize::new(classes) {
            Some(classes) if !sums.is_empty() && sums.len().is_multiple_of(classes.get()) => Ok(Self { sums, classes }),
            _ => Err(Error::Classes),
        }
    }

    /// The classes of a single item; with the sums of all items merged into them, a batch that is taken as one (`batch=True`).
    ///
    /// # Errors
    ///
    /// [`Error::Classes`] of no class.
    pub const fn one(classes: &'a [S]) -> Result<Self, Error> {
        Self::new(classes, classes.len())
    }

    /// Items.
    #[must_use]
    pub fn items(&self) -> usize {
        self.sums.len() / self.classes
    }

    /// Classes of each item.
    #[must_use]
    pub const fn classes(&self) -> usize {
        self.classes.get()
    }

    /// The classes of an item; nothing where there is no such item.
    pub(crate) fn item(&self, item: usize) -> &'a [S] {
        let from = item.saturating_mul(self.classes());
        self.sums.get(from..).and_then(|rest| rest.get(..self.classes())).unwrap_or_default()
    }

    pub(super) fn sums(&self, item: usize, class: usize) -> Result<&'a S, Error> {
        let sums = self.item(item).get(class).ok_or(Error::Classes)?;
        sums.record().known()?;
        Ok(sums)
    }

    /// What `measure` makes of the sums of a class, over one item or over all of them.
    pub(super) fn over(
        &self,
        item: Option<usize>,
        class: usize,
        measure: impl Fn(&S) -> Result<Pixels, Error>,
    ) -> Result<Pixels, Error> {
        let items = item.map_or(0..self.items(), |item| item..item + 1);
        let mut all = Pixels { squares: Some((0.0, 0.0)), min: Some(0.0), ..Pixels::default() };
        for item in items {
            all = all.plus(&measure(self.sums(item, class)?)?);
        }
        Ok(all)
    }
}

/// What of `classes` is left without the background, and how many classes come before it. A single class is no background.
pub(super) const fn foreground(classes: usize, background: bool) -> (usize, usize) {
    let before = if background || classes == 1 { 0 } else { 1 };
    (before, classes - before)
}

/// A weight for each of so many classes.
///
/// # Errors
///
/// [`Error::Classes`] for another number of weights, [`Error::Setting`] for one that is negative or no number.
pub(super) fn weight_of(weights: Option<&[f64]>, class: usize, classes: usize) -> Result<f64, Error> {
    let Some(weights) = weights else { return Ok(1.0) };
    if weights.len() != classes {
        return Err(Error::Classes);
    }
    match weights.get(class) {
        Some(&weight) if (0.0..f64::INFINITY).contains(&weight) => Ok(weight),
        Some(_) => Err(Error::Setting),
        None => Err(Error::Classes),
    }
}
