//! Soft and hard sums from one pass: the bits of two, for every element, target and chunking; and what is refused.

#[path = "support/backends.rs"]
mod backends;
#[path = "support/random.rs"]
mod random;
#[path = "support/seeds.rs"]
mod seeds;

use backends::on_every_backend;
use random::Random;
use seeds::seed;
use soft_dice::activation::{QuantizedSoftmax, Sigmoid, SigmoidTable, Softmax, SoftmaxTable, Tabled, sigmoid};
use soft_dice::*;

/// p thresholded by hand: 1, 0, or left out.
type Decide<R> = fn(R, f32) -> Option<bool>;

/// One class: `truth` decides a raw value, `t` is a mask of {0, 1} or labels of it and 255.
fn one_class<P: Element>(
    e: P,
    seed: u64,
    pixels: usize,
    threshold: f32,
    raw: fn(&mut Random) -> P::Raw,
    truth: Decide<P::Raw>,
) {
    let mut random = Random(seed);
    let p: Vec<P::Raw> = (0..pixels).map(|_| raw(&mut random)).collect();
    let mask: Vec<u8> = (0..pixels).map(|_| random.below(2) as u8).collect();
    let labels: Vec<u8> = (0..pixels).map(|_| [0, 1, 255][random.below(3)]).collect();
    let what = format!("{e:?}, seed {seed}, {pixels} pixels");
    let count = |t: &[u8]| {
        let (mut counts, mut ignored, mut invalid) = ([0u64; 3], 0, 0);
        for (&p, &t) in p.iter().zip(t) {
            match (truth(p, threshold), t) {
                (_, 255) => ignored += 1,
                (None, _) => invalid += 1,
                (Some(p), t) => {
                    let (p, t) = (u64::from(p), u64::from(t));
                    counts = [counts[0] + p, counts[1] + t, counts[2] + (p & t)];
                }
            }
        }
        (counts, ignored, invalid)
    };
    let found = |hard: &Thresholded| {
        let record = hard.record();
        ([hard.counts().p, hard.counts().t, hard.counts().pt], record.ignored, record.invalid)
    };

    let (mut soft, mut hard) = (Stream::new(e, ZeroOne::new()), Thresholded::at_least(&e, threshold));
    soft.update_both(&p, &mask, &mut hard).unwrap();
    let mut alone = Stream::new(e, ZeroOne::new());
    alone.update(&p, &mask).unwrap();
    assert_eq!(soft, alone, "{what}: the soft sums");
    assert_eq!(found(&hard), count(&mask), "{what}: the hard counts");

    let target = Label::new(1).ignoring(255);
    let (mut soft, mut whole) = (Stream::new(e, target), Thresholded::at_least(&e, threshold));
    soft.update_both(&p, &labels, &mut whole).unwrap();
    assert_eq!(found(&whole), count(&labels), "{what}: labels");
    let (mut parts, mut merged) = (Thresholded::at_least(&e, threshold), Thresholded::at_least(&e, threshold));
    let (mut in_parts, mut at) = (Stream::new(e, target), 0);
    while at < pixels {
        let to = pixels.min(at + 1 + random.below(700));
        in_parts.update_both(&p[at..to], &labels[at..to], &mut parts).unwrap();
        let mut part = Thresholded::at_least(&e, threshold);
        Stream::new(e, target).update_both(&p[at..to], &labels[at..to], &mut part).unwrap();
        merged.merge(&part).unwrap();
        at = to;
    }
    assert_eq!((soft, whole), (in_parts, parts), "{what}: chunks");
    assert_eq!(whole, merged, "{what}: merged");
}

static TABLE: SigmoidTable = match SigmoidTable::i8(0.0441, 8) {
    Ok(table) => table,
    Err(_) => panic!(),
};

