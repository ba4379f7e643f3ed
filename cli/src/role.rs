//! What the numbers of a map are for: worked out from their type, their container and what they are, in one place for both
//! sides. Where two roles fit, it is a question that names the options.

use crate::content::Content;
use crate::error::{Failure, Outcome};
use crate::map::Map;
use crate::prediction::Reading;
use crate::read::{Nature, Values};
use serde::{Deserialize, Serialize};

/// What the numbers are for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// A probability at each pixel, in floats or codes.
    #[default]
    Probabilities,
    /// Foreground where not 0.
    Mask,
    /// The number of a class at each pixel.
    Labels,
}

/// Which side of a pair: what its options begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// What is judged.
    Prediction,
    /// What it is judged by.
    Target,
}

impl Side {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Prediction => "prediction",
            Self::Target => "target",
        }
    }

    /// What its options begin with.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Prediction => "",
            Self::Target => "target-",
        }
    }
}

/// Codes of probabilities that all lie below this are more likely a mask or labels; of 16 bits, 8-bit numbers in a wider type.
const DARK: u16 = 32;
const DARK_WIDE: u16 = 256;

/// Codes that are looked at together.
const PIECE: usize = 1 << 12;

/// Unsigned or Q15 codes that may be no probabilities: all of them dark, or 0 and one other that is not full scale.
fn doubtful(values: &Values) -> bool {
    fn two<T: Copy + PartialEq + Default>(codes: &[T]) -> Option<T> {
        // A map of many values ends this at once.
        let zero = T::default();
        let other = *codes.iter().find(|&&code| code != zero)?;
        let two = codes.contains(&zero) && codes.iter().all(|&code| code == zero || code == other);
        two.then_some(other)
    }
    match values {
        Values::U8(codes) => {
            let most = codes.iter().fold(0, |most, &code| code.max(most));
            // Most maps begin with background, which is passed in lanes.
            let dark = |piece: &&[u8]| piece.iter().fold(0, |all, &code| all | code) == 0;
            let begin = codes.chunks(PIECE).take_while(dark).map(<[u8]>::len).sum::<usize>();
            let two = || two(&codes[begin.saturating_sub(1)..]);
            most > 0 && (u16::from(most) < DARK || two().is_some_and(|other| other < 254))
        }
        Values::U16(codes) => {
            let most = codes.iter().copied().max().unwrap_or(0);
            most > 0 && (most < DARK_WIDE || two(codes).is_some_and(|other| other < 0xFF00))
        }
        Values::I16(codes) => {
            let most = codes.iter().copied().max().unwrap_or(0).max(0).cast_unsigned();
            most > 0 && (most < DARK_WIDE || two(codes).is_some_and(|other| (0..0x7F00).contains(&other)))
        }
        _ => false,
    }
}

