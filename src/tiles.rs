//! Tiles of a frame.

mod gathered;

use crate::element::Element;
use crate::error::Error;
use crate::pixels::{Buffer, Copied, Pair, SPAN, Tally};
use crate::stream;
use crate::sums::{Linear, Moments, State, Sums};
use crate::target::Target;
use core::num::NonZeroUsize;
use core::ops::Range;
use gathered::Gathered;

/// A chunk of a frame beside its target.
type Chunk<'p, 'b, S> =
    Pair<'p, <<S as State>::P as Element>::Raw, <<S as State>::T as Target<<S as State>::P>>::Buffer<'b>>;
/// The sums of one tile.
type Tile<S> = Sums<<S as State>::P, <S as State>::T, <S as State>::M>;

/// A frame's sums in a grid of tiles: where is it bad? Together they are the frame's sums, to the bit.
///
/// Tile (i, j) of C × R has the columns from ⌊i·width/C⌋ to ⌊(i + 1)·width/C⌋, and rows alike.
///
/// ```
/// use soft_dice::{NonZero, Score, Stream, Tiles, U8};
/// let mut tiles = Tiles::<[_; 2]>::new(U8, NonZero).grid(4, 2, 2, 1)?;      // 4 × 2 pixels, two tiles side by side
/// tiles.update(&[255, 255, 255, 0, 255, 255], &[1, 1, 0, 1, 1, 1])?;          // any chunk
/// tiles.update(&[255, 0], &[0, 1])?;
/// assert_eq!(Score::dice().f32(&tiles.sums()[0]), Ok(1.0));
/// assert_eq!(Score::dice().f32(&tiles.sums()[1]), Ok(0.0));
/// assert_eq!(Score::dice().f32(&tiles.total()?), Ok(8.0 / 12.0));
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Tiles<S> {
    state: S,
    width: usize,
    height: usize,
    columns: usize,
    rows: usize,
    /// Pixels of the frame that have been seen.
    at: usize,
}

impl<P: Element, T: Target<P>, const N: usize> Tiles<[Sums<P, T, Linear>; N]> {
    /// N tiles of the linear sums, of a frame that [`Self::grid`] describes: until then it has no pixels.
    #[must_use]
    pub const fn new(prediction: P, target: T) -> Self {
        Self::over([Sums::new(prediction, target); N])
    }
}

/// What [`Tiles::grid`] asks of a grid for so many sums.
const fn checked(sums: usize, width: usize, height: usize, columns: usize, rows: usize) -> Result<(), Error> {
    match columns.checked_mul(rows) {
        Some(tiles) if tiles == sums => {}
        _ => return Err(Error::Classes),
    }
    if sums == 0 && width > 0 && height > 0 {
        return Err(Error::Classes);
    }
    let countable = columns <= width && rows <= height && width.checked_mul(columns).is_some();
    if countable && height.checked_mul(rows).is_some() && width.checked_mul(height).is_some() {
        Ok(())
    } else {
        Err(Error::Rows)
    }
}

macro_rules! grids {
    ($($state:ty, [$($generics:tt)*];)*) => {$(
        impl<$($generics)*> Tiles<$state> {
            /// Frames of `width` by `height` pixels in `columns` by `rows` tiles.
            ///
            /// ```
            /// use soft_dice::{NonZero, Sums, Tiles, U8};
            /// use std::sync::Mutex;
            /// static TILES: Mutex<Tiles<[Sums<U8, NonZero>; 2]>> = Mutex::new(match Tiles::<[_; 2]>::new(U8, NonZero).grid(4, 2, 2, 1) {
            ///     Ok(tiles) => tiles,
            ///     Err(_) => panic!("two tiles side by side"),
            /// });
            /// TILES.lock().unwrap().update(&[255, 255, 0, 0], &[1, 1, 0, 0])?;
            /// assert_eq!(TILES.lock().unwrap().sums()[0].t(), 2);
            /// # Ok::<(), soft_dice::Error>(())
            /// ```
            ///
            /// # Errors
            ///
            /// [`Error::Classes`] if that is another number of tiles than there are sums, or none for a frame that has pixels;
            /// [`Error::Rows`] if tiles outnumber the pixels of a side, or the frame is too large to count.
            pub const fn grid(self, width: usize, height: usize, columns: usize, rows: usize) -> Result<Self, Error> {
                match checked(self.state.len(), width, height, columns, rows) {
                    Ok(()) => Ok(Self { width, height, columns, rows, at: 0, ..self }),
                    Err(error) => Err(error),
                }
            }
        }
    )*};
}

