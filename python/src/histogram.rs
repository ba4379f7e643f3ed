//! Histograms of 8-bit maps against a hard target: one pass, and every figure that follows from (code, target) pairs.

use crate::codes::{Alone, CodeCounts};
use crate::element::Element;
use crate::pass::{Byte, Pixels, walk};
use crate::refused;
use crate::score::Score;
use crate::sums::Sums;
use numpy::{PyArray1, PyUntypedArray};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use soft_dice::histogram::{Clamp, EightBit, Histogram as Counted};
use soft_dice::presets::CrossEntropy;
use soft_dice::{Counts, Error, HardTarget, Label, Measured, NonZero, Record, Region};
use std::any::Any;

/// Numbers of bins that reliability can be asked in.
macro_rules! bins {
    ($($bins:literal)*) => {
        /// Mean probability, share of the target and pixels of each bin; the expected calibration error.
        fn binned<P: EightBit, T: HardTarget>(of: &Counted<P, T, u64>, bins: usize) -> Result<Binned, PyErr> {
            match bins {
                $($bins => {
                    let bins = of.reliability::<$bins>();
                    let means = (0..$bins).map(|bin| bins.reliability(bin).unwrap_or((f64::NAN, f64::NAN)));
                    let counts = bins.bins().iter().map(|bin| bin.count).collect();
                    Ok(Binned { means: means.collect(), counts, error: bins.expected_error() })
                })*
                other => Err(PyValueError::new_err(format!("bins is one of {:?}, not {other}", [$($bins),*]))),
            }
        }
    };
}

bins!(5 10 15 20 25 30 50 100 256);

pub struct Binned {
    means: Vec<(f64, f64)>,
    counts: Vec<u64>,
    error: Result<f64, Error>,
}

/// Where a map is cut.
#[derive(Clone, Copy)]
pub enum Cut {
    AtLeast(f32),
    Above(f32),
    Code(u32),
}

