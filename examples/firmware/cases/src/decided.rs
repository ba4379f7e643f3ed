//! Cases of the sums that take no pair of slices, or count where others add: histograms, labels against labels, bit-packed
//! predictions, hard scores in regions.

use crate::{CASES, Case, Memory, OFFSETS, SMALL, line};
use core::fmt::{self, Write};
use soft_dice::confidence::ClassConfidence;
use soft_dice::histogram::{Clamp, CodeCounts, Histogram};
use soft_dice::{
    All, Argmax, BitStream, Bits, Counts, Error, I8, Interleaved, Label, LabelMaps, LsbFirst, Mask01, Mask255,
    Measured, MsbFirst, NonZero, Record, Region, Score, Soft, Stream, U8, ZeroFull, ZeroOne,
};

/// Cases of each kind.
const EACH: u32 = 48;
/// Classes of a map: up to four, and more than a table of pairs takes.
const MANY: usize = 21;

/// All of them.
///
/// # Errors
///
/// Those of `out`.
pub fn run<const N: usize>(memory: &mut Memory<N>, out: &mut impl Write) -> fmt::Result {
    // Two tables of 2 KiB and more are beyond the stack of a board of 16 KiB.
    if N > SMALL {
        histograms(memory, out)?;
    }
    labels(memory, out)?;
    bits(memory, out)?;
    masks(memory, out)?;
    hard(memory, out)
}

/// The region of a case, of bytes or bits: those that stand in `bytes`.
fn region(number: u32, bytes: &[u8], pixels: usize) -> Option<Region<'_>> {
    match number % 3 {
        0 => None,
        1 => Some(Region::Bytes(&bytes[..pixels])),
        _ => Some(Region::Bits(Bits::at(&bytes[..(pixels + 3).div_ceil(8)], 3))),
    }
}

#[inline(never)]
fn histograms<const N: usize>(memory: &mut Memory<N>, out: &mut impl Write) -> fmt::Result {
    for number in 0..EACH {
        let mut case = Case::new(CASES + 1000 + number, N);
        let pixels = case.pixels;
        memory.p.u8.fill_with(|| [0, 1, 255][case.random.below(3)]);
        let p = case.prediction(&mut memory.p.i8);
        let region = region(number, &memory.p.u8, pixels);
        let marks = case.bytes(&mut memory.t.u8, &[0, 1]);
        let mut counts = Histogram::new(I8::TFLITE, ZeroOne::new());
        let done = match region {
            None => counts.update(p, marks),
            Some(region) => counts.update_within(p, marks, region),
        };
        line(out, format_args!("histogram {number}"), pixels, done.map(|()| counts.record()))?;
        let mut labels = Histogram::new(I8::TFLITE, Label::new(1).ignoring(0));
        let done = labels.update(p, marks);
        line(out, format_args!("histogram label {number}"), pixels, done.map(|()| labels.record()))?;
        // What is read of it, to the bit: floats too, which are IEEE operations in one order.
        let bits = |value: Result<f64, Error>| value.map(f64::to_bits);
        writeln!(
            out,
            "histogram reads {number} {:?} {:x?} {:x?} {:x?} {:?}",
            counts.best(&Score::dice()).map(|best| (best.cut.code, best.cut.sums.p, best.ratio.q31())),
            bits(counts.cross_entropy(Clamp::Torch)),
            bits(counts.brier()),
            bits(counts.average_precision()),
            counts.roc_area().map(|area| area.q31())
        )?;
        let mut codes = CodeCounts::new(I8::TFLITE);
        let done = codes.update(p);
        line(out, format_args!("codes {number}"), pixels, done.map(|()| codes.own_at_least(0.5)))?;
        let moved = counts.codes();
        writeln!(
            out,
            "codes reads {number} {:?} {:x?}",
            codes.l1(&moved).map(|apart| apart.q31()),
            bits(codes.jensen_shannon(&moved))
        )?;
    }
    Ok(())
}

fn counted(out: &mut impl Write, what: fmt::Arguments<'_>, done: Result<(), Error>, counts: &[Counts]) -> fmt::Result {
    write!(out, "{what} {done:?}")?;
    for class in counts {
        let Record { count, ignored, invalid, .. } = class.record();
        write!(out, " {:x}:{:x}:{:x}:{count:x}:{ignored:x}:{invalid:x}", class.p, class.t, class.pt)?;
    }
    writeln!(out)
}

#[inline(never)]
fn labels<const N: usize>(memory: &mut Memory<N>, out: &mut impl Write) -> fmt::Result {
    const KINDS: [&[u8]; 4] = [&[0, 1, 2, 3], &[0, 1, 2, 255], &[0, 3, 7, 15, 20], &[0, 1, 2, 3, 9, 200]];
    for number in 0..EACH {
        let mut case = Case::new(CASES + 2000 + number, N);
        let (pixels, kind) = (case.pixels, KINDS[number as usize % 4]);
        let classes = [4, 3, MANY, 16][number as usize % 4];
        let ignore = [None, Some(255), Some(0), Some(200)][number as usize % 4];
        let shift = case.p;
        memory.p.u8.fill_with(|| kind[case.random.below(kind.len())]);
        // The prediction is a class where the target's label need not be one.
        memory.p.u8.iter_mut().for_each(|label| *label = if usize::from(*label) < classes { *label } else { 1 });
        let t = case.bytes(&mut memory.t.u8, kind);
        let p = &memory.p.u8[shift..shift + pixels];
        let mut room = [Counts::default(); MANY];
        let Ok(mut maps) = LabelMaps::over(&mut room[..classes]) else { return Err(fmt::Error) };
        if let Some(label) = ignore {
            maps = maps.ignoring(label);
        }
        let inside = Bits::at(&memory.p.u8[..(pixels + 5).div_ceil(8)], 5);
        let done = match number % 5 {
            0 => maps.update_within(p, t, Region::Bits(inside)),
            _ => maps.update(p, t),
        };
        counted(out, format_args!("labels {number} {pixels}"), done, maps.classes())?;
        memory.p.i16[..pixels].iter_mut().zip(p).for_each(|(wide, &label)| *wide = label.into());
        let done = maps.update(&memory.p.i16[..pixels], t);
        counted(out, format_args!("labels wide {number} {pixels}"), done, maps.classes())?;
        if let Some(last) = memory.p.u8[shift..][..pixels].last_mut() {
            *last = 77;
        }
        let done = maps.update(&memory.p.u8[shift..shift + pixels], t);
        counted(out, format_args!("labels refused {number} {pixels}"), done, maps.classes())?;
    }
    Ok(())
}

