/// The last `N` scores, in Q15, and what can be said of them without float or allocation. Plain numbers, without a destructor: a
/// [`super::Monitor`] is built in a constant, where none could run.
#[derive(Clone, Debug)]
pub(super) struct History<const N: usize> {
    scores: [u16; N],
    /// How many there are, and where the next one goes: the oldest lies there once the history is full.
    filled: u16,
    next: u16,
    /// Σ of the scores: below 2¹⁶ · N.
    sum: u32,
}

impl<const N: usize> History<N> {
    pub const fn new() -> Self {
        const { assert!(N > 0 && N < 1 << 16, "a history holds from 1 to 65535 scores") };
        Self { scores: [0; N], filled: 0, next: 0, sum: 0 }
    }

    /// Takes a score in place of the oldest.
    pub fn push(&mut self, score: u16) {
        if let Some(place) = self.scores.get_mut(usize::from(self.next)) {
            // What was never written is 0.
            self.sum = self.sum - u32::from(*place) + u32::from(score);
            *place = score;
        }
        self.next = if usize::from(self.next) + 1 < N { self.next + 1 } else { 0 };
        self.filled = self.filled.max(if self.next == 0 { N as u16 } else { self.next });
    }

    pub fn len(&self) -> usize {
        usize::from(self.filled)
    }

    /// From the oldest to the last.
    pub fn iter(&self) -> impl Iterator<Item = u16> {
        // Before it is full, the oldest is the first, and nothing lies behind the last.
        let (early, late) = self.scores.split_at_checked(usize::from(self.next)).unwrap_or_default();
        let late = if self.len() < N { &[] } else { late };
        late.iter().chain(early).copied()
    }

    /// To the nearest.
    pub fn mean(&self) -> Option<u16> {
        let scores = self.len() as u32;
        (self.sum + scores / 2).checked_div(scores).map(|mean| mean as u16)
    }

    pub fn least(&self) -> Option<u16> {
        self.iter().min()
    }

    /// The least score that at least `share` of the scores do not exceed; `share` in Q15. The value is found bit by bit,
    /// in 16 passes: no copy, no sorting.
    pub fn quantile(&self, share: u16) -> Option<u16> {
        let scores = self.len() as u32;
        if scores == 0 {
            return None;
        }
        let rank = (u32::from(share.min(1 << 15)) * scores).div_ceil(1 << 15).max(1);
        let (mut low, mut high) = (0, u16::MAX);
        while low < high {
            let middle = low.midpoint(high);
            let reached = self.iter().filter(|&score| score <= middle).count();
            if reached as u32 >= rank {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        Some(low)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::vec::Vec;

    proptest! {
        #[test]
        fn as_if_sorted(all in prop::collection::vec(0u16..=32768, 0..40), share in 0u16..=32768) {
            let mut history = History::<7>::new();
            for &score in &all {
                history.push(score);
            }
            let kept = &all[all.len().saturating_sub(7)..];
            prop_assert_eq!(history.iter().collect::<Vec<_>>(), kept);
            let mut sorted = kept.to_vec();
            sorted.sort_unstable();
            prop_assert_eq!(history.least(), sorted.first().copied());
            let mean = kept.iter().map(|&s| f64::from(s)).sum::<f64>() / kept.len() as f64;
            prop_assert!(history.mean().is_none_or(|m| (f64::from(m) - mean).abs() <= 0.5));
            let rank = (f64::from(share) / 32768.0 * kept.len() as f64).ceil().max(1.0) as usize;
            prop_assert_eq!(history.quantile(share), sorted.get(rank - 1).copied());
        }
    }
}
