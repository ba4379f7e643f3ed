use super::share;
use crate::element::{
    BF16, Check, Element, F16, F32, F32Fine, I8, Mask01, Mask255, Q15, Reading, Times, U8, U8Affine, U16, half_of_code,
};
use crate::error::Error;
use crate::kernel::follow::follow;
use crate::pixels::{BF16Bits, Channel, F16Bits, Region, Tally};
use crate::score::Ratio;
use crate::stream::Stream;
use crate::sums::{CAPACITY, MinimaAlone, Sums};
use crate::target::{Own, Soft};
use core::marker::PhantomData;

/// Elements whose frames can be kept, one byte a pixel: 8-bit codes as they are, others rounded to the nearest 1/255.
pub trait Kept: Element {
    /// What a byte in the buffer denotes.
    type As: Times<Self::As>;

    /// The element of the bytes kept.
    fn kept(&self) -> Self::As;

    /// The byte that denotes 0.
    fn nothing(&self) -> <Self::As as Element>::Raw;

    /// The byte for a pixel; `None` for one that is left out of every sum.
    #[doc(hidden)]
    fn keep(&self, raw: Self::Raw) -> Option<<Self::As as Element>::Raw>;

    /// The first byte, unsigned and in order, that a mask of this cut takes for foreground; 256 if there is none. Of maps that are
    /// rounded a value beside the cut may fall on the other side; at one half it does not.
    #[doc(hidden)]
    fn order_of_cut(&self, cut: u32) -> u16;

    /// The pixels themselves, where they are kept as they are.
    #[doc(hidden)]
    fn bytes_kept(map: &[Self::Raw]) -> Option<&[<Self::As as Element>::Raw]>;
}

/// The first place in order whose byte a mask takes.
fn first(takes: impl Fn(u8) -> bool) -> u16 {
    (0..=u8::MAX).find(|&place| takes(place)).map_or(256, u16::from)
}

macro_rules! kept_as_it_is {
    ($($element:ty, $raw:ty, |$e:ident| $nothing:expr, $flip:literal;)*) => {$(
        impl Kept for $element {
            type As = Self;

            fn kept(&self) -> Self {
                *self
            }

            fn nothing(&self) -> $raw {
                let $e = self;
                $nothing
            }

            fn keep(&self, raw: $raw) -> Option<$raw> {
                Some(raw)
            }

            fn order_of_cut(&self, cut: u32) -> u16 {
                first(|place| match self.read((place ^ $flip) as $raw) {
                    Reading::Valid(value) | Reading::Clamped(value) => Self::key(value) >= cut,
                    Reading::Invalid => false,
                })
            }

            fn bytes_kept(map: &[$raw]) -> Option<&[$raw]> {
                Some(map)
            }
        }
    )*};
}

kept_as_it_is! {
    U8, u8, |_e| 0, 0;
    Mask01, u8, |_e| 0, 0;
    Mask255, u8, |_e| 0, 0;
    I8, i8, |e| e.zero_point().clamp(-128, 127) as i8, 0x80;
    U8Affine, u8, |e| e.zero_point().clamp(0, 255) as u8, 0;
}

macro_rules! kept_in_255ths {
    ($($element:ty [$($c:ident)?], $one:expr, |$cut:ident| $raw:expr;)*) => {$(
        impl$(<$c: Check>)? Kept for $element {
            type As = U8;

            fn kept(&self) -> U8 {
                U8
            }

            fn nothing(&self) -> u8 {
                0
            }

            fn keep(&self, raw: Self::Raw) -> Option<u8> {
                const ONE: u64 = $one;
                match self.read(raw) {
                    // A broken promise of `Trusted` may give any code.
                    Reading::Valid(value) | Reading::Clamped(value) => {
                        Some(((Self::code(value).min(ONE) * 255 + ONE / 2) / ONE) as u8)
                    }
                    Reading::Invalid => None,
                }
            }

            fn order_of_cut(&self, $cut: u32) -> u16 {
                // The byte that the least foreground rounds to; a cut beyond 1 takes nothing.
                $raw.and_then(|raw| self.keep(raw)).map_or(256, u16::from)
            }

            fn bytes_kept(_: &[Self::Raw]) -> Option<&[u8]> {
                None
            }
        }
    )*};
}

