//! Bad input gets the typed error or the stated policy, and the state stays as it was.

#[path = "support/backends.rs"]
mod backends;
#[path = "support/random.rs"]
mod random;

use backends::on_every_backend;
use random::Random;
use soft_dice::*;

/// An update that must fail, on a stream that already holds something.
fn refused<P: Element, T: Target<P>, M: Moments>(
    stream: &mut Stream<P, T, M>,
    error: Error,
    update: impl FnOnce(&mut Stream<P, T, M>) -> Result<(), Error>,
) {
    let before = *stream;
    assert_eq!(update(stream), Err(error));
    assert_eq!(*stream, before, "state after {error:?}");
}

#[test]
fn unequal_lengths() {
    let mut bytes = Stream::new(U8, NonZero);
    bytes.update(&[1, 2, 3], &[0, 1, 1]).expect("three pixels");
    refused(&mut bytes, Error::Length, |s| s.update(&[1, 2, 3], &[0, 1]));
    refused(&mut bytes, Error::Length, |s| s.update(&[1, 2], &[0, 1, 1]));
    refused(&mut bytes, Error::Length, |s| s.update(&[], &[1]));
    refused(&mut bytes, Error::Length, |s| s.update_within(&[1, 2], &[0, 1], Region::Bytes(&[1])));
    refused(&mut bytes, Error::Length, |s| s.update_within(&[1, 2], &[0, 1], Region::Bits(Bits::new(&[1, 1]))));
    bytes.update(&[], &[]).expect("nothing is no error");

    let mut bits = Stream::new(I8::TFLITE, LsbFirst);
    bits.update(&[1; 9], Bits::new(&[0xFF, 1])).expect("nine pixels in two bytes");
    bits.update(&[1; 9], Bits::at(&[0xFF, 0xFF], 7)).expect("nine pixels from bit 7 on");
    refused(&mut bits, Error::Length, |s| s.update(&[1; 9], Bits::new(&[0xFF])));
    refused(&mut bits, Error::Length, |s| s.update(&[1; 9], Bits::new(&[0xFF, 0xFF, 0xFF])));
    refused(&mut bits, Error::Length, |s| s.update(&[1; 9], Bits::at(&[0xFF, 0xFF], 8)));
    refused(&mut bits, Error::Length, |s| s.update(&[1; 9], Bits::at(&[0xFF, 0xFF], usize::MAX)));
}

#[test]
fn impossible_rows() {
    let (p, t) = ([9u8; 12], [1u8; 12]);
    let mut s = Stream::new(U8, NonZero);
    s.update_rows(&p, &t, Rows::new(3, 3).stride(4).target_stride(4)).expect("the last row ends short");
    assert_eq!(s.sums().count(), 9);
    for rows in [
        Rows::new(4, 4),
        Rows::new(3, 2).stride(2),
        Rows::new(3, 2).stride(0),
        Rows::new(3, 2).target_stride(2),
        Rows::new(3, 3).stride(5),
        Rows::new(3, 3).target_stride(usize::MAX),
        Rows::new(usize::MAX, 2).stride(usize::MAX).target_stride(usize::MAX).region_stride(usize::MAX),
        Rows::new(1, usize::MAX),
    ] {
        let before = s;
        assert!(matches!(s.update_rows(&p, &t, rows), Err(Error::Rows | Error::Capacity)), "{rows:?}");
        assert_eq!(s, before, "{rows:?}");
    }
    refused(&mut s, Error::Rows, |s| s.update_rows_within(&p, &t, Rows::new(3, 2), Region::Bytes(&[1; 5])));
    s.update_rows(&p, &t, Rows::new(0, usize::MAX)).expect("rows of nothing");
    assert_eq!(s.sums().count(), 9);
}

#[test]
fn broken_declarations() {
    on_every_backend(|_| {
        for at in [0, 15, 16, 64, 130, 199] {
            for pixels in [200, 201, 215] {
                let (p, mut mask) = (vec![100u8; pixels], vec![0u8; pixels]);
                mask[at] = 2;
                refused(&mut Stream::new(U8, ZeroOne::new()), Error::Mask, |s| s.update(&p, &mask));
                refused(&mut Stream::new(U8, ZeroFull::new()), Error::Mask, |s| s.update(&p, &mask));
                let (words, floats) = (vec![100i16; pixels], vec![0.5f32; pixels]);
                refused(&mut Stream::new(Q15::new(), ZeroOne::new()), Error::Mask, |s| s.update(&words, &mask));
                refused(&mut Stream::new(F32::new(), ZeroFull::new()), Error::Mask, |s| s.update(&floats, &mask));
            }
        }
    });
}

