//! Instructions per pixel of every kernel: `instr_per_px <kernel> <value>`.
//!
//! Counts repeat exactly under `-icount shift=7`, which run.sh sets.

#![no_std]
#![no_main]

use board::{Counter, Out, say};
use cases::Random;
use core::hint::black_box;
use soft_dice::monitor::{Camera, Picture, Settings, Watch};
use soft_dice::{
    Argmax, Bits, Element, Error, F32, I8, Interleaved, Label, LsbFirst, MsbFirst, NonZero, Own, Planar, Q15, Soft,
    Stream, Target, Thresholded, U8, ZeroFull, ZeroOne,
};

board::panic_exits!();

/// Pixels of a measured call, call included. 16 KiB of RAM hold less.
const PIXELS: usize = if cfg!(small) { 1024 } else { 4096 };

#[repr(C, align(16))]
struct Maps {
    u8: [[u8; PIXELS]; 3],
    i8: [[i8; PIXELS]; 2],
    i16: [[i16; PIXELS]; 2],
    // Floats run in software on m0: fewer of them.
    f32: [[f32; FLOATS]; 2],
}
/// Of the watch: a square, or what a board of 16 KiB has room for.
const WATCHED: usize = WIDTH * if cfg!(small) { 8 } else { WIDTH };
const WIDTH: usize = if cfg!(small) { 32 } else { 64 };
const FLOATS: usize = if cfg!(small) { 256 } else { PIXELS };

/// Instructions of one `update`; out of line, so that both runs are of the same code.
#[inline(never)]
fn update<P: Element, T: Target<P>>(
    counter: &mut Counter,
    pair: (P, T),
    p: &[P::Raw],
    t: T::Buffer<'_>,
) -> Result<u32, Error> {
    let mut stream = Stream::new(pair.0, pair.1);
    let mut done = Ok(());
    let count = counter.instructions(|| done = black_box(&mut stream).update(black_box(p), black_box(t)));
    done.map(|()| count)
}

/// Counts twice and writes the line.
fn count<P: Element, T: Target<P>>(
    (out, counter): (&mut Out, &mut Counter),
    kernel: &str,
    pair: (P, T),
    p: &[P::Raw],
    t: T::Buffer<'_>,
) {
    let first = update(counter, pair, p, t);
    write(out, kernel, [first, update(counter, pair, p, t)], p.len());
}

/// A count that does not repeat would make the table worthless.
fn write(out: &mut Out, kernel: &str, [first, again]: [Result<u32, Error>; 2], pixels: usize) {
    let (Ok(first), true) = (first, first == again) else {
        say!(*out, "{kernel}: {first:?}, then {again:?}");
        out.flush();
        board::exit(1)
    };
    let pixels = pixels as u64;
    let milli = (u64::from(first) * 1000 + pixels / 2) / pixels;
    say!(*out, "instr_per_px {kernel} {}.{:03}", milli / 1000, milli % 1000);
}

board::entry!(run);

