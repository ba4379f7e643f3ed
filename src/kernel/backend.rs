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
mod table {
    use super::Backend;
    #[cfg(soft_dice_lanes = "neon")]
    use crate::lanes::Neon;
    #[cfg(not(soft_dice_lanes = "neon"))]
    use crate::lanes::Wide;
    #[cfg(target_arch = "x86_64")]
    use crate::lanes::{AVX_VNNI, AVX2, AVX512, Avx2, Avx512};
    use crate::loops::sweep::{Job, Runner};
    use core::sync::atomic::{AtomicU8, Ordering};

    /// The lanes of the target itself: portable ones, or NEON.
    const TARGET: u8 = 64;
    /// The CPU was asked.
    const ASKED: u8 = 128;

    /// A backend: its name, and the parts of the CPU that it may use.
    struct Row {
        name: &'static str,
        parts: u8,
    }

    /// All backends of this build, best first. The last is the plain loop, which needs nothing.
    const ROWS: &[Row] = &[
        #[cfg(target_arch = "x86_64")]
        Row { name: "avx512", parts: TARGET | AVX2 | AVX_VNNI | AVX512 },
        #[cfg(target_arch = "x86_64")]
        Row { name: "avxvnni", parts: TARGET | AVX2 | AVX_VNNI },
        #[cfg(target_arch = "x86_64")]
        Row { name: "avx2", parts: TARGET | AVX2 },
        Row {
            name: if cfg!(soft_dice_lanes = "udot") {
                "dotprod"
            } else if cfg!(soft_dice_lanes = "neon") {
                "neon"
            } else {
                "wide"
            },
            parts: TARGET,
        },
        Row { name: "scalar", parts: 0 },
    ];

    impl Row {
        /// The part that this row has and the next has not.
        fn needs(&self) -> u8 {
            #[cfg(target_arch = "x86_64")]
            for part in [AVX512, AVX_VNNI, AVX2] {
                if self.parts & part != 0 {
                    return part;
                }
            }
            self.parts
        }

        /// Forced by `--cfg soft_dice_backend="…"`, for a whole build.
        fn is_forced(&self) -> bool {
            macro_rules! any {
                ($($name:literal)*) => { $(cfg!(soft_dice_backend = $name) && self.name == $name)||* };
            }
            any!("scalar" "wide" "avx2" "avxvnni" "avx512" "neon" "dotprod")
        }
    }

    /// What the CPU has and the build allows.
    fn offered() -> u8 {
        let build = ROWS.iter().find(|row| row.is_forced()).map_or(u8::MAX, |row| row.parts);
        #[cfg(target_arch = "x86_64")]
        return build & (crate::lanes::detected() | TARGET);
        #[cfg(not(target_arch = "x86_64"))]
        return build & TARGET;
    }

    /// What may be used in this process, with [`ASKED`]; 0 until the CPU was asked.
    static SELECTED: AtomicU8 = AtomicU8::new(0);

    /// What may be used in this process. The CPU is asked once: a race asks twice, and gets the same answer.
    #[inline]
    fn selected() -> u8 {
        let known = SELECTED.load(Ordering::Relaxed);
        if known != 0 {
            return known;
        }
        let offered = offered() | ASKED;
        SELECTED.store(offered, Ordering::Relaxed);
        offered
    }

    fn rows(parts: u8) -> impl Iterator<Item = Backend> {
        let usable = move |row: &&Row| row.parts == 0 || parts & row.needs() != 0;
        ROWS.iter().filter(usable).map(|row| Backend(row.parts))
    }

    impl Backend {
        /// Every backend that this CPU can run and the build allows, best first; the plain loop is the last.
        pub fn available() -> impl Iterator<Item = Self> {
            rows(offered())
        }

        /// The one that is picked where none is selected.
        #[must_use]
        pub fn best() -> Self {
            rows(offered()).next().unwrap_or(Self(0))
        }

        /// The one that serves this process.
        #[must_use]
        pub fn current() -> Self {
            rows(selected()).next().unwrap_or(Self(0))
        }

