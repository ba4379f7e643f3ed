//! Sums of Q0.23 codes of floats and of their products: sixteen in two vectors of eight.

use super::Wide;
use crate::lanes::FloatLanes;
use crate::pixels::{DUST_ABOVE, DUST_BELOW, ONE_BITS};
use wide::{f32x8, f64x4, u8x16, u32x8};

/// Sixteen floats, and as many integers: two vectors of eight.
type Two<T> = [T; 2];

#[inline(always)]
fn two<A, B, C>([a, b]: Two<A>, [c, d]: Two<B>, f: impl Fn(A, B) -> C) -> Two<C> {
    [f(a, c), f(b, d)]
}

#[inline(always)]
fn as_bits(x: f32x8) -> u32x8 {
    u32x8::new(x.to_array().map(f32::to_bits))
}

#[inline(always)]
fn as_floats(x: u32x8) -> f32x8 {
    f32x8::new(x.to_array().map(f32::from_bits))
}

impl FloatLanes for Wide {
    type Bytes = Self;
    type F = Two<f32x8>;
    type U = Two<u32x8>;
    type M = Two<u32x8>;
    /// Portable lanes have no product of 64 bits: each is added by itself.
    type Wide = u64;
    type Chosen = Two<u32x8>;
    const CODE_BIAS: u32 = ONE_BITS;
    const PRODUCT_BIAS: u32 = 0;
    const CHAINS: usize = 1;

    #[inline(always)]
    fn bytes(self) -> Self {
        self
    }

    #[inline(always)]
    unsafe fn load(self, from: *const f32) -> Two<f32x8> {
        // SAFETY: the caller's 16 floats, whatever their alignment.
        let [a, b] = unsafe { from.cast::<[[f32; 8]; 2]>().read_unaligned() };
        [f32x8::new(a), f32x8::new(b)]
    }

    #[inline(always)]
    fn zero(self) -> Two<f32x8> {
        [f32x8::ZERO; 2]
    }

    #[inline(always)]
    fn mask(self, bytes: u8x16) -> Two<u32x8> {
        let [a, b]: [[u8; 8]; 2] = bytemuck_halves(bytes);
        let some = |bytes: [u8; 8]| !u32x8::new(bytes.map(u32::from)).simd_eq(u32x8::ZERO);
        [some(a), some(b)]
    }

    #[inline(always)]
    fn both_masks(self, a: Two<u32x8>, b: Two<u32x8>) -> Two<u32x8> {
        two(a, b, |a, b| a & b)
    }

    #[inline(always)]
    fn only(self, x: Two<f32x8>, mask: Two<u32x8>) -> Two<f32x8> {
        two(x, mask, |x, m| as_floats(as_bits(x) & m))
    }

    #[inline(always)]
    fn code(self, x: Two<f32x8>) -> Two<u32x8> {
        x.map(|x| as_bits(x + f32x8::ONE))
    }

    #[inline(always)]
    fn product(self, x: Two<f32x8>, y: Two<f32x8>) -> Two<u32x8> {
        // In place of a fused multiply-add: the product of two f32 is exact in f64, and adding 2^29, whose last mantissa bit is
        // 2^-23, rounds it there once, so that RNE(x · y · 2²³) is the low word of the mantissa.
        let places = f64x4::splat((1u64 << 29) as f64);
        two(x, y, |x, y| {
            let (x, y) = (x.to_array().map(f64::from), y.to_array().map(f64::from));
            let half = |i: usize| {
                let (x, y) = ([x[i], x[i + 1], x[i + 2], x[i + 3]], [y[i], y[i + 1], y[i + 2], y[i + 3]]);
                (f64x4::new(x) * f64x4::new(y) + places).to_array().map(|sum| sum.to_bits() as u32)
            };
            let ([a, b, c, d], [e, f, g, h]) = (half(0), half(4));
            u32x8::new([a, b, c, d, e, f, g, h])
        })
    }

    #[inline(always)]
    fn splat(self, u: u32) -> Two<u32x8> {
        [u32x8::splat(u); 2]
    }

    #[inline(always)]
    fn add(self, a: Two<u32x8>, b: Two<u32x8>) -> Two<u32x8> {
        two(a, b, |a, b| a + b)
    }

    #[inline(always)]
    fn add_where(self, a: Two<u32x8>, mask: Two<u32x8>, b: Two<u32x8>) -> Two<u32x8> {
        self.add(a, self.both_masks(mask, b))
    }

    #[inline(always)]
    fn none_chosen(self) -> Two<u32x8> {
        FloatLanes::splat(self, 0)
    }

    #[inline(always)]
    fn choose(self, chosen: Two<u32x8>, mask: Two<u32x8>) -> Two<u32x8> {
        FloatLanes::count(self, chosen, mask)
    }

    #[inline(always)]
    fn both_chosen(self, a: Two<u32x8>, b: Two<u32x8>) -> Two<u32x8> {
        FloatLanes::add(self, a, b)
    }

    #[inline(always)]
    fn total_chosen(self, chosen: Two<u32x8>) -> u64 {
        FloatLanes::total(self, chosen, chosen, 0)
    }

    #[inline(always)]
    fn min(self, a: Two<u32x8>, b: Two<u32x8>) -> Two<u32x8> {
        two(a, b, |a, b| a.min(b))
    }

    #[inline(always)]
    fn reached(self, x: Two<f32x8>, cut: u32) -> Two<u32x8> {
        // Bits of values in [0, 1] stay below 2^30, so that the greater of bits and cut is the bits where reached.
        x.map(|x| as_bits(x).max(u32x8::splat(cut)).simd_eq(as_bits(x)))
    }

