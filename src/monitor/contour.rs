//! Does the mask's edge lie on an edge of the picture?
//!
//! **What it is.** G is min(|dx| + |dy|, 63) of the picture's luma, of a pixel with its left and upper neighbours; H is the
//! 3×3 maximum of G. The *edge* signal is the mean of H under the mask's boundary against the mean of H over the picture,
//! as a logarithm; *detail* is the logarithm of the latter alone. The boundary is what is foreground and has a
//! neighbour, left, right, above or below, that is not; the picture's own border is no boundary. A mean is taken of
//! 16 H + 1, so that a picture without any edge has a logarithm too.
//!
//! **What edge sees.** A mask that does not belong to the picture: mirrored, slipped, squeezed, late, of another frame. The
//! map alone, however confident, says nothing of that. The ratio to the whole picture's mean makes it blind to light and
//! contrast, which change both alike.
//!
//! **What edge cannot see.** A mask that is wrong along other edges of the picture, one that has lost a part along its own
//! outline (half an object, cut along an edge), a picture so rich in texture that any place is as good (its baseline is
//! then refused, and said so), and a fault that the reference frame shares: a mask wrong from the first frame.
//!
//! **What detail sees.** Blur, darkness, fog, dirt: the picture loses its edges before the network loses its mask. **What it
//! cannot see:** noise, which adds edges, and whether the network minds. It follows the scene as well, so that only a
//! fall by nearly half, and again by as much, counts.
//!
//! All integers: differences, maxima and sums of bytes, as many pixels together as the core has lanes for, and the rim by bits,
//! 32 pixels to a word.

use super::logarithm::{log2, reading};
use crate::error::Error;
use crate::kernel::lines::{Lines, copy};

/// Where the least edge that counts lies: 1/16 of a grey level.
const FLOOR_BITS: u32 = 4;
/// What the picture says of a mask: exact sums, which add up over tiles or frames.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Outlined {
    /// Pixels looked at.
    pub pixels: u64,
    /// ΣH over them, each at most 63.
    pub everywhere: u64,
    /// Pixels of the mask's boundary.
    pub boundary: u64,
    /// ΣH over the boundary.
    pub under: u64,
}

impl Outlined {
    #[inline(never)]
    const fn mean(sum: u64, pixels: u64) -> i32 {
        log2((sum << FLOOR_BITS).saturating_add(pixels)) - log2(pixels << FLOOR_BITS)
    }

    pub(super) const fn readings(&self) -> Readings {
        let &Self { pixels, everywhere, boundary, under } = self;
        if pixels == 0 {
            return Readings { edge: None, detail: reading(0) };
        }
        let whole = Self::mean(everywhere, pixels);
        let edge = if boundary == 0 { None } else { Some(reading(Self::mean(under, boundary) - whole)) };
        Readings { edge, detail: reading(whole) }
    }
}

/// The two signals, as [`super::logarithm`] has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Readings {
    /// None without a boundary.
    pub edge: Option<u16>,
    pub detail: u16,
}

/// Follows mask and picture down their rows, which come together; five rows of bytes and six of bits in the caller's memory.
///
/// ```
/// use soft_dice::monitor::Contour;
///
/// let mut memory = [0; Contour::bytes(6)];
/// let mut contour = Contour::new(6, &mut memory)?;
/// for _ in 0..4 {
///     // A bright object on the right, and a mask that fits it.
///     contour.row([0, 0, 0, 1, 1, 1].map(|mask| mask == 1), &[10, 10, 10, 200, 200, 200], None)?;
/// }
/// let seen = contour.finish();
/// assert_eq!((seen.pixels, seen.boundary, seen.under), (24, 4, 4 * 63));
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Debug)]
pub struct Contour<'a> {
    lines: Lines<'a>,
}

#[cfg(feature = "defmt")]
impl defmt::Format for Contour<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "Contour {{ width: {=usize}, rows: {=usize} }}", self.width(), self.rows());
    }
}

impl<'a> Contour<'a> {
    /// What the memory must hold for rows of this width.
    #[must_use]
    pub const fn bytes(width: usize) -> usize {
        Lines::bytes(width)
    }

    /// No row yet.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] if the width is 0 or 2²⁴ − 7 and more, or the memory has fewer than [`Self::bytes`].
    pub fn new(width: usize, memory: &'a mut [u8]) -> Result<Self, Error> {
        Ok(Self { lines: Lines::new(width, memory).ok_or(Error::Length)? })
    }

    /// Pixels of a row.
    #[must_use]
    pub const fn width(&self) -> usize {
        self.lines.width()
    }

