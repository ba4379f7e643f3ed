//! Numbers as maps are made of them, and how they come out of a file's bytes.

use super::Dtype;
use crate::error::{Failure, Outcome};

/// Numbers: f64 and f16 become f32 (f64 rounded once, f16 exactly); integers of 32 and 64 bits stay what they are.
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
    /// Of i32.
    Labels(Vec<i32>),
    U32(Vec<u32>),
    /// Of i64 and u64; what is beyond i64 is the greatest i64.
    Wide(Vec<i64>),
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
            $crate::read::Values::U32($vec) => $body,
            $crate::read::Values::Wide($vec) => $body,
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
        self.pick(self.len(), from)
    }

    /// So many of the numbers, number `from(i)` in place `i`.
    #[must_use]
    pub fn pick(&self, count: usize, from: impl Fn(usize) -> usize) -> Self {
        fn pick<T: Copy>(vec: &[T], count: usize, from: impl Fn(usize) -> usize) -> Vec<T> {
            (0..count).map(|at| vec[from(at)]).collect()
        }
        match self {
            Self::U8(vec) => Self::U8(pick(vec, count, from)),
            Self::I8(vec) => Self::I8(pick(vec, count, from)),
            Self::I16(vec) => Self::I16(pick(vec, count, from)),
            Self::U16(vec) => Self::U16(pick(vec, count, from)),
            Self::F32(vec) => Self::F32(pick(vec, count, from)),
            Self::Bool(vec) => Self::Bool(pick(vec, count, from)),
            Self::Labels(vec) => Self::Labels(pick(vec, count, from)),
            Self::U32(vec) => Self::U32(pick(vec, count, from)),
            Self::Wide(vec) => Self::Wide(pick(vec, count, from)),
        }
    }
}

/// A stored number.
pub trait Stored: Copy {
    /// Of floats.
    const FLOAT: bool = false;
    /// As f64: of integers beyond 2^53 the nearest.
    fn float(self) -> f64;
    /// If it is whole; what is beyond 2^53 in floats is not.
    fn whole(self) -> Option<i64>;
}

macro_rules! stored {
    ($($integer:ty)*) => {$(
        impl Stored for $integer {
            fn float(self) -> f64 {
                self as f64
            }

            fn whole(self) -> Option<i64> {
                Some(self.into())
            }
        }
    )*};
}

stored! { u8 i8 i16 u16 i32 u32 i64 }

impl Stored for f32 {
    const FLOAT: bool = true;

    fn float(self) -> f64 {
        self.into()
    }

    fn whole(self) -> Option<i64> {
        (self.fract() == 0.0 && self.abs() < 9.0e15).then_some(self as i64)
    }
}

impl Values {
    /// Room for so many more, and no more than that.
    pub(super) fn reserve(&mut self, more: usize) {
        each_vec!(self, vec => vec.reserve_exact(more));
    }

    /// n · slope + intercept of each, computed in f64 and rounded once.
    pub(super) fn scaled(self, slope: f32, intercept: f32) -> Vec<f32> {
        let (slope, intercept) = (f64::from(slope), f64::from(intercept));
        each_vec!(self, vec => vec.into_iter().map(|number| (number.float() * slope + intercept) as f32).collect())
    }

    pub(super) fn with_room(dtype: Dtype, count: usize) -> Self {
        match dtype {
            Dtype::U8 => Self::U8(Vec::with_capacity(count)),
            Dtype::I8 => Self::I8(Vec::with_capacity(count)),
            Dtype::I16 => Self::I16(Vec::with_capacity(count)),
            Dtype::U16 => Self::U16(Vec::with_capacity(count)),
            Dtype::F64 | Dtype::F32 | Dtype::F16 => Self::F32(Vec::with_capacity(count)),
            Dtype::Bool => Self::Bool(Vec::with_capacity(count)),
            Dtype::I32 => Self::Labels(Vec::with_capacity(count)),
            Dtype::U32 => Self::U32(Vec::with_capacity(count)),
            Dtype::I64 | Dtype::U64 => Self::Wide(Vec::with_capacity(count)),
        }
    }

    /// Values of a byte each.
    pub(super) fn of_bytes(dtype: Dtype, bytes: Vec<u8>) -> Outcome<Self> {
        Ok(match dtype {
            Dtype::I8 => Self::I8(bytes.into_iter().map(u8::cast_signed).collect()),
            Dtype::Bool => Self::Bool(bools(bytes)?),
            _ => Self::U8(bytes),
        })
    }

    /// Whole values, as they lie in the file.
    pub(super) fn append(&mut self, dtype: Dtype, big_endian: bool, bytes: &[u8]) -> Outcome<()> {
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
            (Self::Bool(vec), _) => vec.extend_from_slice(bools(bytes)?),
            (Self::U32(vec), _) => words!(u32, vec, |raw| raw),
            (Self::Wide(vec), Dtype::U64) => words!(u64, vec, |raw: u64| i64::try_from(raw).unwrap_or(i64::MAX)),
            (Self::Wide(vec), _) => words!(i64, vec, |raw| raw),
            (Self::Labels(vec), _) => words!(i32, vec, |raw| raw),
        }
        Ok(())
    }
}

/// The bytes, if each is 0 or 1.
fn bools<B: AsRef<[u8]>>(bytes: B) -> Outcome<B> {
    // All of them, in lanes: a search that may end at any byte is taken one by one.
    if bytes.as_ref().iter().fold(0, |all, &byte| all | byte) > 1 {
        return Err(Failure::new("a bool is neither 0 nor 1", "write it as u8 if any other value is meant"));
    }
    Ok(bytes)
}
