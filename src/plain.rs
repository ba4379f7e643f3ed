//! The definition: one pixel at a time, for every element and target. It is the `scalar` backend.
//!
//! ```text
//! for each block of the pair:            so short that its sums of small codes fit 32 bits
//!     for each pixel of the block:       region, then label, then the prediction's range, then the sums
//!     add the sums of the block to those of the call
//! ```
//!
//! A microcontroller adds 32 bits in one instruction and 64 in two, of two registers each, and has a dozen registers: so
//! the sums of a block are 32 bits wide wherever a block of such codes fits, and every pixel that does not count is
//! counted, since there are few, where those that do are what is left of the block. Sums of 128 bits, as those of half
//! floats, take 64 within a block.

use crate::element::{Element, Reading, Times};
use crate::num::Acc;
use crate::pixels::{Ask, Mark, Mask, Pair, Tally};

/// Codes up to 2²⁴, those of half floats, fit 32 bits in blocks of this many pixels.
const HALVES: usize = 1 << 7;
/// Codes and rounded products up to 2²³, those of floats, fit 32 bits in blocks of this many pixels.
const FLOATS: usize = 1 << 8;
/// Codes up to 2¹⁶, and products of two 8-bit codes, fit 32 bits in blocks of this many pixels.
const CODES: usize = 1 << 15;
const _: () = assert!((HALVES as u64) << 24 < 1 << 32);
const _: () = assert!((FLOATS as u64) << 23 < 1 << 32);
const _: () = assert!((CODES as u64) << 16 < 1 << 32);
// Sums that 64 bits hold through a block of any length.
const _: () = assert!((CODES as u128) << LONG < 1 << 64);

/// Pixels of a block whose largest code is 2^`bits`. Finer codes have sums of their own width, and blocks of any length.
pub(crate) const fn block(bits: u32) -> usize {
    match bits {
        0..=16 => CODES,
        24 => HALVES,
        _ => FLOATS,
    }
}

/// Products and squares of half floats, and products of floats and 16-bit codes.
const LONG: u32 = 48;

/// Where a sum is kept while a block is added.
#[derive(Clone, Copy)]
pub(crate) enum Width {
    /// In 32 bits.
    Short,
    /// In 64, where the sum of all blocks takes 128.
    Long,
    /// In the sum of all blocks.
    All,
}

/// The width of sums up to 2^`bits` a pixel, in a block for codes of 2^`codes`.
pub(crate) const fn fits(bits: u32, codes: u32) -> Width {
    let most = match codes {
        0..=16 => 16,
        24 => 24,
        _ => 23,
    };
    if bits <= most {
        Width::Short
    } else if bits <= LONG {
        Width::Long
    } else {
        Width::All
    }
}

/// A sum: what the block has added so far, in the width that holds it, and what the blocks before it have.
#[derive(Clone, Copy, Default)]
struct Sum<A> {
    short: u32,
    long: u64,
    all: A,
}

impl<A: Acc> Sum<A> {
    /// `width` is a constant of the sum, so that of the three one is left.
    #[inline(always)]
    fn add(&mut self, more: u64, width: Width) {
        // Wrapping, as all sums: a broken promise of `Trusted` may give any code.
        match width {
            Width::Short => self.short = self.short.wrapping_add(more as u32),
            Width::Long if size_of::<A>() > 8 => self.long = self.long.wrapping_add(more),
            _ => self.all = self.all.plus_code(more),
        }
    }

    #[inline(always)]
    fn total(self) -> A {
        self.all.plus_code(u64::from(self.short)).plus_code(self.long)
    }
}

/// Pixels of a block that are left out, or clamped.
#[derive(Clone, Copy, Default)]
struct Apart {
    ignored: u32,
    invalid: u32,
    clamped: u32,
    broken: u32,
}

impl Apart {
    /// Adds the counts of a block of `pixels`.
    #[inline(always)]
    fn count<A>(self, pixels: usize, tally: &mut Tally<A>) {
        let Self { ignored, invalid, clamped, broken } = self;
        // No pixel is left out twice.
        tally.kept += u64::from((pixels as u32).wrapping_sub(ignored).wrapping_sub(invalid).wrapping_sub(broken));
        tally.ignored += u64::from(ignored);
        tally.invalid += u64::from(invalid);
        tally.clamped += u64::from(clamped);
        tally.broken += u64::from(broken);
    }
}

