//! What calibration promises, on 10⁶ simulated healthy frames; how late a fall is found, beside the theoretical bound.

mod support;

use soft_dice::Error;
use soft_dice::monitor::{Baseline, Drift, Noise, Promise, Settings, State, Watched, calibrate};
use support::Random;
use support::scores::{Scores, monitor};

const MEAN: f64 = 0.93;

/// Noise whose falls are hard to find, so that false alarms are many enough to count.
const NOISES: [Noise; 3] = [
    Noise { deviation: 0.03, correlation: 0.0 },
    Noise { deviation: 0.02, correlation: 0.4 },
    Noise { deviation: 0.014, correlation: 0.8 },
];

const FRAMES: usize = 1_000_000;

/// False alarms of a monitor over so many healthy frames; it recovers by itself.
fn false_alarms(settings: Settings, scores: &mut Scores, frames: usize) -> usize {
    let mut monitor = monitor(settings);
    let alarm =
        |_: &usize| monitor.observe(&scores.frame()).expect("a frame").is_some_and(|event| event.to == State::Degraded);
    (0..frames).filter(alarm).count()
}

/// Only confidence, and only its CUSUM.
fn only(baseline: Baseline, drift: Drift) -> Settings {
    Settings {
        confidence: Watched { baseline, drift, settled: drift },
        flicker: None,
        failing: 32768,
        ..Settings::DEFAULT
    }
}

#[test]
fn false_alarms_are_what_the_chain_says() {
    for noise in NOISES {
        for per in [1.0e3, 4.0e3] {
            // The true noise is known here, so that nothing but the chain is judged.
            let allowance = 819;
            let rate = |limit: u16| {
                noise.false_alarms(0.025, f64::from(limit) / 32768.0).expect("an allowance on the lattice")
            };
            let (mut low, mut high) = (1, 6_000);
            while low < high {
                let middle = u16::midpoint(low, high);
                if rate(middle) <= 1.0 / per { high = middle } else { low = middle + 1 }
            }
            let limit = low;
            let known = Baseline::Known((MEAN * 32768.0) as u16);
            let alarms =
                false_alarms(only(known, Drift { allowance, limit }), &mut Scores::new(11, MEAN, noise), FRAMES);
            let expected = FRAMES as f64 / per;
            println!(
                "{noise:?}: 1 in {per} promised at a limit of {limit}: {alarms} in {FRAMES} frames, {expected} expected"
            );
            let spread = 4.0 * expected.sqrt();
            assert!((alarms as f64 - expected).abs() <= 0.1 * expected + spread, "{noise:?}: {alarms}");
        }
    }
}

/// From a recording to thresholds to alarms: never more than promised, whatever the recording happened to be.
#[test]
fn calibrated_monitors_keep_their_promise() {
    for noise in NOISES {
        let recording: Vec<u16> = Scores::new(5, MEAN, noise).take(20_000).collect();
        let promise = Promise { fall: 0.05, frames_between: 2.0e3, learnt: None };
        let found = calibrate(&recording, &promise).expect("a long recording");
        let alarms = false_alarms(
            found.settings(only(Baseline::Known(1), found.drift)),
            &mut Scores::new(11, MEAN, noise),
            FRAMES,
        );
        println!(
            "{noise:?}: found {:?} {:?}: {alarms} alarms, at most {} promised",
            found.noise,
            found.drift,
            FRAMES / 2000
        );
        assert!(alarms <= FRAMES / 2000 + 4 * 22, "{alarms}");
        assert!(alarms >= FRAMES / 2000 / 4, "and not far fewer: the limit is no greater than it must be: {alarms}");
    }
}

