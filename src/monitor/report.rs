use super::chart::Phase;
use super::event::{Cause, State};

/// A signal of a [`super::Monitor`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Signal {
    /// Soft Dice Confidence, Q15.
    Confidence,
    /// Agreement with the last frame, divided by what the two areas allow; Q15.
    Agreement,
    /// The picture's edge under the mask's: 32768 and log₂ of the ratio in 1/2048.
    Edge,
    /// The picture's detail: 32768 and log₂ of the mean in 1/2048.
    Detail,
}

impl Signal {
    /// All, in the order of [`Report::phases`].
    pub const ALL: [Self; 4] = [Self::Confidence, Self::Agreement, Self::Edge, Self::Detail];
}

/// What is known of one signal; numbers in its own unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Status {
    /// How far its baseline can be trusted.
    pub phase: Phase,
    /// Of the last frame, if it bore the signal.
    pub reading: Option<u16>,
    /// What it is while all is well.
    pub baseline: Option<u16>,
    /// What is further below the baseline adds up.
    pub allowance: u16,
    /// The sum of the CUSUM in 1/256 of its limit: an alarm beyond 256.
    pub over: u16,
}

/// What a monitor knows, for telemetry: a few tens of bytes in a binary format (at most 64 in `postcard`). All scores and
/// shares are Q15.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Report {
    /// [`Self::VERSION`] of the library that wrote it.
    pub version: u8,
    /// Frames since the last reset, dropped ones among them.
    pub frames: u32,
    /// Of those, frames that gave no score: dropped, empty or nearly so, invalid, uniform or repeated.
    pub unscored: u32,
    /// The verdict.
    pub state: State,
    /// Why it last changed.
    pub cause: Option<Cause>,
    /// Of the last frame: confidence, if it had a mask.
    pub confidence: Option<u16>,
    /// Of the last frame: agreement with the one before.
    pub agreement: Option<u16>,
    /// Of the last frame: log₂ of the picture's edge under the mask's against the whole picture's, in 1/2048.
    pub edge: Option<i16>,
    /// Of the last frame: log₂ of the picture's detail in 1/2048.
    pub detail: Option<i16>,
    /// Of the last frame: share of foreground.
    pub area: u16,
    /// Of the last frame: share of invalid pixels.
    pub invalid: u16,
    /// Confidence while all was well, once known.
    pub baseline: Option<u16>,
    /// How far the baselines can be trusted, in the order of [`Signal::ALL`].
    pub phases: [Phase; 4],
    /// Confidence, exponentially weighted.
    pub level: Option<u16>,
    /// Mean of the history.
    pub mean: Option<u16>,
    /// Least of the history.
    pub least: Option<u16>,
    /// The quantile of the history that the settings name.
    pub quantile: Option<u16>,
    /// The greatest of the CUSUMs in 1/256 of its limit: an alarm beyond 256.
    pub drift: u16,
}

impl Report {
    /// Of the format: 1 had neither picture nor phases, and the drift in Q15.
    pub const VERSION: u8 = 2;
}
