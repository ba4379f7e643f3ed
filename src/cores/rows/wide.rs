//! Rows of more than four channels where a core has the DSP extension: their last four are added in the pass that looks at the
//! labels, and of the others up to twenty in a pass.
//!
//! ```text
//! for each pixel that counts:                                      one pass
//!     of[label] += 2¹⁶ + the code of the labelled channel
//!     even, odd += the bytes of its last four channels
//! for each twenty channels of the others, where all pixels count:  one pass for five words
//!     for each word:  even += its bytes 0 and 2;  odd += its bytes 1 and 3
//! ```
//!
//! Five words take 15 instructions a pixel, LDR, UXTAB16 and UXTAB16 (SXTAB16) each, and two beside: ten half-word sums, the
//! row, its stride, the end and the word read are all fourteen registers. The bound of the half words is that of `rows.rs`.

use super::{Rows, add, bytes, labelled, one, split, store, tile, word};
use core::arch::asm;

/// Channels of a pass of five words.
const FIVE: usize = 20;

/// Adds a block to Σp in `to`, and Σt and Σpt to `of`; how many pixels counted.
///
/// # Safety
///
/// As [`super::sums`], of at least one pixel.
#[inline(always)]
pub(super) unsafe fn all_channels<const FLIP: u32, const SOME: bool>(
    rows: Rows,
    left_out: u8,
    of: *mut u32,
    to: *mut u32,
) -> u32 {
    // SAFETY: the caller's; tiles of the channels before the last four, or of those and some of the last.
    unsafe {
        if rows.channels < 4 {
            let kept = labelled::<FLIP, SOME>(rows, left_out, of);
            for channel in 0..rows.channels {
                let to = to.add(channel);
                *to = (*to).wrapping_add(bytes::<FLIP, SOME>(rows, left_out, channel));
            }
            return kept;
        }
        let (last, kept) = if SOME {
            labelled_and_last::<FLIP>(rows, left_out, of)
        } else {
            (all_labelled::<FLIP>(rows, of), rows.pixels as u32)
        };
        let before = (rows.channels - 1) / 4 * 4;
        let mut from = 0;
        while from < before {
            from = match before - from {
                FIVE.. if !SOME => five::<FLIP>(rows, from, to),
                12.. => tile::<FLIP, SOME, 3>(rows, left_out, kept, from, 4, to),
                8.. => tile::<FLIP, SOME, 2>(rows, left_out, kept, from, 4, to),
                _ => tile::<FLIP, SOME, 1>(rows, left_out, kept, from, 4, to),
            };
        }
        store(split::<FLIP>(last, kept), rows.channels - before, to.add(rows.channels - 4));
        kept
    }
}

/// Σt and Σpt of every channel, and the bytes of the last four channels in half words, of the pixels that are not left out.
///
/// # Safety
///
/// As [`all_channels`], of at least four.
#[inline(always)]
unsafe fn labelled_and_last<const FLIP: u32>(rows: Rows, left_out: u8, of: *mut u32) -> ((u32, u32), u32) {
    let Rows { mut p, channels, mut labels, pixels } = rows;
    let ((mut even, mut odd), mut kept) = ((0, 0), 0);
    // SAFETY: the caller's.
    unsafe {
        let end = labels.add(pixels);
        while labels != end {
            if *labels != left_out {
                one::<FLIP>(p, *labels, of);
                (even, odd) = add::<FLIP>(word(p.add(channels - 4)), even, odd);
                kept += 1;
            }
            (p, labels) = (p.add(channels), labels.add(1));
        }
    }
    ((even, odd), kept)
}

