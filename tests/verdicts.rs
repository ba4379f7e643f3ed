//! The monitor at the edge of each of its rules: frames of an exact score and area, one side of a limit and the other. Which rule
//! a test is about stands beside it; the numbers are those of the rule, in the units of the settings.

use soft_dice::confidence::{Compared, confidence};
use soft_dice::monitor::{
    Baseline, Camera, Cause, Drift, Event, Frame, Monitor, Phase, Picture, Settings, Signal, State, Watch, Watched,
};
use soft_dice::*;

/// Pixels of every map: an area in Q15 is a number of pixels.
const PIXELS: u64 = 1 << 15;

/// A frame of `area` pixels of foreground whose confidence, 2·Σp / (Σp + area) with no p outside, is `score` in Q15.
fn frame(score: u16, area: u16) -> Frame {
    let t = u128::from(area);
    let p = ((u128::from(score) * t) << 15).div_ceil(65536 - u128::from(score));
    record(p, t, 0)
}

fn record(p: u128, t: u128, invalid: u64) -> Frame {
    let own = confidence(U8).sums().record();
    let count = PIXELS - invalid;
    let record = Record { unit_p: Unit::binary(15), count, invalid, p, t, pt: p, minima: Some((p, 0)), ..own };
    Frame::new(&record).expect("a frame")
}

/// All of the picture, so that nothing is said of its size.
fn all(score: u16) -> Frame {
    frame(score, 32768)
}

const fn watched(baseline: Baseline) -> Watched {
    Watched { baseline, drift: Drift { allowance: 800, limit: 900 }, settled: Drift { allowance: 800, limit: 900 } }
}

/// Confidence alone, against 31,000: an allowance of 800, a limit of 900, as good as none below 22,808.
const KNOWN: Settings = Settings { confidence: watched(Baseline::Known(31_000)), flicker: None, ..Settings::DEFAULT };
const GOOD: u16 = 31_200;
const LOW: u16 = 28_000;
const NONE: u16 = 22_000;

struct Watching(Monitor<16>);

impl Watching {
    fn new(settings: Settings) -> Self {
        Self(Monitor::new(settings).expect("settings"))
    }

    /// The last event that frames bring.
    fn see(&mut self, frames: &[Frame]) -> Option<Event> {
        frames.iter().filter_map(|frame| self.0.observe(frame).expect("a frame")).last()
    }

    fn state(&self) -> State {
        self.0.state()
    }
}

#[test]
fn frames_are_what_they_are_made_of() {
    for (score, area) in [(31_200, 32768), (20_000, 100), (32_768, 1), (1, 9)] {
        let made = frame(score, area);
        assert_eq!((made.confidence_q15(), made.area_q15(), made.invalid_q15()), (Some(score), area, 0));
        assert_eq!((made.agreement_q15(), made.edge(), made.detail()), (None, None, None));
    }
    assert_eq!(record(1 << 15, 1, 512).invalid_q15(), 512);
    let compared = Compared { agreement_q15: None, covered_q15: Some(777), identical: true };
    let beside = all(GOOD).compared(Some(compared));
    assert_eq!(beside.agreement_q15(), Some(777));
    assert_ne!(beside, all(GOOD));
    assert_eq!(beside.compared(None), all(GOOD), "nothing is left of another comparison");
}

/// Level, mean, least and quantile of the report, from 30,000 and 30,004: a level of 30,000.5, which is rounded up.
#[test]
fn figures_of_the_history() {
    let mut watching = Watching::new(Settings { smoothing: 3, quantile: 16384, ..KNOWN });
    let empty = watching.0.report();
    assert_eq!((empty.level, empty.mean, empty.least, empty.quantile), (None, None, None, None));
    watching.see(&[all(30_000)]);
    assert_eq!(watching.0.report().level, Some(30_000));
    watching.see(&[all(30_004)]);
    let report = watching.0.report();
    assert_eq!((report.level, report.mean, report.least), (Some(30_001), Some(30_002), Some(30_000)));
    assert_eq!(report.quantile, Some(30_000));
    assert_eq!((watching.0.quantile(16384), watching.0.quantile(16385)), (Some(30_000), Some(30_004)));
    assert_eq!(Watching::new(KNOWN).0.quantile(1), None);
    assert_eq!(watching.0.history().collect::<Vec<_>>(), [30_000, 30_004]);
    let status = watching.0.signal(Signal::Confidence);
    assert_eq!((status.phase, status.baseline, status.allowance), (Phase::Known, Some(31_000), 800));
}

