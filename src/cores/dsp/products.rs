//! 8-bit codes × 8-bit codes: four UXTB16, two SMLAD and two USADA8 to four pixels.
//!
//! ```text
//! for each word of four pixels:
//!     p, t = the codes, unsigned
//!     Σp += p;  Σt += t                              USADA8 with 0
//!     Σ|p − t| += |p − t|                            USADA8: Σmin = (Σp + Σt − Σ|p − t|) / 2
//!     Σpt += p·t;  Σp² += p·p;  Σt² += t·t           UXTB16 of even and odd bytes, SMLAD of each pair of half words
//! ```

use super::{PAIRS, even, odd, pair, smlad, times, usada8, word};
use crate::cores::{Found, Moments, PRODUCTS};

// SMLAD adds signed numbers: the largest sum of products of a run is below 2³¹. Those of codes, and twice those, are less.
const _: () = assert!(PRODUCTS as u64 * 255 * 255 < 1 << 31);

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
    let mut sums = [0; 3];
    // SAFETY: head, turns and rest are n together.
    unsafe {
        let head = p.align_offset(4).min(n);
        few::<FLIP_P, FLIP_T>(&mut sums, &mut p, &mut t, head);
        let left = n - head;
        if t.addr().is_multiple_of(4) {
            turns::<FLIP_P, FLIP_T, true, PAIRS>(&mut sums, &mut p, &mut t, left / (8 * PAIRS));
            few::<FLIP_P, FLIP_T>(&mut sums, &mut p, &mut t, left % (8 * PAIRS));
        } else {
            turns::<FLIP_P, FLIP_T, false, 1>(&mut sums, &mut p, &mut t, left / 8);
            few::<FLIP_P, FLIP_T>(&mut sums, &mut p, &mut t, left % 8);
        }
    }
    let [p, t, pt] = sums;
    Found { p, t, pt, broken: false, outside: false }
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
    let mut sums = Sums::default();
    // SAFETY: head, turns and rest are n together.
    unsafe {
        let head = p.align_offset(4).min(n);
        few_moments::<FLIP_P, FLIP_T, SQUARES, MINIMA>(&mut sums, &mut p, &mut t, head);
        let left = n - head;
        if t.addr().is_multiple_of(4) {
            moment_turns::<FLIP_P, FLIP_T, SQUARES, MINIMA, true, PAIRS>(&mut sums, &mut p, &mut t, left / (8 * PAIRS));
            few_moments::<FLIP_P, FLIP_T, SQUARES, MINIMA>(&mut sums, &mut p, &mut t, left % (8 * PAIRS));
        } else {
            moment_turns::<FLIP_P, FLIP_T, SQUARES, MINIMA, false, 1>(&mut sums, &mut p, &mut t, left / 8);
            few_moments::<FLIP_P, FLIP_T, SQUARES, MINIMA>(&mut sums, &mut p, &mut t, left % 8);
        }
    }
    let Sums { linear: [p, t, pt], pp, tt, apart } = sums;
    Moments { p, t, pt, pp, tt, min: (p + t - apart) / 2 }
}

/// 8-bit codes beside 8-bit codes: Σp, Σt and Σmin, without products.
///
/// # Safety
///
/// `p` and `t` are readable for `n` ≤ 2¹⁵ bytes.
#[inline(never)]
pub unsafe fn byte_minima<const FLIP_P: u32, const FLIP_T: u32>(
    mut p: *const u8,
    mut t: *const u8,
    n: usize,
) -> Moments {
    let [mut sp, mut st, mut apart] = [0u32; 3];
    let mut four = |p: u32, t: u32| {
        (sp, st, apart) = (usada8(p, 0, sp), usada8(t, 0, st), usada8(p, t, apart));
    };
    // SAFETY: turns and rest are n together; two LDR take any address.
    unsafe {
        let end = p.wrapping_add(n & !(8 * PAIRS - 1));
        while p != end {
            times!(PAIRS, {
                let (p, t) = (pair::<false>(&mut p), pair::<false>(&mut t));
                four(p.0 ^ FLIP_P, t.0 ^ FLIP_T);
                four(p.1 ^ FLIP_P, t.1 ^ FLIP_T);
            });
        }
        let mut left = n % (8 * PAIRS);
        while left > 0 {
            let some = left.min(4);
            let (a, b) = (word(&mut p, some, FLIP_P), word(&mut t, some, FLIP_T));
            four(a ^ FLIP_P, b ^ FLIP_T);
            left -= some;
        }
    }
    Moments { p: sp, t: st, min: (sp + st - apart) / 2, ..Moments::default() }
}

/// Sums of a run: Σp, Σt, Σpt, then Σp², Σt² and Σ|p − t|.
#[derive(Clone, Copy, Default)]
struct Sums {
    linear: [u32; 3],
    pp: u32,
    tt: u32,
    apart: u32,
}

