//! Four bytes to a plain word: Cortex-M0+, M3, RISC-V.
//!
//! With words w = even + 256·odd (bytes 0, 2 and 1, 3 in half words), Σw and Σodd are added, and Σeven = Σw − 256·Σodd
//! modulo 2³², since no half word of it overflows: one AND a word less.

mod follow;
// A host has lanes of its own for these, also where it tests the other loops.
#[cfg(any(not(soft_dice_lanes = "vector"), test))]
mod planes;

pub use follow::follow as follow_bytes;
#[cfg(not(soft_dice_lanes = "vector"))]
pub(crate) use planes::planes_won;

use super::{AtLeast, CLASS, Found, Moments, NON_ZERO, ZERO_FULL, ZERO_ONE, single};

const EVEN: u32 = 0x00FF_00FF;
const BYTES: u32 = 0x0101_0101;

/// Sums of a run, each at most 255 · 2²².
#[derive(Clone, Copy, Default)]
struct Sums {
    p: u32,
    t: u32,
    pt: u32,
    seen: u32,
}

/// u8, or i8 with `FLIP` = 0x8080_8080, × a byte mask.
///
/// # Safety
///
/// `p` and `g` are readable for `n` ≤ 2²² bytes, whose sums then fit 32 bits.
pub unsafe fn byte_mask<const FLIP: u32, const KIND: u8, const CHECK: bool>(
    mut p: *const u8,
    mut g: *const u8,
    n: usize,
    splat: u8,
) -> Found<u32> {
    let splat = u32::from(splat) * BYTES;
    let (mut sums, mut left) = (Sums::default(), n);
    // SAFETY: head ≤ n, blocks of whole words within n, the rest.
    unsafe {
        // Some of these cores fault on a word at an odd address, so words need both buffers aligned alike.
        if (p.addr() ^ g.addr()).is_multiple_of(4) {
            let head = p.align_offset(4).min(n);
            single::<FLIP, KIND, CHECK>(&mut sums, &mut p, &mut g, head, splat);
            left -= head;
            while left >= 16 {
                // Half words hold 257 · 255, bytes 255 ones: 252 words.
                let turns = (left / 16).min(63);
                words::<FLIP, KIND, CHECK>(&mut sums, &mut p, &mut g, turns, splat);
                left -= turns * 16;
            }
        }
        single::<FLIP, KIND, CHECK>(&mut sums, &mut p, &mut g, left, splat);
    }
    let outside = if KIND == ZERO_ONE { !BYTES } else { 0x7F7F_7F7F };
    let Sums { p, t, pt, seen } = sums;
    Found { p, t, pt, broken: CHECK && seen & outside != 0, outside: false }
}

/// 0 or 1 for each byte of a mask.
#[inline(always)]
fn ones<const KIND: u8>(g: u32, splat: u32) -> u32 {
    match KIND {
        ZERO_ONE => g,
        ZERO_FULL => g & BYTES,
        NON_ZERO => not_zero(g),
        _ => BYTES ^ not_zero(g ^ splat),
    }
}

/// The lower seven bits carry into the eighth where they are not 0.
#[inline(always)]
pub(super) fn not_zero(g: u32) -> u32 {
    (((g & 0x7F7F_7F7F) + 0x7F7F_7F7F) | g) >> 7 & BYTES
}

/// Not where a word is put together from bytes.
pub(super) const AT_LEAST: AtLeast = if cfg!(soft_dice_lanes = "thumb1") { None } else { Some(at_least) };

/// 1 in the bytes where a ≥ b, else 0.
#[inline(always)]
pub(super) fn at_least(a: u32, b: u32) -> u32 {
    const HIGH: u32 = 0x80 * BYTES;
    // The high bits decide where they differ, else what taking the lower seven off leaves of one.
    let lower = (a | HIGH) - (b & !HIGH);
    ((a & !b) | (lower & !(a ^ b))) >> 7 & BYTES
}

/// Sums of the bytes of words: Σw of whole words, and Σ of their odd bytes. Half words hold 257 · 255: at most 252 words.
#[derive(Clone, Copy, Default)]
struct Bytes {
    all: u32,
    odd: u32,
}

impl Bytes {
    #[inline(always)]
    fn add(&mut self, word: u32) {
        (self.all, self.odd) = (self.all.wrapping_add(word), self.odd.wrapping_add(word >> 8 & EVEN));
    }

