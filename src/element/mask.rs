use super::{Element, Integer, Reading, cut};
use crate::num::{Unit, sealed::Sealed};
use crate::pixels::{ByteCodes, ByteView};

/// A byte mask of {0, 1} as a prediction: 1 denotes 1.0. Read as [`super::U8`] such a mask has a Dice of 0.0078 with itself, since 1
/// is 1/255 there; so read it is 1.
///
/// A byte that is neither refuses the call with [`crate::Error::Mask`], also where region or label leave its pixel out.
///
/// ```
/// use soft_dice::{Error, Mask01, Score, Stream, ZeroOne};
/// let mask = [0, 1, 1, 0];
/// let mut stream = Stream::new(Mask01, ZeroOne::new());
/// stream.update(&mask, &mask)?;
/// assert_eq!(Score::dice().f32(stream.sums()), Ok(1.0));
/// assert_eq!(stream.update(&[2], &[1]), Err(Error::Mask));
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Mask01;

/// A byte mask of {0, 255} as a prediction: 255 denotes 1.0, as in [`super::U8`]; but a byte that is neither refuses the call with
/// [`crate::Error::Mask`], also where region or label leave its pixel out.
///
/// ```
/// use soft_dice::{Error, Mask255, NonZero, Score, Stream};
/// let mut stream = Stream::new(Mask255, NonZero);
/// stream.update(&[0, 255, 255, 0], &[0, 7, 7, 0])?;
/// assert_eq!(Score::dice().f32(stream.sums()), Ok(1.0));
/// assert_eq!(stream.update(&[128], &[1]), Err(Error::Mask));
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Mask255;

/// Whether no byte has bits but those of 0 and of the mask's one: `wrong` is 0 of these two in each byte of a word, if the bits
/// that `look` has are kept. Eight bytes at a time, and the compiler makes vectors of that where there are some.
#[inline(always)]
fn no_other(bytes: &[u8], wrong: impl Fn(u64) -> u64, look: u8) -> bool {
    let look = u64::from_ne_bytes([look; 8]);
    let (words, rest) = bytes.as_chunks::<8>();
    let seen = words.iter().fold(0, |seen, &word| seen | wrong(u64::from_le_bytes(word)));
    let seen = rest.iter().fold(seen, |seen, &byte| seen | wrong(u64::from_le_bytes([byte; 8])));
    seen & look == 0
}

macro_rules! masks {
    ($($mask:ident, $one:literal, $unit:expr, $wrong:expr, $look:literal;)*) => {$(
        impl $mask {
            /// The least code whose value is ≥ (or >) `threshold`: what [`Element::cut`] gives, in a constant too.
            pub(crate) const fn cut_at(self, threshold: f32, above: bool) -> u32 {
                cut($unit, $one, threshold, above)
            }
        }

        impl Sealed for $mask {}
        impl Integer for $mask {}

        impl Element for $mask {
            type Raw = u8;
            type Sum = u64;
            type Square = u64;
            value_is_code!(8);

            fn unit(&self) -> Unit {
                $unit
            }

            fn read(&self, raw: u8) -> Reading<u32> {
                if raw == 0 || raw == $one { Reading::Valid(u32::from(raw)) } else { Reading::Invalid }
            }

            const DECLARED: bool = true;

            fn refuses(&self) -> bool {
                true
            }

            #[inline(always)]
            fn keeps_its_word(&self, p: &[u8]) -> bool {
                no_other(p, $wrong, $look)
            }

            fn bytes<'a>(&self, p: &'a [u8]) -> Option<ByteView<'a>> {
                // Whoever sums has asked `keeps_its_word`: the bytes are codes as they are.
                Some(ByteView { bytes: p, flip: 0, codes: ByteCodes::PLAIN })
            }
        }
    )*};
}

masks! {
    Mask01, 1, Unit::ONE, |word| word, 0xFE;
    // The seven lower bits differ from their neighbours above nowhere.
    Mask255, 255, Unit::fraction(255), |word| word ^ word >> 1, 0x7F;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_at_every_place() {
        for pixels in [1usize, 7, 8, 9, 40] {
            for byte in 0..=255u8 {
                for at in 0..pixels {
                    let (mut ones, mut full) = (std::vec![1u8; pixels], std::vec![255u8; pixels]);
                    ones[pixels / 2] = 0;
                    full[pixels / 2] = 0;
                    (ones[at], full[at]) = (byte, byte);
                    assert_eq!(Mask01.keeps_its_word(&ones), byte <= 1, "{byte} at {at} of {pixels}");
                    assert_eq!(Mask255.keeps_its_word(&full), byte == 0 || byte == 255, "{byte} at {at} of {pixels}");
                }
            }
        }
    }
}
