//! An activation of what is a probability already, and the mask where scores were to be.

use super::judge::agreement;
use super::side::{self, Grid, Side};
use super::values::{Valued, sigmoid, softmax};
use crate::args::Logits;
use crate::model::{Mistake, Whose};

/// Share of the values that must lie where the activation of [0, 1] lies.
const WITHIN: f64 = 0.99;
/// Of a map's distance from its own means, that the activation of the other map must explain.
const EXPLAINED: f64 = 0.3;
/// The same of a map that begins and ends where an activation of [0, 1] does: the other map may be far from it, but not
/// as if it had nothing to do with it.
const EXPLAINED_OF_CERTAIN: f64 = -0.5;
/// Agreement of two masks that are one.
const SAME: f64 = 0.8;
/// The same of maps with exactly one class at each pixel.
const SAME_ONE_HOT: f64 = 0.2;

/// Of either side.
pub fn readings(device: &Side, float: &Side, grid: Grid) -> Vec<Valued> {
    let mut all = Vec::new();
    for (side, other, whose) in [(device, float, Whose::Device), (float, device, Whose::Float)] {
        let found = mask(side, other, grid, whose).or_else(|| activated(side, other, grid, whose));
        all.extend(found);
    }
    all
}

const fn who(whose: Whose) -> &'static str {
    match whose {
        Whose::Float => "float model",
        _ => "device",
    }
}

fn activated(side: &Side, other: &Side, grid: Grid, whose: Whose) -> Option<Valued> {
    let code = side.codes.map_or(1e-3, |codes| codes.scale as f32);
    let between = |least: f32, most: f32| {
        let within = side.values.iter().filter(|&&v| v >= least - code && v <= most + code).count();
        within as f64 >= WITHIN * side.values.len() as f64
    };
    let others = grid.classes as f32 - 1.0;
    let e = std::f32::consts::E;
    let softmax_ends = [1.0 / (others + e), e / (others + e)];
    let (kind, [low, high]) = if between(0.5, sigmoid(1.0)) {
        (Logits::Sigmoid, [0.5, sigmoid(1.0)])
    } else if grid.classes > 1 && between(softmax_ends[0], softmax_ends[1]) {
        (Logits::Softmax, softmax_ends)
    } else {
        return None;
    };
    // No other map begins and ends there: a hesitant one of two or three classes might.
    let near = 0.1 * (high - low) + code;
    let (least, most) = side.ends()?;
    let certain = least <= low + near && most >= high - near && (kind == Logits::Sigmoid || grid.classes > 3);
    let probabilities: Vec<f32> = other.values.iter().map(|v| v.clamp(0.0, 1.0)).collect();
    let forward: Vec<f32> = match kind {
        Logits::Sigmoid => probabilities.iter().map(|&v| sigmoid(v)).collect(),
        Logits::Softmax => softmax(&probabilities, grid, 1.0),
    };
    if explained(&side.values, &forward, grid) < if certain { EXPLAINED_OF_CERTAIN } else { EXPLAINED } {
        return None;
    }
    let name = format!("{kind:?}").to_lowercase();
    let option = if whose == Whose::Float { "--float-logits" } else { "--logits" };
    let advice = if side.activation.is_some() {
        format!("leave out `{option}`: the map holds probabilities already")
    } else {
        format!("the model ends in a {name} already: leave out the one that follows it")
    };
    let message = format!("the {} has taken the {name} of its probabilities once more: {advice}", who(whose));
    let mistake = match whose {
        Whose::Float => Mistake::FloatActivationTwice,
        _ => Mistake::DeviceActivationTwice,
    };
    let undone = match kind {
        Logits::Sigmoid => side.values.iter().map(|&v| (v / (1.0 - v)).ln().clamp(0.0, 1.0)).collect(),
        Logits::Softmax => undo_softmax(&side.values, grid),
    };
    let (device, float) = match whose {
        Whose::Float => (other.values.clone(), undone),
        _ => (undone, other.values.clone()),
    };
    // Undone, each code is a large step; activated alike, both sides are compared as they were written.
    let forward = agreement(&side.values, &forward);
    let valued = Valued::new(mistake, whose, device, float, message);
    let agreement = if valued.agreement < forward && kind == Logits::Softmax { forward } else { valued.agreement };
    Some(Valued { agreement, ..valued })
}

