//! Every element against every target: lanes, chunks and merges give the bits of the plain loop, which gives the sums
//! of the reference.
//!
//! A chunk of one pixel is shorter than any vector, so a stream fed pixel by pixel runs the plain loop: comparing it with
//! the same pixels in one piece compares the backend with the definition.

mod support;

use core::fmt::Debug;
use proptest::prelude::*;
use soft_dice::oracle::{self, Format, Pixel};
use soft_dice::target::Buffer;
use soft_dice::*;
use support::Random;

/// Raw pixels of an element, and how the reference reads them.
trait Source: Element {
    fn raw(&self, random: &mut Random) -> Self::Raw;
    fn format(&self) -> Format;
    fn real(raw: Self::Raw) -> f64;
}

fn float(unit: f64, clamp: bool) -> Format {
    Format::Float { unit, clamp }
}

macro_rules! source {
    ($($element:ty [$($c:ident)?], |$e:ident, $random:ident| $raw:expr, $format:expr;)*) => {$(
        impl$(<$c: Check>)? Source for $element {
            fn raw(&self, $random: &mut Random) -> Self::Raw {
                let $e = self;
                let _ = $e;
                $raw
            }
            fn format(&self) -> Format {
                let $e = self;
                let _ = $e;
                $format
            }
            fn real(raw: Self::Raw) -> f64 {
                f64::from(raw)
            }
        }
    )*};
}

source! {
    U8 [], |_e, r| r.next() as u8, Format::Affine { unit: 1.0 / 255.0, zero_point: 0.0, largest: 255.0, dead: 0.0 };
    U16 [], |_e, r| r.next() as u16, Format::Affine { unit: 1.0 / 65535.0, zero_point: 0.0, largest: 65535.0, dead: DEAD };
    Q15<C> [C], |e, r| if e.refuses() || is_trusted(e) { (r.next() & 0x7FFF) as i16 } else { wild_q15(r) },
        Format::Q15 { unit: e.unit().value(1), clamp: clamps(e), dead: 0.0 };
    I8 [], |e, r| r.next() as i8,
        Format::Affine { unit: e.unit().value(1), zero_point: f64::from(e.zero_point()), largest: 127.0, dead: dead(e) };
    U8Affine [], |e, r| r.next() as u8,
        Format::Affine { unit: e.unit().value(1), zero_point: f64::from(e.zero_point()), largest: 255.0, dead: dead(e) };
    F32<C> [C], |e, r| if e.refuses() || is_trusted(e) { r.probability() } else { r.wild() },
        float(2f64.powi(-23), clamps(e));
    F32Fine [], |e, r| if e.refuses() { r.probability() } else { r.wild() }, float(2f64.powi(-48), clamps(e));
}

const DEAD: f64 = 700.0;

fn wild_q15(r: &mut Random) -> i16 {
    let raw = r.next() as i16;
    if r.below(20) == 0 { raw } else { raw & 0x7FFF }
}

// What a setting is, by what it prints: the elements keep their settings to themselves.
fn said(e: &impl Debug, what: &str) -> bool {
    format!("{e:?}").contains(what)
}

fn clamps(e: &impl Debug) -> bool {
    said(e, "Clamp")
}

fn is_trusted(e: &impl Debug) -> bool {
    said(e, "Trusted")
}

fn dead(e: &impl Debug) -> f64 {
    let text = format!("{e:?}");
    let (_, rest) = text.split_once("dead: ").expect("a dead zone");
    rest.split(|c: char| !c.is_ascii_digit()).next().expect("a number").parse().expect("a number")
}

/// A target whose pixels can be made up: its buffer, from raw bytes that the test owns.
trait Made<P: Source>: Target<P> {
    type Store;
    fn store(&self, random: &mut Random, pixels: usize) -> Self::Store;
    fn buffer<'a>(&self, store: &'a Self::Store) -> Self::Buffer<'a>;
    fn pixel(&self, store: &Self::Store, at: usize, p: Pixel, unit: f64) -> Pixel;
    fn unit_value(&self) -> f64 {
        self.unit().value(1)
    }
}

const PAD: usize = 64;

fn one(yes: bool) -> Pixel {
    Pixel::Valid(f64::from(u8::from(yes)))
}

