use super::HardTarget;
use crate::element::{Check, Checked, Element, Trusted};
use crate::kernel::{ByteLanes, ByteMarks, ByteSource, Kind, Mark, Marks};
use core::fmt::Debug;

/// A byte mask: 0 is background, anything else foreground.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct NonZero;

/// A byte mask declared {0, 1}; another value is [`crate::Error::Mask`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ZeroOne<C = Checked> {
    check: C,
}

/// A byte mask declared {0, 255}; another value is [`crate::Error::Mask`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ZeroFull<C = Checked> {
    check: C,
}

macro_rules! declared {
    ($($name:ident)*) => {$(
        impl $name<Checked> {
            /// Every byte is checked.
            #[must_use]
            pub const fn new() -> Self {
                Self { check: Checked }
            }

            /// The caller's promise that the declaration holds. A broken one gives wrong sums.
            #[must_use]
            pub const fn trusted(self) -> $name<Trusted> {
                $name { check: Trusted }
            }
        }
    )*};
}

declared!(ZeroOne ZeroFull);

/// One class of a map of `u8` labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Label {
    class: u8,
}

impl Label {
    /// The pixels that bear this label.
    #[must_use]
    pub const fn new(class: u8) -> Self {
        Self { class }
    }

    /// The label.
    #[must_use]
    pub const fn class(self) -> u8 {
        self.class
    }

    /// The same, leaving out the pixels labelled `ignore` (also where that is the class).
    #[must_use]
    pub const fn ignoring(self, ignore: u8) -> Ignoring {
        Ignoring { class: self.class, ignore }
    }
}

/// One class of a label map with an ignore label: see [`Label::ignoring`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Ignoring {
    class: u8,
    ignore: u8,
}

/// The prediction's own thresholded mask: 1 where p reaches the threshold, compared exactly.
///
/// ```
/// use soft_dice::{I8, Own, Stream};
/// let device = I8::TFLITE;
/// let mut stream = Stream::<_, _>::new(device, Own::at_least(&device, 0.5));
/// stream.update(&[-128, 127, 0], ())?;   // code 128 = 0.5 is foreground; Own::above would leave it out
/// assert_eq!((stream.sums().t(), stream.sums().pt()), (2, 255 + 128));
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Own {
    cut: u32,
}

impl Own {
    /// Foreground where p ≥ `threshold`: the usual tie rule. A threshold outside \[0, 1\] is reached by all or by none.
    pub fn at_least<P: Element>(prediction: &P, threshold: f32) -> Self {
        Self { cut: prediction.cut(threshold, false) }
    }

    /// Foreground where p > `threshold`.
    pub fn above<P: Element>(prediction: &P, threshold: f32) -> Self {
        Self { cut: prediction.cut(threshold, true) }
    }

    /// Foreground from this code on (after the zero point; for floats: from these bits on).
    #[must_use]
    pub const fn from_code(cut: u32) -> Self {
        Self { cut }
    }

    pub(crate) const fn cut(self) -> u32 {
        self.cut
    }
}

impl<D: Meaning> HardTarget for D {
    type Pixels<'a> = &'a [u8];
    type Source<'a> = ByteSource<'a, D>;

    fn source<'a>(&self, bytes: Self::Pixels<'a>) -> Self::Source<'a> {
        ByteSource::new(bytes, *self)
    }
}

/// What one byte means, alone and in lanes.
#[doc(hidden)]
pub trait Meaning: Copy + PartialEq + Debug + Send + Sync + 'static {
    const KEEPS: bool = false;
    const CHECKS: bool = false;
    fn kind(self) -> Kind {
        Kind::Other
    }
    fn mark(self, byte: u8) -> Mark;
    /// The same for lanes that write.
    fn values(self) -> ByteMarks;
    fn marks<B: ByteLanes>(self, lanes: B, bytes: B::V) -> Marks<B::V>;
}

impl Meaning for NonZero {
    fn kind(self) -> Kind {
        Kind::NonZero
    }

    fn mark(self, byte: u8) -> Mark {
        if byte == 0 { Mark::Zero } else { Mark::One }
    }

    fn values(self) -> ByteMarks {
        ByteMarks { zero: Some(0), one: None, ignored: None, others: 1.0 }
    }

    fn marks<B: ByteLanes>(self, lanes: B, bytes: B::V) -> Marks<B::V> {
        Marks { some: bytes, ..Marks::of(lanes, lanes.ones(bytes)) }
    }
}

impl<C: Check> Meaning for ZeroOne<C> {
    const CHECKS: bool = C::CHECKED;

    fn kind(self) -> Kind {
        Kind::ZeroOne
    }

    fn mark(self, byte: u8) -> Mark {
        match byte {
            0 => Mark::Zero,
            1 => Mark::One,
            _ if C::CHECKED => Mark::Broken,
            _ => Mark::One,
        }
    }

    fn values(self) -> ByteMarks {
        ByteMarks { zero: Some(0), one: Some(1), ignored: None, others: if C::CHECKED { f32::NAN } else { 1.0 } }
    }

    fn marks<B: ByteLanes>(self, lanes: B, bytes: B::V) -> Marks<B::V> {
        Marks { broken: bytes, ..Marks::of(lanes, bytes) }
    }
}

impl<C: Check> Meaning for ZeroFull<C> {
    const CHECKS: bool = C::CHECKED;

    fn kind(self) -> Kind {
        Kind::ZeroFull
    }

    fn mark(self, byte: u8) -> Mark {
        match byte {
            0 => Mark::Zero,
            255 => Mark::One,
            _ if C::CHECKED => Mark::Broken,
            _ => Mark::One,
        }
    }

    fn values(self) -> ByteMarks {
        ByteMarks { zero: Some(0), one: Some(255), ignored: None, others: if C::CHECKED { f32::NAN } else { 1.0 } }
    }

    fn marks<B: ByteLanes>(self, lanes: B, bytes: B::V) -> Marks<B::V> {
        // 255 is −1.
        let ones = lanes.minus(bytes);
        Marks { some: bytes, broken: ones, ..Marks::of(lanes, ones) }
    }
}

impl Meaning for Label {
    fn kind(self) -> Kind {
        Kind::Class(self.class)
    }

    fn mark(self, byte: u8) -> Mark {
        if byte == self.class { Mark::One } else { Mark::Zero }
    }

    fn values(self) -> ByteMarks {
        ByteMarks { zero: None, one: Some(self.class), ignored: None, others: 0.0 }
    }

    fn marks<B: ByteLanes>(self, lanes: B, bytes: B::V) -> Marks<B::V> {
        let class = lanes.equal(bytes, lanes.splat(self.class));
        Marks::of(lanes, lanes.and(class, lanes.splat(1)))
    }
}

impl Meaning for Ignoring {
    const KEEPS: bool = true;

    fn mark(self, byte: u8) -> Mark {
        if byte == self.ignore { Mark::Ignored } else { Label::new(self.class).mark(byte) }
    }

    fn values(self) -> ByteMarks {
        ByteMarks { ignored: Some(self.ignore), ..Label::new(self.class).values() }
    }

    fn marks<B: ByteLanes>(self, lanes: B, bytes: B::V) -> Marks<B::V> {
        let ignored = lanes.equal(bytes, lanes.splat(self.ignore));
        let kept = lanes.xor(ignored, lanes.splat(0xFF));
        Marks { kept, ..Label::new(self.class).marks(lanes, bytes) }
    }
}

impl HardTarget for Own {
    type Pixels<'a> = ();
    type Source<'a> = Self;

    fn source<'a>(&self, (): Self::Pixels<'a>) -> Self::Source<'a> {
        *self
    }
}
