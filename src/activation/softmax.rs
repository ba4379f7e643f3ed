use super::exp::exp_code;
#[cfg(any(soft_dice_lanes = "runs", soft_dice_lanes = "neon"))]
use super::float_sums;
use super::lanes::{Greatest, Share, Sum};
use super::shares::Shares;
use super::table_sums;
use crate::columns::{ChannelRun, CodeSums, Columns, GATHER, Winners};
use crate::error::Error;
use crate::kernel::apply;
use crate::num::sealed::Sealed;
use crate::pixels::Channel;
use core::marker::PhantomData;

/// `f32` logits of many classes, read as probabilities: e^(x − max) / Σ e^(x − max) over the channels of a pixel.
///
/// A [`Columns`] of `f32`, for sums of [`crate::F32`] or [`crate::F32Fine`]; each probability within 4 · 10⁻⁷ (21 classes,
/// measured). The sum runs in the order of the channels, so
/// that any layout gives the same bits. A pixel with a NaN or +∞ logit is NaN for every class, and so left out of all; a
/// logit of −∞ is a probability of 0.
///
/// ```
/// use soft_dice::{F32, Interleaved, Linear, Multiclass, activation::Softmax};
/// let mut frame = Multiclass::<[_; 2]>::new(F32::new(), Linear);
/// frame.update(Softmax(Interleaved(&[1.0, 1.0, f32::NAN, 0.0])), &[0, 1])?;
/// assert_eq!((frame.sums()[0].p(), frame.sums()[1].p()), (1 << 22, 1 << 22));
/// assert_eq!((frame.sums()[0].invalid(), frame.sums()[1].invalid()), (1, 1));
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Softmax<C>(pub C);

/// Of each pixel of a run: the greatest logit, and the sum over all classes.
#[doc(hidden)]
#[derive(Debug)]
pub struct Totals<R, S> {
    most: [R; GATHER],
    sum: [S; GATHER],
}

impl<C> Sealed for Softmax<C> {}

impl<C: Columns<f32>> Columns<f32> for Softmax<C> {
    type Run = (C::Run, Totals<f32, f32>);
    const RUN: usize = GATHER;
    const CODES: bool = cfg!(any(soft_dice_lanes = "runs", soft_dice_lanes = "neon"));
    const VALID: bool = false;

    #[cfg(any(soft_dice_lanes = "runs", soft_dice_lanes = "neon"))]
    fn add_codes(&self, at: usize, channels: usize, labels: &[u8], sums: &mut CodeSums) -> bool {
        let Some(rows) = self.0.interleaved() else { return false };
        float_sums::add(rows.get(at * channels..).unwrap_or_default(), channels, labels, sums);
        true
    }

    fn pixels(&self, channels: usize) -> Result<usize, Error> {
        self.0.pixels(channels)
    }

    fn run(&self, channels: usize, at: usize, pixels: usize) -> Self::Run {
        let inner = self.0.run(channels, at, pixels);
        let mut totals = Totals { most: [f32::NEG_INFINITY; GATHER], sum: [0.0; GATHER] };
        let mut room = [0.0; GATHER];
        for channel in 0..channels {
            let logits = self.0.column(&inner, ChannelRun { channels, channel, at, pixels }, &mut room);
            apply(Greatest, [logits], &mut totals.most);
        }
        for channel in 0..channels {
            let logits = self.0.column(&inner, ChannelRun { channels, channel, at, pixels }, &mut room);
            apply(Sum, [logits, &totals.most], &mut totals.sum);
        }
        (inner, totals)
    }

    fn column<'a>(&'a self, (inner, totals): &Self::Run, place: ChannelRun, room: &'a mut [f32; GATHER]) -> &'a [f32] {
        let mut gathered = [0.0; GATHER];
        let logits = self.0.column(inner, place, &mut gathered);
        apply(Share, [logits, &totals.most, &totals.sum], room);
        room.get(..logits.len()).unwrap_or_default()
    }

    /// Of the logits; an infinite winner leaves no probabilities.
    fn winners(&self, channels: usize, at: usize, pixels: usize) -> Winners<f32> {
        let mut winners = self.0.winners(channels, at, pixels);
        for (none, most) in winners.none.iter_mut().zip(winners.most) {
            *none |= most.abs() == f32::INFINITY;
        }
        winners
    }
}

/// Q0.23 codes of e^(−scale · d) for all distances d of an 8-bit logit from the greatest of its pixel. The zero point
/// cancels. In memory it is its codes and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SoftmaxTable {
    codes: [u32; 256],
}

impl SoftmaxTable {
    /// For logits of this scale.
    ///
    /// # Errors
    ///
    /// [`Error::Scale`] unless it is positive and finite.
    pub const fn new(scale: f32) -> Result<Self, Error> {
        if !(scale > 0.0 && scale < f32::INFINITY) {
            return Err(Error::Scale);
        }
        let mut codes = [0; 256];
        let mut distance = 0;
        while distance < 256 {
            codes[distance] = exp_code(-(distance as f64 * scale as f64));
            distance += 1;
        }
        Ok(Self { codes })
    }

    /// The code of each distance.
    #[must_use]
    pub const fn codes(&self) -> &[u32; 256] {
        &self.codes
    }
}

