//! Half floats: VCVTB and VCVTT make floats of both halves of a word, VCVT with 24 places behind the point whole numbers of those.
//!
//! ```text
//! for each turn of 16 pixels:
//!     seen |= halves less those of 1.0, at least 0         UQSUB16, both halves of a word at once
//!     p, t = x · 2²⁴                                       exact: at most 2²⁴
//!     Σp += p;  Σt += t;  Σpt += p·t (UMLAL), or p by a byte of the mask (MLA)
//! ```
//!
//! **Overflow.** Codes of a block of 240 fit 32 bits; products are at most 2⁴⁸, and 2¹⁵ pixels of them fit 63.
//!
//! Halves that are subnormal are floats of their own exponent, so that flushing those (FPSCR.FZ) changes nothing, and the
//! alternative format (FPSCR.AHP) differs from this above 1.0 alone.

use super::{BYTES, CLASS, Found, NON_ZERO, ZERO_FULL, ZERO_ONE};
use crate::cores::turned::{Half, masked_pixel, own_pixel, soft_pixel, turned};
use core::arch::asm;

/// Bits of 1.0, in both halves.
const ONES: u32 = 0x3C00_3C00;
/// Pixels of a block: whole turns, whose codes fit 32 bits.
pub const HALF_BLOCK: usize = 240;
const TURN: usize = 16;
const _: () = assert!((HALF_BLOCK as u64) << 24 < 1 << 32 && HALF_BLOCK.is_multiple_of(TURN));

/// Eight halves in r0 to r3 are looked at.
macro_rules! look {
    () => {
        "uqsub16 r0, r0, {ones}\nuqsub16 r1, r1, {ones}\nuqsub16 r2, r2, {ones}\nuqsub16 r3, r3, {ones}\n\
         orr.w r0, r0, r1\norr.w r2, r2, r3\norr.w {seen}, {seen}, r0\norr.w {seen}, {seen}, r2\n"
    };
}

/// A word of halves as two codes.
macro_rules! two {
    ($word:literal, $low:literal, $high:literal) => {
        concat!(
            "vcvtb.f32.f16 ",
            $low,
            ", ",
            $word,
            "\nvcvtt.f32.f16 ",
            $high,
            ", ",
            $word,
            "\n",
            "vcvt.u32.f32 ",
            $low,
            ", ",
            $low,
            ", #24\nvcvt.u32.f32 ",
            $high,
            ", ",
            $high,
            ", #24\n"
        )
    };
}

/// Two codes under bytes of the mask in r3.
macro_rules! masked_two {
    ($low:literal, $high:literal, $first:literal, $second:literal) => {
        concat!(
            "vmov r0, r1, ",
            $low,
            ", ",
            $high,
            "\nadd.w {sp}, {sp}, r0\nadd.w {sp}, {sp}, r1\n",
            "uxtb.w r2, r3",
            $first,
            "\nmla {spg}, r0, r2, {spg}\n",
            "uxtb.w r2, r3",
            $second,
            "\nmla {spg}, r1, r2, {spg}\n"
        )
    };
}

/// Eight pixels; `$ones` makes the mask's bytes in r3 0 or 1, with r0 to r2 as scratch.
macro_rules! masked {
    ($ones:expr) => {
        concat!(
            "ldm.w {p}, {{r0-r3}}\n",
            look!(),
            "vldmia {p}!, {{s0-s3}}\n",
            two!("s0", "s4", "s5"),
            two!("s1", "s6", "s7"),
            two!("s2", "s8", "s9"),
            two!("s3", "s10", "s11"),
            "ldr r3, [{g}], #4\n",
            $ones,
            "add.w {sg}, {sg}, r3\n",
            masked_two!("s4", "s5", "", ", ror #8"),
            masked_two!("s6", "s7", ", ror #16", ", ror #24"),
            "ldr r3, [{g}], #4\n",
            $ones,
            "add.w {sg}, {sg}, r3\n",
            masked_two!("s8", "s9", "", ", ror #8"),
            masked_two!("s10", "s11", ", ror #16", ", ror #24")
        )
    };
}

