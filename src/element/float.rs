use super::{Check, Checked, Element, Range, Reading, Trusted, bin_of_bits, cut_bits};
use crate::num::{Unit, sealed::Sealed};
use crate::pixels::{DUST_ABOVE, DUST_BELOW, FloatView, ONE_BITS, Values};

/// `f32` probabilities as Q0.23 codes: RNE(p · 2²³), and a product is the exact p · t rounded once to 2⁻²³.
///
/// |ΔΣ| ≤ n · 2⁻²⁴ for each sum, so a linear score is within about 3n · 2⁻²⁴ / (Σp + Σt). −0.0 and rounding dust
/// (10⁻⁶ around \[0, 1\]) are read as 0 and 1; other values outside, infinities and NaN follow [`Range`].
///
/// The lanes assume the default rounding mode (to nearest even), which Rust assumes too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct F32<C = Checked> {
    range: Range,
    check: C,
}

/// `f32` probabilities as codes of 2⁻⁴⁸, rounded once; a product is the exact p · t rounded once to 2⁻⁴⁸.
///
/// For agreement with notebooks where sums are tiny: softmax over many classes leaves Σp ≈ 10⁻⁵ for an absent one.
/// |ΔΣ| ≤ n · 2⁻⁴⁹. Sums take 128 bits, and there are no fast lanes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct F32Fine {
    range: Range,
}

impl F32<Checked> {
    /// Pixels outside \[0, 1\] are left out and counted.
    #[must_use]
    pub const fn new() -> Self {
        Self { range: Range::Exclude, check: Checked }
    }

    /// What becomes of pixels outside \[0, 1\].
    #[must_use]
    pub const fn range(self, range: Range) -> Self {
        Self { range, ..self }
    }

    /// The caller's promise that every value is in \[0, 1\] (−0.0 included).
    #[must_use]
    pub const fn trusted(self) -> F32<Trusted> {
        F32 { range: self.range, check: Trusted }
    }
}

impl F32Fine {
    /// Pixels outside \[0, 1\] are left out and counted.
    #[must_use]
    pub const fn new() -> Self {
        Self { range: Range::Exclude }
    }

    /// What becomes of pixels outside \[0, 1\].
    #[must_use]
    pub const fn range(self, range: Range) -> Self {
        Self { range }
    }
}

/// The value of a raw pixel, by integer comparisons: no float instruction.
pub(super) fn read(raw: f32, range: Range) -> Reading<f32> {
    let bits = raw.to_bits();
    let magnitude = bits & 0x7FFF_FFFF;
    let negative = bits != magnitude;
    if bits <= ONE_BITS {
        return Reading::Valid(raw);
    }
    let (nearest, dust) = if negative { (0.0, DUST_BELOW) } else { (1.0, DUST_ABOVE) };
    if magnitude <= dust.to_bits() {
        Reading::Valid(nearest)
    } else if range == Range::Clamp && magnitude <= f32::INFINITY.to_bits() {
        Reading::Clamped(nearest)
    } else {
        Reading::Invalid
    }
}

/// `mantissa · 2^-places`, rounded to nearest even. A negative `places` shifts up, and off the top where a trusted
/// value was out of range.
const fn round(mantissa: u64, places: i32) -> u64 {
    if places <= 0 {
        return mantissa.unbounded_shl(places.unsigned_abs());
    }
    if places > 63 {
        return 0;
    }
    let whole = mantissa >> places;
    let rest = mantissa << (64 - places);
    const HALF: u64 = 1 << 63;
    whole + (rest > HALF || (rest == HALF && whole & 1 == 1)) as u64
}

/// `(m, e)` with x = m · 2^(e − 150), of the magnitude.
const fn parts(x: f32) -> (u64, i32) {
    let bits = x.to_bits() & 0x7FFF_FFFF;
    let exponent = (bits >> 23) as i32;
    let fraction = (bits & 0x7F_FFFF) as u64;
    if exponent == 0 { (fraction, 1) } else { (fraction | 0x80_0000, exponent) }
}

/// One addition of floats is an instruction, of this width and no wider.
const FPU: bool = cfg!(any(soft_dice_lanes = "fpu", soft_dice_lanes = "helium", soft_dice_lanes = "neon"));

/// RNE(x · 2²³) of x from 0 to 1: what is left of it in the mantissa of 1 + x, whose last place is 2⁻²³.
fn added(x: f32) -> u64 {
    u64::from((x + 1.0).to_bits().wrapping_sub(ONE_BITS))
}

/// RNE(x · 2^places), in integers: the same on a target without floats.
const fn code(x: f32, places: i32) -> u64 {
    let (m, e) = parts(x);
    round(m, 150 - e - places)
}

/// RNE(a · b · 2^places) of the exact product.
const fn round_product(a: f32, b: f32, places: i32) -> u64 {
    let ((m, e), (n, f)) = (parts(a), parts(b));
    round(m * n, 300 - e - f - places)
}

