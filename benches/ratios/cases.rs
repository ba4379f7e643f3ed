//! The kernels: for each its operands, our call and the peers'.
use crate::{formats, shapes};
use soft_dice::{F32, I8, Interleaved, Planar};
use soft_dice_kernels::data::{Buffer, Number, Random};
use soft_dice_kernels::ours;
use soft_dice_peers as peers;
use std::hint::black_box as hide;

pub type Sums = [f64; 3];

/// Who is timed, with what it returns.
pub struct Contestant<'a> {
    pub name: &'static str,
    pub call: Box<dyn Fn() -> Sums + 'a>,
}

/// A kernel with its operands in place. `operands` are the bytes that our call reads.
pub struct Case<'a> {
    pub operands: (&'a [u8], &'a [u8]),
    /// Ours first.
    pub contestants: Vec<Contestant<'a>>,
    pub exact: Sums,
}

/// Makes the operands of so many pixels, and gives the case.
type Run = fn(usize, &mut dyn FnMut(Case));

pub struct Kernel {
    pub name: &'static str,
    /// Bytes of all operands per 8 pixels.
    pub bytes_per_8: usize,
    pub run: Run,
}

pub const KERNELS: &[Kernel] = &[
    Kernel { name: "u8_mask", bytes_per_8: 16, run: u8_mask },
    Kernel { name: "u8_mask01", bytes_per_8: 16, run: u8_mask01 },
    Kernel { name: "u8_u8", bytes_per_8: 16, run: u8_u8 },
    Kernel { name: "i8_mask", bytes_per_8: 16, run: i8_mask },
    // Sized so that the byte mask beside it stays in the level too.
    Kernel { name: "u8_bits", bytes_per_8: 16, run: u8_bits },
    Kernel { name: "u8_label", bytes_per_8: 16, run: u8_label },
    Kernel { name: "u8_own", bytes_per_8: 8, run: u8_own },
    Kernel { name: "q15_q15", bytes_per_8: 32, run: q15_q15 },
    Kernel { name: "q15_q15_trusted", bytes_per_8: 32, run: q15_q15_trusted },
    Kernel { name: "q15_mask", bytes_per_8: 24, run: q15_mask },
    Kernel { name: "f32_mask", bytes_per_8: 40, run: f32_mask },
    Kernel { name: "f32_mask_trusted", bytes_per_8: 40, run: f32_mask_trusted },
    Kernel { name: "f32_mask_dust", bytes_per_8: 40, run: f32_mask_dust },
    Kernel { name: "f32_bits", bytes_per_8: 40, run: f32_bits },
    Kernel { name: "f32_f32", bytes_per_8: 64, run: f32_f32 },
    Kernel { name: "f32_f32_trusted", bytes_per_8: 64, run: f32_f32_trusted },
    Kernel { name: "f32_f32_dust", bytes_per_8: 64, run: f32_f32_dust },
    // Hard scores: with the soft sums, and of 21 classes.
    Kernel { name: "u8_both", bytes_per_8: 16, run: u8_both },
    Kernel { name: "f32_both", bytes_per_8: 40, run: f32_both },
    Kernel { name: "i8_argmax", bytes_per_8: 8 * (ours::CHANNELS + 1), run: i8_argmax },
    Kernel { name: "i8_argmax_planar", bytes_per_8: 8 * (ours::CHANNELS + 1), run: i8_argmax_planar },
    Kernel { name: "f32_argmax", bytes_per_8: 8 * (4 * ours::CHANNELS + 1), run: f32_argmax },
    Kernel { name: "f32_argmax_planar", bytes_per_8: 8 * (4 * ours::CHANNELS + 1), run: f32_argmax_planar },
    // Formats beside those that they stand for.
    Kernel { name: "i8_f32", bytes_per_8: 40, run: formats::i8_f32 },
    Kernel { name: "u16_mask", bytes_per_8: 24, run: formats::u16_mask },
    Kernel { name: "f16_mask", bytes_per_8: 24, run: formats::f16_mask },
    Kernel { name: "f16_f16", bytes_per_8: 32, run: formats::f16_f16 },
    // Off the shortest way: regions, squares, all moments, rows with a stride.
    Kernel { name: "u8_region", bytes_per_8: 24, run: shapes::u8_region },
    Kernel { name: "u8_region_bits", bytes_per_8: 17, run: shapes::u8_region_bits },
    Kernel { name: "f32_region", bytes_per_8: 48, run: shapes::f32_region },
    Kernel { name: "u8_squares", bytes_per_8: 16, run: shapes::u8_squares },
    Kernel { name: "u8_u8_all", bytes_per_8: 16, run: shapes::u8_u8_all },
    Kernel { name: "q15_q15_all", bytes_per_8: 32, run: shapes::q15_q15_all },
    Kernel { name: "f32_f32_all", bytes_per_8: 64, run: shapes::f32_f32_all },
    Kernel { name: "u8_rows", bytes_per_8: 16, run: shapes::u8_rows },
];

