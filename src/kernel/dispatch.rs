//! Which backend runs: the one place that knows. Tests force one (`forced`); what the CPU cannot run falls back as
//! always.

#[cfg(soft_dice_lanes = "vector")]
use super::Tally;
use super::forced::forced;
#[cfg(soft_dice_lanes = "vector")]
use super::lanes::Lanes;
#[cfg(soft_dice_lanes = "neon")]
use super::neon::Neon;
#[cfg(all(soft_dice_lanes = "vector", not(soft_dice_lanes = "neon")))]
use super::wide::Wide;
#[cfg(target_arch = "x86_64")]
use super::{
    avx2::Avx2,
    avx512::Avx512,
    x86::{AVX_VNNI, AVX2, AVX512, features},
};

/// A sweep that any lanes can run.
#[cfg(soft_dice_lanes = "vector")]
pub(crate) trait Job: Copy {
    fn pixels(&self) -> usize;

    /// Pixels in a vector of these lanes, for this job.
    fn lanes<L: Lanes>() -> usize;

    /// # Safety
    ///
    /// There are at least as many pixels as lanes, all buffers hold as many, and the CPU has what the lanes need.
    unsafe fn run<L: Lanes>(self, lanes: L) -> Tally<u64>;
}

/// The name of the backend that serves this CPU and build; runs shorter than its vectors go to narrower ones.
#[must_use]
pub fn backend() -> &'static str {
    if forced!("scalar") {
        return "scalar";
    }
    // On the host only for tests.
    if cfg!(soft_dice_backend = "swar") {
        return "swar";
    }
    #[cfg(target_arch = "x86_64")]
    {
        let features = allowed();
        if features & AVX512 != 0 {
            return "avx512";
        } else if features & AVX_VNNI != 0 {
            return "avxvnni";
        } else if features & AVX2 != 0 {
            return "avx2";
        }
    }
    if cfg!(soft_dice_lanes = "udot") {
        "dotprod"
    } else if cfg!(soft_dice_lanes = "neon") {
        "neon"
    } else if cfg!(soft_dice_lanes = "vector") {
        "wide"
    } else if cfg!(soft_dice_lanes = "helium") {
        "helium"
    } else if cfg!(soft_dice_lanes = "dsp") {
        "dsp"
    } else {
        "swar"
    }
}

/// What the CPU has and the build allows.
#[cfg(target_arch = "x86_64")]
pub(super) fn allowed() -> u8 {
    features()
        & if forced!("wide") {
            0
        } else if forced!("avx2") {
            AVX2
        } else if forced!("avxvnni") {
            AVX2 | AVX_VNNI
        } else {
            AVX2 | AVX_VNNI | AVX512
        }
}

/// Runs the job on the best lanes that it fills; `None` where there are none.
#[inline(always)]
#[cfg(soft_dice_lanes = "vector")]
pub(crate) fn dispatch<J: Job>(job: J) -> Option<Tally<u64>> {
    if forced!("scalar") {
        return None;
    }
    let pixels = job.pixels();
    #[cfg(target_arch = "x86_64")]
    {
        let features = allowed();
        if features & AVX512 != 0 && pixels >= J::lanes::<Avx512>() {
            // SAFETY: detected, and compared; targets and regions were compared with the prediction by the stream.
            return Some(unsafe { avx512(job) });
        }
        if pixels >= J::lanes::<Avx2<false>>() {
            if features & AVX_VNNI != 0 {
                // SAFETY: as above.
                return Some(unsafe { avxvnni(job) });
            }
            if features & AVX2 != 0 {
                // SAFETY: as above.
                return Some(unsafe { avx2(job) });
            }
        }
    }
    #[cfg(soft_dice_lanes = "neon")]
    if pixels >= J::lanes::<Neon<16>>() {
        // SAFETY: in the build only where the target has it; the rest as above.
        return Some(unsafe { neon(job) });
    }
    #[cfg(not(soft_dice_lanes = "neon"))]
    if pixels >= J::lanes::<Wide>() {
        // SAFETY: as above; `Wide` needs no more than the target has.
        return Some(unsafe { wide(job) });
    }
    let _ = pixels;
    None
}

// A wrapper for each backend, so that every lane operation is compiled with its features and inlined. None is inlined in
// `dispatch`, whose stack frame would be that of the largest.

/// # Safety
///
/// As [`Job::run`].
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,popcnt,avx512f,avx512bw,avx512vl,avx512vnni")]
unsafe fn avx512<J: Job>(job: J) -> Tally<u64> {
    // SAFETY: the caller's.
    unsafe { job.run(Avx512) }
}

/// # Safety
///
/// As [`Job::run`].
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,popcnt,avxvnni")]
unsafe fn avxvnni<J: Job>(job: J) -> Tally<u64> {
    // SAFETY: the caller's.
    unsafe { job.run(Avx2::<true>) }
}

/// # Safety
///
/// As [`Job::run`].
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,popcnt")]
unsafe fn avx2<J: Job>(job: J) -> Tally<u64> {
    // SAFETY: the caller's.
    unsafe { job.run(Avx2::<false>) }
}

/// # Safety
///
/// As [`Job::run`].
#[cfg(soft_dice_lanes = "neon")]
#[inline(never)]
unsafe fn neon<J: Job>(job: J) -> Tally<u64> {
    // SAFETY: the caller's.
    unsafe { job.run(Neon::<16>) }
}

/// # Safety
///
/// As [`Job::run`].
#[cfg(all(soft_dice_lanes = "vector", not(soft_dice_lanes = "neon")))]
#[inline(never)]
unsafe fn wide<J: Job>(job: J) -> Tally<u64> {
    // SAFETY: the caller's.
    unsafe { job.run(Wide) }
}
