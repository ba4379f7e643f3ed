//! Prediction and target of a pair, read by one explicit reading: container, axes, role and labels are settled here for both.

use crate::args::{ScoreArgs, TargetKind, label_map};
use crate::axes::{Axes, Given, Stack, Wanted, settle};
use crate::effect::{Effects, Optional};
use crate::error::{Failure, Outcome};
use crate::labels::Labels;
use crate::map::{Layout, Map};
use crate::pair::Pair;
use crate::prediction::{Planes, Prediction, Reading};
use crate::read::{self, Array, Container, Dtype, Raw, Values};
use crate::role::{Role, Side, role};
use crate::said::{Said, Stored, element, probabilities, worth};
use crate::suspicion::{self, Caution};
use crate::target::{Target, TargetReading};
use crate::tflite::Output;
use std::path::Path;

/// How both sides are read, as the options say.
#[derive(Debug)]
pub struct Sides {
    /// Of the prediction.
    pub reading: Reading,
    target: TargetReading,
    raw: [Raw; 2],
    layouts: [Option<Layout>; 2],
    classes: Option<usize>,
    stack: Stack,
    /// Options that had an effect.
    pub effects: Effects,
    target_key: bool,
    /// The output of the model that wrote the predictions.
    output: Option<Output>,
}

/// A pair that was read: its maps, one for each frame.
pub struct Both {
    /// Prediction and target of each frame.
    pub frames: Vec<(Prediction, Target)>,
    /// How.
    pub said: [Said; 2],
    /// What looks wrong.
    pub cautions: Vec<Caution>,
}

impl Sides {
    /// As the options say.
    ///
    /// # Errors
    ///
    /// Options that contradict each other.
    pub fn new(args: &ScoreArgs) -> Outcome<Self> {
        let (read, role, target) = (&args.read, &args.role, &args.target);
        let classes = read.class_count();
        if classes.is_some_and(|classes| !(1..=256).contains(&classes)) {
            return Err(Failure::new(
                format!("`--classes` says {} classes", classes.unwrap_or_default()),
                "give a number from 1 to 256, or as many names with commas between",
            ));
        }
        let names: Vec<&str> = read.classes.as_deref().unwrap_or("1").split(',').map(str::trim).collect();
        if let Some(name) = names.iter().enumerate().find_map(|(at, name)| {
            (name.is_empty() || names.iter().skip(at + 1).any(|other| other == name)).then_some(*name)
        }) {
            let what = if name.is_empty() { "an empty name".into() } else { format!("the name `{name}` twice") };
            return Err(Failure::new(format!("`--classes` has {what}"), "give each class a name of its own"));
        }
        if let Some(kind) = target.kind()
            && kind != TargetKind::Above
            && target.target_threshold.is_some()
        {
            return Err(Failure::new(
                "`--target-threshold` cuts a soft map, and another role of the target is given",
                "leave out one of the two",
            ));
        }
        let (map, rest) = label_map(&role.label_map);
        let offset = role.label_offset.unwrap_or(0);
        let labels = Labels { offset, map, rest, ignore: target.ignore.clone() };
        let reading = Reading { role: role.role, labels, ..Reading::of(read) };
        let raw = [
            Raw { dtype: read.dtype, shape: read.shape.clone(), key: read.key.clone() },
            Raw {
                dtype: target.target_dtype.or(read.dtype),
                shape: target.target_shape.clone().or(read.shape.clone()),
                key: target.target_key.clone().or(read.key.clone()),
            },
        ];
        let stack = match (role.volume, role.frames) {
            (true, _) => Stack::Volume,
            (_, true) => Stack::Frames,
            _ => Stack::Unsaid,
        };
        Ok(Self {
            target: TargetReading::of(target, reading.clone()),
            layouts: [read.layout, target.target_layout],
            classes,
            stack,
            reading,
            raw,
            effects: Effects::default(),
            target_key: target.target_key.is_some(),
            output: read.output()?,
        })
    }

