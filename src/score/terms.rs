//! Sums of unlike units, brought to one.

use super::{Kind, Ratio};
use crate::error::Error;
use crate::num::Unit;
use crate::sums::Record;

/// What the forms are made of, in one unit, each below 2⁹⁰.
#[derive(Debug)]
pub(super) struct Terms {
    /// Σpt, or Σmin.
    pub i: u128,
    pub p: u128,
    pub t: u128,
    /// A pixel of 1.0: for smoothing.
    pub one: u128,
}

/// `mantissa · 2^-places`.
#[derive(Clone, Copy, Debug)]
struct Term {
    mantissa: u128,
    places: i32,
}

impl Term {
    const fn new(mantissa: u128, places: u32) -> Self {
        Self { mantissa, places: places as i32 }
    }

    /// Times a factor: exact if there is room, else without the lowest bits, 2⁻⁶³ of the term at most.
    const fn times(self, factor: u64) -> Self {
        let need = 64 - factor.leading_zeros();
        let down = need.saturating_sub(self.mantissa.leading_zeros());
        Self { mantissa: (self.mantissa >> down) * factor as u128, places: self.places - down as i32 }
    }

    /// The place after its highest bit; nothing has none.
    const fn top(self) -> Option<i32> {
        match self.mantissa {
            0 => None,
            m => Some(128 - m.leading_zeros() as i32 - self.places),
        }
    }
}

/// Brings the mantissas to one unit, with the greatest just below 2⁹⁰ if their units differ: exact unless they span more. In place,
/// for five of them are 160 bytes of stack; their places are of no use afterwards.
fn align(terms: &mut [Term]) {
    let first = terms.first().map_or(0, |term| term.places);
    if terms.iter().all(|term| term.places == first && term.mantissa >> 90 == 0) {
        return;
    }
    let top = terms.iter().filter_map(|term| term.top()).max().unwrap_or(0);
    for term in terms {
        // mantissa · 2^-places < 2^top, so that the shift up stays below 2^90.
        let up = 90 - top - term.places;
        term.mantissa = if up >= 0 {
            term.mantissa.unbounded_shl(up as u32)
        } else {
            term.mantissa.unbounded_shr(up.unsigned_abs())
        };
    }
}

/// The value of a code, or of a code of a square: `mul / (div · 2^shift)`.
struct Side {
    mul: u64,
    div: u64,
    shift: u32,
    /// What is left of `div` when the unit's own is taken out.
    rest: u64,
}

impl Side {
    fn of(unit: Unit, square: bool) -> Self {
        let (mul, div, shift) = (u64::from(unit.mul), u64::from(unit.div), u32::from(unit.shift));
        if square {
            Self { mul: mul * mul, div: div * div, shift: 2 * shift, rest: div }
        } else {
            Self { mul, div, shift, rest: 1 }
        }
    }
}

impl Terms {
    #[inline]
    pub(super) fn of(record: &Record, kind: Kind) -> Result<Self, Error> {
        let (unit_a, unit_b) = (record.unit_p, record.unit_t);
        let squared = matches!(kind, Kind::Squared);
        // Floats round their squares to the unit.
        let a = Side::of(unit_a, squared && !record.rounds_p());
        let b = Side::of(unit_b, squared && !record.rounds_t());
        let (p, t) = if squared { record.squares.ok_or(Error::NotSummed)? } else { (record.p, record.t) };
        let (i, more) = match kind {
            Kind::Semimetric => record.minima.ok_or(Error::NotSummed)?,
            Kind::Linear | Kind::Squared => (record.pt, 0),
        };
        let (by_p, by_t) = ([a.mul, b.div], [b.mul, a.div]);
        let (by_i, places_i) = if matches!(kind, Kind::Semimetric) {
            (by_p, a.shift)
        } else if record.rounded & Record::ROUNDED_PT != 0 {
            ([u64::from(unit_a.mul) * a.rest, u64::from(unit_b.div) * b.rest], u32::from(unit_a.shift))
        } else {
            let places = u32::from(unit_a.shift) + u32::from(unit_b.shift);
            ([u64::from(unit_a.mul) * a.rest, u64::from(unit_b.mul) * b.rest], places)
        };
        let mut terms = [
            Term::new(i, places_i),
            Term::new(more, b.shift),
            Term::new(p, a.shift),
            Term::new(t, b.shift),
            Term::new(1, 0),
        ];
        for (term, by) in terms.iter_mut().zip([by_i, by_t, by_p, by_t, [a.div, b.div]]) {
            *term = term.times(by[0]).times(by[1]);
        }
        align(&mut terms);
        let [i, more, p, t, one] = terms;
        Ok(Self { i: i.mantissa + more.mantissa, p: p.mantissa, t: t.mantissa, one: one.mantissa })
    }
}

