//! What the x86 backends share: byte lanes of 8, 16 and 32, and what the CPU has, asked without std.

use super::ByteLanes;
use core::arch::x86_64::*;

/// AVX2, FMA, POPCNT and F16C.
pub(crate) const AVX2: u8 = 1;
/// AVX-VNNI, and the above.
pub(crate) const AVX_VNNI: u8 = 2;
/// AVX-512 F, BW, VL and VNNI, and the first.
pub(crate) const AVX512: u8 = 4;
/// VBMI, and all of AVX-512 above.
pub(crate) const AVX512_VBMI: u8 = 8;
/// What the CPU and the operating system offer.
pub(crate) fn detected() -> u8 {
    let has = |register: u32, bit: u32| register >> bit & 1 == 1;
    // Leaf 0 names the highest leaf, and leaf 7 its highest sub-leaf.
    if leaf(0, 0).eax < 7 {
        return 0;
    }
    let (one, seven) = (leaf(1, 0), leaf(7, 0));
    let (fma, popcnt, osxsave, avx) = (has(one.ecx, 12), has(one.ecx, 23), has(one.ecx, 27), has(one.ecx, 28));
    let f16c = has(one.ecx, 29);
    if !(fma && popcnt && osxsave && avx && f16c && has(seven.ebx, 5)) {
        return 0;
    }
    // SAFETY: OSXSAVE says that the operating system has enabled XGETBV.
    let saved = unsafe { xgetbv() };
    const YMM: u64 = 0b110;
    const ZMM: u64 = 0b1110_0110;
    if saved & YMM != YMM {
        return 0;
    }
    let mut features = AVX2;
    if seven.eax >= 1 && has(leaf(7, 1).eax, 4) {
        features |= AVX_VNNI;
    }
    // F, BW and VL, and VNNI.
    let avx512 = has(seven.ebx, 16) && has(seven.ebx, 30) && has(seven.ebx, 31) && has(seven.ecx, 11);
    if avx512 && saved & ZMM == ZMM {
        features |= AVX512;
        if has(seven.ecx, 1) {
            features |= AVX512_VBMI;
        }
    }
    features
}

#[allow(unused_unsafe, reason = "CPUID is a safe function in later compilers than the oldest supported one")]
fn leaf(leaf: u32, sub_leaf: u32) -> CpuidResult {
    // SAFETY: every x86-64 CPU has CPUID, and a leaf that it does not know reads as another or as zeros.
    unsafe { __cpuid_count(leaf, sub_leaf) }
}

#[target_feature(enable = "xsave")]
fn xgetbv() -> u64 {
    // SAFETY: the caller has seen OSXSAVE, and register 0 always exists.
    unsafe { _xgetbv(0) }
}

