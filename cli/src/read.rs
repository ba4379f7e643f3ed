//! Files as arrays of numbers: what the bytes say, before anything is made of it.
//!
//! | file | types | shape |
//! |---|---|---|
//! | `.npy` | f64 f32 f16 bool and integers of 8 to 64 bits, either byte order | its header's |
//! | `.npz` | the same: its only array, or the one that `--key` names | its header's |
//! | PNG | of 1 to 16 bits, indexed (the indices), colours that agree | height, width |
//! | TIFF | of 8 to 64 bits | height, width |
//! | NIfTI-1 (`.nii`, `.nii.gz`) | as .npy | slices, rows, columns |
//! | any other | `--dtype`, little-endian | `--shape` |
//!
//! What a file is, its first bytes say, and its name where they say nothing (`read/container.rs`). A [`Source`] is read in pieces.
//! No file makes it take more memory than its own numbers, of which there may be [`most_values`].

mod container;
mod nifti;
mod npy;
mod npz;
pub mod picture;
mod pieces;
mod png;
mod raw;
mod tiff;
mod values;

use crate::error::{Failure, Outcome};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

pub use container::{Container, ending, readable};
pub use values::{Stored, Values};

/// Values of one map at most, unless `--max-pixels` says another number: 1 GiB of f32.
pub const MOST_VALUES: usize = 1 << 28;

/// What `--max-pixels` says. A setting of the process: no reader works without it, and none is to be forgotten.
static MOST: AtomicUsize = AtomicUsize::new(MOST_VALUES);

/// Values of one map at most.
#[must_use]
pub fn most_values() -> usize {
    MOST.load(Ordering::Relaxed)
}

/// From now on.
pub fn limit_values(most: usize) {
    MOST.store(most, Ordering::Relaxed);
}

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
    U32,
    I64,
    U64,
}

impl Dtype {
    /// Bytes of a value.
    #[must_use]
    pub const fn size(self) -> usize {
        match self {
            Self::U8 | Self::I8 | Self::Bool => 1,
            Self::F16 | Self::I16 | Self::U16 => 2,
            Self::F32 | Self::I32 | Self::U32 => 4,
            Self::F64 | Self::I64 | Self::U64 => 8,
        }
    }

    /// In full.
    #[must_use]
    pub const fn long(self) -> &'static str {
        match self {
            Self::F64 => "float64",
            Self::F32 => "float32",
            Self::F16 => "float16",
            Self::U8 => "uint8",
            Self::I8 => "int8",
            Self::I16 => "int16",
            Self::U16 => "uint16",
            Self::Bool => "bool",
            Self::I32 => "int32",
            Self::U32 => "uint32",
            Self::I64 => "int64",
            Self::U64 => "uint64",
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
            Self::U32 => "u32",
            Self::I64 => "i64",
            Self::U64 => "u64",
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
    /// Where it was.
    pub container: Container,
    /// What its codes are, where the container says it.
    pub nature: Nature,
    /// Bytes that follow the numbers, where that is known.
    pub trailing: u64,
}

/// What a container says of its codes beside their type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Nature {
    /// Nothing.
    #[default]
    Numbers,
    /// Grey, of which this code is white.
    Grey(u16),
    /// Places in a palette; whether its first colour is brighter than its second.
    Indexed {
        /// 0 is brighter than 1.
        bright_first: bool,
    },
}

/// What a file does not say itself.
#[derive(Clone, Debug, Default)]
pub struct Raw {
    /// Of a file without a header.
    pub dtype: Option<Dtype>,
    /// Likewise.
    pub shape: Option<Vec<usize>>,
    /// Which array of an archive.
    pub key: Option<String>,
}

/// An open file whose numbers are taken piece by piece.
pub struct Source<'r> {
    shape: Vec<usize>,
    dtype: Dtype,
    big_endian: bool,
    fortran: bool,
    container: Container,
    nature: Nature,
    /// A number n denotes n · the first + the second.
    scaled: Option<(f32, f32)>,
    /// How many bytes follow is not known before they are decoded.
    unmeasured: bool,
    /// A NIfTI whose header was written by hand: the order of its numbers is looked at.
    by_hand: bool,
    /// Bytes that follow the numbers.
    trailing: u64,
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
        Self::from_bytes(BufReader::new(file), length.len(), &ending(path), raw).map_err(|failure| failure.at(path))
    }
}

