use super::camera::{Camera, Picture};
use super::contour::Readings;
use super::sight::Sight;
use super::{Event, Frame, Learnt, Monitor, Report, Settings, State};
use crate::confidence::{ClassConfidence, FrameBuffer, planar, share};
use crate::element::Element;
use crate::error::Error;
use crate::sums::Record;

/// Watches a network of `C` exclusive classes: the mask is the greatest class of every pixel.
///
/// The score is the mean of Soft Dice Confidence over the classes that the mask shows, without the background; each class's own
/// is [`Self::class`]. Agreement is that of the masks: pixels of the same class in both, of the pixels that are foreground in the
/// lesser one. A map is a repeated one if mask and every class's exact sums are. The mask's edge is that of the foreground.
///
/// A map comes whole ([`Self::frame`], [`Self::frame_planar`]) or in chunks ([`Self::open`]), with a region and the camera's
/// picture if there are any.
///
/// Memory: a byte a pixel, a [`Monitor`], three sums a class; with a picture some six rows of bytes.
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
///
/// In a `static` a watch owns its buffer: [`Self::owning`].
#[derive(Debug)]
pub struct ClassWatch<'a, P: Element, const C: usize, const N: usize = 32, B = &'a mut [u8]> {
    sums: ClassConfidence<P, C>,
    background: Option<usize>,
    /// The last mask: a class a pixel, [`NONE`] where there was none.
    labels: B,
    full: bool,
    monitor: Monitor<N>,
    sight: Option<Sight<'a>>,
    seen: Option<Frame>,
}

/// A pixel without a class: one of its numbers is none.
const NONE: u8 = 255;

impl<'a, P: Element, const C: usize, const N: usize> ClassWatch<'a, P, C, N> {
    /// A watch; the buffer has as many bytes as a map has pixels, and will hold the last mask.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] as [`Settings::check`], [`Error::Classes`] if the background is none of them.
    pub const fn new(
        element: P,
        background: Option<usize>,
        buffer: &'a mut [u8],
        settings: Settings,
    ) -> Result<Self, Error> {
        if let Err(error) = background_is_one::<C>(background) {
            return Err(error);
        }
        match Monitor::new(settings) {
            Ok(monitor) => {
                let sums = ClassConfidence::new(element);
                Ok(Self { sums, background, labels: buffer, full: false, monitor, sight: None, seen: None })
            }
            Err(error) => Err(error),
        }
    }
}

impl<P: Element, const C: usize, const N: usize, const PIXELS: usize> ClassWatch<'_, P, C, N, [u8; PIXELS]> {
    /// A watch with a buffer of its own, for a `static` that interrupt and task share. What it holds does not matter.
    ///
    /// ```
    /// use soft_dice::I8;
    /// use soft_dice::monitor::{ClassWatch, Settings};
    /// use std::sync::Mutex;
    ///
    /// type Device = ClassWatch<'static, I8, 3, 16, [u8; 2]>;
    /// static WATCH: Mutex<Device> = Mutex::new(match Device::owning(I8::TFLITE, Some(0), [0; 2], Settings::DEFAULT) {
    ///     Ok(watch) => watch,
    ///     Err(_) => panic!("settings that are out of range"),
    /// });
    /// WATCH.lock().unwrap().frame(&[127, -128, -128, -128, 127, -128])?;
    /// assert_eq!(WATCH.lock().unwrap().report().area, 16384);
    /// # Ok::<(), soft_dice::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] as [`Settings::check`], [`Error::Classes`] if the background is none of them.
    pub const fn owning(
        element: P,
        background: Option<usize>,
        buffer: [u8; PIXELS],
        settings: Settings,
    ) -> Result<Self, Error> {
        if let Err(error) = background_is_one::<C>(background) {
            return Err(error);
        }
        match Monitor::new(settings) {
            Ok(monitor) => {
                let sums = ClassConfidence::new(element);
                Ok(Self { sums, background, labels: buffer, full: false, monitor, sight: None, seen: None })
            }
            Err(error) => Err(error),
        }
    }
}

