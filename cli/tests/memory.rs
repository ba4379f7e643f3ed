//! A folder of any length takes the memory of a few maps: the peak for 1000 files beside that for 100.

mod support;

use clap::Parser;
use peak_alloc::PeakAlloc;
use soft_dice_cli::args::Cli;
use soft_dice_cli::command;
use support::{folder, line, npy};

/// Counts every byte of the heap, which unlike the size of a process is the same on any machine under any load.
#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// Pixels of a side: small, so that what is kept of each file shows beside it.
const SIDE: usize = 64;

/// What 900 files may add, in bytes: two paths and a place each.
const MORE: usize = 900 * 140;

/// The most that the command kept at once, in bytes.
fn peak(arguments: &[String]) -> usize {
    let before = HEAP.current_usage();
    HEAP.reset_peak_usage();
    let cli = Cli::try_parse_from(std::iter::once("soft-dice").chain(arguments.iter().map(String::as_str)));
    let reached = command::run(&cli.expect("a command line")).expect("the command runs");
    assert!(reached, "{arguments:?}");
    HEAP.peak_usage() - before
}

#[test]
fn a_thousand_files_take_no_more_than_a_hundred() {
    let folder = folder();
    let pixels: Vec<u8> = (0..2 * SIDE * SIDE).map(|at| (at * at % 251) as u8).collect();
    for maps in [100, 1000] {
        for kind in ["pred", "mask"] {
            let within = folder.path().join(format!("{maps}/{kind}"));
            std::fs::create_dir_all(&within).expect("a folder");
            for map in 0..maps {
                let mut numbers = pixels[map..][..SIDE * SIDE].to_vec();
                if kind == "mask" {
                    numbers.iter_mut().for_each(|number| *number = u8::from(*number > 99));
                }
                let bytes = npy("|u1", &[SIDE, SIDE], false, &numbers);
                std::fs::write(within.join(format!("{map:04}.npy")), bytes).expect("a file");
            }
        }
    }
    let [json, csv] = ["x.json", "x.csv"].map(|name| folder.path().join(name));
    let full = "score @ @ --confidence --threshold 0.5 --quiet --threads 1 --json @ --csv @";
    for arguments in ["score @ @ --quiet --threads 1", full, "compare @ @ --quiet --threads 1"] {
        let [few, many] = [100, 1000].map(|maps| {
            let [pred, mask] = ["pred", "mask"].map(|kind| folder.path().join(format!("{maps}/{kind}")));
            peak(&line(arguments, &[&pred, &mask, &json, &csv]))
        });
        println!("{arguments}: for 100 files {few} bytes, for 1000 {many}");
        assert!(few > SIDE * SIDE && many <= few + MORE, "{arguments}: {few}, {many} bytes");
    }
}
