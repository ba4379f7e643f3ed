//! One map against one target, the calls that firmware makes most: each beside the loop that one would write by hand for it.

use super::plain::{self, BLOCK, Sums, code, float};
use super::{FLOATS, PIXELS, against, frames, twice, write};
use board::{Counter, Out};
use core::hint::black_box;
use soft_dice::{
    Bits, Error, F32, I8, Label, LsbFirst, MsbFirst, NonZero, Own, Q15, Soft, Stream, Thresholded, U8, ZeroFull,
    ZeroOne,
};

/// Codes below 2¹⁶ × a byte mask: `mark` says what a byte is, 0 or 1 or neither.
fn masked<R: Copy>(
    sums: &mut Sums,
    p: &[R],
    mask: &[u8],
    code: impl Fn(R) -> u32,
    mark: impl Fn(u8) -> Option<bool>,
) -> Result<(), Error> {
    sums.room(p.len(), [mask.len(); 2])?;
    let mut new = *sums;
    for (p, mask) in p.chunks(BLOCK).zip(mask.chunks(BLOCK)) {
        let [mut sp, mut st, mut spt] = [0u32; 3];
        for (&p, &byte) in p.iter().zip(mask) {
            let Some(one) = mark(byte) else { return Err(Error::Mask) };
            let p = code(p);
            sp += p;
            st += u32::from(one);
            spt += if one { p } else { 0 };
        }
        plain::add(&mut new, [p.len() as u32, 0, 0, sp, st, spt]);
    }
    *sums = new;
    Ok(())
}

/// Codes some of which are none × a byte mask: their pixels are left out and counted.
pub fn checked<const SHORT: usize, R: Copy>(
    sums: &mut Sums,
    p: &[R],
    mask: &[u8],
    code: impl Fn(R) -> Option<u32>,
    mark: impl Fn(u8) -> Option<bool>,
) -> Result<(), Error> {
    sums.room(p.len(), [mask.len(); 2])?;
    let mut new = *sums;
    for (p, mask) in p.chunks(SHORT).zip(mask.chunks(SHORT)) {
        let [mut sp, mut st, mut spt, mut invalid] = [0u32; 4];
        for (&p, &byte) in p.iter().zip(mask) {
            let Some(one) = mark(byte) else { return Err(Error::Mask) };
            let Some(p) = code(p) else {
                invalid += 1;
                continue;
            };
            sp += p;
            st += u32::from(one);
            spt += if one { p } else { 0 };
        }
        plain::add(&mut new, [p.len() as u32 - invalid, 0, 0, sp, st, spt]);
        new.invalid += u64::from(invalid);
    }
    *sums = new;
    Ok(())
}

/// Codes × bits of a mask, eight a byte, lowest first or highest.
pub fn bits<const MSB: bool, const SHORT: usize, R: Copy>(
    sums: &mut Sums,
    p: &[R],
    mask: &[u8],
    code: impl Fn(R) -> Option<u32>,
) -> Result<(), Error> {
    sums.room(p.len(), [mask.len() * 8; 2])?;
    for (p, mask) in p.chunks(SHORT).zip(mask.chunks(SHORT / 8)) {
        let [mut sp, mut st, mut spt, mut invalid] = [0u32; 4];
        for (p, &byte) in p.chunks(8).zip(mask) {
            let mut bits = if MSB { byte.reverse_bits() } else { byte };
            for &p in p {
                let one = bits & 1 != 0;
                bits >>= 1;
                let Some(p) = code(p) else {
                    invalid += 1;
                    continue;
                };
                sp += p;
                st += u32::from(one);
                spt += if one { p } else { 0 };
            }
        }
        plain::add(sums, [p.len() as u32 - invalid, 0, 0, sp, st, spt]);
        sums.invalid += u64::from(invalid);
    }
    Ok(())
}

/// Codes × the map's own mask, of those from `cut` on.
pub fn own<const SHORT: usize, R: Copy>(
    sums: &mut Sums,
    p: &[R],
    cut: u32,
    code: impl Fn(R) -> Option<u32>,
) -> Result<(), Error> {
    sums.room(p.len(), [p.len(); 2])?;
    for p in p.chunks(SHORT) {
        let [mut sp, mut st, mut spt, mut invalid] = [0u32; 4];
        for &p in p {
            let Some(p) = code(p) else {
                invalid += 1;
                continue;
            };
            sp += p;
            if p >= cut {
                st += 1;
                spt += p;
            }
        }
        plain::add(sums, [p.len() as u32 - invalid, 0, 0, sp, st, spt]);
        sums.invalid += u64::from(invalid);
    }
    Ok(())
}

