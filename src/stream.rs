use crate::element::Element;
use crate::error::Error;
use crate::pixels::{Buffer, Pair, Region, SPAN, Tally};
use crate::sums::{Linear, Moments, Sums};
use crate::target::Target;

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

/// As the [`crate::Record`] of its sums.
#[cfg(feature = "defmt")]
impl<P: Element, T: Target<P>, M: Moments> defmt::Format for Stream<P, T, M> {
    fn format(&self, f: defmt::Formatter<'_>) {
        self.sums.format(f);
    }
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

    /// How many pixels they have.
    pub(crate) fn pixels(&self) -> Result<u64, Error> {
        let Self { width, height, stride, target_stride, region_stride } = *self;
        if stride < width || target_stride < width || region_stride < width {
            return Err(Error::Rows);
        }
        width.checked_mul(height).map(|pixels| pixels as u64).ok_or(Error::Rows)
    }

    /// The rows one by one, each where it is there.
    pub(crate) fn pairs<'a, R, B: Buffer>(
        self,
        p: &'a [R],
        t: B,
        region: Option<Region<'a>>,
    ) -> impl Iterator<Item = Result<Pair<'a, R, B>, Error>> {
        let height = if self.width == 0 { 0 } else { self.height };
        (0..height).map(move |row| self.row(row, p, t, region).ok_or(Error::Rows))
    }

    /// One row of each buffer, if it is there.
    #[inline(always)]
    fn row<'a, R, B: Buffer>(
        &self,
        row: usize,
        p: &'a [R],
        t: B,
        region: Option<Region<'a>>,
    ) -> Option<Pair<'a, R, B>> {
        let p = p.part(row.checked_mul(self.stride)?, self.width)?;
        let t = t.part(row.checked_mul(self.target_stride)?, self.width)?;
        let region = match region {
            None => None,
            Some(region) => Some(region.part(row.checked_mul(self.region_stride)?, self.width)?),
        };
        Pair::of(p, t, region).ok()
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
        self.add(Pair::new(p, t)?)
    }

    /// [`Self::update`], inlined where it is called, so that a constant element folds there: for the C interface, whose archive
    /// holds every pair with elements that are none, and where one function would serve both.
    ///
    /// # Errors
    ///
    /// As there.
    #[doc(hidden)]
    #[inline(always)]
    pub fn update_here(&mut self, p: &[P::Raw], t: T::Buffer<'_>) -> Result<(), Error> {
        self.add(Pair::new(p, t)?)
    }

    /// [`Self::update`], or [`Self::update_within`] a region if there is one: a single way to the loops, where one for each would
    /// be linked twice. For the C interface, whose regions come at run time.
    ///
    /// # Errors
    ///
    /// As there.
    #[doc(hidden)]
    pub fn update_in(&mut self, p: &[P::Raw], t: T::Buffer<'_>, region: Option<Region<'_>>) -> Result<(), Error> {
        self.add(Pair::of(p, t, region)?)
    }

    /// Adds the pixels of a chunk that lie in a region of interest.
    ///
    /// # Errors
    ///
    /// As [`Self::update`].
    pub fn update_within(&mut self, p: &[P::Raw], t: T::Buffer<'_>, region: Region<'_>) -> Result<(), Error> {
        self.add(Pair::within(p, t, region)?)
    }

    /// Adds rows that lie in larger buffers.
    ///
    /// # Errors
    ///
    /// [`Error::Rows`] if a stride is below the width or a row reaches beyond its buffer; else as [`Self::update`].
    pub fn update_rows(&mut self, p: &[P::Raw], t: T::Buffer<'_>, rows: Rows) -> Result<(), Error> {
        self.add_rows(p, t, rows, None)
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
        self.add_rows(p, t, rows, Some(region))
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

    /// What a sweep of this stream's pixels found elsewhere, in place of all before; there is room for it.
    #[inline(always)]
    pub(crate) fn begin(&mut self, tally: &Tally<u64>) {
        self.sums.begin(tally);
    }

    /// Adds what a sweep of this stream's pixels found elsewhere; there is room for it.
    #[inline(always)]
    pub(crate) fn count(&mut self, tally: &Tally<u64>) {
        self.sums.add(tally);
    }

    /// Adds a pair, or nothing.
    #[inline(always)]
    pub(crate) fn add(&mut self, pair: Pair<'_, P::Raw, T::Buffer<'_>>) -> Result<(), Error> {
        let pixels = pair.prediction().len();
        self.sums.room(pixels as u64)?;
        if pixels <= SPAN {
            return accumulate(&mut self.sums, pair);
        }
        let mut sums = self.sums;
        accumulate(&mut sums, pair)?;
        self.sums = sums;
        Ok(())
    }

    /// Adds what was summed elsewhere, of pixels for which there is room.
    #[cfg(soft_dice_lanes = "vector")]
    pub(crate) fn add_tally(&mut self, tally: &Tally<T::Narrow>) {
        self.sums.add(tally);
    }

    /// Adds rows, or nothing.
    #[inline(always)]
    fn add_rows(
        &mut self,
        p: &[P::Raw],
        t: T::Buffer<'_>,
        rows: Rows,
        region: Option<Region<'_>>,
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
            let pair = rows.row(row, p, t, region).ok_or(Error::Rows)?;
            accumulate(&mut sums, pair)?;
        }
        self.sums = sums;
        Ok(())
    }
}

/// Adds a pair for which there is room. After an error it has added what came before the span that was refused.
#[inline(always)]
fn accumulate<P: Element, T: Target<P>, M: Moments>(
    sums: &mut Sums<P, T, M>,
    pair: Pair<'_, P::Raw, T::Buffer<'_>>,
) -> Result<(), Error> {
    let Sums { prediction, target, .. } = *sums;
    if pair.prediction().len() <= SPAN {
        sums.add(&sweep::<P, T, M>(&prediction, &target, pair)?);
        return Ok(());
    }
    for span in pair.pieces(SPAN) {
        sums.add(&sweep::<P, T, M>(&prediction, &target, span)?);
    }
    Ok(())
}

/// What at most SPAN pixels add, unless the element or the target refuses one of them.
#[inline(always)]
pub(crate) fn sweep<P: Element, T: Target<P>, M: Moments>(
    prediction: &P,
    target: &T,
    pair: Pair<'_, P::Raw, T::Buffer<'_>>,
) -> Result<Tally<T::Narrow>, Error> {
    if !prediction.keeps_its_word(pair.prediction()) || !target.keeps_its_word(&pair.target()) {
        return Err(Error::Mask);
    }
    let tally = target.sweep(prediction, pair, M::ASK);
    if tally.broken > 0 {
        return Err(Error::Mask);
    }
    if tally.invalid > 0 && (!P::DECLARED && prediction.refuses() || target.refuses()) {
        return Err(Error::Range);
    }
    Ok(tally)
}
