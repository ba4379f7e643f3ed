//! Rows of a picture and of a mask that come one after another: where the mask's rim lies, and sums of the picture's change
//! under it and everywhere. Three rows of either are looked at together.
//!
//! ```text
//! memory: luma 2 ×, change 3 ×      a byte a pixel
//!         mask 3 ×, inside 3 ×      a bit a pixel, in words
//!                                   all with four bytes more at either end
//! row y:  change of y; greatest of y−2, y−1, y at each place (in place of y−2)      steps
//!         mask of y                                                               marks
//!         rim of y−1 from the masks of y−2, y−1, y (in place of y−2)               rims
//!         greatest of three neighbours of the greatest: everywhere, under the rim   gather
//! ```
//!
//! The loops are those of `cores` where it has some, else those of `loops::lines`, which define them.

#[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
use crate::cores::lines as lanes;
#[cfg(not(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium")))]
use crate::loops::lines as lanes;

/// Pixels of a row at most: their sums, and what is added to each, fit 32 bits.
const WIDEST: usize = (1 << 24) - 8;
const _: () = assert!((WIDEST as u64 + 8) * 255 < 1 << 32);
/// Bytes before a row's first pixel, and after its last.
const MARGIN: usize = 4;

/// Sums of a row, or of a picture: pixels in the region, the change's greatest of nine over them, pixels of the rim, and the
/// same over the rim.
pub(crate) type Sums<S> = [S; 4];

/// The rows that are looked at, in the caller's memory.
#[derive(Debug)]
pub(crate) struct Lines<'a> {
    /// [`Self::bytes`] of it but three, aligned to 4: what every place below lies in.
    memory: &'a mut [u8],
    width: usize,
    rows: usize,
    /// Of the rows that are done.
    seen: Sums<u64>,
    /// Where the luma of the row that comes lies, and of the one before.
    light: [usize; 2],
    /// Where the change of the row before the last lies, of the last, and of the one that comes.
    change: [usize; 3],
    /// The same of the mask's bits; the region's are [`Self::regions`] behind them.
    marks: [usize; 3],
    /// A row of this picture had a region.
    regional: bool,
}

/// Pixels of a row that the loops take: whole turns of eight.
const fn padded(width: usize) -> usize {
    width.next_multiple_of(8)
}

/// Bytes from one row of bytes to the next.
const fn pitch(width: usize) -> usize {
    padded(width) + 2 * MARGIN
}

/// Bytes of a row of bits: whole words.
const fn bits(width: usize) -> usize {
    width.div_ceil(32) * 4
}

impl<'a> Lines<'a> {
    /// What the memory must hold for rows of this width, which is no more than [`WIDEST`].
    pub const fn bytes(width: usize) -> usize {
        if width > WIDEST { usize::MAX } else { 3 + 5 * pitch(width) + 6 * (bits(width) + 2 * MARGIN) }
    }

    /// No row yet; `None` if the width is 0 or too great, or the memory too small.
    pub fn new(width: usize, memory: &'a mut [u8]) -> Option<Self> {
        if width == 0 || width > WIDEST || memory.len() < Self::bytes(width) {
            return None;
        }
        let unaligned = memory.as_ptr().addr().wrapping_neg() & 3;
        let memory = memory.get_mut(unaligned..)?.get_mut(..Self::bytes(width) - 3)?;
        let line = |row: usize| row * pitch(width) + MARGIN;
        let mark = |row: usize| 5 * pitch(width) + row * (bits(width) + 2 * MARGIN) + MARGIN;
        let (light, change, marks) = ([0, 1].map(line), [2, 3, 4].map(line), [0, 1, 2].map(mark));
        Some(Self { memory, width, rows: 0, seen: [0; 4], light, change, marks, regional: false })
    }

    pub const fn width(&self) -> usize {
        self.width
    }

    pub const fn rows(&self) -> usize {
        self.rows
    }

    pub const fn reset(&mut self) {
        self.rows = 0;
    }

    /// The bytes from one of the places above on.
    fn at(&mut self, place: usize, bytes: usize) -> &mut [u8] {
        // SAFETY: the places are those that `new` made, each with room for what lies there.
        unsafe { core::slice::from_raw_parts_mut(self.memory.as_mut_ptr().add(place), bytes) }
    }

    const fn regions(&self) -> usize {
        3 * (bits(self.width) + 2 * MARGIN)
    }

    /// Begins a row: the place for its luma.
    pub fn luma(&mut self) -> &mut [u8] {
        if self.rows == 0 {
            self.begin();
        }
        self.at(self.light[0], self.width)
    }

    /// Above the first row nothing changes, and there is no rim towards it.
    #[inline(never)]
    fn begin(&mut self) {
        let marks = 5 * pitch(self.width);
        self.fill(0, marks, 0);
        self.fill(marks, 2 * self.regions(), u32::MAX);
        // SAFETY: eight words.
        unsafe { lanes::fill(self.seen.as_mut_ptr().cast(), 8, 0) }
        self.regional = false;
    }

