//! The shipped run of an int8 network under a degrading camera, as a monitor sees it, then its first frames again: the
//! camera has been cleaned.
//!
//! Board and host run this same code on the same bytes; the host compares every report and every event.

use soft_dice::monitor::{Event, Report, Settings, Watch};
use soft_dice::{Error, I8};

/// Of a frame: 256 × 144.
pub const PIXELS: usize = 256 * 144;
/// Frames of the run that are seen again at its end.
pub const CLEANED: usize = 30;

/// Where the network writes its output, and the copy of the last frame that the monitor keeps.
pub struct Memory {
    tensor: [i8; PIXELS],
    last: [i8; PIXELS],
}

impl Memory {
    /// Zeros, which may lie in `.bss`.
    pub const fn new() -> Self {
        Self { tensor: [0; PIXELS], last: [0; PIXELS] }
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}

/// The pixels of a `.npy` file of version 1.
pub fn pixels(npy: &[u8]) -> Option<&[u8]> {
    let length = npy.strip_prefix(b"\x93NUMPY\x01\x00")?.first_chunk()?;
    npy.get(10 + usize::from(u16::from_le_bytes(*length))..)
}

/// Calls `seen` after every frame.
pub fn replay(memory: &mut Memory, run: &[u8], mut seen: impl FnMut(Option<Event>, Report)) -> Result<(), Error> {
    let Memory { tensor, last } = memory;
    let mut watch = Watch::<_, 32>::new(I8::TFLITE, last, Settings::DEFAULT)?;
    let (frames, rest) = run.as_chunks::<PIXELS>();
    if !rest.is_empty() {
        return Err(Error::Length);
    }
    for frame in frames.iter().chain(frames.iter().take(CLEANED)) {
        for (pixel, byte) in tensor.iter_mut().zip(frame) {
            *pixel = byte.cast_signed();
        }
        let event = watch.frame(tensor)?;
        seen(event, watch.report());
    }
    Ok(())
}
