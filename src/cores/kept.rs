//! Bytes × a mask where pixels are left out, or codes are moved: a region, an ignore label, any zero point, scale and dead
//! zone.
//!
//! ```text
//! for each word of four pixels:
//!     keep  = 0xFF where the region has the pixel and its label is not the ignored one
//!     code  = raw − floor; above top: top, and where raw < floor + dead + 1: 0
//!     clamped += the pixels kept whose raw − floor, modulo 256, is above top    also where raw is below floor
//!     p     = code under keep;  m = 0xFF where the pixel is foreground and kept
//!     kept += keep;  Σp += p;  Σt += m;  Σ|p − m| += |p − m|                     USADA8 each
//!     Σp²  += p·p                                                                SMLAD
//! ```
//!
//! The code below the floor and the dead zone are one comparison, since both read 0. A raw byte below the floor wraps to at
//! least 256 − floor, which is above top, since top ≤ 255 − floor: so that one comparison finds both kinds that are clamped.
//! Of a word that is left out p and m are 0, and add nothing to any sum.

use super::simd32::{BYTES, even, odd, ordered, orr, smlad, usada8, where_at_least, where_bits, word};
use crate::cores::{CLASS, KeptSums, NON_ZERO, PRODUCTS, ZERO_FULL, ZERO_ONE};
use crate::pixels::{BitRun, ByteCodes, ByteView};
use core::arch::asm;

// 255 for every pixel fits 32 bits, twice it too (p + m − |p − m|), and squares fit 31 bits.
const _: () = assert!(PRODUCTS as u64 * 2 * 255 < 1 << 32);
const _: () = assert!(PRODUCTS as u64 * 255 * 255 < 1 << 31);

/// Beside the kinds of a mask of bytes: the prediction's own codes from a cut on; a class with an ignore label; bits.
pub(crate) const OWN: u8 = 4;
/// See [`OWN`].
pub(crate) const IGNORING: u8 = 5;
/// See [`OWN`].
pub(crate) const BITS: u8 = 6;

/// No region: every pixel counts.
pub(crate) const EVERYWHERE: u8 = 0;
/// A region of bytes.
pub(crate) const IN_BYTES: u8 = 1;
/// A region of bits.
pub(crate) const IN_BITS: u8 = 2;

/// Marks beside the pixels: bytes, or bits that begin `shift` ≤ 7 bits into the first byte.
#[derive(Clone, Copy)]
pub(crate) struct Marks {
    at: *const u8,
    shift: u32,
    msb_first: bool,
}

impl Marks {
    /// A byte for each pixel.
    pub const fn bytes(at: *const u8) -> Self {
        Self { at, shift: 0, msb_first: false }
    }

    /// A bit for each pixel.
    pub const fn bits(run: BitRun) -> Self {
        Self { at: run.bytes.as_ptr(), shift: run.shift as u32, msb_first: run.msb_first }
    }

    /// The marks from pixel `at` on, a multiple of 8.
    ///
    /// # Safety
    ///
    /// They are in the same buffer.
    #[inline(always)]
    pub unsafe fn skip(self, at: usize, bits: bool) -> Self {
        // SAFETY: the caller's.
        Self { at: unsafe { self.at.add(if bits { at / 8 } else { at }) }, ..self }
    }

    /// The bits of the next eight pixels, first one lowest.
    ///
    /// # Safety
    ///
    /// Two bytes are readable.
    #[inline(always)]
    unsafe fn eight(&mut self) -> u32 {
        // SAFETY: the caller's.
        let two = unsafe { self.at.cast::<u16>().read_unaligned() };
        self.at = self.at.wrapping_add(1);
        ordered_two(two.into(), self.msb_first) >> self.shift
    }

    /// The bits of one pixel, which are 0 or 1, and its place moved on.
    ///
    /// # Safety
    ///
    /// The pixel has a bit.
    #[inline(always)]
    unsafe fn one(&mut self) -> u32 {
        // SAFETY: the caller's.
        let bit = ordered_two(u32::from(unsafe { *self.at }), self.msb_first) >> self.shift & 1;
        self.shift += 1;
        if self.shift == 8 {
            (self.at, self.shift) = (self.at.wrapping_add(1), 0);
        }
        bit
    }
}

/// Each of two bytes with its first pixel lowest.
#[inline(always)]
fn ordered_two(two: u32, msb_first: bool) -> u32 {
    if msb_first { ordered::<true>(two) } else { two }
}

/// How raw bytes become codes, four times each.
#[derive(Clone, Copy)]
pub(crate) struct Moved {
    /// The raw byte of code 0.
    floor: u32,
    /// From this raw byte on a code is not 0.
    low: u32,
    /// The largest code, which is not 0.
    top: u32,
}

