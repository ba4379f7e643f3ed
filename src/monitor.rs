//! Watching quality in the field, where there is no reference: a few numbers a frame, one verdict.
//!
//! ```text
//! map → sums ─┬ confidence (SDC) ─ history, level, CUSUM ─┐
//!             ├ agreement with the last frame ─ CUSUM ────┤
//!             ├ share of foreground ──────────────────────┼─ verdict → event, when it changes
//!             ├ invalid pixels ───────────────────────────┤
//!             └ repeated, uniform, empty ─────────────────┘
//! ```
//!
//! [`Watch`] does all of it, a map at a time; [`Monitor`] is the part behind the sums, for those who sum themselves (many
//! classes, a region of interest, tiles). All of it is integers in Q15: no float instruction, no 64-bit division, no
//! allocation, bounded time. [`calibrate`] alone uses f64, and runs where the recording is.
//!
//! | state | entered when | left when |
//! |---|---|---|
//! | [`WarmingUp`](State::WarmingUp) | at the beginning, after [`Monitor::reset`] | the baseline is known |
//! | [`Healthy`](State::Healthy) | the baseline is known; `recovered_after` good frames | see below |
//! | [`Degraded`](State::Degraded) | the CUSUM of confidence or of agreement is beyond its limit; the foreground is outside its bounds for `failed_after` frames | recovery, or failure |
//! | [`Failed`](State::Failed) | for `failed_after` frames: confidence more than `failing` below the baseline (or its level is), the same numbers at every pixel, too many invalid pixels, an empty mask with a second signal; for `frozen_after` frames: the same map; a learnt baseline below `least` | recovery |
//! | [`NoSignal`](State::NoSignal) | `silent_after` frames dropped, or with an empty mask and no second signal | there is a mask again |
//!
//! A *good* frame has a score no more than the allowance below the baseline, and so has its agreement; one good frame
//! is no recovery. What a frame that repeats the last, is uniform, invalid or empty scores is not taken into the
//! history.
//!
//! **What confidence alone does not see.** A network that has died writes the same map again, or the same numbers at every
//! pixel; either may be confident. Both are found from the pixels themselves, exactly: with [`Settings::DEFAULT`] a collapsed
//! output has failed with its second frame, a frozen one with its ninth (eight repetitions).
//!
//! **An empty mask** is what an empty scene looks like, and what a dead network looks like. It is never called a failure
//! by itself: after `silent_after` frames there is no signal, and it comes back by itself. It is a failure with a second
//! signal: confidence had degraded before the mask vanished; something else knows that the scene is not empty
//! ([`Frame::occupied`]); the settings say that some foreground is always there (`area`); the map is uniform or frozen.
//! The last two do not count for a map of zeros, which is what an empty scene gives at its clearest.

mod calibrate;
mod chart;
mod event;
mod frame;
mod history;
mod report;
mod settings;
mod watch;

pub use calibrate::{Calibration, Noise, Promise, calibrate};
pub use event::{Cause, Event, State};
pub use frame::Frame;
pub use report::Report;
pub use settings::{Baseline, Drift, Flicker, Settings};
pub use watch::Watch;

use crate::Error;
use chart::{Chart, Reading};
use history::History;

/// Takes a [`Frame`] at a time, keeps the last `N` scores, and says when the state changes.
///
/// Memory: 2·`N` bytes for the history, and about 200.
///
/// ```
/// use soft_dice::U8;
/// use soft_dice::confidence::confidence;
/// use soft_dice::monitor::{Baseline, Cause, Frame, Monitor, Settings, State};
///
/// let settings = Settings { baseline: Baseline::Known(32_000), flicker: None, ..Settings::DEFAULT };
/// let mut monitor = Monitor::<16>::new(settings)?;
/// let frame = |edge: u8| {
///     let mut stream = confidence(U8);
///     stream.update(&[255, edge, 0], ())?;
///     Frame::new(stream.sums())
/// };
/// monitor.observe(&frame(240)?)?;
/// assert_eq!(monitor.state(), State::Healthy);
/// assert_eq!(monitor.observe(&frame(190)?)?, None);         // one frame is no alarm
/// let event = monitor.observe(&frame(190)?)?.expect("two are");
/// assert_eq!((event.to, event.cause), (State::Degraded, Cause::Drift));
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Monitor<const N: usize = 32> {
    settings: Settings,
    condition: Condition<N>,
}

/// All that changes.
#[derive(Clone, Debug)]
struct Condition<const N: usize> {
    frames: u32,
    unscored: u32,
    /// Of a frame; 0 before the first.
    pixels: u64,
    /// The state but for [`State::NoSignal`], under which it stays as it was.
    quality: State,
    shown: State,
    cause: Option<Cause>,
    confidence: Chart,
    flicker: Chart,
    history: History<N>,
    /// Q30.
    level: Option<u32>,
    /// The last frame had a score, so that agreement with it means something.
    scored: bool,
    /// The last baseline learnt was not believed.
    refused: bool,
    runs: Runs,
    last: Last,
}

