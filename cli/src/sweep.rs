//! What any threshold would give, whether probabilities mean what they say, and which classes are taken for which: sums over all
//! files, of the pixels that the scores have.

use crate::each_element;
use crate::error::{Failure, Outcome};
use crate::measure::{Cut, hard_planes};
use crate::prediction::Prediction;
use crate::target::Target;
use serde::{Deserialize, Serialize};
use soft_dice::Element;
use soft_dice::element::Reading;

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
    // Each threshold as `--threshold` cuts there: exactly, in the element's own codes. The library's own bins would bring a kernel
    // for every element, which takes longer to compile than all the rest.
    fn one<P: Element>(element: P, raws: &[P::Raw], of: &dyn Fn(usize) -> Option<bool>) -> Bins {
        let edges: Vec<u32> = (0..BINS).map(|bin| element.cut(bin as f32 / BINS as f32, false)).collect();
        let (mut count, mut t, mut p) = (vec![0_u64; BINS], vec![0_u64; BINS], vec![0_u128; BINS]);
        for (at, &raw) in raws.iter().enumerate() {
            let (Reading::Valid(value) | Reading::Clamped(value)) = element.read(raw) else { continue };
            let Some(is) = of(at) else { continue };
            let key = P::key(value);
            let bin = edges.partition_point(|&edge| edge <= key).saturating_sub(1);
            count[bin] += 1;
            t[bin] += u64::from(is);
            p[bin] += u128::from(P::code(value));
        }
        Bins { count, p: p.into_iter().map(|sum| element.unit().value(sum)).collect(), t }
    }
    let (classes, pixels) = (prediction.map.classes, prediction.map.pixels());
    let class = |class: usize| {
        let is = |at: usize| match target {
            Target::Mask(mask) => Some(mask.get(class * pixels + at).is_some_and(|&one| one != 0)),
            Target::Labels { labels, ignore } => {
                let label = labels.get(at).copied()?;
                let one = if classes > 1 { usize::from(label) == class } else { label != 0 };
                (Some(label) != *ignore).then_some(one)
            }
            Target::Soft(_) => None,
        };
        each_element!(&prediction.planes, element, planes => one(*element, &planes[class * pixels..][..pixels], &is))
    };
    if matches!(target, Target::Soft(_)) {
        return Err(Failure::new(
            "`--sweep` wants a mask or labels, and the target is a soft map",
            "give `--target-threshold 0.5` to cut it",
        ));
    }
    Ok((0..classes).map(class).collect())
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
