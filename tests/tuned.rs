//! Calibration against the formulas that its documentation states, worked out anew: noise with its bounds, the baseline's error,
//! the allowance, the least limit, and what the recordings themselves hold.
//!
//! Recordings of at most 32 frames are drawn whole, so that what [`tune`] draws from them is known without drawing.

#[path = "support/random.rs"]
mod random;

use random::Random;
use soft_dice::confidence::{Compared, confidence};
use soft_dice::monitor::{
    Baseline, Calibration, Drift, Frame, Noise, Promise, Settings, Signal, Tuned, Tuning, Watched, calibrate, tune,
};
use soft_dice::*;

const ONE: f64 = 32768.0;

fn close(found: f64, truth: f64, what: &str) {
    assert!((found - truth).abs() <= 1e-9 * truth.abs().max(1e-3), "{what}: {found} is not {truth}");
}

/// The upper 95 % bound of a deviation over the deviation: χ² by Wilson and Hilferty.
fn widened(n: f64, phi: f64) -> f64 {
    let free = ((n - 1.0) * (1.0 - phi.powi(2)) / (1.0 + phi.powi(2))).max(1.0);
    let third = 2.0 / (9.0 * free);
    (1.0 - third - 1.645 * third.sqrt()).powi(3).max(0.004).sqrt().recip()
}

/// What scores are made of: steps drawn by a seed, each a share of the last.
fn scores(seed: u64, count: usize, level: f64, width: usize, share: f64) -> Vec<u16> {
    let mut random = Random(seed);
    let mut last = 0.0;
    (0..count)
        .map(|_| {
            last = share * last + random.below(width) as f64 - (width / 2) as f64;
            (level + last) as u16
        })
        .collect()
}

/// A frame of 2^15 pixels, all in the mask, whose confidence is this score.
fn frame(score: u16) -> Frame {
    let own = confidence(U8).sums().record();
    let p = (u128::from(score) << 30).div_ceil(65536 - u128::from(score));
    let record = Record { unit_p: Unit::binary(15), count: 1 << 15, p, t: 1 << 15, pt: p, minima: Some((p, 0)), ..own };
    let frame = Frame::new(&record).expect("a frame");
    assert_eq!(frame.confidence_q15(), Some(score));
    frame
}

fn agreeing(score: u16, agreement: u16) -> Frame {
    frame(score).compared(Some(Compared { agreement_q15: None, covered_q15: Some(agreement), identical: false }))
}

/// Mean, deviation and correlation of a recording, and their upper bounds.
fn measured(recording: &[u16]) -> (f64, Noise, Noise) {
    let n = recording.len() as f64;
    let values: Vec<f64> = recording.iter().map(|&score| f64::from(score) / ONE).collect();
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|x| (x - mean).powi(2)).sum();
    let products: f64 = values.windows(2).map(|pair| (pair[0] - mean) * (pair[1] - mean)).sum();
    let raw = if squares > 0.0 { products / squares } else { 0.0 };
    let correlation = (raw + (1.0 + 3.0 * raw) / n).clamp(0.0, 0.95);
    let deviation = (squares / (n - (1.0 + correlation) / (1.0 - correlation))).sqrt();
    let upper = (correlation + 1.645 * ((1.0 - correlation.powi(2)) / n).sqrt()).min(0.95);
    let wide = Noise { deviation: deviation * widened(n, correlation), correlation: upper };
    (mean, Noise { deviation, correlation }, wide)
}

