//! Scale and zero point, and codes that stop before the end.
//!
//! Many healthy networks are hesitant on the device: a larger scale would bring their map nearer to the float model's. So
//! a reading counts only if it leaves the codes what they are, probabilities: at most [`IMPOSSIBLE`] of them may lie outside
//! [0, 1]. A device that uses its whole range under the given reading has then no other.

use super::judge::agreement;
use super::side::{Codes, Side};
use super::values::{Valued, outside, sigmoid};
use crate::args::Logits;
use crate::model::{Mistake, Whose};

/// Share of codes that no probability has.
const IMPOSSIBLE: f64 = 0.01;
/// Codes by which another zero point must differ, and the factor by which another scale must.
const CODES: f64 = 3.0;
const FACTOR: f64 = 1.03;
/// Agreement that one number more must bring beyond the best of one number, as a share of what that one leaves.
const BOTH: f64 = 0.15;

/// Another scale, another zero point, or both.
pub fn readings(device: &Side, float: &Side, given: f64) -> Vec<Valued> {
    match (device.activation, device.codes) {
        (Some(Logits::Sigmoid), _) => of_logits(device, float),
        (Some(Logits::Softmax), _) => Vec::new(),
        (None, codes) => of_probabilities(device, float, given, codes),
    }
}

/// value ↦ factor · value + offset.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Line {
    factor: f64,
    offset: f64,
}

impl Line {
    fn of(self, value: f32) -> f32 {
        (f64::from(value) * self.factor + self.offset) as f32
    }
}

/// What both maps say of each other where the device is at its ends, and in the mean.
struct Seen {
    least: f64,
    most: f64,
    /// The float model's values where the device has its least and its greatest: their medians.
    at_least: f64,
    at_most: f64,
    mean: [f64; 2],
    spread: [f64; 2],
}

impl Seen {
    fn of(device: &Side, float: &Side) -> Option<Self> {
        let (least, most) = device.ends()?;
        let step = device.codes.map_or((most - least) / 256.0, |codes| codes.scale as f32);
        let pairs = || {
            device
                .values
                .iter()
                .zip(&float.values)
                .filter(|(p, t)| !p.is_nan() && !t.is_nan())
                .map(|(&p, &t)| (p, t.clamp(0.0, 1.0)))
        };
        let median = |within: &dyn Fn(f32) -> bool| {
            let mut values: Vec<f32> = pairs().filter(|&(p, _)| within(p)).map(|(_, t)| t).collect();
            let middle = values.len() / 2;
            (!values.is_empty()).then(|| f64::from(*values.select_nth_unstable_by(middle, f32::total_cmp).1))
        };
        let (mut count, mut sums, mut squares) = (0.0, [0.0; 2], [0.0; 2]);
        for (p, t) in pairs() {
            count += 1.0;
            for (at, value) in [f64::from(p), f64::from(t)].into_iter().enumerate() {
                sums[at] += value;
                squares[at] += value * value;
            }
        }
        let mean = sums.map(|sum| sum / count);
        let spread = [0, 1].map(|at| (squares[at] / count - mean[at] * mean[at]).max(0.0).sqrt());
        Some(Self {
            least: least.into(),
            most: most.into(),
            at_least: median(&|p| p <= least + 1.5 * step)?,
            at_most: median(&|p| p >= most - 1.5 * step)?,
            mean,
            spread,
        })
    }
}

