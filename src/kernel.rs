//! The door: a checked pair goes in, a tally comes out. Behind it are the loops of this build.
//!
//! 1. `plain` is the definition: a pixel at a time through [`Element::read`], for every element and target. It is the
//!    `scalar` backend, serves pairs that have no lanes, and runs shorter than one vector.
//! 2. Where there are vector registers, the pair goes to a function of `loops`, which are compiled once, in this crate, for
//!    each family, kind of target and backend; `backend` holds them in a table, and picks the row.
//! 3. Elsewhere `cores` takes whole runs of pixels to loops for the core at hand. They are inlined, so that the match on
//!    what the pair is folds away and only what is called is linked.
//!
//! **Overflow.** A call takes at most [`SPAN`](crate::pixels::SPAN) pixels, whose sums fit 64 bits (codes below 2²⁴,
//! products below 2³²) or are kept in 128 (2⁻⁴⁸ codes, mixed products); [`crate::CAPACITY`] bounds the rest.

mod backend;
#[cfg(soft_dice_lanes = "vector")]
mod blocks;
pub(crate) mod follow;
pub(crate) mod lines;
mod logits;
#[cfg(soft_dice_lanes = "vector")]
mod short;
mod winners;

pub use backend::{Backend, backend};

use crate::element::{Element, Times};
#[cfg(any(not(soft_dice_lanes = "neon"), test))]
pub(crate) use logits::add_shares;
pub(crate) use logits::{below_greatest, codes_below, greatest_byte};
pub(crate) use winners::{planes_won, row_winners, winner_column, won};

pub(crate) use crate::lanes::{MathLanes, One};
#[cfg(soft_dice_lanes = "vector")]
use crate::loops::channels::Labelled;
pub(crate) use crate::loops::channels::{CHANNELS, ChannelSums};
#[cfg(soft_dice_lanes = "neon")]
use crate::loops::few;
use crate::loops::write;
pub(crate) use crate::loops::write::{ByteFormula, Formula};
#[cfg(soft_dice_lanes = "vector")]
use crate::loops::{
    bytes::Bytes,
    channels, entrance,
    family::View,
    floats::Floats,
    greatest::{Greatest, GreatestFloats},
    planes,
    sweep::{Swept, stored},
    twice, wins,
    words::Words,
};
use crate::pixels::{Ask, ByteCodes, ByteMask, ByteView, FloatView, Labels, Mask, Pair, Region, Tally, Within};
use crate::plain;
#[cfg(soft_dice_lanes = "vector")]
use backend::InRow;

/// Sums of a prediction against a hard target, on the fastest loops there are. `tt` and `min_p` are left to the caller.
#[inline(always)]
pub(crate) fn hard<P: Element>(element: &P, pair: Pair<'_, P::Raw, Mask<'_>>, ask: Ask) -> Tally<P::Narrow> {
    #[cfg(soft_dice_lanes = "runs")]
    if let Some(tally) = crate::cores::hard(element, pair, ask) {
        return tally;
    }
    #[cfg(soft_dice_lanes = "vector")]
    {
        if let Some(tally) = short::hard(element, pair, &ask) {
            return tally.widen();
        }
        let (p, mask, region) = (pair.prediction(), pair.target_ref(), pair.region_ref());
        // SAFETY: `Pair` compared the lengths of its sides when it was made, and a view is of the whole of its side.
        let found = unsafe {
            if let Some(view) = element.bytes(p) {
                masked::<Bytes>(view, mask, region, &ask)
            } else if let Some(view) = element.words(p) {
                masked::<Words>(view, mask, region, &ask)
            } else if let Some(view) = element.floats(p) {
                masked::<Floats>(view, mask, region, &ask)
            } else {
                None
            }
        };
        if let Some(tally) = found {
            return tally.widen();
        }
        if let Some(tally) = blocks::hard(element, pair, ask) {
            return tally;
        }
    }
    #[cfg(soft_dice_lanes = "vector")]
    return stored(&plain::hard(element, pair, ask));
    #[cfg(not(soft_dice_lanes = "vector"))]
    plain::hard(element, pair, ask)
}