/// One bad value among 10,007 pixels, at every lane position.
#[test]
fn floats_outside_the_unit_interval() {
    const PIXELS: usize = 10_007;
    let mut random = Random(7);
    let clean: Vec<f32> = (0..PIXELS).map(|_| random.probability()).collect();
    let mask: Vec<u8> = (0..PIXELS).map(|_| random.below(2) as u8).collect();
    let bad = [
        // Value, counted as invalid, counted as clamped under Clamp (then read as), read as under Exclude.
        (f32::NAN, true, None, None),
        (f32::INFINITY, true, Some(1.0), None),
        (-1.0e-3, true, Some(0.0), None),
        (1.5, true, Some(1.0), None),
        (-0.0, false, None, Some(0.0)),
        (1.0 + 1.0e-7, false, None, Some(1.0)),
    ];
    on_every_backend(|backend| {
        for at in [0usize, 4096, PIXELS - 70].into_iter().flat_map(|start| start..start + 70) {
            let mut rest = Stream::summing(F32::new(), NonZero, Squares);
            rest.update(&clean[..at], &mask[..at]).expect("clean");
            rest.update(&clean[at + 1..], &mask[at + 1..]).expect("clean");
            let mut p = clean.clone();
            for (value, invalid, clamped, dust) in bad {
                p[at] = value;
                let run = |range: Range| {
                    let mut s = Stream::summing(F32::new().range(range), NonZero, Squares);
                    s.update(&p, &mask).map(|()| s.finish())
                };
                // What the sums must be: of the others alone, or with the value it is read as.
                let expected = |read: Option<f32>| {
                    let mut s = rest;
                    if let Some(read) = read {
                        s.update(&[read], &mask[at..=at]).expect("clean");
                    }
                    s.finish()
                };
                let sums = |s: &Sums<F32, NonZero, Squares>| (s.count(), s.p(), s.t(), s.pt(), s.squares());
                let what = format!("{value} at {at} on {backend}");
                let excluded = run(Range::Exclude).expect("excluded");
                assert_eq!(sums(&excluded), sums(&expected(dust)), "{what}");
                assert_eq!((excluded.invalid(), excluded.clamped()), (u64::from(invalid), 0), "{what}");
                let kept = run(Range::Clamp).expect("clamped");
                assert_eq!(sums(&kept), sums(&expected(clamped.or(dust))), "{what}");
                assert_eq!(kept.invalid() + kept.clamped(), u64::from(invalid), "{what}");
                assert_eq!(kept.clamped(), u64::from(clamped.is_some()), "{what}");
                assert_eq!(run(Range::Refuse).err(), invalid.then_some(Error::Range), "{what}");
            }
        }
    });
}

#[test]
fn refused_values_leave_the_state() {
    on_every_backend(|_| {
        let mut floats = Stream::new(F32::new().range(Range::Refuse), Soft(F32::new()));
        floats.update(&[0.5; 100], &[0.25; 100]).expect("clean");
        let mut bad = [0.5; 100];
        bad[99] = f32::NAN;
        refused(&mut floats, Error::Range, |s| s.update(&bad, &[0.5; 100]));
        refused(&mut floats, Error::Range, |s| s.update(&[0.5; 100], &bad));
        let mut words = Stream::new(Q15::new().range(Range::Refuse), NonZero);
        refused(&mut words, Error::Range, |s| s.update(&[-1; 40], &[1; 40]));
        // What a label leaves out is not looked at.
        let mut labels = Stream::new(F32::new().range(Range::Refuse), Label::new(1).ignoring(9));
        labels.update(&[f32::NAN; 50], &[9; 50]).expect("ignored");
        assert_eq!((labels.sums().ignored(), labels.sums().invalid()), (50, 0));
    });
}

