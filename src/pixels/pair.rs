//! A prediction, a target and a region, whose lengths were compared here and nowhere else.

use super::buffer::Buffer;
use super::mask::Mask;
use super::region::{Region, Within};
use crate::error::Error;

/// Pixels that one sweep takes at most: longer runs are cut into spans. In a span sums of codes below 2²⁴ and of
/// products below 2³² fit 64 bits. Where pointers have 32 bits no slice is long enough to matter: at most 2³¹ bytes, of
/// codes and products below 2³² a byte.
pub(crate) const SPAN: usize = if usize::BITS > 32 { 1 << 24 } else { usize::MAX };

/// Pixels of a prediction, of a target and of a region: target and region hold no fewer than the prediction, which
/// whoever takes a pair may trust. The fields are private to this file, and every way to make a pair compares or cuts all
/// three alike.
#[doc(hidden)]
pub struct Pair<'a, R, B> {
    p: &'a [R],
    target: B,
    region: Within<'a>,
}

// Written by hand, because a derive would ask that R can be copied, which a slice of R does not need.
impl<R, B: Copy> Clone for Pair<'_, R, B> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}

impl<R, B: Copy> Copy for Pair<'_, R, B> {}

impl<'a, R, B: Buffer> Pair<'a, R, B> {
    /// Every pixel counts.
    #[inline(always)]
    pub(crate) fn new(p: &'a [R], target: B) -> Result<Self, Error> {
        if target.holds(p.len()) { Ok(Self { p, target, region: Within::Everywhere }) } else { Err(Error::Length) }
    }

    /// The pixels of a region of interest count.
    #[inline(always)]
    pub(crate) fn within(p: &'a [R], target: B, region: Region<'a>) -> Result<Self, Error> {
        if !target.holds(p.len()) || !region.holds(p.len()) {
            return Err(Error::Length);
        }
        Ok(Self { p, target, region: region.within() })
    }

    /// The pixels of a region, if there is one.
    #[inline(always)]
    pub(crate) fn of(p: &'a [R], target: B, region: Option<Region<'a>>) -> Result<Self, Error> {
        match region {
            None => Self::new(p, target),
            Some(region) => Self::within(p, target, region),
        }
    }

    /// The `pixels` from `at` on, if they are there.
    #[inline(always)]
    pub(crate) fn part(self, at: usize, pixels: usize) -> Option<Self> {
        Some(Self { p: self.p.part(at, pixels)?, target: self.target.part(at, pixels)?, region: self.region.skip(at) })
    }

    /// The pair in pieces of at most `pixels` pixels.
    pub(crate) fn pieces(self, pixels: usize) -> impl Iterator<Item = Self> {
        let starts = (0..self.p.len()).step_by(pixels);
        starts.filter_map(move |at| self.part(at, pixels.min(self.p.len() - at)))
    }
}

impl<'a, R> Pair<'a, R, Mask<'a>> {
    /// The `pixels` from `at` on, if they are there.
    #[inline(always)]
    pub(crate) fn masked_part(self, at: usize, pixels: usize) -> Option<Self> {
        // A mask of bits holds as many as the prediction, so that its rest holds as many as the prediction's.
        let p = self.p.get(at..)?.get(..pixels)?;
        Some(Self { p, target: self.target.part(at, pixels)?, region: self.region.skip(at) })
    }
}

impl<'a, R, B: Copy> Pair<'a, R, B> {
    #[inline(always)]
    pub(crate) const fn prediction(&self) -> &'a [R] {
        self.p
    }

    #[inline(always)]
    pub(crate) const fn target(&self) -> B {
        self.target
    }

    #[cfg(soft_dice_lanes = "vector")]
    #[inline(always)]
    pub(crate) const fn target_ref(&self) -> &B {
        &self.target
    }

    #[cfg(soft_dice_lanes = "vector")]
    #[inline(always)]
    pub(crate) const fn region_ref(&self) -> &Within<'a> {
        &self.region
    }

    #[inline(always)]
    pub(crate) const fn region(&self) -> Within<'a> {
        self.region
    }

    /// Other pixels of a prediction in place of these, if they are as many.
    pub(crate) fn with_prediction<'b, S>(self, p: &'b [S]) -> Option<Pair<'b, S, B>>
    where
        'a: 'b,
    {
        let alike = p.len() == self.p.len();
        alike.then_some(Pair { p, target: self.target, region: self.region })
    }

    /// The same pixels of the target as something else; `read` keeps their number.
    #[inline(always)]
    pub(crate) fn target_as<C>(self, read: impl FnOnce(B) -> C) -> Pair<'a, R, C> {
        Pair { p: self.p, target: read(self.target), region: self.region }
    }
}
