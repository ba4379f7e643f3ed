//! f32 × a byte mask, × f32 and × its own mask, four floats to a register: Q0.23 codes from the bits of x + 1.0.
//!
//! The bits are 0x3F80_0000 + RNE(x·2²³) for x in [0, 1], of FMA(p, t, 1.0) likewise; they are added modulo 2³², and the
//! bias leaves once a block. A running maximum of raw bits as u32 sees what is outside [0, 1].

use crate::cores::{CLASS, Found, NON_ZERO, ZERO_FULL, ZERO_ONE};
use core::arch::asm;

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

/// f32 × a byte mask, up to the first block with a value outside [0, 1]: the sums, and how many pixels
/// they are of.
///
/// # Safety
///
/// `p` is readable for `n` floats, `g` for `n` bytes.
pub unsafe fn float_mask<const CHECK_P: bool, const KIND: u8, const CHECK: bool>(
    p: *const f32,
    g: *const u8,
    n: usize,
    class: u8,
) -> (Found, usize) {
    let mut sums = [0u64; 3];
    let [mut most, mut seen] = [0u32; 2];
    let mut at = 0;
    while at < n {
        let block = (n - at).min(BLOCK);
        let [mut sp, mut sg, mut spg] = [0u32; 3];
        macro_rules! run {
            ($check:literal, $bytes:literal, $ones:literal, $rest:literal) => {
                asm!(
                    "vdup.32 q3, {one}",
                    "vmov.i32 q4, #1",
                    "vmov.i8 q5, #1",
                    "vdup.32 q6, {class}",
                    "vdup.8 q7, {class}",
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
                    masked!($check, $rest), "vaddva.u32 r2, q1",
                    "letp lr, 4b",
                    "5:",
                    p = inout(reg) p.add(at) => _, inout("r3") g.add(at) => _, n = in(reg) block, turns = out(reg) _,
                    one = in(reg) ONE, class = in(reg) u32::from(class),
                    inout("r0") sp, inout("r2") sg, inout("r4") spg, inout("r8") most,
                    inout("r10") seen, out("lr") _,
                    out("d0") _, out("d1") _, out("d2") _, out("d3") _, out("d4") _, out("d5") _, out("d6") _,
                    out("d7") _, out("d8") _, out("d9") _, out("d10") _, out("d11") _, out("d12") _, out("d13") _,
                    out("d14") _, out("d15") _,
                    options(readonly, nostack)
                )
            };
        }
        // SAFETY: at + block ≤ n; Σg takes 16 bytes at a time, within the block by whole turns.
        unsafe {
            macro_rules! checked {
                ($bytes:literal, $ones:literal, $rest:literal) => {
                    if CHECK_P {
                        run!("vmaxv.u32 r8, q0\n", $bytes, $ones, $rest)
                    } else {
                        run!("", $bytes, $ones, $rest)
                    }
                };
            }
            match KIND {
                ZERO_ONE if CHECK => checked!("vaddva.u8 r2, q2\nvmaxv.u8 r10, q2", "", "vmaxv.u8 r10, q1\n"),
                ZERO_ONE => checked!("vaddva.u8 r2, q2", "", ""),
                // 255 + 1 is 0, 0 + 1 is 1.
                ZERO_FULL if CHECK => checked!(
                    "vadd.i8 q7, q2, q5\nvshr.u8 q2, q2, #7\nvmaxv.u8 r10, q7\nvaddva.u8 r2, q2",
                    "vshr.u32 q1, q1, #7\n",
                    "vadd.i8 q7, q1, q5\nvshr.u32 q1, q1, #7\nvmaxv.u8 r10, q7\n"
                ),
                ZERO_FULL => {
                    checked!("vshr.u8 q2, q2, #7\nvaddva.u8 r2, q2", "vshr.u32 q1, q1, #7\n", "vshr.u32 q1, q1, #7\n")
                }
                NON_ZERO => {
                    checked!("vmin.u8 q2, q2, q5\nvaddva.u8 r2, q2", "vmin.u32 q1, q1, q4\n", "vmin.u32 q1, q1, q4\n")
                }
                // All but the class.
                _ => checked!(
                    "veor q2, q2, q7\nvmin.u8 q2, q2, q5\nvaddva.u8 r2, q2",
                    "veor q1, q1, q6\nvmin.u32 q1, q1, q4\n",
                    "veor q1, q1, q6\nvmin.u32 q1, q1, q4\n"
                ),
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
    let [p, mut t, mut pt] = sums;
    if KIND == CLASS {
        (t, pt) = (at as u64 - t, p.wrapping_sub(pt));
    }
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

/// Four pixels and those that reach `{cut}`; q2 holds ones.
macro_rules! own {
    ($check:literal) => {
        concat!(
            "vldrw.u32 q0, [{p}], #16\n",
            $check,
            "vadd.f32 q1, q0, q3\nvaddva.u32 r0, q1\nvptt.s32 ge, q0, {cut}\nvaddvat.u32 r4, q1\nvaddvat.u32 r2, q2\n"
        )
    };
}

/// f32 × its own mask from the bits `cut` on (1 to those of 1.0), up to the first block with a value outside [0, 1]: the
/// sums, and how many pixels they are of.
///
/// # Safety
///
/// `p` is readable for `n` floats.
#[inline(never)]
pub unsafe fn float_own<const CHECK_P: bool>(p: *const f32, n: usize, cut: u32) -> (Found, usize) {
    let mut sums = [0u64; 3];
    let mut most = 0u32;
    let mut at = 0;
    while at < n {
        let block = (n - at).min(BLOCK);
        let [mut sp, mut st, mut spt] = [0u32; 3];
        macro_rules! run {
            ($check:literal) => {
                asm!(
                    "vdup.32 q3, {one}",
                    "vmov.i32 q2, #1",
                    "lsrs {turns}, {n}, #4",
                    "beq 3f",
                    "dls lr, {turns}",
                    "2:",
                    own!($check), own!($check), own!($check), own!($check),
                    "le lr, 2b",
                    "3:",
                    "ands {turns}, {n}, #15",
                    "wlstp.32 lr, {turns}, 5f",
                    "4:",
                    own!($check),
                    "letp lr, 4b",
                    "5:",
                    p = inout(reg) p.add(at) => _, n = in(reg) block, turns = out(reg) _, one = in(reg) ONE,
                    cut = in(reg) cut, inout("r0") sp, inout("r2") st, inout("r4") spt, inout("r8") most, out("lr") _,
                    out("d0") _, out("d1") _, out("d2") _, out("d3") _, out("d4") _, out("d5") _, out("d6") _,
                    out("d7") _,
                    options(readonly, nostack)
                )
            };
        }
        // SAFETY: at + block ≤ n.
        unsafe { if CHECK_P { run!("vmaxv.u32 r8, q0\n") } else { run!("") } }
        if CHECK_P && most > ONE {
            break;
        }
        let less = |sum: u32, n: u32| u64::from(sum.wrapping_sub(ONE.wrapping_mul(n)));
        sums[0] += less(sp, block as u32);
        sums[1] += u64::from(st);
        sums[2] += less(spt, st);
        at += block;
    }
    let [p, t, pt] = sums;
    (Found { p, t, pt, broken: false, outside: false }, at)
}
