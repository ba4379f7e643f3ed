//! What becomes of the class of each pixel, where classes exclude each other.

use crate::model::{ArgmaxFlips, ClassFlips};
use crate::prediction::Prediction;
use crate::target::argmax;

/// Counts of pixels by the class that is greatest on each side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Argmax {
    pixels: u64,
    flips: u64,
    ties: u64,
    /// Of each class: on the device, in the float model, on both.
    classes: Vec<[u64; 3]>,
}

impl Argmax {
    /// Of two maps of several classes; pixels that are no number in any class are left out.
    pub fn of(device: &Prediction, float: &[f32]) -> Option<Self> {
        let (classes, pixels) = (device.map.classes, device.map.pixels());
        if classes < 2 {
            return None;
        }
        let device = device.values();
        let (p, t) = (argmax(&device, classes, pixels), argmax(float, classes, pixels));
        let mut all = Self { classes: vec![[0; 3]; classes], ..Self::default() };
        for at in 0..pixels {
            let places = || (0..classes).map(|class| class * pixels + at);
            if places().any(|at| device[at].is_nan() || float[at].is_nan()) {
                continue;
            }
            let (of_device, of_float) = (usize::from(p[at]), usize::from(t[at]));
            all.pixels += 1;
            all.classes[of_device][0] += 1;
            all.classes[of_float][1] += 1;
            if of_device == of_float {
                all.classes[of_device][2] += 1;
            } else {
                all.flips += 1;
                // The device has the float model's class as high, and one before it.
                all.ties += u64::from(device[of_float * pixels + at] == device[of_device * pixels + at]);
            }
        }
        Some(all)
    }

    pub fn add(&mut self, more: &Self) {
        self.pixels += more.pixels;
        self.flips += more.flips;
        self.ties += more.ties;
        for (sum, more) in self.classes.iter_mut().zip(&more.classes) {
            sum.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
        }
    }

    pub fn report(&self) -> ArgmaxFlips {
        let class = |&[device, float, both]: &[u64; 3]| ClassFlips {
            device,
            float,
            both,
            dice: (device + float > 0).then(|| 2.0 * both as f64 / (device + float) as f64),
        };
        ArgmaxFlips {
            of: self.pixels,
            flips: self.flips,
            ties: self.ties,
            classes: self.classes.iter().map(class).collect(),
        }
    }
}
