//! A line for each file and class.

use crate::error::{Failure, Outcome};
use crate::model::{CompareReport, ScoreReport};
use std::io::Write;

/// Lines, as they are written.
pub struct Lines<'w>(csv::Writer<&'w mut dyn Write>);

impl<'w> Lines<'w> {
    /// Into this file.
    pub fn new(file: &'w mut dyn Write) -> Self {
        Self(csv::Writer::from_writer(file))
    }

    /// One line.
    ///
    /// # Errors
    ///
    /// A full disk.
    pub fn line<C: AsRef<[u8]>>(&mut self, cells: impl IntoIterator<Item = C>) -> Outcome<()> {
        self.0.write_record(cells).map_err(full)
    }

    /// What is still to be written.
    ///
    /// # Errors
    ///
    /// A full disk.
    pub fn end(mut self) -> Outcome<()> {
        self.0.flush().map_err(full)
    }
}

fn full(error: impl std::fmt::Display) -> Failure {
    Failure::new(format!("the CSV cannot be written: {error}"), "free some space, or name another place")
}

/// Scores as CSV: of each class, and beside them the file's own (mean over classes, loss, confidence). Sums are in codes: `unit_p` and `unit_t` say what one is.
///
/// # Errors
///
/// A full disk.
pub fn scores(report: &ScoreReport, mut lines: Lines<'_>) -> Outcome<()> {
    let head = [
        "file",
        "class",
        "dice",
        "precision",
        "recall",
        "hard",
        "mean",
        "loss",
        "confidence",
        "pixels",
        "ignored",
        "invalid",
        "clamped",
        "sum_p",
        "sum_t",
        "sum_pt",
        "unit_p",
        "unit_t",
    ];
    lines.line(head)?;
    for file in report.files.each() {
        let file = file?;
        for (class, name) in file.scores.classes.iter().zip(&report.header.classes) {
            let number = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
            let r = &class.sums;
            let [dice, precision, recall, hard] = [class.dice, class.precision, class.recall, class.hard].map(number);
            let counts = [r.count, r.ignored, r.invalid, r.clamped].map(|count| count.to_string());
            let sums = [r.p, r.t, r.pt].map(|sum| sum.to_string());
            let units = [r.unit_p, r.unit_t].map(|unit| unit.value(1).to_string());
            let scores = &file.scores;
            let [mean, loss, confidence] = [scores.dice, scores.loss, scores.confidence].map(number);
            let mut line = vec![file.name.clone(), name.clone(), dice, precision, recall, hard, mean, loss, confidence];
            line.extend(counts.into_iter().chain(sums).chain(units));
            lines.line(&line)?;
        }
    }
    lines.end()
}

/// A comparison as CSV: a line for each file, whose class is `all`, and one for each class where there are several.
/// `argmax` is the Dice of the class's pixels under argmax, and of all classes the share of pixels that keep theirs.
///
/// # Errors
///
/// As [`scores`].
pub fn comparisons(report: &CompareReport, mut lines: Lines<'_>) -> Outcome<()> {
    let head = [
        "file",
        "class",
        "agreement",
        "argmax",
        "argmax_flips",
        "loss_quantisation",
        "loss_ties",
        "loss_disagreement",
        "hard_at_least",
        "hard_above",
        "flips_ties",
        "flips_quantisation",
        "flips_disagreement",
        "on_threshold",
        "codes_used",
        "lowest",
        "highest",
        "clamped",
        "float_dice",
        "device_dice",
    ];
    lines.line(head)?;
    let number = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
    for file in report.files.each() {
        let file = file?;
        let (c, against) = (&file.comparison, file.against.unwrap_or_default());
        let argmax = c.argmax.as_ref();
        let kept = argmax.map(|all| (all.of - all.flips) as f64 / all.of.max(1) as f64);
        let flips = argmax.map_or(String::new(), |all| all.flips.to_string());
        let mut line = vec![file.name.clone(), "all".into(), number(c.agreement), number(kept), flips];
        line.extend([c.loss.quantisation, c.loss.ties, c.loss.disagreement].map(|part| part.to_string()));
        line.extend([c.hard_at_least, c.hard_above].map(number));
        line.extend(
            [c.flips.ties, c.flips.quantisation, c.flips.disagreement, c.flips.on_threshold].map(|n| n.to_string()),
        );
        line.push(c.codes.used.map_or(String::new(), |used| used.to_string()));
        line.extend([c.codes.lowest, c.codes.highest, c.codes.clamped].map(|n| n.to_string()));
        line.extend([against.float, against.device].map(number));
        lines.line(&line)?;
        for (class, name) in report.header.classes.iter().enumerate().filter(|_| report.header.classes.len() > 1) {
            let flips = argmax.and_then(|all| all.classes.get(class));
            // Pixels that have the class on one side alone.
            let moved = flips.map_or(String::new(), |class| (class.device + class.float - 2 * class.both).to_string());
            let agreement = number(c.agreements.get(class).copied().flatten());
            let mut line =
                vec![file.name.clone(), name.clone(), agreement, number(flips.and_then(|class| class.dice)), moved];
            line.resize(head.len(), String::new());
            lines.line(&line)?;
        }
    }
    lines.end()
}
