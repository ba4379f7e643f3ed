//! A row of many 8-bit logits under a softmax by a table, where a core has the DSP extension: its codes, and the rounded shares of
//! their sum. `activation::table_sums` says why the shares are exact.
//!
//! ```text
//! for each four channels:                     18 instructions
//!     below = most − their logits             USUB8
//!     code = table[below]; sum += code        of each byte
//! for each two channels:                      15 instructions
//!     q = ⌊code · inverse / 2³²⌋              UMULL
//!     rest = code · 2²³ − q · sum             LSL, MLS
//!     Σp += q + (rest ≥ sum / 2)              CMP, whose carry ADC takes
//! ```
//!
//! **Overflow.** A code is at most 2²³ and there are at most 64 channels, so that a sum is below 2³⁰; a share is at most 2²³, and a
//! run's Σp fits 32 bits as `CodeSums` says.

use super::BYTES;
use core::arch::asm;

/// Writes the code of each logit, by how much it is below `most`, the greatest of them; their sum. As many are written as
/// there are of both.
#[inline(always)]
pub fn codes_below(table: &[u32; 256], row: &[u8], most: u8, codes: &mut [u32]) -> u32 {
    let n = row.len().min(codes.len());
    let (mut sum, at, to) = (0u32, row.as_ptr(), codes.as_mut_ptr());
    let end = at.wrapping_add(n & !3);
    if at != end {
        // SAFETY: whole fours of n, the length of neither; a byte is a place of the table; an LDR takes any address, and codes are
        // aligned.
        unsafe {
            asm!(
                "2:",
                "ldr {w}, [{at}], #4",
                "usub8 {w}, {most}, {w}",
                "uxtb {a}, {w}",
                "ubfx {b}, {w}, #8, #8",
                "ubfx {c}, {w}, #16, #8",
                "lsr {w}, {w}, #24",
                "ldr {a}, [{table}, {a}, lsl #2]",
                "ldr {b}, [{table}, {b}, lsl #2]",
                "ldr {c}, [{table}, {c}, lsl #2]",
                "ldr {w}, [{table}, {w}, lsl #2]",
                "add {sum}, {sum}, {a}",
                "add {sum}, {sum}, {b}",
                "add {sum}, {sum}, {c}",
                "add {sum}, {sum}, {w}",
                "strd {a}, {b}, [{to}], #8",
                "strd {c}, {w}, [{to}], #8",
                "cmp {at}, {end}",
                "bne 2b",
                at = inout(reg) at => _, to = inout(reg) to => _, end = in(reg) end, table = in(reg) table.as_ptr(),
                most = in(reg) u32::from(most) * BYTES, sum = inout(reg) sum, w = out(reg) _, a = out(reg) _,
                b = out(reg) _, c = out(reg) _, options(nostack)
            );
        }
    }
    let rest = (row.get(n & !3..).unwrap_or_default(), codes.get_mut(n & !3..).unwrap_or_default());
    for (&logit, code) in rest.0.iter().zip(rest.1) {
        *code = table[usize::from(most.wrapping_sub(logit))];
        sum = sum.wrapping_add(*code);
    }
    sum
}

/// Adds the rounded share of each code to the sum beside it; as many as there are of both.
#[inline(always)]
pub fn add_shares(codes: &[u32], sums: &mut [u32], sum: u32, inverse: u32) {
    let (n, half) = (codes.len().min(sums.len()), sum.wrapping_sub(sum / 2));
    let (mut at, mut to) = (codes.as_ptr(), sums.as_mut_ptr());
    macro_rules! share {
        ($code:literal, $to:literal) => {
            concat!(
                "umull {low}, {q}, ",
                $code,
                ", {inverse}\nlsl ",
                $code,
                ", ",
                $code,
                ", #23\n",
                "mls ",
                $code,
                ", {q}, {sum}, ",
                $code,
                "\ncmp ",
                $code,
                ", {half}\nadc ",
                $to,
                ", ",
                $to,
                ", {q}"
            )
        };
    }
    // SAFETY: whole pairs of n, the length of neither, then one more where it is odd; both are aligned.
    unsafe {
        let end = at.add(n & !1);
        if at != end {
            asm!(
                "2:",
                "ldrd {a}, {b}, [{at}], #8",
                "ldrd {x}, {y}, [{to}]",
                share!("{a}", "{x}"),
                share!("{b}", "{y}"),
                "strd {x}, {y}, [{to}], #8",
                "cmp {at}, {end}",
                "bne 2b",
                at = inout(reg) at, to = inout(reg) to, end = in(reg) end, sum = in(reg) sum, inverse = in(reg) inverse,
                half = in(reg) half, a = out(reg) _, b = out(reg) _, x = out(reg) _, y = out(reg) _, q = out(reg) _,
                low = out(reg) _, options(nostack)
            );
        }
        if n % 2 == 1 {
            asm!(
                share!("{a}", "{x}"),
                a = inout(reg) *at => _, x = inout(reg) *to, sum = in(reg) sum, inverse = in(reg) inverse,
                half = in(reg) half, q = out(reg) _, low = out(reg) _, options(nomem, nostack)
            );
        }
    }
}
