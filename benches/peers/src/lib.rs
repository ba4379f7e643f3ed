//! What the peers offer for the same work. SimSIMD and NumKong as their users call them; the others as the loop a careful
//! user would write with them. Each returns Σp, Σt, Σpt; NaN is a sum that the peer does not give.
use fearless_simd::{Level, dispatch, prelude::*};
use ndarray::{ArrayView1, Zip};
use numkong::{Dot, ReduceMoments};
use simsimd::SpatialSimilarity;
use wide::{f32x8, i16x16, i32x8, u8x16};

pub type Sums = [f64; 3];

/// One sum of the three.
pub fn simsimd_dot<T: SpatialSimilarity>(p: &[T], t: &[T]) -> Sums {
    [f64::NAN, f64::NAN, T::dot(p, t).unwrap_or(f64::NAN)]
}

unsafe extern "C" {
    // Exported by SimSIMD's library; its Rust interface stops at i8.
    fn simsimd_dot_u8(a: *const u8, b: *const u8, n: u64, result: *mut f64);
}

/// One sum of the three, on bytes.
pub fn simsimd_bytes(p: &[u8], t: &[u8]) -> Sums {
    let mut result = f64::NAN;
    assert_eq!(p.len(), t.len());
    // SAFETY: both slices hold `n` bytes, as the C function asks.
    unsafe { simsimd_dot_u8(p.as_ptr(), t.as_ptr(), p.len() as u64, &mut result) };
    [f64::NAN, f64::NAN, result]
}

/// One sum of the three.
pub fn numkong_dot<T: Dot<Output: Number>>(p: &[T], t: &[T]) -> Sums {
    [f64::NAN, f64::NAN, T::dot(p, t).map_or(f64::NAN, Number::to_f64)]
}

/// All three: the dot product and two passes of moments.
pub fn numkong_three<T: Dot<Output: Number> + ReduceMoments<SumOutput: Number>>(p: &[T], t: &[T]) -> Sums {
    let sum = |x: &[T]| T::reduce_moments(x, size_of::<T>()).0.to_f64();
    [sum(p), sum(t), numkong_dot(p, t)[2]]
}

/// What the peers return, as f64.
pub trait Number {
    fn to_f64(self) -> f64;
}
macro_rules! number {
    ($($t:ty)*) => { $(impl Number for $t { fn to_f64(self) -> f64 { self as f64 } })* };
}
number!(f64 i32 u32 i64 u64);

/// Three passes over views, as ndarray's documentation would have it.
pub fn ndarray_f32(p: &[f32], t: &[f32]) -> Sums {
    let (p, t) = (ArrayView1::from(p), ArrayView1::from(t));
    [p.sum().into(), t.sum().into(), (&p * &t).sum().into()]
}

/// The same for codes: folds into wide integers, since `sum` would wrap.
pub fn ndarray_codes<P: Copy + Into<i64>, T: Copy + Into<i64>>(p: &[P], t: &[T]) -> Sums {
    let (p, t) = (ArrayView1::from(p), ArrayView1::from(t));
    let sp = p.fold(0i64, |sum, &x| sum + x.into());
    let st = t.fold(0i64, |sum, &x| sum + x.into());
    let both = Zip::from(&p).and(&t).fold(0i64, |sum, &x, &y| sum + x.into() * y.into());
    [sp, st, both].map(|sum| sum as f64)
}

/// The loop that one writes first, over floats.
pub fn naive_f32<T: Copy>(p: &[f32], t: &[T], value: impl Fn(T) -> f32) -> Sums {
    let mut sums = [0f32; 3];
    for (&p, &t) in p.iter().zip(t) {
        let t = value(t);
        sums[0] += p;
        sums[1] += t;
        sums[2] += p * t;
    }
    sums.map(f64::from)
}

/// The loop that one writes first, over codes.
pub fn naive_codes<P: Copy + Into<i64>, T: Copy>(p: &[P], t: &[T], value: impl Fn(T) -> i64) -> Sums {
    let mut sums = [0i64; 3];
    for (&p, &t) in p.iter().zip(t) {
        let (p, t) = (p.into(), value(t));
        sums[0] += p;
        sums[1] += t;
        sums[2] += p * t;
    }
    sums.map(|sum| sum as f64)
}

/// The same over a bit mask.
pub fn naive_bits(p: &[u8], bits: &[u8]) -> Sums {
    let mut sums = [0u64; 3];
    for (i, &p) in p.iter().enumerate() {
        let t = bits[i / 8] >> (i % 8) & 1;
        sums[0] += u64::from(p);
        sums[1] += u64::from(t);
        sums[2] += u64::from(p * t);
    }
    sums.map(|sum| sum as f64)
}

/// The loop over decisions against a mask: Σ of those, of the mask, and of both.
pub fn naive_decided<P: Copy>(p: &[P], t: &[u8], one: impl Fn(P) -> bool) -> Sums {
    let mut counts = [0u64; 3];
    for (&p, &t) in p.iter().zip(t) {
        let (p, t) = (one(p), t != 0);
        counts[0] += u64::from(p);
        counts[1] += u64::from(t);
        counts[2] += u64::from(p && t);
    }
    counts.map(|count| count as f64)
}

/// The greatest channel of each pixel against its label, counted for each class; those of the first. Channel c of pixel
/// i lies at i · `steps.0` + c · `steps.1`.
pub fn naive_argmax<R: Copy + PartialOrd>(p: &[R], labels: &[u8], steps: (usize, usize)) -> Sums {
    let channels = p.len() / labels.len();
    let mut counts = vec![[0u64; 3]; channels];
    for (i, &label) in labels.iter().enumerate() {
        let value = |channel: usize| p[i * steps.0 + channel * steps.1];
        let winner = (1..channels).fold(0, |most, c| if value(c) > value(most) { c } else { most });
        counts[winner][0] += 1;
        counts[usize::from(label)][1] += 1;
        counts[winner][2] += u64::from(winner == usize::from(label));
    }
    counts[0].map(|count| count as f64)
}

