//! Sums of 16-bit codes and of their products: eight a vector.

use super::Neon;
use crate::lanes::WordLanes;
use core::arch::aarch64::*;

impl WordLanes for Neon<16> {
    type Bytes = Neon<8>;
    type V = int16x8_t;
    /// Sums in 32-bit lanes.
    type S = int32x4_t;
    /// Sums of products in 64-bit lanes.
    type D = uint64x2_t;
    // A vector adds two codes to a lane of sums.
    const DRAIN: usize = 4096;
    const CHAINS: usize = 4;

    #[inline(always)]
    fn bytes(self) -> Neon<8> {
        Neon
    }

    #[inline(always)]
    unsafe fn load(self, from: *const i16) -> int16x8_t {
        // SAFETY: the caller's 8 words.
        unsafe { vld1q_s16(from) }
    }

    #[inline(always)]
    fn splat(self, word: i16) -> int16x8_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vdupq_n_s16(word) }
    }

    #[inline(always)]
    fn widen(self, bytes: uint8x16_t) -> int16x8_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vmovl_s8(vget_low_s8(vreinterpretq_s8_u8(bytes))) }
    }

    #[inline(always)]
    fn and(self, a: int16x8_t, b: int16x8_t) -> int16x8_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vandq_s16(a, b) }
    }

    #[inline(always)]
    fn or(self, a: int16x8_t, b: int16x8_t) -> int16x8_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vorrq_s16(a, b) }
    }

    #[inline(always)]
    fn and_not(self, a: int16x8_t, not: int16x8_t) -> int16x8_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vbicq_s16(a, not) }
    }

    #[inline(always)]
    fn min(self, a: int16x8_t, b: int16x8_t) -> int16x8_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vminq_s16(a, b) }
    }

    #[inline(always)]
    fn greater(self, a: int16x8_t, b: int16x8_t) -> int16x8_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vreinterpretq_s16_u16(vcgtq_s16(a, b)) }
    }

    #[inline(always)]
    fn any_negative(self, a: int16x8_t) -> bool {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vminvq_s16(a) < 0 }
    }

    #[inline(always)]
    fn none(self) -> int32x4_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vdupq_n_s32(0) }
    }

    #[inline(always)]
    fn no_products(self) -> uint64x2_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vdupq_n_u64(0) }
    }

    #[inline(always)]
    fn sum(self, s: int32x4_t, v: int16x8_t) -> int32x4_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vpadalq_s16(s, v) }
    }

    #[inline(always)]
    fn dot(self, d: uint64x2_t, x: int16x8_t, y: int16x8_t) -> uint64x2_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe {
            // Two products are at most 2 · 32767² < 2³¹. Negative codes, which are found only after the block, can make them
            // wrap: that block is summed again.
            let pairs = vmlal_high_s16(vmull_s16(vget_low_s16(x), vget_low_s16(y)), x, y);
            vpadalq_u32(d, vreinterpretq_u32_s32(pairs))
        }
    }

    #[inline(always)]
    fn both(self, a: int32x4_t, b: int32x4_t) -> int32x4_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vaddq_s32(a, b) }
    }

    #[inline(always)]
    fn both_products(self, a: uint64x2_t, b: uint64x2_t) -> uint64x2_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vaddq_u64(a, b) }
    }

    #[inline(always)]
    fn total(self, s: int32x4_t) -> u64 {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vaddlvq_s32(s) as u64 }
    }

    #[inline(always)]
    fn total_products(self, d: uint64x2_t) -> u64 {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vaddvq_u64(d) }
    }
}

const _: () = assert!(4 * (<Neon<16> as WordLanes>::DRAIN as u64 + 4) * 2 * 32767 < 1 << 31);
