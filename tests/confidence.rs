//! Soft Dice Confidence and agreement: on the shipped run, against what it stands for, and at their edges.

#[path = "support/data.rs"]
mod data;
mod support;

use soft_dice::confidence::{AGREEMENT, CONFIDENCE, ClassConfidence, Last, agreement, confidence};
use soft_dice::*;
use support::Random;
use support::drift::Drift;

/// The run's sums and scores, as its authors computed them.
#[test]
fn drift_sums_are_exact() {
    let run = Drift::read();
    for (index, map) in run.maps().enumerate() {
        let expected = run.expected(index);
        let mut own = confidence(I8::TFLITE);
        own.update(map, ()).expect("a map");
        let sums = own.finish();
        assert_eq!([sums.p(), sums.t(), sums.pt()], [expected.u, expected.y, expected.uy], "frame {index}");
        assert_eq!(CONFIDENCE.f64(&sums), Ok(expected.sdc), "frame {index}");
        let mut truth = Stream::new(I8::TFLITE, LsbFirst);
        truth.update(map, Bits::new(run.reference(index))).expect("a map");
        let sums = truth.finish();
        assert_eq!([sums.p(), sums.t(), sums.pt()], [expected.u, expected.r, expected.ur], "frame {index}");
        assert_eq!(Score::dice().f64(&sums), Ok(expected.soft_dice), "frame {index}");
    }
}

/// The figures of the documentation: 0.968 with the soft Dice, 0.767 with the hard.
#[test]
fn confidence_follows_the_soft_dice() {
    let run = Drift::read();
    let (mut own, mut soft, mut hard) = (Vec::new(), Vec::new(), Vec::new());
    for (index, map) in run.maps().enumerate() {
        let expected = run.expected(index);
        own.push(expected.sdc);
        soft.push(expected.soft_dice);
        let mask: Vec<u8> = map.iter().map(|&q| u8::from(q >= 0)).collect();
        let mut stream = Stream::new(U8Affine::new(1.0, 0).expect("a mask"), LsbFirst);
        stream.update(&mask, Bits::new(run.reference(index))).expect("a map");
        hard.push(Score::dice().f64(stream.sums()).expect("a reference that is not empty"));
    }
    let (with_soft, with_hard) = (spearman(&own, &soft), spearman(&own, &hard));
    println!("Spearman of confidence: {with_soft:.3} with the soft Dice, {with_hard:.3} with the hard");
    assert!((with_soft - 0.968).abs() < 0.001, "{with_soft}");
    assert!((with_hard - 0.767).abs() < 0.001, "{with_hard}");
    let steady = |scores: &[f64]| scores[..30].to_vec();
    let (own, soft, hard) = (steady(&own), steady(&soft), steady(&hard));
    let steady = (spearman(&own, &soft), spearman(&own, &hard));
    println!("frames 0 to 29: {:.3} and {:.3}", steady.0, steady.1);
    assert!((steady.0 - 0.88).abs() < 0.005 && (steady.1 - 0.09).abs() < 0.005);
}

/// Rank correlation; ties take their mean rank.
fn spearman(a: &[f64], b: &[f64]) -> f64 {
    let ranks = |x: &[f64]| -> Vec<f64> {
        let rank = |v: &f64| {
            let below = x.iter().filter(|w| *w < v).count();
            let equal = x.iter().filter(|w| *w == v).count();
            below as f64 + (equal as f64 - 1.0) / 2.0
        };
        x.iter().map(rank).collect()
    };
    let (a, b) = (ranks(a), ranks(b));
    let mean = (a.len() as f64 - 1.0) / 2.0;
    let sum = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| (x - mean) * (y - mean)).sum::<f64>();
    sum(&a, &b) / (sum(&a, &a) * sum(&b, &b)).sqrt()
}

/// Levels of a pixel, as codes of 1/256: both sides of the threshold and both ends among them.
const LEVELS: [u8; 9] = [0, 16, 64, 127, 128, 160, 192, 224, 255];