/// The role of a map of probabilities, a mask or labels.
///
/// # Errors
///
/// More than one fits, or none.
pub fn role(map: &Map, reading: &Reading, side: Side) -> Outcome<Role> {
    if let Some(role) = reading.role {
        return Ok(role);
    }
    if reading.logits.is_some() {
        return Ok(Role::Probabilities);
    }
    let ask = |content: &Content, choices: &[&str]| {
        let prefix = side.prefix();
        let options: Vec<String> = choices.iter().map(|choice| option(choice, prefix)).collect();
        Err(Failure::new(
            format!("the {} holds {}, which {} could be", side.name(), content.said(), meanings(choices)),
            format!("give {}", options.join(", or ")),
        ))
    };
    let one = map.classes == 1;
    let quantised = reading.quantised.is_some();
    // A single plane cannot hold the probabilities of several classes.
    let labels_expected = one && reading.classes.is_some_and(|classes| classes > 1) && side == Side::Prediction;
    let ignore = &reading.labels.ignore;
    match (&map.values, map.nature) {
        (Values::Bool(_), _) if labels_expected => Ok(Role::Labels),
        (Values::Bool(_), _) => Ok(Role::Mask),
        (values, _) if labels_expected => {
            let content = Content::of(values, ignore);
            if content.whole {
                Ok(Role::Labels)
            } else {
                let classes = reading.classes.unwrap_or_default();
                Err(Failure::new(
                    format!("the prediction has one plane of {}, and `--classes` says {classes}", content.said()),
                    "check `--classes` and `--layout`, or save all planes",
                ))
            }
        }
        (values, Nature::Indexed { bright_first }) => {
            let content = Content::of(values, ignore);
            if content.only(&[0, 1]) && bright_first {
                return Err(Failure::new(
                    "the first colour of the palette is the brighter one, so that index 1 is black",
                    format!("give `--{}role mask` if index 1 is foreground, else save it as grey", side.prefix()),
                ));
            }
            Ok(if content.two_valued() { Role::Mask } else { Role::Labels })
        }
        (Values::U8(codes), Nature::Grey(full @ 1..=15)) => {
            let content = Content::of(&map.values, ignore);
            let whole = codes.iter().all(|&code| code == 0 || u16::from(code) == full);
            if whole { Ok(Role::Probabilities) } else { ask(&content, &["probabilities", "labels"]) }
        }
        (Values::U8(_) | Values::U16(_) | Values::I16(_), _) if !quantised => {
            if !doubtful(&map.values) {
                return Ok(Role::Probabilities);
            }
            let content = Content::of(&map.values, ignore);
            match (content.two_valued(), one) {
                (true, true) => ask(&content, &["mask", "labels", "probabilities"]),
                (true, false) => ask(&content, &["mask", "probabilities"]),
                (false, true) => ask(&content, &["labels", "mask", "probabilities"]),
                (false, false) => ask(&content, &["probabilities"]),
            }
        }
        (Values::I8(_), _) if !quantised => {
            let content = Content::of(&map.values, ignore);
            if content.only(&[0, 1]) {
                return Ok(Role::Mask);
            }
            let prefix = side.prefix();
            let labels = if one { format!(", or `--{prefix}role labels` if it holds labels") } else { String::new() };
            Err(Failure::new(
                format!("i8 codes say nothing without scale and zero point ({})", content.said()),
                format!(
                    "give `--tflite`, `--onnxruntime`, or `--scale` and `--zero-point` of the model's output tensor{labels}"
                ),
            ))
        }
        (Values::U8(_) | Values::I8(_) | Values::U16(_) | Values::I16(_), _) => Ok(Role::Probabilities),
        (Values::Labels(_) | Values::U32(_) | Values::Wide(_), _) => {
            let content = Content::of(&map.values, ignore);
            if content.only(&[0, 1]) || content.only(&[0, 255]) {
                Ok(Role::Mask)
            } else if one && content.two_valued() {
                ask(&content, &["mask", "labels"])
            } else if one {
                Ok(Role::Labels)
            } else {
                Err(Failure::new(
                    format!("{} planes of {} are neither masks nor probabilities", map.classes, content.said()),
                    format!("check `--{}layout`, or give `--{0}role mask` if all but 0 is foreground", side.prefix()),
                ))
            }
        }
        (Values::F32(values), _) => {
            if within(values) {
                return Ok(Role::Probabilities);
            }
            let content = Content::of(&map.values, ignore);
            if !content.whole || quantised {
                // What is out of range is said where it is summed; whole numbers are codes where a scale is given.
                Ok(Role::Probabilities)
            } else if content.two_valued() {
                Ok(Role::Mask)
            } else {
                whole_floats(&content, one, side)
            }
        }
    }
}

/// Whole numbers in floats that are no probabilities.
fn whole_floats(content: &Content, one: bool, side: Side) -> Outcome<Role> {
    let prefix = side.prefix();
    let mut remedies = Vec::new();
    if one && content.least >= -1.0 && content.most <= 255.0 {
        remedies.push(format!("`--{prefix}role labels` if they are labels"));
    }
    if content.least >= -128.0 && content.most <= 255.0 {
        let codes = "`--tflite` or `--scale` and `--zero-point` if they are codes saved as floats";
        remedies.push(codes.to_string());
    }
    if side == Side::Prediction {
        remedies.push("`--logits sigmoid` or `softmax` if they are logits".into());
    } else {
        remedies.push("`--target-role mask` if all but 0 is foreground".into());
    }
    Err(Failure::new(
        format!("the {} holds {} as floats, which are no probabilities", side.name(), content.said()),
        format!("give {}", remedies.join(", ")),
    ))
}

/// All are probabilities, but for rounding, or no numbers at all.
#[must_use]
pub fn within(values: &[f32]) -> bool {
    // In pieces without a branch within, which compiles to lanes.
    let outside = |v: f32| u32::from(v < -1e-6) | u32::from(v > 1.0 + 1e-6);
    values.chunks(1024).all(|piece| piece.iter().fold(0, |any, &v| any | outside(v)) == 0)
}

fn option(choice: &str, prefix: &str) -> String {
    match choice {
        "soft" => "`--target-role soft`".into(),
        "threshold" => "`--target-threshold T` to cut it".into(),
        "ignore" => "`--ignore LABEL` if one of them marks pixels to leave out".into(),
        role if prefix == "target-" && role == "probabilities" => "`--target-role soft`".into(),
        role => format!("`--{prefix}role {role}`"),
    }
}

fn meanings(choices: &[&str]) -> String {
    let named = choices.iter().filter_map(|&choice| match choice {
        "mask" => Some("a mask"),
        "labels" => Some("labels"),
        "probabilities" => Some("codes of probabilities"),
        "soft" => Some("a soft map"),
        _ => None,
    });
    let named: Vec<&str> = named.collect();
    named.join(" or ")
}

/// A target that could be several things.
///
/// # Errors
///
/// Always: it is the question.
pub fn ask_target<T>(content: &Content, choices: &[&str]) -> Outcome<T> {
    let options: Vec<String> = choices.iter().map(|choice| option(choice, "target-")).collect();
    Err(Failure::new(
        format!("the target holds {}, which {} could be", content.said(), meanings(choices)),
        format!("give {}", options.join(", or ")),
    ))
}
