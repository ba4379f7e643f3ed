//! The command line. What an option means is said here, once: `--help` prints it.

mod log;
mod numbers;

use crate::pair::Unpaired;
use crate::read::MOST_VALUES;
use crate::regions::Union;
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

pub use log::LogArgs;
pub use numbers::{ReadArgs, RoleArgs, TargetArgs, TargetWord, label_map};

/// Scores segmentation maps that a device recorded, with the device's own kernel: the sums are the same integers.
#[derive(Debug, Parser)]
#[command(name = "soft-dice", version, propagate_version = true, arg_required_else_help = true, max_term_width = 80)]
pub struct Cli {
    #[command(subcommand)]
    #[allow(missing_docs, reason = "its variants are documented")]
    pub command: Command,
    #[command(flatten)]
    #[allow(missing_docs, reason = "its fields are documented")]
    pub common: Common,
}

/// What every command takes.
#[derive(Clone, Debug, Args)]
pub struct Common {
    /// No progress bar and no table: only errors, warnings, the files asked for and the exit code
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Threads, each with one map at a time in memory [default: one for each core]
    #[arg(long, global = true, value_name = "N")]
    pub threads: Option<usize>,
    /// Values of one map at most: what is larger is refused
    #[arg(long, global = true, value_name = "N", default_value_t = MOST_VALUES)]
    pub max_pixels: usize,
}

#[allow(missing_docs, reason = "clap's help says what each does")]
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Scores maps against masks, labels or other maps
    Score(ScoreArgs),
    /// Says what quantisation has cost: the float model's maps against the device's
    Compare(CompareArgs),
    /// Runs the device's monitor over a recording: when it would have raised an alarm, and why
    Watch(WatchArgs),
    /// Shows what a device's monitor has sent home as `watch` shows a recording
    Log(LogArgs),
    /// Says which files got worse from one run of `score` to the next
    Diff(DiffArgs),
}

const DIFF_EXAMPLES: &str = "\
Examples:
  soft-dice score device/ masks/ --tflite --json before.json
  soft-dice diff before.json after.json --tolerance 0.002

Exit code: 0 no file got worse; 1 one did, or is gone; 2 the input is wrong.";

/// `soft-dice diff`.
#[derive(Clone, Debug, Args)]
#[command(after_help = DIFF_EXAMPLES)]
pub struct DiffArgs {
    /// What `score --json` wrote first
    pub before: PathBuf,
    /// What it wrote then
    pub after: PathBuf,
    /// A file has changed where its Dice did by more than T
    #[arg(long, value_name = "T", default_value_t = 0.0, value_parser = unit_limit)]
    pub tolerance: f64,
    /// Write all changes to this file as JSON (`-`: to the standard output, instead of the table)
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Rows of the table: those that got worse, and as many that got better
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub worst: usize,
}

/// A threshold, or a limit of a score.
fn unit_interval(text: &str) -> Result<f32, String> {
    let number: f32 = text.parse().map_err(|_| "not a number".to_string())?;
    if (0.0..=1.0).contains(&number) {
        return Ok(number);
    }
    let hint = if number > 1.0 && number <= 255.0 {
        format!(": codes are read as probabilities first, so that {number} of 255 is {:.4}", number / 255.0)
    } else {
        String::new()
    };
    Err(format!("it must lie in [0, 1]{hint}"))
}

/// The same of a limit that is printed in full.
fn unit_limit(text: &str) -> Result<f64, String> {
    let number: f64 = text.parse().map_err(|_| "not a number".to_string())?;
    if (0.0..=1.0).contains(&number) { Ok(number) } else { Err("it must lie in [0, 1]".into()) }
}

/// Which files belong together.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Pairing folders")]
pub struct PairArgs {
    /// What names of predictions end in, before the extension: `_q8` pairs `cat_q8.npy` with `cat.png`
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub pred_suffix: String,
    /// The same of targets
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub target_suffix: String,
}