macro_rules! byte_target {
    ($($target:ty, |$random:ident| $make:expr, |$t:ident, $byte:ident| $pixel:expr;)*) => {$(
        impl<P: Source> Made<P> for $target {
            type Store = (usize, Vec<u8>);
            fn store(&self, $random: &mut Random, pixels: usize) -> Self::Store {
                let offset = $random.below(PAD);
                (offset, (0..offset + pixels).map(|_| $make).collect())
            }
            fn buffer<'a>(&self, (offset, store): &'a Self::Store) -> &'a [u8] {
                &store[*offset..]
            }
            fn pixel(&self, (offset, store): &Self::Store, at: usize, _: Pixel, _: f64) -> Pixel {
                let ($t, $byte) = (self, store[offset + at]);
                let _ = $t;
                $pixel
            }
        }
    )*};
}

byte_target! {
    NonZero, |r| if r.below(2) == 0 { 0 } else { r.next() as u8 }, |_t, byte| one(byte != 0);
    ZeroOne, |r| r.below(2) as u8, |_t, byte| one(byte == 1);
    ZeroOne<Trusted>, |r| r.below(2) as u8, |_t, byte| one(byte == 1);
    ZeroFull, |r| 255 * r.below(2) as u8, |_t, byte| one(byte == 255);
    Label, |r| r.below(4) as u8, |_t, byte| one(byte == 3);
    Ignoring, |r| [0, 1, 3, 255][r.below(4)], |_t, byte| if byte == 255 { Pixel::Ignored } else { one(byte == 3) };
}

macro_rules! bit_target {
    ($($target:ty, $bit:expr;)*) => {$(
        impl<P: Source> Made<P> for $target {
            type Store = (usize, Vec<u8>);
            fn store(&self, random: &mut Random, pixels: usize) -> Self::Store {
                let offset = random.below(40);
                (offset, (0..(offset + pixels).div_ceil(8)).map(|_| random.next() as u8).collect())
            }
            fn buffer<'a>(&self, (offset, store): &'a Self::Store) -> Bits<'a> {
                Bits::at(store, *offset)
            }
            fn pixel(&self, (offset, store): &Self::Store, at: usize, _: Pixel, _: f64) -> Pixel {
                let bit: fn(usize) -> usize = $bit;
                one(store[(offset + at) / 8] >> bit((offset + at) % 8) & 1 == 1)
            }
        }
    )*};
}

bit_target! {
    LsbFirst, |place| place;
    MsbFirst, |place| 7 - place;
}

/// The prediction's own mask at one half.
impl<P: Source> Made<P> for Own {
    type Store = ();
    fn store(&self, _: &mut Random, _: usize) {}
    fn buffer(&self, (): &()) {}
    fn pixel(&self, (): &(), _: usize, p: Pixel, unit: f64) -> Pixel {
        // The cuts of `above` that differ from those of `at_least`: where one half is a code, or a float.
        let above = ["cut: 129 ", "cut: 16385 ", "cut: 1056964609 "].iter().any(|cut| said(self, cut));
        match p {
            Pixel::Valid(code) | Pixel::Clamped(code) if above => one(code * unit > 0.5),
            Pixel::Valid(code) | Pixel::Clamped(code) => one(code * unit >= 0.5),
            other => other,
        }
    }
}

impl<P: Source + Times<E>, E: Source> Made<P> for Soft<E> {
    type Store = (usize, Vec<E::Raw>);
    fn store(&self, random: &mut Random, pixels: usize) -> Self::Store {
        let offset = random.below(PAD);
        (offset, (0..offset + pixels).map(|_| self.0.raw(random)).collect())
    }
    fn buffer<'a>(&self, (offset, store): &'a Self::Store) -> &'a [E::Raw] {
        &store[*offset..]
    }
    fn pixel(&self, (offset, store): &Self::Store, at: usize, _: Pixel, _: f64) -> Pixel {
        self.0.format().pixel(E::real(store[offset + at]))
    }
    fn unit_value(&self) -> f64 {
        self.0.format().unit()
    }
}

