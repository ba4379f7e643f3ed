//! Histograms of 8-bit maps against loops over pixels that share no code with them: counts and sums as integers exactly, and every
//! figure read from them within a stated number of ulp; every target, region, layout and backend; and what is refused.

#[path = "support/backends.rs"]
mod backends;
#[path = "support/data.rs"]
mod data;
#[path = "support/random.rs"]
mod random;
#[path = "support/seeds.rs"]
mod seeds;

use backends::on_every_backend;
use data::{device, npy, shipped};
use random::Random;
use seeds::seed;
use soft_dice::confidence::CONFIDENCE;
use soft_dice::histogram::*;
use soft_dice::*;

/// A pixel as the judge has it: code, whether it was clamped, and its mark; `None` where it is left out.
type Pixel = Option<(u64, bool, bool)>;

/// Within so many units in the last place of the greater.
fn close(got: f64, truth: f64, ulps: f64, what: &str) {
    let ulp = f64::EPSILON * got.abs().max(truth.abs());
    assert!((got - truth).abs() <= ulps * ulp, "{what}: {got} is not {truth}");
}

/// What the readings are worked out from, pixel by pixel, with the value of a code in f64.
struct Judge {
    /// p, its code, and whether it is in the target.
    pixels: Vec<(f64, u64, bool)>,
}

impl Judge {
    fn mean(&self, of: impl Fn(f64, bool) -> f64) -> f64 {
        self.pixels.iter().map(|&(p, _, t)| of(p, t)).sum::<f64>() / self.pixels.len() as f64
    }

    fn counts(&self, cut: u64) -> [u64; 3] {
        self.pixels.iter().fold([0; 3], |[p, t, pt], &(_, code, one)| {
            let on = code >= cut;
            [p + u64::from(on), t + u64::from(one), pt + u64::from(on && one)]
        })
    }

    /// Over all pairs of a pixel inside and one outside.
    fn roc(&self) -> Option<f64> {
        let of = |side: bool| self.pixels.iter().filter(move |pixel| pixel.2 == side);
        let (mut won, mut pairs) = (0.0, 0.0);
        for a in of(true) {
            for b in of(false) {
                pairs += 1.0;
                won += if a.1 > b.1 {
                    1.0
                } else if a.1 == b.1 {
                    0.5
                } else {
                    0.0
                };
            }
        }
        (pairs > 0.0).then(|| won / pairs)
    }

    /// Over thresholds, from the highest down.
    fn precision(&self) -> Option<f64> {
        let mut codes: Vec<u64> = self.pixels.iter().map(|pixel| pixel.1).collect();
        codes.sort_unstable_by(|a, b| b.cmp(a));
        codes.dedup();
        let (mut area, mut before) = (0.0, 0.0);
        for cut in codes {
            let [p, t, pt] = self.counts(cut).map(|count| count as f64);
            if t == 0.0 {
                return None;
            }
            area += (pt / t - before) * (pt / p);
            before = pt / t;
        }
        Some(area)
    }
}

