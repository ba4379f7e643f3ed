//! Two maps of `u8` labels, counted together.
//!
//! | machine and classes | the way |
//! |---|---|
//! | a host, up to [`LANES`] classes | in lanes: some classes at a time, or byte by byte of a vector where labels seldom change ([`Block`]) |
//! | up to [`JOINT`] classes | a table of pairs, of which four pixels' places are worked out in one multiplication |
//! | up to [`WIDE`] classes on a host | a larger table of pairs; a run of equal pairs is one addition |
//! | else, and elsewhere in regions | pixel by pixel (`decided::each`) |

#[cfg(soft_dice_lanes = "vector")]
use super::block::{self, Block};
use super::decided;
use crate::columns::GATHER;
use crate::counts::Counts;
use crate::error::Error;
use crate::pixels::{Region, side_by_side};
use crate::sums::CLASSES;

/// Classes whose pairs fit a byte.
const JOINT: usize = 16;
const _: () = assert!(JOINT * JOINT <= 256);
/// Pixels from which on a table is worth its clearing and adding; on a microcontroller the way pixel by pixel is the longer one.
const WORTH: usize = if cfg!(soft_dice_lanes = "vector") { 512 } else { 256 };
/// Most classes for which a sweep for each is quicker than a table on a host.
#[cfg(soft_dice_lanes = "vector")]
const LANES: usize = 32;
/// Classes of the larger table.
#[cfg(soft_dice_lanes = "vector")]
const WIDE: usize = 64;

/// Counts both maps, or nothing.
///
/// # Errors
///
/// [`Error::Label`]: a label of the target is neither a class nor the ignore label, or one of the prediction is no class where the
/// target is not to be ignored.
pub(super) fn add(
    counts: &mut [Counts],
    ignore: Option<u8>,
    p: &[u8],
    t: &[u8],
    region: Option<Region<'_>>,
) -> Result<(), Error> {
    #[cfg(not(soft_dice_lanes = "vector"))]
    if region.is_none() && counts.len() <= JOINT && p.len() >= WORTH {
        return in_table(counts, ignore, p, t);
    }
    check(counts.len(), ignore, p, t)?;
    add_checked(counts, ignore, p, t, region);
    Ok(())
}

/// Counts what was checked.
pub(super) fn add_checked(counts: &mut [Counts], ignore: Option<u8>, p: &[u8], t: &[u8], region: Option<Region<'_>>) {
    #[cfg(soft_dice_lanes = "vector")]
    {
        if counts.len() <= LANES && Block::fits(counts.len()) {
            block::add_maps(counts, ignore, p, t, region);
            return;
        }
        if region.is_none() && p.len() >= WORTH && counts.len() <= WIDE {
            host::in_tables(counts, ignore, p, t);
            return;
        }
    }
    let (mut words, none) = ([0; CLASSES], [false; GATHER]);
    let words = words.get_mut(..counts.len()).unwrap_or_default();
    for (index, (p, t)) in side_by_side(p, t, GATHER).enumerate() {
        let region = region.and_then(|region| region.part(index * GATHER, t.len()));
        decided::each(counts, words, ignore, (p, &none, t), region);
    }
}

/// Whether every label is a class, or is to be ignored. No branch hangs on a value, so that the compiler makes vectors of the loop.
pub(super) fn check(classes: usize, ignore: Option<u8>, p: &[u8], t: &[u8]) -> Result<(), Error> {
    let Ok(classes) = u8::try_from(classes) else { return Ok(()) };
    let pairs = p.iter().zip(t);
    let wrong = match ignore {
        None => pairs.fold(0, |most, (&p, &t)| if p > t { p } else { t }.max(most)) >= classes,
        Some(ignore) => {
            pairs.fold(false, |wrong, (&p, &t)| wrong | ((t != ignore) & ((t >= classes) | (p >= classes))))
        }
    };
    if wrong { Err(Error::Label) } else { Ok(()) }
}

/// What a table of pairs adds: `count` gives the pixels of prediction and target.
fn settle(counts: &mut [Counts], ignore: Option<u8>, count: impl Fn(usize, usize) -> u64) {
    let classes = counts.len();
    let (mut all, mut ignored) = (0, 0);
    for t in 0..classes {
        for p in 0..classes {
            let pixels = count(p, t);
            if ignore.is_some_and(|ignore| usize::from(ignore) == t) {
                ignored += pixels;
                continue;
            }
            all += pixels;
            if let Some(class) = counts.get_mut(p) {
                class.p += pixels;
                class.pt += if p == t { pixels } else { 0 };
            }
            if let Some(class) = counts.get_mut(t) {
                class.t += pixels;
            }
        }
    }
    counts.iter_mut().for_each(|class| class.pixels(all, ignored, 0));
}

