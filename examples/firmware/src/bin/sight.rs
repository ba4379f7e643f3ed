//! Watches a small scene with the camera's picture beside the map: what `watch` does where there is no room for its frames.

#![no_std]
#![no_main]

use board as _;
use cases::sight::{Memory, replay};
use cortex_m_rt::entry;
use defmt_semihosting as _;

#[panic_handler]
fn panic(info: &core::panic::PanicInfo<'_>) -> ! {
    defmt::error!("{}", defmt::Display2Format(info));
    board::exit(101)
}

#[entry]
fn main() -> ! {
    static mut MEMORY: Memory = Memory::new();
    let watched = replay(MEMORY, |event, report| {
        if let Some(event) = event {
            event.log();
        }
        defmt::debug!("{}", report);
    });
    board::exit(u32::from(watched.is_err()))
}