/// Everything that is read from a histogram, against the judge.
fn readings<P: EightBit, T: HardTarget, N: Counter>(counts: &Histogram<P, T, N>, judge: &Judge, what: &str) {
    let n = judge.pixels.len();
    if n == 0 {
        assert_eq!(counts.brier(), Err(Error::Undefined), "{what}");
        assert_eq!(counts.cross_entropy(Clamp::Torch), Err(Error::Undefined), "{what}");
        assert_eq!(counts.roc_area(), Err(Error::Undefined), "{what}");
        assert_eq!(counts.average_precision(), Err(Error::Undefined), "{what}");
        return;
    }
    let sq = |x: f64| x * x;
    let many = 4.0 * n as f64 + 600.0;
    close(counts.brier().unwrap(), judge.mean(|p, t| sq(p - f64::from(u8::from(t)))), many, &format!("{what}: brier"));
    let cost = |p: f64, t: bool| if t { -p.ln() } else { -(1.0 - p).ln() };
    let torch = judge.mean(|p, t| cost(p, t).min(100.0));
    close(counts.cross_entropy(Clamp::Torch).unwrap(), torch, many, &format!("{what}: torch"));
    let keras = judge.mean(|p, t| cost(p.clamp(1e-7, 1.0 - 1e-7), t));
    close(counts.cross_entropy(Clamp::Keras).unwrap(), keras, many, &format!("{what}: keras"));
    let half = judge.mean(|p, t| cost(p.clamp(0.002, 0.998), t));
    close(counts.cross_entropy(Clamp::Within(0.002)).unwrap(), half, many, &format!("{what}: within"));
    let bare = judge.mean(cost);
    match counts.cross_entropy(Clamp::Undefined) {
        Ok(got) => close(got, bare, many, &format!("{what}: bare")),
        Err(error) => assert_eq!((error, bare), (Error::Undefined, f64::INFINITY), "{what}"),
    }
    match judge.precision() {
        Some(area) => close(counts.average_precision().unwrap(), area, many, &format!("{what}: precision")),
        None => assert_eq!(counts.average_precision(), Err(Error::Undefined), "{what}"),
    }
    if n <= 1500 {
        match judge.roc() {
            Some(area) => close(counts.roc_area().unwrap().f64(), area, many, &format!("{what}: roc")),
            None => assert_eq!(counts.roc_area(), Err(Error::Undefined), "{what}"),
        }
    }

    // Hard counts and confidence at every threshold, and the best of them.
    let codes = counts.codes();
    let mut best: Option<(u32, f64)> = None;
    let cuts: Vec<_> = counts.cuts().collect();
    let own: Vec<_> = codes.own_cuts().collect();
    assert_eq!((cuts.len(), own.len()), (257, 257));
    for (code, (cut, own)) in (0..=256).zip(cuts.iter().zip(&own)) {
        let [p, t, pt] = judge.counts(code.into());
        assert_eq!((cut.code, own.code), (code, code));
        assert_eq!([cut.sums.p, cut.sums.t, cut.sums.pt], [p, t, pt], "{what}: hard from {code}");
        assert_eq!(cut.sums, counts.from_code(code), "{what}: from {code}");
        let (mut all, mut chosen) = (0, 0);
        for &(_, of, _) in &judge.pixels {
            all += of;
            chosen += if of >= u64::from(code) { of } else { 0 };
        }
        let found = (own.sums.p, own.sums.t, own.sums.pt);
        assert_eq!(found, (all.into(), p.into(), chosen.into()), "{what}: own from {code}");
        assert_eq!(own.sums, codes.own(code), "{what}: own {code}");
        let one = 1.0 / counts.prediction().unit().value(1);
        let confidence = 2.0 * chosen as f64 / (all as f64 + p as f64 * one);
        match CONFIDENCE.f64(&own.sums) {
            Ok(got) => close(got, confidence, 8.0, &format!("{what}: confidence from {code}")),
            Err(error) => assert!(error == Error::Undefined && p == 0, "{what}: {error}"),
        }
        if p + t > 0 {
            let dice = 2.0 * pt as f64 / (p + t) as f64;
            if best.is_none_or(|(_, most)| dice > most) {
                best = Some((code, dice));
            }
        }
    }
    match best {
        Some((code, dice)) => {
            let found = counts.best(&Score::dice()).unwrap();
            assert_eq!((found.cut.code, found.ratio.f64()), (code, dice), "{what}: best");
            assert_eq!(found.cut.sums, counts.from_code(code), "{what}: best");
            let loss = counts.best(&Score::dice().loss()).unwrap();
            assert_eq!(loss.cut, found.cut, "{what}: the least loss is at the best score");
            close(loss.ratio.f64(), 1.0 - dice, 1e3, &format!("{what}: loss"));
        }
        None => assert_eq!(counts.best(&Score::dice()).map(|best| best.cut.code), Err(Error::Undefined), "{what}"),
    }

    // Bins of the judge's own: k/B <= p < (k + 1)/B for B a power of two, where nothing is rounded.
    const B: usize = 8;
    let mut bins = [(0u64, 0u64, 0u64); B];
    for &(p, code, t) in &judge.pixels {
        let bin = &mut bins[((p * B as f64) as usize).min(B - 1)];
        *bin = (bin.0 + 1, bin.1 + code, bin.2 + u64::from(t));
    }
    let reliability = counts.reliability::<B>();
    let found = reliability.bins().map(|bin| (bin.count, Into::<u128>::into(bin.p) as u64, bin.t));
    assert_eq!(found, bins, "{what}: bins");
    let unit = counts.prediction().unit().value(1);
    let gaps = bins.iter().map(|&(_, p, t)| (p as f64 * unit - t as f64).abs()).sum::<f64>() / n as f64;
    close(reliability.expected_error().unwrap(), gaps, 200.0, &format!("{what}: expected error"));
}

