//! The smallest traits of lane operations that the loops need. A backend implements them and holds nothing else: no
//! pixel, no policy.
//!
//! A backend's type is a token: to have one is to know that the CPU has what its instructions need, because
//! `kernel/backend/table.rs` alone makes them, after `detected` saw it; but `Sorted`, which `loops/sorted.rs` makes in functions that
//! only a row of that table with VBMI names. So all operations but loads are safe.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod columns;
mod math;
#[cfg(soft_dice_lanes = "neon")]
mod neon;
#[cfg(all(soft_dice_lanes = "vector", not(soft_dice_lanes = "neon")))]
mod wide;
#[cfg(target_arch = "x86_64")]
mod x86;

#[cfg(target_arch = "x86_64")]
pub(crate) use avx2::Avx2;
#[cfg(target_arch = "x86_64")]
pub(crate) use avx512::{Avx512, Sorted};
#[cfg(soft_dice_lanes = "vector")]
pub(crate) use columns::Pairs;
#[cfg(soft_dice_lanes = "vector")]
pub(crate) use columns::{Eights, Keys};
pub(crate) use math::{MathLanes, One};
#[cfg(soft_dice_lanes = "neon")]
pub(crate) use neon::{Neon, logits, ones};
#[cfg(all(soft_dice_lanes = "vector", not(soft_dice_lanes = "neon")))]
pub(crate) use wide::Wide;
#[cfg(target_arch = "x86_64")]
pub(crate) use x86::{AVX_VNNI, AVX2, AVX512, AVX512_VBMI, detected};

/// Vectors of bytes: masks, labels and 8-bit codes.
#[cfg(soft_dice_lanes = "vector")]
pub(crate) trait ByteLanes: Copy {
    /// Pixels in a vector, at most 64.
    const LANES: usize;
    /// The vector.
    type V: Copy;
    /// Lanes, as a comparison finds them.
    type Hits: Copy;

