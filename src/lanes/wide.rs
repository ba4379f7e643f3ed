//! Portable explicit lanes, by the crate `wide`: 16 pixels a vector. No `mul_add`, which `wide` fuses or not.

mod floats;

use super::{BITS, ByteLanes, ByteSums, Lanes, WordLanes};
use wide::{i16x16, i32x8, u8x16};

#[derive(Clone, Copy)]
pub(crate) struct Wide;

impl Lanes for Wide {
    type Math = super::math::MathWide;
    type Pairs = wide::u16x8;
    type Eights = wide::u32x8;

    fn math(self) -> Self::Math {
        super::math::MathWide
    }
}

impl ByteLanes for Wide {
    const LANES: usize = 16;
    type V = u8x16;
    type Hits = u8x16;

    #[inline(always)]
    unsafe fn load(self, from: *const u8) -> u8x16 {
        // SAFETY: the caller's 16 bytes; an array of bytes has no alignment.
        u8x16::new(unsafe { *from.cast::<[u8; 16]>() })
    }

    #[inline(always)]
    fn splat(self, byte: u8) -> u8x16 {
        u8x16::splat(byte)
    }

    #[inline(always)]
    fn bits(self, bits: u64) -> u8x16 {
        let (a, b) = (bits as u8, (bits >> 8) as u8);
        let each = u8x16::new([a, a, a, a, a, a, a, a, b, b, b, b, b, b, b, b]);
        let place = u8x16::new([1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128]);
        (each & place).simd_eq(place)
    }

    #[inline(always)]
    fn and(self, a: u8x16, b: u8x16) -> u8x16 {
        a & b
    }

    #[inline(always)]
    fn or(self, a: u8x16, b: u8x16) -> u8x16 {
        a | b
    }

    #[inline(always)]
    fn xor(self, a: u8x16, b: u8x16) -> u8x16 {
        a ^ b
    }

    #[inline(always)]
    fn min(self, a: u8x16, b: u8x16) -> u8x16 {
        a.min(b)
    }

    #[inline(always)]
    fn max(self, a: u8x16, b: u8x16) -> u8x16 {
        a.max(b)
    }

    #[inline(always)]
    fn less(self, a: u8x16, b: u8x16) -> u8x16 {
        a.saturating_sub(b)
    }

    #[inline(always)]
    fn minus(self, a: u8x16) -> u8x16 {
        u8x16::ZERO - a
    }

    #[inline(always)]
    fn hits(self, a: u8x16, b: u8x16) -> u8x16 {
        ByteLanes::equal(self, a, b)
    }

    #[inline(always)]
    fn both_hit(self, a: u8x16, b: u8x16) -> u8x16 {
        ByteLanes::and(self, a, b)
    }

    #[inline(always)]
    fn first_hit(self, a: u8x16, b: u8x16) -> u8x16 {
        ByteLanes::less(self, a, b)
    }

    #[inline(always)]
    fn counted(self, a: u8x16, hits: u8x16) -> u8x16 {
        a - hits
    }

    #[inline(always)]
    fn counted_of(self, a: u8x16, hits: u8x16, ones: u8x16) -> u8x16 {
        a + (hits & ones)
    }

    #[inline(always)]
    fn bytes_of(self, hits: u8x16) -> u8x16 {
        hits
    }

    #[inline(always)]
    fn bits_of(self, hits: u8x16) -> u64 {
        hits.to_bitmask().into()
    }

    #[inline(always)]
    unsafe fn store(self, v: u8x16, to: *mut u8) {
        // SAFETY: the caller promises 16 bytes; an array of bytes has no alignment.
        unsafe { *to.cast::<[u8; 16]>() = v.to_array() }
    }

    #[inline(always)]
    fn equal(self, a: u8x16, b: u8x16) -> u8x16 {
        a.simd_eq(b)
    }

    #[inline(always)]
    fn any(self, a: u8x16) -> bool {
        a.reduce_max() > 0
    }
}

impl ByteSums for Wide {
    /// Not every target has a shuffle of bytes.
    const BITS_FROM: usize = usize::MAX;
    type A = i32x8;
    type N = ();
    type D = i32x8;
    // A vector adds two products to a lane: 4 · (4096 + 4) · 2 · 255² < 2^31.
    const DRAIN: usize = 4096;
    const CHAINS: usize = 1;

    #[inline(always)]
    fn none(self) -> i32x8 {
        i32x8::ZERO
    }

    #[inline(always)]
    fn none_narrow(self) {}

    #[inline(always)]
    fn sum(self, a: i32x8, v: u8x16) -> i32x8 {
        a + i16x16::from(v).dot(i16x16::ONE)
    }

    #[inline(always)]
    fn choose(self, [chosen, count]: [i32x8; 2], (): (), x: u8x16, ones: u8x16) -> ([i32x8; 2], ()) {
        let chosen = ByteSums::dot(self, chosen, x, ones);
        ([chosen, ByteSums::sum(self, count, ones)], ())
    }

