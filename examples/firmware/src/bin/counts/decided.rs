//! Calls that count where others add, each beside the loop that one would write by hand: histograms, labels against labels, bits
//! against bits.

use crate::PIXELS;
use board::{Counter, Out};
use core::hint::black_box;
#[cfg(not(small))]
use soft_dice::histogram::{CodeCounts, Histogram};
use soft_dice::{BitStream, Bits, Counts, Error, LabelMaps, LsbFirst};
#[cfg(not(small))]
use soft_dice::{NonZero, U8};

/// Labels of four classes: the table of all pairs.
fn labels(counts: &mut [[u64; 3]; 4], p: &[u8], t: &[u8]) -> Result<(), Error> {
    if p.len() != t.len() {
        return Err(Error::Length);
    }
    if p.iter().chain(t).any(|&label| label >= 4) {
        return Err(Error::Label);
    }
    let mut pairs = [0u32; 16];
    for (&p, &t) in p.iter().zip(t) {
        pairs[usize::from(p * 4 + t)] += 1;
    }
    for (pair, &pixels) in pairs.iter().enumerate() {
        let (p, t, pixels) = (pair / 4, pair % 4, u64::from(pixels));
        counts[p][0] += pixels;
        counts[t][1] += pixels;
        counts[p][2] += if p == t { pixels } else { 0 };
    }
    Ok(())
}

/// Whole words of bits.
fn bits(sums: &mut [u64; 3], p: &[u8], t: &[u8]) -> Result<(), Error> {
    if p.len() != t.len() {
        return Err(Error::Length);
    }
    let mut ones = [0u32; 3];
    for (&p, &t) in p.as_chunks::<4>().0.iter().zip(t.as_chunks::<4>().0) {
        let (p, t) = (u32::from_le_bytes(p), u32::from_le_bytes(t));
        ones[0] += p.count_ones();
        ones[1] += t.count_ones();
        ones[2] += (p & t).count_ones();
    }
    sums.iter_mut().zip(ones).for_each(|(sum, ones)| *sum += u64::from(ones));
    Ok(())
}

/// A table of codes under both targets.
#[cfg(not(small))]
fn table(counts: &mut [u32; 512], p: &[u8], t: &[u8]) -> Result<(), Error> {
    if p.len() != t.len() {
        return Err(Error::Length);
    }
    for (&p, &t) in p.iter().zip(t) {
        counts[usize::from(p) + if t != 0 { 256 } else { 0 }] += 1;
    }
    Ok(())
}

/// A table of codes.
#[cfg(not(small))]
fn codes(counts: &mut [u32; 256], p: &[u8]) -> Result<(), Error> {
    for &p in p {
        counts[usize::from(p)] += 1;
    }
    Ok(())
}

/// All of them; whether each call is as fast as its plain loop.
#[inline(never)]
pub fn run(out: &mut Out, counter: &mut Counter, p8: &[u8; PIXELS], mask: &[u8; PIXELS]) -> bool {
    let mut fast = true;
    macro_rules! beside {
        ($($row:tt)*) => { crate::beside!((out, counter, fast), $($row)*) };
    }
    let (p, t) = (black_box(&mask[..PIXELS - 4]), black_box(&mask[4..]));
    beside!(
        "labels4",
        p.len(),
        LabelMaps::<[Counts; 4]>::new(),
        |maps| maps.update(p, t),
        [[0; 3]; 4],
        |counts| labels(counts, p, t),
        |ours: &LabelMaps<[Counts; 4]>, plain: &[[u64; 3]; 4]| {
            ours.classes().iter().zip(plain).all(|(one, sums)| [one.p, one.t, one.pt] == *sums)
        }
    );
    let (p, t) = (black_box(&p8[..PIXELS / 8]), black_box(&p8[PIXELS / 2..][..PIXELS / 8]));
    beside!(
        "bits_bits",
        PIXELS,
        BitStream::new(LsbFirst, LsbFirst),
        |stream| stream.update(Bits::new(p), Bits::new(t), PIXELS),
        [0; 3],
        |sums| bits(sums, p, t),
        |ours: &BitStream<LsbFirst, LsbFirst>, plain: &[u64; 3]| {
            [ours.sums().p(), ours.sums().t(), ours.sums().pt()] == *plain
        }
    );
    // Two tables of 2 KiB beside the maps are more than the small board's stack has left.
    #[cfg(not(small))]
    {
        let (p, t) = (black_box(&p8[..]), black_box(&mask[..]));
        beside!(
            "u8_histogram",
            PIXELS,
            Histogram::new(U8, NonZero),
            |counts| counts.update(p, t),
            [0; 512],
            |counts| table(counts, p, t),
            |ours: &Histogram<U8, NonZero>, plain: &[u32; 512]| {
                (0..=255u8).all(|code| ours.of(code) == [0, 256].map(|side| u64::from(plain[usize::from(code) + side])))
            }
        );
        beside!(
            "u8_codes",
            PIXELS,
            CodeCounts::new(U8),
            |counts| counts.update(p),
            [0; 256],
            |counts| codes(counts, p),
            |ours: &CodeCounts<U8>, plain: &[u32; 256]| {
                (0..=255u8).all(|code| ours.of(code) == u64::from(plain[usize::from(code)]))
            }
        );
    }
    fast
}
