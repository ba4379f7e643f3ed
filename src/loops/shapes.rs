//! A sweep for each shape of mask, where a table would hold few of them: the shape is asked once, and the sweep is compiled for its
//! type.

use super::marks::{
    AnyBits, ClassBytes, FullBytes, IgnoringBytes, Marked, NonZeroBytes, OneBytes, TrustedFullBytes, TrustedOneBytes,
};
use super::sweep::Job;
use crate::pixels::{ByteMask, Mask, Shape};

/// Who runs a job on the backend in use: `kernel`, which knows the backends.
pub(crate) trait Runner {
    /// `None` if it is the plain loop.
    ///
    /// # Safety
    ///
    /// As [`Job::run`].
    unsafe fn run<J: Job>(job: J) -> Option<J::Out>;
}

/// What is to be done with a mask once its type is known.
pub(super) trait OfShape {
    type Out;

    /// # Safety
    ///
    /// The mask holds as many pixels as whoever asks has beside it.
    unsafe fn against<T: Marked>(self, target: T) -> Option<Self::Out>;
}

/// `None` of the prediction's own mask, and of bytes without a shape of their own.
///
/// # Safety
///
/// The mask holds as many pixels as there are beside it.
pub(super) unsafe fn by_shape<S: OfShape>(mask: &Mask<'_>, of: S) -> Option<S::Out> {
    // SAFETY: the caller promises the same.
    unsafe {
        match mask {
            Mask::Bytes(ByteMask { meaning, .. }) => match meaning.shape() {
                Shape::NonZero => of.against(NonZeroBytes::of(mask)?),
                Shape::ZeroOne { checked: true } => of.against(OneBytes::of(mask)?),
                Shape::ZeroOne { checked: false } => of.against(TrustedOneBytes::of(mask)?),
                Shape::ZeroFull { checked: true } => of.against(FullBytes::of(mask)?),
                Shape::ZeroFull { checked: false } => of.against(TrustedFullBytes::of(mask)?),
                Shape::Class(_) => of.against(ClassBytes::of(mask)?),
                Shape::Ignoring { .. } => of.against(IgnoringBytes::of(mask)?),
                Shape::Other => None,
            },
            Mask::Bits(_) => of.against(AnyBits::of(mask)?),
            Mask::Own(_) => None,
        }
    }
}
