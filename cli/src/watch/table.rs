//! Events and the worst frames, for a terminal; every frame as CSV.

use super::alarm::Alarm;
use super::model::{Promised, Seen, WatchReport, both};
use crate::error::Outcome;
use crate::output::csv::Lines;
use crate::output::notes;
use crate::output::table::{Table, number};
use crate::suspicion::Caution;
use soft_dice::monitor::{Baseline, Signal, Watched};

/// The events, the worst frames, and what it was judged by.
#[must_use]
pub fn text(report: &WatchReport, worst: usize) -> String {
    let mut text = String::new();
    let mut events = Table::new(&["frame", "state", "from", "cause", "over", "confidence", "dice"]);
    for event in &report.events {
        let seen = report.seen(event.frame).map(|(_, seen)| seen);
        events.row(vec![
            event.frame.to_string(),
            format!("{:?}", event.to),
            format!("{:?}", event.from),
            format!("{:?}", event.cause),
            format!("{:.2}", f64::from(event.over) / 256.0),
            number(seen.and_then(|seen| seen.confidence)),
            seen.and_then(|seen| seen.dice).map_or(String::new(), |dice| number(Some(dice))),
        ]);
    }
    text += &format!("{}\n{}", notes::read(&report.read), events.text());
    let mut frames: Vec<&Seen> = report.frames.iter().collect();
    let worth = |seen: &Seen| seen.confidence.unwrap_or(-1.0);
    frames.sort_by(|a, b| worth(a).total_cmp(&worth(b)));
    frames.truncate(worst);
    if !frames.is_empty() {
        text += &format!("\nThe {} frames of least confidence, the least first\n", frames.len());
    }
    let mut table =
        Table::new(&["frame", "confidence", "dice", "agreement", "edge", "detail", "area", "invalid", "state"]);
    let share = |q: u16| format!("{:.4}", f64::from(q) / 32768.0);
    let octaves = |log: i16| format!("{:+.3}", f64::from(log) / 2048.0);
    for seen in frames {
        table.row(vec![
            seen.frame.to_string(),
            number(seen.confidence),
            seen.dice.map_or(String::new(), |dice| number(Some(dice))),
            seen.report.agreement.map_or("-".into(), share),
            seen.report.edge.map_or(String::new(), octaves),
            seen.report.detail.map_or(String::new(), octaves),
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
    let Some(settings) = &report.settings else {
        return format!(
            "{} frames that a device has reported; what it judges by is not known: give `--settings`\n",
            report.frames.len()
        );
    };
    let Watched { baseline, drift, settled } = settings.confidence;
    let (baseline, drift) = match baseline {
        Baseline::Known(level) => (
            format!("baseline {:.4}", share(level)),
            format!("allowance {:.4}, limit {:.4}", share(drift.allowance), share(drift.limit)),
        ),
        Baseline::Learnt { frames, refined, .. } => (
            format!("baseline learnt from {frames} frames, settled with {refined}"),
            format!(
                "allowance {:.4}, limit {:.4} (settled: at least {:.4}, {:.4})",
                share(drift.allowance),
                share(drift.limit),
                share(settled.allowance),
                share(settled.limit)
            ),
        ),
    };
    let size = if report.height > 0 { format!("of {}×{}", report.height, report.width) } else { "of a device".into() };
    let mut text = format!(
        "{} frames {size}: {baseline}, {drift}, failing {:.4} below\n",
        report.frames.len(),
        share(settings.failing),
    );
    text += match &report.picture {
        Some(_) => "signals: confidence, agreement, and with the picture edge and detail\n",
        None => "signals: confidence and agreement; no picture: a mask that is mirrored, slipped or late goes unseen\n",
    };
    if let Some(Promised { tuned, rests_on }) = &report.calibration {
        for found in tuned.signals.into_iter().flatten() {
            text += &format!(
                "calibrated {}: a fall of {:.4}{}, allowance {:.4}, limit {:.4}; {} readings, deviation {:.4}, correlation {:.2}; \
                 a baseline needs {:.0} frames\n",
                format!("{:?}", found.signal).to_lowercase(),
                found.fall,
                if found.fall > found.asked {
                    format!(", the least (asked: {:.4})", found.asked)
                } else {
                    String::new()
                },
                share(found.drift.allowance),
                share(found.drift.limit),
                found.readings,
                found.noise.deviation,
                found.noise.correlation,
                found.needs.ceil().max(1.0),
            );
        }
        for (signal, _) in Signal::ALL.into_iter().zip(tuned.off).filter(|(_, off)| *off) {
            let name = format!("{signal:?}").to_lowercase();
            text += &format!("calibrated {name}: no fall can be promised on these frames, and it is switched off\n");
        }
        let watched = [true, settings.flicker.is_some(), settings.edge.is_some(), settings.detail.is_some()];
        for (at, signal) in Signal::ALL.into_iter().enumerate() {
            let seen = report.picture.is_some() || !matches!(signal, Signal::Edge | Signal::Detail);
            if seen && watched[at] && tuned.signals[at].is_none() {
                let name = format!("{signal:?}").to_lowercase();
                text += &format!(
                    "not calibrated: {name}, of which there are too few readings; its thresholds are as they were\n"
                );
            }
        }
        text += &format!("promised: {rests_on}; alarms in those frames themselves: {}\n", tuned.alarms);
    }
    if let Some(alarm) = &report.alarm {
        text += &judged(alarm);
    }
    if let Some(follows) = report.follows {
        let frames = both(&report.frames).len();
        text += &format!(
            "over {frames} frames confidence follows the Dice of the masks with a Spearman correlation of {follows:.3}\n"
        );
    }
    text += &warnings(report);
    let refused = report.frames.iter().filter(|seen| seen.refused.is_some()).count();
    if let Some(why) = report.frames.iter().find_map(|seen| seen.refused.as_ref().map(|why| (seen.frame, why))) {
        text += &format!("{refused} frames could not be read, and count as dropped; frame {}: {}\n", why.0, why.1);
    }
    text
}

/// What looks wrong in how the codes were read, a line each.
#[must_use]
pub fn warnings(report: &WatchReport) -> String {
    let line = |caution: &Caution| {
        format!("warning (in {} of {} frames): {}\n", caution.files, report.frames.len(), caution.message)
    };
    report.warnings.iter().map(line).collect()
}

/// How good the alarm was, in words.
fn judged(alarm: &Alarm) -> String {
    let mut text = match (alarm.first_lasting, alarm.before) {
        (None, _) => format!("no lasting Dice below {}: {} such frames\n", alarm.bad, alarm.failing),
        (Some(at), None) => format!("Dice below {} from frame {at} on: no alarm\n", alarm.bad),
        (Some(at), Some(before)) => format!(
            "Dice below {} from frame {at} on: alarm {} frames {}\n",
            alarm.bad,
            before.unsigned_abs(),
            if before >= 0 { "before" } else { "after" }
        ),
    };
    text += &format!(
        "false alarms: {} in {} healthy frames (95 %: {:.1e} to {:.1e} a frame)\n",
        alarm.false_alarms, alarm.healthy, alarm.false_rate[0], alarm.false_rate[1]
    );
    let mut table = Table::new(&["signal", "frames", "Spearman", "AUROC", "AUPRC"]);
    for told in alarm.signals.iter().filter(|told| told.frames > 0) {
        table.row(vec![
            told.signal.clone(),
            told.frames.to_string(),
            number(told.spearman),
            number(told.auroc),
            number(told.auprc),
        ]);
    }
    text += &table.text();
    if let Some(aurc) = alarm.aurc {
        text += &format!("area under the risk-coverage curve of confidence: {aurc:.4}\n");
    }
    text
}

/// A line for each frame.
///
/// # Errors
///
/// A full disk.
pub fn csv(report: &WatchReport, mut lines: Lines<'_>) -> Outcome<()> {
    let head = [
        "frame",
        "confidence",
        "dice",
        "hard",
        "agreement",
        "edge",
        "detail",
        "area",
        "invalid",
        "level",
        "drift",
        "state",
        "cause",
    ];
    lines.line(head)?;
    for seen in &report.frames {
        let share = |q: Option<u16>| q.map_or(String::new(), |q| (f64::from(q) / 32768.0).to_string());
        let real = |x: Option<f64>| x.map_or(String::new(), |x| x.to_string());
        let octaves = |log: Option<i16>| log.map_or(String::new(), |log| (f64::from(log) / 2048.0).to_string());
        let known = &seen.report;
        let cause = seen.event.map_or(String::new(), |event| format!("{:?}", event.cause));
        lines.line([
            seen.frame.to_string(),
            real(seen.confidence),
            real(seen.dice),
            real(seen.hard),
            share(known.agreement),
            octaves(known.edge),
            octaves(known.detail),
            share(Some(known.area)),
            share(Some(known.invalid)),
            share(known.level),
            (f64::from(known.drift) / 256.0).to_string(),
            format!("{:?}", known.state),
            cause,
        ])?;
    }
    lines.end()
}
