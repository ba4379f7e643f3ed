//! The reference: masks, labels, or another soft map.

use crate::args::{TargetArgs, TargetKind};
use crate::error::{Failure, Outcome};
use crate::map::Map;
use crate::prediction::{Prediction, Reading};
use crate::read::{Dtype, Values};

/// What a prediction is measured against.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// Foreground where not 0; a plane for each class.
    Mask(Vec<u8>),
    /// A label for each pixel.
    Labels {
        /// The labels.
        labels: Vec<u8>,
        /// Pixels that bear it are left out.
        ignore: Option<u8>,
    },
    /// A probability for each pixel; a plane for each class.
    Soft(Vec<f32>),
}

/// How a target file becomes one.
#[derive(Clone, Debug, Default)]
pub struct TargetReading {
    /// Said by the user.
    pub kind: Option<TargetKind>,
    /// For [`TargetKind::Above`].
    pub threshold: f32,
    /// The label of pixels to leave out.
    pub ignore: Option<i64>,
    /// Of a soft map's codes.
    pub codes: Reading,
}

impl TargetReading {
    /// As the options say.
    #[must_use]
    pub fn of(args: &TargetArgs, codes: Reading) -> Self {
        let kind = match (args.target, args.labels, args.target_threshold) {
            (None, true, _) => Some(TargetKind::Labels),
            (None, false, Some(_)) => Some(TargetKind::Above),
            (kind, ..) => kind,
        };
        let codes = Reading { logits: None, ..codes };
        Self { kind, threshold: args.target_threshold.unwrap_or(0.5), ignore: args.ignore, codes }
    }
}

impl Target {
    /// What `map` says, for a prediction of `classes` classes.
    ///
    /// # Errors
    ///
    /// Another size than the prediction's, labels outside the classes, or a kind that the type does not have.
    pub fn of(map: Map, prediction: &Map, reading: &TargetReading) -> Outcome<Self> {
        if (map.height, map.width) != (prediction.height, prediction.width) {
            return Err(Failure::new(
                format!("prediction and target differ in shape: {} and {}", prediction.size(), map.size()),
                "check that they are of one frame, and `--layout`",
            ));
        }
        let labelled = map.classes == 1 && prediction.classes > 1;
        let kind = reading.kind.unwrap_or(match map.dtype {
            Dtype::F64 | Dtype::F32 | Dtype::F16 => TargetKind::Soft,
            Dtype::I32 | Dtype::I64 => TargetKind::Labels,
            _ if labelled => TargetKind::Labels,
            _ => TargetKind::Mask,
        });
        let planes = match kind {
            TargetKind::Labels => 1,
            TargetKind::Argmax => map.classes,
            _ => prediction.classes,
        };
        if map.classes != planes {
            return Err(Failure::new(
                format!("{} classes are predicted and the target has {}", prediction.classes, map.classes),
                "give `--target labels` or `--target argmax`, or check `--layout`",
            ));
        }
        match kind {
            TargetKind::Mask => mask(map.values),
            TargetKind::Labels => labels(&map.values, prediction.classes, reading.ignore),
            TargetKind::Soft => Ok(Self::Soft(soft(map, &reading.codes)?)),
            TargetKind::Above => {
                let values = numbers(soft(map, &reading.codes)?)?;
                Ok(Self::Mask(values.into_iter().map(|value| u8::from(value > reading.threshold)).collect()))
            }
            TargetKind::Argmax => {
                let (classes, pixels) = (map.classes, map.pixels());
                if classes < 2 {
                    return Err(Failure::new("the target has one class", "give `--target above` or `--target-layout`"));
                }
                let labels = argmax(&numbers(soft(map, &reading.codes)?)?, classes, pixels);
                Ok(Self::Labels { labels, ignore: None })
            }
        }
    }

    /// For a hard score: a soft map is cut, anything else is as it is.
    #[must_use]
    pub fn cut(&self, foreground: impl Fn(f32) -> bool) -> Self {
        match self {
            Self::Soft(values) => Self::Mask(values.iter().map(|&value| u8::from(foreground(value))).collect()),
            hard => hard.clone(),
        }
    }
}

/// The greatest plane of each pixel, the first of equal ones.
#[must_use]
pub fn argmax<T: PartialOrd + Copy>(planes: &[T], classes: usize, pixels: usize) -> Vec<u8> {
    let mut winners = vec![0u8; pixels];
    for (at, winner) in winners.iter_mut().enumerate() {
        for class in 1..classes {
            if planes[class * pixels + at] > planes[usize::from(*winner) * pixels + at] {
                *winner = class as u8;
            }
        }
    }
    winners
}

fn mask(values: Values) -> Outcome<Target> {
    Ok(Target::Mask(match values {
        Values::U8(vec) | Values::Bool(vec) => vec,
        Values::I8(vec) => vec.iter().map(|&value| u8::from(value != 0)).collect(),
        Values::I16(vec) => vec.iter().map(|&value| u8::from(value != 0)).collect(),
        Values::U16(vec) => vec.iter().map(|&value| u8::from(value != 0)).collect(),
        Values::Labels(vec) => vec.iter().map(|&value| u8::from(value != 0)).collect(),
        Values::F32(vec) => numbers(vec)?.iter().map(|&value| u8::from(value != 0.0)).collect(),
    }))
}

fn labels(values: &Values, classes: usize, ignore: Option<i64>) -> Outcome<Target> {
    // Labels of many classes are the classes'; of one class, 0 is background and any other foreground.
    let most = if classes > 1 { classes as i64 - 1 } else { 255 };
    let stands_for_ignored = ignore.map(|label| u8::try_from(label).unwrap_or(255));
    if let (Some(255), 256, Some(..0 | 256..)) = (stands_for_ignored, classes, ignore) {
        return Err(Failure::new("with 256 classes no label is free for the ignored", "give `--ignore` from 0 to 255"));
    }
    fn all<T: Copy + Into<i64>>(vec: &[T]) -> Vec<i64> {
        vec.iter().map(|&value| value.into()).collect()
    }
    let wide = match values {
        Values::U8(vec) | Values::Bool(vec) => all(vec),
        Values::I8(vec) => all(vec),
        Values::I16(vec) => all(vec),
        Values::U16(vec) => all(vec),
        Values::Labels(vec) => all(vec),
        Values::F32(_) => {
            return Err(Failure::new("labels are whole numbers", "save them as u8, or give `--target soft`"));
        }
    };
    let label = |label: i64| match stands_for_ignored {
        Some(stands) if Some(label) == ignore => Ok(stands),
        _ if (0..=most).contains(&label) => Ok(label as u8),
        _ => Err(Failure::new(
            format!("the label {label} is not one of the classes 0 to {most}"),
            format!("give `--ignore {label}` if it marks pixels to leave out, or check `--classes` and `--layout`"),
        )),
    };
    Ok(Target::Labels { labels: wide.into_iter().map(label).collect::<Outcome<_>>()?, ignore: stands_for_ignored })
}

/// The values of a soft map, as f32: codes are read as those of a prediction are, and rounded once.
fn soft(map: Map, codes: &Reading) -> Outcome<Vec<f32>> {
    match map.values {
        Values::F32(values) => Ok(values),
        _ => Ok(Prediction::of(map, codes)?.values()),
    }
}

fn numbers(values: Vec<f32>) -> Outcome<Vec<f32>> {
    match values.iter().filter(|value| value.is_nan()).count() {
        0 => Ok(values),
        count => Err(Failure::new(
            format!("{count} values of the target are no numbers (NaN)"),
            "record it again, or mend the model that wrote it",
        )),
    }
}
