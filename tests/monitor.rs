//! The monitor on the shipped run, on a synthetic one, and on everything that goes wrong in the field.

#[path = "support/data.rs"]
mod data;
mod support;

use data::{device, npy};
use soft_dice::confidence::{ClassConfidence, uniform};
use soft_dice::monitor::{Baseline, Cause, Drift, Event, Frame, Learnt, Monitor, Settings, State, Watch, Watched};
use soft_dice::*;
use support::Random;
use support::drift;
use support::scene::Scene;

type Device<'a> = Watch<'a, I8>;

fn run<'m>(watch: &mut Device<'_>, maps: impl Iterator<Item = &'m [i8]>) -> (Vec<State>, Vec<Event>) {
    let (mut states, mut events) = (Vec::new(), Vec::new());
    for map in maps {
        events.extend(watch.frame(map).expect("a frame"));
        states.push(watch.state());
    }
    (states, events)
}

#[test]
fn the_shipped_run() {
    let run_ = drift::Drift::read();
    let maps: Vec<&[i8]> = run_.maps().collect();
    let mut buffer = vec![0; drift::PIXELS];
    let mut watch = Device::new(I8::TFLITE, &mut buffer, Settings::DEFAULT).expect("settings");
    let (states, events) = run(&mut watch, maps.iter().copied());
    for event in &events {
        println!("{event:?}");
    }
    assert!(states[..7].iter().all(|&state| state == State::WarmingUp), "{states:?}");
    assert!(states[7..30].iter().all(|&state| state == State::Healthy), "{states:?}");
    let degraded = states.iter().position(|&state| state == State::Degraded).expect("degraded");
    assert!((30..=33).contains(&degraded), "degraded at {degraded}");
    assert!(states[degraded..39].iter().all(|&state| state == State::Degraded), "{states:?}");
    let failed = states.iter().position(|&state| state == State::Failed).expect("failed");
    assert!(failed <= 40, "failed at {failed}");
    // Frame 41 looks better for a moment, and is no recovery. Frames 44 to 47 hold next to nothing, soon after the alarm:
    // a departure, for all that one map after another can tell.
    assert!(states[failed..44].iter().all(|&state| state == State::Failed), "{states:?}");
    assert!(states[44..].iter().all(|&state| state == State::NoSignal), "{states:?}");
    assert_eq!(events.len(), 4, "one event a change: {events:?}");
    assert!(events[1..3].iter().all(|event| event.over > 256), "how far over: {events:?}");

    // The camera is cleaned.
    let (states, events) = run(&mut watch, maps[..30].iter().copied());
    let recovered = states.iter().position(|&state| state == State::Healthy).expect("healthy again");
    println!("healthy again after {} good frames", recovered + 1);
    assert!(recovered <= 12, "{states:?}");
    assert!(states[recovered..].iter().all(|&state| state == State::Healthy), "{states:?}");
    assert_eq!(events.len(), 1);
    assert_eq!((events[0].from, events[0].to, events[0].cause), (State::NoSignal, State::Healthy, Cause::Returned));
}