#[test]
fn calibrated_from_one_recording() {
    for (seed, count, width, share) in [
        (1, 60, 900, 0.0),
        (2, 400, 700, 0.5),
        (3, 4000, 900, 0.3),
        (4, 30, 200, 0.8),
        (5, 8, 60, 0.2),
        (6, 400, 2400, 0.0),
    ] {
        let recording = scores(seed, count, 29_000.0, width, share);
        let (mean, noise, wide) = measured(&recording);
        for (fall, frames_between, learnt) in
            [(0.1, 1e5, None), (0.1, 1e4, Some(32)), (0.07, 2e3, Some(64)), (0.08, 1e5, None)]
        {
            let what = format!("seed {seed}, fall {fall}, {learnt:?}");
            let promise = Promise { fall, frames_between, learnt };
            let Calibration { rate, drift, .. } = match calibrate(&recording, &promise) {
                Ok(found) => {
                    close(found.mean, mean, &what);
                    close(found.measured.deviation, noise.deviation, &what);
                    close(found.measured.correlation, noise.correlation, &what);
                    close(found.noise.deviation, wide.deviation, &what);
                    close(found.noise.correlation, wide.correlation, &what);
                    found
                }
                Err(error) => panic!("{what}: {error:?}"),
            };
            // Half the fall, less what the baseline may err by: 6/7 of the frames are as good as those that are learnt.
            let allowance = (fall * ONE).round() as u16 / 2;
            assert_eq!(drift.allowance, allowance, "{what}");
            let frames = learnt.map_or(count as f64, |frames| f64::from(frames) * 6.0 / 7.0);
            let ratio = (1.0 + wide.correlation) / (1.0 - wide.correlation);
            let effective = f64::from(allowance) / ONE - 1.645 * wide.deviation * (ratio / frames).sqrt();
            let alarms = |limit: f64| wide.false_alarms(effective, limit / ONE).expect("on the lattice");
            let limit = f64::from(drift.limit);
            assert!(
                (rate / alarms(limit) - 1.0).abs() < 1e-6 || rate.max(alarms(limit)) < 1e-100,
                "{what}: {rate} {}",
                alarms(limit)
            );
            assert!(rate <= 1.0 / frames_between, "{what}");
            // No less is enough: by the rate, the other half of the fall, or the greatest sum in the recording.
            let other = (fall * ONE).round() - f64::from(allowance);
            let level = (mean * ONE).round();
            let mut sum = 0.0f64;
            let peak = recording.iter().fold(0.0f64, |peak, &score| {
                sum = (sum + level - f64::from(score) - f64::from(allowance)).max(0.0);
                peak.max(sum)
            });
            let peak = if (count as f64) < frames_between / 10.0 { peak } else { 0.0 };
            let floor = other.max(peak + 1.0);
            assert!(limit >= floor, "{what}");
            assert!(limit == floor || alarms(limit - 2.0) > 1.0 / frames_between, "{what}: {limit}");
        }
    }
}

/// A recording with a stretch that is low raises the limit above its sum, if it is shorter than a tenth of the promise.
#[test]
fn sums_of_the_recording_itself() {
    let mut recording = vec![31_000; 400];
    recording[200..203].fill(29_000);
    let level = (recording.iter().map(|&score| f64::from(score)).sum::<f64>() / 400.0).round();
    let limit = |frames_between| {
        let promise = Promise { fall: 0.05, frames_between, learnt: None };
        calibrate(&recording, &promise).expect("a promise").drift.limit
    };
    let peak = 3.0 * (level - 29_000.0 - 819.0);
    assert_eq!(f64::from(limit(4001.0)), peak + 1.0);
    assert!(f64::from(limit(4000.0)) < peak);
    // A sum of 32,767 has a limit of 1.0 above it, and one more has none: 2 · (32,751 − 819) less a second score of 31,097.
    let found = [31_096, 31_097, 31_098].map(|second| {
        let mut recording = vec![32_768; 2000];
        recording[100] = 0;
        recording[101] = second;
        let promise = Promise { fall: 0.05, frames_between: 1e5, learnt: None };
        calibrate(&recording, &promise).map(|found| found.drift.limit)
    });
    assert_eq!(found, [Err(Error::Setting), Ok(32_768), Ok(32_767)]);
}

