//! The pass over all channels of a chunk: in short runs, so that a run's pixels stay in the nearest cache.

use crate::columns::{ChannelRun, CodeSums, Columns, GATHER, Interleaved};
use crate::element::Element;
use crate::error::Error;
use crate::kernel::{self, CHANNELS, ROWS};
use crate::loops::channels::ChannelSums;
use crate::num::Acc;
use crate::pixels::{Buffer, Labels, Pair, Region, Tally, Values, Within};
use crate::stream;
use crate::sums::{Moments, Sums};
use crate::target::{Label, Target};

/// A chunk of one map.
#[derive(Clone, Copy)]
pub(super) struct Chunk<C> {
    pub columns: C,
    pub channels: usize,
    pub pixels: usize,
    /// Pixels of a run.
    pub run: usize,
}

/// Adds the chunk to all classes, or to none: `tally` says what one column adds, given the class's place in `sums`, unless `in_place`
/// can say it without the column.
///
/// An error found half-way is answered by the same pass up to there, which takes off what it had added. It costs nothing
/// until then, and needs no room for a second set of sums.
pub(super) fn add<P: Element, T: Target<P>, M: Moments, C: Columns<P::Raw>, A: Acc>(
    sums: &mut [Sums<P, T, M>],
    chunk: Chunk<C>,
    channel: impl Fn(usize, &Sums<P, T, M>) -> usize,
    in_place: impl Fn(&Sums<P, T, M>, ChannelRun) -> Option<Result<Tally<A>, Error>>,
    tally: impl Fn(&Sums<P, T, M>, &[P::Raw], ChannelRun) -> Result<Tally<A>, Error>,
) -> Result<(), Error> {
    for one in sums.iter() {
        one.room(chunk.pixels as u64)?;
    }
    let mut pass = |steps: usize, undo: bool| {
        let mut room = [P::Raw::default(); GATHER];
        let mut done = 0;
        let mut at = 0;
        while at < chunk.pixels {
            let pixels = chunk.run.min(chunk.pixels - at);
            let run = chunk.columns.run(chunk.channels, at, pixels);
            for (index, one) in sums.iter_mut().enumerate() {
                if done == steps {
                    return Ok(());
                }
                let place = ChannelRun { channels: chunk.channels, channel: channel(index, one), at, pixels };
                let found = in_place(one, place)
                    .unwrap_or_else(|| tally(one, chunk.columns.column(&run, place, &mut room), place));
                let found = found.map_err(|error| (done, error))?;
                if undo {
                    one.remove(&found);
                } else {
                    one.add(&found);
                }
                done += 1;
            }
            at += pixels;
        }
        Ok(())
    };
    let Err((done, error)) = pass(usize::MAX, false) else { return Ok(()) };
    // No error: the same pixels gave none the first time.
    let _ = pass(done, true);
    Err(error)
}

/// What a channel of bytes adds against the same channel of interleaved byte masks, where both lie; `None` where no loop takes them
/// there.
#[inline(always)]
pub(super) fn in_place<P: Element, T: Target<P>, M: Moments>(
    sums: &Sums<P, T, M>,
    p: &[P::Raw],
    t: T::Buffer<'_>,
    ChannelRun { channels, channel, at, pixels }: ChannelRun,
) -> Option<Result<Tally<T::Narrow>, Error>> {
    if P::DECLARED || M::ASK.squares {
        return None;
    }
    let Values::Marks(mask) = sums.target.values(t)? else { return None };
    let found = kernel::strided(&sums.prediction, p, mask, [at * channels + channel, channels, pixels])?;
    if found.broken > 0 {
        return Some(Err(Error::Mask));
    }
    // Of zeros and ones t² = t, and min(p, t) = pt.
    Some(Ok(Tally { tt: found.t, min_p: found.pt, ..found }.widen()))
}

/// A column of `pixels` pixels beside the labels, and the region, from `at` on.
pub(super) fn pair<'a, R>(
    p: &'a [R],
    labels: &'a [u8],
    at: usize,
    pixels: usize,
    region: Option<Region<'a>>,
) -> Result<Pair<'a, R, &'a [u8]>, Error> {
    let labels = labels.part(at, pixels).ok_or(Error::Length)?;
    Pair::of(p, labels, region.map(|region| region.part(at, pixels).ok_or(Error::Length)).transpose()?)
}

/// What one class's column adds against labels.
pub(super) fn column<P: Element, M: Moments>(
    sums: &Sums<P, Label, M>,
    pair: Pair<'_, P::Raw, &[u8]>,
    ignore: Option<u8>,
) -> Result<Tally<P::Narrow>, Error> {
    let target = sums.target;
    match ignore {
        None => stream::sweep::<P, _, M>(&sums.prediction, &target, pair),
        Some(label) => stream::sweep::<P, _, M>(&sums.prediction, &target.ignoring(label), pair),
    }
}

