//! One page that says it all: HTML and inline SVG, which need no font and no network. A few lines of script sort tables and
//! enlarge frames; without them the page says the same.
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
mod moments;
mod overlay;
mod page;
mod rows;
mod scatter;
mod scores;
mod script;
mod spread;
mod style;
mod sweeps;
mod tiles;
mod watched;

pub use comparisons::comparisons;
pub use scores::scores;
pub use watched::watched;