#[test]
fn promises_at_their_ends() {
    let still = [31_000; 8];
    let good = Promise { fall: 0.05, frames_between: 1e6, learnt: Some(8) };
    let rounding = calibrate(&still, &good).expect("eight scores");
    assert_eq!((rounding.measured, rounding.drift), (Noise { deviation: 0.0, correlation: 0.125 }, Drift::of(1638)));
    assert_eq!(calibrate(&still[1..], &good).err(), Some(Error::Length));
    for (promise, is) in [
        (Promise { frames_between: 1.0, ..good }, false),
        (Promise { frames_between: 1.0f64.next_up(), ..good }, true),
        (Promise { frames_between: 1e12, ..good }, false),
        (Promise { frames_between: 1e12f64.next_down(), ..good }, true),
        (Promise { learnt: Some(3), ..good }, true),
        (Promise { learnt: Some(65), ..good }, false),
        (Promise { fall: 1.0, ..good }, false),
        (Promise { fall: 0.99, ..good }, true),
        (Promise { fall: 0.0, ..good }, false),
    ] {
        assert_eq!(calibrate(&still, &promise).is_ok(), is, "{promise:?}");
        assert_eq!(tune(&[&[frame(31_000); 8]], &promise, Settings::DEFAULT).is_ok(), is, "{promise:?}");
    }
}

/// With a fall of 2.5 deviations and a correlation of ½ the first frame brings 6.25 / 1.5, each one more 3.125 / 3.
#[test]
fn the_least_delay() {
    let noise = Noise { deviation: 0.02, correlation: 0.5 };
    close(noise.least_delay(0.05, 1e4), 1.0 + (1e4f64.ln() - 6.25 / 1.5) / (3.125 / 3.0), "at 1e4");
    assert_eq!(noise.least_delay(0.5, 1e4), 1.0, "all in the first frame");
    let free = Noise { deviation: 0.01, correlation: 0.0 };
    close(free.least_delay(0.01, 1e6), 2.0 * 1e6f64.ln(), "half a nat a frame");
}

/// A small allowance, whose chain is slow to settle, against Siegmund's formula; and where a rate is lost between two steps of the
/// lattice, which it is in a line.
#[test]
fn rates_of_the_chain() {
    let noise = Noise { deviation: 0.01, correlation: 0.0 };
    for (allowance, limit) in [(0.2f64, 10.0), (0.25, 9.0), (0.3, 7.0)] {
        let size = 2.0 * allowance * (limit + 1.166);
        let length = (size.exp() - size - 1.0) / (2.0 * allowance * allowance);
        let found = noise.false_alarms(allowance * 0.01, limit * 0.01).expect("on the lattice");
        assert!((found * length - 1.0).abs() < 0.05, "{allowance} {limit}: {} {length}", 1.0 / found);
    }
    assert_eq!(noise.false_alarms(0.0019, 0.1), None);
    // 8 deviations are 44 steps.
    let step = 0.08 / 44.0;
    let rate = |steps: f64| noise.false_alarms(0.08, (steps + 0.5) * step).expect("on the lattice");
    let last = (0..60).rfind(|&steps| rate(steps.into()) > 0.0).expect("some are alarms");
    let (a, b) = (rate(last.into()), rate((last + 1).into()));
    assert!(a > 0.0 && b == 0.0, "{last}: {a} {b}");
    for part in [0.25, 0.5, 0.75] {
        assert!((rate(f64::from(last) + part) / (a * (1.0 - part)) - 1.0).abs() < 1e-6, "{part}");
    }
}

/// The greatest sums of a CUSUM without a limit between its visits to 0 that at least two low readings made.
fn peaks(falls: &[f64], allowance: f64) -> Vec<f64> {
    let (mut sum, mut lows, mut peak, mut all) = (0.0f64, 0, 0.0f64, Vec::new());
    for fall in falls.iter().copied().chain([-9.0]) {
        sum += fall - allowance;
        if sum <= 0.0 {
            all.push(peak);
            (sum, lows, peak) = (0.0, 0, 0.0);
            continue;
        }
        lows += u32::from(fall > allowance);
        if lows >= 2 {
            peak = peak.max(sum);
        }
    }
    all.sort_by(|a, b| b.total_cmp(a));
    all
}

/// Lower median.
fn median(mut all: Vec<u16>) -> u16 {
    all.sort_unstable();
    all[(all.len() - 1) / 2]
}

