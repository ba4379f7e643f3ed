//! A frame as a picture within the page: a PNG in a data URI.

use super::colour;
use super::page::Picture;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Longest side of a picture in the page, in pixels.
const SIDE: usize = 512;

/// The picture's address, its width and its height.
///
/// # Errors
///
/// Those of the encoder, into memory: none are known.
pub fn png(picture: &Picture) -> Result<(String, usize, usize), png::EncodingError> {
    let Picture { width, height, marks, shade, .. } = picture;
    // One pixel of each square: what is bad in a frame is seldom a single pixel, and a page is not an archive.
    let step = width.max(height).div_ceil(SIDE).max(1);
    let (columns, rows) = (width.div_ceil(step), height.div_ceil(step));
    let mut pixels = Vec::with_capacity(3 * columns * rows);
    for y in (0..*height).step_by(step) {
        for x in (0..*width).step_by(step) {
            let at = y * width + x;
            pixels.extend_from_slice(&match (marks.get(at), shade.get(at)) {
                (Some(&mark), Some(&shade)) => colour::of(mark, shade),
                _ => colour::LEFT_OUT,
            });
        }
    }
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, columns as u32, rows as u32);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels)?;
    writer.finish()?;
    Ok((format!("data:image/png;base64,{}", STANDARD.encode(&bytes)), columns, rows))
}
