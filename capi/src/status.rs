use core::ffi::{CStr, c_char};
use soft_dice::Error;

macro_rules! statuses {
    ($($(#[$doc:meta])* $name:ident = $value:literal $text:literal $(from $error:ident)?;)*) => {
        /// What became of a call. The numbers stay. Any but `SOFT_DICE_OK` has changed nothing.
        #[repr(C)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum soft_dice_status {
            $($(#[$doc])* $name = $value,)*
            /// No call returns it: it makes the enum as wide as an int, whatever the compiler is told of short enums.
            SOFT_DICE_STATUS_WIDTH = 0x7FFF_FFFF,
        }

        pub(crate) use soft_dice_status::*;

        impl From<Error> for soft_dice_status {
            fn from(error: Error) -> Self {
                match error {
                    $($(Error::$error => $name,)?)*
                    // The enum may grow; an error that C has no name for is still one.
                    _ => SOFT_DICE_OTHER,
                }
            }
        }

        /// What a status means, in English; a string that lives for ever. Any number may be asked for.
        #[unsafe(no_mangle)]
        pub extern "C" fn soft_dice_text(status: i32) -> *const c_char {
            let text: &'static CStr = match status {
                $($value => $text,)*
                _ => c"no such status",
            };
            text.as_ptr()
        }
    };
}

statuses! {
    /// Done.
    SOFT_DICE_OK = 0 c"done";
    /// A pointer is null, and its length is not 0.
    SOFT_DICE_NULL = 1 c"a pointer is null";
    /// A pointer is not aligned for its type.
    SOFT_DICE_MISALIGNED = 2 c"a pointer is not aligned for its type";
    /// A length is more than an object can have, or runs past the end of the address space.
    SOFT_DICE_TOO_LONG = 3 c"a length is more than memory can hold";
    /// Prediction and target hold different numbers of pixels.
    SOFT_DICE_LENGTH = 4 c"prediction and target hold different numbers of pixels" from Length;
    /// A stride is smaller than the width, or the rows do not fit in the buffer.
    SOFT_DICE_ROWS = 5 c"a stride is below the width, or the rows do not fit in the buffer" from Rows;
    /// The sums have no room for this many pixels: 2^40 is all they hold.
    SOFT_DICE_CAPACITY = 6 c"the sums have no room for this many pixels" from Capacity;
    /// A pixel is no number in [0, 1], and `SOFT_DICE_REFUSE` was asked for.
    SOFT_DICE_RANGE = 7 c"a pixel is not a number in [0, 1]" from Range;
    /// A byte of a mask declared {0, 1} or {0, 255} has another value.
    SOFT_DICE_MASK = 8 c"a mask byte is outside the two values declared" from Mask;
    /// A scale is not finite, or not from 2^-30 to 1.
    SOFT_DICE_SCALE = 9 c"a scale must be finite and between 2^-30 and 1" from Scale;
    /// A zero point, dead zone, threshold, weight, smoothing or choice is outside its range.
    SOFT_DICE_SETTING = 10 c"a zero point, dead zone, threshold, weight, smoothing or choice is outside its range" from Setting;
    /// Sums of unlike element, target or kind were to be added up.
    SOFT_DICE_MISMATCH = 11 c"the sums differ in unit, zero point or kind" from Mismatch;
    /// The struct was written by another version of this library, or by something else, or is neither zeroed nor written at
    /// all.
    SOFT_DICE_VERSION = 12 c"the struct was not written by this version of the library" from Version;
    /// The score needs squares or minima: use the `_all` functions.
    SOFT_DICE_NOT_SUMMED = 13 c"the score needs squares or minima that were not summed" from NotSummed;
    /// There are no classes, or more than 256.
    SOFT_DICE_CLASSES = 14 c"the number of classes is not from 1 to 256" from Classes;
    /// The map does not hold whole pixels of so many channels.
    SOFT_DICE_SPLIT = 15 c"a chunk ends within a pixel" from Split;
    /// A label is neither a class nor the ignore label.
    SOFT_DICE_LABEL = 16 c"a label is neither a class nor the ignore label" from Label;
    /// The score is 0/0, or its policy for empty maps says so.
    SOFT_DICE_UNDEFINED = 17 c"the score of empty maps is undefined" from Undefined;
    /// The policy for empty maps leaves this score out.
    SOFT_DICE_SKIPPED = 18 c"the score of empty maps is left out" from Skipped;
    /// Of a watch: a chunk without a beginning, or a whole frame while one is open.
    SOFT_DICE_ORDER = 19 c"a chunk without a beginning, or a frame while another is open";
    /// Two buffers of a watch lie in the same memory, or one lies in the watch itself.
    SOFT_DICE_OVERLAP = 20 c"two buffers of a watch lie in the same memory";
    /// An error that this header has no name for.
    SOFT_DICE_OTHER = 99 c"an error without a name";
}

/// What the inside returns: `?` works on the errors of the crate too.
pub(crate) type Done<T = ()> = Result<T, soft_dice_status>;

/// The status of what was done.
pub(crate) fn status(done: Done) -> soft_dice_status {
    match done {
        Ok(()) => SOFT_DICE_OK,
        Err(status) => status,
    }
}
