//! What a board wrote beside what this machine makes of the same, line by line.

use crate::Done;

/// Fails with the first lines that differ; a run that stops early differs too.
pub fn equal(board: &[String], host: &[String]) -> Done {
    let line = |lines: &'_ [String], at: usize| lines.get(at).cloned().unwrap_or_else(|| "(nothing)".into());
    let unlike: Vec<String> = (0..board.len().max(host.len()))
        .map(|at| (line(board, at), line(host, at)))
        .filter(|(b, h)| b != h)
        .map(|(b, h)| format!("board {b}\nhost  {h}"))
        .collect();
    if unlike.is_empty() {
        return Ok(());
    }
    let first = &unlike[..unlike.len().min(5)];
    Err(format!("{} of {} lines differ\n{}", unlike.len(), host.len(), first.join("\n")).into())
}
