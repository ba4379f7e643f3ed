//! From a recording of healthy scores to thresholds that keep a promise.

mod chain;
mod math;
pub(super) mod measure;

use super::settings::{Baseline, Drift, ONE, Settings, Watched};
use crate::error::Error;
pub(super) use math::{ln, sqrt};

/// What the thresholds are to keep.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Promise {
    /// The fall below the baseline that is to be found: 0.05 by default.
    pub fall: f64,
    /// Frames from one false alarm to the next, on average, at least: 10⁶ by default.
    pub frames_between: f64,
    /// If the device learns its baseline itself: from so many frames. Else it is the recording's.
    pub learnt: Option<u8>,
}

impl Promise {
    /// # Errors
    ///
    /// [`Error::Setting`] if it is none.
    pub(super) fn check(&self) -> Result<(), Error> {
        let &Self { fall, frames_between, learnt } = self;
        let sound = fall > 0.0 && fall < 1.0 && frames_between > 1.0 && frames_between < 1.0e12;
        if sound && learnt.is_none_or(|frames| (3..=64).contains(&frames)) { Ok(()) } else { Err(Error::Setting) }
    }
}

impl Default for Promise {
    fn default() -> Self {
        Self { fall: 0.05, frames_between: 1.0e6, learnt: Some(8) }
    }
}

/// Healthy scores as a process: normal, each correlated with the one before (AR(1)).
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Noise {
    /// Standard deviation of a score.
    pub deviation: f64,
    /// Correlation of one score with the next, from 0 to 0.95.
    pub correlation: f64,
}

impl Noise {
    /// False alarms per frame of a CUSUM with these thresholds (scores, not Q15) on this noise, once it runs: the rate at
    /// which the chain of (S, score) that has not alarmed yet is absorbed. `None` for an allowance below 0.2 deviations;
    /// beyond a limit of about 30 deviations it is the rate there, which is more.
    ///
    /// Uses about 330 KB of stack: for the host.
    #[must_use]
    pub fn false_alarms(&self, allowance: f64, limit: f64) -> Option<f64> {
        Some(chain::Lattice::new(allowance / self.deviation, self.correlation)?.rate(limit / self.deviation))
    }

    /// The frames that any detector with a false alarm in `frames_between` needs at the worst to find a fall, in the
    /// limit of few false alarms (Lorden 1971): until the information reaches ln(frames between). A frame brings
    /// fall² / 2σ² times (1 − φ)/(1 + φ); the first, whose fall the one before does not share, fall² / 2σ²(1 − φ²).
    #[must_use]
    pub fn least_delay(&self, fall: f64, frames_between: f64) -> f64 {
        let (steps, phi) = (fall / self.deviation, self.correlation);
        let first = steps * steps / (2.0 * (1.0 - phi * phi));
        let each = steps * steps / 2.0 * (1.0 - phi) / (1.0 + phi);
        let needed = math::ln(frames_between);
        1.0 + (needed - first).max(0.0) / each
    }
}

/// What [`calibrate`] found.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Calibration {
    /// The promise it keeps.
    pub promise: Promise,
    /// Mean of the recording.
    pub mean: f64,
    /// Of the recording, as measured.
    pub measured: Noise,
    /// The greatest that the recording allows (95 %): what the thresholds are made for.
    pub noise: Noise,
    /// The thresholds.
    pub drift: Drift,
    /// False alarms per frame expected of them with that noise.
    pub rate: f64,
}

impl Calibration {
    /// Settings with these thresholds, and the baseline of the recording unless the device is to learn its own.
    #[must_use]
    pub fn settings(&self, others: Settings) -> Settings {
        let baseline = match (self.promise.learnt, others.confidence.baseline) {
            (Some(frames), Baseline::Learnt { refined, least, .. }) => {
                Baseline::Learnt { frames, refined: refined.max(frames), least }
            }
            (Some(frames), Baseline::Known(_)) => Baseline::Learnt { frames, refined: frames.max(64), least: 0 },
            (None, _) => Baseline::Known(q15(self.mean)),
        };
        let confidence = Watched { baseline, drift: self.drift, settled: self.drift };
        Settings { confidence, ..others }
    }
}

fn q15(x: f64) -> u16 {
    (x * f64::from(ONE) + 0.5).clamp(0.0, f64::from(ONE)) as u16
}