    /// Writes words from a place on, which is aligned as all of them are.
    #[inline(always)]
    fn fill(&mut self, place: usize, bytes: usize, word: u32) {
        // SAFETY: what `new` made room for; places and lengths are multiples of 4.
        unsafe { lanes::fill(self.memory.as_mut_ptr().add(place).cast(), bytes / 4, word) }
    }

    /// The row's mask: the bytes that, with their `flip` bits inverted, are at least `cut`. `flip` is 0 or 0x80; a cut above
    /// 255 takes none. There are as many as the width. A function of its own, as [`Self::rims`] is: what the edge takes
    /// beyond the detail is measured by their names (`ci/proofs.sh`).
    #[inline(never)]
    pub fn mask(&mut self, bytes: &[u8], flip: u8, cut: u16) {
        let place = self.marks[2];
        if cut > 255 {
            self.fill(place, bits(self.width), 0);
        } else {
            #[cfg(not(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium")))]
            lanes::marks(bytes, flip, cut as u8, self.at(place, bits(self.width)));
            #[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
            {
                let n = bytes.len().min(self.width);
                // SAFETY: n bytes are there; the marks are whole words, a bit for each.
                unsafe { lanes::marks(bytes.as_ptr(), flip, cut as u8, self.memory.as_mut_ptr().add(place), n) }
            }
        }
        self.end(place);
    }

    /// The same of a mask that is given pixel by pixel; what is missing is background.
    pub fn mask_of(&mut self, mask: impl IntoIterator<Item = bool>) {
        let place = self.marks[2];
        pack(mask, self.at(place, bits(self.width)));
        self.end(place);
    }

    /// The region of the row: bytes that are not 0 are inside. Without a call every pixel is.
    pub fn region(&mut self, region: &[u8]) {
        self.regional = true;
        let place = self.marks[2] + self.regions();
        pack(region.iter().map(|&byte| byte != 0), self.at(place, bits(self.width)));
        self.end(place);
    }

    /// Past its last pixel a row of bits is all ones: there is no rim towards it.
    fn end(&mut self, place: usize) {
        // SAFETY: the last word of a row of bits, which is aligned.
        unsafe {
            let last = self.memory.as_mut_ptr().add(place + bits(self.width) - 4).cast::<u32>();
            last.write(last.read() | !valid(self.width).to_le());
        }
    }

    /// The sums so far: of all rows but the last, after [`Self::finish`] of all.
    pub const fn seen(&self) -> &Sums<u64> {
        &self.seen
    }

    /// Ends a row. Without `WITHIN` no row had a region, and nothing that looks at one is linked.
    pub fn row<const WITHIN: bool>(&mut self) {
        let first = self.rows == 0;
        self.line::<WITHIN>(first, !first);
        self.rows = self.rows.wrapping_add(1);
    }

    /// Ends the picture: the next row begins another one.
    pub fn finish<const WITHIN: bool>(&mut self) {
        let some = self.rows != 0;
        if !some {
            self.begin();
        }
        let (bits, regions) = (bits(self.width), self.regions());
        // Below the last row nothing changes either.
        self.fill(self.light[0], padded(self.width), 0);
        self.fill(self.marks[2], bits, u32::MAX);
        if WITHIN {
            self.fill(self.marks[2] + regions, bits, u32::MAX);
        }
        self.line::<WITHIN>(true, some);
        self.rows = 0;
    }

    /// Adds the sums of a row.
    #[inline(always)]
    pub fn add(&mut self, line: Sums<u32>) {
        let [inside, everywhere, boundary, under] = &mut self.seen;
        *inside += u64::from(line[0]);
        *everywhere += u64::from(line[1]);
        *boundary += u64::from(line[2]);
        *under += u64::from(line[3]);
    }

    /// Takes the row that is there, and adds the sums of the one before, which is `counted` if there is one. `alone`: it has no
    /// row above.
    #[inline(never)]
    fn line<const WITHIN: bool>(&mut self, alone: bool, counted: bool) {
        let (width, padded, regional) = (self.width, padded(self.width), WITHIN && self.regional);
        self.rims(regional);
        let ([light, above], [older, last, now], [rim, own, newest]) = (self.light, self.change, self.marks);
        self.light = [above, light];
        self.change = [last, now, older];
        self.marks = [own, newest, rim];
        let base = self.memory.as_mut_ptr();
        // SAFETY: the memory has room for five rows of `padded` bytes with four more at either end, and for the bits. Rows of
        // change are three different ones, and none is a row of luma.
        let line = unsafe {
            let (columns, light) = (base.add(older), base.add(light));
            *light.sub(1) = *light;
            let above = if alone { light } else { base.add(above) };
            steps([light, above, base.add(last)], columns, base.add(now), padded);
            // Past the last pixel nothing changes, but that its neighbour there sees it.
            let mut beyond = 0;
            if padded > width {
                beyond = u32::from(*columns.add(width - 1));
                let eight = columns.add(padded - 8).cast::<[u32; 2]>();
                let valid = u64::MAX >> (8 * (padded - width));
                let [low, high] = eight.read();
                eight.write([low & (valid as u32).to_le(), high & ((valid >> 32) as u32).to_le()]);
            }
            let [all, boundary, under] = gather(columns, base.add(rim), padded);
            let (mut inside, mut everywhere) = (width as u32, all.wrapping_sub(beyond));
            if regional {
                [_, inside, everywhere] = gather(columns, base.add(own + self.regions()), padded);
            }
            // Wrapping, because before the second row there is nothing to take the bias from.
            let less = |sum: u32, pixels: u32| sum.wrapping_sub(u32::from(lanes::BIAS) * pixels);
            [inside, less(everywhere, inside), boundary, less(under, boundary)]
        };
        if counted {
            self.add(line);
        }
    }