impl Sums {
    /// Four pixels.
    #[inline(always)]
    fn step<const SQUARES: bool, const MINIMA: bool>(&mut self, p: u32, t: u32) {
        if MINIMA {
            self.apart = usada8(p, t, self.apart);
        }
        if !SQUARES {
            step(&mut self.linear, p, t);
            return;
        }
        let [sp, st, spt] = &mut self.linear;
        (*sp, *st) = (usada8(p, 0, *sp), usada8(t, 0, *st));
        // Half words once for three products: even bytes, then odd ones.
        let (a, b) = (even(p), even(t));
        *spt = smlad(a, b, *spt);
        (self.pp, self.tt) = (smlad(a, a, self.pp), smlad(b, b, self.tt));
        let (a, b) = (odd(p), odd(t));
        *spt = smlad(a, b, *spt);
        (self.pp, self.tt) = (smlad(a, a, self.pp), smlad(b, b, self.tt));
    }
}

/// The squares of four codes, added to `sum`.
#[inline(always)]
fn squares(p: u32, sum: u32) -> u32 {
    let (a, b) = (even(p), odd(p));
    smlad(b, b, smlad(a, a, sum))
}

/// Σp² of u8, or i8 with `FLIP`.
///
/// # Safety
///
/// `p` is readable for `n` ≤ 2¹⁵ bytes, whose squares then fit 31 bits.
#[inline(never)]
pub unsafe fn byte_squares<const FLIP: u32>(mut p: *const u8, n: usize) -> u32 {
    let mut sum = 0;
    let end = p.wrapping_add(n & !15);
    while p != end {
        for _ in 0..2 {
            // SAFETY: 16 bytes are readable; two LDR take any address.
            let (a, b) = unsafe { pair::<false>(&mut p) };
            sum = squares(b ^ FLIP, squares(a ^ FLIP, sum));
        }
    }
    let mut left = n % 16;
    while left > 0 {
        let some = left.min(4);
        // SAFETY: as many bytes are left.
        sum = squares(unsafe { word(&mut p, some, FLIP) } ^ FLIP, sum);
        left -= some;
    }
    sum
}

/// Four pixels.
#[inline(always)]
fn step(sums: &mut [u32; 3], p: u32, t: u32) {
    sums[0] = usada8(p, 0, sums[0]);
    sums[1] = usada8(t, 0, sums[1]);
    sums[2] = smlad(even(p), even(t), sums[2]);
    sums[2] = smlad(odd(p), odd(t), sums[2]);
}

/// Turns of 8 · `N` pixels, with `p` aligned.
#[inline(always)]
unsafe fn turns<const FLIP_P: u32, const FLIP_T: u32, const BOTH: bool, const N: usize>(
    sums: &mut [u32; 3],
    p: &mut *const u8,
    t: &mut *const u8,
    turns: usize,
) {
    let (mut at, mut tt, mut now) = (*p, *t, *sums);
    let end = at.wrapping_add(turns * 8 * N);
    while at != end {
        times!(N, {
            // SAFETY: the caller's turns.
            let (p, t) = unsafe { (pair::<true>(&mut at), pair::<BOTH>(&mut tt)) };
            step(&mut now, p.0 ^ FLIP_P, t.0 ^ FLIP_T);
            step(&mut now, p.1 ^ FLIP_P, t.1 ^ FLIP_T);
        });
    }
    (*p, *t, *sums) = (at, tt, now);
}

#[inline(never)]
unsafe fn few<const FLIP_P: u32, const FLIP_T: u32>(
    sums: &mut [u32; 3],
    p: &mut *const u8,
    t: &mut *const u8,
    n: usize,
) {
    let mut left = n;
    while left > 0 {
        let some = left.min(4);
        // SAFETY: the caller's n.
        let (a, b) = unsafe { (word(p, some, FLIP_P), word(t, some, FLIP_T)) };
        step(sums, a ^ FLIP_P, b ^ FLIP_T);
        left -= some;
    }
}

/// As [`turns`], with more sums. It calls nothing, so that one register more is free.
#[inline(never)]
unsafe fn moment_turns<
    const FLIP_P: u32,
    const FLIP_T: u32,
    const SQUARES: bool,
    const MINIMA: bool,
    const BOTH: bool,
    const N: usize,
>(
    sums: &mut Sums,
    p: &mut *const u8,
    t: &mut *const u8,
    turns: usize,
) {
    let (mut at, mut tt, mut now) = (*p, *t, *sums);
    let end = at.wrapping_add(turns * 8 * N);
    while at != end {
        times!(N, {
            // SAFETY: the caller's turns.
            let (p, t) = unsafe { (pair::<true>(&mut at), pair::<BOTH>(&mut tt)) };
            now.step::<SQUARES, MINIMA>(p.0 ^ FLIP_P, t.0 ^ FLIP_T);
            now.step::<SQUARES, MINIMA>(p.1 ^ FLIP_P, t.1 ^ FLIP_T);
        });
    }
    (*p, *t, *sums) = (at, tt, now);
}

#[inline(never)]
unsafe fn few_moments<const FLIP_P: u32, const FLIP_T: u32, const SQUARES: bool, const MINIMA: bool>(
    sums: &mut Sums,
    p: &mut *const u8,
    t: &mut *const u8,
    n: usize,
) {
    let mut left = n;
    while left > 0 {
        let some = left.min(4);
        // SAFETY: the caller's n.
        let (a, b) = unsafe { (word(p, some, FLIP_P), word(t, some, FLIP_T)) };
        sums.step::<SQUARES, MINIMA>(a ^ FLIP_P, b ^ FLIP_T);
        left -= some;
    }
}
