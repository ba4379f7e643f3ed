use super::event::{Cause, State};

/// What a monitor knows, for telemetry: a few tens of bytes in a binary format (at most 50 in `postcard`). All scores and
/// shares are Q15.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Report {
    /// Frames since the last reset, dropped ones among them.
    pub frames: u32,
    /// Of those, frames that gave no score: dropped, without a mask, invalid, uniform or repeated.
    pub unscored: u32,
    /// The verdict.
    pub state: State,
    /// Why it last changed.
    pub cause: Option<Cause>,
    /// Of the last frame: confidence, if it had a mask.
    pub confidence: Option<u16>,
    /// Of the last frame: agreement with the one before.
    pub agreement: Option<u16>,
    /// Of the last frame: share of foreground.
    pub area: u16,
    /// Of the last frame: share of invalid pixels.
    pub invalid: u16,
    /// Confidence while all was well, once known.
    pub baseline: Option<u16>,
    /// Confidence, exponentially weighted.
    pub level: Option<u16>,
    /// Mean of the history.
    pub mean: Option<u16>,
    /// Least of the history.
    pub least: Option<u16>,
    /// The quantile of the history that the settings name.
    pub quantile: Option<u16>,
    /// The sum of the CUSUM; an alarm beyond the limit.
    pub drift: u16,
}