impl Record {
    pub(super) const fn rounds_p(&self) -> bool {
        self.rounded & Self::ROUNDED_PP != 0
    }

    pub(super) const fn rounds_t(&self) -> bool {
        self.rounded & Self::ROUNDED_TT != 0
    }
}

/// Numerator and denominator with what is added to each, in 2⁻⁴⁸ of `one`. All are brought below 2⁶² first.
pub(super) fn smooth(numerator: u128, denominator: u128, one: u128, added: (u64, u64)) -> (u128, u128) {
    let bits = 128 - (numerator | denominator | one).leading_zeros();
    let down = bits.saturating_sub(62);
    let with = |sum: u128, added: u64| ((sum >> down) << 48) + (one >> down) * u128::from(added);
    (with(numerator, added.0), with(denominator, added.1))
}

/// 1 − ratio, exactly.
pub(super) const fn complement(ratio: Ratio) -> Ratio {
    // Both are below 2^62, the numerator not negative.
    Ratio { numerator: ratio.denominator as i64 - ratio.numerator, denominator: ratio.denominator }
}

/// `x · 2^places` to the nearest, in integers; `None` for what is negative, no number, infinite, or does not fit.
pub(super) const fn fixed(x: f64, places: u32) -> Option<u64> {
    let bits = x.to_bits();
    // Of −0.0 the sign says nothing.
    let exponent = if bits << 1 == 0 { 0 } else { (bits >> 52) as i32 };
    if exponent == 0 {
        // 0, or below 2^-1022.
        return Some(0);
    }
    if exponent >= 0x7FF {
        return None;
    }
    let mantissa = (bits & ((1 << 52) - 1)) + (1 << 52);
    let down = 1075 - exponent - places as i32;
    if down < -11 {
        None
    } else if down <= 0 {
        Some(mantissa << -down)
    } else {
        Some((mantissa.unbounded_shr(down as u32 - 1) + 1) >> 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_to_fixed_point() {
        assert_eq!(fixed(1.0, 48), Some(1 << 48));
        assert_eq!(fixed(1e-5, 48), Some(2_814_749_767));
        assert_eq!(fixed(0.3, 30), Some(322_122_547));
        assert_eq!([0.0, -0.0, f64::MIN_POSITIVE, 5e-324].map(|x| fixed(x, 48)), [Some(0); 4]);
        let none =
            [-1.0, -5e-324, -f64::MIN_POSITIVE, f64::NAN, -f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e9, 65536.0];
        assert_eq!(none.map(|x| fixed(x, 48)), [None; 9]);
        assert_eq!(fixed(65535.0, 48), Some(65535 << 48));
        assert_eq!(fixed(65536.0f64.next_down(), 48), Some(u64::MAX << 11));
        // Half a unit rounds up, and what is below it down.
        assert_eq!((fixed(0.5, 0), fixed(0.5f64.next_down(), 0), fixed(2.5, 0)), (Some(1), Some(0), Some(3)));
    }

    #[test]
    fn terms_align_exactly_until_they_span_too_much() {
        let mut terms = [Term::new(3, 0), Term::new(5, 2)];
        align(&mut terms);
        assert_eq!(terms[0].mantissa * 5, terms[1].mantissa * 12);
        let mut terms = [Term::new(1, 0), Term::new(1, 200)];
        align(&mut terms);
        assert_eq!(terms.map(|term| term.mantissa), [1 << 89, 0]);
        let full = Term::new(u128::MAX, 0).times(255);
        assert!(full.places < 0 && full.mantissa > 1 << 126);
    }
}
