//! A device of the round trip: it judges by the settings that `soft-dice watch --emit` wrote, and sends what it sees home as
//! entries by postcard, for `soft-dice log`. In place of a camera and a network it has a recording.

#![no_std]
#![no_main]

use board::{Out, panic_exits};
use cases::watch::{PIXELS, pixels};
use cortex_m_rt::entry;
use soft_dice::I8;
use soft_dice::Measured;
use soft_dice::monitor::{Entry, Watch};

panic_exits!();

/// What the host has worked out: a module of constants.
mod settings {
    include!(env!("SETTINGS"));
}
use settings::{FORMAT, SCALE, SETTINGS, THRESHOLD, ZERO_POINT};

// The format that this program was written for.
const _: () = assert!(FORMAT == 1);

/// In flash: 1.77 MB.
static RUN: &[u8] = include_bytes!("../../../../tests/data/drift_q8.npy");

/// The network's codes as the host has read them.
const DEVICE: I8 = match I8::new(SCALE, ZERO_POINT) {
    Ok(device) => device,
    Err(_) => panic!("a scale or zero point that is none"),
};

type Device = Watch<'static, I8, 32, [i8; PIXELS]>;

/// Sends one entry.
fn send(out: &mut Out, entry: Entry) {
    let mut room = [0; 256];
    match postcard::to_slice_cobs(&entry, &mut room) {
        Ok(bytes) => out.send(bytes),
        Err(_) => board::exit(4),
    }
}

#[entry]
fn main() -> ! {
    static mut WATCH: Device = match Device::owning(DEVICE, DEVICE.own_at_least(THRESHOLD), [0; PIXELS], SETTINGS) {
        Ok(watch) => watch,
        Err(_) => panic!("settings that are out of range"),
    };
    static mut TENSOR: [i8; PIXELS] = [0; PIXELS];
    let Some(run) = pixels(RUN) else { board::exit(2) };
    let mut out = Out::open();
    for frame in run.chunks_exact(PIXELS) {
        for (pixel, byte) in TENSOR.iter_mut().zip(frame) {
            *pixel = byte.cast_signed();
        }
        let Ok(event) = WATCH.frame(TENSOR) else { out.exit(1) };
        if let Some(event) = event {
            send(&mut out, Entry::Event(event));
        }
        send(&mut out, Entry::Report(WATCH.report()));
        send(&mut out, Entry::Sums(WATCH.sums().record()));
    }
    out.exit(0)
}
