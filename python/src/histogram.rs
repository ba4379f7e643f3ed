//! Histograms of 8-bit codes against labels.

use crate::array::{same_shape, typed};
use crate::refused;
use numpy::{PyArray1, PyUntypedArray, PyUntypedArrayMethods};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use soft_dice::{I8, Label, Reliability, U8};

enum Bins {
    U8(Box<Reliability<U8, Label, 256>>),
    I8(Box<Reliability<I8, Label, 256>>),
}

/// `$body` with the histogram within, whatever its element.
macro_rules! each {
    ($bins:expr, $one:ident => $body:expr) => {
        match $bins {
            Bins::U8($one) => $body,
            Bins::I8($one) => $body,
        }
    };
}

/// Pixels of each 8-bit probability code, and how many of them bear a label: reliability, calibration error, cross-entropy.
#[pyclass(module = "soft_dice")]
pub struct Histogram {
    bins: Bins,
}

#[pymethods]
impl Histogram {
    #[new]
    #[pyo3(signature = (element = "u8", label = 1))]
    fn new(element: &str, label: u8) -> PyResult<Self> {
        let bins = match element {
            "u8" => Bins::U8(Box::new(Reliability::new(U8, Label::new(label)))),
            "tflite" => Bins::I8(Box::new(Reliability::new(I8::TFLITE, Label::new(label)))),
            "onnxruntime" => Bins::I8(Box::new(Reliability::new(I8::ONNXRUNTIME, Label::new(label)))),
            other => {
                return Err(PyValueError::new_err(format!(
                    "element is 'u8', 'tflite' or 'onnxruntime', not {other:?}"
                )));
            }
        };
        Ok(Self { bins })
    }

    /// Adds pixels: codes of one class, and labels of the same shape, both in C order.
    fn update(
        &mut self,
        py: Python<'_>,
        codes: &Bound<'_, PyUntypedArray>,
        labels: &Bound<'_, PyUntypedArray>,
    ) -> PyResult<()> {
        same_shape(codes.shape(), labels.shape(), ("codes", "labels"))?;
        let order =
            |_| PyValueError::new_err("a histogram is of arrays in C order (numpy.ascontiguousarray makes a copy)");
        let labels = typed::<u8>(labels, "labels")?;
        let labels = labels.as_slice().map_err(order)?;
        let done = match &mut self.bins {
            Bins::U8(bins) => {
                let codes = typed::<u8>(codes, "codes")?;
                let codes = codes.as_slice().map_err(order)?;
                py.detach(|| bins.update(codes, labels))
            }
            Bins::I8(bins) => {
                let codes = typed::<i8>(codes, "codes")?;
                let codes = codes.as_slice().map_err(order)?;
                py.detach(|| bins.update(codes, labels))
            }
        };
        done.map_err(refused)
    }

    /// Pixels of each code.
    #[getter]
    fn counts<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<u64>> {
        PyArray1::from_vec(py, each!(&self.bins, bins => bins.bins().iter().map(|bin| bin.count).collect()))
    }

    /// Of those, pixels that bear the label.
    #[getter]
    fn labelled<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<u64>> {
        PyArray1::from_vec(py, each!(&self.bins, bins => bins.bins().iter().map(|bin| bin.t).collect()))
    }

    /// The expected calibration error.
    fn expected_error(&self) -> PyResult<f64> {
        each!(&self.bins, bins => bins.expected_error()).map_err(refused)
    }

    fn __repr__(&self) -> String {
        format!("Histogram(pixels={})", each!(&self.bins, bins => bins.count()))
    }
}

/// The cross-entropy of the classes of a batch.
pub fn entropy(
    histograms: &[PyRef<'_, Histogram>],
    weights: Option<&[f64]>,
    mean: bool,
    floor: f64,
    label_smoothing: f64,
) -> PyResult<f64> {
    macro_rules! of {
        ($kind:path) => {{
            let all: Option<Vec<_>> =
                histograms.iter().map(|h| if let $kind(b) = &h.bins { Some(**b) } else { None }).collect();
            all.map(|all| {
                let entropy =
                    soft_dice::presets::CrossEntropy::new(&all)?.floor(floor).label_smoothing(label_smoothing);
                if mean { entropy.mean(weights) } else { entropy.sum(weights) }
            })
        }};
    }
    let found = of!(Bins::U8).or_else(|| of!(Bins::I8));
    found.ok_or_else(|| PyValueError::new_err("the histograms are of several elements"))?.map_err(refused)
}
