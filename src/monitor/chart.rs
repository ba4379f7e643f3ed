use super::settings::{Baseline, Drift};

/// One-sided CUSUM (Page 1954) of a score that should not fall, against a baseline that is known or learnt.
///
/// S ← max(0, S + baseline − x − allowance), alarm where S > limit and at least two frames since S was 0 were low. S, and so
/// what a single frame adds, is at most twice the limit: good frames take it away again.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chart {
    baseline: Option<u16>,
    lessons: Lessons,
    /// S, at most twice the limit.
    drift: u32,
    /// Low frames since S was 0.
    lows: u8,
}

/// What has been learnt so far.
#[derive(Clone, Copy, Debug)]
struct Lessons {
    frames: u8,
    sum: u32,
    least: u16,
    most: u16,
}

impl Lessons {
    const NONE: Self = Self { frames: 0, sum: 0, least: u16::MAX, most: 0 };
}

/// What a chart says of a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// The baseline is still being learnt.
    Learning,
    /// It was learnt, and is too low to be believed; learning begins again.
    Refused,
    /// It was learnt with this score.
    Learnt,
    /// No more below the baseline than allowed.
    Good,
    /// Below what is allowed, and no alarm yet.
    Low,
    /// The sum is beyond its limit.
    Alarm,
}

impl Chart {
    pub const fn new() -> Self {
        Self { baseline: None, lessons: Lessons::NONE, drift: 0, lows: 0 }
    }

    pub const fn baseline(&self, setting: Baseline) -> Option<u16> {
        match setting {
            Baseline::Known(baseline) => Some(baseline),
            Baseline::Learnt { .. } => self.baseline,
        }
    }

    /// S, in Q15.
    pub const fn drift(&self) -> u32 {
        self.drift
    }

    /// Forgets the drift, not the baseline.
    pub const fn settle(&mut self) {
        self.drift = 0;
        self.lows = 0;
    }

    pub fn take(&mut self, setting: Baseline, drift: Drift, score: u16) -> Reading {
        let Some(baseline) = self.baseline(setting) else {
            return self.learn(setting, score);
        };
        let fall = i32::from(baseline) - i32::from(score) - i32::from(drift.allowance);
        let limit = u32::from(drift.limit);
        self.drift = self.drift.saturating_add_signed(fall).min(2 * limit);
        self.lows = match self.drift {
            0 => 0,
            _ => self.lows.saturating_add(u8::from(fall > 0)),
        };
        if self.drift > limit && self.lows >= 2 {
            Reading::Alarm
        } else if fall > 0 {
            Reading::Low
        } else {
            Reading::Good
        }
    }

    /// The baseline is the mean without the least and the greatest: one bad frame among the first does not spoil it.
    fn learn(&mut self, setting: Baseline, score: u16) -> Reading {
        let Baseline::Learnt { frames, least: believed } = setting else {
            return Reading::Learning;
        };
        let lessons = Lessons {
            frames: self.lessons.frames.saturating_add(1),
            sum: self.lessons.sum + u32::from(score),
            least: self.lessons.least.min(score),
            most: self.lessons.most.max(score),
        };
        if lessons.frames < frames {
            self.lessons = lessons;
            return Reading::Learning;
        }
        self.lessons = Lessons::NONE;
        let inner = u32::from(lessons.frames).saturating_sub(2);
        let sum = lessons.sum.saturating_sub(u32::from(lessons.least) + u32::from(lessons.most));
        let mean = (sum + inner / 2).checked_div(inner).unwrap_or_default() as u16;
        if mean < believed {
            return Reading::Refused;
        }
        self.baseline = Some(mean);
        Reading::Learnt
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRIFT: Drift = Drift { allowance: 100, limit: 250 };
    const LEARNT: Baseline = Baseline::Learnt { frames: 4, least: 900 };

    #[test]
    fn learns_without_the_extremes() {
        let mut chart = Chart::new();
        for (score, reading) in
            [(1000, Reading::Learning), (0, Reading::Learning), (1100, Reading::Learning), (2000, Reading::Learnt)]
        {
            assert_eq!(chart.take(LEARNT, DRIFT, score), reading);
        }
        assert_eq!(chart.baseline(LEARNT), Some(1050));
    }

    #[test]
    fn refuses_a_baseline_too_low_and_learns_again() {
        let mut chart = Chart::new();
        let mut last = |score| (0..4).map(|_| chart.take(LEARNT, DRIFT, score)).last();
        assert_eq!(last(899), Some(Reading::Refused));
        assert_eq!(last(900), Some(Reading::Learnt));
    }

    #[test]
    fn one_frame_never_alarms_and_two_can() {
        let known = Baseline::Known(1000);
        let mut chart = Chart::new();
        let mut take = |scores: &[u16]| scores.iter().map(|&score| chart.take(known, DRIFT, score)).last();
        assert_eq!(take(&[0]), Some(Reading::Low));
        assert_eq!(take(&[899]), Some(Reading::Alarm));
        // The sum is bounded, and falls by what is above the allowance.
        assert_eq!(take(&[0, 0, 0, 1000, 1000]), Some(Reading::Alarm));
        assert_eq!(take(&[1000]), Some(Reading::Good));
        assert_eq!(chart.drift(), 200);
        chart.settle();
        assert_eq!(chart.take(known, DRIFT, 900), Reading::Good);
        assert_eq!(chart.drift(), 0);
    }

    #[test]
    fn one_bad_frame_is_forgotten_and_every_other_is_not() {
        let known = Baseline::Known(1000);
        let mut chart = Chart::new();
        let mut take = |scores: &[u16]| scores.iter().map(|&score| chart.take(known, DRIFT, score)).last();
        assert_eq!(take(&[0, 1000, 1000, 1000, 1000, 1000, 0]), Some(Reading::Low));
        assert_eq!(take(&[1000, 0]), Some(Reading::Alarm));
    }
}
