//! AVX2 with FMA, and with `VNNI` the fused dot products of AVX-VNNI: 32 bytes, 16 words or 8 floats a vector.

mod floats;

use super::x86::{Bytes16, Bytes32, bits32_at, more_ones, pairs64, total64};
use super::{BITS, ByteLanes, ByteSums, Lanes, WordLanes};
use core::arch::x86_64::*;

/// A token. `kernel/backend/table.rs` alone makes it, in functions that are called only after [`detected`](super::detected)
/// saw AVX2 and FMA (under `VNNI` AVX-VNNI too): every unsafe block below leans on that.
#[derive(Clone, Copy)]
pub(crate) struct Avx2<const VNNI: bool>;

impl<const VNNI: bool> Lanes for Avx2<VNNI> {
    type Math = super::math::MathAvx2;
    type Pairs = super::columns::Ymm;
    type Eights = super::columns::Ymm;

    fn math(self) -> Self::Math {
        super::math::MathAvx2
    }
}

impl<const VNNI: bool> ByteLanes for Avx2<VNNI> {
    const LANES: usize = 32;
    type V = __m256i;
    type Hits = __m256i;

    #[inline(always)]
    unsafe fn load(self, from: *const u8) -> __m256i {
        // SAFETY: the caller's 32 bytes.
        unsafe { Bytes32.load(from) }
    }

    #[inline(always)]
    fn splat(self, byte: u8) -> __m256i {
        Bytes32.splat(byte)
    }

    #[inline(always)]
    fn bits(self, bits: u64) -> __m256i {
        Bytes32.bits(bits)
    }

    #[inline(always)]
    unsafe fn bits_at(self, from: *const u8, msb_first: bool) -> __m256i {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made; the caller promises four bytes.
        unsafe { bits32_at(from, msb_first) }
    }

    #[inline(always)]
    fn and(self, a: __m256i, b: __m256i) -> __m256i {
        Bytes32.and(a, b)
    }

    #[inline(always)]
    fn or(self, a: __m256i, b: __m256i) -> __m256i {
        Bytes32.or(a, b)
    }

    #[inline(always)]
    fn xor(self, a: __m256i, b: __m256i) -> __m256i {
        Bytes32.xor(a, b)
    }

    #[inline(always)]
    fn min(self, a: __m256i, b: __m256i) -> __m256i {
        Bytes32.min(a, b)
    }

    #[inline(always)]
    fn max(self, a: __m256i, b: __m256i) -> __m256i {
        Bytes32.max(a, b)
    }

    #[inline(always)]
    fn less(self, a: __m256i, b: __m256i) -> __m256i {
        Bytes32.less(a, b)
    }

    #[inline(always)]
    fn minus(self, a: __m256i) -> __m256i {
        Bytes32.minus(a)
    }

    #[inline(always)]
    fn equal(self, a: __m256i, b: __m256i) -> __m256i {
        Bytes32.equal(a, b)
    }

    #[inline(always)]
    fn hits(self, a: __m256i, b: __m256i) -> __m256i {
        ByteLanes::equal(self, a, b)
    }

    #[inline(always)]
    fn both_hit(self, a: __m256i, b: __m256i) -> __m256i {
        ByteLanes::and(self, a, b)
    }

    #[inline(always)]
    fn first_hit(self, a: __m256i, b: __m256i) -> __m256i {
        ByteLanes::less(self, a, b)
    }

    #[inline(always)]
    fn counted(self, a: __m256i, hits: __m256i) -> __m256i {
        Bytes32.counted(a, hits)
    }

    #[inline(always)]
    fn counted_of(self, a: __m256i, hits: __m256i, ones: __m256i) -> __m256i {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe { _mm256_add_epi8(a, _mm256_and_si256(hits, ones)) }
    }

    #[inline(always)]
    fn pick(self, hits: __m256i, a: __m256i, b: __m256i) -> __m256i {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe { _mm256_blendv_epi8(b, a, hits) }
    }

