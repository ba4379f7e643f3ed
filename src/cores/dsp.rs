//! Loops for the DSP extension (Cortex-M4, M7, M33): four bytes or two half words to a register.
//!
//! **Masks.** With m = 0xFF under the mask, else 0, Σ|p − m| = Σp + 255·Σt − 2·Σpt: one USADA8 takes the place of an AND
//! and a USADA8. Four pixels of u8 × {0, 1} are two halves of an LDRD, USADA8 Σp, USADA8 Σt, RSB (1 to 0xFF), USADA8
//! |p − m|, and ORR for the check: 6 instructions, or 1.5 a pixel, and 2 a turn for the loop.
//!
//! **GE flags.** USUB8 compares four bytes and MSR writes four bits of a mask to them; SEL reads them. They are clobbered
//! as a whole, so both stand in one `asm!`, without `preserves_flags`.
//!
//! One instruction to an `asm!` leaves registers and order to the compiler. None is `pure`: those would be moved to where
//! their results are used, and all words kept until then.

use super::simd32::{BYTES, even, odd, ordered, orr, pair, smlad, usada8, where_at_least, where_bits, word};
use super::{AtLeast, CLASS, Found, NON_ZERO, ZERO_FULL, ZERO_ONE};

mod follow;
mod greatest;
#[cfg(not(soft_dice_lanes = "small"))]
mod ignoring;
#[cfg(not(soft_dice_lanes = "small"))]
mod kept;
pub(crate) mod lines;
mod products;
#[cfg(not(soft_dice_lanes = "small"))]
mod winners;
mod words;

pub use follow::follow as follow_bytes;
pub use greatest::greatest_byte;
#[cfg(not(soft_dice_lanes = "small"))]
pub use ignoring::byte_unless;
#[cfg(not(soft_dice_lanes = "small"))]
pub use kept::byte_kept;
pub use products::{byte_byte, byte_minima, byte_moments, byte_squares};
#[cfg(not(soft_dice_lanes = "small"))]
pub use winners::won_by_four;
pub use words::{u16_mask, word_mask, word_word};

pub(super) const AT_LEAST: AtLeast = Some(|a, b| where_at_least(a, b, BYTES));

/// Pairs of words to a turn: eight bytes each.
const PAIRS: usize = if cfg!(soft_dice_lanes = "small") { 2 } else { 8 };

/// The same instructions 1, 2 or 8 times.
macro_rules! times {
    ($n:expr, $body:expr) => {
        $body;
        if $n >= 2 {
            $body;
        }
        if $n == 8 {
            $body;
            $body;
            $body;
            $body;
            $body;
            $body;
        }
    };
}
use times;

/// Beside the kinds of a mask: the prediction's own codes, from a cut on.
const OWN: u8 = 4;

/// Bytes against a mask.
#[derive(Clone, Copy, Default)]
struct Masked {
    p: u32,
    /// Bytes of the mask: each 0 or 1 for `ZERO_ONE`, else 0 or 255.
    t: u32,
    /// Σ|p − m|.
    apart: u32,
    seen: u32,
}

impl Masked {
    /// Four raw pixels and their bytes of the mask. `splat` is the class or the cut, four times.
    #[inline(always)]
    fn step<const FLIP: u32, const KIND: u8, const CHECK: bool>(&mut self, p: u32, g: u32, splat: u32) {
        let p = p ^ FLIP;
        let mask = match KIND {
            ZERO_ONE => (g << 8).wrapping_sub(g),
            ZERO_FULL => g,
            NON_ZERO => where_at_least(g, BYTES, u32::MAX),
            CLASS => where_at_least(0, g ^ splat, u32::MAX),
            _ => where_at_least(p, splat, u32::MAX),
        };
        if CHECK {
            // 2 to 255, or bits of a byte that differ from their neighbours.
            self.seen = orr(if KIND == ZERO_ONE { g } else { g ^ g >> 1 }, self.seen);
        }
        self.t = usada8(if KIND == ZERO_ONE { g } else { mask }, 0, self.t);
        self.p = usada8(p, 0, self.p);
        self.apart = usada8(p, mask, self.apart);
    }

