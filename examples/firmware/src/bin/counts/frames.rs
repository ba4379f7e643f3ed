//! Calls that say more of a frame than its sums, each beside the loop that one would write by hand: tiles, reliability bins,
//! decisions, gradients, several masks at once. 256 KiB of flash have room for the decisions alone, beside all else that is counted.

use crate::plain::{self, BLOCK, Sums};
use crate::{FLOATS, PIXELS};
use board::{Counter, Out};
use core::hint::black_box;
use soft_dice::{Error, Measured, Stream, Thresholded, U8, ZeroOne};
#[cfg(not(small))]
use soft_dice::{F32, Gradient, I8, Interleaved, Linear, Multilabel, NonZero, Reliability, Score, Tiles};

/// A square of so many pixels a side, in 8 × 8 tiles.
#[cfg(not(small))]
const SIDE: usize = 64;
/// Tiles a side.
#[cfg(not(small))]
const TILES: usize = 8;

/// int8 × a mask in tiles, the pixels of a frame row by row.
#[cfg(not(small))]
fn tiles(sums: &mut [Sums; TILES * TILES], p: &[i8], mask: &[u8]) -> Result<(), Error> {
    for one in sums.iter() {
        one.room(p.len(), [mask.len(); 2])?;
    }
    if p.len() > SIDE * SIDE {
        return Err(Error::Rows);
    }
    let mut found = [[0u32; 4]; TILES * TILES];
    for (y, (p, mask)) in p.chunks(SIDE).zip(mask.chunks(SIDE)).enumerate() {
        for (x, (&p, &one)) in p.iter().zip(mask).enumerate() {
            let [count, sp, st, spt] = &mut found[y * TILES / SIDE * TILES + x * TILES / SIDE];
            let (p, one) = (plain::code(p), u32::from(one != 0));
            *count += 1;
            *sp += p;
            *st += one;
            *spt += p * one;
        }
    }
    for (one, [count, p, t, pt]) in sums.iter_mut().zip(found) {
        plain::add(one, [count, 0, 0, p, t, pt]);
    }
    Ok(())
}

/// u8 × a mask in ten bins of equal width: pixels, Σp and Σt of each.
#[cfg(not(small))]
fn bins(bins: &mut [[u64; 3]; 10], p: &[u8], mask: &[u8]) -> Result<(), Error> {
    if p.len() != mask.len() {
        return Err(Error::Length);
    }
    for (p, mask) in p.chunks(BLOCK).zip(mask.chunks(BLOCK)) {
        let mut block = [[0u32; 3]; 10];
        for (&p, &one) in p.iter().zip(mask) {
            let p = u32::from(p);
            let [count, sp, st] = &mut block[(p * 10 / 255).min(9) as usize];
            *count += 1;
            *sp += p;
            *st += u32::from(one != 0);
        }
        for (sums, block) in bins.iter_mut().zip(block) {
            sums.iter_mut().zip(block).for_each(|(sum, more)| *sum += u64::from(more));
        }
    }
    Ok(())
}

/// u8 × a mask declared {0, 1}: the sums of the codes, and those of the map cut at a code.
fn both(sums: &mut [Sums; 2], p: &[u8], mask: &[u8]) -> Result<(), Error> {
    sums[0].room(p.len(), [mask.len(); 2])?;
    let mut new = *sums;
    for (p, mask) in p.chunks(BLOCK).zip(mask.chunks(BLOCK)) {
        let ([mut sp, mut st, mut spt], [mut hard, mut common]) = ([0u32; 3], [0u32; 2]);
        for (&p, &one) in p.iter().zip(mask) {
            if one > 1 {
                return Err(Error::Mask);
            }
            let (p, one) = (u32::from(p), u32::from(one));
            let cut = u32::from(p >= 128);
            sp += p;
            st += one;
            spt += p * one;
            hard += cut;
            common += cut & one;
        }
        plain::add(&mut new[0], [p.len() as u32, 0, 0, sp, st, spt]);
        plain::add(&mut new[1], [p.len() as u32, 0, 0, hard, st, common]);
    }
    *sums = new;
    Ok(())
}

/// Four masks beside four channels, both interleaved.
#[cfg(not(small))]
fn independent(sums: &mut [Sums; 4], p: &[i8], masks: &[u8]) -> Result<(), Error> {
    if !p.len().is_multiple_of(4) || p.len() != masks.len() {
        return Err(Error::Length);
    }
    for one in sums.iter() {
        one.room(p.len() / 4, [masks.len() / 4; 2])?;
    }
    for (p, masks) in p.chunks(4 * BLOCK).zip(masks.chunks(4 * BLOCK)) {
        let mut block = [[0u32; 3]; 4];
        for (row, ones) in p.as_chunks::<4>().0.iter().zip(masks.as_chunks::<4>().0) {
            for ((one, &q), &mask) in block.iter_mut().zip(row).zip(ones) {
                let code = plain::code(q);
                one[0] += code;
                if mask != 0 {
                    one[1] += 1;
                    one[2] += code;
                }
            }
        }
        for (one, [sp, t, pt]) in sums.iter_mut().zip(block) {
            plain::add(one, [(p.len() / 4) as u32, 0, 0, sp, t, pt]);
        }
    }
    Ok(())
}

/// The same float, in a loop of which the compiler makes no vectors: those of floats, as it makes them on a Cortex-M55, take small numbers
/// as 0 and do not see a NaN, so that they do not compute the same.
#[cfg(not(small))]
fn alone(x: f32) -> f32 {
    #[cfg(target_arch = "arm")]
    // SAFETY: there is no instruction.
    unsafe {
        core::arch::asm!("", options(nostack, preserves_flags))
    };
    x
}