/// `n` pixels, a multiple of 16 and at most [`HALF_BLOCK`]: code sums and what was seen of the mask, or nothing where a value is
/// outside.
///
/// # Safety
///
/// `p` is readable for `n` half floats and lies at a word, `g` is readable for `n` bytes.
#[inline(always)]
unsafe fn mask_block<const KIND: u8, const CHECK: bool>(
    p: *const u16,
    g: *const u8,
    n: usize,
    class: u8,
) -> Option<Found> {
    let splat = u32::from(class) * BYTES;
    let end = p.wrapping_add(n);
    let [mut sp, mut sg, mut spg, mut seen, mut marks] = [0u32; 5];
    macro_rules! run {
        ($ones:expr, $($more:tt)*) => {
            asm!(
                "2:",
                masked!($ones), masked!($ones),
                "cmp {p}, {end}",
                "bne 2b",
                p = inout(reg) p => _, g = inout(reg) g => _, end = in(reg) end, sp = inout(reg) sp,
                sg = inout(reg) sg, spg = inout(reg) spg, seen = inout(reg) seen, ones = in(reg) ONES, $($more)*
                out("r0") _, out("r1") _, out("r2") _, out("r3") _, out("s0") _, out("s1") _, out("s2") _, out("s3") _,
                out("s4") _, out("s5") _, out("s6") _, out("s7") _, out("s8") _, out("s9") _, out("s10") _, out("s11") _,
                options(readonly, nostack)
            )
        };
    }
    // SAFETY: n pixels are readable.
    unsafe {
        match KIND {
            ZERO_ONE => run!("orr.w {marks}, {marks}, r3\n", marks = inout(reg) marks,),
            ZERO_FULL => run!(
                "eor.w r2, r3, r3, lsr #1\norr.w {marks}, {marks}, r2\nand.w r3, r3, #0x01010101\n",
                marks = inout(reg) marks,
            ),
            // GE where a byte is at least 1; where it is not, it is 0 already.
            NON_ZERO => run!("usub8 r2, r3, {k}\nsel r3, {k}, r3\n", k = in(reg) BYTES,),
            // All but the class.
            _ => run!(
                "eor.w r3, r3, {c}\nmov.w r2, #0x01010101\nusub8 r0, r3, r2\nsel r3, r2, r3\n",
                c = in(reg) splat,
            ),
        }
    }
    if seen != 0 {
        return None;
    }
    // At most 60 ones a byte.
    let sg = (sg & 0x00FF_00FF) + (sg >> 8 & 0x00FF_00FF);
    let sg = (sg & 0xFFFF) + (sg >> 16);
    let outside = if KIND == ZERO_ONE { !BYTES } else { 0x7F7F_7F7F };
    let (t, pt) = if KIND == CLASS { (n as u32 - sg, sp.wrapping_sub(spg)) } else { (sg, spg) };
    Some(Found { p: sp.into(), t: t.into(), pt: pt.into(), broken: CHECK && marks & outside != 0, outside: false })
}

/// Half floats × a byte mask, up to the first block with a value outside [0, 1]: the sums, and how many pixels they are of.
///
/// # Safety
///
/// `p` is readable for `n` half floats, `g` for `n` bytes.
#[inline(never)]
pub unsafe fn half_mask<const KIND: u8, const CHECK: bool>(
    p: *const u16,
    g: *const u8,
    n: usize,
    class: u8,
) -> (Found, usize) {
    // SAFETY: `turned` asks for places below n.
    let block = |at: usize, n: usize| unsafe { mask_block::<KIND, CHECK>(p.add(at), g.add(at), n, class) };
    // SAFETY: as above.
    let one = |at: usize| unsafe { masked_pixel::<Half, KIND, CHECK>(*p.add(at), *g.add(at), class) };
    turned(n, head(p), TURN, block, one)
}

