//! Instructions per pixel of every kernel: `instr_per_px <kernel> <value>`; beside those of one map and its target, and of many
//! channels, those of a plain loop that computes the same, `plain_per_px <kernel> <value>`; beside f32 against f32 those of sums of
//! floats, `inexact_per_px`. A call that takes more than 1.02 times its plain loop is named, and a plain loop that does not find the
//! same integers fails the run.
//!
//! Counts repeat exactly under `-icount shift=7`, which run.sh sets.

#![no_std]
#![no_main]

/// A call and its plain loop, each counted twice from a new state; `$alike` compares what both have found.
macro_rules! beside {
    (
        ($out:ident, $counter:ident, $fast:ident), $kernel:literal, $pixels:expr, $new:expr, |$ours:ident| $call:expr,
        $zero:expr, |$plain:ident| $by_hand:expr, $alike:expr
    ) => {{
        let (mut ours, mut by_hand) = ($new, $zero);
        let mut call = || {
            ours = $new;
            let mut done = Ok(());
            let count = $counter.instructions(|| {
                let $ours = black_box(&mut ours);
                done = $call;
            });
            done.map(|()| count)
        };
        let call = $crate::twice(&mut call);
        let mut plain = || {
            by_hand = $zero;
            let mut done = Ok(());
            let count = $counter.instructions(|| {
                let $plain = black_box(&mut by_hand);
                done = $by_hand;
            });
            done.map(|()| count)
        };
        let plain = $crate::twice(&mut plain);
        $fast &= $crate::compared(($out, $kernel), $alike(&ours, &by_hand), call, plain, $pixels);
    }};
}
use beside;

mod activations;
mod decided;
mod frames;
mod half;
mod pairs;
mod plain;
#[cfg(not(small))]
mod watched;

use board::{Counter, Out, say};
use cases::Random;
use core::hint::black_box;
use soft_dice::confidence::ClassConfidence;
use soft_dice::monitor::{Settings, Watch};
use soft_dice::sums::Moments;
use soft_dice::{
    All, Argmax, Bits, Element, Error, I8, Interleaved, Label, Linear, Measured, Minima, Multiclass, NonZero, Planar,
    Record, Region, Soft, Squares, Stream, Target, U16, ZeroOne,
};

board::panic_exits!();

/// Pixels of a measured call, call included. 16 KiB of RAM hold less.
const PIXELS: usize = if cfg!(small) { 512 } else { 4096 };

#[repr(C, align(16))]
struct Maps {
    u8: [[u8; PIXELS]; 3],
    i8: [[i8; PIXELS]; 2],
    i16: [[i16; PIXELS]; 2],
    u16: [[u16; FLOATS]; 2],
    // Floats run in software on m0: fewer of them.
    f32: [[f32; FLOATS]; 2],
}
/// What this build counts: all calls, or a part of them where the flash has no room for more.
const PAIRS: bool = !cfg!(feature = "more");
const MORE: bool = !cfg!(feature = "pairs");
/// Of the watch: a network's map as it is (256 × 144), and a small square.
#[cfg(not(small))]
const SIZES: [(usize, usize); 2] = [(256, 144), (64, 64)];
const FLOATS: usize = if cfg!(small) { 256 } else { PIXELS };

/// A count that does not repeat, or a call that is refused, would make the table worthless.
fn ended(out: &mut Out, kernel: &str, [first, again]: [Result<u32, Error>; 2]) -> ! {
    say!(*out, "{kernel}: {first:?}, then {again:?}");
    out.flush();
    board::exit(1)
}

/// Writes a line, and gives the count.
fn write(out: &mut Out, what: &str, kernel: &str, [first, again]: [Result<u32, Error>; 2], pixels: usize) -> u32 {
    // An instruction is longer than a tick of the timer, which is read at the beginning and at the end: where two runs begin
    // at other places of a tick, each reading counts one instruction more or less.
    let (Ok(first), Ok(again)) = (first, again) else { ended(out, kernel, [first, again]) };
    if first.abs_diff(again) > 2 {
        ended(out, kernel, [Ok(first), Ok(again)])
    }
    let first = first.min(again);
    let pixels = pixels as u64;
    let milli = (u64::from(first) * 1000 + pixels / 2) / pixels;
    say!(*out, "{what} {kernel} {}.{:03}", milli / 1000, milli % 1000);
    first
}

/// Counts twice, by one copy of the code.
#[inline(never)]
fn twice(one: &mut dyn FnMut() -> Result<u32, Error>) -> [Result<u32, Error>; 2] {
    let one = black_box(one);
    [one(), one()]
}

