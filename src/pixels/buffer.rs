//! What holds pixels: as many as it says.

use crate::num::sealed::Sealed;

/// A buffer of pixels that can be cut into rows: `&[R]`, [`crate::Bits`], or `()` where there is none.
///
/// Sealed: the loops read as many pixels as a buffer says that it holds.
pub trait Buffer: Copy + Sealed {
    /// Holds exactly this many pixels (a bit mask: no more than the last byte's padding beside).
    #[doc(hidden)]
    fn holds(&self, pixels: usize) -> bool;
    /// The `pixels` from `at` on, if they are there.
    #[doc(hidden)]
    #[must_use]
    fn part(&self, at: usize, pixels: usize) -> Option<Self>;
}

impl<R> Sealed for &[R] {}
impl<R> Buffer for &[R] {
    #[inline(always)]
    fn holds(&self, pixels: usize) -> bool {
        self.len() == pixels
    }

    #[inline(always)]
    fn part(&self, at: usize, pixels: usize) -> Option<Self> {
        self.get(at..at.checked_add(pixels)?)
    }
}

/// No buffer: the prediction is its own target.
impl Sealed for () {}
impl Buffer for () {
    #[inline(always)]
    fn holds(&self, _: usize) -> bool {
        true
    }

    #[inline(always)]
    fn part(&self, _: usize, _: usize) -> Option<Self> {
        Some(())
    }
}
