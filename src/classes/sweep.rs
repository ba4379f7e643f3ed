//! The pass over all channels of a chunk: in short runs, so that a run's pixels stay in the nearest cache.

use super::Place;
use super::columns::{Columns, GATHER};
use crate::Error;
use crate::element::Element;
use crate::kernel::Tally;
use crate::sums::{Acc, Moments, Sums};
use crate::target::Target;

/// A chunk of one map.
#[derive(Clone, Copy)]
pub(super) struct Chunk<C> {
    pub columns: C,
    pub channels: usize,
    pub pixels: usize,
    /// Pixels of a run.
    pub run: usize,
}

/// Adds the chunk to all classes, or to none: `tally` says what one column adds, given the class's place in `sums`.
///
/// An error found half-way is answered by the same pass up to there, which takes off what it had added. It costs nothing
/// until then, and needs no room for a second set of sums.
pub(super) fn add<P: Element, T: Target<P>, M: Moments, C: Columns<P::Raw>, A: Acc>(
    sums: &mut [Sums<P, T, M>],
    chunk: Chunk<C>,
    channel: impl Fn(usize, &Sums<P, T, M>) -> usize,
    tally: impl Fn(&Sums<P, T, M>, &[P::Raw], Place) -> Result<Tally<A>, Error>,
) -> Result<(), Error> {
    for one in sums.iter() {
        one.room(chunk.pixels as u64)?;
    }
    let mut pass = |steps: usize, apply: fn(&mut Sums<P, T, M>, &Tally<A>)| {
        let mut room = [P::Raw::default(); GATHER];
        let mut done = 0;
        let mut at = 0;
        while at < chunk.pixels {
            let pixels = chunk.run.min(chunk.pixels - at);
            let run = chunk.columns.run(chunk.channels, at, pixels);
            for (index, one) in sums.iter_mut().enumerate() {
                if done == steps {
                    return Ok(());
                }
                let place = Place { channels: chunk.channels, channel: channel(index, one), at, pixels };
                let found = tally(one, chunk.columns.column(&run, place, &mut room), place);
                apply(one, &found.map_err(|error| (done, error))?);
                done += 1;
            }
            at += pixels;
        }
        Ok(())
    };
    let Err((done, error)) = pass(usize::MAX, Sums::add) else { return Ok(()) };
    // What was found once is found again.
    let _ = pass(done, Sums::remove);
    Err(error)
}
