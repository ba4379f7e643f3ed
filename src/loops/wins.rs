//! How often each class has won, how often it was labelled, and how often both: over the winners of a block and their labels.
//!
//! Each side is counted in one of two ways, by how often neighbours differ on it:
//!
//! ```text
//! few runs:   for each vector of the side:
//!                 for each byte that is in it:         mostly one or two
//!                     lanes = those that bear it
//!                     p, or t and pt, of its class += their number
//! else:       for eight classes at a time, from `first` on:
//!                 for each vector:
//!                     p += 1 << (won − first), or t += 1 << (label − first), pt += the same where both are equal
//!                     a bit for each of the eight classes, counted by itself: `slices`
//! few vectors:    for some classes at a time:
//!                 for each vector:
//!                     for each of these classes:       p += won is class, or t += label is class, pt += both are
//! ```
//!
//! **Overflow.** A lane counts at most one a vector, in a byte or in the eight digits of `slices`: a block has at most [`VECTORS`] of
//! them. The counts of all blocks together are at most the pixels of a span, 2²⁴.

use super::slices::{SOME, Slices};
use super::sweep::Job;
use crate::lanes::{ByteLanes, ByteSums, Lanes};

/// Vectors of a block at most.
pub(crate) const VECTORS: usize = u8::MAX as usize;
/// Classes at most.
pub(crate) const CLASSES: usize = 64;

