//! Classes of a pixel that do not sum to 1: what their sums say of the codes.
//!
//! A softmax sums to 1 at every pixel, whatever the picture. A scale that is too large makes all sums so many times as
//! large, another zero point moves all by the same, and codes that stop lack something at just those pixels that have one.

use super::search::{Grid, Side, agreement};
use crate::model::Mistake;

/// Share of the pixels that must have the same sum, or must lie where codes stop.
const MOST: f64 = 0.9;
/// How far a sum may be off beside rounding.
const OFF: f64 = 0.02;
/// How far a class's mean may be from the float model's when it is mended, as a share of what all sums are off by.
const SHARE: f64 = 0.35;
/// Pixels that say how many times too large the values are.
const FEW: usize = 8;

/// What explains the sums of a device's codes, if something does: the mistake, the agreement when it is mended where that
/// can be, and the message.
pub fn explained(device: &Side, float: &Side, grid: Grid) -> Option<(Mistake, Option<f64>, String)> {
    let codes = device.codes?;
    let (classes, pixels, step) = (grid.classes, grid.pixels(), codes.scale);
    let rounding = OFF + classes as f64 * step / 2.0;
    let value = |class: usize, at: usize| f64::from(device.values[class * pixels + at]);
    let sums: Vec<f64> = (0..pixels).map(|at| (0..classes).map(|class| value(class, at)).sum()).collect();
    let has = |at: usize, fits: &dyn Fn(f64) -> bool| (0..classes).any(|class| fits(value(class, at)));
    let given = agreement(&device.values, &float.values);
    // All sums are the same, and not 1.
    let (middle, steady) = steady(sums.clone(), rounding)?;
    if steady && (middle - 1.0).abs() > rounding {
        let [scaled, moved] = [
            device.values.iter().map(|&v| v / middle as f32).collect::<Vec<f32>>(),
            device.values.iter().map(|&v| v - ((middle - 1.0) / classes as f64) as f32).collect(),
        ];
        // Each class must have its share of what is too much: one class alone may be too bright, and is another mistake.
        let shared = |values: &[f32]| {
            let mean = |values: &[f32]| values.iter().map(|&v| f64::from(v)).sum::<f64>() / pixels as f64;
            let planes = values.chunks_exact(pixels).zip(float.values.chunks_exact(pixels));
            planes.into_iter().all(|(one, other)| (mean(one) - mean(other)).abs() < SHARE * (middle - 1.0).abs())
        };
        let fits = [shared(&scaled), shared(&moved)];
        let [scaled, moved] = [scaled, moved].map(|values| agreement(&values, &float.values));
        if !fits[usize::from(scaled < moved)] {
            return None;
        }
        let seen = format!("at nearly every pixel the classes of the device sum to {middle:.3}");
        let (mistake, reached, message) = if scaled >= moved {
            let to = step / middle;
            (
                Mistake::Scale,
                scaled,
                format!("{seen}: they sum to 1 with a scale of {to:.6}: give `--scale` of the model's output tensor"),
            )
        } else {
            let to = f64::from(codes.zero_point) + (middle - 1.0) / classes as f64 / step;
            (
                Mistake::ZeroPoint,
                moved,
                format!(
                    "{seen}: they sum to 1 with a zero point of {to:.0}: give `--zero-point` of the model's output tensor"
                ),
            )
        };
        return (reached > given - 0.02).then_some((mistake, Some(reached), message));
    }
    let (least, most) = device.ends()?;
    let (least, most) = (f64::from(least), f64::from(most));
    let all_of = |off: &[usize], fits: &dyn Fn(f64) -> bool| {
        off.len() >= FEW && off.iter().filter(|&&at| has(at, fits)).count() as f64 >= MOST * off.len() as f64
    };
    let where_off = |beyond: &dyn Fn(f64) -> bool| (0..pixels).filter(|&at| beyond(sums[at])).collect::<Vec<usize>>();
    let low = where_off(&|sum| sum < 1.0 - rounding);
    let high = where_off(&|sum| sum > 1.0 + rounding);
    let who = "check the device's requantisation: scale, multiplier and shift of its last layer, and the type it is stored in";
    if most < 1.0 - 1.5 * step && all_of(&low, &|v| v >= most - step / 2.0) {
        let message = format!(
            "the device's values stop at {most:.3}, and the classes sum to less than 1 just where one of them does: {who}"
        );
        return Some((Mistake::Saturation, None, message));
    }
    if least > 1.5 * step && all_of(&high, &|v| v <= least + step / 2.0) {
        let message = format!(
            "the device's values stop at {least:.3} below, and the classes sum to more than 1 just where some of them do: {who}"
        );
        return Some((Mistake::Saturation, None, message));
    }
    // So many times too large where nothing has reached the type's end.
    let end = f64::from(codes.lowest + 255 - codes.zero_point) * step;
    let free: Vec<f64> = high.iter().filter(|&&at| !has(at, &|v| v >= end - step / 2.0)).map(|&at| sums[at]).collect();
    let (times, steady) = self::steady(free, 2.0 * rounding)?;
    (steady && low.is_empty()).then(|| {
        let message = format!(
            "the device's values are {times:.2} times too large, as their sums say, and stop at {end:.3}: {who}"
        );
        (Mistake::Saturation, None, message)
    })
}

/// The median of sums, and whether nearly all of them are near it; of too few none.
fn steady(mut sums: Vec<f64>, rounding: f64) -> Option<(f64, bool)> {
    if sums.len() < FEW {
        return None;
    }
    sums.sort_by(f64::total_cmp);
    let middle = sums[sums.len() / 2];
    let near = sums.iter().filter(|&&sum| (sum - middle).abs() <= rounding * middle.abs().max(1.0)).count();
    Some((middle, near as f64 >= MOST * sums.len() as f64))
}