    fn found(self, t: u32, outside: u32) -> Found<u32> {
        // Wrapping: of a broken mask the sums mean nothing.
        let twice = self.p.wrapping_add(t.wrapping_mul(255)).wrapping_sub(self.apart);
        Found { p: self.p, t, pt: twice / 2, broken: self.seen & outside != 0, outside: false }
    }
}

/// u8, or i8 with `FLIP` = 0x8080_8080, × a byte mask, or × its own mask from code `splat` on (1 to 255).
///
/// # Safety
///
/// `p` and, but for `OWN`, `g` are readable for `n` ≤ 2²² bytes, whose sums then fit 32 bits.
#[inline(never)]
pub unsafe fn byte_mask<const FLIP: u32, const KIND: u8, const CHECK: bool>(
    mut p: *const u8,
    mut g: *const u8,
    n: usize,
    splat: u8,
) -> Found<u32> {
    let splat = u32::from(splat) * BYTES;
    let mut sums = Masked::default();
    // SAFETY: head, turns and rest are n together.
    unsafe {
        if cfg!(soft_dice_lanes = "small") {
            // One loop for any two addresses.
            turns::<FLIP, KIND, CHECK, false, false, 1>(&mut sums, &mut p, &mut g, n / 8, splat);
            few::<FLIP, KIND, CHECK>(&mut sums, &mut p, &mut g, n % 8, splat);
        } else {
            let head = p.align_offset(4).min(n);
            few::<FLIP, KIND, CHECK>(&mut sums, &mut p, &mut g, head, splat);
            let left = n - head;
            if KIND == OWN || g.addr().is_multiple_of(4) {
                turns::<FLIP, KIND, CHECK, true, true, PAIRS>(&mut sums, &mut p, &mut g, left / (8 * PAIRS), splat);
                few::<FLIP, KIND, CHECK>(&mut sums, &mut p, &mut g, left % (8 * PAIRS), splat);
            } else {
                turns::<FLIP, KIND, CHECK, true, false, 1>(&mut sums, &mut p, &mut g, left / 8, splat);
                few::<FLIP, KIND, CHECK>(&mut sums, &mut p, &mut g, left % 8, splat);
            }
        }
    }
    let t = if KIND == ZERO_ONE { sums.t } else { sums.t / 255 };
    sums.found(t, if KIND == ZERO_ONE { !BYTES } else { 0x7F7F_7F7F })
}

/// u8 or i8 × its own mask from code `cut` on (1 to 255).
///
/// # Safety
///
/// `p` is readable for `n` ≤ 2²² bytes.
pub unsafe fn byte_own<const FLIP: u32>(p: *const u8, n: usize, cut: u8) -> Found<u32> {
    // SAFETY: the caller's; no mask is read.
    unsafe { byte_mask::<FLIP, OWN, false>(p, p, n, cut) }
}

/// Turns of 8 · `N` pixels; `P` and `G` say which buffer is aligned.
#[inline(always)]
unsafe fn turns<const FLIP: u32, const KIND: u8, const CHECK: bool, const P: bool, const G: bool, const N: usize>(
    sums: &mut Masked,
    p: &mut *const u8,
    g: &mut *const u8,
    turns: usize,
    splat: u32,
) {
    let (mut at, mut gt, mut now) = (*p, *g, *sums);
    let end = at.wrapping_add(turns * 8 * N);
    while at != end {
        times!(N, {
            // SAFETY: the caller's turns.
            let (p, g) = unsafe { (pair::<P>(&mut at), if KIND == OWN { (0, 0) } else { pair::<G>(&mut gt) }) };
            now.step::<FLIP, KIND, CHECK>(p.0, g.0, splat);
            now.step::<FLIP, KIND, CHECK>(p.1, g.1, splat);
        });
    }
    (*p, *g, *sums) = (at, gt, now);
}

