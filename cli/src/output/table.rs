//! Columns for a terminal.

use super::notes;
use crate::compare::title;
use crate::error::{Failure, Outcome};
use crate::model::{CompareReport, Comparison, ScoreReport, Scores};
use std::io::Write;

/// Text in columns: the first to the left, the others to the right.
#[derive(Debug, Default)]
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// With these names above.
    #[must_use]
    pub fn new(head: &[&str]) -> Self {
        Self { rows: vec![head.iter().map(|cell| (*cell).to_string()).collect()] }
    }

    /// One row more.
    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// As lines. Columns in which no row has anything are left out.
    #[must_use]
    pub fn text(&self) -> String {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let cell = |row: &Vec<String>, at: usize| row.get(at).cloned().unwrap_or_default();
        let kept: Vec<(usize, usize)> = (0..columns)
            .filter(|&at| at == 0 || self.rows.iter().skip(1).any(|row| !cell(row, at).is_empty()))
            .map(|at| (at, self.rows.iter().map(|row| cell(row, at).chars().count()).max().unwrap_or(0)))
            .collect();
        let mut text = String::new();
        for row in &self.rows {
            let mut line = String::new();
            for &(at, width) in &kept {
                let cell = cell(row, at);
                let gap = " ".repeat(width - cell.chars().count());
                line += &if at == 0 { format!("{cell}{gap}") } else { format!("  {gap}{cell}") };
            }
            text += line.trim_end();
            text.push('\n');
        }
        text
    }
}

/// Four places, as a table has them: more in JSON and CSV.
#[must_use]
pub fn number(value: Option<f64>) -> String {
    value.map_or("-".into(), |value| format!("{value:.4}"))
}

/// Empty where it was not asked for.
fn asked(wanted: bool, value: Option<f64>) -> String {
    if wanted { number(value) } else { String::new() }
}

/// To the standard output.
///
/// # Errors
///
/// It is full. A reader that has gone away (`| head`) is no error.
pub fn print(text: &str) -> Outcome<()> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::new(format!("the standard output: {}", crate::read::plain(&error)), "free some space"))
        }
        _ => Ok(()),
    }
}

/// The table of `score`: the worst files, and all of them together.
///
/// # Errors
///
/// Scores that cannot be read again.
pub fn scores(report: &ScoreReport, worst: usize) -> Outcome<String> {
    let ScoreReport { header, files, pooled, mean, .. } = report;
    let many = header.classes.len() > 1;
    let form = format!("{:?}", report.form).to_lowercase();
    let dice = format!("dice ({form})");
    let loss =
        report.preset.map(|preset| format!("loss ({})", format!("{preset:?}").to_lowercase())).unwrap_or_default();
    let head = ["file", "class", &dice, "precision", "recall", "hard dice", &loss, "confidence", "left out"];
    let mut table = Table::new(&head);
    let hard = pooled.hard.is_some();
    let confident = pooled.confidence.is_some();
    let mut rows = |name: &str, scores: &Scores| {
        let only = scores.classes.first().filter(|_| !many);
        let left = scores.classes.first().map_or(0, |class| class.sums.ignored + class.sums.invalid);
        table.row(vec![
            name.into(),
            if many { "mean".into() } else { String::new() },
            number(scores.dice),
            only.map_or(String::new(), |class| number(class.precision)),
            only.map_or(String::new(), |class| number(class.recall)),
            asked(hard, scores.hard),
            asked(report.preset.is_some(), scores.loss),
            asked(confident, scores.confidence),
            if left > 0 { left.to_string() } else { String::new() },
        ]);
        if many {
            // A class that neither side has says nothing.
            let there =
                scores.classes.iter().zip(&header.classes).filter(|(class, _)| class.sums.t > 0 || class.sums.p > 0);
            for (class, name) in there {
                table.row(vec![
                    String::new(),
                    name.clone(),
                    number(class.dice),
                    number(class.precision),
                    number(class.recall),
                    asked(hard, class.hard),
                ]);
            }
        }
    };
    for file in files.first(worst)? {
        rows(&file.name, &file.scores);
    }
    if files.len() > 1 {
        rows(&format!("pooled over {} files", files.len()), pooled);
        table.row(vec![
            format!("mean over {} files", mean.files),
            if many { "mean".into() } else { String::new() },
            number(mean.dice),
            String::new(),
            String::new(),
            asked(hard, mean.hard),
            asked(report.preset.is_some(), mean.loss),
            asked(confident, mean.confidence),
        ]);
    }
    let mut text = format!("{}\n{}", notes::read(&report.read), table.text());
    if files.len() > worst {
        text += &format!("{} better files are not shown (--worst N, --csv, --json)\n", files.len() - worst);
    }
    if let Some(spread) = report.distribution.as_ref().filter(|spread| spread.files > 1) {
        text += &format!(
            "Dice over files: least {:.4}, 5 % {:.4}, 25 % {:.4}, median {:.4}, 75 % {:.4}, 95 % {:.4}, most {:.4}\n",
            spread.least, spread.q05, spread.q25, spread.median, spread.q75, spread.q95, spread.most
        );
        text += &format!(
            "  from 0 to 1: |{}|\n",
            bars(&spread.histogram.iter().map(|&files| files as u64).collect::<Vec<_>>())
        );
        if let Some(interval) = spread.interval {
            text += &format!("95 % interval of the mean over files: {:.4} to {:.4}\n", interval.low, interval.high);
        }
    }
    if let Some(foreground) = mean.foreground {
        text +=
            &format!("mean without class {}: {foreground:.4}\n", header.classes.first().map_or("0", String::as_str));
    }
    if many && pooled.absent > 0 {
        text += &format!("{} of {} classes have no target pixel\n", pooled.absent, header.classes.len());
    }
    if let Some(times) = report.times {
        text += &format!("reading {:.3} s, computing {:.3} s, over all threads\n", times.reading, times.computing);
    }
    text += &notes::tables(report);
    text += &notes::after(report);
    Ok(text)
}

