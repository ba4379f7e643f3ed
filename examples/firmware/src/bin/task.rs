//! The same with embassy: the timer's interrupt fills a watch in a `static`, and a task awaits what it says, asleep in between.

#![no_std]
#![no_main]

use board::{Out, panic_exits, say};
use cases::filling::{Filling, Said};
use cases::watch::{CLEANED, Memory, PIXELS, pixels, replay};
use core::cell::RefCell;
use cortex_m::peripheral::syst::SystClkSource;
use cortex_m_rt::exception;
use embassy_executor::Spawner;
use embassy_sync::blocking_mutex::{Mutex, raw::CriticalSectionRawMutex};
use embassy_sync::channel::Channel;
use heapless::Vec;

panic_exits!();

/// In flash: 1.77 MB, in place of a camera and a network.
static RUN: &[u8] = include_bytes!("../../../../tests/data/drift_q8.npy");

static FILLING: Mutex<CriticalSectionRawMutex, RefCell<Filling>> = Mutex::new(RefCell::new(Filling::new()));
static SAID: Channel<CriticalSectionRawMutex, Said, 4> = Channel::new();

/// Half a buffer is full. Where the task is behind, the controller waits.
#[exception]
fn SysTick() {
    let Some(run) = pixels(RUN).filter(|_| !SAID.is_full()) else { return };
    let frame = FILLING.lock(|filling| filling.borrow_mut().half(run));
    match frame {
        Ok(None) => {}
        // There is room: `filter` has looked, and nobody else sends.
        Ok(Some(frame)) => drop(SAID.try_send(frame)),
        Err(_) => board::exit(1),
    }
}

#[embassy_executor::main]
async fn main(_spawner: Spawner) {
    let (Some(run), Some(core)) = (pixels(RUN), cortex_m::Peripherals::take()) else { board::exit(2) };
    let mut out = Out::open();
    let mut all = Vec::<Said, 128>::new();
    let frames = run.len() / PIXELS + CLEANED;

    let mut timer = core.SYST;
    timer.set_clock_source(SystClkSource::Core);
    timer.set_reload(100_000);
    timer.clear_current();
    timer.enable_interrupt();
    timer.enable_counter();
    while all.len() < frames {
        let (event, report) = SAID.receive().await;
        if let Some(event) = event {
            say!(out, "frame {}: {:?} -> {:?}, {:?}", event.frame, event.from, event.to, event.cause);
        }
        if all.push((event, report)).is_err() {
            out.exit(3)
        }
    }
    timer.disable_counter();

    let mut same = 0;
    let mut expected = all.iter();
    let memory = board::once!(Memory = Memory::new());
    let whole = replay(memory, run, |event, report| same += usize::from(expected.next() == Some(&(event, report))));
    let events = all.iter().filter(|(event, _)| event.is_some()).count();
    say!(out, "task: {same} of {frames} reports and {events} events are those of whole frames");
    out.exit(u32::from(whole.is_err() || same != frames || events == 0))
}
