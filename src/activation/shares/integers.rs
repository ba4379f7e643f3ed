use crate::kernel;

/// Shares of a sum by one inverse of it, in integers of 32 bits.
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
pub struct Integers {
    sum: u32,
    inverse: u32,
}

/// The upper half of a product.
#[inline(always)]
fn high(a: u32, b: u32) -> u32 {
    ((u64::from(a) * u64::from(b)) >> 32) as u32
}

impl Integers {
    pub const NONE: Self = Self { sum: 1 << 23, inverse: u32::MAX };

    /// Of a sum from 2²³, the code of the greatest logit, to 2³¹: 256 of them.
    #[inline(always)]
    pub fn new(sum: u32) -> Self {
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
    pub fn of(&self, code: u32) -> u32 {
        let q = high(code, self.inverse);
        let rest = (code << 23).wrapping_sub(q.wrapping_mul(self.sum));
        q + u32::from(rest >= self.sum - self.sum / 2)
    }

    /// Adds the share of each code to the sum beside it.
    #[inline(always)]
    pub fn add(&self, codes: &[u32], sums: &mut [u32]) {
        if !kernel::add_shares(codes, sums, self.sum, self.inverse) {
            for (p, &code) in sums.iter_mut().zip(codes) {
                *p = p.wrapping_add(self.of(code));
            }
        }
    }
}
