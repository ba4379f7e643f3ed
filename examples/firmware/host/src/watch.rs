//! Compares a board's watch over the shipped run with this machine's: every event, every report.

use crate::{Done, lines, log};
use cases::watch::{Memory, pixels, replay};
use soft_dice::monitor::{Event, State};
use std::io::Read;

const RUN: &[u8] = include_bytes!("../../../../tests/data/drift_q8.npy");

/// The line that `Event::log` gives.
fn line(Event { frame, from, to, cause, over }: Event) -> String {
    let level = match to {
        State::Failed => "ERROR",
        State::Degraded | State::NoSignal => "WARN",
        State::Healthy | State::WarmingUp => "INFO",
    };
    format!("{level} frame {frame}: {from:?} -> {to:?}, {cause:?}, {over}/256")
}

pub fn run(elf: &str, board: impl Read) -> Done {
    let board = log::decode(elf, board)?;
    let (mut host, mut events) = (Vec::new(), Vec::new());
    replay(&mut Box::new(Memory::new()), pixels(RUN).ok_or("not a .npy file")?, |event, report| {
        events.extend(event.map(line));
        host.extend(event.map(line));
        host.push(format!("DEBUG {report:?}"));
    })?;
    lines::equal(&board, &host)?;
    for event in &events {
        println!("{event}");
    }
    println!("watch: {} events and {} reports equal", events.len(), host.len() - events.len());
    Ok(())
}
