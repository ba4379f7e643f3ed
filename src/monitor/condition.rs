//! The state machine: what is counted, and the verdict that follows.

use super::chart::Chart;
use super::history::History;
use super::logarithm::{self, OCTAVE};
use super::report::{Signal, Status};
use super::settings::{Baseline, Drift, Settings, Watched};
use super::{Cause, Event, Frame, Learnt, Level, Report, State};
use crate::error::Error;

/// A hundredth of the picture, in Q15.
const HUNDREDTH: u16 = 328;

/// The foreground's area is learnt like the signals, but has no chart: its allowance is never exceeded.
const AREA: Watched = {
    let never = Drift { allowance: u16::MAX, limit: u16::MAX };
    Watched { baseline: Baseline::Learnt { frames: 8, refined: 64, least: 0 }, drift: never, settled: never }
};

/// All of a monitor that changes.
#[derive(Clone, Debug)]
pub(super) struct Condition<const N: usize> {
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
    edge: Chart,
    detail: Chart,
    area: Chart,
    history: History<N>,
    /// Q30.
    level: Option<u32>,
    /// The last frame had a score, so that agreement with it means something.
    scored: bool,
    /// The mask vanished soon after an alarm: until it is back and judged anew, nothing is known.
    departed: bool,
    /// Frames since the alarm that quality still bears.
    age: u8,
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
    edge: Option<u16>,
    detail: Option<u16>,
    area: u16,
    invalid: u16,
}

impl Last {
    const NONE: Self = Self { confidence: None, agreement: None, edge: None, detail: None, area: 0, invalid: 0 };
}

fn count(run: &mut u8, more: bool) {
    *run = if more { run.saturating_add(1) } else { 0 };
}

/// In 1/256 of what it takes.
fn over(part: u32, whole: u32) -> u16 {
    part.saturating_mul(256).checked_div(whole).unwrap_or_default().min(u32::from(u16::MAX)) as u16
}

/// Why a state changes, and how far over.
type Why = (Cause, u16);

impl<const N: usize> Condition<N> {
    pub const NEW: Self = Self {
        frames: 0,
        unscored: 0,
        pixels: 0,
        quality: State::WarmingUp,
        shown: State::WarmingUp,
        cause: None,
        confidence: Chart::NEW,
        flicker: Chart::NEW,
        edge: Chart::NEW,
        detail: Chart::NEW,
        area: Chart::NEW,
        history: History::new(),
        level: None,
        scored: false,
        departed: false,
        age: 0,
        runs: Runs { low: 0, frozen: 0, uniform: 0, invalid: 0, vanished: 0, area: 0, silent: 0, good: 0 },
        last: Last::NONE,
    };

    pub const fn state(&self) -> State {
        self.shown
    }

    pub const fn history(&self) -> &History<N> {
        &self.history
    }

    pub fn learnt(&self) -> Learnt {
        Learnt {
            version: Learnt::VERSION,
            confidence: Level::of(&self.confidence),
            flicker: Level::of(&self.flicker),
            edge: Level::of(&self.edge),
            detail: Level::of(&self.detail),
            area: Level::of(&self.area),
        }
    }

    pub const fn restore(&mut self, learnt: &Learnt) {
        Level::restore(learnt.confidence, &mut self.confidence);
        Level::restore(learnt.flicker, &mut self.flicker);
        Level::restore(learnt.edge, &mut self.edge);
        Level::restore(learnt.detail, &mut self.detail);
        Level::restore(learnt.area, &mut self.area);
    }

    pub fn status(&self, settings: &Settings, signal: Signal) -> Status {
        let (chart, watched, reading) = match signal {
            Signal::Confidence => (&self.confidence, Some(settings.confidence), self.last.confidence),
            Signal::Agreement => (&self.flicker, settings.flicker, self.last.agreement),
            Signal::Edge => (&self.edge, settings.edge, self.last.edge),
            Signal::Detail => (&self.detail, settings.detail, self.last.detail),
        };
        let Some(watched) = watched else {
            return Status { phase: super::Phase::Absent, reading, baseline: None, allowance: 0, over: 0 };
        };
        Status {
            phase: chart.phase(&watched),
            reading,
            baseline: chart.baseline(&watched),
            allowance: chart.drift_now(&watched).allowance,
            over: chart.over(&watched),
        }
    }

    pub fn report(&self, settings: &Settings) -> Report {
        let Self { last, history, .. } = self;
        let all = Signal::ALL.map(|signal| self.status(settings, signal));
        Report {
            version: Report::VERSION,
            frames: self.frames,
            unscored: self.unscored,
            state: self.shown,
            cause: self.cause,
            confidence: last.confidence,
            agreement: last.agreement,
            edge: last.edge.map(logarithm::of),
            detail: last.detail.map(logarithm::of),
            area: last.area,
            invalid: last.invalid,
            baseline: self.confidence.baseline(&settings.confidence),
            phases: all.map(|status| status.phase),
            level: self.level.map(|level| ((level + (1 << 14)) >> 15) as u16),
            mean: history.mean(),
            least: history.least(),
            quantile: history.quantile(settings.quantile),
            drift: all.iter().map(|status| status.over).max().unwrap_or_default(),
        }
    }

