//! Blocks of 8-bit codes of which pixels are left out, or whose codes are moved, written anew on the stack, so that the loops
//! for plain codes take them.
//!
//! ```text
//! for each block of at most 512 pixels:
//!     region:        code 0 and background where the region leaves a pixel out;  kept += 1 where it does not
//!     ignore label:  code 0 where the label is the ignored one;                  kept += 1 where it is not
//!     moved codes:   code = raw − floor; above top: top, and where raw < floor + dead + 1: 0
//!                    clamped += 1 where raw − floor, modulo 256, is above top    also where raw is below floor
//!     the loop for plain codes takes what was written
//! ```
//!
//! What is left out has code 0, which is not clamped, and is background: it adds nothing to any sum. The steps follow each
//! other in this order, so that nothing that is left out is clamped. The code below the floor and the dead zone are one
//! comparison, since both read 0. A raw byte below the floor wraps to at least 256 − floor, which is above top, since
//! top ≤ 255 − floor: so that one comparison finds both kinds that are clamped.
//!
//! Each step is a loop of its own, and stands once in a program, whatever is asked of the pixels: fused with each kind of mask
//! and sum they would be dozens of loops.
//!
//! **Overflow.** Counts of a block are bytes of a word, one for each fourth pixel: 512 / 4 = 128 of them at most, which a byte
//! holds. Sums are those of the loops for plain codes, of a block, and are added in 64 bits.

#[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
use super::simd32::{BYTES, usada8};
#[cfg(soft_dice_lanes = "swar")]
use super::swar::{at_least, not_zero};
use crate::pixels::{BitRun, ByteCodes, ByteView};
#[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
use core::arch::asm;

#[cfg(soft_dice_lanes = "swar")]
const BYTES: u32 = 0x0101_0101;

/// Pixels of a block.
pub(super) const BLOCK: usize =
    if cfg!(any(soft_dice_lanes = "small", soft_dice_lanes = "thumb1")) { 128 } else { 512 };
const _: () = assert!(BLOCK.is_multiple_of(8) && BLOCK / 4 < 256);

/// Words are read from any address; other cores fault on one that is not aligned.
const ANY: bool = cfg!(not(any(soft_dice_lanes = "thumb1", target_arch = "riscv32", target_arch = "riscv64")));

/// Bytes of a block.
#[derive(Clone, Copy)]
pub(super) struct Room([[u32; 2]; BLOCK / 8]);

impl Room {
    pub const NEW: Self = Self([[0; 2]; BLOCK / 8]);

    #[inline(always)]
    pub const fn groups(&mut self) -> Groups {
        self.0.as_mut_ptr()
    }
}

/// Where groups of eight bytes are written: a [`Room`]. What is read may be the same one, since each group is read before it
/// is written.
pub(super) type Groups = *mut [u32; 2];

/// The first of `n` bytes, at most four, and pads where there are fewer.
///
/// # Safety
///
/// `at` is readable for as many bytes.
#[inline(never)]
unsafe fn some(at: *const u8, n: usize, pad: u32) -> u32 {
    let mut word = pad;
    for place in (0..n.min(4)).rev() {
        // SAFETY: the caller's n.
        word = word << 8 | u32::from(unsafe { *at.add(place) });
    }
    // As they would lie in memory.
    word.to_le()
}