    #[inline(always)]
    fn sum(self) -> u32 {
        let halves = |sum: u32| (sum & 0xFFFF) + (sum >> 16);
        halves(self.all.wrapping_sub(self.odd << 8)) + halves(self.odd)
    }
}

/// Words of a block whose bytes [`Bytes`] holds.
const BLOCK: usize = 252;
const _: () = assert!(BLOCK as u64 * 257 * 255 < 1 << 24 && BLOCK * 255 < 1 << 16);

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
    let mut sums = Moments::default();
    let mut add = |p: u32, t: u32, min: u32| (sums.p, sums.t, sums.min) = (sums.p + p, sums.t + t, sums.min + min);
    let mut left = n;
    // SAFETY: single pixels up to a word, blocks of whole words, single pixels, which are n together.
    unsafe {
        let mut singles = |p: &mut *const u8, t: &mut *const u8, n: usize| {
            let found = single::byte_moments::<FLIP_P, FLIP_T, false, true>(*p, *t, n);
            add(found.p, found.t, found.min);
            (*p, *t) = (p.add(n), t.add(n));
        };
        // Some of these cores fault on a word at an odd address, so words need both buffers aligned alike.
        if (p.addr() ^ t.addr()).is_multiple_of(4) {
            let head = p.align_offset(4).min(n);
            singles(&mut p, &mut t, head);
            left -= head;
            while left >= 4 {
                let words = (left / 4).min(BLOCK);
                let (mut sp, mut st, mut least) = (Bytes::default(), Bytes::default(), Bytes::default());
                let end = p.add(4 * words);
                while p != end {
                    let (a, b) = (p.cast::<u32>().read() ^ FLIP_P, t.cast::<u32>().read() ^ FLIP_T);
                    let ones = at_least(a, b);
                    let more = (ones << 8).wrapping_sub(ones);
                    sp.add(a);
                    st.add(b);
                    least.add(a ^ (a ^ b) & more);
                    (p, t) = (p.add(4), t.add(4));
                }
                add(sp.sum(), st.sum(), least.sum());
                left -= 4 * words;
            }
        }
        let mut singles = |n: usize| {
            let found = single::byte_moments::<FLIP_P, FLIP_T, false, true>(p, t, n);
            add(found.p, found.t, found.min);
        };
        singles(left);
    }
    sums
}

/// u8 or i8 × its own mask from code `cut` on (1 to 255).
///
/// # Safety
///
/// `p` is readable for `n` ≤ 2²² bytes, whose sums then fit 32 bits.
#[inline(never)]
pub unsafe fn byte_own<const FLIP: u32>(mut p: *const u8, n: usize, cut: u8) -> Found<u32> {
    let splat = u32::from(cut) * BYTES;
    // SAFETY: single pixels up to a word, blocks of whole words, single pixels, which are n together.
    unsafe {
        let head = p.align_offset(4).min(n);
        let mut sums = single::byte_own::<FLIP>(p, head, cut);
        p = p.add(head);
        let mut left = n - head;
        while left >= 4 {
            let words = (left / 4).min(BLOCK);
            let (mut sp, mut spt, mut ones) = (Bytes::default(), Bytes::default(), 0u32);
            let end = p.add(4 * words);
            while p != end {
                let code = p.cast::<u32>().read() ^ FLIP;
                let one = at_least(code, splat);
                sp.add(code);
                spt.add(code & (one << 8).wrapping_sub(one));
                // At most 252 ones to a byte.
                ones += one;
                p = p.add(4);
            }
            let pairs = (ones & EVEN) + (ones >> 8 & EVEN);
            (sums.p, sums.pt) = (sums.p + sp.sum(), sums.pt + spt.sum());
            sums.t += (pairs & 0xFFFF) + (pairs >> 16);
            left -= 4 * words;
        }
        let rest = single::byte_own::<FLIP>(p, left, cut);
        Found { p: sums.p + rest.p, t: sums.t + rest.t, pt: sums.pt + rest.pt, ..sums }
    }
}

