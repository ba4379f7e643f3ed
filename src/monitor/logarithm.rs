//! Logarithms of ratios as integers: what a chart needs where a fall is a factor, and not a difference.

/// 0 of the readings that are logarithms, so that they fit in a `u16` like the scores.
pub(super) const ZERO: u16 = 1 << 15;
/// One octave, a factor of two.
pub(super) const OCTAVE: u16 = 1 << BITS;

const BITS: u32 = 11;

/// log₂(x) in 2⁻¹¹, cut off below; −32 for 0. Eleven squarings: no table, no division, no float. One
/// function for all that take one.
#[inline(never)]
pub(super) const fn log2(x: u64) -> i32 {
    if x == 0 {
        return -(32 << BITS);
    }
    let zeros = x.leading_zeros();
    let whole = 63 - zeros as i32;
    // The mantissa in [1, 2), with 31 bits after the point.
    let mut mantissa = (x << zeros) >> 32;
    let mut log = whole;
    let mut bit = 0;
    while bit < BITS {
        mantissa = (mantissa * mantissa) >> 31;
        log <<= 1;
        if mantissa >> 32 != 0 {
            log |= 1;
            mantissa >>= 1;
        }
        bit += 1;
    }
    log
}

/// A logarithm as a reading: about [`ZERO`], within 16 octaves. Not inlined where text is short, for it is asked for thrice.
#[cfg_attr(soft_dice_lanes = "small", inline(never))]
pub(super) const fn reading(log: i32) -> u16 {
    let shifted = log.saturating_add(ZERO as i32);
    if shifted < 0 {
        0
    } else if shifted > u16::MAX as i32 {
        u16::MAX
    } else {
        shifted as u16
    }
}

/// The logarithm of a reading.
pub(super) const fn of(reading: u16) -> i16 {
    (reading ^ ZERO).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn within_a_step(x in 1u64..) {
            let exact = (x as f64).log2() * f64::from(OCTAVE);
            let found = f64::from(log2(x));
            prop_assert!(found <= exact + 0.01 && found > exact - 1.2, "{x}: {found} for {exact}");
        }

        #[test]
        fn readings_come_back(log in -32768i32..=32767) {
            prop_assert_eq!(i32::from(of(reading(log))), log);
        }
    }

    #[test]
    fn ends() {
        assert_eq!((log2(1), log2(2), log2(1 << 63)), (0, 2048, 63 * 2048));
        assert_eq!((reading(i32::MIN), reading(i32::MAX), reading(0)), (0, u16::MAX, ZERO));
        assert_eq!((reading(-32769), reading(32768), reading(32777)), (0, u16::MAX, u16::MAX));
        assert!(log2(0) < log2(1));
    }
}