/// A map of some element against a target, at a threshold of its own: all at once, in pieces, and pixel by pixel, which
/// fills no vector: that is the plain loop.
/// `t` gives the target's pixels from the first of two numbers on, as many as the second says.
fn lanes_are_plain<'a, P: Element, H: HardTarget>(
    random: &mut Random,
    e: P,
    h: H,
    p: &[P::Raw],
    t: &dyn Fn(usize, usize) -> H::Pixels<'a>,
) {
    let at = [-0.25, 0.0, -0.0, 1.0, 1.25, f32::NAN, random.probability(), 0.5][random.below(8)];
    let hard = if random.below(2) == 0 { Thresholded::at_least(&e, at) } else { Thresholded::above(&e, at) };
    let mut run = |longest: usize| {
        let (mut soft, mut hard, mut from) = (Stream::new(e, h), hard, 0);
        while from < p.len() {
            let pixels = (1 + random.below(longest)).min(p.len() - from);
            soft.update_both(&p[from..from + pixels], t(from, pixels), &mut hard).unwrap();
            from += pixels;
        }
        (hard, soft)
    };
    let plain = run(1);
    for longest in [usize::MAX >> 1, 900] {
        assert_eq!(run(longest), plain, "{e:?} × {h:?} at {at}, {} pixels", p.len());
    }
}

/// The same against every target, each of which begins anywhere.
fn every_target<P: Element>(random: &mut Random, e: P, pixels: usize, raw: fn(&mut Random) -> P::Raw) {
    let from = random.below(64);
    let p: Vec<P::Raw> = (0..from + pixels).map(|_| raw(random)).collect();
    let p = &p[from..];
    let from = random.below(64);
    let ones: Vec<u8> = (0..from + pixels).map(|_| random.below(2) as u8).collect();
    let full: Vec<u8> = ones.iter().map(|one| 255 * one).collect();
    let bytes: Vec<u8> = (0..from + pixels).map(|_| [0, 1, 2, 255][random.below(4)]).collect();
    let (bytes, first) = (&bytes[..], from);
    let bits = |at: usize, n: usize| {
        let at = first + at;
        Bits::at(&bytes[at / 8..(at + n).div_ceil(8)], at % 8)
    };
    let any = |at: usize, n: usize| &bytes[first + at..][..n];
    lanes_are_plain(random, e, NonZero, p, &any);
    lanes_are_plain(random, e, ZeroOne::new(), p, &|at, n| &ones[first + at..][..n]);
    lanes_are_plain(random, e, ZeroFull::new(), p, &|at, n| &full[first + at..][..n]);
    lanes_are_plain(random, e, Label::new(2), p, &any);
    lanes_are_plain(random, e, Label::new(2).ignoring(255), p, &any);
    lanes_are_plain(random, e, LsbFirst, p, &bits);
    lanes_are_plain(random, e, MsbFirst, p, &bits);
    lanes_are_plain(random, e, Own::at_least(&e, 0.375), p, &|_, _| ());
}

/// The same against a mask, labels of which some are left out, and the own mask at another threshold.
fn some_targets<P: Element>(random: &mut Random, e: P, pixels: usize, raw: fn(&mut Random) -> P::Raw) {
    let p: Vec<P::Raw> = (0..pixels).map(|_| raw(random)).collect();
    let bytes: Vec<u8> = (0..pixels).map(|_| [0, 1, 2, 255][random.below(4)]).collect();
    let any = |at: usize, n: usize| &bytes[at..at + n];
    lanes_are_plain(random, e, NonZero, &p, &any);
    lanes_are_plain(random, e, Label::new(2).ignoring(255), &p, &any);
    lanes_are_plain(random, e, Own::at_least(&e, 0.375), &p, &|_, _| ());
}