/// A frame whose share of invalid pixels is the setting's own is looked at; one of more is not.
#[test]
fn invalid_shares_at_their_limit() {
    let mut watching = Watching::new(KNOWN);
    assert_eq!(KNOWN.invalid, 512);
    let at = |invalid| record(30_000 << 15, 30_000, invalid);
    watching.see(&[at(512), at(512)]);
    assert_eq!((watching.0.report().unscored, watching.state()), (0, State::Healthy));
    let event = watching.see(&[at(513), at(513)]).expect("two of them");
    assert_eq!((event.to, event.cause, watching.0.report().unscored), (State::Failed, Cause::Invalid, 2));
}

/// A mask of 2^-3 of the area that was learnt is not empty yet, and one pixel less is.
#[test]
fn almost_empty_at_its_limit() {
    assert_eq!(KNOWN.empty, 3);
    let learnt = || {
        let mut watching = Watching::new(KNOWN);
        watching.see(&[frame(GOOD, 16384); 12]);
        watching
    };
    let mut watching = learnt();
    watching.see(&[frame(GOOD, 2048); 3]);
    assert_eq!(watching.0.report().unscored, 0);
    watching.see(&[frame(GOOD, 2047); 3]);
    assert_eq!((watching.0.report().unscored, watching.state()), (3, State::Healthy));
    assert_eq!(watching.see(&[frame(GOOD, 2047)]).map(|event| event.to), Some(State::NoSignal));
    // Under an alarm it must be below a hundredth of the picture as well: 328 pixels of it are not.
    let mut watching = learnt();
    watching.see(&[frame(LOW, 16384); 2]);
    assert_eq!(watching.state(), State::Degraded);
    assert_eq!(watching.see(&[frame(GOOD, 328)]), None);
    assert_eq!((watching.state(), watching.0.report().unscored), (State::Degraded, 0));
    assert_eq!(watching.see(&[frame(GOOD, 327)]).map(|event| event.to), Some(State::NoSignal), "a departure");
}

/// The ends of the area that is allowed belong to it.
#[test]
fn areas_at_their_ends() {
    let settings = Settings { area: (1000, 20_000), ..KNOWN };
    for (area, wrong) in [(1000, 999), (20_000, 20_001)] {
        let mut watching = Watching::new(settings);
        watching.see(&[frame(GOOD, area); 4]);
        assert_eq!(watching.state(), State::Healthy, "{area}");
        let event = watching.see(&[frame(GOOD, wrong); 2]).expect("two of them");
        assert_eq!((event.to, event.cause, event.over), (State::Degraded, Cause::Area, 256), "{wrong}");
    }
}

/// Confidence that is lower by `failing` is low; by more it is as good as none, and the event says by how
/// much: 9000 of 8192, 281 of 256.
#[test]
fn failing_at_its_limit() {
    assert_eq!((KNOWN.failing, KNOWN.failed_after), (8192, 2));
    let mut watching = Watching::new(KNOWN);
    watching.see(&[all(31_000 - 8192); 5]);
    assert_eq!(watching.state(), State::Degraded);
    let mut watching = Watching::new(KNOWN);
    let event = watching.see(&[all(31_000 - 8193); 2]).expect("two of them");
    assert_eq!((event.to, event.cause), (State::Failed, Cause::Low));
    let mut watching = Watching::new(KNOWN);
    let event = watching.see(&[all(22_000); 2]).expect("two of them");
    assert_eq!((event.cause, event.over), (Cause::Low, 281));
}

/// An alarm is a sum beyond the limit, and two frames that were low: 400 and 500 below the allowance are just the limit.
#[test]
fn a_sum_at_its_limit() {
    let mut watching = Watching::new(KNOWN);
    watching.see(&[all(GOOD), all(31_000 - 800 - 400), all(31_000 - 800 - 500)]);
    assert_eq!((watching.state(), watching.0.signal(Signal::Confidence).over), (State::Healthy, 256));
    let mut watching = Watching::new(KNOWN);
    watching.see(&[all(GOOD), all(31_000 - 800 - 400), all(31_000 - 800 - 501)]);
    assert_eq!(watching.state(), State::Degraded);
    // A frame that is low by the allowance itself is not low.
    let mut watching = Watching::new(KNOWN);
    watching.see(&[all(GOOD), all(LOW), all(31_000 - 800)]);
    assert_eq!(watching.state(), State::Healthy);
    watching.see(&[all(31_000 - 801)]);
    assert_eq!(watching.state(), State::Degraded);
}

