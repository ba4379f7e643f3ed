//! What an interrupt owns that fills a frame: a watch in a `static`, and the half buffer that a DMA controller would have written.

use crate::watch::{CLEANED, PIXELS};
use soft_dice::monitor::{Event, Paused, Report, Settings, Watch};
use soft_dice::{Error, I8};

/// Of a half buffer.
pub const HALF: usize = PIXELS / 2;

/// A watch that keeps its last frame itself, so that all of it is a constant.
type Device = Watch<'static, I8, 32, [i8; PIXELS]>;

/// A frame as the watch saw it: the change of state that it brought, and all that is known after it.
pub type Said = (Option<Event>, Report);

/// The watch, and the frame that is half there.
pub struct Filling {
    watch: Device,
    open: Option<Paused<I8>>,
    buffer: [i8; HALF],
    halves: usize,
}

impl Filling {
    /// Nothing has come yet.
    pub const fn new() -> Self {
        const DEVICE: I8 = I8::TFLITE;
        match Device::owning(DEVICE, DEVICE.own_at_least(0.5), [0; PIXELS], Settings::DEFAULT) {
            Ok(watch) => Self { watch, open: None, buffer: [0; HALF], halves: 0 },
            Err(_) => panic!("settings that are out of range"),
        }
    }

    /// Half a buffer is full, of the run that [`crate::watch::replay`] takes in whole frames. With the second half the frame has
    /// been judged. Nothing more comes after the last frame.
    pub fn half(&mut self, run: &[u8]) -> Result<Option<Said>, Error> {
        let frames = run.len() / PIXELS;
        if self.is_done(run) {
            return Ok(None);
        }
        let (frame, second) = (self.halves / 2 % frames, self.halves % 2);
        let source = run.get(frame * PIXELS + second * HALF..).unwrap_or_default();
        for (pixel, byte) in self.buffer.iter_mut().zip(source) {
            *pixel = byte.cast_signed();
        }
        self.halves += 1;
        let mut open = match self.open.take() {
            None => self.watch.open(),
            Some(half) => self.watch.resume(half, None)?,
        };
        open.map(&self.buffer)?;
        if second == 0 {
            self.open = Some(open.pause());
            return Ok(None);
        }
        let event = open.finish()?;
        Ok(Some((event, self.watch.report())))
    }

    /// All frames have come.
    pub fn is_done(&self, run: &[u8]) -> bool {
        self.halves >= 2 * (run.len() / PIXELS + CLEANED)
    }
}

impl Default for Filling {
    fn default() -> Self {
        Self::new()
    }
}
