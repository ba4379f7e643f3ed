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

#[cfg(soft_dice_lanes = "vector")]
use super::sweep::Job;
#[cfg(soft_dice_lanes = "vector")]
use crate::lanes::Lanes;
use crate::lanes::MathLanes;

/// Pixels in a vector, at most.
const MOST: usize = 8;

/// What is written of N floats, and of what was there.
pub(crate) trait Formula<const N: usize>: Copy {
    fn of<L: MathLanes>(self, lanes: L, was: L::F, inputs: [L::F; N]) -> L::F;
}

/// What is written of a byte.
pub(crate) trait ByteFormula: Copy {
    fn of<L: MathLanes>(self, lanes: L, byte: L::I) -> L::F;
}

/// A loop that writes.
pub(crate) trait Pass {
    /// # Safety
    ///
    /// The CPU has what the lanes need.
    unsafe fn write<L: MathLanes>(self, lanes: L);
}

/// A pass, as a job.
#[cfg(soft_dice_lanes = "vector")]
pub(crate) struct Written<P>(pub P);

#[cfg(soft_dice_lanes = "vector")]
impl<P: Pass> Job for Written<P> {
    type Out = ();

    #[inline(always)]
    unsafe fn run<L: Lanes>(self, lanes: L) {
        // SAFETY: the caller promises the same.
        unsafe { self.0.write(lanes.math()) }
    }
}

/// Writes as many pixels as the shortest slice has.
pub(crate) struct Floats<'a, M, const N: usize> {
    pub formula: M,
    pub inputs: [&'a [f32]; N],
    pub out: &'a mut [f32],
}

impl<const N: usize, M: Formula<N>> Pass for Floats<'_, M, N> {
    #[inline(always)]
    unsafe fn write<L: MathLanes>(self, lanes: L) {
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

/// The same of bytes.
pub(crate) struct Bytes<'a, M> {
    pub formula: M,
    pub bytes: &'a [u8],
    pub out: &'a mut [f32],
}

impl<M: ByteFormula> Pass for Bytes<'_, M> {
    #[inline(always)]
    unsafe fn write<L: MathLanes>(self, lanes: L) {
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
