//! `.npy`: a header in Python's syntax (parsed by npyz), then the numbers.

use super::{Dtype, Source, count};
use crate::error::{Failure, Outcome};
use npyz::{DType, Endianness, NpyHeader, Order, TypeChar, TypeStr};
use std::io::Read;

/// Longest header that is parsed, as numpy has it.
const MOST_HEADER: usize = 10_000;
/// Brackets within brackets: numpy's headers have two. The parser recurses.
const MOST_DEPTH: usize = 8;

/// Of a stream that must be decoded first, the length is not known.
pub fn open<'r>(mut bytes: impl Read + Send + 'r, length: Option<u64>) -> Outcome<Source<'r>> {
    let broken = |what: &str| Failure::new(format!("not a .npy file: {what}"), "write it with numpy.save");
    let mut head = vec![0; 10];
    bytes.read_exact(&mut head).map_err(|_| broken("no header"))?;
    let mut text = usize::from(u16::from_le_bytes([head[8], head[9]]));
    // From version 2 on the length has four bytes.
    if head[6] > 1 {
        let mut high = [0; 2];
        bytes.read_exact(&mut high).map_err(|_| broken("no header"))?;
        head.extend(high);
        text |= usize::from(u16::from_le_bytes(high)) << 16;
    }
    if text > MOST_HEADER {
        return Err(broken("the header is too long"));
    }
    let begin = head.len();
    head.resize(begin + text, 0);
    bytes.read_exact(&mut head[begin..]).map_err(|_| broken("the header is cut off"))?;
    let head = [&head[..begin], &plain_header(&head[begin..])].concat();
    check(&head[begin..]).ok_or_else(|| broken("the header makes no sense"))?;
    let header = NpyHeader::from_reader(&head[..]).map_err(|error| match str::from_utf8(&head[begin..]) {
        Ok(text) if text.contains("bfloat16") => unread("bfloat16"),
        _ => broken(&error.to_string()),
    })?;

    let (dtype, big_endian) = match header.dtype() {
        DType::Plain(plain) => (dtype(&plain)?, plain.endianness() == Endianness::Big),
        other => return Err(unread(&other.descr())),
    };
    // A scalar, shape (), is a map of one pixel to nobody.
    let shape: Vec<usize> = header.shape().iter().map(|&side| usize::try_from(side).unwrap_or(usize::MAX)).collect();
    if shape.is_empty() {
        return Err(Failure::new("a single number, not a map", "save an array of height, width"));
    }
    // A file that is still being written may have been shorter when its length was asked for.
    let there = length.map_or(u64::MAX, |length| length.saturating_sub(head.len() as u64) / dtype.size() as u64);
    let values = count(&shape)?;
    if there < values as u64 {
        return Err(Failure::new(
            format!("holds {there} of the {values} values of its shape {shape:?} (truncated?)"),
            "record it again",
        ));
    }
    let trailing = length.map_or(0, |length| {
        length.saturating_sub(head.len() as u64).saturating_sub(values as u64 * dtype.size() as u64)
    });
    Ok(Source { big_endian, trailing, fortran: header.order() == Order::Fortran, ..Source::plain(shape, dtype, bytes) })
}

/// The header as numpy writes it today: Python 2 has an L after long numbers, and `=` is the byte order of whoever wrote it.
/// Of the same length, for the parser is told how long it is.
fn plain_header(text: &[u8]) -> Vec<u8> {
    let mut plain = text.to_vec();
    for at in 1..plain.len() {
        match (plain[at - 1], plain[at]) {
            (b'0'..=b'9', b'L') => plain[at] = b' ',
            (b'\'' | b'"', b'=') => plain[at] = if cfg!(target_endian = "big") { b'>' } else { b'<' },
            _ => {}
        }
    }
    plain
}

/// Nothing in the header that its parser multiplies without looking, or recurses into without end.
fn check(text: &[u8]) -> Option<()> {
    let (mut depth, mut product) = (0usize, 1u64);
    let mut rest = text;
    while let [byte, tail @ ..] = rest {
        rest = tail;
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.checked_sub(1)?,
            b'0'..=b'9' => {
                let digits = 1 + tail.iter().take_while(|byte| byte.is_ascii_digit()).count();
                let number =
                    str::from_utf8(&text[text.len() - tail.len() - 1..][..digits]).ok()?.parse::<u64>().ok()?;
                rest = &tail[digits - 1..];
                // 0x10, 1_000 and 1e9 are numbers in Python too, and in no header that numpy writes.
                if rest.first().is_some_and(|next| next.is_ascii_alphabetic() || *next == b'_') {
                    return None;
                }
                product = product.checked_mul(number.max(1)).filter(|&product| product < 1 << 56)?;
            }
            _ => {}
        }
        if depth > MOST_DEPTH {
            return None;
        }
    }
    Some(())
}

fn dtype(plain: &TypeStr) -> Outcome<Dtype> {
    Ok(match (plain.type_char(), plain.size_field()) {
        (TypeChar::Float, 8) => Dtype::F64,
        (TypeChar::Float, 4) => Dtype::F32,
        (TypeChar::Float, 2) => Dtype::F16,
        (TypeChar::Uint, 1) => Dtype::U8,
        (TypeChar::Int, 1) => Dtype::I8,
        (TypeChar::Int, 2) => Dtype::I16,
        (TypeChar::Uint, 2) => Dtype::U16,
        (TypeChar::Bool, 1) => Dtype::Bool,
        (TypeChar::Int, 4) => Dtype::I32,
        (TypeChar::Int, 8) => Dtype::I64,
        (TypeChar::Uint, 4) => Dtype::U32,
        (TypeChar::Uint, 8) => Dtype::U64,
        _ => return Err(unread(&plain.to_string())),
    })
}

fn unread(descr: &str) -> Failure {
    // numpy has no type of its own for it, and saves what ml_dtypes writes as two bytes without a meaning.
    if descr.contains("V2") || descr.contains("bfloat16") {
        return Failure::new("numbers of type bfloat16 are not read", "save them with .astype(numpy.float32)");
    }
    Failure::new(
        format!("numbers of type {descr} are not read"),
        "save as f64, f32, f16, bool or integers of 8 to 64 bits",
    )
}
