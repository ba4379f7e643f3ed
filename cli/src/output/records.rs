//! Records of a fleet: a row for each file and class, of exact integers. Their sums over any number of files need no program of
//! ours:
//!
//! ```sql
//! SELECT class, CAST(SUM(numerator) AS DOUBLE) / CAST(SUM(denominator) AS DOUBLE) AS dice
//! FROM read_csv('records/*.csv') GROUP BY class, unit_p, unit_t, zero_point_p, zero_point_t, kind;
//! ```
//!
//! A row's linear Dice is `numerator / denominator`. Both are its sums times small weights that depend on the units alone, so that
//! they add up wherever the units are the same. While the two sums stay below 2⁵³ the cast rounds nothing, and the quotient is the
//! f64 of `--json` to the bit.

use super::csv::Lines;
use crate::error::Outcome;
use crate::model::ScoreReport;
use soft_dice::{Record, Unit};

const HEAD: [&str; 24] = [
    "file",
    "class",
    "name",
    "kind",
    "version",
    "pixels",
    "ignored",
    "invalid",
    "clamped",
    "sum_p",
    "sum_t",
    "sum_pt",
    "sum_pp",
    "sum_tt",
    "sum_min_p",
    "sum_min_t",
    "unit_p",
    "unit_t",
    "zero_point_p",
    "zero_point_t",
    "rounded",
    "numerator",
    "denominator",
    "empty",
];

/// The rows of a report.
///
/// # Errors
///
/// A full disk.
pub fn records(report: &ScoreReport, mut lines: Lines<'_>) -> Outcome<()> {
    lines.line(HEAD)?;
    for file in report.files.each() {
        let file = file?;
        for (class, (one, name)) in file.scores.classes.iter().zip(&report.header.classes).enumerate() {
            let r = &one.sums;
            let (numerator, denominator) = ratio(r);
            let optional = |sum: Option<u128>| sum.map_or(String::new(), |sum| sum.to_string());
            lines.line([
                file.name.clone(),
                class.to_string(),
                name.clone(),
                if r.hard { "hard".into() } else { "soft".into() },
                r.version.to_string(),
                r.count.to_string(),
                r.ignored.to_string(),
                r.invalid.to_string(),
                r.clamped.to_string(),
                r.p.to_string(),
                r.t.to_string(),
                r.pt.to_string(),
                optional(r.squares.map(|(pp, _)| pp)),
                optional(r.squares.map(|(_, tt)| tt)),
                optional(r.minima.map(|(p, _)| p)),
                optional(r.minima.map(|(_, t)| t)),
                fraction(r.unit_p),
                fraction(r.unit_t),
                r.zero_point_p.to_string(),
                r.zero_point_t.to_string(),
                r.rounded.to_string(),
                numerator.to_string(),
                denominator.to_string(),
                u8::from(denominator == 0).to_string(),
            ])?;
        }
    }
    lines.end()
}

/// mul / (div · 2^shift), in lowest terms or as a power of two.
fn fraction(unit: Unit) -> String {
    let below = u128::from(unit.div) << unit.shift;
    let common = gcd(unit.mul.into(), below);
    format!("{}/{}", u128::from(unit.mul) / common, below / common)
}

/// Linear Dice as two integers: 2 Σpt, and Σp + Σt, in one unit.
#[must_use]
pub fn ratio(r: &Record) -> (u128, u128) {
    let below = |unit: Unit| u128::from(unit.div) << unit.shift;
    let (mul_p, mul_t) = (u128::from(r.unit_p.mul), u128::from(r.unit_t.mul));
    let (below_p, below_t) = (below(r.unit_p), below(r.unit_t));
    // A product that was rounded to the unit of p has that unit, else that of both.
    let weight_pt = if r.rounded & 1 == 1 { 2 * mul_p * below_t } else { 2 * mul_p * mul_t };
    let (weight_p, weight_t) = (mul_p * below_t, mul_t * below_p);
    let common = gcd(weight_pt, gcd(weight_p, weight_t));
    let [weight_pt, weight_p, weight_t] = [weight_pt, weight_p, weight_t].map(|weight| weight / common);
    let times = |sum: u128, weight: u128| sum.saturating_mul(weight);
    (times(r.pt, weight_pt), times(r.p, weight_p).saturating_add(times(r.t, weight_t)))
}

const fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    if a == 0 { 1 } else { a }
}

#[cfg(test)]
mod tests {
    use super::ratio;
    use soft_dice::{All, F32, I8, Measured, NonZero, Score, Soft, Stream, U8, U16};

    /// For sums below 2⁵³ one division of the two integers is the library's f64, to the bit.
    #[test]
    fn one_division_is_the_library_s_score() {
        fn check(record: soft_dice::Record) {
            let (numerator, denominator) = ratio(&record);
            assert!(denominator < 1 << 53, "{denominator}");
            let expected = Score::dice().f64(&record).expect("a score");
            assert_eq!((numerator as f64 / denominator as f64).to_bits(), expected.to_bits(), "{record:?}");
        }
        let mask: Vec<u8> = (0..997).map(|at| u8::from(at % 3 == 0)).collect();
        let signed: Vec<i8> = (0..997).map(|at| (at * 37 % 256 - 128) as i8).collect();
        let bytes: Vec<u8> = signed.iter().map(|code| code.cast_unsigned()).collect();
        let words: Vec<u16> = (0..997).map(|at| (at * 65) as u16).collect();
        let floats: Vec<f32> = (0..997).map(|at| at as f32 / 997.0).collect();
        for element in [I8::TFLITE, I8::ONNXRUNTIME, I8::new(1.0 / 128.0, -3).expect("a scale")] {
            let mut stream = Stream::summing(element, NonZero, All);
            stream.update(&signed, &mask).expect("a map");
            check(stream.sums().record());
        }
        let mut stream = Stream::summing(U8, NonZero, All);
        stream.update(&bytes, &mask).expect("a map");
        check(stream.sums().record());
        let mut stream = Stream::summing(U16::new(), NonZero, All);
        stream.update(&words, &mask).expect("a map");
        check(stream.sums().record());
        let mut stream = Stream::summing(F32::new(), Soft(F32::new()), All);
        stream.update(&floats, &floats).expect("a map");
        check(stream.sums().record());
        let mut stream = Stream::summing(F32::new(), NonZero, All);
        stream.update(&floats, &mask).expect("a map");
        check(stream.sums().record());
    }
}