/// What is to be found for one signal in scenes whose readings these are; `exceeded` is the peak that drawn frames exceed half as
/// often as promised, of falls that are this much wider.
fn expected(
    scenes: &[Vec<u16>],
    signal: Signal,
    asked: f64,
    learnt: Option<u8>,
    exceeded: impl Fn(&[Vec<f64>], f64) -> f64,
) -> Option<Tuning> {
    let levels: Vec<u16> = scenes.iter().map(|scene| median(scene[..scene.len().min(64)].to_vec())).collect();
    let baseline = median(levels.clone());
    let falls: Vec<Vec<f64>> = (scenes.iter().zip(&levels))
        .map(|(scene, &level)| {
            let level = if learnt.is_none() { baseline } else { level };
            scene.iter().map(|&score| (f64::from(level) - f64::from(score)) / ONE).collect()
        })
        .collect();
    let n = falls.iter().flatten().count() as f64;
    let mean = falls.iter().flatten().sum::<f64>() / n;
    let variance = falls.iter().flatten().map(|fall| fall * fall).sum::<f64>() / n - mean * mean;
    let pairs: Vec<f64> = falls.iter().flat_map(|scene| scene.windows(2).map(|pair| pair[0] * pair[1])).collect();
    let covariance = pairs.iter().sum::<f64>() / pairs.len() as f64 - mean * mean;
    let correlation = if variance > 0.0 { (covariance / variance).clamp(0.0, 0.95) } else { 0.0 };
    let noise = Noise { deviation: variance.max(0.0).sqrt(), correlation };
    let error =
        |frames: f64| 1.25 * 1.645 * noise.deviation * ((1.0 + correlation) / (1.0 - correlation) / frames).sqrt();
    let missed = error(learnt.map_or(n, f64::from));
    let wider = if noise.deviation > 0.0 { widened(n, correlation) } else { 1.0 };
    let wide: Vec<Vec<f64>> = falls.iter().map(|scene| scene.iter().map(|fall| fall * wider).collect()).collect();
    let mut fall = asked;
    while fall < 1.0 {
        let effective = fall / 2.0 - missed;
        if effective > 0.0 {
            let own = falls.iter().map(|scene| peaks(scene, effective)[0]).fold(0.0, f64::max);
            let limit = exceeded(&wide, effective).max(own).max(fall / 2.0) + 1.0 / ONE;
            if limit <= (2.0 * fall).min(1.0) {
                let drift = Drift { allowance: (fall / 2.0 * ONE).round() as u16, limit: (limit * ONE).round() as u16 };
                let needs = (error(1.0) / (asked / 8.0)).powi(2);
                let peak = own / limit * 256.0;
                return Some(Tuning { signal, asked, fall, drift, baseline, noise, readings: n as usize, needs, peak });
            }
        }
        fall *= 1.1;
    }
    None
}

/// Of scenes that are drawn whole: their greatest peak.
fn greatest(falls: &[Vec<f64>], allowance: f64) -> f64 {
    falls.iter().map(|scene| peaks(scene, allowance)[0]).fold(0.0, f64::max)
}

fn alike(found: Option<Tuning>, truth: Option<Tuning>, what: &str) {
    let (Some(found), Some(truth)) = (found, truth) else { panic!("{what}: {found:?} {truth:?}") };
    close(found.noise.deviation, truth.noise.deviation, what);
    assert!((found.noise.correlation - truth.noise.correlation).abs() < 1e-6, "{what}: {found:?} {truth:?}");
    for (a, b) in
        [(found.asked, truth.asked), (found.fall, truth.fall), (found.needs, truth.needs), (found.peak, truth.peak)]
    {
        assert!((a - b).abs() <= 1e-6 * b.abs().max(1e-6), "{what}: {a} is not {b}: {found:?} {truth:?}");
    }
    assert_eq!(
        (found.signal, found.baseline, found.readings),
        (truth.signal, truth.baseline, truth.readings),
        "{what}"
    );
    assert_eq!(found.drift.allowance, truth.drift.allowance, "{what}");
    assert!(found.drift.limit.abs_diff(truth.drift.limit) <= 1, "{what}: {found:?} {truth:?}");
}

