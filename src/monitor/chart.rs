use super::lessons::{Lessons, Level, MOST};
use super::settings::{Baseline, Drift, Watched};

/// One-sided CUSUM (Page 1954) of a reading that should not fall, against a baseline that is known or learnt.
///
/// S ← max(0, S + baseline − x − allowance), alarm where S > limit and at least two frames since S was 0 were low. S, and
/// so what a single frame adds, is at most twice the limit: good frames take it away again.
///
/// A baseline is provisional after the first frames and refined until there are as many as the settings say. From the
/// beginning, the allowance is no less than two and a half times the distance of the lowest tenth from the median (of
/// normal readings about 3.2 deviations); the limit grows with it. Nothing is learnt while S is above 0, so that a fall
/// which begins among the first frames does not teach itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chart {
    learnt: Option<Level>,
    settled: bool,
    lessons: Lessons,
    /// S, at most twice the limit.
    drift: u32,
    /// Low frames since S was 0.
    lows: u8,
    /// The last reading was no more below the baseline than allowed, or there was none to compare it with.
    good: bool,
    /// The last baseline learnt was not believed.
    refused: bool,
}

/// How far a baseline can be trusted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Phase {
    /// The signal is switched off, or no frame has borne it yet.
    #[default]
    Absent,
    /// The first frames are being gathered.
    Learning,
    /// There is a baseline from few frames; it is being refined, and so is its spread.
    Provisional,
    /// Baseline and spread are learnt and stay.
    Settled,
    /// The baseline is the settings'.
    Known,
    /// What was learnt is not believed: the level lies below `least`, or so near to what chance gives that a fall
    /// could not be told. This signal raises no alarm of its own.
    Refused,
}

impl Chart {
    pub const NEW: Self =
        Self { learnt: None, settled: false, lessons: Lessons::NONE, drift: 0, lows: 0, good: true, refused: false };

    pub fn baseline(&self, watched: &Watched) -> Option<u16> {
        match watched.baseline {
            Baseline::Known(baseline) => Some(baseline),
            Baseline::Learnt { .. } => self.learnt.map(|learnt| learnt.baseline),
        }
    }

    pub fn phase(&self, watched: &Watched) -> Phase {
        match watched.baseline {
            Baseline::Known(_) => Phase::Known,
            _ if self.refused => Phase::Refused,
            _ if self.settled => Phase::Settled,
            _ if self.learnt.is_some() => Phase::Provisional,
            _ if self.lessons.frames() > 0 => Phase::Learning,
            _ => Phase::Absent,
        }
    }

    /// What is learnt so far, and whether it is settled.
    pub const fn learnt(&self) -> Option<(Level, bool)> {
        match self.learnt {
            Some(learnt) => Some((learnt, self.settled)),
            None => None,
        }
    }

    /// Goes on from what was learnt before.
    pub const fn restore(&mut self, learnt: Option<(Level, bool)>) {
        *self = Self::NEW;
        if let Some((learnt, settled)) = learnt {
            self.learnt = Some(learnt);
            self.settled = settled;
        }
    }

    /// Allowance and limit as they are now: no less than the settings', and wider where the readings spread more.
    pub fn drift_now(&self, watched: &Watched) -> Drift {
        let (Baseline::Learnt { .. }, Some(Level { spread, .. })) = (watched.baseline, self.learnt) else {
            return watched.drift;
        };
        let Drift { allowance, limit } = if self.settled { watched.settled } else { watched.drift };
        let wide = u32::from(spread) * 5 / 2;
        if wide <= u32::from(allowance) {
            return Drift { allowance, limit };
        }
        // Both u16: the product fits.
        let limit = (u32::from(limit) * wide.min(u32::from(u16::MAX))).checked_div(u32::from(allowance));
        let most = u32::from(u16::MAX);
        Drift { allowance: wide.min(most) as u16, limit: limit.unwrap_or(most).min(most) as u16 }
    }

    /// S in 1/256 of its limit; an alarm beyond 256.
    pub fn over(&self, watched: &Watched) -> u16 {
        let limit = u32::from(self.drift_now(watched).limit);
        (self.drift * 256).checked_div(limit).unwrap_or_default().min(u32::from(u16::MAX)) as u16
    }

    pub const fn good(&self) -> bool {
        self.good
    }

    pub const fn refused(&self) -> bool {
        self.refused
    }

    /// Forgets the drift, not the baseline.
    pub const fn settle(&mut self) {
        self.drift = 0;
        self.lows = 0;
    }

    /// Takes a reading: whether it is an alarm. Learns from it only if `teach` says that all is well.
    pub fn take(&mut self, watched: &Watched, reading: u16, teach: bool) -> bool {
        if teach && self.drift == 0 {
            self.learn(watched, reading);
        }
        self.good = true;
        let Some(baseline) = self.baseline(watched).filter(|_| !self.refused) else { return false };
        let Drift { allowance, limit } = self.drift_now(watched);
        let fall = i32::from(baseline) - i32::from(reading) - i32::from(allowance);
        let limit = u32::from(limit);
        self.drift = self.drift.saturating_add_signed(fall).min(2 * limit);
        self.lows = match self.drift {
            0 => 0,
            _ => self.lows.saturating_add(u8::from(fall > 0)),
        };
        self.good = fall <= 0;
        self.drift > limit && self.lows >= 2
    }