macro_rules! contestants {
    ($($name:literal: $call:expr),* $(,)?) => {
        vec![$($crate::cases::Contestant { name: $name, call: Box::new(move || $call) }),*]
    };
}

pub(crate) use contestants;

pub fn random() -> Random {
    Random(0x9E37_79B9_7F4A_7C15)
}

fn u8_pair(n: usize, binary: bool, mask: fn(&[u8], &[u8]) -> Sums, give: &mut dyn FnMut(Case)) {
    let mut r = random();
    let p = Buffer::filled(n, || r.byte());
    let t = Buffer::filled(n, || if binary { r.bit() } else { r.byte() });
    let (p, t) = (p.as_slice::<u8>(), t.as_slice::<u8>());
    give(Case {
        operands: (p, t),
        exact: peers::naive_codes(p, t, i64::from),
        contestants: contestants![
            "ours": mask(hide(p), hide(t)),
            "simsimd_dot": peers::simsimd_bytes(hide(p), hide(t)),
            "numkong_dot": peers::numkong_dot(hide(p), hide(t)),
            "numkong_three": peers::numkong_three(hide(p), hide(t)),
            "fearless_simd": peers::fearless_u8(hide(p), hide(t)),
            "wide": peers::wide_u8(hide(p), hide(t)),
            "ndarray": peers::ndarray_codes(hide(p), hide(t)),
            "naive": peers::naive_codes(hide(p), hide(t), i64::from),
        ],
    });
}

fn u8_mask(n: usize, give: &mut dyn FnMut(Case)) {
    u8_pair(n, true, ours::u8_mask, give);
}

fn u8_mask01(n: usize, give: &mut dyn FnMut(Case)) {
    u8_pair(n, true, ours::u8_mask01, give);
}

fn u8_u8(n: usize, give: &mut dyn FnMut(Case)) {
    u8_pair(n, false, ours::u8_u8, give);
}

fn i8_mask(n: usize, give: &mut dyn FnMut(Case)) {
    let mut r = random();
    let p = Buffer::filled(n, || r.byte() as i8);
    let t = Buffer::filled(n, || r.bit());
    let (bytes, p, mask, t) = (p.as_slice::<u8>(), p.as_slice::<i8>(), t.as_slice::<i8>(), t.as_slice::<u8>());
    give(Case {
        operands: (bytes, t),
        exact: peers::naive_codes(p, t, i64::from),
        contestants: contestants![
            "ours": ours::i8_mask(hide(p), hide(t)),
            "simsimd_dot": peers::simsimd_dot(hide(p), hide(mask)),
            "numkong_dot": peers::numkong_dot(hide(p), hide(mask)),
            "numkong_three": peers::numkong_three(hide(p), hide(mask)),
            "ndarray": peers::ndarray_codes(hide(p), hide(t)),
            "naive": peers::naive_codes(hide(p), hide(t), i64::from),
        ],
    });
}

fn u8_bits(n: usize, give: &mut dyn FnMut(Case)) {
    let n = n / 8 * 8;
    let mut r = random();
    let p = Buffer::filled(n, || r.byte());
    let bits = Buffer::filled(n / 8 + 1, || r.byte());
    let (p, bits) = (p.as_slice::<u8>(), bits.as_slice::<u8>());
    let mut i = 0;
    let mask = Buffer::filled(n, || {
        i += 1;
        bits[(i - 1) / 8] >> ((i - 1) % 8) & 1
    });
    let mask = mask.as_slice::<u8>();
    // The same pixels, three bits further on.
    let mut byte = 0;
    let shifted = Buffer::filled(n / 8 + 1, || {
        let low = if byte > 0 { bits[byte - 1] >> 5 } else { 0 };
        byte += 1;
        bits[byte - 1] << 3 | low
    });
    let shifted = shifted.as_slice::<u8>();
    give(Case {
        operands: (p, &bits[..n / 8]),
        exact: peers::naive_bits(p, bits),
        contestants: contestants![
            "ours": ours::u8_bits(hide(p), hide(bits), 0),
            "from_bit_3": ours::u8_bits(hide(p), hide(shifted), 3),
            "u8_mask": ours::u8_mask(hide(p), hide(mask)),
            "simsimd_dot": peers::simsimd_bytes(hide(p), hide(mask)),
            "numkong_dot": peers::numkong_dot(hide(p), hide(mask)),
            "naive": peers::naive_bits(hide(p), hide(bits)),
        ],
    });
}

