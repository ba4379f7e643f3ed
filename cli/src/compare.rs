//! `soft-dice compare`: what quantisation has cost, where it comes from, and which mistake looks like it.

mod argmax;
mod codes;
mod mistakes;
mod search;
mod split;
mod sums;

use crate::args::{Common, CompareArgs, EmptyPolicy, Form, RangePolicy};
use crate::distribution::Distribution;
use crate::error::{Failure, Outcome};
use crate::exact::Exact;
use crate::map::{Layout, Map};
use crate::mean::Mean;
use crate::measure::{self, Cut};
use crate::model::{Against, CompareReport, Comparison, FileComparison, Loss, Mistake, Warning};
use crate::pair::{Pair, pairs};
use crate::prediction::{Prediction, Reading};
use crate::read::{self, Array, Raw, Values};
use crate::run;
use crate::said::Said;
use crate::score::{dice, explain, header, mean_over_classes};
use crate::spool::{Filling, Spool};
use crate::target::{Target, TargetReading};
use mistakes::{Found, Suspect};
use search::folder;
use soft_dice::confidence::AGREEMENT;
use soft_dice::{Average, Range, Record, Score};
use split::Split;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Reads and compares every frame.
///
/// # Errors
///
/// Files that cannot be read or do not belong together.
pub fn compare(args: &CompareArgs, common: &Common) -> Outcome<CompareReport> {
    let Frames { pairs: frames, targets } = frames(args)?;
    let comparer = Comparer::new(args);
    // Pooled as they come: none of the sums has an order.
    let pool = Mutex::new(Pool::default());
    let files = Filling::new(frames.len());
    run::each(frames.len(), common, |number| {
        let frame = &frames[number];
        let target = targets.as_ref().map(|targets| &*targets[number]);
        let Done { file, total, found, small, layout, said } = comparer.frame(frame, target)?;
        files.keep(number, file.comparison.agreement, &file)?;
        let mut pool = pool.lock().unwrap_or_else(PoisonError::into_inner);
        if number == 0 {
            pool.layout = layout;
        }
        said.into_iter().for_each(|said| said.count(&mut pool.said));
        found.into_iter().for_each(|found| pool.found(number, found));
        if frames.len() > 1 && number < folder::FIRST {
            pool.small.insert(number, small);
            if pool.small.len() == folder::FIRST {
                pool.look();
            }
        }
        pool.total.add(&total).map_err(|failure| failure.at(&frame.prediction))
    })?;
    let mut pool = pool.into_inner().unwrap_or_else(PoisonError::into_inner);
    pool.step(frames.len());
    let mut said = std::mem::take(&mut pool.said);
    said.sort_by(|a, b| a.side.cmp(&b.side).then(b.files.cmp(&a.files)).then_with(|| a.line().cmp(&b.line())));
    let classes = (0..pool.total.sums.len()).map(|class| args.read.class_name(class)).collect();
    let files = files.done();
    let (mean_agreement, against) = means(&files)?;
    let distribution = Distribution::of(files.worths().collect());
    Ok(CompareReport {
        header: header("compare", classes, pool.layout),
        read: said,
        threshold: args.threshold,
        pooled: pool.total.comparison(),
        mean_agreement,
        distribution,
        against: args.target_files.is_some().then_some(against),
        files: files.worst_first(),
        warnings: pool.warnings(|file| frames[file].name(&args.pairs.pred_suffix).into_owned()),
    })
}

/// Of all files.
#[derive(Default)]
struct Pool {
    total: Total,
    /// Of the first.
    layout: Layout,
    said: Vec<Said>,
    /// The files of each mistake, and what was found in the first of them.
    found: BTreeMap<Mistake, (Vec<u32>, Found)>,
    /// Small maps of the first files: of all of them memory would grow with the folder.
    small: BTreeMap<usize, [folder::Small; 2]>,
    /// By how many files the folders are out of step, with what to say of it.
    late: Option<(isize, search::Explanation)>,
}

