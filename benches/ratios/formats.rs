//! Formats beside the ones that they stand for: an int8 map beside the float model's, 16-bit codes, half floats. What the title of
//! the second table calls "our own" is the same pixels in the usual format.

use crate::cases::{Case, Sums, contestants, random, timed};
use soft_dice::F16Bits;
use soft_dice_kernels::data::Buffer;
use soft_dice_kernels::ours;
use std::hint::black_box as hide;

fn exact<P: Copy, T: Copy>(p: &[P], t: &[T], value: impl Fn(P) -> f64, of: impl Fn(T) -> f64) -> Sums {
    let mut sums = [0.0; 3];
    for (&p, &t) in p.iter().zip(t) {
        let (p, t) = (value(p), of(t));
        sums = [sums[0] + p, sums[1] + t, sums[2] + p * t];
    }
    sums
}

pub fn i8_f32(n: usize, give: &mut dyn FnMut(Case)) {
    let mut r = random();
    let p = Buffer::filled(n, || r.byte() as i8);
    let (q, t) = (Buffer::filled(n, || r.unit()), Buffer::filled(n, || r.unit()));
    let (x, q, y) = (p.as_slice::<i8>(), q.as_slice::<f32>(), t.as_slice::<f32>());
    let naive = |x: &[i8], y: &[f32]| exact(x, y, |code| f64::from(i16::from(code) + 128) / 256.0, f64::from);
    give(Case {
        operands: (p.as_slice(), t.as_slice()),
        exact: naive(x, y),
        contestants: contestants![
            "ours": ours::i8_f32(hide(x), hide(y)),
            "f32_f32": timed(ours::f32_f32(hide(q), hide(y))),
            "naive": naive(hide(x), hide(y)),
        ],
    });
}

pub fn u16_mask(n: usize, give: &mut dyn FnMut(Case)) {
    let mut r = random();
    let p = Buffer::filled(n, || r.word() as u16);
    let (q, t) = (Buffer::filled(n, || (r.word() & 0x7FFF) as i16), Buffer::filled(n, || r.bit()));
    let (x, q, y) = (p.as_slice::<u16>(), q.as_slice::<i16>(), t.as_slice::<u8>());
    let naive = |x: &[u16], y: &[u8]| exact(x, y, f64::from, f64::from);
    give(Case {
        operands: (p.as_slice(), y),
        exact: naive(x, y),
        contestants: contestants![
            "ours": ours::u16_mask(hide(x), hide(y)),
            "q15_mask": timed(ours::q15_mask(hide(q), hide(y))),
            "naive": naive(hide(x), hide(y)),
        ],
    });
}

/// Half floats from 0 to 1, as bits: mostly normal ones.
fn halves(n: usize) -> Buffer {
    let mut r = random();
    Buffer::filled(n, || F16Bits((r.word() % 0x3C01) as u16))
}

fn half(bits: F16Bits) -> f64 {
    bits.to_f32().into()
}

pub fn f16_mask(n: usize, give: &mut dyn FnMut(Case)) {
    let mut r = random();
    let p = halves(n);
    let (q, t) = (Buffer::filled(n, || r.unit()), Buffer::filled(n, || r.bit()));
    let (x, q, y) = (p.as_slice::<F16Bits>(), q.as_slice::<f32>(), t.as_slice::<u8>());
    let naive = |x: &[F16Bits], y: &[u8]| exact(x, y, half, f64::from);
    give(Case {
        operands: (p.as_slice(), y),
        exact: naive(x, y),
        contestants: contestants![
            "ours": ours::f16_mask(hide(x), hide(y)),
            "f32_mask": timed(ours::f32_mask(hide(q), hide(y))),
            "naive": naive(hide(x), hide(y)),
        ],
    });
}

pub fn f16_f16(n: usize, give: &mut dyn FnMut(Case)) {
    let mut r = random();
    let (p, t) = (halves(n), halves(n));
    let (q, u) = (Buffer::filled(n, || r.unit()), Buffer::filled(n, || r.unit()));
    let (x, y, q, u) = (p.as_slice::<F16Bits>(), t.as_slice::<F16Bits>(), q.as_slice::<f32>(), u.as_slice::<f32>());
    let naive = |x: &[F16Bits], y: &[F16Bits]| exact(x, y, half, half);
    give(Case {
        operands: (p.as_slice(), t.as_slice()),
        exact: naive(x, y),
        contestants: contestants![
            "ours": ours::f16_f16(hide(x), hide(y)),
            "f32_f32": timed(ours::f32_f32(hide(q), hide(u))),
            "naive": naive(hide(x), hide(y)),
        ],
    });
}
