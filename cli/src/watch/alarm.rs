//! How good the alarm was, where the masks say what was true.

use super::model::{Seen, spearman};
use serde::{Deserialize, Serialize};
use soft_dice::monitor::State;

/// So near to a frame that fails, no alarm is a false one.
const NEAR: usize = 10;

/// The alarm beside the truth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alarm {
    /// A frame fails below this hard Dice.
    pub bad: f64,
    /// Frames that fail.
    pub failing: usize,
    /// The first of at least 3 of 5 frames that fail: from here on the device does.
    pub first_lasting: Option<usize>,
    /// The first alarm that is no false one and lasts until then, or comes later.
    pub alarm: Option<usize>,
    /// Frames from that alarm to the first lasting failure; negative where it came after.
    pub before: Option<i64>,
    /// Frames that are further than ten from any that fails.
    pub healthy: usize,
    /// Alarms in them.
    pub false_alarms: usize,
    /// Ends of the 95 % interval (Poisson) of false alarms per healthy frame.
    pub false_rate: [f64; 2],
    /// How well each signal tells failing frames from others.
    pub signals: Vec<Telling>,
    /// Of the frames that confidence trusts most, so great a share: their mean 1 − Dice.
    pub coverage: Vec<[f64; 2]>,
    /// The area under that curve.
    pub aurc: Option<f64>,
}

/// A signal beside the hard Dice, over the frames that bear both.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Telling {
    /// Its name.
    pub signal: String,
    /// Frames.
    pub frames: usize,
    /// Rank correlation with the hard Dice.
    pub spearman: Option<f64>,
    /// Area under the ROC of failing frames, of which a lower signal warns.
    pub auroc: Option<f64>,
    /// Area under precision over recall (mean precision).
    pub auprc: Option<f64>,
}

const fn alarmed(state: State) -> bool {
    matches!(state, State::Degraded | State::Failed)
}

/// What a signal was at a frame; higher is healthier.
type Signal = fn(&Seen) -> Option<f64>;

/// The signals, by name.
const SIGNALS: [(&str, Signal); 5] = [
    ("confidence", |seen| seen.confidence),
    ("agreement", |seen| seen.report.agreement.map(f64::from)),
    ("edge", |seen| seen.report.edge.map(f64::from)),
    ("detail", |seen| seen.report.detail.map(f64::from)),
    ("drift", |seen| Some(-f64::from(seen.report.drift))),
];

/// Judges a run; none without masks.
#[must_use]
pub fn judge(frames: &[Seen], bad: f64) -> Option<Alarm> {
    if frames.iter().all(|seen| seen.hard.is_none()) {
        return None;
    }
    let fails: Vec<bool> = frames.iter().map(|seen| seen.hard.is_some_and(|dice| dice < bad)).collect();
    let mut near = vec![false; frames.len()];
    for at in (0..frames.len()).filter(|&at| fails[at]) {
        near[at.saturating_sub(NEAR)..(at + NEAR + 1).min(frames.len())].fill(true);
    }
    let lasting = |at: usize| fails[at] && fails[at..].iter().take(5).filter(|&&fails| fails).count() >= 3;
    let first_lasting = (0..frames.len()).find(|&at| lasting(at));
    let rises = |at: usize| frames[at].event.is_some_and(|event| alarmed(event.to) && !alarmed(event.from));
    let false_alarms = (0..frames.len()).filter(|&at| rises(at) && !near[at]).count();
    let alarm = first_lasting.and_then(|lasting| {
        let stands = (0..=lasting).rev().take_while(|&at| alarmed(frames[at].report.state)).last();
        stands.or_else(|| (lasting..frames.len()).find(|&at| alarmed(frames[at].report.state)))
    });
    let healthy = near.iter().filter(|&&near| !near).count();
    let risks = risks(frames);
    Some(Alarm {
        bad,
        failing: fails.iter().filter(|&&fails| fails).count(),
        first_lasting,
        alarm,
        before: first_lasting.zip(alarm).map(|(lasting, alarm)| lasting as i64 - alarm as i64),
        healthy,
        false_alarms,
        false_rate: poisson(false_alarms).map(|count| count / healthy.max(1) as f64),
        signals: SIGNALS.iter().map(|&(name, of)| telling(name, frames, of, bad)).collect(),
        aurc: (!risks.is_empty()).then(|| risks.iter().sum::<f64>() / risks.len() as f64),
        coverage: points(&risks),
    })
}

