//! The definition: one pixel at a time, for every element and target. It is the `scalar` backend.

use crate::element::{Element, Reading, Times};
use crate::num::Acc;
use crate::pixels::{Ask, Mark, Mask, Pair, Tally};

// On a microcontroller it is inlined, so that what the mask is and what is asked for folds away.
#[cfg_attr(soft_dice_lanes = "runs", inline(always))]
pub(crate) fn hard<P: Element>(element: &P, pair: Pair<'_, P::Raw, Mask<'_>>, ask: Ask) -> Tally<P::Narrow> {
    let (target, region) = (pair.target(), pair.region());
    let mut tally = Tally::<P::Narrow>::default();
    for (at, &raw) in pair.prediction().iter().enumerate() {
        if !region.keeps(at) {
            tally.ignored += 1;
            continue;
        }
        let reading = element.read(raw);
        let key = match reading {
            Reading::Valid(value) | Reading::Clamped(value) if target.is_own() || ask.decided.is_some() => {
                P::key(value)
            }
            _ => 0,
        };
        // The label decides before the prediction is looked at: what is ignored cannot be invalid.
        let one = match target.mark(at, key) {
            Mark::Zero => false,
            Mark::One => true,
            Mark::Ignored => {
                tally.ignored += 1;
                continue;
            }
            Mark::Broken => {
                tally.broken += 1;
                continue;
            }
        };
        let value = match reading {
            Reading::Valid(value) => value,
            Reading::Clamped(value) => {
                tally.clamped += 1;
                value
            }
            Reading::Invalid => {
                tally.invalid += 1;
                continue;
            }
        };
        let code = match ask.decided {
            Some(threshold) => u64::from(key >= threshold),
            None => P::code(value),
        };
        tally.kept += 1;
        tally.p = tally.p.plus_code(code);
        if one {
            tally.t = tally.t.plus_code(1);
            tally.pt = tally.pt.plus_code(code);
        }
        if ask.squares {
            tally.pp = tally.pp.plus_code(P::square(value));
        }
    }
    tally
}

// On a microcontroller it is inlined, so that what the mask is and what is asked for folds away.
#[cfg_attr(soft_dice_lanes = "runs", inline(always))]
pub(crate) fn soft<P: Times<T>, T: Element>(
    element: &P,
    other: &T,
    pair: Pair<'_, P::Raw, &[T::Raw]>,
    ask: Ask,
) -> Tally<P::Wide> {
    let region = pair.region();
    let mut tally = Tally::<P::Wide>::default();
    let (unit, other_unit) = (element.unit(), other.unit());
    for (at, (&raw, &raw_t)) in pair.prediction().iter().zip(pair.target()).enumerate() {
        if !region.keeps(at) {
            tally.ignored += 1;
            continue;
        }
        let (reading, reading_t) = (element.read(raw), other.read(raw_t));
        let (value, value_t) = match (reading, reading_t) {
            (Reading::Invalid, _) | (_, Reading::Invalid) => {
                tally.invalid += 1;
                continue;
            }
            (Reading::Valid(v) | Reading::Clamped(v), Reading::Valid(w) | Reading::Clamped(w)) => (v, w),
        };
        if matches!(reading, Reading::Clamped(_)) || matches!(reading_t, Reading::Clamped(_)) {
            tally.clamped += 1;
        }
        let (a, b) = (P::code(value), T::code(value_t));
        tally.kept += 1;
        tally.p = tally.p.plus_code(a);
        tally.t = tally.t.plus_code(b);
        tally.pt = tally.pt.plus_code(P::times(value, value_t));
        if ask.squares {
            tally.pp = tally.pp.plus_code(P::square(value));
            tally.tt = tally.tt.plus_code(T::square(value_t));
        }
        if ask.minima {
            if unit == other_unit {
                tally.min_p = tally.min_p.plus_code(a.min(b));
            } else if unit.at_most(a, other_unit, b) {
                tally.min_p = tally.min_p.plus_code(a);
            } else {
                tally.min_t = tally.min_t.plus_code(b);
            }
        }
    }
    tally
}