/// What a watch asks of the number of its classes and of the background.
const fn background_is_one<const C: usize>(background: Option<usize>) -> Result<(), Error> {
    const { assert!(C > 1 && C <= NONE as usize, "from 2 to 255 classes") };
    match background {
        Some(class) if class >= C => Err(Error::Classes),
        _ => Ok(()),
    }
}

impl<'a, P: Element, const C: usize, const N: usize, B: FrameBuffer<u8>> ClassWatch<'a, P, C, N, B> {
    /// The same with the camera's picture beside every map; the memory has [`Camera::bytes`].
    ///
    /// # Errors
    ///
    /// As [`super::Watch::seeing`].
    pub fn seeing(self, camera: Camera, memory: &'a mut [u8]) -> Result<Self, Error> {
        let sight = Sight::new(camera, memory, self.labels.as_ref().len())?;
        Ok(Self { sight: Some(sight), ..self })
    }

    /// [`Self::seeing`] of a watch that stays where it is, in a `static`.
    ///
    /// # Errors
    ///
    /// As [`super::Watch::see`].
    pub fn see(&mut self, camera: Camera, memory: &'a mut [u8]) -> Result<(), Error> {
        self.sight = Some(Sight::new(camera, memory, self.labels.as_ref().len())?);
        Ok(())
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
        self.whole(pixels, picture, |open| open.planes(planes))
    }

    /// Begins a frame that comes in chunks. One that is not finished does not count, but the next has none to be compared
    /// with.
    pub fn open(&mut self) -> OpenClasses<'_, 'a, P, C, N, B> {
        let mut sums = self.sums;
        sums.reset();
        if let Some(sight) = &mut self.sight {
            sight.reset();
        }
        let beside = BesideLast { full: self.full, same: 0, equal: true, now: 0, before: 0 };
        OpenClasses {
            watch: self,
            sums,
            beside,
            region: None,
            at: 0,
            first: None,
            uniform: true,
            occupied: None,
            rows: 0,
            picture: None,
        }
    }

    /// Takes note of a frame that never came.
    pub fn dropped(&mut self) -> Option<Event> {
        self.monitor.dropped()
    }

    /// Begins anew with what was learnt before: [`Monitor::restore`].
    ///
    /// # Errors
    ///
    /// As there; all is as it was.
    pub fn restore(&mut self, learnt: &Learnt) -> Result<(), Error> {
        self.monitor.restore(learnt)?;
        self.full = false;
        Ok(())
    }

    /// What the monitor was given of the last frame, which is what [`super::tune`] takes; none before the first.
    #[must_use]
    pub const fn seen(&self) -> Option<&Frame> {
        self.seen.as_ref()
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
        self.seen = None;
        self.monitor.reset();
    }

    fn interleaved(&mut self, map: &[P::Raw], picture: Option<Picture<'_>>) -> Result<Option<Event>, Error> {
        let (pixels, rest) = map.as_chunks::<C>();
        if !rest.is_empty() {
            return Err(Error::Split);
        }
        self.whole(pixels.len(), picture, |open| open.map(map))
    }

    /// A whole map, which `take` hands over once its size and the picture's are known to fit.
    fn whole(
        &mut self,
        pixels: usize,
        picture: Option<Picture<'_>>,
        take: impl FnOnce(&mut OpenClasses<'_, 'a, P, C, N, B>) -> Result<(), Error>,
    ) -> Result<Option<Event>, Error> {
        if pixels != self.labels.as_ref().len() {
            return Err(Error::Length);
        }
        let (rows, bytes) = match (picture, &self.sight) {
            (None, _) => (0, 0),
            (Some(picture), Some(sight)) => (sight.fits(picture)?, sight.scaler.camera().row_bytes()),
            (Some(_), None) => return Err(Error::Rows),
        };
        let mut open = self.open();
        take(&mut open)?;
        if let Some(picture) = picture {
            for row in 0..rows {
                open.picture_row(picture.row(row, bytes)?)?;
            }
        }
        open.finish()
    }
}

/// The mask beside the last one.
#[derive(Clone, Copy, Debug)]
struct BesideLast {
    /// There is a last one.
    full: bool,
    /// Pixels of the same class of foreground in both.
    same: u64,
    /// No pixel differs, and every one has a class.
    equal: bool,
    /// Pixels of foreground now, and before.
    now: u64,
    before: u64,
}