/// A baseline of 8 frames is refined with 16, 24 and so on, as long as it is provisional.
#[test]
fn baselines_are_refined() {
    let learnt = Baseline::Learnt { frames: 8, refined: 64, least: 26_000 };
    let mut watching = Watching::new(Settings { confidence: watched(learnt), ..KNOWN });
    let baseline = |watching: &Watching| watching.0.report().baseline;
    watching.see(&[all(31_000); 7]);
    assert_eq!((baseline(&watching), watching.state()), (None, State::WarmingUp));
    watching.see(&[all(31_000)]);
    assert_eq!(baseline(&watching), Some(31_000));
    watching.see(&[all(31_200); 15]);
    assert_eq!(baseline(&watching), Some(31_000), "23 frames");
    watching.see(&[all(31_200)]);
    assert_eq!((baseline(&watching), watching.state()), (Some(31_200), State::Healthy));
}

/// Empty frames soon after an alarm are a departure: what is wrong after it is told again, from `NoSignal` on.
#[test]
fn what_follows_a_departure() {
    let uniform = all(GOOD).uniform(true);
    let invalid = record(30_000 << 15, 30_000, 9000);
    let departed = |before: &[Frame]| {
        let mut watching = Watching::new(KNOWN);
        watching.see(before);
        assert!(matches!(watching.state(), State::Failed | State::Degraded));
        let event = watching.see(&[record(0, 0, 0)]).expect("a departure");
        assert_eq!((event.to, event.cause), (State::NoSignal, Cause::Silent));
        watching
    };
    for before in [[NONE; 2], [LOW; 2]].map(|scores| scores.map(all)) {
        for (after, cause) in [(uniform, Cause::Collapsed), (invalid, Cause::Invalid), (all(NONE), Cause::Low)] {
            let mut watching = departed(&before);
            let event = watching.see(&[after; 2]).expect("a failure");
            assert_eq!((event.from, event.to, event.cause), (State::NoSignal, State::Failed, cause));
        }
        let mut watching = departed(&before);
        let event = watching.see(&[all(LOW); 2]).expect("a fall");
        assert_eq!((event.from, event.to, event.cause), (State::NoSignal, State::Degraded, Cause::Drift));
        let mut watching = departed(&before);
        let event = watching.see(&[all(GOOD); 8]).expect("all is well");
        assert_eq!((event.from, event.to, event.cause), (State::NoSignal, State::Healthy, Cause::Returned));
    }
}

/// A baseline that was refused is the alarm itself: while nothing is there it is not told again, and then it is.
#[test]
fn a_refused_baseline_departs() {
    let learnt = Baseline::Learnt { frames: 8, refined: 64, least: 26_000 };
    let mut watching = Watching::new(Settings { confidence: watched(learnt), ..KNOWN });
    let event = watching.see(&[all(20_000); 8]).expect("refused");
    assert_eq!((event.to, event.cause), (State::Failed, Cause::Baseline));
    assert_eq!(watching.0.signal(Signal::Confidence).phase, Phase::Refused);
    watching.see(&[record(0, 0, 0); 3]);
    assert_eq!(watching.state(), State::NoSignal);
    let event = watching.see(&[all(20_000)]).expect("back");
    assert_eq!((event.from, event.to, event.cause), (State::NoSignal, State::Failed, Cause::Baseline));
}

/// The time for a departure runs from the alarm on, and a failure in between does not begin it anew.
#[test]
fn the_age_of_an_alarm() {
    assert_eq!(KNOWN.departure, 16);
    let after = |frames: usize| {
        let mut watching = Watching::new(KNOWN);
        watching.see(&[all(LOW); 2]);
        watching.see(&vec![all(LOW); frames - 3]);
        watching.see(&[all(NONE); 2]);
        assert_eq!(watching.state(), State::Failed);
        watching.see(&[record(0, 0, 0); 2]);
        watching.state()
    };
    assert_eq!((after(16), after(17)), (State::NoSignal, State::Failed));
    // Nor does the age of an alarm that is over count for the next.
    let mut watching = Watching::new(KNOWN);
    watching.see(&[all(LOW); 10]);
    watching.see(&[all(GOOD); 20]);
    assert_eq!(watching.state(), State::Healthy);
    watching.see(&[all(LOW), all(LOW), record(0, 0, 0)]);
    assert_eq!(watching.state(), State::NoSignal);
}

