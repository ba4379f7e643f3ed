use crate::Error;

/// 1.0 in Q15.
pub(super) const ONE: u16 = 1 << 15;

/// What a score is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Baseline {
    /// Known beforehand, from [`super::calibrate`]; Q15.
    Known(u16),
    /// The mean of the first frames with a score, without the least and the greatest of them.
    Learnt {
        /// How many, from 3 on.
        frames: u8,
        /// A mean below this is not believed: the monitor has failed with [`super::Cause::Baseline`] and learns
        /// again. Q15.
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

/// Agreement with the last frame, as a signal of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Flicker {
    /// What agreement is while all is well: it depends on motion and frame rate.
    pub baseline: Baseline,
    /// How far it may fall.
    pub drift: Drift,
}

/// All settings of a [`super::Monitor`]: plain numbers, apart from its state, checked when a monitor is made.
///
/// Scores and shares are Q15 (32768 = 1.0), times are in frames. [`Settings::DEFAULT`] looks for a fall of 0.05 in
/// confidence: with a baseline that is known, at no more than one false alarm in 10⁶ frames if healthy scores (normal,
/// AR(1)) deviate by no more than
///
/// | correlation of a frame's score with the next | 0 | 0.3 | 0.6 | 0.8 |
/// |---|---|---|---|---|
/// | standard deviation | 0.0104 | 0.0097 | 0.0085 | 0.0076 |
///
/// [`super::calibrate`] makes settings for other noise, falls and rates, from a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Settings {
    /// Of confidence.
    pub baseline: Baseline,
    /// Of confidence: its alarm is [`super::State::Degraded`].
    pub drift: Drift,
    /// Confidence further below its baseline than this is as good as none.
    pub failing: u16,
    /// So many frames in a row, of what makes a failure: [`super::State::Failed`]. From 1 on.
    pub failed_after: u8,
    /// So many good frames in a row: healthy again. From 1 on.
    pub recovered_after: u8,
    /// So many frames in a row without a mask, or dropped: [`super::State::NoSignal`]. From 1 on.
    pub silent_after: u8,
    /// So many frames in a row that repeat the one before, every pixel: [`super::State::Failed`]. From 1 on. A
    /// camera's own noise makes even one unlikely; a still picture fed by hand does not.
    pub frozen_after: u8,
    /// The level gives a new score the weight 2⁻ˢᵐᵒᵒᵗʰⁱⁿᵍ; at most 8.
    pub smoothing: u8,
    /// Which quantile of the history a report bears: a share in Q15.
    pub quantile: u16,
    /// Agreement as a signal, if it is one.
    pub flicker: Option<Flicker>,
    /// The foreground's share of the picture has these ends; beyond, for `failed_after` frames, it is
    /// [`super::State::Degraded`].
    pub area: (u16, u16),
    /// A frame with a greater share of invalid pixels is not looked at; `failed_after` of them are a failure.
    pub invalid: u16,
}

impl Settings {
    /// A fall of 0.05 below the first eight frames; failed where it is 0.25.
    pub const DEFAULT: Self = Self {
        baseline: Baseline::Learnt { frames: 8, least: 26214 }, // 0.8
        drift: Drift::of(1638),                                 // 0.05
        failing: 8192,                                          // 0.25
        failed_after: 2,
        recovered_after: 8,
        silent_after: 4,
        frozen_after: 8,
        smoothing: 3,
        quantile: 3277, // 0.1
        flicker: Some(Flicker { baseline: Baseline::Learnt { frames: 8, least: 0 }, drift: Drift::of(6554) }), // 0.2
        area: (0, ONE),
        invalid: 512, // 1/64
    };

    /// What a monitor asks of its settings.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] where a number is outside what its field says.
    pub const fn check(&self) -> Result<(), Error> {
        const fn baseline(baseline: Baseline) -> bool {
            match baseline {
                Baseline::Known(level) => level > 0 && level <= ONE,
                Baseline::Learnt { frames, least } => frames >= 3 && least <= ONE,
            }
        }
        let flicker = match self.flicker {
            Some(flicker) => baseline(flicker.baseline) && flicker.drift.valid(),
            None => true,
        };
        let counts = self.failed_after > 0
            && self.recovered_after > 0
            && self.silent_after > 0
            && self.frozen_after > 0
            && self.smoothing <= 8;
        let shares = self.failing > self.drift.allowance
            && self.failing <= ONE
            && self.quantile <= ONE
            && self.area.0 <= self.area.1
            && self.area.1 <= ONE
            && self.invalid < ONE;
        if baseline(self.baseline) && self.drift.valid() && flicker && counts && shares {
            Ok(())
        } else {
            Err(Error::Setting)
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self::DEFAULT
    }
}
