use super::cells::{CELLS, CODES, Cell, cells, of_both};
use super::codes::CodeCounts;
use super::counter::Counter;
use super::pass;
use crate::element::EightBit;
use crate::error::Error;
use crate::num::Unit;
use crate::pixels::{Pair, Region};
use crate::stream::Rows;
use crate::sums::{Measured, Record};
use crate::target::HardTarget;
use core::fmt;

/// How often each code of an 8-bit map occurs under target 0 and under target 1: 512 counters, 2 KiB (4 KiB of `u64`).
///
/// One pass, and then every score against the hard target without another: see [the module](crate::histogram), which also states
/// the limits. It is [`Measured`]: any [`crate::Score`] of it is that of a [`crate::Stream`] of the same pixels, to the bit.
///
/// ```
/// use soft_dice::histogram::Histogram;
/// use soft_dice::{NonZero, Score, U8};
/// let mut counts = Histogram::new(U8, NonZero);
/// counts.update(&[255, 204, 51, 0], &[1, 1, 0, 0])?;
/// assert_eq!(Score::dice().f32(&counts), Ok(2.0 * 459.0 / (510.0 + 510.0)));       // soft
/// assert_eq!(Score::dice().f32(&counts.at_least(0.5)), Ok(1.0));                   // hard, at one threshold
/// let best = counts.best(&Score::dice())?;                                         // and at the best of all
/// assert_eq!((best.cut.code, best.ratio.f32()), (52, 1.0));
/// assert_eq!(counts.roc_area()?.f32(), 1.0);
/// assert!((counts.brier()? - (0.04 + 0.04) / 4.0).abs() < 1e-15);
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq)]
pub struct Histogram<P: EightBit, T: HardTarget, N: Counter = u32> {
    pub(super) prediction: P,
    pub(super) target: T,
    pub(super) table: [N; CELLS],
    pub(super) seen: u64,
    pub(super) ignored: u64,
}

impl<P: EightBit, T: HardTarget> Histogram<P, T> {
    /// No pixel yet, and room for 2³² − 1 of them.
    ///
    /// ```
    /// use soft_dice::histogram::Histogram;
    /// use soft_dice::{I8, NonZero};
    /// use std::sync::Mutex;
    /// static COUNTS: Mutex<Histogram<I8, NonZero>> = Mutex::new(Histogram::new(I8::TFLITE, NonZero));
    /// COUNTS.lock().unwrap().update(&[127, -128], &[1, 0])?;
    /// assert_eq!(COUNTS.lock().unwrap().of(127), [0, 1]);
    /// # Ok::<(), soft_dice::Error>(())
    /// ```
    #[must_use]
    pub const fn new(prediction: P, target: T) -> Self {
        Self::empty(prediction, target)
    }
}

impl<P: EightBit, T: HardTarget> Histogram<P, T, u64> {
    /// No pixel yet, and room for [`crate::CAPACITY`] of them.
    #[must_use]
    pub const fn wide(prediction: P, target: T) -> Self {
        Self::empty(prediction, target)
    }
}

impl<P: EightBit, T: HardTarget, N: Counter> Histogram<P, T, N> {
    const fn empty(prediction: P, target: T) -> Self {
        Self { prediction, target, table: [N::ZERO; CELLS], seen: 0, ignored: 0 }
    }

    /// Adds a chunk.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] if the buffers differ in pixels, [`Error::Capacity`] beyond [`Counter::LIMIT`] of them,
    /// [`Error::Mask`] if a byte of a declared mask, prediction or target, is none of its two. The counts are as they were.
    pub fn update(&mut self, p: &[P::Raw], t: T::Pixels<'_>) -> Result<(), Error> {
        self.add(Pair::new(p, t)?)
    }

    /// Adds the pixels of a chunk that lie in a region of interest.
    ///
    /// # Errors
    ///
    /// As [`Self::update`].
    pub fn update_within(&mut self, p: &[P::Raw], t: T::Pixels<'_>, region: Region<'_>) -> Result<(), Error> {
        self.add(Pair::within(p, t, region)?)
    }

