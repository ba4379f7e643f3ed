//! 8-bit codes × byte masks where pixels are left out or codes are moved, sixteen at a time.
//!
//! ```text
//! where the region, or the label beside an ignored one, lets a pixel count:     VPT, or VMSR of bits
//!     load p and mask, which are 0 elsewhere;  kept += across ones              VLDRB under it, VADDVA
//! moved codes:   code = raw − floor
//!     where it is above the largest code:  clamped += across ones, and what it is then
//! the sums as of plain codes (`helium.rs`)
//! ```
//!
//! A load under a predicate writes 0 to the lanes that it leaves out: a signed code of 0, which is 128, so that signed sums
//! are moved by 128 for each pixel that counts, and no others.

use super::{CLASS, NON_ZERO, ZERO_FULL, ZERO_ONE};
use crate::cores::which::{ALL, ANYHOW, BELOW, IN_BITS, IN_BYTES, Inside, Kept, PLAIN, TAKEN_OFF, UNLESS};
use crate::pixels::ByteCodes;
use core::arch::asm;

/// u8, or i8 with `FLIP`, × a byte mask, of the pixels that `IN` says, with codes moved as `HOW` says.
///
/// # Safety
///
/// `p` and `g` are readable for `n` ≤ 2²² bytes, whose sums then fit 32 bits, and so is a region of bytes; one of bits has as
/// many from its shift on.
#[inline(never)]
pub unsafe fn byte_kept<const FLIP: u32, const KIND: u8, const CHECK: bool, const IN: u8, const HOW: u8>(
    p: *const u8,
    g: *const u8,
    inside: Inside,
    n: usize,
    class: u8,
    codes: ByteCodes,
) -> Kept {
    let mut sums = Sums::default();
    let ByteCodes { floor, top, dead } = codes;
    let with = if HOW == PLAIN {
        With { bytes: u32::from(class), least: inside.place as u32 }
    } else {
        With { bytes: u32::from_le_bytes([class, dead, floor ^ FLIP as u8, top]), least: 255 - u32::from(floor) }
    };
    // SAFETY: of bits whole vectors, which end where they say, then what is left.
    unsafe {
        if IN == IN_BITS {
            let (whole, left) = (n & !15, n % 16);
            if inside.place == 0 {
                turns::<FLIP, KIND, CHECK, IN, HOW>(&mut sums, [p, g, inside.region], whole, with);
            } else {
                turns::<FLIP, KIND, CHECK, IN_SHIFTED_BITS, HOW>(&mut sums, [p, g, inside.region], whole, with);
            }
            if left > 0 {
                let mut bits = 0u32;
                for place in (0..(inside.place + left).div_ceil(8)).rev() {
                    bits = bits << 8 | u32::from(*inside.region.add(whole / 8 + place));
                }
                let bits = (bits >> inside.place) as u16;
                let at = [p.add(whole), g.add(whole), (&raw const bits).cast()];
                turns::<FLIP, KIND, CHECK, IN, HOW>(&mut sums, at, left, with);
            }
        } else {
            turns::<FLIP, KIND, CHECK, IN, HOW>(&mut sums, [p, g, inside.region], n, with);
        }
    }
    let Sums { mut p, mut t, mut pt, count, most } = sums;
    let all = n as u32;
    let (kept, clamped) = if IN == ALL { (all, count) } else { (count, 0) };
    if KIND == CLASS {
        // Those that are not the class were summed, and what is left out among them.
        (t, pt) = (all.wrapping_sub(t), p.wrapping_sub(pt));
    }
    if FLIP != 0 && HOW == PLAIN {
        // Signed sums, moved by 128 a pixel.
        p = p.wrapping_add(kept.wrapping_mul(128));
        pt = pt.wrapping_add(t.wrapping_mul(128));
    }
    Kept { p, t, pt, kept, clamped, broken: CHECK && most > 1 }
}

/// Bits that begin 1 to 7 bits into a byte, of whole sixteens.
const IN_SHIFTED_BITS: u8 = 4;

#[derive(Clone, Copy, Default)]
struct Sums {
    p: u32,
    t: u32,
    pt: u32,
    /// Pixels that count, or of moved codes those that were clamped.
    count: u32,
    /// The greatest byte of what a declared mask should be.
    most: u32,
}

/// What is the same for all pixels.
#[derive(Clone, Copy)]
struct With {
    /// The class; of moved codes above it the dead zone, the raw byte of code 0, and the largest code.
    bytes: u32,
    /// The ignored label, or the shift of bits; of moved codes what is not below the floor modulo 256.
    least: u32,
}

