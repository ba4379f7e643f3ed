//! Hard counts and confidence at any threshold, and at all of them.

use super::against::Histogram;
use super::codes::CodeCounts;
use super::counter::Counter;
use crate::counts::Counts;
use crate::element::EightBit;
use crate::error::Error;
use crate::num::Unit;
use crate::score::{Ratio, Score};
use crate::sums::Record;
use crate::target::HardTarget;

/// Thresholds that 8-bit codes can tell apart: foreground from code 0 on, …, from code 255 on, and nowhere.
const CUTS: u32 = 257;

/// What is read at one threshold: foreground from `code` on (after the zero point).
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Cut<S> {
    /// The least code that is foreground, 0 to 256: at 256 none is.
    pub code: u32,
    /// Counts of the prediction so decided, or sums of the map with its own mask.
    pub sums: S,
}

/// The threshold at which a score is best.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Best {
    /// The threshold and the counts there; the lowest of equally good ones.
    pub cut: Cut<Counts>,
    /// The score there, of what it was asked of: a loss is a loss.
    pub ratio: Ratio,
    /// The threshold as a probability, code · unit: a prediction is foreground where p is at least this.
    pub threshold: f64,
}

impl<P: EightBit, T: HardTarget, N: Counter> Histogram<P, T, N> {
    /// Hard counts where p ≥ `threshold`, compared exactly: as [`crate::Thresholded::at_least`].
    #[must_use]
    pub fn at_least(&self, threshold: f32) -> Counts {
        self.from_code(self.prediction.cut(threshold, false))
    }

    /// Hard counts where p > `threshold`.
    #[must_use]
    pub fn above(&self, threshold: f32) -> Counts {
        self.from_code(self.prediction.cut(threshold, true))
    }

    /// Hard counts from this code on (after the zero point).
    #[must_use]
    pub fn from_code(&self, code: u32) -> Counts {
        let (mut counts, code) = (self.counts(), u64::from(code));
        for cell in self.cells() {
            counts.t += cell.pixels[1];
            if cell.code >= code {
                counts.p += cell.all();
                counts.pt += cell.pixels[1];
            }
        }
        counts
    }

    /// Hard counts at every threshold, from code 0 up to 256: 257 of them.
    pub fn cuts(&self) -> impl Iterator<Item = Cut<Counts>> + '_ {
        let mut next = self.from_code(0);
        let mut cells = self.cells().peekable();
        (0..CUTS).map(move |code| {
            let sums = next;
            while let Some(cell) = cells.next_if(|cell| cell.code <= u64::from(code)) {
                next.p -= cell.all();
                next.pt -= cell.pixels[1];
            }
            Cut { code, sums }
        })
    }

    /// The threshold at which `score` is best (a loss least), compared exactly; of equally good ones the lowest. Thresholds at
    /// which it is undefined or left out are passed over.
    ///
    /// # Errors
    ///
    /// [`Error::Undefined`] if it is so at every threshold; else as [`Score::ratio`].
    pub fn best(&self, score: &Score) -> Result<Best, Error> {
        let gain = score.gain();
        let mut best: Option<(Cut<Counts>, Ratio)> = None;
        for cut in self.cuts() {
            let ratio = match gain.ratio(&cut.sums) {
                Ok(ratio) => ratio,
                Err(Error::Undefined | Error::Skipped) => continue,
                Err(error) => return Err(error),
            };
            if best.is_none_or(|(_, most)| greater(ratio, most)) {
                best = Some((cut, ratio));
            }
        }
        let (cut, _) = best.ok_or(Error::Undefined)?;
        let threshold = self.prediction.unit().value(cut.code.into());
        Ok(Best { cut, ratio: score.ratio(&cut.sums)?, threshold })
    }

    /// No pixel of either kind, of as many as were counted.
    fn counts(&self) -> Counts {
        let mut counts = Counts::NONE;
        counts.pixels(self.count(), self.ignored, 0);
        counts
    }
}

/// a > b. Numerators are below 2⁶³ and denominators below 2⁶⁴, so that their products fit.
const fn greater(a: Ratio, b: Ratio) -> bool {
    a.numerator() as i128 * b.denominator() as i128 > b.numerator() as i128 * a.denominator() as i128
}

impl<P: EightBit, N: Counter> CodeCounts<P, N> {
    /// Sums of the map with its own mask, p ≥ `threshold`: what [`crate::confidence::CONFIDENCE`] is taken of.
    #[must_use]
    pub fn own_at_least(&self, threshold: f32) -> Record {
        self.own(self.prediction.cut(threshold, false))
    }

    /// The same where p > `threshold`.
    #[must_use]
    pub fn own_above(&self, threshold: f32) -> Record {
        self.own(self.prediction.cut(threshold, true))
    }

    /// Sums of the map with its own mask from this code on (after the zero point): those of a [`crate::Stream`] against
    /// [`crate::Own::from_code`] that keeps squares.
    #[must_use]
    pub fn own(&self, code: u32) -> Record {
        let mut record = Record {
            version: Record::VERSION,
            unit_p: self.prediction.unit(),
            unit_t: Unit::ONE,
            zero_point_p: self.prediction.zero_point(),
            zero_point_t: 0,
            rounded: 0,
            hard: true,
            count: self.count(),
            ignored: self.ignored,
            invalid: 0,
            clamped: 0,
            p: 0,
            t: 0,
            pt: 0,
            squares: None,
            minima: None,
        };
        let mut pp = 0;
        for cell in self.cells() {
            let [n, code_here] = [cell.all(), cell.code];
            record.p += u128::from(n * code_here);
            pp += u128::from(n * code_here * code_here);
            record.clamped += if cell.clamped { n } else { 0 };
            if code_here >= u64::from(code) {
                record.t += u128::from(n);
                record.pt += u128::from(n * code_here);
            }
        }
        record.squares = Some((pp, record.t));
        record.minima = Some((record.pt, 0));
        record
    }

    /// The same at every threshold, from code 0 up to 256: 257 of them. Soft Dice Confidence at every threshold is
    /// `CONFIDENCE.ratio(&cut.sums)` of each.
    pub fn own_cuts(&self) -> impl Iterator<Item = Cut<Record>> + '_ {
        let mut next = self.own(0);
        let mut cells = self.cells().peekable();
        (0..CUTS).map(move |code| {
            let sums = next;
            while let Some(cell) = cells.next_if(|cell| cell.code <= u64::from(code)) {
                next.t -= u128::from(cell.all());
                next.pt -= u128::from(cell.all() * cell.code);
            }
            next.squares = next.squares.map(|(pp, _)| (pp, next.t));
            next.minima = Some((next.pt, 0));
            Cut { code, sums }
        })
    }
}
