//! Which backend runs: the one place that knows. A `--cfg soft_dice_backend="…"` forces one, for tests.

use super::Tally;
use super::lanes::Lanes;

/// A sweep that any lanes can run.
pub(crate) trait Job: Copy {
    fn pixels(&self) -> usize;

    /// Pixels in a vector of these lanes, for this job.
    fn lanes<L: Lanes>() -> usize;

    /// # Safety
    ///
    /// There are at least as many pixels as lanes, all buffers hold as many, and the CPU has what the lanes need.
    unsafe fn run<L: Lanes>(self, lanes: L) -> Tally<u64>;
}

/// The name of the backend that serves this CPU and build.
#[must_use]
pub fn backend() -> &'static str {
    if cfg!(soft_dice_backend = "scalar") {
        return "scalar";
    }
    #[cfg(any(target_arch = "x86_64", target_arch = "x86", target_arch = "aarch64", target_arch = "wasm32"))]
    return "wide";
    #[allow(unreachable_code, reason = "where there are no lanes at all")]
    "scalar"
}

/// Runs the job on the best lanes that it fills; `None` where there are none.
pub(crate) fn dispatch<J: Job>(job: J) -> Option<Tally<u64>> {
    if cfg!(soft_dice_backend = "scalar") {
        return None;
    }
    #[cfg(any(target_arch = "x86_64", target_arch = "x86", target_arch = "aarch64", target_arch = "wasm32"))]
    if job.pixels() >= J::lanes::<super::wide::Wide>() {
        // SAFETY: compared just now; targets and regions were compared with the prediction by the stream. `Wide` needs
        // no more than the target has.
        return Some(unsafe { job.run(super::wide::Wide) });
    }
    let _ = job;
    None
}
