//! Events and the worst frames, for a terminal; every frame as CSV.

use super::model::{Seen, WatchReport};
use crate::error::Outcome;
use crate::output::csv::Lines;
use crate::output::table::{Table, number};
use soft_dice::monitor::Baseline;

/// The events, the worst frames, and what it was judged by.
#[must_use]
pub fn text(report: &WatchReport, worst: usize) -> String {
    let mut text = String::new();
    let mut events = Table::new(&["frame", "state", "from", "cause", "confidence", "dice"]);
    for event in &report.events {
        let seen = report.frames.get(event.frame as usize);
        events.row(vec![
            event.frame.to_string(),
            format!("{:?}", event.to),
            format!("{:?}", event.from),
            format!("{:?}", event.cause),
            number(seen.and_then(|seen| seen.confidence)),
            seen.and_then(|seen| seen.dice).map_or(String::new(), |dice| number(Some(dice))),
        ]);
    }
    text += &events.text();
    let mut frames: Vec<&Seen> = report.frames.iter().collect();
    let worth = |seen: &Seen| seen.confidence.unwrap_or(-1.0);
    frames.sort_by(|a, b| worth(a).total_cmp(&worth(b)));
    frames.truncate(worst);
    frames.sort_by_key(|seen| seen.frame);
    if !frames.is_empty() {
        text += &format!("\nThe {} frames of least confidence\n", frames.len());
    }
    let mut table = Table::new(&["frame", "confidence", "dice", "agreement", "area", "invalid", "state"]);
    let share = |q: u16| format!("{:.4}", f64::from(q) / 32768.0);
    for seen in frames {
        table.row(vec![
            seen.frame.to_string(),
            number(seen.confidence),
            seen.dice.map_or(String::new(), |dice| number(Some(dice))),
            seen.report.agreement.map_or("-".into(), share),
            share(seen.report.area),
            if seen.report.invalid > 0 { share(seen.report.invalid) } else { String::new() },
            format!("{:?}", seen.report.state),
        ]);
    }
    text += &table.text();
    text + "\n" + &judged_by(report)
}

/// The thresholds in words.
#[must_use]
pub fn judged_by(report: &WatchReport) -> String {
    let share = |q: u16| f64::from(q) / 32768.0;
    let settings = &report.settings;
    let baseline = match settings.baseline {
        Baseline::Known(level) => format!("baseline {:.4}", share(level)),
        Baseline::Learnt { frames, .. } => format!("baseline learnt from {frames} frames"),
    };
    let mut text = format!(
        "{} frames of {}×{}: {baseline}, allowance {:.4}, limit {:.4}, failing {:.4} below\n",
        report.frames.len(),
        report.height,
        report.width,
        share(settings.drift.allowance),
        share(settings.drift.limit),
        share(settings.failing),
    );
    if let Some(found) = &report.calibration {
        text += &format!(
            "calibrated: healthy confidence {:.4}, deviation {:.4} (at most {:.4}), correlation {:.2}; at most {:.0e} false alarms a frame\n",
            found.mean,
            found.measured.deviation,
            found.noise.deviation,
            found.measured.correlation,
            found.rate.max(1.0e-12)
        );
    }
    if let Some(follows) = report.follows {
        text += &format!("confidence follows the Dice of the masks with a Spearman correlation of {follows:.3}\n");
    }
    let refused = report.frames.iter().filter(|seen| seen.refused.is_some()).count();
    if let Some(why) = report.frames.iter().find_map(|seen| seen.refused.as_ref().map(|why| (seen.frame, why))) {
        text += &format!("{refused} frames could not be read, and count as dropped; frame {}: {}\n", why.0, why.1);
    }
    text
}

/// A line for each frame.
///
/// # Errors
///
/// A full disk.
pub fn csv(report: &WatchReport, mut lines: Lines<'_>) -> Outcome<()> {
    let head = ["frame", "confidence", "dice", "agreement", "area", "invalid", "level", "drift", "state", "cause"];
    lines.line(head)?;
    for seen in &report.frames {
        let share = |q: Option<u16>| q.map_or(String::new(), |q| (f64::from(q) / 32768.0).to_string());
        let real = |x: Option<f64>| x.map_or(String::new(), |x| x.to_string());
        let known = &seen.report;
        let cause = seen.event.map_or(String::new(), |event| format!("{:?}", event.cause));
        lines.line([
            seen.frame.to_string(),
            real(seen.confidence),
            real(seen.dice),
            share(known.agreement),
            share(Some(known.area)),
            share(Some(known.invalid)),
            share(known.level),
            share(Some(known.drift)),
            format!("{:?}", known.state),
            cause,
        ])?;
    }
    lines.end()
}