impl Pool {
    /// Looks for a step between the files whose small maps are there, and forgets those.
    fn look(&mut self) {
        let small: Vec<_> = std::mem::take(&mut self.small).into_values().collect();
        self.late = folder::late(&small);
    }

    /// What a step between the two folders explains, which hold so many files.
    fn step(&mut self, count: usize) {
        if !self.small.is_empty() {
            self.look();
        }
        let Some((step, found)) = self.late.take() else { return };
        self.found.retain(|&mistake, _| !mistakes::explained_by_step(mistake));
        // The files that have a partner a step further on.
        let first = step.min(0).unsigned_abs();
        (first..count.saturating_sub(step.max(0).unsigned_abs())).for_each(|at| self.found(at, found.clone().into()));
    }

    fn found(&mut self, number: usize, found: Found) {
        let (files, first) = self.found.entry(found.mistake).or_insert_with(|| (Vec::new(), found.clone()));
        // Frames are listed in memory: there are fewer than 2³² of them.
        let number = number as u32;
        if files.iter().all(|&file| number < file) {
            *first = found;
        }
        files.push(number);
    }

    fn warnings(self, name: impl Fn(usize) -> String) -> Vec<Warning> {
        let warning = |(mistake, (mut files, found)): (Mistake, (Vec<u32>, Found))| {
            files.sort_unstable();
            let Found { whose, agreement, given, message, .. } = found;
            Warning {
                mistake,
                whose,
                agreement,
                given,
                files: files.into_iter().map(|file| name(file as usize).into_boxed_str()).collect(),
                message,
            }
        };
        self.found.into_iter().map(warning).collect()
    }
}

/// Means of the agreement and of the scores against the target, over the files in which they are defined.
fn means(files: &Spool<FileComparison>) -> Outcome<(Option<f64>, Against)> {
    let [mut agreement, mut float, mut device, mut float_hard, mut device_hard] = [const { Mean::NONE }; 5];
    for file in files.each() {
        let FileComparison { comparison, against, .. } = file?;
        let against = against.unwrap_or_default();
        agreement.add(comparison.agreement);
        float.add(against.float);
        device.add(against.device);
        float_hard.add(against.float_hard);
        device_hard.add(against.device_hard);
    }
    let [float, device, float_hard, device_hard] = [float, device, float_hard, device_hard].map(|mean| mean.value());
    Ok((agreement.value(), Against { float, device, float_hard, device_hard }))
}

/// Device (as the prediction) and float model (as its target) of each frame; and its mask, where there are masks.
struct Frames {
    pairs: Vec<Pair>,
    targets: Option<Vec<Box<Path>>>,
}

fn frames(args: &CompareArgs) -> Outcome<Frames> {
    let both = pairs(&args.device, &args.float, [&args.pairs.pred_suffix, &args.float_suffix])?;
    let Some(targets) = &args.target_files else { return Ok(Frames { pairs: both, targets: None }) };
    let third = pairs(&args.device, targets, [&args.pairs.pred_suffix, &args.pairs.target_suffix])?;
    Ok(Frames { pairs: both, targets: Some(third.into_iter().map(|third| third.target).collect()) })
}

/// What a file adds to all.
#[derive(Clone, Debug, Default)]
struct Total {
    sums: Vec<Record>,
    at_least: Vec<Record>,
    above: Vec<Record>,
    split: Split,
    codes: codes::Seen,
    argmax: Option<argmax::Argmax>,
}

impl Total {
    fn add(&mut self, more: &Self) -> Outcome<()> {
        if self.sums.is_empty() {
            *self = more.clone();
            return Ok(());
        }
        for (sums, more) in
            [(&mut self.sums, &more.sums), (&mut self.at_least, &more.at_least), (&mut self.above, &more.above)]
        {
            if sums.len() != more.len() || sums.iter_mut().zip(more).any(|(sum, more)| sum.merge(more).is_err()) {
                return Err(Failure::new("other classes or numbers than the files before", "compare them apart"));
            }
        }
        self.split.add(&more.split);
        self.codes.add(&more.codes);
        if let (Some(sum), Some(more)) = (&mut self.argmax, &more.argmax) {
            sum.add(more);
        }
        Ok(())
    }

