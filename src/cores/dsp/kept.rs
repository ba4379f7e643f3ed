//! 8-bit codes × byte masks where pixels are left out or codes are moved, four at a time.
//!
//! ```text
//! region:        GE = the region's bytes are 0             USUB8; of bits those that are 1: MSR
//! p, mask = code 0 and background where that leaves a pixel out;  kept += ones           SEL, USADA8; bits a word at a time
//! moved codes:   code = raw − floor;  below the floor it is 0, and clamped                SSUB8 or USUB8, SEL twice, USADA8
//! the sums as of plain codes (`dsp.rs`)
//! ```

use super::{CLASS, Masked, ZERO_ONE};
use crate::cores::simd32::{BYTES, usada8, word};
use crate::cores::which::{ALL, ANYHOW, BELOW, IN_BITS, IN_BYTES, Inside, Kept, SILENCED, TAKEN_OFF};
use crate::pixels::ByteCodes;
use core::arch::asm;

/// Words of a turn, whose 32 pixels are a word of a region of bits.
const WORDS: usize = 8;

/// What is the same for all pixels, each four times.
#[derive(Clone, Copy)]
struct Same {
    /// The class.
    splat: u32,
    /// Background, as the mask has it.
    background: u32,
    /// The raw byte of code 0.
    first: u32,
    /// From this raw byte on a code is not 0.
    low: u32,
    top: u32,
}

#[derive(Clone, Copy, Default)]
struct Sums {
    masked: Masked,
    kept: u32,
    clamped: u32,
}

/// u8, or i8 with `FLIP`, × a byte mask, of the pixels that `IN` says; of all of them with codes moved as `HOW` says.
///
/// # Safety
///
/// `p` and `g` are readable for `n` ≤ 2²² bytes, whose sums then fit 32 bits, and so is a region of bytes; one of bits has as
/// many from its shift on.
#[inline(never)]
pub unsafe fn byte_kept<const FLIP: u32, const KIND: u8, const CHECK: bool, const IN: u8, const HOW: u8>(
    mut p: *const u8,
    mut g: *const u8,
    inside: Inside,
    n: usize,
    class: u8,
    codes: ByteCodes,
) -> Kept {
    let all = |byte: u8| u32::from(byte) * BYTES;
    let ByteCodes { floor, top, dead } = codes;
    let flip = FLIP as u8;
    let same = Same {
        splat: all(class),
        background: if KIND == CLASS { !all(class) } else { 0 },
        first: all(floor ^ flip),
        low: all(floor.wrapping_add(dead).wrapping_add(1) ^ flip),
        top: all(top),
    };
    let (mut region, shift) = (inside.region, inside.place);
    let mut sums = Sums::default();
    // SAFETY: whole turns, then what is left, which are n together.
    unsafe {
        let (all, left) = (n / (4 * WORDS), n % (4 * WORDS));
        turns::<FLIP, KIND, CHECK, IN, HOW>(&mut sums, [&mut p, &mut g, &mut region], shift, all, &same);
        few::<FLIP, KIND, CHECK, IN, HOW>(&mut sums, [p, g, region], shift, left, &same);
    }
    let Sums { masked, kept, clamped } = sums;
    let t = if KIND == ZERO_ONE { masked.t } else { masked.t / 255 };
    let found = masked.found(t, if KIND == ZERO_ONE { !BYTES } else { 0x7F7F_7F7F });
    Kept {
        p: found.p,
        t: found.t,
        pt: found.pt,
        kept: if IN == ALL { n as u32 } else { kept },
        clamped,
        broken: found.broken,
    }
}

/// Turns of 32 pixels.
#[inline(always)]
unsafe fn turns<const FLIP: u32, const KIND: u8, const CHECK: bool, const IN: u8, const HOW: u8>(
    sums: &mut Sums,
    [p, g, region]: [&mut *const u8; 3],
    shift: usize,
    turns: usize,
    same: &Same,
) {
    let (mut at, mut gt, mut rt, mut now) = (*p, *g, *region, *sums);
    let (end, same) = (at.wrapping_add(4 * WORDS * turns), *same);
    while at != end {
        let mut bits = 0;
        if IN == IN_BITS {
            // SAFETY: the bits of a turn begin in the first of four bytes, and with a shift they end in a fifth.
            unsafe {
                bits = rt.cast::<u32>().read_unaligned();
                if shift != 0 {
                    bits = bits >> shift | u32::from(*rt.add(4)) << (32 - shift);
                }
                rt = rt.add(4);
            }
            now.kept += bits.count_ones();
        }
        macro_rules! four {
            ($bits:expr) => {
                // SAFETY: the caller's turns. A word at a time: the loop is short of registers.
                let (p, g, r) = unsafe {
                    let (p, g) = (one(&mut at), one(&mut gt));
                    (p, g, if IN == IN_BYTES { one(&mut rt) } else { $bits })
                };
                step::<FLIP, KIND, CHECK, IN, HOW>(&mut now, [p, g, r], &same);
            };
        }
        four!(bits << 16);
        four!(bits << 12);
        four!(bits << 8);
        four!(bits << 4);
        four!(bits);
        four!(bits >> 4);
        four!(bits >> 8);
        four!(bits >> 12);
    }
    (*p, *g, *region, *sums) = (at, gt, rt, now);
}

/// The next word, at any address; the pointer moved behind it.
///
/// # Safety
///
/// It is readable.
#[inline(always)]
unsafe fn one(at: &mut *const u8) -> u32 {
    let word;
    // SAFETY: the caller's.
    unsafe {
        asm!("ldr {word}, [{at}], #4", word = out(reg) word, at = inout(reg) *at,
             options(readonly, nostack, preserves_flags));
    }
    word
}

