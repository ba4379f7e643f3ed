//! The scores of one pair: its sums, and what is made of them.

use crate::args::{Form, Preset, ReadArgs, ScoreArgs, ScoringArgs};
use crate::error::{Failure, Outcome};
use crate::map::Layout;
use crate::mean::Mean;
use crate::measure::{self, Cut};
use crate::model::{ClassScore, Scores};
use crate::pair::Pair;
use crate::prediction::Prediction;
use crate::regions::{self, Union};
use crate::role::Side;
use crate::said::Said;
use crate::score::{at_fault, dice, explain, mean_over_classes, range};
use crate::sides::{Both, Sides};
use crate::suspicion::{Caution, Kind};
use crate::sweep::{self, Bins};
use crate::target::Target;
use soft_dice::confidence::CONFIDENCE;
use soft_dice::presets::{Batch, Loss};
use soft_dice::{Record, Score, presets};
use std::time::{Duration, Instant};

/// Sums of each class, in order.
type Classes = Vec<Record>;

/// All the sums that scores are made of.
#[derive(Clone, Debug, Default)]
pub struct Sums {
    /// With the target.
    pub soft: Classes,
    /// Of the hard masks, if they were asked for.
    pub hard: Option<Classes>,
    /// Of the prediction with its own mask, if its confidence was asked for.
    pub own: Option<Classes>,
}

impl Sums {
    /// More of the same.
    ///
    /// # Errors
    ///
    /// Other classes or other numbers; then nothing was added.
    pub fn add(&mut self, more: &Self) -> Outcome<()> {
        if self.soft.is_empty() {
            *self = more.clone();
            return Ok(());
        }
        if self.soft.len() != more.soft.len() {
            return Err(Failure::new(
                format!("{} classes, where the files before have {}", more.soft.len(), self.soft.len()),
                "give `--classes` if a label map lacks the last of them, else score them apart",
            ));
        }
        let mut sum = self.clone();
        merge(&mut sum.soft, &more.soft)?;
        for (sum, more) in [(&mut sum.hard, &more.hard), (&mut sum.own, &more.own)] {
            if let (Some(sum), Some(more)) = (sum, more) {
                merge(sum, more)?;
            }
        }
        *self = sum;
        Ok(())
    }
}

fn merge(sums: &mut [Record], more: &[Record]) -> Outcome<()> {
    for (sum, more) in sums.iter_mut().zip(more) {
        sum.merge(more).map_err(|_| {
            Failure::new(
                "another type of numbers, scale or zero point than the files before",
                "score them apart, or give `--role` and `--target-role` if it is the role that differs",
            )
        })?;
    }
    Ok(())
}

/// A frame that was scored.
pub struct Frame {
    /// What was found.
    pub scores: Scores,
    /// Its exact sums.
    pub sums: Sums,
    /// By probability, if it was asked for.
    pub bins: Option<Vec<Bins>>,
    /// Of each union that was asked for.
    pub regions: Vec<Record>,
    /// Which classes are taken for which, if it was asked for.
    pub confusion: Option<Vec<u64>>,
    /// Pixels.
    pub height: usize,
    /// Pixels.
    pub width: usize,
}

/// A pair that was scored.
pub struct Done {
    /// One, or each of a stack.
    pub frames: Vec<Frame>,
    /// How both sides were read.
    pub said: [Said; 2],
    /// What looks wrong.
    pub cautions: Vec<Caution>,
    /// Of the first.
    pub layout: Layout,
    /// Seconds spent.
    pub reading: Duration,
    /// Seconds spent.
    pub computing: Duration,
}

/// The options, made ready.
#[derive(Debug)]
pub struct Scorer {
    /// How both sides are read.
    pub sides: Sides,
    scoring: ScoringArgs,
    cut: Option<Cut>,
    sweep: bool,
    confusion: bool,
    regions: Vec<Union>,
    read: ReadArgs,
}

impl Scorer {
    /// As the options say.
    ///
    /// # Errors
    ///
    /// Options that contradict each other.
    pub fn new(args: &ScoreArgs) -> Outcome<Self> {
        let scoring = args.scoring.clone();
        let cut = match scoring.threshold {
            Some(threshold) => Some(Cut::AtLeast(threshold)),
            None if scoring.argmax => Some(Cut::Argmax),
            // torchmetrics takes hard maps alone.
            None if scoring.preset == Some(Preset::Torchmetrics) => Some(Cut::AtLeast(0.5)),
            None => None,
        };
        let (sweep, confusion) = (args.tables.sweep, args.tables.confusion);
        let (regions, read) = (args.tables.regions.clone(), args.read.clone());
        Ok(Self { sides: Sides::new(args)?, scoring, cut, sweep, confusion, regions, read })
    }

