//! How often each of eight bits is set in the bytes of many vectors: counters of which each digit is a vector of its own.
//!
//! ```text
//! for eight vectors x at a time:
//!     ones,  two carries of weight 2   = ones + x0 + x1, ones + x2 + x3          bit by bit: a sum and a carry of three
//!     twos,  a carry of weight 4       = twos + both carries
//!     the same of x4 to x7
//!     fours, a carry of weight 8       = fours + both carries of weight 4
//!     eights and so on                 += that carry
//! in the end: of each bit Σ of digits:   weight · how many lanes have it
//! ```
//!
//! So eight vectors take seven additions of three bits, of two operations each where a CPU has any logic of three operands, and a few
//! more for the higher digits, whatever the number of bits that are set: that is less than a comparison and an addition for each bit.
//!
//! **Overflow.** There are digits for 1 to 128, so that a bit of a lane counts up to 255 vectors: [`VECTORS`](super::wins::VECTORS).

use crate::lanes::{ByteLanes, Lanes};

/// Digits of a counter.
const DIGITS: usize = 8;
/// Vectors that are added at a time.
pub(super) const SOME: usize = 8;

/// The digits of the counters of a vector's bits, the lowest first.
#[derive(Clone, Copy)]
pub(super) struct Slices<V>([V; DIGITS]);

impl<V: Copy> Slices<V> {
    #[inline(always)]
    pub fn none<L: Lanes + ByteLanes<V = V>>(lanes: L) -> Self {
        Self([ByteLanes::splat(lanes, 0); DIGITS])
    }

    /// One more for each bit that is set, of eight vectors.
    #[inline(always)]
    pub fn add<L: Lanes + ByteLanes<V = V>>(&mut self, lanes: L, x: [V; SOME]) {
        let [ones, twos, fours, ..] = &mut self.0;
        let (sum, a) = lanes.add_bits(*ones, x[0], x[1]);
        let (sum, b) = lanes.add_bits(sum, x[2], x[3]);
        let (two, low) = lanes.add_bits(*twos, a, b);
        let (sum, a) = lanes.add_bits(sum, x[4], x[5]);
        let (sum, b) = lanes.add_bits(sum, x[6], x[7]);
        let (two, high) = lanes.add_bits(two, a, b);
        let (four, mut carry) = lanes.add_bits(*fours, low, high);
        (*ones, *twos, *fours) = (sum, two, four);
        for digit in self.0.iter_mut().skip(3) {
            (*digit, carry) = (ByteLanes::xor(lanes, *digit, carry), ByteLanes::and(lanes, *digit, carry));
        }
    }

    /// How many lanes of all vectors, so many, had each bit.
    #[inline(always)]
    pub fn total<L: Lanes + ByteLanes<V = V>>(&self, lanes: L, vectors: usize) -> [u32; 8] {
        // Further digits are 0.
        let digits = (usize::BITS - vectors.leading_zeros()) as usize;
        let mut counts = [0; 8];
        for (bit, count) in counts.iter_mut().enumerate() {
            let mask = ByteLanes::splat(lanes, 1 << bit);
            for (weight, digit) in self.0.iter().take(digits).enumerate() {
                let set = lanes.bits_of(lanes.hits(ByteLanes::and(lanes, *digit, mask), mask));
                *count += set.count_ones() << weight;
            }
        }
        counts
    }
}
