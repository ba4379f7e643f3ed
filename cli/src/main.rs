//! `soft-dice`: reads the command line, runs the command, says what went wrong in one line.

use clap::Parser;
use soft_dice_cli::args::Cli;
use soft_dice_cli::{command, output::write};
use std::process::ExitCode;

/// The score is below what was asked for.
const BELOW: u8 = 1;
/// The input or the command line is wrong; clap's own code too.
const WRONG: u8 = 2;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match write::remove_on_interrupt().and_then(|()| command::run(&cli)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(BELOW),
        Err(failure) => {
            eprintln!("soft-dice: {failure}");
            ExitCode::from(WRONG)
        }
    }
}
