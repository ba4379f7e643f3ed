//! AVX-512 with BW, VL and VNNI: 64 bytes, 32 words or 16 floats a vector.

mod floats;
mod sorted;

pub(crate) use sorted::Sorted;

use super::x86::{Bytes32, more_ones, opaque};
use super::{BITS, ByteLanes, ByteSums, Lanes, WordLanes};
use core::arch::x86_64::*;

/// A token. `kernel/backend/table.rs` alone makes it, and [`Sorted`] of a row that has these extensions and more, in functions
/// that are called only after [`detected`](super::detected) saw them: every unsafe block below leans on that.
#[derive(Clone, Copy)]
pub(crate) struct Avx512;

impl Lanes for Avx512 {
    type Math = super::math::MathAvx2;
    type Pairs = super::columns::Ymm;
    type Eights = super::columns::Ymm;

    fn math(self) -> Self::Math {
        super::math::MathAvx2
    }
}

impl ByteLanes for Avx512 {
    const LANES: usize = 64;
    type V = __m512i;
    type Hits = u64;

    #[inline(always)]
    unsafe fn load(self, from: *const u8) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made; the caller promises 64 bytes.
        unsafe { _mm512_loadu_si512(from.cast()) }
    }

    #[inline(always)]
    fn splat(self, byte: u8) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_set1_epi8(byte as i8) }
    }

    #[inline(always)]
    fn bits(self, bits: u64) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_movm_epi8(bits) }
    }

    #[inline(always)]
    fn and(self, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_and_si512(a, b) }
    }

    #[inline(always)]
    fn or(self, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_or_si512(a, b) }
    }

    #[inline(always)]
    fn xor(self, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_xor_si512(a, b) }
    }

    #[inline(always)]
    fn min(self, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_min_epu8(a, b) }
    }

    #[inline(always)]
    fn max(self, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_max_epu8(a, b) }
    }

    #[inline(always)]
    fn less(self, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_subs_epu8(a, b) }
    }

    #[inline(always)]
    fn minus(self, a: __m512i) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_sub_epi8(_mm512_setzero_si512(), a) }
    }

    #[inline(always)]
    fn at_least(self, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_movm_epi8(_mm512_cmpge_epu8_mask(a, b)) }
    }

    #[inline(always)]
    fn hits(self, a: __m512i, b: __m512i) -> u64 {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_cmpeq_epi8_mask(a, b) }
    }

    #[inline(always)]
    fn reached(self, a: __m512i, b: __m512i) -> u64 {
        // Of a comparison that includes equality the optimiser would take the opposite, and two operations for each count.
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_cmpgt_epu8_mask(a, _mm512_sub_epi8(b, _mm512_set1_epi8(1))) }
    }

    #[inline(always)]
    fn both_hit(self, a: u64, b: u64) -> u64 {
        a & b
    }

    #[inline(always)]
    fn first_hit(self, a: u64, b: u64) -> u64 {
        a & !b
    }

    #[inline(always)]
    fn counted(self, a: __m512i, hits: u64) -> __m512i {
        // Of a 1 that it knows the optimiser would make a vector of the mask, and subtract that: two operations.
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_mask_add_epi8(a, hits, a, ByteLanes::splat(self, opaque(1))) }
    }

    #[inline(always)]
    fn counted_of(self, a: __m512i, hits: u64, ones: __m512i) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_mask_add_epi8(a, hits, a, ones) }
    }

    #[inline(always)]
    fn pick(self, hits: u64, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_mask_blend_epi8(hits, b, a) }
    }

    #[inline(always)]
    fn bits_of(self, hits: u64) -> u64 {
        hits
    }

    #[inline(always)]
    fn bytes_of(self, hits: u64) -> __m512i {
        ByteLanes::bits(self, hits)
    }

    #[inline(always)]
    unsafe fn store(self, v: __m512i, to: *mut u8) {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made; the caller promises 64 bytes.
        unsafe { _mm512_storeu_si512(to.cast(), v) }
    }

    #[inline(always)]
    fn equal(self, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_movm_epi8(_mm512_cmpeq_epi8_mask(a, b)) }
    }

    #[inline(always)]
    fn ones(self, a: __m512i) -> __m512i {
        ByteLanes::min(self, a, ByteLanes::splat(self, opaque(1)))
    }

    #[inline(always)]
    fn ones_of(self, bits: u64) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_maskz_mov_epi8(bits, ByteLanes::splat(self, opaque(1))) }
    }

    #[inline(always)]
    unsafe fn ones_at(self, from: *const u8, msb_first: bool) -> __m512i {
        // SAFETY: the caller promises eight bytes; an array of bytes has no alignment.
        let bits = u64::from_le_bytes(unsafe { *from.cast::<[u8; 8]>() });
        self.ones_of(if msb_first { bits.reverse_bits().swap_bytes() } else { bits })
    }

    #[inline(always)]
    fn any(self, a: __m512i) -> bool {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_test_epi8_mask(a, a) != 0 }
    }

    #[inline(always)]
    fn last(self, fresh: usize) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_movm_epi8(u64::MAX.unbounded_shl(64 - fresh as u32)) }
    }
}

