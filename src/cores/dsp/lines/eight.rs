//! Rows of a picture, eight pixels to a turn: 34 instructions for what changes and the greatest of three rows, 20 for the sums
//! of the greatest of three neighbours, 11 for the bits of a mask.

use super::BIAS;
use core::arch::asm;

/// As `loops::lines` defines it, with [`BIAS`] added to the change. The row before begins at `above`, the pixel before a row's
/// first at `light` − 1.
///
/// # Safety
///
/// All are readable, and `columns` and `now` writable, for `n` bytes, a multiple of 8 that is not 0; they are aligned to 4, and
/// `light` − 1 is readable.
#[inline(never)]
pub unsafe fn steps(light: *const u8, above: *const u8, columns: *mut u8, last: *const u8, now: *mut u8, n: usize) {
    // SAFETY: as promised by the caller. Of the two registers that the compiler keeps for itself the values are put back.
    unsafe {
        asm!(
            "push {{r6, r7}}",
            "2:",
            "ldrd r9, r10, [r0], #8",
            "ldr r11, [r0, #-9]",
            "ldr r12, [r0, #-5]",
            "uqsub8 lr, r9, r11",
            "uqsub8 r11, r11, r9",
            "uqadd8 r6, r8, lr",
            "uqadd8 r6, r6, r11",
            "uqsub8 lr, r10, r12",
            "uqsub8 r12, r12, r10",
            "uqadd8 r7, r8, lr",
            "uqadd8 r7, r7, r12",
            "ldrd r11, r12, [r1], #8",
            "uqsub8 lr, r9, r11",
            "uqsub8 r11, r11, r9",
            "uqadd8 r6, r6, lr",
            "uqadd8 r6, r6, r11",
            "uqsub8 lr, r10, r12",
            "uqsub8 r12, r12, r10",
            "uqadd8 r7, r7, lr",
            "uqadd8 r7, r7, r12",
            "ldrd r11, r12, [r3], #8",
            "ldrd r9, r10, [r2]",
            "usub8 lr, r11, r9",
            "sel r11, r11, r9",
            "usub8 lr, r12, r10",
            "sel r12, r12, r10",
            "usub8 lr, r11, r6",
            "sel r11, r11, r6",
            "usub8 lr, r12, r7",
            "sel r12, r12, r7",
            "strd r11, r12, [r2], #8",
            "strd r6, r7, [r4], #8",
            "cmp r0, r5",
            "bne 2b",
            "pop {{r6, r7}}",
            // Each in a register of its own, so that none is in r6 or r7.
            inout("r0") light => _, inout("r1") above => _, inout("r2") columns => _, inout("r3") last => _,
            inout("r4") now => _, in("r5") light.wrapping_add(n), in("r8") u32::from(BIAS) * 0x0101_0101,
            out("r9") _, out("r10") _, out("r11") _, out("r12") _, out("lr") _,
        );
    }
}

/// Copies bytes: of a row, which is too short for what a copy of any length takes to begin.
///
/// # Safety
///
/// `from` is readable and `to` writable for `n` bytes.
#[inline(never)]
pub unsafe fn copy(mut from: *const u8, mut to: *mut u8, n: usize) {
    let end = from.wrapping_add(n & !15);
    macro_rules! turns {
        ($($turn:literal),*) => {
            while from != end {
                asm!($($turn),*, from = inout(reg) from, to = inout(reg) to, a = out(reg) _, b = out(reg) _,
                     c = out(reg) _, d = out(reg) _, options(nostack, preserves_flags));
            }
        };
    }
    // SAFETY: the caller's n. LDRD and STRD want words aligned, LDR and STR do not.
    unsafe {
        if (from.addr() | to.addr()).is_multiple_of(4) {
            turns!(
                "ldrd {a}, {b}, [{from}], #8",
                "ldrd {c}, {d}, [{from}], #8",
                "strd {a}, {b}, [{to}], #8",
                "strd {c}, {d}, [{to}], #8"
            );
        } else {
            turns!(
                "ldr {a}, [{from}], #4",
                "ldr {b}, [{from}], #4",
                "ldr {c}, [{from}], #4",
                "ldr {d}, [{from}], #4",
                "str {a}, [{to}], #4",
                "str {b}, [{to}], #4",
                "str {c}, [{to}], #4",
                "str {d}, [{to}], #4"
            );
        }
        for _ in 0..n % 16 {
            *to = *from;
            (from, to) = (from.add(1), to.add(1));
        }
    }
}

/// As `loops::lines` defines it; `flip` is 0 or 0x80.
///
/// # Safety
///
/// `bytes` is readable for `n` bytes, and `marks` writable for a bit for each.
#[inline(always)]
pub unsafe fn marks(bytes: *const u8, flip: u8, cut: u8, marks: *mut u8, n: usize) {
    // SAFETY: the caller's.
    unsafe {
        if flip == 0 { marks_of::<false>(bytes, cut, marks, n) } else { marks_of::<true>(bytes, cut ^ flip, marks, n) }
    }
}

