//! Loops for Cortex-M55 and its like (MVE): 16 bytes to a register. Needs `-C target-cpu=cortex-m55`.
//!
//! ```text
//! for each turn of whole vectors:          DLS, LE
//!     load p; Σp += across its lanes       VADDVA
//!     load t; make it 0 or 1; look at it
//!     Σpt += across its lanes              VMLADAVA
//!     Σt += across its lanes               VADDVA
//! the same for the rest                    WLSTP, LETP: the lanes past the end are switched off, no scalar tail
//! ```
//!
//! The reductions want even registers, so the sums live in r0, r2, r4, r8. Loads and reductions alternate, since the core
//! overlaps them.
//!
//! **Predicates.** Bits of a mask go to VPR as they are (VMSR), and a comparison writes it too; Σpt and Σt are then
//! reductions of p and of ones under it. Those loops are functions of their own: a call keeps no VPR.
//!
//! **What a check costs.** Five instructions take 16 pixels of u8 × mask: two loads, and one for each sum. Looking at a
//! vector takes one more, and no choice of the others spares it. Three sums of any values are three independent numbers,
//! so a check needs a fourth that reads every vector; no instruction folds two new vectors into what was seen (VORR,
//! VMAXV, VQADD, a compare take one and the state; VABAV and VMLADAVA take two, but |a − b| and a·b are as they should be
//! for some values that are not). So 6/16 = 0.375 and 7/8 = 0.875 (Q15 × Q15, both looked at) are the least.

use super::{AtLeast, CLASS, Found, NON_ZERO, ZERO_FULL, ZERO_ONE};
use core::arch::asm;

/// Whole turns of `$vectors` vectors of 2^`$log` pixels, then the rest under `wlstp`. The pixels are `{n}`; `{turns}` is
/// scratch.
macro_rules! sweep {
    ("8", $vector:expr) => {
        sweep!("8", "7", "127", $vector)
    };
    ("16", $vector:expr) => {
        sweep!("16", "6", "63", $vector)
    };
    ($size:literal, $log:literal, $rest:literal, $vector:expr) => {
        concat!(
            "lsrs {turns}, {n}, #",
            $log,
            "\nbeq 3f\ndls lr, {turns}\n2:\n",
            $vector,
            $vector,
            $vector,
            $vector,
            $vector,
            $vector,
            $vector,
            $vector,
            "le lr, 2b\n3:\nand {turns}, {n}, #",
            $rest,
            "\nwlstp.",
            $size,
            " lr, {turns}, 5f\n4:\n",
            $vector,
            "letp lr, 4b\n5:\n"
        )
    };
}

// Here, where the macro is known.
mod chosen;
#[cfg(not(soft_dice_lanes = "small"))]
pub(super) mod classes;
mod floats;
mod follow;
mod half;
#[cfg(not(soft_dice_lanes = "small"))]
mod kept;
pub(crate) mod lines;
mod moments;
mod words;

pub use chosen::{byte_bits, byte_own};
pub use floats::{BLOCK, float_float, float_mask, float_own};
pub use follow::follow as follow_bytes;
pub use half::{HALF_BLOCK, half_half, half_mask, half_own};
#[cfg(not(soft_dice_lanes = "small"))]
pub use kept::byte_kept;
pub use moments::{byte_minima, byte_moments, byte_squares};
pub use words::{u16_mask, word_mask, word_word};

/// The compiler makes vectors of the plain loop.
pub(super) const AT_LEAST: AtLeast = None;

/// 16 bytes of each; `$ones` makes those of the mask 0 or 1, and looks at them.
macro_rules! bytes {
    ($p:literal, $t:literal, $flip:literal, $ones:literal) => {
        concat!(
            "vldrb.u8 q0, [{p}], #16\n",
            $flip,
            "vaddva.",
            $p,
            " r0, q0\nvldrb.u8 q1, [{g}], #16\n",
            $ones,
            "vmladava.",
            $p,
            " r4, q0, q1\nvaddva.",
            $t,
            " r2, q1\n"
        )
    };
}

/// u8, or with `FLIP` i8 as q + 128, × a byte mask.
///
/// # Safety
///
/// `p` and `g` are readable for `n` ≤ 2²² bytes, whose sums then fit 32 bits.
pub unsafe fn byte_mask<const FLIP: u32, const KIND: u8, const CHECK: bool>(
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
                sweep!("8", bytes!($p, "u8", "", $ones)),
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
            if FLIP != 0 { run!("s8", $ones) } else { run!("u8", $ones) }
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
    if FLIP != 0 {
        // Signed sums, moved by 128 a pixel.
        sp = sp.wrapping_add(128 * n as u32);
        spg = spg.wrapping_add(sg.wrapping_mul(128));
    }
    if KIND == CLASS {
        (sg, spg) = (n as u32 - sg, sp.wrapping_sub(spg));
    }
    Found { p: sp, t: sg, pt: spg, broken: CHECK && most > 1, outside: false }
}

/// 8-bit codes × 8-bit codes, i8 where flipped. Unlike ones are made unsigned.
///
/// # Safety
///
/// `p` and `t` are readable for `n` ≤ 2¹⁵ bytes, whose products then fit 31 bits.
#[inline(never)]
pub unsafe fn byte_byte<const FLIP_P: u32, const FLIP_T: u32>(p: *const u8, t: *const u8, n: usize) -> Found<u32> {
    let [mut sp, mut st, mut spt] = [0u32; 3];
    macro_rules! run {
        ($sign:literal, $flip_p:literal, $flip_t:literal) => {
            asm!(
                "vmov.i8 q2, #128",
                sweep!("8", bytes!($sign, $sign, $flip_p, $flip_t)),
                p = inout(reg) p => _, g = inout(reg) t => _, n = in(reg) n, turns = out(reg) _,
                inout("r0") sp, inout("r2") st, inout("r4") spt, out("lr") _,
                out("d0") _, out("d1") _, out("d2") _, out("d3") _, out("d4") _, out("d5") _,
                options(readonly, nostack)
            )
        };
    }
    // SAFETY: n bytes of each are readable.
    unsafe {
        match (FLIP_P != 0, FLIP_T != 0) {
            (false, false) => run!("u8", "", ""),
            (true, true) => run!("s8", "", ""),
            (true, false) => run!("u8", "veor q0, q0, q2\n", ""),
            (false, true) => run!("u8", "", "veor q1, q1, q2\n"),
        }
    }
    if FLIP_P & FLIP_T != 0 {
        // (p + 128)(t + 128), summed.
        let n = n as u32;
        spt = spt.wrapping_add(sp.wrapping_add(st).wrapping_mul(128)).wrapping_add(n << 14);
        (sp, st) = (sp.wrapping_add(128 * n), st.wrapping_add(128 * n));
    }
    Found { p: sp, t: st, pt: spt, broken: false, outside: false }
}