/// Another scene, another onset, another speed, the same settings.
#[test]
fn a_synthetic_run_behaves_alike() {
    for (seed, onset, slope) in [(1, 60, 0.05), (2, 100, 0.02), (3, 25, 0.1), (4, 150, 0.01)] {
        let scene = Scene { seed, onset, slope };
        let mut buffer = vec![0; Scene::PIXELS];
        let mut watch = Watch::<_, 32>::new(U8, &mut buffer, Settings::DEFAULT).expect("settings");
        let (mut states, mut dice) = (Vec::new(), Vec::new());
        for frame in 0..scene.end() {
            let (map, truth) = scene.frame(frame);
            watch.frame(&map).expect("a frame");
            states.push(watch.state());
            let mask: Vec<u8> = map.iter().map(|&code| u8::from(code >= 128)).collect();
            let mut hard = Stream::new(U8Affine::new(1.0, 0).expect("a mask"), NonZero);
            hard.update(&mask, &truth).expect("a frame");
            dice.push(Score::dice().f64(hard.sums()).expect("a disc"));
        }
        let first = |state| states.iter().position(|&s| s == state).unwrap_or_else(|| panic!("{state:?}: {states:?}"));
        // What collapses within `departure` frames of the alarm might have left the picture: no signal, and never healthy.
        let degraded = first(State::Degraded);
        let bad = |s: &State| matches!(s, State::Failed | State::NoSignal);
        let failed = states.iter().position(bad).unwrap_or_else(|| panic!("{states:?}"));
        assert!(states[degraded..].iter().all(|&s| s != State::Healthy), "seed {seed}: {states:?}");
        println!(
            "seed {seed}, onset {onset}: degraded at {degraded} (hard Dice {:.3}), {:?} at {failed} ({:.3})",
            dice[degraded], states[failed], dice[failed]
        );
        assert!(states[8..=onset].iter().all(|&state| state == State::Healthy), "seed {seed}: {states:?}");
        assert!(degraded > onset && failed > degraded, "seed {seed}");
        assert!(dice[degraded] > 0.7, "seed {seed}: noticed before the mask is lost: {}", dice[degraded]);
    }
}

/// Scores by themselves: no maps, no agreement. A pixel of 1 and a rest R below the threshold: 2 / (2 + R).
fn frame_of(score: u16) -> Frame {
    let mut rest = (65536.0 / f64::from(score) - 2.0) * 65535.0;
    let mut map = [0; 64];
    map[0] = 65535;
    for pixel in &mut map[1..] {
        *pixel = rest.clamp(0.0, 32767.0) as u16;
        rest -= f64::from(*pixel);
    }
    let mut stream = confidence::confidence(U16::new());
    stream.update(&map, ()).expect("a map");
    let frame = Frame::new(stream.sums()).expect("a frame");
    assert!(frame.confidence_q15().is_some_and(|q| q.abs_diff(score) <= 1));
    frame
}

/// Thresholds for a fall of 0.05, whether known, provisional or settled.
const fn watched(baseline: Baseline) -> Watched {
    Watched { baseline, drift: Drift::of(1638), settled: Drift::of(1638) }
}

const fn alone(baseline: Baseline) -> Settings {
    Settings { confidence: watched(baseline), flicker: None, ..Settings::DEFAULT }
}

const ALONE: Settings = alone(Baseline::Known(31_000));
const GOOD: u16 = 31_200;
const LOW: u16 = 28_000;
const NONE: u16 = 22_500;

fn states(monitor: &mut Monitor<8>, scores: &[u16]) -> Vec<State> {
    let step = |&score: &u16| {
        monitor.observe(&frame_of(score)).expect("a frame");
        monitor.state()
    };
    scores.iter().map(step).collect()
}

#[test]
fn hysteresis_and_debounce() {
    use State::{Degraded, Failed, Healthy};
    let mut monitor = Monitor::new(ALONE).expect("settings");
    // One bad frame now and then is no alarm; two are.
    assert_eq!(states(&mut monitor, &[GOOD, LOW, GOOD, GOOD, GOOD, GOOD, LOW, GOOD]), [Healthy; 8]);
    assert_eq!(states(&mut monitor, &[GOOD, GOOD, GOOD, LOW, LOW]), [Healthy, Healthy, Healthy, Healthy, Degraded]);
    // Seven good frames are no recovery, and one that is not begins the count again.
    assert_eq!(states(&mut monitor, &[GOOD; 7]), [Degraded; 7]);
    assert_eq!(states(&mut monitor, &[LOW]), [Degraded]);
    assert_eq!(states(&mut monitor, &[GOOD; 8])[6..], [Degraded, Healthy]);
    // The drift is forgotten with it.
    assert_eq!(states(&mut monitor, &[LOW, GOOD]), [Healthy; 2]);
    // Far below: degraded on the way, failed after two.
    assert_eq!(states(&mut monitor, &[NONE, GOOD, NONE, NONE])[3], Failed);
    assert_eq!(states(&mut monitor, &[GOOD; 8])[6..], [Failed, Healthy]);
}

