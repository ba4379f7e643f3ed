//! Writes what a whole run has measured into `docs/speed.md`, between its two marks, with the machine and the day.
use crate::machine::Machine;
use std::fs;
use std::process::Command;
use std::time::SystemTime;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/speed.md");
const BEGIN: &str = "<!-- begin: cargo bench --bench ratios -- --write -->\n";
const END: &str = "<!-- end -->\n";

/// Puts `tables` in place of those of the last run.
pub fn write(machine: &Machine, tables: &str) -> Result<(), String> {
    let page = fs::read_to_string(PAGE).map_err(|error| format!("docs/speed.md: {error}"))?;
    let (before, rest) = page.split_once(BEGIN).ok_or("docs/speed.md: no mark where the tables begin")?;
    let (_, after) = rest.split_once(END).ok_or("docs/speed.md: no mark where the tables end")?;
    let notes: String = machine.notes.iter().map(|note| format!("- {note}\n")).collect();
    let written = format!("{before}{BEGIN}\n{}\n{notes}\n{tables}{END}{after}", about(machine));
    fs::write(PAGE, written).map_err(|error| format!("docs/speed.md: {error}"))
}

/// One sentence: when, where and with what.
fn about(machine: &Machine) -> String {
    let compiler = Command::new("rustc").arg("--version").output().ok();
    let compiler = compiler.and_then(|output| String::from_utf8(output.stdout).ok());
    let day = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
    format!(
        "Measured on {}, on one core of {}, with {}; the library chose the backend `{}`; {}; load average {} as it began.\n",
        day.split('T').next().unwrap_or_default(),
        machine.cpu,
        machine.extensions.join(", "),
        soft_dice::backend(),
        compiler.as_deref().map_or("compiler unknown", str::trim),
        machine.load,
    )
}
