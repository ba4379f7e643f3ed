//! Shares of a sum of codes, without a division for each: code · 2²³ / sum, to the nearest. In integers, or by doubles on the cores
//! whose vectors have them; the same bits either way.

#[cfg(any(soft_dice_lanes = "neon", test))]
mod doubles;
#[cfg(any(not(soft_dice_lanes = "neon"), test))]
mod integers;

#[cfg(soft_dice_lanes = "neon")]
pub use doubles::Doubles as Shares;
#[cfg(not(soft_dice_lanes = "neon"))]
pub use integers::Integers as Shares;

#[cfg(test)]
mod tests {
    use super::{doubles::Doubles, integers::Integers};

    #[test]
    fn of_a_single_logit_the_share_is_its_code() {
        for code in [0, 1, 77, 1 << 22, 1 << 23] {
            assert_eq!([Integers::NONE.of(code), Doubles::NONE.of(code)], [code; 2]);
        }
    }

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
            let (integers, doubles) = (Integers::new(sum), Doubles::new(sum));
            let half = sum / 2;
            let codes = [sum.min(1 << 23), 0, 5];
            let (mut added, mut by_doubles) = ([1u32; 3], [1u32; 3]);
            integers.add(&codes, &mut added);
            doubles.add(&codes, &mut by_doubles);
            assert_eq!(added, codes.map(|code| 1 + integers.of(code)));
            assert_eq!(by_doubles, added);
            // Next to where a share is exactly between two codes, which are the hardest to round.
            let ties = [1u64, 3, 255, (1 << 22) + 1, (1 << 23) - 1].map(|odd| ((odd * u64::from(sum)) >> 24) as u32);
            let codes = [0, 1, 2, 1 << 22, (1 << 23) - 1, 1 << 23, next() >> 8, next() >> 12, next() >> 20, half >> 8];
            for code in codes.into_iter().chain(ties).flat_map(|code| [code, code + 1]) {
                let code = code.min(1 << 23);
                let exact = ((u64::from(code) << 23) + u64::from(half)) / u64::from(sum);
                assert_eq!(u64::from(integers.of(code)), exact, "{code} of {sum}");
                assert_eq!(u64::from(doubles.of(code)), exact, "{code} of {sum}, by doubles");
            }
        }
    }
}
