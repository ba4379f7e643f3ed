//! PNG: grey as it is, indexed as its indices (the labels of most annotation tools), colours where they are grey.

use super::{Dtype, Nature, Source, count};
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
    let mut decoder = Decoder::new_with_limits(Cursor::new(file), Limits { bytes: super::most_values() });
    decoder.set_transformations(Transformations::IDENTITY);
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let info = decoder.read_header_info().map_err(|error| broken(error.to_string()))?;
    let (width, height) = (info.width as usize, info.height as usize);
    let (color, depth, interlaced) = (info.color_type, info.bit_depth, info.interlaced);
    let shape = vec![height, width];
    let pixels = count(&shape)?;
    // Before its decoder takes a row of memory.
    let samples = color.samples();
    if pixels.saturating_mul(samples * depth as usize) / 8 > length.saturating_mul(MOST_GROWTH) {
        return Err(broken(format!("{length} bytes are too few for {height} × {width} pixels")));
    }
    let mut reader = decoder.read_info().map_err(|error| broken(error.to_string()))?;
    let mut channels = Channels::of(color, depth, width);
    let mut rows = 0;
    if interlaced {
        let size = reader.output_buffer_size().ok_or_else(|| broken("it is too large".into()))?;
        let mut picture = vec![0; size];
        let frame = reader.next_frame(&mut picture).map_err(|error| broken(error.to_string()))?;
        for row in picture[..frame.buffer_size()].chunks_exact(frame.line_size) {
            channels.row(row)?;
            rows += 1;
        }
    } else {
        while let Some(row) = reader.next_row().map_err(|error| broken(error.to_string()))? {
            channels.row(row.data())?;
            rows += 1;
        }
    }
    if rows < height {
        return Err(broken(format!("{rows} of {height} rows")));
    }
    let nature = match (color, &reader.info().palette) {
        (ColorType::Indexed, palette) => Nature::Indexed { bright_first: bright_first(palette.as_deref()) },
        _ => Nature::Grey(((1_u32 << depth as u8) - 1) as u16),
    };
    let dtype = if depth == BitDepth::Sixteen { Dtype::U16 } else { Dtype::U8 };
    Ok(Source { big_endian: true, nature, ..Source::plain(shape, dtype, Cursor::new(channels.numbers)) })
}

/// Whether the first colour of a palette is brighter than its second.
fn bright_first(palette: Option<&[u8]>) -> bool {
    let brightness = |colour: &[u8]| colour.iter().map(|&part| u32::from(part)).sum::<u32>();
    match palette.map(|palette| palette.as_chunks::<3>().0) {
        Some([first, second, ..]) => brightness(first) > brightness(second),
        _ => false,
    }
}

/// Rows of several numbers a pixel, made one number a pixel: colours that are grey, and transparency that is the same
/// everywhere.
struct Channels {
    depth: BitDepth,
    width: usize,
    /// Numbers of a pixel that must be equal, and whether another one follows.
    colours: usize,
    alpha: bool,
    /// The transparency of the first pixel.
    opaque: Option<[u8; 2]>,
    numbers: Vec<u8>,
}

impl Channels {
    fn of(color: ColorType, depth: BitDepth, width: usize) -> Self {
        let colours = if matches!(color, ColorType::Rgb | ColorType::Rgba) { 3 } else { 1 };
        let alpha = matches!(color, ColorType::GrayscaleAlpha | ColorType::Rgba);
        Self { depth, width, colours, alpha, opaque: None, numbers: Vec::new() }
    }

    fn row(&mut self, row: &[u8]) -> Outcome<()> {
        if self.colours == 1 && !self.alpha {
            unpack(row, self.depth, self.width, &mut self.numbers);
            return Ok(());
        }
        let size = if self.depth == BitDepth::Sixteen { 2 } else { 1 };
        for pixel in row.chunks_exact(size * (self.colours + usize::from(self.alpha))) {
            let (colours, alpha) = pixel.split_at(size * self.colours);
            let (first, rest) = colours.split_at(size);
            if rest.chunks_exact(size).any(|other| other != first) {
                return Err(Failure::new(
                    "a picture in colours: red, green and blue differ",
                    "save the map as grey, or the labels as numbers",
                ));
            }
            if self.alpha {
                let mut transparency = [0; 2];
                transparency[..size].copy_from_slice(alpha);
                if *self.opaque.get_or_insert(transparency) != transparency {
                    return Err(Failure::new(
                        "a picture whose transparency differs from pixel to pixel",
                        "save the map as grey, without transparency",
                    ));
                }
            }
            self.numbers.extend_from_slice(first);
        }
        Ok(())
    }
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
