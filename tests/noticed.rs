//! What mutants of scores and sums have shown that no test noticed: each is a case where a wrong operation gives another number.

use soft_dice::confidence::{CONFIDENCE, ClassConfidence, Last};
use soft_dice::*;

/// A record of a hard prediction: whole pixels.
fn hard(pt: u128, p: u128, t: u128) -> Record {
    let nothing = Stream::new(U8, NonZero).sums().record();
    Record { unit_p: Unit::ONE, count: 1 << 39, p, t, pt, minima: Some((pt, 0)), ..nothing }
}

/// 16-bit codes against a mask: the narrow way of the sums, the wide one of their record, and the formula.
#[test]
fn q15_against_a_mask() {
    let mut stream = Stream::new(Q15::new(), NonZero);
    stream.update(&[32767, 20000, 1, 0, 123], &[1, 1, 0, 1, 0]).unwrap();
    let (sums, record) = (stream.sums(), stream.sums().record());
    let (i, p, t) = (52767.0, 52891.0, 3.0 * 32768.0);
    for (score, truth) in [
        (Score::dice(), 2.0 * i / (p + t)),
        (Score::jaccard(), i / (p + t - i)),
        (Score::precision(), i / p),
        (Score::recall(), i / t),
    ] {
        assert_eq!((score.f64(sums), score.f64(&record)), (Ok(truth), Ok(truth)));
        assert_eq!(score.q31(sums), score.q31(&record));
        assert_eq!(score.q15(sums), Ok((truth * 32768.0).round_ties_even() as i32));
    }
}

/// A chunk is refused after its first runs were added: pixels that were ignored or invalid there are taken off too.
#[test]
fn undone_chunks_with_ignored_and_invalid_pixels() {
    let pixels = 700;
    let mut map = vec![0.25f32; 2 * pixels];
    let labels: Vec<u8> = (0..pixels).map(|at| [0, 1, 255][at % 3]).collect();
    let new = || Multiclass::<[_; 2]>::new(F32::new().range(Range::Refuse), Squares).ignoring(255);
    let mut frame = new();
    frame.update(Interleaved(&map), &labels).unwrap();
    let before = frame;
    assert_eq!(before.sums()[0].ignored(), 233);
    map[2 * (pixels - 1)] = 2.0;
    assert_eq!(frame.update(Interleaved(&map), &labels), Err(Error::Range));
    assert_eq!(frame, before);

    // Invalid and clamped pixels come before a mask byte that is broken.
    for e in [F32::new(), F32::new().range(Range::Clamp)] {
        let mut frame = Multilabel::<[_; 2]>::new(e, ZeroOne::new(), All);
        let mut map = vec![0.25f32; 2 * pixels];
        (map[3], map[10], map[17]) = (f32::NAN, 3.0, -3.0);
        let mut masks = vec![1u8; 2 * pixels];
        frame.update(Interleaved(&map), Interleaved(&masks)).unwrap();
        let before = frame;
        assert!(before.sums()[1].invalid() > 0);
        masks[2 * pixels - 1] = 2;
        assert_eq!(frame.update(Interleaved(&map), Interleaved(&masks)), Err(Error::Mask));
        assert_eq!(frame, before);
    }
}

