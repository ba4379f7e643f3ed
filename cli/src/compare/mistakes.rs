//! The likely mistake: another reading of the device's numbers that explains the float model's map far better.
//!
//! A reading is suspected only where it takes away [`SHARE`] of the disagreement and at least [`GAIN`] of agreement, so that
//! a healthy device, whose numbers differ by noise, stays quiet. Shifts of a few codes are noise to this judge.

use crate::args::Logits;
use crate::each_element;
use crate::map::{Layout, Map};
use crate::measure;
use crate::model::Mistake;
use crate::prediction::{Planes, Prediction, Quantised, Reading, scale_of};
use crate::read::{Dtype, Values};
use crate::target::Target;
use soft_dice::confidence::AGREEMENT;
use soft_dice::{Average, Range};

/// Of 1 − agreement, that another reading must take away.
const SHARE: f64 = 0.4;
/// Of agreement, that it must give.
const GAIN: f64 = 0.02;
/// Codes by which another zero point must differ, and the factor by which another scale must.
const CODES: f64 = 4.0;
const FACTOR: f64 = 1.03;
/// Share of codes that no probability has.
const IMPOSSIBLE: f64 = 0.01;
/// Share of pixels whose classes do not sum to 1, and how far a sum may be off beside rounding.
const PIXELS: f64 = 0.05;
const OFF: f64 = 0.02;

/// What is looked at.
pub struct Suspect<'a> {
    pub device: &'a Prediction,
    pub float: &'a Prediction,
    pub reading: &'a Reading,
    pub agreement: f64,
    pub independent: bool,
}

/// A mistake, what was seen, and what to do.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub mistake: Mistake,
    pub message: String,
}

/// The least and the greatest value, if they are no probabilities.
fn outside(prediction: &Prediction) -> Option<(f32, f32)> {
    let (Planes::F32(_, values) | Planes::F32Fine(_, values)) = &prediction.planes else { return None };
    let [least, most] = [f32::min, f32::max].map(|pick| values.iter().copied().reduce(pick).unwrap_or(0.0));
    (least < -1e-3 || most > 1.001).then_some((least, most))
}

/// What looks wrong in this frame.
pub fn find(suspect: &Suspect<'_>) -> Vec<Found> {
    if let Some(found) = dead(suspect).or_else(|| float_logits(suspect)).or_else(|| device_logits(suspect)) {
        return vec![found];
    }
    let soft = Target::Soft(suspect.float.values());
    let agreement = |other: &Prediction| agreement(other, &soft);
    // The simplest first: a later one must be clearly better than an earlier one.
    let mut best: Option<(f64, Found)> = None;
    for (other, mistake, message) in layouts(suspect).chain(logits(suspect)).chain(scales(suspect, &soft)) {
        let Some(reached) = agreement(&other) else { continue };
        let gained = reached - suspect.agreement;
        let explains = gained > GAIN && gained > SHARE * (1.0 - suspect.agreement);
        if explains && best.as_ref().is_none_or(|(so_far, _)| reached > so_far + GAIN / 2.0) {
            let given = suspect.agreement;
            let message = format!("{message} (agreement {reached:.4}, as given {given:.4})");
            best = Some((reached, Found { mistake, message }));
        }
    }
    let best = best.map(|(_, found)| found);
    let (elsewhere, scaled) = match best {
        Some(found) if matches!(found.mistake, Mistake::DeviceLogits | Mistake::Layout) => (Some(found), None),
        scaled => (None, scaled),
    };
    let found = elsewhere.or_else(|| impossible(suspect, agreement)).or(scaled).or_else(|| pixel_sums(suspect));
    found.into_iter().collect()
}

/// Codes that mean less than 0 or more than 1: no sigmoid and no softmax writes them, whatever the agreement.
fn impossible(suspect: &Suspect<'_>, agreement: impl Fn(&Prediction) -> Option<f64>) -> Option<Found> {
    let (codes, (scale, zero)): (Vec<i32>, _) = match &suspect.device.planes {
        Planes::I8(e, v) => (v.iter().map(|&q| i32::from(q)).collect(), scale_of(e)),
        Planes::U8Affine(e, v) => (v.iter().map(|&q| i32::from(q)).collect(), scale_of(e)),
        _ => return None,
    };
    // Half a code is rounding.
    let one = f64::from(zero) + 1.0 / scale + 0.5;
    let share = |count: usize| count as f64 / codes.len() as f64;
    let below = share(codes.iter().filter(|&&code| code < zero).count());
    let above = share(codes.iter().filter(|&&code| f64::from(code) > one).count());
    let (least, most) = (codes.iter().min()?, codes.iter().max()?);
    if below > IMPOSSIBLE && above > IMPOSSIBLE {
        // Both at once are logits, where their sigmoid or softmax is nearer to the float model than they are.
        let nearer = |other: &Prediction| agreement(other).is_some_and(|reached| reached > suspect.agreement);
        if let Some((_, mistake, message)) = logits(suspect).find(|(other, ..)| nearer(other)) {
            return Some(Found { mistake, message });
        }
    }
    if below > IMPOSSIBLE {
        let message = format!(
            "{:.0} % of the codes lie below the zero point {zero}, where no probability is; the lowest is {least}: take \
             the zero point from the model's output tensor",
            below * 100.0
        );
        return Some(Found { mistake: Mistake::ZeroPoint, message });
    }
    (above > IMPOSSIBLE).then(|| Found {
        mistake: Mistake::Scale,
        message: format!(
            "{:.0} % of the codes mean more than 1; the greatest, {most}, would be 1 at scale {:.6}: take the scale from \
             the model's output tensor",
            above * 100.0,
            1.0 / f64::from(most - zero)
        ),
    })
}

