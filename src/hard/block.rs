//! A block of decided pixels that lanes can count: one that does not count bears a byte that is no class, on both sides.

use crate::columns::GATHER;
use crate::counts::Counts;
use crate::kernel;
use crate::pixels::{Region, SPAN, Within, side_by_side};

/// Pixels of a block, whole runs of winners: of a long buffer, because what ends the count of a block costs as much as some vectors,
/// and of a short one, where making room for the other would cost more than all else.
const LONG: usize = 64 * GATHER;
const SHORT: usize = 8 * GATHER;
const _: () = assert!(LONG <= SPAN && GATHER.is_multiple_of(kernel::WINS_VECTOR));
/// Most classes that are counted in lanes, some at a time in a sweep over the block. With more of them so many sweeps take
/// longer than one loop that counts pixel by pixel.
const CLASSES: usize = kernel::WINS_CLASSES;
/// What a pixel bears that counts in no class.
const UNCOUNTED: u8 = u8::MAX;
const _: () = assert!(CLASSES <= UNCOUNTED as usize);

/// Room for a block, on the stack: three bytes a pixel.
struct Room<const N: usize> {
    won: [u8; N],
    none: [bool; N],
    labels: [u8; N],
}

impl<const N: usize> Room<N> {
    const fn new() -> Self {
        Self { won: [0; N], none: [false; N], labels: [0; N] }
    }

    fn block(&mut self) -> Block<'_> {
        let Self { won, none, labels } = self;
        Block { won, none, any: false, labels, pixels: 0 }
    }
}

/// Winners and labels of a block, and which pixels have no winner.
pub(super) struct Block<'a> {
    pub won: &'a mut [u8],
    pub none: &'a mut [bool],
    /// Some pixel has no winner.
    pub any: bool,
    labels: &'a mut [u8],
    pixels: usize,
}

impl Block<'_> {
    /// Work that goes block by block over so many pixels.
    #[inline(always)]
    pub fn over(pixels: usize, work: impl FnOnce(Block<'_>)) {
        let (mut short, mut long);
        work(if pixels <= SHORT {
            short = Room::<SHORT>::new();
            short.block()
        } else {
            long = Room::<LONG>::new();
            long.block()
        });
    }

    /// Pixels that it has room for.
    pub fn room(&self) -> usize {
        self.won.len()
    }

    /// Whether there are lanes for so many classes.
    pub fn fits(classes: usize) -> bool {
        classes <= CLASSES && kernel::wins(&[], &[], None, 0, |_, _| {}).is_some()
    }

    /// Takes the labels of as many pixels as it has room for at most, whose winners are there or follow.
    pub fn label(&mut self, labels: &[u8]) {
        self.pixels = labels.len().min(self.room());
        self.labels.iter_mut().zip(labels).for_each(|(to, &label)| *to = label);
    }

    /// Pixels of the block.
    pub fn pixels(&self) -> usize {
        self.pixels
    }

    /// Adds the block's counts to those of each class. Left out are pixels that bear the ignore label or lie outside of a
    /// region of as many pixels, which count as ignored, and of the others those without a winner, which count as invalid.
    pub fn add_to(&mut self, counts: &mut [Counts], ignore: Option<u8>, region: Option<Region<'_>>) {
        let (ignored, invalid) =
            if ignore.is_some() || region.is_some() || self.any { self.leave_out(ignore, region) } else { (0, 0) };
        let kept = self.pixels as u64 - ignored - invalid;
        // The last vector may reach beyond the pixels.
        let end = self.pixels.next_multiple_of(kernel::WINS_VECTOR);
        for side in [&mut *self.won, &mut *self.labels] {
            side.iter_mut().take(end).skip(self.pixels).for_each(|byte| *byte = UNCOUNTED);
        }
        let [won, labels] = [&*self.won, &*self.labels].map(|side| side.get(..end).unwrap_or_default());
        add(counts, won, labels, None);
        counts.iter_mut().for_each(|class| class.pixels(kept, ignored, invalid));
    }

    /// Writes the byte that is no class; how many pixels are ignored, and how many of the others are invalid. Each loop does
    /// one thing, so that the compiler makes vectors of it.
    fn leave_out(&mut self, ignore: Option<u8>, region: Option<Region<'_>>) -> (u64, u64) {
        let (mut ignored, mut left_out) = (0, 0);
        let within = region.map(Region::within);
        let each = self.won.chunks_mut(SHORT).zip(self.labels.chunks_mut(SHORT)).zip(self.none.chunks(SHORT));
        for (index, ((won, labels), none)) in each.enumerate().take(self.pixels.div_ceil(SHORT)) {
            let (at, mut out) = (index * SHORT, [0; SHORT]);
            let some = SHORT.min(self.pixels - at);
            let out = out.get_mut(..some).unwrap_or_default();
            if let Some(ignore) = ignore {
                out.iter_mut()
                    .zip(&*labels)
                    .for_each(|(out, &label)| *out = if label == ignore { UNCOUNTED } else { 0 });
            }
            match within {
                None | Some(Within::Everywhere) => {}
                Some(Within::Bytes(bytes)) => {
                    let bytes = bytes.get(at..).unwrap_or_default();
                    out.iter_mut().zip(bytes).for_each(|(out, &byte)| *out |= if byte == 0 { UNCOUNTED } else { 0 });
                }
                Some(within @ Within::Bits(_)) => {
                    out.iter_mut()
                        .enumerate()
                        .for_each(|(pixel, out)| *out |= if within.keeps(at + pixel) { 0 } else { UNCOUNTED });
                }
            }
            let ones = |bytes: &[u8]| bytes.iter().map(|byte| u32::from(byte & 1)).sum::<u32>();
            ignored += u64::from(ones(out));
            if self.any {
                out.iter_mut().zip(none).for_each(|(out, &none)| *out |= if none { UNCOUNTED } else { 0 });
            }
            left_out += u64::from(ones(out));
            for side in [won, labels] {
                side.iter_mut().zip(&*out).for_each(|(byte, out)| *byte |= out);
            }
        }
        (ignored, left_out - ignored)
    }
}

