//! A synthetic run: a disc that wanders, seen by a network whose output goes bad from some frame on.

use super::Random;

pub struct Scene {
    pub seed: u64,
    /// The first frame that is worse.
    pub onset: usize,
    /// How much worse a frame gets than the one before.
    pub slope: f64,
}

impl Scene {
    pub const SIDE: usize = 64;
    pub const PIXELS: usize = Self::SIDE * Self::SIDE;

    /// The frames of a run, to where nothing is left.
    pub fn end(&self) -> usize {
        self.onset + (1.2 / self.slope) as usize
    }

    /// The map, as codes of 1/255, and the true mask.
    pub fn frame(&self, frame: usize) -> (Vec<u8>, Vec<u8>) {
        let mut random = Random(self.seed << 32 | frame as u64);
        let mut normal = || (0..12).map(|_| random.next() as f64 / 2f64.powi(64)).sum::<f64>() - 6.0;
        let worse = frame.saturating_sub(self.onset) as f64 * self.slope;
        let phase = frame as f64 * 0.07 + self.seed as f64;
        let centre = (32.0 + 6.0 * phase.sin(), 32.0 + 5.0 * (1.3 * phase).cos());
        // Edges blur, the object fades, noise grows; and no two frames are as sharp as each other.
        let sharpness = (1.6 + 0.1 * normal()) / (1.0 + 4.0 * worse);
        let (fade, noise) = (10.0 * worse, 0.3 + 1.5 * worse);
        let mut map = Vec::with_capacity(Self::PIXELS);
        let mut truth = Vec::with_capacity(Self::PIXELS);
        for at in 0..Self::PIXELS {
            let (x, y) = ((at % Self::SIDE) as f64, (at / Self::SIDE) as f64);
            let inside = 17.0 - ((x - centre.0).powi(2) + (y - centre.1).powi(2)).sqrt();
            let logit = inside * sharpness - fade + noise * normal();
            map.push((255.0 / (1.0 + (-logit).exp())).round() as u8);
            truth.push(u8::from(inside >= 0.0));
        }
        (map, truth)
    }
}
