//! Many classes, hard counts, regions, bits and scores over classes are those of Rust, to the bit.

use soft_dice::confidence::ClassConfidence;
use soft_dice::{
    Argmax, Average, BitStream, Bits, Counts, Element, F16, F16Bits, F32, F32Fine, Generalised, I8, Interleaved, Label,
    LabelMaps, Linear, LsbFirst, Mask01, Measured, MsbFirst, Multiclass, NonZero, Own, Q15, Record, Region, Rows,
    Score, Stream, Thresholded, Volume, ZeroOne,
};
use soft_dice_capi::soft_dice_status::SOFT_DICE_OK;
use soft_dice_capi::*;
use std::ptr;

const C: usize = 6;
const N: usize = 97;

/// Numbers from a seed.
fn random(seed: u32) -> impl FnMut() -> u32 {
    let mut state = seed;
    move || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state >> 5
    }
}

fn bytes(seed: u32, length: usize) -> Vec<u8> {
    let mut word = random(seed);
    (0..length).map(|_| word() as u8).collect()
}

const ALL: soft_dice_channels =
    soft_dice_channels { channels: C, chosen: ptr::null(), count: 0, layout: SOFT_DICE_INTERLEAVED };

fn labels() -> Vec<u8> {
    bytes(5, N).iter().map(|byte| if byte % 9 == 8 { 255 } else { byte % C as u8 }).collect()
}

fn target(labels: &[u8]) -> soft_dice_labels {
    soft_dice_labels { data: labels.as_ptr(), pixels: labels.len(), label: 0, ignoring: 1, ignore: 255 }
}

fn region(bits: &[u8]) -> soft_dice_region {
    soft_dice_region { data: bits.as_ptr(), bytes: bits.len(), offset: 3, kind: SOFT_DICE_REGION_BITS }
}

fn same(what: &str, sums: &[soft_dice_sums], record: impl Fn(usize) -> Record) {
    for (place, sums) in sums.iter().enumerate() {
        assert_eq!(sums.record(), record(place), "{what}, class {place}");
        assert!(sums.count > 0 && sums.p.low > 0, "{what}, class {place}");
    }
}