    /// LANES bytes.
    ///
    /// # Safety
    ///
    /// `from` points to LANES readable bytes; any alignment.
    unsafe fn load(self, from: *const u8) -> Self::V;
    fn splat(self, byte: u8) -> Self::V;
    /// 0xFF where the bit is 1; the first lane has the lowest of the lowest LANES bits.
    fn bits(self, bits: u64) -> Self::V;
    /// Not 0 where the bit is 1, of LANES / 8 bytes; the first lane has the lowest bit of its byte, or with `msb_first` the
    /// highest.
    ///
    /// # Safety
    ///
    /// `from` points to LANES / 8 readable bytes; any alignment.
    unsafe fn bits_at(self, from: *const u8, msb_first: bool) -> Self::V {
        let mut bytes = [0; 8];
        // SAFETY: the caller's bytes, at most eight.
        unsafe { core::ptr::copy_nonoverlapping(from, bytes.as_mut_ptr(), Self::LANES / 8) };
        let bits = u64::from_le_bytes(bytes);
        self.bits(if msb_first { bits.reverse_bits().swap_bytes() } else { bits })
    }
    fn and(self, a: Self::V, b: Self::V) -> Self::V;
    fn or(self, a: Self::V, b: Self::V) -> Self::V;
    fn xor(self, a: Self::V, b: Self::V) -> Self::V;
    fn min(self, a: Self::V, b: Self::V) -> Self::V;
    fn max(self, a: Self::V, b: Self::V) -> Self::V;
    /// max(a − b, 0).
    fn less(self, a: Self::V, b: Self::V) -> Self::V;
    /// −a modulo 256.
    fn minus(self, a: Self::V) -> Self::V;
    /// 0xFF where equal.
    fn equal(self, a: Self::V, b: Self::V) -> Self::V;
    /// 0xFF where a is at least b.
    fn at_least(self, a: Self::V, b: Self::V) -> Self::V {
        self.equal(self.max(a, b), a)
    }
    /// The lanes that are equal.
    fn hits(self, a: Self::V, b: Self::V) -> Self::Hits;
    /// The lanes where a is at least b, which is at least 1.
    fn reached(self, a: Self::V, b: Self::V) -> Self::Hits {
        self.hits(self.max(a, b), a)
    }
    /// The lanes that are in both.
    fn both_hit(self, a: Self::Hits, b: Self::Hits) -> Self::Hits;
    /// The lanes of the first that are not in the second.
    fn first_hit(self, a: Self::Hits, b: Self::Hits) -> Self::Hits;
    /// a + 1 modulo 256 in these lanes, a in the others.
    fn counted(self, a: Self::V, hits: Self::Hits) -> Self::V;
    /// a + ones modulo 256 in these lanes, a in the others; each of `ones` is 0 or 1.
    fn counted_of(self, a: Self::V, hits: Self::Hits, ones: Self::V) -> Self::V;
    /// a in these lanes, b in the others.
    fn pick(self, hits: Self::Hits, a: Self::V, b: Self::V) -> Self::V {
        self.xor(b, self.and(self.bytes_of(hits), self.xor(a, b)))
    }
    /// 0xFF in these lanes, 0 in the others.
    fn bytes_of(self, hits: Self::Hits) -> Self::V;
    /// A bit for each of these lanes, the first one's the lowest.
    fn bits_of(self, hits: Self::Hits) -> u64;
    /// Writes a vector.
    ///
    /// # Safety
    ///
    /// `to` points to LANES bytes that may be written; any alignment.
    unsafe fn store(self, v: Self::V, to: *mut u8);
    /// 1 where not 0.
    fn ones(self, a: Self::V) -> Self::V {
        self.min(a, self.splat(1))
    }
    /// 1 where the bit is 1, in the order of [`Self::bits`].
    fn ones_of(self, bits: u64) -> Self::V {
        self.ones(self.bits(bits))
    }
    /// 1 where the bit is 1, in the order of [`Self::bits_at`].
    ///
    /// # Safety
    ///
    /// As [`Self::bits_at`].
    unsafe fn ones_at(self, from: *const u8, msb_first: bool) -> Self::V {
        // SAFETY: the caller promises the same.
        self.ones(unsafe { self.bits_at(from, msb_first) })
    }
    /// Some byte is not 0.
    fn any(self, a: Self::V) -> bool;
    /// Some byte is above 1, of those that were or-ed.
    fn any_above_one(self, a: Self::V) -> bool {
        self.any(self.and(a, self.splat(0xFE)))
    }

    /// 0xFF in the last `fresh` ≤ LANES lanes.
    fn last(self, fresh: usize) -> Self::V {
        let table: &[u8; 128] = const { &zeros_then_ones() };
        let start = (64 - Self::LANES + fresh).min(64);
        // SAFETY: start ≤ 64, so that LANES ≤ 64 bytes lie within the table. Lane i is 0xFF from byte 64 on:
        // start + i ≥ 64, that is i ≥ LANES − fresh.
        unsafe { self.load(table.as_ptr().add(start)) }
    }
}

#[cfg(soft_dice_lanes = "vector")]
const fn zeros_then_ones() -> [u8; 128] {
    let mut table = [0; 128];
    let mut i = 64;
    while i < 128 {
        table[i] = 0xFF;
        i += 1;
    }
    table
}

/// The bit that each place names, for as many lanes as a vector has: in every sixteen the places from 8 on name none.
#[cfg(soft_dice_lanes = "vector")]
const BITS: [u8; 64] = {
    let mut bits = [0; 64];
    let mut i = 0;
    while i < 64 {
        bits[i] = if i % 16 < 8 { 1 << (i % 16) } else { 0 };
        i += 1;
    }
    bits
};

