//! A backend that tests force, in place of the one that dispatch would pick: `--cfg soft_dice_backend="avx2"` for a build;
//! or `--cfg soft_dice_backend="named"`, where each run reads the name from the environment variable `SOFT_DICE_BACKEND`
//! (and dispatches without one). That build alone has std, and serves all backends but those that are other loops (`swar`)
//! or are chosen by the target (`neon`, `dotprod`).

/// Whether this backend is forced.
macro_rules! forced {
    ($name:literal) => {
        cfg!(soft_dice_backend = $name) | $crate::kernel::forced::named($name)
    };
}
pub(crate) use forced;

/// Whether this run names it.
#[cfg(not(soft_dice_backend = "named"))]
#[inline(always)]
pub(crate) const fn named(_: &str) -> bool {
    false
}

/// Whether this run names it.
#[cfg(soft_dice_backend = "named")]
pub(crate) fn named(name: &str) -> bool {
    static NAME: std::sync::OnceLock<Option<std::string::String>> = std::sync::OnceLock::new();
    NAME.get_or_init(|| std::env::var("SOFT_DICE_BACKEND").ok()).as_deref() == Some(name)
}
