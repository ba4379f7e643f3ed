mod paused;

pub use paused::Paused;

use super::camera::{Camera, Picture};
use super::contour::Readings;
use super::sight::Sight;
use super::{Event, Frame, Learnt, Monitor, Report, Settings, State};
use crate::confidence::{Comparison, Covered, FrameBuffer, Kept, Last, confidence};
use crate::element::Element;
use crate::error::Error;
use crate::pixels::Region;
use crate::stream::Stream;
use crate::target::Own;

/// Watches the output of a network of one class: what a device in the field needs, a map at a time ([`Self::frame`],
/// [`Self::frame_with`]) or in chunks as it is written ([`Self::open`]).
///
/// The map with its own mask, and with the last map, which it replaces: one pass in words or lanes for an 8-bit map on a
/// microcontroller, else two sweeps, in lanes where the core has some. Beside that a comparison that
/// ends at once unless the map is uniform, and with a camera's picture one pass over mask and luma. Memory: the buffer, a
/// byte a pixel; a [`Monitor`]; with a picture some six rows of bytes ([`Camera::bytes`]).
///
/// ```
/// use soft_dice::I8;
/// use soft_dice::monitor::{Cause, Settings, State, Watch};
///
/// let mut buffer = [0; 64];
/// let mut watch = Watch::<_, 16>::new(I8::TFLITE, &mut buffer, Settings::DEFAULT)?;
/// let good = |frame: usize| core::array::from_fn::<i8, 64, _>(|at| match at {
///     0..8 => (frame % 5) as i8,                           // an edge, with a camera's noise
///     8..40 => 127,
///     _ => -128,
/// });
/// for frame in 0..20 {
///     watch.frame(&good(frame))?;
/// }
/// assert_eq!(watch.state(), State::Healthy);
/// watch.frame(&[-51; 64])?;                                // 0.3 everywhere: the network has died
/// let event = watch.frame(&[-51; 64])?.expect("the second such frame");
/// assert_eq!((event.to, event.cause), (State::Failed, Cause::Collapsed));
/// # Ok::<(), soft_dice::Error>(())
/// ```
///
/// In a `static` a watch owns its buffer: [`Self::owning`].
#[derive(Debug)]
pub struct Watch<'a, P: Kept, const N: usize = 32, B = &'a mut [<<P as Kept>::As as Element>::Raw]> {
    stream: Stream<P, Own>,
    last: Last<'a, P, B>,
    monitor: Monitor<N>,
    sight: Option<Sight<'a>>,
    /// Of what is kept, from here on it is foreground.
    cut: u16,
    seen: Option<Frame>,
}

impl<'a, P: Kept, const N: usize> Watch<'a, P, N> {
    /// A watch at the threshold of one half; the buffer has as many bytes as a map has pixels, and will hold the last.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] as [`Settings::check`].
    pub fn new(element: P, buffer: &'a mut [<P::As as Element>::Raw], settings: Settings) -> Result<Self, Error> {
        let (stream, last) = (confidence(element), Last::new(element, buffer));
        Ok(Self { stream, last, monitor: Monitor::new(settings)?, sight: None, cut: 0, seen: None })
    }
}

impl<P: Kept, const N: usize, const PIXELS: usize> Watch<'_, P, N, [<P::As as Element>::Raw; PIXELS]> {
    /// A watch with a buffer of its own, at the threshold of a mask: a constant, for a `static` that interrupt and task share. What
    /// the buffer holds does not matter. [`Self::see`] tells it of a camera afterwards.
    ///
    /// A `static` that begins with anything but zeros is copied from flash at the start, buffer and all: it takes as many bytes
    /// there. A buffer that is lent from a `static` of zeros takes none.
    ///
    /// ```
    /// use soft_dice::I8;
    /// use soft_dice::monitor::{Settings, Watch};
    /// use std::sync::Mutex;
    ///
    /// type Device = Watch<'static, I8, 16, [i8; 4]>;
    /// static WATCH: Mutex<Device> =
    ///     Mutex::new(match Device::owning(I8::TFLITE, I8::TFLITE.own_at_least(0.5), [0; 4], Settings::DEFAULT) {
    ///         Ok(watch) => watch,
    ///         Err(_) => panic!("settings that are out of range"),
    ///     });
    /// WATCH.lock().unwrap().frame(&[127, 127, -128, -128])?;
    /// assert_eq!(WATCH.lock().unwrap().report().area, 16384);
    /// # Ok::<(), soft_dice::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] as [`Settings::check`].
    pub const fn owning(
        element: P,
        own: Own,
        buffer: [<P::As as Element>::Raw; PIXELS],
        settings: Settings,
    ) -> Result<Self, Error> {
        match Monitor::new(settings) {
            Ok(monitor) => {
                let (stream, last) = (Stream::new(element, own), Last::owning(element, buffer));
                Ok(Self { stream, last, monitor, sight: None, cut: 0, seen: None })
            }
            Err(error) => Err(error),
        }
    }
}