impl ByteSums for Avx512 {
    /// Sums in 32-bit lanes.
    type A = __m512i;
    /// Ones in 8-bit lanes: an addition of bytes has twice the units that VPDPBUSD has.
    type N = __m512i;
    /// Sums of x · (y − 128) in 32-bit lanes: the second operand of VPDPBUSD is signed.
    type D = __m512i;
    // A vector adds four products to a lane.
    const DRAIN: usize = 4096;
    // A vector adds 1 to a lane of ones.
    const STRIDE: usize = 248;
    const CHAINS: usize = 4;
    /// There is any logic of three operands.
    const BITS_FROM: usize = 3;

    #[inline(always)]
    fn none(self) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_setzero_si512() }
    }

    #[inline(always)]
    fn none_narrow(self) -> __m512i {
        ByteSums::none(self)
    }

    #[inline(always)]
    fn sum(self, a: __m512i, v: __m512i) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_dpbusd_epi32(a, v, _mm512_set1_epi8(1)) }
    }

    #[inline(always)]
    fn choose(self, sums: [__m512i; 2], narrow: __m512i, x: __m512i, ones: __m512i) -> ([__m512i; 2], __m512i) {
        let (sums, narrow) = self.choose_uncounted(sums, narrow, x, ones);
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        (sums, unsafe { _mm512_add_epi8(narrow, ones) })
    }

    #[inline(always)]
    fn choose_uncounted(
        self,
        [chosen, count]: [__m512i; 2],
        narrow: __m512i,
        x: __m512i,
        ones: __m512i,
    ) -> ([__m512i; 2], __m512i) {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { ([_mm512_dpbusd_epi32(chosen, x, ones), count], narrow) }
    }

    const COUNTS: bool = true;

    #[inline(always)]
    unsafe fn counted_at(self, count: u64, from: *const u8) -> u64 {
        // SAFETY: the caller promises eight bytes.
        unsafe { more_ones(count, from.cast::<u64>()) }
    }

    #[inline(always)]
    fn rest(self, [chosen, count]: [__m512i; 2], narrow: __m512i) -> [__m512i; 2] {
        [chosen, ByteSums::sum(self, count, narrow)]
    }

    #[inline(always)]
    fn both(self, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_add_epi32(a, b) }
    }

    #[inline(always)]
    fn total(self, a: __m512i) -> u64 {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { total32(a) }
    }

    #[inline(always)]
    fn totals(self, sums: [__m512i; 3]) -> [u64; 3] {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { totals32(sums) }
    }

    #[inline(always)]
    fn bit_of(self, a: __m512i) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made; the table holds 64 bytes.
        unsafe { _mm512_shuffle_epi8(ByteLanes::load(self, BITS.as_ptr()), _mm512_min_epu8(a, _mm512_set1_epi8(8))) }
    }

    #[inline(always)]
    fn add_bits(self, a: __m512i, b: __m512i, c: __m512i) -> (__m512i, __m512i) {
        // Whether an odd number of the three is set, and whether most of them are.
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { (_mm512_ternarylogic_epi32::<0x96>(a, b, c), _mm512_ternarylogic_epi32::<0xE8>(a, b, c)) }
    }

    #[inline(always)]
    fn no_products(self) -> __m512i {
        ByteSums::none(self)
    }

    #[inline(always)]
    fn dot(self, d: __m512i, x: __m512i, y: __m512i) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_dpbusd_epi32(d, x, _mm512_xor_si512(y, _mm512_set1_epi8(-128))) }
    }

    #[inline(always)]
    fn both_products(self, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_add_epi32(a, b) }
    }

    #[inline(always)]
    fn total_products(self, d: __m512i, sum_x: u64) -> u64 {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe {
            // VPDPBUSD takes its second operand as signed, so that `dot` gave it y − 128, and a lane holds a sum of
            // x · (y − 128), which may be negative. 2³¹ on each of the 16 lanes makes them unsigned, so that they can be
            // widened; the total loses that again, and gains the missing 128 · Σx.
            let up = _mm512_add_epi32(d, _mm512_set1_epi32(i32::MIN));
            total32(up).wrapping_sub(16 << 31).wrapping_add(sum_x << 7)
        }
    }
}

const _: () = assert!(4 * (<Avx512 as ByteSums>::DRAIN as u64 + 4) * 4 * 255 * 128 < 1 << 31);
const _: () = assert!(<Avx512 as ByteSums>::STRIDE + 4 <= 255);

// The sum of bytes of a block, and of one vector more, fits 32 bits.
const _: () = assert!((4 * <Avx512 as ByteSums>::DRAIN as u64 + 1) * 64 * 255 < 1 << 32);