    #[inline(always)]
    fn bytes_of(self, hits: __m256i) -> __m256i {
        hits
    }

    #[inline(always)]
    fn bits_of(self, hits: __m256i) -> u64 {
        Bytes32.bits_of(hits)
    }

    #[inline(always)]
    unsafe fn store(self, v: __m256i, to: *mut u8) {
        // SAFETY: the caller promises 32 bytes.
        unsafe { Bytes32.store(v, to) }
    }

    #[inline(always)]
    fn ones(self, a: __m256i) -> __m256i {
        Bytes32.ones(a)
    }

    #[inline(always)]
    fn any(self, a: __m256i) -> bool {
        Bytes32.any(a)
    }
}

/// Sums and narrow sums of what a mask chooses.
type MaskSums = ([__m256i; 2], [__m256i; 2]);

impl<const VNNI: bool> ByteSums for Avx2<VNNI> {
    /// Sums in 64-bit lanes, by VPSADBW; with VNNI in 32-bit lanes.
    type A = __m256i;
    /// Sums of bytes in 16-bit lanes, by VPMADDUBSW, and of ones in 8-bit lanes.
    type N = [__m256i; 2];
    /// Sums of products in 32-bit lanes; with VNNI of x · (y − 128).
    type D = __m256i;
    // A vector adds four products to a lane, below 255² or, with VNNI, 255 · 128.
    const DRAIN: usize = if VNNI { 4096 } else { 2048 };
    // A vector adds two bytes to a lane of sums, and 1 to one of ones.
    const STRIDE: usize = if VNNI { usize::MAX } else { 124 };
    const CHAINS: usize = if VNNI { 4 } else { 2 };

    #[inline(always)]
    fn none(self) -> __m256i {
        ByteSums::no_products(self)
    }

    #[inline(always)]
    fn sum(self, a: __m256i, v: __m256i) -> __m256i {
        // SAFETY: `lanes::detected` saw AVX2 (under `VNNI` AVX-VNNI too) before this token was made.
        unsafe {
            if VNNI {
                _mm256_dpbusd_avx_epi32(a, v, _mm256_set1_epi8(1))
            } else {
                _mm256_add_epi64(a, _mm256_sad_epu8(v, _mm256_setzero_si256()))
            }
        }
    }

    #[inline(always)]
    fn none_narrow(self) -> [__m256i; 2] {
        [ByteSums::none(self); 2]
    }

    #[inline(always)]
    fn choose(self, sums: [__m256i; 2], narrow: [__m256i; 2], x: __m256i, ones: __m256i) -> MaskSums {
        let ([chosen, count], [words, bytes]) = self.choose_uncounted(sums, narrow, x, ones);
        if VNNI {
            return ([chosen, ByteSums::sum(self, count, ones)], [words, bytes]);
        }
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        ([chosen, count], [words, unsafe { _mm256_add_epi8(bytes, ones) }])
    }

    #[inline(always)]
    fn choose_uncounted(
        self,
        [chosen, count]: [__m256i; 2],
        [words, bytes]: [__m256i; 2],
        x: __m256i,
        ones: __m256i,
    ) -> MaskSums {
        // SAFETY: `lanes::detected` saw AVX2 (under `VNNI` AVX-VNNI too) before this token was made.
        unsafe {
            if VNNI {
                return ([_mm256_dpbusd_avx_epi32(chosen, x, ones), count], [words, bytes]);
            }
            ([chosen, count], [_mm256_add_epi16(words, _mm256_maddubs_epi16(x, ones)), bytes])
        }
    }

    const COUNTS: bool = true;

    #[inline(always)]
    unsafe fn counted_at(self, count: u64, from: *const u8) -> u64 {
        // SAFETY: the caller promises four bytes.
        unsafe { more_ones(count, from.cast::<u32>()) }
    }