/// Frames in a row that …
#[derive(Clone, Copy, Debug)]
struct Runs {
    low: u8,
    frozen: u8,
    uniform: u8,
    invalid: u8,
    vanished: u8,
    area: u8,
    silent: u8,
    good: u8,
}

/// Of the last frame, for the report.
#[derive(Clone, Copy, Debug)]
struct Last {
    confidence: Option<u16>,
    agreement: Option<u16>,
    area: u16,
    invalid: u16,
}

fn count(run: &mut u8, more: bool) {
    *run = if more { run.saturating_add(1) } else { 0 };
}

impl<const N: usize> Condition<N> {
    const NEW: Self = Self {
        frames: 0,
        unscored: 0,
        pixels: 0,
        quality: State::WarmingUp,
        shown: State::WarmingUp,
        cause: None,
        confidence: Chart::new(),
        flicker: Chart::new(),
        history: History::new(),
        level: None,
        scored: false,
        refused: false,
        runs: Runs { low: 0, frozen: 0, uniform: 0, invalid: 0, vanished: 0, area: 0, silent: 0, good: 0 },
        last: Last { confidence: None, agreement: None, area: 0, invalid: 0 },
    };
}

impl<const N: usize> Monitor<N> {
    /// A monitor that has seen nothing.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] as [`Settings::check`].
    pub const fn new(settings: Settings) -> Result<Self, Error> {
        match settings.check() {
            Ok(()) => Ok(Self { settings, condition: Condition::NEW }),
            Err(error) => Err(error),
        }
    }

    /// The settings, which never change.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The verdict so far.
    #[must_use]
    pub const fn state(&self) -> State {
        self.condition.shown
    }

    /// The scores in the history, in Q15, from the oldest on.
    pub fn history(&self) -> impl Iterator<Item = u16> {
        self.condition.history.iter()
    }

    /// The score that `share` (Q15) of the history does not exceed.
    #[must_use]
    pub fn quantile(&self, share: u16) -> Option<u16> {
        self.condition.history.quantile(share)
    }

    /// All that is known, as numbers.
    #[must_use]
    pub fn report(&self) -> Report {
        let Condition { last, history, .. } = &self.condition;
        Report {
            frames: self.condition.frames,
            unscored: self.condition.unscored,
            state: self.condition.shown,
            cause: self.condition.cause,
            confidence: last.confidence,
            agreement: last.agreement,
            area: last.area,
            invalid: last.invalid,
            baseline: self.condition.confidence.baseline(self.settings.baseline),
            level: self.condition.level.map(|level| ((level + (1 << 14)) >> 15) as u16),
            mean: history.mean(),
            least: history.least(),
            quantile: history.quantile(self.settings.quantile),
            drift: self.condition.confidence.drift().min(u32::from(u16::MAX)) as u16,
        }
    }

    /// Forgets everything but the settings.
    pub fn reset(&mut self) {
        self.condition = Condition::NEW;
    }

    /// Takes a frame: the change of state that it brings, if it does.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] if it has not as many pixels as the first had. The state is as it was.
    pub fn observe(&mut self, frame: &Frame) -> Result<Option<Event>, Error> {
        let Condition { pixels, .. } = &mut self.condition;
        if *pixels != 0 && *pixels != frame.pixels {
            return Err(Error::Length);
        }
        *pixels = frame.pixels;
        Ok(self.step(Some(frame)))
    }

    /// Takes note of a frame that never came.
    pub fn dropped(&mut self) -> Option<Event> {
        self.step(None)
    }

    fn step(&mut self, frame: Option<&Frame>) -> Option<Event> {
        let number = self.condition.frames;
        self.condition.frames = number.saturating_add(1);
        let score = self.sort(frame);
        let follows = core::mem::replace(&mut self.condition.scored, score.is_some());
        if score.is_none() {
            self.condition.unscored = self.condition.unscored.saturating_add(1);
        }
        let (reading, worn) = match (score, frame) {
            (Some(score), Some(frame)) => self.take(score, frame.agreement.filter(|_| follows), frame.area),
            _ => (None, None),
        };
        let before = self.condition.quality;
        let cause = self.judge(reading, worn);
        self.show(number, before, cause)
    }

    /// Counts what is wrong with a frame before its score is looked at, and returns the score if it means something.
    fn sort(&mut self, frame: Option<&Frame>) -> Option<u16> {
        let Self { settings, condition: Condition { runs, last, quality, .. } } = self;
        let Some(frame) = frame else {
            *last = Last { confidence: None, agreement: None, area: 0, invalid: 0 };
            count(&mut runs.silent, true);
            return None;
        };
        let &Frame { confidence, agreement, area, invalid, blank, uniform, identical, occupied, .. } = frame;
        *last = Last { confidence, agreement, area, invalid };
        let broken = invalid > settings.invalid;
        count(&mut runs.invalid, broken);
        if broken {
            runs.silent = 0;
            runs.good = 0;
            return None;
        }
        // A map of zeros is uniform and repeats itself: that says no more than that it is empty.
        let (uniform, frozen) = (uniform && !blank, identical && !blank);
        count(&mut runs.uniform, uniform);
        count(&mut runs.frozen, frozen);
        let expected = *quality == State::Degraded || occupied == Some(true) || settings.area.0 > 0;
        let empty = confidence.is_none();
        count(&mut runs.vanished, empty && expected);
        count(&mut runs.silent, empty && !expected && !uniform && !frozen);
        let score = confidence.filter(|_| !uniform && !frozen);
        if score.is_none() {
            runs.good = 0;
        }
        score
    }