/// Byte lanes in an SSE or AVX2 register. The lanes of AVX2 and AVX-512 alone use these tokens, and they are there only after
/// [`detected`] saw AVX2.
macro_rules! byte_lanes {
    ($name:ident, $lanes:literal, $v:ty, $load:ident, $store:ident, $move:ident, $splat:ident, $and:ident, $or:ident, $xor:ident, $min:ident,
     $max:ident, $less:ident, $sub:ident, $equal:ident, $bits:ident, $any:ident) => {
        #[derive(Clone, Copy)]
        pub(crate) struct $name;

        // SAFETY (all blocks): `detected` saw AVX2 before a token was made; the caller of `load` promises the bytes.
        #[allow(clippy::undocumented_unsafe_blocks, reason = "one comment for the macro's one-line blocks")]
        impl ByteLanes for $name {
            const LANES: usize = $lanes;
            type V = $v;
            type Hits = $v;

            #[inline(always)]
            unsafe fn load(self, from: *const u8) -> $v {
                unsafe { $load(from.cast()) }
            }

            #[inline(always)]
            fn splat(self, byte: u8) -> $v {
                unsafe { $splat(byte as i8) }
            }

            #[inline(always)]
            fn bits(self, bits: u64) -> $v {
                unsafe { $bits(bits) }
            }

            #[inline(always)]
            fn and(self, a: $v, b: $v) -> $v {
                unsafe { $and(a, b) }
            }

            #[inline(always)]
            fn or(self, a: $v, b: $v) -> $v {
                unsafe { $or(a, b) }
            }

            #[inline(always)]
            fn xor(self, a: $v, b: $v) -> $v {
                unsafe { $xor(a, b) }
            }

            #[inline(always)]
            fn min(self, a: $v, b: $v) -> $v {
                unsafe { $min(a, b) }
            }

            #[inline(always)]
            fn max(self, a: $v, b: $v) -> $v {
                unsafe { $max(a, b) }
            }

            #[inline(always)]
            fn less(self, a: $v, b: $v) -> $v {
                unsafe { $less(a, b) }
            }

            #[inline(always)]
            fn minus(self, a: $v) -> $v {
                unsafe { $sub(self.splat(0), a) }
            }

            #[inline(always)]
            fn hits(self, a: $v, b: $v) -> $v {
                self.equal(a, b)
            }

            #[inline(always)]
            fn both_hit(self, a: $v, b: $v) -> $v {
                self.and(a, b)
            }

            #[inline(always)]
            fn first_hit(self, a: $v, b: $v) -> $v {
                self.less(a, b)
            }

            #[inline(always)]
            fn counted(self, a: $v, hits: $v) -> $v {
                unsafe { $sub(a, hits) }
            }

            #[inline(always)]
            fn counted_of(self, a: $v, hits: $v, ones: $v) -> $v {
                self.counted(a, self.and(hits, self.equal(ones, self.splat(1))))
            }

            #[inline(always)]
            fn bytes_of(self, hits: $v) -> $v {
                hits
            }

            #[inline(always)]
            fn bits_of(self, hits: $v) -> u64 {
                u64::from(unsafe { $move(hits) } as u32) & (u64::MAX >> (64 - $lanes))
            }

            #[inline(always)]
            unsafe fn store(self, v: $v, to: *mut u8) {
                unsafe { $store(to.cast(), v) }
            }

            #[inline(always)]
            fn equal(self, a: $v, b: $v) -> $v {
                unsafe { $equal(a, b) }
            }

            #[inline(always)]
            fn ones(self, a: $v) -> $v {
                self.min(a, self.splat(opaque(1)))
            }

            #[inline(always)]
            fn any(self, a: $v) -> bool {
                unsafe { $any(a) }
            }
        }
    };
}

byte_lanes!(
    Bytes8,
    8,
    __m128i,
    _mm_loadl_epi64,
    _mm_storel_epi64,
    _mm_movemask_epi8,
    _mm_set1_epi8,
    _mm_and_si128,
    _mm_or_si128,
    _mm_xor_si128,
    _mm_min_epu8,
    _mm_max_epu8,
    _mm_subs_epu8,
    _mm_sub_epi8,
    _mm_cmpeq_epi8,
    bits16,
    any8
);
byte_lanes!(
    Bytes16,
    16,
    __m128i,
    _mm_loadu_si128,
    _mm_storeu_si128,
    _mm_movemask_epi8,
    _mm_set1_epi8,
    _mm_and_si128,
    _mm_or_si128,
    _mm_xor_si128,
    _mm_min_epu8,
    _mm_max_epu8,
    _mm_subs_epu8,
    _mm_sub_epi8,
    _mm_cmpeq_epi8,
    bits16,
    any16
);
byte_lanes!(
    Bytes32,
    32,
    __m256i,
    _mm256_loadu_si256,
    _mm256_storeu_si256,
    _mm256_movemask_epi8,
    _mm256_set1_epi8,
    _mm256_and_si256,
    _mm256_or_si256,
    _mm256_xor_si256,
    _mm256_min_epu8,
    _mm256_max_epu8,
    _mm256_subs_epu8,
    _mm256_sub_epi8,
    _mm256_cmpeq_epi8,
    bits32,
    any32
);

/// A byte that the optimiser cannot see: it would turn the minimum with 1 into a test and a masked move, both slower, and
/// a comparison of widened bytes with 0 into one before they are widened.
#[inline(always)]
pub(super) fn opaque(mut byte: u8) -> u8 {
    // SAFETY: the assembly is a comment: there is no instruction.
    unsafe { core::arch::asm!("/* {0} */", inout(reg_byte) byte, options(pure, nomem, nostack, preserves_flags)) };
    byte
}

/// The same of bits.
#[inline(always)]
pub(super) fn opaque_bits(mut bits: u32) -> u32 {
    // SAFETY: as above.
    unsafe { core::arch::asm!("/* {0:e} */", inout(reg) bits, options(pure, nomem, nostack, preserves_flags)) };
    bits
}

