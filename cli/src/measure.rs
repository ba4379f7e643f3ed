//! Prediction and target through the library's kernel: a [`Record`] for each class, the integers that a device has.

use crate::each_element;
use crate::prediction::{Planes, Prediction};
use crate::target::{Target, argmax};
use soft_dice::{
    All, Element, Error, F32, F32Fine, Label, Linear, Measured, Multiclass, NonZero, Own, Planar, Range, Record,
    Region, Soft, Stream, Sums, Times, U8Affine,
};

/// The sums of each class.
///
/// # Errors
///
/// As [`Stream::update`] and [`Multiclass::update`].
pub fn sums(prediction: &Prediction, target: &Target, range: Range) -> Result<Vec<Record>, Error> {
    let classes = prediction.map.classes;
    let (single, fine) = (F32::new().range(range), F32Fine::new().range(range));
    match &prediction.planes {
        Planes::U8(e, p) => each(*e, single, p, target, classes),
        Planes::U16(e, p) => each(*e, single, p, target, classes),
        Planes::Q15(e, p) => each(*e, single, p, target, classes),
        Planes::I8(e, p) => each(*e, single, p, target, classes),
        Planes::U8Affine(e, p) => each(*e, single, p, target, classes),
        Planes::F32(e, p) => each(*e, single, p, target, classes),
        Planes::F32Fine(e, p) => each(*e, fine, p, target, classes),
    }
}

fn each<P: Times<E>, E: Element<Raw = f32>>(
    element: P,
    soft: E,
    planes: &[P::Raw],
    target: &Target,
    classes: usize,
) -> Result<Vec<Record>, Error> {
    let pixels = planes.len() / classes;
    let of = |class: usize| &planes[class * pixels..][..pixels];
    match target {
        Target::Labels { labels, ignore } if classes > 1 => {
            let mut state: Vec<_> = (0..classes).map(|c| Sums::new(element, Label::new(c as u8))).collect();
            let mut frame = Multiclass::<&mut [Sums<P, Label, All>]>::over(&mut state, classes)?;
            if let Some(ignore) = ignore {
                frame = frame.ignoring(*ignore);
            }
            frame.update(Planar(planes), labels)?;
            Ok(state.iter().map(Measured::record).collect())
        }
        Target::Labels { labels, ignore } => {
            let mut stream = Stream::summing(element, NonZero, All);
            match ignore {
                None => stream.update(planes, labels)?,
                Some(ignore) => {
                    let kept: Vec<u8> = labels.iter().map(|label| u8::from(label != ignore)).collect();
                    stream.update_within(planes, labels, Region::Bytes(&kept))?;
                }
            }
            Ok(vec![stream.sums().record()])
        }
        Target::Mask(mask) => (0..classes)
            .map(|class| {
                let mut stream = Stream::summing(element, NonZero, All);
                stream.update(of(class), mask.get(class * pixels..(class + 1) * pixels).ok_or(Error::Length)?)?;
                Ok(stream.sums().record())
            })
            .collect(),
        Target::Soft(values) => (0..classes)
            .map(|class| {
                let mut stream = Stream::summing(element, Soft(soft), All);
                stream.update(of(class), values.get(class * pixels..(class + 1) * pixels).ok_or(Error::Length)?)?;
                Ok(stream.sums().record())
            })
            .collect(),
    }
}

/// How a soft prediction becomes a hard one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cut {
    /// 1 where the value is at least this, compared exactly.
    AtLeast(f32),
    /// 1 where it is more.
    Above(f32),
    /// 1 in the plane of the greatest value, the first of equal ones.
    Argmax,
}

