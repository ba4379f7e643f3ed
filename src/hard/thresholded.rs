//! One class, decided by a threshold, in the pass that takes its soft sums.

use crate::activation::Logistic;
use crate::counts::Counts;
use crate::element::{Element, F32};
use crate::error::Error;
use crate::kernel::{self, apply};
use crate::num::Acc;
use crate::pixels::{Ask, Mask, Pair, Region, SPAN, Tally, Values};
use crate::stream::{Rows, Stream};
use crate::sums::{Measured, Moments, Record};
use crate::target::{HardTarget, Own};

/// Logits that are taken through the sigmoid at a time: on the stack.
const BLOCK: usize = 256;
/// Bytes of prediction that are taken at a time, first for the soft and then for the hard sums: with their target they stay
/// in the nearest cache between the two sweeps, and are enough that the start of a sweep is a small part of it.
const BOTH: usize = 1 << 13;

/// Counts of a prediction that is cut at a threshold, against a hard target: a [`crate::Score`] can be taken of it.
///
/// The value is compared exactly (codes as integers, floats by their bits); through [`crate::activation::Sigmoid`] or
/// a table the probability is. The tie rule is the caller's: [`Self::at_least`] or [`Self::above`]. A pixel that is
/// invalid in the soft sums is left out here too, one that is clamped is decided at the end it was brought to.
///
/// ```
/// use soft_dice::{I8, NonZero, Score, Stream, Thresholded};
/// let device = I8::TFLITE;
/// let (mut soft, mut hard) = (Stream::new(device, NonZero), Thresholded::at_least(&device, 0.5));
/// soft.update_both(&[-128, 0, 127, 5], &[0, 1, 1, 0], &mut hard)?;          // both from one pass
/// assert_eq!((hard.counts().p, hard.counts().t, hard.counts().pt), (3, 2, 2));
/// assert_eq!(Score::dice().f32(&hard), Ok(0.8));
/// assert!(Score::dice().f32(soft.sums())? < 0.8);
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Thresholded {
    own: Own,
    counts: Counts,
}

impl Thresholded {
    /// Foreground as this mask says: a constant of the element, for a `static`.
    ///
    /// ```
    /// use soft_dice::{I8, Thresholded};
    /// use std::sync::Mutex;
    /// static HARD: Mutex<Thresholded> = Mutex::new(Thresholded::new(I8::TFLITE.own_at_least(0.5)));
    /// assert_eq!(*HARD.lock().unwrap(), Thresholded::at_least(&I8::TFLITE, 0.5));
    /// ```
    #[must_use]
    pub const fn new(own: Own) -> Self {
        Self { own, counts: Counts::NONE }
    }

    /// Foreground where p ≥ `threshold`: the usual tie rule. A threshold outside \[0, 1\] is reached by all or by none.
    pub fn at_least<P: Element>(prediction: &P, threshold: f32) -> Self {
        Self::new(Own::at_least(prediction, threshold))
    }

    /// Foreground where p > `threshold`.
    pub fn above<P: Element>(prediction: &P, threshold: f32) -> Self {
        Self::new(Own::above(prediction, threshold))
    }

    /// What was counted.
    #[must_use]
    pub const fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Adds the counts of other pixels.
    ///
    /// # Errors
    ///
    /// [`Error::Mismatch`] if they were cut elsewhere, [`Error::Capacity`]; nothing is added.
    pub fn merge(&mut self, other: &Self) -> Result<(), Error> {
        if self.own != other.own {
            return Err(Error::Mismatch);
        }
        self.counts.room(other.counts.seen())?;
        self.counts.add(&other.counts);
        Ok(())
    }

    /// Forgets all pixels, for the next frame.
    pub const fn reset(&mut self) {
        self.counts = Counts::NONE;
    }

    /// Adds pixels beside a hard target, for which there is room.
    fn run<P: Element>(&mut self, prediction: &P, pair: Pair<'_, P::Raw, Mask<'_>>) {
        let ask = Ask::decided(self.own.cut());
        let Some(Values::Logits(logits)) = prediction.values(pair.prediction()) else {
            self.add(&kernel::hard(prediction, pair, ask));
            return;
        };
        // The sigmoid of a block is written, then summed as floats, because every backend has lanes for both.
        for (index, logits) in logits.chunks(BLOCK).enumerate() {
            let Some(part) = pair.masked_part(index * BLOCK, logits.len()) else { return };
            let mut room = [0.0; BLOCK];
            apply(Logistic, [logits], &mut room);
            let Some(found) = part.with_prediction(room.get(..logits.len()).unwrap_or_default()) else { return };
            let found = kernel::hard(&F32::new(), found, ask);
            if found.invalid == 0 {
                self.add(&found);
            } else {
                // A logit was NaN. The element's policy says what becomes of it, and only the element's own way knows that.
                self.add(&kernel::hard(prediction, part, ask));
            }
        }
    }