/// Short recordings, and a baseline that the device learns from few frames: on average over many of both.
#[test]
fn short_recordings_are_careful() {
    let noise = Noise { deviation: 0.014, correlation: 0.3 };
    let (mut alarms, mut frames, mut kept, mut worst) = (0, 0, 0, 0);
    const RUNS: u64 = 20;
    for run in 0..RUNS {
        let recording: Vec<u16> = Scores::new(100 + run, MEAN, noise).take(100).collect();
        let promise = Promise { fall: 0.05, frames_between: 1.0e3, learnt: Some(32) };
        let found = calibrate(&recording, &promise).expect("a fall of three deviations and more");
        let settings = found.settings(only(Baseline::Learnt { frames: 32, refined: 32, least: 0 }, found.drift));
        let here = false_alarms(settings, &mut Scores::new(7000 + run, MEAN, noise), FRAMES / RUNS as usize);
        alarms += here;
        frames += FRAMES / RUNS as usize;
        kept += u64::from(here <= FRAMES / RUNS as usize / 1000 + 9);
        worst = worst.max(here);
    }
    println!(
        "{alarms} alarms in {frames} frames, {} promised at most; {kept} of {RUNS} runs keep it; most in one: {worst}",
        frames / 1000
    );
    assert!(alarms <= frames / 1000);
    assert!(kept >= RUNS * 95 / 100);
}

/// Frames to the alarm after a fall of 0.05, beside what no detector can do better than at the worst.
#[test]
fn detection_delay() {
    const FALLS: usize = 2_000;
    let quiet = Noise { deviation: 0.01, correlation: 0.0 };
    for (noise, per) in NOISES.iter().map(|&noise| (noise, 1.0e4)).chain([(quiet, 1.0e6)]) {
        let recording: Vec<u16> = Scores::new(21, MEAN, noise).take(20_000).collect();
        let promise = Promise { fall: 0.05, frames_between: per, learnt: None };
        let found = calibrate(&recording, &promise).expect("a long recording");
        let settings = found.settings(only(Baseline::Known(1), found.drift));
        let mut scores = Scores::new(22, MEAN, noise);
        let mut total = 0;
        for _ in 0..FALLS {
            // The chart is at 0 when the score falls: the worst case of Lorden.
            let mut monitor = monitor(settings);
            scores.mean = MEAN;
            monitor.observe(&scores.frame_at(MEAN)).expect("a frame");
            scores.mean = MEAN - 0.05;
            total += (1..)
                .find(|_| monitor.observe(&scores.frame()).expect("a frame").is_some_and(|e| e.to == State::Degraded))
                .expect("found");
        }
        let (delay, bound) = (f64::from(total) / FALLS as f64, noise.least_delay(0.05, per));
        println!("{noise:?}, 1 in {per}: found after {delay:.2} frames, bound {bound:.2}");
        // Two frames are the debounce. The bound is a limit for rare alarms, and the overshoot is beside it.
        // A CUSUM that does not use the correlation cannot have all of the first frame's information.
        let late = if noise.correlation == 0.0 { 1.2 * bound } else { bound + 6.0 };
        assert!(delay >= 0.8 * bound && delay <= late.max(2.7), "{delay} beside {bound}");
    }
}

/// What a chart could gain that knows the correlation (0.8) and takes x − φ·(the last x): the figures beside `calibrate`.
/// Limits are those of one false alarm in 10⁴ frames, which is checked.
#[test]
fn what_the_correlation_could_bring() {
    let noise = NOISES[2];
    let (phi, fall) = (noise.correlation, 0.05);
    let step = |frame: usize| if frame > 0 { fall } else { 0.0 };
    let ramp = |frame: usize| fall * (frame as f64 / 8.0).min(1.0);
    let mut found = Vec::new();
    for (minus, allowance, limit, least) in [
        (0.0, fall / 2.0, 0.108, 2),
        (phi, fall * (1.0 - phi) / 2.0, 0.0525, 2),
        // With the debounce it would hardly ever find anything: the second frame bears no news.
        (phi, fall / 2.0, 0.0066, 1),
    ] {
        let mut chart = Plain { minus, allowance, limit, least, last: 0.0, sum: 0.0, lows: 0 };
        let mut random = Scores::new(31, MEAN, noise);
        let alarms = (0..FRAMES).filter(|_| chart.alarms(-random.deviate())).count();
        // Of 100 that are expected the spread is 10.
        assert!((60..=140).contains(&alarms), "{alarms}");
        let mut delay = |fallen: &dyn Fn(usize) -> f64| {
            let runs = (0..2_000).map(|_| {
                random.restart();
                chart = Plain { last: 0.0, sum: 0.0, lows: 0, ..chart };
                (1..).find(|&frame| chart.alarms(fallen(frame) - random.deviate())).expect("found")
            });
            runs.sum::<usize>() as f64 / 2_000.0
        };
        let delays = (delay(&step), delay(&ramp));
        println!("less {minus} of the last, allowance {allowance:.3}: {alarms} false alarms, found after {delays:.1?}");
        found.push(delays);
    }
    for ((step, ramp), (documented_step, documented_ramp)) in
        found.into_iter().zip([(5.7, 10.8), (4.0, 10.0), (4.1, 181.0)])
    {
        assert!((step - documented_step).abs() < 0.1 && (ramp / documented_ramp - 1.0).abs() < 0.01, "{step} {ramp}");
    }
}