/// The prediction as zeros and ones, plane after plane.
#[must_use]
pub fn hard_planes(prediction: &Prediction, cut: Cut) -> Vec<u8> {
    fn ones<P: Element>(element: &P, planes: &[P::Raw], cut: Cut, classes: usize) -> Vec<u8> {
        use soft_dice::element::Reading::{Clamped, Invalid, Valid};
        let key = |raw: P::Raw| match element.read(raw) {
            Valid(value) | Clamped(value) => Some(P::key(value)),
            Invalid => None,
        };
        let (threshold, above) = match cut {
            Cut::AtLeast(threshold) => (threshold, false),
            Cut::Above(threshold) => (threshold, true),
            Cut::Argmax => {
                let pixels = planes.len() / classes;
                let keys: Vec<_> = planes.iter().map(|&raw| key(raw)).collect();
                let winners = argmax(&keys, classes, pixels);
                return (0..planes.len())
                    .map(|at| u8::from(usize::from(winners[at % pixels]) == at / pixels))
                    .collect();
            }
        };
        let least = element.cut(threshold, above);
        planes.iter().map(|&raw| u8::from(key(raw).is_some_and(|key| key >= least))).collect()
    }
    /// Codes rise with their values: all from the first on that is foreground are, and a comparison of bytes finds them.
    fn bytes<R: Copy + PartialOrd>(codes: &[R], ones: &[u8], planes: &[R]) -> Vec<u8> {
        match ones.iter().zip(codes).find(|(one, _)| **one == 1) {
            Some((_, &least)) => planes.iter().map(|&code| u8::from(code >= least)).collect(),
            None => vec![0; planes.len()],
        }
    }
    let (unsigned, signed): (Vec<u8>, Vec<i8>) = ((0..=u8::MAX).collect(), (i8::MIN..=i8::MAX).collect());
    match &prediction.planes {
        Planes::U8(element, planes) if cut != Cut::Argmax => {
            bytes(&unsigned, &ones(element, &unsigned, cut, 1), planes)
        }
        Planes::U8Affine(element, planes) if cut != Cut::Argmax => {
            bytes(&unsigned, &ones(element, &unsigned, cut, 1), planes)
        }
        Planes::I8(element, planes) if cut != Cut::Argmax => bytes(&signed, &ones(element, &signed, cut, 1), planes),
        other => each_element!(other, element, planes => ones(element, planes, cut, prediction.map.classes)),
    }
}

/// The sums of the hard prediction; a soft target is cut as the prediction is.
///
/// # Errors
///
/// As [`sums`].
pub fn hard_sums(prediction: &Prediction, target: &Target, cut: Cut) -> Result<Vec<Record>, Error> {
    hard_sums_within(prediction, target, cut, Range::Clamp)
}

/// The same. Pixels that the soft sums leave out are left out here too: a hard mask of what is no number would be a guess.
///
/// # Errors
///
/// As [`sums`].
pub fn hard_sums_within(
    prediction: &Prediction,
    target: &Target,
    cut: Cut,
    range: Range,
) -> Result<Vec<Record>, Error> {
    let (classes, ones) = (prediction.map.classes, hard_planes(prediction, cut));
    let cut_target = match (cut, target) {
        (Cut::Argmax, Target::Soft(values)) => {
            let labels = argmax(values, classes, values.len() / classes);
            Some(Target::Labels { labels, ignore: None })
        }
        (Cut::AtLeast(threshold), Target::Soft(_)) => Some(target.cut(|value| value >= threshold)),
        (Cut::Above(threshold), Target::Soft(_)) => Some(target.cut(|value| value > threshold)),
        // It is hard already.
        _ => None,
    };
    let hard_target = cut_target.as_ref().unwrap_or(target);
    let element = U8Affine::new(1.0, 0)?;
    match kept(prediction, target, cut, range) {
        None => each(element, F32::new(), &ones, hard_target, classes),
        Some(kept) => each_kept(element, &ones, hard_target, &kept, classes),
    }
}

/// Pixels whose values are all valid; none where all are.
#[must_use]
pub fn valid(prediction: &Prediction) -> Option<Vec<bool>> {
    let kept = kept(prediction, &Target::Mask(Vec::new()), Cut::Argmax, Range::Clamp)?;
    let pixels = prediction.map.pixels();
    Some(kept.iter().take(pixels).map(|&kept| kept == 1).collect())
}

