//! One map beside the other: by whole pixels, by parts of one, or stretched, as a resize with other pixel centres does.
//!
//! First whole pixels, on maps made smaller and then on larger ones. Then the rest by least squares: where the device's
//! map d is displaced by u, float(x) ≈ d(x + u), and to first order d(x + u) = d(x) + u·∇d(x). With u linear in the place
//! (one displacement at the first row, one at the last, and the same of columns) this is a linear system of two unknowns
//! for each axis, solved three times over the map displaced so far.

use super::judge::{Fine, correlation};
use super::places::{EITHER, Placed};
use super::resize::{self, CONVENTIONS};
use super::side::{Grid, Side};
use crate::model::{Mistake, Whose};

/// The least side of the map at which whole shifts begin, and at which displacements are solved for.
const COARSE: usize = 32;
const SOLVED: usize = 64;
/// Pixels by which a map must be displaced at one end at least. Healthy devices stay below 0.15.
const DISPLACED: f64 = 0.35;
/// How far from a convention's ends the measured ones may be, in pixels and beyond that as a share of the displacement.
const CONVENTION: f64 = 0.2;
/// And at most: what lies further off was not left there by a resize.
const FARTHEST: f64 = 9.0;
/// The least side of a map of which parts of a pixel are told.
const SUBPIXEL: usize = 32;
/// Fine structure that a part of a pixel must give, and that whole ones must. Healthy pairs lose by any whole shift.
const BETTER: f64 = 0.01;
const SHIFTED: f64 = 0.04;

/// The displacement of the device's map, and how many were looked at.
pub fn find(device: &Side, float: &Side, grid: Grid, stationary: &Fine) -> (Option<Placed>, usize) {
    if grid.height < 8 || grid.width < 8 {
        return (None, 0);
    }
    // The planes that hold most of the structure say where the others are.
    let planes = busiest(stationary, grid);
    let few = |side: &Side| -> Vec<f32> {
        planes.iter().flat_map(|&class| &side.values[class * grid.pixels()..][..grid.pixels()]).copied().collect()
    };
    let few = Few { device: few(device), float: few(float), grid: Grid { classes: planes.len(), ..grid } };
    let (whole, looked) = whole(&few);
    let ends = displacement(&few, whole);
    let known = |values: &[f32]| {
        let fine = Fine::of(values, grid);
        let all = values.iter().zip(&fine.values).zip(&stationary.values);
        correlation(all.filter(|((value, _), _)| !value.is_nan()).map(|((_, a), b)| (*a, *b)))
    };
    let placed = |mistake, message, values: Vec<f32>, fine: f64, margin: f64| Placed {
        mistake,
        whose: Whose::Either,
        message,
        device: values,
        float: float.values.clone(),
        fine,
        margin,
    };
    // Whole pixels: those that were found, and those next to what was solved for.
    let near = ends.map(|[first, last]| ((first + last) / 2.0).round() as isize);
    let at = |by: Whole| {
        let values = displaced(&device.values, grid, by.map(|by| [by as f64; 2]));
        (known(&values), values, by)
    };
    let shifted = [whole, near].into_iter().filter(|by| *by != [0, 0]).map(at).max_by(|a, b| a.0.total_cmp(&b.0));
    let farthest = ends.iter().flatten().fold(0.0_f64, |far, end| far.max(end.abs()));
    let between = if grid.height.min(grid.width) < SUBPIXEL { Vec::new() } else { between(&few, ends, farthest) };
    if between.is_empty() && shifted.is_none() {
        return (None, looked);
    }
    // Between pixels, against whole ones that are blurred as much by half a pixel to and fro: else to blur would gain.
    let blurred = |by: Whole| {
        let there = displaced(&device.values, grid, by.map(|by| [by as f64 + 0.5; 2]));
        known(&displaced(&there, grid, [[-0.5; 2]; 2]))
    };
    let between = between.into_iter().map(|(mistake, message, ends)| {
        let values = displaced(&device.values, grid, ends);
        (known(&values), mistake, message, values)
    });
    if let Some((fine, mistake, message, values)) = between.max_by(|a, b| a.0.total_cmp(&b.0)) {
        let others = [[0, 0], whole, near].map(blurred).into_iter().fold(f64::MIN, f64::max);
        // What only blurs gains over what is blurred as much; what is displaced gains over the map as it is, too.
        if fine > others + BETTER && fine > known(&device.values) {
            // It has been compared already, with what is blurred as much.
            return (Some(placed(mistake, message, values, fine, -1.0)), looked);
        }
    }
    let shifted =
        shifted.map(|(fine, values, by)| placed(Mistake::Shift, shift(by.map(|by| by as f64)), values, fine, SHIFTED));
    (shifted, looked)
}