/// Eight pixels of the other map, by words that need not lie at their own addresses.
macro_rules! others {
    (aligned) => {
        concat!("ldm.w {t}, {{r0-r3}}\n", look!(), "vldmia {t}!, {{s12-s15}}\n")
    };
    (anywhere) => {
        concat!(
            "ldr.w r0, [{t}]\nldr.w r1, [{t}, #4]\nldr.w r2, [{t}, #8]\nldr.w r3, [{t}, #12]\nadd.w {t}, {t}, #16\n",
            "vmov s12, s13, r0, r1\nvmov s14, s15, r2, r3\n",
            look!()
        )
    };
}

/// Two codes of each map.
macro_rules! both_two {
    ($p:literal, $q:literal, $t:literal, $u:literal) => {
        concat!(
            "vmov r0, r1, ",
            $p,
            ", ",
            $q,
            "\nvmov r2, r3, ",
            $t,
            ", ",
            $u,
            "\n",
            "add.w {sp}, {sp}, r0\nadd.w {st}, {st}, r2\numlal {low}, {high}, r0, r2\n",
            "add.w {sp}, {sp}, r1\nadd.w {st}, {st}, r3\numlal {low}, {high}, r1, r3\n"
        )
    };
}

macro_rules! eight {
    ($how:ident) => {
        concat!(
            "ldm.w {p}, {{r0-r3}}\n",
            look!(),
            "vldmia {p}!, {{s0-s3}}\n",
            others!($how),
            two!("s0", "s4", "s5"),
            two!("s12", "s6", "s7"),
            two!("s1", "s8", "s9"),
            two!("s13", "s10", "s11"),
            both_two!("s4", "s5", "s6", "s7"),
            both_two!("s8", "s9", "s10", "s11"),
            two!("s2", "s4", "s5"),
            two!("s14", "s6", "s7"),
            two!("s3", "s8", "s9"),
            two!("s15", "s10", "s11"),
            both_two!("s4", "s5", "s6", "s7"),
            both_two!("s8", "s9", "s10", "s11")
        )
    };
}

/// `n` pixels, a multiple of 16 and at most [`HALF_BLOCK`], or nothing where a value is outside.
///
/// # Safety
///
/// Both are readable for `n` half floats; `p` lies at a word, and `t` if it is `ALIGNED`.
#[inline(always)]
unsafe fn soft_block<const ALIGNED: bool>(p: *const u16, t: *const u16, n: usize) -> Option<Found> {
    let end = p.wrapping_add(n);
    let [mut sp, mut st, mut low, mut high, mut seen] = [0u32; 5];
    macro_rules! run {
        ($how:ident) => {
            asm!(
                "2:",
                eight!($how), eight!($how),
                "cmp {p}, {end}",
                "bne 2b",
                p = inout(reg) p => _, t = inout(reg) t => _, end = in(reg) end, sp = inout(reg) sp, st = inout(reg) st,
                low = inout(reg) low, high = inout(reg) high, seen = inout(reg) seen, ones = in(reg) ONES,
                out("r0") _, out("r1") _, out("r2") _, out("r3") _, out("s0") _, out("s1") _, out("s2") _, out("s3") _,
                out("s4") _, out("s5") _, out("s6") _, out("s7") _, out("s8") _, out("s9") _, out("s10") _, out("s11") _,
                out("s12") _, out("s13") _, out("s14") _, out("s15") _,
                options(readonly, nostack)
            )
        };
    }
    // SAFETY: n pixels of each are readable.
    unsafe {
        if ALIGNED {
            run!(aligned);
        } else {
            run!(anywhere);
        }
    }
    let pt = u64::from(high) << 32 | u64::from(low);
    (seen == 0).then_some(Found { p: sp.into(), t: st.into(), pt, broken: false, outside: false })
}

/// Half floats × half floats, up to the first block with a value outside [0, 1]: the sums, and how many pixels they are of.
///
/// # Safety
///
/// `p` and `t` are readable for `n` ≤ 2¹⁵ half floats, whose products then fit 63 bits.
#[inline(never)]
pub unsafe fn half_half(p: *const u16, t: *const u16, n: usize) -> (Found, usize) {
    let aligned = (p.addr() ^ t.addr()).is_multiple_of(4);
    // SAFETY: `turned` asks for places below n.
    let block = |at: usize, n: usize| unsafe {
        let (p, t) = (p.add(at), t.add(at));
        if aligned { soft_block::<true>(p, t, n) } else { soft_block::<false>(p, t, n) }
    };
    // SAFETY: as above.
    let one = |at: usize| unsafe { soft_pixel::<Half>(*p.add(at), *t.add(at)) };
    turned(n, head(p), TURN, block, one)
}

