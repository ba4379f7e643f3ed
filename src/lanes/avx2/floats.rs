//! Sums of Q0.23 codes of floats and of their products: eight a vector.

use super::Avx2;
use crate::lanes::FloatLanes;
use crate::lanes::x86::{Bytes8, opaque, pairs64, total64};
use crate::pixels::{DUST_ABOVE, DUST_BELOW, ONE_BITS};
use core::arch::x86_64::*;

impl<const VNNI: bool> FloatLanes for Avx2<VNNI> {
    type Bytes = Bytes8;
    type F = __m256;
    type U = __m256i;
    type M = __m256i;
    /// Sums in 64-bit lanes, of the even and of the odd codes.
    type Wide = [__m256i; 2];
    type Chosen = __m256i;
    const CODE_BIAS: u32 = ONE_BITS;
    const PRODUCT_BIAS: u32 = ONE_BITS;
    const CHAINS: usize = 2;

    #[inline(always)]
    fn bytes(self) -> Bytes8 {
        Bytes8
    }

    #[inline(always)]
    unsafe fn load(self, from: *const f32) -> __m256 {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made; the caller promises 8 floats.
        unsafe { _mm256_loadu_ps(from) }
    }

    #[inline(always)]
    fn zero(self) -> __m256 {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe { _mm256_setzero_ps() }
    }

    #[inline(always)]
    fn mask(self, bytes: __m128i) -> __m256i {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe { _mm256_cmpgt_epi32(_mm256_cvtepu8_epi32(bytes), _mm256_set1_epi32(opaque(0).into())) }
    }

    #[inline(always)]
    fn mask_of_bits(self, bits: u64) -> __m256i {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe {
            let own = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
            _mm256_cmpeq_epi32(_mm256_and_si256(_mm256_set1_epi32(bits as i32), own), own)
        }
    }

    #[inline(always)]
    fn both_masks(self, a: __m256i, b: __m256i) -> __m256i {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe { _mm256_and_si256(a, b) }
    }

    #[inline(always)]
    fn only(self, x: __m256, mask: __m256i) -> __m256 {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe { _mm256_and_ps(x, _mm256_castsi256_ps(mask)) }
    }

    #[inline(always)]
    fn code(self, x: __m256) -> __m256i {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe { _mm256_castps_si256(_mm256_add_ps(x, _mm256_set1_ps(1.0))) }
    }

    #[inline(always)]
    fn product(self, x: __m256, y: __m256) -> __m256i {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe { _mm256_castps_si256(_mm256_fmadd_ps(x, y, _mm256_set1_ps(1.0))) }
    }

    #[inline(always)]
    fn splat(self, u: u32) -> __m256i {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe { _mm256_set1_epi32(u as i32) }
    }

    #[inline(always)]
    fn add(self, a: __m256i, b: __m256i) -> __m256i {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe { _mm256_add_epi32(a, b) }
    }

    #[inline(always)]
    fn add_where(self, a: __m256i, mask: __m256i, b: __m256i) -> __m256i {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe { _mm256_add_epi32(a, _mm256_and_si256(mask, b)) }
    }

    #[inline(always)]
    fn count(self, a: __m256i, mask: __m256i) -> __m256i {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe { _mm256_sub_epi32(a, mask) }
    }

    #[inline(always)]
    fn none_chosen(self) -> __m256i {
        FloatLanes::splat(self, 0)
    }

    #[inline(always)]
    fn choose(self, chosen: __m256i, mask: __m256i) -> __m256i {
        FloatLanes::count(self, chosen, mask)
    }

    #[inline(always)]
    fn both_chosen(self, a: __m256i, b: __m256i) -> __m256i {
        FloatLanes::add(self, a, b)
    }

    #[inline(always)]
    fn total_chosen(self, chosen: __m256i) -> u64 {
        FloatLanes::total(self, chosen, chosen, 0)
    }

    #[inline(always)]
    fn min(self, a: __m256i, b: __m256i) -> __m256i {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe { _mm256_min_epu32(a, b) }
    }

    #[inline(always)]
    fn reached(self, x: __m256, cut: u32) -> __m256i {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe {
            let (bits, cut) = (_mm256_castps_si256(x), _mm256_set1_epi32(cut as i32));
            _mm256_cmpeq_epi32(_mm256_max_epu32(bits, cut), bits)
        }
    }

    #[inline(always)]
    fn highest(self, so_far: __m256i, x: __m256) -> __m256i {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe { _mm256_max_epu32(so_far, _mm256_castps_si256(x)) }
    }

    #[inline(always)]
    fn higher(self, a: __m256i, b: __m256i) -> __m256i {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe { _mm256_max_epu32(a, b) }
    }

    #[inline(always)]
    fn above(self, highest: __m256i, limit: u32) -> bool {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe {
            let limit = _mm256_set1_epi32(limit as i32);
            let within = _mm256_cmpeq_epi32(_mm256_max_epu32(highest, limit), limit);
            _mm256_movemask_epi8(within) != -1
        }
    }