/// Which files are scored.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Pairing folders")]
pub struct FolderArgs {
    /// The predictions, as a shell writes out `p/*.npy`; with `--target` for the targets. They are paired by name
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub pred: Vec<PathBuf>,
    /// Pair them in the order in which they are given, whatever their names
    #[arg(long, requires = "pred")]
    pub in_order: bool,
    /// What names of predictions begin with
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub pred_prefix: String,
    /// The same of targets
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub target_prefix: String,
    /// Look into folders within folders
    #[arg(long, short)]
    pub recursive: bool,
    /// Files without a partner: refuse them, or leave them out and count them
    #[arg(long, value_name = "POLICY", default_value = "refuse")]
    pub unpaired: Unpaired,
    /// Score the rest where a file is bad: every bad one is listed, and the exit code is 2
    #[arg(long)]
    pub keep_going: bool,
}

/// What is printed and written.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Output")]
pub struct OutputArgs {
    /// Write all figures and sums to this file as JSON. `-` is the standard output here and below, instead of the table
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Write a line for each file and class to this file as CSV
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// Write a page to this file that says it all in pictures: one HTML file, which needs nothing else
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Rows of the table: the worst files
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub worst: usize,
}

/// What `score` writes beside it.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Output")]
pub struct TableArgs {
    /// Also hard Dice at every threshold, the best of them, and whether probabilities mean what they say
    #[arg(long)]
    pub sweep: bool,
    /// Also the Dice of unions of classes: whole=1+2+3,core=1+3
    #[arg(long, value_name = "UNIONS", value_delimiter = ',', value_parser = crate::regions::union)]
    pub regions: Vec<Union>,
    /// Also which classes are taken for which
    #[arg(long)]
    pub confusion: bool,
    /// Write a test case for each file to this file as JUnit XML: failed where its Dice is below --min-dice
    #[arg(long, value_name = "FILE", requires = "min_dice")]
    pub junit: Option<PathBuf>,
    /// With --report: the pictures that the maps are of, under the overlays: a PNG or JPEG, or a folder of them by name
    #[arg(long, value_name = "PATH", requires = "report")]
    pub picture: Option<PathBuf>,
    /// Write a row of exact integers for each file and class to this file as CSV: the pooled Dice of many such files is a
    /// plain SUM
    #[arg(long, value_name = "FILE")]
    pub records: Option<PathBuf>,
}

const SCORE_EXAMPLES: &str = "\
Examples:
  soft-dice score device.npy mask.png --tflite
  soft-dice score device/ masks/ --pred-suffix _q8 --scale 0.00390625 --zero-point -128 --min-dice 0.9
  soft-dice score device.npy labels.png --tflite --labels --ignore 255 --classes road,car,sky --json scores.json
  soft-dice score device.bin mask.bin --dtype i8 --shape 144,256 --onnxruntime --target-dtype bool

Exit code: 0 done; 1 the mean score is below --min-dice; 2 the input or the command line is wrong.";

/// `soft-dice score`.
#[derive(Clone, Debug, Args)]
#[command(after_help = SCORE_EXAMPLES)]
pub struct ScoreArgs {
    /// PRED TARGET: two files, or two folders whose files are paired by name
    #[arg(num_args = 0.., value_names = ["PRED", "TARGET"])]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "its fields are documented")]
    pub read: ReadArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "its fields are documented")]
    pub role: RoleArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "its fields are documented")]
    pub target: TargetArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "its fields are documented")]
    pub scoring: ScoringArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "its fields are documented")]
    pub pairs: PairArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "its fields are documented")]
    pub folders: FolderArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "its fields are documented")]
    pub output: OutputArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "its fields are documented")]
    pub tables: TableArgs,
}

