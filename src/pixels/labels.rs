//! A map of labels that was looked at, and what is counted beside it.

use crate::error::Error;

/// Labels of which each is below the number of channels, or the ignored one. The fields are private to this file, and the
/// labels are looked at in [`Self::new`] and nowhere else: whoever takes them may use each as the place of a channel.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Labels<'a> {
    bytes: &'a [u8],
    channels: usize,
    ignore: Option<u8>,
}

impl<'a> Labels<'a> {
    /// [`Error::Label`] if one is neither a channel nor ignored.
    pub fn new(bytes: &'a [u8], channels: usize, ignore: Option<u8>) -> Result<Self, Error> {
        if all_fit(bytes, channels, ignore) { Ok(Self { bytes, channels, ignore }) } else { Err(Error::Label) }
    }

    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    pub const fn channels(&self) -> usize {
        self.channels
    }

    pub const fn ignore(&self) -> Option<u8> {
        self.ignore
    }

    /// The same in pieces of at most `pixels` > 0.
    // Inlined, so that the number is a constant that is seen not to be 0.
    #[inline(always)]
    pub fn chunks(self, pixels: usize) -> impl Iterator<Item = Self> {
        // More than 0 where it is called; said here, the way to a panic is gone in every build.
        self.bytes.chunks(pixels.max(1)).map(move |bytes| Self { bytes, ..self })
    }
}

/// What a run of pixels has counted for a class, in ten bits each: pixels that are won and bear its label, those that are
/// won, and those that bear its label.
#[derive(Clone, Copy, Default)]
pub(crate) struct Won(u32);

impl Won {
    /// Pixels of a run at most.
    pub const RUN: usize = 1020;

    /// The class has won a pixel.
    #[cfg(soft_dice_lanes = "runs")]
    #[inline(always)]
    pub const fn win(&mut self) {
        self.0 += 1 << 10;
    }

    /// A pixel bears its label; `same` is 1 where it has won too, else 0.
    #[cfg(soft_dice_lanes = "runs")]
    #[inline(always)]
    pub const fn label(&mut self, same: u32) {
        self.0 += (1 << 20) + same;
    }

    /// As many pixels are won, as many bear its label, and both; of a run.
    #[cfg(all(soft_dice_lanes = "helium", not(soft_dice_lanes = "small")))]
    #[inline(always)]
    pub const fn count(&mut self, [wins, labels, same]: [u32; 3]) {
        self.0 += same + (wins << 10) + (labels << 20);
    }

    /// Pixels that are won, that bear the label, and both.
    #[inline(always)]
    pub const fn counts(self) -> [u32; 3] {
        [self.0 >> 10 & 0x3FF, self.0 >> 20, self.0 & 0x3FF]
    }
}

const _: () = assert!(Won::RUN < 1 << 10);

#[inline(never)]
fn all_fit(labels: &[u8], channels: usize, ignore: Option<u8>) -> bool {
    const LOW: u32 = 0x7F7F_7F7F;
    let fits = |label: u8| usize::from(label) < channels || Some(label) == ignore;
    if cfg!(all(soft_dice_lanes = "helium", not(soft_dice_lanes = "small"))) {
        // The compiler makes vectors of a greatest one; where that is no channel, it may be the ignored one.
        let greatest = labels.iter().fold(0, |greatest, &label| label.max(greatest));
        if usize::from(greatest) < channels {
            return true;
        }
    }
    let mut rest = labels;
    if (1..=128).contains(&channels) {
        // Sixteen at a time, as long as none stands out: a byte does where its lower seven bits and 128 − channels carry
        // into the eighth, or where that is set.
        let lift = (128 - channels as u32) * 0x0101_0101;
        while let Some((some, behind)) = rest.split_first_chunk::<16>() {
            let mut above = 0;
            for &four in some.as_chunks::<4>().0 {
                let word = u32::from_ne_bytes(four);
                above |= (word & LOW).wrapping_add(lift) | word;
            }
            if above & !LOW != 0 && !some.iter().all(|&label| fits(label)) {
                return false;
            }
            rest = behind;
        }
    }
    rest.iter().all(|&label| fits(label))
}