/// The expected hard Dice of the thresholded mask, pixels independent, by every outcome.
fn ideal_by_outcomes(codes: &[u8]) -> f64 {
    let p: Vec<f64> = codes.iter().map(|&c| f64::from(c) / 256.0).collect();
    let mask = codes.iter().filter(|&&c| c >= 128).count() as f64;
    (0u32..1 << p.len())
        .map(|outcome| {
            let (mut chance, mut truth, mut both) = (1.0, 0.0, 0.0);
            for (i, &p) in p.iter().enumerate() {
                let one = outcome >> i & 1 == 1;
                chance *= if one { p } else { 1.0 - p };
                truth += f64::from(u8::from(one));
                both += f64::from(u8::from(one && p >= 0.5));
            }
            if mask + truth == 0.0 { 0.0 } else { chance * 2.0 * both / (mask + truth) }
        })
        .sum()
}

/// Chances of each number of ones, when a pixel joins.
fn joined(counts: &[f64], code: u8) -> Vec<f64> {
    let p = f64::from(code) / 256.0;
    let mut next = vec![0.0; counts.len() + 1];
    for (n, &chance) in counts.iter().enumerate() {
        next[n] += chance * (1.0 - p);
        next[n + 1] += chance * p;
    }
    next
}

/// The same from the chances of numbers of ones inside and outside the mask.
fn ideal_by_counts(inside: &[f64], outside: &[f64]) -> f64 {
    let mask = inside.len() as f64 - 1.0;
    let mut sum = 0.0;
    for (a, &chance) in inside.iter().enumerate() {
        for (b, &other) in outside.iter().enumerate() {
            sum += chance * other * 2.0 * a as f64 / (mask + (a + b) as f64);
        }
    }
    sum
}

fn sdc(codes: &[u8]) -> f64 {
    let mut stream = confidence(U8Affine::new(1.0 / 256.0, 0).expect("a scale"));
    stream.update(codes, ()).expect("codes");
    CONFIDENCE.f64(stream.sums()).expect("a mask")
}

/// Least and greatest SDC / ideal over all maps of up to 16 pixels of these levels that have a mask. Order does not
/// matter, so a map is a number of pixels at each level.
#[test]
fn ratio_to_the_ideal_on_small_maps() {
    let low = LEVELS.iter().filter(|&&code| code < 128).count();
    let mut extremes = [(f64::MAX, Vec::new(), 0.0f64, Vec::new()), (f64::MAX, Vec::new(), 0.0f64, Vec::new())];
    // Every multiset of levels outside the mask, and inside, with its counts of ones.
    let outside = multisets(&LEVELS[..low], 15);
    let inside = multisets(&LEVELS[low..], 16);
    let mut maps = 0u64;
    for (codes, ones) in inside.iter().filter(|(codes, _)| !codes.is_empty()) {
        for (rest, others) in outside.iter().filter(|(rest, _)| codes.len() + rest.len() <= 16) {
            let (p, t) = (|c: &[u8]| c.iter().map(|&c| f64::from(c) / 256.0).sum::<f64>(), codes.len() as f64);
            let ratio = 2.0 * p(codes) / (p(codes) + p(rest) + t) / ideal_by_counts(ones, others);
            maps += 1;
            for (bound, extreme) in extremes.iter_mut().enumerate() {
                if bound == 1 && codes.len() < 8 {
                    continue;
                }
                let whole = || [codes.as_slice(), rest].concat();
                if ratio < extreme.0 {
                    (extreme.0, extreme.1) = (ratio, whole());
                }
                if ratio > extreme.2 {
                    (extreme.2, extreme.3) = (ratio, whole());
                }
            }
        }
    }
    for (name, (least, at_least, greatest, at_greatest)) in
        ["any mask", "masks of 8 pixels and more"].iter().zip(&extremes)
    {
        println!("{name}: SDC / ideal from {least:.4} {at_least:?} to {greatest:.4} {at_greatest:?}");
        // The extremes again, by every outcome and by the library.
        for (codes, ratio) in [(at_least, least), (at_greatest, greatest)] {
            let exact = sdc(codes) / ideal_by_outcomes(codes);
            assert!((exact - ratio).abs() < 1e-12, "{codes:?}: {exact} against {ratio}");
        }
    }
    println!("{maps} maps");
    let [(least, _, greatest, _), (least_of_8, _, greatest_of_8, _)] = &extremes;
    let rounded = [least, greatest, least_of_8, greatest_of_8].map(|ratio| (ratio * 1e3).round() / 1e3);
    assert_eq!(rounded, DOCUMENTED);
}