#[test]
fn classes_in_a_region_and_by_themselves() {
    let (map, labels, bits) = (bytes(3, C * N), labels(), bytes(4, (N + 3).div_ceil(8)));
    let codes: Vec<i8> = map.iter().map(|&byte| byte as i8).collect();
    let floats: Vec<f32> =
        map.iter().map(|&byte| if byte == 77 { f32::NAN } else { f32::from(byte) / 255.0 }).collect();
    let affine = soft_dice_affine { scale: 1.0 / 256.0, zero_point: -128, dead_zone: 0, full_scale: 0 };
    let given = soft_dice_i8 { data: codes.as_ptr(), pixels: codes.len(), codes: affine };
    let real = soft_dice_f32 { data: floats.as_ptr(), pixels: floats.len(), range: SOFT_DICE_EXCLUDE };
    let (t, region) = (target(&labels), region(&bits));
    let inside = Region::Bits(Bits::at(&bits, 3));
    let mut state = [[soft_dice_sums::default(); C]; 4];
    // SAFETY: pointers to values of this function, with their lengths.
    let done = unsafe {
        let [a, b, c, d] = &mut state;
        [
            soft_dice_update_classes_i8(a.as_mut_ptr(), &ALL, &given, &t, &region),
            soft_dice_confidence_classes_i8(b.as_mut_ptr(), &ALL, &given, ptr::null()),
            soft_dice_confidence_classes_f32(c.as_mut_ptr(), &ALL, &real, &region),
            soft_dice_argmax_f32(d.as_mut_ptr(), &ALL, floats.as_ptr(), floats.len(), &t, &region),
        ]
    };
    assert_eq!(done, [SOFT_DICE_OK; 4]);
    let mut frame = Multiclass::<[_; C]>::new(I8::TFLITE, Linear).ignoring(255);
    frame.update_within(Interleaved(&codes), &labels, inside).unwrap();
    same("labels", &state[0], |class| frame.sums()[class].record());
    let mut own = ClassConfidence::<_, C>::new(I8::TFLITE);
    own.update(&codes).unwrap();
    same("confidence", &state[1], |class| own.class(class).unwrap());
    let mut own = ClassConfidence::<_, C>::new(F32::new());
    own.update_within(&floats, inside).unwrap();
    assert!(own.record().invalid > 0 && own.record().ignored > 0);
    same("confidence of floats", &state[2], |class| own.class(class).unwrap());
    let mut hard = Argmax::<C>::new().ignoring(255);
    hard.update_within(Interleaved(&floats), &labels, inside).unwrap();
    same("argmax", &state[3], |class| hard.classes()[class].record());

    let score = soft_dice_score {
        form: SOFT_DICE_JACCARD,
        kind: SOFT_DICE_LINEAR,
        both_empty: SOFT_DICE_FORMULA,
        target_empty: SOFT_DICE_FORMULA,
        prediction_empty: SOFT_DICE_FORMULA,
        loss: 0,
        alpha: 0.0,
        beta: 0.0,
        smooth_numerator: 0.0,
        smooth_denominator: 0.0,
    };
    let weights = [1.0, 0.0, 0.25, 3.0, 1.5, 2.0f32];
    let jaccard = Score::jaccard();
    for (over, average) in [
        (SOFT_DICE_MACRO, Average::new(jaccard)),
        (SOFT_DICE_BY_SUPPORT, Average::weighted(jaccard)),
        (SOFT_DICE_MICRO, Average::micro(jaccard)),
        (SOFT_DICE_BY_WEIGHTS, Average::weights(jaccard, &weights)),
    ] {
        let by_weights = over == SOFT_DICE_BY_WEIGHTS;
        let given = soft_dice_average {
            weights: if by_weights { weights.as_ptr() } else { ptr::null() },
            count: if by_weights { C } else { 0 },
            over,
            all_classes: 0,
        };
        let mut mean = soft_dice_mean { q15: 0, f32: 0.0, defined: 0, absent: 0 };
        // SAFETY: pointers to values of this function, with their lengths.
        let done = unsafe { soft_dice_average_of(&score, &given, state[0].as_ptr(), C, &mut mean) };
        let expected = average.of(frame.sums()).unwrap();
        assert_eq!((done, mean.q15, mean.defined), (SOFT_DICE_OK, expected.ratio.q15(), expected.defined), "{over}");
        assert!(mean.f32 == expected.ratio.f32() && mean.f32 > 0.0);
    }
    for (volume, expected) in [
        (SOFT_DICE_BY_SQUARE, Volume::Square),
        (SOFT_DICE_BY_VOLUME, Volume::Simple),
        (SOFT_DICE_UNIFORM, Volume::Uniform),
    ] {
        let given = soft_dice_generalised {
            volume,
            absent: SOFT_DICE_NOTHING,
            semimetric: 0,
            loss: 1,
            smooth_numerator: 1e-5,
            smooth_denominator: 1e-5,
        };
        let mut value = 0.0;
        // SAFETY: pointers to values of this function, with their lengths.
        let done = unsafe { soft_dice_generalised_of(&given, state[0].as_ptr(), C, &mut value) };
        let score = Generalised::new().volume(expected).absent(soft_dice::Absent::Nothing).smooth(1e-5, 1e-5).loss();
        assert_eq!((done, value), (SOFT_DICE_OK, score.f64(frame.sums()).unwrap()));
    }
}

#[test]
fn labels_against_labels() {
    let (t, p, bits) = (labels(), bytes(8, N), bytes(4, (N + 3).div_ceil(8)));
    let p: Vec<u8> = p.iter().map(|byte| byte % C as u8).collect();
    let (mut all, mut some) = ([soft_dice_sums::default(); C], [soft_dice_sums::default(); 2]);
    let chosen = [4, 1];
    let subset = soft_dice_channels { chosen: chosen.as_ptr(), count: 2, ..ALL };
    // SAFETY: pointers to values of this function, with their lengths.
    let done = unsafe {
        [
            soft_dice_count_labels(all.as_mut_ptr(), &ALL, p.as_ptr(), &target(&t), &region(&bits)),
            soft_dice_count_labels(some.as_mut_ptr(), &subset, p.as_ptr(), &target(&t), &region(&bits)),
        ]
    };
    assert_eq!(done, [SOFT_DICE_OK; 2]);
    let mut maps = LabelMaps::<[Counts; C]>::new().ignoring(255);
    maps.update_within(&p, &t, Region::Bits(Bits::at(&bits, 3))).unwrap();
    same("labels", &all, |class| maps.classes()[class].record());
    assert_eq!(some, [all[4], all[1]]);
}