/// The same of all pixels: 10 instructions each, and 2 for two of them beside.
///
/// # Safety
///
/// As [`all_channels`], of at least four.
#[inline(always)]
unsafe fn all_labelled<const FLIP: u32>(rows: Rows, of: *mut u32) -> (u32, u32) {
    let Rows { p, channels, labels, pixels } = rows;
    let (even, odd);
    macro_rules! run {
        ($load:literal, $add:literal) => {
            asm!(
                // An odd pixel is the second of a turn whose first is left out.
                "cmp {even}, #0",
                "mov {even}, #0",
                "bne 3f",
                "2:",
                run!(@ $load, $add),
                "3:",
                run!(@ $load, $add),
                "cmp {labels}, {end}",
                "bne 2b",
                p = inout(reg) p => _, channels = in(reg) channels, labels = inout(reg) labels => _,
                end = in(reg) labels.add(pixels), of = in(reg) of, last = in(reg) channels - 4,
                both = in(reg) if FLIP == 0 { 1u32 << 16 } else { (1 << 16) + 128 }, even = inout(reg) pixels % 2 => even,
                odd = inout(reg) 0 => odd, label = out(reg) _, x = out(reg) _, sum = out(reg) _, options(nostack)
            )
        };
        (@ $load:literal, $add:literal) => {
            concat!(
                "ldrb {label}, [{labels}], #1\n", $load, " {x}, [{p}, {label}]\nldr {sum}, [{of}, {label}, lsl #2]\n",
                "add {sum}, {sum}, {both}\nadd {sum}, {sum}, {x}\nstr {sum}, [{of}, {label}, lsl #2]\n",
                "ldr {x}, [{p}, {last}]\n", $add, " {even}, {even}, {x}\n", $add, " {odd}, {odd}, {x}, ror #8\n",
                "add {p}, {p}, {channels}\n"
            )
        };
    }
    // SAFETY: the caller's rows and labels, each of which is a place of `of`; an LDR takes any address.
    unsafe {
        if FLIP == 0 {
            run!("ldrb", "uxtab16");
        } else {
            run!("ldrsb", "sxtab16");
        }
    }
    (even, odd)
}

/// Σp of twenty channels from `from` on, of all pixels; the channel behind them.
///
/// # Safety
///
/// As [`all_channels`]; there are so many channels.
#[inline(never)]
unsafe fn five<const FLIP: u32>(rows: Rows, from: usize, to: *mut u32) -> usize {
    let Rows { p, channels, pixels, .. } = rows;
    let p = p.wrapping_add(from);
    let end = p.wrapping_add(channels * pixels);
    let [a, b, c, d, e, f, g, h, i, j]: [u32; 10];
    macro_rules! run {
        ($add:literal) => {
            asm!(
                "push {{r6, r7}}",
                "mov r6, #0",
                // An odd pixel is the second of a turn whose first is left out.
                "cmp r3, #0",
                "mov r3, #0",
                "bne 3f",
                "2:",
                run!(@ $add),
                "3:",
                run!(@ $add),
                "cmp r0, r2",
                "bne 2b",
                "mov r0, r6",
                "pop {{r6, r7}}",
                // Each in a register of its own, so that none is in r6 or r7.
                inout("r0") p => j, in("r1") channels, in("r2") end, inout("r3") pixels % 2 => a, inout("r4") 0 => b,
                inout("r5") 0 => c, inout("r8") 0 => d, inout("r9") 0 => e, inout("r10") 0 => f, inout("r11") 0 => g,
                inout("r12") 0 => h, inout("lr") 0 => i,
            )
        };
        (@ $add:literal) => {
            concat!(
                "ldr r7, [r0]\n", $add, " r3, r3, r7\n", $add, " r4, r4, r7, ror #8\n",
                "ldr r7, [r0, #4]\n", $add, " r5, r5, r7\n", $add, " r8, r8, r7, ror #8\n",
                "ldr r7, [r0, #8]\n", $add, " r9, r9, r7\n", $add, " r10, r10, r7, ror #8\n",
                "ldr r7, [r0, #12]\n", $add, " r11, r11, r7\n", $add, " r12, r12, r7, ror #8\n",
                "ldr r7, [r0, #16]\n", $add, " lr, lr, r7\n", $add, " r6, r6, r7, ror #8\n",
                "add r0, r0, r1\n"
            )
        };
    }
    // SAFETY: the caller's rows, of which there is one; an LDR takes any address. The values of r6 and r7 are put back, and the
    // sums of the caller's channels are written.
    unsafe {
        if FLIP == 0 {
            run!("uxtab16")
        } else {
            run!("sxtab16")
        }
        for (word, pair) in [(a, b), (c, d), (e, f), (g, h), (i, j)].into_iter().enumerate() {
            store(split::<FLIP>(pair, pixels as u32), 4, to.add(from + 4 * word));
        }
    }
    from + FIVE
}
