//! `agree` under a WebAssembly engine: the same cases as on the boards, through the lanes that an engine has. Every sum goes to
//! standard output as text, which the host compares with its own; which lanes took them, to standard error.

use cases::{LARGE, Memory, Part};
use std::fmt;
use std::io::{self, BufWriter, Write as _};
use std::process::ExitCode;

/// Text for the host.
struct Out(BufWriter<io::Stdout>);

impl fmt::Write for Out {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.write_all(text.as_bytes()).map_err(|_| fmt::Error)
    }
}

fn main() -> ExitCode {
    eprintln!("lanes: {}", soft_dice::Backend::current().name());
    let mut out = Out(BufWriter::new(io::stdout()));
    let mut memory = Box::new(Memory::<LARGE>::new());
    let run = cases::run(Part::All, &mut memory, &mut out);
    if run.is_ok() && out.0.flush().is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
