//! The cases of `agree`: generated from a seed, summed, and written as lines of text.
//!
//! Board and host run this same code; the host compares every line, so every sum of every case is compared, not a
//! digest of them.

#![no_std]

pub mod bodypix;
mod decided;
pub mod filling;
mod followed;
pub mod sight;
pub mod watch;

mod floats;
mod halves;
mod written;

use core::fmt::{self, Write};
use soft_dice::activation::{QuantizedSoftmax, SoftmaxTable};
use soft_dice::confidence::ClassConfidence;
use soft_dice::sums::Moments;
use soft_dice::{
    All, Argmax, Bits, Element, Error, F32, F32Fine, I8, Interleaved, Label, Linear, LsbFirst, Measured, Minima,
    MsbFirst, Multiclass, NonZero, Own, Planar, Q15, Range, Record, Region, Soft, Squares, Stream, Target, Thresholded,
    U8, U8Affine, U16, ZeroFull, ZeroOne,
};

/// Generated cases in a run.
pub const CASES: u32 = 1500;

/// Pixels and offset of a generated case fit in this many elements; a board of 16 KiB has [`SMALL`]. The first line of a
/// run says which.
pub const LARGE: usize = 1200;
/// See [`LARGE`].
pub const SMALL: usize = 400;

/// Buffers begin at offsets 0 to 15, so that every alignment is met.
const OFFSETS: usize = 16;

/// Numbers from a seed: 32-bit xorshift, which costs little on every core.
pub struct Random(u32);

impl Random {
    /// The `case`th stream.
    pub fn new(case: u32) -> Self {
        let mut this = Self(case.wrapping_mul(0x9E37_79B9) ^ 0x50F7_D1CE | 1);
        for _ in 0..4 {
            this.word();
        }
        this
    }

    /// Any 32 bits but all zeros.
    pub fn word(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0
    }

    /// Below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        ((u64::from(self.word()) * end as u64) >> 32) as usize
    }
}

/// A raw pixel: what buffers hold, now and then a value outside \[0, 1\].
trait Raw: Copy {
    fn make(random: &mut Random) -> Self;
}

impl Raw for u8 {
    fn make(random: &mut Random) -> Self {
        random.word() as u8
    }
}

impl Raw for i8 {
    fn make(random: &mut Random) -> Self {
        random.word() as i8
    }
}

impl Raw for u16 {
    fn make(random: &mut Random) -> Self {
        random.word() as u16
    }
}

impl Raw for i16 {
    fn make(random: &mut Random) -> Self {
        let word = random.word();
        word as i16 & if word >> 26 == 0 { -1 } else { 0x7FFF }
    }
}

impl Raw for f32 {
    fn make(random: &mut Random) -> Self {
        let word = random.word();
        match word >> 24 {
            0 => f32::NAN,
            1 => -0.5,
            2 => 1.000_001,
            3 => -0.0,
            4 => f32::MIN_POSITIVE / 4.0,
            5..20 => 0.0,
            20..40 => 1.0,
            40..90 => (word & 0xFF_FFFF) as f32 * (1.0 / 281_474_976_710_656.0),
            _ => (word & 0xFF_FFFF) as f32 * (1.0 / 16_777_216.0),
        }
    }
}

/// A buffer of each type.
struct Buffers<const N: usize> {
    u8: [u8; N],
    i8: [i8; N],
    u16: [u16; N],
    i16: [i16; N],
    f32: [f32; N],
}

/// The buffers of a case of at most `N` − 16 pixels.
pub struct Memory<const N: usize> {
    p: Buffers<N>,
    t: Buffers<N>,
}

impl<const N: usize> Default for Memory<N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const N: usize> Memory<N> {
    /// Zeros.
    pub const fn new() -> Self {
        const fn zeros<const N: usize>() -> Buffers<N> {
            Buffers { u8: [0; N], i8: [0; N], u16: [0; N], i16: [0; N], f32: [0.0; N] }
        }
        Self { p: zeros(), t: zeros() }
    }
}

