//! What ends a run: one line that says what is wrong and what to do.

use std::fmt;
use std::path::Path;

/// The message of a run that ended. Every line break in what was read (a file's name may hold one) is shown as a space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure(String);

/// A result that ends the run.
pub type Outcome<T> = Result<T, Failure>;

impl Failure {
    /// `what` is wrong, and the `remedy`.
    #[must_use]
    pub fn new(what: impl fmt::Display, remedy: impl fmt::Display) -> Self {
        Self(format!("{what}; {remedy}"))
    }

    /// The same, of this file.
    #[must_use]
    pub fn at(self, path: &Path) -> Self {
        Self(format!("{}: {}", path.display(), self.0))
    }

    /// The same, of this frame of a recording.
    #[must_use]
    pub fn frame(self, frame: usize) -> Self {
        Self(format!("frame {frame}: {}", self.0))
    }

    /// The same, with how many others there were.
    #[must_use]
    pub fn and_others(self, others: usize) -> Self {
        if others == 0 { self } else { Self(format!("{} (and {others} more files failed)", self.0)) }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.replace(['\n', '\r'], " "))
    }
}

impl std::error::Error for Failure {}

/// What the library refuses, in the words of this command's options.
impl From<soft_dice::Error> for Failure {
    fn from(error: soft_dice::Error) -> Self {
        use soft_dice::Error::{Label, Range, Scale, Setting};
        let remedy = match error {
            Range => "give `--logits` if these are logits, or `--range exclude` or `--range clamp`",
            Label => "give `--ignore LABEL`, or check `--classes` and `--layout`",
            Scale => "take the scale from the model's output tensor",
            Setting => "take the zero point from the model's output tensor",
            _ => "check that prediction and target are of the same kind",
        };
        Self::new(error, remedy)
    }
}
