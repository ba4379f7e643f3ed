/// Shares of a sum by doubles: a product and an addition for each, two to a vector.
///
/// ```text
/// per = 2²³ (1 + 2⁻⁵⁰) / sum                        one division for all shares of a pixel
/// share = the lower 32 bits of code · per + 2⁵²     an addition that rounds to a whole number
/// ```
///
/// **Why that is exact.** Let x = code · 2²³ / sum. The quotient and the product are each rounded, by at most a part in 2⁵³, so that
/// code · per is above x by a part of it between 2⁻⁵⁰ − 2⁻⁵² + … and 2⁻⁵⁰ + 2⁻⁵²: by less than 2⁻³ / sum, since x is at most 2⁴⁶ / sum.
/// From a number that lies between two codes, x is away by a multiple of ½ / sum: where it is below one it stays below, and where it
/// is one it is now above, and rounded up, as the integers do. The sum with 2⁵² is a whole number, whose lower bits are
/// the code.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Doubles {
    per: f64,
}

impl Doubles {
    pub const NONE: Self = Self { per: 1.0 };

    /// Of a sum from 2²³, the code of the greatest logit, to 2³¹: 256 of them.
    #[inline(always)]
    pub fn new(sum: u32) -> Self {
        const ONE: f64 = 8_388_608.0 * (1.0 + 4.0 * f64::EPSILON);
        Self { per: ONE / f64::from(sum) }
    }

    /// The share of a code up to 2²³.
    #[inline(always)]
    pub fn of(&self, code: u32) -> u32 {
        const WHOLE: f64 = 1.0 / f64::EPSILON;
        (f64::from(code) * self.per + WHOLE).to_bits() as u32
    }

    /// Adds the share of each code to the sum beside it.
    #[inline(always)]
    pub fn add(&self, codes: &[u32], sums: &mut [u32]) {
        for (p, &code) in sums.iter_mut().zip(codes) {
            *p = p.wrapping_add(self.of(code));
        }
    }
}