/// A case: where its buffers begin, and how many pixels it has.
struct Case {
    random: Random,
    pixels: usize,
    p: usize,
    t: usize,
}

impl Case {
    fn new(case: u32, room: usize) -> Self {
        let mut random = Random::new(case);
        // Half of the cases are short: there the tails are.
        let most = if random.word() & 1 == 0 { 70 } else { room - OFFSETS };
        let pixels = random.below(most + 1);
        let (p, t) = (random.below(OFFSETS), random.below(OFFSETS));
        Self { random, pixels, p, t }
    }

    fn prediction<'a, R: Raw>(&mut self, buffer: &'a mut [R]) -> &'a [R] {
        let part = &mut buffer[self.p..self.p + self.pixels];
        part.fill_with(|| R::make(&mut self.random));
        part
    }

    fn soft<'a, R: Raw>(&mut self, buffer: &'a mut [R]) -> &'a [R] {
        let part = &mut buffer[self.t..self.t + self.pixels];
        part.fill_with(|| R::make(&mut self.random));
        part
    }

    fn bytes<'a>(&mut self, buffer: &'a mut [u8], of: &[u8]) -> &'a [u8] {
        let part = &mut buffer[self.t..self.t + self.pixels];
        part.fill_with(|| of[self.random.below(of.len())]);
        part
    }

    fn bits<'a>(&mut self, buffer: &'a mut [u8]) -> Bits<'a> {
        buffer.fill_with(|| self.random.word() as u8);
        // As many bytes as hold the bits: a longer buffer is refused.
        Bits::at(&buffer[..(self.t + self.pixels).div_ceil(8)], self.t)
    }
}

fn sums<P: Element, T: Target<P>, M: Moments>(
    prediction: P,
    target: T,
    moments: M,
    p: &[P::Raw],
    t: T::Buffer<'_>,
) -> Result<Record, Error> {
    let mut stream = Stream::summing(prediction, target, moments);
    stream.update(p, t)?;
    Ok(stream.finish().record())
}

/// A pair a line: name, element, raw type, target, and how its buffer is made from `case` and `memory`.
macro_rules! pairs {
    ($case:ident, $memory:ident; $($name:ident: $element:expr, $raw:ident, $target:expr, $moments:ident, $buffer:expr;)*) => {
        /// The pairs of element and reference, taken in turn.
        pub const PAIRS: &[&str] = &[$(stringify!($name)),*];

        impl<const N: usize> Memory<N> {
            fn sums(&mut self, name: &str, $case: &mut Case) -> Result<Record, Error> {
                let $memory = self;
                match name {
                    $(stringify!($name) => {
                        let p = $case.prediction(&mut $memory.p.$raw);
                        sums($element, $target, $moments, p, $buffer)
                    })*
                    _ => Err(Error::Setting),
                }
            }
        }
    };
}

// Fixed-point zero points and scales no runtime would choose, so that codes outside [0, 1] occur.
const fn odd<E: Copy>(made: Result<E, Error>) -> E {
    match made {
        Ok(element) => element,
        Err(_) => panic!("a scale or zero point that does not fit"),
    }
}
const ODD: I8 = odd(I8::new(0.007, -90));
const ODD_U: U8Affine = odd(U8Affine::new(0.005, 17));

