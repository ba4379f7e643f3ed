//! What a run leaves behind: a table for people, JSON and CSV for programs.

pub mod csv;
pub mod notes;
pub mod table;
pub mod write;

use crate::args::OutputArgs;
use crate::error::Outcome;
use serde::Serialize;
use write::Pending;

/// Files that are asked for: begun before the long work, so that a place that cannot be written is told at once.
#[derive(Debug)]
pub struct Outputs {
    json: Option<Pending>,
    csv: Option<Pending>,
    page: Option<Pending>,
    /// JSON goes to the standard output, in place of the table.
    pub json_to_stdout: bool,
}

impl Outputs {
    /// Begins them.
    ///
    /// # Errors
    ///
    /// A folder that is missing or cannot be written.
    pub fn begin(args: &OutputArgs) -> Outcome<Self> {
        let to_stdout = args.json.as_ref().is_some_and(|path| path.as_os_str() == "-");
        let begin = |path: &std::path::PathBuf| Pending::begin(path);
        Ok(Self {
            json: args.json.as_ref().filter(|_| !to_stdout).map(begin).transpose()?,
            csv: args.csv.as_ref().map(begin).transpose()?,
            page: args.report.as_ref().map(begin).transpose()?,
            json_to_stdout: to_stdout,
        })
    }

    /// Writes the page, if it was asked for.
    ///
    /// # Errors
    ///
    /// What `page` fails with, or a full disk.
    pub fn page(&mut self, page: impl FnOnce() -> Outcome<String>) -> Outcome<()> {
        match self.page.take() {
            Some(file) => file.commit(page()?.as_bytes()),
            None => Ok(()),
        }
    }

    /// Writes them, each whole or not at all.
    ///
    /// # Errors
    ///
    /// A full disk, or a broken pipe.
    pub fn finish<R: Serialize>(self, report: &R, lines: impl FnOnce(csv::Lines<'_>) -> Outcome<()>) -> Outcome<()> {
        if self.json_to_stdout {
            table::json(report)?;
        }
        if let Some(mut file) = self.json {
            file.json(report)?;
            file.commit(b"\n")?;
        }
        if let Some(mut file) = self.csv {
            lines(csv::Lines::new(file.open()))?;
            file.commit(&[])?;
        }
        Ok(())
    }
}