/// The slope of each pixel of f32 × a mask, 0 where the pixel is left out.
#[cfg(not(small))]
fn slopes(out: &mut [f32], gradient: &Gradient, p: &[f32], mask: &[u8]) -> Result<(), Error> {
    if p.len() != mask.len() || p.len() != out.len() {
        return Err(Error::Length);
    }
    for ((out, &p), &one) in out.iter_mut().zip(p).zip(mask) {
        let p = alone(p);
        *out = match plain::float(p) {
            Some(_) => gradient.at(p.clamp(0.0, 1.0), if one != 0 { 1.0 } else { 0.0 }),
            None => 0.0,
        };
    }
    Ok(())
}

pub fn alike(found: &impl Measured, plain: &Sums) -> bool {
    let found = found.record();
    [found.p, found.t, found.pt, found.count.into()] == [plain.p, plain.t, plain.pt, plain.count].map(u128::from)
}

/// All of them; whether each call is as fast as its plain loop.
#[inline(never)]
pub fn run(
    out: &mut Out,
    counter: &mut Counter,
    p8: &[u8; PIXELS],
    i8: &[i8; PIXELS],
    f32: &mut [[f32; FLOATS]; 2],
    mask: &[u8; PIXELS],
) -> bool {
    let mut fast = true;
    macro_rules! beside {
        ($($row:tt)*) => { crate::beside!((out, counter, fast), $($row)*) };
    }
    let t = black_box(&mask[..]);
    let codes = black_box(&p8[..]);
    beside!(
        "u8_mask_both",
        codes.len(),
        (Stream::new(U8, ZeroOne::new()), Thresholded::at_least(&U8, 0.5)),
        |both| both.0.update_both(codes, t, &mut both.1),
        [Sums::default(); 2],
        |sums| both(sums, codes, t),
        |ours: &(Stream<U8, ZeroOne>, Thresholded), plain: &[Sums; 2]| {
            alike(ours.0.sums(), &plain[0]) && alike(&ours.1, &plain[1])
        }
    );
    #[cfg(not(small))]
    {
        fast &= others((out, counter), p8, i8, f32, mask);
    }
    #[cfg(small)]
    let _ = (i8, f32);
    fast
}

/// Those that are beyond the flash of the small board.
#[cfg(not(small))]
#[inline(never)]
fn others(
    (out, counter): (&mut Out, &mut Counter),
    p8: &[u8; PIXELS],
    i8: &[i8; PIXELS],
    f32: &mut [[f32; FLOATS]; 2],
    mask: &[u8; PIXELS],
) -> bool {
    let mut fast = true;
    macro_rules! beside {
        ($($row:tt)*) => { crate::beside!((out, counter, fast), $($row)*) };
    }
    let device = I8::TFLITE;
    let (p, t) = (black_box(&i8[..]), black_box(&mask[..]));
    {
        let (p, t) = (&p[..SIDE * SIDE], &t[..SIDE * SIDE]);
        let Ok(new) = Tiles::<[_; TILES * TILES]>::new(device, NonZero).grid(SIDE, SIDE, TILES, TILES) else {
            board::exit(1)
        };
        beside!(
            "i8_tiles8",
            p.len(),
            new,
            |tiles| tiles.update(p, t),
            [Sums::default(); TILES * TILES],
            |sums| tiles(sums, p, t),
            |ours: &Tiles<[_; TILES * TILES]>, plain: &[Sums; TILES * TILES]| {
                ours.sums().iter().zip(plain).all(|(one, plain)| alike(one, plain))
            }
        );
    }
    {
        let p = black_box(&p8[..]);
        beside!(
            "u8_reliability10",
            p.len(),
            Reliability::<_, _, 10>::new(U8, NonZero),
            |all| all.update(p, t),
            [[0; 3]; 10],
            |sums| bins(sums, p, t),
            |ours: &Reliability<U8, NonZero, 10>, plain: &[[u64; 3]; 10]| {
                ours.bins().iter().zip(plain).all(|(bin, plain)| [bin.count, bin.p, bin.t] == *plain)
            }
        );
    }
    beside!(
        "i8_multilabel4",
        p.len() / 4,
        Multilabel::<[_; 4]>::new(device, NonZero, Linear),
        |all| all.update(Interleaved(p), Interleaved(t)),
        [Sums::default(); 4],
        |sums| independent(sums, p, t),
        |ours: &Multilabel<[_; 4]>, plain: &[Sums; 4]| {
            ours.sums().iter().zip(plain).all(|(one, plain)| alike(one, plain))
        }
    );
    {
        let [values, room] = f32;
        let (p, t) = (black_box(&values[..FLOATS / 2]), black_box(&mask[..FLOATS / 2]));
        let mut stream = Stream::new(F32::new(), NonZero);
        let Ok(gradient) = stream.update(p, t).and_then(|()| Gradient::of(&Score::dice(), stream.sums())) else {
            board::exit(1)
        };
        let (gradient, sums) = (black_box(gradient), stream.sums());
        let (written, by_hand) = room.split_at_mut(FLOATS / 2);
        // Each writes its own half: what the states hold is whether it has.
        beside!(
            "f32_gradient",
            p.len(),
            (),
            |_new| gradient.write(sums, p, t, black_box(&mut *written)),
            (),
            |_new| slopes(black_box(&mut *by_hand), &gradient, p, t),
            |_: &(), _: &()| true
        );
        if written.iter().zip(&*by_hand).any(|(a, b)| a.to_bits() != b.to_bits()) {
            board::say!(*out, "f32_gradient: the plain loop writes other slopes");
            out.flush();
            board::exit(1)
        }
    }
    fast
}
