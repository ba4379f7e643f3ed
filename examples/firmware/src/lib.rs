//! What the programs need of a board: a way to write, a way to stop, a way to count instructions.
//!
//! All of it goes through semihosting, which QEMU and every debug probe speak.

#![no_std]

use core::fmt;
use semihosting::io::{Stdout, Write as _, stdout};

#[cfg(target_arch = "aarch64")]
#[path = "aarch64.rs"]
mod core_of_board;
#[cfg(target_arch = "arm")]
#[path = "cortex.rs"]
mod core_of_board;
#[cfg(target_arch = "riscv32")]
#[path = "riscv.rs"]
mod core_of_board;

use core_of_board::Timer;

/// The board this was built for.
pub const BOARD: &str = env!("BOARD");

/// Clock of the board's timer, in Hz.
pub const CLOCK: u32 = include!(concat!(env!("OUT_DIR"), "/clock.rs"));

/// Ends the run; `code` becomes the exit code of the emulator.
pub fn exit(code: u32) -> ! {
    semihosting::process::exit(code as i32)
}

/// Text for the host, sent in large pieces: each semihosting call stops the board for long.
pub struct Out {
    handle: Stdout,
    buffer: [u8; SIZE],
    used: usize,
}

const SIZE: usize = if cfg!(small) { 512 } else { 8192 };

impl Out {
    /// Opens the emulator's standard output, or ends the run with code 120.
    pub fn open() -> Self {
        let Ok(handle) = stdout() else { exit(120) };
        Self { handle, buffer: [0; SIZE], used: 0 }
    }

    /// Sends what is held back. A write that fails ends the run: silence must not look like success.
    pub fn flush(&mut self) {
        let used = core::mem::take(&mut self.used);
        if self.handle.write_all(&self.buffer[..used]).is_err() {
            exit(121)
        }
    }

    /// Takes bytes as they are.
    pub fn send(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            if self.used == SIZE {
                self.flush();
            }
            self.buffer[self.used] = byte;
            self.used += 1;
        }
    }

    /// Flushes and ends the run.
    pub fn exit(mut self, code: u32) -> ! {
        self.flush();
        exit(code)
    }
}

impl fmt::Write for Out {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.send(text.as_bytes());
        Ok(())
    }
}

/// Counts instructions with the board's timer, where the emulator gives every instruction 2⁷ ns (`-icount shift=7`).
pub struct Counter {
    timer: Timer,
    empty: u32,
}

impl Counter {
    /// Starts the timer and measures the empty harness, to be subtracted from every count.
    pub fn start() -> Self {
        let mut this = Self { timer: Timer::start(), empty: 0 };
        this.empty = this.instructions(|| {});
        this
    }

    /// Instructions that `work` takes, its call included. On Cortex-M at most about 4 million (24 bits of ticks).
    pub fn instructions(&mut self, work: impl FnOnce()) -> u32 {
        // Out of line, so that the same call surrounds every measured function, and nothing moves across it.
        let ticks = self.timer.ticks(|| out_of_line(work));
        // ticks / CLOCK seconds in units of 128 ns, to the nearest: a tick is shorter than an instruction.
        let scaled = ticks * 7_812_500;
        let clock = u64::from(CLOCK);
        ((scaled + clock / 2) / clock) as u32 - self.empty
    }
}

#[inline(never)]
fn out_of_line(work: impl FnOnce()) {
    work()
}

/// The board as the programs see a panic: a message and exit code 101.
#[macro_export]
macro_rules! panic_exits {
    () => {
        #[panic_handler]
        fn panic(info: &core::panic::PanicInfo<'_>) -> ! {
            let mut out = $crate::Out::open();
            let _ = core::fmt::Write::write_fmt(&mut out, format_args!("{info}\n"));
            out.exit(101)
        }
    };
}

/// Writes a line to an [`Out`].
#[macro_export]
macro_rules! say {
    ($out:expr, $($text:tt)*) => {
        let _ = core::fmt::Write::write_fmt(&mut $out, format_args!("{}\n", format_args!($($text)*)));
    };
}

/// The program begins with this function.
#[macro_export]
macro_rules! entry {
    ($main:ident) => {
        #[cfg_attr(target_arch = "arm", cortex_m_rt::entry)]
        #[cfg_attr(not(target_arch = "arm"), unsafe(no_mangle))]
        fn start() -> ! {
            $main()
        }
    };
}

/// A value that lives as long as the program, off the stack: for the entry function, which runs once.
#[macro_export]
macro_rules! once {
    ($type:ty = $value:expr) => {{
        static mut ONE: $type = $value;
        // SAFETY: nothing else names it, and this runs once.
        unsafe { &mut *(&raw mut ONE) }
    }};
}