/// One element and target on random pixels, in one piece, in chunks, in a region and in rows.
#[allow(clippy::too_many_arguments, reason = "what a case is made of")]
fn check<'a, P: EightBit, T: HardTarget>(
    random: &mut Random,
    e: P,
    t: T,
    p: &[P::Raw],
    code: fn(P::Raw) -> (u64, bool),
    pixels: &dyn Fn(usize, usize) -> T::Pixels<'a>,
    mark: &dyn Fn(usize) -> Option<bool>,
    deep: bool,
) {
    let n = p.len();
    let what = format!("{e:?} x {t:?}, {n} pixels");
    let judge = |keeps: &dyn Fn(usize) -> bool| -> Vec<Pixel> {
        let pixel = |at: usize| mark(at).filter(|_| keeps(at)).map(|one| (code(p[at]).0, code(p[at]).1, one));
        (0..n).map(pixel).collect()
    };
    let same = |counts: &Histogram<P, T>, truth: &[Pixel], what: &str| {
        let record = counts.record();
        let left: u64 = truth.iter().filter(|pixel| pixel.is_none()).count() as u64;
        assert_eq!((record.ignored, record.count), (left, truth.len() as u64 - left), "{what}");
        let sum = |of: &dyn Fn(u64, bool, bool) -> u64| {
            u128::from(truth.iter().flatten().map(|&(code, clamped, one)| of(code, clamped, one)).sum::<u64>())
        };
        assert_eq!(record.p, sum(&|code, _, _| code), "{what}: p");
        assert_eq!(record.t, sum(&|_, _, one| one.into()), "{what}: t");
        assert_eq!(record.pt, sum(&|code, _, one| code * u64::from(one)), "{what}: pt");
        let squares = (sum(&|code, _, _| code * code), record.t);
        assert_eq!((record.squares, record.minima), (Some(squares), Some((record.pt, 0))), "{what}");
        assert_eq!(u128::from(record.clamped), sum(&|_, clamped, _| clamped.into()), "{what}: clamped");
        for raw in [0u8, 1, 7, 127, 128, 254, 255].map(P::of_byte) {
            let of = |side: bool| {
                let alike = |at: &usize| p[*at] == raw && truth[*at].is_some_and(|pixel| pixel.2 == side);
                (0..n).filter(alike).count() as u64
            };
            assert_eq!(counts.of(raw), [of(false), of(true)], "{what}: {raw:?}");
        }
    };

    let mut whole = Histogram::new(e, t);
    whole.update(p, pixels(0, n)).unwrap();
    let truth = judge(&|_| true);
    same(&whole, &truth, &what);
    // A stream of all sums says the same, to the bit.
    let mut stream = Stream::summing(e, t, All);
    stream.update(p, pixels(0, n)).unwrap();
    assert_eq!(whole.record(), stream.sums().record(), "{what}: the stream");

    let (mut parts, mut merged, mut wide, mut at) =
        (Histogram::new(e, t), Histogram::new(e, t), Histogram::wide(e, t), 0);
    while at < n {
        let most = [70, 9000][random.below(2)];
        let to = n.min(at + 1 + random.below(most));
        parts.update(&p[at..to], pixels(at, to - at)).unwrap();
        wide.update(&p[at..to], pixels(at, to - at)).unwrap();
        let mut part = Histogram::new(e, t);
        part.update(&p[at..to], pixels(at, to - at)).unwrap();
        merged.merge(&part).unwrap();
        at = to;
    }
    assert!(whole == parts && whole == merged && whole.widened() == wide, "{what}: chunks");

    let bytes: Vec<u8> = (0..n).map(|_| [0, 0, 1, 9][random.below(4)]).collect();
    let offset = random.below(9);
    let bits: Vec<u8> = (0..(offset + n).div_ceil(8)).map(|_| random.next() as u8).collect();
    let mut inside = Histogram::new(e, t);
    inside.update_within(p, pixels(0, n), Region::Bytes(&bytes)).unwrap();
    same(&inside, &judge(&|at| bytes[at] != 0), &format!("{what} in bytes"));
    inside.reset();
    inside.update_within(p, pixels(0, n), Region::Bits(Bits::at(&bits, offset))).unwrap();
    let bit = |at: usize| bits[(offset + at) / 8] >> ((offset + at) % 8) & 1 == 1;
    same(&inside, &judge(&bit), &format!("{what} in bits"));

    // Without the target: the same codes.
    let mut alone = CodeCounts::new(e);
    alone.update(p).unwrap();
    if truth.iter().all(Option::is_some) {
        assert!(whole.codes() == alone, "{what}: codes");
    }
    let mut within = CodeCounts::new(e);
    within.update_within(p, Region::Bytes(&bytes)).unwrap();
    for byte in [0u8, 3, 128, 255] {
        let raw = P::of_byte(byte);
        let kept = (0..n).filter(|&at| p[at] == raw && bytes[at] != 0).count() as u64;
        assert_eq!(within.of(raw), kept, "{what}: codes in a region");
    }

    if deep {
        let unit = e.unit().value(1);
        let pixels = truth.iter().flatten().map(|&(code, _, one)| ((code as f64 * unit).min(1.0), code, one));
        readings(&whole, &Judge { pixels: pixels.collect() }, &what);
    }
}

