//! What a run leaves behind: a table for people, JSON and CSV for programs.

pub mod csv;
pub mod junit;
pub mod notes;
pub mod records;
pub mod table;
pub mod write;

use crate::args::{OutputArgs, TableArgs};
use crate::error::{Failure, Outcome};
use serde::Serialize;
use std::path::PathBuf;
use write::Pending;

/// Files that are asked for: begun before the long work, so that a place that cannot be written is told at once.
#[derive(Debug)]
pub struct Outputs {
    json: Option<Pending>,
    csv: Option<Pending>,
    page: Option<Pending>,
    records: Option<Pending>,
    junit: Option<Pending>,
    /// One of them goes to the standard output, in place of the table.
    pub on_stdout: bool,
}

impl Outputs {
    /// Begins them; `tables` are `score`'s alone, and `others` are outputs beside them, which are begun elsewhere.
    ///
    /// # Errors
    ///
    /// A folder that is missing or cannot be written, or two of them for the standard output.
    pub fn begin(args: &OutputArgs, tables: Option<&TableArgs>, others: &[Option<&PathBuf>]) -> Outcome<Self> {
        let records = tables.and_then(|tables| tables.records.as_ref());
        let junit = tables.and_then(|tables| tables.junit.as_ref());
        let all = [args.json.as_ref(), args.csv.as_ref(), args.report.as_ref(), records, junit];
        let named: Vec<&PathBuf> = all.iter().chain(others).flatten().copied().collect();
        let on_stdout = named.iter().filter(|path| write::is_stdout(path)).count();
        // Of a device as many as there are may be written; a file would keep the last of them.
        let twice = |at: usize| named[..at].contains(&named[at]) && !named[at].starts_with("/dev");
        if let Some(at) = (0..named.len()).find(|&at| twice(at) && !write::is_stdout(named[at])) {
            return Err(Failure::new(
                format!("two outputs are to go to {}", named[at].display()),
                "name a file for each",
            ));
        }
        if on_stdout > 1 {
            return Err(Failure::new(
                format!("{on_stdout} outputs are to go to the standard output"),
                "name files for all but one of them",
            ));
        }
        let begin = |path: &PathBuf| Pending::begin(path);
        Ok(Self {
            json: args.json.as_ref().map(begin).transpose()?,
            csv: args.csv.as_ref().map(begin).transpose()?,
            page: args.report.as_ref().map(begin).transpose()?,
            records: records.map(begin).transpose()?,
            junit: junit.map(begin).transpose()?,
            on_stdout: on_stdout > 0,
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

    /// Writes the records, if they were asked for.
    ///
    /// # Errors
    ///
    /// A full disk.
    pub fn records(&mut self, lines: impl FnOnce(csv::Lines<'_>) -> Outcome<()>) -> Outcome<()> {
        if let Some(mut file) = self.records.take() {
            lines(csv::Lines::new(file.open()))?;
            file.commit(&[])?;
        }
        Ok(())
    }

    /// Writes the test cases, if they were asked for.
    ///
    /// # Errors
    ///
    /// A full disk.
    pub fn junit(&mut self, cases: impl FnOnce(&mut dyn std::io::Write) -> Outcome<()>) -> Outcome<()> {
        if let Some(mut file) = self.junit.take() {
            cases(file.open())?;
            file.commit(&[])?;
        }
        Ok(())
    }

    /// Writes them, each whole or not at all.
    ///
    /// # Errors
    ///
    /// A full disk.
    pub fn finish<R: Serialize>(self, report: &R, lines: impl FnOnce(csv::Lines<'_>) -> Outcome<()>) -> Outcome<()> {
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