    /// Whether a frame has the size of those before.
    pub fn fits(&mut self, frame: &Frame) -> Result<(), Error> {
        if self.pixels != 0 && self.pixels != frame.pixels {
            return Err(Error::Length);
        }
        self.pixels = frame.pixels;
        Ok(())
    }

    pub fn step(&mut self, settings: &Settings, frame: Option<&Frame>) -> Option<Event> {
        let number = self.frames;
        self.frames = number.saturating_add(1);
        if self.alarmed() {
            self.age = self.age.saturating_add(1);
        }
        let score = self.sort(settings, frame);
        let follows = core::mem::replace(&mut self.scored, score.is_some());
        let worn = match (score, frame) {
            (Some(score), Some(frame)) => self.take(settings, score, frame, follows),
            _ => {
                self.unscored = self.unscored.saturating_add(1);
                self.runs.good = 0;
                None
            }
        };
        let why = self.judge(settings, score.is_some(), worn);
        self.show(settings, number, why)
    }

    const fn alarmed(&self) -> bool {
        matches!(self.quality, State::Degraded | State::Failed)
    }

    /// Counts what is wrong with a frame before its score is looked at, and returns the score if it means something.
    fn sort(&mut self, settings: &Settings, frame: Option<&Frame>) -> Option<u16> {
        let Some(frame) = frame else {
            self.last = Last::NONE;
            count(&mut self.runs.silent, true);
            return None;
        };
        let &Frame { confidence, agreement, area, invalid, blank, uniform, identical, occupied, edge, detail, .. } =
            frame;
        self.last = Last { confidence, agreement, edge, detail, area, invalid };
        let broken = invalid > settings.invalid;
        count(&mut self.runs.invalid, broken);
        if broken {
            self.runs.silent = 0;
            return None;
        }
        // A map of zeros is uniform and repeats itself: that says no more than that it is empty.
        let (uniform, frozen) = (uniform && !blank, identical && !blank);
        count(&mut self.runs.uniform, uniform);
        count(&mut self.runs.frozen, frozen);
        let empty = confidence.is_none() || self.almost_empty(settings, area);
        let doubted = self.alarmed() && !self.departed;
        let expected = occupied == Some(true) || settings.area.0 > 0;
        let still = uniform || frozen;
        if empty && doubted && !expected && !still && self.age <= settings.departure {
            self.depart();
        }
        let vanished = empty && (expected || (self.alarmed() && !self.departed));
        count(&mut self.runs.vanished, vanished);
        count(&mut self.runs.silent, empty && !vanished && !still);
        confidence.filter(|_| !still && !empty)
    }

    /// The mask is too small to mean anything: below a share of what was learnt; while an alarm lasts it may be what is
    /// left of it, and must be below a hundredth of the picture as well.
    fn almost_empty(&self, settings: &Settings, area: u16) -> bool {
        let Some(learnt) = self.area.baseline(&AREA) else { return false };
        let small = u32::from(of_area(area)) + u32::from(settings.empty) * u32::from(OCTAVE) < u32::from(learnt);
        small && (area < HUNDREDTH || !self.alarmed() || self.departed)
    }

    /// What caused the alarm has left the picture: what was counted is void, and it is judged anew when it is back.
    fn depart(&mut self) {
        self.departed = true;
        self.level = None;
        self.runs.low = 0;
        self.settle();
    }

    const fn settle(&mut self) {
        self.confidence.settle();
        self.flicker.settle();
        self.edge.settle();
        self.detail.settle();
    }

    /// Takes a score into history, level and charts: what is worn, if anything is.
    fn take(&mut self, settings: &Settings, score: u16, frame: &Frame, follows: bool) -> Option<Why> {
        // A baseline that was refused is the alarm itself, and ends with one that is believed.
        let teach = !self.alarmed() || self.confidence.refused();
        self.history.push(score);
        let now = i32::from(score) << 15;
        let level = match self.level {
            Some(level) => level.saturating_add_signed((now - level as i32) >> settings.smoothing),
            None => now as u32,
        };
        self.level = Some(level);
        let agreement = frame.agreement.filter(|_| follows);
        let (mut good, mut worn) = (true, None);
        // By reference: copies of what is watched would be most of this function's stack.
        for (chart, watched, reading, cause) in &mut [
            (&mut self.confidence, Some(&settings.confidence), Some(score), Cause::Drift),
            (&mut self.edge, settings.edge.as_ref(), frame.edge, Cause::Edge),
            (&mut self.flicker, settings.flicker.as_ref(), agreement, Cause::Flicker),
            (&mut self.detail, settings.detail.as_ref(), frame.detail, Cause::Detail),
        ] {
            let (Some(watched), &mut Some(reading)) = (*watched, reading) else { continue };
            if chart.take(watched, reading, teach) && worn.is_none() {
                worn = Some((*cause, chart.over(watched)));
            }
            good &= chart.good();
        }
        let size = of_area(frame.area);
        self.area.take(&AREA, size, teach);
        if let Some((learnt, _)) = self.area.learnt() {
            let spread = learnt.spread.saturating_mul(2);
            good &= size.abs_diff(learnt.baseline) <= settings.resized.max(spread);
        }
        let outside = frame.area < settings.area.0 || frame.area > settings.area.1;
        count(&mut self.runs.area, outside);
        if worn.is_none() && self.runs.area >= settings.failed_after {
            worn = Some((Cause::Area, over(self.runs.area.into(), settings.failed_after.into())));
        }
        count(&mut self.runs.good, good && !outside);
        self.weigh(settings, score);
        worn
    }

