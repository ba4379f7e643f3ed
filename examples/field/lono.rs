//! Leave one network out: constants chosen without a network's recordings, tested on it.

use crate::Outcome;
use crate::judge::{Total, of};
use crate::recording::{Recording, Shown, out};
use soft_dice::monitor::{Drift, Monitor, Settings, Watched};
use std::collections::BTreeSet;
use std::fmt::Write;

/// What is chosen: the settled fall of confidence in thousandths, the falls of edge and detail in hundredths of ln.
type Choice = (u16, u16, u16);

fn settings((confidence, edge, detail): Choice) -> Settings {
    let general = Settings::DEFAULT;
    let settled = Drift::of((f64::from(confidence) * 32.768).round() as u16);
    let log = |watched: Option<Watched>, hundredths: u16| {
        let allowance = (f64::from(hundredths) / 100.0 / std::f64::consts::LN_2 * 2048.0).round() as u16;
        let drift = Drift { allowance, limit: allowance };
        watched.map(|watched| Watched { drift, settled: drift, ..watched })
    };
    Settings {
        confidence: Watched { settled, ..general.confidence },
        edge: log(general.edge, edge),
        detail: log(general.detail, detail),
        ..general
    }
}

fn choices() -> Vec<Choice> {
    let mut all = Vec::new();
    for confidence in [50, 60, 65, 70, 80] {
        for edge in [10, 15, 20, 30] {
            for detail in [40, 50, 60, 70] {
                all.push((confidence, edge, detail));
            }
        }
    }
    all
}

/// More is better: alarms in time, and no false ones; of equals, those that see more at all.
fn worth(total: &Total) -> (i64, i64) {
    let in_time = (total.before + total.within) as i64;
    (in_time - 2 * total.false_alarms as i64, -(total.missed as i64))
}

/// The choice in the middle of the best, by each of its numbers.
fn middle(best: &[Choice]) -> Choice {
    let of = |pick: fn(&Choice) -> u16| {
        let mut all: Vec<u16> = best.iter().map(pick).collect();
        all.sort_unstable();
        all[all.len() / 2]
    };
    let wanted = (of(|c| c.0), of(|c| c.1), of(|c| c.2));
    let distance = |c: &&Choice| c.0.abs_diff(wanted.0) / 5 + c.1.abs_diff(wanted.1) / 5 + c.2.abs_diff(wanted.2) / 10;
    *best.iter().min_by_key(distance).expect("there is a best")
}

/// What a monitor with these settings makes of what the watch saw.
fn monitored(recording: &Recording, settings: Settings) -> Outcome<Vec<Shown>> {
    let mut monitor = Monitor::<32>::new(settings)?;
    let step = |frame| {
        let event = monitor.observe(frame)?;
        Ok(Shown { state: monitor.state(), event, out: out(&monitor) })
    };
    recording.frames.iter().map(step).collect()
}

pub fn table(recordings: &[Recording]) -> Outcome<String> {
    let mut by_choice = Vec::new();
    for choice in choices() {
        let mut judged = Vec::new();
        for recording in recordings {
            judged.push(of(recording, &monitored(recording, settings(choice))?));
        }
        by_choice.push((choice, judged));
    }
    let networks: BTreeSet<&str> = recordings.iter().map(|recording| recording.network.as_str()).collect();
    let total = |choice: Choice, keep: &dyn Fn(&str) -> bool| {
        let mut total = Total::default();
        let (_, judged) = by_choice.iter().find(|(c, _)| *c == choice).expect("one of the choices");
        recordings.iter().zip(judged).filter(|(r, _)| keep(&r.network)).for_each(|(_, judged)| total.add(judged));
        total
    };
    let best = |keep: &dyn Fn(&str) -> bool| {
        let most = by_choice.iter().map(|(choice, _)| worth(&total(*choice, keep))).max();
        let best: Vec<Choice> =
            by_choice.iter().map(|(c, _)| *c).filter(|&c| Some(worth(&total(c, keep))) == most).collect();
        (middle(&best), best.len())
    };
    let mut text = String::from(
        "left out   confidence  edge  detail  (of as good)  in time there  false alarms there  in time with all\n",
    );
    let (with_all, as_good) = best(&|_| true);
    let mut sum = Total::default();
    for network in &networks {
        let (choice, as_good) = best(&|name| name != *network);
        let (there, all) = (total(choice, &|name| name == *network), total(with_all, &|name| name == *network));
        writeln!(
            text,
            "{network:<10} {:>10.3}  {:>4.2}  {:>6.2}  {as_good:>12}  {:>7} of {:>2}  {:>18}  {:>10} of {:>2}",
            f64::from(choice.0) / 1000.0,
            f64::from(choice.1) / 100.0,
            f64::from(choice.2) / 100.0,
            there.before + there.within,
            there.failing,
            there.false_alarms,
            all.before + all.within,
            all.failing,
        )?;
        let (_, judged) = by_choice.iter().find(|(c, _)| *c == choice).expect("one of the choices");
        recordings.iter().zip(judged).filter(|(r, _)| r.network == *network).for_each(|(_, judged)| sum.add(judged));
    }
    writeln!(
        text,
        "with all   {:>10.3}  {:>4.2}  {:>6.2}  {as_good:>12}\n\neach network by what the others chose:\n{sum}",
        f64::from(with_all.0) / 1000.0,
        f64::from(with_all.1) / 100.0,
        f64::from(with_all.2) / 100.0,
    )?;
    Ok(text)
}