    /// Rows so far.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.lines.rows()
    }

    /// Takes the next row: the mask's pixels from the left, the luma beside them, and which lie in the region of interest
    /// (`None`: all).
    ///
    /// # Errors
    ///
    /// [`Error::Length`] if luma or region are not of the width. The state is as it was. A mask that ends early is
    /// background from there on.
    pub fn row(
        &mut self,
        mask: impl IntoIterator<Item = bool>,
        luma: &[u8],
        region: Option<&[u8]>,
    ) -> Result<(), Error> {
        let width = self.width();
        if luma.len() != width || region.is_some_and(|region| region.len() != width) {
            return Err(Error::Length);
        }
        copy(luma, self.luma());
        self.lines.mask_of(mask);
        self.end(region);
        Ok(())
    }

    /// The place for the next row's luma; [`Self::end_bytes`] or [`Self::end_mask`] takes it.
    pub(super) fn luma(&mut self) -> &mut [u8] {
        self.lines.luma()
    }

    /// Takes the row whose luma is in its place, beside the bytes that are a mask from `cut` on once their bits `flip` are
    /// inverted; bytes and region are of the width.
    pub(super) fn end_bytes(&mut self, bytes: &[u8], flip: u8, cut: u16, region: Option<&[u8]>) {
        self.lines.mask(bytes, flip, cut);
        self.end(region);
    }

    /// The same in a picture none of whose rows has a region, which [`Self::end_whole`] ends.
    pub(super) fn end_everywhere(&mut self, bytes: &[u8], flip: u8, cut: u16) {
        self.lines.mask(bytes, flip, cut);
        self.lines.row::<false>();
    }

    /// The same beside a mask that is given pixel by pixel.
    pub(super) fn end_mask(&mut self, mask: impl IntoIterator<Item = bool>, region: Option<&[u8]>) {
        self.lines.mask_of(mask);
        self.end(region);
    }

    fn end(&mut self, region: Option<&[u8]>) {
        if let Some(region) = region {
            self.lines.region(region);
        }
        self.lines.row::<true>();
    }

    /// What was seen of all rows; the next begins another picture.
    pub fn finish(&mut self) -> Outlined {
        self.lines.finish::<true>();
        self.seen()
    }

    /// [`Self::finish`] of a picture none of whose rows has a region.
    pub(super) fn end_whole(&mut self) -> Outlined {
        self.lines.finish::<false>();
        self.seen()
    }

    const fn seen(&self) -> Outlined {
        let &[pixels, everywhere, boundary, under] = self.lines.seen();
        Outlined { pixels, everywhere, boundary, under }
    }

    /// Forgets the rows so far.
    pub const fn reset(&mut self) {
        self.lines.reset();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::vec;
    use std::vec::Vec;

    /// By the definition, pixel by pixel.
    fn defined(mask: &[bool], luma: &[u8], region: &[u8], width: usize) -> Outlined {
        let height = luma.len() / width;
        let g = |x: usize, y: usize| {
            let own = luma[y * width + x];
            let dx = if x > 0 { own.abs_diff(luma[y * width + x - 1]) } else { 0 };
            let dy = if y > 0 { own.abs_diff(luma[(y - 1) * width + x]) } else { 0 };
            (u64::from(dx) + u64::from(dy)).min(63)
        };
        let near = |at: usize, end: usize| at.saturating_sub(1)..(at + 2).min(end);
        let mut seen = Outlined::default();
        for y in 0..height {
            for x in 0..width {
                let h = near(y, height).flat_map(|y| near(x, width).map(move |x| (x, y))).map(|(x, y)| g(x, y)).max();
                let h = h.unwrap();
                let inside = |x: usize, y: usize| region[y * width + x] != 0;
                let crosses: Vec<(usize, usize)> = near(y, height)
                    .flat_map(|v| near(x, width).map(move |u| (u, v)))
                    .filter(|&(u, v)| u.abs_diff(x) + v.abs_diff(y) == 1)
                    .collect();
                seen.pixels += u64::from(inside(x, y));
                seen.everywhere += if inside(x, y) { h } else { 0 };
                let rim = mask[y * width + x]
                    && inside(x, y)
                    && crosses.iter().all(|&(u, v)| inside(u, v))
                    && crosses.iter().any(|&(u, v)| !mask[v * width + u]);
                seen.boundary += u64::from(rim);
                seen.under += if rim { h } else { 0 };
            }
        }
        seen
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn as_defined(width in 1usize..80, height in 1usize..7, seed in any::<u64>(), regional in any::<bool>()) {
            let mut state = seed | 1;
            let mut next = || {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                state >> 32
            };
            let pixels = width * height;
            let mask: Vec<bool> = (0..pixels).map(|_| next() % 3 > 0).collect();
            let luma: Vec<u8> = (0..pixels).map(|_| (next() % 60) as u8).collect();
            let region: Vec<u8> = (0..pixels).map(|_| if regional { (next() % 8) as u8 } else { 1 }).collect();
            // The same mask as bytes from a cut on, signed or not.
            let (flip, cut) = ([0, 0x80][next() as usize % 2], 1 + (next() % 255) as u8);
            let below = |random: u64| (random % u64::from(cut)) as u8;
            let above = |random: u64| cut + (random % (256 - u64::from(cut))) as u8;
            let code = |&mask: &bool| flip ^ if mask { above(next()) } else { below(next()) };
            let codes: Vec<u8> = mask.iter().map(code).collect();
            // The memory may begin anywhere.
            let mut memory = vec![0; Contour::bytes(width) + seed as usize % 4];
            let mut contour = Contour::new(width, &mut memory[seed as usize % 4..]).unwrap();
            for turn in 0..4 {
                for y in 0..height {
                    let row = y * width..(y + 1) * width;
                    let region = regional.then_some(&region[row.clone()]);
                    if turn % 2 == 0 {
                        contour.row(mask[row.clone()].iter().copied(), &luma[row], region).unwrap();
                    } else {
                        contour.luma().copy_from_slice(&luma[row.clone()]);
                        contour.end_bytes(&codes[row], flip, cut.into(), region);
                    }
                }
                prop_assert_eq!(contour.rows(), height);
                prop_assert_eq!(contour.finish(), defined(&mask, &luma, &region, width));
            }
            // A mask of all, and of none.
            for cut in [0, 256] {
                contour.luma().copy_from_slice(&luma[..width]);
                contour.end_bytes(&codes[..width], flip, cut, None);
                contour.luma().copy_from_slice(&luma[..width]);
                contour.end_bytes(&codes[..width], flip, 0, None);
                let rim = if cut == 0 { 0 } else { width as u64 };
                prop_assert_eq!(contour.finish().boundary, rim);
            }
        }
    }

    #[test]
    fn readings() {
        let seen = Outlined { pixels: 100, everywhere: 100 * 10, boundary: 10, under: 10 * 40 };
        // (16 · 40 + 1) / (16 · 10 + 1), and (16 · 10 + 1) / 16.
        let near = |found: u16, exact: f64| (f64::from(found) - 32768.0 - exact.log2() * 2048.0).abs() < 3.0;
        let Readings { edge, detail } = seen.readings();
        assert!(near(edge.unwrap(), 641.0 / 161.0) && near(detail, 161.0 / 16.0));
        assert_eq!(Outlined { boundary: 0, under: 0, ..seen }.readings(), Readings { edge: None, detail });
        let dark = Outlined { everywhere: 0, under: 0, ..seen }.readings();
        assert_eq!(dark, Readings { edge: Some(32768), detail: 32768 - 4 * 2048 });
        assert_eq!(Outlined::default().readings(), Readings { edge: None, detail: 32768 });
    }

    /// Sums of many rows do not fit 32 bits.
    #[test]
    fn many_rows() {
        let mut memory = [0; Contour::bytes(1)];
        let mut contour = Contour::new(1, &mut memory).unwrap();
        contour.row([true], &[0], None).unwrap();
        for _ in 0..1000 {
            contour.lines.add([(1 << 24) - 8, 63 << 24, 5, 7]);
        }
        let seen = contour.finish();
        assert_eq!((seen.pixels, seen.everywhere), (1000 * ((1 << 24) - 8) + 1, 1000 * (63 << 24)));
        assert_eq!((seen.boundary, seen.under), (5000, 7000));
        assert_eq!(contour.finish(), Outlined::default(), "of no row");
    }

    #[test]
    fn rows_that_do_not_fit() {
        let mut memory = [0; Contour::bytes(3)];
        assert_eq!(Contour::new(0, &mut memory).err(), Some(Error::Length));
        assert_eq!(Contour::new(9, &mut memory).err(), Some(Error::Length));
        for width in [(1 << 24) - 7, usize::MAX] {
            assert_eq!(
                (Contour::bytes(width), Contour::new(width, &mut memory).err()),
                (usize::MAX, Some(Error::Length))
            );
        }
        let mut contour = Contour::new(3, &mut memory).unwrap();
        assert_eq!(contour.row([true; 3], &[0; 2], None), Err(Error::Length));
        assert_eq!(contour.row([true; 3], &[0; 3], Some(&[1; 4])), Err(Error::Length));
        assert_eq!((contour.rows(), contour.finish()), (0, Outlined::default()));
    }
}