/// Codes × the pixels of a class, without those of the ignore label.
pub fn ignoring<const SHORT: usize, R: Copy>(
    sums: &mut Sums,
    p: &[R],
    labels: &[u8],
    [class, ignore]: [u8; 2],
    code: impl Fn(R) -> Option<u32>,
) -> Result<(), Error> {
    sums.room(p.len(), [labels.len(); 2])?;
    for (p, labels) in p.chunks(SHORT).zip(labels.chunks(SHORT)) {
        let [mut count, mut ignored, mut sp, mut st, mut spt] = [0u32; 5];
        for (&p, &label) in p.iter().zip(labels) {
            if label == ignore {
                ignored += 1;
                continue;
            }
            let Some(p) = code(p) else { continue };
            count += 1;
            sp += p;
            if label == class {
                st += 1;
                spt += p;
            }
        }
        plain::add(sums, [count, ignored, 0, sp, st, spt]);
        sums.invalid += u64::from(p.len() as u32 - ignored - count);
    }
    Ok(())
}

/// Floats × their own mask, of those from `cut` on.
fn float_own(sums: &mut Sums, p: &[f32], cut: f32, code: impl Fn(f32) -> Option<u32>) -> Result<(), Error> {
    sums.room(p.len(), [p.len(); 2])?;
    for p in p.chunks(plain::FINE) {
        let [mut sp, mut st, mut spt, mut invalid] = [0u32; 4];
        for &value in p {
            let Some(p) = code(value) else {
                invalid += 1;
                continue;
            };
            sp += p;
            if value >= cut {
                st += 1;
                spt += p;
            }
        }
        plain::add(sums, [p.len() as u32 - invalid, 0, 0, sp, st, spt]);
        sums.invalid += u64::from(invalid);
    }
    Ok(())
}

/// Codes of 8 bits × such codes.
fn soft<R: Copy, T: Copy>(
    sums: &mut Sums,
    p: &[R],
    t: &[T],
    code: impl Fn(R) -> u32,
    other: impl Fn(T) -> u32,
) -> Result<(), Error> {
    sums.room(p.len(), [t.len(); 2])?;
    for (p, t) in p.chunks(BLOCK).zip(t.chunks(BLOCK)) {
        let [mut sp, mut st, mut spt] = [0u32; 3];
        for (&p, &t) in p.iter().zip(t) {
            let (p, t) = (code(p), other(t));
            sp += p;
            st += t;
            spt += p * t;
        }
        plain::add(sums, [p.len() as u32, 0, 0, sp, st, spt]);
    }
    Ok(())
}

/// Codes × codes whose products of a block need 64 bits; pixels of which one code is none are left out and counted.
pub fn wide<const SHORT: usize, R: Copy, T: Copy>(
    sums: &mut Sums,
    (p, code): (&[R], impl Fn(R) -> Option<u32>),
    (t, other): (&[T], impl Fn(T) -> Option<u32>),
    product: impl Fn((R, T), [u32; 2]) -> u64,
) -> Result<(), Error> {
    sums.room(p.len(), [t.len(); 2])?;
    for (p, t) in p.chunks(SHORT).zip(t.chunks(SHORT)) {
        let ([mut sp, mut st, mut invalid], mut spt) = ([0u32; 3], 0u64);
        for (&p, &t) in p.iter().zip(t) {
            let (Some(a), Some(b)) = (code(p), other(t)) else {
                invalid += 1;
                continue;
            };
            sp += a;
            st += b;
            spt += product((p, t), [a, b]);
        }
        plain::add(sums, [p.len() as u32 - invalid, 0, 0, sp, st, 0]);
        sums.invalid += u64::from(invalid);
        sums.pt += spt;
    }
    Ok(())
}

