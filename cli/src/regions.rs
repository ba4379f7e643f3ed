//! Unions of classes with a score of their own: the whole tumour of its parts.

use crate::error::{Failure, Outcome};
use crate::measure;
use crate::prediction::{Planes, Prediction};
use crate::read::Values;
use crate::target::Target;
use serde::{Deserialize, Serialize};
use soft_dice::{F32, Range, Record, Score};

/// A union of classes, as it was asked for: `whole=1+2+3`, each class by number or name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Union {
    /// What it is called.
    pub name: String,
    /// Its classes.
    pub classes: Vec<String>,
}

/// A union's score over all files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Region {
    /// What it is called.
    pub name: String,
    /// Its classes.
    pub classes: Vec<usize>,
    /// Of all files' pixels.
    pub pooled: Option<f64>,
    /// The mean over the files in which it is defined.
    pub mean: Option<f64>,
    /// The exact sums. A probability of the union is the sum of its classes', rounded to 2⁻²³.
    pub sums: Record,
}

/// `name=1+2`.
///
/// # Errors
///
/// Anything else, in clap's words.
pub fn union(text: &str) -> Result<Union, String> {
    let (name, classes) = text.split_once('=').ok_or("as NAME=CLASS+CLASS")?;
    let classes: Vec<String> = classes.split('+').map(|class| class.trim().to_string()).collect();
    if name.trim().is_empty() || classes.iter().any(String::is_empty) {
        return Err("as NAME=CLASS+CLASS".into());
    }
    Ok(Union { name: name.trim().into(), classes })
}

impl Union {
    /// Its classes by number.
    ///
    /// # Errors
    ///
    /// A class that there is not.
    pub fn numbers(&self, names: &[String]) -> Outcome<Vec<usize>> {
        let number = |class: &String| {
            let at = names.iter().position(|name| name == class).or_else(|| class.parse().ok());
            at.filter(|&at| at < names.len()).ok_or_else(|| {
                let what = format!("`--regions` names class `{class}`, and there are {}", names.join(", "));
                Failure::new(what, "give classes by number, or as `--classes` names them")
            })
        };
        self.classes.iter().map(number).collect()
    }
}

/// The sums of a union in a frame.
///
/// # Errors
///
/// One class alone, or a target without labels.
pub fn sums(prediction: &Prediction, target: &Target, classes: &[usize], range: Range) -> Outcome<Record> {
    const LEFT_OUT: u8 = 2;
    let (all, pixels) = (prediction.map.classes, prediction.map.pixels());
    let labels = target.labels(all, pixels).filter(|_| all > 1).ok_or_else(|| {
        let what = "`--regions` wants several classes and a label map as the target";
        Failure::new(what, "give `--target-role labels` or `--target argmax`")
    })?;
    let values = prediction.values();
    let mut union = vec![0.0_f32; pixels];
    for &class in classes {
        for (sum, value) in union.iter_mut().zip(&values[class * pixels..][..pixels]) {
            *sum += value;
        }
    }
    // What rounding takes beyond 1 is 1; what is no number stays none.
    union.iter_mut().filter(|value| **value > 1.0).for_each(|value| *value = 1.0);
    let mask = labels.into_iter().map(|label| label.map_or(LEFT_OUT, |label| u8::from(classes.contains(&label))));
    let target = Target::Labels { labels: mask.collect(), ignore: Some(LEFT_OUT) };
    let map = crate::map::Map { classes: 1, values: Values::U8(Vec::new()), ..prediction.map.clone() };
    let union = Prediction { map, planes: Planes::F32(F32::new().range(range), union) };
    let sums = measure::sums(&union, &target, range)?;
    sums.first().copied().ok_or_else(|| Failure::new("no sums", "report this"))
}

/// Its linear Dice.
#[must_use]
pub fn dice(sums: &Record) -> Option<f64> {
    Score::dice().f64(sums).ok().filter(|_| sums.p > 0 || sums.t > 0)
}
