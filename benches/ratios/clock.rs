//! Interleaved timing: in every round each contestant runs once, so that a noisy neighbour slows them all; a ratio is the
//! median of the rounds' ratios.
use std::time::{Duration, Instant};

/// A sample lasts at least this long.
const SAMPLE: Duration = Duration::from_micros(150);

/// Seconds a call, by contestant and round.
pub fn interleaved(calls: &[Box<dyn Fn() + '_>], rounds: usize) -> Vec<Vec<f64>> {
    let repeats: Vec<u32> = calls.iter().map(|call| calibrate(call)).collect();
    let mut times = vec![Vec::with_capacity(rounds); calls.len()];
    for _ in 0..rounds {
        for (index, call) in calls.iter().enumerate() {
            let start = Instant::now();
            for _ in 0..repeats[index] {
                call();
            }
            times[index].push(start.elapsed().as_secs_f64() / f64::from(repeats[index]));
        }
    }
    times
}

fn calibrate(call: &dyn Fn()) -> u32 {
    call();
    let mut repeats = 1;
    loop {
        let start = Instant::now();
        for _ in 0..repeats {
            call();
        }
        if start.elapsed() >= SAMPLE {
            return repeats;
        }
        repeats *= 2;
    }
}

/// Median over the rounds of `theirs / ours`.
pub fn ratio(ours: &[f64], theirs: &[f64]) -> f64 {
    median(ours.iter().zip(theirs).map(|(a, b)| b / a).collect())
}

pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
