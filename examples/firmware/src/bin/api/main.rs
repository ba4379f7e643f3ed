//! The public interface, call by call: the proofs are made on this program. It is linked, never run.
//!
//! - A panic path left anywhere calls `a_panic_path_is_left`, which no one defines: the link fails.
//! - `API=<name>` keeps one call, `API=none` none, the default all: text beyond `none` is what the call costs.
//! - Each call is a symbol of its own: what is reached from it is what it needs, and the deepest chain its stack. What it
//!   takes is what its caller holds; the compiler knows nothing of it.
//! - Every public function is called by its path, and `proofs listed` compares these files with the crate's documentation.
//!   What is left out says so here, with a reason:
//!
//! Not here: `presets` (f64 formulas of desktop libraries, to agree with a notebook; the program beside links most of them)
//! Not here: `Reducer`, `Cell`, `Reduction` (f64 values of frames and classes, which `presets` reduces; the program beside links them)
//! Not here: `Reliability::unit`, `Reliability::count` (what a cross-entropy of `presets` asks of its histograms)
//! Not here: `oracle` (the f64 definition that tests judge by, on the host)
//! Not here: `Backend` (tests and benches of the host walk the backends with it; a microcontroller's build has one)
//! Not here: `calibrate`, `tune`, `Calibration::settings`, `Noise::false_alarms`, `Noise::least_delay` (f64, on the host: a device
//! gets the settings)

#![no_std]
#![no_main]

use core::hint::black_box;
use core::mem::MaybeUninit;
use cortex_m_rt::entry;

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

/// An argument the compiler knows nothing of.
fn unknown<T>() -> T {
    // SAFETY: linked, never run.
    unsafe { black_box(MaybeUninit::uninit()).assume_init() }
}

/// Each call out of line under its own name, and `calls`, which makes those that are asked for.
macro_rules! api {
    ($(fn $name:ident($($arg:ident: $type:ty),*) $(-> $result:ty)? $body:block)*) => {
        $(
            #[inline(never)]
            #[unsafe(export_name = concat!("call_", stringify!($name)))]
            fn $name($($arg: $type),*) $(-> $result)? {
                // The others are empty, and no one calls them.
                if const { $crate::chosen(stringify!($name)) } $body else { loop {} }
            }
        )*

        pub fn calls() {
            $(
                if const { $crate::chosen(stringify!($name)) } {
                    let _ = core::hint::black_box($name($($crate::unknown::<$type>()),*));
                }
            )*
        }
    };
}

mod classes;
mod decided;
mod gradient;
mod score;
mod stream;
mod watch;

#[entry]
fn main() -> ! {
    stream::calls();
    score::calls();
    classes::calls();
    decided::calls();
    gradient::calls();
    watch::calls();
    loop {
        cortex_m::asm::nop();
    }
}
