//! Scores against the formulas in f64, and what they are at the ends.

mod support;

use proptest::prelude::*;
use soft_dice::oracle::{dice, jaccard, tversky};
use soft_dice::*;
use support::Random;

type Maps = (Vec<u8>, Vec<u8>, Sums<U8, Soft<U8>, All>);

fn soft(seed: u64, pixels: usize) -> Maps {
    let mut random = Random(seed);
    let p: Vec<u8> = (0..pixels).map(|_| random.next() as u8).collect();
    let t: Vec<u8> = (0..pixels).map(|_| random.next() as u8).collect();
    let mut s = Stream::summing(U8, Soft(U8), All);
    s.update(&p, &t).expect("as long");
    (p, t, s.finish())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Every form, within an ulp or two of f64: the formula's own rounding, for ours is rounded once.
    #[test]
    fn forms(seed in any::<u64>(), pixels in 1usize..600, alpha in 0.0f64..2.0, beta in 0.0f64..2.0, s in 0.0f64..3.0) {
        let (p, t, sums) = soft(seed, pixels);
        let value = |code: &u8| f64::from(*code) / 255.0;
        let sum = |f: &dyn Fn(f64, f64) -> f64| p.iter().zip(&t).map(|(p, t)| f(value(p), value(t))).sum::<f64>();
        let (i, sp, st) = (sum(&|p, t| p * t), sum(&|p, _| p), sum(&|_, t| t));
        let (pp, tt, m) = (sum(&|p, _| p * p), sum(&|_, t| t * t), sum(&|p, t| p.min(t)));
        let close = |score: Score, expected: f64| -> Result<(), TestCaseError> {
            let got = score.f64(&sums).expect("not empty");
            prop_assert!((got - expected).abs() <= 1e-12 * (1.0 + expected.abs()), "{score:?}: {got} {expected}");
            let loss = score.loss().f64(&sums).expect("not empty");
            prop_assert!((loss - (1.0 - expected)).abs() <= 1e-12 * (1.0 + expected.abs()), "{score:?}");
            Ok(())
        };
        prop_assume!(sp > 0.0 && st > 0.0);
        close(Score::dice(), dice(i, sp, st))?;
        close(Score::dice().squared(), dice(i, pp, tt))?;
        close(Score::dice().semimetric(), dice(m, sp, st))?;
        close(Score::jaccard(), jaccard(i, sp, st))?;
        close(Score::jaccard().squared(), jaccard(i, pp, tt))?;
        close(Score::jaccard().semimetric(), jaccard(m, sp, st))?;
        close(Score::precision(), i / sp)?;
        close(Score::recall(), i / st)?;
        // Weights are taken to 2^-30.
        let got = Score::tversky(alpha, beta).f64(&sums).expect("not empty");
        prop_assert!((got - tversky(i, sp, st, alpha, beta)).abs() < 4e-9);
        close(Score::dice().smooth(s, 2.0 * s), (2.0 * i + s) / (sp + st + 2.0 * s))?;
    }

    /// Sums against a mask have a short way of their own to their score, which no [`Record`] of them takes: to the bit the same,
    /// of any unit and any number of pixels, also where numerator and denominator have more than 62 bits.
    #[test]
    fn against_a_mask_as_its_record(bits in 0u32..=40, seed in any::<u64>(), scale in 1.0e-6f32..=1.0, zero in -128i32..=127) {
        fn both<P: Element>(element: P, most: u64, bits: u32, random: &mut Random) -> Result<(), TestCaseError> {
            let count = (random.next() % (1 << bits)).max(1);
            let t = random.next() % (count + 1);
            let p = random.next() % (count * most + 1);
            let (pt, empty) = (random.next() % (p.min(t * most) + 1), Stream::new(element, NonZero).finish().record());
            let record = Record { count, p: p.into(), t: t.into(), pt: pt.into(), minima: Some((pt.into(), 0)), ..empty };
            let sums = Sums::<P, NonZero>::from_record(element, NonZero, &record).expect("a record of this kind");
            for score in [Score::dice(), Score::jaccard(), Score::precision(), Score::recall(), Score::dice().semimetric()] {
                for score in [score, score.loss(), score.both_empty(Empty::One).target_empty(Empty::Zero)] {
                    prop_assert_eq!(score.q31(&sums), score.q31(&record), "{:?} of {:?}", score, record);
                    prop_assert_eq!(score.f64(&sums), score.f64(&record), "{:?} of {:?}", score, record);
                }
            }
            Ok(())
        }
        let mut random = Random(seed);
        both(I8::new(scale, zero).expect("a scale"), 255, bits, &mut random)?;
        both(U8, 255, bits, &mut random)?;
        both(U16::new(), 65535, bits.min(38), &mut random)?;
        both(F32::new(), 1 << 23, bits, &mut random)?;
        both(Q15::new(), 1 << 15, bits, &mut random)?;
    }

    /// Units cancel as they should: the same map as u8, as onnxruntime's i8, and as floats of 1/255.
    #[test]
    fn one_map_in_three_formats(seed in any::<u64>(), pixels in 1usize..400) {
        let (p, t, sums) = soft(seed, pixels);
        let signed: Vec<i8> = p.iter().map(|&p| (p ^ 0x80) as i8).collect();
        let floats: Vec<f32> = p.iter().map(|&p| f32::from(p) / 255.0).collect();
        let (mut i, mut f) = (Stream::summing(I8::ONNXRUNTIME, Soft(U8), All), Stream::summing(F32Fine::new(), Soft(U8), All));
        i.update(&signed, &t).expect("as long");
        f.update(&floats, &t).expect("as long");
        for score in [Score::dice(), Score::jaccard().squared(), Score::dice().semimetric(), Score::recall()] {
            prop_assert_eq!(score.f64(&sums), score.f64(i.sums()));
            match (score.f64(&sums), score.f64(f.sums())) {
                // 2^-25 is the error of k/255 as f32.
                (Ok(a), Ok(b)) => prop_assert!((a - b).abs() < 1e-6, "{:?}: {} {}", score, a, b),
                (a, b) => prop_assert_eq!(a, b),
            }
        }
    }

    /// Two identical soft maps: squared and semimetric scores are exactly 1, in every format; linear ones less.
    #[test]
    fn identical_soft_maps(seed in any::<u64>(), pixels in 1usize..900) {
        let mut random = Random(seed);
        let floats: Vec<f32> = (0..pixels).map(|_| (random.next() >> 40) as f32 / (1 << 24) as f32).collect();
        let codes: Vec<i8> = (0..pixels).map(|_| random.next() as i8).collect();
        let words: Vec<i16> = (0..pixels).map(|_| (random.next() & 0x7FFF) as i16).collect();
        macro_rules! same {
            ($element:expr, $map:expr) => {
                let mut s = Stream::summing($element, Soft($element), All);
                s.update($map, $map).expect("as long");
                let sums = s.finish();
                if u128::from(sums.pt()) > 0 {
                    for score in [Score::dice(), Score::jaccard()] {
                        prop_assert_eq!(score.squared().f32(&sums), Ok(1.0));
                        prop_assert_eq!(score.semimetric().q15(&sums), Ok(32768));
                        prop_assert_eq!(score.semimetric().loss().f64(&sums), Ok(0.0));
                        prop_assert!(score.f64(&sums).expect("not empty") < 1.0);
                    }
                }
            };
        }
        same!(F32::new(), &floats);
        same!(F32Fine::new(), &floats);
        same!(I8::TFLITE, &codes);
        same!(I8::new(0.0123, -128).expect("a scale"), &codes);
        same!(Q15::new(), &words);
    }
}

