//! The monitor of `soft_dice::monitor`, as it is public today: a map a frame, and its calibration.

use crate::array::typed;
use crate::element::{Element, Kind};
use crate::refused;
use numpy::{PyUntypedArray, PyUntypedArrayMethods};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use soft_dice::confidence;
use soft_dice::monitor::{Event, Frame, Monitor, Promise, Settings};
use soft_dice::{Error, I8, U8, U8Affine};

const HISTORY: usize = 32;

/// Any value of serde as a Python object.
fn object<'py>(py: Python<'py>, value: &impl serde::Serialize) -> PyResult<Bound<'py, PyAny>> {
    let text = serde_json::to_string(value).map_err(|e| PyValueError::new_err(e.to_string()))?;
    py.import("json")?.call_method1("loads", (text,))
}

fn settings(given: Option<&Bound<'_, PyDict>>) -> PyResult<Settings> {
    let Some(given) = given else { return Ok(Settings::DEFAULT) };
    // What is not named keeps its default; what does not exist is refused.
    let mut all = serde_json::to_value(Settings::DEFAULT).map_err(|e| PyValueError::new_err(e.to_string()))?;
    let text: String = given.py().import("json")?.call_method1("dumps", (given,))?.extract()?;
    let changes: serde_json::Value = serde_json::from_str(&text).map_err(|e| PyValueError::new_err(e.to_string()))?;
    for (name, value) in changes.as_object().into_iter().flatten() {
        match all.get_mut(name) {
            Some(setting) => *setting = value.clone(),
            None => return Err(PyValueError::new_err(format!("no setting {name:?}"))),
        }
    }
    serde_json::from_value(all).map_err(|e| PyValueError::new_err(e.to_string()))
}

/// The last map, as the device keeps it: a byte a pixel.
enum Kept {
    U8(U8, Vec<u8>),
    I8(I8, Vec<i8>),
    U8Affine(U8Affine, Vec<u8>),
}

/// Watches the maps of a network of one class: 8-bit codes, as a device has them.
#[pyclass(module = "soft_dice")]
pub struct Watch {
    kept: Kept,
    pixels: usize,
    fresh: bool,
    monitor: Monitor<HISTORY>,
}

/// A map, looked at as the device does: with its own mask, and with the last map.
fn observe<P: confidence::Kept<As = P>>(
    monitor: &mut Monitor<HISTORY>,
    e: P,
    last: &mut Vec<P::Raw>,
    fresh: bool,
    map: &[P::Raw],
) -> Result<Option<Event>, Error>
where
    P::Raw: PartialEq,
{
    let mut own = confidence::confidence(e);
    own.update(map, ())?;
    let frame = Frame::new(own.sums())?.uniform(confidence::uniform(map, 1));
    let mut buffer = map.to_vec();
    let mut kept = confidence::Last::new(e, &mut buffer);
    if !fresh {
        kept.compare(last)?;
    }
    let compared = kept.compare(map)?;
    let event = monitor.observe(&frame.compared(compared))?;
    last.clear();
    last.extend_from_slice(map);
    Ok(event)
}

#[pymethods]
impl Watch {
    #[new]
    #[pyo3(signature = (pixels, element, settings = None))]
    fn new(pixels: usize, element: &Element, settings: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let kept = match element.kind {
            Kind::U8 => Kept::U8(U8, Vec::new()),
            Kind::I8(e) => Kept::I8(e, Vec::new()),
            Kind::U8Affine(e) => Kept::U8Affine(e, Vec::new()),
            _ => return Err(PyTypeError::new_err("a watch is of 8-bit maps, as a device has them")),
        };
        let monitor = Monitor::new(self::settings(settings)?).map_err(refused)?;
        Ok(Self { kept, pixels, fresh: true, monitor })
    }

    /// Takes a map: the change of state that it brings, or None.
    fn frame<'py>(&mut self, py: Python<'py>, map: &Bound<'py, PyUntypedArray>) -> PyResult<Option<Bound<'py, PyAny>>> {
        if map.len() != self.pixels {
            return Err(refused(Error::Length));
        }
        let order = |_| PyValueError::new_err("a map is in C order (numpy.ascontiguousarray makes a copy)");
        let (monitor, fresh) = (&mut self.monitor, self.fresh);
        macro_rules! look {
            ($e:expr, $last:expr, $raw:ty) => {{
                let array = typed::<$raw>(map, "map")?;
                let pixels = array.as_slice().map_err(order)?;
                py.detach(|| observe(monitor, $e, $last, fresh, pixels))
            }};
        }
        let event = match &mut self.kept {
            Kept::U8(e, last) => look!(*e, last, u8),
            Kept::I8(e, last) => look!(*e, last, i8),
            Kept::U8Affine(e, last) => look!(*e, last, u8),
        };
        let event = event.map_err(refused)?;
        self.fresh = false;
        event.map(|event| object(py, &event)).transpose()
    }

    /// Takes note of a frame that never came.
    fn dropped<'py>(&mut self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.monitor.dropped().map(|event| object(py, &event)).transpose()
    }

    /// All that is known, as numbers; scores and shares in Q15.
    fn report<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        object(py, &self.monitor.report())
    }

    #[getter]
    fn settings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        object(py, self.monitor.settings())
    }

    #[getter]
    fn state(&self) -> String {
        format!("{:?}", self.monitor.state())
    }

    /// Forgets everything but the settings.
    fn reset(&mut self) {
        self.fresh = true;
        self.monitor.reset();
    }

    fn __repr__(&self) -> String {
        format!("Watch({} pixels, {:?})", self.pixels, self.monitor.state())
    }
}

/// Settings that keep a promise, from a recording of healthy scores (Q15).
#[pyfunction]
#[pyo3(signature = (scores, *, fall = 0.05, frames_between = 1.0e6, learnt = Some(8)))]
pub fn calibrate<'py>(
    py: Python<'py>,
    scores: Vec<u16>,
    fall: f64,
    frames_between: f64,
    learnt: Option<u8>,
) -> PyResult<Bound<'py, PyAny>> {
    let promise = Promise { fall, frames_between, learnt };
    // The chain takes a third of a megabyte of stack.
    let found = py.detach(|| soft_dice::monitor::calibrate(&scores, &promise)).map_err(refused)?;
    let all = object(py, &found)?;
    all.set_item("settings", object(py, &found.settings(Settings::DEFAULT))?)?;
    Ok(all)
}
