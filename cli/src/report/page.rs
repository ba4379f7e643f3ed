//! What a page shows, whichever command made it. Scores are in \[0, 1\]; `None` is undefined.

/// A page: every part that is empty is left out.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The command and its subject, as in the browser's tab.
    pub title: String,
    /// What was compared, in one sentence.
    pub subject: String,
    /// What a reader wants first.
    pub headline: Vec<Figure>,
    /// What is wrong, and the likely reason.
    pub warnings: Vec<String>,
    /// Where the loss comes from.
    pub parts: Option<Parts>,
    /// A bar for each class.
    pub classes: Bars,
    /// A bar for each file, worst first.
    pub files: Bars,
    /// Confidence against the true score, a point for each file or frame.
    pub scatter: Option<Scatter>,
    /// Scores over the frames of a recording.
    pub series: Option<Series>,
    /// The worst frames.
    pub pictures: Vec<Picture>,
    /// Settings, and whatever else a reader may ask for.
    pub facts: Vec<(String, String)>,
    /// What `--json` prints: travels with the page.
    pub json: String,
}

/// A number with its name: `key` is its path in the JSON.
#[derive(Clone, Debug)]
pub struct Figure {
    /// As a reader calls it.
    pub name: String,
    /// Where it stands in the JSON, as a pointer (RFC 6901).
    pub key: String,
    /// The number, to its last bit.
    pub value: Value,
    /// What to make of it.
    pub note: String,
}

/// A number, as it is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// To four places; `None` is undefined.
    Score(Option<f64>),
    /// Whole.
    Count(u64),
}

/// Scores as bars.
#[derive(Clone, Debug, Default)]
pub struct Bars {
    /// What is measured.
    pub title: String,
    /// How it was measured, in a sentence.
    pub note: String,
    /// From the top.
    pub bars: Vec<Bar>,
    /// Bars that were left out, all better than the last.
    pub more: usize,
}

/// A score by name.
#[derive(Clone, Debug)]
pub struct Bar {
    /// The class, or the file.
    pub name: String,
    /// Where the score stands in the JSON.
    pub key: String,
    /// The score.
    pub score: Option<f64>,
    /// What else there is to know, such as the support.
    pub note: String,
}

/// Shares of a whole.
#[derive(Clone, Debug)]
pub struct Parts {
    /// What is split.
    pub title: String,
    /// How, in a sentence.
    pub note: String,
    /// Name, key and share of each part, none negative.
    pub parts: Vec<(String, String, f64)>,
}

/// Points of a pair of scores.
#[derive(Clone, Debug)]
pub struct Scatter {
    /// What x is.
    pub x: String,
    /// What y is.
    pub y: String,
    /// x, y and the name of each point.
    pub points: Vec<(f64, f64, String)>,
    /// What is seen in it, such as the rank correlation.
    pub note: String,
}

/// Scores over frames.
#[derive(Clone, Debug)]
pub struct Series {
    /// Name of each line and its score in every frame.
    pub lines: Vec<(String, Vec<Option<f64>>)>,
    /// Frame and text of each event.
    pub events: Vec<(usize, String)>,
    /// What is seen in it.
    pub note: String,
}

/// A frame as it was predicted, against its mask.
#[derive(Clone, Debug)]
pub struct Picture {
    /// The file or frame.
    pub name: String,
    /// Its score.
    pub score: Option<f64>,
    /// Pixels of a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// What each pixel is.
    pub marks: Vec<Mark>,
    /// The prediction, 255 for 1.0, shown where there is nothing to find.
    pub shade: Vec<u8>,
    /// Where it is bad, if it was tiled.
    pub tiles: Option<Tiles>,
}

/// What a pixel is, by the threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Neither predicted nor there.
    Neither,
    /// Predicted and there.
    TruePositive,
    /// Predicted, not there.
    FalsePositive,
    /// There, not predicted.
    FalseNegative,
    /// Left out: the ignore label, or no number.
    LeftOut,
}

/// A score for each tile of a frame.
#[derive(Clone, Debug)]
pub struct Tiles {
    /// Tiles of a row.
    pub columns: usize,
    /// Row after row; `None` where there is nothing to score.
    pub scores: Vec<Option<f64>>,
}
