//! Decodes defmt frames with the strings kept in the firmware's ELF file.

use crate::Done;
use defmt_decoder::{DecodeError, Table};
use std::{error::Error, fs, io::Read};

/// Prints each frame.
pub fn run(elf: &str, board: impl Read) -> Done {
    for line in decode(elf, board)? {
        println!("{line}");
    }
    Ok(())
}

/// Each frame as `LEVEL text`. A broken frame or a stream that ends within one is an error.
pub fn decode(elf: &str, mut board: impl Read) -> Result<Vec<String>, Box<dyn Error>> {
    let table = Table::parse(&fs::read(elf)?)?.ok_or("no defmt strings in this ELF file")?;
    let mut bytes = Vec::new();
    board.read_to_end(&mut bytes)?;

    let mut decoder = table.new_stream_decoder();
    decoder.received(&bytes);
    let mut lines = Vec::new();
    loop {
        match decoder.decode() {
            Ok(frame) => {
                let level = frame.level().map_or("print".into(), |level| level.as_str().to_uppercase());
                lines.push(format!("{level} {}", frame.display_message()));
            }
            Err(DecodeError::UnexpectedEof) if !lines.is_empty() => return Ok(lines),
            Err(DecodeError::UnexpectedEof) => return Err("no frame was logged".into()),
            Err(DecodeError::Malformed) => return Err("a malformed frame".into()),
        }
    }
}