fn run() -> ! {
    let maps = board::once!(
        Maps = Maps { u8: [[0; PIXELS]; 3], i8: [[0; PIXELS]; 2], i16: [[0; PIXELS]; 2], f32: [[0.0; FLOATS]; 2] }
    );

    let mut out = Out::open();
    let mut counter = Counter::start();

    let mut random = Random::new(0);
    let Maps { u8: [p8, mask, full], i8, i16, f32 } = maps;
    p8.fill_with(|| random.word() as u8);
    mask.fill_with(|| random.word() as u8 & 1);
    full.iter_mut().zip(&*mask).for_each(|(full, one)| *full = 255 * one);
    i8.iter_mut().for_each(|map| map.fill_with(|| random.word() as i8));
    i16.iter_mut().for_each(|map| map.fill_with(|| random.word() as i16 & 0x7FFF));
    f32.iter_mut().for_each(|map| map.fill_with(|| (random.word() >> 8) as f32 * (1.0 / 16_777_216.0)));

    let (p8, mask, full, [i8, t8], [i16, t16], [f32, t32]) = (&*p8, &*mask, &*full, &*i8, &*i16, &*f32);
    let (some, bits) = (&mask[..FLOATS], Bits::new(&mask[..PIXELS / 8]));
    let (device, q15, float) = (I8::TFLITE, Q15::new(), F32::new());
    macro_rules! count {
        ($kernel:literal, $element:expr, $target:expr, $p:expr, $t:expr) => {
            count((&mut out, &mut counter), $kernel, ($element, $target), $p, $t)
        };
    }
    count!("u8_mask", U8, ZeroOne::new(), p8, mask);
    count!("u8_mask_trusted", U8, ZeroOne::new().trusted(), p8, mask);
    count!("u8_full", U8, ZeroFull::new(), p8, full);
    count!("u8_full_trusted", U8, ZeroFull::new().trusted(), p8, full);
    count!("u8_nonzero", U8, NonZero, p8, mask);
    count!("u8_label", U8, Label::new(1), p8, mask);
    count!("u8_bits", U8, LsbFirst, p8, bits);
    count!("u8_bits_msb", U8, MsbFirst, p8, bits);
    count!("u8_own", U8, Own::at_least(&U8, 0.5), p8, ());
    count!("u8_u8", U8, Soft(U8), p8, mask);
    count!("i8_mask", device, ZeroOne::new(), i8, mask);
    count!("i8_mask_trusted", device, ZeroOne::new().trusted(), i8, mask);
    count!("i8_full", device, ZeroFull::new(), i8, full);
    count!("i8_nonzero", device, NonZero, i8, mask);
    count!("i8_label", device, Label::new(1), i8, mask);
    count!("i8_bits", device, LsbFirst, i8, bits);
    count!("i8_own", device, Own::at_least(&device, 0.5), i8, ());
    count!("i8_i8", device, Soft(device), i8, t8);
    count!("i8_u8", device, Soft(U8), i8, p8);
    count!("q15_mask", q15, ZeroOne::new(), i16, mask);
    count!("q15_mask_trusted", q15.trusted(), ZeroOne::new().trusted(), i16, mask);
    count!("q15_nonzero", q15, NonZero, i16, mask);
    count!("q15_label", q15, Label::new(1), i16, mask);
    count!("q15_q15", q15, Soft(q15), i16, t16);
    count!("q15_q15_trusted", q15.trusted(), Soft(q15.trusted()), i16, t16);
    count!("f32_mask", float, ZeroOne::new(), f32, some);
    count!("f32_mask_trusted", float.trusted(), ZeroOne::new(), f32, some);
    count!("f32_full", float, ZeroFull::new(), f32, &full[..FLOATS]);
    count!("f32_nonzero", float, NonZero, f32, some);
    count!("f32_label", float, Label::new(1), f32, some);
    count!("f32_own", float, Own::at_least(&float, 0.5), f32, ());
    count!("f32_own_trusted", float.trusted(), Own::at_least(&float, 0.5), f32, ());
    count!("f32_f32", float, Soft(float), f32, t32);
    count!("f32_f32_trusted", float.trusted(), Soft(float.trusted()), f32, t32);
    // Soft and hard sums.
    macro_rules! both {
        ($kernel:literal, $element:expr, $target:expr, $p:expr, $t:expr) => {{
            let mut one = || {
                let mut soft = Stream::new($element, $target);
                let mut hard = Thresholded::at_least(&$element, 0.5);
                let mut done = Ok(());
                let count = counter.instructions(|| {
                    done = black_box(&mut soft).update_both(black_box($p), black_box($t), black_box(&mut hard));
                });
                done.map(|()| count)
            };
            let twice = [one(), one()];
            write(&mut out, $kernel, twice, $p.len());
        }};
    }
    both!("u8_mask_both", U8, ZeroOne::new(), p8, mask);
    both!("i8_label_both", device, Label::new(1), i8, mask);
    both!("f32_mask_both", float, ZeroOne::new(), f32, some);
    // The greatest of four channels.
    macro_rules! hard {
        ($kernel:literal, $layout:ident, $p:expr, $labels:expr) => {{
            let mut one = || {
                let mut hard = Argmax::<4>::new();
                let mut done = Ok(());
                let count = counter.instructions(|| {
                    done = black_box(&mut hard).update($layout(black_box($p)), black_box($labels));
                });
                done.map(|()| count)
            };
            let twice = [one(), one()];
            write(&mut out, $kernel, twice, $labels.len());
        }};
    }
    hard!("i8_hard", Interleaved, i8, &mask[..PIXELS / 4]);
    hard!("i8_hard_planar", Planar, i8, &mask[..PIXELS / 4]);
    // A whole frame of the watch, its monitor included: from the map alone, and with the camera's luma beside it.
    for (kernel, picture) in [("i8_watch", false), ("i8_watch_picture", true)] {
        let twice = watched(&mut counter, &i8[..WATCHED], &p8[..WATCHED], picture);
        write(&mut out, kernel, twice, WATCHED);
    }
    out.exit(0)
}

/// Instructions of two frames of a watch, after two that it has something to compare with.
#[inline(never)]
fn watched(counter: &mut Counter, map: &[i8], luma: &[u8], picture: bool) -> [Result<u32, Error>; 2] {
    let (mut last, mut rows) = ([0; WATCHED], [0; Camera::luma(WIDTH).bytes()]);
    let mut frames = || {
        let watch = Watch::<_, 32>::new(I8::TFLITE, &mut last, Settings::DEFAULT)?;
        let mut watch = watch.seeing(Camera::luma(WIDTH), &mut rows)?;
        let mut one = |counter: &mut Counter| {
            let mut done = Ok(None);
            let count = counter.instructions(|| {
                done = match picture {
                    true => black_box(&mut watch).frame_with(black_box(map), Picture::new(black_box(luma), WIDTH)),
                    false => black_box(&mut watch).frame(black_box(map)),
                };
            });
            done.map(|_| count)
        };
        one(counter)?;
        one(counter)
    };
    [frames(), frames()]
}