/// Short scenes at levels so far apart, each with a pair of low frames amid good ones.
fn scenes(seed: u64, low: u16, width: usize, apart: u16) -> Vec<Vec<u16>> {
    [31_000, 31_000 - 5 * apart, 31_000 - 3 * apart]
        .iter()
        .zip([24, 32, 27])
        .enumerate()
        .map(|(at, (&level, frames))| {
            let mut scene = scores(seed + at as u64, frames, f64::from(level), width, 0.3);
            scene[10] = level - low;
            scene[11] = level - low + 50 * at as u16;
            scene
        })
        .collect()
}

fn tuned(scenes: &[Vec<u16>], promise: &Promise, settings: Settings) -> Result<Tuned, Error> {
    let frames: Vec<Vec<Frame>> =
        scenes.iter().map(|scene| scene.iter().map(|&score| frame(score)).collect()).collect();
    tune(&frames.iter().map(|scene| &scene[..]).collect::<Vec<_>>(), promise, settings)
}

#[test]
fn tuned_from_short_scenes() {
    let before = Settings { failing: 2200, ..Settings::DEFAULT };
    for (seed, low, width, fall) in [(1, 600, 200, 0.05), (10, 1500, 300, 0.06), (20, 3000, 200, 0.1)] {
        for (learnt, apart) in [(None, 6), (Some(8), 300), (Some(40), 300)] {
            for count in [1, 3] {
                let what = format!("seed {seed}, {learnt:?}, {count} scenes");
                let scenes = &scenes(seed, low, width, apart)[..count];
                // At one in 10^3 more peaks are exceeded than are kept.
                let promise = Promise { fall, frames_between: if count == 1 { 1e3 } else { 1e4 }, learnt };
                let truth = expected(scenes, Signal::Confidence, fall, learnt, greatest);
                let found = match (tuned(scenes, &promise, before), truth) {
                    (Ok(found), _) => found,
                    (Err(error), truth) => {
                        assert_eq!((error, truth), (Error::Setting, None), "{what}");
                        continue;
                    }
                };
                alike(found.signals[0], truth, &what);
                let Tuning { drift, baseline, .. } = found.signals[0].expect("as before");
                let baseline = match learnt {
                    None => Baseline::Known(baseline),
                    Some(frames) => Baseline::Learnt { frames, refined: 64, least: 26_214 },
                };
                assert_eq!(found.settings.confidence, Watched { baseline, drift, settled: drift }, "{what}");
                assert_eq!(found.settings.failing, 2200.max(drift.allowance + 1), "{what}");
                assert_eq!((found.scenes, found.frames), (count, scenes.iter().map(Vec::len).sum()), "{what}");
                assert_eq!((found.off, found.extrapolated, found.promise), ([false; 4], false, promise), "{what}");
                assert_eq!(found.signals[1..], [None; 3], "{what}");
                // What no frame bears is left as it was.
                let Settings { flicker, edge, detail, .. } = found.settings;
                assert_eq!((flicker, edge, detail), (before.flicker, before.edge, before.detail), "{what}");
            }
        }
    }
    // A baseline that was known is learnt where the promise says so.
    let known = Watched { baseline: Baseline::Known(9), ..Settings::DEFAULT.confidence };
    let promise = Promise { fall: 0.1, frames_between: 1e4, learnt: Some(9) };
    let found =
        tuned(&scenes(1, 600, 200, 300), &promise, Settings { confidence: known, ..Settings::DEFAULT }).expect("found");
    assert_eq!(found.settings.confidence.baseline, Baseline::Learnt { frames: 9, refined: 64, least: 0 });
}

