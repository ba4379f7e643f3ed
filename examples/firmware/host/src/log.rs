//! Decodes defmt frames with the strings kept in the firmware's ELF file.

use crate::Done;
use defmt_decoder::{DecodeError, Table};
use std::{fs, io::Read};

/// Prints each frame as `LEVEL text`. A broken frame or a stream that ends within one is an error.
pub fn run(elf: &str, mut board: impl Read) -> Done {
    let table = Table::parse(&fs::read(elf)?)?.ok_or("no defmt strings in this ELF file")?;
    let mut bytes = Vec::new();
    board.read_to_end(&mut bytes)?;

    let mut decoder = table.new_stream_decoder();
    decoder.received(&bytes);
    let mut frames = 0;
    loop {
        match decoder.decode() {
            Ok(frame) => {
                let level = frame.level().map_or("print".into(), |level| level.as_str().to_uppercase());
                println!("{level} {}", frame.display_message());
                frames += 1;
            }
            Err(DecodeError::UnexpectedEof) if frames > 0 => return Ok(()),
            Err(DecodeError::UnexpectedEof) => return Err("no frame was logged".into()),
            Err(DecodeError::Malformed) => return Err("a malformed frame".into()),
        }
    }
}
