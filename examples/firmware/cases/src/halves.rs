//! Half floats and bfloat16 against every kind of target, under every policy for what is outside [0, 1].

use super::{CASES, Case, Memory, ODD, Random, line};
use core::fmt::{self, Write};
use soft_dice::sums::Moments;
use soft_dice::{
    All, BF16, BF16Bits, Bits, Element, Error, F16, F16Bits, F32, Label, Linear, LsbFirst, Measured, MsbFirst, NonZero,
    Own, Q15, Range, Record, Region, Soft, Squares, Stream, Target, U8, ZeroFull, ZeroOne,
};

/// What a buffer is filled with: any bits, those of [0, 1] alone, or those with now and then one that needs care.
const KINDS: u32 = 3;
const RANGES: [Range; 3] = [Range::Exclude, Range::Clamp, Range::Refuse];
/// Pairs of element and target that [`half`] and [`upper`] know.
const HALVES: u32 = 21;
const UPPERS: u32 = 9;

/// The pair whose values are promised to be in range.
const TRUSTED: u32 = HALVES - 1;

/// A format: its bits of 1.0, and bits that need care: −0.0, dust and what is just beyond it, negative and large numbers,
/// infinities, NaNs.
struct Format {
    one: u16,
    special: [u16; 12],
}

const HALF: Format = Format {
    one: 0x3C00,
    special: [0x8000, 0x8001, 0x8010, 0x8011, 0x3C01, 0x3FFF, 0x4000, 0xBC00, 0x7BFF, 0x7C00, 0xFC00, 0x7E00],
};
const UPPER: Format = Format {
    one: 0x3F80,
    special: [0x8000, 0x8001, 0xB586, 0xB587, 0x3F81, 0x4000, 0x7F7F, 0xBF80, 0x7F80, 0xFF80, 0x7FC0, 0xFFFF],
};

/// −0.0 is within the promise.
const PROMISED: Format = Format { one: 0x3C00, special: [0x8000; 12] };

impl Format {
    fn bits(&self, random: &mut Random, kind: u32) -> u16 {
        let word = random.word();
        let any = word >> 16;
        match kind {
            0 => any as u16,
            2 if word & 0xFF == 0 => self.special[random.below(self.special.len())],
            // Bits of [0, 1], with as many small numbers as large ones, and as many ones as ends of other ranges.
            _ => match word & 7 {
                0 => self.one,
                1 => (any & 0x7FF) as u16,
                _ => (any * (u32::from(self.one) + 1) >> 16) as u16,
            },
        }
    }
}

/// The sums, or the error, after which the stream is as it was before.
fn one<P: Element, T: Target<P>, M: Moments>(
    prediction: P,
    target: T,
    moments: M,
    p: &[P::Raw],
    t: T::Buffer<'_>,
    region: Option<Region<'_>>,
) -> Result<Record, Error> {
    let mut stream = Stream::summing(prediction, target, moments);
    let before = stream;
    let done = match region {
        Some(region) => stream.update_within(p, t, region),
        None => stream.update(p, t),
    };
    match done {
        Err(_) if stream != before => Err(Error::Setting),
        done => done.map(|()| stream.finish().record()),
    }
}

