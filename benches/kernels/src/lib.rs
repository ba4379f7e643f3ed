//! What the benches share: operands in memory, and every kernel of the library as one function that returns its sums.

pub mod data;
pub mod ours;
