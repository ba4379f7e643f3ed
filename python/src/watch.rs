//! The monitor of `soft_dice::monitor`: a map a frame, with its picture or without, and both calibrations.

use crate::array::typed;
use crate::element::{Element, Kind};
use crate::refused;
use numpy::{PyUntypedArray, PyUntypedArrayMethods};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use soft_dice::confidence;
use soft_dice::monitor::{Camera, Format, Frame, Monitor, Picture, Promise, Settings};
use soft_dice::{Error, Own, Q15, U8, U16};

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

/// The last map: what the next is compared with.
enum Last {
    U8(Vec<u8>),
    I8(Vec<i8>),
    U16(Vec<u16>),
    I16(Vec<i16>),
    F32(Vec<f32>),
}

/// What the monitor was given of a frame: its sums, its agreement with the frame before, and what the picture showed.
#[pyclass(module = "soft_dice", from_py_object)]
#[derive(Clone)]
pub struct SeenFrame {
    frame: Frame,
}

#[pymethods]
impl SeenFrame {
    /// Soft Dice Confidence in Q15; None for an empty mask.
    #[getter]
    fn confidence(&self) -> Option<u16> {
        self.frame.confidence_q15()
    }

    /// Agreement with the last frame in Q15; None of the first.
    #[getter]
    fn agreement(&self) -> Option<u16> {
        self.frame.agreement_q15()
    }

    /// How much sharper the picture is along the mask's edge than beside it, in 2048ths of an octave; None without a picture.
    #[getter]
    fn edge(&self) -> Option<i16> {
        self.frame.edge()
    }

    /// The picture's detail, in 2048ths of an octave; None without a picture.
    #[getter]
    fn detail(&self) -> Option<i16> {
        self.frame.detail()
    }

    fn __repr__(&self) -> String {
        let share = |q: Option<u16>| q.map_or("None".into(), |q| format!("{:.4}", f64::from(q) / 32768.0));
        format!("SeenFrame(confidence={}, agreement={})", share(self.confidence()), share(self.agreement()))
    }
}

/// Watches the maps of a network of one class, with the camera's picture beside them if there is one.
#[pyclass(module = "soft_dice")]
pub struct Watch {
    kind: Kind,
    last: Last,
    pixels: usize,
    fresh: bool,
    threshold: f32,
    camera: Option<Camera>,
    monitor: Monitor<HISTORY>,
    seen: Option<Frame>,
}

/// A map, looked at as the device does: by the library's own watch, which is shown the last map before.
fn look<P: confidence::Kept>(
    element: P,
    last: Option<&[P::Raw]>,
    map: &[P::Raw],
    threshold: f32,
    picture: Option<(Camera, &[u8])>,
) -> Result<Frame, Error>
where
    <P::As as soft_dice::Element>::Raw: Default + Clone,
{
    let mut buffer = vec![Default::default(); map.len()];
    let mut memory = vec![0; picture.map_or(0, |(camera, _)| camera.bytes())];
    let mut watch = soft_dice::monitor::Watch::<P, 1>::new(element, &mut buffer, Settings::DEFAULT)?
        .threshold(Own::at_least(&element, threshold));
    if let Some((camera, _)) = picture {
        watch = watch.seeing(camera, &mut memory)?;
    }
    if let Some(last) = last {
        watch.frame(last)?;
    }
    match picture {
        Some((camera, bytes)) => watch.frame_with(map, Picture::new(bytes, camera.row_bytes()))?,
        None => watch.frame(map)?,
    };
    watch.seen().copied().ok_or(Error::Undefined)
}

#[derive(FromPyObject)]
enum Size {
    Pixels(usize),
    Sides(usize, usize),
}

#[pymethods]
impl Watch {
    #[new]
    #[pyo3(signature = (size, element, settings = None, *, threshold = 0.5, picture = None))]
    fn new(
        size: Size,
        element: &Element,
        settings: Option<&Bound<'_, PyDict>>,
        threshold: f32,
        picture: Option<u8>,
    ) -> PyResult<Self> {
        let last = match element.kind {
            Kind::U8 | Kind::U8Affine(_) => Last::U8(Vec::new()),
            Kind::I8(_) => Last::I8(Vec::new()),
            Kind::U16 => Last::U16(Vec::new()),
            Kind::Q15 => Last::I16(Vec::new()),
            Kind::F32(_) | Kind::F32Fine(_) => Last::F32(Vec::new()),
            Kind::F16(_) => {
                return Err(PyTypeError::new_err(
                    "a watch takes no float16 maps: Element.f32() and .astype(numpy.float32)",
                ));
            }
        };
        if !(0.0..=1.0).contains(&threshold) {
            return Err(PyValueError::new_err(format!("threshold is in [0, 1], not {threshold}")));
        }
        let (pixels, camera) = match (size, picture) {
            (Size::Sides(height, width), Some(every @ 1..=64)) => {
                (height * width, Some(Camera { width, every, format: Format::Luma }))
            }
            (Size::Sides(height, width), None) => (height * width, None),
            (Size::Pixels(pixels), None) => (pixels, None),
            (Size::Pixels(_), Some(_)) => {
                return Err(PyValueError::new_err("with a picture the size is (height, width)"));
            }
            (_, Some(every)) => {
                let what = "the picture is 1 to 64 times as wide and high as the map";
                return Err(PyValueError::new_err(format!("{what}, not {every} times")));
            }
        };
        let monitor = Monitor::new(self::settings(settings)?).map_err(refused)?;
        let kind = element.kind;
        Ok(Self { kind, last, pixels, fresh: true, threshold, camera, monitor, seen: None })
    }

