//! How often each class has won, how often it was labelled, and how often both: over the winners of a block and their labels.
//!
//! Each side is counted in one of two ways, by how often neighbours differ on it:
//!
//! ```text
//! few runs:   for each vector of the side:
//!                 for each byte that is in it:         mostly one or two
//!                     lanes = those that bear it
//!                     p, or t and pt, of its class += their number
//! else:       for some classes at a time:
//!                 for each vector:
//!                     for each of these classes:       p += won is class, or t += label is class, pt += both are
//! ```
//!
//! **Overflow.** A lane of the second way counts in a byte, at most one a vector: a block has at most [`VECTORS`] of them. The sums
//! of a block are at most 64 · 255 pixels.

use super::sweep::Job;
use crate::lanes::{ByteLanes, ByteSums, Lanes};

/// Vectors of a block at most.
pub(crate) const VECTORS: usize = u8::MAX as usize;
/// Classes at most.
pub(crate) const CLASSES: usize = 64;

/// Winners and labels of at most [`VECTORS`] vectors. What goes beyond whole vectors is not looked at, and a byte that is no
/// class is counted nowhere. `found` is told Σp, Σt and Σpt of each class, at most [`CLASSES`], without the pixels that bear the
/// ignore label; the job's result is how many those are.
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
        let mut table = [[0u32; 3]; CLASSES];
        let Some(table) = table.get_mut(..classes) else { return 0 };
        // SAFETY: so many vectors lie within both slices.
        let ignored = unsafe {
            match ignore {
                Some(ignore) => {
                    sides.count::<L, true>(lanes, ignore, table);
                    sides.bearing(lanes, ignore)
                }
                None => {
                    sides.count::<L, false>(lanes, 0, table);
                    0
                }
            }
        };
        for (number, counts) in table.iter().enumerate() {
            // What is left out has no other label, and counts for none of its own.
            let all =
                if ignore.is_some_and(|ignore| usize::from(ignore) == number) { [counts[0], 0, 0] } else { *counts };
            found(number, [all[0].into(), all[1].into(), all[2].into()]);
        }
        ignored
    }
}

/// What a byte more of a vector costs in the first way, beside what a class costs in the second: Σp alone, or Σt and Σpt.
const OF_A_BYTE: usize = 10;
const OF_WINNERS: usize = 2;
const OF_LABELS: usize = 4;
/// What all classes cost together at least, where it is worth to look how often neighbours differ: of few classes it is little.
const LEAST: usize = 24;
/// Of so many vectors one is looked at.
const SAMPLE: usize = 4;

/// Where both sides lie, and how many whole vectors each has. No function here hands a closure on: one that is not inlined would be
/// compiled without the features of its lanes.
#[derive(Clone, Copy)]
struct Sides {
    won: *const u8,
    labels: *const u8,
    vectors: usize,
}

impl Sides {
    /// Both sides; `IGNORING` leaves out of Σp the pixels that bear the label `ignore`, which stay in Σt of that class.
    ///
    /// # Safety
    ///
    /// Both sides hold `vectors` vectors.
    #[inline(always)]
    unsafe fn count<L: Lanes, const IGNORING: bool>(self, lanes: L, ignore: u8, table: &mut [[u32; 3]]) {
        // SAFETY: the caller promises the same.
        unsafe {
            let winners = self.few::<L>(lanes, self.won, OF_WINNERS * table.len());
            let labels = self.few::<L>(lanes, self.labels, OF_LABELS * table.len());
            if winners {
                self.winners_in_runs::<L, IGNORING>(lanes, ignore, table);
            }
            if labels {
                self.labels_in_runs::<L>(lanes, table);
            }
            match (winners, labels) {
                (true, true) => {}
                (true, false) => self.classes::<L, IGNORING, false, true>(lanes, ignore, table),
                (false, true) => self.classes::<L, IGNORING, true, false>(lanes, ignore, table),
                (false, false) => self.classes::<L, IGNORING, true, true>(lanes, ignore, table),
            }
        }
    }

    /// Whether neighbours on a side differ so seldom that its bytes cost less than the classes, of which one costs so much.
    ///
    /// # Safety
    ///
    /// As [`Self::count`].
    #[inline(always)]
    unsafe fn few<L: Lanes>(self, lanes: L, side: *const u8, dense: usize) -> bool {
        if dense <= LEAST {
            return false;
        }
        let (mut same, mut looked) = (0, 0);
        // One in so many is looked at. The last vector has no neighbour.
        for vector in (1..self.vectors).step_by(SAMPLE) {
            // SAFETY: the vector before this one ends a byte before this one does.
            let (here, next) = unsafe {
                let from = side.add((vector - 1) * <L as ByteLanes>::LANES);
                (ByteLanes::load(lanes, from), ByteLanes::load(lanes, from.add(1)))
            };
            same += lanes.bits_of(lanes.hits(here, next)).count_ones() as usize;
            looked += 1;
        }
        // A vector holds at most one byte more than there are differences in it.
        let bytes = looked * <L as ByteLanes>::LANES - same + looked;
        bytes * OF_A_BYTE < looked * dense
    }

