//! What a run found, as one tree: `--json` prints it, tables and pages are drawn from it.
//!
//! A score is `null` where it is undefined (0/0, or left out by `--empty`). Sums are the library's [`Record`], exact.

use crate::args::{EmptyPolicy, Form, Preset};
use crate::distribution::Distribution;
use crate::map::Layout;
use crate::regions::Region;
use crate::said::Said;
use crate::spool::Spool;
use crate::suspicion::Caution;
use crate::sweep::Sweep;
use serde::{Deserialize, Serialize};
use soft_dice::Record;

/// Which program, and how it was told to read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// `score` or `compare`.
    pub command: String,
    /// Of this program.
    pub version: String,
    /// The library's loops on this machine.
    pub backend: String,
    /// The command line, without the program's name.
    pub arguments: Vec<String>,
    /// A name for each class.
    pub classes: Vec<String>,
    /// Of the first file.
    pub layout: Layout,
}

/// One class in one file, or in all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassScore {
    /// Soft Dice in the form asked for.
    pub dice: Option<f64>,
    /// I/P: how much of the prediction is right.
    pub precision: Option<f64>,
    /// I/T: how much of the target is found.
    pub recall: Option<f64>,
    /// Dice of the hard masks, if asked for.
    pub hard: Option<f64>,
    /// The exact sums.
    pub sums: Record,
}

/// One file, or all of them pooled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scores {
    /// The mean over the classes that count.
    pub dice: Option<f64>,
    /// The same without class 0, which is most often the background; of one class none.
    pub foreground: Option<f64>,
    /// The same of the hard masks, if asked for.
    pub hard: Option<f64>,
    /// The loss that the preset's framework would state.
    pub loss: Option<f64>,
    /// Soft Dice Confidence, if asked for.
    pub confidence: Option<f64>,
    /// Classes without a target pixel.
    pub absent: usize,
    /// Each class.
    pub classes: Vec<ClassScore>,
}

/// A prediction with its target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileScore {
    /// The name that paired them.
    pub name: String,
    /// Its path.
    pub prediction: String,
    /// Its path.
    pub target: String,
    /// Which frame of the two, if they are stacks.
    pub frame: Option<usize>,
    /// Pixels.
    pub height: usize,
    /// Pixels.
    pub width: usize,
    /// What was found.
    pub scores: Scores,
}

/// A pair that could not be scored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failed {
    /// The name that paired them.
    pub name: String,
    /// What is wrong, and what to do.
    pub reason: String,
}

/// Files that were left alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// Predictions without a target.
    pub predictions: usize,
    /// Targets without a prediction.
    pub targets: usize,
    /// Files of the folders that are no maps, or whose names have not the prefix or the suffix.
    pub others: usize,
    /// Folders within the folders.
    pub folders: usize,
}

/// Means over the files in which the figure is defined.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Means {
    /// Of the files' Dice.
    pub dice: Option<f64>,
    /// The same without class 0, of many classes.
    pub foreground: Option<f64>,
    /// Files in it.
    pub files: usize,
    /// Of the files' hard Dice.
    pub hard: Option<f64>,
    /// Of the files' losses.
    pub loss: Option<f64>,
    /// Of the files' confidence.
    pub confidence: Option<f64>,
    /// Of each class over the files.
    pub classes: Vec<Option<f64>>,
}

/// Seconds, if `--time` asked for them: summed over the threads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Times {
    /// Reading and decoding the files.
    pub reading: f64,
    /// Sums and scores.
    pub computing: f64,
}

/// `soft-dice score`.
#[derive(Debug, Serialize)]
pub struct ScoreReport {
    /// How.
    #[serde(flatten)]
    pub header: Header,
    /// How the sides were read; the first is that of most of the files, if they differ.
    pub read: Vec<Said>,
    /// Which Dice.
    pub form: Form,
    /// Whose loss.
    pub preset: Option<Preset>,
    /// What empty classes score.
    pub empty: EmptyPolicy,
    /// Sums over all files, then scores.
    pub pooled: Scores,
    /// Scores of each file, then the mean.
    pub mean: Means,
    /// How the files' Dice lies.
    pub distribution: Option<Distribution>,
    /// Unions of classes, if they were asked for.
    pub regions: Vec<Region>,
    /// Of each class, if it was asked for.
    pub sweep: Option<Vec<Sweep>>,
    /// Pixels of each class of the target that were taken for each class, if it was asked for; of one class background and
    /// foreground.
    pub confusion: Option<Vec<Vec<u64>>>,
    /// Pairs that could not be scored, where `--keep-going` was given.
    pub failed: Vec<Failed>,
    /// Files that were left alone.
    pub left: Left,
    /// What looks wrong.
    pub warnings: Vec<Caution>,
    /// The worst first; undefined ones last.
    pub files: Spool<FileScore>,
    /// Where time went.
    pub times: Option<Times>,
}

/// A mistake that explains what was found better than the reading that was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mistake {
    /// The device writes the same numbers at every pixel.
    DeadDevice,
    /// The bytes are those of the other of int8 and uint8.
    SignFlip,
    /// Another zero point explains the device's codes.
    ZeroPoint,
    /// Another scale does.
    Scale,
    /// Another scale and another zero point do.
    ScaleAndZeroPoint,
    /// The device's map holds logits.
    DeviceLogits,
    /// The float model's map holds logits.
    FloatLogits,
    /// The device's map has gone through its activation once too often.
    DeviceActivationTwice,
    /// The float model's has.
    FloatActivationTwice,
    /// The device's map is its mask, not its scores.
    DeviceMask,
    /// The float model's is.
    FloatMask,
    /// One map is 1 − p of the other.
    Inverted,
    /// The device's codes stop before the float model's values do.
    Saturation,
    /// The classes lie together in one file and plane after plane in the other.
    Layout,
    /// Rows and columns are exchanged.
    Transposed,
    /// One map is mirrored.
    Flip,
    /// One map is turned by a quarter or a half.
    Turn,
    /// The rows of one map are further apart in memory than it was read.
    Stride,
    /// One map is shifted beside the other.
    Shift,
    /// One map was resized with other pixel centres than the other.
    Resize,
    /// The classes of the two maps are in different orders.
    ClassOrder,
    /// The files of one folder are some frames late.
    FrameOffset,
    /// Much is wrong, and no reading explains it: another picture or another model.
    Unexplained,
    /// The classes of a pixel do not sum to 1.
    PixelSums,
}

