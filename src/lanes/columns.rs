//! Lanes across the channels of interleaved pixels: a lane is a channel.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(soft_dice_lanes = "vector")]
mod wide;

#[cfg(target_arch = "x86_64")]
pub(crate) use avx2::Ymm;

#[cfg(soft_dice_lanes = "vector")]
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
    /// The bits of x.
    fn of_floats(x: &[f32; 8]) -> Self;
    /// The greater of these bits, as u32, and x's.
    fn higher(self, x: &[f32; 8]) -> Self;
    /// These and the bits of 1 + x.
    fn plus(self, x: &[f32; 8]) -> Self;
    /// The greater of these floats and x; of those that are NaN, any.
    fn greater(self, x: &[f32; 8]) -> Self;
    /// The greatest of these floats, in all lanes; if one is NaN, any.
    fn greatest(self) -> Self;
    /// A bit for each lane where these floats and x are equal, the first lane's the lowest.
    fn equal(self, x: &[f32; 8]) -> u32;
    /// A bit for each lane that is NaN.
    fn none(x: &[f32; 8]) -> u32;
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
