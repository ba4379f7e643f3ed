//! Compares a network's output on a board, and its score, with this machine's.

use crate::{Done, lines};
use cases::bodypix::{HEADER, PIXELS, write};
use std::{fs, io::BufRead, path::Path};

/// The logits are those that the same engine wrote on a PC (`*_logit_q8_microflow.npy`), and their score is worked out
/// here once more.
pub fn run(data: &str, board: impl BufRead) -> Done {
    let board: Vec<String> = board.lines().collect::<Result<_, _>>()?;
    let directory = Path::new(data).join("device/bodypix17");
    let engine = fs::read(directory.join("astronaut_logit_q8_microflow.npy"))?;
    let logits: Vec<i8> = engine.get(HEADER..).unwrap_or_default().iter().map(|&byte| byte as i8).collect();
    let logits: &[i8; PIXELS] = logits.as_slice().try_into()?;

    let mut host = String::new();
    write(&mut host, logits, &fs::read(directory.join("astronaut_f32.npy"))?)?;
    let host: Vec<String> = host.lines().map(String::from).collect();
    lines::equal(&board, &host)?;
    let score = host.last().map_or("", String::as_str);
    if !score.contains("Ok(") {
        return Err(format!("no score: {score}").into());
    }
    println!("bodypix: {PIXELS} logits equal, sums and score to the bit: {score}");
    Ok(())
}
