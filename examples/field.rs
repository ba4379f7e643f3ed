//! How good is the alarm? Every recording of real networks that fail, and of healthy ones, through the library's watch.
//!
//! ```text
//! SOFT_DICE_DATA=<the data's folder> cargo run --release --example field [-- --check | --write | --lono]
//! ```
//!
//! Prints a line for each recording and a summary. `--check` holds the summary to the committed one
//! (`examples/field/summary.txt`), `--write` writes it, `--lono` chooses the constants anew without each network's recordings
//! and tests them on it. Prints `not run` where the data are absent.

#[path = "field/judge.rs"]
mod judge;
#[path = "field/lono.rs"]
mod lono;
#[path = "field/recording.rs"]
mod recording;
#[cfg(test)]
#[path = "field/tune.rs"]
mod tune;

use judge::{Judged, Total, judge};
use recording::{Field, Recording};
use soft_dice::monitor::Settings;
use std::error::Error;
use std::path::{Path, PathBuf};

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() {
    if let Err(error) = run() {
        eprintln!("field: {error}");
        std::process::exit(1);
    }
}

fn run() -> Outcome<()> {
    let Some(data) = std::env::var_os("SOFT_DICE_DATA") else {
        println!("not run: SOFT_DICE_DATA names no data");
        return Ok(());
    };
    let mode = std::env::args().nth(1);
    let field = Field::open(&PathBuf::from(data).join("field"))?;
    let recordings = field.names.iter().map(|name| field.read(name)).collect::<Outcome<Vec<Recording>>>()?;
    if mode.as_deref() == Some("--lono") {
        print!("{}", lono::table(&recordings)?);
        return Ok(());
    }
    let mut total = Total::default();
    println!("{}", Judged::HEAD);
    for recording in &recordings {
        let judged = judge(recording, Settings::DEFAULT)?;
        println!("{judged}");
        total.add(&judged);
    }
    let summary = total.to_string();
    println!("\n{summary}");
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/field/summary.txt");
    match mode.as_deref() {
        Some("--write") => std::fs::write(&committed, &summary)?,
        Some("--check") => {
            if std::fs::read_to_string(&committed)? != summary {
                return Err(format!("the summary is not that of {}", committed.display()).into());
            }
            println!("as committed");
        }
        Some(other) => return Err(format!("{other}: --check, --write or --lono").into()),
        None => {}
    }
    Ok(())
}
