//! Calls that count where others add, beside the plain loops that compute the same, interleaved in one process: a line
//! `ratio <kernel> <level> <data> <throughput of ours over the plain loop's>` each, with the pixels of a nanosecond behind it.
//!
//! Two kinds of data, because a table of counters waits for itself where neighbours are alike: `runs` are maps as they are, of runs of
//! one label or code (mostly 0 and the highest); `random` is the worst for anything that looks for runs.

use soft_dice::histogram::{CodeCounts, Histogram};
use soft_dice::{Counts, LabelMaps, NonZero, U8};
use std::hint::black_box;
use std::time::Instant;

/// The least seconds of a call, of each of two, taken in turns.
fn times(rounds: usize, mut ours: impl FnMut(), mut plain: impl FnMut()) -> [f64; 2] {
    let mut least = [f64::INFINITY; 2];
    for _ in 0..rounds {
        for (which, least) in least.iter_mut().enumerate() {
            let start = Instant::now();
            if which == 0 {
                ours()
            } else {
                plain()
            }
            *least = least.min(start.elapsed().as_secs_f64());
        }
    }
    least
}

fn line(kernel: &str, data: &str, pixels: usize, [ours, plain]: [f64; 2]) {
    let rate = |seconds: f64| pixels as f64 / seconds * 1e-9;
    println!(
        "ratio {kernel} L2 {data} {:.2}   # {:.2} against {:.2} pixels a nanosecond",
        plain / ours,
        rate(ours),
        rate(plain)
    );
}

/// Bytes below `below`: in runs of 1 to 400, or each by itself.
fn bytes(seed: u64, pixels: usize, below: u64, runs: bool) -> Vec<u8> {
    let mut state = seed | 1;
    let mut next = move || {
        state = state.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F);
        state >> 33
    };
    let mut all = Vec::with_capacity(pixels);
    while all.len() < pixels {
        let run = if runs { 1 + next() % 400 } else { 1 };
        let byte = (next() % below) as u8;
        all.extend(std::iter::repeat_n(byte, run as usize));
    }
    all.truncate(pixels);
    all
}

fn labels(classes: usize, data: &str, runs: bool) {
    // Half of 1 MiB of L2 for both maps.
    let pixels = 1 << 18;
    let (p, t) = (bytes(1, pixels, classes as u64, runs), bytes(2, pixels, classes as u64, runs));
    let mut room = vec![Counts::default(); classes];
    let mut maps = LabelMaps::over(&mut room).expect("a few classes");
    let mut joint = vec![0u64; classes * classes];
    let took = times(
        60,
        || maps.update(black_box(&p), black_box(&t)).expect("labels"),
        || {
            for (&p, &t) in black_box(&p).iter().zip(black_box(&t)) {
                joint[usize::from(p) * classes + usize::from(t)] += 1;
            }
        },
    );
    let hits: u64 = (0..classes).map(|class| joint[class * classes + class]).sum();
    assert_eq!(maps.classes().iter().map(|class| class.pt).sum::<u64>(), hits, "both count the same");
    line(&format!("labels{classes}"), data, pixels, took);
}

fn histograms(data: &str, runs: bool) {
    let pixels = 1 << 18;
    let mut p = bytes(3, pixels, 256, runs);
    if runs {
        // A network is mostly sure.
        p.iter_mut().for_each(|code| {
            *code = if *code < 120 {
                0
            } else if *code > 200 {
                255
            } else {
                *code
            }
        });
    }
    let t = bytes(4, pixels, 2, runs);
    let (mut codes, mut table) = (CodeCounts::wide(U8), vec![0u64; 256]);
    let took = times(
        60,
        || codes.update(black_box(&p)).expect("room"),
        || black_box(&p).iter().for_each(|&code| table[usize::from(code)] += 1),
    );
    assert!((0..=255u8).all(|code| codes.of(code) == table[usize::from(code)]), "both count the same");
    line("u8_codes", data, pixels, took);
    let (mut counts, mut table) = (Histogram::wide(U8, NonZero), vec![0u64; 512]);
    let took = times(
        60,
        || counts.update(black_box(&p), black_box(&t)).expect("room"),
        || {
            for (&code, &mark) in black_box(&p).iter().zip(black_box(&t)) {
                table[usize::from(code) + if mark != 0 { 256 } else { 0 }] += 1;
            }
        },
    );
    assert!((0..=255u8).all(|code| counts.of(code)[1] == table[256 + usize::from(code)]), "both count the same");
    line("u8_histogram", data, pixels, took);
}

fn main() {
    for (data, runs) in [("runs", true), ("random", false)] {
        labels(4, data, runs);
        labels(21, data, runs);
        histograms(data, runs);
    }
}