    fn comparison(&self) -> Comparison {
        let size = self.split.size.f64();
        let share = |part: Exact| if size > 0.0 { part.f64() / size } else { 0.0 };
        let hard = |classes: &[Record]| together(Score::dice(), classes);
        let Split { floor, ties, rest, flips, .. } = self.split;
        Comparison {
            agreement: together(AGREEMENT, &self.sums),
            agreements: self.sums.iter().map(|class| AGREEMENT.f64(class).ok()).collect(),
            hard_at_least: hard(&self.at_least),
            hard_above: hard(&self.above),
            loss: Loss { quantisation: share(floor), ties: share(ties), disagreement: share(rest) },
            flips,
            argmax: self.argmax.as_ref().map(argmax::Argmax::report),
            codes: self.codes.codes(self.sums.iter().map(|class| class.clamped).sum()),
            sums: self.sums.clone(),
        }
    }
}

/// All classes' sums as one.
fn together(score: Score, classes: &[Record]) -> Option<f64> {
    Average::micro(score).of(classes).ok().map(|mean| mean.ratio.f64())
}

/// A frame that was compared.
struct Done {
    file: FileComparison,
    total: Total,
    found: Vec<Found>,
    small: [folder::Small; 2],
    layout: Layout,
    said: Vec<Said>,
}

/// The options, made ready.
pub struct Comparer {
    device: Reading,
    float: Reading,
    target: TargetReading,
    raw: [Raw; 3],
    layout: Option<Layout>,
    target_layout: Option<Layout>,
    range: RangePolicy,
    threshold: f32,
    independent: bool,
    suffix: String,
}

impl Comparer {
    /// As the options say.
    #[must_use]
    pub fn new(args: &CompareArgs) -> Self {
        let device = Reading::of(&args.read);
        // A map's own numbers are looked at before they are refused: logits want a warning, not an error.
        let range = args.read.range;
        let device =
            Reading { range: if range == RangePolicy::Exclude { range } else { RangePolicy::Clamp }, ..device };
        let float = Reading { quantised: None, logits: args.float_logits, ..device.clone() };
        let shape = args.read.shape.clone();
        let raw = |dtype| Raw { dtype, shape: shape.clone(), ..Raw::default() };
        Self {
            target: TargetReading::of(&args.target, device.clone()),
            device,
            float,
            raw: [
                raw(args.read.dtype),
                raw(Some(args.read.dtype.filter(|_| args.read.shape.is_none()).unwrap_or(read::Dtype::F32))),
                Raw {
                    dtype: args.target.target_dtype.or(args.read.dtype),
                    shape: args.target.target_shape.clone().or(shape.clone()),
                    ..Raw::default()
                },
            ],
            layout: args.read.layout,
            target_layout: args.target.target_layout,
            range,
            threshold: args.threshold,
            independent: args.independent,
            suffix: args.pairs.pred_suffix.clone(),
        }
    }

    /// The device's map, and the float model's as its target: for people to look at.
    ///
    /// # Errors
    ///
    /// Files that cannot be read.
    pub fn read(&self, device: &Path, float: &Path) -> Outcome<(Prediction, Target)> {
        let ([device, float], _) = self.sides(device, float)?;
        Ok((device, Target::Soft(float.values())))
    }

