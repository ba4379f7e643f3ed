use crate::Error;
use crate::element::Element;
use crate::kernel::{Everywhere, Keep, SPAN, Tally, Within};
use crate::sums::{Linear, Moments, Sums};
use crate::target::{Bits, Buffer, Target};

/// Sums pixels while they stream past, in chunks of any size.
///
/// Any chunking and any order of merges give the same bits. A call that returns an error leaves the state as it was.
/// The state is plain data of fixed size (tens of bytes), `Send`, and can live in a `static`.
///
/// ```
/// use soft_dice::{I8, NonZero, Score, Stream};
///
/// let mut stream = Stream::new(I8::TFLITE, NonZero);
/// stream.update(&[-128, 0, 127], &[0, 1, 1])?;      // codes 0, 128, 255 of 1/256 against the mask
/// stream.update(&[127], &[0])?;
/// let sums = stream.finish();
/// assert_eq!((sums.p(), sums.t(), sums.pt()), (638, 2, 383));
/// assert_eq!(Score::dice().f32(&sums), Ok(2.0 * 383.0 / (638.0 + 512.0)));
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stream<P: Element, T: Target<P>, M: Moments = Linear> {
    sums: Sums<P, T, M>,
}

/// Rows of pixels in larger buffers. Strides are in pixels, also those of bit masks, where 8 · bytes begins every row
/// at a byte and the width lets rows run on. The last row may end with its last pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Rows {
    /// Pixels of a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// From the beginning of one row of the prediction to the next.
    pub stride: usize,
    /// The same in the target.
    pub target_stride: usize,
    /// The same in the region of interest, if there is one.
    pub region_stride: usize,
}

impl Rows {
    /// Rows that follow each other without gaps.
    #[must_use]
    pub const fn new(width: usize, height: usize) -> Self {
        Self { width, height, stride: width, target_stride: width, region_stride: width }
    }

    /// Rows of the prediction begin every `stride` pixels.
    #[must_use]
    pub const fn stride(self, stride: usize) -> Self {
        Self { stride, ..self }
    }

    /// Rows of the target begin every `target_stride` pixels.
    #[must_use]
    pub const fn target_stride(self, target_stride: usize) -> Self {
        Self { target_stride, ..self }
    }

    /// Rows of the region begin every `region_stride` pixels.
    #[must_use]
    pub const fn region_stride(self, region_stride: usize) -> Self {
        Self { region_stride, ..self }
    }
}

/// A region of interest: pixels outside are left out and counted as ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Region<'a> {
    /// A byte for each pixel; not 0 is inside.
    Bytes(&'a [u8]),
    /// A bit for each pixel, lowest first; 1 is inside.
    Bits(Bits<'a>),
}

impl<'a> Region<'a> {
    pub(crate) fn within(self, at: usize, pixels: usize) -> Option<Within<'a>> {
        Some(match self {
            Region::Bytes(bytes) => Within::Bytes(bytes.part(at, pixels)?),
            Region::Bits(bits) => Within::Bits(bits.part(at, pixels)?.source()),
        })
    }

    pub(crate) fn holds(self, pixels: usize) -> bool {
        match self {
            Region::Bytes(bytes) => bytes.holds(pixels),
            Region::Bits(bits) => bits.holds(pixels),
        }
    }
}

impl<P: Element, T: Target<P>> Stream<P, T> {
    /// A stream of the linear sums.
    #[must_use]
    pub const fn new(prediction: P, target: T) -> Self {
        Self { sums: Sums::new(prediction, target) }
    }
}

impl<P: Element, T: Target<P>, M: Moments> Stream<P, T, M> {
    /// A stream that also keeps other sums: [`crate::Squares`], [`crate::Minima`] or [`crate::All`].
    #[must_use]
    pub const fn summing(prediction: P, target: T, _: M) -> Self {
        Self { sums: Sums::new(prediction, target) }
    }

    /// Goes on from sums taken before.
    #[must_use]
    pub const fn resume(sums: Sums<P, T, M>) -> Self {
        Self { sums }
    }

    /// Adds a chunk.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] if the buffers differ in pixels, [`Error::Capacity`], [`Error::Mask`] or [`Error::Range`] as
    /// target and element say. The state is as it was.
    pub fn update(&mut self, p: &[P::Raw], t: T::Buffer<'_>) -> Result<(), Error> {
        if !t.holds(p.len()) {
            return Err(Error::Length);
        }
        self.spans(p, t, Everywhere)
    }

    /// Adds the pixels of a chunk that lie in a region of interest.
    ///
    /// # Errors
    ///
    /// As [`Self::update`].
    pub fn update_within(&mut self, p: &[P::Raw], t: T::Buffer<'_>, region: Region<'_>) -> Result<(), Error> {
        if !t.holds(p.len()) || !region.holds(p.len()) {
            return Err(Error::Length);
        }
        match region.within(0, p.len()) {
            Some(within) => self.spans(p, t, within),
            None => Err(Error::Length),
        }
    }