impl<'r> Source<'r> {
    /// The same from any bytes, of which there are `length`: `ending` is what the file's name ends in, in lower case.
    ///
    /// # Errors
    ///
    /// As [`Self::open`].
    pub fn from_bytes(bytes: impl Read + Send + 'r, length: u64, ending: &str, raw: &Raw) -> Outcome<Self> {
        let mut bytes = BufReader::new(bytes);
        let head = bytes.fill_buf().map_err(|error| Failure::new(plain(&error), "check the disk"))?;
        let container = container::container(head, ending, raw.dtype.is_some() || raw.shape.is_some())?;
        let source = match container {
            Container::Npy => npy::open(bytes, Some(length))?,
            Container::Npz => npz::open(bytes, raw.key.as_deref())?,
            Container::Png => png::open(bytes, length)?,
            Container::Nifti => nifti::open(bytes, length)?,
            Container::Tiff => tiff::open(bytes)?,
            Container::Raw => raw::open(bytes, length, raw)?,
        };
        Ok(Self { container, ..source })
    }

    /// Numbers of a type and shape, and nothing else that is said of them.
    fn plain(shape: Vec<usize>, dtype: Dtype, bytes: impl Read + Send + 'r) -> Self {
        Self {
            shape,
            dtype,
            big_endian: false,
            fortran: false,
            container: Container::Raw,
            nature: Nature::Numbers,
            scaled: None,
            unmeasured: false,
            by_hand: false,
            trailing: 0,
            bytes: Box::new(bytes),
        }
    }

    /// As the file says, the slowest axis first.
    #[must_use]
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// What kind of file it is.
    #[must_use]
    pub const fn container(&self) -> Container {
        self.container
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
        // Bytes are read where they shall lie.
        if self.dtype.size() == 1 && !self.unmeasured {
            let mut bytes = Vec::with_capacity(count);
            let came = (&mut self.bytes).take(count as u64).read_to_end(&mut bytes).map_err(ended)?;
            if came < count {
                return Err(ended(std::io::ErrorKind::UnexpectedEof.into()));
            }
            return Values::of_bytes(self.dtype, bytes);
        }
        // What is not measured grows by as much as has come and by a block, never by what a header promises.
        let mut out = Values::with_room(self.dtype, if self.unmeasured { 0 } else { count });
        let mut block = vec![0; BLOCK.min(count * self.dtype.size())];
        let (mut left, mut room) = (count * self.dtype.size(), 0);
        while left > 0 {
            let piece = left.min(BLOCK);
            self.bytes.read_exact(&mut block[..piece]).map_err(ended)?;
            if self.unmeasured && room < piece {
                room = left.min(STEP);
                out.reserve(room / self.dtype.size());
            }
            out.append(self.dtype, self.big_endian, &block[..piece])?;
            left -= piece;
            room = room.saturating_sub(piece);
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
        if self.by_hand {
            nifti::in_order(&values, &self.shape)?;
        }
        let values = if self.fortran { in_c_order(values, &self.shape) } else { values };
        let (dtype, values) = match self.scaled {
            None => (self.dtype, values),
            Some((slope, intercept)) => (Dtype::F32, Values::F32(values.scaled(slope, intercept))),
        };
        Ok(Array {
            shape: self.shape,
            dtype,
            values,
            container: self.container,
            nature: self.nature,
            trailing: self.trailing,
        })
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
/// Bytes of room that are taken at a time where no length is known.
const STEP: usize = 1 << 20;

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
    let most = most_values();
    match count {
        Some(0) => Err(Failure::new(format!("the shape {shape:?} holds nothing"), "record it again")),
        Some(count) if count <= most => Ok(count),
        _ => Err(Failure::new(
            format!("the shape {shape:?} holds more than {most} values"),
            "check the shape, split it, or give a greater `--max-pixels`",
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
