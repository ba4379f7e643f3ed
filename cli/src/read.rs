//! Files as arrays of numbers: what the bytes say, before anything is made of it.
//!
//! | file | types | shape |
//! |---|---|---|
//! | `.npy` | f64 f32 f16 u8 i8 i16 u16 bool i32 i64, either byte order | its header's |
//! | `.png` | grey of 1 to 16 bits, indexed (the indices) | height, width |
//! | any other | `--dtype`, little-endian | `--shape` |
//!
//! A [`Source`] is read in pieces. No file makes it take more memory than its own length (a picture: than its pixels,
//! of which there may be [`MOST_VALUES`]).

mod npy;
mod png;
mod raw;

use crate::error::{Failure, Outcome};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

/// Values of one map at most: 1 GiB of f32.
pub const MOST_VALUES: usize = 1 << 28;

/// How numbers are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
#[allow(missing_docs, reason = "the types' own names")]
pub enum Dtype {
    F64,
    F32,
    F16,
    U8,
    I8,
    I16,
    U16,
    Bool,
    I32,
    I64,
}

impl Dtype {
    /// Bytes of a value.
    #[must_use]
    pub const fn size(self) -> usize {
        match self {
            Self::U8 | Self::I8 | Self::Bool => 1,
            Self::F16 | Self::I16 | Self::U16 => 2,
            Self::F32 | Self::I32 => 4,
            Self::F64 | Self::I64 => 8,
        }
    }

    /// As in a message.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::F64 => "f64",
            Self::F32 => "f32",
            Self::F16 => "f16",
            Self::U8 => "u8",
            Self::I8 => "i8",
            Self::I16 => "i16",
            Self::U16 => "u16",
            Self::Bool => "bool",
            Self::I32 => "i32",
            Self::I64 => "i64",
        }
    }
}

/// Numbers as the maps are made of them: f64 and f16 become f32 (rounded once, exactly), i32 and i64 are labels.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the types' own names")]
pub enum Values {
    U8(Vec<u8>),
    I8(Vec<i8>),
    I16(Vec<i16>),
    U16(Vec<u16>),
    F32(Vec<f32>),
    /// Each 0 or 1.
    Bool(Vec<u8>),
    /// Labels beyond i32 are the nearest i32.
    Labels(Vec<i32>),
}

/// `$body` with the vector within as `$vec`, whatever its type.
#[macro_export]
macro_rules! each_vec {
    ($values:expr, $vec:ident => $body:expr) => {
        match $values {
            $crate::read::Values::U8($vec) | $crate::read::Values::Bool($vec) => $body,
            $crate::read::Values::I8($vec) => $body,
            $crate::read::Values::I16($vec) => $body,
            $crate::read::Values::U16($vec) => $body,
            $crate::read::Values::F32($vec) => $body,
            $crate::read::Values::Labels($vec) => $body,
        }
    };
}

impl Values {
    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        each_vec!(self, vec => vec.len())
    }

    /// None at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The same numbers, number `from(i)` first in place `i`.
    #[must_use]
    pub fn gather(self, from: impl Fn(usize) -> usize) -> Self {
        fn pick<T: Copy>(vec: &[T], from: impl Fn(usize) -> usize) -> Vec<T> {
            (0..vec.len()).map(|at| vec[from(at)]).collect()
        }
        match self {
            Self::U8(vec) => Self::U8(pick(&vec, from)),
            Self::I8(vec) => Self::I8(pick(&vec, from)),
            Self::I16(vec) => Self::I16(pick(&vec, from)),
            Self::U16(vec) => Self::U16(pick(&vec, from)),
            Self::F32(vec) => Self::F32(pick(&vec, from)),
            Self::Bool(vec) => Self::Bool(pick(&vec, from)),
            Self::Labels(vec) => Self::Labels(pick(&vec, from)),
        }
    }
}

/// A whole file.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    /// As the file says, the slowest axis first.
    pub shape: Vec<usize>,
    /// As stored.
    pub dtype: Dtype,
    /// In C order.
    pub values: Values,
}

/// What a file does not say itself.
#[derive(Clone, Debug, Default)]
pub struct Raw {
    /// Of a file without a header.
    pub dtype: Option<Dtype>,
    /// Likewise.
    pub shape: Option<Vec<usize>>,
}

/// An open file whose numbers are taken piece by piece.
pub struct Source<'r> {
    shape: Vec<usize>,
    dtype: Dtype,
    big_endian: bool,
    fortran: bool,
    bytes: Box<dyn Read + Send + 'r>,
}

impl Source<'static> {
    /// Opens a file by what its name ends in.
    ///
    /// # Errors
    ///
    /// A missing or malformed file, or one that is shorter than its shape.
    pub fn open(path: &Path, raw: &Raw) -> Outcome<Self> {
        let file = File::open(path).map_err(|error| {
            let remedy = match error.kind() {
                std::io::ErrorKind::NotFound => "check the path",
                _ => "check the permissions",
            };
            Failure::new(plain(&error), remedy).at(path)
        })?;
        let length = file.metadata().map_err(|error| Failure::new(plain(&error), "check the path").at(path))?;
        if !length.is_file() {
            return Err(Failure::new("not a file", "name a file, or two folders to pair").at(path));
        }
        let kind = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
        Self::from_bytes(BufReader::new(file), length.len(), &kind, raw).map_err(|failure| failure.at(path))
    }
}

impl<'r> Source<'r> {
    /// The same from any bytes, of which there are `length`: `kind` is the extension, in lower case.
    ///
    /// # Errors
    ///
    /// As [`Self::open`].
    pub fn from_bytes(bytes: impl Read + Send + 'r, length: u64, kind: &str, raw: &Raw) -> Outcome<Self> {
        match kind {
            "npy" => npy::open(bytes, length),
            "png" => png::open(bytes),
            _ => raw::open(bytes, length, raw),
        }
    }