/// What may lie between whole pixels: the name, the message, and the displacement.
fn between(few: &Few, ends: Ends, farthest: f64) -> Vec<(Mistake, String, Ends)> {
    let mut all: Vec<_> =
        named(ends, few.grid).filter(|_| (DISPLACED..FARTHEST).contains(&farthest)).into_iter().collect();
    for (at, said) in CONVENTIONS {
        let by = resize::by(few, at);
        let whole = at == [1.0, 1.0] && (by - by.round()).abs() < 0.2;
        if (DISPLACED..FARTHEST).contains(&by.abs()) && !whole {
            let [first, last] = at.map(|end| end * by);
            let message = format!(
                "the device's rows and columns lie {first:+.1} pixels off at the first and {last:+.1} at the last, {said}: \
                 resize both with the same setting (`align_corners`, `half_pixel_centers`){EITHER}"
            );
            all.push((Mistake::Resize, message, resize::ends(at, by)));
        }
    }
    all
}

/// Rows and columns by which the device's map is off.
type Whole = [isize; 2];

/// Those planes of both maps that hold most of the structure.
pub struct Few {
    pub device: Vec<f32>,
    pub float: Vec<f32>,
    pub grid: Grid,
}

fn whole(few: &Few) -> (Whole, usize) {
    let mut pools = vec![1];
    while few.grid.height.min(few.grid.width) / (pools[pools.len() - 1] * 2) >= COARSE {
        pools.push(pools[pools.len() - 1] * 2);
    }
    let (mut best, mut looked) = ([0, 0], 0);
    for &pool in pools.iter().rev() {
        let ((float, size), (device, _)) = (pooled(&few.float, few.grid, pool), pooled(&few.device, few.grid, pool));
        let (a, b) = (Fine::of(&float, size), Fine::of(&device, size));
        let around = if looked == 0 {
            [size.height as isize / 4, size.width as isize / 4]
        } else {
            best = best.map(|by: isize| by * 2);
            [1, 1]
        };
        let middle = best;
        let mut most = f64::MIN;
        for down in middle[0] - around[0]..=middle[0] + around[0] {
            for right in middle[1] - around[1]..=middle[1] + around[1] {
                looked += 1;
                let here = meets(&a, &b, size, [down, right]);
                // As it is, if nothing is better.
                if here > most + if [down, right] == [0, 0] { -1e-9 } else { 1e-9 } {
                    (most, best) = (here, [down, right]);
                }
            }
        }
    }
    (best, looked)
}

/// The planes that hold most of the structure: four at most.
fn busiest(fine: &Fine, grid: Grid) -> Vec<usize> {
    let energy = |plane: &[f32]| plane.iter().map(|v| f64::from(v * v)).sum::<f64>();
    let mut all: Vec<(f64, usize)> =
        fine.values.chunks_exact(grid.pixels()).enumerate().map(|(class, plane)| (energy(plane), class)).collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    all.into_iter().take(4).map(|(_, class)| class).collect()
}