/// Everything that must hold for one pair, on one random map.
fn check<P: Source, T: Made<P>, M: Moments>(e: P, target: T, moments: M, seed: u64, pixels: usize) {
    let mut random = Random(seed);
    let offset = random.below(PAD);
    let p: Vec<P::Raw> = (0..offset + pixels).map(|_| e.raw(&mut random)).collect();
    let p = &p[offset..];
    let store = target.store(&mut random, pixels);
    let t = target.buffer(&store);
    let region: Vec<u8> = (0..pixels).map(|_| random.below(3) as u8).collect();
    let packed: Vec<u8> =
        region.chunks(8).map(|c| c.iter().enumerate().map(|(i, &b)| u8::from(b != 0) << i).sum()).collect();
    let what = format!("{e:?} {target:?} {moments:?} seed {seed} pixels {pixels}");
    let new = || Stream::summing(e, target, moments);

    // In one piece, and pixel by pixel.
    let (mut whole, mut single, mut inside) = (new(), new(), new());
    whole.update(p, t).expect(&what);
    inside.update_within(p, t, Region::Bytes(&region)).expect(&what);
    for at in 0..pixels {
        single.update(&p[at..=at], t.part(at, 1).expect(&what)).expect(&what);
    }
    assert_eq!(whole, single, "{what}: lanes against plain loop");
    let mut bits = new();
    bits.update_within(p, t, Region::Bits(Bits::new(&packed))).expect(&what);
    assert_eq!(inside, bits, "{what}: region as bytes and as bits");

    // In random chunks, merged as a random tree.
    let (mut parts, mut at) = (Vec::new(), 0);
    while at < pixels {
        let most = [3, 70, 1500][random.below(3)];
        let length = (1 + random.below(most)).min(pixels - at);
        let mut part = new();
        part.update(&p[at..at + length], t.part(at, length).expect(&what)).expect(&what);
        parts.push(part);
        at += length;
    }
    while parts.len() > 1 {
        let a = parts.swap_remove(random.below(parts.len()));
        let b = random.below(parts.len());
        parts[b].merge(&a).expect(&what);
    }
    if let Some(merged) = parts.pop() {
        assert_eq!(whole, merged, "{what}: chunks and merges");
    }

    // As rows of a wider frame.
    let (width, stride) = (1 + random.below(90), random.below(20));
    let height = pixels / width;
    let rows = Rows::new(width, height);
    let (mut dense, mut cut) = (new(), new());
    dense.update(&p[..width * height], t.part(0, width * height).expect(&what)).expect(&what);
    cut.update_rows(p, t, rows).expect(&what);
    assert_eq!(dense, cut, "{what}: rows");
    let kept = pixels.saturating_sub(stride) / (width + stride).max(1);
    let gaps =
        Rows::new(width, kept).stride(width + stride).target_stride(width + stride).region_stride(width + stride);
    let (mut gapped, mut by_row) = (new(), new());
    gapped.update_rows(p, t, gaps).expect(&what);
    for row in 0..kept {
        let at = row * (width + stride);
        by_row.update(&p[at..at + width], t.part(at, width).expect(&what)).expect(&what);
    }
    assert_eq!(gapped, by_row, "{what}: strides");

    // Against the reference, which knows nothing of codes in lanes.
    let format = e.format();
    let pixel = |at: usize| {
        let p = format.pixel(P::real(p[at]));
        (p, target.pixel(&store, at, p, format.unit()))
    };
    let units = (format.unit(), target.unit_value());
    let truth = oracle::sums((0..pixels).map(pixel), units.0, units.1);
    compare::<P, T, M>(whole.sums(), &truth, units, &what);
    let within = |at: usize| if region[at] != 0 { pixel(at) } else { (Pixel::Ignored, Pixel::Ignored) };
    let truth = oracle::sums((0..pixels).map(within), units.0, units.1);
    compare::<P, T, M>(inside.sums(), &truth, units, &what);
}