/// Which score.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "The score")]
pub struct ScoringArgs {
    /// linear 2I/(P+T), squared 2I/(P2+T2), semimetric 2m/(P+T). Of two soft maps take one of the last two: only they
    /// are 1 where the maps agree
    #[arg(long, default_value = "linear")]
    pub form: Form,
    /// Also the loss that a framework would state, with its smoothing and quirks
    #[arg(long)]
    pub preset: Option<Preset>,
    /// Also the hard Dice: foreground where the prediction is at least T (a soft target likewise)
    #[arg(long, value_name = "T", value_parser = unit_interval)]
    pub threshold: Option<f32>,
    /// Also the hard Dice of the greatest class, the first of equal ones
    #[arg(long, conflicts_with = "threshold")]
    pub argmax: bool,
    /// Score of a class that neither prediction nor target have. `skip` also leaves classes without a target out of the
    /// mean over classes
    #[arg(long, value_name = "POLICY", default_value = "skip")]
    pub empty: EmptyPolicy,
    /// Also Soft Dice Confidence, which needs no target
    #[arg(long)]
    pub confidence: bool,
    /// Exit with 1 if the mean over the files is below
    #[arg(long, value_name = "D", value_parser = unit_limit)]
    pub min_dice: Option<f64>,
    /// State the time spent in reading and in computing
    #[arg(long, action = ArgAction::SetTrue)]
    pub time: bool,
}

const COMPARE_EXAMPLES: &str = "\
Examples:
  soft-dice compare float.npy device.npy --tflite
  soft-dice compare float/ device/ masks/ --tflite --pred-suffix _q8 --float-suffix _f32
  soft-dice compare float.npy logits_q8.npy --scale 0.0441 --zero-point 8 --logits sigmoid

Exit code: 0 done, whatever was found; 1 the agreement is below --min-agreement; 2 the input or the command line is
wrong.";

/// `soft-dice compare`.
#[derive(Clone, Debug, Args)]
#[command(after_help = COMPARE_EXAMPLES)]
pub struct CompareArgs {
    /// The float model's map, or a folder of them
    pub float: PathBuf,
    /// The device's, of the same frames
    pub device: PathBuf,
    /// Masks or labels: then both are scored as well
    pub target_files: Option<PathBuf>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "its fields are documented")]
    pub read: ReadArgs,
    /// The float model's maps hold logits
    #[arg(long, value_name = "ACTIVATION", help_heading = "What the numbers mean")]
    pub float_logits: Option<Logits>,
    /// The classes are independent of each other: their sum at a pixel need not be 1
    #[arg(long, help_heading = "What the numbers mean")]
    pub independent: bool,
    #[command(flatten)]
    #[allow(missing_docs, reason = "its fields are documented")]
    pub target: TargetArgs,
    /// Where a hard mask would be cut
    #[arg(long, value_name = "T", default_value_t = 0.5, value_parser = unit_interval)]
    pub threshold: f32,
    /// Exit with 1 if the mean agreement over the files is below
    #[arg(long, value_name = "A", value_parser = unit_limit)]
    pub min_agreement: Option<f64>,
    /// What names of the float model's files end in, before the extension
    #[arg(long, value_name = "TEXT", default_value = "", help_heading = "Pairing folders")]
    pub float_suffix: String,
    #[command(flatten)]
    #[allow(missing_docs, reason = "its fields are documented")]
    pub pairs: PairArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "its fields are documented")]
    pub output: OutputArgs,
}

