//! The backward sweep: ours in lanes, and the same formulas a pixel at a time (`plain`). Both write the same bits.
use criterion::{
    BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main, measurement::WallTime,
};
use soft_dice::activation::{Sigmoid, Softmax, exp, sigmoid};
use soft_dice::gradient::{Backward, Layout, macro_mean};
use soft_dice::{Columns, F32, Gradient, Interleaved, Linear, Multiclass, Planar, Score, Soft, Stream, U8, ZeroOne};
use soft_dice_kernels::data::{Buffer, Random};
use std::hint::black_box;
use std::time::Duration;

const PIXELS: usize = 1 << 14;
const CLASSES: usize = 21;

fn one(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, who: &str, values: usize, run: impl FnMut()) {
    let mut run = run;
    group.throughput(Throughput::Elements(values as u64));
    group.bench_function(BenchmarkId::new(name, who), |bencher| bencher.iter(&mut run));
}

fn one_class(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("gradient");
    group.warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_millis(800)).sample_size(30);
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let p = Buffer::filled(PIXELS, || random.unit());
    let t = Buffer::filled(PIXELS, || random.unit());
    let codes: Buffer = Buffer::filled(PIXELS, || random.byte());
    let mask: Buffer = Buffer::filled(PIXELS, || random.bit());
    let (p, t): (&[f32], &[f32]) = (p.as_slice(), t.as_slice());
    let (codes, mask): (&[u8], &[u8]) = (codes.as_slice(), mask.as_slice());
    let logits: Vec<f32> = p.iter().map(|p| 12.0 * p - 6.0).collect();
    let mut out = vec![0.0f32; PIXELS];

    let mut stream = Stream::new(F32::new(), Soft(F32::new()));
    stream.update(p, t).expect("probabilities");
    let gradient = Gradient::of(&Score::dice(), stream.sums()).expect("a score");
    one(&mut group, "f32_f32", "ours", PIXELS, || {
        gradient.write(stream.sums(), black_box(p), t, &mut out).expect("room")
    });
    one(&mut group, "f32_f32", "plain", PIXELS, || {
        for ((out, &p), &t) in out.iter_mut().zip(black_box(p)).zip(t) {
            *out = if (0.0..=1.0).contains(&p) && (0.0..=1.0).contains(&t) { gradient.at(p, t) } else { 0.0 };
        }
    });

    let mut stream = Stream::new(U8, ZeroOne::new());
    stream.update(codes, mask).expect("a mask");
    let gradient = Gradient::of(&Score::dice(), stream.sums()).expect("a score");
    one(&mut group, "u8_mask", "ours", PIXELS, || {
        gradient.write(stream.sums(), black_box(codes), mask, &mut out).expect("room");
    });
    one(&mut group, "u8_mask", "plain", PIXELS, || {
        for ((out, &code), &t) in out.iter_mut().zip(black_box(codes)).zip(mask) {
            *out = if t <= 1 { gradient.at(f32::from(code) / 255.0, f32::from(t)) } else { 0.0 };
        }
    });

    let mut stream = Stream::new(Sigmoid(F32::new()), Soft(F32::new()));
    stream.update(&logits, t).expect("logits");
    let gradient = Gradient::of(&Score::dice(), stream.sums()).expect("a score");
    one(&mut group, "sigmoid", "ours", PIXELS, || {
        gradient.write_logit(stream.sums(), black_box(&logits), t, &mut out).expect("room");
    });
    one(&mut group, "sigmoid", "plain", PIXELS, || {
        for ((out, &x), &t) in out.iter_mut().zip(black_box(&logits)).zip(t) {
            let p = sigmoid(x);
            *out = if (0.0..=1.0).contains(&t) && !p.is_nan() { gradient.at(p, t) * (p * (1.0 - p)) } else { 0.0 };
        }
    });
    group.finish();
}

fn softmax(criterion: &mut Criterion) {
    const N: usize = 4096;
    let mut group = criterion.benchmark_group("gradient");
    group.warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_millis(800)).sample_size(30);
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let logits: Vec<f32> = (0..CLASSES * N).map(|_| 12.0 * random.unit() - 6.0).collect();
    let labels: Vec<u8> = (0..N).map(|_| random.byte() % CLASSES as u8).collect();
    let mut each = [Gradient::default(); CLASSES];
    let mut out = vec![0.0f32; CLASSES * N];
    let mut ours = |name: &str, layout: Layout, logits: &dyn Fn(&mut Backwards<'_>)| {
        let mut frame = Backwards { each: &mut each, labels: &labels, layout, out: &mut out };
        one(&mut group, name, "ours", CLASSES * N, || logits(&mut frame));
    };
    ours("softmax_planar", Layout::Planar, &|frame| frame.run(Planar(black_box(&logits))));
    ours("softmax_interleaved", Layout::Interleaved, &|frame| frame.run(Interleaved(black_box(&logits))));
    one(&mut group, "softmax_interleaved", "plain", CLASSES * N, || {
        for ((x, out), &label) in black_box(&logits).chunks(CLASSES).zip(out.chunks_mut(CLASSES)).zip(&labels) {
            let most = x.iter().fold(f32::NEG_INFINITY, |most, &x| if x > most { x } else { most });
            let sum: f32 = x.iter().map(|&x| exp(x - most)).sum();
            let mut mean = 0.0;
            for (c, (out, &x)) in out.iter_mut().zip(x).enumerate() {
                *out = exp(x - most) / sum;
                mean += *out * each[c].at(*out, f32::from(u8::from(usize::from(label) == c)));
            }
            for (c, out) in out.iter_mut().enumerate() {
                *out *= each[c].at(*out, f32::from(u8::from(usize::from(label) == c))) - mean;
            }
        }
    });
    group.finish();
}

/// Both sweeps over one frame.
struct Backwards<'a> {
    each: &'a mut [Gradient; CLASSES],
    labels: &'a [u8],
    layout: Layout,
    out: &'a mut [f32],
}

impl Backwards<'_> {
    /// The backward sweep alone, once the coefficients are known.
    fn run(&mut self, logits: impl Columns<f32>) {
        if self.each[0] == Gradient::default() {
            let mut frame = Multiclass::<[_; CLASSES]>::new(F32::new(), Linear);
            frame.update(Softmax(logits), self.labels).expect("logits");
            macro_mean(&Score::dice(), frame.sums(), self.each).expect("a score");
        }
        Backward::new(self.each).layout(self.layout).softmax(logits, self.labels, self.out).expect("room");
    }
}

criterion_group!(gradients, one_class, softmax);
criterion_main!(gradients);
