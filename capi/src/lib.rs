//! The C interface of `soft-dice`: see `include/soft_dice.h`, which is generated from this crate, and
//! `docs/c.md`.
//!
//! The header is the documentation. Three rules hold for every function:
//!
//! - **Memory is the caller's.** Nothing is allocated, kept or called back; every pointer is used during the call alone.
//! - **A status other than `SOFT_DICE_OK` has changed nothing**, neither sums nor results.
//! - **One owner at a time.** There is no state beside the caller's, so different sums may be used at once from threads,
//!   cores and interrupts; the same sums may not.

#![cfg_attr(target_os = "none", no_std)]
#![allow(non_camel_case_types, reason = "names are those that C sees")]
#![cfg_attr(not(feature = "update"), allow(dead_code, reason = "what the updates alone use"))]

// In the order of the header.
mod memory;
mod status;

mod logits;
mod map;
mod reference;
mod sums;

mod direct;
mod rows;
#[cfg(feature = "update")]
mod update;

mod channels;
#[cfg(feature = "update")]
mod classes;
#[cfg(feature = "update")]
mod exclusive;
#[cfg(feature = "update")]
mod hard;
#[cfg(feature = "update")]
mod histogram;
#[cfg(feature = "update")]
mod tiles;

mod average;
mod score;

mod layout;
mod packed;
mod report;
mod settings;
mod watch;

pub use average::*;
pub use channels::*;
#[cfg(feature = "update")]
pub use classes::*;
pub use direct::*;
#[cfg(feature = "update")]
pub use exclusive::*;
#[cfg(feature = "update")]
pub use hard::*;
#[cfg(feature = "update")]
pub use histogram::*;
pub use layout::LAYOUTS;
pub use logits::*;
pub use map::*;
pub use packed::*;
pub use reference::*;
pub use report::*;
pub use rows::*;
pub use score::*;
pub use settings::*;
pub use status::*;
pub use sums::*;
#[cfg(feature = "update")]
pub use tiles::*;
#[cfg(feature = "update")]
pub use update::*;
pub use watch::*;

/// The interface that this header describes; `soft_dice_interface` says which one the library has.
pub const SOFT_DICE_INTERFACE: u32 = 3;

/// The interface of the library that is linked. It should equal `SOFT_DICE_INTERFACE`.
#[unsafe(no_mangle)]
pub extern "C" fn soft_dice_interface() -> u32 {
    SOFT_DICE_INTERFACE
}

/// The version of the library that is linked, as text: that of `SOFT_DICE_VERSION_TEXT` in its own header.
#[unsafe(no_mangle)]
pub extern "C" fn soft_dice_library_version() -> *const core::ffi::c_char {
    const TEXT: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
    TEXT.as_ptr().cast()
}

/// The loops that serve this library, by their name: "avx2", "dsp", "helium" and the like; a string that lives for ever.
#[unsafe(no_mangle)]
pub extern "C" fn soft_dice_backend() -> *const core::ffi::c_char {
    let name = match soft_dice::backend() {
        "avx512vbmi" => c"avx512vbmi",
        "avx512" => c"avx512",
        "avxvnni" => c"avxvnni",
        "avx2" => c"avx2",
        "neon" => c"neon",
        "dotprod" => c"dotprod",
        "wide" => c"wide",
        "helium" => c"helium",
        "dsp" => c"dsp",
        "swar" => c"swar",
        "scalar" => c"scalar",
        _ => c"another",
    };
    name.as_ptr()
}

/// The crate has no panic path, so no image links this (`capi/check.sh` looks). A library must bring one to be built.
#[cfg(target_os = "none")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {
        core::hint::spin_loop();
    }
}
