//! Sums of the shared cases, every one as text; the host compares them with its own.

#![no_std]
#![no_main]

use board::Out;
use cases::Memory;

board::panic_exits!();

const N: usize = if cfg!(small) { cases::SMALL } else { cases::LARGE };

board::entry!(run);

fn run() -> ! {
    let memory = board::once!(Memory<N> = Memory::new());
    let mut out = Out::open();
    let code = u32::from(cases::run(memory, &mut out).is_err());
    out.exit(code)
}
