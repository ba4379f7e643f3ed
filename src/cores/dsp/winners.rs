//! The first greatest channel of four pixels at once.
//!
//! Four channels are transposed: a word is one channel of the four pixels. Of more of them a word is four channels of a pixel:
//!
//! ```text
//! for each of the four pixels:
//!     most, won = its first four channels and their numbers           a byte of a word to each
//!     for each word of four channels behind them:                     the last one may reach back into that before it
//!         where x > most:  most = x;  won = the channels' numbers     LDR, SSUB8 or USUB8, SEL twice
//! of bytes 0 and 2, and 1 and 3, of each pixel, and of what is left of either:
//!     the greater one;  of equal ones that whose number is less
//! ```
//!
//! These are 18 instructions for four channels of four pixels, 1.125 a channel and pixel, and 10 a pixel at the end. Only a
//! greater value takes a byte's place, so that each byte keeps its first greatest. What it keeps of a last word that reaches
//! back is no other channel than it had.
//!
//! **The loop's end.** Numbers are kept with 256 − channels added, so that the largest is 255. The step to the next word adds 4
//! to each byte. The uppermost is at most 255 − 4 while a whole word is left, and 252 or more behind the last one: there the
//! addition carries out of the register, and nowhere before.

use crate::cores::simd32::{BYTES, greater};
use core::arch::asm;

/// The winners of four pixels; without `MORE` there are four channels.
///
/// # Safety
///
/// `p` is readable for four rows of `channels` bytes, 4 to 256.
#[inline(always)]
pub unsafe fn won_by_four<const FLIP: u32, const MORE: bool>(p: *const u8, channels: usize) -> u32 {
    // SAFETY: the caller's.
    unsafe {
        if MORE {
            return of_many::<FLIP>(p, channels);
        }
        let [mut most, second, third, fourth] = transposed(p, channels);
        let mut won = 0;
        greater::<FLIP>(second, BYTES, &mut most, &mut won);
        greater::<FLIP>(third, 2 * BYTES, &mut most, &mut won);
        greater::<FLIP>(fourth, 3 * BYTES, &mut most, &mut won);
        won
    }
}

/// Bytes 0 and 2 of both words, and bytes 1 and 3: of x, y, x, y.
#[inline(always)]
const fn bytes(x: u32, y: u32) -> [u32; 2] {
    let apart = (x ^ y << 8) & 0xFF00_FF00;
    [x ^ apart, y ^ apart >> 8]
}

/// The lower half words of both, and the upper ones.
#[inline(always)]
const fn halves(x: u32, y: u32) -> [u32; 2] {
    [x & 0xFFFF | y << 16, x >> 16 | y & 0xFFFF_0000]
}

/// Four channels of four pixels as a word of four pixels for each channel.
///
/// # Safety
///
/// Each row is readable for four bytes.
#[inline(always)]
unsafe fn transposed(p: *const u8, channels: usize) -> [u32; 4] {
    // SAFETY: the caller's.
    let [a, b, c, d] = [0, 1, 2, 3].map(|row| unsafe { p.add(row * channels).cast::<u32>().read_unaligned() });
    // The first and the third pixel, so that the bytes end up in the order of the pixels.
    let ([low, high], [low_too, high_too]) = (halves(a, c), halves(b, d));
    let ([first, second], [third, fourth]) = (bytes(low, low_too), bytes(high, high_too));
    [first, second, third, fourth]
}

/// Values and their numbers: the greater ones, and of equal ones those of the lesser number.
#[inline(always)]
fn first_greater<const FLIP: u32>([x, y]: [u32; 2], [of_x, of_y]: [u32; 2]) -> (u32, u32) {
    let (most, won);
    macro_rules! run {
        ($compare:literal) => {
            // Where both are equal the first SEL of the numbers has that of x, and the second that of y.
            asm!(concat!($compare, " {t}, {x}, {y}"), "sel {most}, {x}, {y}", "sel {won}, {of_x}, {of_y}",
                 concat!($compare, " {t}, {y}, {x}"), "sel {t}, {of_y}, {of_x}",
                 "usub8 {s}, {won}, {t}", "sel {won}, {t}, {won}",
                 t = out(reg) _, s = out(reg) _, x = in(reg) x, y = in(reg) y, of_x = in(reg) of_x, of_y = in(reg) of_y,
                 most = out(reg) most, won = out(reg) won, options(nomem, nostack))
        };
    }
    // SAFETY: arithmetic on registers and the GE flags.
    unsafe { if FLIP == 0 { run!("usub8") } else { run!("ssub8") } }
    (most, won)
}