/// Good and bad by turns: no two bad ones in a row, and still a failure, by the level.
#[test]
fn every_other_frame_lost() {
    let mut monitor = Monitor::<8>::new(ALONE).expect("settings");
    let seen: Vec<State> = (0..40).map(|turn| states(&mut monitor, &[[GOOD, 5_000][turn % 2]])[0]).collect();
    assert_eq!(seen[3], State::Degraded, "{seen:?}");
    assert_eq!(seen.last(), Some(&State::Failed), "{seen:?}");
}

#[test]
fn baselines_are_learnt_or_refused() {
    let learnt = alone(Baseline::Learnt { frames: 5, refined: 64, least: 26_000 });
    let mut monitor = Monitor::<8>::new(learnt).expect("settings");
    assert_eq!(states(&mut monitor, &[GOOD, 3_000, GOOD, GOOD, 31_400])[3..], [State::WarmingUp, State::Healthy]);
    let baseline = monitor.report().baseline.expect("learnt");
    assert!(baseline.abs_diff(GOOD) < 4, "without the outlier: {baseline}");
    monitor.reset();
    assert_eq!(monitor.report().baseline, None);
    // Bad from the beginning: said, not learnt.
    assert_eq!(states(&mut monitor, &[20_000; 5])[4], State::Failed);
    assert_eq!(monitor.report().cause, Some(Cause::Baseline));
    assert_eq!(states(&mut monitor, &[GOOD; 10])[9], State::Healthy);
}

fn edge(random: &mut Random, level: u8) -> Vec<u8> {
    let pixel = |at: usize, random: &mut Random| match at % 64 {
        0..16 => level,
        16..20 => 60 + random.below(140) as u8,
        _ => random.below(3) as u8,
    };
    (0..512).map(|at| pixel(at, random)).collect()
}

fn warm(watch: &mut Watch<'_, U8, 16>, random: &mut Random) {
    for _ in 0..20 {
        watch.frame(&edge(random, 250)).expect("a frame");
    }
    assert_eq!(watch.state(), State::Healthy);
}

/// How many such frames until a failure, and its cause.
fn until_failed(watch: &mut Watch<'_, U8, 16>, mut map: impl FnMut() -> Vec<u8>) -> Option<(usize, Cause)> {
    (1..50).find_map(|frames| {
        let event = watch.frame(&map()).expect("a frame");
        event.filter(|event| event.to == State::Failed).map(|event| (frames, event.cause))
    })
}

#[test]
fn frozen_and_collapsed_output() {
    let mut random = Random(5);
    let mut buffer = vec![0; 512];
    let mut watch = Watch::new(U8, &mut buffer, Settings::DEFAULT).expect("settings");
    // The same map again: as the settings say, after eight repetitions. Its confidence is as good as ever.
    warm(&mut watch, &mut random);
    let still = edge(&mut random, 250);
    assert_eq!(until_failed(&mut watch, || still.clone()), Some((9, Cause::Frozen)));
    assert!(watch.report().confidence > watch.report().baseline.map(|baseline| baseline - 819));
    for _ in 0..8 {
        assert_eq!(watch.state(), State::Failed);
        watch.frame(&edge(&mut random, 250)).expect("a frame");
    }
    assert_eq!(watch.state(), State::Healthy, "it moves again");
    // The same number everywhere: two frames, whether all foreground (confidence 1), at the threshold, or below it.
    for level in [255, 128, 100, 1] {
        watch.reset();
        warm(&mut watch, &mut random);
        assert_eq!(until_failed(&mut watch, || vec![level; 512]), Some((2, Cause::Collapsed)), "{level}");
    }
}

