//! The page of `score`.

use super::bars::{Bar, bars};
use super::figure::{card, figure, said};
use super::look::{Look, everywhere, frames, look};
use super::page::{compared, legend, page};
use super::rows::{Head, Row, numbers, table};
use super::scatter::{Point, scatter};
use super::spread::spread;
use super::sweeps::tables;
use crate::args::Common;
use crate::error::{Failure, Outcome};
use crate::model::{FileScore, ScoreReport};
use crate::pair::Pair;
use crate::read::picture::Grey;
use crate::scorer::Scorer;
use crate::watch::model::{LEAST_POINTS, spearman};
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
pub fn scores(report: &ScoreReport, scorer: &Scorer, pictures: Option<&Path>, common: &Common) -> Outcome<String> {
    let read = |file: &FileScore| {
        let pair = Pair { prediction: Path::new(&file.prediction).into(), target: Path::new(&file.target).into() };
        scorer.read(&pair, file.frame.unwrap_or(0))
    };
    let look = look(&report.files, common, scorer.threshold(), read, |file| under(pictures, file))?;
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
        (compared(&report.header, &report.read, &asked(report, scorer, &what, first)))
        (per_class(report))
        (spread(report.distribution.as_ref(), "Dice"))
        (per_file(report, &worst))
        (tables(report))
        (confidence(&points(report)?))
        (frame(report, &worst, &look))
        (everywhere(&look, "What is bad everywhere is the model, or what the numbers were taken for; what is bad in one place is the \
            scene, the crop or the camera."))
    };
    Ok(page(&format!("soft-dice score: {what}"), &body).into_string())
}

/// The picture of a file: the one that was given, or that of its name in the folder. A frame of a stack has none.
fn under(pictures: Option<&Path>, file: &FileScore) -> Outcome<Option<Grey>> {
    let Some(path) = pictures.filter(|_| file.frame.is_none()) else { return Ok(None) };
    if path.is_file() {
        return Grey::of(path).map(Some);
    }
    let endings = ["jpg", "jpeg", "png", "JPG", "JPEG", "PNG"];
    let named = endings.map(|ending| path.join(format!("{}.{ending}", file.name)));
    match named.iter().find(|path| path.is_file()) {
        Some(found) => Grey::of(found).map(Some),
        None => Err(Failure::new(
            format!("no picture of {} in {}", file.name, path.display()),
            "name pictures as the predictions are, without their suffix: .jpg, .jpeg or .png",
        )),
    }
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

/// What was asked for, and of what.
fn asked<'r>(report: &ScoreReport, scorer: &Scorer, what: &str, first: Option<&FileScore>) -> Vec<(&'r str, String)> {
    let mut rows = vec![("files", what.to_string())];
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
    rows
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
    if let [one] = &report.pooled.classes[..] {
        let of = |name: &str, value| Bar {
            name: name.into(),
            pointer: format!("/pooled/classes/0/{}", name.to_lowercase()),
            value,
            title: "pooled over all files".into(),
        };
        let all = [of("Dice", one.dice), of("precision", one.precision), of("recall", one.recall)];
        return html! { section { h2 { "Pooled over all files" } (bars(&all)) } };
    }
    let hard = report.pooled.classes.iter().any(|class| class.hard.is_some());
    let classes = report.header.classes.iter().zip(&report.pooled.classes).enumerate();
    let rows = classes.map(|(at, (name, class))| {
        let cell = |name: &str, value| figure(&format!("/pooled/classes/{at}/{name}"), value);
        let there = class.sums.t > 0;
        let mut cells =
            vec![cell("dice", class.dice), cell("precision", class.precision), cell("recall", class.recall)];
        if hard {
            cells.push(cell("hard", class.hard));
        }
        let share = if there { format!("{:.2}", 100.0 * share_of(class)) } else { "no pixel".into() };
        cells.push(html! { (share) });
        Row {
            name: name.clone(),
            value: class.dice.filter(|_| there),
            title: format!("{name}: pooled over all files"),
            cells,
        }
    });
    let mut heads = numbers(["Dice", "precision", "recall"]);
    heads.extend(hard.then_some(Head { name: "hard Dice", number: true }));
    heads.push(Head { name: "target, % of pixels", number: true });
    let absent = report.pooled.classes.iter().filter(|class| many && class.sums.t == 0).count();
    html! {
        section {
            h2 { "Classes" }
            p.note { "Pooled over all files." }
            (table("class", &heads, &rows.collect::<Vec<_>>()))
            @if absent > 0 {
                p.note { (absent) " classes have no pixel in the targets, and so no bar: their Dice says nothing of the model." }
            }
        }
    }
}

/// Of the pixels that count, those of the class in the target.
fn share_of(class: &crate::model::ClassScore) -> f64 {
    let sums = &class.sums;
    sums.unit_t.value(sums.t) / (sums.count as f64).max(1.0)
}

fn per_file(report: &ScoreReport, worst: &[FileScore]) -> Markup {
    let files = report.files.len();
    if files < 2 {
        return html! {};
    }
    let hard = worst.iter().any(|file| file.scores.hard.is_some());
    let loss = report.preset.is_some();
    let each = worst.iter().enumerate().map(|(at, file)| {
        let cell = |name: &str, value| figure(&format!("/files/{at}/scores/{name}"), value);
        let scores = &file.scores;
        let mut cells = vec![cell("dice", scores.dice)];
        cells.extend(hard.then(|| cell("hard", scores.hard)));
        cells.extend(loss.then(|| cell("loss", scores.loss)));
        cells.push(cell("confidence", scores.confidence));
        Row {
            name: file.name.clone(),
            value: scores.dice,
            title: format!("{} against {}", file.prediction, file.target),
            cells,
        }
    });
    let mut heads = numbers(["Dice"]);
    heads.extend(hard.then_some(Head { name: "hard Dice", number: true }));
    heads.extend(loss.then_some(Head { name: "loss", number: true }));
    heads.push(Head { name: "confidence", number: true });
    html! {
        section {
            h2 { "Files, the worst first" }
            @if files > FILES { p.note { (files - FILES) " better files are not shown; the JSON has them all." } }
            (table("file", &heads, &each.collect::<Vec<_>>()))
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
            p.note { "A larger dot is several files. Where confidence follows the truth a device can watch itself; where it does not, an alarm would mean nothing." }
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
