//! VBMI: the bytes of a vector in any order, so that pixels are brought to where the bits of their mask lie.

use super::Avx512;
use core::arch::x86_64::*;

/// The pixel that goes to each lane: eight lanes in a row hold those that have the same place in their bytes of bits.
static ORDER: [u8; 64] = {
    let mut order = [0; 64];
    let mut lane = 0;
    while lane < 64 {
        order[lane] = (lane % 8 * 8 + lane / 8) as u8;
        lane += 1;
    }
    order
};

/// The place in a byte of bits that eight lanes in a row have in common, as a number of bits to shift by.
const fn place(lane: usize, msb_first: bool) -> u32 {
    let pixel = lane as u32 / 8;
    if msb_first { 7 - pixel } else { pixel }
}

/// The bit of each lane in its byte of bits, lowest or highest first.
static OWN: [[u8; 64]; 2] = {
    let mut own = [[0; 64]; 2];
    let mut lane = 0;
    while lane < 64 {
        own[0][lane] = 1 << place(lane, false);
        own[1][lane] = 1 << place(lane, true);
        lane += 1;
    }
    own
};

/// By how much the sums of four lanes are too large, as shifts.
static WEIGHTS: [[u32; 16]; 2] = {
    let mut weights = [[0; 16]; 2];
    let mut sum = 0;
    while sum < 16 {
        weights[0][sum] = place(4 * sum, false);
        weights[1][sum] = place(4 * sum, true);
        sum += 1;
    }
    weights
};

/// A token as [`Avx512`], where [`detected`](crate::lanes::detected) saw VBMI too.
#[derive(Clone, Copy)]
pub(crate) struct Sorted(Avx512);

impl Sorted {
    /// # Safety
    ///
    /// [`detected`](crate::lanes::detected) saw [`AVX512_VBMI`](crate::lanes::AVX512_VBMI).
    #[inline(always)]
    pub unsafe fn new() -> Self {
        Self(Avx512)
    }

    #[inline(always)]
    pub fn lanes(self) -> Avx512 {
        self.0
    }

    /// 64 pixels, in the order of [`Self::bits_at`].
    #[inline(always)]
    pub fn in_order(self, pixels: __m512i) -> __m512i {
        // SAFETY: `lanes::detected` saw VBMI before this token was made; the table holds 64 bytes.
        unsafe { _mm512_permutexvar_epi8(_mm512_loadu_si512(ORDER.as_ptr().cast()), pixels) }
    }

    /// Of eight bytes, the bit of each of the 64 sorted pixels, where it lies in its byte.
    ///
    /// # Safety
    ///
    /// `from` points to eight readable bytes; any alignment.
    #[inline(always)]
    pub unsafe fn bits_at(self, from: *const u8, msb_first: bool) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made; the caller promises eight bytes, and the table
        // holds 64.
        unsafe {
            let own = _mm512_loadu_si512(OWN[usize::from(msb_first)].as_ptr().cast());
            _mm512_and_si512(_mm512_set1_epi64(from.cast::<i64>().read_unaligned()), own)
        }
    }

    /// d + Σ x·b, of bits as [`Self::bits_at`] leaves them: 2ʲ for the bit at place j, and −128 for j = 7, because VPDPBUSD takes
    /// its second operand as signed.
    #[inline(always)]
    pub fn weighed(self, d: __m512i, x: __m512i, bits: __m512i) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made.
        unsafe { _mm512_dpbusd_epi32(d, x, bits) }
    }

    /// Of what [`Self::weighed`] has added, Σ x over the pixels whose bit is 1. A sum of four lanes is a multiple of their weight,
    /// and only those of j = 7 are negative.
    #[inline(always)]
    pub fn unweighed(self, d: __m512i, msb_first: bool) -> __m512i {
        // SAFETY: `lanes::detected` saw AVX-512 before this token was made; the table holds 16 words of 32 bits.
        unsafe {
            let weights = _mm512_loadu_si512(WEIGHTS[usize::from(msb_first)].as_ptr().cast());
            _mm512_abs_epi32(_mm512_srav_epi32(d, weights))
        }
    }
}
