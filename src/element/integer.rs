use super::{Check, Checked, Element, Integer, Range, Reading, Trusted, cut};
use crate::error::Error;
use crate::num::{Unit, sealed::Sealed};
use crate::pixels::{ByteCodes, ByteView, Decoded, WordView};

/// `u8` codes of 1/255: image masks, and probabilities stored as grey levels.
///
/// For another scale, a zero point or a dead zone see [`super::U8Affine`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct U8;

impl U8 {
    /// The least code whose value is ≥ (or >) `threshold`: what [`Element::cut`] gives, in a constant too.
    pub(crate) const fn cut_at(self, threshold: f32, above: bool) -> u32 {
        cut(Unit::fraction(255), 255, threshold, above)
    }
}

impl Sealed for U8 {}
impl Integer for U8 {}

impl Element for U8 {
    type Raw = u8;
    type Sum = u64;
    type Square = u64;
    value_is_code!(8);

    fn unit(&self) -> Unit {
        Unit::fraction(255)
    }

    fn read(&self, raw: u8) -> Reading<u32> {
        Reading::Valid(u32::from(raw))
    }

    fn bytes<'a>(&self, p: &'a [u8]) -> Option<ByteView<'a>> {
        Some(ByteView { bytes: p, flip: 0, codes: ByteCodes::PLAIN })
    }
}

/// `u16` codes of 1/65535: 16-bit grey images.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct U16 {
    dead: u16,
}

impl U16 {
    /// Every code counts.
    #[must_use]
    pub const fn new() -> Self {
        Self { dead: 0 }
    }

    /// Codes ≤ `dead` are read as 0.
    #[must_use]
    pub const fn dead_zone(self, dead: u16) -> Self {
        Self { dead }
    }

    /// The least code whose value is ≥ (or >) `threshold`: what [`Element::cut`] gives, in a constant too.
    pub(crate) const fn cut_at(self, threshold: f32, above: bool) -> u32 {
        cut(Unit::fraction(65535), 65535, threshold, above)
    }
}

impl Sealed for U16 {}
impl Integer for U16 {}

impl Element for U16 {
    type Raw = u16;
    type Sum = u64;
    type Square = u128;
    value_is_code!(16);

    fn unit(&self) -> Unit {
        Unit::fraction(65535)
    }

    fn read(&self, raw: u16) -> Reading<u32> {
        Reading::Valid(if raw > self.dead { u32::from(raw) } else { 0 })
    }

    fn halves<'a>(&self, p: &'a [u16]) -> Option<&'a [u16]> {
        (self.dead == 0).then_some(p)
    }

    fn decoded<'a>(&self, p: &'a [u16]) -> Option<Decoded<'a>> {
        Some(Decoded::Halves { words: p, dead: self.dead })
    }
}

/// `i16` codes in Q15: 2⁻¹⁵ each, so 1.0 itself has no code (the largest is 32767/32768).
///
/// A negative code is out of range; [`Range`] says what becomes of it, and `Q15<Trusted>` does not look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Q15<C = Checked> {
    range: Range,
    dead: u16,
    full: bool,
    check: C,
}

impl Q15<Checked> {
    /// Negative codes are left out and counted.
    #[must_use]
    pub const fn new() -> Self {
        Self { range: Range::Exclude, dead: 0, full: false, check: Checked }
    }

    /// What becomes of negative codes.
    #[must_use]
    pub const fn range(self, range: Range) -> Self {
        Self { range, ..self }
    }

    /// The caller's promise that no code is negative.
    #[must_use]
    pub const fn trusted(self) -> Q15<Trusted> {
        Q15 { range: self.range, dead: self.dead, full: self.full, check: Trusted }
    }
}

impl<C: Copy> Q15<C> {
    /// Codes ≤ `dead` are read as 0.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] if `dead` is above 32767.
    pub const fn dead_zone(self, dead: u16) -> Result<Self, Error> {
        if dead > 32767 { Err(Error::Setting) } else { Ok(Self { dead, ..self }) }
    }

    /// The largest code, 32767, denotes 1.0. Changes the unit, not the sums.
    #[must_use]
    pub const fn full_scale(self) -> Self {
        Self { full: true, ..self }
    }

    const fn unit_of_code(self) -> Unit {
        if self.full { Unit::fraction(32767) } else { Unit::binary(15) }
    }

    /// The least code whose value is ≥ (or >) `threshold`: what [`Element::cut`] gives, in a constant too.
    pub(crate) const fn cut_at(self, threshold: f32, above: bool) -> u32 {
        cut(self.unit_of_code(), 32767, threshold, above)
    }
}

impl<C> Sealed for Q15<C> {}
impl<C: Check> Integer for Q15<C> {}

impl<C: Check> Element for Q15<C> {
    type Raw = i16;
    type Sum = u64;
    type Square = u128;
    value_is_code!(15);

    fn unit(&self) -> Unit {
        self.unit_of_code()
    }

    fn read(&self, raw: i16) -> Reading<u32> {
        let code = raw as u16;
        if raw >= 0 || !C::CHECKED {
            return Reading::Valid(if code > self.dead { u32::from(code) } else { 0 });
        }
        if self.range == Range::Clamp { Reading::Clamped(0) } else { Reading::Invalid }
    }

    fn refuses(&self) -> bool {
        C::CHECKED && self.range == Range::Refuse
    }

    fn words<'a>(&self, p: &'a [i16]) -> Option<WordView<'a>> {
        let clamp = self.range == Range::Clamp;
        Some(WordView { words: p, dead: self.dead, clamp, checked: C::CHECKED })
    }
}