/// As `src/confidence.rs` states them: any mask, and masks of eight pixels or more.
const DOCUMENTED: [f64; 4] = [0.899, 1.333, 0.995, 1.030];

/// All choices of up to `most` of `levels`, with the chances of their numbers of ones.
fn multisets(levels: &[u8], most: usize) -> Vec<(Vec<u8>, Vec<f64>)> {
    let mut all = vec![(Vec::new(), vec![1.0])];
    for &level in levels {
        let mut more = Vec::new();
        for (codes, ones) in &all {
            let (mut codes, mut ones) = (codes.clone(), ones.clone());
            while codes.len() < most {
                codes.push(level);
                ones = joined(&ones, level);
                more.push((codes.clone(), ones.clone()));
            }
        }
        all.extend(more);
    }
    all
}

/// Outcomes and counts agree on random maps, and so do library and formula.
#[test]
fn both_enumerations_agree() {
    let mut random = Random(7);
    for _ in 0..40 {
        let codes: Vec<u8> = (0..1 + random.below(12)).map(|_| random.next() as u8).collect();
        let (inside, outside): (Vec<u8>, Vec<u8>) = codes.iter().partition(|&&c| c >= 128);
        if inside.is_empty() {
            continue;
        }
        let ones = |codes: &[u8]| codes.iter().fold(vec![1.0], |ones, &code| joined(&ones, code));
        let (by_counts, by_outcomes) = (ideal_by_counts(&ones(&inside), &ones(&outside)), ideal_by_outcomes(&codes));
        assert!((by_counts - by_outcomes).abs() < 1e-12);
    }
}

/// Every kept element: a frame agrees with itself exactly, with another less, and another size is refused.
#[test]
fn last_frames() {
    fn check<P: confidence::Kept>(element: P, one: &[P::Raw], other: &[P::Raw], nothing: <P::As as Element>::Raw) {
        let mut buffer = vec![nothing; one.len()];
        let mut last = Last::new(element, &mut buffer);
        assert_eq!(last.compare(one), Ok(None));
        let same = last.compare(one).expect("a frame").expect("a last one");
        assert_eq!((same.agreement_q15, same.identical), (Some(32768), true), "{element:?}");
        assert_eq!(last.compare(&one[1..]), Err(Error::Length));
        let moved = last.compare(other).expect("a frame").expect("a last one");
        assert!(!moved.identical && moved.agreement_q15 < Some(32768), "{element:?}");
        last.reset();
        assert_eq!(last.compare(one), Ok(None));
    }
    let codes: Vec<u8> = (0..200u32).map(|i| (i * 37 % 251) as u8).collect();
    let turned: Vec<u8> = codes.iter().rev().copied().collect();
    let signed = |codes: &[u8]| codes.iter().map(|&c| c as i8).collect::<Vec<_>>();
    let floats = |codes: &[u8]| codes.iter().map(|&c| f32::from(c) / 255.0).collect::<Vec<_>>();
    let words = |codes: &[u8]| codes.iter().map(|&c| i16::from(c) << 7).collect::<Vec<_>>();
    let wide = |codes: &[u8]| codes.iter().map(|&c| u16::from(c) << 8).collect::<Vec<_>>();
    check(U8, &codes, &turned, 0);
    check(U8Affine::new(0.003, 9).expect("a scale"), &codes, &turned, 0);
    check(I8::TFLITE, &signed(&codes), &signed(&turned), 0);
    check(Q15::new(), &words(&codes), &words(&turned), 0);
    check(U16::new(), &wide(&codes), &wide(&turned), 0);
    check(F32::new(), &floats(&codes), &floats(&turned), 0);
    check(F32Fine::new(), &floats(&codes), &floats(&turned), 0);
}

