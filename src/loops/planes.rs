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
    unsafe fn run<L: Lanes>(self, lanes: L) -> bool {
        let Self { planes, flip, to } = self;
        let width = <L as ByteLanes>::LANES;
        let Some((first, others)) = planes.split_first() else { return false };
        if to.len() < width || !hold(planes, to.len()) || planes.len() > CHANNELS {
            return false;
        }
        let flip = ByteLanes::splat(lanes, flip);
        for at in starts(to.len(), width) {
            // SAFETY: at + LANES ≤ to.len(), and each plane holds as many: both were compared above.
            let mut most = ByteLanes::xor(lanes, unsafe { ByteLanes::load(lanes, first.as_ptr().add(at)) }, flip);
            let mut class = ByteLanes::splat(lanes, 0);
            for (channel, plane) in others.iter().enumerate() {
                // SAFETY: as above.
                let value = ByteLanes::xor(lanes, unsafe { ByteLanes::load(lanes, plane.as_ptr().add(at)) }, flip);
                let higher = ByteLanes::max(lanes, most, value);
                class = lanes.pick(lanes.hits(higher, most), class, ByteLanes::splat(lanes, channel as u8 + 1));
                most = higher;
            }
            // SAFETY: as above.
            unsafe { lanes.store(class, to.as_mut_ptr().add(at)) };
        }
        true
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
    unsafe fn run<L: Lanes>(self, lanes: L) -> bool {
        let Self { planes, to, none } = self;
        let width = <<L as FloatLanes>::Bytes as ByteLanes>::LANES;
        let Some((first, others)) = planes.split_first() else { return false };
        if to.len() < width || none.len() != to.len() || !hold(planes, to.len()) || planes.len() > CHANNELS {
            return false;
        }
        let bytes = FloatLanes::bytes(lanes);
        let every = lanes.mask(bytes.splat(0xFF));
        for at in starts(to.len(), width) {
            // SAFETY: at + LANES ≤ to.len(), and each plane holds as many: both were compared above.
            let mut most = unsafe { FloatLanes::load(lanes, first.as_ptr().add(at)) };
            let (mut class, mut number) = (FloatLanes::splat(lanes, 0), lanes.number(every, most));
            for (channel, plane) in others.iter().enumerate() {
                // SAFETY: as above.
                let value = unsafe { FloatLanes::load(lanes, plane.as_ptr().add(at)) };
                let more = FloatLanes::greater(lanes, value, most);
                class = lanes.code_of(more, FloatLanes::splat(lanes, channel as u32 + 1), class);
                most = lanes.float_of(more, value, most);
                number = lanes.number(number, value);
            }
            let numbers = lanes.codes(lanes.code_of(number, FloatLanes::splat(lanes, 1), FloatLanes::splat(lanes, 0)));
            let classes = lanes.codes(class);
            let (to, none) = (to.get_mut(at..).unwrap_or_default(), none.get_mut(at..).unwrap_or_default());
            let written = to.iter_mut().zip(none).take(width);
            for ((to, none), (class, number)) in written.zip(classes.into_iter().zip(numbers)) {
                *to = class as u8;
                *none = number == 0;
            }
        }
        true
    }
}

/// Each plane has so many pixels.
#[inline(always)]
fn hold<T>(planes: &[&[T]], pixels: usize) -> bool {
    planes.iter().all(|plane| plane.len() >= pixels)
}

/// Where vectors begin that cover so many pixels, at least a vector of them.
#[inline(always)]
fn starts(pixels: usize, width: usize) -> impl Iterator<Item = usize> {
    (0..pixels.div_ceil(width)).map(move |vector| (vector * width).min(pixels - width))
}