/// The column of `compare` that holds the Dice of a class under argmax.
const CLASS_DICE: usize = 8;

/// The table of `compare`: the worst files, what all of them lose and where, and the warnings.
///
/// # Errors
///
/// As [`scores`].
pub fn comparisons(report: &CompareReport, worst: usize) -> Outcome<String> {
    let CompareReport { header, files, pooled, against, threshold, .. } = report;
    let many = header.classes.len() > 1;
    let mut table = Table::new(&[
        "file",
        "class",
        "agreement",
        "quantisation",
        "ties",
        "disagreement",
        "hard >=",
        "hard >",
        "argmax",
        "float dice",
        "device dice",
    ]);
    let mut row = |name: &str, c: &Comparison, scores: Option<crate::model::Against>| {
        let part = |part: f64| format!("{part:.4}");
        let score =
            |pick: fn(crate::model::Against) -> Option<f64>| scores.map_or(String::new(), |both| number(pick(both)));
        let argmax = c.argmax.as_ref();
        table.row(vec![
            name.into(),
            if many { "all".into() } else { String::new() },
            number(c.agreement),
            part(c.loss.quantisation),
            part(c.loss.ties),
            part(c.loss.disagreement),
            number(c.hard_at_least),
            number(c.hard_above),
            argmax.map_or(String::new(), |all| number(Some((all.of - all.flips) as f64 / all.of.max(1) as f64))),
            score(|both| both.float),
            score(|both| both.device),
        ]);
        // A class that neither side has anything of says nothing.
        let classes = header.classes.iter().enumerate().filter(|_| many);
        for (class, name) in
            classes.filter(|(class, _)| c.sums.get(*class).is_some_and(|sums| sums.p > 0 || sums.t > 0))
        {
            let mut line = vec![String::new(), name.clone(), number(c.agreements.get(class).copied().flatten())];
            line.resize(CLASS_DICE, String::new());
            line.push(argmax.map_or(String::new(), |all| number(all.classes.get(class).and_then(|class| class.dice))));
            table.row(line);
        }
    };
    for file in files.first(worst)? {
        row(&file.name, &file.comparison, file.against);
    }
    if files.len() > 1 {
        row(&format!("all {} files", files.len()), pooled, *against);
    }
    let mut text = format!("{}\n{}", notes::read(&report.read), table.text());
    if files.len() > worst {
        text += &format!("{} better files are not shown (--worst N, --csv, --json)\n", files.len() - worst);
    }
    text += "\nagreement + quantisation + ties + disagreement = 1 (semimetric soft Dice of the two maps)\n";
    let f = pooled.flips;
    let flipped = f.ties + f.quantisation + f.disagreement;
    text += &format!(
        "hard mask at {threshold}: {flipped} of {} pixels flip: {} ties, {} quantisation, {} disagreement; {} codes lie exactly on it\n",
        f.of, f.ties, f.quantisation, f.disagreement, f.on_threshold
    );
    if let Some(argmax) = &pooled.argmax {
        text += &format!(
            "argmax: {} of {} pixels change class, {} of them ties; argmax of a class is the Dice of its pixels on both sides, \
             of all the share of pixels that keep their class\n",
            argmax.flips, argmax.of, argmax.ties
        );
    }
    let c = &pooled.codes;
    let values = c.histogram.iter().sum::<u64>().max(1) as f64;
    let share = |count: u64| format!("{:.1} %", 100.0 * count as f64 / values);
    if let (Some(used), Some(of)) = (c.used, c.of) {
        text += &format!("codes: {used} of {of} used, ");
    } else {
        text += "values: ";
    }
    text += &format!(
        "{} at the lowest, {} at the highest, {} clamped\n",
        share(c.lowest),
        share(c.highest),
        share(c.clamped)
    );
    text += &format!("histogram, lowest to highest: {}\n", bars(&c.histogram));
    for warning in &report.warnings {
        let files = match warning.files.len() {
            1 => warning.files.first().map_or_else(String::new, |file| file.to_string()),
            many => format!("{many} of {} files", files.len()),
        };
        text += &format!("warning: {} ({files}): {}\n", title(warning.mistake), warning.message);
    }
    Ok(text)
}

/// Columns of an eighth to a full height, by the logarithm of the counts; blank where there is none.
fn bars(histogram: &[u64]) -> String {
    const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let columns: Vec<u64> = histogram.chunks((histogram.len() / 32).max(1)).map(|step| step.iter().sum()).collect();
    let most = columns.iter().copied().max().unwrap_or(0) as f64;
    let height = |count: u64| ((count as f64).ln_1p() / most.ln_1p() * 7.0).round() as usize;
    columns.iter().map(|&count| if count == 0 { ' ' } else { HEIGHTS[height(count).min(7)] }).collect()
}
