//! PNG: grey as it is, indexed as its indices (the labels of most annotation tools), colours where they are grey.

use super::pieces::Pieces;
use super::{Dtype, Nature, STEP, Source, count};
use crate::error::{Failure, Outcome};
use ::png::{
    BitDepth, ColorType, Decoder, DecodingError, InterlaceInfo, Limits, Reader, Transformations, expand_interlaced_row,
};
use std::io::{BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom};

/// Bytes that one of a file can become at most: zlib's own bound of its deflate.
pub(super) const MOST_GROWTH: usize = 1032;

pub fn open<'r>(bytes: impl Read + Send + 'r, length: u64) -> Outcome<Source<'r>> {
    let broken = |what: String| Failure::new(format!("not a readable .png: {what}"), "write it again");
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    let mut decoder = Decoder::new_with_limits(Forward(BufReader::new(bytes)), Limits { bytes: super::most_values() });
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
    let rows = each_row(&mut reader, interlaced, |row| channels.row(row))?;
    if rows < height {
        return Err(broken(format!("{rows} of {height} rows")));
    }
    let nature = match (color, &reader.info().palette) {
        (ColorType::Indexed, palette) => Nature::Indexed { bright_first: bright_first(palette.as_deref()) },
        _ => Nature::Grey(((1_u32 << depth as u8) - 1) as u16),
    };
    let dtype = if depth == BitDepth::Sixteen { Dtype::U16 } else { Dtype::U8 };
    Ok(Source { big_endian: true, nature, ..Source::plain(shape, dtype, channels.numbers) })
}

/// A reader that its decoder takes for one that seeks, which it never does: so a file need not be held.
struct Forward<R>(BufReader<R>);

impl<R: Read> Read for Forward<R> {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(to)
    }
}

impl<R: Read> BufRead for Forward<R> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        self.0.fill_buf()
    }

    fn consume(&mut self, bytes: usize) {
        self.0.consume(bytes);
    }
}

impl<R> Seek for Forward<R> {
    fn seek(&mut self, _: SeekFrom) -> std::io::Result<u64> {
        Err(ErrorKind::Unsupported.into())
    }
}

/// Room for so many bytes more: as much as has come and a block, and no more, whatever a header promises.
pub(super) fn room(bytes: &mut Vec<u8>, more: usize) {
    if bytes.capacity() - bytes.len() < more {
        bytes.reserve_exact(more.max(STEP));
    }
}

/// Gives every row of a picture from the top on, and how many there were. What is held grows with what the file holds, whatever its
/// header promises: rows of an interlaced picture are kept as they come, and put in their places when all are there.
pub(super) fn each_row<R: BufRead + Seek>(
    reader: &mut Reader<R>,
    interlaced: bool,
    mut row: impl FnMut(&[u8]) -> Outcome<()>,
) -> Outcome<usize> {
    let broken = |error: DecodingError| Failure::new(format!("not a readable .png: {error}"), "write it again");
    let mut rows = 0;
    if !interlaced {
        while let Some(next) = reader.next_row().map_err(broken)? {
            row(next.data())?;
            rows += 1;
        }
        return Ok(rows);
    }
    let (mut passes, mut data, mut line_of_pass) = (Vec::new(), Pieces::default(), Vec::new());
    while let Some(next) = reader.next_interlaced_row().map_err(broken)? {
        if let InterlaceInfo::Adam7(place) = next.interlace() {
            passes.push((*place, next.data().len()));
            data.extend(next.data());
        }
    }
    let (color, depth) = reader.output_color_type();
    let line = reader.output_line_size(reader.info().width).unwrap_or(0);
    let mut picture = vec![0; line * reader.info().height as usize];
    for (place, bytes) in passes {
        let bits = (color.samples() * depth as usize) as u8;
        line_of_pass.resize(bytes, 0);
        data.read_exact(&mut line_of_pass).map_err(|error| broken(error.into()))?;
        expand_interlaced_row(&mut picture, line, &line_of_pass, &place, bits);
    }
    for line in picture.chunks_exact(line.max(1)) {
        row(line)?;
        rows += 1;
    }
    Ok(rows)
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
    numbers: Pieces,
}

impl Channels {
    fn of(color: ColorType, depth: BitDepth, width: usize) -> Self {
        let colours = if matches!(color, ColorType::Rgb | ColorType::Rgba) { 3 } else { 1 };
        let alpha = matches!(color, ColorType::GrayscaleAlpha | ColorType::Rgba);
        Self { depth, width, colours, alpha, opaque: None, numbers: Pieces::default() }
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
            self.numbers.extend(first);
        }
        Ok(())
    }
}

/// Pixels of less than a byte lie in it from its highest bit on, and every row begins at a byte.
fn unpack(row: &[u8], depth: BitDepth, width: usize, out: &mut Pieces) {
    let bits = depth as u8;
    if bits >= 8 {
        out.extend(row);
        return;
    }
    let each = usize::from(8 / bits);
    let pixels = row.iter().flat_map(|&byte| (0..each).map(move |at| byte << (at as u8 * bits) >> (8 - bits)));
    out.extend(&pixels.take(width).collect::<Vec<u8>>());
}
