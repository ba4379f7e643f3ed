//! Rows of a camera's picture, as luma of the map's size.

use super::contour::Contour;
use crate::error::Error;
use crate::kernel::lines::{clear, copy};

/// How the bytes of a row are to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Format {
    /// A byte of luma a pixel.
    #[default]
    Luma,
    /// Two bytes a pixel, the low one first: 5 bits of red at the top, 6 of green, 5 of blue.
    Rgb565,
    /// The same with the high byte first, as many sensors send it.
    Rgb565Big,
    /// Luma and a chroma by turns, luma first (YUY2, 4:2:2).
    Yuyv,
    /// Luma and a chroma by turns, chroma first (4:2:2).
    Uyvy,
}

impl Format {
    /// Bytes of a pixel.
    #[must_use]
    pub const fn bytes(self) -> usize {
        match self {
            Self::Luma => 1,
            Self::Rgb565 | Self::Rgb565Big | Self::Yuyv | Self::Uyvy => 2,
        }
    }

    /// BT.601 in integers, (77 R + 150 G + 29 B + 128) / 256, of 8-bit channels; where luma is sent, the byte itself. Of a
    /// pixel's first byte and its last, which is the same where it has one.
    fn luma(self, first: u8, last: u8) -> u8 {
        let (low, high) = if matches!(self, Self::Rgb565Big | Self::Uyvy) { (last, first) } else { (first, last) };
        match self {
            Self::Luma | Self::Yuyv | Self::Uyvy => low,
            Self::Rgb565 | Self::Rgb565Big => of_565(u16::from_le_bytes([low, high])),
        }
    }

    /// The luma of every pixel of a row.
    fn lumas(self, row: &[u8]) -> impl Iterator<Item = u8> {
        // A constant number of bytes: by one that is read a count of pixels would divide, and keep a way to a panic.
        let (bytes, mut rest) = (self.bytes(), row);
        core::iter::from_fn(move || {
            let (pixel, more) = rest.split_at_checked(bytes)?;
            rest = more;
            Some(self.luma(*pixel.first()?, *pixel.last()?))
        })
    }
}

/// The channels are widened by repeating their high bits below.
const fn of_565(pixel: u16) -> u8 {
    let (red, green, blue) = ((pixel >> 11) as u32, (pixel >> 5 & 63) as u32, (pixel & 31) as u32);
    let (red, green, blue) = ((red << 3) + (red >> 2), (green << 2) + (green >> 4), (blue << 3) + (blue >> 2));
    ((77 * red + 150 * green + 29 * blue + 128) >> 8) as u8
}

/// The most pixels of the camera in a row of one pixel of the map.
const MOST: u8 = 64;

/// The camera beside a map: how its rows are written, and how many of its pixels there are to one of the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Camera {
    /// Pixels of a row of the map.
    pub width: usize,
    /// The camera's picture is so many times as wide and as high as the map, 1 to 64. A pixel of the map is then the mean
    /// of the square of so many pixels centred on every such one (of an even number, the outermost rows and columns of a
    /// square of one more count half), of what there is of it at the border.
    pub every: u8,
    /// How a row is written.
    pub format: Format,
}

impl Camera {
    /// Luma of the map's size.
    #[must_use]
    pub const fn luma(width: usize) -> Self {
        Self { width, every: 1, format: Format::Luma }
    }

    /// The memory that a [`super::Watch`] needs for it.
    #[must_use]
    pub const fn bytes(self) -> usize {
        let sums = if self.every > 1 { self.width.saturating_mul(4) } else { 0 };
        Contour::bytes(self.width).saturating_add(sums)
    }

    /// Bytes of a row of the camera's picture.
    #[must_use]
    pub const fn row_bytes(self) -> usize {
        self.width * self.every as usize * self.format.bytes()
    }
}

/// A whole picture of a camera, row by row.
#[derive(Clone, Copy, Debug)]
pub struct Picture<'b> {
    bytes: &'b [u8],
    stride: usize,
}

#[cfg(feature = "defmt")]
impl defmt::Format for Picture<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "Picture {{ bytes: {=usize}, stride: {=usize} }}", self.bytes.len(), self.stride);
    }
}