    #[inline(always)]
    fn both(self, a: i32x8, b: i32x8) -> i32x8 {
        a + b
    }

    #[inline(always)]
    fn total(self, a: i32x8) -> u64 {
        a.to_array().iter().fold(0, |sum: u64, &lane| sum.wrapping_add(lane as u64))
    }

    #[inline(always)]
    fn bit_of(self, a: u8x16) -> u8x16 {
        u8x16::new(a.to_array().map(|byte| if byte < 8 { BITS[usize::from(byte % 8)] } else { 0 }))
    }

    #[inline(always)]
    fn no_products(self) -> i32x8 {
        i32x8::ZERO
    }

    #[inline(always)]
    fn dot(self, d: i32x8, x: u8x16, y: u8x16) -> i32x8 {
        d + i16x16::from(x).dot(i16x16::from(y))
    }

    #[inline(always)]
    fn both_products(self, a: i32x8, b: i32x8) -> i32x8 {
        a + b
    }

    #[inline(always)]
    fn total_products(self, d: i32x8, _: u64) -> u64 {
        ByteSums::total(self, d)
    }
}

const _: () = assert!(4 * (<Wide as ByteSums>::DRAIN as u64 + 4) * 2 * 255 * 255 < 1 << 31);

impl WordLanes for Wide {
    type Bytes = Self;
    type V = i16x16;
    type S = i32x8;
    /// Even and odd products, each below 2^31, added to 64-bit lanes.
    type D = [u64; 2];
    // A vector adds two codes to a lane: 4 · (4096 + 4) · 2 · 32767 < 2^31.
    const DRAIN: usize = 4096;
    const CHAINS: usize = 1;

    #[inline(always)]
    fn bytes(self) -> Self {
        self
    }

    #[inline(always)]
    unsafe fn load(self, from: *const i16) -> i16x16 {
        // SAFETY: the caller's 16 words, whatever their alignment.
        i16x16::new(unsafe { from.cast::<[i16; 16]>().read_unaligned() })
    }

    #[inline(always)]
    fn splat(self, word: i16) -> i16x16 {
        i16x16::splat(word)
    }

    #[inline(always)]
    fn widen(self, bytes: u8x16) -> i16x16 {
        // Sign-extended: the byte is shifted to the top of its lane, and back with copies of its sign.
        (i16x16::from(bytes) << 8) >> 8
    }

    #[inline(always)]
    fn and(self, a: i16x16, b: i16x16) -> i16x16 {
        a & b
    }

    #[inline(always)]
    fn or(self, a: i16x16, b: i16x16) -> i16x16 {
        a | b
    }

    #[inline(always)]
    fn and_not(self, a: i16x16, not: i16x16) -> i16x16 {
        a & !not
    }

    #[inline(always)]
    fn min(self, a: i16x16, b: i16x16) -> i16x16 {
        a.min(b)
    }

    #[inline(always)]
    fn greater(self, a: i16x16, b: i16x16) -> i16x16 {
        a.simd_gt(b)
    }

    #[inline(always)]
    fn any_negative(self, a: i16x16) -> bool {
        a.reduce_min() < 0
    }

    #[inline(always)]
    fn none(self) -> i32x8 {
        i32x8::ZERO
    }

    #[inline(always)]
    fn no_products(self) -> [u64; 2] {
        [0; 2]
    }

    #[inline(always)]
    fn sum(self, s: i32x8, v: i16x16) -> i32x8 {
        s + v.dot(i16x16::ONE)
    }

    #[inline(always)]
    fn dot(self, [even, odd]: [u64; 2], x: i16x16, y: i16x16) -> [u64; 2] {
        // A pair of products is at most 2 · 32767² < 2^31. Negative codes, which are found only after the block, can
        // make it wrap: that block is summed again.
        let [a, b, c, d, e, f, g, h] = x.dot(y).to_array().map(i64::from);
        let add = |sum: u64, pairs: i64| sum.wrapping_add(pairs as u64);
        [add(even, a + c + e + g), add(odd, b + d + f + h)]
    }

    #[inline(always)]
    fn both(self, a: i32x8, b: i32x8) -> i32x8 {
        a + b
    }

    #[inline(always)]
    fn both_products(self, a: [u64; 2], b: [u64; 2]) -> [u64; 2] {
        [a[0].wrapping_add(b[0]), a[1].wrapping_add(b[1])]
    }

    #[inline(always)]
    fn total(self, s: i32x8) -> u64 {
        ByteSums::total(self, s)
    }

    #[inline(always)]
    fn total_products(self, [even, odd]: [u64; 2]) -> u64 {
        even.wrapping_add(odd)
    }
}

const _: () = assert!(4 * (<Wide as WordLanes>::DRAIN as u64 + 4) * 2 * 32767 < 1 << 31);
