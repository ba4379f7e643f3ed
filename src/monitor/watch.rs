use super::{Event, Frame, Monitor, Report, Settings, State};
use crate::confidence::{Kept, Last, confidence, uniform};
use crate::element::Element;
use crate::target::Own;
use crate::{Error, Stream};

/// Watches the output of a network of one class, a map at a time: what a device in the field needs, in one call a frame.
///
/// Two sweeps a frame, in lanes (the map with its own mask, and with the last map), and a comparison that ends at once
/// unless the map is uniform. Memory: the buffer, a byte a pixel, and a [`Monitor`].
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
#[derive(Debug)]
pub struct Watch<'a, P: Kept, const N: usize = 32> {
    stream: Stream<P, Own>,
    last: Last<'a, P>,
    monitor: Monitor<N>,
}

impl<'a, P: Kept, const N: usize> Watch<'a, P, N> {
    /// A watch at the threshold of one half; the buffer has as many bytes as a map has pixels, and will hold the last.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] as [`Settings::check`].
    pub fn new(element: P, buffer: &'a mut [<P::As as Element>::Raw], settings: Settings) -> Result<Self, Error> {
        Ok(Self { stream: confidence(element), last: Last::new(element, buffer), monitor: Monitor::new(settings)? })
    }

    /// The same with another threshold or tie rule.
    #[must_use]
    pub fn threshold(self, own: Own) -> Self {
        let Self { stream, last, monitor } = self;
        Self { stream: Stream::new(stream.sums().prediction(), own), last, monitor }
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
        self.stream.reset();
        self.stream.update(map, ())?;
        let frame = Frame::new(self.stream.sums())?.uniform(uniform(map, 1)).compared(self.last.compare(map)?);
        self.monitor.observe(&frame)
    }

    /// Takes note of a frame that never came.
    pub fn dropped(&mut self) -> Option<Event> {
        self.monitor.dropped()
    }

    /// The sums of the last frame with its own mask, exactly.
    #[must_use]
    pub const fn sums(&self) -> &crate::Sums<P, Own> {
        self.stream.sums()
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
        self.monitor.reset();
    }
}

#[cfg(feature = "defmt")]
impl<P: Kept, const N: usize> defmt::Format for Watch<'_, P, N> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{}", self.monitor);
    }
}
