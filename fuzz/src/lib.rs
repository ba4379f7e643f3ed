//! Files of the command, made of a fuzzer's bytes: heads that parse, and then sides, lengths and single bytes that lie.
//! Of bytes alone one in millions would get past a header.

pub mod npy;
mod png;

use arbitrary::{Arbitrary, Unstructured};
use soft_dice_cli::read::{Dtype, Raw};

/// Bytes of numbers that a file is filled up to at most: beyond, nothing new happens but time.
const MOST: usize = 1 << 14;

/// Seldom there: where much lies at once, nothing but the first refusal is tried.
#[derive(Clone, Copy, Debug)]
pub struct Rare<T>(pub Option<T>);

impl<'a, T: Arbitrary<'a>> Arbitrary<'a> for Rare<T> {
    fn arbitrary(u: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        // Where the bytes have come to their end they are 0.
        let there = u.arbitrary::<u8>()? >= 7 << 5;
        Ok(Self(if there { Some(u.arbitrary()?) } else { None }))
    }
}

/// A file.
#[derive(Debug, Arbitrary)]
pub struct Made<'a> {
    form: Form,
    /// As the numbers, again and again until the shape is filled.
    numbers: &'a [u8],
    /// Instead of the shape that the frame has.
    sides: Rare<Vec<u32>>,
    /// The numbers stand there once.
    short: Rare<()>,
    /// Bytes of the finished file that are overwritten.
    edits: [Rare<(u16, u8)>; 3],
    /// How long the file is in the end.
    cut: Rare<u16>,
    /// Nothing of the above, but these bytes.
    whole: Rare<&'a [u8]>,
}

#[derive(Clone, Copy, Debug, Arbitrary)]
enum Form {
    Npy(npy::Head),
    Png(png::Head),
    Raw(u8),
}

/// Types of raw files.
const DTYPES: [Dtype; 12] = [
    Dtype::F64,
    Dtype::F32,
    Dtype::F16,
    Dtype::U8,
    Dtype::I8,
    Dtype::I16,
    Dtype::U16,
    Dtype::Bool,
    Dtype::I32,
    Dtype::I64,
    Dtype::U32,
    Dtype::U64,
];

impl Made<'_> {
    /// Its bytes, what its name ends in, and what the options say of it, where the frame has this shape.
    #[must_use]
    pub fn file(&self, shape: &[u32]) -> (Vec<u8>, &'static str, Raw) {
        let shape = self.sides.0.as_deref().unwrap_or(shape);
        let (mut file, kind, raw) = match self.form {
            Form::Npy(head) => (head.file(shape, |size| self.fill(shape, size)), "npy", Raw::default()),
            Form::Png(head) => (head.file(shape, |bytes| self.bytes(bytes)), "png", Raw::default()),
            Form::Raw(dtype) => {
                let dtype = DTYPES[usize::from(dtype) % DTYPES.len()];
                let shape: Vec<usize> = shape.iter().map(|&side| side as usize).collect();
                (self.fill(&shape, dtype.size()), "bin", Raw { dtype: Some(dtype), shape: Some(shape), key: None })
            }
        };
        for (at, byte) in self.edits.iter().filter_map(|edit| edit.0) {
            if let Some(there) = file.get_mut(usize::from(at)) {
                *there = byte;
            }
        }
        if let Some(length) = self.cut.0 {
            file.truncate(length.into());
        }
        (self.whole.0.map_or(file, <[u8]>::to_vec), kind, raw)
    }

    /// Numbers of `size` bytes for a shape.
    fn fill<T: Copy + TryInto<usize>>(&self, shape: &[T], size: usize) -> Vec<u8> {
        let sides = shape.iter().map(|&side| side.try_into().unwrap_or(usize::MAX));
        self.bytes(sides.fold(size, usize::saturating_mul))
    }

    fn bytes(&self, bytes: usize) -> Vec<u8> {
        match self.numbers {
            numbers if self.short.0.is_some() => numbers.to_vec(),
            [] => vec![0; bytes.min(MOST)],
            numbers => numbers.iter().copied().cycle().take(bytes.min(MOST)).collect(),
        }
    }
}
