//! Watches the shipped run on the board: a change of state is logged once, by its level; every frame's report beneath.

#![no_std]
#![no_main]

use board as _;
use cases::watch::{Memory, pixels, replay};
use cortex_m_rt::entry;
use defmt_semihosting as _;

#[panic_handler]
fn panic(info: &core::panic::PanicInfo<'_>) -> ! {
    defmt::error!("{}", defmt::Display2Format(info));
    board::exit(101)
}

/// In flash: 1.77 MB, in place of a camera and a network.
static RUN: &[u8] = include_bytes!("../../../../tests/data/drift_q8.npy");

#[entry]
fn main() -> ! {
    static mut MEMORY: Memory = Memory::new();
    let Some(run) = pixels(RUN) else { board::exit(2) };
    let watched = replay(MEMORY, run, |event, report| {
        if let Some(event) = event {
            event.log();
        }
        defmt::debug!("{}", report);
    });
    board::exit(u32::from(watched.is_err()))
}
