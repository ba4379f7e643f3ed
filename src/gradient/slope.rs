//! What is written of values: each a [`Formula`] of p, t, and what else the sweep knows. A pixel that is left out bears a
//! NaN in one of them, and gets 0.

use super::Gradient;
use crate::kernel::{Formula, MathLanes};

/// ∂loss/∂p. Multiplied and added apart, in this order: no backend may fuse them.
#[inline(always)]
pub(super) fn slope<L: MathLanes>(l: L, gradient: Gradient, p: L::F, t: L::F) -> L::F {
    let less = l.select(l.equal(p, t), l.splat(0.5), l.splat(0.0));
    let less = l.select(l.less(p, t), l.splat(1.0), less);
    let sum = l.add(l.splat(gradient.constant), l.mul(l.splat(gradient.per_p), p));
    let sum = l.add(sum, l.mul(l.splat(gradient.per_t), t));
    l.add(sum, l.mul(l.splat(gradient.below), less))
}

/// ∂loss/∂p of p and t.
#[derive(Clone, Copy)]
pub(super) struct Direct(pub Gradient);

impl Formula<2> for Direct {
    #[inline(always)]
    fn of<L: MathLanes>(self, l: L, _: L::F, [p, t]: [L::F; 2]) -> L::F {
        let counts = l.both(l.inside(p), l.equal(t, t));
        l.select(counts, slope(l, self.0, p, t), l.splat(0.0))
    }
}

/// ∂loss/∂logit of p = sigmoid(logit) and t: times p(1 − p).
#[derive(Clone, Copy)]
pub(super) struct ThroughSigmoid(pub Gradient);

impl Formula<2> for ThroughSigmoid {
    #[inline(always)]
    fn of<L: MathLanes>(self, l: L, _: L::F, [p, t]: [L::F; 2]) -> L::F {
        let counts = l.both(l.inside(p), l.equal(t, t));
        let moves = l.mul(p, l.sub(l.splat(1.0), p));
        l.select(counts, l.mul(slope(l, self.0, p, t), moves), l.splat(0.0))
    }
}

/// The mean of ∂loss/∂p over the classes so far, weighed by p.
#[derive(Clone, Copy)]
pub(super) struct Mean(pub Gradient);

impl Formula<2> for Mean {
    #[inline(always)]
    fn of<L: MathLanes>(self, l: L, mean: L::F, [p, t]: [L::F; 2]) -> L::F {
        l.add(mean, l.mul(p, slope(l, self.0, p, t)))
    }
}

/// ∂loss/∂logit of p = softmax(logits), t, and that mean over all classes.
#[derive(Clone, Copy)]
pub(super) struct ThroughSoftmax(pub Gradient);

impl Formula<3> for ThroughSoftmax {
    #[inline(always)]
    fn of<L: MathLanes>(self, l: L, _: L::F, [p, t, mean]: [L::F; 3]) -> L::F {
        // An ignored pixel has no target, one with a NaN logit no probability: its mean is NaN.
        let counts = l.both(l.equal(mean, mean), l.equal(t, t));
        l.select(counts, l.mul(p, l.sub(slope(l, self.0, p, t), mean)), l.splat(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::written_by_all;
    use std::vec::Vec;

    /// p, t and a mean that bring every case together: inside, ties, ends, outside, NaN.
    fn inputs(seed: u32, n: usize) -> [Vec<f32>; 3] {
        const ODD: [f32; 8] = [0.0, 1.0, 0.5, -0.0, f32::NAN, 1.5, -0.25, f32::INFINITY];
        let mut state = seed | 1;
        let mut next = || {
            state = state.wrapping_mul(0x915F_77F5).wrapping_add(0x6D2B_79F5);
            state >> 8
        };
        core::array::from_fn(|_| {
            let one =
                |bits: u32| if bits & 3 == 0 { ODD[(bits >> 2 & 7) as usize] } else { bits as f32 / (1 << 24) as f32 };
            (0..n).map(|_| one(next())).collect()
        })
    }

    fn same(backends: &[(&str, Vec<f32>)], seed: u32) {
        let (_, one) = &backends[0];
        for (name, out) in &backends[1..] {
            for (at, (a, b)) in one.iter().zip(out).enumerate() {
                assert!(a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan(), "{name}, seed {seed}, {at}: {a} {b}");
            }
        }
    }

    #[test]
    fn every_backend_writes_the_same_bits() {
        for seed in 0..400 {
            let [p, t, mean] = inputs(seed, seed as usize);
            let k = |i: u32| (seed.wrapping_mul(i * 2 + 1) % 2003) as f32 / 311.0 - 3.0;
            let g = Gradient { constant: k(1), per_p: k(2), per_t: k(3), below: k(4) };
            let of = [&p[..], &t[..]];
            let direct = written_by_all(Direct(g), of);
            for (at, &got) in direct[0].1.iter().enumerate() {
                let counts = (0.0..=1.0).contains(&p[at]) && !t[at].is_nan();
                let truth = if counts { g.at(p[at], t[at]) } else { 0.0 };
                assert!(got == truth || got.is_nan() && truth.is_nan(), "{at}: {got} {truth}");
            }
            same(&direct, seed);
            same(&written_by_all(ThroughSigmoid(g), of), seed);
            same(&written_by_all(Mean(g), of), seed);
            same(&written_by_all(ThroughSoftmax(g), [&p, &t, &mean]), seed);
        }
    }
}
