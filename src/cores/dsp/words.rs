//! Q15 against Q15 and against byte masks: SMLAD by ones for sums, SMLALD for products, two words to a register.
//!
//! **What a check costs.** A pair of registers takes four instructions: one load (half an LDRD each), Σp, Σt, Σpt. Three
//! sums of any words are three independent numbers, so a check needs more that read every register. What takes two new
//! ones at a time and keeps a trace adds them or their product (SMLAD, MLA, UMAAL), and one bound on a sum does not tell
//! whether each half is negative, or takes |a − b| (USADA8), which right and wrong words share; what sees the signs of two
//! halves (USAT16 with its sticky Q, ORR) takes one register. So a check is two a pair: 6/2 = 3.0 instructions a pixel
//! beside the turn's, against 2.0 without. (LDM of three registers at once would take a sixth off the loads of both, and off no
//! check.)

use super::{BYTES, PAIRS, even, odd, orr, pair, smlad, times, usada8, where_at_least, word};
use crate::cores::{CLASS, Found, NON_ZERO, ZERO_FULL, ZERO_ONE};
use core::arch::asm;

const SIGNS: u32 = 0x8000_8000;
const WORDS: u32 = 0x0001_0001;

/// The product of two half words, low (B) or high (T), added to `sum`.
macro_rules! smla {
    ($which:literal, $a:expr, $b:expr, $sum:expr) => {{
        let out: u32;
        // SAFETY: arithmetic on registers. Q, which no one reads, is set where the sum leaves 32 bits.
        unsafe {
            asm!(concat!("smla", $which, " {out}, {a}, {b}, {sum}"), out = lateout(reg) out, a = in(reg) $a,
                 b = in(reg) $b, sum = in(reg) $sum, options(nomem, nostack))
        }
        out
    }};
}

/// Both products of half words, added to a 64-bit sum.
#[inline(always)]
fn smlald(a: u32, b: u32, sum: &mut (u32, u32)) {
    // SAFETY: arithmetic on registers.
    unsafe {
        asm!("smlald {lo}, {hi}, {a}, {b}", lo = inout(reg) sum.0, hi = inout(reg) sum.1, a = in(reg) a, b = in(reg) b,
             options(nomem, nostack, preserves_flags))
    }
}

/// Q15 × Q15; under `CHECK` a negative word is refused.
///
/// # Safety
///
/// `p` and `t` are readable for `n` ≤ 2¹⁵ words, whose sums then fit 31 bits.
#[inline(never)]
pub unsafe fn word_word<const CHECK: bool>(p: *const i16, t: *const i16, n: usize) -> Found {
    let (mut p, mut t) = (p.cast::<u8>(), t.cast::<u8>());
    let mut sums = Words::default();
    // SAFETY: an odd first word, whole turns, the rest.
    unsafe {
        let head = (p.addr() / 2 % 2).min(n);
        few::<CHECK>(&mut sums, &mut p, &mut t, head);
        let left = n - head;
        if t.addr().is_multiple_of(4) {
            turns::<CHECK, true, PAIRS>(&mut sums, &mut p, &mut t, left / (4 * PAIRS));
            few::<CHECK>(&mut sums, &mut p, &mut t, left % (4 * PAIRS));
        } else {
            turns::<CHECK, false, 1>(&mut sums, &mut p, &mut t, left / 4);
            few::<CHECK>(&mut sums, &mut p, &mut t, left % 4);
        }
    }
    let pt = u64::from(sums.pt.1) << 32 | u64::from(sums.pt.0);
    Found { p: sums.p.into(), t: sums.t.into(), pt, broken: false, outside: sums.seen & SIGNS != 0 }
}

#[derive(Clone, Copy, Default)]
struct Words {
    p: u32,
    t: u32,
    pt: (u32, u32),
    seen: u32,
}

impl Words {
    #[inline(always)]
    fn step<const CHECK: bool>(&mut self, p: u32, t: u32) {
        self.p = smlad(p, WORDS, self.p);
        self.t = smlad(t, WORDS, self.t);
        smlald(p, t, &mut self.pt);
        if CHECK {
            self.seen = orr(t, orr(p, self.seen));
        }
    }
}

/// Turns of 4 · `N` words, with `p` aligned.
#[inline(always)]
unsafe fn turns<const CHECK: bool, const BOTH: bool, const N: usize>(
    sums: &mut Words,
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
            now.step::<CHECK>(p.0, t.0);
            now.step::<CHECK>(p.1, t.1);
        });
    }
    (*p, *t, *sums) = (at, tt, now);
}