fn u8_label(n: usize, give: &mut dyn FnMut(Case)) {
    const CLASS: u8 = 2;
    let mut r = random();
    let p = Buffer::filled(n, || r.byte());
    let t = Buffer::filled(n, || r.byte() % 5);
    let (p, t) = (p.as_slice::<u8>(), t.as_slice::<u8>());
    let mut labels = t.iter();
    let mask = Buffer::filled(n, || u8::from(labels.next() == Some(&CLASS)));
    let mask = mask.as_slice::<u8>();
    let is = |label| i64::from(label == CLASS);
    give(Case {
        operands: (p, t),
        exact: peers::naive_codes(p, t, is),
        contestants: contestants![
            "ours": ours::u8_label(hide(p), hide(t), CLASS),
            "u8_mask": ours::u8_mask(hide(p), hide(mask)),
            "naive": peers::naive_codes(hide(p), hide(t), is),
        ],
    });
}

fn u8_own(n: usize, give: &mut dyn FnMut(Case)) {
    let mut r = random();
    let p = Buffer::filled(n, || r.byte());
    let p = p.as_slice::<u8>();
    let own = |code| i64::from(code >= 128u8);
    give(Case {
        operands: (p, &[]),
        exact: peers::naive_codes(p, p, own),
        contestants: contestants![
            "ours": ours::u8_own(hide(p)),
            "naive": peers::naive_codes(hide(p), hide(p), own),
        ],
    });
}

fn q15_q15(n: usize, give: &mut dyn FnMut(Case)) {
    q15_pair(n, ours::q15_q15, give);
}

fn q15_q15_trusted(n: usize, give: &mut dyn FnMut(Case)) {
    q15_pair(n, ours::q15_q15_trusted, give);
}

fn q15_pair(n: usize, map: fn(&[i16], &[i16]) -> Sums, give: &mut dyn FnMut(Case)) {
    let mut r = random();
    let mut code = || (r.word() & 0x7FFF) as i16;
    let (p, t) = (Buffer::filled(n, &mut code), Buffer::filled(n, &mut code));
    let (x, y) = (p.as_slice::<i16>(), t.as_slice::<i16>());
    give(Case {
        operands: (p.as_slice(), t.as_slice()),
        exact: peers::naive_codes(x, y, i64::from),
        contestants: contestants![
            "ours": map(hide(x), hide(y)),
            "ndarray": peers::ndarray_codes(hide(x), hide(y)),
            "naive": peers::naive_codes(hide(x), hide(y), i64::from),
        ],
    });
}

fn q15_mask(n: usize, give: &mut dyn FnMut(Case)) {
    let mut r = random();
    let p = Buffer::filled(n, || (r.word() & 0x7FFF) as i16);
    let t = Buffer::filled(n, || r.bit());
    let (x, y) = (p.as_slice::<i16>(), t.as_slice::<u8>());
    give(Case {
        operands: (p.as_slice(), y),
        exact: peers::naive_codes(x, y, i64::from),
        contestants: contestants![
            "ours": ours::q15_mask(hide(x), hide(y)),
            "ndarray": peers::ndarray_codes(hide(x), hide(y)),
            "naive": peers::naive_codes(hide(x), hide(y), i64::from),
        ],
    });
}

fn exact_f32<T: Copy>(p: &[f32], t: &[T], value: impl Fn(T) -> f32) -> Sums {
    p.iter().zip(t).fold([0.0; 3], |[a, b, c], (&p, &t)| {
        let (p, t) = (f64::from(p.clamp(0.0, 1.0)), f64::from(value(t).clamp(0.0, 1.0)));
        [a + p, b + t, c + p * t]
    })
}

/// Every other block of the smallest backend holds at least one of these.
fn dusty(i: usize, value: f32) -> f32 {
    match i % 97 {
        5 => 1.0 + f32::EPSILON,
        50 => -1e-9,
        _ => value,
    }
}