    /// Adds rows that lie in larger buffers.
    ///
    /// # Errors
    ///
    /// [`Error::Rows`] if a stride is below the width or a row reaches beyond its buffer; else as [`Self::update`].
    pub fn update_rows(&mut self, p: &[P::Raw], t: T::Buffer<'_>, rows: Rows) -> Result<(), Error> {
        self.rows(p, t, rows, |_, _| Some(Everywhere))
    }

    /// Adds the pixels of rows that lie in a region of interest.
    ///
    /// # Errors
    ///
    /// As [`Self::update_rows`].
    pub fn update_rows_within(
        &mut self,
        p: &[P::Raw],
        t: T::Buffer<'_>,
        rows: Rows,
        region: Region<'_>,
    ) -> Result<(), Error> {
        self.rows(p, t, rows, |row, width| region.within(row.checked_mul(rows.region_stride)?, width))
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
    pub const fn sums(&self) -> &Sums<P, T, M> {
        &self.sums
    }

    /// The sums, and an end to the stream.
    #[must_use]
    pub const fn finish(self) -> Sums<P, T, M> {
        self.sums
    }

    /// Forgets all pixels, for the next frame.
    pub const fn reset(&mut self) {
        self.sums = Sums::new(self.sums.prediction, self.sums.target);
    }

    fn spans<K: Keep>(&mut self, p: &[P::Raw], t: T::Buffer<'_>, keep: K) -> Result<(), Error> {
        self.sums.room(p.len() as u64)?;
        if p.len() <= SPAN {
            let Sums { prediction, target, .. } = self.sums;
            let tally = target.sweep::<M, K>(&prediction, p, t, keep);
            refusal::<P, T>(&prediction, &target, &tally)?;
            self.sums.add(&tally);
            return Ok(());
        }
        let mut sums = self.sums;
        for (index, span) in p.chunks(SPAN).enumerate() {
            let at = index * SPAN;
            let t = t.part(at, span.len()).ok_or(Error::Length)?;
            sums.add(&self.sweep(span, t, keep.skip(at))?);
        }
        self.sums = sums;
        Ok(())
    }

    fn rows<K: Keep>(
        &mut self,
        p: &[P::Raw],
        t: T::Buffer<'_>,
        rows: Rows,
        region: impl Fn(usize, usize) -> Option<K>,
    ) -> Result<(), Error> {
        let Rows { width, height, stride, target_stride, region_stride } = rows;
        if stride < width || target_stride < width || region_stride < width {
            return Err(Error::Rows);
        }
        let pixels = width.checked_mul(height).ok_or(Error::Rows)?;
        self.sums.room(pixels as u64)?;
        let mut sums = self.sums;
        if width == 0 {
            return Ok(());
        }
        for row in 0..height {
            let part = |stride: usize| row.checked_mul(stride).ok_or(Error::Rows);
            let p = p.part(part(stride)?, width).ok_or(Error::Rows)?;
            let t = t.part(part(target_stride)?, width).ok_or(Error::Rows)?;
            let keep = region(row, width).ok_or(Error::Rows)?;
            for (index, span) in p.chunks(SPAN).enumerate() {
                let at = index * SPAN;
                let t = t.part(at, span.len()).ok_or(Error::Length)?;
                sums.add(&self.sweep(span, t, keep.skip(at))?);
            }
        }
        self.sums = sums;
        Ok(())
    }

    #[inline(always)]
    fn sweep<K: Keep>(&self, p: &[P::Raw], t: T::Buffer<'_>, keep: K) -> Result<Tally<T::Narrow>, Error> {
        sweep::<P, T, M, K>(&self.sums.prediction, &self.sums.target, p, t, keep)
    }
}

/// One run of at most SPAN pixels, with what the element and the target refuse.
#[inline(always)]
pub(crate) fn sweep<P: Element, T: Target<P>, M: Moments, K: Keep>(
    prediction: &P,
    target: &T,
    p: &[P::Raw],
    t: T::Buffer<'_>,
    keep: K,
) -> Result<Tally<T::Narrow>, Error> {
    let tally = target.sweep::<M, K>(prediction, p, t, keep);
    refusal::<P, T>(prediction, target, &tally)?;
    Ok(tally)
}

#[inline(always)]
fn refusal<P: Element, T: Target<P>>(prediction: &P, target: &T, tally: &Tally<T::Narrow>) -> Result<(), Error> {
    if tally.broken > 0 {
        return Err(Error::Mask);
    }
    if tally.invalid > 0 && (prediction.refuses() || target.refuses()) {
        return Err(Error::Range);
    }
    Ok(())
}
