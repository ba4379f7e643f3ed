use super::HardTarget;
use crate::element::{
    BF16, Check, Checked, Element, F16, F32, F32Fine, I8, Mask01, Mask255, Q15, Trusted, U8, U8Affine, U16, cut,
    cut_bits,
};
use crate::num::{Unit, sealed::Sealed};
use crate::pixels::{Bits, ByteMask, LsbFirst, Mask, Meaning, MsbFirst};

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
///
/// In a constant every element has the two as functions of its own:
///
/// ```
/// use soft_dice::{I8, Own, Stream};
/// use std::sync::Mutex;
///
/// const DEVICE: I8 = I8::TFLITE;
/// static CONFIDENCE: Mutex<Stream<I8, Own>> = Mutex::new(Stream::new(DEVICE, DEVICE.own_at_least(0.5)));
/// CONFIDENCE.lock().unwrap().update(&[-128, 127, 0], ())?;
/// assert_eq!(DEVICE.own_at_least(0.5), Own::at_least(&DEVICE, 0.5));
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

/// The constructors of [`Own`] as constants: one for each element, because a trait has none.
macro_rules! own_masks {
    ($($element:ty $([$c:ident: $check:path])?, |$e:ident, $threshold:ident, $above:ident| $cut:expr;)*) => {$(
        impl$(<$c: $check>)? $element {
            /// [`Own::at_least`](crate::Own::at_least) of this element: a constant, for a state in a `static`.
            #[must_use]
            pub const fn own_at_least(self, threshold: f32) -> $crate::target::Own {
                let ($e, $threshold, $above) = (self, threshold, false);
                $crate::target::Own::from_code($cut)
            }

            /// [`Own::above`](crate::Own::above) of this element: a constant, for a state in a `static`.
            #[must_use]
            pub const fn own_above(self, threshold: f32) -> $crate::target::Own {
                let ($e, $threshold, $above) = (self, threshold, true);
                $crate::target::Own::from_code($cut)
            }
        }
    )*};
}
pub(crate) use own_masks;

own_masks! {
    U8, |e, threshold, above| e.cut_at(threshold, above);
    U16, |e, threshold, above| e.cut_at(threshold, above);
    I8, |e, threshold, above| e.cut_at(threshold, above);
    U8Affine, |e, threshold, above| e.cut_at(threshold, above);
    Mask01, |e, threshold, above| e.cut_at(threshold, above);
    Mask255, |e, threshold, above| e.cut_at(threshold, above);
    Q15<C> [C: Check], |e, threshold, above| e.cut_at(threshold, above);
    F32<C> [C: Check], |_e, threshold, above| cut_bits(threshold, above);
    F32Fine, |_e, threshold, above| cut_bits(threshold, above);
    BF16<C> [C: Check], |_e, threshold, above| cut_bits(threshold, above);
    F16<C> [C: Check], |_e, threshold, above| cut(Unit::binary(24), 1 << 24, threshold, above);
}

/// Targets of bytes: the fields that they are made of, and what a byte means.
macro_rules! byte_targets {
    ($($target:ty $([$c:ident])?, |$of:ident| $meaning:expr;)*) => {$(
        impl$(<$c: Check>)? Sealed for $target {}

        impl$(<$c: Check>)? HardTarget for $target {
            type Pixels<'a> = &'a [u8];
            type Pixel = u8;

            #[inline(always)]
            fn mask<'a>(&self, bytes: Self::Pixels<'a>) -> Mask<'a> {
                let $of = self;
                Mask::Bytes(ByteMask { bytes, meaning: $meaning })
            }
        }
    )*};
}

byte_targets! {
    NonZero, |_of| Meaning::NON_ZERO;
    ZeroOne<C> [C], |_of| Meaning::declared(1, C::CHECKED);
    ZeroFull<C> [C], |_of| Meaning::declared(255, C::CHECKED);
    Label, |of| Meaning::class(of.class, None);
    Ignoring, |of| Meaning::class(of.class, Some(of.ignore));
}

macro_rules! bit_targets {
    ($($order:ty)*) => {$(
        impl HardTarget for $order {
            type Pixels<'a> = Bits<'a>;
            type Pixel = ();

            #[inline(always)]
            fn mask<'a>(&self, bits: Self::Pixels<'a>) -> Mask<'a> {
                Mask::Bits(bits.run::<Self>())
            }
        }
    )*};
}

bit_targets!(LsbFirst MsbFirst);

impl Sealed for Own {}

impl HardTarget for Own {
    type Pixels<'a> = ();
    type Pixel = ();

    #[inline(always)]
    fn mask<'a>(&self, (): Self::Pixels<'a>) -> Mask<'a> {
        Mask::Own(self.cut)
    }
}
