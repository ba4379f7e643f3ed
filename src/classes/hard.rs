use super::columns::{Columns, GATHER};
use super::{CLASSES, Place};
use crate::sums::Measured;
use crate::{CAPACITY, Error, Record, Unit};

/// Pixels of one class in two hard label maps: predicted, labelled, and both.
///
/// A [`crate::Score`] can be taken of it: the hard Dice, the hard Jaccard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Counts {
    /// Pixels where this class wins.
    pub p: u64,
    /// Pixels that bear its label.
    pub t: u64,
    /// Pixels where both hold.
    pub pt: u64,
    count: u64,
    ignored: u64,
    invalid: u64,
}

impl Measured for Counts {
    fn record(&self) -> Record {
        let [p, t, pt] = [self.p, self.t, self.pt].map(u128::from);
        Record {
            version: Record::VERSION,
            unit_p: Unit::ONE,
            unit_t: Unit::ONE,
            zero_point_p: 0,
            zero_point_t: 0,
            rounded: 0,
            hard: true,
            count: self.count,
            ignored: self.ignored,
            invalid: self.invalid,
            clamped: 0,
            p,
            t,
            pt,
            squares: Some((p, t)),
            minima: Some((pt, 0)),
        }
    }
}

/// The hard scores of exclusive classes: the greatest channel wins, the **first** of equal ones, as in numpy and torch.
///
/// Values are compared as they are: logits or probabilities, codes or floats. It takes the same chunks as
/// [`crate::Multiclass`], so that one pass over the stream gives both; a chunk is then still in the cache. A pixel with
/// a NaN is left out and counted as invalid. Ties are common in 8-bit maps: of 4225 pixels of a real int8 softmax 438 have one.
///
/// ```
/// use soft_dice::{Hard, Interleaved, Score};
/// let mut hard = Hard::<3>::new();
/// hard.update(Interleaved(&[1i8, 5, 5, 9, 0, 2]), &[2, 0])?;    // the first pixel goes to class 1
/// assert_eq!(Score::dice().f32(&hard.classes()[0]), Ok(1.0));
/// assert_eq!(Score::dice().f32(&hard.classes()[2]), Ok(0.0));
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Hard<const C: usize> {
    classes: [Counts; C],
    ignore: Option<u8>,
}

impl<const C: usize> Hard<C> {
    /// Classes 0 to C − 1; C is from 1 to 256.
    #[must_use]
    pub const fn new() -> Self {
        const { assert!(C >= 1 && C <= CLASSES, "1 to 256 classes") };
        const NONE: Counts = Counts { p: 0, t: 0, pt: 0, count: 0, ignored: 0, invalid: 0 };
        Self { classes: [NONE; C], ignore: None }
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

    /// Adds a chunk.
    ///
    /// # Errors
    ///
    /// [`Error::Split`], [`Error::Classes`], [`Error::Length`], [`Error::Label`] and [`Error::Capacity`] as
    /// [`crate::Multiclass::update`]. The state is as it was.
    pub fn update<R: Copy + Default + PartialOrd, D: Columns<R>>(&mut self, p: D, labels: &[u8]) -> Result<(), Error> {
        let pixels = p.pixels(C)?;
        if labels.len() != pixels {
            return Err(Error::Length);
        }
        if labels.iter().any(|&label| usize::from(label) >= C && Some(label) != self.ignore) {
            return Err(Error::Label);
        }
        let seen = self.classes.first().map_or(0, |class| class.count + class.ignored + class.invalid);
        if pixels as u64 > CAPACITY - seen {
            return Err(Error::Capacity);
        }
        let (mut count, mut ignored, mut invalid) = (0, 0, 0);
        let mut at = 0;
        while at < pixels {
            let length = GATHER.min(pixels - at);
            let winners = winners(&p, C, at, length);
            for (winner, &label) in winners.into_iter().zip(labels.iter().skip(at).take(length)) {
                if Some(label) == self.ignore {
                    ignored += 1;
                    continue;
                }
                let Some(winner) = winner else {
                    invalid += 1;
                    continue;
                };
                count += 1;
                if let Some(class) = self.classes.get_mut(usize::from(winner)) {
                    class.p += 1;
                    class.pt += u64::from(winner == label);
                }
                if let Some(class) = self.classes.get_mut(usize::from(label)) {
                    class.t += 1;
                }
            }
            at += length;
        }
        for class in &mut self.classes {
            class.count += count;
            class.ignored += ignored;
            class.invalid += invalid;
        }
        Ok(())
    }

    /// Adds the counts of other pixels.
    ///
    /// # Errors
    ///
    /// [`Error::Capacity`], and nothing is added.
    pub fn merge(&mut self, other: &Self) -> Result<(), Error> {
        let seen = |all: &Self| all.classes.first().map_or(0, |class| class.count + class.ignored + class.invalid);
        if seen(other) > CAPACITY - seen(self) {
            return Err(Error::Capacity);
        }
        for (a, b) in self.classes.iter_mut().zip(&other.classes) {
            a.p += b.p;
            a.t += b.t;
            a.pt += b.pt;
            a.count += b.count;
            a.ignored += b.ignored;
            a.invalid += b.invalid;
        }
        Ok(())
    }
}

impl<const C: usize> Default for Hard<C> {
    fn default() -> Self {
        Self::new()
    }
}

/// The first greatest channel of each pixel; `None` where one is NaN.
fn winners<R: Copy + Default + PartialOrd, D: Columns<R>>(
    p: &D,
    channels: usize,
    at: usize,
    pixels: usize,
) -> [Option<u8>; GATHER] {
    let mut room = [R::default(); GATHER];
    let mut most = [R::default(); GATHER];
    let mut winners = [Some(0); GATHER];
    let run = p.run(channels, at, pixels);
    for channel in 0..channels {
        let column = p.column(&run, Place { channels, channel, at, pixels }, &mut room);
        for ((winner, most), &value) in winners.iter_mut().zip(&mut most).zip(column) {
            if value.partial_cmp(&value).is_none() {
                *winner = None;
            } else if channel == 0 || value > *most {
                *most = value;
                *winner = winner.and(Some(channel as u8));
            }
        }
    }
    winners
}
