//! Half floats, eight to a register. Against masks a code is taken in two parts that 16 bits hold:
//!
//! ```text
//! for each vector:
//!     look at the greatest of its halves                       VMAXV
//!     high = ⌊x · 2¹³⌋                                         VCVT.U16.F16, 13 places behind the point: at most 2¹³
//!     low  = the bits of x − high · 2⁻¹³                       below 2⁻¹³ the bits of a half float are its code of 2⁻²⁴
//!     Σhigh, Σlow;  Σt;  Σhigh·t, Σlow·t                       VADDVA, VMLADAVA
//! Σp = Σhigh · 2¹¹ + Σlow, and Σpt likewise
//! ```
//!
//! Both parts are exact: x has eleven bits, of which high are the first and low the rest. As Rust assumes of all floats, subnormal
//! ones are not flushed (FPSCR.FZ16 is 0, as at reset).
//!
//! Against other half floats codes are whole, in 32 bits: VCVTB and VCVTT of both halves of a lane to floats, VCVT.U32.F32 with 24
//! places, and products in 64 bits by VMLALDAVA.
//!
//! **Overflow.** Of 2¹⁵ pixels Σhigh is at most 2²⁸. Whole codes of 224 pixels fit 32 bits, products of 2¹⁵ pixels 63.

use crate::cores::{CLASS, Found, NON_ZERO, ZERO_FULL, ZERO_ONE};
use core::arch::asm;

/// Bits of 1.0.
const ONE: u32 = 0x3C00;
/// Pixels of a block against half floats, and of which the plain loop takes no more than must be for one bad value.
pub const HALF_BLOCK: usize = 224;
/// Pixels of a block against a mask.
const MASKED: usize = 512;
const _: () = assert!((HALF_BLOCK as u64) << 24 < 1 << 32 && (MASKED as u64) << 13 < 1 << 32);

/// Σp and Σpt of both parts.
const fn joined(high: u32, low: u32) -> u64 {
    ((high as u64) << 11) + low as u64
}

/// Eight pixels; `$ones` makes the mask's bytes, widened (by loads from low registers alone), 0 or 1, and looks at them.
macro_rules! masked {
    ($ones:literal) => {
        concat!(
            "vldrh.u16 q0, [{p}], #16\nvmaxv.u16 r5, q0\nvcvt.u16.f16 q4, q0, #13\nvldrb.u16 q1, [r3], #8\n",
            "vcvt.f16.u16 q5, q4, #13\n",
            $ones,
            "vaddva.u16 r0, q4\nvsub.f16 q5, q0, q5\nvmladava.u16 r4, q4, q1\nvaddva.u16 r2, q1\n",
            "vaddva.u16 r8, q5\nvmladava.u16 r10, q5, q1\n"
        )
    };
}

/// Half floats × a byte mask, up to the first block with a value outside [0, 1]: the sums, and how many pixels they are of.
///
/// # Safety
///
/// `p` is readable for `n` half floats, `g` for `n` bytes.
#[inline(never)]
pub unsafe fn half_mask<const KIND: u8, const CHECK: bool>(
    p: *const u16,
    g: *const u8,
    n: usize,
    class: u8,
) -> (Found, usize) {
    let (mut total, mut marks, mut at) = (Found::default(), 0u32, 0);
    while at < n {
        let block = (n - at).min(MASKED);
        let [mut high, mut sg, mut high_g, mut low, mut low_g] = [0u32; 5];
        // Comes as the class, goes as the greatest half.
        let mut most = u32::from(class);
        macro_rules! run {
            ($ones:literal) => {
                asm!(
                    // High bytes are 0 and stay 0 under a minimum with ones.
                    "vmov.i8 q2, #1",
                    "vdup.16 q3, r5",
                    "movs r5, #0",
                    sweep!("16", masked!($ones)),
                    p = inout(reg) p.add(at) => _, inout("r3") g.add(at) => _, n = in(reg) block, turns = out(reg) _,
                    inout("r0") high, inout("r2") sg, inout("r4") high_g, inout("r8") low, inout("r10") low_g,
                    inout("r5") most, inout("r1") marks, out("lr") _,
                    out("d0") _, out("d1") _, out("d2") _, out("d3") _, out("d4") _, out("d5") _, out("d6") _,
                    out("d7") _, out("d8") _, out("d9") _, out("d10") _, out("d11") _,
                    options(readonly, nostack)
                )
            };
        }
        // SAFETY: at + block ≤ n.
        unsafe {
            match KIND {
                ZERO_ONE if CHECK => run!("vmaxv.u8 r1, q1\n"),
                ZERO_ONE => run!(""),
                // 255 + 1 is 0, 0 + 1 is 1.
                ZERO_FULL if CHECK => run!("vadd.i8 q3, q1, q2\nvshr.u16 q1, q1, #7\nvmaxv.u8 r1, q3\n"),
                ZERO_FULL => run!("vshr.u16 q1, q1, #7\n"),
                NON_ZERO => run!("vmin.u8 q1, q1, q2\n"),
                // All but the class.
                _ => run!("veor q1, q1, q3\nvmin.u8 q1, q1, q2\n"),
            }
        }
        if most > ONE {
            break;
        }
        total.p += joined(high, low);
        total.t += u64::from(sg);
        total.pt += joined(high_g, low_g);
        at += block;
    }
    if KIND == CLASS {
        (total.t, total.pt) = (at as u64 - total.t, total.p - total.pt);
    }
    (Found { broken: CHECK && marks > 1, ..total }, at)
}