/// Ties go to even in each of the four roundings, and both parts of a ratio are what they say.
#[test]
fn ties_and_signs() {
    let read = |n: u128, d: u128| Score::precision().ratio(&hard(n, d, 1)).unwrap();
    for (n, q15) in [(1, 0), (3, 2), (5, 2), (7, 4)] {
        assert_eq!(read(n, 1 << 16).q15(), q15);
        assert_eq!(read(n, 1 << 32).q31(), i64::from(q15));
    }
    for n in [1u128, 2, 3, 5, 6, 7] {
        let whole = (1 << 24) + n;
        // Exact in f64, which is rounded once, to even, when it is cast.
        assert_eq!(read(whole, 1 << 24).f32(), (whole as f64 / f64::from(1 << 24)) as f32);
        let whole = (1u128 << 53) + n;
        assert_eq!(read(whole, 1 << 53).f64(), (whole as f64) / 2f64.powi(53));
    }
    let third = read(1, 3);
    assert_eq!((third.numerator(), third.denominator()), (1, 3));
    // Up to 2^62 a ratio has its Q31, and beyond it the greatest.
    assert_eq!((read(1 << 30, 1).q31(), read(1 << 61, 1).q31()), (1 << 61, i64::MAX));
    // Smoothing lifts the score of nothing to 2, and its loss is −1; so is the mean of two.
    let empty = Stream::new(U8, NonZero);
    let loss = Score::dice().smooth(1.0, 0.5).loss();
    let ratio = loss.ratio(empty.sums()).unwrap();
    assert!(ratio.numerator() < 0 && ratio.numerator().unsigned_abs() == ratio.denominator());
    assert_eq!((ratio.q15(), ratio.q31(), ratio.f32(), ratio.f64()), (-32768, -(1 << 31), -1.0, -1.0));
    let mean = Average::new(loss).all_classes().of(&[*empty.sums(); 2]).unwrap();
    assert_eq!((mean.ratio.f64(), mean.defined, mean.absent), (-1.0, 2, 2));
}

/// Smoothing above 16 pixels, and of sums that take 128 bits.
#[test]
fn smoothing_of_every_size() {
    let mut stream = Stream::new(U8, NonZero);
    stream.update(&[255, 51, 102, 0], &[1, 1, 0, 1]).unwrap();
    let (i, p, t) = (1.2, 1.6, 3.0);
    for (n, d) in [(16.0, 16.5), (20.0, 31.5), (31.0, 17.0), (32.0, 33.0), (1000.0, 65535.0), (1e-5, 1e-5)] {
        let score = Score::dice().smooth(n, d).f64(stream.sums()).unwrap();
        assert!((score - (2.0 * i + n) / (p + t + d)).abs() < 1e-12, "{n} {d}: {score}");
    }
    let mut fine = Stream::new(F32Fine::new(), Soft(F32Fine::new()));
    fine.update(&[1.0; 1000], &[0.5; 1000]).unwrap();
    for _ in 0..20 {
        let half = fine;
        fine.merge(&half).unwrap();
    }
    let pixels = 1000.0 * f64::from(1 << 20);
    for (n, d) in [(1e-5, 1e-5), (20.0, 31.5), (60000.0, 1.0)] {
        let truth = (pixels + n) / (1.5 * pixels + d);
        let score = Score::dice().smooth(n, d).f64(fine.sums()).unwrap();
        assert!((score / truth - 1.0).abs() < 1e-12, "{n} {d}: {score} {truth}");
    }
}

/// Bins whose edges are no f32: the values beside each edge lie on its two sides.
#[test]
fn edges_between_floats() {
    fn edges<const B: usize>() {
        for bin in 1..B {
            let exact = bin as f64 / B as f64;
            let near = exact as f32;
            for p in [near.next_down(), near, near.next_up()] {
                let mut bins = Reliability::<_, _, B>::new(F32::new(), NonZero);
                bins.update(&[p], &[1]).unwrap();
                let truth = if f64::from(p) >= exact { bin } else { bin - 1 };
                let found = bins.bins().iter().position(|bin| bin.count == 1);
                assert_eq!(found, Some(truth), "{p} of {B} bins");
            }
        }
    }
    edges::<3>();
    edges::<7>();
    edges::<10>();
    edges::<15>();
}

