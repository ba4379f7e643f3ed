//! References: what a prediction is compared with.
//!
//! | target | buffer | pixel is foreground where |
//! |---|---|---|
//! | [`NonZero`] | `&[u8]` | the byte is not 0 |
//! | [`ZeroOne`], [`ZeroFull`] | `&[u8]` | the byte is 1, or 255; other values are an error |
//! | [`LsbFirst`], [`MsbFirst`] | [`Bits`] | the bit is 1 |
//! | [`Label`] | `&[u8]` | the label is the class; pixels of the ignore label are left out |
//! | [`Own`] | `()` | the prediction reaches the threshold (Soft Dice Confidence) |
//! | [`Soft`] | the element's | every pixel has a value of its own |

mod bits;
mod mask;
mod soft;

pub use bits::{BitOrder, Bits, LsbFirst, MsbFirst};
pub(crate) use mask::Meaning;
pub use mask::{Ignoring, Label, NonZero, Own, ZeroFull, ZeroOne};
pub use soft::{Soft, Times};

use crate::Unit;
use crate::element::Element;
use crate::kernel::{self, Hard, Keep, Mark, Tally, Values};
use crate::sums::{Acc, Moments};
use core::fmt::Debug;

/// The target's side of a [`crate::Stream`], for predictions of element `P`.
pub trait Target<P: Element>: Copy + PartialEq + Debug + Send + Sync + 'static {
    /// What an update takes.
    type Buffer<'a>: Buffer;
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
    #[doc(hidden)]
    fn sweep<M: Moments, K: Keep>(
        &self,
        prediction: &P,
        p: &[P::Raw],
        t: Self::Buffer<'_>,
        keep: K,
    ) -> Tally<Self::Narrow>;
    /// The value of pixel `at` beside the prediction's `key`; `None` where it is left out.
    #[doc(hidden)]
    fn value(&self, t: Self::Buffer<'_>, at: usize, key: u32) -> Option<f32>;
    /// The pixels as lanes that write take them, if they do.
    #[doc(hidden)]
    fn with_values<R>(&self, t: Self::Buffer<'_>, read: impl FnOnce(Option<Values<'_>>) -> R) -> R;
}

/// A buffer of pixels that can be cut into rows.
pub trait Buffer: Copy {
    /// Holds exactly this many pixels (a bit mask: no more than the last byte's padding beside).
    #[doc(hidden)]
    fn holds(&self, pixels: usize) -> bool;
    /// The `pixels` from `at` on, if they are there.
    #[doc(hidden)]
    #[must_use]
    fn part(&self, at: usize, pixels: usize) -> Option<Self>;
}

impl<R> Buffer for &[R] {
    fn holds(&self, pixels: usize) -> bool {
        self.len() == pixels
    }

    fn part(&self, at: usize, pixels: usize) -> Option<Self> {
        self.get(at..at.checked_add(pixels)?)
    }
}

/// No buffer: the prediction is its own target.
impl Buffer for () {
    fn holds(&self, _: usize) -> bool {
        true
    }

    fn part(&self, _: usize, _: usize) -> Option<Self> {
        Some(())
    }
}

/// A target of zeros and ones.
#[doc(hidden)]
pub trait HardTarget: Copy + PartialEq + Debug + Send + Sync + 'static {
    type Pixels<'a>: Buffer;
    type Source<'a>: Hard;
    fn source<'a>(&self, pixels: Self::Pixels<'a>) -> Self::Source<'a>;
}

impl<P: Element, H: HardTarget> Target<P> for H {
    type Buffer<'a> = H::Pixels<'a>;
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
    fn sweep<M: Moments, K: Keep>(&self, e: &P, p: &[P::Raw], t: H::Pixels<'_>, keep: K) -> Tally<P::Narrow> {
        let mut tally = kernel::hard::<M, P, _, K>(e, p, self.source(t), keep);
        // Of zeros and ones t² = t, and min(p, t) = pt.
        tally.tt = tally.t;
        tally.min_p = tally.pt;
        tally
    }

    fn value(&self, t: H::Pixels<'_>, at: usize, key: u32) -> Option<f32> {
        match self.source(t).mark(at, key) {
            Mark::Zero => Some(0.0),
            Mark::One => Some(1.0),
            Mark::Ignored | Mark::Broken => None,
        }
    }

    fn with_values<R>(&self, t: H::Pixels<'_>, read: impl FnOnce(Option<Values<'_>>) -> R) -> R {
        read(self.source(t).values())
    }
}
