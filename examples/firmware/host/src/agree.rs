//! Compares a board's sums with this machine's, line by line.

use crate::{Done, lines};
use cases::{LARGE, Memory, SMALL};
use std::io::BufRead;

/// Fails as [`lines::equal`], or if a board took what it should refuse.
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
    let host: Vec<String> = host.lines().map(String::from).collect();
    lines::equal(&board, &host)?;
    let refused: Vec<&String> = host.iter().filter(|line| line.starts_with("refused")).collect();
    let taken = refused.iter().find(|line| !line.contains(" Ok(()) Err(") || !line.ends_with("unchanged true"));
    if refused.is_empty() || taken.is_some() {
        return Err(format!("bad input was not refused: {taken:?}").into());
    }
    println!("agree: {} lines equal, every sum to the bit", host.len());
    Ok(())
}