    /// Both sides of a pair.
    ///
    /// # Errors
    ///
    /// Files that cannot be read, do not belong together, or may be read in more than one way.
    pub fn read(&self, pair: &Pair) -> Outcome<Both> {
        let ours = read::array(&pair.prediction, &self.raw[0])?;
        let theirs = read::array(&pair.target, &self.raw[1])?;
        self.note_containers(&ours, &theirs);
        let trailing = [(&pair.prediction, ours.trailing), (&pair.target, theirs.trailing)];
        let axes = self.axes(&ours, &theirs, pair)?;
        if axes[0].frames > 1 {
            self.effects.had(if self.stack == Stack::Frames { Optional::Frames } else { Optional::Volume });
        }
        let [p, t] = axes;
        let stored = |array: &Array, axes: &Axes| Stored {
            container: array.container,
            dtype: array.dtype,
            shape: array.shape.clone(),
            axes: axes.clone(),
        };
        let stored = [stored(&ours, &p), stored(&theirs, &t)];
        let (ours, theirs) = (p.map(ours), t.map(theirs));
        // Colours lie together; planes that are alike are classes.
        let pictured = theirs.classes == 1 && p.layout == Layout::Hwc && matches!(ours.classes, 3 | 4);
        let ours = if pictured { one_channel(ours).unwrap_or_else(|map| map) } else { ours };
        let theirs = if ours.classes == 1 && matches!(theirs.classes, 2..=4) {
            one_channel(theirs).map_err(|map| colours(&map).at(&pair.target))?
        } else {
            theirs
        };
        let [of_ours, of_theirs] = stored;
        let mut both = self.in_roles(pair, ours, theirs, [of_ours, of_theirs], p.frames)?;
        both.cautions.extend(
            trailing.into_iter().filter(|(_, bytes)| *bytes > 0).map(|(path, bytes)| suspicion::trailing(path, bytes)),
        );
        Ok(both)
    }

    fn note_containers(&self, ours: &Array, theirs: &Array) {
        for (array, of_target) in [(ours, false), (theirs, true)] {
            match array.container {
                Container::Raw => {
                    self.effects.had(if of_target { Optional::TargetDtype } else { Optional::Dtype });
                    if of_target {
                        self.effects.had(Optional::Dtype);
                    }
                }
                Container::Npz => {
                    self.effects.had(if of_target { Optional::TargetKey } else { Optional::Key });
                    if of_target && !self.target_key {
                        self.effects.had(Optional::Key);
                    }
                }
                _ => {}
            }
        }
    }

    fn axes(&self, ours: &Array, theirs: &Array, pair: &Pair) -> Outcome<[Axes; 2]> {
        fn given<'a>(array: &'a Array, path: &'a Path, layout: Option<Layout>, labels: bool) -> Given<'a> {
            let colours = matches!(array.dtype, Dtype::U8 | Dtype::U16 | Dtype::Bool);
            Given { shape: &array.shape, layout, colours, labels, container: array.container, path }
        }
        let layout = self.layouts[0].or(match &self.output {
            Some(output) => contradicted(output, ours).map_err(|failure| failure.at(&pair.prediction))?,
            None => None,
        });
        let ours = given(ours, &pair.prediction, layout, self.reading.role == Some(Role::Labels));
        let theirs = given(theirs, &pair.target, self.layouts[1], self.target.kind == Some(TargetKind::Labels));
        let argmax = self.target.kind == Some(TargetKind::Argmax);
        settle([&ours, &theirs], Wanted { classes: self.classes, stack: self.stack, argmax })
    }

