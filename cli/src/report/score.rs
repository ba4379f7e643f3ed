//! The page of `soft-dice score`.

use super::frames;
use super::page::{Bar, Bars, Figure, Page, Picture, Scatter, Value};
use super::rank::spearman;
use crate::args::{Form, ScoreArgs};
use crate::error::Outcome;
use crate::model::{ClassScore, FileScore, ScoreReport};
use crate::pair::Pair;
use crate::score::Scorer;
use std::path::Path;

/// Bars of files, and pictures, at most: a page is read, not searched. The JSON has the rest.
const FILES: usize = 30;
const PICTURES: usize = 6;

impl Page {
    /// What was found; the worst files are read once more, to be shown.
    ///
    /// # Errors
    ///
    /// Files that have changed since.
    pub fn of_scores(report: &ScoreReport, args: &ScoreArgs) -> Outcome<Self> {
        let scorer = Scorer::new(args);
        let worst = report.files.iter().filter(|file| file.scores.dice.is_some()).take(PICTURES);
        Ok(Self {
            title: "soft-dice score".into(),
            subject: subject(&report.files),
            headline: headline(report),
            warnings: warnings(report),
            classes: classes(report),
            files: files(report),
            scatter: scatter(&report.files),
            pictures: worst.map(|file| picture(file, report, &scorer)).collect::<Outcome<_>>()?,
            facts: facts(report),
            ..Self::default()
        })
    }
}

fn subject(files: &[FileScore]) -> String {
    match files {
        [one] => format!("{} against {}", base(&one.prediction), base(&one.target)),
        [one, ..] => {
            format!("{} maps of {} against {}", files.len(), base(&parent(&one.prediction)), base(&parent(&one.target)))
        }
        [] => "nothing".into(),
    }
}

fn parent(path: &str) -> String {
    Path::new(path).parent().unwrap_or(Path::new("")).display().to_string()
}

fn base(path: &str) -> String {
    Path::new(path).file_name().map_or_else(|| path.into(), |name| name.to_string_lossy().into_owned())
}

fn headline(report: &ScoreReport) -> Vec<Figure> {
    let figure =
        |name: &str, key: &str, value, note: String| Figure { name: name.into(), key: key.into(), value, note };
    let (mean, pooled) = (&report.mean, &report.pooled);
    let mut figures = vec![
        figure(
            "Mean soft Dice",
            "/mean/dice",
            Value::Score(mean.dice),
            format!("over {} of {} files where it is defined", mean.files, report.files.len()),
        ),
        figure("Pooled soft Dice", "/pooled/dice", Value::Score(pooled.dice), "all pixels as one frame".into()),
    ];
    if let [worst, _, ..] = &report.files[..] {
        figures.push(figure("Worst file", "/files/0/scores/dice", Value::Score(worst.scores.dice), worst.name.clone()));
    }
    if pooled.hard.is_some() {
        figures.push(figure(
            "Hard Dice",
            "/pooled/hard",
            Value::Score(pooled.hard),
            "pooled, after the threshold".into(),
        ));
    }
    if let Some(preset) = report.preset {
        let note = format!("mean, as {preset:?} states it");
        figures.push(figure("Loss", "/mean/loss", Value::Score(mean.loss), note));
    }
    if mean.confidence.is_some() {
        let note = "mean; needs no labels".into();
        figures.push(figure("Soft Dice Confidence", "/mean/confidence", Value::Score(mean.confidence), note));
    }
    if let [only] = &pooled.classes[..] {
        let value = Value::Count(only.sums.invalid);
        figures.push(figure(
            "Pixels left out",
            "/pooled/classes/0/sums/invalid",
            value,
            "no number, or out of range".into(),
        ));
    }
    figures
}

fn warnings(report: &ScoreReport) -> Vec<String> {
    let mut warnings = Vec::new();
    let undefined = report.files.len() - report.mean.files;
    if undefined > 0 {
        warnings.push(format!("{undefined} files have no defined score, and are in no mean: see `--empty`."));
    }
    let absent = report.pooled.absent;
    if absent > 0 {
        warnings.push(format!(
            "{absent} of {} classes never occur in the targets; they are in no mean, for a mean over absent classes hides failure.",
            report.pooled.classes.len()
        ));
    }
    warnings
}