/// Integers to the unit; floats within half a code a pixel, and an f64 sum's own error.
fn compare<P: Source, T: Made<P>, M: Moments>(
    sums: &Sums<P, T, M>,
    truth: &oracle::Sums,
    (unit_p, unit_t): (f64, f64),
    what: &str,
) {
    let counts = [sums.count(), sums.ignored(), sums.invalid(), sums.clamped()].map(|n| n as f64);
    assert_eq!(counts, [truth.count, truth.ignored, truth.invalid, truth.clamped], "{what}: counts");
    let (float_p, float_t) = (matches_float::<P>(), !T::HARD && T::ROUNDED_SQUARES);
    let n = truth.count;
    let close = |name: &str, got: u128, unit: f64, truth: f64, slack: f64| {
        let error = (got as f64 * unit - truth).abs();
        // f64 sums of n terms are off by at most n ulps of the sum; exact ones by nothing.
        let own = if truth / unit < 9.0e15 && slack == 0.0 { 0.0 } else { n * truth * f64::EPSILON };
        assert!(error <= slack + own, "{what}: {name} {got} · {unit:e} against {truth}: off by {error:e}");
    };
    let half = |float: bool, unit: f64| if float { n * unit / 2.0 } else { 0.0 };
    close("p", sums.p().into(), 1.0, truth.p, half(float_p, 1.0));
    close("t", sums.t().into(), 1.0, truth.t, half(float_t, 1.0));
    let pt: u128 = sums.pt().into();
    if T::ROUNDED {
        close("pt", pt, unit_p, truth.pt * unit_p * unit_t, half(true, unit_p));
    } else {
        // Each product is off by half a code of one side, times at most 1 of the other.
        let slack = half(float_p, 1.0) / unit_t + half(float_t, 1.0) / unit_p;
        close("pt", pt, 1.0, truth.pt, slack);
    }
    if let Some((pp, tt)) = sums.squares() {
        if float_p {
            close("pp", pp, unit_p, truth.pp * unit_p * unit_p, half(true, unit_p));
        } else {
            close("pp", pp, 1.0, truth.pp, 0.0);
        }
        if float_t {
            close("tt", tt, unit_t, truth.tt * unit_t * unit_t, half(true, unit_t));
        } else {
            close("tt", tt, 1.0, truth.tt, 0.0);
        }
    }
    if sums.minima().is_some() {
        let (p, t) = sums.minima().expect(what);
        let got = p as f64 * if T::HARD { unit_p * unit_t } else { unit_p } + t as f64 * unit_t;
        // Rounding can change which of two near values is the lesser, never by more than its own error.
        let slack = half(float_p, unit_p) + half(float_t, unit_t) + 1e-12 * n;
        assert!((got - truth.min).abs() <= slack, "{what}: min {got} against {}", truth.min);
    }
}

fn matches_float<P: Element>() -> bool {
    size_of::<P::Raw>() == 4
}

/// One property for each pair: lengths of 0 to 5000, offsets of 0 to 63.
macro_rules! pairs {
    ($($name:ident: $element:expr => $($target:expr),*;)*) => {$(
        proptest! {
            #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
            #[test]
            fn $name(seed in any::<u64>(), long in 0usize..5000, short in 0usize..140) {
                $(
                    check($element, $target, Linear, seed, short);
                    check($element, $target, All, seed, long);
                )*
            }
        }
    )*};
}

const ODD: I8 = match I8::new(0.044_141_084, 8) {
    Ok(e) => e,
    Err(_) => panic!(),
};
const ODD_U: U8Affine = match U8Affine::new(0.0051, 17) {
    Ok(e) => e.dead_zone(3),
    Err(_) => panic!(),
};

const WORDS: U16 = U16::new().dead_zone(700);