    fn in_roles(
        &self,
        pair: &Pair,
        ours: Map,
        theirs: Map,
        [of_ours, of_theirs]: [Stored; 2],
        frames: usize,
    ) -> Outcome<Both> {
        let at_ours = |failure: Failure| failure.at(&pair.prediction);
        let at_theirs = |failure: Failure| failure.at(&pair.target);
        let mut reading = self.reading.clone();
        let ours_are = role(&ours, &reading, Side::Prediction).map_err(at_ours)?;
        if ours_are == Role::Labels && reading.classes.is_none() {
            reading.classes = Some(self.label_classes(&ours, &theirs, &reading).map_err(at_ours)?);
        }
        let classes = if ours_are == Role::Labels { reading.classes.unwrap_or(1) } else { ours.classes };
        if let Some(named) = self.classes.filter(|&named| named != classes) {
            let planes = if classes == 1 { "one plane".into() } else { format!("{classes} planes") };
            return Err(at_ours(Failure::new(
                format!("the prediction has {planes}, and `--classes` says {named}"),
                "check `--classes` and `--layout`; labels are `--role labels`",
            )));
        }
        let kind = self.target.settle(&theirs, classes).map_err(at_theirs)?;
        self.note_roles(&ours, ours_are, &theirs, kind);
        let mut cautions = suspicion::labels(kind, classes, &self.target.codes.labels);
        cautions.extend(suspicion::mask(kind, classes, &theirs.values, &self.target.codes.labels));
        let target_reading = TargetReading { kind: Some(kind), ..self.target.clone() };
        let target_role = self.target_role(&theirs, kind, classes);
        let in_codes = codes_of(&theirs, kind, &self.target.codes);
        let many = if self.stack == Stack::Frames { frames } else { 1 };
        let mut pairs = Vec::with_capacity(many);
        for (ours, theirs) in split(ours, many).into_iter().zip(split(theirs, many)) {
            let prediction = Prediction::in_role(ours, ours_are, &reading).map_err(at_ours)?;
            let target = Target::of(theirs, &prediction.map, &target_reading).map_err(at_theirs)?;
            pairs.push((prediction, target));
        }
        let Some((first, _)) = pairs.first() else {
            return Err(at_ours(Failure::new("no map", "record it again")));
        };
        let element = if ours_are == Role::Probabilities { element(first, &reading) } else { None };
        let ours_said = match ours_are {
            Role::Probabilities => probabilities(reading.logits).to_string(),
            Role::Mask => "a mask".into(),
            Role::Labels => "labels".into(),
        };
        for (prediction, _) in &pairs {
            cautions.extend(suspicion::codes(prediction, &reading));
        }
        cautions.dedup_by(|a, b| a.kind == b.kind);
        let said = [
            of_ours.said("prediction", ours_said, element, classes, &[]),
            of_theirs.said("target", target_role, in_codes, classes, &self.target.codes.labels.ignore),
        ];
        Ok(Both { frames: pairs, said, cautions })
    }

    /// Classes of a prediction of labels: of both sides' labels the greatest.
    fn label_classes(&self, ours: &Map, theirs: &Map, reading: &Reading) -> Outcome<usize> {
        let predicted = reading.labels.classes(&ours.values, "")?;
        if predicted == 256 {
            // What marks pixels without a class in most data sets would become the 256th.
            return Err(Failure::new(
                "the prediction has the label 255, which most often marks pixels without a class",
                "give `--ignore 255` if it does, else `--classes 256`",
            ));
        }
        let labels_there = theirs.classes == 1 && !matches!(theirs.values, Values::Bool(_));
        let there = if labels_there { self.target.codes.labels.classes(&theirs.values, "target-").ok() } else { None };
        Ok(predicted.max(there.unwrap_or(1)))
    }

    fn note_roles(&self, ours: &Map, ours_are: Role, theirs: &Map, kind: TargetKind) {
        let soft = matches!(kind, TargetKind::Soft | TargetKind::Above | TargetKind::Argmax);
        let codes = |map: &Map| match &map.values {
            Values::U8(_) | Values::I8(_) | Values::U16(_) | Values::I16(_) => true,
            Values::F32(values) => self.reading.quantised.is_some() && !crate::role::within(values),
            _ => false,
        };
        if (ours_are == Role::Probabilities && codes(ours)) || (soft && codes(theirs)) {
            self.effects.had(Optional::Scale);
        }
        if soft && codes(theirs) {
            self.effects.had(Optional::TargetScale);
        }
        let floats = |map: &Map| matches!(map.values, Values::F32(_) | Values::I16(_));
        if (ours_are == Role::Probabilities && floats(ours)) || (soft && floats(theirs)) {
            self.effects.had(Optional::Range);
        }
        let labels = kind == TargetKind::Labels;
        if labels || ours_are == Role::Labels {
            self.effects.had(Optional::LabelOffset);
            self.effects.had(Optional::LabelMap);
        }
        if labels {
            self.effects.had(Optional::TargetLabelOffset);
            self.effects.had(Optional::TargetLabelMap);
        }
    }

    fn target_role(&self, map: &Map, kind: TargetKind, classes: usize) -> String {
        match kind {
            TargetKind::Mask if classes == 2 && map.classes == 1 => "a mask of the second class".into(),
            TargetKind::Mask => "a mask".into(),
            TargetKind::Labels if classes == 1 => "labels, all but 0 as foreground".into(),
            TargetKind::Labels => "labels".into(),
            TargetKind::Soft => match self.target.codes.logits {
                None => "a soft map".into(),
                logits => probabilities(logits).into(),
            },
            TargetKind::Above => format!("a map cut above {}", self.target.threshold),
            TargetKind::Argmax => "the greatest of the classes".into(),
        }
    }
}