impl Moved {
    /// `None` where no code is above 0, which one comparison could not tell.
    #[inline(always)]
    pub fn new(view: &ByteView) -> Option<Self> {
        let ByteCodes { floor, top, dead } = view.codes;
        if dead >= top {
            return None;
        }
        let splat = |byte: u8| u32::from(byte ^ view.flip) * BYTES;
        // top ≤ 255 − floor, so that floor + dead + 1 is a byte.
        let low = floor.wrapping_add(dead).wrapping_add(1);
        Some(Self { floor: splat(floor), low: splat(low), top: u32::from(top) * BYTES })
    }
}

/// Raw bytes as codes, and `top` in the bytes of those that were clamped. `SIGNED`: raw bytes are signed.
#[inline(always)]
fn codes<const SIGNED: bool>(raw: u32, moved: &Moved) -> (u32, u32) {
    let Moved { floor, low, top } = *moved;
    let (code, outs);
    macro_rules! run {
        ($compare:literal) => {
            asm!("usub8 {c}, {raw}, {floor}", "usub8 {o}, {top}, {c}", "sel {c}, {c}, {top}", "sel {o}, {no}, {top}",
                 concat!($compare, " {raw}, {raw}, {low}"), "sel {c}, {c}, {no}",
                 c = out(reg) code, o = out(reg) outs, raw = inout(reg) raw => _, floor = in(reg) floor,
                 low = in(reg) low, top = in(reg) top, no = in(reg) 0u32, options(nomem, nostack))
        };
    }
    // SAFETY: arithmetic on registers and the GE flags.
    unsafe { if SIGNED { run!("ssub8") } else { run!("usub8") } }
    (code, outs)
}

/// Where the region has the pixels: of bytes that are not 0, or of the bits 16 to 19, `p`, `g` and `outs` stay; elsewhere
/// they become 0, `other` and 0. Gives 1 for each that stays.
#[inline(always)]
fn within<const BITS: bool, const G: bool, const OUTS: bool>(
    region: u32,
    p: &mut u32,
    g: &mut u32,
    other: u32,
    outs: &mut u32,
) -> u32 {
    let ones;
    macro_rules! run {
        ($where:literal, $g:literal, $outs:literal, $($more:tt)*) => {
            asm!($where, "sel {p}, {p}, {no}", $g, $outs, "sel {k}, {yes}, {no}", k = out(reg) ones,
                 region = in(reg) region, p = inout(reg) *p, yes = in(reg) BYTES, no = in(reg) 0u32, $($more)*
                 options(nomem, nostack))
        };
    }
    macro_rules! chosen {
        ($where:literal) => {
            match (G, OUTS) {
                (false, false) => run!($where, "", "",),
                (true, false) => run!($where, "sel {g}, {g}, {other}", "", g = inout(reg) *g, other = in(reg) other,),
                (false, true) => run!($where, "", "sel {o}, {o}, {no}", o = inout(reg) *outs,),
                (true, true) => run!(
                    $where,
                    "sel {g}, {g}, {other}",
                    "sel {o}, {o}, {no}",
                    g = inout(reg) *g,
                    other = in(reg) other,
                    o = inout(reg) *outs,
                ),
            }
        };
    }
    // SAFETY: arithmetic on registers and the GE flags.
    unsafe { if BITS { chosen!("msr APSR_g, {region}") } else { chosen!("usub8 {k}, {region}, {yes}") } }
    ones
}

/// What is the same for every word.
#[derive(Clone, Copy)]
pub(crate) struct Setting {
    /// The class, or the cut, four times.
    splat: u32,
    /// The ignored label, four times.
    ignored: u32,
    moved: Moved,
}

impl Setting {
    #[inline(always)]
    pub fn new(class: u8, ignored: u8, moved: Moved) -> Self {
        Self { splat: u32::from(class) * BYTES, ignored: u32::from(ignored) * BYTES, moved }
    }
}

/// Sums of a run.
#[derive(Clone, Copy, Default)]
struct Sums {
    /// A one for each pixel that is not left out.
    kept: u32,
    /// The largest code for each.
    clamped: u32,
    p: u32,
    /// 255 for each.
    t: u32,
    apart: u32,
    pp: u32,
    seen: u32,
}

/// What the loops are compiled for: see the constants of this file.
pub(crate) trait How: Copy {
    const FLIP: u32;
    const KIND: u8;
    const CHECK: bool;
    const REGION: u8;
    const MOVED: bool;
    const SQUARES: bool;
}

