//! How far the codes of two maps lie apart: has the output of a device moved?

use super::codes::CodeCounts;
use super::counter::Counter;
use super::logarithm::ln;
use crate::element::EightBit;
use crate::error::Error;
use crate::score::Ratio;

impl<P: EightBit, N: Counter> CodeCounts<P, N> {
    /// Σ over codes of |a/A − b/B|, where a and b count a code and A and B all pixels: 0 for the same shares, 2 if no code occurs in
    /// both. Exact. Half of it is the total variation.
    ///
    /// ```
    /// use soft_dice::histogram::CodeCounts;
    /// use soft_dice::U8;
    /// let [mut monday, mut friday] = [CodeCounts::new(U8); 2];
    /// monday.update(&[0, 0, 255, 255])?;
    /// friday.update(&[0, 255, 255, 255, 0, 255, 255, 255])?;
    /// assert_eq!(monday.l1(&friday)?.f32(), 0.5);
    /// assert!((monday.jensen_shannon(&friday)? - 0.033_82).abs() < 1e-5);
    /// # Ok::<(), soft_dice::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Mismatch`] if the elements differ, [`Error::Undefined`] if either has no pixel.
    pub fn l1<M: Counter>(&self, other: &CodeCounts<P, M>) -> Result<Ratio, Error> {
        let (a, b) = self.both(other)?;
        let mut apart = 0;
        for byte in 0..=u8::MAX {
            // Each product is below 2^80, and their sum at most 2 · A · B.
            let (mine, its) = (u128::from(self.byte(byte)) * b, u128::from(other.byte(byte)) * a);
            apart += mine.abs_diff(its);
        }
        Ratio::signed(apart as i128, a * b).ok_or(Error::Undefined)
    }

    /// The Jensen–Shannon divergence of the shares of the codes, in nats: 0 for the same shares, ln 2 if no code occurs in both.
    /// (scipy's `jensenshannon` is its square root.)
    ///
    /// # Errors
    ///
    /// As [`Self::l1`].
    pub fn jensen_shannon<M: Counter>(&self, other: &CodeCounts<P, M>) -> Result<f64, Error> {
        let (all_a, all_b) = self.both(other)?;
        let (all_a, all_b) = (all_a as f64, all_b as f64);
        let mut twice = 0.0;
        for byte in 0..=u8::MAX {
            let (a, b) = (self.byte(byte) as f64 / all_a, other.byte(byte) as f64 / all_b);
            let both = a + b;
            // a · ln(a / ((a + b)/2)), and 0 where a is.
            let term = |share: f64| if share == 0.0 { 0.0 } else { share * ln(2.0 * share / both) };
            twice += term(a) + term(b);
        }
        // Terms of either sign cancel to nothing but dust where the shares are the same.
        Ok((twice / 2.0).max(0.0))
    }

    /// How many pixels each has.
    fn both<M: Counter>(&self, other: &CodeCounts<P, M>) -> Result<(u128, u128), Error> {
        if self.prediction != other.prediction {
            return Err(Error::Mismatch);
        }
        if self.count() == 0 || other.count() == 0 {
            return Err(Error::Undefined);
        }
        Ok((self.count().into(), other.count().into()))
    }
}
