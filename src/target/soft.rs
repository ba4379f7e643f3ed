use super::Target;
use crate::element::{Element, Reading, Times};
use crate::kernel;
use crate::num::{Unit, sealed::Sealed};
use crate::pixels::{Ask, Pair, Tally, Values};

/// A soft map: every pixel of the target has a probability of its own, of any element.
///
/// The two elements may differ (`Soft(F32::new())` against an `I8` prediction); then products are of exact codes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Soft<E>(pub E);

impl<E> Sealed for Soft<E> {}

impl<P: Times<E>, E: Element> Target<P> for Soft<E> {
    type Buffer<'a> = &'a [E::Raw];
    type Pixel = E::Raw;
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
        !E::DECLARED && self.0.refuses()
    }

    #[inline(always)]
    fn keeps_its_word(&self, t: &&[E::Raw]) -> bool {
        self.0.keeps_its_word(t)
    }

    #[inline(always)]
    fn sweep(&self, prediction: &P, pair: Pair<'_, P::Raw, &[E::Raw]>, ask: Ask) -> Tally<P::Wide> {
        kernel::soft(prediction, &self.0, pair, ask)
    }

    fn value(&self, t: &[E::Raw], at: usize, _: u32) -> Option<f32> {
        match self.0.read(*t.get(at)?) {
            Reading::Valid(value) | Reading::Clamped(value) => Some(E::worth(value, self.0.unit().value(1) as f32)),
            Reading::Invalid => None,
        }
    }

    fn values<'a>(&self, t: <Self as Target<P>>::Buffer<'a>) -> Option<Values<'a>> {
        self.0.values(t)
    }
}
