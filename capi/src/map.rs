//! Maps of probabilities: predictions, and soft targets.

use crate::memory::{self, Span};
use crate::status::{Done, SOFT_DICE_SETTING};
use soft_dice::{Element, F16, F16Bits, F32, F32Fine, I8, Mask01, Mask255, Q15, Range, U8, U8Affine, U16};

/// What becomes of a pixel that is not in [0, 1] (beyond 1e-6 for float): one of `SOFT_DICE_EXCLUDE`,
/// `SOFT_DICE_CLAMP`, `SOFT_DICE_REFUSE`.
pub type soft_dice_range = u8;
/// It is left out of every sum and counted as invalid.
pub const SOFT_DICE_EXCLUDE: soft_dice_range = 0;
/// It is read as the nearer of 0 and 1 and counted as clamped; NaN is left out and counted as invalid.
pub const SOFT_DICE_CLAMP: soft_dice_range = 1;
/// The call is refused with `SOFT_DICE_RANGE`.
pub const SOFT_DICE_REFUSE: soft_dice_range = 2;

fn range(range: soft_dice_range) -> Done<Range> {
    match range {
        SOFT_DICE_EXCLUDE => Ok(Range::Exclude),
        SOFT_DICE_CLAMP => Ok(Range::Clamp),
        SOFT_DICE_REFUSE => Ok(Range::Refuse),
        _ => Err(SOFT_DICE_SETTING),
    }
}

/// What 8-bit codes denote: (q - zero_point) * scale. `SOFT_DICE_TFLITE_I8` and the like are initialisers for it.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct soft_dice_affine {
    /// From 2^-30 to 1.
    pub scale: f32,
    /// The code that denotes 0.
    pub zero_point: i32,
    /// Codes up to this, counted from the zero point, are read as 0.
    pub dead_zone: u8,
    /// Not 0: the largest code denotes 1.0. TensorFlow Lite's 256ths become 255ths.
    pub full_scale: u8,
}

/// Bytes of 1/255: grey levels.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct soft_dice_u8 {
    /// A byte for each pixel.
    pub data: *const u8,
    /// How many.
    pub pixels: usize,
}

/// 8-bit codes as inference engines write them, signed.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct soft_dice_i8 {
    /// A code for each pixel.
    pub data: *const i8,
    /// How many.
    pub pixels: usize,
    /// What the codes denote.
    pub codes: soft_dice_affine,
}

/// 8-bit codes as inference engines write them, unsigned.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct soft_dice_affine_u8 {
    /// A code for each pixel.
    pub data: *const u8,
    /// How many.
    pub pixels: usize,
    /// What the codes denote.
    pub codes: soft_dice_affine,
}

/// Q15: 32768 would be 1.0; negative codes are out of range.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct soft_dice_q15 {
    /// A code for each pixel.
    pub data: *const i16,
    /// How many.
    pub pixels: usize,
    /// Codes up to this are read as 0; at most 32767.
    pub dead_zone: u16,
    /// What becomes of negative codes.
    pub range: soft_dice_range,
    /// Not 0: 32767 denotes 1.0.
    pub full_scale: u8,
}

/// 16-bit codes of 1/65535.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct soft_dice_u16 {
    /// A code for each pixel.
    pub data: *const u16,
    /// How many.
    pub pixels: usize,
    /// Codes up to this are read as 0.
    pub dead_zone: u16,
}

/// Probabilities as float, each rounded once to 2^-23.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct soft_dice_f32 {
    /// A value for each pixel.
    pub data: *const f32,
    /// How many.
    pub pixels: usize,
    /// What becomes of NaN, infinities and values outside [0, 1].
    pub range: soft_dice_range,
}

/// Probabilities as float, each rounded once to 2^-48: for sums that are tiny, as those of a softmax over many classes are where a
/// class is absent. Sums take 128 bits, and no loop is fast.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct soft_dice_f32fine {
    /// A value for each pixel.
    pub data: *const f32,
    /// How many.
    pub pixels: usize,
    /// What becomes of NaN, infinities and values outside [0, 1].
    pub range: soft_dice_range,
}

/// Half floats, IEEE binary16, by their bits; their sums are exact.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct soft_dice_f16 {
    /// The bits of each pixel's value.
    pub data: *const u16,
    /// How many.
    pub pixels: usize,
    /// What becomes of NaN, infinities and values outside [0, 1].
    pub range: soft_dice_range,
}

