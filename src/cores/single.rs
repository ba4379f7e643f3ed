//! Integer pairs a pixel at a time, in few instructions: Cortex-M0+, M3, RISC-V.
//!
//! ```text
//! for each pixel, four or eight to a turn:
//!     p, t = the raw pixels                  at any address
//!     Σp += p;  Σt += t;  Σpt += p·t         32 bits; under a mask p AND a word of its bit
//!     signs |= p | t                         Q15: a negative word is refused at the end
//! ```
//!
//! A multiply of 8-bit codes costs no more here than the shifts and masks that would bring two of them together.

use super::seen::{CONDITIONAL, Seen, kept_apart, one_by_one};
use super::{Found, Moments, NON_ZERO};

/// The body for pixels 0 to 3 of a turn, or 0 to 7.
macro_rules! turn {
    (4, $k:ident, $body:expr) => {{
        turn!(@ $k, $body, 0, 1, 2, 3);
    }};
    (8, $k:ident, $body:expr) => {{
        turn!(@ $k, $body, 0, 1, 2, 3, 4, 5, 6, 7);
    }};
    (@ $k:ident, $body:expr, $($at:literal),*) => {
        $({
            let $k = $at;
            $body
        })*
    };
}
pub(super) use turn;

/// Sums of a run.
#[derive(Clone, Copy, Default)]
pub(super) struct Sums {
    pub p: u32,
    pub t: u32,
    pub pt: u32,
}

impl Sums {
    #[inline(always)]
    fn product(&mut self, p: u8, t: u8) {
        let (p, t) = (u32::from(p), u32::from(t));
        (self.p, self.t, self.pt) = (self.p + p, self.t + t, self.pt + p * t);
    }

    /// See [`one_by_one`].
    #[inline(always)]
    pub fn one_by_one(&mut self) {
        one_by_one([&mut self.p, &mut self.t, &mut self.pt]);
    }

    /// `mask` is all ones or 0.
    #[inline(always)]
    pub fn masked(&mut self, p: u32, mask: u32) {
        self.p = self.p.wrapping_add(p);
        self.t = self.t.wrapping_sub(mask);
        self.pt = self.pt.wrapping_add(p & mask);
    }

    /// Sums of raw codes, which are 128 below where they are signed.
    #[inline(always)]
    pub fn moved<const FLIP: u32>(self, n: usize) -> Self {
        if FLIP == 0 {
            return self;
        }
        let Self { p, t, pt } = self;
        Self { p: p.wrapping_add(128 * n as u32), t, pt: pt.wrapping_add(t.wrapping_mul(128)) }
    }

    pub fn found(self) -> Found<u32> {
        Found { p: self.p, t: self.t, pt: self.pt, broken: false, outside: false }
    }
}

/// 8-bit codes × 8-bit codes.
///
/// # Safety
///
/// `p` and `t` are readable for `n` ≤ 2¹⁵ bytes, whose products then fit 31 bits.
#[inline(never)]
pub unsafe fn byte_byte<const FLIP_P: u32, const FLIP_T: u32>(
    mut p: *const u8,
    mut t: *const u8,
    n: usize,
) -> Found<u32> {
    let mut sums = Sums::default();
    // SAFETY: whole turns and the rest are n together.
    unsafe {
        let end = p.add(n & !3);
        while p != end {
            turn!(4, k, sums.product(*p.add(k) ^ FLIP_P as u8, *t.add(k) ^ FLIP_T as u8));
            (p, t) = (p.add(4), t.add(4));
        }
        for k in 0..n % 4 {
            sums.product(*p.add(k) ^ FLIP_P as u8, *t.add(k) ^ FLIP_T as u8);
        }
    }
    sums.found()
}

