//! Colours that readers with any kind of colour vision tell apart: three of Okabe and Ito's (2008).

use super::page::Mark;

/// Red, green, blue.
pub type Rgb = [u8; 3];

/// Blue: what was found.
pub const TRUE_POSITIVE: Rgb = [0x00, 0x72, 0xB2];
/// Yellow: what was made up.
pub const FALSE_POSITIVE: Rgb = [0xF0, 0xE4, 0x42];
/// Vermilion: what was missed.
pub const FALSE_NEGATIVE: Rgb = [0xD5, 0x5E, 0x00];
/// What no score looks at.
pub const LEFT_OUT: Rgb = [0xB8, 0xB8, 0xB8];

/// The colour of a pixel whose prediction is `shade`: where nothing is, the prediction itself in dark grey.
#[must_use]
pub const fn of(mark: Mark, shade: u8) -> Rgb {
    match mark {
        Mark::Neither => [16 + shade / 3; 3],
        Mark::TruePositive => TRUE_POSITIVE,
        Mark::FalsePositive => FALSE_POSITIVE,
        Mark::FalseNegative => FALSE_NEGATIVE,
        Mark::LeftOut => LEFT_OUT,
    }
}

/// From bad (vermilion) over pale to good (blue), for a score in \[0, 1\].
#[must_use]
pub fn ramp(score: f64) -> Rgb {
    const PALE: Rgb = [0xF4, 0xF1, 0xEA];
    let score = score.clamp(0.0, 1.0);
    // Scores crowd near 1: the pale middle is at 0.8.
    let (from, to, share) =
        if score < 0.8 { (FALSE_NEGATIVE, PALE, score / 0.8) } else { (PALE, TRUE_POSITIVE, (score - 0.8) / 0.2) };
    let mut colour = [0; 3];
    for (mixed, (a, b)) in colour.iter_mut().zip(from.into_iter().zip(to)) {
        *mixed = (f64::from(a) + (f64::from(b) - f64::from(a)) * share).round() as u8;
    }
    colour
}

/// As in a style sheet.
#[must_use]
pub fn hex([r, g, b]: Rgb) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn linear(byte: u8) -> f64 {
        let x = f64::from(byte) / 255.0;
        if x <= 0.04045 { x / 12.92 } else { ((x + 0.055) / 1.055).powf(2.4) }
    }

    /// What a dichromat sees, in linear light: Viénot, Brettel and Mollon (1999); tritan by Brettel's plane.
    const SEEN: [[[f64; 3]; 3]; 4] = [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]],
        [[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]],
        [[1.01277, 0.13548, -0.14826], [-0.01243, 0.86812, 0.14431], [0.07589, 0.805, 0.11911]],
    ];

    /// CIE L*a*b*, D65.
    fn lab(colour: Rgb, seen: [[f64; 3]; 3]) -> [f64; 3] {
        let light = colour.map(linear);
        let rgb = seen.map(|row| row.iter().zip(light).map(|(a, b)| a * b).sum::<f64>().clamp(0.0, 1.0));
        let xyz =
            [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
                .map(|row: [f64; 3]| row.iter().zip(rgb).map(|(a, b)| a * b).sum::<f64>());
        let f = |t: f64| if t > 216.0 / 24389.0 { t.cbrt() } else { (24389.0 / 27.0 * t + 16.0) / 116.0 };
        let [x, y, z] = [f(xyz[0] / 0.95047), f(xyz[1]), f(xyz[2] / 1.08883)];
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    /// Twenty of CIE76's units are told apart at a glance.
    #[test]
    fn every_reader_tells_the_colours_apart() {
        let shades = [0, 64, 128].map(|shade| of(Mark::Neither, shade));
        let marks = [TRUE_POSITIVE, FALSE_POSITIVE, FALSE_NEGATIVE];
        for seen in SEEN {
            for (at, &a) in marks.iter().enumerate() {
                for &b in marks[at + 1..].iter().chain(&shades).chain([&LEFT_OUT]) {
                    let (x, y) = (lab(a, seen), lab(b, seen));
                    let apart = x.iter().zip(y).map(|(x, y)| (x - y).powi(2)).sum::<f64>().sqrt();
                    assert!(apart > 20.0, "{a:?} and {b:?} are {apart:.1} apart");
                }
            }
        }
    }

    #[test]
    fn the_ramp_runs_from_bad_to_good() {
        assert_eq!((ramp(-1.0), ramp(1.0), ramp(f64::NAN)), (FALSE_NEGATIVE, TRUE_POSITIVE, ramp(f64::NAN)));
        assert_eq!(hex(ramp(0.0)), "#d55e00");
    }
}