/// A histogram of any element and any target of bytes.
pub trait Against: Any + Send + Sync {
    fn add(&mut self, py: Python<'_>, pixels: &Pixels<'_, '_>) -> PyResult<()>;
    fn merge(&mut self, other: &dyn Against) -> Result<(), Error>;
    fn copy(&self) -> Box<dyn Against>;
    fn without_target(&self) -> Box<dyn Alone>;
    /// Pixels under target 0 and 1 of each raw value, the least first.
    fn table(&self) -> Vec<[u64; 2]>;
    /// The value of a code.
    fn value(&self, code: u32) -> f64;
    fn record(&self) -> Record;
    fn cut(&self, cut: Cut) -> Counts;
    fn cuts(&self) -> Vec<Counts>;
    fn best(&self, score: &soft_dice::Score) -> Result<(f64, u32, f64, Counts), Error>;
    fn brier(&self) -> Result<f64, Error>;
    fn entropy(&self, clamp: Clamp) -> Result<f64, Error>;
    fn binned(&self, bins: usize) -> PyResult<Binned>;
    fn areas(&self) -> [Result<f64, Error>; 2];
    /// Of exclusive classes, if all are of this kind.
    fn entropy_of(&self, all: &[&dyn Against], weights: Option<&[f64]>, clamp: Clamp) -> Result<f64, Error>;
    /// As MONAI's `DiceCELoss` has it.
    fn monai(&self, all: &[&dyn Against], how: &Monai<'_>) -> Result<f64, Error>;
}

/// What MONAI's cross-entropy is told.
pub struct Monai<'a> {
    pub weights: Option<&'a [f64]>,
    pub mean: bool,
    pub floor: f64,
    pub label_smoothing: f64,
}

/// All of them as what the first is.
fn alike<H: Against + Copy>(all: &[&dyn Against]) -> Result<Vec<H>, Error> {
    all.iter().map(|one| (*one as &dyn Any).downcast_ref::<H>().copied().ok_or(Error::Mismatch)).collect()
}

impl<P, T> Against for Counted<P, T, u64>
where
    P: EightBit + 'static,
    P::Raw: Byte,
    T: for<'b> HardTarget<Pixels<'b> = &'b [u8]>,
{
    fn add(&mut self, py: Python<'_>, pixels: &Pixels<'_, '_>) -> PyResult<()> {
        walk::<P::Raw>(py, pixels, |p, t, region| match region {
            Some(region) => self.update_within(p, t, Region::Bytes(region)),
            None => self.update(p, t),
        })
    }

    fn merge(&mut self, other: &dyn Against) -> Result<(), Error> {
        Counted::merge(self, (other as &dyn Any).downcast_ref().ok_or(Error::Mismatch)?)
    }

    fn copy(&self) -> Box<dyn Against> {
        Box::new(*self)
    }

    fn without_target(&self) -> Box<dyn Alone> {
        Box::new(self.codes())
    }

    fn table(&self) -> Vec<[u64; 2]> {
        P::Raw::every().map(|raw| self.of(raw)).collect()
    }

    fn value(&self, code: u32) -> f64 {
        self.prediction().unit().value(code.into())
    }

    fn record(&self) -> Record {
        Measured::record(self)
    }

    fn cut(&self, cut: Cut) -> Counts {
        match cut {
            Cut::AtLeast(threshold) => self.at_least(threshold),
            Cut::Above(threshold) => self.above(threshold),
            Cut::Code(code) => self.from_code(code),
        }
    }

    fn cuts(&self) -> Vec<Counts> {
        Counted::cuts(self).map(|cut| cut.sums).collect()
    }

    fn best(&self, score: &soft_dice::Score) -> Result<(f64, u32, f64, Counts), Error> {
        let best = Counted::best(self, score)?;
        Ok((best.threshold, best.cut.code, best.ratio.f64(), best.cut.sums))
    }

    fn brier(&self) -> Result<f64, Error> {
        Counted::brier(self)
    }

    fn entropy(&self, clamp: Clamp) -> Result<f64, Error> {
        self.cross_entropy(clamp)
    }

    fn binned(&self, bins: usize) -> PyResult<Binned> {
        binned(self, bins)
    }

    fn areas(&self) -> [Result<f64, Error>; 2] {
        [self.roc_area().map(|area| area.f64()), self.average_precision()]
    }

    fn entropy_of(&self, all: &[&dyn Against], weights: Option<&[f64]>, clamp: Clamp) -> Result<f64, Error> {
        soft_dice::histogram::cross_entropy(&alike::<Self>(all)?, weights, clamp)
    }

    fn monai(&self, all: &[&dyn Against], how: &Monai<'_>) -> Result<f64, Error> {
        let bins: Vec<_> = alike::<Self>(all)?.iter().map(Counted::reliability::<256>).collect();
        let entropy = CrossEntropy::new(&bins)?.floor(how.floor).label_smoothing(how.label_smoothing);
        if how.mean { entropy.mean(how.weights) } else { entropy.sum(how.weights) }
    }
}

/// How often each code of an 8-bit map occurs under target 0 and under target 1.
#[pyclass(module = "soft_dice")]
pub struct Histogram {
    pub held: Box<dyn Against>,
    /// What the constructor was told, in its words.
    text: String,
}

impl Histogram {
    /// The histogram of a class against labels.
    pub fn of_class(held: Box<dyn Against>, element: &Element, class: usize) -> Self {
        Self { held, text: format!("Histogram({element}, label={class}", element = element.text()) }
    }
}

/// `$body` with the element, if it is one of 8 bits.
macro_rules! eight_bit {
    ($kind:expr, $e:ident => $body:expr) => {
        match $kind {
            $crate::element::Kind::U8 => {
                let $e = soft_dice::U8;
                $body
            }
            $crate::element::Kind::I8($e) => $body,
            $crate::element::Kind::U8Affine($e) => $body,
            _ => Err($crate::histogram::no_codes()),
        }
    };
}
pub(crate) use eight_bit;

pub fn no_codes() -> PyErr {
    PyTypeError::new_err(
        "a histogram is of 8-bit codes: Element.u8(), mask(), u8_affine(), tflite(), onnxruntime() or i8()",
    )
}

/// The words for what becomes of a probability of 0.
#[derive(FromPyObject)]
pub enum ClampWord {
    Word(String),
    Within(f64),
}

impl ClampWord {
    fn clamp(word: Option<Self>) -> PyResult<Clamp> {
        match word {
            None => Ok(Clamp::Undefined),
            Some(Self::Within(least)) => Ok(Clamp::Within(least)),
            Some(Self::Word(word)) => match word.as_str() {
                "torch" => Ok(Clamp::Torch),
                "keras" => Ok(Clamp::Keras),
                other => Err(PyValueError::new_err(format!(
                    "clamp is 'torch', 'keras', a least probability or None, not {other:?}"
                ))),
            },
        }
    }
}

#[pymethods]
impl Histogram {
    #[new]
    #[pyo3(signature = (element = None, *, label = None, ignore = None))]
    fn new(element: Option<&Element>, label: Option<u8>, ignore: Option<u8>) -> PyResult<Self> {
        let given = element.cloned().unwrap_or_else(Element::u8);
        let said = |name: &str, value: Option<u8>| value.map_or(String::new(), |value| format!(", {name}={value}"));
        let text = format!("Histogram({}{}{}", given.text(), said("label", label), said("ignore", ignore));
        let held = eight_bit!(given.kind, e => Ok(match (label, ignore) {
            (None, None) => Box::new(Counted::wide(e, NonZero)) as Box<dyn Against>,
            (Some(label), None) => Box::new(Counted::wide(e, Label::new(label))),
            (Some(label), Some(ignore)) => Box::new(Counted::wide(e, Label::new(label).ignoring(ignore))),
            (None, Some(_)) => return Err(PyValueError::new_err("ignore is a label: it needs label, that of the target")),
        }))?;
        Ok(Self { held, text })
    }