kept_in_255ths! {
    U16 [], 65535, |cut| u16::try_from(cut).ok();
    Q15<C> [C], 1 << 15, |cut| i16::try_from(cut).ok();
    F32<C> [C], 1 << 23, |cut| Some(f32::from_bits(cut));
    F32Fine [], 1 << 48, |cut| Some(f32::from_bits(cut));
    F16<C> [C], 1 << 24, |cut| half_of_code(cut).map(F16Bits);
    // The least whose upper half reaches the cut.
    BF16<C> [C], 1 << 23, |cut| Some(BF16Bits((cut.saturating_add(0xFFFF) >> 16) as u16));
}

/// The last frame, kept in the caller's buffer, one byte a pixel, to compare the next one with.
///
/// 8-bit maps are kept as they are; others are rounded to the nearest 1/255, and so is the frame that is compared, so
/// that a frame with itself always agrees exactly. Memory: the buffer, a byte a pixel. Working space: 128 bytes of
/// stack for maps that are rounded, none for 8-bit ones.
///
/// ```
/// use soft_dice::F32;
/// use soft_dice::confidence::Last;
///
/// let mut buffer = [0; 3];
/// let mut last = Last::new(F32::new(), &mut buffer);
/// assert!(last.compare(&[0.0, 0.5, 1.0])?.is_none());                   // nothing to compare with
/// let same = last.compare(&[0.0, 0.5, 1.0])?.expect("there is one now");
/// assert!(same.identical && same.agreement_q15 == Some(32768));
/// let moved = last.compare(&[0.5, 1.0, 0.0])?.expect("there is one");
/// assert!(!moved.identical && moved.agreement_q15 < Some(32768));
/// # Ok::<(), soft_dice::Error>(())
/// ```
///
/// The buffer is lent for as long as the frames are compared, or it is the state's own ([`Self::owning`]), for a `static`.
#[derive(Debug)]
pub struct Last<'a, P: Kept, B = &'a mut [<<P as Kept>::As as Element>::Raw]> {
    element: P,
    buffer: B,
    full: bool,
    lent: PhantomData<&'a mut ()>,
}

/// The buffer of a state that keeps a frame: lent to it, or an array of its own.
pub trait FrameBuffer<R>: AsRef<[R]> + AsMut<[R]> {}

impl<R> FrameBuffer<R> for &mut [R] {}

impl<R, const PIXELS: usize> FrameBuffer<R> for [R; PIXELS] {}

/// A frame that is being compared, part by part. Of codes of 8 bits and frames of at most 2⁴⁰ pixels a sum has 48 bits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Comparison {
    /// Σp of the frame, of the last one, and Σmin(p, p′).
    now: u64,
    last: u64,
    least: u64,
    /// There was a frame to compare with.
    full: bool,
    /// A pixel was no number.
    left_out: bool,
}

/// A frame beside the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Compared {
    /// [`super::AGREEMENT`] in Q15; `None` where both frames are 0 everywhere, or no pixel is valid.
    pub agreement_q15: Option<u16>,
    /// The same divided by its bound, 2·min(Σp, Σp′)/(Σp + Σp′): the share of the lesser map that the greater one covers,
    /// so that growing and shrinking alone are no disagreement. `None` where a map is 0 everywhere.
    pub covered_q15: Option<u16>,
    /// Every pixel bears the code it bore before: exact, where Q15 rounds. Pixels that are no number differ.
    pub identical: bool,
}

/// The part of it that a watch takes: two fields of [`Compared`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Covered {
    pub covered_q15: Option<u16>,
    pub identical: bool,
}

impl<'a, P: Kept> Last<'a, P> {
    /// The buffer's length is the number of pixels of a frame; what it holds does not matter.
    #[must_use]
    pub const fn new(element: P, buffer: &'a mut [<P::As as Element>::Raw]) -> Self {
        Self { element, buffer, full: false, lent: PhantomData }
    }
}

