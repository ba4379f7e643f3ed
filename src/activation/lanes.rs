//! exp, sigmoid and the steps of a softmax for a vector at a time: the operations of [`super::exp`] and
//! [`super::sigmoid`](super::sigmoid()) in their order, so that the bits are theirs.

use super::exp::{ENDS, LN2, ROUND, SERIES};
use crate::kernel::{Formula, MathLanes};
use core::f32::consts::LOG2_E;

#[inline(always)]
fn exp<L: MathLanes>(l: L, x: L::F) -> L::F {
    let shifted = l.add(l.mul(x, l.splat(LOG2_E)), l.splat(ROUND));
    let n = l.sub(shifted, l.splat(ROUND));
    let r = l.sub(l.sub(x, l.mul(n, l.splat(LN2.0))), l.mul(n, l.splat(LN2.1)));
    let [first, rest @ ..] = SERIES;
    let mut poly = l.splat(first);
    for next in rest {
        poly = l.add(l.mul(poly, r), l.splat(next));
    }
    let fraction = l.add(l.add(l.mul(poly, l.mul(r, r)), r), l.splat(1.0));
    // The integer n is what the shifted bits have above those of the shift.
    let n = l.minus(l.bits(shifted), l.integer(ROUND.to_bits() as i32));
    let half = l.half(n);
    let power = |n: L::I| l.floats(l.exponent(l.plus(n, l.integer(127))));
    let found = l.mul(l.mul(fraction, power(half)), power(l.minus(n, half)));
    let found = l.select(l.less(l.splat(ENDS.0), x), l.splat(f32::INFINITY), found);
    let found = l.select(l.less(x, l.splat(ENDS.1)), l.splat(0.0), found);
    l.select(l.equal(x, x), found, x)
}

#[inline(always)]
pub(crate) fn sigmoid<L: MathLanes>(l: L, x: L::F) -> L::F {
    let negative = l.less(x, l.splat(0.0));
    let e = exp(l, l.select(negative, x, l.sub(l.splat(0.0), x)));
    l.div(l.select(negative, e, l.splat(1.0)), l.add(l.splat(1.0), e))
}

/// The sigmoid of a logit.
#[derive(Clone, Copy)]
pub(crate) struct Logistic;

impl Formula<1> for Logistic {
    #[inline(always)]
    fn of<L: MathLanes>(self, l: L, _: L::F, [x]: [L::F; 1]) -> L::F {
        sigmoid(l, x)
    }
}

/// The greatest logit so far; NaN is not.
#[derive(Clone, Copy)]
pub(super) struct Greatest;

impl Formula<1> for Greatest {
    #[inline(always)]
    fn of<L: MathLanes>(self, l: L, most: L::F, [x]: [L::F; 1]) -> L::F {
        l.select(l.less(most, x), x, most)
    }
}

/// The sum so far and e^(x − most).
#[derive(Clone, Copy)]
pub(super) struct Sum;

impl Formula<2> for Sum {
    #[inline(always)]
    fn of<L: MathLanes>(self, l: L, sum: L::F, [x, most]: [L::F; 2]) -> L::F {
        l.add(sum, exp(l, l.sub(x, most)))
    }
}

/// e^(x − most) / sum.
#[derive(Clone, Copy)]
pub(super) struct Share;

impl Formula<3> for Share {
    #[inline(always)]
    fn of<L: MathLanes>(self, l: L, _: L::F, [x, most, sum]: [L::F; 3]) -> L::F {
        l.div(exp(l, l.sub(x, most)), sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activation;
    use crate::kernel::written_by_all;
    use std::vec::Vec;

    #[derive(Clone, Copy)]
    struct Exp;

    impl Formula<1> for Exp {
        #[inline(always)]
        fn of<L: MathLanes>(self, l: L, _: L::F, [x]: [L::F; 1]) -> L::F {
            exp(l, x)
        }
    }

    /// The bits of the functions themselves, on every backend here; NaN is NaN.
    fn agree(xs: &[f32]) {
        let same = |got: f32, truth: f32| got.to_bits() == truth.to_bits() || got.is_nan() && truth.is_nan();
        for (name, out) in written_by_all(Exp, [xs]) {
            for (&x, got) in xs.iter().zip(out) {
                assert!(same(got, activation::exp(x)), "{name}: exp({x:e}) is {got:e}");
            }
        }
        for (name, out) in written_by_all(Logistic, [xs]) {
            for (&x, got) in xs.iter().zip(out) {
                assert!(same(got, activation::sigmoid(x)), "{name}: sigmoid({x:e}) is {got:e}");
            }
        }
    }

    #[test]
    fn lanes_have_the_bits_of_the_functions() {
        let every = |step: usize| (0..=u32::MAX).step_by(step).map(f32::from_bits).collect::<Vec<_>>();
        agree(&every(10_007));
        // Where one branch ends and the next begins, and both sides of every change of n.
        let mut ends =
            std::vec![0.0, -0.0, 1e-45, -1e-45, f32::MAX, f32::MIN, f32::INFINITY, f32::NEG_INFINITY, f32::NAN];
        for x in [ENDS.0, ENDS.1, -87.336_55, 88.029_69].into_iter().chain((-300..=256).map(|k| k as f32 * 0.346_573_6))
        {
            ends.extend((-4i32..=4).map(|by| f32::from_bits(x.to_bits().wrapping_add_signed(by))));
        }
        agree(&ends);
    }

    #[test]
    #[ignore = "minutes: every f32"]
    fn lanes_have_the_bits_of_the_functions_for_all_inputs() {
        let mut xs = Vec::new();
        for high in 0..=u16::MAX {
            xs.clear();
            xs.extend((0..=u16::MAX).map(|low| f32::from_bits(u32::from(high) << 16 | u32::from(low))));
            agree(&xs);
        }
    }
}
