//! Bytes under a predicate: a bit mask, or their own comparison with a cut.

use crate::cores::Found;
use core::arch::asm;

/// 16 codes, `$where` of which are chosen; q2 holds ones.
macro_rules! chosen {
    ($sign:literal, $where:expr) => {
        concat!(
            "vldrb.u8 q0, [{p}], #16\nvaddva.",
            $sign,
            " r0, q0\n",
            $where,
            "vaddvat.",
            $sign,
            " r4, q0\nvaddvat.u8 r2, q2\n"
        )
    };
}

/// Σp, Σt, Σpt of signed codes, moved by 128 a pixel.
#[inline(always)]
fn found<const FLIP: u32>([sp, st, spt]: [u32; 3], n: usize) -> Found<u32> {
    let (p, pt) =
        if FLIP == 0 { (sp, spt) } else { (sp.wrapping_add(128 * n as u32), spt.wrapping_add(st.wrapping_mul(128))) };
    Found { p, t: st, pt, broken: false, outside: false }
}

/// u8, or with `FLIP` i8 as q + 128, × its own mask from code `cut` on (1 to 255).
///
/// # Safety
///
/// `p` is readable for `n` ≤ 2²² bytes, whose sums then fit 32 bits.
#[inline(never)]
pub unsafe fn byte_own<const FLIP: u32>(p: *const u8, n: usize, cut: u8) -> Found<u32> {
    let [mut sp, mut st, mut spt] = [0u32; 3];
    macro_rules! run {
        ($sign:literal, $compare:literal) => {
            asm!(
                "vmov.i8 q2, #1",
                sweep!("8", chosen!($sign, concat!("vptt.", $sign, " ", $compare, ", q0, {cut}\n"))),
                p = inout(reg) p => _, n = in(reg) n, turns = out(reg) _, cut = in(reg) u32::from(cut ^ FLIP as u8),
                inout("r0") sp, inout("r2") st, inout("r4") spt, out("lr") _,
                out("d0") _, out("d1") _, out("d4") _, out("d5") _,
                options(readonly, nostack)
            )
        };
    }
    // SAFETY: n bytes are readable. Of the cut the lowest byte is compared.
    unsafe { if FLIP != 0 { run!("s8", "ge") } else { run!("u8", "cs") } }
    found::<FLIP>([sp, st, spt], n)
}

/// u8 or i8 × a bit mask that begins `offset` ≤ 7 bits into its first byte; `MSB`: with the highest bit first.
///
/// # Safety
///
/// `p` is readable for `n` ≤ 2²² bytes, `bits` for the bytes of `offset` + `n` bits.
#[inline(never)]
pub unsafe fn byte_bits<const FLIP: u32, const MSB: bool>(
    mut p: *const u8,
    mut bits: *const u8,
    offset: usize,
    n: usize,
) -> Found<u32> {
    let mut sums = [0u32; 3];
    let head = if offset == 0 { 0 } else { (8 - offset).min(n) };
    // SAFETY: up to a byte, whole words of bits, the rest, which are n together.
    unsafe {
        if head > 0 {
            few::<FLIP>(&mut sums, &mut p, head, ordered::<MSB>(u32::from(*bits)) >> offset);
            bits = bits.add(1);
        }
        turns::<FLIP, MSB>(&mut sums, &mut p, &mut bits, (n - head) / 32);
        let left = (n - head) % 32;
        let mut last = 0;
        for i in 0..left.div_ceil(8) {
            last |= u32::from(*bits.add(i)) << (8 * i);
        }
        few::<FLIP>(&mut sums, &mut p, left, ordered::<MSB>(last));
    }
    found::<FLIP>(sums, n)
}

/// The first pixel of each byte in its lowest bit.
#[inline(always)]
fn ordered<const MSB: bool>(word: u32) -> u32 {
    if MSB { word.reverse_bits().swap_bytes() } else { word }
}

/// `turns` words of bits.
#[inline(always)]
unsafe fn turns<const FLIP: u32, const MSB: bool>(
    [sp, st, spt]: &mut [u32; 3],
    p: &mut *const u8,
    bits: &mut *const u8,
    turns: usize,
) {
    macro_rules! word {
        ($sign:literal, $ordered:literal) => {
            concat!(
                "ldr {w}, [{bits}], #4\n",
                $ordered,
                chosen!($sign, "vmsr p0, {w}\nvpstt\n"),
                "lsrs {w}, {w}, #16\n",
                chosen!($sign, "vmsr p0, {w}\nvpstt\n")
            )
        };
    }
    macro_rules! run {
        ($sign:literal, $ordered:literal) => {
            asm!(
                "vmov.i8 q2, #1",
                "lsrs {t}, {turns}, #1",
                "beq 3f",
                "dls lr, {t}",
                "2:",
                word!($sign, $ordered), word!($sign, $ordered),
                "le lr, 2b",
                "3:",
                "lsrs {t}, {turns}, #1",
                "bcc 4f",
                word!($sign, $ordered),
                "4:",
                p = inout(reg) *p, bits = inout(reg) *bits, turns = in(reg) turns, t = out(reg) _, w = out(reg) _,
                inout("r0") *sp, inout("r2") *st, inout("r4") *spt, out("lr") _,
                out("d0") _, out("d1") _, out("d4") _, out("d5") _,
                options(readonly, nostack)
            )
        };
    }
    // SAFETY: turns · 32 bytes and bits are readable; LDR takes any address.
    unsafe {
        match (FLIP != 0, MSB) {
            (false, false) => run!("u8", ""),
            (false, true) => run!("u8", "rbit {w}, {w}\nrev {w}, {w}\n"),
            (true, false) => run!("s8", ""),
            (true, true) => run!("s8", "rbit {w}, {w}\nrev {w}, {w}\n"),
        }
    }
}

/// At most 31 pixels; bits beyond them are not looked at.
#[inline(always)]
unsafe fn few<const FLIP: u32>([sp, st, spt]: &mut [u32; 3], p: &mut *const u8, n: usize, bits: u32) {
    macro_rules! run {
        ($sign:literal) => {
            asm!(
                "vmov.i8 q2, #1",
                "wlstp.8 lr, {n}, 5f",
                "4:",
                chosen!($sign, "vmsr p0, {w}\nvpstt\n"),
                "lsrs {w}, {w}, #16",
                "letp lr, 4b",
                "5:",
                p = inout(reg) *p => _, n = in(reg) n, w = inout(reg) bits => _,
                inout("r0") *sp, inout("r2") *st, inout("r4") *spt, out("lr") _,
                out("d0") _, out("d1") _, out("d4") _, out("d5") _,
                options(readonly, nostack)
            )
        };
    }
    // SAFETY: n bytes are readable. The load moves its pointer by whole vectors, so it is set anew.
    unsafe { if FLIP != 0 { run!("s8") } else { run!("u8") } }
    *p = p.wrapping_add(n);
}
