//! Counting decided pixels: what each class has won beside what it was labelled with.

#[cfg(soft_dice_lanes = "vector")]
use super::block::Block;
use crate::columns::{ChannelRun, Columns, GATHER, Part};
use crate::counts::Counts;
use crate::error::Error;
use crate::kernel;
#[cfg(soft_dice_lanes = "vector")]
use crate::kernel::PLANES;
use crate::num::sealed::Sealed;
use crate::pixels::{Channel, Labels, Pair, Region, Within, Won, side_by_side};
use crate::stream::Rows;

/// Hard counts of exclusive classes that [`crate::Multiclass::update_both`] can take beside its soft sums: [`crate::Argmax`] or
/// [`crate::ArgmaxOver`].
pub trait DecidedClasses: Sealed {
    /// How many classes, and the ignore label.
    #[doc(hidden)]
    fn classes_and_ignore(&self) -> (usize, Option<u8>);
    /// Whether labels and room allow the chunk.
    #[doc(hidden)]
    fn check<'a>(&self, pixels: usize, labels: &'a [u8]) -> Result<Labels<'a>, Error>;
    /// Adds what was checked.
    #[doc(hidden)]
    fn count<R: Channel, D: Columns<R>>(&mut self, p: D, labels: Labels<'_>, region: Option<Region<'_>>);
}

/// Whether the labels are as many as the pixels, each is a class or the ignore label, and there is room.
pub(super) fn check<'a>(
    counts: &[Counts],
    ignore: Option<u8>,
    pixels: usize,
    labels: &'a [u8],
) -> Result<Labels<'a>, Error> {
    if labels.len() != pixels {
        return Err(Error::Length);
    }
    let labels = Labels::new(labels, counts.len(), ignore)?;
    counts.iter().try_for_each(|class| class.room(pixels as u64))?;
    Ok(labels)
}

/// Room for what a run of pixels counts, a word for each class.
pub(super) struct Room<'a> {
    pub words: &'a mut [u32],
    pub won: &'a mut [Won],
}

/// Adds the counts of a run of pixels, a word for each class; the ignore label has left out so many of them.
#[inline(always)]
pub(super) fn add_won(counts: &mut [Counts], words: &[Won], labels: Labels<'_>, ignored: u32) {
    let kept = labels.bytes().len() as u64 - u64::from(ignored);
    for (class, word) in counts.iter_mut().zip(words) {
        let [p, t, pt] = word.counts();
        (class.p, class.t, class.pt) = (class.p + u64::from(p), class.t + u64::from(t), class.pt + u64::from(pt));
        class.pixels(kept, ignored.into(), 0);
    }
}

/// Adds what was checked.
#[inline(always)]
pub(super) fn count<R: Channel, D: Columns<R>>(
    counts: &mut [Counts],
    room: &mut Room<'_>,
    p: D,
    labels: Labels<'_>,
    region: Option<Region<'_>>,
) {
    #[cfg(soft_dice_lanes = "vector")]
    if Block::fits(counts.len()) {
        return blocks(counts, p, labels, region);
    }
    runs::<R, D>(counts, room, p, labels, region);
}

/// Block by block, in lanes.
#[cfg(soft_dice_lanes = "vector")]
fn blocks<R: Channel, D: Columns<R>>(counts: &mut [Counts], p: D, labels: Labels<'_>, region: Option<Region<'_>>) {
    let classes = counts.len();
    Block::over(labels.bytes().len(), |mut block| {
        let room = block.room();
        for (index, all) in labels.chunks(room).enumerate() {
            let (at, bytes) = (index * room, all.bytes());
            block.label(bytes);
            if !planes(&mut block, classes, p, at) {
                runs_of_block(&mut block, classes, p, at);
            }
            block.add_to(counts, labels.ignore(), region.and_then(|region| region.part(at, bytes.len())));
        }
    });
}

/// The winners of a block of planes, in lanes; whether there are lanes for them.
#[cfg(soft_dice_lanes = "vector")]
fn planes<R: Channel, D: Columns<R>>(block: &mut Block<'_>, classes: usize, p: D, at: usize) -> bool {
    let (pixels, mut planes): (_, [&[R]; PLANES]) = (block.pixels(), [&[]; PLANES]);
    for (channel, plane) in planes.iter_mut().enumerate().take(classes) {
        match p.plane(ChannelRun { channels: classes, channel, at, pixels }) {
            Some(values) => *plane = values,
            None => return false,
        }
    }
    let (Some(planes), Some(won), Some(none)) =
        (planes.get(..classes), block.won.get_mut(..pixels), block.none.get_mut(..pixels))
    else {
        return false;
    };
    let decided = kernel::winners_of_planes(planes, won, none);
    // No 8-bit value is none.
    block.any = decided && R::FLIP.is_none() && none.iter().fold(false, |any, none| any | none);
    decided
}

