//! A byte of a mask at a time: what it means, and whether it is as declared. For the loops without lanes of bytes.

use super::{CLASS, NON_ZERO, ZERO_FULL, ZERO_ONE};

/// What the bytes of a mask showed.
pub(super) struct Seen(u32);

impl Seen {
    pub(super) const NOTHING: Self = Self(0);

    /// All ones where the byte is foreground, else 0.
    #[inline(always)]
    pub(super) fn mask<const KIND: u8, const CHECK: bool>(&mut self, byte: u8, class: u8) -> u32 {
        let word = u32::from(byte);
        if CHECK {
            // Bits other than the lowest, or bits unlike their neighbours.
            self.0 |= if KIND == ZERO_ONE { word } else { word ^ word >> 1 };
        }
        match KIND {
            ZERO_ONE | ZERO_FULL => 0u32.wrapping_sub(word & 1),
            // Below 0 where not 0.
            NON_ZERO => (0u32.wrapping_sub(word) as i32 >> 31) as u32,
            CLASS => !((0u32.wrapping_sub(word ^ u32::from(class)) as i32 >> 31) as u32),
            _ => 0,
        }
    }

    pub(super) fn broken<const KIND: u8>(&self) -> bool {
        self.0 & if KIND == ZERO_ONE { !1 } else { 0x7F } != 0
    }
}
