//! Quality without a reference.

use crate::array::{bits, depth, dtype, indices, piece, typed};
use crate::element::{Element, Kind, element};
use crate::one::same;
use crate::refused;
use crate::sums::Sums;
use numpy::PyUntypedArray;
use pyo3::prelude::*;
use soft_dice::{Error, F16Bits, Measured, Own, Record, Stream};

/// The sums of a map with its own thresholded mask: their Dice is the Soft Dice Confidence.
#[pyfunction]
#[pyo3(signature = (prediction, *, element = None, threshold = 0.5))]
pub fn confidence(
    py: Python<'_>,
    prediction: &Bound<'_, PyUntypedArray>,
    element: Option<&Element>,
    threshold: f32,
) -> PyResult<Sums> {
    macro_rules! own {
        ($e:expr, $raw:ty) => {
            own!($e, $raw, prediction, same::<$raw>)
        };
        ($e:expr, $raw:ty, $prediction:expr, $as_raw:expr) => {{
            let array = typed::<$raw>($prediction, "prediction")?;
            let map = array.as_array();
            let fixed = depth(&map, map.ndim().saturating_sub(1), "prediction")?;
            let mut stream = Stream::new($e, Own::at_least(&$e, threshold));
            let done: Result<Record, Error> = py.detach(move || {
                for index in indices(&map.shape()[..fixed]) {
                    stream.update($as_raw(piece(&map, &index)), ())?;
                }
                Ok(stream.sums().record())
            });
            done
        }};
    }
    let record = match self::element(element, &dtype(prediction)?, false)? {
        Kind::U8 => own!(soft_dice::U8, u8),
        Kind::U16 => own!(soft_dice::U16::new(), u16),
        Kind::Q15 => own!(soft_dice::Q15::new(), i16),
        Kind::I8(e) => own!(e, i8),
        Kind::U8Affine(e) => own!(e, u8),
        Kind::F16(e) => own!(e, u16, &bits(prediction, "prediction")?, F16Bits::of),
        Kind::F32(e) => own!(e, f32),
        Kind::F32Fine(e) => own!(e, f32),
    };
    Ok(Sums { record: record.map_err(refused)? })
}

/// The sums of two soft maps with Σmin: their semimetric Dice is their agreement.
#[pyfunction]
#[pyo3(signature = (a, b, *, element = None, other = None))]
pub fn agreement(
    py: Python<'_>,
    a: &Bound<'_, PyUntypedArray>,
    b: &Bound<'_, PyUntypedArray>,
    element: Option<&Element>,
    other: Option<&Element>,
) -> PyResult<Sums> {
    let same = dtype(a)? == dtype(b)?;
    let own = Element::of(self::element(element, &dtype(a)?, false)?);
    let theirs = match other {
        Some(other) => other.clone(),
        None if same => own.clone(),
        None => Element::of(self::element(None, &dtype(b)?, false)?),
    };
    crate::one::sums(py, a, b, Some(&own), Some(&theirs), None, "all")
}
