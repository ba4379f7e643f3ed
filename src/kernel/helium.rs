//! Loops for Cortex-M55 and its like (MVE): 16 bytes to a register. Needs `-C target-cpu=cortex-m55`.
//!
//! Whole turns run under DLS/LE, the rest under WLSTP/LETP, which switches off the lanes past the end: no scalar tail.
//! The reductions want even registers, so the sums live in r0, r2, r4, r8. Loads and reductions alternate, since the core
//! overlaps them.

use super::run::{CLASS, Found, NON_ZERO, ZERO_FULL, ZERO_ONE};
use core::arch::asm;

/// 16 bytes of each; `$ones` makes those of the mask 0 or 1, and looks at them.
macro_rules! bytes {
    ($p:literal, $ones:literal) => {
        concat!(
            "vldrb.u8 q0, [{p}], #16\nvaddva.",
            $p,
            " r0, q0\nvldrb.u8 q1, [{g}], #16\n",
            $ones,
            "vmladava.",
            $p,
            " r4, q0, q1\nvaddva.u8 r2, q1\n"
        )
    };
}

/// u8, or with `I8` q + 128, × a byte mask.
///
/// # Safety
///
/// `p` and `g` are readable for `n` ≤ 2²² bytes, whose sums then fit 32 bits.
pub unsafe fn byte_mask<const I8: bool, const KIND: u8, const CHECK: bool>(
    p: *const u8,
    g: *const u8,
    n: usize,
    class: u8,
) -> Found<u32> {
    let [mut sp, mut sg, mut spg, mut most] = [0u32; 4];
    macro_rules! run {
        ($p:literal, $ones:literal) => {
            asm!(
                "vmov.i8 q2, #1",
                "vdup.8 q3, {class}",
                "lsrs {turns}, {n}, #6",
                "beq 3f",
                "dls lr, {turns}",
                "2:",
                bytes!($p, $ones), bytes!($p, $ones), bytes!($p, $ones), bytes!($p, $ones),
                "le lr, 2b",
                "3:",
                "ands {turns}, {n}, #63",
                "wlstp.8 lr, {turns}, 5f",
                "4:",
                bytes!($p, $ones),
                "letp lr, 4b",
                "5:",
                p = inout(reg) p => _, g = inout(reg) g => _, n = in(reg) n, turns = out(reg) _,
                class = in(reg) u32::from(class),
                inout("r0") sp, inout("r2") sg, inout("r4") spg, inout("r8") most, out("lr") _,
                out("d0") _, out("d1") _, out("d2") _, out("d3") _, out("d4") _, out("d5") _, out("d6") _, out("d7") _,
                options(readonly, nostack)
            )
        };
    }
    macro_rules! signed {
        ($ones:literal) => {
            if I8 { run!("s8", $ones) } else { run!("u8", $ones) }
        };
    }
    // SAFETY: n bytes of each are readable; the loads move both pointers to their ends or beyond by whole vectors.
    unsafe {
        match KIND {
            ZERO_ONE if CHECK => signed!("vmaxv.u8 r8, q1\n"),
            ZERO_ONE => signed!(""),
            // 255 + 1 is 0, 0 + 1 is 1.
            ZERO_FULL if CHECK => signed!("vadd.i8 q3, q1, q2\nvshr.u8 q1, q1, #7\nvmaxv.u8 r8, q3\n"),
            ZERO_FULL => signed!("vshr.u8 q1, q1, #7\n"),
            NON_ZERO => signed!("vmin.u8 q1, q1, q2\n"),
            // All but the class.
            _ => signed!("veor q1, q1, q3\nvmin.u8 q1, q1, q2\n"),
        }
    }
    if I8 {
        // Signed sums, moved by 128 a pixel.
        sp = sp.wrapping_add(128 * n as u32);
        spg = spg.wrapping_add(sg.wrapping_mul(128));
    }
    if KIND == CLASS {
        (sg, spg) = (n as u32 - sg, sp.wrapping_sub(spg));
    }
    Found { p: sp, t: sg, pt: spg, broken: CHECK && most > 1, outside: false }
}

macro_rules! words {
    ($check:literal) => {
        concat!(
            "vldrh.u16 q0, [{p}], #16\nvaddva.s16 r0, q0\nvldrh.u16 q1, [{t}], #16\n",
            "vmlaldava.s16 r4, r5, q0, q1\nvaddva.s16 r2, q1\n",
            $check
        )
    };
}

