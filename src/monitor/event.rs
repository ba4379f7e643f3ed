/// The verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum State {
    /// The baseline is being learnt.
    #[default]
    WarmingUp,
    /// As good as the baseline, within what was promised.
    Healthy,
    /// Worse than the baseline by the fall that was to be found; still of use, perhaps.
    Degraded,
    /// As good as none.
    Failed,
    /// Nothing to judge: no foreground, or no frames, and no sign that anything is wrong.
    NoSignal,
}

/// Why the state changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Cause {
    /// The baseline is learnt.
    Learnt,
    /// The baseline that was learnt is below what can be believed.
    Baseline,
    /// Confidence has drifted below its baseline.
    Drift,
    /// Confidence is far below its baseline, for several frames or in its level.
    Low,
    /// Frames agree less with the ones before than they did.
    Flicker,
    /// The mask's edge no longer lies on edges of the picture.
    Edge,
    /// The picture has lost its detail.
    Detail,
    /// The foreground is smaller or larger than it can be.
    Area,
    /// The same map, again and again.
    Frozen,
    /// The same numbers at every pixel.
    Collapsed,
    /// The mask is empty, and a second signal says that it should not be: it had degraded before, or the caller
    /// knows that something is there.
    Vanished,
    /// Too many pixels are no probabilities.
    Invalid,
    /// The mask is empty or nearly so, with no second signal, or frames are missing.
    Silent,
    /// There is something to judge again.
    Returned,
    /// Good frames, as many as it takes.
    Recovered,
}

/// A change of state: at most one a frame, and none while the state lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Event {
    /// The frame that brought it, from 0 on since the last reset; dropped frames count.
    pub frame: u32,
    /// The state before.
    pub from: State,
    /// The state now.
    pub to: State,
    /// Why.
    pub cause: Cause,
    /// How far over, in 1/256 of what it takes, which is 256: of a signal its CUSUM in limits; of [`Cause::Low`]
    /// confidence's shortfall in `failing`; of all else the frames that it has lasted in those that it takes.
    pub over: u16,
}

impl Event {
    /// Logs the change with defmt: a failure as an error, a loss as a warning, all else as information.
    ///
    /// The monitor does not log by itself: whoever calls this has a logger.
    #[cfg(feature = "defmt")]
    pub fn log(&self) {
        let Self { frame, from, to, cause, over } = self;
        match to {
            State::Failed => defmt::error!("frame {}: {} -> {}, {}, {}/256", frame, from, to, cause, over),
            State::Degraded | State::NoSignal => {
                defmt::warn!("frame {}: {} -> {}, {}, {}/256", frame, from, to, cause, over)
            }
            State::Healthy | State::WarmingUp => {
                defmt::info!("frame {}: {} -> {}, {}, {}/256", frame, from, to, cause, over)
            }
        }
    }
}
