//! One class, decided by a threshold, in the pass that takes its soft sums.

use super::Counts;
use crate::activation::Logistic;
use crate::element::Element;
use crate::kernel::{self, Decided, Everywhere, Tally, Values, apply};
use crate::sums::{Acc, Linear, Measured, Moments};
use crate::target::{Buffer, HardTarget, Own};
use crate::{Error, F32, Record, Stream};

/// Logits that are taken through the sigmoid at a time: on the stack.
const BLOCK: usize = 256;
/// Bytes of prediction that are taken for both sums at a time: with their target they stay in the nearest cache, and the
/// start of two sweeps is spread.
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
    /// Foreground where p ≥ `threshold`: the usual tie rule. A threshold outside \[0, 1\] is reached by all or by none.
    pub fn at_least<P: Element>(prediction: &P, threshold: f32) -> Self {
        Self { own: Own::at_least(prediction, threshold), counts: Counts::NONE }
    }

    /// Foreground where p > `threshold`.
    pub fn above<P: Element>(prediction: &P, threshold: f32) -> Self {
        Self { own: Own::above(prediction, threshold), counts: Counts::NONE }
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
    fn run<P: Element, H: HardTarget>(&mut self, prediction: &P, target: &H, p: &[P::Raw], t: H::Pixels<'_>) {
        let Some(Values::Logits(logits)) = prediction.values(p) else {
            let target = Decided::new(target.source(t), self.own.cut());
            self.add(&kernel::hard::<Linear, _, _, _>(prediction, p, target, Everywhere));
            return;
        };
        // Every backend has lanes for a sigmoid, and for the floats that it leaves.
        for (index, (logits, p)) in logits.chunks(BLOCK).zip(p.chunks(BLOCK)).enumerate() {
            let Some(t) = t.part(index * BLOCK, p.len()) else { return };
            let target = Decided::new(target.source(t), self.own.cut());
            let mut room = [0.0; BLOCK];
            apply(Logistic, [logits], &mut room);
            let room = room.get(..p.len()).unwrap_or_default();
            let found = kernel::hard::<Linear, _, _, _>(&F32::new(), room, target, Everywhere);
            if found.invalid == 0 {
                self.add(&found);
            } else {
                // What becomes of NaN is the element's to say.
                self.add(&kernel::hard::<Linear, _, _, _>(prediction, p, target, Everywhere));
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
    /// Adds a chunk to the soft sums and to the counts behind a threshold, in one pass over memory: two sweeps of a block
    /// of pixels at a time, which stays in the nearest cache between the two.
    ///
    /// # Errors
    ///
    /// As [`Self::update`]. Both states are as they were.
    pub fn update_both(&mut self, p: &[P::Raw], t: H::Pixels<'_>, hard: &mut Thresholded) -> Result<(), Error> {
        if !t.holds(p.len()) {
            return Err(Error::Length);
        }
        hard.counts.room(p.len() as u64)?;
        let before = (*self, *hard);
        let block = const { BOTH / size_of::<P::Raw>() };
        for (index, p) in p.chunks(block).enumerate() {
            let part = t.part(index * block, p.len()).ok_or(Error::Length);
            let added = part.and_then(|t| {
                self.update(p, t)?;
                hard.run(&self.sums().prediction, &self.sums().target, p, t);
                Ok(())
            });
            if let Err(error) = added {
                (*self, *hard) = before;
                return Err(error);
            }
        }
        Ok(())
    }
}
