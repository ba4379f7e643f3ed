//! What the search looks at: two maps of one size, each with what is known of its numbers.

use crate::args::Logits;
use crate::map::Layout;
use crate::prediction::{Planes, Prediction, Quantised, Reading, scale_of};
use crate::read::Dtype;
use soft_dice::Element;

/// Rows, columns and planes of both maps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    pub height: usize,
    pub width: usize,
    pub classes: usize,
}

impl Grid {
    pub const fn pixels(self) -> usize {
        self.height * self.width
    }
}

/// How 8-bit codes were read: the value of a code is (code − zero point) · scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Codes {
    pub scale: f64,
    pub zero_point: i32,
    /// The least that the type holds: −128 or 0.
    pub lowest: i32,
}

/// A map as it was read.
#[derive(Clone, Debug)]
pub struct Side {
    /// Plane after plane, as the codes or floats say: a wrong reading shows in values outside [0, 1]. NaN is no number.
    pub values: Vec<f32>,
    /// Of 8-bit codes that are no logits.
    pub codes: Option<Codes>,
    /// What has been taken of the numbers already.
    pub activation: Option<Logits>,
    /// How the classes lie in the file.
    pub layout: Layout,
    /// Scale and zero point that were given for logits in codes.
    pub logits: Option<Codes>,
}

impl Side {
    pub fn of(prediction: &Prediction, reading: &Reading) -> Self {
        fn affine(codes: &Codes, raw: impl Iterator<Item = i32>) -> Vec<f32> {
            raw.map(|code| (f64::from(code - codes.zero_point) * codes.scale) as f32).collect()
        }
        let coded = |(scale, zero_point): (f64, i32), lowest| Codes { scale, zero_point, lowest };
        let (values, codes) = match &prediction.planes {
            Planes::I8(e, v) => {
                let codes = coded(scale_of(e), -128);
                (affine(&codes, v.iter().map(|&q| q.into())), Some(codes))
            }
            Planes::U8Affine(e, v) => {
                let codes = coded(scale_of(e), 0);
                (affine(&codes, v.iter().map(|&q| q.into())), Some(codes))
            }
            Planes::U8(e, v) => {
                let codes = coded((e.unit().value(1), 0), 0);
                (affine(&codes, v.iter().map(|&q| q.into())), Some(codes))
            }
            Planes::U16(..) | Planes::Q15(..) => (prediction.values(), None),
            Planes::F32(_, v) | Planes::F32Fine(_, v) => (v.clone(), None),
        };
        let logits = reading.logits.and(match reading.quantised {
            Some(Quantised::Affine { scale, zero_point }) => {
                let lowest = if prediction.map.dtype == Dtype::U8 { 0 } else { -128 };
                Some(Codes { scale: scale.into(), zero_point, lowest })
            }
            _ => None,
        });
        Self { values, codes, activation: reading.logits, layout: prediction.map.layout, logits }
    }

    /// The same reading of other numbers.
    pub fn with(&self, values: Vec<f32>) -> Self {
        Self { values, ..self.clone() }
    }

    /// The least and the greatest number; `None` where there is none.
    pub fn ends(&self) -> Option<(f32, f32)> {
        let numbers = || self.values.iter().copied().filter(|v| !v.is_nan());
        Some((numbers().reduce(f32::min)?, numbers().reduce(f32::max)?))
    }
}

/// Share of the pixels whose classes must sum to 1.
const NEARLY_ALL: f64 = 0.95;

/// Whether the classes of nearly every pixel sum to 1, as a softmax leaves them; each may be off by a code's rounding.
pub fn sums_to_one(values: &[f32], codes: Option<Codes>, grid: Grid) -> bool {
    let pixels = grid.pixels();
    let step = codes.map_or(1e-3, |codes| codes.scale);
    let sum = |at: usize| (0..grid.classes).map(|class| f64::from(values[class * pixels + at])).sum::<f64>();
    let right = (0..pixels).filter(|&at| (sum(at) - 1.0).abs() <= 0.02 + grid.classes as f64 * step / 2.0).count();
    right as f64 >= NEARLY_ALL * pixels as f64
}