fn classes(report: &ScoreReport) -> Bars {
    let names = &report.header.classes;
    let bar = |(at, class): (usize, &ClassScore)| Bar {
        name: names.get(at).map_or_else(|| at.to_string(), |name| name.clone()),
        key: format!("/pooled/classes/{at}/dice"),
        score: class.dice,
        note: support(class),
    };
    if report.pooled.classes.len() < 2 {
        return Bars::default();
    }
    Bars {
        title: "Classes".into(),
        note: "Soft Dice of each class, all pixels pooled; beside it the class's share of the target.".into(),
        bars: report.pooled.classes.iter().enumerate().map(bar).collect(),
        more: 0,
    }
}

fn support(class: &ClassScore) -> String {
    let sums = &class.sums;
    if sums.t == 0 {
        return "absent".into();
    }
    let share = sums.unit_t.value(1) * sums.t as f64 / sums.count.max(1) as f64;
    format!("{:.1} %", 100.0 * share)
}

fn files(report: &ScoreReport) -> Bars {
    if report.files.len() < 2 {
        return Bars::default();
    }
    let bar = |(at, file): (usize, &FileScore)| Bar {
        name: file.name.clone(),
        key: format!("/files/{at}/scores/dice"),
        score: file.scores.dice,
        note: file.scores.confidence.map_or_else(String::new, |sdc| format!("confidence {sdc:.4}")),
    };
    Bars {
        title: "Files, worst first".into(),
        note: "Soft Dice, the mean over the classes that are there.".into(),
        bars: report.files.iter().enumerate().take(FILES).map(bar).collect(),
        more: report.files.len().saturating_sub(FILES),
    }
}

/// Fewer than three points show nothing.
fn scatter(files: &[FileScore]) -> Option<Scatter> {
    let point = |file: &FileScore| Some((file.scores.confidence?, file.scores.dice?, file.name.clone()));
    let points: Vec<_> = files.iter().filter_map(point).collect();
    let rank = spearman(&points.iter().map(|&(x, y, _)| (x, y)).collect::<Vec<_>>())?;
    let note = format!(
        "A point for each file; Spearman's rank correlation is {rank:.3}. Where it is high, the device can rank its own frames without labels."
    );
    Some(Scatter { x: "Soft Dice Confidence".into(), y: "soft Dice".into(), points, note })
}

/// The class that is worst of those that are there.
fn picture(file: &FileScore, report: &ScoreReport, scorer: &Scorer) -> Outcome<Picture> {
    let pair = Pair {
        name: file.name.clone(),
        prediction: file.prediction.clone().into(),
        target: file.target.clone().into(),
    };
    let (prediction, target) = scorer.read(&pair)?;
    let there = file.scores.classes.iter().enumerate().filter(|(_, class)| class.sums.t > 0 && class.dice.is_some());
    let worst = there.min_by(|(_, a), (_, b)| a.dice.unwrap_or(1.0).total_cmp(&b.dice.unwrap_or(1.0)));
    let (class, score) = worst.map_or((0, file.scores.dice), |(at, class)| (at, class.dice));
    let name = match report.header.classes.get(class) {
        Some(name) if file.scores.classes.len() > 1 => format!("{}, class {name}", file.name),
        _ => file.name.clone(),
    };
    Ok(Picture { score, ..frames::picture(name, class, &prediction, &target)? })
}

fn facts(report: &ScoreReport) -> Vec<(String, String)> {
    let form = match report.form {
        Form::Linear => "linear, 2I/(P + T)",
        Form::Squared => "squared, 2I/(P² + T²)",
        Form::Semimetric => "semimetric, 2Σmin(p, t)/(P + T)",
    };
    let mut facts = vec![
        ("Command".into(), format!("soft-dice {}", report.header.arguments.join(" "))),
        ("Soft Dice".into(), form.into()),
        ("Empty classes".into(), format!("{:?}", report.empty).to_lowercase()),
        ("Layout".into(), format!("{:?}", report.header.layout).to_lowercase()),
        ("Kernel".into(), report.header.backend.clone()),
    ];
    if let Some(class) = report.pooled.classes.first() {
        let unit = |unit: soft_dice::Unit| format!("{:e}", unit.value(1));
        facts.push(("One code".into(), format!("{} of p, {} of t", unit(class.sums.unit_p), unit(class.sums.unit_t))));
        facts.push(("Pixels".into(), class.sums.count.to_string()));
    }
    facts
}
