//! `soft-dice score`: sums of each file and class, and what is made of them.

use crate::args::{Common, EmptyPolicy, Form, Preset, RangePolicy, ScoreArgs, ScoringArgs};
use crate::error::{Failure, Outcome};
use crate::map::{Layout, Map};
use crate::mean::Mean;
use crate::measure::{self, Cut};
use crate::model::{ClassScore, FileScore, Header, Means, ScoreReport, Scores, Times};
use crate::pair::{Pair, pairs};
use crate::prediction::{Prediction, Reading};
use crate::read::{self, Raw};
use crate::run;
use crate::spool::{Filling, Spool};
use crate::target::{Target, TargetReading};
use soft_dice::confidence::CONFIDENCE;
use soft_dice::presets::{Batch, Loss};
use soft_dice::{Average, Empty, Range, Record, Score, presets};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Reads, sums and scores every pair.
///
/// # Errors
///
/// Files that cannot be read or do not belong together.
pub fn score(args: &ScoreArgs, common: &Common) -> Outcome<ScoreReport> {
    let pairs = all_pairs(args)?;
    let scorer = Scorer::new(args);
    // Pooled as they come (exact sums have no order), so that a file leaves its scores behind and nothing else.
    let pool = Mutex::new(Pool::default());
    let files = Filling::new(pairs.len());
    run::each(pairs.len(), common, |number| {
        let pair = &pairs[number];
        let (done, sums) = scorer.file(pair)?;
        let file = FileScore {
            name: pair.name(&args.pairs.pred_suffix).into_owned(),
            prediction: pair.prediction.display().to_string(),
            target: pair.target.display().to_string(),
            height: done.height,
            width: done.width,
            scores: done.scores,
        };
        files.keep(number, file.scores.dice, &file)?;
        let mut pool = pool.lock().unwrap_or_else(PoisonError::into_inner);
        if number == 0 {
            pool.layout = done.layout;
        }
        pool.reading += done.reading;
        pool.computing += done.computing;
        pool.add(&sums).map_err(|failure| failure.at(&pair.prediction))
    })?;
    let Pool { sums, layout, reading, computing } = pool.into_inner().unwrap_or_else(PoisonError::into_inner);
    let times = Times { reading: reading.as_secs_f64(), computing: computing.as_secs_f64() };
    let pooled = scorer.scores(&sums)?;
    let files = files.done();
    let mean = means(&files, pooled.classes.len())?;
    let files = files.worst_first();
    let header = header("score", (0..pooled.classes.len()).map(|class| args.read.class_name(class)).collect(), layout);
    Ok(ScoreReport {
        header,
        form: args.scoring.form,
        preset: args.scoring.preset,
        empty: args.scoring.empty,
        pooled,
        mean,
        files,
        times: args.scoring.time.then_some(times),
    })
}

/// What was run.
#[must_use]
pub fn header(command: &str, classes: Vec<String>, layout: Layout) -> Header {
    Header {
        command: command.into(),
        version: env!("CARGO_PKG_VERSION").into(),
        backend: soft_dice::backend().into(),
        arguments: std::env::args().skip(1).collect(),
        classes,
        layout,
    }
}

fn all_pairs(args: &ScoreArgs) -> Outcome<Vec<Pair>> {
    let (twos, []) = args.files.as_chunks::<2>() else {
        return Err(Failure::new("an odd number of files", "name PRED and TARGET in turn"));
    };
    let suffixes = [args.pairs.pred_suffix.as_str(), args.pairs.target_suffix.as_str()];
    let mut all = Vec::new();
    for [prediction, target] in twos {
        all.extend(pairs(prediction, target, suffixes)?);
    }
    Ok(all)
}

/// Sums of each class, in order.
type Classes = Vec<Record>;

/// A file that was scored.
struct Done {
    scores: Scores,
    height: usize,
    width: usize,
    layout: Layout,
    reading: Duration,
    computing: Duration,
}

/// All the sums that scores are made of.
#[derive(Clone, Debug, Default)]
struct Sums {
    soft: Classes,
    hard: Option<Classes>,
    own: Option<Classes>,
}

/// Of all files.
#[derive(Default)]
struct Pool {
    sums: Sums,
    /// Of the first.
    layout: Layout,
    reading: Duration,
    computing: Duration,
}

impl Pool {
    fn add(&mut self, more: &Sums) -> Outcome<()> {
        if self.sums.soft.is_empty() {
            self.sums = more.clone();
            return Ok(());
        }
        if self.sums.soft.len() != more.soft.len() {
            return Err(Failure::new(
                format!("{} classes, where the files before have {}", more.soft.len(), self.sums.soft.len()),
                "score them apart",
            ));
        }
        merge(&mut self.sums.soft, &more.soft)?;
        for (sum, more) in [(&mut self.sums.hard, &more.hard), (&mut self.sums.own, &more.own)] {
            if let (Some(sum), Some(more)) = (sum, more) {
                merge(sum, more)?;
            }
        }
        Ok(())
    }
}