/// Sums of a prediction against a hard target, and those of what reaches `cut`, of the first pixels of at most a span: both from one
/// sweep. Fewer are taken where a value needs care, and none where no loop takes both together.
#[cfg(soft_dice_lanes = "vector")]
pub(crate) fn hard_twice<P: Element>(
    element: &P,
    pair: Pair<'_, P::Raw, Mask<'_>>,
    ask: Ask,
    cut: u32,
) -> Swept<[Tally<u64>; 2]> {
    let (p, mask) = (pair.prediction(), pair.target_ref());
    let mut swept = None;
    if matches!(pair.region_ref(), Within::Everywhere) && !ask.squares {
        if let Some(view) = element.bytes(p) {
            swept = together::<Bytes>(view, mask, cut);
        } else if let Some(view) = element.words(p) {
            swept = together::<Words>(view, mask, cut);
        } else if let Some(view) = element.floats(p) {
            swept = together::<Floats>(view, mask, cut);
        }
    }
    let mut swept = swept.unwrap_or(Swept { tally: [Tally::NONE; 2], taken: 0 });
    let [linear, decided] = &mut swept.tally;
    // The same pixels, of which the second counts only what the first does not.
    *decided = match cut {
        0 => Tally { p: linear.kept, pt: linear.t, ..*linear },
        _ => Tally { p: decided.p, pt: decided.pt, ..*linear },
    };
    swept
}

/// Compiled here, once for each family.
#[cfg(soft_dice_lanes = "vector")]
#[inline(never)]
fn together<F: InRow>(p: F::View<'_>, mask: &Mask, cut: u32) -> Option<Swept<[Tally<u64>; 2]>> {
    if !p.is_common() {
        return None;
    }
    // SAFETY: `Pair` compared the lengths of its sides when it was made, and the view is of the whole of its prediction.
    unsafe { twice::both::<F, backend::InUse>(p, mask, cut) }
}

/// Sums of a prediction against a soft map.
#[inline(always)]
pub(crate) fn soft<P: Times<T>, T: Element>(
    element: &P,
    other: &T,
    pair: Pair<'_, P::Raw, &[T::Raw]>,
    ask: Ask,
) -> Tally<P::Wide> {
    #[cfg(soft_dice_lanes = "runs")]
    if let Some(tally) = crate::cores::soft(element, other, pair, ask) {
        return tally;
    }
    // Minima of unlike units are two sums, which only the plain loop keeps.
    #[cfg(soft_dice_lanes = "vector")]
    if !ask.minima || element.unit() == other.unit() {
        if let Some(tally) = short::soft(element, other, pair, &ask) {
            return tally.widen();
        }
        let (p, t, region) = (pair.prediction(), pair.target(), pair.region_ref());
        // SAFETY: `Pair` compared the lengths of its sides when it was made, and a view is of the whole of its side.
        let found = unsafe {
            if let (Some(a), Some(b)) = (element.bytes(p), other.bytes(t)) {
                mapped::<Bytes>(a, b, region, &ask)
            } else if let (Some(a), Some(b)) = (element.words(p), other.words(t)) {
                mapped::<Words>(a, b, region, &ask)
            } else if let (Some(a), Some(b)) = (element.floats(p), other.floats(t)) {
                mapped::<Floats>(a, b, region, &ask)
            } else {
                None
            }
        };
        if let Some(tally) = found {
            return tally.widen();
        }
        if let Some(tally) = blocks::soft(element, other, pair, ask) {
            return tally;
        }
    }
    #[cfg(soft_dice_lanes = "vector")]
    return stored(&plain::soft(element, other, pair, ask));
    #[cfg(not(soft_dice_lanes = "vector"))]
    plain::soft(element, other, pair, ask)
}

