//! Frames arrive in half buffers, as a DMA controller delivers them; the score of each is logged with defmt.

#![no_std]
#![no_main]

use board as _;
use cortex_m_rt::entry;
use defmt_semihosting as _;
use heapless::{Deque, spsc::Queue};
use soft_dice::{Own, Score, Stream, U8};

#[panic_handler]
fn panic(info: &core::panic::PanicInfo<'_>) -> ! {
    defmt::error!("{}", defmt::Display2Format(info));
    board::exit(101)
}

const HALF: usize = 128;
const HALVES: usize = 8;
const FRAMES: u32 = 12;

#[entry]
fn main() -> ! {
    static mut HALF_BUFFERS: [[u8; HALF]; 2] = [[0; HALF]; 2];
    // What the controller's two interrupts (half done, all done) would push and the main loop take.
    static mut DONE: Queue<usize, 4> = Queue::new();
    let (mut interrupt, mut main_loop) = DONE.split();

    let mut random = cases::Random::new(7);
    let mut history: Deque<i32, 8> = Deque::new();
    for frame in 0..FRAMES {
        let mut stream = Stream::new(U8, Own::at_least(&U8, 0.5));
        for half in 0..HALVES {
            let buffer = half % 2;
            HALF_BUFFERS[buffer].fill_with(|| random.word() as u8);
            let _ = interrupt.enqueue(buffer);
            while let Some(buffer) = main_loop.dequeue() {
                let pixels = &HALF_BUFFERS[buffer];
                if stream.update(pixels, ()).is_err() {
                    board::exit(1)
                }
            }
        }
        match Score::dice().q15(&stream.finish()) {
            Ok(dice) => {
                if history.is_full() {
                    history.pop_front();
                }
                let _ = history.push_back(dice);
                let mean = history.iter().sum::<i32>() / history.len() as i32;
                defmt::info!(
                    "frame {=u32}: dice {=i32} of 32768; mean of the last {=usize}: {=i32}",
                    frame,
                    dice,
                    history.len(),
                    mean
                );
            }
            Err(_) => defmt::warn!("frame {=u32} undefined", frame),
        }
    }
    board::exit(0)
}