/// Σ of the 32-bit lanes of each, modulo 2³²: their halves are added, and then pairs of lanes of all three at once.
#[target_feature(enable = "avx512f,avx2")]
#[inline]
fn totals32([a, b, c]: [__m512i; 3]) -> [u64; 3] {
    let halves = |v| _mm256_add_epi32(_mm512_castsi512_si256(v), _mm512_extracti64x4_epi64::<1>(v));
    let (a, b, c) = (halves(a), halves(b), halves(c));
    // Each 128 bits are a, b, a, b, and c four times.
    let ab = _mm256_add_epi32(_mm256_unpacklo_epi32(a, b), _mm256_unpackhi_epi32(a, b));
    let cc = _mm256_add_epi32(c, _mm256_shuffle_epi32::<0b10_11_00_01>(c));
    let abc = _mm256_add_epi32(_mm256_unpacklo_epi64(ab, cc), _mm256_unpackhi_epi64(ab, cc));
    let sums = _mm_add_epi32(_mm256_castsi256_si128(abc), _mm256_extracti128_si256::<1>(abc));
    let ab = _mm_cvtsi128_si64(sums) as u64;
    let c = _mm_extract_epi32::<2>(sums) as u32;
    [ab & 0xFFFF_FFFF, ab >> 32, c.into()]
}

/// Σ of unsigned 32-bit lanes.
#[target_feature(enable = "avx512f")]
#[inline]
fn total32(lanes: __m512i) -> u64 {
    let even = _mm512_and_si512(lanes, _mm512_set1_epi64(0xFFFF_FFFF));
    _mm512_reduce_add_epi64(_mm512_add_epi64(even, _mm512_srli_epi64::<32>(lanes))) as u64
}

impl WordLanes for Avx512 {
    type Bytes = Bytes32;
    type V = __m512i;
    /// Sums in 32-bit lanes.
    type S = __m512i;
    /// Pairs of products are below 2³¹: all lanes summed as 64 bits modulo 2⁶⁴, and the upper halves alone.
    type D = [__m512i; 2];
    // A vector adds two codes to a lane.
    const DRAIN: usize = 4096;
    const CHAINS: usize = 4;

    #[inline(always)]
    fn bytes(self) -> Bytes32 {
        Bytes32
    }

    #[inline(always)]
    unsafe fn load(self, from: *const i16) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made; the caller promises 32 words.
        unsafe { _mm512_loadu_si512(from.cast()) }
    }

    #[inline(always)]
    fn splat(self, word: i16) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_set1_epi16(word) }
    }

    #[inline(always)]
    fn widen(self, bytes: __m256i) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_cvtepi8_epi16(bytes) }
    }

    #[inline(always)]
    fn and(self, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_and_si512(a, b) }
    }

    #[inline(always)]
    fn or(self, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_or_si512(a, b) }
    }

    #[inline(always)]
    fn min(self, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_min_epi16(a, b) }
    }

    #[inline(always)]
    fn greater(self, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_movm_epi16(_mm512_cmpgt_epi16_mask(a, b)) }
    }

    #[inline(always)]
    fn and_not(self, a: __m512i, not: __m512i) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_andnot_si512(not, a) }
    }

    #[inline(always)]
    fn any_negative(self, a: __m512i) -> bool {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_movepi16_mask(a) != 0 }
    }

    #[inline(always)]
    fn none(self) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_setzero_si512() }
    }

    #[inline(always)]
    fn no_products(self) -> [__m512i; 2] {
        [WordLanes::none(self); 2]
    }

    #[inline(always)]
    fn sum(self, s: __m512i, v: __m512i) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_dpwssd_epi32(s, v, _mm512_set1_epi16(1)) }
    }

    #[inline(always)]
    fn dot(self, [all, odd]: [__m512i; 2], x: __m512i, y: __m512i) -> [__m512i; 2] {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe {
            let pairs = _mm512_madd_epi16(x, y);
            [_mm512_add_epi64(all, pairs), _mm512_add_epi64(odd, _mm512_srli_epi64::<32>(pairs))]
        }
    }

    #[inline(always)]
    fn both(self, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_add_epi32(a, b) }
    }

    #[inline(always)]
    fn both_products(self, a: [__m512i; 2], b: [__m512i; 2]) -> [__m512i; 2] {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { [_mm512_add_epi64(a[0], b[0]), _mm512_add_epi64(a[1], b[1])] }
    }

    #[inline(always)]
    fn total(self, s: __m512i) -> u64 {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { total32(s) }
    }

    #[inline(always)]
    fn total_products(self, [all, odd]: [__m512i; 2]) -> u64 {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe {
            // `all` is, modulo 2⁶⁴, the sum of the even products plus the sum of the odd ones times 2³², because `dot` adds
            // both as one lane of 64 bits. Without the odd ones the even ones are left.
            let even = _mm512_sub_epi64(all, _mm512_slli_epi64::<32>(odd));
            _mm512_reduce_add_epi64(_mm512_add_epi64(even, odd)) as u64
        }
    }
}

const _: () = assert!(4 * (<Avx512 as WordLanes>::DRAIN as u64 + 4) * 2 * 32767 < 1 << 31);
