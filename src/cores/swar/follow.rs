//! 8-bit codes with their own mask and beside those of the last map, in whose place they are written: one pass for what would
//! be two, and a copy. Two pixels to a word, each in a half word, whose ninth bit says how a comparison went.
//!
//! ```text
//! for each word of four pixels:
//!     p, t = the codes now and before, unsigned; p is written over t
//!     for its bytes 0 and 2, then 1 and 3, in half words:
//!         Σp += p;  Σt += t
//!         x = p + 256 − t, whose ninth bit is set where p ≥ t:  Σ(p − t) += its lower eight bits, there
//!         y = p + 256 − cut, the same of the mask:              Σm += 1, Σpm += p, there
//! ```
//!
//! Σ|p − t| is Σt − Σp + 2·Σ(p − t, where p ≥ t).
//!
//! **Overflow.** A block has at most 128 words, and each adds 255 to a half word twice at most: 65,280 < 2¹⁶. Blocks are added in 32
//! bits, which hold three times 255 of 2²² pixels.

use crate::cores::Followed;

/// Bytes 0 and 2 of a word.
const EVEN: u32 = 0x00FF_00FF;
/// A one in each half word.
const ONES: u32 = 0x0001_0001;
/// Words of a block.
const BLOCK: usize = 128;
const _: () = assert!(BLOCK * 2 * 255 < 1 << 16);
const _: () = assert!(super::super::BYTES as u64 * 3 * 255 < 1 << 32);

/// Sums of a run, or two half words of each.
#[derive(Clone, Copy, Default)]
struct Sums {
    p: u32,
    last: u32,
    /// Σ(p − t) where p ≥ t.
    above: u32,
    t: u32,
    pt: u32,
}

impl Sums {
    /// With both half words of a block.
    fn gather(&mut self, block: Self) {
        let both = |sum: u32| (sum & 0xFFFF) + (sum >> 16);
        self.p += both(block.p);
        self.last += both(block.last);
        self.above += both(block.above);
        self.t += both(block.t);
        self.pt += both(block.pt);
    }
}

/// u8, or i8 with `SIGNED` as q + 128; foreground from `cut` on (from 0: all of it).
///
/// # Safety
///
/// `p` is readable, and `t` readable and writable, for `n` ≤ 2²² bytes, whose sums then fit 32 bits.
#[inline(never)]
pub unsafe fn follow<const SIGNED: bool>(mut p: *const u8, mut t: *mut u8, n: usize, cut: u8) -> Followed {
    let (mut sums, mut left) = (Sums::default(), n);
    // SAFETY: single pixels up to a word, blocks of whole words, single pixels, which are n together.
    unsafe {
        // Some of these cores fault on a word at an odd address, so words need both buffers aligned alike.
        if (p.addr() ^ t.addr()).is_multiple_of(4) {
            let head = p.align_offset(4).min(n);
            single::<SIGNED>(&mut sums, &mut p, &mut t, head, cut);
            left -= head;
            while left >= TURN {
                let bytes = (left & !(TURN - 1)).min(4 * BLOCK);
                sums.gather(block::<SIGNED>(p, t, bytes, cut));
                (p, t, left) = (p.add(bytes), t.add(bytes), left - bytes);
            }
        }
        single::<SIGNED>(&mut sums, &mut p, &mut t, left, cut);
    }
    let Sums { p, last, above, t, pt } = sums;
    Followed { p, last, changed: last + 2 * above - p, t, pt }
}

/// Adds pixel by pixel.
///
/// # Safety
///
/// As [`follow`], of `n` pixels.
#[inline(never)]
unsafe fn single<const SIGNED: bool>(sums: &mut Sums, p: &mut *const u8, t: &mut *mut u8, n: usize, cut: u8) {
    let flip = if SIGNED { 0x80 } else { 0 };
    for _ in 0..n {
        // SAFETY: the caller's n.
        let (now, before) = unsafe {
            let both = (u32::from(**p ^ flip), u32::from(**t ^ flip));
            **t = **p;
            (*p, *t) = (p.add(1), t.add(1));
            both
        };
        sums.p += now;
        sums.last += before;
        sums.above += now.saturating_sub(before);
        if now >= u32::from(cut) {
            (sums.t, sums.pt) = (sums.t + 1, sums.pt + now);
        }
    }
}

/// 256 − cut in each half word.
#[inline(always)]
const fn reach(cut: u8) -> u32 {
    (256 - cut as u32) * ONES
}

/// Bytes of a turn of the loop.
const TURN: usize = if cfg!(all(soft_dice_lanes = "thumb1", not(soft_dice_lanes = "small"))) { 8 } else { 4 };