pairs! { case, memory;
    u8_mask: U8, u8, NonZero, Linear, case.bytes(&mut memory.t.u8, &[0, 0, 1, 7, 255]);
    u8_mask01: U8, u8, ZeroOne::new(), Linear, case.bytes(&mut memory.t.u8, &[0, 1]);
    u8_mask255: U8, u8, ZeroFull::new(), Linear, case.bytes(&mut memory.t.u8, &[0, 255]);
    u8_label: U8, u8, Label::new(3), Linear, case.bytes(&mut memory.t.u8, &[0, 1, 2, 3]);
    u8_ignoring: U8, u8, Label::new(3).ignoring(255), Linear, case.bytes(&mut memory.t.u8, &[0, 3, 255]);
    u8_bits: U8, u8, LsbFirst, Linear, case.bits(&mut memory.t.u8);
    u8_bits_msb: U8, u8, MsbFirst, Linear, case.bits(&mut memory.t.u8);
    u8_own: U8, u8, Own::at_least(&U8, 0.5), Linear, ();
    u8_own_all: U8, u8, Own::from_code(0), Linear, ();
    u8_own_top: U8, u8, Own::from_code(255), Linear, ();
    u8_u8: U8, u8, Soft(U8), Linear, case.soft(&mut memory.t.u8);
    u8_u8_all: U8, u8, Soft(U8), All, case.soft(&mut memory.t.u8);
    u8_f32: U8, u8, Soft(F32::new()), Linear, case.soft(&mut memory.t.f32);
    i8_mask: I8::TFLITE, i8, NonZero, Linear, case.bytes(&mut memory.t.u8, &[0, 0, 1, 7, 255]);
    i8_mask01: I8::TFLITE, i8, ZeroOne::new(), Linear, case.bytes(&mut memory.t.u8, &[0, 1]);
    i8_mask255: I8::TFLITE, i8, ZeroFull::new(), Linear, case.bytes(&mut memory.t.u8, &[0, 255]);
    i8_label: I8::TFLITE, i8, Label::new(0), Linear, case.bytes(&mut memory.t.u8, &[0, 1, 128, 255]);
    i8_bits: I8::TFLITE, i8, LsbFirst, Linear, case.bits(&mut memory.t.u8);
    i8_bits_msb: I8::TFLITE, i8, MsbFirst, Linear, case.bits(&mut memory.t.u8);
    i8_own: I8::TFLITE, i8, Own::above(&I8::TFLITE, 0.5), Linear, ();
    i8_i8: I8::TFLITE, i8, Soft(I8::TFLITE), Linear, case.soft(&mut memory.t.i8);
    i8_u8: I8::TFLITE, i8, Soft(U8), Linear, case.soft(&mut memory.t.u8);
    i8_i8_minima: I8::TFLITE, i8, Soft(I8::TFLITE), Minima, case.soft(&mut memory.t.i8);
    i8_i8_squares: I8::TFLITE, i8, Soft(I8::TFLITE), Squares, case.soft(&mut memory.t.i8);
    i8_u8_minima: I8::ONNXRUNTIME, i8, Soft(U8), All, case.soft(&mut memory.t.u8);
    i8_u8_unlike: I8::TFLITE, i8, Soft(U8), All, case.soft(&mut memory.t.u8);
    i8_mask_all: I8::TFLITE, i8, NonZero, All, case.bytes(&mut memory.t.u8, &[0, 1, 7]);
    u8_bits_squares: U8, u8, LsbFirst, Squares, case.bits(&mut memory.t.u8);
    i8_ignoring: I8::TFLITE, i8, Label::new(3).ignoring(255), Linear, case.bytes(&mut memory.t.u8, &[0, 3, 255]);
    i8_dead: I8::TFLITE.dead_zone(20), i8, ZeroOne::new(), Linear, case.bytes(&mut memory.t.u8, &[0, 1]);
    odd_label: ODD.dead_zone(9), i8, Label::new(3).ignoring(0), All, case.bytes(&mut memory.t.u8, &[0, 3, 255]);
    odd_own: ODD, i8, Own::at_least(&ODD, 0.5), Squares, ();
    odd_bits: ODD_U, u8, MsbFirst, Linear, case.bits(&mut memory.t.u8);
    u8_i8: U8, u8, Soft(I8::TFLITE), Linear, case.soft(&mut memory.t.i8);
    i8_f32: I8::TFLITE, i8, Soft(F32::new()), Linear, case.soft(&mut memory.t.f32);
    odd_mask: ODD, i8, NonZero, Linear, case.bytes(&mut memory.t.u8, &[0, 1]);
    odd_u8: ODD_U, u8, Soft(ODD_U), All, case.soft(&mut memory.t.u8);
    u16_mask: U16::new(), u16, NonZero, Linear, case.bytes(&mut memory.t.u8, &[0, 1]);
    u16_u16: U16::new(), u16, Soft(U16::new()), Linear, case.soft(&mut memory.t.u16);
    u16_q15: U16::new(), u16, Soft(Q15::new()), Linear, case.soft(&mut memory.t.i16);
    q15_mask: Q15::new(), i16, NonZero, Linear, case.bytes(&mut memory.t.u8, &[0, 1]);
    q15_mask01: Q15::new(), i16, ZeroOne::new(), Linear, case.bytes(&mut memory.t.u8, &[0, 1]);
    q15_mask255: Q15::new(), i16, ZeroFull::new(), Linear, case.bytes(&mut memory.t.u8, &[0, 255]);
    q15_label: Q15::new(), i16, Label::new(3), Linear, case.bytes(&mut memory.t.u8, &[0, 2, 3]);
    q15_bits: Q15::new(), i16, LsbFirst, Linear, case.bits(&mut memory.t.u8);
    q15_q15: Q15::new(), i16, Soft(Q15::new()), Linear, case.soft(&mut memory.t.i16);
    q15_q15_clamp: Q15::new().range(Range::Clamp), i16, Soft(Q15::new()), All, case.soft(&mut memory.t.i16);
    q15_refuse: Q15::new().range(Range::Refuse), i16, NonZero, Linear, case.bytes(&mut memory.t.u8, &[0, 1]);
    f32_mask: F32::new(), f32, NonZero, Linear, case.bytes(&mut memory.t.u8, &[0, 0, 1, 7, 255]);
    f32_mask01: F32::new(), f32, ZeroOne::new(), Linear, case.bytes(&mut memory.t.u8, &[0, 1]);
    f32_mask255: F32::new(), f32, ZeroFull::new(), Linear, case.bytes(&mut memory.t.u8, &[0, 255]);
    f32_label: F32::new().range(Range::Clamp), f32, Label::new(3), Linear, case.bytes(&mut memory.t.u8, &[0, 3]);
    f32_bits: F32::new(), f32, LsbFirst, Linear, case.bits(&mut memory.t.u8);
    f32_own: F32::new(), f32, Own::at_least(&F32::new(), 0.5), Linear, ();
    f32_own_above: F32::new().range(Range::Clamp), f32, Own::above(&F32::new(), 0.999), Linear, ();
    f32_own_all: F32::new(), f32, Own::at_least(&F32::new(), 0.0), Linear, ();
    f32_f32: F32::new(), f32, Soft(F32::new()), Linear, case.soft(&mut memory.t.f32);
    f32_f32_all: F32::new(), f32, Soft(F32::new()), All, case.soft(&mut memory.t.f32);
    f32_refuse: F32::new().range(Range::Refuse), f32, NonZero, Linear, case.bytes(&mut memory.t.u8, &[0, 1]);
    fine_mask: F32Fine::new(), f32, NonZero, Linear, case.bytes(&mut memory.t.u8, &[0, 1]);
    fine_fine: F32Fine::new(), f32, Soft(F32Fine::new()), All, case.soft(&mut memory.t.f32);
}

