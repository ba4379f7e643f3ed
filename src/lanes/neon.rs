//! NEON, with `udot` where the build promises it: 16 bytes, 8 words or 4 floats a vector.
//!
//! What the CPU has is decided when the build is: every `aarch64` target but the soft-float ones has NEON and its fused
//! multiply, and `udot` is in the build under `-C target-feature=+dotprod` or a `target-cpu` that has it, as on macOS.
//! Without std there is no sound way to ask at run time on all of them: the identification registers can be read by a
//! program under newer Linux kernels alone, and asking whether they can takes the C library.

#[cfg(not(soft_dice_lanes = "udot"))]
mod bytes;
mod floats;
pub(crate) mod logits;
mod ones;
#[cfg(soft_dice_lanes = "udot")]
mod udot;
mod words;

use super::{ByteLanes, Lanes};
use core::arch::aarch64::*;
pub(crate) use ones::ones;

/// A register of which this many bytes are in use: 16, 8 or 4, the first ones. `build.rs` puts it into the build only where
/// the target has NEON: every operation leans on that.
#[derive(Clone, Copy)]
pub(crate) struct Neon<const BYTES: usize>;

impl Lanes for Neon<16> {
    type Math = super::math::MathWide;
    type Pairs = wide::u16x8;
    type Eights = wide::u32x8;

    fn math(self) -> Self::Math {
        super::math::MathWide
    }
}

impl<const BYTES: usize> ByteLanes for Neon<BYTES> {
    const LANES: usize = BYTES;
    /// Bytes that are not in use hold anything.
    type V = uint8x16_t;
    type Hits = uint8x16_t;

    #[inline(always)]
    unsafe fn load(self, from: *const u8) -> uint8x16_t {
        const { assert!(matches!(BYTES, 16 | 8 | 4)) };
        // SAFETY: the caller's BYTES bytes.
        unsafe {
            match BYTES {
                16 => vld1q_u8(from),
                8 => vcombine_u8(vld1_u8(from), vcreate_u8(0)),
                _ => vreinterpretq_u8_u32(vsetq_lane_u32::<0>(from.cast::<u32>().read_unaligned(), vdupq_n_u32(0))),
            }
        }
    }

    #[inline(always)]
    fn splat(self, byte: u8) -> uint8x16_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vdupq_n_u8(byte) }
    }

    #[inline(always)]
    fn bits(self, bits: u64) -> uint8x16_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe {
            // Each byte of the bits goes to eight lanes, and each lane looks at a bit of its own.
            let own = vcreate_u8(0x8040_2010_0804_0201);
            let spread = vcombine_u8(vdup_n_u8(bits as u8), vdup_n_u8((bits >> 8) as u8));
            vtstq_u8(spread, vcombine_u8(own, own))
        }
    }

    #[inline(always)]
    fn and(self, a: uint8x16_t, b: uint8x16_t) -> uint8x16_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vandq_u8(a, b) }
    }

    #[inline(always)]
    fn or(self, a: uint8x16_t, b: uint8x16_t) -> uint8x16_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vorrq_u8(a, b) }
    }

    #[inline(always)]
    fn xor(self, a: uint8x16_t, b: uint8x16_t) -> uint8x16_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { veorq_u8(a, b) }
    }

    #[inline(always)]
    fn min(self, a: uint8x16_t, b: uint8x16_t) -> uint8x16_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vminq_u8(a, b) }
    }

    #[inline(always)]
    fn max(self, a: uint8x16_t, b: uint8x16_t) -> uint8x16_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vmaxq_u8(a, b) }
    }

    #[inline(always)]
    fn less(self, a: uint8x16_t, b: uint8x16_t) -> uint8x16_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vqsubq_u8(a, b) }
    }

    #[inline(always)]
    fn minus(self, a: uint8x16_t) -> uint8x16_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vsubq_u8(vdupq_n_u8(0), a) }
    }

    #[inline(always)]
    fn hits(self, a: uint8x16_t, b: uint8x16_t) -> uint8x16_t {
        ByteLanes::equal(self, a, b)
    }

    #[inline(always)]
    fn both_hit(self, a: uint8x16_t, b: uint8x16_t) -> uint8x16_t {
        ByteLanes::and(self, a, b)
    }

    #[inline(always)]
    fn first_hit(self, a: uint8x16_t, b: uint8x16_t) -> uint8x16_t {
        ByteLanes::less(self, a, b)
    }

    #[inline(always)]
    fn counted(self, a: uint8x16_t, hits: uint8x16_t) -> uint8x16_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vsubq_u8(a, hits) }
    }

    #[inline(always)]
    fn counted_of(self, a: uint8x16_t, hits: uint8x16_t, ones: uint8x16_t) -> uint8x16_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vaddq_u8(a, vandq_u8(hits, ones)) }
    }

    #[inline(always)]
    fn pick(self, hits: uint8x16_t, a: uint8x16_t, b: uint8x16_t) -> uint8x16_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vbslq_u8(hits, a, b) }
    }

    #[inline(always)]
    fn bytes_of(self, hits: uint8x16_t) -> uint8x16_t {
        hits
    }

    #[inline(always)]
    fn bits_of(self, hits: uint8x16_t) -> u64 {
        // A bit of its own for each lane of a half; they add up to a byte.
        // SAFETY: `build.rs` has seen NEON in the target; the array holds 16 bytes.
        unsafe {
            let own = vld1q_u8([1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128].as_ptr());
            let bits = vandq_u8(hits, own);
            u64::from(vaddv_u8(vget_low_u8(bits))) | u64::from(vaddv_u8(vget_high_u8(bits))) << 8
        }
    }

    #[inline(always)]
    unsafe fn store(self, v: uint8x16_t, to: *mut u8) {
        // SAFETY: `build.rs` has seen NEON in the target; the caller promises 16 bytes.
        unsafe { vst1q_u8(to, v) }
    }

    #[inline(always)]
    fn equal(self, a: uint8x16_t, b: uint8x16_t) -> uint8x16_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vceqq_u8(a, b) }
    }

    #[inline(always)]
    fn any(self, a: uint8x16_t) -> bool {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe {
            match BYTES {
                16 => vmaxvq_u8(a) != 0,
                8 => vmaxv_u8(vget_low_u8(a)) != 0,
                _ => vgetq_lane_u32::<0>(vreinterpretq_u32_u8(a)) != 0,
            }
        }
    }
}
