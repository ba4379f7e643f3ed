//! Compares a board's sums with this machine's, line by line.

use crate::Done;
use cases::{LARGE, Memory, SMALL};
use std::io::BufRead;

/// Fails with the first lines that differ; a run that stops early differs too.
pub fn run(board: impl BufRead) -> Done {
    let board: Vec<String> = board.lines().collect::<Result<_, _>>()?;
    // The first line names the room for pixels, which decides the cases.
    let room = board.first().and_then(|line| line.strip_prefix("agree ")?.split(' ').next()?.parse().ok());
    let mut host = String::new();
    match room {
        Some(LARGE) => cases::run(&mut Box::new(Memory::<LARGE>::new()), &mut host)?,
        Some(SMALL) => cases::run(&mut Box::new(Memory::<SMALL>::new()), &mut host)?,
        _ => return Err(format!("not a run of agree: {:?}", board.first()).into()),
    }
    let host: Vec<&str> = host.lines().collect();
    lines(&board, &host)?;
    let refused: Vec<&str> = host.iter().copied().filter(|line| line.starts_with("refused")).collect();
    let taken = refused.iter().find(|line| !line.contains(" Ok(()) Err(") || !line.ends_with("unchanged true"));
    if refused.is_empty() || taken.is_some() {
        return Err(format!("bad input was not refused: {taken:?}").into());
    }
    println!("agree: {} lines equal, every sum to the bit", host.len());
    Ok(())
}

/// Every line of the board is this machine's; else the first that differ are the error.
pub fn lines(board: &[String], host: &[&str]) -> Done {
    let unlike: Vec<String> = (0..board.len().max(host.len()))
        .map(|i| (board.get(i).map_or("(nothing)", String::as_str), host.get(i).copied().unwrap_or("(nothing)")))
        .filter(|(b, h)| b != h)
        .map(|(b, h)| format!("board {b}\nhost  {h}"))
        .collect();
    if unlike.is_empty() {
        return Ok(());
    }
    let first = &unlike[..unlike.len().min(5)];
    Err(format!("{} of {} lines differ\n{}", unlike.len(), host.len(), first.join("\n")).into())
}