/// u8 or i8 that are decided to be 1 from code `cut` on (1 to 255), × a byte mask: how many are, of how many of the mask, and how many
/// of those are.
///
/// # Safety
///
/// `p` and `g` are readable for `n` ≤ 2²² bytes.
#[cfg(not(soft_dice_lanes = "thumb1"))]
#[inline(never)]
pub unsafe fn byte_decided<const FLIP: u32, const KIND: u8, const CHECK: bool>(
    mut p: *const u8,
    mut g: *const u8,
    n: usize,
    splat: u8,
    cut: u8,
) -> Found<u32> {
    let (least, splat) = (u32::from(cut) * BYTES, u32::from(splat) * BYTES);
    let (mut sums, mut left) = (Sums::default(), n);
    let count = |ones: u32| {
        let pairs = (ones & EVEN) + (ones >> 8 & EVEN);
        (pairs & 0xFFFF) + (pairs >> 16)
    };
    // A pixel at a time: the lowest byte of a word, and of the others nothing.
    let few = |sums: &mut Sums, p: *const u8, g: *const u8, n: usize| {
        for at in 0..n {
            // SAFETY: the caller's n.
            let (a, b) = unsafe { (u32::from(*p.add(at) ^ FLIP as u8), u32::from(*g.add(at))) };
            let (one, kept) = (u32::from(a >= u32::from(cut)), ones::<KIND>(b, splat) & 1);
            if CHECK {
                sums.seen |= odd::<KIND>(b);
            }
            (sums.p, sums.t, sums.pt) = (sums.p + one, sums.t + kept, sums.pt + (one & kept));
        }
    };
    // SAFETY: single pixels up to a word, blocks of whole words, single pixels, which are n together.
    unsafe {
        // Some of these cores fault on a word at an odd address, so words need both buffers aligned alike.
        if (p.addr() ^ g.addr()).is_multiple_of(4) {
            let head = p.align_offset(4).min(n);
            few(&mut sums, p, g, head);
            (p, g, left) = (p.add(head), g.add(head), left - head);
            while left >= 4 {
                // At most 252 ones to a byte.
                let words = (left / 4).min(BLOCK);
                let [mut of_p, mut of_t, mut of_both] = [0u32; 3];
                let end = p.add(4 * words);
                while p != end {
                    let (code, mark) = (p.cast::<u32>().read() ^ FLIP, g.cast::<u32>().read());
                    let (one, kept) = (at_least(code, least), ones::<KIND>(mark, splat));
                    if CHECK {
                        sums.seen |= odd::<KIND>(mark);
                    }
                    // Wrapping: of a broken mask the sums mean nothing.
                    of_p = of_p.wrapping_add(one);
                    of_t = of_t.wrapping_add(kept);
                    of_both = of_both.wrapping_add(one & kept);
                    (p, g) = (p.add(4), g.add(4));
                }
                sums.p += count(of_p);
                sums.t += count(of_t);
                sums.pt += count(of_both);
                left -= 4 * words;
            }
        }
        few(&mut sums, p, g, left);
    }
    let outside = if KIND == ZERO_ONE { !BYTES } else { 0x7F7F_7F7F };
    let Sums { p, t, pt, seen } = sums;
    Found { p, t, pt, broken: CHECK && seen & outside != 0, outside: false }
}

/// What a check of the declaration wants to see: bits other than the lowest, or bits unlike their neighbours.
#[inline(always)]
fn odd<const KIND: u8>(g: u32) -> u32 {
    if KIND == ZERO_ONE { g } else { g ^ g >> 1 }
}

/// Packed sums of a block: Σp, odd bytes of p, ones of the mask, and the same of p under the mask.
type Packed = [u32; 5];

/// # Safety
///
/// `turns` · 16 bytes of each are readable and aligned to 4; turns is 1 to 63.
#[inline(always)]
unsafe fn words<const FLIP: u32, const KIND: u8, const CHECK: bool>(
    sums: &mut Sums,
    p: &mut *const u8,
    g: &mut *const u8,
    turns: usize,
    splat: u32,
) {
    // SAFETY: the caller's.
    let [all_p, odd_p, sg, all_pg, odd_pg] = unsafe { packed::<FLIP, KIND, CHECK>(p, g, turns, splat, &mut sums.seen) };
    let halves = |sum: u32| (sum & 0xFFFF) + (sum >> 16);
    let bytes = |all: u32, odd: u32| halves(all.wrapping_sub(odd << 8)) + halves(odd);
    // Wrapping: of a broken mask the sums mean nothing.
    sums.p = sums.p.wrapping_add(bytes(all_p, odd_p));
    sums.t = sums.t.wrapping_add(halves((sg & EVEN) + (sg >> 8 & EVEN)));
    sums.pt = sums.pt.wrapping_add(bytes(all_pg, odd_pg));
}

