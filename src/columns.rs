//! Where the pixels of many classes lie in memory.

mod one_hot;
mod winners;

pub use one_hot::OneHot;
pub use winners::Winners;

use crate::error::Error;
use crate::num::sealed::Sealed;
use crate::pixels::{Channel, SPAN};

/// Pixels that are gathered at a time: small enough for a microcontroller's stack, long enough for any lanes.
pub(crate) const GATHER: usize = 128;

/// A buffer with a value for each pixel and channel, read channel by channel.
///
/// Implemented for [`Interleaved`], [`Planar`] and [`Planes`], and for the activations over them. Sealed: whoever reads
/// columns relies on their lengths.
pub trait Columns<R: Copy>: Copy + Sealed {
    /// What is worked out once for a run of pixels, before its channels are read.
    #[doc(hidden)]
    type Run;
    /// Pixels of a run at most.
    #[doc(hidden)]
    const RUN: usize;

    /// Pixels in the buffer, if it holds a whole number of them.
    #[doc(hidden)]
    fn pixels(&self, channels: usize) -> Result<usize, Error>;
    /// The values themselves, where all channels of a pixel lie together.
    #[doc(hidden)]
    fn interleaved(&self) -> Option<&[R]> {
        None
    }
    #[doc(hidden)]
    fn run(&self, channels: usize, at: usize, pixels: usize) -> Self::Run;
    /// The run's values of one channel: in place, or gathered in `room`, which holds [`GATHER`].
    #[doc(hidden)]
    fn column<'a>(&'a self, run: &Self::Run, place: ChannelRun, room: &'a mut [R; GATHER]) -> &'a [R];
    /// The same values, where those of a channel lie side by side.
    #[doc(hidden)]
    fn plane(&self, _place: ChannelRun) -> Option<&[R]> {
        None
    }
    /// Whether [`Self::add_codes`] takes rows.
    #[doc(hidden)]
    const CODES: bool = false;
    /// Whether every pixel of [`Self::add_codes`] has codes.
    #[doc(hidden)]
    const VALID: bool = true;
    /// Adds the pixels from `at` on, one beside each label, to the sums of all channels, where the values are codes of 2⁻²³ that
    /// need no float to be summed; whether they are, which the first call says for all. A label that is no channel, nor below
    /// [`CodeSums::CHANNELS`], leaves its pixel out.
    #[doc(hidden)]
    fn add_codes(&self, _at: usize, _channels: usize, _labels: &[u8], _sums: &mut CodeSums) -> bool {
        false
    }
    /// The first greatest channel of each of at most [`GATHER`] pixels.
    #[doc(hidden)]
    fn winners(&self, channels: usize, at: usize, pixels: usize) -> Winners<R>
    where
        R: Channel,
    {
        let mut winners = Winners::new();
        if let Some(rows) = self.interleaved() {
            winners.rows(rows.get(at * channels..).unwrap_or_default(), channels, pixels);
        } else {
            let (run, mut room) = (self.run(channels, at, pixels), [R::default(); GATHER]);
            let mut most = [0; GATHER];
            for channel in 0..channels {
                let place = ChannelRun { channels, channel, at, pixels };
                let column = self.column(&run, place, &mut room);
                if !winners.bytes(channel, column, &mut most) {
                    winners.column(channel, column);
                }
            }
        }
        winners
    }
}

/// Sums of codes of 2⁻²³ of a run of pixels, at most [`CodeSums::RUN`], of which there are at most [`CodeSums::CHANNELS`]
/// channels.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct CodeSums {
    pub p: [u32; Self::CHANNELS],
    pub t: [u32; Self::CHANNELS],
    pub pt: [u32; Self::CHANNELS],
    /// Pixels that have no codes.
    pub invalid: u32,
}

impl CodeSums {
    pub const NONE: Self = Self { p: [0; Self::CHANNELS], t: [0; Self::CHANNELS], pt: [0; Self::CHANNELS], invalid: 0 };
    pub const CHANNELS: usize = 64;
    /// So many codes of 1.0 fit 32 bits.
    pub const RUN: usize = 256;

    /// Adds Σp, Σt and Σpt of a channel.
    #[inline(always)]
    pub fn add(&mut self, channel: usize, found: [u32; 3]) {
        for (sums, found) in [&mut self.p, &mut self.t, &mut self.pt].into_iter().zip(found) {
            if let Some(sum) = sums.get_mut(channel) {
                *sum = sum.wrapping_add(found);
            }
        }
    }
}

const _: () = assert!((CodeSums::RUN as u64) << 23 < 1 << 32);

/// The pixels `from .. from + pixels` of a buffer.
#[derive(Clone, Copy)]
pub(crate) struct Part<C> {
    pub columns: C,
    pub channels: usize,
    pub from: usize,
    pub pixels: usize,
}

impl<C> Sealed for Part<C> {}

impl<R: Copy, C: Columns<R>> Columns<R> for Part<C> {
    type Run = C::Run;
    const RUN: usize = C::RUN;
    const CODES: bool = C::CODES;
    const VALID: bool = C::VALID;