    /// As the file says, the slowest axis first.
    #[must_use]
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// As stored.
    #[must_use]
    pub const fn dtype(&self) -> Dtype {
        self.dtype
    }

    /// Numbers lie with the first axis fastest: only [`Self::array`] reads them.
    #[must_use]
    pub const fn fortran(&self) -> bool {
        self.fortran
    }

    /// The next `count` numbers, in the order of the file.
    ///
    /// # Errors
    ///
    /// The file ends before.
    pub fn take(&mut self, count: usize) -> Outcome<Values> {
        let ended = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::UnexpectedEof => {
                Failure::new("the file ends before its shape is filled (truncated?)", "record it again")
            }
            _ => Failure::new(plain(&error), "check the disk"),
        };
        let mut out = Values::with_room(self.dtype, count);
        let mut block = vec![0; BLOCK.min(count * self.dtype.size())];
        let mut left = count * self.dtype.size();
        while left > 0 {
            let piece = left.min(BLOCK);
            self.bytes.read_exact(&mut block[..piece]).map_err(ended)?;
            out.append(self.dtype, self.big_endian, &block[..piece])?;
            left -= piece;
        }
        Ok(out)
    }

    /// All of it, in C order.
    ///
    /// # Errors
    ///
    /// As [`Self::take`].
    pub fn array(mut self) -> Outcome<Array> {
        let count = self.shape.iter().product();
        let values = self.take(count)?;
        let values = if self.fortran { in_c_order(values, &self.shape) } else { values };
        Ok(Array { shape: self.shape, dtype: self.dtype, values })
    }
}

/// A file's array.
///
/// # Errors
///
/// As [`Source::open`] and [`Source::take`].
pub fn array(path: &Path, raw: &Raw) -> Outcome<Array> {
    Source::open(path, raw)?.array().map_err(|failure| failure.at(path))
}

/// Bytes that are converted at a time.
const BLOCK: usize = 1 << 16;

impl Values {
    fn with_room(dtype: Dtype, count: usize) -> Self {
        match dtype {
            Dtype::U8 => Self::U8(Vec::with_capacity(count)),
            Dtype::I8 => Self::I8(Vec::with_capacity(count)),
            Dtype::I16 => Self::I16(Vec::with_capacity(count)),
            Dtype::U16 => Self::U16(Vec::with_capacity(count)),
            Dtype::F64 | Dtype::F32 | Dtype::F16 => Self::F32(Vec::with_capacity(count)),
            Dtype::Bool => Self::Bool(Vec::with_capacity(count)),
            Dtype::I32 | Dtype::I64 => Self::Labels(Vec::with_capacity(count)),
        }
    }

    /// Whole values, as they lie in the file.
    fn append(&mut self, dtype: Dtype, big_endian: bool, bytes: &[u8]) -> Outcome<()> {
        macro_rules! words {
            ($raw:ty, $vec:expr, $value:expr) => {
                $vec.extend(bytes.as_chunks::<{ size_of::<$raw>() }>().0.iter().map(|&word| {
                    let raw = if big_endian { <$raw>::from_be_bytes(word) } else { <$raw>::from_le_bytes(word) };
                    $value(raw)
                }))
            };
        }
        match (self, dtype) {
            (Self::U8(vec), _) => vec.extend_from_slice(bytes),
            (Self::I8(vec), _) => vec.extend(bytes.iter().map(|&byte| byte.cast_signed())),
            (Self::I16(vec), _) => words!(i16, vec, |raw| raw),
            (Self::U16(vec), _) => words!(u16, vec, |raw| raw),
            (Self::F32(vec), Dtype::F64) => words!(f64, vec, |raw| raw as f32),
            (Self::F32(vec), Dtype::F16) => words!(u16, vec, |raw| half::f16::from_bits(raw).to_f32()),
            (Self::F32(vec), _) => words!(f32, vec, |raw| raw),
            (Self::Bool(vec), _) => {
                if bytes.iter().any(|&byte| byte > 1) {
                    return Err(Failure::new(
                        "a bool is neither 0 nor 1",
                        "write it as u8 if any other value is meant",
                    ));
                }
                vec.extend_from_slice(bytes);
            }
            (Self::Labels(vec), Dtype::I64) => {
                words!(i64, vec, |raw: i64| raw.clamp(i32::MIN.into(), i32::MAX.into()) as i32)
            }
            (Self::Labels(vec), _) => words!(i32, vec, |raw| raw),
        }
        Ok(())
    }
}

/// From the first axis fastest to the last axis fastest.
fn in_c_order(values: Values, shape: &[usize]) -> Values {
    values.gather(|mut at| {
        let mut stride: usize = shape.iter().product();
        let mut from = 0;
        for &side in shape.iter().rev() {
            stride /= side;
            from += at % side * stride;
            at /= side;
        }
        from
    })
}

/// How many numbers a shape has, if a map may have so many.
fn count(shape: &[usize]) -> Outcome<usize> {
    let count = shape.iter().try_fold(1usize, |count, &side| count.checked_mul(side));
    match count {
        Some(0) => Err(Failure::new(format!("the shape {shape:?} holds nothing"), "record it again")),
        Some(count) if count <= MOST_VALUES => Ok(count),
        _ => Err(Failure::new(
            format!("the shape {shape:?} holds more than {MOST_VALUES} values"),
            "split it, or check the shape",
        )),
    }
}

/// The system's words without its error number.
pub(crate) fn plain(error: &std::io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error") {
        Some(end) => text[..end].to_string(),
        None => text,
    }
}