/// What has failed stays so, though nothing more comes.
#[test]
fn failed_and_then_silent() {
    let mut watching = Watching::new(KNOWN);
    watching.see(&[all(NONE); 2]);
    let events: Vec<Event> = (0..20).filter_map(|_| watching.0.dropped()).collect();
    assert_eq!((watching.state(), events.len()), (State::Failed, 0));
    let mut watching = Watching::new(KNOWN);
    watching.see(&[all(LOW); 2]);
    let event = (0..4).find_map(|_| watching.0.dropped()).expect("silent");
    assert_eq!((event.from, event.to, event.cause), (State::Degraded, State::NoSignal, Cause::Silent));
}

#[test]
fn settings_at_their_ends() {
    let check = |settings: Settings| settings.check().is_ok();
    let of = |allowance, limit| {
        let drift = Drift { allowance, limit };
        Watched { baseline: Baseline::Known(9), drift, settled: drift }
    };
    let flicker = |watched| Settings { flicker: Some(watched), ..KNOWN };
    assert!(check(flicker(of(32767, 32768))) && !check(flicker(of(32768, 32768))) && !check(flicker(of(9, 32769))));
    let allowing = |drift, settled| {
        let [drift, settled] = [drift, settled].map(|allowance| Drift { allowance, limit: 9 });
        Settings { confidence: Watched { baseline: Baseline::Known(9), drift, settled }, failing: 1000, ..KNOWN }
    };
    assert!(check(allowing(999, 999)));
    for (drift, settled) in [(1000, 999), (999, 1000), (1001, 999), (999, 1001)] {
        assert!(!check(allowing(drift, settled)), "{drift} {settled}");
    }
    let empty = Settings { empty: 15, smoothing: 8, quantile: 32768, area: (5, 5), invalid: 32767, ..KNOWN };
    assert!(
        check(empty) && check(Settings { failing: 32768, ..KNOWN }) && !check(Settings { failing: 32769, ..KNOWN })
    );
    assert!(!check(Settings { area: (0, 32769), ..KNOWN }));
}

/// What a frame says of the picture is what the report says, and a picture that is not there leaves nothing.
#[test]
fn pictures_of_a_frame() {
    let (mut buffer, mut memory) = (vec![0; 64], vec![0; Camera::luma(8).bytes()]);
    let mut watch = Watch::<_, 16>::new(U8, &mut buffer, Settings::DEFAULT).expect("settings");
    watch = watch.seeing(Camera::luma(8), &mut memory).expect("memory");
    let map: Vec<u8> = (0..64).map(|at| if at % 8 < 3 { 0 } else { 250 }).collect();
    let luma: Vec<u8> = (0..64).map(|at| if at % 8 < 3 { 10 } else { 90 + at / 8 }).collect();
    watch.frame_with(&map, Picture::new(&luma, 8)).expect("a frame");
    let (seen, report) = (*watch.seen().expect("a frame"), watch.report());
    assert_eq!((seen.edge(), seen.detail()), (report.edge, report.detail));
    assert!(seen.edge() > Some(100) && seen.detail() > Some(100), "{seen:?}");
    assert_eq!(seen.area_q15(), report.area);
    let without = seen.pictured(None);
    assert_eq!((without.edge(), without.detail()), (None, None));
    watch.frame(&map).expect("a frame");
    assert_eq!((watch.report().edge, watch.report().detail), (None, None));
}

/// Readings of the picture are 32768 and a logarithm to base 2 in 1/2048: an edge is believed where it is a factor of e^0.15 above
/// what chance gives, and a fall by the same factor adds nothing up.
#[test]
fn the_least_edge_that_is_believed() {
    let edge = Settings::DEFAULT.edge.expect("it is watched");
    let Baseline::Learnt { least, .. } = edge.baseline else { panic!("it is learnt") };
    let factor = (0.15 * std::f64::consts::LOG2_E * 2048.0).round() as u16;
    assert_eq!((least, edge.drift.allowance), (32768 + factor, factor));
}
