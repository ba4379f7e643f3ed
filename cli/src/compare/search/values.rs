//! The same places with other values: what a number means.
//!
//! Readings without a free number come first, then those with one (zero point, scale), then those with two or more. A
//! later one must take away [`CLEARLY`] of the disagreement that the best so far leaves: what has more numbers to choose
//! fits better even where it is wrong.

use super::affine;
use super::judge::agreement;
use super::side::{self, Codes, Grid, Side};
use super::stopped::stopped;
use super::twice;
use crate::args::Logits;
use crate::model::{Mistake, Whose};

/// Of the disagreement left, that a reading with more free numbers must take away.
const CLEARLY: f64 = 0.15;
/// Of the disagreement, that a reading with fitted logits must take away, of several classes and of one: a curve with
/// free numbers sharpens every healthy but hesitant network as well.
const CURVES: f64 = 0.6;
const CURVE: f64 = 0.35;
/// Agreement by which a line may be better than a curve that it only comes near to, and by how much straighter the values
/// then lie along the logits.
const NEAR: f64 = 0.02;
const STRAIGHTER: f64 = 0.03;
/// Agreement by which two readings are alike.
const ALIKE: f64 = 0.005;
/// Share of values outside [0, 1] that makes a map no map of probabilities.
const OUTSIDE: f64 = 0.01;

/// Other values of one side or both.
#[derive(Clone, Debug)]
pub struct Valued {
    pub mistake: Mistake,
    pub whose: Whose,
    pub message: String,
    pub device: Vec<f32>,
    pub float: Vec<f32>,
    pub agreement: f64,
    /// Of 1 − agreement and of agreement, what it has to take away and to give.
    pub share: f64,
    pub gain: f64,
}

impl Valued {
    /// Of the device's values.
    pub fn device(mistake: Mistake, values: Vec<f32>, float: &Side, message: String) -> Self {
        let float = float.values.clone();
        Self::new(mistake, Whose::Device, values, float, message)
    }

    /// Of the float model's.
    pub fn float(mistake: Mistake, device: &Side, values: Vec<f32>, message: String) -> Self {
        Self::new(mistake, Whose::Float, device.values.clone(), values, message)
    }

    pub fn new(mistake: Mistake, whose: Whose, device: Vec<f32>, float: Vec<f32>, message: String) -> Self {
        let agreement = agreement(&device, &float);
        Self { mistake, whose, message, device, float, agreement, share: 0.2, gain: 0.005 }
    }

    pub fn needs(self, share: f64, gain: f64) -> Self {
        Self { share, gain, ..self }
    }

    pub fn explains(&self, given: f64) -> bool {
        let gained = self.agreement - given;
        gained >= self.gain && gained >= self.share * (1.0 - given)
    }
}

/// The reading that explains the values best, if one does.
pub fn best(device: &Side, float: &Side, grid: Grid) -> Option<Valued> {
    let given = agreement(&device.values, &float.values);
    let outside = [outside(device), outside(float)];
    let mut best: Option<Valued> = None;
    let mut consider = |valued: Valued| {
        let so_far = best.as_ref().map(|best| best.agreement);
        if valued.explains(given) && so_far.is_none_or(|far| valued.agreement > far + CLEARLY * (1.0 - far)) {
            best = Some(valued);
        }
    };
    // Nothing can gain what is not lost; values that no probability has are looked at all the same.
    if 1.0 - given < 0.005 && outside.iter().all(|&share| share < OUTSIDE) {
        return None;
    }
    // What the values of one map show by themselves needs no gain to be believed, and no other reading is looked for.
    let shown = twice::readings(device, float, grid).into_iter().filter(|valued| valued.explains(given));
    if let Some(shown) = shown.max_by(|a, b| a.agreement.total_cmp(&b.agreement)) {
        return Some(shown);
    }
    inverted(device, float).into_iter().for_each(&mut consider);
    signs(device, float).into_iter().for_each(&mut consider);
    logits(device, float, grid, outside).into_iter().for_each(&mut consider);
    // Beside a float model's map that holds no probabilities no line and no curve of the device's says anything.
    if outside[1] < OUTSIDE {
        let fits = affine::readings(device, float, given);
        fits.into_iter().for_each(&mut consider);
        curve(device, float, grid).into_iter().for_each(&mut consider);
        affine::saturated(device, float).into_iter().for_each(&mut consider);
        // A line through a curve comes near it. What lies along the logits, and not along the probabilities, is the curve.
        let line = |valued: &Valued| {
            valued.whose == Whose::Device
                && matches!(valued.mistake, Mistake::Scale | Mistake::ZeroPoint | Mistake::ScaleAndZeroPoint)
        };
        if let Some(so_far) = best.as_ref().filter(|best| line(best) && grid.classes == 1)
            && let Some(curve) = fitted(device, float, grid)
            && (curve.agreement > so_far.agreement - NEAR
                && affine::straighter(&device.values, &float.values) > STRAIGHTER
                || affine::no_probabilities(device, so_far, float) && curve.agreement > given - ALIKE)
        {
            best = Some(curve);
        }
        if best.is_none() {
            best = stopped(device, float);
        }
    }
    best
}

