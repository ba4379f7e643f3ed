//! Any buffers, cut anywhere: whole and pixel by pixel agree, and errors leave the state alone.
#![no_main]

use libfuzzer_sys::fuzz_target;
use soft_dice::target::Buffer;
use soft_dice::*;

#[derive(Debug, arbitrary::Arbitrary)]
struct Input<'a> {
    bytes: &'a [u8],
    mask: &'a [u8],
    words: Vec<i16>,
    floats: Vec<f32>,
    others: Vec<f32>,
    offset: u8,
    scale: f32,
    zero_point: i8,
}

/// Whole, or pixel by pixel: the same sums, or both refuse.
fn check<P: Element, T: Target<P>>(e: P, target: T, p: &[P::Raw], t: T::Buffer<'_>) {
    let mut whole = Stream::summing(e, target, All);
    let outcome = whole.update(p, t);
    if outcome.is_err() {
        assert_eq!(whole, Stream::summing(e, target, All));
        return;
    }
    let mut single = Stream::summing(e, target, All);
    for at in 0..p.len() {
        single.update(&p[at..=at], t.part(at, 1).expect("inside")).expect("as the whole");
    }
    assert_eq!(whole, single);
    for score in [Score::dice(), Score::jaccard().squared(), Score::tversky(0.3, 3.9).smooth(1.0, 1e-7)] {
        let _ = (score.f32(whole.sums()), score.loss().q31(whole.sums()), score.semimetric().q15(whole.sums()));
    }
}

fuzz_target!(|input: Input| {
    let Input { bytes, mask, words, floats, others, offset, scale, zero_point } = input;
    let signed: Vec<i8> = bytes.iter().map(|&byte| byte as i8).collect();
    let bits = Bits::at(mask, usize::from(offset));
    check(U8, NonZero, bytes, mask);
    check(U8, LsbFirst, bytes, bits);
    check(U8, Soft(U8), bytes, mask);
    check(U8, ZeroFull::new(), bytes, mask);
    check(I8::TFLITE, MsbFirst, &signed, bits);
    check(I8::TFLITE, Own::at_least(&I8::TFLITE, scale), &signed, ());
    if let Ok(e) = I8::new(scale, i32::from(zero_point)) {
        check(e, ZeroOne::new(), &signed, mask);
        check(e, Soft(F32::new()), &signed, &floats);
        check(F32Fine::new().range(Range::Clamp), Soft(e), &floats, &signed);
    }
    check(Q15::new(), Label::new(offset).ignoring(255), &words, mask);
    check(Q15::new().range(Range::Clamp), Soft(Q15::new()), &words, &words);
    check(F32::new(), Soft(F32::new().range(Range::Clamp)), &floats, &others);
    check(F32::new().range(Range::Refuse), NonZero, &floats, mask);
    check(F32::new(), Own::above(&F32::new(), scale), &floats, ());
    check(F32Fine::new(), Soft(F32Fine::new()), &floats, &others);
});
