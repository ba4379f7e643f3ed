//! Loops over rows of bytes and bits: how much a picture changes, which pixels a mask has and which of them are its rim, and
//! sums of the change under those. This is their definition; a host's compiler makes vectors of it, and `cores` has others for cores
//! that need them.

/// The most that a pixel's change counts.
#[cfg(not(soft_dice_lanes = "dsp"))]
pub(crate) const MOST: u8 = 63;

/// What every pixel is given beyond its change: `cores` has loops that save an instruction by it.
#[cfg(not(soft_dice_lanes = "dsp"))]
pub(crate) const BIAS: u8 = 0;

/// A row's change, and the greatest of three rows at each place.
///
/// - `now` becomes min(|light − left| + |light − above|, [`MOST`]).
/// - `columns`, which holds the change of two rows before, becomes the greatest of that, of `last`, and of `now`.
///
/// As many pixels as the shortest slice has.
#[cfg(not(soft_dice_lanes = "dsp"))]
pub(crate) fn steps(light: &[u8], left: &[u8], above: &[u8], columns: &mut [u8], last: &[u8], now: &mut [u8]) {
    let pixels = light.iter().zip(left).zip(above);
    let rows = columns.iter_mut().zip(last).zip(now);
    for (((light, left), above), ((column, last), now)) in pixels.zip(rows) {
        let step = light.abs_diff(*left).saturating_add(light.abs_diff(*above)).min(MOST);
        *now = step;
        *column = (*column).max(*last).max(step);
    }
}

/// Writes words.
///
/// # Safety
///
/// `to` is aligned, and writable for `words` of them.
#[cfg(not(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium")))]
pub(crate) unsafe fn fill(to: *mut u32, words: usize, word: u32) {
    // SAFETY: the caller's.
    unsafe { core::slice::from_raw_parts_mut(to, words).fill(word) }
}

/// A bit for each byte that, with its `flip` bits inverted, is at least `cut`; eight to a byte, the first lowest.
#[cfg(not(soft_dice_lanes = "dsp"))]
pub(crate) fn marks(bytes: &[u8], flip: u8, cut: u8, marks: &mut [u8]) {
    for (bytes, marks) in bytes.chunks(8).zip(marks) {
        // From the last on, so that the first ends up lowest.
        *marks = bytes.iter().rev().fold(0, |marks, &byte| marks << 1 | u8::from(byte ^ flip >= cut));
    }
}

/// In place of the mask of the row above: the pixels of `own` that are not surrounded by the mask, 32 to a word, the first
/// lowest. Words are in the order of bytes that [`marks`] writes.
///
/// # Safety
///
/// All are aligned and readable for `words` words, `own` for one before and one after, and `up` is writable. They do not
/// overlap.
pub(crate) unsafe fn rims(up: *mut u32, own: *const u32, down: *const u32, words: usize) {
    // SAFETY: as promised by the caller.
    unsafe {
        let (mut before, mut mask) = (u32::from_le(own.sub(1).read()), u32::from_le(own.read()));
        for at in 0..words {
            let after = u32::from_le(own.add(at + 1).read());
            let sides = (mask << 1 | before >> 31) & (mask >> 1 | after << 31);
            let around = sides & u32::from_le(up.add(at).read() & down.add(at).read());
            up.add(at).write((mask & !around).to_le());
            (before, mask) = (mask, after);
        }
    }
}

/// Sums of the greatest of each three neighbours in `columns`: of all, then how many bits are set in `marks`, and the sum of
/// theirs. There is a neighbour more at either end.
#[cfg(not(soft_dice_lanes = "dsp"))]
pub(crate) fn gather(columns: &[u8], marks: &[u8]) -> [u32; 3] {
    let (own, right) = (columns.get(1..).unwrap_or_default(), columns.get(2..).unwrap_or_default());
    let all = columns.iter().zip(own).zip(right).map(|((&a, &b), &c)| u32::from(a.max(b).max(c))).sum();
    let (mut count, mut under) = (0, 0);
    for (eight, &marks) in marks.iter().enumerate() {
        count += marks.count_ones();
        let mut left = marks;
        while left != 0 {
            let at = 8 * eight + left.trailing_zeros() as usize;
            let three = columns.get(at..).and_then(|rest| rest.first_chunk::<3>());
            under += three.map_or(0, |&[a, b, c]| u32::from(a.max(b).max(c)));
            left &= left - 1;
        }
    }
    [all, count, under]
}
