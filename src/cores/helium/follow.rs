//! 8-bit codes with their own mask and beside those of the last map, in whose place they are written: one pass for what would
//! be two, and a copy. Codes of i8 are summed as they are, and moved by 128 a pixel at the end.

use crate::cores::Followed;
use core::arch::asm;

/// u8, or i8 with `SIGNED` as q + 128; foreground from `cut` on (from 0: all of it).
///
/// # Safety
///
/// `p` is readable, and `t` readable and writable, for `n` ≤ 2²² bytes, whose sums then fit 32 bits.
#[inline(never)]
pub unsafe fn follow<const SIGNED: bool>(p: *const u8, t: *mut u8, n: usize, cut: u8) -> Followed {
    let [mut sp, mut st, mut changed, mut marks, mut spt] = [0u32; 5];
    macro_rules! run {
        ($sign:literal, $compare:literal) => {
            asm!(
                "vmov.i8 q2, #1",
                "wlstp.8 lr, {n}, 3f",
                "2:",
                "vldrb.u8 q0, [{p}], #16",
                concat!("vaddva.", $sign, " r0, q0"),
                "vldrb.u8 q1, [{t}]",
                concat!("vabav.", $sign, " {changed}, q0, q1"),
                "vstrb.8 q0, [{t}], #16",
                concat!("vaddva.", $sign, " r2, q1"),
                concat!("vptt.", $sign, " ", $compare, ", q0, {cut}"),
                concat!("vaddvat.", $sign, " r8, q0"),
                "vaddvat.u8 r10, q2",
                "letp lr, 2b",
                "3:",
                p = inout(reg) p => _, t = inout(reg) t => _, n = in(reg) n,
                cut = in(reg) u32::from(if SIGNED { cut ^ 0x80 } else { cut }), changed = inout(reg) changed,
                inout("r0") sp, inout("r2") st, inout("r8") spt, inout("r10") marks, out("lr") _,
                out("d0") _, out("d1") _, out("d2") _, out("d3") _, out("d4") _, out("d5") _, options(nostack)
            )
        };
    }
    // SAFETY: the caller's n. Of the cut the lowest byte is compared.
    unsafe { if SIGNED { run!("s8", "ge") } else { run!("u8", "cs") } }
    if SIGNED {
        let moved = |sum: u32, pixels: u32| sum.wrapping_add(128 * pixels);
        (sp, st, spt) = (moved(sp, n as u32), moved(st, n as u32), moved(spt, marks));
    }
    Followed { p: sp, last: st, changed, t: marks, pt: spt }
}