/// Every target beside one element.
fn every_target<P: EightBit>(random: &mut Random, e: P, pixels: usize, code: fn(P::Raw) -> (u64, bool), few: bool) {
    let from = random.below(70);
    let byte = |random: &mut Random| if few { [0, 255, 128, 3][random.below(4)] } else { random.next() as u8 };
    let p: Vec<P::Raw> = (0..from + pixels).map(|_| P::of_byte(byte(random))).collect();
    let p = &p[from..];
    let from = random.below(64);
    let ones: Vec<u8> = (0..from + pixels).map(|_| random.below(2) as u8).collect();
    let full: Vec<u8> = ones.iter().map(|one| 255 * one).collect();
    let bytes: Vec<u8> = (0..from + pixels).map(|_| [0, 1, 2, 255][random.below(4)]).collect();
    let (any, first) = (&bytes[..], from);
    let slice = |at: usize, n: usize| &any[first + at..][..n];
    let bits = |at: usize, n: usize| {
        let at = first + at;
        Bits::at(&any[at / 8..(at + n).div_ceil(8)], at % 8)
    };
    let bit = |at: usize, msb: bool| {
        let (byte, place) = (any[(first + at) / 8], (first + at) % 8);
        Some(byte >> if msb { 7 - place } else { place } & 1 == 1)
    };
    let (r, one) = (random, |at: usize| Some(ones[first + at] == 1));
    check(r, e, NonZero, p, code, &slice, &|at| Some(any[first + at] != 0), true);
    check(r, e, ZeroOne::new(), p, code, &|at, n| &ones[first + at..][..n], &one, false);
    check(r, e, ZeroOne::new().trusted(), p, code, &|at, n| &ones[first + at..][..n], &one, false);
    check(r, e, ZeroFull::new(), p, code, &|at, n| &full[first + at..][..n], &one, false);
    check(r, e, Label::new(2), p, code, &slice, &|at| Some(any[first + at] == 2), true);
    let ignoring = |at: usize| (any[first + at] != 255).then_some(any[first + at] == 2);
    check(r, e, Label::new(2).ignoring(255), p, code, &slice, &ignoring, true);
    check(r, e, LsbFirst, p, code, &bits, &|at| bit(at, false), false);
    check(r, e, MsbFirst, p, code, &bits, &|at| bit(at, true), false);
    let own = |at: usize| Some(code(p[at]).0 >= 40);
    check(r, e, Own::from_code(40), p, code, &|_, _| (), &own, false);
}

#[test]
fn every_element_target_and_region() {
    let mut random = Random(seed());
    let backends = on_every_backend(|_| {
        for pixels in [0, 1, random.below(9), random.below(300), random.below(1500), 4096 + random.below(7000)] {
            let few = random.below(2) == 0;
            let r = &mut random;
            every_target(r, U8, pixels, |q| (u64::from(q), false), few);
            every_target(r, I8::TFLITE, pixels, |q| ((i32::from(q) + 128) as u64, false), few);
            // Scale 0.0125 from zero point 100: 80 codes make 1.0, and codes up to 5 are read as 0.
            let odd = U8Affine::new(0.0125, 100).unwrap().dead_zone(5);
            every_target(
                r,
                odd,
                pixels,
                |q| {
                    let above = i32::from(q) - 100;
                    let inside = above.clamp(0, 80);
                    (if inside > 5 { inside as u64 } else { 0 }, inside != above)
                },
                few,
            );
            every_target(
                r,
                I8::ONNXRUNTIME.dead_zone(9),
                pixels,
                |q| {
                    let code = (i32::from(q) + 128) as u64;
                    (if code > 9 { code } else { 0 }, false)
                },
                few,
            );
        }
    });
    println!("on {}", backends.join(", "));
}

