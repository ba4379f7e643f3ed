//! The host's side of the proofs: of the crate it needs nothing, and is built in a moment.
//!
//!     proofs calls ROOT…             < objdump -d --no-show-raw-insn    text and stack of each root
//!     proofs listed DOC FILE…        the functions of the documentation DOC that no FILE calls

mod calls;
mod listed;

use std::{env, error::Error, io, process::ExitCode};

type Done = Result<(), Box<dyn Error>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words[..] {
        ["calls", ref roots @ ..] if !roots.is_empty() => calls::run(roots, io::stdin().lock()),
        ["listed", doc, ref files @ ..] if !files.is_empty() => listed::run(doc, files),
        _ => Err("proofs calls ROOT… | listed DOC FILE…".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