fn telling(name: &str, frames: &[Seen], of: fn(&Seen) -> Option<f64>, bad: f64) -> Telling {
    let both: Vec<(f64, f64)> = frames.iter().filter_map(|seen| of(seen).zip(seen.hard)).collect();
    let warned: Vec<(f64, bool)> = both.iter().map(|&(value, dice)| (value, dice < bad)).collect();
    Telling {
        signal: name.into(),
        frames: both.len(),
        spearman: spearman(&both),
        auroc: auroc(&warned),
        auprc: auprc(&warned),
    }
}

/// The chance that a failing frame lies below another one; half where they are equal.
fn auroc(warned: &[(f64, bool)]) -> Option<f64> {
    let failing = warned.iter().filter(|(_, fails)| *fails).count();
    let sound = warned.len() - failing;
    if failing == 0 || sound == 0 {
        return None;
    }
    let mut order = warned.to_vec();
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut above, mut sum) = (sound as f64, 0.0);
    for tied in order.chunk_by(|a, b| a.0 == b.0) {
        let bad = tied.iter().filter(|(_, fails)| *fails).count() as f64;
        let good = tied.len() as f64 - bad;
        sum += bad * (above - good / 2.0);
        above -= good;
    }
    Some(sum / (failing as f64 * sound as f64))
}

/// Mean precision, from the lowest on; equal values come together.
fn auprc(warned: &[(f64, bool)]) -> Option<f64> {
    let failing = warned.iter().filter(|(_, fails)| *fails).count();
    if failing == 0 || failing == warned.len() {
        return None;
    }
    let mut order = warned.to_vec();
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut taken, mut found, mut sum) = (0.0, 0.0, 0.0);
    for tied in order.chunk_by(|a, b| a.0 == b.0) {
        let bad = tied.iter().filter(|(_, fails)| *fails).count() as f64;
        taken += tied.len() as f64;
        found += bad;
        sum += bad * found / taken;
    }
    Some(sum / failing as f64)
}

/// 1 − Dice on average, of the one frame that confidence trusts most, of the two, and so on; a frame without a mask is
/// trusted least.
fn risks(frames: &[Seen]) -> Vec<f64> {
    let trust = |seen: &Seen| seen.confidence.unwrap_or(-1.0);
    let mut both: Vec<(f64, f64)> = frames.iter().filter_map(|seen| Some((trust(seen), 1.0 - seen.hard?))).collect();
    both.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut sum = 0.0;
    both.iter()
        .enumerate()
        .map(|(at, (_, risk))| {
            sum += risk;
            sum / (at + 1) as f64
        })
        .collect()
}

/// At most a hundred of them, with their coverage.
fn points(risks: &[f64]) -> Vec<[f64; 2]> {
    let every = risks.len().div_ceil(100).max(1);
    let all = risks.len() as f64;
    let last = risks.len().saturating_sub(1);
    let kept = |at: &usize| at.is_multiple_of(every) || *at == last;
    (0..risks.len()).filter(kept).map(|at| [(at + 1) as f64 / all, risks[at]]).collect()
}

/// The ends of the exact 95 % interval of a Poisson mean, by Wilson and Hilferty (within 1 % from a count of 1 on; of
/// none the upper end is 3.689).
fn poisson(count: usize) -> [f64; 2] {
    let bound = |k: f64, z: f64| k * (1.0 - 1.0 / (9.0 * k) + z / (3.0 * k.sqrt())).powi(3);
    let k = count as f64;
    match count {
        0 => [0.0, 3.689],
        _ => [bound(k, -1.96), bound(k + 1.0, 1.96)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas() {
        let apart = [(0.1, true), (0.2, true), (0.8, false), (0.9, false)];
        assert_eq!((auroc(&apart), auprc(&apart)), (Some(1.0), Some(1.0)));
        let reversed = apart.map(|(value, fails)| (-value, fails));
        assert_eq!(auroc(&reversed), Some(0.0));
        let mixed = [(0.1, true), (0.2, false), (0.3, true), (0.4, false)];
        assert_eq!((auroc(&mixed), auprc(&mixed)), (Some(0.75), Some((1.0 + 2.0 / 3.0) / 2.0)));
        let tied = [(0.5, true), (0.5, false)];
        assert_eq!((auroc(&tied), auprc(&tied)), (Some(0.5), Some(0.5)));
        assert_eq!((auroc(&[(0.5, true)]), auprc(&[(0.5, false)])), (None, None));
    }

    #[test]
    fn intervals() {
        let near = |found: f64, exact: f64| (found - exact).abs() <= 0.012 * exact;
        for (count, low, high) in [(0, 0.0, 3.689), (1, 0.0253, 5.572), (10, 4.795, 18.39), (100, 81.36, 121.6)] {
            let [least, most] = poisson(count);
            assert!((count < 2 || near(least, low)) && near(most, high), "{count}: {least} {most}");
        }
    }
}
