//! CMSIS-DSP: distances of boolean vectors in packed words, and Bray-Curtis.

use super::{divide, pixels_of};
use crate::error::Error;
use crate::score::Pixels;
use crate::sums::Measured;

/// What CMSIS-DSP counts of two boolean vectors (`arm_boolean_distance`): pairs of true and true, true and false, false and true,
/// false and false.
///
/// ```
/// use soft_dice::presets::cmsis::Booleans;
/// let pairs = Booleans::of_words(&[0xF000_0000], &[0xC000_0000], 8)?;        // the first eight of each word count
/// assert_eq!((pairs.tt, pairs.tf, pairs.ft, pairs.ff), (2, 2, 0, 4));
/// assert_eq!(pairs.dice(), Ok(2.0 / 6.0));
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Booleans {
    /// Both are true.
    pub tt: u64,
    /// The first alone.
    pub tf: u64,
    /// The second alone.
    pub ft: u64,
    /// Neither.
    pub ff: u64,
}

macro_rules! distances {
    ($($(#[$doc:meta])* $name:ident($tt:ident, $tf:ident, $ft:ident, $ff:ident) = $above:expr, $below:expr;)*) => {
        impl Booleans {
            $($(#[$doc])*
            ///
            /// # Errors
            ///
            /// [`Error::Undefined`] of 0/0, against which CMSIS-DSP has no guard.
            pub fn $name(&self) -> Result<f64, Error> {
                let [$tt, $tf, $ft, $ff] = [self.tt, self.tf, self.ft, self.ff].map(|pairs| pairs as f64);
                divide($above, $below)
            })*
        }
    };
}

distances! {
    /// `arm_dice_distance`: (TF + FT) / (2TT + TF + FT).
    dice(tt, tf, ft, _ff) = tf + ft, 2.0 * tt + tf + ft;
    /// `arm_hamming_distance`: (TF + FT) / n.
    hamming(tt, tf, ft, ff) = tf + ft, tt + tf + ft + ff;
    /// `arm_jaccard_distance`: (TF + FT) / (TT + TF + FT).
    jaccard(tt, tf, ft, _ff) = tf + ft, tt + tf + ft;
    /// `arm_kulsinski_distance`: (TF + FT − TT + n) / (TF + FT + n).
    kulsinski(tt, tf, ft, ff) = 2.0 * (tf + ft) + ff, 2.0 * (tf + ft) + tt + ff;
    /// `arm_rogerstanimoto_distance`: 2(TF + FT) / (TT + FF + 2(TF + FT)).
    rogerstanimoto(tt, tf, ft, ff) = 2.0 * (tf + ft), tt + ff + 2.0 * (tf + ft);
    /// `arm_russellrao_distance`: (n − TT) / n.
    russellrao(tt, tf, ft, ff) = tf + ft + ff, tt + tf + ft + ff;
    /// `arm_sokalmichener_distance`: 2(TF + FT) / (TT + FF + 2(TF + FT)).
    sokalmichener(tt, tf, ft, ff) = 2.0 * (tf + ft), tt + ff + 2.0 * (tf + ft);
    /// `arm_sokalsneath_distance`: 2(TF + FT) / (TT + 2(TF + FT)).
    sokalsneath(tt, tf, ft, _ff) = 2.0 * (tf + ft), tt + 2.0 * (tf + ft);
    /// `arm_yule_distance`: 2·TF·FT / (TF·FT + TT·FF).
    yule(tt, tf, ft, ff) = 2.0 * tf * ft, tf * ft + tt * ff;
}

impl Booleans {
    /// Of two vectors of `bools` bits in words, the first bit highest, as CMSIS-DSP packs them: what pads the last word is not
    /// counted.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] unless both are the words that so many bits take.
    pub fn of_words(a: &[u32], b: &[u32], bools: usize) -> Result<Self, Error> {
        let words = bools.div_ceil(32);
        if a.len() != words || b.len() != words {
            return Err(Error::Length);
        }
        let mut pairs = Self::default();
        for (index, (&a, &b)) in a.iter().zip(b).enumerate() {
            // 32 but in the last word, where at least one is left.
            let bits = (bools - index * 32).min(32) as u32;
            let counted = u32::MAX << (32 - bits);
            let count = |pairs: u32| u64::from((pairs & counted).count_ones());
            pairs.tt += count(a & b);
            pairs.tf += count(a & !b);
            pairs.ft += count(!a & b);
            pairs.ff += count(!a & !b);
        }
        Ok(pairs)
    }

    /// Of sums of two hard maps, the prediction as the first vector.
    ///
    /// # Errors
    ///
    /// [`Error::Mismatch`] for sums that are not of hard maps, where their totals give it away.
    pub fn of(sums: &impl Measured) -> Result<Self, Error> {
        let [p, t, tt, count] = pixels_of(sums)?;
        // No pixel is counted twice: `pixels_of` has looked.
        let (tf, ft) = (p.saturating_sub(tt), t.saturating_sub(tt));
        Ok(Self { tt, tf, ft, ff: count.saturating_sub(tt + tf + ft) })
    }
}

/// `arm_braycurtis_distance_f32`: Σ|a − b| / Σ|a + b|, of two maps of values in \[0, 1\]: 1 − 2Σmin/(P + T).
///
/// # Errors
///
/// [`Error::NotSummed`] unless [`crate::Minima`] were kept; [`Error::Undefined`] of 0/0.
pub fn bray_curtis(sums: &impl Measured) -> Result<f64, Error> {
    let Pixels { p, t, min, .. } = Pixels::of(sums);
    divide(p + t - 2.0 * min.ok_or(Error::NotSummed)?, p + t)
}
