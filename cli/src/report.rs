//! One page that says it all: HTML and inline SVG, which need no script, no font and no network.
//!
//! ```text
//! model → figures, bars, scatter ────────┐
//! files, read again → look → overlay ────┼→ page
//!                          → tiles ──────┘
//! ```
//!
//! Every figure names its place in the JSON (`data-json`), so that a test can hold the two together.

mod bars;
mod comparisons;
mod figure;
mod look;
mod overlay;
mod page;
mod scatter;
mod scores;
mod spread;
mod style;
mod tiles;
mod watched;

pub use comparisons::comparisons;
pub use scores::scores;
pub use watched::watched;
