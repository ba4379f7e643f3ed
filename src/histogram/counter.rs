use crate::num::sealed::Sealed;
use crate::sums::CAPACITY;
use core::fmt::Debug;

/// What counts the pixels of a code: `u32`, or `u64` where more than 2³² − 1 pixels come together.
pub trait Counter: Copy + Debug + PartialEq + Send + Sync + Into<u64> + Sealed + 'static {
    /// Pixels that a histogram of such counters holds, those that were left out among them.
    const LIMIT: u64;
    #[doc(hidden)]
    const ZERO: Self;
    /// Wrapping: the caller has compared with [`Self::LIMIT`].
    #[doc(hidden)]
    #[must_use]
    fn plus(self, more: u64) -> Self;
    #[doc(hidden)]
    #[must_use]
    fn up(self) -> Self;
    #[doc(hidden)]
    #[must_use]
    fn down(self) -> Self;
}

impl Sealed for u32 {}

macro_rules! counters {
    ($($counter:ident, $limit:expr;)*) => {$(
        impl Counter for $counter {
            const LIMIT: u64 = $limit;
            const ZERO: Self = 0;

            #[inline(always)]
            fn plus(self, more: u64) -> Self {
                self.wrapping_add(more as Self)
            }

            #[inline(always)]
            fn up(self) -> Self {
                self.wrapping_add(1)
            }

            #[inline(always)]
            fn down(self) -> Self {
                self.wrapping_sub(1)
            }
        }
    )*};
}

counters! {
    u32, u32::MAX as u64;
    u64, CAPACITY;
}
