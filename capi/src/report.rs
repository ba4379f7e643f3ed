//! What a watch says: events, reports, and their names in words.

use core::ffi::{CStr, c_char};
use soft_dice::monitor::{Cause, Event, Phase, Report, Signal, State, Status};

macro_rules! names {
    ($(#[$doc:meta])* $type:ident, $text:ident: $rust:ident, $other:literal, $say:literal;
     $($(#[$name_doc:meta])* $name:ident = $value:literal $variant:ident $words:literal;)*) => {
        $(#[$doc])*
        pub type $type = u8;
        $($(#[$name_doc])* pub const $name: $type = $value;)*

        #[doc = $say]
        #[unsafe(no_mangle)]
        pub extern "C" fn $text(value: $type) -> *const c_char {
            let text: &'static CStr = match value {
                $($name => $words,)*
                _ => $other,
            };
            text.as_ptr()
        }

        /// As C has it.
        pub(crate) const fn $type(value: $rust) -> $type {
            match value {
                $($rust::$variant => $name,)*
            }
        }
    };
}

names! {
    /// The verdict: one of `SOFT_DICE_WARMING_UP` ... `SOFT_DICE_NO_SIGNAL`.
    soft_dice_state, soft_dice_state_text: State, c"no such state",
    "A state in words; a string that lives for ever. Any number may be asked for.";
    /// The baseline is being learnt.
    SOFT_DICE_WARMING_UP = 0 WarmingUp c"warming up";
    /// As good as the baseline, within what was promised.
    SOFT_DICE_HEALTHY = 1 Healthy c"healthy";
    /// Worse than the baseline by the fall that was to be found; still of use, perhaps.
    SOFT_DICE_DEGRADED = 2 Degraded c"degraded";
    /// As good as none.
    SOFT_DICE_FAILED = 3 Failed c"failed";
    /// Nothing to judge: no foreground, or no frames, and no sign that anything is wrong.
    SOFT_DICE_NO_SIGNAL = 4 NoSignal c"no signal";
}

/// Why a state changed: none of `SOFT_DICE_CAUSE_LEARNT` ..., because nothing has changed yet.
pub const SOFT_DICE_CAUSE_NONE: soft_dice_cause = 0;

names! {
    /// Why a state changed: one of `SOFT_DICE_CAUSE_LEARNT` ... `SOFT_DICE_CAUSE_RECOVERED`, or `SOFT_DICE_CAUSE_NONE`.
    soft_dice_cause, soft_dice_cause_text: Cause, c"no cause",
    "A cause in words; a string that lives for ever. Any number may be asked for.";
    /// The baseline is learnt.
    SOFT_DICE_CAUSE_LEARNT = 1 Learnt c"the baseline is learnt";
    /// The baseline that was learnt is below what can be believed.
    SOFT_DICE_CAUSE_BASELINE = 2 Baseline c"the baseline that was learnt is below what can be believed";
    /// Confidence has drifted below its baseline.
    SOFT_DICE_CAUSE_DRIFT = 3 Drift c"confidence has drifted below its baseline";
    /// Confidence is far below its baseline.
    SOFT_DICE_CAUSE_LOW = 4 Low c"confidence is far below its baseline";
    /// Frames agree less with the ones before than they did.
    SOFT_DICE_CAUSE_FLICKER = 5 Flicker c"frames agree less with the ones before than they did";
    /// The mask's edge no longer lies on edges of the picture.
    SOFT_DICE_CAUSE_EDGE = 6 Edge c"the mask's edge no longer lies on edges of the picture";
    /// The picture has lost its detail.
    SOFT_DICE_CAUSE_DETAIL = 7 Detail c"the picture has lost its detail";
    /// The foreground is smaller or larger than it can be.
    SOFT_DICE_CAUSE_AREA = 8 Area c"the foreground is smaller or larger than it can be";
    /// The same map, again and again.
    SOFT_DICE_CAUSE_FROZEN = 9 Frozen c"the same map, again and again";
    /// The same numbers at every pixel.
    SOFT_DICE_CAUSE_COLLAPSED = 10 Collapsed c"the same numbers at every pixel";
    /// The mask is empty, and a second signal says that it should not be.
    SOFT_DICE_CAUSE_VANISHED = 11 Vanished c"the mask is empty, and a second signal says that it should not be";
    /// Too many pixels are no probabilities.
    SOFT_DICE_CAUSE_INVALID = 12 Invalid c"too many pixels are no probabilities";
    /// The mask is empty or nearly so, with no second signal, or frames are missing.
    SOFT_DICE_CAUSE_SILENT = 13 Silent c"the mask is empty, or frames are missing";
    /// There is something to judge again.
    SOFT_DICE_CAUSE_RETURNED = 14 Returned c"there is something to judge again";
    /// Good frames, as many as it takes.
    SOFT_DICE_CAUSE_RECOVERED = 15 Recovered c"good frames, as many as it takes";
}

names! {
    /// How far a baseline can be trusted: one of `SOFT_DICE_PHASE_ABSENT` ... `SOFT_DICE_PHASE_REFUSED`.
    soft_dice_phase, soft_dice_phase_text: Phase, c"no such phase",
    "A phase in words; a string that lives for ever. Any number may be asked for.";
    /// The signal is switched off, or no frame has borne it yet.
    SOFT_DICE_PHASE_ABSENT = 0 Absent c"absent";
    /// The first frames are being gathered.
    SOFT_DICE_PHASE_LEARNING = 1 Learning c"learning";
    /// There is a baseline from few frames; it is being refined.
    SOFT_DICE_PHASE_PROVISIONAL = 2 Provisional c"provisional";
    /// Baseline and spread are learnt and stay.
    SOFT_DICE_PHASE_SETTLED = 3 Settled c"settled";
    /// The baseline is the settings'.
    SOFT_DICE_PHASE_KNOWN = 4 Known c"known";
    /// What was learnt is not believed: this signal raises no alarm of its own.
    SOFT_DICE_PHASE_REFUSED = 5 Refused c"refused";
}

/// A signal of a watch: one of `SOFT_DICE_CONFIDENCE` ... `SOFT_DICE_DETAIL`, in the order of a report's `phases`.
pub type soft_dice_signal = u8;
/// Soft Dice Confidence, Q15.
pub const SOFT_DICE_CONFIDENCE: soft_dice_signal = 0;
/// Agreement with the last frame, Q15.
pub const SOFT_DICE_AGREEMENT: soft_dice_signal = 1;
/// The picture's edge under the mask's: 32768 and the logarithm of the ratio in 1/2048.
pub const SOFT_DICE_EDGE: soft_dice_signal = 2;
/// The picture's detail: 32768 and the logarithm of the mean in 1/2048.
pub const SOFT_DICE_DETAIL: soft_dice_signal = 3;

pub(crate) fn signal(signal: soft_dice_signal) -> Option<Signal> {
    match signal {
        SOFT_DICE_CONFIDENCE => Some(Signal::Confidence),
        SOFT_DICE_AGREEMENT => Some(Signal::Agreement),
        SOFT_DICE_EDGE => Some(Signal::Edge),
        SOFT_DICE_DETAIL => Some(Signal::Detail),
        _ => None,
    }
}

/// A change of state: at most one a frame, and none while the state lasts.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct soft_dice_event {
    /// The frame that brought it, from 0 on since the last reset; dropped frames count.
    pub frame: u32,
    /// How far over, in 1/256 of what it takes, which is 256.
    pub over: u16,
    /// Not 0 if the state has changed; else all else is 0.
    pub changed: u8,
    /// The state before.
    pub from: soft_dice_state,
    /// The state now.
    pub to: soft_dice_state,
    /// Why.
    pub cause: soft_dice_cause,
    /// 0, in place of padding.
    pub reserved: [u8; 2],
}

impl From<Option<Event>> for soft_dice_event {
    fn from(event: Option<Event>) -> Self {
        match event {
            None => Self::default(),
            Some(Event { frame, from, to, cause, over }) => Self {
                frame,
                over,
                changed: 1,
                from: soft_dice_state(from),
                to: soft_dice_state(to),
                cause: soft_dice_cause(cause),
                reserved: [0; 2],
            },
        }
    }
}

/// In `present`: the last frame had a confidence.
pub const SOFT_DICE_HAS_CONFIDENCE: u16 = 1;
/// In `present`: the last frame had an agreement.
pub const SOFT_DICE_HAS_AGREEMENT: u16 = 2;
/// In `present`: the last frame had an edge.
pub const SOFT_DICE_HAS_EDGE: u16 = 4;
/// In `present`: the last frame had a detail.
pub const SOFT_DICE_HAS_DETAIL: u16 = 8;
/// In `present`: a baseline of confidence.
pub const SOFT_DICE_HAS_BASELINE: u16 = 16;
/// In `present`: a level.
pub const SOFT_DICE_HAS_LEVEL: u16 = 32;
/// In `present`: mean, least and quantile.
pub const SOFT_DICE_HAS_HISTORY: u16 = 64;

/// What a watch knows, as numbers. Scores and shares are Q15; what `present` does not name is 0 and means nothing.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct soft_dice_report {
    /// Frames since the last reset, dropped ones among them.
    pub frames: u32,
    /// Of those, frames that gave no score.
    pub unscored: u32,
    /// Which of the numbers below there are: `SOFT_DICE_HAS_CONFIDENCE` and the like, added up.
    pub present: u16,
    /// Of the last frame: confidence.
    pub confidence: u16,
    /// Of the last frame: agreement with the one before.
    pub agreement: u16,
    /// Of the last frame: the logarithm of the picture's edge under the mask's against the whole picture's, in 1/2048.
    pub edge: i16,
    /// Of the last frame: the logarithm of the picture's detail, in 1/2048.
    pub detail: i16,
    /// Of the last frame: share of foreground.
    pub area: u16,
    /// Of the last frame: share of invalid pixels.
    pub invalid: u16,
    /// Confidence while all was well.
    pub baseline: u16,
    /// Confidence, exponentially weighted.
    pub level: u16,
    /// Mean of the history.
    pub mean: u16,
    /// Least of the history.
    pub least: u16,
    /// The quantile of the history that the settings name.
    pub quantile: u16,
    /// The greatest of the CUSUMs in 1/256 of its limit: an alarm beyond 256.
    pub drift: u16,
    /// How far the baselines can be trusted, in the order of the signals.
    pub phases: [soft_dice_phase; 4],
    /// The verdict.
    pub state: soft_dice_state,
    /// Why it last changed.
    pub cause: soft_dice_cause,
    /// Of the format.
    pub version: u8,
    /// 0, in place of padding.
    pub reserved: [u8; 3],
}

impl From<Report> for soft_dice_report {
    fn from(report: Report) -> Self {
        let has = |there: bool, what: u16| if there { what } else { 0 };
        Self {
            frames: report.frames,
            unscored: report.unscored,
            present: has(report.confidence.is_some(), SOFT_DICE_HAS_CONFIDENCE)
                | has(report.agreement.is_some(), SOFT_DICE_HAS_AGREEMENT)
                | has(report.edge.is_some(), SOFT_DICE_HAS_EDGE)
                | has(report.detail.is_some(), SOFT_DICE_HAS_DETAIL)
                | has(report.baseline.is_some(), SOFT_DICE_HAS_BASELINE)
                | has(report.level.is_some(), SOFT_DICE_HAS_LEVEL)
                | has(report.mean.is_some(), SOFT_DICE_HAS_HISTORY),
            confidence: report.confidence.unwrap_or_default(),
            agreement: report.agreement.unwrap_or_default(),
            edge: report.edge.unwrap_or_default(),
            detail: report.detail.unwrap_or_default(),
            area: report.area,
            invalid: report.invalid,
            baseline: report.baseline.unwrap_or_default(),
            level: report.level.unwrap_or_default(),
            mean: report.mean.unwrap_or_default(),
            least: report.least.unwrap_or_default(),
            quantile: report.quantile.unwrap_or_default(),
            drift: report.drift,
            phases: report.phases.map(soft_dice_phase),
            state: soft_dice_state(report.state),
            cause: report.cause.map_or(SOFT_DICE_CAUSE_NONE, soft_dice_cause),
            version: report.version,
            reserved: [0; 3],
        }
    }
}

/// What is known of one signal; numbers in its own unit.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct soft_dice_signal_status {
    /// Of the last frame, if it bore the signal.
    pub reading: u16,
    /// What it is while all is well, once known.
    pub baseline: u16,
    /// What is further below the baseline adds up.
    pub allowance: u16,
    /// The sum of the CUSUM in 1/256 of its limit: an alarm beyond 256.
    pub over: u16,
    /// How far its baseline can be trusted.
    pub phase: soft_dice_phase,
    /// Not 0 if there is a reading.
    pub read: u8,
    /// Not 0 if there is a baseline.
    pub known: u8,
    /// 0, in place of padding.
    pub reserved: u8,
}

impl From<Status> for soft_dice_signal_status {
    fn from(status: Status) -> Self {
        let Status { phase, reading, baseline, allowance, over } = status;
        Self {
            reading: reading.unwrap_or_default(),
            baseline: baseline.unwrap_or_default(),
            allowance,
            over,
            phase: soft_dice_phase(phase),
            read: reading.is_some().into(),
            known: baseline.is_some().into(),
            reserved: 0,
        }
    }
}
