//! Cross-entropy: what −ln p costs, and what becomes of p = 0.

use super::against::Histogram;
use super::counter::Counter;
use super::logarithm::ln;
use crate::element::EightBit;
use crate::error::Error;
use crate::target::HardTarget;

/// What the logarithm of a probability 0 is, whose cost would be infinite: each as a framework has it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Clamp {
    /// [`Error::Undefined`] where it is needed.
    #[default]
    Undefined,
    /// No logarithm is below −100: torch's `BCELoss` and `binary_cross_entropy`.
    Torch,
    /// p is brought into \[ε, 1 − ε\] with ε = 10⁻⁷ first: Keras' `binary_crossentropy` and `categorical_crossentropy`.
    Keras,
    /// p is brought into \[ε, 1 − ε\]: half a code, say, for maps whose code 0 means "less than a code". MONAI's and torch's
    /// cross-entropies take logits, which have no 0: they are followed with an ε that stands for the least probability.
    Within(f64),
}

impl Clamp {
    /// The probability as the framework reads it, before it takes 1 − p.
    fn read(self, p: f64) -> Result<f64, Error> {
        // Not `clamp`, which would panic where its ends are out of order.
        let within = |least: f64| p.max(least).min(1.0 - least);
        match self {
            Clamp::Undefined | Clamp::Torch => Ok(p),
            Clamp::Keras => Ok(within(1e-7)),
            Clamp::Within(least) if least > 0.0 && least < 0.5 => Ok(within(least)),
            Clamp::Within(_) => Err(Error::Setting),
        }
    }

    /// −ln p, `pixels` times.
    fn cost(self, p: f64, pixels: u64) -> Result<f64, Error> {
        if pixels == 0 {
            return Ok(0.0);
        }
        let most = if matches!(self, Clamp::Torch) { 100.0 } else { f64::INFINITY };
        let cost = if p > 0.0 { most.min(-ln(p)) } else { most };
        if cost.is_infinite() { Err(Error::Undefined) } else { Ok(cost * pixels as f64) }
    }
}

impl<P: EightBit, T: HardTarget, N: Counter> Histogram<P, T, N> {
    /// The mean over pixels of −t·ln p − (1 − t)·ln(1 − p), in nats: binary cross-entropy.
    ///
    /// # Errors
    ///
    /// [`Error::Undefined`] of no pixel, or of an infinite cost that `clamp` does not bound; [`Error::Setting`] for an ε that is
    /// not between 0 and ½.
    pub fn cross_entropy(&self, clamp: Clamp) -> Result<f64, Error> {
        let mut total = 0.0;
        for cell in self.cells() {
            let p = clamp.read(self.probability(cell.code))?;
            total += clamp.cost(p, cell.pixels[1])?;
            total += clamp.cost(1.0 - p, cell.pixels[0])?;
        }
        self.mean(total)
    }

    /// Σ −ln p over the pixels of the target, and how many they are.
    fn own_cost(&self, clamp: Clamp) -> Result<(f64, u64), Error> {
        let (mut total, mut pixels) = (0.0, 0);
        for cell in self.cells() {
            total += clamp.cost(clamp.read(self.probability(cell.code))?, cell.pixels[1])?;
            pixels += cell.pixels[1];
        }
        Ok((total, pixels))
    }

    /// The value of a code, at most 1: that of an odd scale can be a millionth more.
    pub(super) fn probability(&self, code: u64) -> f64 {
        self.prediction.unit().value(code.into()).min(1.0)
    }

    /// A total over the pixels that were counted.
    pub(super) fn mean(&self, total: f64) -> Result<f64, Error> {
        if self.count() == 0 { Err(Error::Undefined) } else { Ok(total / self.count() as f64) }
    }
}

/// The mean over pixels of −ln p of each pixel's own class, in nats, from one histogram for each class: cross-entropy of exclusive
/// classes. With weights, Σ w·(−ln p) / Σ w over the pixels, as torch's `CrossEntropyLoss(weight)` has it.
///
/// ```
/// use soft_dice::histogram::{Clamp, Histogram, count_classes, cross_entropy};
/// use soft_dice::{Interleaved, Label, U8};
/// let mut classes = [0, 1].map(|class| Histogram::new(U8, Label::new(class)));
/// count_classes(&mut classes, Interleaved(&[204, 51, 51, 204]), &[0, 1], None, None)?;
/// assert!((cross_entropy(&classes, None, Clamp::Undefined)? - 0.223_143_551_314_2).abs() < 1e-12);      // −ln 0.8
/// # Ok::<(), soft_dice::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Classes`] of none, or of another number of weights; [`Error::Setting`] for a weight that is negative or no number, and as
/// [`Histogram::cross_entropy`]; [`Error::Mismatch`] if the classes were not all given as many pixels; [`Error::Undefined`] if no
/// pixel has weight.
pub fn cross_entropy<P: EightBit, T: HardTarget, N: Counter>(
    classes: &[Histogram<P, T, N>],
    weights: Option<&[f64]>,
    clamp: Clamp,
) -> Result<f64, Error> {
    let first = classes.first().ok_or(Error::Classes)?;
    if weights.is_some_and(|weights| weights.len() != classes.len()) {
        return Err(Error::Classes);
    }
    let (mut total, mut of) = (0.0, 0.0);
    for (index, class) in classes.iter().enumerate() {
        if class.count() != first.count() {
            return Err(Error::Mismatch);
        }
        let weight = weights.and_then(|weights| weights.get(index)).copied().unwrap_or(1.0);
        if !(0.0..f64::INFINITY).contains(&weight) {
            return Err(Error::Setting);
        }
        let (cost, pixels) = class.own_cost(clamp)?;
        total += weight * cost;
        of += weight * pixels as f64;
    }
    if of > 0.0 { Ok(total / of) } else { Err(Error::Undefined) }
}
