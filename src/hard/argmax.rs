use super::decided::{self, DecidedClasses, Room};
use crate::columns::Columns;
use crate::counts::Counts;
use crate::error::Error;
use crate::kernel;
use crate::num::sealed::Sealed;
use crate::pixels::{Channel, Labels, Region, Won};
use crate::stream::Rows;
use crate::sums::CLASSES;

/// The hard scores of exclusive classes: the greatest channel wins, the **first** of equal ones, as in numpy and torch.
///
/// Values are compared as they are: logits or probabilities, codes or floats. Under a softmax the logits decide, which is
/// cheaper and finer than its rounded probabilities. A pixel with a NaN is left out and counted as invalid. Ties are common in
/// 8-bit maps: of 4225 pixels of a real int8 softmax 438 have one. For soft and hard scores from one pass see
/// [`crate::Multiclass::update_both`].
///
/// ```
/// use soft_dice::{Argmax, Interleaved, Score};
/// let mut hard = Argmax::<3>::new();
/// hard.update(Interleaved(&[1i8, 5, 5, 9, 0, 2]), &[2, 0])?;    // the first pixel goes to class 1
/// assert_eq!(Score::dice().f32(&hard.classes()[0]), Ok(1.0));
/// assert_eq!(Score::dice().f32(&hard.classes()[2]), Ok(0.0));
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Argmax<const C: usize> {
    classes: [Counts; C],
    ignore: Option<u8>,
}

impl<const C: usize> Argmax<C> {
    /// Classes 0 to C − 1; C is from 1 to 256.
    ///
    /// ```
    /// use soft_dice::{Argmax, Interleaved};
    /// use std::sync::Mutex;
    /// static HARD: Mutex<Argmax<3>> = Mutex::new(Argmax::<3>::new());
    /// HARD.lock().unwrap().update(Interleaved(&[1i8, 5, 5]), &[2])?;
    /// assert_eq!(HARD.lock().unwrap().classes()[2].t, 1);
    /// # Ok::<(), soft_dice::Error>(())
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        const { assert!(C >= 1 && C <= CLASSES, "1 to 256 classes") };
        Self { classes: [Counts::NONE; C], ignore: None }
    }

    /// Leaves out the pixels that bear this label (also where it is a class) and counts them as ignored.
    #[must_use]
    pub const fn ignoring(self, label: u8) -> Self {
        Self { ignore: Some(label), ..self }
    }

    /// The counts of each class.
    #[must_use]
    pub const fn classes(&self) -> &[Counts; C] {
        &self.classes
    }

    decided::updates!();

    /// Interleaved rows, as many at a time as the counts of a word hold; whether there are loops for such values.
    fn rows<R: Channel>(&mut self, rows: &[R], labels: Labels<'_>) -> bool {
        let Some((bytes, flip)) = R::bytes(rows) else { return false };
        for (index, labels) in labels.chunks(Won::RUN).enumerate() {
            let rest = bytes.get(index * Won::RUN * C..).unwrap_or_default();
            let rows = rest.get(..labels.bytes().len() * C).unwrap_or_default();
            let mut words = [Won::default(); C];
            // If there are no loops, that shows with the first run, before anything was added.
            match kernel::row_winners(rows, flip, labels, &mut words) {
                Some(ignored) => decided::add_won(&mut self.classes, &words, labels, ignored),
                None if index == 0 => return false,
                None => {}
            }
        }
        true
    }

    /// Adds the counts of other pixels.
    ///
    /// # Errors
    ///
    /// [`Error::Capacity`], and nothing is added.
    pub fn merge(&mut self, other: &Self) -> Result<(), Error> {
        for (a, b) in self.classes.iter().zip(&other.classes) {
            a.room(b.seen())?;
        }
        self.classes.iter_mut().zip(&other.classes).for_each(|(a, b)| a.add(b));
        Ok(())
    }
}

impl<const C: usize> Default for Argmax<C> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const C: usize> Sealed for Argmax<C> {}

