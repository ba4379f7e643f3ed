//! Off the shortest way: regions, squares, all moments, rows with a stride. Each beside the loop that one writes first.

use crate::cases::{Case, Sums, contestants, random};
use soft_dice::{All, Bits, Element, F32, Moments, NonZero, Q15, Region, Rows, Soft, Squares, Stream, Target, U8};
use soft_dice_kernels::data::Buffer;
use soft_dice_peers as peers;
use std::hint::black_box as hide;

/// Columns of a picture whose rows have a stride.
const WIDTH: usize = 64;
/// From the beginning of one row to the next.
const STRIDE: usize = 80;

fn sums<P: Element, T: Target<P>, M: Moments>(stream: &Stream<P, T, M>) -> Sums {
    hide(stream);
    let sums = stream.sums();
    let [p, t, pt]: [u128; 3] = [sums.p().into(), sums.t().into(), sums.pt().into()];
    [p as f64, t as f64, pt as f64]
}

/// The sums of an update, in codes.
fn all<P: Element, T: Target<P>, M: Moments>(
    element: P,
    target: T,
    moments: M,
    p: &[P::Raw],
    t: T::Buffer<'_>,
) -> Sums {
    let mut stream = Stream::summing(element, target, moments);
    stream.update(p, t).expect("operands of one length");
    sums(&stream)
}

fn within<P: Element>(element: P, p: &[P::Raw], t: &[u8], region: Region<'_>) -> Sums {
    let mut stream = Stream::<P, NonZero>::new(element, NonZero);
    stream.update_within(p, t, region).expect("operands of one length");
    sums(&stream)
}

fn naive_within<P: Copy>(p: &[P], t: &[u8], region: impl Fn(usize) -> bool, code: impl Fn(P) -> u64) -> Sums {
    let mut sums = [0u64; 3];
    for (at, (&p, &t)) in p.iter().zip(t).enumerate() {
        if region(at) {
            let (p, t) = (code(p), u64::from(t != 0));
            sums = [sums[0] + p, sums[1] + t, sums[2] + p * t];
        }
    }
    sums.map(|sum| sum as f64)
}

pub fn u8_region(n: usize, give: &mut dyn FnMut(Case)) {
    let mut r = random();
    let p = Buffer::filled(n, || r.byte());
    let (t, region) = (Buffer::filled(n, || r.bit()), Buffer::filled(n, || r.bit()));
    let (p, t, region) = (p.as_slice::<u8>(), t.as_slice::<u8>(), region.as_slice::<u8>());
    let naive = |p: &[u8], t: &[u8]| naive_within(p, t, |at| region[at] != 0, u64::from);
    give(Case {
        operands: (p, t),
        exact: naive(p, t),
        contestants: contestants![
            "ours": within(U8, hide(p), hide(t), Region::Bytes(hide(region))),
            "naive": naive(hide(p), hide(t)),
        ],
    });
}

pub fn u8_region_bits(n: usize, give: &mut dyn FnMut(Case)) {
    let mut r = random();
    let p = Buffer::filled(n, || r.byte());
    let (t, region) = (Buffer::filled(n, || r.bit()), Buffer::filled(n.div_ceil(8), || r.byte()));
    let (p, t, region) = (p.as_slice::<u8>(), t.as_slice::<u8>(), region.as_slice::<u8>());
    let naive = |p: &[u8], t: &[u8]| naive_within(p, t, |at| region[at / 8] >> (at % 8) & 1 == 1, u64::from);
    give(Case {
        operands: (p, t),
        exact: naive(p, t),
        contestants: contestants![
            "ours": within(U8, hide(p), hide(t), Region::Bits(Bits::new(hide(region)))),
            "naive": naive(hide(p), hide(t)),
        ],
    });
}

pub fn f32_region(n: usize, give: &mut dyn FnMut(Case)) {
    let mut r = random();
    let p = Buffer::filled(n, || r.unit());
    let (t, region) = (Buffer::filled(n, || r.bit()), Buffer::filled(n, || r.bit()));
    let (x, t, region) = (p.as_slice::<f32>(), t.as_slice::<u8>(), region.as_slice::<u8>());
    let code = |x: f32| (f64::from(x) * 8_388_608.0).round_ties_even() as u64;
    let naive = |x: &[f32], t: &[u8]| naive_within(x, t, |at| region[at] != 0, code);
    give(Case {
        operands: (p.as_slice(), t),
        exact: naive(x, t),
        contestants: contestants![
            "ours": within(F32::new(), hide(x), hide(t), Region::Bytes(hide(region))),
            "naive": naive(hide(x), hide(t)),
        ],
    });
}

