use crate::columns::{Columns, GATHER};
use crate::counts::Counts;
use crate::error::Error;
use crate::kernel;
use crate::pixels::{ByteMask, Channel, Labels, Mask, Meaning, Pair, Won};
use crate::sums::CLASSES;

/// Pixels whose winners are found and counted at a time. They lie on the stack; where there are lanes there are more of them,
/// so that the start of a sweep is a small part of it.
const BLOCK: usize = if cfg!(soft_dice_lanes = "vector") { 8 * GATHER } else { GATHER };
/// Most classes that are counted in lanes, each in a sweep of its own over the winners. With more of them so many sweeps
/// take longer than one loop that counts pixel by pixel.
const LANES: usize = 64;

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

    pub(crate) const fn ignore(&self) -> Option<u8> {
        self.ignore
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
    pub fn update<R: Channel, D: Columns<R>>(&mut self, p: D, labels: &[u8]) -> Result<(), Error> {
        let labels = self.check(p.pixels(C)?, labels)?;
        self.count(p, labels);
        Ok(())
    }

    pub(crate) fn check<'a>(&self, pixels: usize, labels: &'a [u8]) -> Result<Labels<'a>, Error> {
        if labels.len() != pixels {
            return Err(Error::Length);
        }
        let labels = Labels::new(labels, C, self.ignore)?;
        self.classes.iter().try_for_each(|class| class.room(pixels as u64))?;
        Ok(labels)
    }

    /// Adds what was checked.
    pub(crate) fn count<R: Channel, D: Columns<R>>(&mut self, p: D, labels: Labels<'_>) {
        if let Some(rows) = p.interleaved()
            && self.rows(rows, labels)
        {
            return;
        }
        for (index, all) in labels.chunks(BLOCK).enumerate() {
            let labels = all.bytes();
            if BLOCK == GATHER {
                let winners = p.winners(C, index * BLOCK, labels.len());
                if R::FLIP.is_none() || !self.found(all, |words| kernel::won(&winners.class, all, words)) {
                    self.each(&winners.class, &winners.none, labels);
                }
                continue;
            }
            let (mut won, mut none, mut any) = ([0; BLOCK], [false; BLOCK], false);
            let runs = won.chunks_mut(GATHER).zip(none.chunks_mut(GATHER));
            for (run, ((won, none), labels)) in runs.zip(labels.chunks(GATHER)).enumerate() {
                let winners = p.winners(C, index * BLOCK + run * GATHER, labels.len());
                won.copy_from_slice(&winners.class);
                none.copy_from_slice(&winners.none);
                any |= winners.none.iter().fold(false, |any, none| any | none);
            }
            let won = won.get(..labels.len()).unwrap_or_default();
            if any || !self.lanes(won, labels) {
                self.each(won, &none, labels);
            }
        }
    }

    /// Interleaved rows, as many at a time as the counts of a word hold; whether there are loops for such values.
    fn rows<R: Channel>(&mut self, rows: &[R], labels: Labels<'_>) -> bool {
        let Some((bytes, flip)) = R::bytes(rows) else { return false };
        let runs = bytes.chunks(Won::RUN * C).zip(labels.chunks(Won::RUN));
        for (index, (rows, labels)) in runs.enumerate() {
            // If there are no loops, that shows with the first run, before anything was added.
            if !self.found(labels, |words| kernel::row_winners(rows, flip, labels, words)) && index == 0 {
                return false;
            }
        }
        true
    }

    /// Adds the counts of a run as `count` has written them into a word for each class; whether it has. It says how many
    /// pixels were ignored.
    #[inline(always)]
    fn found(&mut self, labels: Labels<'_>, count: impl FnOnce(&mut [Won; C]) -> Option<u32>) -> bool {
        let mut words = [Won::default(); C];
        let Some(ignored) = count(&mut words) else { return false };
        let kept = labels.bytes().len() as u64 - u64::from(ignored);
        for (class, word) in self.classes.iter_mut().zip(words) {
            let [p, t, pt] = word.counts();
            (class.p, class.t, class.pt) = (class.p + u64::from(p), class.t + u64::from(t), class.pt + u64::from(pt));
            class.pixels(kept, ignored.into(), 0);
        }
        true
    }

    /// Each class by itself, in lanes; whether there are any.
    fn lanes(&mut self, won: &[u8], labels: &[u8]) -> bool {
        if C > LANES {
            return false;
        }
        for (class, counts) in self.classes.iter_mut().enumerate() {
            let (class, ignore) = (class as u8, self.ignore);
            let Ok(pair) = Pair::new(won, labels) else { return false };
            let meaning = Meaning::class(class, ignore);
            let pair = pair.target_as(|bytes| Mask::Bytes(ByteMask { bytes, meaning }));
            // If there are no lanes, that shows with the first class, before anything was added.
            let Some(lost) = kernel::lost(class, pair) else { return false };
            counts.p += lost.kept - lost.p;
            counts.t += lost.t;
            counts.pt += lost.t - lost.pt;
            counts.pixels(lost.kept, lost.ignored, 0);
        }
        true
    }

    /// Pixel by pixel: in each run what a class has won, won rightly and been labelled with is a byte each of one word.
    fn each(&mut self, won: &[u8], none: &[bool], labels: &[u8]) {
        const { assert!(GATHER < 256) };
        let (mut count, mut ignored, mut invalid) = (0u32, 0u32, 0u32);
        let runs = won.chunks(GATHER).zip(none.chunks(GATHER)).zip(labels.chunks(GATHER));
        for ((won, none), labels) in runs {
            let mut words = [0u32; C];
            for ((&winner, &none), &label) in won.iter().zip(none).zip(labels) {
                if Some(label) == self.ignore {
                    ignored += 1;
                    continue;
                }
                if none {
                    invalid += 1;
                    continue;
                }
                count += 1;
                if let Some(word) = words.get_mut(usize::from(winner)) {
                    *word += 1 + (u32::from(winner == label) << 8);
                }
                if let Some(word) = words.get_mut(usize::from(label)) {
                    *word += 1 << 16;
                }
            }
            for (class, word) in self.classes.iter_mut().zip(words) {
                class.p += u64::from(word & 0xFF);
                class.pt += u64::from(word >> 8 & 0xFF);
                class.t += u64::from(word >> 16);
            }
        }
        for class in &mut self.classes {
            class.pixels(count.into(), ignored.into(), invalid.into());
        }
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
