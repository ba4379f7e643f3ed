//! ∂loss/∂p and ∂loss/∂logit of one class.

use crate::array::{same_shape, typed};
use crate::refused;
use crate::score::Score;
use numpy::{PyArrayDyn, PyArrayMethods, PyUntypedArray, PyUntypedArrayMethods};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use soft_dice::activation::Sigmoid;
use soft_dice::{All, Error, F32, Gradient, NonZero, Range, Stream};

/// The loss 1 − score and its gradient, a new float32 array.
#[pyfunction]
#[pyo3(signature = (score, prediction, target, *, logits = false))]
pub fn gradient<'py>(
    py: Python<'py>,
    score: &Score,
    prediction: &Bound<'py, PyUntypedArray>,
    target: &Bound<'py, PyUntypedArray>,
    logits: bool,
) -> PyResult<(f64, Bound<'py, PyArrayDyn<f32>>)> {
    same_shape(prediction.shape(), target.shape(), ("prediction", "target"))?;
    let (p, t) = (typed::<f32>(prediction, "prediction")?, typed::<u8>(target, "target")?);
    let order = |_| PyValueError::new_err("a gradient is of arrays in C order (numpy.ascontiguousarray makes a copy)");
    let (p, t) = (p.as_slice().map_err(order)?, t.as_slice().map_err(order)?);
    let out = PyArrayDyn::<f32>::zeros(py, prediction.shape(), false);
    let mut lent = out.readwrite();
    let slopes = lent.as_slice_mut()?;
    let (element, score) = (F32::new().range(Range::Refuse), score.score);
    let loss: Result<f64, Error> = py.detach(|| {
        if logits {
            let mut stream = Stream::summing(Sigmoid(element), NonZero, All);
            stream.update(p, t)?;
            Gradient::of(&score, stream.sums())?.write_logit(stream.sums(), p, t, slopes)?;
            score.f64(stream.sums())
        } else {
            let mut stream = Stream::summing(element, NonZero, All);
            stream.update(p, t)?;
            Gradient::of(&score, stream.sums())?.write(stream.sums(), p, t, slopes)?;
            score.f64(stream.sums())
        }
    });
    drop(lent);
    Ok((loss.map_err(refused)?, out))
}