    #[inline(always)]
    fn widen(self, bytes: __m128i) -> __m256i {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe { _mm256_cvtepu8_epi32(bytes) }
    }

    #[inline(always)]
    fn none_wide(self) -> [__m256i; 2] {
        [FloatLanes::splat(self, 0); 2]
    }

    #[inline(always)]
    fn add_wide(self, [even, odd]: [__m256i; 2], a: __m256i, b: __m256i) -> [__m256i; 2] {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe {
            let upper = _mm256_mul_epu32(_mm256_srli_epi64::<32>(a), _mm256_srli_epi64::<32>(b));
            [_mm256_add_epi64(even, _mm256_mul_epu32(a, b)), _mm256_add_epi64(odd, upper)]
        }
    }

    #[inline(always)]
    fn both_wide(self, a: [__m256i; 2], b: [__m256i; 2]) -> [__m256i; 2] {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe { [_mm256_add_epi64(a[0], b[0]), _mm256_add_epi64(a[1], b[1])] }
    }

    #[inline(always)]
    fn total_wide(self, [even, odd]: [__m256i; 2]) -> u64 {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe { total64(_mm256_add_epi64(even, odd)) }
    }

    #[inline(always)]
    unsafe fn whole_words(self, from: *const u16) -> __m256i {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made; the caller promises 8 words.
        unsafe { _mm256_cvtepu16_epi32(_mm_loadu_si128(from.cast())) }
    }

    #[inline(always)]
    unsafe fn halves(self, from: *const u16) -> __m256i {
        // What is beyond the range of i32, or NaN, becomes i32::MIN.
        // SAFETY: `lanes::detected` saw F16C beside AVX2 before this token was made; the caller promises 8 half floats.
        unsafe {
            let floats = _mm256_cvtph_ps(_mm_loadu_si128(from.cast()));
            _mm256_cvtps_epi32(_mm256_mul_ps(floats, _mm256_set1_ps(16_777_216.0)))
        }
    }

    #[inline(always)]
    fn greater(self, x: __m256, y: __m256) -> __m256i {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe { _mm256_castps_si256(_mm256_cmp_ps::<_CMP_GT_OQ>(x, y)) }
    }

    #[inline(always)]
    fn float_of(self, mask: __m256i, x: __m256, y: __m256) -> __m256 {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe { _mm256_blendv_ps(y, x, _mm256_castsi256_ps(mask)) }
    }

    #[inline(always)]
    fn code_of(self, mask: __m256i, a: __m256i, b: __m256i) -> __m256i {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe { _mm256_blendv_epi8(b, a, mask) }
    }

    #[inline(always)]
    fn codes(self, u: __m256i) -> [u32; 16] {
        let mut codes = [0; 16];
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made; the array holds more than 32 bytes.
        unsafe { _mm256_storeu_si256(codes.as_mut_ptr().cast(), u) };
        codes
    }

    #[inline(always)]
    fn lift(self, x: __m256) -> __m256 {
        // x · 1 + DUST_BELOW is rounded once, as the sum is. As a fused multiply-add it issues on ports that the additions
        // of the sweep do not use.
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe { _mm256_fmadd_ps(x, _mm256_set1_ps(1.0), _mm256_set1_ps(DUST_BELOW)) }
    }

    #[inline(always)]
    fn near(self, mask: __m256i, x: __m256) -> __m256i {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe {
            let above = _mm256_cmp_ps::<_CMP_GE_OQ>(x, _mm256_set1_ps(-DUST_BELOW));
            let below = _mm256_cmp_ps::<_CMP_LE_OQ>(x, _mm256_set1_ps(DUST_ABOVE));
            _mm256_and_si256(mask, _mm256_castps_si256(_mm256_and_ps(above, below)))
        }
    }

    #[inline(always)]
    fn number(self, mask: __m256i, x: __m256) -> __m256i {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe { _mm256_and_si256(mask, _mm256_castps_si256(_mm256_cmp_ps::<_CMP_ORD_Q>(x, x))) }
    }

    #[inline(always)]
    fn bound(self, x: __m256) -> __m256 {
        // The bits are compared as signed integers, which every vector unit can do: those of floats from +0.0 on are in
        // the order of the values, and those with a sign are negative.
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe {
            let bits = _mm256_max_epi32(_mm256_castps_si256(x), _mm256_setzero_si256());
            _mm256_castsi256_ps(_mm256_min_epi32(bits, _mm256_set1_epi32(ONE_BITS as i32)))
        }
    }

    #[inline(always)]
    fn total(self, sums: __m256i, counts: __m256i, bias: u32) -> u64 {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe {
            let bias = _mm256_mullo_epi32(counts, _mm256_set1_epi32(bias as i32));
            total64(pairs64(_mm256_sub_epi32(sums, bias)))
        }
    }
}
