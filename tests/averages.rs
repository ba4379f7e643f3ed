//! Scores over classes and frames, against f64.

mod support;

use soft_dice::*;
use support::Random;

const C: usize = 6;

/// A frame whose class 4 has no target pixel and whose class 5 has nothing at all.
fn frame(seed: u64) -> [Sums<U8, Label, All>; C] {
    let mut random = Random(seed);
    let labels: Vec<u8> = (0..500).map(|_| [0, 0, 0, 1, 2, 3][random.below(6)]).collect();
    let p: Vec<u8> = (0..500 * C).map(|i| if i % C == C - 1 { 0 } else { (random.next() % 200) as u8 }).collect();
    let mut sums = [0, 1, 2, 3, 4, 5].map(|c| Sums::new(U8, Label::new(c)));
    Multiclass::over(&mut sums[..], C).unwrap().update(Interleaved(&p), &labels).unwrap();
    sums
}

fn near(got: Result<Mean, Error>, truth: f64) {
    let got = got.unwrap().ratio.f64();
    assert!((got - truth).abs() < 1e-9, "{got} against {truth}");
}

#[test]
fn reductions() {
    let score = Score::dice();
    for seed in 0..20 {
        let classes = frame(seed);
        let sums = classes.map(|c| Pixels::of(&c));
        let dice = sums.map(|s| 2.0 * s.i / (s.p + s.t));
        let t = sums.map(|s| s.t);
        let present = || (0..4).map(|c| (dice[c], t[c]));
        let mean = Average::new(score).of(&classes).unwrap();
        assert_eq!((mean.defined, mean.absent), (4, 2));
        near(Ok(mean), present().map(|(d, _)| d).sum::<f64>() / 4.0);
        near(Average::new(score.loss()).of(&classes), 1.0 - present().map(|(d, _)| d).sum::<f64>() / 4.0);
        let support = present().map(|(d, t)| d * t).sum::<f64>() / t.iter().sum::<f64>();
        near(Average::weighted(score).of(&classes), support);
        let pooled = 2.0 * sums.iter().map(|s| s.i).sum::<f64>() / sums.iter().map(|s| s.p + s.t).sum::<f64>();
        near(Average::micro(score).of(&classes), pooled);
        let weights = [0.5f32, 3.0, 0.0, 1.25, 100.0, 100.0];
        let weighted = (0..4).map(|c| dice[c] * f64::from(weights[c])).sum::<f64>() / 4.75;
        near(Average::weights(score, &weights).of(&classes), weighted);
        // All classes: class 4 scores 0, class 5 is 0/0.
        let all = Average::new(score).all_classes();
        assert_eq!(all.of(&classes), Err(Error::Undefined));
        near(all.of(&classes[..5]), present().map(|(d, _)| d).sum::<f64>() / 5.0);
        let one = Average::new(score.both_empty(Empty::One)).all_classes();
        near(one.of(&classes), (present().map(|(d, _)| d).sum::<f64>() + 1.0) / 6.0);
        // A policy is never without effect: the classes that it speaks of count.
        near(
            Average::new(score.both_empty(Empty::One)).of(&classes),
            (present().map(|(d, _)| d).sum::<f64>() + 1.0) / 5.0,
        );
        let zero = score.both_empty(Empty::Zero).target_empty(Empty::Zero);
        near(Average::new(zero).of(&classes), present().map(|(d, _)| d).sum::<f64>() / 6.0);
        assert_eq!(Average::new(score.target_empty(Empty::Undefined)).of(&classes), Err(Error::Undefined));
        let skip = Average::new(score.both_empty(Empty::Skip).target_empty(Empty::Skip)).all_classes();
        near(skip.of(&classes), present().map(|(d, _)| d).sum::<f64>() / 4.0);
    }
}

