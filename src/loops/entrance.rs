//! The way in: which sweep of a table takes a pair, and what becomes of the pixels that it leaves.
//!
//! ```text
//! a common pair (codes as they are; in a region, linear sums alone):
//!     a quick sweep, compiled for the mask's shape, takes what it can
//!     where it stops, the next PIXELS pixels go to the careful sweep, and so on
//! any other pair: the careful sweep
//! ```
//!
//! This is inlined where `update` is called. There the target's type says what its mask is, and the prediction's what its
//! codes are, so that of all that is asked here one function of the table is left.

use super::family::{Family, View};
use super::sweep::{Swept, stored};
use super::table::{Kinds, Mapped, Masked, Sweeps};
use crate::pixels::{Ask, BitRun, ByteMask, Mask, Shape, Tally, Within};

/// Pixels that are taken with care after a block that wanted some: where one value is odd, its neighbours often are.
const PIXELS: usize = 1 << 14;
/// Pixels that fill a vector of any lanes.
const VECTOR: usize = 64;

impl<F: Family> Sweeps<F> {
    /// The quick sweeps for a mask, if it has a shape.
    #[inline(always)]
    fn shaped(&self, mask: &Mask) -> Option<&Kinds<F>> {
        Some(match mask {
            Mask::Bytes(mask) => match mask.meaning.shape() {
                Shape::NonZero => &self.non_zero,
                // Off the shortest ways, one that is trusted is looked at all the same: that costs one operation, and nobody
                // asks what was found.
                Shape::ZeroOne { checked: true } => &self.zero_one,
                Shape::ZeroOne { checked: false } => &self.zero_one_trusted,
                Shape::ZeroFull { checked: true } => &self.zero_full,
                Shape::ZeroFull { checked: false } => &self.zero_full_trusted,
                Shape::Class(_) => &self.class,
                Shape::Ignoring { .. } => &self.ignoring,
                Shape::Other => return None,
            },
            Mask::Bits(bits) => match (bits.shift == 0, bits.msb_first) {
                (false, false) => &self.lsb,
                (false, true) => &self.msb,
                (true, false) => &self.even_lsb,
                (true, true) => &self.even_msb,
            },
            Mask::Own(_) => &self.own,
        })
    }

    /// The sweep that is compiled for a pair, if it is common.
    #[inline(always)]
    pub(crate) fn quick(&self, p: &F::View<'_>, mask: &Mask, region: &Within, ask: &Ask) -> Option<Masked<F>> {
        let kinds = self.shaped(mask)?;
        let linear = !ask.squares && ask.decided.is_none();
        Some(match region {
            Within::Everywhere if !p.is_common() && linear => kinds.moved,
            _ if !p.is_common() => return None,
            Within::Everywhere if ask.decided.is_some() => kinds.decided,
            Within::Everywhere if ask.squares => kinds.squares,
            Within::Everywhere if p.is_plain() => kinds.plain,
            Within::Everywhere => kinds.linear,
            Within::Bytes(_) | Within::Bits(_) if linear && p.is_plain() => kinds.plain_in_region,
            Within::Bytes(_) | Within::Bits(_) if linear => kinds.in_region,
            Within::Bytes(_) | Within::Bits(_) => return None,
        })
    }

    /// The sweep that takes every pair.
    #[inline(always)]
    fn careful(&self, ask: &Ask) -> Masked<F> {
        match *ask {
            Ask { decided: Some(_), .. } => self.any.decided,
            Ask { squares: true, .. } => self.any.squares,
            _ => self.any.linear,
        }
    }

    /// The same for soft maps.
    #[inline(always)]
    pub(crate) fn quick_map(&self, p: &F::View<'_>, t: &F::View<'_>, region: &Within, ask: &Ask) -> Option<Mapped<F>> {
        if !matches!(region, Within::Everywhere) || !p.is_common() || !t.is_common() {
            return None;
        }
        Some(match (ask.squares, ask.minima) {
            (false, false) if p.is_plain() && t.is_plain() => self.map.plain,
            (false, false) => self.map.linear,
            (true, false) => self.map.squares,
            (false, true) => self.map.minima,
            (true, true) => self.map.both,
        })
    }

    #[inline(always)]
    fn careful_map(&self, ask: &Ask) -> Mapped<F> {
        if ask.squares || ask.minima { self.map.any } else { self.map.any_linear }
    }
}

/// The linear sums against a hard target, of a pair that `short` has a function for; `None` of others, and where a value needs care.
///
/// # Safety
///
/// Both sides hold the same number of pixels, at least [`Sweeps::least`] and at most [`PIXELS`](super::short::SHORT), and the
/// CPU has what the table's backend needs.
#[inline(always)]
pub(crate) unsafe fn short_hard<F: Family>(sweeps: &Sweeps<F>, p: F::View<'_>, mask: Mask) -> Option<Tally<u64>> {
    let flip = p.flip()?;
    let shorts = &sweeps.short;
    let (short, t, class) = match mask {
        Mask::Bytes(ByteMask { bytes, meaning }) => {
            let (short, class) = match meaning.shape() {
                Shape::NonZero => (shorts.non_zero, 0),
                Shape::ZeroOne { .. } => (shorts.zero_one, 0),
                Shape::ZeroFull { .. } => (shorts.zero_full, 0),
                Shape::Class(class) => (shorts.class, class),
                Shape::Ignoring { .. } | Shape::Other => return None,
            };
            (short, bytes.as_ptr(), class)
        }
        Mask::Bits(BitRun { bytes, shift: 0, msb_first: false }) => (shorts.lsb, bytes.as_ptr(), 0),
        Mask::Bits(BitRun { bytes, shift: 0, msb_first: true }) => (shorts.msb, bytes.as_ptr(), 0),
        Mask::Bits(_) | Mask::Own(_) => return None,
    };
    // SAFETY: the caller promises the same.
    unsafe { short(p.start(), t, p.pixels(), [flip, class]) }.tally(p.pixels(), mask.is_checked())
}

