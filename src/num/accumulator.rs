use core::fmt::Debug;

/// A sum of codes or products: `u64`, or `u128` where products are too large for it.
///
/// Which of the two a pair of elements takes follows from its largest product and from [`crate::CAPACITY`] pixels.
pub trait Acc:
    Copy + Debug + Default + PartialEq + Send + Sync + From<u64> + Into<u128> + sealed::Sealed + 'static
{
    #[doc(hidden)]
    const ZERO: Self;
    #[doc(hidden)]
    #[must_use]
    fn plus(self, more: u128) -> Self;
    #[doc(hidden)]
    #[must_use]
    fn minus(self, less: u128) -> Self;
    #[doc(hidden)]
    #[must_use]
    fn plus_code(self, code: u64) -> Self;
}

pub(crate) mod sealed {
    /// Only this crate can name it, so that only this crate can implement the traits that ask for it.
    pub trait Sealed {}
    impl Sealed for u64 {}
    impl Sealed for u128 {}
}

// All operations wrap: a broken promise of `Trusted` may give any code, and must give a wrong sum rather than a panic.
// Sums of valid codes never wrap, because every call compares its pixels with `CAPACITY` first.

impl Acc for u64 {
    const ZERO: Self = 0;

    fn plus(self, more: u128) -> Self {
        self.wrapping_add(more as u64)
    }

    fn minus(self, less: u128) -> Self {
        self.wrapping_sub(less as u64)
    }

    fn plus_code(self, code: u64) -> Self {
        self.wrapping_add(code)
    }
}

impl Acc for u128 {
    const ZERO: Self = 0;

    fn plus(self, more: u128) -> Self {
        self.wrapping_add(more)
    }

    fn minus(self, less: u128) -> Self {
        self.wrapping_sub(less)
    }

    fn plus_code(self, code: u64) -> Self {
        self.wrapping_add(u128::from(code))
    }
}
