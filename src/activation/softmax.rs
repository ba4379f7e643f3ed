use super::exp::exp_code;
use super::lanes::{Greatest, Share, Sum};
use crate::columns::{ChannelRun, Columns, GATHER, Winners};
use crate::error::Error;
use crate::kernel::apply;
use crate::num::sealed::Sealed;
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
/// cancels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// Rounded shares of a sum: code · 2²³ / sum, to the nearest, without a division for each.
///
/// ```text
/// s = sum · 2^z, from 2³¹ on and below 2³²                         z = leading zeros, 0 to 8
/// inverse = ⌊(2⁶³ − 1) / s⌋, which is from 2³¹ on and below 2³²     one division for all shares of a pixel
/// q = ⌊⌊code · 2⁸ · inverse / 2³²⌋ / 2^(16 − z)⌋
/// rest = code · 2²³ − q · sum
/// if rest ≥ sum:      q += 1;  rest −= sum
/// if rest ≥ sum / 2:  q += 1                                       rounded up
/// ```
///
/// **Why that is exact.** Let x = code · 2²³ / sum = code · 2^(23 + z) / s. As inverse > 2⁶³ / s − 1 − 2⁻³¹, the product code ·
/// 2⁸ · inverse / 2³² lies at most 2³¹ (1 + 2⁻³¹) / 2³² < 1 below code · 2³⁹ / s, and its floor less than 2 below. Divided by
/// 2^(16 − z) ≥ 2⁸ it lies less than 2⁻⁷ below x, and so its floor, q, is ⌊x⌋ or ⌊x⌋ − 1. Then 0 ≤ rest < 2 · sum ≤ 2³², which
/// 32 bits hold although code · 2²³ and q · sum do not.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Shares {
    sum: u32,
    inverse: u32,
    down: u32,
}

impl Shares {
    const NONE: Self = Self { sum: 1 << 23, inverse: 1 << 31, down: 8 };

    /// Of a sum from 2²³, the code of the greatest logit, to 2³¹: 256 of them.
    fn new(sum: u32) -> Self {
        let zeros = sum.leading_zeros();
        let scaled = sum << (zeros & 31);
        Self { sum, inverse: inverse(scaled), down: 16u32.wrapping_sub(zeros) & 31 }
    }

    /// The share of a code up to 2²³.
    #[inline(always)]
    fn of(&self, code: u32) -> u32 {
        let high = (u64::from(code << 8) * u64::from(self.inverse)) >> 32;
        let mut q = high as u32 >> self.down;
        let mut rest = (code << 23).wrapping_sub(q.wrapping_mul(self.sum));
        if rest >= self.sum {
            (q, rest) = (q + 1, rest - self.sum);
        }
        q + u32::from(rest >= self.sum - self.sum / 2)
    }
}

/// ⌊(2⁶³ − 1) / s⌋ of s from 2³¹ on, by divisions of 32 bits: first of its upper half, then what is missing.
fn inverse(s: u32) -> u32 {
    // 2³¹ / the upper half rounded up, in 16 bits: never above, and near.
    let half = (s >> 16) + 1;
    let mut guess = (u32::MAX / half) << 15;
    // What guess · s leaves of 2⁶³ − 1; two steps of Newton's, then by ones.
    let rest = |guess: u32| (u64::MAX >> 1).wrapping_sub(u64::from(guess) * u64::from(s));
    for _ in 0..2 {
        let more = rest(guess) >> 32;
        guess += ((u64::from(guess) * more) >> 31) as u32;
    }
    let mut left = rest(guess);
    while left >= u64::from(s) {
        (guess, left) = (guess + 1, left - u64::from(s));
    }
    guess
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Against a division of 64 bits: sums at both ends and between, codes at both ends, at halves and between.
    #[test]
    fn shares_are_what_a_division_gives() {
        let mut random = 1u32;
        let mut next = || {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            random >> 1
        };
        let ends = [1 << 23, (1 << 23) + 1, (1 << 24) - 1, 1 << 24, (1 << 31) - 1, 1 << 31, 0x5555_5555, 3 << 24];
        for round in 0..20_000 {
            let sum = ends.get(round).copied().unwrap_or_else(|| (next() >> (next() % 8)).max(1 << 23));
            let shares = Shares::new(sum);
            let half = sum / 2;
            let codes = [0, 1, 2, 1 << 22, (1 << 23) - 1, 1 << 23, next() >> 8, next() >> 12, next() >> 20, half >> 8];
            for code in codes {
                let code = code.min(1 << 23);
                let exact = ((u64::from(code) << 23) + u64::from(half)) / u64::from(sum);
                assert_eq!(u64::from(shares.of(code)), exact, "{code} of {sum}");
            }
        }
    }
}
