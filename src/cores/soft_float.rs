//! f32 without a float instruction: Q0.23 codes by shifts on the raw bits, products of whole mantissas.
//!
//! ```text
//! for each pixel, up to the first whose bits exceed those of 1.0:
//!     m·2^(e − 150) = x                      m has 24 bits
//!     code    = m ≫ (127 − e), to nearest even
//!     product = m·n ≫ (277 − e − f), to nearest even: the exact product, rounded once
//!     Σp += code;  Σt …;  Σpt += product, or code under a mask
//! ```
//!
//! **Rounding.** Of x ≫ s the whole part is w and the rest, moved to the top of a word, is r. Adding 2³¹ − 1 + (w & 1) to r
//! carries exactly where r > ½, or r = ½ and w is odd. Of a product the lowest 21 of 48 bits enter as one that says
//! whether any is set: at least one bit of weight lies between it and the place that is rounded to.
//!
//! **Small values.** Where the shift leaves no bit and no half the result is 0, before the exponent of a subnormal could
//! matter.

use super::Found;
use super::seen::Seen;

use crate::pixels::ONE_BITS as ONE;
/// Pixels of a block, and of which the plain loop takes no more than must be for one bad value.
pub const BLOCK: usize = 256;

/// w + 1 where the rest, of which 2³¹ is a half, says so.
#[inline(always)]
pub(super) const fn rounded(whole: u32, rest: u32) -> u32 {
    let (_, carry) = rest.overflowing_add(0x7FFF_FFFF + (whole & 1));
    whole + carry as u32
}

/// RNE(x · 2²³) of the bits of x in [0, 1]; of −0.0 it is 0, of others it means nothing.
#[inline(always)]
const fn code(bits: u32) -> u32 {
    let places = 127u32.wrapping_sub(bits >> 23);
    if places.wrapping_sub(1) >= 24 {
        return if places == 0 { 1 << 23 } else { 0 };
    }
    let mantissa = bits & 0x7F_FFFF | 0x80_0000;
    rounded(mantissa >> places, mantissa << (32 - places))
}

/// The product of two mantissas: all bits but the lowest 21, and a last one that is set where one of those is.
#[inline(always)]
const fn times(m: u32, n: u32) -> u32 {
    if cfg!(soft_dice_lanes = "thumb1") { halves(m, n) } else { whole(m, n) }
}

#[inline(always)]
const fn whole(m: u32, n: u32) -> u32 {
    let product = m as u64 * n as u64;
    (product >> 21) as u32 | ((product as u32) << 11 != 0) as u32
}

/// The same where 32 bits are multiplied to 32: halves of twelve bits.
#[inline(always)]
const fn halves(m: u32, n: u32) -> u32 {
    let (a, b, c, d) = (m >> 12, m & 0xFFF, n >> 12, n & 0xFFF);
    let middle = a * d + b * c;
    let low = b * d + ((middle & 0xFFF) << 12);
    let high = a * c + (middle >> 12);
    ((high << 3) + (low >> 21)) | (low << 11 != 0) as u32
}

/// RNE(a · b · 2²³) of the bits of two floats in [0, 1]; of −0.0 it is 0, of others it means nothing.
#[inline(always)]
const fn product(a: u32, b: u32) -> u32 {
    let places = (277 - 21u32).wrapping_sub((a >> 23) + (b >> 23));
    // At least 2: 127 is the exponent of 1.0. Above 27 the product is below a half.
    if places.wrapping_sub(2) > 25 {
        return 0;
    }
    let top = times(a & 0x7F_FFFF | 0x80_0000, b & 0x7F_FFFF | 0x80_0000);
    rounded(top >> places, top << (32 - places))
}

/// Blocks up to the first pixel that is not taken: `$one` adds a pixel to three sums of 32 bits, or breaks. Gives the sums
/// in 64 bits, and how many pixels they are of.
macro_rules! blocks {
    ($n:expr, $at:ident, [$p:ident, $t:ident, $pt:ident], $one:block) => {{
        let (mut total, mut $at) = ([0u64; 3], 0);
        while $at < $n {
            let [mut $p, mut $t, mut $pt] = [0u32; 3];
            let end = $at + ($n - $at).min(BLOCK);
            while $at < end {
                $one
                $at += 1;
            }
            for (sum, more) in total.iter_mut().zip([$p, $t, $pt]) {
                *sum += u64::from(more);
            }
            if $at < end {
                break;
            }
        }
        (total, $at)
    }};
}

