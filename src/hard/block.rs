//! A block of decided pixels that lanes can count: one that does not count bears a byte that is no class, on both sides.

use crate::columns::GATHER;
use crate::counts::Counts;
use crate::kernel;
use crate::pixels::{Region, Within};

/// Pixels of a block, whole runs of winners. It lies on the stack, and the counters of a lane hold it.
pub(super) const PIXELS: usize = 8 * GATHER;
const _: () = assert!(PIXELS <= kernel::WINS && GATHER.is_multiple_of(kernel::WINS_VECTOR));
/// Most classes that are counted in lanes, each in a sweep of its own over the block. With more of them so many sweeps
/// take longer than one loop that counts pixel by pixel.
const CLASSES: usize = 64;
/// What a pixel bears that counts in no class.
const UNCOUNTED: u8 = u8::MAX;
const _: () = assert!(CLASSES <= UNCOUNTED as usize);

/// Winners and labels of a block, and which pixels have no winner.
pub(super) struct Block {
    pub won: [u8; PIXELS],
    pub none: [bool; PIXELS],
    labels: [u8; PIXELS],
    pixels: usize,
}

impl Block {
    pub const EMPTY: Self =
        Self { won: [UNCOUNTED; PIXELS], none: [false; PIXELS], labels: [UNCOUNTED; PIXELS], pixels: 0 };

    /// Whether there are lanes for so many classes.
    pub fn fits(classes: usize) -> bool {
        classes <= CLASSES && kernel::wins(&[], &[], 0, |_, _| {})
    }

    /// Takes the labels of at most [`PIXELS`] pixels, whose winners are there or follow.
    pub fn label(&mut self, labels: &[u8]) {
        self.pixels = labels.len().min(PIXELS);
        self.labels.iter_mut().zip(labels).for_each(|(to, &label)| *to = label);
    }

    /// Adds the block's counts to those of each class. Left out are pixels that bear the ignore label or lie outside of a
    /// region of as many pixels, which count as ignored, and of the others those without a winner, which count as invalid.
    pub fn add_to(&mut self, counts: &mut [Counts], ignore: Option<u8>, region: Option<Region<'_>>) {
        let within = region.map_or(Within::Everywhere, Region::within);
        let (ignored, invalid) = match within {
            Within::Bytes(bytes) => self.leave_out(ignore, |at| bytes.get(at).is_some_and(|&byte| byte != 0)),
            Within::Bits(_) => self.leave_out(ignore, |at| within.keeps(at)),
            Within::Everywhere if ignore.is_some() || self.none.contains(&true) => self.leave_out(ignore, |_| true),
            Within::Everywhere => (0, 0),
        };
        let kept = self.pixels as u64 - ignored - invalid;
        // The last vector may reach beyond the pixels.
        let end = self.pixels.next_multiple_of(kernel::WINS_VECTOR);
        for side in [&mut self.won, &mut self.labels] {
            side.iter_mut().take(end).skip(self.pixels).for_each(|byte| *byte = UNCOUNTED);
        }
        let [won, labels] = [&self.won, &self.labels].map(|side| side.get(..end).unwrap_or_default());
        kernel::wins(won, labels, counts.len(), |class, [p, t, pt]| {
            if let Some(class) = counts.get_mut(class) {
                (class.p, class.t, class.pt) = (class.p + p, class.t + t, class.pt + pt);
                class.pixels(kept, ignored, invalid);
            }
        });
    }

    /// Writes the byte that is no class; how many pixels are ignored, and how many of the others are invalid.
    #[inline(always)]
    fn leave_out(&mut self, ignore: Option<u8>, keeps: impl Fn(usize) -> bool) -> (u64, u64) {
        let (some, ignore) = (ignore.is_some(), ignore.unwrap_or(0));
        let (mut ignored, mut invalid) = (0u32, 0u32);
        let sides = self.won.iter_mut().zip(&mut self.labels).zip(&self.none).take(self.pixels);
        for (at, ((won, label), &none)) in sides.enumerate() {
            let left = (some & (*label == ignore)) | !keeps(at);
            ignored += u32::from(left);
            invalid += u32::from(none & !left);
            let out = if left | none { UNCOUNTED } else { 0 };
            (*won, *label) = (*won | out, *label | out);
        }
        (ignored.into(), invalid.into())
    }
}
