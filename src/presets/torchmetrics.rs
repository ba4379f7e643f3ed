//! torchmetrics 1.9.0, of hard label maps.
//!
//! Sums of hard maps: of [`crate::Argmax`], or of any prediction of zeros and ones.

use crate::sums::Measured;
use crate::{Average, Empty, Error, Generalised, Pixels, Score};

/// `DiceScore` of one class: 2I/(P + T); NaN, here [`Error::Undefined`], where both are empty (`average="none"`).
#[must_use]
pub const fn dice_score() -> Score {
    Score::dice()
}

/// `DiceScore` with `average="macro"`, of one item: the mean over the classes that are defined, a class that is predicted
/// but absent among them, with 0.
#[must_use]
pub const fn dice_macro() -> Average<'static> {
    Average::new(Score::dice().both_empty(Empty::Skip)).all_classes()
}

/// `DiceScore` with `average="micro"`.
#[must_use]
pub const fn dice_micro() -> Average<'static> {
    Average::micro(Score::dice())
}

/// `DiceScore` with `average="weighted"`.
#[must_use]
pub const fn dice_weighted() -> Average<'static> {
    Average::weighted(Score::dice())
}

/// `MeanIoU` of one class: I/(P + T − I), and −1 where both are empty. Quirk: the −1 enters the mean, if one is taken.
///
/// # Errors
///
/// None that these sums can cause.
pub fn iou(sums: &impl Measured) -> Result<f64, Error> {
    match Score::jaccard().f64(sums) {
        Err(Error::Undefined) => Ok(-1.0),
        score => score,
    }
}

/// `GeneralizedDiceScore` of one item of a batch, over classes; 0 where it is 0/0.
///
/// Quirk: where a class is absent from the item, its weight is the largest that the *same class* has in other items of the
/// batch, and 0 if it is absent from all: an item's score depends on its neighbours. `generalised` says how volumes weigh;
/// `linear` is [`crate::Volume::Uniform`].
///
/// # Errors
///
/// [`Error::Classes`] if there is no such item, or it has no classes.
pub fn generalized_dice<S: Measured>(generalised: Generalised, batch: &[&[S]], item: usize) -> Result<f64, Error> {
    let classes = batch.get(item).filter(|classes| !classes.is_empty()).ok_or(Error::Classes)?;
    let (mut above, mut below) = (0.0, 0.0);
    for class in 0..classes.len() {
        let (a, b) = parts(generalised, batch, item, class)?;
        above += a;
        below += b;
    }
    Ok(if below == 0.0 { 0.0 } else { above / below })
}

/// `GeneralizedDiceScore(per_class=True)` of one class of one item.
///
/// # Errors
///
/// [`Error::Classes`] if there is no such item or class.
pub fn generalized_dice_of_class<S: Measured>(
    generalised: Generalised,
    batch: &[&[S]],
    item: usize,
    class: usize,
) -> Result<f64, Error> {
    let (above, below) = parts(generalised, batch, item, class)?;
    Ok(if below == 0.0 { 0.0 } else { above / below })
}

fn parts<S: Measured>(g: Generalised, batch: &[&[S]], item: usize, class: usize) -> Result<(f64, f64), Error> {
    let sums = batch.get(item).and_then(|classes| classes.get(class)).map(Pixels::of).ok_or(Error::Classes)?;
    let weight = g.weight(sums.t).unwrap_or_else(|| {
        let volumes = batch.iter().filter_map(|classes| classes.get(class)).map(|sums| Pixels::of(sums).t);
        volumes.filter_map(|t| g.weight(t)).fold(0.0, |most, w| if w > most { w } else { most })
    });
    Ok((2.0 * weight * sums.i, weight * (sums.p + sums.t)))
}
