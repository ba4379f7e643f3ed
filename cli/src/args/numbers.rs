//! What the options say of the numbers of both sides.

use super::{Logits, RangePolicy, TargetKind, unit_interval};
use crate::error::{Failure, Outcome};
use crate::labels::{LabelPair, Labels, NamedLabels};
use crate::map::Layout;
use crate::read::Dtype;
use crate::role::Role;
use crate::tflite;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// How the device's numbers become probabilities.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "What the numbers mean")]
pub struct ReadArgs {
    /// The value of one code of 8-bit maps: (q - zero point) * scale. Needs `--zero-point`
    #[arg(long, value_name = "S", requires = "zero_point")]
    pub scale: Option<f32>,
    /// The code that means 0. Needs `--scale`
    #[arg(long, value_name = "Z", requires = "scale", allow_negative_numbers = true)]
    pub zero_point: Option<i32>,
    /// Sigmoid and softmax outputs of TensorFlow Lite: scale 1/256, zero point -128 (of u8: 0)
    #[arg(long, conflicts_with_all = ["scale", "onnxruntime"])]
    pub tflite: bool,
    /// Those of onnxruntime: scale 1/255, zero point -128 (of u8: 0)
    #[arg(long, conflicts_with = "scale")]
    pub onnxruntime: bool,
    /// The model that wrote the maps, as .tflite: its output tensor says scale, zero point, type and layout
    #[arg(long, value_name = "FILE", conflicts_with_all = ["scale", "tflite", "onnxruntime"])]
    pub model: Option<PathBuf>,
    /// Which of its outputs, by number or name, if there are several
    #[arg(long, value_name = "N|NAME", requires = "model")]
    pub model_output: Option<String>,
    /// The maps hold logits: take the sigmoid, or the softmax over the classes
    #[arg(long, value_name = "ACTIVATION")]
    pub logits: Option<Logits>,
    /// Floats outside [0, 1] by more than 1e-6, and NaN: refuse the file, leave the pixels out, or take the nearest
    #[arg(long, value_name = "POLICY", default_value = "refuse")]
    pub range: RangePolicy,
    /// Order of the axes [default: what fits the other side; of `compare` the shortest of three is the classes]
    #[arg(long)]
    pub layout: Option<Layout>,
    /// How many classes, or their names with commas between
    #[arg(long, value_name = "N|NAMES")]
    pub classes: Option<String>,
    /// Type of the numbers of files other than .npy and .png (little-endian, no header)
    #[arg(long)]
    pub dtype: Option<Dtype>,
    /// Their shape, as 256,256 or 65,65,21
    #[arg(long, value_name = "H,W", value_delimiter = ',')]
    pub shape: Option<Vec<usize>>,
    /// Which array of an .npz with several
    #[arg(long, value_name = "NAME")]
    pub key: Option<String>,
}

/// What else is to be said of a prediction that is scored.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "What the numbers mean")]
pub struct RoleArgs {
    /// What the prediction's numbers are [default: what they can be, else it is asked]
    #[arg(long, value_name = "ROLE", conflicts_with = "logits")]
    pub role: Option<Role>,
    /// The label of class 0, in label maps of both sides
    #[arg(long, value_name = "LABEL", allow_negative_numbers = true)]
    pub label_offset: Option<i64>,
    /// Labels by name, in label maps of both sides: 7=0,8=1,*=ignore
    #[arg(long, value_name = "MAP", value_delimiter = ',', value_parser = crate::labels::pair, allow_hyphen_values = true)]
    pub label_map: Vec<LabelPair>,
    /// A stack of slices or a batch is one map: one score for all of it
    #[arg(long, conflicts_with = "frames")]
    pub volume: bool,
    /// Each frame of a stack, slice of a volume or map of a batch has a score of its own
    #[arg(long)]
    pub frames: bool,
}

