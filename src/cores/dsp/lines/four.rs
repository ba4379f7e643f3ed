//! Rows of a picture where text is short: four pixels to a turn, and one loop where `eight` has several. What each does, and
//! what it asks for, is said there.

use super::BIAS;
use core::arch::asm;

/// As `eight` has it.
///
/// # Safety
///
/// As there.
#[inline(never)]
pub unsafe fn steps(light: *const u8, above: *const u8, columns: *mut u8, last: *const u8, now: *mut u8, n: usize) {
    // SAFETY: as promised by the caller.
    unsafe {
        asm!(
            "2:",
            "ldr r9, [r0], #4",
            "ldr r11, [r0, #-5]",
            "uqsub8 lr, r9, r11",
            "uqsub8 r11, r11, r9",
            "uqadd8 r10, r8, lr",
            "uqadd8 r10, r10, r11",
            "ldr r11, [r1], #4",
            "uqsub8 lr, r9, r11",
            "uqsub8 r11, r11, r9",
            "uqadd8 r10, r10, lr",
            "uqadd8 r10, r10, r11",
            "ldr r11, [r3], #4",
            "ldr r9, [r2]",
            "usub8 lr, r11, r9",
            "sel r11, r11, r9",
            "usub8 lr, r11, r10",
            "sel r11, r11, r10",
            "str r11, [r2], #4",
            "str r10, [r4], #4",
            "cmp r0, r5",
            "bne 2b",
            inout("r0") light => _, inout("r1") above => _, inout("r2") columns => _, inout("r3") last => _,
            inout("r4") now => _, in("r5") light.wrapping_add(n), in("r8") u32::from(BIAS) * 0x0101_0101,
            out("r9") _, out("r10") _, out("r11") _, out("lr") _, options(nostack)
        );
    }
}

/// As `eight` has it.
///
/// # Safety
///
/// As there.
#[inline(never)]
pub unsafe fn copy(mut from: *const u8, mut to: *mut u8, n: usize) {
    let end = from.wrapping_add(n);
    // SAFETY: the caller's n; LDR and STR take any address.
    unsafe {
        while end.addr() - from.addr() >= 4 {
            asm!("ldr {a}, [{from}], #4", "str {a}, [{to}], #4", from = inout(reg) from, to = inout(reg) to,
                 a = out(reg) _, options(nostack, preserves_flags));
        }
        while from != end {
            asm!("ldrb {a}, [{from}], #1", "strb {a}, [{to}], #1", from = inout(reg) from, to = inout(reg) to,
                 a = out(reg) _, options(nostack, preserves_flags));
        }
    }
}

/// As `eight` has it, whatever the `flip`.
///
/// # Safety
///
/// As there.
#[inline(never)]
pub unsafe fn marks(mut bytes: *const u8, flip: u8, cut: u8, mut marks: *mut u8, mut n: usize) {
    let splat = |byte: u8| u32::from(byte) * 0x0101_0101;
    let mut rest = [0u32; 2];
    // SAFETY: the caller's n; an LDR takes any address. Fewer than eight bytes are taken from a copy, zeros behind them.
    unsafe {
        while n > 0 {
            let mut at = bytes;
            if n < 8 {
                at = rest.as_mut_ptr().cast();
                copy(bytes, at.cast_mut(), n);
            }
            asm!(
                "ldr {a}, [{at}]",
                "ldr {b}, [{at}, #4]",
                "eor {a}, {a}, {flip}",
                "eor {b}, {b}, {flip}",
                "usub8 {a}, {a}, {cut}",
                "mrs {a}, APSR",
                "usub8 {b}, {b}, {cut}",
                "mrs {b}, APSR",
                // As there, what is above these eight bits is not stored.
                "lsr {a}, {a}, #16",
                "orr {a}, {a}, {b}, lsr #12",
                "strb {a}, [{marks}], #1",
                at = in(reg) at, marks = inout(reg) marks, cut = in(reg) splat(cut), flip = in(reg) splat(flip),
                a = out(reg) _, b = out(reg) _, options(nostack)
            );
            (bytes, n) = (bytes.wrapping_add(8), n.saturating_sub(8));
        }
    }
}

/// As `eight` has it.
///
/// # Safety
///
/// As there.
#[inline(never)]
pub unsafe fn gather(columns: *const u8, marks: *const u8, n: usize) -> [u32; 3] {
    let [mut all, mut count, mut under] = [0u32; 3];
    // SAFETY: as promised by the caller; an LDR takes any address. No word is read for pixels that are not there.
    unsafe {
        asm!(
            "2:",
            "ldr r4, [r1], #4",
            // Marks of 32 pixels, or of what is left of them.
            "add r5, r0, #32",
            "cmp r5, r2",
            "it hi",
            "movhi r5, r2",
            "3:",
            "ldr r8, [r0], #4",
            "ldr r9, [r0, #-5]",
            "usub8 r10, r8, r9",
            "sel r9, r8, r9",
            "ldr r8, [r0, #-3]",
            "usub8 r10, r8, r9",
            "sel r9, r8, r9",
            "usada8 r11, r9, r3, r11",
            "lsl r10, r4, #16",
            "msr APSR_g, r10",
            "sel r9, r9, r3",
            "usada8 r12, r9, r3, r12",
            "mov r10, #0x01010101",
            "sel r10, r10, r3",
            "usada8 lr, r10, r3, lr",
            "lsr r4, r4, #4",
            "cmp r0, r5",
            "bne 3b",
            "cmp r0, r2",
            "bne 2b",
            inout("r0") columns => _, inout("r1") marks => _, in("r2") columns.wrapping_add(n), in("r3") 0u32,
            out("r4") _, out("r5") _, out("r8") _, out("r9") _, out("r10") _, inout("r11") all, inout("r12") under,
            inout("lr") count, options(readonly, nostack)
        );
    }
    [all, count, under]
}