/// Codes and a threshold at once, against a byte mask: the soft sums, and those of the decisions.
fn decided<const SHORT: usize, R: Copy>(
    sums: &mut [Sums; 2],
    p: &[R],
    mask: &[u8],
    code: impl Fn(R) -> Option<(u32, bool)>,
    mark: impl Fn(u8) -> Option<bool>,
) -> Result<(), Error> {
    sums[0].room(p.len(), [mask.len(); 2])?;
    let mut new = *sums;
    for (p, mask) in p.chunks(SHORT).zip(mask.chunks(SHORT)) {
        let [mut sp, mut st, mut spt, mut invalid, mut hard, mut common] = [0u32; 6];
        for (&p, &byte) in p.iter().zip(mask) {
            let Some(one) = mark(byte) else { return Err(Error::Mask) };
            let Some((p, cut)) = code(p) else {
                invalid += 1;
                continue;
            };
            sp += p;
            st += u32::from(one);
            spt += if one { p } else { 0 };
            hard += u32::from(cut);
            common += u32::from(cut & one);
        }
        let kept = p.len() as u32 - invalid;
        plain::add(&mut new[0], [kept, 0, 0, sp, st, spt]);
        plain::add(&mut new[1], [kept, 0, 0, hard, st, common]);
        new.iter_mut().for_each(|sums| sums.invalid += u64::from(invalid));
    }
    *sums = new;
    Ok(())
}

/// A byte of a mask declared {0, 1}.
pub const fn one(byte: u8) -> Option<bool> {
    match byte {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    }
}

/// A byte of a mask declared {0, 255}.
const fn full(byte: u8) -> Option<bool> {
    match byte {
        0 => Some(false),
        255 => Some(true),
        _ => None,
    }
}

/// A Q15 code, unless it is negative.
fn q15(raw: i16) -> Option<u32> {
    u32::try_from(raw).ok()
}

/// The code of a float that is known to lie in [0, 1].
fn trusted(p: f32) -> u32 {
    (p + 1.0).to_bits() - 1f32.to_bits()
}

/// The code of the product of two floats in [0, 1], in units of 2⁻²³, rounded once.
fn product(a: f32, b: f32) -> u32 {
    let parts = |x: f32| {
        let (exponent, mantissa) = (x.to_bits() >> 23, x.to_bits() & 0x7F_FFFF);
        if exponent == 0 { (mantissa, 1) } else { (mantissa | 1 << 23, exponent) }
    };
    let ((m, e), (n, f)) = (parts(a), parts(b));
    // m · 2^(e − 150) · n · 2^(f − 150) in units of 2⁻²³; 1 · 1 is 2⁴⁶ and goes 23 places down.
    let (whole, places) = (u64::from(m) * u64::from(n), 277 - e - f);
    if places > 47 {
        return 0;
    }
    let (down, rest) = (whole >> places, whole & ((1 << places) - 1));
    let half = 1 << (places - 1);
    down as u32 + u32::from(rest > half || rest == half && down & 1 == 1)
}

