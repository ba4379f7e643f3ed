//! A folder of any length takes the memory of a few maps: the peak for 1000 files beside that for 100.
#![cfg(target_os = "linux")]

mod support;

use std::process::{Command, Stdio};
use support::{folder, line, npy};

/// Pixels of a side: small, so that what is kept of each file shows beside it.
const SIDE: usize = 64;

/// What 900 files may add, in KiB: two paths and a place each, 130 bytes as measured.
const MORE: u64 = 200;

/// The most that the command took at once, in KiB: in all, and of memory that no file is behind (what it keeps, without the
/// pages of the program itself, of which the system loads more or less). Asked for without a pause until it ends.
fn peaks(arguments: &[String]) -> [u64; 2] {
    let mut child = Command::new(env!("CARGO_BIN_EXE_soft-dice"));
    let mut child = child.args(arguments).stdout(Stdio::null()).spawn().expect("the command runs");
    let status = format!("/proc/{}/status", child.id());
    let mut peaks = [0; 2];
    // A process that has ended has the file until it is waited for, but no such lines.
    let line = |text: &str, name: &str| -> Option<u64> {
        text.lines().find_map(|line| line.strip_prefix(name)?.trim().strip_suffix(" kB")?.parse().ok())
    };
    while let Ok(text) = std::fs::read_to_string(&status) {
        let (Some(all), Some(kept)) = (line(&text, "VmHWM:"), line(&text, "RssAnon:")) else { break };
        peaks = [all, kept.max(peaks[1])];
    }
    assert!(child.wait().expect("the command ends").success(), "{arguments:?}");
    peaks
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
                let bytes = npy("|u1", &[SIDE, SIDE], false, &pixels[map..][..SIDE * SIDE]);
                std::fs::write(within.join(format!("{map:04}.npy")), bytes).expect("a file");
            }
        }
    }
    let [json, csv] = ["x.json", "x.csv"].map(|name| folder.path().join(name));
    let full = "score @ @ --confidence --threshold 0.5 --quiet --threads 1 --json @ --csv @";
    for arguments in ["score @ @ --quiet --threads 1", full, "compare @ @ --quiet --threads 1"] {
        let [few, many] = [100, 1000].map(|maps| {
            let [pred, mask] = ["pred", "mask"].map(|kind| folder.path().join(format!("{maps}/{kind}")));
            peaks(&line(arguments, &[&pred, &mask, &json, &csv]))
        });
        println!(
            "{arguments}: for 100 files {} KiB ({} of its own), for 1000 {} ({})",
            few[0], few[1], many[0], many[1]
        );
        assert!(few[0] > 0 && many[0] * 10 <= few[0] * 11, "{arguments}: {few:?}, {many:?} KiB");
        // Without optimisation the program alone is twice as large: the share above would hide a file's own cost.
        assert!(many[1] <= few[1] + MORE, "{arguments}: {few:?}, {many:?} KiB");
    }
}