#[inline(never)]
fn half<const N: usize>(number: u32, range: Range, case: &mut Case, memory: &mut Memory<N>) -> Result<Record, Error> {
    let (from, other, pixels) = (case.p, case.t, case.pixels);
    let p = F16Bits::of(&memory.p.u16[from..from + pixels]);
    let t = F16Bits::of(&memory.t.u16[other..other + pixels]);
    let region = [
        Region::Bytes(&memory.p.u8[from..from + pixels]),
        Region::Bits(Bits::at(&memory.p.u8[..(from + pixels).div_ceil(8)], from)),
    ];
    let (float, t8) = (F16::new().range(range), &mut memory.t.u8);
    match number {
        0 => one(float, NonZero, Linear, p, case.bytes(t8, &[0, 0, 1, 7, 255]), None),
        1 => one(float, ZeroOne::new(), Linear, p, case.bytes(t8, &[0, 1]), None),
        2 => one(float, ZeroFull::new(), Linear, p, case.bytes(t8, &[0, 255]), None),
        3 => one(float, Label::new(3), Linear, p, case.bytes(t8, &[0, 3, 255]), None),
        4 => one(float, Label::new(3).ignoring(255), Linear, p, case.bytes(t8, &[0, 3, 255]), None),
        5 => one(float, LsbFirst, Linear, p, case.bits(t8), None),
        6 => one(float, MsbFirst, Linear, p, case.bits(t8), None),
        7 => one(float, Own::at_least(&float, 0.5), Linear, p, (), None),
        8 => one(float, Own::above(&float, 3.0e-5), Linear, p, (), None),
        9 => one(float, Own::at_least(&float, 0.0), Linear, p, (), None),
        10 => one(float, Own::above(&float, 1.0), Linear, p, (), None),
        11 => one(float, Soft(F16::new()), Linear, p, t, None),
        12 => one(float, Soft(float), All, p, t, None),
        13 => one(float, Soft(U8), Linear, p, case.soft(t8), None),
        14 => one(float, Soft(ODD), Linear, p, case.soft(&mut memory.t.i8), None),
        15 => one(float, Soft(F32::new()), Linear, p, case.soft(&mut memory.t.f32), None),
        16 => one(float, Soft(Q15::new()), Linear, p, case.soft(&mut memory.t.i16), None),
        // A broken mask, under a value that is out of range as well.
        17 => one(float, ZeroOne::new(), Squares, p, case.bytes(t8, &[0, 1, 1, 0, 1, 0, 2]), None),
        18 => one(float, NonZero, Linear, p, case.bytes(t8, &[0, 1]), Some(region[pixels % 2])),
        19 => one(float, Soft(F16::new()), Linear, p, t, Some(region[pixels % 2])),
        _ => {
            let trusted = F16::new().trusted();
            one(trusted, Soft(trusted), Linear, p, t, None)
        }
    }
}

#[inline(never)]
fn upper<const N: usize>(number: u32, range: Range, case: &mut Case, memory: &mut Memory<N>) -> Result<Record, Error> {
    let (from, other, pixels) = (case.p, case.t, case.pixels);
    let p = BF16Bits::of(&memory.p.u16[from..from + pixels]);
    let t = BF16Bits::of(&memory.t.u16[other..other + pixels]);
    let (float, t8) = (BF16::new().range(range), &mut memory.t.u8);
    match number {
        0 => one(float, NonZero, Linear, p, case.bytes(t8, &[0, 0, 1, 7, 255]), None),
        1 => one(float, ZeroOne::new(), Linear, p, case.bytes(t8, &[0, 1]), None),
        2 => one(float, Label::new(3).ignoring(255), Linear, p, case.bytes(t8, &[0, 3, 255]), None),
        3 => one(float, LsbFirst, Linear, p, case.bits(t8), None),
        4 => one(float, Own::at_least(&float, 0.5), Linear, p, (), None),
        5 => one(float, Soft(BF16::new()), Linear, p, t, None),
        6 => one(float, Soft(F32::new()), All, p, case.soft(&mut memory.t.f32), None),
        7 => one(float, Soft(U8), Linear, p, case.soft(t8), None),
        _ => one(float, Soft(F16::new()), Linear, p, F16Bits::of(&memory.t.u16[other..other + pixels]), None),
    }
}

/// Every pair, with every kind of values and every policy.
#[inline(never)]
pub fn run<const N: usize>(memory: &mut Memory<N>, out: &mut impl Write) -> fmt::Result {
    for number in 0..KINDS * RANGES.len() as u32 * (HALVES + UPPERS) {
        let mut case = Case::new(CASES + 2000 + number, N);
        let (pair, kind) = (number % (HALVES + UPPERS), number / (HALVES + UPPERS) % KINDS);
        let range = RANGES[(number / (HALVES + UPPERS) / KINDS) as usize];
        let (format, kind) = match pair {
            TRUSTED => (PROMISED, 2),
            0..HALVES => (HALF, kind),
            _ => (UPPER, kind),
        };
        for words in [&mut memory.p.u16, &mut memory.t.u16] {
            words.fill_with(|| format.bits(&mut case.random, kind));
        }
        memory.p.u8.fill_with(|| case.random.word() as u8 & 1);
        let sums = match pair.checked_sub(HALVES) {
            None => half(pair, range, &mut case, memory),
            Some(pair) => upper(pair, range, &mut case, memory),
        };
        line(out, format_args!("half {pair} {kind} {range:?}"), case.pixels, sums)?;
    }
    Ok(())
}