fn of_probabilities(device: &Side, float: &Side, given: f64, codes: Option<Codes>) -> Vec<Valued> {
    let Some(seen) = Seen::of(device, float) else { return Vec::new() };
    let lines = |factor: f64| -> Vec<f64> {
        vec![
            seen.at_least - factor * seen.least,
            seen.at_most - factor * seen.most,
            seen.mean[1] - factor * seen.mean[0],
        ]
    };
    let mut zero: Vec<Line> = lines(1.0).into_iter().map(|offset| Line { factor: 1.0, offset }).collect();
    let ratios = [seen.at_most / seen.most, seen.mean[1] / seen.mean[0]];
    let mut scale: Vec<Line> = ratios.into_iter().map(|factor| Line { factor, offset: 0.0 }).collect();
    let mut both = Vec::new();
    for factor in [(seen.at_most - seen.at_least) / (seen.most - seen.least), seen.spread[1] / seen.spread[0]] {
        both.extend(lines(factor).into_iter().map(|offset| Line { factor, offset }));
    }
    if let Some(Codes { scale: step, zero_point, lowest }) = codes {
        // What engines write. v = step · (q − zero point), so that another of both is a line too.
        let line =
            |other: f64, its_zero: i32| Line { factor: other / step, offset: other * f64::from(zero_point - its_zero) };
        for other in ENGINES {
            scale.push(line(other, zero_point));
            both.push(line(other, lowest));
            both.push(line(other, lowest + 128));
        }
        zero.extend([lowest, lowest + 128].map(|its| line(step, its)));
    }
    let [zero, scale, both] = [zero, scale, both].map(|lines| {
        let tried = lines.into_iter().filter_map(|line| tried(device, float, line, codes));
        tried.max_by(|a, b| a.0.total_cmp(&b.0))
    });
    // One number before two.
    let one = match (zero, scale) {
        (Some(zero), Some(scale)) => Some(if scale.0 > zero.0 { scale } else { zero }),
        (zero, scale) => zero.or(scale),
    };
    let best = match (one, both) {
        (Some(one), Some(both)) if both.0 <= one.0 + BOTH * (1.0 - one.0) => Some(one),
        (one, both) => both.or(one),
    };
    let Some((_, line)) = best else { return Vec::new() };
    // Where codes are no probabilities as they were read, what makes them so need not gain: it may even lose, for values
    // above 1 are clamped to what the float model says.
    let needs = if outside(device) > IMPOSSIBLE { [given.min(0.0) - 1.0, -0.05] } else { [0.2, 0.005] };
    // A float model that does not reach 0 and 1 beside a device that does is the one whose numbers are off.
    let reaches =
        |side: &Side| side.ends().is_some_and(|(least, most)| least <= 0.01 && (0.985..=1.01).contains(&most));
    let narrow = |side: &Side| {
        side.ends().is_some_and(|(least, most)| least > 0.02 || most < 0.95 || least < -0.01 || most > 1.01)
    };
    if reaches(device) && narrow(float) {
        return float_line(device, float).into_iter().collect();
    }
    let Some((mistake, advice)) = named(line, codes) else { return Vec::new() };
    let beyond = outside(device);
    let advice = if beyond > IMPOSSIBLE {
        format!("{:.0} % of the values lie below 0 or above 1, where no probability is: {advice}", beyond * 100.0)
    } else {
        advice
    };
    let values = device.values.iter().map(|&v| line.of(v)).collect();
    let valued = Valued::device(mistake, values, float, advice);
    vec![valued.needs(needs[0], needs[1])]
}

/// The agreement of a line, with the zero point rounded to a code, if the codes are probabilities under it.
fn tried(device: &Side, float: &Side, line: Line, codes: Option<Codes>) -> Option<(f64, Line)> {
    if !(line.factor.is_finite() && line.offset.is_finite() && line.factor > 1e-3) {
        return None;
    }
    let line = match codes {
        None => line,
        Some(Codes { scale, zero_point, lowest }) => {
            let step = line.factor * scale;
            let zero = (f64::from(zero_point) - line.offset / step).round().clamp(lowest.into(), (lowest + 255).into());
            Line { offset: step * (f64::from(zero_point) - zero), ..line }
        }
    };
    let step = codes.map_or(1e-3, |codes| codes.scale * line.factor) as f32;
    let mut impossible = 0_usize;
    let values: Vec<f32> = device
        .values
        .iter()
        .map(|&v| {
            let value = line.of(v);
            impossible += usize::from(value < -0.75 * step || value > 1.0 + 1.25 * step);
            value
        })
        .collect();
    let possible = impossible as f64 <= IMPOSSIBLE * values.len() as f64;
    possible.then(|| (agreement(&values, &float.values), line))
}

fn named(line: Line, codes: Option<Codes>) -> Option<(Mistake, String)> {
    let scaled = !(1.0 / FACTOR..=FACTOR).contains(&line.factor);
    let (moved, said) = match codes {
        None => {
            let Line { factor, offset } = line;
            (
                offset.abs() > 0.012,
                format!(
                    "{factor:.4} times the device's values {offset:+.4} are what the float model says: dequantise them with the scale and zero point"
                ),
            )
        }
        Some(Codes { scale, zero_point, .. }) => {
            let step = scale * line.factor;
            let zero = f64::from(zero_point) - line.offset / step;
            let moved = (zero - f64::from(zero_point)).abs() >= CODES;
            (
                moved,
                format!(
                    "the float model suggests scale {step:.6} and zero point {zero:.0}: give `--scale` and `--zero-point`"
                ),
            )
        }
    };
    let mistake = match (scaled, moved) {
        (true, true) => Mistake::ScaleAndZeroPoint,
        (true, false) => Mistake::Scale,
        (false, true) => Mistake::ZeroPoint,
        (false, false) => return None,
    };
    Some((mistake, format!("{said} of the model's output tensor")))
}

