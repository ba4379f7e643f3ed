//! Pixels as the loops take them: raw memory, and what it means.

/// How a raw byte becomes a code: `min(max((byte ^ flip) − floor, 0), top)`, then 0 where ≤ `dead`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ByteCodes {
    /// The zero point, flipped: what is taken off.
    pub floor: u8,
    /// Largest code inside \[0, 1\].
    pub top: u8,
    /// Codes up to this are read as 0.
    pub dead: u8,
}

impl ByteCodes {
    /// Nothing to take off, to clamp or to silence.
    pub(crate) const PLAIN: Self = Self { floor: 0, top: 255, dead: 0 };
}

/// The pixels of an 8-bit element.
#[derive(Clone, Copy)]
pub struct ByteView<'a> {
    pub bytes: &'a [u8],
    /// The bits that make a raw byte unsigned: 0x80 for `i8`.
    pub flip: u8,
    pub codes: ByteCodes,
}

/// The bytes of `i8` codes as they lie in memory.
pub(crate) const fn unsigned(codes: &[i8]) -> &[u8] {
    // SAFETY: i8 and u8 have one size and alignment, and every bit pattern is valid for both.
    unsafe { core::slice::from_raw_parts(codes.as_ptr().cast(), codes.len()) }
}

/// The pixels of a Q15 element.
#[derive(Clone, Copy)]
pub struct WordView<'a> {
    pub words: &'a [i16],
    /// Codes up to this are read as 0.
    pub dead: u16,
    /// Negative codes are read as 0, else left out.
    pub clamp: bool,
    /// Negative codes are looked for.
    pub checked: bool,
}

/// The pixels of an `F32` element.
#[derive(Clone, Copy)]
pub struct FloatView<'a> {
    pub floats: &'a [f32],
    /// Values outside are read as the nearest inside, else left out.
    pub clamp: bool,
    /// Values outside are looked for.
    pub checked: bool,
}

/// The pixels of a hard target.
#[derive(Clone, Copy)]
pub enum MaskView<'a> {
    /// A byte for each pixel.
    Bytes(&'a [u8], Kind),
    /// A bit for each pixel, the first at bit `offset`.
    Bits { bytes: &'a [u8], offset: usize, msb_first: bool },
    /// The prediction's own codes from this one on.
    Own(u32),
    /// Nothing that whole runs could be made of.
    Other,
}

/// What the bytes of a mask mean. A declared one is checked under [`super::Hard::CHECKS`].
#[derive(Clone, Copy)]
pub enum Kind {
    ZeroOne,
    ZeroFull,
    NonZero,
    Class(u8),
    Other,
}

/// The pixels of an element or target as lanes that write take them: from memory to values.
#[derive(Clone, Copy)]
pub enum Values<'a> {
    /// 8-bit codes, and the value of code 1.
    Codes(ByteView<'a>, f32),
    /// Values themselves; those outside \[0, 1\] are read as the nearest inside under `clamp`, else left out.
    Floats { floats: &'a [f32], clamp: bool },
    /// What the sigmoid takes.
    Logits(&'a [f32]),
    /// The bytes of a hard target.
    Marks(&'a [u8], ByteMarks),
}

/// What the bytes of a mask stand for: one byte for 0, one for 1, one that leaves its pixel out, and all others.
#[derive(Clone, Copy)]
pub struct ByteMarks {
    pub zero: Option<u8>,
    pub one: Option<u8>,
    pub ignored: Option<u8>,
    /// NaN leaves their pixels out.
    pub others: f32,
}
