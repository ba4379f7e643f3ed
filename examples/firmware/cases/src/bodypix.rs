//! What `bodypix` writes of a network's logits: they themselves, and their soft Dice against the float network's map.

use core::fmt::{self, Write};
use soft_dice::activation::SigmoidTable;
use soft_dice::{F32, Measured, Score, Soft, Stream};

/// Pixels a side of the network's output.
pub const SIDE: usize = 17;
/// Pixels of it.
pub const PIXELS: usize = SIDE * SIDE;
/// Bytes before the numbers of a .npy file.
pub const HEADER: usize = 128;

/// Of the output tensor, as the model file has it: value = (q − zero point) · scale.
pub const SCALE: f32 = 0.044_141_084;
/// See [`SCALE`].
pub const ZERO_POINT: i32 = 8;

static TABLE: SigmoidTable = match SigmoidTable::i8(SCALE, ZERO_POINT) {
    Ok(table) => table,
    Err(_) => panic!("a scale or zero point that does not fit"),
};

/// The probability of a logit: 23 binary places, so that it is an f32 without rounding.
fn probability(logit: i8) -> f32 {
    TABLE.codes()[usize::from(logit as u8 ^ 0x80)] as f32 / 8_388_608.0
}

/// The code of a dequantised logit: `value` is a whole number of steps but for its last bit.
pub fn code(value: f32) -> i8 {
    const UP: i32 = 1024;
    ((value / SCALE + UP as f32 + 0.5) as i32 - UP + ZERO_POINT) as i8
}

/// A line for each row of logits, one of the sums, one of the score. `reference` is a .npy file of f32.
///
/// # Errors
///
/// Those of `out`.
pub fn write(out: &mut impl Write, logits: &[i8; PIXELS], reference: &[u8]) -> fmt::Result {
    for row in logits.as_chunks::<SIDE>().0 {
        write!(out, "logits")?;
        row.iter().try_for_each(|logit| write!(out, " {logit}"))?;
        writeln!(out)?;
    }
    let (floats, _) = reference.get(HEADER..).unwrap_or_default().as_chunks();
    let mut stream = Stream::new(F32::new(), Soft(F32::new()));
    // A pixel at a time: the map needs no buffer, and a chunk may be of any size.
    let done = if floats.len() == PIXELS {
        logits
            .iter()
            .zip(floats)
            .try_for_each(|(&logit, &float)| stream.update(&[probability(logit)], &[f32::from_le_bytes(float)]))
    } else {
        Err(soft_dice::Error::Length)
    };
    crate::line(out, format_args!("bodypix"), PIXELS, done.map(|()| stream.sums().record()))?;
    writeln!(out, "dice q15 {:?}", Score::dice().q15(stream.sums()))
}
