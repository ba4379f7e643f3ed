//! A function that may panic, and the handler that then runs.

#![no_std]

/// The number at a place of a table.
///
/// # Panics
///
/// There are four.
#[unsafe(no_mangle)]
pub extern "C" fn other_number(at: usize) -> u32 {
    [3, 1, 4, 1][at]
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {
        core::hint::spin_loop();
    }
}
