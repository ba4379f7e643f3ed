//! What was read, in one line for each side.

use crate::args::Logits;
use crate::axes::Axes;
use crate::map::Map;
use crate::prediction::{Planes, Prediction, Reading, scale_of};
use crate::read::{Container, Dtype};
use serde::{Deserialize, Serialize};

/// One side, as it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// `prediction` or `target`.
    pub side: String,
    /// Where the numbers were.
    pub container: Container,
    /// How they were stored.
    pub dtype: String,
    /// The file's.
    pub shape: Vec<usize>,
    /// A letter for each axis.
    pub layout: String,
    /// Frames or slices; 1 of a single map.
    pub frames: usize,
    /// Of a map.
    pub height: usize,
    /// Of a map.
    pub width: usize,
    /// Of a map.
    pub classes: usize,
    /// What the numbers are for.
    pub role: String,
    /// What a code is worth.
    pub element: Option<String>,
    /// Labels that are left out.
    pub ignore: Vec<i64>,
    /// Of all the files in which it was read so.
    pub files: usize,
}

/// Ways of reading that are told at most: files of as many sizes as there are files would fill the memory.
const MOST_SAID: usize = 32;

impl Said {
    /// A map that has been read, of a file of this kind and shape.
    #[must_use]
    pub fn of(side: &str, (container, shape): (Container, Vec<usize>), map: &Map, role: String) -> Self {
        Self {
            side: side.into(),
            container,
            dtype: map.dtype.long().into(),
            shape,
            layout: map.layout.letters().into(),
            frames: 1,
            height: map.height,
            width: map.width,
            classes: map.classes,
            role,
            element: None,
            ignore: Vec::new(),
            files: 1,
        }
    }

    /// The same of probabilities.
    #[must_use]
    pub fn scores(side: &str, file: (Container, Vec<usize>), of: &Prediction, reading: &Reading) -> Self {
        let said = Self::of(side, file, &of.map, probabilities(reading.logits).into());
        Self { element: element(of, reading), ..said }
    }

    /// Counts another file in.
    pub fn count(self, all: &mut Vec<Self>) {
        if let Some(known) = all.iter_mut().find(|known| known.alike(&self)) {
            known.files += self.files;
        } else if all.len() < MOST_SAID {
            all.push(self);
        }
    }

    /// As one line.
    #[must_use]
    pub fn line(&self) -> String {
        let Self { container, dtype, frames, height, width, classes, role, element, ignore, .. } = self;
        let what = if self.side == "recording" { "frames" } else { "slices" };
        let stack = if *frames > 1 { format!("{frames} {what} of ") } else { String::new() };
        let layout = if *classes > 1 || *frames > 1 { format!(" ({})", self.layout) } else { String::new() };
        let element = element.as_ref().map_or(String::new(), |element| format!(", {element}"));
        let classes = if *classes == 1 { "one class".into() } else { format!("{classes} classes") };
        let out = if ignore.is_empty() {
            String::new()
        } else {
            let labels: Vec<String> = ignore.iter().map(i64::to_string).collect();
            format!(", {} left out", labels.join(" and "))
        };
        format!(
            "read as {stack}{height}×{width} {dtype}{layout} of a {}{element}, {role}, {classes}{out}",
            container.name()
        )
    }

    /// The same but for the number of files.
    #[must_use]
    pub fn alike(&self, other: &Self) -> bool {
        let rest = |said: &Self| (said.frames, said.height, said.width, said.classes, said.container);
        rest(self) == rest(other)
            && [&self.side, &self.dtype, &self.layout, &self.role]
                == [&other.side, &other.dtype, &other.layout, &other.role]
            && (&self.shape, &self.element, &self.ignore) == (&other.shape, &other.element, &other.ignore)
    }
}

/// What is known of a side before its role is.
pub struct Stored {
    /// Where the numbers were.
    pub container: Container,
    /// How they were stored.
    pub dtype: Dtype,
    /// The file's.
    pub shape: Vec<usize>,
    /// As they were settled.
    pub axes: Axes,
}

impl Stored {
    /// With its role.
    #[must_use]
    pub fn said(self, side: &str, role: String, element: Option<String>, classes: usize, ignore: &[i64]) -> Said {
        let Axes { layout, frames, height, width, .. } = self.axes;
        Said {
            side: side.into(),
            container: self.container,
            dtype: self.dtype.long().into(),
            shape: self.shape,
            layout: layout.letters().into(),
            frames,
            height,
            width,
            classes,
            role,
            element,
            ignore: ignore.to_vec(),
            files: 1,
        }
    }
}

/// What a code of these planes is worth.
#[must_use]
pub fn element(prediction: &Prediction, reading: &Reading) -> Option<String> {
    let affine = |(scale, zero): (f64, i32)| Some(worth((scale as f32, zero)));
    match (&prediction.planes, reading.logits) {
        (_, Some(_)) => None,
        (Planes::U8(..), _) => Some("1/255".into()),
        (Planes::U16(..), _) => Some("1/65535".into()),
        (Planes::Q15(..), _) => Some("1/32768".into()),
        (Planes::I8(element, _), _) => affine(scale_of(element)),
        (Planes::U8Affine(element, _), _) => affine(scale_of(element)),
        (Planes::F32(..) | Planes::F32Fine(..), _) => None,
    }
}

/// Of scale and zero point.
#[must_use]
pub fn worth((scale, zero_point): (f32, i32)) -> String {
    format!("{}, zero point {zero_point}", unit(scale.into()))
}

/// One over a whole number where a scale is that.
fn unit(scale: f64) -> String {
    let whole = (1.0 / scale).round();
    if whole >= 2.0 && ((1.0 / whole) as f32).to_bits() == (scale as f32).to_bits() {
        format!("1/{whole}")
    } else {
        format!("{}", scale as f32)
    }
}

/// The role of probabilities.
#[must_use]
pub const fn probabilities(logits: Option<Logits>) -> &'static str {
    match logits {
        None => "probabilities",
        Some(Logits::Sigmoid) => "the sigmoid of logits",
        Some(Logits::Softmax) => "the softmax of logits",
    }
}
