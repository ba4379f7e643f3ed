//! A watch in a `static` behind a critical section: the timer's interrupt fills it, half a frame at a time, as a DMA controller's
//! does; the main loop reads what it says. At its end every event and report is compared with those of whole frames.

#![no_std]
#![no_main]

use board::{Out, panic_exits, say};
use cases::filling::{Filling, Said};
use cases::watch::{CLEANED, Memory, PIXELS, pixels, replay};
use core::cell::RefCell;
use cortex_m::peripheral::syst::SystClkSource;
use cortex_m_rt::{entry, exception};
use critical_section::Mutex;
use heapless::{Deque, Vec};

panic_exits!();

/// In flash: 1.77 MB, in place of a camera and a network.
static RUN: &[u8] = include_bytes!("../../../../tests/data/drift_q8.npy");

/// The state of the interrupt, and what it has to say. Both are constants, and take no code to begin.
static FILLING: Mutex<RefCell<Filling>> = Mutex::new(RefCell::new(Filling::new()));
static SAID: Mutex<RefCell<Deque<Said, 4>>> = Mutex::new(RefCell::new(Deque::new()));

/// Half a buffer is full. Where the main loop is behind, the controller waits.
#[exception]
fn SysTick() {
    critical_section::with(|section| {
        let mut said = SAID.borrow_ref_mut(section);
        let Some(run) = pixels(RUN).filter(|_| !said.is_full()) else { return };
        match FILLING.borrow_ref_mut(section).half(run) {
            Ok(None) => {}
            // There is room: `filter` has looked.
            Ok(Some(frame)) => drop(said.push_back(frame)),
            Err(_) => board::exit(1),
        }
    });
}

#[entry]
fn main() -> ! {
    static mut MEMORY: Memory = Memory::new();
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
        cortex_m::asm::wfi();
        while let Some((event, report)) = critical_section::with(|section| SAID.borrow_ref_mut(section).pop_front()) {
            if let Some(event) = event {
                say!(out, "frame {}: {:?} -> {:?}, {:?}", event.frame, event.from, event.to, event.cause);
            }
            if all.push((event, report)).is_err() {
                out.exit(3)
            }
        }
    }
    timer.disable_counter();

    let mut same = 0;
    let mut expected = all.iter();
    let whole = replay(MEMORY, run, |event, report| same += usize::from(expected.next() == Some(&(event, report))));
    let events = all.iter().filter(|(event, _)| event.is_some()).count();
    say!(out, "interrupt: {same} of {frames} reports and {events} events are those of whole frames");
    out.exit(u32::from(whole.is_err() || same != frames || events == 0))
}