/// The float model's values on the device's range.
fn float_line(device: &Side, float: &Side) -> Option<Valued> {
    let seen = Seen::of(float, device)?;
    let factor = (seen.at_most - seen.at_least) / (seen.most - seen.least);
    // Values that fall where the other side's rise are not those of another scale.
    if !factor.is_finite() || factor <= 0.0 {
        return None;
    }
    let line = Line { factor, offset: seen.at_least - factor * seen.least };
    let values: Vec<f32> = float.values.iter().map(|&v| line.of(v)).collect();
    let mistake = named(line, None)?.0;
    let message = format!(
        "the float model's values run from {:.3} to {:.3} where the device's reach 0 and 1: {factor:.4} times them {:+.4} are \
         what the device says; save the probabilities of the float model as they are",
        seen.least, seen.most, line.offset
    );
    let valued = Valued::float(mistake, device, values, message);
    Some(Valued { whose: Whose::Float, ..valued }.needs(0.3, 0.01))
}

/// ln(p / (1 − p)), where a device of 8 bits still tells it.
pub fn logit(p: f32) -> f64 {
    let p = f64::from(p).clamp(1e-7, 1.0 - 1e-7);
    (p / (1.0 - p)).ln()
}

/// Factor and offset that bring values onto the logits of probabilities, by the spreads of both where the probabilities
/// are neither 0 nor 1.
pub fn logistic(values: &[f32], probabilities: &[f32]) -> Option<(f64, f64)> {
    let (mut count, mut sums, mut squares) = (0.0, [0.0; 2], [0.0; 2]);
    for (&value, &p) in values.iter().zip(probabilities).filter(|(v, p)| !v.is_nan() && (0.02..=0.98).contains(*p)) {
        count += 1.0;
        for (at, number) in [f64::from(value), logit(p)].into_iter().enumerate() {
            sums[at] += number;
            squares[at] += number * number;
        }
    }
    if count < 16.0 {
        return None;
    }
    let mean = sums.map(|sum| sum / count);
    let [own, other] = [0, 1].map(|at| (squares[at] / count - mean[at] * mean[at]).max(0.0).sqrt());
    let factor = other / own;
    factor.is_finite().then_some((factor, mean[1] - factor * mean[0]))
}

/// By how much values lie straighter along the logits of probabilities than along these themselves, as a correlation.
pub fn straighter(values: &[f32], probabilities: &[f32]) -> f64 {
    let inner = || values.iter().zip(probabilities).filter(|(v, p)| !v.is_nan() && (0.005..=0.995).contains(*p));
    let count = inner().count() as f64;
    if count < 16.0 {
        return 0.0;
    }
    let mean = inner().map(|(&v, _)| f64::from(v)).sum::<f64>() / count;
    let along = |of: &dyn Fn(f32) -> f64| {
        let middle = inner().map(|(_, &p)| of(p)).sum::<f64>() / count;
        super::judge::correlation(inner().map(|(&v, &p)| ((f64::from(v) - mean) as f32, (of(p) - middle) as f32)))
    };
    along(&logit) - along(&|p| f64::from(p))
}

/// What engines write for probabilities.
const ENGINES: [f64; 4] = [1.0 / 256.0, 1.0 / 255.0, 1.0 / 128.0, 1.0 / 127.0];

fn of_an_engine(scale: f64) -> bool {
    ENGINES.iter().any(|engine| (scale / engine - 1.0).abs() < 1e-3)
}

/// Whether codes that were read as an engine's probabilities are none, though another scale fits them: that scale is no
/// engine's, and an engine's probabilities that reach 1 reach the type's end. So do not logits, whose range is the model's.
pub fn no_probabilities(device: &Side, line: &Valued, float: &Side) -> bool {
    let (Some(codes), Some((_, most)), Some((_, reaches))) = (device.codes, device.ends(), float.ends()) else {
        return false;
    };
    let fitted = line.device.iter().copied().fold(f32::MIN, f32::max);
    let factor = f64::from(fitted) / f64::from(most);
    let last = f64::from(codes.lowest + 255 - codes.zero_point) * codes.scale;
    line.mistake == Mistake::Scale
        && of_an_engine(codes.scale)
        && !of_an_engine(codes.scale * factor)
        && f64::from(most) < last - 2.5 * codes.scale
        && reaches > 0.99
}

