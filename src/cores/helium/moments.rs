//! 8-bit codes × 8-bit codes with squares and minima, and squares alone.
//!
//! ```text
//! for each vector of 16 pixels:
//!     load p; Σp += across its lanes                 VADDVA
//!     load t; Σpt, Σt += across the lanes            VMLADAVA, VADDVA
//!     Σmin += across the lesser of each two          VMIN, VADDVA
//!     Σp² += across p·p;  Σt² += across t·t          VMLADAVA each
//! ```
//!
//! Codes of one sign are summed as they are, and moved by 128 at the end: with q = p − 128 and r = t − 128,
//! Σpt = Σqr + 128·(Σq + Σr) + 2¹⁴·n, Σp² likewise, and Σmin(p, t) = Σmin(q, r) + 128·n.

use crate::cores::{Moments, PRODUCTS};
use core::arch::asm;

// Products and squares of a run fit 31 bits, and so do their signed sums before they are moved: |q| ≤ 128.
const _: () = assert!(PRODUCTS as u64 * 255 * 255 < 1 << 31);

/// 16 bytes of each.
macro_rules! moments {
    ($sign:literal, $flip_p:literal, $flip_t:literal, $squares:expr, $minima:expr) => {
        concat!(
            "vldrb.u8 q0, [{p}], #16\n",
            $flip_p,
            "vaddva.",
            $sign,
            " r0, q0\nvldrb.u8 q1, [{t}], #16\n",
            $flip_t,
            "vmladava.",
            $sign,
            " r4, q0, q1\nvaddva.",
            $sign,
            " r2, q1\n",
            $squares,
            $minima
        )
    };
}
macro_rules! squares {
    ($sign:literal) => {
        concat!("vmladava.", $sign, " r10, q0, q0\nvmladava.", $sign, " r12, q1, q1\n")
    };
}
macro_rules! minima {
    ($sign:literal) => {
        concat!("vmin.", $sign, " q0, q0, q1\nvaddva.", $sign, " r8, q0\n")
    };
}

/// 8-bit codes × 8-bit codes, with the sums of squares, of minima, or both. Codes of unlike signs are made unsigned.
///
/// # Safety
///
/// `p` and `t` are readable for `n` ≤ 2¹⁵ bytes, whose products then fit 31 bits.
#[inline(never)]
pub unsafe fn byte_moments<const FLIP_P: u32, const FLIP_T: u32, const SQUARES: bool, const MINIMA: bool>(
    p: *const u8,
    t: *const u8,
    n: usize,
) -> Moments {
    let [mut sp, mut st, mut spt, mut least, mut spp, mut stt] = [0u32; 6];
    macro_rules! run {
        ($vector:expr) => {
            asm!(
                "vmov.i8 q2, #128",
                sweep!("8", $vector),
                p = inout(reg) p => _, t = inout(reg) t => _, n = in(reg) n, turns = out(reg) _,
                inout("r0") sp, inout("r2") st, inout("r4") spt, inout("r8") least, inout("r10") spp,
                inout("r12") stt, out("lr") _,
                out("d0") _, out("d1") _, out("d2") _, out("d3") _, out("d4") _, out("d5") _,
                options(readonly, nostack)
            )
        };
    }
    macro_rules! asked {
        ($sign:literal, $flip_p:literal, $flip_t:literal) => {
            match (SQUARES, MINIMA) {
                (true, true) => run!(moments!($sign, $flip_p, $flip_t, squares!($sign), minima!($sign))),
                (true, false) => run!(moments!($sign, $flip_p, $flip_t, squares!($sign), "")),
                (false, true) => run!(moments!($sign, $flip_p, $flip_t, "", minima!($sign))),
                (false, false) => run!(moments!($sign, $flip_p, $flip_t, "", "")),
            }
        };
    }
    // SAFETY: n bytes of each are readable.
    unsafe {
        match (FLIP_P != 0, FLIP_T != 0) {
            (false, false) => asked!("u8", "", ""),
            (true, true) => asked!("s8", "", ""),
            (true, false) => asked!("u8", "veor q0, q0, q2\n", ""),
            (false, true) => asked!("u8", "", "veor q1, q1, q2\n"),
        }
    }
    if FLIP_P & FLIP_T != 0 {
        let n = n as u32;
        let moved = |square: u32, sum: u32| square.wrapping_add(sum.wrapping_mul(128)).wrapping_add(n << 14);
        spt = moved(spt, sp.wrapping_add(st));
        (spp, stt) = (moved(spp, sp.wrapping_mul(2)), moved(stt, st.wrapping_mul(2)));
        (sp, st) = (sp.wrapping_add(128 * n), st.wrapping_add(128 * n));
        least = least.wrapping_add(128 * n);
    }
    let asked = |asked: bool, sum: u32| if asked { sum } else { 0 };
    Moments { p: sp, t: st, pt: spt, pp: asked(SQUARES, spp), tt: asked(SQUARES, stt), min: asked(MINIMA, least) }
}

