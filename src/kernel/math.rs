//! Arithmetic that writes: a formula of floats, written once, for a vector of pixels at a time.
//!
//! ```text
//! for each vector of LANES pixels:
//!     out = formula(out, inputs)             sums from input to input are kept in `out`
//! the rest, padded with zeros, is one vector more
//! ```
//!
//! The sums of the kernel are integers and have no order; here every pixel has a result of its own, so that nothing needs
//! one. **Same bits everywhere**: a formula is IEEE additions, multiplications and divisions in a written order, each
//! rounded by itself. There is no fused multiply-add among the operations: targets without one could not give its bits.
//!
//! `lanes` of eight are AVX2 (also where there is AVX-512: what is written is bound by memory) and `wide`; elsewhere, and in
//! the `scalar` backend, it is one.

#[cfg(target_arch = "x86_64")]
mod avx2;
mod one;
#[cfg(test)]
pub(crate) mod tests;
#[cfg(soft_dice_lanes = "vector")]
mod wide;

#[cfg(soft_dice_lanes = "vector")]
use super::forced::forced;
pub(crate) use one::One;

/// Pixels in a vector, at most.
const MOST: usize = 8;

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

/// What is written of N floats, and of what was there.
pub(crate) trait Formula<const N: usize>: Copy {
    fn of<L: MathLanes>(self, lanes: L, was: L::F, inputs: [L::F; N]) -> L::F;
}

/// What is written of a byte.
pub(crate) trait ByteFormula: Copy {
    fn of<L: MathLanes>(self, lanes: L, byte: L::I) -> L::F;
}

/// Writes as many pixels as the shortest slice has.
pub(crate) fn apply<const N: usize, M: Formula<N>>(formula: M, inputs: [&[f32]; N], out: &mut [f32]) {
    dispatch(Floats { formula, inputs, out });
}

/// The same of bytes.
pub(crate) fn apply_bytes<M: ByteFormula>(formula: M, bytes: &[u8], out: &mut [f32]) {
    dispatch(Bytes { formula, bytes, out });
}

/// A sweep that any lanes can run.
trait Pass {
    /// # Safety
    ///
    /// The CPU has what the lanes need.
    unsafe fn run<L: MathLanes>(self, lanes: L);
}

struct Floats<'a, M, const N: usize> {
    formula: M,
    inputs: [&'a [f32]; N],
    out: &'a mut [f32],
}

impl<const N: usize, M: Formula<N>> Pass for Floats<'_, M, N> {
    #[inline(always)]
    unsafe fn run<L: MathLanes>(self, lanes: L) {
        let Self { formula, inputs, out } = self;
        let pixels = inputs.iter().fold(out.len(), |least, input| least.min(input.len()));
        let whole = pixels - pixels % L::LANES;
        let mut at = 0;
        while at < whole {
            let mut x = [lanes.splat(0.0); N];
            for (x, input) in x.iter_mut().zip(&inputs) {
                // SAFETY: at + LANES ≤ whole, which is within every slice.
                *x = unsafe { lanes.load(input.as_ptr().add(at)) };
            }
            // SAFETY: as above.
            unsafe {
                let to = out.as_mut_ptr().add(at);
                lanes.store(formula.of(lanes, lanes.load(to), x), to);
            }
            at += L::LANES;
        }
        let rest = pixels - whole;
        if rest == 0 {
            return;
        }
        let pad = |from: &[f32]| {
            let mut padded = [0.0f32; MOST];
            for (to, &x) in padded.iter_mut().zip(from.iter().skip(whole).take(rest)) {
                *to = x;
            }
            padded
        };
        let mut x = [lanes.splat(0.0); N];
        for (x, input) in x.iter_mut().zip(&inputs) {
            // SAFETY: MOST ≥ LANES.
            *x = unsafe { lanes.load(pad(input).as_ptr()) };
        }
        let mut result = pad(out);
        // SAFETY: as above.
        unsafe { lanes.store(formula.of(lanes, lanes.load(result.as_ptr()), x), result.as_mut_ptr()) };
        for (to, x) in out.iter_mut().skip(whole).zip(result.into_iter().take(rest)) {
            *to = x;
        }
    }
}

struct Bytes<'a, M> {
    formula: M,
    bytes: &'a [u8],
    out: &'a mut [f32],
}

impl<M: ByteFormula> Pass for Bytes<'_, M> {
    #[inline(always)]
    unsafe fn run<L: MathLanes>(self, lanes: L) {
        let Self { formula, bytes, out } = self;
        let pixels = bytes.len().min(out.len());
        let whole = pixels - pixels % L::LANES;
        let mut at = 0;
        while at < whole {
            // SAFETY: at + LANES ≤ whole, which is within both slices.
            unsafe {
                let byte = lanes.bytes(bytes.as_ptr().add(at));
                lanes.store(formula.of(lanes, byte), out.as_mut_ptr().add(at));
            }
            at += L::LANES;
        }
        let (mut padded, mut result) = ([0u8; MOST], [0.0f32; MOST]);
        for (to, &byte) in padded.iter_mut().zip(bytes.iter().take(pixels).skip(whole)) {
            *to = byte;
        }
        // SAFETY: MOST ≥ LANES.
        unsafe { lanes.store(formula.of(lanes, lanes.bytes(padded.as_ptr())), result.as_mut_ptr()) };
        for (to, x) in out.iter_mut().take(pixels).skip(whole).zip(result) {
            *to = x;
        }
    }
}

/// A backend without vectors is forced.
#[cfg(soft_dice_lanes = "vector")]
fn plain() -> bool {
    forced!("scalar") || forced!("swar")
}

#[inline]
fn dispatch<P: Pass>(pass: P) {
    #[cfg(soft_dice_lanes = "vector")]
    if !plain() {
        #[cfg(target_arch = "x86_64")]
        if super::dispatch::allowed() & super::x86::AVX2 != 0 {
            // SAFETY: detected.
            return unsafe { avx2(pass) };
        }
        // SAFETY: `Wide` needs no more than the target has.
        return unsafe { wide(pass) };
    }
    // SAFETY: nothing is needed.
    unsafe { pass.run(One) }
}

/// Compiled with the features of the lanes, so that every operation is inlined.
///
/// # Safety
///
/// The CPU has AVX2.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn avx2<P: Pass>(pass: P) {
    // SAFETY: the caller's.
    unsafe { pass.run(avx2::Avx2) }
}

/// # Safety
///
/// As [`Pass::run`].
#[cfg(soft_dice_lanes = "vector")]
#[inline(never)]
unsafe fn wide<P: Pass>(pass: P) {
    // SAFETY: the caller's.
    unsafe { pass.run(wide::Wide) }
}
