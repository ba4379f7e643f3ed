//! A frame as a picture: what each pixel is, and the soft Dice of each tile, by the library's own sums.

use super::page::{Mark, Picture, Tiles};
use crate::each_element;
use crate::error::Outcome;
use crate::measure::{Cut, hard_planes};
use crate::prediction::Prediction;
use crate::target::Target;
use soft_dice::{Element, Ignoring, Label, Linear, Score, Sums};

/// Tiles along the longer side at most: squares, as nearly as the frame allows.
const TILES: usize = 16;
/// A tile has at least this many pixels a side: fewer say little.
const SIDE: usize = 4;

/// What a pixel of one class is in the target, for a label that is compared with 1.
const LEFT_OUT: u8 = 2;

/// One class of a prediction against its target.
///
/// # Errors
///
/// Maps that do not fit each other.
pub fn picture(name: String, class: usize, prediction: &Prediction, target: &Target) -> Outcome<Picture> {
    let (width, height) = (prediction.map.width, prediction.map.height);
    let pixels = width * height;
    let part = class * pixels..(class + 1) * pixels;
    let cut = if prediction.map.classes > 1 { Cut::Argmax } else { Cut::AtLeast(0.5) };
    let hard = hard_planes(prediction, cut);
    let wanted = wanted(target, class, &part, prediction.map.classes);
    let predicted = hard.get(part.clone()).unwrap_or(&[]);
    let marks = predicted.iter().zip(&wanted).map(|(&predicted, &wanted)| match (predicted, wanted) {
        (_, LEFT_OUT) => Mark::LeftOut,
        (0, 0) => Mark::Neither,
        (0, _) => Mark::FalseNegative,
        (_, 0) => Mark::FalsePositive,
        _ => Mark::TruePositive,
    });
    let shade = prediction.values();
    let shade = shade.get(part.clone()).unwrap_or(&[]).iter().map(|value| (255.0 * value) as u8).collect();
    let tiles = each_element!(&prediction.planes, element, planes => {
        tiles(*element, planes.get(part.clone()).unwrap_or(&[]), &wanted, width, height)
    })?;
    Ok(Picture { name, score: None, width, height, marks: marks.collect(), shade, tiles: Some(tiles) })
}

/// 1 where the class is, 0 where not, [`LEFT_OUT`] where no score looks.
fn wanted(target: &Target, class: usize, part: &std::ops::Range<usize>, classes: usize) -> Vec<u8> {
    match target {
        Target::Labels { labels, ignore } => {
            let is = |label: u8| if classes > 1 { usize::from(label) == class } else { label != 0 };
            labels.iter().map(|&label| if Some(label) == *ignore { LEFT_OUT } else { is(label).into() }).collect()
        }
        Target::Mask(mask) => mask.get(part.clone()).unwrap_or(&[]).iter().map(|&byte| u8::from(byte != 0)).collect(),
        Target::Soft(values) => {
            values.get(part.clone()).unwrap_or(&[]).iter().map(|&value| u8::from(value >= 0.5)).collect()
        }
    }
}

fn tiles<P: Element>(element: P, p: &[P::Raw], t: &[u8], width: usize, height: usize) -> Outcome<Tiles> {
    let side = width.max(height).div_ceil(TILES).max(SIDE);
    let (columns, rows) = (width.div_ceil(side).max(1), height.div_ceil(side).max(1));
    let target = Label::new(1).ignoring(LEFT_OUT);
    let mut state = vec![Sums::<P, Ignoring, Linear>::new(element, target); columns * rows];
    let mut grid = soft_dice::Tiles::over(&mut state[..]).grid(width, height, columns, rows)?;
    grid.update(p, t)?;
    let dice = Score::dice();
    // A tile where nothing is and almost nothing is predicted has a Dice of 0, and is not bad.
    let scores = grid.sums().iter().map(|sums| if is_empty(sums) { None } else { dice.f64(sums).ok() });
    Ok(Tiles { columns, scores: scores.collect() })
}

/// No target pixel, and less than one pixel's worth predicted.
fn is_empty<P: Element>(sums: &Sums<P, Ignoring, Linear>) -> bool {
    let p: u128 = sums.p().into();
    sums.t() == 0 && sums.unit_p().value(1) * (p as f64) < 1.0
}