    fn add_codes(&self, at: usize, channels: usize, labels: &[u8], sums: &mut CodeSums) -> bool {
        self.columns.add_codes(self.from + at, channels, labels, sums)
    }

    fn interleaved(&self) -> Option<&[R]> {
        let rest = self.columns.interleaved()?.get(self.from * self.channels..)?;
        rest.get(..self.pixels * self.channels)
    }

    fn pixels(&self, _: usize) -> Result<usize, Error> {
        Ok(self.pixels)
    }

    fn run(&self, channels: usize, at: usize, pixels: usize) -> C::Run {
        self.columns.run(channels, self.from + at, pixels)
    }

    fn column<'a>(&'a self, run: &C::Run, place: ChannelRun, room: &'a mut [R; GATHER]) -> &'a [R] {
        self.columns.column(run, ChannelRun { at: self.from + place.at, ..place }, room)
    }

    fn plane(&self, place: ChannelRun) -> Option<&[R]> {
        self.columns.plane(ChannelRun { at: self.from + place.at, ..place })
    }

    fn winners(&self, channels: usize, at: usize, pixels: usize) -> Winners<R>
    where
        R: Channel,
    {
        self.columns.winners(channels, self.from + at, pixels)
    }
}

/// The pixels `at .. at + pixels` of one channel.
#[derive(Clone, Copy, Debug)]
#[doc(hidden)]
pub struct ChannelRun {
    pub channels: usize,
    pub channel: usize,
    pub at: usize,
    pub pixels: usize,
}

/// All channels of a pixel, then the next pixel: NHWC, as inference engines write it. A chunk is any whole number of
/// pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Interleaved<'a, R>(pub &'a [R]);

/// One plane after another, all of one length: NCHW. A chunk has all planes; for pieces of them see [`Planes`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Planar<'a, R>(pub &'a [R]);

/// The same range of pixels of each plane, wherever they lie.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Planes<'a, R>(pub &'a [&'a [R]]);

impl<R> Sealed for Interleaved<'_, R> {}

impl<R: Copy> Columns<R> for Interleaved<'_, R> {
    type Run = ();
    const RUN: usize = GATHER;

    fn interleaved(&self) -> Option<&[R]> {
        Some(self.0)
    }

    fn pixels(&self, channels: usize) -> Result<usize, Error> {
        whole(self.0.len(), channels)
    }

    fn run(&self, _: usize, _: usize, _: usize) {}

    fn column<'a>(&'a self, (): &(), place: ChannelRun, room: &'a mut [R; GATHER]) -> &'a [R] {
        let ChannelRun { channels, channel, at, pixels } = place;
        let mut filled = 0;
        if channels == 4 {
            // A stride that the compiler knows.
            let rows = self.0.get(at * 4..).unwrap_or_default().as_chunks::<4>().0;
            let rows = rows.get(..pixels).unwrap_or(rows);
            for (to, row) in room.iter_mut().zip(rows) {
                *to = row[channel & 3];
            }
            filled = rows.len();
        } else {
            let from = self.0.get(at * channels + channel..).unwrap_or_default();
            for (to, &raw) in room.iter_mut().take(pixels).zip(from.iter().step_by(channels.max(1))) {
                *to = raw;
                filled += 1;
            }
        }
        room.get(..filled).unwrap_or_default()
    }
}

impl<R> Sealed for Planar<'_, R> {}

impl<R: Copy> Columns<R> for Planar<'_, R> {
    type Run = ();
    const RUN: usize = SPAN;

    fn pixels(&self, channels: usize) -> Result<usize, Error> {
        whole(self.0.len(), channels)
    }

    fn run(&self, _: usize, _: usize, _: usize) {}

    fn column<'a>(&'a self, (): &(), place: ChannelRun, _: &'a mut [R; GATHER]) -> &'a [R] {
        self.plane(place).unwrap_or_default()
    }

    fn plane(&self, place: ChannelRun) -> Option<&[R]> {
        let from = place.channel * (self.0.len() / place.channels.max(1)) + place.at;
        self.0.get(from..from + place.pixels)
    }
}

impl<R> Sealed for Planes<'_, R> {}

impl<R: Copy> Columns<R> for Planes<'_, R> {
    type Run = ();
    const RUN: usize = SPAN;

    fn pixels(&self, channels: usize) -> Result<usize, Error> {
        if self.0.len() != channels {
            return Err(Error::Classes);
        }
        let pixels = self.0.first().map_or(0, |plane| plane.len());
        if self.0.iter().all(|plane| plane.len() == pixels) { Ok(pixels) } else { Err(Error::Length) }
    }

    fn run(&self, _: usize, _: usize, _: usize) {}

    fn column<'a>(&'a self, (): &(), place: ChannelRun, _: &'a mut [R; GATHER]) -> &'a [R] {
        self.plane(place).unwrap_or_default()
    }

    fn plane(&self, place: ChannelRun) -> Option<&[R]> {
        self.0.get(place.channel)?.get(place.at..place.at + place.pixels)
    }
}

fn whole(values: usize, channels: usize) -> Result<usize, Error> {
    match values.checked_rem(channels) {
        Some(0) => Ok(values / channels),
        _ => Err(Error::Split),
    }
}
