use super::chart::Chart;
use super::lessons;
use super::settings::ONE;
use crate::error::Error;

/// What a monitor has learnt of a signal: plain numbers, in the signal's unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Level {
    /// The median of the first frames.
    pub baseline: u16,
    /// From their lowest tenth to it.
    pub spread: u16,
    /// There were as many as the settings ask for; else refining begins again.
    pub settled: bool,
}

/// All that a monitor has learnt, to be kept over a reboot: [`super::Monitor::learnt`] gives it, and
/// [`super::Monitor::restore`] takes it back. At most 32 bytes in `postcard`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Learnt {
    /// [`Self::VERSION`] of the library that wrote it.
    pub version: u8,
    /// Soft Dice Confidence, Q15.
    pub confidence: Option<Level>,
    /// Agreement with the last frame, Q15.
    pub flicker: Option<Level>,
    /// The picture's edge under the mask's: 32768 and log₂ in 1/2048.
    pub edge: Option<Level>,
    /// The picture's detail, likewise.
    pub detail: Option<Level>,
    /// The foreground's share of the picture, likewise.
    pub area: Option<Level>,
}

impl Learnt {
    /// Of the format that this library writes and reads.
    pub const VERSION: u8 = 1;

    /// # Errors
    ///
    /// [`Error::Version`] of another version, [`Error::Setting`] of a score above 1.
    pub(super) fn check(&self) -> Result<(), Error> {
        if self.version != Self::VERSION {
            return Err(Error::Version);
        }
        let score = |level: Option<Level>| level.is_none_or(|level| level.baseline <= ONE);
        let spread = |level: Option<Level>| level.is_none_or(|level| level.spread <= level.baseline);
        let all = [self.confidence, self.flicker, self.edge, self.detail, self.area];
        if score(self.confidence) && score(self.flicker) && all.into_iter().all(spread) {
            Ok(())
        } else {
            Err(Error::Setting)
        }
    }
}

impl Level {
    pub(super) fn of(chart: &Chart) -> Option<Self> {
        let (lessons::Level { baseline, spread }, settled) = chart.learnt()?;
        Some(Self { baseline, spread, settled })
    }

    pub(super) const fn restore(level: Option<Self>, chart: &mut Chart) {
        chart.restore(match level {
            Some(Self { baseline, spread, settled }) => Some((lessons::Level { baseline, spread }, settled)),
            None => None,
        });
    }
}
