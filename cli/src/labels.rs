//! What a label of a file means: a class, or a pixel to leave out.

use crate::error::{Failure, Outcome};
use crate::read::Values;
use crate::{each_vec, read::Stored};

/// How labels become classes. They are left out, named by the map, or the offset is taken from them: in this order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    /// The label of class 0.
    pub offset: i64,
    /// Labels with classes of their own; `None` is left out.
    pub map: Vec<(i64, Option<i64>)>,
    /// What labels become that the map does not name: without it they are an error.
    pub rest: Option<Option<i64>>,
    /// Labels to leave out.
    pub ignore: Vec<i64>,
}

/// A pixel of a label map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// Is of this class, if there are so many.
    Class(i64),
    /// Is left out.
    Ignored,
    /// Has a label that the map does not name.
    Unnamed,
}

impl Labels {
    /// What a label means.
    #[must_use]
    pub fn of(&self, label: i64) -> Label {
        if self.ignore.contains(&label) {
            return Label::Ignored;
        }
        if self.map.is_empty() && self.rest.is_none() {
            return Label::Class(label.saturating_sub(self.offset));
        }
        let named = self.map.iter().find(|(from, _)| *from == label).map(|(_, to)| *to);
        match named.or(self.rest) {
            Some(Some(class)) => Label::Class(class),
            Some(None) => Label::Ignored,
            None => Label::Unnamed,
        }
    }

    /// One more than the greatest class of a label map.
    ///
    /// # Errors
    ///
    /// More than 256, or numbers that are no labels.
    pub fn classes(&self, values: &Values, side: &str) -> Outcome<usize> {
        fn most<T: Stored + PartialEq>(labels: &Labels, vec: &[T]) -> i64 {
            let mut last = None;
            let mut most = 0;
            for &number in vec {
                if last == Some(number) {
                    continue;
                }
                last = Some(number);
                if let Some(Label::Class(class)) = number.whole().map(|label| labels.of(label)) {
                    most = most.max(class);
                }
            }
            most
        }
        let most = each_vec!(values, vec => most(self, vec));
        if most > 255 {
            return Err(Failure::new(
                format!("labels up to {most} are predicted, and 256 classes are the most"),
                format!("check `--{side}dtype`, or give `--classes`, `--ignore` or `--{side}label-map`"),
            ));
        }
        Ok(most as usize + 1)
    }

    /// Every pixel's class; `ignored` stands for those to leave out. `side` is the option's prefix in messages.
    ///
    /// # Errors
    ///
    /// A label beyond `most`, a number that is not whole, or one that `--label-map` does not name.
    pub fn all(&self, values: &Values, most: i64, ignored: u8, side: &str) -> Outcome<Vec<u8>> {
        each_vec!(values, vec => vec.iter().map(|&number| self.one(number, most, ignored, side)).collect())
    }

    /// 1 where a target of one class has another label than 0; `ignored` stands for pixels to leave out.
    ///
    /// # Errors
    ///
    /// As [`Self::all`].
    pub fn foreground(&self, values: &Values, ignored: u8) -> Outcome<Vec<u8>> {
        fn one<T: Stored>(labels: &Labels, number: T, ignored: u8) -> Outcome<u8> {
            match number.whole().map(|label| labels.of(label)) {
                Some(Label::Class(class)) if class >= 0 => Ok(u8::from(class != 0)),
                _ => labels.one(number, i64::MAX, ignored, "target-"),
            }
        }
        each_vec!(values, vec => vec.iter().map(|&number| one(self, number, ignored)).collect())
    }

    fn one<T: Stored>(&self, number: T, most: i64, ignored: u8, side: &str) -> Outcome<u8> {
        let Some(label) = number.whole() else {
            // A label to leave out that f32 does not hold is stored as its nearest.
            return Err(Failure::new(
                format!("{} is no label: labels are whole numbers", number.float()),
                "save them as integers, or say that it is a soft map (`--target-role soft`, `--role probabilities`)",
            ));
        };
        match self.of(label) {
            Label::Class(class) if (0..=most).contains(&class) => Ok(class as u8),
            Label::Ignored => Ok(ignored),
            _ if T::FLOAT && self.ignore.iter().any(|&out| (out as f32).whole() == Some(label)) => Ok(ignored),
            Label::Class(_) => Err(Failure::new(
                if most < i64::MAX {
                    format!("the label {label} is not one of the classes 0 to {most}")
                } else {
                    format!("the label {label} is none, for labels count from 0")
                },
                format!(
                    "give `--ignore {label}` if it marks pixels to leave out, `--{side}label-offset` or \
                     `--{side}label-map` if labels count otherwise, or check `--classes` and the layout"
                ),
            )),
            Label::Unnamed => Err(Failure::new(
                format!("the label {label} is not in the label map"),
                format!("name it, give `*=ignore` for all others, or `--ignore {label}`"),
            )),
        }
    }
}

/// A label, or all others, and its class, or that it is left out.
pub type LabelPair = (Option<i64>, Option<i64>);
/// Labels with classes of their own, and what becomes of all others, if that is said.
pub type NamedLabels = (Vec<(i64, Option<i64>)>, Option<Option<i64>>);

/// `7=0,8=1,*=ignore`.
///
/// # Errors
///
/// Anything else, in clap's words.
pub fn pair(text: &str) -> Result<LabelPair, String> {
    let (from, to) = text.split_once('=').ok_or("as LABEL=CLASS, LABEL=ignore or *=ignore")?;
    let number = |text: &str| text.trim().parse::<i64>().map_err(|_| format!("`{text}` is no whole number"));
    let from = if from.trim() == "*" { None } else { Some(number(from)?) };
    let to = if to.trim() == "ignore" { None } else { Some(number(to)?) };
    if to.is_some_and(|class| !(0..256).contains(&class)) {
        return Err("classes are 0 to 255".into());
    }
    Ok((from, to))
}

#[cfg(test)]
mod tests {
    use super::{Label, Labels, pair};

    #[test]
    fn left_out_then_named_then_counted() {
        let labels = Labels { offset: 1, ignore: vec![0, -1], ..Labels::default() };
        let of = [0, -1, 1, 7].map(|label| labels.of(label));
        assert_eq!(of, [Label::Ignored, Label::Ignored, Label::Class(0), Label::Class(6)]);
        let labels = Labels { map: vec![(7, Some(0)), (8, None)], ..Labels::default() };
        assert_eq!([7, 8, 9].map(|label| labels.of(label)), [Label::Class(0), Label::Ignored, Label::Unnamed]);
        let labels = Labels { rest: Some(Some(2)), ..labels };
        assert_eq!(labels.of(9), Label::Class(2));
    }

    #[test]
    fn pairs_as_they_are_given() {
        assert_eq!(pair("7=0"), Ok((Some(7), Some(0))));
        assert_eq!(pair("-1=ignore"), Ok((Some(-1), None)));
        assert_eq!(pair("*=ignore"), Ok((None, None)));
        for wrong in ["7", "7=256", "7=-1", "a=1", "1=b"] {
            assert!(pair(wrong).is_err(), "{wrong}");
        }
    }
}
