//! Many classes: one histogram for each channel of a map.

use super::against::Histogram;
use super::codes::CodeCounts;
use super::counter::Counter;
use crate::columns::{ChannelRun, Columns, GATHER};
use crate::element::EightBit;
use crate::error::Error;
use crate::pixels::{Pair, Region};
use crate::sums::CLASSES;
use crate::target::Label;

/// Adds a chunk of a map of exclusive classes against `u8` labels: histogram k is that of channel k against label k, so that they
/// must be made with [`Label::new`] of 0, 1, 2 and so on.
///
/// The map is [`Interleaved`](crate::Interleaved), [`Planar`](crate::Planar) or [`Planes`](crate::Planes); any chunk of whole pixels
/// gives the same counts. Pixels of the `ignore` label, also where it is a class, and pixels outside the `region` are left out.
///
/// ```
/// use soft_dice::histogram::{Histogram, count_classes};
/// use soft_dice::{Average, I8, Interleaved, Label, Score};
/// let mut classes = [0, 1, 2].map(|class| Histogram::new(I8::TFLITE, Label::new(class)));
/// // Two pixels of three classes, the second of them to be ignored.
/// count_classes(&mut classes, Interleaved(&[127, -128, -128, 0, 0, 0]), &[0, 255], Some(255), None)?;
/// assert_eq!(classes[0].of(127), [0, 1]);
/// assert_eq!(Average::new(Score::dice()).of(&classes)?.ratio.f32(), 2.0 * 255.0 / (255.0 + 256.0));
/// # Ok::<(), soft_dice::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Classes`] unless there are 1 to 256, each made for its own label; [`Error::Split`] if the map does not hold whole pixels of
/// as many channels; [`Error::Length`] if labels or region are not as many, [`Error::Label`], [`Error::Capacity`], [`Error::Mask`]. All
/// histograms are as they were.
pub fn count_classes<P: EightBit, N: Counter>(
    classes: &mut [Histogram<P, Label, N>],
    p: impl Columns<P::Raw>,
    labels: &[u8],
    ignore: Option<u8>,
    region: Option<Region<'_>>,
) -> Result<(), Error> {
    let channels = classes.len();
    let own = |(index, class): (usize, &Histogram<P, Label, N>)| usize::from(class.target().class()) == index;
    if channels == 0 || channels > CLASSES || !classes.iter().enumerate().all(own) {
        return Err(Error::Classes);
    }
    let pixels = p.pixels(channels)?;
    if labels.len() != pixels || region.is_some_and(|region| !region.holds(pixels)) {
        return Err(Error::Length);
    }
    if labels.iter().any(|&label| usize::from(label) >= channels && Some(label) != ignore) {
        return Err(Error::Label);
    }
    for class in classes.iter() {
        class.room(pixels as u64)?;
    }
    runs(&p, channels, pixels, |index, column, _| match classes.get(index) {
        Some(class) if !class.prediction.keeps_its_word(column) => Err(Error::Mask),
        _ => Ok(()),
    })?;
    runs(&p, channels, pixels, |index, column, at| {
        let Some(class) = classes.get_mut(index) else { return Ok(()) };
        let labels = labels.get(at..).and_then(|rest| rest.get(..column.len())).ok_or(Error::Length)?;
        let region = region.map(|region| region.part(at, column.len()).ok_or(Error::Length)).transpose()?;
        let pair = Pair::of(column, labels, region)?;
        match ignore {
            None => class.count_pair(pair),
            Some(label) => class.count_as(pair, class.target().ignoring(label)),
        }
    })
}

/// The same without labels: histogram k is that of channel k.
///
/// # Errors
///
/// [`Error::Classes`], [`Error::Split`], [`Error::Length`], [`Error::Capacity`] and [`Error::Mask`] as [`count_classes`]. All are as they
/// were.
pub fn count_channels<P: EightBit, N: Counter>(
    channels: &mut [CodeCounts<P, N>],
    p: impl Columns<P::Raw>,
    region: Option<Region<'_>>,
) -> Result<(), Error> {
    let many = channels.len();
    if many == 0 || many > CLASSES {
        return Err(Error::Classes);
    }
    let pixels = p.pixels(many)?;
    if region.is_some_and(|region| !region.holds(pixels)) {
        return Err(Error::Length);
    }
    for channel in channels.iter() {
        channel.room(pixels as u64)?;
    }
    runs(&p, many, pixels, |index, column, _| channels.get(index).map_or(Ok(()), |channel| channel.declared(column)))?;
    runs(&p, many, pixels, |index, column, at| {
        let Some(channel) = channels.get_mut(index) else { return Ok(()) };
        let region = region.map(|region| region.part(at, column.len()).ok_or(Error::Length)).transpose()?;
        channel.count_pair(Pair::of(column, (), region)?);
        Ok(())
    })
}

/// Each channel's pixels, a run at a time: `each` is told the channel, its values, and where the run begins.
fn runs<R: Copy + Default, C: Columns<R>>(
    p: &C,
    channels: usize,
    pixels: usize,
    mut each: impl FnMut(usize, &[R], usize) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut room = [R::default(); GATHER];
    let mut at = 0;
    while at < pixels {
        let run_pixels = C::RUN.min(pixels - at);
        let run = p.run(channels, at, run_pixels);
        for channel in 0..channels {
            let place = ChannelRun { channels, channel, at, pixels: run_pixels };
            each(channel, p.column(&run, place, &mut room), at)?;
        }
        at += run_pixels;
    }
    Ok(())
}