/// Every code of every kind of unit lies in the bin that integers of 128 bits give, scales without a short fraction among them.
#[test]
fn bins_of_codes_are_exact() {
    fn bins<P: Element, const B: usize>(element: P, raw: &[P::Raw], code: impl Fn(P::Raw) -> u128) {
        let unit = element.unit();
        for &raw in raw {
            let mut bins = Reliability::<_, _, B>::new(element, NonZero);
            bins.update(&[raw], &[1]).unwrap();
            let exact = code(raw) * u128::from(unit.mul) * B as u128 / (u128::from(unit.div) << unit.shift);
            let found = bins.bins().iter().position(|bin| bin.count == 1);
            assert_eq!(found, Some((exact as usize).min(B - 1)), "{raw:?} of {element:?} in {B} bins");
        }
    }
    fn all<const B: usize>() {
        let bytes: Vec<u8> = (0..=255).collect();
        bins::<_, B>(U8, &bytes, u128::from);
        bins::<_, B>(I8::TFLITE, &(-128..=127).collect::<Vec<i8>>(), |raw| (i128::from(raw) + 128) as u128);
        bins::<_, B>(U8Affine::ONNXRUNTIME, &bytes, u128::from);
        for scale in [1.0 / 255.0f32, 0.003_906_3, 0.007, 0.3, f32::from_bits(0x3B80_8081), 1.0e-9] {
            let element = U8Affine::new(scale, 0).unwrap();
            // What lies beyond 1 is read as the last code that does not.
            let within: Vec<u8> = (0..=255).take_while(|&c| f64::from(c) * f64::from(scale) <= 1.0).collect();
            bins::<_, B>(element, &within, u128::from);
        }
        let words: Vec<u16> = (0..=u16::MAX).step_by(61).chain([u16::MAX]).collect();
        bins::<_, B>(U16::new(), &words, u128::from);
        bins::<_, B>(Q15::new(), &(0..=i16::MAX).step_by(61).collect::<Vec<_>>(), |raw| raw as u128);
        bins::<_, B>(Mask01, &[0, 1], u128::from);
    }
    all::<1>();
    all::<3>();
    all::<10>();
    all::<15>();
    all::<256>();
}

/// 1 + 2 + 4 + … + 2^39 pixels leave room for one.
#[test]
fn the_last_pixel_of_reliability_bins() {
    let new = || Reliability::<_, _, 4>::new(U8, NonZero);
    let (mut power, mut all) = (new(), new());
    power.update(&[255], &[1]).unwrap();
    for _ in 0..40 {
        all.merge(&power).unwrap();
        let twin = power;
        let _ = power.merge(&twin);
    }
    assert_eq!((all.count(), all.update(&[0, 0], &[0, 0])), (CAPACITY - 1, Err(Error::Capacity)));
    all.update(&[0], &[0]).unwrap();
    assert_eq!((all.count(), all.update(&[0], &[0])), (CAPACITY, Err(Error::Capacity)));
}

#[test]
fn reliability_bins_that_are_not_alike() {
    let mut bins = Reliability::<_, _, 4>::new(U8, Label::new(1));
    assert_ne!(bins, Reliability::new(U8, Label::new(2)));
    bins.update(&[7], &[1]).unwrap();
    let one = bins;
    assert_ne!(bins, Reliability::new(U8, Label::new(1)));
    bins.merge(&one).unwrap();
    assert_ne!(bins, one);
    // As many pixels, in another bin.
    let mut other = Reliability::<_, _, 4>::new(U8, Label::new(1));
    other.update(&[200], &[1]).unwrap();
    assert_ne!(other, one);
    // As many pixels were seen, one of which is in no bin.
    let (mut valid, mut invalid) =
        (Reliability::<_, _, 4>::new(F32::new(), NonZero), Reliability::new(F32::new(), NonZero));
    valid.update(&[0.5], &[1]).unwrap();
    let before = valid;
    valid.update(&[f32::NAN], &[1]).unwrap();
    assert_ne!(valid, before);
    invalid.update(&[0.5], &[1]).unwrap();
    assert_eq!(invalid, before);
    let affine = |zero_point| Reliability::<_, _, 4>::new(U8Affine::new(0.01, zero_point).unwrap(), NonZero);
    assert_ne!(affine(0), affine(1));
}

