//! Two measures of how well two maps belong together: how near their values are, and whether their edges meet.
//!
//! **Agreement** is the semimetric soft Dice, 2·Σmin(p, t) / (Σp + Σt). It says which of two readings of the *values* is
//! better. It is a poor judge of *places*: two maps of different pictures with one subject in the middle reach 0.78.
//!
//! **Fine structure** is the correlation of what is left of each map when the mean of its neighbourhood is taken away.
//! It sees edges alone. Scale, zero point and any steady curve of the values hardly change it; a map that is in the wrong
//! place has next to none, for edges that do not meet are independent. Of n independent places the correlation of two
//! unrelated maps is normal with a deviation of 1/√n, so the greatest of k such is below √(2·ln k / n) but rarely. That
//! bound, and never less than [`LEAST`], is what a rearrangement must reach to be believed.

use super::side::Grid;

/// Correlation of fine structure below which two maps are not said to show the same.
pub const LEAST: f64 = 0.3;

/// Semimetric soft Dice of two maps, values outside [0, 1] taken as the nearest inside, NaN on either side left out.
pub fn agreement(device: &[f32], float: &[f32]) -> f64 {
    let (mut least, mut all) = (0.0, 0.0);
    for (device, float) in device.chunks(4096).zip(float.chunks(4096)) {
        // In f32 within a block: 4096 values of at most 1 have a sum that is off by 2⁻¹³ at most.
        let (mut least_here, mut all_here) = (0.0_f32, 0.0_f32);
        for (&p, &t) in device.iter().zip(float) {
            let known = !(p.is_nan() | t.is_nan());
            let (p, t) = (p.clamp(0.0, 1.0), t.clamp(0.0, 1.0));
            least_here += if known { p.min(t) } else { 0.0 };
            all_here += if known { p + t } else { 0.0 };
        }
        least += f64::from(least_here);
        all += f64::from(all_here);
    }
    if all > 0.0 { 2.0 * least / all } else { 1.0 }
}

/// What is left of a map without the mean of its neighbourhood.
#[derive(Clone, Debug)]
pub struct Fine {
    /// 0 where the map has no number.
    pub values: Vec<f32>,
}

/// Pixels to each side that are a neighbourhood: a sixteenth of the map, from 2 to 8.
fn reach(grid: Grid) -> usize {
    (grid.height.min(grid.width) / 16).clamp(2, 8)
}

impl Fine {
    pub fn of(values: &[f32], grid: Grid) -> Self {
        let reach = reach(grid);
        let mut fine = vec![0.0; values.len()];
        let (mut sums, mut numbers) = (vec![0.0_f32; grid.pixels()], Vec::new());
        for (plane, fine) in values.chunks_exact(grid.pixels()).zip(fine.chunks_exact_mut(grid.pixels())) {
            if plane.iter().any(|v| v.is_nan()) {
                // The mean of those neighbours that are numbers.
                let known: Vec<f32> = plane.iter().map(|v| f32::from(u8::from(!v.is_nan()))).collect();
                let filled: Vec<f32> = plane.iter().map(|v| if v.is_nan() { 0.0 } else { *v }).collect();
                numbers.resize(grid.pixels(), 0.0);
                neighbourhoods(&known, &mut numbers, grid, reach);
                neighbourhoods(&filled, &mut sums, grid, reach);
                for ((fine, &value), (&sum, &number)) in fine.iter_mut().zip(plane).zip(sums.iter().zip(&numbers)) {
                    *fine = if value.is_nan() { 0.0 } else { value - sum / number.max(1.0) };
                }
            } else {
                neighbourhoods(plane, &mut sums, grid, reach);
                let share = 1.0 / ((2 * reach + 1) * (2 * reach + 1)) as f32;
                for ((fine, &value), &sum) in fine.iter_mut().zip(plane).zip(&sums) {
                    *fine = value - sum * share;
                }
            }
        }
        Self { values: fine }
    }

    /// Correlation with another map's.
    pub fn with(&self, other: &Self) -> f64 {
        correlation(self.values.iter().copied().zip(other.values.iter().copied()))
    }