/// Thresholds for a CUSUM of confidence (or of agreement) from a recording of healthy scores, in Q15, frame by frame.
///
/// For the host, or once at commissioning: f64, and about 330 KB of stack. No allocation.
///
/// **The reasoning.**
///
/// 1. *Allowance.* A CUSUM with an allowance of half the fall is the likelihood ratio test of that fall, and no detector
///    with as few false alarms finds it sooner at the worst (Lorden 1971, Moustakides 1986). So the allowance follows
///    from the fall that matters to the user, not from the noise.
/// 2. *Noise.* Scores of consecutive frames are alike, so healthy scores are taken as AR(1): deviation and
///    correlation are measured, and a bias of the latter (−(1 + 3φ)/n, Kendall 1954) is taken out. A short recording
///    knows little: the thresholds are made for the upper 95 % bound of both (χ² with n(1 − φ²)/(1 + φ²) degrees of
///    freedom, by Wilson and Hilferty; normal for φ).
/// 3. *Baseline.* It is a mean of few frames and errs by σ√((1 + φ)/(1 − φ)/n). If it errs upwards every frame seems to
///    have fallen, so its 95 % bound is taken off the allowance while the limit is sought.
/// 4. *Limit.* False alarms per frame are those of the chain of (S, score) on a lattice (as Brook and Evans 1972, with
///    the score as a second coordinate for its correlation), at its quasi-stationary rate; the least limit that keeps
///    the promise is found by bisection. Siegmund's formula would do for uncorrelated scores and small allowances;
///    confidence is so steady that the allowance is several deviations, where it does not hold.
/// 5. *Floor.* The limit is at least the other half of the fall. One frame alone never alarms (debounce), and with this
///    limit the fall is an alarm with its second frame: a lower one would find nothing sooner, and would only trust
///    the tails of the normal distribution further than a recording can show them. The chain knows nothing of the
///    debounce, which makes false alarms fewer, never more.
/// 6. *Check.* A recording of less than a tenth of the frames that are promised between alarms must raise none itself: the
///    limit is above the greatest sum it reaches.
///
/// **How it keeps.** On 10⁶ simulated healthy frames the chain's rate is met, and calibration from 20 000 of them stays below
/// what it promised (1 in 2000: 500); a fall of 0.05 is found, at 1 false alarm in 10⁴, nearly as early as
/// [`Noise::least_delay`] allows, but that a CUSUM which does not model the correlation cannot use it
/// (`tests/calibration.rs`):
///
/// | deviation, correlation | chain says 1000 | promised at most 500 | frames to the alarm | bound |
/// |---|---|---|---|---|
/// | 0.03, 0 | 956 | 420 | 6.5 | 6.6 |
/// | 0.02, 0.4 | 986 | 378 | 5.3 | 5.1 |
/// | 0.014, 0.8 | 973 | 333 | 5.7 | 1.0 |
/// | 0.01, 0 (1 in 10⁶) | | | 2.0 | 1.1 |
///
/// *Where the bound is out of reach.* At a correlation of 0.8 nearly all that can be known of a sudden fall lies in its
/// first frame, whose predecessor does not share it. The monitor does not use that: one frame alone is no alarm, and the
/// gain is small where the fall may as well be slow. Simulated at one false alarm in 10⁴, with a φ that is known exactly
/// (from eight frames it is not), a CUSUM finds on average
///
/// | chart, allowance | a fall at once | a fall over 8 frames |
/// |---|---|---|
/// | of x, half the fall (this one) | 5.7 | 10.8 |
/// | of x − φ·(the last x), half of (1 − φ) of the fall | 4.0 | 10.0 |
/// | the same, half the fall, one frame is an alarm | 4.1 | 181 |
///
/// The last alarms with the first frame, as the bound would have it, or very late: what it misses there it hardly ever
/// finds, and lenses that foul slowly it does not see. What is left to gain is a frame or two.
///
/// ```
/// use soft_dice::monitor::{Promise, calibrate};
///
/// # let mut seed = 1u32;
/// # let mut noise = || { seed = seed.wrapping_mul(1664525).wrapping_add(1013904223); (seed >> 24) as u16 };
/// let recording: Vec<u16> = (0..500).map(|_| 31_700 + noise() + noise() + noise()).collect();
/// let found = calibrate(&recording, &Promise { fall: 0.02, frames_between: 1.0e5, learnt: None })?;
/// assert_eq!(found.drift.allowance, 327);        // 0.01
/// assert!(found.rate <= 1.0e-5);
/// # Ok::<(), soft_dice::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Length`] for fewer than 8 scores, [`Error::Range`] for a score above 32768, [`Error::Setting`] if the promise
/// is no promise, or cannot be kept: the fall is lost in the noise, or the baseline of so few frames is.
pub fn calibrate(scores: &[u16], promise: &Promise) -> Result<Calibration, Error> {
    if scores.len() < 8 {
        return Err(Error::Length);
    }
    if scores.iter().any(|&score| score > ONE) {
        return Err(Error::Range);
    }
    promise.check()?;
    let &Promise { fall, frames_between, learnt } = promise;
    let (mean, measured) = measure(scores);
    let noise = upper(measured, scores.len() as f64);
    let (phi, sigma) = (noise.correlation, noise.deviation);
    let frames = learnt.map_or(scores.len() as f64, f64::from);
    // The mean without its extremes is as good as one of six sevenths of the frames, or better.
    let frames = if learnt.is_some() { frames * 6.0 / 7.0 } else { frames };
    let error = NINETY_FIVE * sigma * sqrt((1.0 + phi) / (1.0 - phi) / frames);
    let Drift { allowance, limit } = Drift::of(q15(fall));
    let effective = f64::from(allowance) / f64::from(ONE) - error;
    // Rounding of scores is noise as well; and without any noise there is nothing to calibrate.
    let sigma = sigma.max(1.0 / f64::from(ONE));
    let lattice = chain::Lattice::new(effective / sigma, phi).ok_or(Error::Setting)?;
    let sought = lattice.limit(1.0 / frames_between).ok_or(Error::Setting)?;
    let peak = if (scores.len() as f64) < frames_between / 10.0 { peak(scores, q15(mean), allowance) } else { 0 };
    let limit = u32::from(limit).max((sought * sigma * f64::from(ONE)) as u32 + 1).max(peak + 1);
    if limit > u32::from(ONE) {
        return Err(Error::Setting);
    }
    let rate = lattice.rate(f64::from(limit) / f64::from(ONE) / sigma);
    let drift = Drift { allowance, limit: limit as u16 };
    Ok(Calibration { promise: *promise, mean, measured, noise, drift, rate })
}

