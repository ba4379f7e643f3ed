//! Lanes that write: float operations, each rounded by itself, in the order that a formula has them.
//!
//! There is no fused multiply-add among them: targets without one could not give its bits. Lanes of eight are AVX2 (also
//! where there is AVX-512: what is written is bound by memory) and the portable ones; elsewhere it is one.

#[cfg(target_arch = "x86_64")]
mod avx2;
mod one;
#[cfg(soft_dice_lanes = "vector")]
mod wide;

#[cfg(target_arch = "x86_64")]
pub(crate) use avx2::Avx2 as MathAvx2;
pub(crate) use one::One;
#[cfg(soft_dice_lanes = "vector")]
pub(crate) use wide::Wide as MathWide;

/// The smallest set of float operations that the formulas need. A backend implements them and holds nothing else.
pub(crate) trait MathLanes: Copy {
    /// Pixels in a vector: 1 or 8.
    const LANES: usize;
    /// A vector of floats.
    type F: Copy;
    /// A vector of 32-bit integers; they wrap.
    type I: Copy;
    /// A mask of lanes.
    type M: Copy;

    /// # Safety
    ///
    /// `from` points to LANES readable floats; any alignment.
    unsafe fn load(self, from: *const f32) -> Self::F;
    /// # Safety
    ///
    /// `to` points to LANES writable floats; any alignment.
    unsafe fn store(self, x: Self::F, to: *mut f32);
    /// LANES bytes, each an integer from 0 to 255.
    ///
    /// # Safety
    ///
    /// `from` points to LANES readable bytes.
    unsafe fn bytes(self, from: *const u8) -> Self::I;

    fn splat(self, x: f32) -> Self::F;
    fn add(self, a: Self::F, b: Self::F) -> Self::F;
    fn sub(self, a: Self::F, b: Self::F) -> Self::F;
    fn mul(self, a: Self::F, b: Self::F) -> Self::F;
    fn div(self, a: Self::F, b: Self::F) -> Self::F;
    /// a < b; not of NaN.
    fn less(self, a: Self::F, b: Self::F) -> Self::M;
    /// a ≤ b; not of NaN.
    fn at_most(self, a: Self::F, b: Self::F) -> Self::M;
    /// a = b; not of NaN.
    fn equal(self, a: Self::F, b: Self::F) -> Self::M;
    fn both(self, a: Self::M, b: Self::M) -> Self::M;
    /// `yes` in the lanes of the mask, `no` in the others.
    fn select(self, mask: Self::M, yes: Self::F, no: Self::F) -> Self::F;

    fn integer(self, x: i32) -> Self::I;
    /// The bits of floats.
    fn bits(self, x: Self::F) -> Self::I;
    /// The floats of these bits.
    fn floats(self, x: Self::I) -> Self::F;
    /// The float of each integer, which is below 2²⁴.
    fn number(self, x: Self::I) -> Self::F;
    fn plus(self, a: Self::I, b: Self::I) -> Self::I;
    fn minus(self, a: Self::I, b: Self::I) -> Self::I;
    fn xor(self, a: Self::I, b: Self::I) -> Self::I;
    /// x / 2, rounded down.
    fn half(self, x: Self::I) -> Self::I;
    /// x · 2²³: to the place of a float's exponent.
    fn exponent(self, x: Self::I) -> Self::I;
    fn same(self, a: Self::I, b: Self::I) -> Self::M;

    /// In the range of probabilities.
    #[inline(always)]
    fn inside(self, x: Self::F) -> Self::M {
        self.both(self.at_most(self.splat(0.0), x), self.at_most(x, self.splat(1.0)))
    }
}