#[inline(never)]
unsafe fn few<const CHECK: bool>(sums: &mut Words, p: &mut *const u8, t: &mut *const u8, n: usize) {
    for _ in 0..n {
        // SAFETY: the caller's n. Two bytes of zeros above.
        let (a, b) = unsafe { (word(p, 2, 0), word(t, 2, 0)) };
        sums.step::<CHECK>(a, b);
    }
}

/// Q15 × a byte mask; under `CHECK_P` a negative word is refused, and `CHECK` sees to the mask.
///
/// # Safety
///
/// `p` is readable for `n` ≤ 2¹⁵ words, `g` for as many bytes.
pub unsafe fn word_mask<const CHECK_P: bool, const KIND: u8, const CHECK: bool>(
    p: *const i16,
    g: *const u8,
    n: usize,
    splat: u8,
) -> Found {
    // SAFETY: the caller's.
    unsafe { masked::<0, CHECK_P, KIND, CHECK>(p, g, n, splat) }
}

/// u16 × a byte mask; `CHECK` sees to the mask.
///
/// # Safety
///
/// `p` is readable for `n` ≤ 2¹⁵ words, `g` for as many bytes.
pub unsafe fn u16_mask<const KIND: u8, const CHECK: bool>(p: *const u16, g: *const u8, n: usize, splat: u8) -> Found {
    // SAFETY: the caller's. SMLAD takes signed words, which are 2¹⁵ below.
    let found = unsafe { masked::<SIGNS, false, KIND, CHECK>(p.cast(), g, n, splat) };
    let signed = |sum: u64| i64::from(sum as u32 as i32);
    let moved = |sum: u64, words: u64| (signed(sum) + (words << 15) as i64) as u64;
    Found { p: moved(found.p, n as u64), pt: moved(found.pt, found.t), ..found }
}

/// Words, less 2¹⁵ where `FLIP` is the signs of two, × a byte mask.
///
/// # Safety
///
/// As [`word_mask`].
#[inline(never)]
unsafe fn masked<const FLIP: u32, const CHECK_P: bool, const KIND: u8, const CHECK: bool>(
    p: *const i16,
    mut g: *const u8,
    n: usize,
    splat: u8,
) -> Found {
    let splat = u32::from(splat) * BYTES;
    let mut at = p.cast::<u8>();
    let [mut sp, mut st, mut spt, mut signs, mut seen] = [0u32; 5];
    let mut four = |(p0, p1): (u32, u32), g: u32| {
        let (p0, p1) = (p0 ^ FLIP, p1 ^ FLIP);
        let ones = match KIND {
            ZERO_ONE => g,
            ZERO_FULL => g & BYTES,
            NON_ZERO => where_at_least(g, BYTES, BYTES),
            _ => where_at_least(0, g ^ splat, BYTES),
        };
        if CHECK {
            seen = orr(if KIND == ZERO_ONE { g } else { g ^ g >> 1 }, seen);
        }
        if CHECK_P {
            signs = orr(p1, orr(p0, signs));
        }
        sp = smlad(p1, WORDS, smlad(p0, WORDS, sp));
        st = usada8(ones, 0, st);
        let half = even(ones);
        spt = smla!("bb", p0, half, spt);
        spt = smla!("bt", p1, half, spt);
        let half = odd(ones);
        spt = smla!("tb", p0, half, spt);
        spt = smla!("tt", p1, half, spt);
    };
    let pad = if KIND == CLASS { !splat } else { 0 };
    // SAFETY: whole fours, then the rest.
    unsafe {
        let end = at.add(n / 4 * 8);
        if at.addr().is_multiple_of(4) {
            let end = at.add(n / 8 * 16);
            while at != end {
                four(pair::<true>(&mut at), word(&mut g, 4, 0));
                four(pair::<true>(&mut at), word(&mut g, 4, 0));
            }
        }
        while at != end {
            four(pair::<false>(&mut at), word(&mut g, 4, 0));
        }
        let rest = n % 4;
        if rest > 0 {
            let low = word(&mut at, 2 * rest.min(2), FLIP);
            let high = word(&mut at, 2 * rest.saturating_sub(2), FLIP);
            four((low, high), word(&mut g, rest, pad));
        }
    }
    let outside = if KIND == ZERO_ONE { !BYTES } else { 0x7F7F_7F7F };
    let (broken, negative) = (seen & outside != 0, signs & SIGNS != 0);
    Found { p: sp.into(), t: st.into(), pt: spt.into(), broken, outside: negative }
}