#[inline(never)]
fn bits<const N: usize>(memory: &mut Memory<N>, out: &mut impl Write) -> fmt::Result {
    for number in 0..EACH {
        let mut case = Case::new(CASES + 3000 + number, N);
        let (pixels, from) = (case.pixels, case.random.below(OFFSETS));
        memory.p.u8.fill_with(|| case.random.word() as u8);
        let p = Bits::at(&memory.p.u8[..(from + pixels).div_ceil(8)], from);
        let region = region(number / 4, &memory.p.u8, pixels);
        macro_rules! one {
            ($order:expr, $target:expr, $t:expr) => {{
                let mut stream = BitStream::summing($order, $target, All);
                let done = match region {
                    None => stream.update(p, $t, pixels),
                    Some(region) => stream.update_within(p, $t, pixels, region),
                };
                done.map(|()| stream.finish().record())
            }};
        }
        let sums = match number % 8 {
            0 => one!(LsbFirst, LsbFirst, case.bits(&mut memory.t.u8)),
            1 => one!(MsbFirst, LsbFirst, case.bits(&mut memory.t.u8)),
            2 => one!(MsbFirst, MsbFirst, case.bits(&mut memory.t.u8)),
            3 => one!(LsbFirst, NonZero, case.bytes(&mut memory.t.u8, &[0, 1, 7])),
            4 => one!(MsbFirst, ZeroFull::new(), case.bytes(&mut memory.t.u8, &[0, 255])),
            5 => one!(LsbFirst, Label::new(3), case.bytes(&mut memory.t.u8, &[0, 3, 7])),
            6 => one!(LsbFirst, Label::new(3).ignoring(7), case.bytes(&mut memory.t.u8, &[0, 3, 7])),
            _ => one!(MsbFirst, Soft(I8::TFLITE), case.soft(&mut memory.t.i8)),
        };
        line(out, format_args!("bits {number}"), pixels, sums)?;
    }
    let (words, other) = ([0xF0F0_1234u32, 0x8000_0001, 0xFF00_0000], [0x00FF_1234, 0x8000_0001, 0x0F00_0000]);
    for pixels in [96, 72, 73, 65] {
        let mut stream = BitStream::new(MsbFirst, MsbFirst);
        let sums = stream.update_words(&words, &other, pixels).map(|()| stream.finish().record());
        line(out, format_args!("words"), pixels, sums)?;
    }
    Ok(())
}

/// Byte masks as predictions, of which some are broken.
#[inline(never)]
fn masks<const N: usize>(memory: &mut Memory<N>, out: &mut impl Write) -> fmt::Result {
    for number in 0..EACH {
        let mut case = Case::new(CASES + 4000 + number, N);
        let (pixels, shift) = (case.pixels, case.p);
        let one = if number % 2 == 0 { 1 } else { 255 };
        memory.p.u8.fill_with(|| if case.random.below(2) == 0 { 0 } else { one });
        if number % 8 == 7 {
            memory.p.u8[shift + pixels / 2] = 64;
        }
        let t = case.bytes(&mut memory.t.u8, &[0, 1]);
        let p = &memory.p.u8[shift..shift + pixels];
        let sums = if number % 2 == 0 {
            let mut stream = Stream::summing(Mask01, ZeroOne::new(), All);
            stream.update(p, t).map(|()| stream.finish().record())
        } else {
            let mut stream = Stream::summing(Mask255, NonZero, All);
            stream.update(p, t).map(|()| stream.finish().record())
        };
        line(out, format_args!("mask {number}"), pixels, sums)?;
    }
    Ok(())
}

/// The greatest of three channels, and its confidence, in regions.
#[inline(never)]
fn hard<const N: usize>(memory: &mut Memory<N>, out: &mut impl Write) -> fmt::Result {
    for number in 0..EACH {
        let mut case = Case::new(CASES + 5000 + number, N);
        let pixels = case.pixels / 3;
        memory.p.u8.fill_with(|| case.random.word() as u8 & 3);
        let p = &case.prediction(&mut memory.p.i8)[..3 * pixels];
        let labels = &case.bytes(&mut memory.t.u8, &[0, 1, 2, 255])[..pixels];
        let Some(region) = region(1 + number % 2, &memory.p.u8, pixels) else { return Err(fmt::Error) };
        let mut hard = Argmax::<3>::new().ignoring(255);
        let done = hard.update_within(Interleaved(p), labels, region);
        counted(out, format_args!("argmax {number} {pixels}"), done, hard.classes())?;
        let mut sure = ClassConfidence::<_, 3>::new(I8::TFLITE);
        let done = sure.update_within(p, region);
        line(out, format_args!("sure {number}"), pixels, done.map(|()| sure.record()))?;
    }
    let mut counts = Histogram::new(U8, NonZero);
    let done = [counts.update(&[9], &[1, 1]), counts.update(&[9], &[1])];
    writeln!(out, "histogram refused {done:?} {}", counts.count())
}
