use super::lessons::MOST;
use super::logarithm::ZERO;
use crate::error::Error;

/// 1.0 in Q15.
pub(super) const ONE: u16 = 1 << 15;

/// What a reading is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Baseline {
    /// Known beforehand: of confidence and agreement a score in Q15, from [`super::calibrate`]; of edge and detail 32768
    /// and the logarithm to base 2 in 1/2048 (see [`super::Frame::pictured`]). A fault that is there from the first frame
    /// is found only against a baseline that is known.
    Known(u16),
    /// The median of the first frames with a reading.
    Learnt {
        /// After so many it is used, and is provisional; from 3 on.
        frames: u8,
        /// With so many it is settled, and so is the spread that widens the allowance; from `frames` to 64.
        refined: u8,
        /// A median below this is not believed, and learning begins again. Of confidence it is a failure with
        /// [`super::Cause::Baseline`]; any other signal is left out and reported as [`super::Phase::Refused`].
        least: u16,
    },
}

/// One-sided CUSUM, in Q15: what is more than `allowance` below the baseline adds up, what is less takes away, and
/// beyond `limit` it is an alarm, unless a single frame brought it there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Drift {
    /// Half the fall that is to be found.
    pub allowance: u16,
    /// Sets the false alarms: see [`super::calibrate`].
    pub limit: u16,
}

impl Drift {
    /// For a fall of `fall` (Q15): an allowance of half, and a limit of the other half, so that the fall is an alarm
    /// with its second frame or soon after. [`super::calibrate`] says whether the healthy noise allows it.
    #[must_use]
    pub const fn of(fall: u16) -> Self {
        Self { allowance: fall / 2, limit: fall - fall / 2 }
    }

    const fn valid(self) -> bool {
        self.allowance > 0 && self.allowance < ONE && self.limit > 0 && self.limit <= ONE
    }
}

/// A signal that is watched: what it is compared with, and how far it may fall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Watched {
    /// What it is while all is well.
    pub baseline: Baseline,
    /// How far it may fall below a baseline that is known, or is still provisional.
    pub drift: Drift,
    /// How far, at least, once the baseline is settled. Where the first frames spread more, allowance and limit are
    /// wider: see [`super::Monitor::signal`].
    pub settled: Drift,
}

impl Watched {
    /// A baseline learnt from the first 8 frames and refined until 64; allowance and limit alike, from the beginning.
    const fn learnt(least: u16, allowance: u16) -> Self {
        let drift = Drift { allowance, limit: allowance };
        Self { baseline: Baseline::Learnt { frames: 8, refined: 64, least }, drift, settled: drift }
    }

    const fn valid(&self, most: u16) -> bool {
        let baseline = match self.baseline {
            Baseline::Known(level) => level > 0 && level <= most,
            Baseline::Learnt { frames, refined, least } => {
                frames >= 3 && refined >= frames && refined as usize <= MOST && least <= most
            }
        };
        baseline && self.drift.valid() && self.settled.valid()
    }
}

