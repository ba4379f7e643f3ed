//! A pair of element and target with the sums that are kept, as a value: so that the checks are compiled once and not for
//! every pair.

use crate::random::Random;
use soft_dice::oracle::{Format, Pixel};
use soft_dice::*;

/// A prediction, a target and what is summed of them. What it does is compiled for every pair, so it does little.
pub trait Subject: Send {
    fn name(&self) -> String;
    fn facts(&self) -> Facts;
    /// Makes up pixels; `odd` are the places of values that the quick sweeps do not take, where the formats have such.
    fn make(&mut self, random: &mut Random, pixels: usize, odd: Odd);
    /// Pixel `at` of both sides, as the judge reads it.
    fn pixel(&self, at: usize) -> (Pixel, Pixel);
    /// This many empty streams in place of those there were.
    fn streams(&mut self, streams: usize);
    /// Adds a chunk to a stream.
    fn add(&mut self, stream: usize, at: usize, pixels: usize, region: Option<Region>) -> Result<(), Error>;
    /// Adds rows of the first `pixels` pixels to a stream.
    fn add_rows(&mut self, stream: usize, pixels: usize, rows: Rows, region: Option<Region>) -> Result<(), Error>;
    /// Adds what the stream `from` holds to the stream `into`.
    fn merge(&mut self, into: usize, from: usize) -> Result<(), Error>;
    fn record(&self, stream: usize) -> Record;
}

/// Where the values lie that are out of range, not even rounding dust, or that need some other care.
#[derive(Clone, Copy, Debug)]
pub enum Odd<'a> {
    /// Anywhere: a quarter of all values.
    Often,
    /// At these pixels of the prediction and of a soft target, and nowhere else.
    At(&'a [usize]),
}

/// What the judge has to know beside the pixels.
#[derive(Clone, Copy)]
pub struct Facts {
    pub unit_p: f64,
    pub unit_t: f64,
    /// Codes of p, or of t, are rounded.
    pub float_p: bool,
    pub float_t: bool,
    /// Products are rounded to the unit.
    pub rounded: bool,
    pub hard: bool,
}

/// An element with what the judge is told of it, and how its raw pixels are made up.
#[derive(Clone, Copy)]
pub struct Of<E: Element> {
    pub element: E,
    pub format: Format,
    /// A pixel that every loop takes.
    pub tame: fn(&mut Random) -> E::Raw,
    /// One that needs care; `None` where there is none, or where the element was promised that there is none.
    pub odd: Option<fn(&mut Random) -> E::Raw>,
}

impl<E: Element> Of<E> {
    fn pixels(&self, random: &mut Random, pixels: usize, odd: Odd) -> Vec<E::Raw> {
        let mut made: Vec<E::Raw> = (0..pixels).map(|_| (self.tame)(random)).collect();
        let Some(value) = self.odd else { return made };
        match odd {
            Odd::Often => {
                for pixel in &mut made {
                    if random.below(4) == 0 {
                        *pixel = value(random);
                    }
                }
            }
            Odd::At(places) => places.iter().for_each(|&at| made[at] = value(random)),
        }
        made
    }

    /// The same behind some pixels that are not theirs, and how many those are.
    fn padded(&self, random: &mut Random, pixels: usize, odd: Odd) -> (usize, Vec<E::Raw>) {
        let offset = random.below(PAD);
        let mut raw: Vec<E::Raw> = (0..offset).map(|_| (self.tame)(random)).collect();
        raw.extend(self.pixels(random, pixels, odd));
        (offset, raw)
    }
}

/// What the judge is told of a hard target.
#[derive(Clone, Copy, Debug)]
pub enum Told {
    NotZero,
    /// 0, or this byte.
    Is(u8),
    Class(u8),
    Ignoring(u8, u8),
    LowestFirst,
    HighestFirst,
    /// The prediction is at least, or above, one half.
    Reaches,
    Exceeds,
}

fn one(yes: bool) -> Pixel {
    Pixel::Valid(f64::from(u8::from(yes)))
}