/// Adds rows whose values are codes that need no float to be summed; `None` where they are not, or other sums are asked for.
pub(super) fn codes<P: Element, M: Moments, C: Columns<P::Raw>>(
    sums: &mut [Sums<P, Label, M>],
    columns: C,
    labels: Labels<'_>,
    region: Option<Region<'_>>,
) -> Option<Result<(), Error>> {
    let prediction = sums.first()?.prediction;
    let alike = sums.iter().all(|one| one.prediction == prediction);
    // Codes of 2⁻²³ are what such an element makes of floats, and none is refused: this way cannot take off again what it has added.
    if !C::CODES
        || !C::VALID && prediction.refuses()
        || !alike
        || M::ASK.squares
        || labels.channels() > CodeSums::CHANNELS
        || prediction.floats(&[]).is_none()
    {
        return None;
    }
    if let Err(error) = sums.iter().try_for_each(|one| one.room(labels.bytes().len() as u64)) {
        return Some(Err(error));
    }
    let (ignore, within) = (labels.ignore(), region.map_or(Within::Everywhere, Region::within));
    for (index, labels) in labels.chunks(CodeSums::RUN).enumerate() {
        let (at, pixels) = (index * CodeSums::RUN, labels.bytes().len());
        // What is left out bears no channel's label.
        let (mut room, mut bytes) = ([u8::MAX; CodeSums::RUN], labels.bytes());
        if ignore.is_some() || region.is_some() {
            for (place, (to, &label)) in room.iter_mut().zip(labels.bytes()).enumerate() {
                if Some(label) != ignore && within.keeps(at + place) {
                    *to = label;
                }
            }
            bytes = room.get(..pixels).unwrap_or_default();
        }
        let mut found = CodeSums::NONE;
        if !columns.add_codes(at, labels.channels(), bytes, &mut found) {
            // Said of the first run, before anything was added.
            return None;
        }
        // Each pixel that counts bears one label.
        let invalid = u64::from(found.invalid);
        let kept = found.t.iter().take(labels.channels()).map(|&t| u64::from(t)).sum();
        for one in sums.iter_mut() {
            let class = usize::from(one.target.class());
            let [p, t, pt] = [&found.p, &found.t, &found.pt].map(|all| u64::from(all.get(class).copied().unwrap_or(0)));
            let ignored = pixels as u64 - kept - invalid;
            one.add(&Tally::<u64> { kept, ignored, invalid, p, t, pt, tt: t, min_p: pt, ..Tally::default() });
        }
    }
    Some(Ok(()))
}

/// Channels of which a pixel has to have as many before all of them are taken together: of fewer, the vectors of a host are mostly
/// empty, and to gather a channel at a time costs less.
const LEAST: usize = if cfg!(all(soft_dice_lanes = "vector", not(soft_dice_lanes = "neon"))) { 5 } else { 1 };

/// Adds interleaved rows against labels on lanes that take all channels of a pixel; `None` where there are none.
pub(super) fn rows<P: Element, M: Moments>(
    sums: &mut [Sums<P, Label, M>],
    p: &[P::Raw],
    labels: Labels<'_>,
    region: Option<Region<'_>>,
) -> Option<Result<(), Error>> {
    let prediction = sums.first()?.prediction;
    let (channels, ignore) = (labels.channels(), labels.ignore());
    let alike = sums.iter().all(|one| one.prediction == prediction);
    // This way cannot take off again what it has added before a value was refused, and it takes no squares: the general
    // way does both.
    if !alike || M::ASK.squares || prediction.refuses() || !(LEAST..=CHANNELS).contains(&channels) {
        return None;
    }
    if let Err(error) = sums.iter().try_for_each(|one| one.room(labels.bytes().len() as u64)) {
        return Some(Err(error));
    }
    for (index, labels) in labels.chunks(ROWS).enumerate() {
        let pixels = labels.bytes().len();
        let rest = p.get(index * ROWS * channels..).unwrap_or_default();
        let p = rest.get(..pixels * channels).unwrap_or_default();
        let region = match region.map(|region| region.part(index * ROWS, pixels).ok_or(Error::Length)).transpose() {
            Ok(region) => region,
            Err(error) => return Some(Err(error)),
        };
        let taken = kernel::rows(&prediction, p, labels, region, |found| {
            let ChannelSums { p, t, pt, kept, ignored } = found;
            for one in sums.iter_mut() {
                let class = usize::from(one.target.class());
                let [p, t, pt] = [p, t, pt].map(|all| u64::from(all.get(class).copied().unwrap_or(0)));
                one.add(&Tally::<u64> { kept, ignored, p, t, pt, tt: t, min_p: pt, ..Tally::default() });
            }
        });
        if !taken {
            // A value needs care, or there are no lanes for this element. There is room, and this element refuses nothing: the
            // general way cannot fail here.
            let chunk = Chunk { columns: Interleaved(p), channels, pixels, run: GATHER };
            let channel = |_, one: &Sums<P, Label, M>| usize::from(one.target.class());
            let nowhere = |_: &_, _| None;
            let added = add(sums, chunk, channel, nowhere, |one, p, ChannelRun { at, pixels, .. }| {
                column(one, pair(p, labels.bytes(), at, pixels, region)?, ignore)
            });
            if added.is_err() {
                return Some(added);
            }
        }
    }
    Some(Ok(()))
}
