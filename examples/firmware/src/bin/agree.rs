//! Sums of the shared cases, every one as text; the host compares them with its own.

#![no_std]
#![no_main]

use board::Out;
use cases::{Memory, Part};

board::panic_exits!();

const PART: Part = if cfg!(feature = "pairs") {
    Part::Pairs
} else if cfg!(feature = "more") {
    Part::More
} else if cfg!(feature = "decided") {
    Part::Decided
} else {
    Part::All
};

const N: usize = if cfg!(small) { cases::SMALL } else { cases::LARGE };

board::entry!(run);

fn run() -> ! {
    let memory = board::once!(Memory<N> = Memory::new());
    let mut out = Out::open();
    let code = u32::from(cases::run(PART, memory, &mut out).is_err());
    out.exit(code)
}