/// A broken promise gives some sum; it does not panic, also not where overflow is checked.
#[test]
fn broken_promises_do_not_panic() {
    on_every_backend(|_| {
        let wild: Vec<f32> = (0..4000u32).map(|i| f32::from_bits(i.wrapping_mul(0x9E37_79B9))).collect();
        let words: Vec<i16> = (0..4000u32).map(|i| i.wrapping_mul(0x9E37) as i16).collect();
        for pixels in [1, 17, 4000] {
            let mut floats = Stream::summing(F32::new().trusted(), Soft(F32::new().trusted()), All);
            floats.update(&wild[..pixels], &wild[..pixels]).expect("trusted");
            let mut mixed = Stream::summing(F32::new().trusted(), Soft(Q15::new().trusted()), All);
            mixed.update(&wild[..pixels], &words[..pixels]).expect("trusted");
            let mut fixed = Stream::summing(Q15::new().trusted(), Soft(Q15::new().trusted()), All);
            fixed.update(&words[..pixels], &words[..pixels]).expect("trusted");
            let mut masked = Stream::new(U8, ZeroOne::new().trusted());
            masked.update(&vec![255; pixels], &vec![255; pixels]).expect("trusted");
            for score in
                [Score::dice(), Score::jaccard(), Score::tversky(3.999, 3.999).smooth(1.0, 0.0), Score::recall()]
            {
                let _ = (score.f32(floats.sums()), score.q15(mixed.sums()), score.q31(fixed.sums()));
                let _ = (score.loss().f64(masked.sums()), score.squared().f32(fixed.sums()));
                let _ = score.semimetric().f32(mixed.sums());
            }
        }
    });
}

/// The sums of 2^20 pixels of 255 × 255; two well-known SIMD libraries wrap here.
#[test]
fn saturated_codes() {
    on_every_backend(|_| {
        let full = vec![255u8; 1 << 20];
        let mut s = Stream::new(U8, Soft(U8));
        s.update(&full, &full).expect("full");
        assert_eq!(s.sums().pt(), 68_183_654_400);
        assert_eq!(Score::dice().f32(s.sums()), Ok(1.0));
        // And 2^32 pixels' worth, by merging the sums with themselves.
        for _ in 20..32 {
            let half = s;
            s.merge(&half).expect("room");
        }
        assert_eq!((s.sums().count(), s.sums().pt()), (1 << 32, (65025u128) << 32));
        assert_eq!((Score::dice().f32(s.sums()), Score::jaccard().q31(s.sums())), (Ok(1.0), Ok(1 << 31)));
    });
}

/// Every narrow accumulator holds as much as it can: codes at their top under masks of ones, in runs as long as strides and
/// blocks.
#[test]
fn saturated_codes_under_masks() {
    on_every_backend(|_| {
        fn full<P: Element, H: HardTarget>(element: P, target: H, p: &[P::Raw], top: u128, t: H::Pixels<'_>) {
            let (mut s, mut both) = (Stream::new(element, target), Stream::new(element, target));
            let mut hard = Thresholded::at_least(&element, element.unit().value(top) as f32);
            s.update(p, t).expect("full");
            both.update_both(p, t, &mut hard).expect("full");
            assert_eq!(both, s, "{} pixels", p.len());
            let counts = hard.counts();
            assert_eq!([counts.p, counts.t, counts.pt], [p.len() as u64; 3], "{} pixels", p.len());
            let (sums, n) = (s.sums(), p.len() as u128);
            let found: [u128; 3] = [sums.p().into(), sums.t().into(), sums.pt().into()];
            assert_eq!(found, [n * top, n, n * top], "{n} pixels");
        }
        for n in [1000, 4096, 8191, 70_001, (1 << 20) + 37] {
            let (zero_full, ones) = (vec![255u8; n], vec![1u8; n]);
            let codes = &zero_full;
            let bits = Bits::new(&zero_full[..n.div_ceil(8)]);
            full(U8, NonZero, codes, 255, &ones);
            full(U8, ZeroOne::new(), codes, 255, &ones);
            full(U8, ZeroFull::new(), codes, 255, &zero_full);
            full(U8, Label::new(1), codes, 255, &ones);
            full(U8, LsbFirst, codes, 255, bits);
            full(U8, Own::from_code(255), codes, 255, ());
            full(Q15::new(), ZeroOne::new(), &vec![32767; n], 32767, &ones);
            full(F32::new(), ZeroOne::new(), &vec![1.0; n], 1 << 23, &ones);
        }
    });
}