/// Winners and labels of at most a span. What goes beyond whole vectors is not looked at, and a byte that is no class is counted
/// nowhere. `found` is told Σp, Σt and Σpt of each class, at most [`CLASSES`], without the pixels that bear the ignore label; the
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
        let mut table = [[0u32; 3]; CLASSES];
        let Some(table) = table.get_mut(..classes) else { return 0 };
        let all = won.len().min(labels.len()) / <L as ByteLanes>::LANES;
        let (mut from, mut ignored) = (0, 0);
        while from < all {
            let (vectors, at) = ((all - from).min(VECTORS), from * <L as ByteLanes>::LANES);
            // SAFETY: so many vectors from this place on lie within both slices.
            unsafe {
                let sides = Sides { won: won.as_ptr().add(at), labels: labels.as_ptr().add(at), vectors };
                match ignore {
                    Some(ignore) => {
                        sides.count::<L, true>(lanes, ignore, table);
                        ignored += sides.bearing(lanes, ignore);
                    }
                    None => sides.count::<L, false>(lanes, 0, table),
                }
            }
            from += vectors;
        }
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
/// Eight at a time they cost that much less.
const OF_SLICES: usize = 2;
/// What all classes cost together at least, where it is worth to look how often neighbours differ: of few classes it is little.
const LEAST: usize = 24;
/// What is counted of a class, as it stands in its row: Σp, Σt and Σpt.
const P: usize = 0;
const T: usize = 1;
const PT: usize = 2;
/// From so many vectors on classes are counted eight at a time: the end of that costs as much as some vectors.
const MANY: usize = 48;
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
            let winners = self.few::<L>(lanes, self.won, table.len(), OF_WINNERS);
            let labels = self.few::<L>(lanes, self.labels, table.len(), OF_LABELS);
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

    /// Whether classes are counted eight at a time.
    #[inline(always)]
    fn slices<L: Lanes>(self, classes: usize) -> bool {
        classes >= <L as ByteSums>::BITS_FROM && self.vectors >= MANY
    }

    /// Whether neighbours on a side differ so seldom that its bytes cost less than the classes, of which one costs so much.
    ///
    /// # Safety
    ///
    /// As [`Self::count`].
    #[inline(always)]
    unsafe fn few<L: Lanes>(self, lanes: L, side: *const u8, classes: usize, of_a_class: usize) -> bool {
        let dense = classes * of_a_class;
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
        let dense = if self.slices::<L>(classes) { dense / OF_SLICES } else { dense };
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
            if self.slices::<L>(table.len()) {
                while first < table.len() {
                    self.eight::<L, IGNORING, WON, LABELLED>(lanes, ignore, first as u8, table);
                    first += 8;
                }
                return;
            }
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

    /// The same of the eight classes from `first` on, a multiple of 8. Each count has a sweep of its own, whose digits fit the registers.
    ///
    /// # Safety
    ///
    /// As [`Self::count`].
    #[inline(always)]
    unsafe fn eight<L: Lanes, const IGNORING: bool, const WON: bool, const LABELLED: bool>(
        self,
        lanes: L,
        ignore: u8,
        first: u8,
        table: &mut [[u32; 3]],
    ) {
        // SAFETY: the caller promises the same.
        unsafe {
            if WON {
                self.sliced::<L, IGNORING, P>(lanes, ignore, first, table);
            }
            if LABELLED {
                self.sliced::<L, IGNORING, T>(lanes, ignore, first, table);
                self.sliced::<L, IGNORING, PT>(lanes, ignore, first, table);
            }
        }
    }

    /// One count of the eight classes: [`P`], [`T`] or [`PT`].
    ///
    /// # Safety
    ///
    /// As [`Self::count`].
    #[inline(always)]
    unsafe fn sliced<L: Lanes, const IGNORING: bool, const COUNT: usize>(
        self,
        lanes: L,
        ignore: u8,
        first: u8,
        table: &mut [[u32; 3]],
    ) {
        let mut counters = Slices::none(lanes);
        let mut vector = 0;
        // SAFETY: the vectors that are read are below their number.
        unsafe {
            while self.vectors - vector >= SOME {
                let mut bits = [ByteLanes::splat(lanes, 0); SOME];
                for (number, bits) in bits.iter_mut().enumerate() {
                    *bits = self.bits::<L, IGNORING, COUNT>(lanes, ignore, first, vector + number);
                }
                counters.add(lanes, bits);
                vector += SOME;
            }
            let mut bits = [ByteLanes::splat(lanes, 0); SOME];
            for (number, bits) in bits.iter_mut().enumerate().take(self.vectors - vector) {
                *bits = self.bits::<L, IGNORING, COUNT>(lanes, ignore, first, vector + number);
            }
            counters.add(lanes, bits);
        }
        let found = counters.total(lanes, self.vectors);
        for (counts, found) in table.iter_mut().skip(first.into()).zip(found) {
            counts[COUNT] += found;
        }
    }

    /// Of one vector a bit for each of the eight classes from `first` on: of the winner where it counts, of the label, or of the label
    /// where it is the winner.
    ///
    /// # Safety
    ///
    /// Both sides hold the vector.
    #[inline(always)]
    unsafe fn bits<L: Lanes, const IGNORING: bool, const COUNT: usize>(
        self,
        lanes: L,
        ignore: u8,
        first: u8,
        vector: usize,
    ) -> <L as ByteLanes>::V {
        let at = vector * <L as ByteLanes>::LANES;
        // SAFETY: the caller promises the same.
        let (won, bytes) =
            unsafe { (ByteLanes::load(lanes, self.won.add(at)), ByteLanes::load(lanes, self.labels.add(at))) };
        // The eight classes, which begin at a multiple of 8, are those whose exclusive or with the first is below 8.
        let first = ByteLanes::splat(lanes, first);
        let bits = lanes.bit_of(ByteLanes::xor(lanes, if COUNT == P { won } else { bytes }, first));
        if COUNT == P && IGNORING {
            let ignored = lanes.hits(bytes, ByteLanes::splat(lanes, ignore));
            return lanes.pick(ignored, ByteLanes::splat(lanes, 0), bits);
        }
        if COUNT == PT {
            return ByteLanes::and(lanes, bits, lanes.bytes_of(lanes.hits(won, bytes)));
        }
        bits
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
                counts[0] += total(lanes, p[number]);
            }
            if LABELLED {
                counts[1] += total(lanes, t[number]);
                counts[2] += total(lanes, both[number]);
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
