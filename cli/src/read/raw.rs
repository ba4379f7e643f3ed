//! Any other file: numbers alone, little-endian, of a given type and shape.

use super::{Raw, Source, count};
use crate::error::{Failure, Outcome};
use std::io::Read;

pub fn open<'r>(bytes: impl Read + Send + 'r, length: u64, raw: &Raw) -> Outcome<Source<'r>> {
    let (Some(dtype), Some(shape)) = (raw.dtype, raw.shape.clone()) else {
        return Err(Failure::new(
            "a file without a header needs both type and shape",
            "give `--dtype` and `--shape` (of a target `--target-dtype` and `--target-shape`)",
        ));
    };
    let expected = count(&shape)? as u64 * dtype.size() as u64;
    if length != expected {
        return Err(Failure::new(
            format!("{length} bytes, where {} of shape {shape:?} takes {expected}", dtype.name()),
            "check `--dtype` and `--shape`, or record it again",
        ));
    }
    Ok(Source::plain(shape, dtype, bytes))
}