/// The winners of a block, run by run.
#[cfg(soft_dice_lanes = "vector")]
fn runs_of_block<R: Channel, D: Columns<R>>(block: &mut Block<'_>, classes: usize, p: D, at: usize) {
    let pixels = block.pixels();
    let runs = block.won.chunks_mut(GATHER).zip(block.none.chunks_mut(GATHER));
    block.any = false;
    for (run, (won, none)) in runs.enumerate().take(pixels.div_ceil(GATHER)) {
        let from = run * GATHER;
        let winners = p.winners(classes, at + from, GATHER.min(pixels - from));
        won.copy_from_slice(&winners.class);
        if R::FLIP.is_none() {
            none.copy_from_slice(&winners.none);
            block.any |= winners.none.iter().fold(false, |any, none| any | none);
        }
    }
}

/// Planes of 8-bit values, as many pixels at a time as the counts of a word hold; whether there are loops for them.
#[inline(always)]
fn won_by_planes<R: Channel, D: Columns<R>>(counts: &mut [Counts], room: &mut [Won], p: D, labels: Labels<'_>) -> bool {
    let (Some(flip), channels) = (R::FLIP, counts.len()) else { return false };
    for (index, labels) in labels.chunks(Won::RUN).enumerate() {
        room.fill(Won::default());
        let plane = |channel| {
            let place = ChannelRun { channels, channel, at: index * Won::RUN, pixels: labels.bytes().len() };
            R::bytes(p.plane(place)?).map(|(bytes, _)| bytes)
        };
        // If there are no loops, that shows with the first run, before anything was added.
        match kernel::planes_won(plane, flip, labels, room) {
            Some(ignored) => add_won(counts, room, labels, ignored),
            None if index == 0 => return false,
            None => {}
        }
    }
    true
}

/// Run by run, as few at a time as the stack of a microcontroller holds.
#[inline(always)]
fn runs<R: Channel, D: Columns<R>>(
    counts: &mut [Counts],
    Room { words, won: room }: &mut Room<'_>,
    p: D,
    labels: Labels<'_>,
    region: Option<Region<'_>>,
) {
    if region.is_none() && won_by_planes::<R, D>(counts, room, p, labels) {
        return;
    }
    let (classes, ignore) = (counts.len(), labels.ignore());
    for (index, all) in labels.chunks(GATHER).enumerate() {
        let (at, labels) = (index * GATHER, all.bytes());
        let region = region.and_then(|region| region.part(at, labels.len()));
        let winners = p.winners(classes, at, labels.len());
        // No 8-bit value is none; where there are loops for the winners, they take no region.
        if R::FLIP.is_some() && region.is_none() {
            room.fill(Won::default());
            if let Some(ignored) = kernel::won(&winners.class, all, room) {
                add_won(counts, room, all, ignored);
                continue;
            }
        }
        each(counts, words, ignore, (&winners.class, &winners.none, labels), region);
    }
}

/// Winners, whether there is none, and labels, as many as there are labels.
type Decided<'a> = (&'a [u8], &'a [bool], &'a [u8]);

/// Pixel by pixel.
#[inline(always)]
pub(super) fn each(
    counts: &mut [Counts],
    words: &mut [u32],
    ignore: Option<u8>,
    decided: Decided<'_>,
    region: Option<Region<'_>>,
) {
    match region {
        None => kept(counts, words, ignore, decided, |_| true),
        Some(region) => {
            // A region holds as many pixels as there are labels, or nothing is counted.
            let Ok(pair) = Pair::within(decided.2, (), region) else { return };
            let within: Within<'_> = pair.region();
            kept(counts, words, ignore, decided, |at| within.keeps(at));
        }
    }
}