    /// Whether confidence is as good as none, in this frame or on average.
    fn weigh(&mut self, settings: &Settings, score: u16) {
        let baseline = u32::from(self.confidence.baseline(&settings.confidence).unwrap_or(0));
        let below = |score: u32| score + u32::from(settings.failing) < baseline;
        if self.level.is_some_and(|level| below(level >> 15)) {
            // Good and bad frames by turns: no run of bad ones, and none is needed.
            self.runs.low = settings.failed_after;
        } else {
            count(&mut self.runs.low, below(score.into()));
        }
    }

    /// How far confidence, or its level, is below the baseline, in `failing`.
    fn shortfall(&self, settings: &Settings) -> u16 {
        let baseline = self.confidence.baseline(&settings.confidence).unwrap_or(0);
        let level = self.level.map_or(baseline, |level| (level >> 15) as u16);
        let least = self.last.confidence.unwrap_or(level).min(level);
        over(baseline.saturating_sub(least).into(), settings.failing.into())
    }

    /// What makes a failure, if anything does.
    fn failure(&self, settings: &Settings) -> Option<Why> {
        let Runs { low, frozen, uniform, invalid, vanished, .. } = self.runs;
        let (needed, still) = (settings.failed_after, settings.frozen_after);
        let (run, needed, cause) = if frozen >= still {
            (frozen, still, Cause::Frozen)
        } else if uniform >= needed {
            (uniform, needed, Cause::Collapsed)
        } else if invalid >= needed {
            (invalid, needed, Cause::Invalid)
        } else if vanished >= needed {
            (vanished, needed, Cause::Vanished)
        } else if low >= needed {
            return Some((Cause::Low, self.shortfall(settings)));
        } else {
            return self.confidence.refused().then_some((Cause::Baseline, 256));
        };
        Some((cause, over(run.into(), needed.into())))
    }

    /// The quality now, and why: if it is another than before, or a failure that lasts.
    fn judge(&mut self, settings: &Settings, scored: bool, worn: Option<Why>) -> Option<Why> {
        let failure = self.failure(settings);
        let known = self.confidence.baseline(&settings.confidence).is_some();
        let (to, why) = match (self.quality, failure) {
            (_, Some(why)) if !self.departed || scored || why.0 != Cause::Baseline => (State::Failed, why),
            (State::Failed | State::Degraded, None) if self.runs.good >= settings.recovered_after => {
                self.settle();
                let cause = if self.departed { Cause::Returned } else { Cause::Recovered };
                let lasted = over(self.runs.good.into(), settings.recovered_after.into());
                (if known { State::Healthy } else { State::WarmingUp }, (cause, lasted))
            }
            (State::WarmingUp, None) if known && scored => (State::Healthy, (Cause::Learnt, 256)),
            (State::Healthy, None) => (State::Degraded, worn?),
            (State::Failed | State::Degraded, None) if self.departed => (State::Degraded, worn?),
            _ => return None,
        };
        if !self.alarmed() {
            self.age = 0;
        }
        self.departed = false;
        self.quality = to;
        Some(why)
    }

    /// What is shown to the world: the quality, or that there is no signal.
    fn show(&mut self, settings: &Settings, frame: u32, why: Option<Why>) -> Option<Event> {
        let silent = self.runs.silent >= settings.silent_after;
        let to = match self.quality {
            _ if self.departed => State::NoSignal,
            State::Failed => State::Failed,
            _ if silent => State::NoSignal,
            quality => quality,
        };
        let from = core::mem::replace(&mut self.shown, to);
        if from == to {
            return None;
        }
        let lasted = over(self.runs.silent.into(), settings.silent_after.into()).max(256);
        let (cause, over) = match (to, why) {
            (State::NoSignal, _) => (Cause::Silent, lasted),
            (_, Some(why)) => why,
            (_, None) => (Cause::Returned, 256),
        };
        self.cause = Some(cause);
        Some(Event { frame, from, to, cause, over })
    }
}

/// The logarithm of a share as a reading.
const fn of_area(share: u16) -> u16 {
    logarithm::reading(logarithm::log2(share as u64))
}
