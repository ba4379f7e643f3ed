//! The pairs: every element against every hard target and every soft one that it can be multiplied with, in more than one
//! setting. What a setting means is written beside it, for the judge.

use crate::random::Random;
use crate::subject::{Case, Of, Side, Subject, Told};
use soft_dice::oracle::Format;
use soft_dice::*;

pub type Table = Vec<Box<dyn Subject>>;

macro_rules! soft_targets {
    ($table:expr, $p:expr => $($t:expr),*) => {
        $(add($table, $p, soft($t));)*
    };
}

/// Every pair, once with the fewest sums and once with all; those that the quick sweeps take also with either half.
pub fn table() -> Table {
    let mut table = Table::new();
    bytes(&mut table);
    affine(&mut table);
    words(&mut table);
    floats(&mut table);
    half_floats(&mut table);
    halves(&mut table);
    table
}

/// Those of plain codes and plain settings, which have quick sweeps; each several times, for maps of several kinds.
pub fn long() -> Table {
    let mut table = Table::new();
    for _ in 0..2 {
        hard(&mut table, f32());
        hard(&mut table, q15());
        soft_targets!(&mut table, f32() => f32(), f32_clamp());
        soft_targets!(&mut table, q15() => q15());
        halves(&mut table);
    }
    hard(&mut table, f32_clamp());
    hard(&mut table, q15_clamp());
    hard(&mut table, u8());
    hard(&mut table, tflite());
    soft_targets!(&mut table, u8() => u8(), tflite());
    // These go by blocks, and the blocks with odd values one by one.
    hard(&mut table, f16());
    soft_targets!(&mut table, tflite() => f32(), f16());
    soft_targets!(&mut table, f16() => f16());
    table
}

fn add<P: Element<Raw: Into<f64>>, T: Side<P>>(table: &mut Table, p: Of<P>, (target, told): (T, T::Told)) {
    table.push(Box::new(Case::new(p, target, told, Linear)));
    table.push(Box::new(Case::new(p, target, told, All)));
}

/// A soft target of an element.
fn soft<E: Element>(of: Of<E>) -> (Soft<E>, Of<E>) {
    (Soft(of.element), of)
}

/// Every hard target.
fn hard<P: Element<Raw: Into<f64>>>(table: &mut Table, p: Of<P>) {
    add(table, p, (NonZero, Told::NotZero));
    add(table, p, (ZeroOne::new(), Told::Is(1)));
    add(table, p, (ZeroOne::new().trusted(), Told::Is(1)));
    add(table, p, (ZeroFull::new(), Told::Is(255)));
    add(table, p, (ZeroFull::new().trusted(), Told::Is(255)));
    add(table, p, (LsbFirst, Told::LowestFirst));
    add(table, p, (MsbFirst, Told::HighestFirst));
    add(table, p, (Label::new(3), Told::Class(3)));
    add(table, p, (Label::new(3).ignoring(255), Told::Ignoring(3, 255)));
    add(table, p, (Label::new(3).ignoring(3), Told::Ignoring(3, 3)));
    add(table, p, (Own::at_least(&p.element, 0.5), Told::Reaches));
    add(table, p, (Own::above(&p.element, 0.5), Told::Exceeds));
}

fn bytes(table: &mut Table) {
    for p in [tflite(), onnxruntime(), silent(), logits()] {
        hard(table, p);
    }
    hard(table, u8());
    soft_targets!(table, u8() => u8(), tflite(), logits(), pedestal(), words16(), q15(), q15_trusted(), f32(), f32_trusted(), fine());
    soft_targets!(table, tflite() => u8(), tflite(), onnxruntime(), logits(), pedestal(), words16(), q15(), q15_trusted());
    soft_targets!(table, tflite() => f32(), f32_clamp(), f32_trusted(), fine());
    soft_targets!(table, silent() => silent(), tflite());
    soft_targets!(table, logits() => logits(), tflite());
}

