//! Shares of a softmax of 8-bit logits, and their sums, of interleaved rows against labels without a float between.
//!
//! ```text
//! for each pixel that counts:
//!     most = its greatest logit
//!     sum = Σ table[most − logit]                       over its channels
//!     for each channel:  share = table[most − logit] · 2²³ / sum, to the nearest;  Σp += share
//!     of the label:      Σpt += its share;  Σt += 1
//! ```

use crate::columns::CodeSums;
use crate::kernel;

/// Rounded shares of a sum: code · 2²³ / sum, to the nearest, without a division for each.
///
/// ```text
/// s = sum · 2^z, from 2³¹ on and below 2³²                        z = leading zeros, 0 to 8
/// g = 2¹⁵ · ⌊(2³² − 1) / (⌊s / 2¹⁶⌋ + 1)⌋                         one division of 32 bits for all shares of a pixel
/// e = 2³¹ − 1 − ⌊g · s / 2³²⌋                                     what g lacks, in units of 2⁻³¹, rounded down
/// inverse = ⌊(g + ⌊2 · e · g / 2³²⌋) / 2^(8 − z)⌋                 one step of Newton's
/// q = ⌊code · inverse / 2³²⌋
/// rest = code · 2²³ − q · sum
/// if rest ≥ sum / 2:  q += 1                                      rounded up
/// ```
///
/// **Why that is exact.** The divisor is above s / 2¹⁶, so that g is below 2⁶³ / s: by less than a part in 2¹⁴, as the one that is
/// added is at most 2⁻¹⁵ of the divisor and the floor less than 2⁻¹⁶ of the quotient. With g · s = 2⁶³ (1 − ε) is e at most 2³¹ ε,
/// and less than 1 below that; so g (1 + ε) is never passed, which is a part of ε² below 2⁶³ / s. With what the floors lose
/// the inverse is never above 2⁵⁵ / sum, and lacks less than a part in 2²⁷ of it, and less than 1.
///
/// Let x = code · 2²³ / sum, at most 2²³. Then code · inverse / 2³² is at most x, and less than 2⁻⁴ + 2⁻⁹ below, so that q is ⌊x⌋, or
/// ⌊x⌋ − 1 where x is less than a tenth above its floor. In the first case rest is what ⌊x⌋ leaves, and one comparison rounds it.
/// In the second rest is above sum and below 1.1 sum, so that q + 1 = ⌊x⌋ is right too. Either way rest is below 2³², which
/// 32 bits hold although code · 2²³ and q · sum do not.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Shares {
    sum: u32,
    inverse: u32,
}

/// The upper half of a product.
#[inline(always)]
fn high(a: u32, b: u32) -> u32 {
    ((u64::from(a) * u64::from(b)) >> 32) as u32
}

impl Shares {
    pub(super) const NONE: Self = Self { sum: 1 << 23, inverse: u32::MAX };

    /// Of a sum from 2²³, the code of the greatest logit, to 2³¹: 256 of them.
    #[inline(always)]
    pub(super) fn new(sum: u32) -> Self {
        // The lowest bit tells the compiler that there is one; what is counted stays.
        let zeros = (sum | 1).leading_zeros();
        let scaled = sum << zeros;
        let rough = (u32::MAX / ((scaled >> 16) + 1)) << 15;
        let lacks = (u32::MAX >> 1).wrapping_sub(high(rough, scaled));
        let exact = rough.wrapping_add(high(rough, lacks << 1));
        Self { sum, inverse: exact >> (8u32.wrapping_sub(zeros) & 31) }
    }

    /// The share of a code up to 2²³.
    #[inline(always)]
    pub(super) fn of(&self, code: u32) -> u32 {
        let q = high(code, self.inverse);
        let rest = (code << 23).wrapping_sub(q.wrapping_mul(self.sum));
        q + u32::from(rest >= self.sum - self.sum / 2)
    }
}