impl<P: Kept, const PIXELS: usize> Last<'_, P, [<P::As as Element>::Raw; PIXELS]> {
    /// The same with a buffer of its own; what it holds does not matter.
    ///
    /// ```
    /// use soft_dice::{F32, confidence::Last};
    /// use std::sync::Mutex;
    /// static LAST: Mutex<Last<'static, F32, [u8; 3]>> = Mutex::new(Last::owning(F32::new(), [0; 3]));
    /// assert!(LAST.lock().unwrap().compare(&[0.0, 0.5, 1.0])?.is_none());
    /// # Ok::<(), soft_dice::Error>(())
    /// ```
    #[must_use]
    pub const fn owning(element: P, buffer: [<P::As as Element>::Raw; PIXELS]) -> Self {
        Self { element, buffer, full: false, lent: PhantomData }
    }
}

impl<P: Kept, B: FrameBuffer<<P::As as Element>::Raw>> Last<'_, P, B> {
    /// Pixels of a frame.
    #[must_use]
    pub fn pixels(&self) -> usize {
        self.buffer.as_ref().len()
    }

    /// Compares a frame with the last and keeps it in its place. The first has nothing to be compared with.
    ///
    /// A pixel that is no number (see [`crate::Range`]) is left out, and what was kept there stays.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] if the frame has another size, [`Error::Range`] if the element refuses a pixel,
    /// [`Error::Capacity`] beyond 2⁴⁰ pixels. What was kept stays.
    pub fn compare(&mut self, frame: &[P::Raw]) -> Result<Option<Compared>, Error> {
        if frame.len() != self.pixels() {
            return Err(Error::Length);
        }
        let mut comparison = self.begin();
        self.part(&mut comparison, 0, frame)?;
        self.end();
        Ok(comparison.beside().map(|Covered { covered_q15, identical }| Compared {
            agreement_q15: comparison.agreement().map(|ratio| ratio.q15().clamp(0, 1 << 15) as u16),
            covered_q15,
            identical,
        }))
    }

    /// A comparison that takes its frame in parts.
    pub(crate) const fn begin(&self) -> Comparison {
        Comparison { now: 0, last: 0, least: 0, full: self.full, left_out: false }
    }

    /// Compares the pixels from `at` on and keeps them in place of the last frame's. From the first part to the end the
    /// buffer holds no frame.
    pub(crate) fn part(&mut self, comparison: &mut Comparison, at: usize, pixels: &[P::Raw]) -> Result<(), Error> {
        self.part_of(comparison, at, pixels, None)
    }

    /// The same of the pixels in a region. A copy of its own, so that the stack holds what one of the two needs.
    pub(crate) fn part_within(
        &mut self,
        comparison: &mut Comparison,
        at: usize,
        pixels: &[P::Raw],
        region: &[u8],
    ) -> Result<(), Error> {
        self.part_of(comparison, at, pixels, Some(region))
    }

    /// Either of the two.
    #[inline(always)]
    fn part_of(
        &mut self,
        comparison: &mut Comparison,
        at: usize,
        pixels: &[P::Raw],
        region: Option<&[u8]>,
    ) -> Result<(), Error> {
        let buffer =
            self.buffer.as_mut().get_mut(at..).and_then(|rest| rest.get_mut(..pixels.len())).ok_or(Error::Length)?;
        if region.is_some_and(|region| region.len() != pixels.len()) {
            return Err(Error::Length);
        }
        if self.element.refuses() && pixels.iter().any(|&raw| self.element.keep(raw).is_none()) {
            return Err(Error::Range);
        }
        let mut sums = Stream::summing(self.element.kept(), Soft(self.element.kept()), MinimaAlone);
        if let Some(bytes) = P::bytes_kept(pixels) {
            match region {
                _ if !comparison.full => {}
                None => sums.update(bytes, buffer)?,
                Some(region) => sums.update_within(bytes, buffer, Region::Bytes(region))?,
            }
            buffer.copy_from_slice(bytes);
            comparison.add(sums.sums());
            self.full = false;
            return Ok(());
        }
        self.full = false;
        if !comparison.full {
            buffer.fill(self.element.nothing());
        }
        const CHUNK: usize = 64;
        let mut now = [self.element.nothing(); CHUNK];
        let mut inside = region.map(|region| region.chunks(CHUNK));
        for (pixels, kept) in pixels.chunks(CHUNK).zip(buffer.chunks_mut(CHUNK)) {
            let mut valid = [0; CHUNK];
            for (((&raw, &kept), now), valid) in pixels.iter().zip(kept.iter()).zip(&mut now).zip(&mut valid) {
                let byte = self.element.keep(raw);
                *valid = u8::from(byte.is_some());
                *now = byte.unwrap_or(kept);
                comparison.left_out |= byte.is_none();
            }
            if let Some(inside) = inside.as_mut().and_then(Iterator::next) {
                valid.iter_mut().zip(inside).for_each(|(valid, &inside)| *valid &= u8::from(inside != 0));
            }
            let now = now.get(..kept.len()).unwrap_or_default();
            let valid = valid.get(..kept.len()).unwrap_or_default();
            sums.update_within(now, kept, Region::Bytes(valid))?;
            kept.copy_from_slice(now);
        }
        comparison.add(sums.sums());
        Ok(())
    }

    /// [`Self::part`] together with the pixels' sums with their own mask, which begin anew with the first, in one pass, where
    /// there is a loop for it: whether there was.
    #[inline(always)]
    pub(crate) fn part_own(
        &mut self,
        comparison: &mut Comparison,
        at: usize,
        pixels: &[P::Raw],
        own: &mut Stream<P, Own>,
    ) -> Result<bool, Error> {
        let Some(bytes) = P::bytes_kept(pixels) else { return Ok(false) };
        let buffer =
            self.buffer.as_mut().get_mut(at..).and_then(|rest| rest.get_mut(..bytes.len())).ok_or(Error::Length)?;
        let before = if at == 0 { 0 } else { own.sums().seen() };
        if bytes.len() as u64 > CAPACITY - before {
            return Err(Error::Capacity);
        }
        // What is compared with no frame is not asked for.
        let cut = own.sums().target().cut();
        let Some(found) = follow(&self.element.kept(), bytes, buffer, cut) else { return Ok(false) };
        comparison.followed(at == 0, own, &found);
        self.full = false;
        Ok(true)
    }

    /// The frame is complete: the next has one to be compared with.
    pub(crate) const fn end(&mut self) {
        self.full = true;
    }

    /// The bytes kept of these pixels, and the bits whose inversion puts them in order.
    pub(crate) fn kept(&self, at: usize, pixels: usize) -> Option<(&[u8], u8)> {
        Channel::bytes(self.buffer.as_ref().get(at..)?.get(..pixels)?)
    }

    /// Forgets the last frame.
    pub const fn reset(&mut self) {
        self.full = false;
    }
}

