//! How often each class has won, how often it was labelled, and how often both: over the winners of a block and their labels.
//!
//! ```text
//! for some classes at a time:
//!     for each vector of winners and labels:
//!         for each of these classes:
//!             p += won is class;  t += label is class;  pt += both
//! ```
//!
//! **Overflow.** A lane counts in a byte, at most one a vector: a block has at most [`VECTORS`] of them.

use super::sweep::Job;
use crate::lanes::{ByteLanes, ByteSums, Lanes};

/// Vectors of a block at most.
pub(crate) const VECTORS: usize = u8::MAX as usize;

/// Winners and labels of at most [`VECTORS`] vectors. What goes beyond whole vectors is not looked at, and a byte that is no
/// class is counted nowhere. `found` is told Σp, Σt and Σpt of each class, without the pixels that bear the ignore label; the
/// job's result is how many those are.
pub(crate) struct Wins<'a, F> {
    pub won: &'a [u8],
    pub labels: &'a [u8],
    pub ignore: Option<u8>,
    pub classes: usize,
    pub found: F,
}

impl<F: FnMut(usize, [u64; 3])> Job for Wins<'_, F> {
    type Out = u64;

    #[inline(always)]
    unsafe fn run<L: Lanes>(self, lanes: L) -> u64 {
        let Self { won, labels, ignore, classes, mut found } = self;
        let vectors = (won.len().min(labels.len()) / <L as ByteLanes>::LANES).min(VECTORS);
        let sides = Sides { won: won.as_ptr(), labels: labels.as_ptr(), vectors };
        let mut first = 0;
        // Several classes for each load: as many as have room for their sums in the registers.
        while <L as ByteLanes>::LANES == 64 && classes - first >= 4 {
            // SAFETY: so many vectors lie within both slices.
            let four = unsafe { sides.some::<L, 4>(lanes, first as u8, ignore) };
            for (counts, number) in four.into_iter().zip(first..) {
                found(number, counts);
            }
            first += 4;
        }
        while first < classes {
            // SAFETY: as above.
            let two = unsafe { sides.some::<L, 2>(lanes, first as u8, ignore) };
            for (counts, number) in two.into_iter().zip(first..classes) {
                found(number, counts);
            }
            first += 2;
        }
        match ignore {
            None => 0,
            // SAFETY: as above.
            Some(ignore) => unsafe { sides.counts::<L, false, 1>(lanes, ignore, 0)[0][1] },
        }
    }
}

/// Where both sides lie, and how many whole vectors each has.
#[derive(Clone, Copy)]
struct Sides {
    won: *const u8,
    labels: *const u8,
    vectors: usize,
}

impl Sides {
    /// Σp, Σt and Σpt of the classes from `first` on, without the pixels that bear the ignore label.
    ///
    /// # Safety
    ///
    /// Both sides hold `vectors` vectors.
    #[inline(always)]
    unsafe fn some<L: Lanes, const N: usize>(self, lanes: L, first: u8, ignore: Option<u8>) -> [[u64; 3]; N] {
        let Some(ignore) = ignore else {
            // SAFETY: the caller promises the same.
            return unsafe { self.counts::<L, false, N>(lanes, first, 0) };
        };
        // SAFETY: as above.
        let mut counts = unsafe { self.counts::<L, true, N>(lanes, first, ignore) };
        // What is left out has been labelled nothing else, and is not Σt or Σpt of its own label.
        if let Some([_, t, both]) = counts.get_mut(usize::from(ignore.wrapping_sub(first))) {
            (*t, *both) = (0, 0);
        }
        counts
    }

    /// The same; `IGNORING` leaves out of Σp the pixels that bear the label `ignore`, which stay in Σt of that class. There is no
    /// closure in it: one that is not inlined would be compiled without the features of its lanes.
    ///
    /// # Safety
    ///
    /// Both sides hold `vectors` vectors.
    #[inline(always)]
    unsafe fn counts<L: Lanes, const IGNORING: bool, const N: usize>(
        self,
        lanes: L,
        first: u8,
        ignore: u8,
    ) -> [[u64; 3]; N] {
        let (zero, ignore) = (ByteLanes::splat(lanes, 0), ByteLanes::splat(lanes, ignore));
        let mut classes = [zero; N];
        for (number, class) in classes.iter_mut().enumerate() {
            *class = ByteLanes::splat(lanes, first.wrapping_add(number as u8));
        }
        let (mut p, mut t, mut both) = ([zero; N], [zero; N], [zero; N]);
        for at in 0..self.vectors {
            let at = at * <L as ByteLanes>::LANES;
            // SAFETY: the vector at this place ends within both sides, as the caller promises.
            let (won, bytes) =
                unsafe { (ByteLanes::load(lanes, self.won.add(at)), ByteLanes::load(lanes, self.labels.add(at))) };
            for number in 0..N {
                let (mut won, label) = (lanes.hits(won, classes[number]), lanes.hits(bytes, classes[number]));
                if IGNORING {
                    won = lanes.first_hit(won, lanes.hits(bytes, ignore));
                }
                p[number] = lanes.counted(p[number], won);
                t[number] = lanes.counted(t[number], label);
                both[number] = lanes.counted(both[number], lanes.both_hit(won, label));
            }
        }
        let (mut counts, none) = ([[0; 3]; N], ByteSums::none(lanes));
        for (number, counts) in counts.iter_mut().enumerate() {
            *counts = [
                ByteSums::total(lanes, ByteSums::sum(lanes, none, p[number])),
                ByteSums::total(lanes, ByteSums::sum(lanes, none, t[number])),
                ByteSums::total(lanes, ByteSums::sum(lanes, none, both[number])),
            ];
        }
        counts
    }
}