// On a microcontroller it is inlined, so that what the mask is and what is asked for folds away.
#[cfg_attr(soft_dice_lanes = "runs", inline(always))]
pub(crate) fn hard<P: Element>(element: &P, pair: Pair<'_, P::Raw, Mask<'_>>, ask: Ask) -> Tally<P::Narrow> {
    let mut tally = Tally::<P::Narrow>::default();
    let pixels = pair.prediction().len();
    let (codes, squares) = (fits(P::BITS, P::BITS), fits(if P::ROUNDED { P::BITS } else { 2 * P::BITS }, P::BITS));
    let mut at = 0;
    while at < pixels {
        let n = (pixels - at).min(block(P::BITS));
        let Some(part) = pair.masked_part(at, n) else { break };
        let (target, region) = (part.target().exactly(n), part.region().exactly(n));
        let (mut p, mut pt, mut pp) = (sum(tally.p), sum(tally.pt), sum(tally.pp));
        let (mut ones, mut apart) = (0u32, Apart::default());
        for (at, &raw) in part.prediction().iter().enumerate() {
            if !region.keeps(at) {
                apart.ignored += 1;
                continue;
            }
            let reading = element.read(raw);
            let key = match reading {
                Reading::Valid(value) | Reading::Clamped(value) if target.is_own() || ask.decided.is_some() => {
                    P::key(value)
                }
                _ => 0,
            };
            // The label decides before the prediction is looked at: what is ignored cannot be invalid.
            let one = match target.mark(at, key) {
                Mark::Zero => false,
                Mark::One => true,
                Mark::Ignored => {
                    apart.ignored += 1;
                    continue;
                }
                Mark::Broken => {
                    apart.broken += 1;
                    continue;
                }
            };
            let value = match reading {
                Reading::Valid(value) => value,
                Reading::Clamped(value) => {
                    apart.clamped += 1;
                    value
                }
                Reading::Invalid => {
                    apart.invalid += 1;
                    continue;
                }
            };
            let code = match ask.decided {
                Some(threshold) => u64::from(key >= threshold),
                None => P::code(value),
            };
            p.add(code, codes);
            if one {
                ones += 1;
                pt.add(code, codes);
            }
            if ask.squares {
                pp.add(P::square(value), squares);
            }
        }
        apart.count(n, &mut tally);
        tally.t = tally.t.plus_code(u64::from(ones));
        (tally.p, tally.pt, tally.pp) = (p.total(), pt.total(), pp.total());
        at += n;
    }
    tally
}

#[inline(always)]
fn sum<A: Acc>(all: A) -> Sum<A> {
    Sum { short: 0, long: 0, all }
}

// On a microcontroller it is inlined, so that what the mask is and what is asked for folds away.
#[cfg_attr(soft_dice_lanes = "runs", inline(always))]
pub(crate) fn soft<P: Times<T>, T: Element>(
    element: &P,
    other: &T,
    pair: Pair<'_, P::Raw, &[T::Raw]>,
    ask: Ask,
) -> Tally<P::Wide> {
    let mut tally = Tally::<P::Wide>::default();
    let pixels = pair.prediction().len();
    let (unit, other_unit) = (element.unit(), other.unit());
    let most = if P::BITS > T::BITS { P::BITS } else { T::BITS };
    let (of_p, of_t) = (fits(P::BITS, most), fits(T::BITS, most));
    let product = fits(if P::ROUNDED_PRODUCT { most } else { P::BITS + T::BITS }, most);
    let square_p = fits(if P::ROUNDED { P::BITS } else { 2 * P::BITS }, most);
    let square_t = fits(if T::ROUNDED { T::BITS } else { 2 * T::BITS }, most);
    let mut at = 0;
    while at < pixels {
        let n = (pixels - at).min(block(most));
        let Some(part) = pair.part(at, n) else { break };
        let region = part.region().exactly(n);
        let (mut p, mut t, mut pt) = (sum(tally.p), sum(tally.t), sum(tally.pt));
        let (mut pp, mut tt, mut min_p, mut min_t) = (sum(tally.pp), sum(tally.tt), sum(tally.min_p), sum(tally.min_t));
        let mut apart = Apart::default();
        for (at, (&raw, &raw_t)) in part.prediction().iter().zip(part.target()).enumerate() {
            if !region.keeps(at) {
                apart.ignored += 1;
                continue;
            }
            let (reading, reading_t) = (element.read(raw), other.read(raw_t));
            let (value, value_t) = match (reading, reading_t) {
                (Reading::Invalid, _) | (_, Reading::Invalid) => {
                    apart.invalid += 1;
                    continue;
                }
                (Reading::Valid(v) | Reading::Clamped(v), Reading::Valid(w) | Reading::Clamped(w)) => (v, w),
            };
            if matches!(reading, Reading::Clamped(_)) || matches!(reading_t, Reading::Clamped(_)) {
                apart.clamped += 1;
            }
            let (a, b) = (P::code(value), T::code(value_t));
            p.add(a, of_p);
            t.add(b, of_t);
            pt.add(P::times(value, value_t), product);
            if ask.squares {
                pp.add(P::square(value), square_p);
                tt.add(T::square(value_t), square_t);
            }
            if ask.minima {
                if unit == other_unit {
                    min_p.add(a.min(b), of_p);
                } else if unit.at_most(a, other_unit, b) {
                    min_p.add(a, of_p);
                } else {
                    min_t.add(b, of_t);
                }
            }
        }
        apart.count(n, &mut tally);
        (tally.p, tally.t, tally.pt) = (p.total(), t.total(), pt.total());
        (tally.pp, tally.tt) = (pp.total(), tt.total());
        (tally.min_p, tally.min_t) = (min_p.total(), min_t.total());
        at += n;
    }
    tally
}
