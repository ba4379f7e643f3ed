//! The command `soft-dice` as a library: what its parts read, compute and write.
//!
//! ```text
//! files → pair → read (npy, png, raw) → map (planes) → prediction + target → measure (the library's sums)
//!       → score | compare | watch → spool (a file's scores) → model (what --json prints) → output (table, json, csv) and report (a page)
//! ```

pub mod args;
pub mod axes;
pub mod command;
pub mod compare;
pub mod content;
pub mod diff;
pub mod distribution;
pub mod effect;
pub mod emit;
pub mod error;
pub mod exact;
pub mod folder;
pub mod labels;
pub mod log;
pub mod map;
pub mod mean;
pub mod measure;
pub mod model;
pub mod output;
pub mod pair;
pub mod prediction;
pub mod read;
pub mod regions;
pub mod report;
pub mod role;
pub mod run;
pub mod said;
pub mod score;
pub mod scorer;
pub mod sides;
pub mod spool;
pub mod suspicion;
pub mod sweep;
pub mod target;
pub mod tflite;
pub mod watch;