/// Eight pixels of each buffer at a time, and pads where there are fewer; `step` says what is written of them, and is
/// told whether there are eight.
///
/// # Safety
///
/// Each buffer is readable for `n` ≤ [`BLOCK`] bytes, and `to` writable for as many groups.
#[inline(always)]
unsafe fn each<const IN: usize>(
    mut from: [*const u8; IN],
    pads: [u32; IN],
    n: usize,
    mut to: Groups,
    mut step: impl FnMut([[u32; 2]; IN], bool) -> [u32; 2],
) {
    let aligned = from.iter().all(|at| at.addr().is_multiple_of(4));
    let (mut left, whole) = (n % 8, to.wrapping_add(n / 8));
    // SAFETY: whole groups, then what is left.
    unsafe {
        if aligned && !cfg!(soft_dice_lanes = "small") {
            while to != whole {
                let group = from.each_mut().map(|at| eight_of::<true>(at));
                put(&mut to, step(group, true));
            }
        } else if ANY {
            while to != whole {
                let group = from.each_mut().map(|at| eight_of::<false>(at));
                put(&mut to, step(group, true));
            }
        } else {
            left = n;
        }
        while left > 0 {
            let mut pad = pads.into_iter();
            let group = from.each_mut().map(|at| {
                let pad = pad.next().unwrap_or(0);
                let group = [some(*at, left, pad), some(at.wrapping_add(4), left.saturating_sub(4), pad)];
                *at = at.wrapping_add(8);
                group
            });
            to.write(step(group, left >= 8));
            (to, left) = (to.add(1), left.saturating_sub(8));
        }
    }
}

#[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
use super::simd32::put;

/// Writes a group, and moves behind it.
///
/// # Safety
///
/// There is one more.
#[cfg(soft_dice_lanes = "swar")]
#[inline(always)]
unsafe fn put(to: &mut Groups, group: [u32; 2]) {
    // SAFETY: the caller's.
    unsafe {
        to.write(group);
        *to = to.add(1);
    }
}

/// Reads a group, and moves behind it.
///
/// # Safety
///
/// Eight bytes are readable, and `ALIGNED` to 4 or words are read from any address.
#[inline(always)]
unsafe fn eight_of<const ALIGNED: bool>(at: &mut *const u8) -> [u32; 2] {
    // SAFETY: the caller's.
    unsafe {
        #[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
        return super::simd32::pair::<ALIGNED>(at).into();
        #[cfg(soft_dice_lanes = "swar")]
        {
            let group = at.cast::<[u32; 2]>();
            let group = if ALIGNED { group.read() } else { group.read_unaligned() };
            *at = at.add(8);
            group
        }
    }
}

/// The bytes of a word added up.
#[inline(always)]
fn sum(counts: u32) -> u32 {
    #[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
    return usada8(counts, 0, 0);
    #[cfg(soft_dice_lanes = "swar")]
    {
        let pairs = (counts & 0x00FF_00FF) + (counts >> 8 & 0x00FF_00FF);
        (pairs & 0xFFFF) + (pairs >> 16)
    }
}

/// `x` where `marks` has the pixel (bytes that are not 0, or with `BITS` bits 0 to 3), elsewhere `fill`; with `COUNT` a one
/// for each that it has.
#[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
#[inline(always)]
fn chosen<const BITS: bool, const COUNT: bool>(marks: u32, x: u32, fill: u32) -> (u32, u32) {
    let (kept, mut ones) = (x, 0);
    let mut kept = kept;
    macro_rules! run {
        ($where:literal, $marks:expr) => {
            if COUNT {
                asm!($where, "sel {x}, {x}, {fill}", "sel {k}, {yes}, {no}", k = inout(reg) $marks => ones,
                     x = inout(reg) kept, fill = in(reg) fill, yes = in(reg) BYTES, no = in(reg) 0u32,
                     options(nomem, nostack));
            } else {
                asm!($where, "sel {x}, {x}, {fill}", k = inout(reg) $marks => _, x = inout(reg) kept,
                     fill = in(reg) fill, yes = in(reg) BYTES, options(nomem, nostack));
            }
        };
    }
    // SAFETY: arithmetic on registers and the GE flags.
    unsafe {
        if BITS {
            run!("msr APSR_g, {k} // {yes}", marks << 16);
        } else {
            run!("usub8 {k}, {k}, {yes}", marks);
        }
    }
    (kept, ones)
}

/// The same.
#[cfg(soft_dice_lanes = "swar")]
#[inline(always)]
fn chosen<const BITS: bool, const COUNT: bool>(marks: u32, x: u32, fill: u32) -> (u32, u32) {
    let ones = if BITS { four_bytes(marks) } else { not_zero(marks) };
    ((x ^ fill) & (ones << 8).wrapping_sub(ones) ^ fill, ones)
}

