//! The Python binding: numpy arrays go in as they lie in memory, sums come out exactly as on a device.
//!
//! Every function that reads pixels releases the GIL while it does. The arrays must not be written by another thread
//! meanwhile; numpy's own flag that forbids it is set for Rust's side alone.

#![allow(missing_docs, reason = "documented for Python, in soft_dice/_kernel.pyi and the docstrings")]

mod array;
mod channels;
mod codes;
#[cfg(feature = "compare")]
mod compare;
mod confidence;
mod element;
mod gradient;
mod histogram;
mod many;
mod one;
mod pass;
mod presets;
mod score;
mod sums;
mod watch;

use pyo3::create_exception;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

create_exception!(
    soft_dice,
    SoftDiceError,
    PyValueError,
    "What the library refuses; `args[0]` is its name, `args[1]` says why."
);

/// The library's error, by its name and in words.
fn refused(error: soft_dice::Error) -> PyErr {
    SoftDiceError::new_err((format!("{error:?}"), error.to_string()))
}

/// The library's loops on this machine.
#[pyfunction]
fn backend() -> &'static str {
    soft_dice::backend()
}

#[pymodule]
fn _kernel(m: &Bound<'_, PyModule>) -> PyResult<()> {
    m.add("SoftDiceError", m.py().get_type::<SoftDiceError>())?;
    m.add("__version__", env!("CARGO_PKG_VERSION"))?;
    m.add_function(wrap_pyfunction!(backend, m)?)?;
    m.add_class::<element::Element>()?;
    m.add_class::<sums::Sums>()?;
    m.add_class::<sums::Batch>()?;
    m.add_class::<score::Score>()?;
    m.add_class::<histogram::Histogram>()?;
    m.add_class::<codes::CodeCounts>()?;
    m.add_function(wrap_pyfunction!(histogram::cross_entropy, m)?)?;
    m.add_function(wrap_pyfunction!(channels::class_histograms, m)?)?;
    m.add_function(wrap_pyfunction!(channels::channel_counts, m)?)?;
    m.add_class::<watch::Watch>()?;
    m.add_class::<watch::SeenFrame>()?;
    m.add_function(wrap_pyfunction!(one::sums, m)?)?;
    m.add_function(wrap_pyfunction!(many::class_sums, m)?)?;
    m.add_function(wrap_pyfunction!(confidence::confidence, m)?)?;
    m.add_function(wrap_pyfunction!(confidence::agreement, m)?)?;
    m.add_function(wrap_pyfunction!(gradient::gradient, m)?)?;
    m.add_function(wrap_pyfunction!(watch::calibrate, m)?)?;
    m.add_function(wrap_pyfunction!(watch::tune, m)?)?;
    #[cfg(feature = "compare")]
    m.add_function(wrap_pyfunction!(compare::compare_json, m)?)?;
    presets::register(m)
}
