//! Cycles per pixel on a real Cortex-M3, M4, M7, M33, M55 or M85, by its cycle counter (DWT): `cycles_per_px <call> <value>`.
//!
//! The emulator has no such counter, and says so. On a board with a debug probe that speaks semihosting: put its flash and RAM
//! into `build.rs` (`BOARDS`), turn on caches and the clock as your firmware does, and
//!
//! ```sh
//! BOARD=m4 cargo build --release --target thumbv7em-none-eabihf --bin cycles
//! probe-rs run --chip <yours> target/thumbv7em-none-eabihf/release/cycles
//! ```
//!
//! Each call is made twice and the second one counted, so that the code is in a cache where there is one. Flash wait states
//! and the bus are in the figure: two boards with one core may differ.

#![no_std]
#![no_main]

use board::{Out, say};
use cases::Random;
use core::hint::black_box;
use cortex_m::peripheral::DWT;
use soft_dice::activation::{QuantizedSoftmax, SoftmaxTable};
use soft_dice::confidence::ClassConfidence;
use soft_dice::monitor::{Settings, Watch};
use soft_dice::{
    Argmax, Error, F32, I8, Interleaved, Label, Linear, Minima, Multiclass, Region, Soft, Stream, U8, ZeroOne,
};

board::panic_exits!();

const PIXELS: usize = 4096;

#[repr(C, align(16))]
struct Maps {
    p: [i8; PIXELS],
    last: [i8; PIXELS],
    kept: [i8; PIXELS],
    mask: [u8; PIXELS],
    floats: [f32; PIXELS],
}

/// Logits of a tenth of a unit a code.
static TABLE: SoftmaxTable = match SoftmaxTable::new(0.1) {
    Ok(table) => table,
    Err(_) => panic!(),
};

board::entry!(run);

fn run() -> ! {
    let maps = board::once!(
        Maps = Maps { p: [0; PIXELS], last: [0; PIXELS], kept: [0; PIXELS], mask: [0; PIXELS], floats: [0.0; PIXELS] }
    );
    let mut out = Out::open();
    let Some(mut core) = cortex_m::Peripherals::take() else { board::exit(3) };
    core.DCB.enable_trace();
    DWT::unlock();
    core.DWT.enable_cycle_counter();
    let before = DWT::cycle_count();
    cortex_m::asm::delay(100);
    if DWT::cycle_count() == before {
        say!(out, "no cycle counter here: an emulator, or a core without DWT");
        out.exit(0)
    }

    let mut random = Random::new(0);
    maps.p.fill_with(|| random.word() as i8);
    maps.last.fill_with(|| random.word() as i8);
    maps.mask.fill_with(|| random.word() as u8 & 1);
    maps.floats.fill_with(|| (random.word() >> 8) as f32 * (1.0 / 16_777_216.0));
    let Maps { p, last, kept, mask, floats } = maps;
    let (p, last, mask, floats) = (&*p, &*last, &*mask, &*floats);
    let unsigned = mask.as_slice();

    macro_rules! count {
        ($name:literal, $pixels:expr, $new:expr, |$into:ident| $call:expr) => {{
            let (mut state, mut cycles, mut done) = ($new, 0, Ok::<(), Error>(()));
            for _ in 0..2 {
                state = $new;
                let $into = black_box(&mut state);
                let before = DWT::cycle_count();
                done = done.and($call);
                cycles = DWT::cycle_count().wrapping_sub(before);
            }
            black_box(&state);
            let hundredths = u64::from(cycles) * 100 / $pixels as u64;
            say!(out, "cycles_per_px {} {}.{:02} {:?}", $name, hundredths / 100, hundredths % 100, done);
        }};
    }
    let device = I8::TFLITE;
    count!("u8_mask", PIXELS, Stream::new(U8, ZeroOne::new()), |s| s.update(black_box(unsigned), mask));
    count!("i8_mask", PIXELS, Stream::new(device, ZeroOne::new()), |s| s.update(black_box(p), mask));
    count!("i8_i8_minima", PIXELS, Stream::summing(device, Soft(device), Minima), |s| s.update(black_box(p), last));
    count!("i8_mask_region", PIXELS, Stream::new(device, ZeroOne::new()), |s| {
        s.update_within(black_box(p), mask, Region::Bytes(mask))
    });
    count!("i8_label_ignoring", PIXELS, Stream::new(device, Label::new(1).ignoring(0)), |s| {
        s.update(black_box(p), mask)
    });
    count!("f32_mask", PIXELS, Stream::new(F32::new(), ZeroOne::new()), |s| s.update(black_box(floats), mask));
    let labels = &mask[..PIXELS / 4];
    count!("i8_classes4", PIXELS / 4, Multiclass::<[_; 4]>::new(device, Linear), |s| {
        s.update(Interleaved(black_box(p)), labels)
    });
    count!("i8_argmax4", PIXELS / 4, Argmax::<4>::new(), |s| s.update(Interleaved(black_box(p)), labels));
    count!("i8_confidence4", PIXELS / 4, ClassConfidence::<_, 4>::new(device), |s| s.update(black_box(p)));
    const WIDE: usize = PIXELS / 21;
    let (wide, labels) = (&p[..21 * WIDE], &mask[..WIDE]);
    count!("i8_classes21", WIDE, Multiclass::<[_; 21]>::new(device, Linear), |s| {
        s.update(Interleaved(black_box(wide)), labels)
    });
    count!("i8_argmax21", WIDE, Argmax::<21>::new(), |s| s.update(Interleaved(black_box(wide)), labels));
    count!("i8_softmax21", WIDE, Multiclass::<[_; 21]>::new(F32::new(), Linear), |s| {
        s.update(QuantizedSoftmax::new(Interleaved(black_box(wide)), &TABLE), labels)
    });
    let Ok(mut watch) = Watch::<_, 8>::new(device, kept, Settings::DEFAULT) else { board::exit(1) };
    count!("i8_watch_frame", PIXELS, (), |_s| watch.frame(black_box(p)).map(|_| ()));
    out.exit(0)
}