/// In each run what a class has won, won rightly and been labelled with is a byte each of one word.
#[inline(always)]
fn kept(
    counts: &mut [Counts],
    words: &mut [u32],
    ignore: Option<u8>,
    (won, none, labels): Decided<'_>,
    keeps: impl Fn(usize) -> bool,
) {
    const { assert!(GATHER < 256) };
    let (mut count, mut ignored, mut invalid, mut at) = (0u32, 0u32, 0u32, 0);
    for (index, (won, labels)) in side_by_side(won, labels, GATHER).enumerate() {
        let none = none.get(index * GATHER..).unwrap_or_default();
        words.fill(0);
        for ((&winner, &none), &label) in won.iter().zip(none).zip(labels) {
            let keep = keeps(at);
            at += 1;
            if !keep || Some(label) == ignore {
                ignored += 1;
                continue;
            }
            if none {
                invalid += 1;
                continue;
            }
            count += 1;
            if let Some(word) = words.get_mut(usize::from(winner)) {
                *word += 1 + (u32::from(winner == label) << 8);
            }
            if let Some(word) = words.get_mut(usize::from(label)) {
                *word += 1 << 16;
            }
        }
        for (class, &word) in counts.iter_mut().zip(&*words) {
            class.p += u64::from(word & 0xFF);
            class.pt += u64::from(word >> 8 & 0xFF);
            class.t += u64::from(word >> 16);
        }
    }
    for class in counts {
        class.pixels(count.into(), ignored.into(), invalid.into());
    }
}

/// A row of a map with its labels, and its region if there is one.
type Row<'a, D> = (Part<D>, &'a [u8], Option<Region<'a>>);

/// Rows that lie in larger buffers, each where it is there.
///
/// # Errors
///
/// [`Error::Rows`] if a stride is below the width; [`Error::Split`] and the like of the map.
pub(super) fn rows<'a, R: Copy, D: Columns<R>>(
    classes: usize,
    p: D,
    labels: &'a [u8],
    rows: Rows,
    region: Option<Region<'a>>,
) -> Result<impl Iterator<Item = Result<Row<'a, D>, Error>>, Error> {
    rows.pixels()?;
    let there = p.pixels(classes)?;
    let row = move |row: usize| {
        let (pixels, from) = (rows.width, row.checked_mul(rows.stride)?);
        let labels = labels.get(row.checked_mul(rows.target_stride)?..)?.get(..pixels)?;
        let region = match region {
            None => None,
            Some(region) => Some(region.part(row.checked_mul(rows.region_stride)?, pixels)?),
        };
        let inside = from.checked_add(pixels).is_some_and(|end| end <= there);
        inside.then_some((Part { columns: p, channels: classes, from, pixels }, labels, region))
    };
    let height = if rows.width == 0 { 0 } else { rows.height };
    Ok((0..height).map(move |at| row(at).ok_or(Error::Rows)))
}

/// The calls that add pixels, of every type of decided classes.
macro_rules! updates {
    () => {
        /// Adds a chunk.
        ///
        /// # Errors
        ///
        /// [`Error::Split`], [`Error::Classes`], [`Error::Length`], [`Error::Label`] and [`Error::Capacity`] as
        /// [`crate::Multiclass::update`]. The state is as it was.
        pub fn update<R: Channel, D: Columns<R>>(&mut self, p: D, labels: &[u8]) -> Result<(), Error> {
            let labels = self.check(p.pixels(self.classes.len())?, labels)?;
            self.count(p, labels, None);
            Ok(())
        }

        /// Adds the pixels of a chunk that lie in a region of interest. Labels outside are checked too.
        ///
        /// # Errors
        ///
        /// As [`Self::update`]; [`Error::Length`] also if the region has other pixels.
        pub fn update_within<R: Channel, D: Columns<R>>(
            &mut self,
            p: D,
            labels: &[u8],
            region: Region<'_>,
        ) -> Result<(), Error> {
            let holds = region.holds(labels.len());
            let labels = self.check(p.pixels(self.classes.len())?, labels)?;
            if !holds {
                return Err(Error::Length);
            }
            self.count(p, labels, Some(region));
            Ok(())
        }

        /// Adds rows that lie in larger buffers, in a region if there is one. Strides are in pixels; those of a planar map in
        /// pixels of a plane.
        ///
        /// # Errors
        ///
        /// [`Error::Rows`] if a stride is below the width or a row reaches beyond its buffer; else as [`Self::update`].
        pub fn update_rows<R: Channel, D: Columns<R>>(
            &mut self,
            p: D,
            labels: &[u8],
            rows: Rows,
            region: Option<Region<'_>>,
        ) -> Result<(), Error> {
            let (classes, pixels) = (self.classes.len(), rows.pixels()?);
            self.classes.iter().try_for_each(|class| class.room(pixels))?;
            for row in decided::rows(classes, p, labels, rows, region)? {
                let (_, labels, _) = row?;
                self.check(labels.len(), labels)?;
            }
            for row in decided::rows(classes, p, labels, rows, region)? {
                let (part, labels, region) = row?;
                let labels = self.check(labels.len(), labels)?;
                self.count(part, labels, region);
            }
            Ok(())
        }
    };
}
pub(super) use updates;
