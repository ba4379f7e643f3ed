//! Which loops run: a table of backends, what each needs of the CPU, and the choice among them.

use core::fmt;

/// A set of loops that this CPU can run. All give the same bits; they differ in speed.
///
/// The library picks the best by itself. Tests and benches that want to see every backend walk [`Self::available`] and
/// [`Self::select`] each, which holds for the whole process: one word of memory, which is read at each call in any case,
/// so that nothing is paid where nothing is selected. On a microcontroller there is one backend, chosen when the crate
/// is built.
///
/// ```
/// use soft_dice::{Backend, NonZero, Stream, U8};
///
/// let mut sums = Vec::new();
/// for backend in Backend::available() {
///     backend.select();
///     let mut stream = Stream::new(U8, NonZero);
///     stream.update(&[7; 1000], &[1; 1000])?;
///     sums.push(stream.finish());
/// }
/// Backend::best().select();
/// assert!(sums.iter().all(|one| *one == sums[0]));
/// # Ok::<(), soft_dice::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Backend(u8);

impl fmt::Debug for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Backend {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{=str}", self.name());
    }
}

/// The name of the backend that serves this process; runs shorter than its vectors go to narrower ones.
#[must_use]
pub fn backend() -> &'static str {
    Backend::current().name()
}

#[cfg(not(soft_dice_lanes = "vector"))]
mod fixed {
    use super::Backend;

    impl Backend {
        /// The one backend of this build.
        pub fn available() -> impl Iterator<Item = Self> {
            core::iter::once(Self(0))
        }

        /// The one backend of this build.
        #[must_use]
        pub fn best() -> Self {
            Self(0)
        }

        /// The one backend of this build.
        #[must_use]
        pub fn current() -> Self {
            Self(0)
        }

        /// Nothing: there is one backend in this build.
        pub fn select(self) {}

        /// Its name.
        #[must_use]
        pub fn name(self) -> &'static str {
            if cfg!(soft_dice_backend = "scalar") {
                "scalar"
            } else if cfg!(soft_dice_lanes = "helium") {
                "helium"
            } else if cfg!(soft_dice_lanes = "dsp") {
                "dsp"
            } else {
                "swar"
            }
        }
    }
}

#[cfg(soft_dice_lanes = "vector")]
mod table;

#[cfg(soft_dice_lanes = "vector")]
pub(crate) use table::{InRow, InUse, is_plain, run, run_or_return, sweeps};
