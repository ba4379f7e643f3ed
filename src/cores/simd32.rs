//! Instructions of the DSP extension on four bytes or two half words of a register (Cortex-M4, M7, M33, and M55 beside its
//! vectors).
//!
//! One instruction to an `asm!` leaves registers and order to the compiler. None is `pure`: those would be moved to where
//! their results are used, and all words kept until then.

pub mod shares;

use core::arch::asm;

pub(crate) mod cells;

/// A one in each byte.
pub const BYTES: u32 = 0x0101_0101;

/// Σ|a − b| of the four bytes, added to `sum`: with b = 0 the sum of the bytes.
#[inline(always)]
pub fn usada8(a: u32, b: u32, sum: u32) -> u32 {
    let out;
    // SAFETY: arithmetic on registers.
    unsafe {
        asm!("usada8 {out}, {a}, {b}, {sum}", out = lateout(reg) out, a = in(reg) a, b = in(reg) b, sum = in(reg) sum,
             options(nomem, nostack, preserves_flags))
    }
    out
}

/// An OR that the optimiser cannot see through: LLVM would defer it and keep sixteen words alive.
#[inline(always)]
pub fn orr(a: u32, mut seen: u32) -> u32 {
    // SAFETY: arithmetic on registers.
    unsafe { asm!("orr {s}, {s}, {a}", s = inout(reg) seen, a = in(reg) a, options(nomem, nostack, preserves_flags)) }
    seen
}

/// `yes` in the bytes where a ≥ b, else 0.
#[inline(always)]
pub fn where_at_least(a: u32, b: u32, yes: u32) -> u32 {
    let out;
    // SAFETY: arithmetic on registers and the GE flags.
    unsafe {
        asm!("usub8 {out}, {a}, {b}", "sel {out}, {yes}, {no}", out = out(reg) out, a = in(reg) a, b = in(reg) b,
             yes = in(reg) yes, no = in(reg) 0u32, options(nomem, nostack))
    }
    out
}

/// Where bytes of `x` are above those of `most`, they and the channel take their place.
#[inline(always)]
pub fn greater<const FLIP: u32>(x: u32, channel: u32, most: &mut u32, won: &mut u32) {
    macro_rules! run {
        ($compare:literal) => {
            asm!(concat!($compare, " {t}, {most}, {x}"), "sel {most}, {most}, {x}", "sel {won}, {won}, {channel}",
                 t = out(reg) _, x = in(reg) x, channel = in(reg) channel, most = inout(reg) *most,
                 won = inout(reg) *won, options(nomem, nostack))
        };
    }
    // SAFETY: arithmetic on registers and the GE flags.
    unsafe { if FLIP == 0 { run!("usub8") } else { run!("ssub8") } }
}

/// By how much each of four bytes, `SIGNED` or not, is below the greatest of them.
#[inline(always)]
pub fn below_greatest<const SIGNED: bool>(bytes: u32) -> u32 {
    let below;
    macro_rules! run {
        ($compare:literal) => {
            asm!("ror {t}, {x}, #16", concat!($compare, " {u}, {x}, {t}"), "sel {most}, {x}, {t}",
                 "ror {t}, {most}, #8", concat!($compare, " {u}, {most}, {t}"), "sel {most}, {most}, {t}",
                 "usub8 {most}, {most}, {x}", t = out(reg) _, u = out(reg) _, x = in(reg) bytes, most = out(reg) below,
                 options(nomem, nostack))
        };
    }
    // SAFETY: arithmetic on registers and the GE flags.
    unsafe { if SIGNED { run!("ssub8") } else { run!("usub8") } }
    below
}

/// The bytes of `a` whose bit of `bits` (16 to 19) is set, else 0.
#[cfg(soft_dice_lanes = "dsp")]
#[inline(always)]
pub fn where_bits(a: u32, bits: u32) -> u32 {
    let out;
    // SAFETY: arithmetic on registers and the flags.
    unsafe {
        asm!("msr APSR_g, {bits}", "sel {out}, {a}, {no}", out = lateout(reg) out, bits = in(reg) bits,
             a = in(reg) a, no = in(reg) 0u32, options(nomem, nostack))
    }
    out
}

/// The next `n` ≤ 4 bytes, and `pad` (four equal bytes) where there are fewer; the pointer moved behind them.
///
/// # Safety
///
/// `at` is readable for `n` bytes.
#[cfg(soft_dice_lanes = "dsp")]
#[inline(always)]
pub unsafe fn word(at: &mut *const u8, n: usize, pad: u32) -> u32 {
    let mut word = pad;
    // SAFETY: the caller's n.
    unsafe {
        if n == 4 {
            word = at.cast::<u32>().read_unaligned();
        } else {
            for i in (0..n).rev() {
                word = word << 8 | u32::from(*at.add(i));
            }
        }
        *at = at.add(n);
    }
    word
}

