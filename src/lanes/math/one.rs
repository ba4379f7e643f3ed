//! One pixel at a time: the definition, and what microcontrollers run.

use super::MathLanes;

#[derive(Clone, Copy)]
pub(crate) struct One;

impl One {
    /// The same number, in a loop of which the compiler makes no vectors, because something may be done to memory between one of its
    /// numbers and the next. Vectors of floats of a Cortex-M55 take numbers below the normal ones as 0, whatever the mode, and rustc
    /// 1.95 compiles the question whether one is NaN so that none ever is: LLVM lowers `fcmp ord` for them to ¬(x ≥ 0 ∧ x < 0), where
    /// it has to be x ≥ 0 ∨ x < 0.
    #[cfg(soft_dice_lanes = "helium")]
    #[inline(always)]
    pub(crate) fn alone(self, x: f32) -> f32 {
        // SAFETY: there is no instruction.
        unsafe { core::arch::asm!("", options(nostack, preserves_flags)) };
        x
    }

    /// The same number: this core has no vectors of floats, or none that differ from one of them alone.
    #[cfg(not(soft_dice_lanes = "helium"))]
    #[inline(always)]
    pub(crate) const fn alone(self, x: f32) -> f32 {
        x
    }
}

impl MathLanes for One {
    const LANES: usize = 1;
    type F = f32;
    type I = i32;
    type M = bool;

    #[inline(always)]
    unsafe fn load(self, from: *const f32) -> f32 {
        // SAFETY: the caller's float, whatever its alignment.
        self.alone(unsafe { from.read_unaligned() })
    }

    #[inline(always)]
    unsafe fn store(self, x: f32, to: *mut f32) {
        // SAFETY: the caller's float, whatever its alignment.
        unsafe { to.write_unaligned(self.alone(x)) }
    }

    #[inline(always)]
    unsafe fn bytes(self, from: *const u8) -> i32 {
        // SAFETY: the caller's byte.
        i32::from(unsafe { *from })
    }

    #[inline(always)]
    fn splat(self, x: f32) -> f32 {
        x
    }

    #[inline(always)]
    fn add(self, a: f32, b: f32) -> f32 {
        a + b
    }

    #[inline(always)]
    fn sub(self, a: f32, b: f32) -> f32 {
        a - b
    }

    #[inline(always)]
    fn mul(self, a: f32, b: f32) -> f32 {
        a * b
    }

    #[inline(always)]
    fn div(self, a: f32, b: f32) -> f32 {
        a / b
    }

    #[inline(always)]
    fn less(self, a: f32, b: f32) -> bool {
        a < b
    }

    #[inline(always)]
    fn at_most(self, a: f32, b: f32) -> bool {
        a <= b
    }

    #[inline(always)]
    fn equal(self, a: f32, b: f32) -> bool {
        a == b
    }

    #[inline(always)]
    fn both(self, a: bool, b: bool) -> bool {
        a & b
    }

    #[inline(always)]
    fn select(self, mask: bool, yes: f32, no: f32) -> f32 {
        if mask { yes } else { no }
    }

    #[inline(always)]
    fn integer(self, x: i32) -> i32 {
        x
    }

    #[inline(always)]
    fn bits(self, x: f32) -> i32 {
        x.to_bits() as i32
    }

    #[inline(always)]
    fn floats(self, x: i32) -> f32 {
        f32::from_bits(x as u32)
    }

    #[inline(always)]
    fn number(self, x: i32) -> f32 {
        x as f32
    }

    #[inline(always)]
    fn plus(self, a: i32, b: i32) -> i32 {
        a.wrapping_add(b)
    }

    #[inline(always)]
    fn minus(self, a: i32, b: i32) -> i32 {
        a.wrapping_sub(b)
    }

    #[inline(always)]
    fn xor(self, a: i32, b: i32) -> i32 {
        a ^ b
    }

    #[inline(always)]
    fn half(self, x: i32) -> i32 {
        x >> 1
    }

    #[inline(always)]
    fn exponent(self, x: i32) -> i32 {
        x << 23
    }

    #[inline(always)]
    fn same(self, a: i32, b: i32) -> bool {
        a == b
    }
}
