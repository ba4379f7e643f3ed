//! numpy arrays as slices, where they lie.

use numpy::ndarray::{ArrayViewD, Axis};
use numpy::{Element, PyArrayDyn, PyArrayMethods, PyReadonlyArrayDyn, PyUntypedArray, PyUntypedArrayMethods};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;

/// The name of an array's type, as numpy writes it.
pub fn dtype(array: &Bound<'_, PyUntypedArray>) -> PyResult<String> {
    array.dtype().getattr("name")?.extract()
}

/// The array as one of `T`, borrowed.
pub fn typed<'py, T: Element>(array: &Bound<'py, PyUntypedArray>, what: &str) -> PyResult<PyReadonlyArrayDyn<'py, T>> {
    let wrong = |array: &Bound<'py, PyUntypedArray>| {
        let (is, of) = (dtype(array).unwrap_or_default(), T::get_dtype(array.py()).to_string());
        PyTypeError::new_err(format!("{what} must be {of}, not {is}; .astype(numpy.{of}) makes a copy"))
    };
    let array = array.cast::<PyArrayDyn<T>>().map_err(|_| wrong(array))?;
    array.try_readonly().map_err(|_| PyValueError::new_err(format!("{what} is being written by another call")))
}

/// A float16 array as the bits that it holds, where they lie.
pub fn bits<'py>(array: &Bound<'py, PyUntypedArray>, what: &str) -> PyResult<Bound<'py, PyUntypedArray>> {
    match dtype(array)?.as_str() {
        "float16" => Ok(array.call_method1("view", ("uint16",))?.cast_into::<PyUntypedArray>()?),
        other => Err(PyTypeError::new_err(format!(
            "{what} must be float16, not {other}; .astype(numpy.float16) makes a copy"
        ))),
    }
}

/// How many of the first axes have to be fixed until what is left lies in one piece. `axes` may be.
pub fn depth<T>(view: &ArrayViewD<'_, T>, axes: usize, what: &str) -> PyResult<usize> {
    let mut rest = view.view();
    for fixed in 0..=axes {
        if rest.is_empty() || rest.is_standard_layout() {
            return Ok(fixed);
        }
        if fixed < axes {
            rest = rest.index_axis_move(Axis(0), 0);
        }
    }
    Err(PyValueError::new_err(format!(
        "{what} of shape {:?} is neither in C order nor made of rows that are (numpy.ascontiguousarray makes a copy)",
        view.shape()
    )))
}

/// What is left of an array when its first axes are fixed, as a slice.
pub fn piece<'a, T>(view: &ArrayViewD<'a, T>, index: &[usize]) -> &'a [T] {
    let mut rest = view.clone();
    for &at in index {
        rest = rest.index_axis_move(Axis(0), at);
    }
    rest.to_slice().unwrap_or_default()
}

/// Every index of the first axes of a shape.
pub fn indices(shape: &[usize]) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    for &length in shape {
        all = all.iter().flat_map(|so_far| (0..length).map(move |at| [so_far.as_slice(), &[at]].concat())).collect();
    }
    all
}

/// Two arrays of one shape.
pub fn same_shape(a: &[usize], b: &[usize], names: (&str, &str)) -> PyResult<()> {
    if a == b {
        return Ok(());
    }
    Err(PyValueError::new_err(format!("{} has shape {a:?} and {} {b:?}", names.0, names.1)))
}

/// An array of bytes that goes with one of another type, if it is there.
pub fn beside<'py>(
    array: Option<&Bound<'py, PyUntypedArray>>,
    shape: &[usize],
    names: (&str, &str),
) -> PyResult<Option<PyReadonlyArrayDyn<'py, u8>>> {
    let Some(array) = array else { return Ok(None) };
    same_shape(shape, array.shape(), names)?;
    typed(array, names.1).map(Some)
}