/// How much of the distance of a map from the means of its planes another map leaves no more.
fn explained(values: &[f32], other: &[f32], grid: Grid) -> f64 {
    let (mut left, mut all) = (0.0, 0.0);
    for (values, other) in values.chunks_exact(grid.pixels()).zip(other.chunks_exact(grid.pixels())) {
        let mean = values.iter().map(|&v| f64::from(v)).sum::<f64>() / values.len() as f64;
        for (&value, &other) in values.iter().zip(other) {
            left += (f64::from(value) - f64::from(other)).abs();
            all += (f64::from(value) - mean).abs();
        }
    }
    if all > 0.0 { 1.0 - left / all } else { 0.0 }
}

/// Probabilities that sum to 1 and have this softmax: their logarithms, moved to that sum.
fn undo_softmax(values: &[f32], grid: Grid) -> Vec<f32> {
    let pixels = grid.pixels();
    let mut out: Vec<f32> = values.iter().map(|v| v.max(1e-6).ln()).collect();
    for at in 0..pixels {
        let places = || (0..grid.classes).map(|class| class * pixels + at);
        let sum: f32 = places().map(|at| out[at]).sum();
        let more = (1.0 - sum) / grid.classes as f32;
        places().for_each(|at| out[at] = (out[at] + more).clamp(0.0, 1.0));
    }
    out
}

/// The two values of a map that has no others.
fn two_values(values: &[f32]) -> Option<(f32, f32)> {
    let first = *values.iter().find(|v| !v.is_nan())?;
    let second = *values.iter().find(|&&v| !v.is_nan() && v != first)?;
    let only = values.iter().all(|&v| v == first || v == second || v.is_nan());
    only.then(|| (first.min(second), first.max(second)))
}

fn mask(side: &Side, other: &Side, grid: Grid, whose: Whose) -> Option<Valued> {
    let (off, on) = two_values(&side.values)?;
    if two_values(&other.values).is_some() {
        return None;
    }
    let ones: Vec<f32> = side.values.iter().map(|&v| if v == on { 1.0 } else { 0.0 }).collect();
    let cut: Vec<f32> = if grid.classes > 1 {
        let winners = crate::target::argmax(&other.values, grid.classes, grid.pixels());
        (0..ones.len())
            .map(|at| f32::from(u8::from(usize::from(winners[at % grid.pixels()]) == at / grid.pixels())))
            .collect()
    } else {
        other.values.iter().map(|&v| f32::from(u8::from(v >= 0.5))).collect()
    };
    let same = agreement(&ones, &cut);
    // Exactly one class at every pixel is what argmax writes, whatever the other side says.
    let one_hot = grid.classes > 2 && side::sums_to_one(&ones, None, grid);
    if same < if one_hot { SAME_ONE_HOT } else { SAME } {
        return None;
    }
    let mistake = match whose {
        Whose::Float => Mistake::FloatMask,
        _ => Mistake::DeviceMask,
    };
    let message = format!(
        "the {}'s map has two values, {off} and {on}, and is the other's mask (Dice {same:.4}): save the scores before they \
         are cut at the threshold or by argmax",
        who(whose)
    );
    let (device, float) = match whose {
        Whose::Float => (other.values.clone(), ones),
        _ => (ones, other.values.clone()),
    };
    // What two values say is seen from the values alone: there is nothing that it must gain.
    Some(Valued::new(mistake, whose, device, float, message).needs(-1.0, -1.0))
}