/// What the plain loop alone would have left out is refused before a bin moves.
#[test]
fn reliability_bins_that_refuse() {
    let mut bins = Reliability::<_, _, 4>::new(F32::new().range(Range::Refuse), NonZero);
    assert_eq!((bins.update(&[0.5, 2.0], &[1, 1]), bins.count()), (Err(Error::Range), 0));
    let mut bins = Reliability::<_, _, 4>::new(U8, ZeroOne::new());
    assert_eq!((bins.update(&[5, 5], &[1, 2]), bins.count()), (Err(Error::Mask), 0));
}

#[test]
fn reliability_bins_that_do_not_merge() {
    let mut bins = Reliability::<_, _, 4>::new(I8::TFLITE, NonZero);
    bins.update(&[0; 1 << 10], &[1; 1 << 10]).unwrap();
    for _ in 10..40 {
        let other = bins;
        bins.merge(&other).unwrap();
    }
    let full = bins;
    assert_eq!(
        (bins.count(), bins.merge(&full), bins.update(&[0], &[0])),
        (CAPACITY, Err(Error::Capacity), Err(Error::Capacity))
    );
    assert_eq!(bins, full);
    let other = Reliability::<_, _, 4>::new(I8::ONNXRUNTIME, NonZero);
    let mut mine = Reliability::<_, _, 4>::new(I8::TFLITE, NonZero);
    assert_eq!(mine.merge(&other), Err(Error::Mismatch));
    let mut labels = Reliability::<_, _, 4>::new(U8, Label::new(1));
    assert_eq!(labels.merge(&Reliability::new(U8, Label::new(2))), Err(Error::Mismatch));
}

/// Supports of soft targets beyond 2^64 codes weigh as they should.
#[test]
fn supports_beyond_64_bits() {
    let unit = Unit::binary(48);
    let class = |i: u128, t: u128| Record {
        unit_p: unit,
        unit_t: unit,
        hard: false,
        rounded: 7,
        ..hard(i << 48, t << 48, t << 48)
    };
    let classes = [class(3 << 30, 4 << 30), class(1 << 20, 1 << 21), class(0, 1 << 32)];
    assert!(classes[0].t >> 64 > 0);
    // Dice 0.75, 0.5 and 0, weighed by 4 · 2^30, 2^21 and 2^32 pixels.
    let weights = [4.0 * 2f64.powi(30), 2f64.powi(21), 2f64.powi(32)];
    let truth = (0.75 * weights[0] + 0.5 * weights[1]) / weights.iter().sum::<f64>();
    let mean = Average::weighted(Score::dice()).of(&classes).unwrap();
    assert!((mean.ratio.f64() - truth).abs() < 1e-9, "{} {truth}", mean.ratio.f64());
}

#[test]
fn confidence_of_classes_with_clamped_pixels() {
    // 1.0 is reached at code 100 from the zero point 0 on.
    let e = U8Affine::new(0.01, 0).unwrap();
    let mut sure = ClassConfidence::<_, 3>::new(e);
    sure.update(&[200, 5, 0, 120, 130, 0, 90, 10, 0]).unwrap();
    let clamped = [0, 1, 2].map(|class| sure.class(class).unwrap().clamped);
    assert_eq!(clamped, [2, 1, 0]);
    assert_eq!((sure.pooled(None).clamped, sure.pooled(Some(0)).clamped, sure.pooled(Some(1)).clamped), (3, 1, 2));
    // Class 2 is nowhere the greatest and left out; of equal ones the first wins, so that class 1 is too.
    let first = CONFIDENCE.q15(&sure.class(0).unwrap()).unwrap();
    assert_eq!(sure.mean_q15(None), Some(first as u16));
    assert_eq!(sure.mean_q15(Some(0)), None);
    sure.update(&[0, 100, 0]).unwrap();
    let all = [0, 1].map(|class| CONFIDENCE.q15(&sure.class(class).unwrap()).unwrap());
    assert_eq!(sure.mean_q15(None), Some((all[0] + all[1] + 1) as u16 / 2));
    sure.reset();
    assert_eq!(sure, ClassConfidence::new(e));
}

