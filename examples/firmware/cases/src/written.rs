//! Cases of what goes through a function before it is summed, or is written: sigmoid and softmax of floats, tables of 8-bit logits,
//! bins, slopes, several masks at once.

use super::{CASES, Case, Memory, line};
use core::fmt::{self, Write};
use soft_dice::activation::{Sigmoid, SigmoidTable, Softmax, Tabled};
use soft_dice::{
    Element, Error, F32, Gradient, HardTarget, I8, Interleaved, Label, Linear, Measured, Multiclass, Multilabel,
    NonZero, Range, Record, Reliability, Score, Squares, Stream, U8, ZeroFull, ZeroOne,
};

static TABLE: SigmoidTable = match SigmoidTable::i8(0.1, 3) {
    Ok(table) => table,
    Err(_) => panic!(),
};

/// Logits of every kind of bits, floats and bytes, against every kind of byte mask.
#[inline(never)]
pub fn logits<const N: usize>(memory: &mut Memory<N>, out: &mut impl Write) -> fmt::Result {
    fn one<P: Element, T: HardTarget>(p: (P, &[P::Raw]), target: T, t: T::Pixels<'_>) -> Result<Record, Error> {
        let mut stream = Stream::new(p.0, target);
        stream.update(p.1, t)?;
        Ok(stream.finish().record())
    }
    for number in 0..40 {
        let mut case = Case::new(CASES + 3000 + number, N);
        let pixels = case.pixels;
        any_logits(&mut memory.p.f32, &mut case, number);
        let floats = &memory.p.f32[..pixels];
        let values: &[u8] = [&[0, 1][..], &[0, 255], &[0, 1, 2, 255], &[0, 1, 1, 1, 7]][number as usize / 2 % 4];
        let t = case.bytes(&mut memory.t.u8, values);
        let bytes = case.prediction(&mut memory.p.i8);
        let (sigmoid, table) = (Sigmoid(F32::new()), Tabled::i8(&TABLE));
        for (kind, sums) in [
            ("one", one((table, bytes), ZeroOne::new(), t)),
            ("trusted", one((table, bytes), ZeroOne::new().trusted(), t)),
            ("full", one((table, bytes), ZeroFull::new(), t)),
            ("any", one((table, bytes), NonZero, t)),
            ("class", one((table, bytes), Label::new(1), t)),
            ("ignoring", one((table, bytes), Label::new(1).ignoring(0), t)),
            ("sigmoid", one((sigmoid, floats), NonZero, t)),
            ("label", one((sigmoid, floats), Label::new(1).ignoring(255), t)),
        ] {
            line(out, format_args!("logits {number} {kind}"), pixels, sums)?;
        }
        let mut squares = Stream::summing(Sigmoid(F32::new().range(Range::Refuse)), NonZero, Squares);
        let done = squares.update(floats, t);
        line(out, format_args!("logits {number} squares"), pixels, done.map(|()| squares.finish().record()))?;
        softmax::<3, N>(memory, out, number)?;
        softmax::<4, N>(memory, out, number)?;
        softmax::<21, N>(memory, out, number)?;
    }
    Ok(())
}

/// Any bits at all in every other case, else logits as networks write them, now and then one that has no share.
fn any_logits(floats: &mut [f32], case: &mut Case, number: u32) {
    floats.fill_with(|| {
        let word = case.random.word();
        match number % 2 {
            0 if number % 8 == 6 && word < 1 << 24 => [f32::NAN, f32::INFINITY, f32::NEG_INFINITY][word as usize % 3],
            0 => ((word >> 8) as i32 - (1 << 23)) as f32 * (1.0 / 524_288.0),
            _ => f32::from_bits(word),
        }
    });
}

