//! A frame's sums in a grid of tiles: where it is bad.

use crate::classes::room;
use crate::map::{Map, soft_dice_affine_u8, soft_dice_f32, soft_dice_i8, soft_dice_q15, soft_dice_u8, soft_dice_u16};
use crate::memory;
use crate::reference::{Pixels, Reference, Visit, soft_dice_labels, soft_dice_mask, soft_dice_own};
use crate::status::{
    Done, SOFT_DICE_CLASSES, SOFT_DICE_LENGTH, SOFT_DICE_ROWS, SOFT_DICE_VERSION, soft_dice_status, status,
};
use crate::sums::soft_dice_sums;
use core::num::NonZeroUsize;
use soft_dice::{Element, Linear, Measured, Record, Stream, Sums, Target};

/// What stands in `version` of a grid.
pub const SOFT_DICE_TILES_VERSION: usize = 1;

/// A grid of tiles over frames, and the sums of each tile; `SOFT_DICE_TILES_INIT` begins it. Tile (i, j) has the columns from
/// floor(i * width / columns) to floor((i + 1) * width / columns), and rows alike. Together they are the frame's sums, to the bit.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct soft_dice_tiles {
    /// The sums of each tile, row by row; zeroed they are empty. Any score can be taken of each.
    pub sums: *mut soft_dice_sums,
    /// How many: columns * rows.
    pub count: usize,
    /// Pixels of a row of the frame.
    pub width: usize,
    /// Rows of the frame.
    pub height: usize,
    /// Tiles side by side; at most `width`.
    pub columns: usize,
    /// Tiles one above the other; at most `height`.
    pub rows: usize,
    /// Pixels of the frame that have come.
    pub at: usize,
    /// `SOFT_DICE_TILES_VERSION`.
    pub version: usize,
}

/// A grid that was looked at: its frame has pixels, and no product of its numbers overflows.
struct Grid {
    wide: NonZeroUsize,
    high: NonZeroUsize,
    columns: NonZeroUsize,
    rows: NonZeroUsize,
    at: usize,
}

impl soft_dice_tiles {
    fn grid(&self) -> Done<Grid> {
        let Self { count, width, height, columns, rows, at, version, .. } = *self;
        if version != SOFT_DICE_TILES_VERSION {
            return Err(SOFT_DICE_VERSION);
        }
        if columns.checked_mul(rows) != Some(count) {
            return Err(SOFT_DICE_CLASSES);
        }
        let sides = [width, height, columns, rows].map(NonZeroUsize::new);
        let [Some(wide), Some(high), Some(across), Some(down)] = sides else { return Err(SOFT_DICE_ROWS) };
        let countable = width.checked_mul(columns).is_some() && height.checked_mul(rows).is_some();
        match width.checked_mul(height) {
            Some(pixels) if countable && columns <= width && rows <= height && at <= pixels => {
                Ok(Grid { wide, high, columns: across, rows: down, at })
            }
            _ => Err(SOFT_DICE_ROWS),
        }
    }
}

/// The tile in which the pixel at `at` of a side lies: tile i begins with pixel floor(i * side / tiles), and this is the last whose
/// first pixel is at most `at`.
fn tile(at: usize, side: NonZeroUsize, tiles: NonZeroUsize) -> usize {
    (tiles.get() * (at + 1) - 1) / side
}

/// The next pixels of a frame, on their way into tiles.
struct Laid<'a, P: Element> {
    p: &'a [P::Raw],
    grid: &'a Grid,
    sums: &'a mut [soft_dice_sums],
    /// A pixel may be refused.
    refuses: bool,
}

impl<P: Element> Laid<'_, P> {
    /// The sums of those pixels that lie in one tile.
    fn record<'x, T: Target<P>, X: Pixels<Buffer = T::Buffer<'x>>>(
        &self,
        (prediction, target, t): (P, T, X),
        (column, row): (usize, usize),
    ) -> Done<Record> {
        let Grid { wide, high, columns, rows, at } = *self.grid;
        let edge = |tile: usize, side: NonZeroUsize, tiles: NonZeroUsize| tile * side.get() / tiles;
        let (left, right) = (edge(column, wide, columns), edge(column + 1, wide, columns));
        let (top, bottom) = (edge(row, high, rows), edge(row + 1, high, rows));
        let end = at + self.p.len();
        let mut stream = Stream::new(prediction, target);
        for line in top.max(at / wide)..bottom.min(end.div_ceil(wide.get())) {
            // What of the tile's pixels in this row is here.
            let (from, to) = ((line * wide.get() + left).max(at), (line * wide.get() + right).min(end));
            let Some(pixels) = to.checked_sub(from) else { continue };
            let part = (Pixels::part(self.p, from - at, pixels), t.part(from - at, pixels));
            let (Some(p), Some(t)) = part else { return Err(SOFT_DICE_LENGTH) };
            stream.update(p, t)?;
        }
        Ok(stream.sums().record())
    }
}

impl<P: Element> Visit<P> for Laid<'_, P> {
    type Out = ();

    fn with<'x, T: Target<P>, X: Pixels<Buffer = T::Buffer<'x>>>(
        self,
        prediction: P,
        target: T,
        t: X,
        declared: bool,
    ) -> Done {
        let Grid { wide, high, columns, rows, at } = *self.grid;
        let pixels = self.p.len();
        if !t.hold(pixels) {
            return Err(SOFT_DICE_LENGTH);
        }
        let Some(last) = pixels.checked_sub(1) else { return Ok(()) };
        // What any tile would refuse is known before one is written.
        room::<P>(self.sums, Sums::<_, _, Linear>::new(prediction, target).record(), pixels)?;
        // What only looking at every pixel can tell is looked for before, too.
        if self.refuses || declared {
            let part = t.part(0, pixels).ok_or(SOFT_DICE_LENGTH)?;
            Stream::new(prediction, target).update(self.p, part)?;
        }
        let (first, last) = (at / wide, (at + last) / wide);
        for row in tile(first, high, rows)..=tile(last, high, rows) {
            for column in 0..columns.get() {
                let more = self.record((prediction, target, t), (column, row))?;
                if let Some(sums) = self.sums.get_mut(row * columns.get() + column)
                    && more.count + more.ignored + more.invalid > 0
                {
                    *sums = sums.plus(&more)?;
                }
            }
        }
        Ok(())
    }
}