fn f32_masks(n: usize, dust: bool, mask: fn(&[f32], &[u8]) -> Sums, give: &mut dyn FnMut(Case)) {
    let mut r = random();
    let clean = Buffer::filled(n, || r.unit());
    let t = Buffer::filled(n, || r.bit());
    let (x, y) = (clean.as_slice::<f32>(), t.as_slice::<u8>());
    if dust {
        let mut i = 0;
        let p = Buffer::filled(n, || {
            i += 1;
            dusty(i - 1, x[i - 1])
        });
        let dirty = p.as_slice::<f32>();
        give(Case {
            operands: (p.as_slice(), y),
            exact: exact_f32(dirty, y, f32::from),
            contestants: contestants![
                "ours": mask(hide(dirty), hide(y)),
                "clean": mask(hide(x), hide(y)),
            ],
        });
        return;
    }
    let mut i = 0;
    let soft = Buffer::filled(n, || {
        i += 1;
        f32::from(y[i - 1])
    });
    let z = soft.as_slice::<f32>();
    give(Case {
        operands: (clean.as_slice(), y),
        exact: exact_f32(x, y, f32::from),
        contestants: contestants![
            "ours": mask(hide(x), hide(y)),
            "simsimd_dot": peers::simsimd_dot(hide(x), hide(z)),
            "numkong_dot": peers::numkong_dot(hide(x), hide(z)),
            "naive": peers::naive_f32(hide(x), hide(y), f32::from),
        ],
    });
}

fn f32_mask(n: usize, give: &mut dyn FnMut(Case)) {
    f32_masks(n, false, ours::f32_mask, give);
}

fn f32_mask_dust(n: usize, give: &mut dyn FnMut(Case)) {
    f32_masks(n, true, ours::f32_mask, give);
}

fn f32_mask_trusted(n: usize, give: &mut dyn FnMut(Case)) {
    f32_masks(n, false, ours::f32_mask_trusted, give);
}

fn f32_bits(n: usize, give: &mut dyn FnMut(Case)) {
    let n = n / 8 * 8;
    let mut r = random();
    let p = Buffer::filled(n, || r.unit());
    let bits = Buffer::filled(n / 8 + 1, || r.byte());
    let (x, bits) = (p.as_slice::<f32>(), bits.as_slice::<u8>());
    let mut i = 0;
    let mask = Buffer::filled(n, || {
        i += 1;
        bits[(i - 1) / 8] >> ((i - 1) % 8) & 1
    });
    let mask = mask.as_slice::<u8>();
    give(Case {
        operands: (p.as_slice(), &bits[..n / 8]),
        exact: exact_f32(x, mask, f32::from),
        contestants: contestants![
            "ours": ours::f32_bits(hide(x), hide(bits), 0),
            "f32_mask": ours::f32_mask(hide(x), hide(mask)),
        ],
    });
}

fn f32_f32(n: usize, give: &mut dyn FnMut(Case)) {
    f32_pair(n, ours::f32_f32, give);
}

fn f32_f32_trusted(n: usize, give: &mut dyn FnMut(Case)) {
    f32_pair(n, ours::f32_f32_trusted, give);
}

fn f32_pair(n: usize, map: fn(&[f32], &[f32]) -> Sums, give: &mut dyn FnMut(Case)) {
    let mut r = random();
    let p = Buffer::filled(n, || r.unit());
    let t = Buffer::filled(n, || r.unit());
    let (x, y) = (p.as_slice::<f32>(), t.as_slice::<f32>());
    give(Case {
        operands: (p.as_slice(), t.as_slice()),
        exact: exact_f32(x, y, |t| t),
        contestants: contestants![
            "ours": map(hide(x), hide(y)),
            "simsimd_dot": peers::simsimd_dot(hide(x), hide(y)),
            "numkong_dot": peers::numkong_dot(hide(x), hide(y)),
            "numkong_three": peers::numkong_three(hide(x), hide(y)),
            "fearless_simd": peers::fearless_f32(hide(x), hide(y)),
            "wide": peers::wide_f32(hide(x), hide(y)),
            "ndarray": peers::ndarray_f32(hide(x), hide(y)),
            "naive": peers::naive_f32(hide(x), hide(y), |t| t),
        ],
    });
}