/// `<what> <pixels> <count ignored invalid clamped Σp Σt Σpt, and what else was summed, in hexadecimal>`.
fn line(out: &mut impl Write, what: fmt::Arguments<'_>, pixels: usize, sums: Result<Record, Error>) -> fmt::Result {
    write!(out, "{what} {pixels}")?;
    match sums {
        Ok(r) => {
            write!(out, " {:x} {:x} {:x} {:x}", r.count, r.ignored, r.invalid, r.clamped)?;
            write!(out, " {:x} {:x} {:x}", r.p, r.t, r.pt)?;
            for (a, b) in [r.squares, r.minima].into_iter().flatten() {
                write!(out, " {a:x} {b:x}")?;
            }
            writeln!(out)
        }
        Err(error) => writeln!(out, " {error:?}"),
    }
}

/// The shipped device output: int8 of a selfie network, after the header of its file. Board and host embed the same.
static REAL: [(&str, &[u8]); 2] = [
    ("selfie256_astronaut", include_bytes!("../../../../tests/data/selfie256_astronaut_q8.npy")),
    ("selfie256_camera", include_bytes!("../../../../tests/data/selfie256_camera_q8.npy")),
];
const HEADER: usize = 128;

/// A real map against the bit mask of the other picture's, in chunks as a small board has room for.
fn real<const N: usize>(memory: &mut Memory<N>, out: &mut impl Write) -> fmt::Result {
    for (at, (name, file)) in REAL.iter().enumerate() {
        let (map, other) = (file[HEADER..].iter(), REAL[1 - at].1[HEADER..].iter());
        let mut own = Stream::new(I8::TFLITE, Own::at_least(&I8::TFLITE, 0.5));
        let mut bits = Stream::new(I8::TFLITE, LsbFirst);
        let mut pixels = map.clone().zip(other);
        let mut done = Ok(());
        loop {
            let (chunk, packed) = (&mut memory.p.i8, &mut memory.t.u8);
            packed.fill(0);
            let mut n = 0;
            for (q, other) in pixels.by_ref().take(N) {
                chunk[n] = *q as i8;
                packed[n / 8] |= u8::from(*other as i8 >= 0) << (n % 8);
                n += 1;
            }
            if n == 0 {
                break;
            }
            done = done
                .and(own.update(&chunk[..n], ()))
                .and(bits.update(&chunk[..n], Bits::new(&packed[..n.div_ceil(8)])));
        }
        line(out, format_args!("real {name} own"), map.len(), done.map(|()| own.finish().record()))?;
        line(out, format_args!("real {name} bits"), map.len(), done.map(|()| bits.finish().record()))?;
    }
    Ok(())
}