/// An empty scene is no failure; what tells a lost mask from it is a second signal.
#[test]
fn an_empty_scene_and_a_vanished_mask() {
    let mut random = Random(6);
    let mut buffer = vec![0; 512];
    let mut watch = Watch::new(U8, &mut buffer, Settings::DEFAULT).expect("settings");
    let faint = |random: &mut Random| (0..512).map(|_| random.below(4) as u8).collect::<Vec<u8>>();
    warm(&mut watch, &mut random);
    let mut events = Vec::new();
    for frame in 0..100 {
        let map = if frame < 50 { faint(&mut random) } else { vec![0; 512] };
        events.extend(watch.frame(&map).expect("a frame"));
    }
    assert_eq!(watch.state(), State::NoSignal);
    assert_eq!(events.iter().map(|e| (e.to, e.cause)).collect::<Vec<_>>(), [(State::NoSignal, Cause::Silent)]);
    let history: Vec<u16> = watch.monitor().history().collect();
    let back = watch.frame(&edge(&mut random, 250)).expect("a frame").expect("an event");
    assert_eq!((back.to, back.cause), (State::Healthy, Cause::Returned));
    assert_eq!(watch.monitor().history().take(15).collect::<Vec<_>>(), history[1..], "what is empty is not learnt");

    // Degraded for longer than a departure takes, then nothing: that is no empty scene.
    for _ in 0..20 {
        watch.frame(&edge(&mut random, 180)).expect("a frame");
    }
    assert_eq!(watch.state(), State::Degraded);
    assert_eq!(until_failed(&mut watch, || faint(&mut random)), Some((2, Cause::Vanished)));

    // The caller knows that something is there; or that some foreground always is.
    let empty = |random: &mut Random| {
        let mut stream = confidence::confidence(U8);
        stream.update(&faint(random), ()).expect("a map");
        Frame::new(stream.sums()).expect("a frame")
    };
    let mut monitor = Monitor::<8>::new(ALONE).expect("settings");
    for _ in 0..9 {
        monitor.observe(&empty(&mut random).occupied(false)).expect("a frame");
    }
    assert_eq!(monitor.state(), State::NoSignal);
    monitor.reset();
    monitor.observe(&empty(&mut random).occupied(true)).expect("a frame");
    let event = monitor.observe(&empty(&mut random).occupied(true)).expect("a frame").expect("the second");
    assert_eq!((event.to, event.cause), (State::Failed, Cause::Vanished));
    let always = Settings { area: (1000, 32768), ..ALONE };
    let mut monitor = Monitor::<8>::new(always).expect("settings");
    monitor.observe(&empty(&mut random)).expect("a frame");
    let event = monitor.observe(&empty(&mut random)).expect("a frame").expect("the second");
    assert_eq!((event.to, event.cause), (State::Failed, Cause::Vanished));
}

/// The foreground fills the picture though the object cannot; frames that no longer agree.
#[test]
fn area_and_flicker() {
    let half = |ones: usize| {
        let mut stream = confidence::confidence(U8);
        let map: Vec<u8> = (0..100).map(|at| if at < ones { 252 } else { 2 }).collect();
        stream.update(&map, ()).expect("a map");
        Frame::new(stream.sums()).expect("a frame")
    };
    let settings = Settings { area: (1000, 20_000), ..ALONE };
    let mut monitor = Monitor::<8>::new(settings).expect("settings");
    monitor.observe(&half(50)).expect("a frame");
    assert_eq!(monitor.observe(&half(90)), Ok(None));
    let event = monitor.observe(&half(90)).expect("a frame").expect("the second");
    assert_eq!((event.to, event.cause), (State::Degraded, Cause::Area));

    let drift = Drift::of(6554);
    let flicker = Some(Watched { baseline: Baseline::Known(31_000), drift, settled: drift });
    let mut monitor = Monitor::<8>::new(Settings { flicker, ..ALONE }).expect("settings");
    let agreeing = |agreement| {
        let compared = confidence::Compared { agreement_q15: None, covered_q15: Some(agreement), identical: false };
        half(50).compared(Some(compared))
    };
    for agreement in [31_000, 30_000, 5_000, 31_000, 31_000, 31_000] {
        assert!(monitor.observe(&agreeing(agreement)).expect("a frame").is_none_or(|e| e.to == State::Healthy));
    }
    let event = (0..3).find_map(|_| monitor.observe(&agreeing(15_000)).expect("a frame")).expect("an event");
    assert_eq!((event.to, event.cause), (State::Degraded, Cause::Flicker));
}

