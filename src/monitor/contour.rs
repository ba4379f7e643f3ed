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
//! All integers: a subtraction, a handful of maxima and two sums a pixel, over three rows of bytes.

use super::logarithm::{log2, reading};
use crate::error::Error;

/// Where the least edge that counts lies: 1/16 of a grey level.
const FLOOR_BITS: u32 = 4;
/// H, in the low bits of a byte that also bears the two marks below.
const EDGE: u8 = 0x3F;
/// The pixel is foreground.
const MASK: u8 = 0x80;
/// The pixel is in the region of interest.
const INSIDE: u8 = 0x40;
/// The same of a pixel in a word.
const H: u32 = EDGE as u32;
/// What lies beyond the picture's border: no edge, and no boundary towards it.
const BEYOND: u8 = MASK | INSIDE;

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
    const fn mean(sum: u64, pixels: u64) -> i32 {
        log2((sum << FLOOR_BITS).saturating_add(pixels)) - log2(pixels << FLOOR_BITS)
    }

    pub(super) const fn edge_reading(&self) -> Option<u16> {
        if self.boundary == 0 || self.pixels == 0 {
            return None;
        }
        Some(reading(Self::mean(self.under, self.boundary) - Self::mean(self.everywhere, self.pixels)))
    }

    pub(super) const fn detail_reading(&self) -> u16 {
        if self.pixels == 0 { reading(0) } else { reading(Self::mean(self.everywhere, self.pixels)) }
    }
}

/// Follows mask and picture down their rows, which come together; three rows of bytes and one of luma in the caller's
/// memory.
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
    memory: &'a mut [u8],
    width: usize,
    rows: usize,
    /// Which of the three rows is the oldest.
    turn: u8,
    seen: Outlined,
}

#[cfg(feature = "defmt")]
impl defmt::Format for Contour<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "Contour {{ width: {=usize}, rows: {=usize} }}", self.width, self.rows);
    }
}

impl<'a> Contour<'a> {
    /// What the memory must hold for rows of this width.
    #[must_use]
    pub const fn bytes(width: usize) -> usize {
        4 * (width + 2)
    }

    /// No row yet.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] if the width is 0 or the memory has fewer than [`Self::bytes`].
    pub fn new(width: usize, memory: &'a mut [u8]) -> Result<Self, Error> {
        let bytes = width.checked_add(2).and_then(|row| row.checked_mul(4)).ok_or(Error::Length)?;
        let memory = memory.get_mut(..bytes).filter(|_| width > 0).ok_or(Error::Length)?;
        Ok(Self { memory, width, rows: 0, turn: 0, seen: Outlined::default() })
    }

    /// Pixels of a row.
    #[must_use]
    pub const fn width(&self) -> usize {
        self.width
    }

    /// Rows so far.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.rows
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
        if luma.len() != self.width || region.is_some_and(|region| region.len() != self.width) {
            return Err(Error::Length);
        }
        let first = self.rows == 0;
        let Some([light, older, last, now]) = self.split() else { return Err(Error::Length) };
        if first {
            older.fill(BEYOND);
            last.fill(BEYOND);
            light.iter_mut().zip(luma).for_each(|(light, &luma)| *light = luma);
        }
        gradient(light, luma, mask, now);
        if let Some(region) = region {
            leave_out(now, region);
        }
        spread(now);
        let row = if first { Outlined::default() } else { finished(older, last, now) };
        self.add(row);
        self.turn = if self.turn == 2 { 0 } else { self.turn + 1 };
        self.rows = self.rows.saturating_add(1);
        Ok(())
    }

    /// What was seen of all rows; the next begins another picture.
    pub fn finish(&mut self) -> Outlined {
        if self.rows > 0
            && let Some([_, older, last, now]) = self.split()
        {
            now.fill(BEYOND);
            let row = finished(older, last, now);
            self.add(row);
        }
        self.rows = 0;
        core::mem::take(&mut self.seen)
    }

    /// Forgets the rows so far.
    pub fn reset(&mut self) {
        self.rows = 0;
        self.seen = Outlined::default();
    }

    /// The last row's luma, and H with the marks of the row before the last, of the last, and of the one that comes; each
    /// with a pixel more at either end.
    fn split(&mut self) -> Option<[&mut [u8]; 4]> {
        let row = self.width + 2;
        let (light, rest) = self.memory.split_at_mut_checked(row)?;
        let (older, rest) = rest.split_at_mut_checked(row)?;
        let (last, now) = rest.split_at_mut_checked(row)?;
        // The rows take turns, and nothing is copied.
        Some(match self.turn {
            0 => [light, older, last, now],
            1 => [light, last, now, older],
            _ => [light, now, older, last],
        })
    }

    const fn add(&mut self, row: Outlined) {
        let Outlined { pixels, everywhere, boundary, under } = &mut self.seen;
        *pixels += row.pixels;
        *everywhere += row.everywhere;
        *boundary += row.boundary;
        *under += row.under;
    }
}