/// A call and the plain loop that computes the same, each counted twice; whether the call is as fast.
fn against<P: Element, T: Target<P>, M: Moments>(
    (out, counter): (&mut Out, &mut Counter),
    kernel: &str,
    pixels: usize,
    new: Stream<P, T, M>,
    call: impl Fn(&mut Stream<P, T, M>) -> Result<(), Error>,
    by_hand: impl Fn(&mut plain::Sums) -> Result<(), Error>,
) -> bool {
    let (mut stream, mut sums) = (new, plain::Sums::default());
    let mut ours = || {
        stream = new;
        let mut done = Ok(());
        let count = counter.instructions(|| done = call(black_box(&mut stream)));
        done.map(|()| count)
    };
    let ours = twice(&mut ours);
    let mut plain = || {
        sums = plain::Sums::default();
        let mut done = Ok(());
        let count = counter.instructions(|| done = by_hand(black_box(&mut sums)));
        done.map(|()| count)
    };
    let plain = twice(&mut plain);
    let found = stream.sums().record();
    let (pp, tt) = found.squares.unwrap_or_default();
    let of_soft = |sum| if found.hard { 0 } else { sum };
    let (tt, min) = (of_soft(tt), of_soft(found.minima.unwrap_or_default().0));
    let counts = [found.count, found.ignored, found.invalid, found.clamped];
    let found = [found.p, found.t, found.pt, pp, tt, min];
    let plain::Sums { count, ignored, invalid, clamped, p, t, pt, pp, tt, min } = sums;
    let alike = found == [p, t, pt, pp, tt, min].map(u128::from) && counts == [count, ignored, invalid, clamped];
    compared((out, kernel), alike, ours, plain, pixels)
}

/// Writes both counts; whether the call is as fast. A plain loop that finds other integers ends the run.
fn compared(
    (out, kernel): (&mut Out, &str),
    alike: bool,
    ours: [Result<u32, Error>; 2],
    plain: [Result<u32, Error>; 2],
    pixels: usize,
) -> bool {
    if !alike {
        say!(*out, "{kernel}: the plain loop finds other sums");
        out.flush();
        board::exit(1)
    }
    let ours = write(out, "instr_per_px", kernel, ours, pixels);
    let plain = write(out, "plain_per_px", kernel, plain, pixels);
    let fast = u64::from(ours) * 100 <= u64::from(plain) * 102;
    if !fast {
        say!(*out, "slower {kernel}: {ours} instructions, and its plain loop {plain}");
    }
    fast
}

board::entry!(run);