/// Up to the last pixel, without 2^40 of them.
#[test]
fn capacity() {
    let mut s = Stream::summing(F32::new(), Soft(F32::new()), All);
    s.update(&[1.0; 1024], &[1.0; 1024]).expect("ones");
    for _ in 10..39 {
        let half = s;
        s.merge(&half).expect("room");
    }
    let half = s;
    let full = {
        let mut full = s;
        full.merge(&half).expect("2^40 pixels are the capacity");
        full
    };
    assert_eq!((full.sums().seen(), u128::from(full.sums().pt())), (CAPACITY, 1 << 63));
    for score in
        [Score::dice(), Score::jaccard(), Score::dice().squared(), Score::tversky(3.999, 3.999).smooth(1.0, 1.0)]
    {
        assert_eq!((score.f64(full.sums()), score.loss().f64(full.sums())), (Ok(1.0), Ok(0.0)));
    }
    let mut full = full;
    refused(&mut full, Error::Capacity, |s| s.update(&[1.0], &[1.0]));
    refused(&mut full, Error::Capacity, |s| s.merge(&half));
    refused(&mut full, Error::Capacity, |s| s.update_rows(&[1.0], &[1.0], Rows::new(1, 1)));
    full.update(&[], &[]).expect("nothing fits");
    s.update(&[f32::NAN; 16], &[1.0; 16]).expect("invalid pixels take room too");
    assert_eq!(s.sums().seen(), CAPACITY / 2 + 16);
    refused(&mut s, Error::Capacity, |s| s.merge(&half));
}

#[test]
fn unlike_sums_do_not_merge() {
    let mut a = Stream::new(I8::TFLITE, NonZero);
    refused(&mut a, Error::Mismatch, |s| s.merge(&Stream::new(I8::ONNXRUNTIME, NonZero)));
    refused(&mut a, Error::Mismatch, |s| s.merge(&Stream::new(I8::new(1.0 / 256.0, 0)?, NonZero)));
    let mut b = Stream::new(U8, Soft(Q15::new()));
    refused(&mut b, Error::Mismatch, |s| s.merge(&Stream::new(U8, Soft(Q15::new().full_scale()))));
}

#[test]
fn records_are_checked() {
    let mut s = Stream::summing(I8::TFLITE, Soft(U8), All);
    s.update(&[0, 5, -128], &[7, 0, 255]).expect("three pixels");
    let record = s.sums().record();
    assert_eq!(Sums::from_record(I8::TFLITE, Soft(U8), &record), Ok(s.finish()));
    type Kept = Sums<I8, Soft<U8>, All>;
    let read = |record| Kept::from_record(I8::TFLITE, Soft(U8), &record).err();
    assert_eq!(read(Record { version: 2, ..record }), Some(Error::Version));
    assert_eq!(read(Record { unit_p: Unit::ONE, ..record }), Some(Error::Mismatch));
    assert_eq!(read(Record { squares: None, ..record }), Some(Error::Mismatch));
    assert_eq!(read(Record { count: CAPACITY + 1, ..record }), Some(Error::Capacity));
    assert_eq!(read(Record { p: 1 << 64, ..record }), Some(Error::Capacity));
    assert_eq!(read(Record { count: u64::MAX, ignored: u64::MAX, ..record }), Some(Error::Capacity));
    let mut two = record;
    two.merge(&record).expect("one kind");
    assert_eq!((two.count, two.pt), (6, 2 * record.pt));
    assert_eq!(two.merge(&Record { p: u128::MAX, ..record }), Err(Error::Capacity));
    assert_eq!((two.count, two.pt), (6, 2 * record.pt));
}

#[test]
fn settings_are_checked() {
    assert_eq!(I8::new(f32::NAN, 0).err(), Some(Error::Scale));
    assert_eq!(I8::new(0.5, 200).err(), Some(Error::Setting));
    assert_eq!(Q15::new().dead_zone(40_000).err(), Some(Error::Setting));
}