/// One code in 2^16 pixels is too little for Q15, but not for `identical`.
#[test]
fn frames_that_differ_in_one_code() {
    let frame = vec![200u8; 1 << 16];
    let mut buffer = vec![0u8; 1 << 16];
    let mut last = Last::new(U8, &mut buffer);
    assert_eq!(last.compare(&frame), Ok(None));
    let same = last.compare(&frame).unwrap().unwrap();
    assert_eq!((same.agreement_q15, same.identical), (Some(1 << 15), true));
    let mut other = frame.clone();
    other[40_000] = 201;
    let near = last.compare(&other).unwrap().unwrap();
    assert_eq!((near.agreement_q15, near.identical), (Some(1 << 15), false));
}

/// At a score of 1 the slope of (1 − S)^γ is that of the loss itself for γ = 1, and 0 above.
#[test]
fn focal_slope_at_a_perfect_score() {
    let mut stream = Stream::new(U8, NonZero);
    stream.update(&[255, 0, 255], &[1, 0, 1]).unwrap();
    let plain = Gradient::of(&Score::dice(), stream.sums()).unwrap();
    let focal = |gamma: f32| Gradient::focal(&Focal::new(Score::dice(), gamma), stream.sums()).unwrap();
    assert_ne!(plain.at(0.5, 1.0), 0.0);
    assert_eq!((focal(1.0).at(0.5, 1.0), focal(1.0).at(0.5, 0.0)), (plain.at(0.5, 1.0), plain.at(0.5, 0.0)));
    assert_eq!((focal(2.0).at(0.5, 1.0), focal(0.5).at(0.5, 0.0)), (0.0, 0.0));
    let endless = Focal::new(Score::dice(), f32::INFINITY);
    assert_eq!(
        (endless.f32(stream.sums()), Score::tversky(5.0, 5.0).f32(stream.sums())),
        (Err(Error::Setting), Err(Error::Setting))
    );
}

/// A reducer forgets what its cells held, and the classes are as many in every frame where they have cells.
#[test]
fn reducers_on_cells_that_were_used() {
    let cell = |total: f64, count: u64| Cell { total, count };
    let mut rows = [cell(9.0, 3); 4];
    let mut by_class = Reducer::new(Reduction::MeanBatch, &mut rows);
    by_class.push(2, |class| Ok(class as f64 + 1.0)).unwrap();
    assert_eq!(by_class.rows(), [cell(1.0, 1), cell(2.0, 1)]);
    assert_eq!(by_class.push(3, |_| Ok(1.0)), Err(Error::Classes));
    assert_eq!(by_class.push(1, |_| Ok(1.0)), Err(Error::Classes));
    assert_eq!(by_class.push(0, |_| Ok(1.0)), Err(Error::Classes));
    by_class.push(2, |_| Ok(4.0)).unwrap();
    assert_eq!(by_class.rows(), [cell(5.0, 2), cell(6.0, 2)]);
    let mut rows = [cell(9.0, 3); 4];
    let mut each = Reducer::new(Reduction::None, &mut rows);
    each.push(2, |class| Ok(class as f64 + 1.0)).unwrap();
    each.push(2, |class| Ok(class as f64 + 3.0)).unwrap();
    assert_eq!(each.rows(), [cell(1.0, 1), cell(2.0, 1), cell(3.0, 1), cell(4.0, 1)]);
    assert_eq!(Reducer::new(Reduction::Mean, &mut []).push(0, |_| Ok(1.0)), Err(Error::Classes));
    let mut sum = Reducer::new(Reduction::Sum, &mut []);
    for _ in 0..3 {
        sum.push(2, |class| Ok(class as f64 + 1.0)).unwrap();
    }
    assert_eq!(sum.single(), Ok(cell(9.0, 6)));
    sum.reset();
    assert_eq!(sum.single(), Ok(Cell::NONE));
    each.reset();
    assert_eq!(each.rows(), []);
}