/// Frames that a monitor would not score, empty ones, uniform ones and repeated ones, say nothing.
#[test]
fn frames_that_say_nothing() {
    let scene = scenes(3, 600, 200, 300).remove(0);
    let promise = Promise { fall: 0.05, frames_between: 1e4, learnt: Some(8) };
    let plain = tuned(std::slice::from_ref(&scene), &promise, Settings::DEFAULT).expect("found");
    let repeated = Compared { agreement_q15: None, covered_q15: Some(9), identical: true };
    let mut frames: Vec<Frame> = scene.iter().map(|&score| frame(score)).collect();
    frames.insert(9, frame(20_000).uniform(true));
    frames.insert(5, frame(20_000).compared(Some(repeated)));
    let found = tune(&[&frames], &promise, Settings::DEFAULT).expect("found");
    assert_eq!((found.signals, found.frames), (plain.signals, plain.frames + 2));
    // Nor does a scene of such frames alone.
    let found = tune(&[&[frame(20_000).uniform(true); 9], &frames], &promise, Settings::DEFAULT).expect("found");
    assert_eq!((found.signals, found.scenes), (plain.signals, 2));
    assert_eq!(tune(&[&[frame(30_000).uniform(true); 20]], &promise, Settings::DEFAULT).err(), Some(Error::Length));
    assert_eq!(tune(&[], &promise, Settings::DEFAULT).err(), Some(Error::Length));
    assert_eq!(tune(&[&frames[..7]], &promise, Settings::DEFAULT).err(), Some(Error::Length));
    assert!(tune(&[&[frame(30_000); 4], &[frame(30_000); 4]], &promise, Settings::DEFAULT).is_ok());
    let wrong = Settings { failed_after: 0, ..Settings::DEFAULT };
    assert_eq!(tune(&[&frames], &promise, wrong).err(), Some(Error::Setting));
    // Of noise that is as wide as it can be no fall can be promised.
    let wild: Vec<Frame> = (0..30).map(|at| frame(if at % 5 < 3 { 32_000 } else { 300 })).collect();
    assert_eq!(tune(&[&wild], &promise, Settings::DEFAULT).err(), Some(Error::Setting));
}

/// Agreement is tuned beside confidence for a fall of twice its allowance, and the promise is shared; where no fall of it can be
/// promised it is switched off, and where few frames bear it, left as it was.
#[test]
fn agreement_beside_confidence() {
    let promise = Promise { fall: 0.05, frames_between: 1e4, learnt: Some(8) };
    let scene = scenes(4, 600, 200, 300).remove(1);
    let agreements = scores(77, scene.len(), 28_000.0, 900, 0.2);
    let of = |promise: &Promise, agreements: &[u16]| {
        let beside = scene.iter().zip(agreements).map(|(&score, &agreement)| agreeing(score, agreement));
        let rest = scene.iter().skip(agreements.len()).map(|&score| frame(score));
        let frames: Vec<Frame> = beside.chain(rest).collect();
        tune(&[&frames], promise, Settings::DEFAULT).expect("confidence is steady")
    };
    let found = of(&promise, &agreements);
    let asked = 2.0 * 6554.0 / ONE;
    alike(
        found.signals[0],
        expected(std::slice::from_ref(&scene), Signal::Confidence, 0.05, Some(8), greatest),
        "confidence",
    );
    alike(
        found.signals[1],
        expected(std::slice::from_ref(&agreements), Signal::Agreement, asked, Some(8), greatest),
        "agreement",
    );
    let flicker = found.settings.flicker.expect("it is watched");
    assert_eq!(Some(flicker.drift), found.signals[1].map(|found| found.drift));
    assert_eq!(flicker.baseline, Baseline::Learnt { frames: 8, refined: 64, least: 0 });
    // One in 10^5 is shown by what is drawn, half of it is not.
    let seldom = Promise { frames_between: 1e5, ..promise };
    let alone = tuned(std::slice::from_ref(&scene), &seldom, Settings::DEFAULT).expect("found");
    assert_eq!((alone.extrapolated, of(&seldom, &agreements).extrapolated), (false, true));
    let wild: Vec<u16> = (0..scene.len()).map(|at| if at % 5 < 3 { 32_000 } else { 0 }).collect();
    let found = of(&promise, &wild);
    assert_eq!((found.off, found.settings.flicker, found.signals[1]), ([false, true, false, false], None, None));
    let found = of(&promise, &agreements[..7]);
    assert_eq!((found.off, found.settings.flicker, found.signals[1]), ([false; 4], Settings::DEFAULT.flicker, None));
    assert!(of(&promise, &agreements[..8]).signals[1].is_some());
}

