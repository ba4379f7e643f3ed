//! The page of `watch`.

use super::figure::{card, figure, said};
use super::moments::worst;
use super::page::{compared, page};
use super::scatter::{Point, scatter};
use crate::args::WatchArgs;
use crate::watch::coverage::curve;
use crate::watch::model::{WatchReport, both};
use crate::watch::plot::series;
use crate::watch::table::{judged_by, warnings};
use maud::{Markup, html};

/// The page.
#[must_use]
pub fn watched(report: &WatchReport, args: Option<&WatchArgs>) -> String {
    let body = html! {
        (cards(report))
        @for warning in warnings(report).lines() { div.warning { p { (warning) } } }
        section {
            h2 { "Over the frames" }
            div.wide { (series(report)) }
            (states())
        }
        (events(report))
        (confidence(report))
        @if let Some(alarm) = &report.alarm {
            section { h2 { "What confidence is worth" } (curve(alarm)) }
        }
        // Of a device's log there is no recording to be looked at again.
        @if let Some(args) = args { (worst(report, args)) }
        (compared(&report.header, &report.read, &[
            ("file", report.recording.clone()),
            ("mask", args.map_or_else(|| "as the device has it".into(), |args| format!("foreground from {} on", args.threshold))),
            ("pictures", report.picture.clone().unwrap_or_else(|| "none: edge and detail were not watched".into())),
            ("masks", report.target.clone().unwrap_or_else(|| "none: the device's view alone".into())),
        ]))
        section {
            h2 { "What it was judged by" }
            @for line in judged_by(report).lines() { p { (line) } }
        }
    };
    page(&format!("soft-dice {}: {}", report.header.command, report.recording), &body).into_string()
}

fn cards(report: &WatchReport) -> Markup {
    let least = report
        .frames
        .iter()
        .filter(|seen| seen.confidence.is_some())
        .min_by(|a, b| a.confidence.unwrap_or(1.0).total_cmp(&b.confidence.unwrap_or(1.0)));
    let alarms = report.events.iter().filter(|event| event.cause != soft_dice::monitor::Cause::Learnt).count();
    html! {
        div.cards {
            (said("at the end", &format!("{:?}", report.state), &format!("after {} frames", report.frames.len())))
            (said("changes of state", &alarms.to_string(), "without the first, when the baseline is known"))
            @if let Some(seen) = least {
                (card("least confidence", &format!("/frames/{}/confidence", seen.frame), seen.confidence,
                    &format!("frame {}", seen.frame)))
            }
            @if report.follows.is_some() {
                (card("follows the truth", "/follows", report.follows,
                    &format!("Spearman correlation of confidence and Dice over {} frames", both(&report.frames).len())))
            }
        }
    }
}

fn states() -> Markup {
    html! {
        p.legend {
            @for (band, name) in [("warming", "warming up"), ("degraded", "degraded"), ("failed", "failed"), ("silent", "no signal")] {
                span { i style={ "background:var(--" (band) ")" } {} (name) }
            }
            span { "no band: healthy" }
        }
    }
}

fn events(report: &WatchReport) -> Markup {
    html! {
        section {
            h2 { "Changes of state" }
            @if report.events.is_empty() { p { "None: the baseline was not learnt, or all was well from a known one on." } }
            @else {
                div.wide { table.events {
                    thead { tr { th { "frame" } th { "to" } th { "from" } th { "why" } th { "confidence" } @if report.target.is_some() { th { "soft Dice" } } } }
                    tbody { @for event in &report.events {
                        @let found = report.seen(event.frame);
                        @let at = found.map_or(event.frame as usize, |(at, _)| at);
                        @let seen = found.map(|(_, seen)| seen);
                        tr {
                            td.number { (event.frame) }
                            td { (format!("{:?}", event.to)) }
                            td { (format!("{:?}", event.from)) }
                            td { (format!("{:?}", event.cause)) }
                            td { (figure(&format!("/frames/{at}/confidence"), seen.and_then(|seen| seen.confidence))) }
                            @if report.target.is_some() {
                                td { (figure(&format!("/frames/{at}/dice"), seen.and_then(|seen| seen.dice))) }
                            }
                        }
                    } }
                } }
            }
        }
    }
}

fn confidence(report: &WatchReport) -> Markup {
    let points: Vec<Point> = report
        .frames
        .iter()
        .filter_map(|seen| {
            let (confidence, dice) = seen.confidence.zip(seen.dice)?;
            Some(Point { name: format!("frame {}", seen.frame), confidence, dice })
        })
        .collect();
    if points.is_empty() {
        return html! {};
    }
    html! {
        section {
            h2 { "What the device knew, and what was true" }
            div.beside {
                p { "A frame on the diagonal knows how good it is; one far below is sure and wrong. One far to the left of it says less "
                    "of itself than is true: a mask that has fallen below the threshold has no confidence, whatever remains of the map." }
                (scatter(&points))
            }
        }
    }
}
