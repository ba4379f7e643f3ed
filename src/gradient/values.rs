//! From raw pixels to their values, a block at a time; NaN where a pixel is left out.

use crate::activation::Logistic;
#[cfg(soft_dice_lanes = "runs")]
use crate::kernel::One;
use crate::kernel::{ByteFormula, Formula, MathLanes, apply, apply_bytes};
#[cfg(soft_dice_lanes = "runs")]
use crate::pixels::ONE_BITS;
use crate::pixels::{ByteCodes, ByteMask, ByteView, DUST_ABOVE, DUST_BELOW, Mark, Meaning, Values};

/// Writes the values in lanes. What is outside \[0, 1\] is left out, or under `nearest` read as 0 or 1 where the element
/// clamps: a target counts then, while a prediction no longer moves the loss.
pub(super) fn decode(values: Values<'_>, nearest: bool, out: &mut [f32]) {
    match values {
        Values::Codes(ByteView { bytes, flip, codes }, unit) => {
            apply_bytes(Codes { flip, codes, unit, clamp: nearest }, bytes, out);
        }
        Values::Floats { floats, clamp } => apply(Floats { clamp: clamp && nearest }, [floats], out),
        Values::Logits(logits) => apply(Logistic, [logits], out),
        Values::Marks(ByteMask { bytes, meaning }) => apply_bytes(Marks(meaning), bytes, out),
    }
}

/// The formula of each pixel of a block, where no lanes are gained by decoding it first: the same formulas of one lane each, so that
/// what is written has the same bits. What the values are is known where this is inlined, and the matches fold away.
#[cfg(soft_dice_lanes = "runs")]
#[inline(always)]
pub(super) fn write(formula: impl Formula<2>, values: Values<'_>, targets: Values<'_>, out: &mut [f32]) {
    match values {
        Values::Codes(ByteView { bytes, flip, codes }, unit) => {
            let codes = Codes { flip, codes, unit, clamp: false };
            beside(formula, bytes.iter().map(|&byte| codes.of(One, byte.into())), targets, out);
        }
        Values::Floats { floats, .. } => {
            beside(formula, floats.iter().map(|&x| float(x, false)), targets, out);
        }
        Values::Logits(logits) => {
            beside(formula, logits.iter().map(|&x| Logistic.of(One, 0.0, [x])), targets, out);
        }
        Values::Marks(ByteMask { bytes, meaning }) => {
            beside(formula, bytes.iter().map(|&byte| Marks(meaning).of(One, byte.into())), targets, out);
        }
    }
}

#[cfg(soft_dice_lanes = "runs")]
#[inline(always)]
fn beside(formula: impl Formula<2>, values: impl Iterator<Item = f32>, targets: Values<'_>, out: &mut [f32]) {
    match targets {
        Values::Codes(ByteView { bytes, flip, codes }, unit) => {
            let codes = Codes { flip, codes, unit, clamp: true };
            each(formula, values, bytes.iter().map(|&byte| codes.of(One, byte.into())), out);
        }
        Values::Floats { floats, clamp } => {
            each(formula, values, floats.iter().map(|&x| float(x, clamp)), out);
        }
        Values::Logits(logits) => each(formula, values, logits.iter().map(|&x| Logistic.of(One, 0.0, [x])), out),
        Values::Marks(ByteMask { bytes, meaning }) => {
            each(formula, values, bytes.iter().map(|&byte| mark(meaning, byte)), out);
        }
    }
}

/// What [`Floats`] says, which of a value in \[0, 1\] is itself.
#[cfg(soft_dice_lanes = "runs")]
#[inline(always)]
fn float(x: f32, clamp: bool) -> f32 {
    if x.to_bits() <= ONE_BITS { x } else { Floats { clamp }.of(One, 0.0, [x]) }
}

/// What [`Marks`] says, by comparisons of integers.
#[cfg(soft_dice_lanes = "runs")]
#[inline(always)]
fn mark(meaning: Meaning, byte: u8) -> f32 {
    match meaning.mark(byte) {
        Mark::Zero => 0.0,
        Mark::One => 1.0,
        Mark::Ignored | Mark::Broken => f32::NAN,
    }
}

#[cfg(soft_dice_lanes = "runs")]
#[inline(always)]
fn each(
    formula: impl Formula<2>,
    values: impl Iterator<Item = f32>,
    targets: impl Iterator<Item = f32>,
    out: &mut [f32],
) {
    for ((out, p), t) in out.iter_mut().zip(values).zip(targets) {
        *out = One.alone(formula.of(One, 0.0, [One.alone(p), One.alone(t)]));
    }
}

#[derive(Clone, Copy)]
struct Codes {
    flip: u8,
    codes: ByteCodes,
    unit: f32,
    clamp: bool,
}

impl ByteFormula for Codes {
    #[inline(always)]
    fn of<L: MathLanes>(self, l: L, byte: L::I) -> L::F {
        let ByteCodes { floor, top, dead } = self.codes;
        let (zero, top) = (l.splat(0.0), l.splat(f32::from(top)));
        let above = l.minus(l.xor(byte, l.integer(i32::from(self.flip))), l.integer(i32::from(floor)));
        let code = l.number(above);
        let low = l.select(l.less(code, zero), zero, code);
        let inside = l.select(l.less(top, low), top, low);
        let live = l.select(l.less(l.splat(f32::from(dead)), inside), inside, zero);
        let value = l.mul(live, l.splat(self.unit));
        if self.clamp { value } else { l.select(l.equal(inside, code), value, l.splat(f32::NAN)) }
    }
}

#[derive(Clone, Copy)]
struct Floats {
    clamp: bool,
}

impl Formula<1> for Floats {
    #[inline(always)]
    fn of<L: MathLanes>(self, l: L, _: L::F, [x]: [L::F; 1]) -> L::F {
        let (zero, one) = (l.splat(0.0), l.splat(1.0));
        let nearest = l.select(l.less(zero, x), l.select(l.less(x, one), x, one), zero);
        let counts = if self.clamp {
            l.equal(x, x)
        } else {
            l.both(l.at_most(l.splat(-DUST_BELOW), x), l.at_most(x, l.splat(DUST_ABOVE)))
        };
        l.select(counts, nearest, l.splat(f32::NAN))
    }
}

/// Bytes of a mask or label map.
#[derive(Clone, Copy)]
pub(super) struct Marks(pub Meaning);

impl ByteFormula for Marks {
    #[inline(always)]
    fn of<L: MathLanes>(self, l: L, byte: L::I) -> L::F {
        let Meaning { zero, one, ignored, others } = self.0;
        let mut value = l.splat(match others {
            Mark::Zero => 0.0,
            Mark::One => 1.0,
            Mark::Ignored | Mark::Broken => f32::NAN,
        });
        // `Meaning::mark` takes the first case that fits: ignored, one, zero. Here the last selection wins, so they stand in
        // the opposite order.
        for (is, worth) in [(zero, 0.0), (one, 1.0), (ignored, f32::NAN)] {
            // A case that there is not is compared with −1, which no byte is.
            let is = l.integer(is.map_or(-1, i32::from));
            value = l.select(l.same(byte, is), l.splat(worth), value);
        }
        value
    }
}

/// Values in \[0, 1\] as they are.
#[derive(Clone, Copy)]
pub(super) struct Inside;

impl Formula<1> for Inside {
    #[inline(always)]
    fn of<L: MathLanes>(self, l: L, _: L::F, [x]: [L::F; 1]) -> L::F {
        l.select(l.inside(x), x, l.splat(f32::NAN))
    }
}
