//! Cases of float formats that have no pairs of their own: logits through integers, half floats.

use super::{CASES, Case, Memory, line};
use core::fmt::{self, Write};
use soft_dice::activation::{IntegerSigmoid, IntegerSoftmax};
use soft_dice::{
    BF16, BF16Bits, Element, Error, F16, F16Bits, F32, Interleaved, Linear, LsbFirst, Measured, Multiclass, NonZero,
    Range, Record, Soft, Squares, Stream, Target, U8,
};

/// Logits of every kind of bits through the sigmoid and softmax of integers.
#[inline(never)]
pub fn logits<const N: usize>(memory: &mut Memory<N>, out: &mut impl Write) -> fmt::Result {
    const CLASSES: usize = 3;
    for number in 0..40 {
        let mut case = Case::new(CASES + 1000 + number, N);
        let (marks, pixels) = (&mut memory.t.u8, case.pixels);
        let t = case.bytes(marks, &[0, 1, 2]);
        // Any bits at all in every other case, else logits as networks write them.
        memory.p.f32.fill_with(|| match number % 2 {
            0 => ((case.random.word() >> 8) as i32 - (1 << 23)) as f32 * (1.0 / 524_288.0),
            _ => f32::from_bits(case.random.word()),
        });
        let mut one = Stream::summing(IntegerSigmoid, NonZero, Squares);
        let sums = one.update(&memory.p.f32[..pixels], t).map(|()| one.finish().record());
        line(out, format_args!("sigmoid {number}"), pixels, sums)?;
        let mut frame = Multiclass::<[_; CLASSES]>::new(F32::new(), Linear);
        let rows = pixels / CLASSES;
        let done = frame.update(IntegerSoftmax(Interleaved(&memory.p.f32[..rows * CLASSES])), &t[..rows]);
        for (class, sums) in frame.sums().iter().enumerate() {
            line(out, format_args!("softmax {number} {class}"), rows, done.map(|()| sums.record()))?;
        }
    }
    Ok(())
}

/// Half floats of any bits against masks, each other and 8-bit codes.
#[inline(never)]
pub fn half_floats<const N: usize>(memory: &mut Memory<N>, out: &mut impl Write) -> fmt::Result {
    fn one<P: Element, T: Target<P>>(p: (P, &[P::Raw]), t: (T, T::Buffer<'_>)) -> Result<Record, Error> {
        let mut stream = Stream::new(p.0, t.0);
        stream.update(p.1, t.1)?;
        Ok(stream.finish().record())
    }
    for number in 0..60 {
        let mut case = Case::new(CASES + 2000 + number, N);
        let pixels = case.pixels;
        // Every other case is of [0, 1] alone.
        let any = if number % 2 == 0 { u32::MAX } else { 0x3BFF };
        for words in [&mut memory.p.u16, &mut memory.t.u16] {
            words.fill_with(|| (case.random.word() >> 8 & any) as u16);
        }
        let (p, t) = (&memory.p.u16[..pixels], &memory.t.u16[..pixels]);
        let (half, clamped) = (F16::new(), F16::new().range(Range::Clamp));
        let sums = match number / 2 % 5 {
            0 => one((half, F16Bits::of(p)), (NonZero, case.bytes(&mut memory.t.u8, &[0, 1]))),
            1 => one((clamped, F16Bits::of(p)), (Soft(half), F16Bits::of(t))),
            2 => one((half, F16Bits::of(p)), (Soft(U8), case.bytes(&mut memory.t.u8, &[0, 9, 255]))),
            3 => one((BF16::new(), BF16Bits::of(p)), (LsbFirst, case.bits(&mut memory.t.u8))),
            _ => one((BF16::new(), BF16Bits::of(p)), (Soft(BF16::new()), BF16Bits::of(t))),
        };
        line(out, format_args!("half {number}"), pixels, sums)?;
    }
    Ok(())
}