fn affine(table: &mut Table) {
    for p in [pedestal(), tflite_u8()] {
        hard(table, p);
    }
    soft_targets!(table, pedestal() => u8(), logits(), pedestal(), tflite_u8(), words16(), q15(), q15_trusted());
    soft_targets!(table, pedestal() => f32(), f32_trusted(), fine());
    soft_targets!(table, tflite_u8() => tflite_u8(), tflite());
}

fn words(table: &mut Table) {
    for p in [q15(), q15_clamp(), q15_full(), q15_silent()] {
        hard(table, p);
    }
    for p in [plain16(), words16()] {
        hard(table, p);
    }
    hard(table, q15_trusted());
    soft_targets!(table, words16() => u8(), tflite(), pedestal(), words16(), plain16(), q15(), q15_trusted());
    soft_targets!(table, words16() => f32(), f32_trusted(), fine());
    soft_targets!(table, plain16() => plain16(), words16());
    soft_targets!(table, q15() => u8(), tflite(), pedestal(), words16(), q15(), q15_clamp(), q15_full(), q15_silent());
    soft_targets!(table, q15() => q15_trusted(), f32(), f32_clamp(), f32_trusted(), fine());
    soft_targets!(table, q15_clamp() => q15(), q15_clamp());
    soft_targets!(table, q15_trusted() => u8(), tflite(), pedestal(), words16(), q15(), q15_trusted());
    soft_targets!(table, q15_trusted() => f32(), f32_trusted(), fine());
}

fn floats(table: &mut Table) {
    for p in [f32(), f32_clamp()] {
        hard(table, p);
    }
    for p in [fine(), fine_clamp()] {
        hard(table, p);
    }
    hard(table, f32_trusted());
    soft_targets!(table, f32() => u8(), tflite(), logits(), pedestal(), words16(), q15(), q15_trusted());
    soft_targets!(table, f32() => f32(), f32_clamp(), f32_trusted());
    soft_targets!(table, f32_clamp() => f32(), f32_clamp(), q15_clamp());
    soft_targets!(table, f32_trusted() => u8(), tflite(), pedestal(), words16(), q15(), q15_trusted());
    soft_targets!(table, f32_trusted() => f32(), f32_clamp(), f32_trusted());
    soft_targets!(table, fine() => u8(), tflite(), logits(), pedestal(), words16(), q15(), q15_trusted());
    soft_targets!(table, fine() => fine(), fine_clamp());
    soft_targets!(table, fine_clamp() => fine(), fine_clamp());
}

fn half_floats(table: &mut Table) {
    for p in [f16(), f16_clamp()] {
        hard(table, p);
    }
    hard(table, f16_trusted());
    hard(table, bf16());
    soft_targets!(table, f16() => u8(), tflite(), pedestal(), plain16(), words16(), q15(), f32(), f16(), f16_clamp(), f16_trusted());
    soft_targets!(table, f16_clamp() => f16(), f32_clamp(), bf16());
    soft_targets!(table, u8() => f16(), bf16());
    soft_targets!(table, logits() => f16());
    soft_targets!(table, q15() => f16());
    soft_targets!(table, f32() => f16(), f16_clamp(), bf16());
    soft_targets!(table, bf16() => u8(), bf16(), bf16_clamp(), f32(), f16());
}

