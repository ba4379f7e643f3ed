//! The ones of two masks of bits and of what they have in common, 128 pixels a vector.
//!
//! ```text
//! for each vector of both:                  at most 31, whose ones fit a byte of the sums: 31 · 8 = 248
//!     for x of p, t, p and t:
//!         bytes += ones of each byte of x   CNT, ADD
//! ```

use core::arch::aarch64::*;

/// Vectors whose ones fit the bytes of a sum.
const VECTORS: usize = 31;
const _: () = assert!(VECTORS * 8 < 256);

/// The ones of p, of t, and of p and t; of as many vectors as both have.
pub(crate) fn ones(p: &[[u8; 16]], t: &[[u8; 16]]) -> [u64; 3] {
    let mut ones = [0; 3];
    for (p, t) in p.chunks(VECTORS).zip(t.chunks(VECTORS)) {
        // SAFETY: `build.rs` has seen NEON in the target; each array holds 16 bytes.
        unsafe {
            let mut bytes = [vdupq_n_u8(0); 3];
            for (p, t) in p.iter().zip(t) {
                let (p, t) = (vld1q_u8(p.as_ptr()), vld1q_u8(t.as_ptr()));
                for (bytes, x) in bytes.iter_mut().zip([p, t, vandq_u8(p, t)]) {
                    *bytes = vaddq_u8(*bytes, vcntq_u8(x));
                }
            }
            for (ones, bytes) in ones.iter_mut().zip(bytes) {
                *ones += u64::from(vaddlvq_u8(bytes));
            }
        }
    }
    ones
}