/// Q15 × Q15; under `CHECK` a negative word is refused.
///
/// # Safety
///
/// `p` and `t` are readable for `n` ≤ 2¹⁵ words, whose sums then fit 32 bits.
pub unsafe fn word_word<const CHECK: bool>(p: *const i16, t: *const i16, n: usize) -> Found {
    let [mut sp, mut st, mut low, mut high] = [0u32; 4];
    let mut least = 0x7FFFu32;
    macro_rules! run {
        ($words:expr) => {
            asm!(
                "lsrs {turns}, {n}, #5",
                "beq 3f",
                "dls lr, {turns}",
                "2:",
                $words, $words, $words, $words,
                "le lr, 2b",
                "3:",
                "ands {turns}, {n}, #31",
                "wlstp.16 lr, {turns}, 5f",
                "4:",
                $words,
                "letp lr, 4b",
                "5:",
                p = inout(reg) p => _, t = inout(reg) t => _, n = in(reg) n, turns = out(reg) _,
                inout("r0") sp, inout("r2") st, inout("r4") low, inout("r5") high, inout("r8") least, out("lr") _,
                out("d0") _, out("d1") _, out("d2") _, out("d3") _,
                options(readonly, nostack)
            )
        };
    }
    // SAFETY: n words of each are readable.
    unsafe {
        if CHECK {
            run!(words!("vminv.s16 r8, q0\nvminv.s16 r8, q1\n"));
        } else {
            run!(words!(""));
        }
    }
    let pt = u64::from(high) << 32 | u64::from(low);
    Found { p: sp.into(), t: st.into(), pt, broken: false, outside: CHECK && (least as i32) < 0 }
}

const ONE: u32 = 0x3F80_0000;
/// Pixels of a block: below 512, so that codes fit 32 bits.
pub const BLOCK: usize = 496;

/// Four pixels. `$ones` makes the mask's words 0 or 1.
macro_rules! masked {
    ($check:literal, $ones:literal) => {
        concat!(
            "vldrw.u32 q0, [{p}], #16\n",
            $check,
            "vldrb.u32 q1, [r3], #4\nvadd.f32 q0, q0, q3\n",
            $ones,
            "vmladava.u32 r4, q0, q1\nvaddva.u32 r0, q0\n"
        )
    };
}

/// f32 × a byte mask, {0, 1} or non-zero, up to the first block with a value outside [0, 1]: the sums, and how many pixels
/// they are of.
///
/// # Safety
///
/// `p` is readable for `n` floats, `g` for `n` bytes.
pub unsafe fn float_mask<const CHECK_P: bool, const KIND: u8, const CHECK: bool>(
    p: *const f32,
    g: *const u8,
    n: usize,
) -> (Found, usize) {
    let mut sums = [0u64; 3];
    let [mut most, mut seen] = [0u32; 2];
    let mut at = 0;
    while at < n {
        let block = (n - at).min(BLOCK);
        let [mut sp, mut sg, mut spg] = [0u32; 3];
        macro_rules! run {
            ($check:literal, $bytes:literal, $ones:literal, $seen:literal) => {
                asm!(
                    "vdup.32 q3, {one}",
                    "vmov.i32 q4, #1",
                    "vmov.i8 q5, #1",
                    "lsrs {turns}, {n}, #4",
                    "beq 3f",
                    "dls lr, {turns}",
                    "2:",
                    "vldrb.u8 q2, [r3]",
                    masked!($check, $ones), $bytes, masked!($check, $ones), masked!($check, $ones), masked!($check, $ones),
                    "le lr, 2b",
                    "3:",
                    "ands {turns}, {n}, #15",
                    "wlstp.32 lr, {turns}, 5f",
                    "4:",
                    masked!($check, $ones), "vaddva.u32 r2, q1", $seen,
                    "letp lr, 4b",
                    "5:",
                    p = inout(reg) p.add(at) => _, inout("r3") g.add(at) => _, n = in(reg) block, turns = out(reg) _,
                    one = in(reg) ONE, inout("r0") sp, inout("r2") sg, inout("r4") spg, inout("r8") most,
                    inout("r10") seen, out("lr") _,
                    out("d0") _, out("d1") _, out("d2") _, out("d3") _, out("d4") _, out("d5") _, out("d6") _,
                    out("d7") _, out("d8") _, out("d9") _, out("d10") _, out("d11") _,
                    options(readonly, nostack)
                )
            };
        }
        // SAFETY: at + block ≤ n; Σg takes 16 bytes at a time, within the block by whole turns.
        unsafe {
            match (CHECK_P, KIND, CHECK) {
                (true, ZERO_ONE, true) => {
                    run!("vmaxv.u32 r8, q0\n", "vaddva.u8 r2, q2\nvmaxv.u8 r10, q2", "", "vmaxv.u32 r10, q1")
                }
                (true, ZERO_ONE, false) => run!("vmaxv.u32 r8, q0\n", "vaddva.u8 r2, q2", "", ""),
                (false, ZERO_ONE, true) => run!("", "vaddva.u8 r2, q2\nvmaxv.u8 r10, q2", "", "vmaxv.u32 r10, q1"),
                (false, ZERO_ONE, false) => run!("", "vaddva.u8 r2, q2", "", ""),
                (true, ..) => {
                    run!("vmaxv.u32 r8, q0\n", "vmin.u8 q2, q2, q5\nvaddva.u8 r2, q2", "vmin.u32 q1, q1, q4\n", "")
                }
                (false, ..) => run!("", "vmin.u8 q2, q2, q5\nvaddva.u8 r2, q2", "vmin.u32 q1, q1, q4\n", ""),
            }
        }
        if CHECK_P && most > ONE {
            break;
        }
        let less = |sum: u32, n: u32| u64::from(sum.wrapping_sub(ONE.wrapping_mul(n)));
        sums[0] += less(sp, block as u32);
        sums[1] += u64::from(sg);
        sums[2] += less(spg, sg);
        at += block;
    }
    let [p, t, pt] = sums;
    (Found { p, t, pt, broken: CHECK && seen > 1, outside: false }, at)
}

