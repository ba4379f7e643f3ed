//! A command line run: its report computed, and written in each form that was asked for.

use crate::args::{Cli, Command, CompareArgs, WatchArgs};
use crate::error::{Failure, Outcome};
use crate::output::{Outputs, csv, junit, notes, records, table, write};
use crate::scorer::Scorer;
use crate::{compare, diff, emit, log, report, score, watch};

/// Runs a command line: whether what was asked for was reached.
///
/// # Errors
///
/// An input, an option or an output at fault.
pub fn run(cli: &Cli) -> Outcome<bool> {
    match &cli.command {
        Command::Score(args) => {
            let mut args = args.clone();
            args.read = args.read.with_model()?;
            // The page sets confidence beside the Dice.
            args.scoring.confidence |= args.output.report.is_some();
            let args = &args;
            let mut outputs = Outputs::begin(&args.output, Some(&args.tables), &[])?;
            let report = score::score(args, &cli.common)?;
            let pictures = args.tables.picture.as_deref();
            outputs.page(|| report::scores(&report, &Scorer::new(args)?, pictures, &cli.common))?;
            if !cli.common.quiet && !outputs.on_stdout {
                table::print(&table::scores(&report, args.output.worst)?)?;
            } else {
                for line in notes::after(&report).lines() {
                    eprintln!("soft-dice: {line}");
                }
            }
            let least = args.scoring.min_dice.unwrap_or(0.0);
            outputs.junit(|out| junit::junit(&report, least, out))?;
            outputs.records(|lines| records::records(&report, lines))?;
            outputs.finish(&report, |lines| csv::scores(&report, lines))?;
            if !report.failed.is_empty() {
                let all = report.failed.len() + report.files.len();
                return Err(Failure::new(
                    format!("{} of {all} files could not be scored", report.failed.len()),
                    "each is listed with its reason",
                ));
            }
            let reached = |least: f64| report.mean.dice.is_some_and(|dice| dice >= least);
            let enough = args.scoring.min_dice.is_none_or(reached);
            if !enough {
                eprintln!("soft-dice: the mean Dice is {}, below --min-dice", table::number(report.mean.dice));
            }
            Ok(enough)
        }
        Command::Compare(args) => {
            let args = &CompareArgs { read: args.read.with_model()?, ..args.clone() };
            let mut outputs = Outputs::begin(&args.output, None, &[])?;
            let report = compare::compare(args, &cli.common)?;
            outputs.page(|| report::comparisons(&report, &compare::Comparer::new(args), &cli.common))?;
            if cli.common.quiet || outputs.on_stdout {
                for warning in &report.warnings {
                    eprintln!("soft-dice: warning: {}: {}", compare::title(warning.mistake), warning.message);
                }
            } else {
                table::print(&table::comparisons(&report, args.output.worst)?)?;
            }
            outputs.finish(&report, |lines| csv::comparisons(&report, lines))?;
            let enough = args.min_agreement.is_none_or(|least| report.mean_agreement.is_some_and(|mean| mean >= least));
            if !enough {
                let mean = table::number(report.mean_agreement);
                eprintln!("soft-dice: the mean agreement is {mean}, below --min-agreement");
            }
            Ok(enough)
        }
        Command::Diff(args) => {
            let json = args.json.as_ref().map(|path| write::Pending::begin(path)).transpose()?;
            let report = diff::diff(args)?;
            let on_stdout = args.json.as_ref().is_some_and(|path| write::is_stdout(path));
            if !cli.common.quiet && !on_stdout {
                table::print(&report.text(args.worst))?;
            }
            if let Some(mut json) = json {
                json.json(&report)?;
                json.commit(b"\n")?;
            }
            Ok(report.held())
        }
        Command::Watch(args) => {
            let args = &WatchArgs { read: args.read.with_model()?, ..args.clone() };
            let others: Vec<_> = args.plot.iter().chain(&args.emit).map(Some).collect();
            let mut outputs = Outputs::begin(&args.output, None, &others)?;
            let emissions = emit::begin(&args.emit)?;
            let plot = args.plot.as_ref().map(|path| write::Pending::begin(path)).transpose()?;
            let report = watch::watch(args, &cli.common)?;
            if let Some(emitted) = watch::emitted(args, &report) {
                emissions.into_iter().try_for_each(|emission| emission.write(&emitted))?;
            }
            if !cli.common.quiet && !outputs.on_stdout {
                table::print(&watch::table::text(&report, args.output.worst))?;
            } else {
                for line in watch::table::warnings(&report).lines() {
                    eprintln!("soft-dice: {line}");
                }
            }
            if let Some(plot) = plot {
                plot.commit(watch::plot::picture(&report).as_bytes())?;
            }
            outputs.page(|| Ok(report::watched(&report, Some(args))))?;
            outputs.finish(&report, |lines| watch::table::csv(&report, lines))?;
            Ok(!(args.fail_on_alarm && report.alarmed()))
        }
        Command::Log(args) => {
            let mut outputs = Outputs::begin(&args.output, None, &[args.plot.as_ref()])?;
            let plot = args.plot.as_ref().map(|path| write::Pending::begin(path)).transpose()?;
            let report = log::log(args)?;
            let watched = &report.watch;
            if !cli.common.quiet && !outputs.on_stdout {
                table::print(&(watch::table::text(watched, args.output.worst) + &report.text()))?;
            }
            if let Some(plot) = plot {
                plot.commit(watch::plot::picture(watched).as_bytes())?;
            }
            outputs.page(|| Ok(report::watched(watched, None)))?;
            outputs.finish(&report, |lines| watch::table::csv(watched, lines))?;
            Ok(!(args.fail_on_alarm && watched.alarmed()))
        }
    }
}