pub fn u8_squares(n: usize, give: &mut dyn FnMut(Case)) {
    let mut r = random();
    let p = Buffer::filled(n, || r.byte());
    let t = Buffer::filled(n, || r.bit());
    let (p, t) = (p.as_slice::<u8>(), t.as_slice::<u8>());
    let naive = |p: &[u8], t: &[u8]| {
        hide(p.iter().map(|&p| u64::from(p) * u64::from(p)).sum::<u64>());
        peers::naive_codes(p, t, i64::from)
    };
    give(Case {
        operands: (p, t),
        exact: naive(p, t),
        contestants: contestants![
            "ours": all(U8, NonZero, Squares, hide(p), hide(t)),
            "naive": naive(hide(p), hide(t)),
        ],
    });
}

pub fn u8_u8_all(n: usize, give: &mut dyn FnMut(Case)) {
    let mut r = random();
    let (p, t) = (Buffer::filled(n, || r.byte()), Buffer::filled(n, || r.byte()));
    let (p, t) = (p.as_slice::<u8>(), t.as_slice::<u8>());
    give(Case {
        operands: (p, t),
        exact: peers::naive_codes(p, t, i64::from),
        contestants: contestants![
            "ours": all(U8, Soft(U8), All, hide(p), hide(t)),
            "naive": naive_all(hide(p), hide(t)),
        ],
    });
}

pub fn q15_q15_all(n: usize, give: &mut dyn FnMut(Case)) {
    let mut r = random();
    let mut code = || (r.word() & 0x7FFF) as i16;
    let (p, t) = (Buffer::filled(n, &mut code), Buffer::filled(n, &mut code));
    let (x, y) = (p.as_slice::<i16>(), t.as_slice::<i16>());
    give(Case {
        operands: (p.as_slice(), t.as_slice()),
        exact: peers::naive_codes(x, y, i64::from),
        contestants: contestants![
            "ours": all(Q15::new(), Soft(Q15::new()), All, hide(x), hide(y)),
            "naive": naive_all(hide(x), hide(y)),
        ],
    });
}

/// All seven sums of codes; the three that are compared.
fn naive_all<P: Copy + Into<i64>>(p: &[P], t: &[P]) -> Sums {
    let mut more = [0i64; 3];
    for (&p, &t) in p.iter().zip(t) {
        let (p, t) = (p.into(), t.into());
        more = [more[0] + p * p, more[1] + t * t, more[2] + p.min(t)];
    }
    hide(more);
    peers::naive_codes(p, t, |t| t.into())
}

/// Sums as values.
pub fn f32_f32_all(n: usize, give: &mut dyn FnMut(Case)) {
    let mut r = random();
    let (p, t) = (Buffer::filled(n, || r.unit()), Buffer::filled(n, || r.unit()));
    let (x, y) = (p.as_slice::<f32>(), t.as_slice::<f32>());
    let exact = x.iter().zip(y).fold([0.0; 3], |[a, b, c], (&p, &t)| {
        let (p, t) = (f64::from(p), f64::from(t));
        [a + p, b + t, c + p * t]
    });
    let naive = |x: &[f32], y: &[f32]| {
        let more = x.iter().zip(y).fold([0f32; 3], |[a, b, c], (&p, &t)| [a + p * p, b + t * t, c + p.min(t)]);
        hide(more);
        peers::naive_f32(x, y, |t| t)
    };
    give(Case {
        operands: (p.as_slice(), t.as_slice()),
        exact,
        contestants: contestants![
            "ours": all(F32::new(), Soft(F32::new()), All, hide(x), hide(y)).map(|sum| sum / 8_388_608.0),
            "naive": naive(hide(x), hide(y)),
        ],
    });
}

pub fn u8_rows(n: usize, give: &mut dyn FnMut(Case)) {
    let height = (n / STRIDE).max(1);
    let mut r = random();
    let p = Buffer::filled(height * STRIDE, || r.byte());
    let t = Buffer::filled(height * STRIDE, || r.bit());
    let (p, t) = (p.as_slice::<u8>(), t.as_slice::<u8>());
    let rows = Rows::new(WIDTH, height).stride(STRIDE).target_stride(STRIDE);
    let ours = move |p: &[u8], t: &[u8]| {
        let mut stream = Stream::<U8, NonZero>::new(U8, NonZero);
        stream.update_rows(p, t, rows).expect("rows within the picture");
        sums(&stream)
    };
    let naive = |p: &[u8], t: &[u8]| {
        p.chunks(STRIDE).zip(t.chunks(STRIDE)).fold([0.0; 3], |[a, b, c], (p, t)| {
            let [x, y, z] = peers::naive_codes(&p[..WIDTH], &t[..WIDTH], i64::from);
            [a + x, b + y, c + z]
        })
    };
    give(Case {
        operands: (p, t),
        exact: naive(p, t),
        contestants: contestants![
            "ours": ours(hide(p), hide(t)),
            "naive": naive(hide(p), hide(t)),
        ],
    });
}