#[test]
fn linear_of_uniform_noise_is_two_thirds() {
    let mut random = Random(1);
    let map: Vec<f32> = (0..1 << 20).map(|_| (random.next() >> 40) as f32 / (1 << 24) as f32).collect();
    let mut s = Stream::new(F32::new(), Soft(F32::new()));
    s.update(&map, &map).expect("as long");
    let score = Score::dice().f64(s.sums()).expect("not empty");
    assert!((score - 2.0 / 3.0).abs() < 1e-3, "{score}");
    assert!(Score::dice().rounding(s.sums()) < 4.0 * 2f64.powi(-24) * 1.1);
}

#[test]
fn empty_maps_under_each_policy() {
    let nothing = Stream::new(U8, NonZero).finish();
    let only = |p: u8, t: u8| {
        let mut s = Stream::new(U8, NonZero);
        s.update(&[p; 5], &[t; 5]).expect("as long");
        s.finish()
    };
    let (both, target, prediction) = (only(0, 0), only(9, 0), only(0, 1));
    let answers = [
        (Empty::Undefined, Err(Error::Undefined)),
        (Empty::Skip, Err(Error::Skipped)),
        (Empty::Zero, Ok(0.0)),
        (Empty::One, Ok(1.0)),
    ];
    for score in [Score::dice(), Score::jaccard(), Score::tversky(0.3, 0.7)] {
        for (policy, answer) in answers {
            assert_eq!(score.both_empty(policy).f32(&nothing), answer);
            assert_eq!(score.both_empty(policy).f32(&both), answer);
            assert_eq!(score.target_empty(policy).f32(&target), answer);
            assert_eq!(score.prediction_empty(policy).f32(&prediction), answer);
            // A policy is for its own case alone, and apart from smoothing.
            assert_eq!(score.both_empty(policy).f32(&target), Ok(0.0));
            assert_eq!(score.smooth(1.0, 1.0).both_empty(policy).f32(&both), answer);
            assert_eq!(score.both_empty(policy).loss().f32(&both), answer.map(|score| 1.0 - score));
        }
        assert_eq!(score.f32(&both), Err(Error::Undefined));
        assert_eq!(score.smooth(1e-5, 1e-5).f32(&both), Ok(1.0));
        assert_eq!(score.smooth(0.0, 1e-7).f32(&both), Ok(0.0));
        assert_eq!(score.smooth(1.0, 0.0).f32(&both), Err(Error::Undefined));
    }
    assert_eq!(Score::precision().f32(&prediction), Err(Error::Undefined));
    assert_eq!(Score::recall().f32(&target), Err(Error::Undefined));
}

