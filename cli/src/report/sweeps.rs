//! What was asked for beside the scores: thresholds, reliability, unions of classes, and which class is taken for which.

use super::figure::figure;
use crate::model::ScoreReport;
use crate::sweep::Sweep;
use maud::{Markup, html};

/// Classes whose curves are drawn.
const DRAWN: usize = 6;
const SIDE: f64 = 240.0;
const LEFT: f64 = 40.0;
const ABOVE: f64 = 12.0;
const BELOW: f64 = 38.0;

/// All of them that were asked for.
pub fn tables(report: &ScoreReport) -> Markup {
    html! {
        @if let Some(sweeps) = &report.sweep { (curves(sweeps)) }
        @if !report.regions.is_empty() {
            section {
                h2 { "Unions of classes" }
                div.wide { table.events {
                    thead { tr { th { "union" } th { "classes" } th { "pooled Dice" } th { "mean over files" } } }
                    tbody { @for (at, region) in report.regions.iter().enumerate() { tr {
                        td { (region.name) }
                        td { @for (at, &class) in region.classes.iter().enumerate() { @if at > 0 { " + " } (named(report, class)) } }
                        td { (figure(&format!("/regions/{at}/pooled"), region.pooled)) }
                        td { (figure(&format!("/regions/{at}/mean"), region.mean)) }
                    } } }
                } }
            }
        }
        @if let Some(confusion) = &report.confusion { (confused(report, confusion)) }
    }
}

fn named(report: &ScoreReport, class: usize) -> &str {
    report.header.classes.get(class).map_or("", String::as_str)
}

fn curves(sweeps: &[Sweep]) -> Markup {
    html! {
        section {
            h2 { "Thresholds, and whether probabilities mean what they say" }
            @for (at, sweep) in sweeps.iter().enumerate().take(DRAWN) {
                @if sweeps.len() > 1 { h3 { (sweep.class) } }
                div.beside {
                    div {
                        (axes("threshold", "hard Dice", &html! {
                            polyline.known points=(line(sweep.thresholds.iter().filter_map(|at| Some((at.threshold, at.dice?))))) {}
                            @if let Some(best) = sweep.best {
                                line.mark x1=(x(best.threshold)) x2=(x(best.threshold)) y1=(ABOVE) y2=(ABOVE + SIDE) {}
                            }
                        }))
                        p.note {
                            @if let Some(best) = sweep.best {
                                "Best at " (format!("{:.2}", best.threshold)) ": hard Dice "
                                (figure(&format!("/sweep/{at}/best/dice"), best.dice)) "; at 0.50 it is "
                                (figure(&format!("/sweep/{at}/half/dice"), sweep.half.and_then(|half| half.dice))) "."
                            }
                        }
                    }
                    div {
                        (axes("mean probability of a tenth", "share that is right", &html! {
                            line.diagonal x1=(x(0.0)) y1=(y(0.0)) x2=(x(1.0)) y2=(y(1.0)) {}
                            polyline.known points=(line(sweep.reliability.iter().filter_map(|tenth| tenth.confidence.zip(tenth.accuracy)))) {}
                            @for tenth in &sweep.reliability {
                                @if let Some((confidence, accuracy)) = tenth.confidence.zip(tenth.accuracy) {
                                    circle.point cx=(x(confidence)) cy=(y(accuracy)) r="3.5" {
                                        title { (tenth.count) " pixels: mean probability " (format!("{confidence:.3}, right {accuracy:.3}")) }
                                    }
                                }
                            }
                        }))
                        p.note { "Expected calibration error " (figure(&format!("/sweep/{at}/calibration_error"), sweep.calibration_error))
                            ". Below the diagonal the model is surer than it is right." }
                    }
                }
            }
            @if sweeps.len() > DRAWN { p.note { "The curves of " (sweeps.len() - DRAWN) " more classes are in the JSON." } }
        }
    }
}

/// Columns of shares: what the target's class was taken for.
fn confused(report: &ScoreReport, confusion: &[Vec<u64>]) -> Markup {
    let many = report.header.classes.len() > 1;
    let name = |class: usize| if many { named(report, class) } else { ["background", "foreground"][class.min(1)] };
    html! {
        section {
            h2 { "What is taken for what" }
            div.wide { table.events {
                thead { tr { th { "target" } @for class in 0..confusion.len() { th { "as " (name(class)) } } } }
                tbody { @for (class, row) in confusion.iter().enumerate() {
                    @let all = row.iter().sum::<u64>();
                    tr {
                        td { (name(class)) }
                        @for &count in row {
                            td.number title=(count) { @if all > 0 { (format!("{:.2} %", 100.0 * count as f64 / all as f64)) } @else { "-" } }
                        }
                    }
                } }
            } }
            p.note { "Each row sums to all pixels that the target has of the class; point at a share for its pixels." }
        }
    }
}

fn x(share: f64) -> String {
    format!("{:.1}", LEFT + share * SIDE)
}

fn y(share: f64) -> String {
    format!("{:.1}", ABOVE + (1.0 - share) * SIDE)
}

fn line(points: impl Iterator<Item = (f64, f64)>) -> String {
    points.map(|(across, up)| format!("{},{}", x(across), y(up))).collect::<Vec<_>>().join(" ")
}

/// A square from 0 to 1 both ways.
fn axes(across: &str, up: &str, within: &Markup) -> Markup {
    html! {
        svg.square viewBox={ "0 0 " (LEFT + SIDE + 14.0) " " (ABOVE + SIDE + BELOW) } role="img" aria-label={ (up) " over " (across) } {
            @for fifth in 0..=5 {
                @let share = f64::from(fifth) / 5.0;
                line.grid x1=(x(0.0)) x2=(x(1.0)) y1=(y(share)) y2=(y(share)) {}
                text x=(LEFT - 6.0) y=(format!("{:.1}", ABOVE + (1.0 - share) * SIDE + 4.0)) text-anchor="end" { (format!("{share:.1}")) }
                text x=(x(share)) y=(ABOVE + SIDE + 15.0) text-anchor="middle" { (format!("{share:.1}")) }
            }
            (within)
            text x=(x(0.5)) y=(ABOVE + SIDE + 32.0) text-anchor="middle" { (across) }
            text transform={ "translate(11 " (y(0.5)) ") rotate(-90)" } text-anchor="middle" { (up) }
        }
    }
}