    #[inline(always)]
    fn highest(self, so_far: Two<u32x8>, x: Two<f32x8>) -> Two<u32x8> {
        two(so_far, x, |high, x| high.max(as_bits(x)))
    }

    #[inline(always)]
    fn higher(self, a: Two<u32x8>, b: Two<u32x8>) -> Two<u32x8> {
        two(a, b, |a, b| a.max(b))
    }

    #[inline(always)]
    fn above(self, [a, b]: Two<u32x8>, limit: u32) -> bool {
        a.max(b).reduce_max() > limit
    }

    #[inline(always)]
    fn widen(self, bytes: u8x16) -> Two<u32x8> {
        bytemuck_halves(bytes).map(|half| u32x8::new(half.map(u32::from)))
    }

    #[inline(always)]
    fn none_wide(self) -> u64 {
        0
    }

    #[inline(always)]
    fn add_wide(self, wide: u64, a: Two<u32x8>, b: Two<u32x8>) -> u64 {
        let lanes = a.into_iter().zip(b).flat_map(|(a, b)| a.to_array().into_iter().zip(b.to_array()));
        // A block with a code out of range is not added in the end: until then it may wrap, as it does in other lanes.
        lanes.fold(wide, |sum, (a, b)| sum.wrapping_add(u64::from(a) * u64::from(b)))
    }

    #[inline(always)]
    fn both_wide(self, a: u64, b: u64) -> u64 {
        a.wrapping_add(b)
    }

    #[inline(always)]
    fn total_wide(self, wide: u64) -> u64 {
        wide
    }

    #[inline(always)]
    unsafe fn whole_words(self, from: *const u16) -> Two<u32x8> {
        // SAFETY: the caller's 16 words, whatever their alignment.
        let words = unsafe { from.cast::<[[u16; 8]; 2]>().read_unaligned() };
        words.map(|words| u32x8::new(words.map(u32::from)))
    }

    #[inline(always)]
    unsafe fn halves(self, from: *const u16) -> Two<u32x8> {
        // SAFETY: the caller's 16 half floats, whatever their alignment.
        let halves = unsafe { from.cast::<[[u16; 8]; 2]>().read_unaligned() };
        halves.map(|halves| {
            u32x8::new(halves.map(|bits| {
                let (exponent, fraction) = (u32::from(bits >> 10) & 31, u32::from(bits) & 0x3FF);
                // 2¹⁰ is not stored but where the exponent is 0, which counts as 1.
                let stored = u32::from(exponent != 0);
                let code = (fraction | stored << 10) << (exponent - stored);
                // Beyond 1.0, and below 0: their bits are above those of 1.0.
                if bits > 0x3C00 { u32::MAX } else { code }
            }))
        })
    }

    #[inline(always)]
    fn greater(self, x: Two<f32x8>, y: Two<f32x8>) -> Two<u32x8> {
        two(x, y, |x, y| as_bits(x.simd_gt(y)))
    }

    #[inline(always)]
    fn float_of(self, mask: Two<u32x8>, x: Two<f32x8>, y: Two<f32x8>) -> Two<f32x8> {
        let bits = |x: Two<f32x8>| [as_bits(x[0]), as_bits(x[1])];
        let [a, b] = self.code_of(mask, bits(x), bits(y));
        [as_floats(a), as_floats(b)]
    }

    #[inline(always)]
    fn code_of(self, mask: Two<u32x8>, a: Two<u32x8>, b: Two<u32x8>) -> Two<u32x8> {
        let [first, second] = mask;
        [(first & a[0]) | (!first & b[0]), (second & a[1]) | (!second & b[1])]
    }

    #[inline(always)]
    fn codes(self, [first, second]: Two<u32x8>) -> [u32; 16] {
        let mut codes = [0; 16];
        let all = first.to_array().into_iter().chain(second.to_array());
        codes.iter_mut().zip(all).for_each(|(to, code)| *to = code);
        codes
    }

    #[inline(always)]
    fn lift(self, x: Two<f32x8>) -> Two<f32x8> {
        x.map(|x| x + f32x8::splat(DUST_BELOW))
    }

    #[inline(always)]
    fn near(self, mask: Two<u32x8>, x: Two<f32x8>) -> Two<u32x8> {
        two(mask, x, |mask, x| {
            let (above, below) = (x.simd_ge(f32x8::splat(-DUST_BELOW)), x.simd_le(f32x8::splat(DUST_ABOVE)));
            mask & as_bits(above) & as_bits(below)
        })
    }

    #[inline(always)]
    fn number(self, mask: Two<u32x8>, x: Two<f32x8>) -> Two<u32x8> {
        two(mask, x, |mask, x| mask & as_bits(x.simd_eq(x)))
    }

    #[inline(always)]
    fn bound(self, x: Two<f32x8>) -> Two<f32x8> {
        // By comparisons, all of which a NaN fails, so that it becomes 0 on every target: what the minimum and maximum of
        // `wide` make of a NaN differs between targets.
        x.map(|x| {
            let (low, high) = (as_bits(x.simd_gt(f32x8::ZERO)), as_bits(x.simd_ge(f32x8::ONE)));
            as_floats((high & as_bits(f32x8::ONE)) | (low & !high & as_bits(x)))
        })
    }

    #[inline(always)]
    fn total(self, sums: Two<u32x8>, counts: Two<u32x8>, bias: u32) -> u64 {
        let lanes = two(sums, counts, |sums, counts| sums - counts * u32x8::splat(bias));
        lanes.iter().flat_map(|lanes| lanes.to_array()).map(u64::from).sum()
    }
}

#[inline(always)]
fn bytemuck_halves(bytes: u8x16) -> [[u8; 8]; 2] {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = bytes.to_array();
    [[a, b, c, d, e, f, g, h], [i, j, k, l, m, n, o, p]]
}
