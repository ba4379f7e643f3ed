//! Compares a board's sums with this machine's, line by line.

use crate::{Done, lines};
use cases::{LARGE, Memory, Part, SMALL};
use std::io::BufRead;

/// Fails as [`lines::equal`], or if a board took what it should refuse.
pub fn run(board: impl BufRead) -> Done {
    let board: Vec<String> = board.lines().collect::<Result<_, _>>()?;
    // The first line names the room for pixels, which decides the cases, and which part of them was run.
    let words: Vec<&str> = board.first().map(|line| line.split(' ').collect()).unwrap_or_default();
    let [_, room, _, part] = words[..] else {
        return Err(format!("not a run of agree: {:?}", board.first()).into());
    };
    let part = Part::EACH.into_iter().find(|each| each.name() == part);
    let mut host = String::new();
    match (room.parse(), part) {
        (Ok(LARGE), Some(part)) => cases::run(part, &mut Box::new(Memory::<LARGE>::new()), &mut host)?,
        (Ok(SMALL), Some(part)) => cases::run(part, &mut Box::new(Memory::<SMALL>::new()), &mut host)?,
        _ => return Err(format!("not a run of agree: {:?}", board.first()).into()),
    }
    let host: Vec<String> = host.lines().map(String::from).collect();
    lines::equal(&board, &host)?;
    let refused: Vec<&String> = host.iter().filter(|line| line.starts_with("refused")).collect();
    let taken = refused.iter().find(|line| !line.contains(" Ok(()) Err(") || !line.ends_with("unchanged true"));
    if refused.is_empty() && matches!(part, Some(Part::All | Part::Pairs)) || taken.is_some() {
        return Err(format!("bad input was not refused: {taken:?}").into());
    }
    println!("agree: {} lines equal, every sum to the bit", host.len());
    Ok(())
}