/// Weights and smoothing that a score cannot hold, in every place: named when it is made, and at each reading, whatever the sums and
/// the policy for empty maps.
#[test]
fn settings_of_scores_are_refused() {
    const LOSS: Score = match Score::tversky(0.3, 3.999_999).smooth(0.0, 65535.9).loss().checked() {
        Ok(score) => score,
        Err(_) => panic!("within its range"),
    };
    let mut s = Stream::summing(U8, Soft(U8), All);
    assert_eq!(Score::tversky(-0.0, 0.0).smooth(-0.0, 1e-300).checked().map(|_| ()), Ok(()));
    s.update(&[255, 7, 0], &[255, 0, 9]).expect("three pixels");
    assert!(LOSS.f64(s.sums()).is_ok());
    let empty = Stream::summing(U8, Soft(U8), All);
    let settings = [-1.0, -1e-300, f64::NAN, -f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX];
    let mut refused: Vec<Score> = [4.0, 4.0f64.next_down(), 1e9].map(|x| Score::tversky(x, 0.5)).into();
    refused.extend([4.0, 5.0, 1e300].map(|x| Score::tversky(0.5, x)));
    refused.extend([65536.0, 1e5].map(|x| Score::dice().smooth(x, 0.0)));
    for x in settings {
        refused.extend([Score::tversky(x, 0.5), Score::tversky(0.5, x), Score::tversky(x, x)]);
        refused.extend([Score::jaccard().smooth(x, 0.0), Score::dice().squared().smooth(0.0, x).loss()]);
    }
    for score in refused {
        let asked = [
            score,
            score.semimetric(),
            score.squared(),
            score.both_empty(Empty::One),
            score.smooth(1.0, 1.0),
            score.loss(),
        ];
        for score in asked.map(|score| score.both_empty(Empty::One).target_empty(Empty::Skip)) {
            assert_eq!(score.checked(), Err(Error::Setting), "{score:?}");
            for sums in [s.sums(), empty.sums()] {
                let got = (score.f32(sums), score.f64(sums), score.q15(sums), score.q31(sums));
                assert_eq!(got, (Err(Error::Setting), Err(Error::Setting), Err(Error::Setting), Err(Error::Setting)));
            }
            assert_eq!(Average::new(score).all_classes().of(&[*s.sums()]), Err(Error::Setting));
            assert_eq!(Focal::new(score, 2.0).f32(s.sums()), Err(Error::Setting));
            assert_eq!(LogScore::new(score, 1e-7).f32(s.sums()), Err(Error::Setting));
            assert!(matches!(Gradient::of(&score, s.sums()), Err(Error::Setting)));
        }
    }
    for x in settings.into_iter().filter(|x| *x != f64::MAX) {
        assert_eq!(Generalised::new().smooth(x, 0.0).f64(&[*s.sums()]), Err(Error::Setting));
        assert_eq!(Generalised::new().smooth(0.0, x).f64(&[*s.sums()]), Err(Error::Setting));
    }
    for weight in [-1.0, f32::NAN, f32::INFINITY, 17_179_869_184.0] {
        assert_eq!(Average::weights(Score::dice(), &[weight]).of(&[*s.sums()]), Err(Error::Setting));
    }
}

/// A unit that none of the elements has, as a record from anywhere may bear.
#[test]
fn units_of_records_are_refused() {
    let mut s = Stream::summing(U8, Soft(U8), All);
    s.update(&[255, 7, 0], &[255, 0, 9]).expect("three pixels");
    let record = s.sums().record();
    let units = [(0, 255, 0), (1 << 24, 1, 0), (1, 0, 8), (1, 1, 64), (1, 255, 255), (u32::MAX, u16::MAX, u8::MAX)];
    for (mul, div, shift) in units {
        let unit = Unit { mul, div, shift };
        for bad in [Record { unit_p: unit, ..record }, Record { unit_t: unit, ..record }] {
            for score in
                [Score::dice(), Score::jaccard().squared(), Score::tversky(0.3, 0.7).semimetric().smooth(1.0, 1.0)]
            {
                assert_eq!((score.f32(&bad), score.q15(&bad)), (Err(Error::Scale), Err(Error::Scale)));
            }
            let (mut into, mut of) = (bad, record);
            assert_eq!((into.merge(&bad), of.merge(&bad)), (Err(Error::Scale), Err(Error::Scale)));
            assert_eq!(Generalised::new().f64(&[bad]), Err(Error::Scale));
            assert!(Average::micro(Score::dice()).of(&[bad]).is_err());
            assert!(Pixels::of(&bad).p.is_nan());
            let _ = Score::dice().rounding(&bad);
            let read = Sums::<U8, Soft<U8>, All>::from_record(U8, Soft(U8), &bad);
            assert_eq!(read.err(), Some(Error::Scale));
            let batch = presets::Batch::new(std::slice::from_ref(&bad), 1).expect("one");
            assert_eq!(presets::Loss::mean(&presets::monai::DiceLoss::new(), &batch), Err(Error::Scale));
            assert_eq!(presets::monai::DiceLoss::new().loss(&bad), Err(Error::Scale));
        }
    }
}
