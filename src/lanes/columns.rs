//! Lanes across the channels of interleaved pixels: a lane is a channel.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(soft_dice_lanes = "vector")]
mod wide;

#[cfg(target_arch = "x86_64")]
pub(crate) use avx2::Ymm;

/// Bytes in 16-bit lanes: the even ones of a vector, and the odd ones.
pub(crate) trait Pairs: Copy {
    const BYTES: usize;
    const ZERO: Self;
    /// The first BYTES of these.
    fn load(bytes: &[u8; 32], flip: u8) -> Self;
    fn even(self) -> Self;
    fn odd(self) -> Self;
    fn plus(self, other: Self) -> Self;
    fn lane(self, lane: usize) -> u16;
}

/// Floats in eight 32-bit lanes.
#[cfg(soft_dice_lanes = "vector")]
pub(crate) trait Eights: Copy {
    const ZERO: Self;
    /// The greater of these bits, as u32, and x's.
    fn higher(self, x: &[f32; 8]) -> Self;
    /// These and the bits of 1 + x.
    fn plus(self, x: &[f32; 8]) -> Self;
    fn lanes(self) -> [u32; 8];
}

#[cfg(soft_dice_lanes = "vector")]
/// Pairs of bytes as keys.
pub(crate) trait Keys: Pairs {
    /// The lanes, as many as there are.
    fn of(lanes: [u16; 16]) -> Self;
    /// In each lane the lesser key of its two bytes, which are 255 − a value; their numbers are the low bytes of `even`
    /// and `odd`.
    fn keys(self, even: Self, odd: Self) -> Self;
    fn lesser(self, other: Self) -> Self;
    /// The least lane.
    fn least(self) -> u16;
}

/// Four lanes in a word, for targets without vectors.
impl Pairs for u64 {
    const BYTES: usize = 8;
    const ZERO: Self = 0;

    fn load(bytes: &[u8; 32], flip: u8) -> Self {
        let [a, b, c, d, e, f, g, h, ..] = *bytes;
        Self::from_le_bytes([a, b, c, d, e, f, g, h]) ^ Self::from_le_bytes([flip; 8])
    }

    fn even(self) -> Self {
        self & 0x00FF_00FF_00FF_00FF
    }

    fn odd(self) -> Self {
        (self >> 8).even()
    }

    fn plus(self, other: Self) -> Self {
        // No lane carries into the next: a block adds at most 256 codes of 8 bits, below 2¹⁶ (`loops/channels.rs`).
        self.wrapping_add(other)
    }

    fn lane(self, lane: usize) -> u16 {
        (self >> (16 * lane)) as u16
    }
}