/// A long recording with one burst, which is drawn about 32 times among 2^20 frames: at one false alarm in 10^5 frames the limit
/// lies above it, at one in 10^4 above the small ones, and at one in 10^6 as far beyond as a tenth of the rate is from the next.
#[test]
fn rates_of_peaks() {
    let mut long = vec![31_000; 1 << 15];
    for at in (100..long.len()).step_by(500) {
        long[at..at + 2].fill(31_000 - 2000);
    }
    long[16_000..16_003].fill(31_000 - 2500);
    for (per, big, extrapolated) in [(1e4, false, false), (1e5, true, false), (1e6, true, true), (1e7, true, true)] {
        let promise = Promise { fall: 0.1, frames_between: per, learnt: None };
        let found = tuned(&[long.clone()], &promise, Settings::DEFAULT).expect("found");
        let truth = expected(&[long.clone()], Signal::Confidence, 0.1, None, |falls, allowance| {
            let all = peaks(&falls[0], allowance);
            let beyond = if extrapolated { (all[0] - all[1]) * (per / 1e5).log10() } else { 0.0 };
            beyond + all[usize::from(!big)]
        });
        alike(found.signals[0], truth, &format!("1 in {per}"));
        assert_eq!(found.extrapolated, extrapolated);
    }
}

/// A longer one, of which each burst is drawn about eight times: one great one, eight lesser ones, which with it are drawn more than
/// 52 and fewer than 64 times, and many small ones. So at one false alarm in 10^4 frames, half of which is 52 among those that are
/// drawn, the limit lies above the lesser ones, at one in 10^5 above the great one, and what lies beyond goes on from these two.
#[test]
fn rates_of_peaks_that_are_seldom_drawn() {
    let mut long = vec![31_000; 1 << 17];
    for at in (100..long.len()).step_by(500) {
        long[at..at + 2].fill(31_000 - 2000);
    }
    for burst in 1..9 {
        long[13_000 * burst..][..3].fill(31_000 - 2300);
    }
    long[120_000..120_003].fill(31_000 - 2500);
    for (per, place) in [(1e4, [1, 1]), (1e5, [0, 0]), (1e6, [0, 1])] {
        let promise = Promise { fall: 0.1, frames_between: per, learnt: None };
        let found = tuned(&[long.clone()], &promise, Settings::DEFAULT).expect("found");
        let truth = expected(&[long.clone()], Signal::Confidence, 0.1, None, |falls, allowance| {
            let all = peaks(&falls[0], allowance);
            2.0 * all[place[0]] - all[place[1]]
        });
        alike(found.signals[0], truth, &format!("1 in {per}"));
    }
}

/// As many frames as are drawn, in blocks of 32 by Marsaglia's xorshift of 13, 7 and 17; a scene's last block stands for each of its
/// last frames.
fn drawn(scenes: &[Vec<f64>]) -> Vec<f64> {
    let frames: Vec<(&[f64], usize)> =
        scenes.iter().flat_map(|scene| (0..scene.len()).map(|at| (&scene[..], at.min(scene.len() - 32)))).collect();
    let mut random = 0x9E37_79B9_7F4A_7C15u64;
    let mut drawn = Vec::with_capacity(1 << 20);
    while drawn.len() < 1 << 20 {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let (scene, at) = frames[(random >> 16) as usize % frames.len()];
        drawn.extend_from_slice(&scene[at..at + 32]);
    }
    drawn
}

/// Scenes of several blocks, whose limit lies beyond their own sums: it is that of the very frames that are drawn, and so the same on
/// every machine.
#[test]
fn limits_are_those_of_the_frames_drawn() {
    let scenes = [(41, 150), (42, 40), (43, 64)].map(|(seed, count)| scores(seed, count, 28_000.0, 1300, 0.7));
    let promise = Promise { fall: 0.06, frames_between: 1e4, learnt: None };
    let found = tuned(&scenes, &promise, Settings::DEFAULT).expect("found").signals[0].expect("confidence");
    let truth = expected(&scenes, Signal::Confidence, 0.06, None, |falls, allowance| {
        peaks(&drawn(falls), allowance)[(1 << 19) / 10_000]
    });
    alike(Some(found), truth, "drawn");
    assert!(found.peak > 100.0 && found.peak < 200.0, "not the recordings' own: {found:?}");
}