pairs! {
    u8_mask: U8 => NonZero, ZeroOne::new(), ZeroOne::new().trusted(), ZeroFull::new();
    u8_bits: U8 => LsbFirst, MsbFirst;
    u8_label: U8 => Label::new(3), Label::new(3).ignoring(255);
    u8_own: U8 => Own::at_least(&U8, 0.5), Own::above(&U8, 0.5);
    u8_soft: U8 => Soft(U8), Soft(I8::TFLITE), Soft(ODD_U), Soft(WORDS), Soft(Q15::new());
    u8_float: U8 => Soft(F32::new()), Soft(F32Fine::new());
    i8_mask: I8::TFLITE => NonZero, ZeroOne::new(), ZeroFull::new();
    i8_bits: I8::TFLITE => LsbFirst, MsbFirst;
    i8_label: I8::TFLITE => Label::new(3), Label::new(3).ignoring(255);
    i8_own: I8::TFLITE => Own::at_least(&I8::TFLITE, 0.5), Own::above(&I8::TFLITE, 0.5);
    i8_soft: I8::TFLITE => Soft(I8::TFLITE), Soft(I8::ONNXRUNTIME), Soft(ODD), Soft(ODD_U), Soft(U8), Soft(WORDS), Soft(Q15::new());
    i8_float: I8::TFLITE => Soft(F32::new()), Soft(F32::new().range(Range::Clamp)), Soft(F32Fine::new());
    affine_mask: ODD => NonZero, ZeroOne::new(), ZeroFull::new(), LsbFirst, MsbFirst;
    affine_label: ODD => Label::new(3), Label::new(3).ignoring(255), Own::at_least(&ODD, 0.5), Own::above(&ODD, 0.5);
    affine_soft: ODD_U => Soft(ODD_U), Soft(ODD), Soft(U8), Soft(WORDS), Soft(Q15::new());
    affine_float: ODD_U => Soft(F32::new()), Soft(F32Fine::new());
    u8_affine_hard: ODD_U => NonZero, LsbFirst, Label::new(3).ignoring(255), Own::at_least(&ODD_U, 0.5);
    silent_tflite: I8::TFLITE.dead_zone(40).full_scale() => NonZero, Soft(I8::TFLITE.dead_zone(40).full_scale());
    u16_mask: WORDS => NonZero, ZeroOne::new(), ZeroFull::new(), LsbFirst, MsbFirst;
    u16_label: WORDS => Label::new(3), Label::new(3).ignoring(255), Own::at_least(&WORDS, 0.5), Own::above(&WORDS, 0.5);
    u16_soft: WORDS => Soft(WORDS), Soft(U8), Soft(I8::TFLITE), Soft(ODD_U), Soft(Q15::new());
    u16_float: WORDS => Soft(F32::new()), Soft(F32Fine::new());
    q15_mask: Q15::new() => NonZero, ZeroOne::new(), ZeroFull::new(), LsbFirst, MsbFirst;
    q15_label: Q15::new().range(Range::Clamp) => Label::new(3), Label::new(3).ignoring(255);
    q15_own: Q15::new() => Own::at_least(&Q15::new(), 0.5), Own::above(&Q15::new(), 0.5);
    q15_mixed: Q15::new() => Soft(I8::TFLITE), Soft(ODD_U), Soft(WORDS), Soft(F32::new()), Soft(F32Fine::new());
    q15_soft: Q15::new() => Soft(Q15::new()), Soft(Q15::new().range(Range::Clamp)), Soft(Q15::new().full_scale()), Soft(U8);
    q15_trusted: Q15::new().trusted() => NonZero, Soft(Q15::new().trusted()), Soft(Q15::new());
    f32_mask: F32::new() => NonZero, ZeroOne::new(), ZeroFull::new();
    f32_bits: F32::new() => LsbFirst, MsbFirst;
    f32_label: F32::new().range(Range::Clamp) => Label::new(3), Label::new(3).ignoring(255);
    f32_own: F32::new() => Own::at_least(&F32::new(), 0.5), Own::above(&F32::new(), 0.5);
    f32_soft: F32::new() => Soft(F32::new()), Soft(F32::new().range(Range::Clamp)), Soft(U8), Soft(I8::TFLITE), Soft(ODD);
    f32_mixed: F32::new() => Soft(ODD_U), Soft(WORDS), Soft(Q15::new());
    f32_clamp: F32::new().range(Range::Clamp) => NonZero, Soft(F32::new()), Soft(F32::new().range(Range::Clamp));
    f32_trusted: F32::new().trusted() => NonZero, LsbFirst, Soft(F32::new().trusted()), Soft(F32::new());
    fine_mask: F32Fine::new() => NonZero, ZeroOne::new(), ZeroFull::new(), LsbFirst, MsbFirst;
    fine_label: F32Fine::new() => Label::new(3), Label::new(3).ignoring(255);
    fine_own: F32Fine::new() => Own::at_least(&F32Fine::new(), 0.5), Own::above(&F32Fine::new(), 0.5);
    fine_soft: F32Fine::new() => Soft(F32Fine::new()), Soft(U8), Soft(ODD), Soft(ODD_U), Soft(WORDS), Soft(Q15::new());
}

#[test]
fn which_backend_ran() {
    let built = [
        ("scalar", cfg!(soft_dice_backend = "scalar")),
        ("swar", cfg!(soft_dice_backend = "swar")),
        ("wide", cfg!(soft_dice_backend = "wide")),
        ("avx2", cfg!(soft_dice_backend = "avx2")),
        ("avxvnni", cfg!(soft_dice_backend = "avxvnni")),
        ("avx512", cfg!(soft_dice_backend = "avx512")),
        ("neon", cfg!(soft_dice_backend = "neon")),
        ("dotprod", cfg!(soft_dice_backend = "dotprod")),
    ];
    let built = built.iter().find(|(_, forced)| *forced).map(|(name, _)| (*name).to_string());
    let named = std::env::var("SOFT_DICE_BACKEND").ok().filter(|_| cfg!(soft_dice_backend = "named"));
    let ran = soft_dice::backend();
    match built.or(named) {
        None => println!("backend: {ran}, dispatched"),
        Some(name) if name == ran => println!("backend: {ran}, forced"),
        Some(name) => println!("not run: backend {name}: this CPU has it not; ran {ran}"),
    }
}