/// Correlation where both maps are, the device's taken `down` rows and `right` columns further on.
fn meets(float: &Fine, device: &Fine, grid: Grid, [down, right]: Whole) -> f64 {
    let overlap = |by: isize, side: usize| {
        let first = by.min(0).unsigned_abs();
        (first, side.saturating_sub(by.unsigned_abs()))
    };
    let ((top, rows), (left, columns)) = (overlap(down, grid.height), overlap(right, grid.width));
    let (mut both, mut of_float, mut of_device) = (0.0, 0.0, 0.0);
    for class in 0..grid.classes {
        for y in top..top + rows {
            let at = class * grid.pixels() + y * grid.width + left;
            let from = at.saturating_add_signed(down * grid.width as isize + right);
            let (mut ab, mut aa, mut bb) = (0.0_f32, 0.0_f32, 0.0_f32);
            for (&a, &b) in float.values[at..at + columns].iter().zip(&device.values[from..from + columns]) {
                ab += a * b;
                aa += a * a;
                bb += b * b;
            }
            both += f64::from(ab);
            of_float += f64::from(aa);
            of_device += f64::from(bb);
        }
    }
    if of_float > 0.0 && of_device > 0.0 { both / (of_float * of_device).sqrt() } else { 0.0 }
}

/// Means of squares of `pool` by `pool`; what is left over at the ends is left out.
pub fn pooled(values: &[f32], grid: Grid, pool: usize) -> (Vec<f32>, Grid) {
    let size = Grid { height: grid.height / pool, width: grid.width / pool, ..grid };
    let share = 1.0 / (pool * pool) as f32;
    let mut small = vec![0.0; size.pixels() * grid.classes];
    for (plane, small) in values.chunks_exact(grid.pixels()).zip(small.chunks_exact_mut(size.pixels())) {
        let rows = plane.chunks_exact(grid.width * pool);
        for (rows, small) in rows.zip(small.chunks_exact_mut(size.width)) {
            for row in rows.chunks_exact(grid.width) {
                for (square, mean) in row.chunks_exact(pool).zip(small.iter_mut()) {
                    *mean += share * square.iter().map(|v| if v.is_nan() { 0.0 } else { *v }).sum::<f32>();
                }
            }
        }
    }
    (small, size)
}

/// Displacements of rows and of columns: at the first and at the last.
pub type Ends = [[f64; 2]; 2];

/// By least squares, from the whole pixels on.
fn displacement(few: &Few, [down, right]: Whole) -> Ends {
    let grid = few.grid;
    let pool = (grid.height.min(grid.width) / SOLVED).max(1);
    let ((float, size), (device, _)) = (pooled(&few.float, grid, pool), pooled(&few.device, grid, pool));
    let (float, device) = (blurred(&float, size), blurred(&device, size));
    let float = Fine::of(&float, size);
    let scaled = |by: isize| by as f64 / pool as f64;
    let mut ends: Ends = [[scaled(down); 2], [scaled(right); 2]];
    for _ in 0..4 {
        let moved = displaced(&device, size, ends);
        let fine = Fine::of(&moved, size);
        let Some(more) = solved(&float, &fine, &moved, size) else { break };
        for (end, more) in ends.iter_mut().flatten().zip(more.into_iter().flatten()) {
            // Edges are felt as far as they are blurred.
            *end += more.clamp(-1.5, 1.5);
        }
    }
    ends.map(|axis| axis.map(|end| end * pool as f64))
}

/// ¼, ½, ¼ along both axes.
pub fn blurred(values: &[f32], grid: Grid) -> Vec<f32> {
    let mut out = vec![0.0; values.len()];
    let near = |at: usize, side: usize| [at.saturating_sub(1), at, (at + 1).min(side - 1)];
    for (plane, out) in values.chunks_exact(grid.pixels()).zip(out.chunks_exact_mut(grid.pixels())) {
        for y in 0..grid.height {
            let rows = near(y, grid.height).map(|y| &plane[y * grid.width..][..grid.width]);
            for x in 0..grid.width {
                let three = rows.map(|row| {
                    let [left, here, right] = near(x, grid.width).map(|x| row[x]);
                    left + 2.0 * here + right
                });
                out[y * grid.width + x] = (three[0] + 2.0 * three[1] + three[2]) / 16.0;
            }
        }
    }
    out
}

