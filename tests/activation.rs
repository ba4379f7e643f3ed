//! Softmax in the stream: against f64, tables over 1000 scales, and the same bits in any layout.

mod support;

use soft_dice::activation::{
    IntegerSigmoid, IntegerSoftmax, QuantizedSoftmax, Sigmoid, Softmax, SoftmaxTable, exp, integer_sigmoid, sigmoid,
};
use soft_dice::*;
use support::Random;

/// The probabilities that a pixel's logits give: sums of one pixel are its codes.
fn codes<const C: usize>(p: impl Columns<f32>) -> [u64; C] {
    let mut frame = Multiclass::<[_; C]>::new(F32::new(), Linear);
    frame.update(p, &[0]).unwrap();
    core::array::from_fn(|c| frame.sums()[c].p())
}

fn exact<const C: usize>(logits: [f64; C]) -> [f64; C] {
    let most = logits.iter().copied().fold(f64::MIN, f64::max);
    let sum: f64 = logits.iter().map(|x| (x - most).exp()).sum();
    logits.map(|x| (x - most).exp() / sum)
}

#[test]
fn softmax_table_over_1000_scales() {
    const C: usize = 21;
    let mut random = Random(7);
    let (mut worst, mut low, mut high) = (0.0f64, i64::MAX, i64::MIN);
    for k in 0..1000 {
        let scale = 2f32.powf(k as f32 * 0.011 - 10.0);
        let table = SoftmaxTable::new(scale).unwrap();
        for (distance, &code) in table.codes().iter().enumerate() {
            let truth = (-(distance as f64) * f64::from(scale)).exp() * 8_388_608.0;
            assert!((f64::from(code) - truth).abs() < 0.500_01, "{scale} {distance}");
        }
        for _ in 0..20 {
            let logits: [i8; C] = core::array::from_fn(|_| random.next() as i8);
            let got: [u64; C] = codes(QuantizedSoftmax::new(Interleaved(&logits), &table));
            let truth = exact(logits.map(|q| f64::from(q) * f64::from(scale)));
            for (code, p) in got.iter().zip(truth) {
                worst = worst.max((*code as f64 - p * 8_388_608.0).abs());
            }
            let sum = got.iter().sum::<u64>() as i64 - (1 << 23);
            (low, high) = (low.min(sum), high.max(sum));
            let unsigned = logits.map(|q| q as u8 ^ 0x80);
            assert_eq!(got, codes(QuantizedSoftmax::new(Planar(&unsigned), &table)), "u8 and i8, any layout");
        }
    }
    println!("softmax table, 21 classes: off by {worst:.2} codes of 2^-23; pixel sums from 1 by {low} to {high} codes");
    assert!(worst <= 3.0 && low >= -(C as i64) / 2 && high <= C as i64 / 2);
}

/// Interleaved rows of 8-bit logits, which are summed without a float between, beside the same planes, which are not: any number
/// of channels, more pixels than a run, some of them left out.
#[test]
fn softmax_table_rows_are_planes() {
    let mut random = Random(19);
    let table = SoftmaxTable::new(0.04).unwrap();
    for channels in (1..=9).chain([21, 64, 65]) {
        for (ignore, within) in [(None, 0), (Some(0), 0), (Some(255), 1), (None, 2)] {
            let pixels = 700 + channels;
            let rows: Vec<i8> = (0..pixels * channels).map(|_| random.next() as i8).collect();
            let planes: Vec<i8> = (0..channels).flat_map(|c| rows.iter().skip(c).step_by(channels).copied()).collect();
            let labels: Vec<u8> = (0..pixels)
                .map(|_| if ignore == Some(255) && random.below(5) == 0 { 255 } else { random.below(channels) as u8 })
                .collect();
            let inside: Vec<u8> = (0..pixels).map(|_| random.next() as u8 & random.next() as u8).collect();
            let bits = Bits::at(&inside[..(pixels + 3).div_ceil(8)], 3);
            let region = [None, Some(Region::Bytes(&inside)), Some(Region::Bits(bits))][within];
            let sums = |rowwise: bool| {
                let mut sums: Vec<Sums<F32, Label, Linear>> =
                    (0..channels).map(|class| Sums::new(F32::new(), Label::new(class as u8))).collect();
                let mut frame = Multiclass::over(&mut sums[..], channels).unwrap();
                if let Some(label) = ignore {
                    frame = frame.ignoring(label);
                }
                match (rowwise, region) {
                    (true, None) => frame.update(QuantizedSoftmax::new(Interleaved(&rows), &table), &labels),
                    (true, Some(r)) => {
                        frame.update_within(QuantizedSoftmax::new(Interleaved(&rows), &table), &labels, r)
                    }
                    (false, None) => frame.update(QuantizedSoftmax::new(Planar(&planes), &table), &labels),
                    (false, Some(r)) => frame.update_within(QuantizedSoftmax::new(Planar(&planes), &table), &labels, r),
                }
                .unwrap();
                frame.sums().iter().map(Measured::record).collect::<Vec<_>>()
            };
            assert_eq!(sums(true), sums(false), "{channels} channels, ignoring {ignore:?}, region {within}");
        }
    }
}