/// Sums of bytes and of their products.
#[cfg(soft_dice_lanes = "vector")]
pub(crate) trait ByteSums: ByteLanes {
    /// Accumulator of bytes.
    type A: Copy;
    /// Narrow accumulators of what a mask chooses, where such are faster; else `()`.
    type N: Copy;
    /// Accumulator of products.
    type D: Copy;
    /// 4 · (DRAIN + 4) vectors of bytes 255, and of their products, fit the accumulators.
    const DRAIN: usize;
    /// So many vectors, a multiple of 4, and four more fit the narrow accumulators.
    const STRIDE: usize = usize::MAX;
    /// Chains of accumulators that the registers hold and that hide the latency of an addition: 1, 2 or 4.
    const CHAINS: usize;
    /// From so many classes on they are counted in less time by [`Self::bit_of`] and [`Self::add_bits`] than one by one.
    const BITS_FROM: usize = 6;

    fn none(self) -> Self::A;
    /// a + Σ v.
    fn sum(self, a: Self::A, v: Self::V) -> Self::A;
    fn both(self, a: Self::A, b: Self::A) -> Self::A;
    fn total(self, a: Self::A) -> u64;
    /// The totals of three, of a block at most.
    fn totals(self, [a, b, c]: [Self::A; 3]) -> [u64; 3] {
        [self.total(a), self.total(b), self.total(c)]
    }

    fn none_narrow(self) -> Self::N;
    /// Adds Σ x·ones to the first, and Σ ones to the second: to the sums or, for a while, to the narrow ones. Each of `ones`
    /// is 0 or 1.
    fn choose(self, sums: [Self::A; 2], narrow: Self::N, x: Self::V, ones: Self::V) -> ([Self::A; 2], Self::N);
    /// [`Self::choose`] without Σ ones, where [`Self::COUNTS`].
    fn choose_uncounted(
        self,
        sums: [Self::A; 2],
        narrow: Self::N,
        x: Self::V,
        ones: Self::V,
    ) -> ([Self::A; 2], Self::N) {
        self.choose(sums, narrow, x, ones)
    }
    /// Bits are counted beside the lanes in less time than ones in them.
    const COUNTS: bool = false;
    /// How many of the LANES bits from an address on are 1, more than before; where [`Self::COUNTS`].
    ///
    /// # Safety
    ///
    /// `from` points to LANES / 8 readable bytes; any alignment.
    unsafe fn counted_at(self, count: u64, _: *const u8) -> u64 {
        count
    }
    /// The narrow ones on top of the sums.
    fn rest(self, sums: [Self::A; 2], _: Self::N) -> [Self::A; 2] {
        sums
    }

    /// In each lane the bit that a byte below 8 names; of any other byte none.
    fn bit_of(self, a: Self::V) -> Self::V;
    /// The sum and the carry of three bits, of each bit by itself.
    fn add_bits(self, a: Self::V, b: Self::V, c: Self::V) -> (Self::V, Self::V) {
        let two = self.xor(a, b);
        (self.xor(two, c), self.or(self.and(a, b), self.and(two, c)))
    }

    fn no_products(self) -> Self::D;
    /// d + Σ x·y.
    fn dot(self, d: Self::D, x: Self::V, y: Self::V) -> Self::D;
    fn both_products(self, a: Self::D, b: Self::D) -> Self::D;
    /// Σ x·y, given Σ x: for lanes that multiply with y − 128.
    fn total_products(self, d: Self::D, sum_x: u64) -> u64;
}

/// Sums of 16-bit codes, 0 to 32767, and of their products.
#[cfg(soft_dice_lanes = "vector")]
pub(crate) trait WordLanes: Copy {
    /// As many byte lanes: masks.
    type Bytes: ByteLanes;
    /// The vector.
    type V: Copy;
    /// Accumulator of codes.
    type S: Copy;
    /// Accumulator of products.
    type D: Copy;
    /// 4 · (DRAIN + 4) vectors of codes 32767 and of their products fit the accumulators.
    const DRAIN: usize;
    /// Chains of accumulators that the registers hold and that hide the latency of an addition: 1, 2 or 4.
    const CHAINS: usize;