/// All classes saw the same pixels: pooled, their counts are not added, which would go beyond what sums hold.
#[test]
fn pooled_classes_of_full_sums() {
    let class = |pt: u128| Record { count: CAPACITY, ..hard(pt, 4, 8) };
    let mean = Average::micro(Score::dice()).of(&[class(1), class(2), class(3)]).unwrap();
    assert_eq!(mean.ratio.f64(), 12.0 / 36.0);
    let left = Record { count: 0, ..class(2) };
    let full = [
        Record { ignored: CAPACITY, ..left },
        Record { invalid: CAPACITY, ..left },
        Record { clamped: u64::MAX, ..left },
    ];
    for class in full {
        assert_eq!(Average::micro(Score::dice()).of(&[class; 3]).unwrap().ratio.f64(), 12.0 / 36.0);
    }
}

/// A soft map of one class against a soft target: what its sums are in pixels, exactly.
struct Soft8 {
    p: Vec<u8>,
    t: Vec<u8>,
}

impl Soft8 {
    fn new() -> Self {
        Self {
            p: (0..40).map(|at| (at * 37 % 256) as u8).collect(),
            t: (0..40).map(|at| (at * 91 % 256) as u8).collect(),
        }
    }

    fn sum(&self, of: impl Fn(f64, f64) -> f64) -> f64 {
        self.p.iter().zip(&self.t).map(|(&p, &t)| of(f64::from(p) / 255.0, f64::from(t) / 255.0)).sum()
    }

    fn sums(&self) -> Sums<U8, Soft<U8>, All> {
        let mut stream = Stream::summing(U8, Soft(U8), All);
        stream.update(&self.p, &self.t).unwrap();
        *stream.sums()
    }
}

#[test]
fn sums_in_pixels() {
    let map = Soft8::new();
    let found = Pixels::of(&map.sums());
    let (pp, tt) = found.squares.unwrap();
    for (found, truth) in [
        (found.i, map.sum(|p, t| p * t)),
        (found.p, map.sum(|p, _| p)),
        (found.t, map.sum(|_, t| t)),
        (pp, map.sum(|p, _| p * p)),
        (tt, map.sum(|_, t| t * t)),
        (found.min.unwrap(), map.sum(f64::min)),
    ] {
        assert!((found - truth).abs() < 1e-12, "{found} {truth}");
    }
    let mut floats = Stream::new(F32::new(), Soft(F32::new()));
    floats.update(&[0.5, 0.25], &[0.5, 1.0]).unwrap();
    assert_eq!(Pixels::of(floats.sums()).i, 0.5);
    // The lesser of two units is kept by its side.
    let other = U8Affine::new(1.0 / 256.0, 0).unwrap();
    let mut unlike = Stream::summing(U8, Soft(other), All);
    unlike.update(&map.p, &map.t).unwrap();
    let truth: f64 = map.p.iter().zip(&map.t).map(|(&p, &t)| (f64::from(p) / 255.0).min(f64::from(t) / 256.0)).sum();
    assert!((Pixels::of(unlike.sums()).min.unwrap() - truth).abs() < 1e-12);
}