#[test]
fn softmax_of_floats() {
    const C: usize = 21;
    let mut random = Random(11);
    let (mut worst, mut low, mut high) = (0.0f64, i64::MAX, i64::MIN);
    for _ in 0..20_000 {
        let scale = [0.1, 1.0, 10.0, 50.0][random.below(4)];
        let logits: [f32; C] = core::array::from_fn(|_| (random.probability() - 0.5) * scale);
        let got: [u64; C] = codes(Softmax(Interleaved(&logits)));
        let truth = exact(logits.map(f64::from));
        for (code, p) in got.iter().zip(truth) {
            worst = worst.max((*code as f64 / 8_388_608.0 - p).abs());
        }
        let sum = got.iter().sum::<u64>() as i64 - (1 << 23);
        (low, high) = (low.min(sum), high.max(sum));
        assert_eq!(got, codes(Softmax(Planar(&logits))));
    }
    println!("softmax of f32, 21 classes: off by {worst:e}; pixel sums from 1 by {low} to {high} codes of 2^-23");
    assert!(worst < 4.0e-7 && low >= -12 && high <= 12);
    for bad in [f32::NAN, f32::INFINITY] {
        let mut frame = Multiclass::<[_; 3]>::new(F32::new().range(Range::Refuse), Linear);
        assert_eq!(frame.update(Softmax(Interleaved(&[0.0, bad, 1.0])), &[0]), Err(Error::Range));
    }
}

/// What every softmax of `f32` does with values that have no probability.
fn ends<'a, S: Columns<f32>>(softmax: impl Fn(Interleaved<'a, f32>) -> S) {
    assert_eq!(codes::<3>(softmax(Interleaved(&[f32::NEG_INFINITY, 0.0, 0.0]))), [0, 1 << 22, 1 << 22]);
    let bad: [&[f32]; 4] =
        [&[0.0, f32::NAN, 1.0], &[0.0, f32::INFINITY, 1.0], &[f32::NEG_INFINITY; 3], &[-f32::NAN, 3.0, 1.0]];
    for logits in bad {
        let mut frame = Multiclass::<[_; 3]>::new(F32::new(), Linear);
        frame.update(softmax(Interleaved(logits)), &[0]).unwrap();
        assert!(frame.sums().iter().all(|sums| sums.invalid() == 1 && sums.count() == 0), "{logits:?}");
    }
}

/// The largest error over pixels of `C` classes, of logits near each other, far from each other and far from 0.
fn worst<const C: usize>(of: impl Fn(&[f32; C]) -> [u64; C]) -> f64 {
    let (mut random, mut worst) = (Random(13), 0.0f64);
    for round in 0..200_000 / C {
        let scale = [0.1, 1.0, 10.0, 50.0, 1000.0][random.below(5)];
        let from = [0.0, 0.0, 70.0, -3000.0][round % 4];
        let logits: [f32; C] = core::array::from_fn(|_| (random.probability() - 0.5) * scale + from);
        for (code, p) in of(&logits).into_iter().zip(exact(logits.map(f64::from))) {
            worst = worst.max((code as f64 / 8_388_608.0 - p).abs());
        }
    }
    println!("softmax of {C} classes: off by {worst:e}");
    worst
}

#[test]
fn softmax_of_integers() {
    fn integers<const C: usize>(logits: &[f32; C]) -> [u64; C] {
        let got = codes(IntegerSoftmax(Interleaved(logits)));
        assert_eq!(got, codes(IntegerSoftmax(Planar(logits))));
        got
    }
    assert!(worst::<2>(integers) < 6e-7);
    assert!(worst::<4>(integers) < 6e-7);
    assert!(worst::<21>(integers) < 6e-7);
    assert!(worst::<256>(integers) < 6e-7);
    assert_eq!(codes::<1>(IntegerSoftmax(Interleaved(&[-7.5]))), [1 << 23]);
    ends(IntegerSoftmax);
    ends(Softmax);
}

