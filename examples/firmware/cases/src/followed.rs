//! Cases of a watch over 8-bit maps: any zero point, scale, dead zone and cut, in chunks of any length at any address. What it
//! sums and what its monitor is given of every frame must not depend on the loops that a core has for it.

use crate::{Case, Memory, ODD, ODD_U, Random, line};
use core::fmt::{self, Write};
use soft_dice::confidence::Kept;
use soft_dice::monitor::{Settings, Watch};
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
    each(0, U8, &mut p.u8, &mut t.u8, |random| random.word() as u8, out)
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