/// A CUSUM of falls, each less a share of the last.
struct Plain {
    minus: f64,
    allowance: f64,
    limit: f64,
    /// Low frames before an alarm.
    least: u32,
    last: f64,
    sum: f64,
    lows: u32,
}

impl Plain {
    fn alarms(&mut self, fall: f64) -> bool {
        let more = fall - self.minus * std::mem::replace(&mut self.last, fall) - self.allowance;
        self.sum = (self.sum + more).max(0.0);
        self.lows = if self.sum == 0.0 { 0 } else { self.lows + u32::from(more > 0.0) };
        let alarm = self.sum > self.limit && self.lows >= self.least;
        if alarm {
            (self.sum, self.lows) = (0.0, 0);
        }
        alarm
    }
}

/// The table in the documentation of `Settings`.
#[test]
fn noise_that_the_default_settings_take() {
    let Drift { allowance, limit } = Settings::DEFAULT.confidence.drift;
    let (allowance, limit) = (f64::from(allowance) / 32768.0, f64::from(limit) / 32768.0);
    let mut found = Vec::new();
    for (correlation, documented) in DOCUMENTED {
        let rate = |deviation| Noise { deviation, correlation }.false_alarms(allowance, limit).expect("on the lattice");
        let (mut low, mut high) = (0.004, 0.03);
        while high - low > 1.0e-5 {
            let middle = f64::midpoint(low, high);
            if rate(middle) <= 1.0e-6 { low = middle } else { high = middle }
        }
        println!("correlation {correlation}: deviation {low:.4}");
        found.push((low - documented).abs() < 1.0e-4);
    }
    assert_eq!(found, [true; 4]);
}

const DOCUMENTED: [(f64, f64); 4] = [(0.0, 0.0104), (0.3, 0.0097), (0.6, 0.0085), (0.8, 0.0076)];

#[test]
fn promises_that_are_none() {
    let mut random = Random(4);
    let recording: Vec<u16> = (0..100).map(|_| 31_000 + random.below(400) as u16).collect();
    let promise = Promise::default();
    assert_eq!(calibrate(&recording[..7], &promise).err(), Some(Error::Length));
    assert_eq!(calibrate(&[40_000; 50], &promise).err(), Some(Error::Range));
    for bad in [
        Promise { fall: 0.0, ..promise },
        Promise { fall: f64::NAN, ..promise },
        Promise { fall: 1.0, ..promise },
        Promise { frames_between: 1.0, ..promise },
        Promise { learnt: Some(2), ..promise },
        // Lost in the noise.
        Promise { fall: 0.001, ..promise },
    ] {
        assert_eq!(calibrate(&recording, &bad).err(), Some(Error::Setting), "{bad:?}");
    }
    // No noise at all is taken as that of rounding.
    let still = calibrate(&[31_000; 50], &promise).expect("a fall of 0.05");
    assert_eq!(still.drift, Settings::DEFAULT.confidence.drift);
    // A recording with a bad stretch raises the limit above it.
    let mut stretch: Vec<u16> = (0..400).map(|_| 31_000 + random.below(400) as u16).collect();
    stretch[40..44].fill(30_000);
    let found = calibrate(&stretch, &promise).expect("still a recording");
    assert!(found.drift.limit > 1_300, "{found:?}");
}