    /// Adds rows that lie in larger buffers, in a region if there is one.
    ///
    /// # Errors
    ///
    /// [`Error::Rows`] if a stride is below the width or a row reaches beyond its buffer; else as [`Self::update`].
    pub fn update_rows(
        &mut self,
        p: &[P::Raw],
        t: T::Pixels<'_>,
        rows: Rows,
        region: Option<Region<'_>>,
    ) -> Result<(), Error> {
        self.room(rows.pixels()?)?;
        let target = self.target;
        // All that can be wrong, before anything is counted: bytes are looked at only where they were declared.
        for row in rows.pairs(p, t, region) {
            let row = row?;
            if !self.prediction.keeps_its_word(row.prediction()) || pass::broken(row.target_as(|t| target.mask(t))) {
                return Err(Error::Mask);
            }
        }
        rows.pairs(p, t, region).try_for_each(|row| self.count_pair(row?))
    }

    fn add(&mut self, pair: Pair<'_, P::Raw, T::Pixels<'_>>) -> Result<(), Error> {
        self.room(pair.prediction().len() as u64)?;
        if !self.prediction.keeps_its_word(pair.prediction()) {
            return Err(Error::Mask);
        }
        self.count_pair(pair)
    }

    /// Adds a pair for which there is room, or nothing.
    pub(super) fn count_pair(&mut self, pair: Pair<'_, P::Raw, T::Pixels<'_>>) -> Result<(), Error> {
        self.count_as(pair, self.target)
    }

    /// Adds a pair for which there is room under another target of the same pixels, or nothing.
    pub(super) fn count_as<H: HardTarget>(
        &mut self,
        pair: Pair<'_, P::Raw, H::Pixels<'_>>,
        target: H,
    ) -> Result<(), Error> {
        self.ignored += pass::against(&self.prediction, &mut self.table, pair.target_as(|t| target.mask(t)))?;
        self.seen += pair.prediction().len() as u64;
        Ok(())
    }

    pub(super) fn room(&self, pixels: u64) -> Result<(), Error> {
        if pixels > N::LIMIT.saturating_sub(self.seen) { Err(Error::Capacity) } else { Ok(()) }
    }

    /// Adds the counts of other pixels.
    ///
    /// # Errors
    ///
    /// [`Error::Mismatch`] if element or target are others, [`Error::Capacity`]. The counts are as they were.
    pub fn merge(&mut self, other: &Self) -> Result<(), Error> {
        if self.prediction != other.prediction || self.target != other.target {
            return Err(Error::Mismatch);
        }
        self.room(other.seen)?;
        for (cell, more) in self.table.iter_mut().zip(&other.table) {
            *cell = cell.plus((*more).into());
        }
        self.seen += other.seen;
        self.ignored += other.ignored;
        Ok(())
    }

    /// Adds counts that were taken elsewhere, on a device say: `counts` gives what [`Self::of`] gives, the pixels of a raw value under
    /// target 0 and under target 1, and `ignored` is how many were left out.
    ///
    /// ```
    /// use soft_dice::histogram::Histogram;
    /// use soft_dice::{NonZero, U8};
    /// let mut device = Histogram::new(U8, NonZero);
    /// device.update(&[255, 204, 51, 0], &[1, 1, 0, 0])?;
    /// let mut host = Histogram::new(U8, NonZero);
    /// host.add_counts(|raw| device.of(raw), device.ignored())?;
    /// assert_eq!(host, device);
    /// # Ok::<(), soft_dice::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Capacity`]; [`Error::Mask`] if the element is a declared mask, and pixels of another byte than its two were counted.
    /// The counts are as they were.
    pub fn add_counts(&mut self, counts: impl Fn(P::Raw) -> [u64; 2], ignored: u64) -> Result<(), Error> {
        let mut seen = ignored;
        for byte in 0..=u8::MAX {
            let raw = P::of_byte(byte);
            let [zeros, ones] = counts(raw);
            let pixels = zeros.saturating_add(ones);
            if pixels > 0 && !self.prediction.keeps_its_word(&[raw]) {
                return Err(Error::Mask);
            }
            seen = seen.saturating_add(pixels);
        }
        self.room(seen)?;
        let (zeros, ones) = self.table.split_at_mut(CODES);
        for ((byte, zeros), ones) in (0..=u8::MAX).zip(zeros).zip(ones) {
            let [zero, one] = counts(P::of_byte(byte));
            (*zeros, *ones) = (zeros.plus(zero), ones.plus(one));
        }
        self.seen += seen;
        self.ignored += ignored;
        Ok(())
    }