    fn learn(&mut self, watched: &Watched, reading: u16) {
        let Baseline::Learnt { frames, refined, least } = watched.baseline else { return };
        if self.settled {
            return;
        }
        self.lessons.push(reading);
        let taken = self.lessons.frames();
        // A provisional baseline is refined with every eighth frame: order statistics take time.
        let due = taken == frames || taken >= refined || taken.is_multiple_of(8);
        if taken < frames || !due {
            return;
        }
        let learnt = self.lessons.learnt();
        self.refused = learnt.baseline < least;
        if self.refused {
            self.learnt = None;
            self.lessons.forget();
            return;
        }
        self.learnt = Some(learnt);
        self.settled = taken >= refined || usize::from(taken) >= MOST;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRIFT: Drift = Drift { allowance: 100, limit: 250 };
    const KNOWN: Watched = Watched { baseline: Baseline::Known(1000), drift: DRIFT, settled: DRIFT };
    const LEARNT: Watched =
        Watched { baseline: Baseline::Learnt { frames: 4, refined: 12, least: 900 }, drift: DRIFT, settled: DRIFT };

    fn last(chart: &mut Chart, watched: &Watched, readings: &[u16]) -> bool {
        readings.iter().map(|&reading| chart.take(watched, reading, true)).last().expect("a reading")
    }

    #[test]
    fn learns_the_median_and_then_the_spread() {
        let mut chart = Chart::NEW;
        assert_eq!(chart.phase(&LEARNT), Phase::Absent);
        last(&mut chart, &LEARNT, &[1000, 0, 1100]);
        assert_eq!((chart.phase(&LEARNT), chart.baseline(&LEARNT)), (Phase::Learning, None));
        last(&mut chart, &LEARNT, &[2000]);
        assert_eq!((chart.phase(&LEARNT), chart.baseline(&LEARNT)), (Phase::Provisional, Some(1000)));
        let mut chart = Chart::NEW;
        for reading in [1000, 1010, 990, 1000, 1000, 900, 1000, 1000, 1020, 1000, 1000, 1000] {
            assert!(!chart.take(&LEARNT, reading, true));
        }
        assert_eq!(chart.phase(&LEARNT), Phase::Settled);
        assert_eq!(chart.learnt(), Some((Level { baseline: 1000, spread: 10 }, true)));
        assert_eq!(chart.drift_now(&LEARNT), DRIFT);
        chart.restore(Some((Level { baseline: 1000, spread: 80 }, true)));
        assert_eq!(chart.drift_now(&LEARNT), Drift { allowance: 200, limit: 500 });
        assert_eq!(chart.drift_now(&KNOWN), DRIFT, "what is known is taken as it is");
    }

    #[test]
    fn a_fall_does_not_teach_itself() {
        let mut chart = Chart::NEW;
        last(&mut chart, &LEARNT, &[1000; 4]);
        for _ in 0..20 {
            chart.take(&LEARNT, 890, true);
        }
        assert_eq!(chart.baseline(&LEARNT), Some(1000));
        assert_eq!(chart.phase(&LEARNT), Phase::Provisional);
        let mut chart = Chart::NEW;
        (0..4).for_each(|_| _ = chart.take(&LEARNT, 1000, false));
        assert_eq!(chart.phase(&LEARNT), Phase::Absent, "under an alarm nothing is learnt");
    }

    #[test]
    fn refuses_a_baseline_too_low_and_learns_again() {
        let mut chart = Chart::NEW;
        assert!(!last(&mut chart, &LEARNT, &[899; 4]));
        assert!(chart.refused() && chart.phase(&LEARNT) == Phase::Refused);
        last(&mut chart, &LEARNT, &[900; 4]);
        assert!(!chart.refused() && chart.baseline(&LEARNT) == Some(900));
    }

    #[test]
    fn one_frame_never_alarms_and_two_can() {
        let mut chart = Chart::NEW;
        assert!(!last(&mut chart, &KNOWN, &[0]) && !chart.good());
        assert!(last(&mut chart, &KNOWN, &[899]));
        assert!(chart.over(&KNOWN) > 256);
        // The sum is bounded, and falls by what is above the allowance.
        assert!(last(&mut chart, &KNOWN, &[0, 0, 0, 1000, 1000]));
        assert_eq!(chart.over(&KNOWN), 307);
        assert!(!last(&mut chart, &KNOWN, &[1000]));
        assert_eq!((chart.over(&KNOWN), chart.good()), (204, true));
        chart.settle();
        assert!(!last(&mut chart, &KNOWN, &[900]) && chart.good());
        assert_eq!(chart.over(&KNOWN), 0);
    }

    #[test]
    fn one_bad_frame_is_forgotten_and_every_other_is_not() {
        let mut chart = Chart::NEW;
        assert!(!last(&mut chart, &KNOWN, &[0, 1000, 1000, 1000, 1000, 1000, 0]));
        assert!(last(&mut chart, &KNOWN, &[1000, 0]));
    }
}