/// Scale and zero point of logits: a line before the sigmoid.
fn of_logits(device: &Side, float: &Side) -> Vec<Valued> {
    let x: Vec<f32> = device.values.iter().map(|&p| logit(p) as f32).collect();
    let inner: Vec<f32> = float.values.iter().map(|&t| if (0.02..=0.98).contains(&t) { t } else { f32::NAN }).collect();
    let pairs =
        || x.iter().zip(&inner).filter(|(x, t)| !t.is_nan() && x.abs() < 12.0).map(|(&x, &t)| (f64::from(x), logit(t)));
    let count = pairs().count() as f64;
    if count < 16.0 {
        return Vec::new();
    }
    let sum = |of: &dyn Fn(f64, f64) -> f64| pairs().map(|(x, t)| of(x, t)).sum::<f64>();
    let offset = sum(&|x, t| t - x) / count;
    let factor = (sum(&|_, t| t * t) / sum(&|x, _| x * x)).sqrt();
    let both = logistic(&x, &float.values);
    let reached = |line: Line| {
        let values: Vec<f32> = x.iter().map(|&x| sigmoid(line.of(x))).collect();
        (agreement(&values, &float.values), line)
    };
    let one = [Line { factor: 1.0, offset }, Line { factor, offset: 0.0 }].map(reached);
    let one = if one[0].0 >= one[1].0 { one[0] } else { one[1] };
    let both = both.map(|(factor, offset)| reached(Line { factor, offset }));
    let (_, line) = both.filter(|both| both.0 > one.0 + BOTH * (1.0 - one.0)).unwrap_or(one);
    let scaled = !(1.0 / FACTOR..=FACTOR).contains(&line.factor);
    let (said, moved) = match device.logits {
        None => (
            format!("the float model's logits are near {:.3} times the device's {:+.2}", line.factor, line.offset),
            line.offset.abs() > 0.1,
        ),
        Some(Codes { scale, zero_point, .. }) => {
            let step = scale * line.factor;
            let zero = f64::from(zero_point) - line.offset / step;
            let said = format!("the float model suggests scale {step:.6} and zero point {zero:.0} for the logits");
            (said, (zero - f64::from(zero_point)).abs() >= CODES)
        }
    };
    let mistake = match (scaled, moved) {
        (true, true) => Mistake::ScaleAndZeroPoint,
        (true, false) => Mistake::Scale,
        (false, true) => Mistake::ZeroPoint,
        (false, false) => return Vec::new(),
    };
    let values = x.iter().map(|&x| sigmoid(line.of(x))).collect();
    let message = format!("{said}: give `--scale` and `--zero-point` of the model's output tensor");
    vec![Valued::device(mistake, values, float, message).needs(0.35, 0.006)]
}

/// Share of the values that must lie at an end, and how far the float model's must range there, for a map to have stopped.
const PILE: f64 = 0.02;
const RANGE: f32 = 0.1;

/// Codes that stop at a value inside the range, or that grow too fast and stop at its end.
pub fn saturated(device: &Side, float: &Side) -> Option<Valued> {
    let (least, most) = device.ends()?;
    let step = device.codes.map_or(1e-3, |codes| codes.scale as f32);
    // What goes on beyond 0 or 1 has not stopped there.
    if most <= least || least < -step || most > 1.0 + step {
        return None;
    }
    // Where the device is at an end, how far the float model's values go beyond it or before it.
    let piled = |at_end: &dyn Fn(f32) -> bool| {
        let mut there: Vec<f32> = device
            .values
            .iter()
            .zip(&float.values)
            .filter(|(p, t)| at_end(**p) && !t.is_nan())
            .map(|(_, t)| *t)
            .collect();
        if (there.len() as f64) < PILE * device.values.len() as f64 {
            return None;
        }
        there.sort_by(f32::total_cmp);
        Some((there[there.len() / 10], there[there.len() * 9 / 10]))
    };
    let top = piled(&|p| p >= most - step / 2.0);
    let bottom = piled(&|p| p <= least + step / 2.0);
    let too_high = top.filter(|&(_, high)| high > most + 0.05);
    let too_low = bottom.filter(|&(low, _)| low < least - 0.02);
    let fast = top.filter(|&(low, high)| high - low > RANGE && most > 0.95);
    let mut all = Vec::new();
    let who =
        "the device's requantisation: scale, multiplier and shift of its last layer, and the type it is stored in";
    if too_high.is_some() || too_low.is_some() {
        let (low, high) = (if too_low.is_some() { least } else { 0.0 }, if too_high.is_some() { most } else { 1.0 });
        let values: Vec<f32> = float.values.iter().map(|t| t.clamp(low, high)).collect();
        let message = format!(
            "the device's values stop at {low:.3} below and {high:.3} above where the float model's go on: check {who}"
        );
        all.push((values, message));
    }
    if fast.is_some() {
        for factor in (1..=20).map(|step| 1.0 + 0.1 * step as f32) {
            let values: Vec<f32> = float.values.iter().map(|t| (t * factor).clamp(least, most)).collect();
            let message = format!(
                "the device's values are about {factor:.1} times the float model's and stop at {most:.3}: check {who}"
            );
            all.push((values, message));
        }
    }
    let reached = all.into_iter().map(|(values, message)| {
        let reached = agreement(&device.values, &values);
        (reached, message)
    });
    let (reached, message) = reached.max_by(|a, b| a.0.total_cmp(&b.0))?;
    let valued = Valued::new(Mistake::Saturation, Whose::Device, device.values.clone(), float.values.clone(), message);
    Some(Valued { agreement: reached, ..valued }.needs(0.25, 0.01))
}