#[inline(always)]
unsafe fn packed<const FLIP: u32, const KIND: u8, const CHECK: bool>(
    p: &mut *const u8,
    g: &mut *const u8,
    turns: usize,
    splat: u32,
    seen: &mut u32,
) -> Packed {
    #[cfg(soft_dice_lanes = "thumb1")]
    if FLIP == 0 && KIND == ZERO_ONE {
        // SAFETY: the caller's.
        return unsafe { thumb1::<CHECK>(p, g, turns, seen) };
    }
    let (mut at, mut gt) = (p.cast::<[u32; 4]>(), g.cast::<[u32; 4]>());
    let end = at.wrapping_add(turns);
    let [mut all_p, mut odd_p, mut sg, mut all_pg, mut odd_pg] = [0u32; 5];
    while at != end {
        // SAFETY: turns · 16 bytes are readable and aligned.
        let (a, b) = unsafe { (*at, *gt) };
        (at, gt) = (at.wrapping_add(1), gt.wrapping_add(1));
        let mut four = |a: u32, g: u32| {
            let (a, ones) = (a ^ FLIP, ones::<KIND>(g, splat));
            if CHECK {
                *seen |= odd::<KIND>(g);
            }
            // 0/1 to 0x00/0xFF.
            let both = a & (ones << 8).wrapping_sub(ones);
            all_p = all_p.wrapping_add(a);
            odd_p = odd_p.wrapping_add(a >> 8 & EVEN);
            sg = sg.wrapping_add(ones);
            all_pg = all_pg.wrapping_add(both);
            odd_pg = odd_pg.wrapping_add(both >> 8 & EVEN);
        };
        four(a[0], b[0]);
        four(a[1], b[1]);
        four(a[2], b[2]);
        four(a[3], b[3]);
    }
    (*p, *g) = (at.cast(), gt.cast());
    [all_p, odd_p, sg, all_pg, odd_pg]
}

/// u8 × {0, 1}. The compiler keeps to the low registers of this core and spills; an ADD reaches the high ones, so the
/// sums live there.
#[cfg(soft_dice_lanes = "thumb1")]
#[inline(always)]
unsafe fn thumb1<const CHECK: bool>(p: &mut *const u8, g: &mut *const u8, turns: usize, seen: &mut u32) -> Packed {
    let end = p.wrapping_add(turns * 16);
    let after = g.wrapping_add(turns * 16);
    let (all_p, odd_p, sg, all_pg, odd_pg, saw): (u32, u32, u32, u32, u32, u32);
    macro_rules! four {
        ($check:literal) => {
            concat!(
                "ldmia {p}!, {{r0}}\nldmia {g}!, {{r1}}\n",
                $check,
                "lsls r2, r1, #8\nsubs r2, r2, r1\nands r2, r0\nadd r8, r0\nlsrs r0, r0, #8\nands r0, {even}\n",
                "add r9, r0\nadd r10, r1\nadd r11, r2\nlsrs r2, r2, #8\nands r2, {even}\nadd r12, r2\n"
            )
        };
    }
    macro_rules! run {
        ($check:literal) => {
            core::arch::asm!(
                "mov lr, r0",
                "movs r0, #0", "movs r3, #0",
                "mov r8, r0", "mov r9, r0", "mov r10, r0", "mov r11, r0", "mov r12, r0",
                "2:",
                four!($check), four!($check), four!($check), four!($check),
                "cmp {p}, lr",
                "bne 2b",
                "mov {g}, r3",
                "mov r0, r8", "mov r1, r9", "mov r2, r10", "mov {even}, r11", "mov r3, r12",
                p = inout(reg) *p, g = inout(reg) *g => saw, even = inout(reg) EVEN => all_pg,
                inout("r0") end => all_p, out("r1") odd_p, out("r2") sg, out("r3") odd_pg,
                out("r8") _, out("r9") _, out("r10") _, out("r11") _, out("r12") _, out("lr") _,
                options(readonly, nostack)
            )
        };
    }
    // SAFETY: turns · 16 bytes of each are readable and aligned; turns is not 0.
    unsafe {
        if CHECK {
            run!("orrs r3, r1\n");
        } else {
            run!("");
        }
    }
    *seen |= saw;
    *g = after;
    [all_p, odd_p, sg, all_pg, odd_pg]
}