/// 8-bit logits of many classes, read as probabilities of 2⁻²³ by a table and one inverse a pixel.
///
/// A [`Columns`] of `f32` (every code of 2⁻²³ is one), for sums of [`crate::F32`]. Each probability is within 3 codes of
/// the exact one (21 classes, measured over 1000 scales), and those of a pixel sum to 1 within half a code for each class.
///
/// ```
/// use soft_dice::{F32, Interleaved, Linear, Multiclass, activation::{QuantizedSoftmax, SoftmaxTable}};
/// let table = SoftmaxTable::new(0.1)?;
/// let mut frame = Multiclass::<[_; 2]>::new(F32::new(), Linear);
/// frame.update(QuantizedSoftmax::new(Interleaved(&[5i8, 5]), &table), &[0])?;
/// assert_eq!((frame.sums()[0].p(), frame.sums()[1].p()), (1 << 22, 1 << 22));
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct QuantizedSoftmax<'t, R, C> {
    logits: C,
    table: &'t SoftmaxTable,
    raw: PhantomData<R>,
}

impl<'t, R: Copy, C: Columns<R>> QuantizedSoftmax<'t, R, C> {
    /// These `i8` or `u8` logits, through this table.
    #[must_use]
    pub const fn new(logits: C, table: &'t SoftmaxTable) -> Self {
        Self { logits, table, raw: PhantomData }
    }

    fn code(&self, most: i16, logit: i16) -> u32 {
        // Two logits of one type differ by at most 255.
        self.table.codes[usize::from(most.abs_diff(logit) as u8)]
    }
}

impl<R, C> Sealed for QuantizedSoftmax<'_, R, C> {}

macro_rules! quantized {
    ($raw:ty) => {
        impl<C: Columns<$raw>> Columns<f32> for QuantizedSoftmax<'_, $raw, C> {
            type Run = (C::Run, [i16; GATHER], [Shares; GATHER]);
            const RUN: usize = GATHER;
            const CODES: bool = true;

            fn add_codes(&self, at: usize, channels: usize, labels: &[u8], sums: &mut CodeSums) -> bool {
                let Some(rows) = self.logits.interleaved() else { return false };
                let Some((bytes, flip)) = <$raw as Channel>::bytes(rows) else { return false };
                let bytes = bytes.get(at * channels..).unwrap_or_default();
                if flip == 0 {
                    table_sums::add::<false>(&self.table.codes, bytes, channels, labels, sums);
                } else {
                    table_sums::add::<true>(&self.table.codes, bytes, channels, labels, sums);
                }
                true
            }

            fn pixels(&self, channels: usize) -> Result<usize, Error> {
                self.logits.pixels(channels)
            }

            fn run(&self, channels: usize, at: usize, pixels: usize) -> Self::Run {
                let logits = &self.logits;
                let inner = logits.run(channels, at, pixels);
                let mut totals = Totals { most: [i16::MIN; GATHER], sum: [0u32; GATHER] };
                let mut shares = [Shares::NONE; GATHER];
                if let Some(rows) = logits.interleaved() {
                    let rows = rows.get(at * channels..).unwrap_or_default().chunks_exact(channels.max(1));
                    let to = totals.most.iter_mut().zip(&mut shares).take(pixels);
                    for ((most, shares), row) in to.zip(rows) {
                        let greatest = row.iter().fold(i16::MIN, |most, &x| i16::from(x).max(most));
                        // At most 256 · 2^23 = 2^31, and at least the greatest logit's 2^23.
                        let sum = row.iter().fold(0u32, |sum, &x| sum + self.code(greatest, i16::from(x)));
                        (*most, *shares) = (greatest, Shares::new(sum.max(1 << 23)));
                    }
                    return (inner, totals.most, shares);
                }
                let mut room = [0; GATHER];
                for channel in 0..channels {
                    let logits = logits.column(&inner, ChannelRun { channels, channel, at, pixels }, &mut room);
                    for (most, &x) in totals.most.iter_mut().zip(logits) {
                        *most = i16::from(x).max(*most);
                    }
                }
                for channel in 0..channels {
                    let logits = logits.column(&inner, ChannelRun { channels, channel, at, pixels }, &mut room);
                    for ((sum, &most), &x) in totals.sum.iter_mut().zip(&totals.most).zip(logits) {
                        // At most 256 · 2^23 = 2^31.
                        *sum += self.code(most, i16::from(x));
                    }
                }
                for (share, &sum) in shares.iter_mut().zip(&totals.sum).take(pixels) {
                    // Never less: the greatest logit alone has as much.
                    *share = Shares::new(sum.max(1 << 23));
                }
                (inner, totals.most, shares)
            }

            fn column<'a>(
                &'a self,
                (inner, most, shares): &Self::Run,
                place: ChannelRun,
                room: &'a mut [f32; GATHER],
            ) -> &'a [f32] {
                let of = |((x, &most), shares): ((&$raw, &i16), &Shares)| {
                    shares.of(self.code(most, i16::from(*x))) as f32 / 8_388_608.0
                };
                let mut written = 0;
                let mut write = |(to, from): (&mut f32, ((&$raw, &i16), &Shares))| {
                    *to = of(from);
                    written += 1;
                };
                if let Some(rows) = self.logits.interleaved() {
                    let ChannelRun { channels, channel, at, pixels } = place;
                    let rows = rows.get(at * channels + channel..).unwrap_or_default();
                    let logits = rows.iter().step_by(channels.max(1)).take(pixels);
                    room.iter_mut().zip(logits.zip(most).zip(shares)).for_each(&mut write);
                } else {
                    let mut gathered = [0; GATHER];
                    let logits = self.logits.column(inner, place, &mut gathered).iter();
                    room.iter_mut().zip(logits.zip(most).zip(shares)).for_each(&mut write);
                }
                room.get(..written).unwrap_or_default()
            }

            /// Of the logits, which order as the probabilities do.
            fn winners(&self, channels: usize, at: usize, pixels: usize) -> Winners<f32> {
                let Winners { class, most, none } = self.logits.winners(channels, at, pixels);
                Winners { class, most: most.map(f32::from), none }
            }
        }
    };
}

quantized!(i8);
quantized!(u8);