impl Told {
    /// A byte for each pixel, or for every eight; bytes of labels have both labels often.
    fn bytes(self, random: &mut Random, pixels: usize) -> Vec<u8> {
        let byte = |random: &mut Random| match self {
            Told::NotZero if random.below(2) == 0 => 0,
            Told::Is(one) => one * random.below(2) as u8,
            Told::Class(class) => [class, class, 0, 255][random.below(4)],
            Told::Ignoring(class, ignored) => [class, ignored, 0, 1][random.below(4)],
            _ => random.next() as u8,
        };
        (0..pixels).map(|_| byte(random)).collect()
    }

    fn pixel(self, bytes: &[u8], at: usize, p: Pixel, unit: f64) -> Pixel {
        let bit = |shift: usize| one(bytes[at / 8] >> shift & 1 == 1);
        match self {
            Told::NotZero => one(bytes[at] != 0),
            Told::Is(byte) | Told::Class(byte) => one(bytes[at] == byte),
            Told::Ignoring(_, ignored) if bytes[at] == ignored => Pixel::Ignored,
            Told::Ignoring(class, _) => one(bytes[at] == class),
            Told::LowestFirst => bit(at % 8),
            Told::HighestFirst => bit(7 - at % 8),
            Told::Reaches | Told::Exceeds => match p {
                Pixel::Valid(code) | Pixel::Clamped(code) => {
                    let value = code * unit;
                    one(value > 0.5 || value == 0.5 && matches!(self, Told::Reaches))
                }
                other => other,
            },
        }
    }
}

/// A target whose pixels can be made up.
pub trait Side<P: Element>: Target<P> {
    /// What the judge is told.
    type Told: Copy + Send;
    /// The pixels, and the first of them.
    type Kept: Default + Send;
    fn keep(told: &Self::Told, random: &mut Random, pixels: usize, odd: Odd) -> Self::Kept;
    fn buffer(kept: &Self::Kept, at: usize, pixels: usize) -> Self::Buffer<'_>;
    /// Pixel `at`, where the prediction's is `p` in codes of `unit`.
    fn pixel(told: &Self::Told, kept: &Self::Kept, at: usize, p: Pixel, unit: f64) -> Pixel;
    fn unit_of(told: &Self::Told) -> f64;
}

/// Buffers begin at up to this pixel, so that vectors do not lie as they would in a buffer of their own.
const PAD: usize = 64;

/// Hard targets: how many bytes hold some pixels, and the buffer that holds these.
macro_rules! hard {
    ($($target:ty, |$of:ident| $bytes:expr, |$kept:ident, $from:ident, $pixels:ident| $buffer:expr;)*) => {$(
        impl<P: Element> Side<P> for $target {
            type Told = Told;
            type Kept = (usize, Vec<u8>);
            fn keep(told: &Told, random: &mut Random, pixels: usize, _: Odd) -> Self::Kept {
                let offset = random.below(PAD);
                let $of = offset + pixels;
                (offset, told.bytes(random, $bytes))
            }
            fn buffer((offset, $kept): &Self::Kept, at: usize, $pixels: usize) -> <Self as Target<P>>::Buffer<'_> {
                let $from = offset + at;
                $buffer
            }
            fn pixel(told: &Told, (offset, kept): &Self::Kept, at: usize, p: Pixel, unit: f64) -> Pixel {
                told.pixel(kept, offset + at, p, unit)
            }
            fn unit_of(_: &Told) -> f64 {
                1.0
            }
        }
    )*};
}

fn bits(bytes: &[u8], from: usize, pixels: usize) -> Bits<'_> {
    Bits::at(&bytes[from / 8..(from % 8 + pixels).div_ceil(8) + from / 8], from % 8)
}

hard! {
    NonZero, |n| n, |kept, from, pixels| &kept[from..from + pixels];
    ZeroOne, |n| n, |kept, from, pixels| &kept[from..from + pixels];
    ZeroOne<Trusted>, |n| n, |kept, from, pixels| &kept[from..from + pixels];
    ZeroFull, |n| n, |kept, from, pixels| &kept[from..from + pixels];
    ZeroFull<Trusted>, |n| n, |kept, from, pixels| &kept[from..from + pixels];
    Label, |n| n, |kept, from, pixels| &kept[from..from + pixels];
    Ignoring, |n| n, |kept, from, pixels| &kept[from..from + pixels];
    LsbFirst, |n| n.div_ceil(8), |kept, from, pixels| bits(kept, from, pixels);
    MsbFirst, |n| n.div_ceil(8), |kept, from, pixels| bits(kept, from, pixels);
    Own, |_n| 0, |_kept, _from, _pixels| ();
}

