//! How often each code of an 8-bit map occurs, without a target: confidence at every threshold, and how far an output has moved.

use crate::element::Element;
use crate::histogram::{Curve, Cut, curve, defined, eight_bit};
use crate::pass::{Byte, Pixels, walk};
use crate::refused;
use crate::sums::Sums;
use numpy::{PyArray1, PyUntypedArray};
use pyo3::prelude::*;
use soft_dice::confidence::CONFIDENCE;
use soft_dice::histogram::{CodeCounts as Counted, EightBit};
use soft_dice::{Error, Record, Region};
use std::any::Any;

/// Counts of any element.
pub trait Alone: Any + Send + Sync {
    fn add(&mut self, py: Python<'_>, pixels: &Pixels<'_, '_>) -> PyResult<()>;
    fn merge(&mut self, other: &dyn Alone) -> Result<(), Error>;
    fn copy(&self) -> Box<dyn Alone>;
    /// Pixels of each raw value, the least first.
    fn table(&self) -> Vec<u64>;
    fn value(&self, code: u32) -> f64;
    /// Of the map with its own mask.
    fn own(&self, cut: Cut) -> Record;
    fn own_cuts(&self) -> Vec<Record>;
    fn l1(&self, other: &dyn Alone) -> Result<f64, Error>;
    fn jensen_shannon(&self, other: &dyn Alone) -> Result<f64, Error>;
}

impl<P> Alone for Counted<P, u64>
where
    P: EightBit + 'static,
    P::Raw: Byte,
{
    fn add(&mut self, py: Python<'_>, pixels: &Pixels<'_, '_>) -> PyResult<()> {
        walk::<P::Raw>(py, pixels, |p, _, region| match region {
            Some(region) => self.update_within(p, Region::Bytes(region)),
            None => self.update(p),
        })
    }

    fn merge(&mut self, other: &dyn Alone) -> Result<(), Error> {
        Counted::merge(self, same(other)?)
    }

    fn copy(&self) -> Box<dyn Alone> {
        Box::new(*self)
    }

    fn table(&self) -> Vec<u64> {
        P::Raw::every().map(|raw| self.of(raw)).collect()
    }

    fn value(&self, code: u32) -> f64 {
        self.prediction().unit().value(code.into())
    }

    fn own(&self, cut: Cut) -> Record {
        match cut {
            Cut::AtLeast(threshold) => self.own_at_least(threshold),
            Cut::Above(threshold) => self.own_above(threshold),
            Cut::Code(code) => Counted::own(self, code),
        }
    }

    fn own_cuts(&self) -> Vec<Record> {
        Counted::own_cuts(self).map(|cut| cut.sums).collect()
    }

    fn l1(&self, other: &dyn Alone) -> Result<f64, Error> {
        Ok(Counted::l1(self, same::<Self>(other)?)?.f64())
    }

    fn jensen_shannon(&self, other: &dyn Alone) -> Result<f64, Error> {
        Counted::jensen_shannon(self, same::<Self>(other)?)
    }
}

fn same<C: Alone>(other: &dyn Alone) -> Result<&C, Error> {
    (other as &dyn Any).downcast_ref().ok_or(Error::Mismatch)
}

/// How often each code of an 8-bit map occurs.
#[pyclass(module = "soft_dice")]
pub struct CodeCounts {
    held: Box<dyn Alone>,
}

impl CodeCounts {
    pub const fn of(held: Box<dyn Alone>) -> Self {
        Self { held }
    }

    /// Pixels that count, and pixels left out.
    fn seen(&self) -> (u64, u64) {
        let record = self.held.own(Cut::Code(0));
        (record.count, record.ignored)
    }
}

#[pymethods]
impl CodeCounts {
    #[new]
    #[pyo3(signature = (element = None))]
    fn new(element: Option<&Element>) -> PyResult<Self> {
        let kind = element.cloned().unwrap_or_else(Element::u8).kind;
        eight_bit!(kind, e => Ok(Self { held: Box::new(Counted::wide(e)) }))
    }

    /// Adds the pixels of a map.
    #[pyo3(signature = (codes, *, region = None))]
    fn update(
        &mut self,
        py: Python<'_>,
        codes: &Bound<'_, PyUntypedArray>,
        region: Option<&Bound<'_, PyUntypedArray>>,
    ) -> PyResult<()> {
        self.held.add(py, &Pixels { codes, target: None, region })
    }

    /// Adds the pixels of other counts of the same element.
    fn merge(&mut self, other: &Self) -> PyResult<()> {
        self.held.merge(&*other.held).map_err(refused)
    }

    fn __add__(&self, other: &Self) -> PyResult<Self> {
        let mut held = self.held.copy();
        held.merge(&*other.held).map_err(refused)?;
        Ok(Self { held })
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.held.own(Cut::Code(0)) == other.held.own(Cut::Code(0)) && self.held.table() == other.held.table()
    }

    /// Pixels that were counted.
    #[getter]
    fn count(&self) -> u64 {
        self.seen().0
    }

    /// Pixels left out.
    #[getter]
    fn ignored(&self) -> u64 {
        self.seen().1
    }

    /// Pixels of each raw value.
    #[getter]
    fn counts<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<u64>> {
        PyArray1::from_vec(py, self.held.table())
    }

    /// The sums of the map with its own mask p ≥ threshold.
    fn at_least(&self, threshold: f32) -> Sums {
        Sums { record: self.held.own(Cut::AtLeast(threshold)) }
    }

    /// The sums of the map with its own mask p > threshold.
    fn above(&self, threshold: f32) -> Sums {
        Sums { record: self.held.own(Cut::Above(threshold)) }
    }

    /// The sums of the map with its own mask from a code on.
    #[pyo3(name = "from_code")]
    fn on_from_code(&self, code: u32) -> Sums {
        Sums { record: self.held.own(Cut::Code(code)) }
    }

    /// Soft Dice Confidence at a threshold.
    #[pyo3(signature = (threshold = 0.5))]
    fn confidence(&self, threshold: f32) -> PyResult<f64> {
        CONFIDENCE.f64(&self.held.own(Cut::AtLeast(threshold))).map_err(refused)
    }

    /// Soft Dice Confidence at every threshold.
    fn confidences<'py>(&self, py: Python<'py>) -> PyResult<Curve<'py>> {
        let values: PyResult<Vec<f64>> =
            self.held.own_cuts().iter().map(|record| defined(CONFIDENCE.f64(record))).collect();
        Ok(curve(py, |code| self.held.value(code), values?))
    }

    /// Σ|a/A − b/B| over codes.
    fn l1(&self, other: &Self) -> PyResult<f64> {
        self.held.l1(&*other.held).map_err(refused)
    }

    /// The Jensen–Shannon divergence.
    fn jensen_shannon(&self, other: &Self) -> PyResult<f64> {
        self.held.jensen_shannon(&*other.held).map_err(refused)
    }

    fn __repr__(&self) -> String {
        let (count, ignored) = self.seen();
        format!("CodeCounts(count={count}, ignored={ignored})")
    }
}
