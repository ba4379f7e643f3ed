use super::Target;
use crate::Unit;
use crate::element::{Check, Element, F32, F32Fine, Integer, Reading, fine_product, product};
use crate::kernel::{self, Keep, Tally, Values};
use crate::sums::{Acc, Moments};

/// A soft map: every pixel of the target has a probability of its own, of any element.
///
/// The two elements may differ (`Soft(F32::new())` against an `I8` prediction); then products are of exact codes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Soft<E>(pub E);

impl<P: Times<E>, E: Element> Target<P> for Soft<E> {
    type Buffer<'a> = &'a [E::Raw];
    type Sum = E::Sum;
    type Square = E::Square;
    type Product = P::Product;
    type Narrow = P::Wide;
    const HARD: bool = false;
    const ROUNDED: bool = P::ROUNDED_PRODUCT;
    const ROUNDED_SQUARES: bool = E::ROUNDED;

    fn unit(&self) -> Unit {
        self.0.unit()
    }

    fn zero_point(&self) -> i32 {
        self.0.zero_point()
    }

    fn refuses(&self) -> bool {
        self.0.refuses()
    }

    #[inline(always)]
    fn sweep<M: Moments, K: Keep>(&self, e: &P, p: &[P::Raw], t: &[E::Raw], keep: K) -> Tally<P::Wide> {
        kernel::soft::<M, P, E, K>(e, &self.0, p, t, keep)
    }

    fn value(&self, t: &[E::Raw], at: usize, _: u32) -> Option<f32> {
        match self.0.read(*t.get(at)?) {
            Reading::Valid(value) | Reading::Clamped(value) => Some(E::worth(value, self.0.unit().value(1) as f32)),
            Reading::Invalid => None,
        }
    }

    fn with_values<R>(&self, t: &[E::Raw], read: impl FnOnce(Option<Values<'_>>) -> R) -> R {
        read(self.0.values(t))
    }
}

/// Elements that can be multiplied: all of integer codes with each other and with floats, and each float with itself.
pub trait Times<E: Element>: Element {
    /// Sum of products.
    type Product: Acc;
    /// Products are rounded once to the unit that both share.
    #[doc(hidden)]
    const ROUNDED_PRODUCT: bool = false;
    #[doc(hidden)]
    type Wide: Acc;
    #[doc(hidden)]
    fn times(a: Self::Value, b: E::Value) -> u64;
}

impl<A: Integer, B: Integer> Times<B> for A {
    type Product = u128;
    type Wide = u64;

    fn times(a: u32, b: u32) -> u64 {
        u64::from(a) * u64::from(b)
    }
}

// Wrapping below, so that a broken promise of `Trusted` cannot panic: valid codes have at most 2^48 · 65535 < 2^64.

impl<A: Integer, C: Check> Times<F32<C>> for A {
    type Product = u128;
    type Wide = u128;

    fn times(a: u32, b: f32) -> u64 {
        F32::<C>::code(b).wrapping_mul(u64::from(a))
    }
}

impl<A: Integer> Times<F32Fine> for A {
    type Product = u128;
    type Wide = u128;

    fn times(a: u32, b: f32) -> u64 {
        F32Fine::code(b).wrapping_mul(u64::from(a))
    }
}

impl<C: Check, B: Integer> Times<B> for F32<C> {
    type Product = u128;
    type Wide = u128;

    fn times(a: f32, b: u32) -> u64 {
        Self::code(a).wrapping_mul(u64::from(b))
    }
}

impl<B: Integer> Times<B> for F32Fine {
    type Product = u128;
    type Wide = u128;

    fn times(a: f32, b: u32) -> u64 {
        Self::code(a).wrapping_mul(u64::from(b))
    }
}

impl<C: Check, D: Check> Times<F32<D>> for F32<C> {
    type Product = u64;
    type Wide = u64;
    const ROUNDED_PRODUCT: bool = true;

    fn times(a: f32, b: f32) -> u64 {
        product(a, b)
    }
}

impl Times<Self> for F32Fine {
    type Product = u128;
    type Wide = u128;
    const ROUNDED_PRODUCT: bool = true;

    fn times(a: f32, b: f32) -> u64 {
        fine_product(a, b)
    }
}
