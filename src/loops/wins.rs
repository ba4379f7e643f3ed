//! How often each class has won, how often it was labelled, and how often both: over the winners of a block and their labels.
//!
//! ```text
//! for each class:
//!     for each vector of winners and labels:
//!         p += won is class;  t += label is class;  pt += both
//! ```
//!
//! **Overflow.** A lane counts in a byte, at most one a vector: a block has at most [`VECTORS`] of them.

use super::sweep::Job;
use crate::lanes::{ByteLanes, ByteSums, Lanes};

/// Vectors of a block at most.
pub(crate) const VECTORS: usize = u8::MAX as usize;

/// Winners and labels of at most [`VECTORS`] vectors. What goes beyond whole vectors is not looked at, and a byte that is no
/// class is counted nowhere. `found` is told Σp, Σt and Σpt of each class.
pub(crate) struct Wins<'a, F> {
    pub won: &'a [u8],
    pub labels: &'a [u8],
    pub classes: usize,
    pub found: F,
}

impl<F: FnMut(usize, [u64; 3])> Job for Wins<'_, F> {
    type Out = ();

    #[inline(always)]
    unsafe fn run<L: Lanes>(mut self, lanes: L) {
        let width = <L as ByteLanes>::LANES;
        let vectors = (self.won.len().min(self.labels.len()) / width).min(VECTORS);
        for class in 0..self.classes {
            let of = ByteLanes::splat(lanes, class as u8);
            let mut counts = [ByteLanes::splat(lanes, 0); 3];
            for at in 0..vectors {
                // SAFETY: at < vectors, so that the vector ends within both slices.
                let [won, label] = unsafe {
                    [self.won, self.labels]
                        .map(|side| lanes.equal(ByteLanes::load(lanes, side.as_ptr().add(at * width)), of))
                };
                let [p, t, pt] = counts;
                counts = [
                    lanes.counted(p, won),
                    lanes.counted(t, label),
                    lanes.counted(pt, ByteLanes::and(lanes, won, label)),
                ];
            }
            (self.found)(
                class,
                counts.map(|count| ByteSums::total(lanes, ByteSums::sum(lanes, ByteSums::none(lanes), count))),
            );
        }
    }
}
