//! What stands about the table: how the files were read, what was left alone, what looks wrong and what failed.

use super::table::{Table, number};
use crate::model::{Failed, Left, ScoreReport};
use crate::said::Said;
use crate::suspicion::Caution;
use crate::sweep::At;
use std::fmt::Write;

/// A line for each way in which a side was read, up to so many.
const SHOWN: usize = 4;
/// Of every command, in the order in which they are told.
pub const SIDES: [&str; 5] = ["prediction", "recording", "device", "float model", "target"];

/// How each side was read.
#[must_use]
pub fn read(all: &[Said]) -> String {
    let mut text = String::new();
    for side in SIDES {
        let ways: Vec<&Said> = all.iter().filter(|said| said.side == side).collect();
        for said in ways.iter().take(SHOWN) {
            let files = if ways.len() > 1 { format!(" of {} files", said.files) } else { String::new() };
            let _ = writeln!(text, "{side}{files} {}", said.line());
        }
        if ways.len() > SHOWN {
            let _ = writeln!(text, "{side}s read in {} other ways are in the JSON", ways.len() - SHOWN);
        }
    }
    text
}

/// Thresholds and classes, where they were asked for.
#[must_use]
pub fn tables(report: &ScoreReport) -> String {
    let mut text = String::new();
    for sweep in report.sweep.iter().flatten() {
        let class = if report.header.classes.len() > 1 { format!("class {}: ", sweep.class) } else { String::new() };
        let at = |at: Option<At>| number(at.and_then(|at| at.dice));
        let best = sweep.best.map_or(String::new(), |best| format!("best threshold {:.2}: ", best.threshold));
        let _ = writeln!(
            text,
            "{class}{best}hard Dice {} (at 0.50 {}), expected calibration error {}",
            at(sweep.best),
            at(sweep.half),
            number(sweep.calibration_error)
        );
    }
    for region in &report.regions {
        let (pooled, mean) = (number(region.pooled), number(region.mean));
        let _ = writeln!(text, "region {}: pooled Dice {pooled}, mean over files {mean}", region.name);
    }
    if let Some(confusion) = &report.confusion {
        let one = ["background".to_string(), "foreground".to_string()];
        let names = if report.header.classes.len() > 1 { &report.header.classes[..] } else { &one };
        let mut table = Table::new(&["target \\ taken for"]);
        table.row(std::iter::once(String::new()).chain(names.iter().cloned()).collect());
        for (name, row) in names.iter().zip(confusion) {
            table.row(std::iter::once(name.clone()).chain(row.iter().map(u64::to_string)).collect());
        }
        text += &table.text();
    }
    text
}

/// What was left alone, what looks wrong and what failed.
#[must_use]
pub fn after(report: &ScoreReport) -> String {
    let Left { predictions, targets, others, folders } = report.left;
    let mut text = String::new();
    let counts = [
        (predictions, "predictions without a target"),
        (targets, "targets without a prediction"),
        (others, "other files"),
        (folders, "folders within (`--recursive` looks into them)"),
    ];
    let counts: Vec<String> =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    if !counts.is_empty() {
        let _ = writeln!(text, "left alone: {}", counts.join(", "));
    }
    text + &cautions(&report.warnings) + &failed(&report.failed)
}

fn cautions(cautions: &[Caution]) -> String {
    let line = |caution: &Caution| {
        let files = if caution.files > 1 { format!(" (in {} files)", caution.files) } else { String::new() };
        format!("warning{files}: {}\n", caution.message)
    };
    cautions.iter().map(line).collect()
}

fn failed(failed: &[Failed]) -> String {
    failed.iter().map(|Failed { name, reason }| format!("failed: {name}: {reason}\n")).collect()
}
