//! Frames out of step: the files of a folder against those of the other a few frames on.
//!
//! Each frame leaves a small map of each side behind, so that the files need not be read again: 2 KiB a side at most.

use super::Explanation;
use super::side::{Grid, Side};
use crate::model::{Mistake, Whose};

/// Numbers of a small map at most.
const NUMBERS: usize = 2048;
/// Frames that one side may be late.
const LATE: isize = 4;
/// Frames that must be there on both sides.
const FRAMES: usize = 4;
/// Of the disagreement, that the other step must take away, and the share of the frames in which it must take away some:
/// frames without a fault would be nearer by chance in half of them.
const SHARE: f64 = 0.2;
const MOST: f64 = 0.75;

/// A map made small, in steps of 1/255.
pub type Small = Vec<u8>;

/// Means of squares of a map's pixels, plane after plane.
pub fn small(side: &Side, grid: Grid) -> Small {
    // Squares as small as the numbers allow.
    let size = |pool: usize| grid.height.div_ceil(pool) * grid.width.div_ceil(pool) * grid.classes;
    let whole = grid.height.max(grid.width);
    let pool = (1..whole).find(|&pool| size(pool) <= NUMBERS).unwrap_or(whole);
    let (rows, columns) = (grid.height.div_ceil(pool), grid.width.div_ceil(pool));
    let mut small = Vec::with_capacity(rows * columns * grid.classes);
    let mut sums = vec![(0.0_f32, 0_u32); columns];
    for plane in side.values.chunks_exact(grid.pixels()) {
        for band in plane.chunks(grid.width * pool) {
            sums.fill((0.0, 0));
            for row in band.chunks_exact(grid.width) {
                for ((sum, count), square) in sums.iter_mut().zip(row.chunks(pool)) {
                    for value in square.iter().filter(|v| !v.is_nan()) {
                        *sum += value.clamp(0.0, 1.0);
                        *count += 1;
                    }
                }
            }
            small.extend(sums.iter().map(|&(sum, count)| (255.0 * sum / count.max(1) as f32).round() as u8));
        }
    }
    small
}

/// Semimetric agreement of two small maps; `None` of maps of different sizes.
fn agreement(device: &[u8], float: &[u8]) -> Option<f64> {
    let (mut least, mut all) = (0_u64, 0_u64);
    for (&p, &t) in device.iter().zip(float) {
        least += u64::from(p.min(t));
        all += u64::from(p) + u64::from(t);
    }
    (device.len() == float.len()).then(|| if all > 0 { 2.0 * least as f64 / all as f64 } else { 1.0 })
}

/// Files from the first on whose small maps are kept: a step between two folders is the same for all of their files.
pub const FIRST: usize = 96;

/// By how many frames the device's files are off, if one step brings them far nearer to the float model's.
///
/// Small maps of the device and of the float model, in the order of the names.
pub fn late(frames: &[[Small; 2]]) -> Option<(isize, Explanation)> {
    let count = frames.len();
    let step = |by: isize| {
        let pairs = (0..count).filter_map(|at| {
            let [device, float] = &frames[at];
            let other = &frames.get(at.checked_add_signed(by)?)?[1];
            Some((agreement(device, other)?, agreement(device, float)?))
        });
        let pairs: Vec<(f64, f64)> = pairs.collect();
        let mean = |of: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / pairs.len() as f64;
        let nearer = pairs.iter().filter(|(there, here)| there > here).count();
        let (there, here) = (mean(&|pair| pair.0), mean(&|pair| pair.1));
        let explains = pairs.len() >= FRAMES
            && nearer as f64 >= MOST * pairs.len() as f64
            && there - here >= (SHARE * (1.0 - here)).max(0.002);
        explains.then_some((there, here, by))
    };
    let steps = (-LATE..=LATE).filter(|&by| by != 0).filter_map(step);
    let (there, here, by) = steps.max_by(|a, b| a.0.total_cmp(&b.0))?;
    let (frame, way) = (if by.abs() == 1 { "frame" } else { "frames" }, if by > 0 { "ahead of" } else { "behind" });
    let message = format!(
        "the device's files are {} {frame} {way} the float model's, in the order of their names: the maps do not say which \
         folder is numbered wrongly; rename the files of one, or leave out those {} at its beginning and at the other's end \
         (agreements are means over maps made small)",
        by.abs(),
        by.abs()
    );
    Some((
        by,
        Explanation { mistake: Mistake::FrameOffset, whose: Whose::Either, agreement: there, given: here, message },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(at: usize) -> Small {
        (0..400).map(|pixel| if (pixel % 20 + 20 - at) % 20 < 8 { 230 } else { 5 }).collect()
    }

    #[test]
    fn a_step_is_found_either_way_and_none_where_there_is_none() {
        for by in [-2_isize, -1, 0, 1, 3] {
            let frames: Vec<[Small; 2]> =
                (5..13).map(|at: usize| [frame(at.saturating_add_signed(by)), frame(at)]).collect();
            let found = late(&frames).map(|(step, _)| step);
            assert_eq!(found, (by != 0).then_some(by));
        }
    }

    #[test]
    fn frames_that_stand_still_say_nothing() {
        let frames: Vec<[Small; 2]> = (0..8).map(|_| [frame(3), frame(5)]).collect();
        assert!(late(&frames).is_none());
    }
}
