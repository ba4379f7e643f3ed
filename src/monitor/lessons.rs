/// Frames that a baseline is learnt from at most.
pub(super) const MOST: usize = 64;

/// Readings of the first frames, to learn from: what is usual, and how far below it the lowest tenth lies.
///
/// Both are order statistics: a few bad frames among the first move neither much. 130 bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lessons {
    readings: [u16; MOST],
    frames: u8,
}

/// What was learnt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Level {
    /// The median.
    pub baseline: u16,
    /// From the lowest tenth to the median.
    pub spread: u16,
}

impl Lessons {
    pub const NONE: Self = Self { readings: [0; MOST], frames: 0 };

    pub const fn frames(&self) -> u8 {
        self.frames
    }

    /// Begins anew: what the places hold beyond those that are counted is never read.
    pub const fn forget(&mut self) {
        self.frames = 0;
    }

    /// Takes a reading, until there are [`MOST`].
    pub fn push(&mut self, reading: u16) {
        if let Some(place) = self.readings.get_mut(usize::from(self.frames)) {
            *place = reading;
            self.frames += 1;
        }
    }

    /// The lower median, and its distance to the lower decile, of the readings so far.
    pub fn learnt(&self) -> Level {
        let last = self.frames.saturating_sub(1);
        let baseline = self.ranked(last / 2);
        Level { baseline, spread: baseline - self.ranked(last / 10).min(baseline) }
    }

    /// The reading that so many others lie below or beside, found bit by bit in 16 passes: no copy, no sorting.
    fn ranked(&self, rank: u8) -> u16 {
        let readings = self.readings.get(..usize::from(self.frames)).unwrap_or_default();
        let (mut low, mut high) = (0, u16::MAX);
        while low < high {
            let middle = low.midpoint(high);
            if readings.iter().filter(|&&reading| reading <= middle).count() > usize::from(rank) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        low
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn as_if_sorted(all in prop::collection::vec(any::<u16>(), 1..90)) {
            let mut lessons = Lessons::NONE;
            all.iter().for_each(|&reading| lessons.push(reading));
            let mut sorted = all[..all.len().min(MOST)].to_vec();
            sorted.sort_unstable();
            let (median, tenth) = (sorted[(sorted.len() - 1) / 2], sorted[(sorted.len() - 1) / 10]);
            prop_assert_eq!(lessons.learnt(), Level { baseline: median, spread: median - tenth });
            prop_assert_eq!(usize::from(lessons.frames()), sorted.len());
        }
    }

    #[test]
    fn bad_frames_among_the_first_move_little() {
        let mut lessons = Lessons::NONE;
        for at in 0..MOST as u16 {
            lessons.push(if at % 16 == 0 { 0 } else { 30_000 + at });
        }
        let Level { baseline, spread } = lessons.learnt();
        assert!((30_020..30_040).contains(&baseline) && spread < 40, "{baseline} {spread}");
    }
}