/// The first greatest of C channels by hand, beside the counts of every layout, in one piece and in several.
fn argmax<R: Channel, const C: usize>(random: &mut Random, pixels: usize, raw: fn(&mut Random) -> R) {
    let ignore = [None, Some(0), Some(255)][random.below(3)];
    let rows: Vec<R> = (0..C * pixels).map(|_| raw(random)).collect();
    let labels: Vec<u8> =
        (0..pixels).map(|_| if random.below(9) == 0 { ignore.unwrap_or(0) } else { random.below(C) as u8 }).collect();
    let new = || ignore.map_or(Argmax::<C>::new(), |label| Argmax::new().ignoring(label));
    let (mut counts, mut ignored, mut invalid) = ([[0u64; 3]; C], 0, 0);
    for (row, &label) in rows.chunks(C).zip(&labels) {
        if Some(label) == ignore {
            ignored += 1;
        } else if row.iter().any(|x| x.partial_cmp(x).is_none()) {
            invalid += 1;
        } else {
            let winner = (0..C).fold(0, |most, c| if row[c] > row[most] { c } else { most });
            counts[winner][0] += 1;
            counts[usize::from(label)][1] += 1;
            counts[winner][2] += u64::from(winner == usize::from(label));
        }
    }
    let check = |what: &str, hard: &Argmax<C>| {
        let found = hard.classes().map(|class| [class.p, class.t, class.pt]);
        assert_eq!(found, counts, "{what}: {C} classes, {pixels} pixels, {ignore:?}");
        for record in hard.classes().iter().map(Measured::record) {
            assert_eq!((record.ignored, record.invalid), (ignored, invalid), "{what}: {C} classes, {pixels} pixels");
            assert_eq!(record.count, pixels as u64 - ignored - invalid, "{what}: {C} classes, {pixels} pixels");
        }
    };
    let planes: Vec<R> = (0..C).flat_map(|c| rows.iter().skip(c).step_by(C).copied()).collect();
    let each: Vec<&[R]> = (0..C).map(|c| &planes[c * pixels..(c + 1) * pixels]).collect();
    let mut whole = [new(); 3];
    whole[0].update(Interleaved(&rows), &labels).unwrap();
    whole[1].update(Planar(&planes), &labels).unwrap();
    whole[2].update(Planes(&each), &labels).unwrap();
    whole.iter().zip(["interleaved", "planar", "planes"]).for_each(|(hard, what)| check(what, hard));
    let (mut parts, mut at) = (new(), 0);
    while at < pixels {
        let to = pixels.min(at + 1 + random.below(700));
        let each: Vec<&[R]> = each.iter().map(|plane| &plane[at..to]).collect();
        if random.below(2) == 0 {
            parts.update(Interleaved(&rows[at * C..to * C]), &labels[at..to]).unwrap();
        } else {
            parts.update(Planes(&each), &labels[at..to]).unwrap();
        }
        at = to;
    }
    check("parts", &parts);
}

#[test]
fn a_threshold_beside_soft_sums() {
    let mut random = Random(seed());
    let backends = on_every_backend(|_| {
        for _ in 0..8 {
            let (seed, pixels, k) = (random.next(), random.below(5000), random.below(65));
            let cut = k as f32 / 64.0;
            let inside = |p: f32, cut: f32| (0.0..=1.0).contains(&p).then_some(p >= cut);
            one_class(U8, seed, pixels, cut, |r| r.next() as u8, |p, cut| Some(f64::from(p) / 255.0 >= f64::from(cut)));
            one_class(
                I8::TFLITE,
                seed,
                pixels,
                cut,
                |r| r.next() as i8,
                |p, cut| Some((f32::from(p) + 128.0) / 256.0 >= cut),
            );
            one_class(
                Q15::new(),
                seed,
                pixels,
                cut,
                |r| r.next() as i16,
                |p, cut| (p >= 0).then(|| f32::from(p) / 32768.0 >= cut),
            );
            // Nothing that is odd, and then everything.
            one_class(F32::new(), seed, pixels, cut, Random::probability, inside);
            one_class(F32::new(), seed, pixels, cut, Random::wild, |p, cut| {
                let near = (-1e-6..=1.0 + 8.0 * f32::EPSILON).contains(&p);
                near.then(|| p.clamp(0.0, 1.0) >= cut)
            });
            one_class(F32Fine::new().range(Range::Clamp), seed, pixels, cut, Random::wild, |p, cut| {
                (!p.is_nan()).then(|| p.clamp(0.0, 1.0) >= cut)
            });
            one_class(
                Sigmoid(F32::new()),
                seed,
                pixels,
                cut,
                |r| r.probability() * 20.0 - 10.0,
                |x, cut| Some(sigmoid(x) >= cut),
            );
            one_class(
                Tabled::i8(&TABLE),
                seed,
                pixels,
                cut,
                |r| r.next() as i8,
                |x, cut| Some(TABLE.codes()[(i32::from(x) + 128) as usize] as f32 / 8_388_608.0 >= cut),
            );
        }
    });
    println!("on {}", backends.join(", "));
}