#[inline(never)]
unsafe fn single<const FLIP: u32, const KIND: u8, const CHECK: bool>(
    sums: &mut Sums,
    p: &mut *const u8,
    g: &mut *const u8,
    n: usize,
    splat: u32,
) {
    let end = p.wrapping_add(n);
    let Sums { p: mut sp, t: mut st, pt: mut spt, mut seen } = *sums;
    while *p != end {
        // SAFETY: the caller's n.
        let (a, b) = unsafe { (u32::from(**p ^ FLIP as u8), u32::from(**g)) };
        let one = match KIND {
            ZERO_ONE | ZERO_FULL => b & 1,
            NON_ZERO => u32::from(b != 0),
            CLASS => u32::from(b == splat & 0xFF),
            _ => 0,
        };
        if CHECK {
            seen |= odd::<KIND>(b);
        }
        sp = sp.wrapping_add(a);
        st = st.wrapping_add(one);
        spt = spt.wrapping_add(a & 0u32.wrapping_sub(one));
        (*p, *g) = (p.wrapping_add(1), g.wrapping_add(1));
    }
    *sums = Sums { p: sp, t: st, pt: spt, seen };
}

#[cfg(all(test, not(soft_dice_lanes = "thumb1")))]
mod tests {
    use super::*;
    use std::vec::Vec;

    fn check<const FLIP: u32, const KIND: u8, const CHECK: bool>(values: &[u8], one: impl Fn(u8) -> bool) {
        // Blocks of words that are full, and all places in a word on either side.
        for (n, from, mask_from) in [(0, 0, 0), (3, 1, 1), (9, 3, 3), (64, 0, 1), (1021, 2, 2), (4 * BLOCK + 9, 1, 1)] {
            let p: Vec<u8> = (0..n + from).map(|i| (i * 7919 % 263) as u8).collect();
            let mut g: Vec<u8> = (0..n + mask_from).map(|i| values[i * i % 7 % values.len()]).collect();
            for cut in [1, 2, 127, 128, 129, 255] {
                let pairs = || p[from..].iter().map(|byte| byte ^ FLIP as u8).zip(&g[mask_from..]);
                let p_sum = pairs().filter(|&(code, _)| code >= cut).count() as u32;
                let t_sum = pairs().filter(|&(_, &mark)| one(mark)).count() as u32;
                let both = pairs().filter(|&(code, &mark)| code >= cut && one(mark)).count() as u32;
                // SAFETY: n bytes of either.
                let found = unsafe {
                    byte_decided::<FLIP, KIND, CHECK>(p[from..].as_ptr(), g[mask_from..].as_ptr(), n, 3, cut)
                };
                assert_eq!([found.p, found.t, found.pt], [p_sum, t_sum, both], "{n} from {from}, cut at {cut}");
                assert!(!found.broken);
            }
            if CHECK && n > 0 {
                for at in [0, n / 2, n - 1] {
                    let kept = core::mem::replace(&mut g[mask_from + at], 6);
                    // SAFETY: n bytes of either.
                    let found = unsafe {
                        byte_decided::<FLIP, KIND, CHECK>(p[from..].as_ptr(), g[mask_from..].as_ptr(), n, 3, 9)
                    };
                    assert!(found.broken, "{at} of {n}");
                    g[mask_from + at] = kept;
                }
            }
        }
    }

    #[test]
    fn what_is_decided_is_counted() {
        check::<0, NON_ZERO, false>(&[0, 1, 128, 255], |mark| mark != 0);
        check::<0x8080_8080, ZERO_ONE, true>(&[0, 1], |mark| mark == 1);
        check::<0x8080_8080, ZERO_FULL, true>(&[0, 255], |mark| mark != 0);
        check::<0, ZERO_FULL, false>(&[0, 255], |mark| mark != 0);
        check::<0, CLASS, false>(&[0, 3, 131, 2], |mark| mark == 3);
    }
}
