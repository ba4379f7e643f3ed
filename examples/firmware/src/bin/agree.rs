//! Sums of the shared cases, every one as text; the host compares them with its own.

#![no_std]
#![no_main]

use board::Out;
use cases::Memory;
use cortex_m_rt::entry;

board::panic_exits!();

const N: usize = if cfg!(small) { cases::SMALL } else { cases::LARGE };

#[entry]
fn main() -> ! {
    // cortex-m-rt makes a `static mut` of the entry function a plain &'static mut: the stack stays small.
    static mut MEMORY: Memory<N> = Memory::new();
    let mut out = Out::open();
    let code = u32::from(cases::run(MEMORY, &mut out).is_err());
    out.exit(code)
}
