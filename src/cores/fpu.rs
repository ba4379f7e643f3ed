//! f32 loops for a single-precision FPU beside the DSP extension (Cortex-M4F, M7, M33): Q0.23 codes from the bits of
//! x + 1.0.
//!
//! The bits of x + 1.0 are 0x3F80_0000 + RNE(x·2²³) for x in [0, 1]; of FMA(p, t, 1.0) likewise. Raw bits are added modulo
//! 2³²; the bias leaves once a block, which is short enough (511 px) for the codes to fit.
//!
//! The check compares raw bits as u32 with those of 1.0 in one chain: CMP, and while "lower or same" holds CMPLS of
//! the next, four to an IT. One branch a turn leaves the loop, and the caller takes the block another way.

use super::{CLASS, Found, NON_ZERO, ZERO_FULL, ZERO_ONE};
use core::arch::asm;

const ONE: u32 = 0x3F80_0000;
const BYTES: u32 = 0x0101_0101;
/// Pixels of a block: whole turns, below 512.
pub const BLOCK: usize = 496;

/// Four pixels of f32 × mask; `$ones` makes the mask's bytes in `w` 0 or 1.
macro_rules! mask_four {
    ($ones:expr) => {
        concat!(
            "vldmia {p}!, {{s0-s3}}\n",
            "vadd.f32 s0, s0, s4\nvadd.f32 s1, s1, s4\nvadd.f32 s2, s2, s4\nvadd.f32 s3, s3, s4\n",
            "ldr {w}, [{g}], #4\n",
            $ones,
            "vmov r0, r1, s0, s1\nvmov r2, r3, s2, s3\n",
            "add.w {sg}, {sg}, {w}\n",
            "add.w {sp}, {sp}, r0\nadd.w {sp}, {sp}, r1\nadd.w {sp}, {sp}, r2\nadd.w {sp}, {sp}, r3\n",
            "uxtb.w {b}, {w}\nmla {spg}, r0, {b}, {spg}\n",
            "uxtb.w {b}, {w}, ror #8\nmla {spg}, r1, {b}, {spg}\n",
            "uxtb.w {b}, {w}, ror #16\nmla {spg}, r2, {b}, {spg}\n",
            "uxtb.w {b}, {w}, ror #24\nmla {spg}, r3, {b}, {spg}\n",
        )
    };
}

/// The first four of a turn: LDM does not move the pointer.
macro_rules! first {
    ($p:literal) => {
        concat!(
            "ldm.w {",
            $p,
            "}, {{r0-r3}}\ncmp.w r0, #0x3F800000\nittt ls\ncmpls.w r1, #0x3F800000\ncmpls.w r2, #0x3F800000\n",
            "cmpls.w r3, #0x3F800000\n"
        )
    };
}

macro_rules! next {
    ($p:literal) => {
        concat!(
            "ldm.w {",
            $p,
            "}, {{r0-r3}}\nitttt ls\ncmpls.w r0, #0x3F800000\ncmpls.w r1, #0x3F800000\ncmpls.w r2, #0x3F800000\n",
            "cmpls.w r3, #0x3F800000\n"
        )
    };
}

/// Where the chain broke, p is moved off its end so that the difference shows.
macro_rules! leave {
    () => {
        "itt hi\naddhi.w {p}, {end}, #1\nbhi 3f\n"
    };
}

// Here, where the macros are known.
mod half;
mod soft;

pub use half::{HALF_BLOCK, half_half, half_mask, half_own};
pub use soft::float_float;