    #[inline(always)]
    fn rest(self, [chosen, count]: [__m256i; 2], [words, bytes]: [__m256i; 2]) -> [__m256i; 2] {
        if VNNI {
            return [chosen, count];
        }
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe {
            let even = _mm256_and_si256(words, _mm256_set1_epi32(0xFFFF));
            let pairs = _mm256_add_epi32(even, _mm256_srli_epi32::<16>(words));
            [_mm256_add_epi64(chosen, pairs64(pairs)), ByteSums::sum(self, count, bytes)]
        }
    }

    #[inline(always)]
    fn both(self, a: __m256i, b: __m256i) -> __m256i {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe { if VNNI { _mm256_add_epi32(a, b) } else { _mm256_add_epi64(a, b) } }
    }

    #[inline(always)]
    fn total(self, a: __m256i) -> u64 {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe { total64(if VNNI { pairs64(a) } else { a }) }
    }

    #[inline(always)]
    fn bit_of(self, a: __m256i) -> __m256i {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made; the table holds 32 bytes.
        unsafe { _mm256_shuffle_epi8(ByteLanes::load(self, BITS.as_ptr()), _mm256_min_epu8(a, _mm256_set1_epi8(8))) }
    }

    #[inline(always)]
    fn no_products(self) -> __m256i {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe { _mm256_setzero_si256() }
    }

    #[inline(always)]
    fn dot(self, d: __m256i, x: __m256i, y: __m256i) -> __m256i {
        // SAFETY: `lanes::detected` saw AVX2 (under `VNNI` AVX-VNNI too) before this token was made.
        unsafe {
            if VNNI {
                return _mm256_dpbusd_avx_epi32(d, x, _mm256_xor_si256(y, _mm256_set1_epi8(-128)));
            }
            // Even and odd bytes apart, as words: VPMADDUBSW would saturate.
            let low = _mm256_set1_epi16(0xFF);
            let even = _mm256_madd_epi16(_mm256_and_si256(x, low), _mm256_and_si256(y, low));
            let odd = _mm256_madd_epi16(_mm256_srli_epi16::<8>(x), _mm256_srli_epi16::<8>(y));
            _mm256_add_epi32(d, _mm256_add_epi32(even, odd))
        }
    }

    #[inline(always)]
    fn both_products(self, a: __m256i, b: __m256i) -> __m256i {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe { _mm256_add_epi32(a, b) }
    }

    #[inline(always)]
    fn total_products(self, d: __m256i, sum_x: u64) -> u64 {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe {
            if VNNI {
                // VPDPBUSD takes its second operand as signed, so that `dot` gave it y − 128, and a lane holds a sum of
                // x · (y − 128), which may be negative. 2³¹ on each of the 8 lanes makes them unsigned, so that they can
                // be widened; the total loses that again, and gains the missing 128 · Σx.
                let up = _mm256_add_epi32(d, _mm256_set1_epi32(i32::MIN));
                total64(pairs64(up)).wrapping_sub(8 << 31).wrapping_add(sum_x << 7)
            } else {
                total64(pairs64(d))
            }
        }
    }
}

const _: () = assert!(4 * (<Avx2<false> as ByteSums>::DRAIN as u64 + 4) * 4 * 255 * 255 < 1 << 32);
const _: () = assert!((<Avx2<false> as ByteSums>::STRIDE as u64 + 4) * 2 * 255 < 1 << 16);
const _: () = assert!(<Avx2<false> as ByteSums>::STRIDE + 4 <= 255);
const _: () = assert!(4 * (<Avx2<true> as ByteSums>::DRAIN as u64 + 4) * 4 * 255 * 128 < 1 << 31);

impl<const VNNI: bool> WordLanes for Avx2<VNNI> {
    type Bytes = Bytes16;
    type V = __m256i;
    /// Sums in 32-bit lanes.
    type S = __m256i;
    /// Pairs of products are below 2³¹: all lanes summed as 64 bits modulo 2⁶⁴, and the upper halves alone.
    type D = [__m256i; 2];
    // A vector adds two codes to a lane.
    const DRAIN: usize = 4096;
    const CHAINS: usize = if VNNI { 4 } else { 2 };