#[cfg(feature = "defmt")]
impl<P: Kept, B: FrameBuffer<<P::As as Element>::Raw>> defmt::Format for Last<'_, P, B> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "Last {{ pixels: {=usize}, full: {=bool} }}", self.pixels(), self.full);
    }
}

impl Comparison {
    /// Adds the sums of a part: both maps are in one unit, so that all of Σmin is in the first of its two.
    fn add<E: Times<E>>(&mut self, part: &Sums<E, Soft<E>, MinimaAlone>) {
        let (least, _) = part.minima().unwrap_or_default();
        let [now, last]: [u128; 2] = [part.p().into(), part.t().into()];
        self.now += now as u64;
        self.last += last as u64;
        self.least += least as u64;
    }

    /// Adds what one pass has found of a part: its sums with its own mask, which begin anew with the first part, and those beside
    /// the last frame.
    #[inline(always)]
    fn followed<P: Element>(&mut self, first: bool, own: &mut Stream<P, Own>, [alone, beside]: &[Tally<u64>; 2]) {
        if first {
            own.begin(alone);
        } else {
            own.count(alone);
        }
        self.now += beside.p;
        self.last += beside.t;
        self.least += beside.min_p;
    }

    /// [`super::AGREEMENT`] of sums in one unit, in 64 bits; `None` where both frames are 0 everywhere.
    const fn agreement(&self) -> Option<Ratio> {
        Ratio::narrow(self.least << 1, self.now + self.last)
    }