/// What a buffer holds before the first frame does not matter: not even bytes that the element would refuse.
#[test]
fn buffers_of_anything() {
    let mut buffer = [7; 3];
    let mut last = Last::new(Mask01, &mut buffer);
    assert_eq!(last.compare(&[1, 0, 1]), Ok(None));
    let same = last.compare(&[1, 0, 1]).expect("a frame").expect("a last one");
    assert_eq!((same.agreement_q15, same.identical), (Some(32768), true));
}

/// Maps of many pixels, whose winners are found in blocks: as those of the same classes in planes, which are read pixel by pixel.
#[test]
fn blocks_of_classes() {
    fn check<const C: usize>() {
        // Some blocks, and less than one.
        for pixels in [1000, 100] {
            let map: Vec<u8> = (0..pixels * C).map(|at| (at * at * 31 % 251) as u8).collect();
            let planes: [Vec<u8>; C] =
                std::array::from_fn(|class| map.iter().skip(class).step_by(C).copied().collect());
            let (mut rows, mut apart) = (ClassConfidence::<_, C>::new(U8), ClassConfidence::<_, C>::new(U8));
            rows.update(&map).expect("whole pixels");
            apart.update_planar(std::array::from_fn(|class| &planes[class][..])).expect("alike");
            assert_eq!(rows, apart, "{pixels} pixels of {C} classes");
        }
    }
    check::<2>();
    check::<3>();
    check::<4>();
    check::<6>();
    check::<7>();
    check::<9>();
    check::<21>();
    // More than any vector holds, which are read pixel by pixel.
    check::<150>();
}

/// Bytes of masks as numbers of classes: with one that is neither 0 nor 1 a chunk is refused, wherever it lies, and nothing of it is
/// added.
#[test]
fn classes_whose_numbers_are_masks() {
    let map: Vec<u8> = (0..3 * 1000).map(|at| u8::from(at * at % 7 < 3)).collect();
    let mut classes = ClassConfidence::<_, 3>::new(Mask01);
    classes.update(&map).expect("zeros and ones");
    let before = classes;
    for at in [0, 1500, 2999] {
        let mut wrong = map.clone();
        wrong[at] = 2;
        assert_eq!((classes.update(&wrong), classes), (Err(Error::Range), before), "at {at}");
    }
}

/// A pixel that is no number is left out, and what was kept there stays; a refusal changes nothing.
#[test]
fn last_frame_with_invalid_pixels() {
    let mut buffer = [0; 3];
    let mut last = Last::new(F32::new(), &mut buffer);
    assert_eq!(last.compare(&[0.2, 0.4, 1.0]), Ok(None));
    let hole = last.compare(&[0.2, f32::NAN, 1.0]).expect("a frame").expect("a last one");
    assert_eq!((hole.agreement_q15, hole.identical), (Some(32768), false));
    let whole = last.compare(&[0.2, 0.4, 1.0]).expect("a frame").expect("a last one");
    assert!(whole.identical);

    let mut buffer = [0; 3];
    let mut last = Last::new(F32::new().range(Range::Refuse), &mut buffer);
    assert_eq!(last.compare(&[0.2, 0.4, 1.0]), Ok(None));
    assert_eq!(last.compare(&[0.9, f32::NAN, 1.0]), Err(Error::Range));
    assert!(last.compare(&[0.2, 0.4, 1.0]).expect("a frame").expect("a last one").identical);
}

/// The device's int8 output with its float twin, beside the plain formula.
#[test]
fn agreement_of_device_and_float_model() {
    for name in ["selfie256_astronaut", "selfie256_camera", "selfie_land_astronaut", "selfie_land_camera"] {
        let device: Vec<i8> = data::npy(&data::shipped().join(format!("{name}_q8.npy"))).1;
        let float: Vec<f32> = data::npy(&data::shipped().join(format!("{name}_f32.npy"))).1;
        let mut stream = agreement(I8::TFLITE, F32::new());
        stream.update(&device, &float).expect("two maps");
        let got = AGREEMENT.f64(stream.sums()).expect("not empty");
        let (mut least, mut both) = (0.0, 0.0);
        for (&q, &t) in device.iter().zip(&float) {
            let (p, t) = ((f64::from(q) + 128.0) / 256.0, f64::from(t));
            (least, both) = (least + p.min(t), both + p + t);
        }
        println!("{name}: {got:.5}");
        assert!((got - 2.0 * least / both).abs() < 1e-6, "{name}: {got}");
        let mut itself = agreement(I8::TFLITE, I8::TFLITE);
        itself.update(&device, &device).expect("two maps");
        assert_eq!(AGREEMENT.f64(itself.sums()), Ok(1.0));
    }
}

