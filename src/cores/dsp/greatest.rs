//! The greatest of a row of channels.

use crate::cores::simd32::BYTES;
use core::arch::asm;

/// The greatest of some 8-bit values, four to a word; of none it is 0.
#[inline(always)]
pub fn greatest_byte<const SIGNED: bool>(values: &[u8]) -> u8 {
    macro_rules! run {
        ($compare:literal, $x:expr, $most:expr) => {
            asm!(concat!($compare, " {t}, {most}, {x}"), "sel {most}, {most}, {x}", t = out(reg) _, x = in(reg) $x,
                 most = inout(reg) $most, options(nomem, nostack))
        };
    }
    let greater = |x: u32, most: &mut u32| {
        // SAFETY: arithmetic on registers and the GE flags.
        unsafe { if SIGNED { run!("ssub8", x, *most) } else { run!("usub8", x, *most) } }
    };
    let (words, rest) = values.as_chunks::<4>();
    let Some(&first) = values.first() else { return 0 };
    let mut most = u32::from(first) * BYTES;
    for &word in words {
        greater(u32::from_le_bytes(word), &mut most);
    }
    for &value in rest {
        greater(u32::from(value) * BYTES, &mut most);
    }
    greater(most.rotate_right(16), &mut most);
    greater(most.rotate_right(8), &mut most);
    most as u8
}