#[test]
fn sums_not_kept_are_not_guessed() {
    let mut s = Stream::new(U8, Soft(U8));
    s.update(&[1, 2], &[3, 4]).expect("as long");
    assert_eq!(Score::dice().squared().f32(s.sums()), Err(Error::NotSummed));
    assert_eq!(Score::dice().semimetric().f32(s.sums()), Err(Error::NotSummed));
    // Against a hard mask m = I: nothing more is needed.
    let mut s = Stream::new(U8, NonZero);
    s.update(&[10, 200], &[0, 1]).expect("as long");
    assert_eq!(Score::dice().semimetric().f32(s.sums()), Score::dice().f32(s.sums()));
}

/// A record may come from anywhere: products that were rounded to the unit of the prediction, of codes whose squares were not.
#[test]
fn rounded_products_of_any_unit() {
    let unit = |mul, div, shift| Unit { mul, div, shift };
    let mut s = Stream::summing(U8, Soft(U8), All);
    s.update(&[1, 2], &[3, 4]).expect("as long");
    for (unit_p, unit_t) in [(unit(1, 255, 0), unit(1, 255, 0)), (unit(3, 255, 2), unit(5, 65535, 1))] {
        let record =
            Record { rounded: 1, unit_p, unit_t, pt: 700, squares: Some((90_000, 80_000)), ..s.sums().record() };
        let value = |unit: Unit| f64::from(unit.mul) / f64::from(unit.div) / f64::from(1u32 << unit.shift);
        let (p, t) = (value(unit_p), value(unit_t));
        let truth = 2.0 * 700.0 * p / (90_000.0 * p * p + 80_000.0 * t * t);
        let found = Score::dice().squared().f64(&record).expect("not empty");
        assert!((found / truth - 1.0).abs() < 1e-12, "{unit_p:?}: {found} {truth}");
    }
}

/// Each pixel is counted as what it was.
#[test]
fn pixels_as_they_were() {
    let mut s = Stream::<_, _>::new(F32::new().range(Range::Clamp), Label::new(1).ignoring(9));
    let map = [0.5, 2.0, -1.0, 7.0, f32::NAN, f32::NAN, 0.25, 0.75, 1.0, 0.0, 0.5];
    s.update(&map, &[1, 0, 1, 1, 1, 0, 9, 9, 9, 9, 9]).expect("as long");
    let sums = s.sums();
    assert_eq!((sums.count(), sums.ignored(), sums.invalid(), sums.clamped()), (4, 5, 2, 3));
}

/// What a score cannot hold is refused on either side, and each reading is rounded to what it says.
#[test]
fn settings_and_readings() {
    let mut s = Stream::new(U8, NonZero);
    s.update(&[255, 51, 0], &[1, 0, 0]).expect("as long");
    for (wrong, right) in [(4.0, 0.5), (-0.5, 0.0), (f64::NAN, 1.0), (f64::INFINITY, 3.9), (1e5, 2.0)] {
        for score in [Score::tversky(wrong, right), Score::tversky(right, wrong)] {
            assert_eq!((score.checked(), score.f32(s.sums())), (Err(Error::Setting), Err(Error::Setting)), "{wrong}");
        }
        let wrong = if wrong == 4.0 { 65_536.0 } else { wrong };
        for score in [Score::dice().smooth(wrong, right), Score::dice().smooth(right, wrong)] {
            assert_eq!((score.checked(), score.q15(s.sums())), (Err(Error::Setting), Err(Error::Setting)), "{wrong}");
        }
        assert!(Score::tversky(right, right).smooth(right, right).checked().is_ok());
    }
    let truth = 510.0 / 561.0;
    assert_eq!(Score::dice().q31(s.sums()), Ok((truth * 2f64.powi(31)).round() as i64));
    assert_eq!(Score::dice().q15(s.sums()), Ok((truth * 32768.0).round() as i32));
    assert_eq!(Score::dice().loss().q31(s.sums()), Ok(((1.0 - truth) * 2f64.powi(31)).round() as i64));
}

