//! Simulated healthy scores: normal, each correlated with the one before.

use super::Random;
use soft_dice::confidence::confidence;
use soft_dice::monitor::{Frame, Monitor, Noise, Settings};
use soft_dice::{U16, Unit};
use std::collections::HashMap;

pub struct Scores {
    random: Random,
    pub mean: f64,
    noise: Noise,
    last: f64,
    /// Made once for each score: a million frames have a few thousand different ones.
    frames: HashMap<u16, Frame>,
}

impl Scores {
    pub fn new(seed: u64, mean: f64, noise: Noise) -> Self {
        let mut scores = Self { random: Random(seed << 32), mean, noise, last: 0.0, frames: HashMap::new() };
        scores.last = scores.normal();
        scores
    }

    /// Box and Muller.
    fn normal(&mut self) -> f64 {
        let mut uniform = || (self.random.next() as f64 + 1.0) / 2f64.powi(64);
        (-2.0 * uniform().ln()).sqrt() * (std::f64::consts::TAU * uniform()).cos()
    }

    /// The next score's distance from the mean, not rounded.
    pub fn deviate(&mut self) -> f64 {
        let phi = self.noise.correlation;
        self.last = phi * self.last + (1.0 - phi * phi).sqrt() * self.normal();
        self.noise.deviation * self.last
    }

    /// As if the last score had been the mean.
    pub fn restart(&mut self) {
        self.last = 0.0;
    }

    pub fn frame(&mut self) -> Frame {
        let score = self.next().expect("there is always one");
        *self.frames.entry(score).or_insert_with(|| frame(score))
    }

    pub fn frame_at(&mut self, score: f64) -> Frame {
        frame((score * 32768.0) as u16)
    }
}

impl Iterator for Scores {
    type Item = u16;

    fn next(&mut self) -> Option<u16> {
        let score = self.mean + self.deviate();
        Some((score * 32768.0).round().clamp(1.0, 32768.0) as u16)
    }
}

/// A frame of this score, from sums made for it: 2 Σpt / (Σp + Σt) with Σt = 2¹⁵ pixels and Σp = Σpt.
fn frame(score: u16) -> Frame {
    let base = confidence(U16::new());
    let mut record = soft_dice::Measured::record(base.sums());
    // s = 2a / (a + t)  ⇔  a = s·t / (2 − s).
    record.unit_p = Unit::binary(15);
    record.t = 1 << 15;
    record.count = 1 << 15;
    record.pt = ((u128::from(score) << 30) / (65536 - u128::from(score))).max(1);
    record.p = record.pt;
    Frame::new(&record).expect("pixels")
}

pub fn monitor(settings: Settings) -> Monitor<4> {
    Monitor::new(settings).expect("settings")
}