    /// Adds pixels: codes of one class, and a target of the same shape.
    #[pyo3(signature = (codes, target, *, region = None))]
    fn update(
        &mut self,
        py: Python<'_>,
        codes: &Bound<'_, PyUntypedArray>,
        target: &Bound<'_, PyUntypedArray>,
        region: Option<&Bound<'_, PyUntypedArray>>,
    ) -> PyResult<()> {
        self.held.add(py, &Pixels { codes, target: Some(target), region })
    }

    /// Adds the pixels of another histogram of the same element and target.
    fn merge(&mut self, other: &Self) -> PyResult<()> {
        self.held.merge(&*other.held).map_err(refused)
    }

    fn __add__(&self, other: &Self) -> PyResult<Self> {
        let mut held = self.held.copy();
        held.merge(&*other.held).map_err(refused)?;
        Ok(Self { held, text: self.text.clone() })
    }

    fn __eq__(&self, other: &Self) -> bool {
        let (a, b) = (self.held.record(), other.held.record());
        self.text == other.text && a == b && self.held.table() == other.held.table()
    }

    /// Pixels that were counted.
    #[getter]
    fn count(&self) -> u64 {
        self.held.record().count
    }

    /// Pixels left out.
    #[getter]
    fn ignored(&self) -> u64 {
        self.held.record().ignored
    }

    /// Pixels of each raw value.
    #[getter]
    fn counts<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<u64>> {
        PyArray1::from_vec(py, self.held.table().iter().map(|[zeros, ones]| zeros + ones).collect())
    }

    /// Of those, pixels of the target.
    #[getter]
    fn labelled<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<u64>> {
        PyArray1::from_vec(py, self.held.table().iter().map(|[_, ones]| *ones).collect())
    }

    /// The sums of the soft map.
    fn sums(&self) -> Sums {
        Sums { record: self.held.record() }
    }

    /// The sums of the map that is cut at p ≥ threshold.
    fn at_least(&self, threshold: f32) -> Sums {
        Sums { record: self.held.cut(Cut::AtLeast(threshold)).record() }
    }

    /// The sums of the map that is cut at p > threshold.
    fn above(&self, threshold: f32) -> Sums {
        Sums { record: self.held.cut(Cut::Above(threshold)).record() }
    }

    /// The sums of the map that is foreground from a code on.
    #[pyo3(name = "from_code")]
    fn on_from_code(&self, code: u32) -> Sums {
        Sums { record: self.held.cut(Cut::Code(code)).record() }
    }

