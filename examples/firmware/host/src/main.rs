//! The host's side of the boards.
//!
//!     tool agree                     < what a board wrote        every line equal to this machine's
//!     tool bodypix DATA              < what a board wrote        logits and score equal to this machine's
//!     tool defmt ELF                 < what a board wrote        log frames as text
//!     tool watch ELF                 < what a board wrote        every report and event equal to this machine's
//!     tool sight ELF                 < what a board wrote        the same, of the scene with a picture

mod agree;
mod bodypix;
mod lines;
mod log;
mod watch;

use std::{env, error::Error, io, process::ExitCode};

type Done = Result<(), Box<dyn Error>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words[..] {
        ["agree"] => agree::run(io::stdin().lock()),
        ["bodypix", data] => bodypix::run(data, io::stdin().lock()),
        ["defmt", elf] => log::run(elf, io::stdin().lock()),
        ["watch", elf] => watch::run(elf, io::stdin().lock(), watch::shipped),
        ["sight", elf] => watch::run(elf, io::stdin().lock(), watch::small),
        _ => Err("tool agree | bodypix DATA | defmt ELF | watch ELF | sight ELF".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