/// # Safety
///
/// As [`won_by_four`].
#[inline(always)]
unsafe fn of_many<const FLIP: u32>(p: *const u8, channels: usize) -> u32 {
    let ([a, b, c, d], [of_a, of_b, of_c, of_d]): ([u32; 4], [u32; 4]);
    let above = (256 - channels as u32) * BYTES;
    macro_rules! run {
        ($compare:literal) => {
            asm!(
                "push {{r6, r7}}",
                "ldr r4, [r0, r1]",
                "ldr r3, [r0], #4",
                "ldr r8, [r2, r1]",
                "ldr r5, [r2], #4",
                "mov r9, lr",
                "mov r10, lr",
                "mov r11, lr",
                "mov r12, lr",
                "b 3f",
                "2:",
                "ldr r6, [r0, r1]",
                concat!($compare, " r7, r4, r6\nsel r4, r4, r6\nsel r10, r10, lr"),
                "ldr r6, [r0], #4",
                concat!($compare, " r7, r3, r6\nsel r3, r3, r6\nsel r9, r9, lr"),
                "ldr r6, [r2, r1]",
                concat!($compare, " r7, r8, r6\nsel r8, r8, r6\nsel r12, r12, lr"),
                "ldr r6, [r2], #4",
                concat!($compare, " r7, r5, r6\nsel r5, r5, r6\nsel r11, r11, lr"),
                "3:",
                "adds lr, lr, #0x04040404",
                "bcc 2b",
                // Channels that are no whole word: the last four, whose numbers are the largest.
                "ands r6, r1, #3",
                "beq 4f",
                "sub r6, r6, #4",
                "add r0, r0, r6",
                "add r2, r2, r6",
                "movw lr, #0xFDFC",
                "movt lr, #0xFFFE",
                "ldr r6, [r0, r1]",
                concat!($compare, " r7, r4, r6\nsel r4, r4, r6\nsel r10, r10, lr"),
                "ldr r6, [r0]",
                concat!($compare, " r7, r3, r6\nsel r3, r3, r6\nsel r9, r9, lr"),
                "ldr r6, [r2, r1]",
                concat!($compare, " r7, r8, r6\nsel r8, r8, r6\nsel r12, r12, lr"),
                "ldr r6, [r2]",
                concat!($compare, " r7, r5, r6\nsel r5, r5, r6\nsel r11, r11, lr"),
                "4:",
                "pop {{r6, r7}}",
                // Each in a register of its own, so that none is in r6 or r7.
                inout("r0") p => _, in("r1") channels, inout("r2") p.add(2 * channels) => _,
                out("r3") a, out("r4") b, out("r5") c, out("r8") d, out("r9") of_a, out("r10") of_b, out("r11") of_c,
                out("r12") of_d, inout("lr") above.wrapping_add(0x0302_0100) => _,
            )
        };
    }
    // SAFETY: the caller's rows; an LDR takes any address. The values of r6 and r7 are put back.
    unsafe { if FLIP == 0 { run!("usub8") } else { run!("ssub8") } }
    // The first and the third pixel, so that the bytes end up in the order of the pixels.
    let (first, of_first) = first_greater::<FLIP>(halves(a, c), halves(of_a, of_c));
    let (second, of_second) = first_greater::<FLIP>(halves(b, d), halves(of_b, of_d));
    let (_, won) = first_greater::<FLIP>(bytes(first, second), bytes(of_first, of_second));
    won.wrapping_sub(above)
}
