//! False alarms of a CUSUM on correlated normal scores: a Markov chain on a lattice.
//!
//! ```text
//! all in deviations of a score; Δ = allowance / m, so that S and the score share a lattice:
//! v(S, x) = share of the charts without an alarm that are at S with the last score x below its mean
//! until the rate stands still:
//!     w(S, x') = Σ v(S, x) · P(x' | x)             x' = φx + √(1 − φ²) · normal
//!     S' = max(0, S + x' − m)
//!     rate = Σ w where S' > limit                  what is lost in a frame
//!     v(S', x') = w / (1 − rate)
//! ```
//!
//! Sums of a normal density over a lattice of up to a deviation are exact beyond any need (Poisson's summation), so the
//! scores cost nothing; S is off by half a step where it is cut, for which the limit is put half a step further.

use super::math::{exp, ln, sqrt};

/// Scores from −HALF to HALF steps.
const HALF: usize = 48;
const SCORES: usize = 2 * HALF + 1;
/// Values of S: 0 to LIMIT steps.
const LIMIT: usize = 160;
const VALUES: usize = LIMIT + 1;

/// Steps per allowance, and how scores follow each other.
pub(super) struct Lattice {
    /// Deviations a step.
    step: f64,
    /// Steps of the allowance.
    allowance: usize,
    /// P(x' | x), by x.
    follows: [[f64; SCORES]; SCORES],
    /// Where that is not next to nothing, by x.
    reach: [(usize, usize); SCORES],
}

impl Lattice {
    /// `allowance` in deviations; `None` below 0.2, where there are too many steps to an alarm.
    pub fn new(allowance: f64, correlation: f64) -> Option<Self> {
        if !(0.2..1.0e9).contains(&allowance) {
            return None;
        }
        // Beyond 8 deviations there is nothing to be seen.
        let allowance = allowance.min(8.0);
        let steps = ((allowance / 0.18 + 0.5) as usize).max(1);
        let step = allowance / steps as f64;
        let rest = sqrt(1.0 - correlation * correlation);
        let mut follows = [[0.0; SCORES]; SCORES];
        let mut reach = [(0, SCORES); SCORES];
        for ((x, row), reach) in follows.iter_mut().enumerate().zip(&mut reach) {
            for (next, share) in row.iter_mut().enumerate() {
                let off = (place(next) - correlation * place(x)) * step / rest;
                *share = exp(-off * off / 2.0);
            }
            let sum: f64 = row.iter().sum();
            row.iter_mut().for_each(|share| *share /= sum);
            let first = row.iter().position(|&share| share > NOTHING).unwrap_or(0);
            let last = row.iter().rposition(|&share| share > NOTHING).unwrap_or(SCORES - 1);
            *reach = (first, last + 1);
        }
        Some(Self { step, allowance: steps, follows, reach })
    }

    /// False alarms per frame for a limit in deviations; beyond the lattice, those at its end.
    pub fn rate(&self, limit: f64) -> f64 {
        // A limit of l + ½ steps is the lattice's l. Between two, logarithms are nearly straight.
        let steps = (limit / self.step - 0.5).clamp(0.0, LIMIT as f64);
        let below = steps as usize;
        let part = steps - below as f64;
        let (a, b) = (self.absorbed(below), self.absorbed((below + 1).min(LIMIT)));
        if b < LEAST { a * (1.0 - part) } else { a * exp(part * (ln(b) - ln(a))) }
    }