#[test]
fn an_argmax_beside_soft_sums() {
    let mut random = Random(seed());
    let backends = on_every_backend(|_| {
        for _ in 0..8 {
            let (seed, pixels) = (random.next(), random.below(900));
            const C: usize = 5;
            let mut random = Random(seed);
            let logits: Vec<f32> = (0..C * pixels).map(|_| (random.probability() * 8.0).round() - 4.0).collect();
            let codes: Vec<i8> = logits.iter().map(|&x| x as i8).collect();
            let labels: Vec<u8> = (0..pixels).map(|_| [0, 1, 2, 3, 4, 255][random.below(6)]).collect();
            let table = SoftmaxTable::new(0.5).unwrap();
            let first = |x: &[f32]| (0..C).fold(0, |most, c| if x[c] > x[most] { c } else { most });
            let mut counts = [[0u64; 3]; C];
            for (x, &label) in logits.chunks(C).zip(&labels).filter(|(_, label)| **label != 255) {
                let (winner, label) = (first(x), usize::from(label));
                counts[winner][0] += 1;
                counts[label][1] += 1;
                counts[winner][2] += u64::from(winner == label);
            }
            let check = |soft: &dyn Fn(&mut Argmax<C>)| {
                let mut hard = Argmax::<C>::new().ignoring(255);
                soft(&mut hard);
                assert_eq!(hard.classes().map(|class| [class.p, class.t, class.pt]), counts);
            };
            fn both<P: Element, const C: usize>(e: P, p: impl Columns<P::Raw>, labels: &[u8], hard: &mut Argmax<C>) {
                let new = || Multiclass::<[_; C]>::new(e, Linear).ignoring(255);
                let (mut one, mut two) = (new(), new());
                one.update_both(p, labels, hard).unwrap();
                two.update(p, labels).unwrap();
                assert_eq!(one, two);
            }
            let planes: Vec<f32> = (0..C).flat_map(|c| logits.iter().skip(c).step_by(C).copied()).collect();
            let split: Vec<&[f32]> = (0..C).map(|c| &planes[c * pixels..(c + 1) * pixels]).collect();
            check(&|hard| both(I8::TFLITE, Interleaved(&codes), &labels, hard));
            check(&|hard| both(F32::new(), Softmax(Interleaved(&logits)), &labels, hard));
            check(&|hard| both(F32::new().range(Range::Refuse), Softmax(Planar(&planes)), &labels, hard));
            check(&|hard| both(F32Fine::new(), Softmax(Planes(&split)), &labels, hard));
            check(&|hard| both(F32::new(), QuantizedSoftmax::new(Interleaved(&codes), &table), &labels, hard));
            check(&|hard| both(Sigmoid(F32::new()), Interleaved(&logits), &labels, hard));
        }
    });
    println!("on {}", backends.join(", "));
}

#[test]
fn thresholds_have_the_counts_of_the_plain_loop() {
    let mut random = Random(seed());
    let backends = on_every_backend(|_| {
        for _ in 0..3 {
            let (seed, pixels) = (random.next(), random.below(12_000));
            let r = &mut Random(seed);
            // Now and then a −0.0, which is a 0 that may be promised.
            let promised = |r: &mut Random| if r.below(30) == 0 { -0.0 } else { r.probability() };
            every_target(r, U8, pixels, |r| r.next() as u8);
            every_target(r, I8::TFLITE, pixels, |r| r.next() as i8);
            every_target(r, F32::new(), pixels, promised);
            some_targets(r, I8::TFLITE.dead_zone(7), pixels, |r| r.next() as i8);
            some_targets(r, U8Affine::new(0.0125, 100).unwrap(), pixels, |r| r.next() as u8);
            some_targets(r, Q15::new(), pixels, |r| r.next() as i16);
            some_targets(r, Q15::new().range(Range::Clamp).dead_zone(9000).unwrap(), pixels, |r| r.next() as i16);
            some_targets(r, Q15::new().trusted(), pixels, |r| (r.next() & 0x7FFF) as i16);
            some_targets(r, F32::new().range(Range::Clamp), pixels, Random::wild);
            some_targets(r, F32::new().trusted(), pixels, promised);
            some_targets(r, F32Fine::new(), pixels, Random::wild);
            some_targets(r, U16::new(), pixels, |r| r.next() as u16);
            some_targets(r, Sigmoid(F32::new()), pixels, |r| {
                if r.below(900) == 0 { f32::NAN } else { r.probability() * 9.0 - 4.0 }
            });
        }
    });
    println!("on {}", backends.join(", "));
}