/// Typed errors or the stated event, and a history that stays as it was.
#[test]
fn frames_that_are_none() {
    let mut random = Random(8);
    let float = |codes: Vec<u8>| codes.into_iter().map(|code| f32::from(code) / 255.0).collect::<Vec<f32>>();
    let mut buffer = vec![0; 512];
    let mut watch = Watch::<_, 16>::new(F32::new(), &mut buffer, Settings::DEFAULT).expect("settings");
    for _ in 0..20 {
        watch.frame(&float(edge(&mut random, 250))).expect("a frame");
    }
    let history = |watch: &Watch<'_, F32, 16>| watch.monitor().history().collect::<Vec<u16>>();
    let (before, kept) = (watch.report(), history(&watch));

    // Of another size, or none: an error, and not a trace.
    assert_eq!(watch.frame(&[0.5; 511]), Err(Error::Length));
    assert_eq!(watch.frame(&[]), Err(Error::Length));
    assert_eq!((watch.report(), history(&watch)), (before, kept.clone()));

    // All NaN: counted, not scored, a failure with the second.
    let nothing = vec![f32::NAN; 512];
    assert_eq!(watch.frame(&nothing), Ok(None));
    let event = watch.frame(&nothing).expect("a frame").expect("the second");
    assert_eq!((event.to, event.cause), (State::Failed, Cause::Invalid));
    assert_eq!(watch.report().invalid, 32768);
    assert_eq!(history(&watch), kept);
    for _ in 0..8 {
        watch.frame(&float(edge(&mut random, 250))).expect("a frame");
    }
    assert_eq!(watch.state(), State::Healthy);

    // A few NaN: left out, and the frame counts.
    let mut holes = float(edge(&mut random, 250));
    holes[..5].fill(f32::NAN);
    assert_eq!(watch.frame(&holes), Ok(None));
    assert!(watch.report().invalid > 0 && watch.report().unscored == 2);

    // An element that refuses: an error, as for a size.
    let mut buffer = vec![0; 512];
    let strict = F32::new().range(Range::Refuse);
    let mut refusing = Watch::<_, 16>::new(strict, &mut buffer, Settings::DEFAULT).expect("settings");
    refusing.frame(&float(edge(&mut random, 250))).expect("a frame");
    let before = refusing.report();
    assert_eq!(refusing.frame(&holes), Err(Error::Range));
    assert_eq!(refusing.report(), before);

    // Dropped: no signal after four, and back at once.
    let kept = history(&watch);
    let events: Vec<Event> = (0..10).filter_map(|_| watch.dropped()).collect();
    assert_eq!(events.iter().map(|e| (e.to, e.cause)).collect::<Vec<_>>(), [(State::NoSignal, Cause::Silent)]);
    assert_eq!(history(&watch), kept);
    let back = watch.frame(&float(edge(&mut random, 250))).expect("a frame").expect("an event");
    assert_eq!((back.to, back.cause), (State::Healthy, Cause::Returned));

    // A monitor fed by hand knows the size of its frames, too.
    let mut monitor = Monitor::<8>::new(ALONE).expect("settings");
    monitor.observe(&frame_of(GOOD)).expect("a frame");
    let mut stream = confidence::confidence(U8);
    assert_eq!(Frame::new(stream.sums()).err(), Some(Error::Length));
    stream.update(&[200, 100], ()).expect("a map");
    let wide = Frame::new(stream.sums()).expect("a frame");
    let before = monitor.report();
    assert_eq!(monitor.observe(&wide), Err(Error::Length));
    assert_eq!(monitor.report(), before);
    let mut soft = Stream::new(U8, Soft(U8));
    soft.update(&[1], &[1]).expect("a map");
    assert_eq!(Frame::new(soft.sums()).err(), Some(Error::Mismatch));
}