/// How many bits of a word at any address are 1, more than before.
///
/// # Safety
///
/// `from` is readable for one word.
#[inline(always)]
pub(super) unsafe fn more_ones<W: Copy + Into<u64>>(count: u64, from: *const W) -> u64 {
    #[derive(Clone, Copy)]
    #[repr(C, packed)]
    struct Anywhere<W>(W);
    // A volatile load is a load of its own. The lanes load the same bits, and were both one, they would be broadcast from a
    // register, which takes a unit that the sums need.
    // SAFETY: the caller promises the word; the type has no alignment.
    let Anywhere(word) = unsafe { from.cast::<Anywhere<W>>().read_volatile() };
    let (mut count, ones) = (count, u64::from(word.into().count_ones()));
    // Of several counts the optimiser would make vectors of nibbles where POPCNT counts each, and those take such units too. It does
    // not look into assembly, and so cannot see that all of them are added alike.
    // SAFETY: an addition of two registers.
    unsafe { core::arch::asm!("add {0}, {1}", inout(reg) count, in(reg) ones, options(pure, nomem, nostack)) };
    count
}

/// Each byte of the bits goes to eight lanes, and each lane looks at a bit of its own.
#[target_feature(enable = "avx2")]
#[inline]
fn bits16(bits: u64) -> __m128i {
    let spread = _mm_set_epi64x(0x0101_0101_0101_0101, 0);
    let own = _mm_set1_epi64x(0x8040_2010_0804_0201u64 as i64);
    let bytes = _mm_shuffle_epi8(_mm_set1_epi16(bits as i16), spread);
    _mm_cmpeq_epi8(_mm_and_si128(bytes, own), own)
}

#[target_feature(enable = "avx2")]
#[inline]
fn bits32(bits: u64) -> __m256i {
    let (some, own) = spread32(_mm256_set1_epi32(bits as i32), 0x8040_2010_0804_0201);
    _mm256_cmpeq_epi8(some, own)
}

/// Four bytes of bits as they lie in memory: not 0 where the bit is 1.
///
/// # Safety
///
/// `from` points to four readable bytes.
#[target_feature(enable = "avx2")]
#[inline]
pub(super) unsafe fn bits32_at(from: *const u8, msb_first: bool) -> __m256i {
    // SAFETY: the caller promises four readable bytes.
    let bits = unsafe { from.cast::<i32>().read_unaligned() };
    spread32(_mm256_set1_epi32(bits), if msb_first { 0x0102_0408_1020_4080 } else { 0x8040_2010_0804_0201 }).0
}

/// Each of four bytes to eight lanes, of which each keeps one bit of its own; and those bits.
#[target_feature(enable = "avx2")]
#[inline]
fn spread32(bits: __m256i, own: u64) -> (__m256i, __m256i) {
    let spread = _mm256_setr_epi64x(0, 0x0101_0101_0101_0101, 0x0202_0202_0202_0202, 0x0303_0303_0303_0303);
    let own = _mm256_set1_epi64x(own as i64);
    (_mm256_and_si256(_mm256_shuffle_epi8(bits, spread), own), own)
}

/// Of the low eight lanes.
#[target_feature(enable = "avx2")]
#[inline]
fn any8(bytes: __m128i) -> bool {
    _mm_cvtsi128_si64(bytes) != 0
}

#[target_feature(enable = "avx2")]
#[inline]
fn any16(bytes: __m128i) -> bool {
    _mm_testz_si128(bytes, bytes) == 0
}

#[target_feature(enable = "avx2")]
#[inline]
fn any32(bytes: __m256i) -> bool {
    _mm256_testz_si256(bytes, bytes) == 0
}

/// Σ of the 64-bit lanes, modulo 2⁶⁴.
#[target_feature(enable = "avx2")]
#[inline]
pub(super) fn total64(lanes: __m256i) -> u64 {
    let two = _mm_add_epi64(_mm256_castsi256_si128(lanes), _mm256_extracti128_si256::<1>(lanes));
    (_mm_cvtsi128_si64(two) as u64).wrapping_add(_mm_extract_epi64::<1>(two) as u64)
}

/// Unsigned 32-bit lanes, added in pairs to 64.
#[target_feature(enable = "avx2")]
#[inline]
pub(super) fn pairs64(lanes: __m256i) -> __m256i {
    let even = _mm256_and_si256(lanes, _mm256_set1_epi64x(0xFFFF_FFFF));
    _mm256_add_epi64(even, _mm256_srli_epi64::<32>(lanes))
}
