use crate::element::Mask01;
use crate::error::Error;
use crate::pixels::{BitOrder, Bits, Buffer, Region, SPAN};
use crate::popcount;
use crate::stream::Rows;
use crate::sums::{Linear, Moments, Sums};
use crate::target::{HardTarget, PackedRun, PackedTarget};

/// A [`crate::Stream`] of a bit-packed prediction: a mask of eight pixels to a byte against every target.
///
/// The sums are those of [`Mask01`], so that a bit of 1 denotes 1.0: any score, merge or record is theirs. Against another mask of bits
/// (bits × bits) a word of pixels is taken at a time. A bit mask does not say how many pixels its last byte has: every call does.
///
/// ```
/// use soft_dice::{Bits, BitStream, LsbFirst, MsbFirst, NonZero, Score, Soft, U8};
/// let bits = [0b0110_1001, 0b1000_0000];                                 // nine pixels, numpy's order
/// let mut same = BitStream::new(MsbFirst, MsbFirst);
/// same.update(Bits::new(&bits), Bits::new(&bits), 9)?;
/// assert_eq!((same.sums().count(), same.sums().p(), Score::dice().f32(same.sums())), (9, 5, Ok(1.0)));
/// let mut bytes = BitStream::new(MsbFirst, NonZero);
/// bytes.update(Bits::new(&bits), &[0, 1, 1, 0, 1, 0, 0, 1, 1], 9)?;
/// assert_eq!(bytes.sums().pt(), 5);
/// let mut soft = BitStream::new(LsbFirst, Soft(U8));
/// soft.update(Bits::new(&[0b01]), &[255, 51], 2)?;
/// assert_eq!(Score::dice().f32(soft.sums()), Ok(2.0 * 255.0 / (255.0 + 306.0)));
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BitStream<O: BitOrder, T: PackedTarget, M: Moments = Linear> {
    order: O,
    sums: Sums<Mask01, T, M>,
}

/// As the [`crate::Record`] of its sums.
#[cfg(feature = "defmt")]
impl<O: BitOrder, T: PackedTarget, M: Moments> defmt::Format for BitStream<O, T, M> {
    fn format(&self, f: defmt::Formatter<'_>) {
        self.sums.format(f);
    }
}

impl<O: BitOrder, T: PackedTarget> BitStream<O, T> {
    /// A stream of the linear sums, of bits in this order.
    ///
    /// ```
    /// use soft_dice::{BitStream, Bits, LsbFirst};
    /// use std::sync::Mutex;
    /// static BITS: Mutex<BitStream<LsbFirst, LsbFirst>> = Mutex::new(BitStream::new(LsbFirst, LsbFirst));
    /// BITS.lock().unwrap().update(Bits::new(&[0b1011]), Bits::new(&[0b0011]), 4)?;
    /// assert_eq!(BITS.lock().unwrap().sums().pt(), 2);
    /// # Ok::<(), soft_dice::Error>(())
    /// ```
    #[must_use]
    pub const fn new(order: O, target: T) -> Self {
        Self { order, sums: Sums::new(Mask01, target) }
    }
}

impl<O: BitOrder, T: PackedTarget, M: Moments> BitStream<O, T, M> {
    /// A stream that also keeps other sums.
    #[must_use]
    pub const fn summing(order: O, target: T, _: M) -> Self {
        Self { order, sums: Sums::new(Mask01, target) }
    }

    /// Adds a chunk of so many pixels.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] if bits or target do not hold exactly so many pixels (bits: no more than the last byte's padding beside; see
    /// [`Bits::padded`]), [`Error::Capacity`], [`Error::Mask`] or [`Error::Range`] as the target says. The state is as it was.
    pub fn update(&mut self, p: Bits<'_>, t: T::Buffer<'_>, pixels: usize) -> Result<(), Error> {
        self.add(p, t, pixels, None)
    }

    /// Adds the pixels of a chunk that lie in a region of interest.
    ///
    /// # Errors
    ///
    /// As [`Self::update`].
    pub fn update_within(
        &mut self,
        p: Bits<'_>,
        t: T::Buffer<'_>,
        pixels: usize,
        region: Region<'_>,
    ) -> Result<(), Error> {
        self.add(p, t, pixels, Some(region))
    }