/// How much further the map is displaced. The device's structure is first brought to the float model's strength.
fn solved(float: &Fine, device: &Fine, known: &[f32], grid: Grid) -> Option<Ends> {
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
    // Normal equations of (rows: mean, slope; columns: mean, slope).
    let mut system = [[0.0_f64; 5]; 4];
    let centred = |at: usize, side: usize| 2.0 * at as f64 / (side - 1) as f64 - 1.0;
    for class in 0..grid.classes {
        for y in 1..grid.height - 1 {
            for x in 1..grid.width - 1 {
                let at = class * grid.pixels() + y * grid.width + x;
                let around = [at - grid.width, at + grid.width, at - 1, at + 1, at];
                if around.iter().any(|&at| known[at].is_nan()) {
                    continue;
                }
                let [above, below, left, right, here] = around.map(|at| f64::from(device.values[at]) * strength);
                let rest = f64::from(float.values[at]) - here;
                let (down, over) = ((below - above) / 2.0, (right - left) / 2.0);
                let terms = [down, down * centred(y, grid.height), over, over * centred(x, grid.width)];
                for (equation, &own) in system.iter_mut().zip(&terms) {
                    equation.iter_mut().zip(&terms).for_each(|(sum, other)| *sum += own * other);
                    equation[4] += own * rest;
                }
            }
        }
    }
    let [down, grows, over, widens] = elimination(system)?;
    Some([[down - grows, down + grows], [over - widens, over + widens]])
}

/// Four unknowns by elimination, the greatest pivot first; `None` where a map has no structure in some direction.
fn elimination(mut system: [[f64; 5]; 4]) -> Option<[f64; 4]> {
    let scale = system.iter().flatten().fold(0.0_f64, |most, number| most.max(number.abs()));
    for at in 0..4 {
        let pivot = (at..4).max_by(|&a, &b| system[a][at].abs().total_cmp(&system[b][at].abs()))?;
        system.swap(at, pivot);
        let row = system[at];
        if row[at].abs() <= 1e-9 * scale {
            return None;
        }
        for (_, equation) in system.iter_mut().enumerate().filter(|(other, _)| *other != at) {
            let share = equation[at] / row[at];
            equation.iter_mut().zip(&row).for_each(|(number, own)| *number -= share * own);
        }
    }
    let mut solution = [0.0; 4];
    for (at, number) in solution.iter_mut().enumerate() {
        *number = system[at][4] / system[at][at];
    }
    Some(solution)
}

/// The map with its displacement undone, between pixels the mean of its neighbours; NaN where nothing is known.
pub fn displaced(values: &[f32], grid: Grid, ends: Ends) -> Vec<f32> {
    let along = |side: usize, [first, last]: [f64; 2]| -> Vec<Option<(usize, usize, f32)>> {
        let place = |at: usize| at as f64 + first + (last - first) * at as f64 / (side - 1).max(1) as f64;
        let between = |at| {
            let place: f64 = place(at);
            // Rounding must not push the last pixel out.
            let place = if (place - place.round()).abs() < 1e-6 { place.round() } else { place };
            (place >= 0.0 && place <= (side - 1) as f64).then(|| {
                let from = place.floor();
                (from as usize, (from as usize + 1).min(side - 1), (place - from) as f32)
            })
        };
        (0..side).map(between).collect()
    };
    let (rows, columns) = (along(grid.height, ends[0]), along(grid.width, ends[1]));
    let mut out = Vec::with_capacity(values.len());
    for plane in values.chunks_exact(grid.pixels()) {
        for row in &rows {
            let Some((top, bottom, down)) = *row else {
                out.extend(std::iter::repeat_n(f32::NAN, grid.width));
                continue;
            };
            let [top, bottom] = [top, bottom].map(|y| &plane[y * grid.width..][..grid.width]);
            out.extend(columns.iter().map(|column| {
                let Some((left, right, over)) = *column else { return f32::NAN };
                let [above, below] = [top, bottom].map(|row| row[left] * (1.0 - over) + row[right] * over);
                above * (1.0 - down) + below * down
            }));
        }
    }
    out
}

