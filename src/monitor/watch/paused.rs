//! A frame set aside between two chunks: what an [`Open`] knows, without the watch that it borrows.

use super::{Open, Watch};
use crate::confidence::{Comparison, FrameBuffer, Kept};
use crate::element::Element;
use crate::error::Error;
use crate::monitor::contour::Readings;

/// A frame of a [`Watch`] whose chunks come at different times, to different callers: plain data, so that an interrupt that
/// fills half a buffer can put it beside the watch and go. [`Open::pause`] gives it, [`Watch::resume`] takes it back.
///
/// ```
/// use soft_dice::I8;
/// use soft_dice::monitor::{Settings, Watch};
///
/// let mut buffer = [0; 4];
/// let mut watch = Watch::<_, 16>::new(I8::TFLITE, &mut buffer, Settings::DEFAULT)?;
/// let mut half = watch.open().pause();                    // kept where the watch is kept
/// for chunk in [[127, 127], [-128, -128]] {
///     let mut open = watch.resume(half, None)?;
///     open.map(&chunk)?;
///     half = open.pause();
/// }
/// watch.resume(half, None)?.finish()?;
/// assert_eq!(watch.report().area, 16384);                 // half the picture
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Paused<P: Kept> {
    comparison: Comparison,
    at: usize,
    first: Option<P::Raw>,
    uniform: bool,
    occupied: Option<bool>,
    rows: usize,
    picture: Option<Readings>,
}

#[cfg(feature = "defmt")]
impl<P: Kept> defmt::Format for Paused<P> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "Paused {{ pixels: {=usize}, rows: {=usize} }}", self.at, self.rows);
    }
}

impl<P: Kept, const N: usize, B> Open<'_, '_, P, N, B> {
    /// Sets the frame aside. The region of interest is not kept: [`Watch::resume`] is lent it again.
    #[must_use]
    pub fn pause(self) -> Paused<P> {
        let Self { comparison, at, first, uniform, occupied, rows, picture, .. } = self;
        Paused { comparison, at, first, uniform, occupied, rows, picture }
    }
}

impl<'a, P: Kept, const N: usize, B: FrameBuffer<<P::As as Element>::Raw>> Watch<'a, P, N, B> {
    /// Goes on with a frame of this watch that was set aside, with the region of interest it was begun with. Between the two
    /// no other frame may be begun: what was summed so far would be that frame's.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] if the region is not of a map's size.
    pub fn resume<'w>(
        &'w mut self,
        frame: Paused<P>,
        region: Option<&'w [u8]>,
    ) -> Result<Open<'w, 'a, P, N, B>, Error> {
        if region.is_some_and(|region| region.len() != self.last.pixels()) {
            return Err(Error::Length);
        }
        let Paused { comparison, at, first, uniform, occupied, rows, picture } = frame;
        Ok(Open { watch: self, comparison, region, at, first, uniform, occupied, rows, picture })
    }
}