/// The sums of classes of floats under a softmax, with and without an ignore label.
#[inline(never)]
fn softmax<const C: usize, const N: usize>(memory: &mut Memory<N>, out: &mut impl Write, number: u32) -> fmt::Result {
    let mut case = Case::new(CASES + 3100 + number, N);
    any_logits(&mut memory.p.f32, &mut case, number);
    let rows = case.pixels / C;
    let (p, labels) = (&memory.p.f32[..rows * C], &mut memory.t.u8[..rows]);
    labels.fill_with(|| case.random.below(C) as u8);
    let mut frame = Multiclass::<[_; C]>::new(F32::new(), Linear);
    if number % 4 > 1 {
        labels.iter_mut().step_by(3).for_each(|label| *label = 255);
        frame = frame.ignoring(255);
    }
    let done = frame.update(Softmax(Interleaved(p)), labels);
    for class in [0, C / 2, C - 1] {
        let sums = done.map(|()| frame.sums()[class].record());
        line(out, format_args!("softmax {C} {number} {class}"), rows, sums)?;
    }
    let mut strict = Multiclass::<[_; C]>::new(F32::new().range(Range::Refuse), Linear);
    let done = strict
        .update(Softmax(Interleaved(p)), &labels[..rows.min(1)])
        .and(strict.update(Softmax(Interleaved(p)), labels));
    line(out, format_args!("softmax {C} {number} strict"), rows, done.map(|()| strict.sums()[0].record()))
}

/// Bins, slopes, and four masks beside four channels.
#[inline(never)]
pub fn frames<const N: usize>(memory: &mut Memory<N>, out: &mut impl Write) -> fmt::Result {
    for number in 0..20 {
        let mut case = Case::new(CASES + 3200 + number, N);
        let pixels = case.pixels;
        let marks = case.bytes(&mut memory.t.u8, &[0, 1, 1, 7]);
        let device = case.prediction(&mut memory.p.i8);
        let (rows, mut four) = (pixels / 4 * 4, Multilabel::<[_; 4]>::new(I8::TFLITE, NonZero, Linear));
        let done = four.update(Interleaved(&device[..rows]), Interleaved(&marks[..rows]));
        for (class, sums) in four.sums().iter().enumerate() {
            line(out, format_args!("labels {number} {class}"), rows / 4, done.map(|()| sums.record()))?;
        }

        let codes = case.prediction(&mut memory.p.u8);
        let mut bins = Reliability::<_, _, 10>::new(U8, Label::new(1).ignoring(7));
        let mut checked = Reliability::<_, _, 3>::new(U8, ZeroOne::new());
        let done = bins.update(codes, marks);
        writeln!(out, "bins {number} {done:?} {:?} {:?}", bins.bins(), checked.update(codes, marks))?;
        writeln!(out, "bins {number} {:?}", checked.bins())?;

        let floats = case.prediction(&mut memory.p.f32);
        let mut bins = Reliability::<_, _, 7>::new(F32::new(), NonZero);
        writeln!(out, "bins {number} {:?} {:?}", bins.update(floats, marks), bins.bins())?;
        let mut stream = Stream::new(F32::new(), Label::new(1).ignoring(7));
        let done = stream.update(floats, marks);
        let Ok(gradient) = done.and_then(|()| Gradient::of(&Score::dice(), stream.sums())) else { continue };
        let mut slopes = [0.0; 64];
        for ((p, t), at) in floats.chunks(slopes.len()).zip(marks.chunks(slopes.len())).zip(0..) {
            let slopes = &mut slopes[..p.len()];
            let done = gradient.write(stream.sums(), p, t, slopes);
            let direct = slopes.iter().fold(0u32, |bits, slope| bits.rotate_left(3) ^ slope.to_bits());
            let logit = gradient.write_logit(stream.sums(), p, t, slopes);
            let through = slopes.iter().fold(0u32, |bits, slope| bits.rotate_left(3) ^ slope.to_bits());
            writeln!(out, "slopes {number} {at} {done:?} {direct:08x} {logit:?} {through:08x}")?;
        }
    }
    Ok(())
}
