//! Sums of Q0.23 codes of floats and of their products: sixteen a vector.

use super::{Avx512, total32};
use crate::lanes::x86::{Bytes16, opaque_bits};
use crate::lanes::{FloatLanes, WordLanes};
use crate::pixels::{DUST_ABOVE, DUST_BELOW, ONE_BITS};
use core::arch::x86_64::*;

impl FloatLanes for Avx512 {
    type Bytes = Bytes16;
    type F = __m512;
    type U = __m512i;
    type M = __mmask16;
    /// As [`WordLanes::D`]: products are below 2³².
    type Wide = [__m512i; 2];
    /// The bits of a mask are counted in another unit of the CPU than that of vectors.
    type Chosen = u64;
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
    fn none_chosen(self) -> u64 {
        0
    }

    #[inline(always)]
    fn choose(self, chosen: u64, mask: __mmask16) -> u64 {
        chosen + u64::from(bits(mask).count_ones())
    }

    #[inline(always)]
    fn choose_both(self, chosen: u64, a: __mmask16, b: __mmask16) -> u64 {
        chosen + u64::from((bits(a) & bits(b)).count_ones())
    }

    #[inline(always)]
    fn both_chosen(self, a: u64, b: u64) -> u64 {
        a + b
    }

    #[inline(always)]
    fn total_chosen(self, chosen: u64) -> u64 {
        chosen
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

/// The mask in a register of integers: left to itself the optimiser joins two masks in the unit of vectors, which has to move
/// both of them and the result.
#[inline(always)]
fn bits(mask: __mmask16) -> u32 {
    opaque_bits(mask.into())
}
