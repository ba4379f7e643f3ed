//! What a watch is told: its settings, its camera, what it has learnt before.

use crate::memory;
use crate::status::{Done, SOFT_DICE_SETTING, SOFT_DICE_VERSION, soft_dice_status, status};
use soft_dice::monitor::{Baseline, Camera, Drift, Format, Learnt, Level, Settings, Watched};

/// The format of `soft_dice_settings`, and what its `version` has to be.
pub const SOFT_DICE_SETTINGS_VERSION: u8 = 1;

/// What a reading is compared with: one of `SOFT_DICE_NOT_WATCHED`, `SOFT_DICE_KNOWN`, `SOFT_DICE_LEARNT`.
pub type soft_dice_baseline = u8;
/// The signal is not watched. Confidence always is.
pub const SOFT_DICE_NOT_WATCHED: soft_dice_baseline = 0;
/// `level` is the baseline: of confidence and agreement a score in Q15, of edge and detail 32768 and the logarithm to base
/// 2 in 1/2048. A fault that is there from the first frame is found only against a baseline that is known.
pub const SOFT_DICE_KNOWN: soft_dice_baseline = 1;
/// The baseline is the median of the first frames with a reading; a median below `level` is not believed.
pub const SOFT_DICE_LEARNT: soft_dice_baseline = 2;

/// One-sided CUSUM: what is more than `allowance` below the baseline adds up, and beyond `limit` it is an alarm.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct soft_dice_drift {
    /// Half the fall that is to be found.
    pub allowance: u16,
    /// Sets the false alarms.
    pub limit: u16,
}

/// A signal that is watched: what it is compared with, and how far it may fall.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct soft_dice_watched {
    /// How far below a baseline that is known or still provisional.
    pub drift: soft_dice_drift,
    /// How far, at least, once the baseline is settled.
    pub settled: soft_dice_drift,
    /// The baseline, or the least that is believed.
    pub level: u16,
    /// Which of the two, or none.
    pub baseline: soft_dice_baseline,
    /// Of `SOFT_DICE_LEARNT`: after so many frames the baseline is used, from 3 on.
    pub frames: u8,
    /// Of `SOFT_DICE_LEARNT`: with so many it is settled, from `frames` to 64.
    pub refined: u8,
    /// 0, in place of padding.
    pub reserved: u8,
}

/// All settings of a watch. Scores and shares are Q15 (32768 is 1.0), logarithms 1/2048 of an octave, times frames.
/// `SOFT_DICE_SETTINGS_INIT` is for every network and scene; `soft-dice watch --calibrate ... --emit settings.h` writes
/// others, made from a recording.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct soft_dice_settings {
    /// Soft Dice Confidence.
    pub confidence: soft_dice_watched,
    /// Agreement with the last frame.
    pub flicker: soft_dice_watched,
    /// Whether the mask's edge lies on edges of the picture, if a camera's picture is given.
    pub edge: soft_dice_watched,
    /// How much detail the picture has, if a camera's picture is given.
    pub detail: soft_dice_watched,
    /// Confidence further below its baseline than this is as good as none.
    pub failing: u16,
    /// How far the foreground's area may be from the learnt one for a frame to be good: a logarithm, either way.
    pub resized: u16,
    /// Which quantile of the history a report bears.
    pub quantile: u16,
    /// The least share of foreground; below it for `failed_after` frames is `SOFT_DICE_DEGRADED`.
    pub area_least: u16,
    /// The greatest share of foreground, likewise.
    pub area_most: u16,
    /// A frame with a greater share of invalid pixels is not looked at.
    pub invalid: u16,
    /// So many frames in a row, of what makes a failure; from 1 on.
    pub failed_after: u8,
    /// So many good frames in a row: healthy again; from 1 on.
    pub recovered_after: u8,
    /// A mask below 2^-empty of the learnt area is as good as empty; at most 15.
    pub empty: u8,
    /// An empty mask within so many frames of the alarm before it is a departure, and no failure.
    pub departure: u8,
    /// So many frames in a row without a mask, or dropped: `SOFT_DICE_NO_SIGNAL`; from 1 on.
    pub silent_after: u8,
    /// So many frames in a row that repeat the one before: `SOFT_DICE_FAILED`; from 1 on.
    pub frozen_after: u8,
    /// The level gives a new score the weight 2^-smoothing; at most 8.
    pub smoothing: u8,
    /// `SOFT_DICE_SETTINGS_VERSION`; another is refused with `SOFT_DICE_VERSION`.
    pub version: u8,
}

