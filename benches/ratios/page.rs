//! Writes what a whole run has measured into `docs/speed.md`, between the two marks of its kind of CPU, with the machine and the day.
use crate::machine::{Machine, family};
use std::fs;
use std::process::Command;
use std::time::SystemTime;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/speed.md");
const END: &str = "<!-- end -->\n";

/// Puts `tables` in place of those of the last run on a CPU of this family; the first of a family go to the end.
pub fn write(machine: &Machine, tables: &str) -> Result<(), String> {
    let page = fs::read_to_string(PAGE).map_err(|error| format!("docs/speed.md: {error}"))?;
    let begin = format!("<!-- begin: {}, by cargo bench --bench ratios -- --write -->\n", family());
    let (before, after) = match page.split_once(&begin) {
        Some((before, rest)) => {
            let (_, after) = rest.split_once(END).ok_or("docs/speed.md: no mark where the tables end")?;
            (before, after)
        }
        None => (page.as_str(), ""),
    };
    let gap = if before.ends_with("\n\n") { "" } else { "\n" };
    let notes: String = machine.notes.iter().map(|note| format!("- {note}\n")).collect();
    let family = family();
    let written = format!("{before}{gap}{begin}\n## {family}\n\n{}\n{notes}\n{tables}{END}{after}", about(machine));
    fs::write(PAGE, written).map_err(|error| format!("docs/speed.md: {error}"))
}

/// One sentence: when, where and with what.
fn about(machine: &Machine) -> String {
    let compiler = Command::new("rustc").arg("--version").output().ok();
    let compiler = compiler.and_then(|output| String::from_utf8(output.stdout).ok());
    let day = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
    format!(
        "Measured on {}, on one core of {}, with {}{}; the library chose the backend `{}`; {}; load average {} as it began.\n",
        day.split('T').next().unwrap_or_default(),
        machine.cpu,
        machine.extensions.join(", "),
        // `benches/avx2.sh` sets it.
        option_env!("SOFT_DICE_BENCH_KEPT").unwrap_or_default(),
        soft_dice::backend(),
        compiler.as_deref().map_or("compiler unknown", str::trim),
        machine.load,
    )
}