/// A frame of many classes that comes in chunks of whole pixels, as a DMA controller's half buffers bring it, or row by row.
///
/// Any chunks give the same bits. Rows of the picture follow the map's rows that they belong to.
///
/// ```
/// use soft_dice::I8;
/// use soft_dice::monitor::{Camera, ClassWatch, Settings};
///
/// let (mut buffer, mut memory) = ([0; 32], [0; Camera::luma(8).bytes()]);
/// let mut watch = ClassWatch::<_, 2, 16>::new(I8::TFLITE, Some(0), &mut buffer, Settings::DEFAULT)?;
/// watch = watch.seeing(Camera::luma(8), &mut memory)?;
/// let mut open = watch.open();
/// for row in 0..4 {
///     open.map([[120, -120]; 3].as_flattened())?;            // three pixels of background
///     open.map([[-120, 120]; 5].as_flattened())?;
///     open.picture_row(&[10, 10, 10, 90 + row, 90, 90, 90, 90])?;
/// }
/// open.finish()?;
/// assert!(watch.report().edge > Some(0));                    // the mask's edge lies on the picture's
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Debug)]
pub struct OpenClasses<'w, 'a, P: Element, const C: usize, const N: usize = 32, B = &'a mut [u8]> {
    watch: &'w mut ClassWatch<'a, P, C, N, B>,
    sums: ClassConfidence<P, C>,
    beside: BesideLast,
    region: Option<&'w [u8]>,
    /// Pixels of the map so far.
    at: usize,
    first: Option<[P::Raw; C]>,
    uniform: bool,
    occupied: Option<bool>,
    /// Rows of the camera so far.
    rows: usize,
    picture: Option<Readings>,
}