    /// How many independent places the structure has: the places that hold its energy, a third of them, for neighbours
    /// across an edge go together.
    pub fn places(&self) -> f64 {
        let (mut squares, mut fourths) = (0.0, 0.0);
        for &value in &self.values {
            let square = f64::from(value * value);
            squares += square;
            fourths += square * square;
        }
        if fourths > 0.0 { (squares * squares / fourths / 3.0).max(1.0) } else { 1.0 }
    }

    /// What the best of `tried` rearrangements must reach.
    pub fn bound(&self, tried: usize) -> f64 {
        (2.0 * (tried as f64).ln() / self.places()).sqrt().max(LEAST)
    }
}

/// Sums over squares of `2·reach + 1` pixels, the edges repeated.
fn neighbourhoods(plane: &[f32], sums: &mut [f32], grid: Grid, reach: usize) {
    let mut rows = vec![0.0_f32; plane.len()];
    for (to, from) in rows.chunks_exact_mut(grid.width).zip(plane.chunks_exact(grid.width)) {
        sliding(from, to, reach);
    }
    let row = |y: isize| {
        let y = y.clamp(0, grid.height as isize - 1) as usize;
        &rows[y * grid.width..][..grid.width]
    };
    let mut column = vec![0.0_f32; grid.width];
    for y in -(reach as isize)..=reach as isize {
        column.iter_mut().zip(row(y)).for_each(|(sum, value)| *sum += value);
    }
    for (y, sums) in sums.chunks_exact_mut(grid.width).enumerate() {
        sums.copy_from_slice(&column);
        let (leaves, comes) = (row(y as isize - reach as isize), row(y as isize + reach as isize + 1));
        for ((sum, &leaves), &comes) in column.iter_mut().zip(leaves).zip(comes) {
            *sum += comes - leaves;
        }
    }
}

/// Sums over `2·reach + 1` neighbours, the ends repeated.
fn sliding(from: &[f32], to: &mut [f32], reach: usize) {
    let last = from.len() - 1;
    let mut sum: f32 = from[0] * reach as f32 + (0..=reach).map(|at| from[at.min(last)]).sum::<f32>();
    for at in 0..from.len() {
        to[at] = sum;
        sum += from[(at + reach + 1).min(last)] - from[at.saturating_sub(reach)];
    }
}

/// Σab / √(Σa²·Σb²), 0 where either has nothing.
pub fn correlation(pairs: impl Iterator<Item = (f32, f32)>) -> f64 {
    let (mut both, mut first, mut second) = (0.0, 0.0, 0.0);
    for (a, b) in pairs {
        let (a, b) = (f64::from(a), f64::from(b));
        both += a * b;
        first += a * a;
        second += b * b;
    }
    if first > 0.0 && second > 0.0 { both / (first * second).sqrt() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_neighbourhood_is_taken_away() {
        let grid = Grid { height: 7, width: 9, classes: 1 };
        let values: Vec<f32> = (0..63).map(|at| ((at * 37) % 17) as f32 / 17.0).collect();
        let fine = Fine::of(&values, grid);
        for y in 0..7_isize {
            for x in 0..9_isize {
                let mut sum = 0.0;
                for dy in -2..=2 {
                    for dx in -2..=2 {
                        sum += values[((y + dy).clamp(0, 6) * 9 + (x + dx).clamp(0, 8)) as usize];
                    }
                }
                let at = (y * 9 + x) as usize;
                assert!((fine.values[at] - (values[at] - sum / 25.0)).abs() < 1e-5, "{y} {x}");
            }
        }
    }

    #[test]
    fn agreement_is_one_of_a_map_with_itself_and_leaves_out_what_is_no_number() {
        let values: Vec<f32> = (0..10_000).map(|at| (at % 101) as f32 / 100.0).collect();
        assert!((agreement(&values, &values) - 1.0).abs() < 1e-6);
        assert!((agreement(&[0.5, f32::NAN, 2.0], &[0.25, 1.0, 1.0]) - 2.0 * 1.25 / 2.75).abs() < 1e-6);
    }
}
