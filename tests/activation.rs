//! Softmax in the stream: against f64, tables over 1000 scales, and the same bits in any layout.

mod support;

use soft_dice::activation::{QuantizedSoftmax, Sigmoid, Softmax, SoftmaxTable, exp, sigmoid};
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
    assert_eq!(codes::<3>(Softmax(Interleaved(&[f32::NEG_INFINITY, 0.0, 0.0]))), [0, 1 << 22, 1 << 22]);
    for bad in [f32::NAN, f32::INFINITY] {
        let mut frame = Multiclass::<[_; 3]>::new(F32::new(), Linear);
        frame.update(Softmax(Interleaved(&[0.0, bad, 1.0])), &[0]).unwrap();
        assert!(frame.sums().iter().all(|sums| sums.invalid() == 1 && sums.count() == 0));
        let mut frame = Multiclass::<[_; 3]>::new(F32::new().range(Range::Refuse), Linear);
        assert_eq!(frame.update(Softmax(Interleaved(&[0.0, bad, 1.0])), &[0]), Err(Error::Range));
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
        for bits in [exp(x).to_bits(), exp(-x).to_bits(), activation::ln(x).to_bits(), sigmoid(-x).to_bits()] {
            hash = hash.rotate_left(5) ^ bits.wrapping_mul(0x9E37_79B1);
        }
    }
    println!("hash of exp, ln and sigmoid: {hash:#010x}");
    assert_eq!(hash, HASH);
}

const HASH: u32 = 0x52cc_229e;
