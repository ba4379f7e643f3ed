//! A small scene with the camera's picture beside the map: it slips, it darkens, it empties. Board and host run this same
//! code; the host compares every report and every event.

use soft_dice::monitor::{Camera, Event, Picture, Report, Settings, Watch};
use soft_dice::{Error, I8};

/// Pixels of a row.
pub const WIDTH: usize = 40;
/// Rows.
pub const HEIGHT: usize = 32;
const PIXELS: usize = WIDTH * HEIGHT;
/// Frames of the run.
pub const FRAMES: usize = 150;

/// Map, picture, and what the watch keeps.
pub struct Memory {
    tensor: [i8; PIXELS],
    luma: [u8; PIXELS],
    last: [i8; PIXELS],
    rows: [u8; Camera::luma(WIDTH).bytes()],
}

impl Memory {
    /// Zeros, which may lie in `.bss`.
    pub const fn new() -> Self {
        Self { tensor: [0; PIXELS], luma: [0; PIXELS], last: [0; PIXELS], rows: [0; Camera::luma(WIDTH).bytes()] }
    }
}

/// A disc of light in the noise of a sensor, and the network's map of it, which lies beside it for a while.
fn draw(tensor: &mut [i8; PIXELS], luma: &mut [u8; PIXELS], frame: usize, random: &mut crate::Random) {
    let slip = if (90..110).contains(&frame) { 6 } else { 0 };
    let empty = frame >= 130;
    let sway = (frame % 7) as i32 - 3;
    for (at, (code, luma)) in tensor.iter_mut().zip(luma).enumerate() {
        let (x, y) = ((at % WIDTH) as i32 - 18, (at / WIDTH) as i32 - 16);
        let inside = |x: i32| 81 - (x * x + y * y);
        *luma = if inside(x - sway / 2) > 0 && !empty { 150 } else { 60 } + (random.word() & 3) as u8;
        let q = if empty { -128 } else { (inside(x - sway / 2 - slip) * 8).clamp(-128, 127) };
        *code = (q as i8).saturating_sub((random.word() & 1) as i8);
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}

/// Calls `seen` after every frame.
pub fn replay(memory: &mut Memory, mut seen: impl FnMut(Option<Event>, Report)) -> Result<(), Error> {
    let mut random = crate::Random::new(3);
    let Memory { tensor, luma, last, rows } = memory;
    let mut watch = Watch::<_, 32>::new(I8::TFLITE, last, Settings::DEFAULT)?.seeing(Camera::luma(WIDTH), rows)?;
    for frame in 0..FRAMES {
        draw(tensor, luma, frame, &mut random);
        let event = watch.frame_with(tensor, Picture::new(luma, WIDTH))?;
        seen(event, watch.report());
    }
    Ok(())
}
