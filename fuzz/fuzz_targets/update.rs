//! Any buffers, cut anywhere: whole and pixel by pixel agree, and errors leave the state alone.
#![no_main]

use libfuzzer_sys::fuzz_target;
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

/// Whole, or pixel by pixel: the same sums, or both refuse. `one` is a pixel of the target's buffer `t`.
fn check<'a, P: Element, T: Target<P>>(
    e: P,
    target: T,
    p: &[P::Raw],
    t: T::Buffer<'a>,
    one: impl Fn(usize) -> T::Buffer<'a>,
) {
    let mut whole = Stream::summing(e, target, All);
    let outcome = whole.update(p, t);
    if outcome.is_err() {
        assert_eq!(whole, Stream::summing(e, target, All));
        return;
    }
    let mut single = Stream::summing(e, target, All);
    for at in 0..p.len() {
        single.update(&p[at..=at], one(at)).expect("as the whole");
    }
    assert_eq!(whole, single);
    for score in [Score::dice(), Score::jaccard().squared(), Score::tversky(0.3, 3.9).smooth(1.0, 1e-7)] {
        let _ = (score.f32(whole.sums()), score.loss().q31(whole.sums()), score.semimetric().q15(whole.sums()));
    }
}

fuzz_target!(|input: Input| {
    let Input { bytes, mask, words, floats, others, offset, scale, zero_point } = input;
    let signed: Vec<i8> = bytes.iter().map(|&byte| byte as i8).collect();
    let first = usize::from(offset);
    let bits = Bits::at(mask, first);
    let bit = |at: usize| Bits::at(&mask[(first + at) / 8..][..1], (first + at) % 8);
    check(U8, NonZero, bytes, mask, |at| &mask[at..=at]);
    check(U8, LsbFirst, bytes, bits, bit);
    check(U8, Soft(U8), bytes, mask, |at| &mask[at..=at]);
    check(U8, ZeroFull::new(), bytes, mask, |at| &mask[at..=at]);
    check(I8::TFLITE, MsbFirst, &signed, bits, bit);
    check(I8::TFLITE, Own::at_least(&I8::TFLITE, scale), &signed, (), |_| ());
    if let Ok(e) = I8::new(scale, i32::from(zero_point)) {
        check(e, ZeroOne::new(), &signed, mask, |at| &mask[at..=at]);
        check(e, Soft(F32::new()), &signed, &floats, |at| &floats[at..=at]);
        check(F32Fine::new().range(Range::Clamp), Soft(e), &floats, &signed, |at| &signed[at..=at]);
    }
    check(Q15::new(), Label::new(offset).ignoring(255), &words, mask, |at| &mask[at..=at]);
    check(Q15::new().range(Range::Clamp), Soft(Q15::new()), &words, &words, |at| &words[at..=at]);
    check(F32::new(), Soft(F32::new().range(Range::Clamp)), &floats, &others, |at| &others[at..=at]);
    check(F32::new().range(Range::Refuse), NonZero, &floats, mask, |at| &mask[at..=at]);
    check(F32::new(), Own::above(&F32::new(), scale), &floats, (), |_| ());
    check(F32Fine::new(), Soft(F32Fine::new()), &floats, &others, |at| &others[at..=at]);
});