/// What the displacement is called if it is one between pixels: the name, the message, and its ends as the convention has
/// them.
fn named(ends: Ends, grid: Grid) -> Option<(Mistake, String, Ends)> {
    let [top, bottom, left, right] = [ends[0][0], ends[0][1], ends[1][0], ends[1][1]];
    let measured = format!(
        "the device's map lies {top:+.1} rows off at the top and {bottom:+.1} at the bottom, {left:+.1} columns off at the left \
         and {right:+.1} at the right, of {} rows and {} columns",
        grid.height, grid.width
    );
    let fitted = CONVENTIONS.map(|(at, said)| {
        // The displacement that is nearest to all four ends, and how far the farthest of them is from it.
        let weight: f64 = at.iter().map(|end| 2.0 * end * end).sum();
        let by = ends.iter().map(|axis| axis[0] * at[0] + axis[1] * at[1]).sum::<f64>() / weight;
        let far = ends.iter().flat_map(|axis| [axis[0] - by * at[0], axis[1] - by * at[1]]);
        (far.fold(0.0, |far: f64, end| far.max(end.abs())), by, at, said)
    });
    let (far, by, at, said) = fitted.into_iter().min_by(|a, b| a.0.total_cmp(&b.0))?;
    let whole = at == [1.0, 1.0] && (by - by.round()).abs() < 0.2;
    if by.abs() >= DISPLACED && far <= CONVENTION + CONVENTION * by.abs() && !whole {
        let message = format!(
            "{measured}, {said}: resize both with the same setting (`align_corners`, `half_pixel_centers`){EITHER}"
        );
        return Some((Mistake::Resize, message, [at.map(|end| end * by); 2]));
    }
    let even = ends.iter().all(|axis| (axis[0] - axis[1]).abs() < DISPLACED);
    let mean = ends.map(|[first, last]| (first + last) / 2.0);
    let between = mean.iter().any(|by| (by - by.round()).abs() > DISPLACED);
    (even && between).then(|| {
        (Mistake::Shift, format!("{measured}: it is shifted by a part of a pixel{EITHER}"), mean.map(|by| [by; 2]))
    })
}

fn shift([down, right]: [f64; 2]) -> String {
    let part = |by: f64, ways: [&str; 2], what: &str| {
        let plural = if by.abs() == 1.0 { "" } else { "s" };
        (by != 0.0).then(|| format!("{:.0} {what}{plural} {}", by.abs(), ways[usize::from(by < 0.0)]))
    };
    let parts = [part(down, ["lower", "higher"], "row"), part(right, ["further right", "further left"], "column")];
    let where_to = parts.into_iter().flatten().collect::<Vec<_>>().join(" and ");
    format!(
        "the device's map lies {where_to} than the float model's: check the crop or the padding of its input{EITHER}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_displacement_is_found_to_a_part_of_a_pixel() {
        let grid = Grid { height: 40, width: 60, classes: 1 };
        let map = |down: [f64; 2], right: [f64; 2]| {
            let at = |y: usize, x: usize| {
                let y = y as f64 - down[0] - (down[1] - down[0]) * y as f64 / 39.0;
                let x = x as f64 - right[0] - (right[1] - right[0]) * x as f64 / 59.0;
                let far = ((y - 19.0).powi(2) + (x - 31.0).powi(2) * 0.6).sqrt();
                (1.0 / (1.0 + (far - 11.0).exp())) as f32
            };
            (0..2400).map(|p| at(p / 60, p % 60)).collect::<Vec<f32>>()
        };
        let float = map([0.0; 2], [0.0; 2]);
        for (down, right) in [([0.5; 2], [0.5; 2]), ([1.2, -1.2], [0.0; 2]), ([0.0; 2], [-2.0; 2])] {
            let device = map(down, right);
            let few = Few { device, float: float.clone(), grid };
            let (by, _) = whole(&few);
            let ends = displacement(&few, by);
            // The map without it is at the place of the one with it, to first order.
            for (end, is) in ends.into_iter().flatten().zip([down, right].into_iter().flatten()) {
                assert!((end - is).abs() < 0.2, "{ends:?} for {down:?} {right:?}");
            }
        }
    }
}