impl<'a, P: Kept, const N: usize, B: FrameBuffer<<P::As as Element>::Raw>> Watch<'a, P, N, B> {
    /// The same with another threshold or tie rule. Of maps that are kept rounded to 1/255 the picture's part sees the
    /// mask at the threshold rounded likewise.
    #[must_use]
    pub fn threshold(self, own: Own) -> Self {
        let element = self.stream.sums().prediction();
        Self { stream: Stream::new(element, own), cut: element.order_of_cut(own.cut()), ..self }
    }

    /// The same with the camera's picture beside every map; the memory has [`Camera::bytes`].
    ///
    /// # Errors
    ///
    /// [`Error::Rows`] if the camera's width is no divisor of a map's pixels, [`Error::Length`] if the memory is too
    /// small, [`Error::Setting`] if `every` is not from 1 to 64.
    pub fn seeing(mut self, camera: Camera, memory: &'a mut [u8]) -> Result<Self, Error> {
        self.see(camera, memory)?;
        Ok(self)
    }

    /// [`Self::seeing`] of a watch that stays where it is, in a `static`. It is for the time before the first frame: of a frame
    /// that is open the picture's rows so far are forgotten.
    ///
    /// # Errors
    ///
    /// As there; all is as it was.
    pub fn see(&mut self, camera: Camera, memory: &'a mut [u8]) -> Result<(), Error> {
        let sums = self.stream.sums();
        let cut = sums.prediction().order_of_cut(sums.target().cut());
        let sight = Sight::new(camera, memory, self.last.pixels())?;
        (self.sight, self.cut) = (Some(sight), cut);
        Ok(())
    }

    /// Takes a map: the change of state that it brings, if it does.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] if the map has not as many pixels as the buffer (or none), [`Error::Range`] if the element
    /// refuses a pixel. All is as it was, and the frame does not count: call [`Self::dropped`] if it should.
    pub fn frame(&mut self, map: &[P::Raw]) -> Result<Option<Event>, Error> {
        if map.len() != self.last.pixels() {
            return Err(Error::Length);
        }
        let mut open = self.open();
        open.everywhere(map)?;
        open.summed()?;
        open.close()
    }

    /// The same with the camera's picture of that moment.
    ///
    /// # Errors
    ///
    /// As [`Self::frame`], and [`Error::Rows`] if the picture is not of the size that [`Self::seeing`] was told, or it
    /// was told none.
    pub fn frame_with(&mut self, map: &[P::Raw], picture: Picture<'_>) -> Result<Option<Event>, Error> {
        if map.len() != self.last.pixels() {
            return Err(Error::Length);
        }
        self.sight.as_ref().ok_or(Error::Rows)?.fits(picture)?;
        let mut open = self.open();
        open.everywhere(map)?;
        open.summed()?;
        open.picture(picture)?;
        open.close()
    }