fn agreement(device: &Prediction, float: &Target) -> Option<f64> {
    let sums = measure::sums(device, float, Range::Clamp).ok()?;
    Average::micro(AGREEMENT).of(&sums).ok().map(|mean| mean.ratio.f64())
}

fn dead(suspect: &Suspect<'_>) -> Option<Found> {
    fn constant<R: PartialEq>(planes: &[R], classes: usize) -> bool {
        planes.chunks_exact(planes.len() / classes).all(|plane| soft_dice::confidence::uniform(plane, 1))
    }
    let all = |p: &Prediction| each_element!(&p.planes, _e, planes => constant(planes, p.map.classes));
    let dead = suspect.device.map.pixels() > 1 && all(suspect.device) && !all(suspect.float);
    dead.then(|| Found {
        mistake: Mistake::DeadDevice,
        message:
            "the device writes the same numbers at every pixel; check that the model was loaded whole, that all its \
                  operators are built in, and that its input arrives"
                .into(),
    })
}

fn float_logits(suspect: &Suspect<'_>) -> Option<Found> {
    let (least, most) = outside(suspect.float)?;
    Some(Found {
        mistake: Mistake::FloatLogits,
        message: format!(
            "the float model's values run from {least} to {most}: give `--float-logits sigmoid` or `softmax` if they are \
             logits"
        ),
    })
}

/// Of floats: codes want a closer look.
fn device_logits(suspect: &Suspect<'_>) -> Option<Found> {
    let (least, most) = outside(suspect.device)?;
    Some(Found {
        mistake: Mistake::DeviceLogits,
        message: format!(
            "the device's values run from {least} to {most}: give `--logits sigmoid` or `softmax` if they are logits"
        ),
    })
}

type Other = (Prediction, Mistake, String);

/// The same numbers in another order of axes.
fn layouts<'s>(suspect: &'s Suspect<'_>) -> impl Iterator<Item = Other> + use<'s> {
    let map = &suspect.device.map;
    let (pixels, classes) = (map.pixels(), map.classes);
    let (height, width) = (map.height, map.width);
    let axes = (classes > 1).then(|| match map.layout {
        Layout::Chw => (
            arranged(suspect.device, |at| at % pixels * classes + at / pixels),
            Mistake::Layout,
            "all classes of a pixel seem to lie together: give `--layout hwc`, or mend the shape in the file"
                .to_string(),
        ),
        _ => (
            arranged(suspect.device, |at| at % classes * pixels + at / classes),
            Mistake::Layout,
            "the map seems to lie plane after plane: give `--layout chw`, or mend the shape in the file".to_string(),
        ),
    });
    let turned = (height > 1 && width > 1).then(|| {
        let from = |at: usize| at / pixels * pixels + at % width * height + at % pixels / width;
        (
            arranged(suspect.device, from),
            Mistake::Layout,
            "rows and columns seem to be swapped: write the map row by row".to_string(),
        )
    });
    axes.into_iter().chain(turned)
}

/// The value of `from(i)` in place `i`.
fn arranged(device: &Prediction, from: impl Fn(usize) -> usize) -> Prediction {
    fn pick<T: Copy>(planes: &[T], from: impl Fn(usize) -> usize) -> Vec<T> {
        (0..planes.len()).map(|at| planes[from(at)]).collect()
    }
    let planes = match &device.planes {
        Planes::U8(e, v) => Planes::U8(*e, pick(v, from)),
        Planes::U16(e, v) => Planes::U16(*e, pick(v, from)),
        Planes::Q15(e, v) => Planes::Q15(*e, pick(v, from)),
        Planes::I8(e, v) => Planes::I8(*e, pick(v, from)),
        Planes::U8Affine(e, v) => Planes::U8Affine(*e, pick(v, from)),
        Planes::F32(e, v) => Planes::F32(*e, pick(v, from)),
        Planes::F32Fine(e, v) => Planes::F32Fine(*e, pick(v, from)),
    };
    Prediction { map: device.map.clone(), planes }
}

/// The device's map as it was in its file.
fn raw(device: &Prediction) -> Option<Map> {
    let (dtype, values) = match &device.planes {
        Planes::I8(_, v) => (Dtype::I8, Values::I8(v.clone())),
        Planes::U8(_, v) | Planes::U8Affine(_, v) => (Dtype::U8, Values::U8(v.clone())),
        Planes::F32(_, v) | Planes::F32Fine(_, v) => (Dtype::F32, Values::F32(v.clone())),
        Planes::U16(..) | Planes::Q15(..) => return None,
    };
    Some(Map { dtype, values, ..device.map.clone() })
}