// Of each kind of state by itself: that of any kind might have a destructor, which no constant runs.
grids! {
    [Sums<P, T, M>; N], [P: Element, T: Target<P>, M: Moments, const N: usize];
    &mut [Sums<P, T, M>], [P: Element, T: Target<P>, M: Moments];
}

impl<S: State> Tiles<S> {
    /// Sums of any kind, or such as the caller owns: one for each tile, row by row.
    #[must_use]
    pub const fn over(state: S) -> Self {
        Self { state, width: 0, height: 0, columns: 0, rows: 0, at: 0 }
    }

    /// The sums of each tile, row by row.
    #[must_use]
    pub fn sums(&self) -> &[Tile<S>] {
        self.state.sums()
    }

    /// The sums of the frame.
    ///
    /// # Errors
    ///
    /// [`Error::Classes`] of no tiles; [`Error::Mismatch`] or [`Error::Capacity`] as [`Sums::merge`].
    pub fn total(&self) -> Result<Tile<S>, Error> {
        let (first, rest) = self.state.sums().split_first().ok_or(Error::Classes)?;
        let mut total = *first;
        rest.iter().try_for_each(|tile| total.merge(tile))?;
        Ok(total)
    }

    /// Begins the next frame, whose pixels are added to those so far.
    pub const fn next_frame(&mut self) {
        self.at = 0;
    }

    /// Adds the next pixels of the frame, row by row, in chunks of any size.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] if the buffers differ in pixels, [`Error::Rows`] if they reach beyond the frame; else as
    /// [`crate::Stream::update`]. The tiles are as they were.
    pub fn update<'b>(
        &mut self,
        p: &[<S::P as Element>::Raw],
        t: <S::T as Target<S::P>>::Buffer<'b>,
    ) -> Result<(), Error> {
        let pair = Pair::new(p, t)?;
        if p.len() > self.width * self.height - self.at {
            return Err(Error::Rows);
        }
        for tile in self.state.sums() {
            tile.room(p.len() as u64)?;
        }
        let added = self.pass(pair, false);
        if added.is_ok() {
            self.at += p.len();
        } else {
            // The same pass takes off what it had added: the error that stopped it stops it at the same tile again.
            let _ = self.pass(pair, true);
        }
        added
    }

    /// Adds the pixels tile by tile, of each all rows that the chunk has, or takes them off: up to the first sweep with an error.
    ///
    /// ```text
    /// for each row of tiles that the chunk reaches:
    ///     for each tile of it:
    ///         narrow:  its rows are copied side by side, and swept together
    ///         else:    each row by itself, where it lies
    /// ```
    ///
    /// **Overflow.** What is found is of at most SPAN pixels, as any sweep: before more come together it is added to the tile.
    fn pass(&mut self, pair: Chunk<'_, '_, S>, undo: bool) -> Result<(), Error> {
        let Self { width, height, columns, rows, at, .. } = *self;
        // A frame without width, height, columns or rows has no pixels: `checked` wants tiles for any.
        let [Some(wide), Some(high), Some(across), Some(down)] = [width, height, columns, rows].map(NonZeroUsize::new)
        else {
            return Ok(());
        };
        let (p, t) = (pair.prediction(), pair.target());
        let end = at + p.len();
        let (mut gathered, pixels) = (None, t.pixels());
        let mut y = at / wide;
        while y * width < end {
            // Tile row j begins with pixel row ⌊j · height / rows⌋: this is the last whose first one is at most y.
            let j = (rows * (y + 1) - 1) / high;
            let below = ((j + 1) * height / down).min(end.div_ceil(wide.get()));
            let mut left = 0;
            for i in 0..columns {
                let right = (i + 1) * width / across;
                let tile = self.state.sums_mut().get_mut(j * columns + i).ok_or(Error::Rows)?;
                let place = Place { width, at, left, right, top: y, below };
                match pixels {
                    Some(pixels) if place.is_narrow() => {
                        let gathered = gathered.get_or_insert_with(Gathered::new);
                        for y in y..below {
                            let (from, to) = ((y * width + left).max(at), (y * width + right).min(end));
                            let Some(length) = to.checked_sub(from) else { continue };
                            if !gathered.fits(length) {
                                let (p, t) = gathered.take().ok_or(Error::Length)?;
                                sweep(tile, p, Copied::of(t).ok_or(Error::Length)?, Place::all(p.len()), undo)?;
                            }
                            let (p, t) = (p.part(from - at, length), pixels.part(from - at, length));
                            let (p, t) = p.zip(t).ok_or(Error::Length)?;
                            gathered.add(p, t);
                        }
                        let (p, t) = gathered.take().ok_or(Error::Length)?;
                        sweep(tile, p, Copied::of(t).ok_or(Error::Length)?, Place::all(p.len()), undo)?;
                    }
                    _ => sweep(tile, p, t, place, undo)?,
                }
                left = right;
            }
            y = below;
        }
        Ok(())
    }
}

