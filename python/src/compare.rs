//! `soft-dice compare` of two arrays: where the disagreement comes from, and which mistake looks like it. The command's own
//! code and options; unlike all else here it copies the maps, for it reads them in several ways.

use crate::array::{dtype, typed};
use numpy::{PyReadonlyArrayDyn, PyUntypedArray, PyUntypedArrayMethods};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use serde_json::json;
use soft_dice_cli::args::{Cli, Command};
use soft_dice_cli::compare::Comparer;
use soft_dice_cli::read::{Array, Container, Dtype, Nature, Values};

fn flat<T: numpy::Element + Copy>(array: &PyReadonlyArrayDyn<'_, T>) -> Vec<T> {
    array.as_array().iter().copied().collect()
}

fn array(given: &Bound<'_, PyUntypedArray>, what: &str) -> PyResult<Array> {
    let (values, dtype) = match dtype(given)?.as_str() {
        "uint8" => (Values::U8(flat(&typed(given, what)?)), Dtype::U8),
        "int8" => (Values::I8(flat(&typed(given, what)?)), Dtype::I8),
        "uint16" => (Values::U16(flat(&typed(given, what)?)), Dtype::U16),
        "int16" => (Values::I16(flat(&typed(given, what)?)), Dtype::I16),
        "float32" => (Values::F32(flat(&typed(given, what)?)), Dtype::F32),
        other => {
            return Err(PyTypeError::new_err(format!("{what} is uint8, int8, uint16, int16 or float32, not {other}")));
        }
    };
    Ok(Array {
        shape: given.shape().to_vec(),
        dtype,
        values,
        container: Container::Npy,
        nature: Nature::Numbers,
        trailing: 0,
    })
}

/// JSON of the comparison and of what looks wrong. `options` are those of the command.
#[pyfunction]
pub fn compare_json(
    py: Python<'_>,
    float: &Bound<'_, PyUntypedArray>,
    device: &Bound<'_, PyUntypedArray>,
    options: Vec<String>,
) -> PyResult<String> {
    let words = ["soft-dice", "compare", "float", "device"].map(String::from).into_iter().chain(options);
    let wrong = |message: String| PyValueError::new_err(message);
    let Command::Compare(args) =
        <Cli as clap::Parser>::try_parse_from(words).map_err(|e| wrong(e.to_string()))?.command
    else {
        return Err(wrong("no options of compare".into()));
    };
    let (device, float) = (array(device, "device")?, array(float, "float")?);
    let found = py.detach(|| Comparer::new(&args).arrays(device, float)).map_err(|e| wrong(e.to_string()))?;
    let (comparison, warnings) = found;
    let warnings: Vec<_> = warnings
        .iter()
        .map(|it| {
            json!({
                "mistake": it.mistake, "whose": it.whose, "agreement": it.agreement, "given": it.given, "message": it.message
            })
        })
        .collect();
    Ok(json!({"comparison": comparison, "warnings": warnings}).to_string())
}