    /// Takes a map, with the picture of that moment if there is one: the change of state that it brings, or None.
    #[pyo3(signature = (map, picture = None))]
    fn frame<'py>(
        &mut self,
        py: Python<'py>,
        map: &Bound<'py, PyUntypedArray>,
        picture: Option<&Bound<'py, PyUntypedArray>>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        if map.len() != self.pixels {
            return Err(refused(Error::Length));
        }
        let order = |what: &'static str| {
            move |_| PyValueError::new_err(format!("a {what} is in C order (numpy.ascontiguousarray makes a copy)"))
        };
        let luma = picture.map(|picture| typed::<u8>(picture, "picture")).transpose()?;
        let luma = luma.as_ref().map(|luma| luma.as_slice().map_err(order("picture"))).transpose()?;
        let picture = match (self.camera, luma) {
            (_, None) => None,
            (Some(camera), Some(luma)) => {
                let bytes = self.pixels * usize::from(camera.every) * usize::from(camera.every);
                if luma.len() != bytes {
                    let (is, every) = (luma.len(), camera.every);
                    let what = format!("the picture has {is} pixels, and {every} times the map's sides make {bytes}");
                    return Err(PyValueError::new_err(what));
                }
                Some((camera, luma))
            }
            (None, Some(_)) => {
                return Err(PyValueError::new_err("this watch was told of no picture: picture=1, or more"));
            }
        };
        let (fresh, threshold) = (self.fresh, self.threshold);
        macro_rules! look {
            ($e:expr, $last:expr, $raw:ty) => {{
                let array = typed::<$raw>(map, "map")?;
                let pixels = array.as_slice().map_err(order("map"))?;
                let before = (!fresh).then_some(&$last[..]);
                let seen = py.detach(|| self::look($e, before, pixels, threshold, picture)).map_err(refused)?;
                $last.clear();
                $last.extend_from_slice(pixels);
                seen
            }};
        }
        let seen = match (self.kind, &mut self.last) {
            (Kind::U8, Last::U8(last)) => look!(U8, last, u8),
            (Kind::U8Affine(e), Last::U8(last)) => look!(e, last, u8),
            (Kind::I8(e), Last::I8(last)) => look!(e, last, i8),
            (Kind::U16, Last::U16(last)) => look!(U16::new(), last, u16),
            (Kind::Q15, Last::I16(last)) => look!(Q15::new(), last, i16),
            (Kind::F32(e), Last::F32(last)) => look!(e, last, f32),
            (Kind::F32Fine(e), Last::F32(last)) => look!(e, last, f32),
            _ => return Err(PyTypeError::new_err("a map of another element")),
        };
        self.fresh = false;
        self.seen = Some(seen);
        let event = self.monitor.observe(&seen).map_err(refused)?;
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

    /// What the monitor was given of the last frame: of a healthy recording's frames `tune` makes settings.
    #[getter]
    fn seen(&self) -> Option<SeenFrame> {
        self.seen.map(|frame| SeenFrame { frame })
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
        self.seen = None;
        self.monitor.reset();
    }

    fn __repr__(&self) -> String {
        format!("Watch({} pixels, {:?})", self.pixels, self.monitor.state())
    }
}

/// Settings that keep a promise in every signal, from the frames of healthy recordings: one list for each scene.
#[pyfunction]
#[pyo3(signature = (scenes, *, fall = 0.05, frames_between = 1.0e6, learnt = Some(8), settings = None))]
pub fn tune<'py>(
    py: Python<'py>,
    scenes: Vec<Vec<SeenFrame>>,
    fall: f64,
    frames_between: f64,
    learnt: Option<u8>,
    settings: Option<&Bound<'py, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let promise = Promise { fall, frames_between, learnt };
    let settings = self::settings(settings)?;
    let scenes: Vec<Vec<Frame>> =
        scenes.into_iter().map(|all| all.into_iter().map(|seen| seen.frame).collect()).collect();
    let parts: Vec<&[Frame]> = scenes.iter().map(Vec::as_slice).collect();
    let found = py.detach(|| soft_dice::monitor::tune(&parts, &promise, settings)).map_err(refused)?;
    object(py, &found)
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