impl<'w, P: Element, const C: usize, const N: usize, B: FrameBuffer<u8>> OpenClasses<'w, '_, P, C, N, B> {
    /// Only pixels in this region count: a byte for each pixel of a map, not 0 inside. The mask's edge counts where all its
    /// neighbours are inside as well.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] if it is not of a map's size, or pixels have come already. All is as it was.
    pub fn within(&mut self, region: &'w [u8]) -> Result<(), Error> {
        if region.len() != self.watch.labels.as_ref().len() || self.at > 0 {
            return Err(Error::Length);
        }
        self.region = Some(region);
        Ok(())
    }

    /// What something else knows of the scene: see [`Frame::occupied`].
    pub const fn occupied(&mut self, occupied: bool) {
        self.occupied = Some(occupied);
    }

    /// Takes the map's next pixels, whose classes lie side by side.
    ///
    /// # Errors
    ///
    /// [`Error::Split`] if they end within a pixel, [`Error::Length`] if there are more than a map has, [`Error::Range`] if
    /// the element refuses a number. All is as it was before the chunk.
    pub fn map(&mut self, chunk: &[P::Raw]) -> Result<(), Error> {
        let (pixels, rest) = chunk.as_chunks::<C>();
        if !rest.is_empty() {
            return Err(Error::Split);
        }
        self.take(|| Ok(pixels.iter().copied()), pixels.len())
    }

    /// The same of pixels whose classes lie apart: a slice of the same pixels for each.
    ///
    /// # Errors
    ///
    /// As [`Self::map`]; [`Error::Length`] also if the slices differ.
    pub fn planes(&mut self, planes: [&[P::Raw]; C]) -> Result<(), Error> {
        let pixels = planes.first().map_or(0, |plane| plane.len());
        self.take(|| planar(planes), pixels)
    }

    /// Takes pixels, which `all` gives as often as it is asked.
    fn take<I: Iterator<Item = [P::Raw; C]>>(
        &mut self,
        all: impl Fn() -> Result<I, Error>,
        pixels: usize,
    ) -> Result<(), Error> {
        let ClassWatch { labels, background, full, .. } = &mut *self.watch;
        let end = self.at.checked_add(pixels).ok_or(Error::Length)?;
        let labels = labels.as_mut().get_mut(self.at..end).ok_or(Error::Length)?;
        let region = match self.region {
            Some(region) => Some(region.get(self.at..end).ok_or(Error::Length)?),
            None => None,
        };
        let inside = |at: &usize| region.is_none_or(|region| region.get(*at).is_some_and(|&byte| byte != 0));
        let counted = || Ok::<_, Error>(all()?.enumerate().filter(|(at, _)| inside(at)).map(|(_, pixel)| pixel));
        // What is refused is refused before a label is written.
        if self.sums.refuses() {
            let mut tried = self.sums;
            tried.pixels(counted()?, |_| ())?;
        }
        let first = all()?.next();
        let background = *background;
        let front = |label: u8| label != NONE && background != Some(usize::from(label));
        let BesideLast { same, equal, now, before, .. } = &mut self.beside;
        let mut labels = labels.iter_mut().enumerate().filter(|(at, _)| inside(at)).map(|(_, label)| label);
        *full = false;
        self.sums.pixels(counted()?, |class| {
            let Some(label) = labels.next() else { return };
            let class = class.map_or(NONE, |class| class as u8);
            let last = core::mem::replace(label, class);
            *equal &= last == class && class != NONE;
            *now += u64::from(front(class));
            *before += u64::from(front(last));
            *same += u64::from(last == class && front(class));
        })?;
        if self.first.is_none() {
            self.first = first;
        }
        self.uniform = self.uniform && all()?.all(|pixel| Some(pixel) == self.first);
        self.at = end;
        Ok(())
    }

    /// Takes the picture's next row, as the camera writes it.
    ///
    /// # Errors
    ///
    /// [`Error::Rows`] as [`super::Open::picture_row`]. All is as it was.
    pub fn picture_row(&mut self, row: &[u8]) -> Result<(), Error> {
        let ClassWatch { labels, sight, background, .. } = &mut *self.watch;
        let sight = sight.as_mut().ok_or(Error::Rows)?;
        let gathered = sight.row(row, self.rows, self.at)?;
        self.rows += 1;
        let Some(at) = gathered else { return Ok(()) };
        let width = sight.contour.width();
        let line = labels.as_ref().get(at..).and_then(|rest| rest.get(..width)).ok_or(Error::Rows)?;
        let region = match self.region {
            Some(region) => Some(region.get(at..).and_then(|rest| rest.get(..width)).ok_or(Error::Rows)?),
            None => None,
        };
        let front = |&label: &u8| label != NONE && *background != Some(usize::from(label));
        sight.contour.end_mask(line.iter().map(front), region);
        self.picture = sight.done();
        Ok(())
    }

    /// The frame is complete: the change of state that it brings, if it does.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] if pixels are missing or none is in the region, [`Error::Rows`] if a picture was begun and rows are
    /// missing. The frame does not count: call [`ClassWatch::dropped`] if it should.
    pub fn finish(self) -> Result<Option<Event>, Error> {
        let Self { watch, sums, beside, at, uniform, occupied, rows, picture, .. } = self;
        if at != watch.labels.as_ref().len() || at == 0 {
            return Err(Error::Length);
        }
        if rows > 0 && picture.is_none() {
            return Err(Error::Rows);
        }
        let BesideLast { full, same, equal, now, before } = beside;
        let (own, mean) = (sums.pooled(watch.background), sums.mean_q15(watch.background));
        let mut frame = Frame::new(&own)?.scored(mean).uniform(uniform).read(picture);
        if full {
            frame.agreement = (now.min(before) > 0).then(|| share(same, now.min(before)));
            frame.identical = equal && sums == watch.sums;
        }
        // Pixels outside the region belong to the map as well.
        frame.pixels = at as u64;
        if let Some(occupied) = occupied {
            frame = frame.occupied(occupied);
        }
        watch.sums = sums;
        watch.full = true;
        watch.seen = Some(frame);
        watch.monitor.observe(&frame)
    }
}

#[cfg(feature = "defmt")]
impl<P: Element, const C: usize, const N: usize, B> defmt::Format for OpenClasses<'_, '_, P, C, N, B> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "OpenClasses {{ pixels: {=usize}, rows: {=usize} }}", self.at, self.rows);
    }
}

#[cfg(feature = "defmt")]
impl<P: Element, const C: usize, const N: usize, B> defmt::Format for ClassWatch<'_, P, C, N, B> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{}", self.monitor);
    }
}