#[test]
fn masks_as_predictions() {
    let mut random = Random(seed());
    on_every_backend(|_| {
        for pixels in [0, 3, random.below(90), 5000 + random.below(3000)] {
            let ones: Vec<u8> = (0..pixels).map(|_| random.below(2) as u8).collect();
            let full: Vec<u8> = ones.iter().map(|one| one * 255).collect();
            let t: Vec<u8> = (0..pixels).map(|_| random.below(2) as u8).collect();
            let (mut a, mut b) = (Histogram::new(Mask01, ZeroOne::new()), Histogram::new(Mask255, ZeroOne::new()));
            a.update(&ones, &t).unwrap();
            b.update(&full, &t).unwrap();
            let both = ones.iter().zip(&t).filter(|(p, t)| **p & **t == 1).count() as u128;
            let [p, of_t] = [&ones, &t].map(|mask| mask.iter().map(|&one| u128::from(one)).sum::<u128>());
            assert_eq!((a.record().p, a.record().t, a.record().pt), (p, of_t, both));
            assert_eq!(Score::dice().ratio(&a).map(Ratio::f64), Score::dice().ratio(&b).map(Ratio::f64));
            if pixels > 0 {
                let (at, before) = (random.below(pixels), (a, b));
                let (mut broken, mut half) = (ones.clone(), full.clone());
                (broken[at], half[at]) = (2, 128);
                assert_eq!((a.update(&broken, &t), b.update(&half, &t)), (Err(Error::Mask), Err(Error::Mask)));
                assert!(before == (a, b));
            }
        }
    });
}

/// Rows with strides of their own, in regions, against the same pixels without gaps.
#[test]
fn rows_in_larger_buffers() {
    let mut random = Random(seed());
    for _ in 0..60 {
        let (width, height) = (random.below(40), random.below(9));
        let strides: [usize; 3] = core::array::from_fn(|_| width + random.below(6));
        let [p, t, region]: [Vec<u8>; 3] =
            strides.map(|stride| (0..stride * height + width).map(|_| [0, 1, 200, 255][random.below(4)]).collect());
        let packed = |of: &[u8], stride: usize| -> Vec<u8> {
            (0..height).flat_map(|row| of[row * stride..][..width].iter().copied()).collect()
        };
        let rows = Rows::new(width, height).stride(strides[0]).target_stride(strides[1]).region_stride(strides[2]);
        let (mut a, mut b, mut codes) =
            ([Histogram::new(U8, NonZero); 2], [Histogram::new(U8, NonZero); 2], [CodeCounts::new(U8); 2]);
        a[0].update_rows(&p, &t, rows, None).unwrap();
        a[1].update_rows(&p, &t, rows, Some(Region::Bytes(&region))).unwrap();
        let [p_packed, t_packed, inside] = [(&p, 0), (&t, 1), (&region, 2)].map(|(of, at)| packed(of, strides[at]));
        b[0].update(&p_packed, &t_packed).unwrap();
        b[1].update_within(&p_packed, &t_packed, Region::Bytes(&inside)).unwrap();
        assert!(a == b, "{rows:?}");
        codes[0].update_rows(&p, rows, Some(Region::Bytes(&region))).unwrap();
        codes[1].update_within(&p_packed, Region::Bytes(&inside)).unwrap();
        assert!(codes[0] == codes[1], "{rows:?}");
    }
}