    #[inline(always)]
    fn bytes(self) -> Bytes16 {
        Bytes16
    }

    #[inline(always)]
    unsafe fn load(self, from: *const i16) -> __m256i {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made; the caller promises 16 words.
        unsafe { _mm256_loadu_si256(from.cast()) }
    }

    #[inline(always)]
    fn splat(self, word: i16) -> __m256i {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe { _mm256_set1_epi16(word) }
    }

    #[inline(always)]
    fn widen(self, bytes: __m128i) -> __m256i {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe { _mm256_cvtepi8_epi16(bytes) }
    }

    #[inline(always)]
    fn and(self, a: __m256i, b: __m256i) -> __m256i {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe { _mm256_and_si256(a, b) }
    }

    #[inline(always)]
    fn or(self, a: __m256i, b: __m256i) -> __m256i {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe { _mm256_or_si256(a, b) }
    }

    #[inline(always)]
    fn min(self, a: __m256i, b: __m256i) -> __m256i {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe { _mm256_min_epi16(a, b) }
    }

    #[inline(always)]
    fn greater(self, a: __m256i, b: __m256i) -> __m256i {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe { _mm256_cmpgt_epi16(a, b) }
    }

    #[inline(always)]
    fn and_not(self, a: __m256i, not: __m256i) -> __m256i {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe { _mm256_andnot_si256(not, a) }
    }

    #[inline(always)]
    fn any_negative(self, a: __m256i) -> bool {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe { _mm256_movemask_epi8(_mm256_srai_epi16::<15>(a)) != 0 }
    }

    #[inline(always)]
    fn none(self) -> __m256i {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe { _mm256_setzero_si256() }
    }

    #[inline(always)]
    fn no_products(self) -> [__m256i; 2] {
        [WordLanes::none(self); 2]
    }

    #[inline(always)]
    fn sum(self, s: __m256i, v: __m256i) -> __m256i {
        // SAFETY: `lanes::detected` saw AVX2 (under `VNNI` AVX-VNNI too) before this token was made.
        unsafe {
            let ones = _mm256_set1_epi16(1);
            if VNNI { _mm256_dpwssd_avx_epi32(s, v, ones) } else { _mm256_add_epi32(s, _mm256_madd_epi16(v, ones)) }
        }
    }

    #[inline(always)]
    fn dot(self, [all, odd]: [__m256i; 2], x: __m256i, y: __m256i) -> [__m256i; 2] {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe {
            let pairs = _mm256_madd_epi16(x, y);
            [_mm256_add_epi64(all, pairs), _mm256_add_epi64(odd, _mm256_srli_epi64::<32>(pairs))]
        }
    }

    #[inline(always)]
    fn both(self, a: __m256i, b: __m256i) -> __m256i {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe { _mm256_add_epi32(a, b) }
    }

    #[inline(always)]
    fn both_products(self, a: [__m256i; 2], b: [__m256i; 2]) -> [__m256i; 2] {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe { [_mm256_add_epi64(a[0], b[0]), _mm256_add_epi64(a[1], b[1])] }
    }

    #[inline(always)]
    fn total(self, s: __m256i) -> u64 {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe { total64(pairs64(s)) }
    }

    #[inline(always)]
    fn total_products(self, [all, odd]: [__m256i; 2]) -> u64 {
        // SAFETY: `lanes::detected` saw AVX2 and FMA before this token was made.
        unsafe {
            // `all` is, modulo 2⁶⁴, the sum of the even products plus the sum of the odd ones times 2³², because `dot` adds
            // both as one lane of 64 bits. Without the odd ones the even ones are left.
            let even = _mm256_sub_epi64(all, _mm256_slli_epi64::<32>(odd));
            total64(_mm256_add_epi64(even, odd))
        }
    }
}

const _: () = assert!(4 * (<Avx2<true> as WordLanes>::DRAIN as u64 + 4) * 2 * 32767 < 1 << 31);