/// A dead multiclass network: the same numbers at every pixel, of which one is the greatest.
#[test]
fn many_classes() {
    let mut random = Random(9);
    let mut monitor = Monitor::<8>::new(alone(Baseline::Known(26_000))).expect("settings");
    let mut watch = |map: &[i8]| {
        let mut stream = ClassConfidence::<_, 3>::new(I8::TFLITE);
        stream.update(map).expect("whole pixels");
        let frame = Frame::new(&stream.pooled(Some(0))).expect("a frame").uniform(uniform(map, 3));
        monitor.observe(&frame).expect("a frame").map(|event| (event.to, event.cause))
    };
    let alive: Vec<i8> = (0..100).flat_map(|at| if at < 60 { [100, -100, -128] } else { [-120, 110, -118] }).collect();
    assert_eq!(watch(&alive), Some((State::Healthy, Cause::Learnt)));
    let noisy: Vec<i8> = alive.iter().map(|&q| q.saturating_add(random.below(9) as i8)).collect();
    assert_eq!(watch(&noisy), None);
    let dead: Vec<i8> = (0..100).flat_map(|_| [-20, 40, -90]).collect();
    assert_eq!(watch(&dead), None);
    assert_eq!(watch(&dead), Some((State::Failed, Cause::Collapsed)));
}

/// Real ones: two photographs, and a device whose runtime took the file and wrote the same 21 numbers at every pixel.
#[test]
fn a_device_that_died() {
    let Some(folder) = device() else {
        println!("not run: SOFT_DICE_DATA is not set");
        return;
    };
    let mut monitor = Monitor::<8>::new(alone(Baseline::Known(29_000))).expect("settings");
    let mut watch = |name: &str| {
        let (shape, map): (_, Vec<i8>) = npy(&folder.join("deeplab65").join(name));
        assert_eq!(shape[2], 21);
        let mut stream = ClassConfidence::<_, 21>::new(I8::TFLITE);
        stream.update(&map).expect("whole pixels");
        let frame = Frame::new(&stream.pooled(Some(0))).expect("a frame").uniform(uniform(&map, 21));
        let event = monitor.observe(&frame).expect("a frame").map(|event| (event.to, event.cause));
        println!("{name}: confidence {:?}, area {}, {event:?}", frame.confidence_q15(), frame.area_q15());
        event
    };
    assert_eq!(watch("chelsea_q8.npy"), Some((State::Healthy, Cause::Learnt)));
    assert_eq!(watch("coffee_q8.npy"), None);
    assert_eq!(watch("collapsed_device_q8.npy"), None);
    assert_eq!(watch("collapsed_device_q8.npy"), Some((State::Failed, Cause::Collapsed)));
}

