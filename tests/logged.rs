//! What a device logs with the feature `defmt`: each value whose text is written by hand sends its numbers, in the order of the text.
//!
//! The texts themselves are in no byte that is sent: a host reads them from the program. So it is the numbers that are compared, each
//! as many little-endian bytes as its type has (four of a `usize`).

#![cfg(feature = "defmt")]
#![allow(unsafe_code, reason = "whoever carries the bytes of defmt has to promise that they are whole frames")]

use soft_dice::confidence::{ClassConfidence, Last};
use soft_dice::histogram::{CodeCounts, Histogram};
use soft_dice::monitor::{Camera, Cause, ClassWatch, Contour, Event, Monitor, Picture, Settings, State, Watch};
use soft_dice::*;
use std::cell::RefCell;

thread_local! {
    static SENT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

#[defmt::global_logger]
struct Kept;

// SAFETY: every thread has its own buffer, so that no frame is written into another.
unsafe impl defmt::Logger for Kept {
    fn acquire() {}
    unsafe fn flush() {}
    unsafe fn release() {}
    unsafe fn write(bytes: &[u8]) {
        SENT.with_borrow_mut(|sent| sent.extend_from_slice(bytes));
    }
}

defmt::timestamp!("");

#[defmt::panic_handler]
fn panicked() -> ! {
    panic!("defmt was asked for what it cannot send")
}

/// What was sent meanwhile.
fn sent(log: impl FnOnce()) -> Vec<u8> {
    SENT.take();
    log();
    SENT.take()
}

/// Whether the numbers were sent one after another.
fn says(value: impl defmt::Format, numbers: &[&[u8]]) {
    let (sent, numbers) = (sent(|| defmt::println!("{}", value)), numbers.concat());
    assert!(sent.windows(numbers.len()).any(|part| part == numbers), "{numbers:?} in {sent:?}");
}

/// The bytes of a value whose text is derived: without the place of its own text, which two values share.
fn alike(value: impl defmt::Format, same: impl defmt::Format) {
    let [value, same] = [sent(|| defmt::println!("{}", value)), sent(|| defmt::println!("{}", same))];
    let end = same.len().min(24);
    assert!(end == 24, "{same:?}");
    let tail = &same[same.len() - end..];
    assert!(value.windows(end).any(|part| part == tail), "{tail:?} in {value:?}");
}

#[test]
fn sums_and_scores() {
    let mut stream = Stream::new(U8, NonZero);
    stream.update(&[255, 77, 3], &[1, 1, 0]).unwrap();
    alike(*stream.sums(), stream.sums().record());

    let mut frames = Frames::new(U8, NonZero, Score::dice());
    frames.frame().update(&[255, 77, 3], &[1, 1, 0]).unwrap();
    frames.end().unwrap();
    alike(frames, Score::dice());

    let mut bins = Reliability::<_, _, 2>::new(U8, NonZero);
    bins.update(&[9, 10, 200], &[1, 0, 1]).unwrap();
    says(bins, &[&3u64.to_le_bytes()]);
    says(bins, &[&19u128.to_le_bytes(), &1u64.to_le_bytes()]);
    alike(stream, stream.sums().record());

    let mut counts = Histogram::<_, _, u32>::new(U8, Label::new(1).ignoring(9));
    counts.update(&[1, 2, 3, 4], &[1, 0, 9, 1]).unwrap();
    says(counts, &[&3u64.to_le_bytes(), &1u64.to_le_bytes()]);
    let mut counts = CodeCounts::<_, u32>::new(U8);
    counts.update_within(&[1, 2, 3, 4], Region::Bytes(&[1, 0, 0, 1])).unwrap();
    says(counts, &[&2u64.to_le_bytes(), &2u64.to_le_bytes()]);
}

#[test]
fn confidence() {
    let mut classes = ClassConfidence::<_, 3>::new(U8);
    classes.update(&[1, 2, 3]).unwrap();
    says(classes, &[&3u32.to_le_bytes()]);
    alike(classes, classes.pooled(None));
    let mut buffer = [0; 5];
    let mut last = Last::new(U8, &mut buffer);
    says(&last, &[&5u32.to_le_bytes(), &[0]]);
    last.compare(&[1; 5]).unwrap();
    says(&last, &[&5u32.to_le_bytes(), &[1]]);
}

#[test]
fn watches() {
    let monitor = Monitor::<4>::new(Settings::DEFAULT).unwrap();
    alike(&monitor, monitor.report());
    says(Picture::new(&[0; 12], 4), &[&12u32.to_le_bytes(), &4u32.to_le_bytes()]);
    let mut memory = [0; Contour::bytes(7)];
    let mut contour = Contour::new(7, &mut memory).unwrap();
    contour.row([true; 7], &[9; 7], None).unwrap();
    says(&contour, &[&7u32.to_le_bytes(), &1u32.to_le_bytes()]);

    let mut memory = [0; 1024];
    assert!(Camera::luma(3).bytes() <= memory.len());
    let mut buffer = [0; 6];
    let mut watch = Watch::<_, 4>::new(U8, &mut buffer, Settings::DEFAULT).unwrap();
    watch = watch.seeing(Camera::luma(3), &mut memory).unwrap();
    alike(&watch, watch.report());
    let mut open = watch.open();
    open.map(&[200; 5]).unwrap();
    open.picture_row(&[1; 3]).unwrap();
    says(&open, &[&5u32.to_le_bytes(), &1u32.to_le_bytes()]);
    says(open.pause(), &[&5u32.to_le_bytes(), &1u32.to_le_bytes()]);

    let mut memory = [0; 1024];
    let mut buffer = [0; 6];
    let mut watch = ClassWatch::<_, 2, 4>::new(U8, Some(0), &mut buffer, Settings::DEFAULT).unwrap();
    watch = watch.seeing(Camera::luma(3), &mut memory).unwrap();
    alike(&watch, watch.report());
    let mut open = watch.open();
    open.map(&[200; 10]).unwrap();
    open.picture_row(&[1; 3]).unwrap();
    says(&open, &[&5u32.to_le_bytes(), &1u32.to_le_bytes()]);
}

/// A failure is logged at every level that is not off, with its frame first.
#[test]
fn events() {
    let event = Event { frame: 0x1234_5678, from: State::Degraded, to: State::Failed, cause: Cause::Low, over: 0x6543 };
    let sent = sent(|| event.log());
    let has = |number: &[u8]| sent.windows(number.len()).any(|part| part == number);
    assert!(has(&event.frame.to_le_bytes()) && has(&event.over.to_le_bytes()), "{sent:?}");
}
