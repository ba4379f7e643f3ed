//! Blocks in which a loop saw a value that needs care: the plain loop takes them, and its sums are those of a block.

use crate::element::{Element, Times};
use crate::num::Acc;
use crate::pixels::{Ask, Mask, Pair, Tally};
use crate::plain;

/// Sums of a block, or of codes up to 2²⁴ and products below 2³².
pub(super) fn narrow<A: Acc>(tally: Tally<A>) -> Tally<u64> {
    let low = |sum: A| Into::<u128>::into(sum) as u64;
    Tally {
        kept: tally.kept,
        ignored: tally.ignored,
        invalid: tally.invalid,
        clamped: tally.clamped,
        broken: tally.broken,
        p: low(tally.p),
        t: low(tally.t),
        pt: low(tally.pt),
        pp: low(tally.pp),
        tt: low(tally.tt),
        min_p: low(tally.min_p),
        min_t: low(tally.min_t),
    }
}

/// Each pixel of a block is looked at. Once in the program for each element, whatever the mask is: such blocks are rare,
/// and inlined it would be most of a call's text.
#[cold]
#[inline(never)]
pub(super) fn careful_hard<P: Element>(element: &P, pair: Pair<'_, P::Raw, Mask<'_>>) -> Tally<u64> {
    narrow(plain::hard(element, pair, Ask::LINEAR))
}

/// The same against a soft map.
#[cold]
#[inline(never)]
pub(super) fn careful_soft<P: Times<T>, T: Element>(
    element: &P,
    other: &T,
    pair: Pair<'_, P::Raw, &[T::Raw]>,
    ask: Ask,
) -> Tally<u64> {
    narrow(plain::soft(element, other, pair, ask))
}