impl<'b> Picture<'b> {
    /// A row begins every `stride` bytes.
    #[must_use]
    pub const fn new(bytes: &'b [u8], stride: usize) -> Self {
        Self { bytes, stride }
    }

    /// So many bytes of a row.
    ///
    /// # Errors
    ///
    /// [`Error::Rows`] where the buffer has no such row, or the stride is too small for it.
    pub(super) fn row(&self, row: usize, bytes: usize) -> Result<&'b [u8], Error> {
        let at = row.checked_mul(self.stride).filter(|_| self.stride >= bytes).ok_or(Error::Rows)?;
        self.bytes.get(at..).and_then(|rest| rest.get(..bytes)).ok_or(Error::Rows)
    }
}

/// Brings the camera's rows to the map's size, as they come.
#[derive(Debug)]
pub(super) struct Scaler<'a> {
    camera: Camera,
    /// Weighted sums of the row that is being gathered: four bytes each, the low one first; none where every row is one.
    sums: &'a mut [u8],
    /// Where the next row lies in its square; the first one in the middle.
    place: u8,
    /// The weight of the rows in the sums.
    weight: u32,
}

impl<'a> Scaler<'a> {
    pub fn new(camera: Camera, memory: &'a mut [u8]) -> Result<Self, Error> {
        if camera.every == 0 || camera.every > MOST {
            return Err(Error::Setting);
        }
        let needed = if camera.every > 1 { camera.width.checked_mul(4).ok_or(Error::Length)? } else { 0 };
        let sums = memory.get_mut(..needed).ok_or(Error::Length)?;
        let mut scaler = Self { camera, sums, place: 0, weight: 0 };
        scaler.reset();
        Ok(scaler)
    }

    pub const fn camera(&self) -> Camera {
        self.camera
    }

    pub fn reset(&mut self) {
        clear(self.sums);
        self.place = self.camera.every / 2;
        self.weight = 0;
    }

    /// Takes a row of the camera: whether it ends a row of luma, which then is in its place in the contour. Both are of the
    /// length that the camera says.
    #[inline(never)]
    pub fn row(&mut self, row: &[u8], contour: &mut Contour<'_>) -> bool {
        let Camera { every, format, .. } = self.camera;
        if every == 1 {
            let luma = contour.luma();
            if format.bytes() == 1 {
                copy(row, luma);
            } else {
                luma.iter_mut().zip(format.lumas(row)).for_each(|(to, luma)| *to = luma);
            }
            return true;
        }
        // The last row of an even square is the first of the next as well, and counts half in either.
        let even = every.is_multiple_of(2);
        let shared = even && self.place == every;
        self.add(row, if shared { 1 } else { 2 });
        self.place += 1;
        let ends = shared || !even && self.place == every;
        if ends {
            self.emit(contour.luma());
            self.place = u8::from(shared);
            if shared {
                self.add(row, 1);
            }
        }
        ends
    }

    /// Adds a row with its weight to the sums of the squares that its pixels lie in.
    #[inline(never)]
    fn add(&mut self, row: &[u8], weight: u32) {
        let Camera { every, format, .. } = self.camera;
        let even = every % 2 == 0;
        self.weight += weight;
        let mut place = every / 2;
        let (sums, _) = self.sums.as_chunks_mut::<4>();
        let mut sums = sums.iter_mut();
        let Some(mut sum) = sums.next() else { return };
        let plus = |sum: &mut [u8; 4], luma: u32| {
            *sum = u32::from_le_bytes(*sum).wrapping_add(luma * weight).to_le_bytes();
        };
        for luma in format.lumas(row).map(u32::from) {
            let next = place == every;
            // Of an even number, a square's last column is the next one's first.
            let shared = even && next;
            if shared {
                plus(sum, luma);
            }
            if next {
                let Some(following) = sums.next() else { return };
                sum = following;
                place = 0;
            }
            plus(sum, if shared { luma } else { 2 * luma });
            place += 1;
        }
    }

