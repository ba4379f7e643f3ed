//! Watching quality in the field, where there is no reference: a few numbers a frame, one verdict.
//!
//! ```text
//! map ─────┬ confidence (SDC) ─ history, level, CUSUM ─┐
//!          ├ agreement with the last frame ─ CUSUM ────┤
//!          ├ area, invalid, repeated, uniform, empty ──┼─ verdict → event, when it changes
//! picture ─┼ does the mask lie on its edges? ─ CUSUM ──┤
//!          └ has it lost its detail? ─ CUSUM ──────────┘
//! ```
//!
//! [`Watch`] does all of it, a frame at a time or in chunks; [`Monitor`] is the part behind the sums, for those who sum
//! themselves (tiles). [`ClassWatch`] is the same for many classes. All of it is integers: no float instruction, no 64-bit division, no allocation,
//! bounded time. [`calibrate`] alone uses f64, and runs where the recording is.
//!
//! | state | entered when | left when |
//! |---|---|---|
//! | [`WarmingUp`](State::WarmingUp) | at the beginning, after [`Monitor::reset`] | the baseline of confidence is known |
//! | [`Healthy`](State::Healthy) | the baseline is known; `recovered_after` good frames | see below |
//! | [`Degraded`](State::Degraded) | the CUSUM of a signal is beyond its limit; the foreground is outside the bounds `area` for `failed_after` frames | recovery, or failure |
//! | [`Failed`](State::Failed) | for `failed_after` frames: confidence more than `failing` below the baseline (or its level is), the same numbers at every pixel, too many invalid pixels, an empty mask with a second signal; for `frozen_after` frames: the same map; a learnt baseline below `least` | recovery |
//! | [`NoSignal`](State::NoSignal) | `silent_after` frames dropped or (nearly) empty with no second signal; at once, if an alarm came within the last `departure` frames | there is a mask again; after an alarm, `recovered_after` good frames |
//!
//! **One bad frame is never an alarm**, in any signal. A *good* frame has no signal more than its allowance below its
//! baseline, and about the area that was learnt; a single good frame is no recovery, and there is none until every signal is
//! back. Where the scene has changed for good, so that the learnt area does not come back, [`Monitor::reset`] begins anew.
//!
//! **What is learnt.** Baseline and spread of every signal, from the first frames, as order statistics: provisional after 8
//! frames, refined until 64, then settled ([`Phase`]). Until then the narrower thresholds hold, because a fault that
//! begins while a monitor learns would be learnt. [`Monitor::learnt`] gives it as plain numbers, [`Monitor::restore`]
//! takes them back after a reboot. A fault that is there from the first frame becomes the baseline: only
//! [`Baseline::Known`] finds it, or a confidence below `least`.
//!
//! **What confidence alone does not see.** A network that has died writes the same map again, or the same numbers at every
//! pixel; either may be confident. Both are found from the pixels themselves, exactly: with [`Settings::DEFAULT`] a collapsed
//! output has failed with its second frame, a frozen one with its ninth (eight repetitions). A mask that is mirrored, slipped or
//! late is confident as well: only the camera's picture shows it ([`Contour`]).
//!
//! **An empty mask** is what an empty scene looks like, and what a dead network looks like. It is never called a failure
//! by itself: after `silent_after` frames there is no signal, and it comes back by itself. A mask below an eighth of the
//! learnt area is as good as empty (while an alarm lasts, only one below 1 % of the picture: it may be what is left). It
//! is a failure with a second signal: an alarm more than `departure` frames before; something else knows that the scene is not
//! empty ([`Frame::occupied`]); the settings say that some foreground is always there (`area`); the map is uniform or
//! frozen. The last two do not count for a map of zeros, which is what an empty scene gives at its clearest.
//!
//! **What it cannot see**, with numbers from recordings, is in [`docs/monitor.md`](crate::docs::monitor).

mod calibrate;
mod camera;
mod chart;
mod class_watch;
mod condition;
mod contour;
mod entry;
mod event;
mod frame;
mod history;
mod learnt;
mod lessons;
mod logarithm;
mod report;
mod settings;
mod sight;
mod tune;
mod watch;

pub use calibrate::{Calibration, Noise, Promise, calibrate};
pub use camera::{Camera, Format, Picture};
pub use chart::Phase;
pub use class_watch::{ClassWatch, OpenClasses};
pub use contour::{Contour, Outlined};
pub use entry::Entry;
pub use event::{Cause, Event, State};
pub use frame::Frame;
pub use learnt::{Learnt, Level};
pub use report::{Report, Signal, Status};
pub use settings::{Baseline, Drift, Settings, Watched};
pub use tune::{Tuned, Tuning, tune};
pub use watch::{Open, Paused, Watch};

use crate::error::Error;
use condition::Condition;

/// Takes a [`Frame`] at a time, keeps the last `N` scores, and says when the state changes.
///
/// Memory: 2·`N` bytes for the history, and about 900, most of which are the first 64 readings of every signal.
///
/// ```
/// use soft_dice::U8;
/// use soft_dice::confidence::confidence;
/// use soft_dice::monitor::{Baseline, Cause, Frame, Monitor, Settings, State, Watched};
///
/// let confident = Watched { baseline: Baseline::Known(32_000), ..Settings::DEFAULT.confidence };
/// let settings = Settings { confidence: confident, ..Settings::DEFAULT };
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
/// assert!(event.over > 256);                                // how far over its limit, which is 256
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Monitor<const N: usize = 32> {
    settings: Settings,
    condition: Condition<N>,
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
        self.condition.state()
    }

    /// The scores in the history, in Q15, from the oldest on.
    pub fn history(&self) -> impl Iterator<Item = u16> {
        self.condition.history().iter()
    }

    /// The score that `share` (Q15) of the history does not exceed.
    #[must_use]
    pub fn quantile(&self, share: u16) -> Option<u16> {
        self.condition.history().quantile(share)
    }

    /// All that is known, as numbers.
    #[must_use]
    pub fn report(&self) -> Report {
        self.condition.report(&self.settings)
    }

    /// All that is known of one signal.
    #[must_use]
    pub fn signal(&self, signal: Signal) -> Status {
        self.condition.status(&self.settings, signal)
    }

    /// What has been learnt, to be kept over a reboot.
    #[must_use]
    pub fn learnt(&self) -> Learnt {
        self.condition.learnt()
    }

    /// Begins anew with what was learnt before. What was provisional goes on from there, and is refined anew.
    ///
    /// # Errors
    ///
    /// [`Error::Version`] if another version of the format wrote it, [`Error::Setting`] if it holds a score above 1. The
    /// state is as it was.
    pub fn restore(&mut self, learnt: &Learnt) -> Result<(), Error> {
        learnt.check()?;
        self.reset();
        self.condition.restore(learnt);
        Ok(())
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
        self.condition.fits(frame)?;
        Ok(self.condition.step(&self.settings, Some(frame)))
    }

    /// Takes note of a frame that never came.
    pub fn dropped(&mut self) -> Option<Event> {
        self.condition.step(&self.settings, None)
    }
}

#[cfg(feature = "defmt")]
impl<const N: usize> defmt::Format for Monitor<N> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{}", self.report());
    }
}