/// The half words of a block.
///
/// # Safety
///
/// As [`follow`], of at most 4 · [`BLOCK`] bytes, whole turns and one at least, aligned to 4.
#[cfg(not(soft_dice_lanes = "thumb1"))]
#[inline(always)]
unsafe fn block<const SIGNED: bool>(mut p: *const u8, mut t: *mut u8, bytes: usize, cut: u8) -> Sums {
    let flip = if SIGNED { 0x8080_8080 } else { 0 };
    let (mut sums, reach, end) = (Sums::default(), reach(cut), p.wrapping_add(bytes));
    while p != end {
        // SAFETY: the caller's.
        let (now, before) = unsafe {
            let both = (p.cast::<u32>().read(), t.cast::<u32>().read());
            t.cast::<u32>().write(both.0);
            (p, t) = (p.add(4), t.add(4));
            (both.0 ^ flip, both.1 ^ flip)
        };
        let mut half = |p: u32, t: u32| {
            let apart = p + (ONES << 8) - t;
            let (more, one) = (apart >> 8 & ONES, (p + reach) >> 8 & ONES);
            sums.p += p;
            sums.last += t;
            sums.above += apart & (more << 8).wrapping_sub(more);
            sums.t += one;
            sums.pt += p & (one << 8).wrapping_sub(one);
        };
        half(now & EVEN, before & EVEN);
        half(now >> 8 & EVEN, before >> 8 & EVEN);
    }
    sums
}

/// The same. The compiler keeps to the low registers of this core and spills; an ADD reaches the high ones, so the sums live
/// there. These are 52 instructions for four signed pixels.
///
/// # Safety
///
/// As there.
#[cfg(soft_dice_lanes = "thumb1")]
#[inline(always)]
unsafe fn block<const SIGNED: bool>(p: *const u8, t: *mut u8, bytes: usize, cut: u8) -> Sums {
    let (sp, last, above, st, spt): (u32, u32, u32, u32, u32);
    /// Codes now in a register, codes before that are a second one's lower bytes once it was prepared; r3 and r7 are free.
    macro_rules! half {
        ($p:literal, $before:literal) => {
            concat!(
                // y, and what is under the mask.
                "ldr r7, [sp, #4]\nadds r7, r7, ",
                $p,
                "\nlsrs r7, r7, #8\nands r7, r2\nadd r11, r7\n",
                "lsls r3, r7, #8\nsubs r3, r3, r7\nands r3, ",
                $p,
                "\nadd r12, r3\n",
                "add r8, ",
                $p,
                "\n",
                $before,
                "ands r7, r2\nadd r9, r7\n",
                // x, and what is above.
                "subs ",
                $p,
                ", ",
                $p,
                ", r7\nadd ",
                $p,
                ", lr\nlsrs r7, ",
                $p,
                ", #8\nands r7, r2\n",
                "lsls r3, r7, #8\nsubs r3, r3, r7\nands r3, ",
                $p,
                "\nadd r10, r3\n"
            )
        };
    }
    macro_rules! word {
        ($at:literal, $flip:literal) => {
            concat!(
                "ldr r4, [r0, #",
                $at,
                "]\nldr r5, [r1, #",
                $at,
                "]\nstr r4, [r1, #",
                $at,
                "]\n",
                $flip,
                "movs r6, r4\nands r6, r2\n",
                half!("r6", "movs r7, r5\n"),
                "lsrs r4, r4, #8\nands r4, r2\n",
                half!("r4", "lsrs r7, r5, #8\n")
            )
        };
    }
    macro_rules! run {
        ($turn:expr, $bytes:literal) => {
            core::arch::asm!(
                // The bits of signed bytes, 256 − cut, and the end.
                "push {{r3, r4, r5, r6, r7}}",
                "movs r3, #0",
                "mov r8, r3", "mov r9, r3", "mov r10, r3", "mov r11, r3", "mov r12, r3",
                // 256 in each half word.
                "movs r3, #1", "lsls r4, r3, #24", "lsls r3, r3, #8", "orrs r3, r4", "mov lr, r3",
                "2:",
                $turn,
                concat!("adds r0, #", $bytes), concat!("adds r1, #", $bytes),
                "ldr r3, [sp, #8]",
                "cmp r0, r3",
                "bne 2b",
                "add sp, #12",
                "pop {{r6, r7}}",
                "mov r0, r8", "mov r1, r9", "mov r2, r10", "mov r3, r11", "mov r4, r12",
                inout("r0") p => sp, inout("r1") t => last, inout("r2") EVEN => above, inout("r3") 0x8080_8080u32 => st,
                inout("r4") reach(cut) => spt, inout("r5") p.wrapping_add(bytes) => _,
                out("r8") _, out("r9") _, out("r10") _, out("r11") _, out("r12") _, out("lr") _,
            )
        };
    }
    macro_rules! turn {
        ($flip:literal) => {
            // Two words: a branch goes no further back.
            concat!(word!("0", $flip), word!("4", $flip))
        };
    }
    // SAFETY: the caller's; what was pushed is popped, and the values of r6 and r7 are put back.
    unsafe {
        #[cfg(not(soft_dice_lanes = "small"))]
        if SIGNED {
            run!(turn!("ldr r6, [sp]\neors r4, r6\neors r5, r6\n"), "8");
        } else {
            run!(turn!(""), "8");
        }
        // One loop for either where text is short.
        #[cfg(soft_dice_lanes = "small")]
        if SIGNED {
            run!(word!("0", "ldr r6, [sp]\neors r4, r6\neors r5, r6\n"), "4");
        } else {
            run!(word!("0", ""), "4");
        }
    }
    Sums { p: sp, last, above, t: st, pt: spt }
}