/// Adds the next pixels of a frame.
///
/// # Safety
///
/// Pointers point to what their types say, buffers to as many values as their lengths say, and nothing else reads or writes tiles and
/// sums during the call.
unsafe fn update<A: Map, B: Reference<A::Element>>(tiles: *mut soft_dice_tiles, p: *const A, t: *const B) -> Done {
    // SAFETY: the caller's promise is that of all of these; the tiles are read and then written, with no reference left.
    unsafe {
        let mut given = *memory::shared(tiles.cast_const())?;
        let (map, target) = (memory::shared(p)?, memory::shared(t)?);
        let (grid, sums) = (given.grid()?, memory::slice_mut(given.sums, given.count)?);
        let (element, p) = (map.element()?, map.values()?);
        // `grid` has seen that the pixels can be counted, and that no more than these have come.
        if p.len() > grid.wide.get() * grid.high.get() - grid.at {
            return Err(SOFT_DICE_ROWS);
        }
        target.visit(element, Laid { p, grid: &grid, sums, refuses: map.refuses() })?;
        given.at += p.len();
        memory::store(tiles, Ok(given))
    }
}

macro_rules! tiles {
    ($($name:ident: $map:ident, $target:ident;)*) => {$(
        /// Adds the next pixels of the frame, row by row, in chunks of any size, to count, p, t and pt of their tiles. Pixels that
        /// reach beyond the frame are `SOFT_DICE_ROWS`.
        ///
        /// # Safety
        ///
        /// Pointers point to what their types say, and buffers hold what their lengths say; null, misaligned and absurd
        /// ones are refused.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(
            tiles: *mut soft_dice_tiles,
            p: *const $map,
            t: *const $target,
        ) -> soft_dice_status {
            // SAFETY: the caller's promise.
            status(unsafe { update(tiles, p, t) })
        }
    )*};
}

tiles! {
    soft_dice_tiles_u8_mask: soft_dice_u8, soft_dice_mask;
    soft_dice_tiles_u8_label: soft_dice_u8, soft_dice_labels;
    soft_dice_tiles_u8_own: soft_dice_u8, soft_dice_own;
    soft_dice_tiles_i8_mask: soft_dice_i8, soft_dice_mask;
    soft_dice_tiles_i8_label: soft_dice_i8, soft_dice_labels;
    soft_dice_tiles_i8_own: soft_dice_i8, soft_dice_own;
    soft_dice_tiles_affine_u8_mask: soft_dice_affine_u8, soft_dice_mask;
    soft_dice_tiles_affine_u8_label: soft_dice_affine_u8, soft_dice_labels;
    soft_dice_tiles_affine_u8_own: soft_dice_affine_u8, soft_dice_own;
    soft_dice_tiles_u16_mask: soft_dice_u16, soft_dice_mask;
    soft_dice_tiles_u16_label: soft_dice_u16, soft_dice_labels;
    soft_dice_tiles_u16_own: soft_dice_u16, soft_dice_own;
    soft_dice_tiles_q15_mask: soft_dice_q15, soft_dice_mask;
    soft_dice_tiles_q15_label: soft_dice_q15, soft_dice_labels;
    soft_dice_tiles_q15_own: soft_dice_q15, soft_dice_own;
    soft_dice_tiles_f32_mask: soft_dice_f32, soft_dice_mask;
    soft_dice_tiles_f32_label: soft_dice_f32, soft_dice_labels;
    soft_dice_tiles_f32_own: soft_dice_f32, soft_dice_own;
}

/// Begins the next frame, whose pixels are added to those so far. For sums of its own, reset each tile's.
///
/// # Safety
///
/// The pointer points to tiles, or is null or misaligned, which is refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn soft_dice_tiles_next_frame(tiles: *mut soft_dice_tiles) -> soft_dice_status {
    let next = || {
        // SAFETY: the caller's promise.
        let tiles = unsafe { memory::shared(tiles.cast_const()) }?;
        tiles.grid()?;
        Ok(soft_dice_tiles { at: 0, ..*tiles })
    };
    // SAFETY: the caller's promise.
    status(unsafe { memory::store(tiles, next()) })
}

/// The sums of the frame: those of all tiles.
///
/// # Safety
///
/// Pointers point to what their types say; null and misaligned ones are refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn soft_dice_tiles_total(
    tiles: *const soft_dice_tiles,
    result: *mut soft_dice_sums,
) -> soft_dice_status {
    let total = || {
        // SAFETY: the caller's promise.
        let tiles = unsafe { memory::shared(tiles) }?;
        tiles.grid()?;
        // SAFETY: the caller's promise.
        let sums = unsafe { memory::slice(tiles.sums.cast_const(), tiles.count) }?;
        sums.iter().try_fold(soft_dice_sums::NONE, |total, tile| match tile.known()?.version {
            0 => Ok(total),
            _ => total.plus(&tile.record()),
        })
    };
    // SAFETY: the caller's promise.
    status(unsafe { memory::store(result, total()) })
}
