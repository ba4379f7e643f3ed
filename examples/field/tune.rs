//! Settings that are tuned on healthy recordings keep their promise on a million frames drawn from them, all signals
//! together.

use crate::recording::Field;
use soft_dice::monitor::{Frame, Monitor, Promise, Settings, State, tune};
use std::path::PathBuf;

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % n as u64) as usize
    }
}

/// The 99 % interval of a Poisson count's mean, by Wilson and Hilferty.
fn interval(count: usize) -> (f64, f64) {
    let k = count as f64;
    let bound = |k: f64, z: f64| k * (1.0 - 1.0 / (9.0 * k) + z / (3.0 * k.sqrt())).powi(3);
    (if count == 0 { 0.0 } else { bound(k, -2.576) }, bound(k + 1.0, 2.576))
}

/// Alarms among frames that are drawn in blocks, each block from anywhere in the recordings of one scene.
fn alarms(scene: &[Frame], settings: Settings, frames: usize, block: usize, random: &mut Random) -> usize {
    let mut monitor = Monitor::<4>::new(settings).expect("settings");
    // The device learns its scene as it comes.
    for frame in &scene[..64] {
        monitor.observe(frame).expect("a frame");
    }
    let (mut taken, mut count) = (0, 0);
    while taken < frames {
        let at = random.below(scene.len() - block);
        for frame in &scene[at..at + block] {
            let event = monitor.observe(frame).expect("a frame");
            count += usize::from(event.is_some_and(|event| {
                matches!(event.to, State::Degraded | State::Failed) && event.from == State::Healthy
            }));
        }
        taken += block;
    }
    count
}

#[test]
fn a_million_frames_of_real_scenes() {
    let Some(data) = std::env::var_os("SOFT_DICE_DATA") else {
        println!("not run: SOFT_DICE_DATA is not set");
        return;
    };
    let field = Field::open(&PathBuf::from(data).join("field")).expect("the recordings");
    const FRAMES: usize = 1_000_000;
    for name in ["h_land_car1", "h_self_car1", "h_body_car1", "h_dbnet_page"] {
        let recording = field.read(name).expect("a recording");
        for per in [1.0e4, 1.0e5] {
            let promise = Promise { fall: 0.05, frames_between: per, learnt: Some(32) };
            let found = tune(&[&recording.frames], &promise, Settings::DEFAULT).expect("it answers");
            let mut random = Random(17 << 32);
            // Frames of any two blocks follow each other: agreement there is what it was within its own block.
            let count = alarms(&recording.frames, found.settings, FRAMES, 40, &mut random);
            let (low, high) = interval(count);
            let promised = FRAMES as f64 / per;
            println!("{name}, promised 1 in {per:.0e}: {count} alarms in 10^6 frames (99 %: {low:.1} to {high:.1})");
            for one in found.signals.into_iter().flatten() {
                println!("    {:?}: fall {:.4} of {:.4} asked, {:?}", one.signal, one.fall, one.asked, one.drift);
            }
            assert!(low <= promised, "{name}: {count} alarms, {promised} promised");
            assert_eq!(found.alarms, 0, "{name}: none in what it was tuned on");
        }
    }
}
