//! How far apart two ways of placing pixel centres in a resize leave two maps.
//!
//! A resize by r places its pixels by one of three conventions. Between two of them both axes are displaced alike, by a
//! single number d: with half-pixel centres against without, by d = (r − 1)/2 at both ends; against aligned corners, by d
//! and −d; aligned corners against no half pixels, by 0 and 2·d. One number is found where four are not: the edges of a
//! map may lie at one side of it alone, and say nothing of the displacement at the other.

use super::judge::Fine;
use super::shift::{Ends, Few, blurred, displaced, pooled};
use super::side::Grid;

/// The least side of the map at which the displacement is solved for.
const SOLVED: usize = 128;

/// A pair of conventions: the displacement at the first and at the last pixel in units of d, and what leaves it.
pub const CONVENTIONS: [([f64; 2], &str); 3] = [
    ([1.0, 1.0], "as a resize with half-pixel centres and one without leave them"),
    ([1.0, -1.0], "as a resize with corners aligned and one with half-pixel centres leave them"),
    ([0.0, 1.0], "as a resize with corners aligned and one without half-pixel centres leave them"),
];

/// The same displacement of both axes.
pub fn ends(at: [f64; 2], by: f64) -> Ends {
    [at.map(|end| end * by); 2]
}

/// By least squares: the d that brings the device's edges onto the float model's.
pub fn by(few: &Few, at: [f64; 2]) -> f64 {
    let grid = few.grid;
    let pool = (grid.height.min(grid.width) / SOLVED).max(1);
    let ((float, size), (device, _)) = (pooled(&few.float, grid, pool), pooled(&few.device, grid, pool));
    let (float, device) = (blurred(&float, size), blurred(&device, size));
    let float = Fine::of(&float, size);
    let mut by = 0.0;
    for _ in 0..5 {
        let moved = displaced(&device, size, ends(at, by));
        let fine = Fine::of(&moved, size);
        let Some(more) = more(&float, &fine, &moved, size, at) else { break };
        // Edges are felt as far as they are blurred.
        by += more.clamp(-1.0, 1.0);
    }
    by * pool as f64
}

/// How much further. The device's structure is first brought to the float model's strength.
fn more(float: &Fine, device: &Fine, known: &[f32], grid: Grid, at: [f64; 2]) -> Option<f64> {
    let (mut both, mut own) = (0.0, 0.0);
    for ((&t, &d), value) in float.values.iter().zip(&device.values).zip(known) {
        if !value.is_nan() {
            both += f64::from(t) * f64::from(d);
            own += f64::from(d) * f64::from(d);
        }
    }
    let strength = both / own;
    if !(strength > 0.0 && strength.is_finite()) {
        return None;
    }
    let share = |place: usize, side: usize| at[0] + (at[1] - at[0]) * place as f64 / (side - 1) as f64;
    let columns: Vec<f64> = (0..grid.width).map(|x| share(x, grid.width)).collect();
    let (mut rest_by_slope, mut slope_squared) = (0.0, 0.0);
    for class in 0..grid.classes {
        for y in 1..grid.height - 1 {
            let down = share(y, grid.height);
            for (x, over) in columns.iter().enumerate().take(grid.width - 1).skip(1) {
                let here = class * grid.pixels() + y * grid.width + x;
                let around = [here - grid.width, here + grid.width, here - 1, here + 1, here];
                if around.iter().any(|&at| known[at].is_nan()) {
                    continue;
                }
                let [above, below, left, right, value] = around.map(|at| f64::from(device.values[at]) * strength);
                let slope = down * (below - above) / 2.0 + over * (right - left) / 2.0;
                rest_by_slope += slope * (f64::from(float.values[here]) - value);
                slope_squared += slope * slope;
            }
        }
    }
    (slope_squared > 0.0).then(|| rest_by_slope / slope_squared)
}