/// A window of a map with a region, against the stream of the same.
#[test]
fn rows_in_a_region() {
    let (p, t, bits) = (bytes(3, N), bytes(6, N).iter().map(|byte| byte & 1).collect::<Vec<u8>>(), bytes(4, 20));
    let words: Vec<i16> = p.iter().map(|&byte| i16::from(byte) << 7).collect();
    let reals: Vec<f32> = p.iter().map(|&byte| f32::from(byte) / 256.0).collect();
    let halves: Vec<u16> = p.iter().map(|&byte| 0x2000 + u16::from(byte) * 8).collect();
    let region = region(&bits);
    let rows =
        soft_dice_rows { width: 9, height: 5, stride: 21, target_stride: 20, region_stride: 30, region: &region };
    let window = Rows { width: 9, height: 5, stride: 21, target_stride: 20, region_stride: 30 };
    let inside = Region::Bits(Bits::at(&bits, 3));
    let mask = soft_dice_mask { data: t.as_ptr(), pixels: N, kind: SOFT_DICE_ZERO_ONE };
    let own = soft_dice_own { threshold: 0.4, above: 1 };
    let q15 = soft_dice_q15 { data: words.as_ptr(), pixels: N, dead_zone: 0, range: SOFT_DICE_EXCLUDE, full_scale: 0 };
    let fine = soft_dice_f32fine { data: reals.as_ptr(), pixels: N, range: SOFT_DICE_EXCLUDE };
    let half = soft_dice_f16 { data: halves.as_ptr(), pixels: N, range: SOFT_DICE_EXCLUDE };
    let ones = soft_dice_mask01 { data: t.as_ptr(), pixels: N };
    let mut sums = [soft_dice_sums::default(); 5];
    // SAFETY: pointers to values of this function, with their lengths.
    let done = unsafe {
        let [a, b, c, d, e] = &mut sums;
        [
            soft_dice_update_q15_mask(a, &q15, &mask, &rows),
            soft_dice_update_f32fine_own(b, &fine, &own, &rows),
            soft_dice_update_f16_mask(c, &half, &mask, &rows),
            soft_dice_update_mask01_mask(d, &ones, &mask, &rows),
            soft_dice_count_q15_mask(e, &q15, &own, &mask, &rows),
        ]
    };
    assert_eq!(done, [SOFT_DICE_OK; 5]);
    let mut a = Stream::new(Q15::new(), ZeroOne::new());
    let mut hard = Thresholded::above(&Q15::new(), 0.4);
    a.update_both_rows(&words, &t, window, Some(inside), &mut hard).unwrap();
    let mut b = Stream::new(F32Fine::new(), Own::above(&F32Fine::new(), 0.4));
    b.update_rows_within(&reals, (), window, inside).unwrap();
    let mut c = Stream::new(F16::new(), ZeroOne::new());
    c.update_rows_within(F16Bits::of(&halves), &t, window, inside).unwrap();
    let mut d = Stream::new(Mask01, ZeroOne::new());
    d.update_rows_within(&t, &t, window, inside).unwrap();
    let records = [a.sums().record(), b.sums().record(), c.sums().record(), d.sums().record(), hard.record()];
    same("rows", &sums, |place| records[place]);
    assert!(sums[0].ignored > 0 && Element::unit(&F16::new()).shift == 24);
}

#[test]
fn predictions_of_bits() {
    let (p, t, labels) = (bytes(3, N.div_ceil(8)), bytes(6, (N + 2).div_ceil(8)), labels());
    let mask = bytes(9, N);
    let bits = |data: &[u8], offset, order| soft_dice_bits { data: data.as_ptr(), bytes: data.len(), offset, order };
    let given = bits(&p, 0, SOFT_DICE_MSB_FIRST);
    let mut sums = [soft_dice_sums::default(); 3];
    // SAFETY: pointers to values of this function, with their lengths.
    let done = unsafe {
        let [a, b, c] = &mut sums;
        let bytes = soft_dice_mask { data: mask.as_ptr(), pixels: N, kind: SOFT_DICE_NON_ZERO };
        let class = soft_dice_labels { label: 2, ..target(&labels) };
        [
            soft_dice_update_bits_bits(a, &given, &bits(&t, 2, SOFT_DICE_LSB_FIRST), N, ptr::null()),
            soft_dice_update_bits_mask(b, &given, &bytes, N, ptr::null()),
            soft_dice_update_bits_label(c, &given, &class, N, ptr::null()),
        ]
    };
    assert_eq!(done, [SOFT_DICE_OK; 3]);
    let at = Bits::at(&p, 0);
    let mut a = BitStream::new(MsbFirst, LsbFirst);
    a.update(at, Bits::at(&t, 2), N).unwrap();
    let mut b = BitStream::new(MsbFirst, NonZero);
    b.update(at, &mask, N).unwrap();
    let mut c = BitStream::new(MsbFirst, Label::new(2).ignoring(255));
    c.update(at, &labels, N).unwrap();
    let records = [a.sums().record(), b.sums().record(), c.sums().record()];
    same("bits", &sums, |place| records[place]);
}

/// Every backend has its name in C, too.
#[test]
fn the_loops_have_a_name() {
    let named = || {
        let name = soft_dice_backend();
        // SAFETY: a string that lives for ever.
        unsafe { std::ffi::CStr::from_ptr(name) }.to_str().unwrap()
    };
    for backend in soft_dice::Backend::available() {
        backend.select();
        assert_eq!(named(), soft_dice::backend());
    }
    soft_dice::Backend::best().select();
}
