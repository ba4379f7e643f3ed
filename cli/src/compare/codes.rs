//! Which numbers the device wrote: how many different ones, where they lie, how many at the ends.

use crate::model::Codes;
use crate::prediction::{Planes, Prediction};

/// Steps of the histogram.
const STEPS: usize = 256;

/// A count for each code of 16 bits at most, or for each step of [0, 1].
#[derive(Clone, Debug, Default)]
pub struct Seen {
    counts: Vec<u64>,
    floats: bool,
}

impl Seen {
    pub fn of(device: &Prediction) -> Self {
        fn count(codes: usize, indices: impl Iterator<Item = usize>) -> Vec<u64> {
            let mut counts = vec![0; codes];
            indices.for_each(|at| counts[at] += 1);
            counts
        }
        let codes = |counts| Self { counts, floats: false };
        match &device.planes {
            Planes::U8(_, v) | Planes::U8Affine(_, v) => codes(count(STEPS, v.iter().map(|&q| usize::from(q)))),
            Planes::I8(_, v) => codes(count(STEPS, v.iter().map(|&q| usize::from(q.cast_unsigned() ^ 0x80)))),
            Planes::U16(_, v) => codes(count(1 << 16, v.iter().map(|&q| usize::from(q)))),
            Planes::Q15(_, v) => codes(count(1 << 16, v.iter().map(|&q| usize::from(q.cast_unsigned() ^ 0x8000)))),
            Planes::F32(_, v) | Planes::F32Fine(_, v) => {
                let steps = v.iter().filter(|v| !v.is_nan()).map(|&v| (v.clamp(0.0, 1.0) * 255.0).round() as usize);
                Self { counts: count(STEPS, steps), floats: true }
            }
        }
    }

    pub fn add(&mut self, more: &Self) {
        self.counts.iter_mut().zip(&more.counts).for_each(|(sum, more)| *sum += more);
    }

    pub fn codes(&self, clamped: u64) -> Codes {
        let all = u32::try_from(self.counts.len()).unwrap_or(u32::MAX);
        let used = self.counts.iter().filter(|&&count| count > 0).count();
        Codes {
            used: (!self.floats).then_some(u32::try_from(used).unwrap_or(u32::MAX)),
            of: (!self.floats).then_some(all),
            lowest: self.counts.first().copied().unwrap_or(0),
            highest: self.counts.last().copied().unwrap_or(0),
            clamped,
            histogram: self.counts.chunks((self.counts.len() / STEPS).max(1)).map(|step| step.iter().sum()).collect(),
        }
    }
}