macro_rules! choices {
    ($($(#[$doc:meta])* $name:ident: $($variant:ident)*;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "lowercase")]
        #[allow(missing_docs, reason = "the option's help says what each does")]
        pub enum $name { #[default] $($variant),* }
    )*};
}

// The first of each is the default, which only tests rely on: the command line states its own.
choices! {
    /// What turns logits into probabilities.
    Logits: Sigmoid Softmax;
    /// [`soft_dice::Range`].
    RangePolicy: Refuse Exclude Clamp;
    /// What a target's numbers are.
    TargetKind: Mask Labels Soft Above Argmax;
    /// Which sums a Dice score is made of.
    Form: Linear Squared Semimetric;
    /// [`soft_dice::presets`].
    Preset: Monai Smp Nnunet Keras Kornia Torchmetrics;
    /// [`soft_dice::Empty`].
    EmptyPolicy: Skip Formula Undefined Zero One;
}

const WATCH_EXAMPLES: &str = "\
Examples:
  soft-dice watch recording.npy --tflite
  soft-dice watch recording.npy masks.npy --picture luma.npy --tflite --report watch.html
  soft-dice watch field.npy --tflite --healthy commissioning.npy --false-alarm 1e6 --json watch.json
  soft-dice watch field.npy --tflite --baseline 0.97 --allowance 0.02 --limit 0.03 --fail-on-alarm

A recording is a stack of frames, [frames, height, width], of one class: .npy, or raw with --dtype and --shape. It is read
a frame at a time. Masks are read as .npy, or without a header as bytes or bits (the lowest first), as their length says.
Without options the thresholds are the library's.

Exit code: 0 done; 1 it was degraded or failed, and --fail-on-alarm was given; 2 the input or the command line is wrong.";

/// `soft-dice watch`.
#[derive(Clone, Debug, Args)]
#[command(after_help = WATCH_EXAMPLES)]
pub struct WatchArgs {
    /// A stack of frames, in the order in which they were taken
    pub recording: PathBuf,
    /// A stack of masks of the same frames: the true Dice beside what the device knows
    pub target: Option<PathBuf>,
    /// The camera's luma of the same frames, as bytes, up to 64 times as wide and high:
    /// it shows whether the mask lies on the picture's edges
    #[arg(long, value_name = "RECORDING")]
    pub picture: Option<PathBuf>,
    /// With masks: a frame fails below this hard Dice, and alarms are judged by it
    #[arg(long, value_name = "D", default_value_t = 0.9)]
    pub bad: f64,
    /// Foreground where a value is at least T
    #[arg(long, value_name = "T", default_value_t = 0.5, value_parser = unit_interval)]
    pub threshold: f32,
    /// Write confidence, Dice and state over the frames to this file as a picture (SVG)
    #[arg(long, value_name = "FILE")]
    pub plot: Option<PathBuf>,
    /// Write the settings for firmware to this file: .rs, .h, .json or .postcard
    #[arg(long, value_name = "FILE")]
    pub emit: Vec<PathBuf>,
    /// Exit with 1 if it was ever degraded or failed
    #[arg(long)]
    pub fail_on_alarm: bool,
    #[command(flatten)]
    #[allow(missing_docs, reason = "its fields are documented")]
    pub thresholds: ThresholdArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "its fields are documented")]
    pub read: ReadArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "its fields are documented")]
    pub output: OutputArgs,
}

/// What an alarm is.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Thresholds")]
pub struct ThresholdArgs {
    /// Calibrate on the first N frames of the recording, which were healthy
    #[arg(long, value_name = "N")]
    pub calibrate: Option<usize>,
    /// Calibrate on this healthy recording (its first N frames, with `--calibrate`); give one for each scene
    #[arg(long, value_name = "RECORDING")]
    pub healthy: Vec<PathBuf>,
    /// The camera's pictures of a `--healthy` recording, in the same order: one for each of them, or none
    #[arg(long, value_name = "RECORDING", requires = "healthy")]
    pub healthy_picture: Vec<PathBuf>,
    /// Calibration: the fall of confidence that is to be found
    #[arg(long, value_name = "D", default_value_t = 0.05)]
    pub fall: f64,
    /// Calibration: frames from one false alarm to the next, at least
    #[arg(long, value_name = "FRAMES", default_value_t = 1.0e6)]
    pub false_alarm: f64,
    /// Calibration: the device learns its own baseline from its first N frames; 0: it is that of the healthy frames
    #[arg(long, value_name = "N", default_value_t = 8)]
    pub learn: u8,
    /// All settings of the monitor, as `settings` of what `--json` writes
    #[arg(long, value_name = "FILE")]
    pub settings: Option<PathBuf>,
    /// Confidence while all is well, where it is known
    #[arg(long, value_name = "C")]
    pub baseline: Option<f64>,
    /// How far a score may lie below the baseline: what is further adds up
    #[arg(long, value_name = "A")]
    pub allowance: Option<f64>,
    /// The sum beyond which it is degraded
    #[arg(long, value_name = "L")]
    pub limit: Option<f64>,
    /// So far below the baseline it has failed
    #[arg(long, value_name = "F")]
    pub failing: Option<f64>,
}