/// Adds what each class has won, was labelled with, and both, in whole vectors; how many pixels bear the ignore label. The
/// pixels are left to the caller.
fn add(counts: &mut [Counts], won: &[u8], labels: &[u8], ignore: Option<u8>) -> u64 {
    let classes = counts.len();
    let found = |class: usize, [p, t, pt]: [u64; 3]| {
        if let Some(class) = counts.get_mut(class) {
            (class.p, class.t, class.pt) = (class.p + p, class.t + t, class.pt + pt);
        }
    };
    kernel::wins(won, labels, ignore, classes, found).unwrap_or_else(|| add_each(counts, won, labels, ignore))
}

/// The same pixel by pixel: the plain loop was selected after [`Block::fits`] had found lanes.
#[cold]
#[inline(never)]
fn add_each(counts: &mut [Counts], won: &[u8], labels: &[u8], ignore: Option<u8>) -> u64 {
    let mut ignored = 0;
    for (&won, &label) in won.iter().zip(labels) {
        if Some(label) == ignore {
            ignored += 1;
            continue;
        }
        if let Some(class) = counts.get_mut(usize::from(won)) {
            class.p += 1;
            class.pt += u64::from(won == label);
        }
        if let Some(class) = counts.get_mut(usize::from(label)) {
            class.t += 1;
        }
    }
    ignored
}

/// Adds the counts of two maps of checked labels, of so few classes that [`Block::fits`].
pub(super) fn add_maps(
    counts: &mut [Counts],
    ignore: Option<u8>,
    mut p: &[u8],
    mut t: &[u8],
    region: Option<Region<'_>>,
) {
    if region.is_none() {
        // The maps themselves are read, all but the last vector.
        let whole = p.len().min(t.len()) / kernel::WINS_VECTOR * kernel::WINS_VECTOR;
        let (Some((p_whole, p_rest)), Some((t_whole, t_rest))) = (p.split_at_checked(whole), t.split_at_checked(whole))
        else {
            return;
        };
        let ignored = side_by_side(p_whole, t_whole, SPAN).map(|(p, t)| add(counts, p, t, ignore)).sum::<u64>();
        counts.iter_mut().for_each(|class| class.pixels(whole as u64 - ignored, ignored, 0));
        (p, t) = (p_rest, t_rest);
    }
    if t.is_empty() {
        return;
    }
    Block::over(t.len(), |mut block| {
        let room = block.room();
        for (index, (p, t)) in side_by_side(p, t, room).enumerate() {
            block.won.iter_mut().zip(p).for_each(|(to, &label)| *to = label);
            block.label(t);
            block.add_to(counts, ignore, region.and_then(|region| region.part(index * room, t.len())));
        }
    });
}