/// Readings that go up and down by powers of two, whose baseline errs by 1.25 · 1.645 · 2⁻⁶ / √4 to the last bit: of a fall of twice
/// that no allowance is left, and the next one is promised.
#[test]
fn no_allowance_is_left() {
    let scene = [30_000, 31_024].repeat(20);
    let asked = 1.25 * 1.645 / 64.0;
    let promise = Promise { fall: asked, frames_between: 1e4, learnt: Some(4) };
    let found = tuned(&[scene], &promise, Settings::DEFAULT).expect("found").signals[0].expect("confidence");
    assert_eq!((found.noise, found.asked), (Noise { deviation: 1.0 / 64.0, correlation: 0.0 }, asked));
    assert_eq!(found.fall, asked * 1.1);
}

/// A baseline that errs by 0.475: a fall of 10/11 is less than twice that, and the next one is 1, which is none.
#[test]
fn a_fall_of_all_is_none() {
    let scenes = [[4_000, 30_214].repeat(20)];
    let promise = |fall| Promise { fall, frames_between: 1e4, learnt: Some(3) };
    assert_eq!(10.0 / 11.0 * 1.1, 1.0);
    assert_eq!(tuned(&scenes, &promise(10.0 / 11.0), Settings::DEFAULT).err(), Some(Error::Setting));
    assert!(tuned(&scenes, &promise(0.99), Settings::DEFAULT).is_ok());
}

/// A scene that bears no reading of a signal has no level of it, and does not move that of the others.
#[test]
fn scenes_without_a_signal() {
    let agreeing: Vec<Frame> = scores(5, 40, 31_000.0, 200, 0.3).iter().map(|&score| agreeing(score, score)).collect();
    let silent: Vec<Frame> = scores(6, 40, 31_000.0, 200, 0.3).iter().map(|&score| frame(score)).collect();
    let promise = Promise { fall: 0.05, frames_between: 1e4, learnt: Some(8) };
    let of =
        |scenes: &[&[Frame]]| tune(scenes, &promise, Settings::DEFAULT).expect("found").signals[1].expect("agreement");
    assert_eq!(of(&[&agreeing, &silent, &silent]).baseline, of(&[&agreeing]).baseline);
}

/// A scene whose falls are, as they are drawn, on the whole greater than what the least allowances leave: their sum never comes back,
/// so that no limit keeps a promise there, and the fall that is promised is one at which it does.
#[test]
fn sums_that_do_not_come_back() {
    let scene = &scenes(20, 3000, 100, 6)[..1];
    let promise = Promise { fall: 0.02, frames_between: 1e4, learnt: Some(8) };
    let found = tuned(scene, &promise, Settings::DEFAULT).expect("found").signals[0].expect("confidence");
    let truth = expected(scene, Signal::Confidence, 0.02, Some(8), |falls, allowance| {
        let mean = falls[0].iter().sum::<f64>() / falls[0].len() as f64;
        if mean > allowance { f64::INFINITY } else { greatest(falls, allowance) }
    });
    alike(Some(found), truth, "a sum that drifts");
    assert!(found.fall > 0.1, "{found:?}");
}

/// Alarms that the settings raise in the recordings themselves: each one once.
#[test]
fn alarms_in_the_recordings() {
    let mut scene = vec![31_000; 400];
    for at in [100, 200] {
        scene[at..at + 2].fill(31_000 - 9000);
    }
    // Low enough for two frames to fail, by the settings' own measure, whatever is promised.
    let settings = Settings { failing: 8000, ..Settings::DEFAULT };
    let promise = Promise { fall: 0.3, frames_between: 1e4, learnt: None };
    let found = tuned(&[scene.clone(), vec![31_000; 50]], &promise, settings).expect("found");
    assert_eq!((found.alarms, found.settings.failing), (2, 8000), "{found:?}");
}