fn f32_f32_dust(n: usize, give: &mut dyn FnMut(Case)) {
    let mut r = random();
    let p = Buffer::filled(n, || r.unit());
    let t = Buffer::filled(n, || r.unit());
    let (x, y) = (p.as_slice::<f32>(), t.as_slice::<f32>());
    let mut i = 0;
    let dirty = Buffer::filled(n, || {
        i += 1;
        dusty(i - 1, x[i - 1])
    });
    let z = dirty.as_slice::<f32>();
    give(Case {
        operands: (dirty.as_slice(), t.as_slice()),
        exact: exact_f32(z, y, |t| t),
        contestants: contestants![
            "ours": ours::f32_f32(hide(z), hide(y)),
            "clean": ours::f32_f32(hide(x), hide(y)),
        ],
    });
}

/// Has no sums to be judged by.
pub fn timed(call: Sums) -> Sums {
    hide(call).map(|_| f64::NAN)
}

/// `soft` is the soft sums alone, `naive` those and a plain loop over the decisions.
fn u8_both(n: usize, give: &mut dyn FnMut(Case)) {
    let mut r = random();
    let p = Buffer::filled(n, || r.byte());
    let t = Buffer::filled(n, || r.bit());
    let (p, t) = (p.as_slice::<u8>(), t.as_slice::<u8>());
    let decided = |p: &[u8], t: &[u8]| peers::naive_decided(p, t, |code| code >= 128);
    give(Case {
        operands: (p, t),
        exact: decided(p, t),
        contestants: contestants![
            "ours": ours::u8_both(hide(p), hide(t)),
            "soft": timed(ours::u8_mask(hide(p), hide(t))),
            "naive": { timed(ours::u8_mask(hide(p), hide(t))); decided(hide(p), hide(t)) },
        ],
    });
}

fn f32_both(n: usize, give: &mut dyn FnMut(Case)) {
    let mut r = random();
    let p = Buffer::filled(n, || r.unit());
    let t = Buffer::filled(n, || r.bit());
    let (x, t) = (p.as_slice::<f32>(), t.as_slice::<u8>());
    let decided = |p: &[f32], t: &[u8]| peers::naive_decided(p, t, |value| value >= 0.5);
    give(Case {
        operands: (p.as_slice(), t),
        exact: decided(x, t),
        contestants: contestants![
            "ours": ours::f32_both(hide(x), hide(t)),
            "soft": timed(ours::f32_mask(hide(x), hide(t))),
            "naive": { timed(ours::f32_mask(hide(x), hide(t))); decided(hide(x), hide(t)) },
        ],
    });
}

/// Maps of all channels, and labels: neighbours mostly bear one.
fn classes<R: Number>(n: usize, mut value: impl FnMut(&mut Random) -> R) -> (Buffer, Buffer) {
    let (mut r, mut i) = (random(), 0);
    let p = Buffer::filled(ours::CHANNELS * n, || value(&mut r));
    let t = Buffer::filled(n, || {
        i += 1;
        (i / 29 % ours::CHANNELS) as u8
    });
    (p, t)
}

/// A case of decided classes, where `soft` is the soft sums of all of them: of an element, a layout, and the steps from a pixel and
/// from a channel to the next.
macro_rules! argmax {
    ($name:ident, $element:expr, $Layout:ident, |$r:ident| $value:expr, |$n:ident| $steps:expr) => {
        fn $name($n: usize, give: &mut dyn FnMut(Case)) {
            let (p, t) = classes($n, |$r| $value);
            let (x, t) = (p.as_slice(), t.as_slice::<u8>());
            let plain = |x, t: &[u8]| peers::naive_argmax(x, t, $steps);
            give(Case {
                operands: (p.as_slice(), t),
                exact: plain(x, t),
                contestants: contestants![
                    "ours": ours::argmax($Layout(hide(x)), hide(t)),
                    "soft": timed(ours::multiclass($element, $Layout(hide(x)), hide(t))),
                    "naive": plain(hide(x), hide(t)),
                ],
            });
        }
    };
}

argmax!(i8_argmax, I8::TFLITE, Interleaved, |r| r.byte() as i8, |n| (ours::CHANNELS, 1));
argmax!(i8_argmax_planar, I8::TFLITE, Planar, |r| r.byte() as i8, |n| (1, n));
argmax!(f32_argmax, F32::new(), Interleaved, |r| r.unit(), |n| (ours::CHANNELS, 1));
argmax!(f32_argmax_planar, F32::new(), Planar, |r| r.unit(), |n| (1, n));