/// The same numbers as logits.
fn logits<'s>(suspect: &'s Suspect<'_>) -> impl Iterator<Item = Other> + use<'s> {
    let kinds = [(Logits::Sigmoid, "sigmoid"), (Logits::Softmax, "softmax")];
    let untouched = suspect.reading.logits.is_none();
    kinds.into_iter().filter(move |_| untouched).filter_map(|(kind, name)| {
        let reading = Reading { logits: Some(kind), ..suspect.reading.clone() };
        let other = Prediction::of(raw(suspect.device)?, &reading).ok()?;
        Some((other, Mistake::DeviceLogits, format!("the device's numbers seem to be logits: give `--logits {name}`")))
    })
}

/// The same codes under another scale or zero point, as the float model's values suggest.
fn scales<'s>(suspect: &'s Suspect<'_>, float: &Target) -> impl Iterator<Item = Other> + use<'s> {
    let others = match (&suspect.device.planes, float) {
        (Planes::I8(e, v), Target::Soft(t)) => readings(scale_of(e), -128, v.iter().map(|&q| f64::from(q)), t),
        (Planes::U8Affine(e, v), Target::Soft(t)) => readings(scale_of(e), 0, v.iter().map(|&q| f64::from(q)), t),
        (Planes::U8(_, v), Target::Soft(t)) => readings((1.0 / 255.0, 0), 0, v.iter().map(|&q| f64::from(q)), t),
        _ => Vec::new(),
    };
    others.into_iter().filter_map(|(scale, zero_point, mistake)| {
        let quantised = Some(Quantised::Affine { scale: scale as f32, zero_point });
        let other = Prediction::of(raw(suspect.device)?, &Reading { quantised, ..suspect.reading.clone() }).ok()?;
        let advice = format!("the float model suggests scale {scale:.6} and zero point {zero_point}");
        Some((other, mistake, format!("{advice}: take both from the model's output tensor")))
    })
}

/// Scales and zero points, one changed before both.
fn readings(
    (scale, zero): (f64, i32),
    lowest: i32,
    codes: impl Iterator<Item = f64>,
    float: &[f32],
) -> Vec<(f64, i32, Mistake)> {
    let (mut n, mut q, mut t, mut qq, mut tt) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (code, &value) in codes.zip(float).filter(|(_, value)| !value.is_nan()) {
        let value = f64::from(value);
        n += 1.0;
        q += code;
        t += value;
        qq += code * code;
        tt += value * value;
    }
    let (q, t) = (q / n, t / n);
    // The line that both spreads ask for (reduced major axis): it is the same whichever map is noisy.
    let fitted = ((tt / n - t * t) / (qq / n - q * q)).max(0.0).sqrt();
    let whole =
        |zero: f64| (zero.is_finite()).then(|| zero.round().clamp(f64::from(lowest), f64::from(lowest + 255)) as i32);
    let given = f64::from(zero);
    let scaled = |ratio: f64| !(1.0 / FACTOR..=FACTOR).contains(&ratio);
    let mut all = Vec::new();
    if let Some(other) = whole(q - t / scale).filter(|&other| (f64::from(other) - given).abs() >= CODES) {
        all.push((scale, other, Mistake::ZeroPoint));
    }
    let other = t / (q - given);
    if other.is_finite() && other > 0.0 && scaled(other / scale) {
        all.push((other, zero, Mistake::Scale));
    }
    if let Some(other) = whole(q - t / fitted).filter(|_| fitted.is_finite() && scaled(fitted / scale)) {
        all.push((fitted, other, Mistake::ScaleAndZeroPoint));
    }
    all
}

/// Exclusive classes whose probabilities do not sum to 1.
fn pixel_sums(suspect: &Suspect<'_>) -> Option<Found> {
    let classes = suspect.device.map.classes;
    if classes < 2 || suspect.independent {
        return None;
    }
    let unit = each_element!(&suspect.device.planes, element, _p => soft_dice::Element::unit(element).value(1));
    let off = |map: &Prediction, unit: f64| {
        let (values, pixels) = (map.values(), map.map.pixels());
        let sum = |at: usize| (0..classes).map(|class| f64::from(values[class * pixels + at])).sum::<f64>();
        // Each class is rounded by half a unit at most.
        let wrong = (0..pixels).filter(|&at| (sum(at) - 1.0).abs() > OFF + classes as f64 * unit / 2.0);
        wrong.count() as f64 / pixels as f64
    };
    [("device", off(suspect.device, unit)), ("float model", off(suspect.float, 0.0))].into_iter().find_map(|(side, share)| {
        (share > PIXELS).then(|| Found {
            mistake: Mistake::PixelSums,
            message: format!(
                "at {:.0} % of the pixels the classes of the {side} do not sum to 1: check the softmax and the zero point, \
                 or give `--independent` if they are independent",
                share * 100.0
            ),
        })
    })
}