/// The same of bytes that are `SIGNED`, and so is the cut.
///
/// # Safety
///
/// As [`marks`].
#[inline(never)]
unsafe fn marks_of<const SIGNED: bool>(bytes: *const u8, cut: u8, marks: *mut u8, n: usize) {
    let end = bytes.wrapping_add(n & !7);
    let (mut at, mut to) = (bytes, marks);
    macro_rules! run {
        ($compare:literal) => {
            asm!(
                "2:",
                "ldr {a}, [{bytes}], #4",
                "ldr {b}, [{bytes}], #4",
                concat!($compare, " {a}, {a}, {cut}"),
                "mrs {a}, APSR",
                concat!($compare, " {b}, {b}, {cut}"),
                "mrs {b}, APSR",
                // What is above these eight bits is not stored; bits 20 to 23, and 12 to 15, are 0.
                "lsr {a}, {a}, #16",
                "orr {a}, {a}, {b}, lsr #12",
                "strb {a}, [{marks}], #1",
                "cmp {bytes}, {end}",
                "bne 2b",
                bytes = inout(reg) at, marks = inout(reg) to, cut = in(reg) u32::from(cut) * 0x0101_0101,
                end = in(reg) end, a = out(reg) _, b = out(reg) _, options(nostack)
            )
        };
    }
    // SAFETY: the caller's n; an LDR takes any address.
    unsafe {
        if at != end {
            if SIGNED { run!("ssub8") } else { run!("usub8") }
        }
        let left = n % 8;
        if left > 0 {
            let above = |byte: u8| if SIGNED { byte as i8 >= cut as i8 } else { byte >= cut };
            // From the last on, so that the first ends up lowest.
            *to = (0..left).rev().fold(0, |marks, i| marks << 1 | u8::from(above(*at.add(i))));
        }
    }
}

/// As `loops::lines` defines it.
///
/// # Safety
///
/// `columns` is readable for `n` bytes, a multiple of 8 that is not 0, and for one before and one after; it is aligned to 4.
/// `marks` is readable for whole words of a bit for each, and aligned to 4. `n` is below 2²⁴, so that sums fit 32 bits.
#[inline(never)]
pub unsafe fn gather(columns: *const u8, marks: *const u8, n: usize) -> [u32; 3] {
    let [mut all, mut count, mut under] = [0u32; 3];
    let (mut at, mut words, end) = (columns, marks.cast::<u32>(), columns.wrapping_add(n));
    /// The greatest of three neighbours of eight pixels, and their sum.
    macro_rules! eight {
        () => {
            "ldrd {a}, {b}, [{columns}], #8\n\
             ldr {x}, [{columns}, #-9]\n\
             ldr {y}, [{columns}, #-5]\n\
             usub8 {t}, {a}, {x}\n\
             sel {x}, {a}, {x}\n\
             usub8 {t}, {b}, {y}\n\
             sel {y}, {b}, {y}\n\
             ldr {a}, [{columns}, #-7]\n\
             ldr {b}, [{columns}, #-3]\n\
             usub8 {t}, {a}, {x}\n\
             sel {x}, {a}, {x}\n\
             usub8 {t}, {b}, {y}\n\
             sel {y}, {b}, {y}\n\
             usada8 {all}, {x}, {none}, {all}\n\
             usada8 {all}, {y}, {none}, {all}\n"
        };
    }
    // SAFETY: as promised by the caller; an LDR takes any address. No word is read for pixels that are not there.
    unsafe {
        while at != end {
            let turn = (end.addr() - at.addr()).min(32);
            let to = at.wrapping_add(turn);
            let marks = words.read();
            words = words.add(1);
            if marks == 0 && turn == 32 {
                asm!(
                    eight!(),
                    eight!(),
                    eight!(),
                    eight!(),
                    columns = inout(reg) at, none = in(reg) 0u32, all = inout(reg) all,
                    a = out(reg) _, b = out(reg) _, x = out(reg) _, y = out(reg) _, t = out(reg) _,
                    options(readonly, nostack)
                );
            } else if marks == 0 {
                asm!(
                    "2:",
                    eight!(),
                    "cmp {columns}, {to}",
                    "bne 2b",
                    columns = inout(reg) at, to = in(reg) to, none = in(reg) 0u32, all = inout(reg) all,
                    a = out(reg) _, b = out(reg) _, x = out(reg) _, y = out(reg) _, t = out(reg) _,
                    options(readonly, nostack)
                );
            } else {
                count += marks.count_ones();
                asm!(
                    "2:",
                    eight!(),
                    "lsl {t}, {marks}, #16",
                    "msr APSR_g, {t}",
                    "sel {x}, {x}, {none}",
                    "usada8 {under}, {x}, {none}, {under}",
                    "lsl {t}, {marks}, #12",
                    "msr APSR_g, {t}",
                    "sel {y}, {y}, {none}",
                    "usada8 {under}, {y}, {none}, {under}",
                    "lsr {marks}, {marks}, #8",
                    "cmp {columns}, {to}",
                    "bne 2b",
                    columns = inout(reg) at, to = in(reg) to, marks = inout(reg) marks => _, none = in(reg) 0u32,
                    all = inout(reg) all, under = inout(reg) under,
                    a = out(reg) _, b = out(reg) _, x = out(reg) _, y = out(reg) _, t = out(reg) _,
                    options(readonly, nostack)
                );
            }
        }
    }
    [all, count, under]
}