/// Agreement of consecutive frames of the run: the last one kept, and both at hand.
#[test]
fn agreement_on_the_device() {
    let run = Drift::read();
    let maps: Vec<&[i8]> = run.maps().collect();
    let mut buffer = vec![0; maps[0].len()];
    let mut last = Last::new(I8::TFLITE, &mut buffer);
    for (index, pair) in maps.windows(2).enumerate() {
        if index == 0 {
            assert_eq!(last.compare(pair[0]), Ok(None));
        }
        let compared = last.compare(pair[1]).expect("a frame").expect("a last one");
        let mut stream = agreement(I8::TFLITE, I8::TFLITE);
        stream.update(pair[1], pair[0]).expect("two maps");
        assert_eq!(compared.agreement_q15.map(i32::from), AGREEMENT.q15(stream.sums()).ok(), "frame {index}");
    }
}

/// Many classes against a plain count of the same.
#[test]
fn classes_as_counted_by_hand() {
    const C: usize = 5;
    let mut random = Random(3);
    let map: Vec<i8> = (0..C * 999).map(|_| random.next() as i8).collect();
    let mut stream = ClassConfidence::<_, C>::new(I8::TFLITE);
    stream.update(&map).expect("whole pixels");
    let (mut p, mut t, mut pt) = ([0u128; C], [0u128; C], [0u128; C]);
    for pixel in map.chunks(C) {
        let codes: Vec<u128> = pixel.iter().map(|&q| (i32::from(q) + 128) as u128).collect();
        let most = codes.iter().max().copied().expect("five");
        let first = codes.iter().position(|&code| code == most).expect("it is there");
        (t[first], pt[first]) = (t[first] + 1, pt[first] + most);
        (0..C).for_each(|class| p[class] += codes[class]);
    }
    for class in 0..C {
        let record = stream.class(class).expect("a class");
        assert_eq!((record.p, record.t, record.pt), (p[class], t[class], pt[class]));
        let exact = 2.0 * pt[class] as f64 / (p[class] as f64 + 256.0 * t[class] as f64);
        assert_eq!(CONFIDENCE.f64(&record), Ok(exact));
    }
    let pooled = stream.pooled(Some(0));
    assert_eq!((pooled.t, pooled.count), (t[1..].iter().sum(), 999));
}

/// Without a target there is no row of it that could be too short.
#[test]
fn rows_of_classes_without_a_target() {
    let map = [9, 1, 2, 8, 0, 0, 3, 4, 5, 6, 0, 0];
    let (mut rows, mut whole) = (ClassConfidence::<_, 2>::new(U8), ClassConfidence::<_, 2>::new(U8));
    rows.update_rows(&map, Rows::new(2, 2).stride(3).target_stride(0), None).unwrap();
    whole.update(&[9, 1, 2, 8, 3, 4, 5, 6]).unwrap();
    assert_eq!(rows, whole);
}

/// Shares are rounded to the nearest, and what is not all is less than 1.
#[test]
fn shares_of_a_frame() {
    let area = |pixels: usize, front: usize| {
        let mut stream = confidence(U8);
        let map: Vec<u8> = (0..pixels).map(|at| if at < front { 255 } else { 0 }).collect();
        stream.update(&map, ()).unwrap();
        soft_dice::monitor::Frame::new(stream.sums()).unwrap().area_q15()
    };
    assert_eq!([(10, 1), (10, 0), (10, 10), (7, 2)].map(|(pixels, front)| area(pixels, front)), [3277, 0, 32768, 9362]);
    // Of so many the lowest bit is cut off, so that both numbers are alike.
    assert_eq!((area(131_071, 131_070), area(131_071, 1)), (32767, 1));
}