/// Bytes of which a region leaves some out, and what stands for those, four times.
#[derive(Clone, Copy)]
pub(super) struct Side {
    pub from: *const u8,
    pub fill: u32,
    pub to: Groups,
}

/// Writes what is in a region of bytes; with `COUNT`, how many pixels those are.
///
/// # Safety
///
/// Side and region are readable for `n` ≤ [`BLOCK`] bytes, and a room is written.
#[inline(never)]
pub(super) unsafe fn in_bytes<const COUNT: bool>(side: Side, region: *const u8, n: usize) -> u32 {
    let Side { from, fill, to } = side;
    let mut kept = 0u32;
    // SAFETY: the caller's.
    unsafe {
        each([from, region], [fill, 0], n, to, |[x, r], _| {
            let (first, second) = (chosen::<false, COUNT>(r[0], x[0], fill), chosen::<false, COUNT>(r[1], x[1], fill));
            kept += first.1 + second.1;
            [first.0, second.0]
        });
    }
    sum(kept)
}

/// The same of a region of bits, lowest first.
///
/// # Safety
///
/// The side is readable for `n` ≤ [`BLOCK`] bytes, the region has as many bits, and a room is written.
#[inline(never)]
pub(super) unsafe fn in_bits<const COUNT: bool>(side: Side, region: BitRun, n: usize) -> u32 {
    let Side { from, fill, to } = side;
    let (mut bits, mut kept, shift) = (region.bytes.as_ptr(), 0u32, region.shift);
    // SAFETY: the caller's.
    unsafe {
        each([from], [fill], n, to, |[x], all| {
            let inside =
                if all && shift == 0 { u32::from(*bits) } else { eight(bits, shift, if all { 8 } else { n % 8 }) };
            bits = bits.wrapping_add(1);
            let first = chosen::<true, COUNT>(inside, x[0], fill);
            let second = chosen::<true, COUNT>(inside >> 4, x[1], fill);
            kept += first.1 + second.1;
            [first.0, second.0]
        });
    }
    sum(kept)
}

/// The bits of the next `left` pixels, at most eight, first one lowest; others are 0.
///
/// # Safety
///
/// They are readable from `shift` ≤ 7 bits into the byte on; there is one at least.
#[inline(always)]
unsafe fn eight(at: *const u8, shift: usize, left: usize) -> u32 {
    // SAFETY: the caller's.
    unsafe {
        let mut two = u32::from(*at);
        if shift + left > 8 {
            two |= u32::from(*at.add(1)) << 8;
        }
        two >> shift & 0xFF & !(u32::MAX << left)
    }
}

/// Bits 0 to 3 as bytes of 0 and 1, as they would lie in memory.
#[inline(always)]
const fn four_bytes(bits: u32) -> u32 {
    // Each bit in a byte of its own: those of the products do not meet.
    ((bits & 0xF).wrapping_mul(0x0020_4081) & BYTES).to_le()
}

/// Writes a mask of bits as bytes of 0 and 1.
///
/// # Safety
///
/// It has `n` ≤ [`BLOCK`] bits.
#[inline(never)]
pub(super) unsafe fn as_bytes(bits: BitRun, n: usize, to: Groups) {
    let at = bits.bytes.as_ptr();
    for group in 0..n.div_ceil(8) {
        // SAFETY: the caller's; as many pixels are left.
        unsafe {
            let (at, left) = (at.add(group), (n - 8 * group).min(8));
            let eight = if bits.msb_first {
                let two = [*at, if bits.shift + left > 8 { *at.add(1) } else { 0 }].map(u8::reverse_bits);
                u32::from(u16::from_le_bytes(two)) >> bits.shift
            } else {
                eight(at, bits.shift, left)
            };
            *to.add(group) = [four_bytes(eight), four_bytes(eight >> 4)];
        }
    }
}

