//! What a TensorFlow Lite model says of its outputs: type, shape, scale and zero point.
//!
//! A `.tflite` file is a flatbuffer of TensorFlow's schema (Apache-2.0; see this package's NOTICE): tables whose fields are found
//! by their number. The crates that read flatbuffers do so by code that is made from a schema and is full of `unsafe`, which this
//! package has none of; what is needed here is five tables, read with every offset checked. A table that is not there has its
//! fields' defaults, as the format has it; an offset beyond the end is an error.

use crate::error::{Failure, Outcome};
use crate::read::{Dtype, plain};
use std::io::Read;
use std::path::Path;

/// Bytes of a model at most: flatbuffers have 31 bits for an offset.
const MOST_BYTES: u64 = 1 << 31;

/// An output of the model.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// Its place among the outputs.
    pub number: usize,
    /// Its name in the model.
    pub name: String,
    /// The slowest axis first; −1 where it is not fixed.
    pub shape: Vec<i32>,
    /// What its numbers are stored as, if that is read here.
    pub dtype: Option<Dtype>,
    /// Scale and zero point, of codes.
    pub quantised: Option<(f32, i32)>,
}

/// Fields by their number, as the schema has them.
mod field {
    pub const MODEL_SUBGRAPHS: usize = 2;
    pub const SUBGRAPH_TENSORS: usize = 0;
    pub const SUBGRAPH_OUTPUTS: usize = 2;
    pub const TENSOR_SHAPE: usize = 0;
    pub const TENSOR_TYPE: usize = 1;
    pub const TENSOR_NAME: usize = 3;
    pub const TENSOR_QUANTIZATION: usize = 4;
    pub const QUANTIZATION_SCALE: usize = 2;
    pub const QUANTIZATION_ZERO_POINT: usize = 3;
}

/// The outputs of a model's main graph.
///
/// # Errors
///
/// A file that is no model, or has none.
pub fn outputs(path: &Path) -> Outcome<Vec<Output>> {
    let unread = |error: std::io::Error| Failure::new(plain(&error), "check the path").at(path);
    let file = std::fs::File::open(path).map_err(unread)?;
    let length = file.metadata().map_err(unread)?.len();
    if length > MOST_BYTES {
        return Err(Failure::new("a model of more than 2 GiB", "check the path").at(path));
    }
    let mut bytes = Vec::new();
    file.take(MOST_BYTES).read_to_end(&mut bytes).map_err(unread)?;
    parse(&bytes).map_err(|failure| failure.at(path))
}

/// The same of its bytes.
///
/// # Errors
///
/// As [`outputs`].
pub fn parse(bytes: &[u8]) -> Outcome<Vec<Output>> {
    let broken = || Failure::new("not a readable TensorFlow Lite model", "give the .tflite file that the device runs");
    if bytes.get(4..8) != Some(b"TFL3") {
        return Err(broken());
    }
    let found = all(bytes).ok_or_else(broken)?;
    if found.is_empty() {
        return Err(Failure::new("the model has no outputs", "give the .tflite file that the device runs"));
    }
    Ok(found)
}

/// None where an offset leads beyond the end.
fn all(bytes: &[u8]) -> Option<Vec<Output>> {
    let buffer = Buffer(bytes);
    let model = buffer.table(buffer.offset(0)?)?;
    let graphs = model.vector(field::MODEL_SUBGRAPHS)?;
    let main = graphs.table(0)?;
    let (tensors, outputs) = (main.vector(field::SUBGRAPH_TENSORS)?, main.vector(field::SUBGRAPH_OUTPUTS)?);
    (0..outputs.length)
        .map(|number| {
            let tensor = tensors.table(usize::try_from(outputs.i32(number)?).ok()?)?;
            let shape = tensor.vector(field::TENSOR_SHAPE)?;
            let quantised = match tensor.inner(field::TENSOR_QUANTIZATION)? {
                None => None,
                Some(table) => {
                    let scales = table.vector(field::QUANTIZATION_SCALE)?;
                    let zeros = table.vector(field::QUANTIZATION_ZERO_POINT)?;
                    match scales.length {
                        // One for the whole tensor; weights may have one for each channel, outputs do not.
                        1 => Some((
                            scales.f32(0)?,
                            if zeros.length > 0 { i32::try_from(zeros.i64(0)?).ok()? } else { 0 },
                        )),
                        _ => None,
                    }
                }
            };
            Some(Output {
                number,
                name: tensor.text(field::TENSOR_NAME)?,
                shape: (0..shape.length).map(|axis| shape.i32(axis)).collect::<Option<_>>()?,
                dtype: dtype(tensor.byte(field::TENSOR_TYPE)?),
                quantised,
            })
        })
        .collect()
}

