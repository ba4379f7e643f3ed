//! COCO run lengths as a reference: uncompressed counts, or the compressed string.
//!
//! Runs of background and foreground alternate, background first, and go **down the columns**. Maps lie in rows, so there
//! are two ways: [`update`] reads a whole map column by column; [`Cursors`], one for each column and lent by the caller, let
//! rows stream by.
//!
//! ```
//! use soft_dice::{coco::{self, Runs}, NonZero, Stream, U8};
//! // 2 rows of 3 pixels; the middle column is foreground.
//! let mut stream = Stream::new(U8, NonZero);
//! coco::update(&mut stream, &[0, 255, 0, 9, 250, 0], 3, 2, Runs::counts(&[2, 2, 2]))?;
//! assert_eq!((stream.sums().t(), stream.sums().pt()), (2, 505));
//! assert!(Runs::string(b"222").eq(Runs::counts(&[2, 2, 2])));
//! # Ok::<(), soft_dice::Error>(())
//! ```

use crate::element::Element;
use crate::error::Error;
use crate::stream::Stream;
use crate::sums::Moments;
use crate::target::NonZero;

/// Pixels that are gathered at a time.
const BLOCK: usize = 128;

/// The run lengths of a mask, read one by one: `Err` of [`Error::Runs`] ends them where the string is malformed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Runs<'a> {
    source: Source<'a>,
    at: usize,
    /// Runs read so far, up to 3, and the last two of them.
    read: u8,
    last: [i64; 2],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
enum Source<'a> {
    Counts(&'a [u32]),
    String(&'a [u8]),
}

impl<'a> Runs<'a> {
    /// Uncompressed: `"counts": [...]`.
    #[must_use]
    pub const fn counts(counts: &'a [u32]) -> Self {
        Self { source: Source::Counts(counts), at: 0, read: 0, last: [0; 2] }
    }

    /// Compressed, as `pycocotools` writes it: `"counts": "..."`. Six bits a character from 48 on, five of a number and one
    /// that says that more follow; from the fourth run on, the difference from the run before the last.
    #[must_use]
    pub const fn string(string: &'a [u8]) -> Self {
        Self { source: Source::String(string), at: 0, read: 0, last: [0; 2] }
    }

    fn number(&mut self, string: &[u8]) -> Option<Result<i64, Error>> {
        string.get(self.at)?;
        let (mut value, mut shift) = (0i64, 0);
        loop {
            // Seven characters hold 35 bits, more than any run of a map needs.
            let Some(digit) = string.get(self.at).and_then(|c| c.checked_sub(48)).filter(|d| *d < 64 && shift < 35)
            else {
                self.at = usize::MAX;
                return Some(Err(Error::Runs));
            };
            self.at += 1;
            value |= i64::from(digit & 31) << shift;
            shift += 5;
            if digit & 32 == 0 {
                // The highest bit of the last character is the sign.
                return Some(Ok(if digit & 16 == 0 { value } else { value - (1 << shift) }));
            }
        }
    }
}

impl Iterator for Runs<'_> {
    type Item = Result<u32, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let run = match self.source {
            Source::Counts(counts) => {
                let run = *counts.get(self.at)?;
                self.at += 1;
                return Some(Ok(run));
            }
            Source::String(string) => match self.number(string)? {
                Ok(number) if self.read < 3 => number,
                Ok(number) => number + self.last[0],
                Err(error) => return Some(Err(error)),
            },
        };
        self.read = (self.read + 1).min(3);
        self.last = [self.last[1], run];
        Some(u32::try_from(run).map_err(|_| {
            self.at = usize::MAX;
            Error::Runs
        }))
    }
}

/// The bits of a mask, down its columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
struct Bits<'a> {
    runs: Runs<'a>,
    left: u32,
    foreground: bool,
}

impl<'a> Bits<'a> {
    const fn new(runs: Runs<'a>) -> Self {
        // Runs take turns and the first is background, so that before it stands an empty run of foreground.
        Self { runs, left: 0, foreground: true }
    }

    /// The next bit. Beyond the end all is background: totals are checked before.
    fn next(&mut self) -> bool {
        while self.left == 0 {
            let Some(Ok(run)) = self.runs.next() else { return false };
            self.left = run;
            self.foreground = !self.foreground;
        }
        self.left -= 1;
        self.foreground
    }

    /// Steps over pixels, run by run.
    fn skip(&mut self, mut pixels: usize) {
        loop {
            let step = pixels.min(self.left as usize);
            self.left -= step as u32;
            pixels -= step;
            if pixels == 0 {
                return;
            }
            let Some(Ok(run)) = self.runs.next() else { return };
            self.left = run;
            self.foreground = !self.foreground;
        }
    }
}

