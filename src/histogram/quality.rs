//! Whether probabilities mean what they say, and whether they rank pixels well.

use super::against::Histogram;
use super::cells::by_code;
use super::counter::Counter;
use crate::element::EightBit;
use crate::error::Error;
use crate::reliability::Reliability;
use crate::score::Ratio;
use crate::target::HardTarget;

impl<P: EightBit, T: HardTarget, N: Counter> Histogram<P, T, N> {
    /// The mean of (p − t)² over pixels: the Brier score of a binary map.
    ///
    /// # Errors
    ///
    /// [`Error::Undefined`] of no pixel.
    pub fn brier(&self) -> Result<f64, Error> {
        let mut total = 0.0;
        for cell in self.cells() {
            let p = self.probability(cell.code);
            let [zeros, ones] = cell.pixels.map(|pixels| pixels as f64);
            total += zeros * (p * p) + ones * ((1.0 - p) * (1.0 - p));
        }
        self.mean(total)
    }

    /// The reliability bins of the same pixels, B of them: exactly what a [`Reliability`] had counted, with its
    /// [`expected_error`](Reliability::expected_error) (ECE).
    ///
    /// ```
    /// use soft_dice::histogram::Histogram;
    /// use soft_dice::{NonZero, U8};
    /// let mut counts = Histogram::new(U8, NonZero);
    /// counts.update(&[204, 204, 204, 204, 204], &[1, 1, 1, 1, 0])?;           // says 0.8, and is right in 4 of 5
    /// assert_eq!(counts.reliability::<10>().expected_error(), Ok(0.0));
    /// # Ok::<(), soft_dice::Error>(())
    /// ```
    #[must_use]
    pub fn reliability<const B: usize>(&self) -> Reliability<P, T, B> {
        let cells = self.cells().map(|cell| (cell.code as u32, cell.all(), cell.pixels[1]));
        Reliability::of_codes(self.prediction, self.target, self.seen, cells)
    }

    /// The area under the ROC curve: how often a pixel of the target has a greater code than one outside, ties counting half.
    /// Exact: Σ over codes of n₁·(n₀ below + n₀/2), over N₀·N₁.
    ///
    /// # Errors
    ///
    /// [`Error::Undefined`] unless there are pixels of both kinds.
    pub fn roc_area(&self) -> Result<Ratio, Error> {
        let (mut twice, mut zeros, mut ones) = (0u128, 0u64, 0u64);
        for cell in by_code(self.cells()) {
            // At most 2^40 · 2^42 a code, and in all twice N0 · N1.
            twice += u128::from(cell.pixels[1]) * u128::from(2 * zeros + cell.pixels[0]);
            zeros += cell.pixels[0];
            ones += cell.pixels[1];
        }
        Ratio::signed(twice as i128, 2 * u128::from(zeros) * u128::from(ones)).ok_or(Error::Undefined)
    }

    /// Average precision, the area under the precision-recall curve as a sum of steps: Σ (R_k − R_(k−1))·P_k over the thresholds from
    /// the highest down. It is scikit-learn's `average_precision_score`, without interpolation, which would flatter.
    ///
    /// # Errors
    ///
    /// [`Error::Undefined`] if the target has no pixel.
    pub fn average_precision(&self) -> Result<f64, Error> {
        let counts = self.from_code(0);
        if counts.t == 0 {
            return Err(Error::Undefined);
        }
        // Codes rise, so that what lies at or above a code is what is left.
        let (mut above, mut ones_above, mut area) = (counts.p, counts.t, 0.0);
        for cell in by_code(self.cells()) {
            if cell.pixels[1] > 0 {
                area += cell.pixels[1] as f64 * (ones_above as f64 / above as f64);
            }
            above -= cell.all();
            ones_above -= cell.pixels[1];
        }
        Ok(area / counts.t as f64)
    }
}