/// Four pixels of each; a multiply-add needs the 1.0 it adds to in the register it writes.
macro_rules! floats {
    ($p:literal, $t:literal) => {
        concat!(
            "vldrw.u32 q0, [{p}], #16\n",
            $p,
            "vmov q2, q3\nvldrw.u32 q1, [{t}], #16\n",
            $t,
            "vfma.f32 q2, q0, q1\nvadd.f32 q0, q0, q3\nvaddva.u32 r4, q2\nvadd.f32 q1, q1, q3\n",
            "vaddva.u32 r0, q0\nvaddva.u32 r2, q1\n"
        )
    };
}

/// f32 × f32, up to the first block with a value outside [0, 1]: the sums, and how many pixels they are of.
///
/// # Safety
///
/// `p` and `t` are readable for `n` floats.
pub unsafe fn float_float<const CHECK_P: bool, const CHECK_T: bool>(
    p: *const f32,
    t: *const f32,
    n: usize,
) -> (Found, usize) {
    let mut sums = [0u64; 3];
    let mut most = 0u32;
    let mut at = 0;
    while at < n {
        let block = (n - at).min(BLOCK);
        let [mut sp, mut st, mut spt] = [0u32; 3];
        macro_rules! run {
            ($p:literal, $t:literal) => {
                asm!(
                    "vdup.32 q3, {one}",
                    "lsrs {turns}, {n}, #4",
                    "beq 3f",
                    "dls lr, {turns}",
                    "2:",
                    floats!($p, $t), floats!($p, $t), floats!($p, $t), floats!($p, $t),
                    "le lr, 2b",
                    "3:",
                    "ands {turns}, {n}, #15",
                    "wlstp.32 lr, {turns}, 5f",
                    "4:",
                    floats!($p, $t),
                    "letp lr, 4b",
                    "5:",
                    p = inout(reg) p.add(at) => _, t = inout(reg) t.add(at) => _, n = in(reg) block,
                    turns = out(reg) _, one = in(reg) ONE,
                    inout("r0") sp, inout("r2") st, inout("r4") spt, inout("r8") most, out("lr") _,
                    out("d0") _, out("d1") _, out("d2") _, out("d3") _, out("d4") _, out("d5") _, out("d6") _,
                    out("d7") _,
                    options(readonly, nostack)
                )
            };
        }
        // SAFETY: at + block ≤ n.
        unsafe {
            match (CHECK_P, CHECK_T) {
                (true, true) => run!("vmaxv.u32 r8, q0\n", "vmaxv.u32 r8, q1\n"),
                (true, false) => run!("vmaxv.u32 r8, q0\n", ""),
                (false, true) => run!("", "vmaxv.u32 r8, q1\n"),
                (false, false) => run!("", ""),
            }
        }
        if most > ONE {
            break;
        }
        let less = |sum: u32| u64::from(sum.wrapping_sub(ONE.wrapping_mul(block as u32)));
        sums[0] += less(sp);
        sums[1] += less(st);
        sums[2] += less(spt);
        at += block;
    }
    let [p, t, pt] = sums;
    (Found { p, t, pt, broken: false, outside: false }, at)
}
