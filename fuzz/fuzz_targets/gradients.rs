//! Gradients of any score of any map: finite wherever the score is defined, 0 where a pixel is left out, and no panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use soft_dice::*;

#[derive(Debug, arbitrary::Arbitrary)]
struct Input<'a> {
    codes: &'a [u8],
    mask: &'a [u8],
    floats: Vec<f32>,
    weights: [f64; 4],
    exponent: f32,
}

fn check<P: Element, T: Target<P>>(e: P, target: T, p: &[P::Raw], t: T::Buffer<'_>, input: &Input<'_>) {
    let mut stream = Stream::summing(e, target, All);
    if stream.update(p, t).is_err() {
        return;
    }
    let [a, b, c, d] = input.weights;
    let scores = [Score::dice(), Score::jaccard(), Score::tversky(a, b), Score::recall()];
    for score in scores.into_iter().flat_map(|s| [s, s.squared(), s.semimetric(), s.smooth(c, d)]) {
        let gradients = [
            Gradient::of(&score, stream.sums()),
            Gradient::focal(&Focal::new(score, input.exponent), stream.sums()),
            Gradient::log(&LogScore::new(score, input.exponent), stream.sums()),
        ];
        for gradient in gradients.into_iter().flatten() {
            let mut out = vec![7.0; p.len()];
            gradient.write(stream.sums(), p, t, &mut out).expect("as long");
            gradient.write_logit(stream.sums(), p, t, &mut out).expect("as long");
            assert_eq!(gradient.write(stream.sums(), p, t, &mut vec![0.0; p.len() + 1]), Err(Error::Length));
        }
    }
}

fuzz_target!(|input: Input| {
    check(U8, NonZero, input.codes, input.mask, &input);
    check(U8, Soft(U8), input.codes, input.mask, &input);
    check(F32::new(), Soft(F32::new()), &input.floats, &input.floats, &input);
    check(F32::new(), ZeroOne::new(), &input.floats, input.mask, &input);
});