/// Masks of every kind in regions of bytes and of bits, with codes as they are and moved.
#[inline(never)]
fn regions<const N: usize>(memory: &mut Memory<N>, out: &mut impl Write) -> fmt::Result {
    fn one<'a, T: Target<I8>>(
        element: I8,
        target: T,
        p: &[i8],
        t: T::Buffer<'a>,
        region: Region<'_>,
    ) -> Result<Record, Error> {
        let mut stream = Stream::summing(element, target, Squares);
        stream.update_within(p, t, region)?;
        Ok(stream.finish().record())
    }
    for number in 0..320 {
        let mut case = Case::new(CASES + number, N);
        let (from, pixels) = (case.random.below(OFFSETS), case.pixels);
        memory.p.u8.fill_with(|| [0, 0, 1, 255][case.random.below(4)] & case.random.word() as u8);
        memory
            .p
            .u8
            .iter_mut()
            .for_each(|byte| *byte |= case.random.word() as u8 & if number % 4 < 2 { 0 } else { 255 });
        let bytes = Region::Bytes(&memory.p.u8[from..from + pixels]);
        let bits = Region::Bits(Bits::at(&memory.p.u8[..(from + pixels).div_ceil(8)], from));
        let region = if number % 2 == 0 { bytes } else { bits };
        let element = [I8::TFLITE, ODD, I8::TFLITE.dead_zone(30), ODD.dead_zone(5)][number as usize / 2 % 4];
        let p = case.prediction(&mut memory.p.i8);
        let marks = &mut memory.t.u8;
        let sums = match number / 8 % 8 {
            0 => one(element, ZeroOne::new(), p, case.bytes(marks, &[0, 1]), region),
            1 => one(element, ZeroFull::new(), p, case.bytes(marks, &[0, 255]), region),
            2 => one(element, NonZero, p, case.bytes(marks, &[0, 1, 7, 255]), region),
            3 => one(element, Label::new(3), p, case.bytes(marks, &[0, 3, 255]), region),
            4 => one(element, Label::new(3).ignoring(0), p, case.bytes(marks, &[0, 3, 255]), region),
            5 => one(element, LsbFirst, p, case.bits(marks), region),
            6 => one(element, MsbFirst, p, case.bits(marks), region),
            _ => one(element, Own::at_least(&element, 0.5), p, (), region),
        };
        line(out, format_args!("region {number}"), pixels, sums)?;
    }
    Ok(())
}

