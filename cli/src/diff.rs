//! `soft-dice diff`: two runs of `score`, file by file.

use crate::args::DiffArgs;
use crate::error::{Failure, Outcome};
use crate::output::table::{Table, number};
use crate::read::plain;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

/// What `score --json` wrote, as far as it is compared.
#[derive(Debug, Deserialize)]
struct Run {
    command: String,
    form: String,
    mean: Mean,
    files: Vec<Scored>,
}

#[derive(Debug, Deserialize)]
struct Mean {
    dice: Option<f64>,
}

#[derive(Debug, Deserialize)]
struct Scored {
    name: String,
    frame: Option<usize>,
    scores: Scores,
}

#[derive(Debug, Deserialize)]
struct Scores {
    dice: Option<f64>,
}

/// A file of both runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// Its name.
    pub name: String,
    /// Its Dice in the first run.
    pub before: Option<f64>,
    /// In the second.
    pub after: Option<f64>,
    /// How much it rose; none where one of them is undefined.
    pub change: Option<f64>,
}

/// What has changed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DiffReport {
    /// A change up to this is none.
    pub tolerance: f64,
    /// The mean over files of both runs.
    pub mean: [Option<f64>; 2],
    /// Files that got worse, the worst first. One that is no longer defined is worse.
    pub worse: Vec<Change>,
    /// Files that got better.
    pub better: Vec<Change>,
    /// Files of one Dice.
    pub same: usize,
    /// Files of the first run alone.
    pub gone: Vec<String>,
    /// Files of the second alone.
    pub new: Vec<String>,
}

/// Compares two reports.
///
/// # Errors
///
/// A file that is no report of `score`, or of another form.
pub fn diff(args: &DiffArgs) -> Outcome<DiffReport> {
    let [before, after] = [&args.before, &args.after].map(|path| run(path));
    let (before, after) = (before?, after?);
    if before.form != after.form {
        return Err(Failure::new(
            format!("the first run has the {} form of Dice and the second the {}", before.form, after.form),
            "score both with one `--form`",
        ));
    }
    let mean = [before.mean.dice, after.mean.dice];
    let [mut before, after] = [by_name(before, &args.before)?, by_name(after, &args.after)?];
    let mut report = DiffReport {
        tolerance: args.tolerance,
        mean,
        worse: vec![],
        better: vec![],
        same: 0,
        gone: vec![],
        new: vec![],
    };
    for (name, after) in after {
        let Some(before) = before.remove(&name) else {
            report.new.push(name);
            continue;
        };
        let change = before.zip(after).map(|(before, after)| after - before);
        let one = Change { name, before, after, change };
        match (change, before, after) {
            (Some(change), ..) if change < -args.tolerance => report.worse.push(one),
            (Some(change), ..) if change > args.tolerance => report.better.push(one),
            (None, Some(_), None) => report.worse.push(one),
            (None, None, Some(_)) => report.better.push(one),
            _ => report.same += 1,
        }
    }
    report.gone = before.into_keys().collect();
    let by_change = |a: &Change, b: &Change| {
        let key = |one: &Change| one.change.unwrap_or(f64::NEG_INFINITY);
        key(a).total_cmp(&key(b)).then_with(|| a.name.cmp(&b.name))
    };
    report.worse.sort_by(by_change);
    report.better.sort_by(|a, b| by_change(b, a));
    Ok(report)
}

impl DiffReport {
    /// No file got worse, and none is gone.
    #[must_use]
    pub const fn held(&self) -> bool {
        self.worse.is_empty() && self.gone.is_empty()
    }

    /// As a table: those that got worse, then those that got better.
    #[must_use]
    pub fn text(&self, most: usize) -> String {
        let mut table = Table::new(&["file", "before", "after", "change"]);
        let rows = self.worse.iter().take(most).chain(self.better.iter().take(most));
        for one in rows {
            let change = one.change.map_or("-".into(), |change| format!("{change:+.4}"));
            table.row(vec![one.name.clone(), number(one.before), number(one.after), change]);
        }
        table.row(vec!["mean over files".into(), number(self.mean[0]), number(self.mean[1]), {
            let change = self.mean[0].zip(self.mean[1]).map(|(before, after)| after - before);
            change.map_or("-".into(), |change| format!("{change:+.4}"))
        }]);
        let mut text = table.text();
        text += &format!(
            "{} files got worse by more than {}, {} better, {} are the same, {} are gone, {} are new\n",
            self.worse.len(),
            self.tolerance,
            self.better.len(),
            self.same,
            self.gone.len(),
            self.new.len()
        );
        for (what, names) in [("gone", &self.gone), ("new", &self.new)] {
            if !names.is_empty() {
                let shown: Vec<&str> = names.iter().take(most).map(String::as_str).collect();
                text += &format!("{what}: {}\n", shown.join(", "));
            }
        }
        let hidden = self.worse.len().saturating_sub(most) + self.better.len().saturating_sub(most);
        if hidden > 0 {
            text += &format!("{hidden} other changes are not shown (--worst N, --json)\n");
        }
        text
    }
}

fn run(path: &Path) -> Outcome<Run> {
    let file = File::open(path).map_err(|error| Failure::new(plain(&error), "check the path").at(path))?;
    let run: Run = serde_json::from_reader(BufReader::new(file)).map_err(|error| {
        Failure::new(format!("not a report of `score`: {error}"), "give what `score --json FILE` wrote").at(path)
    })?;
    if run.command != "score" {
        let what = format!("a report of `{}`", run.command);
        return Err(Failure::new(what, "give what `score --json FILE` wrote").at(path));
    }
    Ok(run)
}

fn by_name(run: Run, path: &Path) -> Outcome<BTreeMap<String, Option<f64>>> {
    let mut all = BTreeMap::new();
    for Scored { name, frame, scores } in run.files {
        // A frame's name has its number already; a stack and its frames are not one.
        let name = frame.map_or_else(
            || name.clone(),
            |frame| if name.ends_with(']') { name.clone() } else { format!("{name}[{frame}]") },
        );
        if all.insert(name.clone(), scores.dice).is_some() {
            let remedy = "give the folders' files names of their own";
            return Err(Failure::new(format!("two files are called `{name}`"), remedy).at(path));
        }
    }
    Ok(all)
}