/// Writes what does not bear the label `ignored`; how many pixels those are.
///
/// # Safety
///
/// Side and labels are readable for `n` ≤ [`BLOCK`] bytes, and a room is written.
#[inline(never)]
pub(super) unsafe fn unless_ignored(side: Side, labels: *const u8, ignored: u8, n: usize) -> u32 {
    let Side { from, fill, to } = side;
    let (ignored, mut kept) = (u32::from(ignored) * BYTES, 0u32);
    // SAFETY: the caller's.
    unsafe {
        each([from, labels], [fill, ignored], n, to, |[x, g], _| {
            let first = chosen::<false, true>(g[0] ^ ignored, x[0], fill);
            let second = chosen::<false, true>(g[1] ^ ignored, x[1], fill);
            kept += first.1 + second.1;
            [first.0, second.0]
        });
    }
    sum(kept)
}

/// What makes moved codes unsigned: nothing, so that one register is both 0 and code 0. Where text is short it is what makes
/// the raw bytes unsigned, so that one loop for plain codes takes either.
pub(super) const fn flip_of_moved(flip: u8) -> u8 {
    if cfg!(soft_dice_lanes = "small") { flip } else { 0 }
}

/// How raw bytes become codes, each four times.
#[derive(Clone, Copy)]
pub(super) struct Moved {
    /// What is taken off, modulo 256: the raw byte of code 0, and what makes codes unsigned.
    #[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
    floor: u32,
    /// From this raw byte on a code is not 0.
    low: u32,
    /// The largest code, which is not 0, and code 0, as they are written.
    top: u32,
    zero: u32,
    /// The raw byte of code 0.
    pub raw: u32,
    /// Which of the loops takes them.
    how: u8,
}

impl Moved {
    /// `None` where no code is above 0, which one comparison could not tell.
    #[inline(always)]
    pub fn new(view: &ByteView) -> Option<Self> {
        let ByteCodes { floor, top, dead } = view.codes;
        if dead >= top {
            return None;
        }
        let splat = |byte: u8| u32::from(byte) * BYTES;
        // top ≤ 255 − floor, so that floor + dead + 1 is a byte.
        let low = floor.wrapping_add(dead).wrapping_add(1);
        let (raw, flip) = (floor ^ view.flip, flip_of_moved(view.flip));
        Some(Self {
            #[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
            floor: splat(raw ^ flip),
            low: splat(low ^ view.flip),
            top: splat(top ^ flip),
            zero: splat(flip),
            raw: splat(raw),
            how: match floor {
                0 if top == 255 => SILENCED,
                _ if top == 255 - floor => BELOW,
                _ => ANYHOW,
            },
        })
    }
}

/// Any code may be moved and clamped.
const ANYHOW: u8 = 0;
/// No raw byte is above the largest code.
const BELOW: u8 = 1;
/// Nothing is taken off and nothing clamped: small codes are silenced.
const SILENCED: u8 = 2;