    /// The least limit, in deviations, with no more than `rate` false alarms per frame.
    pub fn limit(&self, rate: f64) -> Option<f64> {
        let enough = |limit: usize| limit <= LIMIT && self.absorbed(limit) <= rate;
        // Short limits are the usual ones, and the cheap ones.
        let (mut low, mut high) = (0, 1);
        while high <= LIMIT && !enough(high) {
            (low, high) = (high + 1, 2 * high);
        }
        if high > LIMIT {
            if !enough(LIMIT) {
                return None;
            }
            high = LIMIT;
        }
        while low < high {
            let middle = low.midpoint(high);
            if enough(middle) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        let Some(below) = low.checked_sub(1) else {
            return Some(0.0);
        };
        let (a, b) = (self.absorbed(below), self.absorbed(low));
        let part = if b < LEAST { 1.0 } else { ln(a / rate) / ln(a / b) };
        Some((below as f64 + 0.5 + part) * self.step)
    }

    /// What is lost in a frame, in the long run, with a limit in steps.
    fn absorbed(&self, limit: usize) -> f64 {
        let mut v = [[0.0; SCORES]; VALUES];
        let mut w = [[0.0; SCORES]; VALUES];
        // From the lattice's own stationary scores: those that follow the mean are near enough.
        v[0] = self.follows[HALF];
        let mut rate = 0.0;
        for turn in 0..MOST_TURNS {
            for (from, to) in v.iter().zip(&mut w).take(limit + 1) {
                *to = [0.0; SCORES];
                for ((&share, follows), &(first, end)) in from.iter().zip(&self.follows).zip(&self.reach) {
                    if share > NOTHING
                        && let (Some(to), Some(follows)) = (to.get_mut(first..end), follows.get(first..end))
                    {
                        to.iter_mut().zip(follows).for_each(|(to, follows)| *to += share * follows);
                    }
                }
            }
            v.iter_mut().take(limit + 1).for_each(|row| *row = [0.0; SCORES]);
            let mut lost = 0.0;
            for (s, row) in w.iter().enumerate().take(limit + 1) {
                for (x, &share) in row.iter().enumerate() {
                    let fall = x as isize - HALF as isize - self.allowance as isize;
                    match v.get_mut(s.saturating_add_signed(fall)) {
                        Some(to) if s.saturating_add_signed(fall) <= limit => to[x] += share,
                        _ => lost += share,
                    }
                }
            }
            v.iter_mut().take(limit + 1).flatten().for_each(|share| *share /= 1.0 - lost);
            let settled = (lost - rate).abs() <= 1.0e-5 * lost;
            rate = lost;
            if turn > LEAST_TURNS && settled {
                break;
            }
        }
        rate
    }
}

/// Rates below are none: their logarithms mean nothing.
const LEAST: f64 = 1.0e-200;
/// Shares below are not followed: a millionth of the rarest alarm that can be promised (10⁻¹²).
const NOTHING: f64 = 1.0e-18;
const LEAST_TURNS: usize = 20;
const MOST_TURNS: usize = 1000;

fn place(index: usize) -> f64 {
    index as f64 - HALF as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Siegmund's approximation of the average run length, good for small allowances: Sequential Analysis (1985).
    fn siegmund(allowance: f64, limit: f64) -> f64 {
        let (d, b) = (allowance, limit + 1.166);
        ((2.0 * d * b).exp() - 2.0 * d * b - 1.0) / (2.0 * d * d)
    }

    #[test]
    fn tabulated_run_lengths() {
        // Uncorrelated, allowance ½ (Montgomery, Introduction to Statistical Quality Control, table 9.3, two-sided:
        // twice as long for one side): limits 4 and 5.
        let lattice = Lattice::new(0.5, 0.0).unwrap();
        for (limit, one_sided) in [(4.0, 2.0 * 168.0), (5.0, 2.0 * 465.0)] {
            let length = 1.0 / lattice.rate(limit);
            assert!((length / one_sided - 1.0).abs() < 0.05, "{limit}: {length} against {one_sided}");
            assert!((length / siegmund(0.5, limit) - 1.0).abs() < 0.05, "{limit}: {length}");
            let found = lattice.limit(1.0 / length).unwrap();
            assert!((found - limit).abs() < 0.02, "{found} against {limit}");
        }
    }

    #[test]
    fn beyond_the_lattice_is_said() {
        assert!(Lattice::new(0.1, 0.0).is_none() && Lattice::new(f64::NAN, 0.0).is_none());
        let lattice = Lattice::new(0.2, 0.95).unwrap();
        assert_eq!(lattice.limit(1.0e-6), None);
        assert_eq!(lattice.rate(1.0e3), lattice.rate(1.0e4));
        // Each limit up to there keeps more than the one before.
        let [before, last, end] = [158, 159, 160].map(|limit| lattice.absorbed(limit));
        assert!(before > last && last > end, "{before} {last} {end}");
        assert_eq!(Lattice::new(1.0e6, 0.0).unwrap().limit(1.0e-6), Some(0.0));
    }

    /// Scores end at 48 steps, four beyond an allowance of 8 deviations, and what has come that far twice is too rare to be
    /// followed: from 8 steps on there are no alarms at all, and for fewer than with 7 the limit is that whole step further.
    #[test]
    fn a_limit_beyond_all_alarms() {
        let lattice = Lattice::new(8.0, 0.0).unwrap();
        let last = lattice.rate(7.5 * lattice.step);
        assert!(last > 1.0e-37 && lattice.rate(8.5 * lattice.step) == 0.0, "{last}");
        let found = lattice.limit(last / 10.0).unwrap() / lattice.step;
        assert!((found - 8.5).abs() < 1.0e-9, "{found} steps");
    }
}