/// The quick sweeps are compiled for squares alone and for minima alone, too.
fn halves(table: &mut Table) {
    fn add<P: Element<Raw: Into<f64>>>(table: &mut Table, p: Of<P>)
    where
        Soft<P>: Side<P, Told = Of<P>>,
    {
        table.push(Box::new(Case::new(p, NonZero, Told::NotZero, Squares)));
        table.push(Box::new(Case::new(p, LsbFirst, Told::LowestFirst, Squares)));
        table.push(Box::new(Case::new(p, Soft(p.element), p, Squares)));
        table.push(Box::new(Case::new(p, Soft(p.element), p, Minima)));
    }
    // Squares of floats are rounded, those of codes beside them are not.
    table.push(Box::new(Case::new(tflite(), Soft(f32().element), f32(), Squares)));
    table.push(Box::new(Case::new(f32(), Soft(U8), u8(), Squares)));
    table.push(Box::new(Case::new(f16(), Soft(f32().element), f32(), Squares)));
    add(table, u8());
    add(table, tflite());
    add(table, plain16());
    add(table, q15());
    add(table, f32());
    add(table, f32_trusted());
    add(table, f16());
}

/// An affine format from the lowest code on.
const fn codes(unit: f64, lowest: f64, dead: f64) -> Format {
    Format::Affine { unit, zero_point: lowest, largest: lowest + 255.0, dead }
}

fn of_i8(element: I8, format: Format) -> Of<I8> {
    Of { element, format, tame: |r| r.next() as i8, odd: None }
}

fn of_u8(element: U8Affine, format: Format) -> Of<U8Affine> {
    Of { element, format, tame: |r| r.next() as u8, odd: None }
}

fn u8() -> Of<U8> {
    Of { element: U8, format: codes(1.0 / 255.0, 0.0, 0.0), tame: |r| r.next() as u8, odd: None }
}

fn tflite() -> Of<I8> {
    of_i8(I8::TFLITE, codes(1.0 / 256.0, -128.0, 0.0))
}

fn onnxruntime() -> Of<I8> {
    of_i8(I8::ONNXRUNTIME, codes(1.0 / 255.0, -128.0, 0.0))
}

/// Background noise of up to 40 codes is silenced, and the largest code is 1.
fn silent() -> Of<I8> {
    of_i8(I8::TFLITE.dead_zone(40).full_scale(), codes(1.0 / 255.0, -128.0, 40.0))
}

/// Logits by mistake: 0 lies among the codes, and 1 is reached after 22 of them.
fn logits() -> Of<I8> {
    let element = I8::new(0.044_141_084, 8).expect("a scale");
    of_i8(element, Format::Affine { unit: element.unit().value(1), zero_point: 8.0, largest: 127.0, dead: 0.0 })
}

fn tflite_u8() -> Of<U8Affine> {
    of_u8(U8Affine::TFLITE, codes(1.0 / 256.0, 0.0, 0.0))
}

/// 0 is code 17, and codes up to 3 above it are silenced.
fn pedestal() -> Of<U8Affine> {
    let element = U8Affine::new(0.0051, 17).expect("a scale").dead_zone(3);
    of_u8(element, Format::Affine { unit: element.unit().value(1), zero_point: 17.0, largest: 255.0, dead: 3.0 })
}

fn of_u16(element: U16, dead: f64) -> Of<U16> {
    let format = Format::Affine { unit: 1.0 / 65535.0, zero_point: 0.0, largest: 65535.0, dead };
    Of { element, format, tame: |r| r.next() as u16, odd: None }
}

fn plain16() -> Of<U16> {
    of_u16(U16::new(), 0.0)
}

fn words16() -> Of<U16> {
    of_u16(U16::new().dead_zone(700), 700.0)
}

fn of_q15<C: Check>(element: Q15<C>, unit: f64, clamp: bool, dead: f64) -> Of<Q15<C>> {
    let odd: fn(&mut Random) -> i16 = |r| (r.next() | 0x8000) as i16;
    let format = Format::Q15 { unit, clamp, dead };
    Of { element, format, tame: |r| (r.next() & 0x7FFF) as i16, odd: Some(odd) }
}

const Q15_CODE: f64 = 1.0 / 32768.0;

fn q15() -> Of<Q15> {
    of_q15(Q15::new(), Q15_CODE, false, 0.0)
}

fn q15_clamp() -> Of<Q15> {
    of_q15(Q15::new().range(Range::Clamp), Q15_CODE, true, 0.0)
}