/// Eight pixels; from the bits `cut` on they are under a predicate.
macro_rules! own {
    () => {
        "vldrh.u16 q0, [{p}], #16\nvmaxv.u16 r5, q0\nvcvt.u16.f16 q4, q0, #13\nvcvt.f16.u16 q5, q4, #13\n\
         vaddva.u16 r0, q4\nvsub.f16 q5, q0, q5\nvaddva.u16 r8, q5\nvpttt.u16 cs, q0, {cut}\nvaddvat.u16 r4, q4\n\
         vaddvat.u16 r10, q5\nvaddvat.u16 r2, q2\n"
    };
}

/// Half floats × their own mask from the bits `least` on, up to the first block with a value outside [0, 1].
///
/// # Safety
///
/// `p` is readable for `n` half floats.
#[inline(never)]
pub unsafe fn half_own(p: *const u16, n: usize, least: u16) -> (Found, usize) {
    let (mut total, mut at) = (Found::default(), 0);
    while at < n {
        let block = (n - at).min(MASKED);
        let [mut high, mut st, mut high_t, mut low, mut low_t, mut most] = [0u32; 6];
        // SAFETY: at + block ≤ n.
        unsafe {
            asm!(
                "vmov.i16 q2, #1",
                sweep!("16", own!()),
                p = inout(reg) p.add(at) => _, n = in(reg) block, turns = out(reg) _, cut = in(reg) u32::from(least),
                inout("r0") high, inout("r2") st, inout("r4") high_t, inout("r8") low, inout("r10") low_t,
                inout("r5") most, out("lr") _,
                out("d0") _, out("d1") _, out("d4") _, out("d5") _, out("d8") _, out("d9") _, out("d10") _, out("d11") _,
                options(readonly, nostack)
            );
        }
        if most > ONE {
            break;
        }
        total.p += joined(high, low);
        total.t += u64::from(st);
        total.pt += joined(high_t, low_t);
        at += block;
    }
    (total, at)
}

/// Eight pixels of each.
macro_rules! eight {
    () => {
        "vldrh.u16 q0, [r3], #16\nvmaxv.u16 r12, q0\nvcvtb.f32.f16 q2, q0\nvldrh.u16 q1, [r1], #16\nvcvtt.f32.f16 q3, q0\n\
         vmaxv.u16 r12, q1\nvcvtb.f32.f16 q4, q1\nvcvtt.f32.f16 q5, q1\nvcvt.u32.f32 q2, q2, #24\n\
         vcvt.u32.f32 q4, q4, #24\nvaddva.u32 r0, q2\nvcvt.u32.f32 q3, q3, #24\nvaddva.u32 r2, q4\n\
         vcvt.u32.f32 q5, q5, #24\nvmlaldava.u32 r4, r5, q2, q4\nvaddva.u32 r0, q3\nvaddva.u32 r2, q5\n\
         vmlaldava.u32 r4, r5, q3, q5\n"
    };
}

/// Four pixels of each, widened, or the last of them.
macro_rules! four {
    () => {
        "vldrh.u32 q0, [r3], #8\nvmaxv.u16 r12, q0\nvcvtb.f32.f16 q2, q0\nvldrh.u32 q1, [r1], #8\nvmaxv.u16 r12, q1\n\
         vcvtb.f32.f16 q4, q1\nvcvt.u32.f32 q2, q2, #24\nvcvt.u32.f32 q4, q4, #24\nvaddva.u32 r0, q2\n\
         vmlaldava.u32 r4, r5, q2, q4\nvaddva.u32 r2, q4\n"
    };
}

/// Half floats × half floats, up to the first block with a value outside [0, 1]: the sums, and how many pixels they are of.
///
/// # Safety
///
/// `p` and `t` are readable for `n` ≤ 2¹⁵ half floats, whose products then fit 63 bits.
#[inline(never)]
pub unsafe fn half_half(p: *const u16, t: *const u16, n: usize) -> (Found, usize) {
    let (mut total, mut at) = (Found::default(), 0);
    while at < n {
        let block = (n - at).min(HALF_BLOCK);
        let [mut sp, mut st, mut low, mut high, mut most] = [0u32; 5];
        // SAFETY: at + block ≤ n.
        unsafe {
            asm!(
                "lsrs {turns}, {n}, #5",
                "beq 3f",
                "dls lr, {turns}",
                "2:",
                eight!(), eight!(), eight!(), eight!(),
                "le lr, 2b",
                "3:",
                "and {turns}, {n}, #31",
                "wlstp.32 lr, {turns}, 5f",
                "4:",
                four!(),
                "letp lr, 4b",
                "5:",
                inout("r3") p.add(at) => _, inout("r1") t.add(at) => _, n = in(reg) block, turns = out(reg) _,
                inout("r0") sp, inout("r2") st, inout("r4") low, inout("r5") high, inout("r12") most, out("lr") _,
                out("d0") _, out("d1") _, out("d2") _, out("d3") _, out("d4") _, out("d5") _, out("d6") _, out("d7") _,
                out("d8") _, out("d9") _, out("d10") _, out("d11") _,
                options(readonly, nostack)
            );
        }
        if most > ONE {
            break;
        }
        total.p += u64::from(sp);
        total.t += u64::from(st);
        total.pt += u64::from(high) << 32 | u64::from(low);
        at += block;
    }
    (total, at)
}