/// A mask as prediction, of bytes 0 and 1; another byte is refused with `SOFT_DICE_MASK`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct soft_dice_mask01 {
    /// A byte for each pixel.
    pub data: *const u8,
    /// How many.
    pub pixels: usize,
}

/// A mask as prediction, of bytes 0 and 255; another byte is refused with `SOFT_DICE_MASK`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct soft_dice_mask255 {
    /// A byte for each pixel.
    pub data: *const u8,
    /// How many.
    pub pixels: usize,
}

/// A buffer with what its pixels denote.
pub(crate) trait Map {
    type Element: Element;

    /// # Safety
    ///
    /// Where the codes mean what a table says, the pointer to it is null, misaligned, or points to a table.
    unsafe fn element(&self) -> Done<Self::Element>;

    /// How many values there are.
    fn pixels(&self) -> usize;

    /// Where they lie.
    fn span(&self) -> Done<Span>;

    /// A pixel may be refused.
    fn refuses(&self) -> bool {
        false
    }

    /// # Safety
    ///
    /// `data` points to as many values as `pixels` says, and nothing writes to them for `'a`.
    unsafe fn values<'a>(&self) -> Done<&'a [<Self::Element as Element>::Raw]>;
}

macro_rules! map {
    ($name:ty, $element:ty, $map:ident => $made:expr $(, refuses: $refuses:expr)?) => {
        impl Map for $name {
            type Element = $element;

            unsafe fn element(&self) -> Done<$element> {
                let $map = self;
                $made
            }

            fn pixels(&self) -> usize {
                self.pixels
            }

            fn span(&self) -> Done<Span> {
                Span::of(self.data, self.pixels)
            }

            $(fn refuses(&self) -> bool {
                let $map = self;
                $refuses
            })?

            unsafe fn values<'a>(&self) -> Done<&'a [<$element as Element>::Raw]> {
                // SAFETY: the caller's promise is that of `slice`.
                unsafe { memory::slice(self.data, self.pixels) }
            }
        }
    };
}

macro_rules! affine {
    ($element:ident, $codes:expr) => {{
        let soft_dice_affine { scale, zero_point, dead_zone, full_scale } = $codes;
        let element = $element::new(scale, zero_point)?.dead_zone(dead_zone);
        Ok(if full_scale == 0 { element } else { element.full_scale() })
    }};
}

map!(soft_dice_u8, U8, _map => Ok(U8));
map!(soft_dice_i8, I8, map => affine!(I8, map.codes));
map!(soft_dice_affine_u8, U8Affine, map => affine!(U8Affine, map.codes));
map!(soft_dice_q15, Q15, map => {
    let element = Q15::new().range(range(map.range)?).dead_zone(map.dead_zone)?;
    Ok(if map.full_scale == 0 { element } else { element.full_scale() })
}, refuses: map.range == SOFT_DICE_REFUSE);
map!(soft_dice_u16, U16, map => Ok(U16::new().dead_zone(map.dead_zone)));
map!(soft_dice_f32, F32, map => Ok(F32::new().range(range(map.range)?)), refuses: map.range == SOFT_DICE_REFUSE);
map!(soft_dice_f32fine, F32Fine, map => Ok(F32Fine::new().range(range(map.range)?)), refuses: map.range == SOFT_DICE_REFUSE);
map!(soft_dice_mask01, Mask01, _map => Ok(Mask01), refuses: true);
map!(soft_dice_mask255, Mask255, _map => Ok(Mask255), refuses: true);

impl Map for soft_dice_f16 {
    type Element = F16;

    unsafe fn element(&self) -> Done<F16> {
        Ok(F16::new().range(range(self.range)?))
    }

    fn pixels(&self) -> usize {
        self.pixels
    }

    fn span(&self) -> Done<Span> {
        Span::of(self.data, self.pixels)
    }

    fn refuses(&self) -> bool {
        self.range == SOFT_DICE_REFUSE
    }

    unsafe fn values<'a>(&self) -> Done<&'a [F16Bits]> {
        // SAFETY: the caller's promise is that of `slice`.
        Ok(F16Bits::of(unsafe { memory::slice(self.data, self.pixels) }?))
    }
}
