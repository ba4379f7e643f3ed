//! The first greatest channel of planar values: the pixels of a vector go through all channels while they are in registers.
//!
//! ```text
//! for each vector of pixels:
//!     most, class = its values in the first plane, 0
//!     for each other channel:
//!         more = value > most                      an equal value does not win: the first one stays
//!         most, class = value, channel where more
//!         number = number and the value is no NaN  of floats
//! ```
//!
//! The last vector ends with the last pixel, so that some of its pixels are decided twice, and alike.

use super::sweep::Job;
use crate::lanes::{ByteLanes, FloatLanes, Lanes};

/// Channels at most: their numbers fit a byte.
const CHANNELS: usize = 256;
/// Vectors of pixels that go through the channels together, because each waits for its own comparisons.
const SOME: usize = 4;

/// Writes the winner of each pixel of 8-bit planes; whether the pixels fill a vector and each plane has as many. `flip` makes the
/// bytes unsigned.
pub(crate) struct BytePlanes<'a> {
    pub planes: &'a [&'a [u8]],
    pub flip: u8,
    pub to: &'a mut [u8],
}

impl Job for BytePlanes<'_> {
    type Out = bool;

    #[inline(always)]
    unsafe fn run<L: Lanes>(mut self, lanes: L) -> bool {
        let (width, pixels) = (<L as ByteLanes>::LANES, self.to.len());
        if pixels < width || !hold(self.planes, pixels) || self.planes.len() > CHANNELS {
            return false;
        }
        // SAFETY: each plane holds so many pixels, which fill a vector: both were compared above.
        unsafe { all(&mut self, lanes, width, pixels) };
        true
    }
}

impl Vectors for BytePlanes<'_> {
    #[inline(always)]
    unsafe fn some<L: Lanes, const N: usize>(&mut self, lanes: L, at: usize) {
        let width = <L as ByteLanes>::LANES;
        let flip = ByteLanes::splat(lanes, self.flip);
        // No value is below 0, so that the first plane wins over none as it does over itself.
        let (mut most, mut class) = ([ByteLanes::splat(lanes, 0); N], [ByteLanes::splat(lanes, 0); N]);
        for (channel, plane) in self.planes.iter().enumerate() {
            let number = ByteLanes::splat(lanes, channel as u8);
            for part in 0..N {
                // SAFETY: the caller promises so many pixels.
                let raw = unsafe { ByteLanes::load(lanes, plane.as_ptr().add(at + part * width)) };
                let higher = ByteLanes::max(lanes, most[part], ByteLanes::xor(lanes, raw, flip));
                class[part] = lanes.pick(lanes.hits(higher, most[part]), class[part], number);
                most[part] = higher;
            }
        }
        for (part, class) in class.into_iter().enumerate() {
            // SAFETY: as above.
            unsafe { lanes.store(class, self.to.as_mut_ptr().add(at + part * width)) };
        }
    }
}

/// The same of floats; and writes whether one of the pixel's values is NaN, of as many pixels.
pub(crate) struct FloatPlanes<'a> {
    pub planes: &'a [&'a [f32]],
    pub to: &'a mut [u8],
    pub none: &'a mut [bool],
}

impl Job for FloatPlanes<'_> {
    type Out = bool;

    #[inline(always)]
    unsafe fn run<L: Lanes>(mut self, lanes: L) -> bool {
        let (width, pixels) = (<<L as FloatLanes>::Bytes as ByteLanes>::LANES, self.to.len());
        let decided = self.none.len() == pixels && hold(self.planes, pixels) && self.planes.len() <= CHANNELS;
        if pixels < width || !decided {
            return false;
        }
        // SAFETY: each plane holds so many pixels, which fill a vector: both were compared above.
        unsafe { all(&mut self, lanes, width, pixels) };
        true
    }
}

impl Vectors for FloatPlanes<'_> {
    #[inline(always)]
    unsafe fn some<L: Lanes, const N: usize>(&mut self, lanes: L, at: usize) {
        let width = <<L as FloatLanes>::Bytes as ByteLanes>::LANES;
        let Some((first, others)) = self.planes.split_first() else { return };
        let every = lanes.mask(FloatLanes::bytes(lanes).splat(0xFF));
        let (mut most, mut class) = ([lanes.zero(); N], [FloatLanes::splat(lanes, 0); N]);
        let mut number = [every; N];
        for part in 0..N {
            // SAFETY: the caller promises so many pixels.
            most[part] = unsafe { FloatLanes::load(lanes, first.as_ptr().add(at + part * width)) };
            number[part] = lanes.number(every, most[part]);
        }
        for (channel, plane) in others.iter().enumerate() {
            let channel = FloatLanes::splat(lanes, channel as u32 + 1);
            for part in 0..N {
                // SAFETY: as above.
                let value = unsafe { FloatLanes::load(lanes, plane.as_ptr().add(at + part * width)) };
                let more = FloatLanes::greater(lanes, value, most[part]);
                class[part] = lanes.code_of(more, channel, class[part]);
                most[part] = lanes.float_of(more, value, most[part]);
                number[part] = lanes.number(number[part], value);
            }
        }
        for part in 0..N {
            let (one, zero) = (FloatLanes::splat(lanes, 1), FloatLanes::splat(lanes, 0));
            let (classes, numbers) = (lanes.codes(class[part]), lanes.codes(lanes.code_of(number[part], one, zero)));
            // All sixteen, so that the compiler makes vectors of both loops.
            let (mut won, mut none) = ([0; 16], [false; 16]);
            won.iter_mut().zip(classes).for_each(|(won, class)| *won = class as u8);
            none.iter_mut().zip(numbers).for_each(|(none, number)| *none = number == 0);
            let from = at + part * width;
            if let (Some(to), Some(won)) = (self.to.get_mut(from..from + width), won.get(..width)) {
                to.copy_from_slice(won);
            }
            if let (Some(to), Some(none)) = (self.none.get_mut(from..from + width), none.get(..width)) {
                to.copy_from_slice(none);
            }
        }
    }
}

/// Planes whose pixels are decided some vectors at a time.
trait Vectors {
    /// `N` vectors of pixels.
    ///
    /// # Safety
    ///
    /// At least `N` vectors of pixels follow from `at` on, in each plane too.
    unsafe fn some<L: Lanes, const N: usize>(&mut self, lanes: L, at: usize);
}

/// All pixels.
///
/// # Safety
///
/// Each plane holds so many, and they fill a vector of `width`.
#[inline(always)]
unsafe fn all<L: Lanes>(planes: &mut impl Vectors, lanes: L, width: usize, pixels: usize) {
    let mut at = 0;
    while pixels - at >= SOME * width {
        // SAFETY: so many pixels follow.
        unsafe { planes.some::<L, SOME>(lanes, at) };
        at += SOME * width;
    }
    while at < pixels {
        // SAFETY: the vector ends with the last pixel, if not before.
        unsafe { planes.some::<L, 1>(lanes, at.min(pixels - width)) };
        at += width;
    }
}

/// Each plane has so many pixels.
#[inline(always)]
fn hold<T>(planes: &[&[T]], pixels: usize) -> bool {
    planes.iter().all(|plane| plane.len() >= pixels)
}