/// Many classes against labels: soft sums, counts of the greatest, confidences; with an ignore label, in regions; interleaved
/// and planar, at every address.
#[inline(never)]
fn many<const N: usize, const C: usize>(memory: &mut Memory<N>, out: &mut impl Write) -> fmt::Result {
    for number in 0..48 {
        let mut case = Case::new(2 * CASES + 64 * C as u32 + number, N / C.max(2));
        // Of a short case too all channels have room.
        let (from, pixels) = (case.random.below(OFFSETS), (case.pixels / 4 * 3).min((N - OFFSETS) / C));
        let p = &mut memory.p.i8[from..];
        let p = &mut p[..pixels * C];
        // Few values, so that there are ties.
        let mask = [0x0F, -1, 0x55][number as usize % 3];
        p.fill_with(|| case.random.word() as i8 & mask);
        let p = &*p;
        let labels = &mut memory.t.u8[case.t..case.t + pixels];
        labels.fill_with(|| case.random.below(C) as u8);
        let ignore = [None, Some(0), Some(255)][number as usize / 3 % 3];
        if ignore == Some(255) {
            labels.iter_mut().step_by(3).for_each(|label| *label = 255);
        }
        let labels = &*labels;
        memory.p.u8.fill_with(|| case.random.word() as u8 & 1);
        let inside = [
            Region::Bytes(&memory.p.u8[from..from + pixels]),
            Region::Bits(Bits::at(&memory.p.u8[..(from + pixels).div_ceil(8)], from)),
        ];
        let mut soft = Multiclass::<[_; C]>::new(I8::TFLITE, Linear);
        let (mut hard, mut planes, mut confidence) =
            (Argmax::<C>::new(), Argmax::<C>::new(), ClassConfidence::<_, C>::new(I8::TFLITE));
        let mut regions = [soft; 2];
        let mut softmax = Multiclass::<[_; C]>::new(F32::new(), Linear);
        if let Some(label) = ignore {
            (soft, hard, planes) = (soft.ignoring(label), hard.ignoring(label), planes.ignoring(label));
            (regions, softmax) = (regions.map(|one| one.ignoring(label)), softmax.ignoring(label));
        }
        let mut done = soft.update(Interleaved(p), labels).and(hard.update(Interleaved(p), labels));
        done = done.and(planes.update(Planar(p), labels)).and(confidence.update(p));
        for (one, region) in regions.iter_mut().zip(inside) {
            done = done.and(one.update_within(Interleaved(p), labels, region));
        }
        // Its stack is beyond what a board of 16 KiB has left.
        if N > SMALL {
            done = done.and(softmax.update(QuantizedSoftmax::new(Interleaved(p), &TABLE), labels));
        }
        for class in [0, C / 2, C - 1] {
            line(
                out,
                format_args!("many {C} {number} {class} soft"),
                pixels,
                done.map(|()| soft.sums()[class].record()),
            )?;
            line(
                out,
                format_args!("many {C} {number} {class} bytes"),
                pixels,
                done.map(|()| regions[0].sums()[class].record()),
            )?;
            line(
                out,
                format_args!("many {C} {number} {class} bits"),
                pixels,
                done.map(|()| regions[1].sums()[class].record()),
            )?;
            line(
                out,
                format_args!("many {C} {number} {class} hard"),
                pixels,
                done.map(|()| hard.classes()[class].record()),
            )?;
            line(
                out,
                format_args!("many {C} {number} {class} planes"),
                pixels,
                done.map(|()| planes.classes()[class].record()),
            )?;
            line(
                out,
                format_args!("many {C} {number} {class} softmax"),
                pixels,
                done.map(|()| softmax.sums()[class].record()),
            )?;
            let confidence: Option<Record> = confidence.class(class);
            line(
                out,
                format_args!("many {C} {number} {class} sure"),
                pixels,
                done.and(confidence.ok_or(Error::Classes)),
            )?;
        }
    }
    Ok(())
}