impl<const C: usize> DecidedClasses for Argmax<C> {
    fn classes_and_ignore(&self) -> (usize, Option<u8>) {
        (C, self.ignore)
    }

    fn check<'a>(&self, pixels: usize, labels: &'a [u8]) -> Result<Labels<'a>, Error> {
        decided::check(&self.classes, self.ignore, pixels, labels)
    }

    fn count<R: Channel, D: Columns<R>>(&mut self, p: D, labels: Labels<'_>, region: Option<Region<'_>>) {
        if region.is_none()
            && let Some(rows) = p.interleaved()
            && self.rows(rows, labels)
        {
            return;
        }
        let mut room = Room { words: &mut [0; C], won: &mut [Won::default(); C] };
        decided::count(&mut self.classes, &mut room, p, labels, region);
    }
}

/// The same as [`Argmax`] for a number of classes that is known at run time: counts that the caller owns, one for each class of
/// the map. They need not be empty.
///
/// ```
/// use soft_dice::{ArgmaxOver, Counts, Interleaved, Score};
/// let mut counts = vec![Counts::default(); 3];
/// let mut hard = ArgmaxOver::new(&mut counts)?.ignoring(255);
/// hard.update(Interleaved(&[1i8, 5, 5, 9, 0, 2]), &[2, 0])?;
/// assert_eq!(Score::dice().f32(&hard.classes()[0]), Ok(1.0));
/// # Ok::<(), soft_dice::Error>(())
/// ```
///
/// In a `static` lie the counts, which it is lent at each call:
///
/// ```
/// use soft_dice::{ArgmaxOver, Counts, Interleaved};
/// use std::sync::Mutex;
/// static COUNTS: Mutex<[Counts; 3]> = Mutex::new([Counts::NONE; 3]);
/// for chunk in [[1i8, 5, 5], [9, 0, 2]] {
///     ArgmaxOver::new(&mut *COUNTS.lock().unwrap())?.ignoring(255).update(Interleaved(&chunk), &[2])?;
/// }
/// assert_eq!(COUNTS.lock().unwrap()[2].t, 2);
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ArgmaxOver<'a> {
    classes: &'a mut [Counts],
    ignore: Option<u8>,
}

impl<'a> ArgmaxOver<'a> {
    /// Classes 0 to `classes.len() − 1`.
    ///
    /// # Errors
    ///
    /// [`Error::Classes`] unless there are 1 to 256.
    pub const fn new(classes: &'a mut [Counts]) -> Result<Self, Error> {
        if classes.is_empty() || classes.len() > CLASSES {
            return Err(Error::Classes);
        }
        Ok(Self { classes, ignore: None })
    }

    /// Leaves out the pixels that bear this label (also where it is a class) and counts them as ignored.
    #[must_use]
    pub const fn ignoring(self, label: u8) -> Self {
        Self { ignore: Some(label), ..self }
    }

    /// The counts of each class.
    #[must_use]
    pub const fn classes(&self) -> &[Counts] {
        self.classes
    }

    decided::updates!();

    /// Forgets all pixels, for the next frame.
    pub fn reset(&mut self) {
        self.classes.fill(Counts::NONE);
    }
}

impl Sealed for ArgmaxOver<'_> {}

impl DecidedClasses for ArgmaxOver<'_> {
    fn classes_and_ignore(&self) -> (usize, Option<u8>) {
        (self.classes.len(), self.ignore)
    }

    fn check<'a>(&self, pixels: usize, labels: &'a [u8]) -> Result<Labels<'a>, Error> {
        decided::check(self.classes, self.ignore, pixels, labels)
    }

    fn count<R: Channel, D: Columns<R>>(&mut self, p: D, labels: Labels<'_>, region: Option<Region<'_>>) {
        let (mut words, mut won) = ([0; CLASSES], [Won::default(); CLASSES]);
        let words = words.get_mut(..self.classes.len()).unwrap_or_default();
        let won = won.get_mut(..self.classes.len()).unwrap_or_default();
        decided::count(self.classes, &mut Room { words, won }, p, labels, region);
    }
}
