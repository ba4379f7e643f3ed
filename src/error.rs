use core::fmt;

/// Everything that can go wrong, in one flat list.
///
/// A call that returns an error has left the state as it was before the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Error {
    /// Prediction, target or region do not hold the same number of pixels.
    Length,
    /// A stride is smaller than the width, or the rows do not fit in the buffer.
    Rows,
    /// The pixels of this call would exceed the capacity of the sums.
    Capacity,
    /// A pixel is not a number or lies outside \[0, 1\], and the element refuses such pixels.
    Range,
    /// A byte of a mask declared {0, 1} or {0, 255} has another value.
    Mask,
    /// A scale is not finite, not positive, above 1, or below 2⁻³⁰; or a unit of a record is none.
    Scale,
    /// A zero point, dead zone or threshold does not fit its type, or another setting is outside its range: a weight or smoothing of a
    /// score, say.
    Setting,
    /// Sums of unlike unit, zero point or kind were to be merged or read.
    Mismatch,
    /// A record was written by another version of the format.
    Version,
    /// The score needs a sum (squares or minima) that was not asked for.
    NotSummed,
    /// There are no classes, more than 256, or another number than the buffers, weights or records have.
    Classes,
    /// A chunk of an interleaved map ends within a pixel, or a planar one within a plane.
    Split,
    /// A label is neither a class nor the ignore label.
    Label,
    /// Run lengths are malformed, or do not add up to the pixels of the map.
    Runs,
    /// The score is 0/0, or the policy for empty maps calls it undefined.
    Undefined,
    /// The policy for empty maps leaves this score out.
    Skipped,
}

impl Error {
    const fn text(self) -> &'static str {
        match self {
            Error::Length => "prediction, target and region hold different numbers of pixels",
            Error::Rows => "a stride is below the width, or the rows do not fit in the buffer",
            Error::Capacity => "the sums have no room for this many pixels",
            Error::Range => "a pixel is not a number in [0, 1]",
            Error::Mask => "a mask byte is outside the two values declared",
            Error::Scale => "a scale must be finite and between 2^-30 and 1",
            Error::Setting => "a zero point, dead zone, threshold or other setting is outside its range",
            Error::Mismatch => "the sums differ in unit, zero point or kind",
            Error::Version => "the record has another format version",
            Error::NotSummed => "the score needs squares or minima that were not summed",
            Error::Classes => "the number of classes is not from 1 to 256, or not that of the buffers",
            Error::Split => "a chunk ends within a pixel or plane",
            Error::Label => "a label is neither a class nor the ignore label",
            Error::Runs => "run lengths are malformed or do not add up to the map",
            Error::Undefined => "the score of empty maps is undefined",
            Error::Skipped => "the score of empty maps is left out",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl core::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::Error;
    use std::string::ToString;

    #[test]
    fn display_says_what_is_wrong() {
        assert_eq!(Error::Length.to_string(), Error::Length.text());
        let _: &dyn core::error::Error = &Error::Capacity;
    }
}