/// Fewer pixels than a turn, at any address.
#[cfg_attr(soft_dice_lanes = "small", inline(always))]
#[cfg_attr(not(soft_dice_lanes = "small"), inline(never))]
unsafe fn few<const FLIP: u32, const KIND: u8, const CHECK: bool>(
    sums: &mut Masked,
    p: &mut *const u8,
    g: &mut *const u8,
    n: usize,
    splat: u32,
) {
    // What pads is background: code 0, and a byte that is not the class.
    let pad = if KIND == CLASS { !splat } else { 0 };
    let mut left = n;
    while left > 0 {
        let some = left.min(4);
        // SAFETY: the caller's n.
        let (a, b) = unsafe { (word(p, some, FLIP), if KIND == OWN { 0 } else { word(g, some, pad) }) };
        sums.step::<FLIP, KIND, CHECK>(a, b, splat);
        left -= some;
    }
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
    // SAFETY: up to a byte, whole turns, the rest.
    unsafe {
        let head = if offset == 0 { 0 } else { (8 - offset).min(n) };
        if head > 0 {
            let first = ordered::<MSB>(word(&mut bits, 1, 0)) >> offset;
            few_bits::<FLIP>(&mut sums, &mut p, head, first);
        }
        let left = n - head;
        if p.addr().is_multiple_of(4) {
            bit_turns::<FLIP, MSB, true>(&mut sums, &mut p, &mut bits, left / 32);
        } else {
            bit_turns::<FLIP, MSB, false>(&mut sums, &mut p, &mut bits, left / 32);
        }
        let left = left % 32;
        // Bytes of the last word: those that hold one of the bits.
        let mut last = 0;
        for i in 0..left.div_ceil(8) {
            last |= u32::from(*bits.add(i)) << (8 * i);
        }
        few_bits::<FLIP>(&mut sums, &mut p, left, ordered::<MSB>(last));
    }
    let [p, t, pt] = sums;
    Found { p, t, pt, broken: false, outside: false }
}

#[inline(always)]
unsafe fn bit_turns<const FLIP: u32, const MSB: bool, const ALIGNED: bool>(
    sums: &mut [u32; 3],
    p: &mut *const u8,
    bits: &mut *const u8,
    turns: usize,
) {
    let (mut at, mut gt, mut now) = (*p, *bits, *sums);
    let end = at.wrapping_add(turns * 32);
    while at != end {
        // SAFETY: turns · 32 bits are readable; LDR takes any address.
        let word = ordered::<MSB>(unsafe { gt.cast::<u32>().read_unaligned() });
        gt = gt.wrapping_add(4);
        // Each nibble in turn where GE is written from: bits 16 to 19.
        macro_rules! eight {
            ($low:expr, $high:expr) => {
                // SAFETY: turns · 32 bytes are readable.
                let (a, b) = unsafe { pair::<ALIGNED>(&mut at) };
                chosen(&mut now, a ^ FLIP, $low);
                chosen(&mut now, b ^ FLIP, $high);
            };
        }
        eight!(word << 16, word << 12);
        eight!(word << 8, word << 4);
        eight!(word, word >> 4);
        eight!(word >> 8, word >> 12);
        now[1] = ones(word, now[1]);
    }
    (*p, *bits, *sums) = (at, gt, now);
}

/// Four codes under four bits.
#[inline(always)]
fn chosen(sums: &mut [u32; 3], p: u32, bits: u32) {
    sums[0] = usada8(p, 0, sums[0]);
    sums[2] = usada8(where_bits(p, bits), 0, sums[2]);
}

/// Bits of the word: pairs, nibbles, then bytes by USADA8.
#[inline(always)]
fn ones(word: u32, sum: u32) -> u32 {
    let two = word - (word >> 1 & 0x5555_5555);
    let four = (two & 0x3333_3333) + (two >> 2 & 0x3333_3333);
    usada8((four + (four >> 4)) & 0x0F0F_0F0F, 0, sum)
}

/// At most 31 pixels; bits beyond them are not looked at.
#[inline(never)]
unsafe fn few_bits<const FLIP: u32>(sums: &mut [u32; 3], p: &mut *const u8, n: usize, bits: u32) {
    let mut bits = bits & !(u32::MAX << n);
    sums[1] = ones(bits, sums[1]);
    let mut left = n;
    while left > 0 {
        let some = left.min(4);
        // SAFETY: the caller's n.
        let a = unsafe { word(p, some, FLIP) };
        chosen(sums, a ^ FLIP, bits << 16);
        bits >>= 4;
        left -= some;
    }
}
