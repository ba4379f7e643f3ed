//! Ours and the peers, each by itself: 512 pixels to 64 megapixels, aligned and off by one. For ratios use `ratios`, which
//! interleaves them.
use criterion::{
    BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main, measurement::WallTime,
};
use soft_dice_kernels::data::{Buffer, Random};
use soft_dice_kernels::ours;
use soft_dice_peers as peers;
use std::hint::black_box;
use std::time::Duration;

const PIXELS: [usize; 5] = [512, 1 << 12, 1 << 16, 1 << 20, 1 << 26];

type Group<'a> = BenchmarkGroup<'a, WallTime>;

/// Operands for every kernel, one pixel longer than the largest frame so that a run can begin off by one.
struct Operands {
    codes: Buffer,
    mask: Buffer,
    floats: Buffer,
    soft: Buffer,
    words: Buffer,
    others: Buffer,
}

impl Operands {
    fn new(pixels: usize) -> Self {
        let mut random = Random(0x9E37_79B9_7F4A_7C15);
        Operands {
            codes: Buffer::filled(pixels + 1, || random.byte()),
            mask: Buffer::filled(pixels + 1, || random.bit()),
            floats: Buffer::filled(pixels + 1, || random.unit()),
            soft: Buffer::filled(pixels + 1, || random.unit()),
            words: Buffer::filled(pixels + 1, || (random.word() & 0x7FFF) as i16),
            others: Buffer::filled(pixels + 1, || (random.word() & 0x7FFF) as i16),
        }
    }

    fn u8(&self, at: usize, n: usize) -> (&[u8], &[u8]) {
        (&self.codes.as_slice()[at..at + n], &self.mask.as_slice()[at..at + n])
    }

    fn i8(&self, at: usize, n: usize) -> (&[i8], &[i8]) {
        (&self.codes.as_slice()[at..at + n], &self.mask.as_slice()[at..at + n])
    }

    fn i16(&self, at: usize, n: usize) -> (&[i16], &[i16]) {
        (&self.words.as_slice()[at..at + n], &self.others.as_slice()[at..at + n])
    }

    fn f32(&self, at: usize, n: usize) -> (&[f32], &[f32]) {
        (&self.floats.as_slice()[at..at + n], &self.soft.as_slice()[at..at + n])
    }
}

/// Runs one kernel over one size and alignment.
fn one(group: &mut Group, kernel: &str, n: usize, at: usize, call: impl Fn() -> [f64; 3]) {
    let place = if at == 0 { "aligned" } else { "off_by_one" };
    group.throughput(Throughput::Elements(n as u64));
    group.bench_function(BenchmarkId::new(format!("{kernel}/{place}"), n), |bencher| bencher.iter(&call));
}

fn all(criterion: &mut Criterion, name: &str, run: impl Fn(&mut Group, &Operands, usize, usize)) {
    let mut group = criterion.benchmark_group(name);
    for n in PIXELS {
        // A frame of 64 megapixels takes tens of milliseconds.
        group.sample_size(if n > 1 << 20 { 10 } else { 30 });
        group.warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_millis(800));
        let operands = Operands::new(n);
        for at in [0, 1] {
            run(&mut group, &operands, n, at);
        }
    }
    group.finish();
}

fn benches(criterion: &mut Criterion) {
    all(criterion, "ours", |group, operands, n, at| {
        let (p, t) = operands.u8(at, n);
        one(group, "u8_mask", n, at, || ours::u8_mask(black_box(p), black_box(t)));
        one(group, "u8_u8", n, at, || ours::u8_u8(black_box(p), black_box(t)));
        // Any bytes are bits; the first is the first of its byte, or the second.
        one(group, "u8_bits", n, at, || ours::u8_bits(black_box(p), black_box(operands.codes.as_slice()), at));
        one(group, "u8_label", n, at, || ours::u8_label(black_box(p), black_box(t), 1));
        one(group, "u8_own", n, at, || ours::u8_own(black_box(p)));
        let (q, _) = operands.i8(at, n);
        one(group, "i8_mask", n, at, || ours::i8_mask(black_box(q), black_box(t)));
        let (x, y) = operands.f32(at, n);
        one(group, "f32_mask", n, at, || ours::f32_mask(black_box(x), black_box(t)));
        one(group, "f32_f32", n, at, || ours::f32_f32(black_box(x), black_box(y)));
        one(group, "f32_f32_trusted", n, at, || ours::f32_f32_trusted(black_box(x), black_box(y)));
        let (w, v) = operands.i16(at, n);
        one(group, "q15_mask", n, at, || ours::q15_mask(black_box(w), black_box(t)));
        one(group, "q15_q15", n, at, || ours::q15_q15(black_box(w), black_box(v)));
    });
    all(criterion, "peers", |group, operands, n, at| {
        let (p, t) = operands.u8(at, n);
        one(group, "u8_mask/simsimd_dot", n, at, || peers::simsimd_bytes(black_box(p), black_box(t)));
        one(group, "u8_mask/numkong_dot", n, at, || peers::numkong_dot(black_box(p), black_box(t)));
        one(group, "u8_mask/numkong_three", n, at, || peers::numkong_three(black_box(p), black_box(t)));
        one(group, "u8_mask/wide", n, at, || peers::wide_u8(black_box(p), black_box(t)));
        one(group, "u8_mask/naive", n, at, || peers::naive_codes(black_box(p), black_box(t), i64::from));
        let (q, g) = operands.i8(at, n);
        one(group, "i8_mask/simsimd_dot", n, at, || peers::simsimd_dot(black_box(q), black_box(g)));
        one(group, "i8_mask/numkong_dot", n, at, || peers::numkong_dot(black_box(q), black_box(g)));
        let (x, y) = operands.f32(at, n);
        let (w, v) = operands.i16(at, n);
        one(group, "q15_q15/ndarray", n, at, || peers::ndarray_codes(black_box(w), black_box(v)));
        one(group, "q15_q15/naive", n, at, || peers::naive_codes(black_box(w), black_box(v), i64::from));
        one(group, "f32_f32/simsimd_dot", n, at, || peers::simsimd_dot(black_box(x), black_box(y)));
        one(group, "f32_f32/numkong_dot", n, at, || peers::numkong_dot(black_box(x), black_box(y)));
        one(group, "f32_f32/fearless_simd", n, at, || peers::fearless_f32(black_box(x), black_box(y)));
        one(group, "f32_f32/wide", n, at, || peers::wide_f32(black_box(x), black_box(y)));
        one(group, "f32_f32/ndarray", n, at, || peers::ndarray_f32(black_box(x), black_box(y)));
        one(group, "f32_f32/naive", n, at, || peers::naive_f32(black_box(x), black_box(y), |t| t));
    });
}

criterion_group!(soft_dice, benches);
criterion_main!(soft_dice);
