//! A map of labels as a prediction.

use super::{ChannelRun, Columns, GATHER};
use crate::error::Error;
use crate::num::sealed::Sealed;

/// A prediction that is decided already: a label for each pixel, read as 255 in its own channel and 0 in all others, for the
/// element [`crate::U8`]. Nothing is expanded in memory. Where the frameworks take two label maps (torchmetrics'
/// `input_format="index"`, MONAI's `num_classes`, smp's `get_stats`), this is the first of them.
///
/// ```
/// use soft_dice::{Average, Linear, Multiclass, OneHot, Score, U8};
/// let mut frame = Multiclass::<[_; 3]>::new(U8, Linear);
/// frame.update(OneHot(&[0, 2, 2, 1]), &[0, 2, 1, 1])?;
/// assert_eq!(Score::dice().f64(&frame.sums()[2]), Ok(2.0 / 3.0));
/// // A label that is no class is an error, and so is one in the target.
/// assert!(frame.update(OneHot(&[3]), &[0]).is_err());
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct OneHot<'a>(pub &'a [u8]);

impl Sealed for OneHot<'_> {}

impl Columns<u8> for OneHot<'_> {
    type Run = ();
    const RUN: usize = GATHER;

    fn pixels(&self, channels: usize) -> Result<usize, Error> {
        if self.0.iter().any(|&label| usize::from(label) >= channels) { Err(Error::Label) } else { Ok(self.0.len()) }
    }

    fn run(&self, _: usize, _: usize, _: usize) {}

    fn column<'a>(&'a self, (): &(), place: ChannelRun, room: &'a mut [u8; GATHER]) -> &'a [u8] {
        let labels = self.0.get(place.at..).and_then(|rest| rest.get(..place.pixels)).unwrap_or_default();
        for (value, &label) in room.iter_mut().zip(labels) {
            *value = if usize::from(label) == place.channel { 255 } else { 0 };
        }
        room.get(..labels.len()).unwrap_or_default()
    }
}