    fn add(&mut self, found: &Tally<impl Acc>) {
        let [p, t, pt] = [found.p, found.t, found.pt].map(|sum| Into::<u128>::into(sum) as u64);
        self.counts.p += p;
        self.counts.t += t;
        self.counts.pt += pt;
        self.counts.pixels(found.kept, found.ignored, found.invalid);
    }
}

impl Measured for Thresholded {
    fn record(&self) -> Record {
        self.counts.record()
    }
}

impl<P: Element, H: HardTarget, M: Moments> Stream<P, H, M> {
    /// Adds a chunk to the soft sums and to the counts behind a threshold, in one pass over memory: on a host in one sweep, as long
    /// as every value is in range; else in two sweeps of a block of pixels at a time, which stays in the nearest cache between
    /// the two.
    ///
    /// # Errors
    ///
    /// As [`Self::update`]. Both states are as they were.
    pub fn update_both(&mut self, p: &[P::Raw], t: H::Pixels<'_>, hard: &mut Thresholded) -> Result<(), Error> {
        self.add_both(Pair::new(p, t)?, hard)
    }

    /// The same of the pixels of a chunk that lie in a region of interest.
    ///
    /// # Errors
    ///
    /// As [`Self::update_both`].
    pub fn update_both_within(
        &mut self,
        p: &[P::Raw],
        t: H::Pixels<'_>,
        region: Region<'_>,
        hard: &mut Thresholded,
    ) -> Result<(), Error> {
        self.add_both(Pair::within(p, t, region)?, hard)
    }

    /// The same of rows that lie in larger buffers, in a region if there is one.
    ///
    /// # Errors
    ///
    /// [`Error::Rows`] if a stride is below the width or a row reaches beyond its buffer; else as [`Self::update_both`].
    pub fn update_both_rows(
        &mut self,
        p: &[P::Raw],
        t: H::Pixels<'_>,
        rows: Rows,
        region: Option<Region<'_>>,
        hard: &mut Thresholded,
    ) -> Result<(), Error> {
        let pixels = rows.pixels()?;
        self.sums().room(pixels)?;
        hard.counts.room(pixels)?;
        let before = (*self, *hard);
        for row in rows.pairs(p, t, region) {
            if let Err(error) = row.and_then(|row| self.add_both(row, hard)) {
                (*self, *hard) = before;
                return Err(error);
            }
        }
        Ok(())
    }

    fn add_both(&mut self, pair: Pair<'_, P::Raw, H::Pixels<'_>>, hard: &mut Thresholded) -> Result<(), Error> {
        hard.counts.room(pair.prediction().len() as u64)?;
        let before = (*self, *hard);
        let added = pair.pieces(SPAN).try_for_each(|span| {
            #[cfg(soft_dice_lanes = "vector")]
            let span = {
                let (taken, pixels) = (self.add_together(span, hard)?, span.prediction().len());
                match span.part(taken, pixels - taken) {
                    Some(rest) if taken < pixels => rest,
                    _ => return Ok(()),
                }
            };
            self.add_in_turns(span, hard)
        });
        if added.is_err() {
            (*self, *hard) = before;
        }
        added
    }

    /// Adds the first pixels of a span, as far as one sweep takes both: how many. After an error neither state has changed.
    #[cfg(soft_dice_lanes = "vector")]
    fn add_together(&mut self, span: Pair<'_, P::Raw, H::Pixels<'_>>, hard: &mut Thresholded) -> Result<usize, Error> {
        let (prediction, target) = (self.sums().prediction, self.sums().target);
        self.sums().room(span.prediction().len() as u64)?;
        if !prediction.keeps_its_word(span.prediction()) {
            return Err(Error::Mask);
        }
        let swept = kernel::hard_twice(&prediction, span.target_as(|t| target.mask(t)), M::ASK, hard.own.cut());
        let [linear, decided] = swept.tally;
        if linear.broken > 0 {
            return Err(Error::Mask);
        }
        self.add_tally(&linear.widen());
        hard.add(&decided);
        Ok(swept.taken)
    }

    /// Adds a span: two sweeps of a block of pixels at a time.
    fn add_in_turns(&mut self, span: Pair<'_, P::Raw, H::Pixels<'_>>, hard: &mut Thresholded) -> Result<(), Error> {
        for part in span.pieces(const { BOTH / size_of::<P::Raw>() }) {
            self.add(part)?;
            let target = self.sums().target;
            hard.run(&self.sums().prediction, part.target_as(|t| target.mask(t)));
        }
        Ok(())
    }
}