/// Which values have a place in the soft sums, plane after plane; none where all have. Of the greatest class a pixel is left
/// out in all classes, for its greatest is not known.
fn kept(prediction: &Prediction, target: &Target, cut: Cut, range: Range) -> Option<Vec<u8>> {
    use soft_dice::element::Reading::Invalid;
    fn valid<P: Element>(element: &P, planes: &[P::Raw]) -> Option<Vec<u8>> {
        let mut kept = None;
        for (at, &raw) in planes.iter().enumerate() {
            if matches!(element.read(raw), Invalid) {
                kept.get_or_insert_with(|| vec![1; planes.len()])[at] = 0;
            }
        }
        kept
    }
    let ours = match &prediction.planes {
        // Codes are all valid, or clamped.
        Planes::U8(..) | Planes::U16(..) | Planes::I8(..) | Planes::U8Affine(..) => None,
        Planes::Q15(element, planes) => valid(element, planes),
        Planes::F32(element, planes) => valid(element, planes),
        Planes::F32Fine(element, planes) => valid(element, planes),
    };
    let theirs = match target {
        Target::Soft(values) => valid(&F32::new().range(range), values),
        _ => None,
    };
    let mut kept = match (ours, theirs) {
        (Some(mut ours), Some(theirs)) => {
            ours.iter_mut().zip(theirs).for_each(|(ours, theirs)| *ours &= theirs);
            ours
        }
        (ours, theirs) => ours.or(theirs)?,
    };
    if cut == Cut::Argmax {
        let pixels = kept.len() / prediction.map.classes;
        for at in 0..pixels {
            if kept.iter().skip(at).step_by(pixels).any(|&kept| kept == 0) {
                kept.iter_mut().skip(at).step_by(pixels).for_each(|kept| *kept = 0);
            }
        }
    }
    Some(kept)
}

/// Class by class, each within its own pixels.
fn each_kept(
    element: U8Affine,
    planes: &[u8],
    target: &Target,
    kept: &[u8],
    classes: usize,
) -> Result<Vec<Record>, Error> {
    let pixels = planes.len() / classes;
    (0..classes)
        .map(|class| {
            let part = class * pixels..(class + 1) * pixels;
            let mut within = kept.get(part.clone()).ok_or(Error::Length)?.to_vec();
            let mask: Vec<u8> = match target {
                Target::Mask(mask) => mask.get(part.clone()).ok_or(Error::Length)?.to_vec(),
                Target::Soft(values) => {
                    values.get(part.clone()).ok_or(Error::Length)?.iter().map(|&value| u8::from(value != 0.0)).collect()
                }
                Target::Labels { labels, ignore } => {
                    for (within, label) in within.iter_mut().zip(labels) {
                        *within &= u8::from(Some(*label) != *ignore);
                    }
                    let one = |label: u8| if classes > 1 { usize::from(label) == class } else { label != 0 };
                    labels.iter().map(|&label| u8::from(one(label))).collect()
                }
            };
            let mut stream = Stream::summing(element, NonZero, All);
            stream.update_within(&planes[part], &mask, Region::Bytes(&within))?;
            Ok(stream.sums().record())
        })
        .collect()
}

/// The sums of each class with its own mask: for Soft Dice Confidence.
///
/// # Errors
///
/// As [`Stream::update`].
pub fn own_sums(prediction: &Prediction, threshold: f32) -> Result<Vec<Record>, Error> {
    fn own<P: Element>(element: P, planes: &[P::Raw], classes: usize, threshold: f32) -> Result<Vec<Record>, Error> {
        let each = planes.chunks_exact(planes.len() / classes).map(|plane| {
            let mut stream = Stream::summing(element, Own::at_least(&element, threshold), Linear);
            stream.update(plane, ())?;
            Ok(stream.sums().record())
        });
        each.collect()
    }
    each_element!(&prediction.planes, e, planes => own(*e, planes, prediction.map.classes, threshold))
}