#[test]
fn settings_are_checked() {
    let drifting = |drift| Settings { confidence: Watched { drift, ..ALONE.confidence }, ..ALONE };
    let bad = [
        alone(Baseline::Known(0)),
        alone(Baseline::Known(32769)),
        alone(Baseline::Learnt { frames: 2, refined: 64, least: 0 }),
        alone(Baseline::Learnt { frames: 8, refined: 7, least: 0 }),
        alone(Baseline::Learnt { frames: 8, refined: 65, least: 0 }),
        alone(Baseline::Learnt { frames: 8, refined: 64, least: 32769 }),
        drifting(Drift { allowance: 0, limit: 5 }),
        drifting(Drift { allowance: 5, limit: 0 }),
        Settings { empty: 16, ..ALONE },
        Settings { failing: 100, ..ALONE },
        Settings { failed_after: 0, ..ALONE },
        Settings { recovered_after: 0, ..ALONE },
        Settings { silent_after: 0, ..ALONE },
        Settings { frozen_after: 0, ..ALONE },
        Settings { smoothing: 9, ..ALONE },
        Settings { quantile: 40_000, ..ALONE },
        Settings { area: (5, 4), ..ALONE },
        Settings { invalid: 32768, ..ALONE },
        Settings { flicker: Some(watched(Baseline::Known(0))), ..ALONE },
        Settings { edge: Some(watched(Baseline::Known(0))), ..ALONE },
        Settings { detail: Some(watched(Baseline::Known(0))), ..ALONE },
    ];
    for settings in bad {
        assert_eq!(Monitor::<8>::new(settings).err(), Some(Error::Setting), "{settings:?}");
    }
    const _: () = assert!(Settings::DEFAULT.check().is_ok());
}

/// What was learnt is kept over a reboot, and a monitor that has it alarms as the one that learnt it.
#[test]
fn what_is_learnt_is_given_back() {
    let mut random = Random(3);
    let mut first = Monitor::<8>::new(alone(Settings::DEFAULT.confidence.baseline)).expect("settings");
    states(&mut first, &(0..80).map(|_| GOOD + random.below(60) as u16).collect::<Vec<_>>());
    let learnt = first.learnt();
    assert!(learnt.confidence.is_some_and(|level| level.settled && level.spread < 60), "{learnt:?}");
    let mut second = Monitor::<8>::new(*first.settings()).expect("settings");
    second.restore(&learnt).expect("of this version");
    assert_eq!(second.learnt(), learnt);
    assert_eq!(states(&mut second, &[GOOD]), [State::Healthy], "nothing is learnt again");
    let bad = [LOW, LOW, GOOD, NONE, NONE];
    assert_eq!(states(&mut first, &bad), states(&mut second, &bad));
    let before = second.report();
    assert_eq!(second.restore(&Learnt { version: 9, ..learnt }), Err(Error::Version));
    let high = learnt.confidence.map(|level| soft_dice::monitor::Level { baseline: 32769, ..level });
    assert_eq!(second.restore(&Learnt { confidence: high, ..learnt }), Err(Error::Setting));
    assert_eq!(second.report(), before);
}

/// Confidence falls while the subject walks out, and crumbs are left: no failure, and nothing on its return.
#[test]
fn a_departure_is_no_failure() {
    let mut random = Random(4);
    let mut buffer = vec![0; 512];
    let mut watch = Watch::new(U8, &mut buffer, Settings::DEFAULT).expect("settings");
    warm(&mut watch, &mut random);
    for _ in 0..3 {
        watch.frame(&edge(&mut random, 190)).expect("a frame");
    }
    assert_eq!(watch.state(), State::Degraded);
    let crumbs = |random: &mut Random| {
        let mut map: Vec<u8> = (0..512).map(|_| random.below(4) as u8).collect();
        map[random.below(512)] = 140;
        map
    };
    for _ in 0..100 {
        watch.frame(&crumbs(&mut random)).expect("a frame");
        assert_eq!(watch.state(), State::NoSignal);
    }
    let states: Vec<State> = (0..12)
        .map(|_| {
            watch.frame(&edge(&mut random, 250)).expect("a frame");
            watch.state()
        })
        .collect();
    assert_eq!(states[6..8], [State::NoSignal, State::Healthy], "{states:?}");
    // Long after an alarm it is a failure.
    for _ in 0..20 {
        watch.frame(&edge(&mut random, 190)).expect("a frame");
    }
    assert_eq!(watch.state(), State::Degraded);
    assert_eq!(until_failed(&mut watch, || crumbs(&mut random)), Some((2, Cause::Vanished)));
}
