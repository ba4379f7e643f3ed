use super::{Moments, Sums};
use crate::element::Element;
use crate::error::Error;
use crate::num::sealed::Sealed;
use crate::target::Target;

/// Classes that one map can have: a label is a byte.
pub const CLASSES: usize = 256;

/// The sums of many classes: an array, or a slice that the caller owns (in a `static`, or where there is room).
pub trait State: Sealed {
    /// The prediction's element.
    type P: Element;
    /// The target of each class.
    type T: Target<Self::P>;
    /// Which sums are kept.
    type M: Moments;

    /// The sums of each class.
    fn sums(&self) -> &[Sums<Self::P, Self::T, Self::M>];

    #[doc(hidden)]
    fn sums_mut(&mut self) -> &mut [Sums<Self::P, Self::T, Self::M>];
}

impl<P: Element, T: Target<P>, M: Moments, const C: usize> Sealed for [Sums<P, T, M>; C] {}

impl<P: Element, T: Target<P>, M: Moments, const C: usize> State for [Sums<P, T, M>; C] {
    type P = P;
    type T = T;
    type M = M;

    fn sums(&self) -> &[Sums<P, T, M>] {
        self
    }

    fn sums_mut(&mut self) -> &mut [Sums<P, T, M>] {
        self
    }
}

impl<P: Element, T: Target<P>, M: Moments> Sealed for &mut [Sums<P, T, M>] {}

impl<P: Element, T: Target<P>, M: Moments> State for &mut [Sums<P, T, M>] {
    type P = P;
    type T = T;
    type M = M;

    fn sums(&self) -> &[Sums<P, T, M>] {
        self
    }

    fn sums_mut(&mut self) -> &mut [Sums<P, T, M>] {
        self
    }
}

/// Adds the sums of other pixels, class by class, or leaves all as they were.
pub(crate) fn merge<S: State>(state: &mut S, other: &S) -> Result<(), Error> {
    let (into, from) = (state.sums_mut(), other.sums());
    if into.len() != from.len() {
        return Err(Error::Classes);
    }
    for (a, b) in into.iter().zip(from) {
        if a.target != b.target {
            return Err(Error::Mismatch);
        }
        let mut tried = *a;
        tried.merge(b)?;
    }
    into.iter_mut().zip(from).try_for_each(|(a, b)| a.merge(b))
}

pub(crate) fn reset<S: State>(state: &mut S) {
    for sums in state.sums_mut() {
        *sums = Sums::new(sums.prediction, sums.target);
    }
}
