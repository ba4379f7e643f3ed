//! The first greatest channel of each pixel.

use super::GATHER;
use crate::kernel;
use crate::pixels::Channel;

/// The first greatest channel of each pixel of a run.
#[doc(hidden)]
#[derive(Debug)]
pub struct Winners<R> {
    pub class: [u8; GATHER],
    /// Its value; of bytes nobody asks.
    pub most: [R; GATHER],
    /// One of the pixel's values is NaN.
    pub none: [bool; GATHER],
}

/// No branch hangs on a value: these loops become lanes of the compiler's making.
impl<R: Channel> Winners<R> {
    pub(super) fn new() -> Self {
        Self { class: [0; GATHER], most: [R::default(); GATHER], none: [false; GATHER] }
    }

    pub(super) fn rows(&mut self, rows: &[R], channels: usize, pixels: usize) {
        #[cfg(soft_dice_lanes = "vector")]
        if let (Some((bytes, flip)), Some(class)) = (R::bytes(rows), self.class.get_mut(..pixels))
            && kernel::greatest(bytes, flip, channels, class)
        {
            return;
        }
        #[cfg(soft_dice_lanes = "vector")]
        if let (Some(floats), Some(class), Some(none)) =
            (R::floats(rows), self.class.get_mut(..pixels), self.none.get_mut(..pixels))
            && kernel::greatest_floats(floats, channels, class, none)
        {
            for ((most, row), &class) in self.most.iter_mut().zip(rows.chunks_exact(channels)).zip(&*class) {
                *most = row.get(usize::from(class)).copied().unwrap_or_default();
            }
            return;
        }
        let to = self.class.iter_mut().zip(&mut self.most).zip(&mut self.none);
        #[cfg(soft_dice_lanes = "vector")]
        for (index, ((class, most), none)) in to.take(pixels).enumerate() {
            let row = rows.get(index * channels..).and_then(|rest| rest.get(..channels)).unwrap_or_default();
            let first = row.first().copied().unwrap_or_default();
            *most = row.iter().fold(first, |most, &x| if x > most { x } else { most });
            *none = row.iter().fold(false, |none, x| none | x.partial_cmp(x).is_none());
            *class = row.iter().position(|x| x == most).unwrap_or(0) as u8;
        }
        // Where there are no lanes, once over the row.
        #[cfg(not(soft_dice_lanes = "vector"))]
        for (((class, most), none), row) in to.take(pixels).zip(rows.chunks_exact(channels.max(1))) {
            let mut values = row.iter();
            let mut greatest = values.next().copied().unwrap_or_default();
            let (mut first, mut any) = (0u32, greatest.partial_cmp(&greatest).is_none());
            for (channel, &x) in (1u32..).zip(values) {
                // Of equal values the first stays.
                if x > greatest {
                    (greatest, first) = (x, channel);
                }
                any |= x.partial_cmp(&x).is_none();
            }
            (*class, *most, *none) = (first as u8, greatest, any);
        }
    }

    /// A channel of 8-bit values, where there are loops for them that the compiler does not make; `most` are the greatest of
    /// the channels before it.
    pub(super) fn bytes(&mut self, channel: usize, column: &[R], most: &mut [u8; GATHER]) -> bool {
        let Some((mut bytes, flip)) = R::bytes(column) else { return false };
        if channel == 0 {
            most.iter_mut().zip(bytes).for_each(|(most, &byte)| *most = byte);
            // The first is the greatest so far, and nothing is left to compare: whether there are loops is asked.
            bytes = &[];
        }
        kernel::winner_column(channel as u8, bytes, flip, most, &mut self.class)
    }

    pub(super) fn column(&mut self, channel: usize, column: &[R]) {
        if channel == 0 {
            self.most.iter_mut().zip(column).for_each(|(most, &value)| *most = value);
        }
        // Both results are stored in any case: a store that hangs on a comparison would keep the compiler from vectorising
        // the loop, because it would have to prove that it may write where the source does not.
        for ((class, most), &value) in self.class.iter_mut().zip(&mut self.most).zip(column) {
            let (before, greatest) = (*class, *most);
            let wins = value > greatest;
            *most = if wins { value } else { greatest };
            *class = if wins { channel as u8 } else { before };
        }
        let none = |value: &R| value.partial_cmp(value).is_none();
        if column.iter().fold(false, |any, value| any | none(value)) {
            self.none.iter_mut().zip(column).for_each(|(so_far, value)| *so_far |= none(value));
        }
    }
}
