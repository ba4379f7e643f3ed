//! One page that says it all: HTML and inline SVG, which need no script, no font and no network.
//!
//! ```text
//! model → figures, bars, scatter, series ┐
//! files, read again → look → overlay ────┼→ page
//!                          → tiles ──────┘
//! ```
//!
//! Every figure names its place in the JSON (`data-json`), so that a test can hold the two together.

mod bars;
mod figure;
mod look;
mod overlay;
mod page;
mod scatter;
mod scores;
mod series;
mod style;
mod tiles;
mod watched;

pub use page::standalone;
pub use scores::scores;
pub use series::series;
pub use watched::watched;
