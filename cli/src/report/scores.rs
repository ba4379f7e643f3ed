//! The page of `score`.

use super::bars::{Bar, bars};
use super::figure::{card, figure, said};
use super::look::{Look, everywhere, frames, look};
use super::page::{compared, legend, page};
use super::scatter::{Point, scatter};
use crate::args::Common;
use crate::error::Outcome;
use crate::model::{FileScore, ScoreReport};
use crate::pair::Pair;
use crate::scorer::Scorer;
use crate::watch::model::spearman;
use maud::{Markup, html};
use std::path::Path;

/// Bars of files: the worst. All are in the JSON.
const FILES: usize = 40;
const POINTS: usize = 5_000;

/// The page: figures of the report, and pictures of the files, which are read again.
///
/// # Errors
///
/// Files that have changed since.
pub fn scores(report: &ScoreReport, scorer: &Scorer, common: &Common) -> Outcome<String> {
    let look = look(&report.files, common, |file| {
        let pair = Pair { prediction: Path::new(&file.prediction).into(), target: Path::new(&file.target).into() };
        scorer.read(&pair, file.frame.unwrap_or(0))
    })?;
    let files = report.files.len();
    let worst = report.files.first(FILES)?;
    let first = worst.first();
    let what = match first {
        Some(one) if files == 1 => format!("{} against {}", one.prediction, one.target),
        _ => format!("{files} files"),
    };
    let body = html! {
        (cards(report, first))
        (compared(&report.header, &[
            ("files", what.clone()),
            ("size", first.map_or(String::new(), |one| format!("{} × {} pixels (height × width)", one.height, one.width))),
            ("score", format!("soft Dice, {:?} form", report.form).to_lowercase()),
        ]))
        (per_class(report))
        (per_file(report, &worst))
        (confidence(&points(report)?))
        (frame(report, &worst, &look))
        (everywhere(&look, "What is bad everywhere is the model, or what the numbers were taken for; what is bad in one place is the \
            scene, the crop or the camera."))
    };
    Ok(page(&format!("soft-dice score: {what}"), &body).into_string())
}

fn cards(report: &ScoreReport, worst: Option<&FileScore>) -> Markup {
    let mean = &report.mean;
    let files = format!("over {} of {} files", mean.files, report.files.len());
    html! {
        div.cards {
            (card("mean Dice", "/mean/dice", mean.dice, &files))
            (card("pooled Dice", "/pooled/dice", report.pooled.dice, "all pixels as one frame"))
            @if let Some(worst) = worst.filter(|_| report.files.len() > 1) {
                (card("worst file", "/files/0/scores/dice", worst.scores.dice, &worst.name))
            }
            @if mean.hard.is_some() { (card("hard Dice", "/mean/hard", mean.hard, "of the masks, mean over files")) }
            @if let Some(preset) = report.preset {
                (card("loss", "/mean/loss", mean.loss, &format!("as {preset:?} states it").to_lowercase()))
            }
            (card("confidence", "/mean/confidence", mean.confidence, "Soft Dice Confidence, no reference needed"))
            @let out = report.pooled.classes.first().map_or(0, |class| class.sums.ignored + class.sums.invalid);
            @if out > 0 { (said("left out", &out.to_string(), "pixels ignored or invalid")) }
        }
    }
}

fn per_class(report: &ScoreReport) -> Markup {
    let many = report.header.classes.len() > 1;
    let classes = report.header.classes.iter().zip(&report.pooled.classes).enumerate();
    let dice =
        classes.clone().filter(|(_, (_, class))| class.sums.t > 0 || class.sums.p > 0).map(|(at, (name, class))| Bar {
            name: if many { name.clone() } else { "Dice".into() },
            pointer: format!("/pooled/classes/{at}/dice"),
            value: class.dice,
            title: format!("{name}: pooled over all files"),
        });
    let mut all: Vec<Bar> = dice.collect();
    if let [one] = &report.pooled.classes[..] {
        for (name, value) in [("precision", one.precision), ("recall", one.recall)] {
            all.push(Bar {
                name: name.into(),
                pointer: format!("/pooled/classes/0/{name}"),
                value,
                title: "pooled over all files".into(),
            });
        }
    }
    html! {
        section {
            h2 { @if many { "Classes" } @else { "Pooled over all files" } }
            @if many { p.note { "Dice of each class, pooled over all files; classes that neither side has are left out." } }
            (bars(&all))
        }
    }
}

fn per_file(report: &ScoreReport, worst: &[FileScore]) -> Markup {
    let files = report.files.len();
    if files < 2 {
        return html! {};
    }
    let each = worst.iter().enumerate().map(|(at, file)| Bar {
        name: file.name.clone(),
        pointer: format!("/files/{at}/scores/dice"),
        value: file.scores.dice,
        title: format!("{} against {}", file.prediction, file.target),
    });
    html! {
        section {
            h2 { "Files, the worst first" }
            @if files > FILES { p.note { (files - FILES) " better files are not shown; the JSON has them all." } }
            (bars(&each.collect::<Vec<_>>()))
        }
    }
}

/// What the device knew of each file, and what is true.
fn points(report: &ScoreReport) -> Outcome<Vec<Point>> {
    let point = |file: FileScore| {
        let (confidence, dice) = file.scores.confidence.zip(file.scores.dice)?;
        Some(Point { name: file.name, confidence, dice })
    };
    report.files.each().filter_map(|file| file.map(point).transpose()).collect()
}

fn confidence(points: &[Point]) -> Markup {
    if points.is_empty() {
        return html! {};
    }
    let follows = spearman(&points.iter().map(|point| (point.confidence, point.dice)).collect::<Vec<_>>());
    html! {
        section {
            h2 { "What the device knows, and what is true" }
            div.beside {
            div {
            p {
                "Soft Dice Confidence is what the device can say without a reference. A point on the diagonal knows how good "
                "it is; one far below is sure and wrong."
                @if let Some(follows) = follows {
                    " Over these files confidence follows the Dice with a Spearman correlation of "
                    strong { (format!("{follows:.3}")) } "."
                }
            }
            p.note { "Where confidence follows the truth a device can watch itself; where it does not, an alarm would mean nothing." }
            }
            (scatter(&points[..points.len().min(POINTS)]))
            }
        }
    }
}

fn frame(report: &ScoreReport, worst: &[FileScore], look: &Look) -> Markup {
    let captions = worst.iter().enumerate().map(|(at, file)| {
        let score = figure(&format!("/files/{at}/scores/dice"), file.scores.dice);
        (file.name.clone(), html! { "Dice " (score) })
    });
    html! {
        section {
            h2 { @if report.files.len() > 1 { "The worst frames" } @else { "The frame" } }
            (legend(report.header.classes.len() > 1))
            (frames(look, captions))
        }
    }
}