/// The layout of a model's output, where the file lies as it does.
///
/// # Errors
///
/// A file that this output cannot have written.
fn contradicted(output: &Output, file: &Array) -> Outcome<Option<Layout>> {
    let said = |what: String| Failure::new(what, "give the model that wrote the file, or another `--model-output`");
    if let Some(dtype) = output.dtype.filter(|&dtype| dtype != file.dtype) {
        return Err(said(format!(
            "output `{}` of the model is {}, and the file holds {}",
            output.name,
            dtype.long(),
            file.dtype.long()
        )));
    }
    // An axis that is not fixed is of any length.
    let Ok(sides) = output.shape.iter().map(|&side| usize::try_from(side)).collect::<Result<Vec<_>, _>>() else {
        return Ok(None);
    };
    let (one, there) = (sides.iter().product::<usize>().max(1), file.shape.iter().product::<usize>());
    if !there.is_multiple_of(one) {
        return Err(said(format!("output `{}` of the model is {sides:?}, and the file {:?}", output.name, file.shape)));
    }
    // TensorFlow Lite has the classes last.
    let [.., height, width, classes] = sides[..] else { return Ok(None) };
    let last = file.shape.ends_with(&[height, width, classes]) && classes > 1 && one == there;
    Ok(last.then_some(Layout::Hwc))
}

/// What a soft target's codes are worth, where it has any.
fn codes_of(map: &Map, kind: TargetKind, codes: &Reading) -> Option<String> {
    let soft = matches!(kind, TargetKind::Soft | TargetKind::Above | TargetKind::Argmax);
    if !soft || codes.logits.is_some() || !matches!(role(map, codes, Side::Target), Ok(Role::Probabilities)) {
        return None;
    }
    match &map.values {
        Values::U8(_) => Some(codes.affine(0).map_or_else(|| "1/255".into(), worth)),
        Values::I8(_) => codes.affine(-128).map(worth),
        Values::U16(_) => Some("1/65535".into()),
        Values::I16(_) => Some("1/32768".into()),
        _ => None,
    }
}

/// Channels that are all the same, as one.
fn one_channel(map: Map) -> Result<Map, Map> {
    let pixels = map.pixels();
    if map.classes < 2 || !matches!(map.values, Values::U8(_) | Values::U16(_) | Values::Bool(_)) {
        return Err(map);
    }
    fn alike<T: PartialEq>(planes: &[T], pixels: usize) -> bool {
        planes.chunks_exact(pixels).skip(1).all(|plane| plane == &planes[..pixels])
    }
    let same = match &map.values {
        Values::U8(planes) | Values::Bool(planes) => alike(planes, pixels),
        Values::U16(planes) => alike(planes, pixels),
        _ => false,
    };
    if !same {
        return Err(map);
    }
    let values = match map.values {
        Values::U8(mut planes) => {
            planes.truncate(pixels);
            Values::U8(planes)
        }
        Values::Bool(mut planes) => {
            planes.truncate(pixels);
            Values::Bool(planes)
        }
        Values::U16(mut planes) => {
            planes.truncate(pixels);
            Values::U16(planes)
        }
        other => other,
    };
    Ok(Map { values, classes: 1, layout: Layout::Hw, ..map })
}

fn colours(map: &Map) -> Failure {
    Failure::new(
        format!("the target has {} planes that differ, and one class is predicted", map.classes),
        "save the mask as one plane, or check `--layout` and `--target-layout`",
    )
}

/// A stack's frames, each with all its classes.
fn split(map: Map, frames: usize) -> Vec<Map> {
    if frames == 1 {
        return vec![map];
    }
    let (height, width, classes) = (map.height / frames, map.width, map.classes);
    let pixels = height * width;
    let frame = |at: usize| {
        let values =
            map.values.pick(classes * pixels, |place| (place / pixels * frames + at) * pixels + place % pixels);
        Map { height, width, classes, values, layout: map.layout, dtype: map.dtype, nature: map.nature }
    };
    (0..frames).map(frame).collect()
}

/// What the frames of a pair are called after it.
#[must_use]
pub fn frame_name(name: &str, frame: usize, frames: usize) -> String {
    if frames > 1 { format!("{name}[{frame}]") } else { name.into() }
}

impl Planes {
    /// Floats, whose values may be out of range.
    #[must_use]
    pub const fn floats(&self) -> Option<&Vec<f32>> {
        match self {
            Self::F32(_, values) | Self::F32Fine(_, values) => Some(values),
            _ => None,
        }
    }
}
