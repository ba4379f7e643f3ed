//! How a score lies over the files: quantiles, a histogram, and how sure its mean is.

use serde::{Deserialize, Serialize};

/// Bars of the histogram, of [0, 1].
const BARS: usize = 20;
/// Means that are drawn for the interval, and all draws at most.
const MEANS: usize = 2000;
const MOST_DRAWS: usize = 40_000_000;
/// Where the numbers of the draws begin: the interval is the same in every run.
const SEED: u64 = 0x5EED_D1CE;

/// Of the files whose score is defined.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Distribution {
    /// Files.
    pub files: usize,
    /// The worst.
    pub least: f64,
    /// A twentieth of the files is below.
    pub q05: f64,
    /// A quarter is.
    pub q25: f64,
    /// Half of them.
    pub median: f64,
    /// Three quarters.
    pub q75: f64,
    /// All but a twentieth.
    pub q95: f64,
    /// The best.
    pub most: f64,
    /// Files in each twentieth of [0, 1]; what is beyond lies in the last.
    pub histogram: Vec<usize>,
    /// 95 % interval of the mean over files, if there are two.
    pub interval: Option<Interval>,
}

/// Where the mean over such files lies in 95 of 100 cases.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// Means of files drawn with replacement (percentiles of them); 0: too many files for that, and the normal interval, which
    /// then is the same.
    pub drawn: usize,
}

impl Distribution {
    /// Of these scores, in any order.
    #[must_use]
    pub fn of(mut scores: Vec<f64>) -> Option<Self> {
        scores.retain(|score| score.is_finite());
        scores.sort_by(f64::total_cmp);
        let (&least, &most) = (scores.first()?, scores.last()?);
        let mut histogram = vec![0; BARS];
        for score in &scores {
            histogram[((score * BARS as f64) as usize).min(BARS - 1)] += 1;
        }
        let at = |part| quantile(&scores, part);
        let [q05, q25, median, q75, q95] = [0.05, 0.25, 0.5, 0.75, 0.95].map(at);
        let interval = (scores.len() > 1).then(|| interval(&scores));
        Some(Self { files: scores.len(), least, q05, q25, median, q75, q95, most, histogram, interval })
    }
}

/// Between the two scores about it, as NumPy's default has it.
fn quantile(sorted: &[f64], part: f64) -> f64 {
    let place = part * (sorted.len() - 1) as f64;
    let (low, high) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    low + (high - low) * place.fract()
}

fn interval(scores: &[f64]) -> Interval {
    let count = scores.len();
    if count > MOST_DRAWS / MEANS {
        let mean = scores.iter().sum::<f64>() / count as f64;
        let spread = scores.iter().map(|score| (score - mean) * (score - mean)).sum::<f64>() / (count - 1) as f64;
        let reach = 1.959_964 * (spread / count as f64).sqrt();
        return Interval { low: mean - reach, high: mean + reach, drawn: 0 };
    }
    let mut state = SEED;
    let mut means: Vec<f64> =
        (0..MEANS).map(|_| (0..count).map(|_| scores[below(&mut state, count)]).sum::<f64>() / count as f64).collect();
    means.sort_by(f64::total_cmp);
    Interval { low: quantile(&means, 0.025), high: quantile(&means, 0.975), drawn: MEANS }
}

/// A number below `count`: splitmix64, whose high bits are scaled.
fn below(state: &mut u64, count: usize) -> usize {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut bits = *state;
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((u128::from(bits ^ (bits >> 31)) * count as u128) >> 64) as usize
}

#[cfg(test)]
mod tests {
    use super::{Distribution, MEANS};

    #[test]
    fn quantiles_as_numpy_has_them() {
        // numpy.quantile([0.1, 0.2, 0.4, 0.8], [0.05, 0.25, 0.5, 0.75, 0.95]).
        let one = Distribution::of(vec![0.8, 0.1, f64::INFINITY, 0.4, 0.2]).expect("scores");
        let expected = [0.115, 0.175, 0.3, 0.5, 0.74];
        for (got, expected) in [one.q05, one.q25, one.median, one.q75, one.q95].into_iter().zip(expected) {
            assert!((got - expected).abs() < 1e-12, "{got} {expected}");
        }
        assert_eq!((one.files, one.least, one.most), (4, 0.1, 0.8));
        assert_eq!(one.histogram.iter().sum::<usize>(), 4);
        assert_eq!(Distribution::of(vec![f64::NAN]), None);
    }

    /// Of a sample whose mean's standard error is known, the interval is about ±1.96 of it.
    #[test]
    fn the_interval_is_as_wide_as_it_should_be() {
        let scores: Vec<f64> = (0..400).map(|at| f64::from(at % 20) / 20.0).collect();
        let mean = scores.iter().sum::<f64>() / 400.0;
        let spread = scores.iter().map(|score| (score - mean).powi(2)).sum::<f64>() / 400.0;
        let expected = 1.96 * (spread / 400.0).sqrt();
        let interval = Distribution::of(scores).and_then(|one| one.interval).expect("an interval");
        assert_eq!(interval.drawn, MEANS);
        for reach in [mean - interval.low, interval.high - mean] {
            assert!((reach / expected - 1.0).abs() < 0.1, "{reach} {expected}");
        }
    }
}