/// Whether the runs make up a map of this size.
fn covers(runs: Runs<'_>, width: usize, height: usize) -> Result<usize, Error> {
    let pixels = width.checked_mul(height).ok_or(Error::Rows)?;
    let mut total = 0u64;
    for run in runs {
        total += u64::from(run?);
    }
    if total == pixels as u64 { Ok(pixels) } else { Err(Error::Runs) }
}

/// Adds a whole map, which lies in rows without gaps, read column by column against its runs.
///
/// # Errors
///
/// [`Error::Length`] if the map has another size, [`Error::Runs`] if the runs are malformed or another number of pixels;
/// else as [`Stream::update`]. The stream is as it was.
pub fn update<P: Element, M: Moments>(
    stream: &mut Stream<P, NonZero, M>,
    p: &[P::Raw],
    width: usize,
    height: usize,
    runs: Runs<'_>,
) -> Result<(), Error> {
    if covers(runs, width, height)? != p.len() {
        return Err(Error::Length);
    }
    let mut bits = Bits::new(runs);
    let mut tried = *stream;
    let (mut column, mut mask) = ([P::Raw::default(); BLOCK], [0u8; BLOCK]);
    for x in 0..width {
        let mut pixels = p.iter().skip(x).step_by(width).copied();
        let mut left = height;
        while left > 0 {
            let length = left.min(BLOCK);
            for ((to, bit), raw) in column.iter_mut().zip(&mut mask).zip(pixels.by_ref().take(length)) {
                (*to, *bit) = (raw, u8::from(bits.next()));
            }
            let (column, mask) = (column.get(..length), mask.get(..length));
            tried.update(column.unwrap_or_default(), mask.unwrap_or_default())?;
            left -= length;
        }
    }
    *stream = tried;
    Ok(())
}

/// Where a column's runs stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Cursor<'a>(Bits<'a>);

impl Cursor<'_> {
    /// Of no mask: what the caller's room is filled with.
    pub const EMPTY: Self = Self(Bits::new(Runs::counts(&[])));
}

/// One cursor for each column: rows stream by, in any chunk.
///
/// ```
/// use soft_dice::{coco::{Cursor, Cursors, Runs}, NonZero, Stream, U8};
/// let mut room = [Cursor::EMPTY; 3];
/// let mut rows = Cursors::new(&mut room, 2, Runs::counts(&[2, 2, 2]))?;
/// let mut stream = Stream::new(U8, NonZero);
/// rows.update(&mut stream, &[0, 255, 0, 9])?;
/// rows.update(&mut stream, &[250, 0])?;
/// assert_eq!((stream.sums().t(), stream.sums().pt()), (2, 505));
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Cursors<'r, 'a> {
    cursors: &'r mut [Cursor<'a>],
    height: usize,
    at: usize,
}

impl<'r, 'a> Cursors<'r, 'a> {
    /// Of a mask as wide as there are cursors.
    ///
    /// # Errors
    ///
    /// [`Error::Runs`] if the runs are malformed or another number of pixels.
    pub fn new(room: &'r mut [Cursor<'a>], height: usize, runs: Runs<'a>) -> Result<Self, Error> {
        covers(runs, room.len(), height)?;
        let mut bits = Bits::new(runs);
        for cursor in room.iter_mut() {
            *cursor = Cursor(bits);
            bits.skip(height);
        }
        Ok(Self { cursors: room, height, at: 0 })
    }

    /// Adds the next pixels of the map, row by row.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] if they reach beyond the map; else as [`Stream::update`]. Stream and cursors are as they were.
    pub fn update<P: Element, M: Moments>(
        &mut self,
        stream: &mut Stream<P, NonZero, M>,
        p: &[P::Raw],
    ) -> Result<(), Error> {
        let width = self.cursors.len();
        // The product does not wrap: it was compared with a number of pixels when the cursors were made.
        if p.len() > width * self.height - self.at {
            return Err(Error::Length);
        }
        // Whether a prediction is refused does not depend on the mask. So it is first tried against an empty one, on a copy of
        // the stream, before the cursors move.
        let mut mask = [0u8; BLOCK];
        let mut tried = *stream;
        for p in p.chunks(BLOCK) {
            tried.update(p, mask.get(..p.len()).unwrap_or_default())?;
        }
        for p in p.chunks(BLOCK) {
            for bit in mask.iter_mut().take(p.len()) {
                let cursor = self.at.checked_rem(width).and_then(|column| self.cursors.get_mut(column));
                *bit = cursor.is_some_and(|cursor| cursor.0.next()).into();
                self.at += 1;
            }
            stream.update(p, mask.get(..p.len()).unwrap_or_default())?;
        }
        Ok(())
    }
}