/// The side that a reading changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// The device's.
    Device,
    /// The float model's.
    Float,
    /// The maps do not say which of the two is wrong.
    Either,
}

/// What looks wrong, in how many files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Warning {
    /// The likely mistake.
    pub mistake: Mistake,
    /// The side that has it, in the first of the files.
    pub whose: Whose,
    /// Agreement of the first of the files if it is mended; none where that is not known.
    pub agreement: Option<f64>,
    /// Agreement of that file before.
    pub given: Option<f64>,
    /// Names of the files in which it was found.
    pub files: Vec<Box<str>>,
    /// Of the first of them: what was seen, and what to do.
    pub message: String,
}

/// Shares of 1 − agreement: they sum to it. All are parts of Σp + Σt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Loss {
    /// What the nearest code to each float value would lose as well.
    pub quantisation: f64,
    /// The rest, at pixels whose code lies exactly on the threshold.
    pub ties: f64,
    /// All other.
    pub disagreement: f64,
}

/// Pixels that are foreground in one hard mask and background in the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flips {
    /// Of how many (pixels times classes).
    pub of: u64,
    /// The device's code lies exactly on the threshold: `>` and `>=` differ.
    pub ties: u64,
    /// The nearest code to the float value lies on the other side of the threshold too.
    pub quantisation: u64,
    /// All other.
    pub disagreement: u64,
    /// Codes exactly on the threshold, flipped or not.
    pub on_threshold: u64,
}

/// Pixels whose greatest class is another on the device, where there are several classes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ArgmaxFlips {
    /// Of how many pixels.
    pub of: u64,
    /// Pixels of another class. The first of equal ones is the greatest.
    pub flips: u64,
    /// Of these, pixels where the float model's class is as high on the device as the one that is taken.
    pub ties: u64,
    /// Each class.
    pub classes: Vec<ClassFlips>,
}

/// Pixels in which a class is the greatest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ClassFlips {
    /// On the device.
    pub device: u64,
    /// In the float model's map.
    pub float: u64,
    /// On both.
    pub both: u64,
    /// Dice of the two; none where neither has a pixel.
    pub dice: Option<f64>,
}

/// Which codes the device used.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Codes {
    /// Different codes; of floats not counted.
    pub used: Option<u32>,
    /// Codes of the type.
    pub of: Option<u32>,
    /// Values at the least that the type holds (of floats: 0).
    pub lowest: u64,
    /// Values at the greatest (of floats: 1).
    pub highest: u64,
    /// Values outside [0, 1], read as the nearest inside.
    pub clamped: u64,
    /// Values in each of 256 equal steps of the type's range (of floats: of [0, 1]); of all files together, else empty.
    pub histogram: Vec<u64>,
}

/// Dice of both models against the target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Against {
    /// Of the float model.
    pub float: Option<f64>,
    /// Of the device.
    pub device: Option<f64>,
    /// The same of the hard masks.
    pub float_hard: Option<f64>,
    /// The same of the hard masks.
    pub device_hard: Option<f64>,
}

/// How far the device is from the float model, in one file or in all.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Semimetric soft Dice of the two maps, all classes together: 1 means the same value at every pixel.
    pub agreement: Option<f64>,
    /// Of each class.
    pub agreements: Vec<Option<f64>>,
    /// Dice of the two hard masks, foreground from the threshold on.
    pub hard_at_least: Option<f64>,
    /// The same where the device's must be above it.
    pub hard_above: Option<f64>,
    /// Where 1 − agreement comes from.
    pub loss: Loss,
    /// What becomes of the hard mask.
    pub flips: Flips,
    /// What becomes of the greatest class; none of maps of one class.
    pub argmax: Option<ArgmaxFlips>,
    /// What the device wrote.
    pub codes: Codes,
    /// Of each class: the device as p, the float model as t.
    pub sums: Vec<Record>,
}

/// One frame.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileComparison {
    /// The name that paired them.
    pub name: String,
    /// Its path.
    pub float: String,
    /// Its path.
    pub device: String,
    /// Its path, if there is one.
    pub target: Option<String>,
    /// Pixels.
    pub height: usize,
    /// Pixels.
    pub width: usize,
    /// What was found.
    pub comparison: Comparison,
    /// Scores against the target, if there is one.
    pub against: Option<Against>,
}

/// `soft-dice compare`.
#[derive(Debug, Serialize)]
pub struct CompareReport {
    /// How.
    #[serde(flatten)]
    pub header: Header,
    /// How the sides were read; the first is that of most of the files, if they differ.
    pub read: Vec<Said>,
    /// Where a hard mask is cut.
    pub threshold: f32,
    /// All files together.
    pub pooled: Comparison,
    /// The mean of the files' agreements.
    pub mean_agreement: Option<f64>,
    /// How the files' agreement lies.
    pub distribution: Option<Distribution>,
    /// Means over the files of the scores against the target.
    pub against: Option<Against>,
    /// The worst agreement first.
    pub files: Spool<FileComparison>,
    /// Likely mistakes.
    pub warnings: Vec<Warning>,
}
