//! Half floats and bfloat16 against masks and each other, beside the loops that one would write by hand for a core without
//! them: codes by shifts, no float instruction.

use crate::plain::Sums;
use crate::{FLOATS, against, count};
use board::{Counter, Out};
use cases::Random;
use core::hint::black_box;
use soft_dice::{BF16, BF16Bits, Bits, Error, F16, F16Bits, Label, LsbFirst, NonZero, Own, Soft, Stream, U8, ZeroOne};

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

/// 16-bit floats × a mask declared {0, 1}; pixels out of range are left out and counted.
fn masked(sums: &mut Sums, p: &[u16], mask: &[u8], code: impl Fn(u16) -> Option<u32>) -> Result<(), Error> {
    sums.room(p.len(), [mask.len(); 2])?;
    let mut new = *sums;
    for (p, mask) in p.chunks(BLOCK).zip(mask.chunks(BLOCK)) {
        let [mut sp, mut st, mut spt, mut invalid] = [0u32; 4];
        for (&p, &one) in p.iter().zip(mask) {
            if one > 1 {
                return Err(Error::Mask);
            }
            let Some(p) = code(p) else {
                invalid += 1;
                continue;
            };
            let one = u32::from(one);
            sp += p;
            st += one;
            spt += p * one;
        }
        new.invalid += u64::from(invalid);
        new.count += u64::from(p.len() as u32 - invalid);
        new.p += u64::from(sp);
        new.t += u64::from(st);
        new.pt += u64::from(spt);
    }
    *sums = new;
    Ok(())
}

/// 16-bit floats × such floats.
fn soft(
    sums: &mut Sums,
    p: &[u16],
    t: &[u16],
    code: impl Fn(u16) -> Option<u32>,
    product: impl Fn([u16; 2], [u32; 2]) -> u64,
) -> Result<(), Error> {
    sums.room(p.len(), [t.len(); 2])?;
    for (p, t) in p.chunks(BLOCK).zip(t.chunks(BLOCK)) {
        let [mut sp, mut st, mut invalid] = [0u32; 3];
        // Of at most 2¹⁶ pixels in all: 2⁴⁸ · 2¹⁶.
        let mut spt = 0u64;
        for (&p, &t) in p.iter().zip(t) {
            let (Some(a), Some(b)) = (code(p), code(t)) else {
                invalid += 1;
                continue;
            };
            sp += a;
            st += b;
            spt += product([p, t], [a, b]);
        }
        sums.invalid += u64::from(invalid);
        sums.count += u64::from(p.len() as u32 - invalid);
        sums.p += u64::from(sp);
        sums.t += u64::from(st);
        sums.pt += spt;
    }
    Ok(())
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
    macro_rules! count {
        ($kernel:literal, $element:expr, $target:expr, $p:expr, $t:expr) => {
            count((out, counter), $kernel, ($element, $target), $p, $t)
        };
    }
    for map in [&mut *p, &mut *t] {
        map.fill_with(|| half(random.word() >> 8));
    }
    {
        let (p, t, float) = (black_box(&p[..]), black_box(&t[..]), F16::new());
        let (a, b) = (F16Bits::of(p), F16Bits::of(t));
        beside!("f16_mask", Stream::new(float, ZeroOne::new()), |s| s.update(a, mask), |s| masked(s, p, mask, code));
        beside!("f16_f16", Stream::new(float, Soft(float)), |s| s.update(a, b), |s| {
            soft(s, p, t, code, |_, [a, b]| u64::from(a) * u64::from(b))
        });
        count!("f16_mask_trusted", float.trusted(), ZeroOne::new(), a, mask);
        count!("f16_nonzero", float, NonZero, a, mask);
        count!("f16_label", float, Label::new(1), a, mask);
        count!("f16_label_ignoring", float, Label::new(1).ignoring(0), a, mask);
        count!("f16_bits", float, LsbFirst, a, Bits::new(&mask[..FLOATS / 8]));
        count!("f16_own", float, Own::at_least(&float, 0.5), a, ());
        count!("f16_f16_trusted", float.trusted(), Soft(float.trusted()), a, b);
        count!("f16_u8", float, Soft(U8), a, mask);
    }
    // The upper halves of floats.
    for map in [&mut *p, &mut *t] {
        map.fill_with(|| (((random.word() >> 8) as f32 * (1.0 / 16_777_216.0)).to_bits() >> 16) as u16);
    }
    let (p, t, float) = (black_box(&p[..]), black_box(&t[..]), BF16::new());
    let (a, b) = (BF16Bits::of(p), BF16Bits::of(t));
    beside!("bf16_mask", Stream::new(float, ZeroOne::new()), |s| s.update(a, mask), |s| masked(s, p, mask, upper));
    beside!("bf16_bf16", Stream::new(float, Soft(float)), |s| s.update(a, b), |s| {
        soft(s, p, t, upper, |[a, b], _| u64::from(upper_product(a, b)))
    });
    fast
}
