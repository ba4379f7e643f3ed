//! AVX2: 32 bytes in two vectors of 16-bit lanes, or 8 floats.

use super::{Eights, Keys, Pairs};
use core::arch::x86_64::*;

/// The lanes of AVX2 and AVX-512 alone name this type, and their tokens are made only after `lanes::detected` saw AVX2:
/// every unsafe block below leans on that.
#[derive(Clone, Copy)]
pub(crate) struct Ymm(__m256i);

impl Ymm {
    // SAFETY: 32 bytes, of which any value is valid.
    const NONE: Self = Self(unsafe { core::mem::transmute::<[u8; 32], __m256i>([0; 32]) });
}

// SAFETY (all blocks): `lanes::detected` saw AVX2 before lanes that name this type ran; each load is of an array of as
// many bytes.
#[allow(clippy::undocumented_unsafe_blocks, reason = "one comment for one-line blocks")]
impl Pairs for Ymm {
    const BYTES: usize = 32;
    const ZERO: Self = Self::NONE;

    #[inline(always)]
    fn load(bytes: &[u8; 32], flip: u8) -> Self {
        unsafe { Self(_mm256_xor_si256(_mm256_loadu_si256(bytes.as_ptr().cast()), _mm256_set1_epi8(flip as i8))) }
    }

    #[inline(always)]
    fn even(self) -> Self {
        unsafe { Self(_mm256_and_si256(self.0, _mm256_set1_epi16(0xFF))) }
    }

    #[inline(always)]
    fn odd(self) -> Self {
        unsafe { Self(_mm256_srli_epi16::<8>(self.0)) }
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        unsafe { Self(_mm256_add_epi16(self.0, other.0)) }
    }

    #[inline(always)]
    fn lane(self, lane: usize) -> u16 {
        let mut lanes = [0u16; 16];
        unsafe { _mm256_storeu_si256(lanes.as_mut_ptr().cast(), self.0) };
        lanes.get(lane).copied().unwrap_or(0)
    }
}

#[allow(clippy::undocumented_unsafe_blocks, reason = "as above")]
impl Eights for Ymm {
    const ZERO: Self = Self::NONE;

    #[inline(always)]
    fn of_floats(x: &[f32; 8]) -> Self {
        unsafe { Self(_mm256_loadu_si256(x.as_ptr().cast())) }
    }

    #[inline(always)]
    fn higher(self, x: &[f32; 8]) -> Self {
        unsafe { Self(_mm256_max_epu32(self.0, _mm256_loadu_si256(x.as_ptr().cast()))) }
    }

    #[inline(always)]
    fn plus(self, x: &[f32; 8]) -> Self {
        unsafe {
            let code = _mm256_castps_si256(_mm256_add_ps(_mm256_loadu_ps(x.as_ptr()), _mm256_set1_ps(1.0)));
            Self(_mm256_add_epi32(self.0, code))
        }
    }

    #[inline(always)]
    fn greater(self, x: &[f32; 8]) -> Self {
        unsafe { Self(_mm256_castps_si256(_mm256_max_ps(_mm256_castsi256_ps(self.0), _mm256_loadu_ps(x.as_ptr())))) }
    }

    #[inline(always)]
    fn greatest(self) -> Self {
        unsafe {
            let all = _mm256_castsi256_ps(self.0);
            let halves = _mm256_max_ps(all, _mm256_permute2f128_ps::<1>(all, all));
            let pairs = _mm256_max_ps(halves, _mm256_permute_ps::<0b01_00_11_10>(halves));
            Self(_mm256_castps_si256(_mm256_max_ps(pairs, _mm256_permute_ps::<0b10_11_00_01>(pairs))))
        }
    }

    #[inline(always)]
    fn equal(self, x: &[f32; 8]) -> u32 {
        unsafe {
            let equal = _mm256_cmp_ps::<_CMP_EQ_OQ>(_mm256_castsi256_ps(self.0), _mm256_loadu_ps(x.as_ptr()));
            _mm256_movemask_ps(equal) as u32
        }
    }

    #[inline(always)]
    fn none(x: &[f32; 8]) -> u32 {
        unsafe {
            let x = _mm256_loadu_ps(x.as_ptr());
            _mm256_movemask_ps(_mm256_cmp_ps::<_CMP_UNORD_Q>(x, x)) as u32
        }
    }

    #[inline(always)]
    fn lanes(self) -> [u32; 8] {
        let mut lanes = [0u32; 8];
        unsafe { _mm256_storeu_si256(lanes.as_mut_ptr().cast(), self.0) };
        lanes
    }
}

#[allow(clippy::undocumented_unsafe_blocks, reason = "as above")]
impl Keys for Ymm {
    #[inline(always)]
    fn of(lanes: [u16; 16]) -> Self {
        unsafe { Self(_mm256_loadu_si256(lanes.as_ptr().cast())) }
    }

    #[inline(always)]
    fn keys(self, even: Self, odd: Self) -> Self {
        unsafe {
            let low = _mm256_or_si256(_mm256_slli_epi16::<8>(self.0), even.0);
            let high = _mm256_or_si256(_mm256_and_si256(self.0, _mm256_set1_epi16(0xFF00u16 as i16)), odd.0);
            Self(_mm256_min_epu16(low, high))
        }
    }

    #[inline(always)]
    fn lesser(self, other: Self) -> Self {
        unsafe { Self(_mm256_min_epu16(self.0, other.0)) }
    }

    #[inline(always)]
    fn least(self) -> u16 {
        unsafe {
            let half = _mm_min_epu16(_mm256_castsi256_si128(self.0), _mm256_extracti128_si256::<1>(self.0));
            _mm_cvtsi128_si32(_mm_minpos_epu16(half)) as u16
        }
    }
}