/// How the reference becomes a target.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "What the target is")]
pub struct TargetArgs {
    /// What the target's numbers are: as `--target-role`; or, with `--pred`, its files
    #[arg(long, value_name = "ROLE|FILE", num_args = 1..)]
    pub target: Vec<TargetWord>,
    /// What the target's numbers are [default: what they can be, else it is asked]
    #[arg(long, value_name = "ROLE")]
    pub target_role: Option<TargetKind>,
    /// The target is a map of labels: `--target-role labels`
    #[arg(long, conflicts_with = "target_role")]
    pub labels: bool,
    /// The target is a map to be cut: foreground where its value is above T
    #[arg(long, value_name = "T", conflicts_with_all = ["labels"], value_parser = unit_interval)]
    pub target_threshold: Option<f32>,
    /// Pixels with one of these labels are left out: 255, or 0,-1
    #[arg(
        long,
        value_name = "LABELS",
        allow_negative_numbers = true,
        allow_hyphen_values = true,
        value_delimiter = ','
    )]
    pub ignore: Vec<i64>,
    /// The target's label of class 0 [default: as `--label-offset`]
    #[arg(long, value_name = "LABEL", allow_negative_numbers = true)]
    pub target_label_offset: Option<i64>,
    /// The target's labels by name: 7=0,8=1,*=ignore [default: as `--label-map`]
    #[arg(long, value_name = "MAP", value_delimiter = ',', value_parser = crate::labels::pair, allow_hyphen_values = true)]
    pub target_label_map: Vec<LabelPair>,
    /// Scale of a soft target's codes [default: as of the prediction's]
    #[arg(long, value_name = "S", requires = "target_zero_point")]
    pub target_scale: Option<f32>,
    /// Their zero point
    #[arg(long, value_name = "Z", requires = "target_scale", allow_negative_numbers = true)]
    pub target_zero_point: Option<i32>,
    /// The target holds logits
    #[arg(long, value_name = "ACTIVATION")]
    pub target_logits: Option<Logits>,
    /// Order of the target's axes [default: what fits the prediction]
    #[arg(long, value_name = "LAYOUT")]
    pub target_layout: Option<Layout>,
    /// Type of the target's numbers in a file without a header
    #[arg(long, value_name = "DTYPE")]
    pub target_dtype: Option<Dtype>,
    /// Its shape [default: that of the prediction]
    #[arg(long, value_name = "H,W", value_delimiter = ',')]
    pub target_shape: Option<Vec<usize>>,
    /// Which array of the target's .npz [default: as `--key`]
    #[arg(long, value_name = "NAME")]
    pub target_key: Option<String>,
}

/// A word after `--target`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetWord {
    /// What its numbers are.
    Kind(TargetKind),
    /// One of its files.
    File(PathBuf),
}

impl std::str::FromStr for TargetWord {
    type Err = std::convert::Infallible;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Ok(TargetKind::from_str(word, false).map_or_else(|_| Self::File(word.into()), Self::Kind))
    }
}

impl TargetArgs {
    /// What the target's numbers are, if that was said.
    #[must_use]
    pub fn kind(&self) -> Option<TargetKind> {
        let word = self.target.iter().find_map(|word| match word {
            TargetWord::Kind(kind) => Some(*kind),
            TargetWord::File(_) => None,
        });
        self.target_role.or(word)
    }

    /// Its files, where `--pred` names the predictions.
    #[must_use]
    pub fn files(&self) -> Vec<&PathBuf> {
        let mut files = Vec::new();
        for word in &self.target {
            if let TargetWord::File(file) = word {
                files.push(file);
            }
        }
        files
    }

    /// What labels of the target mean, where nothing is said as those of the prediction.
    #[must_use]
    pub fn labels_over(&self, mut labels: Labels) -> Labels {
        labels.ignore = self.ignore.clone();
        if let Some(offset) = self.target_label_offset {
            labels.offset = offset;
        }
        if !self.target_label_map.is_empty() {
            (labels.map, labels.rest) = label_map(&self.target_label_map);
        }
        labels
    }
}

/// Named labels, and all others.
#[must_use]
pub fn label_map(pairs: &[LabelPair]) -> NamedLabels {
    let named = pairs.iter().filter_map(|&(from, to)| Some((from?, to))).collect();
    let rest = pairs.iter().rev().find(|(from, _)| from.is_none()).map(|&(_, to)| to);
    (named, rest)
}

impl ReadArgs {
    /// How many classes there are, if that was said.
    #[must_use]
    pub fn class_count(&self) -> Option<usize> {
        let text = self.classes.as_deref()?;
        Some(text.parse().unwrap_or_else(|_| text.split(',').count()))
    }

    /// The output of the model that wrote the maps, if one was given.
    ///
    /// # Errors
    ///
    /// A file that is no model, or several outputs of which none is named.
    pub fn output(&self) -> Outcome<Option<tflite::Output>> {
        let Some(path) = &self.model else { return Ok(None) };
        let mut outputs = tflite::outputs(path)?;
        let names: Vec<String> =
            outputs.iter().map(|one| format!("{} `{}` {:?}", one.number, one.name, one.shape)).collect();
        let at = match &self.model_output {
            None if outputs.len() == 1 => Some(0),
            None => None,
            Some(which) => outputs.iter().position(|one| one.name == *which || one.number.to_string() == *which),
        };
        match at {
            Some(at) => Ok(Some(outputs.swap_remove(at))),
            None => Err(Failure::new(
                format!("the model has {} outputs: {}", names.len(), names.join(", ")),
                "name one with `--model-output`",
            )
            .at(path)),
        }
    }

    /// With the scale and zero point of the model's output, if one was given.
    ///
    /// # Errors
    ///
    /// As [`Self::output`].
    pub fn with_model(&self) -> Outcome<Self> {
        let quantised = self.output()?.and_then(|output| output.quantised);
        let (scale, zero_point) = quantised.unzip();
        Ok(Self { scale: self.scale.or(scale), zero_point: self.zero_point.or(zero_point), ..self.clone() })
    }

    /// The name of a class: the one given, or its number.
    #[must_use]
    pub fn class_name(&self, class: usize) -> String {
        let names = self.classes.as_deref().filter(|text| text.parse::<usize>().is_err());
        names.and_then(|text| text.split(',').nth(class)).map_or_else(|| class.to_string(), |name| name.trim().into())
    }
}
