//! Soft sums and the counts of decisions in one sweep: two turns that take the same vectors, which are loaded once.
//!
//! ```text
//! for each vector:
//!     p, t = codes of prediction, mask
//!     Σp, Σt, Σpt  += p, t, p·t
//!     Σp′, Σp′t    += p ≥ cut, (p ≥ cut)·t
//! ```
//!
//! The bounds of each turn hold, because each has accumulators of its own, and both have the same length of a block.

use super::family::Family;
use super::marks::Marked;
use super::shapes::{OfShape, Runner, by_shape};
use super::sweep::{Added, Job, Place, Swept, Turn, sweep};
use crate::lanes::Lanes;
use crate::pixels::{Mask, Tally};
use core::marker::PhantomData;

/// Two turns over the same pixels.
#[derive(Clone, Copy)]
pub(super) struct Twice<A, B>(pub A, pub B);

impl<A: Turn<Out = Tally<u64>>, B: Turn<Out = Tally<u64>>> Turn for Twice<A, B> {
    type Acc = (A::Acc, B::Acc);
    type Out = [Tally<u64>; 2];
    const LANES: usize = A::LANES;
    const DRAIN: usize = {
        assert!(A::LANES == B::LANES);
        if A::DRAIN < B::DRAIN { A::DRAIN } else { B::DRAIN }
    };
    /// More would not have room in the registers.
    const CHAINS: usize = if A::CHAINS > 2 { 2 } else { A::CHAINS };
    const STRIDE: usize = if A::STRIDE < B::STRIDE { A::STRIDE } else { B::STRIDE };
    const PROBE: usize = if A::PROBE < B::PROBE { A::PROBE } else { B::PROBE };

    #[inline(always)]
    fn zero(self) -> Self::Acc {
        (self.0.zero(), self.1.zero())
    }

    #[inline(always)]
    unsafe fn step<const CARE: u8, const LAST: bool>(self, (a, b): Self::Acc, at: Place, fresh: usize) -> Self::Acc {
        // SAFETY: the caller's pixels are those of both.
        unsafe { (self.0.step::<CARE, LAST>(a, at, fresh), self.1.step::<CARE, LAST>(b, at, fresh)) }
    }

    #[inline(always)]
    fn rest(self, (a, b): Self::Acc) -> Self::Acc {
        (self.0.rest(a), self.1.rest(b))
    }

    #[inline(always)]
    fn both(self, a: Self::Acc, b: Self::Acc) -> Self::Acc {
        (self.0.both(a.0, b.0), self.1.both(a.1, b.1))
    }

    #[inline(always)]
    fn tripped<const CARE: u8>(self, (a, b): Self::Acc) -> bool {
        self.0.tripped::<CARE>(a) || self.1.tripped::<CARE>(b)
    }

    #[inline(always)]
    fn drain<const CARE: u8>(self, (a, b): Self::Acc, vectors: usize, pixels: usize) -> [Tally<u64>; 2] {
        [self.0.drain::<CARE>(a, vectors, pixels), self.1.drain::<CARE>(b, vectors, pixels)]
    }
}

impl<A: Turn<Out = Tally<u64>>, B: Turn<Out = Tally<u64>>> Twice<A, B> {
    /// What both add, if the pixels fill a vector.
    ///
    /// # Safety
    ///
    /// The buffers of both hold `pixels` pixels, and the CPU has what their lanes need.
    #[inline(always)]
    pub unsafe fn sweep(self, pixels: usize) -> Swept<[Tally<u64>; 2]> {
        if pixels < A::LANES {
            return Swept { tally: Added::NONE, taken: 0 };
        }
        // SAFETY: the caller promises the same, and there is a vector.
        unsafe { sweep(self, pixels) }
    }
}

/// A prediction of common codes against a mask, everywhere: linear sums, and those of what reaches `cut`, which lack Σt. Up to the
/// first block that wants care; no pixel is taken where the mask has no shape of its own, or the pixels fill no vector.
///
/// # Safety
///
/// The mask holds as many pixels as the prediction.
pub(crate) unsafe fn both<F: Family, R: Runner>(
    p: F::View<'_>,
    mask: &Mask<'_>,
    cut: u32,
) -> Option<Swept<[Tally<u64>; 2]>> {
    struct Together<'p, F: Family, R>(F::View<'p>, u32, PhantomData<R>);

    impl<F: Family, R: Runner> OfShape for Together<'_, F, R> {
        type Out = Swept<[Tally<u64>; 2]>;

        unsafe fn against<T: Marked>(self, target: T) -> Option<Self::Out> {
            // SAFETY: the caller promises the same.
            unsafe { R::run(Both::<F, T> { p: self.0, target, cut: self.1 }) }
        }
    }

    // SAFETY: the caller promises the same.
    unsafe { by_shape(mask, Together::<F, R>(p, cut, PhantomData)) }
}

struct Both<'p, F: Family, T> {
    p: F::View<'p>,
    target: T,
    cut: u32,
}

impl<F: Family, T: Marked> Job for Both<'_, F, T> {
    type Out = Swept<[Tally<u64>; 2]>;

    #[inline(always)]
    unsafe fn run<L: Lanes>(self, lanes: L) -> Self::Out {
        // SAFETY: the caller promises the same.
        unsafe { F::twice::<L, T>(lanes, self.p, self.target, self.cut) }
    }
}