    /// The score at every threshold.
    fn cuts<'py>(&self, py: Python<'py>, score: &Score) -> PyResult<Curve<'py>> {
        let values: PyResult<Vec<f64>> =
            self.held.cuts().iter().map(|counts| defined(score.score.f64(counts))).collect();
        Ok(curve(py, |code| self.held.value(code), values?))
    }

    /// The threshold at which a score is best.
    fn best<'py>(&self, py: Python<'py>, score: &Score) -> PyResult<Bound<'py, PyDict>> {
        let (threshold, code, value, counts) = self.held.best(&score.score).map_err(refused)?;
        let best = PyDict::new(py);
        best.set_item("threshold", threshold)?;
        best.set_item("code", code)?;
        best.set_item("score", value)?;
        best.set_item("sums", Bound::new(py, Sums { record: counts.record() })?)?;
        Ok(best)
    }

    /// Binary cross-entropy.
    #[pyo3(signature = (clamp = None))]
    fn cross_entropy(&self, clamp: Option<ClampWord>) -> PyResult<f64> {
        self.held.entropy(ClampWord::clamp(clamp)?).map_err(refused)
    }

    /// The Brier score.
    fn brier(&self) -> PyResult<f64> {
        self.held.brier().map_err(refused)
    }

    /// The expected calibration error.
    #[pyo3(signature = (bins = 256))]
    fn expected_error(&self, bins: usize) -> PyResult<f64> {
        self.held.binned(bins)?.error.map_err(refused)
    }

    /// Mean probability, share of the target and pixels of each bin.
    #[pyo3(signature = (bins = 10))]
    fn reliability<'py>(&self, py: Python<'py>, bins: usize) -> PyResult<Diagram<'py>> {
        let Binned { means, counts, .. } = self.held.binned(bins)?;
        let (said, came) = means.into_iter().unzip();
        Ok((PyArray1::from_vec(py, said), PyArray1::from_vec(py, came), PyArray1::from_vec(py, counts)))
    }

    /// The area under the ROC curve.
    fn roc_area(&self) -> PyResult<f64> {
        let [area, _] = self.held.areas();
        area.map_err(refused)
    }

    /// Average precision.
    fn average_precision(&self) -> PyResult<f64> {
        let [_, area] = self.held.areas();
        area.map_err(refused)
    }

    /// The counts without the target.
    fn codes(&self) -> CodeCounts {
        CodeCounts::of(self.held.without_target())
    }

    fn __repr__(&self) -> String {
        let Record { count, ignored, t, .. } = self.held.record();
        format!("{}, count={count}, labelled={t}, ignored={ignored})", self.text)
    }

    fn _repr_html_(&self) -> String {
        let dice = soft_dice::Score::dice();
        let [roc, precision] = self.held.areas();
        let error = self.held.binned(256).map(|bins| bins.error).unwrap_or(Err(Error::Undefined));
        let best = self.held.best(&dice);
        let rows = [
            ("soft Dice", dice.f64(&self.held.record())),
            ("best hard Dice", best.map(|best| best.2)),
            ("… at p ≥", best.map(|best| best.0)),
            ("Brier score", self.held.brier()),
            ("expected calibration error", error),
            ("area under the ROC curve", roc),
            ("average precision", precision),
        ];
        let mut html = format!("<table><tr><td>pixels</td><td>{}</td></tr>", self.held.record().count);
        for (name, value) in rows {
            let value = value.map_or("undefined".into(), |value| format!("{value:.5}"));
            html += &format!("<tr><td>{name}</td><td>{value}</td></tr>");
        }
        html + "</table>"
    }
}

/// Thresholds as probabilities, and a value at each.
pub type Curve<'py> = (Bound<'py, PyArray1<f64>>, Bound<'py, PyArray1<f64>>);
/// Means, shares and pixels of bins.
type Diagram<'py> = (Bound<'py, PyArray1<f64>>, Bound<'py, PyArray1<f64>>, Bound<'py, PyArray1<u64>>);

/// The score, NaN where it is undefined or left out.
pub fn defined(score: Result<f64, Error>) -> PyResult<f64> {
    match score {
        Err(Error::Undefined | Error::Skipped) => Ok(f64::NAN),
        other => other.map_err(refused),
    }
}

/// Values at every threshold, from code 0 on.
pub fn curve<'py>(py: Python<'py>, value: impl Fn(u32) -> f64, values: Vec<f64>) -> Curve<'py> {
    let thresholds = (0..values.len() as u32).map(value).collect();
    (PyArray1::from_vec(py, thresholds), PyArray1::from_vec(py, values))
}

/// The mean over pixels of −ln p of each pixel's own class, from a histogram of each class.
#[pyfunction]
#[pyo3(signature = (histograms, *, weight = None, clamp = None))]
pub fn cross_entropy(
    histograms: Vec<PyRef<'_, Histogram>>,
    weight: Option<Vec<f64>>,
    clamp: Option<ClampWord>,
) -> PyResult<f64> {
    let clamp = ClampWord::clamp(clamp)?;
    with_first(&histograms, |first, all| first.entropy_of(all, weight.as_deref(), clamp))
}

/// The cross-entropy of MONAI's `DiceCELoss`.
pub fn monai_entropy(histograms: &[PyRef<'_, Histogram>], how: &Monai<'_>) -> PyResult<f64> {
    with_first(histograms, |first, all| first.monai(all, how))
}

fn with_first(
    histograms: &[PyRef<'_, Histogram>],
    of: impl FnOnce(&dyn Against, &[&dyn Against]) -> Result<f64, Error>,
) -> PyResult<f64> {
    let all: Vec<&dyn Against> = histograms.iter().map(|one| &*one.held).collect();
    let first = all.first().ok_or_else(|| refused(Error::Classes))?;
    of(*first, &all).map_err(refused)
}
