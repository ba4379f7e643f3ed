//! The page of `compare`.

use super::figure::{card, figure, said};
use super::look::{everywhere, frames, look};
use super::page::{compared, legend, page};
use super::rows::{Row, numbers, table};
use super::spread::spread;
use crate::args::Common;
use crate::compare::{Comparer, title};
use crate::error::Outcome;
use crate::model::{CompareReport, FileComparison, Whose};
use maud::{Markup, html};
use std::path::Path;

/// Bars of files: the worst. All are in the JSON.
const FILES: usize = 40;

/// The page: figures of the report, and pictures of the files, which are read again.
///
/// # Errors
///
/// Files that have changed since.
pub fn comparisons(report: &CompareReport, comparer: &Comparer, common: &Common) -> Outcome<String> {
    let read = |file: &FileComparison| comparer.read(Path::new(&file.device), Path::new(&file.float));
    let look = look(&report.files, common, report.threshold, read, |_| Ok(None))?;
    let worst = report.files.first(FILES)?;
    let what = match &worst[..] {
        [one] => format!("{} against {}", one.device, one.float),
        _ => format!("{} files", report.files.len()),
    };
    let size =
        worst.first().map_or(String::new(), |one| format!("{} × {} pixels (height × width)", one.height, one.width));
    let captions = worst.iter().enumerate().map(|(at, file)| {
        let agreement = figure(&format!("/files/{at}/comparison/agreement"), file.comparison.agreement);
        (file.name.clone(), html! { "agreement " (agreement) })
    });
    let body = html! {
        (cards(report))
        (warnings(report))
        (losses(report))
        (per_class(report))
        (spread(report.distribution.as_ref(), "agreement"))
        (per_file(report, &worst))
        section {
            h2 { @if report.files.len() > 1 { "The worst frames" } @else { "The frame" } }
            p.note { "The device's mask against the float model's: positive is what the float model says." }
            (legend(report.header.classes.len() > 1))
            (frames(&look, captions))
        }
        (everywhere(&look, "A quantised model differs along the edges of what it finds; a wrong reading of its numbers differs everywhere."))
        (codes(report))
        (compared(&report.header, &report.read, &[
            ("files", what.clone()),
            ("size", size),
            ("hard masks", format!("cut at {}", report.threshold)),
        ]))
    };
    Ok(page(&format!("soft-dice compare: {what}"), &body).into_string())
}

fn cards(report: &CompareReport) -> Markup {
    let pooled = &report.pooled;
    html! {
        div.cards {
            (card("agreement", "/pooled/agreement", pooled.agreement, "semimetric soft Dice of device and float model"))
            @if report.files.len() > 1 {
                (card("mean agreement", "/mean_agreement", report.mean_agreement, &format!("over {} files", report.files.len())))
            }
            (card("hard masks", "/pooled/hard_at_least", pooled.hard_at_least, "Dice of the two masks"))
            @if let Some(against) = &report.against {
                (card("float model", "/against/float", against.float, "soft Dice with the target"))
                (card("device", "/against/device", against.device, "soft Dice with the target"))
            }
            (said("likely mistakes", &report.warnings.len().to_string(), "in how the numbers were read"))
        }
    }
}

fn warnings(report: &CompareReport) -> Markup {
    html! {
        @for warning in &report.warnings {
            div.warning { p {
                strong { (title(warning.mistake)) } ", in " (warning.files.len()) " of " (report.files.len()) " files: " (warning.message)
                @match warning.whose {
                    Whose::Device => { " It changes the device's side." }
                    Whose::Float => { " It changes the float model's side." }
                    Whose::Either => {}
                }
            } }
        }
    }
}

/// Where 1 − agreement comes from, as parts of a bar.
fn losses(report: &CompareReport) -> Markup {
    let loss = &report.pooled.loss;
    let parts = [
        ("quantisation", loss.quantisation, "what the nearest code would lose as well"),
        ("ties", loss.ties, "codes exactly on the threshold"),
        ("disagreement", loss.disagreement, "all other: what the device computed otherwise"),
    ];
    let whole = parts.iter().map(|part| part.1.max(0.0)).sum::<f64>();
    let flips = &report.pooled.flips;
    html! {
        section {
            h2 { "Where the loss comes from" }
            @if whole > 0.0 {
                div.split {
                    @for (name, part, why) in parts {
                        span class=(name) title=(why) style={ "width:" (format!("{:.2}", 100.0 * part.max(0.0) / whole)) "%" } {}
                    }
                }
            }
            p.legend {
                @for (name, part, why) in parts {
                    span { i class=(name) {} (name) " " (figure(&format!("/pooled/loss/{name}"), Some(part))) span.note { " " (why) } }
                }
            }
            p.note {
                "Of " (flips.of) " pixels " (flips.ties + flips.quantisation + flips.disagreement) " change sides of the threshold; "
                (flips.on_threshold) " codes lie exactly on it, where > and ≥ differ."
            }
        }
    }
}