/// `n` pixels, a multiple of 16 and at most [`BLOCK`]: code sums and what was seen of the mask, or nothing where a value
/// is outside.
///
/// # Safety
///
/// `p` is readable for `n` floats, `g` for `n` bytes.
#[inline(always)]
unsafe fn mask_block<const CHECK_P: bool, const KIND: u8>(
    mut p: *const f32,
    g: *const u8,
    n: usize,
    splat: u32,
) -> Option<([u32; 3], u32)> {
    let end = p.wrapping_add(n);
    let [mut sp, mut sg, mut spg, mut seen] = [0u32; 4];
    macro_rules! run {
        ($ones:expr, $first:expr, $next:expr, $leave:expr, $($more:tt)*) => {
            asm!(
                "vmov.f32 s4, #1.0",
                "2:",
                $first, mask_four!($ones), $next, mask_four!($ones), $next, mask_four!($ones), $next, mask_four!($ones),
                $leave,
                "cmp {p}, {end}",
                "bne 2b",
                "3:",
                p = inout(reg) p, g = inout(reg) g => _, end = in(reg) end, sp = inout(reg) sp, sg = inout(reg) sg,
                spg = inout(reg) spg, w = out(reg) _, b = out(reg) _, $($more)*
                out("r0") _, out("r1") _, out("r2") _, out("r3") _,
                out("s0") _, out("s1") _, out("s2") _, out("s3") _, out("s4") _,
                options(readonly, nostack)
            )
        };
    }
    macro_rules! checked {
        ($ones:expr, $($more:tt)*) => {
            if CHECK_P {
                run!($ones, first!("p"), next!("p"), leave!(), $($more)*)
            } else {
                run!($ones, "", "", "", $($more)*)
            }
        };
    }
    // SAFETY: n pixels are readable.
    unsafe {
        match KIND {
            ZERO_ONE => checked!("orr.w {seen}, {seen}, {w}\n", seen = inout(reg) seen,),
            ZERO_FULL => checked!(
                "eor.w {b}, {w}, {w}, lsr #1\norr.w {seen}, {seen}, {b}\nand.w {w}, {w}, #0x01010101\n",
                seen = inout(reg) seen,
            ),
            // GE where a byte is at least 1; where it is not, it is 0 already.
            NON_ZERO => checked!("usub8 {b}, {w}, {k}\nsel {w}, {k}, {w}\n", k = in(reg) BYTES,),
            // All but the class. r0 was looked at before, and is written after.
            _ => checked!(
                "eor.w {w}, {w}, {c}\nmov.w {b}, #0x01010101\nusub8 r0, {w}, {b}\nsel {w}, {b}, {w}\n",
                c = in(reg) splat,
            ),
        }
    }
    if CHECK_P && p != end {
        return None;
    }
    // At most 124 ones a byte.
    let sg = (sg & 0x00FF_00FF) + (sg >> 8 & 0x00FF_00FF);
    let sg = (sg & 0xFFFF) + (sg >> 16);
    let less = |sum: u32, n: u32| sum.wrapping_sub(ONE.wrapping_mul(n));
    Some(([less(sp, n as u32), sg, less(spg, sg)], seen))
}

/// f32 × a byte mask, up to the first block with a value outside [0, 1]: the sums, and how many pixels they are of.
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
    let splat = u32::from(class) * BYTES;
    let (mut sums, mut seen) = ([0u64; 3], 0);
    let mut at = 0;
    while n - at >= 16 {
        let block = (n - at).min(BLOCK) & !15;
        // SAFETY: at + block ≤ n.
        let found = unsafe { mask_block::<CHECK_P, KIND>(p.add(at), g.add(at), block, splat) };
        let Some((more, bits)) = found else { break };
        add(&mut sums, more);
        seen |= bits;
        at += block;
    }
    if n - at < 16 {
        while at < n {
            // SAFETY: at < n.
            let (x, byte) = unsafe { (*p.add(at), *g.add(at)) };
            if CHECK_P && x.to_bits() > ONE {
                break;
            }
            let word = u32::from(byte);
            let one = match KIND {
                ZERO_ONE | ZERO_FULL => word & 1,
                NON_ZERO => u32::from(byte != 0),
                _ => u32::from(byte != class),
            };
            seen |= if KIND == ZERO_ONE { word } else { word ^ word >> 1 };
            let code = (x + 1.0).to_bits().wrapping_sub(ONE);
            add(&mut sums, [code, one, code.wrapping_mul(one)]);
            at += 1;
        }
    }
    let [p, mut t, mut pt] = sums;
    if KIND == CLASS {
        (t, pt) = (at as u64 - t, p.wrapping_sub(pt));
    }
    let outside = if KIND == ZERO_ONE { !BYTES } else { 0x7F7F_7F7F };
    let broken = CHECK && seen & outside != 0;
    (Found { p, t, pt, broken, outside: false }, at)
}

/// f32 × its own mask from the bits `cut` on (1 to those of 1.0), up to the first value outside [0, 1]: the sums, and how
/// many pixels they are of. Raw bits are compared: different values may have one code.
///
/// # Safety
///
/// `p` is readable for `n` floats.
#[inline(never)]
pub unsafe fn float_own<const CHECK_P: bool>(p: *const f32, n: usize, cut: u32) -> (Found, usize) {
    let (mut total, mut at) = ([0u64; 3], 0);
    while at < n {
        let [mut sp, mut st, mut spt] = [0u32; 3];
        let end = at + (n - at).min(BLOCK);
        while at < end {
            // SAFETY: at < n.
            let x = unsafe { *p.add(at) };
            if CHECK_P && x.to_bits() > ONE {
                break;
            }
            let code = (x + 1.0).to_bits().wrapping_sub(ONE);
            sp = sp.wrapping_add(code);
            // Signed: −0.0, which only a trusted map holds, reaches no cut.
            if x.to_bits() as i32 >= cut as i32 {
                (st, spt) = (st + 1, spt.wrapping_add(code));
            }
            at += 1;
        }
        add(&mut total, [sp, st, spt]);
        if at < end {
            break;
        }
    }
    let [p, t, pt] = total;
    (Found { p, t, pt, broken: false, outside: false }, at)
}

#[inline(always)]
fn add(sums: &mut [u64; 3], more: [u32; 3]) {
    for (sum, more) in sums.iter_mut().zip(more) {
        *sum += u64::from(more);
    }
}
