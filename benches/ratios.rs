//! Ours beside the peers, interleaved in one process.
//!
//! ```text
//! ratio <kernel> <level> <peer> <throughput of ours over the peer's>
//! roof <kernel> <level> <throughput of ours over plain reads of the same bytes>
//! backend <kernel> <level> <backend> <its throughput over that of the backend that the library chooses>
//! error <kernel> <level> <peer> <largest relative error of its sums>
//! wrong <kernel> <level> <peer> <its Σpt> <the exact Σpt>
//! ```
//!
//! Arguments, after `--`: names of kernels and levels, else all; `--speed` prints pixels per nanosecond too, which mean
//! nothing on another machine; `--table` prints the tables of `docs/speed.md` at the end, and `--write` puts them there.
#[path = "ratios/cases.rs"]
mod cases;
#[path = "ratios/clock.rs"]
mod clock;
#[path = "ratios/formats.rs"]
mod formats;
#[path = "ratios/machine.rs"]
mod machine;
#[path = "ratios/page.rs"]
mod page;
#[path = "ratios/roof.rs"]
mod roof;
#[path = "ratios/shapes.rs"]
mod shapes;
#[path = "ratios/table.rs"]
mod table;

use cases::{Case, Contestant, KERNELS, Sums};
use clock::{interleaved, median, ratio};
use machine::{Level, Machine};
use soft_dice::Backend;
use std::hint::black_box;
use std::process::ExitCode;
use table::Table;

/// Where the backends stand beside each other.
const BACKENDS: &str = "L2";

/// A relative error above this is a wrong result, not a rounded one.
const WRONG: f64 = 0.05;

fn main() -> ExitCode {
    // Cargo adds `--bench` to what the user says.
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let flag = |name: &str| words.iter().any(|word| word == name);
    let (speed, mut table) = (flag("--speed"), Table::default());
    let wanted = |name: &str, all: &[&str]| {
        let mut named = words.iter().filter(|word| all.contains(&word.as_str())).peekable();
        named.peek().is_none() || named.any(|word| word == name)
    };
    let machine = Machine::read();
    machine.notes.iter().for_each(|note| println!("note {note}"));
    let kernels: Vec<&str> = KERNELS.iter().map(|kernel| kernel.name).collect();
    let levels: Vec<&str> = machine.levels.iter().map(|level| level.name).collect();
    let known = |word: &str| {
        ["--speed", "--table", "--write"].contains(&word) || kernels.contains(&word) || levels.contains(&word)
    };
    if let Some(word) = words.iter().find(|word| !known(word)) {
        eprintln!("{word} is no option, kernel or level\nkernels: {}\nlevels: {}", kernels.join(" "), levels.join(" "));
        return ExitCode::from(2);
    }
    let named = words.iter().any(|word| !word.starts_with("--"));
    if flag("--write") && named {
        eprintln!("--write puts a whole run in the page: name no kernel and no level beside it");
        return ExitCode::from(2);
    }
    for level in machine.levels.iter().filter(|level| wanted(level.name, &levels)) {
        for kernel in KERNELS.iter().filter(|kernel| wanted(kernel.name, &kernels)) {
            let pixels = if level.bytes == 0 { 512 } else { level.bytes * 8 / kernel.bytes_per_8 / 64 * 64 };
            (kernel.run)(pixels, &mut |case| report(kernel.name, level, pixels, &case, speed, &mut table));
        }
    }
    if flag("--table") {
        println!("\n{}", table.text(&machine.levels));
    }
    if flag("--write")
        && let Err(error) = page::write(&machine, &table.text(&machine.levels))
    {
        eprintln!("{error}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn report(kernel: &'static str, level: &Level, pixels: usize, case: &Case, speed: bool, table: &mut Table) {
    let Case { operands: (a, b), contestants, exact } = case;
    let mut calls: Vec<Box<dyn Fn() + '_>> = Vec::new();
    for contestant in contestants {
        calls.push(Box::new(|| {
            black_box((contestant.call)());
        }));
    }
    calls.extend(roof::ways(a, b));
    let rounds = level.rounds;
    let times = interleaved(&calls, rounds);
    let (ours, rest) = (&times[0], &times[1..]);
    let (theirs, reads) = rest.split_at(contestants.len() - 1);
    let level = level.name;
    for (contestant, times) in contestants[1..].iter().zip(theirs) {
        let ratio = ratio(ours, times);
        println!("ratio {kernel} {level} {} {ratio:.2}", contestant.name);
        table.ratio(level, kernel, contestant.name, ratio, worst(&(contestant.call)(), exact));
    }
    // The best way of reading is the one with the least median time.
    let fraction = reads.iter().map(|times| ratio(ours, times)).fold(f64::INFINITY, f64::min);
    println!("roof {kernel} {level} {fraction:.3}");
    table.ratio(level, kernel, "roof", fraction, worst(&(contestants[0].call)(), exact));
    if level == BACKENDS {
        backends(kernel, contestants, exact, rounds, table);
    }
    for (contestant, times) in contestants.iter().zip(&times) {
        let sums = (contestant.call)();
        let error = worst(&sums, exact);
        if level != "px512" {
            println!("error {kernel} {level} {} {error:.1e}", contestant.name);
        }
        if error > WRONG {
            println!("wrong {kernel} {level} {} {} {}", contestant.name, sums[2], exact[2]);
        }
        if speed {
            println!("speed {kernel} {level} {} {:.2}", contestant.name, pixels as f64 / median(times.clone()) / 1e9);
        }
    }
    if speed {
        for (way, times) in reads.iter().enumerate() {
            println!("speed {kernel} {level} read_{way} {:.2}", pixels as f64 / median(times.clone()) / 1e9);
        }
    }
}

/// Ours on every backend that this CPU can run, in turns: what a CPU without the extensions of the first would get, but for its clock
/// and its caches.
fn backends(kernel: &'static str, contestants: &[Contestant], exact: &Sums, rounds: usize, table: &mut Table) {
    let Some(ours) = contestants.first() else { return };
    let all: Vec<Backend> = Backend::available().collect();
    let call = |backend: Backend| -> Box<dyn Fn() + '_> {
        Box::new(move || {
            backend.select();
            black_box((ours.call)());
        })
    };
    let calls: Vec<_> = all.iter().map(|&backend| call(backend)).collect();
    let times = interleaved(&calls, rounds);
    for (backend, times_of) in all.iter().zip(&times).skip(1) {
        backend.select();
        let fraction = ratio(times_of, &times[0]);
        let error = worst(&(ours.call)(), exact);
        println!("backend {kernel} {BACKENDS} {} {fraction:.3}", backend.name());
        table.backend(kernel, backend.name(), fraction, error);
    }
    Backend::best().select();
}

/// The largest relative error of the sums that a contestant gives.
fn worst(sums: &Sums, exact: &Sums) -> f64 {
    sums.iter()
        .zip(exact)
        .filter(|(sum, _)| !sum.is_nan())
        .map(|(sum, exact)| (sum - exact).abs() / exact.abs())
        .fold(0.0, f64::max)
}