/// Against a mask a plain score is of the sums themselves, in the unit of the prediction: in 64 bits for codes of up to 16, in the unit's
/// own numbers for any other, so that a device shifts and multiplies nothing that it need not. Of soft targets neither is asked.
#[test]
fn sums_against_a_mask_as_they_are() {
    fn sums<P: Element>(element: P, raw: [P::Raw; 4]) -> Sums<P, NonZero> {
        let mut stream = Stream::new(element, NonZero);
        stream.update(&raw, &[1, 1, 0, 1]).expect("as long");
        *stream.sums()
    }
    fn plain<P: Element>(element: P, raw: [P::Raw; 4], one: u64) {
        let sums = sums(element, raw);
        let record = sums.record();
        let [pt, p, t] = [record.pt, record.p, record.t].map(|sum| sum as u64);
        assert_eq!(sums.narrow(), Some([pt, p, t * one]), "{element:?}");
        let ratio = Score::dice().ratio(&sums).expect("not empty");
        assert_eq!((ratio.numerator() as u64, ratio.denominator()), (2 * pt, p + t * one), "{element:?}");
        let ratio = Score::precision().ratio(&sums).expect("not empty");
        assert_eq!((ratio.numerator() as u64, ratio.denominator()), (pt, p), "{element:?}");
    }
    plain(U8, [255, 51, 102, 0], 255);
    plain(I8::TFLITE, [127, -28, -128, 5], 256);
    plain(U16::new(), [65535, 300, 2, 77], 65535);
    plain(Q15::new(), [32767, 300, 2, 77], 1 << 15);
    // A scale that is no reciprocal, and codes of 23 bits.
    fn wide<P: Element>(element: P, raw: [P::Raw; 4]) {
        let sums = sums(element, raw);
        let (record, masked) = (sums.record(), sums.masked().expect("64 bits hold each"));
        assert_eq!([masked.pt, masked.p, masked.t].map(u128::from), [record.pt, record.p, record.t], "{element:?}");
        assert_eq!((masked.unit, sums.narrow()), (record.unit_p, None), "{element:?}");
        for score in [Score::dice(), Score::jaccard(), Score::precision(), Score::recall()] {
            assert_eq!(score.f64(&sums), score.f64(&record), "{element:?}");
        }
    }
    wide(U8Affine::new(0.003, 2).expect("a scale"), [255, 51, 102, 2]);
    wide(F32::new(), [1.0, 0.5, 0.25, 0.0]);
    let mut soft = Stream::new(U8, Soft(U8));
    soft.update(&[1, 2], &[3, 4]).expect("as long");
    assert!(soft.sums().narrow().is_none() && soft.sums().masked().is_none());
}

/// nr far above dr makes scores above 1 and losses below 0, as the peers' formulas do.
#[test]
fn smoothing_beyond_one() {
    let s = Stream::new(U8, NonZero);
    assert_eq!(Score::dice().smooth(1.0, 0.5).f32(s.sums()), Ok(2.0));
    assert_eq!(Score::dice().smooth(1.0, 0.5).loss().f32(s.sums()), Ok(-1.0));
    assert_eq!(Score::dice().smooth(60000.0, 1e-14).q15(s.sums()), Ok(i32::MAX));
}

/// A map of nothing beside one pixel of the mask, in a unit of its own: the sums are what is added to them, to the last bit.
#[test]
fn smoothing_of_one_pixel() {
    for scale in [0.0125, 1.0 / 255.0, 0.9] {
        let mut s = Stream::new(U8Affine::new(scale, 0).unwrap(), NonZero);
        s.update(&[0], &[1]).unwrap();
        assert_eq!(Score::dice().smooth(1.0, 1.0).f64(s.sums()), Ok(0.5), "{scale}");
        assert_eq!(Score::dice().smooth(1.0, 3.0).f64(s.sums()), Ok(0.25), "{scale}");
    }
}

#[cfg(feature = "serde")]
#[test]
fn records_travel_and_add_up() {
    let mut s = Stream::summing(I8::TFLITE, Soft(F32Fine::new()), All);
    s.update(&[0, 5, 127], &[0.25, 0.5, 1.0]).expect("as long");
    let record = s.sums().record();
    let text = serde_json::to_string(&record).expect("JSON");
    for field in ["\"version\":1", "\"unit_p\":{\"mul\":1,\"div\":1,\"shift\":8}", "\"zero_point_p\":-128"] {
        assert!(text.contains(field), "{text}");
    }
    assert_eq!(serde_json::from_str::<Record>(&text).expect("a record"), record);
    let mut fleet = serde_json::from_str::<Record>(&text).expect("a record");
    fleet.merge(&record).expect("one kind");
    let mut twice = s;
    twice.merge(&s).expect("one kind");
    assert_eq!(fleet, twice.sums().record());
    assert_eq!(Score::dice().f32(&fleet), Score::dice().f32(twice.sums()));
}