    /// Forgets all pixels, for the next frame.
    pub const fn reset(&mut self) {
        *self = Self::empty(self.prediction, self.target);
    }

    /// The same counts, with room for [`crate::CAPACITY`] pixels.
    #[must_use]
    pub fn widened(&self) -> Histogram<P, T, u64> {
        let Self { prediction, target, table, seen, ignored } = *self;
        Histogram { prediction, target, table: table.map(Into::into), seen, ignored }
    }

    /// The counts without the target: for confidence and for distances. They fit, because they are of as many pixels.
    #[must_use]
    pub fn codes(&self) -> CodeCounts<P, N> {
        let mut codes = CodeCounts::<P, N>::empty(self.prediction);
        for (byte, cell) in (0..=u8::MAX).zip(&mut codes.table) {
            let [zeros, ones] = of_both(&self.table, byte);
            *cell = cell.plus(zeros).plus(ones);
        }
        (codes.seen, codes.ignored) = (self.seen, self.ignored);
        codes
    }

    /// What the codes denote.
    #[must_use]
    pub const fn prediction(&self) -> P {
        self.prediction
    }

    /// What the target's bytes or bits denote.
    #[must_use]
    pub const fn target(&self) -> T {
        self.target
    }

    /// Pixels that bear this raw value: under target 0, and under target 1.
    #[must_use]
    pub fn of(&self, raw: P::Raw) -> [u64; 2] {
        of_both(&self.table, P::raw_bytes(&[raw]).first().copied().unwrap_or_default())
    }

    /// Pixels that were counted.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.seen - self.ignored
    }

    /// Pixels left out: the ignore label, or outside the region of interest.
    #[must_use]
    pub const fn ignored(&self) -> u64 {
        self.ignored
    }

    pub(super) fn cells(&self) -> impl Iterator<Item = Cell> + '_ {
        cells(self.prediction, |byte| of_both(&self.table, byte))
    }
}

/// The sums of a stream of the same pixels that keeps all of them. Bound: 2⁴⁰ pixels of codes up to 255 have sums of squares below
/// 2⁵⁶.
impl<P: EightBit, T: HardTarget, N: Counter> Measured for Histogram<P, T, N> {
    fn record(&self) -> Record {
        let (mut p, mut t, mut pt, mut pp, mut clamped) = (0, 0, 0, 0, 0);
        for cell in self.cells() {
            let all = cell.all();
            p += cell.code * all;
            t += cell.pixels[1];
            pt += cell.code * cell.pixels[1];
            pp += cell.code * cell.code * all;
            clamped += if cell.clamped { all } else { 0 };
        }
        let [p, t, pt, pp] = [p, t, pt, pp].map(u128::from);
        Record {
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
            clamped,
            p,
            t,
            pt,
            squares: Some((pp, t)),
            minima: Some((pt, 0)),
        }
    }
}

/// How many pixels; 512 counts are no line.
impl<P: EightBit, T: HardTarget, N: Counter> fmt::Debug for Histogram<P, T, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { prediction, target, seen, ignored, .. } = self;
        f.debug_struct("Histogram")
            .field("prediction", prediction)
            .field("target", target)
            .field("seen", seen)
            .field("ignored", ignored)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "defmt")]
impl<P: EightBit, T: HardTarget, N: Counter> defmt::Format for Histogram<P, T, N> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "Histogram of {=u64} pixels, {=u64} left out", self.count(), self.ignored);
    }
}

// What the module says of memory: the counters, and some tens of bytes.
const _: () = {
    use crate::element::U8;
    use crate::target::NonZero;
    assert!(size_of::<CodeCounts<U8, u32>>() <= 4 * CODES + 64 && size_of::<CodeCounts<U8, u64>>() <= 8 * CODES + 64);
    assert!(size_of::<Histogram<U8, NonZero, u32>>() <= 4 * CELLS + 64);
    assert!(size_of::<Histogram<U8, NonZero, u64>>() <= 8 * CELLS + 64);
};