    fn bytes(self) -> Self::Bytes;
    /// LANES words.
    ///
    /// # Safety
    ///
    /// `from` points to LANES readable words; any alignment.
    unsafe fn load(self, from: *const i16) -> Self::V;
    fn splat(self, word: i16) -> Self::V;
    /// Sign-extended: 0xFF becomes 0xFFFF, 1 stays 1.
    fn widen(self, bytes: <Self::Bytes as ByteLanes>::V) -> Self::V;
    fn and(self, a: Self::V, b: Self::V) -> Self::V;
    fn or(self, a: Self::V, b: Self::V) -> Self::V;
    /// `a` where `not` is 0.
    fn and_not(self, a: Self::V, not: Self::V) -> Self::V;
    fn min(self, a: Self::V, b: Self::V) -> Self::V;
    /// 0xFFFF where a > b, signed.
    fn greater(self, a: Self::V, b: Self::V) -> Self::V;
    /// Some word is negative.
    fn any_negative(self, a: Self::V) -> bool;
    fn none(self) -> Self::S;
    fn no_products(self) -> Self::D;
    fn sum(self, s: Self::S, v: Self::V) -> Self::S;
    fn dot(self, d: Self::D, x: Self::V, y: Self::V) -> Self::D;
    fn both(self, a: Self::S, b: Self::S) -> Self::S;
    fn both_products(self, a: Self::D, b: Self::D) -> Self::D;
    fn total(self, s: Self::S) -> u64;
    fn total_products(self, d: Self::D) -> u64;
}

/// Sums of Q0.23 codes of floats, and of their products, modulo 2³² a lane.
#[cfg(soft_dice_lanes = "vector")]
pub(crate) trait FloatLanes: Copy {
    /// As many byte lanes: masks.
    type Bytes: ByteLanes;
    /// The vector of floats.
    type F: Copy;
    /// A vector of u32: codes, and sums of them.
    type U: Copy;
    /// A mask of lanes.
    type M: Copy;
    /// Sums of products of codes.
    type Wide: Copy;
    /// A number of lanes that masks have chosen.
    type Chosen: Copy;
    /// What [`Self::code`] leaves on top of every code.
    const CODE_BIAS: u32;
    /// What [`Self::product`] leaves on top of every product.
    const PRODUCT_BIAS: u32;
    /// Chains of accumulators that the registers hold and that hide the latency of an addition: 1, 2 or 4.
    const CHAINS: usize;

