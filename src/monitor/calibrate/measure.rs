use super::math::sqrt;
use super::{MOST_CORRELATED, Noise};

/// Deviation and correlation of readings that come one after another, with gaps.
#[derive(Clone, Copy)]
pub(in crate::monitor) struct Pairs {
    count: usize,
    pairs: usize,
    sum: f64,
    squares: f64,
    products: f64,
    last: Option<f64>,
}

impl Pairs {
    pub const NONE: Self = Self { count: 0, pairs: 0, sum: 0.0, squares: 0.0, products: 0.0, last: None };

    /// A reading's distance from its level; none where the next does not follow the last.
    pub fn take(&mut self, off: Option<f64>) {
        if let Some(off) = off {
            self.count += 1;
            self.sum += off;
            self.squares += off * off;
            if let Some(last) = self.last {
                self.pairs += 1;
                self.products += off * last;
            }
        }
        self.last = off;
    }

    pub const fn count(&self) -> usize {
        self.count
    }

    pub fn noise(&self) -> Noise {
        let n = (self.count as f64).max(1.0);
        let mean = self.sum / n;
        let variance = (self.squares / n - mean * mean).max(0.0);
        let covariance = self.products / (self.pairs as f64).max(1.0) - mean * mean;
        let correlation = if variance > 0.0 { covariance / variance } else { 0.0 };
        Noise { deviation: sqrt(variance), correlation: correlation.clamp(0.0, MOST_CORRELATED) }
    }
}