/// The generalised score from minima: weights 1/t, and 2·Σmin over Σp + Σt.
#[test]
fn generalised_score_from_minima() {
    let map = Soft8::new();
    let swapped = Soft8 { p: map.p.iter().map(|p| p / 2).collect(), t: map.t.iter().rev().copied().collect() };
    let (mut above, mut below) = (0.0, 0.0);
    for class in [&map, &swapped] {
        let t = class.sum(|_, t| t);
        above += 2.0 * class.sum(f64::min) / t;
        below += class.sum(|p, t| p + t) / t;
    }
    let score = Generalised::new().volume(Volume::Simple).semimetric();
    let found = score.f64(&[map.sums(), swapped.sums()]).unwrap();
    assert!((found - above / below).abs() < 1e-12, "{found} {}", above / below);
}

/// Squared Dice where one side is of floats, whose squares are rounded, and the other of codes, whose squares are not.
#[test]
fn squares_of_floats_beside_codes() {
    let map = Soft8::new();
    let floats: Vec<f32> = map.p.iter().map(|&p| f32::from(p) / 256.0).collect();
    let (mut i, mut size) = (0.0, 0.0);
    for (&p, &t) in floats.iter().zip(&map.t) {
        let (p, t) = (f64::from(p), f64::from(t) / 255.0);
        i += p * t;
        size += p * p + t * t;
    }
    let truth = 2.0 * i / size;
    let mut left = Stream::summing(F32::new(), Soft(U8), All);
    left.update(&floats, &map.t).unwrap();
    let mut right = Stream::summing(U8, Soft(F32::new()), All);
    right.update(&map.t, &floats).unwrap();
    for found in [Score::dice().squared().f64(left.sums()), Score::dice().squared().f64(right.sums())] {
        let found = found.unwrap();
        assert!((found - truth).abs() < 1e-5, "{found} {truth}");
    }
}

/// Products of such codes are of another unit than their sums: all are brought to one below 2^90, and brought down again before
/// smoothing is added. Of a map with itself numerator and denominator are alike to the last bit, and those of one pixel are as
/// great as the pixel.
#[test]
fn smoothing_of_a_map_with_itself() {
    let e = U8Affine::new(1.0 / 128.0, 0).unwrap();
    let mut stream = Stream::new(e, Soft(e));
    stream.update(&[128], &[128]).unwrap();
    let score = Score::precision().smooth(1.0, 2.0).f64(stream.sums()).unwrap();
    assert!((score - 2.0 / 3.0).abs() < 1e-12, "{score}");
    for _ in 0..22 {
        let half = stream;
        stream.merge(&half).unwrap();
    }
    let pixels = f64::from(1 << 22);
    let score = Score::dice().smooth(1000.0, 9000.0).f64(stream.sums()).unwrap();
    assert!((score - (2.0 * pixels + 1000.0) / (2.0 * pixels + 9000.0)).abs() < 1e-12, "{score}");
    // And of a map that nothing of is in the target.
    let mut apart = Stream::new(e, Soft(e));
    apart.update(&[128], &[0]).unwrap();
    for _ in 0..22 {
        let half = apart;
        apart.merge(&half).unwrap();
    }
    let score = Score::dice().smooth(1000.0, 9000.0).f64(apart.sums()).unwrap();
    assert!((score - 1000.0 / (pixels + 9000.0)).abs() < 1e-12, "{score}");
}

/// (2 + r) · n · u / (Σp + Σt), r of the sides rounded to 2u.
#[test]
fn how_far_rounding_can_have_moved_a_score() {
    let half = F32::new().unit().value(1) / 2.0;
    let mut soft = Stream::new(F32::new(), Soft(F32::new()));
    soft.update(&[0.5, 0.25, 1.0], &[0.5, 1.0, 0.0]).unwrap();
    let mut mask = Stream::new(F32::new(), NonZero);
    mask.update(&[0.5, 0.25, 1.0], &[1, 1, 0]).unwrap();
    let mut codes = Stream::new(U8, NonZero);
    codes.update(&[1, 2, 3], &[1, 1, 0]).unwrap();
    let dice = Score::dice();
    assert!((dice.rounding(soft.sums()) - 4.0 * 3.0 * half / 3.25).abs() < 1e-15);
    assert!((dice.rounding(mask.sums()) - 3.0 * 3.0 * half / 3.75).abs() < 1e-15);
    assert_eq!(dice.rounding(codes.sums()), 0.0);
}