/// 8-bit codes × 8-bit codes, with the sums of squares, of minima, or both.
///
/// # Safety
///
/// `p` and `t` are readable for `n` ≤ 2¹⁵ bytes, whose products then fit 31 bits.
#[inline(never)]
pub unsafe fn byte_moments<const FLIP_P: u32, const FLIP_T: u32, const SQUARES: bool, const MINIMA: bool>(
    mut p: *const u8,
    mut t: *const u8,
    n: usize,
) -> Moments {
    let mut sums = Moments::default();
    macro_rules! one {
        ($k:expr) => {{
            let (a, b) = (u32::from(*p.add($k) ^ FLIP_P as u8), u32::from(*t.add($k) ^ FLIP_T as u8));
            (sums.p, sums.t, sums.pt) = (sums.p + a, sums.t + b, sums.pt + a * b);
            if SQUARES {
                (sums.pp, sums.tt) = (sums.pp + a * a, sums.tt + b * b);
            }
            if MINIMA {
                // min(a, b) − b, which is negative or 0.
                let less = a.wrapping_sub(b);
                sums.min = sums.min.wrapping_add(less & (less as i32 >> 31) as u32);
            }
        }};
    }
    // SAFETY: whole turns and the rest are n together.
    unsafe {
        let end = p.add(n & !3);
        while p != end {
            turn!(4, k, one!(k));
            (p, t) = (p.add(4), t.add(4));
        }
        for k in 0..n % 4 {
            one!(k);
        }
    }
    Moments { min: if MINIMA { sums.min.wrapping_add(sums.t) } else { 0 }, ..sums }
}

/// Σp² of u8, or i8 with `FLIP`.
///
/// # Safety
///
/// `p` is readable for `n` ≤ 2¹⁵ bytes, whose squares then fit 31 bits.
#[inline(never)]
pub unsafe fn byte_squares<const FLIP: u32>(mut p: *const u8, n: usize) -> u32 {
    let mut sum = 0;
    macro_rules! one {
        ($k:expr) => {{
            let code = u32::from(*p.add($k) ^ FLIP as u8);
            sum += code * code;
        }};
    }
    // SAFETY: whole turns and the rest are n together.
    unsafe {
        let end = p.add(n & !3);
        while p != end {
            turn!(4, k, one!(k));
            p = p.add(4);
        }
        for k in 0..n % 4 {
            one!(k);
        }
    }
    sum
}

/// u8 or i8 × its own mask from code `cut` on (1 to 255).
///
/// # Safety
///
/// `p` is readable for `n` ≤ 2²² bytes, whose sums then fit 32 bits.
#[inline(never)]
pub unsafe fn byte_own<const FLIP: u32>(mut p: *const u8, n: usize, cut: u8) -> Found<u32> {
    let mut sums = Sums::default();
    // All ones where p ≥ cut: where cut − 1 − p is negative.
    let below = raw::<FLIP>(cut ^ FLIP as u8).wrapping_sub(1);
    macro_rules! one {
        ($k:expr) => {{
            let code = raw::<FLIP>(*p.add($k));
            sums.masked(code, (below.wrapping_sub(code) as i32 >> 31) as u32);
        }};
    }
    // SAFETY: whole turns and the rest are n together.
    unsafe {
        let end = p.add(n & !3);
        while p != end {
            turn!(4, k, one!(k));
            p = p.add(4);
        }
        for k in 0..n % 4 {
            one!(k);
        }
    }
    sums.moved::<FLIP>(n).found()
}

/// A raw code, signed where flipped.
#[inline(always)]
pub(super) fn raw<const FLIP: u32>(byte: u8) -> u32 {
    if FLIP == 0 { u32::from(byte) } else { byte as i8 as u32 }
}

