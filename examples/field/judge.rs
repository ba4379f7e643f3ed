//! What is true of an alarm: in time, late, missed or false.

use crate::Outcome;
use crate::recording::{Recording, Shown};
use soft_dice::monitor::{Cause, Event, Settings, Signal, State};
use std::fmt;

/// Below this hard Dice the device fails.
const BAD: f64 = 0.9;
/// So many frames after the first lasting failure an alarm is in time.
const IN_TIME: usize = 2;
/// So near to a frame that fails, no alarm is a false one.
const NEAR: usize = 10;

/// When the alarm of a failing recording came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    Before(usize),
    After(usize),
    Missed,
}

impl Came {
    pub fn in_time(self) -> bool {
        matches!(self, Self::Before(_)) || matches!(self, Self::After(frames) if frames <= IN_TIME)
    }
}

/// A recording, judged.
pub struct Judged {
    name: String,
    frames: usize,
    first_lasting: Option<usize>,
    /// Of failing recordings.
    pub came: Option<Came>,
    cause: Option<Cause>,
    healthy: usize,
    /// Alarms in healthy frames.
    pub false_alarms: usize,
    under: usize,
    vacant: usize,
    vacant_alarmed: usize,
    recovered: usize,
    lost: usize,
    lost_healthy: usize,
    events: Vec<Event>,
    /// From the fault on, the first frame at which a signal left its range.
    left: Option<(usize, Signal)>,
}

fn alarmed(state: State) -> bool {
    matches!(state, State::Degraded | State::Failed)
}

/// Judges the watch with these settings.
pub fn judge(recording: &Recording, settings: Settings) -> Outcome<Judged> {
    Ok(of(recording, &recording.watched(settings, |_| ())?))
}

/// Judges what was shown.
pub fn of(recording: &Recording, shown: &[Shown]) -> Judged {
    let Recording { dice, onset, mended, first_lasting, vacant, area, .. } = recording;
    let frames = shown.len();
    let bad: Vec<usize> = (0..frames).filter(|&at| dice[at].is_some_and(|dice| dice < BAD)).collect();
    let ends = mended.unwrap_or(frames);
    let healthy = |at: usize| {
        let faulty = onset.is_some_and(|onset| (onset..ends).contains(&at));
        !faulty && bad.iter().all(|bad| bad.abs_diff(at) > NEAR)
    };
    let rises = |at: usize| shown[at].event.is_some_and(|event| alarmed(event.to) && !alarmed(event.from));
    let gone = |at: usize| vacant[at] && area[at] < 0.01;
    let failing = (recording.kind == "fail").then_some(first_lasting.zip(*onset)).flatten();
    let first = failing.and_then(|(_, onset)| (onset..ends).find(|&at| alarmed(shown[at].state)));
    let came = failing.map(|(lasting, _)| match first {
        None => Came::Missed,
        Some(at) if at < lasting => Came::Before(lasting - at),
        Some(at) => Came::After(at - lasting),
    });
    let wrong = |at: usize| {
        let healed =
            |event: Event| event.to == State::Healthy && matches!(event.cause, Cause::Recovered | Cause::Returned);
        let within = first_lasting.is_some_and(|first| (first..ends).contains(&at));
        within && shown[at].event.is_some_and(healed) && dice[at].is_some_and(|dice| dice < BAD)
    };
    let lost = |at: usize| dice[at].is_some_and(|dice| dice < 0.5) && !gone(at);
    let count = |which: &dyn Fn(usize) -> bool| (0..frames).filter(|&at| which(at)).count();
    let left = failing.and_then(|(_, onset)| (onset..ends).find_map(|at| Some((at, shown[at].out?))));
    Judged {
        name: recording.name.clone(),
        left,
        frames,
        first_lasting: failing.map(|(lasting, _)| lasting),
        came,
        cause: first.and_then(|at| shown[..=at].iter().rev().find_map(|shown| shown.event)).map(|event| event.cause),
        healthy: count(&healthy),
        false_alarms: count(&|at| healthy(at) && rises(at)),
        under: count(&|at| healthy(at) && alarmed(shown[at].state)),
        vacant: count(&gone),
        vacant_alarmed: count(&|at| gone(at) && alarmed(shown[at].state)),
        recovered: count(&wrong),
        lost: count(&lost),
        lost_healthy: count(&|at| lost(at) && shown[at].state == State::Healthy),
        events: shown.iter().filter_map(|shown| shown.event).collect(),
    }
}

impl Judged {
    pub const HEAD: &str =
        "recording              frames  fails at  alarm                   false  events: frame, state, cause";
}

impl fmt::Display for Judged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lasting = self.first_lasting.map_or("-".into(), |at| at.to_string());
        let cause = self.cause.map_or(String::new(), |cause| format!(" ({cause:?})"));
        let came = match self.came {
            None => "-".into(),
            Some(Came::Before(frames)) => format!("{frames} before{cause}"),
            Some(Came::After(frames)) => format!("{frames} after{cause}"),
            Some(Came::Missed) => "missed".into(),
        };
        write!(f, "{:<22} {:>6}  {lasting:>8}  {came:<22}  {:>5} ", self.name, self.frames, self.false_alarms)?;
        if self.came.is_some_and(|came| !came.in_time()) {
            match self.left {
                Some((at, signal)) => write!(f, " [first out of range: {at}, {signal:?}]")?,
                None => write!(f, " [no signal left its range]")?,
            }
        }
        for event in &self.events {
            write!(f, " {} {:?} {:?},", event.frame, event.to, event.cause)?;
        }
        Ok(())
    }
}

/// All recordings together.
#[derive(Clone, Copy, Default)]
pub struct Total {
    pub failing: usize,
    pub before: usize,
    pub within: usize,
    pub late: usize,
    pub missed: usize,
    healthy: usize,
    pub false_alarms: usize,
    under: usize,
    vacant: usize,
    vacant_alarmed: usize,
    recovered: usize,
    lost: usize,
    lost_healthy: usize,
}

impl Total {
    pub fn add(&mut self, judged: &Judged) {
        if let Some(came) = judged.came {
            self.failing += 1;
            match came {
                Came::Before(_) => self.before += 1,
                Came::After(_) if came.in_time() => self.within += 1,
                Came::After(_) => self.late += 1,
                Came::Missed => self.missed += 1,
            }
        }
        self.healthy += judged.healthy;
        self.false_alarms += judged.false_alarms;
        self.under += judged.under;
        self.vacant += judged.vacant;
        self.vacant_alarmed += judged.vacant_alarmed;
        self.recovered += judged.recovered;
        self.lost += judged.lost;
        self.lost_healthy += judged.lost_healthy;
    }
}

impl fmt::Display for Total {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { failing, before, within, late, missed, .. } = self;
        let share = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
        writeln!(
            f,
            "failing recordings: {failing}; alarm before the first lasting Dice below {BAD} in {before}, at most {IN_TIME} \
             frames after in {within}: {:.0} % in time; later in {late}, missed {missed}",
            share(before + within, *failing)
        )?;
        writeln!(
            f,
            "healthy frames: {}; false alarms: {}; under an alarm that was raised elsewhere: {}",
            self.healthy, self.false_alarms, self.under
        )?;
        writeln!(f, "frames of an empty scene: {}; degraded or failed: {}", self.vacant, self.vacant_alarmed)?;
        writeln!(f, "recovered while failing: {}", self.recovered)?;
        writeln!(
            f,
            "frames with Dice below 0.5: {}; shown healthy: {} ({:.1} %)",
            self.lost,
            self.lost_healthy,
            share(self.lost_healthy, self.lost)
        )
    }
}
