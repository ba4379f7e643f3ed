//! Columns for a terminal.

use crate::error::{Failure, Outcome};
use crate::model::{ScoreReport, Scores};
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
#[must_use]
pub fn scores(report: &ScoreReport, worst: usize) -> String {
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
    for file in files.iter().take(worst) {
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
    let mut text = table.text();
    if files.len() > worst {
        text += &format!("{} better files are not shown (--worst N, --csv, --json)\n", files.len() - worst);
    }
    if many && pooled.absent > 0 {
        text += &format!("{} of {} classes have no target pixel\n", pooled.absent, header.classes.len());
    }
    if let Some(times) = report.times {
        text += &format!("reading {:.3} s, computing {:.3} s, over all threads\n", times.reading, times.computing);
    }
    text
}