/// Two codes, whose bits lie at `$from` of {p}, under the ones that {less} leaves of those.
macro_rules! own_two {
    ($from:literal, $low:literal, $high:literal) => {
        concat!(
            "ldr r3, [{p}, #",
            $from,
            "]\nvmov r0, r1, ",
            $low,
            ", ",
            $high,
            "\nuqsub16 r3, r3, {less}\n",
            "add.w {sp}, {sp}, r0\nusat16 r3, #1, r3\nadd.w {sp}, {sp}, r1\nadd.w {st}, {st}, r3\nuxth.w r2, r3\n",
            "mla {spt}, r0, r2, {spt}\nlsr.w r2, r3, #16\nmla {spt}, r1, r2, {spt}\n"
        )
    };
}

macro_rules! own_eight {
    () => {
        concat!(
            "ldm.w {p}, {{r0-r3}}\n",
            look!(),
            "vldmia {p}!, {{s0-s3}}\n",
            two!("s0", "s4", "s5"),
            two!("s1", "s6", "s7"),
            two!("s2", "s8", "s9"),
            two!("s3", "s10", "s11"),
            own_two!("-16", "s4", "s5"),
            own_two!("-12", "s6", "s7"),
            own_two!("-8", "s8", "s9"),
            own_two!("-4", "s10", "s11")
        )
    };
}

/// `n` pixels, a multiple of 16 and at most [`HALF_BLOCK`], or nothing where a value is outside. Of two halves at once, what is
/// left of them above `least` − 1 is cut to at most 1 (USAT16; Q, which no one reads, is set).
///
/// # Safety
///
/// `p` is readable for `n` half floats and lies at a word; `least` is at least 1.
#[inline(always)]
unsafe fn own_block(p: *const u16, n: usize, least: u16) -> Option<Found> {
    let end = p.wrapping_add(n);
    let less = (u32::from(least) - 1) * 0x0001_0001;
    let [mut sp, mut st, mut spt, mut seen] = [0u32; 4];
    // SAFETY: n pixels are readable.
    unsafe {
        asm!(
            "2:",
            own_eight!(), own_eight!(),
            "cmp {p}, {end}",
            "bne 2b",
            p = inout(reg) p => _, end = in(reg) end, sp = inout(reg) sp, st = inout(reg) st, spt = inout(reg) spt,
            seen = inout(reg) seen, ones = in(reg) ONES, less = in(reg) less,
            out("r0") _, out("r1") _, out("r2") _, out("r3") _, out("s0") _, out("s1") _, out("s2") _, out("s3") _,
            out("s4") _, out("s5") _, out("s6") _, out("s7") _, out("s8") _, out("s9") _, out("s10") _, out("s11") _,
            options(readonly, nostack)
        );
    }
    let t = u64::from((st & 0xFFFF) + (st >> 16));
    (seen == 0).then_some(Found { p: sp.into(), t, pt: spt.into(), broken: false, outside: false })
}

/// Half floats × their own mask from the bits `least` ≥ 1 on, up to the first block with a value outside [0, 1].
///
/// # Safety
///
/// `p` is readable for `n` half floats.
#[inline(never)]
pub unsafe fn half_own(p: *const u16, n: usize, least: u16) -> (Found, usize) {
    // SAFETY: `turned` asks for places below n.
    let block = |at: usize, n: usize| unsafe { own_block(p.add(at), n, least) };
    // SAFETY: as above.
    let one = |at: usize| unsafe { own_pixel::<Half>(*p.add(at), least) };
    turned(n, head(p), TURN, block, one)
}

/// Pixels before the first that lies at a word: LDM and VLDM fault elsewhere.
fn head(p: *const u16) -> usize {
    p.addr() / 2 % 2
}
