use super::cells::{CODES, Cell, cells};
use super::counter::Counter;
use super::pass;
use crate::element::EightBit;
use crate::error::Error;
use crate::pixels::{Pair, Region};
use crate::stream::Rows;
use core::fmt;

/// How often each code of an 8-bit map occurs, without a target: 256 counters, 1 KiB (2 KiB of `u64`).
///
/// It knows Soft Dice Confidence at every threshold, and how far the output has moved since another day: see
/// [the module](crate::histogram), which also states the limits. Pixels outside a region are left out.
///
/// ```
/// use soft_dice::histogram::CodeCounts;
/// use soft_dice::confidence::CONFIDENCE;
/// use soft_dice::I8;
/// let mut codes = CodeCounts::new(I8::TFLITE);
/// codes.update(&[127, 127, -128, -64])?;                             // 255, 255, 0, 64 of 256
/// assert_eq!((codes.of(127), codes.of(-64), codes.count()), (2, 1, 4));
/// assert_eq!(CONFIDENCE.f32(&codes.own_at_least(0.5)), Ok(1020.0 / 1086.0));
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq)]
pub struct CodeCounts<P: EightBit, N: Counter = u32> {
    pub(super) prediction: P,
    pub(super) table: [N; CODES],
    pub(super) seen: u64,
    pub(super) ignored: u64,
}

impl<P: EightBit> CodeCounts<P> {
    /// No pixel yet, and room for 2³² − 1 of them.
    ///
    /// ```
    /// use soft_dice::I8;
    /// use soft_dice::histogram::CodeCounts;
    /// use std::sync::Mutex;
    /// static CODES: Mutex<CodeCounts<I8>> = Mutex::new(CodeCounts::new(I8::TFLITE));
    /// CODES.lock().unwrap().update(&[127, -128])?;
    /// assert_eq!(CODES.lock().unwrap().of(127), 1);
    /// # Ok::<(), soft_dice::Error>(())
    /// ```
    #[must_use]
    pub const fn new(prediction: P) -> Self {
        Self::empty(prediction)
    }
}

impl<P: EightBit> CodeCounts<P, u64> {
    /// No pixel yet, and room for [`crate::CAPACITY`] of them.
    #[must_use]
    pub const fn wide(prediction: P) -> Self {
        Self::empty(prediction)
    }
}

impl<P: EightBit, N: Counter> CodeCounts<P, N> {
    pub(super) const fn empty(prediction: P) -> Self {
        Self { prediction, table: [N::ZERO; CODES], seen: 0, ignored: 0 }
    }

    /// Adds a chunk.
    ///
    /// # Errors
    ///
    /// [`Error::Capacity`] beyond [`Counter::LIMIT`] pixels; [`Error::Mask`] if the element is a declared mask and a byte is
    /// none of its two. The counts are as they were.
    pub fn update(&mut self, p: &[P::Raw]) -> Result<(), Error> {
        self.add(Pair::new(p, ())?)
    }

    /// Adds the pixels of a chunk that lie in a region of interest.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] if the region has other pixels; else as [`Self::update`].
    pub fn update_within(&mut self, p: &[P::Raw], region: Region<'_>) -> Result<(), Error> {
        self.add(Pair::within(p, (), region)?)
    }

    /// Adds rows that lie in larger buffers, in a region if there is one; the target's stride says nothing here.
    ///
    /// # Errors
    ///
    /// [`Error::Rows`] if a stride is below the width or a row reaches beyond its buffer; else as [`Self::update`].
    pub fn update_rows(&mut self, p: &[P::Raw], rows: Rows, region: Option<Region<'_>>) -> Result<(), Error> {
        let rows = Rows { target_stride: rows.width, ..rows };
        self.room(rows.pixels()?)?;
        for row in rows.pairs(p, (), region) {
            self.declared(row?.prediction())?;
        }
        for row in rows.pairs(p, (), region) {
            self.count_pair(row?);
        }
        Ok(())
    }

    fn add(&mut self, pair: Pair<'_, P::Raw, ()>) -> Result<(), Error> {
        self.room(pair.prediction().len() as u64)?;
        self.declared(pair.prediction())?;
        self.count_pair(pair);
        Ok(())
    }

    /// Adds what was checked.
    pub(super) fn count_pair(&mut self, pair: Pair<'_, P::Raw, ()>) {
        self.ignored += pass::alone(&mut self.table, P::raw_bytes(pair.prediction()), pair.region());
        self.seen += pair.prediction().len() as u64;
    }

    pub(super) fn declared(&self, p: &[P::Raw]) -> Result<(), Error> {
        if self.prediction.keeps_its_word(p) { Ok(()) } else { Err(Error::Mask) }
    }

    pub(super) fn room(&self, pixels: u64) -> Result<(), Error> {
        if pixels > N::LIMIT.saturating_sub(self.seen) { Err(Error::Capacity) } else { Ok(()) }
    }

    /// Adds the counts of other pixels.
    ///
    /// # Errors
    ///
    /// [`Error::Mismatch`] if the element is another, [`Error::Capacity`]. The counts are as they were.
    pub fn merge(&mut self, other: &Self) -> Result<(), Error> {
        if self.prediction != other.prediction {
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

    /// Forgets all pixels, for the next frame.
    pub const fn reset(&mut self) {
        *self = Self::empty(self.prediction);
    }

    /// The same counts, with room for [`crate::CAPACITY`] pixels.
    #[must_use]
    pub fn widened(&self) -> CodeCounts<P, u64> {
        CodeCounts {
            prediction: self.prediction,
            table: self.table.map(Into::into),
            seen: self.seen,
            ignored: self.ignored,
        }
    }

    /// What the codes denote.
    #[must_use]
    pub const fn prediction(&self) -> P {
        self.prediction
    }

    /// Pixels that bear this raw value.
    #[must_use]
    pub fn of(&self, raw: P::Raw) -> u64 {
        let byte = P::raw_bytes(&[raw]).first().copied().unwrap_or_default();
        self.byte(byte)
    }

    /// Pixels that were counted.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.seen - self.ignored
    }

    /// Pixels left out: outside the region, or bearing the ignore label.
    #[must_use]
    pub const fn ignored(&self) -> u64 {
        self.ignored
    }

    pub(super) fn byte(&self, byte: u8) -> u64 {
        self.table.get(usize::from(byte)).copied().map_or(0, Into::into)
    }

    pub(super) fn cells(&self) -> impl Iterator<Item = Cell> + '_ {
        cells(self.prediction, |byte| [self.byte(byte), 0])
    }
}

/// How many pixels; 256 counts are no line.
impl<P: EightBit, N: Counter> fmt::Debug for CodeCounts<P, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { prediction, seen, ignored, .. } = self;
        f.debug_struct("CodeCounts")
            .field("prediction", prediction)
            .field("seen", seen)
            .field("ignored", ignored)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "defmt")]
impl<P: EightBit, N: Counter> defmt::Format for CodeCounts<P, N> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "CodeCounts of {=u64} pixels, {=u64} left out", self.count(), self.ignored);
    }
}
