//! The public interface, call by call: the proofs are made on this program. It is linked, never run.
//!
//! - A panic path left anywhere calls `a_panic_path_is_left`, which no one defines: the link fails.
//! - `API=<name>` keeps one call, `API=none` none, the default all: text beyond `none` is what the call costs.
//! - Each call is a symbol of its own, the root from which `tool stack` follows the calls.

#![no_std]
#![no_main]

use core::hint::black_box;
use cortex_m_rt::entry;
use soft_dice::{Bits, F32, I8, LsbFirst, NonZero, Q15, Score, Soft, Stream, U8, ZeroOne};

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    unsafe extern "C" {
        fn a_panic_path_is_left() -> !;
    }
    // SAFETY: never linked, so never called.
    unsafe { a_panic_path_is_left() }
}

/// Whether this build makes the call `name`.
const fn chosen(name: &str) -> bool {
    let (asked, name, all) = (env!("API").as_bytes(), name.as_bytes(), b"all");
    same(asked, name) || same(asked, all)
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    let mut i = 0;
    while i < a.len() && i < b.len() && a[i] == b[i] {
        i += 1;
    }
    i == a.len() && i == b.len()
}

/// Each call out of line under its own name, and `main`, which makes those that are asked for.
macro_rules! api {
    ($(fn $name:ident() $body:block)*) => {
        $(
            #[inline(never)]
            #[unsafe(no_mangle)]
            fn $name() {
                if const { chosen(stringify!($name)) } $body
            }
        )*

        #[entry]
        fn main() -> ! {
            $(if const { chosen(stringify!($name)) } { $name() })*
            loop {
                cortex_m::asm::nop();
            }
        }
    };
}

/// Arguments the compiler knows nothing of.
fn some<T>() -> &'static [T] {
    black_box(&[])
}

api! {
    fn u8_mask_update() {
        let _ = black_box(black_box(&mut Stream::new(U8, ZeroOne::new())).update(some(), some()));
    }

    fn u8_mask_dice() {
        let mut stream = Stream::new(U8, ZeroOne::new());
        let done = stream.update(some(), some());
        let _ = black_box(done.and_then(|()| Score::dice().q15(&stream.finish())));
    }

    fn i8_mask_update() {
        let _ = black_box(black_box(&mut Stream::new(I8::TFLITE, NonZero)).update(some(), some()));
    }

    fn u8_bits_update() {
        let _ = black_box(black_box(&mut Stream::new(U8, LsbFirst)).update(some(), Bits::new(some())));
    }

    fn q15_q15_update() {
        let _ = black_box(black_box(&mut Stream::new(Q15::new(), Soft(Q15::new()))).update(some(), some()));
    }

    fn f32_f32_update() {
        let _ = black_box(black_box(&mut Stream::new(F32::new(), Soft(F32::new()))).update(some(), some()));
    }

    fn dice_f32() {
        let _ = black_box(Score::dice().f32(black_box(&Stream::new(U8, NonZero).finish())));
    }

    fn dice_q31() {
        let _ = black_box(Score::dice().q31(black_box(&Stream::new(U8, NonZero).finish())));
    }
}