/// `None` where no lanes of the backend in use fit. Builds that are not optimised compile it once for each family: inlined,
/// it would be most of what a test compiles for each pair of element and target, and nothing would fold away.
///
/// # Safety
///
/// All sides hold the same number of pixels.
#[cfg(soft_dice_lanes = "vector")]
#[cfg_attr(not(debug_assertions), inline(always))]
#[cfg_attr(debug_assertions, inline(never))]
unsafe fn masked<F: InRow>(p: F::View<'_>, mask: &Mask, region: &Within, ask: &Ask) -> Option<Tally<u64>> {
    let sweeps = backend::sweeps::<F>(p.pixels())?;
    // SAFETY: the caller promises the same; `backend::sweeps` gives a table that so many pixels fit and the CPU can run.
    Some(unsafe { entrance::hard(sweeps, p, mask, region, ask) })
}

/// The same against a soft map.
///
/// # Safety
///
/// As [`masked`].
#[cfg(soft_dice_lanes = "vector")]
#[cfg_attr(not(debug_assertions), inline(always))]
#[cfg_attr(debug_assertions, inline(never))]
unsafe fn mapped<F: InRow>(p: F::View<'_>, t: F::View<'_>, region: &Within, ask: &Ask) -> Option<Tally<u64>> {
    let sweeps = backend::sweeps::<F>(p.pixels())?;
    // SAFETY: the caller promises the same; `backend::sweeps` gives a table that so many pixels fit and the CPU can run.
    Some(unsafe { entrance::soft(sweeps, p, t, region, ask) })
}

/// Of the pixels that `class` has not won, how many there are and how many are in the target; `None` where no lanes fit.
#[inline(always)]
pub(crate) fn lost(class: u8, pair: Pair<'_, u8, Mask<'_>>) -> Option<Tally<u64>> {
    // XOR with the class makes the byte 0 exactly where this class won: from code 1 on it has lost.
    #[cfg(soft_dice_lanes = "vector")]
    {
        let codes = ByteView { bytes: pair.prediction(), flip: class, codes: ByteCodes::PLAIN };
        // SAFETY: `Pair` compared the lengths of its sides when it was made, and the view is of its whole prediction.
        unsafe { masked::<Bytes>(codes, pair.target_ref(), pair.region_ref(), &Ask::decided(1)) }
    }
    #[cfg(not(soft_dice_lanes = "vector"))]
    {
        let _ = (class, pair);
        None
    }
}

/// Winners and their labels in lanes, at most a span in whole vectors of [`WINS_VECTOR`] bytes: `found` is
/// told Σp, Σt and Σpt of each class, without the pixels that bear the ignore label. A byte that is no class is counted nowhere.
/// How many pixels are ignored; `None` if there are no lanes for that.
#[cfg(soft_dice_lanes = "vector")]
pub(crate) fn wins(
    won: &[u8],
    labels: &[u8],
    ignore: Option<u8>,
    classes: usize,
    found: impl FnMut(usize, [u64; 3]),
) -> Option<u64> {
    // SAFETY: the job reads no further than both slices reach.
    unsafe { backend::run(wins::Wins { won, labels, ignore, classes, found }) }
}

/// Classes at most that [`wins`] counts.
#[cfg(soft_dice_lanes = "vector")]
pub(crate) const WINS_CLASSES: usize = wins::CLASSES;
/// Bytes of the longest vector: every other divides it.
#[cfg(soft_dice_lanes = "vector")]
pub(crate) const WINS_VECTOR: usize = 64;

