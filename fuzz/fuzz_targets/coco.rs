//! Any run lengths, as numbers and as a string, against any map: at once and row by row are the same sums, or both are refused.
#![no_main]

use libfuzzer_sys::fuzz_target;
use soft_dice::coco::{self, Cursor, Cursors, Runs};
use soft_dice::*;

#[derive(Debug, arbitrary::Arbitrary)]
struct Input<'a> {
    counts: Vec<u32>,
    string: &'a [u8],
    map: &'a [u8],
    width: u8,
    step: u8,
}

fn check(runs: Runs<'_>, map: &[u8], width: usize, step: usize) {
    let height = map.len().checked_div(width).unwrap_or(0);
    let map = &map[..width * height];
    let (mut whole, mut rows) = (Stream::summing(U8, NonZero, All), Stream::summing(U8, NonZero, All));
    let done = coco::update(&mut whole, map, width, height, runs);
    if done.is_err() {
        assert_eq!(whole, Stream::summing(U8, NonZero, All));
    }
    let mut room = vec![Cursor::EMPTY; width];
    let Ok(mut cursors) = Cursors::new(&mut room, height, runs) else { return };
    let taken = map.chunks(step.max(1)).try_for_each(|chunk| cursors.update(&mut rows, chunk));
    if done.is_ok() {
        assert_eq!((taken, rows), (Ok(()), whole));
    }
}

fuzz_target!(|input: Input| {
    let Input { counts, string, map, width, step } = input;
    check(Runs::counts(&counts), map, width.into(), step.into());
    check(Runs::string(string), map, width.into(), step.into());
});