/// Share of the values that no probability has: outside by more than half a code.
pub fn outside(side: &Side) -> f64 {
    let half = side.codes.map_or(1e-3, |codes| codes.scale as f32 / 2.0);
    let count = side.values.iter().filter(|&&v| v < -half || v > 1.0 + half).count();
    count as f64 / side.values.len().max(1) as f64
}

fn inverted(device: &Side, float: &Side) -> Vec<Valued> {
    let values = device.values.iter().map(|v| 1.0 - v).collect();
    let message = "the device's map is 1 - p of the float model's: one of them is the background's. The two maps do not say \
                   which: look at one beside its picture, and write the other class of the other";
    let valued = Valued { whose: Whose::Either, ..Valued::device(Mistake::Inverted, values, float, message.into()) };
    vec![valued.needs(0.3, 0.02)]
}

/// The bytes of int8 as uint8, or the other way round.
pub fn wrapped(side: &Side) -> Vec<(Vec<f32>, &'static str)> {
    let (codes, logits) = match (side.codes, side.logits) {
        (Some(codes), _) => (codes, false),
        (None, Some(codes)) if side.activation == Some(Logits::Sigmoid) => (codes, true),
        _ => return Vec::new(),
    };
    let Codes { scale, zero_point, lowest } = codes;
    let code = |value: f32| {
        let value = if logits { affine::logit(value) } else { f64::from(value) };
        (value / scale).round() as i32 + zero_point
    };
    let values = |of: &dyn Fn(i32) -> i32, zero: i32| -> Vec<f32> {
        let value = |code: i32| (f64::from(of(code) - zero) * scale) as f32;
        side.values.iter().map(|&v| value(code(v))).map(|x| if logits { sigmoid(x) } else { x }).collect()
    };
    // The other half of the type, with the zero point where it is in the type.
    let turned = values(&|q| if q - lowest < 128 { q + 128 } else { q - 128 }, zero_point);
    // The same bits as the other type, under the zero point that was given.
    let other = values(
        &|q| match lowest {
            0 if q >= 128 => q - 256,
            -128 if q < 0 => q + 256,
            _ => q,
        },
        zero_point,
    );
    let [mine, its] = if lowest == 0 { ["uint8", "int8"] } else { ["int8", "uint8"] };
    let bytes = match (mine, its) {
        ("uint8", _) => "the bytes are those of int8 and were read as uint8",
        _ => {
            "the sign bit of each byte is turned: they are those of uint8 with the zero point in the middle, or of int8 \
              that was turned once too often"
        }
    };
    vec![(turned, bytes), (other, "the bytes were read as the other of int8 and uint8")]
}

fn signs(device: &Side, float: &Side) -> Vec<Valued> {
    let advice = "save them with their own type (in NumPy: `.view(np.int8)` or `.view(np.uint8)`), or give `--dtype` where \
                  the file has no header";
    let of = |side: &Side, who: &str, is_device: bool| -> Vec<Valued> {
        let each = wrapped(side).into_iter().map(|(values, bytes)| {
            let message = format!("of the {who}'s map {bytes}: {advice}");
            if is_device {
                Valued::device(Mistake::SignFlip, values, float, message)
            } else {
                Valued::float(Mistake::SignFlip, device, values, message)
            }
        });
        each.map(|valued| valued.needs(0.4, 0.02)).collect()
    };
    let mut all = of(device, "device", true);
    all.extend(of(float, "float model", false));
    all
}

pub fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

/// The softmax over the classes of each pixel, of planes.
pub fn softmax(values: &[f32], grid: Grid, strength: f32) -> Vec<f32> {
    let pixels = grid.pixels();
    let mut out: Vec<f32> = vec![0.0; values.len()];
    for at in 0..pixels {
        let places = || (0..grid.classes).map(|class| class * pixels + at);
        let most = places().map(|at| values[at]).fold(f32::MIN, f32::max);
        let mut sum = 0.0;
        for at in places() {
            out[at] = ((values[at] - most) * strength).exp();
            sum += out[at];
        }
        places().for_each(|at| out[at] /= sum);
    }
    out
}