    /// Takes a score into history, level and charts: what the chart of confidence says, and what is worn.
    fn take(&mut self, score: u16, agreement: Option<u16>, area: u16) -> (Option<Reading>, Option<Cause>) {
        let Self { settings, condition } = self;
        condition.history.push(score);
        let now = i32::from(score) << 15;
        let level = match condition.level {
            Some(level) => level.saturating_add_signed((now - level as i32) >> settings.smoothing),
            None => now as u32,
        };
        condition.level = Some(level);
        let reading = condition.confidence.take(settings.baseline, settings.drift, score);
        let mut worn = (reading == Reading::Alarm).then_some(Cause::Drift);
        let baseline = condition.confidence.baseline(settings.baseline).unwrap_or(0);
        let reaches =
            |score: u16, below: u16, baseline: u16| u32::from(score) + u32::from(below) >= u32::from(baseline);
        let mut good = reaches(score, settings.drift.allowance, baseline);
        let sunk = !reaches((level >> 15) as u16, settings.failing, baseline);
        if sunk {
            // Good and bad frames by turns: no run of bad ones, and none is needed.
            condition.runs.low = settings.failed_after;
        } else {
            count(&mut condition.runs.low, !reaches(score, settings.failing, baseline));
        }
        if let (Some(flicker), Some(agreement)) = (settings.flicker, agreement) {
            let reading = condition.flicker.take(flicker.baseline, flicker.drift, agreement);
            worn = worn.or((reading == Reading::Alarm).then_some(Cause::Flicker));
            let baseline = condition.flicker.baseline(flicker.baseline).unwrap_or(0);
            good &= reaches(agreement, flicker.drift.allowance, baseline);
        }
        let outside = area < settings.area.0 || area > settings.area.1;
        count(&mut condition.runs.area, outside);
        worn = worn.or((condition.runs.area >= settings.failed_after).then_some(Cause::Area));
        count(&mut condition.runs.good, good && !outside);
        (Some(reading), worn)
    }

    /// The quality now, and why if it is another than before.
    fn judge(&mut self, reading: Option<Reading>, worn: Option<Cause>) -> Option<Cause> {
        let Self { settings, condition } = self;
        let runs = condition.runs;
        if matches!(reading, Some(Reading::Refused | Reading::Learnt)) {
            condition.refused = reading == Some(Reading::Refused);
        }
        let failures = [
            (runs.frozen >= settings.frozen_after, Cause::Frozen),
            (runs.uniform >= settings.failed_after, Cause::Collapsed),
            (runs.invalid >= settings.failed_after, Cause::Invalid),
            (runs.vanished >= settings.failed_after, Cause::Vanished),
            (runs.low >= settings.failed_after, Cause::Low),
            (condition.refused, Cause::Baseline),
        ];
        let failure = failures.into_iter().find_map(|(failed, cause)| failed.then_some(cause));
        let known = condition.confidence.baseline(settings.baseline).is_some();
        let (to, cause) = match (condition.quality, failure) {
            (State::Failed, Some(_)) => return None,
            (_, Some(cause)) => (State::Failed, cause),
            (State::Failed | State::Degraded, None) if runs.good >= settings.recovered_after => {
                condition.confidence.settle();
                condition.flicker.settle();
                (if known { State::Healthy } else { State::WarmingUp }, Cause::Recovered)
            }
            (State::WarmingUp, None) if known && reading.is_some() => (State::Healthy, Cause::Learnt),
            (State::Healthy, None) => (State::Degraded, worn?),
            _ => return None,
        };
        condition.quality = to;
        Some(cause)
    }

    /// What is shown to the world: the quality, or that there is no signal.
    fn show(&mut self, frame: u32, before: State, cause: Option<Cause>) -> Option<Event> {
        let Self { settings, condition } = self;
        let silent = condition.runs.silent >= settings.silent_after;
        let to = match condition.quality {
            State::Failed => State::Failed,
            _ if silent => State::NoSignal,
            quality => quality,
        };
        let from = core::mem::replace(&mut condition.shown, to);
        if from == to {
            return None;
        }
        let cause = match to {
            State::NoSignal => Cause::Silent,
            _ if before == condition.quality => Cause::Returned,
            _ => cause.unwrap_or(Cause::Returned),
        };
        condition.cause = Some(cause);
        Some(Event { frame, from, to, cause })
    }
}

#[cfg(feature = "defmt")]
impl<const N: usize> defmt::Format for Monitor<N> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{}", self.report());
    }
}