/// Records of soft maps with minima and squares, merged: those of the whole. The lesser of two units is kept by its side.
#[test]
fn merged_records_keep_minima() {
    let map = Soft8::new();
    let target = U8Affine::new(1.0 / 256.0, 0).unwrap();
    let part = |from: usize, to: usize| {
        let mut stream = Stream::summing(U8, Soft(target), All);
        stream.update(&map.p[from..to], &map.t[from..to]).unwrap();
        stream.sums().record()
    };
    let (mut merged, whole) = (part(0, 17), part(0, 40));
    merged.merge(&part(17, 40)).unwrap();
    assert_eq!(merged, whole);
    let (p, t) = merged.minima.unwrap();
    assert!(p > 1 && t > 1);
    let truth: f64 = map.p.iter().zip(&map.t).map(|(&p, &t)| (f64::from(p) / 255.0).min(f64::from(t) / 256.0)).sum();
    assert!((p as f64 / 255.0 + t as f64 / 256.0 - truth).abs() < 1e-12);
    // What was left out is added too, up to all that sums hold.
    let some = Record { count: 5, ignored: 7, invalid: 11, clamped: 3, ..whole };
    let rest = Record { count: CAPACITY - 5 - 2 * 18, ..some };
    let mut sum = some;
    sum.merge(&rest).unwrap();
    assert_eq!((sum.count, sum.ignored, sum.invalid, sum.clamped), (CAPACITY - 36, 14, 22, 6));
    let full = sum;
    assert_eq!(sum.merge(&Record { ignored: 0, invalid: 0, count: 1, ..some }), Err(Error::Capacity));
    assert_eq!(sum, full);
}

#[test]
fn classes_forgotten() {
    let new = || Multiclass::<[_; 3]>::new(U8, Squares).ignoring(9);
    let mut classes = new();
    classes.update(Interleaved(&[1, 2, 3, 4, 5, 6]), &[2, 9]).unwrap();
    assert_ne!(classes, new());
    classes.reset();
    assert_eq!(classes, new());
    let mut masks = Multilabel::<[_; 2]>::new(U8, NonZero, All);
    masks.update(Interleaved(&[1, 2]), Interleaved(&[1, 0])).unwrap();
    masks.reset();
    assert_eq!(masks, Multilabel::new(U8, NonZero, All));
}

/// Gradients of the generalised score, from products and from minima, beside differences of the formula.
#[test]
fn generalised_gradients_of_soft_targets() {
    let (p, t) = ([0.9f32, 0.2, 0.4, 0.7], [0.5f32, 0.6, 0.1, 0.9]);
    let mut stream = Stream::summing(F32::new(), Soft(F32::new()), All);
    stream.update(&p, &t).unwrap();
    for (score, least) in [(Generalised::new(), false), (Generalised::new().semimetric(), true)] {
        let both = |p: f64, t: f64| if least { p.min(t) } else { p * t };
        let mut each = [Gradient::default()];
        gradient::generalised(&score, &[*stream.sums()], &mut each).unwrap();
        let loss = |at: usize, by: f64| {
            let moved = p.iter().enumerate().map(|(here, &p)| f64::from(p) + if here == at { by } else { 0.0 });
            let sums = moved.zip(t.map(f64::from)).fold((0.0, 0.0), |(i, size), (p, t)| (i + both(p, t), size + p + t));
            1.0 - 2.0 * sums.0 / sums.1
        };
        for at in 0..4 {
            let slope = (loss(at, 1e-4) - loss(at, -1e-4)) / 2e-4;
            assert!((f64::from(each[0].at(p[at], t[at])) - slope).abs() < 1e-5, "{at}: {slope}");
        }
    }
}