    /// Σp, byte by byte of each vector.
    ///
    /// # Safety
    ///
    /// As [`Self::count`].
    #[inline(always)]
    unsafe fn winners_in_runs<L: Lanes, const IGNORING: bool>(self, lanes: L, ignore: u8, table: &mut [[u32; 3]]) {
        let ignore = ByteLanes::splat(lanes, ignore);
        for vector in 0..self.vectors {
            let at = vector * <L as ByteLanes>::LANES;
            // SAFETY: the vector at this place ends within both sides, as the caller promises.
            let won = unsafe { ByteLanes::load(lanes, self.won.add(at)) };
            let mut left = u64::MAX >> (64 - <L as ByteLanes>::LANES);
            if IGNORING {
                // SAFETY: as above.
                let bytes = unsafe { ByteLanes::load(lanes, self.labels.add(at)) };
                left &= !lanes.bits_of(lanes.hits(bytes, ignore));
            }
            while left != 0 {
                // SAFETY: a lane of this vector.
                let class = unsafe { *self.won.add(at + left.trailing_zeros() as usize) };
                let those = left & lanes.bits_of(lanes.hits(won, ByteLanes::splat(lanes, class)));
                left ^= those;
                if let Some([p, ..]) = table.get_mut(usize::from(class)) {
                    *p += those.count_ones();
                }
            }
        }
    }

    /// Σt and Σpt, byte by byte of each vector.
    ///
    /// # Safety
    ///
    /// As [`Self::count`].
    #[inline(always)]
    unsafe fn labels_in_runs<L: Lanes>(self, lanes: L, table: &mut [[u32; 3]]) {
        for vector in 0..self.vectors {
            let at = vector * <L as ByteLanes>::LANES;
            // SAFETY: the vector at this place ends within both sides, as the caller promises.
            let (won, bytes) =
                unsafe { (ByteLanes::load(lanes, self.won.add(at)), ByteLanes::load(lanes, self.labels.add(at))) };
            let rightly = lanes.bits_of(lanes.hits(won, bytes));
            let mut left = u64::MAX >> (64 - <L as ByteLanes>::LANES);
            while left != 0 {
                // SAFETY: a lane of this vector.
                let class = unsafe { *self.labels.add(at + left.trailing_zeros() as usize) };
                let those = left & lanes.bits_of(lanes.hits(bytes, ByteLanes::splat(lanes, class)));
                left ^= those;
                if let Some([_, t, both]) = table.get_mut(usize::from(class)) {
                    *t += those.count_ones();
                    *both += (those & rightly).count_ones();
                }
            }
        }
    }

    /// Class by class: Σp if `WON`, Σt and Σpt if `LABELLED`.
    ///
    /// # Safety
    ///
    /// As [`Self::count`].
    #[inline(always)]
    unsafe fn classes<L: Lanes, const IGNORING: bool, const WON: bool, const LABELLED: bool>(
        self,
        lanes: L,
        ignore: u8,
        table: &mut [[u32; 3]],
    ) {
        let mut first = 0;
        // SAFETY: the caller promises the same.
        unsafe {
            // Lanes of 64 bytes have 32 registers.
            while <L as ByteLanes>::LANES == 64 && table.len() - first >= 4 {
                self.some::<L, IGNORING, WON, LABELLED, 4>(lanes, ignore, first, table);
                first += 4;
            }
            while first < table.len() {
                self.some::<L, IGNORING, WON, LABELLED, 2>(lanes, ignore, first, table);
                first += 2;
            }
        }
    }

    /// The same of the `N` classes from `first` on: several for each load, as many as have room for their sums in the registers.
    ///
    /// # Safety
    ///
    /// As [`Self::count`].
    #[inline(always)]
    unsafe fn some<L: Lanes, const IGNORING: bool, const WON: bool, const LABELLED: bool, const N: usize>(
        self,
        lanes: L,
        ignore: u8,
        first: usize,
        table: &mut [[u32; 3]],
    ) {
        let (zero, ignore) = (ByteLanes::splat(lanes, 0), ByteLanes::splat(lanes, ignore));
        let mut classes = [zero; N];
        for (number, class) in classes.iter_mut().enumerate() {
            *class = ByteLanes::splat(lanes, (first + number) as u8);
        }
        let (mut p, mut t, mut both) = ([zero; N], [zero; N], [zero; N]);
        for vector in 0..self.vectors {
            let at = vector * <L as ByteLanes>::LANES;
            // SAFETY: the vector at this place ends within both sides, as the caller promises.
            let (won, bytes) =
                unsafe { (ByteLanes::load(lanes, self.won.add(at)), ByteLanes::load(lanes, self.labels.add(at))) };
            for number in 0..N {
                let (mut won, label) = (lanes.hits(won, classes[number]), lanes.hits(bytes, classes[number]));
                if WON && IGNORING {
                    won = lanes.first_hit(won, lanes.hits(bytes, ignore));
                }
                if WON {
                    p[number] = lanes.counted(p[number], won);
                }
                if LABELLED {
                    t[number] = lanes.counted(t[number], label);
                    both[number] = lanes.counted(both[number], lanes.both_hit(won, label));
                }
            }
        }
        for (number, counts) in table.iter_mut().skip(first).take(N).enumerate() {
            if WON {
                counts[0] = total(lanes, p[number]);
            }
            if LABELLED {
                (counts[1], counts[2]) = (total(lanes, t[number]), total(lanes, both[number]));
            }
        }
    }

    /// How many pixels bear a label.
    ///
    /// # Safety
    ///
    /// As [`Self::count`].
    #[inline(always)]
    unsafe fn bearing<L: Lanes>(self, lanes: L, label: u8) -> u64 {
        let (mut some, label) = (ByteLanes::splat(lanes, 0), ByteLanes::splat(lanes, label));
        for vector in 0..self.vectors {
            // SAFETY: the vector at this place ends within both sides, as the caller promises.
            let bytes = unsafe { ByteLanes::load(lanes, self.labels.add(vector * <L as ByteLanes>::LANES)) };
            some = lanes.counted(some, lanes.hits(bytes, label));
        }
        total(lanes, some).into()
    }
}

/// The sum of counters of a byte each.
#[inline(always)]
fn total<L: Lanes>(lanes: L, counters: <L as ByteLanes>::V) -> u32 {
    ByteSums::total(lanes, ByteSums::sum(lanes, ByteSums::none(lanes), counters)) as u32
}