/// Both products of half words, added to `sum`.
#[cfg(soft_dice_lanes = "dsp")]
#[inline(always)]
pub fn smlad(a: u32, b: u32, sum: u32) -> u32 {
    let out;
    // SAFETY: arithmetic on registers. Q, which no one reads, is set where the sum leaves 32 bits.
    unsafe {
        asm!("smlad {out}, {a}, {b}, {sum}", out = lateout(reg) out, a = in(reg) a, b = in(reg) b, sum = in(reg) sum,
             options(nomem, nostack))
    }
    out
}

/// Bytes 0 and 2 as half words.
#[cfg(soft_dice_lanes = "dsp")]
#[inline(always)]
pub fn even(word: u32) -> u32 {
    let out;
    // SAFETY: arithmetic on registers.
    unsafe {
        asm!("uxtb16 {out}, {word}", out = lateout(reg) out, word = in(reg) word,
             options(nomem, nostack, preserves_flags))
    }
    out
}

/// Bytes 1 and 3 as half words.
#[cfg(soft_dice_lanes = "dsp")]
#[inline(always)]
pub fn odd(word: u32) -> u32 {
    let out;
    // SAFETY: arithmetic on registers.
    unsafe {
        asm!("uxtb16 {out}, {word}, ror #8", out = lateout(reg) out, word = in(reg) word,
             options(nomem, nostack, preserves_flags))
    }
    out
}

/// The first pixel of each byte in its lowest bit.
#[cfg(soft_dice_lanes = "dsp")]
#[inline(always)]
pub fn ordered<const MSB: bool>(word: u32) -> u32 {
    if MSB { word.reverse_bits().swap_bytes() } else { word }
}

/// Bytes 0 and 2 added to half words.
#[inline(always)]
pub fn add_even(word: u32, mut sum: u32) -> u32 {
    // SAFETY: arithmetic on registers.
    unsafe {
        asm!("uxtab16 {sum}, {sum}, {word}", sum = inlateout(reg) sum, word = in(reg) word,
             options(nomem, nostack, preserves_flags))
    }
    sum
}

/// Bytes 1 and 3 added to half words.
#[inline(always)]
pub fn add_odd(word: u32, mut sum: u32) -> u32 {
    // SAFETY: arithmetic on registers.
    unsafe {
        asm!("uxtab16 {sum}, {sum}, {word}, ror #8", sum = inlateout(reg) sum, word = in(reg) word,
             options(nomem, nostack, preserves_flags))
    }
    sum
}

/// Bytes 0 and 2, signed, added to half words.
#[inline(always)]
pub fn add_signed_even(word: u32, mut sum: u32) -> u32 {
    // SAFETY: arithmetic on registers.
    unsafe {
        asm!("sxtab16 {sum}, {sum}, {word}", sum = inlateout(reg) sum, word = in(reg) word,
             options(nomem, nostack, preserves_flags))
    }
    sum
}

/// Bytes 1 and 3, signed, added to half words.
#[inline(always)]
pub fn add_signed_odd(word: u32, mut sum: u32) -> u32 {
    // SAFETY: arithmetic on registers.
    unsafe {
        asm!("sxtab16 {sum}, {sum}, {word}, ror #8", sum = inlateout(reg) sum, word = in(reg) word,
             options(nomem, nostack, preserves_flags))
    }
    sum
}

/// Two words, and the pointer moved behind them.
///
/// # Safety
///
/// `at` is readable for 8 bytes; LDRD wants it aligned to 4, two LDR (`ALIGNED` false) do not.
#[inline(always)]
pub unsafe fn pair<const ALIGNED: bool>(at: &mut *const u8) -> (u32, u32) {
    let (a, b);
    // SAFETY: the caller's promise.
    unsafe {
        if ALIGNED {
            asm!("ldrd {a}, {b}, [{at}], #8", a = out(reg) a, b = out(reg) b, at = inout(reg) *at,
                 options(readonly, nostack, preserves_flags));
        } else {
            asm!("ldr {a}, [{at}], #4", "ldr {b}, [{at}], #4", a = out(reg) a, b = out(reg) b, at = inout(reg) *at,
                 options(readonly, nostack, preserves_flags));
        }
    }
    (a, b)
}

/// Writes two words, and moves the pointer behind them.
///
/// # Safety
///
/// `at` is writable for 8 bytes, and aligned to 4.
#[inline(always)]
pub unsafe fn put(at: &mut *mut [u32; 2], [a, b]: [u32; 2]) {
    // SAFETY: the caller's promise.
    unsafe {
        asm!("strd {a}, {b}, [{at}], #8", a = in(reg) a, b = in(reg) b, at = inout(reg) *at,
             options(nostack, preserves_flags));
    }
}
