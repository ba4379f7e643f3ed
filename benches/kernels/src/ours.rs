//! Ours: one function per kernel through the crate's public interface, with the sums as numbers.

use soft_dice::target::HardTarget;
use soft_dice::{
    Argmax, Bits, Channel, Columns, Counts, Element, F16, F16Bits, F32, I8, Label, Linear, LsbFirst, Multiclass,
    NonZero, Own, Q15, Soft, Stream, Target, Thresholded, U8, U16, ZeroOne,
};
use std::hint::black_box;

pub type Sums = [f64; 3];

/// Sums of codes.
fn codes<P: Element, T: Target<P>>(element: P, target: T, p: &[P::Raw], t: T::Buffer<'_>) -> Sums {
    let mut stream = Stream::new(element, target);
    stream.update(p, t).expect("operands of one length");
    let sums = stream.sums();
    let (p, t, pt): (u128, u128, u128) = (sums.p().into(), sums.t().into(), sums.pt().into());
    [p as f64, t as f64, pt as f64]
}

/// Sums as values.
fn values<P: Element, T: Target<P>>(element: P, target: T, p: &[P::Raw], t: T::Buffer<'_>) -> Sums {
    let (unit_p, unit_t) = (element.unit().value(1), target.unit().value(1));
    let [p, t, pt] = codes(element, target, p, t);
    [p * unit_p, t * unit_t, pt * if T::ROUNDED { unit_p } else { unit_p * unit_t }]
}

pub fn u8_u8(p: &[u8], t: &[u8]) -> Sums {
    codes(U8, Soft(U8), p, t)
}

pub fn u8_mask01(p: &[u8], t: &[u8]) -> Sums {
    codes(U8, ZeroOne::new(), p, t)
}

pub fn u8_mask(p: &[u8], t: &[u8]) -> Sums {
    codes(U8, NonZero, p, t)
}

pub fn u8_own(p: &[u8]) -> Sums {
    codes(U8, Own::from_code(128), p, ())
}

pub fn u8_label(p: &[u8], t: &[u8], class: u8) -> Sums {
    codes(U8, Label::new(class), p, t)
}

pub fn u8_bits(p: &[u8], t: &[u8], from: usize) -> Sums {
    codes(U8, LsbFirst, p, bits(t, from, p.len()))
}

fn bits(bytes: &[u8], from: usize, pixels: usize) -> Bits<'_> {
    Bits::at(&bytes[..(from + pixels).div_ceil(8)], from)
}

/// In units of the code q, like the peers.
pub fn i8_mask(p: &[i8], t: &[u8]) -> Sums {
    let [sum, set, product] = codes(I8::TFLITE, NonZero, p, t);
    [sum - 128.0 * p.len() as f64, set, product - 128.0 * set]
}

fn counts(counts: &Counts) -> Sums {
    [counts.p as f64, counts.t as f64, counts.pt as f64]
}

/// Counts behind a threshold of one half, from the call that takes the soft sums too.
fn both<P: Element, H: HardTarget>(element: P, target: H, p: &[P::Raw], t: H::Pixels<'_>) -> Sums {
    let (mut soft, mut hard) = (Stream::new(element, target), Thresholded::at_least(&element, 0.5));
    soft.update_both(p, t, &mut hard).expect("operands of one length");
    black_box(soft);
    counts(hard.counts())
}

pub fn u8_both(p: &[u8], t: &[u8]) -> Sums {
    both(U8, NonZero, p, t)
}

/// Of declared masks: a second caller of `f32_mask`'s sweep would keep it from being inlined there, a quarter of the time
/// that 512 pixels take.
pub fn f32_both(p: &[f32], t: &[u8]) -> Sums {
    both(F32::new(), ZeroOne::new(), p, t)
}

/// Channels of the maps whose greatest are counted.
pub const CHANNELS: usize = 21;

/// Counts of the first class, and of all in passing.
pub fn argmax<R: Channel>(p: impl Columns<R>, labels: &[u8]) -> Sums {
    let mut hard = Argmax::<CHANNELS>::new();
    hard.update(p, labels).expect("whole pixels");
    counts(&hard.classes()[0])
}

/// The soft sums of all classes beside it.
pub fn multiclass<P: Element>(element: P, p: impl Columns<P::Raw>, labels: &[u8]) -> Sums {
    let mut soft = Multiclass::<[_; CHANNELS]>::new(element, Linear);
    soft.update(p, labels).expect("whole pixels");
    let sums = soft.sums()[0];
    let [p, t, pt]: [u128; 3] = [sums.p().into(), sums.t().into(), sums.pt().into()];
    [p as f64, t as f64, pt as f64]
}

pub fn q15_q15(p: &[i16], t: &[i16]) -> Sums {
    codes(Q15::new(), Soft(Q15::new()), p, t)
}

pub fn q15_q15_trusted(p: &[i16], t: &[i16]) -> Sums {
    codes(Q15::new().trusted(), Soft(Q15::new().trusted()), p, t)
}

pub fn q15_mask(p: &[i16], t: &[u8]) -> Sums {
    codes(Q15::new(), NonZero, p, t)
}

/// An int8 map beside the float model's.
pub fn i8_f32(p: &[i8], t: &[f32]) -> Sums {
    values(I8::TFLITE, Soft(F32::new()), p, t)
}

pub fn u16_mask(p: &[u16], t: &[u8]) -> Sums {
    codes(U16::new(), NonZero, p, t)
}

pub fn f16_mask(p: &[F16Bits], t: &[u8]) -> Sums {
    values(F16::new(), NonZero, p, t)
}

pub fn f16_f16(p: &[F16Bits], t: &[F16Bits]) -> Sums {
    values(F16::new(), Soft(F16::new()), p, t)
}

pub fn f32_f32(p: &[f32], t: &[f32]) -> Sums {
    values(F32::new(), Soft(F32::new()), p, t)
}

pub fn f32_f32_trusted(p: &[f32], t: &[f32]) -> Sums {
    values(F32::new().trusted(), Soft(F32::new().trusted()), p, t)
}

pub fn f32_mask(p: &[f32], t: &[u8]) -> Sums {
    values(F32::new(), NonZero, p, t)
}

pub fn f32_mask_trusted(p: &[f32], t: &[u8]) -> Sums {
    values(F32::new().trusted(), NonZero, p, t)
}

pub fn f32_bits(p: &[f32], t: &[u8], from: usize) -> Sums {
    values(F32::new(), LsbFirst, p, bits(t, from, p.len()))
}
