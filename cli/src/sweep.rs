//! What any threshold would give, whether probabilities mean what they say, and which classes are taken for which: sums over all
//! files, of the pixels that the scores have.

use crate::each_element;
use crate::error::{Failure, Outcome};
use crate::measure::{Cut, hard_planes};
use crate::prediction::Prediction;
use crate::target::Target;
use serde::{Deserialize, Serialize};
use soft_dice::{Element, NonZero, Reliability};

/// Bins of [0, 1], whose lower edges are the thresholds.
const BINS: usize = 100;
/// Bins of the reliability diagram: each holds this many of the others.
const EACH: usize = 10;

/// Of one class: pixels, the sum of their probabilities and those of the target, by probability.
#[derive(Clone, Debug, PartialEq)]
pub struct Bins {
    count: Vec<u64>,
    p: Vec<f64>,
    t: Vec<u64>,
}

/// A threshold of a class.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct At {
    /// Foreground where the prediction is at least this.
    pub threshold: f64,
    /// Hard Dice of all files' pixels.
    pub dice: Option<f64>,
    /// Of the foreground.
    pub precision: Option<f64>,
    /// Of the target.
    pub recall: Option<f64>,
}

/// Pixels of like probability.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reliable {
    /// From here on, a tenth.
    pub from: f64,
    /// Pixels.
    pub count: u64,
    /// Their mean probability.
    pub confidence: Option<f64>,
    /// The share of them that the target has.
    pub accuracy: Option<f64>,
}

/// Of one class, over all files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sweep {
    /// Its name.
    pub class: String,
    /// The threshold of the greatest hard Dice, the first of equal ones.
    pub best: Option<At>,
    /// At a half.
    pub half: Option<At>,
    /// Every hundredth.
    pub thresholds: Vec<At>,
    /// Whether probabilities mean what they say.
    pub reliability: Vec<Reliable>,
    /// Expected calibration error over the hundred bins: the mean of |confidence − accuracy| over pixels.
    pub calibration_error: Option<f64>,
}

/// The bins of each class of a frame.
///
/// # Errors
///
/// A soft target, of which no pixel is right or wrong.
pub fn bins(prediction: &Prediction, target: &Target) -> Outcome<Vec<Bins>> {
    fn one<P: Element>(element: P, planes: &[P::Raw], target: &Target, classes: usize) -> Outcome<Vec<Bins>> {
        let pixels = planes.len() / classes;
        let of = |class: usize| {
            let raws = &planes[class * pixels..][..pixels];
            let mut reliability = Reliability::<P, NonZero, BINS>::new(element, NonZero);
            match target {
                Target::Mask(mask) => {
                    let mask = mask.get(class * pixels..(class + 1) * pixels).ok_or(soft_dice::Error::Length)?;
                    reliability.update(raws, mask)?;
                }
                Target::Labels { labels, ignore } => {
                    let kept = || labels.iter().zip(raws).filter(|(label, _)| Some(**label) != *ignore);
                    let is = |label: u8| if classes > 1 { usize::from(label) == class } else { label != 0 };
                    let mask: Vec<u8> = kept().map(|(&label, _)| u8::from(is(label))).collect();
                    let raws: Vec<P::Raw> = kept().map(|(_, &raw)| raw).collect();
                    reliability.update(&raws, &mask)?;
                }
                Target::Soft(_) => {
                    return Err(Failure::new(
                        "`--sweep` wants a mask or labels, and the target is a soft map",
                        "give `--target-threshold 0.5` to cut it",
                    ));
                }
            }
            let bins = reliability.bins();
            Ok(Bins {
                count: bins.iter().map(|bin| bin.count).collect(),
                p: bins.iter().map(|bin| element.unit().value(bin.p.into())).collect(),
                t: bins.iter().map(|bin| bin.t).collect(),
            })
        };
        (0..classes).map(of).collect()
    }
    each_element!(&prediction.planes, element, planes => one(*element, planes, target, prediction.map.classes))
}

impl Bins {
    /// Those of other pixels too.
    pub fn add(&mut self, more: &Self) {
        self.count.iter_mut().zip(&more.count).for_each(|(a, b)| *a += b);
        self.p.iter_mut().zip(&more.p).for_each(|(a, b)| *a += b);
        self.t.iter_mut().zip(&more.t).for_each(|(a, b)| *a += b);
    }

    /// What they say.
    #[must_use]
    pub fn sweep(&self, class: String) -> Sweep {
        let all: u64 = self.t.iter().sum();
        let share = |part: u64, whole: u64| (whole > 0).then(|| part as f64 / whole as f64);
        let at = |bin: usize| {
            let found: u64 = self.count[bin..].iter().sum();
            let right: u64 = self.t[bin..].iter().sum();
            At {
                threshold: bin as f64 / BINS as f64,
                dice: share(2 * right, found + all),
                precision: share(right, found),
                recall: share(right, all),
            }
        };
        let thresholds: Vec<At> = (0..BINS).map(at).collect();
        let better = |best: Option<At>, one: &At| match best {
            Some(best) if one.dice <= best.dice => Some(best),
            _ => Some(*one),
        };
        let best = thresholds.iter().fold(None, better).filter(|best| best.dice.is_some());
        let reliability = (0..BINS / EACH).map(|tenth| {
            let within = tenth * EACH..(tenth + 1) * EACH;
            let count: u64 = self.count[within.clone()].iter().sum();
            let p: f64 = self.p[within.clone()].iter().sum();
            Reliable {
                from: tenth as f64 / (BINS / EACH) as f64,
                count,
                confidence: (count > 0).then(|| p / count as f64),
                accuracy: share(self.t[within].iter().sum(), count),
            }
        });
        let count: u64 = self.count.iter().sum();
        let gaps: f64 = self.p.iter().zip(&self.t).map(|(p, &t)| (p - t as f64).abs()).sum();
        Sweep {
            class,
            best,
            half: thresholds.get(BINS / 2).copied(),
            reliability: reliability.collect(),
            thresholds,
            calibration_error: (count > 0).then(|| gaps / count as f64),
        }
    }
}

/// Pixels of each class of the target (rows) that were taken for each class (columns), row after row. Of one class the rows are
/// background and foreground.
///
/// # Errors
///
/// A target without labels.
pub fn confusion(prediction: &Prediction, target: &Target, threshold: f32) -> Outcome<Vec<u64>> {
    let classes = prediction.map.classes;
    let pixels = prediction.map.pixels();
    let Some(sides) = target.labels(classes, pixels) else {
        return Err(Failure::new(
            "`--confusion` wants labels or a mask of one class",
            "give `--target-role labels`, `--target argmax` or `--target-threshold`",
        ));
    };
    let cut = if classes > 1 { Cut::Argmax } else { Cut::AtLeast(threshold) };
    let ones = hard_planes(prediction, cut);
    let valid = crate::measure::valid(prediction);
    let side = classes.max(2);
    let mut counts = vec![0_u64; side * side];
    for (at, label) in sides.into_iter().enumerate() {
        let (Some(label), true) = (label, valid.as_ref().is_none_or(|valid| valid[at])) else { continue };
        let found = if classes > 1 {
            (0..classes).find(|class| ones[class * pixels + at] == 1).unwrap_or(0)
        } else {
            usize::from(ones[at])
        };
        if let Some(count) = counts.get_mut(label * side + found) {
            *count += 1;
        }
    }
    Ok(counts)
}
