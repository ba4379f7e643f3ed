//! The same numbers in another order of memory: columns for rows, planes for pixels, rows that are further apart.
//!
//! These are not alike on both sides: the map whose memory was read wrongly has no shape of its own. So each is tried on
//! the one side and on the other, and which of them gives two maps whose edges meet says who is wrong.

use super::judge::{Fine, correlation};
use super::places::{GAIN, Placed};
use super::side::{Grid, Side};
use crate::map::Layout;
use crate::model::{Mistake, Whose};

/// Numbers at which a map is set against itself a row further on.
const SAMPLES: usize = 4096;
/// Distances between rows that are tried in full.
const STRIDES: usize = 3;

/// All orders of memory, and how many were looked at.
pub fn orders(device: &Side, float: &Side, grid: Grid) -> (Vec<Placed>, usize) {
    let mut all = Vec::new();
    let stationary = [Fine::of(&float.values, grid), Fine::of(&device.values, grid)];
    for (whose, side, stationary) in [(Whose::Device, device, &stationary[0]), (Whose::Float, float, &stationary[1])] {
        let who = if whose == Whose::Device { "device" } else { "float model" };
        let mut add = |mistake, values: Vec<f32>, message: String| {
            let fine = Fine::of(&values, grid);
            // A number that is not known has no structure: neither has its partner.
            let known = values.iter().zip(&fine.values).zip(&stationary.values);
            let fine = correlation(known.filter(|((value, _), _)| !value.is_nan()).map(|((_, a), b)| (*a, *b)));
            let (device, float) = match whose {
                Whose::Float => (device.values.clone(), values),
                _ => (values, float.values.clone()),
            };
            all.push(Placed { mistake, whose, message, device, float, fine, margin: GAIN });
        };
        if grid.classes > 1 {
            let (as_said, message) = other_layout(side, who);
            add(Mistake::Layout, relaid(&side.values, grid, as_said), message);
        }
        if grid.height != grid.width && grid.height > 1 && grid.width > 1 {
            let columns = |at: usize| at % grid.width * grid.height + at / grid.width;
            let values = gather(&side.values, grid, columns);
            let message = format!(
                "the columns of the {who} follow each other in memory where rows are expected: write its map row by row"
            );
            add(Mistake::Transposed, values, message);
        }
        for stride in strides(&side.values, grid, side.layout) {
            let (values, width) = apart(&side.values, grid, side.layout, stride);
            let message = format!(
                "the rows of the {who} are {stride} numbers apart and were read as {width} apart: copy {width} of every \
                 {stride} numbers when the buffer is saved"
            );
            add(Mistake::Stride, values, message);
        }
    }
    let looked = all.len() * grid.width;
    (all, looked)
}

/// Planes whose pixel `at` is number `from(at)` of each plane.
fn gather(values: &[f32], grid: Grid, from: impl Fn(usize) -> usize) -> Vec<f32> {
    values.chunks_exact(grid.pixels()).flat_map(|plane| (0..grid.pixels()).map(|at| plane[from(at)])).collect()
}

/// What the file of the side was read as, and what to do if it is the other.
fn other_layout(side: &Side, who: &str) -> (Layout, String) {
    let option = if who == "device" { "give `--layout" } else { "mend its shape: it is" };
    let close = if who == "device" { "`, or mend the shape in the file" } else { "" };
    match side.layout {
        Layout::Chw => (
            Layout::Chw,
            format!(
                "all classes of a pixel lie together in the {who}'s file, which was read as planes: {option} hwc{close}"
            ),
        ),
        _ => (
            Layout::Hwc,
            format!("the {who}'s file holds plane after plane, and was read pixel by pixel: {option} chw{close}"),
        ),
    }
}

/// The planes as they are if the file, read in one layout, has the other.
fn relaid(values: &[f32], grid: Grid, read_as: Layout) -> Vec<f32> {
    let (pixels, classes) = (grid.pixels(), grid.classes);
    let from = |at: usize| match read_as {
        Layout::Chw => at % pixels * classes + at / pixels,
        _ => at % classes * pixels + at / classes,
    };
    (0..values.len()).map(|at| values[from(at)]).collect()
}

/// Where in the planes number `at` of the file is.
fn in_planes(at: usize, grid: Grid, layout: Layout) -> usize {
    match layout {
        Layout::Hwc if grid.classes > 1 => at % grid.classes * grid.pixels() + at / grid.classes,
        _ => at,
    }
}

/// Numbers of the file from one row to the next, as it was read.
const fn row(grid: Grid, layout: Layout) -> usize {
    match layout {
        Layout::Hwc => grid.width * grid.classes,
        _ => grid.width,
    }
}

/// The distances, other than the one it was read with, at which the file resembles itself most: rows resemble the rows
/// below them.
fn strides(values: &[f32], grid: Grid, layout: Layout) -> Vec<usize> {
    let width = row(grid, layout);
    let count = values.len();
    if grid.height < 4 || grid.width < 4 {
        return Vec::new();
    }
    let file: Vec<f32> = (0..count)
        .map(|at| values[in_planes(at, grid, layout)])
        .map(|value| if value.is_nan() { 0.0 } else { value.clamp(0.0, 1.0) })
        .collect();
    // Steps along the row: what lies flat says nothing of where a row ends.
    let along = if layout == Layout::Hwc { grid.classes } else { 1 };
    let edge: Vec<f32> = (0..count).map(|at| file[(at + along).min(count - 1)] - file[at]).collect();
    let (least, most) = (width.div_ceil(2).max(2), (2 * width).min(count / 3));
    let step = (count / SAMPLES).max(1);
    let resembles = |stride: usize| {
        let pairs = (0..count - stride).step_by(step).map(|at| (edge[at], edge[at + stride]));
        correlation(pairs)
    };
    let mut all: Vec<(f64, usize)> =
        (least..=most).filter(|&stride| stride != width).map(|stride| (resembles(stride), stride)).collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    all.into_iter().take(STRIDES).map(|(_, stride)| stride).collect()
}

/// The map whose rows are so far apart in the file, and how far they were read; NaN beyond the end of the file.
fn apart(values: &[f32], grid: Grid, layout: Layout, stride: usize) -> (Vec<f32>, usize) {
    let width = row(grid, layout);
    let mut moved = vec![f32::NAN; values.len()];
    for at in 0..values.len() {
        let from = at / width * stride + at % width;
        if from < values.len() {
            moved[in_planes(at, grid, layout)] = values[in_planes(from, grid, layout)];
        }
    }
    (moved, width)
}