/// A block of whole interleaved pixels against labels, if its element has lanes here and no value needs care: `found` is told
/// the sums. Whether the block was taken.
#[inline(always)]
pub(crate) fn rows<P: Element>(
    element: &P,
    p: &[P::Raw],
    labels: Labels<'_>,
    region: Option<Region<'_>>,
    found: impl FnOnce(ChannelSums<'_>),
) -> bool {
    if labels.bytes().len() > ROWS || labels.channels() > CHANNELS {
        return false;
    }
    if let Some(ByteView { bytes, flip, codes }) = element.bytes(p) {
        return codes == ByteCodes::PLAIN && byte_rows(bytes, flip, labels, region, found);
    }
    match element.floats(p) {
        Some(FloatView { floats, .. }) => float_rows(labels, floats, region, found),
        _ => false,
    }
}

/// Pixels of interleaved rows that are taken at a time.
#[cfg(soft_dice_lanes = "vector")]
pub(crate) use crate::loops::channels::ROWS;
#[cfg(not(soft_dice_lanes = "vector"))]
pub(crate) const ROWS: usize = 1 << 15;

#[cfg(not(soft_dice_lanes = "vector"))]
#[inline(always)]
fn byte_rows(
    p: &[u8],
    flip: u8,
    labels: Labels<'_>,
    region: Option<Region<'_>>,
    found: impl FnOnce(ChannelSums<'_>),
) -> bool {
    #[cfg(soft_dice_lanes = "runs")]
    if !cfg!(soft_dice_backend = "scalar") {
        return crate::cores::byte_rows(p, flip, labels, region.map_or(Within::Everywhere, Region::within), found);
    }
    let _ = (p, flip, labels, region, found);
    false
}

#[cfg(soft_dice_lanes = "vector")]
fn byte_rows(
    p: &[u8],
    flip: u8,
    labels: Labels<'_>,
    region: Option<Region<'_>>,
    found: impl FnOnce(ChannelSums<'_>),
) -> bool {
    let mut room;
    let rows = match region {
        None => all_labelled(labels),
        Some(region) => {
            room = [0; ROWS];
            let Some(rows) = labelled_within(labels, region, &mut room) else { return false };
            rows
        }
    };
    #[cfg(soft_dice_lanes = "neon")]
    if labels.channels() <= few::CHANNELS {
        let Labelled { channels, labels, ignore } = rows;
        // SAFETY: the job reads its slices by their lengths.
        if let Some(Some(block)) = unsafe { backend::run(few::FewRows { rows: p, flip, channels, labels, ignore }) } {
            found(block.sums());
            return true;
        }
    }
    // SAFETY: the job reads its slices by checked places.
    let block = unsafe { backend::run(channels::ByteRows { rows, p, flip }) };
    block.map(|block| found(block.sums())).is_some()
}

#[cfg(soft_dice_lanes = "vector")]
fn float_rows(labels: Labels<'_>, p: &[f32], region: Option<Region<'_>>, found: impl FnOnce(ChannelSums<'_>)) -> bool {
    let mut room;
    let rows = match region {
        None => all_labelled(labels),
        Some(region) => {
            room = [0; ROWS];
            let Some(rows) = labelled_within(labels, region, &mut room) else { return false };
            rows
        }
    };
    // SAFETY: the job reads its slices by checked places.
    let block = unsafe { backend::run(channels::FloatRows { rows, p }) }.flatten();
    block.map(|block| found(block.sums())).is_some()
}

#[cfg(soft_dice_lanes = "vector")]
const fn all_labelled(labels: Labels<'_>) -> Labelled<'_> {
    Labelled { channels: labels.channels(), labels: labels.bytes(), ignore: labels.ignore() }
}

/// A block's labels, of which those of pixels outside of a region are made such as are ignored; `None` if the region has other
/// pixels, or there is no room for them.
#[cfg(soft_dice_lanes = "vector")]
fn labelled_within<'a>(labels: Labels<'_>, region: Region<'_>, room: &'a mut [u8; ROWS]) -> Option<Labelled<'a>> {
    let (channels, bytes) = (labels.channels(), labels.bytes());
    let (ignored, to) = (labels.ignore().unwrap_or(NO_CHANNEL), room.get_mut(..bytes.len())?);
    match Pair::within(bytes, (), region).ok()?.region() {
        Within::Bytes(inside) => to
            .iter_mut()
            .zip(bytes)
            .zip(inside)
            .for_each(|((to, &label), &inside)| *to = if inside == 0 { ignored } else { label }),
        inside => to
            .iter_mut()
            .zip(bytes)
            .enumerate()
            .for_each(|(at, (to, &label))| *to = if inside.keeps(at) { label } else { ignored }),
    }
    Some(Labelled { channels, labels: to, ignore: Some(ignored) })
}

/// A label that [`CHANNELS`] do not reach.
#[cfg(soft_dice_lanes = "vector")]
const NO_CHANNEL: u8 = u8::MAX;
#[cfg(soft_dice_lanes = "vector")]
const _: () = assert!(CHANNELS <= NO_CHANNEL as usize);

#[cfg(not(soft_dice_lanes = "vector"))]
fn float_rows(_: Labels<'_>, _: &[f32], _: Option<Region<'_>>, _: impl FnOnce(ChannelSums<'_>)) -> bool {
    false
}

/// Adds whole interleaved pixels of 8-bit codes, each channel against its share of the mask of the greatest ones, in one pass, where
/// few channels have a loop for it: whether they have.
#[inline(always)]
pub(crate) fn own_shares<const C: usize>(p: &[u8], flip: u8, found: impl FnOnce(ChannelSums<'_>)) -> bool {
    #[cfg(all(soft_dice_lanes = "swar", not(any(soft_dice_lanes = "vector", soft_dice_lanes = "small"))))]
    if !cfg!(soft_dice_backend = "scalar") {
        return crate::cores::own_shares::<C>(p, flip, found);
    }
    let _ = (p, flip, found);
    false
}

/// Sums of a channel of interleaved 8-bit codes against the same channel of interleaved byte masks, where they lie: `pixels` of them,
/// the first at byte `first` of both sides. `None` where no loop takes them.
#[inline(always)]
pub(crate) fn strided<P: Element>(
    element: &P,
    p: &[P::Raw],
    mask: ByteMask<'_>,
    first_stride_pixels: [usize; 3],
) -> Option<Tally<u64>> {
    #[cfg(all(soft_dice_lanes = "swar", not(any(soft_dice_lanes = "vector", soft_dice_lanes = "small"))))]
    if !cfg!(soft_dice_backend = "scalar") {
        return crate::cores::strided(element.bytes(p)?, mask, first_stride_pixels);
    }
    let _ = (element, p, mask, first_stride_pixels);
    None
}

/// Writes the first greatest channel of each interleaved pixel of 8-bit values, one for each place of `to`; whether there are
/// lanes for that.
#[inline(always)]
pub(crate) fn winners_of_rows<const C: usize>(p: &[u8], flip: u8, to: &mut [u8]) -> bool {
    #[cfg(soft_dice_lanes = "vector")]
    return greatest(p, flip, C, to);
    #[cfg(not(soft_dice_lanes = "vector"))]
    {
        #[cfg(soft_dice_lanes = "runs")]
        if !cfg!(soft_dice_backend = "scalar") {
            return crate::cores::winners_of_rows::<C>(p, flip, to);
        }
        let _ = (p, flip, to);
        false
    }
}

/// Writes the first greatest channel of each interleaved pixel; whether there are lanes for so many channels. `flip`
/// makes the bytes unsigned.
#[cfg(soft_dice_lanes = "vector")]
pub(crate) fn greatest(bytes: &[u8], flip: u8, channels: usize, to: &mut [u8]) -> bool {
    #[cfg(soft_dice_lanes = "neon")]
    if channels <= few::CHANNELS {
        let job = few::FewGreatest { rows: bytes, flip, channels, to: &mut *to };
        // SAFETY: the job reads and writes its slices by their lengths.
        if unsafe { backend::run(job) } == Some(Some(())) {
            return true;
        }
    }
    // SAFETY: the job reads its slice by checked places.
    unsafe { backend::run(Greatest { bytes, flip, channels, to }) }.unwrap_or(false)
}

/// Writes the first greatest channel of each interleaved pixel of floats, and whether one of its values is NaN; whether there are
/// lanes for so many channels.
#[cfg(soft_dice_lanes = "vector")]
pub(crate) fn greatest_floats(floats: &[f32], channels: usize, to: &mut [u8], none: &mut [bool]) -> bool {
    // SAFETY: the job reads its slice by checked places.
    unsafe { backend::run(GreatestFloats { floats, channels, to, none }) }.unwrap_or(false)
}

/// Channels of planes at most of which [`winners_of_planes`] finds the greatest.
#[cfg(soft_dice_lanes = "vector")]
pub(crate) const PLANES: usize = 64;

/// Writes the first greatest channel of each pixel of planes, and of floats whether one of its values is NaN; whether there are
/// lanes for such values, and pixels enough for them.
#[cfg(soft_dice_lanes = "vector")]
pub(crate) fn winners_of_planes<R: crate::pixels::Channel>(planes: &[&[R]], to: &mut [u8], none: &mut [bool]) -> bool {
    let Some(first) = planes.first().filter(|_| planes.len() <= PLANES) else { return false };
    let decided = if let Some((_, flip)) = R::bytes(first) {
        let (mut bytes, mut channels): ([&[u8]; PLANES], _) = ([&[]; PLANES], 0);
        for (bytes, (plane, _)) in bytes.iter_mut().zip(planes.iter().filter_map(|plane| R::bytes(plane))) {
            *bytes = plane;
            channels += 1;
        }
        let planes = bytes.get(..channels).unwrap_or_default();
        // SAFETY: the job compares the lengths of its slices.
        unsafe { backend::run(planes::BytePlanes { planes, flip, to }) }
    } else if R::floats(first).is_some() {
        let (mut floats, mut channels): ([&[f32]; PLANES], _) = ([&[]; PLANES], 0);
        for (floats, plane) in floats.iter_mut().zip(planes.iter().filter_map(|plane| R::floats(plane))) {
            *floats = plane;
            channels += 1;
        }
        let planes = floats.get(..channels).unwrap_or_default();
        // SAFETY: the job compares the lengths of its slices.
        unsafe { backend::run(planes::FloatPlanes { planes, to, none }) }
    } else {
        None
    };
    decided.unwrap_or(false)
}

/// Writes as many pixels as the shortest slice has.
pub(crate) fn apply<const N: usize, M: write::Formula<N>>(formula: M, inputs: [&[f32]; N], out: &mut [f32]) {
    written(write::Floats { formula, inputs, out });
}

/// The same of bytes.
pub(crate) fn apply_bytes<M: write::ByteFormula>(formula: M, bytes: &[u8], out: &mut [f32]) {
    written(write::Bytes { formula, bytes, out });
}

#[inline]
fn written<P: write::Pass>(pass: P) {
    // SAFETY: a pass writes and reads no further than its shortest slice.
    #[cfg(soft_dice_lanes = "vector")]
    let Err(write::Written(pass)) = (unsafe { backend::run_or_return(write::Written(pass)) }) else { return };
    // SAFETY: one lane needs nothing of the CPU.
    unsafe { pass.write(One) }
}

/// What each backend of this CPU writes over a sequence of odd numbers, the plain loop first.
#[cfg(test)]
pub(crate) fn written_by_all<const N: usize, M: Formula<N>>(
    formula: M,
    inputs: [&[f32]; N],
) -> std::vec::Vec<(&'static str, std::vec::Vec<f32>)> {
    use std::{sync::Mutex, vec::Vec};
    // A backend is selected for the whole process: one test at a time.
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock();
    let pixels = inputs.iter().map(|input| input.len()).min().unwrap_or(0);
    let mut all: Vec<_> = Backend::available()
        .map(|backend| {
            backend.select();
            let mut out: Vec<f32> = (0..pixels).map(|at| (at % 17) as f32 * 0.25 - 1.0).collect();
            apply(formula, inputs, &mut out);
            (backend.name(), out)
        })
        .collect();
    Backend::best().select();
    all.reverse();
    all
}