/// G of a row into `now`, with the marks of the mask and of what lies beyond either end; `light` is the row above, and
/// becomes this one.
fn gradient(light: &mut [u8], luma: &[u8], mask: impl IntoIterator<Item = bool>, now: &mut [u8]) {
    let Some((first, rest)) = now.split_first_mut() else { return };
    let Some((end, inner)) = rest.split_last_mut() else { return };
    *first = BEYOND;
    *end = BEYOND;
    let mut left = luma.first().copied().unwrap_or_default();
    let mut mask = mask.into_iter();
    for ((&luma, above), now) in luma.iter().zip(light).zip(inner) {
        let steps = u32::from(luma.abs_diff(left)) + u32::from(luma.abs_diff(*above));
        let mark = if mask.next().unwrap_or_default() { BEYOND } else { INSIDE };
        *now = steps.min(u32::from(EDGE)) as u8 | mark;
        left = luma;
        *above = luma;
    }
}

/// Takes the mark of the region from what lies outside.
fn leave_out(now: &mut [u8], region: &[u8]) {
    let inner = now.get_mut(1..).unwrap_or_default();
    inner.iter_mut().zip(region).filter(|(_, inside)| **inside == 0).for_each(|(now, _)| *now &= !INSIDE);
}

/// The maximum of each G with its neighbours in the row, in place.
fn spread(now: &mut [u8]) {
    let mut left = 0;
    let mut rest = now.iter_mut().skip(1).peekable();
    while let Some(pixel) = rest.next() {
        let Some(right) = rest.peek() else { break };
        let own = *pixel & EDGE;
        *pixel = (*pixel & !EDGE) | left.max(own).max(**right & EDGE);
        left = own;
    }
}

/// The sums of the row in the middle.
fn finished(above: &[u8], row: &[u8], below: &[u8]) -> Outlined {
    let (mut pixels, mut everywhere, mut boundary, mut under) = (0u32, 0u32, 0u32, 0u32);
    let (above, below) = (above.get(1..).unwrap_or_default(), below.get(1..).unwrap_or_default());
    for ((pixel, &above), &below) in row.windows(3).zip(above).zip(below) {
        let &[left, own, right] = pixel else { continue };
        let [left, own, right, above, below] = [left, own, right, above, below].map(u32::from);
        let around = left & right & above & below;
        let edge = (own & H).max(above & H).max(below & H);
        let inside = (own >> 6) & 1;
        // Foreground, with all neighbours in the region, and one of them no foreground.
        let rim = ((own & !around) >> 7) & ((own & around) >> 6) & 1;
        pixels += inside;
        everywhere += edge & inside.wrapping_neg();
        boundary += rim;
        under += edge & rim.wrapping_neg();
    }
    Outlined { pixels: pixels.into(), everywhere: everywhere.into(), boundary: boundary.into(), under: under.into() }
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
        #[test]
        fn as_defined(width in 1usize..9, height in 1usize..9, seed in any::<u64>(), regional in any::<bool>()) {
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
            let mut memory = vec![0; Contour::bytes(width)];
            let mut contour = Contour::new(width, &mut memory).unwrap();
            for _ in 0..3 {
                for y in 0..height {
                    let row = y * width..(y + 1) * width;
                    let region = regional.then_some(&region[row.clone()]);
                    contour.row(mask[row.clone()].iter().copied(), &luma[row], region).unwrap();
                }
                prop_assert_eq!(contour.rows(), height);
                prop_assert_eq!(contour.finish(), defined(&mask, &luma, &region, width));
            }
        }
    }

    #[test]
    fn readings() {
        let seen = Outlined { pixels: 100, everywhere: 100 * 10, boundary: 10, under: 10 * 40 };
        // (16 · 40 + 1) / (16 · 10 + 1), and (16 · 10 + 1) / 16.
        let near = |found: u16, exact: f64| (f64::from(found) - 32768.0 - exact.log2() * 2048.0).abs() < 3.0;
        assert!(near(seen.edge_reading().unwrap(), 641.0 / 161.0) && near(seen.detail_reading(), 161.0 / 16.0));
        assert_eq!(Outlined { boundary: 0, under: 0, ..seen }.edge_reading(), None);
        let dark = Outlined { everywhere: 0, under: 0, ..seen };
        assert_eq!((dark.edge_reading(), dark.detail_reading()), (Some(32768), 32768 - 4 * 2048));
    }

    #[test]
    fn rows_that_do_not_fit() {
        let mut memory = [0; Contour::bytes(3)];
        assert_eq!(Contour::new(0, &mut memory).err(), Some(Error::Length));
        assert_eq!(Contour::new(4, &mut memory).err(), Some(Error::Length));
        let mut contour = Contour::new(3, &mut memory).unwrap();
        assert_eq!(contour.row([true; 3], &[0; 2], None), Err(Error::Length));
        assert_eq!(contour.row([true; 3], &[0; 3], Some(&[1; 4])), Err(Error::Length));
        assert_eq!((contour.rows(), contour.finish()), (0, Outlined::default()));
    }
}