/// 8-bit codes beside 8-bit codes: Σp, Σt and Σmin, without products. Codes of unlike signs are made unsigned.
///
/// # Safety
///
/// `p` and `t` are readable for `n` ≤ 2¹⁵ bytes.
#[inline(never)]
pub unsafe fn byte_minima<const FLIP_P: u32, const FLIP_T: u32>(p: *const u8, t: *const u8, n: usize) -> Moments {
    let [mut sp, mut st, mut least] = [0u32; 3];
    macro_rules! run {
        ($flip_p:literal, $flip_t:literal) => {
            asm!(
                "vmov.i8 q2, #128",
                sweep!("8", concat!(
                    "vldrb.u8 q0, [{p}], #16\n", $flip_p, "vaddva.u8 r0, q0\nvldrb.u8 q1, [{t}], #16\n", $flip_t,
                    "vaddva.u8 r2, q1\nvmin.u8 q0, q0, q1\nvaddva.u8 r8, q0\n"
                )),
                p = inout(reg) p => _, t = inout(reg) t => _, n = in(reg) n, turns = out(reg) _,
                inout("r0") sp, inout("r2") st, inout("r8") least, out("lr") _,
                out("d0") _, out("d1") _, out("d2") _, out("d3") _, out("d4") _, out("d5") _,
                options(readonly, nostack)
            )
        };
    }
    // SAFETY: n bytes of each are readable.
    unsafe {
        match (FLIP_P != 0, FLIP_T != 0) {
            (false, false) => run!("", ""),
            (true, true) => run!("veor q0, q0, q2\n", "veor q1, q1, q2\n"),
            (true, false) => run!("veor q0, q0, q2\n", ""),
            (false, true) => run!("", "veor q1, q1, q2\n"),
        }
    }
    Moments { p: sp, t: st, min: least, ..Moments::default() }
}

/// Σp² of u8, or i8 with `FLIP`.
///
/// # Safety
///
/// `p` is readable for `n` ≤ 2¹⁵ bytes, whose squares then fit 31 bits.
#[inline(never)]
pub unsafe fn byte_squares<const FLIP: u32>(p: *const u8, n: usize) -> u32 {
    let mut sum = 0u32;
    macro_rules! run {
        ($flip:literal) => {
            asm!(
                "vmov.i8 q1, #128",
                sweep!("8", concat!("vldrb.u8 q0, [{p}], #16\n", $flip, "vmladava.u8 r0, q0, q0\n")),
                p = inout(reg) p => _, n = in(reg) n, turns = out(reg) _, inout("r0") sum, out("lr") _,
                out("d0") _, out("d1") _, out("d2") _, out("d3") _,
                options(readonly, nostack)
            )
        };
    }
    // SAFETY: n bytes are readable.
    unsafe { if FLIP != 0 { run!("veor q0, q0, q1\n") } else { run!("") } }
    sum
}
