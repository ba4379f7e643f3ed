//! Sums of Q0.23 codes of floats and of their products: four a vector, with the fused multiply that NEON always has.

use super::Neon;
use crate::lanes::FloatLanes;
use crate::pixels::{DUST_ABOVE, DUST_BELOW, ONE_BITS};
use core::arch::aarch64::*;

impl FloatLanes for Neon<16> {
    type Bytes = Neon<4>;
    type F = float32x4_t;
    type U = uint32x4_t;
    type M = uint32x4_t;
    /// Sums in 64-bit lanes, of the lower and of the upper codes.
    type Wide = [uint64x2_t; 2];
    type Chosen = uint32x4_t;
    const CODE_BIAS: u32 = ONE_BITS;
    const PRODUCT_BIAS: u32 = ONE_BITS;
    const CHAINS: usize = 4;

    #[inline(always)]
    fn bytes(self) -> Neon<4> {
        Neon
    }

    #[inline(always)]
    unsafe fn load(self, from: *const f32) -> float32x4_t {
        // SAFETY: the caller's 4 floats.
        unsafe { vld1q_f32(from) }
    }

    #[inline(always)]
    fn zero(self) -> float32x4_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vdupq_n_f32(0.0) }
    }

    #[inline(always)]
    fn mask(self, bytes: uint8x16_t) -> uint32x4_t {
        // SAFETY: `build.rs` has seen NEON in the target; the load is of an array of 4.
        unsafe {
            // The table look-up brings each byte to the low end of its lane: an index beyond the register gives 0.
            let places = vld1q_u32([0xFFFF_FF00, 0xFFFF_FF01, 0xFFFF_FF02, 0xFFFF_FF03].as_ptr());
            let wide = vreinterpretq_u32_u8(vqtbl1q_u8(bytes, vreinterpretq_u8_u32(places)));
            vtstq_u32(wide, wide)
        }
    }

    #[inline(always)]
    fn both_masks(self, a: uint32x4_t, b: uint32x4_t) -> uint32x4_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vandq_u32(a, b) }
    }

    #[inline(always)]
    fn only(self, x: float32x4_t, mask: uint32x4_t) -> float32x4_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vreinterpretq_f32_u32(vandq_u32(vreinterpretq_u32_f32(x), mask)) }
    }

    #[inline(always)]
    fn code(self, x: float32x4_t) -> uint32x4_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vreinterpretq_u32_f32(vaddq_f32(x, vdupq_n_f32(1.0))) }
    }

    #[inline(always)]
    fn product(self, x: float32x4_t, y: float32x4_t) -> uint32x4_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vreinterpretq_u32_f32(vfmaq_f32(vdupq_n_f32(1.0), x, y)) }
    }

    #[inline(always)]
    fn splat(self, u: u32) -> uint32x4_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vdupq_n_u32(u) }
    }

    #[inline(always)]
    fn add(self, a: uint32x4_t, b: uint32x4_t) -> uint32x4_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vaddq_u32(a, b) }
    }

    #[inline(always)]
    fn add_where(self, a: uint32x4_t, mask: uint32x4_t, b: uint32x4_t) -> uint32x4_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vaddq_u32(a, vandq_u32(mask, b)) }
    }

    #[inline(always)]
    fn none_chosen(self) -> uint32x4_t {
        FloatLanes::splat(self, 0)
    }

    #[inline(always)]
    fn choose(self, chosen: uint32x4_t, mask: uint32x4_t) -> uint32x4_t {
        // A lane of the mask is −1.
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vsubq_u32(chosen, mask) }
    }

    #[inline(always)]
    fn both_chosen(self, a: uint32x4_t, b: uint32x4_t) -> uint32x4_t {
        FloatLanes::add(self, a, b)
    }

    #[inline(always)]
    fn total_chosen(self, chosen: uint32x4_t) -> u64 {
        FloatLanes::total(self, chosen, chosen, 0)
    }

    #[inline(always)]
    fn min(self, a: uint32x4_t, b: uint32x4_t) -> uint32x4_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vminq_u32(a, b) }
    }

    #[inline(always)]
    fn reached(self, x: float32x4_t, cut: u32) -> uint32x4_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vcgeq_u32(vreinterpretq_u32_f32(x), vdupq_n_u32(cut)) }
    }

    #[inline(always)]
    fn highest(self, so_far: uint32x4_t, x: float32x4_t) -> uint32x4_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vmaxq_u32(so_far, vreinterpretq_u32_f32(x)) }
    }

    #[inline(always)]
    fn higher(self, a: uint32x4_t, b: uint32x4_t) -> uint32x4_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vmaxq_u32(a, b) }
    }

    #[inline(always)]
    fn above(self, highest: uint32x4_t, limit: u32) -> bool {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vmaxvq_u32(highest) > limit }
    }

    #[inline(always)]
    fn widen(self, bytes: uint8x16_t) -> uint32x4_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vmovl_u16(vget_low_u16(vmovl_u8(vget_low_u8(bytes)))) }
    }

    #[inline(always)]
    fn none_wide(self) -> [uint64x2_t; 2] {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { [vdupq_n_u64(0); 2] }
    }

    #[inline(always)]
    fn add_wide(self, [low, high]: [uint64x2_t; 2], a: uint32x4_t, b: uint32x4_t) -> [uint64x2_t; 2] {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { [vmlal_u32(low, vget_low_u32(a), vget_low_u32(b)), vmlal_high_u32(high, a, b)] }
    }

    #[inline(always)]
    fn both_wide(self, a: [uint64x2_t; 2], b: [uint64x2_t; 2]) -> [uint64x2_t; 2] {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { [vaddq_u64(a[0], b[0]), vaddq_u64(a[1], b[1])] }
    }

    #[inline(always)]
    fn total_wide(self, [low, high]: [uint64x2_t; 2]) -> u64 {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vaddvq_u64(vaddq_u64(low, high)) }
    }

    #[inline(always)]
    unsafe fn whole_words(self, from: *const u16) -> uint32x4_t {
        // SAFETY: `build.rs` has seen NEON in the target; the caller promises four words.
        unsafe { vmovl_u16(vld1_u16(from)) }
    }

    #[inline(always)]
    unsafe fn halves(self, from: *const u16) -> uint32x4_t {
        // SAFETY: `build.rs` has seen NEON in the target; the caller promises four half floats.
        unsafe {
            let bits = vmovl_u16(vld1_u16(from));
            let exponent = vandq_u32(vshrq_n_u32::<10>(bits), vdupq_n_u32(31));
            // 2¹⁰ is not stored but where the exponent is 0, which counts as 1.
            let stored = vminq_u32(exponent, vdupq_n_u32(1));
            let fraction = vorrq_u32(vandq_u32(bits, vdupq_n_u32(0x3FF)), vshlq_n_u32::<10>(stored));
            let code = vshlq_u32(fraction, vreinterpretq_s32_u32(vsubq_u32(exponent, stored)));
            // Beyond 1.0, and below 0: their bits are above those of 1.0.
            vorrq_u32(code, vcgtq_u32(bits, vdupq_n_u32(0x3C00)))
        }
    }

    #[inline(always)]
    fn greater(self, x: float32x4_t, y: float32x4_t) -> uint32x4_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vcgtq_f32(x, y) }
    }

    #[inline(always)]
    fn float_of(self, mask: uint32x4_t, x: float32x4_t, y: float32x4_t) -> float32x4_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vbslq_f32(mask, x, y) }
    }

    #[inline(always)]
    fn code_of(self, mask: uint32x4_t, a: uint32x4_t, b: uint32x4_t) -> uint32x4_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vbslq_u32(mask, a, b) }
    }

    #[inline(always)]
    fn codes(self, u: uint32x4_t) -> [u32; 16] {
        let mut codes = [0; 16];
        // SAFETY: `build.rs` has seen NEON in the target; the array holds more than four lanes.
        unsafe { vst1q_u32(codes.as_mut_ptr(), u) };
        codes
    }

    #[inline(always)]
    fn lift(self, x: float32x4_t) -> float32x4_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vaddq_f32(x, vdupq_n_f32(DUST_BELOW)) }
    }

    #[inline(always)]
    fn near(self, mask: uint32x4_t, x: float32x4_t) -> uint32x4_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe {
            let (above, below) = (vcgeq_f32(x, vdupq_n_f32(-DUST_BELOW)), vcleq_f32(x, vdupq_n_f32(DUST_ABOVE)));
            vandq_u32(mask, vandq_u32(above, below))
        }
    }

    #[inline(always)]
    fn number(self, mask: uint32x4_t, x: float32x4_t) -> uint32x4_t {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vandq_u32(mask, vceqq_f32(x, x)) }
    }

    #[inline(always)]
    fn bound(self, x: float32x4_t) -> float32x4_t {
        // Of a NaN and a number FMAXNM and FMINNM give the number, so that a NaN becomes 0; a signalling one that the first
        // leaves as a quiet NaN becomes 1 by the second. Either lies in [0, 1].
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vminnmq_f32(vmaxnmq_f32(x, vdupq_n_f32(0.0)), vdupq_n_f32(1.0)) }
    }

    #[inline(always)]
    fn total(self, sums: uint32x4_t, counts: uint32x4_t, bias: u32) -> u64 {
        // SAFETY: `build.rs` has seen NEON in the target.
        unsafe { vaddlvq_u32(vmlsq_u32(sums, counts, vdupq_n_u32(bias))) }
    }
}