/// Two accumulators a sum, eight floats each.
pub fn wide_f32(p: &[f32], t: &[f32]) -> Sums {
    let mut sums = [[f32x8::ZERO; 3]; 2];
    for (p, t) in p.as_chunks::<16>().0.iter().zip(t.as_chunks::<16>().0) {
        for (j, sums) in sums.iter_mut().enumerate() {
            let (p, t) = (f32x8::new(eight(p, j)), f32x8::new(eight(t, j)));
            sums[0] += p;
            sums[1] += t;
            sums[2] += p * t;
        }
    }
    let rest = p.len() / 16 * 16;
    let tail = naive_f32(&p[rest..], &t[rest..], |t| t);
    [0, 1, 2].map(|j| f64::from((sums[0][j] + sums[1][j]).reduce_add()) + tail[j])
}

fn eight(turn: &[f32; 16], half: usize) -> [f32; 8] {
    core::array::from_fn(|lane| turn[8 * half + lane])
}

/// Bytes widened to 16 bits, multiplied and added in pairs to 32; drained before 32 bits overflow.
pub fn wide_u8(p: &[u8], t: &[u8]) -> Sums {
    let ones = i16x16::splat(1);
    let mut total = [0f64; 3];
    for (p, t) in p.chunks(1 << 16).zip(t.chunks(1 << 16)) {
        let mut sums = [i32x8::ZERO; 3];
        let (turns, p_rest) = p.as_chunks::<16>();
        let (others, t_rest) = t.as_chunks::<16>();
        for (p, t) in turns.iter().zip(others) {
            let (p, t) = (i16x16::from(u8x16::new(*p)), i16x16::from(u8x16::new(*t)));
            sums[0] += p.dot(ones);
            sums[1] += t.dot(ones);
            sums[2] += p.dot(t);
        }
        let tail = naive_codes(p_rest, t_rest, i64::from);
        for (total, (sum, tail)) in total.iter_mut().zip(sums.iter().zip(tail)) {
            *total += sum.to_array().iter().map(|&lane| f64::from(lane)).sum::<f64>() + tail;
        }
    }
    total
}

/// The crate's own example of a loop over native vectors, for three sums.
pub fn fearless_f32(p: &[f32], t: &[f32]) -> Sums {
    #[inline(always)]
    fn sums<S: Simd>(simd: S, p: &[f32], t: &[f32]) -> Sums {
        let lanes = S::f32s::LEN;
        let mut sums = [[S::f32s::splat(simd, 0.0); 3]; 4];
        for (p, t) in p.chunks_exact(4 * lanes).zip(t.chunks_exact(4 * lanes)) {
            for (j, sums) in sums.iter_mut().enumerate() {
                let p = S::f32s::from_slice(simd, &p[j * lanes..][..lanes]);
                let t = S::f32s::from_slice(simd, &t[j * lanes..][..lanes]);
                sums[0] += p;
                sums[1] += t;
                sums[2] = p.mul_add(t, sums[2]);
            }
        }
        let rest = p.len() / (4 * lanes) * (4 * lanes);
        let tail = naive_f32(&p[rest..], &t[rest..], |t| t);
        [0, 1, 2].map(|k| {
            let all = (sums[0][k] + sums[1][k]) + (sums[2][k] + sums[3][k]);
            f64::from(all.as_slice().iter().sum::<f32>()) + tail[k]
        })
    }
    dispatch!(level(), simd => sums(simd, p, t))
}

/// Bytes: 16-bit sums and products by the crate's widening operations, drained into 64 bits every 64 turns.
pub fn fearless_u8(p: &[u8], t: &[u8]) -> Sums {
    #[inline(always)]
    fn sums<S: Simd>(simd: S, p: &[u8], t: &[u8]) -> Sums {
        let lanes = S::u8s::LEN;
        let mut total = [0u64; 3];
        for (p, t) in p.chunks(64 * lanes).zip(t.chunks(64 * lanes)) {
            let (mut sp, mut st) = (S::u16s::splat(simd, 0), S::u16s::splat(simd, 0));
            let mut products = S::u32s::splat(simd, 0);
            for (p, t) in p.chunks_exact(lanes).zip(t.chunks_exact(lanes)) {
                let (p, t) = (S::u8s::from_slice(simd, p), S::u8s::from_slice(simd, t));
                let ((p0, p1), (t0, t1), (m0, m1)) = (p.widen(), t.widen(), p.widening_mul(t));
                sp = sp + p0 + p1;
                st = st + t0 + t1;
                let (low, high) = m0.widening_add(m1);
                products = products + low + high;
            }
            let rest = p.len() / lanes * lanes;
            let tail = naive_codes(&p[rest..], &t[rest..], i64::from);
            total[0] += sp.as_slice().iter().map(|&x| u64::from(x)).sum::<u64>() + tail[0] as u64;
            total[1] += st.as_slice().iter().map(|&x| u64::from(x)).sum::<u64>() + tail[1] as u64;
            total[2] += products.as_slice().iter().map(|&x| u64::from(x)).sum::<u64>() + tail[2] as u64;
        }
        total.map(|sum| sum as f64)
    }
    dispatch!(level(), simd => sums(simd, p, t))
}

/// Detected once: detection on every call would not be the peer's own speed.
fn level() -> Level {
    static LEVEL: std::sync::OnceLock<Level> = std::sync::OnceLock::new();
    *LEVEL.get_or_init(Level::new)
}
