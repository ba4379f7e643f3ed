//! Quality without a reference: a map against its own mask, and against another map.
//!
//! **Soft Dice Confidence** (SDC; Borges, Pacheco, Silva, arXiv 2402.10665) is the linear soft Dice of a map p with its own
//! thresholded mask ŷ = \[p ≥ threshold\]:
//!
//! SDC = 2 Σp·ŷ / (Σp + Σŷ)
//!
//! It needs one map, no labels and no tuning. Where pixels are independent given the picture, and the probabilities are
//! calibrated, it comes close to the best that can be said without labels, which is the expected hard Dice of ŷ. How
//! close, by exact enumeration (maps of 1 to 16 pixels, every choice of nine levels between 0 and 255/256):
//! SDC / ideal lies in \[0.899, 1.333\]. It is least for one sure pixel among many faint ones, greatest for one pixel alone
//! at the threshold. Once the mask has eight pixels it lies in \[0.995, 1.030\].
//!
//! **Empty masks.** ŷ empty and Σp > 0 gives 0; both 0 is [`crate::Error::Undefined`]. Neither says that something is
//! wrong: an empty scene looks like this. See [`crate::monitor`] for how the two are told apart.
//!
//! **Which Dice does it follow?** On the shipped 48-frame run the Spearman correlation is 0.968 with the *soft* Dice of
//! the same map against the reference, and 0.767 with the *hard* Dice of its mask. Both soft scores have Σp below the
//! line and codes of the same pixels above: when an edge blurs, both fall. The hard Dice sees only which side of the
//! threshold a pixel is on. While the output is good it stays within .986 and .996, where its order is decided by a few
//! hundred pixels at the edge (1 to 12 % of int8 pixels sit on the threshold itself), and confidence knows nothing of
//! those: over frames 0 to 29 alone the correlations are 0.88 and 0.09. That it does know when the hard Dice breaks down
//! is what [`crate::monitor`] is built on.
//!
//! **Agreement** of two soft maps is the Dice semimetric, 2 Σmin(p, t) / (Σp + Σt) (Wang 2023, arXiv 2303.16296): exactly
//! 1 for identical maps, where the linear form would read a disagreement. [`Last`] keeps the last frame.

mod classes;
mod last;
mod share;

pub use classes::ClassConfidence;
pub(crate) use classes::planar;
pub use last::{Compared, FrameBuffer, Kept, Last};
pub(crate) use last::{Comparison, Covered};
pub(crate) use share::share;

use crate::element::{Element, Times};
use crate::score::{Empty, Score};
use crate::stream::Stream;
use crate::sums::Minima;
use crate::target::{Own, Soft};

/// Soft Dice Confidence, of the sums of [`confidence`]: 0 where the mask is empty and Σp > 0, undefined where both are.
pub const CONFIDENCE: Score = Score::dice().target_empty(Empty::Zero).both_empty(Empty::Undefined);

/// Agreement of two maps, of the sums of [`agreement`]: exactly 1 if they are identical, undefined if both are 0.
pub const AGREEMENT: Score = Score::dice().semimetric().both_empty(Empty::Undefined);

/// A stream of maps against their own masks at one half. For another threshold or tie rule: `Stream::new` with
/// [`Own::at_least`], [`Own::above`].
///
/// One pass, in lanes, over any element; the mask is never stored.
///
/// ```
/// use soft_dice::I8;
/// use soft_dice::confidence::{CONFIDENCE, confidence};
///
/// let mut stream = confidence(I8::TFLITE);
/// stream.update(&[127, 127, -128, -64], ())?;    // 255, 255, 0, 64 of 256
/// // 2 · (255 + 255) / (255 + 255 + 64 + 2 · 256)
/// assert_eq!(CONFIDENCE.f32(stream.sums()), Ok(1020.0 / 1086.0));
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[must_use]
pub fn confidence<P: Element>(prediction: P) -> Stream<P, Own> {
    Stream::new(prediction, Own::at_least(&prediction, 0.5))
}

/// A stream of pairs of soft maps: an int8 model with its float twin, a device's output with a reference output, two
/// frames.
///
/// The two elements may differ; then 1 means that every pixel denotes exactly the same value.
///
/// ```
/// use soft_dice::{I8, F32};
/// use soft_dice::confidence::{AGREEMENT, agreement};
///
/// let mut stream = agreement(I8::TFLITE, F32::new());
/// stream.update(&[-128, 0, 64], &[0.0, 0.5, 0.75])?;
/// assert_eq!(AGREEMENT.q15(stream.sums()), Ok(32768));
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[must_use]
pub const fn agreement<P: Times<E>, E: Element>(a: P, b: E) -> Stream<P, Soft<E>, Minima> {
    Stream::summing(a, Soft(b), Minima)
}

/// Every pixel bears the same numbers: of `channels` each, interleaved; 1 for one map. A network that no longer sees its
/// input looks like this (as does a map of one pixel), and its confidence may be high.
///
/// The map is compared with itself, one pixel on: it ends at the first difference.
#[must_use]
pub fn uniform<R: PartialEq>(map: &[R], channels: usize) -> bool {
    let rest = map.len().saturating_sub(channels);
    channels == 0 || map.get(channels..).zip(map.get(..rest)).is_none_or(|(after, before)| after == before)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::element::U8;
    use crate::error::Error;

    #[test]
    fn empty_masks() {
        let mut stream = confidence(U8);
        assert_eq!(CONFIDENCE.q15(stream.sums()), Err(Error::Undefined));
        stream.update(&[0, 0], ()).unwrap();
        assert_eq!(CONFIDENCE.q15(stream.sums()), Err(Error::Undefined));
        stream.update(&[0, 1], ()).unwrap();
        assert_eq!(CONFIDENCE.q15(stream.sums()), Ok(0));
        stream.update(&[255], ()).unwrap();
        assert_eq!(CONFIDENCE.f32(stream.sums()), Ok(510.0 / 511.0));
    }

    #[test]
    fn uniform_maps() {
        assert!(uniform(&[7u8; 9], 1) && uniform(&[1u8, 2, 3, 1, 2, 3], 3));
        assert!(!uniform(&[7u8, 7, 7, 8], 1) && !uniform(&[1u8, 2, 3, 1, 2, 4], 3));
        assert!(uniform::<u8>(&[], 1) && uniform(&[1u8, 2], 3) && uniform(&[1u8], 0));
    }
}