macro_rules! float {
    ($places:literal) => {
        type Raw = f32;
        const BITS: u32 = $places;
        type Value = f32;
        const ROUNDED: bool = true;

        fn unit(&self) -> Unit {
            Unit::binary($places)
        }

        fn code(value: f32) -> u64 {
            if $places == 23 && FPU { added(value) } else { code(value, $places) }
        }

        fn square(value: f32) -> u64 {
            round_product(value, value, $places)
        }

        fn key(value: f32) -> u32 {
            // −0.0 comes here only under `Trusted`: a checked value was read as +0.0 before. To a threshold it is 0 as well.
            if value.to_bits() == 0x8000_0000 { 0 } else { value.to_bits() }
        }

        fn cut(&self, threshold: f32, above: bool) -> u32 {
            cut_bits(threshold, above)
        }

        fn bin(&self, key: u32, bins: u16) -> u32 {
            bin_of_bits(key, bins)
        }

        fn values<'a>(&self, p: &'a [f32]) -> Option<Values<'a>> {
            Some(Values::Floats { floats: p, clamp: self.range == Range::Clamp })
        }

        fn worth(value: f32, _: f32) -> f32 {
            value
        }
    };
}

impl<C> Sealed for F32<C> {}

impl<C: Check> Element for F32<C> {
    type Sum = u64;
    type Square = u64;
    type Narrow = u64;
    float!(23);

    fn read(&self, raw: f32) -> Reading<f32> {
        if C::CHECKED { read(raw, self.range) } else { Reading::Valid(raw) }
    }

    fn refuses(&self) -> bool {
        C::CHECKED && self.range == Range::Refuse
    }

    fn floats<'a>(&self, p: &'a [f32]) -> Option<FloatView<'a>> {
        let clamp = self.range == Range::Clamp;
        Some(FloatView { floats: p, clamp, checked: C::CHECKED })
    }
}

impl Sealed for F32Fine {}

impl Element for F32Fine {
    type Sum = u128;
    type Square = u128;
    type Narrow = u128;
    float!(48);

    fn read(&self, raw: f32) -> Reading<f32> {
        read(raw, self.range)
    }

    fn refuses(&self) -> bool {
        self.range == Range::Refuse
    }
}

/// RNE(a · b · 2²³), the product of [`F32`].
pub(crate) const fn product(a: f32, b: f32) -> u64 {
    round_product(a, b, 23)
}

/// RNE(a · b · 2⁴⁸), the product of [`F32Fine`].
pub(crate) const fn fine_product(a: f32, b: f32) -> u64 {
    round_product(a, b, 48)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_what_adding_one_leaves_in_the_mantissa() {
        let mut x = 0x3F80_0000u32;
        while x > 7 {
            let v = f32::from_bits(x);
            assert_eq!(code(v, 23), added(v), "{v:e}");
            x -= x / 4099 + 1;
        }
        assert_eq!((code(0.0, 23), code(1.0, 23), code(f32::from_bits(1), 23)), (0, 1 << 23, 0));
        assert_eq!((added(0.0), added(1.0), added(f32::from_bits(1))), (0, 1 << 23, 0));
        assert_eq!((code(1.0, 48), code(f32::MIN_POSITIVE, 48)), (1 << 48, 0));
    }

    #[test]
    fn product_is_rounded_once() {
        // f64 + 1.0 and then f32 rounds twice here and gives 2; one rounding gives 1.
        let (p, t) = (7.324_220_5e-4, 2.441_405_7e-4);
        assert_eq!(product(p, t), 1);
        assert_eq!(product(p, t), u64::from(f32::mul_add(p, t, 1.0).to_bits() - ONE_BITS));
        assert_eq!(fine_product(1.0, 1.0), 1 << 48);
        assert_eq!(product(f32::from_bits(1), f32::from_bits(1)), 0);
    }

    #[test]
    fn dust_is_read_and_the_rest_is_not() {
        use Reading::{Clamped, Invalid, Valid};
        let at = |x| read(x, Range::Exclude);
        for (raw, reading) in [
            (-0.0, Valid(0.0)),
            (-1.0e-6, Valid(0.0)),
            (1.000_000_1, Valid(1.0)),
            (1.0 + 8.0 * f32::EPSILON, Valid(1.0)),
            (1.0 + 9.0 * f32::EPSILON, Invalid),
            (-1.1e-6, Invalid),
            (1.000_002, Invalid),
            (f32::NAN, Invalid),
            (f32::INFINITY, Invalid),
        ] {
            assert_eq!(at(raw), reading, "{raw}");
        }
        let at = |x| read(x, Range::Clamp);
        assert_eq!((at(1.5), at(-3.0)), (Clamped(1.0), Clamped(0.0)));
        assert_eq!((at(f32::INFINITY), at(f32::NEG_INFINITY)), (Clamped(1.0), Clamped(0.0)));
        assert_eq!((at(f32::NAN), at(-f32::NAN)), (Invalid, Invalid));
    }
}