/// Values outside [0, 1] as what they are most often: logits, or codes saved as floats.
fn logits(device: &Side, float: &Side, grid: Grid, outside: [f64; 2]) -> Vec<Valued> {
    let mut all = Vec::new();
    let both = [(device, Whose::Device, outside[0]), (float, Whose::Float, outside[1])];
    for (side, whose, share) in both {
        if share < OUTSIDE || side.activation.is_some() {
            continue;
        }
        let (who, option, mistake) = match whose {
            Whose::Float => ("float model", "--float-logits", Mistake::FloatLogits),
            _ => ("device", "--logits", Mistake::DeviceLogits),
        };
        let Some((least, most)) = side.ends() else { continue };
        let mut add = |values: Vec<f32>, mistake, message: String| {
            all.push(match whose {
                Whose::Float => Valued::float(mistake, device, values, message),
                _ => Valued::device(mistake, values, float, message),
            });
        };
        let said = |kind: Logits| {
            let name = format!("{kind:?}").to_lowercase();
            format!(
                "the {who}'s values run from {least} to {most}, and their {name} is what the other side says: give `{option} {name}`"
            )
        };
        add(side.values.iter().map(|&x| sigmoid(x)).collect(), mistake, said(Logits::Sigmoid));
        if grid.classes > 1 {
            add(softmax(&side.values, grid, 1.0), mistake, said(Logits::Softmax));
        }
        if side.codes.is_none() && least >= 0.0 && most > 1.5 {
            for whole in [255.0, 256.0, 100.0, 65535.0, 32768.0] {
                let message = format!(
                    "the {who}'s values run up to {most}: they are 1 at {whole}; divide them by it when they are saved"
                );
                add(side.values.iter().map(|v| v / whole).collect(), Mistake::Scale, message);
            }
        }
    }
    // A float model's values outside [0, 1] are no probabilities, whatever is gained: clamped logits are nearly its mask.
    let needs = |valued: Valued| match valued.whose {
        Whose::Float => valued.needs(-1.0, -0.05),
        _ => valued.needs(0.2, 0.01),
    };
    all.into_iter().map(needs).collect()
}

/// Logits whose scale and zero point are not those that were given, where the values are straighter so.
fn curve(device: &Side, float: &Side, grid: Grid) -> Option<Valued> {
    if device.activation.is_some() || grid.classes == 1 && affine::straighter(&device.values, &float.values) <= 0.01 {
        return None;
    }
    // Classes that sum to 1 at every pixel have been through a softmax.
    if grid.classes > 1 && side::sums_to_one(&device.values, device.codes, grid) {
        return None;
    }
    fitted(device, float, grid)
}

/// The sigmoid or softmax of the device's values that is nearest to the float model's.
fn fitted(device: &Side, float: &Side, grid: Grid) -> Option<Valued> {
    let (values, said) = if grid.classes > 1 {
        // One number: the softmax does not feel what is added to all classes.
        let reached = |strength: f64| {
            let values = softmax(&device.values, grid, strength as f32);
            (agreement(&values, &float.values), values)
        };
        let mut best = (f64::MIN, Vec::new(), 0.0);
        for step in 0..16 {
            let strength = 4.0 * 1.5_f64.powi(step);
            let (agreement, values) = reached(strength);
            if agreement > best.0 {
                best = (agreement, values, strength);
            }
        }
        (best.1, format!("softmax of about {:.0} times its values", best.2))
    } else {
        let (a, b) = affine::logistic(&device.values, &float.values)?;
        let values = device.values.iter().map(|&v| sigmoid((f64::from(v) * a + b) as f32)).collect();
        (values, format!("sigmoid of {a:.2} times its values {} {:.2}", if b < 0.0 { "-" } else { "+" }, b.abs()))
    };
    let name = if grid.classes > 1 { "softmax" } else { "sigmoid" };
    let scale = device
        .codes
        .map_or(String::new(), |_| " with `--scale` and `--zero-point` of the model's output tensor".into());
    let message = format!(
        "the device's numbers are logits: the float model's map is near the {said}; give `--logits {name}`{scale}"
    );
    let share = if grid.classes > 1 { CURVES } else { CURVE };
    Some(Valued::device(Mistake::DeviceLogits, values, float, message).needs(share, 0.02))
}