    /// What a watch asks of the frame beside the last, if there was one. Inlined, so that three sums need not lie in memory.
    #[inline(always)]
    pub fn beside(&self) -> Option<Covered> {
        let &Self { now, last, least, full, left_out } = self;
        full.then(|| Covered {
            covered_q15: match now.min(last) {
                0 => None,
                lesser => Some(share(least, lesser)),
            },
            // If Σmin, Σp and Σp′ are equal, then min(p, p′) is p and p′ at every pixel: none differs.
            identical: !left_out && now == least && last == least,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::confidence;
    use super::*;
    use crate::sums::Measured;

    /// What a microcontroller's loop finds in one pass, part by part, is what two passes find, whatever was there before.
    #[test]
    fn one_pass_for_two() {
        let (before, now) = ([9u8, 200, 30, 255, 0], [10u8, 180, 30, 0, 177]);
        let total = |codes: &[u8]| codes.iter().map(|&code| u64::from(code)).sum::<u64>();
        let found = |part: core::ops::Range<usize>| {
            let (before, now) = (&before[part.clone()], &now[part]);
            let mask = now.iter().filter(|&&code| code >= 128);
            let pt = mask.clone().map(|&code| u64::from(code)).sum();
            let least = now.iter().zip(before).map(|(&a, &b)| u64::from(a.min(b))).sum();
            // Of pixels that are left out the loop says how many they are.
            let left = Tally { ignored: 2, invalid: 3, clamped: 1, ..Tally::default() };
            let alone = Tally { kept: now.len() as u64, p: total(now), t: mask.count() as u64, pt, ..left };
            [alone, Tally { p: total(now), t: total(before), min_p: least, ..Tally::default() }]
        };
        let last = Last::owning(U8, [0; 5]);
        let (mut comparison, mut own) = (last.begin(), confidence(U8));
        own.update(&[1, 200, 255, 7], ()).unwrap();
        comparison.followed(true, &mut own, &found(0..3));
        comparison.followed(false, &mut own, &found(3..5));
        let mut truth = confidence(U8);
        truth.update(&now, ()).unwrap();
        let (sums, truth) = (own.sums().record(), truth.sums().record());
        assert_eq!((sums.p, sums.t, sums.pt, sums.count), (truth.p, truth.t, truth.pt, 5));
        assert_eq!((sums.ignored, sums.invalid, sums.clamped, own.sums().seen()), (4, 6, 2, 15));
        assert_eq!((comparison.now, comparison.last, comparison.least), (total(&now), total(&before), 9 + 180 + 30));
    }

    /// A frame is no longer than sums hold, and the first part of the next begins anew.
    #[test]
    fn the_longest_frame() {
        let mut own = confidence(U8);
        own.update(&[200], ()).unwrap();
        let mut one = own;
        while own.sums().seen() < CAPACITY / 2 {
            let half = own;
            own.merge(&half).unwrap();
        }
        // One short of all: 2^39 and 2^39 − 1, of which the latter is 2^38 + 2^37 + … + 1.
        while one.sums().seen() < CAPACITY / 2 {
            own.merge(&one).unwrap();
            let half = one;
            one.merge(&half).unwrap();
        }
        assert_eq!(own.sums().seen(), CAPACITY - 1);
        let mut last = Last::owning(U8, [0; 8]);
        let mut comparison = last.begin();
        assert_eq!(last.part_own(&mut comparison, 1, &[1, 2], &mut own), Err(Error::Capacity));
        assert_eq!(last.part_own(&mut comparison, 7, &[1, 2], &mut own), Err(Error::Length));
        assert!(last.part_own(&mut comparison, 1, &[1], &mut own).is_ok());
        assert!(last.part_own(&mut comparison, 0, &[1, 2], &mut own).is_ok());
    }
}
