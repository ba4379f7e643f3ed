//! One class, decided by a threshold, in the pass that takes its soft sums.

use super::Counts;
use crate::activation::Logistic;
use crate::element::{Element, ONE_BITS, Reading};
use crate::kernel::{self, ByteCodes, Everywhere, Hard, Mark, Values, apply};
use crate::sums::{Linear, Measured, Moments};
use crate::target::{Buffer, HardTarget, Own};
use crate::{Error, Record, Stream, U8};

/// Pixels that are decided at a time: on the stack.
const BLOCK: usize = 256;
/// Pixels that are taken for both sums at a time: they stay in the nearest cache, and the soft kernel's start is spread.
const BOTH: usize = 2048;

/// Counts of a prediction that is cut at a threshold, against a hard target: a [`crate::Score`] can be taken of it.
///
/// The value is compared exactly (codes as integers, floats by their bits); through [`crate::activation::Sigmoid`] or
/// a table the probability is. The tie rule is the caller's: [`Self::at_least`] or [`Self::above`]. A pixel that is
/// invalid in the soft sums is left out here too, one that is clamped is decided at the end it was brought to.
///
/// ```
/// use soft_dice::{I8, NonZero, Score, Stream, Threshold};
/// let device = I8::TFLITE;
/// let (mut soft, mut hard) = (Stream::new(device, NonZero), Threshold::at_least(&device, 0.5));
/// soft.update_both(&[-128, 0, 127, 5], &[0, 1, 1, 0], &mut hard)?;          // both from one pass
/// assert_eq!((hard.counts().p, hard.counts().t, hard.counts().pt), (3, 2, 2));
/// assert_eq!(Score::dice().f32(&hard), Ok(0.8));
/// assert!(Score::dice().f32(soft.sums())? < 0.8);
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Threshold {
    own: Own,
    counts: Counts,
}

impl Threshold {
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

    /// Adds at most BLOCK pixels.
    fn block<P: Element, H: HardTarget>(&mut self, prediction: &P, target: &H, p: &[P::Raw], t: H::Pixels<'_>) {
        let mut decided = [0; BLOCK];
        let Some(decided) = decided.get_mut(..p.len()) else { return };
        if !<H::Source<'_> as Hard>::OWN && decide(prediction, p, self.own.cut(), decided) {
            // Zeros and ones, for which every backend has lanes.
            let found = kernel::hard::<Linear, _, _, _>(&U8, decided, target.source(t), Everywhere);
            self.counts.p += found.p;
            self.counts.t += found.t;
            self.counts.pt += found.pt;
            self.counts.pixels(found.kept, found.ignored, 0);
            return;
        }
        for (at, &raw) in p.iter().enumerate() {
            let reading = prediction.read(raw);
            let key = match reading {
                Reading::Valid(value) | Reading::Clamped(value) => Some(P::key(value)),
                Reading::Invalid => None,
            };
            // The label decides first, as in the soft sums: what is ignored cannot be invalid.
            let t = match target.source(t).mark(at, key.unwrap_or(0)) {
                Mark::Zero => 0,
                Mark::One => 1,
                Mark::Ignored | Mark::Broken => {
                    self.counts.pixels(0, 1, 0);
                    continue;
                }
            };
            let Some(key) = key else {
                self.counts.pixels(0, 0, 1);
                continue;
            };
            let one = u64::from(key >= self.own.cut());
            self.counts.p += one;
            self.counts.t += t;
            self.counts.pt += one & t;
            self.counts.pixels(1, 0, 0);
        }
    }
}

impl Measured for Threshold {
    fn record(&self) -> Record {
        self.counts.record()
    }
}

/// Writes 1 where the key is at least `cut`, else 0; whether every pixel counts.
fn decide<P: Element>(prediction: &P, p: &[P::Raw], cut: u32, decided: &mut [u8]) -> bool {
    let by_bits = |floats: &[f32], decided: &mut [u8]| {
        let mut highest = 0;
        for (to, &x) in decided.iter_mut().zip(floats) {
            highest = highest.max(x.to_bits());
            *to = u8::from(x.to_bits() >= cut);
        }
        highest <= ONE_BITS
    };
    match prediction.values(p) {
        Some(Values::Codes(view, _)) if view.codes == ByteCodes::PLAIN => {
            for (to, &byte) in decided.iter_mut().zip(view.bytes) {
                *to = u8::from(u32::from(byte ^ view.flip) >= cut);
            }
            true
        }
        Some(Values::Floats { floats, .. }) => by_bits(floats, decided),
        Some(Values::Logits(logits)) => {
            let mut room = [0.0; BLOCK];
            apply(Logistic, [logits], &mut room);
            by_bits(&room, decided)
        }
        _ => p.iter().zip(decided).all(|(&raw, to)| match prediction.read(raw) {
            Reading::Valid(value) | Reading::Clamped(value) => {
                *to = u8::from(P::key(value) >= cut);
                true
            }
            Reading::Invalid => false,
        }),
    }
}

impl<P: Element, H: HardTarget, M: Moments> Stream<P, H, M> {
    /// Adds a chunk to the soft sums and to the counts behind a threshold, in one pass: a block of pixels at a time,
    /// which stays in the nearest cache between the two.
    ///
    /// # Errors
    ///
    /// As [`Self::update`]. Both states are as they were.
    pub fn update_both(&mut self, p: &[P::Raw], t: H::Pixels<'_>, hard: &mut Threshold) -> Result<(), Error> {
        if !t.holds(p.len()) {
            return Err(Error::Length);
        }
        hard.counts.room(p.len() as u64)?;
        let before = (*self, *hard);
        for (index, both) in p.chunks(BOTH).enumerate() {
            let at = index * BOTH;
            let added = t.part(at, both.len()).ok_or(Error::Length).and_then(|t| self.update(both, t));
            if let Err(error) = added {
                (*self, *hard) = before;
                return Err(error);
            }
            for (index, p) in both.chunks(BLOCK).enumerate() {
                let Some(t) = t.part(at + index * BLOCK, p.len()) else { continue };
                hard.block(&self.sums().prediction, &self.sums().target, p, t);
            }
        }
        Ok(())
    }
}
