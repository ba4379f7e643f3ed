//! Sums of bytes and of their products where there is no `udot`: by widening, in pairs.

use super::Neon;
use crate::lanes::{BITS, ByteSums};
use core::arch::aarch64::*;

impl ByteSums for Neon<16> {
    /// Sums in 16-bit lanes: one instruction for sixteen bytes, and a short block.
    type A = uint16x8_t;
    type N = ();
    /// Sums of products in 32-bit lanes.
    type D = uint32x4_t;
    // A vector adds two bytes to a lane of sums, and four products to one of products.
    const DRAIN: usize = 28;
    const CHAINS: usize = 4;

    #[inline(always)]
    fn none(self) -> uint16x8_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vdupq_n_u16(0) }
    }

    #[inline(always)]
    fn none_narrow(self) {}

    #[inline(always)]
    fn sum(self, a: uint16x8_t, v: uint8x16_t) -> uint16x8_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vpadalq_u8(a, v) }
    }

    #[inline(always)]
    fn choose(
        self,
        [chosen, count]: [uint16x8_t; 2],
        (): (),
        x: uint8x16_t,
        ones: uint8x16_t,
    ) -> ([uint16x8_t; 2], ()) {
        // SAFETY: `build.rs` has seen NEON in the target.
        let chosen = unsafe { vmlal_high_u8(vmlal_u8(chosen, vget_low_u8(x), vget_low_u8(ones)), x, ones) };
        ([chosen, ByteSums::sum(self, count, ones)], ())
    }

    #[inline(always)]
    fn both(self, a: uint16x8_t, b: uint16x8_t) -> uint16x8_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vaddq_u16(a, b) }
    }

    #[inline(always)]
    fn total(self, a: uint16x8_t) -> u64 {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { u64::from(vaddlvq_u16(a)) }
    }

    #[inline(always)]
    fn bit_of(self, a: uint8x16_t) -> uint8x16_t {
        // SAFETY: `build.rs` has seen NEON in the target; the table holds 16 bytes.
        unsafe { vqtbl1q_u8(vld1q_u8(BITS.as_ptr()), a) }
    }

    #[inline(always)]
    fn no_products(self) -> uint32x4_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vdupq_n_u32(0) }
    }

    #[inline(always)]
    fn dot(self, d: uint32x4_t, x: uint8x16_t, y: uint8x16_t) -> uint32x4_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe {
            let (low, high) = (vmull_u8(vget_low_u8(x), vget_low_u8(y)), vmull_high_u8(x, y));
            vpadalq_u16(vpadalq_u16(d, low), high)
        }
    }

    #[inline(always)]
    fn both_products(self, a: uint32x4_t, b: uint32x4_t) -> uint32x4_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vaddq_u32(a, b) }
    }

    #[inline(always)]
    fn total_products(self, d: uint32x4_t, _: u64) -> u64 {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vaddlvq_u32(d) }
    }
}

const _: () = assert!(4 * (<Neon<16> as ByteSums>::DRAIN as u64 + 4) * 2 * 255 < 1 << 16);
const _: () = assert!(4 * (<Neon<16> as ByteSums>::DRAIN as u64 + 4) * 4 * 255 * 255 < 1 << 32);
