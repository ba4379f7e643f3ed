//! TIFF: its first picture, strip by strip, of one number a pixel, or of colours that are grey.

use super::pieces::Pieces;
use super::{Dtype, Nature, Source, count};
use crate::error::{Failure, Outcome};
use ::tiff::ColorType;
use ::tiff::decoder::{Decoder, DecodingResult, Limits};
use ::tiff::tags::Tag;
use std::io::{Cursor, Read};

/// Bytes that one of a file can become at most: deflate's bound, which is the greatest of those that are read.
const MOST_GROWTH: u64 = 1032;

pub fn open<'r>(mut bytes: impl Read) -> Outcome<Source<'r>> {
    let broken =
        |what: String| Failure::new(format!("not a readable TIFF: {what}"), "write it again, or save it as PNG");
    let said = |error: ::tiff::TiffError| broken(error.to_string());
    let mut file = Vec::new();
    bytes.read_to_end(&mut file).map_err(|error| broken(super::plain(&error)))?;
    let length = file.len() as u64;
    let mut decoder = Decoder::new(Cursor::new(file)).map_err(said)?;
    let (width, height) = decoder.dimensions().map_err(said)?;
    let shape = vec![height as usize, width as usize];
    let pixels = count(&shape)? as u64;
    let (channels, bits, nature) = match decoder.colortype().map_err(said)? {
        ColorType::Gray(bits) => (1, bits, Nature::Grey(((1_u32 << bits.min(16)) - 1) as u16)),
        ColorType::RGB(bits) => (3, bits, Nature::Grey(((1_u32 << bits.min(16)) - 1) as u16)),
        other => return Err(Failure::new(format!("a TIFF in {other:?} is not read"), "save it as grey")),
    };
    if bits < 8 {
        return Err(Failure::new(format!("a TIFF of {bits} bits is not read"), "save it with 8 bits, or as PNG"));
    }
    if decoder.more_images() {
        return Err(Failure::new(
            "a TIFF of several pictures",
            "save the stack with numpy.save, or each picture alone",
        ));
    }
    // A photometric interpretation of 0: white is 0, and the decoder turns the codes round.
    if decoder.find_tag_unsigned::<u16>(Tag::PhotometricInterpretation).map_err(said)? == Some(0) {
        return Err(Failure::new("a TIFF in which 0 is white", "save it with 0 as black, or as PNG"));
    }
    let size = u64::from(bits) / 8 * channels as u64;
    if pixels * size > length.saturating_mul(MOST_GROWTH) {
        return Err(broken(format!("{length} bytes are too few for {height} × {width} pixels")));
    }
    // What is not compressed is all there.
    let plain = decoder.find_tag_unsigned::<u16>(Tag::Compression).map_err(said)?.is_none_or(|way| way == 1);
    if plain && pixels * size > length {
        return Err(broken(format!("{length} bytes are too few for {height} × {width} pixels")));
    }
    let (across, down) = decoder.chunk_dimensions();
    let room = u64::from(across) * u64::from(down) * size;
    if across == 0 || down == 0 || room > length.saturating_mul(MOST_GROWTH) {
        return Err(broken(format!("{length} bytes are too few for strips of {down} × {across} pixels")));
    }
    let mut limits = Limits::default();
    limits.decoding_buffer_size = usize::try_from(room).unwrap_or(usize::MAX);
    limits.intermediate_buffer_size = limits.decoding_buffer_size;
    let mut decoder = decoder.with_limits(limits);
    let (columns, rows) = (width.div_ceil(across), height.div_ceil(down));
    let mut picture = Picture { numbers: Pieces::default(), dtype: None, width: width as usize, channels };
    for row in 0..rows {
        // Tiles beside each other fill rows together.
        let mut beside = Vec::new();
        for column in 0..columns {
            let chunk = row * columns + column;
            let (chunk_width, _) = decoder.chunk_data_dimensions(chunk);
            beside.push((chunk_width as usize, decoder.read_chunk(chunk).map_err(said)?));
        }
        picture.rows(beside)?;
    }
    let Picture { numbers, dtype, .. } = picture;
    let dtype = dtype.ok_or_else(|| broken("it is empty".into()))?;
    if numbers.len() as u64 != pixels * dtype.size() as u64 {
        return Err(broken("its strips do not fill it".into()));
    }
    let nature = if matches!(dtype, Dtype::U8 | Dtype::U16) { nature } else { Nature::Numbers };
    Ok(Source { nature, ..Source::plain(shape, dtype, numbers) })
}

/// Numbers as they come, in little-endian bytes.
struct Picture {
    numbers: Pieces,
    dtype: Option<Dtype>,
    width: usize,
    channels: usize,
}

impl Picture {
    /// Tiles that lie beside each other: the width of each, and its numbers.
    fn rows(&mut self, tiles: Vec<(usize, DecodingResult)>) -> Outcome<()> {
        let broken = || Failure::new("not a readable TIFF: its strips do not fill it", "write it again");
        let mut parts = Vec::with_capacity(tiles.len());
        for (width, tile) in tiles {
            let (dtype, bytes) = bytes(tile)?;
            if *self.dtype.get_or_insert(dtype) != dtype || width == 0 {
                return Err(broken());
            }
            parts.push((width * self.channels * dtype.size(), bytes));
        }
        let size = self.dtype.map_or(1, Dtype::size);
        let rows = parts.iter().map(|(row, bytes)| bytes.len() / row).min().unwrap_or(0);
        let all: usize = parts.iter().map(|(row, _)| row).sum();
        if all != self.width * self.channels * size {
            return Err(broken());
        }
        if self.channels == 1 && parts.len() == 1 {
            let (_, bytes) = parts.remove(0);
            self.numbers.push(bytes);
            return Ok(());
        }
        for row in 0..rows {
            for (length, bytes) in &parts {
                for pixel in bytes[row * length..][..*length].chunks_exact(size * self.channels) {
                    let (first, rest) = pixel.split_at(size);
                    if rest.chunks_exact(size).any(|other| other != first) {
                        let what = "a picture in colours: red, green and blue differ";
                        return Err(Failure::new(what, "save the map as grey, or the labels as numbers"));
                    }
                    self.numbers.extend(first);
                }
            }
        }
        Ok(())
    }
}

fn bytes(tile: DecodingResult) -> Outcome<(Dtype, Vec<u8>)> {
    macro_rules! le {
        ($vec:expr) => {
            $vec.iter().flat_map(|number| number.to_le_bytes()).collect()
        };
    }
    Ok(match tile {
        DecodingResult::U8(vec) => (Dtype::U8, vec),
        DecodingResult::I8(vec) => (Dtype::I8, le!(vec)),
        DecodingResult::U16(vec) => (Dtype::U16, le!(vec)),
        DecodingResult::I16(vec) => (Dtype::I16, le!(vec)),
        DecodingResult::U32(vec) => (Dtype::U32, le!(vec)),
        DecodingResult::I32(vec) => (Dtype::I32, le!(vec)),
        DecodingResult::U64(vec) => (Dtype::U64, le!(vec)),
        DecodingResult::I64(vec) => (Dtype::I64, le!(vec)),
        DecodingResult::F16(vec) => (Dtype::F16, le!(vec)),
        DecodingResult::F32(vec) => (Dtype::F32, le!(vec)),
        DecodingResult::F64(vec) => (Dtype::F64, le!(vec)),
    })
}