#[test]
fn generalised_by_volume() {
    let classes = frame(3);
    let sums = classes.map(|c| Pixels::of(&c));
    let by = |weight: fn(f64) -> f64, absent: f64| {
        let w = sums.map(|s| if s.t == 0.0 { absent } else { weight(s.t) });
        let over = |f: fn(&Pixels) -> f64| sums.iter().zip(w).map(|(s, w)| w * f(s)).sum::<f64>();
        2.0 * over(|s| s.i) / over(|s| s.p + s.t)
    };
    let rarest = sums[..4].iter().map(|s| s.t).fold(f64::MAX, f64::min);
    let close = |score: Generalised, truth: f64| {
        let got = score.f64(&classes).unwrap();
        assert!((got - truth).abs() < 1e-12, "{got} against {truth}");
    };
    close(Generalised::new(), by(|t| 1.0 / (t * t), 1.0 / (rarest * rarest)));
    close(Generalised::new().volume(Volume::Simple), by(|t| 1.0 / t, 1.0 / rarest));
    close(Generalised::new().volume(Volume::Uniform), by(|_| 1.0, 1.0));
    close(Generalised::new().absent(Absent::Nothing), by(|t| 1.0 / (t * t), 0.0));
    close(Generalised::new().loss(), 1.0 - by(|t| 1.0 / (t * t), 1.0 / (rarest * rarest)));
    assert_eq!(Generalised::new().absent(Absent::Undefined).f64(&classes), Err(Error::Undefined));
    assert_eq!(Generalised::new().f64(&classes[4..]), Err(Error::Undefined));
    assert_eq!(Generalised::new().f64(&classes[..0]), Err(Error::Classes));
    // Of a hard target minima are products.
    let score = |g: Generalised| g.f64(&classes).unwrap();
    assert_eq!(score(Generalised::new().semimetric()), score(Generalised::new()));
}

#[test]
fn bad_averages_are_refused() {
    let classes = frame(1);
    let score = Score::dice();
    assert_eq!(Average::new(score).of(&classes[..0]), Err(Error::Classes));
    assert_eq!(Average::new(score).of(&classes[4..]), Err(Error::Undefined));
    assert_eq!(Average::weights(score, &[1.0; 5]).of(&classes), Err(Error::Classes));
    for bad in [-1.0, f32::NAN, f32::INFINITY] {
        assert_eq!(Average::weights(score, &[bad; C]).of(&classes), Err(Error::Setting));
    }
    assert_eq!(Average::weights(score, &[0.0; C]).of(&classes), Err(Error::Undefined));
    let mixed = [Stream::new(U8, NonZero).finish().record(), Stream::new(U16::new(), NonZero).finish().record()];
    assert_eq!(Average::micro(score).of(&mixed), Err(Error::Mismatch));
}

/// Per-frame scores and pooled sums from one stream, merged in any order.
#[test]
fn frames_pool_and_average() {
    let mut random = Random(5);
    let score = Score::dice().both_empty(Empty::Skip).target_empty(Empty::Undefined);
    let mut frames = Frames::new(U8, NonZero, score);
    let mut all = Stream::new(U8, NonZero);
    let (mut total, mut defined, mut halves) = (0.0, 0, [FrameScores::new(); 2]);
    for frame in 0..200 {
        let kind = random.below(10);
        let p: Vec<u8> = (0..64).map(|_| if kind == 0 { 0 } else { random.next() as u8 }).collect();
        let t: Vec<u8> = (0..64).map(|_| if kind < 2 { 0 } else { random.below(2) as u8 }).collect();
        let mut one = Stream::new(U8, NonZero);
        one.update(&p, &t).unwrap();
        all.update(&p, &t).unwrap();
        for (p, t) in p.chunks(7).zip(t.chunks(7)) {
            frames.frame().update(p, t).unwrap();
        }
        assert_eq!(frames.end().unwrap(), score.ratio(one.sums()).ok());
        halves[frame % 2].push(score.ratio(one.sums())).unwrap();
        if let Ok(score) = score.f64(one.sums()) {
            total += score;
            defined += 1;
        }
    }
    let [mut a, b] = halves;
    a.merge(&b).unwrap();
    assert_eq!(&a, frames.scores());
    assert_eq!(frames.pooled(), all.sums());
    assert_eq!(frames.scores().defined(), defined);
    assert!(frames.scores().undefined() > 0 && frames.scores().skipped() > 0);
    assert_eq!(defined + a.undefined() + a.skipped(), 200);
    assert!((frames.scores().mean().unwrap().f64() - total / f64::from(defined)).abs() < 1e-9);
    assert_eq!(FrameScores::new().mean(), Err(Error::Undefined));
    assert_eq!(a.push(Err(Error::NotSummed)), Err(Error::NotSummed));
}