/// f32 × a byte mask, up to the first value outside [0, 1]: the sums, and how many pixels they are of.
///
/// # Safety
///
/// `p` is readable for `n` floats, `g` for `n` bytes.
#[inline(never)]
pub unsafe fn float_mask<const CHECK_P: bool, const KIND: u8, const CHECK: bool>(
    p: *const f32,
    g: *const u8,
    n: usize,
    class: u8,
) -> (Found, usize) {
    let mut seen = Seen::NOTHING;
    let ([p, t, pt], done) = blocks!(n, at, [sp, st, spt], {
        // SAFETY: at < n.
        let (bits, byte) = unsafe { (*p.cast::<u32>().add(at), *g.add(at)) };
        if CHECK_P && bits > ONE {
            break;
        }
        let (code, mask) = (code(bits), seen.mask::<KIND, CHECK>(byte, class));
        sp = sp.wrapping_add(code);
        st = st.wrapping_sub(mask);
        spt = spt.wrapping_add(code & mask);
    });
    (Found { p, t, pt, broken: CHECK && seen.broken::<KIND>(), outside: false }, done)
}

/// f32 × its own mask from the bits `cut` on (1 to those of 1.0), up to the first value outside [0, 1].
///
/// # Safety
///
/// `p` is readable for `n` floats.
#[inline(never)]
pub unsafe fn float_own<const CHECK_P: bool>(p: *const f32, n: usize, cut: u32) -> (Found, usize) {
    let ([p, t, pt], done) = blocks!(n, at, [sp, st, spt], {
        // SAFETY: at < n.
        let bits = unsafe { *p.cast::<u32>().add(at) };
        if CHECK_P && bits > ONE {
            break;
        }
        let code = code(bits);
        sp = sp.wrapping_add(code);
        // Signed: −0.0, which only a trusted map holds, reaches no cut.
        if bits as i32 >= cut as i32 {
            (st, spt) = (st + 1, spt.wrapping_add(code));
        }
    });
    (Found { p, t, pt, broken: false, outside: false }, done)
}

/// f32 × f32, up to the first pixel with a value outside [0, 1]: the sums, and how many pixels they are of.
///
/// # Safety
///
/// `p` and `t` are readable for `n` floats.
#[inline(never)]
pub unsafe fn float_float<const CHECK_P: bool, const CHECK_T: bool>(
    p: *const f32,
    t: *const f32,
    n: usize,
) -> (Found, usize) {
    let ([p, t, pt], done) = blocks!(n, at, [sp, st, spt], {
        // SAFETY: at < n.
        let (a, b) = unsafe { (*p.cast::<u32>().add(at), *t.cast::<u32>().add(at)) };
        if CHECK_P && a > ONE || CHECK_T && b > ONE {
            break;
        }
        sp = sp.wrapping_add(code(a));
        st = st.wrapping_add(code(b));
        spt = spt.wrapping_add(product(a, b));
    });
    (Found { p, t, pt, broken: false, outside: false }, done)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::element::{Element, F32, Times};

    /// Bits of floats of [0, 1], all exponents, with mantissas that round every way.
    fn floats() -> impl Iterator<Item = u32> {
        let ends =
            (0..=127u32).flat_map(|e| [0, 1, 2, 0x3F_FFFF, 0x40_0000, 0x40_0001, 0x7F_FFFF].map(|m| e << 23 | m));
        let between = (0..4000u32).map(|i| 0x3300_0000 + i.wrapping_mul(0x9E37_79B9) % 0x0C80_0000);
        ends.chain(between).filter(|&bits| bits <= ONE)
    }

    #[test]
    fn codes_are_the_definition_s() {
        for bits in floats() {
            assert_eq!(u64::from(code(bits)), <F32 as Element>::code(f32::from_bits(bits)), "{bits:x}");
        }
        assert_eq!(code(0x8000_0000), 0);
    }

    #[test]
    fn products_are_the_definition_s() {
        for a in floats().step_by(3) {
            for b in floats().step_by(7) {
                let exact = <F32 as Times<F32>>::times(f32::from_bits(a), f32::from_bits(b));
                assert_eq!(u64::from(product(a, b)), exact, "{a:x} {b:x}");
                let (m, n) = (a & 0x7F_FFFF | 0x80_0000, b & 0x7F_FFFF | 0x80_0000);
                assert_eq!(halves(m, n), whole(m, n), "{m:x} {n:x}");
            }
        }
        assert_eq!((product(0x8000_0000, ONE), product(ONE, ONE)), (0, 1 << 23));
    }
}
