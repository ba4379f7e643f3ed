//! Integer pairs a pixel at a time, in few instructions: Cortex-M0+, M3, RISC-V.
//!
//! ```text
//! for four pixels at a time, then the rest:
//!     p, t = the raw pixels                  at any address
//!     Σp += p;  Σt += t;  Σpt += p·t         32 bits; under a mask p AND a word of its bit
//!     signs |= p | t                         Q15: a negative word is refused at the end
//! ```
//!
//! A multiply of 8-bit codes costs no more here than the shifts and masks that would bring two of them together.

use super::run::{CLASS, Found, NON_ZERO, ZERO_FULL, ZERO_ONE};

/// Pixels of a byte or a byte mask, four to a turn.
type Four = [u8; 4];

/// 8-bit codes × 8-bit codes.
///
/// # Safety
///
/// `p` and `t` are readable for `n` ≤ 2¹⁵ bytes, whose products then fit 31 bits.
#[inline(never)]
pub unsafe fn byte_byte<const FLIP_P: u32, const FLIP_T: u32>(mut p: *const u8, mut t: *const u8, n: usize) -> Found {
    let [mut sp, mut st, mut spt] = [0u32; 3];
    let mut one = |p: u8, t: u8| {
        let (p, t) = (u32::from(p ^ FLIP_P as u8), u32::from(t ^ FLIP_T as u8));
        (sp, st, spt) = (sp + p, st + t, spt + p * t);
    };
    let end = p.wrapping_add(n & !3);
    while p != end {
        // SAFETY: n bytes are readable.
        let ([a, b, c, d], [e, f, g, h]) = unsafe { (*p.cast::<Four>(), *t.cast::<Four>()) };
        one(a, e);
        one(b, f);
        one(c, g);
        one(d, h);
        (p, t) = (p.wrapping_add(4), t.wrapping_add(4));
    }
    for at in 0..n % 4 {
        // SAFETY: as above.
        let (a, b) = unsafe { (*p.add(at), *t.add(at)) };
        one(a, b);
    }
    Found { p: sp.into(), t: st.into(), pt: spt.into(), broken: false, outside: false }
}

/// u8 or i8 × its own mask from code `cut` on (1 to 255).
///
/// # Safety
///
/// `p` is readable for `n` ≤ 2²² bytes, whose sums then fit 32 bits.
#[inline(never)]
pub unsafe fn byte_own<const FLIP: u32>(mut p: *const u8, n: usize, cut: u8) -> Found {
    let [mut sp, mut st, mut spt] = [0u32; 3];
    let cut = u32::from(cut);
    let mut one = |p: u8| {
        let p = u32::from(p ^ FLIP as u8);
        sp += p;
        // All ones where p ≥ cut.
        let mask = !((p.wrapping_sub(cut) as i32 >> 31) as u32);
        st = st.wrapping_sub(mask);
        spt += p & mask;
    };
    let end = p.wrapping_add(n & !3);
    while p != end {
        // SAFETY: n bytes are readable.
        let four = unsafe { *p.cast::<Four>() };
        four.map(&mut one);
        p = p.wrapping_add(4);
    }
    for at in 0..n % 4 {
        // SAFETY: as above.
        one(unsafe { *p.add(at) });
    }
    Found { p: sp.into(), t: st.into(), pt: spt.into(), broken: false, outside: false }
}

/// u8 or i8 × a bit mask that begins `offset` ≤ 7 bits into its first byte; `MSB`: with the highest bit first.
///
/// # Safety
///
/// `p` is readable for `n` ≤ 2²² bytes, `bits` for the bytes of `offset` + `n` bits.
#[inline(never)]
pub unsafe fn byte_bits<const FLIP: u32, const MSB: bool>(
    mut p: *const u8,
    mut bits: *const u8,
    offset: usize,
    n: usize,
) -> Found {
    let [mut sp, mut st, mut spt] = [0u32; 3];
    let mut one = |p: u8, byte: u32, at: usize| {
        let p = u32::from(p ^ FLIP as u8);
        // All ones where the bit is set.
        let mask = (byte << if MSB { 24 + at } else { 31 - at }) as i32 >> 31;
        sp += p;
        st = st.wrapping_sub(mask as u32);
        spt += p & mask as u32;
    };
    let mut left = n;
    // SAFETY: up to a byte, whole bytes, the rest, which are n together.
    unsafe {
        if offset > 0 {
            let head = (8 - offset).min(left);
            for at in 0..head {
                one(*p.add(at), u32::from(*bits), offset + at);
            }
            (p, bits, left) = (p.add(head), bits.add(1), left - head);
        }
        let end = p.add(left & !7);
        while p != end {
            let byte = u32::from(*bits);
            for at in 0..8 {
                one(*p.add(at), byte, at);
            }
            (p, bits) = (p.add(8), bits.add(1));
        }
        for at in 0..left % 8 {
            one(*p.add(at), u32::from(*bits), at);
        }
    }
    Found { p: sp.into(), t: st.into(), pt: spt.into(), broken: false, outside: false }
}

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