    /// Both maps, and how they were read.
    fn sides(&self, device: &Path, float: &Path) -> Outcome<([Prediction; 2], [Said; 2])> {
        let one = |side, path: &Path, raw, reading: &Reading| {
            let array = read::array(path, raw)?;
            let file = (array.container, array.shape.clone());
            let at = |failure: Failure| failure.at(path);
            let map = Map::of(array, self.layout, reading.classes).map_err(at)?;
            if side == "float model" && matches!(map.values, Values::I8(_)) {
                return Err(at(Failure::new(
                    "the float model's map holds int8 codes",
                    "give the float model's map first and the device's second",
                )));
            }
            let prediction = Prediction::of(map, reading).map_err(at)?;
            let said = Said::scores(side, file, &prediction, reading);
            Ok::<_, Failure>((prediction, said))
        };
        let (device, of_device) = one("device", device, &self.raw[0], &self.device)?;
        let (float, of_float) = one("float model", float, &self.raw[1], &self.float)?;
        Ok(([device, float], [of_device, of_float]))
    }

    fn frame(&self, pair: &Pair, target: Option<&Path>) -> Outcome<Done> {
        let ([device, float], said) = self.sides(&pair.prediction, &pair.target)?;
        let mut said = Vec::from(said);
        let (total, comparison, found, small) =
            self.judge(&device, &float).map_err(|failure| failure.at(&pair.prediction))?;
        let against = match target {
            None => None,
            Some(path) => {
                let (against, of_target) = self.against(path, [&float, &device]).map_err(|failure| failure.at(path))?;
                said.push(of_target);
                Some(against)
            }
        };
        Ok(Done {
            file: FileComparison {
                name: pair.name(&self.suffix).into_owned(),
                float: pair.target.display().to_string(),
                device: pair.prediction.display().to_string(),
                target: target.as_ref().map(|path| path.display().to_string()),
                height: device.map.height,
                width: device.map.width,
                comparison,
                against,
            },
            total,
            found,
            small,
            layout: device.map.layout,
            said,
        })
    }

    /// Compares two maps that were read already: what was found, and which mistakes look like it.
    ///
    /// # Errors
    ///
    /// Maps that do not belong together, or whose numbers the options do not fit.
    pub fn arrays(&self, device: Array, float: Array) -> Outcome<(Comparison, Vec<Warning>)> {
        let read = |array, reading: &Reading| Prediction::of(Map::of(array, self.layout, reading.classes)?, reading);
        let (_, comparison, found, _) = self.judge(&read(device, &self.device)?, &read(float, &self.float)?)?;
        let warning = |Found { mistake, whose, agreement, given, message }| Warning {
            mistake,
            whose,
            agreement,
            given,
            files: Vec::new(),
            message,
        };
        Ok((comparison, found.into_iter().map(warning).collect()))
    }

    /// What is found of two maps, and what looks wrong.
    #[allow(clippy::type_complexity, reason = "the parts of one file's answer, taken apart by both callers")]
    fn judge(
        &self,
        device: &Prediction,
        float: &Prediction,
    ) -> Outcome<(Total, Comparison, Vec<Found>, [folder::Small; 2])> {
        if (device.map.height, device.map.width, device.map.classes)
            != (float.map.height, float.map.width, float.map.classes)
        {
            let sizes =
                format!("float map and device map differ in shape: {} and {}", float.map.size(), device.map.size());
            let turned = mistakes::turned(device, float, [&self.device, &self.float]);
            let remedy = turned.unwrap_or_else(|| "check that they are of one frame, and `--layout`".into());
            return Err(Failure::new(sizes, remedy));
        }
        let total = self.total(device, float)?;
        let mut comparison = total.comparison();
        // Of all files together alone: a histogram is longer than all other figures of a file.
        comparison.codes.histogram = Vec::new();
        let readings = [&self.device, &self.float];
        let suspect = Suspect { device, float, readings, independent: self.independent };
        let (found, small) = mistakes::find(&suspect);
        Ok((total, comparison, found, small))
    }

