//! What a watch found, as `--json` has it.

use super::alarm::Alarm;
use crate::model::Header;
use crate::said::Said;
use crate::suspicion::Caution;
use serde::{Deserialize, Serialize};
use soft_dice::Record;
use soft_dice::monitor::{Event, Report, Settings, State, Tuned};

/// A frame, as the monitor saw it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    /// Its number, from 0 on.
    pub frame: usize,
    /// Soft Dice Confidence, which the device knows; none for an empty map.
    pub confidence: Option<f64>,
    /// Soft Dice with the mask, which it does not.
    pub dice: Option<f64>,
    /// Hard Dice with the mask.
    pub hard: Option<f64>,
    /// The change of state that it brought.
    pub event: Option<Event>,
    /// Why it was not read: the monitor takes such a frame for a dropped one.
    pub refused: Option<String>,
    /// All that the monitor knew then, in Q15.
    pub report: Report,
    /// The exact sums with its own mask.
    pub sums: Option<Record>,
}

/// What calibration promises.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Promised {
    /// The figures.
    #[serde(flatten)]
    pub tuned: Tuned,
    /// What the promise rests on, in words.
    pub rests_on: String,
}

/// `soft-dice watch`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WatchReport {
    /// How.
    #[serde(flatten)]
    pub header: Header,
    /// How the recording was read.
    pub read: Vec<Said>,
    /// Its path.
    pub recording: String,
    /// The masks' path.
    pub target: Option<String>,
    /// The pictures' path.
    pub picture: Option<String>,
    /// Pixels.
    pub height: usize,
    /// Pixels.
    pub width: usize,
    /// The monitor's, to be given to the device as they are. Of a device's log they are known where they were given.
    pub settings: Option<Settings>,
    /// What they were made from, and what the promise rests on.
    pub calibration: Option<Promised>,
    /// The last.
    pub state: State,
    /// Spearman correlation of confidence with the Dice of the masks.
    pub follows: Option<f64>,
    /// How good the alarm was.
    pub alarm: Option<Alarm>,
    /// What looks wrong in how the codes were read: counts are frames, half of all at least.
    pub warnings: Vec<Caution>,
    /// All changes of state.
    pub events: Vec<Event>,
    /// Every frame.
    pub frames: Vec<Seen>,
}

impl WatchReport {
    /// A frame by its number, with its place: of a log not every frame is known.
    #[must_use]
    pub fn seen(&self, frame: u32) -> Option<(usize, &Seen)> {
        let at = self.frames.binary_search_by_key(&(frame as usize), |seen| seen.frame).ok()?;
        self.frames.get(at).map(|seen| (at, seen))
    }

    /// Whether it was ever worse than healthy.
    #[must_use]
    pub fn alarmed(&self) -> bool {
        self.events.iter().any(|event| matches!(event.to, State::Degraded | State::Failed))
    }
}

/// Pairs of which a correlation is told: of a handful it says nothing.
pub const LEAST_POINTS: usize = 8;

/// The frames that have both confidence and Dice.
#[must_use]
pub fn both(frames: &[Seen]) -> Vec<(f64, f64)> {
    frames.iter().filter_map(|seen| seen.confidence.zip(seen.dice)).collect()
}

/// The rank correlation of confidence and Dice, over the frames that have both.
#[must_use]
pub fn follows(frames: &[Seen]) -> Option<f64> {
    spearman(&both(frames)).filter(|_| both(frames).len() >= LEAST_POINTS)
}

/// Spearman's, of three pairs and more; ties take their mean rank.
#[must_use]
pub fn spearman(pairs: &[(f64, f64)]) -> Option<f64> {
    if pairs.len() < 3 {
        return None;
    }
    let [a, b] = [ranks(pairs.iter().map(|pair| pair.0)), ranks(pairs.iter().map(|pair| pair.1))];
    let sum = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
    let spread = (sum(&a, &a) * sum(&b, &b)).sqrt();
    (spread > 0.0).then(|| sum(&a, &b) / spread)
}

/// Ranks about their mean.
fn ranks(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let values: Vec<f64> = values.collect();
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let middle = (values.len() as f64 - 1.0) / 2.0;
    let mut ranks = vec![0.0; values.len()];
    let mut at = 0;
    for tied in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let rank = at as f64 + (tied.len() as f64 - 1.0) / 2.0 - middle;
        tied.iter().for_each(|&of| ranks[of] = rank);
        at += tied.len();
    }
    ranks
}