/// One pass that checks and counts: four pixels at a time, as long as all eight labels are classes.
#[cfg(not(soft_dice_lanes = "vector"))]
fn in_table(counts: &mut [Counts], ignore: Option<u8>, p: &[u8], t: &[u8]) -> Result<(), Error> {
    const HIGH: u32 = 0x8080_8080;
    let classes = counts.len().min(JOINT) as u32;
    // Added to a byte below 128 it reaches the highest bit where the byte is no class.
    let past = (0x80 - classes) * 0x0101_0101;
    let mut table = [0u32; 256];
    let (mut ignored, mut wrong) = (0u64, false);
    let mut one = |table: &mut [u32; 256], p: u8, t: u8| {
        if u32::from(t) < classes && u32::from(p) < classes {
            let cell = &mut table[usize::from(p.wrapping_mul(classes as u8).wrapping_add(t))];
            *cell = cell.wrapping_add(1);
        } else if Some(t) == ignore {
            ignored += 1;
        } else {
            wrong = true;
        }
    };
    let ((fours, rest), (fours_of_t, rest_of_t)) = (p.as_chunks::<4>(), t.as_chunks::<4>());
    for (&p, &t) in fours.iter().zip(fours_of_t) {
        let (words, labels) = (u32::from_le_bytes(p), u32::from_le_bytes(t));
        let beyond = words.wrapping_add(past) | words | labels.wrapping_add(past) | labels;
        if beyond & HIGH == 0 {
            // Every byte of it is below 16 · 16: none carries into the next.
            for place in words.wrapping_mul(classes).wrapping_add(labels).to_le_bytes() {
                let cell = &mut table[usize::from(place)];
                *cell = cell.wrapping_add(1);
            }
        } else {
            p.iter().zip(t).for_each(|(&p, t)| one(&mut table, p, t));
        }
    }
    rest.iter().zip(rest_of_t).for_each(|(&p, &t)| one(&mut table, p, t));
    if wrong {
        return Err(Error::Label);
    }
    settle(counts, ignore, |p, t| u64::from(table[(p * classes as usize + t) % 256]));
    counts.iter_mut().for_each(|class| class.pixels(0, ignored, 0));
    Ok(())
}

#[cfg(soft_dice_lanes = "vector")]
mod host {
    use super::*;
    use crate::pixels::SPAN;

    const PAIRS: usize = WIDE * WIDE;
    /// Pixels that are looked at together: mostly they bear one pair.
    const RUN: usize = 32;

    /// Two tables, so that an addition seldom waits for the one before; in each a cell counts the pixels of a span.
    pub fn in_tables(counts: &mut [Counts], ignore: Option<u8>, p: &[u8], t: &[u8]) {
        for (p, t) in side_by_side(p, t, SPAN) {
            span(counts, ignore, p, t);
        }
    }

    fn span(counts: &mut [Counts], ignore: Option<u8>, p: &[u8], t: &[u8]) {
        let mut tables = [[0u32; PAIRS]; 2];
        let (mut ignored, mut taken) = (0, 0);
        let place = |p: u8, t: u8| (usize::from(p) * WIDE + usize::from(t)) % PAIRS;
        for (p, t) in side_by_side(p, t, RUN) {
            let (Some(&first_p), Some(&first_t)) = (p.first(), t.first()) else { break };
            let unlike = p.iter().zip(t).fold(0, |unlike, (p, t)| unlike | (p ^ first_p) | (t ^ first_t));
            if unlike == 0 {
                if Some(first_t) == ignore {
                    ignored += p.len() as u64;
                } else {
                    tables[0][place(first_p, first_t)] += p.len() as u32;
                }
                continue;
            }
            // Beside an ignored label the prediction's may be anything.
            if ignore.is_some_and(|ignore| t.contains(&ignore)) {
                for (&p, &t) in p.iter().zip(t) {
                    if Some(t) == ignore {
                        ignored += 1;
                    } else {
                        tables[taken & 1][place(p, t)] += 1;
                        taken += 1;
                    }
                }
                continue;
            }
            let ((twos, rest), (twos_of_t, rest_of_t)) = (p.as_chunks::<2>(), t.as_chunks::<2>());
            for (&[a, b], &[c, d]) in twos.iter().zip(twos_of_t) {
                tables[0][place(a, c)] += 1;
                tables[1][place(b, d)] += 1;
            }
            rest.iter().zip(rest_of_t).for_each(|(&p, &t)| tables[0][place(p, t)] += 1);
        }
        settle(counts, ignore, |p, t| tables.iter().map(|table| u64::from(table[(p * WIDE + t) % PAIRS])).sum());
        counts.iter_mut().for_each(|class| class.pixels(0, ignored, 0));
    }
}