fn merge(sums: &mut [Record], more: &[Record]) -> Outcome<()> {
    for (sum, more) in sums.iter_mut().zip(more) {
        sum.merge(more).map_err(|_| {
            Failure::new("another type of numbers, scale or zero point than the files before", "score them apart")
        })?;
    }
    Ok(())
}

/// The options, made ready.
#[derive(Debug)]
pub struct Scorer {
    reading: Reading,
    target: TargetReading,
    raw: [Raw; 2],
    layouts: [Option<Layout>; 2],
    scoring: ScoringArgs,
    cut: Option<Cut>,
}

impl Scorer {
    /// As the options say.
    #[must_use]
    pub fn new(args: &ScoreArgs) -> Self {
        let reading = Reading::of(&args.read);
        let scoring = args.scoring.clone();
        let cut = match scoring.threshold {
            Some(threshold) => Some(Cut::AtLeast(threshold)),
            None if scoring.argmax => Some(Cut::Argmax),
            // torchmetrics takes hard maps alone.
            None if scoring.preset == Some(Preset::Torchmetrics) => Some(Cut::AtLeast(0.5)),
            None => None,
        };
        let raw = [
            Raw { dtype: args.read.dtype, shape: args.read.shape.clone() },
            Raw {
                dtype: args.target.target_dtype.or(args.read.dtype),
                shape: args.target.target_shape.clone().or(args.read.shape.clone()),
            },
        ];
        Self {
            target: TargetReading::of(&args.target, reading.clone()),
            layouts: [args.read.layout, args.target.target_layout],
            reading,
            raw,
            scoring,
            cut,
        }
    }

    /// A prediction and its target, as they are measured.
    ///
    /// # Errors
    ///
    /// Files that cannot be read or do not belong together.
    pub fn read(&self, pair: &Pair) -> Outcome<(Prediction, Target)> {
        let prediction = prediction(&pair.prediction, &self.raw[0], self.layouts[0], &self.reading)?;
        let target = || {
            let array = read::array(&pair.target, &self.raw[1])?;
            let layout = self.layouts[1].or((array.shape.len() > 2).then_some(prediction.map.layout));
            let layout = layout.filter(|&layout| array.shape.len() > 2 || layout == Layout::Hw);
            let map = Map::of(array, layout, self.reading.classes)?;
            Target::of(map, &prediction.map, &self.target)
        };
        let target = target().map_err(|failure| failure.at(&pair.target))?;
        Ok((prediction, target))
    }

    fn file(&self, pair: &Pair) -> Outcome<(Done, Sums)> {
        let begun = Instant::now();
        let (prediction, target) = self.read(pair)?;
        let read = Instant::now();
        let sums = self.sums(&prediction, &target).map_err(|failure| failure.at(&pair.prediction))?;
        let scores = self.scores(&sums)?;
        let done = Done {
            scores,
            height: prediction.map.height,
            width: prediction.map.width,
            layout: prediction.map.layout,
            reading: read - begun,
            computing: read.elapsed(),
        };
        Ok((done, sums))
    }

    fn sums(&self, prediction: &Prediction, target: &Target) -> Outcome<Sums> {
        let range = range(self.reading.range);
        let soft = measure::sums(prediction, target, range).map_err(|error| explain(error, prediction, target))?;
        let cut = match self.cut {
            Some(_) if self.scoring.threshold.is_none() && prediction.map.classes > 1 => Some(Cut::Argmax),
            cut => cut,
        };
        let hard = cut.map(|cut| measure::hard_sums(prediction, target, cut)).transpose()?;
        let own = self.scoring.confidence.then(|| measure::own_sums(prediction, 0.5)).transpose()?;
        Ok(Sums { soft, hard, own })
    }

    fn scores(&self, sums: &Sums) -> Outcome<Scores> {
        let score = dice(self.scoring.form, self.scoring.empty);
        let hard_score = dice(Form::Linear, self.scoring.empty);
        let hard = |class: usize| sums.hard.as_ref().and_then(|hard| hard_score.f64(&hard[class]).ok());
        let classes = sums.soft.iter().enumerate().map(|(class, record)| ClassScore {
            dice: score.f64(record).ok(),
            precision: Score::precision().f64(record).ok(),
            recall: Score::recall().f64(record).ok(),
            hard: hard(class),
            sums: *record,
        });
        Ok(Scores {
            dice: mean_over_classes(score, self.scoring.empty, &sums.soft),
            hard: sums.hard.as_ref().and_then(|hard| mean_over_classes(hard_score, self.scoring.empty, hard)),
            loss: self.scoring.preset.and_then(|preset| loss(preset, &sums.soft, sums.hard.as_deref())),
            confidence: sums
                .own
                .as_ref()
                .and_then(|own| Mean::of(own.iter().map(|record| CONFIDENCE.f64(record).ok())).value()),
            absent: sums.soft.iter().filter(|record| record.t == 0).count(),
            classes: classes.collect(),
        })
    }
}