/// All ones where bit `at` of the byte is set, else 0.
#[inline(always)]
fn bit<const MSB: bool>(byte: u32, at: u32) -> u32 {
    ((byte << if MSB { 24 + at } else { 31 - at }) as i32 >> 31) as u32
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
) -> Found<u32> {
    let mut sums = Sums::default();
    let mut left = n;
    // SAFETY: up to a byte, whole bytes, the rest, which are n together.
    unsafe {
        let head = if offset == 0 { 0 } else { (8 - offset).min(left) };
        if head > 0 {
            for k in 0..head {
                sums.masked(raw::<FLIP>(*p.add(k)), bit::<MSB>(u32::from(*bits), (offset + k) as u32));
            }
            (p, bits, left) = (p.add(head), bits.add(1), left - head);
        }
        let end = p.add(left & !7);
        while p != end {
            let byte = u32::from(*bits);
            turn!(8, k, sums.masked(raw::<FLIP>(*p.add(k)), bit::<MSB>(byte, k as u32)));
            (p, bits) = (p.add(8), bits.add(1));
        }
        for k in 0..left % 8 {
            sums.masked(raw::<FLIP>(*p.add(k)), bit::<MSB>(u32::from(*bits), k as u32));
        }
    }
    sums.moved::<FLIP>(n).found()
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
    let (mut sums, mut signs, mut seen) = (Sums::default(), 0, Seen::NOTHING);
    macro_rules! one {
        ($k:expr) => {{
            let word = u32::from(*p.add($k) as u16);
            if CHECK_P {
                signs |= word;
            }
            let byte = *g.add($k);
            if CONDITIONAL && KIND == NON_ZERO {
                sums.p = sums.p.wrapping_add(word);
                if byte != 0 {
                    kept_apart();
                    sums.t = sums.t.wrapping_add(1);
                    sums.pt = sums.pt.wrapping_add(word);
                }
            } else {
                sums.masked(word, seen.mask::<KIND, CHECK>(byte, class));
            }
            seen.settle::<CHECK>();
            if CHECK_P {
                one_by_one([&mut signs]);
            }
            sums.one_by_one();
        }};
    }
    // SAFETY: n words and n bytes are readable.
    unsafe {
        let end = p.add(n & !3);
        while p != end {
            turn!(4, k, one!(k));
            (p, g) = (p.add(4), g.add(4));
        }
        for k in 0..n % 4 {
            one!(k);
        }
    }
    let [p, t, pt] = [sums.p, sums.t, sums.pt].map(u64::from);
    Found { p, t, pt, broken: CHECK && seen.broken::<KIND>(), outside: CHECK_P && signs & 0x8000 != 0 }
}

/// u16 × a byte mask; `CHECK` sees to the mask.
///
/// # Safety
///
/// `p` is readable for `n` ≤ 2¹⁵ words, whose sums then fit 31 bits, `g` for as many bytes.
pub unsafe fn u16_mask<const KIND: u8, const CHECK: bool>(p: *const u16, g: *const u8, n: usize, class: u8) -> Found {
    // SAFETY: the caller's. Words that are not looked at are read as unsigned ones.
    unsafe { word_mask::<false, KIND, CHECK>(p.cast(), g, n, class) }
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
    let (mut sp, mut st, mut spt, mut signs) = (0u32, 0u32, 0u64, 0u32);
    macro_rules! one {
        ($k:expr, $four:expr) => {{
            let (a, b) = (u32::from(*p.add($k) as u16), u32::from(*t.add($k) as u16));
            if CHECK {
                signs |= a | b;
            }
            (sp, st) = (sp + a, st + b);
            // Wrapping: of a negative word the sums mean nothing.
            $four = a.wrapping_mul(b).wrapping_add($four);
        }};
    }
    // SAFETY: whole turns and the rest are n together.
    unsafe {
        let end = p.add(n & !3);
        while p != end {
            let mut four = 0u32;
            turn!(4, k, one!(k, four));
            spt += u64::from(four);
            (p, t) = (p.add(4), t.add(4));
        }
        let mut rest = 0u32;
        for k in 0..n % 4 {
            one!(k, rest);
        }
        spt += u64::from(rest);
    }
    let outside = CHECK && signs & 0x8000 != 0;
    Found { p: sp.into(), t: st.into(), pt: spt, broken: false, outside }
}