impl soft_dice_watched {
    fn of(watched: Option<Watched>) -> Self {
        let c = |drift: Drift| soft_dice_drift { allowance: drift.allowance, limit: drift.limit };
        let none = soft_dice_drift { allowance: 0, limit: 0 };
        let off = Self {
            drift: none,
            settled: none,
            level: 0,
            baseline: SOFT_DICE_NOT_WATCHED,
            frames: 0,
            refined: 0,
            reserved: 0,
        };
        let Some(Watched { baseline, drift, settled }) = watched else { return off };
        let on = Self { drift: c(drift), settled: c(settled), ..off };
        match baseline {
            Baseline::Known(level) => Self { level, baseline: SOFT_DICE_KNOWN, ..on },
            Baseline::Learnt { frames, refined, least } => {
                Self { level: least, baseline: SOFT_DICE_LEARNT, frames, refined, ..on }
            }
        }
    }

    fn watched(self) -> Done<Option<Watched>> {
        let drift = |drift: soft_dice_drift| Drift { allowance: drift.allowance, limit: drift.limit };
        let baseline = match self.baseline {
            SOFT_DICE_NOT_WATCHED => return Ok(None),
            SOFT_DICE_KNOWN => Baseline::Known(self.level),
            SOFT_DICE_LEARNT => Baseline::Learnt { frames: self.frames, refined: self.refined, least: self.level },
            _ => return Err(SOFT_DICE_SETTING),
        };
        Ok(Some(Watched { baseline, drift: drift(self.drift), settled: drift(self.settled) }))
    }
}

impl From<&Settings> for soft_dice_settings {
    fn from(settings: &Settings) -> Self {
        Self {
            confidence: soft_dice_watched::of(Some(settings.confidence)),
            flicker: soft_dice_watched::of(settings.flicker),
            edge: soft_dice_watched::of(settings.edge),
            detail: soft_dice_watched::of(settings.detail),
            failing: settings.failing,
            resized: settings.resized,
            quantile: settings.quantile,
            area_least: settings.area.0,
            area_most: settings.area.1,
            invalid: settings.invalid,
            failed_after: settings.failed_after,
            recovered_after: settings.recovered_after,
            empty: settings.empty,
            departure: settings.departure,
            silent_after: settings.silent_after,
            frozen_after: settings.frozen_after,
            smoothing: settings.smoothing,
            version: SOFT_DICE_SETTINGS_VERSION,
        }
    }
}

/// The settings for every network and scene: what `SOFT_DICE_SETTINGS_INIT` initialises, and a null pointer stands for.
///
/// # Safety
///
/// The pointer points to room for settings, or is null or misaligned, which is refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn soft_dice_settings_default(result: *mut soft_dice_settings) -> soft_dice_status {
    // SAFETY: the caller's promise.
    status(unsafe { memory::store(result, Ok((&Settings::DEFAULT).into())) })
}

impl soft_dice_settings {
    pub(crate) fn settings(&self) -> Done<Settings> {
        if self.version != SOFT_DICE_SETTINGS_VERSION {
            return Err(SOFT_DICE_VERSION);
        }
        let settings = Settings {
            confidence: self.confidence.watched()?.ok_or(SOFT_DICE_SETTING)?,
            flicker: self.flicker.watched()?,
            edge: self.edge.watched()?,
            detail: self.detail.watched()?,
            failing: self.failing,
            failed_after: self.failed_after,
            recovered_after: self.recovered_after,
            resized: self.resized,
            empty: self.empty,
            departure: self.departure,
            silent_after: self.silent_after,
            frozen_after: self.frozen_after,
            smoothing: self.smoothing,
            quantile: self.quantile,
            area: (self.area_least, self.area_most),
            invalid: self.invalid,
        };
        settings.check()?;
        Ok(settings)
    }
}

/// How the bytes of a camera's row are to be read: one of `SOFT_DICE_LUMA` ... `SOFT_DICE_UYVY`.
pub type soft_dice_camera_format = u8;
/// A byte of luma a pixel.
pub const SOFT_DICE_LUMA: soft_dice_camera_format = 0;
/// Two bytes a pixel, the low one first: 5 bits of red at the top, 6 of green, 5 of blue.
pub const SOFT_DICE_RGB565: soft_dice_camera_format = 1;
/// The same with the high byte first, as many sensors send it.
pub const SOFT_DICE_RGB565_BIG: soft_dice_camera_format = 2;
/// Luma and a chroma by turns, luma first (YUY2).
pub const SOFT_DICE_YUYV: soft_dice_camera_format = 3;
/// Luma and a chroma by turns, chroma first.
pub const SOFT_DICE_UYVY: soft_dice_camera_format = 4;