    fn bytes(self) -> Self::Bytes;
    /// LANES floats.
    ///
    /// # Safety
    ///
    /// `from` points to LANES readable floats; any alignment.
    unsafe fn load(self, from: *const f32) -> Self::F;
    fn zero(self) -> Self::F;
    /// Lanes whose byte is not 0.
    fn mask(self, bytes: <Self::Bytes as ByteLanes>::V) -> Self::M;
    /// Lanes whose bit is 1, the first lane's the lowest.
    fn mask_of_bits(self, bits: u64) -> Self::M {
        self.mask(self.bytes().bits(bits))
    }
    fn both_masks(self, a: Self::M, b: Self::M) -> Self::M;
    /// x in the lanes of the mask, +0.0 in the others.
    fn only(self, x: Self::F, mask: Self::M) -> Self::F;
    /// RNE(x · 2²³) + CODE_BIAS.
    fn code(self, x: Self::F) -> Self::U;
    /// RNE(x · y · 2²³) of the exact product, + PRODUCT_BIAS.
    fn product(self, x: Self::F, y: Self::F) -> Self::U;
    fn splat(self, u: u32) -> Self::U;
    fn add(self, a: Self::U, b: Self::U) -> Self::U;
    /// a + b in the lanes of the mask, a in the others.
    fn add_where(self, a: Self::U, mask: Self::M, b: Self::U) -> Self::U;
    /// a + 1 in the lanes of the mask, a in the others.
    fn count(self, a: Self::U, mask: Self::M) -> Self::U {
        self.add_where(a, mask, self.splat(1))
    }
    fn none_chosen(self) -> Self::Chosen;
    /// One more for each lane of the mask, of which a lane counts at most `u32::MAX`.
    fn choose(self, chosen: Self::Chosen, mask: Self::M) -> Self::Chosen;
    /// One more for each lane that is in both masks.
    fn choose_both(self, chosen: Self::Chosen, a: Self::M, b: Self::M) -> Self::Chosen {
        self.choose(chosen, self.both_masks(a, b))
    }
    fn both_chosen(self, a: Self::Chosen, b: Self::Chosen) -> Self::Chosen;
    fn total_chosen(self, chosen: Self::Chosen) -> u64;
    fn min(self, a: Self::U, b: Self::U) -> Self::U;
    /// Lanes whose bits, as u32, are at least `cut`; x is in \[0, 1\].
    fn reached(self, x: Self::F, cut: u32) -> Self::M;
    /// The greatest bits, as u32, seen so far.
    fn highest(self, so_far: Self::U, x: Self::F) -> Self::U;
    fn higher(self, a: Self::U, b: Self::U) -> Self::U;
    /// Some lane is above the limit.
    fn above(self, highest: Self::U, limit: u32) -> bool;
    /// x + `DUST_BELOW`.
    fn lift(self, x: Self::F) -> Self::F;
    /// Of the lanes of the mask, those in \[0, 1\] but for rounding dust.
    fn near(self, mask: Self::M, x: Self::F) -> Self::M;
    /// Of the lanes of the mask, those that are not NaN.
    fn number(self, mask: Self::M, x: Self::F) -> Self::M;
    /// The bytes as codes.
    fn widen(self, bytes: <Self::Bytes as ByteLanes>::V) -> Self::U;
    fn none_wide(self) -> Self::Wide;
    /// wide + Σ a·b, each product below 2³².
    fn add_wide(self, wide: Self::Wide, a: Self::U, b: Self::U) -> Self::Wide;
    fn both_wide(self, a: Self::Wide, b: Self::Wide) -> Self::Wide;
    fn total_wide(self, wide: Self::Wide) -> u64;
    /// wide + Σ a·b of any codes, in sums that hold nothing else.
    fn add_long(self, wide: Self::Wide, a: Self::U, b: Self::U) -> Self::Wide {
        self.add_wide(wide, a, b)
    }
    fn total_long(self, wide: Self::Wide) -> u64 {
        self.total_wide(wide)
    }
    /// Half floats times 2²⁴, which are whole numbers; of those beyond [0, 1] something that as u32 is above 2²⁴.
    ///
    /// # Safety
    ///
    /// `from` points to LANES readable half floats; any alignment.
    unsafe fn halves(self, from: *const u16) -> Self::U;
    /// Words as codes.
    ///
    /// # Safety
    ///
    /// `from` points to LANES readable words; any alignment.
    unsafe fn whole_words(self, from: *const u16) -> Self::U;
    /// Lanes where x is greater than y, and neither is NaN.
    fn greater(self, x: Self::F, y: Self::F) -> Self::M;
    /// x in the lanes of the mask, y in the others.
    fn float_of(self, mask: Self::M, x: Self::F, y: Self::F) -> Self::F;
    /// a in the lanes of the mask, b in the others.
    fn code_of(self, mask: Self::M, a: Self::U, b: Self::U) -> Self::U;
    /// The lanes, LANES of them, the first one first.
    fn codes(self, u: Self::U) -> [u32; 16];
    /// x brought into \[0, 1\]; NaN to something in it.
    fn bound(self, x: Self::F) -> Self::F;
    /// Σ over lanes of (sum − count · bias) modulo 2³².
    fn total(self, sums: Self::U, counts: Self::U, bias: u32) -> u64;
}

/// All that a backend gives.
#[cfg(soft_dice_lanes = "vector")]
pub(crate) trait Lanes: ByteSums + WordLanes + FloatLanes {
    /// Its lanes that write.
    type Math: MathLanes;
    /// Its lanes across channels of bytes.
    type Pairs: Keys;
    /// Its lanes across channels of floats.
    type Eights: Eights;

    fn math(self) -> Self::Math;
}