/// A file as a prediction.
///
/// # Errors
///
/// As its reader, its layout and its reading.
pub fn prediction(path: &Path, raw: &Raw, layout: Option<Layout>, reading: &Reading) -> Outcome<Prediction> {
    let map = Map::of(read::array(path, raw)?, layout, reading.classes).map_err(|failure| failure.at(path))?;
    Prediction::of(map, reading).map_err(|failure| failure.at(path))
}

/// The library's policy for values outside [0, 1].
#[must_use]
pub const fn range(policy: RangePolicy) -> Range {
    match policy {
        RangePolicy::Refuse => Range::Refuse,
        RangePolicy::Exclude => Range::Exclude,
        RangePolicy::Clamp => Range::Clamp,
    }
}

/// Which values were refused, and on which side.
pub fn explain(error: soft_dice::Error, prediction: &Prediction, target: &Target) -> Failure {
    if error != soft_dice::Error::Range {
        return error.into();
    }
    let raw = match &prediction.planes {
        crate::prediction::Planes::F32(_, values) | crate::prediction::Planes::F32Fine(_, values) => values,
        _ => &Vec::new(),
    };
    let soft = if let Target::Soft(values) = target { values } else { &Vec::new() };
    for (side, values) in [("prediction", raw), ("target", soft)] {
        let missing = values.iter().filter(|value| value.is_nan()).count();
        if missing > 0 {
            return Failure::new(
                format!("{missing} values of the {side} are no numbers (NaN)"),
                "mend the model that wrote them, or give `--range exclude` to leave those pixels out",
            );
        }
        let [least, most] = [f32::min, f32::max].map(|pick| values.iter().copied().reduce(pick).unwrap_or(0.0));
        if least < -1e-6 || most > 1.0 + 1e-6 {
            return Failure::new(
                format!("values of the {side} run from {least} to {most}, which are no probabilities"),
                "give `--logits sigmoid` or `softmax` if they are logits, else `--range exclude` or `clamp`",
            );
        }
    }
    error.into()
}

/// The score that the options ask for.
#[must_use]
pub const fn dice(form: Form, empty: EmptyPolicy) -> Score {
    let score = match form {
        Form::Linear => Score::dice(),
        Form::Squared => Score::dice().squared(),
        Form::Semimetric => Score::dice().semimetric(),
    };
    score.both_empty(match empty {
        EmptyPolicy::Skip => Empty::Skip,
        EmptyPolicy::Formula => Empty::Formula,
        EmptyPolicy::Undefined => Empty::Undefined,
        EmptyPolicy::Zero => Empty::Zero,
        EmptyPolicy::One => Empty::One,
    })
}

/// Over the classes that are there; with another policy than `skip` over all of them.
#[must_use]
pub fn mean_over_classes(score: Score, empty: EmptyPolicy, classes: &[Record]) -> Option<f64> {
    if let [one] = classes {
        return score.f64(one).ok();
    }
    let average = Average::new(score);
    let average = if empty == EmptyPolicy::Skip { average } else { average.all_classes() };
    average.of(classes).ok().map(|mean| mean.ratio.f64())
}

/// The framework's loss: of each class and averaged where it averages.
fn loss(preset: Preset, soft: &[Record], hard: Option<&[Record]>) -> Option<f64> {
    let batch = Batch::one(soft).ok()?;
    let loss = match preset {
        Preset::Monai => presets::monai::DiceLoss::new().mean(&batch),
        Preset::Smp => presets::smp::dice_loss().of(&batch),
        Preset::Nnunet => presets::nnunet::SoftDiceLoss::trainer(false).mean(&batch),
        Preset::Keras => presets::keras::Overlap::dice().mean(&batch),
        Preset::Kornia => presets::kornia::DiceLoss::new().of(&batch),
        Preset::Torchmetrics => {
            let mut run = presets::torchmetrics::DiceScore::new().start(&mut []);
            run.update(&Batch::one(hard?).ok()?).ok()?;
            return run.compute().ok().map(|score| 1.0 - score);
        }
    };
    loss.ok()
}

/// Over the files, in order.
fn means(files: &Spool<FileScore>, classes: usize) -> Outcome<Means> {
    let [mut dice, mut hard, mut loss, mut confidence] = [const { Mean::NONE }; 4];
    let mut of_classes = vec![Mean::NONE; classes];
    for file in files.each() {
        let scores = file?.scores;
        dice.add(scores.dice);
        hard.add(scores.hard);
        loss.add(scores.loss);
        confidence.add(scores.confidence);
        for (mean, class) in of_classes.iter_mut().zip(scores.classes) {
            mean.add(class.dice.filter(|_| class.sums.t > 0));
        }
    }
    Ok(Means {
        dice: dice.value(),
        files: dice.count(),
        hard: hard.value(),
        loss: loss.value(),
        confidence: confidence.value(),
        classes: of_classes.iter().map(Mean::value).collect(),
    })
}
