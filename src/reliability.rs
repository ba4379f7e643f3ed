use crate::element::{Element, Integer, Reading};
use crate::error::Error;
use crate::num::Acc;
use crate::pixels::Pair;
use crate::stream;
use crate::sums::{CAPACITY, Linear};
use crate::target::{HardTarget, Target};

/// The pixels whose probability lies in one of the bins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Bin<A> {
    /// How many.
    pub count: u64,
    /// Σp, in codes of the prediction's unit: over `count` it is the confidence.
    pub p: A,
    /// Σt: over `count` it is the accuracy.
    pub t: u64,
}

/// Whether probabilities mean what they say: reliability bins of p against a mask, and the expected calibration error.
///
/// Soft Dice Confidence presumes calibrated probabilities; this measures it, on the same chunks as the stream. Bin k of B
/// has the pixels with k/B ≤ p < (k + 1)/B, and the last also p = 1, compared exactly. Sums are exact, so that chunks and
/// merges of any order give the same bits.
///
/// ```
/// use soft_dice::{NonZero, Reliability, U8};
/// let mut bins = Reliability::<_, _, 10>::new(U8, NonZero);
/// bins.update(&[204, 204, 204, 204, 204], &[1, 1, 1, 1, 0])?;     // says 0.8, and is right in 4 of 5
/// assert_eq!((bins.bins()[8].count, bins.bins()[8].t), (5, 4));
/// assert_eq!(bins.expected_error(), Ok(0.0));
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reliability<P: Element, T: HardTarget, const B: usize> {
    prediction: P,
    target: T,
    bins: [Bin<P::Sum>; B],
    seen: u64,
}

#[cfg(feature = "defmt")]
impl<P: Element, T: HardTarget, const B: usize> defmt::Format for Reliability<P, T, B> {
    fn format(&self, f: defmt::Formatter<'_>) {
        let bins = self.bins.map(|Bin { count, p, t }| Bin::<u128> { count, p: p.into(), t });
        defmt::write!(f, "Reliability {{ seen: {=u64}, bins: {} }}", self.seen, bins);
    }
}

impl<P: Element, T: HardTarget, const B: usize> Reliability<P, T, B> {
    /// B bins of equal width; B is from 1 to 256.
    ///
    /// ```
    /// use soft_dice::{NonZero, Reliability, U8};
    /// use std::sync::Mutex;
    /// static BINS: Mutex<Reliability<U8, NonZero, 10>> = Mutex::new(Reliability::new(U8, NonZero));
    /// BINS.lock().unwrap().update(&[204, 3], &[1, 0])?;
    /// assert_eq!(BINS.lock().unwrap().bins()[8].t, 1);
    /// # Ok::<(), soft_dice::Error>(())
    /// ```
    #[must_use]
    pub const fn new(prediction: P, target: T) -> Self {
        const { assert!(B >= 1 && B <= 256, "1 to 256 bins") };
        Self { prediction, target, bins: [Bin { count: 0, p: P::Sum::ZERO, t: 0 }; B], seen: 0 }
    }

    /// The bins of pixels that were counted by their codes, of which `seen` were looked at: a code, how many bear it, and how many of
    /// these are in the target.
    pub(crate) fn of_codes(prediction: P, target: T, seen: u64, codes: impl Iterator<Item = (u32, u64, u64)>) -> Self
    where
        P: Integer,
    {
        let mut all = Self::new(prediction, target);
        for (code, count, ones) in codes {
            if let Some(bin) = all.bin(code) {
                bin.count += count;
                bin.p = bin.p.plus(u128::from(code) * u128::from(count));
                bin.t += ones;
            }
        }
        all.seen = seen;
        all
    }

    /// The bin of a key: that of 1.0, or of a code beyond it by the rounding of a scale, is the last.
    fn bin(&mut self, key: u32) -> Option<&mut Bin<P::Sum>> {
        let bin = self.prediction.bin(key, B as u16).min(B as u32 - 1);
        self.bins.get_mut(bin as usize)
    }

    /// Adds a chunk. Invalid and ignored pixels are in no bin.
    ///
    /// # Errors
    ///
    /// As [`crate::Stream::update`]. The bins are as they were.
    pub fn update(&mut self, p: &[P::Raw], t: T::Pixels<'_>) -> Result<(), Error> {
        let pair = Pair::new(p, t)?;
        if p.len() as u64 > CAPACITY - self.seen {
            return Err(Error::Capacity);
        }
        // All that can be wrong, before any bin moves.
        stream::sweep::<P, T, Linear>(&self.prediction, &self.target, pair)?;
        for (at, &raw) in p.iter().enumerate() {
            let (Reading::Valid(value) | Reading::Clamped(value)) = self.prediction.read(raw) else { continue };
            let key = P::key(value);
            let Some(one) = Target::<P>::value(&self.target, t, at, key) else { continue };
            if let Some(bin) = self.bin(key) {
                bin.count += 1;
                bin.p = bin.p.plus_code(P::code(value));
                bin.t += u64::from(one > 0.0);
            }
        }
        self.seen += p.len() as u64;
        Ok(())
    }

    /// Adds the bins of other pixels.
    ///
    /// # Errors
    ///
    /// [`Error::Mismatch`] if the elements or targets differ, or [`Error::Capacity`]. The bins are as they were.
    pub fn merge(&mut self, other: &Self) -> Result<(), Error> {
        if self.prediction != other.prediction || self.target != other.target {
            return Err(Error::Mismatch);
        }
        if other.seen > CAPACITY - self.seen {
            return Err(Error::Capacity);
        }
        for (a, b) in self.bins.iter_mut().zip(&other.bins) {
            *a = Bin { count: a.count + b.count, p: a.p.plus(b.p.into()), t: a.t + b.t };
        }
        self.seen += other.seen;
        Ok(())
    }

    /// The value of one code of p.
    #[must_use]
    pub fn unit(&self) -> crate::num::Unit {
        self.prediction.unit()
    }

    /// Pixels in the bins.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.bins.iter().map(|bin| bin.count).sum()
    }

    /// The bins, that of the least probabilities first.
    #[must_use]
    pub const fn bins(&self) -> &[Bin<P::Sum>; B] {
        &self.bins
    }

    /// Confidence and accuracy of a bin; `None` if it is empty.
    #[must_use]
    pub fn reliability(&self, bin: usize) -> Option<(f64, f64)> {
        let Bin { count, p, t } = *self.bins.get(bin)?;
        let count = count as f64;
        if count == 0.0 { None } else { Some((self.prediction.unit().value(p.into()) / count, t as f64 / count)) }
    }

    /// Expected calibration error: the mean of |confidence − accuracy| over pixels, Σ|Σp − Σt| / n.
    ///
    /// # Errors
    ///
    /// [`Error::Undefined`] of no pixels.
    pub fn expected_error(&self) -> Result<f64, Error> {
        let (mut gaps, mut count) = (0.0, 0u64);
        for bin in &self.bins {
            let gap = self.prediction.unit().value(bin.p.into()) - bin.t as f64;
            gaps += gap.abs();
            count += bin.count;
        }
        if count == 0 { Err(Error::Undefined) } else { Ok(gaps / count as f64) }
    }
}
