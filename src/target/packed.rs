//! Targets beside a bit-packed prediction.

use super::{HardTarget, Soft, Target};
use crate::element::{Element, Mask01, Times, U8};
use crate::kernel;
use crate::num::Acc;
use crate::pixels::{Ask, BitOrder, Bits, ByteMask, Mark, Mask, Pair, Region, Shape, Tally};
use crate::popcount;

/// Bits of a prediction, how many pixels of them count, and in which region.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct PackedRun<'a> {
    pub(crate) bits: Bits<'a>,
    pub(crate) pixels: usize,
    pub(crate) region: Option<Region<'a>>,
}

/// A target of a [`crate::BitStream`]: every one of [`crate::target`].
pub trait PackedTarget: Target<Mask01> {
    /// The sums of as many pixels, of which bits, target and region hold so many.
    #[doc(hidden)]
    fn sweep_bits<O: BitOrder>(
        &self,
        run: PackedRun<'_>,
        t: <Self as Target<Mask01>>::Buffer<'_>,
        ask: Ask,
    ) -> Tally<<Self as Target<Mask01>>::Narrow>;
}

impl<H: HardTarget> PackedTarget for H {
    #[inline(always)]
    fn sweep_bits<O: BitOrder>(&self, run: PackedRun<'_>, t: H::Pixels<'_>, _: Ask) -> Tally<u64> {
        let (bits, mask) = (run.bits.run::<O>(), self.mask(t));
        let mut tally = match mask {
            Mask::Bits(t) => {
                // Where there is no region nothing is left out.
                let region = run.region.map_or(crate::pixels::Within::Everywhere, Region::within);
                let ones = popcount::both(bits, t, region, run.pixels);
                let ignored = run.pixels as u64 - ones.kept;
                Tally { p: ones.p, t: ones.t, pt: ones.pt, kept: ones.kept, ignored, ..Tally::default() }
            }
            Mask::Bytes(bytes) => match in_loops::<O>(run, bytes) {
                Some(tally) => tally,
                None => one_by_one::<O>(run, mask),
            },
            Mask::Own(_) => one_by_one::<O>(run, mask),
        };
        (tally.pp, tally.tt, tally.min_p) = (tally.p, tally.t, tally.pt);
        tally
    }
}

impl<E: Element> PackedTarget for Soft<E>
where
    Mask01: Times<E>,
{
    #[inline(always)]
    fn sweep_bits<O: BitOrder>(&self, run: PackedRun<'_>, t: &[E::Raw], ask: Ask) -> Tally<<Mask01 as Times<E>>::Wide> {
        let mut tally = Tally::default();
        // The sides changed: a soft map against a mask of bits is what the loops know.
        let Ok(pair) = Pair::of(t, run.bits, run.region) else { return tally };
        let pair = pair.target_as(|bits| Mask::Bits(bits.run::<O>()));
        let found = kernel::hard(&self.0, pair, Ask { minima: false, ..ask });
        let wide = |sum: E::Narrow| <Mask01 as Times<E>>::Wide::ZERO.plus(sum.into());
        (tally.kept, tally.ignored, tally.invalid, tally.clamped) =
            (found.kept, found.ignored, found.invalid, found.clamped);
        (tally.p, tally.t, tally.pt) = (wide(found.t), wide(found.p), wide(found.pt));
        (tally.pp, tally.tt) = (wide(found.t), wide(found.pp));
        // Of a one the target's value is the lesser, and of a zero 0: Σmin = Σpt, in the target's unit. Where both have one unit
        // all of it is kept with the prediction.
        if self.0.unit() == Mask01.unit() {
            tally.min_p = tally.pt;
        } else {
            tally.min_t = tally.pt;
        }
        tally
    }
}

/// The bytes as a prediction that is cut at 1, against the bits as a mask: the loops that there are, with the sides changed. `None` for
/// what these know nothing of.
#[inline(always)]
fn in_loops<O: BitOrder>(run: PackedRun<'_>, target: ByteMask<'_>) -> Option<Tally<u64>> {
    let pair = Pair::of(target.bytes, run.bits, run.region).ok()?;
    let pair = pair.target_as(|bits| Mask::Bits(bits.run::<O>()));
    let found = match target.meaning.shape() {
        Shape::NonZero | Shape::ZeroOne { checked: false } | Shape::ZeroFull { checked: false } => {
            kernel::hard(&U8, pair, Ask::decided(1))
        }
        Shape::Class(class) => {
            let lost = kernel::lost(class, pair)?;
            Tally { p: lost.kept - lost.p, pt: lost.t - lost.pt, ..lost }
        }
        _ => return None,
    };
    Some(Tally { p: found.t, t: found.p, ..found })
}

/// Any target of zeros and ones in any region.
fn one_by_one<O: BitOrder>(run: PackedRun<'_>, target: Mask<'_>) -> Tally<u64> {
    let (bits, region) = (run.bits.run::<O>(), run.region.map_or(crate::pixels::Within::Everywhere, Region::within));
    let mut tally = Tally::default();
    for at in 0..run.pixels {
        if !region.keeps(at) {
            tally.ignored += 1;
            continue;
        }
        let one = u64::from(bits.bit(at));
        match target.mark(at, one as u32) {
            Mark::Zero => {}
            Mark::One => {
                tally.t += 1;
                tally.pt += one;
            }
            Mark::Ignored => {
                tally.ignored += 1;
                continue;
            }
            Mark::Broken => {
                tally.broken += 1;
                continue;
            }
        }
        tally.p += one;
        tally.kept += 1;
    }
    tally
}