    /// Begins a frame that comes in chunks. One that is not finished does not count, but the next has none to be
    /// compared with.
    pub fn open(&mut self) -> Open<'_, 'a, P, N, B> {
        let comparison = self.last.begin();
        Open {
            watch: self,
            comparison,
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
        self.last.reset();
        Ok(())
    }

    /// Pixels of a map.
    #[must_use]
    pub fn pixels(&self) -> usize {
        self.last.pixels()
    }

    /// The sums of the last frame with its own mask, exactly.
    #[must_use]
    pub const fn sums(&self) -> &crate::sums::Sums<P, Own> {
        self.stream.sums()
    }

    /// What the monitor was given of the last frame; none before the first.
    #[must_use]
    pub const fn seen(&self) -> Option<&Frame> {
        self.seen.as_ref()
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
        self.stream.reset();
        self.last.reset();
        self.seen = None;
        self.monitor.reset();
    }
}

/// A frame that comes in chunks, as a DMA controller's half buffers bring it, or row by row.
///
/// Any chunks of the map give the same bits. Rows of the picture follow the map's rows that they belong to, so that the mask
/// under them is known; where the camera is ahead of the network, keep its picture and hand it over afterwards.
///
/// ```
/// use soft_dice::I8;
/// use soft_dice::monitor::{Camera, Settings, Watch};
///
/// let (mut buffer, mut memory) = ([0; 64], [0; Camera::luma(8).bytes()]);
/// let mut watch = Watch::<_, 16>::new(I8::TFLITE, &mut buffer, Settings::DEFAULT)?;
/// watch = watch.seeing(Camera::luma(8), &mut memory)?;
/// let mut open = watch.open();
/// for row in 0..8 {
///     open.map(&[-128, -128, -128, 127, 127, 127, 127, 127])?;
///     open.picture_row(&[10, 10, 10, 90 + row, 90, 90, 90, 90])?;
/// }
/// open.finish()?;
/// assert!(watch.report().edge > Some(0));                // the mask's edge lies on the picture's
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Debug)]
pub struct Open<'w, 'a, P: Kept, const N: usize = 32, B = &'a mut [<<P as Kept>::As as Element>::Raw]> {
    watch: &'w mut Watch<'a, P, N, B>,
    comparison: Comparison,
    region: Option<&'w [u8]>,
    /// Pixels of the map so far.
    at: usize,
    first: Option<P::Raw>,
    uniform: bool,
    occupied: Option<bool>,
    /// Rows of the camera so far.
    rows: usize,
    picture: Option<Readings>,
}

