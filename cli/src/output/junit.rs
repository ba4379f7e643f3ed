//! JUnit XML, which continuous integration shows: a test case for each file.

use crate::error::Outcome;
use crate::model::{FileScore, ScoreReport};
use maud::{Markup, PreEscaped, html};
use std::io::Write;

/// A case for each file: failed below `least`, an error where it could not be scored.
///
/// # Errors
///
/// A full disk.
pub fn junit(report: &ScoreReport, least: f64, out: &mut dyn Write) -> Outcome<()> {
    let full = |error: std::io::Error| crate::error::Failure::new(error, "free some space, or name another place");
    let mut below = 0;
    for file in report.files.each() {
        below += usize::from(!reached(&file?, least));
    }
    let (all, errors) = (report.files.len() + report.failed.len(), report.failed.len());
    let head = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"{all}\" failures=\"{below}\" errors=\"{errors}\">\n\
         <testsuite name=\"soft-dice score\" tests=\"{all}\" failures=\"{below}\" errors=\"{errors}\">\n"
    );
    out.write_all(head.as_bytes()).map_err(full)?;
    for file in report.files.each() {
        let file = file?;
        let dice = file.scores.dice.map_or("undefined".into(), |dice| format!("{dice:.6}"));
        let bad = !reached(&file, least);
        let body = html! {
            @if bad { failure message={ "Dice " (dice) ", below " (least) } { (plain(&file.prediction)) " against " (plain(&file.target)) } }
            system-out { "Dice " (dice) }
        };
        out.write_all(case(&file.name, &body).as_bytes()).map_err(full)?;
    }
    for failed in &report.failed {
        let body = html! { error message=(plain(&failed.reason)) {} };
        out.write_all(case(&failed.name, &body).as_bytes()).map_err(full)?;
    }
    out.write_all(b"</testsuite>\n</testsuites>\n").map_err(full)
}

fn case(name: &str, body: &Markup) -> String {
    let case = html! { testcase classname="soft-dice" name=(plain(name)) { (PreEscaped(&body.0)) } };
    format!("{}\n", case.into_string())
}

/// A file whose score is undefined has not reached it.
fn reached(file: &FileScore, least: f64) -> bool {
    file.scores.dice.is_some_and(|dice| dice >= least)
}

/// XML has no control characters, not even escaped.
fn plain(text: &str) -> String {
    text.chars().map(|one| if one.is_control() { ' ' } else { one }).collect()
}