/// The 95 % point of the normal distribution.
const NINETY_FIVE: f64 = 1.645;

/// Mean, deviation and correlation, the last two without their bias.
fn measure(scores: &[u16]) -> (f64, Noise) {
    let n = scores.len() as f64;
    let value = |score: u16| f64::from(score) / f64::from(ONE);
    let mean = scores.iter().map(|&score| value(score)).sum::<f64>() / n;
    let off = |score: u16| value(score) - mean;
    let squares = scores.iter().map(|&score| off(score) * off(score)).sum::<f64>();
    let products = scores.windows(2).map(|pair| off(pair[0]) * off(pair[1])).sum::<f64>();
    let raw = if squares > 0.0 { products / squares } else { 0.0 };
    let correlation = (raw + (1.0 + 3.0 * raw) / n).clamp(0.0, MOST_CORRELATED);
    // The mean takes a part of the variance with it, the more so for correlated scores.
    let free = (n - (1.0 + correlation) / (1.0 - correlation)).max(1.0);
    (mean, Noise { deviation: sqrt(squares / free), correlation })
}

const MOST_CORRELATED: f64 = 0.95;

/// The 95 % bounds.
pub(super) fn upper(measured: Noise, n: f64) -> Noise {
    let Noise { deviation, correlation: phi } = measured;
    let correlation = (phi + NINETY_FIVE * sqrt((1.0 - phi * phi) / n)).min(MOST_CORRELATED);
    let free = ((n - 1.0) * (1.0 - phi * phi) / (1.0 + phi * phi)).max(1.0);
    // χ² at 5 % over its degrees of freedom.
    let root = 1.0 - 2.0 / (9.0 * free) - NINETY_FIVE * sqrt(2.0 / (9.0 * free));
    let share = (root * root * root).max(0.004);
    Noise { deviation: deviation / sqrt(share), correlation }
}

/// The greatest sum that a CUSUM without a limit reaches on the recording, Q15.
fn peak(scores: &[u16], baseline: u16, allowance: u16) -> u32 {
    let mut sum = 0u32;
    scores.iter().fold(0, |peak, &score| {
        sum = sum.saturating_add_signed(i32::from(baseline) - i32::from(score) - i32::from(allowance));
        peak.max(sum)
    })
}
