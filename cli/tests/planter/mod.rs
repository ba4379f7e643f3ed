//! Mistakes that people make with maps, planted into real pairs of a float model and its int8 device.
//!
//! Nothing here knows how `compare` looks for mistakes: a plant is what went wrong on the way from the network to the
//! file. Kinds and parameters are drawn from a seed.

mod geometry;
mod harmless;
mod pairs;
mod values;

pub use harmless::harmless;
pub use pairs::{Base, bases, recording};

/// Draws that a seed repeats: SplitMix64.
pub struct Draw(u64);

impl Draw {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub const fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A whole number from `least` to `most`, both included.
    pub fn whole(&mut self, least: i64, most: i64) -> i64 {
        least + (self.bits() % ((most - least + 1) as u64)) as i64
    }

    pub fn index(&mut self, count: usize) -> usize {
        self.whole(0, count as i64 - 1) as usize
    }

    pub fn yes(&mut self) -> bool {
        self.bits() >> 63 == 1
    }

    /// Between two numbers.
    pub fn real(&mut self, least: f64, most: f64) -> f64 {
        least + (most - least) * ((self.bits() >> 11) as f64 / (1_u64 << 53) as f64)
    }

    pub fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.index(all.len())].clone()
    }
}

/// What can go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// int8 bytes that are saved or read as unsigned ones.
    SignFlip,
    ZeroPoint,
    Scale,
    ScaleAndZeroPoint,
    /// Classes of a pixel together against plane after plane.
    Layout,
    /// Rows written as columns.
    Transposed,
    /// Mirrored, left to right or upside down.
    Flip,
    /// A quarter turn either way, or a half turn.
    Turn,
    /// Rows of a padded buffer read as if they followed each other.
    Stride,
    /// The files of a folder are one frame late.
    FrameOffset,
    ClassOrder,
    /// 1 − p.
    Inverted,
    /// A sigmoid or softmax of what is a probability already.
    ActivationTwice,
    /// Logits for probabilities.
    ActivationMissing,
    /// The thresholded mask, written where scores are expected.
    Mask,
    Shift,
    /// Resized with pixel centres placed otherwise than by the other side.
    Resize,
    /// Codes that stop before the end of the range.
    Saturation,
    OtherPicture,
}

pub const KINDS: [Kind; 19] = [
    Kind::SignFlip,
    Kind::ZeroPoint,
    Kind::Scale,
    Kind::ScaleAndZeroPoint,
    Kind::Layout,
    Kind::Transposed,
    Kind::Flip,
    Kind::Turn,
    Kind::Stride,
    Kind::FrameOffset,
    Kind::ClassOrder,
    Kind::Inverted,
    Kind::ActivationTwice,
    Kind::ActivationMissing,
    Kind::Mask,
    Kind::Shift,
    Kind::Resize,
    Kind::Saturation,
    Kind::OtherPicture,
];

/// Numbers as they lie in a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Numbers {
    F32(Vec<f32>),
    I8(Vec<i8>),
    U8(Vec<u8>),
}

/// A file to be written: its shape and its numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    pub shape: Vec<usize>,
    pub numbers: Numbers,
}

/// A pair of files, or of folders with a file for each frame, and the options that belong to them.
#[derive(Clone, Debug, PartialEq)]
pub struct Plant {
    /// What was done to what, with its parameters.
    pub what: String,
    pub float: Vec<File>,
    pub device: Vec<File>,
    pub options: String,
}

/// A mistake of this kind in one of the pairs. Not every pair can have every mistake: another is drawn then.
pub fn plant(kind: Kind, bases: &[Base], draw: &mut Draw) -> Plant {
    for _ in 0..1000 {
        if kind == Kind::FrameOffset {
            return geometry::late(draw);
        }
        let base = &bases[draw.index(bases.len())];
        let before = base.plant();
        let planted = match kind {
            Kind::SignFlip | Kind::ZeroPoint | Kind::Scale | Kind::ScaleAndZeroPoint | Kind::Saturation => {
                values::codes(kind, base, draw)
            }
            Kind::Inverted | Kind::ActivationTwice | Kind::ActivationMissing | Kind::Mask => {
                values::probabilities(kind, base, draw)
            }
            Kind::OtherPicture => {
                let of_one_size = |other: &&Base| other.sizes() == base.sizes() && other.picture != base.picture;
                let others: Vec<&Base> = bases.iter().filter(of_one_size).collect();
                (!others.is_empty()).then(|| {
                    let other = draw.of(&others);
                    let what = format!("the device's map is that of {}", other.name);
                    Plant { what, device: other.plant().device, options: other.options(), ..before.clone() }
                })
            }
            _ => geometry::moved(kind, base, draw),
        };
        // A plant that changes nothing is none: a map of one class in another order, say.
        if let Some(mut planted) = planted.filter(|planted| changed(&before, planted)) {
            planted.what = format!("{}: {}", base.name, planted.what);
            return planted;
        }
    }
    panic!("no pair can have the mistake {kind:?}");
}

/// At least a hundredth of the numbers, the shape, or the options differ.
fn changed(before: &Plant, after: &Plant) -> bool {
    fn differ(one: &File, other: &File) -> bool {
        fn share<T: PartialEq>(one: &[T], other: &[T]) -> bool {
            let differ = one.iter().zip(other).filter(|(one, other)| one != other).count();
            differ * 100 >= one.len()
        }
        one.shape != other.shape
            || match (&one.numbers, &other.numbers) {
                (Numbers::F32(one), Numbers::F32(other)) => share(one, other),
                (Numbers::I8(one), Numbers::I8(other)) => share(one, other),
                (Numbers::U8(one), Numbers::U8(other)) => share(one, other),
                _ => true,
            }
    }
    before.options != after.options
        || differ(&before.float[0], &after.float[0])
        || differ(&before.device[0], &after.device[0])
}
