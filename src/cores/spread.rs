//! Bits of a mask as bytes, on the stack, for loops that know masks of bytes alone.
//!
//! ```text
//! for each byte of bits:
//!     both nibbles times a number whose ones are 7 or 9 places apart     each bit comes to lie in a byte of its own
//!     AND 01 01 01 01                                                    no two products of bits meet in one place
//! ```

use crate::pixels::BitRun;

/// Pixels of a block.
pub(super) const BLOCK: usize = 128;

/// Bytes of a block that may begin anywhere in its first byte of bits.
#[derive(Clone, Copy)]
pub(super) struct Room([[u32; 2]; BLOCK / 8 + 1]);

impl Room {
    pub const NEW: Self = Self([[0; 2]; BLOCK / 8 + 1]);

    /// The marks of the first `n` pixels, 0 or 1; of at most [`BLOCK`], and of no more than there are.
    #[inline(always)]
    pub fn marks(&mut self, bits: BitRun<'_>, n: usize) -> &[u8] {
        const ONES: u32 = 0x0101_0101;
        let nibble = |nibble: u32| {
            if bits.msb_first {
                // Bit 3 − k in bits 9k + 3 − k: byte k, three places up.
                ((nibble * 0x0804_0201) >> 3) & ONES
            } else {
                // Bit k in bits 7k + k.
                nibble * 0x0020_4081 & ONES
            }
        };
        for (to, &byte) in self.0.iter_mut().zip(bits.bytes.iter().take((bits.shift + n).div_ceil(8))) {
            let (low, high) = (nibble(u32::from(byte & 15)), nibble(u32::from(byte >> 4)));
            *to = if bits.msb_first { [high, low] } else { [low, high] }.map(u32::to_le);
        }
        // SAFETY: words may be read as bytes.
        let bytes = unsafe { core::slice::from_raw_parts(self.0.as_ptr().cast::<u8>(), size_of::<Self>()) };
        bytes.get(bits.shift..).and_then(|bytes| bytes.get(..n)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bit_is_a_byte() {
        let bytes: [u8; 17] = core::array::from_fn(|at| (at * 89 + 37) as u8);
        for msb_first in [false, true] {
            for shift in 0..8 {
                for n in [0, 1, 7, 8, 100, BLOCK] {
                    let (run, mut room) = (BitRun::new(&bytes, shift, msb_first), Room::NEW);
                    let marks = room.marks(run, n);
                    assert_eq!(marks.len(), n);
                    assert!(marks.iter().enumerate().all(|(at, &mark)| mark == u8::from(run.bit(at))));
                }
            }
        }
    }
}