/// Raw bytes as codes, and a one for each that was clamped.
#[cfg(any(soft_dice_lanes = "dsp", soft_dice_lanes = "helium"))]
#[inline(always)]
fn codes<const FLIP: u32, const HOW: u8>(raw: u32, moved: &Moved) -> (u32, u32) {
    let Moved { floor, low, top, zero, raw: first, .. } = *moved;
    let (code, outs);
    // Signed and unsigned bytes differ by 128, which is its own inverse modulo 256.
    macro_rules! run {
        ($codes:literal, $raw:literal) => {
            match HOW {
                ANYHOW => asm!(
                    "usub8 {c}, {raw}, {floor}", concat!($codes, " {o}, {top}, {c}"), "sel {c}, {c}, {top}",
                    "sel {o}, {no}, {yes}", concat!($raw, " {raw}, {raw}, {low}"), "sel {c}, {c}, {zero}",
                    c = out(reg) code, o = out(reg) outs, raw = inout(reg) raw => _, floor = in(reg) floor,
                    low = in(reg) low, top = in(reg) top, zero = in(reg) zero, no = in(reg) 0u32, yes = in(reg) BYTES,
                    options(nomem, nostack)
                ),
                BELOW => asm!(
                    "usub8 {c}, {raw}, {floor}", concat!($raw, " {o}, {raw}, {low}"), "sel {c}, {c}, {zero}",
                    concat!($raw, " {o}, {raw}, {first}"), "sel {o}, {no}, {yes}", c = out(reg) code,
                    o = out(reg) outs, raw = in(reg) raw, floor = in(reg) floor, low = in(reg) low,
                    first = in(reg) first, zero = in(reg) zero, no = in(reg) 0u32, yes = in(reg) BYTES,
                    options(nomem, nostack)
                ),
                _ => {
                    asm!("usub8 {c}, {raw}, {floor}", concat!($raw, " {raw}, {raw}, {low}"), "sel {c}, {c}, {zero}",
                         c = out(reg) code, raw = inout(reg) raw => _, floor = in(reg) floor, low = in(reg) low,
                         zero = in(reg) zero, options(nomem, nostack));
                    outs = 0;
                }
            }
        };
    }
    // SAFETY: arithmetic on registers and the GE flags.
    unsafe {
        match (FLIP != 0, flip_of_moved(FLIP as u8) != 0) {
            (false, _) => run!("usub8", "usub8"),
            (true, false) => run!("usub8", "ssub8"),
            (true, true) => run!("ssub8", "ssub8"),
        }
    }
    (code, outs)
}

/// The same.
#[cfg(soft_dice_lanes = "swar")]
#[inline(always)]
fn codes<const FLIP: u32, const HOW: u8>(raw: u32, moved: &Moved) -> (u32, u32) {
    const HIGH: u32 = 0x80 * BYTES;
    let Moved { low, top, zero, raw: first, .. } = *moved;
    let all = |ones: u32| (ones << 8).wrapping_sub(ones);
    let (raw, floor, top, low) = (raw ^ FLIP, first ^ FLIP, top ^ zero, low ^ FLIP);
    let above = all(at_least(raw, low));
    if HOW == SILENCED {
        return (raw & above ^ zero, 0);
    }
    // Bytes that are unsigned, less the floor: the lower seven bits borrow from the eighth, which is then put right.
    let code = ((raw | HIGH) - (floor & !HIGH)) ^ ((raw ^ !floor) & HIGH);
    if HOW == BELOW {
        return (code & above ^ zero, at_least(raw, floor) ^ BYTES);
    }
    let inside = at_least(top, code);
    let clamped = top ^ (code ^ top) & all(inside);
    (clamped & above ^ zero, inside ^ BYTES)
}

/// Writes raw bytes as codes; how many were clamped.
///
/// # Safety
///
/// `from` is readable for `n` ≤ [`BLOCK`] bytes, and a room is written.
#[inline(never)]
pub(super) unsafe fn moved<const FLIP: u32>(from: *const u8, n: usize, moved: &Moved, to: Groups) -> u32 {
    // SAFETY: the caller's.
    unsafe {
        if cfg!(soft_dice_lanes = "small") || moved.how == ANYHOW {
            moved_how::<FLIP, ANYHOW>(from, n, moved, to)
        } else if moved.how == BELOW {
            moved_how::<FLIP, BELOW>(from, n, moved, to)
        } else {
            moved_how::<FLIP, SILENCED>(from, n, moved, to)
        }
    }
}

/// # Safety
///
/// As [`moved`].
#[inline(always)]
unsafe fn moved_how<const FLIP: u32, const HOW: u8>(from: *const u8, n: usize, moved: &Moved, to: Groups) -> u32 {
    let (moved, mut clamped) = (*moved, 0u32);
    // SAFETY: the caller's.
    unsafe {
        each([from], [moved.raw], n, to, |[[first, second]], _| {
            let (first, second) = (codes::<FLIP, HOW>(first, &moved), codes::<FLIP, HOW>(second, &moved));
            clamped += first.1 + second.1;
            [first.0, second.0]
        });
    }
    sum(clamped)
}