fn run() -> ! {
    let maps = board::once!(
        Maps = Maps {
            u8: [[0; PIXELS]; 3],
            i8: [[0; PIXELS]; 2],
            i16: [[0; PIXELS]; 2],
            u16: [[0; FLOATS]; 2],
            f32: [[0.0; FLOATS]; 2]
        }
    );

    let mut out = Out::open();
    let mut counter = Counter::start();

    let mut random = Random::new(0);
    let Maps { u8: [p8, mask, full], i8: [i8, last], i16, u16: halves, f32: floats } = maps;
    p8.fill_with(|| random.word() as u8);
    mask.fill_with(|| random.word() as u8 & 1);
    full.iter_mut().zip(&*mask).for_each(|(full, one)| *full = 255 * one);
    [&mut *i8, &mut *last].into_iter().for_each(|map| map.fill_with(|| random.word() as i8));
    i16.iter_mut().for_each(|map| map.fill_with(|| random.word() as i16 & 0x7FFF));
    halves[0].fill_with(|| random.word() as u16);
    floats.iter_mut().for_each(|map| map.fill_with(|| (random.word() >> 8) as f32 * (1.0 / 16_777_216.0)));

    let (p8, mask, full, i8, t8) = (&*p8, &*mask, &*full, &*i8, &*last);
    let ([i16, t16], [f32, t32]) = (&*i16, &*floats);
    let device = I8::TFLITE;
    let given = pairs::Given { u8: p8, i8: [i8, t8], q15: [i16, t16], f32: [f32, t32], mask, full };
    let mut fast = !PAIRS || pairs::run(&mut out, &mut counter, &given);
    if !MORE {
        fast &= half::run((&mut out, &mut counter), &mut random, halves, mask);
        ended_with(out, fast)
    }
    // A whole frame of the watch, its monitor included: from the map alone, and with the camera's luma beside it.
    // Its history of 32 frames is more than the small board's stack has left beside the maps.
    #[cfg(not(small))]
    for (size, kernels) in
        SIZES.into_iter().zip([["i8_watch", "i8_watch_picture"], ["i8_watch64", "i8_watch64_picture"]])
    {
        for (kernel, picture) in kernels.into_iter().zip([false, true]) {
            let twice = watched::watched(&mut counter, size, picture);
            write(&mut out, "instr_per_px", kernel, twice, size.0 * size.1);
        }
    }

    macro_rules! against {
        ($kernel:literal, $stream:expr, |$into:ident| $call:expr, |$sums:ident| $plain:expr) => {
            fast &= against((&mut out, &mut counter), $kernel, PIXELS, $stream, |$into| $call, |$sums| $plain)
        };
    }
    let soft = Soft(device);
    let (p, t, m) = (black_box(i8), black_box(t8), black_box(mask));
    against!("i8_i8_minima", Stream::summing(device, soft, Minima), |s| s.update(p, t), |s| plain::minima(s, p, t));
    against!("i8_i8_squares", Stream::summing(device, soft, Squares), |s| s.update(p, t), |s| {
        plain::moments::<false>(s, p, t)
    });
    against!("i8_i8_all", Stream::summing(device, soft, All), |s| s.update(p, t), |s| plain::moments::<true>(s, p, t));
    let one = ZeroOne::new();
    against!("i8_mask_squares", Stream::summing(device, one, Squares), |s| s.update(p, m), |s| {
        plain::mask_squares(s, p, m)
    });
    against!("i8_mask_all", Stream::summing(device, one, All), |s| s.update(p, m), |s| plain::mask_squares(s, p, m));
    let region = black_box(&p8[..PIXELS / 8]);
    against!("i8_mask_region", Stream::new(device, one), |s| s.update_within(p, m, Region::Bytes(m)), |s| {
        plain::in_bytes(s, p, m, m)
    });
    against!(
        "i8_mask_region_bits",
        Stream::new(device, one),
        |s| s.update_within(p, m, Region::Bits(Bits::new(region))),
        |s| plain::in_bits(s, p, m, region)
    );
    against!("i8_label_ignoring", Stream::new(device, Label::new(1).ignoring(0)), |s| s.update(p, m), |s| {
        plain::ignoring(s, p, m, 1, 0)
    });
    let dead = device.dead_zone(2);
    against!("i8_dead_mask", Stream::new(dead, one), |s| s.update(p, m), |s| plain::moved(s, p, m, -128, 255, 2));
    let Ok(odd) = I8::new(1.0 / 256.0, -120) else { board::exit(1) };
    against!("i8_zero_mask", Stream::new(odd, one), |s| s.update(p, m), |s| plain::moved(s, p, m, -120, 247, 0));
    let (words, m) = (black_box(&halves[0]), &m[..FLOATS]);
    fast &= against(
        (&mut out, &mut counter),
        "u16_mask",
        FLOATS,
        Stream::new(U16::new(), NonZero),
        |s| s.update(words, m),
        |s| plain::u16_mask(s, words, m),
    );
    let m = black_box(mask);
    // Classes of interleaved maps: soft sums, and counts of the greatest.
    macro_rules! classes {
        ($kernel:literal, $classes:literal, $new:expr, $columns:ident, $read:expr, $plain:ident) => {{
            let pixels = PIXELS / $classes;
            let (p, labels) = (&p[..pixels * $classes], &m[..pixels]);
            let (mut ours, mut by_hand) = ($new, [plain::Sums::default(); $classes]);
            let mut call = || {
                ours = $new;
                let mut done = Ok(());
                let count = counter.instructions(|| {
                    done = black_box(&mut ours).update($columns(black_box(p)), black_box(labels));
                });
                done.map(|()| count)
            };
            let call = twice(&mut call);
            let mut plain = || {
                by_hand = [plain::Sums::default(); $classes];
                let mut done = Ok(());
                let count = counter.instructions(|| {
                    done = plain::$plain(black_box(&mut by_hand), black_box(p), black_box(labels));
                });
                done.map(|()| count)
            };
            let plain = twice(&mut plain);
            let read = $read;
            let alike = read(&ours).iter().zip(&by_hand).all(|(one, sums)| {
                let Record { p, t, pt, count, .. } = one.record();
                [p, t, pt, count.into()] == [sums.p, sums.t, sums.pt, sums.count].map(u128::from)
            });
            fast &= compared((&mut out, $kernel), alike, call, plain, pixels);
        }};
    }
    classes!(
        "i8_classes4",
        4,
        Multiclass::<[_; 4]>::new(device, Linear),
        Interleaved,
        |all: &Multiclass<_>| *all.sums().first_chunk::<4>().unwrap(),
        classes
    );
    // The sums of 21 classes, and the copies that are compared, do not fit the stack of the small board.
    #[cfg(not(small))]
    classes!(
        "i8_classes21",
        21,
        Multiclass::<[_; 21]>::new(device, Linear),
        Interleaved,
        |all: &Multiclass<_>| *all.sums().first_chunk::<21>().unwrap(),
        classes
    );
    classes!("i8_argmax4", 4, Argmax::<4>::new(), Interleaved, |all: &Argmax<4>| *all.classes(), argmax);
    classes!("i8_hard_planar", 4, Argmax::<4>::new(), Planar, |all: &Argmax<4>| *all.classes(), argmax_planar);
    #[cfg(not(small))]
    classes!("i8_argmax21", 21, Argmax::<21>::new(), Interleaved, |all: &Argmax<21>| *all.classes(), argmax);

    // The greatest of each pixel and the sums of its share of the mask, of interleaved maps.
    macro_rules! confidence {
        ($kernel:literal, $classes:literal) => {{
            let pixels = PIXELS / $classes;
            let p = &p[..pixels * $classes];
            let (mut ours, mut by_hand) = (ClassConfidence::new(device), [plain::Sums::default(); $classes]);
            let mut call = || {
                ours = ClassConfidence::<_, $classes>::new(device);
                let mut done = Ok(());
                let count = counter.instructions(|| done = black_box(&mut ours).update(black_box(p)));
                done.map(|()| count)
            };
            let call = twice(&mut call);
            let mut plain = || {
                by_hand = [plain::Sums::default(); $classes];
                let mut done = Ok(());
                let count = counter.instructions(|| done = plain::confidence(black_box(&mut by_hand), black_box(p)));
                done.map(|()| count)
            };
            let plain = twice(&mut plain);
            let alike = by_hand.iter().enumerate().all(|(class, sums)| {
                let Some(Record { p, t, pt, count, .. }) = ours.class(class) else { return false };
                [p, t, pt, count.into()] == [sums.p, sums.t, sums.pt, sums.count].map(u128::from)
            });
            fast &= compared((&mut out, $kernel), alike, call, plain, pixels);
        }};
    }
    confidence!("i8_confidence4", 4);
    #[cfg(not(small))]
    confidence!("i8_confidence21", 21);
    // Four classes in a region, and with an ignore label.
    let (four, labels) = (Multiclass::<[_; 4]>::new(device, Linear), &m[..PIXELS / 4]);
    let alike = |ours: &Multiclass<[_; 4]>, plain: &[plain::Sums; 4]| {
        ours.sums()
            .iter()
            .zip(plain)
            .all(|(one, plain)| frames::alike(one, plain) && one.record().ignored == plain.ignored)
    };
    let (writer, counter) = (&mut out, &mut counter);
    beside!(
        (writer, counter, fast),
        "i8_classes4_region",
        labels.len(),
        four,
        |all| all.update_within(Interleaved(p), labels, Region::Bytes(labels)),
        [plain::Sums::default(); 4],
        |sums| plain::kept(sums, p, labels, labels, |byte| byte != 0),
        alike
    );
    beside!(
        (writer, counter, fast),
        "i8_classes4_ignoring",
        labels.len(),
        four.ignoring(0),
        |all| all.update(Interleaved(p), labels),
        [plain::Sums::default(); 4],
        |sums| plain::kept(sums, p, labels, labels, |byte| byte != 0),
        alike
    );
    fast &= decided::run(writer, counter, p8, mask);
    fast &= activations::run(writer, counter, [i8, t8], floats, mask);
    fast &= frames::run(writer, counter, p8, i8, floats, mask);

    // A frame of the monitor: the map with its own mask, with the last map, and whether it is uniform.
    {
        let Ok(mut watch) = Watch::<_, 8>::new(device, last, Settings::DEFAULT) else { board::exit(1) };
        let mut frames = || {
            watch.reset();
            let mut done = watch.frame(black_box(p)).map(|_| ());
            let count = counter.instructions(|| {
                done = done.and(black_box(&mut watch).frame(black_box(p)).map(|_| ()));
            });
            done.map(|()| count)
        };
        let counted = twice(&mut frames);
        write(writer, "instr_per_px", "i8_watch_frame", counted, PIXELS);
    }
    fast &= !PAIRS || half::run((writer, counter), &mut random, halves, mask);
    ended_with(out, fast)
}

/// Which calls are slower is for `ci/counts.sh` to judge: it knows those that were before.
fn ended_with(mut out: Out, fast: bool) -> ! {
    if !fast {
        say!(out, "a call is slower than its plain loop");
    }
    out.exit(0)
}