    /// Where a hard mask of one class is cut.
    #[must_use]
    pub fn threshold(&self) -> f32 {
        self.scoring.threshold.unwrap_or(0.5)
    }

    /// Prediction and target of a frame, as they are measured.
    ///
    /// # Errors
    ///
    /// Files that cannot be read or do not belong together.
    pub fn read(&self, pair: &Pair, frame: usize) -> Outcome<(Prediction, Target)> {
        let gone = || Failure::new("it has fewer frames than before", "leave the files alone while they are scored");
        self.sides.read(pair)?.frames.into_iter().nth(frame).ok_or_else(|| gone().at(&pair.prediction))
    }

    /// Every frame of a pair.
    ///
    /// # Errors
    ///
    /// Files that cannot be read or do not belong together.
    pub fn pair(&self, pair: &Pair) -> Outcome<Done> {
        let begun = Instant::now();
        let Both { frames, said, mut cautions } = self.sides.read(pair)?;
        let read = Instant::now();
        let layout = frames.first().map_or_else(Layout::default, |(prediction, _)| prediction.map.layout);
        let mut done = Vec::with_capacity(frames.len());
        for (prediction, target) in &frames {
            let path = || match at_fault(prediction, target) {
                Some(Side::Target) => &pair.target,
                _ => &pair.prediction,
            };
            let sums = self.sums(prediction, target).map_err(|failure| failure.at(path()))?;
            let (height, width) = (prediction.map.height, prediction.map.width);
            if let Some(caution) = self.linear_of_soft(target) {
                cautions.push(caution);
            }
            let at = |failure: Failure| failure.at(path());
            let bins = self.sweep.then(|| sweep::bins(prediction, target)).transpose().map_err(at)?;
            let threshold = self.scoring.threshold.unwrap_or(0.5);
            let confusion =
                self.confusion.then(|| sweep::confusion(prediction, target, threshold)).transpose().map_err(at)?;
            let regions = self.regions.iter().map(|union| {
                let names: Vec<String> = (0..prediction.map.classes).map(|class| self.read.class_name(class)).collect();
                let range = range(self.sides.reading.range);
                regions::sums(prediction, target, &union.numbers(&names)?, range).map_err(|failure| failure.at(path()))
            });
            let regions = regions.collect::<Outcome<Vec<Record>>>()?;
            done.push(Frame { scores: self.scores(&sums)?, sums, bins, confusion, regions, height, width });
        }
        Ok(Done { frames: done, said, cautions, layout, reading: read - begun, computing: read.elapsed() })
    }

    /// The linear form is 1 for two equal maps only where they are hard.
    fn linear_of_soft(&self, target: &Target) -> Option<Caution> {
        let Target::Soft(values) = target else { return None };
        let soft = self.scoring.form == Form::Linear && values.iter().any(|&value| value > 0.0 && value < 1.0);
        soft.then(|| Caution {
            kind: Kind::LinearOfSoft,
            files: 1,
            message: "the linear form of two identical soft maps is below 1.0; `--form semimetric` and `--form squared` are 1.0 \
                      for them, and `--target-threshold` makes a mask of the target"
                .into(),
        })
    }

    fn sums(&self, prediction: &Prediction, target: &Target) -> Outcome<Sums> {
        let range = range(self.sides.reading.range);
        let soft = measure::sums(prediction, target, range).map_err(|error| explain(error, prediction, target))?;
        if self.scoring.argmax && prediction.map.classes < 2 {
            return Err(Failure::new(
                "`--argmax` has no effect on one class, which is always the greatest",
                "give `--threshold 0.5`",
            ));
        }
        let cut = match self.cut {
            Some(_) if self.scoring.threshold.is_none() && prediction.map.classes > 1 => Some(Cut::Argmax),
            cut => cut,
        };
        let hard = cut.map(|cut| measure::hard_sums_within(prediction, target, cut, range)).transpose()?;
        let own = self.scoring.confidence.then(|| measure::own_sums(prediction, 0.5)).transpose()?;
        Ok(Sums { soft, hard, own })
    }

    /// What is made of sums.
    ///
    /// # Errors
    ///
    /// None today.
    pub fn scores(&self, sums: &Sums) -> Outcome<Scores> {
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
            foreground: match &sums.soft[..] {
                [_, foreground @ ..] if !foreground.is_empty() => {
                    mean_over_classes(score, self.scoring.empty, foreground)
                }
                _ => None,
            },
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
