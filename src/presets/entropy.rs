//! Cross-entropy from histograms of 8-bit codes.

use crate::activation::ln;
use crate::element::Element;
use crate::error::Error;
use crate::reliability::Reliability;
use crate::target::HardTarget;

/// The cross-entropy of 8-bit probability maps, from a histogram of codes for each class: no second pass over the logits, and
/// exact counts.
///
/// The histograms are [`Reliability`] with 256 bins, one for each class (a single one for a binary map), of all pixels of a
/// batch; of a [`crate::histogram::Histogram`] they are its `reliability::<256>()`. Every bin must hold one code: that is so
/// for [`crate::U8`], [`crate::I8`] at TFLite's scale, and any 8-bit element whose unit is 1/255 or 1/256. The values are probabilities (after the softmax or sigmoid); of a device's maps
/// the result is the cross-entropy of what the device wrote, with its rounding.
///
/// ```
/// use soft_dice::presets::CrossEntropy;
/// use soft_dice::{Label, Reliability, U8};
/// let mut classes = [0, 1].map(|class| Reliability::<_, _, 256>::new(U8, Label::new(class)));
/// classes[0].update(&[204, 51], &[0, 1])?;
/// classes[1].update(&[51, 204], &[0, 1])?;
/// let mean = CrossEntropy::new(&classes)?.mean(None)?;
/// assert!((mean - 0.22314).abs() < 1e-5);                                           // −ln 0.8
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct CrossEntropy<'a, P: Element, T: HardTarget> {
    classes: &'a [Reliability<P, T, 256>],
    floor: f64,
    smoothing: f64,
}

impl<'a, P: Element, T: HardTarget> CrossEntropy<'a, P, T> {
    /// Of these classes, or of the foreground of a binary map.
    ///
    /// # Errors
    ///
    /// [`Error::Classes`] of none; [`Error::Setting`] if a bin may hold several codes; [`Error::Mismatch`] if the classes
    /// differ in unit or were not all given the same number of pixels.
    pub fn new(classes: &'a [Reliability<P, T, 256>]) -> Result<Self, Error> {
        let first = classes.first().ok_or(Error::Classes)?;
        let unit = first.unit();
        // At 1/255 and 1/256 the code n is in bin n, and the greatest in the last.
        if unit != crate::num::Unit::fraction(255) && unit != crate::num::Unit::binary(8) {
            return Err(Error::Setting);
        }
        if classes.iter().any(|class| class.unit() != unit || class.count() != first.count()) {
            return Err(Error::Mismatch);
        }
        Ok(Self { classes, floor: 0.0, smoothing: 0.0 })
    }

    /// Reads probabilities below `floor` (in \[0, 1\]) as `floor`: half a code, say, for maps whose code 0 means "less than a
    /// code". Without it a labelled pixel of code 0 makes the result undefined: it is infinite.
    #[must_use]
    pub const fn floor(self, floor: f64) -> Self {
        Self { floor, ..self }
    }

    /// `label_smoothing` ε, in \[0, 1\]: the share 1 − ε of a pixel is of its own class, and ε/C of each of the C classes, with
    /// that class's weight. Every pixel then has a part of every class, so that no code may be 0 unless a
    /// [`floor`](Self::floor) is given. A single class has none, as `BCEWithLogitsLoss` has none.
    #[must_use]
    pub const fn label_smoothing(self, share: f64) -> Self {
        Self { smoothing: share, ..self }
    }

    /// `CrossEntropyLoss(weight, reduction="mean")`: −Σ w·ln p of each pixel's own class, over Σ w. Of a single class
    /// `BCEWithLogitsLoss(pos_weight, reduction="mean")`.
    ///
    /// # Errors
    ///
    /// [`Error::Classes`] for another number of weights, [`Error::Setting`] for a weight that is negative or no number,
    /// or a smoothing outside \[0, 1\]; [`Error::Undefined`] of no pixel, or where a labelled pixel (with smoothing any pixel)
    /// has probability 0.
    pub fn mean(&self, weights: Option<&[f64]>) -> Result<f64, Error> {
        let (total, of) = self.parts(weights)?;
        super::divide(total, of)
    }

    /// The same with `reduction="sum"`.
    ///
    /// # Errors
    ///
    /// As [`Self::mean`], but that no pixel is a sum of 0.
    pub fn sum(&self, weights: Option<&[f64]>) -> Result<f64, Error> {
        Ok(self.parts(weights)?.0)
    }

    /// How many classes there are histograms of.
    #[must_use]
    pub const fn classes(&self) -> usize {
        self.classes.len()
    }

    fn parts(&self, weights: Option<&[f64]>) -> Result<(f64, f64), Error> {
        let (mut total, mut of) = (0.0, 0.0);
        if !(0.0..=1.0).contains(&self.smoothing) {
            return Err(Error::Setting);
        }
        let share = if self.classes.len() > 1 { self.smoothing } else { 0.0 };
        let each = share / self.classes.len() as f64;
        for (index, class) in self.classes.iter().enumerate() {
            let weight = super::weight_of(weights, index, self.classes.len())?;
            for bin in class.bins().iter().filter(|bin| bin.count > 0) {
                let p = class.unit().value(bin.p.into()) / bin.count as f64;
                let (yes, no) = (bin.t as f64, (bin.count - bin.t) as f64);
                total += self.cost(p, weight * ((1.0 - share) * yes + each * bin.count as f64))?;
                if let [_] = self.classes {
                    total += self.cost(1.0 - p, no)?;
                    of += bin.count as f64;
                } else {
                    of += weight * yes;
                }
            }
        }
        Ok((total, of))
    }

    fn cost(&self, p: f64, pixels: f64) -> Result<f64, Error> {
        let p = if p < self.floor { self.floor } else { p };
        if pixels == 0.0 {
            Ok(0.0)
        } else if p > 0.0 {
            Ok(-pixels * f64::from(ln(p as f32)))
        } else {
            Err(Error::Undefined)
        }
    }
}