    /// Means of the sums, rounded, as luma.
    fn emit(&mut self, luma: &mut [u8]) {
        let every = u32::from(self.camera.every);
        // Of the first square only what is right of its middle is there.
        let mut columns = every + 1;
        let (sums, _) = self.sums.as_chunks_mut::<4>();
        for (sum, luma) in sums.iter_mut().zip(luma) {
            let weight = self.weight * columns;
            let mean = (u32::from_le_bytes(*sum) + weight / 2).checked_div(weight).unwrap_or_default();
            *luma = mean.min(255) as u8;
            *sum = [0; 4];
            columns = 2 * every;
        }
        self.weight = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::vec;
    use std::vec::Vec;

    /// The mean over a square as the recordings' description has it, in f64.
    fn mean(picture: &[u8], width: usize, height: usize, every: usize, x: usize, y: usize) -> f64 {
        let half = every / 2;
        let weight = |distance: usize| if every.is_multiple_of(2) && distance == half { 0.5 } else { 1.0 };
        let (mut sum, mut all) = (0.0, 0.0);
        for row in (0..height).filter(|row| row.abs_diff(y * every) <= half) {
            for column in (0..width).filter(|column| column.abs_diff(x * every) <= half) {
                let w = weight(row.abs_diff(y * every)) * weight(column.abs_diff(x * every));
                sum += w * f64::from(picture[row * width + column]);
                all += w;
            }
        }
        sum / all
    }

    proptest! {
        #[test]
        fn squares_are_centred(every in 1usize..9, columns in 1usize..7, rows in 1usize..6, seed in any::<u32>()) {
            let (width, height) = (columns * every, rows * every);
            let mut state = seed;
            let picture: Vec<u8> = (0..width * height).map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 24) as u8
            }).collect();
            let camera = Camera { width: columns, every: every as u8, format: Format::Luma };
            let (mut memory, mut rows_of) = (vec![0; 4 * columns], vec![0; Contour::bytes(columns)]);
            let mut contour = Contour::new(columns, &mut rows_of).unwrap();
            // The first row's place is cleared whenever it is asked for.
            contour.row([], &vec![0; columns], None).unwrap();
            let mut scaler = Scaler::new(camera, &mut memory).unwrap();
            for _ in 0..2 {
                let mut found = Vec::new();
                for row in picture.chunks(width) {
                    if scaler.row(row, &mut contour) {
                        found.push(contour.luma().to_vec());
                    }
                }
                prop_assert_eq!(found.len(), rows);
                for (y, row) in found.iter().enumerate() {
                    for (x, &luma) in row.iter().enumerate() {
                        let exact = mean(&picture, width, height, every, x, y);
                        prop_assert!((f64::from(luma) - exact).abs() <= 0.5 + 1e-9, "{x} {y}: {luma} for {exact}");
                    }
                }
                scaler.reset();
            }
        }
    }

    #[test]
    fn formats() {
        let white = 0xFFFFu16;
        assert_eq!([white, 0, 0xF800, 0x07E0, 0x001F].map(of_565), [255, 0, 77, 149, 29]);
        let lumas = |format: Format, row: &[u8]| format.lumas(row).collect::<Vec<u8>>();
        assert_eq!(lumas(Format::Rgb565, &[0, 0xF8, 0xE0, 0x07]), [77, 149]);
        assert_eq!(lumas(Format::Rgb565Big, &[0xF8, 0, 0x07, 0xE0]), [77, 149]);
        assert_eq!((lumas(Format::Yuyv, &[9, 1, 8, 2]), lumas(Format::Uyvy, &[1, 9, 2, 8])), (vec![9, 8], vec![9, 8]));
        assert_eq!(lumas(Format::Luma, &[9, 8, 7]), [9, 8, 7]);
    }

    #[test]
    fn cameras_that_are_none() {
        for every in [0, 65] {
            let camera = Camera { width: 2, every, format: Format::Luma };
            assert_eq!(Scaler::new(camera, &mut [0; 10]).err(), Some(Error::Setting));
        }
        let camera = Camera { width: 2, every: 2, format: Format::Luma };
        assert_eq!(Scaler::new(camera, &mut [0; 7]).err(), Some(Error::Length));
        assert_eq!(Picture::new(&[0; 5], 2).row(2, 2).err(), Some(Error::Rows));
        assert_eq!(Picture::new(&[0; 5], 1).row(0, 2).err(), Some(Error::Rows));
    }
}
