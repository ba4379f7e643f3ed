//! Half floats and bfloat16 against masks and each other, beside the loops that one would write by hand for a core without
//! them: codes by shifts, no float instruction.

use crate::pairs::{bits, checked, ignoring, one, own, wide};
use crate::{FLOATS, against};
use board::{Counter, Out};
use cases::Random;
use core::hint::black_box;
use soft_dice::{BF16, BF16Bits, Bits, F16, F16Bits, Label, LsbFirst, NonZero, Own, Soft, Stream, U8, ZeroOne};

/// Pixels of which codes of 2⁻²⁴ fit 32 bits.
const BLOCK: usize = 128;

/// The code of 2⁻²⁴ of a half float of [0, 1] or of dust below 0.
fn code(bits: u16) -> Option<u32> {
    let bits = u32::from(bits);
    match bits {
        0..0x400 => Some(bits),
        0x400..=0x3C00 => Some((bits & 0x3FF | 0x400) << ((bits >> 10) - 1)),
        0x8000..=0x8010 => Some(0),
        _ => None,
    }
}

/// The same of one that is known to lie in [0, 1].
fn known(bits: u16) -> Option<u32> {
    let (exponent, fraction) = (u32::from(bits >> 10), u32::from(bits & 0x3FF));
    Some(if exponent == 0 { fraction } else { (fraction | 0x400) << ((exponent - 1) & 31) })
}

/// The code of 2⁻²³, to nearest even, of a bfloat16 of [0, 1] or of dust around it.
fn upper(bits: u16) -> Option<u32> {
    let bits = u32::from(bits);
    // Below 2⁻²⁵ nothing is left; 2⁻²⁴ alone is a tie, to even.
    match bits {
        0..0x3300 => Some(0),
        0x3300..=0x3F80 => {
            let (mantissa, exponent) = (bits & 0x7F | 0x80, bits >> 7);
            // x = mantissa · 2^(exponent − 134).
            if exponent >= 111 {
                return Some(mantissa << (exponent - 111));
            }
            let places = 111 - exponent;
            let (whole, rest) = (mantissa >> places, mantissa << (32 - places));
            Some(whole + u32::from(rest > 1 << 31 || rest == 1 << 31 && whole & 1 == 1))
        }
        // −10⁻⁶ and what is nearer to 0.
        0x8000..=0xB586 => Some(0),
        _ => None,
    }
}

/// RNE of the product of two bfloat16 of [0, 1], in codes of 2⁻²³.
fn upper_product(a: u16, b: u16) -> u32 {
    let [a, b] = [a, b].map(|x| if x > 0x8000 { 0 } else { u32::from(x) });
    let (mantissa, exponent) = ((a & 0x7F | 0x80) * (b & 0x7F | 0x80), (a >> 7) + (b >> 7));
    // a · b = mantissa · 2^(exponent − 268); the mantissa has at most 16 bits.
    let places = 245u32.wrapping_sub(exponent);
    match places {
        1..=17 => {
            let (whole, rest) = (mantissa >> places, mantissa << (32 - places));
            whole + u32::from(rest > 1 << 31 || rest == 1 << 31 && whole & 1 == 1)
        }
        18.. if places < 1 << 31 => 0,
        _ => mantissa << exponent.wrapping_sub(245),
    }
}

/// The bits of the half float that a code of 2⁻²⁴ is cut to.
fn half(code: u32) -> u16 {
    let places = 21u32.saturating_sub(code.leading_zeros());
    ((places << 10) + (code >> places)) as u16
}

/// All of them; whether each call is as fast as its plain loop.
#[inline(never)]
pub fn run(
    (out, counter): (&mut Out, &mut Counter),
    random: &mut Random,
    [p, t]: &mut [[u16; FLOATS]; 2],
    mask: &[u8],
) -> bool {
    let mut fast = true;
    let mask = black_box(&mask[..FLOATS]);
    macro_rules! beside {
        ($kernel:literal, $stream:expr, |$into:ident| $call:expr, |$sums:ident| $plain:expr) => {
            fast &= against((out, counter), $kernel, FLOATS, $stream, |$into| $call, |$sums| $plain)
        };
    }
    for map in [&mut *p, &mut *t] {
        map.fill_with(|| half(random.word() >> 8));
    }
    {
        let (p, t, float) = (black_box(&p[..]), black_box(&t[..]), F16::new());
        let (a, b) = (F16Bits::of(p), F16Bits::of(t));
        let (packed, sure) = (&mask[..FLOATS / 8], float.trusted());
        let (any, first) = (|byte| Some(byte != 0), |byte| Some(byte == 1));
        let product = |_: (u16, u16), [a, b]: [u32; 2]| u64::from(a) * u64::from(b);
        beside!("f16_mask", Stream::new(float, ZeroOne::new()), |s| s.update(a, mask), |s| {
            checked::<BLOCK, _>(s, p, mask, code, one)
        });
        beside!("f16_f16", Stream::new(float, Soft(float)), |s| s.update(a, b), |s| {
            wide::<BLOCK, _, _>(s, (p, code), (t, code), product)
        });
        beside!("f16_mask_trusted", Stream::new(sure, ZeroOne::new()), |s| s.update(a, mask), |s| {
            checked::<BLOCK, _>(s, p, mask, known, one)
        });
        beside!("f16_nonzero", Stream::new(float, NonZero), |s| s.update(a, mask), |s| {
            checked::<BLOCK, _>(s, p, mask, code, any)
        });
        beside!("f16_label", Stream::new(float, Label::new(1)), |s| s.update(a, mask), |s| {
            checked::<BLOCK, _>(s, p, mask, code, first)
        });
        beside!("f16_label_ignoring", Stream::new(float, Label::new(1).ignoring(0)), |s| s.update(a, mask), |s| {
            ignoring::<BLOCK, _>(s, p, mask, [1, 0], code)
        });
        beside!("f16_bits", Stream::new(float, LsbFirst), |s| s.update(a, Bits::new(packed)), |s| {
            bits::<false, BLOCK, _>(s, p, packed, code)
        });
        beside!("f16_own", Stream::new(float, Own::at_least(&float, 0.5)), |s| s.update(a, ()), |s| {
            own::<BLOCK, _>(s, p, 1 << 23, code)
        });
        beside!("f16_f16_trusted", Stream::new(sure, Soft(sure)), |s| s.update(a, b), |s| {
            wide::<BLOCK, _, _>(s, (p, known), (t, known), product)
        });
        beside!("f16_u8", Stream::new(float, Soft(U8)), |s| s.update(a, mask), |s| {
            wide::<BLOCK, _, _>(s, (p, code), (mask, |byte: u8| Some(byte.into())), |_, [a, b]| {
                u64::from(a) * u64::from(b)
            })
        });
    }
    // The upper halves of floats.
    for map in [&mut *p, &mut *t] {
        map.fill_with(|| (((random.word() >> 8) as f32 * (1.0 / 16_777_216.0)).to_bits() >> 16) as u16);
    }
    let (p, t, float) = (black_box(&p[..]), black_box(&t[..]), BF16::new());
    let (a, b) = (BF16Bits::of(p), BF16Bits::of(t));
    beside!("bf16_mask", Stream::new(float, ZeroOne::new()), |s| s.update(a, mask), |s| {
        checked::<BLOCK, _>(s, p, mask, upper, one)
    });
    beside!("bf16_bf16", Stream::new(float, Soft(float)), |s| s.update(a, b), |s| {
        wide::<BLOCK, _, _>(s, (p, upper), (t, upper), |(a, b), _| u64::from(upper_product(a, b)))
    });
    fast
}
