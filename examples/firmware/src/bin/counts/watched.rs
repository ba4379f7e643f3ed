//! Whole frames of a watch: from the map alone, and with the camera's luma beside it.

use crate::SIZES;
use board::Counter;
use cases::Random;
use core::hint::black_box;
use soft_dice::monitor::{Camera, Picture, Settings, Watch};
use soft_dice::{Error, I8};

/// A disc of light in the noise of a sensor, and a network's map of it.
fn draw((width, height): (usize, usize), map: &mut [i8], luma: &mut [u8], random: &mut Random) {
    let radius = height as i32 / 3;
    for (at, (code, luma)) in map.iter_mut().zip(luma).enumerate() {
        let (x, y) = ((at % width) as i32 - width as i32 / 2, (at / width) as i32 - height as i32 / 2);
        let inside = radius * radius - (x * x + y * y);
        let noise = (random.word() & 3) as u8;
        *luma = noise + if inside > 0 { 150 } else { 60 };
        *code = (inside.clamp(-127, 124) as i8).saturating_add(noise as i8);
    }
}

/// Instructions of two frames of a watch, each after one that it has something to compare with.
#[inline(never)]
pub fn watched(counter: &mut Counter, size: (usize, usize), picture: bool) -> [Result<u32, Error>; 2] {
    const MOST: usize = SIZES[0].0 * SIZES[0].1;
    let (mut map, mut luma, mut last) = ([0; MOST], [0; MOST], [0; MOST]);
    let mut rows = [0; Camera::luma(SIZES[0].0).bytes()];
    let (width, pixels) = (size.0, size.0 * size.1);
    let mut frames = || {
        let mut random = Random::new(7);
        let watch = Watch::<_, 32>::new(I8::TFLITE, &mut last[..pixels], Settings::DEFAULT)?;
        let mut watch = watch.seeing(Camera::luma(width), &mut rows)?;
        let mut one = |counter: &mut Counter| {
            draw(size, &mut map[..pixels], &mut luma[..pixels], &mut random);
            let mut done = Ok(None);
            let count = counter.instructions(|| {
                let (map, luma) = (black_box(&map[..pixels]), black_box(&luma[..pixels]));
                done = match picture {
                    true => black_box(&mut watch).frame_with(map, Picture::new(luma, width)),
                    false => black_box(&mut watch).frame(map),
                };
            });
            done.map(|_| count)
        };
        one(counter)?;
        one(counter)
    };
    [frames(), frames()]
}