    /// Adds rows that lie in larger buffers, in a region if there is one. A stride of 8 · bytes begins every row at a byte.
    ///
    /// # Errors
    ///
    /// [`Error::Rows`] if a stride is below the width or a row reaches beyond its buffer; else as [`Self::update`].
    pub fn update_rows(
        &mut self,
        p: Bits<'_>,
        t: T::Buffer<'_>,
        rows: Rows,
        region: Option<Region<'_>>,
    ) -> Result<(), Error> {
        self.sums.room(rows.pixels()?)?;
        let mut tried = *self;
        let height = if rows.width == 0 { 0 } else { rows.height };
        for row in 0..height {
            let from = |stride: usize| row.checked_mul(stride).ok_or(Error::Rows);
            let p = p.part(from(rows.stride)?, rows.width).ok_or(Error::Rows)?;
            let t = t.part(from(rows.target_stride)?, rows.width).ok_or(Error::Rows)?;
            let at = from(rows.region_stride)?;
            let region = region.map(|region| region.part(at, rows.width).ok_or(Error::Rows)).transpose()?;
            tried.add(p, t, rows.width, region)?;
        }
        *self = tried;
        Ok(())
    }

    fn add(&mut self, p: Bits<'_>, t: T::Buffer<'_>, pixels: usize, region: Option<Region<'_>>) -> Result<(), Error> {
        if !p.holds(pixels) || !t.holds(pixels) || region.is_some_and(|region| !region.holds(pixels)) {
            return Err(Error::Length);
        }
        self.sums.room(pixels as u64)?;
        let mut tried = self.sums;
        let mut at = 0;
        while at < pixels {
            let span = SPAN.min(pixels - at);
            let (Some(p), Some(t)) = (p.part(at, span), t.part(at, span)) else { return Err(Error::Length) };
            let region = region.and_then(|region| region.part(at, span));
            let target = tried.target;
            if !target.keeps_its_word(&t) {
                return Err(Error::Mask);
            }
            let tally = target.sweep_bits::<O>(PackedRun { bits: p, pixels: span, region }, t, M::ASK);
            if tally.broken > 0 {
                return Err(Error::Mask);
            }
            if tally.invalid > 0 && target.refuses() {
                return Err(Error::Range);
            }
            tried.add(&tally);
            at += span;
        }
        self.sums = tried;
        Ok(())
    }

    /// Adds the sums of another stream.
    ///
    /// # Errors
    ///
    /// As [`Sums::merge`].
    pub fn merge(&mut self, other: &Self) -> Result<(), Error> {
        self.sums.merge(&other.sums)
    }

    /// The sums so far.
    #[must_use]
    pub const fn sums(&self) -> &Sums<Mask01, T, M> {
        &self.sums
    }

    /// The sums, and an end to the stream.
    #[must_use]
    pub const fn finish(self) -> Sums<Mask01, T, M> {
        self.sums
    }

    /// Forgets all pixels, for the next frame.
    pub const fn reset(&mut self) {
        self.sums = Sums::new(Mask01, self.sums.target);
    }
}

impl<O: BitOrder + HardTarget, M: Moments> BitStream<O, O, M> {
    /// Adds masks of whole words, as CMSIS-DSP has them: 32 pixels to a word, with [`crate::MsbFirst`] the first in bit 31 and with
    /// [`crate::LsbFirst`] in bit 0. (In memory the bytes of such words stand in the machine's order: as [`Bits`], most-significant-first
    /// words would be read in the wrong order on a little-endian machine.)
    ///
    /// ```
    /// use soft_dice::{BitStream, MsbFirst, Score};
    /// let mut words = BitStream::new(MsbFirst, MsbFirst);
    /// words.update_words(&[0xF000_0000], &[0xC000_0000], 8)?;              // the first eight pixels of a word
    /// assert_eq!((words.sums().p(), words.sums().t(), words.sums().pt()), (4, 2, 2));
    /// # Ok::<(), soft_dice::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Length`] unless both have exactly the words that so many pixels fill, [`Error::Mask`] if a padding bit after the last
    /// pixel is 1, [`Error::Capacity`]. The state is as it was.
    pub fn update_words(&mut self, p: &[u32], t: &[u32], pixels: usize) -> Result<(), Error> {
        let words = pixels.div_ceil(32);
        if p.len() != words || t.len() != words {
            return Err(Error::Length);
        }
        self.sums.room(pixels as u64)?;
        let used = pixels % 32;
        let padding = match (used, O::MSB_FIRST) {
            (0, _) => 0,
            (_, true) => u32::MAX >> used,
            (_, false) => u32::MAX << used,
        };
        if [p, t].iter().any(|words| words.last().is_some_and(|last| last & padding != 0)) {
            return Err(Error::Mask);
        }
        // All else are pixels, and their order within a word is one in both.
        let ones = popcount::words(p, t);
        let (p, t, pt) = (ones.p.into(), ones.t.into(), ones.pt.into());
        let kept = pixels as u64;
        self.sums.add(&crate::pixels::Tally::<u128> { kept, p, t, pt, pp: p, tt: t, min_p: pt, ..Default::default() });
        Ok(())
    }
}
