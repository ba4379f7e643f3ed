//! Edge and detail of a camera's picture are tuned beside confidence, each by itself, and both stay watched where they are steady.

#[path = "support/random.rs"]
mod random;

use random::Random;
use soft_dice::confidence::confidence;
use soft_dice::monitor::{Baseline, Frame, Outlined, Promise, Settings, Signal, Tuned, Watched, tune};
use soft_dice::*;

const FRAMES: usize = 40;

/// A steady confidence beside a picture with these sums under the mask's boundary of 1000 pixels and over 10,000.
fn frame(score: u16, [under, everywhere]: [usize; 2]) -> Frame {
    let mut own = confidence(U8);
    own.update(&[255; 64], ()).expect("codes");
    let seen = Outlined { pixels: 10_000, everywhere: everywhere as u64, boundary: 1000, under: under as u64 };
    Frame::new(own.sums()).expect("a map").scored(Some(score)).pictured(Some(seen))
}

/// What is watched as the tuning has found it.
fn found(tuned: &Tuned, signal: Signal, watched: Option<Watched>) {
    let place = Signal::ALL.into_iter().position(|one| one == signal).expect("one of four");
    let (tuning, watched) = (tuned.signals[place].expect("tuned"), watched.expect("watched"));
    assert_eq!((tuning.signal, tuning.readings), (signal, FRAMES));
    assert_eq!((watched.drift, watched.settled), (tuning.drift, tuning.drift));
    assert!(matches!(watched.baseline, Baseline::Learnt { frames: 8, refined: 64, .. }), "{watched:?}");
}

#[test]
fn pictures_beside_confidence() {
    let mut random = Random(12);
    let mut next = |_| {
        let picture = [16_000 + random.below(300), 40_000 + random.below(500)];
        frame(31_000 + random.below(200) as u16, picture)
    };
    let frames: Vec<Frame> = (0..FRAMES).map(&mut next).collect();
    let promise = Promise { fall: 0.05, frames_between: 1e4, learnt: Some(8) };
    let steady = tune(&[&frames], &promise, Settings::DEFAULT).expect("all are steady");
    assert_eq!((steady.off, steady.signals[1]), ([false; 4], None));
    found(&steady, Signal::Edge, steady.settings.edge);
    found(&steady, Signal::Detail, steady.settings.detail);
    let allowances = [steady.settings.edge, steady.settings.detail].map(|watched| watched.map(|w| w.drift.allowance));
    assert_eq!(allowances, [Some(443), Some(1773)], "half of what is asked for is enough");
}
