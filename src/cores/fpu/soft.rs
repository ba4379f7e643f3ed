//! f32 × f32.

use super::{BLOCK, ONE, add};
use crate::cores::Found;
use core::arch::asm;

/// Four pixels of f32 × f32. Four times 1.0 come by one VLDM: fewer than four VMOV.
macro_rules! soft_four {
    () => {
        concat!(
            "vldmia {p}!, {{s0-s3}}\nvldmia {t}!, {{s4-s7}}\nvldmia {ones}, {{s8-s11}}\n",
            "vfma.f32 s8, s0, s4\nvfma.f32 s9, s1, s5\nvfma.f32 s10, s2, s6\nvfma.f32 s11, s3, s7\n",
            "vadd.f32 s0, s0, s12\nvadd.f32 s1, s1, s12\nvadd.f32 s2, s2, s12\nvadd.f32 s3, s3, s12\n",
            "vadd.f32 s4, s4, s12\nvadd.f32 s5, s5, s12\nvadd.f32 s6, s6, s12\nvadd.f32 s7, s7, s12\n",
            "vmov r0, r1, s0, s1\nvmov r2, r3, s2, s3\n",
            "add.w {sp}, {sp}, r0\nadd.w {sp}, {sp}, r1\nadd.w {sp}, {sp}, r2\nadd.w {sp}, {sp}, r3\n",
            "vmov r0, r1, s4, s5\nvmov r2, r3, s6, s7\n",
            "add.w {st}, {st}, r0\nadd.w {st}, {st}, r1\nadd.w {st}, {st}, r2\nadd.w {st}, {st}, r3\n",
            "vmov r0, r1, s8, s9\nvmov r2, r3, s10, s11\n",
            "add.w {spt}, {spt}, r0\nadd.w {spt}, {spt}, r1\nadd.w {spt}, {spt}, r2\nadd.w {spt}, {spt}, r3\n",
        )
    };
}

/// See [`mask_block`]; a multiple of 8.
///
/// # Safety
///
/// `p` and `t` are readable for `n` floats.
#[inline(always)]
unsafe fn soft_block<const CHECK_P: bool, const CHECK_T: bool>(
    mut p: *const f32,
    t: *const f32,
    n: usize,
) -> Option<[u32; 3]> {
    static ONES: [f32; 4] = [1.0; 4];
    let end = p.wrapping_add(n);
    let [mut sp, mut st, mut spt] = [0u32; 3];
    macro_rules! run {
        ($first:expr, $next:expr, $then:expr, $leave:expr) => {
            asm!(
                "vmov.f32 s12, #1.0",
                "2:",
                $first, $then, soft_four!(), $next, $then, soft_four!(), $leave,
                "cmp {p}, {end}",
                "bne 2b",
                "3:",
                p = inout(reg) p, t = inout(reg) t => _, end = in(reg) end, sp = inout(reg) sp, st = inout(reg) st,
                spt = inout(reg) spt, ones = in(reg) &raw const ONES,
                out("r0") _, out("r1") _, out("r2") _, out("r3") _,
                out("s0") _, out("s1") _, out("s2") _, out("s3") _, out("s4") _, out("s5") _, out("s6") _,
                out("s7") _, out("s8") _, out("s9") _, out("s10") _, out("s11") _, out("s12") _,
                options(readonly, nostack)
            )
        };
    }
    // SAFETY: n pixels are readable.
    unsafe {
        match (CHECK_P, CHECK_T) {
            (true, true) => run!(first!("p"), next!("p"), next!("t"), leave!()),
            (true, false) => run!(first!("p"), next!("p"), "", leave!()),
            (false, true) => run!(first!("t"), next!("t"), "", leave!()),
            (false, false) => run!("", "", "", ""),
        }
    }
    if (CHECK_P || CHECK_T) && p != end {
        return None;
    }
    let less = |sum: u32| sum.wrapping_sub(ONE.wrapping_mul(n as u32));
    Some([less(sp), less(st), less(spt)])
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
    let mut at = 0;
    while n - at >= 8 {
        let block = (n - at).min(BLOCK) & !7;
        // SAFETY: at + block ≤ n.
        let found = unsafe { soft_block::<CHECK_P, CHECK_T>(p.add(at), t.add(at), block) };
        let Some(more) = found else { break };
        add(&mut sums, more);
        at += block;
    }
    if n - at < 8 {
        while at < n {
            // SAFETY: at < n.
            let (a, b) = unsafe { (*p.add(at), *t.add(at)) };
            if CHECK_P && a.to_bits() > ONE || CHECK_T && b.to_bits() > ONE {
                break;
            }
            let code = |bits: u32| bits.wrapping_sub(ONE);
            add(&mut sums, [code((a + 1.0).to_bits()), code((b + 1.0).to_bits()), code(fma(a, b))]);
            at += 1;
        }
    }
    let [p, t, pt] = sums;
    (Found { p, t, pt, broken: false, outside: false }, at)
}

/// The bits of a·b + 1.0, rounded once. Stable Rust does not name FPU registers as operands here, so core registers
/// carry the bits.
#[inline(always)]
fn fma(a: f32, b: f32) -> u32 {
    let out: u32;
    // SAFETY: arithmetic on registers.
    unsafe {
        asm!("vmov s0, s1, {a}, {b}", "vmov.f32 s2, #1.0", "vfma.f32 s2, s0, s1", "vmov {o}, s2",
             a = in(reg) a.to_bits(), b = in(reg) b.to_bits(), o = lateout(reg) out,
             out("s0") _, out("s1") _, out("s2") _, options(pure, nomem, nostack))
    }
    out
}