/// The camera beside a map.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct soft_dice_camera {
    /// Pixels of a row of the map; 0 where there is no camera.
    pub width: usize,
    /// The camera's picture is so many times as wide and as high as the map, 1 to 64.
    pub every: u8,
    /// How a row is written.
    pub format: soft_dice_camera_format,
}

impl soft_dice_camera {
    pub(crate) fn camera(&self) -> Done<Camera> {
        let format = match self.format {
            SOFT_DICE_LUMA => Format::Luma,
            SOFT_DICE_RGB565 => Format::Rgb565,
            SOFT_DICE_RGB565_BIG => Format::Rgb565Big,
            SOFT_DICE_YUYV => Format::Yuyv,
            SOFT_DICE_UYVY => Format::Uyvy,
            _ => return Err(SOFT_DICE_SETTING),
        };
        Ok(Camera { width: self.width, every: self.every, format })
    }
}

/// How far a level is learnt: one of `SOFT_DICE_LEVEL_NONE`, `SOFT_DICE_LEVEL_PROVISIONAL`, `SOFT_DICE_LEVEL_SETTLED`.
pub type soft_dice_level_phase = u8;
/// Nothing is learnt.
pub const SOFT_DICE_LEVEL_NONE: soft_dice_level_phase = 0;
/// Refining begins again.
pub const SOFT_DICE_LEVEL_PROVISIONAL: soft_dice_level_phase = 1;
/// There were as many frames as the settings ask for.
pub const SOFT_DICE_LEVEL_SETTLED: soft_dice_level_phase = 2;

/// What was learnt of a signal, in its unit.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct soft_dice_level {
    /// The median of the first frames.
    pub baseline: u16,
    /// From their lowest tenth to it.
    pub spread: u16,
    /// Whether there is a level at all, and whether it stays.
    pub phase: soft_dice_level_phase,
    /// 0, in place of padding.
    pub reserved: u8,
}

/// All that a watch has learnt: 32 bytes to be kept over a reboot.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct soft_dice_learnt {
    /// Soft Dice Confidence.
    pub confidence: soft_dice_level,
    /// Agreement with the last frame.
    pub flicker: soft_dice_level,
    /// The picture's edge under the mask's.
    pub edge: soft_dice_level,
    /// The picture's detail.
    pub detail: soft_dice_level,
    /// The foreground's share of the picture.
    pub area: soft_dice_level,
    /// Of the format; another than the library's is refused with `SOFT_DICE_VERSION`.
    pub version: u8,
    /// 0, in place of padding.
    pub reserved: u8,
}

impl soft_dice_level {
    fn of(level: Option<Level>) -> Self {
        match level {
            None => Self::default(),
            Some(Level { baseline, spread, settled }) => {
                let phase = if settled { SOFT_DICE_LEVEL_SETTLED } else { SOFT_DICE_LEVEL_PROVISIONAL };
                Self { baseline, spread, phase, reserved: 0 }
            }
        }
    }

    fn level(self) -> Done<Option<Level>> {
        let Self { baseline, spread, .. } = self;
        match self.phase {
            SOFT_DICE_LEVEL_NONE => Ok(None),
            SOFT_DICE_LEVEL_PROVISIONAL => Ok(Some(Level { baseline, spread, settled: false })),
            SOFT_DICE_LEVEL_SETTLED => Ok(Some(Level { baseline, spread, settled: true })),
            _ => Err(SOFT_DICE_SETTING),
        }
    }
}

impl From<Learnt> for soft_dice_learnt {
    fn from(learnt: Learnt) -> Self {
        Self {
            confidence: soft_dice_level::of(learnt.confidence),
            flicker: soft_dice_level::of(learnt.flicker),
            edge: soft_dice_level::of(learnt.edge),
            detail: soft_dice_level::of(learnt.detail),
            area: soft_dice_level::of(learnt.area),
            version: learnt.version,
            reserved: 0,
        }
    }
}

impl soft_dice_learnt {
    pub(crate) fn learnt(&self) -> Done<Learnt> {
        Ok(Learnt {
            version: self.version,
            confidence: self.confidence.level()?,
            flicker: self.flicker.level()?,
            edge: self.edge.level()?,
            detail: self.detail.level()?,
            area: self.area.level()?,
        })
    }
}