    fn total(&self, device: &Prediction, float: &Prediction) -> Outcome<Total> {
        let values = float.values();
        let missing =
            [device.values().iter().filter(|v| v.is_nan()).count(), values.iter().filter(|v| v.is_nan()).count()];
        for (side, missing) in ["device", "float model"].into_iter().zip(missing) {
            if missing > 0 && self.range == RangePolicy::Refuse {
                return Err(Failure::new(
                    format!("{missing} values of the {side} are no numbers (NaN)"),
                    "mend the model that wrote them, or give `--range exclude` to leave those pixels out",
                ));
            }
        }
        let split = Split::of(device, &values, self.threshold);
        let argmax = argmax::Argmax::of(device, &values);
        let soft = Target::Soft(values);
        let sums = measure::sums(device, &soft, Range::Clamp).map_err(|error| explain(error, device, &soft))?;
        let hard_float = soft.cut(|value| value >= self.threshold);
        let hard = |cut| Ok::<_, Failure>(measure::hard_sums(device, &hard_float, cut)?);
        Ok(Total {
            sums,
            at_least: hard(Cut::AtLeast(self.threshold))?,
            above: hard(Cut::Above(self.threshold))?,
            split,
            codes: codes::Seen::of(device),
            argmax,
        })
    }

    fn against(&self, path: &Path, [float, device]: [&Prediction; 2]) -> Outcome<(Against, Said)> {
        let array = read::array(path, &self.raw[2])?;
        let layout = self.target_layout.or((array.shape.len() > 2).then_some(device.map.layout));
        let file = (array.container, array.shape.clone());
        let map = Map::of(array, layout, self.device.classes)?;
        let mut said = Said::of("target", file, &map, String::new());
        let target = Target::of(map, &device.map, &self.target)?;
        said.role = match &target {
            Target::Mask(_) => "a mask",
            Target::Labels { .. } => "labels",
            Target::Soft(_) => "a soft map",
        }
        .into();
        said.ignore.clone_from(&self.target.codes.labels.ignore);
        let cut = if device.map.classes > 1 { Cut::Argmax } else { Cut::AtLeast(self.threshold) };
        let both = |of: &Prediction| {
            let soft = measure::sums(of, &target, Range::Clamp)?;
            let hard = measure::hard_sums(of, &target, cut)?;
            let score = dice(Form::Linear, EmptyPolicy::Skip);
            let [soft, hard] = [soft, hard].map(|sums| mean_over_classes(score, EmptyPolicy::Skip, &sums));
            Ok::<_, Failure>((soft, hard))
        };
        let ((float, float_hard), (device, device_hard)) = (both(float)?, both(device)?);
        Ok((Against { float, device, float_hard, device_hard }, said))
    }
}

/// What a mistake is called in the table.
#[must_use]
pub const fn title(mistake: Mistake) -> &'static str {
    match mistake {
        Mistake::DeadDevice => "dead device",
        Mistake::SignFlip => "bytes of the wrong sign",
        Mistake::ZeroPoint => "wrong zero point",
        Mistake::Scale => "wrong scale",
        Mistake::ScaleAndZeroPoint => "wrong scale and zero point",
        Mistake::DeviceLogits | Mistake::FloatLogits => "logits taken for probabilities",
        Mistake::DeviceActivationTwice | Mistake::FloatActivationTwice => "activation taken twice",
        Mistake::DeviceMask | Mistake::FloatMask => "a mask in place of scores",
        Mistake::Inverted => "1 - p",
        Mistake::Saturation => "saturated codes",
        Mistake::Layout => "swapped layout",
        Mistake::Transposed => "rows and columns exchanged",
        Mistake::Flip => "mirrored map",
        Mistake::Turn => "turned map",
        Mistake::Stride => "wrong row stride",
        Mistake::Shift => "shifted map",
        Mistake::Resize => "resized otherwise",
        Mistake::ClassOrder => "other order of classes",
        Mistake::FrameOffset => "frames out of step",
        Mistake::Unexplained => "nothing explains it",
        Mistake::PixelSums => "pixel sums are not 1",
    }
}