#[test]
fn what_is_refused_changes_nothing() {
    let p = [7u8; 5000];
    let (mut t, mut random) = ([1u8; 5000], Random(seed()));
    on_every_backend(|backend| {
        for n in [40, 5000] {
            let mut counts = Histogram::new(U8, ZeroOne::new());
            counts.update(&p[..n], &[1u8; 5000][..n]).unwrap();
            let before = counts;
            for at in [0, n / 2, n - 1] {
                t.fill(1);
                t[at] = 2;
                assert_eq!(counts.update(&p[..n], &t[..n]), Err(Error::Mask), "{backend}");
                let rows = Rows::new(n / 2, 2);
                assert_eq!(counts.update_rows(&p[..n], &t[..n], rows, None), Err(Error::Mask));
                // Outside the region nobody looks.
                let mut region = [1u8; 5000];
                region[at] = 0;
                let mut inside = Histogram::new(U8, ZeroOne::new());
                inside.update_within(&p[..n], &t[..n], Region::Bytes(&region[..n])).unwrap();
                assert_eq!((inside.count(), inside.ignored()), (n as u64 - 1, 1));
            }
            t.fill(1);
            assert_eq!(counts.update(&p[..n], &t[1..n]), Err(Error::Length));
            assert_eq!(counts.update_within(&p[..n], &t[..n], Region::Bytes(&t[1..n])), Err(Error::Length));
            assert_eq!(counts.update_rows(&p[..n], &t[..n], Rows::new(n, 1).stride(n - 1), None), Err(Error::Rows));
            assert_eq!(counts.update_rows(&p[..n], &t[..n], Rows::new(n, 2), None), Err(Error::Rows));
            assert_eq!(counts.update_rows(&p[..n], &t[..n], Rows::new(usize::MAX, 2), None), Err(Error::Rows));
            assert!(counts == before);
            // A mask of {0, 255}, of which each other byte is refused at any place.
            let mut full = Histogram::new(U8, ZeroFull::new());
            full.update(&p[..n], &[255u8; 5000][..n]).unwrap();
            let before = full;
            for byte in [1, 2, 127, 128, 254] {
                t.fill(255);
                t[random.below(n)] = byte;
                assert_eq!(full.update(&p[..n], &t[..n]), Err(Error::Mask), "{backend}: {byte}");
                assert!(full == before);
            }
            let other = Histogram::new(U8Affine::new(0.01, 0).unwrap(), NonZero);
            let mut mine = Histogram::new(U8Affine::new(0.01, 1).unwrap(), NonZero);
            assert_eq!(mine.merge(&other), Err(Error::Mismatch));
            assert_eq!(mine.codes().l1(&other.codes()), Err(Error::Mismatch));
            let mut labels = Histogram::new(U8, Label::new(1));
            assert_eq!(labels.merge(&Histogram::new(U8, Label::new(2))), Err(Error::Mismatch));
        }
    });
    let mut counts = Histogram::new(U8, NonZero);
    counts.update(&[7], &[1]).unwrap();
    assert_eq!(counts.cross_entropy(Clamp::Within(0.0)), Err(Error::Setting));
    assert_eq!(counts.cross_entropy(Clamp::Within(f64::NAN)), Err(Error::Setting));
    let classes = [counts, Histogram::new(U8, NonZero)];
    assert_eq!(cross_entropy(&classes, None, Clamp::Torch), Err(Error::Mismatch));
    assert_eq!(cross_entropy(&classes[..0], None, Clamp::Torch), Err(Error::Classes));
    assert_eq!(cross_entropy(&classes[..1], Some(&[1.0, 1.0]), Clamp::Torch), Err(Error::Classes));
    assert_eq!(cross_entropy(&classes[..1], Some(&[-1.0]), Clamp::Torch), Err(Error::Setting));
    assert_eq!(cross_entropy(&classes[..1], Some(&[0.0]), Clamp::Torch), Err(Error::Undefined));
}

/// Counters of 32 bits are full at 2^32 - 1 pixels, those of 64 at 2^40; either says so, and is as it was.
#[test]
fn full_counters() {
    let p = [255u8; 1 << 16];
    let mut counts = Histogram::new(U8, NonZero);
    counts.update(&p, &[1; 1 << 16]).unwrap();
    let one = counts;
    for _ in 16..31 {
        let other = counts;
        counts.merge(&other).unwrap();
    }
    let half = counts;
    assert_eq!((counts.merge(&half), counts.count()), (Err(Error::Capacity), 1 << 31));
    let mut wide = half.widened();
    for _ in 31..40 {
        let other = wide;
        wide.merge(&other).unwrap();
    }
    let record = wide.record();
    assert_eq!((record.count, record.p, record.squares), (1 << 40, 255 << 40, Some((65025 << 40, 1 << 40))));
    assert_eq!(Score::dice().squared().f64(&wide), Ok(1.0));
    let full = wide;
    assert_eq!((wide.merge(&one.widened()), wide.update(&[1], &[1])), (Err(Error::Capacity), Err(Error::Capacity)));
    assert!(wide == full);
    // The last pixel that fits, and the first that does not.
    let mut last = half;
    for bits in 16..31 {
        let mut part = one;
        (16..bits).for_each(|_| {
            let other = part;
            part.merge(&other).unwrap();
        });
        last.merge(&part).unwrap();
    }
    last.update(&p[1..], &[0; (1 << 16) - 1]).unwrap();
    assert_eq!(
        (last.count(), last.of(255)),
        (u64::from(u32::MAX), [(1 << 16) - 1, u64::from(u32::MAX) - (1 << 16) + 1])
    );
    let before = last;
    assert_eq!((last.update(&[0], &[0]), last.codes().update(&[0])), (Err(Error::Capacity), Err(Error::Capacity)));
    assert!(last == before && last.codes().of(255) == u64::from(u32::MAX));
}

