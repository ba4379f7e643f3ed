use crate::element::{Element, Integer, Reading};
use crate::error::Error;
use crate::num::Acc;
use crate::pixels::{ByteMask, Mark, Mask, Pair};
use crate::plain::{self, Width};
use crate::stream;
use crate::sums::{CAPACITY, Linear};
use crate::target::HardTarget;

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
        // All that can be wrong, before any bin moves; of codes of 8 bits beside a mask of any bytes there is nothing.
        let any = P::DECLARED || self.prediction.bytes(p).is_none() || self.target.mask(t).is_checked();
        if any {
            stream::sweep::<P, T, Linear>(&self.prediction, &self.target, pair)?;
        }
        self.count_pixels(p, t);
        self.seen += p.len() as u64;
        Ok(())
    }

    /// Adds what was checked: in bins of 32 bits, where codes fit them ([`plain::fits`]), a block of pixels at a time. A microcontroller
    /// adds 32 bits in one instruction, and 64 in two.
    fn count_pixels(&mut self, p: &[P::Raw], t: T::Pixels<'_>) {
        let whole = self.target.mask(t);
        let mut from = 0;
        for p in p.chunks(plain::block(P::BITS)) {
            let mut bins = [[0u32; 3]; B];
            let Some(mask) = whole.part(from, p.len()) else { return };
            match mask {
                // Side by side, so that no place is compared with a length.
                Mask::Bytes(ByteMask { bytes, meaning }) => {
                    p.iter()
                        .zip(bytes)
                        .for_each(|(&raw, &byte)| self.count_pixel(&mut bins, raw, |_| meaning.mark(byte)));
                }
                Mask::Bits(_) | Mask::Own(_) => {
                    p.iter()
                        .enumerate()
                        .for_each(|(at, &raw)| self.count_pixel(&mut bins, raw, |key| mask.mark(at, key)));
                }
            }
            self.add_block(&bins);
            from += p.len();
        }
    }

    #[inline(always)]
    fn count_pixel(&mut self, bins: &mut [[u32; 3]; B], raw: P::Raw, mark: impl FnOnce(u32) -> Mark) {
        let (Reading::Valid(value) | Reading::Clamped(value)) = self.prediction.read(raw) else { return };
        let key = P::key(value);
        let one = match mark(key) {
            Mark::Zero => 0,
            Mark::One => 1,
            Mark::Ignored | Mark::Broken => return,
        };
        let bin = self.prediction.bin(key, B as u16).min(B as u32 - 1) as usize;
        let [count, sum, ones] = &mut bins[bin];
        *count += 1;
        *ones += one;
        if matches!(plain::fits(P::BITS, P::BITS), Width::Short) {
            // Wrapping: a broken promise of `Trusted` may give any code.
            *sum = sum.wrapping_add(P::code(value) as u32);
        } else if let Some(bin) = self.bins.get_mut(bin) {
            bin.p = bin.p.plus_code(P::code(value));
        }
    }

    /// Adds the pixels, Σp and Σt of each bin of a block. Out of line, so that the loop over pixels has the registers.
    #[inline(never)]
    fn add_block(&mut self, bins: &[[u32; 3]; B]) {
        for (bin, &[count, sum, ones]) in self.bins.iter_mut().zip(bins) {
            bin.count += u64::from(count);
            bin.p = bin.p.plus_code(u64::from(sum));
            bin.t += u64::from(ones);
        }
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