impl Sums {
    /// Four pixels, their marks and their region: raw bytes, or of bits the four that are written to GE.
    #[inline(always)]
    fn step<H: How>(&mut self, raw: u32, marks: u32, region: u32, set: &Setting) {
        let (mut p, mut outs) = if !H::MOVED {
            (raw ^ H::FLIP, 0)
        } else if H::FLIP != 0 {
            codes::<true>(raw, &set.moved)
        } else {
            codes::<false>(raw, &set.moved)
        };
        let mut g = marks;
        // Outside the region a label is the ignored one, else it is no class, and a mask is background.
        let other = match H::KIND {
            IGNORING => set.ignored,
            CLASS => !set.splat,
            _ => 0,
        };
        if H::REGION != EVERYWHERE {
            let (p, g, outs) = (&mut p, &mut g, &mut outs);
            let ones = match (H::REGION == IN_BITS, H::KIND != OWN && H::KIND != BITS, H::MOVED) {
                (false, false, false) => within::<false, false, false>(region, p, g, other, outs),
                (false, false, true) => within::<false, false, true>(region, p, g, other, outs),
                (false, true, false) => within::<false, true, false>(region, p, g, other, outs),
                (false, true, true) => within::<false, true, true>(region, p, g, other, outs),
                (true, false, false) => within::<true, false, false>(region, p, g, other, outs),
                (true, false, true) => within::<true, false, true>(region, p, g, other, outs),
                (true, true, false) => within::<true, true, false>(region, p, g, other, outs),
                (true, true, true) => within::<true, true, true>(region, p, g, other, outs),
            };
            if H::KIND == BITS {
                // 0xFF under the region.
                *g = where_bits((ones << 8).wrapping_sub(ones), marks);
            }
            if H::KIND != IGNORING {
                self.kept = usada8(ones, 0, self.kept);
            }
        } else if H::KIND == BITS {
            g = where_bits(u32::MAX, marks);
        }
        if H::KIND == IGNORING {
            let none = &mut 0;
            let other = g ^ set.ignored;
            let ones = if H::MOVED {
                within::<false, false, true>(other, &mut p, none, 0, &mut outs)
            } else {
                within::<false, false, false>(other, &mut p, none, 0, &mut outs)
            };
            self.kept = usada8(ones, 0, self.kept);
        }
        if H::MOVED {
            self.clamped = usada8(outs, 0, self.clamped);
        }
        let m = match H::KIND {
            ZERO_ONE => (g << 8).wrapping_sub(g),
            ZERO_FULL | BITS => g,
            NON_ZERO => where_at_least(g, BYTES, u32::MAX),
            CLASS | IGNORING => where_at_least(0, g ^ set.splat, u32::MAX),
            _ => where_at_least(p, set.splat, u32::MAX),
        };
        if H::CHECK {
            // What is left out is background, also to the check.
            self.seen = orr(if H::KIND == ZERO_ONE { g } else { g ^ g >> 1 }, self.seen);
        }
        self.p = usada8(p, 0, self.p);
        self.t = usada8(m, 0, self.t);
        self.apart = usada8(p, m, self.apart);
        if H::SQUARES {
            let (a, b) = (even(p), odd(p));
            self.pp = smlad(b, b, smlad(a, a, self.pp));
        }
    }
}

/// The next four bytes, read here and now: the compiler would read them early, and has no register to keep them in.
///
/// # Safety
///
/// They are readable; LDR takes any address.
#[inline(always)]
unsafe fn four(at: &mut *const u8) -> u32 {
    let word;
    // SAFETY: the caller's.
    unsafe {
        asm!("ldr {w}, [{at}], #4", w = out(reg) word, at = inout(reg) *at, options(readonly, nostack, preserves_flags))
    }
    word
}

/// Pixels of a turn: four words, or two.
const TURN: usize = if cfg!(soft_dice_lanes = "small") { 8 } else { 16 };

/// Bytes × a mask: see the head of this file. [`OWN`] wants a cut of 1 to 255, and reads no mask; [`IGNORING`] wants
/// another label than the class.
///
/// # Safety
///
/// `p` is readable for `n` ≤ 2¹⁵ bytes, and mask and region for as many bytes, or for the bytes of as many bits.
#[inline(always)]
pub(crate) unsafe fn byte_kept<H: How>(
    mut p: *const u8,
    mut g: Marks,
    mut r: Marks,
    n: usize,
    set: &Setting,
) -> KeptSums {
    let mut sums = Sums::default();
    // Bits are read two bytes at a time: one pixel at least is left, whose byte is there.
    let bits = H::KIND == BITS || H::REGION == IN_BITS;
    let turns = if bits { n.saturating_sub(1) / TURN } else { n / TURN };
    // SAFETY: `turns` · 16 pixels are readable; and of bits the byte after theirs.
    unsafe { whole::<H>(&mut sums, &mut p, &mut g, &mut r, turns, set) };
    let left = n - turns * TURN;
    if left > 0 {
        // SAFETY: as many pixels are left.
        unsafe { rest::<H>(&mut sums, p, g, r, left, set) };
    }
    let outside = if H::KIND == ZERO_ONE { !BYTES } else { 0x7F7F_7F7F };
    let Sums { kept, clamped, p, t, apart, pp, seen } = sums;
    let all = H::REGION == EVERYWHERE && H::KIND != IGNORING;
    KeptSums {
        kept: if all { n as u32 } else { kept },
        // The largest code is not 0.
        clamped: if H::MOVED { clamped.checked_div(set.moved.top & 0xFF).unwrap_or(0) } else { 0 },
        p,
        t: t / 255,
        // Wrapping: of a broken mask the sums mean nothing.
        pt: p.wrapping_add(t).wrapping_sub(apart) / 2,
        pp: if H::SQUARES { pp } else { 0 },
        broken: H::CHECK && seen & outside != 0,
    }
}

