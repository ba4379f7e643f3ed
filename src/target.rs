//! References: what a prediction is compared with.
//!
//! | target | buffer | pixel is foreground where |
//! |---|---|---|
//! | [`NonZero`] | `&[u8]` | the byte is not 0 |
//! | [`ZeroOne`], [`ZeroFull`] | `&[u8]` | the byte is 1, or 255; other values are an error |
//! | [`LsbFirst`](crate::LsbFirst), [`MsbFirst`](crate::MsbFirst) | [`Bits`](crate::Bits) | the bit is 1 |
//! | [`Label`] | `&[u8]` | the label is the class; pixels of the ignore label are left out |
//! | [`Own`] | `()` | the prediction reaches the threshold (Soft Dice Confidence) |
//! | [`Soft`] | the element's | every pixel has a value of its own |

mod mask;
mod packed;
mod soft;

pub(crate) use mask::own_masks;
pub use mask::{Ignoring, Label, NonZero, Own, ZeroFull, ZeroOne};
#[doc(hidden)]
pub use packed::PackedRun;
pub use packed::PackedTarget;
pub use soft::Soft;

use crate::element::Element;
use crate::kernel;
use crate::num::sealed::Sealed;
use crate::num::{Acc, Unit};
use crate::pixels::{Ask, Buffer, Copied, Mark, Mask, Pair, Tally, Values};
use core::fmt::Debug;

/// The target's side of a [`crate::Stream`], for predictions of element `P`.
///
/// Sealed: the loops read as many pixels as the crate's own targets hold.
pub trait Target<P: Element>: Copy + PartialEq + Debug + Send + Sync + Sealed + 'static {
    /// What an update takes.
    type Buffer<'a>: Buffer + Copied<'a, Self::Pixel>;
    /// A pixel of it that can be copied.
    #[doc(hidden)]
    type Pixel: Copy + Default;
    /// Sum of codes.
    type Sum: Acc;
    /// Sum of squared codes.
    type Square: Acc;
    /// Sum of products with the prediction.
    type Product: Acc;
    /// Every pixel is 0 or 1.
    const HARD: bool;
    /// Products are rounded to the unit, which the two elements share (f32 with f32).
    const ROUNDED: bool;
    /// Squares are rounded to the unit (f32), else in the unit squared.
    const ROUNDED_SQUARES: bool;

    /// The value of code 1.
    fn unit(&self) -> Unit;

    /// The raw code that denotes 0.
    fn zero_point(&self) -> i32 {
        0
    }

    #[doc(hidden)]
    type Narrow: Acc;
    #[doc(hidden)]
    fn refuses(&self) -> bool {
        false
    }
    /// Whether the buffer has the values that a declared element has alone.
    #[doc(hidden)]
    #[inline(always)]
    fn keeps_its_word(&self, _: &Self::Buffer<'_>) -> bool {
        true
    }
    #[doc(hidden)]
    fn sweep(&self, prediction: &P, pair: Pair<'_, P::Raw, Self::Buffer<'_>>, ask: Ask) -> Tally<Self::Narrow>;
    /// The value of pixel `at` beside the prediction's `key`; `None` where it is left out.
    #[doc(hidden)]
    fn value(&self, t: Self::Buffer<'_>, at: usize, key: u32) -> Option<f32>;
    /// The pixels as lanes that write take them, if they do.
    #[doc(hidden)]
    fn values<'a>(&self, t: Self::Buffer<'a>) -> Option<Values<'a>>;
}

/// A target of zeros and ones: bytes, bits, labels, or the prediction's own mask.
pub trait HardTarget: Copy + PartialEq + Debug + Send + Sync + Sealed + 'static {
    /// What an update takes.
    type Pixels<'a>: Buffer + Copied<'a, Self::Pixel>;
    /// A pixel of it that can be copied.
    #[doc(hidden)]
    type Pixel: Copy + Default;
    /// The pixels with what they mean; a byte or a bit for each that the buffer holds.
    #[doc(hidden)]
    fn mask<'a>(&self, pixels: Self::Pixels<'a>) -> Mask<'a>;
}

impl<P: Element, H: HardTarget> Target<P> for H {
    type Buffer<'a> = H::Pixels<'a>;
    type Pixel = H::Pixel;
    type Sum = u64;
    type Square = u64;
    type Product = P::Sum;
    type Narrow = P::Narrow;
    const HARD: bool = true;
    const ROUNDED: bool = false;
    const ROUNDED_SQUARES: bool = false;

    fn unit(&self) -> Unit {
        Unit::ONE
    }

    #[inline(always)]
    fn sweep(&self, prediction: &P, pair: Pair<'_, P::Raw, H::Pixels<'_>>, ask: Ask) -> Tally<P::Narrow> {
        let mut tally = kernel::hard(prediction, pair.target_as(|t| self.mask(t)), ask);
        // Of zeros and ones t² = t, and min(p, t) = pt.
        tally.tt = tally.t;
        tally.min_p = tally.pt;
        tally
    }

    fn value(&self, t: H::Pixels<'_>, at: usize, key: u32) -> Option<f32> {
        match self.mask(t).mark(at, key) {
            Mark::Zero => Some(0.0),
            Mark::One => Some(1.0),
            Mark::Ignored | Mark::Broken => None,
        }
    }

    fn values<'a>(&self, t: H::Pixels<'a>) -> Option<Values<'a>> {
        match self.mask(t) {
            Mask::Bytes(mask) => Some(Values::Marks(mask)),
            Mask::Bits(_) | Mask::Own(_) => None,
        }
    }
}
