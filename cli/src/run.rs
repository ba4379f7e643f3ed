//! Many files: a pool of threads, one map at a time in each, and a bar where someone is watching.

use crate::args::Common;
use crate::error::{Failure, Outcome};
use indicatif::{ProgressBar, ProgressStyle};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};

/// More would only wait for each other.
const MOST_THREADS: usize = 1024;

/// `work` on each number below `items`. All are tried, and the first failure is told with the number of the others.
///
/// # Errors
///
/// What `work` fails with, or no threads.
pub fn each(items: usize, common: &Common, work: impl Fn(usize) -> Outcome<()> + Sync) -> Outcome<()> {
    each_of(items, common, false, work).map(drop)
}

/// The same; those that fail are told one by one where the rest is to go on, and at least one did not.
///
/// # Errors
///
/// What `work` fails with if the rest is not to go on or all fail, or no threads.
pub fn each_of(
    items: usize,
    common: &Common,
    keep_going: bool,
    work: impl Fn(usize) -> Outcome<()> + Sync,
) -> Outcome<Vec<(usize, Failure)>> {
    if common.threads.is_some_and(|threads| !(1..=MOST_THREADS).contains(&threads)) {
        return Err(Failure::new("no such number of threads", format!("give `--threads` from 1 to {MOST_THREADS}")));
    }
    let bar = bar(items, common.quiet, "files");
    // The failures that are told, and how many there were.
    let failed: Mutex<(Vec<(usize, Failure)>, usize)> = Mutex::new((Vec::new(), 0));
    let one = |item| {
        let result = work(item);
        bar.inc(1);
        let Err(failure) = result else { return };
        let mut failed = failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.1 += 1;
        match failed.0.first_mut() {
            // Where the run ends with it, the first of them is enough.
            Some(first) if !keep_going => {
                if item < first.0 {
                    *first = (item, failure);
                }
            }
            _ => failed.0.push((item, failure)),
        }
    };
    if items == 1 {
        // A thread for one file would only be waited for.
        one(0);
    } else {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(common.threads.unwrap_or(0)).build();
        let pool = pool.map_err(|error| Failure::new(error, "give a smaller `--threads`"))?;
        pool.install(|| (0..items).into_par_iter().for_each(one));
    }
    bar.finish_and_clear();
    let (mut failed, count) = failed.into_inner().unwrap_or_else(PoisonError::into_inner);
    failed.sort_by_key(|(item, _)| *item);
    if count > 0 && (!keep_going || count == items) {
        let (_, first) = failed.swap_remove(0);
        return Err(first.and_others(count - 1));
    }
    Ok(failed)
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
