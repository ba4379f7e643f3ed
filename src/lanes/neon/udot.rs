//! Sums of bytes and of their products by `udot`, which adds four products to each lane; by `asm!`, since the intrinsic is
//! not stable.

use super::Neon;
use crate::lanes::{BITS, ByteSums};
use core::arch::{aarch64::*, asm};

#[inline(always)]
fn udot(mut d: uint32x4_t, x: uint8x16_t, y: uint8x16_t) -> uint32x4_t {
    // SAFETY: `build.rs` puts this file into the build only where the target has the feature `dotprod`.
    unsafe {
        asm!("udot {d:v}.4s, {x:v}.16b, {y:v}.16b", d = inout(vreg) d, x = in(vreg) x, y = in(vreg) y,
            options(pure, nomem, nostack, preserves_flags));
    }
    d
}

impl ByteSums for Neon<16> {
    /// Sums in 32-bit lanes.
    type A = uint32x4_t;
    type N = ();
    /// Sums of products in 32-bit lanes.
    type D = uint32x4_t;
    // A vector adds four products to a lane.
    const DRAIN: usize = 4096;
    const CHAINS: usize = 4;

    #[inline(always)]
    fn none(self) -> uint32x4_t {
        // SAFETY: `build.rs` has seen NEON and `dotprod` in the target.
        unsafe { vdupq_n_u32(0) }
    }

    #[inline(always)]
    fn none_narrow(self) {}

    #[inline(always)]
    fn sum(self, a: uint32x4_t, v: uint8x16_t) -> uint32x4_t {
        // SAFETY: `build.rs` has seen NEON and `dotprod` in the target.
        unsafe { udot(a, v, vdupq_n_u8(1)) }
    }

    #[inline(always)]
    fn choose(
        self,
        [chosen, count]: [uint32x4_t; 2],
        (): (),
        x: uint8x16_t,
        ones: uint8x16_t,
    ) -> ([uint32x4_t; 2], ()) {
        let chosen = udot(chosen, x, ones);
        ([chosen, ByteSums::sum(self, count, ones)], ())
    }

    #[inline(always)]
    fn both(self, a: uint32x4_t, b: uint32x4_t) -> uint32x4_t {
        // SAFETY: `build.rs` has seen NEON and `dotprod` in the target.
        unsafe { vaddq_u32(a, b) }
    }

    #[inline(always)]
    fn total(self, a: uint32x4_t) -> u64 {
        // SAFETY: `build.rs` has seen NEON and `dotprod` in the target.
        unsafe { vaddlvq_u32(a) }
    }

    #[inline(always)]
    fn bit_of(self, a: uint8x16_t) -> uint8x16_t {
        // SAFETY: `build.rs` has seen NEON in the target; the table holds 16 bytes.
        unsafe { vqtbl1q_u8(vld1q_u8(BITS.as_ptr()), a) }
    }

    #[inline(always)]
    fn no_products(self) -> uint32x4_t {
        // SAFETY: `build.rs` has seen NEON and `dotprod` in the target.
        unsafe { vdupq_n_u32(0) }
    }

    #[inline(always)]
    fn dot(self, d: uint32x4_t, x: uint8x16_t, y: uint8x16_t) -> uint32x4_t {
        udot(d, x, y)
    }

    #[inline(always)]
    fn both_products(self, a: uint32x4_t, b: uint32x4_t) -> uint32x4_t {
        // SAFETY: `build.rs` has seen NEON and `dotprod` in the target.
        unsafe { vaddq_u32(a, b) }
    }

    #[inline(always)]
    fn total_products(self, d: uint32x4_t, _: u64) -> u64 {
        // SAFETY: `build.rs` has seen NEON and `dotprod` in the target.
        unsafe { vaddlvq_u32(d) }
    }
}

const _: () = assert!(4 * (<Neon<16> as ByteSums>::DRAIN as u64 + 4) * 4 * 255 * 255 < 1 << 32);
