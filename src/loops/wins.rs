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
        for number in 0..classes {
            let class = number as u8;
            let counts = match ignore {
                // SAFETY: so many vectors lie within both slices.
                None => unsafe { sides.class::<L, false>(lanes, class, 0) },
                Some(ignore) if ignore == class => {
                    // SAFETY: as above.
                    let [p, _, both] = unsafe { sides.class::<L, false>(lanes, class, 0) };
                    [p - both, 0, 0]
                }
                // SAFETY: as above.
                Some(ignore) => unsafe { sides.class::<L, true>(lanes, class, ignore) },
            };
            found(number, counts);
        }
        match ignore {
            None => 0,
            // SAFETY: as above.
            Some(ignore) => unsafe { sides.class::<L, false>(lanes, ignore, 0)[1] },
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
    /// Σp, Σt and Σpt of a class; `IGNORING` leaves the pixels out of Σp that bear the label `ignore`, which is another class.
    /// There is no closure in it: one that is not inlined would be compiled without the features of its lanes.
    ///
    /// # Safety
    ///
    /// Both sides hold `vectors` vectors.
    #[inline(always)]
    unsafe fn class<L: Lanes, const IGNORING: bool>(self, lanes: L, class: u8, ignore: u8) -> [u64; 3] {
        let (class, ignore) = (ByteLanes::splat(lanes, class), ByteLanes::splat(lanes, ignore));
        let zero = ByteLanes::splat(lanes, 0);
        let (mut p, mut t, mut both) = (zero, zero, zero);
        for at in 0..self.vectors {
            let at = at * <L as ByteLanes>::LANES;
            // SAFETY: the vector at this place ends within both sides, as the caller promises.
            let (won, bytes) =
                unsafe { (ByteLanes::load(lanes, self.won.add(at)), ByteLanes::load(lanes, self.labels.add(at))) };
            let (mut won, label) = (lanes.equal(won, class), lanes.equal(bytes, class));
            if IGNORING {
                won = lanes.less(won, lanes.equal(bytes, ignore));
            }
            p = lanes.counted(p, won);
            t = lanes.counted(t, label);
            both = lanes.counted(both, ByteLanes::and(lanes, won, label));
        }
        let none = ByteSums::none(lanes);
        [
            ByteSums::total(lanes, ByteSums::sum(lanes, none, p)),
            ByteSums::total(lanes, ByteSums::sum(lanes, none, t)),
            ByteSums::total(lanes, ByteSums::sum(lanes, none, both)),
        ]
    }
}