/// All settings of a [`super::Monitor`]: plain numbers, apart from its state, checked when a monitor is made.
///
/// Scores and shares are Q15 (32768 = 1.0), logarithms 1/2048 of an octave, times are in frames. [`Settings::DEFAULT`] is
/// for every network and scene: where its numbers come from, and how they do on networks that had no part in choosing
/// them, is in `docs/monitor.md`. [`super::calibrate`] makes others, from a recording, for a promised rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Settings {
    /// Soft Dice Confidence: its alarm is [`super::State::Degraded`], as that of every signal below.
    pub confidence: Watched,
    /// Agreement with the last frame, if it is watched.
    pub flicker: Option<Watched>,
    /// Whether the mask's edge lies on edges of the picture, if it is watched and the camera's picture is given.
    pub edge: Option<Watched>,
    /// How much detail the picture has, if it is watched and the camera's picture is given.
    pub detail: Option<Watched>,
    /// Confidence further below its baseline than this is as good as none.
    pub failing: u16,
    /// So many frames in a row, of what makes a failure: [`super::State::Failed`]. From 1 on.
    pub failed_after: u8,
    /// So many good frames in a row: healthy again. From 1 on. A frame is good if no signal is more than its allowance
    /// below its baseline and the foreground is about as large as it was learnt: within `resized`.
    pub recovered_after: u8,
    /// How far the foreground's area may be from the learnt one for a frame to be good: a logarithm to base 2 in 1/2048,
    /// either way. It raises no alarm.
    pub resized: u16,
    /// A mask below 2⁻ᵉᵐᵖᵗʸ of the learnt area is as good as empty; at most 15.
    pub empty: u8,
    /// An empty mask within so many frames of the alarm before it is a departure, and no failure: what left the picture
    /// took the confidence with it. Later it is a failure.
    pub departure: u8,
    /// So many frames in a row without a mask, or dropped: [`super::State::NoSignal`]. From 1 on.
    pub silent_after: u8,
    /// So many frames in a row that repeat the one before, every pixel: [`super::State::Failed`]. From 1 on. A
    /// camera's own noise makes even one unlikely; a still picture fed by hand does not.
    pub frozen_after: u8,
    /// The level gives a new score the weight 2⁻ˢᵐᵒᵒᵗʰⁱⁿᵍ; at most 8.
    pub smoothing: u8,
    /// Which quantile of the history a report bears: a share in Q15.
    pub quantile: u16,
    /// The foreground's share of the picture has these ends; beyond, for `failed_after` frames, it is
    /// [`super::State::Degraded`].
    pub area: (u16, u16),
    /// A frame with a greater share of invalid pixels is not looked at; `failed_after` of them are a failure.
    pub invalid: u16,
}

impl Settings {
    /// A fall of 0.05 in confidence below the first eight frames, of 0.065 once the baseline is settled; of a seventh in
    /// the picture's edge under the mask's, of nearly a half in its detail; failed where confidence is 0.25 lower.
    pub const DEFAULT: Self = Self {
        confidence: Watched {
            baseline: Baseline::Learnt { frames: 8, refined: 64, least: 26214 }, // 0.8
            drift: Drift::of(1638),                                              // 0.05
            settled: Drift::of(2130),                                            // 0.065
        },
        flicker: Some(Watched::learnt(0, 6554)),      // 0.2
        edge: Some(Watched::learnt(ZERO + 443, 443)), // a factor of e^0.15 above chance; the same below the baseline
        detail: Some(Watched::learnt(0, 1773)),       // a factor of e^-0.6
        failing: 8192,                                // 0.25
        failed_after: 2,
        recovered_after: 8,
        resized: 739, // 0.25
        empty: 3,
        departure: 16,
        silent_after: 4,
        frozen_after: 8,
        smoothing: 3,
        quantile: 3277, // 0.1
        area: (0, ONE),
        invalid: 512, // 1/64
    };

    /// What a monitor asks of its settings.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] where a number is outside what its field says.
    pub const fn check(&self) -> Result<(), Error> {
        const fn valid(watched: Option<Watched>, most: u16) -> bool {
            match watched {
                Some(watched) => watched.valid(most),
                None => true,
            }
        }
        let signals = self.confidence.valid(ONE)
            && valid(self.flicker, ONE)
            && valid(self.edge, u16::MAX)
            && valid(self.detail, u16::MAX);
        let counts = self.failed_after > 0
            && self.recovered_after > 0
            && self.silent_after > 0
            && self.frozen_after > 0
            && self.empty <= 15
            && self.smoothing <= 8;
        let shares = self.failing > self.confidence.drift.allowance
            && self.failing > self.confidence.settled.allowance
            && self.failing <= ONE
            && self.quantile <= ONE
            && self.area.0 <= self.area.1
            && self.area.1 <= ONE
            && self.invalid < ONE;
        if signals && counts && shares { Ok(()) } else { Err(Error::Setting) }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self::DEFAULT
    }
}
