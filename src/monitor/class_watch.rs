use super::camera::{Camera, Picture};
use super::sight::Sight;
use super::{Event, Frame, Monitor, Report, Settings, State};
use crate::confidence::{ClassConfidence, Compared, planar, share};
use crate::element::Element;
use crate::error::Error;
use crate::sums::Record;

/// Watches a network of `C` exclusive classes: the mask is the greatest class of every pixel.
///
/// The score is the mean of Soft Dice Confidence over the classes that the mask shows, without the background; each class's own
/// is [`Self::class`]. Agreement is that of the masks: pixels of the same class in both, of the pixels that are foreground in the
/// lesser one. A map is a repeated one if mask and every class's exact sums are. The mask's edge is that of the foreground.
///
/// Memory: a byte a pixel, a [`Monitor`], three sums a class; with a picture five rows of bytes.
///
/// ```
/// use soft_dice::I8;
/// use soft_dice::monitor::{ClassWatch, Settings, State};
///
/// let mut buffer = [0; 32];
/// let mut watch = ClassWatch::<_, 3, 16>::new(I8::TFLITE, Some(0), &mut buffer, Settings::DEFAULT)?;
/// for frame in 0..20i8 {
///     let map: [[i8; 3]; 32] = core::array::from_fn(|at| match at {
///         0..16 => [120, -124, -124 + frame % 3],
///         16..24 => [-124, 120, -124],
///         _ => [-124, -124, 119 - frame % 5],
///     });
///     watch.frame(map.as_flattened())?;
/// }
/// assert_eq!(watch.state(), State::Healthy);
/// assert_eq!(watch.class(2).map(|sky| sky.t), Some(8));
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Debug)]
pub struct ClassWatch<'a, P: Element, const C: usize, const N: usize = 32> {
    sums: ClassConfidence<P, C>,
    background: Option<usize>,
    /// The last mask: a class a pixel, [`NONE`] where there was none.
    labels: &'a mut [u8],
    full: bool,
    monitor: Monitor<N>,
    sight: Option<Sight<'a>>,
}

/// A pixel without a class: one of its numbers is none.
const NONE: u8 = 255;

impl<'a, P: Element, const C: usize, const N: usize> ClassWatch<'a, P, C, N> {
    /// A watch; the buffer has as many bytes as a map has pixels, and will hold the last mask.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] as [`Settings::check`], [`Error::Classes`] if the background is none of them.
    pub fn new(element: P, background: Option<usize>, buffer: &'a mut [u8], settings: Settings) -> Result<Self, Error> {
        const { assert!(C > 1 && C <= NONE as usize, "from 2 to 255 classes") };
        if background.is_some_and(|class| class >= C) {
            return Err(Error::Classes);
        }
        let sums = ClassConfidence::new(element);
        Ok(Self { sums, background, labels: buffer, full: false, monitor: Monitor::new(settings)?, sight: None })
    }

    /// The same with the camera's picture beside every map; the memory has [`Camera::bytes`].
    ///
    /// # Errors
    ///
    /// As [`super::Watch::seeing`].
    pub fn seeing(self, camera: Camera, memory: &'a mut [u8]) -> Result<Self, Error> {
        let sight = Sight::new(camera, memory, self.labels.len())?;
        Ok(Self { sight: Some(sight), ..self })
    }

    /// Takes a map whose classes lie side by side (NHWC).
    ///
    /// # Errors
    ///
    /// [`Error::Split`] if it ends within a pixel, [`Error::Length`] if it has not as many pixels as the buffer (or
    /// none), [`Error::Range`] if the element refuses a number. All is as it was, and the frame does not count.
    pub fn frame(&mut self, map: &[P::Raw]) -> Result<Option<Event>, Error> {
        self.interleaved(map, None)
    }

    /// The same with the camera's picture of that moment.
    ///
    /// # Errors
    ///
    /// As [`Self::frame`], and [`Error::Rows`] if the picture is not of the size that [`Self::seeing`] was told.
    pub fn frame_with(&mut self, map: &[P::Raw], picture: Picture<'_>) -> Result<Option<Event>, Error> {
        self.interleaved(map, Some(picture))
    }

