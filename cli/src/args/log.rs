//! Options of `log`.

use super::OutputArgs;
use clap::Args;
use std::path::PathBuf;

const LOG_EXAMPLES: &str = "\
Examples:
  soft-dice log device.bin
  soft-dice log device.bin --settings settings.json --plot device.svg --report device.html

A log holds reports, events and sums, one after the other: packed records of the C interface, the Rust library's `Entry`s by
postcard in COBS, or the text of a defmt log, in which `defmt::info!(\"{}\", entry)` wrote them:

  defmt-print -e firmware.elf < device.defmt > device.txt && soft-dice log device.txt

Bytes between them that are no record are passed over and counted.

Exit code: 0 done; 1 it was degraded or failed, and --fail-on-alarm was given; 2 the input or the command line is wrong.";

/// `soft-dice log`.
#[derive(Clone, Debug, Args)]
#[command(after_help = LOG_EXAMPLES)]
pub struct LogArgs {
    /// What the device has sent, byte by byte
    pub log: PathBuf,
    /// What the device judges by, as `watch --emit` wrote it as .json
    #[arg(long, value_name = "FILE")]
    pub settings: Option<PathBuf>,
    /// Write confidence and state over the frames to this file as a picture (SVG)
    #[arg(long, value_name = "FILE")]
    pub plot: Option<PathBuf>,
    /// Exit with 1 if it was ever degraded or failed
    #[arg(long)]
    pub fail_on_alarm: bool,
    #[command(flatten)]
    #[allow(missing_docs, reason = "its fields are documented")]
    pub output: OutputArgs,
}