/// Logits of a tenth of a unit a code.
static TABLE: SoftmaxTable = odd(SoftmaxTable::new(0.1));

/// Soft maps, and what a threshold decides, in regions of bytes and of bits.
#[inline(never)]
fn soft_regions<const N: usize>(memory: &mut Memory<N>, out: &mut impl Write) -> fmt::Result {
    for number in 0..80 {
        let mut case = Case::new(3 * CASES + number, N);
        let (from, pixels) = (case.random.below(OFFSETS), case.pixels);
        memory.p.u8.fill_with(|| case.random.word() as u8 & 1);
        let bytes = Region::Bytes(&memory.p.u8[from..from + pixels]);
        let bits = Region::Bits(Bits::at(&memory.p.u8[..(from + pixels).div_ceil(8)], from));
        let region = if number % 2 == 0 { bytes } else { bits };
        let (device, p) = (I8::TFLITE, case.prediction(&mut memory.p.i8));
        let mut stream = Stream::summing(device, Soft(device), All);
        let done = stream.update_within(p, case.soft(&mut memory.t.i8), region);
        line(out, format_args!("soft region {number}"), pixels, done.map(|()| stream.finish().record()))?;
        let mut stream = Stream::new(device, Label::new(3).ignoring(0));
        let mut hard = Thresholded::at_least(&device, 0.5);
        let marks = case.bytes(&mut memory.t.u8, &[0, 3, 255]);
        let done = stream.update_both_within(p, marks, region, &mut hard);
        line(out, format_args!("both region {number}"), pixels, done.map(|()| hard.counts().record()))?;
    }
    Ok(())
}

/// What a run of `agree` has in it: a board whose flash has no room for all cases takes them in several runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// All cases.
    All,
    /// Pairs of elements and targets, recorded maps, calls that are refused.
    Pairs,
    /// Regions, logits, half floats, many classes.
    More,
    /// Histograms, maps of labels, masks as predictions.
    Decided,
}

impl Part {
    /// All of them.
    pub const EACH: [Self; 4] = [Self::All, Self::Pairs, Self::More, Self::Decided];

    /// Its name in the first line of a run.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Pairs => "pairs",
            Self::More => "more",
            Self::Decided => "decided",
        }
    }
}

/// What `agree` writes, for boards with `N` pixels of room. Inlined, so that a part links its own cases alone; the cases are not, so
/// that the stack of one is free again for the next, on a board of 16 KiB.
///
/// # Errors
///
/// Those of `out`.
#[inline(always)]
pub fn run<const N: usize>(part: Part, memory: &mut Memory<N>, out: &mut impl Write) -> fmt::Result {
    writeln!(out, "agree {N} {CASES} {}", part.name())?;
    if matches!(part, Part::All | Part::Pairs) {
        for number in 0..CASES {
            let name = PAIRS[number as usize % PAIRS.len()];
            let mut case = Case::new(number, N);
            let sums = memory.sums(name, &mut case);
            line(out, format_args!("case {number} {name}"), case.pixels, sums)?;
        }
        real(memory, out)?;
        refused(out)?;
    }
    if matches!(part, Part::All | Part::More) {
        regions(memory, out)?;
        soft_regions(memory, out)?;
        floats::logits(memory, out)?;
        // Beyond the flash that the small board has left.
        if N > SMALL {
            written::logits(memory, out)?;
            written::frames(memory, out)?;
        }
        halves::run(memory, out)?;
        many::<N, 3>(memory, out)?;
        many::<N, 4>(memory, out)?;
        // A board of 16 KiB has no room for more sums.
        if N > SMALL {
            many::<N, 21>(memory, out)?;
            many::<N, 31>(memory, out)?;
        }
    }
    if matches!(part, Part::All | Part::Decided) {
        decided::run(memory, out)?;
        followed::run(memory, out)?;
    }
    writeln!(out, "end")
}