    /// Takes a map whose classes lie apart (NCHW), with the camera's picture if there is one.
    ///
    /// # Errors
    ///
    /// As [`Self::frame_with`]; [`Error::Length`] also if the planes differ.
    pub fn frame_planar(
        &mut self,
        planes: [&[P::Raw]; C],
        picture: Option<Picture<'_>>,
    ) -> Result<Option<Event>, Error> {
        let pixels = planes.first().map_or(0, |plane| plane.len());
        self.take(|| planar(planes), pixels, picture)
    }

    /// Takes note of a frame that never came.
    pub fn dropped(&mut self) -> Option<Event> {
        self.monitor.dropped()
    }

    /// The sums of a class in the last frame.
    #[must_use]
    pub fn class(&self, class: usize) -> Option<Record> {
        self.sums.class(class)
    }

    /// All sums of the last frame.
    #[must_use]
    pub const fn sums(&self) -> &ClassConfidence<P, C> {
        &self.sums
    }

    /// The verdict so far.
    #[must_use]
    pub const fn state(&self) -> State {
        self.monitor.state()
    }

    /// All that is known, as numbers.
    #[must_use]
    pub fn report(&self) -> Report {
        self.monitor.report()
    }

    /// The monitor, with its history.
    #[must_use]
    pub const fn monitor(&self) -> &Monitor<N> {
        &self.monitor
    }

    /// Forgets everything but the settings.
    pub fn reset(&mut self) {
        self.sums.reset();
        self.full = false;
        self.monitor.reset();
    }

    fn interleaved(&mut self, map: &[P::Raw], picture: Option<Picture<'_>>) -> Result<Option<Event>, Error> {
        let (pixels, rest) = map.as_chunks::<C>();
        if !rest.is_empty() {
            return Err(Error::Split);
        }
        self.take(|| Ok(pixels.iter().copied()), pixels.len(), picture)
    }

    /// Takes pixels, which `all` gives as often as it is asked.
    fn take<I: Iterator<Item = [P::Raw; C]>>(
        &mut self,
        all: impl Fn() -> Result<I, Error>,
        pixels: usize,
        picture: Option<Picture<'_>>,
    ) -> Result<Option<Event>, Error> {
        if pixels != self.labels.len() || pixels == 0 {
            return Err(Error::Length);
        }
        if let Some(picture) = picture {
            self.sight.as_ref().ok_or(Error::Rows)?.fits(picture)?;
        }
        let mut sums = self.sums;
        sums.reset();
        // What is refused is refused before a label is written.
        let first = all()?.next();
        let mut uniform = true;
        if self.sums.refuses() {
            sums.pixels(all()?, |_| ())?;
            sums.reset();
        }
        uniform &= all()?.all(|pixel| Some(pixel) == first);
        let background = self.background;
        let front = |label: u8| label != NONE && background != Some(usize::from(label));
        let (mut same, mut equal, mut now, mut before) = (0u64, true, 0u64, 0u64);
        let mut labels = self.labels.iter_mut();
        sums.pixels(all()?, |class| {
            let Some(label) = labels.next() else { return };
            let class = class.map_or(NONE, |class| class as u8);
            let last = core::mem::replace(label, class);
            equal &= last == class && class != NONE;
            now += u64::from(front(class));
            before += u64::from(front(last));
            same += u64::from(last == class && front(class));
        })?;
        let identical = equal && sums == self.sums;
        self.sums = sums;
        let compared = Compared {
            agreement_q15: (now + before > 0).then(|| share(2 * same, now + before)),
            covered_q15: (now.min(before) > 0).then(|| share(same, now.min(before))),
            identical,
        };
        let compared = core::mem::replace(&mut self.full, true).then_some(compared);
        let mean = self.sums.mean_q15(background);
        let mut frame = Frame::new(&self.sums.pooled(background))?.scored(mean).uniform(uniform).compared(compared);
        if let (Some(picture), Some(sight)) = (picture, &mut self.sight) {
            frame = frame.pictured(Some(sight.look(picture, self.labels, front)?));
        }
        self.monitor.observe(&frame)
    }
}

#[cfg(feature = "defmt")]
impl<P: Element, const C: usize, const N: usize> defmt::Format for ClassWatch<'_, P, C, N> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{}", self.monitor);
    }
}