        /// Uses this one in the whole process from now on; for tests and benches. A call that is under way in another
        /// thread may still use the last one.
        pub fn select(self) {
            SELECTED.store(self.0 & offered() | ASKED, Ordering::Relaxed);
        }

        /// Its name.
        #[must_use]
        pub fn name(self) -> &'static str {
            ROWS.iter().find(|row| row.parts == self.0).map_or("scalar", |row| row.name)
        }
    }

    /// Runs a job on the best lanes that were selected and that it fits.
    #[derive(Clone, Copy)]
    pub(crate) struct Dispatch;

    impl Dispatch {
        /// The plain loop was selected: there are no lanes.
        #[inline]
        pub fn is_plain(self) -> bool {
            selected() & TARGET == 0
        }
    }

    impl Runner for Dispatch {
        #[inline(always)]
        unsafe fn run<J: Job>(self, job: J) -> Option<J::Out> {
            let selected = selected();
            // Below, `selected` holds no part that `lanes::detected` has not seen, since `select` and `selected` store no
            // other; and `fits` compares the job with the lanes.
            #[cfg(target_arch = "x86_64")]
            {
                if selected & AVX512 != 0 && job.fits::<Avx512>() {
                    // SAFETY: selected, hence detected; it fits; its buffers are the caller's promise.
                    return Some(unsafe { avx512(job) });
                }
                if const { J::PRODUCTS } && selected & AVX_VNNI != 0 && job.fits::<Avx2<true>>() {
                    // SAFETY: as above.
                    return Some(unsafe { avxvnni(job) });
                }
                if selected & AVX2 != 0 && job.fits::<Avx2<false>>() {
                    // SAFETY: as above.
                    return Some(unsafe { avx2(job) });
                }
            }
            #[cfg(soft_dice_lanes = "neon")]
            if selected & TARGET != 0 && job.fits::<Neon<16>>() {
                // SAFETY: the target has it; it fits; its buffers are the caller's promise.
                return Some(unsafe { neon(job) });
            }
            #[cfg(not(soft_dice_lanes = "neon"))]
            if selected & TARGET != 0 && job.fits::<Wide>() {
                // SAFETY: the target has it; it fits; its buffers are the caller's promise.
                return Some(unsafe { wide(job) });
            }
            None
        }
    }

    // A wrapper for each backend, so that every lane operation is compiled with its features and inlined. None is inlined
    // in `run`, whose stack frame would be that of the largest.

    /// The wrapper of a backend: its lanes, and the features that they are compiled with.
    macro_rules! wrapper {
        ($(#[$how:meta])* $name:ident, $lanes:expr) => {
            /// # Safety
            ///
            /// As [`Job::run`].
            $(#[$how])*
            unsafe fn $name<J: Job>(job: J) -> J::Out {
                // SAFETY: the caller promises the same.
                unsafe { job.run($lanes) }
            }
        };
    }

    #[cfg(target_arch = "x86_64")]
    wrapper!(
        #[target_feature(enable = "avx2,fma,popcnt,avx512f,avx512bw,avx512vl,avx512vnni")]
        avx512,
        Avx512
    );
    #[cfg(target_arch = "x86_64")]
    wrapper!(
        #[target_feature(enable = "avx2,fma,popcnt,avxvnni")]
        avxvnni,
        Avx2::<true>
    );
    #[cfg(target_arch = "x86_64")]
    wrapper!(
        #[target_feature(enable = "avx2,fma,popcnt")]
        avx2,
        Avx2::<false>
    );
    #[cfg(soft_dice_lanes = "neon")]
    wrapper!(
        #[inline(never)]
        neon,
        Neon::<16>
    );
    #[cfg(not(soft_dice_lanes = "neon"))]
    wrapper!(
        #[inline(never)]
        wide,
        Wide
    );
}

#[cfg(soft_dice_lanes = "vector")]
pub(crate) use table::Dispatch;