fn q15_full() -> Of<Q15> {
    of_q15(Q15::new().full_scale(), 1.0 / 32767.0, false, 0.0)
}

fn q15_silent() -> Of<Q15> {
    of_q15(Q15::new().dead_zone(9000).expect("a code"), Q15_CODE, false, 9000.0)
}

fn q15_trusted() -> Of<Q15<Trusted>> {
    Of { odd: None, ..of_q15(Q15::new().trusted(), Q15_CODE, false, 0.0) }
}

/// What is no probability, or needs care although it is one.
fn odd_float(r: &mut Random) -> f32 {
    let value = r.below(10);
    let any = f32::from_bits(r.next() as u32);
    [any, f32::NAN, f32::INFINITY, f32::NEG_INFINITY, -1.0e-3, 1.5, -0.0, 1.0 + 1.0e-7, -1.0e-6, f32::from_bits(1)]
        [value]
}

fn of_f32<C: Check>(element: F32<C>, clamp: bool) -> Of<F32<C>> {
    let format = Format::Float { unit: 2f64.powi(-23), clamp };
    Of { element, format, tame: Random::probability, odd: Some(odd_float) }
}

fn f32() -> Of<F32> {
    of_f32(F32::new(), false)
}

fn f32_clamp() -> Of<F32> {
    of_f32(F32::new().range(Range::Clamp), true)
}

fn f32_trusted() -> Of<F32<Trusted>> {
    Of { odd: None, ..of_f32(F32::new().trusted(), false) }
}

fn of_fine(element: F32Fine, clamp: bool) -> Of<F32Fine> {
    let format = Format::Float { unit: 2f64.powi(-48), clamp };
    Of { element, format, tame: Random::probability, odd: Some(odd_float) }
}

fn fine() -> Of<F32Fine> {
    of_fine(F32Fine::new(), false)
}

fn fine_clamp() -> Of<F32Fine> {
    of_fine(F32Fine::new().range(Range::Clamp), true)
}

/// What is no probability, or needs care although it is one.
fn odd_half(r: &mut Random) -> F16Bits {
    let any = r.next() as u16;
    F16Bits([any, 0x7E00, 0x7C00, 0xFC00, 0x8000, 0x8010, 0x8011, 0x3C01, 0xB800, 0x7BFF][r.below(10)])
}

/// A half float of [0, 1]: as often below 2⁻¹⁴ as above, 0 and 1 among them.
fn tame_half(r: &mut Random) -> F16Bits {
    F16Bits([0, 0x3C00, r.below(0x400) as u16, r.below(0x3C01) as u16, 0x3000 + r.below(0xC00) as u16][r.below(5)])
}

fn of_f16<C: Check>(element: F16<C>, clamp: bool) -> Of<F16<C>> {
    let format = Format::Float { unit: 2f64.powi(-24), clamp };
    Of { element, format, tame: tame_half, odd: Some(odd_half) }
}

fn f16() -> Of<F16> {
    of_f16(F16::new(), false)
}

fn f16_clamp() -> Of<F16> {
    of_f16(F16::new().range(Range::Clamp), true)
}

fn f16_trusted() -> Of<F16<Trusted>> {
    Of { odd: None, ..of_f16(F16::new().trusted(), false) }
}

fn of_bf16(element: BF16, clamp: bool) -> Of<BF16> {
    let format = Format::Float { unit: 2f64.powi(-23), clamp };
    Of {
        element,
        format,
        tame: |r| BF16Bits((r.probability().to_bits() >> 16) as u16),
        odd: Some(|r| BF16Bits((odd_float(r).to_bits() >> 16) as u16)),
    }
}

fn bf16() -> Of<BF16> {
    of_bf16(BF16::new(), false)
}

fn bf16_clamp() -> Of<BF16> {
    of_bf16(BF16::new().range(Range::Clamp), true)
}