#[test]
fn classes_in_every_layout() {
    const C: usize = 5;
    let mut random = Random(seed());
    on_every_backend(|_| {
        let pixels = random.below(900);
        let rows: Vec<u8> = (0..C * pixels).map(|_| random.next() as u8).collect();
        let planes: Vec<u8> = (0..C).flat_map(|c| rows.iter().skip(c).step_by(C).copied()).collect();
        let each: Vec<&[u8]> = (0..C).map(|c| &planes[c * pixels..(c + 1) * pixels]).collect();
        let labels: Vec<u8> = (0..pixels).map(|_| [0, 1, 2, 3, 4, 255][random.below(6)]).collect();
        let region: Vec<u8> = (0..pixels).map(|_| random.below(3) as u8).collect();
        let new = || -> [_; C] { core::array::from_fn(|class| Histogram::new(U8, Label::new(class as u8))) };
        for region in [None, Some(Region::Bytes(&region))] {
            let mut all = [new(); 4];
            count_classes(&mut all[0], Interleaved(&rows), &labels, Some(255), region).unwrap();
            count_classes(&mut all[1], Planar(&planes), &labels, Some(255), region).unwrap();
            count_classes(&mut all[2], Planes(&each), &labels, Some(255), region).unwrap();
            let mut codes = [[CodeCounts::new(U8); C]; 2];
            count_channels(&mut codes[0], Interleaved(&rows), region).unwrap();
            count_channels(&mut codes[1], Planar(&planes), region).unwrap();
            for class in 0..C {
                let mut stream = Stream::summing(U8, Label::new(class as u8).ignoring(255), All);
                match region {
                    None => stream.update(each[class], &labels).unwrap(),
                    Some(region) => stream.update_within(each[class], &labels, region).unwrap(),
                }
                all[..3].iter().for_each(|all| assert_eq!(all[class].record(), stream.sums().record()));
                let mut alone = CodeCounts::new(U8);
                match region {
                    None => alone.update(each[class]).unwrap(),
                    Some(region) => alone.update_within(each[class], region).unwrap(),
                }
                assert!(codes.iter().all(|codes| codes[class] == alone));
            }
        }
        let mut all = new();
        let before = all;
        if pixels > 1 {
            let mut wrong = labels.clone();
            wrong[pixels - 1] = 5;
            assert_eq!(count_classes(&mut all, Interleaved(&rows), &wrong, Some(255), None), Err(Error::Label));
            assert_eq!(count_classes(&mut all, Interleaved(&rows), &labels[1..], Some(255), None), Err(Error::Length));
            assert_eq!(count_classes(&mut all, Interleaved(&rows[1..]), &labels, Some(255), None), Err(Error::Split));
            let region = Region::Bytes(&labels[1..]);
            assert_eq!(
                count_classes(&mut all, Interleaved(&rows), &labels, Some(255), Some(region)),
                Err(Error::Length)
            );
        }
        assert_eq!(count_classes(&mut all[1..], Interleaved(&rows), &labels, None, None), Err(Error::Classes));
        assert!(all == before);
    });
}

/// Distances against the definitions, from shares that are worked out anew.
#[test]
fn distances() {
    let mut random = Random(seed());
    for _ in 0..200 {
        let maps: [Vec<u8>; 2] = core::array::from_fn(|_| {
            let most = 1 + random.below(256);
            (0..1 + random.below(700)).map(|_| random.below(most) as u8).collect()
        });
        let [a, b] = [&maps[0], &maps[1]].map(|map| {
            let mut codes = CodeCounts::new(U8);
            codes.update(map).unwrap();
            codes
        });
        let share = |map: &[u8], code: u8| map.iter().filter(|&&q| q == code).count() as f64 / map.len() as f64;
        let (mut l1, mut divergence) = (0.0, 0.0);
        for code in 0..=255u8 {
            let (p, q) = (share(&maps[0], code), share(&maps[1], code));
            l1 += (p - q).abs();
            let middle = 0.5 * (p + q);
            divergence += 0.5 * [p, q].map(|x| if x > 0.0 { x * (x / middle).ln() } else { 0.0 }).iter().sum::<f64>();
        }
        assert!((a.l1(&b).unwrap().f64() - l1).abs() < 1e-13);
        assert!((a.jensen_shannon(&b).unwrap() - divergence).abs() < 1e-13);
        assert_eq!((a.l1(&a).unwrap().f64(), a.jensen_shannon(&a)), (0.0, Ok(0.0)));
        assert_eq!(a.l1(&b.widened()), a.l1(&b));
    }
    let (mut low, mut high) = (CodeCounts::new(U8), CodeCounts::new(U8));
    assert_eq!((low.l1(&high), low.jensen_shannon(&high)), (Err(Error::Undefined), Err(Error::Undefined)));
    low.update(&[0; 3]).unwrap();
    high.update(&[255; 7]).unwrap();
    assert_eq!(low.l1(&high).unwrap().f64(), 2.0);
    assert!((low.jensen_shannon(&high).unwrap() - std::f64::consts::LN_2).abs() < 1e-15);
}

