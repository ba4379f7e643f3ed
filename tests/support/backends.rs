//! Every backend that this CPU has, one after the other in one process.

use soft_dice::Backend;
use std::sync::{Mutex, PoisonError};

/// A backend is selected for the whole process: whoever does so waits until no other test has one selected.
static SELECTED: Mutex<()> = Mutex::new(());

/// Calls `test` on each backend, the plain loop first, and selects the best again. Returns their names.
///
/// A backend that was selected must be the one that serves: else the same loops would be tested twice.
pub fn on_every_backend(mut test: impl FnMut(&str)) -> Vec<&'static str> {
    // A test that failed has said so; the others run on.
    let _one_at_a_time = SELECTED.lock().unwrap_or_else(PoisonError::into_inner);
    let mut backends: Vec<Backend> = Backend::available().collect();
    backends.reverse();
    for backend in &backends {
        backend.select();
        assert_eq!(soft_dice::backend(), backend.name(), "the backend that was selected serves");
        test(backend.name());
    }
    Backend::best().select();
    backends.iter().map(|backend| backend.name()).collect()
}