    /// The rim of the last row in place of the mask of the one before.
    #[inline(never)]
    fn rims(&mut self, regional: bool) {
        let (words, valid) = (bits(self.width) / 4, valid(self.width));
        let base = self.memory.as_mut_ptr();
        // SAFETY: rows of bits are whole words within the memory, aligned as it is, with one more at either end.
        unsafe {
            let [up, own, down] = self.marks;
            let up = base.add(up).cast::<u32>();
            lanes::rims(up, base.add(own).cast(), base.add(down).cast(), words);
            let last = up.add(words - 1);
            last.write(last.read() & valid.to_le());
        }
        if regional {
            self.within();
        }
    }

    /// Leaves out what the region does: of the rim pixels whose neighbours are not all inside.
    #[inline(never)]
    fn within(&mut self) {
        let (words, valid) = (bits(self.width) / 4, valid(self.width));
        let base = self.memory.as_mut_ptr();
        // SAFETY: as in `rims`.
        unsafe {
            let rims = base.add(self.marks[0]).cast::<u32>();
            let [up, own, down] = self.marks.map(|place| base.add(place + self.regions()).cast::<u32>());
            let mut before = u32::MAX;
            for at in 0..words {
                let [region, after] = [at, at + 1].map(|at| u32::from_le(own.add(at).read()));
                let sides = (region << 1 | before >> 31) & (region >> 1 | after << 31);
                let inside = region & sides & u32::from_le(up.add(at).read() & down.add(at).read());
                rims.add(at).write(rims.add(at).read() & inside.to_le());
                // Pixels past the last are in no sum.
                own.add(at).write((if at + 1 == words { region & valid } else { region }).to_le());
                before = region;
            }
        }
    }
}

/// Copies as many bytes as both have.
pub(crate) fn copy(from: &[u8], to: &mut [u8]) {
    let n = from.len().min(to.len());
    #[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
    // SAFETY: both have n bytes.
    unsafe {
        lanes::copy(from.as_ptr(), to.as_mut_ptr(), n);
    }
    #[cfg(not(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium")))]
    if let (Some(from), Some(to)) = (from.get(..n), to.get_mut(..n)) {
        to.copy_from_slice(from);
    }
}

/// Writes zeros, a multiple of four.
pub(crate) fn clear(bytes: &mut [u8]) {
    #[cfg(soft_dice_lanes = "dsp")]
    // SAFETY: the bytes that are there; its stores take any address.
    unsafe {
        lanes::fill(bytes.as_mut_ptr().cast(), bytes.len() / 4, 0);
    }
    #[cfg(not(soft_dice_lanes = "dsp"))]
    bytes.fill(0);
}

/// The bits of the last word of a row that are pixels.
const fn valid(width: usize) -> u32 {
    u32::MAX >> (width.wrapping_neg() % 32)
}

/// Eight to a byte, the first lowest.
fn pack(mask: impl IntoIterator<Item = bool>, marks: &mut [u8]) {
    let mut mask = mask.into_iter();
    for marks in marks {
        *marks = (0..8).fold(0, |marks, bit| marks | u8::from(mask.next().unwrap_or_default()) << bit);
    }
}

/// # Safety
///
/// As [`lanes`] asks: `n` bytes at each, one before the first of `from`; those written are different rows.
#[inline(always)]
unsafe fn steps(from: [*const u8; 3], columns: *mut u8, now: *mut u8, n: usize) {
    let [light, above, last] = from;
    #[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
    // SAFETY: the caller's.
    unsafe {
        lanes::steps(light, above, columns, last, now, n);
    }
    #[cfg(not(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium")))]
    // SAFETY: the caller's.
    unsafe {
        let row = |at: *const u8| core::slice::from_raw_parts(at, n);
        let (columns, now) = (core::slice::from_raw_parts_mut(columns, n), core::slice::from_raw_parts_mut(now, n));
        lanes::steps(row(light), row(light.sub(1)), row(above), columns, row(last), now);
    }
}

/// # Safety
///
/// `n` bytes at `columns`, and one before and after; a bit for each at `marks`, in whole words.
#[inline(always)]
unsafe fn gather(columns: *const u8, marks: *const u8, n: usize) -> [u32; 3] {
    #[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
    // SAFETY: the caller's.
    unsafe {
        lanes::gather(columns, marks, n)
    }
    #[cfg(not(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium")))]
    // SAFETY: the caller's.
    unsafe {
        lanes::gather(
            core::slice::from_raw_parts(columns.sub(1), n + 2),
            core::slice::from_raw_parts(marks, n.div_ceil(8)),
        )
    }
}
