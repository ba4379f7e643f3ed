//! What a pixel of a numpy array denotes.

use crate::refused;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use soft_dice::{F16, F32, F32Fine, I8, Range, U8Affine};

/// The library's elements.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    U8,
    U16,
    Q15,
    I8(I8),
    U8Affine(U8Affine),
    F16(F16),
    F32(F32),
    F32Fine(F32Fine),
}

/// What a code denotes: p = (code − zero_point) · scale, or the float itself.
#[pyclass(frozen, module = "soft_dice")]
#[derive(Clone, Debug)]
pub struct Element {
    pub kind: Kind,
    text: String,
}

impl Element {
    /// An element without a name of its own.
    pub fn of(kind: Kind) -> Self {
        Self { kind, text: format!("{kind:?}") }
    }

    /// As Python makes it.
    pub fn text(&self) -> &str {
        &self.text
    }
}

fn range(word: &str) -> PyResult<Range> {
    match word {
        "refuse" => Ok(Range::Refuse),
        "exclude" => Ok(Range::Exclude),
        "clamp" => Ok(Range::Clamp),
        other => Err(PyValueError::new_err(format!("range is 'refuse', 'exclude' or 'clamp', not {other:?}"))),
    }
}

#[pymethods]
impl Element {
    #[staticmethod]
    pub fn u8() -> Self {
        Self { kind: Kind::U8, text: "Element.u8()".into() }
    }

    #[staticmethod]
    fn mask() -> PyResult<Self> {
        Ok(Self { kind: Kind::U8Affine(U8Affine::new(1.0, 0).map_err(refused)?), text: "Element.mask()".into() })
    }

    #[staticmethod]
    fn u16() -> Self {
        Self { kind: Kind::U16, text: "Element.u16()".into() }
    }

    #[staticmethod]
    fn q15() -> Self {
        Self { kind: Kind::Q15, text: "Element.q15()".into() }
    }

    #[staticmethod]
    fn tflite() -> Self {
        Self { kind: Kind::I8(I8::TFLITE), text: "Element.tflite()".into() }
    }

    #[staticmethod]
    fn onnxruntime() -> Self {
        Self { kind: Kind::I8(I8::ONNXRUNTIME), text: "Element.onnxruntime()".into() }
    }

    #[staticmethod]
    fn i8(scale: f32, zero_point: i32) -> PyResult<Self> {
        let kind = Kind::I8(I8::new(scale, zero_point).map_err(refused)?);
        Ok(Self { kind, text: format!("Element.i8({scale}, {zero_point})") })
    }

    #[staticmethod]
    fn u8_affine(scale: f32, zero_point: i32) -> PyResult<Self> {
        let kind = Kind::U8Affine(U8Affine::new(scale, zero_point).map_err(refused)?);
        Ok(Self { kind, text: format!("Element.u8_affine({scale}, {zero_point})") })
    }

    #[staticmethod]
    #[pyo3(signature = (range = "refuse"))]
    fn f16(range: &str) -> PyResult<Self> {
        Ok(Self { kind: Kind::F16(F16::new().range(self::range(range)?)), text: format!("Element.f16({range:?})") })
    }

    #[staticmethod]
    #[pyo3(signature = (range = "refuse"))]
    fn f32(range: &str) -> PyResult<Self> {
        Ok(Self { kind: Kind::F32(F32::new().range(self::range(range)?)), text: format!("Element.f32({range:?})") })
    }

    #[staticmethod]
    #[pyo3(signature = (range = "refuse"))]
    fn f32_fine(range: &str) -> PyResult<Self> {
        let kind = Kind::F32Fine(F32Fine::new().range(self::range(range)?));
        Ok(Self { kind, text: format!("Element.f32_fine({range:?})") })
    }

    fn __repr__(&self) -> &str {
        &self.text
    }
}

/// The element that the caller named, or that of the array's type where only one is meant.
pub fn element(given: Option<&Element>, dtype: &str, many: bool) -> PyResult<Kind> {
    let kind = match (given, dtype) {
        (Some(element), _) => element.kind,
        (None, "uint8") => Kind::U8,
        (None, "uint16") => Kind::U16,
        (None, "float16") => Kind::F16(F16::new().range(Range::Refuse)),
        (None, "float32") if many => Kind::F32Fine(F32Fine::new().range(Range::Refuse)),
        (None, "float32") => Kind::F32(F32::new().range(Range::Refuse)),
        (None, "int8") => {
            return Err(PyValueError::new_err(
                "int8 codes say nothing without scale and zero point: pass element=Element.tflite(), \
                 Element.onnxruntime() or Element.i8(scale, zero_point) of the model's output tensor",
            ));
        }
        (None, "int16") => return Err(PyValueError::new_err("int16: pass element=Element.q15()")),
        (None, other) => {
            return Err(PyTypeError::new_err(format!(
                "a prediction is uint8, int8, uint16, int16, float16 or float32, not {other}; .astype(numpy.float32) makes a copy"
            )));
        }
    };
    let wants = match kind {
        Kind::U8 | Kind::U8Affine(_) => "uint8",
        Kind::U16 => "uint16",
        Kind::Q15 => "int16",
        Kind::I8(_) => "int8",
        Kind::F16(_) => "float16",
        Kind::F32(_) | Kind::F32Fine(_) => "float32",
    };
    if dtype == wants {
        Ok(kind)
    } else {
        Err(PyTypeError::new_err(format!("this element is of {wants} arrays, and the array is {dtype}")))
    }
}