/// Agreement of each class that either side has anything of, and what argmax makes of it.
fn per_class(report: &CompareReport) -> Markup {
    let pooled = &report.pooled;
    let Some(argmax) = &pooled.argmax else { return html! {} };
    let there = |class: &usize| pooled.sums.get(*class).is_some_and(|sums| sums.p > 0 || sums.t > 0);
    let classes: Vec<usize> = (0..report.header.classes.len()).filter(there).collect();
    let rows = classes.iter().map(|&class| {
        let flips = argmax.classes.get(class).copied().unwrap_or_default();
        let agreement = pooled.agreements.get(class).copied().flatten();
        Row {
            name: report.header.classes[class].clone(),
            // A class that is nowhere the greatest has a bar that says nothing.
            value: agreement.filter(|_| flips.device > 0 || flips.float > 0),
            title: format!(
                "greatest at {} pixels of the device and {} of the float model, {} of them the same",
                flips.device, flips.float, flips.both
            ),
            cells: vec![
                figure(&format!("/pooled/agreements/{class}"), agreement),
                figure(&format!("/pooled/argmax/classes/{class}/dice"), flips.dice),
                html! { (flips.device) },
                html! { (flips.float) },
                html! { (flips.both) },
            ],
        }
    });
    html! {
        section {
            h2 { "Agreement of classes" }
            (table("class", &numbers(["agreement", "Dice under argmax", "pixels, device", "pixels, float", "on both"]), &rows.collect::<Vec<_>>()))
            p.note {
                "Under argmax " (argmax.flips) " of " (argmax.of) " pixels change their class; at " (argmax.ties)
                " of these the float model's class is as high on the device, and an earlier one is taken. Classes that neither side has anything of are left out."
            }
        }
    }
}

fn per_file(report: &CompareReport, worst: &[FileComparison]) -> Markup {
    let files = report.files.len();
    if files < 2 {
        return html! {};
    }
    let against = report.against.is_some();
    let each = worst.iter().enumerate().map(|(at, file)| {
        let cell = |name: &str, value| figure(&format!("/files/{at}/{name}"), value);
        let of = &file.comparison;
        let mut cells = vec![
            cell("comparison/agreement", of.agreement),
            cell("comparison/loss/quantisation", Some(of.loss.quantisation)),
            cell("comparison/loss/ties", Some(of.loss.ties)),
            cell("comparison/loss/disagreement", Some(of.loss.disagreement)),
        ];
        if let Some(against) = file.against.filter(|_| against) {
            cells.extend([cell("against/float", against.float), cell("against/device", against.device)]);
        }
        Row {
            name: file.name.clone(),
            value: of.agreement,
            title: format!("{} against {}", file.device, file.float),
            cells,
        }
    });
    let mut heads = numbers(["agreement", "quantisation", "ties", "disagreement"]);
    if against {
        heads.extend(numbers(["Dice, float", "Dice, device"]));
    }
    html! {
        section {
            h2 { "Files, the worst first" }
            @if files > FILES { p.note { (files - FILES) " better files are not shown; the JSON has them all." } }
            (table("file", &heads, &each.collect::<Vec<_>>()))
        }
    }
}

/// How often the device wrote each number, by the logarithm.
fn codes(report: &CompareReport) -> Markup {
    let codes = &report.pooled.codes;
    let most = codes.histogram.iter().copied().max().unwrap_or(0) as f64;
    let steps = codes.histogram.len().max(1) as f64;
    let height = |count: u64| 90.0 * (count as f64).ln_1p() / most.max(1.0).ln_1p();
    html! {
        section {
            h2 { "What the device wrote" }
            svg.histogram viewBox="0 0 1000 112" role="img" aria-label="How often each code occurs, by the logarithm" {
                @for (at, &count) in codes.histogram.iter().enumerate().filter(|(_, count)| **count > 0) {
                    @let tall = height(count);
                    rect x=(format!("{:.2}", at as f64 * 1000.0 / steps)) y=(format!("{:.1}", 92.0 - tall))
                        width=(format!("{:.2}", 0.86 * 1000.0 / steps)) height=(format!("{tall:.1}")) {
                        title { "step " (at) ": " (count) }
                    }
                }
                line.grid x1="0" x2="1000" y1="92.5" y2="92.5" {}
                text x="0" y="108" { "lowest code" }
                text x="1000" y="108" text-anchor="end" { "highest code" }
            }
            p.note {
                @if let (Some(used), Some(of)) = (codes.used, codes.of) { (used) " of " (of) " codes are used; " }
                (codes.lowest) " values at the lowest, " (codes.highest) " at the highest, " (codes.clamped) " clamped. Heights are logarithms of counts."
            }
        }
    }
}
