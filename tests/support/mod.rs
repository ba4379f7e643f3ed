//! What several tests share.

#![allow(dead_code, unused_imports, reason = "each test binary uses some")]

#[cfg(not(target_os = "none"))]
pub mod backends;
#[cfg(not(target_os = "none"))]
pub mod drift;
mod random;
#[cfg(not(target_os = "none"))]
pub mod scene;
#[cfg(not(target_os = "none"))]
pub mod scores;

pub use random::Random;