impl<P: Times<E>, E: Element<Raw: Into<f64>>> Side<P> for Soft<E> {
    type Told = Of<E>;
    type Kept = (usize, Vec<E::Raw>);
    fn keep(told: &Of<E>, random: &mut Random, pixels: usize, odd: Odd) -> Self::Kept {
        told.padded(random, pixels, odd)
    }
    fn buffer((offset, kept): &Self::Kept, at: usize, pixels: usize) -> &[E::Raw] {
        &kept[offset + at..][..pixels]
    }
    fn pixel(told: &Of<E>, (offset, kept): &Self::Kept, at: usize, _: Pixel, _: f64) -> Pixel {
        told.format.pixel(kept[offset + at].into())
    }
    fn unit_of(told: &Of<E>) -> f64 {
        told.format.unit()
    }
}

/// One subject: the pair, what the judge is told of it, its pixels and its streams.
pub struct Case<P: Element, T: Side<P>, M: Moments> {
    p: Of<P>,
    target: T,
    told: T::Told,
    moments: M,
    offset: usize,
    raw: Vec<P::Raw>,
    kept: T::Kept,
    streams: Vec<Stream<P, T, M>>,
}

impl<P: Element, T: Side<P>, M: Moments> Case<P, T, M> {
    pub fn new(p: Of<P>, target: T, told: T::Told, moments: M) -> Self {
        let (raw, kept, streams) = (Vec::new(), T::Kept::default(), Vec::new());
        Self { p, target, told, moments, offset: 0, raw, kept, streams }
    }
}

impl<P: Element<Raw: Into<f64>>, T: Side<P>, M: Moments> Subject for Case<P, T, M> {
    fn name(&self) -> String {
        format!("{:?} × {:?}, {:?}", self.p.element, self.target, self.moments)
    }

    fn facts(&self) -> Facts {
        Facts {
            unit_p: self.p.format.unit(),
            unit_t: T::unit_of(&self.told),
            float_p: P::ROUNDED,
            float_t: !T::HARD && T::ROUNDED_SQUARES,
            rounded: T::ROUNDED,
            hard: T::HARD,
        }
    }

    fn make(&mut self, random: &mut Random, pixels: usize, odd: Odd) {
        (self.offset, self.raw) = self.p.padded(random, pixels, odd);
        self.kept = T::keep(&self.told, random, pixels, odd);
    }

    fn pixel(&self, at: usize) -> (Pixel, Pixel) {
        let p = self.p.format.pixel(self.raw[self.offset + at].into());
        (p, T::pixel(&self.told, &self.kept, at, p, self.p.format.unit()))
    }

    fn streams(&mut self, streams: usize) {
        self.streams = vec![Stream::summing(self.p.element, self.target, self.moments); streams];
    }

    fn add(&mut self, stream: usize, at: usize, pixels: usize, region: Option<Region>) -> Result<(), Error> {
        let p = &self.raw[self.offset + at..][..pixels];
        let t = T::buffer(&self.kept, at, pixels);
        match region {
            None => self.streams[stream].update(p, t),
            Some(region) => self.streams[stream].update_within(p, t, region),
        }
    }

    fn add_rows(&mut self, stream: usize, pixels: usize, rows: Rows, region: Option<Region>) -> Result<(), Error> {
        let p = &self.raw[self.offset..][..pixels];
        let t = T::buffer(&self.kept, 0, pixels);
        match region {
            None => self.streams[stream].update_rows(p, t, rows),
            Some(region) => self.streams[stream].update_rows_within(p, t, rows, region),
        }
    }

    fn merge(&mut self, into: usize, from: usize) -> Result<(), Error> {
        let other = self.streams[from];
        self.streams[into].merge(&other)
    }

    fn record(&self, stream: usize) -> Record {
        self.streams[stream].sums().record()
    }
}