/// Q15 × a byte mask; under `CHECK_P` a negative word is refused, and `CHECK` sees to the mask.
///
/// # Safety
///
/// `p` is readable for `n` ≤ 2¹⁵ words, `g` for as many bytes.
#[inline(never)]
pub unsafe fn word_mask<const CHECK_P: bool, const KIND: u8, const CHECK: bool>(
    mut p: *const i16,
    mut g: *const u8,
    n: usize,
    class: u8,
) -> Found {
    let [mut sp, mut st, mut spt, mut signs] = [0u32; 4];
    let mut seen = Seen::NOTHING;
    let mut one = |p: i16, byte: u8| {
        let (p, mask) = (u32::from(p as u16), seen.mask::<KIND, CHECK>(byte, class));
        if CHECK_P {
            signs |= p;
        }
        (sp, st, spt) = (sp + p, st.wrapping_sub(mask), spt + (p & mask));
    };
    let end = p.wrapping_add(n & !3);
    while p != end {
        // SAFETY: n words and n bytes are readable.
        let ([a, b, c, d], [e, f, g_, h]) = unsafe { (*p.cast::<[i16; 4]>(), *g.cast::<Four>()) };
        one(a, e);
        one(b, f);
        one(c, g_);
        one(d, h);
        (p, g) = (p.wrapping_add(4), g.wrapping_add(4));
    }
    for at in 0..n % 4 {
        // SAFETY: as above.
        let (a, b) = unsafe { (*p.add(at), *g.add(at)) };
        one(a, b);
    }
    let outside = CHECK_P && signs & 0x8000 != 0;
    Found { p: sp.into(), t: st.into(), pt: spt.into(), broken: CHECK && seen.broken::<KIND>(), outside }
}

/// Q15 × Q15; under `CHECK` a negative word is refused.
///
/// # Safety
///
/// `p` and `t` are readable for `n` ≤ 2¹⁵ words, whose sums then fit 31 bits.
#[inline(never)]
pub unsafe fn word_word<const CHECK: bool>(mut p: *const i16, mut t: *const i16, n: usize) -> Found {
    // Four products of non-negative words fit 32 bits.
    const { assert!(4 * (i16::MAX as u64).pow(2) <= u32::MAX as u64) };
    let [mut sp, mut st, mut signs] = [0u32; 3];
    let mut spt = 0u64;
    let mut one = |p: i16, t: i16| {
        let (p, t) = (u32::from(p as u16), u32::from(t as u16));
        if CHECK {
            signs |= p | t;
        }
        (sp, st) = (sp + p, st + t);
        p.wrapping_mul(t)
    };
    let end = p.wrapping_add(n & !3);
    while p != end {
        // SAFETY: n words are readable.
        let ([a, b, c, d], [e, f, g, h]) = unsafe { (*p.cast::<[i16; 4]>(), *t.cast::<[i16; 4]>()) };
        // Wrapping: of a negative word the sums mean nothing.
        let four = one(a, e).wrapping_add(one(b, f)).wrapping_add(one(c, g)).wrapping_add(one(d, h));
        spt += u64::from(four);
        (p, t) = (p.wrapping_add(4), t.wrapping_add(4));
    }
    for at in 0..n % 4 {
        // SAFETY: as above.
        let (a, b) = unsafe { (*p.add(at), *t.add(at)) };
        spt += u64::from(one(a, b));
    }
    let outside = CHECK && signs & 0x8000 != 0;
    Found { p: sp.into(), t: st.into(), pt: spt, broken: false, outside }
}
