//! The reference: masks, labels, or another soft map.

use crate::args::{TargetArgs, TargetKind};
use crate::content::Content;
use crate::each_vec;
use crate::error::{Failure, Outcome};
use crate::labels::Labels;
use crate::map::Map;
use crate::prediction::{Prediction, Quantised, Reading};
use crate::read::{Nature, Stored, Values};
use crate::role::{Side, ask_target, role, within};

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
    /// What its codes and its labels mean.
    pub codes: Reading,
}

impl TargetReading {
    /// As the options say.
    #[must_use]
    pub fn of(args: &TargetArgs, codes: Reading) -> Self {
        let kind = match (args.kind(), args.labels, args.target_threshold) {
            (None, true, _) => Some(TargetKind::Labels),
            (None, false, Some(_)) => Some(TargetKind::Above),
            (kind, ..) => kind,
        };
        let labels = args.labels_over(codes.labels.clone());
        let quantised = match (args.target_scale, args.target_zero_point) {
            (Some(scale), Some(zero_point)) => Some(Quantised::Affine { scale, zero_point }),
            _ => codes.quantised,
        };
        let codes = Reading { logits: args.target_logits, role: None, labels, quantised, ..codes };
        Self { kind, threshold: args.target_threshold.unwrap_or(0.5), codes }
    }

    /// What the numbers of a target are, for a prediction of `classes` classes.
    ///
    /// # Errors
    ///
    /// More than one kind fits, or an option that it does not have.
    pub fn settle(&self, map: &Map, classes: usize) -> Outcome<TargetKind> {
        let ignore = &self.codes.labels.ignore;
        let kind = match self.kind {
            Some(kind) => kind,
            None if self.codes.logits.is_some() => TargetKind::Soft,
            None => self.found(map, classes)?,
        };
        if !ignore.is_empty() && matches!(kind, TargetKind::Soft | TargetKind::Above | TargetKind::Argmax) {
            return Err(Failure::new(
                "`--ignore` has no effect on a target that is read as a soft map",
                "give `--target-role mask` or `--target-role labels`, or leave out `--ignore`",
            ));
        }
        Ok(kind)
    }

