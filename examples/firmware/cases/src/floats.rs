//! Logits through the sigmoid and softmax of integers.

use super::{CASES, Case, Memory, line};
use core::fmt::{self, Write};
use soft_dice::activation::{IntegerSigmoid, IntegerSoftmax};
use soft_dice::{F32, Interleaved, Linear, Measured, Multiclass, NonZero, Squares, Stream};

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
