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

/// A buffer whose pixels, of type `X`, may be copied: those of several parts can lie side by side in another.
#[doc(hidden)]
pub trait Copied<'a, X>: Buffer {
    /// The pixels, if each is a value by itself: bits share their bytes.
    fn pixels(self) -> Option<&'a [X]>;
    /// The buffer of such pixels.
    fn of(pixels: &'a [X]) -> Option<Self>;
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

impl<'a, R> Copied<'a, R> for &'a [R] {
    #[inline(always)]
    fn pixels(self) -> Option<&'a [R]> {
        Some(self)
    }

    #[inline(always)]
    fn of(pixels: &'a [R]) -> Option<Self> {
        Some(pixels)
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

/// Of no size there are as many pixels as are asked for.
impl<'a> Copied<'a, ()> for () {
    #[inline(always)]
    fn pixels(self) -> Option<&'a [()]> {
        Some(&[(); usize::MAX])
    }

    #[inline(always)]
    fn of(_: &'a [()]) -> Option<Self> {
        Some(())
    }
}

/// Two slices side by side in pieces of at most `pixels`, as far as both reach. `chunks` of both, zipped, would divide by a number of
/// pixels that the compiler does not know where it shares that code, and keep a way to a panic.
pub(crate) fn side_by_side<'a, A, B>(
    mut p: &'a [A],
    mut t: &'a [B],
    pixels: usize,
) -> impl Iterator<Item = (&'a [A], &'a [B])> {
    core::iter::from_fn(move || {
        let n = pixels.min(p.len()).min(t.len());
        if n == 0 {
            return None;
        }
        let ((a, p_rest), (b, t_rest)) = (p.split_at_checked(n)?, t.split_at_checked(n)?);
        (p, t) = (p_rest, t_rest);
        Some((a, b))
    })
}