/// Fewer pixels than a turn.
#[inline(never)]
unsafe fn few<const FLIP: u32, const KIND: u8, const CHECK: bool, const IN: u8, const HOW: u8>(
    sums: &mut Sums,
    [mut p, mut g, mut region]: [*const u8; 3],
    shift: usize,
    n: usize,
    same: &Same,
) {
    let mut bits = 0u64;
    if IN == IN_BITS && n > 0 {
        for place in (0..(shift + n).div_ceil(8)).rev() {
            // SAFETY: the bytes of the caller's bits, at most five.
            bits = bits << 8 | u64::from(unsafe { *region.add(place) });
        }
        bits = bits >> shift & !(u64::MAX << n);
        sums.kept += bits.count_ones();
    }
    let mut left = n;
    while left > 0 {
        let some = left.min(4);
        // SAFETY: the caller's n.
        unsafe {
            let (a, b) = (word(&mut p, some, same.first), word(&mut g, some, same.background));
            let r = match IN {
                IN_BYTES => word(&mut region, some, 0),
                IN_BITS => (bits as u32) << 16,
                _ => 0,
            };
            step::<FLIP, KIND, CHECK, IN, HOW>(sums, [a, b, r], same);
        }
        bits >>= 4;
        left -= some;
    }
}

/// Four pixels, their mask, and their region.
#[inline(always)]
fn step<const FLIP: u32, const KIND: u8, const CHECK: bool, const IN: u8, const HOW: u8>(
    sums: &mut Sums,
    [mut p, mut g, mut r]: [u32; 3],
    same: &Same,
) {
    let background = if KIND == CLASS { same.background } else { 0 };
    if IN != ALL {
        // Here, so that what stands for a pixel that is left out is 0, as a register is already.
        p ^= FLIP;
    }
    // SAFETY (both): arithmetic on registers and the GE flags.
    match IN {
        IN_BYTES => {
            unsafe {
                asm!("usub8 {r}, {no}, {r}", "sel {p}, {no}, {p}", "sel {g}, {background}, {g}", "sel {r}, {no}, {ones}",
                     r = inout(reg) r, p = inout(reg) p, g = inout(reg) g, background = in(reg) background,
                     ones = in(reg) BYTES, no = in(reg) 0u32, options(nomem, nostack));
            }
            sums.kept = usada8(r, 0, sums.kept);
        }
        // The bits of a turn are counted as a word.
        IN_BITS => unsafe {
            asm!("msr APSR_g, {r}", "sel {p}, {p}, {no}", "sel {g}, {g}, {background}", r = in(reg) r,
                 p = inout(reg) p, g = inout(reg) g, background = in(reg) background, no = in(reg) 0u32,
                 options(nomem, nostack));
        },
        _ => {}
    }
    if IN == ALL {
        let (code, outs) = code::<FLIP, HOW>(p, same);
        p = code;
        if HOW != SILENCED {
            sums.clamped = usada8(outs, 0, sums.clamped);
        }
    }
    sums.masked.step::<0, KIND, CHECK>(p, g, same.splat);
}

/// Raw bytes as codes, and a one for each that was clamped. Signed and unsigned bytes differ by 128, which is its own inverse
/// modulo 256, so that differences of either are codes.
#[inline(always)]
fn code<const FLIP: u32, const HOW: u8>(raw: u32, same: &Same) -> (u32, u32) {
    let Same { first, low, top, .. } = *same;
    let (code, outs);
    macro_rules! run {
        ($sub:literal) => {
            match HOW {
                TAKEN_OFF => asm!(
                    concat!($sub, " {c}, {c}, {first}"), "sel {c}, {c}, {no}", "sel {o}, {no}, {yes}",
                    c = inout(reg) raw => code, o = lateout(reg) outs, first = in(reg) first, no = in(reg) 0u32,
                    yes = in(reg) BYTES, options(nomem, nostack)
                ),
                BELOW => asm!(
                    concat!($sub, " {c}, {raw}, {first}"), "sel {o}, {no}, {yes}",
                    concat!($sub, " {raw}, {raw}, {low}"), "sel {c}, {c}, {no}", c = out(reg) code, o = out(reg) outs,
                    raw = inout(reg) raw => _, first = in(reg) first, low = in(reg) low, no = in(reg) 0u32,
                    yes = in(reg) BYTES, options(nomem, nostack)
                ),
                ANYHOW => asm!(
                    "usub8 {c}, {raw}, {first}", "usub8 {o}, {top}, {c}", "sel {c}, {c}, {top}", "sel {o}, {no}, {yes}",
                    concat!($sub, " {raw}, {raw}, {low}"), "sel {c}, {c}, {no}", c = out(reg) code, o = out(reg) outs,
                    raw = inout(reg) raw => _, first = in(reg) first, low = in(reg) low, top = in(reg) top,
                    no = in(reg) 0u32, yes = in(reg) BYTES, options(nomem, nostack)
                ),
                _ => {
                    asm!("usub8 {c}, {raw}, {first}", concat!($sub, " {raw}, {raw}, {low}"), "sel {c}, {c}, {no}",
                         c = out(reg) code, raw = inout(reg) raw => _, first = in(reg) first, low = in(reg) low,
                         no = in(reg) 0u32, options(nomem, nostack));
                    outs = 0;
                }
            }
        };
    }
    // SAFETY: arithmetic on registers and the GE flags.
    unsafe { if FLIP != 0 { run!("ssub8") } else { run!("usub8") } }
    (code, outs)
}