impl<'w, P: Kept, const N: usize, B: FrameBuffer<<P::As as Element>::Raw>> Open<'w, '_, P, N, B> {
    /// Only pixels in this region count: a byte for each pixel of a map, not 0 inside. The mask's edge counts where all its
    /// neighbours are inside as well.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] if it is not of a map's size, or pixels have come already. All is as it was.
    pub fn within(&mut self, region: &'w [u8]) -> Result<(), Error> {
        if region.len() != self.watch.last.pixels() || self.at > 0 {
            return Err(Error::Length);
        }
        self.region = Some(region);
        Ok(())
    }

    /// What something else knows of the scene: see [`Frame::occupied`].
    pub const fn occupied(&mut self, occupied: bool) {
        self.occupied = Some(occupied);
    }

    /// Takes the map's next pixels.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] if there are more than a map has, [`Error::Range`] if the element refuses one,
    /// [`Error::Capacity`]. All is as it was before the chunk.
    pub fn map(&mut self, chunk: &[P::Raw]) -> Result<(), Error> {
        match self.region {
            None => self.everywhere(chunk),
            Some(region) => self.inside(chunk, region),
        }
    }

    /// [`Self::map`] of a frame without a region: a way of its own, so that a watch that never has one links no other.
    fn everywhere(&mut self, chunk: &[P::Raw]) -> Result<(), Error> {
        let end = self.end(chunk)?;
        let Watch { stream, last, .. } = &mut *self.watch;
        if !last.part_own(&mut self.comparison, self.at, chunk, stream)? {
            let mut sums = *stream;
            if self.at == 0 {
                sums.reset();
            }
            sums.update(chunk, ())?;
            last.part(&mut self.comparison, self.at, chunk)?;
            *stream = sums;
        }
        self.taken(chunk, end);
        Ok(())
    }

    fn inside(&mut self, chunk: &[P::Raw], region: &[u8]) -> Result<(), Error> {
        let end = self.end(chunk)?;
        let region = region.get(self.at..end).ok_or(Error::Length)?;
        let Watch { stream, last, .. } = &mut *self.watch;
        let mut sums = *stream;
        if self.at == 0 {
            sums.reset();
        }
        sums.update_within(chunk, (), Region::Bytes(region))?;
        last.part_within(&mut self.comparison, self.at, chunk, region)?;
        *stream = sums;
        self.taken(chunk, end);
        Ok(())
    }

    /// Pixels of the map with the chunk.
    fn end(&self, chunk: &[P::Raw]) -> Result<usize, Error> {
        self.at.checked_add(chunk.len()).filter(|&end| end <= self.watch.last.pixels()).ok_or(Error::Length)
    }

    /// The chunk is in the sums, and reaches to `end`.
    fn taken(&mut self, chunk: &[P::Raw], end: usize) {
        let Some(&first) = chunk.first() else { return };
        let first = *self.first.get_or_insert(first);
        self.uniform = self.uniform && chunk.iter().all(|&raw| raw == first);
        self.at = end;
    }

    /// Takes a whole picture beside a whole map.
    fn picture(&mut self, picture: Picture<'_>) -> Result<(), Error> {
        let Watch { last, sight, cut, .. } = &mut *self.watch;
        let map = last.kept(0, last.pixels()).ok_or(Error::Rows)?;
        self.picture = Some(sight.as_mut().ok_or(Error::Rows)?.whole(picture, map, *cut)?);
        Ok(())
    }

    /// Takes the picture's next row, as the camera writes it.
    ///
    /// # Errors
    ///
    /// [`Error::Rows`] if the row has another length than the camera's, or there are more than belong to the map, or the
    /// map's row that it belongs to is not yet complete, or [`Watch::seeing`] was told no camera. All is as it was.
    pub fn picture_row(&mut self, row: &[u8]) -> Result<(), Error> {
        let Watch { last, sight, cut, .. } = &mut *self.watch;
        let sight = sight.as_mut().ok_or(Error::Rows)?;
        let gathered = sight.row(row, self.rows, self.at)?;
        self.rows += 1;
        let Some(at) = gathered else { return Ok(()) };
        let width = sight.contour.width();
        let (kept, flip) = last.kept(at, width).ok_or(Error::Rows)?;
        let region = match self.region {
            Some(region) => Some(region.get(at..).and_then(|rest| rest.get(..width)).ok_or(Error::Rows)?),
            None => None,
        };
        sight.contour.end_bytes(kept, flip, *cut, region);
        self.picture = sight.done();
        Ok(())
    }

    /// The frame is complete: the change of state that it brings, if it does.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] if pixels are missing, [`Error::Rows`] if a picture was begun and rows are missing. The frame
    /// does not count: call [`Watch::dropped`] if it should.
    pub fn finish(mut self) -> Result<Option<Event>, Error> {
        if self.at != self.watch.last.pixels() {
            return Err(Error::Length);
        }
        if self.rows > 0 && self.picture.is_none() {
            return Err(Error::Rows);
        }
        self.summed()?;
        self.close()
    }

    /// What is seen of the map alone, all of which is there; [`Error::Length`] of one without a pixel. It is written where it
    /// stays: copies on the way there would be stack, and text.
    fn summed(&mut self) -> Result<(), Error> {
        let Self { watch, comparison, uniform, occupied, .. } = self;
        let frame = watch.seen.insert(Frame::new(watch.stream.sums())?);
        (frame.uniform, frame.occupied) = (*uniform, *occupied);
        if let Some(Covered { covered_q15, identical }) = comparison.beside() {
            (frame.agreement, frame.identical) = (covered_q15, identical);
        }
        Ok(())
    }

    /// The frame is complete, and [`Self::summed`]. Inlined, so that a frame that comes whole need not lie in memory.
    #[inline(always)]
    fn close(self) -> Result<Option<Event>, Error> {
        let Watch { last, monitor, seen, .. } = self.watch;
        last.end();
        let frame = seen.as_mut().ok_or(Error::Length)?;
        if let Some(Readings { edge, detail }) = self.picture {
            (frame.edge, frame.detail) = (edge, Some(detail));
        }
        monitor.observe(frame)
    }
}

#[cfg(feature = "defmt")]
impl<P: Kept, const N: usize, B> defmt::Format for Open<'_, '_, P, N, B> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "Open {{ pixels: {=usize}, rows: {=usize} }}", self.at, self.rows);
    }
}

#[cfg(feature = "defmt")]
impl<P: Kept, const N: usize, B> defmt::Format for Watch<'_, P, N, B> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{}", self.monitor);
    }
}