/// Counts that come from elsewhere are the histogram they were read from; too many of them are refused, and so are bytes that a
/// declared mask has not.
#[test]
fn counts_from_elsewhere() {
    let mut counts = Histogram::new(I8::TFLITE, Label::new(3).ignoring(9));
    let p: Vec<i8> = (0..1000).map(|at| (at * 37 % 256 - 128) as i8).collect();
    let labels: Vec<u8> = (0..1000).map(|at| [3, 4, 9][at % 3]).collect();
    counts.update(&p, &labels).unwrap();
    assert!(counts.ignored() > 0);
    let mut twice = Histogram::new(I8::TFLITE, counts.target());
    twice.add_counts(|raw| counts.of(raw), counts.ignored()).unwrap();
    assert!(twice == counts);
    twice.add_counts(|raw| counts.of(raw), counts.ignored()).unwrap();
    let mut merged = counts;
    merged.merge(&counts).unwrap();
    assert!(twice == merged);
    // As many as are left, and one more.
    let left = u64::from(u32::MAX) - 2000;
    assert_eq!(twice.add_counts(|raw| [u64::from(raw == 5), 0], left), Err(Error::Capacity));
    assert_eq!(twice.add_counts(|_| [u64::MAX, u64::MAX], 0), Err(Error::Capacity));
    assert_eq!(twice.add_counts(|_| [0, 0], u64::MAX), Err(Error::Capacity));
    assert!(twice == merged);
    assert_eq!(twice.add_counts(|raw| [u64::from(raw == 5), 0], left - 1), Ok(()));
    let mut wide = Histogram::wide(U8, NonZero);
    assert_eq!(wide.add_counts(|_| [1 << 40, 0], 0), Err(Error::Capacity));
    let mut declared = Histogram::new(Mask255, NonZero);
    assert_eq!(declared.add_counts(|raw| [u64::from(raw == 255), 0], 0), Ok(()));
    let before = declared;
    assert_eq!(declared.add_counts(|raw| [u64::from(raw >= 254), 0], 0), Err(Error::Mask));
    assert!(declared == before);
}

/// A real device's output: every figure, from the histogram and pixel by pixel.
fn real(map: &[i8], mask: &[u8], what: &str) {
    let mut counts = Histogram::new(I8::TFLITE, NonZero);
    counts.update(map, mask).unwrap();
    let mut stream = Stream::summing(I8::TFLITE, NonZero, All);
    stream.update(map, mask).unwrap();
    assert_eq!(counts.record(), stream.sums().record(), "{what}");
    let pixel = |(&q, &t): (&i8, &u8)| {
        let code = (i32::from(q) + 128) as u64;
        (code as f64 / 256.0, code, t != 0)
    };
    readings(&counts, &Judge { pixels: map.iter().zip(mask).map(pixel).collect() }, what);
    for threshold in [0.0, 0.25, 0.5, 0.5019531, 0.99609375, 1.0, 1.5] {
        let mut soft = Stream::new(I8::TFLITE, NonZero);
        let (mut least, mut above) =
            (Thresholded::at_least(&I8::TFLITE, threshold), Thresholded::above(&I8::TFLITE, threshold));
        soft.update_both(map, mask, &mut least).unwrap();
        soft.update_both(map, mask, &mut above).unwrap();
        assert_eq!((counts.at_least(threshold), counts.above(threshold)), (*least.counts(), *above.counts()), "{what}");
    }
}

#[test]
fn figures_of_real_maps() {
    let mut maps = 0;
    for name in ["selfie256_astronaut", "selfie256_camera", "selfie_land_astronaut", "selfie_land_camera"] {
        let (_, map) = npy::<i8>(&shipped().join(format!("{name}_q8.npy")));
        let (_, float) = npy::<f32>(&shipped().join(format!("{name}_f32.npy")));
        let mask: Vec<u8> = float.iter().map(|&p| u8::from(p >= 0.5)).collect();
        real(&map, &mask, name);
        maps += 1;
    }
    match device() {
        None => println!("not run: SOFT_DICE_DATA names no further maps"),
        Some(folder) => {
            let names = std::fs::read_dir(folder.join("bodypix33")).expect("a folder");
            for path in names.map(|entry| entry.expect("a file").path()) {
                let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
                if let Some(stem) = name.strip_suffix("_q8.npy") {
                    let (_, map) = npy::<i8>(&path);
                    let mask: Vec<u8> = map.iter().rev().map(|&q| u8::from(q >= 0)).collect();
                    real(&map, &mask, stem);
                    maps += 1;
                }
            }
        }
    }
    println!("{maps} maps");
    assert!(maps >= 4);
}