/// The maps, as many pixels of each.
pub struct Given<'a> {
    pub u8: &'a [u8; PIXELS],
    pub i8: [&'a [i8; PIXELS]; 2],
    pub q15: [&'a [i16; PIXELS]; 2],
    pub f32: [&'a [f32; FLOATS]; 2],
    pub mask: &'a [u8; PIXELS],
    pub full: &'a [u8; PIXELS],
}

/// All of them; whether each call is as fast as its plain loop.
#[inline(never)]
pub fn run(out: &mut Out, counter: &mut Counter, given: &Given<'_>) -> bool {
    let fast = integers(out, counter, given) & floats(out, counter, given);
    inexact(out, counter, given.f32);
    fast
}

/// What f32 against f32 takes where sums are floats, which are not exact and hang on their order: a figure, which no call is held to.
#[inline(never)]
fn inexact(out: &mut Out, counter: &mut Counter, maps: [&[f32; FLOATS]; 2]) {
    let mut one = || {
        let (mut sums, [p, t]) = ([0f32; 3], maps.map(|map| black_box(&map[..])));
        let sums = black_box(&mut sums);
        let count = counter.instructions(|| {
            let [mut sp, mut st, mut spt] = *sums;
            for (p, t) in p.iter().zip(t) {
                sp += p;
                st += t;
                spt += p * t;
            }
            *sums = [sp, st, spt];
        });
        Ok(count)
    };
    let counts = twice(&mut one);
    write(out, "inexact_per_px", "f32_f32", counts, FLOATS);
}

#[inline(never)]
fn integers(out: &mut Out, counter: &mut Counter, given: &Given<'_>) -> bool {
    let mut fast = true;
    let (device, words, cut) = (I8::TFLITE, Q15::new(), 128);
    let (u, [a, b], [w, x]) = (black_box(&given.u8[..]), given.i8.map(|map| black_box(&map[..])), given.q15);
    let (w, x) = (black_box(&w[..]), black_box(&x[..]));
    let (m, f) = (black_box(&given.mask[..]), black_box(&given.full[..]));
    let packed = black_box(&given.mask[..PIXELS / 8]);
    macro_rules! against {
        ($kernel:literal, $element:expr, $target:expr, $p:expr, $t:expr, |$sums:ident| $plain:expr) => {
            fast &= against(
                (out, counter),
                $kernel,
                PIXELS,
                Stream::new($element, $target),
                |stream| stream.update($p, $t),
                |$sums| $plain,
            )
        };
    }
    let (any, first) = (|byte| Some(byte != 0), |byte| Some(byte == 1));
    let (some, top) = (|q| Some(code(q)), |byte: u8| Some(byte >> 7 != 0));
    let lsb = |bytes| Bits::new(bytes);
    against!("u8_mask", U8, ZeroOne::new(), u, m, |s| masked(s, u, m, u32::from, one));
    against!("u8_mask_trusted", U8, ZeroOne::new().trusted(), u, m, |s| masked(s, u, m, u32::from, any));
    against!("u8_full", U8, ZeroFull::new(), u, f, |s| masked(s, u, f, u32::from, full));
    against!("u8_full_trusted", U8, ZeroFull::new().trusted(), u, f, |s| masked(s, u, f, u32::from, top));
    against!("u8_nonzero", U8, NonZero, u, m, |s| masked(s, u, m, u32::from, any));
    against!("u8_label", U8, Label::new(1), u, m, |s| masked(s, u, m, u32::from, first));
    against!("u8_bits", U8, LsbFirst, u, lsb(packed), |s| bits::<false, BLOCK, _>(s, u, packed, |x| Some(x.into())));
    against!("u8_bits_msb", U8, MsbFirst, u, Bits::new(packed), |s| bits::<true, BLOCK, _>(s, u, packed, |x| Some(
        x.into()
    )));
    against!("u8_own", U8, Own::at_least(&U8, 0.5), u, (), |s| own::<BLOCK, _>(s, u, cut, |x| Some(x.into())));
    against!("u8_u8", U8, Soft(U8), u, m, |s| soft(s, u, m, u32::from, u32::from));
    against!("i8_mask", device, ZeroOne::new(), a, m, |s| masked(s, a, m, code, one));
    against!("i8_mask_trusted", device, ZeroOne::new().trusted(), a, m, |s| masked(s, a, m, code, any));
    against!("i8_full", device, ZeroFull::new(), a, f, |s| masked(s, a, f, code, full));
    against!("i8_nonzero", device, NonZero, a, m, |s| masked(s, a, m, code, any));
    against!("i8_label", device, Label::new(1), a, m, |s| masked(s, a, m, code, first));
    against!("i8_bits", device, LsbFirst, a, lsb(packed), |s| bits::<false, BLOCK, _>(s, a, packed, some));
    against!("i8_own", device, Own::at_least(&device, 0.5), a, (), |s| own::<BLOCK, _>(s, a, cut, some));
    against!("i8_i8", device, Soft(device), a, b, |s| soft(s, a, b, code, code));
    against!("i8_u8", device, Soft(U8), a, u, |s| soft(s, a, u, code, u32::from));
    let (sure, whole) = (words.trusted(), |raw: i16| u32::from(raw as u16));
    let (known, square) = (|raw: i16| Some(whole(raw)), |_, [a, b]: [u32; 2]| u64::from(a * b));
    against!("q15_mask", words, ZeroOne::new(), w, m, |s| checked::<BLOCK, _>(s, w, m, q15, one));
    against!("q15_mask_trusted", sure, ZeroOne::new().trusted(), w, m, |s| masked(s, w, m, whole, any));
    against!("q15_nonzero", words, NonZero, w, m, |s| checked::<BLOCK, _>(s, w, m, q15, any));
    against!("q15_label", words, Label::new(1), w, m, |s| checked::<BLOCK, _>(s, w, m, q15, first));
    against!("q15_q15", words, Soft(words), w, x, |s| wide::<BLOCK, _, _>(s, (w, q15), (x, q15), square));
    against!("q15_q15_trusted", sure, Soft(sure), w, x, |s| wide::<BLOCK, _, _>(s, (w, known), (x, known), square));
    macro_rules! beside {
        ($($row:tt)*) => { crate::beside!((out, counter, fast), $($row)*) };
    }
    beside!(
        "i8_label_both",
        PIXELS,
        (Stream::new(device, Label::new(1)), Thresholded::at_least(&device, 0.5)),
        |pair| pair.0.update_both(a, m, &mut pair.1),
        [Sums::default(); 2],
        |sums| decided::<BLOCK, _>(sums, a, m, |q| Some((code(q), code(q) >= cut)), first),
        |ours: &(Stream<I8, Label>, Thresholded), plain: &[Sums; 2]| {
            frames::alike(ours.0.sums(), &plain[0]) && frames::alike(&ours.1, &plain[1])
        }
    );
    fast
}

#[inline(never)]
fn floats(out: &mut Out, counter: &mut Counter, given: &Given<'_>) -> bool {
    const FINE: usize = plain::FINE;
    let mut fast = true;
    let [p, t] = given.f32.map(|map| black_box(&map[..]));
    let (m, f) = (black_box(&given.mask[..FLOATS]), black_box(&given.full[..FLOATS]));
    macro_rules! against {
        ($kernel:literal, $element:expr, $target:expr, $p:expr, $t:expr, |$sums:ident| $plain:expr) => {
            fast &= against(
                (out, counter),
                $kernel,
                FLOATS,
                Stream::new($element, $target),
                |stream| stream.update($p, $t),
                |$sums| $plain,
            )
        };
    }
    let (value, sure, own) = (F32::new(), F32::new().trusted(), Own::at_least(&F32::new(), 0.5));
    let (any, first, some) = (|byte| Some(byte != 0), |byte| Some(byte == 1), |p| Some(trusted(p)));
    let inside = |p: f32| p.clamp(0.0, 1.0);
    against!("f32_mask", value, ZeroOne::new(), p, m, |s| checked::<FINE, _>(s, p, m, float, one));
    against!("f32_mask_trusted", sure, ZeroOne::new(), p, m, |s| checked::<FINE, _>(s, p, m, some, one));
    against!("f32_full", value, ZeroFull::new(), p, f, |s| checked::<FINE, _>(s, p, f, float, full));
    against!("f32_nonzero", value, NonZero, p, m, |s| checked::<FINE, _>(s, p, m, float, any));
    against!("f32_label", value, Label::new(1), p, m, |s| checked::<FINE, _>(s, p, m, float, first));
    against!("f32_own", value, own, p, (), |s| float_own(s, p, 0.5, float));
    against!("f32_own_trusted", sure, own, p, (), |s| float_own(s, p, 0.5, some));
    against!("f32_f32", value, Soft(value), p, t, |s| {
        wide::<FINE, _, _>(s, (p, float), (t, float), |(a, b), _| u64::from(product(inside(a), inside(b))))
    });
    against!("f32_f32_trusted", sure, Soft(sure), p, t, |s| {
        wide::<FINE, _, _>(s, (p, some), (t, some), |(a, b), _| u64::from(product(a, b)))
    });
    macro_rules! beside {
        ($($row:tt)*) => { crate::beside!((out, counter, fast), $($row)*) };
    }
    beside!(
        "f32_mask_both",
        FLOATS,
        (Stream::new(value, ZeroOne::new()), Thresholded::at_least(&value, 0.5)),
        |pair| pair.0.update_both(p, m, &mut pair.1),
        [Sums::default(); 2],
        |sums| decided::<FINE, _>(sums, p, m, |p| float(p).map(|code| (code, p >= 0.5)), one),
        |ours: &(Stream<F32, ZeroOne>, Thresholded), plain: &[Sums; 2]| {
            frames::alike(ours.0.sums(), &plain[0]) && frames::alike(&ours.1, &plain[1])
        }
    );
    fast
}
