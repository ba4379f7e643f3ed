//! A block of decided pixels that lanes can count: one that does not count bears a byte that is no class, on both sides.

use crate::columns::GATHER;
use crate::counts::Counts;
use crate::kernel;
use crate::pixels::{Region, Within, side_by_side};

/// Pixels of a block, whole runs of winners. It lies on the stack, and the counters of a lane hold it.
pub(super) const PIXELS: usize = 8 * GATHER;
const _: () = assert!(PIXELS <= kernel::WINS && GATHER.is_multiple_of(kernel::WINS_VECTOR));
/// Most classes that are counted in lanes, some at a time in a sweep over the block. With more of them so many sweeps take
/// longer than one loop that counts pixel by pixel.
const CLASSES: usize = kernel::WINS_CLASSES;
/// What a pixel bears that counts in no class.
const UNCOUNTED: u8 = u8::MAX;
const _: () = assert!(CLASSES <= UNCOUNTED as usize);

/// Winners and labels of a block, and which pixels have no winner.
pub(super) struct Block {
    pub won: [u8; PIXELS],
    pub none: [bool; PIXELS],
    /// Some pixel has no winner.
    pub any: bool,
    labels: [u8; PIXELS],
    pixels: usize,
}

impl Block {
    pub const EMPTY: Self =
        Self { won: [UNCOUNTED; PIXELS], none: [false; PIXELS], any: false, labels: [UNCOUNTED; PIXELS], pixels: 0 };

    /// Whether there are lanes for so many classes.
    pub fn fits(classes: usize) -> bool {
        classes <= CLASSES && kernel::wins(&[], &[], None, 0, |_, _| {}).is_some()
    }

    /// Takes the labels of at most [`PIXELS`] pixels, whose winners are there or follow.
    pub fn label(&mut self, labels: &[u8]) {
        self.pixels = labels.len().min(PIXELS);
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
        for side in [&mut self.won, &mut self.labels] {
            side.iter_mut().take(end).skip(self.pixels).for_each(|byte| *byte = UNCOUNTED);
        }
        let [won, labels] = [&self.won, &self.labels].map(|side| side.get(..end).unwrap_or_default());
        add(counts, won, labels, None);
        counts.iter_mut().for_each(|class| class.pixels(kept, ignored, invalid));
    }

    /// Writes the byte that is no class; how many pixels are ignored, and how many of the others are invalid. Each loop does
    /// one thing, so that the compiler makes vectors of it.
    fn leave_out(&mut self, ignore: Option<u8>, region: Option<Region<'_>>) -> (u64, u64) {
        let mut out = [0; PIXELS];
        let out = out.get_mut(..self.pixels).unwrap_or_default();
        if let Some(ignore) = ignore {
            out.iter_mut()
                .zip(&self.labels)
                .for_each(|(out, &label)| *out = if label == ignore { UNCOUNTED } else { 0 });
        }
        match region.map(Region::within) {
            None | Some(Within::Everywhere) => {}
            Some(Within::Bytes(bytes)) => {
                out.iter_mut().zip(bytes).for_each(|(out, &byte)| *out |= if byte == 0 { UNCOUNTED } else { 0 });
            }
            Some(within @ Within::Bits(_)) => {
                out.iter_mut().enumerate().for_each(|(at, out)| *out |= if within.keeps(at) { 0 } else { UNCOUNTED });
            }
        }
        let ones = |bytes: &[u8]| bytes.iter().map(|byte| u32::from(byte & 1)).sum::<u32>();
        let ignored = ones(out);
        if self.any {
            out.iter_mut().zip(&self.none).for_each(|(out, &none)| *out |= if none { UNCOUNTED } else { 0 });
        }
        for side in [&mut self.won, &mut self.labels] {
            side.iter_mut().zip(&*out).for_each(|(byte, out)| *byte |= out);
        }
        (ignored.into(), (ones(out) - ignored).into())
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
    kernel::wins(won, labels, ignore, classes, found).unwrap_or(0)
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
        let ignored = side_by_side(p_whole, t_whole, kernel::WINS).map(|(p, t)| add(counts, p, t, ignore)).sum::<u64>();
        counts.iter_mut().for_each(|class| class.pixels(whole as u64 - ignored, ignored, 0));
        (p, t) = (p_rest, t_rest);
    }
    let mut block = Block::EMPTY;
    for (index, (p, t)) in side_by_side(p, t, PIXELS).enumerate() {
        block.won.iter_mut().zip(p).for_each(|(to, &label)| *to = label);
        block.label(t);
        block.add_to(counts, ignore, region.and_then(|region| region.part(index * PIXELS, t.len())));
    }
}
