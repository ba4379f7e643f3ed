//! AVX-512 with BW, VL and VNNI: 64 bytes, 32 words or 16 floats a vector.

use super::x86::{Bytes16, Bytes32, opaque};
use super::{ByteLanes, ByteSums, FloatLanes, Lanes, WordLanes};
use crate::pixels::{DUST_ABOVE, DUST_BELOW, ONE_BITS};
use core::arch::x86_64::*;

/// A token. `kernel/backend.rs` alone makes it, in functions that are called only after [`detected`](super::detected)
/// saw these extensions: every unsafe block below leans on that.
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
    type N = ();
    /// Sums of x · (y − 128) in 32-bit lanes: the second operand of VPDPBUSD is signed.
    type D = __m512i;
    // A vector adds four products to a lane.
    const DRAIN: usize = 4096;
    const CHAINS: usize = 4;

    #[inline(always)]
    fn none(self) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_setzero_si512() }
    }

    #[inline(always)]
    fn none_narrow(self) {}

    #[inline(always)]
    fn sum(self, a: __m512i, v: __m512i) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_dpbusd_epi32(a, v, _mm512_set1_epi8(1)) }
    }

    #[inline(always)]
    fn choose(self, [chosen, count]: [__m512i; 2], (): (), x: __m512i, ones: __m512i) -> ([__m512i; 2], ()) {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        let chosen = unsafe { _mm512_dpbusd_epi32(chosen, x, ones) };
        ([chosen, ByteSums::sum(self, count, ones)], ())
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

impl FloatLanes for Avx512 {
    type Bytes = Bytes16;
    type F = __m512;
    type U = __m512i;
    type M = __mmask16;
    /// As [`WordLanes::D`]: products are below 2³².
    type Wide = [__m512i; 2];
    const CODE_BIAS: u32 = ONE_BITS;
    const PRODUCT_BIAS: u32 = ONE_BITS;
    const CHAINS: usize = 4;

    #[inline(always)]
    fn bytes(self) -> Bytes16 {
        Bytes16
    }

    #[inline(always)]
    unsafe fn load(self, from: *const f32) -> __m512 {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made; the caller promises 16 floats.
        unsafe { _mm512_loadu_ps(from) }
    }

    #[inline(always)]
    fn zero(self) -> __m512 {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_setzero_ps() }
    }

    #[inline(always)]
    fn mask(self, bytes: __m128i) -> __mmask16 {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm_test_epi8_mask(bytes, bytes) }
    }

    #[inline(always)]
    fn both_masks(self, a: __mmask16, b: __mmask16) -> __mmask16 {
        a & b
    }

    #[inline(always)]
    fn only(self, x: __m512, mask: __mmask16) -> __m512 {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_maskz_mov_ps(mask, x) }
    }

    #[inline(always)]
    fn code(self, x: __m512) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_castps_si512(_mm512_add_ps(x, _mm512_set1_ps(1.0))) }
    }

    #[inline(always)]
    fn product(self, x: __m512, y: __m512) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_castps_si512(_mm512_fmadd_ps(x, y, _mm512_set1_ps(1.0))) }
    }

    #[inline(always)]
    fn splat(self, u: u32) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_set1_epi32(u as i32) }
    }

    #[inline(always)]
    fn add(self, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_add_epi32(a, b) }
    }

    #[inline(always)]
    fn add_where(self, a: __m512i, mask: __mmask16, b: __m512i) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_mask_add_epi32(a, mask, a, b) }
    }

    #[inline(always)]
    fn min(self, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_min_epu32(a, b) }
    }

    #[inline(always)]
    fn reached(self, x: __m512, cut: u32) -> __mmask16 {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_cmpge_epu32_mask(_mm512_castps_si512(x), _mm512_set1_epi32(cut as i32)) }
    }

    #[inline(always)]
    fn highest(self, so_far: __m512i, x: __m512) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_max_epu32(so_far, _mm512_castps_si512(x)) }
    }

    #[inline(always)]
    fn higher(self, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_max_epu32(a, b) }
    }

    #[inline(always)]
    fn above(self, highest: __m512i, limit: u32) -> bool {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_cmpgt_epu32_mask(highest, _mm512_set1_epi32(limit as i32)) != 0 }
    }

    #[inline(always)]
    fn widen(self, bytes: __m128i) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_cvtepu8_epi32(bytes) }
    }

    #[inline(always)]
    fn none_wide(self) -> [__m512i; 2] {
        WordLanes::no_products(self)
    }

    #[inline(always)]
    fn add_wide(self, [all, odd]: [__m512i; 2], a: __m512i, b: __m512i) -> [__m512i; 2] {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe {
            let products = _mm512_mullo_epi32(a, b);
            [_mm512_add_epi64(all, products), _mm512_add_epi64(odd, _mm512_srli_epi64::<32>(products))]
        }
    }

    #[inline(always)]
    fn both_wide(self, a: [__m512i; 2], b: [__m512i; 2]) -> [__m512i; 2] {
        WordLanes::both_products(self, a, b)
    }

    #[inline(always)]
    fn total_wide(self, wide: [__m512i; 2]) -> u64 {
        // Products lie in the same lanes as pairs of those of words.
        WordLanes::total_products(self, wide)
    }

    #[inline(always)]
    fn add_long(self, [even, odd]: [__m512i; 2], a: __m512i, b: __m512i) -> [__m512i; 2] {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe {
            let upper = _mm512_mul_epu32(_mm512_srli_epi64::<32>(a), _mm512_srli_epi64::<32>(b));
            [_mm512_add_epi64(even, _mm512_mul_epu32(a, b)), _mm512_add_epi64(odd, upper)]
        }
    }

    #[inline(always)]
    fn total_long(self, [even, odd]: [__m512i; 2]) -> u64 {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_reduce_add_epi64(_mm512_add_epi64(even, odd)) as u64 }
    }

    #[inline(always)]
    unsafe fn whole_words(self, from: *const u16) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made; the caller promises 16 words.
        unsafe { _mm512_cvtepu16_epi32(_mm256_loadu_si256(from.cast())) }
    }

    #[inline(always)]
    unsafe fn halves(self, from: *const u16) -> __m512i {
        // What is beyond the range of i32, or NaN, becomes i32::MIN.
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made; the caller promises 16 half floats.
        unsafe {
            let floats = _mm512_cvtph_ps(_mm256_loadu_si256(from.cast()));
            _mm512_cvtps_epi32(_mm512_mul_ps(floats, _mm512_set1_ps(16_777_216.0)))
        }
    }

    #[inline(always)]
    fn greater(self, x: __m512, y: __m512) -> __mmask16 {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_cmp_ps_mask::<_CMP_GT_OQ>(x, y) }
    }

    #[inline(always)]
    fn float_of(self, mask: __mmask16, x: __m512, y: __m512) -> __m512 {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_mask_blend_ps(mask, y, x) }
    }

    #[inline(always)]
    fn code_of(self, mask: __mmask16, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_mask_blend_epi32(mask, b, a) }
    }

    #[inline(always)]
    fn codes(self, u: __m512i) -> [u32; 16] {
        let mut codes = [0; 16];
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made; the array holds 64 bytes.
        unsafe { _mm512_storeu_si512(codes.as_mut_ptr().cast(), u) };
        codes
    }

    #[inline(always)]
    fn lift(self, x: __m512) -> __m512 {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_add_ps(x, _mm512_set1_ps(DUST_BELOW)) }
    }

    #[inline(always)]
    fn near(self, mask: __mmask16, x: __m512) -> __mmask16 {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe {
            let above = _mm512_mask_cmp_ps_mask::<_CMP_GE_OQ>(mask, x, _mm512_set1_ps(-DUST_BELOW));
            _mm512_mask_cmp_ps_mask::<_CMP_LE_OQ>(above, x, _mm512_set1_ps(DUST_ABOVE))
        }
    }

    #[inline(always)]
    fn number(self, mask: __mmask16, x: __m512) -> __mmask16 {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_mask_cmp_ps_mask::<_CMP_ORD_Q>(mask, x, x) }
    }

    #[inline(always)]
    fn bound(self, x: __m512) -> __m512 {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_min_ps(_mm512_max_ps(x, _mm512_setzero_ps()), _mm512_set1_ps(1.0)) }
    }

    #[inline(always)]
    fn total(self, sums: __m512i, counts: __m512i, bias: u32) -> u64 {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe {
            let bias = _mm512_mullo_epi32(counts, _mm512_set1_epi32(bias as i32));
            total32(_mm512_sub_epi32(sums, bias))
        }
    }
}
