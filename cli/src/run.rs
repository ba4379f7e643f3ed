//! Many files: a pool of threads, one map at a time in each, and a bar where someone is watching.

use crate::args::Common;
use crate::error::{Failure, Outcome};
use indicatif::{ProgressBar, ProgressStyle};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use std::io::IsTerminal;

/// More would only wait for each other.
const MOST_THREADS: usize = 1024;

/// `work` on each item; results in the order of the items. All are tried, and the first failure is told with the number
/// of the others.
///
/// # Errors
///
/// What `work` fails with, or no threads.
pub fn each<I: Sync, R: Send>(items: &[I], common: &Common, work: impl Fn(&I) -> Outcome<R> + Sync) -> Outcome<Vec<R>> {
    if common.threads.is_some_and(|threads| !(1..=MOST_THREADS).contains(&threads)) {
        return Err(Failure::new("no such number of threads", format!("give `--threads` from 1 to {MOST_THREADS}")));
    }
    let bar = bar(items.len(), common.quiet, "files");
    let work = |item| {
        let result = work(item);
        bar.inc(1);
        result
    };
    let results: Vec<_> = match items {
        // A thread for one file would only be waited for.
        [only] => vec![work(only)],
        _ => {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(common.threads.unwrap_or(0)).build();
            let pool = pool.map_err(|error| Failure::new(error, "give a smaller `--threads`"))?;
            pool.install(|| items.par_iter().map(work).collect())
        }
    };
    bar.finish_and_clear();
    let failures = results.iter().filter(|result| result.is_err()).count();
    results.into_iter().collect::<Outcome<Vec<R>>>().map_err(|first| first.and_others(failures - 1))
}

/// On a terminal, and for more than one.
#[must_use]
pub fn bar(items: usize, quiet: bool, what: &str) -> ProgressBar {
    if quiet || items < 2 || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template(&format!("{{bar:40}} {{pos}}/{{len}} {what}, {{per_sec}}, {{eta}} left"));
    ProgressBar::new(items as u64).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
