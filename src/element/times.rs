use super::float::{fine_product, product};
use super::{BF16, Check, Element, F16, F32, F32Fine, Integer};
use crate::num::Acc;

/// Elements that can be multiplied: all of integer codes with each other and with floats; `F32`, `F16` and `BF16` with each
/// other; and `F32Fine` with itself.
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

// Half floats have exact codes of 2⁻²⁴, so that their products with codes below 2²⁵ are exact too.

/// The exact product of two codes, either of which may be those of floats.
macro_rules! exact {
    ($([$($c:ident)*] $a:ty, [$($integer:ident)?] $b:ty;)*) => {$(
        impl<$($c: Check,)* $($integer: Integer)?> Times<$b> for $a {
            type Product = u128;
            type Wide = u128;

            fn times(a: <$a as Element>::Value, b: <$b as Element>::Value) -> u64 {
                <$a>::code(a).wrapping_mul(<$b>::code(b))
            }
        }
    )*};
}

exact! {
    [C] F16<C>, [B] B;
    [C] B, [B] F16<C>;
    [C D] F16<C>, [] F16<D>;
    [C D] F16<C>, [] F32<D>;
    [C D] F32<C>, [] F16<D>;
    [C D] F16<C>, [] BF16<D>;
    [C D] BF16<C>, [] F16<D>;
    [C] BF16<C>, [B] B;
    [C] B, [B] BF16<C>;
}

/// The product of two floats of one unit, rounded once to it.
macro_rules! rounded {
    ($($a:ident $b:ident;)*) => {$(
        impl<C: Check, D: Check> Times<$b<D>> for $a<C> {
            type Product = u64;
            type Wide = u64;
            const ROUNDED_PRODUCT: bool = true;

            fn times(a: f32, b: f32) -> u64 {
                product(a, b)
            }
        }
    )*};
}

rounded! {
    BF16 BF16;
    BF16 F32;
    F32 BF16;
}