/// Whole turns. It calls nothing, so that one register more is free.
///
/// # Safety
///
/// As [`byte_kept`]; of bits the byte after those of the last pixel is readable too.
#[inline(never)]
unsafe fn whole<H: How>(sums: &mut Sums, p: &mut *const u8, g: &mut Marks, r: &mut Marks, turns: usize, set: &Setting) {
    let (mut now, set, mut at, mut gt, mut rt) = (*sums, *set, *p, *g, *r);
    let end = at.wrapping_add(turns * TURN);
    while at != end {
        // Each four bits in turn where GE is written from: bits 16 to 19.
        macro_rules! eight {
            () => {
                // SAFETY (all): the caller's turns.
                unsafe {
                    let marks = if H::KIND == BITS { gt.eight() } else { 0 };
                    let inside = if H::REGION == IN_BITS { rt.eight() } else { 0 };
                    for place in [16, 12] {
                        let marks = match H::KIND {
                            BITS => marks << place,
                            OWN => 0,
                            _ => four(&mut gt.at),
                        };
                        let region = match H::REGION {
                            EVERYWHERE => 0,
                            IN_BYTES => four(&mut rt.at),
                            _ => inside << place,
                        };
                        now.step::<H>(four(&mut at), marks, region, &set);
                    }
                }
            };
        }
        eight!();
        if TURN == 16 {
            eight!();
        }
    }
    (*sums, *p, *g, *r) = (now, at, gt, rt);
}

/// The last pixels, fewer than two turns.
///
/// # Safety
///
/// As [`byte_kept`].
#[inline(never)]
unsafe fn rest<H: How>(sums: &mut Sums, mut p: *const u8, mut g: Marks, mut r: Marks, n: usize, set: &Setting) {
    // What fills a word adds nothing: code 0 that is not clamped, background, outside.
    let none = if H::MOVED { set.moved.floor } else { H::FLIP };
    let background = match H::KIND {
        CLASS => !set.splat,
        IGNORING => set.ignored,
        _ => 0,
    };
    let mut left = n;
    while left > 0 {
        let some = left.min(4);
        // SAFETY: as many pixels are left.
        unsafe {
            let marks = match H::KIND {
                BITS => nibble(&mut g, some) << 16,
                OWN => 0,
                _ => word(&mut g.at, some, background),
            };
            let region = match H::REGION {
                EVERYWHERE => 0,
                IN_BYTES => word(&mut r.at, some, 0),
                _ => nibble(&mut r, some) << 16,
            };
            sums.step::<H>(word(&mut p, some, none), marks, region, set);
        }
        left -= some;
    }
}

/// The bits of the next `n` ≤ 4 pixels, first one lowest.
///
/// # Safety
///
/// Each has a bit.
#[inline(always)]
unsafe fn nibble(marks: &mut Marks, n: usize) -> u32 {
    let mut bits = 0;
    for place in 0..n {
        // SAFETY: the caller's n.
        bits |= unsafe { marks.one() } << place;
    }
    bits
}

/// What a loop is compiled for, as a type.
#[derive(Clone, Copy)]
pub(crate) struct Way<
    const FLIP: u32,
    const KIND: u8,
    const CHECK: bool,
    const REGION: u8,
    const MOVED: bool,
    const SQUARES: bool,
>;

impl<const FLIP: u32, const KIND: u8, const CHECK: bool, const REGION: u8, const MOVED: bool, const SQUARES: bool> How
    for Way<FLIP, KIND, CHECK, REGION, MOVED, SQUARES>
{
    const FLIP: u32 = FLIP;
    const KIND: u8 = KIND;
    const CHECK: bool = CHECK;
    const REGION: u8 = REGION;
    const MOVED: bool = MOVED;
    const SQUARES: bool = SQUARES;
}
