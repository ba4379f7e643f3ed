//! A device of the round trip: it judges by the settings that `soft-dice watch --emit` wrote, and sends what it sees home as
//! entries, for `soft-dice log`: by postcard, or with the feature `log` by defmt. In place of a camera and a network it has a
//! recording.

#![no_std]
#![no_main]

use cases::watch::{PIXELS, pixels};
use cortex_m_rt::entry;
use soft_dice::I8;
use soft_dice::Measured;
use soft_dice::monitor::{Entry, Watch};

/// Entries as bytes, one after the other.
#[cfg(not(feature = "log"))]
mod home {
    use board::{Out, panic_exits};
    use soft_dice::monitor::Entry;

    panic_exits!();

    pub struct Home(Out);

    impl Home {
        pub fn open() -> Self {
            Self(Out::open())
        }

        pub fn send(&mut self, entry: Entry) {
            let mut room = [0; 256];
            match postcard::to_slice_cobs(&entry, &mut room) {
                Ok(bytes) => self.0.send(bytes),
                Err(_) => board::exit(4),
            }
        }

        pub fn exit(self, code: u32) -> ! {
            self.0.exit(code)
        }
    }
}

/// Entries as a program logs them: the text is made on the host.
#[cfg(feature = "log")]
mod home {
    use defmt_semihosting as _;
    use soft_dice::monitor::Entry;

    #[panic_handler]
    fn panic(info: &core::panic::PanicInfo<'_>) -> ! {
        defmt::error!("{}", defmt::Display2Format(info));
        board::exit(101)
    }

    pub struct Home;

    impl Home {
        pub fn open() -> Self {
            defmt::info!("judging by the host's settings");
            Self
        }

        pub fn send(&mut self, entry: Entry) {
            defmt::info!("{}", entry);
        }

        pub fn exit(self, code: u32) -> ! {
            board::exit(code)
        }
    }
}
use home::Home;

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

#[entry]
fn main() -> ! {
    static mut WATCH: Device = match Device::owning(DEVICE, DEVICE.own_at_least(THRESHOLD), [0; PIXELS], SETTINGS) {
        Ok(watch) => watch,
        Err(_) => panic!("settings that are out of range"),
    };
    static mut TENSOR: [i8; PIXELS] = [0; PIXELS];
    let Some(run) = pixels(RUN) else { board::exit(2) };
    let mut home = Home::open();
    for frame in run.chunks_exact(PIXELS) {
        for (pixel, byte) in TENSOR.iter_mut().zip(frame) {
            *pixel = byte.cast_signed();
        }
        let Ok(event) = WATCH.frame(TENSOR) else { home.exit(1) };
        if let Some(event) = event {
            home.send(Entry::Event(event));
        }
        home.send(Entry::Report(WATCH.report()));
        home.send(Entry::Sums(WATCH.sums().record()));
    }
    home.exit(0)
}
