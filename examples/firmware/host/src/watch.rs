//! Compares a board's watch with this machine's: every event, every report.

use crate::{Done, lines, log};
use cases::{sight, watch};
use soft_dice::monitor::{Event, Report, State};
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

/// A run that calls what it is given after every frame.
type Run = fn(&mut dyn FnMut(Option<Event>, Report)) -> Done;

/// The run that is shipped.
pub fn shipped(seen: &mut dyn FnMut(Option<Event>, Report)) -> Done {
    Ok(watch::replay(&mut Box::new(watch::Memory::new()), watch::pixels(RUN).ok_or("not a .npy file")?, seen)?)
}

/// The small scene with its picture.
pub fn small(seen: &mut dyn FnMut(Option<Event>, Report)) -> Done {
    Ok(sight::replay(&mut Box::new(sight::Memory::new()), seen)?)
}

pub fn run(elf: &str, board: impl Read, replay: Run) -> Done {
    let board = log::decode(elf, board)?;
    let (mut host, mut events) = (Vec::new(), Vec::new());
    replay(&mut |event, report| {
        events.extend(event.map(line));
        host.extend(event.map(line));
        host.push(format!("DEBUG {report:?}"));
    })?;
    lines::equal(&board, &host)?;
    for event in &events {
        println!("{event}");
    }
    println!("{} events and {} reports equal", events.len(), host.len() - events.len());
    Ok(())
}