/// Adds `n` pixels.
///
/// # Safety
///
/// As [`byte_kept`]; shifted bits are of whole sixteens.
#[inline(always)]
unsafe fn turns<const FLIP: u32, const KIND: u8, const CHECK: bool, const IN: u8, const HOW: u8>(
    sums: &mut Sums,
    [p, g, region]: [*const u8; 3],
    n: usize,
    with: With,
) {
    // q5 holds ones and q3 the class; q7 what is none, or the dead zone; q4 the raw byte of code 0, q6 the largest code, q2 what
    // is not below the floor.
    macro_rules! run {
        ($same:expr, $pixels:expr, $sign:literal, $ones:literal) => {
            asm!(
                "vmov.i8 q5, #1",
                "vdup.8 q3, {bytes}",
                $same,
                "wlstp.8 lr, {n}, 3f",
                "2:",
                $pixels,
                concat!("vaddva.", $sign, " r0, q0"),
                $ones,
                concat!("vmladava.", $sign, " r4, q0, q1"),
                "vaddva.u8 r2, q1",
                "letp lr, 2b",
                "3:",
                "// {region} {least} {most}",
                p = inout(reg) p => _, g = inout(reg) g => _, region = inout(reg) region => _,
                bytes = inout(reg) with.bytes => _, least = in(reg) with.least, n = inout(reg) n => _,
                most = inout(reg) sums.most, inout("r0") sums.p, inout("r2") sums.t, inout("r4") sums.pt,
                inout("r8") sums.count, out("lr") _,
                out("d0") _, out("d1") _, out("d2") _, out("d3") _, out("d4") _, out("d5") _, out("d6") _, out("d7") _,
                out("d8") _, out("d9") _, out("d10") _, out("d11") _, out("d12") _, out("d13") _, out("d14") _,
                out("d15") _, options(readonly, nostack)
            )
        };
    }
    // The mask as 0 and 1, of a class as 1 and 0.
    macro_rules! masked {
        ($same:expr, $pixels:expr, $sign:literal) => {
            match KIND {
                ZERO_ONE if CHECK => run!($same, $pixels, $sign, "vmaxv.u8 {most}, q1"),
                ZERO_ONE => run!($same, $pixels, $sign, ""),
                // 255 + 1 is 0, 0 + 1 is 1.
                ZERO_FULL if CHECK => {
                    run!($same, $pixels, $sign, "vadd.i8 q3, q1, q5\nvshr.u8 q1, q1, #7\nvmaxv.u8 {most}, q3")
                }
                ZERO_FULL => run!($same, $pixels, $sign, "vshr.u8 q1, q1, #7"),
                NON_ZERO => run!($same, $pixels, $sign, "vmin.u8 q1, q1, q5"),
                _ => run!($same, $pixels, $sign, "veor q1, q1, q3\nvmin.u8 q1, q1, q5"),
            }
        };
    }
    macro_rules! signed {
        ($pixels:expr) => {
            if FLIP != 0 { masked!("vmvn q7, q3", $pixels, "s8") } else { masked!("vmvn q7, q3", $pixels, "u8") }
        };
    }
    // What is left out is background: 0, or where 0 may be the class what is none.
    macro_rules! chosen {
        ($load:literal, $where:literal, $compare:literal) => {
            if KIND == CLASS {
                signed!(concat!(
                    "vldrb.u8 q1, [{g}], #16\n",
                    $load,
                    $where,
                    "te",
                    $compare,
                    "\nvldrbt.u8 q0, [{p}], #16\nvaddvat.u8 r8, q5\nvmove q1, q7"
                ))
            } else {
                signed!(concat!(
                    $load,
                    $where,
                    "tt",
                    $compare,
                    "\nvldrbt.u8 q0, [{p}], #16\nvldrbt.u8 q1, [{g}], #16\nvaddvat.u8 r8, q5"
                ))
            }
        };
    }
    macro_rules! moved {
        ($codes:literal) => {
            masked!(
                concat!(
                    "lsrs {bytes}, {bytes}, #8\nvdup.8 q7, {bytes}\nlsrs {bytes}, {bytes}, #8\nvdup.8 q4, {bytes}\n",
                    "lsrs {bytes}, {bytes}, #8\nvdup.8 q6, {bytes}\nvdup.8 q2, {least}"
                ),
                concat!("vldrb.u8 q0, [{p}], #16\nvldrb.u8 q1, [{g}], #16\nvsub.i8 q0, q0, q4\n", $codes),
                "u8"
            )
        };
    }
    // SAFETY: n bytes of each are readable, and what is left out or behind them is not read.
    unsafe {
        match (IN, HOW) {
            (IN_BYTES, _) => chosen!("vldrb.u8 q4, [{region}], #16\n", "vpt", ".i8 ne, q4, zr"),
            (IN_BITS, _) => chosen!("ldrh {n}, [{region}], #2\nvmsr p0, {n}\n", "vpst", ""),
            (IN_SHIFTED_BITS, _) => chosen!(
                "ldrh {n}, [{region}], #2\nldrb {bytes}, [{region}]\norr {n}, {n}, {bytes}, lsl #16\n\
                 lsr {n}, {n}, {least}\nvmsr p0, {n}\n",
                "vpst",
                ""
            ),
            (UNLESS, _) => {
                signed!("vldrb.u8 q1, [{g}], #16\nvptt.i8 ne, q1, {least}\nvldrbt.u8 q0, [{p}], #16\nvaddvat.u8 r8, q5")
            }
            (_, TAKEN_OFF) => moved!("vptt.u8 hi, q0, q6\nvaddvat.u8 r8, q5\nvmovt.i8 q0, #0"),
            (_, BELOW) => {
                moved!("vptt.u8 hi, q0, q6\nvaddvat.u8 r8, q5\nvmovt.i8 q0, #0\nvpt.u8 cs, q7, q0\nvmovt.i8 q0, #0")
            }
            (_, ANYHOW) => moved!(
                "vpt.u8 hi, q0, q6\nvaddvat.u8 r8, q5\nvpt.u8 hi, q0, q2\nvmovt.i8 q0, #0\nvmin.u8 q0, q0, q6\n\
                 vpt.u8 cs, q7, q0\nvmovt.i8 q0, #0"
            ),
            _ => moved!("vpt.u8 cs, q7, q0\nvmovt.i8 q0, #0"),
        }
    }
}
