//! Cases of a watch over 8-bit maps: any zero point, scale, dead zone and cut, in chunks of any length at any address, and
//! pictures of any width, format and scale beside them. What it sums and what its monitor is given of every frame must not depend on
//! the loops that a core has for it.

use crate::{Case, Memory, ODD, ODD_U, Random, line};
use core::fmt::{self, Write};
use soft_dice::confidence::Kept;
use soft_dice::monitor::{Camera, Format, Picture, Settings, Watch};
use soft_dice::{Element, Error, I8, Measured, Own, U8, U8Affine};

/// Maps of each element.
const EACH: u32 = 24;
/// Frames of a map: the first is compared with none, the last repeats the one before.
const FRAMES: usize = 3;

/// All of them.
///
/// # Errors
///
/// Those of `out`.
pub fn run<const N: usize>(memory: &mut Memory<N>, out: &mut impl Write) -> fmt::Result {
    let Memory { p, t } = memory;
    // 127 is 0, so that no code is above it.
    let nothing = I8::new(0.01, 127);
    for (number, element) in
        [Ok(I8::TFLITE), Ok(ODD), Ok(I8::ONNXRUNTIME.dead_zone(20)), nothing].into_iter().enumerate()
    {
        let Ok(element) = element else { return writeln!(out, "no element {number}") };
        each(number, element, &mut p.i8, &mut t.i8, |random| random.word() as i8, out)?;
    }
    for (number, element) in [ODD_U, U8Affine::TFLITE, ODD_U.dead_zone(40)].into_iter().enumerate() {
        each(number, element, &mut p.u8, &mut t.u8, |random| random.word() as u8, out)?;
    }
    each(0, U8, &mut p.u8, &mut t.u8, |random| random.word() as u8, out)?;
    pictures(memory, out)
}

/// Widths with and without whole turns of eight pixels and whole words of 32.
const WIDTHS: [usize; 8] = [1, 3, 7, 8, 13, 32, 33, 47];

/// Pictures whole, and row by row in a region.
fn pictures<const N: usize>(memory: &mut Memory<N>, out: &mut impl Write) -> fmt::Result {
    let Memory { p, t } = memory;
    let formats = [Format::Luma, Format::Rgb565, Format::Rgb565Big, Format::Yuyv, Format::Uyvy];
    for turn in 0..40 {
        let (width, every) = (WIDTHS[turn % 8], [1, 1, 1, 2, 3][turn % 5]);
        let camera = Camera { width, every, format: formats[turn / 2 % 5] };
        let rows = (N / (camera.row_bytes() * usize::from(every))).min(N / width).min(9);
        if rows == 0 || camera.bytes() > N {
            continue;
        }
        let mut random = Random::new(9000 + turn as u32);
        let (map, last) = (&mut p.i8[..rows * width], &mut t.i8[..rows * width]);
        // A picture of a few grey levels, so that not all of its change is cut off.
        p.u8.fill_with(|| [0, 100, 104, 107, 115, 131][random.below(6)]);
        let Ok(watch) = Watch::<_, 2>::new(I8::TFLITE, last, Settings::DEFAULT) else { return Err(fmt::Error) };
        let cut = [128, 100, 0, 255, 256, 30][turn % 6];
        let watch = watch.threshold(Own::from_code(cut)).seeing(camera, &mut t.u8[turn % 3..]);
        let Ok(mut watch) = watch else {
            writeln!(out, "picture {turn} {:?}", watch.err())?;
            continue;
        };
        for frame in 0..FRAMES {
            map.fill_with(|| if random.below(3) == 0 { random.word() as i8 } else { 90 });
            let picture = &p.u8[..rows * usize::from(every) * camera.row_bytes()];
            let event = match frame {
                1 => inside(&mut watch, camera, map, picture, &p.u8[..rows * width]),
                _ => watch.frame_with(map, Picture::new(picture, camera.row_bytes())).map(|event| event.is_some()),
            };
            writeln!(out, "picture {turn} {frame} {event:?} {:?}", watch.seen())?;
        }
    }
    Ok(())
}

/// A frame row by row, in a region that leaves out where the picture's bytes are 0.
fn inside(
    watch: &mut Watch<'_, I8, 2>,
    camera: Camera,
    map: &[i8],
    picture: &[u8],
    region: &[u8],
) -> Result<bool, Error> {
    let mut open = watch.open();
    open.within(region)?;
    open.map(map)?;
    for row in picture.chunks_exact(camera.row_bytes()) {
        open.picture_row(row)?;
    }
    Ok(open.finish()?.is_some())
}

fn each<P: Kept<As = P> + Element>(
    number: usize,
    element: P,
    map: &mut [P::Raw],
    last: &mut [P::Raw],
    mut raw: impl FnMut(&mut Random) -> P::Raw,
    out: &mut impl Write,
) -> fmt::Result {
    for turn in 0..EACH {
        let mut case = Case::new(7000 + 100 * number as u32 + turn, map.len());
        let Case { pixels, p, t, .. } = case;
        let (map, last) = (&mut map[p..p + pixels], &mut last[t..t + pixels]);
        let cut = [0, 1, 128, 255, 256, 40][turn as usize % 6];
        map.fill_with(|| raw(&mut case.random));
        let Ok(watch) = Watch::<_, 2>::new(element, last, Settings::DEFAULT) else { return Err(fmt::Error) };
        let mut watch = watch.threshold(Own::from_code(cut));
        for frame in 0..FRAMES {
            if frame == 1 {
                map.iter_mut().step_by(3).for_each(|pixel| *pixel = raw(&mut case.random));
            }
            let done = frame_of(&mut watch, map, &mut case.random);
            let sums = done.map(|_| watch.sums().record());
            line(out, format_args!("watch {number} {turn} {frame}"), pixels, sums)?;
            writeln!(out, "{:?} {:?}", done, watch.seen())?;
        }
    }
    Ok(())
}

/// A frame in one piece or two.
fn frame_of<P: Kept>(watch: &mut Watch<'_, P, 2>, map: &[P::Raw], random: &mut Random) -> Result<bool, Error> {
    let at = random.below(2 * map.len() + 1);
    let event = match map.split_at_checked(at) {
        None => watch.frame(map)?,
        Some((first, second)) => {
            let mut open = watch.open();
            open.map(first)?;
            open.map(second)?;
            open.finish()?
        }
    };
    Ok(event.is_some())
}
