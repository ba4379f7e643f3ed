//! Portable explicit lanes, by the crate `wide`: eight floats a vector. No `mul_add`, which `wide` fuses or not.

use super::MathLanes;
use wide::{f32x8, i32x8};

#[derive(Clone, Copy)]
pub(crate) struct Wide;

impl MathLanes for Wide {
    const LANES: usize = 8;
    type F = f32x8;
    type I = i32x8;
    type M = f32x8;

    #[inline(always)]
    unsafe fn load(self, from: *const f32) -> f32x8 {
        // SAFETY: the caller's floats, whatever their alignment.
        f32x8::new(unsafe { from.cast::<[f32; 8]>().read_unaligned() })
    }

    #[inline(always)]
    unsafe fn store(self, x: f32x8, to: *mut f32) {
        // SAFETY: the caller's floats, whatever their alignment.
        unsafe { to.cast::<[f32; 8]>().write_unaligned(x.to_array()) }
    }

    #[inline(always)]
    unsafe fn bytes(self, from: *const u8) -> i32x8 {
        // SAFETY: the caller's bytes; an array of bytes has no alignment.
        i32x8::new(unsafe { *from.cast::<[u8; 8]>() }.map(i32::from))
    }

    #[inline(always)]
    fn splat(self, x: f32) -> f32x8 {
        f32x8::splat(x)
    }

    #[inline(always)]
    fn add(self, a: f32x8, b: f32x8) -> f32x8 {
        a + b
    }

    #[inline(always)]
    fn sub(self, a: f32x8, b: f32x8) -> f32x8 {
        a - b
    }

    #[inline(always)]
    fn mul(self, a: f32x8, b: f32x8) -> f32x8 {
        a * b
    }

    #[inline(always)]
    fn div(self, a: f32x8, b: f32x8) -> f32x8 {
        a / b
    }

    #[inline(always)]
    fn less(self, a: f32x8, b: f32x8) -> f32x8 {
        a.simd_lt(b)
    }

    #[inline(always)]
    fn at_most(self, a: f32x8, b: f32x8) -> f32x8 {
        a.simd_le(b)
    }

    #[inline(always)]
    fn equal(self, a: f32x8, b: f32x8) -> f32x8 {
        a.simd_eq(b)
    }

    #[inline(always)]
    fn both(self, a: f32x8, b: f32x8) -> f32x8 {
        a & b
    }

    #[inline(always)]
    fn select(self, mask: f32x8, yes: f32x8, no: f32x8) -> f32x8 {
        mask.bitselect(yes, no)
    }

    #[inline(always)]
    fn integer(self, x: i32) -> i32x8 {
        i32x8::splat(x)
    }

    #[inline(always)]
    fn bits(self, x: f32x8) -> i32x8 {
        i32x8::new(x.to_array().map(|x| x.to_bits() as i32))
    }

    #[inline(always)]
    fn floats(self, x: i32x8) -> f32x8 {
        f32x8::new(x.to_array().map(|x| f32::from_bits(x as u32)))
    }

    #[inline(always)]
    fn number(self, x: i32x8) -> f32x8 {
        f32x8::from_i32x8(x)
    }

    #[inline(always)]
    fn plus(self, a: i32x8, b: i32x8) -> i32x8 {
        a + b
    }

    #[inline(always)]
    fn minus(self, a: i32x8, b: i32x8) -> i32x8 {
        a - b
    }

    #[inline(always)]
    fn xor(self, a: i32x8, b: i32x8) -> i32x8 {
        a ^ b
    }

    #[inline(always)]
    fn half(self, x: i32x8) -> i32x8 {
        x >> 1
    }

    #[inline(always)]
    fn exponent(self, x: i32x8) -> i32x8 {
        x << 23
    }

    #[inline(always)]
    fn same(self, a: i32x8, b: i32x8) -> f32x8 {
        self.floats(a.simd_eq(b))
    }
}