/// The same against a soft map of the same family.
///
/// # Safety
///
/// As [`short_hard`].
#[inline(always)]
pub(crate) unsafe fn short_soft<F: Family>(sweeps: &Sweeps<F>, p: F::View<'_>, t: F::View<'_>) -> Option<Tally<u64>> {
    let how = [p.flip()?, t.flip()?];
    // SAFETY: the caller promises the same.
    unsafe { (sweeps.short.map)(p.start(), t.start(), p.pixels(), how) }.tally(p.pixels(), false)
}

/// The sums against a hard target.
///
/// # Safety
///
/// All sides hold the same number of pixels, at least [`Sweeps::least`], and the CPU has what the table's backend needs.
#[inline(always)]
pub(crate) unsafe fn hard<F: Family>(
    sweeps: &Sweeps<F>,
    p: F::View<'_>,
    mask: &Mask,
    region: &Within,
    ask: &Ask,
) -> Tally<u64> {
    let (sweep, cut) = (sweeps.quick(&p, mask, region, ask), ask.decided.unwrap_or(0));
    // SAFETY: the caller promises the same.
    let swept = unsafe { sweep.unwrap_or(sweeps.careful(ask))(&p, mask, region, cut) };
    let mut tally = if swept.taken == p.pixels() {
        stored(&swept.tally)
    } else {
        // SAFETY: the caller promises the same.
        stored(&unsafe { rest_of_mask(sweeps, &swept, p, mask, region, ask) })
    };
    if !mask.is_checked() {
        tally.broken = 0;
    }
    tally
}

/// The sums against a soft map of the same unit.
///
/// # Safety
///
/// As [`hard`].
#[inline(always)]
pub(crate) unsafe fn soft<F: Family>(
    sweeps: &Sweeps<F>,
    p: F::View<'_>,
    t: F::View<'_>,
    region: &Within,
    ask: &Ask,
) -> Tally<u64> {
    let sweep = sweeps.quick_map(&p, &t, region, ask);
    // SAFETY: the caller promises the same.
    let swept = unsafe { sweep.unwrap_or(sweeps.careful_map(ask))(&p, &t, region, 0) };
    if swept.taken == p.pixels() {
        stored(&swept.tally)
    } else {
        // SAFETY: the caller promises the same.
        stored(&unsafe { rest_of_map(sweeps, &swept, p, t, region, ask) })
    }
}

/// All pixels, of which a quick sweep has taken those before the block where it stopped.
///
/// # Safety
///
/// As [`hard`].
#[cold]
#[inline(never)]
unsafe fn rest_of_mask<F: Family>(
    sweeps: &Sweeps<F>,
    swept: &Swept,
    p: F::View<'_>,
    mask: &Mask,
    region: &Within,
    ask: &Ask,
) -> Tally<u64> {
    in_turns(swept, p.pixels(), |at, n, quickly| {
        let (p, region) = (p.part(at, n), region.skip(at));
        let Some(mask) = mask.part(at, n) else { return Swept::NOTHING };
        let quick = if quickly { sweeps.quick(&p, &mask, &region, ask) } else { None };
        let sweep = quick.unwrap_or(sweeps.careful(ask));
        // SAFETY: parts of sides that hold the same number of pixels do so.
        unsafe { sweep(&p, &mask, &region, ask.decided.unwrap_or(0)) }
    })
}

/// The same against a soft map.
///
/// # Safety
///
/// As [`rest_of_mask`].
#[cold]
#[inline(never)]
unsafe fn rest_of_map<F: Family>(
    sweeps: &Sweeps<F>,
    swept: &Swept,
    p: F::View<'_>,
    t: F::View<'_>,
    region: &Within,
    ask: &Ask,
) -> Tally<u64> {
    in_turns(swept, p.pixels(), |at, n, quickly| {
        let (p, t, region) = (p.part(at, n), t.part(at, n), region.skip(at));
        let quick = if quickly { sweeps.quick_map(&p, &t, &region, ask) } else { None };
        let sweep = quick.unwrap_or(sweeps.careful_map(ask));
        // SAFETY: parts of sides that hold the same number of pixels do so.
        unsafe { sweep(&p, &t, &region, 0) }
    })
}

/// The careful sweep from where the quick one has stopped, then the quick one again, and so on: `sweep` takes so many
/// pixels from a place on, quickly or not.
fn in_turns(swept: &Swept, pixels: usize, mut sweep: impl FnMut(usize, usize, bool) -> Swept) -> Tally<u64> {
    let Swept { tally: mut total, taken: mut at } = *swept;
    let mut quickly = false;
    while at < pixels {
        let rest = pixels - at;
        // What is left for the quick sweep afterwards must fill a vector.
        let some = if quickly || rest < PIXELS + VECTOR { rest } else { PIXELS };
        let Swept { tally, taken } = sweep(at, some, quickly);
        total.join(&tally);
        at += taken;
        if taken == 0 && !quickly {
            // The careful sweep takes all it is given: there is no pixel here, and no way on.
            break;
        }
        quickly = !quickly;
    }
    total
}
