use crate::num::Unit;
use crate::sums::Measured;
use crate::sums::Record;

/// Sums in pixels, each rounded to f64: what formulas with square roots, powers or clamps are taken of.
///
/// The plain scores ([`crate::Score`]) do not go this way: they stay exact.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Pixels {
    /// Σpt.
    pub i: f64,
    /// Σp.
    pub p: f64,
    /// Σt.
    pub t: f64,
    /// Σp² and Σt², if they were summed.
    pub squares: Option<(f64, f64)>,
    /// Σmin(p, t), if it was summed; of hard targets always.
    pub min: Option<f64>,
}

impl Pixels {
    /// The sums of a stream, or of a record: none is a number where a unit of the record is none ([`Unit::checked`]).
    pub fn of(sums: &impl Measured) -> Self {
        let r = sums.record();
        if r.known().is_err() {
            let none = f64::NAN;
            return Self { i: none, p: none, t: none, squares: Some((none, none)), min: Some(none) };
        }
        let square = |unit: Unit, rounded: bool, sum: u128| unit.value(sum) * if rounded { 1.0 } else { unit.value(1) };
        let hard_t = |tt: u128| if r.hard { tt as f64 } else { square(r.unit_t, r.rounds_t(), tt) };
        Self {
            i: r.unit_p.value(r.pt) * if r.rounded & Record::ROUNDED_PT != 0 { 1.0 } else { r.unit_t.value(1) },
            p: r.unit_p.value(r.p),
            t: r.unit_t.value(r.t),
            squares: r.squares.map(|(pp, tt)| (square(r.unit_p, r.rounds_p(), pp), hard_t(tt))),
            min: r.minima.map(|(p, t)| r.unit_p.value(p) + r.unit_t.value(t)),
        }
    }

    /// The sums of both; squares and minima only where both have them.
    #[must_use]
    pub(crate) fn plus(&self, other: &Self) -> Self {
        let squares = self.squares.zip(other.squares).map(|((p, t), (more_p, more_t))| (p + more_p, t + more_t));
        let min = self.min.zip(other.min).map(|(min, more)| min + more);
        Self { i: self.i + other.i, p: self.p + other.p, t: self.t + other.t, squares, min }
    }
}
