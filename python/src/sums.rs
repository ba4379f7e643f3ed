//! Sums for Python: plain numbers, exact.

use crate::refused;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use soft_dice::{Pixels, Record};

/// The exact sums of one class.
#[pyclass(frozen, module = "soft_dice", eq)]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sums {
    pub record: Record,
}

#[pymethods]
impl Sums {
    #[getter]
    fn count(&self) -> u64 {
        self.record.count
    }

    #[getter]
    fn ignored(&self) -> u64 {
        self.record.ignored
    }

    #[getter]
    fn invalid(&self) -> u64 {
        self.record.invalid
    }

    #[getter]
    fn clamped(&self) -> u64 {
        self.record.clamped
    }

    #[getter]
    fn p(&self) -> u128 {
        self.record.p
    }

    #[getter]
    fn t(&self) -> u128 {
        self.record.t
    }

    #[getter]
    fn pt(&self) -> u128 {
        self.record.pt
    }

    #[getter]
    fn squares(&self) -> Option<(u128, u128)> {
        self.record.squares
    }

    #[getter]
    fn minima(&self) -> Option<(u128, u128)> {
        self.record.minima
    }

    #[getter]
    fn unit_p(&self) -> f64 {
        self.record.unit_p.value(1)
    }

    #[getter]
    fn unit_t(&self) -> f64 {
        self.record.unit_t.value(1)
    }

    /// The sums in pixels, rounded to floats.
    fn pixels<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let Pixels { i, p, t, squares, min } = Pixels::of(&self.record);
        let all = PyDict::new(py);
        all.set_item("pt", i)?;
        all.set_item("p", p)?;
        all.set_item("t", t)?;
        all.set_item("squares", squares)?;
        all.set_item("min", min)?;
        Ok(all)
    }

    /// The record as it travels: JSON text, every number an exact integer.
    #[pyo3(name = "to_json")]
    fn json(&self) -> PyResult<String> {
        serde_json::to_string(&self.record).map_err(|e| pyo3::exceptions::PyValueError::new_err(e.to_string()))
    }

    #[staticmethod]
    fn from_json(text: &str) -> PyResult<Self> {
        let record: Record =
            serde_json::from_str(text).map_err(|e| pyo3::exceptions::PyValueError::new_err(e.to_string()))?;
        // A record of another version is refused here, not when it is used.
        let mut checked = record;
        checked
            .merge(&Record {
                count: 0,
                ignored: 0,
                invalid: 0,
                clamped: 0,
                p: 0,
                t: 0,
                pt: 0,
                squares: record.squares.map(|_| (0, 0)),
                minima: record.minima.map(|_| (0, 0)),
                ..record
            })
            .map_err(refused)?;
        Ok(Self { record })
    }

    fn __add__(&self, other: &Self) -> PyResult<Self> {
        let mut record = self.record;
        record.merge(&other.record).map_err(refused)?;
        Ok(Self { record })
    }

    fn __repr__(&self) -> String {
        let Record { count, ignored, invalid, p, t, pt, .. } = self.record;
        let left =
            if ignored + invalid > 0 { format!(", ignored={ignored}, invalid={invalid}") } else { String::new() };
        format!(
            "Sums(count={count}{left}, p={p}, t={t}, pt={pt}, unit_p={:.6}, unit_t={:.6})",
            self.unit_p(),
            self.unit_t()
        )
    }

    fn _repr_html_(&self) -> String {
        table(&[self.record], 1)
    }
}

/// The exact sums of a batch: a set for every item and class.
#[pyclass(frozen, module = "soft_dice", eq)]
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    pub records: Vec<Record>,
    pub classes: usize,
}

impl Batch {
    pub fn view(&self) -> PyResult<soft_dice::presets::Batch<'_, Record>> {
        soft_dice::presets::Batch::new(&self.records, self.classes).map_err(refused)
    }
}

#[pymethods]
impl Batch {
    #[getter]
    const fn classes(&self) -> usize {
        self.classes
    }

    #[getter]
    const fn items(&self) -> usize {
        self.records.len() / self.classes
    }

    fn __len__(&self) -> usize {
        self.items()
    }

    /// The sums of an item and class.
    fn sums(&self, item: usize, class: usize) -> PyResult<Sums> {
        let record = if class < self.classes { self.records.get(item * self.classes + class) } else { None };
        let absent = || pyo3::exceptions::PyIndexError::new_err(format!("no item {item} with a class {class}"));
        Ok(Sums { record: *record.ok_or_else(absent)? })
    }

    /// The sums of each class over all items.
    fn pooled(&self) -> PyResult<Self> {
        let (mut all, rest) = (self.records[..self.classes].to_vec(), &self.records[self.classes..]);
        for (at, record) in rest.iter().enumerate() {
            all[at % self.classes].merge(record).map_err(refused)?;
        }
        Ok(Self { records: all, classes: self.classes })
    }

    /// The items of both, one after another.
    fn __add__(&self, other: &Self) -> PyResult<Self> {
        if self.classes != other.classes {
            return Err(refused(soft_dice::Error::Classes));
        }
        Ok(Self { records: [self.records.as_slice(), &other.records].concat(), classes: self.classes })
    }

    fn __repr__(&self) -> String {
        format!("Batch(items={}, classes={})", self.items(), self.classes)
    }

    fn _repr_html_(&self) -> String {
        table(&self.records, self.classes)
    }
}

/// For notebooks.
fn table(records: &[Record], classes: usize) -> String {
    let mut html = String::from(
        "<table><tr><th>item</th><th>class</th><th>pixels</th><th>Σp</th><th>Σt</th><th>Σpt</th><th>Dice</th></tr>",
    );
    for (at, record) in records.iter().enumerate() {
        let Pixels { i, p, t, .. } = Pixels::of(record);
        let dice = soft_dice::Score::dice().f64(record).map_or("undefined".into(), |dice| format!("{dice:.4}"));
        let (item, class) = (at / classes, at % classes);
        html += &format!(
            "<tr><td>{item}</td><td>{class}</td><td>{}</td><td>{p:.2}</td><td>{t:.2}</td><td>{i:.2}</td><td>{dice}</td></tr>",
            record.count
        );
    }
    html + "</table>"
}
