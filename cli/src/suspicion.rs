//! What looks wrong though it could be read: codes that no probability has, and labels that cannot be meant.

use crate::args::TargetKind;
use crate::each_vec;
use crate::labels::{Label, Labels};
use crate::prediction::{Planes, Prediction, Reading, scale_of};
use crate::read::{Stored, Values};
use serde::{Deserialize, Serialize};

/// A warning, in how many files, and its words in the first of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caution {
    /// What looks wrong.
    pub kind: Kind,
    /// Files in which it does.
    pub files: usize,
    /// What was seen, and what to do.
    pub message: String,
}

/// What looks wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Codes below the zero point.
    ZeroPoint,
    /// Codes beyond 1, or a scale that does not reach 1.
    Scale,
    /// int8 saved as uint8, or the other way round.
    ByteView,
    /// Class 0 has no pixel because its label is left out.
    LabelOffset,
    /// Whatever is foreground is left out.
    IgnoredForeground,
    /// Two soft maps under the linear form.
    LinearOfSoft,
    /// A file that goes on after its array.
    Trailing,
}

impl Caution {
    /// Counts a warning of another file in: one of each kind is kept, with the words of the first.
    pub fn count(self, all: &mut Vec<Self>) {
        match all.iter_mut().find(|known| known.kind == self.kind) {
            Some(known) => known.files += self.files,
            None => all.push(self),
        }
    }
}

/// Share of codes that no probability has, as `compare` has it.
const IMPOSSIBLE: f64 = 0.01;
/// What the greatest code may mean.
const REACH: std::ops::Range<f64> = 0.9..1.05;
/// Codes that are looked at, or up to twice as many. A prime, so that no step is a row.
const SAMPLE: usize = 8191;
/// Codes about the middle, and the share of them that no network writes.
const MIDDLE: i32 = 16;
const MOST: f64 = 0.5;

/// Of a file that goes on after its array.
#[must_use]
pub fn trailing(path: &std::path::Path, bytes: u64) -> Caution {
    let message =
        format!("{}: {bytes} bytes follow the array and were not read: was more than one saved?", path.display());
    Caution { kind: Kind::Trailing, files: 1, message }
}

/// Of 8-bit codes.
#[must_use]
pub fn codes(prediction: &Prediction, reading: &Reading) -> Vec<Caution> {
    let one = |kind, message: String| Caution { kind, files: 1, message };
    let mut counts = [0_u64; 256];
    // Shares are wanted, to a percent: of a large map some thousand codes, evenly apart, are enough and cost nothing.
    let step = |codes: usize| (codes / SAMPLE).max(1);
    let (lowest, affine) = match &prediction.planes {
        Planes::U8(_, codes) => {
            codes.iter().step_by(step(codes.len())).for_each(|&code| counts[usize::from(code)] += 1);
            (0, None)
        }
        Planes::U8Affine(element, codes) if reading.quantised.is_some() => {
            codes.iter().step_by(step(codes.len())).for_each(|&code| counts[usize::from(code)] += 1);
            (0, Some(scale_of(element)))
        }
        Planes::I8(element, codes) => {
            let codes = codes.iter().step_by(step(codes.len()));
            codes.for_each(|&code| counts[usize::from(code.cast_unsigned() ^ 0x80)] += 1);
            (-128, Some(scale_of(element)))
        }
        _ => return Vec::new(),
    };
    let all: u64 = counts.iter().sum();
    let share = |fits: &dyn Fn(i32) -> bool| {
        let some: u64 = counts.iter().zip(lowest..).filter(|(_, code)| fits(*code)).map(|(count, _)| count).sum();
        some as f64 / all.max(1) as f64
    };
    let mut found = Vec::new();
    let middle = lowest + 128;
    let about = share(&|code| (code - middle).abs() <= MIDDLE);
    let used = counts.iter().filter(|&&count| count > 0).count();
    // Where 0 is in the middle by the zero point, most codes lie there.
    let zero_there = affine.is_some_and(|(_, zero)| (zero - middle).abs() <= MIDDLE);
    if about > MOST && used > 2 && !zero_there {
        let (is, was) = if lowest == 0 { ("u8", "i8") } else { ("i8", "u8") };
        found.push(one(
            Kind::ByteView,
            format!(
                "{:.0} % of the {is} codes lie about {middle}, where {was} codes of 0 and 1 come to lie if they are saved as \
                 {is}: view them as {was} (numpy: .view(numpy.{})), or give `--dtype {was}` for a file without a header",
                about * 100.0,
                if lowest == 0 { "int8" } else { "uint8" },
            ),
        ));
    }
    let Some((scale, zero)) = affine else { return found };
    // Half a code is rounding.
    let most = f64::from(zero) + 1.0 / scale + 0.5;
    let below = share(&|code| code < zero);
    let above = share(&|code| f64::from(code) > most);
    let reach = f64::from(lowest + 255 - zero) * scale;
    if below > IMPOSSIBLE {
        found.push(one(
            Kind::ZeroPoint,
            format!(
                "{:.0} % of the codes lie below the zero point {zero}, where no probability is: take the zero point from \
                 the model's output tensor (`--model`), or give `--logits` if they are logits",
                below * 100.0
            ),
        ));
    }
    if above > IMPOSSIBLE {
        found.push(one(
            Kind::Scale,
            format!(
                "{:.0} % of the codes mean more than 1: take the scale from the model's output tensor (`--model`)",
                above * 100.0
            ),
        ));
    } else if !REACH.contains(&reach) && reading.logits.is_none() {
        found.push(one(
            Kind::Scale,
            format!(
                "the greatest code would mean {reach:.3}, where probabilities reach 1: take scale and zero point from the \
                 model's output tensor (`--model`)"
            ),
        ));
    }
    found
}

/// Of a target's labels.
#[must_use]
pub fn labels(kind: TargetKind, classes: usize, labels: &Labels) -> Vec<Caution> {
    // Class 0 cannot be met where its label is left out.
    let unmet = kind == TargetKind::Labels && classes > 1 && labels.map.is_empty() && labels.rest.is_none();
    if !unmet || labels.of(labels.offset) != Label::Ignored {
        return Vec::new();
    }
    vec![Caution {
        kind: Kind::LabelOffset,
        files: 1,
        message: format!(
            "label {} is left out, and it is that of class 0, which so has no target: give `--label-offset {}` if the first \
             class is the label after it",
            labels.offset,
            labels.offset + 1
        ),
    }]
}

/// Of a mask whose ignored values are all that is not 0.
#[must_use]
pub fn mask(kind: TargetKind, classes: usize, values: &Values, labels: &Labels) -> Option<Caution> {
    let foreground = kind == TargetKind::Mask || kind == TargetKind::Labels && classes == 1;
    if !foreground || labels.ignore.is_empty() {
        return None;
    }
    let (mut left, mut kept) = (0_u64, 0_u64);
    each_vec!(values, vec => for &number in vec {
        let value = number.float();
        if value != 0.0 {
            *(if labels.ignore.iter().any(|&label| label as f64 == value) { &mut left } else { &mut kept }) += 1;
        }
    });
    (left > 0 && kept == 0).then(|| Caution {
        kind: Kind::IgnoredForeground,
        files: 1,
        message: format!(
            "all {left} target pixels that are not 0 are left out, so that none is foreground: leave out `--ignore` if they \
             are the mask"
        ),
    })
}