/// Adds a run of rows of 8-bit logits, `SIGNED` or not, beside their labels; pixels whose label is no channel are left out.
pub(super) fn add<const SIGNED: bool>(
    table: &[u32; 256],
    rows: &[u8],
    channels: usize,
    labels: &[u8],
    sums: &mut CodeSums,
) {
    if channels == 4 {
        four::<SIGNED>(table, rows.as_chunks::<4>().0, labels, sums);
    } else {
        many::<SIGNED>(table, rows, channels, labels, sums);
    }
}

/// Four channels: what is known of a row stays in registers. Out of line, so that what the caller holds does not.
#[inline(never)]
fn four<const SIGNED: bool>(table: &[u32; 256], rows: &[[u8; 4]], labels: &[u8], sums: &mut CodeSums) {
    let (mut p, mut of) = ([0u32; 4], [[0u32; 2]; 4]);
    for (row, &label) in rows.iter().zip(labels) {
        let Some([t, pt]) = of.get_mut(usize::from(label)) else { continue };
        let codes = kernel::below_greatest::<SIGNED>(*row).map(|distance| table[usize::from(distance)]);
        let shares = Shares::new(codes.iter().fold(0u32, |sum, &code| sum.wrapping_add(code)));
        let shares = codes.map(|code| shares.of(code));
        for (p, share) in p.iter_mut().zip(shares) {
            *p = p.wrapping_add(share);
        }
        *t = t.wrapping_add(1);
        *pt = pt.wrapping_add(shares[usize::from(label & 3)]);
    }
    for (channel, (p, [t, pt])) in p.into_iter().zip(of).enumerate() {
        sums.add(channel, [p, t, pt]);
    }
}

/// Any number of channels up to those of the sums.
#[inline(never)]
fn many<const SIGNED: bool>(table: &[u32; 256], rows: &[u8], channels: usize, labels: &[u8], sums: &mut CodeSums) {
    let mut room = [0u32; CodeSums::CHANNELS];
    let Some(codes) = room.get_mut(..channels) else { return };
    for (row, &label) in rows.chunks_exact(channels.max(1)).zip(labels) {
        let label = usize::from(label);
        let Some(&of_label) = row.get(label) else { continue };
        let most = kernel::greatest_byte::<SIGNED>(row);
        // At most 64 · 2²³, and at least the greatest logit's 2²³.
        let shares = Shares::new(kernel::codes_below(table, row, most, codes));
        if !kernel::add_shares(codes, &mut sums.p, shares.sum, shares.inverse) {
            for (p, &code) in sums.p.iter_mut().zip(&*codes) {
                *p = p.wrapping_add(shares.of(code));
            }
        }
        if let (Some(t), Some(pt)) = (sums.t.get_mut(label), sums.pt.get_mut(label)) {
            *t = t.wrapping_add(1);
            *pt = pt.wrapping_add(shares.of(table[usize::from(most.wrapping_sub(of_label))]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against a division of 64 bits: sums at both ends and between, codes at both ends, at halves and between.
    #[test]
    fn shares_are_what_a_division_gives() {
        let mut random = 1u32;
        let mut next = || {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            random >> 1
        };
        let ends = [1 << 23, (1 << 23) + 1, (1 << 24) - 1, 1 << 24, (1 << 31) - 1, 1 << 31, 0x5555_5555, 3 << 24];
        for round in 0..20_000 {
            let sum = ends.get(round).copied().unwrap_or_else(|| (next() >> (next() % 8)).max(1 << 23));
            let shares = Shares::new(sum);
            let half = sum / 2;
            let codes = [0, 1, 2, 1 << 22, (1 << 23) - 1, 1 << 23, next() >> 8, next() >> 12, next() >> 20, half >> 8];
            for code in codes {
                let code = code.min(1 << 23);
                let exact = ((u64::from(code) << 23) + u64::from(half)) / u64::from(sum);
                assert_eq!(u64::from(shares.of(code)), exact, "{code} of {sum}");
            }
        }
    }
}