#[cfg(feature = "micromath")]
#[test]
fn softmax_of_micromath() {
    use soft_dice::activation::{ApproximateSigmoid, ApproximateSoftmax, approximate_sigmoid};
    assert!(worst::<21>(|logits| codes(ApproximateSoftmax(Interleaved(logits)))) < 5.4e-4);
    assert!(worst::<2>(|logits| codes(ApproximateSoftmax(Planar(logits)))) < 5.4e-4);
    ends(ApproximateSoftmax);
    let logits: Vec<f32> = (-900..900).map(|k| k as f32 * 0.01).collect();
    let mask: Vec<u8> = logits.iter().map(|&x| u8::from(x > 0.3)).collect();
    let mut stream = Stream::new(ApproximateSigmoid(F32::new()), NonZero);
    stream.update(&logits, &mask).unwrap();
    let mut plain = Stream::new(F32::new(), NonZero);
    plain.update(&logits.iter().map(|&x| approximate_sigmoid(x)).collect::<Vec<_>>(), &mask).unwrap();
    assert_eq!(stream.sums().record(), plain.sums().record());
    let mut exact = Stream::new(Sigmoid(F32::new()), NonZero);
    exact.update(&logits, &mask).unwrap();
    let moved = stream.sums().p().abs_diff(exact.sums().p()) as f64 / 8_388_608.0;
    println!("1800 sigmoids: Σp moved by {moved}");
    assert!(moved < 5.4e-4 * 1800.0);
}

/// The element's sums are those of the values that its function gives, for every target, moment and threshold.
#[test]
fn sigmoid_of_integers_in_the_stream() {
    let mut random = Random(5);
    let mut logits: Vec<f32> = (0..3000).map(|_| (random.probability() - 0.5) * 40.0).collect();
    logits.extend([f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 0.0, -0.0, 1e-40, -1e-40]);
    let mask: Vec<u8> = logits.iter().map(|_| random.below(2) as u8).collect();
    let values: Vec<f32> = logits.iter().map(|&x| integer_sigmoid(x)).collect();
    let mut stream = Stream::summing(IntegerSigmoid, ZeroOne::new(), All);
    let mut plain = Stream::summing(F32::new(), ZeroOne::new(), All);
    let mut at = 0;
    while at < logits.len() {
        let to = logits.len().min(at + 1 + random.below(700));
        stream.update(&logits[at..to], &mask[at..to]).unwrap();
        at = to;
    }
    plain.update(&values, &mask).unwrap();
    assert_eq!(stream.sums().record(), plain.sums().record());
    assert_eq!(stream.sums().invalid(), 1);
    for threshold in [0.0, 0.25, 0.5, 0.750_000_1, 1.0] {
        let mut own = Stream::new(IntegerSigmoid, Own::at_least(&IntegerSigmoid, threshold));
        let mut plain = Stream::new(F32::new(), Own::at_least(&F32::new(), threshold));
        own.update(&logits, ()).unwrap();
        plain.update(&values, ()).unwrap();
        assert_eq!(own.sums().record(), plain.sums().record(), "{threshold}");
    }
}

/// Any chunking of logits gives the same bits, as it does of probabilities.
#[test]
fn logits_in_any_chunk() {
    const C: usize = 4;
    let mut random = Random(3);
    let logits: Vec<f32> = (0..C * 1000).map(|_| (random.probability() - 0.5) * 20.0).collect();
    let labels: Vec<u8> = (0..1000).map(|_| random.below(C) as u8).collect();
    let new = || Multiclass::<[_; C]>::new(F32Fine::new(), All);
    let (mut whole, mut parts) = (new(), new());
    whole.update(Softmax(Interleaved(&logits)), &labels).unwrap();
    let mut at = 0;
    while at < 1000 {
        let to = 1000.min(at + 1 + random.below(300));
        parts.update(Softmax(Interleaved(&logits[C * at..C * to])), &labels[at..to]).unwrap();
        at = to;
    }
    assert_eq!(whole, parts);

    let mut stream = Stream::new(Sigmoid(F32::new()), Label::new(1));
    stream.update(&logits[..1000], &labels).unwrap();
    let probabilities: Vec<f32> = logits[..1000].iter().map(|&x| sigmoid(x)).collect();
    let mut plain = Stream::new(F32::new(), Label::new(1));
    plain.update(&probabilities, &labels).unwrap();
    assert_eq!(stream.sums().record(), plain.sums().record());
}

/// Bits that every target must give: the device firmware can compare its own with these.
#[test]
fn bits_are_fixed() {
    let mut hash = 0u32;
    for k in 0..100_000u32 {
        let x = f32::from_bits(0x3000_0000 + k * 1399);
        let integers = integer_sigmoid(x).to_bits() ^ integer_sigmoid(-x).to_bits();
        for bits in [exp(x).to_bits(), exp(-x).to_bits(), activation::ln(x).to_bits(), sigmoid(-x).to_bits(), integers]
        {
            hash = hash.rotate_left(5) ^ bits.wrapping_mul(0x9E37_79B1);
        }
    }
    println!("hash of exp, ln, sigmoid and that of integers: {hash:#010x}");
    assert_eq!(hash, HASH);
}

const HASH: u32 = 0x3cb0_284f;
