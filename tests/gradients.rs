//! Gradients against central differences of losses written out in f64, and against closed forms.

#[path = "support/backends.rs"]
mod backends;
#[path = "support/random.rs"]
mod random;

use backends::on_every_backend;
use proptest::prelude::*;
use random::Random;
use soft_dice::activation::{Sigmoid, Softmax};
use soft_dice::gradient::{self, Backward, Layout};
use soft_dice::*;

/// Σpt, Σp, Σt, Σp², Σt², Σmin, the obvious way.
fn sums(p: &[f64], t: &[f64]) -> [f64; 6] {
    let over = |f: fn(f64, f64) -> f64| p.iter().zip(t).map(|(&p, &t)| f(p, t)).sum();
    [over(|p, t| p * t), over(|p, _| p), over(|_, t| t), over(|p, _| p * p), over(|_, t| t * t), over(f64::min)]
}

/// A score and the same written out, with numerator and denominator smoothed by 0.5 and 0.75.
type Written = (&'static str, Score, fn([f64; 6]) -> f64);

fn scores() -> [Written; 10] {
    let with = |score: Score| score.smooth(0.5, 0.75);
    [
        ("dice", with(Score::dice()), |[i, p, t, ..]| (2.0 * i + 0.5) / (p + t + 0.75)),
        ("squared", with(Score::dice().squared()), |[i, _, _, pp, tt, _]| (2.0 * i + 0.5) / (pp + tt + 0.75)),
        ("semimetric", with(Score::dice().semimetric()), |[_, p, t, _, _, m]| (2.0 * m + 0.5) / (p + t + 0.75)),
        ("jaccard", with(Score::jaccard()), |[i, p, t, ..]| (i + 0.5) / (p + t - i + 0.75)),
        ("jaccard squared", with(Score::jaccard().squared()), |[i, _, _, pp, tt, _]| (i + 0.5) / (pp + tt - i + 0.75)),
        ("jaccard semimetric", with(Score::jaccard().semimetric()), |[_, p, t, _, _, m]| {
            (m + 0.5) / (p + t - m + 0.75)
        }),
        ("tversky", with(Score::tversky(0.3, 0.9)), |[i, p, t, ..]| {
            (i + 0.5) / (i + 0.3 * (p - i) + 0.9 * (t - i) + 0.75)
        }),
        ("tversky semimetric", with(Score::tversky(0.3, 0.9).semimetric()), |[_, p, t, _, _, m]| {
            (m + 0.5) / (m + 0.3 * (p - m) + 0.9 * (t - m) + 0.75)
        }),
        ("precision", with(Score::precision()), |[i, p, ..]| (i + 0.5) / (p + 0.75)),
        ("recall", with(Score::recall()), |[i, _, t, ..]| (i + 0.5) / (t + 0.75)),
    ]
}

/// ∂f/∂x of each value by central differences.
fn differences(x: &[f64], f: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    const STEP: f64 = 1e-5;
    let mut moved = x.to_vec();
    (0..x.len())
        .map(|at| {
            let mut with = |value: f64| {
                moved[at] = value;
                f(&moved)
            };
            let slope = (with(x[at] + STEP) - with(x[at] - STEP)) / (2.0 * STEP);
            with(x[at]);
            slope
        })
        .collect()
}

fn wide(x: &[f32]) -> Vec<f64> {
    x.iter().map(|&x| f64::from(x)).collect()
}

fn near(got: &[f32], truth: &[f64], what: &str) {
    let size = truth.iter().fold(1e-3, |most: f64, x| most.max(x.abs()));
    assert_eq!(got.len(), truth.len());
    for (at, (&got, &truth)) in got.iter().zip(truth).enumerate() {
        assert!((f64::from(got) - truth).abs() <= 2e-5 * size, "{what}: pixel {at}: {got} against {truth}");
    }
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// p and t, never so near that a difference would step over p = t.
fn maps(random: &mut Random, n: usize) -> (Vec<f32>, Vec<f32>) {
    let p: Vec<f32> = (0..n).map(|_| 0.01 + 0.98 * (random.next() >> 40) as f32 / (1 << 24) as f32).collect();
    let t = p
        .iter()
        .map(|&p| {
            let t = random.probability();
            if (p - t).abs() < 1e-3 { 1.0 - p / 2.0 } else { t }
        })
        .collect();
    (p, t)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_class(seed in any::<u64>(), n in 1usize..160) {
        let mut random = Random(seed);
        let (p, t) = maps(&mut random, n);
        let (p64, t64) = (wide(&p), wide(&t));
        let logits: Vec<f32> = (0..n).map(|_| (random.probability() - 0.5) * 8.0).collect();
        let x64 = wide(&logits);
        let mut forward = Stream::summing(F32Fine::new(), Soft(F32Fine::new()), All);
        forward.update(&p, &t).unwrap();
        let mut through = Stream::summing(Sigmoid(F32Fine::new()), Soft(F32Fine::new()), All);
        through.update(&logits, &t).unwrap();
        for (name, score, written) in scores() {
            let near_tie = name.contains("semimetric");
            let gradient = Gradient::of(&score, forward.sums()).unwrap();
            prop_assert_eq!(gradient, Gradient::of(&score.loss(), forward.sums()).unwrap());
            let mut out = vec![9.0; n];
            gradient.write(forward.sums(), &p, &t, &mut out).unwrap();
            near(&out, &differences(&p64, |p| 1.0 - written(sums(p, &t64))), name);

            // Any chunk.
            let mut parts = vec![9.0; n];
            let cut = random.below(n + 1);
            let (a, b) = parts.split_at_mut(cut);
            gradient.write(forward.sums(), &p[..cut], &t[..cut], a).unwrap();
            gradient.write(forward.sums(), &p[cut..], &t[cut..], b).unwrap();
            prop_assert_eq!(&out, &parts);

            if !near_tie {
                let gradient = Gradient::of(&score, through.sums()).unwrap();
                gradient.write_logit(through.sums(), &logits, &t, &mut out).unwrap();
                let loss = |x: &[f64]| 1.0 - written(sums(&x.iter().map(|&x| logistic(x)).collect::<Vec<_>>(), &t64));
                near(&out, &differences(&x64, loss), name);
            }

            let focal = Focal::new(score, 1.5);
            let gradient = Gradient::focal(&focal, forward.sums()).unwrap();
            gradient.write(forward.sums(), &p, &t, &mut out).unwrap();
            let value = |p: &[f64]| (1.0 - written(sums(p, &t64))).max(0.0).powf(1.5);
            prop_assert!((f64::from(focal.f32(forward.sums()).unwrap()) - value(&p64)).abs() < 1e-6);
            if written(sums(&p64, &t64)) < 0.999 {
                near(&out, &differences(&p64, value), name);
            }
            let log = LogScore::new(score, 1e-7);
            let gradient = Gradient::log(&log, forward.sums()).unwrap();
            gradient.write(forward.sums(), &p, &t, &mut out).unwrap();
            let value = |p: &[f64]| -written(sums(p, &t64)).ln();
            prop_assert!((f64::from(log.f32(forward.sums()).unwrap()) - value(&p64)).abs() < 1e-6);
            near(&out, &differences(&p64, value), name);
        }
    }

    #[test]
    fn many_classes(seed in any::<u64>(), n in 1usize..50) {
        const C: usize = 4;
        let mut random = Random(seed);
        let logits: Vec<f32> = (0..C * n).map(|_| (random.probability() - 0.5) * 6.0).collect();
        let labels: Vec<u8> = (0..n).map(|_| [0, 0, 1, 2, 255][random.below(5)]).collect();
        let x64 = wide(&logits);
        let mut frame = Multiclass::<[_; C]>::new(F32Fine::new(), All).ignoring(255);
        frame.update(Softmax(Interleaved(&logits)), &labels).unwrap();
        if labels.iter().all(|&label| label == 255) {
            return Ok(());
        }
        let softmax = |x: &[f64]| -> Vec<f64> {
            x.chunks(C).flat_map(|pixel| {
                let sum: f64 = pixel.iter().map(|x| x.exp()).sum();
                pixel.iter().map(move |x| x.exp() / sum).collect::<Vec<_>>()
            }).collect()
        };
        // Sums of each class over the pixels that count.
        let by_class = |p: &[f64]| -> Vec<[f64; 6]> {
            (0..C).map(|c| {
                let kept = || labels.iter().enumerate().filter(|(_, label)| **label != 255);
                let p: Vec<f64> = kept().map(|(at, _)| p[at * C + c]).collect();
                let t: Vec<f64> = kept().map(|(_, &label)| f64::from(u8::from(usize::from(label) == c))).collect();
                sums(&p, &t)
            }).collect()
        };
        let check = |each: &[Gradient], loss: &dyn Fn(&[f64]) -> f64, what: &str| {
            let backward = Backward::new(each).ignoring(255);
            let mut out = vec![9.0; C * n];
            backward.softmax(Interleaved(&logits), &labels, &mut out).unwrap();
            near(&out, &differences(&x64, |x| loss(&softmax(x))), what);
            // Softmax does not move with a common shift: the gradients of a pixel sum to 0.
            // Off by the rounding of the gradients before they are brought to a mean.
            let ends = |g: &Gradient| g.at(0.0, 0.0).abs().max(g.at(1.0, 1.0).abs());
            let size = each.iter().map(ends).fold(0f32, f32::max);
            for pixel in out.chunks(C) {
                assert!(pixel.iter().sum::<f32>().abs() <= 5e-7 * size, "{what}: {pixel:?}");
            }
            let mut planar = vec![9.0; C * n];
            backward.layout(Layout::Planar).softmax(Interleaved(&logits), &labels, &mut planar).unwrap();
            for (at, &g) in planar.iter().enumerate() {
                assert_eq!(g, out[at % n * C + at / n], "{what}: layout");
            }
            let p: Vec<f32> = softmax(&x64).iter().map(|&p| p as f32).collect();
            backward.probabilities(Interleaved(&p), &labels, &mut out).unwrap();
            near(&out, &differences(&wide(&p), loss), what);
        };
        let mut each = [Gradient::default(); C];
        for (name, score, written) in scores() {
            if name.contains("semimetric") {
                continue;
            }
            let defined = gradient::macro_mean(&score, frame.sums(), &mut each).unwrap();
            let loss = |p: &[f64]| {
                let present: Vec<f64> = by_class(p).into_iter().filter(|s| s[2] > 0.0).map(written).collect();
                assert_eq!(present.len(), usize::from(defined));
                1.0 - present.iter().sum::<f64>() / present.len() as f64
            };
            check(&each, &loss, name);
        }
        for volume in [Volume::Uniform, Volume::Simple, Volume::Square] {
            let score = Generalised::new().volume(volume).smooth(0.5, 0.75);
            gradient::generalised(&score, frame.sums(), &mut each).unwrap();
            let loss = |p: &[f64]| {
                let classes = by_class(p);
                let weight = |t: f64| match volume {
                    Volume::Uniform => 1.0,
                    Volume::Simple => 1.0 / t,
                    Volume::Square => 1.0 / (t * t),
                };
                let most = classes.iter().filter(|s| s[2] > 0.0).map(|s| weight(s[2])).fold(0.0, f64::max);
                let (mut above, mut below) = (0.5, 0.75);
                for [i, p, t, ..] in classes {
                    let w = if t > 0.0 || volume == Volume::Uniform { weight(t) } else { most };
                    above += 2.0 * w * i;
                    below += w * (p + t);
                }
                1.0 - above / below
            };
            check(&each, &loss, "generalised");
        }
    }

    /// Independent classes, through the sigmoid, are their own streams.
    #[test]
    fn independent_classes(seed in any::<u64>(), n in 1usize..200) {
        const C: usize = 3;
        let mut random = Random(seed);
        let logits: Vec<f32> = (0..C * n).map(|_| (random.probability() - 0.5) * 6.0).collect();
        let targets: Vec<f32> = (0..C * n).map(|_| random.probability()).collect();
        let e = Sigmoid(F32::new());
        let mut frame = Multilabel::<[_; C]>::new(e, Soft(F32::new()), Squares);
        frame.update(Planar(&logits), Planar(&targets)).unwrap();
        let score = Score::dice().squared().smooth(1.0, 1.0);
        let each: Vec<Gradient> = frame.sums().iter().map(|sums| Gradient::of(&score, sums).unwrap()).collect();
        let mut out = vec![9.0; C * n];
        let backward = Backward::new(&each).layout(Layout::Planar);
        backward.sigmoid(Planar(&logits), Planar(&targets), &mut out).unwrap();
        for (c, gradient) in each.iter().enumerate() {
            let plane = c * n..(c + 1) * n;
            let mut alone = vec![9.0; n];
            gradient.write_logit(&frame.sums()[c], &logits[plane.clone()], &targets[plane.clone()], &mut alone).unwrap();
            near(&out[plane.clone()], &wide(&alone), "sigmoid");
        }
        let p: Vec<f32> = logits.iter().map(|&x| activation::sigmoid(x)).collect();
        backward.independent(Planar(&p), Planar(&targets), &mut out).unwrap();
        for (c, gradient) in each.iter().enumerate() {
            for at in c * n..(c + 1) * n {
                prop_assert_eq!(out[at], gradient.at(p[at], targets[at]));
            }
        }
    }
}

/// A chunk's gradients are those of each pixel as element and target read it, whichever way the chunk is decoded.
fn by_pixel<P: Element, T: Target<P>>(e: P, target: T, p: &[P::Raw], t: T::Buffer<'_>, through: bool) {
    use element::Reading;
    let sums = *Stream::summing(e, target, All).sums();
    let (p_unit, score) = (e.unit().value(1) as f32, Score::tversky(0.3, 0.9).smooth(0.5, 0.75));
    let mut gradients = vec![Gradient::of(&score, &sums).unwrap()];
    // Every part of a gradient at once: of some sums that have one.
    let mut some = Stream::summing(U8, Soft(U8), All);
    some.update(&[9, 200, 130], &[0, 255, 80]).unwrap();
    for score in [Score::dice().squared(), Score::jaccard().semimetric()] {
        gradients.push(Gradient::of(&score, some.sums()).unwrap());
    }
    for gradient in gradients {
        let mut out = vec![9.0; p.len()];
        if through {
            gradient.write_logit(&sums, p, t, &mut out).unwrap();
        } else {
            gradient.write(&sums, p, t, &mut out).unwrap();
        }
        for (at, (&raw, out)) in p.iter().zip(out).enumerate() {
            let pair = match e.read(raw) {
                Reading::Valid(value) => target.value(t, at, P::key(value)).map(|t| (P::worth(value, p_unit), t)),
                Reading::Clamped(_) | Reading::Invalid => None,
            };
            let truth = pair.map_or(0.0, |(p, t)| gradient.at(p, t) * if through { p * (1.0 - p) } else { 1.0 });
            assert_eq!(out, truth, "{e:?} {target:?}, pixel {at}: {raw:?}");
        }
    }
}

#[test]
fn a_chunk_is_its_pixels() {
    on_every_backend(|_| {
        let mut random = Random(19);
        for n in [0, 1, 7, 8, 127, 128, 129, 1000] {
            let bytes: Vec<u8> = (0..n).map(|_| random.next() as u8).collect();
            let signed: Vec<i8> = bytes.iter().map(|&b| b as i8).collect();
            let words: Vec<i16> = (0..n).map(|_| random.next() as i16).collect();
            let large: Vec<u16> = words.iter().map(|&w| w as u16).collect();
            let floats: Vec<f32> =
                (0..n).map(|_| if random.below(3) == 0 { random.wild() } else { random.probability() }).collect();
            let mask: Vec<u8> = (0..n).map(|_| [0, 1, 2, 255][random.below(4)]).collect();
            let odd = I8::new(0.0441, 8).unwrap();
            fn masks<P: Element>(e: P, p: &[P::Raw], mask: &[u8], through: bool) {
                by_pixel(e, NonZero, p, mask, through);
                by_pixel(e, ZeroOne::new(), p, mask, through);
                by_pixel(e, ZeroOne::new().trusted(), p, mask, through);
                by_pixel(e, ZeroFull::new(), p, mask, through);
                by_pixel(e, Label::new(2), p, mask, through);
                by_pixel(e, Label::new(2).ignoring(255), p, mask, through);
                by_pixel(e, Label::new(1).ignoring(1), p, mask, through);
                by_pixel(e, MsbFirst, p, Bits::new(mask.get(..p.len().div_ceil(8)).unwrap_or_default()), through);
                by_pixel(e, Own::at_least(&e, 0.5), p, (), through);
            }
            masks(U8, &bytes, &mask, false);
            masks(I8::TFLITE, &signed, &mask, false);
            masks(odd, &signed, &mask, false);
            masks(odd.dead_zone(3), &signed, &mask, false);
            masks(U8Affine::new(0.004, 9).unwrap().dead_zone(20), &bytes, &mask, false);
            masks(U16::new(), &large, &mask, false);
            masks(Q15::new().range(Range::Clamp), &words, &mask, false);
            masks(F32::new(), &floats, &mask, false);
            masks(F32::new().range(Range::Clamp), &floats, &mask, false);
            masks(F32Fine::new(), &floats, &mask, false);
            masks(Sigmoid(F32::new()), &floats, &mask, true);
            masks(Sigmoid(F32Fine::new()), &floats, &mask, false);
            // Soft targets: clamped ones count, and equal codes are equal values.
            by_pixel(U8, Soft(U8), &bytes, &mask, false);
            by_pixel(U8, Soft(odd), &bytes, &signed, false);
            by_pixel(I8::TFLITE, Soft(F32::new()), &signed, &floats, false);
            by_pixel(F32::new(), Soft(F32::new().range(Range::Clamp)), &floats, &floats, false);
            by_pixel(F32Fine::new(), Soft(Q15::new()), &floats, &words, false);
            by_pixel(Sigmoid(F32Fine::new()), Soft(F32Fine::new().range(Range::Clamp)), &floats, &floats, true);
        }
    });
}

#[test]
fn closed_forms() {
    let (p, t) = ([0u8, 51, 204, 255], [0u8, 1, 1, 0]);
    let mut stream = Stream::summing(U8, NonZero, All);
    stream.update(&p, &t).unwrap();
    let sums = stream.sums();
    let mut out = [0.0f32; 4];
    let (i, size, squares) = (1.0f64, 4.0f64, 0.04 + 0.64 + 1.0 + 2.0);
    let s = 2.0 * i / size;
    Gradient::of(&Score::dice(), sums).unwrap().write(sums, &p, &t, &mut out).unwrap();
    near(&out, &t.map(|t| (s - 2.0 * f64::from(t)) / size), "(S − 2t)/(P + T)");
    let s = 2.0 * i / squares;
    Gradient::of(&Score::dice().squared(), sums).unwrap().write(sums, &p, &t, &mut out).unwrap();
    let truth: Vec<f64> =
        p.iter().zip(t).map(|(&p, t)| (2.0 * s * f64::from(p) / 255.0 - 2.0 * f64::from(t)) / squares).collect();
    near(&out, &truth, "(2S·p − 2t)/(P² + T²)");
    // A hard target: minima are products, but for the slope at p = t, where ½ is taken.
    Gradient::of(&Score::dice().semimetric(), sums).unwrap().write(sums, &p, &t, &mut out).unwrap();
    near(&out, &[(0.5 - 1.0) / 4.0, -1.5 / 4.0, -1.5 / 4.0, 0.5 / 4.0], "semimetric");
}

/// −ln max(S, floor) has the slope of −ln S down to the floor, which belongs to it, and none below.
#[test]
fn the_floor_of_a_logarithm() {
    let mut stream = Stream::new(U8, NonZero);
    stream.update(&[255, 0, 255, 0], &[1, 1, 0, 0]).unwrap();
    let plain = Gradient::of(&Score::dice(), stream.sums()).unwrap().at(0.5, 1.0);
    assert_eq!(Score::dice().f32(stream.sums()), Ok(0.5));
    let slope = |floor: f32| {
        let gradient = Gradient::log(&LogScore::new(Score::dice(), floor), stream.sums()).unwrap();
        gradient.at(0.5, 1.0)
    };
    assert_eq!((slope(0.1), slope(0.5), slope(0.5f32.next_up())), (2.0 * plain, 2.0 * plain, 0.0));
}

#[test]
fn what_does_not_count_gets_nothing() {
    let p = [0.5f32, f32::NAN, 2.0, 0.25];
    let (clamped, labels) = (F32::new().range(Range::Clamp), [1u8, 1, 0, 255]);
    let target = Label::new(1).ignoring(255);
    let mut stream = Stream::<_, _>::new(clamped, target);
    stream.update(&p, &labels).unwrap();
    let gradient = Gradient::of(&Score::dice(), stream.sums()).unwrap();
    let mut out = [9.0; 4];
    gradient.write(stream.sums(), &p, &labels, &mut out).unwrap();
    assert!(out[0] != 0.0);
    assert_eq!(out[1..], [0.0; 3]);
    assert_eq!(gradient.write(stream.sums(), &p, &labels[..3], &mut out), Err(Error::Length));
    assert_eq!(gradient.write(stream.sums(), &p, &labels, &mut out[..3]), Err(Error::Length));

    // A policy that sets the score leaves nothing to learn; what is undefined has no gradient.
    let empty = Stream::<_, _>::new(F32::new(), NonZero);
    let flat = Gradient::of(&Score::dice().both_empty(Empty::One), empty.sums()).unwrap();
    assert_eq!(flat, Gradient::default());
    assert_eq!(Gradient::of(&Score::dice(), empty.sums()), Err(Error::Undefined));
    assert_eq!(Gradient::of(&Score::dice().both_empty(Empty::Skip), empty.sums()), Err(Error::Skipped));
    assert_eq!(Focal::new(Score::dice(), 0.0).f32(stream.sums()), Err(Error::Setting));
    assert_eq!(LogScore::new(Score::dice(), 0.0).f32(stream.sums()), Err(Error::Setting));

    let each = [gradient; 2];
    let backward = Backward::new(&each).ignoring(255);
    let mut out = [9.0; 6];
    let logits = [0.0, 1.0, f32::NAN, 1.0, 0.0, 1.0];
    backward.softmax(Interleaved(&logits), &[0, 1, 255], &mut out).unwrap();
    assert!(out[0] != 0.0 && out[1] != 0.0);
    assert_eq!(out[2..], [0.0; 4]);
    assert_eq!(backward.softmax(Interleaved(&logits), &[0, 2, 255], &mut out), Err(Error::Label));
    assert_eq!(backward.softmax(Interleaved(&logits[1..]), &[0, 1, 255], &mut out), Err(Error::Split));
    assert_eq!(backward.softmax(Interleaved(&logits), &[0, 1], &mut out), Err(Error::Length));
    assert_eq!(backward.probabilities(Interleaved(&logits), &[0, 1, 1], &mut out[1..]), Err(Error::Length));
    assert_eq!(backward.independent(Planar(&logits), Planar(&logits[2..]), &mut out), Err(Error::Length));
}
