//! Codes that stop inside their type: seen from the codes themselves, where the agreement hardly minds.
//!
//! The counts of a network's codes fall off towards the ends of what it uses. Where they end in a spike that is not the
//! type's own end, and the float model goes on beyond it, the device has stopped.

use super::affine::logit;
use super::side::{Codes, Side};
use super::values::Valued;
use crate::args::Logits;
use crate::model::{Mistake, Whose};

/// Share of the values that must lie in the spike, and how many times as many as in each of the codes beside it.
const SPIKE: f64 = 0.02;
const TALLER: usize = 4;
/// Codes beside it that are looked at.
const BESIDE: usize = 3;
/// Codes by which the float model must go on beyond it, at least.
const BEYOND: f64 = 3.0;

/// At either end.
pub fn stopped(device: &Side, float: &Side) -> Option<Valued> {
    let logits = device.activation == Some(Logits::Sigmoid);
    let Codes { scale, zero_point, lowest } = if logits { device.logits? } else { device.codes? };
    let number = |value: f32| if logits { logit(value) } else { value.into() };
    let place = |value: f32| number(value) / scale + f64::from(zero_point - lowest);
    let mut counts = [0_usize; 256];
    let codes: Vec<u8> = device.values.iter().map(|&value| place(value).round().clamp(0.0, 255.0) as u8).collect();
    codes.iter().for_each(|&code| counts[usize::from(code)] += 1);
    let used: Vec<usize> = (0..256).filter(|&code| counts[code] > 0).collect();
    let (&[least, above, ..], &[.., below, most]) = (&used[..], &used[..]) else { return None };
    let stops = |end: usize, next: usize| -> bool {
        let inward = |by: usize| if end < next { end.checked_add(by) } else { end.checked_sub(by) };
        let beside = (1..=BESIDE).filter_map(inward).filter_map(|code| counts.get(code)).max().copied().unwrap_or(0);
        if matches!(end, 0 | 255)
            || (counts[end] as f64) < SPIKE * codes.len() as f64
            || counts[end] < TALLER * beside.max(1)
        {
            return false;
        }
        // The float model's values there, in codes beyond the end.
        let there = codes.iter().zip(&float.values).filter(|(code, t)| usize::from(**code) == end && !t.is_nan());
        let out = if end < next { -1.0 } else { 1.0 };
        let mut beyond: Vec<f64> = there.map(|(_, &t)| out * (place(t) - end as f64)).collect();
        let middle = beyond.len() / 2;
        if beyond.is_empty() {
            return false;
        }
        let median = *beyond.select_nth_unstable_by(middle, f64::total_cmp).1;
        median >= BEYOND.max(end.abs_diff(next) as f64)
    };
    let (low, high) = (stops(least, above), stops(most, below));
    if !(low || high) {
        return None;
    }
    let code = |place: usize| place as i32 + lowest;
    let ends = match (low, high) {
        (true, true) => format!("at {} below and {} above", code(least), code(most)),
        (true, false) => format!("at {} below", code(least)),
        _ => format!("at {}", code(most)),
    };
    let message = format!(
        "the device's codes stop {ends}, where many lie and the float model's values go on: check the device's \
         requantisation: scale, multiplier and shift of its last layer, and the type it is stored in"
    );
    // What the counts show needs no gain: the reading of these codes is right, and they lack what was cut off.
    let valued = Valued::new(Mistake::Saturation, Whose::Device, device.values.clone(), float.values.clone(), message);
    Some(valued.needs(-1.0, -1.0))
}
