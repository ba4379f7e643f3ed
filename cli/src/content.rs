//! Which numbers a map holds: what they can mean follows from them, and from nothing that is guessed.

use crate::each_vec;
use crate::read::{Stored, Values};

/// Different numbers that are kept: more are many.
const FEW: usize = 4;

/// What is in a map, beside the labels to leave out.
#[derive(Clone, Debug, PartialEq)]
pub struct Content {
    /// The least and the greatest; of no number 0.
    pub least: f64,
    /// The greatest.
    pub most: f64,
    /// The different numbers in order, if they are few.
    pub few: Option<Vec<i64>>,
    /// All are whole.
    pub whole: bool,
}

impl Content {
    /// Of these numbers.
    #[must_use]
    pub fn of(values: &Values, ignore: &[i64]) -> Self {
        match values {
            Values::U8(vec) | Values::Bool(vec) => Self::of_codes(vec, i64::from, ignore),
            Values::I8(vec) => {
                // As bytes they are counted in a table of 256.
                let bytes: Vec<u8> = vec.iter().map(|&code| code.cast_unsigned()).collect();
                Self::of_codes(&bytes, |code| i64::from(code.cast_signed()), ignore)
            }
            _ => each_vec!(values, vec => Self::of_numbers(vec, ignore)),
        }
    }

    fn of_codes(codes: &[u8], number: impl Fn(u8) -> i64, ignore: &[i64]) -> Self {
        let mut there = [false; 256];
        for piece in codes.chunks(1 << 12) {
            // A mask's are seen in lanes: zeros and ones, or zeros and all bits.
            let (any, odd) =
                piece.iter().fold((0, 0), |(any, odd), &code| (any | code, odd | (code.wrapping_add(1) & 0xFE)));
            if any <= 1 || odd == 0 {
                there[0] |= piece.contains(&0);
                there[usize::from(any)] |= any != 0;
                continue;
            }
            for &code in piece {
                there[usize::from(code)] = true;
            }
        }
        let mut all: Vec<i64> = (0..=255).filter(|&code| there[usize::from(code)]).map(number).collect();
        all.retain(|number| !ignore.contains(number));
        all.sort_unstable();
        let [least, most] = [all.first(), all.last()].map(|end| end.map_or(0.0, |&end| end as f64));
        Self { least, most, few: (all.len() <= FEW).then_some(all), whole: true }
    }

    fn of_numbers<T: Stored + PartialEq>(numbers: &[T], ignore: &[i64]) -> Self {
        let (mut least, mut most, mut whole) = (f64::INFINITY, f64::NEG_INFINITY, true);
        let mut few: Option<Vec<i64>> = Some(Vec::new());
        let mut last = None;
        for &number in numbers {
            // Most pixels are as their neighbour is.
            if last == Some(number) {
                continue;
            }
            last = Some(number);
            let float = number.float();
            match number.whole() {
                Some(label) if ignore.contains(&label) => continue,
                Some(label) => {
                    if let Some(kept) = &mut few
                        && let Err(place) = kept.binary_search(&label)
                    {
                        kept.insert(place, label);
                        few = few.filter(|kept| kept.len() <= FEW);
                    }
                }
                None => {
                    whole = false;
                    few = None;
                }
            }
            least = least.min(float);
            most = most.max(float);
        }
        if least > most {
            (least, most) = (0.0, 0.0);
        }
        Self { least, most, few, whole }
    }

    /// Nothing but these.
    #[must_use]
    pub fn only(&self, numbers: &[i64]) -> bool {
        self.few.as_ref().is_some_and(|few| few.iter().all(|number| numbers.contains(number)))
    }

    /// Background 0 and one number of foreground, or one of them alone.
    #[must_use]
    pub fn two_valued(&self) -> bool {
        self.few.as_ref().is_some_and(|few| matches!(few[..], [] | [_] | [0, _]) && self.least >= 0.0)
    }

    /// The foreground of what is two-valued.
    #[must_use]
    pub fn foreground(&self) -> i64 {
        self.few.as_ref().and_then(|few| few.last().copied()).unwrap_or(0)
    }

    /// As in a message: the numbers if they are few, else from the least to the greatest.
    #[must_use]
    pub fn said(&self) -> String {
        match self.few.as_deref() {
            Some([]) => "nothing".into(),
            Some([one]) => format!("only {one}"),
            Some([first @ .., last]) => {
                let first: Vec<String> = first.iter().map(i64::to_string).collect();
                format!("only {} and {last}", first.join(", "))
            }
            None if self.whole => format!("whole numbers from {} to {}", self.least, self.most),
            None => format!("numbers from {} to {}", self.least, self.most),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Content;
    use crate::read::Values;

    #[test]
    fn few_and_many() {
        let content = Content::of(&Values::U8(vec![0, 255, 1, 0]), &[255]);
        assert!(content.only(&[0, 1]) && content.two_valued() && content.foreground() == 1);
        assert_eq!(content.said(), "only 0 and 1");
        // Of all bytes a piece may hold, in any order.
        for codes in [vec![0, 1], vec![255; 3], vec![0, 255, 255], vec![1; 9], vec![255, 1], vec![0, 0], vec![254, 0]] {
            let mut expected: Vec<i64> = codes.iter().map(|&code| i64::from(code)).collect();
            expected.sort_unstable();
            expected.dedup();
            assert_eq!(Content::of(&Values::U8(codes), &[]).few, Some(expected));
        }
        let content = Content::of(&Values::I8(vec![-1, 0, 1, 2]), &[]);
        assert_eq!((content.least, content.most, content.two_valued()), (-1.0, 2.0, false));
        let content = Content::of(&Values::F32(vec![0.5, 0.0, f32::NAN]), &[]);
        assert_eq!((content.few, content.whole, content.most), (None, false, 0.5));
        assert_eq!(Content::of(&Values::U16((0..9).collect()), &[]).said(), "whole numbers from 0 to 8");
    }
}