/// Few codes, so that many channels tie.
fn few(r: &mut Random) -> u8 {
    [0u8, 1, 254, 255][r.below(4)]
}

#[test]
fn every_layout_has_the_first_greatest_channel() {
    let mut random = Random(seed());
    let backends = on_every_backend(|_| {
        for _ in 0..3 {
            let (seed, pixels) = (random.next(), random.below(3000));
            let r = &mut Random(seed);
            argmax::<_, 1>(r, pixels, few);
            argmax::<_, 3>(r, pixels, |r| r.next() as u8);
            argmax::<_, 4>(r, pixels, |r| few(r) as i8);
            argmax::<_, 15>(r, pixels, |r| few(r) as i8);
            argmax::<_, 16>(r, pixels, few);
            argmax::<_, 21>(r, pixels, |r| r.next() as i8);
            argmax::<_, 32>(r, pixels, |r| r.next() as i8);
            argmax::<_, 33>(r, pixels, few);
            argmax::<_, 64>(r, pixels / 2, |r| few(r) as i8);
            argmax::<_, 65>(r, pixels / 2, |r| few(r) as i8);
            argmax::<_, 256>(r, pixels / 8, |r| r.next() as u8);
            argmax::<_, 5>(r, pixels, |r| r.next() as i16);
            argmax::<_, 5>(r, pixels, |r| if r.below(900) == 0 { f32::NAN } else { (r.probability() * 9.0).round() });
        }
    });
    println!("on {}", backends.join(", "));
}

#[test]
fn what_is_refused_changes_neither() {
    let e = F32::new().range(Range::Refuse);
    let mut p = vec![0.75f32; 5000];
    let mut mask = vec![1u8; 5000];
    let (mut soft, mut hard) = (Stream::new(e, ZeroOne::new()), Thresholded::above(&e, 0.75));
    soft.update_both(&p, &mask, &mut hard).unwrap();
    assert_eq!((hard.counts().p, hard.counts().t), (0, 5000));
    let before = (soft, hard);
    p[4999] = f32::NAN;
    assert_eq!(soft.update_both(&p, &mask, &mut hard), Err(Error::Range));
    p[4999] = 0.0;
    mask[4998] = 2;
    assert_eq!(soft.update_both(&p, &mask, &mut hard), Err(Error::Mask));
    assert_eq!(soft.update_both(&p, &mask[1..], &mut hard), Err(Error::Length));
    assert_eq!((soft, hard), before);
    assert_eq!(hard.merge(&Thresholded::at_least(&e, 0.5)), Err(Error::Mismatch));

    let (mut one, mut all) = (Multiclass::<[_; 2]>::new(e, Linear), Argmax::<2>::new());
    let p = [0.5, 0.5, 0.25, f32::NAN];
    assert_eq!(one.update_both(Interleaved(&p), &[0, 1], &mut all), Err(Error::Range));
    assert_eq!(one.update_both(Interleaved(&p), &[0, 2], &mut all), Err(Error::Label));
    assert_eq!(one.update_both(Interleaved(&p), &[0], &mut all), Err(Error::Length));
    assert_eq!(one.update_both(Interleaved(&p[1..]), &[0, 1], &mut all), Err(Error::Split));
    assert_eq!(one.update_both(Interleaved(&p), &[0, 1], &mut Argmax::<3>::new()), Err(Error::Mismatch));
    assert_eq!(one.update_both(Interleaved(&p), &[0, 1], &mut all.ignoring(1)), Err(Error::Mismatch));
    assert_eq!((one, all), (Multiclass::new(e, Linear), Argmax::new()));

    // A NaN or +∞ logit leaves no probabilities, so no winner either; −∞ is a probability of 0.
    let logits = [f32::NAN, 0.0, f32::INFINITY, 0.0, f32::NEG_INFINITY, -1.0, f32::NEG_INFINITY, f32::NEG_INFINITY];
    let mut one = Multiclass::<[_; 2]>::new(F32::new(), Linear);
    one.update_both(Softmax(Interleaved(&logits)), &[0, 0, 1, 0], &mut all).unwrap();
    let classes = all.classes().map(|class| (class.p, class.t, class.record().invalid));
    assert_eq!(classes, [(0, 0, 3), (1, 1, 3)]);
    assert_eq!(one.sums()[0].invalid(), 3);
}
