//! What a run found, as one tree: `--json` prints it, tables and pages are drawn from it.
//!
//! A score is `null` where it is undefined (0/0, or left out by `--empty`). Sums are the library's [`Record`], exact.

use crate::args::{EmptyPolicy, Form, Preset};
use crate::map::Layout;
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
    /// Pixels.
    pub height: usize,
    /// Pixels.
    pub width: usize,
    /// What was found.
    pub scores: Scores,
}

/// Means over the files in which the figure is defined.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Means {
    /// Of the files' Dice.
    pub dice: Option<f64>,
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScoreReport {
    /// How.
    #[serde(flatten)]
    pub header: Header,
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
    /// The worst first; undefined ones last.
    pub files: Vec<FileScore>,
    /// Where time went.
    pub times: Option<Times>,
}