/// Where the pixels of a tile lie in a chunk: those of so many rows of the frame, from one column on up to another.
#[derive(Clone, Copy)]
struct Place {
    /// Of the frame.
    width: usize,
    /// Pixels of the frame before the chunk.
    at: usize,
    left: usize,
    right: usize,
    top: usize,
    below: usize,
}

impl Place {
    /// All of so many pixels.
    const fn all(pixels: usize) -> Self {
        Self { width: 0, at: 0, left: 0, right: pixels, top: 0, below: 1 }
    }

    /// The tile's pixels of each row that a chunk of so many has, counted from its first.
    #[inline(always)]
    fn rows(self, pixels: usize) -> impl Iterator<Item = Range<usize>> {
        let Self { width, at, left, right, top, below } = self;
        (top..below)
            .map(move |y| (y * width + left).saturating_sub(at)..(y * width + right).saturating_sub(at).min(pixels))
    }
}

/// Adds a tile's pixels, or takes them off.
// Out of line, because it is called of rows where they lie and of gathered ones.
#[inline(never)]
fn sweep<P: Element, T: Target<P>, M: Moments>(
    tile: &mut Sums<P, T, M>,
    p: &[P::Raw],
    t: T::Buffer<'_>,
    place: Place,
    undo: bool,
) -> Result<(), Error> {
    // Nothing is joined where there is one run, as of gathered rows.
    let (mut found, mut seen) = (None::<Tally<T::Narrow>>, 0);
    for Range { start: mut from, end } in place.rows(p.len()) {
        while from < end {
            let pixels = (end - from).min(SPAN);
            if seen + pixels > SPAN {
                found.take().iter().for_each(|found| put(tile, found, undo));
                seen = 0;
            }
            let (p, t) = p.part(from, pixels).zip(t.part(from, pixels)).ok_or(Error::Length)?;
            // A pair without a region, which is then known where the sweep is inlined.
            let more = stream::sweep::<P, T, M>(&tile.prediction, &tile.target, Pair::new(p, t)?)?;
            match &mut found {
                Some(found) => found.join(&more),
                None => found = Some(more),
            }
            seen += pixels;
            from += pixels;
        }
    }
    if let Some(found) = found {
        put(tile, &found, undo);
    }
    Ok(())
}

/// Adds what was found in a tile, or takes it off.
#[inline(always)]
fn put<P: Element, T: Target<P>, M: Moments>(tile: &mut Sums<P, T, M>, found: &Tally<T::Narrow>, undo: bool) {
    if undo {
        tile.remove(found);
    } else {
        tile.add(found);
    }
}
