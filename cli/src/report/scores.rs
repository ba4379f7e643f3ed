//! The page of `score`.

use super::bars::{Bar, bars};
use super::figure::{card, figure, said};
use super::look::{Look, everywhere, frames, look_from};
use super::page::{compared, legend, page};
use super::scatter::{Point, scatter};
use super::spread::spread;
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
/// Files whose tiles are looked at: a mean over so many moves by no more than a reader sees.
const TILED: usize = 64;
/// Files of which a correlation is told.
const LEAST_POINTS: usize = 8;

/// The page: figures of the report, and pictures of the files, which are read again.
///
/// # Errors
///
/// Files that have changed since.
pub fn scores(report: &ScoreReport, scorer: &Scorer, common: &Common) -> Outcome<String> {
    let look = look_from(&report.files, common, scorer.threshold(), TILED, |file| {
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
        (warned(report))
        (compared(&report.header, &read(report, scorer, &what, first)))
        (per_class(report))
        (spread(report.distribution.as_ref()))
        (per_file(report, &worst))
        (confidence(&points(report)?))
        (frame(report, &worst, &look))
        (everywhere(&look, "What is bad everywhere is the model, or what the numbers were taken for; what is bad in one place is the \
            scene, the crop or the camera."))
    };
    Ok(page(&format!("soft-dice score: {what}"), &body).into_string())
}

/// What stands above all figures.
fn warned(report: &ScoreReport) -> Markup {
    html! {
        @if !report.warnings.is_empty() || !report.failed.is_empty() {
            section {
                h2 { "What looks wrong" }
                ul {
                    @for caution in &report.warnings { li { (caution.message) } }
                    @for failed in &report.failed { li { strong { (failed.name) } " could not be scored: " (failed.reason) } }
                }
            }
        }
    }
}

/// How the sides were read, and what was asked for.
fn read<'r>(report: &ScoreReport, scorer: &Scorer, what: &str, first: Option<&FileScore>) -> Vec<(&'r str, String)> {
    let mut rows = vec![("files", what.to_string())];
    for side in ["prediction", "target"] {
        let ways = report.read.iter().filter(|said| said.side == side).take(4);
        rows.extend(ways.map(|said| (side, format!("{}, {} files", said.line(), said.files))));
    }
    if let Some(one) = first {
        rows.push(("size", format!("{} × {} pixels (height × width)", one.height, one.width)));
    }
    rows.push(("score", format!("soft Dice, {:?} form", report.form).to_lowercase()));
    let cut = if report.header.classes.len() > 1 {
        "the greatest class".into()
    } else {
        format!("foreground from {} on", scorer.threshold())
    };
    rows.push(("overlays", cut));
    rows.push(("made on", today()));
    rows
}

/// The day in UTC, from the days since 1970 (Hinnant's civil_from_days).
fn today() -> String {
    let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let days = seconds / 86_400 + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    format!("{:04}-{month:02}-{day:02} (UTC)", year + era * 400 + u64::from(month <= 2))
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
    let dice = classes.clone().filter(|(_, (_, class))| !many || class.sums.t > 0).map(|(at, (name, class))| Bar {
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
            @if many { p.note { "Dice of each class, pooled over all files." } }
            (bars(&all))
            @let absent: Vec<&str> = report.header.classes.iter().zip(&report.pooled.classes)
                .filter(|(_, class)| many && class.sums.t == 0).map(|(name, _)| name.as_str()).collect();
            @if !absent.is_empty() {
                p.note { "Without a target pixel, and so without a bar: " (absent.join(", ")) "." }
            }
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
    // Of a handful of files a rank correlation says nothing.
    let enough = points.len() >= LEAST_POINTS;
    let follows = spearman(&points.iter().map(|point| (point.confidence, point.dice)).collect::<Vec<_>>());
    let follows = follows.filter(|_| enough);
    html! {
        section {
            h2 { "What the device knows, and what is true" }
            div.beside {
            div {
            p {
                "Soft Dice Confidence is what the device can say without a reference. A point on the diagonal knows how good "
                "it is; one far below is sure and wrong."
                @if let Some(follows) = follows {
                    " Over these " (points.len()) " files confidence follows the Dice with a Spearman correlation of "
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