/// Calls that are refused: the typed error, and a state that is as it was.
fn refused(out: &mut impl Write) -> fmt::Result {
    fn one<P: Element, T: Target<P>>(
        out: &mut impl Write,
        what: &str,
        stream: Stream<P, T>,
        good: (&[P::Raw], T::Buffer<'_>),
        bad: (&[P::Raw], T::Buffer<'_>),
    ) -> fmt::Result {
        let mut stream = stream;
        let first = stream.update(good.0, good.1);
        let before = stream;
        let error = stream.update(bad.0, bad.1);
        writeln!(out, "refused {what} {first:?} {error:?} unchanged {}", stream == before)
    }
    let (p, t, broken) = ([7u8; 40], [1u8; 40], [2u8; 40]);
    one(out, "lengths", Stream::new(U8, ZeroOne::new()), (&p, &t), (&p, &t[1..]))?;
    one(out, "mask", Stream::new(U8, ZeroOne::new()), (&p, &t), (&p, &broken))?;
    one(out, "full", Stream::new(U8, ZeroFull::new()), (&p, &[255; 40]), (&p, &t))?;
    let (f, mut nan) = ([0.5f32; 40], [0.5f32; 40]);
    nan[33] = f32::NAN;
    let strict = F32::new().range(Range::Refuse);
    one(out, "nan", Stream::new(strict, ZeroOne::new()), (&f, &t), (&nan, &t))?;
    one(out, "nan soft", Stream::new(strict, Soft(strict)), (&f, &f), (&f, &nan))?;
    let (q, mut negative) = ([9i16; 40], [9i16; 40]);
    negative[1] = -1;
    let strict = Q15::new().range(Range::Refuse);
    one(out, "negative", Stream::new(strict, Soft(strict)), (&q, &q), (&negative, &q))?;
    // A broken mask, at each end and within, against every kind of prediction.
    for (at, byte) in [(0, 2u8), (17, 255), (33, 128), (39, 254)] {
        let (mut ones, mut full) = ([1u8; 40], [255u8; 40]);
        (ones[at], full[at]) = (byte, byte ^ 129);
        let (good, wide) = ([1u8; 40], [255u8; 40]);
        let (i, device, q15, float) = ([7i8; 40], I8::TFLITE, Q15::new(), F32::new());
        one(out, "i8 mask", Stream::new(device, ZeroOne::new()), (&i, &good), (&i, &ones))?;
        one(out, "i8 full", Stream::new(device, ZeroFull::new()), (&i, &wide), (&i, &full))?;
        one(out, "q15 mask", Stream::new(q15, ZeroOne::new()), (&q, &good), (&q, &ones))?;
        one(out, "q15 full", Stream::new(q15, ZeroFull::new()), (&q, &wide), (&q, &full))?;
        one(out, "f32 mask", Stream::new(float, ZeroOne::new()), (&f, &good), (&f, &ones))?;
        one(out, "f32 full", Stream::new(float, ZeroFull::new()), (&f, &wide), (&f, &full))?;
    }

    let mut frame = Multiclass::<[_; 3]>::new(U8, Linear).ignoring(255);
    let first = frame.update(Interleaved(&p[..6]), &[2, 255]);
    let before = frame;
    let error = frame.update(Interleaved(&p[..6]), &[1, 3]);
    writeln!(out, "refused label {first:?} {error:?} unchanged {}", frame == before)
}
