//! What random tests are drawn from.

/// A seed that no other run had, unless `SOFT_DICE_SEED` names that of a run to repeat.
pub fn seed() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    let named = std::env::var("SOFT_DICE_SEED").ok();
    let seed = named.map_or_else(|| RandomState::new().hash_one(0), |seed| seed.parse().expect("a number"));
    println!("SOFT_DICE_SEED={seed} repeats this");
    seed
}
