//! Pictures, which are only looked at: PNG of any kind, and JPEG, whose codes are no scores and no labels.

use super::plain;
use super::png::{MOST_GROWTH, each_row, room};
use crate::error::{Failure, Outcome};
use ::png::{ColorType, Decoder, Transformations};
use std::io::Cursor;
use std::path::Path;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// Pixels of a side at most.
const MOST: usize = 1 << 14;
/// Pixels that a byte of a JPEG can bring: a block of 64 takes a bit at least.
const MOST_OF_A_BYTE: usize = 8 * 64;

/// Grey of a picture: a byte a pixel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grey {
    /// Rows.
    pub height: usize,
    /// Pixels of a row.
    pub width: usize,
    /// Row after row.
    pub pixels: Vec<u8>,
}

impl Grey {
    /// A file's.
    ///
    /// # Errors
    ///
    /// A file that is no picture, or is broken.
    pub fn of(path: &Path) -> Outcome<Self> {
        let bytes = std::fs::read(path).map_err(|error| Failure::new(plain(&error), "check the path").at(path))?;
        Self::from_bytes(&bytes).map_err(|failure| failure.at(path))
    }

    /// Of a file's bytes.
    ///
    /// # Errors
    ///
    /// As [`Self::of`].
    pub fn from_bytes(bytes: &[u8]) -> Outcome<Self> {
        if bytes.starts_with(b"\xFF\xD8") {
            jpeg(bytes)
        } else if bytes.starts_with(b"\x89PNG") {
            png(bytes)
        } else {
            Err(Failure::new("not a picture", "give a PNG or a JPEG"))
        }
    }

    /// The same in another size: the pixel that each centre lies in.
    #[must_use]
    pub fn sized(&self, height: usize, width: usize) -> Vec<u8> {
        let along = |at: usize, to: usize, from: usize| (2 * at + 1) * from / (2 * to);
        let pixel =
            |y: usize, x: usize| self.pixels[along(y, height, self.height) * self.width + along(x, width, self.width)];
        (0..height * width).map(|at| pixel(at / width, at % width)).collect()
    }
}

fn jpeg(bytes: &[u8]) -> Outcome<Grey> {
    let broken = |error: &dyn std::fmt::Display| Failure::new(format!("not a readable JPEG: {error}"), "save it again");
    let options =
        DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::Luma).set_max_width(MOST).set_max_height(MOST);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    // Its decoder takes the memory of all pixels at once: the header is read alone before.
    decoder.decode_headers().map_err(|error| broken(&error))?;
    let (width, height) = decoder.dimensions().ok_or_else(|| broken(&"it has no size"))?;
    held(bytes, height, width, MOST_OF_A_BYTE)?;
    let pixels = decoder.decode().map_err(|error| broken(&error))?;
    if pixels.len() != width * height || pixels.is_empty() {
        return Err(broken(&"its pixels are not those of its size"));
    }
    Ok(Grey { height, width, pixels })
}

/// Whether a picture is small enough, and the file can hold so many pixels, of which a byte can bring `each`.
fn held(bytes: &[u8], height: usize, width: usize, each: usize) -> Outcome<()> {
    if width > MOST || height > MOST {
        return Err(Failure::new(
            format!("a picture of {height}×{width} pixels"),
            format!("{MOST} pixels a side are the most"),
        ));
    }
    if height * width / each > bytes.len() {
        let few =
            format!("a picture that is cut short: {} bytes are too few for {height} × {width} pixels", bytes.len());
        return Err(Failure::new(few, "save it again"));
    }
    Ok(())
}

fn png(bytes: &[u8]) -> Outcome<Grey> {
    let broken = |error: ::png::DecodingError| Failure::new(format!("not a readable PNG: {error}"), "save it again");
    let mut decoder = Decoder::new(Cursor::new(bytes));
    // Palettes as their colours, everything as bytes.
    decoder.set_transformations(Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(broken)?;
    let (width, height) = (reader.info().width as usize, reader.info().height as usize);
    held(bytes, height, width, 8 * MOST_GROWTH)?;
    let luma =
        |rgb: &[u8]| ((77 * u32::from(rgb[0]) + 150 * u32::from(rgb[1]) + 29 * u32::from(rgb[2]) + 128) >> 8) as u8;
    let (interlaced, (color, _)) = (reader.info().interlaced, reader.output_color_type());
    let mut pixels = Vec::new();
    each_row(&mut reader, interlaced, |row| {
        room(&mut pixels, width);
        pixels.extend(row.chunks_exact(color.samples()).take(width).map(|pixel| match color {
            ColorType::Rgb | ColorType::Rgba => luma(pixel),
            _ => pixel[0],
        }));
        Ok(())
    })?;
    if pixels.len() != width * height {
        return Err(Failure::new("a picture that is cut short", "save it again"));
    }
    Ok(Grey { height, width, pixels })
}