const fn dtype(code: u8) -> Option<Dtype> {
    Some(match code {
        0 => Dtype::F32,
        1 => Dtype::F16,
        2 => Dtype::I32,
        3 => Dtype::U8,
        4 => Dtype::I64,
        6 => Dtype::Bool,
        7 => Dtype::I16,
        9 => Dtype::I8,
        10 => Dtype::F64,
        12 => Dtype::U64,
        15 => Dtype::U32,
        16 => Dtype::U16,
        _ => return None,
    })
}

#[derive(Clone, Copy)]
struct Buffer<'b>(&'b [u8]);

impl<'b> Buffer<'b> {
    fn take<const N: usize>(self, at: usize) -> Option<[u8; N]> {
        self.0.get(at..at.checked_add(N)?)?.first_chunk().copied()
    }

    /// Where an offset leads, which counts from itself.
    fn offset(self, at: usize) -> Option<usize> {
        at.checked_add(usize::try_from(u32::from_le_bytes(self.take(at)?)).ok()?)
    }

    fn table(self, at: usize) -> Option<Table<'b>> {
        let back = i64::from(i32::from_le_bytes(self.take(at)?));
        let fields = usize::try_from(i64::try_from(at).ok()?.checked_sub(back)?).ok()?;
        let length = usize::from(u16::from_le_bytes(self.take(fields)?));
        Some(Table { buffer: self, at, fields, length })
    }
}

/// A table, and where the places of its fields are.
#[derive(Clone, Copy)]
struct Table<'b> {
    buffer: Buffer<'b>,
    at: usize,
    fields: usize,
    length: usize,
}

impl<'b> Table<'b> {
    /// Where a field is; 0 where it has its default.
    fn place(self, field: usize) -> Option<usize> {
        let entry = 4 + 2 * field;
        if entry + 2 > self.length {
            return Some(0);
        }
        match u16::from_le_bytes(self.buffer.take(self.fields.checked_add(entry)?)?) {
            0 => Some(0),
            place => self.at.checked_add(place.into()),
        }
    }

    fn byte(self, field: usize) -> Option<u8> {
        match self.place(field)? {
            0 => Some(0),
            at => self.buffer.take::<1>(at).map(|[byte]| byte),
        }
    }

    /// Another table, or that there is none.
    fn inner(self, field: usize) -> Option<Option<Table<'b>>> {
        match self.place(field)? {
            0 => Some(None),
            at => self.buffer.table(self.buffer.offset(at)?).map(Some),
        }
    }

    /// A vector, empty where it is not there.
    fn vector(self, field: usize) -> Option<Vector<'b>> {
        let buffer = self.buffer;
        match self.place(field)? {
            0 => Some(Vector { buffer, at: 0, length: 0 }),
            at => {
                let at = buffer.offset(at)?;
                let length = usize::try_from(u32::from_le_bytes(buffer.take(at)?)).ok()?;
                // No vector is longer than the file: nothing is made for what is only promised.
                (length <= buffer.0.len()).then_some(Vector { buffer, at: at.checked_add(4)?, length })
            }
        }
    }

    fn text(self, field: usize) -> Option<String> {
        let Vector { buffer, at, length } = self.vector(field)?;
        let bytes = buffer.0.get(at..at.checked_add(length)?)?;
        Some(String::from_utf8_lossy(bytes).into_owned())
    }
}

#[derive(Clone, Copy)]
struct Vector<'b> {
    buffer: Buffer<'b>,
    at: usize,
    length: usize,
}

impl<'b> Vector<'b> {
    fn item<const N: usize>(self, item: usize) -> Option<[u8; N]> {
        if item >= self.length {
            return None;
        }
        self.buffer.take(self.at.checked_add(item.checked_mul(N)?)?)
    }

    fn i32(self, item: usize) -> Option<i32> {
        self.item(item).map(i32::from_le_bytes)
    }

    fn i64(self, item: usize) -> Option<i64> {
        self.item(item).map(i64::from_le_bytes)
    }

    fn f32(self, item: usize) -> Option<f32> {
        self.item(item).map(f32::from_le_bytes)
    }

    fn table(self, item: usize) -> Option<Table<'b>> {
        if item >= self.length {
            return None;
        }
        let at = self.at.checked_add(item.checked_mul(4)?)?;
        self.buffer.table(self.buffer.offset(at)?)
    }
}
