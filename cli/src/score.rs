//! `soft-dice score`: every pair, and all of them together.

use crate::args::{Common, EmptyPolicy, Form, RangePolicy, ScoreArgs};
use crate::distribution::Distribution;
use crate::error::{Failure, Outcome};
use crate::map::Layout;
use crate::mean::Mean;
use crate::model::{Failed, FileScore, Header, Left, Means, ScoreReport, Times};
use crate::pair::{Affixes, Paired, Pairing, Unpaired};
use crate::prediction::Prediction;
use crate::read;
use crate::regions::{self, Region, Union};
use crate::role::Side;
use crate::run;
use crate::said::Said;
use crate::scorer::{Frame, Scorer, Sums};
use crate::sides::frame_name;
use crate::spool::{Filling, Spool};
use crate::suspicion::Caution;
use crate::sweep::Bins;
use crate::target::Target;
use soft_dice::{Average, Empty, Range, Record, Score};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Reads, sums and scores every pair.
///
/// # Errors
///
/// Files that cannot be read or do not belong together; with `--keep-going` only that none could be.
pub fn score(args: &ScoreArgs, common: &Common) -> Outcome<ScoreReport> {
    read::limit_values(common.max_pixels);
    let scorer = Scorer::new(args)?;
    let paired = all_pairs(args)?;
    let pairs = &paired.pairs;
    // Pooled as they come (exact sums have no order), so that a file leaves its scores behind and nothing else.
    let pool = Mutex::new(Pool::default());
    let files = Filling::new(pairs.len());
    let work = |number: usize| {
        let pair = &pairs[number];
        let done = scorer.pair(pair)?;
        let frames = done.frames.len();
        let mut pool = pool.lock().unwrap_or_else(PoisonError::into_inner);
        // All frames of a file, or none.
        let mut sums = pool.sums.clone();
        for frame in &done.frames {
            sums.add(&frame.sums).map_err(|failure| failure.at(&pair.prediction))?;
        }
        pool.sums = sums;
        for frame in &done.frames {
            pool.tables(frame).map_err(|failure| failure.at(&pair.prediction))?;
        }
        if number < pool.first {
            (pool.first, pool.layout) = (number, done.layout);
        }
        pool.reading += done.reading;
        pool.computing += done.computing;
        pool.saw(done.said, done.cautions);
        drop(pool);
        for (at, frame) in done.frames.into_iter().enumerate() {
            let file = FileScore {
                name: frame_name(&pair.name(&args.pairs.pred_suffix), at, frames),
                prediction: pair.prediction.display().to_string(),
                target: pair.target.display().to_string(),
                frame: (frames > 1).then_some(at),
                height: frame.height,
                width: frame.width,
                scores: frame.scores,
            };
            files.keep_frame(number, at, file.scores.dice, &file)?;
        }
        Ok(())
    };
    let failed = run::each_of(pairs.len(), common, args.folders.keep_going, work)?;
    scorer.sides.effects.check(args)?;
    let pool = pool.into_inner().unwrap_or_else(PoisonError::into_inner);
    let Pool { sums, layout, reading, computing, mut said, cautions, bins, confusion, regions, .. } = pool;
    said.sort_by(|a, b| a.side.cmp(&b.side).then(b.files.cmp(&a.files)).then_with(|| a.line().cmp(&b.line())));
    let times = Times { reading: reading.as_secs_f64(), computing: computing.as_secs_f64() };
    let pooled = scorer.scores(&sums)?;
    let files = files.done();
    let mean = means(&files, pooled.classes.len())?;
    let distribution = Distribution::of(files.worths().collect());
    let files = files.worst_first();
    let names: Vec<String> = (0..pooled.classes.len()).map(|class| args.read.class_name(class)).collect();
    let header = header("score", names.clone(), layout);
    let failed = failed.into_iter().map(|(number, failure)| Failed {
        name: pairs[number].name(&args.pairs.pred_suffix).into_owned(),
        reason: failure.to_string(),
    });
    Ok(ScoreReport {
        header,
        read: said,
        form: args.scoring.form,
        preset: args.scoring.preset,
        empty: args.scoring.empty,
        pooled,
        mean,
        distribution,
        regions: regions_of(args, regions, &names)?,
        sweep: bins.map(|bins| bins.iter().zip(&names).map(|(bins, name)| bins.sweep(name.clone())).collect()),
        confusion: confusion.map(|counts| counts.chunks(names.len().max(2)).map(<[u64]>::to_vec).collect()),
        failed: failed.collect(),
        left: Left {
            predictions: paired.predictions_alone,
            targets: paired.targets_alone,
            others: paired.others,
            folders: paired.folders,
        },
        warnings: cautions,
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

/// The pairs that the command line names.
fn all_pairs(args: &ScoreArgs) -> Outcome<Paired> {
    let (read, target) = (&args.read, &args.target);
    let raw = read.dtype.is_some() && read.shape.is_some();
    let affixes = |prefix, suffix| Affixes { prefix, suffix };
    let pairing = Pairing {
        affixes: [
            affixes(&args.folders.pred_prefix, &args.pairs.pred_suffix),
            affixes(&args.folders.target_prefix, &args.pairs.target_suffix),
        ],
        recursive: args.folders.recursive,
        raw: [raw, raw || (target.target_dtype.is_some() && target.target_shape.is_some())],
        unpaired: args.folders.unpaired,
        in_order: args.folders.in_order,
    };
    let mut files = args.files.clone();
    let mut targets: Vec<&PathBuf> = target.files();
    if args.folders.pred.is_empty() {
        // `--target soft a b`: what follows the role are the two files.
        files.extend(targets.drain(..).cloned());
    }
    match (&files[..], &args.folders.pred[..], &targets[..]) {
        ([prediction, target], [], []) => {
            let given = [
                (args.folders.recursive, "recursive"),
                (args.folders.unpaired != Unpaired::Refuse, "unpaired"),
                (!args.folders.pred_prefix.is_empty(), "pred-prefix"),
                (!args.folders.target_prefix.is_empty(), "target-prefix"),
            ];
            if let Some((_, name)) = given.iter().find(|(given, _)| *given && prediction.is_file() && target.is_file())
            {
                let what = format!("`--{name}` has no effect on two files");
                return Err(Failure::new(what, "leave it out, or name two folders"));
            }
            pairing.two(prediction, target)
        }
        ([], [_, ..], [_, ..]) => pairing.lists(&args.folders.pred, &targets),
        (_, [], _) => Err(Failure::new(
            format!("{} paths, where a prediction and a target are expected", files.len()),
            "name two files or two folders; lists of files are given as `--pred p/*.npy --target m/*.npy`",
        )),
        ([], _, _) => Err(Failure::new("`--pred` without targets", "give their files after `--target`")),
        _ => Err(Failure::new("bare paths beside `--pred`", "name the files after `--pred` and `--target` alone")),
    }
}

/// The unions, with what they are called.
fn regions_of(args: &ScoreArgs, found: Vec<(Record, Mean)>, names: &[String]) -> Outcome<Vec<Region>> {
    let one = |(union, (sums, mean)): (&Union, (Record, Mean))| {
        let classes = union.numbers(names)?;
        Ok(Region { name: union.name.clone(), classes, pooled: regions::dice(&sums), mean: mean.value(), sums })
    };
    args.tables.regions.iter().zip(found).map(one).collect()
}

/// Of all files.
struct Pool {
    sums: Sums,
    /// The first file that was scored, and its layout.
    first: usize,
    layout: Layout,
    reading: Duration,
    computing: Duration,
    said: Vec<Said>,
    cautions: Vec<Caution>,
    bins: Option<Vec<Bins>>,
    confusion: Option<Vec<u64>>,
    regions: Vec<(Record, Mean)>,
}

impl Default for Pool {
    fn default() -> Self {
        Self {
            sums: Sums::default(),
            first: usize::MAX,
            layout: Layout::default(),
            reading: Duration::ZERO,
            computing: Duration::ZERO,
            said: Vec::new(),
            cautions: Vec::new(),
            bins: None,
            confusion: None,
            regions: Vec::new(),
        }
    }
}

impl Pool {
    /// Classes agree: the sums have been added.
    fn tables(&mut self, frame: &Frame) -> Outcome<()> {
        if let Some(bins) = &frame.bins {
            match &mut self.bins {
                Some(known) => known.iter_mut().zip(bins).for_each(|(known, more)| known.add(more)),
                none => *none = Some(bins.clone()),
            }
        }
        for (at, sums) in frame.regions.iter().enumerate() {
            match self.regions.get_mut(at) {
                // Of one element, whatever the files hold.
                Some((pooled, mean)) => {
                    pooled.merge(sums)?;
                    mean.add(regions::dice(sums));
                }
                None => self.regions.push((*sums, Mean::of([regions::dice(sums)]))),
            }
        }
        if let Some(counts) = &frame.confusion {
            match &mut self.confusion {
                Some(known) => known.iter_mut().zip(counts).for_each(|(known, more)| *known += more),
                none => *none = Some(counts.clone()),
            }
        }
        Ok(())
    }

    fn saw(&mut self, said: [Said; 2], cautions: Vec<Caution>) {
        said.into_iter().for_each(|said| said.count(&mut self.said));
        cautions.into_iter().for_each(|caution| caution.count(&mut self.cautions));
    }
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

/// Which side has floats that are no probabilities: the prediction where both have.
#[must_use]
pub fn at_fault(prediction: &Prediction, target: &Target) -> Option<Side> {
    // NaN is out of any range.
    let outside = |values: &[f32]| values.iter().any(|value| !(-1e-6..=1.0 + 1e-6).contains(value));
    if prediction.planes.floats().is_some_and(|values| outside(values)) {
        return Some(Side::Prediction);
    }
    matches!(target, Target::Soft(values) if outside(values)).then_some(Side::Target)
}

/// Which values were refused, and on which side.
pub fn explain(error: soft_dice::Error, prediction: &Prediction, target: &Target) -> Failure {
    let side = at_fault(prediction, target);
    let values: &[f32] = match (side, &target) {
        (Some(Side::Prediction), _) => prediction.planes.floats().map_or(&[], Vec::as_slice),
        (Some(Side::Target), Target::Soft(values)) => values,
        _ => &[],
    };
    let (soft_dice::Error::Range, Some(side)) = (error, side) else { return error.into() };
    let (name, prefix) = (side.name(), side.prefix());
    let missing = values.iter().filter(|value| value.is_nan()).count();
    if missing > 0 {
        return Failure::new(
            format!("{missing} values of the {name} are no numbers (NaN)"),
            "mend the model that wrote them, or give `--range exclude` to leave those pixels out",
        );
    }
    let [least, most] = [f32::min, f32::max].map(|pick| values.iter().copied().reduce(pick).unwrap_or(0.0));
    // What lies this near to [0, 1] is rounding, and no logit.
    let near = least > -0.01 && most < 1.01;
    let logits = format!("give `--{prefix}logits sigmoid` or `softmax` if they are logits, else ");
    let cut = if side == Side::Target { ", or `--target-threshold` to cut it" } else { "" };
    Failure::new(
        format!("values of the {name} run from {least} to {most}, which are no probabilities"),
        format!("{}`--range exclude` or `--range clamp`{cut}", if near { "give " } else { &logits }),
    )
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

/// Over the files, in order.
fn means(files: &Spool<FileScore>, classes: usize) -> Outcome<Means> {
    let [mut dice, mut foreground, mut hard, mut loss, mut confidence] = [const { Mean::NONE }; 5];
    let mut of_classes = vec![Mean::NONE; classes];
    for file in files.each() {
        let scores = file?.scores;
        dice.add(scores.dice);
        foreground.add(scores.foreground);
        hard.add(scores.hard);
        loss.add(scores.loss);
        confidence.add(scores.confidence);
        for (mean, class) in of_classes.iter_mut().zip(scores.classes) {
            mean.add(class.dice.filter(|_| class.sums.t > 0));
        }
    }
    Ok(Means {
        dice: dice.value(),
        foreground: foreground.value(),
        files: dice.count(),
        hard: hard.value(),
        loss: loss.value(),
        confidence: confidence.value(),
        classes: of_classes.iter().map(Mean::value).collect(),
    })
}
