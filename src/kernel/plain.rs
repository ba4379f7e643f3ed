//! The definition: one pixel at a time, for every element and target. It is the `scalar` backend.

use super::{Hard, Keep, Mark, Tally};
use crate::element::{Element, Reading};
use crate::sums::{Acc, Moments};
use crate::target::Times;

pub(crate) fn hard<M: Moments, P: Element, H: Hard, K: Keep>(
    element: &P,
    p: &[P::Raw],
    target: H,
    keep: K,
) -> Tally<P::Narrow> {
    let mut tally = Tally::<P::Narrow>::default();
    for (at, &raw) in p.iter().enumerate() {
        if !keep.keeps(at) {
            tally.ignored += 1;
            continue;
        }
        let reading = element.read(raw);
        let key = match reading {
            Reading::Valid(value) | Reading::Clamped(value) if H::OWN || H::DECIDES => P::key(value),
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
        let code = if H::DECIDES { u64::from(key >= target.threshold()) } else { P::code(value) };
        tally.kept += 1;
        tally.p = tally.p.plus_code(code);
        if one {
            tally.t = tally.t.plus_code(1);
            tally.pt = tally.pt.plus_code(code);
        }
        if M::SQUARES {
            tally.pp = tally.pp.plus_code(P::square(value));
        }
    }
    tally
}

pub(crate) fn soft<M: Moments, P: Times<T>, T: Element, K: Keep>(
    element: &P,
    other: &T,
    p: &[P::Raw],
    t: &[T::Raw],
    keep: K,
) -> Tally<P::Wide> {
    let mut tally = Tally::<P::Wide>::default();
    let (unit, other_unit) = (element.unit(), other.unit());
    for (at, (&raw, &raw_t)) in p.iter().zip(t).enumerate() {
        if !keep.keeps(at) {
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
        if M::SQUARES {
            tally.pp = tally.pp.plus_code(P::square(value));
            tally.tt = tally.tt.plus_code(T::square(value_t));
        }
        if M::MINIMA {
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
