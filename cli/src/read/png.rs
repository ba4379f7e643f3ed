//! `.png`: grey as it is, indexed as its indices (the labels of most annotation tools).

use super::{Dtype, Source, count};
use crate::error::{Failure, Outcome};
use ::png::{BitDepth, ColorType, Decoder, Limits, Transformations};
use std::io::{BufReader, Cursor, Read};

/// Bytes that one of a file can become at most: zlib's own bound of its deflate.
const MOST_GROWTH: usize = 1032;

pub fn open<'r>(bytes: impl Read + Send + 'r) -> Outcome<Source<'r>> {
    // Its decoder seeks, and a map's picture is small: it is held whole.
    let mut file = Vec::new();
    let broken = |what: String| Failure::new(format!("not a readable .png: {what}"), "write it again");
    BufReader::new(bytes).read_to_end(&mut file).map_err(|error| broken(super::plain(&error)))?;
    let length = file.len();
    let mut decoder = Decoder::new_with_limits(Cursor::new(file), Limits { bytes: super::MOST_VALUES });
    decoder.set_transformations(Transformations::IDENTITY);
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let info = decoder.read_header_info().map_err(|error| broken(error.to_string()))?;
    let (width, height) = (info.width as usize, info.height as usize);
    let (color, depth) = (info.color_type, info.bit_depth);
    if !matches!(color, ColorType::Grayscale | ColorType::Indexed) {
        return Err(Failure::new("a picture in colours or with transparency", "save the map as grey or indexed"));
    }
    if info.interlaced {
        return Err(Failure::new("an interlaced picture", "save it without interlacing"));
    }
    let shape = vec![height, width];
    count(&shape)?;
    // Before its decoder takes a row of memory. A row begins with a byte that says how it was filtered.
    if height * (1 + (width * depth as usize).div_ceil(8)) > length.saturating_mul(MOST_GROWTH) {
        return Err(broken(format!("{length} bytes are too few for {height} × {width} pixels")));
    }
    let mut reader = decoder.read_info().map_err(|error| broken(error.to_string()))?;
    let mut numbers = Vec::new();
    let mut rows = 0;
    while let Some(row) = reader.next_row().map_err(|error| broken(error.to_string()))? {
        unpack(row.data(), depth, width, &mut numbers);
        rows += 1;
    }
    if rows < height {
        return Err(broken(format!("{rows} of {height} rows")));
    }
    let wide = depth == BitDepth::Sixteen;
    let dtype = if wide { Dtype::U16 } else { Dtype::U8 };
    Ok(Source { shape, dtype, big_endian: true, fortran: false, bytes: Box::new(Cursor::new(numbers)) })
}

/// Pixels of less than a byte lie in it from its highest bit on, and every row begins at a byte.
fn unpack(row: &[u8], depth: BitDepth, width: usize, out: &mut Vec<u8>) {
    let bits = depth as u8;
    if bits >= 8 {
        out.extend_from_slice(row);
        return;
    }
    let each = usize::from(8 / bits);
    let pixels = row.iter().flat_map(|&byte| (0..each).map(move |at| byte << (at as u8 * bits) >> (8 - bits)));
    out.extend(pixels.take(width));
}
