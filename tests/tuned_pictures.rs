//! Edge and detail of a camera's picture are tuned beside confidence, each by itself: what is steady keeps an alarm, what is not is
//! switched off, alone.

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

fn tuned(picture: impl Fn(usize, &mut Random) -> [usize; 2]) -> Tuned {
    let mut random = Random(12);
    let mut next = |at| frame(31_000 + random.below(200) as u16, picture(at, &mut random));
    let frames: Vec<Frame> = (0..FRAMES).map(&mut next).collect();
    let promise = Promise { fall: 0.05, frames_between: 1e4, learnt: Some(8) };
    tune(&[&frames], &promise, Settings::DEFAULT).expect("confidence is steady")
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
    let steady = tuned(|_, random| [16_000 + random.below(300), 40_000 + random.below(500)]);
    assert_eq!((steady.off, steady.signals[1]), ([false; 4], None));
    found(&steady, Signal::Edge, steady.settings.edge);
    found(&steady, Signal::Detail, steady.settings.detail);
    let allowances = [steady.settings.edge, steady.settings.detail].map(|watched| watched.map(|w| w.drift.allowance));
    assert_eq!(allowances, [Some(443), Some(1773)], "half of what is asked for is enough");

    let edgeless = tuned(|at, random| [if at % 5 < 3 { 60_000 } else { 0 }, 40_000 + random.below(500)]);
    assert_eq!((edgeless.off, edgeless.settings.edge), ([false, false, true, false], None));
    found(&edgeless, Signal::Detail, edgeless.settings.detail);

    // Sixteen octaves of detail do not tell a sharp picture from a blurred one where every other frame is either.
    let blurred = tuned(|at, random| {
        let blur = if at % 5 < 3 { 1 } else { 4000 };
        [(20_000 + random.below(300)) / blur, (200_000 + random.below(500)) / blur]
    });
    assert_eq!((blurred.off[3], blurred.settings.detail), (true, None));
    assert_eq!((blurred.off[0], blurred.signals[0].is_some()), (false, true));
}