    fn found(&self, map: &Map, classes: usize) -> Outcome<TargetKind> {
        let ignore = &self.codes.labels.ignore;
        let labelled = map.classes == 1 && classes > 1;
        let content = || Content::of(&map.values, ignore);
        const CHOICES: [&str; 5] = ["ignore", "mask", "labels", "soft", "threshold"];
        match &map.values {
            Values::F32(values) => {
                // Within [0, 1] floats are a soft map, which of zeros and ones has the sums of a mask.
                let soft = within(values) && ignore.is_empty();
                if soft && !labelled {
                    return Ok(TargetKind::Soft);
                }
                let content = content();
                match (labelled, content.whole) {
                    (true, true) if classes == 2 && content.two_valued() && content.foreground() > 1 => {
                        Ok(TargetKind::Mask)
                    }
                    (true, true) => Ok(TargetKind::Labels),
                    (true, false) => Err(Failure::new(
                        format!("the target is one plane of {}, and {classes} classes are predicted", content.said()),
                        "save a plane for each class, or check `--layout` and `--target-layout`",
                    )),
                    (false, true) if content.two_valued() => Ok(TargetKind::Mask),
                    (false, true) => ask_target(&content, &CHOICES),
                    // Where it is summed it is said what is out of range.
                    (false, false) => Ok(TargetKind::Soft),
                }
            }
            Values::Bool(_) if !labelled => Ok(TargetKind::Mask),
            _ if labelled => {
                let content = content();
                let mask = classes == 2 && content.two_valued() && content.foreground() > 1;
                Ok(if mask { TargetKind::Mask } else { TargetKind::Labels })
            }
            _ => {
                let content = content();
                if let Nature::Indexed { bright_first: true } = map.nature
                    && content.only(&[0, 1])
                {
                    return Err(Failure::new(
                        "the first colour of the palette is the brighter one, so that index 1 is black",
                        "give `--target-role mask` if index 1 is foreground, else save it as grey",
                    ));
                }
                if content.two_valued() { Ok(TargetKind::Mask) } else { ask_target(&content, &CHOICES) }
            }
        }
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
                "check that they are of one frame, `--layout` and `--target-layout`",
            ));
        }
        let kind = reading.settle(&map, prediction.classes)?;
        let two = kind == TargetKind::Mask && map.classes == 1 && prediction.classes == 2;
        let planes = match kind {
            TargetKind::Labels => 1,
            TargetKind::Argmax => map.classes,
            TargetKind::Mask if two => 1,
            _ => prediction.classes,
        };
        if map.classes != planes {
            return Err(Failure::new(
                format!("{} classes are predicted and the target has {}", prediction.classes, map.classes),
                "give `--target labels` or `--target argmax`, or check `--layout` and `--target-layout`",
            ));
        }
        let labels = &reading.codes.labels;
        match kind {
            TargetKind::Mask => mask(map, two, labels),
            TargetKind::Labels => of_labels(&map.values, prediction.classes, labels),
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

    /// The class of each pixel, of one class 0 or 1; none where it is left out. A soft map and planes that overlap have none.
    #[must_use]
    pub fn labels(&self, classes: usize, pixels: usize) -> Option<Vec<Option<usize>>> {
        match self {
            Self::Labels { labels, ignore } => {
                let class = |label: u8| if classes > 1 { label.into() } else { usize::from(label != 0) };
                Some(labels.iter().map(|&label| (Some(label) != *ignore).then(|| class(label))).collect())
            }
            Self::Mask(mask) if classes == 1 && mask.len() == pixels => {
                Some(mask.iter().map(|&one| Some(usize::from(one != 0))).collect())
            }
            _ => None,
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

/// Foreground where not 0. A mask against two exclusive classes is the second of them.
fn mask(map: Map, two: bool, labels: &Labels) -> Outcome<Target> {
    const IGNORED: u8 = 255;
    if map.classes > 1 && !labels.ignore.is_empty() {
        return Err(Failure::new(
            format!("`--ignore` has no effect on {} planes of masks", map.classes),
            "save a label map, or leave out `--ignore`",
        ));
    }
    if let Values::F32(vec) = &map.values {
        numbers_are(vec)?;
    }
    if !two && labels.ignore.is_empty() {
        return Ok(Target::Mask(match map.values {
            Values::U8(vec) | Values::Bool(vec) => vec,
            values => each_vec!(&values, vec => vec.iter().map(|&number| u8::from(number.float() != 0.0)).collect()),
        }));
    }
    let out = |label: i64| labels.ignore.contains(&label);
    let one = each_vec!(&map.values, vec => vec.iter().map(|&number| match number.whole() {
        Some(label) if out(label) => IGNORED,
        _ => u8::from(number.float() != 0.0),
    }).collect());
    Ok(Target::Labels { labels: one, ignore: (!labels.ignore.is_empty()).then_some(IGNORED) })
}

fn of_labels(values: &Values, classes: usize, labels: &Labels) -> Outcome<Target> {
    let left_out =
        !labels.ignore.is_empty() || labels.rest == Some(None) || labels.map.iter().any(|(_, to)| to.is_none());
    if classes == 1 {
        // Of one class, 0 is background and any other foreground.
        let found = labels.foreground(values, u8::MAX)?;
        return Ok(Target::Labels { labels: found, ignore: left_out.then_some(u8::MAX) });
    }
    let ignored = match classes {
        256 if left_out => match labels.ignore[..] {
            // Its own number is free where no class is meant by it.
            [one] => u8::try_from(one).ok(),
            _ => None,
        },
        _ => Some(u8::MAX),
    };
    let Some(ignored) = ignored else {
        return Err(Failure::new("with 256 classes no label is free for the ignored", "give `--ignore` from 0 to 255"));
    };
    let found = labels.all(values, classes as i64 - 1, ignored, "target-").map_err(|failure| {
        let content = Content::of(values, &labels.ignore);
        if content.two_valued() && content.foreground() >= 128 {
            Failure::new(
                format!("the target holds {}: a mask of one class, and {classes} are predicted", content.said()),
                format!("score that class alone, or give `--target-label-map {}=CLASS`", content.foreground()),
            )
        } else {
            failure
        }
    })?;
    Ok(Target::Labels { labels: found, ignore: left_out.then_some(ignored) })
}

/// The values of a soft map, as f32: codes are read as those of a prediction are, and rounded once.
fn soft(map: Map, codes: &Reading) -> Outcome<Vec<f32>> {
    // Floats are what they are; only whole numbers beyond 1 are codes that were saved as floats.
    let codes_in = |values: &[f32]| !within(values) && values.iter().all(|value| value.fract() == 0.0);
    let plain = |values: &[f32]| codes.quantised.is_none() || !codes_in(values);
    match (&map.values, codes.logits, codes.quantised) {
        (Values::F32(values), None, _) if plain(values) => match map.values {
            Values::F32(values) => Ok(values),
            _ => Ok(Vec::new()),
        },
        (Values::Labels(_) | Values::U32(_) | Values::Wide(_), None, _) => {
            let content = Content::of(&map.values, &[]);
            if !content.only(&[0, 1]) {
                return Err(Failure::new(
                    format!("the target holds {} in wide integers, which are no probabilities", content.said()),
                    "give `--target-role mask` or `--target-role labels`, or save the probabilities as floats",
                ));
            }
            Ok(each_vec!(&map.values, vec => vec.iter().map(|&number| number.float() as f32).collect()))
        }
        _ => {
            let role = role(&map, codes, Side::Target)?;
            Ok(Prediction::in_role(map, role, codes)?.values())
        }
    }
}

fn numbers(values: Vec<f32>) -> Outcome<Vec<f32>> {
    numbers_are(&values)?;
    Ok(values)
}

fn numbers_are(values: &[f32]) -> Outcome<()> {
    match values.iter().filter(|value| value.is_nan()).count() {
        0 => Ok(()),
        count => Err(Failure::new(
            format!("{count} values of the target are no numbers (NaN)"),
            "record it again, or mend the model that wrote it",
        )),
    }
}
